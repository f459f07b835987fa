//! Boundary events of each kind, and cycles.

use crate::*;

fn with_boundary(activity: &str, cancel: bool, event: &str) -> String {
    definition(&format!(
        "<startEvent id=\"start\"/>{activity}<userTask id=\"x\" name=\"X\"/><userTask id=\"after\" name=\"After\"/>
         <boundaryEvent id=\"b\" attachedToRef=\"a\" cancelActivity=\"{cancel}\">{event}</boundaryEvent>
         start -> a -> after
         b -> x"
    ))
}

const TASK: &str = "<userTask id=\"a\" name=\"A\"/>";
const TIMER: &str = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>";

#[test]
fn an_interrupting_timer_takes_the_place_of_its_task() {
    check(
        &with_boundary(TASK, true, TIMER),
        &[(start(), "task A; timer b@10:00:00"), (advance("PT1H"), "task X"), (complete("X"), "completed")],
    );
    check(
        &with_boundary(TASK, true, TIMER),
        &[(start(), "task A; timer b@10:00:00"), (complete("A"), "task After")],
    );
}

#[test]
fn a_non_interrupting_timer_runs_beside_its_task() {
    check(
        &with_boundary(TASK, false, TIMER),
        &[
            (start(), "task A; timer b@10:00:00"),
            (advance("PT1H"), "task A, X"),
            (complete("A"), "task X, After"),
            (complete("After"), "task X"),
            (complete("X"), "completed"),
        ],
    );
}

#[test]
fn messages_and_signals_are_heard_at_a_boundary_as_often_as_they_come() {
    let message = "<messageEventDefinition messageRef=\"m\"/>";
    check(
        &with_boundary(TASK, true, message),
        &[(start(), "task A; wait message m"), (json!({"message": "m"}), "task X")],
    );
    let signal = "<signalEventDefinition signalRef=\"s\"/>";
    check(
        &with_boundary(TASK, false, signal),
        &[
            (start(), "task A; wait signal s"),
            (json!({"signal": "s"}), "task A, X; wait signal s"),
            (json!({"signal": "s"}), "task A, X, X; wait signal s"),
            (complete("A"), "task X, X, After"),
        ],
    );
}

#[test]
fn a_boundary_of_a_sub_process_ends_everything_inside() {
    let activity = r#"<subProcess id="a"><startEvent id="in"/><parallelGateway id="fork"/>
        <userTask id="u" name="U"/><subProcess id="inner"><startEvent id="in2"/><userTask id="v" name="V"/>
        in2 -> v
        </subProcess>
        <intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT3H</timeDuration></timerEventDefinition></intermediateCatchEvent>
        <endEvent id="out"/>
        in -> fork -> u
        fork -> inner
        fork -> t -> out
        </subProcess>"#;
    check(
        &with_boundary(activity, true, TIMER),
        &[(start(), "task U, V; timer b@10:00:00, t@12:00:00"), (advance("PT1H"), "task X")],
    );
}

#[test]
fn a_cycle_fires_as_often_as_it_says_and_stops_with_its_task() {
    let cycle = "<timerEventDefinition><timeCycle>R3/PT10M</timeCycle></timerEventDefinition>";
    check(
        &with_boundary(TASK, false, cycle),
        &[
            (start(), "task A; timer b@09:10:00"),
            (advance("PT10M"), "task A, X; timer b@09:20:00"),
            (advance("PT1H"), "task A, X, X, X"),
            (json!({"fire": "next"}), "failure no-timer"),
        ],
    );
    let endless = "<timerEventDefinition><timeCycle>${every}</timeCycle></timerEventDefinition>";
    check(
        &with_boundary(TASK, false, endless),
        &[
            (json!({"start": {"every": "R/P1D"}}), "task A; timer b@2026-01-02T09:00:00"),
            (advance("P2D"), "task A, X, X; timer b@2026-01-04T09:00:00"),
            (complete("A"), "task X, X, After"),
        ],
    );
}

#[test]
fn a_condition_that_holds_already_interrupts_before_the_activity_does_anything() {
    let activity = r#"<subProcess id="a"><startEvent id="in"/><scriptTask id="s"><script>inside</script></scriptTask>
        in -> s
        </subProcess>"#;
    let event = "<conditionalEventDefinition><condition>${stop}</condition></conditionalEventDefinition>";
    check(&with_boundary(activity, true, event), &[(json!({"start": {"stop": true}}), "task X")]);
    check(
        &with_boundary(activity, true, event),
        &[(json!({"start": {"stop": false}}), "inside; task After")],
    );
}

#[test]
fn a_signal_thrown_at_the_end_of_a_sub_process_reaches_its_own_boundary() {
    let activity = r#"<subProcess id="a"><startEvent id="in"/>
        <endEvent id="out"><signalEventDefinition signalRef="s"/></endEvent>
        in -> out
        </subProcess>"#;
    check(
        &with_boundary(activity, true, "<signalEventDefinition signalRef=\"s\"/>"),
        &[(start(), "signal s; task X")],
    );
}
