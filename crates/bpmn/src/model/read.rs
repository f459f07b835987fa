//! From XML to the typed model.

use super::*;

pub(super) fn definition(document: Document) -> Definition {
    Definition { document, processes: Vec::new(), diagnostics: Vec::new() }
}
