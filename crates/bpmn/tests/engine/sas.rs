//! The dialect of SAS Workflow Manager.

use crate::*;

fn field(name: &str, kind: &str, text: &str) -> String {
    format!(
        "<flowable:field name=\"{name}\"><flowable:{kind}>\n <![CDATA[{text}]]>\n </flowable:{kind}></flowable:field>"
    )
}

fn rest(id: &str, fields: &[(&str, &str)], listeners: &str) -> String {
    let fields: String = fields.iter().map(|(name, text)| field(name, "expression", text)).collect();
    format!(
        "<serviceTask id=\"{id}\" flowable:delegateExpression=\"${{restTask}}\"><extensionElements>{fields}{listeners}</extensionElements></serviceTask>"
    )
}

fn capture(variable: &str, path: &str, optional: &str) -> String {
    format!(
        "<flowable:executionListener delegateExpression=\"${{jsonPathListener}}\" event=\"end\">{}{}{}{}</flowable:executionListener>",
        field("json", "expression", "${responseBody}"),
        field("outputDataObjectName", "string", variable),
        field("jsonPath", "string", path),
        field("optional", "string", optional),
    )
}

#[test]
fn a_call_is_evaluated_checked_and_captured() {
    let process = definition(&format!(
        "<dataObject id=\"d\" name=\"id\" itemSubjectRef=\"xsd:string\"/><dataObject id=\"d2\" name=\"n\" itemSubjectRef=\"xsd:long\"/>
         <startEvent id=\"start\"/>{}<userTask id=\"a\" name=\"A ${{id}} ${{n + 1}} ${{_SAS_ResponseStatusCode}}\"/>
         start -> c -> a",
        rest(
            "c",
            &[("url", "/x?name=${who}&y=${nothing}"), ("method", "post"), ("bodyType", "JSON"), ("body", "{\"a\":\"${who}\"}"),
              ("statusCodes", "200, 201"), ("headers", "{\"Accept\":\"application/json\"}")],
            &format!("{}{}{}", capture("id", "$.items[-1].id", "false"), capture("n", "$.count", "false"), capture("id", "$.none", "true")),
        )
    ));
    let script = |status: u16, body: Json| json!({"variables": {"who": "a b", "nothing": null}, "http": [{"method": "POST", "url": "/x?name=a b*", "status": status, "body": body}]});
    check_with(
        &process,
        script(201, json!({"items": [{"id": 1}, {"id": 22}], "count": 7})),
        &[],
        &[(start(), "http POST /x?name=a b&y= 201; set id=22; set n=7; task A 22 8 201")],
    );
    check_with(
        &process,
        script(500, Json::Null),
        &[],
        &[(start(), "http POST /x?name=a b&y= 500; incident c")],
    );
    check_with(
        &process,
        script(200, json!({"items": []})),
        &[],
        &[(start(), "http POST /x?name=a b&y= 200; incident c")],
    );
    check_with(
        &process,
        json!({"variables": {"who": "z", "nothing": 1}}),
        &[],
        &[(start(), "http POST /x?name=z&y=1; incident c")],
    );
}

#[test]
fn a_reply_given_once_lets_a_retry_go_on_with_the_same_key() {
    let process = definition(&format!(
        "<startEvent id=\"start\"/>{}<userTask id=\"a\" name=\"A\"/>\nstart -> c -> a",
        rest("c", &[("url", "/x"), ("statusCode", "200")], "")
    ));
    let http = json!({"http": [{"status": 500, "times": 1}, {"status": 200}]});
    check_with(
        &process,
        http,
        &[],
        &[(start(), "http GET /x 500; incident c"), (json!({"retry": "#c"}), "http GET /x 200; task A")],
    );
}

#[test]
fn a_status_decides_where_it_goes_on() {
    let process = definition(&format!(
        "<startEvent id=\"start\"/>{}<exclusiveGateway id=\"g\" default=\"g_b\"/><userTask id=\"a\" name=\"A\"/><userTask id=\"b\" name=\"B\"/>
         start -> c -> g
         g -[${{_SAS_ResponseStatusCode == 404}}]-> a
         g -> b",
        rest("c", &[("url", "/x"), ("statusCodes", "200,404")], &capture("id", "$.id", "true"))
    ));
    check_with(
        &process,
        json!({"http": [{"status": 404, "body": null}]}),
        &[],
        &[(start(), "http GET /x 404; task A")],
    );
    check_with(
        &process,
        json!({"http": [{"status": 200, "body": {"id": "m"}}]}),
        &[],
        &[(start(), "http GET /x 200; set id=m; task B")],
    );
}

#[test]
fn what_follows_a_tasks_boundary_knows_its_owners_without_a_listener() {
    // As the "simple model monitor" of the vendor's own examples is drawn.
    let process = definition(&format!(
        "<startEvent id=\"start\"/><userTask id=\"a\" name=\"A\"><extensionElements>
         <flowable:taskListener event=\"create\" delegateExpression=\"${{jsonParticipantListener}}\">{}</flowable:taskListener></extensionElements></userTask>
         <boundaryEvent id=\"t\" attachedToRef=\"a\" cancelActivity=\"false\"><timerEventDefinition><timeDuration>PT10S</timeDuration></timerEventDefinition></boundaryEvent>
         <serviceTask id=\"n\" flowable:delegateExpression=\"${{notificationTask}}\"><extensionElements>{}{}{}</extensionElements></serviceTask>
         start -> a
         t -> n",
        field("participants", "expression", "${owners}"),
        field("userIds", "expression", "${_SAS_NotificationUserIds}"),
        field("groupIds", "expression", "${_SAS_NotificationGroupIds}"),
        field("templateName", "string", "T"),
    ));
    check(
        &process,
        &[
            (
                json!({"start": {"owners": "ana, group(G)"}}),
                "assign A <- ana, group(G); task A; timer t@09:00:10",
            ),
            (json!({"fire": "next"}), "notify ana/G T false; task A"),
        ],
    );
}

#[test]
fn mail_and_notifications_are_effects() {
    let process = definition(&format!(
        "<startEvent id=\"start\"/><userTask id=\"a\" name=\"A\"><potentialOwner><resourceAssignmentExpression>\
         <formalExpression>user(ana), user(ben), group(G)</formalExpression></resourceAssignmentExpression></potentialOwner></userTask>
         <boundaryEvent id=\"t\" attachedToRef=\"a\" cancelActivity=\"false\"><extensionElements>
         <flowable:executionListener delegateExpression=\"${{notificationListener}}\" event=\"end\"/></extensionElements>
         <timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>
         <serviceTask id=\"n\" flowable:delegateExpression=\"${{notificationTask}}\"><extensionElements>{}{}{}{}</extensionElements></serviceTask>
         <serviceTask id=\"m\" flowable:delegateExpression=\"${{mailTask}}\"><extensionElements>{}{}{}</extensionElements></serviceTask>
         start -> a -> m
         t -> n",
        field("userIds", "expression", "${_SAS_NotificationUserIds}"),
        field("groupIds", "expression", "${_SAS_NotificationGroupIds}"),
        field("templateName", "string", "T"),
        field("mail", "string", "false"),
        field("to", "string", "sam"),
        field("subject", "expression", "Done ${x}"),
        field("message", "string", "text"),
    ));
    check(
        &process,
        &[
            (json!({"start": {"x": 1}}), "task A; timer t@2026-01-02T09:00:00"),
            (advance("P1D"), "notify ana,ben/G T false; task A"),
            (complete("A"), "mail sam Done 1; completed"),
        ],
    );
}

#[test]
fn a_job_starts_with_its_arguments_and_waits_to_be_triggered() {
    let argument = |name: &str, value: &str| {
        format!(
            "<flowable:executionListener delegateExpression=\"${{jobArgumentListener}}\" event=\"start\">{}{}</flowable:executionListener>",
            field("jobArgumentName", "string", name),
            field("jobArgumentValue", "expression", value)
        )
    };
    let process = |triggerable: bool| {
        definition(&format!(
            "<dataObject id=\"d\" name=\"state\" itemSubjectRef=\"xsd:string\"/><startEvent id=\"start\"/>
             <serviceTask id=\"j\" name=\"Deploy\" flowable:triggerable=\"{triggerable}\" flowable:delegateExpression=\"${{jobTask}}\"><extensionElements>{}{}{}
             <flowable:executionListener delegateExpression=\"${{jobStateListener}}\" event=\"end\">{}</flowable:executionListener>
             </extensionElements></serviceTask><userTask id=\"a\" name=\"A ${{state}}\"/>
             start -> j -> a",
            field("jobDefinitionId", "string", "job-1"),
            argument("_action", "form,execute"),
            argument("who", "${who}"),
            field("outputDataObjectName", "string", "state"),
        ))
    };
    let begun = "job job-1 {\"_action\":\"form,execute\",\"who\":\"ana\"}";
    check(
        &process(true),
        &[
            (json!({"start": {"who": "ana"}}), &format!("{begun}; wait job Deploy")),
            (
                json!({"trigger": "Deploy", "variables": {"state": "failed"}}),
                "set state=failed; task A failed",
            ),
        ],
    );
    check(
        &process(false),
        &[(json!({"start": {"who": "ana"}}), &format!("{begun}; set state=completed; task A completed"))],
    );
}

#[test]
fn participants_named_by_a_variable_are_offered_the_task() {
    let process = definition(&format!(
        "<dataObject id=\"d\" name=\"approvers\" itemSubjectRef=\"xsd:string\"/>
         <startEvent id=\"start\"/><userTask id=\"a\" name=\"A\"><extensionElements>
         <flowable:taskListener delegateExpression=\"${{jsonParticipantListener}}\" event=\"create\">{}</flowable:taskListener>
         </extensionElements></userTask>\nstart -> a",
        field("participants", "expression", "${approvers}")
    ));
    let rows = [
        (
            json!("ana, group(G)"),
            "assign A <- ana, group(G); task A",
            json!({"users": ["ana"], "groups": ["G"], "excluded": []}),
        ),
        (
            json!(
                "[{\"participantType\":\"user\",\"participantId\":\"ana\"},{\"type\":\"GROUP\",\"id\":\"G\"}]"
            ),
            "assign A <- [{\"participantType\":\"user\",\"participantId\":\"ana\"},{\"type\":\"GROUP\",\"id\":\"G\"}]; task A",
            json!({"users": ["ana"], "groups": ["G"], "excluded": []}),
        ),
        (Json::Null, "assign A <- ; task A", json!({"users": [], "groups": [], "excluded": []})),
    ];
    for (approvers, expected, candidates) in rows {
        let begin = json!({"start": {"approvers": approvers}});
        check(&process, &[(begin.clone(), expected)]);
        let script: Script = serde_json::from_value(json!({"steps": [begin]})).unwrap();
        let states = simulate(process.as_bytes(), &script, &[]).states;
        assert_eq!(serde_json::to_value(&states[0].tasks[0].candidates).unwrap(), candidates);
    }
}

#[test]
fn an_approval_is_true_for_a_boolean_and_not_for_a_text() {
    let process = definition(
        r#"<startEvent id="start"/><exclusiveGateway id="g"/><userTask id="a" name="yes"/><userTask id="b" name="no"/>
           start -> g
           g -[${ok=='True'}]-> a
           g -[${ok=='False'}]-> b"#,
    );
    check(&process, &[(json!({"start": {"ok": true}}), "task yes")]);
    check(&process, &[(json!({"start": {"ok": false}}), "task no")]);
    check(&process, &[(json!({"start": {"ok": "true"}}), "incident g")]);
    check(&process, &[(json!({"start": {"ok": null}}), "incident g")]);
}
