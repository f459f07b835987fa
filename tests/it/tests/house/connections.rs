//! Calls of a process to another system, through a connection an administrator allowed.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::desk::{Desk, PROJECT, contents, text};

/// A process that asks for a project by a name it was given, and posts what it found.
const CALLS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="house">
  <process id="calls" name="Calls" isExecutable="true">
    <dataObject id="n" name="Wanted" itemSubjectRef="xsd:string"/>
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="ask"/>
    <serviceTask id="ask" name="Ask" flowable:delegateExpression="${restTask}"><extensionElements>
      <flowable:field name="url"><flowable:expression>/api/things?name=${Wanted}</flowable:expression></flowable:field>
      <flowable:field name="method" stringValue="GET"/><flowable:field name="statusCodes" stringValue="200"/>
    </extensionElements></serviceTask>
    <sequenceFlow id="f2" sourceRef="ask" targetRef="post"/>
    <serviceTask id="post" name="Post" flowable:delegateExpression="${restTask}"><extensionElements>
      <flowable:field name="url" stringValue="/api/jobs"/>
      <flowable:field name="method" stringValue="POST"/><flowable:field name="bodyType" stringValue="JSON"/>
      <flowable:field name="body"><flowable:expression>{"name": "${Wanted}", "found": ${responseBody}}</flowable:expression></flowable:field>
      <flowable:field name="statusCodes" stringValue="201"/>
    </extensionElements></serviceTask>
    <sequenceFlow id="f3" sourceRef="post" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>"#;

/// A server that answers each request with the next of its answers, and keeps what it was asked.
fn serve(answers: &[(u16, &str)]) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    let answers: Vec<(u16, String)> =
        answers.iter().map(|(status, body)| (*status, (*body).to_owned())).collect();
    std::thread::spawn(move || {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            loop {
                let read = stream.read(&mut piece).unwrap();
                request.extend_from_slice(&piece[..read]);
                let so_far = String::from_utf8_lossy(&request).to_lowercase();
                let length = so_far
                    .split("content-length: ")
                    .nth(1)
                    .and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok())
                    .unwrap_or(0);
                let whole = so_far.find("\r\n\r\n").is_some_and(|at| request.len() >= at + 4 + length);
                if whole || read == 0 {
                    break;
                }
            }
            heard.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
            let length = body.len();
            write!(
                stream,
                "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            )
            .unwrap();
        }
    });
    (port, asked)
}

async fn bound(desk: &Desk, port: u16) {
    bound_as(desk, port, CALLS).await;
}

async fn bound_as(desk: &Desk, port: u16, definition: &str) {
    desk.act_as("ada").await;
    let allowed = json!({
        "name": "model-store", "base": format!("http://127.0.0.1:{port}/api"), "methods": ["get", "post"],
        "reach": "private", "credential_header": "Authorization",
    });
    desk.ok("workflow.allow_connection", allowed).await;
    desk.ok("workflow.import_definition", json!({"xml": definition})).await;
    let calls = json!([
        {"element": "ask", "action": "http", "connection": "model-store"},
        {"element": "post", "action": "http", "connection": "model-store"},
    ]);
    let page = desk.ok("workflow.bind", json!({"definition": "Calls", "calls": calls})).await;
    assert_eq!(page["definition"]["startable"], true, "{page:#}");
}

async fn start(desk: &Desk, wanted: &str) -> String {
    desk.act_as("dana").await;
    let request = json!({"definition": "Calls", "project": PROJECT, "variables": {"Wanted": wanted}});
    let started = desk.ok("workflow.start", request).await;
    desk.settle().await;
    text(&started["id"])
}

/// Looks until the instance is as it is wanted.
async fn until(desk: &Desk, instance: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..100 {
        desk.settle().await;
        let page = desk.instance(instance).await;
        if wanted(&page) {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    panic!("it never comes to that: {:#}", desk.instance(instance).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_failed_is_tried_again_by_itself_as_often_as_its_definition_says() {
    let with_tries = |waits: &str| {
        let said = format!("<flowable:failedJobRetryTimeCycle>{waits}</flowable:failedJobRetryTimeCycle>");
        CALLS.replacen("<extensionElements>", &format!("<extensionElements>{said}"), 1)
    };
    let unwell = (500, "");
    let well = [(200, "{}"), (201, "")];
    let answers = [&[unwell][..], &[unwell, unwell], &well, &[unwell, unwell, unwell], &well].concat();
    let (port, asked) = serve(&answers);
    let desk = Desk::stocked().await;
    bound_as(&desk, port, &with_tries("R2/PT1H")).await;
    desk.ok("workflow.keep_credential", json!({"name": "model-store", "value": "Bearer x"})).await;
    let instance = start(&desk, "patient").await;
    let page = desk.instance(&instance).await;
    let again = &page["incidents"][0]["again"];
    assert_eq!((&again["number"], &again["of"]), (&json!(1), &json!(2)), "{page:#}");
    assert!(text(&again["at"]) > text(&page["incidents"][0]["at"]));

    bound_as(&desk, port, &with_tries("PT1S,PT2S")).await;
    let instance = start(&desk, "first").await;
    until(&desk, &instance, |page| page["instance"]["state"] == "completed").await;
    assert_eq!(asked.lock().unwrap().len(), 5);

    // The tries are used up: it waits for somebody, whose own try is one more.
    let instance = start(&desk, "second").await;
    let page = until(&desk, &instance, |page| {
        page["incidents"][0]["again"].is_null() && page["incidents"][0].is_object()
    })
    .await;
    assert_eq!(asked.lock().unwrap().len(), 8);
    desk.act_as("ada").await;
    desk.ok("workflow.retry", json!({"instance": instance, "incident": page["incidents"][0]["id"]})).await;
    until(&desk, &instance, |page| page["instance"]["state"] == "completed").await;
    let keys =
        asked.lock().unwrap().iter().filter(|call| call.contains(&format!("{instance}/ask/1"))).count();
    assert_eq!(keys, 4, "every attempt has the same key");
}

fn incident(page: &Value) -> (String, String) {
    let incidents = page["incidents"].as_array().unwrap();
    assert_eq!(incidents.len(), 1, "{page:#}");
    (text(&incidents[0]["id"]), text(&incidents[0]["message"]))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bound_call_goes_through_its_connection_with_its_credential_and_its_values_stay_in_their_places() {
    let (port, asked) = serve(&[(200, "{\"id\": 7}"), (201, "")]);
    let desk = Desk::stocked().await;
    bound(&desk, port).await;
    let hostile = "a&admin=1\", \"admin\": true, \"x\": \"#";
    let instance = start(&desk, hostile).await;
    let (number, message) = incident(&desk.instance(&instance).await);
    assert!(message.contains("does not hold the credential"), "{message}");
    assert!(asked.lock().unwrap().is_empty());

    desk.ok("workflow.keep_credential", json!({"name": "model-store", "value": "Bearer very-hidden"})).await;
    desk.act_as("ada").await;
    desk.ok("workflow.retry", json!({"instance": instance, "incident": number})).await;
    desk.settle().await;
    let page = desk.instance(&instance).await;
    assert_eq!(page["instance"]["state"], "completed", "{page:#}");

    let asked = asked.lock().unwrap().clone();
    let first = asked[0].lines().next().unwrap();
    assert_eq!(
        first,
        "GET /api/things?name=a%26admin%3D1%22%2C%20%22admin%22%3A%20true%2C%20%22x%22%3A%20%22%23 HTTP/1.1"
    );
    assert!(asked[0].contains("authorization: Bearer very-hidden"), "{}", asked[0]);
    assert!(asked[0].contains(&format!("idempotency-key: {instance}/ask/1")), "{}", asked[0]);
    let body: Value = serde_json::from_str(asked[1].split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(body, json!({"name": hostile, "found": {"id": 7}}));
    // The secret is on this desk alone.
    for (path, bytes) in contents(&desk.workspace()) {
        assert!(!bytes.windows(11).any(|part| part == b"very-hidden"), "{path}");
    }
    let rows = desk.ok("workflow.list_connections", json!({})).await;
    assert_eq!((&rows[0]["credential_here"], &rows[0]["reach"]), (&json!(true), &json!("private")));
    assert!(!rows.to_string().contains("very-hidden"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_is_asked_again_later_and_a_wrong_answer_is_an_incident() {
    let (port, asked) = serve(&[(503, "later"), (404, "no such thing")]);
    let desk = Desk::stocked().await;
    bound(&desk, port).await;
    desk.ok("workflow.keep_credential", json!({"name": "model-store", "value": "Bearer x"})).await;
    let instance = start(&desk, "a").await;
    let page = desk.instance(&instance).await;
    assert!(page["incidents"].as_array().unwrap().is_empty(), "{page:#}");
    assert_eq!(page["effects"].as_array().unwrap().len(), 1, "it waits for its next attempt");
    desk.settle().await;
    assert_eq!(asked.lock().unwrap().len(), 1, "but not at once");

    let other = start(&desk, "b").await;
    let (_, message) = incident(&desk.instance(&other).await);
    assert!(message.contains("404"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_administrator_opens_a_door_and_nothing_goes_where_none_is() {
    let desk = Desk::stocked().await;
    let allow = |base: &str| json!({"name": "store", "base": base});
    desk.act_as("dana").await;
    let role = desk.refused("workflow.allow_connection", allow("https://models.example.com/")).await;
    assert!(role.message.contains("administrator"), "{role}");
    desk.act_as("ada").await;
    for (request, why) in [
        (allow("https://127.0.0.1/"), "private or local"),
        (allow("http://models.example.com/"), "not encrypted"),
        (allow("https://models.example.com/?a=b"), "without user"),
        (json!({"name": "Store", "base": "https://models.example.com/"}), "`Store`"),
        (json!({"name": "store", "base": "https://models.example.com/", "methods": ["TRACE"]}), "`TRACE`"),
        (json!({"name": "store", "base": "https://models.example.com/", "reach": "moon"}), "`moon`"),
        (json!({"name": "store", "base": "https://models.example.com/", "timeout_s": 0}), "time limit"),
        (
            json!({"name": "store", "base": "https://models.example.com/", "answer_bytes_max": 1_000_000}),
            "1000000",
        ),
    ] {
        let failure = desk.refused("workflow.allow_connection", request).await;
        assert!(failure.message.contains(why), "{why}: {failure}");
    }
    desk.ok("workflow.import_definition", json!({"xml": CALLS})).await;
    for (call, why) in [
        (json!({"element": "ask", "action": "http"}), "needs a connection"),
        (json!({"element": "ask", "action": "http", "connection": "store"}), "`store`"),
    ] {
        let failure = desk.refused("workflow.bind", json!({"definition": "Calls", "calls": [call]})).await;
        assert!(failure.message.contains(why), "{failure}");
    }
    desk.ok("workflow.allow_connection", allow("https://models.example.com/api")).await;
    let call = json!({"element": "ask", "action": "train", "connection": "store"});
    let failure = desk.refused("workflow.bind", json!({"definition": "Calls", "calls": [call]})).await;
    assert!(failure.message.contains("goes through no connection"), "{failure}");
    let no_header = desk.refused("workflow.keep_credential", json!({"name": "store", "value": "x"})).await;
    assert!(no_header.message.contains("cannot carry"), "{no_header}");

    let calls = json!([
        {"element": "ask", "action": "http", "connection": "store"},
        {"element": "post", "action": "notify"},
    ]);
    desk.ok("workflow.bind", json!({"definition": "Calls", "calls": calls})).await;
    desk.ok("workflow.withdraw_connection", json!({"name": "store", "reason": "contract ended"})).await;
    desk.refused("workflow.withdraw_connection", json!({"name": "store"})).await;
    desk.act_as("dana").await;
    let closed = desk.refused("workflow.start", json!({"definition": "Calls", "project": PROJECT})).await;
    assert!(closed.message.contains("`store`"), "{closed}");
}
