//! What reading or checking a definition has to say about it.

use crate::sentence::Sentence;
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

/// One finding about a definition, naming the element it is about. Its JSON is part of a contract, and says it in English;
/// [`whole`] is for keeping it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Whether it blocks starting.
    pub severity: Severity,
    /// A stable word for the kind of finding, such as `unread-answer`.
    pub code: String,
    /// The `id` of the element, or what stands in for it where it has none; absent for the whole document.
    pub element: Option<String>,
    /// The finding and the remedy, for people, in English.
    pub message: String,
    /// The same, to be said in another language.
    #[serde(skip)]
    pub sentence: Sentence,
}

impl Diagnostic {
    /// A finding that blocks starting.
    pub fn error(code: &str, element: Option<&str>, sentence: Sentence) -> Self {
        Self::new(Severity::Error, code, element, sentence)
    }

    /// A finding that is shown and does not block.
    pub fn warning(code: &str, element: Option<&str>, sentence: Sentence) -> Self {
        Self::new(Severity::Warning, code, element, sentence)
    }

    fn new(severity: Severity, code: &str, element: Option<&str>, sentence: Sentence) -> Self {
        Self {
            severity,
            code: code.to_owned(),
            element: element.map(str::to_owned),
            message: sentence.english().to_owned(),
            sentence,
        }
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

/// Findings with all that is needed to say them in any language, for rows that are read again:
/// `#[serde(with = "bpmn::diagnostic::whole")]`.
pub mod whole {
    use super::{Diagnostic, Severity};
    use crate::sentence::Sentence;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::borrow::Cow;

    #[derive(Serialize, Deserialize)]
    struct Kept<'d> {
        severity: Severity,
        code: Cow<'d, str>,
        element: Option<Cow<'d, str>>,
        said: Cow<'d, Sentence>,
    }

    /// Writes them.
    ///
    /// # Errors
    /// What the serializer says.
    pub fn serialize<S: Serializer>(diagnostics: &[Diagnostic], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(diagnostics.iter().map(|diagnostic| Kept {
            severity: diagnostic.severity,
            code: Cow::Borrowed(&diagnostic.code),
            element: diagnostic.element.as_deref().map(Cow::Borrowed),
            said: Cow::Borrowed(&diagnostic.sentence),
        }))
    }

    /// Reads them.
    ///
    /// # Errors
    /// When they are not what was written.
    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Vec<Diagnostic>, D::Error> {
        let kept = Vec::<Kept<'static>>::deserialize(from)?;
        let read = |one: Kept<'static>| {
            Diagnostic::new(one.severity, &one.code, one.element.as_deref(), one.said.into_owned())
        };
        Ok(kept.into_iter().map(read).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentence::sentence;

    #[test]
    fn the_contract_is_english_and_what_is_kept_can_be_said_in_any_language() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Row {
            #[serde(with = "whole")]
            found: Vec<Diagnostic>,
        }
        let name = "names-and";
        let said = sentence!("names-and", "{first} and {last}", first = "a", last = name);
        let row = Row {
            found: vec![
                Diagnostic::error("names", Some("x"), said.clone()),
                Diagnostic::warning("names", None, said),
            ],
        };
        assert_eq!(
            serde_json::to_string(&row.found[0]).unwrap(),
            r#"{"severity":"error","code":"names","element":"x","message":"a and names-and"}"#
        );
        let kept = serde_json::to_string(&row).unwrap();
        assert_eq!(serde_json::from_str::<Row>(&kept).unwrap(), row, "{kept}");
    }
}
