//! Decisions at one cutoff.

use crate::named::finite;
use serde::{Deserialize, Serialize};

/// The confusion matrix at `score ≥ cutoff` and what follows from it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Confusion {
    /// The cutoff.
    pub cutoff: f64,
    /// Events called events.
    pub tp: f64,
    /// Non-events called events.
    pub fp: f64,
    /// Events missed.
    #[serde(rename = "fn")]
    pub fn_: f64,
    /// Non-events called non-events.
    pub tn: f64,
    /// Misclassification rate.
    pub mce: Option<f64>,
    /// Accuracy.
    pub acc: Option<f64>,
    /// `tp / (tp + fp)`.
    pub precision: Option<f64>,
    /// `tp / (tp + fn)`.
    pub recall: Option<f64>,
    /// `tn / (tn + fp)`.
    pub specificity: Option<f64>,
    /// `2tp / (2tp + fp + fn)`.
    pub f1: Option<f64>,
    /// `1.25tp / (1.25tp + fp + 0.25fn)`.
    pub f0_5: Option<f64>,
    /// Mean of recall and specificity.
    pub balanced_accuracy: Option<f64>,
    /// Matthews' correlation.
    pub mcc: Option<f64>,
    /// Recall − (1 − specificity): what older SAS tests call KS at the cutoff.
    pub ks: Option<f64>,
}

pub(super) fn of_counts(cutoff: f64, tp: f64, fp: f64, fn_: f64, tn: f64) -> Confusion {
    let n = tp + fp + fn_ + tn;
    let recall = finite(tp / (tp + fn_));
    let specificity = finite(tn / (tn + fp));
    let both = recall.zip(specificity);
    Confusion {
        cutoff,
        tp,
        fp,
        fn_,
        tn,
        mce: finite((fp + fn_) / n),
        acc: finite((tp + tn) / n),
        precision: finite(tp / (tp + fp)),
        recall,
        specificity,
        f1: finite(2.0 * tp / (2.0 * tp + fp + fn_)),
        f0_5: finite(1.25 * tp / (1.25 * tp + fp + 0.25 * fn_)),
        balanced_accuracy: both.map(|(r, s)| (r + s) / 2.0),
        mcc: finite(
            (tp * tn - fp * fn_)
                / ((tp + fp).sqrt() * (tp + fn_).sqrt() * (tn + fp).sqrt() * (tn + fn_).sqrt()),
        ),
        ks: both.map(|(r, s)| r + s - 1.0),
    }
}
