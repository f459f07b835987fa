//! A workspace of a few founders and one process, and a history of what they decide in it.

use bpmn::Act;
use governance::fact::{
    DefinitionBound, DefinitionImported, InstanceMoved, InstanceStarted, Meaning, MemberAdded,
    ModelRegistered, PackageRecord, Party, ProjectCreated, RolesChanged, VersionRegistered,
};
use governance::state::{Decision, Founding, Stated};
use governance::workflow::OpenTask;
use governance::{Digest, Fact, Policy, Role, State};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) const PEOPLE: [&str; 5] = ["ada", "ana", "bob", "eve", "sam"];
fn key(nth: usize) -> governance::PublicKey {
    format!("ed25519:{:064x}", nth + 1).parse().unwrap()
}

pub(crate) fn id<I: std::str::FromStr<Err: std::fmt::Debug>>(nth: u64) -> I {
    format!("{nth:026}").parse().unwrap()
}

pub(crate) fn digest(nth: u64) -> Digest {
    format!("sha256:{nth:064x}").parse().unwrap()
}

pub(crate) fn package(root: u64, reading: u64) -> PackageRecord {
    let (blocking, waived) = Default::default();
    let (algorithm, tool, modeler) = Default::default();
    let (root, reading) = (digest(root), digest(reading));
    PackageRecord { root, reading, files: 1, size_bytes: 1, algorithm, tool, modeler, blocking, waived }
}

pub(crate) struct Play {
    pub(crate) state: State,
    /// The process.
    text: String,
    pub(crate) rules_version: u32,
    pub(crate) position: u64,
    pub(crate) at: Timestamp,
    /// What was decided by whom and when, and the rule that refused it.
    told: Vec<Value>,
}

impl Play {
    /// A workspace of founders who may everything, with a version by `ana` and an instance of this process about it.
    pub(crate) fn with(rules_version: u32, body: &str, names: &[(&str, Meaning)]) -> Self {
        let text = format!(
            r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn"
            targetNamespace="t"><process id="p" isExecutable="true">{body}</process></definitions>"#
        );
        let mut play = Self::founded(rules_version, text.clone());
        let members = ["ana", "bob", "eve"].into_iter();
        for name in members {
            let roles = [Role::Administrator].into();
            let changed = RolesChanged { member: name.parse().unwrap(), roles };
            play.must(0, Fact::RolesRevoked(changed));
        }
        let sam = MemberAdded {
            name: "sam".parse().unwrap(),
            display_name: "Sam".to_owned(),
            email: None,
            roles: [Role::It].into(),
        };
        play.must(0, Fact::MemberAdded(sam));
        play.must(
            1,
            Fact::ProjectCreated(ProjectCreated {
                project: id(2),
                name: "P".parse().unwrap(),
                description: String::new(),
                properties: Default::default(),
            }),
        );
        play.must(
            1,
            Fact::ModelRegistered(ModelRegistered {
                model: id(3),
                project: id(2),
                name: "m".parse().unwrap(),
            }),
        );
        play.must(
            1,
            Fact::VersionRegistered(VersionRegistered {
                version: id(4),
                model: id(3),
                major: 1,
                minor: 0,
                package: package(10, 20),
                by_run: None,
            }),
        );
        let (definition, name) = (id(5), "D".to_owned());
        play.must(
            0,
            Fact::DefinitionImported(DefinitionImported { definition, name, number: 1, document: digest(1) }),
        );
        let parsed = bpmn::Definition::parse(text.as_bytes()).unwrap();
        let (calls, gates) = governance::workflow::suggest(&parsed);
        let groups =
            governance::workflow::parties(&parsed).into_iter().filter_map(|used| match &used.party {
                Party::Group(group) => Some((used.party.clone(), Meaning::Role(group.parse().unwrap()))),
                Party::User(_) => None,
            });
        let users = names.iter().map(|(name, meant)| (Party::User((*name).to_owned()), meant.clone()));
        let parties = users.chain(groups);
        let reminders = Default::default();
        let bound = DefinitionBound {
            definition: id(5),
            calls,
            parties: parties.collect(),
            gates,
            reminders,
            called: Default::default(),
        };
        play.must(0, Fact::DefinitionBound(bound));
        play.must(
            0,
            Fact::InstanceStarted(InstanceStarted {
                instance: id(6),
                definition: id(5),
                project: id(2),
                version: Some(id(4)),
                variables: Default::default(),
                begun: None,
                process: None,
            }),
        );
        play
    }

    /// A workspace of founders, who know the process and have decided nothing.
    pub(crate) fn founded(rules_version: u32, text: String) -> Self {
        let founders = PEOPLE[..4].iter().enumerate();
        let (mut state, _) = State::found(&Founding {
            name: "Parties".to_owned(),
            founders: founders
                .map(|(nth, name)| (name.parse().unwrap(), (*name).to_owned(), key(nth)))
                .collect(),
            policy: Policy::read(&json!({})).unwrap(),
            at: "2026-01-01T00:00:00Z".parse().unwrap(),
        });
        state.learn(digest(1), text.as_bytes());
        let at = "2026-01-01T00:00:00Z".parse().unwrap();
        Self { state, text, rules_version, position: 0, at, told: Vec::new() }
    }

    /// What must be so of a history for ever: the instance, its tasks, and how each of them stands.
    pub(crate) fn stands(&self) -> Value {
        let instance = self.state.instance(&id(6)).unwrap();
        let tasks = self.state.tasks.rows().map(|task| {
            let candidates: Vec<Value> = task.candidates.iter().map(|it| json!(it)).collect();
            let excluded: Vec<String> = task.excluded.iter().map(ToString::to_string).collect();
            json!({ "name": task.name, "assignee": task.assignee, "candidates": candidates, "excluded": excluded })
        });
        json!({ "status": instance.status, "incidents": instance.incidents, "tasks": tasks.collect::<Vec<_>>() })
    }

    /// A history as it was released is judged as it was, whatever is written here by then. `COUNTERSIGN_WRITE_GOLDEN=1`
    /// writes one where there is none yet.
    #[expect(clippy::disallowed_methods, reason = "a test reads and writes its golden file")]
    pub(crate) fn is_held_as(&self, name: &str) {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/rules/parties");
        let path = folder.join(format!("{name}.jsonl"));
        if !path.exists() && std::env::var_os("COUNTERSIGN_WRITE_GOLDEN").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            let first = json!({ "process": self.text, "rules": self.rules_version });
            let last = json!({ "stands": self.stands() });
            let lines = [first].into_iter().chain(self.told.iter().cloned()).chain([last]);
            std::fs::write(&path, lines.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let [first, told @ .., last] = lines.as_slice() else { panic!("{} is empty", path.display()) };
        let rules = u32::try_from(first["rules"].as_u64().unwrap()).unwrap();
        let mut play = Self::founded(rules, first["process"].as_str().unwrap().to_owned());
        for line in told {
            let read =
                |fact: &Value| Fact::read(fact["kind"].as_str().unwrap(), fact["body"].clone()).unwrap();
            let facts = line["facts"].as_array().unwrap().iter().map(read).collect();
            // Whoever decided waited as long as they did.
            let at: Timestamp = line["at"].as_str().unwrap().parse().unwrap();
            play.at = at - jiff::SignedDuration::from_secs(60);
            let by = usize::try_from(line["by"].as_u64().unwrap()).unwrap();
            assert_eq!(play.decide(by, facts), line["refused"].as_str().unwrap(), "{name}: {line}");
        }
        assert_eq!(play.stands(), last["stands"], "{name}");
    }

    pub(crate) fn must(&mut self, by: usize, fact: Fact) {
        assert_eq!(self.decide(by, vec![fact]), "", "{:?}", self.told.last());
    }

    /// The rule that refused, or nothing.
    pub(crate) fn decide(&mut self, by: usize, facts: Vec<Fact>) -> String {
        self.position += 1;
        self.at += jiff::SignedDuration::from_secs(60);
        let told = facts.iter().map(|fact| json!({ "kind": fact.kind(), "body": fact.body() }));
        let mut line = json!({ "by": by, "at": self.at.to_string(), "facts": told.collect::<Vec<_>>() });
        let stated = facts
            .into_iter()
            .zip(0..)
            .map(|(fact, nth)| Stated { id: id(1000 + 10 * self.position + nth), fact });
        let judged = self.state.admit(&Decision {
            position: self.position,
            person: PEOPLE[by].parse().unwrap(),
            key: key(by),
            at: self.at,
            rules_version: self.rules_version,
            facts: stated.collect(),
        });
        let refused = judged.err().map(|refusal| refusal.rule().to_owned()).unwrap_or_default();
        line["refused"] = refused.clone().into();
        self.told.push(line);
        refused
    }

    pub(crate) fn task(&self, name: &str) -> OpenTask {
        self.state.tasks.rows().find(|task| task.name == name).unwrap().clone()
    }

    pub(crate) fn act(&mut self, by: usize, act: Act) -> String {
        self.decide(
            by,
            vec![Fact::InstanceMoved(InstanceMoved { instance: id(6), act, note: String::new() })],
        )
    }

    pub(crate) fn claim(&mut self, by: usize, name: &str) -> String {
        let task = self.task(name).task;
        self.act(by, Act::Claim { task })
    }

    pub(crate) fn complete(&mut self, by: usize, name: &str) -> String {
        let task = self.task(name).task;
        self.act(by, Act::Complete { task, answers: Default::default() })
    }

    pub(crate) fn roles(&mut self, of: &str, role: Role, granted: bool) {
        let changed = RolesChanged { member: of.parse().unwrap(), roles: [role].into() };
        self.must(0, if granted { Fact::RolesGranted(changed) } else { Fact::RolesRevoked(changed) });
    }
}
