//! Why the engine says no, so that it can be said in any language.

use super::Refusal;
use std::fmt;

/// A sentence: the name of its message in the words of every language, its values, and its English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Name of the message.
    pub id: &'static str,
    /// Its values, by name.
    pub values: Vec<(&'static str, String)>,
    english: String,
}

impl Reason {
    /// A sentence in English, and the name of its message.
    pub(crate) fn new(id: &'static str, english: impl Into<String>) -> Self {
        Self { id, values: Vec::new(), english: english.into() }
    }

    /// The same with one more value.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.english)
    }
}

impl Refusal {
    /// The whole refusal as one sentence.
    pub fn reason(&self) -> Reason {
        let english = self.to_string();
        match self {
            Self::Ended(instance) => Reason::new("engine-ended", english).with("instance", instance),
            Self::Order(why) => why.clone(),
            Self::NotFound { what, id } => {
                let what = what.replace(' ', "-");
                Reason::new("engine-not-found", english).with("what", what).with("id", id)
            }
            Self::Held { task, holder } => {
                Reason::new("engine-held", english).with("task", task).with("holder", holder)
            }
            Self::Barred { task, person, why } => {
                Reason { english, ..why.clone() }.with("task", task).with("person", person)
            }
            Self::Answer { question, problem, .. } => {
                Reason { english, ..problem.clone() }.with("question", question)
            }
        }
    }
}
