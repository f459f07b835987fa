//! Elements and flows come, go and change places.

use super::fields::JOB;
use super::tag::{Lines, Names, Tag};
use super::{
    Choice, Given, JobField, Kind, Property, Question, Rectangle, Spot, TimerKind, check_new_id, check_text,
    draw, element as find, events, is, set,
};
use crate::Error;
use crate::document::Document;
use crate::document::edit::{Patch, content, insert, insert_after, remove as cut, set_attribute};
use crate::geometry::{BPMN, DIAGRAM, Dialect};
use crate::model::DataType;
use crate::sentence::sentence;
use roxmltree::Node as Xml;

/// What the schema writes before the elements of a flow, and the elements themselves: a new one goes after the last.
pub(super) const FLOW_ELEMENTS: [&str; 34] = [
    "documentation",
    "extensionElements",
    "auditing",
    "monitoring",
    "categoryValueRef",
    "incoming",
    "outgoing",
    "supportedInterfaceRef",
    "ioSpecification",
    "ioBinding",
    "property",
    "laneSet",
    "standardLoopCharacteristics",
    "multiInstanceLoopCharacteristics",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "sequenceFlow",
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
    "task",
    "userTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "scriptTask",
    "manualTask",
    "businessRuleTask",
    "callActivity",
    "subProcess",
    "exclusiveGateway",
];

/// The rest of them: gateways and what is seldom drawn.
const MORE_FLOW_ELEMENTS: [&str; 6] = [
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "complexGateway",
    "transaction",
    "adHocSubProcess",
];

/// Tags that are flow elements or come before them.
pub(super) fn flow_elements() -> Vec<&'static str> {
    FLOW_ELEMENTS.into_iter().chain(MORE_FLOW_ELEMENTS).collect()
}

/// A new element.
pub(super) struct New<'a> {
    pub(super) id: &'a str,
    pub(super) kind: Kind,
    pub(super) into: &'a str,
    pub(super) host: Option<&'a str>,
    pub(super) name: &'a str,
    pub(super) bounds: Rectangle,
}

/// A due date that a new approval gets.
const APPROVAL_DUE: &str = "P3D";

/// The process that a new call names, until somebody says which.
const CALLED: &str = "called-process";

/// How long a new timer waits.
const TIMER_WAITS: &str = "P1D";

pub(super) fn element(document: &Document, new: &New<'_>, dialect: &Dialect) -> Result<Document, Error> {
    check_text(sentence!("edit-text-name", "the name"), new.name)?;
    let mut document = document.patched(|tree| {
        let root = tree.root_element();
        check_new_id(root, new.id)?;
        let into = container(root, new.into)?;
        if let Some(host) = new.host {
            find(root, host)?;
        }
        let names = Names::at(into);
        let written = tag(&names, new).write(&Lines::inside(into));
        if new.kind == Kind::Annotation {
            insert(into, tree.input_text(), None, &written)
        } else {
            insert_after(into, tree.input_text(), &flow_elements(), &written)
        }
    })?;
    document = draw::new_shape(&document, new, dialect)?;
    for property in begins_with(&document, new) {
        document = set::property(&document, new.id, &property)?;
    }
    Ok(document)
}

/// A process or sub-process.
fn container<'t>(root: Xml<'t, 't>, id: &str) -> Result<Xml<'t, 't>, Error> {
    let found = find(root, id)?;
    let holds = ["process", "subProcess", "transaction", "adHocSubProcess"].iter().any(|tag| is(&found, tag));
    if !holds {
        return Err(Error::BadEdit(sentence!(
            "edit-no-level",
            "`{id}` is no process or sub-process; nothing can go into it",
            id = id
        )));
    }
    Ok(found)
}

fn tag(names: &Names, new: &New<'_>) -> Tag {
    let made = |name: &str| names.bpmn(name).with("id", new.id).with_some("name", new.name);
    let event = |name: &str, definition: &str| made(name).child(names.bpmn(definition));
    let attached = |tag: Tag, interrupting: bool| {
        let tag = tag.with_some("attachedToRef", new.host.unwrap_or_default());
        if interrupting { tag } else { tag.with("cancelActivity", "false") }
    };
    let delegated =
        |delegate: &str| names.with_extension(made("serviceTask"), "delegateExpression", delegate);
    match new.kind {
        Kind::Start => made("startEvent"),
        Kind::TimerStart => event("startEvent", "timerEventDefinition"),
        Kind::MessageStart => event("startEvent", "messageEventDefinition"),
        Kind::SignalStart => event("startEvent", "signalEventDefinition"),
        Kind::ErrorStart => event("startEvent", "errorEventDefinition"),
        Kind::EscalationStart => event("startEvent", "escalationEventDefinition"),
        Kind::ConditionStart => event("startEvent", "conditionalEventDefinition"),
        Kind::End => made("endEvent"),
        Kind::MessageEnd => event("endEvent", "messageEventDefinition"),
        Kind::SignalEnd => event("endEvent", "signalEventDefinition"),
        Kind::ErrorEnd => event("endEvent", "errorEventDefinition"),
        Kind::EscalationEnd => event("endEvent", "escalationEventDefinition"),
        Kind::TerminateEnd => event("endEvent", "terminateEventDefinition"),
        Kind::Task | Kind::Approve => made("userTask"),
        Kind::FindProject
        | Kind::Build
        | Kind::Migrate
        | Kind::Train
        | Kind::Score
        | Kind::Report
        | Kind::Publish
        | Kind::Choose
        | Kind::Keep
        | Kind::Champion
        | Kind::Call => delegated("${restTask}"),
        Kind::Notify => delegated("${notificationTask}"),
        Kind::Mail => delegated("${mailTask}"),
        Kind::Job => names.with_extension(delegated(JOB), "triggerable", "true"),
        Kind::Receive => made("receiveTask"),
        Kind::Send => made("sendTask"),
        Kind::CallProcess => made("callActivity").with("calledElement", CALLED),
        Kind::Exclusive => made("exclusiveGateway"),
        Kind::Parallel => made("parallelGateway"),
        Kind::Inclusive => made("inclusiveGateway"),
        Kind::EventBased => made("eventBasedGateway"),
        Kind::Timer => event("intermediateCatchEvent", "timerEventDefinition"),
        Kind::Message => event("intermediateCatchEvent", "messageEventDefinition"),
        Kind::Signal => event("intermediateCatchEvent", "signalEventDefinition"),
        Kind::Condition => event("intermediateCatchEvent", "conditionalEventDefinition"),
        Kind::MessageThrow => event("intermediateThrowEvent", "messageEventDefinition"),
        Kind::SignalThrow => event("intermediateThrowEvent", "signalEventDefinition"),
        Kind::EscalationThrow => event("intermediateThrowEvent", "escalationEventDefinition"),
        Kind::LinkThrow => event("intermediateThrowEvent", "linkEventDefinition"),
        Kind::LinkCatch => event("intermediateCatchEvent", "linkEventDefinition"),
        Kind::TimerBoundary => attached(event("boundaryEvent", "timerEventDefinition"), false),
        Kind::MessageBoundary => attached(event("boundaryEvent", "messageEventDefinition"), true),
        Kind::SignalBoundary => attached(event("boundaryEvent", "signalEventDefinition"), true),
        Kind::ErrorBoundary => attached(event("boundaryEvent", "errorEventDefinition"), true),
        Kind::ConditionBoundary => attached(event("boundaryEvent", "conditionalEventDefinition"), true),
        Kind::EscalationBoundary => attached(event("boundaryEvent", "escalationEventDefinition"), false),
        Kind::SubProcess => made("subProcess"),
        Kind::EventSubProcess => made("subProcess").with("triggeredByEvent", "true"),
        Kind::Annotation => {
            names.bpmn("textAnnotation").with("id", new.id).child(names.bpmn("text").text(new.name))
        }
    }
}

/// What a new element of a kind is set to, so that it means something from the first moment.
fn begins_with(document: &Document, new: &New<'_>) -> Vec<Property> {
    let act = |action: &str| Property::Act { action: action.to_owned(), inputs: Vec::new() };
    let field = |name: &str, text: &str| Property::Field { name: name.to_owned(), text: text.to_owned() };
    let named = |other: &str| if new.name.is_empty() { other } else { new.name }.to_owned();
    let timer = |kind: TimerKind, text: &str| vec![Property::Timer { kind, text: text.to_owned() }];
    match new.kind {
        Kind::FindProject => vec![act("find-project")],
        Kind::Build => vec![act("build")],
        Kind::Migrate => vec![Property::Act { action: "migrate".to_owned(), inputs: bucket(document) }],
        Kind::Train => vec![act("train")],
        Kind::Score => vec![act("score")],
        Kind::Report => vec![act("report")],
        Kind::Publish => vec![act("publish")],
        Kind::Choose => vec![act("choose")],
        Kind::Keep => vec![act("keep")],
        Kind::Champion => vec![act("champion")],
        Kind::Notify => vec![
            field("groupIds", "data-scientist"),
            field("level", "info"),
            field("templateName", &named("A process has news")),
            field("mail", "false"),
        ],
        Kind::Mail => {
            vec![field("to", "data-scientist"), field("subject", new.name), field("message", new.name)]
        }
        Kind::Call => vec![
            field("url", "/"),
            field("method", "GET"),
            field("statusCode", "200"),
            field("bodyType", "EMPTY"),
        ],
        Kind::Approve => vec![
            Property::Prompts { prompts: vec![approval(document)] },
            Property::Candidates { groups: vec!["validator".to_owned()], users: Vec::new() },
            Property::Due { text: APPROVAL_DUE.to_owned() },
        ],
        Kind::Task => {
            vec![Property::Candidates { groups: vec!["data-scientist".to_owned()], users: Vec::new() }]
        }
        Kind::Timer => timer(TimerKind::Duration, TIMER_WAITS),
        Kind::TimerBoundary | Kind::TimerStart => timer(TimerKind::Cycle, &format!("R/{TIMER_WAITS}")),
        Kind::Job => vec![Property::Job { by: JobField::JobName, text: named("Job") }],
        Kind::Message
        | Kind::MessageStart
        | Kind::MessageBoundary
        | Kind::MessageThrow
        | Kind::MessageEnd
        | Kind::Receive
        | Kind::Send => vec![Property::Message { text: named("Message") }],
        Kind::Signal | Kind::SignalStart | Kind::SignalBoundary | Kind::SignalThrow | Kind::SignalEnd => {
            vec![Property::Signal { text: named("Signal") }]
        }
        Kind::ErrorEnd => vec![Property::Error { text: named("Error") }],
        Kind::EscalationThrow | Kind::EscalationEnd => {
            vec![Property::Escalation { text: named("Escalation") }]
        }
        Kind::LinkThrow | Kind::LinkCatch => vec![Property::Link { text: named("Link") }],
        Kind::Condition | Kind::ConditionStart | Kind::ConditionBoundary => {
            vec![Property::Condition { text: first_condition(document) }]
        }
        Kind::Start
        | Kind::End
        | Kind::TerminateEnd
        | Kind::Exclusive
        | Kind::Parallel
        | Kind::Inclusive
        | Kind::EventBased
        | Kind::CallProcess
        | Kind::ErrorStart
        | Kind::EscalationStart
        | Kind::ErrorBoundary
        | Kind::EscalationBoundary
        | Kind::SubProcess
        | Kind::EventSubProcess
        | Kind::Annotation => Vec::new(),
    }
}

/// The question of a new approval, into a variable of its own: two approvals must not answer for each other.
fn approval(document: &Document) -> Question {
    let taken: Vec<String> = document
        .tree()
        .map(|tree| {
            let objects = tree.root_element().descendants().filter(|node| is(node, "dataObject"));
            objects.filter_map(|object| object.attribute("name").map(str::to_owned)).collect()
        })
        .unwrap_or_default();
    let variable = (1u32..)
        .map(|n| if n == 1 { "ModelIsApproved".to_owned() } else { format!("ModelIsApproved{n}") })
        .find(|name| !taken.contains(name))
        .unwrap_or_default();
    let choice = |label: &str, value: &str| Choice { label: label.to_owned(), value: value.to_owned() };
    Question {
        variable,
        question: "Do you approve this model?".to_owned(),
        kind: DataType::Boolean,
        required: true,
        choices: vec![choice("Yes, approve", "true"), choice("No, reject", "false")],
    }
}

/// The bucket of a new migration: the variable that is called one, where there is one.
fn bucket(document: &Document) -> Vec<Given> {
    let found = data_object(document, |name, _| name.to_lowercase().contains("bucket"));
    found.map(|name| Given { name: "bucket".to_owned(), text: format!("${{{name}}}") }).into_iter().collect()
}

/// What a new conditional event waits for: the first yes or no, where there is one. Of any other variable the checks say
/// that nothing sets it.
pub(super) fn first_condition(document: &Document) -> String {
    let found = data_object(document, |_, kind| kind == DataType::Boolean);
    format!("${{{} == true}}", found.as_deref().unwrap_or("Ready"))
}

/// The name of the first data object that is such.
fn data_object(document: &Document, such: impl Fn(&str, DataType) -> bool) -> Option<String> {
    let tree = document.tree().ok()?;
    let mut objects = tree.root_element().descendants().filter(|node| is(node, "dataObject"));
    objects.find_map(|object| {
        let name = object.attribute("name")?;
        let kind = DataType::of(object.attribute("itemSubjectRef").unwrap_or_default());
        such(name, kind).then(|| name.to_owned())
    })
}

/// Whether an element takes part in associations rather than flows.
fn is_artifact(node: &Xml<'_, '_>) -> bool {
    ["textAnnotation", "group", "dataObjectReference", "dataStoreReference"].iter().any(|tag| is(node, tag))
}

pub(super) fn flow(
    document: &Document,
    id: &str,
    source: &str,
    target: &str,
    points: &[Spot],
) -> Result<Document, Error> {
    let with = document.patched(|tree| {
        let (root, text) = (tree.root_element(), tree.input_text());
        check_new_id(root, id)?;
        let (from, to) = (find(root, source)?, find(root, target)?);
        let (Some(level), Some(other)) = (from.parent_element(), to.parent_element()) else {
            return Err(Error::BadEdit(sentence!(
                "edit-process-connected",
                "a process cannot be connected; connect elements in it"
            )));
        };
        let names = Names::at(level);
        let ends = |name: &str| names.bpmn(name).with("id", id).with("sourceRef", source).with("targetRef", target);
        if is_artifact(&from) || is_artifact(&to) {
            let written = ends("association").write(&Lines::inside(level));
            return insert(level, text, None, &written);
        }
        if level != other {
            return Err(Error::BadEdit(sentence!(
                "edit-levels",
                "`{source}` and `{target}` are on different levels; a flow stays on one",
                source = source,
                target = target
            )));
        }
        if is(&from, "endEvent") || is(&to, "startEvent") || is(&to, "boundaryEvent") {
            return Err(Error::BadEdit(sentence!(
                "edit-no-flow-between",
                "no flow leads from `{source}` to `{target}`: nothing follows an end, and nothing leads to a start",
                source = source,
                target = target
            )));
        }
        let mut patches =
            insert_after(level, text, &flow_elements(), &ends("sequenceFlow").write(&Lines::inside(level)))?;
        if lists_flows(root) {
            patches.extend(list(from, text, "outgoing", id)?);
            patches.extend(list(to, text, "incoming", id)?);
        }
        Ok(patches)
    })?;
    draw::new_edge(&with, id, points)
}

/// Whether elements of the document name their flows, which the schema leaves open.
fn lists_flows(root: Xml<'_, '_>) -> bool {
    root.descendants().any(|node| is(&node, "incoming") || is(&node, "outgoing"))
}

fn list(node: Xml<'_, '_>, text: &str, tag: &str, flow: &str) -> Result<Vec<Patch>, Error> {
    let mut before =
        vec!["documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef", "incoming"];
    if tag == "outgoing" {
        before.push("outgoing");
    }
    let written = Names::at(node).bpmn(tag).text(flow).write(&Lines::inside(node));
    insert_after(node, text, &before, &written)
}

fn unlist(root: Xml<'_, '_>, text: &str, flow: &str, tags: &[&str]) -> Result<Vec<Patch>, Error> {
    let mut patches = Vec::new();
    for node in root.descendants() {
        if tags.iter().any(|tag| is(&node, tag)) && node.text().is_some_and(|text| text.trim() == flow) {
            patches.extend(cut(node, text)?);
        }
    }
    Ok(patches)
}

pub(super) fn reconnect(
    document: &Document,
    id: &str,
    source: &str,
    target: &str,
) -> Result<Document, Error> {
    document.patched(|tree| {
        let (root, text) = (tree.root_element(), tree.input_text());
        let flow = find(root, id)?;
        let (from, to) = (find(root, source)?, find(root, target)?);
        let mut patches = set_attribute(flow, text, None, "sourceRef", Some(source))?;
        patches.extend(set_attribute(flow, text, None, "targetRef", Some(target))?);
        let was = |name: &str| flow.attribute(name).unwrap_or_default();
        let moved_from = was("sourceRef") != source;
        if moved_from && is(&flow, "sequenceFlow") {
            // The default way of an element it no longer leaves.
            let before =
                find(root, was("sourceRef")).ok().filter(|before| before.attribute("default") == Some(id));
            if let Some(before) = before {
                patches.extend(set_attribute(before, text, None, "default", None)?);
            }
        }
        if is(&flow, "sequenceFlow") && lists_flows(root) {
            if moved_from {
                patches.extend(unlist(root, text, id, &["outgoing"])?);
                patches.extend(list(from, text, "outgoing", id)?);
            }
            if was("targetRef") != target {
                patches.extend(unlist(root, text, id, &["incoming"])?);
                patches.extend(list(to, text, "incoming", id)?);
            }
        }
        Ok(patches)
    })
}

/// Removes an element or flow with everything that cannot be without it, and what was declared for it alone. What is gone already is no error: removing an
/// element takes its flows with it.
pub(super) fn remove(document: &Document, id: &str) -> Result<Document, Error> {
    document.patched(|tree| {
        let (root, text) = (tree.root_element(), tree.input_text());
        let Ok(node) = find(root, id) else { return Ok(Vec::new()) };
        if is(&node, "process") || node.parent_element().is_none() {
            return Err(Error::BadEdit(sentence!(
                "edit-process-removed",
                "`{id}` is the process itself; it cannot be removed",
                id = id
            )));
        }
        let mut gone: Vec<&str> = node
            .descendants()
            .filter(|inner| inner.tag_name().namespace() == Some(BPMN))
            .filter_map(|inner| inner.attribute("id"))
            .collect();
        // Boundary events of what goes, then flows and associations that end at anything that goes.
        let ends = ["attachedToRef", "sourceRef", "targetRef"];
        loop {
            let more: Vec<&str> = root
                .descendants()
                .filter(|other| other.tag_name().namespace() == Some(BPMN))
                .filter(|other| {
                    ends.iter().any(|end| other.attribute(*end).is_some_and(|end| gone.contains(&end)))
                })
                .filter_map(|other| other.attribute("id"))
                .filter(|other| !gone.contains(other))
                .collect();
            if more.is_empty() {
                break;
            }
            gone.extend(more);
        }
        let mut patches = events::undeclared(root, text, &gone)?;
        for other in root.descendants().filter(Xml::is_element) {
            let namespace = other.tag_name().namespace();
            let own = namespace == Some(BPMN) && other.attribute("id").is_some_and(|id| gone.contains(&id));
            let drawn = namespace == Some(DIAGRAM)
                && other.attribute("bpmnElement").is_some_and(|element| gone.contains(&element));
            let named = ["incoming", "outgoing", "flowNodeRef"].iter().any(|tag| is(&other, tag))
                && other.text().is_some_and(|text| gone.contains(&text.trim()));
            let inside = other.ancestors().skip(1).any(|outer| {
                outer.tag_name().namespace() == Some(BPMN)
                    && outer.attribute("id").is_some_and(|id| gone.contains(&id))
            });
            if inside {
                continue;
            }
            if own || drawn || named {
                patches.extend(cut(other, text)?);
            } else if namespace == Some(BPMN)
                && other.attribute("default").is_some_and(|flow| gone.contains(&flow))
            {
                patches.extend(set_attribute(other, text, None, "default", None)?);
            }
        }
        Ok(patches)
    })
}

/// Moves the bytes of an element into another level, as they are.
pub(super) fn into(document: &Document, id: &str, level: &str) -> Result<Document, Error> {
    document.patched(|tree| {
        let (root, text) = (tree.root_element(), tree.input_text());
        let (node, level) = (find(root, id)?, container(root, level)?);
        if node.parent_element() == Some(level) {
            return Ok(Vec::new());
        }
        if level.ancestors().any(|outer| outer == node) {
            return Err(Error::BadEdit(sentence!(
                "edit-into-itself",
                "`{id}` cannot go into itself",
                id = id
            )));
        }
        let mut patches = cut(node, text)?;
        let bytes = &text[node.range()];
        let tags = flow_elements();
        let last =
            level.children().rfind(|child| child.is_element() && tags.contains(&child.tag_name().name()));
        match last {
            // Where something stands that goes itself, the place before it is as good.
            Some(_) => patches.extend(insert_after(level, text, &tags, bytes)?),
            None if level.first_element_child().is_some() => {
                patches.extend(insert_after(level, text, &[], bytes)?)
            }
            None => {
                let outer = crate::document::edit::indent_before(text, level.range().start);
                let inner = if outer.is_empty() { String::new() } else { format!("{outer}  ") };
                patches.push(content(level, text, format!("{inner}{bytes}{outer}")));
            }
        }
        Ok(patches)
    })
}
