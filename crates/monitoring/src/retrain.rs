//! Should the model be trained again? A rule, shown with its reasons.

use crate::drift::PSI_ALERT;
use crate::report::{Action, Reason, Recommendation, Report};

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
}

/// Judges the latest period whose labels are in.
pub fn recommend(report: &Report) -> Recommendation {
    let judged = report
        .periods
        .iter()
        .rev()
        .find(|p| !p.provisional && report.decay.get(&p.label).is_some_and(|d| d.gini_decay.is_some()));
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
    let loss = decay.gini_decay.unwrap_or(0.0);
    let (size, side) = (format!("{:.1}", 100.0 * loss.abs()), if loss >= 0.0 { "below" } else { "above" });
    let mut values = vec![("period", period.label.as_str()), ("size", &size), ("against", &decay.against)];
    let text = format!("in `{}` Gini is {size} % {side} `{}`", period.label, decay.against);
    match decay.delong_p.map(|p| format!("{p:.2e}")) {
        Some(p) => {
            values.push(("p", &p));
            let text = format!("{text} (DeLong p = {p})");
            out.because(&format!("reason-gini-{side}-p"), &values, text);
        }
        None => out.because(&format!("reason-gini-{side}"), &values, text),
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
    let forecast = report.trend.get("gini").and_then(|t| t.ols_forecast.as_ref());
    let ahead = forecast.and_then(|f| f.crossing_period.map(|at| at - report.periods.len() as f64));
    let soon = ahead.is_some_and(|a| a > 0.0 && a <= 2.0);
    if let (Some(ahead), Some(forecast)) = (ahead.filter(|a| *a > 0.0), forecast) {
        let (threshold, ahead) = (format!("{:.3}", forecast.threshold), format!("{ahead:.1}"));
        let text = format!("on its present course Gini crosses {threshold} in {ahead} periods");
        out.because("reason-forecast", &[("threshold", &threshold), ("ahead", &ahead)], text);
    }
    let significant = decay.significant == Some(true);
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
