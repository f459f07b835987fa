//! Runs: migrations, training, scoring.

mod buckets;
pub(crate) mod cloud;
pub(crate) mod drive;
pub(crate) mod job_spec;
pub(crate) mod migrate;
pub(crate) mod outputs;
pub(crate) mod preflight;
pub(crate) mod prices;
pub(crate) mod reconcile;
pub(crate) mod retold;
pub(crate) mod retrain;
pub(crate) mod sandbox;
pub(crate) mod schedules;
mod secrets;
pub(crate) mod sweep;
mod targets;
mod templates;
pub(crate) mod triggers;
pub(crate) mod uploads;
mod views;

use std::sync::Arc;

use ::runs::bucket::Buckets;
use ::runs::local::LocalSpark;
use ::runs::{LogStream, RunKey, Target as _};
use cache::Match;
use governance::fact::{Cause, RunCancelAsked, RunKind, RunRequested, RunState};
use governance::registry::Version;
use governance::runs::{Migration, Run, SANDBOX};
use governance::{Fact, RunId};
use words::said;

pub use buckets::{buckets, list_objects, upload};
pub use preflight::preflight;
pub use prices::{prices, set_prices};
pub use reconcile::reconcile;
pub use sandbox::{misbehave, sandbox, start_sandbox, stop_sandbox};
pub use schedules::*;
pub use sweep::{leftovers, sweep};
pub use targets::{add_target, remove_target, targets};
pub use templates::*;
pub use uploads::{stop_upload, uploads};
pub use views::*;

use retold::retold;

use crate::ids::new_id;
use crate::page::Page;
use crate::registry::{Recorded, find_project, find_version, page_of};
use crate::session::Session;
use crate::{App, Code, Failure};

/// Seconds after which a run has failed, unless its request or its target says otherwise.
pub(crate) const DEADLINE_S: u32 = 3600;
/// Name of the target that runs Spark on this machine.
pub(crate) const LOCAL_SPARK: &str = "local-spark";
/// Name of the target of a migration.
pub(crate) const BUCKET: &str = "bucket";
/// How a line of a script's standard error begins in a log.
const STDERR_MARK: &str = "stderr| ";
/// The longest line that is waited for.
const LINE_BYTES_MAX: usize = 64 * 1024;
/// Folder of virtual environments that several homes share (tests, demonstrations).
const ENVIRONMENTS: &str = "COUNTERSIGN_SPARK_ENVIRONMENTS";

/// A page of runs, latest first.
///
/// # Errors
/// [`Code::Usage`] for an unknown state.
pub async fn list(app: &App, request: ListRuns) -> Result<Page<RunRow>, Failure> {
    let session = app.session()?;
    let project = match &request.project {
        Some(project) => Some(find_project(&session, project)?.id),
        None => None,
    };
    let mut matches: Vec<Match<'_>> =
        project.iter().map(|project| Match::Is("project", project.as_str())).collect();
    match request.state.as_deref() {
        None | Some("all") => {}
        Some("live") => matches.push(Match::In(
            "state",
            vec!["requested", "preparing", "provisioning", "submitted", "running", "verifying"],
        )),
        Some(state @ ("succeeded" | "failed" | "cancelled")) => matches.push(Match::Is("state", state)),
        Some("unclean") => {
            matches.push(Match::In("state", vec!["succeeded", "failed", "cancelled"]));
            matches.push(Match::In("cleanup", vec!["required", "in-progress"]));
        }
        Some(other) => {
            return Err(Failure::said(Code::Usage, said!("no-run-state", other = other.to_string())));
        }
    }
    for (column, wanted) in [("target", &request.target), ("kind", &request.kind)] {
        if let Some(wanted) = wanted {
            matches.push(Match::Is(column, wanted));
        }
    }
    page_of(&session, "runs", matches, &request.page, "-key", |session, run: Run| run_row(session, &run))
}

fn run_row(session: &Session, run: &Run) -> Result<RunRow, Failure> {
    let project: governance::registry::Project = session.row("projects", "project", run.project.as_str())?;
    let about = crate::workflow::about(session, Some(&run.version))?;
    let until = run.ended_at.unwrap_or_else(|| session.now());
    Ok(RunRow {
        id: run.id.to_string(),
        kind: run.kind.name().to_owned(),
        project: run.project.to_string(),
        project_name: project.name.to_string(),
        version_label: about.map(|about| about.label).unwrap_or_default(),
        version: run.version.to_string(),
        target: run.target.clone(),
        state: run.state.name().to_owned(),
        reason: (run.state == RunState::Failed)
            .then(|| run.stages.last().map(|stage| retold(session.words(), &stage.detail)))
            .flatten(),
        cleanup: run.cleanup.name().to_owned(),
        closed: run.closed(),
        rehearsal: is_rehearsal(session, run)?,
        estimate: run.estimate.as_ref().map(cloud::price_row),
        cost: run.cost.as_ref().map(cloud::price_row),
        requested_by: run.requested_by.to_string(),
        requested_at: run.requested_at.to_string(),
        ended_at: run.ended_at.map(|at| at.to_string()),
        duration_s: until.duration_since(run.requested_at).as_secs_f64(),
    })
}

/// A run with everything its page shows.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn show(app: &App, request: RunOf) -> Result<RunPage, Failure> {
    let session = app.session()?;
    let run = find(&session, &request.run)?;
    let files = if run.kind == RunKind::Migrate {
        let version: Version = session.row("versions", "version", run.version.as_str())?;
        let reading = outputs::reading(&session, &version).await?;
        crate::registry::file_rows(&reading)
    } else {
        Vec::new()
    };
    let words = session.words();
    Ok(RunPage {
        key: run.key.clone(),
        bucket: Some(run.bucket.clone()),
        instance: match &run.cause {
            Some(Cause::Effect { instance, .. }) => Some(instance.to_string()),
            _ => None,
        },
        stages: run
            .stages
            .iter()
            .map(|stage| StageRow {
                state: stage.state.name().to_owned(),
                at: stage.at.to_string(),
                detail: retold(words, &stage.detail),
            })
            .collect(),
        outputs: run
            .outputs
            .iter()
            .map(|output| OutputRow {
                name: output.name.clone(),
                path: output.path.clone(),
                verified: output.problem.is_none(),
                rows: output.rows,
                digest: output.digest.as_ref().map(ToString::to_string),
                problem: output.problem.as_deref().map(|problem| retold(words, problem)),
            })
            .collect(),
        files,
        metrics: run
            .metrics
            .iter()
            .map(|(name, value)| MetricRow { name: name.clone(), value: *value })
            .collect(),
        cancellable: !run.state.ended() && run.cancel_asked.is_none(),
        stop_asked_by: run.cancel_asked.as_ref().map(ToString::to_string),
        endpoint: run.endpoint.clone(),
        command: run.command.clone(),
        runtime: run.runtime.clone(),
        args: run.args.clone(),
        properties: run.properties.clone(),
        cleanup_detail: retold(words, &run.cleanup_detail),
        cleanup_at: run.cleanup_at.map(|at| at.to_string()),
        trigger: match &run.cause {
            Some(Cause::Object { name, generation }) => {
                Some(format!("gs://{}/{name}#{generation}", run.bucket))
            }
            _ => None,
        },
        registered: retrain::registered(&session, &run)?.map(|version| version.id.to_string()),
        deadline_s: run.deadline_s,
        run: run_row(&session, &run)?,
    })
}

/// A piece of a run's log: while it runs, from the engine; afterwards from the blob that was kept.
///
/// # Errors
/// [`Code::NotFound`]; whatever the engine's sign-in fails with while it runs.
pub async fn log(app: &App, request: ReadLog) -> Result<LogChunk, Failure> {
    let session = app.session()?;
    let run = find(&session, &request.run)?;
    log_of(&session, &run, request.from, request.errors_from).await
}

async fn log_of(session: &Session, run: &Run, from: u64, errors_from: u64) -> Result<LogChunk, Failure> {
    const CHUNK: usize = 256 * 1024;
    if let Some(digest) = &run.log {
        let bytes = kept_log(session, digest).await?;
        let from = usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len());
        let to = (from + CHUNK).min(bytes.len());
        return Ok(LogChunk {
            text: String::from_utf8_lossy(&bytes[from..to]).into_owned(),
            next: to as u64,
            errors_next: errors_from,
            size: Some(bytes.len() as u64),
            ended: to == bytes.len(),
        });
    }
    if run.kind == RunKind::Migrate {
        let (text, next) = drive::Told::read(session, run, from, CHUNK)?;
        return Ok(LogChunk { text, next, errors_next: errors_from, size: None, ended: run.state.ended() });
    }
    let key: RunKey = run.key.parse().map_err(|error| from_runs(&error))?;
    let endpoint = run.endpoint.as_deref();
    let carried = cloud::carrier(session, &run.target, endpoint, &run.bucket, &[], &run.properties);
    let nothing = || LogChunk {
        text: String::new(),
        next: from,
        errors_next: errors_from,
        size: None,
        ended: run.state.ended(),
    };
    let carrier = match carried {
        Ok(carrier) => carrier,
        // A sandbox that was stopped, or a target that is gone: what the run has said cannot be read now.
        Err(failure) if matches!(failure.code, Code::Offline | Code::NotFound) => return Ok(nothing()),
        Err(failure) => return Err(failure),
    };
    let Some(output) = piece_of_log(&carrier.engine, &key, LogStream::Output, from).await? else {
        return Ok(nothing());
    };
    let Some(errors) = piece_of_log(&carrier.engine, &key, LogStream::Engine, errors_from).await? else {
        return Ok(nothing());
    };
    let (marked, taken) = script_errors(&errors.text, errors.complete);
    Ok(LogChunk {
        text: output.text + &marked,
        next: output.next_offset,
        errors_next: errors_from + taken as u64,
        size: None,
        ended: output.complete && errors.complete && run.state.ended(),
    })
}

/// A log that was kept, whole: a page asks for it piece by piece, and it is read and compared with its digest once.
async fn kept_log(session: &Session, digest: &governance::Digest) -> Result<Arc<Vec<u8>>, Failure> {
    if let Some(bytes) = session.log_read(digest) {
        return Ok(bytes);
    }
    let bytes = Arc::new(session.blob(digest, 256 << 20).await?);
    session.keep_log(digest, &bytes);
    Ok(bytes)
}

/// A piece of a log; nothing where the engine has none now.
async fn piece_of_log(
    engine: &::runs::Engine,
    key: &RunKey,
    stream: LogStream,
    from: u64,
) -> Result<Option<::runs::LogChunk>, Failure> {
    match engine.logs(key, stream, from).await {
        Ok(chunk) => Ok(Some(chunk)),
        Err(::runs::Error::NotFound { .. }) => Ok(None),
        Err(error) if error.is_transient() => Ok(None),
        Err(error) => Err(from_runs(&error)),
    }
}

/// What the script itself wrote to its standard error, each line marked, and how many bytes were read for it. The engine's
/// own lines, which begin with a time and a level, are left out; a line that is not whole yet is left for the next look.
fn script_errors(text: &str, complete: bool) -> (String, usize) {
    let whole = if complete { text.len() } else { text.rfind('\n').map_or(0, |at| at + 1) };
    // A line longer than a piece is shown in pieces rather than never.
    let whole = if whole == 0 && text.len() >= LINE_BYTES_MAX { text.len() } else { whole };
    let mut marked = String::new();
    for line in text[..whole].lines().filter(|line| !is_engines_own(line)) {
        marked.push_str(&format!("{STDERR_MARK}{line}\n"));
    }
    (marked, whole)
}

/// Spark's log4j lines (`26/11/27 02:08:34 INFO SparkContext: …`), and the notes before its logging begins.
fn is_engines_own(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let (day, time, level) = (words.next(), words.next(), words.next());
    let dated = day.is_some_and(|day| day.len() == 8 && day.bytes().filter(|b| *b == b'/').count() == 2)
        && time.is_some_and(|time| time.len() == 8 && time.bytes().filter(|b| *b == b':').count() == 2);
    let leveled = matches!(level, Some("TRACE" | "DEBUG" | "INFO" | "WARN"));
    (dated && leveled)
        || line.starts_with("WARNING: Using incubator modules")
        || line.starts_with("Using Spark's default log4j")
        || line.starts_with("Setting default log level")
        || line.starts_with("To adjust logging level")
}

/// Asks for a run to be stopped. Whoever carries it out stops the engine.
///
/// # Errors
/// [`Code::Refused`] when it has ended.
pub async fn cancel(app: &App, request: RunOf) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let run = find(&session, &request.run)?;
    let fact = Fact::RunCancelAsked(RunCancelAsked { run: run.id.clone() });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: run.id.to_string() })
}

/// What is asked for by hand.
pub(crate) struct Asked {
    pub(crate) kind: RunKind,
    pub(crate) target: Option<String>,
    pub(crate) bucket: Option<String>,
    pub(crate) rehearse: bool,
    pub(crate) args: Vec<String>,
    pub(crate) properties: std::collections::BTreeMap<String, String>,
    pub(crate) deadline_s: Option<u32>,
    pub(crate) remove_foreign: bool,
}

/// Asks for a training, scoring or retraining run by hand.
///
/// # Errors
/// [`Code::Refused`] when the version is not approved, or not migrated.
pub async fn submit(app: &App, request: SubmitRun) -> Result<Recorded, Failure> {
    let kind = run_kind(&request.kind)?;
    if kind == RunKind::Migrate {
        return Err(Failure::said(Code::Usage, said!("migration-no-job")));
    }
    let session = app.session()?;
    let version = find_version(&session, &request.version)?;
    let asked = Asked {
        kind,
        target: request.target,
        bucket: request.bucket,
        rehearse: request.rehearse,
        args: request.args,
        properties: request.properties,
        deadline_s: request.deadline_s,
        remove_foreign: false,
    };
    request_by_hand(&session, &version, &asked).await
}

async fn request_by_hand(session: &Session, version: &Version, asked: &Asked) -> Result<Recorded, Failure> {
    let mut fact = asked_fact(session, version, asked)?;
    fact.estimate = preflight::estimate(session, &fact).await?;
    let run = fact.run.clone();
    let written = session.record(&session.me()?, vec![Fact::RunRequested(fact)]).await?;
    Ok(Recorded { position: written.position, id: run.to_string() })
}

/// The request for a run that a person asked for; nothing is recorded yet.
///
/// # Errors
/// [`Code::Refused`] for properties and arguments that hold a credential.
pub(crate) fn asked_fact(
    session: &Session,
    version: &Version,
    asked: &Asked,
) -> Result<RunRequested, Failure> {
    secrets::refuse("run", &asked.properties, &asked.args)?;
    let built_in = if asked.kind == RunKind::Migrate { BUCKET } else { LOCAL_SPARK };
    let target = asked.target.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| built_in.to_owned());
    let own = cloud::target(session, &target)?.and_then(|target| target.endpoint);
    let endpoint = if asked.rehearse { Some(SANDBOX.to_owned()) } else { own };
    let bucket = match &asked.bucket {
        Some(bucket) if !bucket.trim().is_empty() => bucket_name(bucket),
        _ => migrated_to(session, version, endpoint.as_deref())?.unwrap_or_default(),
    };
    let mut fact = request(session, &new_id(), asked.kind, version, &target, &bucket, None);
    fact.endpoint = endpoint;
    fact.args.clone_from(&asked.args);
    fact.properties.clone_from(&asked.properties);
    fact.remove_foreign = asked.remove_foreign;
    if let Some(deadline_s) = asked.deadline_s {
        fact.deadline_s = checked_deadline(deadline_s)?;
    }
    fact.key = run_key(session, &fact);
    Ok(fact)
}

/// The bucket that a version was migrated to last, of those at an endpoint.
pub(crate) fn migrated_to(
    session: &Session,
    version: &Version,
    endpoint: Option<&str>,
) -> Result<Option<String>, Failure> {
    let migrations: Vec<(String, Migration)> =
        session.cache.having("migrations", "version", version.id.as_str())?;
    Ok(migrations
        .into_iter()
        .map(|(_, migration)| migration)
        .filter(|migration| migration.root == version.package.root)
        .filter(|migration| migration.endpoint.as_deref() == endpoint)
        .max_by_key(|migration| migration.at)
        .map(|migration| migration.bucket))
}

pub(crate) fn run_kind(text: &str) -> Result<RunKind, Failure> {
    [RunKind::Migrate, RunKind::Train, RunKind::Score, RunKind::Retrain]
        .into_iter()
        .find(|kind| kind.name() == text)
        .ok_or_else(|| Failure::said(Code::Usage, said!("no-run-kind", other = text)))
}

/// Whether a run goes to a sandbox instead of where its target is.
pub(crate) fn is_rehearsal(session: &Session, run: &Run) -> Result<bool, Failure> {
    if run.endpoint.as_deref() != Some(SANDBOX) {
        return Ok(false);
    }
    let target: Option<governance::runs::Target> = session.cache.get("targets", &run.target)?;
    Ok(target.is_none_or(|target| target.added.endpoint.as_deref() != Some(SANDBOX)))
}

/// Asks for a migration by hand.
///
/// # Errors
/// [`Code::Refused`] when the version is not approved.
pub async fn migrate(app: &App, request: MigrateVersion) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let version = find_version(&session, &request.version)?;
    let asked = Asked {
        kind: RunKind::Migrate,
        target: request.target,
        bucket: Some(request.bucket),
        rehearse: request.rehearse,
        args: Vec::new(),
        properties: std::collections::BTreeMap::new(),
        deadline_s: None,
        remove_foreign: request.remove_foreign,
    };
    request_by_hand(&session, &version, &asked).await
}

/// A request for a run on a target, at the target's own endpoint.
pub(crate) fn request(
    session: &Session,
    run: &RunId,
    kind: RunKind,
    version: &Version,
    target: &str,
    bucket: &str,
    cause: Option<Cause>,
) -> RunRequested {
    let mut request = RunRequested {
        run: run.clone(),
        kind,
        version: version.id.clone(),
        root: version.package.root.clone(),
        target: target.to_owned(),
        bucket: bucket.to_owned(),
        key: String::new(),
        cause,
        deadline_s: deadline_of(session, target),
        endpoint: None,
        args: Vec::new(),
        properties: std::collections::BTreeMap::new(),
        estimate: None,
        remove_foreign: false,
    };
    request.key = run_key(session, &request);
    request
}

/// Seconds after which a run on a target has failed, as the target says.
fn deadline_of(session: &Session, target: &str) -> u32 {
    // A target that is not there is for the rules to refuse.
    let named = cloud::target(session, target).ok().flatten();
    named.and_then(|target| target.deadline_s).unwrap_or(DEADLINE_S)
}

/// A limit that a run can have.
///
/// # Errors
/// [`Code::Usage`] for less than a minute or more than 14 days.
pub(crate) fn checked_deadline(deadline_s: u32) -> Result<u32, Failure> {
    if (60..=14 * 24 * 3600).contains(&deadline_s) {
        return Ok(deadline_s);
    }
    Err(Failure::said(Code::Usage, said!("run-no-limit", seconds = deadline_s.to_string())))
}

/// The name the engine knows a run by: the same cause gives the same name, on whichever desk.
pub(crate) fn run_key(session: &Session, request: &RunRequested) -> String {
    let mut of = match &request.cause {
        None => request.run.to_string(),
        Some(Cause::Effect { effect, .. }) => effect.clone(),
        Some(Cause::Object { name, generation }) => format!("{}/{name}#{generation}", request.bucket),
    };
    if let Some(endpoint) = &request.endpoint {
        // The same bucket and generation in two clouds are two objects.
        of = format!("{endpoint} {of}");
    }
    RunKey::derive(&[&session.id(), request.kind.name(), &of, request.root.as_str()]).to_string()
}

pub(crate) fn find(session: &Session, text: &str) -> Result<Run, Failure> {
    if let Some(run) = session.cache.get("runs", text)? {
        return Ok(run);
    }
    match session.cache.keys_beginning("runs", text, 2)?.as_slice() {
        [only] if text.len() >= 4 => session.row("runs", "run", only),
        _ => Err(Failure::not_found("run", text)),
    }
}

/// A bucket as people write it: `gs://name`, `name`, or the URL of a folder.
pub(crate) fn bucket_name(text: &str) -> String {
    let text = text.trim().trim_end_matches('/');
    text.strip_prefix("gs://").unwrap_or(text).to_owned()
}

pub(crate) fn spark(home: &std::path::Path, buckets: &Buckets) -> LocalSpark {
    let target = LocalSpark::new(home.join("spark"), buckets.clone());
    match std::env::var_os(ENVIRONMENTS) {
        Some(folder) if !folder.is_empty() => target.with_environments(folder),
        _ => target,
    }
}

/// What cannot be reached now is asked again later: the run waits for it.
pub(crate) fn unreached(error: &::runs::Error) -> Failure {
    let mut failure = from_runs(error);
    if error.is_transient() {
        failure.code = Code::Offline;
    }
    failure
}

pub(crate) fn from_runs(error: &::runs::Error) -> Failure {
    use ::runs::Error;
    // What stands in `why` is in the words of whoever answered.
    let (code, said) = match error {
        Error::MissingJdk { looked, remedy } => {
            (Code::Missing, said!("runs-missing-jdk", looked = looked, remedy = remedy))
        }
        Error::MissingPython { path, why, remedy } => {
            let path = path.display().to_string();
            (Code::Missing, said!("runs-missing-python", path = path, why = why, remedy = remedy))
        }
        Error::Pip { requirements, why, remedy } => {
            (Code::Missing, said!("runs-pip", requirements = requirements, why = why, remedy = remedy))
        }
        Error::NotFound { what } => (Code::NotFound, said!("runs-not-found", what = what)),
        Error::Denied { what, why } => (Code::Denied, said!("runs-denied", what = what, why = why)),
        Error::Io { doing, path, source } => {
            let path = path.display().to_string();
            (Code::Denied, said!("runs-io", doing = *doing, path = path, why = source.to_string()))
        }
        Error::Corrupt { what, why } => (Code::Verification, said!("runs-corrupt", what = what, why = why)),
        Error::Invalid { what, why } => (Code::Refused, said!("runs-refused", what = what, why = why)),
        Error::Unsupported { what, why } => {
            (Code::Refused, said!("runs-unsupported", what = what, why = why))
        }
        Error::Conflict { what, why } => (Code::Failed, said!("runs-conflict", what = what, why = why)),
        Error::Stale { place, names } => {
            (Code::Failed, said!("runs-stale", place = place, count = names.len(), names = names.join(", ")))
        }
        Error::Offline { what, why } => (Code::Failed, said!("runs-offline", what = what, why = why)),
        Error::Stopped { what } => (Code::Failed, said!("runs-stopped", what = what)),
        other => (Code::Failed, said!("runs-failed", detail = other.to_string())),
    };
    Failure::said(code, said).because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceback_streams_marked_and_the_engines_own_lines_do_not() {
        let text = "26/11/27 02:08:34 INFO SparkContext: Running\nSetting default log level to \"WARN\".\n\
                    Traceback (most recent call last):\n  File \"train.py\", line 1\n26/11/27 02:08:35 ERROR Executor: x\nValueErr";
        let (marked, taken) = script_errors(text, false);
        assert_eq!(
            marked,
            "stderr| Traceback (most recent call last):\nstderr|   File \"train.py\", line 1\n\
             stderr| 26/11/27 02:08:35 ERROR Executor: x\n"
        );
        assert_eq!(&text[taken..], "ValueErr", "a line that is not whole is left for the next look");
        assert_eq!(script_errors("ValueErr", true), ("stderr| ValueErr\n".to_owned(), 8));
        assert_eq!(script_errors("ValueErr", false), (String::new(), 0));
    }
}
