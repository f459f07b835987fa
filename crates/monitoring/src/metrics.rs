//! The numbers of a model's performance: one list for the tables that show them and for the rules that may speak of them.

use crate::performance::{Confusion, Performance, RegressionPerformance};
use crate::report::{Reason, Report, Scoring, lift_at};

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither.
    Neither,
}

/// What a score says that the number is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// The probability of an event.
    Event,
    /// A predicted number.
    Number,
    Both,
}

/// A number of a model's performance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name, as rules use it.
    pub name: &'static str,
    /// Which way is good.
    pub better: Better,
    /// Decimals that are worth reading.
    pub decimals: u32,
    of: Of,
}

const fn of(name: &'static str, better: Better, decimals: u32, of: Of) -> Metric {
    Metric { name, better, decimals, of }
}

/// All of them, in the order in which they are read.
pub const METRICS: [Metric; 37] = {
    use Better::{Higher, Lower, Neither};
    use Of::{Both, Event, Number};
    [
        of("gini", Higher, 4, Event),
        of("c", Higher, 4, Event),
        of("ks", Higher, 4, Event),
        of("lift5", Higher, 2, Event),
        of("lift10", Higher, 2, Event),
        of("r2", Higher, 4, Number),
        of("ase", Lower, 4, Both),
        of("rase", Lower, 4, Both),
        of("mae", Lower, 4, Number),
        of("bias", Neither, 4, Number),
        of("mcll", Lower, 4, Event),
        of("average_precision", Higher, 4, Event),
        of("ece", Lower, 4, Event),
        of("event_rate", Neither, 4, Event),
        of("mean_score", Neither, 4, Both),
        of("n_obs", Neither, 0, Both),
        of("n_events", Neither, 0, Event),
        of("score_psi", Lower, 4, Both),
        of("sas_gini", Higher, 4, Event),
        of("sas_c", Higher, 4, Event),
        of("sas_ks", Higher, 4, Event),
        of("gamma", Higher, 4, Event),
        of("tau", Higher, 4, Event),
        of("brier_skill", Higher, 4, Event),
        of("accuracy", Higher, 4, Event),
        of("mce", Lower, 4, Event),
        of("precision", Higher, 4, Event),
        of("recall", Higher, 4, Event),
        of("specificity", Higher, 4, Event),
        of("f1", Higher, 4, Event),
        of("f0_5", Higher, 4, Event),
        of("balanced_accuracy", Higher, 4, Event),
        of("mcc", Higher, 4, Event),
        of("hosmer_lemeshow", Neither, 4, Event),
        of("recalibration_intercept", Neither, 4, Event),
        of("recalibration_slope", Neither, 4, Event),
        of("mean_target", Neither, 4, Number),
    ]
};

impl Metric {
    /// Whether a score that predicts an event has it.
    pub fn is_of_events(&self) -> bool {
        self.of != Of::Number
    }

    /// Whether a score that predicts a number has it.
    pub fn is_of_numbers(&self) -> bool {
        self.of != Of::Event
    }
}

/// The metric called so.
pub(crate) fn metric(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.name == name)
}

impl Scoring {
    /// A metric by its name; that of the score's drift is the period's and not the score's.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self {
            Self::Binary(p) => of_event(p, name),
            Self::Regression(r) => of_number(r, name),
        }
    }

    /// Why a metric is null, in English and in no language.
    pub fn why_undefined(&self, name: &str) -> Option<(&str, Option<&Reason>)> {
        match self {
            Self::Binary(p) => p.why_undefined(name),
            Self::Regression(r) => r.why_undefined(name),
        }
    }
}

impl Report {
    /// Why a period has no value of a metric, in English and in no language; a report that was made before reasons were kept
    /// may know of none.
    pub fn why_undefined(&self, period: usize, name: &str) -> Option<(String, Option<Reason>)> {
        let period = self.periods.get(period)?;
        let ours = |id: &str, text: &str| {
            Some((text.to_owned(), Some(Reason { id: id.to_owned(), ..Reason::default() })))
        };
        if name == "score_psi" {
            return match &period.drift.score {
                Some(drift) => drift.reason().map(|(text, said)| (text.to_owned(), said.cloned())),
                None => ours("undefined-no-score-here", "the period or the baseline has no score"),
            };
        }
        match &period.performance {
            Some(scoring) => scoring.why_undefined(name).map(|(text, said)| (text.to_owned(), said.cloned())),
            None => ours("undefined-no-performance", "the period has no outcomes or no score"),
        }
    }
}

/// The confusion matrix at the cutoff of the report.
fn at_cutoff(performance: &Performance) -> Option<&Confusion> {
    performance.cutoff.0.first().map(|(_, confusion)| confusion)
}

fn of_event(p: &Performance, name: &str) -> Option<f64> {
    // Cutoffs between 0 and 1 say nothing of scores beyond.
    let grid = || p.are_probabilities().then_some(&p.sas_grid_100);
    match name {
        "gini" => p.exact.gini,
        "c" => p.exact.c,
        "ks" => p.exact.ks,
        "lift5" => lift_at(p, 0),
        "lift10" => lift_at(p, 1),
        "ase" => p.ase,
        "rase" => p.rase,
        "mcll" => p.mcll,
        "average_precision" => p.average_precision,
        "ece" => p.calibration.ece_equal_mass,
        "event_rate" => p.event_rate,
        "mean_score" => p.mean_score,
        "n_obs" => Some(p.n_obs as f64),
        "n_events" => Some(p.n_events as f64),
        "sas_gini" => grid()?.gini,
        "sas_c" => grid()?.c,
        "sas_ks" => grid()?.ks,
        "gamma" => p.exact.gamma,
        "tau" => p.exact.tau,
        "brier_skill" => p.brier_skill,
        "accuracy" => at_cutoff(p)?.acc,
        "mce" => at_cutoff(p)?.mce,
        "precision" => at_cutoff(p)?.precision,
        "recall" => at_cutoff(p)?.recall,
        "specificity" => at_cutoff(p)?.specificity,
        "f1" => at_cutoff(p)?.f1,
        "f0_5" => at_cutoff(p)?.f0_5,
        "balanced_accuracy" => at_cutoff(p)?.balanced_accuracy,
        "mcc" => at_cutoff(p)?.mcc,
        "hosmer_lemeshow" => p.hosmer_lemeshow.p,
        "recalibration_intercept" => p.recalibration.intercept,
        "recalibration_slope" => p.recalibration.slope,
        _ => None,
    }
}

fn of_number(r: &RegressionPerformance, name: &str) -> Option<f64> {
    match name {
        "r2" => r.r2,
        "ase" => r.ase,
        "rase" => r.rase,
        "mae" => r.mae,
        "bias" => r.bias,
        "mean_score" => r.mean_score,
        "mean_target" => r.mean_target,
        "n_obs" => Some(r.n_obs as f64),
        _ => None,
    }
}
