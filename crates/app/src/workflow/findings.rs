//! What reading and checking a definition finds, in the words of whoever reads it.

use bpmn::sentence::{Part, Sentence};
use words::{Said, Told, Words};

use super::DiagnosticRow;

/// A sentence of `bpmn`, to be said.
pub(crate) fn said_of(sentence: &Sentence) -> Said {
    let values = sentence.values();
    values.fold(Said::new(sentence.id().to_owned()), |said, (name, part)| {
        said.with(name.to_owned(), value_of(part))
    })
}

fn value_of(part: &Part) -> words::Value {
    match part {
        Part::Text(text) => text.into(),
        Part::Sentence(sentence) => said_of(sentence).into(),
        Part::Told(told) => {
            Told { english: told.english.clone(), portuguese: told.portuguese.clone() }.into()
        }
    }
}

/// A finding, for lists.
pub(crate) fn diagnostic_row(words: &Words, diagnostic: &bpmn::Diagnostic) -> DiagnosticRow {
    DiagnosticRow {
        severity: match diagnostic.severity {
            bpmn::Severity::Error => "error".to_owned(),
            bpmn::Severity::Warning => "warning".to_owned(),
        },
        code: diagnostic.code.clone(),
        element: diagnostic.element.clone(),
        message: words.say(&said_of(&diagnostic.sentence)),
    }
}

#[cfg(test)]
mod tests;
