//! What the runs room asks and answers.

mod cloud;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use cloud::*;

use crate::page::PageOf;

/// Lists runs. Sorts: `requested_at` (default, latest first).
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListRuns {
    /// Only of this project.
    #[ts(optional)]
    pub project: Option<String>,
    /// Only `live`, `succeeded`, `failed`, `cancelled`, or `unclean`: ended, and something it made is not proven to be gone.
    #[ts(optional)]
    pub state: Option<String>,
    /// Only on this target.
    #[ts(optional)]
    pub target: Option<String>,
    /// Only `migrate`, `train`, `score` or `retrain`.
    #[ts(optional)]
    pub kind: Option<String>,
    /// Which page.
    pub page: PageOf,
}

/// A run in a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RunRow {
    /// Identifier.
    pub id: String,
    /// `migrate`, `train`, `score` or `retrain`.
    pub kind: String,
    /// Project.
    pub project: String,
    /// Its name.
    pub project_name: String,
    /// `model 1.0`.
    pub version_label: String,
    /// Identifier of the version.
    pub version: String,
    /// Where it runs: `local-spark`, `folder-bucket`, …
    pub target: String,
    /// `requested`, `preparing`, `provisioning`, `submitted`, `running`, `verifying`, `succeeded`, `failed`, `cancelled`.
    pub state: String,
    /// Why it failed.
    pub reason: Option<String>,
    /// `not-needed`, `required`, `in-progress` or `proven`.
    pub cleanup: String,
    /// Whether it has ended and nothing it made is there any more.
    pub closed: bool,
    /// Whether it goes to a sandbox instead of where its target is.
    pub rehearsal: bool,
    /// What it was expected to cost.
    pub estimate: Option<PriceRow>,
    /// What it cost, once that is known.
    pub cost: Option<PriceRow>,
    /// Who or what asked for it.
    pub requested_by: String,
    /// When (RFC 3339).
    pub requested_at: String,
    /// When it ended (RFC 3339).
    pub ended_at: Option<String>,
    /// Seconds so far, or in all.
    pub duration_s: f64,
}

/// Names a run.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RunOf {
    /// Identifier, or a unique beginning of it.
    pub run: String,
}

/// Everything the run page shows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RunPage {
    /// The row.
    pub run: RunRow,
    /// Idempotency key at the engine.
    pub key: String,
    /// Bucket it reads and writes.
    pub bucket: Option<String>,
    /// Instance whose service task asked for it.
    pub instance: Option<String>,
    /// The states it went through, oldest first.
    pub stages: Vec<StageRow>,
    /// Outputs declared, and what verification found.
    pub outputs: Vec<OutputRow>,
    /// Files of the manifest, for a migration.
    pub files: Vec<crate::registry::FileRow>,
    /// Metrics the run wrote.
    pub metrics: Vec<MetricRow>,
    /// Whether it can still be cancelled here.
    pub cancellable: bool,
    /// Who asked for it to be stopped, if anybody did.
    pub stop_asked_by: Option<String>,
    /// Where the cloud's services are for it, where that is not Google.
    pub endpoint: Option<String>,
    /// The same thing as a command line for people, once it was handed to the engine.
    pub command: Option<String>,
    /// What it runs on, as the engine names it: Spark, Java and Python, or an image.
    pub runtime: Vec<String>,
    /// Further arguments for the script.
    pub args: Vec<String>,
    /// Spark properties.
    pub properties: BTreeMap<String, String>,
    /// What was last observed of the removal of what it made.
    pub cleanup_detail: String,
    /// Since when (RFC 3339).
    pub cleanup_at: Option<String>,
    /// The trigger object, for a run that one set off.
    pub trigger: Option<String>,
    /// The version that came of a retraining.
    pub registered: Option<String>,
    /// Seconds after which it has failed.
    pub deadline_s: u32,
}

/// A state a run went through.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct StageRow {
    /// State.
    pub state: String,
    /// When it was entered (RFC 3339).
    pub at: String,
    /// What was observed.
    pub detail: String,
}

/// An output.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OutputRow {
    /// Name.
    pub name: String,
    /// Where it must be.
    pub path: String,
    /// Whether it was verified.
    pub verified: bool,
    /// Rows found, for tables.
    pub rows: Option<u64>,
    /// Digest found.
    pub digest: Option<String>,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// A metric a run wrote.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MetricRow {
    /// Name.
    pub name: String,
    /// Value.
    pub value: f64,
}

/// Reads a run's log.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReadLog {
    /// Identifier of the run.
    pub run: String,
    /// Byte to begin at.
    #[serde(default)]
    pub from: u64,
    /// Byte of the script's standard error to begin at, where the engine keeps it apart.
    #[serde(default)]
    pub errors_from: u64,
}

/// A piece of log.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct LogChunk {
    /// Text (at most 256 KiB of each stream). Lines of the script's standard error begin with `stderr| `.
    pub text: String,
    /// Hand this back as `from`.
    pub next: u64,
    /// Hand this back as `errors_from`.
    pub errors_next: u64,
    /// Bytes of all of it, once it was kept.
    pub size: Option<u64>,
    /// Whether the run has ended and this is all.
    pub ended: bool,
}

/// Asks for a run by hand.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SubmitRun {
    /// `train`, `score` or `retrain`.
    pub kind: String,
    /// Identifier of the version, or `project/model@1.0`; it must be migrated.
    pub version: String,
    /// The target; absent for Spark on this machine.
    #[ts(optional)]
    pub target: Option<String>,
    /// The bucket; absent for the one it was migrated to last, where the target reaches.
    #[ts(optional)]
    pub bucket: Option<String>,
    /// In the sandbox of this desk instead: nothing of it counts for what is real.
    pub rehearse: bool,
    /// Further arguments for the script.
    pub args: Vec<String>,
    /// Spark properties.
    pub properties: BTreeMap<String, String>,
    /// Seconds after which it has failed; absent for what its target says, which is one hour where it says nothing.
    #[ts(optional)]
    pub deadline_s: Option<u32>,
}

/// Asks for a migration by hand (the version must be approved).
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MigrateVersion {
    /// Identifier of the version, or `project/model@1.0`.
    pub version: String,
    /// Bucket name, or a `file:///…` folder.
    pub bucket: String,
    /// A target in the cloud whose sign-in and endpoint are used; absent for the bucket as this desk knows it.
    #[ts(optional)]
    pub target: Option<String>,
    /// In the sandbox of this desk instead: nothing of it counts for what is real.
    pub rehearse: bool,
    /// Whether it may remove what lies where the version is to be and was never part of one; else it is refused there.
    pub remove_foreign: bool,
}
