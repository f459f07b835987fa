//! The monitoring room: what is watched, what reports said, which alerts wait for an answer.

pub(crate) mod counted;
pub(crate) mod data;
mod decisions;
mod document;
pub(crate) mod due;
mod export;
mod figures;
mod portfolio;
mod preview;
mod reading;
pub(crate) mod reports;
mod tell;
#[cfg(test)]
mod tests;
mod views;

use std::collections::BTreeMap;
use std::sync::Arc;

use cache::Match;
use governance::fact::{
    AlertSettled, MonitorChanged, MonitorDefined, MonitorRetired, PeriodKept, RetrainAnswer, RetrainDecided,
    RunKind,
};
use governance::monitoring::{Alert, Monitor, Report, RetrainDecision};
use governance::registry::{Project, Version};
use governance::runs::Run;
use governance::{Deed, Fact, MemberName, MonitorId};
use serde_json::Value;
use words::{Said, Words, said};

pub use ::monitoring::Options;
pub use decisions::decisions;
pub use export::{ExportReport, ExportedReport, export};
pub use figures::{Picture, ReportFigureOf, figure, picture};
pub use portfolio::portfolio;
pub(crate) use preview::outcome_columns;
pub use preview::preview;
pub use reading::*;
pub use tell::reasons as sentences;
pub(crate) use tell::recommended;
pub use views::*;

use crate::ids::new_id;
use crate::page::Page;
use crate::registry::{Recorded, find_project, find_version, page_of};
use crate::session::Session;
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// Reports that a monitor's page lists.
const REPORTS_SHOWN: u32 = 50;
/// Questions a steward answers, by their keys in the files of words.
const QUESTIONS: [&str; 4] = ["performs", "data", "context", "impact"];

/// The answer of `monitor compute`: files in, numbers out, no workspace.
///
/// # Errors
/// [`Code::Failed`] naming the file, column and row that stand in the way.
pub fn compute_files(options: &Options) -> Result<Value, Failure> {
    let report = ::monitoring::compute(options).map_err(|error| from_monitoring(&error))?;
    serde_json::to_value(report).map_err(|cause| Failure::internal("the report has no JSON form", &cause))
}

/// Watches a version.
///
/// # Errors
/// [`Code::Refused`] when the name is taken, the terms cannot hold, or no role allows it.
pub async fn define(app: &App, request: DefineMonitor) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let version = find_version(&session, &request.version)?;
    check_terms(&request.terms)?;
    data::Way::of(&session, &request.terms, None)?;
    let id: MonitorId = new_id();
    let fact = Fact::MonitorDefined(MonitorDefined {
        monitor: id.clone(),
        version: version.id,
        name: request.name.trim().to_owned(),
        terms: request.terms,
    });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: id.to_string() })
}

/// Changes what a monitor watches, under the next number.
///
/// # Errors
/// [`Code::Refused`].
pub async fn change(app: &App, request: ChangeMonitor) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let monitor = find(&session, &request.monitor)?;
    check_terms(&request.terms)?;
    data::Way::of(&session, &request.terms, None)?;
    let written = session
        .decide(&session.me()?, |state| {
            let number = state.monitors.get(&monitor.id).map_or(0, |monitor| monitor.number) + 1;
            Ok(vec![Fact::MonitorChanged(MonitorChanged {
                monitor: monitor.id.clone(),
                number,
                terms: request.terms.clone(),
            })])
        })
        .await?;
    Ok(Recorded { position: written.position, id: monitor.id.to_string() })
}

/// Retires a monitor.
///
/// # Errors
/// [`Code::Refused`].
pub async fn retire(app: &App, request: RetireMonitor) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let monitor = find(&session, &request.monitor)?;
    let fact =
        Fact::MonitorRetired(MonitorRetired { monitor: monitor.id.clone(), reason: request.reason.clone() });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: monitor.id.to_string() })
}

/// A page of monitors.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Usage`] for an unknown health or sort.
pub async fn list(app: &App, request: ListMonitors) -> Result<Page<MonitorRow>, Failure> {
    let session = app.session()?;
    let project = request.project.as_deref().map(|text| find_project(&session, text)).transpose()?;
    let version = request.version.as_deref().map(|text| find_version(&session, text)).transpose()?;
    let mut matches = Vec::new();
    if let Some(project) = &project {
        matches.push(Match::Is("project", project.id.as_str()));
    }
    if let Some(version) = &version {
        matches.push(Match::Is("version", version.id.as_str()));
    }
    if let Some(health) = request.health.as_deref().filter(|health| *health != "all") {
        if !["unknown", "healthy", "watch", "alert", "retraining", "retired"].contains(&health) {
            return Err(Failure::said(Code::Usage, said!("monitor-no-such-health", health = health)));
        }
        matches.push(Match::Is("health", health));
    }
    let sort = request.page.sort.as_deref().unwrap_or("name");
    page_of(&session, "monitors", matches, &request.page, sort, |session, monitor: Monitor| {
        monitor_row(session, &monitor)
    })
}

/// A monitor with everything its page shows.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn show(app: &App, request: MonitorOf) -> Result<MonitorPage, Failure> {
    let session = app.session()?;
    let monitor = find(&session, &request.monitor)?;
    let latest = latest(&session, &monitor)?;
    let mut decisions: Vec<RetrainDecision> = session
        .cache
        .having("retrain_decisions", "monitor", monitor.id.as_str())?
        .into_iter()
        .map(|(_, decision)| decision)
        .collect();
    decisions.sort_by_key(|decision| std::cmp::Reverse(decision.at));
    let mut alerts: Vec<Alert> = session
        .cache
        .having("alerts", "monitor", monitor.id.as_str())?
        .into_iter()
        .map(|(_, alert): (String, Alert)| alert)
        .filter(|alert| alert.settled.is_none())
        .collect();
    alerts.sort_by_key(|alert| std::cmp::Reverse((alert.raised_at, alert.id.clone())));
    let reports = reports(
        app,
        ListReports {
            monitor: Some(monitor.id.to_string()),
            page: crate::page::PageOf { limit: Some(REPORTS_SHOWN), ..crate::page::PageOf::default() },
            ..ListReports::default()
        },
    )
    .await?;
    let me = session.member_now();
    let (may_define, may_not_retrain, may_not_wait) = permissions(&session, me.as_ref(), &monitor)?;
    Ok(MonitorPage {
        terms: monitor.terms.clone(),
        periods: latest.as_ref().map(period_rows).unwrap_or_default(),
        reasons: latest
            .map(|report| tell::reasons(session.words(), &report.reasons, &report.reasons_said))
            .unwrap_or_default(),
        alerts: alerts.iter().map(|alert| alert_row(&session, alert)).collect::<Result<_, _>>()?,
        decisions: decisions.iter().map(|it| decision_row(&session, it)).collect::<Result<_, _>>()?,
        reports: reports.rows,
        obstacle: due::obstacle(&session, &monitor)?,
        computing: computing(&session, &monitor),
        questions: QUESTIONS.iter().map(|question| (*question).to_owned()).collect(),
        may_define,
        may_not_retrain,
        may_not_wait,
        defined_by: monitor.defined_by.to_string(),
        defined_at: monitor.defined_at.to_string(),
        retired_because: monitor.retired_because.clone(),
        monitor: monitor_row(&session, &monitor)?,
    })
}

/// Whether the member may define monitors, and in words why they may not ask for a retraining, or decide to wait.
fn permissions(
    session: &Session,
    me: Option<&MemberName>,
    monitor: &Monitor,
) -> Result<(bool, Option<String>, Option<String>), Failure> {
    let Some(me) = me else {
        let why = session.words().say(&said!("nobody-acts"));
        return Ok((false, Some(why.clone()), Some(why)));
    };
    let member: governance::people::Member = session.row("members", "member", me.as_str())?;
    let version: Version = session.row("versions", "version", monitor.version.as_str())?;
    let role = (!member.may(Deed::DecideRetrain)).then(|| {
        let roles = governance::Role::ALL.into_iter().filter(|role| role.may(Deed::DecideRetrain)).collect();
        in_words(
            session,
            &governance::Refusal::RoleMissing { member: me.clone(), deed: Deed::DecideRetrain, roles },
        )
    });
    let own = version
        .authors
        .contains(me)
        .then(|| in_words(session, &governance::Refusal::SelfJudgement { member: me.clone() }));
    Ok((member.may(Deed::DefineMonitor), role.clone(), role.or(own)))
}

/// A rule's "no" in the language of this desk.
fn in_words(session: &Session, refusal: &governance::Refusal) -> String {
    Failure::from(refusal).in_words(session.words()).message
}

/// Computes a monitor's report now, and records it with its alerts.
///
/// # Errors
/// When the data are not in reach or cannot be read; [`Code::Conflict`] when one is under way.
pub async fn compute(app: &App, request: ComputeReport) -> Result<ReportRow, Failure> {
    let session = app.session()?;
    let monitor = find(&session, &request.monitor)?;
    let me = session.me()?;
    let member: governance::people::Member = session.row("members", "member", me.as_str())?;
    if !member.may(Deed::RecordReport) {
        let roles = governance::Role::ALL.into_iter().filter(|role| role.may(Deed::RecordReport)).collect();
        let refusal = governance::Refusal::RoleMissing { member: me, deed: Deed::RecordReport, roles };
        return Err(Failure::from(&refusal));
    }
    let made = reports::make(&session, &monitor, &me, None, request.target.as_deref()).await?;
    let report: Report = session.row("reports", "report", made.report.as_str())?;
    report_row(&session, &report, made.known)
}

/// How far the computation of a monitor's report at this desk is.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn progress(app: &App, request: MonitorOf) -> Result<ComputeProgress, Failure> {
    let session = app.session()?;
    let monitor = find(&session, &request.monitor)?;
    Ok(computing(&session, &monitor).unwrap_or_default())
}

fn computing(session: &Session, monitor: &Monitor) -> Option<ComputeProgress> {
    session.computing().get(monitor.id.as_str()).map(|watch| {
        let (done, of) = watch.progress();
        ComputeProgress { running: true, done, of }
    })
}

/// Stops the computation of a monitor's report at this desk; nothing is recorded.
///
/// # Errors
/// [`Code::NotFound`] when none is under way.
pub async fn stop(app: &App, request: MonitorOf) -> Result<Nothing, Failure> {
    let session = app.session()?;
    let monitor = find(&session, &request.monitor)?;
    let watch = session.computing().get(monitor.id.as_str()).map(Arc::clone);
    match watch {
        Some(watch) => {
            watch.stop();
            Ok(Nothing {})
        }
        None => Err(Failure::not_found("computation", &monitor.name)),
    }
}

/// One report: of its identifier, or the latest of a monitor.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Verification`] when the blob is not what it must be.
pub async fn report(app: &App, request: ReportOf) -> Result<ReportPage, Failure> {
    let session = app.session()?;
    let row = match (&request.report, &request.monitor) {
        (Some(report), _) => find_report(&session, report)?,
        (None, Some(monitor)) => {
            let monitor = find(&session, monitor)?;
            latest(&session, &monitor)?.ok_or_else(|| {
                Failure::said(Code::NotFound, said!("monitor-no-report", monitor = &monitor.name))
            })?
        }
        (None, None) => {
            return Err(Failure::said(Code::Usage, said!("monitor-nothing-named")));
        }
    };
    Ok(ReportPage {
        report: whole(&session, &row).await?.as_ref().clone(),
        row: report_row(&session, &row, false)?,
    })
}

/// The whole of a report.
pub(crate) async fn whole(session: &Session, row: &Report) -> Result<Arc<::monitoring::Report>, Failure> {
    if let Some(known) = session.report_read(&row.blob) {
        return Ok(known);
    }
    let bytes = session.blob(&row.blob, reports::REPORT_BYTES_MAX).await?;
    let report: ::monitoring::Report = serde_json::from_slice(&bytes)
        .map_err(|cause| Failure::internal("the report has another shape", &cause))?;
    let report = Arc::new(report);
    session.keep_report(&row.blob, Arc::clone(&report));
    Ok(report)
}

/// A page of reports, latest first.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn reports(app: &App, request: ListReports) -> Result<Page<ReportRow>, Failure> {
    let session = app.session()?;
    let monitor = request.monitor.as_deref().map(|text| find(&session, text)).transpose()?;
    let project = request.project.as_deref().map(|text| find_project(&session, text)).transpose()?;
    let mut matches = Vec::new();
    if let Some(monitor) = &monitor {
        matches.push(Match::Is("monitor", monitor.id.as_str()));
    }
    if let Some(project) = &project {
        matches.push(Match::Is("project", project.id.as_str()));
    }
    page_of(&session, "reports", matches, &request.page, "-key", |session, report: Report| {
        report_row(session, &report, false)
    })
}

/// Asks rules about every period of a monitor's latest report; records nothing.
///
/// # Errors
/// [`Code::Usage`] naming the rule and the place in it; [`Code::NotFound`] without a report.
pub async fn dry_run(app: &App, request: DryRunRules) -> Result<DryRunAnswer, Failure> {
    let page = report(app, ReportOf { monitor: Some(request.monitor), report: None }).await?;
    let (fired, unjudged) = ::monitoring::dry_run(&reports::rules(&request.rules), &page.report)
        .map_err(|error| from_monitoring(&error))?;
    let periods = page.report.periods.into_iter().map(|period| period.label).collect();
    let (texts, said): (Vec<_>, Vec<_>) = unjudged
        .into_iter()
        .map(|warning| (warning.text, serde_json::to_value(warning.said).unwrap_or_default()))
        .unzip();
    let unjudged = tell::reasons(app.words(), &texts, &said);
    Ok(DryRunAnswer { periods, fired, unjudged })
}

/// A page of alerts, latest first.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Usage`] for an unknown state.
pub async fn alerts(app: &App, request: ListAlerts) -> Result<Page<AlertRow>, Failure> {
    let session = app.session()?;
    let monitor = request.monitor.as_deref().map(|text| find(&session, text)).transpose()?;
    let project = request.project.as_deref().map(|text| find_project(&session, text)).transpose()?;
    let mut matches = Vec::new();
    if let Some(monitor) = &monitor {
        matches.push(Match::Is("monitor", monitor.id.as_str()));
    }
    if let Some(project) = &project {
        matches.push(Match::Is("project", project.id.as_str()));
    }
    match request.state.as_deref() {
        None | Some("open") => matches.push(Match::Is("state", "open")),
        Some("settled") => matches.push(Match::Is("state", "settled")),
        Some("all") => {}
        Some(other) => {
            return Err(Failure::said(Code::Usage, said!("monitor-no-such-state", state = other)));
        }
    }
    if let Some(level) = request.level {
        matches.push(Match::Is("level", level.name()));
    }
    page_of(&session, "alerts", matches, &request.page, "-key", |session, alert: Alert| {
        alert_row(session, &alert)
    })
}

/// Settles an alert without a decision on retraining.
///
/// # Errors
/// [`Code::Refused`].
pub async fn settle(app: &App, request: SettleAlert) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let alert: Alert = match session.cache.get("alerts", &request.alert)? {
        Some(alert) => alert,
        None => match session.cache.keys_beginning("alerts", &request.alert, 2)?.as_slice() {
            [only] if request.alert.len() >= 4 => session.row("alerts", "alert", only)?,
            _ => {
                return Err(Failure::not_found("alert", &request.alert));
            }
        },
    };
    let fact = Fact::AlertSettled(AlertSettled { alert: alert.id.clone(), reason: request.reason });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: alert.id.to_string() })
}

/// Decides on retraining, on the latest report of a monitor.
///
/// # Errors
/// [`Code::Refused`] when a later report was recorded since, or no role allows it.
pub async fn decide(app: &App, request: DecideRetrain) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let monitor = find(&session, &request.monitor)?;
    let report = match &request.report {
        Some(report) => find_report(&session, report)?,
        None => latest(&session, &monitor)?.ok_or_else(|| {
            Failure::said(Code::NotFound, said!("monitor-no-report", monitor = &monitor.name))
        })?,
    };
    let questionnaire: BTreeMap<String, String> =
        request.questionnaire.into_iter().filter(|(_, answer)| !answer.trim().is_empty()).collect();
    let fact = Fact::RetrainDecided(RetrainDecided {
        monitor: monitor.id.clone(),
        report: report.id,
        answer: request.answer,
        reason: request.reason,
        questionnaire,
    });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: monitor.id.to_string() })
}

/// The decision on retraining that completing a task of a process is: recorded beside the answer, so that it settles the
/// alerts and is judged by the same rules as a decision in this room.
pub(crate) fn decided_by(
    state: &governance::State,
    task: &governance::workflow::OpenTask,
    answers: &bpmn::engine::Variables,
    note: &str,
    words: &Words,
) -> Option<Fact> {
    let instance = state.instances.get(&task.instance)?;
    let started = state.definitions.get(&instance.definition)?;
    let definition = state.definition_of_task(instance, started, task.task);
    let variable = decisions::decision_variable(definition)?;
    let answer = governance::monitoring::retrain_answer(answers.get(variable))?;
    let monitor = state
        .monitors
        .rows()
        .filter(|monitor| Some(&monitor.version) == instance.version.as_ref() && monitor.retired_at.is_none())
        .max_by_key(|monitor| monitor.latest_at)?;
    let note = note.trim();
    let enough = note.chars().count() >= governance::monitoring::REASON_CHARS_MIN as usize;
    Some(Fact::RetrainDecided(RetrainDecided {
        monitor: monitor.id.clone(),
        report: monitor.latest.clone()?,
        answer,
        reason: if enough {
            note.to_owned()
        } else {
            words.say(&said!("decided-in-task", task = &task.name, definition = &task.definition_name))
        },
        questionnaire: answers
            .iter()
            .filter(|(name, _)| *name != variable)
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect(),
    }))
}

fn role(project: &Project, version: &Version) -> &'static str {
    if project.champion.as_ref() == Some(&version.id) {
        "champion"
    } else if project.challengers.contains(&version.id) {
        "challenger"
    } else {
        "plain"
    }
}

fn label(session: &Session, version: &Version) -> Result<String, Failure> {
    Ok(crate::workflow::about(session, Some(&version.id))?.map(|about| about.label).unwrap_or_default())
}

fn latest(session: &Session, monitor: &Monitor) -> Result<Option<Report>, Failure> {
    match &monitor.latest {
        Some(report) => Ok(Some(session.row("reports", "report", report.as_str())?)),
        None => Ok(None),
    }
}

fn monitor_row(session: &Session, monitor: &Monitor) -> Result<MonitorRow, Failure> {
    let version: Version = session.row("versions", "version", monitor.version.as_str())?;
    let project: Project = session.row("projects", "project", monitor.project.as_str())?;
    let report = latest(session, monitor)?;
    let periods = report.as_ref().map_or(&[] as &[PeriodKept], |report| &report.periods);
    let (last, judged) = (periods.last(), tell::judged(periods));
    // Outcomes of the period that has them, drift of the latest.
    let part = |of: Option<&PeriodKept>, outcomes: bool| {
        let numbers = of.into_iter().flat_map(|period| period.numbers.clone());
        numbers.filter(move |(name, _)| ::monitoring::is_outcome(name) == outcomes).collect::<Vec<_>>()
    };
    let metric = tell::headline(periods);
    Ok(MonitorRow {
        id: monitor.id.to_string(),
        name: monitor.name.clone(),
        project: monitor.project.to_string(),
        project_name: monitor.project_name.to_string(),
        version: monitor.version.to_string(),
        version_label: label(session, &version)?,
        role: role(&project, &version).to_owned(),
        owner: monitor.terms.owner.to_string(),
        health: monitor.health.clone(),
        number: monitor.number,
        cadence: monitor.terms.cadence.clone(),
        latest: monitor.latest.as_ref().map(ToString::to_string),
        latest_at: monitor.latest_at.map(|at| at.to_string()),
        due_at: monitor.due_at().map(|at| at.to_string()),
        reports: monitor.reports,
        open_warnings: monitor.open_warnings,
        open_alerts: monitor.open_alerts,
        decided: monitor.decided,
        recommendation: report.as_ref().map(|report| report.recommendation.clone()),
        period: last.map(|period| period.label.clone()),
        judged: judged.map(|period| period.label.clone()),
        provisional: judged.is_some_and(|period| period.provisional),
        overdue: due::is_overdue(session, monitor)?,
        metric: metric.map(str::to_owned),
        numbers: part(judged, true).into_iter().chain(part(last, false)).collect(),
        course: periods
            .iter()
            .map(|period| {
                metric.filter(|_| !period.provisional).and_then(|it| period.numbers.get(it)).copied()
            })
            .collect(),
    })
}

fn period_rows(report: &Report) -> Vec<PeriodRow> {
    report
        .periods
        .iter()
        .map(|period| PeriodRow {
            label: period.label.clone(),
            rows: period.rows,
            provisional: period.provisional,
            numbers: period.numbers.clone(),
        })
        .collect()
}

fn report_row(session: &Session, report: &Report, known: bool) -> Result<ReportRow, Failure> {
    let monitor: Monitor = session.row("monitors", "monitor", report.monitor.as_str())?;
    let version: Version = session.row("versions", "version", report.version.as_str())?;
    let (first, last) = (report.periods.first(), report.periods.last());
    let periods = match (first, last) {
        (Some(first), Some(last)) if first.label != last.label => format!("{} … {}", first.label, last.label),
        (Some(only), _) => only.label.clone(),
        _ => String::new(),
    };
    Ok(ReportRow {
        id: report.id.to_string(),
        monitor: report.monitor.to_string(),
        monitor_name: monitor.name,
        version: report.version.to_string(),
        version_label: label(session, &version)?,
        number: report.number,
        periods,
        baseline: report.baseline.clone(),
        recommendation: report.recommendation.clone(),
        alerts: report.alerts,
        data: report
            .data
            .iter()
            .map(|read| DataReadRow { name: read.name.clone(), digest: read.digest.to_string() })
            .collect(),
        blob: report.blob.to_string(),
        recorded_by: report.recorded_by.to_string(),
        recorded_at: report.recorded_at.to_string(),
        instance: report.cause.as_ref().map(|cause| cause.instance.to_string()),
        target: report.target.clone(),
        known,
    })
}

fn alert_row(session: &Session, alert: &Alert) -> Result<AlertRow, Failure> {
    let version: Version = session.row("versions", "version", alert.version.as_str())?;
    let settled = alert.settled.as_ref();
    Ok(AlertRow {
        id: alert.id.to_string(),
        monitor: alert.monitor.to_string(),
        monitor_name: alert.monitor_name.clone(),
        project: alert.project.to_string(),
        version: alert.version.to_string(),
        version_label: label(session, &version)?,
        report: alert.report.to_string(),
        period: alert.period.clone(),
        level: alert.level,
        rule: alert.rule.clone(),
        values: alert.values.clone(),
        raised_at: alert.raised_at.to_string(),
        reminders: alert.reminders,
        state: alert.state.clone(),
        settled_by: settled.map(|settled| settled.by.to_string()),
        settled_at: settled.map(|settled| settled.at.to_string()),
        answer: settled.and_then(|settled| settled.answer),
        reason: settled.map(|settled| settled.reason.clone()),
    })
}

fn decision_row(session: &Session, decision: &RetrainDecision) -> Result<DecisionRow, Failure> {
    let mut run: Option<Run> = None;
    if decision.answer == RetrainAnswer::Retrain {
        let runs: Vec<(String, Run)> = session.cache.having("runs", "version", decision.version.as_str())?;
        run = runs
            .into_iter()
            .map(|(_, run)| run)
            .filter(|run| run.kind == RunKind::Retrain && run.requested_at >= decision.at)
            .min_by_key(|run| run.requested_at);
    }
    let retrained =
        run.as_ref().map(|run| crate::runs::retrain::registered(session, run)).transpose()?.flatten();
    Ok(DecisionRow {
        run: run.map(|run| run.id.to_string()),
        retrained: retrained.as_ref().map(|version| version.id.to_string()),
        retrained_number: retrained.as_ref().map(Version::number),
        answer: decision.answer,
        reason: decision.reason.clone(),
        questionnaire: decision.questionnaire.clone(),
        report: decision.report.to_string(),
        by: decision.by.to_string(),
        at: decision.at.to_string(),
    })
}

/// A monitor by its identifier, a unique beginning of it, its name, or `project/name`.
pub(crate) fn find(session: &Session, text: &str) -> Result<Monitor, Failure> {
    if let Some(monitor) = session.cache.get("monitors", text)? {
        return Ok(monitor);
    }
    let all: Vec<Monitor> = session
        .cache
        .all("monitors")?
        .into_iter()
        .map(|(_, row)| {
            serde_json::from_value(row)
                .map_err(|cause| Failure::internal("a monitor has another shape", &cause))
        })
        .collect::<Result<_, _>>()?;
    let named: Vec<&Monitor> = all
        .iter()
        .filter(|it| it.name == text || format!("{}/{}", it.project_name, it.name) == text)
        .collect();
    match named.as_slice() {
        [only] => Ok((*only).clone()),
        [] => match all
            .iter()
            .filter(|it| text.len() >= 4 && it.id.as_str().starts_with(text))
            .collect::<Vec<_>>()
            .as_slice()
        {
            [only] => Ok((*only).clone()),
            _ => Err(Failure::not_found("monitor", text)),
        },
        _ => Err(Failure::said(Code::Usage, said!("monitor-ambiguous", name = text))),
    }
}

fn find_report(session: &Session, text: &str) -> Result<Report, Failure> {
    if let Some(report) = session.cache.get("reports", text)? {
        return Ok(report);
    }
    match session.cache.keys_beginning("reports", text, 2)?.as_slice() {
        [only] if text.len() >= 4 => session.row("reports", "report", only),
        _ => Err(Failure::not_found("report", text)),
    }
}

/// Whether every rule can be read and speaks of numbers that reports have, and every threshold is one of a metric whose course
/// is told: the rules of the ledger do not know the language of alert rules.
fn check_terms(terms: &governance::fact::MonitorTerms) -> Result<(), Failure> {
    for rule in &terms.rules {
        let read =
            ::monitoring::rules::Expression::parse(&rule.when).map_err(|error| from_monitoring(&error))?;
        if let Some(name) = read.names().into_iter().find(|name| !::monitoring::is_number(name)) {
            let known = ::monitoring::numbers().collect::<Vec<_>>().join(", ");
            return Err(Failure::said(
                Code::Usage,
                said!("rule-unknown-name", rule = &rule.when, name = name, known = known),
            ));
        }
    }
    let trended = || ::monitoring::TRENDED.iter().map(|(name, _)| *name);
    match terms.thresholds.keys().find(|name| trended().all(|it| it != name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let known = trended().collect::<Vec<_>>().join(", ");
            Err(Failure::said(Code::Usage, said!("threshold-unknown-metric", metric = name, known = known)))
        }
    }
}

/// One byte, or the word `tab`.
fn delimiter(text: Option<&str>) -> Result<Option<u8>, Failure> {
    match text {
        None | Some("") => Ok(None),
        Some("tab" | "\\t" | "\t") => Ok(Some(b'\t')),
        Some(text) => match text.as_bytes() {
            [one] if one.is_ascii() => Ok(Some(*one)),
            _ => Err(Failure::said(Code::Usage, said!("delimiter-not-one", text = text))),
        },
    }
}

pub(crate) fn from_monitoring(error: &::monitoring::Error) -> Failure {
    use ::monitoring::Error;
    let code = match error {
        Error::Stopped => Code::Conflict,
        Error::Rule { .. } => Code::Usage,
        _ => Code::Failed,
    };
    let shown = |path: &std::path::Path| path.display().to_string();
    let said = match error {
        Error::Stopped => said!("monitor-stopped"),
        Error::Unreadable { path, source } => {
            said!("monitoring-unreadable", path = shown(path), detail = source.to_string())
        }
        Error::Damaged { path, problem } => {
            said!("monitoring-damaged", path = shown(path), problem = said_of(problem))
        }
        Error::NotData { path, problem } => {
            said!("monitoring-no-data", path = shown(path), problem = said_of(problem))
        }
        Error::NoColumn { path, column, role, have } => said!(
            "monitoring-no-column",
            path = shown(path),
            column = column,
            role = Said::new(format!("column-role-{role}")),
            have = have.join(", "),
        ),
        Error::Cell { path, column, row, problem } => said!(
            "monitoring-cell",
            path = shown(path),
            column = column,
            row = row.to_string(),
            problem = said_of(problem),
        ),
        Error::Column { path, column, problem } => {
            said!("monitoring-counted-cell", path = shown(path), column = column, problem = said_of(problem),)
        }
        Error::Usage(problem) => said!("monitoring-failed", detail = said_of(problem)),
        Error::Rule { rule, at, problem } => {
            said!("monitoring-rule", rule = rule, at = at.to_string(), problem = said_of(problem))
        }
    };
    Failure::said(code, said).because(error)
}

/// A remark of the computation, to be said.
fn said_of(remark: &::monitoring::Remark) -> Said {
    let said = Said::new(remark.said.id.clone());
    remark.said.values.iter().fold(said, |said, (name, value)| said.with(name.clone(), value))
}
