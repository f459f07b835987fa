//! The habits that no compiler knows. Every message says where, what, and what to do instead.

mod fences;
mod files;
mod lines;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// One thing that is not as the house has it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// File, from the top of the project.
    path: String,
    /// Line from 1; 0 speaks of the whole file.
    line: usize,
    /// What it is and what to do.
    message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

/// A file of the project as the checks see it.
#[derive(Debug)]
pub(crate) struct Source {
    /// Path from the top, with `/`.
    path: String,
    /// Size in bytes.
    size: u64,
    /// Contents; none for a binary file or one over `TEXT_BYTES_MAX`.
    text: Option<String>,
}

/// Larger files are looked at by size and digest only.
const TEXT_BYTES_MAX: u64 = 4 << 20;

/// Runs every check over the files that git knows or would add.
pub(crate) fn check(top: &Path) -> Result<()> {
    let sources = sources(top)?;
    let mut findings: Vec<Finding> = Vec::new();
    for source in &sources {
        findings.extend(files::check(source));
        findings.extend(lines::check(source, &machine(top)));
        findings.extend(fences::check(source));
    }
    findings.extend(files::copies(top, &sources)?);
    if findings.is_empty() {
        println!("tidy: {} files are as the house has them", sources.len());
        return Ok(());
    }
    for Finding { path, line, message } in &findings {
        match line {
            0 => eprintln!("{path}: {message}"),
            _ => eprintln!("{path}:{line}: {message}"),
        }
    }
    bail!("tidy: {} finding(s) in {} files", findings.len(), sources.len())
}

fn sources(top: &Path) -> Result<Vec<Source>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(top)
        .output()
        .context("asking `git` which files there are")?;
    if !listed.status.success() {
        bail!("`git ls-files` failed: {}", String::from_utf8_lossy(&listed.stderr));
    }
    let mut sources = Vec::new();
    for path in String::from_utf8_lossy(&listed.stdout).split('\0').filter(|path| !path.is_empty()) {
        let full = top.join(path);
        // A file deleted but not yet committed is still listed.
        let Ok(data) = full.metadata() else { continue };
        let text = (data.is_file() && data.len() <= TEXT_BYTES_MAX)
            .then(|| std::fs::read_to_string(&full).ok())
            .flatten();
        sources.push(Source { path: path.to_owned(), size: data.len(), text });
    }
    Ok(sources)
}

/// Folders of this machine that no file may name: where the project lies, and the account's own.
fn machine(top: &Path) -> Vec<String> {
    let mut folders: Vec<PathBuf> = top.ancestors().skip(1).take(1).map(Path::to_owned).collect();
    folders.extend(std::env::var_os("HOME").map(PathBuf::from));
    folders
        .into_iter()
        .map(|folder| format!("{}/", folder.display()))
        // The root folder, or one of a letter or two, is in every path there is.
        .filter(|folder| folder.len() > 4)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), size: text.len() as u64, text: Some(text.to_owned()) }
    }

    /// Every check over one file, as the lines it complains of.
    fn complaints(path: &str, text: &str) -> Vec<usize> {
        let source = source(path, text);
        let machine = ["/somewhere/house/".to_owned()];
        let mut found: Vec<usize> = files::check(&source)
            .into_iter()
            .chain(lines::check(&source, &machine))
            .chain(fences::check(&source))
            .map(|finding| finding.line)
            .collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn what_the_house_does_not_have_is_found_and_what_it_has_is_not() {
        let marker = ["FIX", "ME"].concat();
        for (path, text, wanted) in [
            ("crates/app/src/registry/mod.rs", "//! A room.\n", &[0][..]),
            ("crates/app/src/registry.rs", "//! A room.\n", &[]),
            ("crates/app/src/common.rs", "//! Anything.\n", &[0]),
            ("crates/app/src/a.rs", &"\n".repeat(801), &[0]),
            ("crates/app/src/a.rs", &"\n".repeat(800), &[]),
            (
                "crates/app/src/a.rs",
                "struct RunManager;\nstruct ServiceTask;\nenum Handler {}\nfn job_util() {}\n",
                &[1, 3, 4],
            ),
            ("crates/app/src/a.rs", &format!("// {marker} later\n"), &[1]),
            ("ui/src/a.test.ts", &format!("test.{}('x', f);\nrows.{}(2);\n", "skip", "skip"), &[1]),
            ("README.md", "Look in /somewhere/house/main.\n", &[1]),
            ("crates/bpmn/src/a.rs", "use std::time::SystemTime;\n", &[1]),
            ("crates/bpmn/src/a/tests.rs", "use std::fs;\n", &[]),
            ("crates/governance/src/a.rs", "fn f() {}\n#[cfg(test)]\nmod tests { use std::fs; }\n", &[]),
            ("crates/runs/src/a.rs", "use std::time::SystemTime;\n", &[]),
        ] {
            assert_eq!(complaints(path, text), wanted, "{path}: {text:.60}");
        }
    }

    #[test]
    fn a_crate_that_reaches_over_the_fence_is_named() {
        for (path, text, wanted) in [
            (
                "crates/cache/Cargo.toml",
                "[dependencies]\nrusqlite.workspace = true\ngovernance.workspace = true\n",
                0,
            ),
            ("crates/ledger/Cargo.toml", "[dependencies]\nrusqlite.workspace = true\n", 1),
            ("crates/cli/Cargo.toml", "[dependencies]\nledger.workspace = true\n", 1),
            ("crates/bpmn/Cargo.toml", "[dependencies]\ngovernance.workspace = true\n", 1),
            ("crates/governance/Cargo.toml", "[dependencies.cache]\nworkspace = true\n", 1),
            ("crates/app/Cargo.toml", "[target.'cfg(unix)'.dependencies]\nreqwest = \"1\"\n", 1),
        ] {
            let found = fences::check(&source(path, text));
            assert_eq!(found.len(), wanted, "{path}: {found:?}");
        }
    }
}
