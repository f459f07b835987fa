//! What an engine must be able to do for a run.
//!
//! Every call is idempotent by the run's key: after a crash the next desk repeats it and finds the first one's
//! effect instead of making a second.

use std::future::Future;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest::Sha256;
use crate::{Cleanup, Error, Reason, RunKey, RunSpec, State};

/// The most bytes of a log one call returns.
pub const LOG_CHUNK_BYTES_MAX: usize = 256 * 1024;

/// A place where runs execute. One conformance suite (`tests/targets.rs`) runs against every implementation.
pub trait Target: Send + Sync {
    /// Looks whether a run could start here, and changes nothing. An empty list means nothing was found against
    /// it; an error means that looking failed.
    fn preflight(&self, spec: &RunSpec) -> impl Future<Output = Result<Vec<Finding>, Error>> + Send;

    /// Starts the run, or finds that it was started before. Long preparation reports by `progress`.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when a file is not the one that was approved; [`Error::Pip`], [`Error::MissingJdk`] and
    /// [`Error::MissingPython`] when the environment cannot be made. After an error nothing runs.
    fn submit(
        &self,
        spec: &RunSpec,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> impl Future<Output = Result<Submission, Error>> + Send;

    /// Does whatever call is due next (say: the cluster is up, hand it the job) and says where the run stands.
    /// Engines that go on by themselves only look.
    fn advance(&self, spec: &RunSpec) -> impl Future<Output = Result<Observation, Error>> + Send;

    /// Where the run stands; changes nothing. [`Error::NotFound`] when the engine never heard of it.
    fn observe(&self, key: &RunKey) -> impl Future<Output = Result<Observation, Error>> + Send;

    /// The next piece of a log, from a byte offset. Works while the run is running and after.
    fn logs(
        &self,
        key: &RunKey,
        stream: LogStream,
        from_offset: u64,
    ) -> impl Future<Output = Result<LogChunk, Error>> + Send;

    /// Asks the engine to stop the run. Observing tells when it has.
    fn cancel(&self, key: &RunKey) -> impl Future<Output = Result<(), Error>> + Send;

    /// Removes what the run made besides its outputs and logs, as far as one call can, and says how far it came.
    /// Call again until it is [`Cleanup::Proven`].
    fn cleanup(&self, key: &RunKey) -> impl Future<Output = Result<Cleanup, Error>> + Send;
}

/// What was seen of a run at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// Ours. Never [`State::Succeeded`]: that is for [`crate::outputs::verify`] to say.
    pub state: State,
    /// The engine's own word.
    pub engine_state: String,
    /// Whether that word is none that this version knows: it is watched on, and a person hears of it.
    #[serde(default)]
    pub is_unknown: bool,
    /// The engine's name for the job (process id, job id).
    pub engine_job: Option<String>,
    /// The script's exit code, where the engine tells.
    pub exit_code: Option<i32>,
    /// When the engine started it.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Whether something has to be removed.
    pub cleanup: Cleanup,
}

/// What a submission found or made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// True when the engine had this key already and nothing was started now.
    pub already_there: bool,
    /// The engine's name for the job.
    pub engine_job: String,
    /// The files the run really got, with their digests: proof of which version runs (D-17).
    pub staged: Vec<StagedFile>,
    /// What the job runs on: Spark, Java and Python, as they named themselves.
    pub runtime: Vec<String>,
    /// The same thing as a command line for people.
    pub command: String,
}

/// A file handed to a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedFile {
    /// Its name in the working directory.
    pub name: String,
    /// Where it came from.
    pub from: String,
    /// What it held.
    pub sha256: Sha256,
    /// Its size.
    pub size_bytes: u64,
}

/// Which of a run's logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogStream {
    /// What the script prints.
    Output,
    /// What the engine says about it (Spark's log4j lines, and the script's standard error).
    Engine,
}

/// A piece of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogChunk {
    /// The text; bytes that are not UTF-8 are shown as `�`.
    pub text: String,
    /// Ask from here next.
    pub next_offset: u64,
    /// True when the run is over and this was the end.
    pub complete: bool,
}

/// A line about a step that takes a while, with how far it is when that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being done, or a line of the tool that does it.
    pub line: String,
    /// Steps done, of how many.
    pub done: Option<(u64, u64)>,
}

impl Progress {
    /// A line without a measure.
    pub fn line(line: impl Into<String>) -> Progress {
        Progress { line: line.into(), done: None }
    }
}

/// Something to know before going on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Whether it stands in the way.
    pub severity: Severity,
    /// A stable name for the kind of finding ("wrong-bucket"), for filters and tests.
    pub code: String,
    /// What is wrong and what to do.
    pub reason: Reason,
    /// File and line, where there is one.
    pub file: Option<String>,
    /// The line, counted from 1.
    pub line: Option<u32>,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Going on would fail or lie: refused.
    Blocking,
    /// Worth a look.
    Warning,
}

impl Finding {
    pub(crate) fn blocking(code: &str, reason: Reason) -> Finding {
        Finding { severity: Severity::Blocking, code: code.to_owned(), reason, file: None, line: None }
    }

    /// One that an error says: its detail is in the words of whoever answered.
    pub(crate) fn of(code: &str, id: &str, error: &Error) -> Finding {
        Finding::blocking(code, Reason::new(id).with("detail", error))
    }

    pub(crate) fn warning(code: &str, reason: Reason) -> Finding {
        Finding { severity: Severity::Warning, ..Finding::blocking(code, reason) }
    }

    pub(crate) fn at(mut self, file: &str, line: u32) -> Finding {
        self.file = Some(file.to_owned());
        self.line = Some(line);
        self
    }
}

/// The length of `bytes` without the beginning of a character at its end.
pub(crate) fn whole_characters(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(e) if e.error_len().is_none() => e.valid_up_to(),
        Err(_) => {
            // Not UTF-8 somewhere before; only an unfinished character at the very end is held back.
            let start = bytes.len().saturating_sub(3);
            let tail = &bytes[start..];
            match tail.iter().rposition(|b| *b >= 0xC0) {
                Some(at) if std::str::from_utf8(&tail[at..]).is_err_and(|e| e.error_len().is_none()) => {
                    start + at
                }
                _ => bytes.len(),
            }
        }
        Ok(_) => bytes.len(),
    }
}
