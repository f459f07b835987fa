//! What the workflow room asks and answers.

mod called;
mod instances;
mod tasks;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::design::Explained;
pub use called::*;
pub use instances::*;
pub use tasks::*;

/// Imports a BPMN definition.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ImportDefinition {
    /// Path of the file on this machine.
    #[ts(optional)]
    pub path: Option<String>,
    /// Or the document itself.
    #[ts(optional)]
    pub xml: Option<String>,
    /// Or the name of a built-in template.
    #[ts(optional)]
    pub template: Option<String>,
    /// Name to keep it under; the process's own if absent. A name that exists gets a new version.
    #[ts(optional)]
    pub name: Option<String>,
    /// What calls are bound to, where it is not what is suggested.
    #[ts(as = "Option<Vec<BindCall>>", optional)]
    pub calls: Vec<BindCall>,
    /// Whom groups and people mean, where it is not what is suggested.
    #[ts(as = "Option<Vec<BindParty>>", optional)]
    pub parties: Vec<BindParty>,
    /// User tasks whose answer is an approval, where it is not what is suggested.
    #[ts(optional)]
    pub gates: Option<Vec<BindGate>>,
    /// Definitions that processes it calls are in, where it is not what is suggested.
    #[ts(as = "Option<Vec<BindCalled>>", optional)]
    pub called: Vec<BindCalled>,
}

/// A definition in a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DefinitionRow {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Version, from 1.
    pub version: u32,
    /// `sha256:…` of the document.
    pub digest: String,
    /// Whether it can be started: no errors, everything bound, not disabled.
    pub startable: bool,
    /// Calls, people and gates bound, of how many.
    pub bound: String,
    /// Errors the lint found.
    pub errors: u32,
    /// Warnings the lint found.
    pub warnings: u32,
    /// Who imported it.
    pub imported_by: String,
    /// When (RFC 3339).
    pub imported_at: String,
    /// Why nothing is started by it, if somebody said so.
    pub disabled: Option<String>,
}

/// A finding of the lint.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DiagnosticRow {
    /// `error` or `warning`.
    pub severity: String,
    /// The rule, for example `unread-answer`.
    pub code: String,
    /// Element it speaks of.
    pub element: Option<String>,
    /// In words.
    pub message: String,
}

/// A call of the definition to another system, and what it is bound to.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CallRow {
    /// Element.
    pub element: String,
    /// Its name.
    pub name: String,
    /// What the definition calls, as written.
    pub call: String,
    /// Built-in action it is bound to: `find-project`, `build`, `migrate`, `train`, `score`, `report`, `publish`, `notify`;
    /// absent when unbound.
    pub action: Option<String>,
    /// Variables that the action's inputs come from: `bucket` from `BucketName`, for example.
    pub inputs: Vec<crate::registry::Property>,
    /// Connection it goes through, for `http`.
    pub connection: Option<String>,
    /// Whether the import bound it by itself.
    pub by_itself: bool,
}

/// A group or person named by the definition, and whom it means here.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PartyRow {
    /// `group` or `user`.
    pub kind: String,
    /// Name in the definition.
    pub name: String,
    /// Elements that name it.
    pub elements: Vec<String>,
    /// Whether it is excluded there rather than invited.
    pub excluded: bool,
    /// Whether it is only told something there: the process starts also where it means nobody.
    pub told: bool,
    /// Role it is bound to.
    pub role: Option<String>,
    /// Member it is bound to.
    pub member: Option<String>,
}

/// A user task whose answer is an approval.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct GateRow {
    /// Element.
    pub element: String,
    /// Its name.
    pub name: String,
    /// Variable that holds the answer.
    pub variable: String,
    /// What it guards: `migrate`.
    pub gate: String,
}

/// An answer to a user task.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AnswerRow {
    /// Element of the task.
    pub element: String,
    /// Its name.
    pub name: String,
    /// The variable of the answer.
    pub variable: String,
    /// The question.
    pub question: String,
}

/// A timer that fires again and again.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CycleRow {
    /// Element.
    pub element: String,
    /// Its name.
    pub name: String,
    /// The cycle as it is written.
    pub text: String,
    /// What it means, and when it fires next.
    pub explained: Explained,
}

/// Names a definition.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DefinitionOf {
    /// Identifier, or a name for its latest version.
    pub definition: String,
}

/// Has nothing started by a definition any more, or again.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SwitchDefinition {
    /// Identifier, or a name for its latest version.
    pub definition: String,
    /// Why.
    pub reason: String,
}

/// Everything the definition page shows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DefinitionPage {
    /// The row.
    pub definition: DefinitionRow,
    /// The document for display: geometry put right, nothing else changed.
    pub xml: String,
    /// What the lint found.
    pub diagnostics: Vec<DiagnosticRow>,
    /// Calls and their bindings.
    pub calls: Vec<CallRow>,
    /// Groups and people and their bindings.
    pub parties: Vec<PartyRow>,
    /// Approvals in it.
    pub gates: Vec<GateRow>,
    /// Its user tasks.
    pub tasks: Vec<ElementName>,
    /// Its timers that fire again and again.
    pub cycles: Vec<CycleRow>,
    /// Answers of user tasks: what can be made an approval.
    pub answers: Vec<AnswerRow>,
    /// When user tasks that wait are spoken of again.
    pub reminders: Vec<ReminderRow>,
    /// What is asked at the start.
    pub prompts: Vec<PromptRow>,
    /// Its processes that can be started, the first where none is chosen.
    pub processes: Vec<ProcessRow>,
    /// Processes of other definitions that it calls.
    pub called: Vec<CalledRow>,
    /// Where it does: by project.
    pub self_starts: Vec<SelfStartRow>,
    /// Other versions of this name, latest first.
    pub versions: Vec<DefinitionRow>,
    /// Actions a call can be bound to.
    pub actions: Vec<String>,
}

/// Binds calls, people and gates of a definition.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BindDefinition {
    /// Identifier or name of the definition.
    pub definition: String,
    /// Element and action.
    pub calls: Vec<BindCall>,
    /// Group or user, and role or member.
    pub parties: Vec<BindParty>,
    /// User tasks whose answer is an approval; replaces the list when given.
    #[ts(optional)]
    pub gates: Option<Vec<BindGate>>,
    /// When user tasks that wait are spoken of again; replaces the list when given.
    #[ts(optional)]
    pub reminders: Option<Vec<ReminderRow>>,
    /// Processes that it calls in other definitions, and those definitions; what is not named stays.
    pub called: Vec<BindCalled>,
}

/// When a user task that waits is spoken of again.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReminderRow {
    /// Element; `*` for every user task without a reminder of its own.
    pub element: String,
    /// How long after it was offered, and after each reminder, whoever may answer it is told again (`P1D`).
    pub after: String,
    /// How long after it was offered somebody else is told.
    #[ts(optional)]
    #[serde(default)]
    pub escalate_after: Option<String>,
    /// Who that is: a role, or a member as `@name`; the administrators where nobody is named.
    #[ts(optional)]
    #[serde(default)]
    pub escalate_to: Option<String>,
}

/// Binds one call.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BindCall {
    /// Element.
    pub element: String,
    /// Action.
    pub action: String,
    /// Variables that the action's inputs come from; what the import suggests if empty.
    #[serde(default)]
    pub inputs: Vec<crate::registry::Property>,
    /// The connection it goes through, for `http`.
    #[ts(optional)]
    #[serde(default)]
    pub connection: Option<String>,
}

/// A door to another system.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ConnectionRow {
    /// Name.
    pub name: String,
    /// Origin and path prefix that calls stay below.
    pub base: String,
    /// Methods allowed.
    pub methods: Vec<String>,
    /// Seconds a call may take.
    pub timeout_s: u32,
    /// Bytes an answer may have.
    pub answer_bytes_max: u32,
    /// `public`, `private` (this machine and private networks, too) or `anywhere`.
    pub reach: String,
    /// Header that carries its credential, if it has one.
    pub credential_header: Option<String>,
    /// Whether this desk holds that credential.
    pub credential_here: bool,
    /// Who allowed it.
    pub by: String,
    /// When (RFC 3339).
    pub at: String,
}

/// Opens, or changes, a door to another system (administrators).
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AllowConnection {
    /// Name.
    pub name: String,
    /// Origin and path prefix: `https://models.example.com/api`.
    pub base: String,
    /// Methods; `GET` if empty.
    pub methods: Vec<String>,
    /// Seconds a call may take; 30 if absent.
    #[ts(optional)]
    pub timeout_s: Option<u32>,
    /// Bytes an answer may have; 65536 if absent.
    #[ts(optional)]
    pub answer_bytes_max: Option<u32>,
    /// `public` (the default), `private` or `anywhere`.
    #[ts(optional)]
    pub reach: Option<String>,
    /// Header that carries its credential, such as `authorization`.
    #[ts(optional)]
    pub credential_header: Option<String>,
}

/// Closes a door to another system (administrators).
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct WithdrawConnection {
    /// Name.
    pub name: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Keeps a connection's credential in this desk's keychain; nothing of it is recorded.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct KeepCredential {
    /// Name of the connection.
    pub name: String,
    /// The header's whole value, such as `Bearer …`; empty forgets it.
    pub value: String,
}

/// Binds one group or user.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BindParty {
    /// `group` or `user`.
    pub kind: String,
    /// Name in the definition.
    pub name: String,
    /// Role.
    #[ts(optional)]
    pub role: Option<String>,
    /// Member.
    #[ts(optional)]
    pub member: Option<String>,
}

/// Says that a user task's answer is an approval.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BindGate {
    /// Element.
    pub element: String,
    /// Variable that holds the answer.
    pub variable: String,
}

/// Starts a process in a project.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StartInstance {
    /// Identifier or name of the definition.
    pub definition: String,
    /// Project, by identifier or name.
    pub project: String,
    /// Version it is about; the project's champion if absent.
    #[ts(optional)]
    pub version: Option<String>,
    /// Which process of the definition; the first that can be started if absent.
    #[ts(optional)]
    pub process: Option<String>,
    /// Answers to the start prompts.
    #[ts(type = "Record<string, unknown>")]
    pub variables: serde_json::Map<String, Value>,
}

/// A start event by which a process can start by itself.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct StartEventRow {
    /// Element.
    pub element: String,
    /// Its name.
    pub name: String,
    /// `timer`, `message` or `signal`.
    pub kind: String,
}

/// A process that starts by itself in a project.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SelfStartRow {
    /// Identifier.
    pub id: String,
    /// Name and version of the definition.
    pub definition: String,
    /// The project.
    pub project: String,
    /// Its name.
    pub project_name: String,
    /// The version its instances are about; the champion of the moment if absent.
    pub version: Option<VersionAbout>,
    /// Who wants it.
    pub by: String,
    /// Since when (RFC 3339).
    pub at: String,
    /// When its earliest timer falls due (RFC 3339).
    pub next_due: Option<String>,
    /// How many instances it started.
    pub started: u32,
    /// Its last moments, latest first.
    pub firings: Vec<SelfFiringRow>,
}

/// One moment at which a process started by itself, or should have.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SelfFiringRow {
    /// When its timer was due (RFC 3339).
    pub due: Option<String>,
    /// When it was seen to (RFC 3339).
    pub at: String,
    /// Later moments that it stands for.
    pub missed: u32,
    /// What was started.
    pub instance: Option<String>,
    /// Why nothing was.
    pub problem: Option<String>,
}

/// Names an arrangement by which a process starts.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SelfStartOf {
    /// Identifier.
    pub start: String,
}

/// What an instance started by, where no person started it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BegunRow {
    /// The start event.
    pub element: String,
    /// When its timer was due (RFC 3339).
    pub due: Option<String>,
    /// How many seconds later it started.
    pub late_s: i64,
    /// Later moments that it stands for.
    pub missed: u32,
}

/// A built-in template.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TemplateRow {
    /// Name to hand to `workflow.import_definition`.
    pub name: String,
    /// What it is for.
    pub description: String,
}

/// Writes a definition back to a file: unedited, byte for byte.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ExportDefinition {
    /// Identifier or name of the definition.
    pub definition: String,
    /// Path of the file to write.
    pub path: String,
}
