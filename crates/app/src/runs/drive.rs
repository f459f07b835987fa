//! Carries one run from its intent to its end, a fact at each step, picking it up wherever an earlier desk left it.
//!
//! ```text
//! requested ─► preparing + cleanup required ─► the engine's calls, each under the run's key ─► verifying ─► end
//!                                                                cleanup in progress ─► deletion ─► proven: closed
//! ```

mod cleanup;
mod job;
mod migration;
mod pace;

pub(crate) use pace::Pace;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use governance::fact::{
    Cleanup, Fact, Level, NoticePosted, OutputFound, RunCleaned, RunKind, RunMoved, RunState,
};
use governance::runs::Run;
use governance::{MemberName, Role};
use words::{Said, Words, said};

use super::retrain;
use crate::ids::{derived_id, new_id};
use crate::session::Session;
use crate::{Code, Failure};

/// Roles that hear of migrations, failed runs and leaks.
const ENGINEERS: [Role; 2] = [Role::DataEngineer, Role::DevOps];
/// Characters of a reason that a notice repeats.
const NOTICE_CHARS: usize = 300;

/// Where the lines of a migration are kept while it is under way.
pub(crate) fn progress_key(run: &Run) -> String {
    format!("progress/{}", run.id)
}

/// How a run ended.
pub(super) struct End {
    state: RunState,
    detail: String,
    outputs: Vec<OutputFound>,
    metrics: BTreeMap<String, f64>,
    log: Option<governance::Digest>,
}

impl End {
    fn of(state: RunState, detail: impl Into<String>) -> Self {
        Self { state, detail: detail.into(), outputs: Vec::new(), metrics: BTreeMap::new(), log: None }
    }

    fn with_log(self, log: Option<governance::Digest>) -> Self {
        Self { log, ..self }
    }
}

/// Drives a run to its end, and until nothing it made is there any more. Returns when it is closed, or when this desk
/// cannot go on now.
///
/// # Errors
/// When the workspace cannot be written; what goes wrong with the run itself is recorded as its end.
pub(crate) async fn drive(session: &Arc<Session>, run: &Run, by: &MemberName) -> Result<(), Failure> {
    if !run.state.ended() {
        let ended = match run.kind {
            RunKind::Migrate => migration::drive(session, run, by).await,
            RunKind::Train | RunKind::Score | RunKind::Retrain => job::drive(session, run, by).await,
        };
        match ended {
            Ok(()) => {}
            // The workspace, or the sandbox, could not be reached: the run goes on when it can.
            Err(failure) if may_go_on(session, run, &failure) => return Err(failure),
            Err(failure) => {
                let hint = if failure.hint.is_empty() { String::new() } else { format!(" {}", failure.hint) };
                let end = End::of(RunState::Failed, format!("{}{hint}", failure.message));
                finish(session, run, by, end).await?;
            }
        }
    }
    let run = fresh(session, run)?;
    if run.kind == RunKind::Retrain && run.state == RunState::Succeeded {
        retrain::register(session, &run, by).await?;
    }
    if run.state.ended() && !run.cleanup.closes() {
        cleanup::prove(session, &run, by).await?;
    }
    Ok(())
}

/// Whether a run waits for what could not be reached, or has waited for longer than it may take in all.
fn may_go_on(session: &Session, run: &Run, failure: &Failure) -> bool {
    let waited = session.now().duration_since(run.requested_at).as_secs();
    match failure.code {
        Code::Conflict => true,
        Code::Offline => waited < i64::from(run.deadline_s) + pace::WAIT_S,
        _ => false,
    }
}

fn fresh(session: &Session, run: &Run) -> Result<Run, Failure> {
    session.row("runs", "run", run.id.as_str())
}

fn cancel_asked(session: &Session, run: &Run) -> Result<bool, Failure> {
    Ok(fresh(session, run)?.cancel_asked.is_some())
}

async fn moved(
    session: &Session,
    run: &Run,
    by: &MemberName,
    state: RunState,
    detail: impl Into<String>,
) -> Result<(), Failure> {
    session.record(by, vec![Fact::RunMoved(RunMoved::to(run.id.clone(), state, detail))]).await?;
    Ok(())
}

fn cleaned(run: &Run, cleanup: Cleanup, detail: impl Into<String>) -> Fact {
    Fact::RunCleaned(RunCleaned { run: run.id.clone(), cleanup, detail: detail.into(), cost: None })
}

async fn finish(session: &Session, run: &Run, by: &MemberName, end: End) -> Result<(), Failure> {
    let mut facts = vec![Fact::RunMoved(RunMoved {
        outputs: end.outputs,
        metrics: end.metrics,
        log: end.log,
        ..RunMoved::to(run.id.clone(), end.state, end.detail.clone())
    })];
    let told = match end.state {
        RunState::Failed => Some((said!("notice-run-failed"), Level::Failure)),
        RunState::Succeeded => Some((said!("notice-run-finished"), Level::Success)),
        _ => None,
    };
    if let Some((title, level)) = told {
        facts.push(notice(session, by, new_id(), about(session, run, title)?, &end.detail, run, level)?);
    }
    session.record(by, facts).await?;
    Ok(())
}

/// The title of a notice with what it is about: the kind of run and the version.
fn about(session: &Session, run: &Run, title: Said) -> Result<Said, Failure> {
    let kind = Said::new(format!("run-kind-{}", run.kind.name()));
    Ok(title.with("kind", kind).with("label", label(session, run)?))
}

/// A notice to the engineers, about a run. What was rehearsed says so.
fn notice(
    session: &Session,
    by: &MemberName,
    id: governance::NoticeId,
    title: Said,
    body: &str,
    run: &Run,
    level: Level,
) -> Result<Fact, Failure> {
    let title =
        if super::is_rehearsal(session, run)? { said!("notice-rehearsal", title = title) } else { title };
    Ok(Fact::NoticePosted(NoticePosted {
        notice: id,
        to: engineers(session, by)?,
        title: Words::english().say(&title),
        body: body.chars().take(NOTICE_CHARS).collect(),
        link: Some(format!("/runs/{}", run.id)),
        level,
        title_said: serde_json::to_value(&title).ok(),
        body_said: None,
    }))
}

/// Tells the engineers something of a run, once whoever sees it: `since` is the same for everybody.
async fn tell_once(
    session: &Session,
    by: &MemberName,
    run: &Run,
    title: Said,
    since: jiff::Timestamp,
    body: &str,
) -> Result<(), Failure> {
    let id = derived_id(since, &[&title.id, &session.id(), run.id.as_str()]);
    let fact = notice(session, by, id, about(session, run, title)?, body, run, Level::Warning)?;
    match session.record(by, vec![fact]).await {
        Ok(_) => Ok(()),
        // It was told already.
        Err(failure) if failure.code == Code::Refused => Ok(()),
        Err(failure) => Err(failure),
    }
}

/// Data engineers and DevOps engineers; whoever carries the run out, where there are none.
pub(crate) fn engineers(session: &Session, by: &MemberName) -> Result<BTreeSet<MemberName>, Failure> {
    let mut to = crate::people::holders(session, &ENGINEERS)?;
    if to.is_empty() {
        to.insert(by.clone());
    }
    Ok(to)
}

fn label(session: &Session, run: &Run) -> Result<String, Failure> {
    Ok(crate::workflow::about(session, Some(&run.version))?.map(|about| about.label).unwrap_or_default())
}
