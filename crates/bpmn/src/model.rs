//! A definition as typed values: what the engine runs, lint checks and the designer shows.
//!
//! Reading never fails on what BPMN allows and this crate does not run: it leaves an error-level [`Diagnostic`]
//! that names the element, and a definition with one is not started.

mod read;

pub(crate) use read::{begins, local};

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Document;
use crate::jsonpath::JsonPath;
use crate::{Expression, Value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// An element's `id`, shared instead of copied.
pub type Name = Arc<str>;

/// A definitions document, read.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The document it was read from, byte for byte.
    pub document: Document,
    /// Its processes in document order, also those that cannot be run.
    pub processes: Vec<Process>,
    /// What reading had to say.
    pub diagnostics: Vec<Diagnostic>,
}

/// One process.
#[derive(Debug, Clone)]
pub struct Process {
    /// Its `id`.
    pub id: Name,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its documentation, where it has some.
    pub documentation: Option<String>,
    /// `isExecutable`; an absent one counts as true.
    pub executable: bool,
    /// Its elements in document order, those of sub-processes included.
    pub nodes: Vec<Node>,
    /// Its sequence flows in document order, those of sub-processes included.
    pub flows: Vec<Flow>,
    /// Its outermost level.
    pub body: Body,
    /// Whether it has a task that notifies people.
    pub notifies: bool,
    /// Where an element of an `id` is.
    pub(crate) index: HashMap<Name, NodeIx>,
}

/// The place of a [`Node`] in its process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIx(pub u32);

/// The place of a [`Flow`] in its process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowIx(pub u32);

/// One level of a process: its own or a sub-process's.
#[derive(Debug, Clone, Default)]
pub struct Body {
    /// Elements directly in it, in document order.
    pub nodes: Vec<NodeIx>,
    /// Start events directly in it.
    pub starts: Vec<NodeIx>,
    /// Event sub-processes directly in it.
    pub event_subprocesses: Vec<NodeIx>,
    /// Its data objects.
    pub data: Vec<DataObject>,
}

/// A data object: a typed variable with a default.
#[derive(Debug, Clone, PartialEq)]
pub struct DataObject {
    /// Its `id`.
    pub id: Name,
    /// The variable's name.
    pub name: String,
    /// The variable's type.
    pub kind: DataType,
    /// Its default; null where there is none.
    pub default: Value,
}

/// The type of a data object or prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataType {
    /// Text.
    String,
    /// True or false.
    Boolean,
    /// A whole number.
    Long,
    /// A number.
    Double,
    /// A date or date-time, kept as text.
    Date,
    /// Anything else, kept as it came.
    Any,
}

/// A flow node.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its `id`, or a made-up one where the document has none.
    pub id: Name,
    /// Its name as written, which may hold expressions.
    pub name: Option<String>,
    /// Its documentation.
    pub documentation: Option<String>,
    /// The sub-process it is directly in; none at the outermost level.
    pub parent: Option<NodeIx>,
    /// What it is.
    pub kind: NodeKind,
    /// Flows that lead to it.
    pub incoming: Vec<FlowIx>,
    /// Flows that lead on, in document order.
    pub outgoing: Vec<FlowIx>,
    /// The flow to take when no condition holds.
    pub default: Option<FlowIx>,
    /// Boundary events attached to it.
    pub boundary: Vec<NodeIx>,
    /// Its repetition.
    pub repeat: Option<Repeat>,
    /// Execution listeners, in document order.
    pub listeners: Vec<Listener>,
    /// How long is waited before each further try of a call that failed, as ISO 8601 says it: as often as there are waits.
    pub tries: Vec<String>,
    /// Where its element starts in the document, in bytes.
    pub position: usize,
}

/// What a flow node is.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// A start event.
    Start(Start),
    /// An end event.
    End(Throw),
    /// An intermediate catch event.
    Catch(Trigger),
    /// An intermediate throw event.
    Throw(Throw),
    /// A boundary event.
    Boundary(Boundary),
    /// A user task.
    User(Box<UserTask>),
    /// A service, send or business rule task that calls something outside.
    Service(Box<Service>),
    /// A script task.
    Script(Script),
    /// A manual or abstract task: passed through.
    Pass,
    /// A receive task.
    Receive {
        /// The message that triggers it, where one is named.
        message: Option<Text>,
    },
    /// An exclusive gateway.
    Exclusive,
    /// A parallel gateway.
    Parallel,
    /// An inclusive gateway.
    Inclusive,
    /// An event-based gateway.
    EventBased,
    /// An embedded or event sub-process.
    SubProcess(SubProcess),
    /// A call activity.
    Call(Box<Call>),
    /// Something this crate does not run; an error diagnostic names it.
    Unsupported {
        /// The element's tag.
        tag: String,
    },
}

/// A start event.
#[derive(Debug, Clone)]
pub struct Start {
    /// What starts it; none for a plain one.
    pub trigger: Option<Trigger>,
    /// In an event sub-process: whether it takes the place of the enclosing scope's tokens.
    pub interrupting: bool,
    /// What is asked before the instance starts.
    pub prompts: Vec<Prompt>,
    /// The variable that takes the starter's name (`flowable:initiator`).
    pub initiator: Option<String>,
    /// A form elsewhere.
    pub form: Option<String>,
}

/// What an event waits for.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// A moment.
    Timer(Timer),
    /// A message.
    Message {
        /// Its name.
        name: Text,
        /// What tells one receiver from another (`correlationKey`), where given.
        correlation: Option<Text>,
    },
    /// A signal.
    Signal {
        /// Its name.
        name: Text,
    },
    /// An error; without a code, any.
    Error {
        /// The code.
        code: Option<String>,
        /// The variable that takes the code.
        variable: Option<String>,
    },
    /// An escalation; without a code, any.
    Escalation {
        /// The code.
        code: Option<String>,
    },
    /// A condition over variables.
    Condition {
        /// The condition.
        condition: Expression,
    },
    /// The other end of a link.
    Link {
        /// The link's name.
        name: String,
    },
    /// The undoing of a finished activity.
    Compensation,
}

/// When a timer fires.
#[derive(Debug, Clone)]
pub enum Timer {
    /// At a date.
    Date(Text),
    /// After a duration.
    Duration(Text),
    /// Again and again.
    Cycle {
        /// The repetition: ISO 8601 or cron.
        cycle: Text,
        /// When it stops (`flowable:endDate`).
        end: Option<Text>,
    },
}

/// What an end or throw event does.
#[derive(Debug, Clone)]
pub enum Throw {
    /// Nothing.
    None,
    /// Ends the scope, or the whole instance.
    Terminate {
        /// `terminateAll`: the whole instance, called processes and callers included.
        all: bool,
        /// `terminateMultiInstance`: the other rounds of a repetition, too.
        rounds: bool,
    },
    /// Throws an error.
    Error {
        /// The code.
        code: String,
    },
    /// Throws an escalation.
    Escalation {
        /// The code.
        code: Option<String>,
    },
    /// Broadcasts a signal.
    Signal {
        /// Its name.
        name: Text,
        /// `flowable:scope="processInstance"`: only this instance hears it.
        local: bool,
    },
    /// Sends a message.
    Message {
        /// Its name.
        name: Text,
        /// The value it carries, by which one receiver is told from another (`correlationKey`), where given.
        correlation: Option<Text>,
    },
    /// Goes on at the catch event of the same name.
    Link {
        /// The link's name.
        name: String,
    },
    /// Undoes finished activities.
    Compensation {
        /// The activity; all of the scope without one.
        activity: Option<Name>,
    },
}

/// A boundary event.
#[derive(Debug, Clone)]
pub struct Boundary {
    /// The activity it is attached to.
    pub attached: NodeIx,
    /// Whether it ends the activity.
    pub interrupting: bool,
    /// What it waits for.
    pub trigger: Trigger,
}

/// A user task.
#[derive(Debug, Clone, Default)]
pub struct UserTask {
    /// The name, which may hold expressions.
    pub name: Option<Text>,
    /// Who gets it.
    pub assignee: Option<Text>,
    /// Who may take it: texts such as `user(ana), group(validators)`, or lists in a variable.
    pub candidates: Vec<Assignment>,
    /// A due date, date-time or duration.
    pub due: Option<Text>,
    /// A form elsewhere.
    pub form: Option<Text>,
    /// A priority.
    pub priority: Option<Text>,
    /// A category.
    pub category: Option<Text>,
    /// What it asks.
    pub prompts: Vec<Prompt>,
    /// Task listeners, in document order.
    pub listeners: Vec<Listener>,
}

/// One way of naming people for a task.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// What the named people may or may not.
    pub role: AssignmentRole,
    /// The text that names them.
    pub people: Text,
}

/// What named people may or may not do with a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentRole {
    /// `potentialOwner`: `user(…)`, `group(…)`; bare names are groups.
    Owners,
    /// `candidateUsers`.
    Users,
    /// `candidateGroups`.
    Groups,
    /// `ExcludedOwner`: may not take it.
    Excluded,
}

/// A question a task or start asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    /// The variable that takes the answer.
    pub variable: String,
    /// The question.
    pub question: String,
    /// The type of the answer.
    #[serde(rename = "type")]
    pub kind: DataType,
    /// Whether the task cannot be completed without an answer.
    pub required: bool,
    /// What may be answered; free where empty.
    pub choices: Vec<Choice>,
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// What people see.
    pub label: String,
    /// What the variable gets.
    pub value: Value,
}

/// A call to something outside.
#[derive(Debug, Clone)]
pub struct Service {
    /// What is called.
    pub call: ServiceCall,
    /// Its fields by name.
    pub fields: BTreeMap<String, Text>,
    /// The variable that takes the result.
    pub result: Option<String>,
    /// Whether the branch waits for a trigger afterwards.
    pub triggerable: bool,
}

/// The fields that say which job a task asks for; the first that is there counts.
pub(crate) const JOB_FIELDS: [&str; 6] =
    ["jobDefinitionId", "jobDefinitionUri", "jobDefinition", "jobPath", "jobName", "job"];

/// What a service task calls.
#[derive(Debug, Clone, PartialEq)]
pub enum ServiceCall {
    /// `${restTask}` or `flowable:type="http"`.
    Http,
    /// `${mailTask}` or `flowable:type="mail"`.
    Mail,
    /// `${notificationTask}`.
    Notify,
    /// `${jobTask}`.
    Job,
    /// A send task without a delegate: sends a message.
    Message {
        /// The message's name.
        name: Text,
        /// The value it carries, by which one receiver is told from another (`correlationKey`), where given.
        correlation: Option<Text>,
    },
    /// An expression to evaluate, `flowable:expression`.
    Expression(Expression),
    /// A delegate expression, class or external topic by another name.
    Delegate(String),
}

/// A script task.
#[derive(Debug, Clone)]
pub struct Script {
    /// The language.
    pub format: Option<String>,
    /// The text.
    pub text: String,
    /// The variable that takes the result.
    pub result: Option<String>,
}

/// An embedded or event sub-process.
#[derive(Debug, Clone)]
pub struct SubProcess {
    /// Its inside.
    pub body: Body,
    /// Whether it starts by an event instead of a flow.
    pub by_event: bool,
}

/// A call activity.
#[derive(Debug, Clone)]
pub struct Call {
    /// The process it calls.
    pub process: Text,
    /// Whether the called process gets all variables.
    pub inherit: bool,
    /// Variables handed in.
    pub inputs: Vec<Mapping>,
    /// Variables handed back.
    pub outputs: Vec<Mapping>,
}

/// A variable handed over.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The value; none hands over all variables.
    pub source: Option<Text>,
    /// The variable that takes it.
    pub target: Text,
}

/// The repetition of an activity.
#[derive(Debug, Clone)]
pub enum Repeat {
    /// Multi-instance.
    Multi {
        /// One after the other.
        sequential: bool,
        /// How many rounds.
        cardinality: Option<Text>,
        /// The collection to go over: an expression, or a variable's name.
        collection: Option<Text>,
        /// The variable that takes each item.
        item: Option<String>,
        /// The variable that takes the round's number (`flowable:elementIndexVariable`).
        index: Option<String>,
        /// Stops the rest when it holds.
        until: Option<Box<Expression>>,
    },
    /// A standard loop.
    Loop {
        /// Looks at the condition before the first round.
        test_before: bool,
        /// Goes on while it holds.
        condition: Option<Expression>,
        /// At most so many rounds.
        rounds_max: Option<u32>,
    },
}

/// Something that runs when an element starts or ends, or a task is created or completed.
#[derive(Debug, Clone)]
pub struct Listener {
    /// When it runs: `start`, `end`, `take`, `create`, `assignment`, `complete`, `delete`.
    pub event: String,
    /// What runs.
    pub call: ListenerCall,
    /// Its fields by name.
    pub fields: BTreeMap<String, Text>,
    /// The path it captures from a reply, parsed, where it is written out.
    pub path: Option<Arc<JsonPath>>,
}

/// What a listener runs.
#[derive(Debug, Clone, PartialEq)]
pub enum ListenerCall {
    /// `${jsonPathListener}`: captures a value from a reply.
    JsonPath,
    /// `${notificationListener}`: sets who the attached task's notification goes to.
    Notification,
    /// `${jsonParticipantListener}`: offers the task to people named by a variable.
    Participants,
    /// `${jobArgumentListener}`: adds an argument to the job.
    JobArgument,
    /// `${jobStateListener}`: captures what the job ended as.
    JobState,
    /// An expression, evaluated.
    Expression(Expression),
}

/// A text that may hold expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum Text {
    /// Taken as it is.
    Literal(String),
    /// Evaluated.
    Expression(Expression),
}

/// A sequence flow.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Its `id`, or a made-up one where the document has none.
    pub id: Name,
    /// Its name.
    pub name: Option<String>,
    /// Where it comes from.
    pub source: NodeIx,
    /// Where it leads.
    pub target: NodeIx,
    /// Its condition.
    pub condition: Option<Expression>,
    /// `take` listeners.
    pub listeners: Vec<Listener>,
    /// Where its element starts in the document, in bytes.
    pub position: usize,
}

impl Definition {
    /// Reads a document. Only what is no BPMN document at all is an error; everything else is a diagnostic.
    pub fn parse(bytes: impl Into<Vec<u8>>) -> Result<Self, crate::Error> {
        read::definition(Document::within_limits(bytes.into())?)
    }

    /// Reads a document that was parsed or edited before.
    pub fn read(document: Document) -> Self {
        match read::definition(document.clone()) {
            Ok(definition) => definition,
            // A document is well-formed by construction; should it not be, nothing in it runs.
            Err(error) => {
                let diagnostics = vec![Diagnostic::error("xml", None, error.sentence())];
                Self { document, processes: Vec::new(), diagnostics }
            }
        }
    }

    /// The process of that id, or the first executable one.
    pub fn process(&self, id: Option<&str>) -> Option<&Process> {
        match id {
            Some(id) => self.processes.iter().find(|process| &*process.id == id),
            None => self.processes.iter().find(|process| process.executable),
        }
    }

    /// Whether reading found something that blocks starting.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

impl Process {
    /// An element by its place.
    pub fn node(&self, ix: NodeIx) -> &Node {
        &self.nodes[ix.0 as usize]
    }

    /// A flow by its place.
    pub fn flow(&self, ix: FlowIx) -> &Flow {
        &self.flows[ix.0 as usize]
    }

    /// The place of the element of that id.
    pub fn find(&self, id: &str) -> Option<NodeIx> {
        self.index.get(id).copied()
    }

    /// The level inside a sub-process, or the outermost one.
    pub fn body_of(&self, parent: Option<NodeIx>) -> &Body {
        match parent.map(|ix| &self.node(ix).kind) {
            Some(NodeKind::SubProcess(sub)) => &sub.body,
            _ => &self.body,
        }
    }

    /// The data object that declares a variable as seen from an element: the innermost one.
    pub fn data_object(&self, from: Option<NodeIx>, variable: &str) -> Option<&DataObject> {
        let mut level = from.and_then(|ix| match self.node(ix).kind {
            NodeKind::SubProcess(_) => Some(ix),
            _ => self.node(ix).parent,
        });
        loop {
            if let Some(found) = self.body_of(level).data.iter().find(|data| data.name == variable) {
                return Some(found);
            }
            level = self.node(level?).parent;
        }
    }
}

impl Node {
    /// Whether it is an activity: something that takes time and can carry boundary events.
    pub fn is_activity(&self) -> bool {
        matches!(
            self.kind,
            NodeKind::User(_)
                | NodeKind::Service(_)
                | NodeKind::Script(_)
                | NodeKind::Pass
                | NodeKind::Receive { .. }
                | NodeKind::SubProcess(_)
                | NodeKind::Call(_)
        )
    }

    /// The name people know it by: its name, or its id where it has none.
    pub fn label(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&self.id)
    }
}

impl DataType {
    /// The type that `itemSubjectRef` or a prompt value's `type` names, with or without a prefix.
    pub fn of(text: &str) -> Self {
        let local = text.rsplit(':').next().unwrap_or(text);
        match local.to_ascii_lowercase().as_str() {
            "string" | "text" => Self::String,
            "boolean" | "bool" => Self::Boolean,
            "long" | "int" | "integer" | "short" => Self::Long,
            "double" | "float" | "decimal" | "number" => Self::Double,
            "date" | "datetime" => Self::Date,
            _ => Self::Any,
        }
    }
}

impl Text {
    /// The text as written.
    pub fn source(&self) -> &str {
        match self {
            Self::Literal(text) => text,
            Self::Expression(expression) => expression.source(),
        }
    }
}
