//! Carries one run from its intent to its end, a fact at each step, picking it up wherever an earlier desk left it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::runs::migration::Stop;
use ::runs::{
    FailureReason, Location, LogStream, Progress, RunFile, RunKey, RunSpec, State as EngineState, Target as _,
};
use governance::fact::{Fact, Level, NoticePosted, OutputFound, RunKind, RunMoved, RunState};
use governance::registry::Version;
use governance::runs::Run;
use governance::{MemberName, Role};

use super::{from_runs, migrate, outputs, spark};
use crate::ids::new_id;
use crate::session::{Session, parse};
use crate::{Code, Failure};

/// Time between two looks at a running job.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A log that is kept is this large at most; of a longer one the end is kept.
const LOG_BYTES_MAX: usize = 32 << 20;
/// Roles that hear of migrations and failed runs.
const ENGINEERS: [Role; 2] = [Role::DataEngineer, Role::DevOps];

/// Where the lines of a migration are kept while it is under way.
pub(crate) fn progress_key(run: &Run) -> String {
    format!("progress/{}", run.id)
}

/// Drives a run to its end. Returns when it has ended, or when this desk cannot go on now.
///
/// # Errors
/// When the workspace cannot be written; what goes wrong with the run itself is recorded as its end.
pub(crate) async fn drive(session: &Arc<Session>, run: &Run, by: &MemberName) -> Result<(), Failure> {
    let ended = match run.kind {
        RunKind::Migrate => drive_migration(session, run, by).await,
        RunKind::Train | RunKind::Score => drive_job(session, run, by).await,
    };
    match ended {
        Ok(()) => Ok(()),
        // The workspace could not be reached: the run goes on when it can.
        Err(failure) if matches!(failure.code, Code::Offline | Code::Conflict) => Err(failure),
        Err(failure) => {
            let hint = if failure.hint.is_empty() { String::new() } else { format!(" {}", failure.hint) };
            finish(
                session,
                run,
                by,
                RunState::Failed,
                format!("{}{hint}", failure.message),
                Vec::new(),
                BTreeMap::new(),
                None,
            )
            .await
        }
    }
}

async fn drive_migration(session: &Arc<Session>, run: &Run, by: &MemberName) -> Result<(), Failure> {
    if cancel_asked(session, run)? {
        return finish(
            session,
            run,
            by,
            RunState::Cancelled,
            "stopped before it began".to_owned(),
            Vec::new(),
            BTreeMap::new(),
            None,
        )
        .await;
    }
    if run.state < RunState::Running {
        moved(session, run, by, RunState::Running, format!("uploading to {}", run.bucket)).await?;
    }
    let lines = Arc::new(Mutex::new(String::new()));
    let stop = Arc::new(Stop::default());
    let watching = {
        let (session, run, stop) = (Arc::clone(session), run.clone(), Arc::clone(&stop));
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK_EVERY).await;
                if session.catch_up().await.is_ok() && cancel_asked(&session, &run).unwrap_or(false) {
                    stop.ask();
                    return;
                }
            }
        })
    };
    let progress = {
        let (lines, session, key) = (Arc::clone(&lines), Arc::clone(session), progress_key(run));
        move |step: Progress| {
            let mut lines = lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let count = step.done.map(|(done, of)| format!(" ({done} of {of})")).unwrap_or_default();
            lines.push_str(&format!("{}{count}\n", step.line));
            // The page of the run shows these lines; losing one loses nothing.
            let _ = session.desk.set(&key, &lines);
            session.tell(&["runs"]);
        }
    };
    let carried = migrate::carry_out(session, run, &stop, &progress).await;
    watching.abort();
    let text = lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let log = session.put_blob(text.into_bytes()).await?;
    match carried {
        Ok(proven) => {
            if session.row::<Run>("runs", "run", run.id.as_str())?.state < RunState::Verifying {
                moved(session, run, by, RunState::Verifying, "reading back every object".to_owned()).await?;
            }
            let label = label(session, run)?;
            let notice = Fact::NoticePosted(NoticePosted {
                notice: new_id(),
                to: engineers(session, by)?,
                title: format!("Migration finished: {label}"),
                body: proven.summary.clone(),
                link: Some(format!("/runs/{}", run.id)),
                level: Level::Success,
            });
            let facts = vec![
                Fact::MigrationVerified(proven.fact.clone()),
                Fact::RunMoved(RunMoved {
                    run: run.id.clone(),
                    state: RunState::Succeeded,
                    detail: proven.summary,
                    outputs: Vec::new(),
                    metrics: BTreeMap::new(),
                    log: Some(log),
                }),
                notice,
            ];
            session.record(by, facts).await?;
            Ok(())
        }
        Err(failure) if cancel_asked(session, run)? => {
            let why = format!("stopped on request; {}", failure.message);
            finish(session, run, by, RunState::Cancelled, why, Vec::new(), BTreeMap::new(), Some(log)).await
        }
        Err(failure) => {
            let why = format!("{} {}", failure.message, failure.hint);
            finish(
                session,
                run,
                by,
                RunState::Failed,
                why.trim().to_owned(),
                Vec::new(),
                BTreeMap::new(),
                Some(log),
            )
            .await
        }
    }
}

async fn drive_job(session: &Arc<Session>, run: &Run, by: &MemberName) -> Result<(), Failure> {
    let version: Version = session.row("versions", "version", run.version.as_str())?;
    let package = outputs::reading(session, &version).await?;
    let spec = spec(run, &package)?;
    let buckets = super::buckets(session)?;
    let target = spark(&session.home, &buckets);
    if run.state < RunState::Submitted {
        if cancel_asked(session, run)? {
            return finish(
                session,
                run,
                by,
                RunState::Cancelled,
                "stopped before it began".to_owned(),
                Vec::new(),
                BTreeMap::new(),
                None,
            )
            .await;
        }
        if run.state < RunState::Preparing {
            moved(
                session,
                run,
                by,
                RunState::Preparing,
                "making the environment and staging the approved files".to_owned(),
            )
            .await?;
        }
        let told = Arc::clone(session);
        let submission =
            target.submit(&spec, &move |_| told.tell(&["runs"])).await.map_err(|error| from_runs(&error))?;
        moved(
            session,
            run,
            by,
            RunState::Submitted,
            format!("{}; {}", submission.engine_job, submission.runtime.join(", ")),
        )
        .await?;
    }
    let mut state = session.row::<Run>("runs", "run", run.id.as_str())?.state;
    let mut cancelling = false;
    let observation = loop {
        // Others write meanwhile, a wish to stop among them; offline desks go on with what they know.
        let _ = session.catch_up().await;
        if !cancelling && cancel_asked(session, run)? {
            cancelling = true;
            target.cancel(&spec.key).await.map_err(|error| from_runs(&error))?;
        }
        let observation = target.advance(&spec).await.map_err(|error| from_runs(&error))?;
        if observation.state == EngineState::Running && state < RunState::Running {
            moved(session, run, by, RunState::Running, observation.engine_state.clone()).await?;
            state = RunState::Running;
        }
        if observation.state.is_end() || observation.state == EngineState::Verifying {
            break observation;
        }
        session.tell(&["runs"]);
        tokio::time::sleep(LOOK_EVERY).await;
    };
    let log = session.put_blob(whole_log(&target, &spec.key).await?).await?;
    match observation.state {
        EngineState::Cancelled => {
            finish(
                session,
                run,
                by,
                RunState::Cancelled,
                "stopped on request".to_owned(),
                Vec::new(),
                BTreeMap::new(),
                Some(log),
            )
            .await
        }
        EngineState::Failed { reason } => {
            finish(
                session,
                run,
                by,
                RunState::Failed,
                reason.to_string(),
                Vec::new(),
                BTreeMap::new(),
                Some(log),
            )
            .await
        }
        _ => {
            moved(session, run, by, RunState::Verifying, "reading the declared outputs".to_owned()).await?;
            verify(session, run, by, &spec, &buckets, observation.started_at, log).await
        }
    }
}

async fn verify(
    session: &Arc<Session>,
    run: &Run,
    by: &MemberName,
    spec: &RunSpec,
    buckets: &::runs::bucket::Buckets,
    started_at: Option<jiff::Timestamp>,
    log: governance::Digest,
) -> Result<(), Failure> {
    if spec.outputs.is_empty() {
        let why = "the package's configuration declares no outputs, so nothing can be verified; name them under `output`";
        return finish(
            session,
            run,
            by,
            RunState::Failed,
            why.to_owned(),
            Vec::new(),
            BTreeMap::new(),
            Some(log),
        )
        .await;
    }
    let bucket = super::bucket(session, &run.bucket)?;
    let mut expected = Vec::new();
    for output in &spec.outputs {
        expected
            .push(outputs::read_as_found(output.clone(), &bucket).await.map_err(|error| from_runs(&error))?);
    }
    let since = started_at.unwrap_or(run.requested_at);
    let verified =
        ::runs::outputs::verify(&expected, buckets, None, since).await.map_err(|error| from_runs(&error))?;
    let proofs = match verified {
        Ok(proofs) => proofs,
        Err(reason) => {
            let problem = match &reason {
                FailureReason::Output { message } => message.clone(),
                other => other.to_string(),
            };
            let found = vec![OutputFound {
                name: "outputs".to_owned(),
                path: format!("gs://{}", run.bucket),
                rows: None,
                digest: None,
                problem: Some(problem.clone()),
            }];
            return finish(session, run, by, RunState::Failed, problem, found, BTreeMap::new(), Some(log))
                .await;
        }
    };
    let mut metrics = BTreeMap::new();
    for proof in &proofs {
        if let Some(serde_json::Value::Object(fields)) = &proof.document {
            metrics.extend(fields.iter().filter_map(|(name, value)| Some((name.clone(), value.as_f64()?))));
        }
    }
    let found = proofs
        .into_iter()
        .map(|proof| {
            Ok(OutputFound {
                name: proof.name,
                path: proof.at,
                rows: proof.rows,
                digest: Some(parse("digest", &format!("sha256:{}", proof.sha256))?),
                problem: None,
            })
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let summary = found
        .iter()
        .map(|output| match output.rows {
            Some(rows) => format!("{}: {rows} rows", output.name),
            None => output.name.clone(),
        })
        .collect::<Vec<_>>()
        .join(", ");
    finish(session, run, by, RunState::Succeeded, format!("verified {summary}"), found, metrics, Some(log))
        .await
}

/// What to run: the approved script with the digest it must have, the configuration beside it, the outputs it declares.
fn spec(run: &Run, package: &packages::Package) -> Result<RunSpec, Failure> {
    let role = match run.kind {
        RunKind::Score => packages::Role::Score,
        _ => packages::Role::Train,
    };
    let main = match run.kind {
        RunKind::Score => package.score_entry(),
        _ => package.file_with_role(&role),
    };
    let main = main.ok_or_else(|| {
        Failure::new(
            Code::Refused,
            format!("the package has no file with the role `{role}`"),
            "Add the script, or say in `fileMetadata.json` which file it is.",
        )
    })?;
    let file = |entry: &packages::FileEntry| -> Result<RunFile, Failure> {
        let digest = entry.sha256.trim_start_matches("sha256:");
        Ok(RunFile {
            from: Location::Object {
                bucket: run.bucket.clone(),
                name: format!("{}/{}", migrate::MODEL_FOLDER, entry.path),
            },
            sha256: Some(digest.parse().map_err(|error| from_runs(&error))?),
        })
    };
    let configuration =
        outputs::configuration(package).and_then(|configuration| package.file(&configuration.file));
    let mut args = Vec::new();
    let mut files = Vec::new();
    if let Some(configuration) = configuration {
        let name = configuration.path.rsplit('/').next().unwrap_or(&configuration.path);
        args.extend(["--configfile".to_owned(), format!("./{name}")]);
        files.push(file(configuration)?);
    }
    let requirements = package
        .requirements
        .as_ref()
        .map(|requirements| {
            requirements
                .packages
                .iter()
                .map(|requirement| format!("{}{}", requirement.name, requirement.specifier))
                .collect()
        })
        .unwrap_or_default();
    Ok(RunSpec {
        key: run.key.parse().map_err(|error| from_runs(&error))?,
        main: file(main)?,
        args,
        files,
        properties: BTreeMap::new(),
        environment: BTreeMap::new(),
        requirements,
        outputs: outputs::expected(package, run.kind).into_iter().map(|(_, output)| output).collect(),
        deadline_s: u64::from(run.deadline_s),
        labels: BTreeMap::from([
            ("countersign-run".to_owned(), run.id.to_string().to_lowercase()),
            ("countersign-version".to_owned(), run.version.to_string().to_lowercase()),
        ]),
    })
}

async fn whole_log(target: &::runs::local::LocalSpark, key: &RunKey) -> Result<Vec<u8>, Failure> {
    let mut text = String::new();
    for stream in [LogStream::Output, LogStream::Engine] {
        let mut from = 0;
        loop {
            let chunk = match target.logs(key, stream, from).await {
                Ok(chunk) => chunk,
                Err(::runs::Error::NotFound { .. }) => break,
                Err(error) => return Err(from_runs(&error)),
            };
            text.push_str(&chunk.text);
            if chunk.text.len() + text.len() > LOG_BYTES_MAX * 2 || chunk.next_offset == from {
                break;
            }
            from = chunk.next_offset;
        }
        if stream == LogStream::Output {
            text.push_str("\n--- engine ---\n");
        }
    }
    if text.len() > LOG_BYTES_MAX {
        let from =
            (text.len() - LOG_BYTES_MAX..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text = format!("[the beginning was cut]\n{}", &text[from..]);
    }
    Ok(text.into_bytes())
}

fn cancel_asked(session: &Session, run: &Run) -> Result<bool, Failure> {
    Ok(session.row::<Run>("runs", "run", run.id.as_str())?.cancel_asked.is_some())
}

async fn moved(
    session: &Session,
    run: &Run,
    by: &MemberName,
    state: RunState,
    detail: String,
) -> Result<(), Failure> {
    let fact = Fact::RunMoved(RunMoved {
        run: run.id.clone(),
        state,
        detail,
        outputs: Vec::new(),
        metrics: BTreeMap::new(),
        log: None,
    });
    session.record(by, vec![fact]).await?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one end of a run, with everything that is known of it")]
async fn finish(
    session: &Session,
    run: &Run,
    by: &MemberName,
    state: RunState,
    detail: String,
    outputs: Vec<OutputFound>,
    metrics: BTreeMap<String, f64>,
    log: Option<governance::Digest>,
) -> Result<(), Failure> {
    let mut facts = vec![Fact::RunMoved(RunMoved {
        run: run.id.clone(),
        state,
        detail: detail.clone(),
        outputs,
        metrics,
        log,
    })];
    let told = match state {
        RunState::Failed => {
            Some((format!("Run failed: {} of {}", run.kind.name(), label(session, run)?), Level::Failure))
        }
        RunState::Succeeded => {
            Some((format!("Run finished: {} of {}", run.kind.name(), label(session, run)?), Level::Success))
        }
        _ => None,
    };
    if let Some((title, level)) = told {
        facts.push(Fact::NoticePosted(NoticePosted {
            notice: new_id(),
            to: engineers(session, by)?,
            title,
            body: detail.chars().take(300).collect(),
            link: Some(format!("/runs/{}", run.id)),
            level,
        }));
    }
    session.record(by, facts).await?;
    Ok(())
}

/// Data engineers and DevOps engineers; whoever carries the run out, where there are none.
fn engineers(session: &Session, by: &MemberName) -> Result<BTreeSet<MemberName>, Failure> {
    let mut to = crate::people::holders(session, &ENGINEERS)?;
    if to.is_empty() {
        to.insert(by.clone());
    }
    Ok(to)
}

fn label(session: &Session, run: &Run) -> Result<String, Failure> {
    Ok(crate::workflow::about(session, Some(&run.version))?.map(|about| about.label).unwrap_or_default())
}
