//! Two versions of a text file, line by line.

use std::ops::Range;

use imara_diff::{Algorithm, InternedInput};
use serde::{Deserialize, Serialize};

use crate::text;

/// Unchanged lines shown around a change.
const CONTEXT_LINES: u32 = 3;
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

/// Compares two files. A line end at the end of file or `\r\n` for `\n` is a difference of bytes that shows no line when it
/// is the only one.
///
/// The algorithm bounds its own work (a difference may then be larger than it need be, but is correct), and not by a clock:
/// the same files show the same difference on every machine.
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
    let mut lines = InternedInput::default();
    lines.update_before(old.lines());
    lines.update_after(new.lines());
    let mut found = imara_diff::Diff::compute(Algorithm::Histogram, &lines);
    found.postprocess_lines(&lines);
    (compared.added, compared.removed) = (found.count_additions(), found.count_removals());

    let shown = Shown { old: old.lines().collect(), new: new.lines().collect() };
    // Where the old lines of the open hunk's context would end, and the new line that stands beside it.
    let (mut old_end, mut new_end) = (0, 0);
    for change in found.hunks() {
        let before = change.before.start;
        match compared.hunks.last_mut() {
            Some(open) if before - old_end <= 2 * CONTEXT_LINES => {
                shown.kept(open, old_end..before, new_end);
            }
            last => {
                if let Some(closed) = last {
                    shown.kept(closed, old_end..old_end + CONTEXT_LINES, new_end);
                }
                let context = (before - old_end).min(CONTEXT_LINES);
                let mut open = Hunk { lines: Vec::new() };
                shown.kept(&mut open, before - context..before, change.after.start - context);
                compared.hunks.push(open);
            }
        }
        (old_end, new_end) = (change.before.end, change.after.end);
        if let Some(open) = compared.hunks.last_mut() {
            open.lines.extend(change.before.map(|at| shown.removed(at)));
            open.lines.extend(change.after.map(|at| shown.added(at)));
        }
    }
    if let Some(closed) = compared.hunks.last_mut() {
        shown.kept(closed, old_end..(old_end + CONTEXT_LINES).min(shown.old.len() as u32), new_end);
    }
    compared
}

/// The lines of both files, by their places from 0.
struct Shown<'a> {
    old: Vec<&'a str>,
    new: Vec<&'a str>,
}

impl Shown<'_> {
    /// Adds lines that stayed; the first of them stands at `new` in the new file.
    fn kept(&self, hunk: &mut Hunk, old: Range<u32>, new: u32) {
        for (nth, at) in old.enumerate() {
            hunk.lines.push(DiffLine {
                kind: LineKind::Kept,
                old: Some(at + 1),
                new: Some(new + nth as u32 + 1),
                text: self.old[at as usize].to_owned(),
            });
        }
    }

    fn removed(&self, at: u32) -> DiffLine {
        let text = self.old[at as usize].to_owned();
        DiffLine { kind: LineKind::Removed, old: Some(at + 1), new: None, text }
    }

    fn added(&self, at: u32) -> DiffLine {
        let text = self.new[at as usize].to_owned();
        DiffLine { kind: LineKind::Added, old: None, new: Some(at + 1), text }
    }
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
    fn a_difference_turns_the_old_file_into_the_new_one_whatever_it_is() {
        // Small alphabets repeat lines, which is where differences go wrong.
        proptest::proptest!(|(old in "[abc\n]{0,60}", new in "[abc\n]{0,60}")| {
            let compared = diff(old.as_bytes(), new.as_bytes());
            let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
            let mut rebuilt = Vec::new();
            let mut at = 0;
            for line in compared.hunks.iter().flat_map(|hunk| &hunk.lines) {
                if let Some(number) = line.old {
                    rebuilt.extend(&old[at..number as usize - 1]);
                    at = number as usize;
                    proptest::prop_assert_eq!(old[at - 1], &line.text);
                }
                if let Some(number) = line.new {
                    if line.kind == LineKind::Added {
                        // Lines that are shown in no hunk stand between.
                        let unseen = (number as usize - 1) - rebuilt.len();
                        rebuilt.extend(&old[at..at + unseen]);
                        at += unseen;
                    }
                    proptest::prop_assert_eq!((rebuilt.len() + 1, new[rebuilt.len()]), (number as usize, line.text.as_str()));
                    rebuilt.push(new[number as usize - 1]);
                }
            }
            rebuilt.extend(&old[at..]);
            proptest::prop_assert_eq!(rebuilt, new);
        });
    }

    #[test]
    fn files_of_many_lines_have_one_difference_and_have_it_in_time() {
        let unlike = |with: char| (0..60_000).map(|n| format!("{with}{n}\n")).collect::<String>();
        assert_eq!(diff(unlike('a').as_bytes(), unlike('b').as_bytes()).removed, 60_000);
        // A fit chart, line by line: the same few lines, again and again, with other numbers between.
        let chart = |by: usize| {
            (0..30_000)
                .map(|n| format!("{{\n\"_DataRole_\": \"TRAIN\",\n\"_TP_\": {}\n}},\n", n * by % 1009))
                .collect::<String>()
        };
        let (old, new) = (chart(7), chart(11));
        assert_eq!(diff(old.as_bytes(), new.as_bytes()), diff(old.as_bytes(), new.as_bytes()));
    }
}
