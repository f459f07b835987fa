//! Gateways and conditional flows.

use crate::*;

const THREE: &str = r#"
    <userTask id="a" name="A"/><userTask id="b" name="B"/><userTask id="c" name="C"/>
    <startEvent id="start"/>
"#;

#[test]
fn an_exclusive_gateway_takes_the_first_that_holds_or_the_default_or_stops() {
    let process = |default: &str| {
        definition(&format!(
            "{THREE}<exclusiveGateway id=\"g\"{default}/>
             start -> g
             g -[${{x > 5}}]-> a
             g -[${{x > 1}}]-> b
             g -> c"
        ))
        .replace(
            if default.is_empty() {
                "<sequenceFlow id=\"g_c\" sourceRef=\"g\" targetRef=\"c\"></sequenceFlow>"
            } else {
                "\u{0}"
            },
            "",
        )
        .replace(if default.is_empty() { "<userTask id=\"c\" name=\"C\"/>" } else { "\u{0}" }, "")
    };
    let with_default = process(" default=\"g_c\"");
    for (x, expected) in [(9, "task A"), (3, "task B"), (0, "task C")] {
        check(&with_default, &[(json!({"start": {"x": x}}), expected)]);
    }
    check(
        &process(""),
        &[
            (json!({"start": {"x": 0}}), "incident g"),
            (json!({"retry": "#g"}), "incident g"),
            (json!({"set": {"x": 3}}), "incident g"),
            (json!({"retry": "#g"}), "task B"),
        ],
    );
    check(&process(""), &[(json!({"start": {}}), "incident g"), (json!({"skip": "#g"}), "task A")]);
}

#[test]
fn a_parallel_gateway_takes_all_and_waits_for_all_of_its_flows() {
    let process = definition(
        r#"<startEvent id="start"/><parallelGateway id="fork"/><parallelGateway id="join"/><endEvent id="end"/>
           <userTask id="a" name="A"/><userTask id="b" name="B"/><userTask id="c" name="C"/>
           start -> fork
           fork -[${false}]-> a -> join
           fork -> b -> join
           join -> c -> end"#,
    );
    check(
        &process,
        &[
            (start(), "task A, B"),
            (complete("B"), "task A"),
            (complete("A"), "task C"),
            (complete("C"), "completed"),
        ],
    );
}

#[test]
fn a_second_token_on_one_flow_does_not_stand_in_for_another_flow() {
    // `a` runs twice before `b` once: the join must not open by two tokens from `a`.
    let process = definition(
        r#"<startEvent id="start"/><parallelGateway id="fork"/><exclusiveGateway id="merge"/>
           <parallelGateway id="join"/><userTask id="a" name="A"/><userTask id="b" name="B"/><userTask id="c" name="C"/>
           start -> fork
           fork -> merge -> a -> join
           fork -> x -> merge
           <task id="x"/>
           fork -> b -> join
           join -> c"#,
    );
    check(
        &process,
        &[
            (start(), "task A, A, B"),
            (complete("A"), "task A, B"),
            (complete("A"), "task B"),
            (complete("B"), "task C"),
        ],
    );
}

#[test]
fn an_inclusive_gateway_takes_what_holds_and_its_join_waits_for_what_can_still_come() {
    let process = definition(
        r#"<startEvent id="start"/><inclusiveGateway id="fork" default="fork_c"/><inclusiveGateway id="join"/>
           <userTask id="a" name="A"/><userTask id="b" name="B"/><userTask id="c" name="C"/><userTask id="d" name="D"/>
           start -> fork
           fork -[${x == 1 || x == 3}]-> a -> join
           fork -[${x == 2 || x == 3}]-> b -> join
           fork -> c -> join
           join -> d"#,
    );
    check(&process, &[(json!({"start": {"x": 1}}), "task A"), (complete("A"), "task D")]);
    check(
        &process,
        &[
            (json!({"start": {"x": 3}}), "task A, B"),
            (complete("A"), "task B"),
            (complete("B"), "task D"),
            (complete("D"), "completed"),
        ],
    );
    check(&process, &[(json!({"start": {"x": 0}}), "task C"), (complete("C"), "task D")]);
}

#[test]
fn an_inclusive_join_opens_when_the_other_branch_goes_elsewhere() {
    let process = definition(
        r#"<startEvent id="start"/><parallelGateway id="fork"/><inclusiveGateway id="join"/><exclusiveGateway id="g"/>
           <userTask id="a" name="A"/><userTask id="b" name="B"/><userTask id="d" name="D"/><endEvent id="away"/>
           start -> fork
           fork -> a -> join
           fork -> b -> g
           g -[${away}]-> away
           g -[${!away}]-> join
           join -> d"#,
    );
    check(
        &process,
        &[
            (start(), "task A, B"),
            (complete("A"), "task B"),
            (json!({"complete": "B", "answers": {"away": true}}), "task D"),
            (complete("D"), "completed"),
        ],
    );
    check(
        &process,
        &[
            (start(), "task A, B"),
            (json!({"complete": "B", "answers": {"away": false}}), "task A"),
            (complete("A"), "task D"),
        ],
    );
}

#[test]
fn an_inclusive_join_waits_for_a_loop_that_may_come_back() {
    let process = definition(
        r#"<startEvent id="start"/><parallelGateway id="fork"/><inclusiveGateway id="join"/><exclusiveGateway id="again"/>
           <userTask id="a" name="A"/><userTask id="b" name="B"/><userTask id="d" name="D"/>
           start -> fork
           fork -> a -> join
           fork -> b -> again
           again -[${more}]-> b
           again -[${!more}]-> join
           join -> d"#,
    );
    check(
        &process,
        &[
            (start(), "task A, B"),
            (complete("A"), "task B"),
            (json!({"complete": "B", "answers": {"more": true}}), "task B"),
            (json!({"complete": "B", "answers": {"more": false}}), "task D"),
        ],
    );
}

#[test]
fn the_first_event_wins_at_an_event_based_gateway() {
    let process = definition(
        r#"<startEvent id="start"/><eventBasedGateway id="race"/>
           <intermediateCatchEvent id="on_s"><signalEventDefinition signalRef="s"/></intermediateCatchEvent>
           <intermediateCatchEvent id="on_m"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
           <intermediateCatchEvent id="late"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>
           <receiveTask id="r" name="R"/>
           <userTask id="a" name="A"/><userTask id="b" name="B"/><userTask id="c" name="C"/><userTask id="d" name="D"/>
           start -> race -> on_s -> a
           race -> on_m -> b
           race -> late -> c
           race -> r -> d"#,
    );
    let open = "timer late@10:00:00; wait signal s, message m, receive R";
    check(&process, &[(start(), open), (json!({"signal": "s"}), "task A")]);
    check(&process, &[(start(), open), (json!({"message": "m"}), "task B")]);
    check(&process, &[(start(), open), (json!({"fire": "next"}), "task C")]);
    check(&process, &[(start(), open), (json!({"trigger": "R"}), "task D")]);
    check(&process, &[(start(), open), (json!({"message": "m2"}), "failure nothing-waits")]);
}

#[test]
fn conditional_flows_out_of_an_activity_take_all_that_hold() {
    let process = definition(
        r#"<startEvent id="start"/><task id="t" default="t_c"/>
           <userTask id="a" name="A"/><userTask id="b" name="B"/><userTask id="c" name="C"/>
           start -> t
           t -[${x > 0}]-> a
           t -[${x > 1}]-> b
           t -> c"#,
    );
    for (x, expected) in [(0, "task C"), (1, "task A"), (2, "task A, B")] {
        check(&process, &[(json!({"start": {"x": x}}), expected)]);
    }
}

#[test]
fn branches_advance_in_turn() {
    let process = definition(
        r#"<startEvent id="start"/><parallelGateway id="fork"/>
           <scriptTask id="a1"><script>a1</script></scriptTask><scriptTask id="a2"><script>a2</script></scriptTask>
           <scriptTask id="b1"><script>b1</script></scriptTask><scriptTask id="b2"><script>b2</script></scriptTask>
           start -> fork -> a1 -> a2
           fork -> b1 -> b2"#,
    );
    check(&process, &[(start(), "a1; b1; a2; b2; completed")]);
}
