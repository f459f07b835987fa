//! What events wait for and throw.

use super::set::extension_attribute_of;
use super::tag::{Lines, Names, Tag};
use super::{Occasion, TimerKind, check_text, check_variable, element as find, fresh_id, is, nouns};
use crate::Error;
use crate::document::Document;
use crate::document::edit::{Patch, by_id, insert_after, remove as cut, set_attribute, set_text};
use crate::geometry::BPMN;
use crate::model::local;
use crate::sentence::sentence;
use roxmltree::Node as Xml;

/// What is declared at the root and referred to by events: its tag, and the attribute that people know it by.
const DECLARED: [(&str, &str); 4] =
    [("message", "name"), ("signal", "name"), ("error", "errorCode"), ("escalation", "escalationCode")];

/// The event definition of an event, by the beginning of its tag.
fn definition<'t>(node: Xml<'t, 't>, kind: &str) -> Result<Xml<'t, 't>, Error> {
    let tag = format!("{kind}EventDefinition");
    let found = node.children().find(|child| is(child, &tag));
    found.ok_or_else(|| {
        let id = node.attribute("id").unwrap_or_default();
        Error::BadEdit(sentence!(
            "edit-no-such-event",
            "`{id}` neither waits for a {kind} nor throws one; it cannot be said which",
            id = id,
            kind = nouns::event(kind)
        ))
    })
}

pub(super) fn timer(document: &Document, id: &str, kind: TimerKind, text: &str) -> Result<Document, Error> {
    const TAGS: [&str; 3] = ["timeDate", "timeDuration", "timeCycle"];
    check_text(sentence!("edit-text-timer", "the timer"), text)?;
    let wanted = match kind {
        TimerKind::Date => "timeDate",
        TimerKind::Duration => "timeDuration",
        TimerKind::Cycle => "timeCycle",
    };
    document.patched(|tree| {
        let source = tree.input_text();
        let timer = definition(find(tree.root_element(), id)?, "timer")?;
        let known = timer.children().find(|child| TAGS.iter().any(|tag| is(child, tag)));
        if let Some(known) = known
            && is(&known, wanted)
        {
            return set_text(known, source, text.trim());
        }
        let names = Names::at(timer);
        let made = names.formal(names.bpmn(wanted)).text(text.trim()).write(&Lines::inside(timer));
        match known {
            // In place: what is put there takes the bytes of what was.
            Some(known) => Ok(vec![(known.range(), made)]),
            None => insert_after(timer, source, &["documentation", "extensionElements"], &made),
        }
    })
}

/// Says which condition an event waits for.
pub(super) fn condition(document: &Document, id: &str, text: &str) -> Result<Document, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::BadEdit(sentence!(
            "edit-no-condition",
            "the event needs a condition to wait for"
        )));
    }
    document.patched(|tree| {
        let source = tree.input_text();
        let event = definition(find(tree.root_element(), id)?, "conditional")?;
        match event.children().find(|child| is(child, "condition")) {
            Some(known) => set_text(known, source, text),
            None => {
                let names = Names::at(event);
                let made = names.formal(names.bpmn("condition")).text(text).write(&Lines::inside(event));
                insert_after(event, source, &["documentation", "extensionElements"], &made)
            }
        }
    })
}

pub(super) fn interrupting(document: &Document, id: &str, interrupts: bool) -> Result<Document, Error> {
    document.patched(|tree| {
        let node = find(tree.root_element(), id)?;
        let name = match node.tag_name().name() {
            "boundaryEvent" => "cancelActivity",
            "startEvent" => "isInterrupting",
            other => {
                return Err(Error::BadEdit(sentence!(
                    "edit-interrupts-nothing",
                    "a `{tag}` interrupts nothing",
                    tag = other
                )));
            }
        };
        let known = node.attribute(name) != Some("false");
        if known == interrupts {
            return Ok(Vec::new());
        }
        set_attribute(node, tree.input_text(), None, name, Some(if interrupts { "true" } else { "false" }))
    })
}

fn known_by(what: &str) -> &'static str {
    DECLARED.iter().find(|(tag, _)| *tag == what).map_or("name", |(_, known_by)| known_by)
}

/// What an event, or a task that receives, refers to: its name or code.
pub(super) fn name_of(root: Xml<'_, '_>, holder: Xml<'_, '_>, what: &str) -> String {
    let reference = holder.attribute(format!("{what}Ref").as_str()).unwrap_or_default();
    if reference.is_empty() {
        return String::new();
    }
    let target = by_id(root, local(reference)).filter(|target| is(target, what));
    let name = target.and_then(|target| target.attribute(known_by(what))).filter(|name| !name.is_empty());
    name.unwrap_or(reference).to_owned()
}

/// Says which message, signal, error or escalation an event waits for or throws: the one of that name or code, or a new
/// one. Nothing is said by an empty text, where that means any.
pub(super) fn declared(document: &Document, id: &str, what: &str, text: &str) -> Result<Document, Error> {
    let text = text.trim();
    check_text(nouns::declared(what), text)?;
    document.patched(|tree| {
        let (root, source) = (tree.root_element(), tree.input_text());
        let event = find(root, id)?;
        let tasks = is(&event, "receiveTask") || is(&event, "sendTask");
        let holder = if tasks && what == "message" { event } else { definition(event, what)? };
        let any = match what {
            "message" => is(&event, "receiveTask"),
            "error" => !is(&event, "endEvent"),
            "escalation" => true,
            _ => false,
        };
        let reference = format!("{what}Ref");
        let before = holder.attribute(reference.as_str()).unwrap_or_default();
        if text.is_empty() {
            if !any {
                return Err(Error::BadEdit(sentence!(
                    "edit-no-name",
                    "the {what} needs a name",
                    what = nouns::declared(what)
                )));
            }
            let mut patches = set_attribute(holder, source, None, &reference, None)?;
            patches.extend(forgotten(root, source, holder, local(before), what)?);
            return Ok(patches);
        }
        let known = root.children().filter(|child| is(child, what)).find(|child| {
            let name = child.attribute(known_by(what)).filter(|name| !name.is_empty());
            name.or(child.attribute("id").filter(|_| known_by(what) != "name")) == Some(text)
        });
        let mut patches: Vec<Patch> = Vec::new();
        let wanted = match known.and_then(|known| known.attribute("id")) {
            Some(known) => known.to_owned(),
            None => {
                let fresh = fresh_id(root, &format!("{what}_{text}"));
                let mut made = Names::at(root).bpmn(what).with("id", &fresh).with("name", text);
                if known_by(what) != "name" {
                    made = made.with(known_by(what), text);
                }
                let others = ["documentation", "extensionElements", "import", "itemDefinition", what];
                patches.extend(insert_after(root, source, &others, &made.write(&Lines::inside(root)))?);
                fresh
            }
        };
        if local(before) != wanted {
            patches.extend(set_attribute(holder, source, None, &reference, Some(&wanted))?);
            patches.extend(forgotten(root, source, holder, local(before), what)?);
        }
        Ok(patches)
    })
}

/// The attribute that holds the value by which one receiver of a message is told from another.
pub(super) const CORRELATION_KEY: &str = "correlationKey";

/// Says by which value one receiver of a message is told from another, where the message is told: at an event's
/// definition, or at a task that sends.
pub(super) fn correlation_key(document: &Document, id: &str, text: &str) -> Result<Document, Error> {
    let text = text.trim();
    check_text(sentence!("edit-text-correlation-key", "the correlation key"), text)?;
    document.patched(|tree| {
        let event = find(tree.root_element(), id)?;
        let receives = is(&event, "receiveTask");
        // Such a task hears every message of its name: a key there would promise what does not happen.
        if receives && !text.is_empty() {
            return Err(Error::BadEdit(sentence!(
                "edit-receives-every",
                "`{id}` receives every message of its name; use an event that waits for the message to ask for a value",
                id = id
            )));
        }
        let holder = if receives || is(&event, "sendTask") { event } else { definition(event, "message")? };
        extension_attribute_of(holder, tree.input_text(), CORRELATION_KEY, text)
    })
}

/// Takes away what was declared for this event alone and is referred to by nothing any more.
fn forgotten(
    root: Xml<'_, '_>,
    source: &str,
    holder: Xml<'_, '_>,
    id: &str,
    what: &str,
) -> Result<Vec<Patch>, Error> {
    forgotten_but_for(root, source, &|node| *node == holder, id, what)
}

/// The same, where several nodes speak of it no more.
fn forgotten_but_for(
    root: Xml<'_, '_>,
    source: &str,
    silent: &dyn Fn(&Xml<'_, '_>) -> bool,
    id: &str,
    what: &str,
) -> Result<Vec<Patch>, Error> {
    let declared = root.children().find(|child| is(child, what) && child.attribute("id") == Some(id));
    let Some(declared) = declared.filter(|declared| !declared.has_children()) else { return Ok(Vec::new()) };
    let speaks_of_it = |node: &Xml<'_, '_>| {
        node.attributes().any(|attribute| local(attribute.value()) == id)
            || node.text().is_some_and(|text| local(text) == id)
    };
    let mut others = root.descendants().filter(|node| node.is_element() && *node != declared);
    if others.any(|node| !silent(&node) && speaks_of_it(&node)) {
        Ok(Vec::new())
    } else {
        cut(declared, source)
    }
}

/// Takes away what was declared for elements alone that go.
pub(super) fn undeclared(root: Xml<'_, '_>, source: &str, gone: &[&str]) -> Result<Vec<Patch>, Error> {
    let goes = |node: &Xml<'_, '_>| {
        node.ancestors().any(|outer| {
            outer.tag_name().namespace() == Some(BPMN)
                && outer.attribute("id").is_some_and(|id| gone.contains(&id))
        })
    };
    let mut patches = Vec::new();
    for (what, _) in DECLARED {
        let reference = format!("{what}Ref");
        let going = root.descendants().filter(|node| node.is_element() && goes(node));
        let mut spoken_of: Vec<&str> =
            going.filter_map(|node| node.attribute(reference.as_str())).map(local).collect();
        spoken_of.sort_unstable();
        spoken_of.dedup();
        for id in spoken_of {
            patches.extend(forgotten_but_for(root, source, &goes, id, what)?);
        }
    }
    Ok(patches)
}

/// Says which variable takes the code of an error that is caught.
pub(super) fn error_variable(document: &Document, id: &str, text: &str) -> Result<Document, Error> {
    let text = text.trim();
    if !text.is_empty() {
        check_variable(text)?;
    }
    document.patched(|tree| {
        let event = find(tree.root_element(), id)?;
        if is(&event, "endEvent") {
            return Err(Error::BadEdit(sentence!(
                "edit-catches-no-error",
                "`{id}` throws an error and catches none",
                id = id
            )));
        }
        let error = definition(event, "error")?;
        let known = ["errorCodeVariable", "errorVariableName"]
            .into_iter()
            .find(|name| super::read::extension(error, name).is_some());
        extension_attribute_of(error, tree.input_text(), known.unwrap_or("errorCodeVariable"), text)
    })
}

/// Names a link, by which its two ends find each other.
pub(super) fn link(document: &Document, id: &str, text: &str) -> Result<Document, Error> {
    let text = text.trim();
    check_text(sentence!("edit-text-link", "the link"), text)?;
    if text.is_empty() {
        return Err(Error::BadEdit(sentence!("edit-link-no-name", "the link needs a name")));
    }
    document.patched(|tree| {
        let link = definition(find(tree.root_element(), id)?, "link")?;
        set_attribute(link, tree.input_text(), None, "name", Some(text))
    })
}

/// How long the timer of an event sub-process waits at first.
const WAITS: &str = "P1D";

/// Whether an event begins an event sub-process.
pub(super) fn begins_by_event(node: &Xml<'_, '_>) -> bool {
    let level = node.parent_element().filter(|level| is(level, "subProcess"));
    is(node, "startEvent") && level.is_some_and(|level| level.attribute("triggeredByEvent") == Some("true"))
}

/// Says what sets off an event sub-process, at its start event.
pub(super) fn set_off(document: &Document, id: &str, by: Occasion) -> Result<Document, Error> {
    let (what, name) = match by {
        Occasion::Timer => ("timer", ""),
        Occasion::Message => ("message", "Message"),
        Occasion::Signal => ("signal", "Signal"),
        Occasion::Error => ("error", ""),
        Occasion::Escalation => ("escalation", ""),
        Occasion::Condition => ("conditional", ""),
    };
    let tag = format!("{what}EventDefinition");
    let mut same = false;
    let document = document.patched(|tree| {
        let (root, source) = (tree.root_element(), tree.input_text());
        let start = find(root, id)?;
        if !begins_by_event(&start) {
            return Err(Error::BadEdit(sentence!(
                "edit-nothing-sets-off",
                "`{id}` begins no event sub-process; nothing sets it off",
                id = id
            )));
        }
        let known = start.children().find(|child| child.tag_name().name().ends_with("EventDefinition"));
        same = known.is_some_and(|known| is(&known, &tag));
        if same {
            return Ok(Vec::new());
        }
        let names = Names::at(start);
        let mut made: Tag = names.bpmn(&tag);
        if by == Occasion::Timer {
            made = made.child(names.formal(names.bpmn("timeDuration")).text(WAITS));
        }
        if by == Occasion::Condition {
            made = made
                .child(names.formal(names.bpmn("condition")).text(&super::add::first_condition(document)));
        }
        let made = made.write(&Lines::inside(start));
        let mut patches = Vec::new();
        match known {
            Some(known) => {
                patches.push((known.range(), made));
                for (what, _) in DECLARED {
                    let before = known.attribute(format!("{what}Ref").as_str()).unwrap_or_default();
                    patches.extend(forgotten(root, source, known, local(before), what)?);
                }
            }
            None => {
                let before = [
                    "documentation",
                    "extensionElements",
                    "incoming",
                    "outgoing",
                    "property",
                    "dataOutput",
                    "dataOutputAssociation",
                    "outputSet",
                ];
                patches.extend(insert_after(start, source, &before, &made)?);
            }
        }
        // An error always takes the place of what it comes from.
        if by == Occasion::Error && start.attribute("isInterrupting") == Some("false") {
            patches.extend(set_attribute(start, source, None, "isInterrupting", None)?);
        }
        Ok(patches)
    })?;
    if same || name.is_empty() { Ok(document) } else { declared(&document, id, what, name) }
}
