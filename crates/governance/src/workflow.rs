//! Workflow: definitions and what they are bound to, instances, user tasks, approvals.

mod bindings;
mod parties;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bpmn::engine::{Library, Outcome};
use bpmn::{Act, Event};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use bindings::{Call, PartyUse, calls, gates, parties, suggest};

use crate::fact::{
    Action, ApprovalSigned, Binding, Cause, DefinitionBound, DefinitionImported, Fact, InstanceMoved,
    InstanceStarted, Meaning, Party, RunKind, RunState, Verdict,
};
use crate::names::{DefinitionId, Digest, InstanceId, MemberName, ProjectId, ProjectName, VersionId};
use crate::refusal::Refusal;
use crate::roles::Deed;
use crate::state::{Decision, State};

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
    /// What the lint found.
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
    /// Who imported it.
    pub imported_by: MemberName,
    /// When.
    pub imported_at: Timestamp,
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
    /// Who started it.
    pub started_by: MemberName,
    /// When.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Where it stands, in the engine's words.
    pub engine: bpmn::State,
}

/// An open user task, as lists show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenTask {
    /// Instance.
    pub instance: InstanceId,
    /// Number of the task in it.
    pub task: u64,
    /// Element.
    pub element: String,
    /// Name.
    pub name: String,
    /// Definition's name.
    pub definition_name: String,
    /// Project.
    pub project: ProjectId,
    /// Its name.
    pub project_name: ProjectName,
    /// Version the instance is about.
    pub version: Option<VersionId>,
    /// Who holds it.
    pub assignee: Option<MemberName>,
    /// Members who may claim it as the definition and its bindings say, by name or role; empty means everybody.
    pub candidates: Vec<Meaning>,
    /// Members who may not.
    pub excluded: BTreeSet<MemberName>,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// Since when it waits.
    pub created_at: Timestamp,
    /// Whether its answer is an approval.
    pub is_gate: bool,
}

impl OpenTask {
    /// The key it is listed under.
    pub fn key(instance: &InstanceId, task: u64) -> String {
        format!("{instance}/{task}")
    }
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

impl Definition {
    /// What still stands between this definition and a start; empty when it can be started.
    pub fn obstacles(&self) -> Vec<String> {
        let mut obstacles: Vec<String> = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == bpmn::Severity::Error)
            .map(|diagnostic| diagnostic.message.clone())
            .collect();
        for element in self.calls.iter().filter(|element| !self.bound.contains_key(*element)) {
            obstacles.push(format!("the call at `{element}` is bound to nothing"));
        }
        for party in self.parties.iter().filter(|party| self.meaning(party).is_none()) {
            obstacles.push(match party {
                Party::Group(name) => format!("the group `{name}` means nobody here"),
                Party::User(name) => format!("the user `{name}` means nobody here"),
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
            return Err(Refusal::Exists { noun: "version of this definition", id: fact.number.to_string() });
        }
        let document = Arc::clone(self.document(&fact.document)?);
        if document.processes.is_empty() {
            return Err(Refusal::BadDocument {
                digest: fact.document.clone(),
                why: "it holds no process".to_owned(),
            });
        }
        self.definitions.put(
            fact.definition.clone(),
            Definition {
                id: fact.definition.clone(),
                name: fact.name.clone(),
                number: fact.number,
                document: fact.document.clone(),
                diagnostics: bpmn::lint::lint(&document, decision.at),
                calls: calls(&document)
                    .into_iter()
                    .filter(|call| call.must_be_bound)
                    .map(|call| call.element)
                    .collect(),
                parties: parties(&document)
                    .into_iter()
                    .filter(|party| !party.invited_at.is_empty())
                    .map(|party| party.party)
                    .collect(),
                bound: BTreeMap::new(),
                meanings: Vec::new(),
                gates: BTreeMap::new(),
                imported_by: decision.person.clone(),
                imported_at: decision.at,
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
                return Err(Refusal::Unknown { noun: "call at element", id: element.clone() });
            }
        }
        let user_tasks = gates(&document);
        for element in fact.gates.keys() {
            if !user_tasks.iter().any(|(id, _)| id == element) {
                return Err(Refusal::Unknown { noun: "user task at element", id: element.clone() });
            }
        }
        for (_, meaning) in &fact.parties {
            if let Meaning::Member(member) = meaning {
                self.member(member)?;
            }
        }
        self.definitions.edit(&fact.definition, |definition| {
            definition.bound.clone_from(&fact.calls);
            definition.meanings.clone_from(&fact.parties);
            definition.gates.clone_from(&fact.gates);
        });
        Ok(())
    }

    pub(crate) fn start_instance(
        &mut self,
        decision: &Decision,
        fact: &InstanceStarted,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::StartProcess)?;
        if self.instances.has(&fact.instance) {
            return Err(Refusal::Exists { noun: "instance", id: fact.instance.to_string() });
        }
        let definition = self.definition(&fact.definition)?.clone();
        let obstacles = definition.obstacles();
        if !obstacles.is_empty() {
            return Err(Refusal::NotStartable {
                definition: definition.name.clone(),
                why: obstacles.join("; "),
            });
        }
        let project = self.project(&fact.project)?.clone();
        match &fact.version {
            Some(version) if self.version(version)?.project != project.id => {
                return Err(Refusal::Unknown { noun: "version in this project", id: version.to_string() });
            }
            None if !definition.gates.is_empty() => {
                return Err(Refusal::NoChampion { project: project.name.to_string() });
            }
            _ => {}
        }
        let document = Arc::clone(self.document(&definition.document)?);
        let process = document.process(None).ok_or_else(|| Refusal::BadDocument {
            digest: definition.document.clone(),
            why: "it holds no executable process".to_owned(),
        })?;
        let act =
            Act::Start { process: process.id.to_string(), variables: fact.variables.clone(), begin: None };
        let event = Event::by(decision.at, decision.person.to_string(), act);
        let engine = bpmn::State::new(fact.instance.to_string());
        let step = bpmn::step(&Library::new(document), &engine, &event)
            .map_err(|refusal| Refusal::Engine { why: refusal.to_string() })?;
        let instance = Instance {
            id: fact.instance.clone(),
            definition: definition.id.clone(),
            definition_name: definition.name.clone(),
            project: project.id.clone(),
            project_name: project.name.clone(),
            version: fact.version.clone(),
            status: String::new(),
            incidents: 0,
            started_by: decision.person.clone(),
            started_at: decision.at,
            ended_at: None,
            engine: step.state,
        };
        self.projects.edit(&fact.project, |project| project.instances_running += 1);
        self.settle(instance, &definition);
        Ok(())
    }

    pub(crate) fn move_instance(&mut self, decision: &Decision, fact: &InstanceMoved) -> Result<(), Refusal> {
        let instance = self.instance(&fact.instance)?.clone();
        let definition = self.definition(&instance.definition)?.clone();
        let person = self.check_act(decision, &instance, &definition, &fact.act)?;
        let document = Arc::clone(self.document(&definition.document)?);
        // Time never runs backwards inside an instance, whatever a desk's clock says.
        let at = decision.at.max(instance.engine.at);
        let event = match person {
            Some(person) => Event { at, by: Some(person), act: fact.act.clone() },
            None => Event::new(at, fact.act.clone()),
        };
        let step = bpmn::step(&Library::new(document), &instance.engine, &event)
            .map_err(|refusal| Refusal::Engine { why: refusal.to_string() })?;
        self.settle(Instance { engine: step.state, ..instance }, &definition);
        Ok(())
    }

    /// Puts an instance with what lists show of it.
    fn settle(&mut self, mut instance: Instance, definition: &Definition) {
        instance.incidents = u32::try_from(instance.engine.incidents.len()).unwrap_or(u32::MAX);
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
        let prefix = format!("{}/", instance.id);
        let gone: Vec<String> = self
            .tasks
            .iter()
            .skip_while(|(key, _)| key.as_str() < prefix.as_str())
            .take_while(|(key, _)| key.starts_with(&prefix))
            .filter(|(_, task)| !instance.engine.tasks.contains_key(&task.task))
            .map(|(key, _)| key.clone())
            .collect();
        for key in gone {
            self.tasks.remove(&key);
        }
        for (number, task) in &instance.engine.tasks {
            let key = OpenTask::key(&instance.id, *number);
            let row = OpenTask {
                instance: instance.id.clone(),
                task: *number,
                element: task.element.to_string(),
                name: task.name.clone().unwrap_or_else(|| task.element.to_string()),
                definition_name: definition.name.clone(),
                project: instance.project.clone(),
                project_name: instance.project_name.clone(),
                version: instance.version.clone(),
                assignee: task.assignee.as_deref().and_then(|name| self.member_meant(definition, name)),
                candidates: self.candidates(definition, &task.candidates),
                excluded: self.excluded(definition, &task.candidates),
                due: task.due,
                created_at: task.created_at,
                is_gate: definition.gates.contains_key(&*task.element),
            };
            if self.tasks.get(&key) != Some(&row) {
                self.tasks.put(key, row);
            }
        }
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
                let task = self.open_task(instance, *task)?;
                self.check_may_take(person, task)?;
                Ok(Some(self.engine_person(definition, instance, task, person)))
            }
            Act::Complete { task, answers } => {
                let task = self.open_task(instance, *task)?;
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
                if let Some(variable) = definition.gates.get(&task.element) {
                    let verdict = verdict(answers.get(variable));
                    self.check_signed(decision, instance, task, verdict)?;
                }
                Ok(Some(self.engine_person(definition, instance, task, person)))
            }
            Act::Release { task } | Act::Delegate { task, .. } | Act::Resolve { task } => {
                let task = self.open_task(instance, *task)?;
                if task.assignee.as_ref() != Some(person) {
                    self.check_may(person, Deed::AdministerProcesses)?;
                }
                Ok(None)
            }
            Act::Assign { to, task } => {
                self.check_may(person, Deed::AdministerProcesses)?;
                let task = self.open_task(instance, *task)?;
                if let Some(to) = to {
                    let to = to.parse().map_err(|_| Refusal::Unknown { noun: "member", id: to.clone() })?;
                    self.check_may_take(&to, task)?;
                }
                Ok(None)
            }
            Act::Fire { timer } => {
                let due =
                    instance.engine.timers().into_iter().find(|(id, ..)| id == timer).map(|(_, _, due)| due);
                match due {
                    Some(due) if due > decision.at => Err(Refusal::NothingToDo {
                        what: format!("the timer is due at {due}; it has not come"),
                    }),
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
                self.check_effect_proven(instance, definition, effect)?;
                Ok(None)
            }
            Act::EffectFailed { .. } => self.check_may(person, Deed::CarryOut).map(|()| None),
            Act::Skip { reason, .. } | Act::Cancel { reason } | Act::MoveDue { reason, .. } => {
                self.check_may(person, Deed::AdministerProcesses)?;
                if reason.trim().is_empty() {
                    return Err(Refusal::ReasonNeeded { what: "this".to_owned(), chars_min: 1 });
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

    fn open_task(&self, instance: &Instance, task: u64) -> Result<&OpenTask, Refusal> {
        let key = OpenTask::key(&instance.id, task);
        self.tasks.get(&key).ok_or(Refusal::Unknown { noun: "open task", id: key })
    }

    /// Whether the member may claim a task, and if not, the rule.
    ///
    /// # Errors
    /// [`Refusal::Excluded`], [`Refusal::SelfApproval`], [`Refusal::NotCandidate`] or [`Refusal::RoleMissing`].
    pub fn check_may_take(&self, person: &MemberName, task: &OpenTask) -> Result<(), Refusal> {
        let member = self.member(person)?;
        if task.excluded.contains(person) {
            return Err(Refusal::Excluded { member: person.clone(), task: task.name.clone() });
        }
        if task.is_gate {
            if let Some(version) = &task.version
                && self.version(version)?.authors.contains(person)
            {
                return Err(Refusal::SelfApproval { member: person.clone() });
            }
            self.check_may(person, Deed::Sign)?;
        }
        let invited = task.candidates.is_empty()
            || task.assignee.as_ref() == Some(person)
            || task.candidates.iter().any(|meaning| match meaning {
                Meaning::Role(role) => member.roles.contains(role),
                Meaning::Member(name) => name == person,
            });
        if !invited {
            return Err(Refusal::NotCandidate {
                member: person.clone(),
                task: task.name.clone(),
                candidates: task.candidates.iter().map(words_for).collect(),
            });
        }
        Ok(())
    }

    /// Completing a gate stands only beside an approval signed in the same entry.
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
            return Err(Refusal::ApprovalMismatch {
                what: "the answer and the signed decision differ".to_owned(),
            });
        }
        Ok(())
    }

    /// An approval counts only for exactly what it names, and only from somebody who had no part in making it.
    pub(crate) fn check_approval(&self, decision: &Decision, fact: &ApprovalSigned) -> Result<(), Refusal> {
        let mismatch = |what: &str| Err(Refusal::ApprovalMismatch { what: what.to_owned() });
        self.check_may(&decision.person, Deed::Sign)?;
        let instance = self.instance(&fact.instance)?;
        let definition = self.definition(&instance.definition)?;
        if instance.version.as_ref() != Some(&fact.version) {
            return mismatch("the process is about another version");
        }
        let version = self.version(&fact.version)?;
        if version.model != fact.model {
            return mismatch("the version is of another model");
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
        if !definition.gates.contains_key(&fact.gate) {
            return mismatch("the definition has no approval at this element");
        }
        if fact.policy_version != self.workspace_row().policy_version {
            return mismatch("the policy changed since it was read");
        }
        if fact.seen.position >= decision.position {
            return mismatch("it claims to have seen what was not yet written");
        }
        let completes = decision.facts.iter().any(|stated| {
            matches!(&stated.fact, Fact::InstanceMoved(InstanceMoved { instance, act: Act::Complete { task, .. }, .. })
                if *instance == fact.instance && task.to_string() == fact.task)
        });
        if !completes {
            return mismatch("it stands alone; it must complete its task in the same entry");
        }
        Ok(())
    }

    /// A service task that migrates, trains or scores is done only when the ledger holds the proof.
    fn check_effect_proven(
        &self,
        instance: &Instance,
        definition: &Definition,
        effect: &str,
    ) -> Result<(), Refusal> {
        let Some(pending) = instance.engine.effects.get(effect) else { return Ok(()) };
        let kind = match definition.bound.get(&*pending.effect.element).map(|binding| binding.action) {
            Some(Action::Migrate) => RunKind::Migrate,
            Some(Action::Train) => RunKind::Train,
            Some(Action::Score) => RunKind::Score,
            _ => return Ok(()),
        };
        let proven = self.runs.rows().any(|run| {
            run.kind == kind
                && run.state == RunState::Succeeded
                && matches!(&run.cause, Some(Cause::Effect { instance: of, effect: key })
                    if *of == instance.id && crate::runs::is_attempt_at(key, effect))
        });
        if proven {
            return Ok(());
        }
        Err(Refusal::MigrationMismatch {
            what: format!("no verified {} run stands behind `{effect}`", kind.name()),
        })
    }
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

fn words_for(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Role(role) => format!("the role `{role}`"),
        Meaning::Member(member) => format!("`{member}`"),
    }
}
