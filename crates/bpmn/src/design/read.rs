//! What a designer shows of each element: its properties, as they are written.

use super::calls::{Passed, Way, passed};
use super::excluded::Excluded;
use super::fields::{ACTIONS, JOB, JobField, OWN, extension_elements, is_extension, job_of, tries_of};
use super::listeners::{Captured, Listener};
use super::repeat::Repeated;
use super::tag::EXTENSIONS;
use super::{Choice, Datum, Given, Kind, Question, TimerKind, element as find, is};
use crate::geometry::BPMN;
use crate::model::{DataType, Definition, NodeKind, Prompt};
use roxmltree::Node as Xml;
use serde::Serialize;
use ts_rs::TS;

/// An element, flow or process with its properties.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "DesignElement")]
pub struct Details {
    /// Its `id`.
    pub id: String,
    /// Its tag, such as `userTask`.
    pub tag: String,
    /// What of the palette it is, where it is any.
    pub kind: Option<Kind>,
    /// Its name, or an annotation's text.
    pub name: String,
    /// Its documentation.
    pub documentation: String,
    /// Where a flow comes from.
    pub source: String,
    /// Where a flow leads.
    pub target: String,
    /// The activity a boundary event is attached to.
    pub attached: String,
    /// Who gets a user task.
    pub assignee: String,
    /// Groups that may claim it.
    pub groups: Vec<String>,
    /// Users that may claim it, and expressions that name people.
    pub users: Vec<String>,
    /// Who may not.
    pub excluded: Excluded,
    /// When it is due.
    pub due: String,
    /// How urgent it is.
    pub priority: String,
    /// The form it is answered with elsewhere.
    pub form: String,
    /// What it asks.
    pub prompts: Vec<Question>,
    /// A flow's condition, or the one that an event waits for.
    pub condition: String,
    /// Whether a flow is the one taken when no condition holds.
    pub default: bool,
    /// Whether a flow may have a condition: it leaves a gateway or task that several flows leave.
    pub conditional: bool,
    /// What a timer waits for.
    pub timer: Option<TimerOf>,
    /// Whether a boundary event ends its activity.
    pub interrupting: bool,
    /// What a service task calls: `${restTask}`, for example.
    pub delegate: String,
    /// Which of our actions that is.
    pub action: Option<ActionOf>,
    /// The fields of a service task.
    pub fields: Vec<Given>,
    /// How often a call that failed is tried again, and after which waits.
    pub tries: String,
    /// Which job it asks for.
    pub job: Option<JobOf>,
    /// What it keeps of a reply or another JSON document.
    pub captures: Vec<Captured>,
    /// Its other listeners.
    pub listeners: Vec<Listener>,
    /// Whether it can be repeated.
    pub repeatable: bool,
    /// How it is.
    pub repeat: Option<Repeated>,
    /// Whether a sub-process begins by an event, or a start event begins such a sub-process.
    pub by_event: bool,
    /// Which message an event waits for or sends.
    pub message: String,
    /// The value by which one receiver of it is told from another.
    pub correlation_key: String,
    /// Which signal an event waits for or throws.
    pub signal: String,
    /// The code of the error that an event catches or throws; empty for any.
    pub error: String,
    /// The variable that takes the code of an error that is caught.
    pub error_variable: String,
    /// The code of the escalation that an event catches or throws; empty for any.
    pub escalation: String,
    /// The name of a link.
    pub link: String,
    /// The process that a call activity calls.
    pub called: String,
    /// Whether the called process gets all variables.
    pub inherit: bool,
    /// What it is handed.
    pub inputs: Vec<Passed>,
    /// What it hands back.
    pub outputs: Vec<Passed>,
    /// Data objects of a process or sub-process.
    pub data: Vec<Datum>,
}

/// A timer as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "DesignTimer")]
pub struct TimerOf {
    /// How it is given.
    pub kind: TimerKind,
    /// The date, duration or cycle.
    pub text: String,
}

/// One of our actions, as a service task calls it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "DesignAction")]
pub struct ActionOf {
    /// Its name.
    pub name: String,
    /// What it is given.
    pub inputs: Vec<Given>,
}

/// The job that a job task asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "DesignJob")]
pub struct JobOf {
    /// The field that says which.
    pub by: JobField,
    /// What it says.
    pub text: String,
    /// Whether the task waits until it is told that the job is over.
    pub triggerable: bool,
}

/// Every process, element and flow of a definition with its properties, in document order.
pub fn read(definition: &Definition) -> Vec<Details> {
    let Ok(tree) = definition.document.tree() else { return Vec::new() };
    let root = tree.root_element();
    root.descendants()
        .filter(|node| node.tag_name().namespace() == Some(BPMN) && is_shown(node))
        .filter_map(|node| details(definition, root, node))
        .collect()
}

pub(super) fn is_shown(node: &Xml<'_, '_>) -> bool {
    let tag = node.tag_name().name();
    tag == "process"
        || tag == "sequenceFlow"
        || tag == "textAnnotation"
        || tag == "subProcess"
        || tag == "callActivity"
        || tag == "transaction"
        || tag == "task"
        || tag.ends_with("Task")
        || tag.ends_with("Gateway")
        || (tag.ends_with("Event")
            && node.parent_element().is_some_and(|parent| !parent.tag_name().name().ends_with("Event")))
}

fn details(definition: &Definition, root: Xml<'_, '_>, node: Xml<'_, '_>) -> Option<Details> {
    let id = node.attribute("id")?.to_owned();
    let text_of = |tag: &str| node.children().find(|child| is(child, tag)).map(text).unwrap_or_default();
    let event = |kind: &str| {
        let tag = format!("{kind}EventDefinition");
        node.children().find(|child| is(child, &tag))
    };
    let named = |what: &str| super::events::name_of(root, event(what).unwrap_or(node), what);
    let fields = fields(node);
    let field = |name: &str| fields.iter().find(|field| field.name == name).map(|field| field.text.as_str());
    let delegate = extension(node, "delegateExpression").unwrap_or_default().to_owned();
    let action = field("url").filter(|_| delegate.trim() == "${restTask}").and_then(action_of);
    let (groups, users) = candidates(node);
    let (default, conditional) = on_gateway(root, node, &id);
    let tag = node.tag_name().name().to_owned();
    let prompts = prompts(definition, &id);
    Some(Details {
        kind: kind_of(node, &delegate, action.as_ref(), &prompts),
        name: if tag == "textAnnotation" {
            text_of("text")
        } else {
            node.attribute("name").unwrap_or_default().to_owned()
        },
        documentation: text_of("documentation"),
        source: node.attribute("sourceRef").unwrap_or_default().to_owned(),
        target: node.attribute("targetRef").unwrap_or_default().to_owned(),
        attached: node.attribute("attachedToRef").unwrap_or_default().to_owned(),
        assignee: extension(node, "assignee").unwrap_or_default().to_owned(),
        groups,
        users,
        excluded: super::excluded::read(node),
        due: extension(node, "dueDate").unwrap_or_default().to_owned(),
        priority: extension(node, "priority").unwrap_or_default().to_owned(),
        form: extension(node, "formKey").unwrap_or_default().to_owned(),
        prompts,
        condition: match event("conditional") {
            Some(waits) => {
                waits.children().find(|child| is(child, "condition")).map(text).unwrap_or_default()
            }
            None => text_of("conditionExpression"),
        }
        .trim()
        .to_owned(),
        default,
        conditional,
        timer: event("timer").and_then(timer_of),
        interrupting: node.attribute("cancelActivity") != Some("false")
            && node.attribute("isInterrupting") != Some("false"),
        tries: tries_of(node),
        job: (delegate.trim() == JOB).then(|| {
            let (by, text) = job_of(&fields);
            JobOf { by, text, triggerable: extension(node, "triggerable") == Some("true") }
        }),
        delegate,
        action,
        captures: super::listeners::captures(node),
        listeners: super::listeners::listeners(node),
        repeatable: super::repeat::repeatable(&node),
        repeat: super::repeat::read(node),
        by_event: super::events::begins_by_event(&node)
            || (tag == "subProcess" && node.attribute("triggeredByEvent") == Some("true")),
        message: named("message"),
        correlation_key: extension(event("message").unwrap_or(node), super::events::CORRELATION_KEY)
            .unwrap_or_default()
            .trim()
            .to_owned(),
        signal: named("signal"),
        error: named("error"),
        error_variable: event("error")
            .and_then(|error| {
                extension(error, "errorCodeVariable").or_else(|| extension(error, "errorVariableName"))
            })
            .unwrap_or_default()
            .to_owned(),
        escalation: named("escalation"),
        link: event("link").and_then(|link| link.attribute("name")).unwrap_or_default().to_owned(),
        called: node.attribute("calledElement").unwrap_or_default().trim().to_owned(),
        inherit: extension(node, "inheritVariables") == Some("true"),
        inputs: passed(node, Way::In),
        outputs: passed(node, Way::Out),
        data: data(node),
        fields,
        id,
        tag,
    })
}

pub(super) fn text(node: Xml<'_, '_>) -> String {
    node.descendants().filter(|inner| inner.is_text()).filter_map(|inner| inner.text()).collect()
}

pub(super) fn extension<'t>(node: Xml<'t, 't>, name: &str) -> Option<&'t str> {
    EXTENSIONS.iter().find_map(|namespace| node.attribute((*namespace, name)))
}

fn extensions<'t>(node: Xml<'t, 't>, tag: &'static str) -> impl Iterator<Item = Xml<'t, 't>> {
    extension_elements(node)
        .into_iter()
        .flat_map(|all| all.children())
        .filter(move |child| is_extension(child, tag))
}

/// Fields directly below a node.
pub(super) fn given<'t>(children: impl Iterator<Item = Xml<'t, 't>>) -> Vec<Given> {
    children
        .filter(|child| is_extension(child, "field"))
        .filter_map(|field| {
            let name = field.attribute("name")?.to_owned();
            let written =
                field.attribute("stringValue").or_else(|| field.attribute("expression")).map(str::to_owned);
            let inner = || {
                field
                    .children()
                    .find(|child| is_extension(child, "string") || is_extension(child, "expression"))
            };
            let text = written.or_else(|| inner().map(text)).unwrap_or_default();
            Some(Given { name, text })
        })
        .collect()
}

fn fields(node: Xml<'_, '_>) -> Vec<Given> {
    extension_elements(node).map(|all| given(all.children())).unwrap_or_default()
}

fn action_of(url: &str) -> Option<ActionOf> {
    let rest = url.trim().strip_prefix(OWN)?;
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let name =
        ACTIONS.iter().find(|(name, known)| *known == address || *name == address).map(|(name, _)| *name)?;
    let inputs = query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, text) = part.split_once('=').unwrap_or((part, ""));
            Given { name: name.to_owned(), text: text.to_owned() }
        })
        .collect();
    Some(ActionOf { name: name.to_owned(), inputs })
}

/// Whom a user task invites: groups, then users and expressions.
fn candidates(node: Xml<'_, '_>) -> (Vec<String>, Vec<String>) {
    let (mut groups, mut users) = (Vec::new(), Vec::new());
    let mut sort = |all: &str, group_by_default: bool| {
        for part in split(all) {
            match inside(&part) {
                Some((true, name)) => groups.push(name),
                Some((false, name)) => users.push(name),
                None if part.contains("${") || !group_by_default => users.push(part),
                None => groups.push(part),
            }
        }
    };
    for owner in node.children().filter(|child| is(child, "potentialOwner")) {
        sort(&text(owner), true);
    }
    sort(extension(node, "candidateGroups").unwrap_or_default(), true);
    sort(extension(node, "candidateUsers").unwrap_or_default(), false);
    (groups, users)
}

/// A list, split at the commas that are in no expression.
pub(super) fn split(all: &str) -> Vec<String> {
    let (mut parts, mut part, mut depth) = (Vec::new(), String::new(), 0u32);
    for character in all.chars() {
        match character {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(character);
    }
    parts.push(part);
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// What stands in `group(…)` (true) or `user(…)` (false).
pub(super) fn inside(part: &str) -> Option<(bool, String)> {
    let of = |word: &str| {
        part.strip_prefix(word)?
            .trim_start()
            .strip_prefix('(')?
            .strip_suffix(')')
            .map(|name| name.trim().to_owned())
    };
    of("group").map(|name| (true, name)).or_else(|| of("user").map(|name| (false, name)))
}

fn timer_of(timer: Xml<'_, '_>) -> Option<TimerOf> {
    timer.children().find_map(|part| {
        let kind = match part.tag_name().name() {
            "timeDate" => TimerKind::Date,
            "timeDuration" => TimerKind::Duration,
            "timeCycle" => TimerKind::Cycle,
            _ => return None,
        };
        Some(TimerOf { kind, text: text(part).trim().to_owned() })
    })
}

fn on_gateway(root: Xml<'_, '_>, node: Xml<'_, '_>, id: &str) -> (bool, bool) {
    if !is(&node, "sequenceFlow") {
        return (false, false);
    }
    let source = node.attribute("sourceRef").unwrap_or_default();
    let default = find(root, source).is_ok_and(|source| source.attribute("default") == Some(id));
    let deciding = find(root, source)
        .is_ok_and(|source| is(&source, "exclusiveGateway") || is(&source, "inclusiveGateway"));
    let several = || {
        let level = node.parent_element();
        level.is_some_and(|level| {
            level
                .children()
                .filter(|other| is(other, "sequenceFlow") && other.attribute("sourceRef") == Some(source))
                .count()
                > 1
        })
    };
    let parallel = find(root, source)
        .is_ok_and(|source| is(&source, "parallelGateway") || is(&source, "eventBasedGateway"));
    (default, deciding || (!parallel && several()))
}

fn data(level: Xml<'_, '_>) -> Vec<Datum> {
    level
        .children()
        .filter(|child| is(child, "dataObject"))
        .map(|object| Datum {
            id: object.attribute("id").unwrap_or_default().to_owned(),
            name: object.attribute("name").unwrap_or_default().to_owned(),
            kind: DataType::of(object.attribute("itemSubjectRef").unwrap_or_default()),
            value: extensions(object, "value").next().map(text).unwrap_or_default(),
        })
        .collect()
}

fn prompts(definition: &Definition, id: &str) -> Vec<Question> {
    let node = definition.processes.iter().find_map(|process| Some(process.node(process.find(id)?)));
    let prompts: &[Prompt] = match node.map(|node| &node.kind) {
        Some(NodeKind::User(task)) => &task.prompts,
        Some(NodeKind::Start(start)) => &start.prompts,
        _ => &[],
    };
    prompts
        .iter()
        .map(|prompt| Question {
            variable: prompt.variable.clone(),
            question: prompt.question.clone(),
            kind: prompt.kind,
            required: prompt.required,
            choices: prompt
                .choices
                .iter()
                .map(|choice| Choice { label: choice.label.clone(), value: plain(&choice.value) })
                .collect(),
        })
        .collect()
}

/// A choice's value as its document writes it.
fn plain(value: &crate::Value) -> String {
    match value.to_json() {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}

/// A form property as a question.
pub(super) fn form_property(node: Xml<'_, '_>) -> Question {
    let id = node.attribute("id").unwrap_or_default();
    let choices = node.children().filter(|child| is_extension(child, "value")).map(|value| {
        let id = value.attribute("id").unwrap_or_default();
        Choice { label: value.attribute("name").unwrap_or(id).to_owned(), value: id.to_owned() }
    });
    Question {
        variable: node.attribute("variable").unwrap_or(id).to_owned(),
        question: node.attribute("name").unwrap_or(id).to_owned(),
        kind: match node.attribute("type") {
            None | Some("enum") => DataType::String,
            Some(kind) => DataType::of(kind),
        },
        required: node.attribute("required") == Some("true"),
        choices: choices.collect(),
    }
}

fn kind_of(
    node: Xml<'_, '_>,
    delegate: &str,
    action: Option<&ActionOf>,
    prompts: &[Question],
) -> Option<Kind> {
    let has =
        |definition: &str| node.children().any(|child| is(&child, &format!("{definition}EventDefinition")));
    Some(match node.tag_name().name() {
        "startEvent" if has("timer") => Kind::TimerStart,
        "startEvent" if has("message") => Kind::MessageStart,
        "startEvent" if has("signal") => Kind::SignalStart,
        "startEvent" if has("error") => Kind::ErrorStart,
        "startEvent" if has("escalation") => Kind::EscalationStart,
        "startEvent" if has("conditional") => Kind::ConditionStart,
        "startEvent" => Kind::Start,
        "endEvent" if has("terminate") => Kind::TerminateEnd,
        "endEvent" if has("message") => Kind::MessageEnd,
        "endEvent" if has("signal") => Kind::SignalEnd,
        "endEvent" if has("error") => Kind::ErrorEnd,
        "endEvent" if has("escalation") => Kind::EscalationEnd,
        "endEvent" => Kind::End,
        "userTask" => {
            let approves = |question: &Question| {
                question.kind == DataType::Boolean && question.variable.to_lowercase().contains("approv")
            };
            if prompts.iter().any(approves) { Kind::Approve } else { Kind::Task }
        }
        "serviceTask" => match (delegate.trim(), action.map(|action| action.name.as_str())) {
            (_, Some("find-project")) => Kind::FindProject,
            (_, Some("build")) => Kind::Build,
            (_, Some("migrate")) => Kind::Migrate,
            (_, Some("train")) => Kind::Train,
            (_, Some("score")) => Kind::Score,
            (_, Some("report")) => Kind::Report,
            (_, Some("publish")) => Kind::Publish,
            (_, Some("choose")) => Kind::Choose,
            (_, Some("keep")) => Kind::Keep,
            (_, Some("champion")) => Kind::Champion,
            ("${notificationTask}", _) => Kind::Notify,
            ("${mailTask}", _) => Kind::Mail,
            ("${restTask}", _) => Kind::Call,
            (JOB, _) => Kind::Job,
            _ => return None,
        },
        "receiveTask" => Kind::Receive,
        // A send task that calls a delegate is a call by another name.
        "sendTask" if node.has_attribute("messageRef") => Kind::Send,
        "callActivity" => Kind::CallProcess,
        "exclusiveGateway" => Kind::Exclusive,
        "parallelGateway" => Kind::Parallel,
        "inclusiveGateway" => Kind::Inclusive,
        "eventBasedGateway" => Kind::EventBased,
        "intermediateCatchEvent" if has("timer") => Kind::Timer,
        "intermediateCatchEvent" if has("message") => Kind::Message,
        "intermediateCatchEvent" if has("signal") => Kind::Signal,
        "intermediateCatchEvent" if has("conditional") => Kind::Condition,
        "intermediateCatchEvent" if has("link") => Kind::LinkCatch,
        "intermediateThrowEvent" if has("message") => Kind::MessageThrow,
        "intermediateThrowEvent" if has("signal") => Kind::SignalThrow,
        "intermediateThrowEvent" if has("escalation") => Kind::EscalationThrow,
        "intermediateThrowEvent" if has("link") => Kind::LinkThrow,
        "boundaryEvent" if has("timer") => Kind::TimerBoundary,
        "boundaryEvent" if has("message") => Kind::MessageBoundary,
        "boundaryEvent" if has("signal") => Kind::SignalBoundary,
        "boundaryEvent" if has("escalation") => Kind::EscalationBoundary,
        "boundaryEvent" if has("error") => Kind::ErrorBoundary,
        "boundaryEvent" if has("conditional") => Kind::ConditionBoundary,
        "subProcess" if node.attribute("triggeredByEvent") == Some("true") => Kind::EventSubProcess,
        "subProcess" => Kind::SubProcess,
        "textAnnotation" => Kind::Annotation,
        _ => return None,
    })
}
