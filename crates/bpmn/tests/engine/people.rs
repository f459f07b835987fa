//! Who may take a task, and what answers must be.

use crate::*;

fn task(attributes: &str, inside: &str) -> String {
    definition(&format!(
        "<dataObject id=\"d\" name=\"ok\" itemSubjectRef=\"xsd:boolean\"/>
         <dataObject id=\"n\" name=\"number\" itemSubjectRef=\"xsd:long\"/>
         <extensionElements>
         <sasbpmn:prompt id=\"p1\" name=\"Really?\" dataObjectRef=\"d\"/><sasbpmn:prompt id=\"p2\" name=\"How many?\" dataObjectRef=\"n\"/>
         <sasbpmn:promptValue id=\"yes\" name=\"Yes\" type=\"xsd:boolean\" value=\"true\"/>
         <sasbpmn:promptValue id=\"no\" name=\"No\" type=\"xsd:boolean\" value=\"false\"/>
         </extensionElements>
         <startEvent id=\"start\" flowable:initiator=\"starter\"/><userTask id=\"a\" name=\"A\" {attributes}>{inside}</userTask>
         <userTask id=\"z\" name=\"Z\"/>
         start -> a -> z"
    ))
}

fn owner(expression: &str) -> String {
    format!(
        "<potentialOwner><resourceAssignmentExpression><formalExpression>{expression}</formalExpression>\
         </resourceAssignmentExpression></potentialOwner>"
    )
}

fn excluded(expression: &str) -> String {
    format!(
        "<extensionElements><flowable:customResource flowable:name=\"ExcludedOwner\"><resourceAssignmentExpression>\
         <formalExpression>{expression}</formalExpression></resourceAssignmentExpression></flowable:customResource></extensionElements>"
    )
}

#[test]
fn candidates_come_from_every_way_of_naming_them() {
    let seen = |attributes: &str, inside: &str| {
        let script: Script = serde_json::from_value(
            json!({"variables": {"list": ["x", "y"], "who": "w"}, "steps": [{"start": {}, "as": "sam"}]}),
        )
        .unwrap();
        let answer = simulate(task(attributes, inside).as_bytes(), &script, &[]);
        let task = serde_json::to_value(&answer.states[0].tasks[0]).unwrap();
        (task["assignee"].clone(), task["candidates"].clone())
    };
    let of = |users: &[&str], groups: &[&str], excluded: &[&str]| json!({"users": users, "groups": groups, "excluded": excluded});
    let rows = [
        ("", owner("user(ana), user(ben)"), Json::Null, of(&["ana", "ben"], &[], &[])),
        ("", owner("group(G), user(${who}), bare"), Json::Null, of(&["w"], &["G", "bare"], &[])),
        ("flowable:candidateUsers=\"ana, ${who}\"", String::new(), Json::Null, of(&["ana", "w"], &[], &[])),
        ("camunda:candidateGroups=\"${list}\"", String::new(), Json::Null, of(&[], &["x", "y"], &[])),
        ("flowable:assignee=\"${starter}\"", String::new(), json!("sam"), of(&[], &[], &[])),
        ("", excluded("user(ben), initiator"), Json::Null, of(&[], &[], &["ben", "sam"])),
        (
            "",
            excluded("group(G), modeler(project)"),
            Json::Null,
            of(&[], &[], &["modeler(project)", "group(G)"]),
        ),
    ];
    for (attributes, inside, assignee, candidates) in rows {
        assert_eq!(seen(attributes, &inside), (assignee, candidates), "{attributes} {inside}");
    }
}

#[test]
fn only_those_named_may_take_a_task_and_never_those_excluded() {
    let process = task("", &format!("{}{}", excluded("user(cy)"), owner("user(ana), user(ben)")));
    let claim = |who: &str| json!({"claim": "A", "as": who});
    let done = |who: &str| json!({"complete": "A", "as": who});
    check(&process, &[(start(), "task A"), (done("cy"), "failure barred")]);
    check(&process, &[(start(), "task A"), (claim("dan"), "failure barred")]);
    check(&process, &[(start(), "task A"), (claim("ana"), "task A"), (claim("ben"), "failure held")]);
    check(&process, &[(start(), "task A"), (claim("ana"), "task A"), (done("ben"), "failure held")]);
    check(&process, &[(start(), "task A"), (claim("ana"), "task A"), (done("ana"), "task Z")]);
    // Groups have no members here, so a candidate group stops nobody.
    check(&task("", &owner("group(G)")), &[(start(), "task A"), (done("anybody"), "task Z")]);
}

#[test]
fn somebody_else_than_who_did_the_other_task() {
    let process = definition(&format!(
        "<startEvent id=\"start\"/><userTask id=\"a\" name=\"A\"/><userTask id=\"b\" name=\"B\">{}</userTask>
         start -> a -> b",
        excluded("completerOf(A)")
    ));
    let done = |task: &str, who: &str| json!({"complete": task, "as": who});
    check(
        &process,
        &[(start(), "task A"), (done("A", "ana"), "task B"), (done("B", "ana"), "failure barred")],
    );
    check(&process, &[(start(), "task A"), (done("A", "ana"), "task B"), (done("B", "ben"), "completed")]);
}

const PROMPTS: &str = "<extensionElements>
    <sasbpmn:promptDefinition promptRef=\"p1\" required=\"true\"><sasbpmn:promptValueDefinition promptValueRef=\"yes\"/>
    <sasbpmn:promptValueDefinition promptValueRef=\"no\"/></sasbpmn:promptDefinition>
    <sasbpmn:promptDefinition promptRef=\"p2\" required=\"false\"/></extensionElements>";

#[test]
fn a_person_answers_what_is_required_of_the_right_type_and_among_the_choices() {
    let process = task("", PROMPTS);
    let answered = |answers: Json| json!({"complete": "A", "as": "ana", "answers": answers});
    for bad in [
        json!({}),
        json!({"ok": null}),
        json!({"ok": "perhaps"}),
        json!({"ok": true, "number": "x"}),
        json!({"ok": true, "number": 1.5}),
    ] {
        check(&process, &[(start(), "task A"), (answered(bad), "failure answer")]);
    }
    for good in [
        json!({"ok": true}),
        json!({"ok": "FALSE"}),
        json!({"ok": false, "number": "17"}),
        json!({"ok": true, "other": [1]}),
    ] {
        check(&process, &[(start(), "task A"), (answered(good), "task Z")]);
    }
    // The author rehearsing leaves out what they like.
    check(&process, &[(start(), "task A"), (complete("A"), "task Z")]);
}

#[test]
fn answers_are_stored_typed_as_their_data_object_says() {
    let script: Script = serde_json::from_value(json!({"steps": [
        {"start": {}}, {"complete": "A", "answers": {"ok": "true", "number": "17", "other": "17"}}
    ]}))
    .unwrap();
    let states = simulate(task("", PROMPTS).as_bytes(), &script, &[]).states;
    let prompt = &serde_json::to_value(&states[0]).unwrap()["tasks"][0]["prompts"][0];
    assert_eq!(
        prompt,
        &json!({"variable": "ok", "question": "Really?", "type": "boolean", "required": true,
            "choices": [{"label": "Yes", "value": true}, {"label": "No", "value": false}]})
    );
    let variables = serde_json::to_value(&states[1].variables).unwrap();
    assert_eq!(variables, json!({"ok": true, "number": 17, "other": "17", "starter": null}));
}

#[test]
fn form_properties_of_other_engines_ask_too() {
    let flowable = "<extensionElements><flowable:formProperty id=\"x\" name=\"How?\" type=\"long\" required=\"true\"/>\
        <flowable:formProperty id=\"y\" type=\"enum\"><flowable:value id=\"a\" name=\"Aye\"/></flowable:formProperty></extensionElements>";
    let camunda = "<extensionElements><camunda:formData><camunda:formField id=\"x\" label=\"How?\" type=\"long\">\
        <camunda:validation><camunda:constraint name=\"required\"/></camunda:validation></camunda:formField>\
        <camunda:formField id=\"y\" label=\"y\" type=\"enum\"><camunda:value id=\"a\" name=\"Aye\"/></camunda:formField>\
        </camunda:formData></extensionElements>";
    for inside in [flowable, camunda] {
        let script: Script = serde_json::from_value(json!({"steps": [{"start": {}}]})).unwrap();
        let states = simulate(task("", inside).as_bytes(), &script, &[]).states;
        assert_eq!(
            serde_json::to_value(&states[0].tasks[0]).unwrap()["prompts"],
            json!([
                {"variable": "x", "question": "How?", "type": "long", "required": true, "choices": []},
                {"variable": "y", "question": "y", "type": "string", "required": false, "choices": [{"label": "Aye", "value": "a"}]}
            ])
        );
    }
}

#[test]
fn due_dates_are_dates_or_durations() {
    for (due, expected) in [
        ("P2DT5H", "2026-01-03T14:00:00Z"),
        ("2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        ("${when}", "2026-01-31T09:00:00Z"),
    ] {
        let process = task(&format!("flowable:dueDate=\"{due}\""), "");
        let script: Script =
            serde_json::from_value(json!({"variables": {"when": "P30D"}, "steps": [{"start": {}}]})).unwrap();
        let states = simulate(process.as_bytes(), &script, &[]).states;
        assert_eq!(serde_json::to_value(&states[0].tasks[0]).unwrap()["due"], json!(expected), "{due}");
    }
}
