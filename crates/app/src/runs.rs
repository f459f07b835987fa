//! Runs: migrations, training, scoring.

pub(crate) mod drive;
mod migrate;
mod outputs;
pub(crate) mod triggers;
mod views;

use ::runs::bucket::{Bucket, Buckets};
use ::runs::local::LocalSpark;
use ::runs::{LogStream, RunKey, Target as _};
use cache::Match;
use governance::fact::{Cause, RunCancelAsked, RunKind, RunRequested, RunState};
use governance::registry::Version;
use governance::runs::Run;
use governance::{Fact, RunId};

pub use views::*;

use crate::ids::{new_id, now};
use crate::page::Page;
use crate::registry::{Recorded, find_project, find_version, page_of};
use crate::session::Session;
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// Seconds after which a run has failed, unless its request says otherwise.
pub(crate) const DEADLINE_S: u32 = 3600;
/// Name of the target that runs Spark on this machine.
pub(crate) const LOCAL_SPARK: &str = "local-spark";
/// Name of the target of a migration.
pub(crate) const BUCKET: &str = "bucket";
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
        Some(other) => {
            return Err(Failure::new(
                Code::Usage,
                format!("`{other}` is no state of a run"),
                "Use `live`, `succeeded`, `failed` or `cancelled`.",
            ));
        }
    }
    page_of(&session, "runs", matches, &request.page, "-key", |session, run: Run| run_row(session, &run))
}

fn run_row(session: &Session, run: &Run) -> Result<RunRow, Failure> {
    let project: governance::registry::Project = session.row("projects", "project", run.project.as_str())?;
    let about = crate::workflow::about(session, Some(&run.version))?;
    let until = run.ended_at.unwrap_or_else(now);
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
            .then(|| run.stages.last().map(|stage| stage.detail.clone()))
            .flatten(),
        // Neither a folder bucket nor local Spark leaves anything running behind an ended run.
        cleanup: "not-needed".to_owned(),
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
    let log = log_of(app, &session, &run, 0).await?;
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
                detail: stage.detail.clone(),
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
                problem: output.problem.clone(),
            })
            .collect(),
        files,
        metrics: run
            .metrics
            .iter()
            .map(|(name, value)| MetricRow { name: name.clone(), value: *value })
            .collect(),
        log_bytes: log.next,
        cancellable: !run.state.ended() && run.cancel_asked.is_none(),
        run: run_row(&session, &run)?,
    })
}

/// A piece of a run's log: while it runs, from the engine; afterwards from the blob that was kept.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn log(app: &App, request: ReadLog) -> Result<LogChunk, Failure> {
    let session = app.session()?;
    let run = find(&session, &request.run)?;
    log_of(app, &session, &run, request.from).await
}

async fn log_of(app: &App, session: &Session, run: &Run, from: u64) -> Result<LogChunk, Failure> {
    const CHUNK: usize = 256 * 1024;
    if let Some(digest) = &run.log {
        let bytes = session.blob(digest, 256 << 20).await?;
        let from = usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len());
        let to = (from + CHUNK).min(bytes.len());
        return Ok(LogChunk {
            text: String::from_utf8_lossy(&bytes[from..to]).into_owned(),
            next: to as u64,
            ended: to == bytes.len(),
        });
    }
    if run.kind == RunKind::Migrate {
        let text = session.desk.setting(&drive::progress_key(run))?.unwrap_or_default();
        let from = usize::try_from(from).unwrap_or(usize::MAX).min(text.len());
        let from = (0..=from).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        return Ok(LogChunk {
            text: text[from..].to_owned(),
            next: text.len() as u64,
            ended: run.state.ended(),
        });
    }
    let key: RunKey = run.key.parse().map_err(|error| from_runs(&error))?;
    let target = spark(&app.home, &buckets(session)?);
    match target.logs(&key, LogStream::Output, from).await {
        Ok(chunk) => Ok(LogChunk {
            text: chunk.text,
            next: chunk.next_offset,
            ended: chunk.complete && run.state.ended(),
        }),
        Err(::runs::Error::NotFound { .. }) => {
            Ok(LogChunk { text: String::new(), next: 0, ended: run.state.ended() })
        }
        Err(error) => Err(from_runs(&error)),
    }
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

/// Asks for a training or scoring run by hand.
///
/// # Errors
/// [`Code::Refused`] when the version is not approved, or not migrated.
pub async fn submit(app: &App, request: SubmitRun) -> Result<Recorded, Failure> {
    let kind = match request.kind.as_str() {
        "train" => RunKind::Train,
        "score" => RunKind::Score,
        other => {
            return Err(Failure::new(
                Code::Usage,
                format!("`{other}` is no kind of run"),
                "Use `train` or `score`.",
            ));
        }
    };
    let session = app.session()?;
    let version = find_version(&session, &request.version)?;
    let migrations: Vec<(String, governance::runs::Migration)> =
        session.cache.having("migrations", "version", version.id.as_str())?;
    let bucket = migrations
        .into_iter()
        .map(|(_, migration)| migration)
        .filter(|migration| migration.root == version.package.root)
        .max_by_key(|migration| migration.at)
        .map(|migration| migration.bucket)
        .unwrap_or_default();
    let run: RunId = new_id();
    let fact = request_fact(&session, &run, kind, &version, LOCAL_SPARK, &bucket, None);
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: run.to_string() })
}

/// Asks for a migration by hand.
///
/// # Errors
/// [`Code::Refused`] when the version is not approved.
pub async fn migrate(app: &App, request: MigrateVersion) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let version = find_version(&session, &request.version)?;
    let run: RunId = new_id();
    let bucket = bucket_name(&request.bucket);
    let fact = request_fact(&session, &run, RunKind::Migrate, &version, BUCKET, &bucket, None);
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: run.to_string() })
}

/// Where runs can go from this desk.
///
/// # Errors
/// When the desk file cannot be read.
pub async fn targets(app: &App, _request: Nothing) -> Result<Vec<TargetRow>, Failure> {
    let folder = crate::settings::bucket_folder(&app.desk, &app.home)?;
    let spark = spark(&app.home, &Buckets::of_folders_in(&folder).map_err(|error| from_runs(&error))?);
    let (ready, detail) = match spark.find_jdk() {
        Ok(jdk) => (true, format!("Java {} at {}", jdk.version, jdk.home.display())),
        Err(error) => (false, error.to_string()),
    };
    Ok(vec![
        TargetRow {
            name: LOCAL_SPARK.to_owned(),
            description:
                "Apache Spark on this machine, in a virtual environment that is made when it is first needed"
                    .to_owned(),
            ready,
            detail,
        },
        TargetRow {
            name: BUCKET.to_owned(),
            description: "Folder buckets of this desk".to_owned(),
            ready: folder.is_dir(),
            detail: if folder.is_dir() {
                folder.display().to_string()
            } else {
                format!(
                    "there is no folder `{}` yet; make it, and a folder in it for each bucket",
                    folder.display()
                )
            },
        },
    ])
}

pub(crate) fn request_fact(
    session: &Session,
    run: &RunId,
    kind: RunKind,
    version: &Version,
    target: &str,
    bucket: &str,
    cause: Option<Cause>,
) -> Fact {
    // The name the engine knows it by: the same cause gives the same name, on whichever desk.
    let of = match &cause {
        None => run.to_string(),
        Some(Cause::Effect { effect, .. }) => effect.clone(),
        Some(Cause::Object { name, generation }) => format!("{bucket}/{name}#{generation}"),
    };
    let key = RunKey::derive(&[&session.id(), kind.name(), &of, version.package.root.as_str()]);
    Fact::RunRequested(RunRequested {
        run: run.clone(),
        kind,
        version: version.id.clone(),
        root: version.package.root.clone(),
        target: target.to_owned(),
        bucket: bucket.to_owned(),
        key: key.to_string(),
        cause,
        deadline_s: DEADLINE_S,
    })
}

pub(crate) fn find(session: &Session, text: &str) -> Result<Run, Failure> {
    if let Some(run) = session.cache.get("runs", text)? {
        return Ok(run);
    }
    match session.cache.keys_beginning("runs", text, 2)?.as_slice() {
        [only] if text.len() >= 4 => session.row("runs", "run", only),
        _ => Err(Failure::not_found("run", text, "List the runs to see their identifiers.")),
    }
}

/// A bucket as people write it: `gs://name`, `name`, or the URL of a folder.
pub(crate) fn bucket_name(text: &str) -> String {
    let text = text.trim().trim_end_matches('/');
    text.strip_prefix("gs://").unwrap_or(text).to_owned()
}

/// The buckets this desk can reach.
pub(crate) fn buckets(session: &Session) -> Result<Buckets, Failure> {
    let folder = crate::settings::bucket_folder(&session.desk, &session.home)?;
    Buckets::of_folders_in(&folder).map_err(|error| from_runs(&error))
}

pub(crate) fn bucket(session: &Session, name: &str) -> Result<Bucket, Failure> {
    let buckets = buckets(session)?;
    let found = if name.starts_with("file:") { buckets.resolve(name) } else { buckets.get(name).cloned() };
    found.map_err(|error| match &error {
        ::runs::Error::NotFound { .. } => {
            let folder = crate::settings::bucket_folder(&session.desk, &session.home)
                .map(|folder| folder.display().to_string())
                .unwrap_or_default();
            Failure::new(
                Code::NotFound,
                format!("there is no bucket `{name}`"),
                format!("Create it first: a folder bucket is a folder of that name in `{folder}`."),
            )
        }
        _ => from_runs(&error),
    })
}

pub(crate) fn spark(home: &std::path::Path, buckets: &Buckets) -> LocalSpark {
    let target = LocalSpark::new(home.join("spark"), buckets.clone());
    match std::env::var_os(ENVIRONMENTS) {
        Some(folder) if !folder.is_empty() => target.with_environments(folder),
        _ => target,
    }
}

pub(crate) fn from_runs(error: &::runs::Error) -> Failure {
    use ::runs::Error;
    let (code, hint) = match error {
        Error::MissingJdk { .. } | Error::MissingPython { .. } | Error::Pip { .. } => (Code::Missing, ""),
        Error::NotFound { .. } => (Code::NotFound, ""),
        Error::Denied { .. } | Error::Io { .. } => {
            (Code::Denied, "Check the rights and the space on the disk.")
        }
        Error::Corrupt { .. } => (Code::Verification, ""),
        Error::Invalid { .. } | Error::Unsupported { .. } => (Code::Refused, ""),
        _ => (Code::Failed, "It is safe to try again."),
    };
    Failure::new(code, error.to_string(), hint).because(error)
}
