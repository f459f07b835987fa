//! Which version a process is about: what retrains goes on with what came of it, and everything after is about that.

use bpmn::Act;
use bpmn::engine::Reply;
use governance::fact::{
    ApprovalSigned, Cause, InstanceMoved, InstanceTurned, MigrationVerified, OutputFound, Placed, RunKind,
    RunMoved, RunRequested, RunState, Seen, Verdict, VersionRegistered,
};
use governance::{Fact, Role, RunId, VersionId};

use super::play::{Play, digest, id, package};

/// The rules that judge these histories for ever.
const WRITTEN_BY: u32 = 6;

/// Approve, migrate, retrain, approve what came of it; then publish it as the champion, or keep the one before.
const RETRAINS: &str = r#"<dataObject id="d" name="IsApproved" itemSubjectRef="xsd:boolean"/>
    <dataObject id="v" name="ModelVersionId" itemSubjectRef="xsd:string"/>
    <startEvent id="s"/><userTask id="first" name="Approve the model"/>
    <serviceTask id="migrate" flowable:delegateExpression="${restTask}"><extensionElements><flowable:field name="url">
    <flowable:string>countersign:migrate</flowable:string></flowable:field></extensionElements></serviceTask>
    <serviceTask id="retrain" flowable:delegateExpression="${restTask}"><extensionElements><flowable:field name="url">
    <flowable:string>countersign:retrain</flowable:string></flowable:field></extensionElements></serviceTask>
    <userTask id="second" name="Approve the retrained model"><extensionElements><flowable:customResource flowable:name="ExcludedOwner">
    <resourceAssignmentExpression><formalExpression>user(modeler)</formalExpression></resourceAssignmentExpression>
    </flowable:customResource></extensionElements></userTask><exclusiveGateway id="x" default="no"/>
    <serviceTask id="publish" flowable:delegateExpression="${restTask}"><extensionElements><flowable:field name="url">
    <flowable:string>countersign:publish</flowable:string></flowable:field></extensionElements></serviceTask>
    <serviceTask id="champion" flowable:delegateExpression="${restTask}"><extensionElements><flowable:field name="url">
    <flowable:string>countersign:champion</flowable:string></flowable:field></extensionElements></serviceTask>
    <serviceTask id="keep" flowable:delegateExpression="${restTask}"><extensionElements><flowable:field name="url">
    <flowable:string>countersign:keep</flowable:string></flowable:field></extensionElements></serviceTask>
    <endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="first"/><sequenceFlow id="f2" sourceRef="first" targetRef="migrate"/>
    <sequenceFlow id="f3" sourceRef="migrate" targetRef="retrain"/><sequenceFlow id="f4" sourceRef="retrain" targetRef="second"/>
    <sequenceFlow id="f5" sourceRef="second" targetRef="x"/>
    <sequenceFlow id="yes" sourceRef="x" targetRef="publish"><conditionExpression>${IsApproved}</conditionExpression></sequenceFlow>
    <sequenceFlow id="no" sourceRef="x" targetRef="keep"/><sequenceFlow id="f6" sourceRef="publish" targetRef="champion"/>
    <sequenceFlow id="f7" sourceRef="champion" targetRef="e"/><sequenceFlow id="f8" sourceRef="keep" targetRef="e"/>"#;

/// The version that the process begins with, and the one that comes of the retraining.
const BEFORE: u64 = 4;
const RETRAINED: u64 = 40;

/// A play at the process, whose gates are its two approvals.
fn playing(rules_version: u32) -> Play {
    let mut play = Play::with(rules_version, RETRAINS, &[]);
    let definition = play.state.definition(&id(5)).unwrap().clone();
    let gates = ["first", "second"].map(|gate| (gate.to_owned(), "IsApproved".to_owned()));
    let bound = governance::fact::DefinitionBound {
        definition: id(5),
        calls: definition.bound,
        parties: definition.meanings,
        gates: gates.into(),
        reminders: Default::default(),
        called: Default::default(),
    };
    play.must(0, Fact::DefinitionBound(bound));
    play
}

fn moved(act: Act) -> Fact {
    Fact::InstanceMoved(InstanceMoved { instance: id(6), act, note: String::new() })
}

fn turned(version: u64) -> Fact {
    Fact::InstanceTurned(InstanceTurned { instance: id(6), version: id(version), reason: String::new() })
}

/// The key of the one effect that waits.
fn effect(play: &Play) -> String {
    let effects = &play.state.instance(&id(6)).unwrap().engine.effects;
    assert_eq!(effects.len(), 1, "{effects:?}");
    effects.keys().next().unwrap().clone()
}

fn done(play: &Play) -> Fact {
    moved(Act::EffectSucceeded {
        effect: effect(play),
        reply: Reply { status: Some(200), ..Reply::default() },
    })
}

fn sign(play: &mut Play, task: &str, version: u64, approved: bool) -> String {
    let open = play.task(task);
    let record = play.state.version(&id(version)).unwrap().clone();
    let decision = if approved { Verdict::Approved } else { Verdict::Rejected };
    let signed = ApprovalSigned {
        gate: open.element.clone(),
        task: open.task.to_string(),
        instance: id(6),
        model: id(3),
        version: id(version),
        package_root: record.package.root.clone(),
        evidence: record.evidence(),
        definition: Some(id(5)),
        decision,
        policy_version: 1,
        note: String::new(),
        seen: Seen { position: 0, chain: "0".repeat(64) },
    };
    let answers = [("IsApproved".to_owned(), bpmn::Value::Boolean(approved))].into();
    play.decide(2, vec![Fact::ApprovalSigned(signed), moved(Act::Complete { task: open.task, answers })])
}

/// A run behind the effect that waits, driven until it succeeded.
fn run(play: &mut Play, nth: u64, kind: RunKind, version: u64, root: u64) {
    let run: RunId = id(nth);
    let asked = RunRequested {
        run: run.clone(),
        kind,
        version: id(version),
        root: digest(root),
        target: if kind == RunKind::Migrate { "bucket" } else { "local-spark" }.to_owned(),
        bucket: "b".to_owned(),
        key: format!("k{nth}"),
        cause: Some(Cause::Effect { instance: id(6), effect: effect(play) }),
        deadline_s: 3600,
        endpoint: None,
        args: Vec::new(),
        properties: Default::default(),
        estimate: None,
        remove_foreign: false,
    };
    play.must(0, Fact::RunRequested(asked));
    play.must(0, Fact::RunMoved(RunMoved::to(run.clone(), RunState::Verifying, "")));
    let mut success = RunMoved::to(run.clone(), RunState::Succeeded, "");
    if kind == RunKind::Migrate {
        play.must(
            0,
            Fact::MigrationVerified(MigrationVerified {
                run,
                version: id(version),
                root: digest(root),
                bucket: "b".to_owned(),
                ready: digest(90),
                read_back: digest(root),
                objects: 1,
            }),
        );
    } else {
        let (name, path) = ("metrics".to_owned(), "gs://b/m".to_owned());
        success.outputs.push(OutputFound { name, path, rows: None, digest: None, problem: None });
    }
    play.must(0, Fact::RunMoved(success));
}

/// Plays to where the retraining has succeeded and is not answered; with what came of it registered, or not.
fn retrained(rules_version: u32, is_registered: bool) -> Play {
    let mut play = playing(rules_version);
    assert_eq!(play.claim(2, "Approve the model"), "");
    assert_eq!(sign(&mut play, "Approve the model", BEFORE, true), "");
    run(&mut play, 30, RunKind::Migrate, BEFORE, 10);
    let answered = done(&play);
    play.must(0, answered);
    run(&mut play, 31, RunKind::Retrain, BEFORE, 10);
    if is_registered {
        play.must(
            3,
            Fact::VersionRegistered(VersionRegistered {
                version: id(RETRAINED),
                model: id(3),
                major: 1,
                minor: 1,
                package: package(11, 21),
                by_run: Some(id(31)),
            }),
        );
    }
    play
}

fn is_about(play: &Play, version: u64) {
    let instance = play.state.instance(&id(6)).unwrap();
    let version: VersionId = id(version);
    assert_eq!(instance.version.as_ref(), Some(&version));
    let told = instance.engine.variables().get("ModelVersionId").cloned();
    if !instance.turns.is_empty() {
        assert_eq!(told, Some(bpmn::Value::String(version.to_string())));
    }
    for task in play.state.tasks.rows() {
        assert_eq!(task.version.as_ref(), Some(&version), "{}", task.name);
    }
}

#[test]
fn a_process_that_retrained_is_about_what_came_of_it() {
    let mut play = retrained(WRITTEN_BY, false);
    let answered = done(&play);
    assert_eq!(play.decide(0, vec![answered]), "migration-mismatch", "nothing is registered yet");
    let mut play = retrained(WRITTEN_BY, true);
    // Eve carries out, and places nothing by herself.
    for role in [Role::DataScientist, Role::ModelSteward, Role::Validator] {
        play.roles("eve", role, false);
    }
    let answered = done(&play);
    assert_eq!(play.decide(0, vec![answered.clone()]), "migration-mismatch", "it is still about the other");
    assert_eq!(play.decide(0, vec![turned(RETRAINED)]), "reason-needed", "nobody turns it without an answer");
    assert_eq!(play.decide(3, vec![turned(BEFORE), answered.clone()]), "nothing-to-do");
    assert_eq!(play.decide(0, vec![turned(RETRAINED), answered]), "");
    is_about(&play, RETRAINED);

    // Who had a hand in either version does not approve the new one; an approval of the old one is none of it.
    let task = play.task("Approve the retrained model");
    assert!(task.excluded.contains(&"eve".parse().unwrap()), "she registered it: {:?}", task.excluded);
    assert_eq!(play.claim(1, "Approve the retrained model"), "excluded");
    assert_eq!(play.claim(2, "Approve the retrained model"), "");
    assert_eq!(sign(&mut play, "Approve the retrained model", BEFORE, true), "approval-mismatch");
    assert_eq!(sign(&mut play, "Approve the retrained model", RETRAINED, true), "");

    // Published is what was approved, by a run of its own; the migration of the version before is no proof.
    let answered = done(&play);
    assert_eq!(play.decide(0, vec![answered]), "migration-mismatch");
    run(&mut play, 32, RunKind::Migrate, RETRAINED, 11);
    let answered = done(&play);
    play.must(0, answered);
    let answered = done(&play);
    assert_eq!(play.decide(3, vec![answered.clone()]), "bad-turn", "it is no champion yet");
    let placed = Fact::ChampionSet(Placed { project: id(2), version: id(RETRAINED) });
    assert_eq!(play.decide(3, vec![placed.clone()]), "role-missing", "not without the task");
    let other = Fact::ChampionSet(Placed { project: id(2), version: id(BEFORE) });
    assert_eq!(play.decide(3, vec![other, answered.clone()]), "role-missing");
    assert_eq!(play.decide(3, vec![placed, answered]), "");
    let instance = play.state.instance(&id(6)).unwrap();
    assert_eq!(instance.status, "completed");
    assert_eq!(play.state.project(&id(2)).unwrap().champion, Some(id(RETRAINED)));
    play.is_held_as("a-retrained-version");
}

#[test]
fn a_process_whose_retrained_version_is_rejected_goes_back_to_the_one_before() {
    let mut play = retrained(WRITTEN_BY, true);
    let answered = done(&play);
    assert_eq!(play.decide(0, vec![turned(RETRAINED), answered]), "");
    assert_eq!(play.claim(2, "Approve the retrained model"), "");
    assert_eq!(sign(&mut play, "Approve the retrained model", RETRAINED, false), "");
    let answered = done(&play);
    assert_eq!(play.decide(0, vec![answered.clone()]), "bad-turn");
    assert_eq!(play.decide(0, vec![turned(BEFORE), answered]), "");
    is_about(&play, BEFORE);
    assert_eq!(play.state.instance(&id(6)).unwrap().status, "completed");
    play.is_held_as("a-retrained-version-rejected");
}

#[test]
fn an_administrator_turns_a_process_and_says_why() {
    let mut play = retrained(WRITTEN_BY, true);
    let because = |reason: &str| {
        let reason = reason.to_owned();
        Fact::InstanceTurned(InstanceTurned { instance: id(6), version: id(RETRAINED), reason })
    };
    assert_eq!(play.decide(2, vec![because("it was trained elsewhere")]), "role-missing");
    assert_eq!(play.decide(0, vec![because("  ")]), "reason-needed");
    assert_eq!(play.decide(0, vec![because("it was trained elsewhere")]), "");
    is_about(&play, RETRAINED);
}

#[test]
fn rules_before_left_a_process_with_the_version_it_began_with() {
    let mut play = retrained(5, true);
    let answered = done(&play);
    assert_eq!(play.decide(0, vec![turned(RETRAINED), answered.clone()]), "kind-newer");
    assert_eq!(play.decide(0, vec![answered]), "");
    assert_eq!(play.task("Approve the retrained model").version, Some(id(BEFORE)));
}

const OPS: &str = r#"<startEvent id="s"/><userTask id="t" name="Deploy" flowable:candidateUsers="bob"/><endEvent id="e"/>
    <sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>"#;

/// `bob` means a role in this definition, and is also the name of a member who holds it: he could claim the task as often
/// as he liked, and it was never his.
#[test]
fn a_member_whose_name_is_a_definitions_word_for_a_role_can_do_its_tasks() {
    let means = [("bob", governance::fact::Meaning::Role(Role::It))];
    for body in [OPS.to_owned(), OPS.replace("candidateUsers", "assignee")] {
        for by in [2, 3] {
            let mut play = Play::with(WRITTEN_BY, &body, &means);
            assert_eq!(play.claim(by, "Deploy"), "");
            let holder = super::play::PEOPLE[by];
            assert_eq!(play.task("Deploy").assignee.as_ref().map(AsRef::as_ref), Some(holder), "{body}");
            assert_eq!(play.complete(5 - by, "Deploy"), "held-by-another");
            assert_eq!(play.complete(by, "Deploy"), "");
            if by == 2 {
                let how = if body == OPS { "invited" } else { "assigned" };
                play.is_held_as(&format!("a-name-of-a-role-and-a-member-{how}"));
            }
        }
    }
    let mut before = Play::with(5, OPS, &means);
    assert_eq!(before.claim(2, "Deploy"), "");
    assert_eq!(before.complete(2, "Deploy"), "not-claimed", "the rules before gave it to nobody");
}
