//! What tasks call and whom they name: fields of service tasks, owners of user tasks.

use super::set::extension_attribute;
use super::tag::{EXTENSIONS, Lines, Names, Tag};
use super::{Given, check_text, element as find, is, listed};
use crate::Error;
use crate::document::Document;
use crate::document::edit::{Patch, insert_after, remove as cut, set_attribute, set_text};
use crate::model::JOB_FIELDS;
use crate::sentence::sentence;
use roxmltree::Node as Xml;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The scheme of addresses that mean our own actions.
pub(super) const OWN: &str = "countersign:";

/// Our actions by the name they have here, with what their address says.
pub(super) const ACTIONS: [(&str, &str); 10] = [
    ("find-project", "find-project"),
    ("build", "build"),
    ("migrate", "migrate"),
    ("train", "retrain"),
    ("score", "score"),
    ("report", "performance-report"),
    ("publish", "publish"),
    ("choose", "choose"),
    ("keep", "keep"),
    ("champion", "champion"),
];

pub(super) fn is_extension(node: &Xml<'_, '_>, tag: &str) -> bool {
    EXTENSIONS.iter().any(|namespace| node.has_tag_name((*namespace, tag)))
}

pub(super) fn extension_elements<'t>(node: Xml<'t, 't>) -> Option<Xml<'t, 't>> {
    node.children().find(|child| is(child, "extensionElements"))
}

/// Puts something into an element's extensions, after what is there, and makes the extensions where there are none.
pub(super) fn extend(node: Xml<'_, '_>, source: &str, made: &[Tag]) -> Result<Vec<Patch>, Error> {
    match extension_elements(node) {
        Some(extensions) => {
            let written = Tag::write_all(made, &Lines::inside(extensions));
            crate::document::edit::insert(extensions, source, None, &written)
        }
        None => {
            let wrapped = Names::at(node).bpmn("extensionElements").children(made.iter().cloned());
            insert_after(node, source, &["documentation"], &wrapped.write(&Lines::inside(node)))
        }
    }
}

pub(super) fn act(document: &Document, id: &str, action: &str, inputs: &[Given]) -> Result<Document, Error> {
    let Some((_, address)) = ACTIONS.iter().find(|(name, _)| *name == action) else {
        let known: Vec<&str> = ACTIONS.iter().map(|(name, _)| *name).collect();
        return Err(Error::BadEdit(sentence!(
            "edit-action",
            "`{action}` is no action; use one of {known}",
            action = action,
            known = known.join(", ")
        )));
    };
    let mut url = format!("{OWN}{address}");
    for (at, given) in inputs.iter().filter(|given| !given.name.trim().is_empty()).enumerate() {
        let sign = if at == 0 { '?' } else { '&' };
        url.push_str(&format!("{sign}{}={}", given.name.trim(), given.text.trim()));
    }
    let document = extension_attribute(document, id, "delegateExpression", "${restTask}")?;
    let document = field(&document, id, "url", &url)?;
    [("method", "POST"), ("statusCode", "200"), ("bodyType", "EMPTY")]
        .iter()
        .try_fold(document, |document, (name, text)| if_absent(&document, id, name, text))
}

fn if_absent(document: &Document, id: &str, name: &str, text: &str) -> Result<Document, Error> {
    let there = {
        let tree = document.tree()?;
        let node = find(tree.root_element(), id)?;
        let twin = if name == "statusCode" { "statusCodes" } else { name };
        own_field(node, name).or_else(|| own_field(node, twin)).is_some()
    };
    if there { Ok(document.clone()) } else { field(document, id, name, text) }
}

/// A field directly in an element's extensions: those of its listeners are theirs.
fn own_field<'t>(node: Xml<'t, 't>, name: &str) -> Option<Xml<'t, 't>> {
    field_named(extension_elements(node)?, name)
}

fn field_named<'t>(holder: Xml<'t, 't>, name: &str) -> Option<Xml<'t, 't>> {
    holder.children().find(|child| is_extension(child, "field") && child.attribute("name") == Some(name))
}

pub(super) fn is_expression(text: &str) -> bool {
    text.contains("${") || text.contains("#{")
}

fn holder(text: &str) -> &'static str {
    if is_expression(text) { "expression" } else { "string" }
}

/// A field that is being written.
pub(super) fn made(names: &Names, name: &str, text: &str) -> Tag {
    names.extension("field").with("name", name).child(names.extension(holder(text)).text(text))
}

pub(super) fn field(document: &Document, id: &str, name: &str, text: &str) -> Result<Document, Error> {
    check_text(sentence!("edit-text-field", "the field"), text)?;
    document.patched(|tree| {
        let source = tree.input_text();
        let node = find(tree.root_element(), id)?;
        match extension_elements(node) {
            Some(extensions) => field_in(extensions, source, name, text),
            None if text.is_empty() => Ok(Vec::new()),
            None => extend(node, source, &[made(&Names::at(node), name, text)]),
        }
    })
}

/// Sets a field directly in extensions or a listener; an empty text removes it.
pub(super) fn field_in(
    outer: Xml<'_, '_>,
    source: &str,
    name: &str,
    text: &str,
) -> Result<Vec<Patch>, Error> {
    let written = || made(&Names::at(outer), name, text).write(&Lines::inside(outer));
    let Some(known) = field_named(outer, name) else {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        // Fields stand together, before listeners.
        return insert_after(outer, source, &["field"], &written());
    };
    if text.is_empty() {
        return cut(known, source);
    }
    for (attribute, fits) in [("stringValue", !is_expression(text)), ("expression", is_expression(text))] {
        if known.has_attribute(attribute) && fits {
            return set_attribute(known, source, None, attribute, Some(text));
        }
    }
    if let Some(inner) = known.children().find(|child| is_extension(child, holder(text)))
        && !known.has_attribute("stringValue")
        && !known.has_attribute("expression")
    {
        return set_text(inner, source, text);
    }
    Ok(vec![(known.range(), written())])
}

/// What says how often a call that failed is tried again.
const TRIES: &str = "failedJobRetryTimeCycle";

fn own_tries<'t>(node: Xml<'t, 't>) -> Option<Xml<'t, 't>> {
    extension_elements(node)?.children().find(|child| is_extension(child, TRIES))
}

/// How often a call that failed is tried again, as it is written.
pub(super) fn tries_of(node: Xml<'_, '_>) -> String {
    own_tries(node).map(|said| super::read::text(said).trim().to_owned()).unwrap_or_default()
}

pub(super) fn tries(document: &Document, id: &str, text: &str) -> Result<Document, Error> {
    let text = text.trim();
    check_text(sentence!("edit-text-retries", "the retries"), text)?;
    document.patched(|tree| {
        let source = tree.input_text();
        let node = find(tree.root_element(), id)?;
        if !["serviceTask", "sendTask", "businessRuleTask"].iter().any(|tag| is(&node, tag)) {
            return Err(Error::BadEdit(sentence!(
                "edit-calls-nothing",
                "`{id}` calls nothing; there is nothing to try again",
                id = id
            )));
        }
        match (own_tries(node), text.is_empty()) {
            (Some(known), true) => listed::withdraw(&[known], source),
            (Some(known), false) => set_text(known, source, text),
            (None, true) => Ok(Vec::new()),
            (None, false) => extend(node, source, &[Names::at(node).extension(TRIES).text(text)]),
        }
    })
}

/// What a job task calls.
pub(super) const JOB: &str = "${jobTask}";

/// By which of its fields a job is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "DesignJobField")]
pub enum JobField {
    /// By the identifier of its definition.
    JobDefinitionId,
    /// By the address of its definition.
    JobDefinitionUri,
    /// By its definition, however that is known.
    JobDefinition,
    /// By its path.
    JobPath,
    /// By its name.
    JobName,
    /// By whatever it is known by.
    Job,
}

impl JobField {
    /// In the order of [`JOB_FIELDS`].
    const ALL: [Self; 6] = [
        Self::JobDefinitionId,
        Self::JobDefinitionUri,
        Self::JobDefinition,
        Self::JobPath,
        Self::JobName,
        Self::Job,
    ];
}

/// The job a task asks for, by the field that the engine looks it up in.
pub(super) fn job_of(fields: &[Given]) -> (JobField, String) {
    let found = JOB_FIELDS.iter().zip(JobField::ALL).find_map(|(name, field)| {
        let known = fields.iter().find(|known| known.name == *name)?;
        Some((field, known.text.trim().to_owned()))
    });
    found.unwrap_or((JobField::JobDefinitionId, String::new()))
}

/// Says which job a task asks for: in that field, instead of the one that said it, and in none that would be looked up
/// before it.
pub(super) fn job(document: &Document, id: &str, by: JobField, text: &str) -> Result<Document, Error> {
    let said = {
        let tree = document.tree()?;
        let node = find(tree.root_element(), id)?;
        if super::read::extension(node, "delegateExpression").map(str::trim) != Some(JOB) {
            return Err(Error::BadEdit(sentence!(
                "edit-no-job",
                "`{id}` asks for no job; it cannot be said which",
                id = id
            )));
        }
        JOB_FIELDS.iter().position(|name| own_field(node, name).is_some())
    };
    let place = JobField::ALL.iter().position(|field| *field == by).unwrap_or(0);
    let before = (0..place).chain(said.filter(|said| *said > place));
    let document = before
        .into_iter()
        .try_fold(document.clone(), |document, at| field(&document, id, JOB_FIELDS[at], ""))?;
    field(&document, id, JOB_FIELDS[place], text.trim())
}

pub(super) fn checked(names: &[String]) -> Result<Vec<&str>, Error> {
    let mut checked = Vec::new();
    for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        check_text(sentence!("edit-text-name", "the name"), name)?;
        if !is_expression(name) && name.contains([',', '(', ')']) {
            return Err(Error::BadEdit(sentence!(
                "edit-person-or-group",
                "`{name}` is no name of a person or group; leave out `,`, `(` and `)`",
                name = name
            )));
        }
        checked.push(name);
    }
    Ok(checked)
}

/// What the schema writes in a task before the people it names.
pub(super) const BEFORE_PEOPLE: [&str; 11] = [
    "documentation",
    "extensionElements",
    "auditing",
    "monitoring",
    "categoryValueRef",
    "incoming",
    "outgoing",
    "ioSpecification",
    "property",
    "dataInputAssociation",
    "dataOutputAssociation",
];

pub(super) fn candidates(
    document: &Document,
    id: &str,
    groups: &[String],
    users: &[String],
) -> Result<Document, Error> {
    let (groups, users) = (checked(groups)?, checked(users)?);
    let by_attribute = {
        let tree = document.tree()?;
        let node = find(tree.root_element(), id)?;
        let has = |name: &str| EXTENSIONS.iter().any(|namespace| node.has_attribute((*namespace, name)));
        has("candidateGroups") || has("candidateUsers")
    };
    if by_attribute {
        let document = extension_attribute(document, id, "candidateGroups", &groups.join(","))?;
        return extension_attribute(&document, id, "candidateUsers", &users.join(","));
    }
    let named = |kind: &str, name: &&str| {
        if is_expression(name) { (*name).to_owned() } else { format!("{kind}({name})") }
    };
    let all: Vec<String> = groups
        .iter()
        .map(|name| named("group", name))
        .chain(users.iter().map(|name| named("user", name)))
        .collect();
    let text = all.join(", ");
    document.patched(|tree| {
        let source = tree.input_text();
        let node = find(tree.root_element(), id)?;
        let owners: Vec<Xml<'_, '_>> = node.children().filter(|child| is(child, "potentialOwner")).collect();
        let Some(first) = owners.first() else {
            if text.is_empty() {
                return Ok(Vec::new());
            }
            let names = Names::at(node);
            let made = names.bpmn("potentialOwner").child(
                names.bpmn("resourceAssignmentExpression").child(names.bpmn("formalExpression").text(&text)),
            );
            return insert_after(node, source, &BEFORE_PEOPLE, &made.write(&Lines::inside(node)));
        };
        let mut patches = Vec::new();
        for spare in owners.iter().skip(1) {
            patches.extend(cut(*spare, source)?);
        }
        let expression = first.descendants().find(|inner| is(inner, "formalExpression"));
        match expression {
            Some(_) | None if text.is_empty() => patches.extend(cut(*first, source)?),
            Some(expression) => patches.extend(set_text(expression, source, &text)?),
            None => {
                let names = Names::at(*first);
                let made = names
                    .bpmn("resourceAssignmentExpression")
                    .child(names.bpmn("formalExpression").text(&text));
                patches.extend(insert_after(
                    *first,
                    source,
                    &["resourceRef"],
                    &made.write(&Lines::inside(*first)),
                )?);
            }
        }
        Ok(patches)
    })
}
