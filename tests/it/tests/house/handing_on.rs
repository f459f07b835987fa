//! Tasks that change hands: delegated, reassigned, moved, spoken of again.

use app::Code;
use serde_json::{Value, json};

use crate::desk::{Desk, PROJECT, text};

/// A process with one task for whoever is a validator, which neither who started it nor the modeler may have.
const REVIEW: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="house">
  <process id="review" name="Review" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="read"/>
    <userTask id="read" name="Read the report" flowable:candidateGroups="validator" flowable:dueDate="P5D">
      <extensionElements>
        <flowable:formProperty id="Gini" name="What is the Gini?" type="double"/>
        <flowable:formProperty id="Good" name="Is it good?" type="boolean"/>
        <flowable:customResource flowable:name="ExcludedOwner">
          <resourceAssignmentExpression><formalExpression>initiator, modeler(project)</formalExpression></resourceAssignmentExpression>
        </flowable:customResource>
      </extensionElements>
    </userTask>
    <sequenceFlow id="f2" sourceRef="read" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>"#;

/// A desk with `vera`, `walt` and the founder as validators and the review started by `dana`; the task's identifier.
async fn reviewing() -> (Desk, String, String) {
    let desk = Desk::stocked().await;
    desk.act_as("ada").await;
    desk.ok("people.add_member", json!({"name": "walt", "roles": ["validator"], "key_here": true})).await;
    // They make or run models, and validate those of others.
    for name in ["ana", "dana"] {
        desk.ok("people.grant", json!({"name": name, "roles": ["validator"]})).await;
    }
    let page = desk.ok("workflow.import_definition", json!({"xml": REVIEW})).await;
    assert_eq!(page["definition"]["startable"], true, "{page:#}");
    desk.act_as("dana").await;
    let started = desk.ok("workflow.start", json!({"definition": "Review", "project": PROJECT})).await;
    let instance = text(&started["id"]);
    let task = desk.task(&instance).await;
    (desk, instance, task)
}

async fn shown(desk: &Desk, task: &str) -> Value {
    desk.ok("workflow.show_task", json!({"task": task})).await["task"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_delegated_prepared_given_back_and_completed_by_its_owner() {
    let (desk, instance, task) = reviewing().await;
    desk.act_as("vera").await;
    let unclaimed = desk.refused("workflow.delegate", json!({"task": task, "member": "walt"})).await;
    assert!(unclaimed.hint.contains("Claim it"), "{unclaimed}");
    desk.ok("workflow.claim", json!({"task": task})).await;

    // Delegation is no way around an exclusion, nor around the invitation.
    for (member, why) in [
        ("dana", "excluded"),
        ("ana", "excluded"),
        ("ivo", "is not among them"),
        ("nobody-here", "nobody-here"),
        ("vera", "holds the task"),
    ] {
        let failure = desk.refused("workflow.delegate", json!({"task": task, "member": member})).await;
        assert!(failure.message.contains(why), "{member}: {failure}");
    }
    let takers = desk.ok("workflow.takers", json!({"task": task})).await;
    let may: Vec<String> = takers
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["may"] == true)
        .map(|row| text(&row["member"]))
        .collect();
    assert_eq!(may, ["ada", "vera", "walt"], "{takers:#}");

    desk.ok("workflow.delegate", json!({"task": task, "member": "walt", "reason": "the numbers are yours"}))
        .await;
    let row = shown(&desk, &task).await;
    assert_eq!((&row["assignee"], &row["owner"]), (&json!("walt"), &json!("vera")));
    let others = desk.refused("workflow.complete", json!({"task": task})).await;
    assert!(others.message.contains("`walt` holds the task"), "{others}");
    assert!(desk.notices("walt").await.iter().any(|title| title.contains("delegated")));
    let early = desk.refused("workflow.complete", json!({"task": task})).await;
    assert!(early.message.contains("give it back"), "{early}");
    desk.ok("workflow.keep_draft", json!({"task": task, "draft": {"answers": {"Good": true}}})).await;
    let answers = json!({"Gini": 0.5, "Good": true});
    desk.ok("workflow.give_back", json!({"task": task, "answers": answers, "note": "As of May."})).await;
    let again = desk.refused("workflow.give_back", json!({"task": task})).await;
    assert_eq!(again.code, Code::Refused, "{again}");
    let page = desk.ok("workflow.show_task", json!({"task": task})).await;
    assert_eq!(page["draft"], Value::Null, "what was handed in is no draft any more");

    desk.act_as("vera").await;
    let page = desk.ok("workflow.show_task", json!({"task": task})).await;
    assert_eq!(page["comments"][0]["member"], "walt");
    assert_eq!(
        page["comments"][0]["text"],
        "@vera prepared for “Read the report”:\nWhat is the Gini? 0.5\nIs it good? Yes\nAs of May.",
        "the owner reads what was prepared"
    );
    assert!(desk.notices("vera").await.iter().any(|title| title.contains("mentioned")));
    let row = shown(&desk, &task).await;
    assert_eq!((&row["assignee"], &row["owner"]), (&json!("vera"), &Value::Null));
    desk.ok("workflow.complete", json!({"task": task})).await;
    assert_eq!(desk.instance(&instance).await["instance"]["state"], "completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_takes_a_claim_from_somebody_and_nobody_else_does() {
    let (desk, _, task) = reviewing().await;
    desk.act_as("vera").await;
    desk.ok("workflow.claim", json!({"task": task})).await;
    desk.act_as("walt").await;
    let other = desk.refused("workflow.release", json!({"task": task})).await;
    assert_eq!(other.code, Code::Refused, "{other}");
    assert_eq!(shown(&desk, &task).await["may_administer"], false);
    desk.act_as("ada").await;
    assert_eq!(shown(&desk, &task).await["may_administer"], true);
    desk.ok("workflow.release", json!({"task": task})).await;
    assert_eq!(shown(&desk, &task).await["assignee"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_put_off_for_a_while_at_this_desk() {
    let (desk, _, task) = reviewing().await;
    desk.act_as("vera").await;
    let shown = |list: Value| list["total"].as_u64().unwrap();
    desk.ok("workflow.snooze", json!({"task": task, "until": "P2D"})).await;
    assert_eq!(shown(desk.ok("workflow.list_tasks", json!({})).await), 0);
    assert_eq!(shown(desk.ok("workflow.list_tasks", json!({"view": "snoozed"})).await), 1);
    let failure = desk.refused("workflow.snooze", json!({"task": task, "until": "some day"})).await;
    assert_eq!(failure.code, Code::Usage, "{failure}");
    desk.ok("workflow.snooze", json!({"task": task})).await;
    assert_eq!(shown(desk.ok("workflow.list_tasks", json!({})).await), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_a_delegate_releases_is_whoevers_claims_it() {
    let (desk, instance, task) = reviewing().await;
    desk.act_as("vera").await;
    desk.ok("workflow.claim", json!({"task": task})).await;
    desk.ok("workflow.delegate", json!({"task": task, "member": "walt"})).await;
    desk.act_as("walt").await;
    desk.ok("workflow.release", json!({"task": task})).await;
    desk.ok("workflow.claim", json!({"task": task})).await;
    desk.ok("workflow.complete", json!({"task": task})).await;
    assert_eq!(desk.instance(&instance).await["instance"]["state"], "completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_reassigns_and_moves_the_due_time_with_a_reason_and_nobody_else_does() {
    let (desk, instance, task) = reviewing().await;
    desk.act_as("vera").await;
    desk.ok("workflow.claim", json!({"task": task})).await;
    assert_eq!(shown(&desk, &task).await["may_administer"], false);
    for (command, request) in [
        ("workflow.assign", json!({"task": task, "member": "walt"})),
        ("workflow.move_due", json!({"task": task, "due": "P9D", "reason": "holidays"})),
    ] {
        let failure = desk.refused(command, request).await;
        assert!(failure.message.contains("administrator"), "{command}: {failure}");
    }
    desk.act_as("ada").await;
    assert_eq!(shown(&desk, &task).await["may_administer"], true);
    let unfit = desk.refused("workflow.assign", json!({"task": task, "member": "dana"})).await;
    assert!(unfit.message.contains("excluded"), "{unfit}");
    for (due, reason, why) in [
        (json!("P9D"), "", "needs a reason"),
        (json!("next week"), "holidays", "`next week`"),
        (json!("2026-13-01"), "holidays", "2026-13-01"),
    ] {
        let failure =
            desk.refused("workflow.move_due", json!({"task": task, "due": due, "reason": reason})).await;
        assert!(failure.message.contains(why), "{due}: {failure}");
    }
    desk.ok("workflow.move_due", json!({"task": task, "due": "2031-05-06T07:08:09Z", "reason": "holidays"}))
        .await;
    assert_eq!(shown(&desk, &task).await["due"], "2031-05-06T07:08:09Z");
    desk.ok("workflow.move_due", json!({"task": task, "reason": "no hurry"})).await;
    assert_eq!(shown(&desk, &task).await["due"], Value::Null);
    desk.ok("workflow.assign", json!({"task": task, "member": "walt", "reason": "she is away"})).await;
    desk.act_as("walt").await;
    desk.ok("workflow.complete", json!({"task": task})).await;
    let log = desk.instance(&instance).await["log"].clone();
    let told: Vec<String> = log.as_array().unwrap().iter().map(|row| text(&row["text"])).collect();
    assert!(told.iter().any(|line| line.contains("holidays")), "{told:?}");
    assert!(told.iter().any(|line| line.contains("she is away")), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_nobody_answers_is_spoken_of_again_and_then_escalated_each_once() {
    let (desk, _, task) = reviewing().await;
    let row = shown(&desk, &task).await;
    let offered: jiff::Timestamp = text(&row["created_at"]).parse().unwrap();
    let after = |at: &Value| text(at).parse::<jiff::Timestamp>().unwrap().duration_since(offered).as_hours();
    assert_eq!(
        (after(&row["remind_at"]), after(&row["escalate_at"])),
        (24, 72),
        "without anybody asking for it"
    );
    desk.settle().await;
    assert_eq!(shown(&desk, &task).await["reminded"], 0, "not before its time");

    desk.act_as("ada").await;
    for (reminder, why) in [
        (json!({"element": "read", "after": "soon"}), "`soon`"),
        (json!({"element": "read", "after": "-P1D"}), "`-P1D`"),
        (json!({"element": "elsewhere", "after": "P1D"}), "`elsewhere`"),
        (json!({"element": "*", "after": "P1D", "escalate_to": "king"}), "`king`"),
        (json!({"element": "*", "after": "P1D", "escalate_to": "@nobody-here"}), "`nobody-here`"),
    ] {
        let failure =
            desk.refused("workflow.bind", json!({"definition": "Review", "reminders": [reminder]})).await;
        assert!(failure.message.contains(why), "{reminder}: {failure}");
    }
    // A desk that waits a day would make a slow test: the smallest time there is does as well.
    let soon =
        json!([{"element": "*", "after": "PT0.001S", "escalate_after": "PT0.001S", "escalate_to": "@ivo"}]);
    desk.ok("workflow.bind", json!({"definition": "Review", "reminders": soon})).await;
    // A look may end before the next millisecond begins, so it looks until nothing is left to say, and once more.
    let mut row = shown(&desk, &task).await;
    for _ in 0..100 {
        desk.settle().await;
        row = shown(&desk, &task).await;
        if row["remind_at"].is_null() && !row["escalated_at"].is_null() {
            break;
        }
    }
    desk.settle().await;
    assert_eq!(row["reminded"], 10, "and then it is enough: {row:#}");
    assert_eq!(row["remind_at"], Value::Null);
    assert_ne!(row["escalated_at"], Value::Null);
    // What is due in five days is still ahead.
    assert_eq!(after(&row["escalate_at"]), 120);
    let told =
        |titles: Vec<String>, what: &str| titles.iter().filter(|title| title.starts_with(what)).count();
    assert_eq!(told(desk.notices("vera").await, "Still waiting"), 10);
    assert_eq!(told(desk.notices("walt").await, "Still waiting"), 10);
    for excluded in ["ana", "dana"] {
        assert_eq!(told(desk.notices(excluded).await, "Still waiting"), 0, "{excluded}");
    }
    assert_eq!(told(desk.notices("ivo").await, "Not answered"), 1);
}
