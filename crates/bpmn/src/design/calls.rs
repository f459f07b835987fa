//! Calls of processes: which is called, and what is handed over.

use super::fields::{is_expression, is_extension};
use super::listed::{self, Kind};
use super::tag::{Names, Tag};
use super::{check_text, element as find, is};
use crate::Error;
use crate::document::Document;
use crate::document::edit::{Patch, is_name, set_attribute};
use crate::sentence::sentence;
use roxmltree::Node as Xml;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A variable that is handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "DesignPassed")]
pub struct Passed {
    /// Whether all variables are; nothing else is said then.
    pub all: bool,
    /// What is handed over: a variable's name or an expression. A text that is written for good is an expression of itself.
    pub source: String,
    /// The variable that takes it.
    pub target: String,
}

/// Which way variables are handed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
}

/// A text as the expression that is always this text.
fn quoted(text: &str) -> String {
    format!("${{'{}'}}", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

impl Passed {
    /// What a mapping says, where it can be said in these terms: of the key of the process called, nothing can.
    fn of(mapping: Xml<'_, '_>) -> Option<Self> {
        if mapping.attribute("variables") == Some("all") {
            return Some(Self { all: true, source: String::new(), target: String::new() });
        }
        let source = match mapping.attribute("sourceExpression").map(str::trim) {
            Some(literal) if !is_expression(literal) => Some(quoted(literal)),
            Some(expression) => Some(expression.to_owned()),
            None => mapping.attribute("source").map(str::to_owned),
        };
        let target = mapping.attribute("targetExpression").or_else(|| mapping.attribute("target"));
        let text = |text: &str| text.trim().to_owned();
        Some(Self { all: false, source: text(&source?), target: text(target.unwrap_or_default()) })
    }

    /// Each attribute of a mapping, with its value where it has one.
    fn attributes(&self) -> [(&'static str, Option<&str>); 5] {
        let (source, target) = (self.source.trim(), self.target.trim());
        let when = |is: bool, text| Some(text).filter(|_| is && !self.all);
        [
            ("variables", Some("all").filter(|_| self.all)),
            ("source", when(!is_expression(source), source)),
            ("sourceExpression", when(is_expression(source), source)),
            ("target", when(!is_expression(target), target)),
            ("targetExpression", when(is_expression(target), target)),
        ]
    }

    fn check(&self) -> Result<(), Error> {
        if self.all {
            return Ok(());
        }
        for name in [self.source.trim(), self.target.trim()] {
            check_text(sentence!("edit-text-variable", "the variable"), name)?;
            if !is_expression(name) && !is_name(name) {
                return Err(Error::BadEdit(sentence!(
                    "edit-variable-or-expression",
                    "`{name}` is no name of a variable; use letters, digits and `_`, or an expression",
                    name = name
                )));
            }
        }
        Ok(())
    }
}

fn write(names: &Names, tag: &str, one: &Passed) -> Tag {
    let set = one.attributes().into_iter().filter_map(|(name, value)| Some((name, value?)));
    set.fold(names.extension(tag), |made, (name, value)| made.with(name, value))
}

fn change(mapping: Xml<'_, '_>, source: &str, one: &Passed) -> Result<Vec<Patch>, Error> {
    let mut patches = Vec::new();
    for (name, value) in one.attributes() {
        patches.extend(set_attribute(mapping, source, None, name, value)?);
    }
    Ok(patches)
}

const INPUTS: Kind<Passed> = Kind {
    read: |element| if is_extension(&element, "in") { Passed::of(element) } else { None },
    write: |names, one| write(names, "in", one),
    change,
};

const OUTPUTS: Kind<Passed> = Kind {
    read: |element| if is_extension(&element, "out") { Passed::of(element) } else { None },
    write: |names, one| write(names, "out", one),
    change,
};

impl Way {
    fn kind(self) -> &'static Kind<Passed> {
        match self {
            Self::In => &INPUTS,
            Self::Out => &OUTPUTS,
        }
    }
}

/// What a call hands over.
pub(super) fn passed(node: Xml<'_, '_>, way: Way) -> Vec<Passed> {
    if !is(&node, "callActivity") {
        return Vec::new();
    }
    listed::all(node, way.kind().read).into_iter().map(|(_, one)| one).collect()
}

fn a_call<'t>(root: Xml<'t, 't>, id: &str) -> Result<Xml<'t, 't>, Error> {
    let node = find(root, id)?;
    if is(&node, "callActivity") {
        Ok(node)
    } else {
        Err(Error::BadEdit(sentence!("edit-no-called-process", "`{id}` calls no process", id = id)))
    }
}

pub(super) fn pass(document: &Document, id: &str, way: Way, wanted: &[Passed]) -> Result<Document, Error> {
    document.patched(|tree| {
        let node = a_call(tree.root_element(), id)?;
        let known = passed(node, way);
        wanted.iter().filter(|one| !known.contains(one)).try_for_each(Passed::check)?;
        listed::set(node, tree.input_text(), wanted, way.kind())
    })
}

/// Says which process is called: its identifier, or an expression.
pub(super) fn called(document: &Document, id: &str, text: &str) -> Result<Document, Error> {
    let text = text.trim();
    check_text(sentence!("edit-text-process", "the process"), text)?;
    document.patched(|tree| {
        let node = a_call(tree.root_element(), id)?;
        set_attribute(
            node,
            tree.input_text(),
            None,
            "calledElement",
            Some(text).filter(|text| !text.is_empty()),
        )
    })
}

/// Says whether the called process gets all variables.
pub(super) fn inherit(document: &Document, id: &str, all: bool) -> Result<Document, Error> {
    a_call(document.tree()?.root_element(), id)?;
    super::set::extension_attribute(document, id, "inheritVariables", if all { "true" } else { "" })
}
