//! What an instance's page says was done to it: by names, and with how late its timers were.

use app::Code;
use serde_json::{Value, json};

use crate::desk::{CHAMPION, Desk, PROJECT, text};

/// A task with a timer at its boundary that goes off every hour.
const HOURLY: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
    <process id="p" name="Hourly" isExecutable="true"><startEvent id="s"/><userTask id="t" name="Look at it"/>
    <boundaryEvent id="tick" name="Every hour" attachedToRef="t" cancelActivity="false"><timerEventDefinition>
    <timeCycle>R9/PT1H</timeCycle></timerEventDefinition></boundaryEvent><endEvent id="e"/><endEvent id="e2"/>
    <sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>
    <sequenceFlow id="h" sourceRef="tick" targetRef="e2"/></process></definitions>"#;

async fn started(desk: &Desk, xml: &str) -> String {
    desk.act_as("ada").await;
    let page = desk.ok("workflow.import_definition", json!({"xml": xml})).await;
    assert_eq!(page["definition"]["startable"], true, "{:#}", page["diagnostics"]);
    let request = json!({"definition": page["definition"]["id"], "project": PROJECT});
    text(&desk.ok("workflow.start", request).await["id"])
}

fn log(page: &Value) -> Vec<String> {
    page["log"].as_array().unwrap().iter().map(|row| text(&row["text"])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_tasks_and_timers_and_says_how_late_a_timer_was() {
    let desk = Desk::stocked_in_memory("operations").await;
    let instance = started(&desk, HOURLY).await;
    // The desks are closed for three hours and five minutes: three ticks count as one, two hours and some late.
    desk.clock.advance(std::time::Duration::from_secs(3 * 3600 + 300));
    desk.settle().await;
    let task = desk.task(&instance).await;
    desk.ok("workflow.claim", json!({"task": task})).await;
    desk.ok("workflow.complete", json!({"task": task, "answers": {}})).await;
    let told = log(&desk.instance(&instance).await);
    for expected in [
        "timer “Every hour” fired 2 h 5 min late; 3 ticks taken together",
        "claimed “Look at it”",
        "completed “Look at it”",
    ] {
        assert!(
            told.iter().any(|line| line.replace(['\u{2068}', '\u{2069}'], "") == expected),
            "{expected}: {told:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_of_other_evidence_than_was_read_is_refused() {
    let (desk, instance) = Desk::started().await;
    desk.act_as("vera").await;
    let task = desk.task(&instance).await;
    desk.ok("workflow.claim", json!({"task": task})).await;
    let page = desk.ok("workflow.show_task", json!({"task": task})).await;
    let read = page["evidence_digests"].as_array().unwrap();
    assert_eq!(read.len(), 1);
    let request = |evidence: Value, definition: &Value| {
        json!({"task": task, "answers": {"ModelIsApproved": true}, "seen_digest": page["digest"],
               "seen_evidence": evidence, "seen_definition": definition})
    };
    let another = json!("01JD4Y6DEF0000000000000000");
    for (evidence, definition) in [
        (json!([]), &page["definition"]),
        (json!([page["digest"]]), &page["definition"]),
        (json!(read), &another),
    ] {
        let failure = desk.refused("workflow.complete", request(evidence, definition)).await;
        assert_eq!(failure.code, Code::Refused, "{failure}");
    }
    desk.ok("workflow.complete", request(json!(read), &page["definition"])).await;
    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await;
    assert_eq!(version["approvals"][0]["member"], "vera");
}
