//! Rehearsal: a definition is played without a workspace, with a simulated clock, scripted answers and canned
//! replies. Script in, states out; nothing outside is touched.

mod play;
mod script;
mod shown;

pub use script::{Canned, Script, ScriptResult, ScriptStep};
pub use shown::{
    Shown, ShownCandidates, ShownChoice, ShownEffect, ShownIncident, ShownOutcome, ShownPrompt, ShownTask,
    ShownTimer, ShownWaiting,
};

use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::Library;
use crate::model::Definition;
use crate::sentence::sentence;
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;

/// What a rehearsal answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// What reading and lint had to say.
    pub diagnostics: Vec<Diagnostic>,
    /// The state after each step that was played.
    pub states: Vec<Shown>,
    /// What the clock said after each of them.
    #[serde(skip)]
    pub clocks: Vec<Timestamp>,
    /// Why the play stopped before its last step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// Why a play stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "RehearsalFailure")]
pub struct Failure {
    /// The step that could not be played, counted from one.
    pub step: usize,
    /// A stable word, such as `no-task`.
    pub code: String,
    /// What was attempted and what would do.
    pub message: String,
}

/// What lint answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LintAnswer {
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
}

impl Answer {
    /// Whether everything was played: the command's exit status is 0.
    pub fn is_complete(&self) -> bool {
        self.failure.is_none() && !has_errors(&self.diagnostics)
    }
}

impl LintAnswer {
    /// Whether anything blocks starting: the command's exit status is 1 then.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Plays a script on a definition. `more` holds definitions whose processes can be called or started, by the name the
/// script gives them. A definition with an error-level diagnostic is not played.
pub fn simulate(definition: &[u8], script: &Script, more: &[(String, Vec<u8>)]) -> Answer {
    let (first, mut diagnostics) = read(None, definition, script.clock);
    let mut library = Library::default();
    library = match first {
        Some(first) => library.with(Arc::new(first)),
        None => library,
    };
    for (name, bytes) in more {
        let (definition, found) = read(Some(name), bytes, script.clock);
        diagnostics.extend(found.into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error));
        if let Some(definition) = definition {
            library = library.with(Arc::new(definition));
        }
    }
    if has_errors(&diagnostics) {
        return Answer { diagnostics, states: Vec::new(), clocks: Vec::new(), failure: None };
    }
    let (played, failure) = play::play(&library, script);
    let (states, clocks) = played.into_iter().unzip();
    Answer { diagnostics, states, clocks, failure }
}

/// Reads and lints a definition as of `now`.
pub fn lint(definition: &[u8], now: Timestamp) -> LintAnswer {
    LintAnswer { diagnostics: read(None, definition, now).1 }
}

/// Writes a definition back through the model: unedited, byte for byte.
pub fn rewrite(definition: &[u8]) -> Result<Vec<u8>, crate::Error> {
    Ok(Definition::parse(definition)?.document.bytes().to_vec())
}

fn read(name: Option<&str>, bytes: &[u8], now: Timestamp) -> (Option<Definition>, Vec<Diagnostic>) {
    match Definition::parse(bytes) {
        Ok(definition) => {
            let diagnostics = crate::lint::lint(&definition, now);
            (Some(definition), diagnostics)
        }
        Err(error) => {
            let said = match name {
                Some(name) => {
                    sentence!("unreadable", "`{name}`: {why}", name = name, why = error.sentence())
                }
                None => error.sentence(),
            };
            (None, vec![Diagnostic::error("unreadable", None, said)])
        }
    }
}
