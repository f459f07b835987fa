//! Should the model be trained again? A rule, shown with its reasons.

use crate::drift::PSI_ALERT;
use crate::report::{Action, Recommendation, Report};

/// Relative loss of Gini from which retraining is worth its effort, if it is significant.
const LOSS_ACTS: f64 = 0.1;
/// Relative loss from which a period is watched.
const LOSS_WATCHES: f64 = 0.05;
/// Share of the loss that a changed relation must explain for "the relation changed" to be said.
const RELATION_SHARE: f64 = 0.5;

/// Judges the latest period whose labels are in.
pub fn recommend(report: &Report) -> Recommendation {
    let judged = report
        .periods
        .iter()
        .rev()
        .find(|p| !p.provisional && report.decay.get(&p.label).is_some_and(|d| d.gini_decay.is_some()));
    let mut reasons = Vec::new();
    if let Some(last) = report.periods.last().filter(|l| l.provisional) {
        reasons.push(format!("`{}` is provisional: its labels are not all in", last.label));
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
        reasons.push(format!("inputs with PSI of at least {PSI_ALERT}: {}", drifted.join(", ")));
    }
    let Some((period, decay)) = judged.and_then(|p| report.decay.get(&p.label).map(|d| (p, d))) else {
        reasons.push("no period with labels and a score to judge by".to_owned());
        let action = if drifted.is_empty() { Action::Unknown } else { Action::Investigate };
        return Recommendation { action, reasons };
    };
    let loss = decay.gini_decay.unwrap_or(0.0);
    let p = decay.delong_p.map_or_else(String::new, |p| format!(" (DeLong p = {p:.2e})"));
    reasons.push(format!(
        "in `{}` Gini is {:.1} % {} `{}`{p}",
        period.label,
        100.0 * loss.abs(),
        if loss >= 0.0 { "below" } else { "above" },
        decay.against
    ));
    if let Some(psi) = period.drift.score.as_ref().and_then(|s| s.psi())
        && loss >= LOSS_ACTS
        && psi < 0.1
    {
        reasons.push(format!("score stability alone would not have shown it (PSI {psi:.4})"));
    }
    let share = decay.cause.as_ref().and_then(|c| c.relation_share);
    if let Some(share) = share.filter(|_| loss >= LOSS_WATCHES) {
        let mix = 100.0 * (1.0 - share);
        reasons.push(format!(
            "a changed mix of cases explains {mix:.0} % of the loss, a changed relation the rest"
        ));
    }
    let forecast = report.trend.get("gini").and_then(|t| t.ols_forecast.as_ref());
    let ahead = forecast.and_then(|f| f.crossing_period.map(|at| at - report.periods.len() as f64));
    let soon = ahead.is_some_and(|a| a > 0.0 && a <= 2.0);
    if let (Some(ahead), Some(forecast)) = (ahead.filter(|a| *a > 0.0), forecast) {
        reasons.push(format!(
            "on its present course Gini crosses {:.3} in {ahead:.1} periods",
            forecast.threshold
        ));
    }
    let significant = decay.significant == Some(true);
    let action = if loss >= LOSS_ACTS && significant {
        // Reweighting or new data from the changed mix is retraining too; only broken inputs come first.
        if share.is_some_and(|s| s < RELATION_SHARE) && !drifted.is_empty() {
            Action::Investigate
        } else {
            Action::Retrain
        }
    } else if loss >= LOSS_WATCHES || soon {
        if loss >= LOSS_ACTS {
            reasons.push("the loss could still be chance: too few events to tell".to_owned());
        }
        Action::Watch
    } else if !drifted.is_empty() {
        Action::Investigate
    } else {
        Action::Keep
    };
    Recommendation { action, reasons }
}
