//! Running instances that move to another version of their definition.

use serde_json::{Value, json};

use crate::desk::{Desk, PROJECT, open, text};

/// The first version, and what can be put in place of its parts.
fn review(parts: &[(&str, &str)]) -> String {
    let mut xml = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="house">
  <process id="review" name="Review" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="read"/>
    <userTask id="read" name="Read the report" flowable:candidateGroups="validator"/>
    <boundaryEvent id="late" name="Too late" attachedToRef="read" cancelActivity="false">
      <timerEventDefinition><timeDuration>P7D</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <sequenceFlow id="f3" sourceRef="late" targetRef="end"/>
    <sequenceFlow id="f2" sourceRef="read" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>"#
        .to_owned();
    for (from, to) in parts {
        assert!(xml.contains(from), "{from}");
        xml = xml.replace(from, to);
    }
    xml
}

fn of(plan: &Value, list: &str) -> Vec<String> {
    plan[list].as_array().unwrap().iter().map(|row| text(&row["of"])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_moves_to_a_newer_version_after_a_dry_run_and_every_desk_sees_it_there() {
    let desk = Desk::stocked().await;
    desk.act_as("ada").await;
    desk.ok("workflow.import_definition", json!({"xml": review(&[])})).await;
    desk.act_as("dana").await;
    let started = desk.ok("workflow.start", json!({"definition": "Review", "project": PROJECT})).await;
    let instance = text(&started["id"]);
    desk.act_as("vera").await;
    let task = desk.task(&instance).await;
    desk.ok("workflow.claim", json!({"task": task})).await;

    // The second version renames the task, reminds earlier, and lets IT read instead.
    desk.act_as("ada").await;
    let second = review(&[
        ("\"read\"", "\"check\""),
        ("Read the report", "Check the report"),
        ("\"late\"", "\"later\""),
        ("Too late", "Far too late"),
        ("validator", "it"),
    ]);
    desk.ok("workflow.import_definition", json!({"xml": second})).await;

    let plan = desk.ok("workflow.plan_migration", json!({"instance": instance})).await;
    assert_eq!(
        (&plan["from"], &plan["to"], &plan["possible"]),
        (&json!(1), &json!(2), &json!(false)),
        "{plan:#}"
    );
    assert_eq!(of(&plan, "problems"), ["read"]);
    let move_to =
        |map: Value, reason: &str| json!({"instance": instance, "to": "2", "map": map, "reason": reason});
    let unmapped = desk.refused("workflow.migrate_instance", move_to(json!({}), "newer")).await;
    assert!(unmapped.message.contains("has no counterpart"), "{unmapped}");
    let map = json!({"read": "check"});
    let plan = desk.ok("workflow.plan_migration", json!({"instance": instance, "map": map})).await;
    assert_eq!(plan["possible"], true, "{plan:#}");
    assert_eq!(
        (of(&plan, "losses"), of(&plan, "gains")),
        (vec!["late".to_owned()], vec!["later".to_owned()])
    );

    for (request, why) in [
        (move_to(map.clone(), " "), "needs a reason"),
        (json!({"instance": instance, "to": "7", "reason": "x"}), "`7`"),
        (json!({"instance": instance, "to": "1", "reason": "x"}), "runs on version 1"),
        (json!({"instance": instance, "to": "nonsense", "reason": "x"}), "`nonsense`"),
    ] {
        let failure = desk.refused("workflow.migrate_instance", request).await;
        assert!(failure.message.contains(why), "{failure}");
    }
    desk.act_as("vera").await;
    let role = desk.refused("workflow.migrate_instance", move_to(map.clone(), "newer")).await;
    assert!(role.message.contains("administrator"), "{role}");

    desk.act_as("ada").await;
    desk.ok("workflow.migrate_instance", move_to(map, "IT reads from now on")).await;
    let page = desk.instance(&instance).await;
    assert_eq!(page["instance"]["definition"], "Review (version 2)");
    assert_eq!(page["tasks"][0]["name"], "Check the report");
    assert_eq!(
        page["tasks"][0]["assignee"],
        Value::Null,
        "`vera` is not invited any more: it was given back"
    );
    assert_eq!(
        (&page["timers"][0]["element"], &page["timers"][0]["name"]),
        (&json!("later"), &json!("Far too late"))
    );
    let armed = page["tokens"].as_array().unwrap().iter().find(|token| token["kind"] == "armed").unwrap();
    assert_eq!(
        (&armed["element"], &armed["due"]),
        (&json!("later"), &page["timers"][0]["due"]),
        "at its boundary"
    );
    let elsewhere = tempfile::tempdir().unwrap();
    let other = open(elsewhere.path(), Some(&desk.workspace()), None).await;
    let there = crate::desk::ok(&other, "workflow.show_instance", json!({"instance": instance})).await;
    for part in ["instance", "tokens", "timers", "variables"] {
        assert_eq!(there[part], page[part], "{part}");
    }

    desk.act_as("vera").await;
    desk.refused("workflow.claim", json!({"task": task})).await;
    desk.act_as("ivo").await;
    desk.ok("workflow.claim", json!({"task": task})).await;
    desk.ok("workflow.complete", json!({"task": task})).await;
    assert_eq!(desk.instance(&instance).await["instance"]["state"], "completed");
    desk.act_as("ada").await;
    let ended = desk.ok("workflow.plan_migration", json!({"instance": instance, "to": "1"})).await;
    assert_eq!(ended["possible"], false);
}
