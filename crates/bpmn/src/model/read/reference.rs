//! References between elements: what an attribute or element names must be there and be of the right kind.

use super::events::local;
use super::*;

/// Attributes and elements that name another element: the name, the element they are on (any where empty), and what
/// they may name (anything where empty). From the BPMN 2.0 schema, OMG formal/2011-01-03, chapters 8 to 10.
const REFERENCES: [(&str, &str, &[&str]); 34] = [
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
    ("flowNodeRef", "", &[]),
    ("categoryValueRef", "", &["categoryValue"]),
    ("inputSetRefs", "", &["inputSet"]),
    ("outputSetRefs", "", &["outputSet"]),
    ("optionalInputRefs", "", &["dataInput"]),
    ("whileExecutingInputRefs", "", &["dataInput"]),
    ("optionalOutputRefs", "", &["dataOutput"]),
    ("whileExecutingOutputRefs", "", &["dataOutput"]),
    ("correlationKeyRef", "", &["correlationKey"]),
    ("innerParticipantRef", "", &["participant"]),
    ("outerParticipantRef", "", &["participant"]),
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

/// The flows an element lists must be flows. Whether both ends list them is for `lint::lists` to say.
pub(super) fn check_lists(reader: &mut Reader<'_, '_>, nodes: &[Found<'_>]) {
    for found in nodes {
        for child in found.xml.children().filter(|child| is(*child, "incoming") || is(*child, "outgoing")) {
            let flow = text_of(child);
            if !reader.ids.get(local(&flow)).is_some_and(|target| is(*target, "sequenceFlow")) {
                let said = sentence!(
                    "broken-reference-flow",
                    "the element lists the flow `{flow}`, which is not in the document",
                    flow = flow
                );
                reader.error("broken-reference", &found.id, said);
            }
        }
    }
}

fn check_one(reader: &mut Reader<'_, '_>, element: Xml<'_, '_>, tag: &str, name: &str, wanted: &str) {
    let wanted = wanted.trim();
    // An expression names what only a running instance knows.
    if wanted.is_empty() || wanted.contains("${") || !(name.ends_with("Ref") || name.ends_with("Refs")) {
        return;
    }
    let found = reader.ids.get(local(wanted)).map(|target| target.tag_name().name());
    let kinds = if name == "eventDefinitionRef" {
        if found.is_some_and(|found| found.ends_with("EventDefinition")) {
            return;
        }
        None
    } else {
        let known = REFERENCES.iter().find(|(other, on, _)| *other == name && (on.is_empty() || *on == tag));
        let Some((_, _, kinds)) = known else { return };
        match found {
            Some(found) if kinds.is_empty() || kinds.contains(&found) => return,
            _ => Some(*kinds),
        }
    };
    let said = match (found, kinds) {
        (None, _) => sentence!(
            "broken-reference",
            "`{name}` is `{wanted}`, which is not in the document; name an element that is",
            name = name,
            wanted = wanted
        ),
        (Some(found), None) => sentence!(
            "broken-reference-event",
            "`{name}` is `{wanted}`, a `{found}`; it must be a event definition",
            name = name,
            wanted = wanted,
            found = found
        ),
        (Some(found), Some(kinds)) => sentence!(
            "broken-reference-kind",
            "`{name}` is `{wanted}`, a `{found}`; it must be a {kinds}",
            name = name,
            wanted = wanted,
            found = found,
            kinds = either(kinds)
        ),
    };
    let id = made_up_id(element);
    reader.error("broken-reference", &id, said);
}
