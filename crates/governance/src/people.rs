//! People: members, roles, keys.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::fact::{KeyEnrolled, KeyRevoked, MemberAdded, RolesChanged};
use crate::names::{MemberName, PublicKey};
use crate::refusal::{Phrase, Refusal};
use crate::roles::{Deed, Role};
use crate::state::{Decision, State};

/// A person (or an agent) in the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The name rules speak of.
    pub name: MemberName,
    /// How the person is called on screens.
    pub display_name: String,
    /// Mail address for notices.
    pub email: Option<String>,
    /// Roles held.
    pub roles: BTreeSet<Role>,
    /// Position at which the member was added.
    pub since: u64,
}

impl Member {
    /// Whether any role allows it.
    pub fn may(&self, deed: Deed) -> bool {
        self.roles.iter().any(|role| role.may(deed))
    }
}

/// A device key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The key.
    pub key: PublicKey,
    /// Whose it is.
    pub member: MemberName,
    /// What the device is called.
    pub device: String,
    /// Position of the entry that enrolled it.
    pub enrolled_at: u64,
    /// Who enrolled it.
    pub enrolled_by: MemberName,
    /// Position from which it may sign: at once where one administrator signs, else when a second one confirmed.
    pub valid_from: Option<u64>,
    /// Position of its revocation.
    pub revoked_at: Option<u64>,
    /// Position from which what it signed is suspect.
    pub suspect_since: Option<u64>,
}

impl State {
    /// Refuses unless the key is enrolled, confirmed, not revoked, and the person's own.
    pub(crate) fn check_author(&self, decision: &Decision) -> Result<(), Refusal> {
        let key =
            self.keys.get(&decision.key).ok_or_else(|| Refusal::UnknownKey { key: decision.key.clone() })?;
        if key.member != decision.person {
            return Err(Refusal::KeyOfAnother {
                key: key.key.clone(),
                owner: key.member.clone(),
                claimed: decision.person.clone(),
            });
        }
        if let Some(at) = key.revoked_at {
            return Err(Refusal::KeyRevoked { key: key.key.clone(), member: key.member.clone(), at });
        }
        if key.valid_from.is_none() {
            return Err(Refusal::KeyUnconfirmed { key: key.key.clone() });
        }
        Ok(())
    }

    /// The member of that name.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when there is none.
    pub fn member(&self, name: &MemberName) -> Result<&Member, Refusal> {
        self.members.get(name).ok_or_else(|| Refusal::Unknown { noun: "member", id: name.to_string() })
    }

    /// Refuses unless the member holds a role that allows it.
    ///
    /// # Errors
    /// [`Refusal::RoleMissing`], naming the roles that would do.
    pub fn check_may(&self, name: &MemberName, deed: Deed) -> Result<(), Refusal> {
        if self.member(name)?.may(deed) {
            return Ok(());
        }
        let roles = Role::ALL.into_iter().filter(|role| role.may(deed)).collect();
        Err(Refusal::RoleMissing { member: name.clone(), deed, roles })
    }

    /// The administrators who have to agree with one another: whoever holds the role and a key that signs. One who cannot
    /// sign agrees to nothing; rules before version 3 waited for them, for ever.
    pub fn administrators(&self, rules_version: u32) -> BTreeSet<&MemberName> {
        self.members
            .rows()
            .filter(|member| member.roles.contains(&Role::Administrator))
            .map(|member| &member.name)
            .filter(|name| rules_version < 3 || self.signs(name))
            .collect()
    }

    /// Whether the member holds a key that signs.
    fn signs(&self, name: &MemberName) -> bool {
        self.keys
            .rows()
            .any(|key| key.member == *name && key.valid_from.is_some() && key.revoked_at.is_none())
    }

    pub(crate) fn add_member(&mut self, decision: &Decision, fact: &MemberAdded) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::ManagePeople)?;
        if self.members.has(&fact.name) {
            return Err(Refusal::NameTaken { noun: "member", name: fact.name.to_string() });
        }
        self.members.put(
            fact.name.clone(),
            Member {
                name: fact.name.clone(),
                display_name: fact.display_name.clone(),
                email: fact.email.clone(),
                roles: fact.roles.clone(),
                since: decision.position,
            },
        );
        Ok(())
    }

    pub(crate) fn grant_roles(&mut self, decision: &Decision, fact: &RolesChanged) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::ManagePeople)?;
        let member = self.member(&fact.member)?;
        if fact.roles.is_subset(&member.roles) {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("already-these-roles").with("member", &fact.member),
            });
        }
        // One administrator alone has nobody to ask; with two, granting to oneself would undo every separation.
        if fact.member == decision.person && self.administrators(decision.rules_version).len() > 1 {
            return Err(Refusal::SelfGrant { member: fact.member.clone() });
        }
        self.members.edit(&fact.member, |member| member.roles.extend(fact.roles.iter().copied()));
        Ok(())
    }

    pub(crate) fn revoke_roles(&mut self, decision: &Decision, fact: &RolesChanged) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::ManagePeople)?;
        let member = self.member(&fact.member)?;
        if fact.roles.is_disjoint(&member.roles) {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("already-not-these-roles").with("member", &fact.member),
            });
        }
        let leaves = fact.roles.contains(&Role::Administrator) && member.roles.contains(&Role::Administrator);
        let nobody_else =
            || self.administrators(decision.rules_version).iter().all(|name| **name == fact.member);
        if leaves && nobody_else() {
            return Err(Refusal::LastAdministrator { member: fact.member.clone() });
        }
        self.members.edit(&fact.member, |member| member.roles.retain(|role| !fact.roles.contains(role)));
        Ok(())
    }

    pub(crate) fn enrol_key(&mut self, decision: &Decision, fact: &KeyEnrolled) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::ManagePeople)?;
        self.member(&fact.member)?;
        let alone = self.administrators(decision.rules_version).len() == 1;
        let key = match self.keys.get(&fact.key) {
            None => Key {
                key: fact.key.clone(),
                member: fact.member.clone(),
                device: fact.device.clone(),
                enrolled_at: decision.position,
                enrolled_by: decision.person.clone(),
                valid_from: alone.then_some(decision.position),
                revoked_at: None,
                suspect_since: None,
            },
            // The second administrator says the same thing again; so may the first, once there is no second who can sign.
            Some(key)
                if key.valid_from.is_none()
                    && key.revoked_at.is_none()
                    && key.member == fact.member
                    && (key.enrolled_by != decision.person || alone && decision.rules_version >= 3) =>
            {
                Key { valid_from: Some(decision.position), ..key.clone() }
            }
            Some(_) => return Err(Refusal::Exists { noun: "key", id: fact.key.fingerprint().to_owned() }),
        };
        self.keys.put(fact.key.clone(), key);
        Ok(())
    }

    pub(crate) fn revoke_key(&mut self, decision: &Decision, fact: &KeyRevoked) -> Result<(), Refusal> {
        let key = self
            .keys
            .get(&fact.key)
            .ok_or_else(|| Refusal::Unknown { noun: "key", id: fact.key.fingerprint().to_owned() })?;
        if key.member != decision.person {
            self.check_may(&decision.person, Deed::ManagePeople)?;
        }
        if let Some(at) = key.revoked_at {
            return Err(Refusal::KeyRevoked { key: fact.key.clone(), member: key.member.clone(), at });
        }
        let member = key.member.clone();
        let others_hold = self.keys.rows().any(|other| {
            other.key != fact.key
                && other.revoked_at.is_none()
                && other.valid_from.is_some()
                && self.members.get(&other.member).is_some_and(|owner| owner.may(Deed::ManagePeople))
        });
        if !others_hold {
            return Err(Refusal::LastAdministrator { member });
        }
        self.keys.edit(&fact.key, |key| {
            key.revoked_at = Some(decision.position);
            key.suspect_since = fact.suspect_since;
        });
        Ok(())
    }
}
