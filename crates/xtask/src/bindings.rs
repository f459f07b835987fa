//! TypeScript types of every command, written where the pages find them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Where they lie, from the top.
const FOLDER: &str = "ui/src/api/bindings";

/// Writes them, and takes away those of types that are gone.
pub(crate) fn write(top: &Path) -> Result<()> {
    let made = made()?;
    let folder = top.join(FOLDER);
    fs::create_dir_all(&folder)?;
    for name in kept(&folder)?.keys().filter(|name| !made.contains_key(*name)) {
        fs::remove_file(folder.join(name))?;
    }
    for (name, text) in &made {
        // An unchanged file keeps its time, so that nothing is built anew because of it.
        if fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text) {
            fs::write(folder.join(name), text).with_context(|| format!("writing `{FOLDER}/{name}`"))?;
        }
    }
    println!("bindings: {} files in {FOLDER}", made.len());
    Ok(())
}

/// Says whether those that lie there are those that would be written.
pub(crate) fn check(top: &Path) -> Result<()> {
    let (made, kept) = (made()?, kept(&top.join(FOLDER))?);
    let mut stale: Vec<&String> =
        made.iter().filter(|(name, text)| kept.get(*name) != Some(text)).map(|(name, _)| name).collect();
    stale.extend(kept.keys().filter(|name| !made.contains_key(*name)));
    if stale.is_empty() {
        println!("bindings: {} files are up to date", made.len());
        return Ok(());
    }
    bail!(
        "{} file(s) in `{FOLDER}` do not match the command list: {}. Run `cargo run -p xtask -- bindings` and commit the result.",
        stale.len(),
        stale.iter().take(8).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    )
}

/// File name to text, as the command list has it now.
fn made() -> Result<BTreeMap<String, String>> {
    let scratch = tempfile::tempdir()?;
    let config = ts_rs::Config::default().with_out_dir(scratch.path()).with_large_int("number");
    let commands = app::commands::typescript(&config)?;
    let mut files = kept(scratch.path())?;
    files.insert("commands.ts".to_owned(), commands);
    Ok(files)
}

fn kept(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    if folder.exists() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                files.insert(name, fs::read_to_string(&path)?);
            }
        }
    }
    Ok(files)
}
