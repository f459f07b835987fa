//! Drift of numbers.

use super::NumericDrift;
use super::divergence::{divergences, missing_z, psi};
use crate::kolmogorov;
use crate::named::finite;
use crate::sorted::Sorted;

/// Compares a period's column with the baseline's.
pub(crate) fn compare_numeric(reference: &Sorted, current: &Sorted) -> NumericDrift {
    let edges = reference.decile_edges();
    let mut ref_counts = reference.counts(&edges);
    let mut cur_counts = current.counts(&edges);
    let psi_excluding_missing = psi(&ref_counts, &cur_counts);
    let missing_bin = reference.missing > 0 || current.missing > 0;
    if missing_bin {
        ref_counts.push(reference.missing);
        cur_counts.push(current.missing);
    }
    let d = divergences(&ref_counts, &cur_counts);
    let (ks, wasserstein) = distances(&reference.values, &current.values);
    let (mean_ref, sd) = mean_sd(&reference.values);
    let (mean_cur, _) = mean_sd(&current.values);
    let share = |s: &Sorted| (s.rows() > 0).then(|| s.missing as f64 / s.rows() as f64);
    NumericDrift {
        edges,
        missing_bin,
        ref_counts,
        cur_counts,
        psi: d.psi,
        psi_excluding_missing,
        psi_jeffreys: d.psi_jeffreys,
        psi_null_mean: d.psi_null_mean,
        psi_null_q95: d.psi_null_q95,
        js_distance_base2: d.js_distance_base2,
        js_divergence_nats: d.js_divergence_nats,
        hellinger: d.hellinger,
        ks_statistic: ks,
        ks_p_asymptotic: ks.and_then(|d| {
            kolmogorov::two_sample_p(d, reference.values.len() as u64, current.values.len() as u64)
        }),
        wasserstein,
        wasserstein_over_ref_sd: match (wasserstein, sd) {
            (Some(w), Some(sd)) if sd > 0.0 => finite(w / sd),
            _ => None,
        },
        missing_ref: share(reference),
        missing_cur: share(current),
        missing_z: missing_z(reference.missing, reference.rows(), current.missing, current.rows()),
        mean_ref,
        mean_cur,
        sd_ref_ddof0: sd,
        bh_q: None,
    }
}

/// Kolmogorov–Smirnov statistic and first Wasserstein distance in one walk over both sorted samples.
///
/// Before a value `x` is taken, the two empirical distribution functions stand at i/n and j/m on [previous, x); that
/// stretch is what Wasserstein integrates, and the only place KS may look when x differs from the previous value. No
/// branch depends on the data, which is what makes a million rows cost milliseconds. The KS numerator |i·m − j·n| is an
/// integer.
fn distances(a: &[f64], b: &[f64]) -> (Option<f64>, Option<f64>) {
    let (n, m) = (a.len(), b.len());
    if n == 0 || m == 0 {
        return (None, None);
    }
    let (n_wide, m_wide) = (n as i128, m as i128);
    let narrow = n_wide * m_wide < i64::MAX as i128;
    if !narrow {
        return distances_wide(a, b);
    }
    let (n64, m64) = (n as i64, m as i64);
    let (mut i, mut j) = (0usize, 0usize);
    let mut gap = 0i64;
    let mut greatest = 0i64;
    let mut area = 0.0;
    let mut previous = a[0].min(b[0]);
    while i < n && j < m {
        let (x, y) = (a[i], b[j]);
        let from_a = x <= y;
        let next = if from_a { x } else { y };
        let moved = next > previous;
        let size = gap.abs();
        area += size as f64 * (next - previous);
        greatest = greatest.max(if moved { size } else { 0 });
        previous = next;
        i += from_a as usize;
        j += !from_a as usize;
        gap += if from_a { m64 } else { -n64 };
    }
    for &next in &a[i..] {
        let size = gap.abs();
        area += size as f64 * (next - previous);
        greatest = greatest.max(if next > previous { size } else { 0 });
        previous = next;
        gap += m64;
    }
    for &next in &b[j..] {
        let size = gap.abs();
        area += size as f64 * (next - previous);
        greatest = greatest.max(if next > previous { size } else { 0 });
        previous = next;
        gap -= n64;
    }
    let scale = n as f64 * m as f64;
    (finite(greatest as f64 / scale), finite(area / scale))
}

/// The same for sizes whose product leaves 64 bits.
fn distances_wide(a: &[f64], b: &[f64]) -> (Option<f64>, Option<f64>) {
    let (n, m) = (a.len() as i128, b.len() as i128);
    let (mut i, mut j) = (0usize, 0usize);
    let (mut greatest, mut area) = (0i128, 0.0);
    let mut previous = a[0].min(b[0]);
    while i < a.len() || j < b.len() {
        let x = a.get(i).copied().unwrap_or(f64::INFINITY);
        let y = b.get(j).copied().unwrap_or(f64::INFINITY);
        let next = x.min(y);
        let size = (i as i128 * m - j as i128 * n).abs();
        area += size as f64 * (next - previous);
        if next > previous {
            greatest = greatest.max(size);
        }
        previous = next;
        while i < a.len() && a[i] <= next {
            i += 1;
        }
        while j < b.len() && b[j] <= next {
            j += 1;
        }
    }
    let scale = a.len() as f64 * b.len() as f64;
    (finite(greatest as f64 / scale), finite(area / scale))
}

/// Mean and standard deviation (divided by n), in two passes.
fn mean_sd(values: &[f64]) -> (Option<f64>, Option<f64>) {
    if values.is_empty() {
        return (None, None);
    }
    let n = values.len() as f64;
    let mean = sum(values, |v| v) / n;
    if values[0] == values[values.len() - 1] {
        return (finite(values[0]), finite(values[0]).map(|_| 0.0));
    }
    let variance = sum(values, |v| (v - mean) * (v - mean)) / n;
    (finite(mean), finite(variance.sqrt()))
}

/// Eight running sums: faster, and with an eighth of the rounding.
fn sum(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut sums = [0.0; 8];
    let chunks = values.chunks_exact(8);
    let rest: f64 = chunks.remainder().iter().map(|&v| f(v)).sum();
    for chunk in chunks {
        for (sum, &v) in sums.iter_mut().zip(chunk) {
            *sum += f(v);
        }
    }
    sums.iter().sum::<f64>() + rest
}
