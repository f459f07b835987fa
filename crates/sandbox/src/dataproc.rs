//! Dataproc v1: clusters, jobs and operations of `projects/*/regions/*`.
//!
//! Clusters are records with times: what state one is in follows from when it was made and from the clock, divided
//! by the sandbox's speed, so nothing runs in the background and a restart loses nothing. Idle and age limits hold.
//! Jobs run for real, on this machine's Spark, and are asked for their state when somebody asks for theirs.
//! Where the sandbox is told so, they only leave what they would have left, see [`crate::Jobs`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::Method;
use jiff::Timestamp;
use runs::bucket::{FolderBucket, Precondition};
use runs::digest::Sha256;
use runs::{LogStream, RunKey, State as RunState, Target};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::answer::{Answer, Refusal};
use crate::faults::Kind;
use crate::{Call, House, Jobs, Pace, write_whole};

use filter::{Grammar, carries, label_filter};
use spark::spec_of;

pub(crate) mod batches;
mod filter;
mod pretended;
mod spark;
mod workflows;

/// Seconds a real cluster takes to come up.
const CREATE_S: f64 = 90.0;

/// Seconds a real cluster takes to go.
const DELETE_S: f64 = 45.0;

/// The longest a job without a limit of its own may run here.
const JOB_DEADLINE_S: u64 = 24 * 3600;

const TYPES: &str = "type.googleapis.com/google.cloud.dataproc.v1";

pub(crate) struct Dataproc {
    path: PathBuf,
    records: Mutex<Records>,
    /// Who lets the workflows go on.
    stepping: Mutex<()>,
}

/// Everything, as it is kept in one file.
#[derive(Default, Serialize, Deserialize)]
struct Records {
    clusters: BTreeMap<String, Cluster>,
    jobs: BTreeMap<String, Job>,
    operations: BTreeMap<String, Operation>,
    /// Request ids and what they made, by region.
    requests: BTreeMap<String, String>,
    /// Workflow templates, by full name.
    #[serde(default)]
    templates: BTreeMap<String, Value>,
    /// Workflows that were started, by their operation.
    #[serde(default)]
    workflows: BTreeMap<String, workflows::Workflow>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Cluster {
    uuid: String,
    project: String,
    name: String,
    config: Value,
    labels: Value,
    made_at: Timestamp,
    deleted_at: Option<Timestamp>,
    /// When its last job ended, for the idle limit.
    busy_until: Option<Timestamp>,
    fate: Fate,
    /// How often it was looked at since it was made, or since its deletion was asked for.
    #[serde(default)]
    looks: u32,
}

/// What becomes of a cluster.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fate {
    Good,
    Stuck,
    Error,
    Survives,
}

#[derive(Clone, Serialize, Deserialize)]
struct Job {
    /// The resource as it was submitted.
    resource: Value,
    request_id: String,
    key: RunKey,
    output_bucket: String,
    output_prefix: String,
    submitted_at: Timestamp,
    cancelled_at: Option<Timestamp>,
    /// Failed without running.
    failed: Option<String>,
    /// Said to be done without running.
    #[serde(default)]
    hollow: bool,
    /// Python packages that its cluster was made with.
    #[serde(default)]
    packages: Vec<String>,
    /// How often it was looked at.
    #[serde(default)]
    looks: u32,
    /// State and time of its end, once known.
    ended: Option<(String, String, Timestamp)>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Operation {
    kind: String,
    cluster: String,
    uuid: String,
    at: Timestamp,
}

impl Dataproc {
    pub(crate) fn open(folder: &Path) -> Result<Dataproc, String> {
        let path = folder.join("dataproc.json");
        let records = match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|e| format!("`{}`: {e}", path.display()))?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Records::default(),
            Err(e) => return Err(format!("`{}`: {e}", path.display())),
        };
        Ok(Dataproc { path, records: Mutex::new(records), stepping: Mutex::new(()) })
    }

    fn save(&self, records: &Records) -> Result<(), Refusal> {
        let text = serde_json::to_vec_pretty(records).map_err(|e| Refusal::internal(&e.to_string()))?;
        write_whole(&self.path, &text)
    }
}

impl Cluster {
    /// Its state at a moment, since when, and `None` when it is gone.
    fn state(&self, now: Timestamp, pace: Pace) -> Option<(&'static str, Timestamp)> {
        // Whether what takes so long is over: after so many looks, where those count, else by the clock.
        let past = |at: Timestamp| match pace.looks {
            Some(looks) => self.looks >= looks,
            None => now >= at,
        };
        let after = |at: Timestamp, seconds: f64| {
            at + jiff::SignedDuration::from_millis((seconds * 1000.0 / pace.speed.max(0.001)) as i64)
        };
        if let Some(deleted) = self.deleted_at {
            let over = after(deleted, DELETE_S);
            return (!past(over) || self.fate == Fate::Survives).then_some(("DELETING", deleted));
        }
        let up = after(self.made_at, CREATE_S);
        match self.fate {
            Fate::Stuck => return Some(("CREATING", self.made_at)),
            _ if !past(up) => return Some(("CREATING", self.made_at)),
            Fate::Error => return Some(("ERROR", up)),
            _ => {}
        }
        let limit = |name: &str| {
            self.config["lifecycleConfig"][name].as_str()?.strip_suffix('s')?.parse::<f64>().ok()
        };
        let age = limit("autoDeleteTtl").map(|seconds| after(self.made_at, seconds));
        let idle =
            limit("idleDeleteTtl").map(|seconds| after(self.busy_until.unwrap_or(up).max(up), seconds));
        match [age, idle].into_iter().flatten().min() {
            Some(limit) if now >= after(limit, DELETE_S) => None,
            Some(limit) if now >= limit => Some(("DELETING", limit)),
            _ => Some(("RUNNING", up)),
        }
    }

    fn resource(&self, now: Timestamp, pace: Pace) -> Option<Value> {
        let (state, since) = self.state(now, pace)?;
        let mut status = json!({ "state": state, "stateStartTime": since.to_string() });
        if state == "ERROR" {
            status["detail"] = json!("a fault that was asked for");
        }
        let mut history = Vec::new();
        if state != "CREATING" {
            history.push(json!({ "state": "CREATING", "stateStartTime": self.made_at.to_string() }));
        }
        if state == "DELETING" && self.fate == Fate::Error {
            history.push(json!({
                "state": "ERROR", "detail": "a fault that was asked for", "stateStartTime": since.to_string(),
            }));
        }
        let mut config = self.config.clone();
        if config.get("configBucket").is_none() {
            config["configBucket"] = json!(staging_bucket(&self.project));
        }
        Some(json!({
            "projectId": self.project, "clusterName": self.name, "config": config, "labels": self.labels,
            "clusterUuid": self.uuid, "status": status, "statusHistory": history,
        }))
    }
}

fn staging_bucket(project: &str) -> String {
    format!("dataproc-staging-{}", &Sha256::of(project.as_bytes()).to_string()[..12])
}

/// Everything under `/v1/projects/{project}/regions/{region}`.
pub(crate) async fn answer(
    house: &Arc<House>,
    call: &Call,
    project: &str,
    region: &str,
    rest: &[&str],
) -> Result<Answer, Refusal> {
    let place = Place { house, project, region };
    place.go_on().await?;
    if let Some(found) = place.workflow_templates(call, rest).await {
        return found.map(|value| Answer::json(&value));
    }
    let found = match (&call.method, rest) {
        (&Method::POST, ["clusters"]) => place.create_cluster(call).await,
        (&Method::GET, ["clusters"]) => {
            let found = place.list_clusters(call).await;
            place.listed(&found, "clusters", "/clusterName").await;
            found
        }
        (&Method::GET, ["clusters", name]) => {
            let found = place.get_cluster(name).await;
            place.looked_at(name).await;
            found
        }
        (&Method::DELETE, ["clusters", name]) => place.delete_cluster(call, name).await,
        (&Method::POST, ["jobs:submit"]) => place.submit_job(call).await,
        (&Method::GET, ["jobs"]) => {
            let found = place.list_jobs(call).await;
            place.listed(&found, "jobs", "/reference/jobId").await;
            found
        }
        (&Method::GET, ["jobs", id]) => {
            let found = place.get_job(id).await;
            place.looked_at(id).await;
            found
        }
        (&Method::DELETE, ["jobs", id]) => place.delete_job(id).await,
        (&Method::POST, ["jobs", id]) if id.ends_with(":cancel") => {
            let id = id.trim_end_matches(":cancel");
            place.cancel_job(id).await?;
            place.get_job(id).await
        }
        (&Method::GET, ["operations", id]) => place.get_operation(id).await,
        (&Method::POST, ["operations", id]) if id.ends_with(":cancel") => {
            place.cancel_operation(id.trim_end_matches(":cancel")).await
        }
        _ => Err(Refusal::not_found(&format!(
            "no such method of Dataproc here: {} {}",
            call.method,
            rest.join("/")
        ))),
    };
    found.map(|value| Answer::json(&value))
}

/// What is known of a job when somebody asks.
struct Look {
    job: Job,
    state: String,
    details: String,
    since: Timestamp,
    running_since: Option<Timestamp>,
    over: bool,
}

struct Place<'a> {
    house: &'a Arc<House>,
    project: &'a str,
    region: &'a str,
}

impl Place<'_> {
    fn id(&self, name: &str) -> String {
        format!("{}/{}/{name}", self.project, self.region)
    }

    fn pace(&self) -> Pace {
        self.house.options.pace
    }

    fn missing(&self, kind: &str, name: &str) -> Refusal {
        Refusal::not_found(&format!(
            "Not found: {kind} projects/{}/regions/{}/{name}",
            self.project, self.region
        ))
    }

    async fn create_cluster(&self, call: &Call) -> Result<Value, Refusal> {
        let body = call.json()?;
        let name = body["clusterName"].as_str().unwrap_or_default();
        let fits = name.len() <= 51
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && !name.ends_with('-')
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !fits {
            return Err(Refusal::invalid(&format!("Invalid cluster name: '{name}'")));
        }
        if body["projectId"].as_str().is_some_and(|project| project != self.project) {
            return Err(Refusal::invalid("projectId of the body and of the path differ"));
        }
        let now = Timestamp::now();
        let id = self.id(name);
        let mut records = self.house.dataproc.records.lock().await;
        let request =
            call.query("requestId").filter(|r| !r.is_empty()).map(|r| self.id(&format!("clusters?{r}")));
        if let Some(earlier) = request.as_ref().and_then(|request| records.requests.get(request)) {
            return self.operation(&records, earlier, now);
        }
        if records.clusters.get(&id).is_some_and(|cluster| cluster.state(now, self.pace()).is_some()) {
            return Err(Refusal::exists(&format!(
                "Already exists: Failed to create cluster: Cluster projects/{id}"
            )));
        }
        let faults = &self.house.faults;
        if faults.strikes(&Kind::Quota) {
            return Err(Refusal::invalid("Insufficient 'CPUS' quota. Requested 4.0, available 0.0."));
        }
        let fate = [
            (Kind::ClusterStuck, Fate::Stuck),
            (Kind::ClusterError, Fate::Error),
            (Kind::ClusterSurvives, Fate::Survives),
        ]
        .into_iter()
        .find_map(|(kind, fate)| faults.strikes(&kind).then_some(fate))
        .unwrap_or(Fate::Good);
        let uuid = unique(&id);
        let object = |value: &Value| if value.is_object() { value.clone() } else { json!({}) };
        let cluster = Cluster {
            uuid: uuid.clone(),
            project: self.project.to_owned(),
            name: name.to_owned(),
            config: object(&body["config"]),
            labels: object(&body["labels"]),
            made_at: now,
            deleted_at: None,
            busy_until: None,
            fate,
            looks: 0,
        };
        records.clusters.insert(id.clone(), cluster);
        let operation = unique(&format!("create {id}"));
        records
            .operations
            .insert(operation.clone(), Operation { kind: "CREATE".into(), cluster: id, uuid, at: now });
        if let Some(request) = request {
            records.requests.insert(request, operation.clone());
        }
        self.house.dataproc.save(&records)?;
        self.operation(&records, &operation, now)
    }

    async fn get_cluster(&self, name: &str) -> Result<Value, Refusal> {
        let records = self.house.dataproc.records.lock().await;
        let cluster = records.clusters.get(&self.id(name));
        cluster
            .and_then(|c| c.resource(Timestamp::now(), self.pace()))
            .ok_or_else(|| self.missing("Cluster", &format!("clusters/{name}")))
    }

    async fn list_clusters(&self, call: &Call) -> Result<Value, Refusal> {
        let wanted = label_filter(call.query("filter").unwrap_or_default(), Grammar::Fields)?;
        let records = self.house.dataproc.records.lock().await;
        let prefix = self.id("");
        let clusters: Vec<Value> = records
            .clusters
            .iter()
            .filter(|(id, _)| id.starts_with(&prefix))
            .filter_map(|(_, cluster)| cluster.resource(Timestamp::now(), self.pace()))
            .filter(|cluster| carries(&cluster["labels"], &wanted))
            .collect();
        Ok(json!({ "clusters": clusters }))
    }

    async fn delete_cluster(&self, call: &Call, name: &str) -> Result<Value, Refusal> {
        let now = Timestamp::now();
        let id = self.id(name);
        let mut records = self.house.dataproc.records.lock().await;
        let pace = self.pace();
        let missing = || self.missing("Cluster", &format!("clusters/{name}"));
        let cluster =
            records.clusters.get_mut(&id).filter(|c| c.state(now, pace).is_some()).ok_or_else(missing)?;
        if call.query("clusterUuid").is_some_and(|uuid| !uuid.is_empty() && uuid != cluster.uuid) {
            return Err(missing());
        }
        if cluster.deleted_at.is_some() {
            return Err(Refusal::precondition("the cluster is being deleted already"));
        }
        cluster.deleted_at = Some(now);
        cluster.looks = 0;
        let uuid = cluster.uuid.clone();
        // Jobs go with their cluster.
        let lost: Vec<RunKey> = records
            .jobs
            .iter_mut()
            .filter(|(job_id, job)| {
                job_id.starts_with(&self.id(""))
                    && job.ended.is_none()
                    && job.resource["placement"]["clusterName"] == name
            })
            .map(|(_, job)| {
                job.cancelled_at.get_or_insert(now);
                job.key.clone()
            })
            .collect();
        let operation = unique(&format!("delete {id}"));
        records
            .operations
            .insert(operation.clone(), Operation { kind: "DELETE".into(), cluster: id, uuid, at: now });
        self.house.dataproc.save(&records)?;
        let answer = self.operation(&records, &operation, now);
        drop(records);
        for key in lost {
            // A job that was over in the meantime is as good as stopped.
            let _ = self.house.spark()?.cancel(&key).await;
        }
        answer
    }

    async fn get_operation(&self, id: &str) -> Result<Value, Refusal> {
        // Whoever asks for the operation of a batch and for nothing else hears of its end too.
        let batch = {
            let records = self.house.dataproc.records.lock().await;
            let operation = records.operations.get(id).filter(|operation| operation.kind == "BATCH");
            let batch = operation.filter(|operation| records.jobs.contains_key(&operation.cluster));
            batch.and_then(|batch| batch.cluster.strip_prefix(&self.id("")).map(str::to_owned))
        };
        let seen = match &batch {
            Some(batch) => {
                let seen = self.look(batch).await?;
                self.looked_at(batch).await;
                Some(seen)
            }
            None => None,
        };
        let records = self.house.dataproc.records.lock().await;
        let mut operation = self.operation(&records, id, Timestamp::now())?;
        if let Some(seen) = seen
            && operation.get("response").is_some()
        {
            operation["response"] = batches::response(&seen);
        }
        Ok(operation)
    }

    fn operation_name(&self, id: &str) -> String {
        format!("projects/{}/regions/{}/operations/{id}", self.project, self.region)
    }

    fn operation(&self, records: &Records, id: &str, now: Timestamp) -> Result<Value, Refusal> {
        let operation = records
            .operations
            .get(id)
            .ok_or_else(|| self.missing("Operation", &format!("operations/{id}")))?;
        if operation.kind == "WORKFLOW" {
            return Ok(self.workflow_operation(records, id, operation));
        }
        if operation.kind == "BATCH" {
            return Ok(self.batch_operation(records, id, operation));
        }
        let cluster =
            records.clusters.get(&operation.cluster).filter(|cluster| cluster.uuid == operation.uuid);
        let state = cluster.and_then(|cluster| cluster.state(now, self.pace())).map(|(state, _)| state);
        let name = operation.cluster.rsplit('/').next().unwrap_or_default();
        let done = match operation.kind.as_str() {
            "CREATE" => state != Some("CREATING"),
            _ => state.is_none(),
        };
        let mut value = json!({
            "name": self.operation_name(id),
            "metadata": {
                "@type": format!("{TYPES}.ClusterOperationMetadata"),
                "clusterName": name,
                "clusterUuid": operation.uuid,
                "operationType": operation.kind,
                "status": { "state": if done { "DONE" } else { "RUNNING" }, "stateStartTime": operation.at.to_string() },
            },
            "done": done,
        });
        if done && state == Some("ERROR") {
            value["error"] = json!({ "code": 13, "message": "a fault that was asked for" });
        } else if done && operation.kind == "CREATE" {
            if let Some(mut resource) = cluster.and_then(|cluster| cluster.resource(now, self.pace())) {
                resource["@type"] = json!(format!("{TYPES}.Cluster"));
                value["response"] = resource;
            }
        } else if done {
            value["response"] = json!({ "@type": "type.googleapis.com/google.protobuf.Empty" });
        }
        Ok(value)
    }

    async fn submit_job(&self, call: &Call) -> Result<Value, Refusal> {
        let body = call.json()?;
        let mut resource = body["job"].clone();
        let now = Timestamp::now();
        let cluster_name = resource["placement"]["clusterName"].as_str().unwrap_or_default().to_owned();
        let job_id = match resource["reference"]["jobId"].as_str().filter(|id| !id.is_empty()) {
            Some(id) => id.to_owned(),
            None => unique("job")[..32].to_owned(),
        };
        if job_id.len() > 100 || !job_id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        {
            return Err(Refusal::invalid(&format!("Invalid job id: '{job_id}'")));
        }
        if resource["pysparkJob"]["mainPythonFileUri"].as_str().is_none_or(str::is_empty) {
            return Err(Refusal::invalid("this sandbox runs `pysparkJob`s with a `mainPythonFileUri`"));
        }
        let id = self.id(&job_id);
        let request_id = body["requestId"].as_str().unwrap_or_default().to_owned();
        let mut records = self.house.dataproc.records.lock().await;
        if let Some(earlier) = records.jobs.get(&id) {
            if !request_id.is_empty() && earlier.request_id == request_id {
                drop(records);
                return self.get_job(&job_id).await;
            }
            return Err(Refusal::exists(&format!("Already exists: Job projects/{id}")));
        }
        let cluster = records
            .clusters
            .get(&self.id(&cluster_name))
            .filter(|cluster| cluster.state(now, self.pace()).is_some())
            .ok_or_else(|| self.missing("Cluster", &format!("clusters/{cluster_name}")))?;
        match cluster.state(now, self.pace()) {
            Some(("RUNNING", _)) => {}
            state => {
                let word = state.map_or("gone", |(word, _)| word);
                return Err(Refusal::precondition(&format!(
                    "Cluster '{cluster_name}' is {word} and not RUNNING"
                )));
            }
        }
        let output_bucket = cluster.config["configBucket"]
            .as_str()
            .map_or_else(|| staging_bucket(self.project), str::to_owned);
        FolderBucket::create(&output_bucket, &self.house.buckets_folder().join(&output_bucket))
            .map_err(Refusal::of)?;
        let output_prefix =
            format!("google-cloud-dataproc-metainfo/{}/jobs/{job_id}/driveroutput", cluster.uuid);
        // What the cluster's init action would have installed.
        let packages = cluster.config["gceClusterConfig"]["metadata"]["PIP_PACKAGES"].as_str();
        let packages = packages.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        resource["reference"] = json!({ "projectId": self.project, "jobId": job_id });
        resource["placement"]["clusterUuid"] = json!(cluster.uuid);
        resource["jobUuid"] = json!(unique(&id));
        let job = Job {
            key: RunKey::derive(&["sandbox", &id, resource["jobUuid"].as_str().unwrap_or_default()]),
            request_id,
            output_bucket,
            output_prefix,
            submitted_at: now,
            cancelled_at: None,
            failed: self
                .house
                .faults
                .strikes(&Kind::JobError)
                .then(|| "a fault that was asked for".to_owned()),
            hollow: self.house.faults.strikes(&Kind::JobWithoutOutput),
            packages,
            looks: 0,
            ended: None,
            resource,
        };
        records.jobs.insert(id.clone(), job.clone());
        self.house.dataproc.save(&records)?;
        drop(records);
        self.begin(&id, &job);
        self.get_job(&job_id).await
    }

    /// Starts what a job runs, where it runs anything.
    fn begin(&self, id: &str, job: &Job) {
        if job.failed.is_none() && !job.hollow && matches!(self.house.options.jobs, Jobs::Spark) {
            self.start(id, job);
        }
    }

    /// Starts a job's Spark beside the answer. Submitting is idempotent, so a restart may do it again.
    fn start(&self, id: &str, job: &Job) {
        let (house, job, id) = (self.house.clone(), job.clone(), id.to_owned());
        tokio::spawn(async move {
            let started = match (spec_of(&job), house.spark()) {
                (Ok(spec), Ok(spark)) => spark
                    .submit(&spec, &|_| {})
                    .await
                    .map(|_| ())
                    .map_err(|e| (e.is_transient(), e.to_string())),
                (Err(why), _) => Err((false, why)),
                (_, Err(_)) => Err((false, "the buckets' folder cannot be listed".to_owned())),
            };
            // Another request may be submitting it at this moment: that one will do.
            if let Err((false, why)) = started {
                let mut records = house.dataproc.records.lock().await;
                if let Some(job) = records.jobs.get_mut(&id) {
                    job.failed = Some(why);
                }
                // If it cannot be written now, the next change writes it.
                let _ = house.dataproc.save(&records);
            }
        });
    }

    /// Asks this machine's Spark what became of a job or batch, and writes down its end.
    async fn look(&self, job_id: &str) -> Result<Look, Refusal> {
        let id = self.id(job_id);
        let (job, is_stranded) = {
            let records = self.house.dataproc.records.lock().await;
            let job = records.jobs.get(&id).ok_or_else(|| self.missing("Job", &format!("jobs/{job_id}")))?;
            // A batch names no cluster.
            let is_stranded = job.resource["placement"]["clusterName"].as_str().is_some_and(|name| {
                let cluster = records.clusters.get(&self.id(name));
                cluster.and_then(|cluster| cluster.state(Timestamp::now(), self.pace())).is_none()
            });
            (job.clone(), is_stranded)
        };
        let (mut state, mut details, mut since, mut running_since) =
            ("PENDING".to_owned(), String::new(), job.submitted_at, None);
        if let Some(ended) = &job.ended {
            (state, details, since) = ended.clone();
        }
        let spark = self.house.spark()?;
        let seen = match &self.house.options.jobs {
            Jobs::Spark => spark.observe(&job.key).await,
            Jobs::Leave(objects) => self.pretended(&job, objects).await,
        };
        match seen {
            Ok(seen) => {
                running_since = seen.started_at;
                if job.ended.is_none() {
                    let ended_at = seen.ended_at.unwrap_or_else(Timestamp::now);
                    (state, details, since) = match (&seen.state, job.cancelled_at) {
                        (RunState::Verifying, _) => ("DONE".into(), String::new(), ended_at),
                        (RunState::Cancelled, _) => ("CANCELLED".into(), String::new(), ended_at),
                        (RunState::Failed { reason }, _) => {
                            ("ERROR".into(), format!("Job failed with message [{reason}]."), ended_at)
                        }
                        // Its process here may take longer to end than its cluster, which no job outlives.
                        (_, Some(at)) if is_stranded => ("CANCELLED".into(), String::new(), at),
                        (RunState::Running, Some(at)) => ("CANCEL_STARTED".into(), String::new(), at),
                        (_, Some(at)) => ("CANCEL_PENDING".into(), String::new(), at),
                        (RunState::Running, None) => {
                            ("RUNNING".into(), String::new(), seen.started_at.unwrap_or(job.submitted_at))
                        }
                        _ => ("SETUP_DONE".into(), String::new(), job.submitted_at),
                    };
                }
            }
            Err(runs::Error::NotFound { .. }) if job.failed.is_none() && job.ended.is_none() => {
                if job.hollow {
                    (state, since) = ("DONE".into(), job.submitted_at);
                } else if let Some(at) = job.cancelled_at {
                    (state, since) = ("CANCELLED".into(), at);
                } else {
                    self.start(&id, &job);
                }
            }
            Err(runs::Error::NotFound { .. }) => {}
            Err(e) => return Err(Refusal::of(e)),
        }
        if let (Some(why), None) = (&job.failed, &job.ended) {
            (state, details, since) = ("ERROR".into(), why.clone(), job.submitted_at);
        }
        let over = matches!(state.as_str(), "DONE" | "ERROR" | "CANCELLED");
        if job.ended.is_none() {
            match &self.house.options.jobs {
                Jobs::Spark => self.write_output(&spark, &job, over).await?,
                Jobs::Leave(_) => self.write_pretended_output(&job, over).await?,
            }
        }
        if over && job.ended.is_none() {
            let mut records = self.house.dataproc.records.lock().await;
            if let Some(job) = records.jobs.get_mut(&id) {
                job.ended = Some((state.clone(), details.clone(), since));
            }
            let cluster = self.id(job.resource["placement"]["clusterName"].as_str().unwrap_or_default());
            if let Some(cluster) = records.clusters.get_mut(&cluster) {
                cluster.busy_until = Some(Timestamp::now());
            }
            self.house.dataproc.save(&records)?;
        }
        Ok(Look { job, state, details, since, running_since, over })
    }

    async fn get_job(&self, job_id: &str) -> Result<Value, Refusal> {
        let Look { job, state, details, since, running_since, over } = self.look(job_id).await?;
        let mut resource = job.resource.clone();
        let mut status = json!({ "state": state, "stateStartTime": since.to_string() });
        if !details.is_empty() {
            status["details"] = json!(details);
        }
        resource["status"] = status;
        let mut history = vec![json!({ "state": "PENDING", "stateStartTime": job.submitted_at.to_string() })];
        if let Some(at) = running_since.filter(|_| state != "RUNNING") {
            history.push(json!({ "state": "RUNNING", "stateStartTime": at.to_string() }));
        }
        resource["statusHistory"] = json!(history);
        resource["driverOutputResourceUri"] =
            json!(format!("gs://{}/{}", job.output_bucket, job.output_prefix));
        resource["done"] = json!(over);
        Ok(resource)
    }

    /// What the job has printed so far, as the objects a real cluster writes: the script's output in the first, and
    /// the engine's own lines in the second once it is over.
    async fn write_output(
        &self,
        spark: &runs::local::LocalSpark,
        job: &Job,
        over: bool,
    ) -> Result<(), Refusal> {
        let bucket = self.house.bucket(&job.output_bucket)?;
        for (n, stream) in [LogStream::Output, LogStream::Engine].into_iter().enumerate() {
            if stream == LogStream::Engine && !over {
                continue;
            }
            let (mut text, mut offset) = (String::new(), 0);
            while let Ok(chunk) = spark.logs(&job.key, stream, offset).await {
                if chunk.next_offset == offset {
                    break;
                }
                offset = chunk.next_offset;
                text.push_str(&chunk.text);
            }
            if !text.is_empty() {
                let name = format!("{}.{n:09}", job.output_prefix);
                bucket.put(&name, text.as_bytes(), Precondition::Any).await.map_err(Refusal::of)?;
            }
        }
        Ok(())
    }

    async fn list_jobs(&self, call: &Call) -> Result<Value, Refusal> {
        let wanted = label_filter(call.query("filter").unwrap_or_default(), Grammar::Fields)?;
        let (active, over) = match call.query("jobStateMatcher").unwrap_or("ALL") {
            "ALL" | "0" => (true, true),
            "ACTIVE" | "1" => (true, false),
            "NON_ACTIVE" | "2" => (false, true),
            other => return Err(Refusal::invalid(&format!("Invalid jobStateMatcher: '{other}'"))),
        };
        let ids: Vec<String> = {
            let records = self.house.dataproc.records.lock().await;
            let prefix = self.id("");
            let own = records.jobs.keys().filter_map(|id| id.strip_prefix(&prefix));
            own.filter(|id| !id.starts_with("batches/")).map(str::to_owned).collect()
        };
        let mut jobs = Vec::new();
        for id in ids {
            let job = self.get_job(&id).await?;
            let is_over = job["done"] == true;
            if (if is_over { over } else { active }) && carries(&job["labels"], &wanted) {
                jobs.push(job);
            }
        }
        Ok(json!({ "jobs": jobs }))
    }

    async fn cancel_job(&self, job_id: &str) -> Result<(), Refusal> {
        let id = self.id(job_id);
        let mut records = self.house.dataproc.records.lock().await;
        let job = records.jobs.get_mut(&id).ok_or_else(|| self.missing("Job", &format!("jobs/{job_id}")))?;
        if job.ended.is_none() {
            job.cancelled_at.get_or_insert(Timestamp::now());
        }
        let key = job.key.clone();
        self.house.dataproc.save(&records)?;
        drop(records);
        match self.house.spark()?.cancel(&key).await {
            Ok(()) | Err(runs::Error::NotFound { .. }) => {}
            Err(e) => return Err(Refusal::of(e)),
        }
        self.look(job_id).await.map(|_| ())
    }

    async fn delete_job(&self, job_id: &str) -> Result<Value, Refusal> {
        let mut records = self.house.dataproc.records.lock().await;
        let id = self.id(job_id);
        match records.jobs.get(&id) {
            None => return Err(self.missing("Job", &format!("jobs/{job_id}"))),
            Some(job) if job.ended.is_none() && job.failed.is_none() => {
                return Err(Refusal::precondition("the job is active; cancel it first"));
            }
            Some(_) => records.jobs.remove(&id),
        };
        self.house.dataproc.save(&records)?;
        Ok(json!({}))
    }
}

/// An identifier in the form of a UUID that nothing else has.
pub(crate) fn unique(seed: &str) -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    let text = format!("{seed}{:?}{n}{}", std::time::SystemTime::now(), std::process::id());
    let digest = Sha256::of(text.as_bytes()).to_string();
    format!("{}-{}-{}-{}-{}", &digest[..8], &digest[8..12], &digest[12..16], &digest[16..20], &digest[20..32])
}

#[cfg(test)]
mod tests;
