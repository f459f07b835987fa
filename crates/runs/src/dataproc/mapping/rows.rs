//! Source and result side by side. What is said of them is in no language yet: the name of a message and its values.

use serde::{Deserialize, Serialize};

use crate::Reason;

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedRow {
    /// What was there ("spark.executor.memory", the node).
    pub source: Told,
    /// With which value.
    pub value: Told,
    /// What it became; empty when it was left out.
    pub result: Told,
    /// Why.
    pub reason: Reason,
}

/// A name or number that is the same in every language, or something to be said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// As it is.
    Plain(String),
    /// In the reader's words.
    Said(Reason),
}

impl Told {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Plain(text) if text.is_empty())
    }
}

impl From<&str> for Told {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

impl From<String> for Told {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<Reason> for Told {
    fn from(reason: Reason) -> Self {
        Self::Said(reason)
    }
}

pub(super) struct Rows(pub(super) Vec<MappedRow>);

impl Rows {
    pub(super) fn add(
        &mut self,
        source: impl Into<Told>,
        value: impl Into<Told>,
        result: impl Into<Told>,
        reason: Reason,
    ) {
        self.0.push(MappedRow { source: source.into(), value: value.into(), result: result.into(), reason });
    }
}
