//! Timers, messages, signals, conditions, links, errors and escalations.

use crate::*;

#[test]
fn timers_fire_at_dates_after_durations_and_in_calendar_months() {
    for (timer, due) in [
        ("<timeDuration>PT5M</timeDuration>", "09:05:00"),
        ("<timeDuration>${wait}</timeDuration>", "09:00:10"),
        ("<timeDuration>P1M</timeDuration>", "2026-02-01T09:00:00"),
        ("<timeDate>2026-03-01T00:00:00Z</timeDate>", "2026-03-01T00:00:00"),
        ("<timeDate>2026-01-01T12:00:00</timeDate>", "12:00:00"),
        ("<timeCycle>R3/PT10M</timeCycle>", "09:10:00"),
    ] {
        let process = definition(&format!(
            "<startEvent id=\"start\"/><userTask id=\"a\" name=\"A\"/>
             <intermediateCatchEvent id=\"t\"><timerEventDefinition>{timer}</timerEventDefinition></intermediateCatchEvent>
             start -> t -> a"
        ));
        check(
            &process,
            &[
                (json!({"start": {"wait": "PT10S"}}), &format!("timer t@{due}")),
                (json!({"fire": "next"}), "task A"),
            ],
        );
    }
}

#[test]
fn a_month_from_the_last_day_is_the_last_day() {
    let process = definition(
        r#"<startEvent id="start"/><userTask id="a" name="A"/>
           <boundaryEvent id="t" attachedToRef="a" cancelActivity="false">
             <timerEventDefinition><timeCycle>R/2026-01-31T00:00:00Z/P1M</timeCycle></timerEventDefinition>
           </boundaryEvent>
           <scriptTask id="s"><script>tick</script></scriptTask>
           start -> a
           t -> s"#,
    );
    check(
        &process,
        &[
            (start(), "task A; timer t@2026-01-31T00:00:00"),
            (json!({"fire": "next"}), "tick; task A; timer t@2026-02-28T00:00:00"),
            (json!({"fire": "next"}), "tick; task A; timer t@2026-03-31T00:00:00"),
        ],
    );
}

#[test]
fn advancing_fires_in_due_order_and_not_a_second_early() {
    let process = definition(
        r#"<startEvent id="start"/><parallelGateway id="fork"/>
           <intermediateCatchEvent id="t2"><timerEventDefinition><timeDuration>PT2M</timeDuration></timerEventDefinition></intermediateCatchEvent>
           <intermediateCatchEvent id="t1"><timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition></intermediateCatchEvent>
           <scriptTask id="s2"><script>two</script></scriptTask><scriptTask id="s1"><script>one</script></scriptTask>
           start -> fork -> t2 -> s2
           fork -> t1 -> s1"#,
    );
    check(
        &process,
        &[
            (start(), "timer t1@09:01:00, t2@09:02:00"),
            (advance("PT59S"), "timer t1@09:01:00, t2@09:02:00"),
            (advance("PT5M"), "one; two; completed"),
        ],
    );
}

#[test]
fn a_signal_is_heard_by_all_and_a_message_by_one() {
    let process = definition(
        r#"<startEvent id="start"/><parallelGateway id="fork"/>
           <intermediateCatchEvent id="s1"><signalEventDefinition signalRef="s"/></intermediateCatchEvent>
           <intermediateCatchEvent id="s2"><signalEventDefinition signalRef="s"/></intermediateCatchEvent>
           <intermediateCatchEvent id="m1"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
           <intermediateCatchEvent id="m2"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
           <userTask id="a" name="A"/><userTask id="b" name="B"/><userTask id="c" name="C"/><userTask id="d" name="D"/>
           start -> fork -> s1 -> a
           fork -> s2 -> b
           fork -> m1 -> c
           fork -> m2 -> d"#,
    );
    check(
        &process,
        &[
            (start(), "wait signal s, signal s, message m, message m"),
            (json!({"signal": "s"}), "task A, B; wait message m, message m"),
            (json!({"message": "m", "variables": {"x": 1}}), "task A, B, C; wait message m"),
            (json!({"message": "m"}), "task A, B, C, D"),
        ],
    );
}

#[test]
fn messages_find_their_receiver_by_correlation() {
    let process = definition(
        r#"<startEvent id="start"/><userTask id="a" name="A"/>
           <intermediateCatchEvent id="c">
             <messageEventDefinition messageRef="m" flowable:correlationKey="${order}"/>
           </intermediateCatchEvent>
           start -> c -> a"#,
    );
    check(
        &process,
        &[
            (json!({"start": {"order": "17"}}), "wait message m"),
            (json!({"message": "m", "correlation": "17"}), "task A"),
        ],
    );
    check(
        &process,
        &[
            (json!({"start": {"order": "17"}}), "wait message m"),
            (json!({"message": "m", "correlation": "18"}), "failure nothing-waits"),
        ],
    );
}

#[test]
fn a_thrown_message_carries_what_its_receiver_is_told_from_others_by() {
    let process = |thrown: &str| {
        definition(&format!(
            r#"<startEvent id="start"/><parallelGateway id="fork"/><userTask id="a" name="A"/><userTask id="b" name="B"/>
           <userTask id="go" name="Go"/>
           <intermediateCatchEvent id="c"><messageEventDefinition messageRef="m" flowable:correlationKey="18"/></intermediateCatchEvent>
           <intermediateCatchEvent id="d"><messageEventDefinition messageRef="m" flowable:correlationKey="${{order}}"/></intermediateCatchEvent>
           <intermediateThrowEvent id="throw"><messageEventDefinition messageRef="m"{thrown}/></intermediateThrowEvent><endEvent id="end"/>
           start -> fork -> c -> a
           fork -> d -> b
           fork -> go -> throw -> end"#
        ))
    };
    let begin = (json!({"start": {"order": "17"}}), "task Go; wait message m, message m");
    check(
        &process(r#" flowable:correlationKey="${order}""#),
        &[begin.clone(), (complete("Go"), "task B; wait message m")],
    );
    check(&process(""), &[begin, (complete("Go"), "message m; wait message m, message m")]);
}

#[test]
fn signals_and_messages_cross_instances_and_start_processes() {
    let thrower = definition(
        r#"<startEvent id="start"/><intermediateThrowEvent id="t"><signalEventDefinition signalRef="s"/></intermediateThrowEvent>
           <endEvent id="end"><messageEventDefinition messageRef="m"/></endEvent>
           start -> t -> end"#,
    );
    let listener = format!(
        "{HEAD}<process id=\"by_signal\">{}</process><process id=\"by_message\">{}</process></definitions>",
        body(
            r#"<startEvent id="on"><signalEventDefinition signalRef="s"/></startEvent><userTask id="x" name="X"/>
               on -> x"#
        ),
        body(
            r#"<startEvent id="go"><messageEventDefinition messageRef="m"/></startEvent><userTask id="y" name="Y"/>
               go -> y"#
        ),
    );
    check_with(&thrower, json!({}), &[("l.bpmn", listener)], &[(start(), "signal s; message m; task X, Y")]);
}

#[test]
fn a_signal_of_the_instance_stays_in_the_instance() {
    let process = definition(
        r#"<startEvent id="start"/><parallelGateway id="fork"/>
           <intermediateCatchEvent id="c"><signalEventDefinition signalRef="own"/></intermediateCatchEvent>
           <userTask id="a" name="A"/><userTask id="b" name="B"/>
           <intermediateThrowEvent id="t"><signalEventDefinition signalRef="own"/></intermediateThrowEvent>
           start -> fork -> c -> a
           fork -> b -> t"#,
    )
    .replace("<intermediateThrowEvent id=\"t\">", "<endEvent id=\"t\">")
    .replace("</intermediateThrowEvent>", "</endEvent>");
    check(
        &process,
        &[
            (start(), "task B; wait signal own"),
            (start(), "task B, B; wait signal own, signal own"),
            (complete("B"), "task A, B; wait signal own"),
        ],
    );
}

#[test]
fn a_condition_fires_each_time_it_becomes_true() {
    let process = definition(
        r#"<startEvent id="start"/><userTask id="a" name="A"/><userTask id="b" name="B"/>
           <boundaryEvent id="c" attachedToRef="a" cancelActivity="false">
             <conditionalEventDefinition><condition>${x > 5}</condition></conditionalEventDefinition>
           </boundaryEvent>
           start -> a
           c -> b"#,
    );
    check(
        &process,
        &[
            (start(), "task A"),
            (json!({"set": {"x": 6}}), "task A, B"),
            (json!({"set": {"x": 7}}), "task A, B"),
            (json!({"set": {"x": 1}}), "task A, B"),
            (json!({"set": {"x": 8}}), "task A, B, B"),
        ],
    );
    check(&process, &[(json!({"start": {"x": 9}}), "task A, B")]);
}

#[test]
fn a_link_goes_on_at_its_other_end() {
    let process = definition(
        r#"<startEvent id="start"/><userTask id="a" name="A"/>
           <intermediateThrowEvent id="from"><linkEventDefinition name="L"/></intermediateThrowEvent>
           <intermediateCatchEvent id="to"><linkEventDefinition name="L"/></intermediateCatchEvent>
           start -> from
           to -> a"#,
    );
    check(&process, &[(start(), "task A"), (complete("A"), "completed")]);
}

#[test]
fn an_error_is_caught_by_code_before_any_and_inside_before_outside() {
    let process = |inner: &str, boundary: &str| {
        definition(&format!(
            "<startEvent id=\"start\"/><subProcess id=\"sub\"><startEvent id=\"in\"/>
             <endEvent id=\"thrown\"><errorEventDefinition errorRef=\"e\"/></endEvent>
             in -> thrown
             {inner}</subProcess><endEvent id=\"end\"/>
             {boundary}
             start -> sub -> end"
        ))
    };
    let catch = |id: &str, error: &str| {
        format!(
            "<boundaryEvent id=\"{id}\" attachedToRef=\"sub\"><errorEventDefinition {error}/></boundaryEvent>
             <userTask id=\"t_{id}\" name=\"after {id}\"/>
             {id} -> t_{id}"
        )
    };
    let (any, own, other) =
        (catch("any", ""), catch("own", "errorRef=\"e\""), catch("other", "errorRef=\"e2\""));
    check(&process("", &format!("{any}\n{own}\n{other}")), &[(start(), "task after own")]);
    check(&process("", &format!("{other}\n{any}")), &[(start(), "task after any")]);
    check(&process("", &other), &[(start(), "error E1")]);
    check(&process("", ""), &[(start(), "error E1")]);
    let inner = r#"<subProcess id="es" triggeredByEvent="true">
         <startEvent id="on"><errorEventDefinition flowable:errorCodeVariable="code"/></startEvent>
         <userTask id="inner" name="inner ${code}"/>
         on -> inner
         </subProcess>"#;
    check(&process(inner, &own), &[(start(), "task inner E1"), (complete("inner E1"), "completed")]);
}

#[test]
fn an_error_leaves_a_called_process_and_ends_its_tasks() {
    let called = format!(
        "{HEAD}<process id=\"q\">{}</process></definitions>",
        body(
            r#"<startEvent id="start"/><parallelGateway id="fork"/><userTask id="x" name="X"/><userTask id="y" name="Y"/>
               <endEvent id="bad"><errorEventDefinition errorRef="e"/></endEvent>
               start -> fork -> x -> bad
               fork -> y"#
        )
    );
    let caller = definition(
        r#"<startEvent id="start"/><callActivity id="c" calledElement="q"/><userTask id="a" name="A"/>
           <boundaryEvent id="b" attachedToRef="c"><errorEventDefinition errorRef="e"/></boundaryEvent>
           start -> c
           b -> a"#,
    );
    check_with(
        &caller,
        json!({}),
        &[("q.bpmn", called)],
        &[(start(), "task X, Y"), (complete("X"), "task A")],
    );
}

#[test]
fn a_script_error_is_caught_at_its_boundary_or_becomes_an_incident() {
    let process = |boundary: &str| {
        definition(&format!(
            "<startEvent id=\"start\"/><scriptTask id=\"t\"><script>BAD</script></scriptTask><userTask id=\"a\" name=\"A\"/>
             {boundary}
             start -> t -> a"
        ))
    };
    let scripts = json!({"scripts": {"BAD": {"error": "E1"}}});
    let caught =
        "<boundaryEvent id=\"b\" attachedToRef=\"t\"><errorEventDefinition errorRef=\"e\"/></boundaryEvent>
        <userTask id=\"h\" name=\"H\"/>
        b -> h";
    check_with(&process(caught), scripts.clone(), &[], &[(start(), "BAD; task H")]);
    check_with(
        &process(""),
        scripts,
        &[],
        &[(start(), "BAD; incident t"), (json!({"skip": "#t"}), "task A")],
    );
}

#[test]
fn an_escalation_runs_beside_or_instead_and_is_lost_without_a_catcher() {
    let process = |boundary: &str| {
        definition(&format!(
            "<startEvent id=\"start\"/><subProcess id=\"sub\"><startEvent id=\"in\"/>
             <intermediateThrowEvent id=\"up\"><escalationEventDefinition escalationRef=\"esc\"/></intermediateThrowEvent>
             <userTask id=\"a\" name=\"A\"/>
             in -> up -> a
             </subProcess><userTask id=\"b\" name=\"B\"/>
             {boundary}
             start -> sub"
        ))
    };
    let catch = |interrupting: bool| {
        format!(
            "<boundaryEvent id=\"x\" attachedToRef=\"sub\" cancelActivity=\"{interrupting}\">\
             <escalationEventDefinition escalationRef=\"esc\"/></boundaryEvent>
             x -> b"
        )
    };
    check(&process(&catch(false)), &[(start(), "task A, B")]);
    check(&process(&catch(true)), &[(start(), "task B")]);
    let lost = process("").replace("<userTask id=\"b\" name=\"B\"/>", "");
    check(&lost, &[(start(), "task A")]);
}

#[test]
fn what_is_done_is_not_interrupted_by_what_was_thrown_in_the_same_moment() {
    // The signal is thrown while `a` is done but has not gone on yet: it goes on once, and by its own way.
    let process = definition(
        r#"<startEvent id="start"/><parallelGateway id="fork"/>
           <scriptTask id="a"><script>a</script></scriptTask><userTask id="after" name="After"/><userTask id="x" name="X"/>
           <boundaryEvent id="b" attachedToRef="a"><signalEventDefinition signalRef="s"/></boundaryEvent>
           <intermediateThrowEvent id="t"><signalEventDefinition signalRef="s"/></intermediateThrowEvent><endEvent id="end"/>
           start -> fork -> t -> end
           fork -> a -> after
           b -> x"#,
    );
    check(&process, &[(start(), "signal s; a; task After"), (complete("After"), "completed")]);
    let other_order = definition(
        r#"<startEvent id="start"/><parallelGateway id="fork"/>
           <scriptTask id="a"><script>a</script></scriptTask><userTask id="after" name="After"/><userTask id="x" name="X"/>
           <boundaryEvent id="b" attachedToRef="a"><signalEventDefinition signalRef="s"/></boundaryEvent>
           <intermediateThrowEvent id="t"><signalEventDefinition signalRef="s"/></intermediateThrowEvent><endEvent id="end"/>
           fork -> a -> after
           start -> fork -> t -> end
           b -> x"#,
    );
    check(&other_order, &[(start(), "a; signal s; task After"), (complete("After"), "completed")]);
}

#[test]
fn a_signal_may_be_named_by_an_expression() {
    let process = definition(
        r#"<startEvent id="start"/><userTask id="a" name="A"/>
           <intermediateCatchEvent id="c"><signalEventDefinition flowable:signalExpression="${which}"/></intermediateCatchEvent>
           start -> c -> a"#,
    );
    check(
        &process,
        &[(json!({"start": {"which": "x"}}), "wait signal x"), (json!({"signal": "x"}), "task A")],
    );
    let by_reference = process.replace("flowable:signalExpression", "signalRef");
    check(
        &by_reference,
        &[(json!({"start": {"which": "x"}}), "wait signal x"), (json!({"signal": "x"}), "task A")],
    );
}
