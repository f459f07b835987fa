//! What SAS `percentile.assess` reports: counts at the cutoffs i/n, event if `score ≥ cutoff`.

use super::TieGroups;
use crate::named::finite;
use serde::{Deserialize, Serialize};

/// Association computed from the grid's ROC points.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GridAssociation {
    /// Concordant pairs among the grid's intervals.
    pub nc: Option<f64>,
    /// Discordant pairs.
    pub nd: Option<f64>,
    /// Pairs within one interval.
    pub ties: Option<f64>,
    /// `(nc + ties/2) / pairs`.
    pub c: Option<f64>,
    /// `(nc − nd) / pairs`.
    pub gini: Option<f64>,
    /// `(nc − nd) / (nc + nd)`.
    pub gamma: Option<f64>,
    /// `(nc − nd) / (n(n − 1)/2)`.
    pub tau: Option<f64>,
    /// Greatest TPR − FPR on the grid.
    pub ks: Option<f64>,
    /// The first cutoff where it is reached.
    pub ks_cutoff: Option<f64>,
}

/// One cutoff of the grid, in the order of SAS' ROC table (`_Cutoff_`, `_TP_`, …, `_KS2_`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RocPoint {
    /// `_Cutoff_`.
    pub cutoff: f64,
    /// `_TP_`.
    pub tp: f64,
    /// `_FP_`.
    pub fp: f64,
    /// `_FN_`.
    #[serde(rename = "fn")]
    pub fn_: f64,
    /// `_TN_`.
    pub tn: f64,
    /// `_Sensitivity_`.
    pub sensitivity: Option<f64>,
    /// `_Specificity_`.
    pub specificity: Option<f64>,
    /// `_FPR_`.
    pub fpr: Option<f64>,
    /// `_ACC_`.
    pub acc: Option<f64>,
    /// `_FDR_`.
    pub fdr: Option<f64>,
    /// `_F1_`.
    pub f1: Option<f64>,
    /// `_FHALF_`.
    pub fhalf: Option<f64>,
    /// `_MiscEvent_`.
    pub misc_event: Option<f64>,
    /// `_KS2_`: sensitivity − FPR.
    pub ks2: Option<f64>,
}

/// True and false positives at each cutoff.
pub(crate) struct GridCounts {
    steps: usize,
    tp: Vec<f64>,
    fp: Vec<f64>,
    events: f64,
    others: f64,
}

impl GridCounts {
    pub(crate) fn empty(steps: usize) -> Self {
        Self { steps, tp: vec![0.0; steps], fp: vec![0.0; steps], events: 0.0, others: 0.0 }
    }

    pub(crate) fn steps(&self) -> usize {
        self.steps
    }

    /// Weight of all events.
    pub(crate) fn events(&self) -> f64 {
        self.events
    }

    pub(crate) fn others(&self) -> f64 {
        self.others
    }

    /// Adds the counts of other rows at the same cutoffs.
    pub(crate) fn add(&mut self, other: &Self) {
        for (mine, theirs) in [(&mut self.tp, &other.tp), (&mut self.fp, &other.fp)] {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
        self.events += other.events;
        self.others += other.others;
    }

    /// Counts of rows by the number of cutoffs that their score reaches: events and others, from none to all.
    pub(crate) fn of_reached(reached: &[[u64; 2]]) -> Self {
        let mut out = Self::empty(reached.len() - 1);
        let (mut events, mut others) = (0, 0);
        for (at, &[e, o]) in reached.iter().enumerate().rev() {
            (events, others) = (events + e, others + o);
            if at > 0 {
                (out.tp[at - 1], out.fp[at - 1]) = (events as f64, others as f64);
            }
        }
        (out.events, out.others) = (events as f64, others as f64);
        out
    }

    pub(crate) fn new(groups: &TieGroups, steps: usize) -> Self {
        let (mut tp, mut fp) = (vec![0.0; steps], vec![0.0; steps]);
        let (mut events_below, mut others_below) = (0.0, 0.0);
        let (events, others) = (groups.events_total(), groups.others_total());
        let mut at = 0;
        for i in 0..steps {
            let cutoff = i as f64 / steps as f64;
            while at < groups.scores.len() && groups.scores[at] < cutoff {
                events_below += groups.events[at];
                others_below += groups.others[at];
                at += 1;
            }
            tp[i] = events - events_below;
            fp[i] = others - others_below;
        }
        Self { steps, tp, fp, events, others }
    }
}

pub(crate) fn association(grid: &GridCounts) -> GridAssociation {
    // SAS reports the first cutoff even when there is nothing to separate.
    let mut out = GridAssociation { ks_cutoff: Some(0.0), ..GridAssociation::default() };
    let (n1, n0) = (grid.events, grid.others);
    if n1 + n0 <= 0.0 {
        out.ks_cutoff = None;
        return out;
    }
    if n1 <= 0.0 || n0 <= 0.0 {
        return out;
    }
    let (mut nc, mut nd, mut ties) = (0.0, 0.0, 0.0);
    let mut best = f64::NEG_INFINITY;
    for i in 0..grid.steps {
        let (tp_next, fp_next) =
            if i + 1 < grid.steps { (grid.tp[i + 1], grid.fp[i + 1]) } else { (0.0, 0.0) };
        let (e, o) = (grid.tp[i] - tp_next, grid.fp[i] - fp_next);
        // Scores below zero fall under the first cutoff; they lose against everything in the grid.
        let others_below = n0 - grid.fp[i];
        let events_below = n1 - grid.tp[i];
        nc += e * others_below;
        nd += o * events_below;
        ties += e * o;
        let gap = grid.tp[i] * n0 - grid.fp[i] * n1;
        if gap > best {
            best = gap;
            out.ks_cutoff = Some(i as f64 / grid.steps as f64);
        }
    }
    ties += (n1 - grid.tp[0]) * (n0 - grid.fp[0]);
    let (pairs, n) = (n1 * n0, n1 + n0);
    out.nc = finite(nc);
    out.nd = finite(nd);
    out.ties = finite(ties);
    out.c = finite((nc + ties / 2.0) / pairs);
    out.gini = finite((nc - nd) / pairs);
    out.gamma = finite((nc - nd) / (nc + nd));
    out.tau = finite((nc - nd) / (n * (n - 1.0) / 2.0));
    out.ks = finite(best / pairs);
    out
}

pub(crate) fn roc(grid: &GridCounts) -> Vec<RocPoint> {
    let n = grid.events + grid.others;
    if n <= 0.0 {
        return Vec::new();
    }
    (0..grid.steps)
        .map(|i| {
            let (tp, fp) = (grid.tp[i], grid.fp[i]);
            let (fn_, tn) = (grid.events - tp, grid.others - fp);
            let sensitivity = finite(tp / grid.events);
            let fpr = finite(fp / grid.others);
            let acc = (tp + tn) / n;
            RocPoint {
                cutoff: i as f64 / grid.steps as f64,
                tp,
                fp,
                fn_,
                tn,
                sensitivity,
                specificity: finite(tn / grid.others),
                fpr,
                acc: finite(acc),
                fdr: finite(fp / (tp + fp)),
                f1: finite(2.0 * tp / (2.0 * tp + fp + fn_)),
                fhalf: finite(1.25 * tp / (1.25 * tp + fp + 0.25 * fn_)),
                misc_event: finite((fp + fn_) / n),
                ks2: sensitivity.zip(fpr).map(|(s, f)| s - f),
            }
        })
        .collect()
}
