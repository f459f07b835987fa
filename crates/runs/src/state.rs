//! One state machine for every engine.
//!
//! ```text
//! requested → preparing → provisioning → submitted → running → verifying → succeeded
//!      └──────────┴────────────┴────────────┴───────────┴──────────┴──────→ failed(reason) │ cancelled
//! cleanup:  not needed │ required → in progress → proven        a run closes only when cleanup is proven
//! ```
//!
//! It is total. Every state an engine can report, including one it did not have when this was written, maps to
//! one of ours; an unknown word means "keep watching, the deadline stands" and never success. States are only
//! left forwards, and the three ends are never left.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a run stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// The intent is recorded; nothing was called.
    Requested,
    /// Here, before the engine hears of it: the environment is made, files are staged and checked.
    Preparing,
    /// The engine makes what the job needs (a cluster).
    Provisioning,
    /// The engine has the job and has not started it.
    Submitted,
    /// The script runs.
    Running,
    /// The engine says it succeeded; its outputs are not checked yet.
    Verifying,
    /// Its outputs are there and were read.
    Succeeded,
    /// It did not, for this reason.
    Failed {
        /// Why.
        reason: FailureReason,
    },
    /// Somebody stopped it.
    Cancelled,
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum FailureReason {
    /// It could not be started: no environment, a missing or changed file, a refusal by the engine.
    Preparation {
        /// What stood in the way.
        message: String,
    },
    /// The script ended with this exit code.
    ExitCode {
        /// The code.
        code: i32,
    },
    /// A signal nobody here sent ended it.
    Signal {
        /// The signal's number.
        signal: i32,
    },
    /// It ran longer than it may and was stopped.
    Deadline {
        /// The limit it had, in seconds.
        limit_s: u64,
    },
    /// The engine says it failed.
    Engine {
        /// In the engine's words.
        message: String,
    },
    /// It vanished and left no record of how it ended.
    Lost {
        /// What is known.
        message: String,
    },
    /// It ended well and an output is missing, empty, stale or unreadable (D-16).
    Output {
        /// Which, and what is wrong with it.
        message: String,
    },
}

/// Where the removal of what a run made stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cleanup {
    /// The run makes nothing that outlives it.
    NotNeeded,
    /// Something has to be removed.
    Required,
    /// Its removal was asked for.
    InProgress,
    /// The other side answered that it is not there.
    Proven,
}

impl State {
    /// One of each, in the order a run passes through them.
    pub const ORDER: [&'static str; 9] = [
        "requested",
        "preparing",
        "provisioning",
        "submitted",
        "running",
        "verifying",
        "succeeded",
        "failed",
        "cancelled",
    ];

    /// The state's name as in [`State::ORDER`].
    pub fn name(&self) -> &'static str {
        Self::ORDER[self.rank()]
    }

    fn rank(&self) -> usize {
        match self {
            State::Requested => 0,
            State::Preparing => 1,
            State::Provisioning => 2,
            State::Submitted => 3,
            State::Running => 4,
            State::Verifying => 5,
            State::Succeeded => 6,
            State::Failed { .. } => 7,
            State::Cancelled => 8,
        }
    }

    /// Whether nothing can follow.
    pub fn is_end(&self) -> bool {
        matches!(self, State::Succeeded | State::Failed { .. } | State::Cancelled)
    }

    /// Whether `next` may follow. Stages may be skipped (an engine is polled, not heard), never revisited;
    /// success is reached from [`State::Verifying`] only; an end is never left.
    pub fn may_become(&self, next: &State) -> bool {
        if self.is_end() {
            return false;
        }
        match next {
            State::Succeeded => *self == State::Verifying,
            State::Failed { .. } | State::Cancelled => true,
            _ => next.rank() > self.rank(),
        }
    }

    /// The state after an observation: `observed` where it may follow, else what it was. Late and repeated
    /// answers of an engine are harmless.
    #[must_use]
    pub fn advanced_to(self, observed: State) -> State {
        if self.may_become(&observed) { observed } else { self }
    }
}

impl Cleanup {
    /// Whether `next` may follow. What was proven stays proven; an attempt that failed is required again.
    pub fn may_become(self, next: Cleanup) -> bool {
        use Cleanup::{InProgress, NotNeeded, Proven, Required};
        matches!(
            (self, next),
            (NotNeeded, Required) | (Required, InProgress | Proven) | (InProgress, Required | Proven)
        )
    }

    /// Whether a run in an end state may be closed.
    pub fn allows_closing(self) -> bool {
        matches!(self, Cleanup::NotNeeded | Cleanup::Proven)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::Failed { reason } => write!(f, "failed: {reason}"),
            other => f.write_str(other.name()),
        }
    }
}

impl fmt::Display for FailureReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FailureReason::Preparation { message } => write!(f, "it could not be started: {message}"),
            FailureReason::ExitCode { code } => write!(f, "the script ended with exit code {code}"),
            FailureReason::Signal { signal } => write!(f, "signal {signal} ended the script"),
            FailureReason::Deadline { limit_s } => {
                write!(f, "it ran longer than its limit of {limit_s} s and was stopped")
            }
            FailureReason::Engine { message } => write!(f, "the engine says: {message}"),
            FailureReason::Lost { message } => write!(f, "it vanished: {message}"),
            FailureReason::Output { message } => f.write_str(message),
        }
    }
}

/// An engine's word for a state, translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translated {
    /// Ours.
    pub state: State,
    /// False when the engine said something this version does not know: keep watching under the deadline.
    pub known: bool,
}

fn known(state: State) -> Translated {
    Translated { state, known: true }
}

fn engine_failure(word: &str, detail: &str) -> State {
    let message = if detail.is_empty() { format!("`{word}`") } else { format!("`{word}`: {detail}") };
    State::Failed { reason: FailureReason::Engine { message } }
}

/// A Dataproc job's state (`JobStatus.State`, v1), with the service's `details`.
pub fn of_dataproc_job(word: &str, detail: &str) -> Translated {
    known(match word {
        "PENDING" | "SETUP_DONE" | "STATE_UNSPECIFIED" => State::Submitted,
        // An attempt failed and the service will start another by itself.
        "ATTEMPT_FAILURE" | "RUNNING" => State::Running,
        // Asked to stop, not stopped: it still runs and still costs.
        "CANCEL_PENDING" | "CANCEL_STARTED" => State::Running,
        "CANCELLED" => State::Cancelled,
        "DONE" => State::Verifying,
        "ERROR" => engine_failure(word, detail),
        _ => return Translated { state: State::Running, known: false },
    })
}

/// A Dataproc cluster's state (`ClusterStatus.State`, v1) while a run waits for it.
pub fn of_dataproc_cluster(word: &str, detail: &str) -> Translated {
    known(match word {
        "CREATING" | "UNKNOWN" | "STARTING" | "REPAIRING" | "SCHEDULED" => State::Provisioning,
        // Ready for a job.
        "RUNNING" | "UPDATING" => State::Submitted,
        "ERROR" | "ERROR_DUE_TO_UPDATE" | "DELETING" | "STOPPING" | "STOPPED" => engine_failure(word, detail),
        _ => return Translated { state: State::Provisioning, known: false },
    })
}

/// A Dataproc Serverless batch's state (`Batch.State`, v1).
pub fn of_dataproc_batch(word: &str, detail: &str) -> Translated {
    known(match word {
        "STATE_UNSPECIFIED" | "PENDING" => State::Submitted,
        "RUNNING" | "CANCELLING" => State::Running,
        "CANCELLED" => State::Cancelled,
        "SUCCEEDED" => State::Verifying,
        "FAILED" => engine_failure(word, detail),
        _ => return Translated { state: State::Running, known: false },
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all() -> Vec<State> {
        vec![
            State::Requested,
            State::Preparing,
            State::Provisioning,
            State::Submitted,
            State::Running,
            State::Verifying,
            State::Succeeded,
            State::Failed { reason: FailureReason::ExitCode { code: 1 } },
            State::Cancelled,
        ]
    }

    #[test]
    fn the_documented_table_row_by_row() {
        // One row per state, one column per possible next state, in the order of `State::ORDER`.
        let table = [
            ("requested", "011110011"),
            ("preparing", "001110011"),
            ("provisioning", "000110011"),
            ("submitted", "000010011"),
            ("running", "000000011"),
            ("verifying", "000000111"),
            ("succeeded", "000000000"),
            ("failed", "000000000"),
            ("cancelled", "000000000"),
        ];
        // An engine is polled: "verifying" may be the first thing heard of a job, from any living state.
        for (from, (name, row)) in all().iter().zip(table) {
            assert_eq!(from.name(), name);
            for (to, allowed) in all().iter().zip(row.chars()) {
                let allowed = allowed == '1'
                    || (*to == State::Verifying && !from.is_end() && *from != State::Verifying);
                assert_eq!(from.may_become(to), allowed, "{from} -> {to}");
            }
        }
    }

    #[test]
    fn cleanup_that_was_proven_stays_proven_and_only_it_closes_a_run() {
        use Cleanup::*;
        for next in [NotNeeded, Required, InProgress, Proven] {
            assert!(!Proven.may_become(next));
            assert!(!next.may_become(NotNeeded));
        }
        assert!(InProgress.may_become(Required), "a deletion that failed is required again (D-15)");
        assert!(!Required.allows_closing() && !InProgress.allows_closing());
        assert!(NotNeeded.allows_closing() && Proven.allows_closing());
    }

    const JOB_WORDS: [&str; 10] = [
        "STATE_UNSPECIFIED",
        "PENDING",
        "SETUP_DONE",
        "RUNNING",
        "CANCEL_PENDING",
        "CANCEL_STARTED",
        "CANCELLED",
        "DONE",
        "ERROR",
        "ATTEMPT_FAILURE",
    ];
    const CLUSTER_WORDS: [&str; 12] = [
        "UNKNOWN",
        "CREATING",
        "RUNNING",
        "ERROR",
        "ERROR_DUE_TO_UPDATE",
        "DELETING",
        "UPDATING",
        "STOPPING",
        "STOPPED",
        "STARTING",
        "REPAIRING",
        "SCHEDULED",
    ];
    const BATCH_WORDS: [&str; 7] =
        ["STATE_UNSPECIFIED", "PENDING", "RUNNING", "CANCELLING", "CANCELLED", "SUCCEEDED", "FAILED"];

    #[test]
    fn every_state_of_every_engine_is_known() {
        for word in JOB_WORDS {
            assert!(of_dataproc_job(word, "").known, "{word}");
        }
        for word in CLUSTER_WORDS {
            assert!(of_dataproc_cluster(word, "").known, "{word}");
        }
        for word in BATCH_WORDS {
            assert!(of_dataproc_batch(word, "").known, "{word}");
        }
    }

    #[test]
    fn a_failed_job_polls_forever_no_more_d12() {
        assert!(of_dataproc_job("ERROR", "").state.is_end());
        assert!(of_dataproc_cluster("ERROR", "").state.is_end());
        // The seeds compared with `'state.done'`, which never comes; whatever case the word has, it is not success.
        assert_eq!(of_dataproc_job("state.done", ""), Translated { state: State::Running, known: false });
    }

    proptest! {
        #[test]
        fn no_engine_word_is_ever_success_and_no_word_panics(word in ".{0,40}", detail in ".{0,40}") {
            for answer in [of_dataproc_job(&word, &detail), of_dataproc_cluster(&word, &detail), of_dataproc_batch(&word, &detail)] {
                prop_assert!(answer.state != State::Succeeded);
                prop_assert!(answer.known || !answer.state.is_end());
            }
        }

        #[test]
        fn any_sequence_of_observations_moves_forwards_and_keeps_its_end(picks in proptest::collection::vec(0usize..9, 0..40)) {
            let mut state = State::Requested;
            let mut end = None;
            for pick in picks {
                let before = state.rank();
                state = state.advanced_to(all()[pick].clone());
                prop_assert!(state.rank() >= before);
                if let Some(end) = &end {
                    prop_assert_eq!(end, &state);
                }
                if state.is_end() {
                    end = Some(state.clone());
                }
            }
        }
    }
}
