//! Tasks that nobody may claim, because everybody named for them is excluded from them, and approvals that too few may sign.

use std::collections::BTreeSet;

use super::{Findings, Roster};
use crate::model::{AssignmentRole, NodeKind, Text, UserTask};
use crate::sentence::{Sentence, quoted, sentence};

/// Who a task names, as far as the file says it.
#[derive(Default)]
struct Named {
    users: BTreeSet<String>,
    groups: BTreeSet<String>,
    /// Somebody is named by an expression, which is known only when the process runs.
    unknown: bool,
}

impl Named {
    fn of(task: &UserTask, wanted: impl Fn(AssignmentRole) -> bool) -> Self {
        let mut named = Self::default();
        for assignment in task.candidates.iter().filter(|assignment| wanted(assignment.role)) {
            match &assignment.people {
                Text::Expression(_) => named.unknown = true,
                Text::Literal(text) => named.read(text, assignment.role),
            }
        }
        named
    }

    /// `user(ana), group(validators)`, or bare names, which are groups for an owner and persons for an exclusion.
    fn read(&mut self, text: &str, role: AssignmentRole) {
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let inside = |kind: &str| {
                part.strip_prefix(kind)?
                    .trim_start()
                    .strip_prefix('(')?
                    .strip_suffix(')')
                    .map(|name| name.trim().to_owned())
            };
            if let Some(user) = inside("user") {
                self.users.insert(user);
            } else if let Some(group) = inside("group") {
                self.groups.insert(group);
            } else if matches!(role, AssignmentRole::Users | AssignmentRole::Excluded) {
                self.users.insert(part.to_owned());
            } else {
                self.groups.insert(part.to_owned());
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty()
    }

    /// With the members of groups that are known; `None` if a group is not.
    fn people<'n>(&'n self, roster: Option<&'n Roster>) -> Option<BTreeSet<&'n str>> {
        let mut people = BTreeSet::new();
        for user in &self.users {
            match roster.and_then(|roster| roster.users.get(user)) {
                Some(meant) => people.extend(meant.iter().map(String::as_str)),
                None => drop(people.insert(user.as_str())),
            }
        }
        for group in &self.groups {
            people.extend(roster?.groups.get(group)?.iter().map(String::as_str));
        }
        Some(people)
    }

    /// Everybody who is known to be among them.
    fn known<'n>(&'n self, roster: &'n Roster) -> BTreeSet<&'n str> {
        let groups = self.groups.iter().filter_map(|group| roster.groups.get(group)).flatten();
        let meant = self.users.iter().filter_map(|user| roster.users.get(user)).flatten();
        let themselves = self.users.iter().filter(|user| !roster.users.contains_key(*user));
        groups.chain(meant).chain(themselves).map(String::as_str).collect()
    }
}

pub(super) fn check(roster: Option<&Roster>, findings: &mut Findings<'_>) {
    for node in &findings.process.nodes {
        let NodeKind::User(task) = &node.kind else { continue };
        let excluded = Named::of(task, |role| role == AssignmentRole::Excluded);
        let mut candidates = Named::of(task, |role| role != AssignmentRole::Excluded);
        match &task.assignee {
            Some(Text::Literal(user)) if !user.trim().is_empty() => {
                candidates.users.insert(user.trim().to_owned());
            }
            Some(Text::Expression(_)) => candidates.unknown = true,
            _ => {}
        }
        if candidates.unknown {
            continue;
        }
        if let Some(message) = nobody_may_claim(node.label(), &candidates, &excluded, roster) {
            findings.warn(super::NOBODY_MAY_CLAIM, &node.id, message);
        } else if let Some(message) =
            roster.and_then(|roster| too_few_may_sign(&node.id, node.label(), &candidates, &excluded, roster))
        {
            findings.warn(super::TOO_FEW_MAY_SIGN, &node.id, message);
        }
    }
}

fn nobody_may_claim(
    label: &str,
    candidates: &Named,
    excluded: &Named,
    roster: Option<&Roster>,
) -> Option<Sentence> {
    if candidates.is_empty() {
        return None;
    }
    let barred: Vec<&str> = match (candidates.people(roster), excluded.people(roster)) {
        (Some(people), Some(barred)) if people.is_subset(&barred) => people.into_iter().collect(),
        // Whoever is excluded by group is so as a member of that group as well.
        _ if candidates.users.is_subset(&excluded.users) && candidates.groups.is_subset(&excluded.groups) => {
            candidates.users.iter().chain(&candidates.groups).map(String::as_str).collect()
        }
        _ => return None,
    };
    Some(match barred.as_slice() {
        [] => sentence!(
            "nobody-may-claim-empty",
            "nobody is in the groups that may take `{label}`; add somebody",
            label = label
        ),
        _ => sentence!(
            "nobody-may-claim",
            "nobody may claim `{label}`: {barred} may take it and may not; change the candidates or the exclusion",
            label = label,
            barred = quoted(&barred)
        ),
    })
}

/// An approval is signed by as many persons as it asks for, each of whom may take the task and sign.
fn too_few_may_sign(
    element: &str,
    label: &str,
    candidates: &Named,
    excluded: &Named,
    roster: &Roster,
) -> Option<Sentence> {
    let needed = roster.gates.get(element)?;
    let mut signers: BTreeSet<&str> = roster.signers.iter().map(String::as_str).collect();
    // A task that invites nobody in particular is everybody's.
    if !candidates.is_empty() {
        let invited = candidates.people(Some(roster))?;
        signers.retain(|signer| invited.contains(signer));
    }
    // Who is excluded by a name that is not known here makes it fewer still.
    let barred = excluded.known(roster);
    signers.retain(|signer| !barred.contains(signer));
    let few: Vec<&str> = signers.into_iter().collect();
    if u32::try_from(few.len()).is_ok_and(|few| few >= *needed) {
        return None;
    }
    Some(match few.as_slice() {
        [] => sentence!(
            "too-few-may-sign-nobody",
            "nobody may sign the approval `{label}`: nobody who may take it has a role that signs; give somebody one, or invite others",
            label = label
        ),
        _ => sentence!(
            "too-few-may-sign",
            "the approval `{label}` must be signed by {needed} persons, and only {few} may; give others a role that signs, or invite them",
            label = label,
            needed = needed.to_string(),
            few = quoted(&few)
        ),
    })
}
