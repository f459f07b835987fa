//! Workflow: definitions and what they are bound to, instances, user tasks, approvals.

mod bindings;
mod called;
mod connections;
mod migration;
mod operations;
mod parties;
mod quorum;
mod starts;
mod tasks;
mod turns;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bpmn::engine::{Library, Outcome};
use bpmn::{Act, Event};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use bindings::{Call, PartyUse, calls, gates, parties, suggest};
pub use called::elsewhere;
pub use connections::Connection;
pub use operations::{OPERATIONS_KEPT, Operation};
pub use starts::{SelfFiring, SelfStart, StandingStart, Started};
pub use tasks::{OpenTask, REMINDERS_MAX};
pub use turns::Turn;

use crate::fact::{
    Action, ApprovalSigned, Binding, Cause, DefinitionBound, DefinitionImported, EVERY_TASK, Fact,
    InstanceMoved, Meaning, Party, Reminder, RunKind, RunState, Verdict,
};
use crate::names::{DefinitionId, Digest, InstanceId, MemberName, ProjectId, ProjectName, VersionId};
use crate::refusal::{Phrase, Refusal};
use crate::roles::Deed;
use crate::state::{Decision, State};
use tasks::member_named;

/// An imported definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Its identifier.
    pub id: DefinitionId,
    /// Its name.
    pub name: String,
    /// Version of that name, from 1.
    pub number: u32,
    /// Digest of its document.
    pub document: Digest,
    /// What the lint found, with what it needs to be said in any language.
    #[serde(with = "bpmn::diagnostic::whole")]
    pub diagnostics: Vec<bpmn::Diagnostic>,
    /// Elements whose call must be bound before a start.
    pub calls: BTreeSet<String>,
    /// Groups and users named in it that must mean somebody before a start.
    pub parties: Vec<Party>,
    /// What each call is bound to.
    pub bound: BTreeMap<String, Binding>,
    /// Whom each party means.
    pub meanings: Vec<(Party, Meaning)>,
    /// User tasks whose answer is an approval: element and variable.
    pub gates: BTreeMap<String, String>,
    /// When user tasks that wait are spoken of again, by element or [`crate::fact::EVERY_TASK`].
    pub reminders: BTreeMap<String, Reminder>,
    /// Its processes that can be started or called, and their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub processes: BTreeMap<String, String>,
    /// Processes it calls that are not in its own document. Rules before version 6 did not look for them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub calls_away: BTreeSet<String>,
    /// The definition, in exactly this version, that each of them is in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub called: BTreeMap<String, DefinitionId>,
    /// Who imported it.
    pub imported_by: MemberName,
    /// When.
    pub imported_at: Timestamp,
    /// Why nothing is started by it, if somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<Disabled>,
}

/// Somebody said that nothing is to be started by a definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disabled {
    /// Who.
    pub by: MemberName,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// A process that runs or ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Its identifier.
    pub id: InstanceId,
    /// Its definition; a running instance stays on it.
    pub definition: DefinitionId,
    /// Name of the definition, for lists.
    pub definition_name: String,
    /// Definitions whose processes it may call, in the order in which they are looked through.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub library: Vec<DefinitionId>,
    /// Which of them each of those processes is in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub called: BTreeMap<String, DefinitionId>,
    /// The project it runs in.
    pub project: ProjectId,
    /// Its name, for lists.
    pub project_name: ProjectName,
    /// The version it is about.
    pub version: Option<VersionId>,
    /// `running`, `completed`, `terminated`, `cancelled` or `failed`.
    pub status: String,
    /// Open incidents.
    pub incidents: u32,
    /// When its next timer falls due.
    pub next_due: Option<Timestamp>,
    /// Effects that wait for somebody to carry them out.
    pub asks: u32,
    /// Who started it, or said that it starts by itself.
    pub started_by: MemberName,
    /// What it started by, where no person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun: Option<Started>,
    /// When.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who completed each user task, every time, with everybody who signed at it; by element.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub completers: BTreeMap<String, BTreeSet<MemberName>>,
    /// The versions it was about before, and what turned it to another, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<Turn>,
    /// What was done to it last, as far as the facts themselves do not say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Operation>,
    /// Where it stands, in the engine's words.
    pub engine: bpmn::State,
}

/// A signed decision on exactly one digest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// Who signed.
    pub member: MemberName,
    /// When.
    pub at: Timestamp,
    /// Position of the entry.
    pub position: u64,
    /// The user task's element.
    pub gate: String,
    /// Whether it completed its gate: the signature of the last person a quorum asks for, or a no. The ones before count
    /// towards it and allow nothing by themselves.
    #[serde(default = "yes")]
    pub decides: bool,
    /// The instance.
    pub instance: InstanceId,
    /// The version.
    pub version: VersionId,
    /// Root digest that was signed.
    pub package_root: Digest,
    /// What was decided.
    pub decision: Verdict,
    /// What the signer wrote.
    pub note: String,
}

fn yes() -> bool {
    true
}

/// Something said about a process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The instance.
    pub instance: InstanceId,
    /// Who.
    pub member: MemberName,
    /// What.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// What the lint finds in a document when it is imported.
fn found(document: &bpmn::Definition, decision: &Decision) -> Vec<bpmn::Diagnostic> {
    let mut diagnostics = bpmn::lint::lint(document, decision.at);
    if decision.rules_version < 7 {
        // Rules before version 7 let a literal that looks like a credential pass.
        for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.code == "secret-literal") {
            diagnostic.severity = bpmn::Severity::Warning;
        }
    }
    diagnostics
}

impl Definition {
    /// What still stands between this definition and a start; empty when it can be started.
    pub fn obstacles(&self) -> Vec<Phrase> {
        let mut obstacles: Vec<Phrase> = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == bpmn::Severity::Error)
            .map(|diagnostic| Phrase::found(&diagnostic.sentence))
            .collect();
        if let Some(disabled) = &self.disabled {
            let said = Phrase::new("definition-disabled").with("by", &disabled.by);
            obstacles.insert(0, said.with("reason", &disabled.reason));
        }
        for element in self.calls.iter().filter(|element| !self.bound.contains_key(*element)) {
            obstacles.push(Phrase::new("call-unbound").with("element", element));
        }
        for process in self.calls_away.iter().filter(|process| !self.called.contains_key(*process)) {
            obstacles.push(Phrase::new("process-elsewhere").with("process", process));
        }
        for party in self.parties.iter().filter(|party| self.meaning(party).is_none()) {
            obstacles.push(match party {
                Party::Group(name) => Phrase::new("group-unbound").with("name", name),
                Party::User(name) => Phrase::new("user-unbound").with("name", name),
            });
        }
        obstacles
    }

    /// Whom a party means.
    pub fn meaning(&self, party: &Party) -> Option<&Meaning> {
        self.meanings.iter().find(|(other, _)| other == party).map(|(_, meaning)| meaning)
    }
}

impl State {
    /// The definition of that identifier.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when there is none.
    pub fn definition(&self, id: &DefinitionId) -> Result<&Definition, Refusal> {
        self.definitions.get(id).ok_or_else(|| Refusal::Unknown { noun: "definition", id: id.to_string() })
    }

    /// The latest definition of that name.
    pub fn definition_named(&self, name: &str) -> Option<&Definition> {
        self.definitions
            .rows()
            .filter(|definition| definition.name == name)
            .max_by_key(|definition| definition.number)
    }

    /// The instance of that identifier.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when there is none.
    pub fn instance(&self, id: &InstanceId) -> Result<&Instance, Refusal> {
        self.instances.get(id).ok_or_else(|| Refusal::Unknown { noun: "instance", id: id.to_string() })
    }

    pub(crate) fn import_definition(
        &mut self,
        decision: &Decision,
        fact: &DefinitionImported,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::ImportDefinition)?;
        if self.definitions.has(&fact.definition) {
            return Err(Refusal::Exists { noun: "definition", id: fact.definition.to_string() });
        }
        let latest = self.definition_named(&fact.name).map_or(0, |definition| definition.number);
        if fact.number != latest + 1 {
            return Err(Refusal::Exists { noun: "version-of-this-definition", id: fact.number.to_string() });
        }
        let document = Arc::clone(self.document(&fact.document)?);
        if document.processes.is_empty() {
            return Err(Refusal::BadDocument {
                digest: fact.document.clone(),
                why: Phrase::new("document-without-process"),
            });
        }
        self.definitions.put(
            fact.definition.clone(),
            Definition {
                id: fact.definition.clone(),
                name: fact.name.clone(),
                number: fact.number,
                document: fact.document.clone(),
                diagnostics: found(&document, decision),
                calls: calls(&document)
                    .into_iter()
                    .filter(|call| call.must_be_bound)
                    .map(|call| call.element)
                    .collect(),
                parties: parties(&document)
                    .into_iter()
                    .filter(|party| {
                        // An exclusion that means nobody would hold nobody back; rules before version 2 let it pass.
                        // Who is only told something need mean nobody here: it is told to whoever started the process.
                        !party.invited_at.is_empty()
                            || decision.rules_version >= 2 && party.is_needed() && !party.stands_for_itself()
                    })
                    .map(|party| party.party)
                    .collect(),
                bound: BTreeMap::new(),
                meanings: Vec::new(),
                gates: BTreeMap::new(),
                reminders: BTreeMap::new(),
                processes: document
                    .processes
                    .iter()
                    .filter(|process| process.executable)
                    .map(|process| {
                        let id = process.id.to_string();
                        let name = process.name.clone().filter(|name| !name.trim().is_empty());
                        (id.clone(), name.unwrap_or(id))
                    })
                    .collect(),
                calls_away: match decision.rules_version {
                    ..6 => BTreeSet::new(),
                    _ => elsewhere(&document),
                },
                called: BTreeMap::new(),
                imported_by: decision.person.clone(),
                imported_at: decision.at,
                disabled: None,
            },
        );
        Ok(())
    }

    pub(crate) fn bind_definition(
        &mut self,
        decision: &Decision,
        fact: &DefinitionBound,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::ImportDefinition)?;
        let definition = self.definition(&fact.definition)?;
        let document = Arc::clone(self.document(&definition.document)?);
        let known = calls(&document);
        for element in fact.calls.keys() {
            if !known.iter().any(|call| call.element == *element) {
                return Err(Refusal::Unknown { noun: "call-at-element", id: element.clone() });
            }
        }
        for (element, binding) in &fact.calls {
            self.check_connection(element, binding)?;
        }
        let user_tasks = gates(&document);
        for element in fact.gates.keys() {
            if !user_tasks.iter().any(|(id, _)| id == element) {
                return Err(Refusal::Unknown { noun: "user-task-at-element", id: element.clone() });
            }
        }
        for element in fact.reminders.keys().filter(|element| *element != EVERY_TASK) {
            if !user_tasks.iter().any(|(id, _)| id == element) {
                return Err(Refusal::Unknown { noun: "user-task-at-element", id: element.clone() });
            }
        }
        let escalated_to = fact.reminders.values().filter_map(|reminder| reminder.escalate_to.as_ref());
        for meaning in fact.parties.iter().map(|(_, meaning)| meaning).chain(escalated_to) {
            if let Meaning::Member(member) = meaning {
                self.member(member)?;
            }
        }
        self.check_called(fact)?;
        self.definitions.edit(&fact.definition, |definition| {
            definition.called.clone_from(&fact.called);
            definition.bound.clone_from(&fact.calls);
            definition.meanings.clone_from(&fact.parties);
            definition.gates.clone_from(&fact.gates);
            definition.reminders.clone_from(&fact.reminders);
        });
        if decision.rules_version >= 2 {
            // What was bound anew holds at once, also for tasks that are open already.
            let bound = &fact.definition;
            // Rules before version 8 forgot the instances that only called it.
            let concerns = |instance: &Instance| {
                instance.definition == *bound
                    || decision.rules_version >= 8 && instance.library.contains(bound)
            };
            let running: Vec<Instance> = self
                .instances
                .rows()
                .filter(|instance| instance.status == "running" && concerns(instance))
                .cloned()
                .collect();
            for instance in running {
                let own = self.definition(&instance.definition)?.clone();
                self.settle(decision, instance, &own);
            }
        }
        Ok(())
    }

    pub(crate) fn move_instance(&mut self, decision: &Decision, fact: &InstanceMoved) -> Result<(), Refusal> {
        let mut instance = self.instance(&fact.instance)?.clone();
        let definition = self.definition(&instance.definition)?.clone();
        let person = self.check_act(decision, &instance, &definition, &fact.act)?;
        let library = self.library_of(decision.rules_version, &instance, &definition)?;
        // Time never runs backwards inside an instance, whatever a desk's clock says.
        let at = decision.at.max(instance.engine.at);
        let act = self.act_in_engine(decision, &instance, &definition, &fact.act);
        let event = match person {
            Some(person) => Event { at, by: Some(person), act },
            None => Event::new(at, act),
        };
        let step = bpmn::step(&library, &instance.engine, &event).map_err(Refusal::from)?;
        if let Some(element) = completed(decision, &instance, &fact.act) {
            instance.completers.entry(element).or_default().insert(decision.person.clone());
        }
        instance.note_operation(decision.position, &fact.act, &step.notes);
        self.settle(decision, Instance { engine: step.state, ..instance }, &definition);
        Ok(())
    }

    /// Puts an instance with what lists show of it.
    pub(super) fn settle(&mut self, decision: &Decision, mut instance: Instance, definition: &Definition) {
        if decision.rules_version >= 5 {
            // Rules before version 5 let it wait for ever without a word.
            let at = decision.at.max(instance.engine.at);
            instance.engine.stop_if_stuck(at);
        }
        instance.incidents = u32::try_from(instance.engine.incidents.len()).unwrap_or(u32::MAX);
        instance.next_due = instance.engine.timers().first().map(|(_, _, due)| *due);
        let stopped: BTreeSet<&str> =
            instance.engine.incidents.values().filter_map(|incident| incident.effect.as_deref()).collect();
        let asks = instance.engine.effects.keys().filter(|key| !stopped.contains(key.as_str())).count();
        instance.asks = u32::try_from(asks).unwrap_or(u32::MAX);
        instance.ended_at = instance.engine.ended_at;
        let was_running = self.instances.get(&instance.id).is_none_or(|before| before.status == "running");
        instance.status = match &instance.engine.outcome {
            None => "running",
            Some(Outcome::Completed) => "completed",
            Some(Outcome::Terminated) => "terminated",
            Some(Outcome::Cancelled) => "cancelled",
            Some(Outcome::Error(_)) => "failed",
        }
        .to_owned();
        if was_running && instance.status != "running" {
            self.projects.edit(&instance.project, |project| {
                project.instances_running = project.instances_running.saturating_sub(1);
            });
        }
        self.list_tasks(decision, &instance, definition);
        self.instances.put(instance.id.clone(), instance);
    }

    /// Who may do this to an instance: the person as the engine knows them, where the engine must know.
    fn check_act(
        &self,
        decision: &Decision,
        instance: &Instance,
        definition: &Definition,
        act: &Act,
    ) -> Result<Option<bpmn::engine::Person>, Refusal> {
        let person = &decision.person;
        match act {
            Act::Start { .. } => Err(Refusal::Exists { noun: "instance", id: instance.id.to_string() }),
            Act::Claim { task } => {
                let task = &*self.task_now(decision, instance, definition, *task)?;
                self.check_may_take(person, task)?;
                if task.stands_for.is_some()
                    && let Some(holder) = task.assignee.as_ref().filter(|holder| *holder != person)
                {
                    let (task, holder) = (task.name.clone(), holder.clone());
                    return Err(Refusal::HeldByAnother { task, holder });
                }
                Ok(Some(self.engine_person(
                    self.definition_of_task(instance, definition, task.task),
                    instance,
                    task,
                    person,
                )))
            }
            Act::Complete { task, answers } => {
                let task = &*self.task_now(decision, instance, definition, *task)?;
                self.check_may_take(person, task)?;
                match &task.assignee {
                    Some(holder) if holder == person => {}
                    Some(holder) => {
                        return Err(Refusal::HeldByAnother {
                            task: task.name.clone(),
                            holder: holder.clone(),
                        });
                    }
                    None => return Err(Refusal::NotClaimed { task: task.name.clone() }),
                }
                let own = self.definition_of_task(instance, definition, task.task);
                if let Some(variable) = own.gates.get(&task.element) {
                    let verdict = verdict(answers.get(variable));
                    self.check_signed(decision, instance, task, verdict)?;
                }
                Ok(Some(self.engine_person(
                    self.definition_of_task(instance, definition, task.task),
                    instance,
                    task,
                    person,
                )))
            }
            Act::Release { task } | Act::Resolve { task } => {
                let task = self.open_task(instance, *task)?;
                if task.assignee.as_ref() != Some(person) {
                    self.check_may(person, Deed::AdministerProcesses)?;
                }
                Ok(None)
            }
            Act::Delegate { task, to } => {
                let task = &*self.task_now(decision, instance, definition, *task)?;
                self.check_delegates(person, task, to)?;
                Ok(None)
            }
            Act::Assign { to, task } => {
                self.check_may(person, Deed::AdministerProcesses)?;
                let task = &*self.task_now(decision, instance, definition, *task)?;
                if let Some(to) = to {
                    self.check_may_take(&member_named(to)?, task)?;
                }
                Ok(None)
            }
            Act::Fire { timer } => {
                let due =
                    instance.engine.timers().into_iter().find(|(id, ..)| id == timer).map(|(_, _, due)| due);
                match due {
                    Some(due) if due > decision.at => {
                        Err(Refusal::NothingToDo { what: Phrase::new("timer-not-due").with("due", due) })
                    }
                    _ => Ok(None),
                }
            }
            Act::Signal { .. } | Act::Message { .. } | Act::Trigger { .. } => {
                if self.check_may(person, Deed::CarryOut).is_err() {
                    self.check_may(person, Deed::AdministerProcesses)?;
                }
                Ok(None)
            }
            Act::EffectSucceeded { effect, .. } => {
                self.check_may(person, Deed::CarryOut)?;
                self.check_effect_proven(decision, instance, definition, effect)?;
                Ok(None)
            }
            Act::EffectFailed { .. } => self.check_may(person, Deed::CarryOut).map(|()| None),
            Act::Skip { reason, .. } | Act::Cancel { reason } | Act::MoveDue { reason, .. } => {
                self.check_may(person, Deed::AdministerProcesses)?;
                if reason.trim().is_empty() {
                    return Err(Refusal::ReasonNeeded { what: Phrase::new("reason-for-this"), chars_min: 1 });
                }
                Ok(None)
            }
            Act::Retry { .. } => {
                if self.check_may(person, Deed::CarryOut).is_err() {
                    self.check_may(person, Deed::AdministerProcesses)?;
                }
                Ok(None)
            }
            Act::Set { .. } => self.check_may(person, Deed::AdministerProcesses).map(|()| None),
        }
    }

    /// Completing a gate stands only beside an approval signed in the same entry, by the last person it asks for.
    fn check_signed(
        &self,
        decision: &Decision,
        instance: &Instance,
        task: &OpenTask,
        verdict: Option<Verdict>,
    ) -> Result<(), Refusal> {
        let signed = decision.facts.iter().find_map(|stated| match &stated.fact {
            Fact::ApprovalSigned(approval)
                if approval.instance == instance.id && approval.task == task.task.to_string() =>
            {
                Some(approval)
            }
            _ => None,
        });
        let Some(approval) = signed else { return Err(Refusal::Unsigned { task: task.name.clone() }) };
        if verdict != Some(approval.decision) {
            return Err(Refusal::ApprovalMismatch { what: Phrase::new("decision-differs") });
        }
        if !self.completes(task, &decision.person, approval.decision) {
            return Err(Refusal::QuorumOpen {
                task: task.name.clone(),
                signed: self.signed_with(task, &decision.person),
                needed: task.quorum,
            });
        }
        Ok(())
    }

    /// An approval counts only for exactly what it names, and only from somebody who had no part in making it. Answers
    /// whether it decides: it completes its gate, or leaves it to the next person that a quorum asks for.
    pub(crate) fn check_approval(&self, decision: &Decision, fact: &ApprovalSigned) -> Result<bool, Refusal> {
        let mismatch = |what: &'static str| Err(Refusal::ApprovalMismatch { what: Phrase::new(what) });
        self.check_may(&decision.person, Deed::Sign)?;
        let instance = self.instance(&fact.instance)?;
        let started = self.definition(&instance.definition)?;
        let number = fact.task.parse().unwrap_or_default();
        let definition = self.definition_of_task(instance, started, number);
        if instance.version.as_ref() != Some(&fact.version) {
            return mismatch("process-of-another-version");
        }
        let version = self.version(&fact.version)?;
        if version.model != fact.model {
            return mismatch("version-of-another-model");
        }
        if version.authors.contains(&decision.person) {
            return Err(Refusal::SelfApproval { member: decision.person.clone() });
        }
        if version.package.root != fact.package_root {
            return Err(Refusal::PackageChanged {
                seen: fact.package_root.clone(),
                now: version.package.root.clone(),
            });
        }
        if decision.rules_version >= 5 {
            // Rules before version 5 took whatever evidence was named, also none.
            if fact.evidence != version.evidence() {
                return mismatch("evidence-changed");
            }
            if fact.definition.as_ref() != Some(&definition.id) {
                return mismatch("another-definition-seen");
            }
        }
        if !definition.gates.contains_key(&fact.gate) {
            return mismatch("no-approval-at-element");
        }
        if fact.policy_version != self.workspace_row().policy.version {
            return mismatch("policy-changed");
        }
        if fact.seen.position >= decision.position {
            return mismatch("seen-too-early");
        }
        let beside = |wanted: fn(&Act) -> Option<u64>| {
            decision.facts.iter().any(|stated| match &stated.fact {
                Fact::InstanceMoved(moved) if moved.instance == fact.instance => {
                    wanted(&moved.act).is_some_and(|task| task.to_string() == fact.task)
                }
                _ => false,
            })
        };
        if beside(|act| if let Act::Complete { task, .. } = act { Some(*task) } else { None }) {
            return Ok(true);
        }
        let key = format!("{}/{}", fact.instance, fact.task);
        let listed = self.tasks.get(&key).filter(|task| task.element == fact.gate);
        let Some(number) = listed.map(|task| task.task) else {
            return Err(Refusal::Unknown { noun: "open-task", id: key });
        };
        let task = &*self.task_now(decision, instance, started, number)?;
        if self.completes(task, &decision.person, fact.decision) {
            return mismatch("approval-alone");
        }
        self.check_may_take(&decision.person, task)?;
        if task.assignee.as_ref() != Some(&decision.person) {
            return Err(Refusal::NotClaimed { task: task.name.clone() });
        }
        if !beside(|act| if let Act::Release { task } = act { Some(*task) } else { None }) {
            return mismatch("approval-keeps-task");
        }
        Ok(false)
    }

    /// A service task that migrates, publishes, trains or scores, or that turns the process to another version, is done only
    /// when the ledger holds the proof.
    fn check_effect_proven(
        &self,
        decision: &Decision,
        instance: &Instance,
        definition: &Definition,
        effect: &str,
    ) -> Result<(), Refusal> {
        let Some(pending) = instance.engine.effects.get(effect) else { return Ok(()) };
        let definition = self.definition_of_effect(instance, definition, effect);
        let kind = match definition.bound.get(&*pending.effect.element).map(|binding| binding.action) {
            Some(Action::Migrate) => RunKind::Migrate,
            // Rules before version 6 let it be answered by whatever was said.
            Some(Action::Publish) if decision.rules_version >= 6 => RunKind::Migrate,
            Some(Action::Train) => RunKind::Train,
            Some(Action::Score) => RunKind::Score,
            Some(Action::Report) => return self.check_reported(instance, effect),
            Some(Action::Retrain) => RunKind::Retrain,
            Some(action @ (Action::Choose | Action::Keep | Action::Champion)) => {
                return self.check_turned(instance, definition, effect, action);
            }
            _ => return Ok(()),
        };
        let proven = self.attempts(instance, kind, effect).any(|run| {
            // Rules before version 6 left a process with the version it began with, whatever was made in it.
            let is_about = decision.rules_version < 6
                || match kind {
                    RunKind::Retrain => self.made_by(run).map(|version| &version.id),
                    _ => Some(&run.version),
                } == instance.version.as_ref();
            run.state == RunState::Succeeded && is_about
        });
        if proven {
            return Ok(());
        }
        Err(Refusal::MigrationMismatch {
            what: Phrase::new("no-run-behind").with("kind", kind.name()).with("effect", effect),
        })
    }
}

impl State {
    /// A service task that creates a report is done only when the ledger holds one on the version the process is about.
    fn check_reported(&self, instance: &Instance, effect: &str) -> Result<(), Refusal> {
        if self.reports.rows().any(|report| Some(&report.version) == instance.version.as_ref()) {
            return Ok(());
        }
        Err(Refusal::ReportMismatch { what: Phrase::new("no-report-behind").with("effect", effect) })
    }
}

/// The element whose task this person completes by the act, or signs for the next one to complete.
fn completed(decision: &Decision, instance: &Instance, act: &Act) -> Option<String> {
    let number = match act {
        Act::Complete { task, .. } => *task,
        Act::Release { task } => {
            let signs = |stated: &crate::state::Stated| {
                matches!(&stated.fact, Fact::ApprovalSigned(approval)
                    if approval.instance == instance.id && approval.task == task.to_string())
            };
            decision.facts.iter().any(signs).then_some(*task)?
        }
        _ => return None,
    };
    instance.engine.tasks.get(&number).map(|task| task.element.to_string())
}

/// Reads a decision out of an answer: a boolean, or a text that says one.
pub fn verdict(answer: Option<&bpmn::Value>) -> Option<Verdict> {
    let yes = match answer? {
        bpmn::Value::Boolean(yes) => *yes,
        bpmn::Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "sim" | "approved" | "approve" => true,
            "false" | "no" | "não" | "nao" | "rejected" | "reject" => false,
            _ => return None,
        },
        _ => return None,
    };
    Some(if yes { Verdict::Approved } else { Verdict::Rejected })
}
