//! What stands: the fold of all admitted decisions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fact::{ApprovalSigned, CommentAdded, Fact, NoticePosted};
use crate::monitoring::{Alert, Monitor, Report, RetrainDecision};
use crate::names::{
    AlertId, ConnectionName, DefinitionId, Digest, FactId, InstanceId, MemberName, ModelId, MonitorId,
    NoticeId, ProjectId, PublicKey, ReportId, RunId, ScheduleId, SelfStartId, TargetName, TemplateName,
    VersionId,
};
use crate::people::{Key, Member};
use crate::policy::Policy;
use crate::refusal::{Phrase, Refusal};
use crate::registry::{Model, Project, Version};
use crate::roles::{Deed, Role};
use crate::runs::schedules::Schedule;
use crate::runs::{ClusterTemplate, Lease, Migration, Run, Sweep, Target};
use crate::table::Table;
use crate::workflow::{Approval, Comment, Connection, Definition, Instance, OpenTask, SelfStart};

/// The facts of one signed entry, with who signed them and when.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Position of the entry.
    pub position: u64,
    /// Who signed.
    pub person: MemberName,
    /// With which key.
    pub key: PublicKey,
    /// When, by the author's clock.
    pub at: Timestamp,
    /// Version of the rules it was written under.
    pub rules_version: u32,
    /// The facts, in order.
    pub facts: Vec<Stated>,
}

/// A fact with its identifier.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// Its identifier.
    pub id: FactId,
    /// The fact.
    pub fact: Fact,
}

/// What the founding document says.
#[derive(Clone, Debug)]
pub struct Founding {
    /// What people call the workspace.
    pub name: String,
    /// The founders: name, how they are called, key.
    pub founders: Vec<(MemberName, String, PublicKey)>,
    /// The policy they signed.
    pub policy: Policy,
    /// When.
    pub at: Timestamp,
}

/// A row that a decision changed: `row` is its new form, or nothing where it is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// Which table.
    pub table: &'static str,
    /// Which row.
    pub key: String,
    /// What it is now.
    pub row: Option<Value>,
}

/// A notice to members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// What was posted.
    pub posted: NoticePosted,
    /// When.
    pub at: Timestamp,
    /// Position of the entry.
    pub position: u64,
}

/// The workspace as the founding document and the entries made it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// What people call it.
    pub name: String,
    /// The policy in force.
    #[serde(default)]
    pub policy: Policy,
    /// Position of the first entry this program is too old for.
    pub newer_at: Option<u64>,
}

macro_rules! tables {
    ($($(#[$doc:meta])* $field:ident: $key:ty => $row:ty;)*) => {
        /// Everything that stands at one position.
        #[derive(Clone, Debug, Default)]
        pub struct State {
            $($(#[$doc])* pub $field: Table<$key, $row>,)*
            /// Definitions by the digest of their document, as far as they were needed. Not part of what stands: the
            /// documents are blobs, and reading one gives the same definition everywhere.
            documents: BTreeMap<Digest, Result<Arc<bpmn::Definition>, bpmn::Sentence>>,
        }

        impl State {
            /// The tables, by name.
            pub const TABLES: &[&str] = &[$(stringify!($field)),*];

            fn revert(&mut self) {
                $(self.$field.revert();)*
            }

            fn accept(&mut self) -> Vec<Changed> {
                let mut changed = Vec::new();
                $(
                    for key in self.$field.accept().collect::<Vec<_>>() {
                        changed.push(Changed {
                            table: stringify!($field),
                            row: self.$field.get(&key).map(|row| serde_json::to_value(row).unwrap_or(Value::Null)),
                            key: AsRef::<str>::as_ref(&key).to_owned(),
                        });
                    }
                )*
                changed
            }

            /// Every row there is, table by table, in the order of keys: what two desks compare.
            pub fn all_rows(&self) -> impl Iterator<Item = Changed> + '_ {
                let none = std::iter::empty::<Changed>();
                $(let none = none.chain(self.$field.iter().map(|(key, row)| Changed {
                    table: stringify!($field),
                    key: AsRef::<str>::as_ref(key).to_owned(),
                    row: serde_json::to_value(row.as_ref()).ok(),
                }));)*
                none
            }

            /// Puts a row back that a cache kept.
            ///
            /// # Errors
            /// When the table is not known or the row is not of its shape: the cache is then rebuilt.
            pub fn restore(&mut self, table: &str, key: &str, row: Value) -> Result<(), String> {
                match table {
                    $(stringify!($field) => self.$field.restore(parse_key(key)?, parse_row(row)?),)*
                    _ => return Err(format!("no table `{table}`")),
                }
                Ok(())
            }
        }
    };
}

fn parse_key<K: TryFrom<String>>(key: &str) -> Result<K, String> {
    K::try_from(key.to_owned()).map_err(|_| format!("`{key}` is no key"))
}

fn parse_row<R: DeserializeOwned>(row: Value) -> Result<R, String> {
    serde_json::from_value(row).map_err(|cause| cause.to_string())
}

tables! {
    /// The workspace: one row, `workspace`.
    workspace: String => Workspace;
    /// Positions of facts, by identifier.
    facts: FactId => u64;
    /// Members.
    members: MemberName => Member;
    /// Keys.
    keys: PublicKey => Key;
    /// Projects.
    projects: ProjectId => Project;
    /// Projects by name.
    project_names: String => ProjectId;
    /// Models.
    models: ModelId => Model;
    /// Models by project and name.
    model_names: String => ModelId;
    /// Versions.
    versions: VersionId => Version;
    /// Definitions.
    definitions: DefinitionId => Definition;
    /// Connections to other systems.
    connections: ConnectionName => Connection;
    /// Processes that start by themselves.
    self_starts: SelfStartId => SelfStart;
    /// Instances.
    instances: InstanceId => Instance;
    /// Open user tasks of all instances, by instance and number.
    tasks: String => OpenTask;
    /// Approvals, by the fact that signed them.
    approvals: FactId => Approval;
    /// Comments, by fact.
    comments: FactId => Comment;
    /// Leases, by effect.
    leases: String => Lease;
    /// Runs.
    runs: RunId => Run;
    /// Runs by the name the engine knows them by.
    run_keys: String => RunId;
    /// Verified migrations, by run.
    migrations: RunId => Migration;
    /// Targets that were named.
    targets: TargetName => Target;
    /// Targets that were taken away, the latest of each place: what a run left there may still be there.
    former_targets: String => Target;
    /// Resources that were swept, by full name.
    sweeps: String => Sweep;
    /// Schedules.
    schedules: ScheduleId => Schedule;
    /// Shapes of clusters.
    cluster_templates: TemplateName => ClusterTemplate;
    /// Notices.
    notices: NoticeId => Notice;
    /// Monitors.
    monitors: MonitorId => Monitor;
    /// Performance reports.
    reports: ReportId => Report;
    /// Alerts.
    alerts: AlertId => Alert;
    /// Decisions on retraining, by the fact that took them.
    retrain_decisions: FactId => RetrainDecision;
}

const WORKSPACE: &str = "workspace";

impl State {
    /// The state the founding document makes: the founders hold every role, which the shells say.
    pub fn found(founding: &Founding) -> (Self, Vec<Changed>) {
        let mut state = Self::default();
        state.workspace.put(
            WORKSPACE.to_owned(),
            Workspace { name: founding.name.clone(), policy: founding.policy.clone(), newer_at: None },
        );
        for (name, display_name, key) in &founding.founders {
            state.members.put(
                name.clone(),
                Member {
                    name: name.clone(),
                    display_name: display_name.clone(),
                    email: None,
                    roles: Role::ALL.into_iter().filter(|role| *role != Role::Agent).collect(),
                    since: 0,
                },
            );
            state.keys.put(
                key.clone(),
                Key {
                    key: key.clone(),
                    member: name.clone(),
                    device: "the founding desk".to_owned(),
                    enrolled_at: 0,
                    enrolled_by: name.clone(),
                    valid_from: Some(0),
                    revoked_at: None,
                    suspect_since: None,
                },
            );
        }
        let changed = state.accept();
        (state, changed)
    }

    /// The workspace's own row.
    pub fn workspace_row(&self) -> Workspace {
        self.workspace.get(WORKSPACE).cloned().unwrap_or_default()
    }

    /// Digests of the documents that judging these facts needs and that were not handed in yet.
    pub fn needs(&self, facts: &[Stated]) -> Vec<Digest> {
        let of_definition =
            |id: &DefinitionId| self.definitions.get(id).map(|definition| definition.document.clone());
        let mut needed = BTreeSet::new();
        for stated in facts {
            match &stated.fact {
                Fact::DefinitionImported(fact) => {
                    needed.insert(fact.document.clone());
                }
                Fact::DefinitionBound(fact) => {
                    let ids = [&fact.definition].into_iter().chain(fact.called.values());
                    needed.extend(ids.filter_map(of_definition));
                }
                Fact::InstanceStarted(fact) => {
                    needed.extend(self.reached(&fact.definition).iter().filter_map(of_definition));
                }
                Fact::StartArmed(fact) => {
                    needed.extend(self.reached(&fact.definition).iter().filter_map(of_definition));
                }
                Fact::InstanceMoved(fact) => {
                    needed.extend(self.runs_on(&fact.instance).filter_map(of_definition));
                }
                Fact::InstanceTurned(fact) => {
                    needed.extend(self.runs_on(&fact.instance).filter_map(of_definition));
                }
                Fact::InstanceMigrated(fact) => {
                    needed.extend(self.runs_on(&fact.instance).filter_map(of_definition));
                    needed.extend(self.reached(&fact.definition).iter().filter_map(of_definition));
                }
                _ => {}
            }
        }
        needed.into_iter().filter(|digest| !self.documents.contains_key(digest)).collect()
    }

    /// Hands in a document that [`State::needs`] asked for. The caller has checked its digest.
    pub fn learn(&mut self, digest: Digest, document: &[u8]) {
        let definition = bpmn::Definition::parse(document).map(Arc::new).map_err(|cause| cause.sentence());
        self.documents.insert(digest, definition);
    }

    /// The definition read from a document that was handed in.
    ///
    /// # Errors
    /// [`Refusal::BadDocument`] when it was not, or cannot be read.
    pub fn document(&self, digest: &Digest) -> Result<&Arc<bpmn::Definition>, Refusal> {
        match self.documents.get(digest) {
            Some(Ok(definition)) => Ok(definition),
            Some(Err(why)) => Err(Refusal::BadDocument { digest: digest.clone(), why: Phrase::found(why) }),
            None => {
                Err(Refusal::BadDocument { digest: digest.clone(), why: Phrase::new("document-not-at-hand") })
            }
        }
    }

    /// Judges a decision: applies all of its facts, or none.
    ///
    /// # Errors
    /// The rule that stood in the way. The state is then what it was.
    pub fn admit(&mut self, decision: &Decision) -> Result<Vec<Changed>, Refusal> {
        match self.apply(decision) {
            Ok(()) => Ok(self.accept()),
            Err(refusal) => {
                self.revert();
                Err(refusal)
            }
        }
    }

    /// Judges a decision without applying it: what a person is told before anything is signed.
    ///
    /// # Errors
    /// The rule that stands in the way.
    pub fn would_admit(&mut self, decision: &Decision) -> Result<(), Refusal> {
        let judged = self.apply(decision);
        self.revert();
        judged
    }

    /// Notes that an entry needs a newer program. It changes nothing else here.
    pub fn outgrown(&mut self, position: u64) -> Vec<Changed> {
        self.workspace.edit(&WORKSPACE.to_owned(), |row| row.newer_at = row.newer_at.or(Some(position)));
        self.accept()
    }

    fn apply(&mut self, decision: &Decision) -> Result<(), Refusal> {
        if decision.rules_version > crate::RULES_VERSION {
            return Err(Refusal::RulesNewer { needs: decision.rules_version, has: crate::RULES_VERSION });
        }
        self.check_author(decision)?;
        for stated in &decision.facts {
            if let Some(at) = self.facts.get(&stated.id) {
                return Err(Refusal::RecordedAlready { id: stated.id.clone(), at: *at });
            }
            self.facts.put(stated.id.clone(), decision.position);
            self.apply_fact(decision, stated)?;
        }
        self.list_tasks_anew(decision);
        Ok(())
    }

    fn apply_fact(&mut self, decision: &Decision, stated: &Stated) -> Result<(), Refusal> {
        match &stated.fact {
            Fact::MemberAdded(fact) => self.add_member(decision, fact),
            Fact::RolesGranted(fact) => self.grant_roles(decision, fact),
            Fact::RolesRevoked(fact) => self.revoke_roles(decision, fact),
            Fact::KeyEnrolled(fact) => self.enrol_key(decision, fact),
            Fact::KeyRevoked(fact) => self.revoke_key(decision, fact),
            Fact::ProjectCreated(fact) => self.create_project(decision, fact),
            Fact::ModelRegistered(fact) => self.register_model(decision, fact),
            Fact::VersionRegistered(fact) => self.register_version(decision, fact),
            Fact::VersionReplaced(fact) => self.replace_version(decision, fact),
            Fact::ChampionSet(fact) => self.set_champion(decision, fact),
            Fact::ChallengerSet(fact) => self.set_challenger(decision, fact),
            Fact::PlaceCleared(fact) => self.clear_place(decision, fact),
            Fact::DefinitionImported(fact) => self.import_definition(decision, fact),
            Fact::DefinitionBound(fact) => self.bind_definition(decision, fact),
            Fact::DefinitionDisabled(fact) => self.disable_definition(decision, fact),
            Fact::DefinitionEnabled(fact) => self.enable_definition(decision, fact),
            Fact::InstanceStarted(fact) => self.start_instance(decision, fact),
            Fact::StartArmed(fact) => self.arm_start(decision, fact),
            Fact::StartPassed(fact) => self.pass_start(decision, fact),
            Fact::StartDisarmed(fact) => self.disarm_start(decision, fact),
            Fact::InstanceMoved(fact) => self.move_instance(decision, fact),
            Fact::InstanceMigrated(fact) => self.migrate_instance(decision, fact),
            Fact::InstanceTurned(fact) => self.turn_instance(decision, fact),
            Fact::ConnectionAllowed(fact) => self.allow_connection(decision, fact),
            Fact::ConnectionWithdrawn(fact) => self.withdraw_connection(decision, fact),
            Fact::ApprovalSigned(fact) => self.sign_approval(decision, &stated.id, fact),
            Fact::TaskReminded(fact) => self.remind_task(decision, fact),
            Fact::TaskEscalated(fact) => self.escalate_task(decision, fact),
            Fact::CommentAdded(fact) => self.add_comment(decision, &stated.id, fact),
            Fact::LeaseTaken(fact) => self.take_lease(decision, fact),
            Fact::RunRequested(fact) => self.request_run(decision, fact),
            Fact::RunMoved(fact) => self.move_run(decision, fact),
            Fact::RunCancelAsked(fact) => self.ask_cancel(decision, fact),
            Fact::MigrationVerified(fact) => self.verify_migration(decision, fact),
            Fact::RunCleaned(fact) => self.clean_run(decision, fact),
            Fact::MigrationReconciled(fact) => self.reconcile_migration(decision, fact),
            Fact::TargetAdded(fact) => self.add_target(decision, fact),
            Fact::TargetRemoved(fact) => self.remove_target(decision, fact),
            Fact::LeftoverSwept(fact) => self.sweep_leftover(decision, fact),
            Fact::ScheduleAdded(fact) => self.add_schedule(decision, fact),
            Fact::ScheduleFired(fact) => self.fire_schedule(decision, fact),
            Fact::ScheduleRemoved(fact) => self.remove_schedule(decision, fact),
            Fact::ClusterTemplateKept(fact) => self.keep_cluster_template(decision, fact),
            Fact::ClusterTemplateDropped(fact) => self.drop_cluster_template(decision, fact),
            Fact::NoticePosted(fact) => self.post_notice(decision, fact),
            Fact::MonitorDefined(fact) => self.define_monitor(decision, fact),
            Fact::MonitorChanged(fact) => self.change_monitor(decision, fact),
            Fact::MonitorRetired(fact) => self.retire_monitor(decision, fact),
            Fact::ReportRecorded(fact) => self.record_report(decision, fact),
            Fact::AlertRaised(fact) => self.raise_alert(decision, fact),
            Fact::AlertReminded(fact) => self.remind_alert(decision, fact),
            Fact::AlertSettled(fact) => self.settle_alert(decision, fact),
            Fact::RetrainDecided(fact) => self.decide_retrain(decision, &stated.id, fact),
            Fact::Unknown { kind, .. } => Err(Refusal::KindNewer { kind: kind.clone() }),
        }
    }

    fn post_notice(&mut self, decision: &Decision, fact: &NoticePosted) -> Result<(), Refusal> {
        self.member(&decision.person)?;
        if self.notices.has(&fact.notice) {
            return Err(Refusal::Exists { noun: "notice", id: fact.notice.to_string() });
        }
        for member in &fact.to {
            self.member(member)?;
        }
        let notice = Notice { posted: fact.clone(), at: decision.at, position: decision.position };
        self.notices.put(fact.notice.clone(), notice);
        Ok(())
    }

    fn add_comment(&mut self, decision: &Decision, id: &FactId, fact: &CommentAdded) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::Comment)?;
        self.instance(&fact.instance)?;
        let comment = Comment {
            instance: fact.instance.clone(),
            member: decision.person.clone(),
            text: fact.text.clone(),
            at: decision.at,
        };
        self.comments.put(id.clone(), comment);
        Ok(())
    }

    fn sign_approval(
        &mut self,
        decision: &Decision,
        id: &FactId,
        fact: &ApprovalSigned,
    ) -> Result<(), Refusal> {
        let decides = self.check_approval(decision, fact)?;
        let approval = Approval {
            member: decision.person.clone(),
            at: decision.at,
            position: decision.position,
            gate: fact.gate.clone(),
            decides,
            instance: fact.instance.clone(),
            version: fact.version.clone(),
            package_root: fact.package_root.clone(),
            decision: fact.decision,
            note: fact.note.clone(),
        };
        self.approvals.put(id.clone(), approval);
        if !decides {
            self.note_signature(decision, fact);
        }
        Ok(())
    }
}
