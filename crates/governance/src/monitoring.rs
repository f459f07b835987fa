//! Monitoring: what is watched, what reports said, which alerts stand open, and who may say that a model is still good.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fact::{
    AlertLevel, AlertRaised, AlertReminded, AlertSettled, AskedBy, DataRead, MonitorChanged, MonitorDefined,
    MonitorRetired, MonitorTerms, PeriodKept, ReportRecorded, RetrainAnswer, RetrainDecided,
};
use crate::names::{
    AlertId, Digest, FactId, MemberName, MonitorId, ProjectId, ProjectName, ReportId, VersionId,
};
use crate::refusal::{Phrase, Refusal};
use crate::roles::Deed;
use crate::state::{Decision, State};

/// Shortest reason of a decision, of a settled alert and of a retired monitor, in characters.
pub const REASON_CHARS_MIN: u32 = 10;
/// Alert rules of a monitor, at most.
pub const RULES_MAX: usize = 50;
/// Length of an alert rule, in characters, at most.
pub const RULE_CHARS_MAX: usize = 2_000;
/// Periods of a report, at most.
pub const PERIODS_MAX: usize = 2_000;
/// Time without an answer after which an alert's people are told again.
pub const REMIND_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// A monitor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Monitor {
    /// Its identifier.
    pub id: MonitorId,
    /// Its name.
    pub name: String,
    /// The project.
    pub project: ProjectId,
    /// Its name, for lists.
    pub project_name: ProjectName,
    /// The version it watches.
    pub version: VersionId,
    /// Number of the terms in force, from 1.
    pub number: u32,
    /// What it watches, and how.
    pub terms: MonitorTerms,
    /// The latest report.
    pub latest: Option<ReportId>,
    /// When that was recorded.
    pub latest_at: Option<Timestamp>,
    /// How many reports there are.
    pub reports: u32,
    /// Open alerts, by level.
    pub open_warnings: u32,
    /// Open alerts that wait for a decision.
    pub open_alerts: u32,
    /// What was decided on the latest report.
    pub decided: Option<RetrainAnswer>,
    /// `unknown`, `healthy`, `watch`, `alert`, `retraining` or `retired`.
    pub health: String,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
    /// Why.
    pub retired_because: Option<String>,
    /// Who defined it.
    pub defined_by: MemberName,
    /// When.
    pub defined_at: Timestamp,
    /// Who changed it last.
    pub changed_by: MemberName,
    /// When.
    pub changed_at: Timestamp,
}

/// A report, as far as the ledger's facts tell it; the whole of it is a blob.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Its identifier.
    pub id: ReportId,
    /// The monitor.
    pub monitor: MonitorId,
    /// The project.
    pub project: ProjectId,
    /// The version.
    pub version: VersionId,
    /// Number of the monitor's terms it was computed under.
    pub number: u32,
    /// The files it was computed from.
    pub data: Vec<DataRead>,
    /// The whole report.
    pub blob: Digest,
    /// Its periods.
    pub periods: Vec<PeriodKept>,
    /// What the baseline is called.
    pub baseline: String,
    /// What it recommends.
    pub recommendation: String,
    /// Why.
    pub reasons: Vec<String>,
    /// The same, as messages' names and values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons_said: Vec<serde_json::Value>,
    /// The service task that asked for it.
    pub cause: Option<AskedBy>,
    /// Where it was computed.
    pub target: Option<String>,
    /// Alerts raised from it.
    pub alerts: u32,
    /// Who recorded it.
    pub recorded_by: MemberName,
    /// When.
    pub recorded_at: Timestamp,
    /// Position of the entry.
    pub position: u64,
}

/// An alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Its identifier.
    pub id: AlertId,
    /// The monitor.
    pub monitor: MonitorId,
    /// Its name, for lists.
    pub monitor_name: String,
    /// The project.
    pub project: ProjectId,
    /// The version.
    pub version: VersionId,
    /// The report in which the rule fired.
    pub report: ReportId,
    /// The period.
    pub period: String,
    /// How grave.
    pub level: AlertLevel,
    /// The rule.
    pub rule: String,
    /// The numbers it looked at.
    pub values: BTreeMap<String, f64>,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// When its people were last told.
    pub told_at: Timestamp,
    /// How often they were told again.
    pub reminders: u32,
    /// `open` or `settled`.
    pub state: String,
    /// How it was settled.
    pub settled: Option<Settlement>,
}

/// How an alert was settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Who.
    pub by: MemberName,
    /// When.
    pub at: Timestamp,
    /// The decision that settled it, where it was one.
    pub answer: Option<RetrainAnswer>,
    /// Why.
    pub reason: String,
}

/// A decision on retraining.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetrainDecision {
    /// The monitor.
    pub monitor: MonitorId,
    /// The version it is about.
    pub version: VersionId,
    /// The report that was read.
    pub report: ReportId,
    /// What was decided.
    pub answer: RetrainAnswer,
    /// Why.
    pub reason: String,
    /// Answers, by question.
    pub questionnaire: BTreeMap<String, String>,
    /// Who.
    pub by: MemberName,
    /// When.
    pub at: Timestamp,
}

impl Monitor {
    /// When the next report is due at the latest state of things: at once before the first, never without a cadence
    /// (then new data make one due) and never once it is retired.
    pub fn due_at(&self) -> Option<Timestamp> {
        if self.retired_at.is_some() {
            return None;
        }
        let cadence: Span = self.terms.cadence.as_ref()?.parse().ok()?;
        match self.latest_at {
            None => Some(self.defined_at),
            // Months and years are the calendar's, in UTC.
            Some(latest) => {
                latest.to_zoned(jiff::tz::TimeZone::UTC).checked_add(cadence).ok().map(|due| due.timestamp())
            }
        }
    }
}

impl State {
    /// The monitor of that identifier.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when there is none.
    pub fn monitor(&self, id: &MonitorId) -> Result<&Monitor, Refusal> {
        self.monitors.get(id).ok_or_else(|| Refusal::Unknown { noun: "monitor", id: id.to_string() })
    }

    /// The report of that identifier.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when there is none.
    pub fn report(&self, id: &ReportId) -> Result<&Report, Refusal> {
        self.reports.get(id).ok_or_else(|| Refusal::Unknown { noun: "report", id: id.to_string() })
    }

    /// The report computed from exactly these data under these terms, if there is one: it is not computed again.
    pub fn report_of(&self, monitor: &MonitorId, number: u32, data: &[DataRead]) -> Option<&Report> {
        self.reports
            .rows()
            .find(|report| report.monitor == *monitor && report.number == number && report.data == data)
    }

    /// Whether a rule already fired for a period of a monitor, settled or not.
    pub fn alerted(&self, monitor: &MonitorId, period: &str, rule: &str) -> bool {
        self.alerts
            .rows()
            .any(|alert| alert.monitor == *monitor && alert.period == period && alert.rule == rule)
    }

    pub(crate) fn define_monitor(
        &mut self,
        decision: &Decision,
        fact: &MonitorDefined,
    ) -> Result<(), Refusal> {
        if !self.is_watched_on(decision, fact) {
            self.check_may(&decision.person, Deed::DefineMonitor)?;
        }
        if self.monitors.has(&fact.monitor) {
            return Err(Refusal::Exists { noun: "monitor", id: fact.monitor.to_string() });
        }
        let version = self.version(&fact.version)?;
        let project = self.project(&version.project)?;
        if fact.name.trim() != fact.name
            || !(1..=crate::names::NAME_CHARS_MAX).contains(&fact.name.chars().count())
            || fact.name.chars().any(char::is_control)
        {
            return Err(Refusal::BadMonitor {
                monitor: fact.name.chars().take(80).collect(),
                why: Phrase::new("monitor-name-form"),
            });
        }
        if self
            .monitors
            .rows()
            .any(|other| other.project == project.id && other.name.to_lowercase() == fact.name.to_lowercase())
        {
            return Err(Refusal::NameTaken { noun: "monitor in this project", name: fact.name.clone() });
        }
        self.check_terms(&fact.name, &fact.terms)?;
        let monitor = Monitor {
            id: fact.monitor.clone(),
            name: fact.name.clone(),
            project: project.id.clone(),
            project_name: project.name.clone(),
            version: version.id.clone(),
            number: 1,
            terms: fact.terms.clone(),
            latest: None,
            latest_at: None,
            reports: 0,
            open_warnings: 0,
            open_alerts: 0,
            decided: None,
            health: "unknown".to_owned(),
            retired_at: None,
            retired_because: None,
            defined_by: decision.person.clone(),
            defined_at: decision.at,
            changed_by: decision.person.clone(),
            changed_at: decision.at,
        };
        self.monitors.put(fact.monitor.clone(), monitor);
        Ok(())
    }

    /// Whether somebody who carries out has what came of a retraining watched exactly as another version of its model is.
    /// Rules before version 6 knew only persons who define a monitor.
    fn is_watched_on(&self, decision: &Decision, fact: &MonitorDefined) -> bool {
        let Some(version) = self.versions.get(&fact.version).filter(|version| version.by_run.is_some())
        else {
            return false;
        };
        let is_like = |monitor: &Monitor| {
            let of = self.versions.get(&monitor.version);
            monitor.retired_at.is_none()
                && monitor.terms == fact.terms
                && of.is_some_and(|of| of.model == version.model)
        };
        decision.rules_version >= 6
            && self.check_may(&decision.person, Deed::CarryOut).is_ok()
            && self.monitors.rows().any(is_like)
    }

    pub(crate) fn change_monitor(
        &mut self,
        decision: &Decision,
        fact: &MonitorChanged,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::DefineMonitor)?;
        let monitor = self.watching(&fact.monitor)?;
        if monitor.terms == fact.terms {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("already-set-up-like-this").with("monitor", &monitor.name),
            });
        }
        if fact.number != monitor.number + 1 {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("already-changed-to")
                    .with("monitor", &monitor.name)
                    .with("number", monitor.number),
            });
        }
        let name = monitor.name.clone();
        self.check_terms(&name, &fact.terms)?;
        self.monitors.edit(&fact.monitor, |monitor| {
            monitor.number = fact.number;
            monitor.terms = fact.terms.clone();
            monitor.changed_by = decision.person.clone();
            monitor.changed_at = decision.at;
        });
        Ok(())
    }

    pub(crate) fn retire_monitor(
        &mut self,
        decision: &Decision,
        fact: &MonitorRetired,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::DefineMonitor)?;
        self.watching(&fact.monitor)?;
        check_reason("reason-for-retiring", &fact.reason)?;
        self.monitors.edit(&fact.monitor, |monitor| {
            monitor.retired_at = Some(decision.at);
            monitor.retired_because = Some(fact.reason.clone());
            monitor.health = "retired".to_owned();
        });
        Ok(())
    }

    pub(crate) fn record_report(
        &mut self,
        decision: &Decision,
        fact: &ReportRecorded,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RecordReport)?;
        if self.reports.has(&fact.report) {
            return Err(Refusal::Exists { noun: "report", id: fact.report.to_string() });
        }
        let monitor = self.watching(&fact.monitor)?.clone();
        let mismatch = |what: &'static str| Err(Refusal::ReportMismatch { what: Phrase::new(what) });
        if fact.number != monitor.number {
            return mismatch("report-terms-changed");
        }
        if let Some(same) = self.report_of(&fact.monitor, fact.number, &fact.data) {
            return Err(Refusal::Exists { noun: "report on these data", id: same.id.to_string() });
        }
        if fact.periods.is_empty() || fact.periods.len() > PERIODS_MAX {
            return mismatch("report-periods");
        }
        let labels: BTreeSet<&str> = fact.periods.iter().map(|period| period.label.as_str()).collect();
        if labels.len() != fact.periods.len() {
            return mismatch("report-label-twice");
        }
        if !["unknown", "keep", "watch", "investigate", "retrain"].contains(&fact.recommendation.as_str()) {
            return mismatch("report-recommendation");
        }
        if let Some(cause) = &fact.cause {
            self.instance(&cause.instance)?;
        }
        self.reports.put(
            fact.report.clone(),
            Report {
                id: fact.report.clone(),
                monitor: monitor.id.clone(),
                project: monitor.project.clone(),
                version: monitor.version.clone(),
                number: fact.number,
                data: fact.data.clone(),
                blob: fact.blob.clone(),
                periods: fact.periods.clone(),
                baseline: fact.baseline.clone(),
                recommendation: fact.recommendation.clone(),
                reasons: fact.reasons.clone(),
                reasons_said: fact.reasons_said.clone(),
                cause: fact.cause.clone(),
                target: fact.target.clone(),
                alerts: 0,
                recorded_by: decision.person.clone(),
                recorded_at: decision.at,
                position: decision.position,
            },
        );
        self.monitors.edit(&fact.monitor, |monitor| {
            monitor.latest = Some(fact.report.clone());
            monitor.latest_at = Some(decision.at);
            monitor.decided = None;
            monitor.reports += 1;
        });
        self.refresh_health(&fact.monitor);
        Ok(())
    }

    pub(crate) fn raise_alert(&mut self, decision: &Decision, fact: &AlertRaised) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RecordReport)?;
        if self.alerts.has(&fact.alert) {
            return Err(Refusal::Exists { noun: "alert", id: fact.alert.to_string() });
        }
        let report = self.report(&fact.report)?;
        let monitor = self.watching(&report.monitor)?;
        if !report.periods.iter().any(|period| period.label == fact.period) {
            return Err(Refusal::ReportMismatch {
                what: Phrase::new("report-alert-period").with("period", &fact.period),
            });
        }
        let known = monitor.terms.rules.iter().any(|rule| rule.when == fact.rule && rule.level == fact.level);
        if !known {
            return Err(Refusal::ReportMismatch {
                what: Phrase::new("report-rule-unknown").with("rule", &fact.rule),
            });
        }
        if self.alerted(&monitor.id, &fact.period, &fact.rule) {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("already-fired").with("rule", &fact.rule).with("period", &fact.period),
            });
        }
        let alert = Alert {
            id: fact.alert.clone(),
            monitor: monitor.id.clone(),
            monitor_name: monitor.name.clone(),
            project: monitor.project.clone(),
            version: monitor.version.clone(),
            report: fact.report.clone(),
            period: fact.period.clone(),
            level: fact.level,
            rule: fact.rule.clone(),
            values: fact.values.clone(),
            raised_at: decision.at,
            told_at: decision.at,
            reminders: 0,
            state: "open".to_owned(),
            settled: None,
        };
        let monitor = alert.monitor.clone();
        self.alerts.put(fact.alert.clone(), alert);
        self.reports.edit(&fact.report, |report| report.alerts += 1);
        self.refresh_health(&monitor);
        Ok(())
    }

    pub(crate) fn remind_alert(&mut self, decision: &Decision, fact: &AlertReminded) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RecordReport)?;
        let alert = self.open_alert(&fact.alert)?;
        if decision.at.duration_since(alert.told_at) < REMIND_AFTER {
            return Err(Refusal::NothingToDo { what: Phrase::new("already-told").with("at", alert.told_at) });
        }
        self.alerts.edit(&fact.alert, |alert| {
            alert.told_at = decision.at;
            alert.reminders += 1;
        });
        Ok(())
    }

    pub(crate) fn settle_alert(&mut self, decision: &Decision, fact: &AlertSettled) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::DecideRetrain)?;
        let alert = self.open_alert(&fact.alert)?.clone();
        if alert.level == AlertLevel::Alert {
            self.check_judge(&decision.person, &alert.version)?;
        }
        check_reason("reason-for-settling", &fact.reason)?;
        self.put_settled(&fact.alert, decision, None, &fact.reason);
        self.refresh_health(&alert.monitor);
        Ok(())
    }

    pub(crate) fn decide_retrain(
        &mut self,
        decision: &Decision,
        id: &FactId,
        fact: &RetrainDecided,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::DecideRetrain)?;
        let monitor = self.watching(&fact.monitor)?.clone();
        let report = self.report(&fact.report)?;
        if report.monitor != fact.monitor {
            return Err(Refusal::ReportMismatch { what: Phrase::new("report-of-another-monitor") });
        }
        if monitor.latest.as_ref() != Some(&fact.report) {
            return Err(Refusal::ReportMismatch { what: Phrase::new("report-later") });
        }
        if fact.answer == RetrainAnswer::Wait {
            self.check_judge(&decision.person, &monitor.version)?;
        }
        check_reason("reason-for-deciding", &fact.reason)?;
        self.retrain_decisions.put(
            id.clone(),
            RetrainDecision {
                monitor: monitor.id.clone(),
                version: monitor.version.clone(),
                report: fact.report.clone(),
                answer: fact.answer,
                reason: fact.reason.clone(),
                questionnaire: fact.questionnaire.clone(),
                by: decision.person.clone(),
                at: decision.at,
            },
        );
        let open: Vec<AlertId> = self
            .alerts
            .rows()
            .filter(|alert| alert.monitor == monitor.id && alert.settled.is_none())
            .map(|alert| alert.id.clone())
            .collect();
        for alert in open {
            self.put_settled(&alert, decision, Some(fact.answer), &fact.reason);
        }
        self.monitors.edit(&monitor.id, |monitor| monitor.decided = Some(fact.answer));
        self.refresh_health(&monitor.id);
        Ok(())
    }

    fn put_settled(
        &mut self,
        alert: &AlertId,
        decision: &Decision,
        answer: Option<RetrainAnswer>,
        reason: &str,
    ) {
        self.alerts.edit(alert, |alert| {
            alert.state = "settled".to_owned();
            alert.settled = Some(Settlement {
                by: decision.person.clone(),
                at: decision.at,
                answer,
                reason: reason.to_owned(),
            });
        });
    }

    fn open_alert(&self, id: &AlertId) -> Result<&Alert, Refusal> {
        let alert =
            self.alerts.get(id).ok_or_else(|| Refusal::Unknown { noun: "alert", id: id.to_string() })?;
        match &alert.settled {
            None => Ok(alert),
            Some(settled) => {
                Err(Refusal::NothingToDo { what: Phrase::new("already-settled").with("member", &settled.by) })
            }
        }
    }

    /// A monitor that is not retired.
    fn watching(&self, id: &MonitorId) -> Result<&Monitor, Refusal> {
        let monitor = self.monitor(id)?;
        match monitor.retired_at {
            None => Ok(monitor),
            Some(_) => Err(Refusal::NothingToDo {
                what: Phrase::new("already-retired").with("monitor", &monitor.name),
            }),
        }
    }

    /// Whoever made a version does not judge that it is still good enough.
    fn check_judge(&self, person: &MemberName, version: &VersionId) -> Result<(), Refusal> {
        if self.version(version)?.authors.contains(person) {
            return Err(Refusal::SelfJudgement { member: person.clone() });
        }
        Ok(())
    }

    fn check_terms(&self, name: &str, terms: &MonitorTerms) -> Result<(), Refusal> {
        let bad = |why: Phrase| Err(Refusal::BadMonitor { monitor: name.to_owned(), why });
        self.member(&terms.owner)?;
        if terms.data.folder.trim().is_empty() && terms.data.bucket.is_none() {
            return bad(Phrase::new("monitor-without-folder"));
        }
        if terms.data.pattern.trim().is_empty() {
            return bad(Phrase::new("monitor-without-pattern"));
        }
        if !(terms.cutoff.is_finite() && (0.0..=1.0).contains(&terms.cutoff)) {
            return bad(Phrase::new("monitor-cutoff").with("cutoff", terms.cutoff));
        }
        if terms.unlabelled_share_max.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            return bad(Phrase::new("monitor-share"));
        }
        if let Some(time) = &terms.time
            && !["day", "week", "month", "quarter"].contains(&time.period.as_str())
        {
            return bad(Phrase::new("monitor-period").with("period", &time.period));
        }
        if let Some(cadence) = &terms.cadence {
            let positive = cadence.parse::<Span>().is_ok_and(|span| span.is_positive());
            if !positive {
                return bad(Phrase::new("monitor-cadence").with("cadence", cadence));
            }
        }
        if terms.event.is_some() && terms.target.is_none() {
            return bad(Phrase::new("monitor-event-without-target"));
        }
        let mut parts = BTreeSet::new();
        for (part, column) in [("target", &terms.target), ("score", &terms.score), ("weight", &terms.weight)]
        {
            if let Some(column) = column
                && !parts.insert(column)
            {
                return bad(Phrase::new("monitor-column-twice").with("column", column).with("part", part));
            }
        }
        if terms.rules.len() > RULES_MAX {
            return bad(Phrase::new("monitor-rules-too-many").with("max", RULES_MAX));
        }
        let mut seen = BTreeSet::new();
        for rule in &terms.rules {
            if rule.when.trim().is_empty() || rule.when.chars().count() > RULE_CHARS_MAX {
                return bad(Phrase::new("monitor-rule-length").with("max", RULE_CHARS_MAX));
            }
            if !seen.insert(&rule.when) {
                return bad(Phrase::new("monitor-rule-twice").with("rule", &rule.when));
            }
        }
        if let Some((name, value)) = terms.thresholds.iter().find(|(_, value)| !value.is_finite()) {
            return bad(Phrase::new("monitor-threshold").with("metric", name).with("value", value));
        }
        Ok(())
    }

    /// Health as the open alerts and the latest report make it.
    fn refresh_health(&mut self, id: &MonitorId) {
        let count = |level: AlertLevel| {
            let open = self
                .alerts
                .rows()
                .filter(|alert| alert.monitor == *id && alert.settled.is_none() && alert.level == level);
            u32::try_from(open.count()).unwrap_or(u32::MAX)
        };
        let (warnings, alerts) = (count(AlertLevel::Warning), count(AlertLevel::Alert));
        let recommendation = self
            .monitors
            .get(id)
            .and_then(|monitor| monitor.latest.as_ref())
            .and_then(|report| self.reports.get(report))
            .map(|report| report.recommendation.clone());
        self.monitors.edit(id, |monitor| {
            monitor.open_warnings = warnings;
            monitor.open_alerts = alerts;
            if monitor.retired_at.is_some() {
                return;
            }
            monitor.health = match recommendation.as_deref() {
                None => "unknown",
                _ if alerts > 0 => "alert",
                _ if monitor.decided == Some(RetrainAnswer::Retrain) => "retraining",
                Some("retrain") if monitor.decided.is_none() => "alert",
                Some("retrain") => "watch",
                Some("watch" | "investigate") => "watch",
                _ if warnings > 0 => "watch",
                Some("unknown") => "unknown",
                Some(_) => "healthy",
            }
            .to_owned();
        });
    }
}

/// Reads a decision on a report out of an answer: `retrain`, `keep` or `wait`, or whether the model performs.
pub fn retrain_answer(answer: Option<&bpmn::Value>) -> Option<RetrainAnswer> {
    match answer? {
        bpmn::Value::Boolean(true) => Some(RetrainAnswer::Wait),
        bpmn::Value::Boolean(false) => Some(RetrainAnswer::Retrain),
        bpmn::Value::String(text) => match text.trim().to_lowercase().as_str() {
            "retrain" => Some(RetrainAnswer::Retrain),
            "keep" | "wait" => Some(RetrainAnswer::Wait),
            _ => None,
        },
        _ => None,
    }
}

fn check_reason(what: &'static str, reason: &str) -> Result<(), Refusal> {
    let chars = reason.trim().chars().count();
    if chars < usize::try_from(REASON_CHARS_MIN).unwrap_or(usize::MAX) {
        return Err(Refusal::ReasonNeeded { what: Phrase::new(what), chars_min: REASON_CHARS_MIN });
    }
    Ok(())
}
