//! Why a model lost power: because the mix of cases changed, or because the relation did.
//!
//! The baseline's rows are reweighted until the margins of the score and of the inputs that moved most are those of the
//! period (raking: Deming and Stephan, Ann. Math. Stat. 11, 1940). What Gini the baseline would have had under the
//! period's mix tells the two apart: `mix = gini(baseline) − gini(reweighted)`, `relation = gini(reweighted) − gini(period)`.

use crate::named::finite;
use crate::report::{Reason, Remark};
use serde::{Deserialize, Serialize};

/// Baseline rows that are reweighted at most (every k-th is taken).
pub(crate) const ROWS_MAX: usize = 200_000;
/// Inputs whose margins are matched, those that moved most.
pub(crate) const INPUTS_MAX: usize = 12;
/// Inputs whose PSI is below this have nothing to match.
pub(crate) const PSI_MIN: f64 = 0.005;
const ROUNDS_MAX: usize = 60;
const MARGIN_CLOSE: f64 = 1e-6;
/// A weight this many times the mean would let a handful of rows speak for the period.
const WEIGHT_MAX: f64 = 50.0;
/// With a smaller share of effective rows the split is a guess.
const EFFECTIVE_SHARE_MIN: f64 = 0.02;

/// The loss of Gini, split.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "LossCause"))]
pub struct Cause {
    /// Gini of the baseline.
    pub gini_baseline: f64,
    /// Gini the baseline would have under the period's mix.
    pub gini_reweighted: Option<f64>,
    /// Gini of the period.
    pub gini_period: f64,
    /// Loss that a changed mix explains.
    pub mix: Option<f64>,
    /// Loss that remains: the relation changed.
    pub relation: Option<f64>,
    /// `relation` over the whole loss, where there is a loss.
    pub relation_share: Option<f64>,
    /// Effective number of baseline rows after reweighting (Kish).
    pub effective_rows: f64,
    /// Margins that were matched.
    pub matched: Vec<String>,
    /// What limits the answer.
    pub notes: Vec<String>,
    /// The same in no language, in the same order; empty in a report that was made before these were kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes_said: Vec<Reason>,
}

/// Baseline rows in order of the score, coded by the bins of every margin.
pub(crate) struct Baseline {
    /// Ascending.
    pub(crate) scores: Vec<f64>,
    pub(crate) events: Vec<bool>,
    /// By margin: its name and each row's bin.
    pub(crate) margins: Vec<(String, Vec<u32>)>,
}

pub(crate) fn split(
    baseline: &Baseline,
    wanted: &[(usize, Vec<f64>)],
    gini_baseline: f64,
    gini_period: f64,
) -> Cause {
    let n = baseline.scores.len();
    let mut out = Cause { gini_baseline, gini_period, ..Cause::default() };
    let mut weights = vec![1.0f64; n];
    let mut unmatched = 0.0f64;
    for round in 0..ROUNDS_MAX {
        let mut furthest = 0.0f64;
        for (margin, shares) in wanted {
            let codes = &baseline.margins[*margin].1;
            let mut have = vec![0.0; shares.len()];
            for (&code, &w) in codes.iter().zip(&weights) {
                have[code as usize] += w;
            }
            // Bins the baseline does not have cannot be weighted up; the rest shares their part.
            let reachable: f64 = shares.iter().zip(&have).filter(|(_, h)| **h > 0.0).map(|(s, _)| s).sum();
            unmatched = unmatched.max(1.0 - reachable);
            if reachable <= 0.0 {
                continue;
            }
            let total: f64 = weights.iter().sum();
            let factors: Vec<f64> = shares
                .iter()
                .zip(&have)
                .map(|(s, h)| {
                    if *h <= 0.0 {
                        return 1.0;
                    }
                    let (want, is) = (s / reachable, h / total);
                    furthest = furthest.max((want - is).abs());
                    want / is
                })
                .collect();
            for (&code, w) in codes.iter().zip(weights.iter_mut()) {
                *w *= factors[code as usize];
            }
        }
        let mean = weights.iter().sum::<f64>() / n.max(1) as f64;
        for w in &mut weights {
            *w = (*w / mean).min(WEIGHT_MAX);
        }
        if furthest < MARGIN_CLOSE && round > 0 {
            break;
        }
    }
    out.matched = wanted.iter().map(|(m, _)| baseline.margins[*m].0.clone()).collect();
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(s, q), w| (s + w, q + w * w));
    out.effective_rows = if squares > 0.0 { sum * sum / squares } else { 0.0 };
    if unmatched > 0.01 {
        let share = format!("{:.0}", 100.0 * unmatched);
        let text = format!("{share} % of the period falls into bins the baseline does not have");
        Remark::new("note-unmatched", &[("share", &share)], text).onto(&mut out.notes, &mut out.notes_said);
    }
    if out.effective_rows < EFFECTIVE_SHARE_MIN * n as f64 {
        let text = "the period's mix is too far from the baseline's to be reached by reweighting".to_owned();
        Remark::new("note-unreachable", &[], text).onto(&mut out.notes, &mut out.notes_said);
        return out;
    }
    let ones = vec![1.0; n];
    let (Some(of_rows), Some(reweighted)) = (gini(baseline, &ones), gini(baseline, &weights)) else {
        return out;
    };
    // The rows may be a sample of the baseline: only the difference between the two is taken from them.
    let mix = of_rows - reweighted;
    out.gini_reweighted = finite(gini_baseline - mix);
    out.mix = finite(mix);
    let loss = gini_baseline - gini_period;
    out.relation = finite(loss - mix);
    out.relation_share = if loss > 0.0 { finite((loss - mix) / loss) } else { None };
    out
}

fn gini(baseline: &Baseline, weights: &[f64]) -> Option<f64> {
    let (mut won, mut events, mut others) = (0.0, 0.0, 0.0);
    let mut at = 0;
    while at < baseline.scores.len() {
        let score = baseline.scores[at];
        let (mut e, mut o) = (0.0, 0.0);
        while at < baseline.scores.len() && baseline.scores[at] == score {
            if baseline.events[at] {
                e += weights[at]
            } else {
                o += weights[at]
            }
            at += 1;
        }
        won += e * (others + o / 2.0);
        events += e;
        others += o;
    }
    finite(2.0 * won / (events * others) - 1.0)
}
