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

#[tokio::test(flavor = "multi_thread")]
async fn timers_of_several_instances_fire_in_the_order_they_were_due() {
    let twice = HOURLY.replace("<timeCycle>R9/PT1H</timeCycle>", "<timeDuration>PT1H</timeDuration>").replace(
        "<endEvent id=\"e2\"/>",
        "<endEvent id=\"e2\"/><boundaryEvent id=\"later\" attachedToRef=\"t\" cancelActivity=\"false\"><timerEventDefinition>\
         <timeDuration>PT3H</timeDuration></timerEventDefinition></boundaryEvent><endEvent id=\"e3\"/>\
         <sequenceFlow id=\"i\" sourceRef=\"later\" targetRef=\"e3\"/>",
    );
    let desk = Desk::stocked_in_memory("order").await;
    let first = started(&desk, &twice).await;
    desk.clock.advance(std::time::Duration::from_secs(1800));
    let second = started(&desk, &twice).await;
    desk.clock.advance(std::time::Duration::from_secs(5 * 3600));
    desk.settle().await;
    let mut fired = Vec::new();
    for (name, instance) in [("first", &first), ("second", &second)] {
        for row in desk.instance(instance).await["log"].as_array().unwrap() {
            if text(&row["text"]).contains(" fired ") {
                fired.push((row["position"].as_u64().unwrap(), name));
            }
        }
    }
    fired.sort_unstable();
    let order: Vec<&str> = fired.into_iter().map(|(_, name)| name).collect();
    assert_eq!(order, ["first", "second", "first", "second"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_nobody_may_claim_by_the_roles_there_are_is_found_when_it_is_read_and_imported() {
    let desk = Desk::stocked().await;
    desk.act_as("ada").await;
    let guarded = HOURLY.replace("xmlns=", "xmlns:flowable=\"http://flowable.org/bpmn\" xmlns=").replace(
        "name=\"Look at it\"/>",
        "name=\"Look at it\" flowable:candidateGroups=\"data-engineer\"><extensionElements>\
         <flowable:customResource flowable:name=\"ExcludedOwner\"><resourceAssignmentExpression>\
         <formalExpression>user(dana), user(ada)</formalExpression></resourceAssignmentExpression>\
         </flowable:customResource></extensionElements></userTask>",
    );
    let found = |page: &Value| {
        let all = page["diagnostics"].as_array().unwrap().iter();
        all.filter(|one| one["code"] == "nobody-may-claim")
            .map(|one| text(&one["element"]))
            .collect::<Vec<_>>()
    };
    let read = desk.ok("workflow.inspect_definition", json!({"xml": guarded})).await;
    assert_eq!(found(&read), ["t"], "{:#}", read["diagnostics"]);
    let page = desk.ok("workflow.import_definition", json!({"xml": guarded})).await;
    assert_eq!(found(&page), ["t"]);
    let design = desk.ok("workflow.begin_design", json!({"definition": page["definition"]["id"]})).await;
    assert_eq!(found(&design), ["t"]);
    // Somebody else comes into the group, and it is well.
    desk.ok("people.grant", json!({"name": "ivo", "roles": ["data-engineer"]})).await;
    let page = desk.ok("workflow.show_definition", json!({"definition": page["definition"]["id"]})).await;
    assert_eq!(found(&page), Vec::<String>::new());
}

/// A receive task, and beside it a message with a value to carry; both say what they brought.
const TOLD: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"
    xmlns:flowable="http://flowable.org/bpmn"><message id="m" name="contract"/>
    <process id="p" name="Told" isExecutable="true"><startEvent id="s"/><parallelGateway id="fork"/>
    <receiveTask id="r" name="Wait for the scan"/><userTask id="a" name="Scanned"/>
    <subProcess id="sub" name="Signing"><dataObject id="d" name="Tries" itemSubjectRef="xsd:long"><extensionElements>
    <flowable:value>1</flowable:value></extensionElements></dataObject><startEvent id="s2"/>
    <intermediateCatchEvent id="c" name="Contract signed"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
    <endEvent id="e3"/><sequenceFlow id="g1" sourceRef="s2" targetRef="c"/><sequenceFlow id="g2" sourceRef="c" targetRef="e3"/></subProcess>
    <userTask id="b" name="Signed"/><endEvent id="e"/><endEvent id="e2"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="fork"/><sequenceFlow id="f2" sourceRef="fork" targetRef="r"/>
    <sequenceFlow id="f3" sourceRef="fork" targetRef="sub"/><sequenceFlow id="f4" sourceRef="r" targetRef="a"/>
    <sequenceFlow id="f5" sourceRef="sub" targetRef="b"/><sequenceFlow id="f6" sourceRef="a" targetRef="e"/>
    <sequenceFlow id="f7" sourceRef="b" targetRef="e2"/></process></definitions>"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_an_instance_waits_for_is_delivered_by_whoever_may_and_to_nobody_else() {
    let desk = Desk::stocked().await;
    let instance = started(&desk, TOLD).await;
    let page = desk.instance(&instance).await;
    let waiting: Vec<(String, String)> = page["waiting"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (text(&row["kind"]), text(&row["name"])))
        .collect();
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    for known in [("receive", "Wait for the scan"), ("message", "Contract signed")] {
        assert!(waiting.contains(&(known.0.to_owned(), known.1.to_owned())), "{waiting:?}");
    }
    let event = |kind: &str, name: &str, variables: Value| json!({"instance": instance, "kind": kind, "name": name, "variables": variables});
    desk.act_as("vera").await;
    let refused = desk.refused("workflow.deliver", event("message", "contract", json!({}))).await;
    assert_eq!(refused.code, Code::Refused, "{refused}");
    desk.act_as("ada").await;
    for (kind, name, code) in [
        ("message", "another", Code::NotFound),
        ("signal", "contract", Code::NotFound),
        ("trigger", "Contract signed", Code::NotFound),
        ("wish", "contract", Code::Usage),
    ] {
        let failure = desk.refused("workflow.deliver", event(kind, name, json!({}))).await;
        assert_eq!(failure.code, code, "{kind} {name}: {failure}");
    }
    // What a sub-process knows is corrected there, and not in the process.
    let scope = &page["scopes"][0];
    assert_eq!(
        (text(&scope["name"]), &scope["variables"][0]["name"]),
        ("Signing".to_owned(), &json!("Tries"))
    );
    let corrected = json!({"instance": instance, "scope": scope["id"], "variables": {"Tries": 2}});
    desk.ok("workflow.set_variables", corrected).await;
    let page = desk.instance(&instance).await;
    assert_eq!(page["scopes"][0]["variables"][0]["value"], 2);
    assert!(
        page["variables"].as_array().unwrap().iter().all(|row| row["name"] != "Tries"),
        "{:#}",
        page["variables"]
    );
    desk.ok("workflow.deliver", event("trigger", "Wait for the scan", json!({"Pages": 3}))).await;
    desk.ok("workflow.deliver", event("message", "contract", json!({}))).await;
    let page = desk.instance(&instance).await;
    let mut tasks: Vec<String> =
        page["tasks"].as_array().unwrap().iter().map(|row| text(&row["name"])).collect();
    tasks.sort();
    assert_eq!(
        (tasks, page["waiting"].as_array().unwrap().len()),
        (vec!["Scanned".to_owned(), "Signed".to_owned()], 0)
    );
    assert!(
        page["variables"].as_array().unwrap().iter().any(|row| row["name"] == "Pages" && row["value"] == 3)
    );
}
