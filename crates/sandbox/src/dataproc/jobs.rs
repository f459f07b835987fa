//! Jobs of clusters, and of batches: submitted, looked at, listed, cancelled, deleted. They run for real, on this
//! machine's Spark, which is asked what became of one when somebody asks for it.

use jiff::Timestamp;
use runs::bucket::{FolderBucket, Precondition};
use runs::{LogStream, RunKey, State as RunState, Target};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::filter::{Grammar, carries, label_filter};
use super::spark::spec_of;
use super::{Place, staging_bucket, unique};
use crate::answer::Refusal;
use crate::faults::{Kind, UNKNOWN_STATE};
use crate::{Call, Jobs};

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Job {
    /// The resource as it was submitted.
    pub(super) resource: Value,
    pub(super) request_id: String,
    pub(super) key: RunKey,
    pub(super) output_bucket: String,
    pub(super) output_prefix: String,
    pub(super) submitted_at: Timestamp,
    pub(super) cancelled_at: Option<Timestamp>,
    /// Failed without running.
    pub(super) failed: Option<String>,
    /// Said to be done without running.
    #[serde(default)]
    pub(super) hollow: bool,
    /// Says a state that nobody knows while it runs.
    #[serde(default)]
    pub(super) unknown: bool,
    /// Python packages that its cluster was made with.
    #[serde(default)]
    pub(super) packages: Vec<String>,
    /// How often it was looked at.
    #[serde(default)]
    pub(super) looks: u32,
    /// State and time of its end, once known.
    pub(super) ended: Option<(String, String, Timestamp)>,
}

/// What is known of a job when somebody asks.
pub(super) struct Look {
    pub(super) job: Job,
    pub(super) state: String,
    pub(super) details: String,
    pub(super) since: Timestamp,
    pub(super) running_since: Option<Timestamp>,
    pub(super) over: bool,
}

impl Look {
    /// The state as the service says it.
    pub(super) fn word(&self) -> &str {
        if self.job.unknown && self.state == "RUNNING" { UNKNOWN_STATE } else { &self.state }
    }
}

impl Place<'_> {
    pub(super) async fn submit_job(&self, call: &Call) -> Result<Value, Refusal> {
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
        let key = RunKey::derive(&["sandbox", &id, resource["jobUuid"].as_str().unwrap_or_default()]);
        let job =
            Job { packages, ..self.submitted(key, request_id, (output_bucket, output_prefix), resource) };
        records.jobs.insert(id.clone(), job.clone());
        self.house.dataproc.save(&records)?;
        drop(records);
        self.begin(&id, &job);
        self.get_job(&job_id).await
    }

    /// A job or batch as it is when it is submitted, struck by the faults that were asked for.
    pub(super) fn submitted(
        &self,
        key: RunKey,
        request_id: String,
        (output_bucket, output_prefix): (String, String),
        resource: Value,
    ) -> Job {
        let faults = &self.house.faults;
        Job {
            resource,
            request_id,
            key,
            output_bucket,
            output_prefix,
            submitted_at: Timestamp::now(),
            cancelled_at: None,
            failed: faults.strikes(&Kind::JobError).then(|| "a fault that was asked for".to_owned()),
            hollow: faults.strikes(&Kind::JobWithoutOutput),
            unknown: faults.strikes(&Kind::JobUnknown),
            packages: Vec::new(),
            looks: 0,
            ended: None,
        }
    }

    /// Starts what a job runs, where it runs anything.
    pub(super) fn begin(&self, id: &str, job: &Job) {
        if job.failed.is_none() && !job.hollow && matches!(self.house.options.jobs, Jobs::Spark) {
            self.start(id, job);
        }
    }

    /// Starts a job's Spark beside the answer. Submitting is idempotent, so a restart may do it again.
    pub(super) fn start(&self, id: &str, job: &Job) {
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
    pub(super) async fn look(&self, job_id: &str) -> Result<Look, Refusal> {
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

    pub(super) async fn get_job(&self, job_id: &str) -> Result<Value, Refusal> {
        let looked = self.look(job_id).await?;
        let Look { job, state, details, since, running_since, over } = &looked;
        let mut resource = job.resource.clone();
        let mut status = json!({ "state": looked.word(), "stateStartTime": since.to_string() });
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
    pub(super) async fn write_output(
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

    pub(super) async fn list_jobs(&self, call: &Call) -> Result<Value, Refusal> {
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

    pub(super) async fn cancel_job(&self, job_id: &str) -> Result<(), Refusal> {
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

    pub(super) async fn delete_job(&self, job_id: &str) -> Result<Value, Refusal> {
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
