//! Drift of levels.

use super::divergence::{divergences, missing_z, psi};
use super::{CategoricalDrift, MISSING_LEVEL};
use crate::named::finite;
use crate::special::chi2_sf;
use std::collections::BTreeMap;

/// Rows per level, and missing ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Levels {
    pub(crate) counts: BTreeMap<String, u64>,
    pub(crate) missing: u64,
}

impl Levels {
    pub(crate) fn rows(&self) -> u64 {
        self.counts.values().sum::<u64>() + self.missing
    }
}

/// Compares a period's levels with the baseline's.
pub(crate) fn compare_levels(reference: &Levels, current: &Levels) -> CategoricalDrift {
    let mut table: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    for (side, levels) in [reference, current].into_iter().enumerate() {
        for (level, count) in &levels.counts {
            table.entry(level).or_default()[side] += count;
        }
    }
    let present: Vec<[u64; 2]> = table.values().copied().collect();
    let side = |rows: &[[u64; 2]], side: usize| rows.iter().map(|r| r[side]).collect::<Vec<u64>>();
    let psi_excluding_missing = psi(&side(&present, 0), &side(&present, 1));
    if reference.missing > 0 || current.missing > 0 {
        let entry = table.entry(MISSING_LEVEL).or_default();
        entry[0] += reference.missing;
        entry[1] += current.missing;
    }
    let rows: Vec<[u64; 2]> = table.values().copied().collect();
    let (ref_counts, cur_counts) = (side(&rows, 0), side(&rows, 1));
    let d = divergences(&ref_counts, &cur_counts);
    let (n, m) = (reference.rows(), current.rows());
    let mut out = CategoricalDrift {
        levels: table.keys().map(|l| (*l).to_owned()).collect(),
        psi: d.psi,
        psi_excluding_missing,
        psi_jeffreys: d.psi_jeffreys,
        psi_null_mean: d.psi_null_mean,
        psi_null_q95: d.psi_null_q95,
        js_distance_base2: d.js_distance_base2,
        js_divergence_nats: d.js_divergence_nats,
        hellinger: d.hellinger,
        missing_ref: (n > 0).then(|| reference.missing as f64 / n as f64),
        missing_cur: (m > 0).then(|| current.missing as f64 / m as f64),
        missing_z: missing_z(reference.missing, n, current.missing, m),
        unknown_levels: current.counts.keys().filter(|l| !reference.counts.contains_key(*l)).count() as u64,
        ..CategoricalDrift::default()
    };
    if n > 0 && m > 0 {
        let (n, m) = (n as f64, m as f64);
        let gaps: Vec<f64> = rows.iter().map(|r| (r[0] as f64 / n - r[1] as f64 / m).abs()).collect();
        out.l_infinity = finite(gaps.iter().copied().fold(0.0, f64::max));
        out.total_variation = finite(0.5 * gaps.iter().sum::<f64>());
        let dof = rows.len() as u64 - 1;
        let chi2: f64 = rows
            .iter()
            .map(|r| {
                let both = (r[0] + r[1]) as f64;
                let cell = |observed: u64, size: f64| {
                    let expected = both * size / (n + m);
                    (observed as f64 - expected).powi(2) / expected
                };
                cell(r[0], n) + cell(r[1], m)
            })
            .sum();
        out.chi2 = finite(chi2);
        out.dof = Some(dof);
        out.p = finite(if dof == 0 { 1.0 } else { chi2_sf(chi2, dof as f64) });
        out.cramers_v = finite((chi2 / (n + m)).sqrt());
    }
    out.ref_counts = ref_counts;
    out.cur_counts = cur_counts;
    out
}
