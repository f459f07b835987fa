//! Google's own Python clients talk to the sandbox unchanged (`google_clients.py`).
//!
//! They are installed once, in the folder named by `COUNTERSIGN_GOOGLE_CLIENTS` or beside the build's temporary files.

// Tests may: a failed expectation is what they are for.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::path::Path;

use sandbox::{Options, Sandbox};

#[path = "google/clients.rs"]
mod clients;

#[tokio::test(flavor = "multi_thread")]
async fn googles_own_clients_cannot_tell_the_difference() {
    let dir = tempfile::tempdir().unwrap();
    let environments = clients::folder("COUNTERSIGN_ENVIRONMENTS", "environments");
    let options = Options {
        pace: sandbox::Pace::faster(100.0),
        environments: Some(environments),
        ..Options::in_folder(dir.path().join("sandbox"))
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let spark = runs::local::LocalSpark::new("unused", runs::bucket::Buckets::default()).find_jdk().is_ok();
    if !spark {
        eprintln!("no JDK here: jobs are not tried");
    }
    let python = tokio::task::spawn_blocking(clients::python).await.unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/google_clients.py");
    let answer = tokio::process::Command::new(python)
        .arg(script)
        .arg(sandbox.url())
        .arg(dir.path())
        .arg(if spark { "spark" } else { "-" })
        .output()
        .await
        .unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&answer.stdout), String::from_utf8_lossy(&answer.stderr));
    assert!(answer.status.success() && said.contains("OK"), "{said}");
}
