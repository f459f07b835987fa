//! What differs between two versions of a definition, element by element, for a person to see on the diagram.

use crate::design::{Captured, Details, Listener, Moment, Passed, Repeated, TimerKind, read, rest};
use crate::geometry::{Drawing, Edge, Shape};
use crate::model::{DataType, Definition};
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
    /// Its name, such as `condition`, or `field url`; `xml …` for what a designer does not show.
    pub property: String,
    /// As it was.
    pub before: String,
    /// As it is.
    pub after: String,
}

/// The words of what an element says, in the reader's language: `yes`, `required`, `parallel`, for example.
pub type Say<'a> = &'a dyn Fn(&'static str) -> String;

/// What differs: changed elements first in the order of the later document, then those that were removed.
pub fn compare(before: &Definition, after: &Definition, say: Say<'_>) -> Vec<Difference> {
    let (old, new) = (read(before), read(after));
    let by_id = |all: &[Details]| -> HashMap<String, Details> {
        all.iter().map(|one| (one.id.clone(), one.clone())).collect()
    };
    let (was, is) = (by_id(&old), by_id(&new));
    let places = (Places::of(before), Places::of(after));
    let rests = (rest(before), rest(after));
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
                let mut what = differing(said(earlier, say), said(one, say));
                let rest = |of: &HashMap<String, BTreeMap<String, String>>| {
                    of.get(&one.id).into_iter().flatten().map(unshown).collect()
                };
                what.extend(differing(rest(&rests.0), rest(&rests.1)));
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

/// What a designer does not show, as a property. What is there without a text is there.
fn unshown((place, text): (&String, &String)) -> (String, String) {
    let text = if text.is_empty() { "✓".to_owned() } else { text.clone() };
    (format!("xml {place}"), text)
}

fn differing(before: BTreeMap<String, String>, mut after: BTreeMap<String, String>) -> Vec<Aspect> {
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
fn said(one: &Details, word: Say<'_>) -> BTreeMap<String, String> {
    let mut said = BTreeMap::new();
    let mut say = |property: &str, text: String| {
        if !text.is_empty() {
            said.insert(property.to_owned(), text);
        }
    };
    let yes = |is: bool| if is { word("yes") } else { String::new() };
    say("tag", one.tag.clone());
    say("name", one.name.clone());
    say("documentation", one.documentation.clone());
    say("source", one.source.clone());
    say("target", one.target.clone());
    say("attached", one.attached.clone());
    say("assignee", one.assignee.clone());
    say("groups", one.groups.join(", "));
    say("users", one.users.join(", "));
    say("excluded-groups", one.excluded.groups.join(", "));
    say("excluded", one.excluded.users.join(", "));
    say("stand-ins", one.excluded.stand_ins.join(", "));
    say("due", one.due.clone());
    say("priority", one.priority.clone());
    say("form", one.form.clone());
    say("condition", one.condition.clone());
    say("default", yes(one.default));
    say("interrupting", if one.interrupting { String::new() } else { word("no") });
    say("timer", one.timer.as_ref().map(|timer| timed(timer.kind, &timer.text, word)).unwrap_or_default());
    say("delegate", one.delegate.clone());
    say("message", one.message.clone());
    say("correlation-key", one.correlation_key.clone());
    say("signal", one.signal.clone());
    say("error", one.error.clone());
    say("error-variable", one.error_variable.clone());
    say("escalation", one.escalation.clone());
    say("link", one.link.clone());
    say("called", one.called.clone());
    say("inherit", yes(one.inherit));
    say("inputs", handed(&one.inputs));
    say("outputs", handed(&one.outputs));
    say("repeat", one.repeat.as_ref().map(|repeat| repeated(repeat, word)).unwrap_or_default());
    say("by-event", yes(one.by_event));
    say("tries", one.tries.clone());
    say("waits", yes(one.job.as_ref().is_some_and(|job| job.triggerable)));
    for question in &one.prompts {
        let choices: Vec<String> = question
            .choices
            .iter()
            .map(|choice| match choice.label == choice.value {
                true => choice.label.clone(),
                false => format!("{} ({})", choice.label, choice.value),
            })
            .collect();
        let required = if question.required { format!(", {}", word("required")) } else { String::new() };
        let choices = if choices.is_empty() { String::new() } else { format!(": {}", choices.join(" / ")) };
        let answer = word(kind(question.kind));
        say(
            &format!("prompt {}", question.variable),
            format!("{} ({answer}{required}){choices}", question.question),
        );
    }
    for field in &one.fields {
        say(&format!("field {}", field.name), field.text.clone());
    }
    for capture in &one.captures {
        say(&format!("capture {}", capture.variable), captured(capture, word));
    }
    for listener in &one.listeners {
        let (property, text) = listened(listener, word);
        say(&property, text);
    }
    for object in &one.data {
        let value = if object.value.is_empty() { String::new() } else { format!(" = {}", object.value) };
        say(&format!("data {}", object.name), format!("{}{value}", word(kind(object.kind))));
    }
    said
}

fn kind(of: DataType) -> &'static str {
    match of {
        DataType::String => "string",
        DataType::Boolean => "boolean",
        DataType::Long => "long",
        DataType::Double => "double",
        DataType::Date => "date",
        DataType::Any => "any",
    }
}

fn timed(kind: TimerKind, text: &str, word: Say<'_>) -> String {
    let kind = match kind {
        TimerKind::Date => "at-date",
        TimerKind::Duration => "after-duration",
        TimerKind::Cycle => "in-cycle",
    };
    format!("{text} ({})", word(kind))
}

fn captured(capture: &Captured, word: Say<'_>) -> String {
    let mut said = capture.path.clone();
    if capture.json != "${responseBody}" {
        said.push_str(&format!(" {} {}", word("of"), capture.json));
    }
    if capture.event != Moment::End {
        said.push_str(&format!(", {}", word(capture.event.word())));
    }
    if capture.optional { format!("{said}, {}", word("optional")) } else { said }
}

/// The property that a listener is, with what it says.
fn listened(listener: &Listener, word: Say<'_>) -> (String, String) {
    match listener {
        Listener::Notification { event } => ("notification".to_owned(), word(event.word())),
        Listener::Participants { event, participants } => {
            (format!("participants {participants}"), word(event.word()))
        }
        Listener::JobArgument { name, value, .. } => (format!("argument {name}"), value.clone()),
        Listener::JobState { event, variable } => (format!("job-state {variable}"), word(event.word())),
    }
}

fn handed(passed: &[Passed]) -> String {
    let one = |passed: &Passed| {
        if passed.all { "*".to_owned() } else { format!("{} → {}", passed.source, passed.target) }
    };
    passed.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn repeated(repeat: &Repeated, word: Say<'_>) -> String {
    let parts = match repeat {
        Repeated::Multi { sequential, times, collection, item, index, until } => vec![
            word(if *sequential { "sequential" } else { "parallel" }),
            times.clone(),
            collection.clone(),
            item.clone(),
            index.clone(),
            until.clone(),
        ],
        Repeated::While { before, condition, most } => {
            vec![
                word("while"),
                condition.clone(),
                most.clone(),
                if *before { word("before") } else { String::new() },
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
            set("approve", Property::Priority { text: "70".into() }),
            set("approved", Property::Condition { text: "${ModelIsApproved}".into() }),
        ];
        let after = apply(&document, &changes).unwrap();
        let found = compare(&Definition::read(document.clone()), &Definition::read(after), &str::to_owned);
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
            "Changed approve due: P3D > P5D priority:  > 70",
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
        assert_eq!(compare(&same, &same, &str::to_owned), []);
    }

    /// A version with a listener that ran other code was said to be the same.
    #[test]
    fn whatever_a_designer_does_not_show_differs_too() {
        let text = crate::templates::all()[0].document;
        let same = Definition::read(Document::parse(text).unwrap());
        let task = text.find("<userTask id=\"approve\"").unwrap();
        let inside = |from: &str, to: &str| {
            let (before, after) = text.split_at(task);
            assert!(after.contains(from), "{from}");
            format!("{before}{}", after.replacen(from, to, 1))
        };
        let extended = |what: &str| inside("<extensionElements>", &format!("<extensionElements>{what}"));
        let rows = [
            (inside("id=\"approve\"", "id=\"approve\" flowable:category=\"risk\""), "xml category:  > risk"),
            (inside("id=\"approve\"", "id=\"approve\" flowable:async=\"true\""), "xml async:  > true"),
            (inside("id=\"approve\"", "id=\"approve\" flowable:formKey=\"f\""), "form:  > f"),
            (
                extended("<flowable:taskListener event=\"create\" class=\"org.x.Y\"/>"),
                "xml taskListener/class:  > org.x.Y|xml taskListener/event:  > create",
            ),
            (extended("<flowable:skip/>"), "xml skip:  > ✓"),
            (
                extended(
                    "<flowable:taskListener event=\"complete\" delegateExpression=\"${notificationListener}\"/>",
                ),
                "notification:  > complete",
            ),
        ];
        for (after, wanted) in rows {
            let after = Definition::read(Document::parse(after.as_str()).unwrap());
            let found = compare(&same, &after, &str::to_owned);
            let told: Vec<String> = found
                .iter()
                .flat_map(|one| &one.what)
                .map(|what| format!("{}: {} > {}", what.property, what.before, what.after))
                .collect();
            assert_eq!(told.join("|"), wanted);
            assert_eq!(found[0].element, "approve");
        }
    }
}
