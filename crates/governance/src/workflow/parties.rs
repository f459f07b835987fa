//! Whom the names in a definition mean.

use std::collections::BTreeSet;

use bpmn::engine::{Candidates, Person};

use super::{Definition, Instance, OpenTask};
use crate::fact::{Meaning, Party};
use crate::names::MemberName;
use crate::roles::Role;
use crate::state::{Decision, State};

impl State {
    /// The one member a name in the definition means: by its binding, or a member of that very name.
    pub(super) fn member_meant(&self, definition: &Definition, name: &str) -> Option<MemberName> {
        match definition.meaning(&Party::User(name.to_owned())) {
            Some(Meaning::Member(member)) => Some(member.clone()),
            Some(Meaning::Role(_)) => None,
            None => name.parse().ok().filter(|member| self.members.has(member)),
        }
    }

    /// The one member that a name of the engine means: as [`State::member_meant`], or a member as they are called where their
    /// own name means somebody else in the definition. Rules before version 6 had no such name.
    pub(super) fn person_meant(
        &self,
        decision: &Decision,
        definition: &Definition,
        name: &str,
    ) -> Option<MemberName> {
        let own = name.strip_prefix(OWN_NAME).filter(|_| decision.rules_version >= 6);
        match own {
            Some(own) => own.parse().ok().filter(|member| self.members.has(member)),
            None => self.member_meant(definition, name),
        }
    }

    /// Who may claim a task: whom its element invites, and whom the name means that it was assigned to where that is no
    /// one member.
    pub(super) fn candidates(
        &self,
        definition: &Definition,
        candidates: &Candidates,
        stands_for: Option<&str>,
    ) -> Vec<Meaning> {
        let mut meant = Vec::new();
        if let Some(name) = stands_for {
            let meaning = definition.meaning(&Party::User(name.to_owned()));
            meant.push(meaning.cloned().unwrap_or(Meaning::Role(Role::Administrator)));
        }
        for user in &candidates.users {
            match definition.meaning(&Party::User(user.clone())) {
                Some(meaning) => meant.push(meaning.clone()),
                None => meant.extend(self.member_meant(definition, user).map(Meaning::Member)),
            }
        }
        for group in &candidates.groups {
            match definition.meaning(&Party::Group(group.clone())) {
                Some(meaning) => meant.push(meaning.clone()),
                None => meant.extend(group.parse().ok().map(Meaning::Role)),
            }
        }
        meant.dedup();
        let invites_somebody = !candidates.users.is_empty() || !candidates.groups.is_empty();
        if meant.is_empty() && invites_somebody {
            // Names that mean nobody must not open a task to everybody: an administrator can hand it on.
            meant.push(Meaning::Role(Role::Administrator));
        }
        meant
    }

    pub(super) fn excluded(
        &self,
        decision: &Decision,
        definition: &Definition,
        instance: &Instance,
        candidates: &Candidates,
    ) -> BTreeSet<MemberName> {
        let mut excluded: BTreeSet<MemberName> = candidates
            .excluded
            .iter()
            .filter_map(|user| self.person_meant(decision, definition, user))
            .collect();
        if decision.rules_version >= 2 {
            let modelers = candidates.excluded.iter().filter_map(|user| modelers_of(user));
            for of in modelers {
                excluded.extend(
                    self.versions
                        .rows()
                        .filter(|version| match of {
                            Modelers::Version => instance.version.as_ref() == Some(&version.id),
                            Modelers::Project => version.project == instance.project,
                        })
                        .flat_map(|version| version.authors.iter().cloned()),
                );
            }
            for user in &candidates.excluded {
                // A user who means a role excludes everybody who holds it.
                if let Some(Meaning::Role(role)) = definition.meaning(&Party::User(user.clone())) {
                    excluded.extend(
                        self.members.rows().filter(|m| m.roles.contains(role)).map(|m| m.name.clone()),
                    );
                }
            }
        }
        if decision.rules_version >= 5 {
            // Rules before version 5 knew only who had completed it last when the task was offered.
            for element in &candidates.completers_of {
                excluded.extend(instance.completers.get(&**element).into_iter().flatten().cloned());
                let last = instance.engine.passages.get(element).and_then(|it| it.completed_by.as_deref());
                excluded.extend(last.and_then(|name| self.person_meant(decision, definition, name)));
            }
        }
        for group in &candidates.excluded_groups {
            let role = match definition.meaning(&Party::Group(group.clone())) {
                Some(Meaning::Role(role)) => Some(*role),
                Some(Meaning::Member(member)) => {
                    excluded.insert(member.clone());
                    None
                }
                None => group.parse().ok(),
            };
            if let Some(role) = role {
                excluded
                    .extend(self.members.rows().filter(|m| m.roles.contains(&role)).map(|m| m.name.clone()));
            }
        }
        excluded
    }

    /// The name the definition has for a member: their own, unless that means somebody else in it.
    pub(super) fn name_in_engine(
        &self,
        decision: &Decision,
        definition: &Definition,
        member: &str,
    ) -> String {
        if self.member_meant(definition, member).is_some_and(|meant| meant.as_str() == member) {
            return member.to_owned();
        }
        let bound = definition.meanings.iter().find_map(|(party, meaning)| match (party, meaning) {
            (Party::User(name), Meaning::Member(meant)) if meant.as_str() == member => Some(name.clone()),
            _ => None,
        });
        // What means a role would be given to the role again, and never be theirs.
        let own = || match decision.rules_version {
            ..6 => member.to_owned(),
            _ => format!("{OWN_NAME}{member}"),
        };
        bound.unwrap_or_else(own)
    }

    /// The person as the engine knows them: under the definition's own name for them where it has one, so that its
    /// expressions hold. Groups were judged by the rules here.
    pub(super) fn engine_person(
        &self,
        definition: &Definition,
        instance: &Instance,
        task: &OpenTask,
        person: &MemberName,
    ) -> Person {
        let is_them = |name: &str| {
            name == person.as_str()
                || name.strip_prefix(OWN_NAME) == Some(person.as_str())
                || match definition.meaning(&Party::User(name.to_owned())) {
                    Some(Meaning::Member(member)) => member == person,
                    Some(Meaning::Role(role)) => {
                        self.members.get(person).is_some_and(|m| m.roles.contains(role))
                    }
                    None => false,
                }
        };
        let known = instance.engine.tasks.get(&task.task).and_then(|task| {
            let names = task.assignee.iter().chain(&task.candidates.users);
            names.into_iter().find(|name| is_them(name)).cloned()
        });
        Person { id: known.unwrap_or_else(|| person.to_string()), groups: None }
    }
}

/// What stands before the name of a member whose own name means somebody else in the definition. No member's name has it.
const OWN_NAME: char = '@';

/// Whose modelers an exclusion means.
#[derive(Clone, Copy)]
enum Modelers {
    /// Everybody who put contents into the version the process is about.
    Version,
    /// Everybody who did so in the project.
    Project,
}

/// Whether an excluded name stands for the modelers: `modeler`, `modeler(version)`, `modeler(project)`.
fn modelers_of(name: &str) -> Option<Modelers> {
    match name.replace(' ', "").as_str() {
        "modeler" | "modeler()" | "modeler(version)" | "modeler(model)" => Some(Modelers::Version),
        "modeler(project)" => Some(Modelers::Project),
        _ => None,
    }
}

/// Whether a name in a definition stands for somebody only a running instance knows.
pub(super) fn stands_for_somebody(name: &str) -> bool {
    name == "initiator" || name.starts_with("completerOf(") || modelers_of(name).is_some()
}
