//! References between elements: what an attribute or element names must be there and be of the right kind.

use super::events::local;
use super::*;

/// Attributes and elements that name another element: the name, the element they are on (any where empty), and what
/// they may name (anything where empty). From the BPMN 2.0 schema, OMG formal/2011-01-03, chapters 8 to 10.
const REFERENCES: [(&str, &str, &[&str]); 23] = [
    ("messageRef", "", &["message"]),
    ("signalRef", "", &["signal"]),
    ("itemRef", "", &["itemDefinition"]),
    ("processRef", "", &["process"]),
    ("dataObjectRef", "dataObjectReference", &["dataObject"]),
    ("dataStoreRef", "", &["dataStore"]),
    ("sourceRef", "sequenceFlow", &[]),
    ("targetRef", "sequenceFlow", &[]),
    ("sourceRef", "messageFlow", &[]),
    ("targetRef", "messageFlow", &[]),
    ("sourceRef", "association", &[]),
    ("targetRef", "association", &[]),
    ("interfaceRef", "", &["interface"]),
    ("operationRef", "", &["operation"]),
    ("inMessageRef", "", &["message"]),
    ("outMessageRef", "", &["message"]),
    ("errorRef", "operation", &["error"]),
    ("dataInputRefs", "", &["dataInput"]),
    ("dataOutputRefs", "", &["dataOutput"]),
    ("correlationPropertyRef", "", &["correlationProperty"]),
    ("sourceRef", "dataOutputAssociation", ITEMS),
    ("targetRef", "dataInputAssociation", ITEMS),
    ("activityRef", "compensateEventDefinition", &[]),
];

/// What data associations lead from and to.
const ITEMS: &[&str] = &[
    "dataInput",
    "dataOutput",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "property",
    "dataStore",
];

pub(super) fn check(reader: &mut Reader<'_, '_>, root: Xml<'_, '_>) {
    // What another file declares cannot be looked up here.
    if root.children().any(|child| is(child, "import")) {
        return;
    }
    for element in root.descendants().filter(|node| node.tag_name().namespace() == Some(BPMN)) {
        let tag = element.tag_name().name();
        for attribute in element.attributes().filter(|attribute| attribute.namespace().is_none()) {
            check_one(reader, element, tag, attribute.name(), attribute.value());
        }
        for child in element.children().filter(|child| child.tag_name().namespace() == Some(BPMN)) {
            let name = child.tag_name().name();
            if name.ends_with("Ref") || name.ends_with("Refs") {
                check_one(reader, element, tag, name, &text_of(child));
            }
        }
    }
}

/// Elements may list the flows that meet them. Where one end lists a flow, both ends must, and only flows are listed:
/// otherwise two tools draw two different processes from one file.
pub(super) fn check_lists(reader: &mut Reader<'_, '_>, process: &Process, nodes: &[Found<'_>]) {
    let mut listed: HashMap<(&str, bool), Vec<usize>> = HashMap::new();
    let texts: Vec<(usize, bool, String)> = nodes
        .iter()
        .enumerate()
        .flat_map(|(at, found)| found.xml.children().map(move |child| (at, child)))
        .filter(|(_, child)| is(*child, "incoming") || is(*child, "outgoing"))
        .map(|(at, child)| (at, is(child, "incoming"), local(&text_of(child)).to_owned()))
        .collect();
    for (at, incoming, flow) in &texts {
        if !reader.ids.get(flow.as_str()).is_some_and(|target| is(*target, "sequenceFlow")) {
            let message = format!("the element lists the flow `{flow}`, which is not in the document");
            reader.error("broken-reference", &nodes[*at].id, message);
        }
        listed.entry((flow, *incoming)).or_default().push(*at);
    }
    for flow in &process.flows {
        let lists = |incoming: bool, end: NodeIx| {
            listed.get(&(&*flow.id, incoming)).is_some_and(|nodes| nodes.contains(&(end.0 as usize)))
        };
        let (from, to) = (lists(false, flow.source), lists(true, flow.target));
        if from != to {
            let end = process.node(if from { flow.target } else { flow.source });
            let message =
                format!("only one end of the flow `{}` lists it; list it at both ends or at none", flow.id);
            reader.error("half-listed-flow", &end.id, message);
        }
    }
}

fn check_one(reader: &mut Reader<'_, '_>, element: Xml<'_, '_>, tag: &str, name: &str, wanted: &str) {
    let wanted = wanted.trim();
    if wanted.is_empty() || !(name.ends_with("Ref") || name.ends_with("Refs")) {
        return;
    }
    let found = reader.ids.get(local(wanted)).map(|target| target.tag_name().name());
    let wants = if name == "eventDefinitionRef" {
        if found.is_some_and(|found| found.ends_with("EventDefinition")) {
            return;
        }
        "event definition".to_owned()
    } else {
        let known = REFERENCES.iter().find(|(other, on, _)| *other == name && (on.is_empty() || *on == tag));
        let Some((_, _, kinds)) = known else { return };
        match found {
            Some(found) if kinds.is_empty() || kinds.contains(&found) => return,
            _ => kinds.join(" or "),
        }
    };
    let message = match found {
        None => format!("`{name}` is `{wanted}`, which is not in the document; name an element that is"),
        Some(found) => format!("`{name}` is `{wanted}`, a `{found}`; it must be a {wants}"),
    };
    let id = made_up_id(element);
    reader.error("broken-reference", &id, message);
}
