//! Google's own Python clients, installed once: in the folder named by `COUNTERSIGN_GOOGLE_CLIENTS`, or beside the build's
//! temporary files. Used by tests and by the benchmark.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder that `variable` names, or `name` beside the build's temporary files.
pub(crate) fn folder(variable: &str, name: &str) -> PathBuf {
    let temporary = option_env!("CARGO_TARGET_TMPDIR").map_or_else(std::env::temp_dir, PathBuf::from);
    std::env::var_os(variable).map_or_else(|| Path::new(&temporary).join(name), PathBuf::from)
}

/// The Python of a virtual environment with the clients.
pub(crate) fn python() -> PathBuf {
    let folder = folder("COUNTERSIGN_GOOGLE_CLIENTS", "google-clients");
    let python = folder.join("bin/python");
    let ready = folder.join("ready");
    if !ready.exists() {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&folder).status().unwrap();
        assert!(made.success(), "python3 -m venv works");
        let packages = ["google-cloud-storage==3.17.1", "google-cloud-dataproc==5.32.0"];
        let installed =
            Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages).status().unwrap();
        assert!(installed.success(), "the clients install");
        std::fs::write(ready, "").unwrap();
    }
    python
}
