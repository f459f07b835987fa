//! Why a command did not do what was asked, in the form every shell shows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind of failure it is. The list is closed; shells choose by it and never by the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The request is malformed: a field is missing, of the wrong type, or out of range.
    Usage,
    /// A rule says no.
    Refused,
    /// The thing named does not exist here.
    NotFound,
    /// A package is hostile or unreadable.
    Package,
    /// A definition cannot be read, or has errors.
    Definition,
    /// An expression does not evaluate.
    Expression,
    /// Verification found the history, a blob or an output not to be what it must be.
    Verification,
    /// The workspace cannot be reached now; nothing is lost.
    Offline,
    /// The store or the machine does not let us: a read-only folder, a full disk, a missing right.
    Denied,
    /// Somebody else changed the same thing first.
    Conflict,
    /// No workspace is open, or no member acts.
    NoWorkspace,
    /// A part of the machine is missing: a JDK, a display, Python.
    Missing,
    /// A run, migration or delivery failed; the message says at what.
    Failed,
    /// A newer program wrote here; this one must be updated.
    UpdateRequired,
    /// A defect of this program.
    Internal,
}

/// A failure: what happened, and what to do next.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Failure {
    /// Its kind.
    pub code: Code,
    /// What happened, naming the thing.
    pub message: String,
    /// What to do next.
    pub hint: String,
    /// The causes, outermost first.
    pub causes: Vec<String>,
}

impl Failure {
    /// A failure without causes.
    pub fn new(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into(), causes: Vec::new() }
    }

    /// The same with the chain of causes of `error`.
    #[must_use]
    pub fn because(mut self, error: &dyn std::error::Error) -> Self {
        let mut cause = Some(error);
        while let Some(error) = cause {
            self.causes.push(error.to_string());
            cause = error.source();
        }
        self
    }

    pub(crate) fn usage(command: &str, cause: &dyn std::error::Error) -> Self {
        Self::new(
            Code::Usage,
            format!("the request to `{command}` cannot be read: {cause}"),
            "Compare the request with the command's own page (`--help`).",
        )
    }

    pub(crate) fn internal(message: &str, cause: &dyn std::error::Error) -> Self {
        Self::new(
            Code::Internal,
            message,
            "This is a defect of Countersign; please report it with the causes.",
        )
        .because(cause)
    }

    pub(crate) fn no_such_command(command: &str) -> Self {
        Self::new(
            Code::Usage,
            format!("there is no command `{command}`"),
            "Look the name up in the command list.",
        )
    }

    /// What a thing was looked for and not found.
    pub fn not_found(noun: &str, name: &str, hint: impl Into<String>) -> Self {
        Self::new(Code::NotFound, format!("there is no {noun} `{name}` here"), hint)
    }

    /// The exit status of a terminal: 1 refused or failed, 2 wrong usage, 3 verification failed, 4 offline.
    pub fn exit_code(&self) -> u8 {
        match self.code {
            Code::Usage => 2,
            Code::Verification => 3,
            Code::Offline => 4,
            _ => 1,
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.message)?;
        if !self.hint.is_empty() {
            write!(f, " {}", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
