//! What is listed in an element's extensions: of a list that is set anew, what stays keeps its bytes.

use super::fields::{extend, extension_elements};
use super::tag::{Lines, Names, Tag};
use crate::Error;
use crate::document::edit::{Patch, indent_before, remove as cut};
use roxmltree::Node as Xml;

/// How the things of one list are read and written.
pub(super) struct Kind<T> {
    /// What an element of the extensions says, where it is one of them.
    pub(super) read: fn(Xml<'_, '_>) -> Option<T>,
    /// One that is written anew.
    pub(super) write: fn(&Names, &T) -> Tag,
    /// The patches that let an element say something else.
    pub(super) change: fn(Xml<'_, '_>, &str, &T) -> Result<Vec<Patch>, Error>,
}

/// The things of a list that an element has, in document order.
pub(super) fn all<'t, T>(node: Xml<'t, 't>, read: fn(Xml<'_, '_>) -> Option<T>) -> Vec<(Xml<'t, 't>, T)> {
    let extensions = extension_elements(node).into_iter();
    extensions
        .flat_map(|extensions| extensions.children())
        .filter_map(|child| Some((child, read(child)?)))
        .collect()
}

/// Sets a list. What is the same at its beginning and its end stays; of what is between, one takes the place of another.
pub(super) fn set<T: PartialEq>(
    node: Xml<'_, '_>,
    source: &str,
    wanted: &[T],
    kind: &Kind<T>,
) -> Result<Vec<Patch>, Error> {
    let known = all(node, kind.read);
    let same = |(known, wanted): &(&(Xml<'_, '_>, T), &T)| known.1 == **wanted;
    let before = known.iter().zip(wanted).take_while(same).count();
    let after = known[before..].iter().rev().zip(wanted[before..].iter().rev()).take_while(same).count();
    let (now, then) = (&known[before..known.len() - after], &wanted[before..wanted.len() - after]);
    let mut patches = Vec::new();
    for ((element, _), wanted) in now.iter().zip(then) {
        patches.extend((kind.change)(*element, source, wanted)?);
    }
    if now.len() > then.len() {
        let gone: Vec<Xml<'_, '_>> = now[then.len()..].iter().map(|(element, _)| *element).collect();
        patches.extend(withdraw(&gone, source)?);
        return Ok(patches);
    }
    let names = Names::at(extension_elements(node).unwrap_or(node));
    let new: Vec<Tag> = then[now.len()..].iter().map(|one| (kind.write)(&names, one)).collect();
    let Some(first) = known.first() else {
        if !new.is_empty() {
            patches.extend(extend(node, source, &new)?);
        }
        return Ok(patches);
    };
    let lines = first.0.parent_element().map(Lines::inside);
    let written = new.iter().filter_map(|tag| Some(tag.write(lines.as_ref()?)));
    let place = before + now.len();
    match place.checked_sub(1).map(|last| known[last].0.range()) {
        Some(last) => {
            let line = indent_before(source, last.start);
            let text: String = written.map(|one| format!("{line}{one}")).collect();
            patches.push((last.end..last.end, text));
        }
        None => {
            let start = first.0.range().start;
            let line = indent_before(source, start);
            patches.push((start..start, written.map(|one| format!("{one}{line}")).collect()));
        }
    }
    Ok(patches)
}

/// Takes elements out of extensions, and the extensions with the last of them.
pub(super) fn withdraw(gone: &[Xml<'_, '_>], source: &str) -> Result<Vec<Patch>, Error> {
    let Some(extensions) = gone.first().and_then(|one| one.parent_element()) else { return Ok(Vec::new()) };
    let blank =
        |child: &Xml<'_, '_>| child.is_text() && child.text().is_none_or(|text| text.trim().is_empty());
    if extensions.children().all(|child| blank(&child) || gone.contains(&child)) {
        return cut(extensions, source);
    }
    let mut patches = Vec::new();
    for one in gone {
        patches.extend(cut(*one, source)?);
    }
    Ok(patches)
}
