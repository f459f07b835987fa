//! What a document says of an element and a designer does not show: whatever else may make it do something else.

use super::read::is_shown;
use super::tag::{EXTENSIONS, SAS};
use crate::geometry::BPMN;
use crate::model::Definition;
use roxmltree::{Attribute, Node as Xml};
use std::collections::{BTreeMap, HashMap};

/// Attributes of the standard that [`super::Details`] tell.
const ATTRIBUTES: [&str; 10] = [
    "id",
    "name",
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "cancelActivity",
    "isInterrupting",
    "triggeredByEvent",
    "default",
    "calledElement",
];

/// Attributes of extensions that they tell.
const EXTENSION_ATTRIBUTES: [&str; 10] = [
    "assignee",
    "candidateGroups",
    "candidateUsers",
    "dueDate",
    "priority",
    "formKey",
    "delegateExpression",
    "triggerable",
    "inheritVariables",
    "correlationKey",
];

/// Elements inside an element that they tell, or that are told as elements of their own.
const CHILDREN: [&str; 9] = [
    "documentation",
    "text",
    "incoming",
    "outgoing",
    "conditionExpression",
    "potentialOwner",
    "standardLoopCharacteristics",
    "multiInstanceLoopCharacteristics",
    "dataObject",
];

/// Extensions that they tell; listeners are looked at one by one.
const EXTENSION_CHILDREN: [&str; 10] = [
    "field",
    "customResource",
    "failedJobRetryTimeCycle",
    "formProperty",
    "in",
    "out",
    "prompt",
    "promptValue",
    "promptDefinition",
    "value",
];

/// What an event waits for or throws is told by its name; how a timer is given, too.
const EVENT_PARTS: [&str; 10] = [
    "id",
    "name",
    "messageRef",
    "signalRef",
    "errorRef",
    "escalationRef",
    "errorCodeVariable",
    "errorVariableName",
    "correlationKey",
    "type",
];

/// Of every element, by its `id`: where in it something stands that a designer does not show, and what.
pub fn rest(definition: &Definition) -> HashMap<String, BTreeMap<String, String>> {
    let Ok(tree) = definition.document.tree() else { return HashMap::new() };
    tree.root_element()
        .descendants()
        .filter(|node| node.tag_name().namespace() == Some(BPMN) && is_shown(node))
        .filter_map(|node| {
            let mut found = BTreeMap::new();
            attributes(node, "", is_told, &mut found);
            children(node, &mut found);
            Some((node.attribute("id")?.to_owned(), found))
        })
        .collect()
}

fn is_told(attribute: &Attribute<'_, '_>) -> bool {
    match attribute.namespace() {
        None => ATTRIBUTES.contains(&attribute.name()),
        Some(namespace) => {
            EXTENSIONS.contains(&namespace) && EXTENSION_ATTRIBUTES.contains(&attribute.name())
        }
    }
}

fn attributes(
    node: Xml<'_, '_>,
    at: &str,
    is_told: fn(&Attribute<'_, '_>) -> bool,
    found: &mut BTreeMap<String, String>,
) {
    for attribute in node.attributes().filter(|attribute| !is_told(attribute)) {
        found.insert(format!("{at}{}", attribute.name()), attribute.value().to_owned());
    }
}

/// What stands directly in an element, its extensions and its events.
fn children(node: Xml<'_, '_>, found: &mut BTreeMap<String, String>) {
    let mut counts = BTreeMap::new();
    for child in node.children().filter(Xml::is_element) {
        let tag = child.tag_name().name();
        if child.tag_name().namespace() != Some(BPMN) {
            whole(child, &place("", tag, &mut counts), found);
        } else if tag == "extensionElements" {
            let extensions = child.children().filter(|one| one.is_element() && !is_told_extension(one));
            for extension in extensions {
                whole(extension, &place("", extension.tag_name().name(), &mut counts), found);
            }
        } else if tag.ends_with("EventDefinition") {
            event(child, &place("", tag, &mut counts), found);
        } else if !CHILDREN.contains(&tag) && !is_shown(&child) && tag != "association" {
            whole(child, &place("", tag, &mut counts), found);
        }
    }
}

fn is_told_extension(extension: &Xml<'_, '_>) -> bool {
    let (namespace, tag) = (extension.tag_name().namespace(), extension.tag_name().name());
    let ours = namespace.is_some_and(|namespace| namespace == SAS || EXTENSIONS.contains(&namespace));
    ours && (EXTENSION_CHILDREN.contains(&tag) || super::listeners::is_shown(*extension))
}

/// An event's definition, without what is told of it.
fn event(definition: Xml<'_, '_>, at: &str, found: &mut BTreeMap<String, String>) {
    attributes(definition, &format!("{at}/"), |attribute| EVENT_PARTS.contains(&attribute.name()), found);
    let mut counts = BTreeMap::new();
    for child in definition.children().filter(Xml::is_element) {
        let at = place(&format!("{at}/"), child.tag_name().name(), &mut counts);
        match child.tag_name().name() {
            "timeDate" | "timeDuration" | "timeCycle" | "condition" => {
                attributes(
                    child,
                    &format!("{at}/"),
                    |attribute| EVENT_PARTS.contains(&attribute.name()),
                    found,
                );
            }
            _ => whole(child, &at, found),
        }
    }
}

/// Everything in an element.
fn whole(node: Xml<'_, '_>, at: &str, found: &mut BTreeMap<String, String>) {
    attributes(node, &format!("{at}/"), |_| false, found);
    let said: String = node.children().filter(Xml::is_text).filter_map(|text| text.text()).collect();
    let mut counts = BTreeMap::new();
    let mut inside = false;
    for child in node.children().filter(Xml::is_element) {
        inside = true;
        whole(child, &place(&format!("{at}/"), child.tag_name().name(), &mut counts), found);
    }
    // An element that says nothing by a text or an attribute says something by being there.
    if !said.trim().is_empty() || (!inside && node.attributes().next().is_none()) {
        found.insert(at.to_owned(), said.trim().to_owned());
    }
}

/// The place of the next of several with one name: `property`, `property[2]`.
fn place(before: &str, tag: &str, counts: &mut BTreeMap<String, usize>) -> String {
    let count = counts.entry(tag.to_owned()).or_default();
    *count += 1;
    if *count == 1 { format!("{before}{tag}") } else { format!("{before}{tag}[{count}]") }
}
