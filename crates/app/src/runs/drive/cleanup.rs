//! What a run made is removed, and the other side's answer that it is not there is the only proof.

use std::sync::Arc;

use ::runs::engine::Lived;
use ::runs::{Cleanup as Seen, Error, RunKey, RunSpec, Target as _};
use governance::MemberName;
use governance::fact::{Cleanup, Fact, Price, RunCleaned, RunState};
use governance::runs::{Run, SANDBOX};
use words::said;

use super::super::cloud::{Carrier, carrier, price};
use super::super::retold::{self, written};
use super::super::{from_runs, prices};
use super::pace::Pace;
use super::{cleaned, fresh, record_step, tell_once};
use crate::session::Session;
use crate::{Code, Failure};

/// Seconds after which a removal that is not proven is said to leak.
const LEAKS_S: i64 = 900;
/// Seconds that one desk goes on without a proof before it lets the next look go on with it.
const TURN_S: u64 = 600;

/// Asks for the removal once, without waiting for it; what cannot be reached now is asked again by [`prove`].
pub(super) async fn begin(
    session: &Session,
    run: &Run,
    by: &MemberName,
    carrier: &Carrier,
    spec: &RunSpec,
) -> Result<(), Failure> {
    intend(session, run, by).await?;
    match carrier.engine.cleanup(&spec.key).await {
        Ok(_) => Ok(()),
        // What stands in the way is seen again, and said, where the proof is waited for.
        Err(_) => Ok(()),
    }
}

/// Says that the removal is about to be asked for.
async fn intend(session: &Session, run: &Run, by: &MemberName) -> Result<(), Failure> {
    if fresh(session, run)?.cleanup == Cleanup::Required {
        let facts = vec![cleaned(run, Cleanup::InProgress, &said!("cleanup-asking"))];
        record_step(session, run, by, facts, |there| there.cleanup != Cleanup::Required).await?;
    }
    Ok(())
}

/// Goes on until the removal is proven: then the run is closed, and what it cost is known.
pub(super) async fn prove(session: &Arc<Session>, run: &Run, by: &MemberName) -> Result<(), Failure> {
    let carrier = carrier(session, &run.target, run.endpoint.as_deref(), &run.bucket, &[], &run.properties)?;
    let key: RunKey = run.key.parse().map_err(|error| from_runs(&error))?;
    intend(session, run, by).await?;
    let mut pace = Pace::of(carrier.distance, &run.key);
    let end = tokio::time::Instant::now() + std::time::Duration::from_secs(TURN_S);
    loop {
        let why = match carrier.engine.cleanup(&key).await {
            // An engine that never heard of the run has nothing of it.
            Ok(Seen::Proven | Seen::NotNeeded) | Err(Error::NotFound { .. }) => {
                return close(session, run, by, &carrier, &key).await;
            }
            Ok(Seen::InProgress) => written(&said!("cleanup-deleting")),
            Ok(Seen::Required) => {
                // The job still runs: a run that has ended here is stopped there.
                match carrier.engine.cancel(&key).await {
                    Ok(()) | Err(Error::NotFound { .. }) => written(&said!("cleanup-stopping")),
                    Err(error) => error.to_string(),
                }
            }
            Err(error) => error.to_string(),
        };
        let there = fresh(session, run)?;
        let since = there.cleanup_at.unwrap_or(run.requested_at);
        let waited = session.now().duration_since(since).as_secs();
        if waited > LEAKS_S {
            let body = said!("notice-leaking-body", minutes = waited / 60, why = retold::value(&why));
            let due = since + jiff::SignedDuration::from_secs(LEAKS_S);
            tell_once(session, by, run, said!("notice-cloud-run-leaking"), due, &body).await?;
        }
        if tokio::time::Instant::now() > end {
            return Err(Failure::new(Code::Offline, why, "The next look goes on with it."));
        }
        pace.wait().await;
    }
}

async fn close(
    session: &Session,
    run: &Run,
    by: &MemberName,
    carrier: &Carrier,
    key: &RunKey,
) -> Result<(), Failure> {
    let fact = Fact::RunCleaned(RunCleaned {
        run: run.id.clone(),
        cleanup: Cleanup::Proven,
        detail: written(&said!("cleanup-nothing-there")),
        cost: cost(session, run, carrier, key).await?,
    });
    match session.record(by, vec![fact]).await {
        Ok(_) => Ok(()),
        // Another desk proved it first.
        Err(failure) if failure.code == Code::Refused => Ok(()),
        Err(failure) => Err(failure),
    }
}

/// What it cost, by the engine's own times where it still tells them; nothing for a rehearsal.
async fn cost(
    session: &Session,
    run: &Run,
    carrier: &Carrier,
    key: &RunKey,
) -> Result<Option<Price>, Failure> {
    let run = fresh(session, run)?;
    if run.endpoint.as_deref() == Some(SANDBOX) {
        return Ok(None);
    }
    let at = |state| run.stages.iter().find(|stage| stage.state == state).map(|stage| stage.at);
    // The record of a job or batch outlives what it ran on.
    let seen = carrier.engine.observe(key).await.ok();
    let lived = Lived {
        // It is recorded once the engine has taken the request.
        made: at(RunState::Provisioning),
        started: seen.as_ref().and_then(|seen| seen.started_at).or_else(|| at(RunState::Running)),
        ended: seen.as_ref().and_then(|seen| seen.ended_at).or_else(|| at(RunState::Verifying)),
        gone: session.now(),
        limit_s: u64::from(run.deadline_s),
    };
    Ok(carrier.billing.measured(&prices::table(&session.desk)?, &lived).map(|cost| price(&cost)))
}
