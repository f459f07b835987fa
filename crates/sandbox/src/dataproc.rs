//! Dataproc v1: clusters, jobs and operations of `projects/*/regions/*`.
//!
//! Clusters are records with times: what state one is in follows from when it was made and from the clock, divided
//! by the sandbox's speed, so nothing runs in the background and a restart loses nothing. Idle and age limits hold.
//! Jobs are in a file of their own; they run for real, on this machine's Spark.
//! Where the sandbox is told so, they only leave what they would have left, see [`crate::Jobs`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::Method;
use jiff::Timestamp;
use runs::digest::Sha256;
use runs::{RunKey, Target};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::answer::{Answer, Refusal};
use crate::faults::Kind;
use crate::{Call, House, Pace, write_whole};

use filter::{Grammar, carries, label_filter};
use jobs::{Job, Look};

pub(crate) mod batches;
mod filter;
mod jobs;
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
