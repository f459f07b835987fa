//! Drives a job over whatever engine its target is.
//!
//! Before the first call that could leave something behind, the ledger says that something may have to be removed. Every
//! call carries the run's key, so that after a crash, or an answer that was lost, the same call finds the first one's
//! effect instead of making a second.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::runs::{Error, FailureReason, LogStream, Observation, RunSpec, State as EngineState, Target as _};
use governance::MemberName;
use governance::fact::{Cleanup, Fact, OutputFound, RunMoved, RunState};
use governance::registry::Version;
use governance::runs::Run;
use words::said;

use super::super::cloud::{Carrier, carrier};
use super::super::retold::written;
use super::super::{from_runs, job_spec, outputs};
use super::pace::Pace;
use super::{End, Whose, cleaned, cleanup, finish, fresh, moved, record_step, tell_once};
use crate::Failure;
use crate::session::{Session, parse};

/// Of each stream of a log so much is kept at most; of a longer one the end.
const STREAM_BYTES_MAX: usize = 16 << 20;
/// The longest that making the engine ready may take, in seconds, whatever its own limit.
const PROVISIONING_S: i64 = 2 * 3600;
/// The longest that a job may wait to be started, in seconds.
const STARTING_S: i64 = 2 * 3600;
/// Seconds beyond its own limit after which a job is stopped from here: the engine had its time to do it.
const GRACE_S: i64 = 600;
/// Time between two looks at what others have written.
const WISHES_EVERY: std::time::Duration = std::time::Duration::from_millis(500);
/// Part of its limit after which a job is said to be late.
const LATE_PERCENT: i64 = 80;
/// Time between two tries to say that a state is unknown; the ledger takes the first.
const UNKNOWN_EVERY: std::time::Duration = std::time::Duration::from_secs(3600);
/// The longest that an engine may not answer, in seconds, before the run has failed.
const SILENCE_S: i64 = 3600;

pub(super) async fn drive(
    session: &Arc<Session>,
    run: &Run,
    by: &MemberName,
    whose: Whose,
) -> Result<(), Failure> {
    if run.state == RunState::Requested && super::cancel_asked(session, run)? {
        // Nothing was made yet, and whether its place can be reached makes no difference.
        return finish(session, run, by, End::said(RunState::Cancelled, &said!("went-stopped-before"))).await;
    }
    let version: Version = session.row("versions", "version", run.version.as_str())?;
    let package = outputs::reading(session, &version).await?;
    let spec = match run.state {
        state if state < RunState::Running => job_spec::placed(session, run, &package).await?,
        _ => job_spec::of(session, run, &package)?,
    };
    let (endpoint, requirements) = (run.endpoint.as_deref(), &spec.requirements);
    let carrier = carrier(session, &run.target, endpoint, &run.bucket, requirements, &run.properties)?;
    if run.state < RunState::Submitted && !hand_over(session, run, by, &carrier, &spec, whose).await? {
        return Ok(());
    }
    // Another desk may have come to its end first.
    let Some(seen) = watch(session, run, by, &carrier, &spec, whose).await? else { return Ok(()) };
    conclude(session, run, by, &carrier, &spec, seen).await
}

/// Hands the run to its engine, or finds that an earlier desk did. `false` when it ended instead.
async fn hand_over(
    session: &Arc<Session>,
    run: &Run,
    by: &MemberName,
    carrier: &Carrier,
    spec: &RunSpec,
    whose: Whose,
) -> Result<bool, Failure> {
    let there = fresh(session, run)?;
    if there.cancel_asked.is_some() {
        // An earlier desk may have handed it over and ended before it could say so: the engine knows.
        let handed_over = match carrier.engine.observe(&spec.key).await {
            Ok(_) => there.cleanup != Cleanup::NotNeeded,
            Err(Error::NotFound { .. }) => false,
            Err(error) if error.is_transient() => return Err(unreachable(&error)),
            Err(error) => return Err(from_runs(&error)),
        };
        if !handed_over {
            finish(session, run, by, End::said(RunState::Cancelled, &said!("went-stopped-before"))).await?;
        }
        return Ok(handed_over);
    }
    if there.state < RunState::Preparing {
        let step = RunMoved::to(run.id.clone(), RunState::Preparing, written(&said!("went-preparing")));
        let facts =
            vec![Fact::RunMoved(step), cleaned(run, Cleanup::Required, &said!("cleanup-required-of"))];
        record_step(session, run, by, facts, |there| there.state >= RunState::Preparing).await?;
    }
    let told = Arc::clone(session);
    match carrier.engine.submit(spec, &move |_| told.tell(&["runs"])).await {
        Ok(submission) => {
            let step = RunMoved {
                command: Some(submission.command),
                runtime: submission.runtime.clone(),
                ..RunMoved::to(
                    run.id.clone(),
                    RunState::Provisioning,
                    format!("{}; {}", submission.engine_job, submission.runtime.join(", ")),
                )
            };
            if fresh(session, run)?.state < RunState::Provisioning {
                let facts = vec![Fact::RunMoved(step)];
                record_step(session, run, by, facts, |there| there.state >= RunState::Provisioning).await?;
            }
            Ok(true)
        }
        Err(error) if whose == Whose::Another => Err(from_runs(&error)),
        Err(error) if error.is_transient() && waited_s(session, &there) < SILENCE_S => {
            Err(unreachable(&error))
        }
        Err(error) => {
            let failure = from_runs(&error);
            let reason = FailureReason::Preparation { message: failure.to_string() };
            finish(session, run, by, End::said(RunState::Failed, &failed(&reason))).await?;
            Ok(false)
        }
    }
}

/// Watches until the engine is done with the run, one way or another; nothing when another desk has ended it here.
async fn watch(
    session: &Arc<Session>,
    run: &Run,
    by: &MemberName,
    carrier: &Carrier,
    spec: &RunSpec,
    whose: Whose,
) -> Result<Option<Observation>, Failure> {
    let mut pace = Pace::of(carrier.distance, &run.key);
    let mut cancelled = false;
    let mut silent_since = None;
    let (mut at, mut there) = (session.head()?.position, fresh(session, run)?);
    loop {
        // Others write meanwhile, a wish to stop among them; one look of this desk is enough for all its runs. Offline desks
        // go on with what they know.
        if session.is_time("wishes of others", WISHES_EVERY) {
            let _ = session.catch_up().await;
        }
        // What nothing was written after has not changed: two hundred runs are not read two hundred times to find that.
        let head = session.head()?.position;
        if head != at {
            (at, there) = (head, fresh(session, run)?);
        }
        if there.state.ended() {
            return Ok(None);
        }
        if there.cancel_asked.is_some() && !cancelled {
            match carrier.engine.cancel(&spec.key).await {
                Ok(()) => cancelled = true,
                Err(Error::NotFound { .. }) => cancelled = true,
                Err(error) if error.is_transient() => {}
                Err(error) => return Err(from_runs(&error)),
            }
            pace.hurry();
        }
        match carrier.engine.advance(spec).await {
            Ok(seen) => {
                silent_since = None;
                if seen.state.is_end() || seen.state == EngineState::Verifying {
                    return Ok(Some(seen));
                }
                if let Some(state) = recorded_as(&seen.state).filter(|state| *state > there.state) {
                    moved(session, run, by, state, seen.engine_state.clone()).await?;
                    pace.hurry();
                } else if let Some(limit_s) = overdue(session, &there) {
                    return stop_overdue(carrier, spec, seen, limit_s).await.map(Some);
                }
                say_if_late(session, run, by, &there).await?;
                say_if_unknown(session, run, by, &seen).await?;
            }
            // It was stopped before it had a job, and what was made for it is gone.
            Err(Error::NotFound { .. }) if there.cancel_asked.is_some() => {
                return Ok(Some(ended_as(EngineState::Cancelled)));
            }
            Err(Error::NotFound { what }) => {
                let message = written(&said!("went-lost", what = what));
                return Ok(Some(failed_as(FailureReason::Lost { message })));
            }
            Err(error) if error.is_transient() => {
                let since = *silent_since.get_or_insert_with(|| session.now());
                if session.now().duration_since(since).as_secs() > SILENCE_S {
                    if whose == Whose::Another {
                        return Err(unreachable(&error));
                    }
                    let message =
                        written(&said!("went-silent", seconds = SILENCE_S, why = error.to_string()));
                    return Ok(Some(failed_as(FailureReason::Lost { message })));
                }
            }
            // What this desk may not see is there all the same.
            Err(error) if whose == Whose::Another => return Err(from_runs(&error)),
            Err(error) => {
                let message = error.to_string();
                return Ok(Some(failed_as(FailureReason::Engine { message })));
            }
        }
        pace.wait().await;
    }
}

/// Writes down how it ended. The deletion of what it made is asked for first: reading the outputs needs no cluster.
async fn conclude(
    session: &Arc<Session>,
    run: &Run,
    by: &MemberName,
    carrier: &Carrier,
    spec: &RunSpec,
    seen: Observation,
) -> Result<(), Failure> {
    if seen.state == EngineState::Verifying && fresh(session, run)?.state < RunState::Verifying {
        moved(session, run, by, RunState::Verifying, written(&said!("went-reading-outputs"))).await?;
    }
    let log = match whole_log(carrier, spec).await {
        Ok(log) => Some(session.put_blob(log).await?),
        // A run is judged by its outputs, not by whether its log could be read.
        Err(_) => None,
    };
    cleanup::begin(session, run, by, carrier, spec).await?;
    let end = match seen.state {
        EngineState::Cancelled if asked_to_stop(session, run).await? => {
            End::said(RunState::Cancelled, &said!("went-stopped-asked"))
        }
        EngineState::Cancelled => End::said(RunState::Failed, &said!("went-stopped-elsewhere")),
        EngineState::Failed { reason } => End::said(RunState::Failed, &failed(&reason)),
        _ => verify(session, run, carrier, spec, seen.started_at).await?,
    };
    finish(session, run, by, end.with_log(log)).await
}

/// Whether anybody asked for the run to be stopped, here or at another desk.
async fn asked_to_stop(session: &Session, run: &Run) -> Result<bool, Failure> {
    // A desk that is offline goes by what it knows.
    let _ = session.catch_up().await;
    super::cancel_asked(session, run)
}

async fn verify(
    session: &Arc<Session>,
    run: &Run,
    carrier: &Carrier,
    spec: &RunSpec,
    started_at: Option<jiff::Timestamp>,
) -> Result<End, Failure> {
    if spec.outputs.is_empty() {
        return Ok(End::said(RunState::Failed, &said!("went-no-outputs")));
    }
    let bucket = super::super::cloud::bucket_at(session, &run.target, run.endpoint.as_deref(), &run.bucket)?;
    let mut expected = Vec::new();
    for output in &spec.outputs {
        match outputs::read_as_found(output.clone(), &bucket).await {
            Ok(output) => expected.push(output),
            Err(error) if error.is_transient() => return Err(unreachable(&error)),
            Err(error) => return Err(from_runs(&error)),
        }
    }
    let since = started_at.unwrap_or(run.requested_at);
    let examined = match ::runs::outputs::examine(&expected, &carrier.buckets, None, since).await {
        Err(error) if error.is_transient() => return Err(unreachable(&error)),
        other => other.map_err(|error| from_runs(&error))?,
    };
    let mut metrics = BTreeMap::new();
    for proof in examined.iter().flatten() {
        if let Some(serde_json::Value::Object(fields)) = &proof.document {
            metrics.extend(fields.iter().filter_map(|(name, value)| Some((name.clone(), value.as_f64()?))));
        }
    }
    let found = expected
        .iter()
        .zip(examined)
        .map(|(output, examined)| {
            let (rows, digest, problem) = match examined {
                Ok(proof) => (proof.rows, Some(parse("digest", &format!("sha256:{}", proof.sha256))?), None),
                Err(why) => (None, None, Some(why)),
            };
            Ok(OutputFound { name: output.name.clone(), path: output.at.to_string(), rows, digest, problem })
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let problems: Vec<String> = found
        .iter()
        .filter_map(|one| {
            let problem = one.problem.as_deref()?;
            Some(written(&said!(
                "went-output-wrong",
                output = &one.name,
                problem = problem,
                path = &one.path
            )))
        })
        .collect();
    if !problems.is_empty() {
        return Ok(End { outputs: found, ..End::of(RunState::Failed, problems.join("; ")) });
    }
    let summary = found
        .iter()
        .map(|output| match output.rows {
            Some(rows) => format!("{}: {rows} rows", output.name),
            None => output.name.clone(),
        })
        .collect::<Vec<_>>()
        .join(", ");
    let verified = End::said(RunState::Succeeded, &said!("went-verified", outputs = summary));
    Ok(End { outputs: found, metrics, ..verified })
}

/// The state that an observation of a living run is recorded as.
fn recorded_as(state: &EngineState) -> Option<RunState> {
    match state {
        EngineState::Provisioning => Some(RunState::Provisioning),
        EngineState::Submitted => Some(RunState::Submitted),
        EngineState::Running => Some(RunState::Running),
        _ => None,
    }
}

/// Seconds since the run is in its state.
fn waited_s(session: &Session, run: &Run) -> i64 {
    run.stages.last().map_or(0, |stage| session.now().duration_since(stage.at).as_secs())
}

/// The limit of its state, when the run is in it for longer: whatever the engine says, nothing waits for ever.
fn overdue(session: &Session, run: &Run) -> Option<i64> {
    let limit_s = match run.state {
        RunState::Requested | RunState::Preparing | RunState::Provisioning => PROVISIONING_S,
        RunState::Submitted => STARTING_S,
        _ => i64::from(run.deadline_s) + GRACE_S,
    };
    (waited_s(session, run) > limit_s).then_some(limit_s)
}

async fn stop_overdue(
    carrier: &Carrier,
    spec: &RunSpec,
    seen: Observation,
    limit_s: i64,
) -> Result<Observation, Failure> {
    match carrier.engine.cancel(&spec.key).await {
        Ok(()) | Err(Error::NotFound { .. }) => {}
        // It is asked for again by its cleanup.
        Err(error) if error.is_transient() => {}
        Err(error) => return Err(from_runs(&error)),
    }
    let reason = FailureReason::Deadline { limit_s: limit_s.unsigned_abs() };
    Ok(Observation { state: EngineState::Failed { reason }, ..seen })
}

/// Why it failed, to be said.
pub(crate) fn failed(reason: &FailureReason) -> words::Said {
    match reason {
        FailureReason::Preparation { message } => said!("run-failed-preparation", message = message),
        FailureReason::ExitCode { code } => said!("run-failed-exit", code = *code),
        FailureReason::Signal { signal } => said!("run-failed-signal", signal = *signal),
        FailureReason::Deadline { limit_s } => said!("run-failed-deadline", limit = *limit_s),
        FailureReason::Engine { message } => said!("run-failed-engine", message = message),
        FailureReason::Lost { message } => said!("run-failed-lost", message = message),
        FailureReason::Output { message } => said!("finding-detail", detail = message),
    }
}

fn failed_as(reason: FailureReason) -> Observation {
    ended_as(EngineState::Failed { reason })
}

fn ended_as(state: EngineState) -> Observation {
    Observation {
        state,
        engine_state: String::new(),
        is_unknown: false,
        engine_job: None,
        exit_code: None,
        started_at: None,
        ended_at: None,
        cleanup: ::runs::Cleanup::Required,
    }
}

async fn say_if_late(session: &Session, run: &Run, by: &MemberName, there: &Run) -> Result<(), Failure> {
    let (ran_s, limit_s) = (waited_s(session, there), i64::from(run.deadline_s));
    if there.state != RunState::Running || ran_s * 100 < limit_s * LATE_PERCENT {
        return Ok(());
    }
    let body = said!("notice-late-body", ran = ran_s / 60, limit = limit_s / 60);
    let since = there.stages.last().map_or(run.requested_at, |stage| stage.at);
    let due = since + jiff::SignedDuration::from_secs(limit_s * LATE_PERCENT / 100);
    tell_once(session, by, run, said!("notice-cloud-run-late"), due, &body).await
}

/// A word of the engine that this version does not know may mean anything: a person looks, once a run.
async fn say_if_unknown(
    session: &Session,
    run: &Run,
    by: &MemberName,
    seen: &Observation,
) -> Result<(), Failure> {
    if !seen.is_unknown || !session.is_time(&format!("unknown state of {}", run.id), UNKNOWN_EVERY) {
        return Ok(());
    }
    let body = said!("notice-unknown-body", word = &seen.engine_state, limit = run.deadline_s / 60);
    tell_once(session, by, run, said!("notice-cloud-run-unknown"), run.requested_at, &body).await
}

/// A desk that cannot reach the engine leaves the run as it is: it, or another, goes on with it.
fn unreachable(error: &Error) -> Failure {
    let mut failure = from_runs(error);
    failure.code = crate::Code::Offline;
    failure
}

/// Both streams, of each the end.
async fn whole_log(carrier: &Carrier, spec: &RunSpec) -> Result<Vec<u8>, Error> {
    let mut text = String::new();
    for stream in [LogStream::Output, LogStream::Engine] {
        let mut from = 0;
        let mut tail = Tail::of(STREAM_BYTES_MAX);
        loop {
            let chunk = match carrier.engine.logs(&spec.key, stream, from).await {
                Ok(chunk) => chunk,
                Err(Error::NotFound { .. }) => break,
                Err(error) => return Err(error),
            };
            tail.push(&chunk.text);
            if chunk.next_offset == from {
                break;
            }
            from = chunk.next_offset;
        }
        text.push_str(&tail.end());
        if stream == LogStream::Output {
            text.push_str("\n--- engine ---\n");
        }
    }
    Ok(text.into_bytes())
}

/// The end of a text of any length, which never takes more than twice its own room.
struct Tail {
    text: String,
    bytes_max: usize,
    is_cut: bool,
}

impl Tail {
    fn of(bytes_max: usize) -> Self {
        Self { text: String::new(), bytes_max, is_cut: false }
    }

    fn push(&mut self, more: &str) {
        self.text.push_str(more);
        if self.text.len() > self.bytes_max * 2 {
            self.cut();
        }
    }

    /// Leaves the beginning out, up to a whole line where there is one.
    fn cut(&mut self) {
        let least = self.text.len().saturating_sub(self.bytes_max);
        if least == 0 {
            return;
        }
        let at =
            (least..self.text.len()).find(|at| self.text.is_char_boundary(*at)).unwrap_or(self.text.len());
        let line = self.text[at..].find('\n').map_or(at, |line| at + line + 1);
        self.text.drain(..line);
        self.is_cut = true;
    }

    fn end(mut self) -> String {
        self.cut();
        if self.is_cut { format!("[the beginning was cut]\n{}", self.text) } else { self.text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_log_that_is_too_long_the_end_is_kept() {
        for (pieces, expected) in [
            (&["one\n", "two\n"][..], "one\ntwo\n"),
            (&["first line\n", "second\n", "third\n", "the end"], "[the beginning was cut]\nthe end"),
            (&["à long line without any end of its own"], "[the beginning was cut]\n any end of its own"),
        ] {
            let mut tail = Tail::of(if pieces.len() == 1 { 19 } else { 12 });
            pieces.iter().for_each(|piece| tail.push(piece));
            assert_eq!(tail.end(), expected);
        }
        // Far more than is kept goes through, and the last of it is there.
        let mut tail = Tail::of(1000);
        for number in 0..10_000 {
            tail.push(&format!("line {number}\n"));
            assert!(tail.text.len() <= 2100);
        }
        assert!(tail.end().ends_with("line 9998\nline 9999\n"));
    }
}
