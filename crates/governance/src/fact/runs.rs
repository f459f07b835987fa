//! Facts of runs and migrations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Price;
use crate::names::{Digest, InstanceId, RunId, VersionId};

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunKind {
    /// Put an approved version's files into a bucket.
    Migrate,
    /// Train.
    Train,
    /// Score.
    Score,
    /// Train again on the data of today; what comes of it is registered as a further version of the model.
    Retrain,
}

impl RunKind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Migrate => "migrate",
            Self::Train => "train",
            Self::Score => "score",
            Self::Retrain => "retrain",
        }
    }
}

/// `run.requested`: the intent, recorded before the call that it leads to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRequested {
    /// Its identifier.
    pub run: RunId,
    /// What it does.
    pub kind: RunKind,
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
    /// What set it off: the effect of an instance, the trigger object, or nothing for a person's request.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<Cause>,
    /// Seconds after which it has failed.
    pub deadline_s: u32,
    /// Where the cloud's services are for this run, where that is not Google: the target's own endpoint, or `sandbox` for a
    /// rehearsal at the desk that asked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub endpoint: Option<String>,
    /// Further arguments for the script.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub args: Vec<String>,
    /// Spark properties.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub properties: BTreeMap<String, String>,
    /// What it was expected to cost when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub estimate: Option<Price>,
    /// Whether a migration may remove what lies where the version is to be and was never part of one.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub remove_foreign: bool,
}

/// What set a run off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A service task.
    Effect {
        /// The instance.
        instance: InstanceId,
        /// Idempotency key of the effect.
        effect: String,
    },
    /// An object in a bucket, in exactly one generation.
    Object {
        /// Its name.
        name: String,
        /// Its generation.
        generation: String,
    },
}

/// States of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunState {
    /// The intent is recorded.
    Requested,
    /// Files and environment are being made ready.
    Preparing,
    /// The engine is being made ready.
    Provisioning,
    /// The engine has the job.
    Submitted,
    /// The job runs.
    Running,
    /// The job says it is done; its outputs are being checked.
    Verifying,
    /// Its outputs are there.
    Succeeded,
    /// It failed.
    Failed,
    /// It was cancelled.
    Cancelled,
}

impl RunState {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Preparing => "preparing",
            Self::Provisioning => "provisioning",
            Self::Submitted => "submitted",
            Self::Running => "running",
            Self::Verifying => "verifying",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing comes after it.
    pub fn ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// `run.moved`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunMoved {
    /// The run.
    pub run: RunId,
    /// Where it is now.
    pub state: RunState,
    /// What was observed, or why it failed.
    pub detail: String,
    /// Outputs found, once verified.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub outputs: Vec<OutputFound>,
    /// Metrics the run wrote, once verified.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub metrics: BTreeMap<String, f64>,
    /// The log, once it ended.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub log: Option<Digest>,
    /// The same thing as a command line for people, once it was handed to the engine.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub command: Option<String>,
    /// What it runs on, as the engine names it: Spark, Java and Python, or an image; once it was handed to the engine.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub runtime: Vec<String>,
}

impl RunMoved {
    /// A step without more than its detail.
    pub fn to(run: RunId, state: RunState, detail: impl Into<String>) -> Self {
        Self {
            run,
            state,
            detail: detail.into(),
            outputs: Vec::new(),
            metrics: BTreeMap::new(),
            log: None,
            command: None,
            runtime: Vec::new(),
        }
    }
}

/// `run.cancel-asked`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunCancelAsked {
    /// The run.
    pub run: RunId,
}

/// An output that was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputFound {
    /// Its name.
    pub name: String,
    /// Where.
    pub path: String,
    /// Rows, for tables.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rows: Option<u64>,
    /// Its digest.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub digest: Option<Digest>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub problem: Option<String>,
}

/// `migration.verified`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MigrationVerified {
    /// The run.
    pub run: RunId,
    /// The version.
    pub version: VersionId,
    /// Root digest of the package.
    pub root: Digest,
    /// The bucket.
    pub bucket: String,
    /// Digest of the bucket manifest (`_READY.json`) as read back.
    pub ready: Digest,
    /// Root digest computed from the objects as read back: must equal `root`.
    pub read_back: Digest,
    /// How many objects.
    pub objects: u32,
}
