//! Which runs this desk drives: those that its own members asked for, and runs in the cloud whose own desk is silent.
//!
//! Nobody holds a run: the ledger's leases are for effects of processes. Two desks that drive the same run make the same
//! calls under the same key, the ledger takes each step once, and what this desk alone cannot do ends nobody's run.

use std::collections::BTreeMap;
use std::sync::Arc;

use governance::fact::{Cause, RunCancelAsked};
use governance::runs::{Run, SANDBOX, Target, is_attempt_at};
use governance::workflow::Instance;
use governance::{Fact, MemberName};

use crate::runs::{drive, sandbox};
use crate::session::Session;
use crate::{Code, Failure};

/// Seconds without a fact of a run after which its own desk is taken for gone, and any desk that carries out goes on with it.
/// A job that runs for hours is silent too: then two desks watch it, which costs some requests and changes nothing.
const SILENT_S: i64 = 1800;
/// Seconds between two looks for runs of desks that are gone.
const ABANDONED_EVERY_S: i64 = 30;

/// A run that is not closed, and whether a member of this desk asked for it.
struct Open {
    run: Run,
    whose: drive::Whose,
}

/// Every run that this desk is to drive: live ones, and ended ones that left something to remove.
fn open(session: &Session, carries_out: bool) -> Result<Vec<Open>, Failure> {
    let here = session.members_here()?;
    let mut open: BTreeMap<String, Open> = BTreeMap::new();
    let live = ["requested", "preparing", "provisioning", "submitted", "running", "verifying"];
    let looks = live
        .map(|state| ("state", state))
        .into_iter()
        .chain([("cleanup", "required"), ("cleanup", "in-progress")]);
    for (column, value) in looks {
        let runs: Vec<(String, Run)> = session.cache.having("runs", column, value)?;
        for (key, run) in runs {
            if here.contains(&run.requested_by) {
                open.insert(key, Open { run, whose: drive::Whose::Own });
            } else if carries_out && is_abandoned(session, &run)? {
                open.insert(key, Open { run, whose: drive::Whose::Another });
            }
        }
    }
    Ok(open.into_values().collect())
}

/// Whether a run is in the cloud, where any desk can go on with it, and its own desk has said nothing of it for long.
fn is_abandoned(session: &Session, run: &Run) -> Result<bool, Failure> {
    let heard = run.stages.last().map_or(run.requested_at, |stage| stage.at);
    let heard = run.cleanup_at.map_or(heard, |at| heard.max(at));
    // A sandbox is the desk's own.
    if session.now().duration_since(heard).as_secs() < SILENT_S || run.endpoint.as_deref() == Some(SANDBOX) {
        return Ok(false);
    }
    let target: Option<Target> = session.cache.get("targets", &run.target)?;
    Ok(target.is_some_and(|target| target.added.kind.is_cloud()))
}

/// Whether a run is under way for an effect that its process waits for no more: the process was cancelled, or left the
/// element by an event at its boundary. An incident of the effect still waits for it: whoever tries again finds the run.
fn is_unwanted(session: &Session, run: &Run) -> Result<bool, Failure> {
    let Some(Cause::Effect { instance, effect }) = &run.cause else { return Ok(false) };
    if run.state.ended() || run.cancel_asked.is_some() {
        return Ok(false);
    }
    let instance: Option<Instance> = session.cache.get("instances", instance.as_str())?;
    let Some(engine) = instance.map(|instance| instance.engine) else { return Ok(false) };
    let stopped = engine.incidents.values().filter_map(|incident| incident.effect.as_ref());
    Ok(!engine.effects.keys().chain(stopped).any(|key| is_attempt_at(effect, key)))
}

/// Who ends a process may not ask for runs, and so not for their end: the agent does, once, whichever desk is first.
async fn ask_to_stop(session: &Session, run: &Run, by: &MemberName) -> Result<(), Failure> {
    match session.record(by, vec![Fact::RunCancelAsked(RunCancelAsked { run: run.id.clone() })]).await {
        Ok(_) => Ok(()),
        Err(failure) if failure.code == Code::Refused => Ok(()),
        Err(failure) => Err(failure),
    }
}

/// Whether a run is open that some process at this desk is to drive, and that does not wait for a sandbox that is off.
pub(super) fn is_left(session: &Session) -> Result<bool, Failure> {
    let rehearses = sandbox::url(&session.desk)?.is_some();
    Ok(open(session, false)?.iter().any(|open| rehearses || open.run.endpoint.as_deref() != Some(SANDBOX)))
}

/// Begins to drive every run that is to be driven here, is not being driven already, and does not wait.
pub(super) async fn begin(session: &Arc<Session>, carrier: Option<&MemberName>) -> Result<usize, Failure> {
    let driven = || session.under_way.len();
    let all_driven = || session.all_driven.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let head = session.head()?.position;
    let part = session.now().as_second() / ABANDONED_EVERY_S;
    // Two hundred runs that wait are not read twice a second to find that all of them are being driven.
    if *all_driven() == Some((head, driven(), part)) {
        return Ok(0);
    }
    let mut begun = 0;
    let open = open(session, carrier.is_some())?;
    session.keep_waits(|key| open.iter().any(|open| open.run.key == key));
    // One that ends meanwhile makes the number another, and the next look reads them again.
    *all_driven() = Some((head, open.len(), part));
    for Open { run, whose } in open {
        // Before it is driven: what nobody waits for any more is not begun at all.
        if let Some(by) = carrier
            && is_unwanted(session, &run)?
        {
            ask_to_stop(session, &run, by).await?;
        }
        let waited = session.waited(&run.key);
        let drivers = session.drivers()?;
        if waited.is_some_and(|wait| !wait.is_over()) {
            continue;
        }
        let Some(under_way) = session.begin(&run.key) else { continue };
        // Going on with what waits is no new beginning.
        begun += usize::from(waited.is_none());
        let by = carrier.unwrap_or(&run.requested_by).clone();
        let driven = Arc::clone(session);
        drivers.drive(move || async move {
            let (session, key) = (driven, run.key.clone());
            let drives = Arc::clone(&session);
            // What panics is a fault of ours. It is told once, and picked up again as what cannot be recorded now is: at a
            // later look, for the run is still open.
            let done = tokio::task::spawn_local(async move { drive::drive(&drives, &run, &by, whose).await })
                .await
                .unwrap_or_else(|cause| {
                    let failure = Failure::internal("a run's driving was interrupted", &cause);
                    session.tell_problem("runs", failure.clone());
                    Err(failure)
                });
            session.wait_or_not(&key, done.is_err());
            drop(under_way);
            // What was recorded has been told; a look that found the same as before is no news.
            if done.is_ok() {
                session.tell(&["runs", "workflow"]);
            }
        });
    }
    Ok(begun)
}
