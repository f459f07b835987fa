//! Rank association of score and event.

use super::TieGroups;
use crate::named::finite;
use crate::special::normal_quantile;
use serde::{Deserialize, Serialize};

/// Concordance by tie groups: exact, in integers when there are no weights.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Association {
    /// Pairs in which the event scores higher.
    pub nc: Option<f64>,
    /// Pairs in which the event scores lower.
    pub nd: Option<f64>,
    /// Tied pairs.
    pub ties: Option<f64>,
    /// `(nc + ties/2) / pairs`: the area under the ROC.
    pub c: Option<f64>,
    /// `(nc − nd) / pairs`.
    pub gini: Option<f64>,
    /// Goodman and Kruskal: `(nc − nd) / (nc + nd)`.
    pub gamma: Option<f64>,
    /// Kendall's tau-a: `(nc − nd) / (n(n − 1)/2)`.
    pub tau: Option<f64>,
    /// Greatest TPR − FPR over the thresholds `score ≥ cutoff`.
    pub ks: Option<f64>,
    /// The smallest score at which it is reached.
    pub ks_cutoff: Option<f64>,
    /// Greatest |TPR − FPR|: the two-sample Kolmogorov–Smirnov statistic.
    pub two_sample_ks_abs: Option<f64>,
}

/// DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988), by placements of tie groups.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct DeLong {
    /// Area under the ROC.
    pub auc: Option<f64>,
    /// Its variance.
    pub variance: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// Wald interval, not cut at 0 and 1.
    pub ci95_wald: Option<[f64; 2]>,
    /// Interval computed on the logit scale.
    pub ci95_logit: Option<[f64; 2]>,
    /// Standard error of Gini: twice that of the area.
    pub gini_se: Option<f64>,
}

pub(super) fn exact(groups: &TieGroups) -> Association {
    let (n1, n0) = (groups.events_total(), groups.others_total());
    if n1 <= 0.0 || n0 <= 0.0 {
        return Association::default();
    }
    let (mut nc, mut nd, mut ties) = (0.0, 0.0, 0.0);
    let (mut events_below, mut others_below) = (0.0, 0.0);
    let (mut best, mut best_at, mut widest) = (f64::NEG_INFINITY, 0.0, 0.0f64);
    for (score, e, o) in groups.iter() {
        // Numerator of TPR − FPR at this score as cutoff; integers below 2^53, so equal gaps compare equal.
        let gap = (n1 - events_below) * n0 - (n0 - others_below) * n1;
        if gap > best {
            (best, best_at) = (gap, score);
        }
        widest = widest.max(gap.abs());
        nc += e * others_below;
        nd += o * events_below;
        ties += e * o;
        events_below += e;
        others_below += o;
    }
    let pairs = n1 * n0;
    let n = n1 + n0;
    Association {
        nc: finite(nc),
        nd: finite(nd),
        ties: finite(ties),
        c: finite((nc + ties / 2.0) / pairs),
        gini: finite((nc - nd) / pairs),
        gamma: finite((nc - nd) / (nc + nd)),
        tau: finite((nc - nd) / (n * (n - 1.0) / 2.0)),
        ks: finite(best / pairs),
        ks_cutoff: finite(best_at),
        two_sample_ks_abs: finite(widest / pairs),
    }
}

/// The area alone, for groups that are compared often.
pub(crate) fn auc(groups: &TieGroups) -> Option<f64> {
    let (mut won, mut others_below) = (0.0, 0.0);
    for (_, e, o) in groups.iter() {
        won += e * (others_below + o / 2.0);
        others_below += o;
    }
    finite(won / (groups.events_total() * groups.others_total()))
}

pub(super) fn delong(groups: &TieGroups) -> DeLong {
    let (n1, n0) = (groups.events_total(), groups.others_total());
    let Some(area) = auc(groups) else {
        return DeLong::default();
    };
    let mut out = DeLong { auc: Some(area), ..DeLong::default() };
    if groups.weighted || n1 < 2.0 || n0 < 2.0 {
        return out;
    }
    let (mut of_events, mut of_others) = (0.0, 0.0);
    let (mut events_below, mut others_below) = (0.0, 0.0);
    for (_, e, o) in groups.iter() {
        let placement_event = (others_below + o / 2.0) / n0 - area;
        let placement_other = (n1 - events_below - e / 2.0) / n1 - area;
        of_events += e * placement_event * placement_event;
        of_others += o * placement_other * placement_other;
        events_below += e;
        others_below += o;
    }
    let variance = of_events / (n1 - 1.0) / n1 + of_others / (n0 - 1.0) / n0;
    let se = variance.sqrt();
    let z = normal_quantile(0.975);
    out.variance = finite(variance);
    out.se = finite(se);
    out.gini_se = finite(2.0 * se);
    out.ci95_wald = Some([area - z * se, area + z * se]);
    if area > 0.0 && area < 1.0 {
        let logit = (area / (1.0 - area)).ln();
        let half = z * se / (area * (1.0 - area));
        let back = |l: f64| 1.0 / (1.0 + (-l).exp());
        out.ci95_logit = Some([back(logit - half), back(logit + half)]);
    }
    out
}

pub(super) fn average_precision(groups: &TieGroups) -> Option<f64> {
    let n1 = groups.events_total();
    if n1 <= 0.0 {
        return None;
    }
    let (mut tp, mut fp, mut sum) = (0.0, 0.0, 0.0);
    for (_, e, o) in groups.iter().rev() {
        tp += e;
        fp += o;
        if e > 0.0 {
            sum += e / n1 * (tp / (tp + fp));
        }
    }
    finite(sum)
}

/// `[fpr, tpr, cutoff]` from (0, 0) to (1, 1), at most `points` of them, evenly spaced in rank.
pub(super) fn thinned_roc(groups: &TieGroups, points: usize) -> Vec<[f64; 3]> {
    let (n1, n0) = (groups.events_total(), groups.others_total());
    if n1 <= 0.0 || n0 <= 0.0 {
        return Vec::new();
    }
    let mut out = vec![[0.0, 0.0, 1.0f64.max(groups.scores[groups.scores.len() - 1].min(f64::MAX))]];
    let last = groups.scores.len() - 1;
    let step = (n1 + n0) / (points - 2) as f64;
    let mut next = step;
    let (mut tp, mut fp) = (0.0, 0.0);
    for (i, (score, e, o)) in groups.iter().rev().enumerate() {
        tp += e;
        fp += o;
        if tp + fp >= next || i == last {
            out.push([fp / n0, tp / n1, score.clamp(f64::MIN, f64::MAX)]);
            while next <= tp + fp {
                next += step;
            }
        }
    }
    out
}
