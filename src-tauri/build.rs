//! Builds the pages that the window shows, then lets Tauri read its configuration.
//!
//! `COUNTERSIGN_SKIP_UI=1` puts an empty page in their place: lints and unit tests of the shell need no Node.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Set by whoever wants to compile the shell without its pages.
const SKIP: &str = "COUNTERSIGN_SKIP_UI";
/// What the pages are made of. Never `dist`: watching what the build writes would build for ever.
const SOURCES: [&str; 7] =
    ["src", "index.html", "public", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"];

fn main() {
    let ui = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../ui");
    println!("cargo:rerun-if-env-changed={SKIP}");
    if env::var(SKIP).is_ok_and(|value| value == "1") {
        placeholder();
    } else {
        pages(&ui);
    }
    let commands = tauri_build::AppManifest::new().commands(&["call"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))
        .expect("the window's configuration");
}

/// Points Tauri at a page of one line below `OUT_DIR`; `ui/dist` stays as it is.
fn placeholder() {
    let folder = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("placeholder");
    fs::create_dir_all(&folder).expect("a folder for the placeholder page");
    fs::write(
        folder.join("index.html"),
        "<!doctype html><title>Countersign</title>Built without its pages.\n",
    )
    .expect("the placeholder page");
    let quoted = folder.display().to_string().replace('\\', "/");
    println!("cargo:rustc-env=TAURI_CONFIG={{\"build\":{{\"frontendDist\":\"{quoted}\"}}}}");
}

fn pages(ui: &Path) {
    for source in SOURCES.map(|name| ui.join(name)).iter().filter(|path| path.exists()) {
        println!("cargo:rerun-if-changed={}", source.display());
    }
    // The words and the icon are shared with Rust and lie outside the pages' own folder.
    for shared in
        ["../crates/words", "../icons/icon.svg"].map(|name| ui.join(name)).iter().filter(|p| p.exists())
    {
        println!("cargo:rerun-if-changed={}", shared.display());
    }
    if packages_are_stale(ui) {
        npm(ui, &["ci", "--no-audit", "--no-fund"]);
    }
    npm(ui, &["run", "build"]);
}

/// npm keeps its own copy of the lock file; one older than ours was installed from another list.
fn packages_are_stale(ui: &Path) -> bool {
    let changed = |path: PathBuf| fs::metadata(path).and_then(|data| data.modified()).ok();
    match (changed(ui.join("node_modules/.package-lock.json")), changed(ui.join("package-lock.json"))) {
        (Some(installed), Some(listed)) => installed < listed,
        _ => true,
    }
}

fn npm(ui: &Path, arguments: &[&str]) {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let said = match Command::new(program).args(arguments).current_dir(ui).output() {
        Ok(done) if done.status.success() => return,
        Ok(done) => {
            format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
        }
        Err(error) => error.to_string(),
    };
    panic!(
        "`npm {}` failed in `{}`: {said}\nInstall Node 20.19 or later (`make setup` says how), or set {SKIP}=1 to build the \
         window without its pages.",
        arguments.join(" "),
        ui.display()
    );
}
