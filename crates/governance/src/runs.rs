//! Runs and migrations: intents before calls, a total state machine, and no success without proof.

pub mod schedules;
mod targets;
mod templates;

pub use targets::{SANDBOX, Sweep, Target};
pub use templates::ClusterTemplate;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fact::{
    Cause, Cleanup, LeaseTaken, MigrationReconciled, MigrationVerified, ObjectDiffers, OutputFound, Price,
    RunCancelAsked, RunCleaned, RunKind, RunMoved, RunRequested, RunState, Verdict,
};
use crate::names::{Digest, InstanceId, MemberName, ProjectId, RunId, VersionId};
use crate::refusal::{Phrase, Refusal};
use crate::roles::Deed;
use crate::state::{Decision, State};

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its identifier.
    pub id: RunId,
    /// What it does.
    pub kind: RunKind,
    /// The project.
    pub project: ProjectId,
    /// The version.
    pub version: VersionId,
    /// Root digest of the package it works on.
    pub root: Digest,
    /// Where it runs.
    pub target: String,
    /// Bucket it reads and writes.
    pub bucket: String,
    /// The deterministic name that the engine knows it by.
    pub key: String,
    /// What set it off.
    pub cause: Option<Cause>,
    /// Seconds after which it has failed.
    pub deadline_s: u32,
    /// Where it is.
    pub state: RunState,
    /// The states it went through.
    pub stages: Vec<Stage>,
    /// Outputs found.
    pub outputs: Vec<OutputFound>,
    /// Metrics it wrote.
    pub metrics: BTreeMap<String, f64>,
    /// Its log.
    pub log: Option<Digest>,
    /// Who wants it stopped.
    pub cancel_asked: Option<MemberName>,
    /// Who asked for it.
    pub requested_by: MemberName,
    /// When.
    pub requested_at: jiff::Timestamp,
    /// When it ended.
    pub ended_at: Option<jiff::Timestamp>,
    /// Where the cloud's services are for it, where that is not Google.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Further arguments for the script.
    #[serde(default)]
    pub args: Vec<String>,
    /// Spark properties.
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
    /// The same thing as a command line for people.
    #[serde(default)]
    pub command: Option<String>,
    /// What it runs on, as the engine names it.
    #[serde(default)]
    pub runtime: Vec<String>,
    /// Where the removal of what it made stands.
    #[serde(default)]
    pub cleanup: Cleanup,
    /// What was last observed of that.
    #[serde(default)]
    pub cleanup_detail: String,
    /// Since when it stands there.
    #[serde(default)]
    pub cleanup_at: Option<jiff::Timestamp>,
    /// What it was expected to cost.
    #[serde(default)]
    pub estimate: Option<Price>,
    /// What it cost.
    #[serde(default)]
    pub cost: Option<Price>,
    /// Whether it may remove what lies where a version is to be and was never part of one.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub remove_foreign: bool,
}

impl Run {
    /// A run as it is when it is asked for.
    pub fn asked(fact: &RunRequested, project: ProjectId, by: MemberName, at: jiff::Timestamp) -> Self {
        Self {
            id: fact.run.clone(),
            kind: fact.kind,
            project,
            version: fact.version.clone(),
            root: fact.root.clone(),
            target: fact.target.clone(),
            bucket: fact.bucket.clone(),
            key: fact.key.clone(),
            cause: fact.cause.clone(),
            deadline_s: fact.deadline_s,
            state: RunState::Requested,
            stages: vec![Stage { state: RunState::Requested, at, detail: String::new() }],
            outputs: Vec::new(),
            metrics: BTreeMap::new(),
            log: None,
            cancel_asked: None,
            requested_by: by,
            requested_at: at,
            ended_at: None,
            endpoint: fact.endpoint.clone(),
            args: fact.args.clone(),
            properties: fact.properties.clone(),
            command: None,
            runtime: Vec::new(),
            cleanup: Cleanup::NotNeeded,
            cleanup_detail: String::new(),
            cleanup_at: None,
            estimate: fact.estimate.clone(),
            cost: None,
            remove_foreign: fact.remove_foreign,
        }
    }

    /// Whether nothing is left to do: it has ended, and nothing it made is there any more.
    pub fn closed(&self) -> bool {
        self.state.ended() && self.cleanup.closes()
    }
}

/// A state a run went through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// The state.
    pub state: RunState,
    /// When it was entered.
    pub at: jiff::Timestamp,
    /// What was observed.
    pub detail: String,
}

/// A verified migration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migration {
    /// The run that carried it.
    pub run: RunId,
    /// The version.
    pub version: VersionId,
    /// Root digest of the package.
    pub root: Digest,
    /// The bucket.
    pub bucket: String,
    /// Digest of `_READY.json` as read back.
    pub ready: Digest,
    /// How many objects.
    pub objects: u32,
    /// When.
    pub at: jiff::Timestamp,
    /// Where the cloud's services are, where that is not Google.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// How what lies there was last found to differ from what was approved; nothing while it does not.
    #[serde(default)]
    pub differs: Vec<ObjectDiffers>,
}

/// Somebody is carrying an effect out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Idempotency key of the effect.
    pub effect: String,
    /// The instance.
    pub instance: InstanceId,
    /// Who.
    pub holder: MemberName,
    /// How often it was taken.
    pub epoch: u32,
    /// When it was taken, by the clock of the entry.
    pub taken_at: jiff::Timestamp,
    /// Until when it holds.
    pub until: jiff::Timestamp,
}

/// Whether a run's cause is this effect: its first attempt carries the effect's key, a later one the key and `#` and its
/// number.
pub fn is_attempt_at(cause: &str, effect: &str) -> bool {
    cause.strip_prefix(effect).is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
}

impl State {
    /// The run of that identifier.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when there is none.
    pub fn run(&self, id: &RunId) -> Result<&Run, Refusal> {
        self.runs.get(id).ok_or_else(|| Refusal::Unknown { noun: "run", id: id.to_string() })
    }

    /// The run that the engine knows by this name, if it was asked for.
    pub fn run_with_key(&self, key: &str) -> Option<&Run> {
        self.run_keys.get(key).and_then(|id| self.runs.get(id))
    }

    /// Whether as many persons as the policy asks for approved exactly this digest of the version, and no later decision on
    /// it took that back.
    pub fn approved(&self, version: &VersionId, root: &Digest) -> bool {
        self.approvals
            .rows()
            .filter(|approval| {
                approval.decides && approval.version == *version && approval.package_root == *root
            })
            .max_by_key(|approval| approval.position)
            .is_some_and(|approval| approval.decision == Verdict::Approved)
    }

    /// The latest migration of exactly this digest of the version, anywhere or to one place: a bucket at an endpoint.
    pub fn migration(
        &self,
        version: &VersionId,
        root: &Digest,
        place: Option<(&str, Option<&str>)>,
    ) -> Option<&Migration> {
        self.migrations
            .rows()
            .filter(|migration| migration.version == *version && migration.root == *root)
            .filter(|migration| {
                place.is_none_or(|(bucket, endpoint)| {
                    migration.bucket == bucket && migration.endpoint.as_deref() == endpoint
                })
            })
            .max_by_key(|migration| (migration.at, migration.run.clone()))
    }

    pub(crate) fn request_run(&mut self, decision: &Decision, fact: &RunRequested) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RequestRun)?;
        if self.runs.has(&fact.run) {
            return Err(Refusal::Exists { noun: "run", id: fact.run.to_string() });
        }
        if let Some(run) = self.run_with_key(&fact.key) {
            return Err(Refusal::Exists { noun: "run-with-this-key", id: run.id.to_string() });
        }
        let version = self.version(&fact.version)?;
        if version.package.root != fact.root {
            return Err(Refusal::PackageChanged {
                seen: fact.root.clone(),
                now: version.package.root.clone(),
            });
        }
        // No migration, and nothing that follows from one, without an approval of exactly these contents.
        if !self.approved(&fact.version, &fact.root) {
            return Err(Refusal::NotApproved { what: deed_of(fact.kind), digest: fact.root.clone() });
        }
        if fact.kind != RunKind::Migrate
            && self
                .migration(&fact.version, &fact.root, Some((&fact.bucket, fact.endpoint.as_deref())))
                .is_none()
        {
            return Err(Refusal::MigrationMismatch {
                what: Phrase::new("not-migrated-there").with("bucket", &fact.bucket),
            });
        }
        let project = version.project.clone();
        self.check_run_place(fact)?;
        self.run_keys.put(fact.key.clone(), fact.run.clone());
        self.runs.put(fact.run.clone(), Run::asked(fact, project, decision.person.clone(), decision.at));
        Ok(())
    }

    pub(crate) fn move_run(&mut self, decision: &Decision, fact: &RunMoved) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RequestRun)?;
        let run = self.run(&fact.run)?;
        let forward = fact.state.ended() || fact.state > run.state;
        if run.state.ended() || !forward {
            return Err(Refusal::RunTransition {
                run: fact.run.to_string(),
                from: run.state.name().to_owned(),
                to: fact.state.name().to_owned(),
            });
        }
        if fact.state == RunState::Succeeded {
            // Success is verified output, never an exit code alone.
            let unproven = fact.outputs.iter().find(|output| output.problem.is_some());
            if let Some(output) = unproven {
                return Err(Refusal::NotVerified {
                    run: fact.run.to_string(),
                    what: Phrase::new("output-not-verified").with("output", &output.name),
                });
            }
            let proven = match run.kind {
                RunKind::Migrate => self.migrations.has(&fact.run),
                RunKind::Train | RunKind::Score | RunKind::Retrain => {
                    !fact.outputs.is_empty() && run.state == RunState::Verifying
                }
            };
            if !proven {
                return Err(Refusal::NotVerified {
                    run: fact.run.to_string(),
                    what: Phrase::new("nothing-verified"),
                });
            }
        }
        self.runs.edit(&fact.run, |run| {
            run.state = fact.state;
            run.stages.push(Stage { state: fact.state, at: decision.at, detail: fact.detail.clone() });
            if !fact.outputs.is_empty() {
                run.outputs.clone_from(&fact.outputs);
            }
            if !fact.metrics.is_empty() {
                run.metrics.clone_from(&fact.metrics);
            }
            if fact.log.is_some() {
                run.log.clone_from(&fact.log);
            }
            if fact.command.is_some() {
                run.command.clone_from(&fact.command);
            }
            if !fact.runtime.is_empty() {
                run.runtime.clone_from(&fact.runtime);
            }
            if fact.state.ended() {
                run.ended_at = Some(decision.at);
            }
        });
        Ok(())
    }

    pub(crate) fn ask_cancel(&mut self, decision: &Decision, fact: &RunCancelAsked) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RequestRun)?;
        let run = self.run(&fact.run)?;
        if run.state.ended() || run.cancel_asked.is_some() {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("already-ending").with("state", run.state.name()),
            });
        }
        self.runs.edit(&fact.run, |run| run.cancel_asked = Some(decision.person.clone()));
        Ok(())
    }

    pub(crate) fn verify_migration(
        &mut self,
        decision: &Decision,
        fact: &MigrationVerified,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RequestRun)?;
        let run = self.run(&fact.run)?;
        if run.kind != RunKind::Migrate || run.state != RunState::Verifying {
            return Err(Refusal::MigrationMismatch {
                what: Phrase::new("run-not-verifying-migration").with("run", &run.id),
            });
        }
        if run.version != fact.version || run.root != fact.root || run.bucket != fact.bucket {
            return Err(Refusal::MigrationMismatch {
                what: Phrase::new("run-for-another").with("run", &run.id),
            });
        }
        let version = self.version(&fact.version)?;
        if version.package.root != fact.root {
            return Err(Refusal::PackageChanged {
                seen: fact.root.clone(),
                now: version.package.root.clone(),
            });
        }
        if fact.read_back != fact.root {
            return Err(Refusal::MigrationMismatch {
                what: Phrase::new("read-back-differs")
                    .with("read_back", &fact.read_back)
                    .with("approved", &fact.root),
            });
        }
        if !self.approved(&fact.version, &fact.root) {
            return Err(Refusal::NotApproved { what: deed_of(RunKind::Migrate), digest: fact.root.clone() });
        }
        let endpoint = run.endpoint.clone();
        self.migrations.put(
            fact.run.clone(),
            Migration {
                run: fact.run.clone(),
                version: fact.version.clone(),
                root: fact.root.clone(),
                bucket: fact.bucket.clone(),
                ready: fact.ready.clone(),
                objects: fact.objects,
                at: decision.at,
                endpoint,
                differs: Vec::new(),
            },
        );
        Ok(())
    }

    pub(crate) fn clean_run(&mut self, decision: &Decision, fact: &RunCleaned) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RequestRun)?;
        let run = self.run(&fact.run)?;
        if !run.cleanup.may_become(fact.cleanup) {
            return Err(Refusal::RunTransition {
                run: fact.run.to_string(),
                from: run.cleanup.name().to_owned(),
                to: fact.cleanup.name().to_owned(),
            });
        }
        // Nothing is proven to be gone while the job may still run.
        if fact.cleanup == Cleanup::Proven && run.state < RunState::Verifying {
            return Err(Refusal::NotVerified {
                run: fact.run.to_string(),
                what: Phrase::new("run-not-ended").with("state", run.state.name()),
            });
        }
        self.runs.edit(&fact.run, |run| {
            run.cleanup = fact.cleanup;
            run.cleanup_detail.clone_from(&fact.detail);
            run.cleanup_at = Some(decision.at);
            if fact.cost.is_some() {
                run.cost.clone_from(&fact.cost);
            }
        });
        Ok(())
    }

    pub(crate) fn reconcile_migration(
        &mut self,
        decision: &Decision,
        fact: &MigrationReconciled,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RequestRun)?;
        let migration = self
            .migrations
            .get(&fact.run)
            .ok_or_else(|| Refusal::Unknown { noun: "migration", id: fact.run.to_string() })?;
        if migration.differs == fact.differs {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("found-that").with("bucket", &migration.bucket),
            });
        }
        self.migrations.edit(&fact.run, |migration| migration.differs.clone_from(&fact.differs));
        Ok(())
    }

    pub(crate) fn take_lease(&mut self, decision: &Decision, fact: &LeaseTaken) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::CarryOut)?;
        self.instance(&fact.instance)?;
        let epoch = match self.leases.get(&fact.effect) {
            None => 1,
            Some(lease) if lease.holder != decision.person && lease.until > decision.at => {
                return Err(Refusal::LeaseHeld {
                    holder: lease.holder.clone(),
                    until: lease.until.to_string(),
                });
            }
            Some(lease) => lease.epoch + 1,
        };
        if fact.epoch != epoch {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("already-leased").with("epoch", epoch - 1),
            });
        }
        let until = decision
            .at
            .checked_add(jiff::SignedDuration::from_secs(i64::from(fact.for_s)))
            .unwrap_or(decision.at);
        self.leases.put(
            fact.effect.clone(),
            Lease {
                effect: fact.effect.clone(),
                instance: fact.instance.clone(),
                holder: decision.person.clone(),
                epoch,
                taken_at: decision.at,
                until,
            },
        );
        Ok(())
    }
}

fn deed_of(kind: RunKind) -> Phrase {
    Phrase::new(match kind {
        RunKind::Migrate => "to-migrate",
        RunKind::Train => "to-train",
        RunKind::Score => "to-score",
        RunKind::Retrain => "to-retrain",
    })
}
