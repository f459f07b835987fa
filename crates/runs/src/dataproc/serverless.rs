//! A serverless batch for one run: no cluster to make and none to leave behind.
//!
//! The service releases what a batch runs on when the batch ends, so its end state is the proof of cleanup; the
//! record of the batch stays, as evidence.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::access::{self, Makes};
use super::ephemeral::{DEADLINE_LABEL, RUN_LABEL};
use super::quota;
use super::{Batch, Dataproc, absent_is_none, gcloud, jobs, label_s, seconds_between};
use crate::bucket::Buckets;
use crate::state::{Cleanup, FailureReason, State, Translated, of_dataproc_batch};
use crate::target::{Finding, LogChunk, LogStream, Observation, Progress, Submission, Target};
use crate::{Error, Reason, RunKey, RunSpec};

/// The shortest time to live the service takes, in seconds.
pub const TTL_S_MIN: u64 = 600;

/// The longest, in seconds.
pub const TTL_S_MAX: u64 = 14 * 24 * 3600;

/// What a data engineer decides once about batches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchTemplate {
    /// The runtime version ("2.3").
    pub runtime_version: String,
    /// A container image with the packages a run needs; empty for the service's own.
    #[serde(default)]
    pub container_image: String,
    /// The service account the batch runs as; empty for the default one.
    #[serde(default)]
    pub service_account: String,
    /// The subnetwork's URI; empty for the default network.
    #[serde(default)]
    pub subnetwork: String,
    /// The staging bucket; empty for the service's own.
    #[serde(default)]
    pub staging_bucket: String,
    /// A history server, as the full name of its Dataproc cluster; empty for none.
    #[serde(default)]
    pub history_server: String,
    /// Jars for the class path (the BigQuery connector, say).
    #[serde(default)]
    pub jars: Vec<String>,
    /// Python files and packages beside the main script.
    #[serde(default)]
    pub python_files: Vec<String>,
    /// Network tags.
    #[serde(default)]
    pub network_tags: Vec<String>,
}

/// The target: a Dataproc Serverless batch for each run.
#[derive(Clone, Debug)]
pub struct DataprocServerless {
    dataproc: Dataproc,
    template: BatchTemplate,
    buckets: Buckets,
}

impl DataprocServerless {
    /// A target that makes batches after `template`; `buckets` are those its files and outputs are in.
    pub fn new(dataproc: Dataproc, template: BatchTemplate, buckets: Buckets) -> DataprocServerless {
        DataprocServerless { dataproc, template, buckets }
    }

    fn labels(spec: &RunSpec) -> Result<BTreeMap<String, String>, Error> {
        let mut labels = spec.labels.clone();
        labels.insert(RUN_LABEL.to_owned(), spec.key.to_string());
        labels.insert(DEADLINE_LABEL.to_owned(), spec.deadline_s.to_string());
        super::check_labels(&labels)?;
        Ok(labels)
    }

    /// Properties with the run's environment variables, which a batch takes as Spark settings.
    fn properties(spec: &RunSpec) -> BTreeMap<String, String> {
        let mut properties = spec.properties.clone();
        for (name, value) in &spec.environment {
            properties.insert(format!("spark.dataproc.driverEnv.{name}"), value.clone());
            properties.insert(format!("spark.executorEnv.{name}"), value.clone());
        }
        properties
    }

    /// What the target always has on the import path, and what the package brings.
    fn python_files(&self, spec: &RunSpec) -> Vec<String> {
        let mut files = self.template.python_files.clone();
        files.extend(jobs::uris(&spec.python_files));
        files
    }

    fn batch(&self, spec: &RunSpec) -> Result<Value, Error> {
        let template = &self.template;
        let mut runtime =
            json!({ "version": template.runtime_version, "properties": Self::properties(spec) });
        let mut execution = json!({ "ttl": format!("{}s", spec.deadline_s.clamp(TTL_S_MIN, TTL_S_MAX)) });
        set(&mut runtime, "containerImage", &template.container_image);
        set(&mut execution, "serviceAccount", &template.service_account);
        set(&mut execution, "subnetworkUri", &template.subnetwork);
        set(&mut execution, "stagingBucket", &template.staging_bucket);
        if !template.network_tags.is_empty() {
            execution["networkTags"] = json!(template.network_tags);
        }
        let mut environment = json!({ "executionConfig": execution });
        if !template.history_server.is_empty() {
            environment["peripheralsConfig"] =
                json!({ "sparkHistoryServerConfig": { "dataprocCluster": template.history_server } });
        }
        let mut pyspark = json!({
            "mainPythonFileUri": spec.main.from.to_string(),
            "args": spec.args,
            "fileUris": jobs::uris(&spec.files),
        });
        if !template.jars.is_empty() {
            pyspark["jarFileUris"] = json!(template.jars);
        }
        let python_files = self.python_files(spec);
        if !python_files.is_empty() {
            pyspark["pythonFileUris"] = json!(python_files);
        }
        Ok(json!({
            "pysparkBatch": pyspark,
            "runtimeConfig": runtime,
            "environmentConfig": environment,
            "labels": Self::labels(spec)?,
        }))
    }

    /// The same batch as a command line for people.
    pub fn command(&self, spec: &RunSpec) -> String {
        let template = &self.template;
        let mut words = vec![
            format!("gcloud dataproc batches submit pyspark {}", spec.main.from),
            format!("--batch={}", spec.key),
            format!("--project={}", self.dataproc.project()),
            format!("--region={}", self.dataproc.region()),
            format!("--version={}", template.runtime_version),
            format!("--ttl={}s", spec.deadline_s.clamp(TTL_S_MIN, TTL_S_MAX)),
        ];
        let flags = [
            gcloud::value("container-image", &template.container_image),
            gcloud::value("service-account", &template.service_account),
            gcloud::value("subnet", &template.subnetwork),
            gcloud::value("staging-bucket", &template.staging_bucket),
            gcloud::value("history-server-cluster", &template.history_server),
            gcloud::list("jars", &template.jars),
            gcloud::list("py-files", &self.python_files(spec)),
            gcloud::list("tags", &template.network_tags),
            gcloud::list("files", &jobs::uris(&spec.files)),
            gcloud::pairs("properties", &Self::properties(spec)),
            gcloud::pairs("labels", &Self::labels(spec).unwrap_or_default()),
            gcloud::arguments(&spec.args),
        ];
        words.extend(flags.into_iter().flatten());
        words.join(" ")
    }

    /// The one request that starts the same work without anybody of ours: its address and its body. Each time it is sent
    /// it starts the work anew.
    pub(crate) fn alone(&self, spec: &RunSpec) -> Result<(String, serde_json::Value), Error> {
        Ok((self.dataproc.location_url("batches"), self.batch(spec)?))
    }

    fn observed(key: &RunKey, batch: &Batch) -> Observation {
        let Translated { mut state, known } = of_dataproc_batch(&batch.state, &batch.state_message);
        let ended = state.is_end() || state == State::Verifying;
        let ended_at = batch.state_time.filter(|_| ended);
        let started_at = match batch.state.as_str() {
            "RUNNING" => batch.state_time,
            _ => batch.state_history.iter().find(|s| s.state == "RUNNING").and_then(|s| s.state_start_time),
        };
        // A batch that was stopped for its age has failed, whatever word it ended with.
        if let (Some(limit_s), Some(since)) = (label_s(&batch.labels, DEADLINE_LABEL), started_at)
            && state != State::Verifying
            && !matches!(state, State::Failed { .. })
            && seconds_between(since, ended_at.unwrap_or_else(Timestamp::now)) > limit_s
        {
            state = State::Failed { reason: FailureReason::Deadline { limit_s } };
        }
        Observation {
            state,
            engine_state: batch.state.clone(),
            is_unknown: !known,
            engine_job: Some(key.to_string()),
            exit_code: None,
            started_at,
            ended_at,
            cleanup: if ended { Cleanup::Proven } else { Cleanup::Required },
        }
    }
}

impl Target for DataprocServerless {
    async fn preflight(&self, spec: &RunSpec) -> Result<Vec<Finding>, Error> {
        let mut findings = Vec::new();
        if self.template.runtime_version.is_empty() {
            findings.push(Finding::blocking("runtime-version", Reason::new("finding-runtime-version")));
        }
        if let Err(e) = Self::labels(spec) {
            findings.push(Finding::of("labels", "finding-detail", &e));
        }
        if !spec.requirements.is_empty() && self.template.container_image.is_empty() {
            findings.push(Finding::warning("packages", Reason::new("finding-packages-batch")));
        }
        let makes = Makes::Batch;
        let needs = quota::of_batch(&spec.properties);
        let account = &self.template.service_account;
        let found = access::preflight(&self.dataproc, &self.buckets, spec, makes, &needs, account).await?;
        findings.extend(found);
        findings.extend(super::preflight_files(&self.dataproc, &self.buckets, spec).await?);
        Ok(findings)
    }

    async fn submit(
        &self,
        spec: &RunSpec,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Submission, Error> {
        let batch = self.batch(spec)?;
        let already_there = absent_is_none(self.dataproc.batch(spec.key.as_str()).await)?.is_some();
        progress(Progress::line("comparing the files with what was approved"));
        let mut staged = Vec::new();
        for file in spec.all_files() {
            staged.push(super::checked(&self.dataproc, &self.buckets, file).await?);
        }
        if !already_there {
            progress(Progress::line(format!("submitting batch `{}`", spec.key)));
            match self.dataproc.create_batch(&spec.key, &batch).await {
                Ok(_) => {}
                // Our own first call, whose answer was lost; anybody else's has other labels.
                Err(conflict @ Error::Conflict { .. }) => {
                    let there = self.dataproc.batch(spec.key.as_str()).await?;
                    if there.labels.get(RUN_LABEL).map(String::as_str) != Some(spec.key.as_str()) {
                        return Err(conflict);
                    }
                }
                Err(e) => return Err(e),
            }
        }
        Ok(Submission {
            already_there,
            engine_job: spec.key.to_string(),
            staged,
            runtime: vec![format!("Dataproc Serverless runtime {}", self.template.runtime_version)],
            command: self.command(spec),
        })
    }

    async fn advance(&self, spec: &RunSpec) -> Result<Observation, Error> {
        let batch = self.dataproc.batch(spec.key.as_str()).await?;
        let seen = Self::observed(&spec.key, &batch);
        // Past its limit and still running: it is stopped, whatever the service's own time to live says.
        let running = seen.cleanup == Cleanup::Required && batch.state != "CANCELLING";
        if let (State::Failed { .. }, true, Some(operation)) = (&seen.state, running, &batch.operation) {
            self.dataproc.cancel_operation(operation).await?;
        }
        Ok(seen)
    }

    async fn observe(&self, key: &RunKey) -> Result<Observation, Error> {
        Ok(Self::observed(key, &self.dataproc.batch(key.as_str()).await?))
    }

    async fn logs(&self, key: &RunKey, stream: LogStream, from_offset: u64) -> Result<LogChunk, Error> {
        let batch = self.dataproc.batch(key.as_str()).await?;
        let over = Self::observed(key, &batch).cleanup == Cleanup::Proven;
        let uri = batch.runtime_info.and_then(|info| info.output_uri).filter(|_| stream == LogStream::Output);
        super::driver_output(&self.dataproc, &self.buckets, uri, from_offset, over).await
    }

    async fn cancel(&self, key: &RunKey) -> Result<(), Error> {
        let batch = self.dataproc.batch(key.as_str()).await?;
        if Self::observed(key, &batch).cleanup == Cleanup::Proven {
            return Ok(());
        }
        match &batch.operation {
            Some(operation) => self.dataproc.cancel_operation(operation).await,
            None => Err(Error::Offline {
                what: format!("cancelling batch `{key}`"),
                why: "the service does not name its operation yet".to_owned(),
            }),
        }
    }

    async fn cleanup(&self, key: &RunKey) -> Result<Cleanup, Error> {
        match absent_is_none(self.dataproc.batch(key.as_str()).await)? {
            Some(batch) => Ok(Self::observed(key, &batch).cleanup),
            None => Ok(Cleanup::Proven),
        }
    }
}

fn set(value: &mut Value, field: &str, text: &str) {
    if !text.is_empty() {
        value[field] = json!(text);
    }
}
