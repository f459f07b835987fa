//! Instances as they are asked for and shown.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{BegunRow, TaskRow};
use crate::page::PageOf;

/// Lists instances. Sorts: `started_at` (default, latest first).
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListInstances {
    /// Only of this project.
    #[ts(optional)]
    pub project: Option<String>,
    /// Only `running` or `ended`, or those with an `incident`.
    #[ts(optional)]
    pub state: Option<String>,
    /// Which page.
    pub page: PageOf,
}

/// An instance in a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct InstanceRow {
    /// Identifier.
    pub id: String,
    /// Name and version of the definition.
    pub definition: String,
    /// Identifier of the definition.
    pub definition_id: String,
    /// Project it runs in.
    pub project: String,
    /// Its name.
    pub project_name: String,
    /// Version it is about.
    pub version: Option<VersionAbout>,
    /// `running`, `completed`, `terminated`, `cancelled` or `failed`.
    pub state: String,
    /// Names of open user tasks.
    pub waiting_for: Vec<String>,
    /// Open incidents.
    pub incidents: u32,
    /// Who started it, or said that it starts by itself.
    pub started_by: String,
    /// What it started by, where no person did.
    pub begun: Option<BegunRow>,
    /// When (RFC 3339).
    pub started_at: String,
    /// When it ended (RFC 3339).
    pub ended_at: Option<String>,
}

/// The version an instance is about.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VersionAbout {
    /// Identifier.
    pub version: String,
    /// `model 1.0`.
    pub label: String,
    /// Root digest now.
    pub digest: String,
}

/// Names an instance.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct InstanceOf {
    /// Identifier.
    pub instance: String,
}

/// Everything the instance page shows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct InstancePage {
    /// The row.
    pub instance: InstanceRow,
    /// The diagrams of what it runs on, its own first, then those of the definitions it may call.
    pub diagrams: Vec<InstanceDiagram>,
    /// Where it stands: elements with a token, and timers that run beside one.
    pub tokens: Vec<TokenRow>,
    /// Elements already left, with how often and how long.
    pub elements: Vec<ElementTime>,
    /// Open user tasks.
    pub tasks: Vec<TaskRow>,
    /// Timers that wait.
    pub timers: Vec<TimerRow>,
    /// Messages, signals, receive tasks and jobs that it waits for.
    pub waiting: Vec<WaitingRow>,
    /// Service calls under way.
    pub effects: Vec<EffectRow>,
    /// Open incidents.
    pub incidents: Vec<IncidentRow>,
    /// Variables of the process.
    pub variables: Vec<VariableValue>,
    /// Sub-processes, called processes and rounds that run, with variables of their own.
    pub scopes: Vec<ScopeRow>,
    /// What happened, latest first.
    pub log: Vec<OperationRow>,
    /// Comments, oldest first.
    pub comments: Vec<CommentRow>,
}

/// The diagram of a definition that an instance runs on.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct InstanceDiagram {
    /// Identifier of the definition.
    pub definition: String,
    /// Its name and version.
    pub name: String,
    /// The processes that are drawn in it.
    pub processes: Vec<String>,
    /// The document for display.
    pub xml: String,
}

/// A token on the diagram.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TokenRow {
    /// Element.
    pub element: String,
    /// The process that the element is in.
    pub process: String,
    /// `task`, `timer`, `effect`, `waiting` or `incident`; `armed` for a timer that runs beside a token, at the boundary of
    /// what it stands at for example.
    pub kind: String,
    /// Badge: who holds it, or when it is due.
    pub badge: Option<String>,
    /// Due date (RFC 3339).
    pub due: Option<String>,
}

/// An element that was left: how often, after how long, and who did it when.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ElementTime {
    /// Element.
    pub element: String,
    /// Its name.
    pub name: String,
    /// The process that the element is in; absent where it cannot be told, because several that ran have one of that identifier.
    pub process: Option<String>,
    /// How often it was left.
    pub times: u32,
    /// Seconds spent there in all.
    pub spent_s: f64,
    /// When a token last came or left (RFC 3339).
    pub last_at: String,
    /// Who completed it, for a user task, with everybody who signed at it.
    pub by: Vec<String>,
}

/// A timer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TimerRow {
    /// Element.
    pub element: String,
    /// Its name.
    pub name: String,
    /// When it is due (RFC 3339).
    pub due: String,
}

/// Something that an instance waits to be told.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WaitingRow {
    /// Number in the instance.
    pub id: String,
    /// Element.
    pub element: String,
    /// Its name.
    pub name: String,
    /// `message`, `signal`, `receive` or `job`.
    pub kind: String,
    /// The message, signal or job.
    pub awaits: String,
    /// The value a message must carry.
    pub correlation: Option<String>,
}

/// A part of a running instance with variables of its own.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ScopeRow {
    /// Number in the instance.
    pub id: String,
    /// The element it is the inside of.
    pub element: String,
    /// Its name.
    pub name: String,
    /// Its variables.
    pub variables: Vec<VariableValue>,
}

/// A service call under way.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct EffectRow {
    /// Element.
    pub element: String,
    /// Its name.
    pub name: String,
    /// What is being done.
    pub action: String,
    /// Idempotency key.
    pub key: String,
    /// Run that carries it, if one does.
    pub run: Option<String>,
}

/// An incident.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct IncidentRow {
    /// Identifier within the instance.
    pub id: String,
    /// Element.
    pub element: String,
    /// Its name.
    pub name: String,
    /// What went wrong and what to do.
    pub message: String,
    /// When (RFC 3339).
    pub at: String,
    /// When its call is tried again, where the definition has that done.
    pub again: Option<TryRow>,
}

/// A call that is tried again by itself.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TryRow {
    /// When (RFC 3339).
    pub at: String,
    /// Which try it is, from 1; the first call is none of them.
    pub number: u32,
    /// How many there are at most.
    pub of: u32,
}

/// A variable and its value.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VariableValue {
    /// Name.
    pub name: String,
    /// `String`, `Boolean`, `Long`, `Double`, `List`, `Map` or `Null`.
    pub kind: String,
    /// Value.
    #[ts(type = "unknown")]
    pub value: Value,
}

/// One line of an operations log.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OperationRow {
    /// Position of the entry.
    pub position: u64,
    /// When (RFC 3339).
    pub at: String,
    /// Who.
    pub member: String,
    /// What happened, in words.
    pub text: String,
}

/// A comment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CommentRow {
    /// When (RFC 3339).
    pub at: String,
    /// Who.
    pub member: String,
    /// What they said.
    pub text: String,
    /// Members mentioned with `@`.
    pub mentions: Vec<String>,
}

/// Acts on an incident.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct IncidentOf {
    /// Identifier of the instance.
    pub instance: String,
    /// Identifier of the incident within it.
    pub incident: String,
    /// Why (needed to skip).
    #[serde(default)]
    pub reason: String,
}

/// Tells an instance that something came which it waits for: a message, a signal, or the end of what a receive task or a
/// job stands for (workflow administrators, and agents).
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DeliverEvent {
    /// Identifier of the instance.
    pub instance: String,
    /// `message`, `signal` or `trigger`.
    pub kind: String,
    /// The message's or signal's name; for a trigger what waits, by its number, element or name.
    pub name: String,
    /// The value a message carries, where the one who waits asks for one.
    #[ts(optional)]
    pub correlation: Option<String>,
    /// Variables it brings; for a job, `state` is what the job ended as.
    #[ts(type = "Record<string, unknown>")]
    pub variables: serde_json::Map<String, Value>,
}

/// Cancels an instance.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CancelInstance {
    /// Identifier.
    pub instance: String,
    /// Why.
    pub reason: String,
}

/// Turns an instance to another version of a model (administrators; a signed fact).
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TurnInstance {
    /// Identifier.
    pub instance: String,
    /// The version it is about from now on.
    pub version: String,
    /// Why.
    pub reason: String,
}

/// Sets variables of an instance (administrators; a signed fact).
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SetVariables {
    /// Identifier.
    pub instance: String,
    /// New values.
    #[ts(type = "Record<string, unknown>")]
    pub variables: serde_json::Map<String, Value>,
    /// The sub-process they belong to, by its number; the process itself if absent.
    #[ts(optional)]
    #[serde(default)]
    pub scope: Option<String>,
}

/// Asks what moving an instance to another version of its definition would do.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PlanMigration {
    /// Identifier of the instance.
    pub instance: String,
    /// Number or identifier of the version to move to; the latest if absent.
    #[ts(optional)]
    pub to: Option<String>,
    /// Elements of its version and their counterparts, where ids and names do not say it.
    pub map: std::collections::BTreeMap<String, String>,
}

/// Moves an instance to another version of its definition (workflow administrators).
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MigrateInstance {
    /// Identifier of the instance.
    pub instance: String,
    /// Number or identifier of the version to move to; the latest if absent.
    #[ts(optional)]
    pub to: Option<String>,
    /// Elements of its version and their counterparts, where ids and names do not say it.
    pub map: std::collections::BTreeMap<String, String>,
    /// Why.
    pub reason: String,
}

/// What moving an instance would do.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MigrationPlan {
    /// The instance.
    pub instance: String,
    /// Name of the definition.
    pub definition: String,
    /// Version it runs on.
    pub from: u32,
    /// Version it would run on.
    pub to: u32,
    /// Identifier of that version.
    pub to_id: String,
    /// Whether nothing stands in the way.
    pub possible: bool,
    /// Where each element that something stands at goes.
    pub moves: Vec<MovedElement>,
    /// What stands in the way.
    pub problems: Vec<RemarkRow>,
    /// What is given up by it.
    pub losses: Vec<RemarkRow>,
    /// What begins with it.
    pub gains: Vec<RemarkRow>,
    /// Elements of the version it would move to: what one without a counterpart can be mapped to.
    pub targets: Vec<ElementName>,
}

/// An element that something stands at, and its counterpart.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MovedElement {
    /// The element.
    pub from: String,
    /// Its counterpart.
    pub to: String,
    /// The counterpart's name.
    pub name: String,
    /// How it was found: `id`, `name` or `map`.
    pub by: String,
}

/// An element and its name.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ElementName {
    /// Element.
    pub element: String,
    /// Its name.
    pub name: String,
}

/// Something to know about an element or a variable.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RemarkRow {
    /// The element or variable.
    pub of: String,
    /// In words.
    pub message: String,
}

/// Comments on an instance.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AddComment {
    /// Identifier of the instance.
    pub instance: String,
    /// What to say; `@name` mentions a member.
    pub text: String,
}
