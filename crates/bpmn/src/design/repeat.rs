//! Repetition: an activity is done several times, one after another or side by side, or as long as something holds.

use super::fields::BEFORE_PEOPLE;
use super::read::{extension, text as text_in};
use super::set::extension_attribute_of;
use super::tag::{Lines, Names, Tag};
use super::{check_text, check_variable, element as find, is};
use crate::Error;
use crate::document::Document;
use crate::document::edit::{Patch, insert, insert_after, remove as cut, set_attribute, set_text};
use crate::sentence::sentence;
use roxmltree::Node as Xml;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How an activity is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "way", rename_all = "kebab-case")]
#[ts(rename = "DesignRepeat")]
pub enum Repeated {
    /// So many times, or once for each of several things.
    Multi {
        /// One after another, rather than side by side.
        sequential: bool,
        /// How many times: a number or an expression.
        times: String,
        /// The things to go over: a variable's name or an expression.
        collection: String,
        /// The variable that takes each of them.
        item: String,
        /// The variable that takes the round's number, from zero.
        index: String,
        /// An expression: the rest is not done once it holds.
        until: String,
    },
    /// Again while something holds.
    While {
        /// Whether that is looked at before the first round.
        before: bool,
        /// The condition.
        condition: String,
        /// At most so many rounds: a number, or empty.
        most: String,
    },
}

const MULTI: &str = "multiInstanceLoopCharacteristics";
const LOOP: &str = "standardLoopCharacteristics";

/// What the schema writes in a multi-instance before what ends it.
static BEFORE_UNTIL: [&str; 8] = [
    "documentation",
    "extensionElements",
    "loopCardinality",
    "loopDataInputRef",
    "loopDataOutputRef",
    "inputDataItem",
    "outputDataItem",
    "complexBehaviorDefinition",
];

impl Repeated {
    /// The variables it sets in each round, those that the engine counts by included.
    pub fn sets(&self) -> Vec<&str> {
        match self {
            Self::Multi { item, index, .. } => vec![
                item.as_str(),
                index.as_str(),
                "loopCounter",
                "nrOfInstances",
                "nrOfActiveInstances",
                "nrOfCompletedInstances",
            ],
            Self::While { .. } => vec!["loopCounter"],
        }
    }

    fn tag(&self) -> &'static str {
        match self {
            Self::Multi { .. } => MULTI,
            Self::While { .. } => LOOP,
        }
    }

    /// Children with a text: after which others each stands, and what it says.
    fn children(&self) -> Vec<(&'static str, &'static [&'static str], &str)> {
        match self {
            Self::Multi { times, until, .. } => vec![
                ("loopCardinality", &BEFORE_UNTIL[..2], times.trim()),
                ("completionCondition", &BEFORE_UNTIL[..], until.trim()),
            ],
            Self::While { condition, .. } => vec![("loopCondition", &BEFORE_UNTIL[..2], condition.trim())],
        }
    }

    fn attributes(&self) -> Vec<(&'static str, &str)> {
        let truth = |is: bool| if is { "true" } else { "" };
        match self {
            Self::Multi { sequential, .. } => vec![("isSequential", truth(*sequential))],
            Self::While { before, most, .. } => {
                vec![("testBefore", truth(*before)), ("loopMaximum", most.trim())]
            }
        }
    }

    /// Attributes of the extension's namespace, each with the child of the standard that means the same.
    fn extensions(&self) -> Vec<(&'static str, &'static str, &str)> {
        match self {
            Self::Multi { collection, item, index, .. } => vec![
                ("collection", "loopDataInputRef", collection.trim()),
                ("elementVariable", "inputDataItem", item.trim()),
                ("elementIndexVariable", "", index.trim()),
            ],
            Self::While { .. } => Vec::new(),
        }
    }

    fn written(&self, names: &Names) -> Tag {
        let mut made = names.bpmn(self.tag());
        for (name, value) in self.attributes() {
            made = made.with_some(name, value);
        }
        for (name, _, value) in self.extensions() {
            if !value.is_empty() {
                made = names.with_extension(made, name, value);
            }
        }
        let children = self.children().into_iter().filter(|(_, _, text)| !text.is_empty());
        made.children(
            children.map(|(name, _, text)| names.formal(names.bpmn(name)).text(text)).collect::<Vec<_>>(),
        )
    }

    fn check(&self) -> Result<(), Error> {
        let texts = self.children().into_iter().map(|(_, _, text)| text);
        let values = self.extensions().into_iter().map(|(_, _, text)| text);
        for text in texts.chain(values) {
            check_text(sentence!("edit-text-repetition", "the repetition"), text)?;
        }
        if let Self::Multi { item, index, .. } = self {
            let named = [item.trim(), index.trim()].into_iter().filter(|name| !name.is_empty());
            named.into_iter().try_for_each(check_variable)?;
        }
        match self {
            Self::While { most, .. } if !most.trim().is_empty() && most.trim().parse::<u32>().is_err() => {
                Err(Error::BadEdit(sentence!(
                    "edit-rounds",
                    "`{most}` is no number of rounds; write a whole number",
                    most = most
                )))
            }
            _ => Ok(()),
        }
    }
}

fn characteristics<'t>(node: Xml<'t, 't>) -> Option<Xml<'t, 't>> {
    let of = |tag: &str| node.children().find(|child| is(child, tag));
    of(MULTI).or_else(|| of(LOOP))
}

pub(super) fn read(node: Xml<'_, '_>) -> Option<Repeated> {
    let known = characteristics(node)?;
    let child = |tag: &str| known.children().find(|child| is(child, tag));
    let said = |tag: &str| child(tag).map(text_in).unwrap_or_default().trim().to_owned();
    let is_true = |name: &str| known.attribute(name) == Some("true");
    if is(&known, LOOP) {
        let most = known.attribute("loopMaximum").unwrap_or_default().to_owned();
        return Some(Repeated::While {
            before: is_true("testBefore"),
            condition: said("loopCondition"),
            most,
        });
    }
    let own = |name: &str| extension(known, name).map(str::to_owned);
    let named =
        |item: Xml<'_, '_>| item.attribute("name").or_else(|| item.attribute("id")).map(str::to_owned);
    Some(Repeated::Multi {
        sequential: is_true("isSequential"),
        times: said("loopCardinality"),
        collection: own("collection").unwrap_or_else(|| said("loopDataInputRef")),
        item: own("elementVariable").or_else(|| child("inputDataItem").and_then(named)).unwrap_or_default(),
        index: own("elementIndexVariable").unwrap_or_default(),
        until: said("completionCondition"),
    })
}

/// Whether an element can be repeated: what takes time, and is not begun by an event.
pub(super) fn repeatable(node: &Xml<'_, '_>) -> bool {
    let tag = node.tag_name().name();
    let sub = tag == "subProcess" && node.attribute("triggeredByEvent") != Some("true");
    sub || tag == "callActivity" || tag == "task" || tag.ends_with("Task")
}

pub(super) fn set(document: &Document, id: &str, wanted: Option<&Repeated>) -> Result<Document, Error> {
    if let Some(wanted) = wanted {
        wanted.check()?;
    }
    let same = {
        let tree = document.tree()?;
        let node = find(tree.root_element(), id)?;
        if !repeatable(&node) {
            return Err(Error::BadEdit(sentence!(
                "edit-not-repeated",
                "`{id}` cannot be repeated; only tasks, sub-processes and calls are",
                id = id
            )));
        }
        characteristics(node).is_some_and(|known| wanted.is_some_and(|wanted| is(&known, wanted.tag())))
    };
    match wanted {
        Some(wanted) if same => change(document, id, wanted),
        _ => document.patched(|tree| {
            let source = tree.input_text();
            let node = find(tree.root_element(), id)?;
            let written = |wanted: &Repeated| wanted.written(&Names::at(node)).write(&Lines::inside(node));
            match (characteristics(node), wanted) {
                (None, None) => Ok(Vec::new()),
                (Some(known), None) => cut(known, source),
                (Some(known), Some(wanted)) => Ok(vec![(known.range(), written(wanted))]),
                (None, Some(wanted)) => {
                    let people = ["resourceRole", "performer", "humanPerformer", "potentialOwner"];
                    let before: Vec<&str> = BEFORE_PEOPLE.into_iter().chain(people).collect();
                    insert_after(node, source, &before, &written(wanted))
                }
            }
        }),
    }
}

fn repetition<'t>(root: Xml<'t, 't>, id: &str) -> Result<Xml<'t, 't>, Error> {
    characteristics(find(root, id)?).ok_or_else(|| Error::NotFound(format!("repetition of {id}")))
}

/// Lets a repetition say something else, part by part.
fn change(document: &Document, id: &str, wanted: &Repeated) -> Result<Document, Error> {
    let mut document = document.patched(|tree| {
        let source = tree.input_text();
        let known = repetition(tree.root_element(), id)?;
        let mut patches = Vec::new();
        for (name, value) in wanted.attributes() {
            // Saying `false` and saying nothing are one.
            let same = value.is_empty() && known.attribute(name) == Some("false");
            if !same {
                patches.extend(set_attribute(
                    known,
                    source,
                    None,
                    name,
                    Some(value).filter(|value| !value.is_empty()),
                )?);
            }
        }
        patches.extend(texts(known, source, &wanted.children())?);
        Ok(patches)
    })?;
    for (name, child, value) in wanted.extensions() {
        document = document.patched(|tree| {
            let source = tree.input_text();
            let known = repetition(tree.root_element(), id)?;
            let standard = known.children().find(|inner| is(inner, child));
            match standard.filter(|_| extension(known, name).is_none()) {
                Some(standard) if value.is_empty() => cut(standard, source),
                Some(standard) if child == "inputDataItem" => {
                    let named = standard.attribute("name").or_else(|| standard.attribute("id"));
                    if named == Some(value) {
                        Ok(Vec::new())
                    } else {
                        set_attribute(standard, source, None, "name", Some(value))
                    }
                }
                Some(standard) => set_text(standard, source, value),
                None => extension_attribute_of(known, source, name, value),
            }
        })?;
    }
    Ok(document)
}

/// Sets the texts of some children; those that are missing are made, those that say nothing go.
fn texts(
    known: Xml<'_, '_>,
    source: &str,
    wanted: &[(&'static str, &'static [&'static str], &str)],
) -> Result<Vec<Patch>, Error> {
    let names = Names::at(known);
    let mut patches = Vec::new();
    let mut missing = Vec::new();
    for (name, after, text) in wanted {
        match (known.children().find(|child| is(child, name)), text.is_empty()) {
            (Some(child), true) => patches.extend(cut(child, source)?),
            (Some(child), false) if text_in(child).trim() == *text => {}
            (Some(child), false) => patches.extend(set_text(child, source, text)?),
            (None, true) => {}
            (None, false) => missing.push((*after, names.formal(names.bpmn(name)).text(text))),
        }
    }
    if known.first_element_child().is_none() {
        let all: Vec<Tag> = missing.into_iter().map(|(_, made)| made).collect();
        if !all.is_empty() {
            patches.extend(insert(known, source, None, &Tag::write_all(&all, &Lines::inside(known)))?);
        }
        return Ok(patches);
    }
    for (after, made) in missing {
        patches.extend(insert_after(known, source, after, &made.write(&Lines::inside(known)))?);
    }
    Ok(patches)
}
