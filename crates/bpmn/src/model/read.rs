//! From XML to the typed model.

mod check;
mod events;
mod forms;
mod reference;
mod services;
mod tasks;

use super::*;
use crate::sentence::{Sentence, either, sentence};
use crate::time;
use roxmltree::Node as Xml;
use std::collections::HashSet;

/// The namespace of BPMN 2.0 models.
const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";

/// The namespace of the SAS Workflow Manager's own elements.
const SAS: &str = "http://www.sas.com/xml/schema/bpmn";

/// Namespaces whose attributes and elements mean the same under the same name.
const EXTENSIONS: [&str; 3] =
    ["http://flowable.org/bpmn", "http://activiti.org/bpmn", "http://camunda.org/schema/1.0/bpmn"];

/// What is said of compensation wherever it appears.
fn compensation() -> Sentence {
    sentence!("unsupported-compensation", "compensation is not run; model the undoing as ordinary tasks")
}

pub(crate) use check::begins;
pub(crate) use events::local;

pub(super) fn definition(document: Document) -> Result<Definition, crate::Error> {
    let mut diagnostics = Vec::new();
    let processes = read_tree(&document.tree()?, &mut diagnostics);
    Ok(Definition { document, processes, diagnostics })
}

fn read_tree(tree: &roxmltree::Document<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Process> {
    let root = tree.root_element();
    if !root.has_tag_name((BPMN, "definitions")) {
        diagnostics.push(Diagnostic::error(
            "not-bpmn",
            None,
            sentence!(
                "not-bpmn",
                "the document's root is `{root}`, not BPMN 2.0 `definitions`",
                root = root.tag_name().name()
            ),
        ));
        return Vec::new();
    }
    let mut reader = Reader { ids: HashMap::new(), diagnostics, expressions: HashMap::new() };
    reader.collect_ids(root);
    reference::check(&mut reader, root);
    let processes: Vec<_> =
        root.children().filter(|child| is(*child, "process")).map(|child| reader.process(child)).collect();
    if processes.is_empty() {
        reader.diagnostics.push(Diagnostic::error(
            "no-process",
            None,
            sentence!("no-process", "the document has no process; draw one or import another file"),
        ));
    }
    processes
}

/// What is known of the whole document while one part is read.
struct Reader<'x, 'd> {
    ids: HashMap<&'x str, Xml<'x, 'x>>,
    diagnostics: &'d mut Vec<Diagnostic>,
    /// Parsed once per text: definitions repeat the same expressions many times.
    expressions: HashMap<String, Option<Expression>>,
}

/// An element found on the first pass, to be typed on the second, when every `id` is known.
struct Found<'x> {
    xml: Xml<'x, 'x>,
    id: Name,
    parent: Option<NodeIx>,
}

impl<'x> Reader<'x, '_> {
    fn error(&mut self, code: &str, element: &str, said: Sentence) {
        self.diagnostics.push(Diagnostic::error(code, Some(element), said));
    }

    fn warning(&mut self, code: &str, element: &str, said: Sentence) {
        self.diagnostics.push(Diagnostic::warning(code, Some(element), said));
    }

    /// Only BPMN's own elements share one space of ids: diagrams and extensions may repeat them.
    fn collect_ids(&mut self, root: Xml<'x, 'x>) {
        let mut twice = HashSet::new();
        for element in root.descendants().filter(|node| node.is_element()) {
            let namespace = element.tag_name().namespace();
            if namespace != Some(BPMN) && namespace != Some(SAS) {
                continue;
            }
            let Some(id) = element.attribute("id") else { continue };
            if self.ids.insert(id, element).is_some() && twice.insert(id) {
                self.error(
                    "duplicate-id",
                    id,
                    sentence!(
                        "duplicate-id",
                        "the id `{id}` is given twice; give each element its own",
                        id = id
                    ),
                );
            }
        }
    }

    fn process(&mut self, xml: Xml<'x, 'x>) -> Process {
        let id = made_up_id(xml);
        let mut found = Vec::new();
        let mut flows = Vec::new();
        collect(xml, None, &mut found, &mut flows);
        let mut index = HashMap::with_capacity(found.len());
        for (at, element) in found.iter().enumerate() {
            index.insert(element.id.clone(), NodeIx(at as u32));
        }
        let mut process = Process {
            name: attribute(xml, "name"),
            documentation: documentation(xml),
            executable: xml.attribute("isExecutable") != Some("false"),
            nodes: Vec::with_capacity(found.len()),
            flows: Vec::with_capacity(flows.len()),
            body: Body::default(),
            notifies: false,
            index,
            id,
        };
        process.body.data = self.data_objects(xml);
        for element in &found {
            let node = self.node(element, &process);
            process.nodes.push(node);
        }
        process.notifies = process.nodes.iter().any(
            |node| matches!(&node.kind, NodeKind::Service(service) if service.call == ServiceCall::Notify),
        );
        self.attach(&mut process);
        for (flow, level) in flows {
            self.flow(flow, level, &mut process);
        }
        self.defaults(&found, &mut process);
        reference::check_lists(self, &found);
        check::structure(self, &process);
        process
    }

    /// Enters elements into their levels and boundary events at their activities.
    fn attach(&mut self, process: &mut Process) {
        for at in 0..process.nodes.len() {
            let ix = NodeIx(at as u32);
            let node = &process.nodes[at];
            let (parent, is_start) = (node.parent, matches!(node.kind, NodeKind::Start(_)));
            let by_event = matches!(&node.kind, NodeKind::SubProcess(sub) if sub.by_event);
            if let NodeKind::Boundary(boundary) = &node.kind {
                let attached = boundary.attached;
                process.nodes[attached.0 as usize].boundary.push(ix);
            }
            let body = match parent {
                Some(parent) => match &mut process.nodes[parent.0 as usize].kind {
                    NodeKind::SubProcess(sub) => &mut sub.body,
                    _ => continue,
                },
                None => &mut process.body,
            };
            body.nodes.push(ix);
            if is_start {
                body.starts.push(ix);
            }
            if by_event {
                body.event_subprocesses.push(ix);
            }
        }
    }

    fn flow(&mut self, xml: Xml<'x, 'x>, level: Option<NodeIx>, process: &mut Process) {
        let id = made_up_id(xml);
        let end = |reader: &mut Self, attribute: &str| {
            let wanted = xml.attribute(attribute).unwrap_or("");
            let ix = process.find(wanted);
            if ix.is_none() {
                let said = sentence!(
                    "broken-flow",
                    "`{attribute}` is `{wanted}`, which is no element of this process",
                    attribute = attribute,
                    wanted = wanted
                );
                reader.error("broken-flow", &id, said);
            }
            ix
        };
        let (source, target) = (end(self, "sourceRef"), end(self, "targetRef"));
        let condition = xml
            .children()
            .find(|child| is(*child, "conditionExpression"))
            .and_then(|condition| self.condition(condition, &id));
        let listeners = self.listeners(xml, &id, "executionListener");
        let (Some(source), Some(target)) = (source, target) else { return };
        if process.node(source).parent != level || process.node(target).parent != level {
            self.error(
                "flow-crosses-level",
                &id,
                sentence!(
                    "flow-crosses-level",
                    "the flow leads into or out of a sub-process; connect the sub-process itself"
                ),
            );
            return;
        }
        let ix = FlowIx(process.flows.len() as u32);
        process.flows.push(Flow {
            id,
            name: attribute(xml, "name"),
            source,
            target,
            condition,
            listeners,
            position: xml.range().start,
        });
        process.nodes[source.0 as usize].outgoing.push(ix);
        process.nodes[target.0 as usize].incoming.push(ix);
    }

    fn defaults(&mut self, found: &[Found<'x>], process: &mut Process) {
        for (at, element) in found.iter().enumerate() {
            let Some(wanted) = element.xml.attribute("default").filter(|wanted| !wanted.is_empty()) else {
                continue;
            };
            let default =
                process.nodes[at].outgoing.iter().copied().find(|flow| &*process.flow(*flow).id == wanted);
            if default.is_none() {
                self.error(
                    "broken-default",
                    &element.id,
                    sentence!(
                        "broken-default",
                        "the default flow `{wanted}` does not start here; name one that does",
                        wanted = wanted
                    ),
                );
            }
            process.nodes[at].default = default;
        }
    }

    /// A condition, which must be an expression or a plain truth value: any other text would never hold.
    fn condition(&mut self, xml: Xml<'x, 'x>, element: &str) -> Option<Expression> {
        let text = text_of(xml);
        if let Some(language) = xml.attribute("language").filter(|language| !is_expression_language(language))
        {
            self.error(
                "unsupported-language",
                element,
                sentence!(
                    "unsupported-language",
                    "the condition is written in `{language}`; write it as `${{…}}`",
                    language = language
                ),
            );
            return None;
        }
        if text.is_empty() {
            if extension(xml, "resource").is_some() {
                self.error(
                    "unsupported-language",
                    element,
                    sentence!(
                        "unsupported-language-file",
                        "the condition is a script file; write it as `${{…}}`"
                    ),
                );
            }
            return None;
        }
        let expression = self.expression(&text, element)?;
        if expression.is_literal() && !matches!(text.to_ascii_lowercase().as_str(), "true" | "false") {
            self.error(
                "not-a-condition",
                element,
                sentence!(
                    "not-a-condition",
                    "the condition `{text}` is text, which never holds; write `${{{text}}}`",
                    text = &text
                ),
            );
            return None;
        }
        Some(expression)
    }

    fn expression(&mut self, text: &str, element: &str) -> Option<Expression> {
        if let Some(known) = self.expressions.get(text) {
            return known.clone();
        }
        let parsed = match Expression::parse(text) {
            Ok(expression) => Some(expression),
            Err(error) => {
                self.error("expression", element, error.sentence());
                None
            }
        };
        self.expressions.insert(text.to_owned(), parsed.clone());
        parsed
    }

    fn text(&mut self, text: &str, element: &str) -> Text {
        if !text.contains("${") && !text.contains("#{") {
            return Text::Literal(text.to_owned());
        }
        match self.expression(text, element) {
            Some(expression) => Text::Expression(expression),
            None => Text::Literal(text.to_owned()),
        }
    }

    /// An extension attribute as a text that may hold expressions.
    fn extension_text(&mut self, xml: Xml<'x, 'x>, name: &str, element: &str) -> Option<Text> {
        let text = extension(xml, name)?.trim();
        (!text.is_empty()).then(|| self.text(text, element))
    }

    fn data_objects(&mut self, level: Xml<'x, 'x>) -> Vec<DataObject> {
        let mut data: Vec<DataObject> = Vec::new();
        let mut names = HashSet::new();
        for xml in level.children().filter(|child| is(*child, "dataObject")) {
            let id = made_up_id(xml);
            let Some(name) = attribute(xml, "name").or_else(|| attribute(xml, "id")) else { continue };
            let subject = xml.attribute("itemSubjectRef").unwrap_or("");
            let declared =
                self.ids.get(subject).and_then(|item| item.attribute("structureRef")).unwrap_or(subject);
            let kind = DataType::of(declared);
            let written = extension_elements(xml)
                .find(|child| is_extension(*child, "value"))
                .map(text_of)
                .filter(|text| !text.is_empty());
            let default = match written {
                None => Value::Null,
                Some(text) => kind.read(&text).unwrap_or_else(|| {
                    self.error(
                        "data-object",
                        &id,
                        sentence!(
                            "data-object",
                            "the default `{text}` of `{name}` is not of its type; correct one of them",
                            text = &text,
                            name = &name
                        ),
                    );
                    Value::Null
                }),
            };
            if !names.insert(name.clone()) {
                let said =
                    sentence!("duplicate-variable", "`{name}` is declared twice on this level", name = &name);
                self.warning("duplicate-variable", &id, said);
                continue;
            }
            data.push(DataObject { id, name, kind, default });
        }
        data
    }
}

/// Flow nodes and sequence flows of a level and of those inside it, in document order.
fn collect<'x>(
    level: Xml<'x, 'x>,
    parent: Option<NodeIx>,
    found: &mut Vec<Found<'x>>,
    flows: &mut Vec<(Xml<'x, 'x>, Option<NodeIx>)>,
) {
    for xml in level.children().filter(|child| child.tag_name().namespace() == Some(BPMN)) {
        let tag = xml.tag_name().name();
        if tag == "sequenceFlow" {
            flows.push((xml, parent));
        } else if is_flow_node(tag) {
            let ix = NodeIx(found.len() as u32);
            found.push(Found { xml, id: made_up_id(xml), parent });
            if matches!(tag, "subProcess" | "transaction" | "adHocSubProcess") {
                collect(xml, Some(ix), found, flows);
            }
        }
    }
}

fn is_flow_node(tag: &str) -> bool {
    matches!(
        tag,
        "startEvent"
            | "endEvent"
            | "intermediateCatchEvent"
            | "intermediateThrowEvent"
            | "boundaryEvent"
            | "event"
            | "implicitThrowEvent"
            | "task"
            | "userTask"
            | "serviceTask"
            | "scriptTask"
            | "sendTask"
            | "receiveTask"
            | "manualTask"
            | "businessRuleTask"
            | "exclusiveGateway"
            | "parallelGateway"
            | "inclusiveGateway"
            | "complexGateway"
            | "eventBasedGateway"
            | "subProcess"
            | "transaction"
            | "adHocSubProcess"
            | "callActivity"
            | "choreographyTask"
            | "subChoreography"
            | "callChoreography"
    )
}

fn is_expression_language(language: &str) -> bool {
    let language = language.trim().to_ascii_lowercase();
    language.is_empty() || matches!(language.as_str(), "juel" | "el" | "uel") || language.starts_with("http")
}

/// The element's `id`, or one made up from its tag and place.
fn made_up_id(xml: Xml<'_, '_>) -> Name {
    match xml.attribute("id").filter(|id| !id.is_empty()) {
        Some(id) => Name::from(id),
        None => Name::from(format!("{}@{}", xml.tag_name().name(), xml.range().start)),
    }
}

fn is(xml: Xml<'_, '_>, tag: &str) -> bool {
    xml.has_tag_name((BPMN, tag))
}

fn is_extension(xml: Xml<'_, '_>, tag: &str) -> bool {
    xml.tag_name().name() == tag
        && xml.tag_name().namespace().is_some_and(|namespace| EXTENSIONS.contains(&namespace))
}

/// An attribute of one of the extension namespaces.
fn extension<'x>(xml: Xml<'x, 'x>, name: &str) -> Option<&'x str> {
    EXTENSIONS.iter().find_map(|namespace| xml.attribute((*namespace, name)))
}

/// The children of the element's `extensionElements`.
fn extension_elements<'x>(xml: Xml<'x, 'x>) -> impl Iterator<Item = Xml<'x, 'x>> {
    xml.children()
        .filter(|child| is(*child, "extensionElements"))
        .flat_map(|child| child.children())
        .filter(|child| child.is_element())
}

fn attribute(xml: Xml<'_, '_>, name: &str) -> Option<String> {
    xml.attribute(name).filter(|value| !value.is_empty()).map(str::to_owned)
}

fn documentation(xml: Xml<'_, '_>) -> Option<String> {
    let text = xml.children().find(|child| is(*child, "documentation")).map(text_of)?;
    (!text.is_empty()).then_some(text)
}

/// All text directly in an element, CDATA and comments between included, without white space around it.
fn text_of(xml: Xml<'_, '_>) -> String {
    let mut text = String::new();
    for child in xml.children().filter(|child| child.is_text()) {
        text.push_str(child.text().unwrap_or(""));
    }
    text.trim().to_owned()
}

impl DataType {
    /// A written value of this type; `None` if it is not one.
    pub(crate) fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Boolean => match text.trim() {
                text if text.eq_ignore_ascii_case("true") => Some(Value::Boolean(true)),
                text if text.eq_ignore_ascii_case("false") => Some(Value::Boolean(false)),
                _ => None,
            },
            Self::Long => text.trim().parse().ok().map(Value::Long),
            Self::Double => text.trim().parse().ok().map(Value::Double),
            Self::String | Self::Date | Self::Any => Some(Value::String(text.to_owned())),
        }
    }

    /// A given value as this type: the same if it fits, converted where nothing is lost; `None` if it is not one.
    pub(crate) fn convert(self, value: &Value) -> Option<Value> {
        match (self, value) {
            (_, Value::Null) | (Self::Any, _) => Some(value.clone()),
            (Self::String, Value::List(_) | Value::Map(_)) => Some(value.clone()),
            (Self::String | Self::Date, Value::String(_)) => Some(value.clone()),
            (Self::String, other) => Some(Value::String(other.to_string())),
            (Self::Date, _) => None,
            (Self::Boolean, Value::Boolean(_)) => Some(value.clone()),
            (Self::Long, Value::Long(_)) | (Self::Double, Value::Double(_)) => Some(value.clone()),
            (Self::Double, Value::Long(number)) => Some(Value::Double(*number as f64)),
            (Self::Long, Value::Double(number))
                if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 =>
            {
                Some(Value::Long(*number as i64))
            }
            (_, Value::String(text)) if text.trim().is_empty() => Some(Value::Null),
            (_, Value::String(text)) => self.read(text),
            _ => None,
        }
    }
}
