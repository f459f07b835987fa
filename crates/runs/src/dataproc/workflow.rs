//! A workflow for one run: the service itself makes the cluster, runs the job and deletes the cluster, from one request.
//!
//! The request id is the run's key, so that the same request made again finds the first one's workflow. What the service
//! makes of it carries our label: after a crash the run is found by that, for the names are the service's own.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use super::access::{self, Makes};
use super::ephemeral::{DEADLINE_LABEL, PROVISION_LABEL, RUN_LABEL};
use super::quota;
use super::{Cluster, ClusterTemplate, Dataproc, DataprocEphemeral, Job, Operation, absent_is_none, jobs};
use crate::bucket::Buckets;
use crate::cloud::Ask;
use crate::state::{Cleanup, FailureReason, State};
use crate::target::{Finding, LogChunk, LogStream, Observation, Progress, Submission, Target};
use crate::{Error, RunKey, RunSpec};

/// How long the service is given to show what it makes of a workflow, in looks of [`LOOK_MS`].
const LOOKS_MAX: u32 = 120;
const LOOK_MS: u64 = 500;

/// The shortest and the longest time Dataproc lets a workflow's jobs take, in seconds.
const DAG_S: (u64, u64) = (600, 24 * 3600);

/// The one step of a run's workflow.
const STEP: &str = "run";

/// Where a workflow's description is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In the request that starts it; nothing is kept.
    Inline,
    /// Stored as a workflow template under the run's key, instantiated, and removed with the rest.
    Stored,
}

/// The target: a Dataproc workflow with a managed cluster for each run.
#[derive(Clone, Debug)]
pub struct DataprocWorkflow {
    dataproc: Dataproc,
    template: ClusterTemplate,
    form: Form,
    buckets: Buckets,
}

impl Dataproc {
    /// Stores a workflow template; its identifier is its own.
    pub async fn create_workflow_template(&self, template: &Value) -> Result<Value, Error> {
        let what = format!("workflow template `{}`", template["id"].as_str().unwrap_or_default());
        let ask = Ask::new(Method::POST, self.url("workflowTemplates"), &what).json(template);
        self.cloud.ask(&ask).await?.json(&what)
    }

    /// Starts a stored workflow. The same request id starts one, however often it is asked for.
    pub async fn instantiate_workflow(&self, id: &str, request_id: &RunKey) -> Result<Operation, Error> {
        let what = format!("workflow template `{id}`");
        let ask = Ask::new(Method::POST, self.url(&format!("workflowTemplates/{id}:instantiate")), &what)
            .json(&json!({ "requestId": request_id.as_str() }));
        self.cloud.ask(&ask).await?.json(&what)
    }

    /// Starts a workflow that is stored nowhere. The same request id starts one, however often it is asked for.
    pub async fn instantiate_inline(
        &self,
        template: &Value,
        request_id: &RunKey,
    ) -> Result<Operation, Error> {
        let what = format!("workflow `{request_id}`");
        let ask = Ask::new(Method::POST, self.url("workflowTemplates:instantiateInline"), &what)
            .query("requestId", request_id.as_str())
            .json(template);
        self.cloud.ask(&ask).await?.json(&what)
    }

    /// Removes a stored workflow template; workflows that were started from it go on.
    pub async fn delete_workflow_template(&self, id: &str) -> Result<(), Error> {
        let what = format!("workflow template `{id}`");
        let ask = Ask::new(Method::DELETE, self.url(&format!("workflowTemplates/{id}")), &what);
        self.cloud.ask(&ask).await?.ok(&what).map(|_| ())
    }
}

impl DataprocWorkflow {
    /// A target whose workflows make clusters after `template`; `buckets` are those its files and outputs are in.
    pub fn new(
        dataproc: Dataproc,
        template: ClusterTemplate,
        form: Form,
        buckets: Buckets,
    ) -> DataprocWorkflow {
        DataprocWorkflow { dataproc, template, form, buckets }
    }

    fn labels(&self, spec: &RunSpec) -> Result<BTreeMap<String, String>, Error> {
        let mut labels = spec.labels.clone();
        labels.insert(RUN_LABEL.to_owned(), spec.key.to_string());
        labels.insert(DEADLINE_LABEL.to_owned(), spec.deadline_s.to_string());
        labels.insert(PROVISION_LABEL.to_owned(), self.template.provision_deadline_s.to_string());
        super::check_labels(&labels)?;
        Ok(labels)
    }

    /// The `WorkflowTemplate` of the v1 API: a managed cluster, and the run as its one job.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cluster or label that the service would refuse.
    pub fn workflow(&self, spec: &RunSpec) -> Result<Value, Error> {
        let labels = self.labels(spec)?;
        let job = jobs::job(&self.dataproc, spec, "", labels.clone());
        Ok(json!({
            "id": spec.key.as_str(),
            "labels": labels,
            "placement": { "managedCluster": {
                "clusterName": spec.key.as_str(),
                "config": self.template.config(self.dataproc.region())?,
                "labels": labels,
            } },
            "jobs": [{ "stepId": STEP, "pysparkJob": job.pyspark_job, "labels": labels }],
            "dagTimeout": format!("{}s", spec.deadline_s.clamp(DAG_S.0, DAG_S.1)),
        }))
    }

    /// The one request that starts the same work without anybody of ours: its address and its body. Each time it is sent
    /// it starts the work anew.
    pub(crate) fn alone(&self, spec: &RunSpec) -> Result<(String, serde_json::Value), Error> {
        Ok((self.dataproc.url("workflowTemplates:instantiateInline"), self.workflow(spec)?))
    }

    /// The same run as command lines for people.
    pub fn command(&self, spec: &RunSpec) -> String {
        let (id, project, region) = (spec.key.as_str(), self.dataproc.project(), self.dataproc.region());
        let place = format!("--project={project} --region={region}");
        let labels = self.labels(spec).unwrap_or_default();
        let cluster = self.template.gcloud(id, project, region, &labels);
        let cluster = cluster.replacen(
            "gcloud dataproc clusters create",
            "gcloud dataproc workflow-templates set-managed-cluster",
            1,
        );
        let job = jobs::gcloud(&self.dataproc, spec, "", &labels)
            .replacen(
                "gcloud dataproc jobs submit pyspark",
                "gcloud dataproc workflow-templates add-job pyspark",
                1,
            )
            .replacen(
                &format!("--id={id} --cluster="),
                &format!("--step-id={STEP} --workflow-template={id}"),
                1,
            );
        format!(
            "gcloud dataproc workflow-templates create {id} {place} && {cluster} --cluster-name={id} && {job} && \
             gcloud dataproc workflow-templates instantiate {id} {place}"
        )
    }

    /// The service's job and cluster of this key, each `None` when there is none that carries it.
    async fn there(&self, key: &RunKey) -> Result<(Option<Job>, Option<Cluster>), Error> {
        let ours = |labels: &BTreeMap<String, String>| {
            labels.get(RUN_LABEL).map(String::as_str) == Some(key.as_str())
        };
        let jobs = self.dataproc.jobs_where("ALL", &format!("labels.{RUN_LABEL} = {key}")).await?;
        let job = jobs.into_iter().find(|job| ours(&job.labels));
        let clusters = self.dataproc.clusters_labelled(RUN_LABEL).await?;
        Ok((job, clusters.into_iter().find(|cluster| ours(&cluster.labels))))
    }
}

impl Target for DataprocWorkflow {
    async fn preflight(&self, spec: &RunSpec) -> Result<Vec<Finding>, Error> {
        let mut findings = self.template.check();
        if let Err(e) = self.labels(spec) {
            findings.push(Finding::of("labels", "finding-detail", &e));
        }
        let makes = Makes::Workflow;
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
        let workflow = self.workflow(spec)?;
        let (job, cluster) = self.there(&spec.key).await?;
        let already_there = job.is_some() || cluster.is_some();
        progress(Progress::line("comparing the files with what was approved"));
        let mut staged = Vec::new();
        for file in spec.all_files() {
            staged.push(super::checked(&self.dataproc, &self.buckets, file).await?);
        }
        if !already_there {
            progress(Progress::line(format!(
                "starting workflow `{}` in `{}`",
                spec.key,
                self.dataproc.region()
            )));
            match self.form {
                Form::Inline => {
                    self.dataproc.instantiate_inline(&workflow, &spec.key).await?;
                }
                Form::Stored => {
                    match self.dataproc.create_workflow_template(&workflow).await {
                        // Our own first call, whose answer was lost: the name is the run's key.
                        Ok(_) | Err(Error::Conflict { .. }) => {}
                        Err(e) => return Err(e),
                    }
                    self.dataproc.instantiate_workflow(spec.key.as_str(), &spec.key).await?;
                }
            }
            // The answer names an operation; whoever observes looks for the cluster.
            for _ in 0..LOOKS_MAX {
                let (job, cluster) = self.there(&spec.key).await?;
                if job.is_some() || cluster.is_some() {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(LOOK_MS)).await;
            }
        }
        Ok(Submission {
            already_there,
            engine_job: spec.key.to_string(),
            staged,
            runtime: vec![format!("Dataproc image {}", self.template.image_version)],
            command: self.command(spec),
        })
    }

    async fn advance(&self, spec: &RunSpec) -> Result<Observation, Error> {
        let (job, cluster) = self.there(&spec.key).await?;
        let seen = DataprocEphemeral::observed(&spec.key, job.as_ref(), cluster.as_ref())?;
        if let Some(job) = &job
            && matches!(seen.state, State::Failed { reason: FailureReason::Deadline { .. } })
            && !jobs::is_over(job)
        {
            self.dataproc.cancel_job(&job.reference.job_id).await?;
        }
        Ok(seen)
    }

    async fn observe(&self, key: &RunKey) -> Result<Observation, Error> {
        let (job, cluster) = self.there(key).await?;
        DataprocEphemeral::observed(key, job.as_ref(), cluster.as_ref())
    }

    async fn logs(&self, key: &RunKey, stream: LogStream, from_offset: u64) -> Result<LogChunk, Error> {
        let (job, _) = self.there(key).await?;
        let over = job.as_ref().is_some_and(jobs::is_over);
        // Dataproc's driver output is one stream; there is no second one to show.
        let uri = job.and_then(|job| job.driver_output_resource_uri).filter(|_| stream == LogStream::Output);
        super::driver_output(&self.dataproc, &self.buckets, uri, from_offset, over).await
    }

    async fn cancel(&self, key: &RunKey) -> Result<(), Error> {
        match self.there(key).await? {
            (Some(job), _) => self.dataproc.cancel_job(&job.reference.job_id).await,
            // Without a job there is only the cluster to stop; the workflow ends with it.
            (None, Some(cluster)) => self.dataproc.ask_for_deletion(&cluster).await,
            (None, None) => Err(Error::NotFound { what: format!("run `{key}` on Dataproc") }),
        }
    }

    async fn cleanup(&self, key: &RunKey) -> Result<Cleanup, Error> {
        let (job, cluster) = self.there(key).await?;
        let over = job.as_ref().is_none_or(jobs::is_over);
        if let Some(cluster) = &cluster {
            let seen = DataprocEphemeral::observed(key, job.as_ref(), Some(cluster))?;
            if !over && !seen.state.is_end() {
                return Ok(Cleanup::Required);
            }
            if cluster.status.as_ref().is_none_or(|status| status.state != "DELETING") {
                self.dataproc.ask_for_deletion(cluster).await?;
            }
        }
        if self.form == Form::Stored {
            absent_is_none(self.dataproc.delete_workflow_template(key.as_str()).await)?;
        }
        // Only a listing without it is a proof; an accepted request to delete is none (D-15).
        Ok(match self.there(key).await?.1 {
            None => Cleanup::Proven,
            Some(_) => Cleanup::InProgress,
        })
    }
}
