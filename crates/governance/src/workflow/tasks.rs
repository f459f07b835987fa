//! Open user tasks: how lists show them, who may take, hand on and be told of them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bpmn::Act;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Definition, Instance};
use crate::fact::{EVERY_TASK, Fact, Meaning, TaskEscalated, TaskReminded};
use crate::names::{Digest, InstanceId, MemberName, NoticeId, ProjectId, ProjectName, VersionId};
use crate::refusal::{Phrase, Refusal};
use crate::roles::Deed;
use crate::state::{Decision, State, Stated};

/// A task is spoken of again this often at most; then it is escalated or stays as it is.
pub const REMINDERS_MAX: u32 = 10;

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
    /// The definition's name that it was assigned to, where that means a role or nobody: whoever it means claims it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_for: Option<String>,
    /// Members who may claim it as the definition and its bindings say, by name or role; empty means everybody.
    pub candidates: Vec<Meaning>,
    /// Members who may not.
    pub excluded: BTreeSet<MemberName>,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// Since when it waits.
    pub created_at: Timestamp,
    /// Its priority, where the definition gives one: more is more urgent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
    /// The form that the definition names for it, which lies elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Whether its answer is an approval.
    pub is_gate: bool,
    /// How many persons must approve; 1 where the policy says nothing.
    pub quorum: u32,
    /// Who has approved so far, and which root digest.
    pub signed: BTreeMap<MemberName, Digest>,
    /// Who delegated it and gets it back, where it was delegated.
    pub owner: Option<MemberName>,
    /// How often whoever may answer it was told again.
    pub reminded: u32,
    /// When that was last.
    pub reminded_at: Option<Timestamp>,
    /// When it is done next, if nobody answers before.
    pub remind_at: Option<Timestamp>,
    /// When somebody else was told last.
    pub escalated_at: Option<Timestamp>,
    /// When somebody else is told, if nobody answers before.
    pub escalate_at: Option<Timestamp>,
    /// Who that is; the administrators where nobody is named.
    pub escalate_to: Option<Meaning>,
}

impl OpenTask {
    /// The key it is listed under.
    pub fn key(instance: &InstanceId, task: u64) -> String {
        format!("{instance}/{task}")
    }
}

impl State {
    /// Puts the open tasks of an instance as lists show them, and takes away those that are not open any more.
    pub(super) fn list_tasks(&mut self, decision: &Decision, instance: &Instance, definition: &Definition) {
        let prefix = format!("{}/", instance.id);
        let gone: Vec<String> = self
            .tasks
            .from(&prefix)
            .take_while(|(key, _)| key.starts_with(&prefix))
            .filter(|(_, task)| !instance.engine.tasks.contains_key(&task.task))
            .map(|(key, _)| key.clone())
            .collect();
        for key in gone {
            self.tasks.remove(&key);
        }
        for number in instance.engine.tasks.keys() {
            let key = OpenTask::key(&instance.id, *number);
            let Some(row) = self.listed(decision, instance, definition, *number) else { continue };
            if self.tasks.get(&key) != Some(&row) {
                self.tasks.put(key, row);
            }
        }
    }

    fn listed(
        &self,
        decision: &Decision,
        instance: &Instance,
        definition: &Definition,
        number: u64,
    ) -> Option<OpenTask> {
        let task = instance.engine.tasks.get(&number)?;
        let definition = self.definition_of_task(instance, definition, number);
        let meant = |name: &Option<String>| {
            name.as_deref().and_then(|name| self.person_meant(decision, definition, name))
        };
        let before = self.tasks.get(&OpenTask::key(&instance.id, number));
        let assignee = meant(&task.assignee);
        // Rules before version 5 let nobody claim such a task, and so nobody completed it.
        let stands_for = task
            .assignee
            .clone()
            .filter(|_| assignee.is_none() && decision.rules_version >= 5)
            .or_else(|| before.and_then(|before| before.stands_for.clone()));
        let is_gate = definition.gates.contains_key(&*task.element);
        let name = task.name.clone().unwrap_or_else(|| task.element.to_string());
        let mut row = OpenTask {
            instance: instance.id.clone(),
            task: number,
            element: task.element.to_string(),
            quorum: if is_gate { self.workspace_row().policy.quorum_of(&task.element, &name) } else { 1 },
            signed: before.map(|before| before.signed.clone()).unwrap_or_default(),
            name,
            definition_name: definition.name.clone(),
            project: instance.project.clone(),
            project_name: instance.project_name.clone(),
            version: instance.version.clone(),
            assignee,
            candidates: self.candidates(definition, &task.candidates, stands_for.as_deref()),
            stands_for,
            excluded: self.excluded(decision, definition, instance, &task.candidates),
            due: task.due,
            created_at: task.created_at,
            priority: task.priority,
            form: task.form.clone().filter(|form| !form.trim().is_empty()),
            is_gate,
            owner: meant(&task.owner),
            reminded: before.map_or(0, |before| before.reminded),
            reminded_at: before.and_then(|before| before.reminded_at),
            remind_at: None,
            escalated_at: before.and_then(|before| before.escalated_at),
            escalate_at: None,
            escalate_to: None,
        };
        row.appoint(definition);
        Some(row)
    }

    /// The open task of that number.
    pub(super) fn open_task(&self, instance: &Instance, task: u64) -> Result<&OpenTask, Refusal> {
        let key = OpenTask::key(&instance.id, task);
        self.tasks.get(&key).ok_or(Refusal::Unknown { noun: "open-task", id: key })
    }

    /// The open task of that number, with who may have it as things stand now: since it was listed somebody may have come
    /// into an excluded group, completed another task, or put their hand to the model.
    pub(super) fn task_now(
        &self,
        decision: &Decision,
        instance: &Instance,
        definition: &Definition,
        number: u64,
    ) -> Result<Cow<'_, OpenTask>, Refusal> {
        let listed = self.open_task(instance, number)?;
        // Rules before version 5 judged by what was so when the process last moved.
        if decision.rules_version < 5 {
            return Ok(Cow::Borrowed(listed));
        }
        let now = self.listed(decision, instance, definition, number);
        Ok(now.map_or(Cow::Borrowed(listed), Cow::Owned))
    }

    /// Lists open tasks anew whose exclusions another room's facts changed.
    pub(crate) fn list_tasks_anew(&mut self, decision: &Decision) {
        let concerns = |stated: &Stated| {
            matches!(
                stated.fact,
                Fact::RolesGranted(_)
                    | Fact::RolesRevoked(_)
                    | Fact::MemberAdded(_)
                    | Fact::VersionRegistered(_)
                    | Fact::VersionReplaced(_)
            )
        };
        if decision.rules_version < 5 || !decision.facts.iter().any(concerns) {
            return;
        }
        let mut changed = Vec::new();
        for (key, task) in self.tasks.iter() {
            let Ok(instance) = self.instance(&task.instance) else { continue };
            let Ok(definition) = self.definition(&instance.definition) else { continue };
            let row = self.listed(decision, instance, definition, task.task);
            changed.extend(row.filter(|row| row != &**task).map(|row| (key.clone(), row)));
        }
        for (key, row) in changed {
            self.tasks.put(key, row);
        }
    }

    /// Whether the member may claim a task, and if not, the rule.
    ///
    /// # Errors
    /// [`Refusal::Excluded`], [`Refusal::SelfApproval`], [`Refusal::SignedAlready`], [`Refusal::NotCandidate`] or
    /// [`Refusal::RoleMissing`].
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
            if self.signers(task).contains(person) {
                return Err(Refusal::SignedAlready {
                    member: person.clone(),
                    task: task.name.clone(),
                    needed: task.quorum,
                });
            }
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

    /// Only who holds a task hands it on, and only to somebody who might have taken it: delegation is no way around an
    /// exclusion.
    pub(super) fn check_delegates(
        &self,
        person: &MemberName,
        task: &OpenTask,
        to: &str,
    ) -> Result<(), Refusal> {
        match &task.assignee {
            Some(holder) if holder == person => {}
            Some(holder) => {
                return Err(Refusal::HeldByAnother { task: task.name.clone(), holder: holder.clone() });
            }
            None => return Err(Refusal::NotClaimed { task: task.name.clone() }),
        }
        let to = member_named(to)?;
        if to == *person {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("already-holds-task").with("member", &to).with("task", &task.name),
            });
        }
        self.check_may_take(&to, task)
    }

    /// The act with members under the names the definition has for them, so that its own expressions hold.
    pub(super) fn act_in_engine(
        &self,
        decision: &Decision,
        instance: &Instance,
        definition: &Definition,
        act: &Act,
    ) -> Act {
        let started = definition;
        let definition = match act {
            Act::Claim { task } | Act::Delegate { task, .. } | Act::Assign { task, .. } => {
                self.definition_of_task(instance, started, *task)
            }
            _ => started,
        };
        match act {
            // The engine takes the name it was assigned to for its holder; it becomes theirs who were judged here.
            Act::Claim { task }
                if self.task_now(decision, instance, started, *task).is_ok_and(|task| {
                    task.stands_for.is_some()
                        || decision.rules_version >= 6
                            && self.is_hidden(decision, instance, definition, &task)
                }) =>
            {
                Act::Assign {
                    task: *task,
                    to: Some(self.name_in_engine(decision, definition, decision.person.as_str())),
                }
            }
            Act::Delegate { task, to } => {
                Act::Delegate { task: *task, to: self.name_in_engine(decision, definition, to) }
            }
            Act::Assign { task, to: Some(to) } => {
                Act::Assign { task: *task, to: Some(self.name_in_engine(decision, definition, to)) }
            }
            other => other.clone(),
        }
    }

    /// Whether the name by which the definition invites who acts means a role: who claims under it would be nobody.
    fn is_hidden(
        &self,
        decision: &Decision,
        instance: &Instance,
        definition: &Definition,
        task: &OpenTask,
    ) -> bool {
        let known = self.engine_person(definition, instance, task, &decision.person);
        self.person_meant(decision, definition, &known.id).as_ref() != Some(&decision.person)
    }

    pub(crate) fn remind_task(&mut self, decision: &Decision, fact: &TaskReminded) -> Result<(), Refusal> {
        let task = self.told_of(decision, &fact.instance, fact.task, &fact.notice)?;
        if task.reminded + 1 != fact.round || task.remind_at.is_none_or(|at| at > decision.at) {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("already-reminded").with("round", fact.round).with("task", &task.name),
            });
        }
        self.edit_task(&fact.instance, fact.task, |task| {
            task.reminded = fact.round;
            task.reminded_at = Some(decision.at);
        })
    }

    pub(crate) fn escalate_task(&mut self, decision: &Decision, fact: &TaskEscalated) -> Result<(), Refusal> {
        let task = self.told_of(decision, &fact.instance, fact.task, &fact.notice)?;
        if task.escalate_at.is_none_or(|at| at > decision.at) {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("already-escalated").with("task", &task.name),
            });
        }
        self.edit_task(&fact.instance, fact.task, |task| task.escalated_at = Some(decision.at))
    }

    /// The task that somebody is told of in the same entry.
    fn told_of(
        &self,
        decision: &Decision,
        instance: &InstanceId,
        task: u64,
        notice: &NoticeId,
    ) -> Result<&OpenTask, Refusal> {
        self.check_may(&decision.person, Deed::CarryOut)?;
        let told = decision.facts.iter().any(
            |stated| matches!(&stated.fact, Fact::NoticePosted(posted) if posted.notice == *notice && !posted.to.is_empty()),
        );
        if !told {
            return Err(Refusal::Unknown { noun: "notice-in-the-same-entry", id: notice.to_string() });
        }
        self.open_task(self.instance(instance)?, task)
    }

    fn edit_task(
        &mut self,
        instance: &InstanceId,
        task: u64,
        change: impl FnOnce(&mut OpenTask),
    ) -> Result<(), Refusal> {
        let row = self.instance(instance)?;
        let definition = self.definition_of_task(row, self.definition(&row.definition)?, task).clone();
        self.tasks.edit(&OpenTask::key(instance, task), |task| {
            change(task);
            task.appoint(&definition);
        });
        Ok(())
    }
}

impl OpenTask {
    /// Sets when it is spoken of next, as the definition's bindings say.
    fn appoint(&mut self, definition: &Definition) {
        let reminder =
            definition.reminders.get(&self.element).or_else(|| definition.reminders.get(EVERY_TASK));
        let Some(reminder) = reminder else {
            (self.remind_at, self.escalate_at, self.escalate_to) = (None, None, None);
            return;
        };
        self.remind_at = (self.reminded < REMINDERS_MAX)
            .then(|| reminder.after.after(self.reminded_at.unwrap_or(self.created_at)));
        let late = reminder.escalate_after.as_ref().map(|after| after.after(self.created_at));
        // A due time that is moved into the future lets the task be escalated once more.
        self.escalate_at = [late, self.due]
            .into_iter()
            .flatten()
            .filter(|at| self.escalated_at.is_none_or(|told| told < *at))
            .min();
        self.escalate_to.clone_from(&reminder.escalate_to);
    }
}

/// A member that an act names.
pub(super) fn member_named(name: &str) -> Result<MemberName, Refusal> {
    name.parse().map_err(|_| Refusal::Unknown { noun: "member", id: name.to_owned() })
}

fn words_for(meaning: &Meaning) -> Phrase {
    match meaning {
        Meaning::Role(role) => Phrase::new("the-role").with("role", role),
        Meaning::Member(member) => Phrase::new("the-member").with("member", member),
    }
}
