//! What refusals name by a word that stands in the document or in the code, to be said in any language. The English is
//! that word itself.

use crate::model::DataType;
use crate::sentence::{Part, Sentence, sentence};

/// What is declared beside a process and named by its events.
pub(super) fn declared(tag: &str) -> Sentence {
    match tag {
        "message" => sentence!("edit-text-message", "message"),
        "signal" => sentence!("edit-text-signal", "signal"),
        "error" => sentence!("edit-text-error", "error"),
        "escalation" => sentence!("edit-text-escalation", "escalation"),
        other => attribute(other),
    }
}

/// What an event waits for or throws, by the beginning of its tag. Other languages say it with another article than
/// what is [`declared`].
pub(super) fn event(kind: &str) -> Part {
    let sentence = match kind {
        "timer" => sentence!("edit-event-timer", "timer"),
        "conditional" => sentence!("edit-event-conditional", "conditional"),
        "link" => sentence!("edit-event-link", "link"),
        "message" => sentence!("edit-event-message", "message"),
        "signal" => sentence!("edit-event-signal", "signal"),
        "error" => sentence!("edit-event-error", "error"),
        "escalation" => sentence!("edit-event-escalation", "escalation"),
        other => return other.into(),
    };
    sentence.into()
}

/// An attribute.
pub(super) fn attribute(name: &str) -> Sentence {
    sentence!("edit-text-attribute", "{name}", name = name)
}

/// What a choice should be.
pub(super) fn choice(kind: DataType) -> Part {
    let sentence = match kind {
        DataType::Boolean => sentence!("edit-choice-boolean", "boolean"),
        DataType::Long => sentence!("edit-choice-long", "long"),
        DataType::Double => sentence!("edit-choice-double", "double"),
        // Every text is one of those.
        DataType::String | DataType::Date | DataType::Any => return super::set::type_name(kind).into(),
    };
    sentence.into()
}
