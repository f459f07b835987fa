//! Divergences between two vectors of counts.

use crate::named::finite;
use crate::special::chi2_quantile;

const SHARE_FLOOR: f64 = 1e-4;

/// What two binned distributions say; all `None` when a side is empty.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Divergences {
    pub(super) psi: Option<f64>,
    pub(super) psi_jeffreys: Option<f64>,
    pub(super) psi_null_mean: Option<f64>,
    pub(super) psi_null_q95: Option<f64>,
    pub(super) js_distance_base2: Option<f64>,
    pub(super) js_divergence_nats: Option<f64>,
    pub(super) hellinger: Option<f64>,
}

pub(super) fn divergences(reference: &[u64], current: &[u64]) -> Divergences {
    let (n, m) = (total(reference), total(current));
    if n == 0.0 || m == 0.0 {
        return Divergences::default();
    }
    let p: Vec<f64> = reference.iter().map(|&c| c as f64 / n).collect();
    let q: Vec<f64> = current.iter().map(|&c| c as f64 / m).collect();
    let bins = p.len() as f64;
    let jeffreys: f64 = reference
        .iter()
        .zip(current)
        .map(|(&r, &c)| {
            let p = (r as f64 + 0.5) / (n + 0.5 * bins);
            let q = (c as f64 + 0.5) / (m + 0.5 * bins);
            (q - p) * (q / p).ln()
        })
        .sum();
    let sizes = 1.0 / n + 1.0 / m;
    let quantile = if bins > 1.0 { chi2_quantile(0.95, bins - 1.0) } else { 0.0 };
    let js: f64 = 0.5
        * p.iter()
            .zip(&q)
            .map(|(&p, &q)| {
                let middle = 0.5 * (p + q);
                relative_entropy(p, middle) + relative_entropy(q, middle)
            })
            .sum::<f64>();
    let js = js.max(0.0);
    let affinity = sum_as_numpy(&p.iter().zip(&q).map(|(p, q)| (p * q).sqrt()).collect::<Vec<_>>());
    Divergences {
        psi: finite(psi_of_shares(&p, &q)),
        psi_jeffreys: finite(jeffreys),
        psi_null_mean: finite((bins - 1.0) * sizes),
        psi_null_q95: finite(quantile * sizes),
        js_distance_base2: finite((js / std::f64::consts::LN_2).sqrt()),
        js_divergence_nats: finite(js),
        hellinger: finite((1.0 - affinity).max(0.0).sqrt()),
    }
}

/// PSI alone, over counts.
pub(super) fn psi(reference: &[u64], current: &[u64]) -> Option<f64> {
    let (n, m) = (total(reference), total(current));
    if n == 0.0 || m == 0.0 {
        return None;
    }
    let p: Vec<f64> = reference.iter().map(|&c| c as f64 / n).collect();
    let q: Vec<f64> = current.iter().map(|&c| c as f64 / m).collect();
    finite(psi_of_shares(&p, &q))
}

/// Pooled two-proportion z (period minus baseline); 0 when nothing or everything is missing on both sides.
pub(super) fn missing_z(missing_ref: u64, n: u64, missing_cur: u64, m: u64) -> Option<f64> {
    if n == 0 || m == 0 {
        return None;
    }
    let (n_, m_) = (n as f64, m as f64);
    let pooled = (missing_ref + missing_cur) as f64 / (n_ + m_);
    let se = (pooled * (1.0 - pooled) * (1.0 / n_ + 1.0 / m_)).sqrt();
    let difference = missing_cur as f64 / m_ - missing_ref as f64 / n_;
    if se > 0.0 { finite(difference / se) } else { Some(0.0) }
}

fn psi_of_shares(p: &[f64], q: &[f64]) -> f64 {
    p.iter()
        .zip(q)
        .map(|(&p, &q)| {
            let (p, q) = (p.max(SHARE_FLOOR), q.max(SHARE_FLOOR));
            (q - p) * (q / p).ln()
        })
        .sum()
}

fn total(counts: &[u64]) -> f64 {
    counts.iter().sum::<u64>() as f64
}

fn relative_entropy(p: f64, q: f64) -> f64 {
    if p > 0.0 { p * (p / q).ln() } else { 0.0 }
}

/// Sums in NumPy's order (eight accumulators from eight elements on), so that `√(1 − Σ√(pq))`, which turns a rounding of
/// 1e-16 into 1e-8, gives the same digits there and here.
fn sum_as_numpy(values: &[f64]) -> f64 {
    if values.len() < 8 {
        return values.iter().sum();
    }
    if values.len() > 128 {
        let half = values.len() / 2;
        let half = half - half % 8;
        return sum_as_numpy(&values[..half]) + sum_as_numpy(&values[half..]);
    }
    let mut r = [0.0; 8];
    r.copy_from_slice(&values[..8]);
    let whole = values.len() - values.len() % 8;
    for chunk in values[8..whole].chunks_exact(8) {
        for (r, v) in r.iter_mut().zip(chunk) {
            *r += v;
        }
    }
    let mut sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for v in &values[whole..] {
        sum += v;
    }
    sum
}
