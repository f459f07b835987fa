//! What reading or checking a definition has to say about it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The definition can be kept and edited, but not started.
    Error,
    /// Shown to the author; starting is allowed.
    Warning,
}

/// One finding about a definition, naming the element it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Whether it blocks starting.
    pub severity: Severity,
    /// A stable word for the kind of finding, such as `unread-answer`.
    pub code: String,
    /// The `id` of the element, or what stands in for it where it has none; absent for the whole document.
    pub element: Option<String>,
    /// The finding and the remedy, for people.
    pub message: String,
}

impl Diagnostic {
    /// A finding that blocks starting.
    pub fn error(code: &str, element: Option<&str>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, element, message)
    }

    /// A finding that is shown and does not block.
    pub fn warning(code: &str, element: Option<&str>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, element, message)
    }

    fn new(severity: Severity, code: &str, element: Option<&str>, message: impl Into<String>) -> Self {
        Self { severity, code: code.to_owned(), element: element.map(str::to_owned), message: message.into() }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        match &self.element {
            Some(element) => write!(f, "{severity} {} at `{element}`: {}", self.code, self.message),
            None => write!(f, "{severity} {}: {}", self.code, self.message),
        }
    }
}
