//! A report from files to facts: computed once for the same data and terms, kept as a blob and as key numbers, with the
//! alerts that its rules raise.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::monitoring::{Cadence, Options, Rule, TimeSplit, Watch};
use governance::fact::{
    AlertLevel, AlertRaised, AskedBy, DataRead, Level, MonitorTerms, PeriodKept, ReportRecorded,
};
use governance::monitoring::{Monitor, Report};
use governance::registry::Version;
use governance::{AlertId, Fact, MemberName, NoticeId, ReportId, Role, State};

use words::said;

use super::data::{self, Data, Way};
use crate::ids::new_id;
use crate::session::Session;
use crate::{Code, Failure};

/// A report is this large at most when it is read back.
pub(super) const REPORT_BYTES_MAX: u64 = 256 << 20;

/// What came of asking for a report.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    /// The report.
    pub(crate) report: ReportId,
    /// Whether these very data under these terms had one already.
    pub(crate) known: bool,
}

/// Computes the report of a monitor on the data as they are, here, on the target its terms name, or on the one asked for; or finds the one that was computed from exactly these.
///
/// # Errors
/// When the data are not in reach or cannot be read; [`Code::Conflict`] when one is being computed here already, or a
/// file changed meanwhile.
pub(crate) async fn make(
    session: &Session,
    monitor: &Monitor,
    by: &MemberName,
    cause: Option<AskedBy>,
    target: Option<&str>,
) -> Result<Made, Failure> {
    let way = Way::of(session, &monitor.terms, target)?;
    let watch = Arc::new(Watch::default());
    let Some(under_way) = session.begin(&key(monitor)) else {
        return Err(Failure::said(Code::Conflict, said!("computing-already", monitor = &monitor.name)));
    };
    session.computing().insert(monitor.id.to_string(), Arc::clone(&watch));
    session.tell(&["monitoring"]);
    let made = make_watched(session, monitor, by, cause, &way, watch).await;
    session.computing().remove(monitor.id.as_str());
    if monitor.terms.data.bucket.is_some() && !way.in_cloud {
        // What was fetched before is let go of now that nobody reads it; if that fails, the next listing does it.
        let _ = data::list(session, &monitor.terms.data, &way).await;
    }
    drop(under_way);
    session.tell(&["monitoring"]);
    made
}

/// What a computation is known by while it is under way.
pub(super) fn key(monitor: &Monitor) -> String {
    format!("monitor/{}", monitor.id)
}

async fn make_watched(
    session: &Session,
    monitor: &Monitor,
    by: &MemberName,
    cause: Option<AskedBy>,
    way: &Way,
    watch: Arc<Watch>,
) -> Result<Made, Failure> {
    let version: Version = session.row("versions", "version", monitor.version.as_str())?;
    let found = data::find(session, &version, &monitor.terms, way).await?;
    let read = found.digests().await?;
    let reports: Vec<(String, Report)> = session.cache.having("reports", "monitor", monitor.id.as_str())?;
    if let Some((_, known)) =
        reports.into_iter().find(|(_, report)| report.number == monitor.number && report.data == read)
    {
        return Ok(Made { report: known.id, known: true });
    }
    let options = options(&monitor.terms, &found)?;
    let report = match way.is_job() {
        true => super::counted::compute(session, &version, way, &found, options, watch).await?,
        false => tokio::task::spawn_blocking(move || ::monitoring::compute_watched(&options, &watch))
            .await
            .map_err(|cause| Failure::internal("the computation was interrupted", &cause))?
            .map_err(|error| super::from_monitoring(&error))?,
    };
    let again = data::find(session, &version, &monitor.terms, way).await?;
    if again.stamp() != found.stamp() {
        return Err(Failure::said(Code::Conflict, said!("data-changed-meanwhile", monitor = &monitor.name)));
    }
    let target = way.is_job().then(|| way.target.clone());
    record(session, monitor, by, cause, read, &report, target).await
}

/// Records a report that was computed, its alerts, and the notice of both, in one entry.
pub(crate) async fn record(
    session: &Session,
    monitor: &Monitor,
    by: &MemberName,
    cause: Option<AskedBy>,
    read: Vec<DataRead>,
    report: &::monitoring::Report,
    target: Option<String>,
) -> Result<Made, Failure> {
    let bytes = serde_json::to_vec(report)
        .map_err(|cause| Failure::internal("the report has no JSON form", &cause))?;
    let blob = session.put_blob(bytes).await?;
    let id: ReportId = new_id();
    let fact = ReportRecorded {
        report: id.clone(),
        monitor: monitor.id.clone(),
        number: monitor.number,
        data: read,
        blob,
        periods: report.periods.iter().enumerate().map(|(at, _)| kept(report, at)).collect(),
        baseline: report.reference.label.clone(),
        recommendation: word(report.recommendation.action).to_owned(),
        reasons: report.recommendation.reasons.clone(),
        reasons_said: report
            .recommendation
            .said
            .iter()
            .filter_map(|reason| serde_json::to_value(reason).ok())
            .collect(),
        cause,
        target,
    };
    let stewards = crate::people::holders(session, &[Role::ModelSteward])?;
    let label =
        crate::workflow::about(session, Some(&monitor.version))?.map(|about| about.label).unwrap_or_default();
    let notice: NoticeId = new_id();
    let alerts: Vec<AlertId> = report.alerts.iter().map(|_| new_id()).collect();
    let mut known = None;
    let written = session
        .decide(by, |state| {
            known = state.report_of(&monitor.id, fact.number, &fact.data).map(|it| it.id.clone());
            if known.is_some() {
                // Somebody else was faster: the rules refuse a second one, and the first is the answer.
                return Ok(vec![Fact::ReportRecorded(fact.clone())]);
            }
            let mut facts = vec![Fact::ReportRecorded(fact.clone())];
            let raised = raised(state, monitor, &id, report, &alerts);
            let grave = raised.iter().any(|alert| alert.level == AlertLevel::Alert);
            let mut to = stewards.clone();
            to.insert(monitor.terms.owner.clone());
            let level = match (grave, raised.is_empty()) {
                (true, _) => Level::Failure,
                (false, false) => Level::Warning,
                (false, true) => Level::Info,
            };
            let said = super::tell::of_report(&label, &fact, &raised);
            facts.push(Fact::NoticePosted(super::tell::notice(notice.clone(), to, said, monitor, level)));
            facts.extend(raised.into_iter().map(Fact::AlertRaised));
            Ok(facts)
        })
        .await;
    match (written, known) {
        (Ok(_), _) => Ok(Made { report: id, known: false }),
        (Err(failure), Some(report)) if failure.code == Code::Refused => Ok(Made { report, known: true }),
        (Err(failure), _) => Err(failure),
    }
}

/// Alerts of periods that no earlier report has judged: at the first report, of the latest period, and of the latest whose
/// outcomes are in. What fired before is in the report, and nobody is woken for it.
fn raised(
    state: &State,
    monitor: &Monitor,
    id: &ReportId,
    report: &::monitoring::Report,
    alerts: &[AlertId],
) -> Vec<AlertRaised> {
    let before = state
        .monitors
        .get(&monitor.id)
        .and_then(|monitor| monitor.latest.as_ref())
        .and_then(|latest| state.reports.get(latest));
    let latest = report.periods.last().map(|period| period.label.as_str());
    let judged = report.periods.get(super::reading::now(report)).map(|period| period.label.as_str());
    let is_news = |label: &str| match before {
        None => Some(label) == latest || Some(label) == judged,
        Some(before) => {
            Some(label) == latest
                || before.periods.iter().find(|period| period.label == label).is_none_or(|it| it.provisional)
        }
    };
    report
        .alerts
        .iter()
        .zip(alerts)
        .filter(|(alert, _)| is_news(&alert.period))
        .filter(|(alert, _)| !state.alerted(&monitor.id, &alert.period, &alert.rule))
        .map(|(alert, alert_id)| AlertRaised {
            alert: alert_id.clone(),
            report: id.clone(),
            period: alert.period.clone(),
            level: match alert.level {
                ::monitoring::Level::Warning => AlertLevel::Warning,
                ::monitoring::Level::Alert => AlertLevel::Alert,
            },
            rule: alert.rule.clone(),
            values: alert
                .values
                .iter()
                .filter_map(|(name, value)| Some((name.to_owned(), (*value)?)))
                .collect(),
        })
        .collect()
}

/// A period with what lists, sparklines and alerts speak of: every number that rules may name, those of variables apart. The
/// rest is in the blob.
fn kept(report: &::monitoring::Report, at: usize) -> PeriodKept {
    let period = &report.periods[at];
    let mut numbers: BTreeMap<String, f64> = BTreeMap::new();
    for name in ::monitoring::numbers() {
        if let Some(value) = report.number(at, name).filter(|value| value.is_finite()) {
            numbers.insert(name.to_owned(), value);
        }
    }
    PeriodKept { label: period.label.clone(), rows: period.rows, provisional: period.provisional, numbers }
}

fn word(action: ::monitoring::Action) -> &'static str {
    match action {
        ::monitoring::Action::Unknown => "unknown",
        ::monitoring::Action::Keep => "keep",
        ::monitoring::Action::Watch => "watch",
        ::monitoring::Action::Investigate => "investigate",
        ::monitoring::Action::Retrain => "retrain",
    }
}

/// What to compute, as the terms say it and over the files that were found.
fn options(terms: &MonitorTerms, found: &Data) -> Result<Options, Failure> {
    let time = match &terms.time {
        None => None,
        Some(time) => {
            let cadence: Cadence = time
                .period
                .parse()
                .map_err(|why: String| Failure::said(Code::Usage, said!("as-it-says", detail = why)))?;
            Some(TimeSplit { column: time.column.clone(), cadence })
        }
    };
    let standard = Options::default();
    Ok(Options {
        data: found.periods.iter().map(|it| it.path.clone()).collect(),
        target: terms.target.clone(),
        event: terms.event.clone(),
        score: terms.score.clone(),
        weight: terms.weight.clone(),
        reference: found.baseline.as_ref().map(|it| it.path.clone()),
        inputs: terms.inputs.clone(),
        groups: terms.groups.clone(),
        cutoff: terms.cutoff,
        delimiter: super::delimiter(terms.delimiter.as_deref())?,
        time,
        rules: rules(&terms.rules),
        thresholds: terms.thresholds.clone(),
        unlabelled_share_max: terms.unlabelled_share_max.unwrap_or(standard.unlabelled_share_max),
        ..standard
    })
}

/// Rules as the computation reads them.
pub(super) fn rules(rules: &[governance::fact::AlertRule]) -> Vec<Rule> {
    rules
        .iter()
        .map(|rule| Rule {
            level: match rule.level {
                AlertLevel::Warning => ::monitoring::Level::Warning,
                AlertLevel::Alert => ::monitoring::Level::Alert,
            },
            when: rule.when.clone(),
        })
        .collect()
}
