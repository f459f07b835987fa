//! Places where runs can go, and what runs left behind there.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fact::{
    Cause, LeftoverSwept, Price, RunKind, RunRequested, SweepState, TargetAdded, TargetKind, TargetRemoved,
};
use crate::names::{MemberName, TargetName};
use crate::refusal::{Phrase, Refusal};
use crate::roles::Deed;
use crate::state::{Decision, State};

use super::templates::check_limits;

/// The endpoint of a rehearsal: the sandbox of the desk that asked.
pub const SANDBOX: &str = "sandbox";

/// Services of a target that have an address of their own, at the most.
const SERVICES_MAX: usize = 16;

/// Targets every workspace has without naming them: Spark on this machine, and the buckets a migration goes to.
const BUILT_IN: [&str; 2] = ["local-spark", "bucket"];

/// A target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// What was said of it.
    pub added: TargetAdded,
    /// Who named it.
    pub by: MemberName,
    /// When.
    pub at: jiff::Timestamp,
}

/// A resource that was swept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// The name of the run it was made for, as its label says.
    pub key: String,
    /// How far its removal has come.
    pub state: SweepState,
    /// What it cost.
    pub cost: Option<Price>,
    /// Where the services are, where that is not Google.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Who wanted it gone.
    pub by: MemberName,
    /// When.
    pub at: jiff::Timestamp,
}

impl State {
    pub(crate) fn add_target(&mut self, decision: &Decision, fact: &TargetAdded) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::ManageTargets)?;
        let name = &fact.target;
        if BUILT_IN.contains(&name.as_str()) || self.targets.has(name) {
            return Err(Refusal::NameTaken { noun: "target", name: name.to_string() });
        }
        let refuse = |why: Phrase| Err(Refusal::BadTarget { target: name.clone(), why });
        let blank = |field: &Option<String>| field.as_deref().is_none_or(|text| text.trim().is_empty());
        if fact.kind.is_cloud() {
            if blank(&fact.cloud_project) {
                return refuse(Phrase::new("target-needs-project"));
            }
            if blank(&fact.region) {
                return refuse(Phrase::new("target-needs-region"));
            }
        } else if fact.endpoint.is_some() || !fact.services.is_empty() {
            return refuse(Phrase::new("target-local-endpoint"));
        }
        match fact.kind {
            TargetKind::DataprocExisting if blank(&fact.cluster) => {
                return refuse(Phrase::new("target-needs-cluster"));
            }
            TargetKind::DataprocCluster | TargetKind::DataprocWorkflow => {
                if let Err(why) = check_limits(fact.shape.as_ref()) {
                    return refuse(why);
                }
            }
            TargetKind::DataprocServerless
                if fact.shape.as_ref().and_then(|shape| shape["runtime_version"].as_str()).is_none() =>
            {
                return refuse(Phrase::new("target-needs-runtime"));
            }
            TargetKind::LocalSpark | TargetKind::DataprocExisting | TargetKind::DataprocServerless => {}
        }
        if fact.shape.as_ref().is_some_and(|shape| !shape.is_object() && *shape != Value::Null) {
            return refuse(Phrase::new("target-shape-unreadable"));
        }
        if fact.services.len() > SERVICES_MAX {
            return refuse(Phrase::new("target-services-many").with("max", SERVICES_MAX));
        }
        let of_services = fact.services.values().map(|address| (address, false));
        for (endpoint, of_all) in fact.endpoint.iter().map(|endpoint| (endpoint, true)).chain(of_services) {
            let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|own| {
                endpoint.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
            });
            let sandbox = of_all && endpoint == SANDBOX;
            if !sandbox && !endpoint.starts_with("https://") && !local {
                return refuse(Phrase::new("target-endpoint-elsewhere").with("endpoint", endpoint));
            }
            if endpoint.contains(['@', ' ', '?', '#']) {
                return refuse(Phrase::new("target-endpoint-credentials"));
            }
        }
        let target = Target { added: fact.clone(), by: decision.person.clone(), at: decision.at };
        self.targets.put(name.clone(), target);
        Ok(())
    }

    pub(crate) fn remove_target(&mut self, decision: &Decision, fact: &TargetRemoved) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::ManageTargets)?;
        let target = self.target(&fact.target)?.clone();
        if let Some(run) = self.runs.rows().find(|run| run.target == fact.target.as_str() && !run.closed()) {
            return Err(Refusal::BadTarget {
                target: fact.target.clone(),
                why: Phrase::new("target-in-use").with("run", &run.id),
            });
        }
        self.targets.remove(&fact.target);
        if target.added.kind.is_cloud() {
            let added = &target.added;
            let place = [&added.cloud_project, &added.region, &added.endpoint]
                .map(|part| part.as_deref().unwrap_or_default())
                .join(" ");
            self.former_targets.put(place, target);
        }
        Ok(())
    }

    /// The target of that name.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when nobody named one.
    pub fn target(&self, name: &TargetName) -> Result<&Target, Refusal> {
        self.targets.get(name).ok_or_else(|| Refusal::Unknown { noun: "target", id: name.to_string() })
    }

    /// A run goes where its target is, or to a sandbox as a rehearsal; what a process asks for is never a rehearsal.
    pub(super) fn check_run_place(&self, fact: &RunRequested) -> Result<(), Refusal> {
        let own = if BUILT_IN.contains(&fact.target.as_str()) {
            None
        } else {
            let name: TargetName = fact
                .target
                .parse()
                .map_err(|_| Refusal::Unknown { noun: "target", id: fact.target.clone() })?;
            let target = self.target(&name)?;
            if fact.kind == RunKind::Migrate && !target.added.kind.is_cloud() {
                return Err(Refusal::BadTarget { target: name, why: Phrase::new("target-no-bucket") });
            }
            target.added.endpoint.clone()
        };
        if fact.endpoint == own {
            return Ok(());
        }
        let rehearsal = fact.endpoint.as_deref() == Some(SANDBOX) && fact.target != BUILT_IN[0];
        if rehearsal && !matches!(fact.cause, Some(Cause::Effect { .. })) {
            return Ok(());
        }
        Err(Refusal::MigrationMismatch {
            what: Phrase::new("run-place-differs")
                .with("wanted", fact.endpoint.as_deref().unwrap_or("Google"))
                .with("target", &fact.target)
                .with("own", own.as_deref().unwrap_or("Google")),
        })
    }

    pub(crate) fn sweep_leftover(
        &mut self,
        decision: &Decision,
        fact: &LeftoverSwept,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::ManageTargets)?;
        if let Some(run) = self.run_with_key(&fact.key)
            && !run.state.ended()
        {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("live-run-owns").with("run", &run.id).with("resource", &fact.resource),
            });
        }
        let earlier = self.sweeps.get(&fact.resource).map(|sweep| sweep.state);
        if fact.state == SweepState::Proven && earlier != Some(SweepState::Asked) {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("sweep-not-asked").with("resource", &fact.resource),
            });
        }
        let sweep = Sweep {
            key: fact.key.clone(),
            state: fact.state,
            cost: fact.cost.clone(),
            endpoint: fact.endpoint.clone(),
            by: decision.person.clone(),
            at: decision.at,
        };
        self.sweeps.put(fact.resource.clone(), sweep);
        Ok(())
    }
}
