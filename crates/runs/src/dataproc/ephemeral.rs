//! A cluster for one run: made, used, deleted, and its deletion proven.
//!
//! ```text
//! submit   create the cluster (request id and name are the run's key)
//! advance  cluster up → submit the job (job id is the run's key); beyond a limit → stop it
//! cleanup  delete the cluster, until asking for it answers NOT_FOUND (D-15)
//! ```
//!
//! Nothing is kept here between calls: after a crash every call asks the service what is there under the run's key.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    Cluster, ClusterTemplate, Dataproc, Job, JobPlacement, JobReference, PySparkJob, absent_is_none, label_s,
    seconds_between,
};
use crate::bucket::Buckets;
use crate::state::{Cleanup, FailureReason, State, of_dataproc_cluster, of_dataproc_job};
use crate::target::{Finding, LogChunk, LogStream, Observation, Progress, Submission, Target};
use crate::{Error, Location, RunKey, RunSpec};

/// The label every cluster and job of ours carries; its value is the run's key.
pub const RUN_LABEL: &str = "countersign-run";

/// The label with the job's limit in seconds, so that whoever looks can keep it.
pub(super) const DEADLINE_LABEL: &str = "countersign-deadline-s";

/// The label with the time the cluster has to be up.
const PROVISION_LABEL: &str = "countersign-provision-s";

/// The target: a Dataproc cluster of its own for each run.
#[derive(Clone, Debug)]
pub struct DataprocEphemeral {
    dataproc: Dataproc,
    template: ClusterTemplate,
    buckets: Buckets,
}

/// A cluster of ours that is there, whoever should have deleted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// The run it was made for, as its label says.
    pub run: String,
    /// Its name.
    pub cluster: String,
    /// The service's word for its state.
    pub state: String,
    /// Since when it is in that state.
    pub since: Option<Timestamp>,
    /// All its labels.
    pub labels: BTreeMap<String, String>,
}

impl DataprocEphemeral {
    /// A target that makes clusters after `template`; `buckets` are those its files and outputs are in.
    pub fn new(dataproc: Dataproc, template: ClusterTemplate, buckets: Buckets) -> DataprocEphemeral {
        DataprocEphemeral { dataproc, template, buckets }
    }

    /// Every cluster that carries our label. Whatever no live run owns is for the caller to show and delete.
    pub async fn leftovers(&self) -> Result<Vec<Leftover>, Error> {
        let clusters = self.dataproc.clusters_labelled(RUN_LABEL).await?;
        Ok(clusters
            .into_iter()
            .map(|cluster| Leftover {
                run: cluster.labels.get(RUN_LABEL).cloned().unwrap_or_default(),
                state: cluster.status.as_ref().map(|s| s.state.clone()).unwrap_or_default(),
                since: cluster.status.as_ref().and_then(|s| s.state_start_time),
                cluster: cluster.cluster_name,
                labels: cluster.labels,
            })
            .collect())
    }

    fn labels(&self, spec: &RunSpec) -> Result<BTreeMap<String, String>, Error> {
        let mut labels = spec.labels.clone();
        labels.insert(RUN_LABEL.to_owned(), spec.key.to_string());
        labels.insert(DEADLINE_LABEL.to_owned(), spec.deadline_s.to_string());
        labels.insert(PROVISION_LABEL.to_owned(), self.template.provision_deadline_s.to_string());
        super::check_labels(&labels)?;
        Ok(labels)
    }

    /// Asks for this very cluster to be deleted. A refusal may mean that an earlier request, whose answer was lost,
    /// is being carried out: then that is what was wanted.
    async fn ask_for_deletion(&self, cluster: &Cluster) -> Result<(), Error> {
        let name = &cluster.cluster_name;
        match self.dataproc.delete_cluster(name, cluster.cluster_uuid.as_deref()).await {
            Ok(_) | Err(Error::NotFound { .. }) => Ok(()),
            Err(refused @ (Error::Invalid { .. } | Error::Conflict { .. })) => {
                match absent_is_none(self.dataproc.cluster(name).await)?.and_then(|there| there.status) {
                    Some(status) if status.state != "DELETING" => Err(refused),
                    _ => Ok(()),
                }
            }
            Err(e) => Err(e),
        }
    }

    /// The service's job and cluster of this key, each `None` when it answers NOT_FOUND.
    async fn there(&self, key: &RunKey) -> Result<(Option<Job>, Option<Cluster>), Error> {
        let job = absent_is_none(self.dataproc.job(key.as_str()).await)?;
        let cluster = absent_is_none(self.dataproc.cluster(key.as_str()).await)?;
        if let Some(cluster) = &cluster
            && cluster.labels.get(RUN_LABEL).map(String::as_str) != Some(key.as_str())
        {
            return Err(Error::Conflict {
                what: format!("cluster `{key}`"),
                why: "a cluster of this name exists and does not carry our label; it is somebody else's"
                    .to_owned(),
            });
        }
        Ok((job, cluster))
    }

    fn observed(key: &RunKey, job: Option<&Job>, cluster: Option<&Cluster>) -> Result<Observation, Error> {
        let now = Timestamp::now();
        let cleanup = match cluster.and_then(|c| c.status.as_ref()).map(|s| s.state.as_str()) {
            None if cluster.is_none() => Cleanup::Proven,
            Some("DELETING") => Cleanup::InProgress,
            _ => Cleanup::Required,
        };
        let observation = |state: State, word: &str, job: Option<&Job>| Observation {
            state,
            engine_state: word.to_owned(),
            engine_job: job.map(|job| job.reference.job_id.clone()),
            exit_code: None,
            started_at: None,
            ended_at: None,
            cleanup,
        };
        if let Some(job) = job {
            let status = job.status.clone().unwrap_or_default();
            let mut state = of_dataproc_job(&status.state, &status.details).state;
            let history = || job.status_history.iter().chain(job.status.as_ref());
            let started_at = history().find(|s| s.state == "RUNNING").and_then(|s| s.state_start_time);
            let limit_s = label_s(&job.labels, DEADLINE_LABEL);
            let ended = state.is_end() || state == State::Verifying;
            let ended_at = status.state_start_time.filter(|_| ended);
            // A job that was stopped for its age has failed, whatever word it ended with.
            let since = history().find_map(|s| s.state_start_time);
            if let (Some(limit_s), Some(since)) = (limit_s, since)
                && state != State::Verifying
                && !matches!(state, State::Failed { .. })
                && seconds_between(since, ended_at.unwrap_or(now)) > limit_s
            {
                state = State::Failed { reason: FailureReason::Deadline { limit_s } };
            }
            return Ok(Observation { started_at, ended_at, ..observation(state, &status.state, Some(job)) });
        }
        let Some(cluster) = cluster else {
            return Err(Error::NotFound { what: format!("run `{key}` on Dataproc") });
        };
        let status = cluster.status.clone().unwrap_or_default();
        let mut state = match status.state.as_str() {
            // Deleted before it had a job: somebody stopped the run.
            "DELETING" => State::Cancelled,
            word => of_dataproc_cluster(word, &status.detail).state,
        };
        if let (Some(limit_s), Some(since)) =
            (label_s(&cluster.labels, PROVISION_LABEL), status.state_start_time)
            && state == State::Provisioning
            && seconds_between(since, now) > limit_s
        {
            state = State::Failed { reason: FailureReason::Deadline { limit_s } };
        }
        Ok(observation(state, &status.state, None))
    }
}

impl Target for DataprocEphemeral {
    async fn preflight(&self, spec: &RunSpec) -> Result<Vec<Finding>, Error> {
        let mut findings = self.template.check();
        if let Err(e) = self.labels(spec) {
            findings.push(Finding::blocking("labels", e.to_string()));
        }
        if spec.deadline_s > self.template.age_delete_s {
            findings.push(Finding::warning(
                "age-limit",
                format!(
                    "the run may take {} s and its cluster deletes itself after {} s",
                    spec.deadline_s, self.template.age_delete_s
                ),
            ));
        }
        for file in std::iter::once(&spec.main).chain(&spec.files) {
            match super::checked(&self.dataproc, &self.buckets, file).await {
                Ok(_) => {}
                Err(e @ Error::Corrupt { .. }) => {
                    findings.push(Finding::blocking("not-approved", e.to_string()))
                }
                Err(e) if e.is_transient() => return Err(e),
                Err(e) => findings.push(Finding::blocking("file", e.to_string())),
            }
        }
        for output in &spec.outputs {
            if !matches!(output.at, Location::Object { .. }) {
                let message =
                    format!("output `{}` is at `{}` and has to be in a bucket", output.name, output.at);
                findings.push(Finding::blocking("output", message));
            }
        }
        Ok(findings)
    }

    async fn submit(
        &self,
        spec: &RunSpec,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Submission, Error> {
        let labels = self.labels(spec)?;
        let config = self.template.config(self.dataproc.region())?;
        let name = spec.key.as_str();
        let (project, region) = (self.dataproc.project(), self.dataproc.region());
        let (job, cluster) = self.there(&spec.key).await?;
        let already_there = job.is_some() || cluster.is_some();
        progress(Progress::line("comparing the files with what was approved"));
        let mut staged = Vec::new();
        for file in std::iter::once(&spec.main).chain(&spec.files) {
            staged.push(super::checked(&self.dataproc, &self.buckets, file).await?);
        }
        if !already_there {
            progress(Progress::line(format!("creating cluster `{name}` in `{region}`")));
            let cluster = Cluster {
                project_id: project.to_owned(),
                cluster_name: name.to_owned(),
                config,
                labels: labels.clone(),
                ..Cluster::default()
            };
            match self.dataproc.create_cluster(&cluster, &spec.key).await {
                Ok(_) => {}
                // Our own first call, whose answer was lost; anybody else's has other labels.
                Err(Error::Conflict { .. }) => {
                    self.there(&spec.key).await?;
                }
                Err(e) => return Err(e),
            }
        }
        Ok(Submission {
            already_there,
            engine_job: name.to_owned(),
            staged,
            runtime: vec![format!("Dataproc image {}", self.template.image_version)],
            command: format!(
                "{} && {} && gcloud dataproc clusters delete {name} --project={project} --region={region} --quiet",
                self.template.gcloud(name, project, region, &labels),
                gcloud_submit(spec, project, region),
            ),
        })
    }

    async fn advance(&self, spec: &RunSpec) -> Result<Observation, Error> {
        let (job, cluster) = self.there(&spec.key).await?;
        let seen = Self::observed(&spec.key, job.as_ref(), cluster.as_ref())?;
        match (&job, &cluster) {
            (None, Some(_)) if seen.state == State::Submitted => {
                let job = Job {
                    reference: JobReference {
                        project_id: self.dataproc.project().to_owned(),
                        job_id: spec.key.to_string(),
                    },
                    placement: JobPlacement { cluster_name: spec.key.to_string() },
                    pyspark_job: Some(PySparkJob {
                        main_python_file_uri: spec.main.from.to_string(),
                        args: spec.args.clone(),
                        file_uris: spec.files.iter().map(|file| file.from.to_string()).collect(),
                        properties: job_properties(spec),
                    }),
                    labels: self.labels(spec)?,
                    ..Job::default()
                };
                match self.dataproc.submit_job(&job, &spec.key).await {
                    Ok(_) | Err(Error::Conflict { .. }) => self.observe(&spec.key).await,
                    Err(e) => Err(e),
                }
            }
            (Some(job), _)
                if matches!(seen.state, State::Failed { reason: FailureReason::Deadline { .. } }) =>
            {
                let word = job.status.as_ref().map_or("", |status| status.state.as_str());
                if !of_dataproc_job(word, "").state.is_end() {
                    self.dataproc.cancel_job(spec.key.as_str()).await?;
                }
                Ok(seen)
            }
            _ => Ok(seen),
        }
    }

    async fn observe(&self, key: &RunKey) -> Result<Observation, Error> {
        let (job, cluster) = self.there(key).await?;
        Self::observed(key, job.as_ref(), cluster.as_ref())
    }

    async fn logs(&self, key: &RunKey, stream: LogStream, from_offset: u64) -> Result<LogChunk, Error> {
        let job = absent_is_none(self.dataproc.job(key.as_str()).await)?;
        let over = job.as_ref().and_then(|job| job.status.as_ref()).is_some_and(|status| {
            let state = of_dataproc_job(&status.state, "").state;
            state.is_end() || state == State::Verifying
        });
        // Dataproc's driver output is one stream; there is no second one to show.
        let uri = job.and_then(|job| job.driver_output_resource_uri).filter(|_| stream == LogStream::Output);
        super::driver_output(&self.dataproc, &self.buckets, uri, from_offset, over).await
    }

    async fn cancel(&self, key: &RunKey) -> Result<(), Error> {
        let (job, cluster) = self.there(key).await?;
        match (job, cluster) {
            (Some(_), _) => self.dataproc.cancel_job(key.as_str()).await,
            // Without a job there is only the cluster to stop.
            (None, Some(cluster)) => self.ask_for_deletion(&cluster).await,
            (None, None) => Err(Error::NotFound { what: format!("run `{key}` on Dataproc") }),
        }
    }

    async fn cleanup(&self, key: &RunKey) -> Result<Cleanup, Error> {
        let (job, cluster) = self.there(key).await?;
        let Some(cluster) = cluster else { return Ok(Cleanup::Proven) };
        let running = job.as_ref().and_then(|job| job.status.as_ref()).is_some_and(|status| {
            let state = of_dataproc_job(&status.state, "").state;
            !(state.is_end() || state == State::Verifying)
        });
        let seen = Self::observed(key, job.as_ref(), Some(&cluster))?;
        if running && !seen.state.is_end() {
            return Ok(Cleanup::Required);
        }
        if cluster.status.as_ref().is_none_or(|status| status.state != "DELETING") {
            self.ask_for_deletion(&cluster).await?;
        }
        // Only an answer NOT_FOUND is a proof; an accepted request to delete is none (D-15).
        Ok(match absent_is_none(self.dataproc.cluster(key.as_str()).await)? {
            None => Cleanup::Proven,
            Some(_) => Cleanup::InProgress,
        })
    }
}

/// Properties with the run's environment variables, which Dataproc takes as Spark settings.
fn job_properties(spec: &RunSpec) -> BTreeMap<String, String> {
    let mut properties = spec.properties.clone();
    for (name, value) in &spec.environment {
        properties.insert(format!("spark.yarn.appMasterEnv.{name}"), value.clone());
        properties.insert(format!("spark.executorEnv.{name}"), value.clone());
    }
    properties
}

fn gcloud_submit(spec: &RunSpec, project: &str, region: &str) -> String {
    let mut line = format!(
        "gcloud dataproc jobs submit pyspark {} --id={key} --cluster={key} --project={project} --region={region}",
        spec.main.from,
        key = spec.key,
    );
    if !spec.files.is_empty() {
        let files: Vec<String> = spec.files.iter().map(|file| file.from.to_string()).collect();
        line.push_str(&format!(" --files={}", files.join(",")));
    }
    if !spec.args.is_empty() {
        line.push_str(" -- ");
        line.push_str(&spec.args.iter().map(|arg| crate::local::quoted(arg)).collect::<Vec<_>>().join(" "));
    }
    line
}
