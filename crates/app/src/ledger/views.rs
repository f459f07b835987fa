//! What the ledger room asks and answers.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::page::PageOf;

/// Lists entries, latest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListEntries {
    /// Only entries that speak of this subject (identifier of anything).
    #[ts(optional)]
    pub subject: Option<String>,
    /// Only by this member.
    #[ts(optional)]
    pub member: Option<String>,
    /// Which page.
    pub page: PageOf,
}

/// An entry in a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct EntryRow {
    /// Position.
    pub position: u64,
    /// When its author says (RFC 3339).
    pub at: String,
    /// Who signed.
    pub member: String,
    /// Fingerprint of the key.
    pub key: String,
    /// What it says, one line a fact.
    pub facts: Vec<FactRow>,
    /// Why it counts for nothing, if it is void.
    pub void: Option<String>,
    /// Running chain hash after it.
    pub chain: String,
}

/// A fact of an entry.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FactRow {
    /// Identifier.
    pub id: String,
    /// Kind, for example `version.registered`.
    pub kind: String,
    /// What it speaks of.
    pub subject: String,
    /// In words.
    pub text: String,
    /// The whole body.
    #[ts(type = "unknown")]
    pub body: Value,
}

/// Names an entry.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct EntryOf {
    /// Position.
    pub position: u64,
}
