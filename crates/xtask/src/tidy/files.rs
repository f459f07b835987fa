//! Names and sizes of files.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::{Finding, Source};

/// A source file is split at this many lines at the latest.
const LINES_MAX: usize = 800;
/// A file of the repository, in bytes. Pictures of the README come close.
const BYTES_MAX: u64 = 1 << 20;
/// File names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 8] = ["common", "misc", "types", "helper", "helpers", "util", "utils", "manager"];
/// Endings of what people write.
const WRITTEN: [&str; 8] = ["rs", "ts", "tsx", "mjs", "js", "py", "sh", "css"];
/// A case shorter than this may be equal by chance: an empty process, a licence line.
const COPY_BYTES_MIN: u64 = 200;

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let path = &source.path;
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    if name == "mod.rs" {
        findings.push(Finding::new(
            path,
            0,
            "the house has no `mod.rs`. Call it after its folder and put it beside that: `room.rs`.",
        ));
    }
    if WRITTEN.contains(&ending) && EMPTY_NAMES.contains(&stem) && !path.starts_with("tests/setup/") {
        findings.push(Finding::new(
            path,
            0,
            format!("`{stem}` does not say what is inside. Name the noun it is about."),
        ));
    }
    let generated = path.contains("/bindings/");
    if let Some(text) = source.text.as_ref().filter(|_| WRITTEN.contains(&ending) && !generated) {
        let lines = text.lines().count();
        if lines > LINES_MAX {
            findings.push(Finding::new(path, 0, format!("{lines} lines, {LINES_MAX} are the ceiling. Look for the second noun and give it a file of its own.")));
        }
    }
    if source.size > BYTES_MAX {
        findings.push(Finding::new(
            path,
            0,
            format!(
                "{} kB in the repository for ever. Generate it, or make it smaller than {} kB.",
                source.size >> 10,
                BYTES_MAX >> 10
            ),
        ));
    }
    findings
}

/// Cases handed to the project lie beside it and are read from there. A copy would stay behind when they change.
pub(super) fn copies(top: &Path, sources: &[Source]) -> Result<Vec<Finding>> {
    let cases = top.join("../shared/cases");
    if !cases.is_dir() {
        return Ok(Vec::new());
    }
    let mut known = BTreeMap::new();
    let mut folders = vec![cases.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.metadata()?.len() >= COPY_BYTES_MIN {
                known.insert(Sha256::digest(std::fs::read(&path)?).to_vec(), path);
            }
        }
    }
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.size >= COPY_BYTES_MIN) {
        let digest = Sha256::digest(std::fs::read(top.join(&source.path))?).to_vec();
        if let Some(case) = known.get(&digest) {
            let name = case.strip_prefix(&cases).unwrap_or(case).display();
            findings.push(Finding::new(
                &source.path,
                0,
                format!(
                    "a copy of the case `{name}`. Read it where it lies, or write a fixture of your own."
                ),
            ));
        }
    }
    Ok(findings)
}
