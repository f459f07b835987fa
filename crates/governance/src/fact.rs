//! Facts: what a decision adds to the truth.
//!
//! On paper a fact is `{kind, v, subject, body}`; [`Fact::body`] and [`Fact::read`] are the only way between the two.
//! The ledger takes integers only (two programs must never disagree about a number), so a fractional number in a body
//! is written as `{"$double": "0.5"}`. Kinds are never renamed and their fields never change meaning: old entries are
//! read by this code for ever, with goldens that hold it to that.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

mod monitoring;

pub use monitoring::{
    AlertLevel, AlertRaised, AlertReminded, AlertRule, AlertSettled, AskedBy, Baseline, DataPlace, DataRead,
    MonitorChanged, MonitorDefined, MonitorRetired, MonitorTerms, PeriodKept, ReportRecorded, RetrainAnswer,
    RetrainDecided, TimePeriods,
};
mod cloud;

pub use cloud::{
    Cleanup, LeftoverSwept, MigrationReconciled, ObjectDiffers, Price, RunCleaned, SweepState, TargetAdded,
    TargetKind, TargetRemoved,
};

use crate::names::{
    ConnectionName, DefinitionId, Digest, InstanceId, MemberName, ModelId, ModelName, NoticeId, Period,
    ProjectId, ProjectName, PublicKey, RunId, VersionId,
};
use crate::roles::Role;

mod runs;

pub use runs::{
    Cause, MigrationVerified, OutputFound, RunCancelAsked, RunKind, RunMoved, RunRequested, RunState,
};

mod schedules;
mod starts;
mod turns;

pub use schedules::{
    ClusterTemplateDropped, ClusterTemplateKept, MappedDecision, ScheduleAdded, ScheduleFired,
    ScheduleRemoved,
};
pub use starts::{Begun, DefinitionSwitched, StartArmed, StartDisarmed, StartPassed};
pub use turns::{InstanceMigrated, InstanceTurned};

/// A body that is not what its kind says.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct FactError(String);

macro_rules! facts {
    ($($(#[$doc:meta])* $kind:literal $name:ident($body:ty) about $subject:expr;)*) => {
        /// Everything that can be said, by kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Fact {
            $($(#[$doc])* $name($body),)*
            /// A kind this program does not know yet: kept, shown, and a reason not to write.
            Unknown {
                /// The kind.
                kind: String,
                /// The body as it stands.
                body: Value,
            },
        }

        impl Fact {
            /// Kinds this program knows.
            pub const KINDS: &[&str] = &[$($kind),*];

            /// The kind, as it stands in the ledger.
            pub fn kind(&self) -> &str {
                match self {
                    $(Self::$name(_) => $kind,)*
                    Self::Unknown { kind, .. } => kind,
                }
            }

            /// What it speaks of first: the identifier or name that lists show it under.
            pub fn subject(&self) -> String {
                match self {
                    $(Self::$name(body) => { let of: fn(&$body) -> String = $subject; of(body) },)*
                    Self::Unknown { .. } => String::new(),
                }
            }

            /// Everything it speaks of: every identifier, member and digest in its body, for "what happened to this".
            pub fn about(&self) -> BTreeSet<String> {
                let mut about = BTreeSet::new();
                names_in(&self.body(), &mut about);
                let subject = self.subject();
                if !subject.is_empty() {
                    about.insert(subject);
                }
                about
            }

            /// The body as the ledger takes it.
            pub fn body(&self) -> Value {
                let body = match self {
                    $(Self::$name(body) => serde_json::to_value(body).unwrap_or(Value::Null),)*
                    Self::Unknown { body, .. } => return body.clone(),
                };
                without_fractions(body)
            }

            /// Reads a body of the ledger.
            ///
            /// # Errors
            /// When the kind is known and the body is not of its shape.
            pub fn read(kind: &str, body: Value) -> Result<Self, FactError> {
                match kind {
                    $($kind => serde_json::from_value(with_fractions(body)).map(Self::$name).map_err(|cause| FactError(cause.to_string())),)*
                    _ => Ok(Self::Unknown { kind: kind.to_owned(), body }),
                }
            }
        }
    };
}

facts! {
    /// Somebody became a member.
    "member.added" MemberAdded(MemberAdded) about |f| f.name.to_string();
    /// A member was given roles.
    "roles.granted" RolesGranted(RolesChanged) about |f| f.member.to_string();
    /// Roles were taken from a member.
    "roles.revoked" RolesRevoked(RolesChanged) about |f| f.member.to_string();
    /// A device key was enrolled, or confirmed by a second administrator.
    "key.enrolled" KeyEnrolled(KeyEnrolled) about |f| f.member.to_string();
    /// A device key was revoked.
    "key.revoked" KeyRevoked(KeyRevoked) about |f| f.key.to_string();
    /// A project was created.
    "project.created" ProjectCreated(ProjectCreated) about |f| f.project.to_string();
    /// A model was named in a project.
    "model.registered" ModelRegistered(ModelRegistered) about |f| f.model.to_string();
    /// A package was registered as a version.
    "version.registered" VersionRegistered(VersionRegistered) about |f| f.version.to_string();
    /// The contents of a version were replaced: approvals of the old contents no longer count.
    "version.replaced" VersionReplaced(VersionReplaced) about |f| f.version.to_string();
    /// A version became champion; the one before, if any, stepped down by the same fact.
    "champion.set" ChampionSet(Placed) about |f| f.version.to_string();
    /// A version became a challenger.
    "challenger.set" ChallengerSet(Placed) about |f| f.version.to_string();
    /// A version is neither champion nor challenger any more.
    "place.cleared" PlaceCleared(Placed) about |f| f.version.to_string();
    /// A definition was imported.
    "definition.imported" DefinitionImported(DefinitionImported) about |f| f.definition.to_string();
    /// Calls, people and gates of a definition were bound.
    "definition.bound" DefinitionBound(DefinitionBound) about |f| f.definition.to_string();
    /// Nothing is started by a definition any more. What runs goes on.
    "definition.disabled" DefinitionDisabled(DefinitionSwitched) about |f| f.definition.to_string();
    /// It may be started again.
    "definition.enabled" DefinitionEnabled(DefinitionSwitched) about |f| f.definition.to_string();
    /// A process was started.
    "instance.started" InstanceStarted(InstanceStarted) about |f| f.instance.to_string();
    /// A process starts by itself from now on: by its timers, messages and signals.
    "start.armed" StartArmed(StartArmed) about |f| f.start.to_string();
    /// It should have started by itself, and could not.
    "start.passed" StartPassed(StartPassed) about |f| f.start.to_string();
    /// It starts by itself no more.
    "start.disarmed" StartDisarmed(StartDisarmed) about |f| f.start.to_string();
    /// Something happened to a process.
    "instance.moved" InstanceMoved(InstanceMoved) about |f| f.instance.to_string();
    /// A process was moved to another version of its definition.
    "instance.migrated" InstanceMigrated(InstanceMigrated) about |f| f.instance.to_string();
    /// A process is about another version from now on.
    "instance.turned" InstanceTurned(InstanceTurned) about |f| f.instance.to_string();
    /// An administrator opened, or changed, a door to another system.
    "connection.allowed" ConnectionAllowed(ConnectionAllowed) about |f| f.connection.to_string();
    /// The door was closed.
    "connection.withdrawn" ConnectionWithdrawn(ConnectionWithdrawn) about |f| f.connection.to_string();
    /// A decision on exactly one digest was signed.
    "approval.signed" ApprovalSigned(ApprovalSigned) about |f| f.version.to_string();
    /// Whoever may answer a task was told again that it waits.
    "task.reminded" TaskReminded(TaskReminded) about |f| f.instance.to_string();
    /// Somebody else was told that a task is not answered.
    "task.escalated" TaskEscalated(TaskEscalated) about |f| f.instance.to_string();
    /// Somebody said something about a process.
    "comment.added" CommentAdded(CommentAdded) about |f| f.instance.to_string();
    /// A desk is carrying an effect out.
    "lease.taken" LeaseTaken(LeaseTaken) about |f| f.instance.to_string();
    /// A run was asked for.
    "run.requested" RunRequested(RunRequested) about |f| f.run.to_string();
    /// A run went on.
    "run.moved" RunMoved(RunMoved) about |f| f.run.to_string();
    /// Somebody wants a run stopped.
    "run.cancel-asked" RunCancelAsked(RunCancelAsked) about |f| f.run.to_string();
    /// What a migration put into a bucket was read back and equals its manifest.
    "migration.verified" MigrationVerified(MigrationVerified) about |f| f.run.to_string();
    /// Where the removal of what a run made stands.
    "run.cleaned" RunCleaned(RunCleaned) about |f| f.run.to_string();
    /// What lies in a bucket was compared with what was approved, and the answer changed.
    "migration.reconciled" MigrationReconciled(MigrationReconciled) about |f| f.run.to_string();
    /// A place where runs can go was named.
    "target.added" TargetAdded(TargetAdded) about |f| f.target.to_string();
    /// A target is no more.
    "target.removed" TargetRemoved(TargetRemoved) about |f| f.target.to_string();
    /// A resource in the cloud that no live run owns is being deleted, or is proven to be gone.
    "leftover.swept" LeftoverSwept(LeftoverSwept) about |f| f.resource.clone();
    /// Something is to be run again and again.
    "schedule.added" ScheduleAdded(ScheduleAdded) about |f| f.schedule.to_string();
    /// A time of a schedule was due, and was seen to.
    "schedule.fired" ScheduleFired(ScheduleFired) about |f| f.schedule.to_string();
    /// A schedule is no more.
    "schedule.removed" ScheduleRemoved(ScheduleRemoved) about |f| f.schedule.to_string();
    /// The shape of a cluster was named.
    "cluster-template.kept" ClusterTemplateKept(ClusterTemplateKept) about |f| f.template.to_string();
    /// A named shape is no more.
    "cluster-template.dropped" ClusterTemplateDropped(ClusterTemplateDropped) about |f| f.template.to_string();
    /// Members are told something.
    "notice.posted" NoticePosted(NoticePosted) about |f| f.notice.to_string();
    /// A version is watched.
    "monitor.defined" MonitorDefined(MonitorDefined) about |f| f.monitor.to_string();
    /// A monitor watches something else, or otherwise.
    "monitor.changed" MonitorChanged(MonitorChanged) about |f| f.monitor.to_string();
    /// A monitor watches no more.
    "monitor.retired" MonitorRetired(MonitorRetired) about |f| f.monitor.to_string();
    /// A performance report was computed.
    "report.recorded" ReportRecorded(ReportRecorded) about |f| f.report.to_string();
    /// A rule of a monitor fired.
    "alert.raised" AlertRaised(AlertRaised) about |f| f.alert.to_string();
    /// An alert stood unanswered for a day, and its people were told again.
    "alert.reminded" AlertReminded(AlertReminded) about |f| f.alert.to_string();
    /// An alert needs nothing more.
    "alert.settled" AlertSettled(AlertSettled) about |f| f.alert.to_string();
    /// Somebody decided whether a model is trained again.
    "retrain.decided" RetrainDecided(RetrainDecided) about |f| f.monitor.to_string();
}

/// `member.added`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberAdded {
    /// The name rules speak of.
    pub name: MemberName,
    /// How the person is called on screens.
    pub display_name: String,
    /// Mail address for notices.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<String>,
    /// Roles granted at once.
    pub roles: BTreeSet<Role>,
}

/// `roles.granted`, `roles.revoked`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RolesChanged {
    /// The member.
    pub member: MemberName,
    /// The roles.
    pub roles: BTreeSet<Role>,
}

/// `key.enrolled`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyEnrolled {
    /// The member.
    pub member: MemberName,
    /// The key.
    pub key: PublicKey,
    /// What the device is called.
    pub device: String,
}

/// `key.revoked`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyRevoked {
    /// The key.
    pub key: PublicKey,
    /// Why.
    pub reason: String,
    /// Position from which what it signed is suspect.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suspect_since: Option<u64>,
}

/// `project.created`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectCreated {
    /// Its identifier.
    pub project: ProjectId,
    /// Its name, unique in the workspace.
    pub name: ProjectName,
    /// What business problem it stands for.
    pub description: String,
    /// Typed properties (`function`, `targetLevel`, `targetVariable`, `targetEventValue`, `eventProbabilityVariable`, …).
    pub properties: std::collections::BTreeMap<String, String>,
}

/// `model.registered`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelRegistered {
    /// Its identifier.
    pub model: ModelId,
    /// The project.
    pub project: ProjectId,
    /// Its name, unique in the project.
    pub name: ModelName,
}

/// What a registered package is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageRecord {
    /// Root digest of its contents: what approvals sign. It is the digest of the list of its files' digests, which is
    /// itself a blob.
    pub root: Digest,
    /// Digest of the blob that holds what reading the package showed (variables, statistics, findings).
    pub reading: Digest,
    /// How many files.
    pub files: u32,
    /// How many bytes in all.
    pub size_bytes: u64,
    /// Algorithm, as the package says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub algorithm: Option<String>,
    /// Tool, as the package says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tool: Option<String>,
    /// Modeler, as the package says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub modeler: Option<String>,
    /// Findings that block registration unless waived, by identifier.
    pub blocking: BTreeSet<String>,
    /// Findings waived, with the reason.
    pub waived: std::collections::BTreeMap<String, String>,
}

/// `version.registered`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionRegistered {
    /// Its identifier.
    pub version: VersionId,
    /// The model.
    pub model: ModelId,
    /// Major number.
    pub major: u32,
    /// Minor number.
    pub minor: u32,
    /// The package.
    pub package: PackageRecord,
    /// The retraining that made it, for a version that nobody brought by hand.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by_run: Option<RunId>,
}

/// `version.replaced`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionReplaced {
    /// The version.
    pub version: VersionId,
    /// The new package.
    pub package: PackageRecord,
}

/// `champion.set`, `challenger.set`, `place.cleared`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// The project.
    pub project: ProjectId,
    /// The version.
    pub version: VersionId,
}

/// `definition.imported`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DefinitionImported {
    /// Its identifier.
    pub definition: DefinitionId,
    /// Its name; a name that exists gets a further number.
    pub name: String,
    /// Version of that name, from 1.
    pub number: u32,
    /// Digest of the document, exactly as it came.
    pub document: Digest,
}

/// What a call of a definition is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Answer with the project the process runs in.
    FindProject,
    /// Collect the version's exact files into a manifest.
    Build,
    /// Upload the manifest's files to the bucket, verify, mark ready.
    Migrate,
    /// Train on the target.
    Train,
    /// Score on the target.
    Score,
    /// Train again on the target, and register what comes of it.
    Retrain,
    /// Create the performance report.
    Report,
    /// Migrate the version to where the project's models are published.
    Publish,
    /// Turn the process to the version that an answer names.
    Choose,
    /// Turn the process back to the version it was about before the last retraining.
    Keep,
    /// Make the version the champion of its project.
    Champion,
    /// Tell people.
    Notify,
    /// Call the address through a named connection.
    Http,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 13] = [
        Self::FindProject,
        Self::Build,
        Self::Migrate,
        Self::Train,
        Self::Score,
        Self::Retrain,
        Self::Report,
        Self::Publish,
        Self::Choose,
        Self::Keep,
        Self::Champion,
        Self::Notify,
        Self::Http,
    ];

    /// Its name in commands.
    pub fn name(self) -> &'static str {
        match self {
            Self::FindProject => "find-project",
            Self::Build => "build",
            Self::Migrate => "migrate",
            Self::Train => "train",
            Self::Score => "score",
            Self::Retrain => "retrain",
            Self::Report => "report",
            Self::Publish => "publish",
            Self::Choose => "choose",
            Self::Keep => "keep",
            Self::Champion => "champion",
            Self::Notify => "notify",
            Self::Http => "http",
        }
    }
}

/// What a call is bound to, and which variables it reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// The action.
    pub action: Action,
    /// Variable that each of the action's inputs comes from (`bucket` of `migrate` from `BucketName`, for example).
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty", default)]
    pub inputs: std::collections::BTreeMap<String, String>,
    /// The connection that [`Action::Http`] goes through.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub connection: Option<ConnectionName>,
}

/// Which addresses a connection leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Public ones.
    Public,
    /// This machine and private networks, too.
    Private,
    /// Every one, also those where clouds keep a machine's credentials.
    Anywhere,
}

/// `connection.allowed`: where calls of processes may go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionAllowed {
    /// Its name; a name that exists is changed.
    pub connection: ConnectionName,
    /// Origin and path prefix: `https://models.example.com/api`.
    pub base: String,
    /// Methods.
    pub methods: BTreeSet<String>,
    /// Seconds a call may take.
    pub timeout_s: u32,
    /// Bytes an answer may have.
    pub answer_bytes_max: u32,
    /// Which addresses its host may have.
    pub reach: Reach,
    /// The header that carries its credential, which lies in the keychain of each desk that calls, under the connection's name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub credential_header: Option<String>,
}

/// `connection.withdrawn`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionWithdrawn {
    /// Its name.
    pub connection: ConnectionName,
    /// Why.
    pub reason: String,
}

/// A group or user of a definition, as written there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "name")]
pub enum Party {
    /// A group.
    Group(String),
    /// A person.
    User(String),
}

/// Whom a party means here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// Everybody who holds the role.
    Role(Role),
    /// One member.
    Member(MemberName),
}

/// `definition.bound`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DefinitionBound {
    /// The definition.
    pub definition: DefinitionId,
    /// What each call is bound to, by element.
    pub calls: std::collections::BTreeMap<String, Binding>,
    /// Whom each party means.
    pub parties: Vec<(Party, Meaning)>,
    /// User tasks whose answer is an approval: element and the variable that holds the answer.
    pub gates: std::collections::BTreeMap<String, String>,
    /// When user tasks that wait are spoken of again, by element; [`EVERY_TASK`] stands for those not named.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty", default)]
    pub reminders: std::collections::BTreeMap<String, Reminder>,
    /// The definition that each process it calls is in, where that is not itself.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty", default)]
    pub called: std::collections::BTreeMap<String, DefinitionId>,
}

/// The element of a [`Reminder`] that is meant for every user task without one of its own.
pub const EVERY_TASK: &str = "*";

/// When a user task that waits is spoken of again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// How long after it was offered whoever may answer it is told again, and how long after that once more.
    pub after: Period,
    /// How long after it was offered somebody else is told; a due time that passes does the same.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub escalate_after: Option<Period>,
    /// Who that is; the administrators where nobody is named.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub escalate_to: Option<Meaning>,
}

/// `task.reminded`: stands beside the notice it names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskReminded {
    /// The instance.
    pub instance: InstanceId,
    /// The task, as the engine numbers it.
    pub task: u64,
    /// The how-manieth reminder this is, from 1: two desks that remind at once do it once.
    pub round: u32,
    /// The notice.
    pub notice: NoticeId,
}

/// `task.escalated`: stands beside the notice it names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskEscalated {
    /// The instance.
    pub instance: InstanceId,
    /// The task, as the engine numbers it.
    pub task: u64,
    /// The notice.
    pub notice: NoticeId,
}

/// `instance.started`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstanceStarted {
    /// Its identifier.
    pub instance: InstanceId,
    /// The definition.
    pub definition: DefinitionId,
    /// The project it runs in.
    pub project: ProjectId,
    /// The version it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<VersionId>,
    /// Answers to the start prompts and further variables.
    pub variables: bpmn::engine::Variables,
    /// What it started by, where no person started it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub begun: Option<Begun>,
    /// Which process of its definition it is; the first that can be started where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub process: Option<String>,
}

/// `instance.moved`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstanceMoved {
    /// The instance.
    pub instance: InstanceId,
    /// What was done, in the engine's words. Who and when are the entry's own: nobody can act in another's name.
    pub act: bpmn::Act,
    /// What the person wrote beside it.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub note: String,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Yes.
    Approved,
    /// No.
    Rejected,
}

/// What the signer had seen of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Position of the head.
    pub position: u64,
    /// Running chain hash there, 64 hexadecimal digits.
    pub chain: String,
}

/// `approval.signed`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApprovalSigned {
    /// The gate: the element of the user task.
    pub gate: String,
    /// The task, as the engine numbers it.
    pub task: String,
    /// The instance.
    pub instance: InstanceId,
    /// The model.
    pub model: ModelId,
    /// The version.
    pub version: VersionId,
    /// Root digest of the package that was on the screen.
    pub package_root: Digest,
    /// Digests of the evidence that was on the screen.
    pub evidence: Vec<Digest>,
    /// The version of the definition whose task it was; approvals before rules version 5 do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<DefinitionId>,
    /// What was decided.
    pub decision: Verdict,
    /// Version of the policy it was decided under.
    pub policy_version: u32,
    /// What the signer wrote.
    pub note: String,
    /// What the signer had seen of the ledger.
    pub seen: Seen,
}

/// `comment.added`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommentAdded {
    /// The instance.
    pub instance: InstanceId,
    /// What was said.
    pub text: String,
}

/// `lease.taken`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeaseTaken {
    /// The instance.
    pub instance: InstanceId,
    /// Idempotency key of the effect.
    pub effect: String,
    /// Counts up by one each time the lease is taken.
    pub epoch: u32,
    /// Seconds it holds without progress.
    pub for_s: u32,
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// For information.
    Info,
    /// Something finished well.
    Success,
    /// Something needs a look.
    Warning,
    /// Something failed.
    Failure,
}

/// `notice.posted`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticePosted {
    /// Its identifier.
    pub notice: NoticeId,
    /// Members it is for; roles are resolved by whoever posts it.
    pub to: BTreeSet<MemberName>,
    /// Title, in English or as people wrote it.
    pub title: String,
    /// Text, in English or as people wrote it.
    pub body: String,
    /// The title in no language: `{"id", "values"}` of the message that says it, where a rule made it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title_said: Option<Value>,
    /// The text in no language, likewise.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub body_said: Option<Value>,
    /// Route it opens.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub link: Option<String>,
    /// How it is meant.
    pub level: Level,
    /// Whose desk sends it by mail to everybody it is for; without one every desk goes by its own settings.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mailed_by: Option<MemberName>,
}

fn names_in(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.parse::<ProjectId>().is_ok() => {
            found.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| names_in(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| names_in(value, found)),
        _ => {}
    }
}

const DOUBLE: &str = "$double";

/// Writes fractional numbers as `{"$double": "…"}`, in the shortest form that reads back to the same number.
fn without_fractions(value: Value) -> Value {
    match value {
        Value::Number(number) if !number.is_i64() && !number.is_u64() => {
            let mut object = Map::new();
            object.insert(DOUBLE.to_owned(), Value::String(number.to_string()));
            Value::Object(object)
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_fractions).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, without_fractions(value))).collect())
        }
        other => other,
    }
}

fn with_fractions(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            if fields.len() == 1
                && let Some(Value::String(text)) = fields.get(DOUBLE)
                && let Ok(number) = text.parse::<f64>()
                && let Some(number) = serde_json::Number::from_f64(number)
            {
                return Value::Number(number);
            }
            Value::Object(fields.into_iter().map(|(name, value)| (name, with_fractions(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(with_fractions).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fractions_never_reach_the_ledger_and_come_back_the_same() {
        let body = json!({"a": 0.1, "b": [1, 2.5e300, {"c": -0.0}], "d": "0.5"});
        let written = without_fractions(body.clone());
        assert_eq!(written["a"], json!({"$double": "0.1"}));
        assert!(!written.to_string().contains("0.1,"));
        assert_eq!(with_fractions(written), body);
    }

    #[test]
    fn a_kind_from_the_future_is_kept_as_it_stands() {
        let body = json!({"x": {"$double": "0.5"}});
        let fact = Fact::read("model.sold", body.clone()).unwrap();
        assert_eq!(fact.kind(), "model.sold");
        assert_eq!(fact.body(), body);
    }
}
