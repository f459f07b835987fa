//! Carries one run from its intent to its end, a fact at each step, picking it up wherever an earlier desk left it.
//!
//! ```text
//! requested ─► preparing + cleanup required ─► the engine's calls, each under the run's key ─► verifying ─► end
//!                                                                cleanup in progress ─► deletion ─► proven: closed
//! ```

mod cleanup;
pub(crate) mod job;
mod migration;
mod pace;
mod told;

pub(crate) use pace::Pace;
pub(crate) use told::Told;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use governance::fact::{
    Cleanup, Fact, Level, NoticePosted, OutputFound, RunCleaned, RunKind, RunMoved, RunState,
};
use governance::runs::Run;
use governance::{MemberName, Role};
use words::{Said, Words, said};

use super::retold::{kept, written};
use super::retrain;
use crate::ids::{derived_id, new_id};
use crate::session::Session;
use crate::{Code, Failure};

/// Roles that hear of migrations, failed runs and leaks.
const ENGINEERS: [Role; 2] = [Role::DataEngineer, Role::DevOps];
/// Characters of a reason that a notice repeats.
const NOTICE_CHARS: usize = 300;

/// Whose run is driven here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A member of this desk asked for it.
    Own,
    /// Its own desk is silent. What this desk alone cannot do, or may not, is no end of the run.
    Another,
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
    /// An end for a reason that is ours to say.
    fn said(state: RunState, why: &Said) -> Self {
        Self::of(state, written(why))
    }

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
pub(crate) async fn drive(
    session: &Arc<Session>,
    run: &Run,
    by: &MemberName,
    whose: Whose,
) -> Result<(), Failure> {
    if !run.state.ended() {
        let ended = match run.kind {
            RunKind::Migrate => migration::drive(session, run, by, whose).await,
            RunKind::Train | RunKind::Score | RunKind::Retrain => job::drive(session, run, by, whose).await,
        };
        match ended {
            Ok(()) => {}
            Err(failure) if whose == Whose::Another => return Err(failure),
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
    let mut registered = Ok(());
    if run.kind == RunKind::Retrain && run.state == RunState::Succeeded && may_register(session, by)? {
        registered = retrain::register(session, &run, by).await;
    }
    // What was made is removed whether or not the new version could be registered.
    if run.state.ended() && !run.cleanup.closes() {
        cleanup::prove(session, &run, by).await?;
    }
    registered
}

/// Whether a member may register what a retraining made; otherwise a desk where somebody may does it when it looks.
fn may_register(session: &Session, by: &MemberName) -> Result<bool, Failure> {
    let member: governance::people::Member = session.row("members", "member", by.as_str())?;
    Ok(member.may(governance::Deed::CarryOut))
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
    detail: String,
) -> Result<(), Failure> {
    let step = Fact::RunMoved(RunMoved::to(run.id.clone(), state, detail));
    record_step(session, run, by, vec![step], |there| there.state >= state).await
}

/// Records a step, unless it has been taken: another desk may drive the same run.
async fn record_step(
    session: &Session,
    run: &Run,
    by: &MemberName,
    facts: Vec<Fact>,
    is_taken: impl Fn(&Run) -> bool,
) -> Result<(), Failure> {
    match session.record(by, facts).await {
        Ok(_) => Ok(()),
        Err(failure) if failure.code == Code::Refused && is_taken(&fresh(session, run)?) => Ok(()),
        Err(failure) => Err(failure),
    }
}

fn cleaned(run: &Run, cleanup: Cleanup, detail: &Said) -> Fact {
    Fact::RunCleaned(RunCleaned { run: run.id.clone(), cleanup, detail: written(detail), cost: None })
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
    record_step(session, run, by, facts, |there| there.state.ended()).await
}

/// The title of a notice with what it is about: the kind of run and the version.
fn about(session: &Session, run: &Run, title: Said) -> Result<Said, Failure> {
    let kind = Said::new(format!("run-kind-{}", run.kind.name()));
    Ok(title.with("kind", kind).with("label", label(session, run)?))
}

/// A notice to the engineers and to whoever asked for the run, about it. What was rehearsed says so.
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
    let mut to = engineers(session, by)?;
    to.insert(run.requested_by.clone());
    Ok(Fact::NoticePosted(NoticePosted {
        notice: id,
        to,
        title: Words::english().say(&title),
        body: body.chars().take(NOTICE_CHARS).collect(),
        link: Some(format!("/runs/{}", run.id)),
        level,
        title_said: serde_json::to_value(&title).ok(),
        body_said: kept(body),
        mailed_by: None,
    }))
}

/// Tells the engineers something of a run, once whoever sees it: `since` is the same for everybody.
async fn tell_once(
    session: &Session,
    by: &MemberName,
    run: &Run,
    title: Said,
    since: jiff::Timestamp,
    body: &Said,
) -> Result<(), Failure> {
    let id = derived_id(since, &[&title.id, &session.id(), run.id.as_str()]);
    let fact = notice(session, by, id, about(session, run, title)?, &written(body), run, Level::Warning)?;
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
