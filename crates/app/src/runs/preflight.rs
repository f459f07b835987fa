//! A look before a run: whether it could start, what it would cost, and the same thing as a command line.

use std::collections::BTreeMap;

use ::runs::Reason;
use ::runs::target::{Finding, Severity, Target as _};
use governance::Fact;
use governance::fact::{RunKind, RunRequested};
use governance::registry::Version;
use governance::runs::{Run, SANDBOX};
use words::{Said, Words, said};

use super::cloud::{self, carrier, price, price_row};
use super::{
    Asked, DataRead, Preflight, PreflightFinding, PreflightRun, from_runs, job_spec, migrate, outputs, prices,
};
use crate::registry::find_version;
use crate::session::Session;
use crate::{App, Code, Failure};

/// Minutes a job is expected to take where no earlier run says.
const MINUTES: u32 = 15;
/// The severity of what stands in the way.
const BLOCKING: &str = "blocking";

/// Looks whether a run could start. Changes nothing.
///
/// # Errors
/// [`Code::NotFound`] for a version or target that is not there; [`Code::Offline`] when looking failed, which says nothing
/// about the run.
pub async fn preflight(app: &App, request: PreflightRun) -> Result<Preflight, Failure> {
    let session = app.session()?;
    let version = find_version(&session, &request.version)?;
    let asked = Asked {
        kind: super::run_kind(&request.kind)?,
        target: request.target,
        bucket: request.bucket,
        rehearse: request.rehearse,
        args: request.args,
        properties: request.properties,
        deadline_s: request.deadline_s,
        remove_foreign: false,
    };
    let fact = super::asked_fact(&session, &version, &asked)?;
    let words = app.words();
    let mut findings = rules(&session, &fact, words).await?;
    let me = session.me()?;
    let run = Run::asked(&fact, version.project.clone(), me, session.now());
    let minutes = request.minutes.map_or_else(|| usual_minutes(&session, &run), Ok)?;
    let (mut estimate, mut no_price_in, mut command, mut data) = (None, None, None, Vec::new());
    if fact.kind == RunKind::Migrate {
        findings.extend(migrate::look(&session, &run, words).await?);
        command = Some(migrate::command(&run));
    } else {
        let package = outputs::reading(&session, &version).await?;
        let spec = job_spec::of(&session, &run, &package)?;
        data = outputs::data_read(&package, run.kind)
            .into_iter()
            .map(|(name, path)| DataRead { name: name.to_owned(), path: path.to_owned() })
            .collect();
        let (endpoint, requirements) = (run.endpoint.as_deref(), &spec.requirements);
        let carrier = carrier(&session, &run.target, endpoint, &run.bucket, requirements, &run.properties)?;
        let found = carrier.engine.preflight(&spec).await.map_err(|error| from_runs(&error))?;
        findings.extend(found.iter().map(|finding| finding_row(finding, words)));
        if spec.outputs.is_empty() {
            findings.push(blocking("no-outputs", words.say(&said!("finding-no-outputs"))));
        }
        let rehearsal = run.endpoint.as_deref() == Some(SANDBOX);
        let cost = carrier.billing.estimate(&prices::table(&session.desk)?, u64::from(minutes) * 60);
        let cost = cost.filter(|_| !rehearsal);
        let unknown = carrier.billing.region().filter(|_| cost.is_none() && !rehearsal);
        no_price_in = unknown.map(str::to_owned);
        estimate = cost.map(|cost| price_row(&price(&cost)));
        command = command.or_else(|| Some(carrier.engine.command(&spec)));
    }
    Ok(Preflight {
        may_go_on: findings.iter().all(|finding| finding.severity != BLOCKING),
        findings,
        estimate,
        no_price_in,
        minutes,
        deadline_s: run.deadline_s,
        command,
        target: run.target,
        bucket: Some(run.bucket).filter(|bucket| !bucket.is_empty()),
        endpoint: run.endpoint,
        data,
    })
}

/// What a run is expected to cost, for its request.
pub(crate) async fn estimate(
    session: &Session,
    fact: &RunRequested,
) -> Result<Option<governance::fact::Price>, Failure> {
    // What is rehearsed costs nothing.
    if fact.kind == RunKind::Migrate
        || fact.endpoint.as_deref() == Some(SANDBOX)
        || cloud::target(session, &fact.target)?.is_none()
    {
        return Ok(None);
    }
    let version: Version = session.row("versions", "version", fact.version.as_str())?;
    let run = Run::asked(fact, version.project.clone(), session.me()?, session.now());
    let endpoint = fact.endpoint.as_deref();
    let carrier = match carrier(session, &fact.target, endpoint, &fact.bucket, &[], &fact.properties) {
        Ok(carrier) => carrier,
        // A place that cannot be reached now costs nothing yet; the run waits for it.
        Err(failure) if failure.code == Code::Offline => return Ok(None),
        Err(failure) => return Err(failure),
    };
    let seconds = u64::from(usual_minutes(session, &run)?) * 60;
    Ok(carrier.billing.estimate(&prices::table(&session.desk)?, seconds).map(|cost| price(&cost)))
}

/// What the rules say of the request, as a finding instead of an error: the other findings are worth seeing beside it.
async fn rules(
    session: &Session,
    fact: &RunRequested,
    words: &'static Words,
) -> Result<Vec<PreflightFinding>, Failure> {
    let stated = Fact::RunRequested(fact.clone());
    match session.would_decide(&session.me()?, |_| Ok(vec![stated.clone()])).await {
        Ok(()) => Ok(Vec::new()),
        Err(failure) if failure.code == Code::Refused => {
            Ok(vec![blocking("rule", failure.in_words(words).to_string())])
        }
        Err(failure) => Err(failure),
    }
}

/// Minutes that earlier runs of this kind took on this target; of this version before others.
fn usual_minutes(session: &Session, run: &Run) -> Result<u32, Failure> {
    let runs: Vec<(String, Run)> = session.cache.having("runs", "target", &run.target)?;
    let mut took: BTreeMap<bool, Vec<f64>> = BTreeMap::new();
    for (_, other) in runs.iter().filter(|(_, other)| other.kind == run.kind && other.state.ended()) {
        let at = |state| other.stages.iter().find(|stage| stage.state == state).map(|stage| stage.at);
        if let (Some(from), Some(to)) =
            (at(governance::fact::RunState::Running), at(governance::fact::RunState::Verifying))
        {
            took.entry(other.version == run.version).or_default().push(to.duration_since(from).as_secs_f64());
        }
    }
    let Some(mut seconds) = took.remove(&true).or_else(|| took.remove(&false)) else { return Ok(MINUTES) };
    seconds.sort_by(f64::total_cmp);
    let median = seconds[seconds.len() / 2];
    Ok((median / 60.0).ceil().clamp(1.0, 14.0 * 24.0 * 60.0) as u32)
}

/// A reason, to be said.
pub(super) fn said_of(reason: &Reason) -> Said {
    let values = reason.values.iter();
    values.fold(Said::new(reason.id.clone()), |said, (name, value)| said.with(name.clone(), value))
}

/// A finding and its place, to be said.
pub(super) fn said_with_place(finding: &Finding) -> Said {
    let what = said_of(&finding.reason);
    match (&finding.file, finding.line) {
        (Some(file), Some(line)) => said!("finding-at-line", file = file, line = line, what = what),
        (Some(file), None) => said!("finding-in-file", file = file, what = what),
        (None, _) => what,
    }
}

/// What stands in the way, to be said in one sentence; nothing when nothing does.
pub(super) fn obstacles(findings: &[Finding]) -> Option<Said> {
    let blocking = findings.iter().filter(|finding| finding.severity == Severity::Blocking);
    blocking.map(said_with_place).reduce(|before, next| said!("finding-and", before = before, next = next))
}

pub(super) fn finding_row(finding: &Finding, words: &Words) -> PreflightFinding {
    PreflightFinding {
        severity: match finding.severity {
            Severity::Blocking => BLOCKING,
            Severity::Warning => "warning",
        }
        .to_owned(),
        code: finding.code.clone(),
        message: words.say(&said_of(&finding.reason)),
        file: finding.file.clone(),
        line: finding.line,
    }
}

/// One of the desk's own, in the reader's words.
pub(super) fn blocking(code: &str, message: String) -> PreflightFinding {
    PreflightFinding { severity: BLOCKING.to_owned(), code: code.to_owned(), message, file: None, line: None }
}
