//! Processes that start by themselves: each moment counts once, at its time, by whoever may, exactly as it was set up.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use governance::fact::{
    Begun, DefinitionImported, InstanceStarted, RolesChanged, StartArmed, StartDisarmed, StartPassed,
};
use governance::state::{Decision, Founding, Stated};
use governance::{Fact, Policy, Refusal, Role, State};
use jiff::Timestamp;
use serde_json::{Value, json};

const PEOPLE: [&str; 2] = ["ada", "sam"];
/// The rules that first knew of such starts, and that judge these histories for ever.
const WRITTEN_BY: u32 = 4;

fn moment(text: &str) -> Timestamp {
    format!("2026-{text}Z").parse().unwrap()
}

fn key(nth: usize) -> governance::PublicKey {
    format!("ed25519:{:064x}", nth + 1).parse().unwrap()
}

fn id<I: std::str::FromStr<Err: std::fmt::Debug>>(nth: u64) -> I {
    format!("{nth:026}").parse().unwrap()
}

struct Play {
    state: State,
    decisions: Vec<Decision>,
    /// What was decided by whom and when, and the rule that refused it.
    told: Vec<Value>,
}

impl Play {
    /// A workspace with a project, and a process whose start events are these.
    fn with(starts: &str) -> Self {
        let (state, _) = State::found(&Founding {
            name: "Starts".to_owned(),
            founders: vec![
                ("ada".parse().unwrap(), "Ada".to_owned(), key(0)),
                ("sam".parse().unwrap(), "Sam".to_owned(), key(1)),
            ],
            policy: Policy::read(&serde_json::json!({})).unwrap(),
            at: moment("01-01T00:00:00"),
        });
        let mut play = Self { state, decisions: Vec::new(), told: Vec::new() };
        let text = format!(
            r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
            <message id="_m" name="m"/><process id="p" isExecutable="true">{starts}
            <userTask id="t" name="Look"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="t" targetRef="e"/>
            </process></definitions>"#
        );
        let digest: governance::Digest = format!("sha256:{}", "0".repeat(64)).parse().unwrap();
        play.state.learn(digest.clone(), text.as_bytes());
        let body = serde_json::json!({ "project": format!("{:026}", 1), "name": "P", "description": "", "properties": {} });
        let project = Fact::read("project.created", body).unwrap();
        play.decide(0, "01-01T00:00:00", project).unwrap();
        let import = Fact::DefinitionImported(DefinitionImported {
            definition: id(2),
            name: "Renew".to_owned(),
            number: 1,
            document: digest,
        });
        play.decide(0, "01-01T00:00:00", import).unwrap();
        play
    }

    fn decide(&mut self, by: usize, at: &str, fact: Fact) -> Result<(), Refusal> {
        let mut line = json!({ "by": by, "at": at, "kind": fact.kind(), "body": fact.body() });
        let judged = self.judge(by, at, fact);
        line["refused"] = judged.as_ref().err().map_or(Value::Null, |refusal| refusal.rule().into());
        self.told.push(line);
        judged
    }

    fn judge(&mut self, by: usize, at: &str, fact: Fact) -> Result<(), Refusal> {
        let position = self.decisions.len() as u64 + 1;
        let decision = Decision {
            position,
            person: PEOPLE[by].parse().unwrap(),
            key: key(by),
            at: moment(at),
            rules_version: WRITTEN_BY,
            facts: vec![Stated { id: id(1000 + position), fact }],
        };
        self.state.admit(&decision)?;
        self.decisions.push(decision);
        Ok(())
    }

    fn arm(&mut self, nth: u64, at: &str) -> Result<(), Refusal> {
        let variables = [("Region".to_owned(), bpmn::Value::from("north"))].into();
        let armed = StartArmed {
            start: id(nth),
            definition: id(2),
            project: id(1),
            version: None,
            variables,
            process: None,
        };
        self.decide(1, at, Fact::StartArmed(armed))
    }

    fn begin(&mut self, nth: u64, element: &str, due: Option<&str>, at: &str) -> Result<(), Refusal> {
        let fact = self.begun(nth, element, due);
        self.decide(0, at, Fact::InstanceStarted(fact))
    }

    fn begun(&self, nth: u64, element: &str, due: Option<&str>) -> InstanceStarted {
        InstanceStarted {
            instance: id(100 + self.decisions.len() as u64),
            definition: id(2),
            project: id(1),
            version: None,
            variables: [("Region".to_owned(), bpmn::Value::from("north"))].into(),
            process: None,
            begun: Some(Begun { start: id(nth), element: element.to_owned(), due: due.map(moment) }),
        }
    }
}

const MONTHLY: &str = r#"<startEvent id="month"><timerEventDefinition><timeCycle>R3/2026-01-31T00:00:00Z/P1M</timeCycle>
    </timerEventDefinition></startEvent><sequenceFlow id="f0" sourceRef="month" targetRef="t"/>
    <startEvent id="told"><messageEventDefinition messageRef="_m"/></startEvent><sequenceFlow id="f1" sourceRef="told" targetRef="t"/>"#;

#[test]
fn a_moment_starts_one_process_and_what_was_missed_is_counted() {
    monthly();
}

fn monthly() -> Play {
    let mut play = Play::with(MONTHLY);
    play.arm(3, "01-02T00:00:00").unwrap();
    let due = |play: &Play| play.state.self_start(&id(3)).unwrap().next_due.map(|due| due.to_string());
    assert_eq!(due(&play).as_deref(), Some("2026-01-31T00:00:00Z"));
    assert!(play.begin(3, "month", Some("01-31T00:00:00"), "01-30T23:59:59").is_err(), "not yet due");
    assert!(play.begin(3, "month", Some("01-30T00:00:00"), "02-01T00:00:00").is_err(), "another moment");
    assert!(play.begin(3, "month", None, "02-01T00:00:00").is_err(), "no moment");
    play.begin(3, "month", Some("01-31T00:00:00"), "02-01T00:00:00").unwrap();
    assert!(play.begin(3, "month", Some("01-31T00:00:00"), "02-01T00:00:01").is_err(), "two desks");
    let instance = play.state.instances.rows().next().unwrap();
    assert_eq!(instance.started_by.as_str(), "sam", "who set it up answers for it");
    assert_eq!(instance.engine.initiator.as_deref(), Some("sam"));
    let begun = instance.begun.clone().unwrap();
    assert_eq!((begun.late_s, begun.missed), (86_400, 0));
    // 28 February and 31 March fell due while nobody was there: one start, and then it has fired as often as it should.
    assert_eq!(due(&play).as_deref(), Some("2026-02-28T00:00:00Z"));
    play.begin(3, "month", Some("02-28T00:00:00"), "05-01T00:00:00").unwrap();
    let start = play.state.self_start(&id(3)).unwrap();
    assert_eq!((start.started, start.firings[1].missed, start.next_due), (2, 1, None));
    assert!(play.begin(3, "month", Some("03-31T00:00:00"), "05-01T00:00:01").is_err(), "it is over");
    // A message starts one as often as it comes.
    play.begin(3, "told", None, "05-02T00:00:00").unwrap();
    play.begin(3, "told", None, "05-02T00:00:00").unwrap();
    assert_eq!(play.state.self_start(&id(3)).unwrap().started, 4);
    play
}

/// A history as it was released is judged as it was, and its rows say what they said. `COUNTERSIGN_WRITE_GOLDEN=1` writes
/// one where there is none yet.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads and writes its golden file")]
fn an_old_history_of_starts_is_judged_as_it_was() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/rules/starts.jsonl");
    if !path.exists() && std::env::var_os("COUNTERSIGN_WRITE_GOLDEN").is_some() {
        let play = monthly();
        let mut lines = vec![json!({ "starts": MONTHLY })];
        lines.extend(play.told.iter().cloned());
        lines.push(json!({ "rows": rows(&play) }));
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(&path, text).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [first, told @ .., last] = lines.as_slice() else { panic!("{} is empty", path.display()) };
    let mut play = Play::with(first["starts"].as_str().unwrap());
    for line in &told[play.told.len()..] {
        let fact = Fact::read(line["kind"].as_str().unwrap(), line["body"].clone()).unwrap();
        let by = usize::try_from(line["by"].as_u64().unwrap()).unwrap();
        let _ = play.decide(by, line["at"].as_str().unwrap(), fact);
    }
    assert_eq!(play.told, told, "what was decided, and what was refused by which rule");
    for then in last["rows"].as_array().unwrap() {
        let now = rows(&play).into_iter().find(|row| row["key"] == then["key"]).unwrap();
        says(&now["row"], &then["row"], then["key"].as_str().unwrap());
    }
}

fn rows(play: &Play) -> Vec<Value> {
    let rows = play.state.all_rows().filter(|row| ["self_starts", "instances"].contains(&row.table));
    rows.map(|row| json!({ "key": format!("{}/{}", row.table, row.key), "row": row.row })).collect()
}

/// Everything that `then` says, `now` says too.
fn says(now: &Value, then: &Value, path: &str) {
    match then {
        Value::Object(then) => {
            then.iter().for_each(|(name, then)| says(&now[name], then, &format!("{path}.{name}")));
        }
        Value::Array(then) => {
            let now = now.as_array().unwrap();
            assert_eq!(now.len(), then.len(), "{path}");
            now.iter().zip(then).for_each(|(now, then)| says(now, then, path));
        }
        _ => assert_eq!(now, then, "{path}"),
    }
}

#[test]
fn only_what_was_set_up_starts_and_only_while_it_may() {
    let mut play = Play::with(MONTHLY);
    play.arm(3, "01-02T00:00:00").unwrap();
    let other: [fn(&mut InstanceStarted); 4] = [
        |fact| drop(fact.variables.insert("Region".to_owned(), bpmn::Value::from("south"))),
        |fact| drop(fact.variables.insert("ModelVersionId".to_owned(), bpmn::Value::from("x"))),
        |fact| fact.variables.clear(),
        |fact| fact.version = Some(id(9)),
    ];
    for change in other {
        let mut fact = play.begun(3, "told", None);
        change(&mut fact);
        let refused = play.decide(0, "01-03T00:00:00", Fact::InstanceStarted(fact)).unwrap_err();
        assert_eq!(refused.rule(), "bad-start", "{refused:?}");
    }
    // A moment that came to nothing is over as well, and says why.
    let passed = |problem: &str| {
        let due = moment("01-31T00:00:00");
        Fact::StartPassed(StartPassed {
            start: id(3),
            element: "month".to_owned(),
            due,
            problem: problem.to_owned(),
        })
    };
    assert!(play.decide(0, "02-01T00:00:00", passed(" ")).is_err());
    play.decide(0, "02-01T00:00:00", passed("no champion")).unwrap();
    assert!(play.decide(0, "02-01T00:00:00", passed("no champion")).is_err(), "twice");
    // Set up anew it replaces what was, and nothing starts by the old.
    play.arm(4, "02-02T00:00:00").unwrap();
    assert!(play.begin(3, "told", None, "02-03T00:00:00").is_err());
    play.begin(4, "told", None, "02-03T00:00:00").unwrap();
    // Nor any more for somebody who may start nothing.
    let may: Vec<Role> = play.state.member(&"sam".parse().unwrap()).unwrap().roles.iter().copied().collect();
    let sam = RolesChanged { member: "sam".parse().unwrap(), roles: may.into_iter().collect() };
    play.decide(0, "02-04T00:00:00", Fact::RolesRevoked(sam.clone())).unwrap();
    assert!(play.begin(4, "told", None, "02-05T00:00:00").is_err());
    play.decide(0, "02-06T00:00:00", Fact::RolesGranted(sam)).unwrap();
    play.begin(4, "told", None, "02-06T00:00:00").unwrap();
    play.decide(0, "02-07T00:00:00", Fact::StartDisarmed(StartDisarmed { start: id(4) })).unwrap();
    assert!(play.begin(4, "told", None, "02-07T00:00:00").is_err());
    // Whoever replays it holds the same.
    let mut again = Play::with(MONTHLY);
    for decision in &play.decisions[2..] {
        again.state.admit(decision).unwrap();
    }
    assert!(again.state.all_rows().eq(play.state.all_rows()));
}

#[test]
fn what_never_starts_by_itself_or_lacks_an_answer_is_said_at_once() {
    let plain = r#"<startEvent id="s"/><sequenceFlow id="f0" sourceRef="s" targetRef="t"/>"#;
    let never = r#"<startEvent id="s"><timerEventDefinition><timeCycle>${every}</timeCycle></timerEventDefinition></startEvent>
        <sequenceFlow id="f0" sourceRef="s" targetRef="t"/>"#;
    for (starts, rule) in [(plain, "bad-start"), (never, "engine")] {
        let refused = Play::with(starts).arm(3, "01-02T00:00:00").unwrap_err();
        assert_eq!(refused.rule(), rule, "{refused:?}");
    }
}
