//! Why numbers are null: every metric that has no value has a reason.

use super::{Performance, RegressionPerformance, TieGroups};
use crate::report::{Reason, Remark};

/// Name of the reason why there is no variance under weights.
pub(crate) const WEIGHTED: &str = "undefined-variance-weighted";

/// Reason of scores that are no probabilities, where it stands.
const CALIBRATION: &str = "calibration";

fn plain(id: &str, text: &str) -> Remark {
    Remark::new(id, &[], text.to_owned())
}

impl Performance {
    /// Whether every score lies between 0 and 1.
    pub(crate) fn are_probabilities(&self) -> bool {
        self.undefined.get(CALIBRATION).is_none()
    }

    /// Why the number that rules and reports call `name` (`gini`, `lift5`, `ece`) is null: its own reason, that of the group it
    /// belongs to, or that of all numbers, in English and in no language.
    pub fn why_undefined(&self, name: &str) -> Option<(&str, Option<&Reason>)> {
        let groups: &[&str] = match name {
            "gamma" => &["exact.gamma", "exact"],
            "gini" | "c" | "ks" | "lift5" | "lift10" | "tau" | "average_precision" => &["exact"],
            "sas_gini" | "sas_c" | "sas_ks" => &[CALIBRATION, "sas_grid_100"],
            "recalibration_intercept" | "recalibration_slope" => &["recalibration"],
            "ece" | "hosmer_lemeshow" => &[CALIBRATION],
            _ => &[],
        };
        let places = std::iter::once(name).chain(groups.iter().copied()).chain(["*"]);
        let named = places.into_iter().find(|it| self.undefined.get(it).is_some())?;
        Some((self.undefined.get(named)?, self.undefined_said.get(named)))
    }
}

/// Says why numbers are null.
pub(super) fn explain(out: &mut Performance, groups: &TieGroups) {
    let n = out.n_obs;
    if n == 0 {
        out.lacks("*", plain("undefined-no-rows", "no row has a target, a score and a positive weight"));
        return;
    }
    let one_class = if out.n_events == 0 {
        Some(Remark::new("undefined-no-events", &[("rows", &n)], format!("no events among {n} rows")))
    } else if out.n_events == n {
        Some(Remark::new("undefined-only-events", &[("rows", &n)], format!("all {n} rows are events")))
    } else {
        None
    };
    match &one_class {
        Some(reason) => {
            for name in ["exact", "sas_grid_100", "delong", "brier_skill", "recalibration"] {
                out.lacks(name, reason.clone());
            }
        }
        None => two_classes(out, groups),
    }
    if groups.scores.iter().any(|s| !(0.0..=1.0).contains(s)) {
        let text = "some scores lie outside 0 to 1: they rank, but they are not probabilities";
        out.lacks(CALIBRATION, plain("undefined-not-probabilities", text));
    } else if out.hosmer_lemeshow.p.is_none() {
        let found = out.hosmer_lemeshow.groups;
        let why = if found < 3 {
            let text = format!("the score falls into {found} deciles only; three are needed");
            Remark::new("undefined-few-deciles", &[("found", &found)], text)
        } else {
            plain("undefined-sure-decile", "the scores of a decile are all 0 or all 1")
        };
        out.lacks("hosmer_lemeshow", why);
    }
    if out.n_events > 0 && out.lift_sas_20.len() < 2 {
        out.lacks("lift10", plain("undefined-few-rows-for-lift", "there are too few rows for so fine a bin"));
    }
    let infinite = plain("undefined-infinite-score", "some scores are infinite");
    for (name, value) in [("mean_score", out.mean_score), ("ase", out.ase), ("rase", out.rase)] {
        if value.is_none() {
            out.lacks(name, infinite.clone());
        }
    }
    if out.brier_skill.is_none() && one_class.is_none() {
        out.lacks("brier_skill", infinite);
    }
    at_cutoff(out, one_class.as_ref());
}

/// Numbers of two classes that may still have none.
fn two_classes(out: &mut Performance, groups: &TieGroups) {
    if out.exact.gamma.is_none() {
        let text = "every pair of an event and a non-event is tied";
        out.lacks("exact.gamma", plain("undefined-tied", text));
    }
    if out.delong.variance.is_none() {
        let why = if groups.weighted {
            plain(WEIGHTED, "DeLong's variance is not defined under weights")
        } else {
            plain("undefined-variance-few", "DeLong's variance needs two events and two non-events")
        };
        out.lacks("delong.variance", why);
    } else if out.delong.ci95_logit.is_none() {
        out.lacks("delong.ci95_logit", plain("undefined-logit", "the area is 0 or 1"));
    }
    if let (None, Some(text), Some(said)) =
        (out.recalibration.slope, out.recalibration.reason.clone(), out.recalibration.reason_said.clone())
    {
        out.lacks("recalibration", Remark { text, said });
    }
}

/// Numbers of the decisions at the cutoff.
fn at_cutoff(out: &mut Performance, one_class: Option<&Remark>) {
    let Some(confusion) = out.cutoff.0.first().map(|(_, confusion)| confusion.clone()) else { return };
    let none_called = || plain("undefined-none-called", "no score is at or above the cutoff");
    let of_class = |otherwise: &dyn Fn() -> Remark| one_class.cloned().unwrap_or_else(otherwise);
    let one_decision = || match confusion.tp + confusion.fp == 0.0 {
        true => none_called(),
        false => plain("undefined-all-called", "every score is at or above the cutoff"),
    };
    let rows = [
        ("precision", confusion.precision, none_called()),
        ("recall", confusion.recall, of_class(&none_called)),
        ("specificity", confusion.specificity, of_class(&none_called)),
        ("f1", confusion.f1, of_class(&none_called)),
        ("f0_5", confusion.f0_5, of_class(&none_called)),
        ("balanced_accuracy", confusion.balanced_accuracy, of_class(&none_called)),
        ("mcc", confusion.mcc, of_class(&one_decision)),
    ];
    for (name, value, why) in rows {
        if value.is_none() {
            out.lacks(name, why);
        }
    }
}

impl RegressionPerformance {
    /// Says why `name` is null.
    pub(crate) fn lacks(&mut self, name: &str, why: Remark) {
        self.undefined.push(name, why.text);
        self.undefined_said.push(name, why.said);
    }

    /// Why a number is null, in English and in no language.
    pub fn why_undefined(&self, name: &str) -> Option<(&str, Option<&Reason>)> {
        let named = [name, "*"].into_iter().find(|it| self.undefined.get(it).is_some())?;
        Some((self.undefined.get(named)?, self.undefined_said.get(named)))
    }

    /// Says why numbers are null.
    pub(super) fn explain(&mut self, is_constant: bool) {
        if self.sum_weights <= 0.0 {
            self.lacks("*", plain("undefined-no-rows", "no row has a target, a score and a positive weight"));
            return;
        }
        if self.r2.is_none() && is_constant {
            self.lacks("r2", plain("undefined-constant-target", "the outcome has one value only"));
        }
        let numbers = [
            ("r2", self.r2),
            ("ase", self.ase),
            ("rase", self.rase),
            ("mae", self.mae),
            ("bias", self.bias),
            ("mean_score", self.mean_score),
            ("mean_target", self.mean_target),
        ];
        for (name, value) in numbers {
            if value.is_none() && self.undefined.get(name).is_none() {
                self.lacks(
                    name,
                    plain("undefined-infinite-number", "some outcomes or predictions are infinite"),
                );
            }
        }
    }
}
