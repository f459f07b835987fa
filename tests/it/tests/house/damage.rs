//! What is lost is rebuilt; what is damaged is named.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::desk::{self, CHALLENGER, CHAMPION, Desk, contents, text};

/// Turns one bit of a file around, whatever its rights say.
fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    let at = at.min(bytes.len() - 1);
    bytes[at] ^= 1;
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

fn problems(report: &Value) -> Vec<(u64, String)> {
    report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["position"].as_u64().unwrap(), text(&row["problem"])))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_cache_is_rebuilt_and_answers_the_same() {
    let (desk, instance) = Desk::started().await;
    desk.decide(&instance, true).await;
    desk.settle().await;
    let questions = [
        ("people.list", json!({})),
        ("registry.list_projects", json!({})),
        ("registry.list_models", json!({})),
        ("registry.show_version", json!({"version": CHAMPION})),
        ("registry.compare", json!({"versions": [CHAMPION, CHALLENGER]})),
        ("workflow.list_definitions", json!({})),
        ("workflow.list_tasks", json!({"view": "all"})),
        ("workflow.show_instance", json!({"instance": instance})),
        ("ledger.list", json!({})),
        ("workspace.verify", json!({})),
    ];
    desk.act_as("vera").await;
    let mut before = Vec::new();
    for (command, request) in &questions {
        before.push(desk.ok(command, request.clone()).await);
    }
    let (home, workspace) = (desk.home(), desk.workspace());
    let Desk { app, folder, .. } = desk;
    drop(app);
    let caches: Vec<_> = contents(&home).into_keys().filter(|name| name.contains("cache.sqlite")).collect();
    assert!(!caches.is_empty());
    for name in caches {
        fs::remove_file(home.join(name)).unwrap();
    }
    let app = desk::open(&home, Some(&workspace), Some("vera")).await;
    for ((command, request), before) in questions.iter().zip(before) {
        let after = desk::ok(&app, command, request.clone()).await;
        assert_eq!(after, before, "{command} answers something else after the rebuild");
    }
    drop(folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_flipped_bit_of_an_entry_is_found_at_its_position() {
    let desk = Desk::stocked().await;
    let whole = desk.ok("workspace.verify", json!({})).await;
    assert!(problems(&whole).is_empty());
    let position = 5;
    let name = contents(&desk.workspace())
        .into_keys()
        .find(|name| name.ends_with(&format!("{position:012}.json")))
        .unwrap();
    let path = desk.workspace().join(name);
    let middle = fs::read(&path).unwrap().len() / 2;
    flip(&path, middle);
    let report = desk.ok("workspace.verify", json!({})).await;
    let found = problems(&report);
    // The chain after it no longer fits, whatever the damaged entry itself still says.
    assert!(found.iter().any(|(at, _)| *at == position || *at == position + 1), "{report:#}");
    assert_eq!(report["entries"].as_u64().unwrap(), found[0].0, "nothing behind the damage is believed");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_flipped_bit_of_a_blob_is_found_by_its_digest() {
    let desk = Desk::stocked().await;
    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await;
    let file = version["files"].as_array().unwrap().iter().find(|file| file["path"] == "score.py").unwrap();
    let digest = text(&file["sha256"]);
    let hex = digest.trim_start_matches("sha256:");
    let path = desk.workspace().join("blob").join("sha256").join(&hex[..2]).join(hex);
    flip(&path, 10);
    let report = desk.ok("workspace.verify", json!({})).await;
    let found = problems(&report);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains(hex), "{found:?}");
    assert_eq!(found[0].0, version["position"].as_u64().unwrap());
    // Nobody is shown the damaged file as if it were the registered one.
    let read = desk.refused("registry.read_file", json!({"version": CHAMPION, "path": "score.py"})).await;
    assert_eq!(read.code, app::Code::Verification, "{read}");
}
