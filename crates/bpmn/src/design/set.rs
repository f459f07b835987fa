//! Properties are set.

use super::calls::{self, Way};
use super::tag::{EXTENSIONS, Lines, Names};
use super::{
    Datum, Property, check_text, check_variable, element as find, events, excluded, fields, fresh_id, is,
    listeners, nouns, prompts, repeat,
};
use crate::Error;
use crate::document::Document;
use crate::document::edit::{Patch, insert_after, remove as cut, set_attribute, set_text};
use crate::model::DataType;
use crate::sentence::sentence;
use roxmltree::Node as Xml;

pub(super) fn property(document: &Document, id: &str, property: &Property) -> Result<Document, Error> {
    match property {
        Property::Name { text } => name(document, id, text),
        Property::Documentation { text } => {
            check_text(sentence!("edit-text-documentation", "the documentation"), text)?;
            child_text(document, id, "documentation", &[], text)
        }
        Property::Assignee { text } => extension_attribute(document, id, "assignee", text),
        Property::Candidates { groups, users } => fields::candidates(document, id, groups, users),
        Property::Excluded { excluded: those } => excluded::set(document, id, those),
        Property::Due { text } => extension_attribute(document, id, "dueDate", text),
        Property::Priority { text } => extension_attribute(document, id, "priority", text),
        Property::Form { text } => extension_attribute(document, id, "formKey", text),
        Property::Prompts { prompts } => prompts::set(document, id, prompts),
        Property::Condition { text } => condition(document, id, text),
        Property::Default { is } => default(document, id, *is),
        Property::Timer { kind, text } => events::timer(document, id, *kind, text),
        Property::Interrupting { is } => events::interrupting(document, id, *is),
        Property::Act { action, inputs } => fields::act(document, id, action, inputs),
        Property::Field { name, text } => fields::field(document, id, name, text),
        Property::Job { by, text } => fields::job(document, id, *by, text),
        Property::Triggerable { is } => {
            extension_attribute(document, id, "triggerable", if *is { "true" } else { "" })
        }
        Property::Tries { text } => fields::tries(document, id, text),
        Property::Captures { captures } => listeners::set_captures(document, id, captures),
        Property::Listeners { listeners } => listeners::set_listeners(document, id, listeners),
        Property::Repeat { repeat } => repeat::set(document, id, repeat.as_ref()),
        Property::Message { text } => events::declared(document, id, "message", text),
        Property::CorrelationKey { text } => events::correlation_key(document, id, text),
        Property::Signal { text } => events::declared(document, id, "signal", text),
        Property::Error { text } => events::declared(document, id, "error", text),
        Property::ErrorVariable { text } => events::error_variable(document, id, text),
        Property::Escalation { text } => events::declared(document, id, "escalation", text),
        Property::Link { text } => events::link(document, id, text),
        Property::SetOff { by } => events::set_off(document, id, *by),
        Property::Called { text } => calls::called(document, id, text),
        Property::Inherit { is } => calls::inherit(document, id, *is),
        Property::Inputs { passed } => calls::pass(document, id, Way::In, passed),
        Property::Outputs { passed } => calls::pass(document, id, Way::Out, passed),
        Property::Data { objects } => data(document, id, objects),
    }
}

fn name(document: &Document, id: &str, text: &str) -> Result<Document, Error> {
    check_text(sentence!("edit-text-name", "the name"), text)?;
    document.patched(|tree| {
        let (root, source) = (tree.root_element(), tree.input_text());
        let node = find(root, id)?;
        if is(&node, "textAnnotation") {
            return match node.children().find(|child| is(child, "text")) {
                Some(child) => set_text(child, source, text),
                None => {
                    let made = Names::at(node).bpmn("text").text(text);
                    insert_after(
                        node,
                        source,
                        &["documentation", "extensionElements"],
                        &made.write(&Lines::inside(node)),
                    )
                }
            };
        }
        set_attribute(node, source, None, "name", Some(text).filter(|text| !text.is_empty()))
    })
}

/// Sets the text of a child, makes the child after these tags, or removes it where the text is empty.
fn child_text(
    document: &Document,
    id: &str,
    tag: &str,
    after: &[&str],
    text: &str,
) -> Result<Document, Error> {
    document.patched(|tree| {
        let source = tree.input_text();
        let node = find(tree.root_element(), id)?;
        match (node.children().find(|child| is(child, tag)), text.is_empty()) {
            (Some(child), true) => cut(child, source),
            (Some(child), false) => set_text(child, source, text),
            (None, true) => Ok(Vec::new()),
            (None, false) => insert_after(
                node,
                source,
                after,
                &Names::at(node).bpmn(tag).text(text).write(&Lines::inside(node)),
            ),
        }
    })
}

/// Sets an attribute of whichever extension an element or its document uses; an empty text removes it.
pub(super) fn extension_attribute(
    document: &Document,
    id: &str,
    name: &str,
    text: &str,
) -> Result<Document, Error> {
    check_text(nouns::attribute(name), text)?;
    document.patched(|tree| {
        extension_attribute_of(find(tree.root_element(), id)?, tree.input_text(), name, text.trim())
    })
}

/// The same of an element that was found.
pub(super) fn extension_attribute_of(
    node: Xml<'_, '_>,
    source: &str,
    name: &str,
    text: &str,
) -> Result<Vec<Patch>, Error> {
    let known = EXTENSIONS.into_iter().find(|namespace| node.has_attribute((*namespace, name)));
    let namespace = known.unwrap_or_else(|| Names::at(node).extension_namespace());
    set_attribute(node, source, Some(namespace), name, Some(text).filter(|text| !text.is_empty()))
}

fn condition(document: &Document, id: &str, text: &str) -> Result<Document, Error> {
    check_text(sentence!("edit-text-condition", "the condition"), text)?;
    let waits = {
        let tree = document.tree()?;
        let node = find(tree.root_element(), id)?;
        node.children().any(|child| is(&child, "conditionalEventDefinition"))
    };
    if waits {
        return events::condition(document, id, text);
    }
    document.patched(|tree| {
        let source = tree.input_text();
        let node = find(tree.root_element(), id)?;
        if !is(&node, "sequenceFlow") {
            return Err(Error::BadEdit(sentence!(
                "edit-has-no-condition",
                "`{id}` is no flow and waits for no condition; it cannot have one",
                id = id
            )));
        }
        let text = text.trim();
        match (node.children().find(|child| is(child, "conditionExpression")), text.is_empty()) {
            (Some(child), true) => cut(child, source),
            (Some(child), false) => set_text(child, source, text),
            (None, true) => Ok(Vec::new()),
            (None, false) => {
                let names = Names::at(node);
                let made = names.formal(names.bpmn("conditionExpression")).text(text);
                insert_after(
                    node,
                    source,
                    &["documentation", "extensionElements"],
                    &made.write(&Lines::inside(node)),
                )
            }
        }
    })
}

fn default(document: &Document, flow: &str, is_default: bool) -> Result<Document, Error> {
    document.patched(|tree| {
        let (root, source) = (tree.root_element(), tree.input_text());
        let from = find(root, flow)?.attribute("sourceRef").unwrap_or_default();
        let from = find(root, from)?;
        match (from.attribute("default") == Some(flow), is_default) {
            (false, true) => set_attribute(from, source, None, "default", Some(flow)),
            (true, false) => set_attribute(from, source, None, "default", None),
            _ => Ok(Vec::new()),
        }
    })
}

/// The name of a type in `itemSubjectRef`, without prefix.
pub(super) fn type_name(kind: DataType) -> &'static str {
    match kind {
        DataType::String => "string",
        DataType::Boolean => "boolean",
        DataType::Long => "long",
        DataType::Double => "double",
        DataType::Date => "date",
        DataType::Any => "anyType",
    }
}

/// The type of a data object, as a document of this kind names it.
pub(super) fn type_of(kind: DataType) -> String {
    format!("xsd:{}", type_name(kind))
}

fn data(document: &Document, id: &str, objects: &[Datum]) -> Result<Document, Error> {
    let mut names: Vec<&str> = objects.iter().map(|object| object.name.trim()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Error::BadEdit(sentence!(
            "edit-data-object-twice",
            "the data object `{name}` is there twice; name each once",
            name = twice[0]
        )));
    }
    for object in objects {
        check_text(sentence!("edit-text-value", "the value"), &object.value)?;
        check_variable(&object.name)?;
    }
    // What goes first: a new one may take its name.
    let mut document = document.patched(|tree| {
        let node = find(tree.root_element(), id)?;
        let mut patches = Vec::new();
        for known in node.children().filter(|child| is(child, "dataObject")) {
            let known_id = known.attribute("id").unwrap_or_default();
            if !objects.iter().any(|object| object.id == known_id) {
                patches.extend(cut(known, tree.input_text())?);
            }
        }
        Ok(patches)
    })?;
    for object in objects {
        document = datum(&document, id, object)?;
    }
    Ok(document)
}

fn datum(document: &Document, level: &str, object: &Datum) -> Result<Document, Error> {
    let name = object.name.trim();
    if object.id.is_empty() {
        return new_datum(document, level, name, object.kind, &object.value);
    }
    let named = document.patched(|tree| {
        let source = tree.input_text();
        let known = find(tree.root_element(), &object.id)?;
        let mut patches = set_attribute(known, source, None, "name", Some(name))?;
        let written = known.attribute("itemSubjectRef").unwrap_or_default();
        if DataType::of(written) != object.kind {
            let prefix = written.rsplit_once(':').map_or("xsd", |(prefix, _)| prefix);
            let kind = format!("{prefix}:{}", type_name(object.kind));
            patches.extend(set_attribute(known, source, None, "itemSubjectRef", Some(&kind))?);
        }
        Ok(patches)
    })?;
    named.patched(|tree| {
        let source = tree.input_text();
        let known = find(tree.root_element(), &object.id)?;
        let value = known.descendants().find(|node| {
            node.tag_name().name() == "value"
                && node.tag_name().namespace().is_some_and(|n| EXTENSIONS.contains(&n))
        });
        if let Some(value) = value {
            return set_text(value, source, &object.value);
        }
        if object.value.is_empty() {
            return Ok(Vec::new());
        }
        let names = Names::at(known);
        let made = names.extension("value").text(&object.value);
        fields::extend(known, source, &[made])
    })
}

pub(super) fn new_datum(
    document: &Document,
    level: &str,
    name: &str,
    kind: DataType,
    value: &str,
) -> Result<Document, Error> {
    document.patched(|tree| {
        let (root, source) = (tree.root_element(), tree.input_text());
        let level = find(root, level)?;
        let names = Names::at(level);
        let mut made = names
            .bpmn("dataObject")
            .with("id", &fresh_id(root, &format!("data_{name}")))
            .with("name", name)
            .with("itemSubjectRef", &type_of(kind));
        if !value.is_empty() {
            made = made.child(names.bpmn("extensionElements").child(names.extension("value").text(value)));
        }
        let before = [
            "documentation",
            "extensionElements",
            "auditing",
            "monitoring",
            "ioSpecification",
            "property",
            "laneSet",
            "incoming",
            "outgoing",
            "standardLoopCharacteristics",
            "multiInstanceLoopCharacteristics",
            "dataObject",
        ];
        insert_after(level, source, &before, &made.write(&Lines::inside(level)))
    })
}
