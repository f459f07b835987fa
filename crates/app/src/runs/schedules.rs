//! Schedules: runs that are asked for again and again.
//!
//! The agent asks for what is due. However many times were missed while nobody looked, one run is asked for; while the run
//! of the time before is still under way, none is. The same entry that asks for the run says which time it stands for, so
//! that any number of desks may look at the same moment and one entry stands.

mod grammar;
mod views;

use bpmn::time::Tongue;
use governance::fact::{Level, NoticePosted, RunState, ScheduleAdded, ScheduleFired, ScheduleRemoved};
use governance::registry::Version;
use governance::runs::Run;
use governance::runs::schedules::{Firing, Pace, Rule, Schedule};
use governance::{Fact, MemberName, RunId, ScheduleId, ScheduleName};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use words::{Locale, said};

pub use views::*;

use super::{Asked, LOCAL_SPARK, asked_fact, run_kind};
use crate::ids::new_id;
use crate::registry::{Recorded, find_version};
use crate::session::{Session, parse};
use crate::{App, Code, Failure};

/// Next times that a list shows of each schedule.
const NEXT_LISTED: usize = 3;

/// The schedules, by name.
///
/// # Errors
/// When the cache cannot be read.
pub async fn schedules(app: &App, request: ListSchedules) -> Result<Vec<ScheduleRow>, Failure> {
    let session = app.session()?;
    let tongue = tongue(app, request.language.as_deref());
    let mut rows = Vec::new();
    for schedule in all(&session)? {
        rows.push(row(&session, &schedule, tongue).await?);
    }
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(rows)
}

/// What a rule means and when it is due, for whoever writes one. Nothing is recorded.
///
/// # Errors
/// [`Code::Usage`] for a rule that cannot be read, with what one looks like.
pub async fn explain_rule(app: &App, request: ExplainRule) -> Result<RuleTold, Failure> {
    let tongue = tongue(app, request.language.as_deref());
    let (rule, zone) = read(&request.rule)?;
    let begun = app.clock.now();
    Ok(RuleTold {
        words: rule.words(tongue),
        surprises: rule.surprises(tongue),
        instead: instead(&rule, tongue),
        next: rule.times(&zone, begun, begun).into_iter().map(|due| told(due, &zone, tongue)).collect(),
        cron: rule.as_cron(),
        zone: rule.zone().to_owned(),
        rule: grammar::written(&rule, tongue),
    })
}

/// Asks for a run again and again.
///
/// # Errors
/// [`Code::Usage`] for a rule or name that cannot be read; [`Code::Refused`] when the version is not approved.
pub async fn add_schedule(app: &App, request: AddSchedule) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let (rule, _) = read(&request.rule)?;
    super::secrets::refuse("schedule", &std::collections::BTreeMap::new(), &request.args)?;
    let version = find_version(&session, &request.version)?;
    let target = request.target.unwrap_or_else(|| LOCAL_SPARK.to_owned());
    super::cloud::target(&session, &target)?;
    let schedule: ScheduleId = new_id();
    let name: ScheduleName = parse("schedule name", request.name.trim())?;
    let fact = Fact::ScheduleAdded(ScheduleAdded {
        schedule: schedule.clone(),
        name,
        version: version.id,
        kind: run_kind(&request.kind)?,
        target,
        bucket: request.bucket.map(|bucket| super::bucket_name(&bucket)).filter(|bucket| !bucket.is_empty()),
        rule,
        args: request.args,
        deadline_s: request.deadline_s.map(super::checked_deadline).transpose()?,
    });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: schedule.to_string() })
}

/// Ends a schedule. Runs it asked for go on.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn remove_schedule(app: &App, request: ScheduleOf) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let schedule = find(&session, &request.schedule)?.added.schedule;
    let fact = Fact::ScheduleRemoved(ScheduleRemoved { schedule: schedule.clone() });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: schedule.to_string() })
}

/// The schedule as a Cloud Scheduler job that starts the same work in the cloud, whether or not a desk is there. Nobody
/// compares the files with the approval then: the page says so.
///
/// # Errors
/// [`Code::Refused`] when cron cannot say what the rule says, or the target is not in the cloud.
pub async fn export_schedule(app: &App, request: ScheduleOf) -> Result<ScheduleExport, Failure> {
    let session = app.session()?;
    let schedule = find(&session, &request.schedule)?;
    let added = &schedule.added;
    let Some(cron) = added.rule.as_cron() else {
        return Err(Failure::said(
            Code::Refused,
            said!("schedule-beyond-cron", rule = added.rule.to_string()),
        ));
    };
    let version: Version = session.row("versions", "version", added.version.as_str())?;
    let request = asked_fact(&session, &version, &asked(added))?;
    let run = Run::asked(&request, version.project.clone(), session.me()?, session.now());
    let package = super::outputs::reading(&session, &version).await?;
    let mut spec = super::job_spec::placed(&session, &run, &package).await?;
    // The ledger never hears of what the cloud starts by itself: a sweep is told whose it is.
    spec.labels.insert(super::job_spec::FOR_LABEL.to_owned(), "schedule".to_owned());
    let carrier = super::cloud::carrier(
        &session,
        &run.target,
        run.endpoint.as_deref(),
        &run.bucket,
        &spec.requirements,
        &run.properties,
    )?;
    let alone = carrier.engine.alone(&spec).map_err(|error| super::from_runs(&error))?;
    let target = super::cloud::target(&session, &added.target)?;
    let (Some((url, body)), Some(target)) = (alone, target) else {
        return Err(Failure::said(
            Code::Refused,
            said!("schedule-not-in-cloud", name = added.name.to_string(), target = &added.target),
        ));
    };
    let name: String = added
        .name
        .as_str()
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let command = [
        format!("gcloud scheduler jobs create http {}", name.trim_matches('-')),
        format!("--project={}", target.cloud_project.unwrap_or_default()),
        format!("--location={}", target.region.unwrap_or_default()),
        format!("--schedule={}", quoted(&cron)),
        format!("--time-zone={}", quoted(added.rule.zone())),
        format!("--uri={}", quoted(&url)),
        "--http-method=POST".to_owned(),
        "--oauth-service-account-email=SERVICE_ACCOUNT".to_owned(),
        format!("--message-body={}", quoted(&body.to_string())),
    ]
    .join(" ");
    Ok(ScheduleExport { command, cron })
}

fn asked(added: &ScheduleAdded) -> Asked {
    Asked {
        remove_foreign: false,
        kind: added.kind,
        target: Some(added.target.clone()),
        bucket: added.bucket.clone(),
        rehearse: false,
        args: added.args.clone(),
        properties: std::collections::BTreeMap::new(),
        deadline_s: added.deadline_s,
    }
}

/// Asks for what is due, once each.
pub(crate) async fn look(session: &Session, by: &MemberName) -> Result<usize, Failure> {
    let mut asked = 0;
    for schedule in all(session)? {
        // The zone may not be known to this machine; one where it is sees to it.
        let Ok(zone) = TimeZone::get(schedule.added.rule.zone()) else { continue };
        let Some((due, missed)) =
            schedule.added.rule.due(&zone, schedule.at, schedule.since(), session.now())
        else {
            continue;
        };
        if under_way(session, &schedule)? {
            continue;
        }
        asked += ask(session, by, &schedule, due, missed).await?;
    }
    Ok(asked)
}

async fn ask(
    session: &Session,
    by: &MemberName,
    schedule: &Schedule,
    due: Timestamp,
    missed: u32,
) -> Result<usize, Failure> {
    let added = &schedule.added;
    let fired = |run: Option<RunId>, problem: String| {
        Fact::ScheduleFired(ScheduleFired { schedule: added.schedule.clone(), due, missed, run, problem })
    };
    let version: Version = session.row("versions", "version", added.version.as_str())?;
    let refused = match asked_fact(session, &version, &asked(added)) {
        Ok(mut request) => {
            request.estimate = super::preflight::estimate(session, &request).await?;
            let facts =
                vec![Fact::RunRequested(request.clone()), fired(Some(request.run.clone()), String::new())];
            match session.record(by, facts).await {
                Ok(_) => return Ok(1),
                Err(failure) if failure.code == Code::Refused => failure,
                Err(failure) => return Err(failure),
            }
        }
        Err(failure) if matches!(failure.code, Code::Refused | Code::NotFound) => failure,
        Err(failure) => return Err(failure),
    };
    // Either another desk was faster, which the rules say again, or nothing may run: then that is what is recorded.
    let problem = format!("{} {}", refused.message, refused.hint).trim().to_owned();
    let title = format!("{}: nothing was run", added.name);
    let facts = vec![
        fired(None, problem.clone()),
        Fact::NoticePosted(NoticePosted {
            notice: new_id(),
            to: std::iter::once(schedule.by.clone()).collect(),
            title,
            title_said: serde_json::to_value(said!("notice-schedule-idle", name = added.name.to_string()))
                .ok(),
            body_said: super::retold::kept(&problem),
            body: problem,
            link: Some("/schedules".to_owned()),
            level: Level::Failure,
            mailed_by: None,
        }),
    ];
    match session.record(by, facts).await {
        Ok(_) => Ok(1),
        Err(failure) if failure.code == Code::Refused => Ok(0),
        Err(failure) => Err(failure),
    }
}

/// Whether the run of the time before is still going.
fn under_way(session: &Session, schedule: &Schedule) -> Result<bool, Failure> {
    let Some(run) = schedule.firings.last().and_then(|firing| firing.run.as_ref()) else { return Ok(false) };
    let run: Option<Run> = session.cache.get("runs", run.as_str())?;
    Ok(run.is_some_and(|run| !run.state.ended()))
}

fn all(session: &Session) -> Result<Vec<Schedule>, Failure> {
    session
        .cache
        .all("schedules")?
        .into_iter()
        .map(|(_, row)| {
            serde_json::from_value(row)
                .map_err(|cause| Failure::internal("a schedule has another shape", &cause))
        })
        .collect()
}

/// A schedule by its identifier or its name.
fn find(session: &Session, text: &str) -> Result<Schedule, Failure> {
    all(session)?
        .into_iter()
        .find(|schedule| schedule.added.schedule.as_str() == text || schedule.added.name.as_str() == text)
        .ok_or_else(|| Failure::not_found("schedule", text))
}

fn read(text: &str) -> Result<(Rule, TimeZone), Failure> {
    let rule = grammar::read(text).map_err(|said| Failure::said(Code::Usage, said))?;
    let zone = TimeZone::get(rule.zone()).map_err(|error| {
        Failure::said(Code::Usage, said!("zone-unknown", zone = rule.zone())).because(&error)
    })?;
    Ok((rule, zone))
}

/// The language asked for; the desk's own where none is.
fn tongue(app: &App, language: Option<&str>) -> Tongue {
    let asked = language.and_then(|tag| tag.parse().ok());
    match asked.unwrap_or_else(|| app.words().locale()) {
        Locale::PtBr => Tongue::Portuguese,
        Locale::En => Tongue::English,
    }
}

/// What was probably meant by a day of the week with a step: so many weeks, on the first of its days.
fn instead(rule: &Rule, tongue: Tongue) -> Option<String> {
    let Pace::Cron(cron) = rule.pace() else { return None };
    let text = cron.to_string();
    let [minute, hour, "*", "*", weekday] = text.split_ascii_whitespace().collect::<Vec<_>>()[..] else {
        return None;
    };
    let (day, step) = weekday.split_once('/')?;
    let day: u8 = day.parse().ok().filter(|day| *day <= 7)?;
    let step: u32 = step.parse().ok()?;
    let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
    let day = Tongue::English.weekday(day % 7);
    let text = format!("every {step} weeks on {day} at {hour:02}:{minute:02} in {}", rule.zone());
    text.parse::<Rule>().ok().map(|rule| grammar::written(&rule, tongue))
}

/// A moment as the clocks of the zone show it, in words.
fn told(due: Timestamp, zone: &TimeZone, tongue: Tongue) -> TimeTold {
    let shown = due.to_zoned(zone.clone());
    let (year, month, day) = (shown.year(), shown.month().unsigned_abs(), shown.day());
    let weekday = tongue.weekday(shown.weekday().to_sunday_zero_offset().unsigned_abs());
    let (hour, minute) = (shown.hour(), shown.minute());
    let words = match tongue {
        Tongue::English => format!("{weekday}, {day} {} {year}, {hour:02}:{minute:02}", tongue.month(month)),
        Tongue::Portuguese => {
            format!("{weekday}, {day} de {} de {year}, {hour:02}:{minute:02}", tongue.month(month))
        }
    };
    TimeTold { at: due.to_string(), words }
}

async fn row(session: &Session, schedule: &Schedule, tongue: Tongue) -> Result<ScheduleRow, Failure> {
    let added = &schedule.added;
    let version: Version = session.row("versions", "version", added.version.as_str())?;
    let project: governance::registry::Project =
        session.row("projects", "project", version.project.as_str())?;
    let about = crate::workflow::about(session, Some(&added.version))?;
    let zone = TimeZone::get(added.rule.zone()).ok();
    let next = match &zone {
        Some(zone) => added
            .rule
            .times(zone, schedule.at, session.now())
            .into_iter()
            .take(NEXT_LISTED)
            .map(|due| told(due, zone, tongue))
            .collect(),
        None => Vec::new(),
    };
    // What each of its runs is expected to cost, as far as one could be asked for now.
    let request = asked_fact(session, &version, &asked(added)).ok();
    let estimate = match &request {
        Some(request) => super::preflight::estimate(session, request).await.ok().flatten(),
        None => None,
    };
    let mut firings = Vec::new();
    for firing in schedule.firings.iter().rev() {
        firings.push(firing_row(session, firing)?);
    }
    Ok(ScheduleRow {
        id: added.schedule.to_string(),
        name: added.name.to_string(),
        version: added.version.to_string(),
        version_label: about.map(|about| about.label).unwrap_or_default(),
        project: version.project.to_string(),
        project_name: project.name.to_string(),
        kind: added.kind.name().to_owned(),
        target: added.target.clone(),
        bucket: added.bucket.clone(),
        args: added.args.clone(),
        deadline_s: request.as_ref().map_or(added.deadline_s, |request| Some(request.deadline_s)),
        estimate: estimate.as_ref().map(super::cloud::price_row),
        rule: grammar::written(&added.rule, tongue),
        words: added.rule.words(tongue),
        next,
        fired: schedule.fired,
        firings,
        by: schedule.by.to_string(),
        at: schedule.at.to_string(),
    })
}

fn firing_row(session: &Session, firing: &Firing) -> Result<FiringRow, Failure> {
    let run: Option<Run> = match &firing.run {
        Some(run) => session.cache.get("runs", run.as_str())?,
        None => None,
    };
    Ok(FiringRow {
        due: firing.due.to_string(),
        at: firing.at.to_string(),
        missed: firing.missed,
        run: firing.run.as_ref().map(ToString::to_string),
        run_state: run.map(|run: Run| run.state).map(RunState::name).map(str::to_owned),
        problem: Some(super::retold::retold(session.words(), &firing.problem))
            .filter(|problem| !problem.is_empty()),
    })
}
