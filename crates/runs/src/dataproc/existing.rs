//! A job on a cluster that is there: somebody else made it, and it stays.
//!
//! What the run makes is one job. It needs no removal; its end is the proof that it costs nothing any more.

use std::collections::BTreeMap;

use super::access::{self, Makes};
use super::ephemeral::{DEADLINE_LABEL, RUN_LABEL};
use super::quota::Needs;
use super::{Dataproc, Job, absent_is_none, jobs};
use crate::bucket::Buckets;
use crate::state::{Cleanup, FailureReason, State, of_dataproc_cluster};
use crate::target::{Finding, LogChunk, LogStream, Observation, Progress, Submission, Target};
use crate::{Error, Reason, RunKey, RunSpec};

/// The target: a Dataproc cluster that is there.
#[derive(Clone, Debug)]
pub struct DataprocExisting {
    dataproc: Dataproc,
    cluster: String,
    buckets: Buckets,
}

impl DataprocExisting {
    /// A target that hands jobs to `cluster`; `buckets` are those its files and outputs are in.
    pub fn new(dataproc: Dataproc, cluster: impl Into<String>, buckets: Buckets) -> DataprocExisting {
        DataprocExisting { dataproc, cluster: cluster.into(), buckets }
    }

    fn labels(spec: &RunSpec) -> Result<BTreeMap<String, String>, Error> {
        let mut labels = spec.labels.clone();
        labels.insert(RUN_LABEL.to_owned(), spec.key.to_string());
        labels.insert(DEADLINE_LABEL.to_owned(), spec.deadline_s.to_string());
        super::check_labels(&labels)?;
        Ok(labels)
    }

    /// The same run as a command line for people.
    pub fn command(&self, spec: &RunSpec) -> String {
        jobs::gcloud(&self.dataproc, spec, &self.cluster, &Self::labels(spec).unwrap_or_default())
    }

    /// The one request that starts the same work without anybody of ours: its address and its body. Each time it is sent
    /// it starts the work anew.
    pub(crate) fn alone(&self, spec: &RunSpec) -> Result<(String, serde_json::Value), Error> {
        let mut job =
            serde_json::to_value(jobs::job(&self.dataproc, spec, &self.cluster, Self::labels(spec)?))
                .map_err(|e| Error::invalid("the job", e.to_string()))?;
        // A name of its own would let it run once only.
        if let Some(fields) = job.as_object_mut() {
            fields.remove("reference");
        }
        Ok((self.dataproc.url("jobs:submit"), serde_json::json!({ "job": job })))
    }

    async fn job(&self, key: &RunKey) -> Result<Job, Error> {
        match self.dataproc.job(key.as_str()).await {
            Err(Error::NotFound { .. }) => {
                Err(Error::NotFound { what: format!("run `{key}` on cluster `{}`", self.cluster) })
            }
            answer => answer,
        }
    }

    fn observed(job: &Job) -> Observation {
        let cleanup = if jobs::is_over(job) { Cleanup::Proven } else { Cleanup::Required };
        jobs::observed(job, cleanup)
    }
}

impl Target for DataprocExisting {
    async fn preflight(&self, spec: &RunSpec) -> Result<Vec<Finding>, Error> {
        let mut findings = Vec::new();
        match self.dataproc.cluster(&self.cluster).await {
            Ok(cluster) => {
                let status = cluster.status.unwrap_or_default();
                let state = of_dataproc_cluster(&status.state, &status.detail).state;
                if state != State::Submitted {
                    findings.push(Finding::blocking(
                        "cluster",
                        Reason::new("finding-cluster-state")
                            .with("cluster", &self.cluster)
                            .with("state", status.state)
                            .with("region", self.dataproc.region()),
                    ));
                }
            }
            Err(e) if e.is_transient() => return Err(e),
            Err(e) => findings.push(Finding::blocking(
                "cluster",
                Reason::new("finding-cluster").with("detail", e).with("region", self.dataproc.region()),
            )),
        }
        if let Err(e) = Self::labels(spec) {
            findings.push(Finding::of("labels", "finding-detail", &e));
        }
        if !spec.requirements.is_empty() {
            findings.push(Finding::warning(
                "packages",
                Reason::new("finding-packages-cluster").with("packages", spec.requirements.join(", ")),
            ));
        }
        let makes = Makes::Job;
        let needs = Needs::new();
        let account = "";
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
        let labels = Self::labels(spec)?;
        let already_there = absent_is_none(self.dataproc.job(spec.key.as_str()).await)?.is_some();
        progress(Progress::line("comparing the files with what was approved"));
        let mut staged = Vec::new();
        for file in spec.all_files() {
            staged.push(super::checked(&self.dataproc, &self.buckets, file).await?);
        }
        if !already_there {
            progress(Progress::line(format!("submitting job `{}` to `{}`", spec.key, self.cluster)));
            let job = jobs::job(&self.dataproc, spec, &self.cluster, labels);
            match self.dataproc.submit_job(&job, &spec.key).await {
                Ok(_) => {}
                // Our own first call, whose answer was lost; anybody else's has other labels.
                Err(conflict @ Error::Conflict { .. }) => {
                    let there = self.job(&spec.key).await?;
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
            runtime: vec![format!("cluster {}", self.cluster)],
            command: self.command(spec),
        })
    }

    async fn advance(&self, spec: &RunSpec) -> Result<Observation, Error> {
        let job = self.job(&spec.key).await?;
        let seen = Self::observed(&job);
        if matches!(seen.state, State::Failed { reason: FailureReason::Deadline { .. } })
            && !jobs::is_over(&job)
        {
            self.dataproc.cancel_job(spec.key.as_str()).await?;
        }
        Ok(seen)
    }

    async fn observe(&self, key: &RunKey) -> Result<Observation, Error> {
        Ok(Self::observed(&self.job(key).await?))
    }

    async fn logs(&self, key: &RunKey, stream: LogStream, from_offset: u64) -> Result<LogChunk, Error> {
        let job = self.job(key).await?;
        let over = jobs::is_over(&job);
        let uri = job.driver_output_resource_uri.filter(|_| stream == LogStream::Output);
        super::driver_output(&self.dataproc, &self.buckets, uri, from_offset, over).await
    }

    async fn cancel(&self, key: &RunKey) -> Result<(), Error> {
        self.job(key).await?;
        self.dataproc.cancel_job(key.as_str()).await
    }

    async fn cleanup(&self, key: &RunKey) -> Result<Cleanup, Error> {
        match absent_is_none(self.dataproc.job(key.as_str()).await)? {
            Some(job) if jobs::is_over(&job) => Ok(Cleanup::Proven),
            Some(_) => Ok(Cleanup::Required),
            None => Ok(Cleanup::Proven),
        }
    }
}
