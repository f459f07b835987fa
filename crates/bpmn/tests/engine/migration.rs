//! Instances that move to another version of their definition: rows of two versions, a map, and what the plan says.

use crate::live::{at, started};
use crate::*;
use bpmn::engine::{At, Library, Plan, State, migrate};
use bpmn::{Act, Definition, Event};
use std::collections::BTreeMap;
use std::sync::Arc;

fn library(lines: &str) -> Library {
    let definition = Definition::parse(definition(lines)).unwrap();
    assert_eq!(definition.diagnostics.iter().find(|found| found.severity == bpmn::Severity::Error), None);
    Library::new(Arc::new(definition))
}

/// Starts `old` and plans its move to `new`.
fn plan(old: &str, new: &str, map: &[(&str, &str)]) -> (Plan, State) {
    let (old, new) = (library(old), library(new));
    let map: BTreeMap<String, String> = map.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    migrate(&old, &new, &started(&old), &map, at("02T09:00:00"))
}

const TASK: &str = "<startEvent id=\"start\"/><userTask id=\"a\" name=\"Look\"/><endEvent id=\"end\"/>
    start -> a -> end";

#[test]
fn what_has_no_counterpart_stands_in_the_way_and_says_so() {
    let inside = "<startEvent id=\"start\"/><subProcess id=\"s\"><startEvent id=\"b\"/><userTask id=\"a\" name=\"Look\"/>
        b -> a
        </subProcess>
        start -> s";
    let waiting = "<startEvent id=\"start\"/><intermediateCatchEvent id=\"w\"><messageEventDefinition messageRef=\"m\"/></intermediateCatchEvent>
        <userTask id=\"n\"/>
    start -> w -> n";
    let timed = "<startEvent id=\"start\"/><intermediateCatchEvent id=\"w\"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent><userTask id=\"n\"/>
        start -> w -> n";
    let joining = "<startEvent id=\"start\"/><parallelGateway id=\"f\"/><userTask id=\"a\"/><task id=\"t\"/><parallelGateway id=\"j\"/>
        start -> f -> a -> j
        f -> t -> j";
    let unjoined = "<startEvent id=\"start\"/><parallelGateway id=\"f\"/><userTask id=\"a\"/><task id=\"t\"/><task id=\"t2\"/><parallelGateway id=\"j\"/>
        start -> f -> a -> j
        f -> t -> t2 -> j";
    type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);
    let rows: &[Row] = &[
        (
            TASK,
            "<startEvent id=\"start\"/><userTask id=\"b\" name=\"Other\"/>\nstart -> b",
            &[],
            "has no counterpart",
        ),
        (
            TASK,
            "<startEvent id=\"start\"/><task id=\"a\" name=\"Look\"/>\nstart -> a",
            &[],
            "has no counterpart",
        ),
        (TASK, TASK, &[("a", "nowhere")], "no element `nowhere`"),
        (TASK, TASK, &[("nothing", "a")], "no element `nothing`"),
        (TASK, TASK, &[("a", "end")], "another kind of element"),
        (TASK, inside, &[], "another sub-process"),
        (inside, TASK, &[], "has no counterpart"),
        (waiting, timed, &[], "has no counterpart"),
        (joining, unjoined, &[], "came by a flow"),
    ];
    for (old, new, map, why) in rows {
        let (plan, _) = plan(old, new, map);
        assert!(plan.problems.iter().any(|problem| problem.message.contains(why)), "{why}: {plan:#?}\n{new}");
    }
}

#[test]
fn a_task_moves_by_id_by_name_or_by_the_map_and_asks_as_the_new_version_does() {
    for (new, map, by) in [
        ("<userTask id=\"a\" name=\"Read\" flowable:candidateUsers=\"ben\"/>\nstart -> a", vec![], "id"),
        ("<userTask id=\"b\" name=\"Look\" flowable:candidateUsers=\"ben\"/>\nstart -> b", vec![], "name"),
        (
            "<userTask id=\"b\" name=\"Read\" flowable:candidateUsers=\"ben\"/>\nstart -> b",
            vec![("a", "b")],
            "map",
        ),
    ] {
        let new = format!("<startEvent id=\"start\"/>{new}");
        let (plan, state) = plan(TASK, &new, &map);
        assert!(plan.problems.is_empty() && plan.losses.is_empty(), "{plan:#?}");
        assert_eq!(serde_json::to_value(plan.moves[0].by).unwrap(), by);
        let (number, task) = state.tasks.first_key_value().unwrap();
        assert_eq!(task.candidates.users, ["ben"]);
        // It goes on where the new version leads.
        let act = Act::Complete { task: *number, answers: Default::default() };
        let ended = bpmn::step(&library(&new), &state, &Event::new(at("02T10:00:00"), act)).unwrap().state;
        assert!(ended.ended());
    }
}

#[test]
fn events_come_and_go_with_the_version_and_those_that_stay_keep_their_time() {
    let timer = |id: &str, after: &str, cancels: bool| {
        format!(
            "<boundaryEvent id=\"{id}\" attachedToRef=\"a\" cancelActivity=\"{cancels}\"><timerEventDefinition><timeDuration>{after}</timeDuration></timerEventDefinition></boundaryEvent>\n{id} -> end\n"
        )
    };
    let old = format!("{TASK}\n{}{}", timer("kept", "P3D", true), timer("gone", "P4D", false));
    let new = format!(
        "{TASK}\n{}{}<dataObject id=\"d\" name=\"Level\" itemSubjectRef=\"xsd:string\"><extensionElements><flowable:value>low</flowable:value></extensionElements></dataObject>",
        timer("kept", "P9D", false),
        timer("new", "P1D", true)
    );
    let (plan, state) = plan(&old, &new, &[]);
    assert!(plan.problems.is_empty(), "{plan:#?}");
    let of =
        |remarks: &[bpmn::engine::Remark]| remarks.iter().map(|remark| remark.of.clone()).collect::<Vec<_>>();
    assert_eq!(
        (of(&plan.losses), of(&plan.gains)),
        (vec!["gone".to_owned()], vec!["Level".to_owned(), "new".to_owned()])
    );
    let timers: Vec<(String, String)> = state
        .timers()
        .into_iter()
        .map(|(_, watch, due)| (watch.element.to_string(), due.to_string()))
        .collect();
    // What stays was set when the task was offered; what is new begins now.
    assert_eq!(
        timers,
        [("new".into(), "2026-01-03T09:00:00Z".into()), ("kept".into(), "2026-01-04T09:00:00Z".into())]
    );
    assert_eq!(state.variables()["Level"].as_str(), Some("low"));
}

#[test]
fn a_join_that_waits_for_nobody_any_more_opens() {
    let old = "<startEvent id=\"start\"/><parallelGateway id=\"f\"/><userTask id=\"a\"/><task id=\"t\"/><inclusiveGateway id=\"j\"/><userTask id=\"z\" name=\"Z\"/><endEvent id=\"e\"/>
        start -> f -> a -> j -> z
        f -> t -> j";
    let new = old.replace("f -> a -> j -> z", "f -> a -> e").replace("f -> t -> j", "f -> t -> j -> z");
    let (plan, state) = plan(old, &new, &[]);
    assert!(plan.problems.is_empty(), "{plan:#?}");
    assert!(state.tasks.values().any(|task| &*task.element == "z"), "{:#?}", state.tokens);
    assert!(state.tokens.values().all(|token| token.at != At::Join));
}

#[test]
fn an_ended_instance_stays_where_it_ended() {
    let old = library(TASK);
    let state = started(&old);
    let ended = bpmn::step(&old, &state, &Event::new(at("01T10:00:00"), Act::Cancel { reason: "x".into() }));
    let (plan, _) = migrate(&old, &old, &ended.unwrap().state, &BTreeMap::new(), at("02T09:00:00"));
    assert!(plan.problems[0].message.contains("only a running instance"));
}
