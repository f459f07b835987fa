//! What differs between two versions of a definition, element by element, for a person to see on the diagram.

use crate::design::{Captured, Details, Listener, Moment, Passed, Repeated, read};
use crate::geometry::{Drawing, Edge, Shape};
use crate::model::Definition;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use ts_rs::TS;

/// A shape that moved less than this, in pixels, stayed.
const STAYED: f64 = 1.0;

/// How an element differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(rename = "DifferenceKind")]
pub enum Kind {
    /// Only the later version has it.
    Added,
    /// Only the earlier version has it.
    Removed,
    /// It does something else.
    Changed,
    /// It does the same in another place of the drawing.
    Moved,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Difference {
    /// The element.
    pub element: String,
    /// Its tag.
    pub tag: String,
    /// What people know it by.
    pub name: String,
    /// How it differs.
    pub kind: Kind,
    /// What of it differs; empty for what was added, removed or moved.
    pub what: Vec<Aspect>,
}

/// A property that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Aspect {
    /// Its name, such as `condition`, or `field url`.
    pub property: String,
    /// As it was.
    pub before: String,
    /// As it is.
    pub after: String,
}

/// What differs: changed elements first in the order of the later document, then those that were removed.
pub fn compare(before: &Definition, after: &Definition) -> Vec<Difference> {
    let (old, new) = (read(before), read(after));
    let by_id = |all: &[Details]| -> HashMap<String, Details> {
        all.iter().map(|one| (one.id.clone(), one.clone())).collect()
    };
    let (was, is) = (by_id(&old), by_id(&new));
    let places = (Places::of(before), Places::of(after));
    let difference = |one: &Details, kind: Kind, what: Vec<Aspect>| Difference {
        element: one.id.clone(),
        tag: one.tag.clone(),
        name: one.name.clone(),
        kind,
        what,
    };
    let mut found = Vec::new();
    for one in &new {
        match was.get(&one.id) {
            None => found.push(difference(one, Kind::Added, Vec::new())),
            Some(earlier) => {
                let what = aspects(earlier, one);
                if !what.is_empty() {
                    found.push(difference(one, Kind::Changed, what));
                } else if places.0.differ(&places.1, &one.id) {
                    found.push(difference(one, Kind::Moved, Vec::new()));
                }
            }
        }
    }
    let gone = old.iter().filter(|one| !is.contains_key(&one.id));
    found.extend(gone.map(|one| difference(one, Kind::Removed, Vec::new())));
    found
}

fn aspects(before: &Details, after: &Details) -> Vec<Aspect> {
    let (before, mut after) = (said(before), said(after));
    let mut found = Vec::new();
    for (property, was) in before {
        let is = after.remove(&property).unwrap_or_default();
        if was != is {
            found.push(Aspect { property, before: was, after: is });
        }
    }
    found.extend(after.into_iter().map(|(property, is)| Aspect {
        property,
        before: String::new(),
        after: is,
    }));
    found
}

/// What an element says, by property; what it does not say is left out.
fn said(one: &Details) -> BTreeMap<String, String> {
    let mut said = BTreeMap::new();
    let mut say = |property: &str, text: String| {
        if !text.is_empty() {
            said.insert(property.to_owned(), text);
        }
    };
    say("tag", one.tag.clone());
    say("name", one.name.clone());
    say("documentation", one.documentation.clone());
    say("source", one.source.clone());
    say("target", one.target.clone());
    say("attached", one.attached.clone());
    say("assignee", one.assignee.clone());
    say("groups", one.groups.join(", "));
    say("users", one.users.join(", "));
    say("excluded", one.excluded.join(", "));
    say("due", one.due.clone());
    say("condition", one.condition.clone());
    say("default", if one.default { "yes".to_owned() } else { String::new() });
    say("interrupting", if one.interrupting { String::new() } else { "no".to_owned() });
    say("timer", one.timer.as_ref().map(|timer| timer.text.clone()).unwrap_or_default());
    say("delegate", one.delegate.clone());
    say("message", one.message.clone());
    say("signal", one.signal.clone());
    say("error", one.error.clone());
    say("error-variable", one.error_variable.clone());
    say("escalation", one.escalation.clone());
    say("link", one.link.clone());
    say("called", one.called.clone());
    say("inherit", if one.inherit { "yes".to_owned() } else { String::new() });
    say("inputs", handed(&one.inputs));
    say("outputs", handed(&one.outputs));
    say("repeat", one.repeat.as_ref().map(repeated).unwrap_or_default());
    say("by-event", if one.by_event { "yes".to_owned() } else { String::new() });
    say(
        "waits",
        if one.job.as_ref().is_some_and(|job| job.triggerable) { "yes".to_owned() } else { String::new() },
    );
    for question in &one.prompts {
        let choices: Vec<&str> = question.choices.iter().map(|choice| choice.label.as_str()).collect();
        let required = if question.required { ", required" } else { "" };
        let choices = if choices.is_empty() { String::new() } else { format!(": {}", choices.join(" / ")) };
        say(&format!("prompt {}", question.variable), format!("{}{required}{choices}", question.question));
    }
    for field in &one.fields {
        say(&format!("field {}", field.name), field.text.clone());
    }
    for capture in &one.captures {
        say(&format!("capture {}", capture.variable), captured(capture));
    }
    for listener in &one.listeners {
        let (property, text) = listened(listener);
        say(&property, text);
    }
    for object in &one.data {
        let kind = format!("{:?}", object.kind).to_lowercase();
        let value = if object.value.is_empty() { String::new() } else { format!(" = {}", object.value) };
        say(&format!("data {}", object.name), format!("{kind}{value}"));
    }
    said
}

fn captured(capture: &Captured) -> String {
    let mut said = capture.path.clone();
    if capture.json != "${responseBody}" {
        said.push_str(&format!(" of {}", capture.json));
    }
    if capture.event != Moment::End {
        said.push_str(&format!(", {}", word(capture.event)));
    }
    if capture.optional { format!("{said}, optional") } else { said }
}

fn word(event: Moment) -> String {
    format!("{event:?}").to_lowercase()
}

/// The property that a listener is, with what it says.
fn listened(listener: &Listener) -> (String, String) {
    match listener {
        Listener::Notification { event } => ("notification".to_owned(), word(*event)),
        Listener::Participants { event, participants } => {
            (format!("participants {participants}"), word(*event))
        }
        Listener::JobArgument { name, value, .. } => (format!("argument {name}"), value.clone()),
        Listener::JobState { event, variable } => (format!("job-state {variable}"), word(*event)),
    }
}

fn handed(passed: &[Passed]) -> String {
    let one = |passed: &Passed| {
        if passed.all { "*".to_owned() } else { format!("{} → {}", passed.source, passed.target) }
    };
    passed.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn repeated(repeat: &Repeated) -> String {
    let parts = match repeat {
        Repeated::Multi { sequential, times, collection, item, index, until } => vec![
            if *sequential { "sequential".to_owned() } else { "parallel".to_owned() },
            times.clone(),
            collection.clone(),
            item.clone(),
            index.clone(),
            until.clone(),
        ],
        Repeated::While { before, condition, most } => {
            vec![
                "while".to_owned(),
                condition.clone(),
                most.clone(),
                if *before { "before".to_owned() } else { String::new() },
            ]
        }
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Where everything is drawn.
struct Places {
    shapes: HashMap<String, Shape>,
    edges: HashMap<String, Edge>,
}

impl Places {
    fn of(definition: &Definition) -> Self {
        let drawing = Drawing::of(&definition.document);
        let drawing = drawing.normalised().unwrap_or(drawing);
        Self {
            shapes: drawing.shapes.into_iter().map(|shape| (shape.element.clone(), shape)).collect(),
            edges: drawing.edges.into_iter().map(|edge| (edge.element.clone(), edge)).collect(),
        }
    }

    fn differ(&self, other: &Self, id: &str) -> bool {
        let far = |a: f64, b: f64| (a - b).abs() >= STAYED;
        let shapes = match (self.shapes.get(id), other.shapes.get(id)) {
            (Some(a), Some(b)) => {
                let (a, b) = (a.bounds, b.bounds);
                far(a.x, b.x) || far(a.y, b.y) || far(a.width, b.width) || far(a.height, b.height)
            }
            (None, None) => false,
            _ => true,
        };
        let edges = match (self.edges.get(id), other.edges.get(id)) {
            (Some(a), Some(b)) => {
                a.points.len() != b.points.len()
                    || a.points.iter().zip(&b.points).any(|(a, b)| far(a.x, b.x) || far(a.y, b.y))
            }
            (None, None) => false,
            _ => true,
        };
        shapes || edges
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use crate::design::{Change, Kind as Drawn, Property, Rectangle, apply};

    #[test]
    fn what_was_done_is_what_differs() {
        let all = crate::templates::all();
        let document = Document::parse(all[0].document).unwrap();
        let bounds = Rectangle { x: 700.0, y: 400.0, width: 120.0, height: 80.0 };
        let set = |id: &str, set: Property| Change::Set { id: id.into(), set };
        let changes = [
            Change::Add {
                id: "new".into(),
                kind: Drawn::Task,
                into: "migration-to-google-cloud".into(),
                host: None,
                name: "New".into(),
                bounds,
            },
            Change::Remove { ids: vec!["reminded".into()] },
            Change::Move { id: "build".into(), bounds },
            set("approve", Property::Due { text: "P5D".into() }),
            set("approved", Property::Condition { text: "${ModelIsApproved}".into() }),
        ];
        let after = apply(&document, &changes).unwrap();
        let found = compare(&Definition::read(document.clone()), &Definition::read(after));
        let rows: Vec<String> = found
            .iter()
            .map(|one| {
                let what: Vec<String> = one
                    .what
                    .iter()
                    .map(|what| format!(" {}: {} > {}", what.property, what.before, what.after))
                    .collect();
                format!("{:?} {}{}", one.kind, one.element, what.concat())
            })
            .collect();
        let mut wanted = vec![
            "Changed approve due: P3D > P5D",
            "Changed approved condition: ${ModelIsApproved == true} > ${ModelIsApproved}",
            "Moved build",
            "Added new",
            "Removed toReminded",
            "Removed reminded",
        ];
        let mut rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        rows.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(rows, wanted);
        let same = Definition::read(document);
        assert_eq!(compare(&same, &same), []);
    }
}
