//! Tasks that nobody may claim: everybody named for them is excluded from them.

use std::collections::BTreeSet;

use super::{Findings, Roster};
use crate::model::{AssignmentRole, NodeKind, Text, UserTask};
use crate::sentence::{quoted, sentence};

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

    /// `user(ana), group(validators)`, or bare names, which are groups for an owner.
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
            } else if role == AssignmentRole::Users {
                self.users.insert(part.to_owned());
            } else {
                self.groups.insert(part.to_owned());
            }
        }
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
        let nobody_named = candidates.users.is_empty() && candidates.groups.is_empty();
        if candidates.unknown || nobody_named {
            continue;
        }
        let barred: Vec<&str> = match (candidates.people(roster), excluded.people(roster)) {
            (Some(people), Some(barred)) if people.is_subset(&barred) => people.into_iter().collect(),
            // Whoever is excluded by group is so as a member of that group as well.
            _ if candidates.users.is_subset(&excluded.users)
                && candidates.groups.is_subset(&excluded.groups) =>
            {
                candidates.users.iter().chain(&candidates.groups).map(String::as_str).collect()
            }
            _ => continue,
        };
        let said = match barred.as_slice() {
            [] => sentence!(
                "nobody-may-claim-empty",
                "nobody is in the groups that may take `{label}`; add somebody",
                label = node.label()
            ),
            _ => sentence!(
                "nobody-may-claim",
                "nobody may claim `{label}`: {barred} may take it and may not; change the candidates or the exclusion",
                label = node.label(),
                barred = quoted(&barred)
            ),
        };
        findings.warn(super::NOBODY_MAY_CLAIM, &node.id, said);
    }
}
