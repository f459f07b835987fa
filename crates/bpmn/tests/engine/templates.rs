//! The built-in definitions, rehearsed to every end and along every loop.

use crate::*;

fn template(name: &str) -> &'static str {
    bpmn::templates::all().iter().find(|template| template.name == name).unwrap().document
}

fn reply() -> Json {
    json!({"http": [{"status": 200, "body": {}}], "variables": {"ProjectName": "P"}})
}

fn answer(task: &str, who: &str, answers: Json) -> Json {
    json!({"complete": task, "as": who, "answers": answers})
}

#[test]
fn no_template_has_a_finding_that_blocks_it() {
    for template in bpmn::templates::all() {
        let found = bpmn::simulate::lint(template.document.as_bytes(), jiff::Timestamp::UNIX_EPOCH);
        assert!(!found.has_errors(), "{}: {:#?}", template.name, found.diagnostics);
        assert_eq!(
            bpmn::simulate::rewrite(template.document.as_bytes()).unwrap(),
            template.document.as_bytes()
        );
    }
}

#[test]
fn every_element_of_a_template_is_drawn() {
    for template in bpmn::templates::all() {
        let definition = bpmn::Definition::parse(template.document).unwrap();
        let process = &definition.processes[0];
        let ids = process.nodes.iter().map(|node| &node.id).chain(process.flows.iter().map(|flow| &flow.id));
        for id in ids {
            assert!(template.document.contains(&format!("bpmnElement=\"{id}\"")), "{}: {id}", template.name);
        }
        for node in &process.nodes {
            if let bpmn::model::NodeKind::User(task) = &node.kind {
                assert!(task.prompts.iter().all(|prompt| prompt.required), "{}: {}", template.name, node.id);
            }
            if matches!(node.kind, bpmn::model::NodeKind::Exclusive) && node.outgoing.len() > 1 {
                assert!(node.default.is_some(), "{}: {} has no default", template.name, node.id);
            }
        }
    }
}

#[test]
fn migration_ends_migrated_or_not() {
    let begin = (
        json!({"start": {}, "as": "sam"}),
        "task Approve the champion for migration; timer unanswered@2026-01-02T09:00:00",
    );
    let states = |rows: &[Json]| {
        let mut script = reply();
        script["steps"] = rows.to_vec().into();
        let script: Script = serde_json::from_value(script).unwrap();
        let answer = simulate(template("migration").as_bytes(), &script, &[]);
        assert!(answer.is_complete(), "{answer:#?}");
        summary(&serde_json::to_value(answer.states.last().unwrap()).unwrap())
    };
    let approve =
        |yes: bool| answer("Approve the champion for migration", "vera", json!({"ModelIsApproved": yes}));
    assert!(states(&[begin.0.clone(), approve(false)]).ends_with("completed"));
    let bucket = answer("Name the bucket for P", "ida", json!({"BucketName": "b"}));
    let done = states(&[begin.0.clone(), approve(true), bucket]);
    assert!(done.contains("migrate?bucket=b") && done.ends_with("completed"), "{done}");
    assert!(states(&[begin.0, advance("P2D")]).matches("notify").count() == 2, "a reminder every day");
}

const REVIEW: &str = "[Model steward] Review the report";

#[test]
fn monitoring_keeps_retrains_and_retires() {
    let approve = "[Validator] Approve the retrained model";
    let assessed = "http POST countersign:score 200; http POST countersign:performance-report 200; \
        notify /model-steward A performance report is ready for review false; task [Model steward] Review the report";
    let review = |who: &str, decision: &str| {
        let answers = json!({"performs": "no", "data": "yes", "context": "unsure", "impact": "yes", "Decision": decision});
        answer(REVIEW, who, answers)
    };
    check_with(
        template("monitor-and-retrain"),
        reply(),
        &[],
        &[
            (
                json!({"start": {"StartUsing": "2026-01-02T09:00:00Z", "AssessEvery": "P7D"}, "as": "sam"}),
                "timer in_use@2026-01-02T09:00:00",
            ),
            (advance("P1D"), &format!("{assessed}; timer review_day@2026-01-03T09:00:00")),
            (
                advance("P1D"),
                "notify /model-steward Reminder: a task waits for you false; task [Model steward] Review the report; timer review_day@2026-01-04T09:00:00",
            ),
            (review("mia", "keep"), "timer next@2026-01-10T09:00:00"),
            (advance("P7D"), &format!("{assessed}; timer review_day@2026-01-11T09:00:00")),
            (
                review("mia", "retrain"),
                "http POST countersign:retrain 200; task [Validator] Approve the retrained model; timer approve_day@2026-01-11T09:00:00",
            ),
            (
                answer(approve, "vera", json!({"RetrainedIsApproved": true})),
                "http POST countersign:publish 200; http POST countersign:champion 200; timer next@2026-01-17T09:00:00",
            ),
            (advance("P7D"), &format!("{assessed}; timer review_day@2026-01-18T09:00:00")),
            (
                review("mia", "retrain"),
                "http POST countersign:retrain 200; task [Validator] Approve the retrained model; timer approve_day@2026-01-18T09:00:00",
            ),
            (
                answer(approve, "vera", json!({"RetrainedIsApproved": false})),
                "notify /model-steward The retrained model was not approved false; http POST countersign:keep 200; timer next@2026-01-24T09:00:00",
            ),
            (advance("P7D"), &format!("{assessed}; timer review_day@2026-01-25T09:00:00")),
            (review("mia", "retire"), "notify sam/model-steward The model is retired false; completed"),
        ],
    );
    // Nobody approves what they sent to be retrained.
    check_with(
        template("monitor-and-retrain"),
        reply(),
        &[],
        &[
            (json!({"start": {"StartUsing": "2026-01-01T09:00:00Z"}, "as": "sam"}), "timer in_use@09:00:00"),
            (json!({"fire": "next"}), &format!("{assessed}; timer review_day@2026-01-02T09:00:00")),
            (
                review("mia", "retrain"),
                "http POST countersign:retrain 200; task [Validator] Approve the retrained model; timer approve_day@2026-01-02T09:00:00",
            ),
            (answer(approve, "mia", json!({"RetrainedIsApproved": true})), "failure barred"),
        ],
    );
}

#[test]
fn the_full_life_cycle_goes_round_and_ends() {
    let (register, compare) =
        ("[Modeler] Register the candidate models", "[Data scientist] Compare the candidates");
    let (approve, confirm) = ("[Validator] Approve the champion", "[DevOps] Confirm the deployment");
    let (repair, decide) = ("[DevOps] Repair the deployment", "[Analytics leader] Retrain or retire");
    let (retrospective, day) = ("[Analytics leader] Hold the retrospective", "2026-01-02T09:00:00");
    let published =
        format!("http POST countersign:publish?bucket=b 200; task {confirm}; timer confirm_day@{day}");
    let chosen = |model: &str| {
        format!("http POST countersign:choose?version={model} 200; task {approve}; timer approve_day@{day}")
    };
    let well = |yes: bool| answer(REVIEW, "mia", json!({"PerformsWell": yes}));
    let assessed = "http POST countersign:score 200; http POST countersign:performance-report 200; task [Model steward] Review the report; timer review_day@";
    check_with(
        template("full-life-cycle"),
        reply(),
        &[],
        &[
            (
                json!({"start": {"AssessEvery": "P7D", "BucketName": "b"}, "as": "sam"}),
                &format!("task {register}; timer register_models_day@{day}"),
            ),
            (
                answer(register, "dan", json!({"ModelsAreRegistered": false})),
                &format!("task {register}; timer register_models_day@{day}"),
            ),
            (
                answer(register, "dan", json!({"ModelsAreRegistered": true})),
                &format!("task {compare}; timer compare_models_day@{day}"),
            ),
            (answer(compare, "dan", json!({"ChampionName": "m1"})), &chosen("m1")),
            (answer(approve, "vera", json!({"ChampionIsApproved": false})), &format!("task {retrospective}")),
            (
                answer(retrospective, "max", json!({})),
                &format!("task {compare}; timer compare_models_day@{day}"),
            ),
            (answer(compare, "dan", json!({"ChampionName": "m2"})), &chosen("m2")),
            (
                answer(approve, "vera", json!({"ChampionIsApproved": true})),
                &format!("http POST countersign:champion 200; http POST countersign:build 200; {published}"),
            ),
            (answer(confirm, "dee", json!({"DeploymentIsSound": false})), &format!("task {repair}")),
            (answer(repair, "dee", json!({})), &published),
            (answer(confirm, "dee", json!({"DeploymentIsSound": true})), "timer next@2026-01-08T09:00:00"),
            (advance("P7D"), &format!("{assessed}2026-01-09T09:00:00")),
            (well(true), "timer next@2026-01-15T09:00:00"),
            (advance("P7D"), &format!("{assessed}2026-01-16T09:00:00")),
            (well(false), &format!("task {decide}; timer decide_day@2026-01-16T09:00:00")),
            (
                answer(decide, "max", json!({"NextStep": "retire"})),
                "notify sam/model-steward The model is retired false; completed",
            ),
        ],
    );
    check_with(
        template("full-life-cycle"),
        reply(),
        &[],
        &[
            (json!({"start": {}, "as": "sam"}), &format!("task {register}; timer register_models_day@{day}")),
            (
                answer(register, "dan", json!({"ModelsAreRegistered": true})),
                &format!("task {compare}; timer compare_models_day@{day}"),
            ),
            (answer(compare, "eve", json!({"ChampionName": "m1"})), &chosen("m1")),
            (answer(approve, "eve", json!({"ChampionIsApproved": true})), "failure barred"),
        ],
    );
}

#[test]
fn a_retrained_model_is_compared_again() {
    let steps = [
        json!({"start": {}, "as": "sam"}),
        json!({"complete": "*any", "answers": {"ModelsAreRegistered": true}}),
        json!({"complete": "*any", "answers": {"ChampionName": "m1"}}),
        json!({"complete": "*any", "answers": {"ChampionIsApproved": true}}),
        json!({"complete": "*any", "answers": {"DeploymentIsSound": true}}),
        json!({"fire": "next"}),
        json!({"complete": "*any", "answers": {"PerformsWell": false}}),
        json!({"complete": "*any", "answers": {"NextStep": "retrain"}}),
    ];
    let mut script = reply();
    script["steps"] = steps.to_vec().into();
    let script: Script = serde_json::from_value(script).unwrap();
    let answer = simulate(template("full-life-cycle").as_bytes(), &script, &[]);
    assert!(answer.is_complete(), "{:?}", answer.failure);
    let last = summary(&serde_json::to_value(answer.states.last().unwrap()).unwrap());
    assert!(last.starts_with("http POST countersign:retrain 200; task [Data scientist] Compare"), "{last}");
}

/// An answer of the right kind by chance: one of the choices where there are any.
fn chosen(prompt: &bpmn::model::Prompt, random: &mut crate::walks::Random) -> bpmn::Value {
    if !prompt.choices.is_empty() {
        return prompt.choices[random.below(prompt.choices.len())].value.clone();
    }
    match prompt.kind {
        bpmn::model::DataType::Boolean => bpmn::Value::Boolean(random.one_in(2)),
        bpmn::model::DataType::Date => bpmn::Value::from("2026-01-01"),
        _ => bpmn::Value::from("P1D"),
    }
}

/// Answers to what a process asks at its start.
fn begin_with(process: &bpmn::model::Process) -> bpmn::engine::Variables {
    let dated = process.data_object(None, "StartUsing").is_some();
    dated.then(|| ("StartUsing".to_owned(), bpmn::Value::from("2026-01-01"))).into_iter().collect()
}

/// One walk through a template, of events alone: everything that is asked is answered by chance, and every call succeeds
/// or fails. Notes what it came to.
fn wander(library: &bpmn::Library, seed: u64, seen: &mut std::collections::BTreeSet<String>) {
    use bpmn::{Act, Event, State};
    let mut random = crate::walks::Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut now: jiff::Timestamp = "2026-01-01T09:00:00Z".parse().unwrap();
    let process = &library.definitions()[0].processes[0];
    let mut state = State::new("i");
    let mut act =
        Some(Act::Start { process: process.id.to_string(), variables: begin_with(process), begin: None });
    for _ in 0..120 {
        let Some(next) = act.take() else { break };
        state.apply(library, &Event::new(now, next)).unwrap();
        crate::walks::consistent(&state);
        assert!(!state.is_stuck(), "{seed}: {:?}", state.tokens);
        if state.ended() {
            break;
        }
        let task = state.tasks.iter().nth(random.below(state.tasks.len().max(1)));
        act = match task {
            // Now and then nobody answers, and a reminder is due.
            Some((task, open)) if !random.one_in(4) => {
                let answers =
                    open.prompts.iter().map(|prompt| (prompt.variable.clone(), chosen(prompt, &mut random)));
                Some(Act::Complete { task: *task, answers: answers.collect() })
            }
            _ => crate::walks::choose(&state, &mut random, &mut now),
        };
    }
    seen.extend(state.passages.keys().map(ToString::to_string));
    if state.ended() {
        // Which of the ends it was: the last that it came to.
        let ends = process.nodes.iter().filter(|node| matches!(node.kind, bpmn::model::NodeKind::End(_)));
        seen.extend(
            ends.filter(|end| state.passages.contains_key(&end.id)).map(|end| format!("ended at {}", end.id)),
        );
    }
}

#[test]
fn every_element_of_a_template_is_come_to_and_every_end_ends_it() {
    for template in bpmn::templates::all() {
        let definition = bpmn::Definition::parse(template.document).unwrap();
        let library = bpmn::Library::new(std::sync::Arc::new(definition));
        let mut seen = std::collections::BTreeSet::new();
        for seed in 1..=600 {
            wander(&library, seed, &mut seen);
        }
        for node in &library.definitions()[0].processes[0].nodes {
            assert!(seen.contains(&*node.id), "{}: nobody came to `{}`", template.name, node.id);
            if matches!(node.kind, bpmn::model::NodeKind::End(_)) && node.parent.is_none() {
                let end = format!("ended at {}", node.id);
                assert!(seen.contains(&end), "{}: never {end}", template.name);
            }
        }
    }
}
