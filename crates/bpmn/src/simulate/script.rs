//! The script of a rehearsal.

use crate::engine::Variables;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What happens in a rehearsal, step by step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Where the clock begins.
    #[serde(default = "first_morning")]
    pub clock: Timestamp,
    /// The process to start; the first executable one without it.
    #[serde(default)]
    pub process: Option<String>,
    /// Variables every start gets.
    #[serde(default)]
    pub variables: Variables,
    /// Replies to HTTP calls; the first that matches answers.
    #[serde(default)]
    pub http: Vec<Canned>,
    /// Files with definitions that can be called or started; the caller reads them.
    #[serde(default)]
    pub more: Vec<String>,
    /// What scripts result in, by their text.
    #[serde(default)]
    pub scripts: BTreeMap<String, ScriptResult>,
    /// The steps.
    #[serde(default)]
    pub steps: Vec<ScriptStep>,
}

fn first_morning() -> Timestamp {
    // 2026-01-01T09:00:00Z, the morning the documentation's examples begin.
    Timestamp::constant(1_767_258_000, 0)
}

/// A reply to an HTTP call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(rename = "RehearsalReply")]
pub struct Canned {
    /// The method, or `*`.
    #[serde(default = "any")]
    pub method: String,
    /// The address, in which `*` stands for anything.
    #[serde(default = "any")]
    pub url: String,
    /// The status it answers with.
    #[serde(default = "ok")]
    pub status: u16,
    /// The body it answers with; null is an empty reply.
    #[serde(default)]
    #[ts(type = "unknown")]
    pub body: serde_json::Value,
    /// How often it answers; without end where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub times: Option<u32>,
}

fn any() -> String {
    "*".to_owned()
}

fn ok() -> u16 {
    200
}

/// What a script task results in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptResult {
    /// Variables it sets; texts may hold expressions.
    #[serde(default)]
    pub set: Variables,
    /// The BPMN error it throws.
    #[serde(default)]
    pub error: Option<String>,
}

/// One step. Exactly one of the fields that say what is done is given.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(rename = "RehearsalStep")]
pub struct ScriptStep {
    /// Starts an instance with these variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "Record<string, unknown>")]
    pub start: Option<Variables>,
    /// For a start: the process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub process: Option<String>,
    /// Completes a task: its name, `#` and its element, `*any` or `*all`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub complete: Option<String>,
    /// For a completion: the answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "Record<string, unknown>")]
    pub answers: Option<Variables>,
    /// Claims a task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub claim: Option<String>,
    /// Who does it.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub by: Option<String>,
    /// Moves the clock on by a duration; what falls due fires, in due order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub advance: Option<String>,
    /// `next`: moves the clock to the earliest timer and fires it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fire: Option<String>,
    /// Throws a signal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub signal: Option<String>,
    /// Sends a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub message: Option<String>,
    /// For a message: what tells one receiver from another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub correlation: Option<String>,
    /// Lets a receive task or a job go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub trigger: Option<String>,
    /// For a signal, a message or a trigger: the variables it brings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "Record<string, unknown>")]
    pub variables: Option<Variables>,
    /// Retries an incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry: Option<String>,
    /// Passes an incident over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub skip: Option<String>,
    /// Corrects variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "Record<string, unknown>")]
    pub set: Option<Variables>,
}
