//! Four eyes: who may decide, on what, and what a decision leads to.

use app::Code;
use serde_json::json;

use crate::desk::{CHAMPION, Desk, logistic};

#[tokio::test(flavor = "multi_thread")]
async fn the_modeler_can_neither_claim_nor_complete_the_approval_of_their_own_model() {
    let (desk, instance) = Desk::started().await;
    // She validates other people's models, so it is not her role that is missing.
    desk.act_as("ada").await;
    desk.ok("people.grant", json!({"name": "ana", "roles": ["validator"]})).await;
    desk.act_as("ana").await;
    let task = desk.task(&instance).await;
    let page = desk.ok("workflow.show_task", json!({"task": task})).await;
    assert_eq!(page["task"]["is_gate"], true);
    assert_eq!(page["task"]["may_claim"], false);

    let claim = desk.refused("workflow.claim", json!({"task": task})).await;
    let complete = desk
        .refused(
            "workflow.complete",
            json!({"task": task, "answers": {"ModelIsApproved": true}, "seen_digest": page["digest"]}),
        )
        .await;
    for failure in [claim, complete] {
        assert_eq!(failure.code, Code::Refused);
        assert!(failure.message.contains("a second person must approve"), "{failure}");
    }
    // Not even when an administrator hands it over.
    desk.act_as("ada").await;
    let assign = desk
        .refused("workflow.assign", json!({"task": task, "member": "ana", "reason": "she is fast"}))
        .await;
    assert_eq!(assign.code, Code::Refused);

    desk.decide(&instance, true).await;
    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await;
    assert_eq!(version["approvals"][0]["member"], "vera");
    assert_eq!(version["approvals"][0]["decision"], "approved");
    assert_eq!(version["approvals"][0]["digest"], version["digest"]);
    assert_eq!(version["approvals"][0]["current"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_ends_the_process_and_tells_the_modelers() {
    let (desk, instance) = Desk::started().await;
    desk.decide(&instance, false).await;
    desk.settle().await;
    let page = desk.instance(&instance).await;
    assert_eq!(page["instance"]["state"], "completed", "{:#}", page["instance"]);
    assert!(page["tasks"].as_array().unwrap().is_empty());
    assert_eq!(desk.ok("runs.list", json!({})).await["total"], 0, "nothing is migrated after a no");
    let told = desk.notices("ana").await;
    assert!(told.iter().any(|title| title.contains("not approved")), "{told:?}");
    // And a rejected version is no approved one.
    desk.act_as("ivo").await;
    desk.bucket(crate::desk::BUCKET);
    let failure =
        desk.refused("runs.migrate", json!({"version": CHAMPION, "bucket": crate::desk::BUCKET})).await;
    assert_eq!(failure.code, Code::Refused, "{failure}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_of_contents_that_were_replaced_meanwhile_is_refused() {
    let (desk, instance) = Desk::started().await;
    desk.act_as("vera").await;
    let task = desk.task(&instance).await;
    desk.ok("workflow.claim", json!({"task": task})).await;
    let read = desk.ok("workflow.show_task", json!({"task": task})).await["digest"].clone();

    desk.act_as("ana").await;
    let replaced = desk.import(logistic(), "churn_gbt", Some("replace")).await;
    assert_ne!(replaced["digest"], read);

    desk.act_as("vera").await;
    let failure = desk
        .refused(
            "workflow.complete",
            json!({"task": task, "answers": {"ModelIsApproved": true}, "seen_digest": read}),
        )
        .await;
    assert_eq!(failure.code, Code::Refused);
    assert!(failure.message.contains("The package changed while you were reading"), "{failure}");
    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await;
    assert!(version["approvals"].as_array().unwrap().is_empty());

    // Having looked again, she may.
    let now = desk.ok("workflow.show_task", json!({"task": task})).await["digest"].clone();
    assert_eq!(now, replaced["digest"]);
    desk.ok(
        "workflow.complete",
        json!({"task": task, "answers": {"ModelIsApproved": true}, "seen_digest": now}),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d04_an_unanswered_approval_is_refused_and_not_lost_at_a_gateway() {
    let (desk, instance) = Desk::started().await;
    desk.act_as("vera").await;
    let task = desk.task(&instance).await;
    desk.ok("workflow.claim", json!({"task": task})).await;
    let digest = desk.ok("workflow.show_task", json!({"task": task})).await["digest"].clone();
    for answers in [json!({}), json!({"ModelIsApproved": null}), json!({"ModelIsApproved": "perhaps"})] {
        let failure = desk
            .refused("workflow.complete", json!({"task": task, "answers": answers, "seen_digest": digest}))
            .await;
        assert_eq!(failure.code, Code::Refused, "{answers}: {failure}");
        assert!(failure.message.contains("cannot be left unanswered"), "{failure}");
    }
    // Nor is it signed without saying what was read.
    let unseen =
        desk.refused("workflow.complete", json!({"task": task, "answers": {"ModelIsApproved": true}})).await;
    assert_eq!(unseen.code, Code::Usage, "{unseen}");
    assert_eq!(desk.task(&instance).await, task, "the task is still there");
}
