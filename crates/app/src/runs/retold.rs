//! What records say in English, said again in the language of whoever reads it.

use std::borrow::Cow;

use words::{Said, Value, Words};

/// A sentence of a record in the reader's words; what is in nobody's words of ours stays as it is.
pub(crate) fn retold(words: &Words, text: &str) -> String {
    match (words.locale(), words::recognised(text)) {
        (words::Locale::En, _) | (_, None) => text.to_owned(),
        (_, Some(said)) => words.say(&said),
    }
}

/// A sentence of a record, to be put into another.
pub(crate) fn value(text: &str) -> Value {
    words::recognised(text).map_or_else(|| text.into(), Value::from)
}

/// A sentence as it is written down, once for every desk.
pub(crate) fn written(said: &Said) -> String {
    Words::english().say(said)
}

/// A sentence as it is kept beside the English one, so that a notice is read in the reader's language.
pub(crate) fn kept(text: &str) -> Option<serde_json::Value> {
    words::recognised(text).and_then(|said| serde_json::to_value(said).ok())
}

/// Sentences with `; ` between them.
pub(crate) fn joined(sentences: impl IntoIterator<Item = Said>) -> Option<Said> {
    let and = Cow::Borrowed("finding-and");
    sentences
        .into_iter()
        .reduce(|before, next| Said::new(and.clone()).with("before", before).with("next", next))
}
