//! The process as its authors exported it from SAS Workflow Studio, unchanged, from import to migrated.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::desk::{BUCKET, CHAMPION, Desk, PROJECT, contents, text};

fn rows<'a>(page: &'a Value, list: &str) -> Vec<&'a Value> {
    page[list].as_array().unwrap().iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn d01_d05_the_exported_process_runs_unchanged_and_its_bucket_is_the_one_that_was_named() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/cases/bpmn/sas")
        .join("ModelOps for GCP.bpmn");
    if !case.is_file() {
        eprintln!("the shared cases are not here; nothing was tried");
        return;
    }
    let desk = Desk::stocked().await;
    desk.act_as("ada").await;
    desk.ok("people.add_member", json!({"name": "astrid", "roles": ["data-engineer"], "key_here": true}))
        .await;
    let page = desk.ok("workflow.import_definition", json!({"path": case.display().to_string()})).await;
    let definition = text(&page["definition"]["id"]);

    // Exported byte for byte.
    let out = desk.folder.path().join("out.bpmn");
    desk.ok("workflow.export", json!({"definition": definition, "path": out.display().to_string()})).await;
    assert!(fs::read(&out).unwrap() == fs::read(&case).unwrap(), "the export differs from the import");

    // Its calls bind themselves.
    let actions: Vec<String> = rows(&page, "calls")
        .iter()
        .filter(|call| call["by_itself"] == true)
        .map(|call| text(&call["action"]))
        .collect();
    for action in ["find-project", "build", "migrate"] {
        assert!(actions.iter().any(|bound| bound == action), "{action}: {:#}", page["calls"]);
    }
    // The lint says what was wrong with it, as warnings.
    let warned: Vec<String> = rows(&page, "diagnostics")
        .iter()
        .filter(|diagnostic| diagnostic["severity"] == "warning")
        .map(|diagnostic| text(&diagnostic["code"]))
        .collect();
    assert!(warned.iter().any(|code| code == "unread-answer"), "{:#}", page["diagnostics"]);
    assert!(warned.iter().any(|code| code.contains("decision")), "{:#}", page["diagnostics"]);
    assert_eq!(page["definition"]["errors"], 0, "{:#}", page["diagnostics"]);

    // Whom its names mean here is said once.
    assert_eq!(page["definition"]["startable"], false, "nobody here is called `rusarg`");
    let parties = json!([
        {"kind": "group", "name": "ApplicationAdministrators", "role": "validator"},
        {"kind": "user", "name": "rusarg", "member": "ivo"},
        {"kind": "user", "name": "russasdemo", "member": "ivo"},
        {"kind": "user", "name": "astana", "member": "astrid"},
    ]);
    let page = desk.ok("workflow.bind", json!({"definition": definition, "parties": parties})).await;
    assert_eq!(page["definition"]["startable"], true, "{page:#}");

    desk.act_as("ana").await;
    let started = desk.ok("workflow.start", json!({"definition": definition, "project": PROJECT})).await;
    let instance = text(&started["id"]);
    desk.settle().await;
    let named = desk.bucket(BUCKET);
    desk.decide(&instance, true).await;
    desk.settle().await;
    desk.name_bucket(&instance, "ivo", BUCKET).await;
    desk.settle().await;

    let page = desk.instance(&instance).await;
    assert_eq!(page["instance"]["state"], "completed", "{:#} {:#}", page["incidents"], page["tokens"]);
    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await;
    assert_eq!(version["migrations"][0]["bucket"], BUCKET);
    let files = version["files"].as_array().unwrap().len();
    assert_eq!(contents(&named.join("model")).len(), files + 1, "its files and the ready marker");
    // Its mail is a notice here.
    desk.act_as("ada").await;
    let entries = desk.ok("ledger.list", json!({"subject": instance})).await;
    let mut posted = 0;
    for member in ["ada", "ana", "vera", "ivo", "astrid"] {
        desk.act_as(member).await;
        let notices = desk.ok("notices.list", json!({})).await;
        posted += rows(&notices, "rows")
            .iter()
            .filter(|row| row["link"] == json!(format!("/instances/{instance}")))
            .count();
    }
    assert!(posted > 0, "the mail reached nobody: {:#}", entries["total"]);
}
