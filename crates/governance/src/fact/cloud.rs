//! Facts about the cloud: targets, cleanup, what was left behind, and whether what lies there is what was approved.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::names::{RunId, TargetName};

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// Spark on the machine of whoever carries the run out.
    LocalSpark,
    /// A Dataproc cluster made for each run and deleted after it.
    DataprocCluster,
    /// A Dataproc cluster that is there.
    DataprocExisting,
    /// A serverless batch for each run.
    DataprocServerless,
    /// A workflow for each run, whose cluster the service itself makes and deletes.
    DataprocWorkflow,
}

impl TargetKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::LocalSpark,
        Self::DataprocCluster,
        Self::DataprocExisting,
        Self::DataprocServerless,
        Self::DataprocWorkflow,
    ];

    /// Its name in commands.
    pub fn name(self) -> &'static str {
        match self {
            Self::LocalSpark => "local-spark",
            Self::DataprocCluster => "dataproc-cluster",
            Self::DataprocExisting => "dataproc-existing",
            Self::DataprocServerless => "dataproc-serverless",
            Self::DataprocWorkflow => "dataproc-workflow",
        }
    }

    /// Whether it is in Google's cloud, and so needs a cloud project and a region.
    pub fn is_cloud(self) -> bool {
        match self {
            Self::LocalSpark => false,
            Self::DataprocCluster
            | Self::DataprocExisting
            | Self::DataprocServerless
            | Self::DataprocWorkflow => true,
        }
    }
}

impl std::str::FromStr for TargetKind {
    type Err = crate::names::NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| crate::names::NameError {
            noun: "kind of target",
            text: text.chars().take(80).collect(),
            rule: "one of local-spark, dataproc-cluster, dataproc-existing, dataproc-serverless, dataproc-workflow",
        })
    }
}

/// `target.added`. It holds no credentials: those are the desk's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetAdded {
    /// Its name, unique in the workspace.
    pub target: TargetName,
    /// What it is.
    pub kind: TargetKind,
    /// The cloud project.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cloud_project: Option<String>,
    /// The region.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub region: Option<String>,
    /// Name of the cluster that is there (`dataproc-existing`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cluster: Option<String>,
    /// Name of the template that the shape was taken from, if it was.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub template: Option<String>,
    /// What it makes for a run, as the engine's hand reads it: a cluster template, or a batch template. The whole shape and
    /// not only a name, so that a template that changes later does not change what this target is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shape: Option<Value>,
    /// The service account that the desk impersonates.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub impersonate: Option<String>,
    /// Where the services are, where that is not Google: an address, or `sandbox` for the sandbox of the desk.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub endpoint: Option<String>,
    /// Where single services are, by Google's name for them (`storage`), where that is neither `endpoint` nor Google.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub services: BTreeMap<String, String>,
    /// Seconds after which a run on it has failed, unless its request says otherwise.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deadline_s: Option<u32>,
    /// Whether a workflow is stored as a template at the service and started from there, instead of in one request.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub stored: bool,
}

/// `target.removed`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetRemoved {
    /// The target.
    pub target: TargetName,
}

/// Where the removal of what a run made stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cleanup {
    /// The run makes nothing that outlives it.
    #[default]
    NotNeeded,
    /// Something is there, or may be, and has to be removed.
    Required,
    /// Its removal was asked for.
    InProgress,
    /// The other side answered that it is not there.
    Proven,
}

impl Cleanup {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotNeeded => "not-needed",
            Self::Required => "required",
            Self::InProgress => "in-progress",
            Self::Proven => "proven",
        }
    }

    /// Whether `next` may follow. What was proven stays proven; an attempt that failed is required again.
    pub fn may_become(self, next: Self) -> bool {
        use Cleanup::{InProgress, NotNeeded, Proven, Required};
        matches!(
            (self, next),
            (NotNeeded, Required) | (Required, InProgress | Proven) | (InProgress, Required | Proven)
        )
    }

    /// Whether a run that has ended is closed.
    pub fn closes(self) -> bool {
        matches!(self, Self::NotNeeded | Self::Proven)
    }
}

/// An amount of money, by a price table of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// How much.
    pub amount: f64,
    /// Of what: `USD`.
    pub currency: String,
    /// The day of the price table (`2026-11-21`).
    pub prices_of: String,
}

/// `run.cleaned`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunCleaned {
    /// The run.
    pub run: RunId,
    /// Where it stands.
    pub cleanup: Cleanup,
    /// What there is to remove, or what the other side answered.
    pub detail: String,
    /// What the run cost, from its own times, once that is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cost: Option<Price>,
}

/// An object that is not what was approved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectDiffers {
    /// Its path below the version's folder; empty where the whole place differs.
    pub path: String,
    /// How it differs.
    pub how: String,
}

/// `migration.reconciled`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MigrationReconciled {
    /// The run that migrated what is compared.
    pub run: RunId,
    /// Every object that differs; none when what lies there is what was approved again.
    pub differs: Vec<ObjectDiffers>,
}

/// How far a sweep has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SweepState {
    /// Its deletion is about to be asked for.
    Asked,
    /// The other side answered that it is not there.
    Proven,
}

/// `leftover.swept`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeftoverSwept {
    /// Its full name: `projects/P/regions/R/clusters/NAME`.
    pub resource: String,
    /// The name of the run it was made for, as its label says.
    pub key: String,
    /// How far its removal has come.
    pub state: SweepState,
    /// What it cost until then, where there is a price.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cost: Option<Price>,
    /// Where the services are, where that is not Google.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub endpoint: Option<String>,
}
