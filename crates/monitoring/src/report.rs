//! The report: aggregates only, never rows.

use crate::cause::Cause;
use crate::drift::Drift;
use crate::fairness::Fairness;
use crate::metrics::{METRICS, metric};
use crate::named::Named;
use crate::options::{Level, Rule};
use crate::performance::{Performance, RegressionPerformance};
use crate::sequential::Trend;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What `monitor compute` answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "PerformanceReport"))]
pub struct Report {
    /// In order of time.
    pub periods: Vec<PeriodReport>,
    /// What everything is compared with.
    pub reference: ReferenceReport,
    /// Loss against the baseline, by period label.
    pub decay: Named<Decay>,
    /// Course over the periods, by metric.
    pub trend: Named<Trend>,
    /// Rules that fired.
    pub alerts: Vec<Alert>,
    /// What to do now.
    pub recommendation: Recommendation,
    /// What a reader should know about the data.
    pub warnings: Vec<String>,
    /// The same in no language, in the same order; a report that was made before these were kept holds none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings_said: Vec<Reason>,
}

/// Something a reader should know about the data or about a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// In English.
    pub text: String,
    /// In no language.
    pub said: Reason,
}

/// In English.
impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Remark {
    pub(crate) fn new(id: &str, values: &[(&str, &dyn std::fmt::Display)], text: String) -> Self {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect();
        Self { text, said: Reason { id: id.to_owned(), values } }
    }

    /// One without values.
    pub(crate) fn plain(id: &str, text: &str) -> Self {
        Self::new(id, &[], text.to_owned())
    }

    /// Puts it at the end of both ways to say it, which keep the same order.
    pub(crate) fn onto(self, texts: &mut Vec<String>, said: &mut Vec<Reason>) {
        texts.push(self.text);
        said.push(self.said);
    }
}

impl Report {
    pub(crate) fn warn(&mut self, warnings: impl IntoIterator<Item = Remark>) {
        for warning in warnings {
            // One column's trouble is told once, not once a period that it spoils alike.
            if self.warnings.last() != Some(&warning.text) {
                warning.onto(&mut self.warnings, &mut self.warnings_said);
            }
        }
    }
}

/// One period.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PeriodReport {
    /// Its label.
    pub label: String,
    /// Rows.
    pub rows: u64,
    /// Share of rows whose target is known; null without a target.
    pub labelled: Option<f64>,
    /// Whether labels are still missing, so that performance may change.
    pub provisional: bool,
    /// Performance; null without a target.
    pub performance: Option<Scoring>,
    /// Drift against the baseline.
    pub drift: Drift,
    /// Fairness by group column.
    pub fairness: Named<Fairness>,
}

/// Performance of a binary target or of a numeric one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum Scoring {
    /// Event probabilities.
    Binary(Box<Performance>),
    /// Predictions of a number.
    Regression(Box<RegressionPerformance>),
}

impl Scoring {
    /// The binary performance, where it is one.
    pub fn binary(&self) -> Option<&Performance> {
        match self {
            Self::Binary(p) => Some(p),
            Self::Regression(_) => None,
        }
    }
}

/// The baseline.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ReferenceReport {
    /// Label of the first period, or name of the reference file.
    pub label: String,
    /// Rows.
    pub rows: u64,
    /// Its performance, where it has target and score.
    pub performance: Option<Scoring>,
}

/// A period's loss against the baseline. `…Decay` is relative: 0.1 is a tenth lost; what is undefined is null.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Decay {
    /// What the loss is against.
    pub against: String,
    /// `(gini₀ − gini) / |gini₀|`.
    #[serde(rename = "giniDecay")]
    pub gini_decay: Option<f64>,
    /// Of KS.
    #[serde(rename = "ksDecay")]
    pub ks_decay: Option<f64>,
    /// Of c.
    #[serde(rename = "cDecay")]
    pub c_decay: Option<f64>,
    /// Of the cumulative lift at 5 %.
    #[serde(rename = "lift5Decay")]
    pub lift5_decay: Option<f64>,
    /// Of the cumulative lift at 10 %.
    #[serde(rename = "lift10Decay")]
    pub lift10_decay: Option<f64>,
    /// Relative rise of the average squared error.
    #[serde(rename = "aseDecay")]
    pub ase_decay: Option<f64>,
    /// `(auc₀ − auc) / √(var₀ + var)` by DeLong; the samples are independent.
    pub delong_z: Option<f64>,
    /// Its two-sided p-value.
    pub delong_p: Option<f64>,
    /// For a target that is a number: `(ase − ase₀) / √(var₀ + var)`, the samples being independent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ase_z: Option<f64>,
    /// Its two-sided p-value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ase_p: Option<f64>,
    /// Whether the loss is both significant (p < 0.05) and large enough to matter (5 % of Gini, or of the squared error). Null
    /// where there is no test: under weights, and of the period that is compared with.
    pub significant: Option<bool>,
    /// Changed mix or changed relation.
    pub cause: Option<Cause>,
}

impl Decay {
    /// Whether any loss could be told at all.
    pub fn is_known(&self) -> bool {
        let losses = [
            self.gini_decay,
            self.ks_decay,
            self.c_decay,
            self.lift5_decay,
            self.lift10_decay,
            self.ase_decay,
        ];
        losses.iter().any(Option::is_some)
    }
}

/// A rule that fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "FiredRule"))]
pub struct Alert {
    /// The period.
    pub period: String,
    /// How grave.
    pub level: Level,
    /// The rule.
    pub rule: String,
    /// The numbers it looked at.
    pub values: Named<Option<f64>>,
}

/// What to do about the model, and why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Recommendation {
    /// What to do.
    pub action: Action,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
    /// The same for readers of other languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<Reason>,
}

/// A reason as the name of a message and its values, numbers written with a point.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "RetrainReason"))]
pub struct Reason {
    /// Name of the message.
    pub id: String,
    /// Its values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

/// From nothing to retraining.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "Recommended"))]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// There is nothing to judge by.
    #[default]
    Unknown,
    /// Nothing to do.
    Keep,
    /// Look again next period.
    Watch,
    /// Find out what changed in the data before anything else.
    Investigate,
    /// Train again.
    Retrain,
}

impl Report {
    /// A number by the name rules use: `p1`, `giniDecay`, `gini`, `psi.LOAN`, …
    pub fn number(&self, period: usize, name: &str) -> Option<f64> {
        let report = self.periods.get(period)?;
        let decay = self.decay.get(&report.label);
        if let Some((measure, variable)) = name.split_once('.') {
            let drift = report.drift.variables.get(variable)?;
            return match measure {
                "psi" => drift.psi(),
                "psi_excluding_missing" => drift.psi_excluding_missing(),
                "q" => drift.bh_q(),
                _ => None,
            };
        }
        match name {
            "p1" => Some(report.drift.p1 as f64),
            "p25" => Some(report.drift.p25 as f64),
            "p1_excluding_missing" => Some(report.drift.p1_excluding_missing as f64),
            "p25_excluding_missing" => Some(report.drift.p25_excluding_missing as f64),
            "score_psi" => report.drift.score.as_ref().and_then(|s| s.psi()),
            "rows" => Some(report.rows as f64),
            "labelled" => report.labelled,
            "giniDecay" => decay?.gini_decay,
            "ksDecay" => decay?.ks_decay,
            "cDecay" => decay?.c_decay,
            "lift5Decay" => decay?.lift5_decay,
            "lift10Decay" => decay?.lift10_decay,
            "aseDecay" => decay?.ase_decay,
            "delong_p" => decay?.delong_p,
            "ase_p" => decay?.ase_p,
            _ if metric(name).is_some() => report.performance.as_ref()?.number(name),
            _ => {
                let (side, column) =
                    PARITIES.iter().find_map(|side| Some((side, name.strip_prefix(side)?)))?;
                let differences = &report.fairness.get(column)?.differences;
                match *side {
                    "demographicParity_" => differences.demographic_parity,
                    "predictiveParity_" => differences.predictive_parity,
                    "equalAccuracy_" => differences.equal_accuracy,
                    "equalOpportunity_" => differences.equal_opportunity,
                    _ => differences.equalized_odds,
                }
            }
        }
    }
}

/// Numbers of a period that rules may speak of besides the metrics.
const OTHERS: [&str; 14] = [
    "p1",
    "p25",
    "p1_excluding_missing",
    "p25_excluding_missing",
    "rows",
    "labelled",
    "giniDecay",
    "ksDecay",
    "cDecay",
    "lift5Decay",
    "lift10Decay",
    "aseDecay",
    "delong_p",
    "ase_p",
];

/// Numbers of a period that rules may speak of, those of variables and groups apart.
pub fn numbers() -> impl Iterator<Item = &'static str> {
    OTHERS.into_iter().chain(METRICS.iter().map(|metric| metric.name))
}

/// Numbers of a variable: `psi.INCOME`.
const MEASURES: [&str; 3] = ["psi.", "psi_excluding_missing.", "q."];
/// Greatest differences between the groups of a column: `equalOpportunity_SEX`.
const PARITIES: [&str; 5] =
    ["demographicParity_", "predictiveParity_", "equalAccuracy_", "equalOpportunity_", "equalizedOdds_"];

/// Whether a number speaks of outcomes, and not of inputs and scores alone.
pub fn is_outcome(name: &str) -> bool {
    !["p1", "p25", "p1_excluding_missing", "p25_excluding_missing", "score_psi", "rows", "labelled"]
        .contains(&name)
        && MEASURES.iter().all(|of| !name.starts_with(of))
}

/// Whether a report may hold a number of this name, whatever its columns are called.
pub fn is_number(name: &str) -> bool {
    let of_column = |of: &str| name.strip_prefix(of).is_some_and(|column| !column.is_empty());
    numbers().any(|it| it == name) || MEASURES.iter().chain(&PARITIES).any(|of| of_column(of))
}

/// Cumulative lift at the end of the SAS bin number `bin` (0 is 5 %, 1 is 10 %).
pub(crate) fn lift_at(performance: &Performance, bin: usize) -> Option<f64> {
    let lift = performance.lift_sas_20.get(bin)?.cum_lift;
    (performance.n_events > 0).then_some(lift)
}

/// Asks rules about every period of a report: what fired, and which rules lacked a number where.
pub fn dry_run(rules: &[Rule], report: &Report) -> Result<(Vec<Alert>, Vec<Remark>), crate::Error> {
    let mut alerts = Vec::new();
    let mut unknown = Vec::new();
    for rule in rules {
        let expression = crate::rules::Expression::parse(&rule.when)?;
        let mut unjudged: Vec<&str> = Vec::new();
        let mut lacking: Vec<&str> = Vec::new();
        for (i, period) in report.periods.iter().enumerate() {
            // Outcomes that are still coming in would fire for good, and by what few of them say.
            let lookup = |name: &str| {
                if period.provisional && is_outcome(name) { None } else { report.number(i, name) }
            };
            match expression.ask(&lookup) {
                crate::rules::Verdict::Fires => {
                    let values = expression.names().into_iter().map(|n| (n.to_owned(), lookup(n))).collect();
                    alerts.push(Alert {
                        period: period.label.clone(),
                        level: rule.level,
                        rule: rule.when.clone(),
                        values: Named(values),
                    });
                }
                crate::rules::Verdict::Quiet => {}
                crate::rules::Verdict::Unknown if period.provisional => {}
                crate::rules::Verdict::Unknown => {
                    unjudged.push(&period.label);
                    for name in expression.names() {
                        if lookup(name).is_none() && !lacking.contains(&name) {
                            lacking.push(name);
                        }
                    }
                }
            }
        }
        if !unjudged.is_empty() {
            let (periods, names) = (unjudged.join(", "), lacking.join(", "));
            unknown.push(Remark::new(
                "warning-rule-unjudged",
                &[("rule", &rule.when), ("periods", &periods), ("names", &names)],
                format!("rule `{}` could not be judged in {periods}: no {names}", rule.when),
            ));
        }
    }
    let position = |label: &str| report.periods.iter().position(|p| p.label == label);
    alerts.sort_by_key(|a| position(&a.period));
    Ok((alerts, unknown))
}
