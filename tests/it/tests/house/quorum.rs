//! Gates that ask for more than one person.

use app::Code;
use serde_json::json;

use crate::desk::{CHAMPION, Desk};

/// Claims, reads and answers the approval; how many signatures it waits for afterwards.
async fn sign(desk: &Desk, instance: &str, member: &str, approved: bool) -> u64 {
    desk.act_as(member).await;
    let task = desk.task(instance).await;
    desk.ok("workflow.claim", json!({"task": task})).await;
    let digest = desk.ok("workflow.show_task", json!({"task": task})).await["digest"].clone();
    let request = json!({"task": task, "answers": {"ModelIsApproved": approved}, "note": member, "seen_digest": digest});
    desk.ok("workflow.complete", request).await["signatures_left"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn i10_a_gate_of_two_persons_opens_with_the_second_one_and_not_with_the_first_one_twice() {
    let (desk, instance) = Desk::started_where_gates_ask_for(2).await;
    desk.act_as("ada").await;
    desk.ok("people.add_member", json!({"name": "val", "roles": ["validator"], "key_here": true})).await;
    let task = desk.task(&instance).await;
    let before = desk.ok("workflow.show_task", json!({"task": task})).await;
    assert_eq!(before["task"]["signatures_needed"], 2);
    assert_eq!(before["task"]["signed_by"], json!([]));

    assert_eq!(sign(&desk, &instance, "vera", true).await, 1, "one more is asked for");
    desk.settle().await;
    let after = desk.ok("workflow.show_task", json!({"task": task})).await;
    assert_eq!(after["task"]["signed_by"], json!(["vera"]), "it waits for the second person");
    assert_eq!(after["task"]["assignee"], json!(null), "and is free for them");
    let inbox = desk.ok("workflow.list_tasks", json!({})).await;
    assert_eq!(inbox["total"], 0, "who signed is not asked again");
    let again = desk.refused("workflow.claim", json!({"task": task})).await;
    assert_eq!(again.code, Code::Refused);
    assert!(again.message.contains("has signed"), "{again}");
    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await;
    assert_eq!(version["approvals"][0]["decides"], false);
    assert_eq!(version["approvals"][0]["waiting"], json!({"signed_by": ["vera"], "needed": 2}));
    desk.bucket(crate::desk::BUCKET);
    desk.act_as("ivo").await;
    let early =
        desk.refused("runs.migrate", json!({"version": CHAMPION, "bucket": crate::desk::BUCKET})).await;
    assert_eq!(early.code, Code::Refused, "one signature of two opens nothing: {early}");

    assert_eq!(sign(&desk, &instance, "val", true).await, 0, "it is completed");
    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await;
    let decided: Vec<bool> =
        version["approvals"].as_array().unwrap().iter().map(|row| row["decides"] == true).collect();
    assert_eq!(decided, [true, false], "latest first");
    assert_eq!(version["approvals"][1]["waiting"], json!(null), "nothing is waited for any more");
    desk.settle().await;
    let page = desk.instance(&instance).await;
    assert_ne!(page["tasks"][0]["name"], before["task"]["name"], "the process went on");
    let report = desk.ok("workspace.verify", json!({})).await;
    assert_eq!(report["problems"], json!([]));
    assert_eq!(report["void"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_no_is_enough_and_a_signature_on_replaced_contents_does_not_count() {
    let (desk, instance) = Desk::started_where_gates_ask_for(2).await;
    desk.act_as("ada").await;
    desk.ok("people.add_member", json!({"name": "val", "roles": ["validator"], "key_here": true})).await;
    assert_eq!(sign(&desk, &instance, "vera", true).await, 1);
    desk.act_as("ana").await;
    desk.import(crate::desk::logistic(), "churn_gbt", Some("replace")).await;
    let task = desk.task(&instance).await;
    let page = desk.ok("workflow.show_task", json!({"task": task})).await;
    assert_eq!(page["task"]["signed_by"], json!([]), "she signed other contents");
    assert_eq!(sign(&desk, &instance, "vera", true).await, 1);
    assert_eq!(sign(&desk, &instance, "val", false).await, 0, "one no is enough");
    desk.settle().await;
    assert_eq!(desk.instance(&instance).await["instance"]["state"], "completed");
    assert_eq!(desk.ok("runs.list", json!({})).await["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_asks_for_nobody_is_not_founded() {
    let desk = Desk::empty().await;
    let place = desk.workspace();
    let request =
        json!({"url": place.display().to_string(), "name": "x", "member": "ada", "quorum": {"*": 0}});
    let failure = crate::desk::call(&desk.app, "workspace.create", request).await.unwrap_err();
    assert_eq!(failure.code, Code::Usage, "{failure}");
    assert!(!place.exists());
}
