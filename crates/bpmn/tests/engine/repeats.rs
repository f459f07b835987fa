//! Multi-instance and standard loops.

use crate::*;

fn repeated(inside: &str, repetition: &str) -> String {
    definition(&format!(
        "<startEvent id=\"start\"/>{}<userTask id=\"z\" name=\"Z\"/>
         start -> a -> z",
        inside.replace("@", repetition)
    ))
}

const TASK: &str = "<userTask id=\"a\" name=\"A ${loopCounter}\">@</userTask>";

#[test]
fn a_parallel_multi_instance_offers_all_rounds_at_once() {
    let three = "<multiInstanceLoopCharacteristics><loopCardinality>${n}</loopCardinality></multiInstanceLoopCharacteristics>";
    check(
        &repeated(TASK, three),
        &[
            (json!({"start": {"n": 3}}), "task A 0, A 1, A 2"),
            (complete("A 1"), "task A 0, A 2"),
            (json!({"complete": "*all"}), "task Z"),
        ],
    );
    check(&repeated(TASK, three), &[(json!({"start": {"n": 0}}), "task Z")]);
    check(
        &repeated(TASK, three),
        &[
            (json!({"start": {"n": -1}}), "incident a"),
            (json!({"set": {"n": 1}}), "incident a"),
            (json!({"retry": "#a"}), "task A 0"),
        ],
    );
    check(&repeated(TASK, three), &[(json!({"start": {"n": 1000000}}), "incident a")]);
}

#[test]
fn a_sequential_multi_instance_goes_over_a_collection_one_by_one() {
    let each = r#"<multiInstanceLoopCharacteristics isSequential="true" flowable:collection="people" flowable:elementVariable="who"/>"#;
    let task = "<userTask id=\"a\" name=\"for ${who}\" flowable:assignee=\"${who}\">@</userTask>";
    check(
        &repeated(task, each),
        &[
            (json!({"start": {"people": ["ana", "ben"]}}), "task for ana"),
            (complete("for ana"), "task for ben"),
            (complete("for ben"), "task Z"),
        ],
    );
    check(
        &repeated(task, &each.replace("\"people\"", "\"${people}\"")),
        &[(json!({"start": {"people": "ana, ben"}}), "task for ana")],
    );
    check(&repeated(task, each), &[(start(), "incident a")]);
}

#[test]
fn a_completion_condition_ends_the_rest() {
    let half = r#"<multiInstanceLoopCharacteristics><loopCardinality>4</loopCardinality>
        <completionCondition>${nrOfCompletedInstances / nrOfInstances >= 0.5}</completionCondition></multiInstanceLoopCharacteristics>"#;
    check(
        &repeated(TASK, half),
        &[
            (start(), "task A 0, A 1, A 2, A 3"),
            (complete("A 3"), "task A 0, A 1, A 2"),
            (complete("A 0"), "task Z"),
        ],
    );
}

#[test]
fn rounds_of_a_sub_process_keep_their_variables_apart_and_end_together() {
    let sub = r#"<subProcess id="a">@<dataObject id="d" name="note" itemSubjectRef="xsd:string"/>
        <startEvent id="in"/><userTask id="u" name="U ${loopCounter}"/><userTask id="v" name="V ${loopCounter} ${note}"/>
        in -> u -> v
        </subProcess>"#;
    let two = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>";
    check(
        &repeated(sub, two),
        &[
            (start(), "task U 0, U 1"),
            (json!({"complete": "U 1", "answers": {"note": "one"}}), "task U 0, V 1 one"),
            (json!({"complete": "U 0", "answers": {"note": "nil"}}), "task V 1 one, V 0 nil"),
            (complete("V 0 nil"), "task V 1 one"),
            (complete("V 1 one"), "task Z"),
        ],
    );
}

#[test]
fn terminate_in_a_round_ends_the_round_or_all_rounds() {
    let sub = |attribute: &str| {
        format!(
            r#"<subProcess id="a">@<startEvent id="in"/><parallelGateway id="fork"/><userTask id="u" name="U ${{loopCounter}}"/>
            <userTask id="w" name="W ${{loopCounter}}"/><endEvent id="stop"><terminateEventDefinition {attribute}/></endEvent>
            in -> fork -> u -> stop
            fork -> w
            </subProcess>"#
        )
    };
    let two = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>";
    check(
        &repeated(&sub(""), two),
        &[
            (start(), "task U 0, U 1, W 0, W 1"),
            (complete("U 0"), "task U 1, W 1"),
            (complete("U 1"), "task Z"),
        ],
    );
    check(
        &repeated(&sub("flowable:terminateMultiInstance=\"true\""), two),
        &[(start(), "task U 0, U 1, W 0, W 1"), (complete("U 0"), "task Z")],
    );
}

#[test]
fn a_boundary_timer_ends_all_rounds() {
    let process = definition(
        r#"<startEvent id="start"/><userTask id="a" name="A ${loopCounter}"><multiInstanceLoopCharacteristics isSequential="true">
           <loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>
           <boundaryEvent id="b" attachedToRef="a"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
           <userTask id="x" name="X"/>
           start -> a
           b -> x"#,
    );
    check(
        &process,
        &[
            (start(), "task A 0; timer b@10:00:00"),
            (complete("A 0"), "task A 1; timer b@10:00:00"),
            (advance("PT1H"), "task X"),
        ],
    );
}

#[test]
fn a_standard_loop_goes_on_while_its_condition_holds() {
    let script = "<scriptTask id=\"a\">@<script>COUNT</script></scriptTask>";
    let while_less = "<standardLoopCharacteristics><loopCondition>${n &lt; 3}</loopCondition></standardLoopCharacteristics>";
    let counting = json!({"scripts": {"COUNT": {"set": {"n": "${n + 1}"}}}});
    check_with(
        &repeated(script, while_less),
        counting.clone(),
        &[],
        &[
            (json!({"start": {"n": 0}}), "COUNT; COUNT; COUNT; task Z"),
            (json!({"start": {"n": 9}}), "COUNT; task Z, Z"),
        ],
    );
    let before = while_less
        .replace("<standardLoopCharacteristics", "<standardLoopCharacteristics testBefore=\"true\"");
    check_with(&repeated(script, &before), counting.clone(), &[], &[(json!({"start": {"n": 9}}), "task Z")]);
    let most = "<standardLoopCharacteristics loopMaximum=\"2\"/>";
    check_with(
        &repeated(script, most),
        counting,
        &[],
        &[(json!({"start": {"n": 0}}), "COUNT; COUNT; task Z")],
    );
}

#[test]
fn every_round_calls_with_a_key_of_its_own() {
    let process = repeated(
        "<scriptTask id=\"a\">@<script>S</script></scriptTask>",
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>",
    );
    let library = bpmn::Library::new(std::sync::Arc::new(bpmn::Definition::parse(process).unwrap()));
    let state = crate::live::started(&library);
    let keys: Vec<&str> = state.effects.keys().map(String::as_str).collect();
    assert_eq!(keys, ["i/a/2", "i/a/3", "i/a/4"]);
}
