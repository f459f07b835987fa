//! Dataproc, by its v1 REST API.
//!
//! A thin typed client on `reqwest`: the resources below are what runs need of it, in the service's own field names.
//! Google's `google-cloud-dataproc-v1` was weighed and left: it costs 15 s of every clean build, brings its own
//! credentials and retries beside ours, and would not share one budget, one token cache and one endpoint switch with
//! Cloud Storage. Source: <https://cloud.google.com/dataproc/docs/reference/rest>.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::bucket::{Bucket, Buckets, GoogleBucket};
use crate::cloud::{Ask, Cloud};
use crate::target::{Finding, LOG_CHUNK_BYTES_MAX, LogChunk, StagedFile};
use crate::{Error, Location, Reason, RunFile, RunKey, RunSpec};

pub(crate) mod access;
pub mod ephemeral;
pub mod existing;
mod gcloud;
mod jobs;
pub mod leftovers;
pub mod mapping;
pub mod prices;
mod quota;
pub mod serverless;
pub mod template;
pub mod workflow;

pub use ephemeral::DataprocEphemeral;
pub use existing::DataprocExisting;
pub use leftovers::{Leftover, LeftoverKind};
pub use serverless::{BatchTemplate, DataprocServerless};
pub use template::ClusterTemplate;
pub use workflow::DataprocWorkflow;

/// The most resources one listing returns.
const LISTING_MAX: usize = 10_000;

/// Dataproc in one project and region.
#[derive(Clone, Debug)]
pub struct Dataproc {
    cloud: Arc<Cloud>,
    project: String,
    region: String,
}

/// A cluster, as far as runs read and write it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// The cloud project.
    pub project_id: String,
    /// The name, unique in project and region.
    pub cluster_name: String,
    /// What it is made of.
    #[serde(default)]
    pub config: Value,
    /// Labels.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Where it stood before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status_history: Vec<Status>,
    /// The service's own identifier: another cluster of the same name has another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_uuid: Option<String>,
}

/// A state with its detail, of a cluster or a job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The service's word.
    #[serde(default)]
    pub state: String,
    /// A cluster's explanation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// A job's explanation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub details: String,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_start_time: Option<Timestamp>,
}

/// A PySpark job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Its identifier.
    pub reference: JobReference,
    /// Where it runs.
    pub placement: JobPlacement,
    /// What runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pyspark_job: Option<PySparkJob>,
    /// Labels.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Where it stood before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status_history: Vec<Status>,
    /// The common beginning of the objects that hold the driver's output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver_output_resource_uri: Option<String>,
}

/// A job's identifier.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobReference {
    /// The cloud project.
    pub project_id: String,
    /// The name, ours.
    pub job_id: String,
}

/// Where a job runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobPlacement {
    /// The cluster's name.
    pub cluster_name: String,
}

/// What a PySpark job runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PySparkJob {
    /// The main script.
    pub main_python_file_uri: String,
    /// Its arguments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// Files for the working directory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_uris: Vec<String>,
    /// Modules on the import path: `.py` files and `.zip` files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub python_file_uris: Vec<String>,
    /// Spark properties.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, String>,
}

/// A long-running operation.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Operation {
    /// Its full name.
    pub name: String,
    /// Whether it is over.
    #[serde(default)]
    pub done: bool,
    /// Why it failed.
    pub error: Option<OperationError>,
}

/// Why an operation failed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct OperationError {
    /// A `google.rpc.Code`.
    #[serde(default)]
    pub code: i32,
    /// In the service's words.
    #[serde(default)]
    pub message: String,
}

/// A serverless batch, as far as runs read it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    /// Its full name.
    #[serde(default)]
    pub name: String,
    /// Where it stands, in the service's word.
    #[serde(default)]
    pub state: String,
    /// Why.
    #[serde(default)]
    pub state_message: String,
    /// Since when.
    pub state_time: Option<Timestamp>,
    /// When it was made.
    pub create_time: Option<Timestamp>,
    /// Where it stood before.
    #[serde(default)]
    pub state_history: Vec<Status>,
    /// Labels.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The operation that makes it: cancelling that cancels the batch.
    pub operation: Option<String>,
    /// What it runs with.
    #[serde(default)]
    pub runtime_config: Value,
    /// What the service says about the run itself.
    pub runtime_info: Option<RuntimeInfo>,
}

/// What the service says about a batch's run.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuntimeInfo {
    /// The common beginning of the objects that hold the driver's output.
    pub output_uri: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClusterPage {
    #[serde(default)]
    clusters: Vec<Cluster>,
    next_page_token: Option<String>,
}

impl Dataproc {
    /// The same, without a second try at any call: for whoever looks again soon.
    #[must_use]
    pub fn asking_once(&self) -> Dataproc {
        Dataproc { cloud: Arc::new(self.cloud.asking_once()), ..self.clone() }
    }

    /// Dataproc of a cloud project in a region.
    pub fn new(cloud: Arc<Cloud>, project: &str, region: &str) -> Result<Dataproc, Error> {
        for (what, text) in [("cloud project", project), ("region", region)] {
            let fits = !text.is_empty()
                && text.len() <= 63
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.:".contains(&b));
            if !fits {
                return Err(Error::invalid(
                    format!("{what} `{text}`"),
                    "it has lower-case letters, digits and hyphens; `gcloud config list` shows yours",
                ));
            }
        }
        Ok(Dataproc { cloud, project: project.to_owned(), region: region.to_owned() })
    }

    /// The cloud project.
    pub fn project(&self) -> &str {
        &self.project
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    fn url(&self, rest: &str) -> String {
        let base = self.cloud.endpoints().dataproc.replace("{region}", &self.region);
        format!("{base}/v1/projects/{}/regions/{}/{rest}", self.project, self.region)
    }

    /// Starts making a cluster. The same request id makes one cluster, however often it is asked for.
    pub async fn create_cluster(&self, cluster: &Cluster, request_id: &RunKey) -> Result<Operation, Error> {
        let what = format!("cluster `{}`", cluster.cluster_name);
        let body = json!({
            "projectId": cluster.project_id,
            "clusterName": cluster.cluster_name,
            "config": cluster.config,
            "labels": cluster.labels,
        });
        let ask = Ask::new(Method::POST, self.url("clusters"), &what)
            .query("requestId", request_id.as_str())
            .json(&body);
        self.cloud.ask(&ask).await?.json(&what)
    }

    /// A cluster; [`Error::NotFound`] is the proof that there is none.
    pub async fn cluster(&self, name: &str) -> Result<Cluster, Error> {
        let what = format!("cluster `{name}`");
        let ask = Ask::new(Method::GET, self.url(&format!("clusters/{name}")), &what);
        self.cloud.ask(&ask).await?.json(&what)
    }

    /// Starts deleting a cluster, this very one where its identifier is known.
    pub async fn delete_cluster(&self, name: &str, uuid: Option<&str>) -> Result<Operation, Error> {
        let what = format!("cluster `{name}`");
        let mut ask = Ask::new(Method::DELETE, self.url(&format!("clusters/{name}")), &what);
        if let Some(uuid) = uuid {
            ask = ask.query("clusterUuid", uuid);
        }
        self.cloud.ask(&ask).await?.json(&what)
    }

    /// The clusters that carry a label, whatever its value.
    pub async fn clusters_labelled(&self, label: &str) -> Result<Vec<Cluster>, Error> {
        let what = format!("the clusters of project `{}` in `{}`", self.project, self.region);
        let mut clusters = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let mut ask = Ask::new(Method::GET, self.url("clusters"), &what)
                .query("filter", format!("labels.{label} = *"));
            if let Some(token) = &token {
                ask = ask.query("pageToken", token);
            }
            let page: ClusterPage = self.cloud.ask(&ask).await?.json(&what)?;
            // Whatever a server makes of the filter, only what carries the label counts.
            clusters.extend(page.clusters.into_iter().filter(|cluster| cluster.labels.contains_key(label)));
            match page.next_page_token.filter(|next| !next.is_empty() && Some(next) != token.as_ref()) {
                Some(next) if clusters.len() < LISTING_MAX => token = Some(next),
                _ => return Ok(clusters),
            }
        }
    }

    /// Hands a job to its cluster. The same request id and job id make one job.
    pub async fn submit_job(&self, job: &Job, request_id: &RunKey) -> Result<Job, Error> {
        let what = format!("job `{}`", job.reference.job_id);
        let body = json!({ "job": job, "requestId": request_id.as_str() });
        let ask = Ask::new(Method::POST, self.url("jobs:submit"), &what).json(&body);
        self.cloud.ask(&ask).await?.json(&what)
    }

    /// A job.
    pub async fn job(&self, id: &str) -> Result<Job, Error> {
        let what = format!("job `{id}`");
        let ask = Ask::new(Method::GET, self.url(&format!("jobs/{id}")), &what);
        self.cloud.ask(&ask).await?.json(&what)
    }

    /// Starts a serverless batch. The same request id and batch id make one batch.
    pub async fn create_batch(&self, id: &RunKey, batch: &Value) -> Result<Operation, Error> {
        let what = format!("batch `{id}`");
        let ask = Ask::new(Method::POST, self.location_url("batches"), &what)
            .query("batchId", id.as_str())
            .query("requestId", id.as_str())
            .json(batch);
        self.cloud.ask(&ask).await?.json(&what)
    }

    /// A serverless batch.
    pub async fn batch(&self, id: &str) -> Result<Batch, Error> {
        let what = format!("batch `{id}`");
        let ask = Ask::new(Method::GET, self.location_url(&format!("batches/{id}")), &what);
        self.cloud.ask(&ask).await?.json(&what)
    }

    /// Asks for an operation, by its full name, to be stopped.
    pub async fn cancel_operation(&self, name: &str) -> Result<(), Error> {
        let what = format!("operation `{name}`");
        let base = self.cloud.endpoints().dataproc.replace("{region}", &self.region);
        let ask = Ask::new(Method::POST, format!("{base}/v1/{name}:cancel"), &what);
        self.cloud.ask(&ask).await?.ok(&what).map(|_| ())
    }

    fn location_url(&self, rest: &str) -> String {
        let base = self.cloud.endpoints().dataproc.replace("{region}", &self.region);
        format!("{base}/v1/projects/{}/locations/{}/{rest}", self.project, self.region)
    }

    /// Asks for a job to be stopped; one that is over stays as it is.
    pub async fn cancel_job(&self, id: &str) -> Result<(), Error> {
        let what = format!("job `{id}`");
        let ask = Ask::new(Method::POST, self.url(&format!("jobs/{id}:cancel")), &what).json(&json!({}));
        self.cloud.ask(&ask).await?.ok(&what).map(|_| ())
    }
}

/// The bucket of this name: the caller's, or the staging bucket, which Dataproc may have made itself.
fn bucket_of(dataproc: &Dataproc, buckets: &Buckets, name: &str) -> Result<Bucket, Error> {
    match buckets.get(name) {
        Ok(bucket) => Ok(bucket.clone()),
        Err(Error::NotFound { .. }) => Ok(Bucket::Google(GoogleBucket::new(name, dataproc.cloud.clone())?)),
        Err(e) => Err(e),
    }
}

/// A file of a run as it is in its bucket, refused where it is not what was approved.
async fn checked(dataproc: &Dataproc, buckets: &Buckets, file: &RunFile) -> Result<StagedFile, Error> {
    let Location::Object { bucket, name } = &file.from else {
        return Err(Error::invalid(
            format!("file `{}`", file.from),
            "a cluster reads its files from a bucket; migrate the version first",
        ));
    };
    let print = bucket_of(dataproc, buckets, bucket)?.fingerprint(name).await?;
    if let Some(approved) = file.sha256
        && approved != print.sha256
    {
        return Err(Error::Corrupt {
            what: format!("`{}`", file.from),
            why: format!(
                "sha256 `{approved}` was approved and `{}` is there: what would run is not what was approved; \
                 migrate the approved version again",
                print.sha256
            ),
        });
    }
    Ok(StagedFile {
        name: file.from.file_name().to_owned(),
        from: file.from.to_string(),
        sha256: print.sha256,
        size_bytes: print.size_bytes,
    })
}

/// Findings about a run's files and outputs that hold for every engine in the cloud.
async fn preflight_files(
    dataproc: &Dataproc,
    buckets: &Buckets,
    spec: &RunSpec,
) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    for file in spec.all_files() {
        match checked(dataproc, buckets, file).await {
            Ok(_) => {}
            Err(e @ Error::Corrupt { .. }) => {
                findings.push(Finding::of("not-approved", "finding-detail", &e))
            }
            Err(e) if e.is_transient() => return Err(e),
            Err(e) => findings.push(Finding::of("file", "finding-file", &e)),
        }
    }
    for output in &spec.outputs {
        if !matches!(output.at, Location::Object { .. }) {
            let reason =
                Reason::new("finding-output-place").with("output", &output.name).with("at", &output.at);
            findings.push(Finding::blocking("output", reason));
        }
    }
    Ok(findings)
}

fn check_labels(labels: &BTreeMap<String, String>) -> Result<(), Error> {
    for (name, value) in labels {
        let fits = |text: &str| {
            text.len() <= 63
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
        };
        if name.is_empty() || !fits(name) || !fits(value) {
            return Err(Error::invalid(
                format!("label `{name}={value}`"),
                "a label has at most 63 lower-case letters, digits, `-` and `_`",
            ));
        }
    }
    Ok(())
}

/// The next piece of a driver's output, which lies in objects with a common beginning.
async fn driver_output(
    dataproc: &Dataproc,
    buckets: &Buckets,
    uri: Option<String>,
    from_offset: u64,
    over: bool,
) -> Result<LogChunk, Error> {
    let mut chunk = LogChunk { text: String::new(), next_offset: from_offset, complete: over };
    let Some(uri) = uri else { return Ok(chunk) };
    let Location::Object { bucket, name } = uri.parse()? else { return Ok(chunk) };
    let bucket = bucket_of(dataproc, buckets, &bucket)?;
    let parts = match bucket.list(&name).await {
        // The staging bucket may not be readable to us; the run is not worse for it.
        Err(Error::NotFound { .. } | Error::Denied { .. }) => Vec::new(),
        parts => parts?,
    };
    let mut begins = 0;
    for part in parts {
        let ends = begins + part.size_bytes;
        if from_offset < ends {
            let length = (ends - from_offset).min(LOG_CHUNK_BYTES_MAX as u64);
            let bytes = bucket.read_range(&part.name, from_offset - begins, length).await?;
            let whole = crate::target::whole_characters(&bytes);
            // A character cut by the end of an object is shown broken rather than never.
            let whole = if whole == 0 { bytes.len() } else { whole };
            chunk.text = String::from_utf8_lossy(&bytes[..whole]).into_owned();
            chunk.next_offset = from_offset + whole as u64;
            chunk.complete = false;
            return Ok(chunk);
        }
        begins = ends;
    }
    Ok(chunk)
}

pub(crate) fn absent_is_none<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(there) => Ok(Some(there)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(e) => Err(e),
    }
}

pub(crate) fn label_s(labels: &BTreeMap<String, String>, name: &str) -> Option<u64> {
    labels.get(name)?.parse().ok()
}

pub(crate) fn seconds_between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.as_second() - from.as_second()).unwrap_or(0)
}
