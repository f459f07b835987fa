//! Two versions of a text file, line by line.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

use crate::text;

/// After this the difference found so far is shown, larger than it need be but correct.
const TIME_MAX: Duration = Duration::from_millis(500);
/// Unchanged lines shown around a change.
const CONTEXT_LINES: usize = 3;
/// Bytes of a file that are compared; larger ones are told equal or different only.
const BYTES_MAX: usize = 4 << 20;

/// How one file differs from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diff {
    /// Whether the two are the same, byte for byte.
    pub equal: bool,
    /// Whether they were compared line by line; binary and very large files are not.
    pub as_text: bool,
    /// Lines only in the new file.
    pub added: u32,
    /// Lines only in the old file.
    pub removed: u32,
    /// Changed places with the lines around them.
    pub hunks: Vec<Hunk>,
}

/// A changed place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// Its lines.
    pub lines: Vec<DiffLine>,
}

/// A line of a changed place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffLine {
    /// Whether it came, went or stayed.
    pub kind: LineKind,
    /// Its number in the old file, from 1.
    pub old: Option<u32>,
    /// Its number in the new file, from 1.
    pub new: Option<u32>,
    /// Without the line end.
    pub text: String,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// In both.
    Kept,
    /// Only in the new file.
    Added,
    /// Only in the old file.
    Removed,
}

/// Compares two files. Bounded in time; a line end at the end of file or `\r\n` for `\n` is a difference of bytes that
/// shows no line when it is the only one.
#[must_use]
pub fn diff(old: &[u8], new: &[u8]) -> Diff {
    let equal = old == new;
    let too_large = old.len() > BYTES_MAX || new.len() > BYTES_MAX;
    let as_text = !too_large && text::looks_like_text(old) && text::looks_like_text(new);
    let mut compared = Diff { equal, as_text, added: 0, removed: 0, hunks: Vec::new() };
    if equal || !as_text {
        return compared;
    }
    let (old, new) = (text::decode(old), text::decode(new));
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let lines = TextDiff::configure().timeout(TIME_MAX).diff_slices(&old, &new);
    let number = |index: Option<usize>| index.and_then(|it| u32::try_from(it + 1).ok());
    for group in lines.grouped_ops(CONTEXT_LINES) {
        let mut hunk = Hunk { lines: Vec::new() };
        for change in group.iter().flat_map(|op| lines.iter_changes(op)) {
            let kind = match change.tag() {
                ChangeTag::Equal => LineKind::Kept,
                ChangeTag::Insert => LineKind::Added,
                ChangeTag::Delete => LineKind::Removed,
            };
            match kind {
                LineKind::Kept => {}
                LineKind::Added => compared.added += 1,
                LineKind::Removed => compared.removed += 1,
            }
            hunk.lines.push(DiffLine {
                kind,
                old: number(change.old_index()),
                new: number(change.new_index()),
                text: change.value().to_owned(),
            });
        }
        compared.hunks.push(hunk);
    }
    compared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_come_with_line_numbers_and_context() {
        let old: String = (1..=30).map(|n| format!("line {n}\n")).collect();
        let new = old.replace("line 15\n", "line fifteen\nand more\n");
        let compared = diff(old.as_bytes(), new.as_bytes());
        assert_eq!((compared.added, compared.removed, compared.hunks.len()), (2, 1, 1));
        let lines = &compared.hunks[0].lines;
        assert_eq!((lines.len(), lines[0].old, lines[0].new), (9, Some(12), Some(12)));
        assert_eq!(
            (lines[3].kind, lines[3].text.as_str(), lines[3].new),
            (LineKind::Removed, "line 15", None)
        );
    }

    #[test]
    fn binaries_and_equal_files_show_no_lines() {
        assert!(!diff(b"a\0b", b"a\0c").as_text);
        assert!(diff(b"a\n", b"a\n").equal);
        let line_ends = diff(b"a\r\n", b"a\n");
        assert!(!line_ends.equal && line_ends.hunks.is_empty());
    }

    #[test]
    fn files_without_a_common_line_end_in_time() {
        let (old, new): (String, String) = (
            (0..60_000).map(|n| format!("a{n}\n")).collect(),
            (0..60_000).map(|n| format!("b{n}\n")).collect(),
        );
        let started = std::time::Instant::now();
        assert_eq!(diff(old.as_bytes(), new.as_bytes()).removed, 60_000);
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    }
}
