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

use super::access::{self, Makes};
use super::quota;
use super::workflow::{DataprocWorkflow, Form};
use super::{Cluster, ClusterTemplate, Dataproc, Job, absent_is_none, jobs, label_s, seconds_between};
use crate::bucket::Buckets;
use crate::state::{Cleanup, FailureReason, State, of_dataproc_cluster};
use crate::target::{Finding, LogChunk, LogStream, Observation, Progress, Submission, Target};
use crate::{Error, Reason, RunKey, RunSpec};

/// The label every cluster and job of ours carries; its value is the run's key.
pub const RUN_LABEL: &str = "countersign-run";

/// The label with the job's limit in seconds, so that whoever looks can keep it.
pub const DEADLINE_LABEL: &str = "countersign-deadline-s";

/// The label with the time the cluster has to be up.
pub const PROVISION_LABEL: &str = "countersign-provision-s";

/// The target: a Dataproc cluster of its own for each run.
#[derive(Clone, Debug)]
pub struct DataprocEphemeral {
    dataproc: Dataproc,
    template: ClusterTemplate,
    buckets: Buckets,
}

impl DataprocEphemeral {
    /// A target that makes clusters after `template`; `buckets` are those its files and outputs are in.
    pub fn new(dataproc: Dataproc, template: ClusterTemplate, buckets: Buckets) -> DataprocEphemeral {
        DataprocEphemeral { dataproc, template, buckets }
    }

    fn labels(&self, spec: &RunSpec) -> Result<BTreeMap<String, String>, Error> {
        let mut labels = spec.labels.clone();
        labels.insert(RUN_LABEL.to_owned(), spec.key.to_string());
        labels.insert(DEADLINE_LABEL.to_owned(), spec.deadline_s.to_string());
        labels.insert(PROVISION_LABEL.to_owned(), self.template.provision_deadline_s.to_string());
        super::check_labels(&labels)?;
        Ok(labels)
    }

    /// The same run as command lines for people: make the cluster, run the job, delete the cluster.
    pub fn command(&self, spec: &RunSpec) -> String {
        let (name, project, region) = (spec.key.as_str(), self.dataproc.project(), self.dataproc.region());
        let labels = self.labels(spec).unwrap_or_default();
        format!(
            "{} && {} && gcloud dataproc clusters delete {name} --project={project} --region={region} --quiet",
            self.template.gcloud(name, project, region, &labels),
            jobs::gcloud(&self.dataproc, spec, name, &labels),
        )
    }

    /// The one request that starts the same work without anybody of ours: its address and its body. Each time it is sent
    /// it starts the work anew.
    pub(crate) fn alone(&self, spec: &RunSpec) -> Result<(String, serde_json::Value), Error> {
        DataprocWorkflow::new(
            self.dataproc.clone(),
            self.template.clone(),
            Form::Inline,
            self.buckets.clone(),
        )
        .alone(spec)
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

    pub(super) fn observed(
        key: &RunKey,
        job: Option<&Job>,
        cluster: Option<&Cluster>,
    ) -> Result<Observation, Error> {
        let now = Timestamp::now();
        let cleanup = match cluster.and_then(|c| c.status.as_ref()).map(|s| s.state.as_str()) {
            None if cluster.is_none() => Cleanup::Proven,
            Some("DELETING") => Cleanup::InProgress,
            _ => Cleanup::Required,
        };
        let observation = |state: State, word: &str, job: Option<&Job>| Observation {
            state,
            engine_state: word.to_owned(),
            is_unknown: !of_dataproc_cluster(word, "").known,
            engine_job: job.map(|job| job.reference.job_id.clone()),
            exit_code: None,
            started_at: None,
            ended_at: None,
            cleanup,
        };
        if let Some(job) = job {
            return Ok(jobs::observed(job, cleanup));
        }
        let Some(cluster) = cluster else {
            return Err(Error::NotFound { what: format!("run `{key}` on Dataproc") });
        };
        let status = cluster.status.clone().unwrap_or_default();
        let mut state = match status.state.as_str() {
            // Deleted before it had a job: the service gave it up, or somebody stopped the run.
            "DELETING" => match cluster.status_history.iter().rev().find(|was| was.state != "DELETING") {
                Some(was) if was.state.starts_with("ERROR") => {
                    of_dataproc_cluster(&was.state, &was.detail).state
                }
                _ => State::Cancelled,
            },
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
            findings.push(Finding::of("labels", "finding-detail", &e));
        }
        if spec.deadline_s > self.template.age_delete_s {
            findings.push(Finding::warning(
                "age-limit",
                Reason::new("finding-age-before-deadline")
                    .with("deadline", spec.deadline_s)
                    .with("age", self.template.age_delete_s),
            ));
        }
        let makes = Makes::Cluster;
        let needs = quota::of_cluster(&self.template);
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
        let labels = self.labels(spec)?;
        let config = self.template.config(self.dataproc.region())?;
        let name = spec.key.as_str();
        let (project, region) = (self.dataproc.project(), self.dataproc.region());
        let (job, cluster) = self.there(&spec.key).await?;
        let already_there = job.is_some() || cluster.is_some();
        progress(Progress::line("comparing the files with what was approved"));
        let mut staged = Vec::new();
        for file in spec.all_files() {
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
            command: self.command(spec),
        })
    }

    async fn advance(&self, spec: &RunSpec) -> Result<Observation, Error> {
        let (job, cluster) = self.there(&spec.key).await?;
        let seen = Self::observed(&spec.key, job.as_ref(), cluster.as_ref())?;
        match (&job, &cluster) {
            (None, Some(_)) if seen.state == State::Submitted => {
                let job = jobs::job(&self.dataproc, spec, spec.key.as_str(), self.labels(spec)?);
                match self.dataproc.submit_job(&job, &spec.key).await {
                    Ok(_) | Err(Error::Conflict { .. }) => self.observe(&spec.key).await,
                    Err(e) => Err(e),
                }
            }
            (Some(job), _)
                if matches!(seen.state, State::Failed { reason: FailureReason::Deadline { .. } }) =>
            {
                if !jobs::is_over(job) {
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
        let over = job.as_ref().is_some_and(jobs::is_over);
        // Dataproc's driver output is one stream; there is no second one to show.
        let uri = job.and_then(|job| job.driver_output_resource_uri).filter(|_| stream == LogStream::Output);
        super::driver_output(&self.dataproc, &self.buckets, uri, from_offset, over).await
    }

    async fn cancel(&self, key: &RunKey) -> Result<(), Error> {
        let (job, cluster) = self.there(key).await?;
        match (job, cluster) {
            (Some(_), _) => self.dataproc.cancel_job(key.as_str()).await,
            // Without a job there is only the cluster to stop.
            (None, Some(cluster)) => self.dataproc.ask_for_deletion(&cluster).await,
            (None, None) => Err(Error::NotFound { what: format!("run `{key}` on Dataproc") }),
        }
    }

    async fn cleanup(&self, key: &RunKey) -> Result<Cleanup, Error> {
        let (job, cluster) = self.there(key).await?;
        let Some(cluster) = cluster else { return Ok(Cleanup::Proven) };
        let running = job.as_ref().is_some_and(|job| !jobs::is_over(job));
        let seen = Self::observed(key, job.as_ref(), Some(&cluster))?;
        if running && !seen.state.is_end() {
            return Ok(Cleanup::Required);
        }
        if cluster.status.as_ref().is_none_or(|status| status.state != "DELETING") {
            self.dataproc.ask_for_deletion(&cluster).await?;
        }
        // Only an answer NOT_FOUND is a proof; an accepted request to delete is none (D-15).
        Ok(match absent_is_none(self.dataproc.cluster(key.as_str()).await)? {
            None => Cleanup::Proven,
            Some(_) => Cleanup::InProgress,
        })
    }
}
