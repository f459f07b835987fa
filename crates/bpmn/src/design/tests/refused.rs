//! What a change is refused for is a sentence with its parts: what has words of its own in every language is one of them.

use super::*;
use crate::sentence::Part;

fn asked(kind: DataType, choice: &str) -> Property {
    let choices = vec![Choice { label: "One".into(), value: choice.into() }];
    let question =
        Question { variable: "a".into(), question: "Which?".into(), kind, required: true, choices };
    Property::Prompts { prompts: vec![question] }
}

fn check(change: &Change, id: &str, english: &str, parts: &[(&str, &str)]) {
    let refused = apply(&template("migration"), std::slice::from_ref(change)).unwrap_err();
    let Error::BadEdit(said) = &refused else { panic!("{change:?}: {refused}") };
    assert_eq!((said.id(), said.english()), (format!("lint-edit-{id}").as_str(), english), "{change:?}");
    assert_eq!(refused.to_string(), format!("the edit cannot be made: {english}"));
    let named = |part: &Part| match part {
        Part::Sentence(sentence) => sentence.id().trim_start_matches("lint-edit-").to_owned(),
        part => format!("`{part}`"),
    };
    let found: Vec<(&str, String)> = said.values().map(|(name, part)| (name, named(part))).collect();
    let wanted: Vec<(&str, String)> = parts.iter().map(|(name, part)| (*name, (*part).to_owned())).collect();
    assert_eq!(found, wanted, "{change:?}");
}

#[test]
fn what_a_refusal_is_made_of_has_words_of_its_own() {
    let text = || "x".to_owned();
    let unawaited = [
        (Property::Timer { kind: TimerKind::Date, text: text() }, "timer"),
        (Property::Message { text: text() }, "message"),
        (Property::Signal { text: text() }, "signal"),
        (Property::Error { text: text() }, "error"),
        (Property::Escalation { text: text() }, "escalation"),
        (Property::Link { text: text() }, "link"),
    ];
    for (property, kind) in unawaited {
        check(
            &set("approve", property),
            "no-such-event",
            &format!("`approve` neither waits for a {kind} nor throws one; it cannot be said which"),
            &[("id", "`approve`"), ("kind", &format!("event-{kind}"))],
        );
    }

    let long = || "x".repeat(TEXT_BYTES_MAX + 1);
    let too_long = [
        (Property::Name { text: long() }, "the name", "text-name"),
        (Property::Timer { kind: TimerKind::Date, text: long() }, "the timer", "text-timer"),
        (Property::Message { text: long() }, "message", "text-message"),
        (Property::Signal { text: long() }, "signal", "text-signal"),
        (Property::Error { text: long() }, "error", "text-error"),
        (Property::Escalation { text: long() }, "escalation", "text-escalation"),
        (Property::Due { text: long() }, "dueDate", "text-attribute"),
    ];
    for (property, what, part) in too_long {
        let english = format!("{what} is longer than {TEXT_BYTES_MAX} bytes; shorten it");
        let limit = format!("`{TEXT_BYTES_MAX}`");
        check(&set("approve", property), "text-too-long", &english, &[("limit", &limit), ("what", part)]);
    }

    let choices = [
        (DataType::Boolean, "boolean", "`true`"),
        (DataType::Long, "long", "`3`"),
        (DataType::Double, "double", "`0.5`"),
    ];
    for (kind, word, example) in choices {
        check(
            &set("approve", asked(kind, "maybe")),
            "choice",
            &format!("the choice `maybe` is no {word}; write one, such as {example}"),
            &[
                ("choice", "`maybe`"),
                ("example", &format!("`{example}`")),
                ("kind", &format!("choice-{word}")),
            ],
        );
    }
}

#[test]
fn what_a_fragment_is_refused_for_is_said_as_of_a_document() {
    let edit = crate::document::edit::Edit::Insert {
        into: crate::document::edit::Place::id("migration-to-google-cloud"),
        before: None,
        xml: "<a>".to_owned(),
    };
    let refused = template("migration").edit(&[edit]).unwrap_err();
    let Error::BadEdit(said) = &refused else { panic!("{refused}") };
    assert_eq!(said.id(), "lint-document-malformed");
    assert!(refused.to_string().starts_with("the edit cannot be made: not a BPMN document: "), "{refused}");
}
