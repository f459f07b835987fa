//! What the agent does for processes: it stops the runs of those that end, ends jobs, tells people, passes messages on.

use app::Code;
use governance::Fact;
use serde_json::{Value, json};

use crate::desk::{BUCKET, CHAMPION, Desk, PROJECT, contents, text};
use crate::forgery::write_by_hand;

const HEAD: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"
    xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:flowable="http://flowable.org/bpmn"><message id="m" name="m"/>"#;

async fn imported(desk: &Desk, body: &str) -> Value {
    desk.act_as("ada").await;
    desk.ok("workflow.import_definition", json!({"xml": format!("{HEAD}{body}</definitions>")})).await
}

/// Starts a definition in a project; nothing that is due is done yet.
async fn begun(desk: &Desk, page: &Value, project: &str, variables: Value) -> String {
    assert_eq!(page["definition"]["startable"], true, "{:#}", page["diagnostics"]);
    desk.act_as("ana").await;
    let request = json!({"definition": page["definition"]["id"], "project": project, "variables": variables});
    text(&desk.ok("workflow.start", request).await["id"])
}

/// Has the champion approved, so that it may be migrated, and leaves the process that asked for it.
async fn approved() -> (Desk, String) {
    let (desk, instance) = Desk::started().await;
    desk.bucket(BUCKET);
    desk.decide(&instance, true).await;
    desk.settle().await;
    (desk, instance)
}

/// Another desk asked for the run that the effect of this element needs, and did not come to driving it.
async fn asked_for(desk: &Desk, instance: &str, element: &str) {
    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await;
    let run = json!({
        "run": ledger::Ulid::generate().to_string(), "kind": "migrate", "version": version["version"], "root": version["digest"],
        "target": "bucket", "bucket": BUCKET, "key": format!("by-hand-{element}"), "deadline_s": 7200,
        "cause": {"effect": {"instance": instance, "effect": format!("{instance}/{element}/1")}},
    });
    let fact = Fact::read("run.requested", run).unwrap();
    let position = write_by_hand(desk, "robot", "robot", &[fact]).await;
    let entry = desk.ok("ledger.show", json!({"position": position})).await;
    assert_eq!(entry["void"], Value::Null, "{entry:#}");
}

/// The one run there is was stopped before anything came of it.
async fn is_stopped(desk: &Desk) {
    desk.settle().await;
    let runs = desk.ok("runs.list", json!({})).await;
    assert_eq!(runs["total"], 1, "{runs:#}");
    assert_eq!(runs["rows"][0]["state"], "cancelled", "{runs:#}");
    assert!(contents(&desk.bucket(BUCKET)).is_empty(), "nothing was migrated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_process_stops_its_run() {
    let (desk, instance) = approved().await;
    desk.name_bucket(&instance, "ivo", BUCKET).await;
    asked_for(&desk, &instance, "migrate").await;
    desk.act_as("ada").await;
    desk.ok("workflow.cancel", json!({"instance": instance, "reason": "another model"})).await;
    is_stopped(&desk).await;
    assert_eq!(desk.instance(&instance).await["instance"]["state"], "cancelled");
}

const WATCHED: &str = r#"<process id="watched" name="Watched" isExecutable="true">
    <dataObject id="d" name="BucketName" itemSubjectRef="xsd:string"/><startEvent id="s"/>
    <serviceTask id="move" name="Move" flowable:delegateExpression="${restTask}"><extensionElements>
    <flowable:field name="url"><flowable:expression>countersign:migrate?bucket=${BucketName}</flowable:expression></flowable:field>
    </extensionElements></serviceTask>
    <boundaryEvent id="halt" attachedToRef="move"><messageEventDefinition messageRef="m"/></boundaryEvent>
    <endEvent id="e"/><endEvent id="halted"/><sequenceFlow id="f1" sourceRef="s" targetRef="move"/>
    <sequenceFlow id="f2" sourceRef="move" targetRef="e"/><sequenceFlow id="f3" sourceRef="halt" targetRef="halted"/></process>"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_left_by_its_boundary_stops_its_run() {
    let (desk, _) = approved().await;
    let page = imported(&desk, WATCHED).await;
    let instance = begun(&desk, &page, PROJECT, json!({"BucketName": BUCKET})).await;
    asked_for(&desk, &instance, "move").await;
    desk.act_as("ada").await;
    desk.ok("workflow.deliver", json!({"instance": instance, "kind": "message", "name": "m"})).await;
    is_stopped(&desk).await;
    assert_eq!(desk.instance(&instance).await["instance"]["state"], "completed");
}

const JOB: &str = r#"<process id="job" name="Job" isExecutable="true">
    <dataObject id="d" name="Ended" itemSubjectRef="xsd:string"/><startEvent id="s"/>
    <serviceTask id="j" name="Deploy" flowable:triggerable="true" flowable:delegateExpression="${jobTask}"><extensionElements>
    <flowable:field name="jobDefinitionId" stringValue="job-1"/>
    <flowable:executionListener delegateExpression="${jobStateListener}" event="end">
    <flowable:field name="outputDataObjectName" stringValue="Ended"/></flowable:executionListener></extensionElements></serviceTask>
    <userTask id="t" name="It is ${Ended}"/><endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="j"/>
    <sequenceFlow id="f2" sourceRef="j" targetRef="t"/><sequenceFlow id="f3" sourceRef="t" targetRef="e"/></process>"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_a_process_waits_for_ends_with_what_it_is_bound_to() {
    let desk = Desk::stocked().await;
    let page = imported(&desk, JOB).await;
    let call = json!({"element": "j", "action": "find-project"});
    let page =
        desk.ok("workflow.bind", json!({"definition": page["definition"]["id"], "calls": [call]})).await;
    let instance = begun(&desk, &page, PROJECT, json!({})).await;
    desk.settle().await;
    let page = desk.instance(&instance).await;
    assert_eq!(page["waiting"], json!([]));
    assert_eq!(page["tasks"][0]["name"], "It is completed", "{page:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_claim_a_task_and_whoever_looks_after_a_stuck_process_is_told_once() {
    let (desk, instance) = Desk::started().await;
    let told = |titles: Vec<String>, what: &str| titles.iter().filter(|title| title.contains(what)).count();
    desk.settle().await;
    assert_eq!(told(desk.notices("vera").await, "waits for you"), 1, "a validator may approve");
    assert_eq!(told(desk.notices("ana").await, "waits for you"), 0, "whoever made the model may not");
    // There is no such bucket: the process is stuck until somebody makes it.
    desk.decide(&instance, true).await;
    desk.settle().await;
    desk.name_bucket(&instance, "ivo", BUCKET).await;
    desk.settle().await;
    desk.settle().await;
    assert_eq!(told(desk.notices("ivo").await, "waits for you"), 1);
    for (member, times) in [("ana", 1), ("ada", 1), ("vera", 0)] {
        assert_eq!(told(desk.notices(member).await, "is stuck"), times, "{member}");
    }
    // Tried again and stuck again is another incident.
    desk.act_as("ada").await;
    let incident = desk.instance(&instance).await["incidents"][0]["id"].clone();
    desk.ok("workflow.retry", json!({"instance": instance, "incident": incident})).await;
    desk.settle().await;
    assert_eq!(told(desk.notices("ana").await, "is stuck"), 2);
}

const SENDS: &str = r#"<process id="sends" name="Sends" isExecutable="true">
    <dataObject id="d" name="order" itemSubjectRef="xsd:string"/><startEvent id="s"/>
    <intermediateThrowEvent id="send" name="Send"><messageEventDefinition messageRef="m" flowable:correlationKey="${order}"/></intermediateThrowEvent>
    <userTask id="t" name="Sent"/><endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="send"/>
    <sequenceFlow id="f2" sourceRef="send" targetRef="t"/><sequenceFlow id="f3" sourceRef="t" targetRef="e"/></process>"#;
const WAITS: &str = r#"<process id="waits" name="Waits" isExecutable="true">
    <dataObject id="d" name="order" itemSubjectRef="xsd:string"/><startEvent id="s"/>
    <intermediateCatchEvent id="c" name="Wait"><messageEventDefinition messageRef="m" flowable:correlationKey="${order}"/></intermediateCatchEvent>
    <userTask id="t" name="Heard"/><endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="c"/>
    <sequenceFlow id="f2" sourceRef="c" targetRef="t"/><sequenceFlow id="f3" sourceRef="t" targetRef="e"/></process>"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_reaches_whom_it_is_for_in_its_own_project_first_and_one_that_nobody_hears_is_an_incident()
{
    let desk = Desk::stocked().await;
    desk.ok("registry.create_project", json!({"name": "Other", "description": ""})).await;
    let (waits, sends) = (imported(&desk, WAITS).await, imported(&desk, SENDS).await);
    let elsewhere = begun(&desk, &waits, "Other", json!({"order": "7"})).await;
    let another = begun(&desk, &waits, PROJECT, json!({"order": "8"})).await;
    let here = begun(&desk, &waits, PROJECT, json!({"order": "7"})).await;
    let all = [&here, &elsewhere, &another];
    let mut heard = Vec::new();
    for round in 0..3 {
        let sender = begun(&desk, &sends, PROJECT, json!({"order": "7"})).await;
        desk.settle().await;
        heard.clear();
        for instance in all {
            heard.push(desk.instance(instance).await["waiting"] == json!([]));
        }
        let page = desk.instance(&sender).await;
        let stuck = page["incidents"].as_array().unwrap();
        match round {
            0 => assert_eq!((&heard[..], stuck.len()), (&[true, false, false][..], 0), "{page:#}"),
            1 => assert_eq!((&heard[..], stuck.len()), (&[true, true, false][..], 0), "{page:#}"),
            _ => {
                assert_eq!((&heard[..], stuck.len()), (&[true, true, false][..], 1), "{page:#}");
                assert!(text(&stuck[0]["message"]).contains("nobody waits for the message `m`"));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_definition_starts_nothing_until_it_is_enabled_again() {
    let desk = Desk::stocked().await;
    let page = imported(&desk, WAITS).await;
    let id = page["definition"]["id"].clone();
    let running = begun(&desk, &page, PROJECT, json!({"order": "1"})).await;
    let request = |reason: &str| json!({"definition": id, "reason": reason});
    desk.act_as("dana").await;
    assert_eq!(desk.refused("workflow.disable_definition", request("old")).await.code, Code::Refused);
    desk.act_as("ada").await;
    assert_eq!(desk.refused("workflow.disable_definition", request(" ")).await.code, Code::Refused);
    assert_eq!(desk.refused("workflow.enable_definition", request("why not")).await.code, Code::Refused);
    let written = desk.ok("workflow.disable_definition", request("use the new one")).await;
    let entry = desk.ok("ledger.show", json!({"position": written["position"]})).await;
    assert!(text(&entry["facts"][0]["text"]).contains("use the new one"), "{entry:#}");
    let page = desk.ok("workflow.show_definition", json!({"definition": id})).await;
    assert_eq!(
        (&page["definition"]["disabled"], &page["definition"]["startable"]),
        (&json!("use the new one"), &json!(false))
    );
    desk.act_as("ana").await;
    let start = json!({"definition": id, "project": PROJECT, "variables": {"order": "1"}});
    let refused = desk.refused("workflow.start", start.clone()).await;
    assert!(refused.message.contains("use the new one"), "{refused}");
    // What runs goes on.
    desk.act_as("ada").await;
    let told = json!({"instance": running, "kind": "message", "name": "m", "correlation": "1"});
    desk.ok("workflow.deliver", told).await;
    desk.ok("workflow.enable_definition", request("still needed")).await;
    desk.act_as("ana").await;
    desk.ok("workflow.start", start).await;
}
