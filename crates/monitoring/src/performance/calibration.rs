//! Do the probabilities come true?

use super::TieGroups;
use crate::named::finite;
use crate::special::chi2_sf;
use serde::{Deserialize, Serialize};

const BINS: usize = 10;

/// Expected calibration error, `Σ (n_b/n) |mean score − event rate|` over ten bins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Calibration {
    /// Over bins (i/10, (i + 1)/10]; the first also holds 0.
    pub ece_equal_width: Option<f64>,
    /// Over deciles of the score by inverted distribution function.
    pub ece_equal_mass: Option<f64>,
    /// Greatest gap of an equal-mass bin.
    pub mce_equal_mass: Option<f64>,
    /// The equal-mass bins.
    pub bins: Vec<ReliabilityBin>,
}

/// One bin of the reliability diagram.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ReliabilityBin {
    /// Weight of the rows.
    pub n: f64,
    /// Weight of the events.
    pub n_events: f64,
    /// Mean score.
    pub mean_score: f64,
    /// Share of events.
    pub event_rate: f64,
}

/// Hosmer and Lemeshow's statistic over deciles of the score; groups − 2 degrees of freedom.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct HosmerLemeshow {
    /// `Σ (O − E)² / (E(1 − E/n))`.
    pub chi2: Option<f64>,
    /// Degrees of freedom.
    pub dof: Option<u64>,
    /// p-value.
    pub p: Option<f64>,
    /// Groups that hold rows; ties stay together.
    pub groups: u64,
}

/// Weight of rows and events and sum of scores per bin; `bin_of` must not fall with the score.
fn binned(groups: &TieGroups, mut bin_of: impl FnMut(f64) -> usize) -> Vec<[f64; 3]> {
    let mut bins = vec![[0.0; 3]; BINS];
    for (score, e, o) in groups.iter() {
        let bin = &mut bins[bin_of(score)];
        bin[0] += e + o;
        bin[1] += e;
        bin[2] += score * (e + o);
    }
    bins.retain(|b| b[0] > 0.0);
    bins
}

/// Deciles of the score by inverted distribution function: bins `(e[i−1], e[i]]`, ties together.
fn by_mass(groups: &TieGroups) -> Vec<[f64; 3]> {
    let total: f64 = groups.events_total() + groups.others_total();
    let mut edges = Vec::with_capacity(BINS - 1);
    let mut upto = 0.0;
    for (score, e, o) in groups.iter() {
        upto += e + o;
        // ceil(i/10 · n) ≤ rows up to here, in whole rows; for weights the inverted distribution function itself.
        while edges.len() < BINS - 1 && (edges.len() + 1) as f64 * total <= upto * BINS as f64 {
            edges.push(score);
        }
    }
    edges.dedup();
    let mut bin = 0;
    binned(groups, |score| {
        while bin < edges.len() && score > edges[bin] {
            bin += 1;
        }
        bin
    })
}

/// Whether all scores lie between 0 and 1.
pub(super) fn are_probabilities(groups: &TieGroups) -> bool {
    match (groups.scores.first(), groups.scores.last()) {
        (Some(&low), Some(&high)) => low >= 0.0 && high <= 1.0,
        _ => false,
    }
}

/// Calibration and goodness of fit; both look at the deciles of the score.
pub(super) fn of(groups: &TieGroups) -> (Calibration, HosmerLemeshow) {
    if !are_probabilities(groups) {
        return (Calibration::default(), HosmerLemeshow::default());
    }
    let mass = by_mass(groups);
    (calibration(groups, &mass), hosmer_lemeshow(&mass))
}

fn calibration(groups: &TieGroups, mass: &[[f64; 3]]) -> Calibration {
    let total = groups.events_total() + groups.others_total();
    let gaps = |bins: &[[f64; 3]]| bins.iter().map(|b| (b[2] - b[1]).abs()).collect::<Vec<_>>();
    let ece = |bins: &[[f64; 3]]| finite(gaps(bins).iter().sum::<f64>() / total);
    let mut bin = 0;
    let width = binned(groups, |score| {
        while bin < BINS - 1 && score > (bin + 1) as f64 / BINS as f64 {
            bin += 1;
        }
        bin
    });
    Calibration {
        ece_equal_width: ece(&width),
        ece_equal_mass: ece(mass),
        mce_equal_mass: mass.iter().map(|b| ((b[2] - b[1]) / b[0]).abs()).reduce(f64::max),
        bins: mass
            .iter()
            .map(|b| ReliabilityBin {
                n: b[0],
                n_events: b[1],
                mean_score: b[2] / b[0],
                event_rate: b[1] / b[0],
            })
            .collect(),
    }
}

fn hosmer_lemeshow(bins: &[[f64; 3]]) -> HosmerLemeshow {
    let mut out = HosmerLemeshow { groups: bins.len() as u64, ..HosmerLemeshow::default() };
    if bins.len() < 3 {
        return out;
    }
    let chi2: f64 = bins.iter().map(|b| (b[1] - b[2]).powi(2) / (b[2] * (1.0 - b[2] / b[0]))).sum();
    let dof = bins.len() as u64 - 2;
    out.chi2 = finite(chi2);
    out.dof = out.chi2.map(|_| dof);
    out.p = out.chi2.map(|x| chi2_sf(x, dof as f64));
    out
}
