//! The engine as the product drives it: effects stay pending until their result comes, timers are late, people change
//! their minds.

use crate::*;
use bpmn::engine::{Library, Note, Outcome, Reply};
use bpmn::{Act, Definition, Event, Refusal, State, step};
use jiff::Timestamp;
use std::sync::Arc;

pub(crate) fn at(time: &str) -> Timestamp {
    format!("2026-01-{time}Z").parse().unwrap()
}

fn library(lines: &str) -> Library {
    let definition = Definition::parse(definition(lines)).unwrap();
    assert_eq!(definition.diagnostics.iter().find(|found| found.severity == bpmn::Severity::Error), None);
    Library::new(Arc::new(definition))
}

pub(crate) fn started(library: &Library) -> State {
    let act = Act::Start { process: "p".to_owned(), variables: Default::default(), begin: None };
    step(library, &State::new("i"), &Event::new(at("01T09:00:00"), act)).unwrap().state
}

fn next(library: &Library, state: &State, time: &str, act: Act) -> State {
    step(library, state, &Event::new(at(time), act)).unwrap().state
}

const CALL: &str = r#"<startEvent id="start"/><serviceTask id="c" flowable:delegateExpression="${restTask}"><extensionElements>
    <flowable:field name="url" stringValue="/x"/><flowable:field name="statusCode" stringValue="200"/></extensionElements></serviceTask>
    <userTask id="a" name="A"/>
    start -> c -> a"#;

#[test]
fn an_effect_stays_pending_under_one_key_until_its_result_is_in() {
    let library = library(CALL);
    let state = started(&library);
    assert_eq!(state.effects.keys().collect::<Vec<_>>(), ["i/c/1"]);
    let failed =
        |message: &str| Act::EffectFailed { effect: "i/c/1".into(), message: message.into(), error: None };
    let stopped = next(&library, &state, "01T09:01:00", failed("unreachable"));
    assert!(stopped.effects.is_empty());
    let (incident, _) = stopped.incidents.first_key_value().unwrap();
    let again =
        step(&library, &stopped, &Event::new(at("01T09:02:00"), Act::Retry { incident: *incident })).unwrap();
    assert_eq!(again.effects.len(), 1);
    assert_eq!(again.effects[0].key, "i/c/1", "the same occurrence has the same key");
    let reply = Reply { status: Some(200), body: Some("{}".into()), ..Reply::default() };
    let done =
        next(&library, &again.state, "01T09:03:00", Act::EffectSucceeded { effect: "i/c/1".into(), reply });
    assert_eq!(done.tasks.len(), 1);
    assert_eq!(done.passages["c"].spent_ms, 180_000);
    let twice = Act::EffectSucceeded { effect: "i/c/1".into(), reply: Reply::default() };
    let refused = step(&library, &done, &Event::new(at("01T09:04:00"), twice));
    assert!(matches!(refused, Err(Refusal::NotFound { .. })), "a second result is not taken");
}

#[test]
fn a_value_in_a_header_adds_no_other_header() {
    let json = r#"<![CDATA[{"X-Who":"${who}"}]]>"#;
    let rows = [
        (json, r#"a","Authorization":"stolen"#, Some(r#"a","Authorization":"stolen"#)),
        ("X-Who: ${who}", "a\nAuthorization: stolen", Some("a Authorization: stolen")),
        (json, "ana", None),
    ];
    for (template, who, sent_as) in rows {
        let call = CALL.replace(
            "</extensionElements>",
            &format!("<flowable:field name=\"headers\"><flowable:expression>{template}</flowable:expression></flowable:field></extensionElements>"),
        );
        let library = library(&call);
        let variables = [("who".to_owned(), bpmn::Value::from(who))].into();
        let act = Act::Start { process: "p".to_owned(), variables, begin: None };
        let found = step(&library, &State::new("i"), &Event::new(at("01T09:00:00"), act)).unwrap();
        let [effect] = found.effects.as_slice() else { panic!("{:?}", found.state.incidents) };
        let bpmn::engine::Action::Http { headers, sent, .. } = &effect.action else { panic!("{effect:?}") };
        let sent = sent.as_ref().and_then(|sent| sent.headers.as_ref());
        let only = |value: &str| std::collections::BTreeMap::from([("X-Who".to_owned(), value.to_owned())]);
        assert_eq!(sent, sent_as.map(only).as_ref(), "{template}");
        assert!(sent_as.is_some() || *headers == only(who), "{template}");
    }
}

#[test]
fn a_refused_event_leaves_the_state_as_it_was() {
    let library = library(CALL);
    let state = started(&library);
    let before = serde_json::to_string(&state).unwrap();
    for act in [
        Act::Claim { task: 99 },
        Act::Complete { task: 99, answers: Default::default() },
        Act::Fire { timer: 99 },
        Act::Retry { incident: 99 },
        Act::Skip { incident: 99, reason: "x".into() },
        Act::Trigger { waiting: 99, variables: Default::default() },
        Act::Message { name: "m".into(), correlation: None, variables: Default::default() },
        Act::Start { process: "p".into(), variables: Default::default(), begin: None },
        Act::MoveDue { of: 99, due: None, reason: "x".into() },
        Act::EffectFailed { effect: "i/x/1".into(), message: "x".into(), error: None },
        Act::Set { variables: Default::default(), scope: Some(99) },
    ] {
        let mut same = state.clone();
        assert!(same.apply(&library, &Event::new(at("02T00:00:00"), act.clone())).is_err(), "{act:?}");
        assert_eq!(serde_json::to_string(&same).unwrap(), before, "{act:?}");
    }
    let fresh =
        step(&library, &State::new("j"), &Event::new(at("01T00:00:00"), Act::Cancel { reason: "x".into() }));
    assert!(matches!(fresh, Err(Refusal::Order(_))));
}

const REMINDED: &str = r#"<startEvent id="start"/><userTask id="a" name="A"/>
    <boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></boundaryEvent>
    <scriptTask id="s"><script>remind</script></scriptTask>
    start -> a
    t -> s"#;

#[test]
fn an_overdue_cycle_fires_once_and_counts_what_was_missed() {
    let library = library(REMINDED);
    let state = started(&library);
    let (timer, _, due) = state.timers()[0];
    assert_eq!(due, at("02T09:00:00"));
    let early = step(&library, &state, &Event::new(at("02T08:59:59"), Act::Fire { timer }));
    assert!(matches!(early, Err(Refusal::Order(_))), "a timer does not fire early");
    let late = step(&library, &state, &Event::new(at("05T10:00:00"), Act::Fire { timer })).unwrap();
    let fired = Note::Fired { element: "t".into(), due, late_s: 3 * 86_400 + 3_600, missed: 3 };
    assert!(late.notes.contains(&fired), "{:?}", late.notes);
    assert_eq!(late.effects.len(), 1);
    assert_eq!(late.state.timers()[0].2, at("06T09:00:00"));
}

/// Whoever answers twice, or late, never answers what is asked next on the same branch; events of before tasks had numbers of
/// their own are judged as they were.
#[test]
fn each_task_has_a_number_of_its_own() {
    let elements = r#"<startEvent id="start"/><userTask id="a" name="A"/><userTask id="b" name="B"/>
        <boundaryEvent id="t" attachedToRef="b"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>
        <userTask id="c" name="C"/>
        start -> a -> b
        t -> c"#;
    for (library, own) in [(library(elements), true), (library(elements).judging_as_once(), false)] {
        let state = started(&library);
        let (first, _) = state.tasks.first_key_value().unwrap();
        let done = Act::Complete { task: *first, answers: Default::default() };
        let state = next(&library, &state, "01T09:00:01", done.clone());
        assert_eq!(&*state.tasks.first_key_value().unwrap().1.element, "b");
        let again = step(&library, &state, &Event::new(at("01T09:00:02"), done.clone()));
        assert_eq!(matches!(again, Err(Refusal::NotFound { .. })), own, "{again:?}");
        let (second, _) = state.tasks.first_key_value().unwrap();
        let (timer, ..) = state.timers()[0];
        let state = next(&library, &state, "02T09:00:01", Act::Fire { timer });
        let (third, task) = state.tasks.first_key_value().unwrap();
        assert_eq!(&*task.element, "c");
        assert_eq!([first == second, second == third], [!own; 2]);
    }
}

/// What an element listened for ends with it, also where it is passed over.
#[test]
fn a_skipped_element_leaves_nothing_that_is_waited_for() {
    let elements = r#"<startEvent id="start"/><userTask id="a" name="A" flowable:dueDate="${missing}"/>
        <boundaryEvent id="t" attachedToRef="a"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>
        <userTask id="b" name="B"/>
        <userTask id="c" name="C"/>
        start -> a -> b
        t -> c"#;
    let library = library(elements);
    let state = started(&library);
    let (incident, _) = state.incidents.first_key_value().unwrap();
    assert_eq!(state.timers().len(), 1, "while somebody looks after it, its limit holds");
    let skipped = Act::Skip { incident: *incident, reason: "not needed".into() };
    let state = next(&library, &state, "01T09:00:01", skipped);
    assert_eq!(&*state.tasks.first_key_value().unwrap().1.element, "b");
    assert!(state.timers().is_empty(), "{:?}", state.timers());
}

#[test]
fn due_times_move_and_instances_are_cancelled() {
    let library = library(REMINDED);
    let state = started(&library);
    let (timer, _, _) = state.timers()[0];
    let (task, _) = state.tasks.first_key_value().unwrap();
    let moved = Act::MoveDue { of: timer, due: Some(at("01T10:00:00")), reason: "sooner".into() };
    let state = next(&library, &state, "01T09:00:01", moved);
    assert_eq!(state.timers()[0].2, at("01T10:00:00"));
    let moved = Act::MoveDue { of: *task, due: Some(at("09T00:00:00")), reason: "later".into() };
    let state = next(&library, &state, "01T09:00:02", moved);
    assert_eq!(state.tasks[task].due, Some(at("09T00:00:00")));
    let gone = next(&library, &state, "01T09:00:03", Act::Cancel { reason: "not needed".into() });
    assert_eq!(
        (gone.outcome.clone(), gone.tokens.len(), gone.watches.len()),
        (Some(Outcome::Cancelled), 0, 0)
    );
    let after = step(&library, &gone, &Event::new(at("02T00:00:00"), Act::Cancel { reason: "x".into() }));
    assert!(matches!(after, Err(Refusal::Ended(_))));
}

#[test]
fn a_task_is_delegated_and_given_back() {
    let library = library(REMINDED);
    let state = started(&library);
    let (task, _) = state.tasks.first_key_value().unwrap();
    let task = *task;
    let by = |who: &str, act: Act| Event::by(at("01T09:30:00"), who, act);
    let go = |state: &State, event: Event| step(&library, state, &event).map(|step| step.state);
    let state = go(&state, by("ana", Act::Claim { task })).unwrap();
    let state = go(&state, by("ana", Act::Delegate { task, to: "ben".into() })).unwrap();
    assert_eq!(state.tasks[&task].assignee.as_deref(), Some("ben"));
    let done = Act::Complete { task, answers: Default::default() };
    assert!(
        matches!(go(&state, by("ben", done.clone())), Err(Refusal::Barred { .. })),
        "a delegate gives back"
    );
    let state = go(&state, by("ben", Act::Resolve { task })).unwrap();
    assert!(matches!(go(&state, by("ben", done.clone())), Err(Refusal::Held { .. })));
    assert!(matches!(go(&state, by("ben", Act::Release { task })), Err(Refusal::Held { .. })));
    let state = go(&state, by("admin", Act::Assign { task, to: Some("cy".into()) })).unwrap();
    let state = go(&state, by("cy", done)).unwrap();
    assert_eq!(state.passages["a"].completed_by.as_deref(), Some("cy"));
    assert!(state.ended());
}

#[test]
fn groups_decide_where_they_are_known() {
    let library = library(
        r#"<startEvent id="start"/><userTask id="a" name="A" flowable:candidateGroups="validators"/>
           start -> a"#,
    );
    let state = started(&library);
    let (task, _) = state.tasks.first_key_value().unwrap();
    let claim = |groups: &[&str]| {
        let groups = Some(groups.iter().map(|group| (*group).to_owned()).collect());
        let by = Some(bpmn::engine::Person { id: "ana".into(), groups });
        step(&library, &state, &Event { at: at("01T10:00:00"), by, act: Act::Claim { task: *task } })
    };
    assert!(claim(&["validators", "others"]).is_ok());
    assert!(matches!(claim(&["others"]), Err(Refusal::Barred { .. })));
}
