//! Processes of definitions: those that can be started, and those called in others.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{PromptRow, StartEventRow};

/// A process that can be started.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ProcessRow {
    /// Its identifier in the document.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is asked at its start.
    pub prompts: Vec<PromptRow>,
    /// Start events by which it can start by itself.
    pub start_events: Vec<StartEventRow>,
}

/// A process of another definition that a definition calls.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CalledRow {
    /// The process's identifier, as the call names it.
    pub process: String,
    /// The definition that it is bound to, in exactly this version.
    pub bound: Option<HolderRow>,
    /// Definitions that hold such a process.
    pub choices: Vec<HolderRow>,
}

/// A version of a definition that holds a process.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct HolderRow {
    /// Identifier of the definition.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
}

/// Binds a process that is called to the definition it is in.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BindCalled {
    /// The process's identifier, as the call names it.
    pub process: String,
    /// Identifier of a definition, or the name of one for its latest version.
    pub definition: String,
}
