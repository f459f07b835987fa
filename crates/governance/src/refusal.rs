//! A rule's "no": who, what and why. Values only: whoever stands before a person makes a sentence of them, by the message
//! `refusal-RULE` of that person's language, whose attribute `hint` says what to do next.

use std::collections::BTreeMap;
use std::fmt;

use bpmn::sentence::{Part, Sentence};
use serde::Serialize;

use crate::names::{Digest, FactId, MemberName, PublicKey, TargetName, TemplateName};
use crate::roles::{Deed, Role};

/// A part of a refusal that has words of its own: which message, and with which values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Phrase {
    /// Name of the message.
    pub id: &'static str,
    /// Its values, by name.
    pub values: BTreeMap<&'static str, Part>,
}

impl Phrase {
    /// A message without values.
    pub fn new(id: &'static str) -> Self {
        Self { id, values: BTreeMap::new() }
    }

    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.values.insert(name, Part::Text(value.to_string()));
        self
    }

    /// What another part of the program says, as it says it.
    pub fn quoted(text: impl fmt::Display) -> Self {
        Self::new("quoted").with("text", text)
    }

    /// What reading or checking a definition says, to be said in any language.
    pub fn found(sentence: &Sentence) -> Self {
        Self { id: "quoted", values: BTreeMap::from([("text", sentence.clone().into())]) }
    }
}

/// What the engine says.
impl From<bpmn::Refusal> for Refusal {
    fn from(refusal: bpmn::Refusal) -> Self {
        let reason = refusal.reason();
        let why = reason
            .values
            .into_iter()
            .fold(Phrase::new(reason.id), |why, (name, value)| why.with(name, value));
        Self::Engine { why }
    }
}

/// Why a decision does not stand. One variant a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "rule", rename_all = "kebab-case")]
pub enum Refusal {
    /// The signing key was never enrolled.
    UnknownKey {
        /// The key.
        key: PublicKey,
    },
    /// The signing key waits for a second administrator.
    KeyUnconfirmed {
        /// The key.
        key: PublicKey,
    },
    /// The signing key was revoked.
    KeyRevoked {
        /// The key.
        key: PublicKey,
        /// Whose it was.
        member: MemberName,
        /// Position of the revocation.
        at: u64,
    },
    /// The key is another member's.
    KeyOfAnother {
        /// The key.
        key: PublicKey,
        /// Whose it is.
        owner: MemberName,
        /// Who the entry says signed.
        claimed: MemberName,
    },
    /// The fact was recorded before.
    RecordedAlready {
        /// The fact.
        id: FactId,
        /// Where.
        at: u64,
    },
    /// No role of the member allows it.
    RoleMissing {
        /// Who.
        member: MemberName,
        /// What.
        deed: Deed,
        /// Roles that would do.
        roles: Vec<Role>,
    },
    /// The thing spoken of does not exist.
    Unknown {
        /// What it would be.
        noun: &'static str,
        /// Its identifier or name.
        id: String,
    },
    /// The name is taken.
    NameTaken {
        /// What it is.
        noun: &'static str,
        /// The name.
        name: String,
    },
    /// The identifier is taken.
    Exists {
        /// What it is.
        noun: &'static str,
        /// The identifier.
        id: String,
    },
    /// The decision changes nothing.
    NothingToDo {
        /// What is so already.
        what: Phrase,
    },
    /// The last administrator must stay.
    LastAdministrator {
        /// Who.
        member: MemberName,
    },
    /// Roles are given by others.
    SelfGrant {
        /// Who.
        member: MemberName,
    },
    /// Whoever made a thing does not approve it.
    SelfApproval {
        /// Who.
        member: MemberName,
    },
    /// The process excludes the member from the task.
    Excluded {
        /// Who.
        member: MemberName,
        /// The task.
        task: String,
    },
    /// The member is not among those who may take the task.
    NotCandidate {
        /// Who.
        member: MemberName,
        /// The task.
        task: String,
        /// Who may.
        candidates: Vec<Phrase>,
    },
    /// Somebody else holds the task.
    HeldByAnother {
        /// The task.
        task: String,
        /// Who.
        holder: MemberName,
    },
    /// The task must be claimed first.
    NotClaimed {
        /// The task.
        task: String,
    },
    /// A person signs once.
    SignedAlready {
        /// Who.
        member: MemberName,
        /// The task.
        task: String,
        /// How many persons it asks for.
        needed: u32,
    },
    /// A gate asks for more persons.
    QuorumOpen {
        /// The task.
        task: String,
        /// How many have signed, this one included.
        signed: u32,
        /// How many it asks for.
        needed: u32,
    },
    /// An approval must be signed.
    Unsigned {
        /// The task.
        task: String,
    },
    /// The package changed since it was seen.
    PackageChanged {
        /// Digest that was on the screen.
        seen: Digest,
        /// Digest now.
        now: Digest,
    },
    /// The approval does not fit the task, instance or decision it stands beside.
    ApprovalMismatch {
        /// What does not fit.
        what: Phrase,
    },
    /// A guarded deed without the approval it needs.
    NotApproved {
        /// What was to be done.
        what: Phrase,
        /// The digest.
        digest: Digest,
    },
    /// Findings of the package scan stand open.
    FindingsOpen {
        /// How many.
        open: u32,
    },
    /// A reason is needed and too short.
    ReasonNeeded {
        /// What needs it.
        what: Phrase,
        /// How long.
        chars_min: u32,
    },
    /// The project has no champion.
    NoChampion {
        /// The project's name.
        project: String,
    },
    /// The definition cannot be started.
    NotStartable {
        /// Its name.
        definition: String,
        /// What is missing.
        why: Vec<Phrase>,
    },
    /// The instance cannot move to the other version.
    NotMigratable {
        /// The instance.
        instance: String,
        /// What stands in the way.
        why: Vec<Phrase>,
    },
    /// A connection, or a call's binding to one, is none.
    BadConnection {
        /// The connection, or the element.
        connection: String,
        /// Why.
        why: Phrase,
    },
    /// The definition's document is not what the fact says, or cannot be read.
    BadDocument {
        /// The document.
        digest: Digest,
        /// Why.
        why: Phrase,
    },
    /// The engine says no.
    Engine {
        /// Why.
        why: Phrase,
    },
    /// Somebody else carries the effect out.
    LeaseHeld {
        /// Who.
        holder: MemberName,
        /// Until when.
        until: String,
    },
    /// A run cannot go from one state to the other.
    RunTransition {
        /// The run.
        run: String,
        /// Its state.
        from: String,
        /// The state asked for.
        to: String,
    },
    /// A run cannot succeed before what it made was found.
    NotVerified {
        /// The run.
        run: String,
        /// What was not found.
        what: Phrase,
    },
    /// What is read back from a bucket is not what was to be migrated.
    MigrationMismatch {
        /// What differs.
        what: Phrase,
    },
    /// A monitor's terms cannot mean what they say.
    BadMonitor {
        /// Its name.
        monitor: String,
        /// What does not hold.
        why: Phrase,
    },
    /// Whoever made a model does not judge alone that it is still good enough.
    SelfJudgement {
        /// Who.
        member: MemberName,
    },
    /// The report or its alerts are not what they must be.
    ReportMismatch {
        /// What does not fit.
        what: Phrase,
    },
    /// A target cannot be what it is said to be.
    BadTarget {
        /// The target.
        target: TargetName,
        /// Why.
        why: Phrase,
    },
    /// A cluster template cannot be what it is said to be.
    BadTemplate {
        /// The template.
        template: TemplateName,
        /// Why.
        why: Phrase,
    },
    /// A schedule, or a time of one, does not stand.
    BadSchedule {
        /// Why.
        what: Phrase,
    },
    /// A process does not start by itself like that.
    BadStart {
        /// Why.
        what: Phrase,
    },
    /// A process does not come to be about another version like that.
    BadTurn {
        /// Why.
        what: Phrase,
    },
    /// The entry is written for newer rules.
    RulesNewer {
        /// Version needed.
        needs: u32,
        /// Version here.
        has: u32,
    },
    /// The entry carries facts of a kind this program does not know.
    KindNewer {
        /// The kind.
        kind: String,
    },
    /// The fact is malformed.
    Malformed {
        /// Its kind.
        kind: String,
        /// Why.
        why: String,
    },
}

impl Refusal {
    /// The rule's name, which names its message too.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::UnknownKey { .. } => "unknown-key",
            Self::KeyUnconfirmed { .. } => "key-unconfirmed",
            Self::KeyRevoked { .. } => "key-revoked",
            Self::KeyOfAnother { .. } => "key-of-another",
            Self::RecordedAlready { .. } => "recorded-already",
            Self::RoleMissing { .. } => "role-missing",
            Self::Unknown { .. } => "unknown",
            Self::NameTaken { .. } => "name-taken",
            Self::Exists { .. } => "exists",
            Self::NothingToDo { .. } => "nothing-to-do",
            Self::LastAdministrator { .. } => "last-administrator",
            Self::SelfGrant { .. } => "self-grant",
            Self::SelfApproval { .. } => "self-approval",
            Self::Excluded { .. } => "excluded",
            Self::NotCandidate { .. } => "not-candidate",
            Self::HeldByAnother { .. } => "held-by-another",
            Self::NotClaimed { .. } => "not-claimed",
            Self::SignedAlready { .. } => "signed-already",
            Self::QuorumOpen { .. } => "quorum-open",
            Self::Unsigned { .. } => "unsigned",
            Self::PackageChanged { .. } => "package-changed",
            Self::ApprovalMismatch { .. } => "approval-mismatch",
            Self::NotApproved { .. } => "not-approved",
            Self::FindingsOpen { .. } => "findings-open",
            Self::ReasonNeeded { .. } => "reason-needed",
            Self::NoChampion { .. } => "no-champion",
            Self::NotStartable { .. } => "not-startable",
            Self::NotMigratable { .. } => "not-migratable",
            Self::BadConnection { .. } => "bad-connection",
            Self::BadDocument { .. } => "bad-document",
            Self::Engine { .. } => "engine",
            Self::LeaseHeld { .. } => "lease-held",
            Self::RunTransition { .. } => "run-transition",
            Self::NotVerified { .. } => "not-verified",
            Self::MigrationMismatch { .. } => "migration-mismatch",
            Self::BadMonitor { .. } => "bad-monitor",
            Self::SelfJudgement { .. } => "self-judgement",
            Self::ReportMismatch { .. } => "report-mismatch",
            Self::BadTarget { .. } => "bad-target",
            Self::BadTemplate { .. } => "bad-template",
            Self::BadSchedule { .. } => "bad-schedule",
            Self::BadStart { .. } => "bad-start",
            Self::BadTurn { .. } => "bad-turn",
            Self::RulesNewer { .. } => "rules-newer",
            Self::KindNewer { .. } => "kind-newer",
            Self::Malformed { .. } => "malformed",
        }
    }
}

/// For logs and failing tests; people are told by the message of the rule.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused by the rule `{}`", self.rule())
    }
}

impl std::error::Error for Refusal {}
