//! The distribution of the two-sided Kolmogorov–Smirnov statistic at finite n.
//!
//! Simard and L'Ecuyer, "Computing the Two-Sided Kolmogorov–Smirnov Distribution", J. Stat. Softw. 39(11), 2011, with the
//! regions SciPy uses (`scipy.stats.kstwo`), so that p-values agree with `scipy.stats.ks_2samp(method="asymp")`:
//! Ruben–Gambino at both ends, the Durbin matrix of Marsaglia, Tsang and Wang, the recursion of Pomeranz, the expansion of
//! Pelz and Good, and Miller's 2 × Smirnov in the tail.

use std::f64::consts::PI;

/// p-value of the two-sample statistic `d` for sizes `n` and `m`: the one-sample law at the rounded effective size.
pub(crate) fn two_sample_p(d: f64, n: u64, m: u64) -> Option<f64> {
    if n == 0 || m == 0 || !d.is_finite() {
        return None;
    }
    let (n, m) = (n.max(m) as f64, n.min(m) as f64);
    let effective = (m * n / (m + n)).round_ties_even();
    if effective < 1.0 {
        return None;
    }
    Some(two_sided_sf(effective, d))
}

/// P(D_n > d).
pub(crate) fn two_sided_sf(n: f64, x: f64) -> f64 {
    if x >= 1.0 {
        return 0.0;
    }
    if x <= 0.0 {
        return 1.0;
    }
    let t = n * x;
    if t <= 0.5 {
        return 1.0;
    }
    if t <= 1.0 {
        let cdf = if n <= 140.0 {
            (1..=n as u64).map(|i| i as f64 / n * (2.0 * t - 1.0)).product()
        } else {
            (ln_factorial_over_power(n) + n * (2.0 * t - 1.0).ln()).exp()
        };
        return clip(1.0 - cdf);
    }
    if t >= n - 1.0 {
        return clip(2.0 * (1.0 - x).powf(n));
    }
    let nx2 = t * x;
    if x >= 0.5 {
        return clip(2.0 * one_sided_sf(n, x));
    }
    if n <= 140.0 {
        return clip(if nx2 <= 0.754_693 {
            1.0 - durbin_cdf(n, x)
        } else if nx2 <= 4.0 {
            1.0 - pomeranz_cdf(n, x)
        } else {
            2.0 * one_sided_sf(n, x)
        });
    }
    if nx2 >= 370.0 {
        return 0.0;
    }
    if nx2 >= 2.2 {
        return clip(2.0 * one_sided_sf(n, x));
    }
    // Below 0.2 standard units the distribution function is under 1e-12.
    if nx2 < 0.04 {
        return 1.0;
    }
    clip(1.0 - if n <= 100_000.0 && n * x.powf(1.5) <= 1.4 { durbin_cdf(n, x) } else { pelz_good_cdf(n, x) })
}

fn clip(p: f64) -> f64 {
    p.clamp(0.0, 1.0)
}

/// ln(n!/nⁿ) by Stirling's series.
fn ln_factorial_over_power(n: f64) -> f64 {
    libm::lgamma(n + 1.0) - n * n.ln()
}

/// Smirnov's exact one-sided tail, Σ_j x C(n,j) (x+j/n)^(j−1) (1−x−j/n)^(n−j).
///
/// For large n the terms are a smooth bump that vanishes with all derivatives at both ends, so a strided sum times the
/// stride equals the full sum to rounding (trapezoidal rule); the stride keeps at least 4096 points.
fn one_sided_sf(n: f64, x: f64) -> f64 {
    let last = (n * (1.0 - x)).floor() as u64;
    let stride = (n as u64 / 4096).max(1);
    let ln_n_factorial = libm::lgamma(n + 1.0);
    let mut sum = 0.0;
    let mut j = 0;
    while j <= last {
        let k = j as f64;
        let up = x + k / n;
        let down = 1.0 - up;
        let ln_up = (k - 1.0) * up.ln();
        let ln_down = if j as f64 == n { 0.0 } else { (n - k) * down.ln() };
        if down > 0.0 || k == n {
            sum +=
                (ln_n_factorial - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0) + ln_up + ln_down).exp();
        }
        j += stride;
    }
    x * sum * stride as f64
}

/// Durbin's matrix, scaled as in Marsaglia, Tsang and Wang (2003).
fn durbin_cdf(n: f64, d: f64) -> f64 {
    let nd = n * d;
    let k = nd.ceil() as usize;
    let h = k as f64 - nd;
    let m = 2 * k - 1;
    let mut v = vec![0.0; m];
    let mut w = vec![0.0; m];
    let mut factorial = 1.0;
    for j in 1..=m {
        w[j - 1] = factorial;
        factorial /= j as f64;
        v[j - 1] = (1.0 - h.powi(j as i32)) * factorial;
    }
    let corner = (2.0 * h - 1.0).max(0.0).powi(m as i32) - 2.0 * h.powi(m as i32);
    v[m - 1] = (1.0 + corner) * factorial;
    let mut base = vec![0.0; m * m];
    for i in 1..m {
        for row in i - 1..m {
            base[row * m + i] = w[row + 1 - i];
        }
    }
    for row in 0..m {
        base[row * m] = v[row];
    }
    for column in 0..m {
        base[(m - 1) * m + column] = v[m - 1 - column];
    }
    let mut power = vec![0.0; m * m];
    for i in 0..m {
        power[i * m + i] = 1.0;
    }
    let (mut power_exponent, mut base_exponent) = (0i32, 0i32);
    let mut left = n as u64;
    while left > 0 {
        if left % 2 == 1 {
            power = product(&power, &base, m);
            power_exponent += base_exponent;
        }
        base = product(&base, &base, m);
        base_exponent *= 2;
        if base[(k - 1) * m + k - 1].abs() > 2f64.powi(128) {
            base.iter_mut().for_each(|v| *v *= 2f64.powi(-128));
            base_exponent += 128;
        }
        left /= 2;
    }
    let mut p = power[(k - 1) * m + k - 1];
    for i in 1..=n as u64 {
        p *= i as f64 / n;
        if p.abs() < 2f64.powi(-128) {
            p *= 2f64.powi(128);
            power_exponent -= 128;
        }
    }
    libm::ldexp(p, power_exponent)
}

fn product(a: &[f64], b: &[f64], m: usize) -> Vec<f64> {
    let mut out = vec![0.0; m * m];
    for i in 0..m {
        for k in 0..m {
            let factor = a[i * m + k];
            if factor != 0.0 {
                for j in 0..m {
                    out[i * m + j] += factor * b[k * m + j];
                }
            }
        }
    }
    out
}

/// Pomeranz' recursion (Communications of the ACM 17, 1974), for n up to 140.
fn pomeranz_cdf(n: f64, x: f64) -> f64 {
    let t = n * x;
    let ll = t.floor() as i64;
    let f = t - ll as f64;
    let g = f.min(1.0 - f);
    let ceil_f = i64::from(f > 0.0);
    let round_f = i64::from(f > 0.5);
    let size = n as i64;
    let powers_count = 2 * (ll as usize + 1);
    let powers = |factor: f64| {
        let mut out = vec![1.0; powers_count];
        for m in 1..powers_count {
            out[m] = out[m - 1] * factor / m as f64;
        }
        out
    };
    let (single, double, rest) = (powers(g / n), powers(2.0 * g / n), powers((1.0 - 2.0 * g) / n));
    let ends = |i: i64| -> (i64, i64) {
        let (j1, j2) = if i == 0 {
            (-ll - ceil_f - 1, ll + ceil_f - 1)
        } else {
            let (half, odd) = ((i + 1) / 2, (i + 1) % 2);
            if odd == 0 {
                if half == size + 1 {
                    (size - ll - ceil_f - 1, size + ll + ceil_f - 1)
                } else {
                    (half - 1 - ll - round_f - 1, half + ll - 1 + ceil_f - 1)
                }
            } else {
                (half - 1 - ll - 1, half + ll + round_f - 1)
            }
        };
        ((j1 + 2).max(0), j2.min(size))
    };
    let mut previous = vec![0.0; powers_count];
    let mut current = vec![0.0; powers_count];
    current[0] = 1.0;
    let (mut previous_start, mut current_start) = (0i64, 0i64);
    let mut exponent = 0i32;
    let (mut j1, mut j2) = ends(0);
    let _ = j2;
    for i in 1..2 * size + 2 {
        let k1 = j1;
        std::mem::swap(&mut previous, &mut current);
        std::mem::swap(&mut previous_start, &mut current_start);
        current.iter_mut().for_each(|v| *v = 0.0);
        (j1, j2) = ends(i);
        let kernel = if i == 1 || i == 2 * size + 1 {
            &single
        } else if i % 2 == 1 {
            &double
        } else {
            &rest
        };
        let length = j2 - k1 + 1;
        if length > 0 {
            let from = (k1 - previous_start) as usize;
            let source = &previous[from.min(previous.len())..(from + length as usize).min(previous.len())];
            let kernel = &kernel[..(length as usize).min(kernel.len())];
            for (slot, target) in (j1 - k1..=j2 - k1).enumerate() {
                let mut sum = 0.0;
                for (a, value) in source.iter().enumerate() {
                    let b = target - a as i64;
                    if b >= 0 && (b as usize) < kernel.len() {
                        sum += value * kernel[b as usize];
                    }
                }
                current[slot] = sum;
            }
            let top = current.iter().copied().fold(0.0, f64::max);
            if top > 0.0 && top < 2f64.powi(-128) {
                current.iter_mut().for_each(|v| *v *= 2f64.powi(128));
                exponent -= 128;
            }
            current_start = previous_start + j1 - k1;
        }
    }
    let mut answer = current[(size - current_start) as usize];
    for m in 1..=size {
        if answer.abs() > 2f64.powi(128) {
            answer *= 2f64.powi(-128);
            exponent += 128;
        }
        answer *= m as f64;
    }
    libm::ldexp(answer, exponent)
}

/// Pelz and Good (1976), four terms.
fn pelz_good_cdf(n: f64, x: f64) -> f64 {
    let z = n.sqrt() * x;
    let (z2, z3, z4, z6) = (z * z, z.powi(3), z.powi(4), z.powi(6));
    let (pi2, pi4, pi6) = (PI.powi(2), PI.powi(4), PI.powi(6));
    let q_ln = -pi2 / 8.0 / z2;
    if q_ln < -708.0 {
        return 0.0;
    }
    let q = q_ln.exp();
    let k1 = [-z2, pi2 / 4.0];
    let k2 = [6.0 * z6 + 2.0 * z4, (2.0 * z4 - 5.0 * z2) * pi2 / 4.0, pi4 * (1.0 - 2.0 * z2) / 16.0];
    let k3 = [
        -30.0 * z6 - 90.0 * z.powi(8),
        pi2 * (135.0 * z4 - 96.0 * z6) / 4.0,
        pi4 * (-60.0 * z2 + 212.0 * z4) / 16.0,
        pi6 * (5.0 - 30.0 * z2) / 64.0,
    ];
    let mut k = [0.0f64; 4];
    let terms = (16.0 * z / PI).ceil() as i64;
    for i in (1..=terms).rev() {
        let m2 = ((2 * i - 1) as f64).powi(2);
        let power = q.powf(8.0 * i as f64);
        let add = [
            1.0,
            k1[0] + k1[1] * m2,
            k2[0] + k2[1] * m2 + k2[2] * m2 * m2,
            k3[0] + k3[1] * m2 + k3[2] * m2 * m2 + k3[3] * m2.powi(3),
        ];
        for (k, add) in k.iter_mut().zip(add) {
            *k = *k * power + add;
        }
    }
    let scale = q * (2.0 * PI).sqrt();
    for (k, divisor) in k.iter_mut().zip([z, 6.0 * z4, 72.0 * z.powi(7), 6480.0 * z.powi(10)]) {
        *k *= scale / divisor;
    }
    let q = (-pi2 / 2.0 / z2).exp();
    let (mut extra2, mut extra3) = (0.0, 0.0);
    for i in (1..=terms).rev() {
        let i2 = (i * i) as f64;
        let power = q.powf(i2);
        extra2 += i2 * power;
        extra3 += (3.0 * z2 - pi2 * i2) * i2 * power;
    }
    k[2] += extra2 * pi2 * (2.0 * PI).sqrt() / (-36.0 * z3);
    k[3] += extra3 * pi2 * (2.0 * PI).sqrt() / (216.0 * z6);
    k[0] + k[1] / n.sqrt() + k[2] / n + k[3] / n.powf(1.5)
}
