//! Gates that ask for more than one person. Each signs an approval of their own; the last one completes the task, the ones
//! before leave it to the next. Persons are counted, not keys.

use std::collections::BTreeSet;

use super::OpenTask;
use crate::fact::{ApprovalSigned, Verdict};
use crate::names::MemberName;
use crate::state::{Decision, State};

impl State {
    /// Persons who have approved what the task is about as it is now. Who signed other contents has not signed these, and
    /// who had a hand in them since does not count any more.
    pub fn signers<'task>(&self, task: &'task OpenTask) -> BTreeSet<&'task MemberName> {
        let Some(version) = task.version.as_ref().and_then(|id| self.versions.get(id)) else {
            return BTreeSet::new();
        };
        task.signed
            .iter()
            .filter(|(member, root)| **root == version.package.root && !version.authors.contains(*member))
            .map(|(member, _)| member)
            .collect()
    }

    /// How many persons, this one included, will have approved when this one does.
    pub(super) fn signed_with(&self, task: &OpenTask, person: &MemberName) -> u32 {
        let mut signers = self.signers(task);
        signers.insert(person);
        u32::try_from(signers.len()).unwrap_or(u32::MAX)
    }

    /// Whether a decision of this person completes the gate: a no always does, a yes when it is the last one needed.
    pub fn completes(&self, task: &OpenTask, person: &MemberName, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Rejected => true,
            Verdict::Approved => self.signed_with(task, person) >= task.quorum,
        }
    }

    /// Keeps at its open task that a person signed.
    pub(crate) fn note_signature(&mut self, decision: &Decision, fact: &ApprovalSigned) {
        self.tasks.edit(&format!("{}/{}", fact.instance, fact.task), |task| {
            task.signed.insert(decision.person.clone(), fact.package_root.clone());
        });
    }
}
