//! XML to be inserted, in the prefixes and the indentation of the document it goes into.

use crate::document::edit::escape;
use crate::geometry::{BPMN, DIAGRAM};
use roxmltree::Node as Xml;

/// The namespace of Flowable's extensions.
pub(super) const FLOWABLE: &str = "http://flowable.org/bpmn";

/// Namespaces of extensions that mean the same by the same name, in the order in which a document's own is looked for.
pub(super) const EXTENSIONS: [&str; 3] =
    [FLOWABLE, "http://activiti.org/bpmn", "http://camunda.org/schema/1.0/bpmn"];

/// The namespace of the SAS Workflow Manager's own elements.
pub(super) const SAS: &str = "http://www.sas.com/xml/schema/bpmn";

const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const DRAWING: &str = "http://www.omg.org/spec/DD/20100524/DC";
const INTERCHANGE: &str = "http://www.omg.org/spec/DD/20100524/DI";

/// An element that is being written.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    inside: Inside,
}

#[derive(Debug, Clone)]
enum Inside {
    Nothing,
    Text(String),
    Tags(Vec<Tag>),
}

impl Tag {
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.attributes.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn with_some(self, name: &str, value: &str) -> Self {
        if value.is_empty() { self } else { self.with(name, value) }
    }

    pub(super) fn text(mut self, text: &str) -> Self {
        self.inside = Inside::Text(text.to_owned());
        self
    }

    pub(super) fn child(mut self, child: Tag) -> Self {
        match &mut self.inside {
            Inside::Tags(tags) => tags.push(child),
            _ => self.inside = Inside::Tags(vec![child]),
        }
        self
    }

    pub(super) fn children(self, children: impl IntoIterator<Item = Tag>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    /// The element as text, its own children on lines of their own where the document has lines.
    pub(super) fn write(&self, lines: &Lines) -> String {
        let mut text = String::new();
        self.write_at(&mut text, &lines.outer, &lines.unit);
        text
    }

    /// Several elements, each on a line of its own where the document has lines.
    pub(super) fn write_all(tags: &[Tag], lines: &Lines) -> String {
        let written: Vec<String> = tags.iter().map(|tag| tag.write(lines)).collect();
        written.join(&lines.outer)
    }

    fn write_at(&self, to: &mut String, line: &str, unit: &str) {
        to.push('<');
        to.push_str(&self.name);
        for (name, value) in &self.attributes {
            to.push_str(&format!(" {name}=\"{}\"", escape(value, Some('"'))));
        }
        match &self.inside {
            Inside::Nothing => return to.push_str("/>"),
            // A line break in a text is the text's own: it does not stand for lines of the document.
            Inside::Text(text) => to.push_str(&format!(">{}", escape(text, None))),
            Inside::Tags(tags) => {
                to.push('>');
                let inner = if line.is_empty() { String::new() } else { format!("{line}{unit}") };
                for tag in tags {
                    to.push_str(&inner);
                    tag.write_at(to, &inner, unit);
                }
                to.push_str(line);
            }
        }
        to.push_str(&format!("</{}>", self.name));
    }
}

/// How a document breaks its lines where something goes in.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    /// The line break and indentation of what goes in; empty where everything is on one line.
    outer: String,
    /// One step of indentation.
    unit: String,
}

impl Lines {
    /// The lines of what goes into an element.
    pub(super) fn inside(element: Xml<'_, '_>) -> Self {
        let source = element.document().input_text();
        let own = crate::document::edit::indent_before(source, element.range().start);
        let child = element
            .first_element_child()
            .map(|child| crate::document::edit::indent_before(source, child.range().start))
            .filter(|child| child.len() > own.len() || element.parent_element().is_none());
        let unit =
            child.as_ref().and_then(|child| child.strip_prefix(own.as_str())).unwrap_or("  ").to_owned();
        let outer = match child {
            Some(child) => child,
            None if own.is_empty() => String::new(),
            None => format!("{own}{unit}"),
        };
        let unit = if unit.trim_matches([' ', '\t']).is_empty() && !unit.is_empty() {
            unit
        } else {
            "  ".to_owned()
        };
        Self { outer, unit }
    }
}

/// Makes elements in the prefixes that are known at a place of a document.
#[derive(Debug, Clone)]
pub(super) struct Names(Vec<(Option<String>, String)>);

impl Names {
    pub(super) fn at(element: Xml<'_, '_>) -> Self {
        Self(
            element
                .namespaces()
                .map(|namespace| (namespace.name().map(str::to_owned), namespace.uri().to_owned()))
                .collect(),
        )
    }

    fn tag(&self, namespace: &str, wanted: &str, name: &str) -> Tag {
        let tag = |name: String| Tag { name, attributes: Vec::new(), inside: Inside::Nothing };
        match self.prefix(namespace) {
            Some(None) => tag(name.to_owned()),
            Some(Some(prefix)) => tag(format!("{prefix}:{name}")),
            None => tag(format!("{wanted}:{name}")).with(&format!("xmlns:{wanted}"), namespace),
        }
    }

    /// The prefix of a namespace here: none that is known, or the empty one, or one by name.
    fn prefix(&self, namespace: &str) -> Option<Option<&str>> {
        self.0.iter().rev().find(|(_, uri)| uri == namespace).map(|(prefix, _)| prefix.as_deref())
    }

    pub(super) fn bpmn(&self, name: &str) -> Tag {
        self.tag(BPMN, "bpmn", name)
    }

    pub(super) fn diagram(&self, name: &str) -> Tag {
        self.tag(DIAGRAM, "bpmndi", name)
    }

    pub(super) fn drawing(&self, name: &str) -> Tag {
        self.tag(DRAWING, "dc", name)
    }

    pub(super) fn interchange(&self, name: &str) -> Tag {
        self.tag(INTERCHANGE, "di", name)
    }

    pub(super) fn sas(&self, name: &str) -> Tag {
        self.tag(SAS, "sasbpmn", name)
    }

    /// The namespace of extensions that this document uses: its own, or Flowable's.
    pub(super) fn extension_namespace(&self) -> &'static str {
        EXTENSIONS.into_iter().find(|namespace| self.prefix(namespace).is_some()).unwrap_or(FLOWABLE)
    }

    pub(super) fn extension(&self, name: &str) -> Tag {
        self.tag(self.extension_namespace(), "flowable", name)
    }

    /// Sets an attribute of the extension's namespace on an element that is being written.
    pub(super) fn with_extension(&self, tag: Tag, name: &str, value: &str) -> Tag {
        let namespace = self.extension_namespace();
        match self.prefix(namespace) {
            Some(Some(prefix)) => tag.with(&format!("{prefix}:{name}"), value),
            // An attribute without a prefix has no namespace; the prefix is declared once.
            _ if tag.attributes.iter().any(|(known, _)| known == "xmlns:flowable") => {
                tag.with(&format!("flowable:{name}"), value)
            }
            _ => tag.with("xmlns:flowable", namespace).with(&format!("flowable:{name}"), value),
        }
    }

    /// `xsi:type="tFormalExpression"`, as tools write it on expressions.
    pub(super) fn formal(&self, tag: Tag) -> Tag {
        let own = match self.prefix(BPMN) {
            Some(Some(prefix)) => format!("{prefix}:tFormalExpression"),
            _ => "tFormalExpression".to_owned(),
        };
        match self.prefix(SCHEMA_INSTANCE) {
            Some(Some(prefix)) => tag.with(&format!("{prefix}:type"), &own),
            _ => tag.with("xmlns:xsi", SCHEMA_INSTANCE).with("xsi:type", &own),
        }
    }
}
