//! Who may not take a user task: groups, users, and those whom only a running process knows.

use super::fields::{checked, extend, extension_elements, is_expression, is_extension};
use super::read::{extension, inside, split, text};
use super::tag::Names;
use super::{check_text, element as find, is};
use crate::Error;
use crate::document::Document;
use crate::document::edit::{remove as cut, set_text};
use crate::sentence::sentence;
use roxmltree::Node as Xml;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who may not take a user task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(rename = "DesignExcluded")]
pub struct Excluded {
    /// Groups.
    pub groups: Vec<String>,
    /// Users, and expressions that name people.
    pub users: Vec<String>,
    /// Those whom a running process knows: `initiator`, `modeler(version)`, `modeler(project)` and `completerOf(…)` with
    /// the `id` or the name of a user task.
    pub stand_ins: Vec<String>,
}

/// What one name in the list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Group,
    User,
    StandIn,
}

impl Excluded {
    fn list(&mut self, sort: Sort) -> &mut Vec<String> {
        match sort {
            Sort::Group => &mut self.groups,
            Sort::User => &mut self.users,
            Sort::StandIn => &mut self.stand_ins,
        }
    }
}

fn resources<'t>(node: Xml<'t, 't>) -> Vec<Xml<'t, 't>> {
    let is_exclusion = |child: &Xml<'_, '_>| {
        is_extension(child, "customResource")
            && extension(*child, "name").or_else(|| child.attribute("name")) == Some("ExcludedOwner")
    };
    extension_elements(node).map(|all| all.children().filter(is_exclusion).collect()).unwrap_or_default()
}

/// Whether a name stands for somebody only a running process knows.
fn stands_in(name: &str) -> bool {
    let plain: String = name.split_whitespace().collect();
    match plain.as_str() {
        "initiator" | "modeler" | "modeler()" | "modeler(version)" | "modeler(model)"
        | "modeler(project)" => true,
        _ => name
            .strip_prefix("completerOf(")
            .and_then(|rest| rest.strip_suffix(')'))
            .is_some_and(|task| !task.trim().is_empty() && !task.contains(['(', ')'])),
    }
}

/// The names in one part of a list: `user(a, b)` holds two.
fn names_in(part: &str) -> Vec<(Sort, String)> {
    let sorted = |name: String, group: bool| {
        let sort = match group {
            true => Sort::Group,
            false if stands_in(&name) => Sort::StandIn,
            false => Sort::User,
        };
        (sort, name)
    };
    match inside(part) {
        Some((group, names)) => split(&names).into_iter().map(|name| sorted(name, group)).collect(),
        None => vec![sorted(part.to_owned(), false)],
    }
}

pub(super) fn read(node: Xml<'_, '_>) -> Excluded {
    let mut excluded = Excluded::default();
    for part in resources(node).into_iter().flat_map(|resource| split(&text(resource))) {
        for (sort, name) in names_in(&part) {
            excluded.list(sort).push(name);
        }
    }
    excluded
}

/// Says who may not take a task. Who stays is written as they were, in their place.
pub(super) fn set(document: &Document, id: &str, those: &Excluded) -> Result<Document, Error> {
    let wanted = wanted(those)?;
    document.patched(|tree| {
        let source = tree.input_text();
        let node = find(tree.root_element(), id)?;
        let known = resources(node);
        let before: Vec<String> = known.iter().flat_map(|resource| split(&text(*resource))).collect();
        let after = kept(&before, &wanted);
        if before == after {
            return Ok(Vec::new());
        }
        let text = after.join(", ");
        let Some((first, spare)) = known.split_first() else {
            let names = Names::at(node);
            let made = names.extension("customResource").with("name", "ExcludedOwner").child(
                names.bpmn("resourceAssignmentExpression").child(names.bpmn("formalExpression").text(&text)),
            );
            return extend(node, source, &[made]);
        };
        let mut patches = Vec::new();
        for resource in spare {
            patches.extend(cut(*resource, source)?);
        }
        match first.descendants().find(|inner| is(inner, "formalExpression")) {
            _ if text.is_empty() => patches.extend(cut(*first, source)?),
            Some(expression) => patches.extend(set_text(expression, source, &text)?),
            None => {
                return Err(Error::BadEdit(sentence!(
                    "edit-excluded-as-written",
                    "the excluded owner of `{id}` is written in a way that cannot be changed here",
                    id = id
                )));
            }
        }
        Ok(patches)
    })
}

fn wanted(those: &Excluded) -> Result<Vec<(Sort, String)>, Error> {
    let mut wanted = Vec::new();
    for (sort, names) in [(Sort::Group, &those.groups), (Sort::User, &those.users)] {
        wanted.extend(checked(names)?.into_iter().map(|name| (sort, name.to_owned())));
    }
    for name in those.stand_ins.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        check_text(sentence!("edit-text-name", "the name"), name)?;
        if !stands_in(name) {
            return Err(Error::BadEdit(sentence!(
                "edit-stand-in",
                "`{name}` stands for nobody; use `initiator`, `modeler(version)`, `modeler(project)` or `completerOf(…)` with a user task",
                name = name
            )));
        }
        wanted.push((Sort::StandIn, name.to_owned()));
    }
    Ok(wanted)
}

/// The parts of the list that say what is wanted: those that said it, then what is new.
fn kept(before: &[String], wanted: &[(Sort, String)]) -> Vec<String> {
    let mut missing: Vec<&(Sort, String)> = wanted.iter().collect();
    let mut after = Vec::new();
    for part in before {
        let names = names_in(part);
        let (stay, go): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| wanted.contains(name));
        missing.retain(|name| !stay.contains(*name));
        match go.is_empty() {
            true => after.push(part.clone()),
            false => after.extend(stay.iter().map(written)),
        }
    }
    after.extend(missing.into_iter().map(written));
    after
}

fn written((sort, name): &(Sort, String)) -> String {
    match sort {
        Sort::Group => format!("group({name})"),
        Sort::User if !is_expression(name) => format!("user({name})"),
        Sort::User | Sort::StandIn => name.clone(),
    }
}
