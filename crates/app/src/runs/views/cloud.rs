//! Targets, buckets, preflight, prices, what was left behind, the sandbox: what is asked and answered about the cloud.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// A place runs can go to.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TargetRow {
    /// Name.
    pub name: String,
    /// `local-spark`, `bucket`, `dataproc-cluster`, `dataproc-existing` or `dataproc-serverless`.
    pub kind: String,
    /// What it is, in words.
    pub description: String,
    /// Whether it is ready, and if not what is missing and what to do.
    pub ready: bool,
    /// Detail of readiness.
    pub detail: String,
    /// Whether it can be removed: built-in ones cannot.
    pub built_in: bool,
    /// The cloud project.
    pub cloud_project: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// Name of the cluster that is there.
    pub cluster: Option<String>,
    /// Name of the template its shape was taken from.
    pub template: Option<String>,
    /// What it makes for a run.
    #[ts(type = "unknown")]
    pub shape: Option<Value>,
    /// The service account that this desk impersonates.
    pub impersonate: Option<String>,
    /// Where its services are, where that is not Google: an address, or `sandbox`.
    pub endpoint: Option<String>,
    /// Where single services are, by Google's name for them, where that is neither `endpoint` nor Google.
    pub services: BTreeMap<String, String>,
    /// Seconds after which a run on it has failed, unless its request says otherwise.
    pub deadline_s: u32,
    /// Whether its workflows are stored as templates at the service and started from there.
    pub stored: bool,
    /// Who named it.
    pub by: Option<String>,
    /// When (RFC 3339).
    pub at: Option<String>,
    /// Runs on it that are not closed.
    pub live_runs: u32,
}

/// Names a target. Only a data engineer or a DevOps engineer may.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AddTarget {
    /// Its name, unique in the workspace: lower case letters, digits, `.`, `-`, `_`.
    pub name: String,
    /// `local-spark`, `dataproc-cluster`, `dataproc-existing` or `dataproc-serverless`.
    pub kind: String,
    /// The cloud project.
    #[ts(optional)]
    pub cloud_project: Option<String>,
    /// The region.
    #[ts(optional)]
    pub region: Option<String>,
    /// Name of the cluster (`dataproc-existing`).
    #[ts(optional)]
    pub cluster: Option<String>,
    /// Name of the template that `shape` comes from.
    #[ts(optional)]
    pub template: Option<String>,
    /// A cluster template or a batch template; absent for a small one.
    #[ts(optional, type = "unknown")]
    pub shape: Option<Value>,
    /// Bucket for what the engine stages and its drivers print, in place of the shape's.
    #[ts(optional)]
    pub staging_bucket: Option<String>,
    /// A service account to impersonate.
    #[ts(optional)]
    pub impersonate: Option<String>,
    /// Where the services are, where that is not Google: an address, or `sandbox`.
    #[ts(optional)]
    pub endpoint: Option<String>,
    /// Where single services are: `storage`, `dataproc`, `iamcredentials`, `compute`.
    pub services: BTreeMap<String, String>,
    /// Seconds after which a run on it has failed, unless its request says otherwise; one hour where this is absent.
    #[ts(optional)]
    pub deadline_s: Option<u32>,
    /// Store each workflow as a template at the service and start it from there (`dataproc-workflow`), for services that
    /// let nobody start one in a single request, and for eyes that look at templates.
    pub stored: bool,
}

/// Names a target.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TargetOf {
    /// Its name.
    pub target: String,
}

/// A bucket this desk knows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BucketRow {
    /// Its name.
    pub name: String,
    /// `folder`, `cloud-storage` or `sandbox`.
    pub kind: String,
    /// Where it is: a folder, or `gs://…`.
    pub place: String,
    /// What `endpoint` of the other commands reaches it; absent for a folder and for Google.
    pub endpoint: Option<String>,
    /// The version that lies ready in it, if one was migrated there.
    pub version_label: Option<String>,
    /// Identifier of that version.
    pub version: Option<String>,
    /// The run that migrated it.
    pub run: Option<String>,
    /// The target that run went by: its sign-in reaches the bucket.
    pub target: Option<String>,
    /// Every object that is not what was approved, as last found.
    pub differs: Vec<DifferenceRow>,
}

/// An object that is not what was approved.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DifferenceRow {
    /// Its path below the version's folder; empty where the whole place differs.
    pub path: String,
    /// How it differs.
    pub how: String,
}

/// Lists objects of a bucket, one level of folders at a time.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ListObjects {
    /// The bucket.
    pub bucket: String,
    /// `endpoint` of the bucket's row.
    #[serde(default)]
    #[ts(optional)]
    pub endpoint: Option<String>,
    /// The target whose sign-in reaches it; where none is named, the one that something was migrated there by.
    #[serde(default)]
    #[ts(optional)]
    pub target: Option<String>,
    /// Only objects below this folder (`data/`); empty for the top.
    #[serde(default)]
    pub prefix: String,
    /// `next` of the page before; the first page where none is given.
    #[serde(default)]
    #[ts(optional)]
    pub after: Option<String>,
}

/// A page of a folder of a bucket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ObjectListing {
    /// The folder.
    pub prefix: String,
    /// Folders in it, with a slash at the end.
    pub folders: Vec<String>,
    /// Objects in it.
    pub objects: Vec<ObjectRow>,
    /// Hand this back as `after` for what comes next; nothing at the end.
    pub next: Option<String>,
}

/// An object.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ObjectRow {
    /// Its whole name.
    pub name: String,
    /// Bytes.
    pub size_bytes: u64,
    /// Its generation.
    pub generation: String,
    /// When it was last written (RFC 3339).
    pub modified_at: String,
}

/// Uploads files and folders of this machine into a folder of a bucket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct UploadFiles {
    /// The bucket.
    pub bucket: String,
    /// `endpoint` of the bucket's row.
    #[serde(default)]
    #[ts(optional)]
    pub endpoint: Option<String>,
    /// The target whose sign-in reaches it; where none is named, the one that something was migrated there by.
    #[serde(default)]
    #[ts(optional)]
    pub target: Option<String>,
    /// The folder (`data/`); empty for the top.
    #[serde(default)]
    pub prefix: String,
    /// Paths of the files, and of folders, which are gone through.
    pub files: Vec<String>,
    /// A name for it, by which its progress is shown and it is stopped.
    #[serde(default)]
    #[ts(optional)]
    pub upload: Option<String>,
    /// Score them with the approved version: they replace the data to score, and its ready marker is written last.
    #[serde(default)]
    pub score: bool,
}

/// An upload under way.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct UploadRow {
    /// Its name.
    pub upload: String,
    /// The bucket.
    pub bucket: String,
    /// How many files.
    pub files: u64,
    /// How many of them are there.
    pub files_done: u64,
    /// Bytes of all files.
    pub size_bytes: u64,
    /// Bytes that were sent.
    pub sent_bytes: u64,
}

/// An upload by its name.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct UploadOf {
    /// Its name.
    pub upload: String,
}

/// Looks whether a run could start, and what it would cost. Changes nothing.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PreflightRun {
    /// `migrate`, `train`, `score` or `retrain`.
    pub kind: String,
    /// Identifier of the version, or `project/model@1.0`.
    pub version: String,
    /// The target; absent for local Spark, or the bucket itself for a migration.
    #[ts(optional)]
    pub target: Option<String>,
    /// The bucket; absent for the one it was migrated to last.
    #[ts(optional)]
    pub bucket: Option<String>,
    /// Against the sandbox of this desk.
    pub rehearse: bool,
    /// Further arguments for the script.
    pub args: Vec<String>,
    /// Spark properties.
    pub properties: BTreeMap<String, String>,
    /// Minutes the job is expected to take; absent for what earlier runs took.
    #[ts(optional)]
    pub minutes: Option<u32>,
    /// Seconds after which it has failed; absent for what its target says.
    #[ts(optional)]
    pub deadline_s: Option<u32>,
}

/// What a look before a run found.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Preflight {
    /// Whether nothing stands in the way.
    pub may_go_on: bool,
    /// What was found.
    pub findings: Vec<PreflightFinding>,
    /// What it would cost; absent where nothing is billed or the price table has no price.
    pub estimate: Option<PriceRow>,
    /// The region that it is billed in and that the price table has no price for.
    #[ts(optional)]
    pub no_price_in: Option<String>,
    /// Minutes the estimate was made for.
    pub minutes: u32,
    /// Seconds after which it has failed.
    pub deadline_s: u32,
    /// The same thing as a command line for people.
    pub command: Option<String>,
    /// The target.
    pub target: String,
    /// The bucket.
    pub bucket: Option<String>,
    /// Where the services are, where that is not Google.
    pub endpoint: Option<String>,
    /// The data that its configuration says it reads.
    pub data: Vec<DataRead>,
}

/// Data that a run reads.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DataRead {
    /// What for: `trains`, `tests` or `scores`; the configuration's own name for anything else.
    pub name: String,
    /// Where it lies.
    pub path: String,
}

/// Something to know before going on.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PreflightFinding {
    /// `blocking` or `warning`.
    pub severity: String,
    /// A stable name for the kind of finding.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
    /// The file, where there is one.
    pub file: Option<String>,
    /// The line, counted from 1.
    pub line: Option<u32>,
}

/// An amount of money.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PriceRow {
    /// How much.
    pub amount: f64,
    /// Of what (`USD`).
    pub currency: String,
    /// The day of the price table.
    pub prices_of: String,
}

/// The price table that estimates are made with.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PriceTable {
    /// The day its prices were recorded.
    pub recorded_on: String,
    /// What they are in.
    pub currency: String,
    /// What they are and where they come from.
    pub note: String,
    /// Regions it has prices for, those of the latest day first.
    pub regions: Vec<PricedRegions>,
    /// Whether it is the desk's own, and not the one that comes with this version.
    pub own: bool,
}

/// Regions whose prices are of one day.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PricedRegions {
    /// The day.
    pub recorded_on: String,
    /// Their names.
    pub regions: Vec<String>,
}

/// Makes another price table count at this desk.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SetPrices {
    /// The table, as JSON text in the form of the one that comes with this version.
    #[ts(optional)]
    pub table: Option<String>,
    /// The one that comes with this version again.
    pub bundled: bool,
}

/// A resource in the cloud that carries our label.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct LeftoverRow {
    /// Its full name: `projects/P/regions/R/clusters/NAME`.
    pub resource: String,
    /// `cluster`, `batch` or `job`; `region` for one that could not be looked at.
    pub kind: String,
    /// The service's word for its state.
    pub state: String,
    /// When it was made (RFC 3339).
    pub since: Option<String>,
    /// The run it was made for; absent where the ledger knows none.
    pub run: Option<String>,
    /// State of that run.
    pub run_state: Option<String>,
    /// Whether a live run owns it, which is cancelled instead; or a schedule or report that is within its limits.
    pub live: bool,
    /// What it cost so far.
    pub cost: Option<PriceRow>,
    /// Where it is, where that is not Google.
    pub endpoint: Option<String>,
    /// `none`, `asked` or `proven`: how far its deletion has come.
    pub sweep: String,
    /// For whom it is, where no run of the ledger made it: `schedule` or `report`.
    pub purpose: Option<String>,
    /// Why a region could not be looked at.
    pub unreachable: Option<String>,
}

/// Deletes what was left behind; what a live run owns is refused.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SweepLeftovers {
    /// Full names.
    pub resources: Vec<String>,
}

/// Compares buckets with what was approved.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ReconcilePlaces {
    /// Only this migration; absent for every place where a version lies ready.
    #[ts(optional)]
    pub run: Option<String>,
}

/// A place, compared with what was approved.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReconciledRow {
    /// The run that migrated it.
    pub run: String,
    /// The bucket.
    pub bucket: String,
    /// Where the services are, where that is not Google.
    pub endpoint: Option<String>,
    /// Identifier of the version.
    pub version: String,
    /// `model 1.0`.
    pub version_label: String,
    /// Every object that differs; none when what lies there is what was approved.
    pub differs: Vec<DifferenceRow>,
    /// Why it could not be compared now.
    pub unreachable: Option<String>,
}

/// The sandbox of this desk: a Google Cloud on loopback.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SandboxStatus {
    /// Whether it answers.
    pub running: bool,
    /// Where.
    pub url: Option<String>,
    /// Whether this very program serves it, and so can stop it.
    pub ours: bool,
    /// Folder of its state.
    pub folder: String,
    /// How much faster than in the cloud clusters come and go.
    pub speed: f64,
    /// Its buckets.
    pub buckets: Vec<String>,
    /// Faults that wait.
    pub faults: Vec<FaultRow>,
}

/// Starts the sandbox of this desk.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StartSandbox {
    /// Folder of its state; absent for `sandbox` in this desk's folder.
    #[ts(optional)]
    pub folder: Option<String>,
    /// Port on 127.0.0.1; absent or 0 for a free one.
    #[ts(optional)]
    pub port: Option<u16>,
    /// How much faster than in the cloud clusters come and go (default 100).
    #[ts(optional)]
    pub speed: Option<f64>,
    /// Answer requests without this bearer token with 401; for callers other than this desk.
    #[ts(optional)]
    pub token: Option<String>,
    /// Buckets to make in it, if they are not there.
    pub buckets: Vec<String>,
}

/// A fault of the sandbox.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FaultRow {
    /// `status`, `latency`, `drop_before`, `drop_after`, `hold_before`, `hold_after`, `quota`, `cluster_stuck`, `cluster_error`, `cluster_survives`, `job_error`,
    /// `job_without_output` or `job_unknown`.
    pub kind: String,
    /// Status of the answer (`status`): 401, 403, 429, 500, 503, …
    #[serde(default)]
    #[ts(optional)]
    pub code: Option<u16>,
    /// `Retry-After` in seconds (`status`).
    #[serde(default)]
    #[ts(optional)]
    pub retry_after_s: Option<u64>,
    /// How late, in milliseconds (`latency`).
    #[serde(default)]
    #[ts(optional)]
    pub ms: Option<u64>,
    /// Only requests with this method.
    #[serde(default)]
    #[ts(optional)]
    pub method: Option<String>,
    /// Only requests whose path contains this.
    #[serde(default)]
    pub path: String,
    /// So many fitting requests pass unharmed first.
    #[serde(default)]
    pub after: u32,
    /// So many are harmed.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

/// Tells the sandbox to misbehave.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Misbehave {
    /// Forget the faults that wait.
    pub clear: bool,
    /// Add these.
    pub faults: Vec<FaultRow>,
}
