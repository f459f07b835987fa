//! Processes that start by themselves, rehearsed: their timers run until the script starts the process itself.

use crate::*;

fn timed(timer: &str) -> String {
    definition(&format!(
        "<startEvent id=\"s\"><timerEventDefinition>{timer}</timerEventDefinition></startEvent>
         <userTask id=\"a\" name=\"A\"/><endEvent id=\"e\"/>
         s -> a -> e"
    ))
}

#[test]
fn a_timer_start_begins_an_instance_when_it_is_due() {
    let once = timed("<timeDuration>PT1H</timeDuration>");
    check(
        &once,
        &[
            (advance("PT59M"), "timer s@10:00:00"),
            (advance("PT1M"), "task A"),
            (advance("P1D"), "task A"),
            (complete("A"), "completed"),
        ],
    );
    let cycle = timed("<timeCycle>R2/PT1H</timeCycle>");
    check(
        &cycle,
        &[
            (json!({"fire": "next"}), "task A; timer s@11:00:00"),
            (json!({"fire": "next"}), "task A, A"),
            (json!({"fire": "next"}), "failure no-timer"),
        ],
    );
}

#[test]
fn who_starts_it_by_hand_does_not_wait_for_its_timer() {
    let cycle = timed("<timeCycle>R/PT1H</timeCycle>");
    check(&cycle, &[(start(), "task A"), (advance("P1D"), "task A"), (complete("A"), "completed")]);
    // What a definition beside it starts by goes on.
    let more =
        timed("<timeCycle>R/PT1H</timeCycle>").replace("id=\"p\"", "id=\"q\"").replace("\"A\"", "\"B\"");
    let plain = definition("<startEvent id=\"s\"/><userTask id=\"a\" name=\"A\"/>\ns -> a");
    check_with(
        &plain,
        json!({"more": ["q.bpmn"]}),
        &[("q.bpmn", more)],
        &[(start(), "task A; timer s@10:00:00"), (advance("PT1H"), "task A, B; timer s@11:00:00")],
    );
}

#[test]
fn an_expression_of_a_timer_start_sees_the_data_objects() {
    let lines = "<dataObject id=\"d\" name=\"every\" itemSubjectRef=\"xsd:string\"><extensionElements><flowable:value>R1/PT2H</flowable:value></extensionElements></dataObject>";
    let text =
        timed("<timeCycle>${every}</timeCycle>").replace("<startEvent", &format!("{lines}<startEvent"));
    check(&text, &[(json!({"fire": "next"}), "task A")]);
}
