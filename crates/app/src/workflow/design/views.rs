//! What the designer, the comparison and the rehearsal ask and answer.

use bpmn::compare::Difference;
use bpmn::design::{Change, Details, TimerKind};
use bpmn::simulate::{Canned, Failure as Stop, ScriptStep, Shown};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::super::{DefinitionRow, DiagnosticRow};

/// Begins a working copy: of a definition, of a template, or of nothing.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BeginDesign {
    /// Identifier or name of the definition. A working copy of it that this member has already is opened again.
    #[ts(optional)]
    pub definition: Option<String>,
    /// Or the name of a built-in template.
    #[ts(optional)]
    pub template: Option<String>,
    /// Name of what is drawn anew; that of the definition or template if absent.
    #[ts(optional)]
    pub name: Option<String>,
}

/// A working copy in a list. It lies on this desk only, until it is published.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DesignRow {
    /// Identifier.
    pub id: String,
    /// Name it would be published under.
    pub name: String,
    /// The definition it was begun from.
    pub base: Option<String>,
    /// That definition's version.
    pub base_version: Option<u32>,
    /// The step it stands at.
    pub revision: u64,
    /// When it was changed last (RFC 3339).
    pub changed_at: String,
}

/// Names a working copy.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DesignOf {
    /// Identifier.
    pub design: String,
}

/// A working copy with everything the designer shows.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DesignPage {
    /// The row.
    pub design: DesignRow,
    /// The document for display: geometry put right, nothing else changed. Absent where the canvas shows it already.
    pub xml: Option<String>,
    /// Its elements with their properties, in document order.
    pub elements: Vec<Details>,
    /// What the lint says.
    pub diagnostics: Vec<DiagnosticRow>,
    /// Variables that something sets: data objects, answers, captures.
    pub variables: Vec<String>,
    /// What would be taken back; absent at the first step.
    pub undo: Option<String>,
    /// What would be done again; absent where nothing was taken back.
    pub redo: Option<String>,
    /// Latest published version of its name, if there is one.
    pub published: Option<DefinitionRow>,
}

/// Changes a working copy.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct EditDesign {
    /// Identifier.
    pub design: String,
    /// The step the changes follow.
    pub after: u64,
    /// What was done, in a word for undoing it: `move`, `connect`, `name`, for example.
    pub done: String,
    /// The changes, in order; all are made, or none.
    pub changes: Vec<Change>,
    /// Whether the canvas shows the changes already, so that the document need not come back.
    #[serde(default)]
    pub shown: bool,
}

/// Renames a working copy.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RenameDesign {
    /// Identifier.
    pub design: String,
    /// The name it is to be published under.
    pub name: String,
}

/// Publishes a working copy as the next version of its name.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PublishDesign {
    /// Identifier.
    pub design: String,
    /// Also where somebody published another version since it was begun.
    #[serde(default)]
    pub anyway: bool,
}

/// Asks what an expression or a timer means.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Explain {
    /// An expression, or a text that holds some.
    #[ts(optional)]
    pub expression: Option<String>,
    /// Or a timer.
    #[ts(optional)]
    pub timer: Option<TimerText>,
}

/// A timer as it is typed.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TimerText {
    /// How it is given.
    pub kind: TimerKind,
    /// The text.
    pub text: String,
}

/// What an expression or a timer means.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct Explained {
    /// Why it cannot be read.
    pub problem: Option<String>,
    /// What it means, in words.
    pub words: Option<String>,
    /// What may have been meant otherwise.
    pub surprises: Vec<String>,
    /// When it fires next, as if it were set now (RFC 3339), ten at most.
    pub next: Vec<String>,
    /// Variables it reads.
    pub variables: Vec<String>,
}

/// Compares two versions of a definition, or a working copy with what it was begun from.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CompareDefinitions {
    /// The earlier: identifier of a definition.
    pub before: String,
    /// The later: identifier of a definition or of a working copy.
    pub after: String,
}

/// What differs between two versions.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DefinitionComparison {
    /// What the earlier is called.
    pub before_name: String,
    /// What the later is called.
    pub after_name: String,
    /// The earlier document for display.
    pub before: String,
    /// The later document for display.
    pub after: String,
    /// The differences.
    pub differences: Vec<Difference>,
}

/// Plays a definition or a working copy from its beginning, without a workspace: nothing outside is touched.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Rehearse {
    /// Identifier of a definition.
    #[ts(optional)]
    pub definition: Option<String>,
    /// Or of a working copy.
    #[ts(optional)]
    pub design: Option<String>,
    /// Where the clock begins (RFC 3339); now if absent.
    #[ts(optional)]
    pub clock: Option<String>,
    /// Replies to calls; the first that matches answers. A call without one succeeds with an empty record.
    pub replies: Vec<Canned>,
    /// What is done, step by step.
    pub steps: Vec<ScriptStep>,
}

/// A rehearsal as far as it was played.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Rehearsal {
    /// What it is called.
    pub name: String,
    /// The document for display.
    pub xml: String,
    /// Its processes that can be started, with what each asks; the first where none is chosen.
    pub processes: Vec<super::super::ProcessRow>,
    /// Errors that keep it from being played.
    pub errors: Vec<DiagnosticRow>,
    /// The state after each step.
    pub states: Vec<Shown>,
    /// What the clock said after each step (RFC 3339).
    pub clocks: Vec<String>,
    /// Where the clock began (RFC 3339).
    pub began: String,
    /// Names of elements, by identifier.
    #[ts(type = "Record<string, string>")]
    pub names: std::collections::BTreeMap<String, String>,
    /// Why the last step could not be played.
    pub failure: Option<Stop>,
}

/// Reads a definition without importing it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DefinitionReading {
    /// Name it would be kept under.
    pub name: String,
    /// Latest version of that name, if there is one: it would become the next.
    pub replaces: Option<u32>,
    /// Size of the document in bytes.
    pub size: u64,
    /// The document for display.
    pub xml: String,
    /// What the lint says.
    pub diagnostics: Vec<DiagnosticRow>,
    /// Calls, with what they would be bound to.
    pub calls: Vec<super::super::CallRow>,
    /// Groups and people, with whom they would mean.
    pub parties: Vec<super::super::PartyRow>,
    /// Approvals in it.
    pub gates: Vec<super::super::GateRow>,
    /// Processes of other definitions that it calls, with what they would be bound to.
    pub called: Vec<super::super::CalledRow>,
    /// Its timers that fire again and again.
    pub cycles: Vec<super::super::CycleRow>,
    /// Actions a call can be bound to.
    pub actions: Vec<String>,
}

/// Keeps what was typed into a form that is not sent yet, on this desk.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct KeepForm {
    /// Which form.
    pub form: String,
    /// What was typed; null forgets it.
    #[ts(type = "Record<string, unknown> | null")]
    pub values: Option<serde_json::Value>,
}

/// Names a form.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FormOf {
    /// Which form.
    pub form: String,
}

/// What was typed into a form.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FormKept {
    /// What was typed; null where nothing was.
    #[ts(type = "Record<string, unknown> | null")]
    pub values: Option<serde_json::Value>,
}
