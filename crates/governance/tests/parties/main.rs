//! Who may have a task: whom a definition's names mean, who did other tasks, and who came into a group since. And what an
//! instance says of itself: that it is stuck, how late a timer was, and which task a number stood for.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod play;
mod turns;

use bpmn::Act;
use governance::fact::{
    ApprovalSigned, DefinitionBound, DefinitionImported, DefinitionSwitched, InstanceMoved, InstanceStarted,
    Meaning, Seen, Verdict, VersionReplaced,
};
use governance::{Digest, Fact, Role};
use play::{Play, digest, id, package};

/// The rules that judge these histories for ever.
const WRITTEN_BY: u32 = 5;

const ASSIGNED: &str = r#"<startEvent id="s"/><userTask id="t" name="Deploy" flowable:assignee="ops"/><endEvent id="e"/>
    <sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>"#;

#[test]
fn a_task_assigned_to_a_name_that_means_a_role_is_offered_to_the_role() {
    let ops = [("ops", Meaning::Role(Role::It))];
    let mut play = Play::with(WRITTEN_BY, ASSIGNED, &ops);
    play.roles("bob", Role::It, false);
    let task = play.task("Deploy");
    assert_eq!((task.assignee, task.candidates), (None, vec![Meaning::Role(Role::It)]));
    assert_eq!(play.claim(2, "Deploy"), "not-candidate", "bob is not of IT");
    assert_eq!(play.complete(3, "Deploy"), "not-claimed");
    assert_eq!(play.claim(3, "Deploy"), "");
    assert_eq!(play.claim(1, "Deploy"), "held-by-another");
    // Given back, it is the role's again and not everybody's.
    let task = play.task("Deploy").task;
    assert_eq!(play.act(3, Act::Release { task }), "");
    assert_eq!(play.claim(2, "Deploy"), "not-candidate");
    assert_eq!(play.claim(1, "Deploy"), "");
    assert_eq!(play.complete(1, "Deploy"), "");
    assert_eq!(play.state.instance(&id(6)).unwrap().status, "completed");
    play.is_held_as("a-name-that-means-a-role");

    // As the rules before said, nobody could ever finish it.
    let mut before = Play::with(4, ASSIGNED, &ops);
    assert_eq!(before.claim(3, "Deploy"), "");
    assert_eq!(before.complete(3, "Deploy"), "not-claimed");
}

/// Two branches: `Check` excludes whoever did `Build`, and is offered before anybody has; `Build` comes again after it.
const PARALLEL: &str = r#"<startEvent id="s"/><parallelGateway id="fork"/><parallelGateway id="join"/><endEvent id="e"/>
    <userTask id="build" name="Build"/><exclusiveGateway id="again" default="on"/>
    <userTask id="check" name="Check"><extensionElements><flowable:customResource flowable:name="ExcludedOwner">
    <resourceAssignmentExpression><formalExpression>user(completerOf(build))</formalExpression></resourceAssignmentExpression>
    </flowable:customResource></extensionElements></userTask>
    <sequenceFlow id="f1" sourceRef="s" targetRef="fork"/><sequenceFlow id="f2" sourceRef="fork" targetRef="build"/>
    <sequenceFlow id="f3" sourceRef="fork" targetRef="check"/><sequenceFlow id="f4" sourceRef="build" targetRef="again"/>
    <sequenceFlow id="back" sourceRef="again" targetRef="build"><conditionExpression>${rounds &lt; 2}</conditionExpression></sequenceFlow>
    <sequenceFlow id="on" sourceRef="again" targetRef="join"/><sequenceFlow id="f5" sourceRef="check" targetRef="join"/>
    <sequenceFlow id="f6" sourceRef="join" targetRef="e"/>"#;

#[test]
fn everybody_who_did_a_task_is_excluded_from_another_whenever_they_did_it() {
    let play_to = |rules_version: u32| {
        let mut play = Play::with(rules_version, PARALLEL, &[]);
        assert_eq!(play.claim(2, "Check"), "");
        for (by, rounds) in [(2, 1), (3, 2)] {
            assert_eq!(play.claim(by, "Build"), "");
            let task = play.task("Build").task;
            let answers = [("rounds".to_owned(), bpmn::Value::Long(rounds))].into();
            assert_eq!(play.act(by, Act::Complete { task, answers }), "");
        }
        play
    };
    let mut play = play_to(WRITTEN_BY);
    let excluded: Vec<String> = play.task("Check").excluded.iter().map(ToString::to_string).collect();
    assert_eq!(excluded, ["bob", "eve"], "the first as well as the last");
    assert_eq!(play.complete(2, "Check"), "excluded");
    let task = play.task("Check").task;
    assert_eq!(play.act(2, Act::Release { task }), "");
    assert_eq!(play.claim(3, "Check"), "excluded");
    assert_eq!(play.claim(1, "Check"), "");
    play.is_held_as("everybody-who-did-it");
    assert_eq!(play.complete(1, "Check"), "");
    assert_eq!(play_to(4).complete(2, "Check"), "", "the rules before asked only when it was offered");
}

const EXCLUDES: &str = r#"<startEvent id="s"/><endEvent id="e"/>
    <userTask id="t" name="Check"><extensionElements><flowable:customResource flowable:name="ExcludedOwner">
    <resourceAssignmentExpression><formalExpression>group(it), user(modeler)</formalExpression></resourceAssignmentExpression>
    </flowable:customResource></extensionElements></userTask>
    <sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>"#;

#[test]
fn a_holder_who_comes_under_an_exclusion_later_does_not_complete_the_task() {
    let held_by_bob = |rules_version: u32| {
        let mut play = Play::with(rules_version, EXCLUDES, &[]);
        play.roles("bob", Role::It, false);
        play
    };
    let bob: governance::MemberName = "bob".parse().unwrap();
    let replaced = |version| Fact::VersionReplaced(VersionReplaced { version, package: package(11, 21) });
    for (rules_version, refused) in [(WRITTEN_BY, "excluded"), (4, "")] {
        let mut play = held_by_bob(rules_version);
        let first = if rules_version == 4 {
            // The list is made anew when the process moves, and then he is in it no more.
            let task = play.task("Check").task;
            play.act(0, Act::MoveDue { of: task, due: None, reason: "x".to_owned() })
        } else {
            String::new()
        };
        assert_eq!(first, "");
        assert_eq!(play.claim(2, "Check"), "");
        play.roles("bob", Role::It, true);
        assert_eq!(play.complete(2, "Check"), refused, "group, rules {rules_version}");
        assert_eq!(
            play.state.tasks.rows().any(|task| task.excluded.contains(&bob)),
            rules_version == WRITTEN_BY
        );

        let mut play = held_by_bob(rules_version);
        if rules_version == 4 {
            let task = play.task("Check").task;
            play.act(0, Act::MoveDue { of: task, due: None, reason: "x".to_owned() });
        }
        assert_eq!(play.claim(2, "Check"), "");
        play.must(2, replaced(id(4)));
        assert_eq!(play.complete(2, "Check"), refused, "modeler, rules {rules_version}");
    }
}

const GATE: &str = r#"<startEvent id="s"/><dataObject id="d" name="ModelIsApproved" itemSubjectRef="xsd:boolean"/>
    <userTask id="t" name="Approve the model"/><endEvent id="e"/>
    <sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>"#;

#[test]
fn an_approval_names_the_evidence_and_the_definition_that_were_read() {
    let approval = |evidence: Vec<Digest>, definition: Option<u64>| ApprovalSigned {
        gate: "t".to_owned(),
        task: String::new(),
        instance: id(6),
        model: id(3),
        version: id(4),
        package_root: digest(10),
        evidence,
        definition: definition.map(id),
        decision: Verdict::Approved,
        policy_version: 1,
        note: String::new(),
        seen: Seen { position: 0, chain: "0".repeat(64) },
    };
    let rows = [
        ("nothing-read", WRITTEN_BY, vec![], Some(5), "approval-mismatch"),
        ("another-read", WRITTEN_BY, vec![digest(21)], Some(5), "approval-mismatch"),
        ("read-twice", WRITTEN_BY, vec![digest(20), digest(20)], Some(5), "approval-mismatch"),
        ("no-definition", WRITTEN_BY, vec![digest(20)], None, "approval-mismatch"),
        ("another-definition", WRITTEN_BY, vec![digest(20)], Some(7), "approval-mismatch"),
        ("as-it-was-read", WRITTEN_BY, vec![digest(20)], Some(5), ""),
        ("before", 4, vec![], None, ""),
    ];
    for (name, rules_version, evidence, definition, refused) in rows {
        let mut play = Play::with(rules_version, GATE, &[]);
        let gates = [("t".to_owned(), "ModelIsApproved".to_owned())].into();
        let (calls, parties, reminders) = Default::default();
        let definition_id = id(5);
        play.must(
            0,
            Fact::DefinitionBound(DefinitionBound {
                definition: definition_id,
                calls,
                parties,
                gates,
                reminders,
                called: Default::default(),
            }),
        );
        assert_eq!(play.claim(2, "Approve the model"), "");
        let task = play.task("Approve the model").task;
        let signed = ApprovalSigned { task: task.to_string(), ..approval(evidence.clone(), definition) };
        let answers = [("ModelIsApproved".to_owned(), bpmn::Value::Boolean(true))].into();
        let moved =
            InstanceMoved { instance: id(6), act: Act::Complete { task, answers }, note: String::new() };
        let judged = play.decide(2, vec![Fact::ApprovalSigned(signed), Fact::InstanceMoved(moved)]);
        assert_eq!(judged, refused, "{name}: {evidence:?} {definition:?}");
        play.is_held_as(&format!("approval-{name}"));
    }
}

/// A join that waits for a branch that was not taken.
const STARVED: &str = r#"<startEvent id="s"/><userTask id="t" name="Go"/><exclusiveGateway id="x" default="b"/><parallelGateway id="join"/>
    <userTask id="z" name="After"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="x"/>
    <sequenceFlow id="a" sourceRef="x" targetRef="join"><conditionExpression>${false}</conditionExpression></sequenceFlow>
    <sequenceFlow id="b" sourceRef="x" targetRef="join"/>
    <sequenceFlow id="h" sourceRef="join" targetRef="z"/><sequenceFlow id="i" sourceRef="z" targetRef="e"/>"#;

#[test]
fn an_instance_in_which_nothing_can_happen_any_more_says_so() {
    let stuck = |rules_version: u32| {
        let mut play = Play::with(rules_version, STARVED, &[]);
        assert_eq!(play.claim(2, "Go"), "");
        assert_eq!(play.complete(2, "Go"), "");
        play
    };
    let mut play = stuck(WRITTEN_BY);
    let incident = |play: &Play| {
        let instance = play.state.instance(&id(6)).unwrap();
        assert_eq!((instance.status.as_str(), instance.incidents), ("running", 1));
        let (number, incident) = instance.engine.incidents.first_key_value().unwrap();
        assert_eq!((&*incident.element, incident.code.as_str()), ("join", "stuck"));
        *number
    };
    let first = incident(&play);
    assert_eq!(play.act(0, Act::Retry { incident: first }), "");
    let again = incident(&play);
    assert_ne!(again, first, "it waits on, and still for nothing");
    assert_eq!(play.act(0, Act::Skip { incident: again, reason: "the other branch is off".to_owned() }), "");
    assert_eq!(play.claim(2, "After"), "");
    assert_eq!(play.complete(2, "After"), "");
    assert_eq!(play.state.instance(&id(6)).unwrap().status, "completed");

    play.is_held_as("stuck");

    let before = stuck(4);
    let instance = before.state.instance(&id(6)).unwrap();
    assert!(instance.engine.is_stuck() && instance.incidents == 0, "the rules before kept silent");
}

const WITH_A_SECRET: &str = r#"<dataObject id="d" name="apiKey" itemSubjectRef="xsd:string"><extensionElements><flowable:value>hunter22hunter</flowable:value>
    </extensionElements></dataObject><startEvent id="s"/><userTask id="t" name="Wait"/><endEvent id="e"/>
    <sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>"#;

#[test]
fn a_definition_with_a_credential_in_it_is_not_started() {
    let mut play = Play::with(6, WITH_A_SECRET, &[]);
    assert_eq!(play.claim(1, "Wait"), "");
    play.is_held_as("a-credential-before");

    play.rules_version = 7;
    let definition: governance::DefinitionId = id(7);
    let imported = DefinitionImported {
        definition: definition.clone(),
        name: "D".to_owned(),
        number: 2,
        document: digest(1),
    };
    play.must(0, Fact::DefinitionImported(imported));
    let start = InstanceStarted {
        instance: id(8),
        definition,
        project: id(2),
        version: Some(id(4)),
        variables: Default::default(),
        begun: None,
        process: None,
    };
    assert_eq!(play.decide(0, vec![Fact::InstanceStarted(start)]), "not-startable");
    // What runs goes on, and what was imported before may still be started.
    assert_eq!(play.complete(1, "Wait"), "");
}

/// One branch waits for a message that carries `a`, the other throws it.
const THROWS: &str = r#"<startEvent id="s"/><parallelGateway id="fork"/><userTask id="send" name="Send"/><userTask id="heard" name="Heard"/>
    <intermediateCatchEvent id="c"><messageEventDefinition flowable:messageExpression="m" flowable:correlationKey="a"/></intermediateCatchEvent>
    <intermediateThrowEvent id="th"><messageEventDefinition flowable:messageExpression="m" flowable:correlationKey="a"/></intermediateThrowEvent>
    <endEvent id="e"/><endEvent id="e2"/><sequenceFlow id="f1" sourceRef="s" targetRef="fork"/><sequenceFlow id="f2" sourceRef="fork" targetRef="c"/>
    <sequenceFlow id="f3" sourceRef="c" targetRef="heard"/><sequenceFlow id="f4" sourceRef="heard" targetRef="e"/>
    <sequenceFlow id="f5" sourceRef="fork" targetRef="send"/><sequenceFlow id="f6" sourceRef="send" targetRef="th"/>
    <sequenceFlow id="f7" sourceRef="th" targetRef="e2"/>"#;

#[test]
fn a_thrown_message_carries_its_value_and_a_history_of_before_is_judged_as_it_was() {
    for (rules_version, name, open) in
        [(8, "a-message-that-carries", vec!["Heard"]), (7, "a-message-before", Vec::new())]
    {
        let mut play = Play::with(rules_version, THROWS, &[]);
        assert_eq!(play.claim(2, "Send"), "");
        assert_eq!(play.complete(2, "Send"), "");
        let tasks: Vec<String> = play.state.tasks.rows().map(|task| task.name.clone()).collect();
        assert_eq!(tasks, open, "rules {rules_version}");
        play.is_held_as(name);
    }
}

#[test]
fn nothing_is_started_by_a_definition_that_is_disabled() {
    let ops = [("ops", Meaning::Role(Role::It))];
    let mut play = Play::with(8, ASSIGNED, &ops);
    let switched = |reason: &str| DefinitionSwitched { definition: id(5), reason: reason.to_owned() };
    let start = |instance: u64| {
        Fact::InstanceStarted(InstanceStarted {
            instance: id(instance),
            definition: id(5),
            project: id(2),
            version: Some(id(4)),
            variables: Default::default(),
            begun: None,
            process: None,
        })
    };
    play.roles("bob", Role::ModelSteward, false);
    play.roles("bob", Role::DevOps, false);
    assert_eq!(play.decide(2, vec![Fact::DefinitionDisabled(switched("old"))]), "role-missing");
    assert_eq!(play.decide(0, vec![Fact::DefinitionDisabled(switched(" "))]), "reason-needed");
    assert_eq!(play.decide(0, vec![Fact::DefinitionEnabled(switched("new"))]), "nothing-to-do");
    assert_eq!(play.decide(0, vec![Fact::DefinitionDisabled(switched("old"))]), "");
    assert_eq!(play.decide(0, vec![Fact::DefinitionDisabled(switched("old"))]), "nothing-to-do");
    assert_eq!(play.decide(0, vec![start(7)]), "not-startable");
    // What runs goes on.
    assert_eq!(play.claim(3, "Deploy"), "");
    assert_eq!(play.decide(0, vec![Fact::DefinitionEnabled(switched("needed"))]), "");
    assert_eq!(play.decide(0, vec![start(8)]), "");
    play.is_held_as("a-definition-disabled");

    let mut before = Play::with(7, ASSIGNED, &ops);
    assert_eq!(before.decide(0, vec![Fact::DefinitionDisabled(switched("old"))]), "kind-newer");
}

const TIMED: &str = r#"<startEvent id="s"/><userTask id="t" name="Wait"/><boundaryEvent id="tick" attachedToRef="t" cancelActivity="false">
    <timerEventDefinition><timeCycle>R5/PT1M</timeCycle></timerEventDefinition></boundaryEvent><endEvent id="e"/><endEvent id="e2"/>
    <sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/><sequenceFlow id="h" sourceRef="tick" targetRef="e2"/>"#;

#[test]
fn an_instance_remembers_what_numbers_stood_for_and_how_late_timers_were() {
    let mut play = Play::with(WRITTEN_BY, TIMED, &[]);
    let timer = play.state.instance(&id(6)).unwrap().engine.timers()[0].0;
    play.at += jiff::SignedDuration::from_secs(150);
    assert_eq!(play.act(0, Act::Fire { timer }), "");
    let task = play.task("Wait").task;
    assert_eq!(play.claim(2, "Wait"), "");
    assert_eq!(play.complete(2, "Wait"), "");
    let instance = play.state.instance(&id(6)).unwrap();
    let noted: Vec<(&str, i64, u32)> =
        instance.operations.iter().map(|it| (it.element.as_str(), it.late_s, it.missed)).collect();
    assert_eq!(noted, [("tick", 150, 2), ("t", 0, 0), ("t", 0, 0)]);
    assert_eq!((instance.element_of(task), instance.element_of(timer)), (Some("t"), Some("tick")));
}
