//! A definitions document, kept byte for byte: what came in goes out, and an edit changes only what it names.

pub(crate) mod edit;
mod prescan;
#[cfg(test)]
mod tests;
mod xml;

pub use edit::{Bounds, Child, EDITS_MAX, Edit, Place, Point};

use crate::Error;
use crate::sentence::sentence;
use std::sync::Arc;

/// The largest document that is read.
pub const BYTES_MAX: usize = 64 << 20;

/// The deepest nesting of elements that is read.
pub const DEPTH_MAX: usize = 256;

/// The most nodes (elements, texts, comments) that are read.
pub const NODES_MAX: u32 = 2_000_000;

/// A well-formed XML document without document type or entities, and nothing else about it: its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    text: Arc<str>,
}

impl Document {
    /// Takes a document in: limits first, then well-formedness. Its bytes are kept as they are, a byte order mark
    /// included.
    pub fn parse(bytes: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let document = Self::within_limits(bytes.into())?;
        document.tree()?;
        Ok(document)
    }

    /// A document within the limits, whose well-formedness the caller finds out by asking for its tree.
    pub(crate) fn within_limits(bytes: Vec<u8>) -> Result<Self, Error> {
        if bytes.len() > BYTES_MAX {
            let what = sentence!("size-bytes", "the document's size in bytes");
            return Err(Error::TooLarge { what, limit: BYTES_MAX });
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let why = sentence!("xml-not-utf-8", "byte {at} is not UTF-8; save the file as UTF-8", at = at);
            Error::Malformed(why.into())
        })?;
        prescan::check(&text)?;
        Ok(Self { text: text.into() })
    }

    /// The document, byte for byte.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The document as text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The document as a tree that borrows from it.
    pub(crate) fn tree(&self) -> Result<roxmltree::Document<'_>, Error> {
        let options = roxmltree::ParsingOptions { nodes_limit: NODES_MAX, ..Default::default() };
        roxmltree::Document::parse_with_options(&self.text, options).map_err(|error| match error {
            roxmltree::Error::NodesLimitReached => {
                let what = sentence!("size-nodes", "the number of nodes");
                Error::TooLarge { what, limit: NODES_MAX as usize }
            }
            other => Error::Malformed(xml::said(&other)),
        })
    }
}
