//! Processes that call processes of other definitions, and files with several processes.

use app::Code;
use serde_json::{Value, json};

use crate::desk::{CHAMPION, Desk, PROJECT, text};

const HEAD: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:flowable="http://flowable.org/bpmn">"#;

/// Calls `review` and asks somebody afterwards; and beside it a process of its own that only asks.
const CALLS: &str = r#"<process id="caller" name="Caller" isExecutable="true"><startEvent id="s"/>
    <callActivity id="c" name="Have it reviewed" calledElement="review"/>
    <userTask id="t" name="Archive"/><endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="c"/><sequenceFlow id="f2" sourceRef="c" targetRef="t"/>
    <sequenceFlow id="f3" sourceRef="t" targetRef="e"/></process>
    <process id="other" name="Only archive" isExecutable="true"><startEvent id="s2"/><userTask id="t2" name="Archive alone"/><endEvent id="e2"/>
    <sequenceFlow id="g1" sourceRef="s2" targetRef="t2"/><sequenceFlow id="g2" sourceRef="t2" targetRef="e2"/></process></definitions>"#;

/// An approval by people that this definition calls `board`, and a notice; its element `t` is another than the caller's.
const REVIEW: &str = r#"<process id="review" name="Review" isExecutable="true">
    <dataObject id="d" name="IsApproved" itemSubjectRef="xsd:boolean"/><startEvent id="s"/>
    <userTask id="t" name="Approve it" flowable:candidateGroups="board"><extensionElements>
    <flowable:formProperty id="IsApproved" name="Do you approve?" type="boolean" required="true"/></extensionElements></userTask>
    <exclusiveGateway id="x" default="no"/>
    <serviceTask id="look" name="Look up" flowable:delegateExpression="${restTask}"><extensionElements>
    <flowable:field name="url"><flowable:string>countersign:find-project</flowable:string></flowable:field></extensionElements></serviceTask>
    <endEvent id="e"/><endEvent id="e2"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="x"/>
    <sequenceFlow id="yes" sourceRef="x" targetRef="look"><conditionExpression>${IsApproved}</conditionExpression></sequenceFlow>
    <sequenceFlow id="no" sourceRef="x" targetRef="e2"/><sequenceFlow id="f3" sourceRef="look" targetRef="e"/></process></definitions>"#;

async fn imported(desk: &Desk, body: &str) -> Value {
    desk.act_as("ada").await;
    desk.ok("workflow.import_definition", json!({"xml": format!("{HEAD}{body}")})).await
}

async fn started(desk: &Desk, definition: &Value, process: Option<&str>) -> String {
    desk.act_as("ana").await;
    let mut request = json!({"definition": definition, "project": PROJECT});
    if let Some(process) = process {
        request["process"] = json!(process);
    }
    let started = desk.ok("workflow.start", request).await;
    desk.settle().await;
    text(&started["id"])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_called_process_runs_by_the_bindings_of_its_own_definition_in_the_version_bound() {
    let desk = Desk::stocked().await;
    // Without the other definition it is kept, and cannot be started.
    let caller = imported(&desk, CALLS).await;
    assert_eq!(caller["definition"]["startable"], false);
    assert_eq!(caller["called"][0]["process"], "review", "{:#}", caller["called"]);
    let id = caller["definition"]["id"].clone();
    desk.act_as("ana").await;
    let refused = desk.refused("workflow.start", json!({"definition": id, "project": PROJECT})).await;
    assert!(refused.message.contains("review") || refused.hint.contains("review"), "{refused}");

    let review = imported(&desk, REVIEW).await;
    let bind = json!({"definition": review["definition"]["id"], "parties": [{"kind": "group", "name": "board", "role": "validator"}]});
    let review = desk.ok("workflow.bind", bind).await;
    assert_eq!(review["definition"]["startable"], true, "{:#}", review["diagnostics"]);
    let nonsense = json!({"definition": id, "called": [{"process": "nobody", "definition": "Review"}]});
    assert_eq!(desk.refused("workflow.bind", nonsense).await.code, Code::Refused);
    let bind = json!({"definition": id, "called": [{"process": "review", "definition": "Review"}]});
    let caller = desk.ok("workflow.bind", bind).await;
    assert_eq!(caller["called"][0]["bound"]["version"], 1, "{:#}", caller["called"]);
    assert_eq!(caller["definition"]["startable"], true, "{:#}", caller["diagnostics"]);

    let instance = started(&desk, &id, None).await;
    let page = desk.instance(&instance).await;
    let task = page["tasks"][0].clone();
    assert_eq!((&task["name"], &task["is_gate"]), (&json!("Approve it"), &json!(true)), "{page:#}");
    assert_eq!(task["candidates"], json!(["role validator"]), "as the called definition is bound");
    // Both documents have an element `t`: the token stands in the one that is called, and each has its diagram.
    let stands = |page: &Value| -> Vec<(String, String)> {
        let tokens = page["tokens"].as_array().unwrap().iter();
        tokens.map(|token| (text(&token["process"]), text(&token["element"]))).collect()
    };
    let pair = |process: &str, element: &str| (process.to_owned(), element.to_owned());
    assert_eq!(stands(&page), [pair("caller", "c"), pair("review", "t")]);
    let drawn: Vec<Value> =
        page["diagrams"].as_array().unwrap().iter().map(|one| one["processes"].clone()).collect();
    assert_eq!(drawn, [json!(["caller", "other"]), json!(["review"])]);
    assert_eq!(page["diagrams"][1]["name"], "Review (version 1)");

    // A newer version of what it called changes nothing for what runs.
    let newer = imported(&desk, &REVIEW.replace("Approve it", "Approve it twice")).await;
    assert_eq!(newer["definition"]["version"], 2);
    let page = desk.ok("workflow.show_definition", json!({"definition": id})).await;
    assert_eq!(page["called"][0]["bound"]["version"], 1);
    assert_eq!(page["called"][0]["choices"][0]["version"], 2, "a newer one is offered");

    desk.act_as("ivo").await;
    desk.refused("workflow.claim", json!({"task": task["id"]})).await;
    desk.act_as("vera").await;
    desk.ok("workflow.claim", json!({"task": task["id"]})).await;
    let shown = desk.ok("workflow.show_task", json!({"task": task["id"]})).await;
    assert_eq!(
        shown["definition"], review["definition"]["id"],
        "what is signed names the definition of the gate"
    );
    let unsigned = json!({"task": task["id"], "answers": {"IsApproved": true}, "note": ""});
    desk.refused("workflow.complete", unsigned).await;
    desk.ok(
        "workflow.complete",
        json!({"task": task["id"], "answers": {"IsApproved": true}, "note": "read", "seen_digest": shown["digest"],
               "seen_evidence": shown["evidence_digests"], "seen_definition": shown["definition"]}),
    )
    .await;
    desk.settle().await;
    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await;
    assert_eq!(version["approvals"][0]["member"], "vera");
    let page = desk.instance(&instance).await;
    assert_eq!(page["incidents"], json!([]), "its call is bound in its own definition");
    assert_eq!(page["tasks"][0]["name"], "Archive");
    assert_eq!(page["tasks"][0]["is_gate"], false, "an element of the same id in the caller is no gate");
    assert_eq!(stands(&page), [pair("caller", "t")]);
    let left = |element: &str| {
        page["elements"].as_array().unwrap().iter().find(|row| row["element"] == element).unwrap().clone()
    };
    assert_eq!((&left("x")["process"], &left("c")["process"]), (&json!("review"), &json!("caller")));
    assert_eq!((&left("t")["process"], &left("t")["by"]), (&Value::Null, &json!(["vera"])), "who did it");
    let task = text(&page["tasks"][0]["id"]);
    desk.ok("workflow.claim", json!({"task": task})).await;
    desk.ok("workflow.complete", json!({"task": task, "answers": {}})).await;
    assert_eq!(desk.instance(&instance).await["instance"]["state"], "completed");
    let verified = desk.ok("workspace.verify", json!({})).await;
    assert_eq!(verified["problems"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_plays_what_is_called_in_the_version_bound_and_any_process_of_the_file() {
    let desk = Desk::stocked().await;
    let review = imported(&desk, REVIEW).await;
    let caller = imported(&desk, CALLS).await;
    let id = &caller["definition"]["id"];
    assert_eq!(caller["called"][0]["bound"]["id"], review["definition"]["id"]);
    imported(&desk, &REVIEW.replace("Approve it", "Approve it twice")).await;
    let played = desk
        .ok("workflow.rehearse", json!({"definition": id, "replies": [], "steps": [{"start": {}}]}))
        .await;
    assert_eq!(played["failure"], Value::Null, "{played:#}");
    assert_eq!(played["states"][0]["tasks"][0]["name"], "Approve it", "{:#}", played["states"][0]);
    let names: Vec<String> =
        played["processes"].as_array().unwrap().iter().map(|one| text(&one["id"])).collect();
    assert_eq!(names, ["caller", "other"]);
    let steps = json!([{"start": {}, "process": "other"}]);
    let played = desk.ok("workflow.rehearse", json!({"definition": id, "replies": [], "steps": steps})).await;
    assert_eq!(played["states"][0]["tasks"][0]["name"], "Archive alone");
    // A working copy is bound to nothing yet: what it would be bound to is played.
    let design = desk.ok("workflow.begin_design", json!({"definition": id})).await;
    let request = json!({"design": design["design"]["id"], "replies": [], "steps": [{"start": {}}]});
    let played = desk.ok("workflow.rehearse", request).await;
    assert_eq!(played["states"][0]["tasks"][0]["name"], "Approve it", "{:#}", played["failure"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_before_an_import_says_which_processes_it_calls_elsewhere() {
    let desk = Desk::stocked().await;
    let read = json!({"xml": format!("{HEAD}{CALLS}")});
    let reading = desk.ok("workflow.inspect_definition", read.clone()).await;
    assert_eq!(reading["called"][0]["process"], "review");
    assert_eq!(reading["called"][0]["bound"], Value::Null, "{reading:#}");
    let review = imported(&desk, REVIEW).await;
    let reading = desk.ok("workflow.inspect_definition", read).await;
    assert_eq!(reading["called"][0]["bound"]["id"], review["definition"]["id"]);
    // Two hold it: whoever imports says which.
    imported(&desk, &REVIEW.replace("name=\"Review\"", "name=\"Review elsewhere\"")).await;
    let called = json!([{"process": "review", "definition": "Review"}]);
    let page = desk
        .ok("workflow.import_definition", json!({"xml": format!("{HEAD}{CALLS}"), "called": called}))
        .await;
    assert_eq!(page["called"][0]["bound"]["id"], review["definition"]["id"]);
    assert_eq!(page["called"][0]["choices"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_called_definition_that_is_bound_anew_is_so_for_tasks_that_are_open_already() {
    let desk = Desk::stocked().await;
    let review = imported(&desk, REVIEW).await;
    let bind = |role: &str| {
        let board = json!({"kind": "group", "name": "board", "role": role});
        json!({"definition": review["definition"]["id"], "parties": [board]})
    };
    desk.ok("workflow.bind", bind("validator")).await;
    let caller = imported(&desk, CALLS).await;
    let instance = started(&desk, &caller["definition"]["id"], None).await;
    assert_eq!(desk.instance(&instance).await["tasks"][0]["candidates"], json!(["role validator"]));
    desk.act_as("ada").await;
    desk.ok("workflow.bind", bind("it")).await;
    assert_eq!(desk.instance(&instance).await["tasks"][0]["candidates"], json!(["role it"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_processes_in_a_file_the_one_that_is_named_starts() {
    let desk = Desk::stocked().await;
    let review = imported(&desk, REVIEW).await;
    let bind = json!({"definition": review["definition"]["id"], "parties": [{"kind": "group", "name": "board", "role": "validator"}]});
    desk.ok("workflow.bind", bind).await;
    let page = imported(&desk, CALLS).await;
    assert_eq!(page["called"][0]["bound"]["name"], "Review", "the only one that holds it binds itself");
    let names: Vec<String> =
        page["processes"].as_array().unwrap().iter().map(|one| text(&one["name"])).collect();
    assert_eq!(names, ["Caller", "Only archive"]);
    let id = &page["definition"]["id"];
    let instance = started(&desk, id, Some("other")).await;
    assert_eq!(desk.instance(&instance).await["tasks"][0]["name"], "Archive alone");
    let instance = started(&desk, id, None).await;
    assert_eq!(desk.instance(&instance).await["tasks"][0]["name"], "Approve it");
    let none = json!({"definition": id, "project": PROJECT, "process": "nobody"});
    assert_eq!(desk.refused("workflow.start", none).await.code, Code::Refused);
}
