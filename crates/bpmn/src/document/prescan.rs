//! A look at the raw text before the parser sees it: depth, declarations. The parser recurses, this does not.

use super::DEPTH_MAX;
use crate::Error;
use crate::sentence::sentence;

/// Refuses what nests too deeply or declares a document type.
///
/// Only `<`, quotes inside tags, comments, CDATA and processing instructions matter; whatever else is wrong with
/// the text is the parser's to say.
pub(super) fn check(text: &str) -> Result<(), Error> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = 0usize;
    while let Some(open) = find(bytes, at, b'<') {
        let rest = &bytes[open..];
        at = if rest.starts_with(b"<!--") {
            find_text(bytes, open + 4, b"-->")
        } else if rest.starts_with(b"<![CDATA[") {
            find_text(bytes, open + 9, b"]]>")
        } else if rest.starts_with(b"<?") {
            find_text(bytes, open + 2, b"?>")
        } else if rest.starts_with(b"<!") {
            return Err(Error::Hostile { at: open });
        } else if rest.starts_with(b"</") {
            depth = depth.saturating_sub(1);
            find_text(bytes, open + 2, b">")
        } else {
            let (end, empty) = tag_end(bytes, open + 1);
            if !empty {
                depth += 1;
                if depth > DEPTH_MAX {
                    let what = sentence!("size-nesting", "the nesting of elements");
                    return Err(Error::TooLarge { what, limit: DEPTH_MAX });
                }
            }
            end
        };
    }
    Ok(())
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    bytes.get(from..)?.iter().position(|byte| *byte == wanted).map(|offset| from + offset)
}

/// The place after the next `wanted`, or the end.
fn find_text(bytes: &[u8], from: usize, wanted: &[u8]) -> usize {
    let mut at = from;
    while let Some(next) = find(bytes, at, wanted[0]) {
        if bytes[next..].starts_with(wanted) {
            return next + wanted.len();
        }
        at = next + 1;
    }
    bytes.len()
}

/// The place after a start tag, and whether it is an empty element.
fn tag_end(bytes: &[u8], from: usize) -> (usize, bool) {
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => at = find(bytes, at + 1, *byte).unwrap_or(bytes.len()),
            b'>' => return (at + 1, bytes[at - 1] == b'/'),
            _ => {}
        }
        at += 1;
    }
    (bytes.len(), false)
}
