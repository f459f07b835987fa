//! Invariants I2, I3, I6 to I12 and I20 of the rules, each over random histories: members with several keys who grant,
//! revoke, replace, sign, complete and migrate in any order, also in each other's name and twice. What holds is worked out
//! beside the rules, from the facts that were admitted alone.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};

use bpmn::Act;
use governance::fact::{
    ApprovalSigned, DefinitionBound, DefinitionImported, InstanceMoved, InstanceStarted, KeyEnrolled,
    KeyRevoked, Meaning, MemberAdded, ModelRegistered, PackageRecord, Party, ProjectCreated, RolesChanged,
    RunKind, RunRequested, Seen, Verdict, VersionRegistered, VersionReplaced,
};
use governance::state::{Changed, Decision, Founding, Stated};
use governance::{Digest, Fact, MemberName, Policy, PublicKey, Role, State};
use proptest::prelude::*;
use serde_json::Value;

const PEOPLE: [&str; 6] = ["ada", "bob", "ana", "vera", "val", "ivo"];
/// Keys by owner: `vera` has two devices.
const KEYS: [usize; 8] = [0, 1, 2, 3, 4, 5, 3, 2];
/// Histories of each property; each has up to this many steps.
const CASES: u32 = 96;
const STEPS_MAX: usize = 40;
const GATE: &str = "approve";
const ANSWER: &str = "ModelIsApproved";

#[derive(Clone, Debug)]
enum Step {
    Grant { whom: usize, role: Role },
    Revoke { whom: usize, role: Role },
    RevokeKey { key: usize },
    Enrol { key: usize, whom: usize },
    Replace { root: u8 },
    Start,
    Claim { nth: usize },
    Release { nth: usize },
    Sign { nth: usize, yes: bool, root: Option<u8>, completes: bool, twice: bool },
    Complete { nth: usize },
    Migrate { root: Option<u8> },
    Comment,
    Again { nth: usize },
}

/// A step, the key that signs it, and whether it is signed in another's name.
type Move = (Step, usize, Option<usize>);

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(vec![Role::Administrator, Role::Validator, Role::DataScientist, Role::It])
}

fn step() -> impl Strategy<Value = Step> {
    let root = || prop::option::weighted(0.2, 0_u8..4);
    prop_oneof![
        1 => (0..PEOPLE.len(), role()).prop_map(|(whom, role)| Step::Grant { whom, role }),
        1 => (0..PEOPLE.len(), role()).prop_map(|(whom, role)| Step::Revoke { whom, role }),
        3 => (0..2_usize).prop_map(|whom| Step::Revoke { whom, role: Role::Administrator }),
        1 => (0..KEYS.len()).prop_map(|key| Step::RevokeKey { key }),
        1 => (0..KEYS.len() + 2, 0..PEOPLE.len()).prop_map(|(key, whom)| Step::Enrol { key, whom }),
        1 => (0_u8..4).prop_map(|root| Step::Replace { root }),
        2 => Just(Step::Start),
        6 => (0_usize..3).prop_map(|nth| Step::Claim { nth }),
        1 => (0_usize..3).prop_map(|nth| Step::Release { nth }),
        9 => (0_usize..3, prop::bool::weighted(0.85), root(), any::<bool>(), prop::bool::weighted(0.1))
            .prop_map(|(nth, yes, root, completes, twice)| Step::Sign { nth, yes, root, completes, twice }),
        1 => (0_usize..3).prop_map(|nth| Step::Complete { nth }),
        3 => root().prop_map(|root| Step::Migrate { root }),
        1 => Just(Step::Comment),
        2 => (0_usize..100).prop_map(|nth| Step::Again { nth }),
    ]
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    // Mostly those who may: validators and administrators; and now and then anybody, in anybody's name.
    let key = prop_oneof![
        4 => prop::sample::select(vec![3_usize, 4, 6]),
        1 => prop::sample::select(vec![2_usize, 7]),
        2 => 0..2_usize,
        3 => 0..KEYS.len() + 2,
    ];
    let name = prop::option::weighted(0.05, 0..PEOPLE.len());
    prop::collection::vec((step(), key, name), 1..STEPS_MAX)
}

fn id<T: std::str::FromStr>(number: u64) -> T
where
    T::Err: std::fmt::Debug,
{
    format!("{number:026}").parse().unwrap()
}

fn person(nth: usize) -> MemberName {
    PEOPLE[nth].parse().unwrap()
}

fn key(nth: usize) -> PublicKey {
    format!("ed25519:{:064x}", nth + 1).parse().unwrap()
}

fn root(of: u8) -> Digest {
    format!("sha256:{:064x}", 0xabc0 + u32::from(of)).parse().unwrap()
}

fn package(of: u8) -> PackageRecord {
    PackageRecord {
        root: root(of),
        reading: root(of),
        files: 1,
        size_bytes: 1,
        algorithm: None,
        tool: None,
        modeler: None,
        blocking: BTreeSet::new(),
        waived: BTreeMap::new(),
    }
}

/// What is so, worked out from the admitted facts alone.
#[derive(Default)]
struct Known {
    root: Option<Digest>,
    authors: BTreeSet<MemberName>,
    /// What each person approved last, by instance.
    signed: BTreeMap<String, BTreeMap<MemberName, Digest>>,
    /// The latest decision that completed a gate, by root.
    decided: BTreeMap<Digest, (Verdict, BTreeSet<MemberName>)>,
    ids: BTreeSet<String>,
}

struct Play {
    state: State,
    quorum: u32,
    decisions: Vec<Decision>,
    rows: BTreeMap<(&'static str, String), Value>,
    known: Known,
    next_id: u64,
    admitted: usize,
}

fn founding(quorum: u32) -> Founding {
    Founding {
        name: "Random".to_owned(),
        founders: vec![(person(0), "Ada".to_owned(), key(0)), (person(1), "Bob".to_owned(), key(1))],
        policy: Policy::read(&serde_json::json!({"quorum": {"*": quorum}})).unwrap(),
        at: "2026-01-01T00:00:00Z".parse().unwrap(),
    }
}

fn document() -> (Digest, &'static [u8]) {
    let template = bpmn::templates::all().iter().find(|template| template.name == "migration").unwrap();
    (root(99), template.document.as_bytes())
}

impl Play {
    /// A workspace of two administrators with members, a model, and a process definition: decided by the rules too.
    fn begin(quorum: u32) -> Self {
        let (mut state, changed) = State::found(&founding(quorum));
        let (digest, text) = document();
        state.learn(digest.clone(), text);
        let mut play = Self {
            state,
            quorum,
            decisions: Vec::new(),
            rows: BTreeMap::new(),
            known: Known::default(),
            next_id: 100,
            admitted: 0,
        };
        play.keep(changed);
        // `ana` validates what others make.
        let roles: [&[Role]; 4] =
            [&[Role::DataScientist, Role::Validator], &[Role::Validator], &[Role::Validator], &[Role::It]];
        for (nth, roles) in (2..).zip(roles) {
            let added = Fact::MemberAdded(MemberAdded {
                name: person(nth),
                display_name: PEOPLE[nth].to_owned(),
                email: None,
                roles: roles.iter().copied().collect(),
            });
            play.must(0, vec![added]);
        }
        for (nth, owner) in KEYS.iter().enumerate().skip(2) {
            let enrolled = Fact::KeyEnrolled(KeyEnrolled {
                member: person(*owner),
                key: key(nth),
                device: format!("device {nth}"),
            });
            play.must(0, vec![enrolled.clone()]);
            play.must(1, vec![enrolled]);
        }
        play.must(
            2,
            vec![
                Fact::ProjectCreated(ProjectCreated {
                    project: id(1),
                    name: "P".parse().unwrap(),
                    description: String::new(),
                    properties: BTreeMap::new(),
                }),
                Fact::ModelRegistered(ModelRegistered {
                    model: id(2),
                    project: id(1),
                    name: "m".parse().unwrap(),
                }),
                Fact::VersionRegistered(VersionRegistered {
                    version: id(3),
                    model: id(2),
                    major: 1,
                    minor: 0,
                    package: package(0),
                    by_run: None,
                }),
            ],
        );
        let definition = bpmn::Definition::parse(text).unwrap();
        let (calls, gates) = governance::workflow::suggest(&definition);
        assert_eq!(gates.get(GATE).map(String::as_str), Some(ANSWER));
        let parties = governance::workflow::parties(&definition)
            .into_iter()
            .filter_map(|used| match &used.party {
                Party::Group(group) => {
                    let role: Role = group.parse().ok()?;
                    Some((used.party.clone(), Meaning::Role(role)))
                }
                Party::User(_) => None,
            })
            .collect();
        let bound = serde_json::json!({"definition": id::<governance::DefinitionId>(4), "calls": calls, "parties": Value::Null, "gates": gates});
        let mut bound = bound;
        bound["parties"] = serde_json::to_value::<Vec<(Party, Meaning)>>(parties).unwrap();
        let bound: DefinitionBound = serde_json::from_value(bound).unwrap();
        play.must(
            0,
            vec![
                Fact::DefinitionImported(DefinitionImported {
                    definition: id(4),
                    name: "Migration".to_owned(),
                    number: 1,
                    document: digest,
                }),
                Fact::DefinitionBound(bound),
            ],
        );
        play
    }

    fn must(&mut self, by: usize, facts: Vec<Fact>) {
        let person = person(KEYS[by]);
        self.decide(by, person, facts, None).unwrap();
    }

    fn fresh(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn keep(&mut self, changed: Vec<Changed>) {
        for Changed { table, key, row } in changed {
            match row {
                Some(row) => self.rows.insert((table, key), row),
                None => self.rows.remove(&(table, key)),
            };
        }
    }

    fn decide(
        &mut self,
        by: usize,
        person: MemberName,
        facts: Vec<Fact>,
        same_id: Option<governance::FactId>,
    ) -> Result<(), governance::Refusal> {
        let position = self.decisions.len() as u64 + 1;
        let mut same_id = same_id;
        let facts = facts
            .into_iter()
            .map(|fact| Stated { id: same_id.take().unwrap_or_else(|| id(self.fresh())), fact })
            .collect();
        let at: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let decision = Decision {
            position,
            person,
            key: key(by),
            at: at + jiff::SignedDuration::from_secs(60 * position as i64),
            rules_version: governance::RULES_VERSION,
            facts,
        };
        self.decisions.push(decision.clone());
        let before = self.state.clone();
        match self.state.admit(&decision) {
            Ok(changed) => {
                self.keep(changed);
                self.admitted += 1;
                self.check(&before, &decision);
                Ok(())
            }
            Err(refusal) => {
                // I6: what is refused changes nothing.
                assert!(self.state.all_rows().eq(before.all_rows()), "a refused decision changed something");
                Err(refusal)
            }
        }
    }

    /// What must be so of an admitted decision.
    fn check(&mut self, before: &State, decision: &Decision) {
        // I7: a key valid at that slot, and the person's own.
        let held = before.keys.get(&decision.key).unwrap();
        assert!(held.valid_from.is_some() && held.revoked_at.is_none(), "I7: {decision:?}");
        assert_eq!(held.member, decision.person, "I7: in another's name");
        for stated in &decision.facts {
            assert!(self.known.ids.insert(stated.id.to_string()), "I2: {} took effect twice", stated.id);
            match &stated.fact {
                Fact::VersionRegistered(fact) => {
                    self.known.root = Some(fact.package.root.clone());
                    self.known.authors.insert(decision.person.clone());
                }
                Fact::VersionReplaced(fact) => {
                    self.known.root = Some(fact.package.root.clone());
                    self.known.authors.insert(decision.person.clone());
                }
                Fact::ApprovalSigned(fact) => self.check_approval(before, decision, fact),
                Fact::RunRequested(fact) => {
                    let decided = self.known.decided.get(&fact.root);
                    let open = decided.is_some_and(|(verdict, _)| *verdict == Verdict::Approved);
                    assert!(open && Some(&fact.root) == self.known.root.as_ref(), "I12: {fact:?}");
                }
                _ => {}
            }
        }
        // I11: somebody is left who may administer, with a key to do it.
        let left = self.state.administrators(governance::RULES_VERSION);
        assert!(!left.is_empty(), "I11: the last administrator left by {decision:?}");
        let version = self.state.versions.get(&id::<governance::VersionId>(3));
        if let (Some(version), Some(root)) = (version, &self.known.root)
            && self.state.approved(&version.id, root)
        {
            let (verdict, persons) = self.known.decided.get(root).expect("I10: approved, and nobody decided");
            assert_eq!(*verdict, Verdict::Approved, "I10");
            assert!(persons.len() as u32 >= self.quorum, "I10: {persons:?} are too few");
        }
    }

    fn check_approval(&mut self, before: &State, decision: &Decision, fact: &ApprovalSigned) {
        assert!(!self.known.authors.contains(&decision.person), "I8: {} approved own work", decision.person);
        assert!(before.members.get(&decision.person).unwrap().roles.contains(&Role::Validator), "I8");
        assert_eq!(Some(&fact.package_root), self.known.root.as_ref(), "I9: of other contents");
        assert_eq!(fact.gate, GATE, "I9: of another gate");
        assert_eq!(fact.policy_version, 1, "I9: under another policy");
        let instance = before.instances.get(&fact.instance).unwrap();
        assert_eq!(instance.version.as_ref(), Some(&fact.version), "I9: of another version");
        let completes = decision.facts.iter().any(|stated| {
            matches!(&stated.fact, Fact::InstanceMoved(moved) if matches!(moved.act, Act::Complete { .. }))
        });
        let signed = self.known.signed.entry(fact.instance.to_string()).or_default();
        if fact.decision == Verdict::Approved {
            let before = signed.insert(decision.person.clone(), fact.package_root.clone());
            let again = before.as_ref() == Some(&fact.package_root);
            assert!(completes || !again, "I10: {} signed twice for the next person", decision.person);
        }
        // Who signed other contents does not count, nor whoever had a hand in them meanwhile.
        let persons: BTreeSet<MemberName> = signed
            .iter()
            .filter(|(person, root)| **root == fact.package_root && !self.known.authors.contains(*person))
            .map(|(person, _)| person.clone())
            .collect();
        if completes {
            let enough = fact.decision == Verdict::Rejected || persons.len() as u32 >= self.quorum;
            assert!(enough, "I10: completed by {persons:?}");
            self.known.decided.insert(fact.package_root.clone(), (fact.decision, persons));
        } else {
            assert!((persons.len() as u32) < self.quorum, "I10: the last person left it open");
        }
    }

    fn task(&self, nth: usize) -> Option<(governance::InstanceId, u64)> {
        let gates: Vec<_> = self.state.tasks.rows().filter(|task| task.element == GATE).collect();
        let task = gates.get(nth % gates.len().max(1))?;
        Some((task.instance.clone(), task.task))
    }

    fn take(&mut self, (step, by, name): Move) {
        let owner = KEYS.get(by).copied().unwrap_or(by % PEOPLE.len());
        let name = person(name.unwrap_or(owner));
        let moved = |(instance, task): (governance::InstanceId, u64), act: fn(u64) -> Act| {
            Fact::InstanceMoved(InstanceMoved { instance, act: act(task), note: String::new() })
        };
        let completed = |(instance, task): (governance::InstanceId, u64), yes: bool| {
            let answers = [(ANSWER.to_owned(), bpmn::Value::from(yes))].into();
            Fact::InstanceMoved(InstanceMoved {
                instance,
                act: Act::Complete { task, answers },
                note: String::new(),
            })
        };
        let (mut by, mut name) = (by, name);
        let mut same_id = None;
        let current = self.known.root.clone().unwrap();
        let facts = match step {
            Step::Grant { whom, role } => {
                vec![Fact::RolesGranted(RolesChanged { member: person(whom), roles: [role].into() })]
            }
            Step::Revoke { whom, role } => {
                vec![Fact::RolesRevoked(RolesChanged { member: person(whom), roles: [role].into() })]
            }
            Step::RevokeKey { key: nth } => vec![Fact::KeyRevoked(KeyRevoked {
                key: key(nth),
                reason: "lost".to_owned(),
                suspect_since: None,
            })],
            Step::Enrol { key: nth, whom } => vec![Fact::KeyEnrolled(KeyEnrolled {
                member: person(whom),
                key: key(nth),
                device: "another".to_owned(),
            })],
            Step::Replace { root } => {
                vec![Fact::VersionReplaced(VersionReplaced { version: id(3), package: package(root) })]
            }
            Step::Start => vec![Fact::InstanceStarted(InstanceStarted {
                instance: id(1_000_000 + self.fresh()),
                definition: id(4),
                project: id(1),
                version: Some(id(3)),
                variables: bpmn::engine::Variables::default(),
                begun: None,
                process: None,
            })],
            Step::Claim { nth } => match self.task(nth) {
                Some(task) => vec![moved(task, |task| Act::Claim { task })],
                None => return,
            },
            Step::Release { nth } => match self.task(nth) {
                Some(task) => vec![moved(task, |task| Act::Release { task })],
                None => return,
            },
            Step::Complete { nth } => match self.task(nth) {
                Some(task) => vec![completed(task, true)],
                None => return,
            },
            Step::Sign { nth, yes, root: of, completes, twice } => {
                let Some((instance, task)) = self.task(nth) else { return };
                let current_reading = current.clone();
                let approval = Fact::ApprovalSigned(ApprovalSigned {
                    gate: GATE.to_owned(),
                    task: task.to_string(),
                    instance: instance.clone(),
                    model: id(2),
                    version: id(3),
                    package_root: of.map_or(current, root),
                    evidence: vec![current_reading],
                    definition: Some(id(4)),
                    decision: if yes { Verdict::Approved } else { Verdict::Rejected },
                    policy_version: 1,
                    note: String::new(),
                    seen: Seen { position: 0, chain: "0".repeat(64) },
                });
                let place = (instance, task);
                let end = if completes {
                    completed(place, yes)
                } else {
                    moved(place, |task| Act::Release { task })
                };
                if twice { vec![approval.clone(), approval, end] } else { vec![approval, end] }
            }
            Step::Migrate { root: of } => vec![Fact::RunRequested(RunRequested {
                run: id(2_000_000 + self.fresh()),
                kind: RunKind::Migrate,
                version: id(3),
                root: of.map_or(current, root),
                target: "bucket".to_owned(),
                bucket: "bucket".to_owned(),
                key: format!("cs-{}", self.next_id),
                cause: None,
                deadline_s: 60,
                endpoint: None,
                args: Vec::new(),
                properties: std::collections::BTreeMap::new(),
                estimate: None,
                remove_foreign: false,
            })],
            Step::Comment => {
                let Some(instance) = self.state.instances.iter().next().map(|(id, _)| id.to_string()) else {
                    return;
                };
                let body = serde_json::json!({"instance": instance, "text": "Hm."});
                vec![Fact::read("comment.added", body).unwrap()]
            }
            // Word for word what was decided before, by the same key.
            Step::Again { nth } => {
                let earlier = self.decisions[nth % self.decisions.len()].clone();
                let Some(fact) = earlier.facts.first() else { return };
                by = (0..KEYS.len()).find(|nth| key(*nth) == earlier.key).unwrap_or(by);
                name = earlier.person;
                same_id = Some(fact.id.clone());
                vec![fact.fact.clone()]
            }
        };
        // A refusal is an answer, too; what it must not do is checked where it is asked.
        let _ = self.decide(by, name, facts, same_id);
    }
}

fn rows(state: &State) -> BTreeMap<(&'static str, String), Value> {
    state.all_rows().filter_map(|row| Some(((row.table, row.key), row.row?))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    /// I2, I6, I7, I8, I9, I10, I11 and I12 are checked at every decision of the history, refused or admitted.
    #[test]
    fn i02_i06_i07_i08_i09_i10_i11_i12_hold_at_every_decision(quorum in 1_u32..4, moves in moves()) {
        let mut play = Play::begin(quorum);
        moves.into_iter().for_each(|step| play.take(step));
        prop_assert!(play.admitted > 0);
    }

    /// I3: the state is a function of the founding document and the decisions, whether they come one after another or some
    /// desk begins with what another one kept. I20: what changed, applied row by row, is what stands.
    #[test]
    fn i03_i20_a_rebuild_and_the_rows_say_the_same(quorum in 1_u32..3, moves in moves(), cut in 0_usize..60) {
        let mut play = Play::begin(quorum);
        moves.into_iter().for_each(|step| play.take(step));
        let expected = rows(&play.state);
        prop_assert_eq!(&play.rows, &expected, "I20");

        let (digest, text) = document();
        let (mut again, _) = State::found(&founding(quorum));
        again.learn(digest.clone(), text);
        for (nth, decision) in play.decisions.iter().enumerate() {
            if nth == cut {
                let mut restored = State::default();
                restored.learn(digest.clone(), text);
                for row in again.all_rows() {
                    restored.restore(row.table, &row.key, row.row.unwrap()).unwrap();
                }
                again = restored;
            }
            let _ = again.admit(decision);
        }
        prop_assert_eq!(&rows(&again), &expected, "I3");
    }
}

/// The histories above must reach what they are about: some gate is completed, some migration requested, some quorum met.
#[test]
fn the_histories_reach_signatures_quorums_and_migrations() {
    for quorum in [1, 2] {
        let mut play = Play::begin(quorum);
        play.take((Step::Start, 2, None));
        for by in [3, 4].into_iter().take(quorum as usize) {
            play.take((Step::Claim { nth: 0 }, by, None));
            let completes = by == 3 + quorum as usize - 1;
            play.take((Step::Sign { nth: 0, yes: true, root: None, completes, twice: false }, by, None));
        }
        assert_eq!(play.known.decided.len(), 1, "quorum {quorum}");
        play.take((Step::Migrate { root: None }, 5, None));
        assert_eq!(play.state.runs.len(), 1, "quorum {quorum}");
    }
}

/// I17: a history that an earlier program wrote is judged as it was then, entry by entry, and makes the same rows. Rows may
/// have got further fields since; what they said they still say. `COUNTERSIGN_WRITE_GOLDEN=1` writes a history where there
/// is none yet; one that was released is never written anew.
#[test]
fn i17_an_old_history_is_judged_as_it_was() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/rules");
    let path = folder.join("history.jsonl");
    #[expect(clippy::disallowed_methods, reason = "a test reads its golden file")]
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(_) if std::env::var_os("COUNTERSIGN_WRITE_GOLDEN").is_some() => {
            let text = story().join("\n") + "\n";
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("definition.bpmn"), document().1).unwrap();
            std::fs::write(&path, &text).unwrap();
            text
        }
        Err(error) => panic!("{}: {error}", path.display()),
    };
    #[expect(clippy::disallowed_methods, reason = "a test reads its golden file")]
    let definition = std::fs::read(folder.join("definition.bpmn")).unwrap();
    let (mut state, _) = State::found(&founding(2));
    state.learn(document().0, &definition);
    let mut lines = text.lines();
    let expected: Value = serde_json::from_str(lines.next_back().unwrap()).unwrap();
    for line in lines {
        let line: Value = serde_json::from_str(line).unwrap();
        let judged = state.admit(&read_decision(&line));
        assert_eq!(
            judged.err().map(|refusal| refusal_name(&refusal)),
            line["refused"].as_str().map(str::to_owned),
            "{line}"
        );
    }
    let found = rows(&state);
    let expected = expected["rows"].as_array().unwrap();
    assert_eq!(found.len(), expected.len());
    for row in expected {
        let table = State::TABLES.iter().find(|table| **table == row["table"]).unwrap();
        let now = &found[&(*table, row["key"].as_str().unwrap().to_owned())];
        assert!(says(now, &row["row"]), "{table}: {now:#} no longer says {:#}", row["row"]);
    }
}

/// Whether `now` says everything that `then` said.
fn says(now: &Value, then: &Value) -> bool {
    match (now, then) {
        // What the lint finds may grow; it decides nothing about a definition that is imported already.
        (Value::Object(now), Value::Object(then)) => then
            .iter()
            .filter(|(name, _)| *name != "diagnostics")
            .all(|(name, then)| now.get(name).is_some_and(|now| says(now, then))),
        (Value::Array(now), Value::Array(then)) => {
            now.len() == then.len() && now.iter().zip(then).all(|(now, then)| says(now, then))
        }
        _ => now == then,
    }
}

/// The rule that refused, by its name in `kebab-case`.
fn refusal_name(refusal: &governance::Refusal) -> String {
    serde_json::to_value(refusal).unwrap()["rule"].as_str().unwrap().to_owned()
}

fn read_decision(line: &Value) -> Decision {
    let text = |name: &str| line[name].as_str().unwrap();
    Decision {
        position: line["position"].as_u64().unwrap(),
        person: text("person").parse().unwrap(),
        key: text("key").parse().unwrap(),
        at: text("at").parse().unwrap(),
        rules_version: line["rules_version"].as_u64().unwrap() as u32,
        facts: line["facts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fact| Stated {
                id: fact["id"].as_str().unwrap().parse().unwrap(),
                fact: Fact::read(fact["kind"].as_str().unwrap(), fact["body"].clone()).unwrap(),
            })
            .collect(),
    }
}

/// A history of every room: two persons sign, one of them twice and in vain; contents are replaced, a version becomes
/// champion, a migration is asked for, followed, and never proven; and a key is revoked.
fn story() -> Vec<String> {
    let mut play = Play::begin(2);
    for step in [
        (Step::Start, 2, None),
        (Step::Claim { nth: 0 }, 2, None),
        (Step::Claim { nth: 0 }, 3, None),
        (Step::Sign { nth: 0, yes: true, root: Some(3), completes: false, twice: false }, 3, None),
        (Step::Sign { nth: 0, yes: true, root: None, completes: true, twice: false }, 3, None),
        (Step::Sign { nth: 0, yes: true, root: None, completes: false, twice: false }, 3, None),
        (Step::Claim { nth: 0 }, 6, None),
        (Step::Replace { root: 1 }, 2, None),
        (Step::Claim { nth: 0 }, 3, None),
        (Step::Sign { nth: 0, yes: true, root: None, completes: false, twice: false }, 3, None),
        (Step::Migrate { root: None }, 5, None),
        (Step::Claim { nth: 0 }, 4, None),
        (Step::Sign { nth: 0, yes: true, root: None, completes: true, twice: false }, 4, Some(3)),
        (Step::Sign { nth: 0, yes: true, root: None, completes: true, twice: false }, 4, None),
        (Step::Migrate { root: None }, 5, None),
        (Step::Again { nth: 3 }, 0, None),
        (Step::Revoke { whom: 0, role: Role::Administrator }, 1, None),
        (Step::Revoke { whom: 1, role: Role::Administrator }, 1, None),
        (Step::RevokeKey { key: 6 }, 1, None),
    ] {
        play.take(step);
    }
    let run = play.state.runs.iter().next().map(|(id, _)| id.to_string()).unwrap();
    let instance = play.state.instances.iter().next().map(|(id, _)| id.to_string()).unwrap();
    let (project, version) = (id::<governance::ProjectId>(1), id::<governance::VersionId>(3));
    let said = serde_json::json!([
        [2, "champion.set", {"project": project, "version": version}],
        [2, "challenger.set", {"project": project, "version": version}],
        [2, "comment.added", {"instance": instance, "text": "Why not?"}],
        [5, "run.moved", {"run": run, "state": "running", "detail": "by hand"}],
        [5, "run.moved", {"run": run, "state": "succeeded", "detail": "by hand"}],
        [5, "run.cancel-asked", {"run": run}],
        [5, "run.moved", {"run": run, "state": "cancelled", "detail": "asked for"}],
        [5, "notice.posted", {"notice": format!("{:026}", 7), "to": ["ana"], "title": "It ended", "body": "…", "level": "info"}],
        [2, "place.cleared", {"project": project, "version": version}],
        [6, "comment.added", {"instance": instance, "text": "with a revoked key"}],
    ]);
    for row in said.as_array().unwrap() {
        let by = row[0].as_u64().unwrap() as usize;
        let fact = Fact::read(row[1].as_str().unwrap(), row[2].clone()).unwrap();
        let _ = play.decide(by, person(KEYS[by]), vec![fact], None);
    }
    let (digest, text) = document();
    let (mut state, _) = State::found(&founding(2));
    state.learn(digest, text);
    let mut lines: Vec<String> = play
        .decisions
        .iter()
        .map(|decision| {
            let facts: Vec<Value> = decision
                .facts
                .iter()
                .map(|stated| serde_json::json!({"id": stated.id, "kind": stated.fact.kind(), "body": stated.fact.body()}))
                .collect();
            let refused = state.admit(decision).err().map(|refusal| refusal_name(&refusal));
            serde_json::json!({
                "position": decision.position, "person": decision.person, "key": decision.key,
                "at": decision.at.to_string(), "rules_version": decision.rules_version, "facts": facts,
                "refused": refused,
            })
            .to_string()
        })
        .collect();
    let rows: Vec<Value> = rows(&state)
        .into_iter()
        .map(|((table, key), row)| serde_json::json!({"table": table, "key": key, "row": row}))
        .collect();
    lines.push(serde_json::json!({ "rows": rows }).to_string());
    lines
}
