//! Should the model be trained again? A rule, shown with its reasons.

use crate::drift::PSI_ALERT;
use crate::performance::WEIGHTED;
use crate::report::{Action, Decay, PeriodReport, Reason, Recommendation, Report, Scoring};

/// Relative loss of Gini from which retraining is worth its effort, if it is significant.
const LOSS_ACTS: f64 = 0.1;
/// Relative loss from which a period is watched.
const LOSS_WATCHES: f64 = 0.05;
/// Share of the loss that a changed relation must explain for "the relation changed" to be said.
const RELATION_SHARE: f64 = 0.5;

impl Recommendation {
    fn because(&mut self, id: &str, values: &[(&str, &str)], text: String) {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.said.push(Reason { id: id.to_owned(), values });
        self.reasons.push(text);
    }

    /// What became of the ranking.
    fn judges_gini(&mut self, period: &str, decay: &Decay, loss: f64) {
        let (size, side) =
            (format!("{:.1}", 100.0 * loss.abs()), if loss >= 0.0 { "below" } else { "above" });
        let mut values = vec![("period", period), ("size", &size), ("against", &decay.against)];
        let text = format!("in `{period}` Gini is {size} % {side} `{}`", decay.against);
        match decay.delong_p.map(|p| format!("{p:.2e}")) {
            Some(p) => {
                values.push(("p", &p));
                let text = format!("{text} (DeLong p = {p})");
                self.because(&format!("reason-gini-{side}-p"), &values, text);
            }
            None => self.because(&format!("reason-gini-{side}"), &values, text),
        }
    }

    /// What became of the error of predicted numbers.
    fn judges_error(&mut self, period: &str, decay: &Decay, rise: f64) {
        let (size, side) =
            (format!("{:.1}", 100.0 * rise.abs()), if rise >= 0.0 { "above" } else { "below" });
        let mut values = vec![("period", period), ("size", &size), ("against", &decay.against)];
        let text = format!("in `{period}` the average squared error is {size} % {side} `{}`", decay.against);
        match decay.ase_p.map(|p| format!("{p:.2e}")) {
            Some(p) => {
                values.push(("p", &p));
                self.because(&format!("reason-ase-{side}-p"), &values, format!("{text} (p = {p})"));
            }
            None => self.because(&format!("reason-ase-{side}"), &values, text),
        }
    }
}

/// Relative loss of a period: of Gini where the target is an event, the rise of the average squared error where it is a number.
fn loss_of(decay: &Decay) -> Option<f64> {
    decay.gini_decay.or(decay.ase_decay)
}

/// Whether the rows of a period have weights, under which DeLong's variance is not defined.
fn is_weighted(period: &PeriodReport) -> bool {
    let binary = period.performance.as_ref().and_then(Scoring::binary);
    binary.and_then(|p| p.undefined_said.get("delong.variance")).is_some_and(|why| why.id == WEIGHTED)
}

/// Judges the latest period whose labels are in.
pub fn recommend(report: &Report) -> Recommendation {
    let judged = report
        .periods
        .iter()
        .rev()
        .find(|p| !p.provisional && report.decay.get(&p.label).is_some_and(|d| loss_of(d).is_some()));
    let mut out = Recommendation::default();
    if let Some(last) = report.periods.last().filter(|l| l.provisional) {
        out.because(
            "reason-provisional",
            &[("period", &last.label)],
            format!("`{}` is provisional: its labels are not all in", last.label),
        );
    }
    let drifted = report.periods.last().map(|p| {
        p.drift
            .variables
            .iter()
            .filter(|(_, v)| v.psi().is_some_and(|psi| psi >= PSI_ALERT))
            .map(|(n, _)| n)
            .collect()
    });
    let drifted: Vec<&str> = drifted.unwrap_or_default();
    if !drifted.is_empty() {
        let (psi, inputs) = (PSI_ALERT.to_string(), drifted.join(", "));
        let text = format!("inputs with PSI of at least {psi}: {inputs}");
        out.because("reason-drifted", &[("psi", &psi), ("inputs", &inputs)], text);
    }
    let Some((period, decay)) = judged.and_then(|p| report.decay.get(&p.label).map(|d| (p, d))) else {
        let text = "no period with labels and a score to judge by".to_owned();
        out.because("reason-nothing-to-judge", &[], text);
        out.action = if drifted.is_empty() { Action::Unknown } else { Action::Investigate };
        return out;
    };
    let loss = loss_of(decay).unwrap_or(0.0);
    if decay.gini_decay.is_some() {
        out.judges_gini(&period.label, decay, loss);
    } else {
        out.judges_error(&period.label, decay, loss);
    }
    if let Some(psi) = period.drift.score.as_ref().and_then(|s| s.psi())
        && loss >= LOSS_ACTS
        && psi < 0.1
    {
        let psi = format!("{psi:.4}");
        let text = format!("score stability alone would not have shown it (PSI {psi})");
        out.because("reason-score-stable", &[("psi", &psi)], text);
    }
    let share = decay.cause.as_ref().and_then(|c| c.relation_share);
    if let Some(share) = share.filter(|_| loss >= LOSS_WATCHES) {
        let mix = format!("{:.0}", 100.0 * (1.0 - share));
        // A mix that makes cases easier, or harder by more than was lost, has no share to speak of.
        if share > 1.0 {
            let text = "a changed relation explains the whole loss: the present mix of cases is no harder";
            out.because("reason-cause-relation", &[], text.to_owned());
        } else if share < 0.0 {
            let text = "a changed mix of cases explains the whole loss: the relation holds";
            out.because("reason-cause-mix", &[], text.to_owned());
        } else {
            let text =
                format!("a changed mix of cases explains {mix} % of the loss, a changed relation the rest");
            out.because("reason-cause", &[("mix", &mix)], text);
        }
    }
    let (metric, id, measure) = if decay.gini_decay.is_some() {
        ("gini", "reason-forecast", "Gini")
    } else {
        ("ase", "reason-forecast-ase", "the average squared error")
    };
    let course = report.trend.get(metric);
    let forecast = course.and_then(|t| t.ols_forecast.as_ref());
    // Counted from the last period that has the number: labels of later ones may be out.
    let ahead = course.zip(forecast).and_then(|(t, f)| Some(f.crossing_period? - t.last_period() as f64));
    let soon = ahead.is_some_and(|a| a > 0.0 && a <= 2.0);
    if let (Some(ahead), Some(forecast)) = (ahead.filter(|a| *a > 0.0), forecast) {
        let (threshold, ahead) = (format!("{:.3}", forecast.threshold), format!("{ahead:.1}"));
        let text = format!("on its present course {measure} crosses {threshold} in {ahead} periods");
        out.because(id, &[("threshold", &threshold), ("ahead", &ahead)], text);
    }
    let untested = decay.significant.is_none() && is_weighted(period);
    if untested && loss >= LOSS_ACTS {
        let text = "whether the loss could be chance is not tested where rows have weights: its size decides";
        out.because("reason-untested", &[], text.to_owned());
    }
    let significant = decay.significant == Some(true) || untested;
    out.action = if loss >= LOSS_ACTS && significant {
        // Reweighting or new data from the changed mix is retraining too; only broken inputs come first.
        if share.is_some_and(|s| s < RELATION_SHARE) && !drifted.is_empty() {
            Action::Investigate
        } else {
            Action::Retrain
        }
    } else if loss >= LOSS_WATCHES || soon {
        if loss >= LOSS_ACTS {
            let text = "the loss could still be chance: too few events to tell".to_owned();
            out.because("reason-chance", &[], text);
        }
        Action::Watch
    } else if !drifted.is_empty() {
        Action::Investigate
    } else {
        Action::Keep
    };
    out
}
