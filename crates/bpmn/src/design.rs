//! Drawing and changing a process. A designer says what was done (added, connected, moved, a property set); the document
//! takes it as patches, so that everything nobody touched keeps its bytes. Geometry comes as it is shown and is written
//! as the document's own dialect means it.

mod add;
mod calls;
mod draw;
mod events;
mod excluded;
mod fields;
mod listed;
mod listeners;
mod nouns;
mod prompts;
mod read;
mod repeat;
mod rest;
mod set;
mod tag;

pub use calls::Passed;
pub use excluded::Excluded;
pub use fields::JobField;
pub use listeners::{Captured, Listener, Moment};
pub use read::{Details, JobOf, read};
pub use repeat::Repeated;
pub use rest::rest;

use crate::Error;
use crate::document::edit::by_id;
use crate::document::{self, Document};
use crate::geometry::{BPMN, Dialect};
use crate::model::DataType;
use crate::sentence::{Sentence, sentence};
use roxmltree::Node as Xml;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// More changes at once are refused.
pub const CHANGES_MAX: usize = 10_000;

/// Longer names, identifiers and expressions than this, in bytes, are refused.
pub const TEXT_BYTES_MAX: usize = 64 << 10;

/// One thing that was done to a drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "change", rename_all = "kebab-case")]
#[ts(rename = "DesignChange")]
pub enum Change {
    /// A new element.
    Add {
        /// Its `id`.
        id: String,
        /// What it is.
        kind: Kind,
        /// The process or sub-process it goes into.
        into: String,
        /// The activity it is attached to, for a boundary event.
        #[serde(default)]
        #[ts(optional)]
        host: Option<String>,
        /// Its name.
        #[serde(default)]
        name: String,
        /// Where it is shown.
        bounds: Rectangle,
    },
    /// A new flow, or the association of an annotation.
    Connect {
        /// Its `id`.
        id: String,
        /// Where it comes from.
        source: String,
        /// Where it leads.
        target: String,
        /// Its points.
        points: Vec<Spot>,
    },
    /// A flow leads elsewhere.
    Reconnect {
        /// The flow.
        id: String,
        /// Where it comes from.
        source: String,
        /// Where it leads.
        target: String,
    },
    /// Elements go, with the flows that end at them.
    Remove {
        /// The elements and flows.
        ids: Vec<String>,
    },
    /// A shape is elsewhere, or of another size.
    Move {
        /// The element.
        id: String,
        /// Where it is shown.
        bounds: Rectangle,
    },
    /// A flow takes another way.
    Bend {
        /// The flow.
        id: String,
        /// Its points.
        points: Vec<Spot>,
    },
    /// A name beside a shape or flow is elsewhere.
    Label {
        /// The element.
        id: String,
        /// Where its name is shown.
        bounds: Rectangle,
    },
    /// An element goes into or out of a sub-process.
    Into {
        /// The element or flow.
        id: String,
        /// The process or sub-process it goes into.
        into: String,
    },
    /// A property is set.
    Set {
        /// The element, flow or process.
        id: String,
        /// What is set.
        set: Property,
    },
}

/// A rectangle as it is shown: its upper left corner and its size, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "DesignRectangle")]
pub struct Rectangle {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A point of a flow, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[ts(rename = "DesignSpot")]
pub struct Spot {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// What can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(rename = "DesignKind")]
pub enum Kind {
    /// A start event.
    Start,
    /// A start event that a timer sets off.
    TimerStart,
    /// A start event that a message sets off.
    MessageStart,
    /// A start event that a signal sets off.
    SignalStart,
    /// The start of an event sub-process that an error sets off.
    ErrorStart,
    /// The start of an event sub-process that an escalation sets off.
    EscalationStart,
    /// A start event that waits until a condition holds.
    ConditionStart,
    /// An end event.
    End,
    /// An end event that sends a message.
    MessageEnd,
    /// An end event that throws a signal.
    SignalEnd,
    /// An end event that throws an error.
    ErrorEnd,
    /// An end event that throws an escalation.
    EscalationEnd,
    /// An end event that ends everything.
    TerminateEnd,
    /// A user task.
    Task,
    /// A user task whose answer is an approval.
    Approve,
    /// A service task that looks the project up.
    FindProject,
    /// A service task that builds the package's manifest.
    Build,
    /// A service task that migrates the approved files.
    Migrate,
    /// A service task that trains.
    Train,
    /// A service task that scores.
    Score,
    /// A service task that reports performance.
    Report,
    /// A service task that publishes.
    Publish,
    /// A service task that turns the process to the version that an answer names.
    Choose,
    /// A service task that turns the process back to the version before the retraining.
    Keep,
    /// A service task that makes the version the champion.
    Champion,
    /// A service task that notifies people.
    Notify,
    /// A service task that writes a mail.
    Mail,
    /// A service task that calls an address.
    Call,
    /// A service task that asks for a job.
    Job,
    /// A task that waits for a message.
    Receive,
    /// A task that sends a message.
    Send,
    /// A call of another process.
    CallProcess,
    /// An exclusive gateway.
    Exclusive,
    /// A parallel gateway.
    Parallel,
    /// An inclusive gateway.
    Inclusive,
    /// A gateway that waits for the first of several events.
    EventBased,
    /// An intermediate event that waits for a timer.
    Timer,
    /// An intermediate event that waits for a message.
    Message,
    /// An intermediate event that waits for a signal.
    Signal,
    /// An intermediate event that waits until a condition holds.
    Condition,
    /// An intermediate event that sends a message.
    MessageThrow,
    /// An intermediate event that throws a signal.
    SignalThrow,
    /// An intermediate event that throws an escalation.
    EscalationThrow,
    /// The end of a link that leads elsewhere.
    LinkThrow,
    /// The end of a link where the way goes on.
    LinkCatch,
    /// A timer at a task's boundary, which does not end the task.
    TimerBoundary,
    /// A message at a task's boundary, which ends the task.
    MessageBoundary,
    /// A signal at a task's boundary, which ends the task.
    SignalBoundary,
    /// An error at a task's boundary.
    ErrorBoundary,
    /// An escalation at a task's boundary, which does not end the task.
    EscalationBoundary,
    /// A condition at a task's boundary, which ends the task.
    ConditionBoundary,
    /// An embedded sub-process.
    SubProcess,
    /// A sub-process that an event sets off.
    EventSubProcess,
    /// A text beside the flow.
    Annotation,
}

/// A property of an element, flow or process, with the value it gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "property", rename_all = "kebab-case")]
#[ts(rename = "DesignProperty")]
pub enum Property {
    /// The name, or an annotation's text.
    Name {
        /// Empty removes it.
        text: String,
    },
    /// The documentation.
    Documentation {
        /// Empty removes it.
        text: String,
    },
    /// Who gets a user task.
    Assignee {
        /// A name or an expression; empty removes it.
        text: String,
    },
    /// Who may claim a user task.
    Candidates {
        /// Groups.
        groups: Vec<String>,
        /// Users.
        users: Vec<String>,
    },
    /// Who may not claim a user task.
    Excluded {
        /// All of them.
        excluded: Excluded,
    },
    /// When a user task is due.
    Due {
        /// A date, a duration or an expression; empty removes it.
        text: String,
    },
    /// How urgent a user task is.
    Priority {
        /// A number or an expression; empty removes it.
        text: String,
    },
    /// The form that a user task or a start is answered with elsewhere.
    Form {
        /// Its name or an expression; empty removes it.
        text: String,
    },
    /// What a user task or a start asks.
    Prompts {
        /// The questions, in order.
        prompts: Vec<Question>,
    },
    /// The condition of a flow, or the one that an event waits for.
    Condition {
        /// An expression; empty removes it from a flow.
        text: String,
    },
    /// Whether a flow is the one its gateway takes when no condition holds.
    Default {
        /// Whether it is.
        is: bool,
    },
    /// When a timer fires.
    Timer {
        /// How it is given.
        kind: TimerKind,
        /// The date, duration or cycle.
        text: String,
    },
    /// Whether a boundary event ends its activity.
    Interrupting {
        /// Whether it does.
        is: bool,
    },
    /// Which of our actions a service task carries out.
    Act {
        /// `find-project`, `build`, `migrate`, `train`, `score`, `report`, `publish`, `choose`, `keep` or `champion`.
        action: String,
        /// What it is given, as names and texts that may hold expressions.
        inputs: Vec<Given>,
    },
    /// A field of a service task.
    Field {
        /// Its name.
        name: String,
        /// Its text, which may hold expressions; empty removes it.
        text: String,
    },
    /// Which job a job task asks for.
    Job {
        /// The field that says so.
        by: JobField,
        /// What it says; empty removes it.
        text: String,
    },
    /// Whether a job task waits until it is told that the job is over.
    Triggerable {
        /// Whether it does.
        is: bool,
    },
    /// How often, and after which waits, a call that failed is tried again.
    Tries {
        /// A cycle such as `R3/PT10M`, or a list of waits such as `PT1M,PT10M`; empty removes it.
        text: String,
    },
    /// What is kept of a reply or another JSON document, by JSON path.
    Captures {
        /// All of them.
        captures: Vec<Captured>,
    },
    /// The other listeners.
    Listeners {
        /// All of them.
        listeners: Vec<Listener>,
    },
    /// How an activity is repeated.
    Repeat {
        /// How; it is done once without.
        repeat: Option<Repeated>,
    },
    /// Which message an event waits for or sends.
    Message {
        /// Its name; empty removes it from a task that receives.
        text: String,
    },
    /// The value by which one receiver of a message is told from another.
    CorrelationKey {
        /// A text that may hold expressions; empty removes it.
        text: String,
    },
    /// Which signal an event waits for or throws.
    Signal {
        /// Its name.
        text: String,
    },
    /// Which error an event catches or throws.
    Error {
        /// Its code; empty catches any.
        text: String,
    },
    /// The variable that takes the code of an error that is caught.
    ErrorVariable {
        /// Its name; empty removes it.
        text: String,
    },
    /// Which escalation an event catches or throws.
    Escalation {
        /// Its code; empty catches any.
        text: String,
    },
    /// By which name the two ends of a link find each other.
    Link {
        /// The name.
        text: String,
    },
    /// What sets off an event sub-process, at its start event.
    SetOff {
        /// What does.
        by: Occasion,
    },
    /// Which process a call activity calls.
    Called {
        /// Its identifier, or an expression; empty removes it.
        text: String,
    },
    /// Whether the called process gets all variables.
    Inherit {
        /// Whether it does.
        is: bool,
    },
    /// What the called process is handed.
    Inputs {
        /// All of it.
        passed: Vec<Passed>,
    },
    /// What the called process hands back.
    Outputs {
        /// All of it.
        passed: Vec<Passed>,
    },
    /// The data objects of a process or sub-process.
    Data {
        /// All of them.
        objects: Vec<Datum>,
    },
}

/// How a timer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(rename = "DesignTimerKind")]
pub enum TimerKind {
    /// At a date.
    Date,
    /// After a duration.
    Duration,
    /// Again and again.
    Cycle,
}

/// What sets off an event sub-process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(rename = "DesignOccasion")]
pub enum Occasion {
    /// A moment.
    Timer,
    /// A message.
    Message,
    /// A signal.
    Signal,
    /// An error.
    Error,
    /// An escalation.
    Escalation,
    /// That a condition holds.
    Condition,
}

/// An input of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "DesignGiven")]
pub struct Given {
    /// Its name.
    pub name: String,
    /// Its text, which may hold expressions.
    pub text: String,
}

/// A question of a task or start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "DesignQuestion")]
pub struct Question {
    /// The variable that takes the answer.
    pub variable: String,
    /// The question.
    pub question: String,
    /// The type of the answer.
    #[serde(rename = "type")]
    #[ts(type = "\"string\" | \"boolean\" | \"long\" | \"double\" | \"date\" | \"any\"")]
    pub kind: DataType,
    /// Whether it must be answered.
    pub required: bool,
    /// What may be answered; free where empty.
    pub choices: Vec<Choice>,
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "DesignChoice")]
pub struct Choice {
    /// What people see.
    pub label: String,
    /// What the variable gets, as text of the question's type.
    pub value: String,
}

/// A data object: a typed variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "DesignDatum")]
pub struct Datum {
    /// Its `id`; empty for a new one.
    #[serde(default)]
    pub id: String,
    /// The variable's name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    #[ts(type = "\"string\" | \"boolean\" | \"long\" | \"double\" | \"date\" | \"any\"")]
    pub kind: DataType,
    /// What it begins as; empty for nothing.
    #[serde(default)]
    pub value: String,
}

/// The document with some changes made, in order. If one cannot be made, none is.
///
/// # Errors
/// [`Error::NotFound`] for an element that is not there; [`Error::BadEdit`] for what would leave no process.
pub fn apply(document: &Document, changes: &[Change]) -> Result<Document, Error> {
    if changes.len() > CHANGES_MAX {
        let what = sentence!("size-changes", "the number of changes");
        return Err(Error::TooLarge { what, limit: CHANGES_MAX });
    }
    let dialect = Dialect::of(document);
    changes.iter().try_fold(document.clone(), |document, change| one(&document, change, &dialect))
}

fn one(document: &Document, change: &Change, dialect: &Dialect) -> Result<Document, Error> {
    match change {
        Change::Add { id, kind, into, host, name, bounds } => {
            let new = add::New { id, kind: *kind, into, host: host.as_deref(), name, bounds: *bounds };
            add::element(document, &new, dialect)
        }
        Change::Connect { id, source, target, points } => add::flow(document, id, source, target, points),
        Change::Reconnect { id, source, target } => add::reconnect(document, id, source, target),
        Change::Remove { ids } => {
            ids.iter().try_fold(document.clone(), |document, id| add::remove(&document, id))
        }
        Change::Move { id, bounds } => draw::shape(document, id, *bounds, dialect),
        Change::Bend { id, points } => draw::edge(document, id, points),
        Change::Label { id, bounds } => draw::label(document, id, *bounds),
        Change::Into { id, into } => add::into(document, id, into),
        Change::Set { id, set } => set::property(document, id, set),
    }
}

/// A new document with one process that starts and does nothing yet.
pub fn blank(id: &str, name: &str) -> Result<Document, Error> {
    check_id(id)?;
    check_text(sentence!("edit-text-name", "the name"), name)?;
    let name = document::edit::escape(name, Some('"'));
    Document::parse(format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{BPMN}" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:flowable="http://flowable.org/bpmn" xmlns:sasbpmn="http://www.sas.com/xml/schema/bpmn" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="{id}_definitions" targetNamespace="https://countersign.example/processes" exporter="Countersign">
  <process id="{id}" name="{name}" isExecutable="true">
    <startEvent id="start" name="Start"/>
  </process>
  <bpmndi:BPMNDiagram id="{id}_diagram">
    <bpmndi:BPMNPlane id="{id}_plane" bpmnElement="{id}">
      <bpmndi:BPMNShape id="start_shape" bpmnElement="start">
        <dc:Bounds x="160" y="162" width="36" height="36"/>
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</definitions>
"#
    ))
}

/// An element of the model by its `id`.
fn element<'t>(root: Xml<'t, 't>, id: &str) -> Result<Xml<'t, 't>, Error> {
    by_id(root, id).ok_or_else(|| Error::NotFound(id.to_owned()))
}

fn is(node: &Xml<'_, '_>, tag: &str) -> bool {
    node.has_tag_name((BPMN, tag))
}

fn check_id(id: &str) -> Result<(), Error> {
    if !document::edit::is_name(id) || id.len() > 255 {
        return Err(Error::BadEdit(sentence!(
            "edit-identifier",
            "`{id}` is no identifier; begin with a letter, and use letters, digits, `_`, `-` and `.`",
            id = id
        )));
    }
    Ok(())
}

fn check_new_id(root: Xml<'_, '_>, id: &str) -> Result<(), Error> {
    check_id(id)?;
    if by_id(root, id).is_some() {
        return Err(Error::BadEdit(sentence!(
            "edit-identifier-taken",
            "there is an element `{id}` already; choose another identifier",
            id = id
        )));
    }
    Ok(())
}

fn check_text(what: Sentence, text: &str) -> Result<(), Error> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Error::BadEdit(sentence!(
            "edit-text-too-long",
            "{what} is longer than {limit} bytes; shorten it",
            what = what,
            limit = TEXT_BYTES_MAX
        )));
    }
    document::edit::check_characters(text)
}

fn check_variable(name: &str) -> Result<(), Error> {
    if !document::edit::is_name(name.trim()) {
        return Err(Error::BadEdit(sentence!(
            "edit-variable",
            "`{name}` is no name of a variable; use letters, digits and `_`",
            name = name
        )));
    }
    Ok(())
}

/// An `id` that nothing has yet, made of words.
fn fresh_id(root: Xml<'_, '_>, words: &str) -> String {
    let plain: String =
        words.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(60).collect();
    let base =
        if plain.starts_with(|c: char| c.is_ascii_alphabetic()) { plain } else { format!("id_{plain}") };
    (1u32..)
        .map(|n| if n == 1 { base.clone() } else { format!("{base}_{n}") })
        .find(|id| by_id(root, id).is_none())
        .unwrap_or(base)
}

#[cfg(test)]
mod tests;
