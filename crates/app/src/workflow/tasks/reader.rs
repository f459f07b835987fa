//! Tasks as whoever sits at this desk sees them.

use std::collections::BTreeMap;

use governance::fact::Meaning;
use governance::people::Member;
use governance::registry::Version;
use governance::workflow::OpenTask;
use governance::{Deed, MemberName, Refusal, State};
use words::said;

use super::{TaskRow, about, key, snoozed};
use crate::Failure;
use crate::session::Session;

/// Reads tasks for who acts here: what is the same for all of them is read once.
pub(crate) struct Reader<'a> {
    session: &'a Session,
    me: Option<MemberName>,
    /// Whether `me` may hand on tasks of others.
    administers: bool,
    /// Tasks that `me` put off, and until when.
    snoozed: BTreeMap<String, String>,
    /// Holds only what decides who may take a task: the members, and the versions that were met.
    state: State,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(session: &'a Session) -> Result<Self, Failure> {
        let me = session.member_now();
        let mut state = State::default();
        session.cache.restore_into(&mut state, &["members"])?;
        let administers = me
            .as_ref()
            .and_then(|me| state.members.get(me))
            .is_some_and(|member: &Member| member.may(Deed::AdministerProcesses));
        let mut snoozed = match &me {
            Some(me) => snoozed(session, me)?,
            None => BTreeMap::new(),
        };
        let now = session.now().to_string();
        snoozed.retain(|_, until| *until > now);
        Ok(Reader { session, me, administers, snoozed, state })
    }

    /// The rules, as far as they decide who may take this task.
    pub(crate) fn who_may(&mut self, task: &OpenTask) -> Result<&State, Failure> {
        if let Some(version) = &task.version
            && self.state.versions.get(version).is_none()
            && let Some(row) = self.session.cache.get::<Version>("versions", version.as_str())?
        {
            self.state.versions.restore(version.clone(), row);
        }
        Ok(&self.state)
    }

    /// Whether who acts here may take it, or why not; nobody may where nobody acts.
    pub(crate) fn may(&mut self, task: &OpenTask) -> Result<Result<(), Option<Refusal>>, Failure> {
        let Some(me) = self.me.clone() else { return Ok(Err(None)) };
        Ok(self.who_may(task)?.check_may_take(&me, task).map_err(Some))
    }

    /// Until when who acts here put it off.
    pub(crate) fn snoozed_until(&self, task: &OpenTask) -> Option<&String> {
        self.snoozed.get(&key(task))
    }

    /// The row of a list.
    pub(crate) fn row(&mut self, task: &OpenTask) -> Result<TaskRow, Failure> {
        let words = self.session.words();
        let may = self.may(task)?.map_err(|refusal| match refusal {
            Some(refusal) => words.say(&crate::failure::refused(&refusal)),
            None => words.say(&said!("nobody-acts")),
        });
        let signed_by = self.who_may(task)?.signers(task).into_iter().map(ToString::to_string).collect();
        let held =
            task.assignee.as_ref().map(|holder| words.say(&said!("held-by", holder = holder.to_string())));
        Ok(TaskRow {
            id: key(task),
            name: task.name.clone(),
            element: task.element.clone(),
            instance: task.instance.to_string(),
            definition: task.definition_name.clone(),
            project: task.project.to_string(),
            project_name: task.project_name.to_string(),
            version: about(self.session, task.version.as_ref())?,
            assignee: task.assignee.as_ref().map(ToString::to_string),
            candidates: task
                .candidates
                .iter()
                .map(|meaning| match meaning {
                    Meaning::Role(role) => format!("role {role}"),
                    Meaning::Member(member) => member.to_string(),
                })
                .collect(),
            may_claim: may.is_ok() && task.assignee.is_none(),
            may_not_because: may.err().or(held),
            due: task.due.map(|due| due.to_string()),
            snoozed_until: self.snoozed_until(task).cloned(),
            late: task.due.is_some_and(|due| due < self.session.now()),
            created_at: task.created_at.to_string(),
            priority: task.priority,
            form: task.form.clone(),
            is_gate: task.is_gate,
            owner: task.owner.as_ref().map(ToString::to_string),
            may_administer: self.administers,
            reminded: task.reminded,
            reminded_at: task.reminded_at.map(|at| at.to_string()),
            remind_at: task.remind_at.map(|at| at.to_string()),
            escalated_at: task.escalated_at.map(|at| at.to_string()),
            escalate_at: task.escalate_at.map(|at| at.to_string()),
            escalate_to: task.escalate_to.as_ref().map(|meaning| match meaning {
                Meaning::Role(role) => role.to_string(),
                Meaning::Member(member) => format!("@{member}"),
            }),
            signatures_needed: if task.is_gate { task.quorum } else { 0 },
            signed_by,
        })
    }
}
