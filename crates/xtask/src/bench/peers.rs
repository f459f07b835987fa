//! Python packages to measure against, each in an environment of its own below `.make/peers`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The Python of a peer's own environment, made on first use; none where it cannot be made.
pub(super) fn environment(top: &Path, name: &str, packages: &[&str]) -> Option<PathBuf> {
    let folder = top.join(".make/peers").join(name.replace([' ', '+'], "-"));
    let (python, done) = (folder.join("bin/python"), folder.join("installed"));
    if done.exists() {
        return Some(python);
    }
    println!("  installing {name} (once)");
    let quiet = |command: &mut Command| {
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let made = quiet(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        && quiet(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))
        && std::fs::write(&done, packages.join("\n")).is_ok();
    made.then_some(python)
}
