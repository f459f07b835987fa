//! Two desks on one workspace, each with its own home, member and key.

use app::Code;
use serde_json::{Value, json};

use crate::desk::{self, Desk};

#[tokio::test(flavor = "multi_thread")]
async fn of_two_desks_that_take_the_same_task_exactly_one_wins_and_both_agree() {
    let (desk, instance) = Desk::started().await;
    // The colleague makes a key on a desk of their own; only its public half travels.
    let elsewhere = tempfile::tempdir().unwrap();
    let location: ledger::Location = desk.workspace().display().to_string().parse().unwrap();
    let ledger = ledger::Ledger::open(location.open().unwrap(), None).await.unwrap();
    let keys = identity::KeyHolder::open_in_files(elsewhere.path()).unwrap();
    let key = keys.create(&format!("{}.val", ledger.genesis().nonce.to_lowercase())).unwrap();
    desk.act_as("ada").await;
    desk.ok(
        "people.add_member",
        json!({"name": "val", "roles": ["validator"], "key": format!("ed25519:{}", key.hex())}),
    )
    .await;
    let other = desk::open(elsewhere.path(), Some(&desk.workspace()), Some("val")).await;
    desk.act_as("vera").await;
    let task = desk.task(&instance).await;

    for _ in 0..4 {
        let request = json!({"task": task});
        let (here, there) = tokio::join!(
            desk::call(&desk.app, "workflow.claim", request.clone()),
            desk::call(&other, "workflow.claim", request.clone()),
        );
        let (winner, app, failure) = match (here, there) {
            (Ok(_), Err(failure)) => ("vera", &desk.app, failure),
            (Err(failure), Ok(_)) => ("val", &other, failure),
            both => panic!("not exactly one: {both:?}"),
        };
        assert_eq!(failure.code, Code::Refused, "{failure:?}");
        assert!(failure.message.contains(winner), "the other is told who was faster: {failure}");
        desk::ok(app, "workflow.release", request).await;
    }

    // Both read the same digest and decide at once; only who holds the task can, and once.
    desk.ok("workflow.claim", json!({"task": task})).await;
    let digest = desk.ok("workflow.show_task", json!({"task": task})).await["digest"].clone();
    let answer =
        json!({"task": task, "answers": {"ModelIsApproved": true}, "note": "read", "seen_digest": digest});
    let (here, there) = tokio::join!(
        desk::call(&desk.app, "workflow.complete", answer.clone()),
        desk::call(&other, "workflow.complete", answer.clone()),
    );
    assert!(here.is_ok(), "{here:?}");
    let failure = there.unwrap_err();
    assert!(matches!(failure.code, Code::Refused | Code::NotFound), "{failure:?}");

    let mut reports: Vec<Value> = Vec::new();
    for app in [&desk.app, &other] {
        desk::ok(app, "workspace.refresh", json!({})).await;
        let report = desk::ok(app, "workspace.verify", json!({})).await;
        assert!(report["problems"].as_array().unwrap().is_empty(), "{report:#}");
        assert!(report["void"].as_array().unwrap().is_empty(), "nothing void was written: {report:#}");
        reports.push(report);
    }
    assert_eq!(reports[0], reports[1]);
    let approvals =
        desk::ok(&other, "registry.show_version", json!({"version": crate::desk::CHAMPION})).await;
    assert_eq!(approvals["approvals"].as_array().unwrap().len(), 1);
}
