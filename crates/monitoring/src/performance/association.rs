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

/// A walk over tie groups, ascending, in as many parts as memory asks for: concordance, placements, precision.
#[derive(Debug, Clone)]
pub(crate) struct Ranks {
    events: f64,
    others: f64,
    weighted: bool,
    /// An area close to the true one: placements are squared around it, so that nothing cancels.
    pivot: f64,
    nc: f64,
    nd: f64,
    ties: f64,
    events_below: f64,
    others_below: f64,
    best: f64,
    best_at: f64,
    widest: f64,
    of_events: f64,
    of_others: f64,
    precision: f64,
}

impl Ranks {
    /// Nothing walked yet, of rows with this weight of events and others.
    pub(crate) fn new(events: f64, others: f64, weighted: bool, pivot: f64) -> Self {
        Self {
            events,
            others,
            weighted,
            pivot,
            nc: 0.0,
            nd: 0.0,
            ties: 0.0,
            events_below: 0.0,
            others_below: 0.0,
            best: f64::NEG_INFINITY,
            best_at: 0.0,
            widest: 0.0,
            of_events: 0.0,
            of_others: 0.0,
            precision: 0.0,
        }
    }

    /// All groups at once.
    pub(super) fn of(groups: &TieGroups) -> Self {
        let pivot = auc(groups).unwrap_or_default();
        let mut ranks = Self::new(groups.events_total(), groups.others_total(), groups.weighted, pivot);
        ranks.feed(groups);
        ranks
    }

    /// Takes the next groups: all of them above what came before.
    pub(crate) fn feed(&mut self, groups: &TieGroups) {
        let (n1, n0) = (self.events, self.others);
        for (score, e, o) in groups.iter() {
            let (events_above, others_above) = (n1 - self.events_below, n0 - self.others_below);
            // Numerator of TPR − FPR at this score as cutoff; integers below 2^53, so equal gaps compare equal.
            let gap = events_above * n0 - others_above * n1;
            if gap > self.best {
                (self.best, self.best_at) = (gap, score);
            }
            self.widest = self.widest.max(gap.abs());
            self.nc += e * self.others_below;
            self.nd += o * self.events_below;
            self.ties += e * o;
            if e > 0.0 {
                let placement = (self.others_below + o / 2.0) / n0 - self.pivot;
                self.of_events += e * placement * placement;
                self.precision += e / n1 * (events_above / (events_above + others_above));
            }
            if o > 0.0 {
                let placement = (events_above - e / 2.0) / n1 - self.pivot;
                self.of_others += o * placement * placement;
            }
            self.events_below += e;
            self.others_below += o;
        }
    }

    fn pairs(&self) -> f64 {
        self.events * self.others
    }

    pub(super) fn association(&self) -> Association {
        let (pairs, n) = (self.pairs(), self.events + self.others);
        if self.events <= 0.0 || self.others <= 0.0 {
            return Association::default();
        }
        let Self { nc, nd, ties, .. } = *self;
        Association {
            nc: finite(nc),
            nd: finite(nd),
            ties: finite(ties),
            c: finite((nc + ties / 2.0) / pairs),
            gini: finite((nc - nd) / pairs),
            gamma: finite((nc - nd) / (nc + nd)),
            tau: finite((nc - nd) / (n * (n - 1.0) / 2.0)),
            ks: finite(self.best / pairs),
            ks_cutoff: finite(self.best_at),
            two_sample_ks_abs: finite(self.widest / pairs),
        }
    }

    pub(super) fn delong(&self) -> DeLong {
        let (n1, n0) = (self.events, self.others);
        let Some(area) = finite((self.nc + self.ties / 2.0) / self.pairs()) else {
            return DeLong::default();
        };
        let mut out = DeLong { auc: Some(area), ..DeLong::default() };
        if self.weighted || n1 < 2.0 || n0 < 2.0 {
            return out;
        }
        // Σ(p − a)² = Σ(p − pivot)² − n(a − pivot)², because the placements' mean is the area.
        let off = (area - self.pivot) * (area - self.pivot);
        let (of_events, of_others) = (self.of_events - n1 * off, self.of_others - n0 * off);
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

    pub(super) fn average_precision(&self) -> Option<f64> {
        if self.events > 0.0 { finite(self.precision) } else { None }
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
