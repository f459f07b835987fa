//! What goes wrong stops one branch, and people get it going again.

use crate::*;

#[test]
fn an_incident_stops_its_branch_and_no_other() {
    let process = definition(
        r#"<startEvent id="start"/><parallelGateway id="fork"/><userTask id="a" name="A"/><userTask id="b" name="B"/>
           <userTask id="bad" flowable:assignee="${nobody}"/><parallelGateway id="join"/><userTask id="z" name="Z"/>
           start -> fork -> a -> join
           fork -> bad -> join
           join -> z
           fork -> b"#,
    );
    check(
        &process,
        &[
            (start(), "task A, B; incident bad"),
            (complete("A"), "task B; incident bad"),
            (json!({"set": {"nobody": "ana"}}), "task B; incident bad"),
            (json!({"retry": "#bad"}), "task B, #bad"),
            (complete("#bad"), "task B, Z"),
        ],
    );
}

#[test]
fn an_endless_loop_is_an_incident() {
    let process = definition(
        r#"<startEvent id="start"/><exclusiveGateway id="m"/><scriptTask id="s"><script>S</script></scriptTask><userTask id="u"/>
           start -> m -> s -> m"#,
    )
    .replace("<userTask id=\"u\"/>", "");
    let script: Script = serde_json::from_value(json!({"steps": [{"start": {}}]})).unwrap();
    let answer = simulate(process.as_bytes(), &script, &[]);
    if answer.states.is_empty() {
        // Lint may refuse it before it runs.
        assert!(!answer.is_complete());
    } else {
        let state = serde_json::to_value(&answer.states[0]).unwrap();
        assert_eq!(state["incidents"].as_array().unwrap().len(), 1, "{}", state["incidents"]);
        assert!(state["incidents"][0]["message"].as_str().unwrap().contains("loop"));
    }
}

#[test]
fn a_boundary_timer_runs_on_while_its_call_has_an_incident() {
    let process = definition(
        r#"<startEvent id="start"/><serviceTask id="c" flowable:delegateExpression="${restTask}"><extensionElements>
           <flowable:field name="url" stringValue="/x"/></extensionElements></serviceTask><userTask id="x" name="X"/>
           <boundaryEvent id="t" attachedToRef="c"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
           <endEvent id="end"/>
           start -> c -> end
           t -> x"#,
    );
    check(
        &process,
        &[
            (start(), "http GET /x; timer t@10:00:00; incident c"),
            (advance("PT10M"), "timer t@10:00:00; incident c"),
            (json!({"retry": "#c"}), "http GET /x; timer t@10:00:00; incident c"),
            (advance("PT1H"), "task X"),
        ],
    );
}

#[test]
fn a_task_whose_way_on_is_blocked_is_not_asked_again() {
    let process = definition(
        r#"<startEvent id="start"/><userTask id="a" name="A"/><userTask id="z" name="Z"/>
           start -> a
           a -[${go}]-> z"#,
    );
    check(
        &process,
        &[
            (start(), "task A"),
            (complete("A"), "incident a"),
            (json!({"set": {"go": true}}), "incident a"),
            (json!({"retry": "#a"}), "task Z"),
        ],
    );
}

#[test]
fn a_step_with_nothing_to_act_on_ends_the_run() {
    let process = definition("<startEvent id=\"start\"/><userTask id=\"a\" name=\"A\"/>\nstart -> a");
    for (step, code) in [
        (json!({"complete": "B"}), "no-task"),
        (json!({"claim": "#b", "as": "ana"}), "no-task"),
        (json!({"fire": "next"}), "no-timer"),
        (json!({"signal": "s"}), "nothing-waits"),
        (json!({"message": "m"}), "nothing-waits"),
        (json!({"trigger": "A"}), "nothing-waits"),
        (json!({"retry": "A"}), "no-incident"),
        (json!({"start": {}, "process": "q"}), "no-process"),
        (json!({"advance": "soon"}), "duration"),
        (json!({}), "step"),
    ] {
        check(&process, &[(start(), "task A"), (step, &format!("failure {code}"))]);
    }
}

#[test]
fn a_listener_that_failed_runs_again_without_asking_the_person_again() {
    let process = definition(
        r#"<startEvent id="start"/><userTask id="a" name="A"><extensionElements>
           <flowable:executionListener event="end" expression="${execution.setVariable('seen', missing)}"/></extensionElements></userTask>
           <userTask id="z" name="Z ${seen}"/>
           start -> a -> z"#,
    );
    check(
        &process,
        &[
            (start(), "task A"),
            (complete("A"), "incident a"),
            (json!({"set": {"missing": 7}}), "incident a"),
            (json!({"retry": "#a"}), "task Z 7"),
        ],
    );
}

#[test]
fn a_join_whose_other_branch_went_elsewhere_is_known_to_be_stuck() {
    let text = definition(
        r#"<startEvent id="start"/><exclusiveGateway id="g" default="g_b"/><task id="a"/><task id="b"/><parallelGateway id="join"/><endEvent id="end"/>
           start -> g
           g -[${false}]-> a -> join
           g -> b -> join
           join -> end"#,
    );
    let library = bpmn::Library::new(std::sync::Arc::new(bpmn::Definition::parse(text).unwrap()));
    let state = crate::live::started(&library);
    assert!(state.is_stuck() && !state.ended() && state.incidents.is_empty());
}
