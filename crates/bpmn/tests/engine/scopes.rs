//! Sub-processes, event sub-processes, called processes, terminate.

use crate::*;

#[test]
fn data_objects_live_in_their_level() {
    let process = definition(
        r#"<dataObject id="d1" name="outer" itemSubjectRef="xsd:string"><extensionElements><flowable:value>o</flowable:value></extensionElements></dataObject>
           <dataObject id="d2" name="count" itemSubjectRef="xsd:long"><extensionElements><flowable:value>3</flowable:value></extensionElements></dataObject>
           <dataObject id="d3" name="blank" itemSubjectRef="xsd:string"><extensionElements><flowable:value/></extensionElements></dataObject>
           <startEvent id="start"/><subProcess id="sub">
           <dataObject id="d4" name="inner" itemSubjectRef="xsd:double"><extensionElements><flowable:value>1.5</flowable:value></extensionElements></dataObject>
           <startEvent id="in"/><userTask id="a" name="A ${outer} ${inner} ${count + 1}"/>
           in -> a
           </subProcess><userTask id="b" name="B ${blank == null}"/>
           start -> sub -> b"#,
    );
    let script: Script = serde_json::from_value(json!({"steps": [
        {"start": {}}, {"complete": "A o 1.5 4", "answers": {"inner": 2.5, "outer": "p", "new": 1}}
    ]}))
    .unwrap();
    let answer = simulate(process.as_bytes(), &script, &[]);
    assert!(answer.is_complete(), "{answer:#?}");
    let seen = serde_json::to_value(&answer.states).unwrap();
    assert_eq!(
        seen[0]["tasks"][0]["variables"],
        json!({"blank": null, "count": 3, "inner": 1.5, "outer": "o"})
    );
    assert_eq!(seen[0]["variables"], json!({"blank": null, "count": 3, "outer": "o"}));
    assert_eq!(seen[1]["variables"], json!({"blank": null, "count": 3, "new": 1, "outer": "p"}));
    assert_eq!(seen[1]["tasks"][0]["name"], json!("B true"));
}

#[test]
fn an_embedded_level_without_events_begins_where_nothing_leads_to_and_ends_by_itself() {
    let process = definition(
        r#"<subProcess id="sub"><userTask id="a" name="A"/><userTask id="b" name="B"/></subProcess>
           <userTask id="c" name="C"/>
           sub -> c"#,
    );
    check(
        &process,
        &[
            (start(), "task A, B"),
            (complete("A"), "task B"),
            (complete("B"), "task C"),
            (complete("C"), "completed"),
        ],
    );
}

fn event_level(interrupting: bool, event: &str) -> String {
    definition(&format!(
        "<startEvent id=\"start\"/><subProcess id=\"sub\"><startEvent id=\"in\"/><userTask id=\"a\" name=\"A\"/>
         in -> a
         <subProcess id=\"es\" triggeredByEvent=\"true\"><startEvent id=\"on\" isInterrupting=\"{interrupting}\">{event}</startEvent>
         <userTask id=\"x\" name=\"X\"/>
         on -> x
         </subProcess></subProcess><userTask id=\"after\" name=\"After\"/>
         start -> sub -> after"
    ))
}

#[test]
fn an_event_sub_process_replaces_or_accompanies_its_level() {
    let timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>";
    check(
        &event_level(true, timer),
        &[(start(), "task A; timer on@10:00:00"), (advance("PT1H"), "task X"), (complete("X"), "task After")],
    );
    check(
        &event_level(false, timer),
        &[
            (start(), "task A; timer on@10:00:00"),
            (advance("PT1H"), "task A, X"),
            (complete("A"), "task X"),
            (complete("X"), "task After"),
        ],
    );
    let signal = "<signalEventDefinition signalRef=\"s\"/>";
    check(
        &event_level(false, signal),
        &[
            (start(), "task A; wait signal s"),
            (json!({"signal": "s"}), "task A, X; wait signal s"),
            (json!({"signal": "s"}), "task A, X, X; wait signal s"),
            (complete("A"), "task X, X; wait signal s"),
        ],
    );
    let cycle = "<timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition>";
    check(
        &event_level(false, cycle),
        &[(start(), "task A; timer on@10:00:00"), (advance("PT5H"), "task A, X, X")],
    );
}

#[test]
fn terminate_ends_its_level_and_terminate_all_everything() {
    let process = |attribute: &str| {
        definition(&format!(
            "<startEvent id=\"start\"/><parallelGateway id=\"fork\"/><userTask id=\"a\" name=\"A\"/>
             <subProcess id=\"sub\"><startEvent id=\"in\"/><parallelGateway id=\"fork2\"/>
             <userTask id=\"b\" name=\"B\"/><userTask id=\"c\" name=\"C\"/>
             <endEvent id=\"stop\"><terminateEventDefinition {attribute}/></endEvent>
             in -> fork2 -> b -> stop
             fork2 -> c
             </subProcess><userTask id=\"d\" name=\"D\"/>
             start -> fork -> a
             fork -> sub -> d"
        ))
    };
    check(
        &process(""),
        &[
            (start(), "task A, B, C"),
            (complete("B"), "task A, D"),
            (complete("A"), "task D"),
            (complete("D"), "completed"),
        ],
    );
    check(
        &process("flowable:terminateAll=\"true\""),
        &[(start(), "task A, B, C"), (complete("B"), "terminated")],
    );
}

#[test]
fn a_called_process_has_its_own_variables_but_for_what_is_handed_over() {
    let called = format!(
        "{HEAD}<process id=\"q\">{}</process></definitions>",
        body(
            r#"<dataObject id="d" name="own" itemSubjectRef="xsd:string"><extensionElements><flowable:value>q</flowable:value></extensionElements></dataObject>
               <startEvent id="start"/><userTask id="x" name="X ${own} ${given}"/><endEvent id="end"/>
               start -> x -> end"#
        )
    );
    let caller = definition(
        r#"<startEvent id="start"/><callActivity id="c" calledElement="${which}"><extensionElements>
           <flowable:in sourceExpression="${n * 2}" target="given"/><flowable:out source="answer" target="result"/>
           </extensionElements></callActivity><userTask id="a" name="A ${result}"/>
           start -> c -> a"#,
    );
    check_with(
        &caller,
        json!({"variables": {"which": "q", "n": 4}}),
        &[("q.bpmn", called.clone())],
        &[
            (start(), "task X q 8"),
            (json!({"complete": "X q 8", "answers": {"answer": "yes"}}), "task A yes"),
            (complete("A yes"), "completed"),
        ],
    );
    let all = definition(
        r#"<startEvent id="start"/><callActivity id="c" calledElement="q"><extensionElements>
           <camunda:in variables="all"/><camunda:out variables="all"/>
           </extensionElements></callActivity><userTask id="a" name="A ${given} ${more}"/>
           start -> c -> a"#,
    );
    check_with(
        &all,
        json!({"variables": {"given": 1}}),
        &[("q.bpmn", called)],
        &[(start(), "task X q 1"), (json!({"complete": "X q 1", "answers": {"more": 2}}), "task A 1 2")],
    );
}

#[test]
fn a_call_that_finds_no_process_or_never_ends_is_an_incident() {
    let lost = definition(
        "<startEvent id=\"start\"/><callActivity id=\"c\" calledElement=\"${which}\"/><userTask id=\"a\" name=\"A\"/>
         start -> c -> a",
    );
    check(
        &lost,
        &[(json!({"start": {"which": "nothing"}}), "incident c"), (json!({"skip": "#c"}), "task A")],
    );
    let circle =
        definition("<startEvent id=\"start\"/><callActivity id=\"c\" calledElement=\"p\"/>\nstart -> c");
    check(&circle, &[(start(), "incident c")]);
}
