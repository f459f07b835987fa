//! From a signature to exactly those bytes in exactly that bucket.

use std::collections::BTreeMap;
use std::fs;

use app::Code;
use serde_json::{Value, json};

use crate::desk::{BUCKET, CHALLENGER, CHAMPION, Desk, contents, text};

/// Digests of a version's files, by path.
fn digests(version: &Value) -> BTreeMap<String, String> {
    version["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (text(&file["path"]), text(&file["sha256"])))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn d01_d09_what_was_approved_lies_in_the_named_bucket_with_the_ready_marker_last() {
    let (desk, instance) = Desk::started().await;
    let named = desk.bucket(BUCKET);
    let other = desk.bucket("another-bucket");
    desk.decide(&instance, true).await;
    desk.settle().await;
    desk.name_bucket(&instance, "ivo", BUCKET).await;
    desk.settle().await;

    let page = desk.instance(&instance).await;
    assert_eq!(page["instance"]["state"], "completed", "{:#}", page["incidents"]);
    assert!(contents(&other).is_empty(), "only the named bucket is written to");

    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await;
    assert_eq!(version["migrations"][0]["bucket"], BUCKET);
    let mut there: BTreeMap<String, String> = contents(&named.join("model"))
        .into_iter()
        .map(|(path, bytes)| (path, ledger::Digest::of(&bytes).to_string()))
        .collect();
    let ready = there.remove("_READY.json").expect("the ready marker is there");
    assert_eq!(there, digests(&version), "exactly the version's files, byte for byte");
    assert_eq!(ready, text(&version["migrations"][0]["manifest"]), "the ledger knows the marker");

    let modified = |name: &str| fs::metadata(named.join("model").join(name)).unwrap().modified().unwrap();
    for name in there.keys() {
        assert!(modified(name) <= modified("_READY.json"), "`{name}` was written after the ready marker");
    }
    let told = desk.notices("dana").await;
    assert!(told.iter().any(|title| title.contains("migrated")), "{told:?}");

    // Once more by hand: nothing is sent, and the run says so.
    let marker = modified("_READY.json");
    desk.act_as("ivo").await;
    let again = desk.ok("runs.migrate", json!({"version": CHAMPION, "bucket": BUCKET})).await;
    desk.settle().await;
    let run = desk.ok("runs.show", json!({"run": again["id"]})).await;
    assert_eq!(run["run"]["state"], "succeeded", "{:#}", run["stages"]);
    let last = run["stages"].as_array().unwrap().last().unwrap();
    assert!(text(&last["detail"]).contains("nothing was sent"), "{last:#}");
    assert_eq!(modified("_READY.json"), marker);

    let report = desk.ok("workspace.verify", json!({})).await;
    assert!(report["problems"].as_array().unwrap().is_empty(), "{report:#}");
    assert!(report["void"].as_array().unwrap().is_empty(), "{report:#}");
}

/// A service task says how long its run may take, and what is no limit is an incident that can be put right.
#[tokio::test(flavor = "multi_thread")]
async fn a_binding_says_when_the_run_of_its_service_task_is_stopped() {
    let (desk, instance) = Desk::started().await;
    desk.bucket(BUCKET);
    let definition = desk.instance(&instance).await["instance"]["definition_id"].clone();
    let bind = async |limit: &str| {
        desk.act_as("ada").await;
        let page = desk.ok("workflow.show_definition", json!({"definition": definition})).await;
        let call = page["calls"].as_array().unwrap().iter().find(|call| call["action"] == "migrate").unwrap();
        let mut inputs = call["inputs"].as_array().unwrap().clone();
        inputs.retain(|input| input["name"] != "deadline");
        inputs.push(json!({"name": "deadline", "value": limit}));
        let calls = json!([{"element": call["element"], "action": "migrate", "inputs": inputs}]);
        desk.ok("workflow.bind", json!({"definition": definition, "calls": calls})).await;
    };
    bind("soon").await;
    desk.decide(&instance, true).await;
    desk.settle().await;
    desk.name_bucket(&instance, "ivo", BUCKET).await;
    desk.settle().await;
    let incident = desk.instance(&instance).await["incidents"][0].clone();
    assert!(text(&incident["message"]).contains("`soon`"), "{incident:#}");

    bind("PT2H").await;
    desk.ok("workflow.retry", json!({"instance": instance, "incident": incident["id"]})).await;
    desk.settle().await;
    let runs = desk.ok("runs.list", json!({"kind": "migrate"})).await;
    let run = desk.ok("runs.show", json!({"run": runs["rows"][0]["id"]})).await;
    assert_eq!((&run["run"]["state"], &run["deadline_s"]), (&"succeeded".into(), &7200.into()), "{run:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_does_not_exist_is_an_incident_that_can_be_put_right() {
    let (desk, instance) = Desk::started().await;
    desk.decide(&instance, true).await;
    desk.settle().await;
    desk.name_bucket(&instance, "ivo", BUCKET).await;
    desk.settle().await;
    let page = desk.instance(&instance).await;
    assert_eq!(page["instance"]["state"], "running");
    let incident = &page["incidents"][0];
    assert!(text(&incident["message"]).contains(&format!("There is no bucket `{BUCKET}`")), "{incident:#}");
    assert_eq!(desk.ok("runs.list", json!({})).await["total"], 0);

    let named = desk.bucket(BUCKET);
    desk.act_as("ada").await;
    desk.ok("workflow.retry", json!({"instance": instance, "incident": incident["id"]})).await;
    desk.settle().await;
    let page = desk.instance(&instance).await;
    assert_eq!(page["instance"]["state"], "completed", "{:#}", page["incidents"]);
    assert!(named.join("model").join("_READY.json").is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn d10_a_package_configured_for_another_bucket_is_stopped_before_anything_is_uploaded() {
    let (desk, instance) = Desk::started().await;
    let wrong = desk.bucket("somebody-elses");
    let right = desk.bucket(BUCKET);
    desk.decide(&instance, true).await;
    desk.settle().await;
    desk.name_bucket(&instance, "ivo", "somebody-elses").await;
    desk.settle().await;
    let page = desk.instance(&instance).await;
    let incident = &page["incidents"][0];
    assert!(
        text(&incident["message"]).contains("does not point into bucket `somebody-elses`"),
        "{incident:#}"
    );
    assert!(contents(&wrong).is_empty(), "nothing was uploaded");
    assert!(contents(&right).is_empty(), "nor anywhere else");
}

#[tokio::test(flavor = "multi_thread")]
async fn d10_after_the_answer_is_corrected_a_retry_migrates_to_the_right_bucket() {
    let (desk, instance) = Desk::started().await;
    let wrong = desk.bucket("somebody-elses");
    let right = desk.bucket(BUCKET);
    desk.decide(&instance, true).await;
    desk.settle().await;
    desk.name_bucket(&instance, "ivo", "somebody-elses").await;
    desk.settle().await;
    let incident = desk.instance(&instance).await["incidents"][0]["id"].clone();

    desk.act_as("ada").await;
    desk.ok("workflow.set_variables", json!({"instance": instance, "variables": {"BucketName": BUCKET}}))
        .await;
    desk.ok("workflow.retry", json!({"instance": instance, "incident": incident})).await;
    desk.settle().await;
    let page = desk.instance(&instance).await;
    assert_eq!(page["instance"]["state"], "completed", "{:#}", page["incidents"]);
    assert!(contents(&wrong).is_empty());
    assert!(right.join("model").join("_READY.json").is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn d06_no_champion_is_said_at_the_start_and_not_found_out_later() {
    let desk = Desk::stocked().await;
    desk.ok("registry.clear_place", json!({"version": CHAMPION})).await;
    desk.act_as("ada").await;
    let page = desk.ok("workflow.import_definition", json!({"template": "migration"})).await;
    desk.act_as("ana").await;
    let start = json!({"definition": page["definition"]["id"], "project": crate::desk::PROJECT});
    let failure = desk.refused("workflow.start", start).await;
    assert_eq!(failure.code, Code::Refused);
    assert!(failure.message.contains("has no champion"), "{failure}");
}

#[tokio::test(flavor = "multi_thread")]
async fn d07_another_champion_than_the_approved_one_stops_the_build_with_an_incident() {
    for (change, version, said) in [
        ("registry.set_champion", CHALLENGER, "changed since the approval"),
        ("registry.clear_place", CHAMPION, "has no champion any more"),
    ] {
        let (desk, instance) = Desk::started().await;
        let named = desk.bucket(BUCKET);
        // The champion goes between the decision and what it leads to.
        desk.decide(&instance, true).await;
        desk.act_as("ana").await;
        desk.ok(change, json!({"version": version})).await;
        desk.settle().await;
        let page = desk.instance(&instance).await;
        assert_eq!(page["instance"]["state"], "running");
        assert_eq!(page["incidents"].as_array().unwrap().len(), 1, "{page:#}");
        assert_eq!(page["incidents"][0]["element"], "build");
        assert!(text(&page["incidents"][0]["message"]).contains(said), "{:#}", page["incidents"]);
        assert!(page["tasks"].as_array().unwrap().is_empty(), "nobody is asked for a bucket");
        assert!(contents(&named).is_empty());
    }
}
