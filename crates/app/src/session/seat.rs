//! Who sits at the desk: whose keys lie here, who acts, and in whose name processes are carried out.

use governance::{MemberName, PublicKey};
use words::said;

use super::{Session, from_identity, key_name, parse};
use crate::{Code, Failure};

impl Session {
    /// Who acts at this desk.
    ///
    /// # Errors
    /// [`Code::NoWorkspace`] when nobody does.
    pub(crate) fn me(&self) -> Result<MemberName, Failure> {
        self.member_now().ok_or_else(|| Failure::said(Code::NoWorkspace, said!("nobody-acts")))
    }

    pub(crate) fn member_now(&self) -> Option<MemberName> {
        self.member.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    pub(crate) fn act_as(&self, member: Option<MemberName>) {
        *self.member.write().unwrap_or_else(std::sync::PoisonError::into_inner) = member;
    }

    /// Name under which a member's key of this workspace lies in the key holder.
    pub(crate) fn key_name(&self, member: &str) -> String {
        key_name(&self.ledger.genesis().nonce, member)
    }

    /// The key of a member on this desk, if it has one; whether it may sign is the ledger's to say.
    pub(crate) fn key_here(&self, member: &MemberName) -> Result<Option<PublicKey>, Failure> {
        match self.keys.public_key(&self.key_name(member.as_str())).map_err(|error| from_identity(&error))? {
            Some(key) => Ok(Some(parse("public key", &format!("ed25519:{}", key.hex()))?)),
            None => Ok(None),
        }
    }

    /// Members whose key lies on this desk, by name.
    pub(crate) fn members_here(&self) -> Result<Vec<MemberName>, Failure> {
        let mut here = Vec::new();
        for (name, _) in self.cache.all("members")? {
            let member: MemberName = parse("member name", &name)?;
            if self.key_here(&member)?.is_some() {
                here.push(member);
            }
        }
        Ok(here)
    }

    /// A member on this desk whose roles allow carrying out what processes ask for: the agent, else whoever acts.
    pub(crate) fn carrier(&self) -> Result<Option<MemberName>, Failure> {
        let mut carriers = Vec::new();
        for member in self.members_here()? {
            let row: governance::people::Member = self.row("members", "member", member.as_str())?;
            if row.may(governance::Deed::CarryOut) {
                carriers.push((
                    !row.roles.contains(&governance::Role::Agent),
                    Some(&member) != self.member_now().as_ref(),
                    member,
                ));
            }
        }
        carriers.sort();
        Ok(carriers.into_iter().next().map(|(.., member)| member))
    }

    /// Lets the one member whose key lies here act, where nobody does yet: who joined by invitation is a member as soon as an
    /// administrator says so at another desk.
    pub(super) fn seat(&self) -> Result<(), Failure> {
        if self.member_now().is_none()
            && let [member] = self.members_here()?.as_slice()
        {
            self.act_as(Some(member.clone()));
        }
        Ok(())
    }
}
