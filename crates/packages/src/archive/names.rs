//! Which entry names are accepted: those that mean the same file, inside the folder, on every disk.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::CentralRecord;
use crate::error::Refused;
use crate::limits::Limits;
use crate::text::shown;

/// Devices on Windows, whatever their extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The names admitted so far, compared as the most forgiving disk would: without case, in one Unicode form.
#[derive(Default)]
pub(super) struct Names {
    files: HashMap<String, String>,
    folders: HashMap<String, String>,
}

impl Names {
    /// Checks a name and tells whether it is a folder's (it ends in a slash, which is then cut off).
    pub(super) fn admit(
        &mut self,
        name: &[u8],
        record: &CentralRecord,
        limits: &Limits,
    ) -> Result<(String, bool), Refused> {
        let text = std::str::from_utf8(name)
            .map_err(|_| Refused::NotUtf8 { entry: shown(&String::from_utf8_lossy(name)) })?;
        if record.unicode_path.as_ref().is_some_and(|other| other != name) {
            let why = "it carries a second, different name in Unicode".to_owned();
            return Err(Refused::Malformed { entry: shown(text), why });
        }
        let is_folder = text.ends_with('/');
        let path = text.strip_suffix('/').unwrap_or(text);
        check_path(text, path, limits)?;
        let folded = folded(path);
        let (same, against) =
            if is_folder { (&mut self.folders, &self.files) } else { (&mut self.files, &self.folders) };
        if let Some(other) = against.get(&folded) {
            return Err(Refused::Duplicate { entry: shown(text), other: shown(other) });
        }
        if let Some(other) = same.insert(folded, text.to_owned()) {
            return Err(Refused::Duplicate { entry: shown(text), other: shown(&other) });
        }
        Ok((path.to_owned(), is_folder))
    }

    /// Refuses a file that is also a folder of another file.
    pub(super) fn finish(&self) -> Result<(), Refused> {
        for (folded, file) in self.files.iter().chain(&self.folders) {
            for (at, _) in folded.match_indices('/') {
                if let Some(other) = self.files.get(&folded[..at]) {
                    return Err(Refused::Duplicate { entry: shown(file), other: shown(other) });
                }
            }
        }
        Ok(())
    }
}

/// A name as the most forgiving disk compares it.
fn folded(path: &str) -> String {
    let lower: String = path.nfkc().flat_map(char::to_lowercase).collect();
    // Lowering can leave a form that is not normal (İ becomes i and a dot above), and ß and ss are told apart by disks.
    lower.nfkc().collect()
}

fn check_path(entry: &str, path: &str, limits: &Limits) -> Result<(), Refused> {
    let told = || shown(entry);
    let bad = |why: &str| Err(Refused::BadPath { entry: told(), why: why.to_owned() });
    if path.is_empty() {
        return if entry == "/" { Err(Refused::AbsolutePath { entry: told() }) } else { bad("empty") };
    }
    if entry.len() > limits.path_bytes_max {
        return bad(&format!("longer than {} bytes", limits.path_bytes_max));
    }
    if entry.chars().any(misleads) {
        return Err(Refused::ControlCharacter { entry: told() });
    }
    let bytes = entry.as_bytes();
    let drive = bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    if entry.starts_with('/') || entry.starts_with('\\') || drive {
        return Err(Refused::AbsolutePath { entry: told() });
    }
    if path.split(['/', '\\']).any(|part| part == "..") {
        return Err(Refused::PathTraversal { entry: told() });
    }
    if entry.contains('\\') {
        return Err(Refused::Backslash { entry: told() });
    }
    if path.split('/').count() > limits.folders_max {
        return bad(&format!("more than {} folders deep", limits.folders_max));
    }
    for part in path.split('/') {
        if part.is_empty() {
            return bad("written with an empty folder name");
        }
        if part == "." {
            return bad("written with `.` as a folder");
        }
        if let Some(why) = reserved(part) {
            return Err(Refused::ReservedName { entry: told(), why });
        }
    }
    Ok(())
}

/// Control characters, and those that reorder or hide text on a screen.
fn misleads(it: char) -> bool {
    it.is_control()
        || matches!(it,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Why Windows cannot hold a name.
fn reserved(part: &str) -> Option<String> {
    if let Some(it) = part.chars().find(|it| matches!(it, '<' | '>' | ':' | '"' | '|' | '?' | '*')) {
        return Some(format!("`{it}` in `{}`", shown(part)));
    }
    if part.ends_with(['.', ' ']) {
        return Some(format!("`{}` ends in a dot or a blank", shown(part)));
    }
    let stem = part.split('.').next().unwrap_or(part).trim_end().to_lowercase();
    let numbered = ["com", "lpt"].iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|rest| {
            let mut digits = rest.chars();
            matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
        })
    });
    (numbered || DEVICES.contains(&stem.as_str())).then(|| format!("`{}` is a device", shown(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str) -> Result<(), Refused> {
        check_path(path, path.strip_suffix('/').unwrap_or(path), &Limits::default())
    }

    #[test]
    fn ordinary_names_are_accepted() {
        for path in [
            "score.py",
            "a/b/part-00000",
            "_SUCCESS",
            ".part-00000.crc",
            "stages/0_StringIndexer_4f/x",
            "café.txt",
            "..a",
            "a..b/c",
            "console.txt",
            "com10",
            "common.py",
            "auxiliary.csv",
            "model (1).pickle",
            "日本.csv",
            "a=b&c.json",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn names_that_mean_something_else_somewhere_are_refused() {
        type Is = fn(&Refused) -> bool;
        let rows: [(&str, Is); 30] = [
            ("../x", |it| matches!(it, Refused::PathTraversal { .. })),
            ("a/../../x", |it| matches!(it, Refused::PathTraversal { .. })),
            ("a/..", |it| matches!(it, Refused::PathTraversal { .. })),
            ("a\\..\\x", |it| matches!(it, Refused::PathTraversal { .. })),
            ("/etc/passwd", |it| matches!(it, Refused::AbsolutePath { .. })),
            ("//host/share", |it| matches!(it, Refused::AbsolutePath { .. })),
            ("\\\\host\\share", |it| matches!(it, Refused::AbsolutePath { .. })),
            ("C:/x", |it| matches!(it, Refused::AbsolutePath { .. })),
            ("c:x", |it| matches!(it, Refused::AbsolutePath { .. })),
            ("/", |it| matches!(it, Refused::AbsolutePath { .. })),
            ("a\\b", |it| matches!(it, Refused::Backslash { .. })),
            ("a\nb", |it| matches!(it, Refused::ControlCharacter { .. })),
            ("a\u{0}b", |it| matches!(it, Refused::ControlCharacter { .. })),
            ("score\u{202e}yp.py", |it| matches!(it, Refused::ControlCharacter { .. })),
            ("a\u{200b}b", |it| matches!(it, Refused::ControlCharacter { .. })),
            ("a\u{85}b", |it| matches!(it, Refused::ControlCharacter { .. })),
            ("nul", |it| matches!(it, Refused::ReservedName { .. })),
            ("a/CON.txt", |it| matches!(it, Refused::ReservedName { .. })),
            ("Aux.tar.gz", |it| matches!(it, Refused::ReservedName { .. })),
            ("com1", |it| matches!(it, Refused::ReservedName { .. })),
            ("LPT².txt", |it| matches!(it, Refused::ReservedName { .. })),
            ("con .txt", |it| matches!(it, Refused::ReservedName { .. })),
            ("file.", |it| matches!(it, Refused::ReservedName { .. })),
            ("dir /file", |it| matches!(it, Refused::ReservedName { .. })),
            ("file:stream", |it| matches!(it, Refused::ReservedName { .. })),
            ("what?", |it| matches!(it, Refused::ReservedName { .. })),
            ("a//b", |it| matches!(it, Refused::BadPath { .. })),
            ("./a", |it| matches!(it, Refused::BadPath { .. })),
            ("", |it| matches!(it, Refused::BadPath { .. })),
            ("a/./b", |it| matches!(it, Refused::BadPath { .. })),
        ];
        for (path, is) in rows {
            let refused = check(path).expect_err(path);
            assert!(is(&refused), "{path}: {refused:?}");
        }
        assert!(matches!(check(&"x".repeat(513)), Err(Refused::BadPath { .. })));
        assert!(matches!(check(&"d/".repeat(40)), Err(Refused::BadPath { .. })));
    }

    #[test]
    fn names_are_compared_as_the_most_forgiving_disk_would() {
        for (one, other) in [
            ("Score.PY", "score.py"),
            ("cafe\u{301}.txt", "CAFÉ.txt"),
            ("ﬁle", "file"),
            ("Ω.csv", "ω.csv"),
            ("K", "k"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("a"), folded("b"));
    }
}
