//! What is asked and answered about tasks.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{CommentRow, TokenRow, VersionAbout};
use crate::page::PageOf;

/// Lists user tasks. Sorts: `due` (default), `created_at`, `name`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListTasks {
    /// `mine` (claimed by me), `open` (I may claim), `inbox` (both, the default), `snoozed` (put out of
    /// the inbox of this desk), `all`.
    #[ts(optional)]
    pub view: Option<String>,
    /// Only of this project.
    #[ts(optional)]
    pub project: Option<String>,
    /// Only those whose due time has passed.
    #[ts(as = "Option<bool>", optional)]
    pub late: bool,
    /// Which page.
    pub page: PageOf,
}

/// A user task in a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TaskRow {
    /// Identifier: the instance's, a slash, and the task's number in it.
    pub id: String,
    /// Name.
    pub name: String,
    /// Element.
    pub element: String,
    /// Instance.
    pub instance: String,
    /// Definition's name.
    pub definition: String,
    /// Project it runs in.
    pub project: String,
    /// Its name.
    pub project_name: String,
    /// Version it is about.
    pub version: Option<VersionAbout>,
    /// Who claimed it.
    pub assignee: Option<String>,
    /// Who may claim it, in words.
    pub candidates: Vec<String>,
    /// Whether the member at this desk may claim it.
    pub may_claim: bool,
    /// Why not, if not.
    pub may_not_because: Option<String>,
    /// When it is due (RFC 3339).
    pub due: Option<String>,
    /// Whether that has passed.
    pub late: bool,
    /// Until when it is out of the inbox of this desk (RFC 3339).
    pub snoozed_until: Option<String>,
    /// Since when it waits (RFC 3339).
    pub created_at: String,
    /// Its priority, where the definition gives one: more is more urgent.
    pub priority: Option<i64>,
    /// The form that the definition names for it, which lies elsewhere.
    pub form: Option<String>,
    /// Whether its answer is an approval.
    pub is_gate: bool,
    /// How many persons must approve; 0 where the answer is no approval.
    pub signatures_needed: u32,
    /// Who has approved so far, of those.
    pub signed_by: Vec<String>,
    /// Who delegated it and completes it once it is given back.
    pub owner: Option<String>,
    /// Whether the member at this desk may reassign it and move its due time.
    pub may_administer: bool,
    /// How often whoever may answer it was told again.
    pub reminded: u32,
    /// When that was last (RFC 3339).
    pub reminded_at: Option<String>,
    /// When that happens next (RFC 3339).
    pub remind_at: Option<String>,
    /// When somebody else was told that it is not answered (RFC 3339).
    pub escalated_at: Option<String>,
    /// When somebody else is told (RFC 3339).
    pub escalate_at: Option<String>,
    /// Who that is: a role, or a member as `@name`; the administrators where nobody is named.
    pub escalate_to: Option<String>,
}

/// Puts a task out of the inbox of this desk for a while.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SnoozeTask {
    /// Which task.
    pub task: String,
    /// Until when: RFC 3339, a date, or a duration from now such as `P2D`; absent puts it back at once.
    #[serde(default)]
    #[ts(optional)]
    pub until: Option<String>,
}

/// A member, and whether they may have a task.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TakerRow {
    /// Member.
    pub member: String,
    /// How the person is called on screens.
    pub display_name: String,
    /// Whether they may take it, be given it, or have it delegated to them.
    pub may: bool,
    /// Why not, if not.
    pub may_not_because: Option<String>,
}

/// Hands a task that one holds to somebody else, who prepares it and gives it back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DelegateTask {
    /// Identifier.
    pub task: String,
    /// Member.
    pub member: String,
    /// What they are asked to do.
    #[serde(default)]
    pub reason: String,
}

/// Moves the due time of a task (workflow administrators).
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MoveDue {
    /// Identifier.
    pub task: String,
    /// The new time: RFC 3339, a date, or a duration from now such as `P2D`; nothing takes the due time away.
    #[ts(optional)]
    #[serde(default)]
    pub due: Option<String>,
    /// Why.
    pub reason: String,
}

/// Names a task.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TaskOf {
    /// Identifier, or a unique beginning of it.
    pub task: String,
}

/// A question of a task or a start form.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PromptRow {
    /// Variable the answer goes to.
    pub variable: String,
    /// Question.
    pub question: String,
    /// `string`, `boolean`, `long`, `double` or `date`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it must be answered.
    pub required: bool,
    /// Choices; empty for free input.
    pub choices: Vec<ChoiceRow>,
    /// Value to begin with.
    #[ts(type = "unknown")]
    pub value: Value,
}

/// A choice of a prompt.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ChoiceRow {
    /// What it is called.
    pub label: String,
    /// Value.
    #[ts(type = "unknown")]
    pub value: Value,
}

/// Everything the task page shows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TaskPage {
    /// The row.
    pub task: TaskRow,
    /// What is asked.
    pub prompts: Vec<PromptRow>,
    /// What happens next, in words, one line an outcome.
    pub next: Vec<String>,
    /// Evidence a decision rests on, with whether it is there.
    pub evidence: Vec<EvidenceRow>,
    /// The digest that completing would sign; hand it back as `seen_digest`.
    pub digest: Option<String>,
    /// Digests of what that decision rests on beside the contents; hand them back as `seen_evidence`.
    pub evidence_digests: Vec<String>,
    /// The version of the definition; hand it back as `seen_definition`.
    pub definition: String,
    /// Version page of the version under review.
    pub version: Option<crate::registry::VersionPage>,
    /// Draft kept on this desk.
    #[ts(type = "Record<string, unknown> | null")]
    pub draft: Option<Value>,
    /// Comments of the instance.
    pub comments: Vec<CommentRow>,
    /// The document for display, with the element to mark.
    pub xml: String,
    /// Elements with a token.
    pub tokens: Vec<TokenRow>,
}

/// One piece of evidence.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct EvidenceRow {
    /// What it is, in words.
    pub label: String,
    /// `ok`, `missing` or `warning`.
    pub state: String,
    /// Detail.
    pub detail: String,
}

/// Completes a task.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CompleteTask {
    /// Identifier.
    pub task: String,
    /// Answers by variable.
    #[ts(type = "Record<string, unknown>")]
    pub answers: serde_json::Map<String, Value>,
    /// Note that goes into the record.
    pub note: String,
    /// The digest that was on the screen (required where the answer is an approval).
    #[ts(optional)]
    pub seen_digest: Option<String>,
    /// The digests of evidence that were on the screen; what this desk knows when it is asked, if absent.
    #[ts(optional)]
    pub seen_evidence: Option<Vec<String>>,
    /// The version of the definition that was on the screen; what this desk knows when it is asked, if absent.
    #[ts(optional)]
    pub seen_definition: Option<String>,
}

/// A task was answered: where that was recorded, and whether it waits for more persons.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Completed {
    /// Position of the entry.
    pub position: u64,
    /// Identifier of the task.
    pub id: String,
    /// How many persons more must approve before its process goes on; 0 where it does.
    pub signatures_left: u32,
}

/// Gives a delegated task back to its owner, with what was prepared.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct GiveBackTask {
    /// Identifier.
    pub task: String,
    /// Answers that are proposed, by variable: the owner reads them in a comment, and answers.
    #[ts(type = "Record<string, unknown>")]
    pub answers: serde_json::Map<String, Value>,
    /// What the owner is told beside them.
    pub note: String,
}

/// Keeps a half-typed form on this desk.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct KeepDraft {
    /// Identifier of the task.
    pub task: String,
    /// The form's values; null forgets the draft.
    #[ts(type = "Record<string, unknown> | null")]
    pub draft: Option<Value>,
}

/// Gives a task to somebody else (workflow administrators).
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AssignTask {
    /// Identifier.
    pub task: String,
    /// Member.
    pub member: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}
