//! A rule's "no": who, what and why, as advice.

use serde::Serialize;
use thiserror::Error;

use crate::names::{Digest, FactId, MemberName, PublicKey};
use crate::roles::{Deed, Role};

/// Why a decision does not stand. One variant a rule.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize)]
#[serde(tag = "rule", rename_all = "kebab-case")]
pub enum Refusal {
    /// The signing key was never enrolled.
    #[error("the key `{}` belongs to no member of this workspace; an administrator can enrol it", key.fingerprint())]
    UnknownKey {
        /// The key.
        key: PublicKey,
    },
    /// The signing key waits for a second administrator.
    #[error("the key `{}` was enrolled by one administrator and waits for another to confirm it", key.fingerprint())]
    KeyUnconfirmed {
        /// The key.
        key: PublicKey,
    },
    /// The signing key was revoked.
    #[error("the key `{}` of `{member}` was revoked at #{at}; enrol a new key for this desk", key.fingerprint())]
    KeyRevoked {
        /// The key.
        key: PublicKey,
        /// Whose it was.
        member: MemberName,
        /// Position of the revocation.
        at: u64,
    },
    /// The key is another member's.
    #[error("the key `{}` belongs to `{owner}` and cannot speak for `{claimed}`", key.fingerprint())]
    KeyOfAnother {
        /// The key.
        key: PublicKey,
        /// Whose it is.
        owner: MemberName,
        /// Who the entry says signed.
        claimed: MemberName,
    },
    /// The fact was recorded before.
    #[error("the fact `{id}` was recorded already, at #{at}")]
    RecordedAlready {
        /// The fact.
        id: FactId,
        /// Where.
        at: u64,
    },
    /// No role of the member allows it.
    #[error("`{member}` may not {}; that takes the role {}", deed.words(), any_of(roles))]
    RoleMissing {
        /// Who.
        member: MemberName,
        /// What.
        deed: Deed,
        /// Roles that would do.
        roles: Vec<Role>,
    },
    /// The thing spoken of does not exist.
    #[error("there is no {noun} `{id}`")]
    Unknown {
        /// What it would be.
        noun: &'static str,
        /// Its identifier or name.
        id: String,
    },
    /// The name is taken.
    #[error("there is already a {noun} called `{name}`; choose another name")]
    NameTaken {
        /// What it is.
        noun: &'static str,
        /// The name.
        name: String,
    },
    /// The identifier is taken.
    #[error("the {noun} `{id}` exists already")]
    Exists {
        /// What it is.
        noun: &'static str,
        /// The identifier.
        id: String,
    },
    /// The decision changes nothing.
    #[error("{what} already; there is nothing to record")]
    NothingToDo {
        /// What is so already.
        what: String,
    },
    /// The last administrator must stay.
    #[error("`{member}` is the last administrator; grant the role to somebody else first")]
    LastAdministrator {
        /// Who.
        member: MemberName,
    },
    /// Roles are given by others.
    #[error("`{member}` cannot grant roles to themselves; another administrator must")]
    SelfGrant {
        /// Who.
        member: MemberName,
    },
    /// Whoever made a thing does not approve it.
    #[error("`{member}` registered this version; a second person must approve")]
    SelfApproval {
        /// Who.
        member: MemberName,
    },
    /// The process excludes the member from the task.
    #[error("`{member}` is excluded from the task `{task}` by the definition; somebody else must take it")]
    Excluded {
        /// Who.
        member: MemberName,
        /// The task.
        task: String,
    },
    /// The member is not among those who may take the task.
    #[error("the task `{task}` is for {}; `{member}` is not among them", any_of_texts(candidates))]
    NotCandidate {
        /// Who.
        member: MemberName,
        /// The task.
        task: String,
        /// Who may.
        candidates: Vec<String>,
    },
    /// Somebody else holds the task.
    #[error("`{holder}` holds the task `{task}`; ask them to release it")]
    HeldByAnother {
        /// The task.
        task: String,
        /// Who.
        holder: MemberName,
    },
    /// The task must be claimed first.
    #[error("claim the task `{task}` before you complete it")]
    NotClaimed {
        /// The task.
        task: String,
    },
    /// An approval must be signed.
    #[error(
        "completing `{task}` is an approval: it must be signed in the same entry, with the digest that was seen"
    )]
    Unsigned {
        /// The task.
        task: String,
    },
    /// The package changed since it was seen.
    #[error(
        "the package changed while you were reading: you saw `{seen}`, it is now `{now}`; look at it again"
    )]
    PackageChanged {
        /// Digest that was on the screen.
        seen: Digest,
        /// Digest now.
        now: Digest,
    },
    /// The approval does not fit the task, instance or decision it stands beside.
    #[error("the approval does not fit its task: {what}")]
    ApprovalMismatch {
        /// What does not fit.
        what: String,
    },
    /// A guarded deed without the approval it needs.
    #[error("`{what}` needs an approval of exactly the digest `{digest}`; there is none that counts")]
    NotApproved {
        /// What was to be done.
        what: String,
        /// The digest.
        digest: Digest,
    },
    /// Findings of the package scan stand open.
    #[error(
        "the package has {open} open findings that block registration; remove them, or waive each with a reason"
    )]
    FindingsOpen {
        /// How many.
        open: u32,
    },
    /// A reason is needed and too short.
    #[error("{what} needs a reason of at least {chars_min} characters")]
    ReasonNeeded {
        /// What needs it.
        what: String,
        /// How long.
        chars_min: u32,
    },
    /// The project has no champion.
    #[error("the project `{project}` has no champion; name one, or say which version the process is about")]
    NoChampion {
        /// The project's name.
        project: String,
    },
    /// The definition cannot be started.
    #[error("the definition `{definition}` cannot be started: {why}")]
    NotStartable {
        /// Its name.
        definition: String,
        /// What is missing.
        why: String,
    },
    /// The definition's document is not what the fact says, or cannot be read.
    #[error("the document `{digest}` is not a definition that can be run: {why}")]
    BadDocument {
        /// The document.
        digest: Digest,
        /// Why.
        why: String,
    },
    /// The engine says no.
    #[error("{why}")]
    Engine {
        /// Why, in the engine's words.
        why: String,
    },
    /// Somebody else carries the effect out.
    #[error("`{holder}` is carrying this out until {until}")]
    LeaseHeld {
        /// Who.
        holder: MemberName,
        /// Until when.
        until: String,
    },
    /// A run cannot go from one state to the other.
    #[error("the run `{run}` is {from} and cannot become {to}")]
    RunTransition {
        /// The run.
        run: String,
        /// Its state.
        from: String,
        /// The state asked for.
        to: String,
    },
    /// What is read back from a bucket is not what was to be migrated.
    #[error("the migration does not hold: {what}")]
    MigrationMismatch {
        /// What differs.
        what: String,
    },
    /// The entry is written for newer rules.
    #[error("the entry needs rules of version {needs}, this program has {has}; update Countersign")]
    RulesNewer {
        /// Version needed.
        needs: u32,
        /// Version here.
        has: u32,
    },
    /// The entry carries facts of a kind this program does not know.
    #[error("this program does not know facts of the kind `{kind}`; update Countersign")]
    KindNewer {
        /// The kind.
        kind: String,
    },
    /// The fact is malformed.
    #[error("the fact `{kind}` cannot be read: {why}")]
    Malformed {
        /// Its kind.
        kind: String,
        /// Why.
        why: String,
    },
}

fn any_of(roles: &[Role]) -> String {
    any_of_texts(&roles.iter().map(|role| format!("`{role}`")).collect::<Vec<_>>())
}

fn any_of_texts(texts: &[String]) -> String {
    match texts {
        [] => "nobody".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

impl Refusal {
    /// What to do next, where the message does not say it already.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::SelfApproval { .. } => "Ask a validator who had no part in making it.",
            Self::RoleMissing { .. } => "An administrator can grant it in the people room.",
            Self::PackageChanged { .. } | Self::ApprovalMismatch { .. } => {
                "Open the task again and read what changed."
            }
            Self::NotStartable { .. } => "Open the definition and bind what is missing.",
            Self::NotApproved { .. } => "Run the approval process for this version first.",
            Self::RulesNewer { .. } | Self::KindNewer { .. } => "Nothing was written.",
            Self::Unknown { .. } => "List what there is, and check the name or identifier.",
            Self::UnknownKey { .. } | Self::KeyOfAnother { .. } | Self::KeyRevoked { .. } => {
                "Act as a member whose own key lies on this desk."
            }
            Self::NotCandidate { .. } | Self::Excluded { .. } | Self::HeldByAnother { .. } => {
                "An administrator can assign the task to somebody who may take it."
            }
            _ => "Nothing was recorded.",
        }
    }
}
