//! A workspace in a bucket, through the program itself: founded, opened at a second desk, raced for, read without a
//! network, caught up with. Google's against the cloud on loopback, the other two against the emulators that their users
//! test with.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

mod desk;
mod emulators;
mod others;

use desk::{Desk, race};
use sandbox::faults::{Fault, Kind};
use sandbox::{Options, Sandbox};
use serde_json::Value;

const PLACE: &str = "gs://models-desk/a/prefix";

fn objects(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(open) = folders.pop() {
        for entry in fs::read_dir(&open).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(
                    path.strip_prefix(folder).unwrap().display().to_string(),
                    fs::read(&path).unwrap(),
                );
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_in_a_bucket_is_founded_shared_raced_for_and_read_without_a_network() {
    let folder = tempfile::tempdir().unwrap();
    let transcript = folder.path().join("transcript");
    let bucket = folder.path().join("buckets/models-desk");
    fs::create_dir_all(&bucket).unwrap();
    let options = Options { transcript: Some(transcript.clone()), ..Options::in_folder(folder.path()) };
    let cloud = Sandbox::start(options.clone()).await.unwrap();
    let endpoint = cloud.url();

    let environment = [("STORAGE_EMULATOR_HOST".to_owned(), endpoint.clone())];
    let ana = Desk::new(PLACE, &environment, "ana");
    ana.ok(&["workspace", "init", PLACE, "--name", "In a bucket", "--member", "ana"]);
    assert!(bucket.join("a/prefix/genesis.json").is_file());
    let ben = ana.invites("ben");
    ben.ok(&["project", "create", "Of ben"]);
    assert_eq!(ana.head(), ben.head());

    race(&ana, &ben);
    let report = ana.ok(&["workspace", "verify"]);
    assert_eq!(report["problems"], serde_json::json!([]));
    assert_eq!(report["void"], serde_json::json!([]));

    // An answer that is lost: what was recorded is recorded once, and said to be.
    let fault = |method: Option<&str>, path: String, after: u32, times: u32, kind: Kind| {
        cloud.misbehave(Fault { method: method.map(str::to_owned), path, after, times, kind });
    };
    // Names come percent-encoded, but for letters and digits.
    let slot = |position: u64| format!("{position:012}");
    fault(Some("PUT"), slot(ana.head() + 1), 0, 1, Kind::DropAfter);
    ana.ok(&["project", "create", "Its answer was lost"]);
    // One that never arrives, and cannot be looked for either, waits on the desk, is told as offline, and sent again. Whoever
    // decides looks for the next entry when the desk opens, when the command comes, and once more before it is signed.
    fault(None, slot(ana.head() + 1), 3, 3, Kind::DropBefore);
    let (status, answer) = ana.run(&["project", "create", "It waited"]);
    assert_eq!(status, 4, "{answer:#}");
    assert!(answer["message"].as_str().unwrap().to_lowercase().contains("saved on this desk"), "{answer:#}");
    ben.ok(&["project", "create", "It was faster"]);
    let head = ana.head();
    assert_eq!(head, ben.head(), "what waited is judged anew behind what was faster");
    let names = ben.ok(&["project", "list"]);
    let named =
        |name: &str| names["rows"].as_array().unwrap().iter().filter(|row| row["name"] == name).count();
    assert_eq!((named("It waited"), named("It was faster"), named("Its answer was lost")), (1, 1, 1));

    // Without a network a desk reads what it has, decides nothing, and loses nothing.
    cloud.stop().await;
    assert_eq!(ana.head(), head);
    let status = ana.ok(&["workspace", "status"]);
    assert!(status["workspace"]["warnings"].to_string().contains("does not answer"), "{status:#}");
    assert_eq!(ana.ok(&["project", "list"])["rows"], names["rows"]);
    let (code, answer) = ana.run(&["project", "create", "Not now"]);
    assert_eq!((code, answer["code"].as_str()), (4, Some("offline")), "{answer:#}");
    let (code, answer) = Desk::new(PLACE, &environment, "ana").run(&["project", "list"]);
    assert_eq!(
        (code, answer["code"].as_str()),
        (4, Some("offline")),
        "a desk that was never here: {answer:#}"
    );
    let port = endpoint.rsplit(':').next().unwrap().parse().unwrap();
    let cloud = Sandbox::start(Options { port, ..options }).await.unwrap();
    ben.ok(&["project", "create", "While ana slept"]);
    assert_eq!(ana.head(), head + 1, "caught up");
    cloud.stop().await;

    // The rights to create and to read objects are all that was used.
    let mut created = BTreeMap::new();
    for line in fs::read_to_string(&transcript).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let (method, path) = (line["method"].as_str().unwrap(), line["path"].as_str().unwrap());
        assert!(["GET", "HEAD", "PUT"].contains(&method), "{line}");
        if method == "PUT" && line["status"] == 200 {
            *created.entry(path.to_owned()).or_insert(0) += 1;
        }
    }
    assert!(created.values().all(|times| *times == 1), "something was overwritten: {created:?}");
    let log = objects(&bucket.join("a/prefix/log"));
    assert_eq!(log.len() as u64, head + 1);
}
