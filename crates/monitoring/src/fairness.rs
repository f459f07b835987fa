//! Fairness by group: the same rates for everybody?

use crate::named::{Named, finite};
use crate::performance::{Confusion, GridAssociation, Ranking, auc};
use crate::report::{Reason, Remark};
use serde::{Deserialize, Serialize};

/// Cutoffs of the association grid of a group, as in SAS `assessBias`.
pub(crate) const GRID_STEPS: usize = 20;

/// Rates of the groups of one column, and how far they are apart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Fairness {
    /// By level of the column.
    pub groups: Named<GroupRates>,
    /// Greatest difference between two groups; 0 is parity.
    pub differences: Parity,
    /// Smallest ratio between two groups; 1 is parity.
    pub ratios: Parity,
    /// Why a group or a parity has no number.
    pub notes: Vec<String>,
    /// The same in no language, in the same order; empty in a report that was made before these were kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes_said: Vec<Reason>,
}

/// What a group experiences.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GroupRates {
    /// Rows.
    pub n_obs: u64,
    /// Event rows.
    pub n_events: u64,
    /// Share of events.
    pub event_rate: Option<f64>,
    /// Mean score.
    pub mean_score: Option<f64>,
    /// Share called an event at the cutoff.
    pub selection_rate: Option<f64>,
    /// True positive rate.
    pub tpr: Option<f64>,
    /// False positive rate.
    pub fpr: Option<f64>,
    /// True negative rate.
    pub tnr: Option<f64>,
    /// False negative rate.
    pub fnr: Option<f64>,
    /// Area under the ROC, exact.
    pub auc: Option<f64>,
    /// Average squared error.
    pub ase: Option<f64>,
    /// The confusion matrix at the cutoff, with precision, accuracy and the rest.
    #[serde(flatten)]
    pub confusion: Confusion,
    /// Association on twenty cutoffs.
    pub sas_grid_20: GridAssociation,
}

/// One number per notion of parity.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Parity {
    /// Share called an event.
    pub demographic_parity: Option<f64>,
    /// Precision: of those called, how many are events.
    pub predictive_parity: Option<f64>,
    /// Accuracy.
    pub equal_accuracy: Option<f64>,
    /// True positive rate.
    pub equal_opportunity: Option<f64>,
    /// True and false positive rates: the worse of both.
    pub equalized_odds: Option<f64>,
    /// Mean score.
    pub mean_score: Option<f64>,
}

pub(crate) fn fairness(levels: Vec<(String, Ranking)>) -> Fairness {
    let mut out = Fairness::default();
    for (level, Ranking { groups, tally, .. }) in levels {
        let confusion = tally.confusion();
        let [event_rate, mean_score, ase] = tally.means().map(finite);
        let rates = GroupRates {
            n_obs: groups.rows,
            n_events: groups.event_rows,
            event_rate,
            mean_score,
            selection_rate: finite((confusion.tp + confusion.fp) / tally.total()),
            tpr: confusion.recall,
            fpr: confusion.specificity.map(|s| 1.0 - s),
            tnr: confusion.specificity,
            fnr: confusion.recall.map(|r| 1.0 - r),
            auc: auc(&groups),
            ase,
            sas_grid_20: tally.association(),
            confusion,
        };
        if rates.tpr.is_none() || rates.fpr.is_none() {
            let text =
                format!("`{level}` holds one class only: it takes no part in the comparison of its rates");
            Remark::new("note-one-class", &[("level", &level)], text)
                .onto(&mut out.notes, &mut out.notes_said);
        }
        out.groups.push(level, rates);
    }
    if out.groups.0.len() < 2 {
        let text = "fewer than two groups: nothing to compare".to_owned();
        Remark::new("note-one-group", &[], text).onto(&mut out.notes, &mut out.notes_said);
        return out;
    }
    let spread = |f: fn(&GroupRates) -> Option<f64>| -> (Option<f64>, Option<f64>) {
        let values: Vec<f64> = out.groups.0.iter().filter_map(|(_, r)| f(r)).collect();
        if values.len() < 2 {
            return (None, None);
        }
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (finite(high - low), if high == 0.0 && low == 0.0 { Some(1.0) } else { finite(low / high) })
    };
    let selection = spread(|r| r.selection_rate);
    let precision = spread(|r| r.confusion.precision);
    let accuracy = spread(|r| r.confusion.acc);
    let (tpr, fpr) = (spread(|r| r.tpr), spread(|r| r.fpr));
    let score = spread(|r| r.mean_score);
    out.differences = Parity {
        demographic_parity: selection.0,
        predictive_parity: precision.0,
        equal_accuracy: accuracy.0,
        equal_opportunity: tpr.0,
        equalized_odds: tpr.0.zip(fpr.0).map(|(a, b)| a.max(b)),
        mean_score: score.0,
    };
    out.ratios = Parity {
        demographic_parity: selection.1,
        predictive_parity: precision.1,
        equal_accuracy: accuracy.1,
        equal_opportunity: tpr.1,
        equalized_odds: tpr.1.zip(fpr.1).map(|(a, b)| a.min(b)),
        mean_score: score.1,
    };
    out
}
