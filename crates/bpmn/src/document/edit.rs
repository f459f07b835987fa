//! Edits as patches of the text: only what is named changes; everything else keeps its bytes.

use super::Document;
use crate::Error;
use crate::sentence::sentence;
use roxmltree::Node as Xml;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// More edits at once are refused.
pub const EDITS_MAX: usize = 10_000;

/// One change to a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum Edit {
    /// Sets an attribute, or removes it.
    SetAttribute {
        /// The element.
        at: Place,
        /// The namespace of the attribute; most have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        namespace: Option<String>,
        /// Its name without prefix.
        name: String,
        /// The value; none removes it.
        value: Option<String>,
    },
    /// Replaces the text in an element. CDATA stays CDATA.
    SetText {
        /// The element.
        at: Place,
        /// The text.
        text: String,
    },
    /// Inserts XML, whose prefixes must be known where it goes.
    Insert {
        /// The element it goes into.
        into: Place,
        /// The `id` of the child it goes before; last without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<String>,
        /// The XML: one or more elements.
        xml: String,
    },
    /// Removes an element with everything in it.
    Remove {
        /// The element.
        at: Place,
    },
    /// Moves or resizes the shape of an element, in the document's own geometry.
    SetBounds {
        /// The element the shape is for.
        element: String,
        /// The new place.
        bounds: Bounds,
    },
    /// Draws the edge of a flow or association anew, in the document's own geometry.
    SetWaypoints {
        /// The element the edge is for.
        element: String,
        /// Its points, at least two.
        points: Vec<Point>,
    },
}

/// An element of a document: one with an `id`, or one inside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The `id`.
    pub id: String,
    /// The way further in, child by child.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<Child>,
}

/// A child of an element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// Its tag without prefix.
    pub tag: String,
    /// The value of its `name` attribute, where several children share the tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which one of those that fit, counted from zero.
    #[serde(default)]
    pub nth: usize,
}

/// A rectangle in the document's own geometry.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Left edge, or centre in SAS files.
    pub x: f64,
    /// Top edge, or centre in SAS files.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A point in the document's own geometry.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Rightwards.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Place {
    /// The element of an `id`.
    pub fn id(id: impl Into<String>) -> Self {
        Self { id: id.into(), path: Vec::new() }
    }

    /// A child of this place, by its tag without prefix.
    pub fn child(mut self, tag: impl Into<String>) -> Self {
        self.path.push(Child { tag: tag.into(), name: None, nth: 0 });
        self
    }

    /// A child of this place, by its tag and its `name` attribute.
    pub fn named(mut self, tag: impl Into<String>, name: impl Into<String>) -> Self {
        self.path.push(Child { tag: tag.into(), name: Some(name.into()), nth: 0 });
        self
    }

    fn find<'t>(&self, root: Xml<'t, 't>) -> Result<Xml<'t, 't>, Error> {
        let mut at = by_id(root, &self.id).ok_or_else(|| Error::NotFound(self.id.clone()))?;
        for child in &self.path {
            let fits = |node: &Xml<'_, '_>| {
                node.is_element()
                    && node.tag_name().name() == child.tag
                    && child.name.as_deref().is_none_or(|name| node.attribute("name") == Some(name))
            };
            at = at
                .children()
                .filter(fits)
                .nth(child.nth)
                .ok_or_else(|| Error::NotFound(format!("{}/{}", self.id, child.tag)))?;
        }
        Ok(at)
    }
}

/// Bytes to replace, and with what.
pub(crate) type Patch = (Range<usize>, String);

impl Document {
    /// The document with some edits made, in order. If one cannot be made, none is.
    pub fn edit(&self, edits: &[Edit]) -> Result<Self, Error> {
        if edits.len() > EDITS_MAX {
            let what = sentence!("size-edits", "the number of edits");
            return Err(Error::TooLarge { what, limit: EDITS_MAX });
        }
        let mut document = self.clone();
        for edit in edits {
            document = document.patched(|tree| patches(edit, tree))?;
        }
        Ok(document)
    }

    /// The document with the patches that are made of its tree.
    pub(crate) fn patched(
        &self,
        make: impl FnOnce(&roxmltree::Document<'_>) -> Result<Vec<Patch>, Error>,
    ) -> Result<Self, Error> {
        let mut patches = make(&self.tree()?)?;
        if patches.is_empty() {
            return Ok(self.clone());
        }
        // What goes in somewhere goes before what is taken away there.
        patches.sort_by_key(|(range, _)| (range.start, range.end));
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        for (range, replacement) in patches {
            // What is inside something that was replaced is gone with it.
            if range.start < at {
                continue;
            }
            text.push_str(&self.text[at..range.start]);
            text.push_str(&replacement);
            at = range.end;
        }
        text.push_str(&self.text[at..]);
        Self::parse(text.into_bytes())
    }
}

fn patches(edit: &Edit, tree: &roxmltree::Document<'_>) -> Result<Vec<Patch>, Error> {
    let (root, source) = (tree.root_element(), tree.input_text());
    match edit {
        Edit::SetAttribute { at, namespace, name, value } => {
            set_attribute(at.find(root)?, source, namespace.as_deref(), name, value.as_deref())
        }
        Edit::SetText { at, text } => set_text(at.find(root)?, source, text),
        Edit::Insert { into, before, xml } => insert(into.find(root)?, source, before.as_deref(), xml),
        Edit::Remove { at } => remove(at.find(root)?, source),
        Edit::SetBounds { element, bounds } => set_bounds(root, source, element, *bounds),
        Edit::SetWaypoints { element, points } => set_waypoints(root, source, element, points),
    }
}

/// The element of an `id`: BPMN's own goes before those of diagrams and extensions, which may repeat it.
pub(crate) fn by_id<'t>(root: Xml<'t, 't>, id: &str) -> Option<Xml<'t, 't>> {
    let has_it = |node: &Xml<'t, 't>| node.is_element() && node.attribute("id") == Some(id);
    let mut all = root.descendants().filter(has_it);
    let first = all.next()?;
    let own = |node: &Xml<'t, 't>| node.tag_name().namespace() == root.tag_name().namespace();
    if own(&first) { Some(first) } else { all.find(own).or(Some(first)) }
}

pub(crate) fn set_attribute(
    element: Xml<'_, '_>,
    source: &str,
    namespace: Option<&str>,
    name: &str,
    value: Option<&str>,
) -> Result<Vec<Patch>, Error> {
    if !is_name(name) {
        return Err(Error::BadEdit(sentence!(
            "edit-attribute-name",
            "`{name}` is no attribute name",
            name = name
        )));
    }
    if name == "id" && namespace.is_none() {
        return Err(Error::BadEdit(sentence!(
            "edit-identifier-kept",
            "an `id` is what other elements refer to; insert a new element instead"
        )));
    }
    let known = element.attributes().find(|known| known.name() == name && known.namespace() == namespace);
    match (known, value) {
        (Some(known), Some(value)) if known.value() == value => Ok(Vec::new()),
        (Some(known), Some(value)) => {
            // The range is that of the value inside its quotes, which stay.
            let range = known.range_value();
            let quote = if source[..range.start].ends_with('\'') { '\'' } else { '"' };
            Ok(vec![(range, escape(value, Some(quote)))])
        }
        (Some(known), None) => {
            let range = known.range();
            let start = source[..range.start].trim_end().len();
            Ok(vec![(start..range.end, String::new())])
        }
        (None, None) => Ok(Vec::new()),
        (None, Some(value)) => {
            let (declaration, written) = match namespace {
                None => (String::new(), name.to_owned()),
                Some(uri) => prefixed(element, uri, name)?,
            };
            let at = tag_name_end(element, source);
            let attribute = format!("{declaration} {written}=\"{}\"", escape(value, Some('"')));
            Ok(vec![(at..at, attribute)])
        }
    }
}

/// An attribute's name with the prefix its namespace has here, and a declaration if it has none.
fn prefixed(element: Xml<'_, '_>, uri: &str, name: &str) -> Result<(String, String), Error> {
    if let Some(prefix) = element.lookup_prefix(uri).filter(|prefix| !prefix.is_empty()) {
        return Ok((String::new(), format!("{prefix}:{name}")));
    }
    let prefix = match uri {
        "http://flowable.org/bpmn" => "flowable",
        "http://activiti.org/bpmn" => "activiti",
        "http://camunda.org/schema/1.0/bpmn" => "camunda",
        "http://www.sas.com/xml/schema/bpmn" => "sasbpmn",
        _ => "ext",
    };
    if element.lookup_namespace_uri(Some(prefix)).is_some() {
        return Err(Error::BadEdit(sentence!(
            "edit-prefix",
            "the prefix `{prefix}` stands for another namespace here",
            prefix = prefix
        )));
    }
    Ok((format!(" xmlns:{prefix}=\"{}\"", escape(uri, Some('"'))), format!("{prefix}:{name}")))
}

/// Where the tag's name ends in the start tag of an element.
pub(crate) fn tag_name_end(element: Xml<'_, '_>, source: &str) -> usize {
    let start = element.range().start + 1;
    let rest = &source[start..];
    start + rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(rest.len())
}

/// The range between an element's tags, and whether it is written as an empty element.
fn inside(element: Xml<'_, '_>, source: &str) -> (Range<usize>, bool) {
    let range = element.range();
    let text = &source[range.clone()];
    // The start tag ends at the first `>` outside quotes.
    let mut quote = None;
    let mut end = text.len();
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None, b'>') => {
                end = at + 1;
                break;
            }
            _ => {}
        }
    }
    if text[..end].ends_with("/>") {
        return (range.start + end..range.start + end, true);
    }
    let close = text.rfind("</").unwrap_or(text.len());
    (range.start + end..range.start + close, false)
}

/// The patch that puts content between an element's tags.
pub(crate) fn content(element: Xml<'_, '_>, source: &str, text: String) -> Patch {
    let (range, empty) = inside(element, source);
    if !empty {
        return (range, text);
    }
    let start = element.range().start + 1;
    let tag = &source[start..tag_name_end(element, source)];
    (range.start - 2..range.end, format!(">{text}</{tag}>"))
}

pub(crate) fn set_text(element: Xml<'_, '_>, source: &str, text: &str) -> Result<Vec<Patch>, Error> {
    if element.children().any(|child| child.is_element()) {
        return Err(Error::BadEdit(sentence!(
            "edit-holds-elements",
            "`{tag}` holds elements, not text",
            tag = element.tag_name().name()
        )));
    }
    check_characters(text)?;
    let known: String =
        element.children().filter(|child| child.is_text()).filter_map(|child| child.text()).collect();
    if known == text {
        return Ok(Vec::new());
    }
    let (range, _) = inside(element, source);
    let written = source[range].trim_start();
    let replacement = if written.starts_with("<![CDATA[") {
        format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
    } else {
        escape(text, None)
    };
    Ok(vec![content(element, source, replacement)])
}

pub(crate) fn insert(
    element: Xml<'_, '_>,
    source: &str,
    before: Option<&str>,
    xml: &str,
) -> Result<Vec<Patch>, Error> {
    check_fragment(element, xml)?;
    let xml = xml.trim();
    if let Some(before) = before {
        let sibling = element.children().find(|child| child.attribute("id") == Some(before));
        let sibling = sibling.ok_or_else(|| Error::NotFound(before.to_owned()))?;
        let at = sibling.range().start;
        return Ok(vec![(at..at, format!("{xml}{}", indent_before(source, at)))]);
    }
    match element.last_element_child() {
        Some(last) => {
            let end = last.range().end;
            Ok(vec![(end..end, format!("{}{xml}", indent_before(source, last.range().start)))])
        }
        None => {
            let outer = indent_before(source, element.range().start);
            let inner = if outer.is_empty() { String::new() } else { format!("{outer}  ") };
            Ok(vec![content(element, source, format!("{inner}{xml}{outer}"))])
        }
    }
}

/// Inserts XML after the last child that has one of these tags, or else before all children.
pub(crate) fn insert_after(
    element: Xml<'_, '_>,
    source: &str,
    tags: &[&str],
    xml: &str,
) -> Result<Vec<Patch>, Error> {
    let fits = |child: &Xml<'_, '_>| child.is_element() && tags.contains(&child.tag_name().name());
    let Some(last) = element.children().rfind(fits) else {
        return match element.first_element_child() {
            None => insert(element, source, None, xml),
            Some(first) => {
                check_fragment(element, xml)?;
                let at = first.range().start;
                Ok(vec![(at..at, format!("{}{}", xml.trim(), indent_before(source, at)))])
            }
        };
    };
    check_fragment(element, xml)?;
    let range = last.range();
    Ok(vec![(range.end..range.end, format!("{}{}", indent_before(source, range.start), xml.trim()))])
}

/// The line break and indentation before a place, if there is nothing else before it on its line.
pub(crate) fn indent_before(source: &str, at: usize) -> String {
    let line = source[..at].rfind('\n').map_or(0, |newline| newline + 1);
    if !source[line..at].trim().is_empty() || line == 0 {
        return String::new();
    }
    let newline = if source[..line].ends_with("\r\n") { "\r\n" } else { "\n" };
    format!("{newline}{}", &source[line..at])
}

/// A fragment must be elements that are closed in it: nothing that reaches out of where it goes.
fn check_fragment(element: Xml<'_, '_>, xml: &str) -> Result<(), Error> {
    let mut wrapped = String::from("<fragment");
    for namespace in element.namespaces() {
        let uri = escape(namespace.uri(), Some('"'));
        match namespace.name() {
            Some("xml") => {}
            Some(prefix) => wrapped.push_str(&format!(" xmlns:{prefix}=\"{uri}\"")),
            None => wrapped.push_str(&format!(" xmlns=\"{uri}\"")),
        }
    }
    wrapped.push_str(&format!(">{xml}</fragment>"));
    let fragment = Document::parse(wrapped.into_bytes()).map_err(|error| Error::BadEdit(error.sentence()))?;
    let tree = fragment.tree()?;
    let mut children = tree.root_element().children();
    let only_elements =
        children.all(|child| !child.is_text() || child.text().is_none_or(|text| text.trim().is_empty()));
    if !only_elements || tree.root_element().first_element_child().is_none() {
        return Err(Error::BadEdit(sentence!("edit-only-elements", "what is inserted must be elements")));
    }
    Ok(())
}

pub(crate) fn remove(element: Xml<'_, '_>, source: &str) -> Result<Vec<Patch>, Error> {
    if element.parent_element().is_none() {
        return Err(Error::BadEdit(sentence!("edit-root-removed", "the document's root cannot be removed")));
    }
    let range = element.range();
    let start = range.start - indent_before(source, range.start).len();
    Ok(vec![(start..range.end, String::new())])
}

fn diagram<'t>(root: Xml<'t, 't>, tag: &str, element: &str) -> Result<Xml<'t, 't>, Error> {
    root.descendants()
        .find(|node| node.tag_name().name() == tag && node.attribute("bpmnElement") == Some(element))
        .ok_or_else(|| Error::NotFound(format!("{tag} of {element}")))
}

pub(crate) fn set_bounds(
    root: Xml<'_, '_>,
    source: &str,
    element: &str,
    bounds: Bounds,
) -> Result<Vec<Patch>, Error> {
    let shape = diagram(root, "BPMNShape", element)?;
    let rectangle = shape
        .children()
        .find(|child| child.tag_name().name() == "Bounds")
        .ok_or_else(|| Error::NotFound(format!("Bounds of {element}")))?;
    if bounds.width < 0.0 || bounds.height < 0.0 {
        return Err(Error::BadEdit(sentence!("edit-negative-size", "a shape cannot have a negative size")));
    }
    let mut patches = Vec::new();
    for (name, value) in
        [("x", bounds.x), ("y", bounds.y), ("width", bounds.width), ("height", bounds.height)]
    {
        patches.extend(set_number(rectangle, source, name, value)?);
    }
    Ok(patches)
}

pub(crate) fn set_waypoints(
    root: Xml<'_, '_>,
    source: &str,
    element: &str,
    points: &[Point],
) -> Result<Vec<Patch>, Error> {
    let edge = diagram(root, "BPMNEdge", element)?;
    if points.len() < 2 {
        return Err(Error::BadEdit(sentence!("edit-points", "an edge needs at least two points")));
    }
    let known: Vec<Xml<'_, '_>> =
        edge.children().filter(|child| child.tag_name().name() == "waypoint").collect();
    let Some(last) = known.last() else {
        return Err(Error::NotFound(format!("waypoint of {element}")));
    };
    let mut patches = Vec::new();
    for (waypoint, point) in known.iter().zip(points) {
        patches.extend(set_number(*waypoint, source, "x", point.x)?);
        patches.extend(set_number(*waypoint, source, "y", point.y)?);
    }
    for spare in known.iter().skip(points.len()) {
        patches.extend(remove(*spare, source)?);
    }
    let start = last.range().start;
    let tag = &source[start + 1..tag_name_end(*last, source)];
    let style = last.attribute("x").unwrap_or("");
    let mut added = String::new();
    for point in points.iter().skip(known.len()) {
        let (x, y) = (number(point.x, style)?, number(point.y, style)?);
        added.push_str(&format!("{}<{tag} x=\"{x}\" y=\"{y}\"/>", indent_before(source, start)));
    }
    if !added.is_empty() {
        let end = last.range().end;
        patches.push((end..end, added));
    }
    Ok(patches)
}

/// Sets a number attribute; one that means the same already keeps its writing.
pub(crate) fn set_number(
    element: Xml<'_, '_>,
    source: &str,
    name: &str,
    value: f64,
) -> Result<Vec<Patch>, Error> {
    let known = element.attribute(name).unwrap_or("");
    if known.trim().parse() == Ok(value) {
        return Ok(Vec::new());
    }
    set_attribute(element, source, None, name, Some(&number(value, known)?))
}

/// A number written in the style of the one it replaces: `16.0` where that had a fraction, `16` where not.
pub(crate) fn number(value: f64, style: &str) -> Result<String, Error> {
    if !value.is_finite() {
        return Err(Error::BadEdit(sentence!(
            "edit-no-place",
            "{value} is no place in a drawing",
            value = value.to_string()
        )));
    }
    // Adding zero makes a negative zero a plain one.
    let text = (value + 0.0).to_string();
    Ok(if style.contains('.') && !text.contains('.') { format!("{text}.0") } else { text })
}

pub(crate) fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

pub(crate) fn check_characters(text: &str) -> Result<(), Error> {
    match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t') && u32::from(*c) < 0x20) {
        Some(bad) => Err(Error::BadEdit(sentence!(
            "edit-character",
            "the character U+{code} cannot be in a document",
            code = format!("{:04X}", u32::from(bad))
        ))),
        None => Ok(()),
    }
}

/// Escapes text for an attribute in these quotes, or for an element.
pub(crate) fn escape(text: &str, quote: Option<char>) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\r' => escaped.push_str("&#13;"),
            '\n' if quote.is_some() => escaped.push_str("&#10;"),
            '\t' if quote.is_some() => escaped.push_str("&#9;"),
            '"' if quote == Some('"') => escaped.push_str("&quot;"),
            '\'' if quote == Some('\'') => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped
}
