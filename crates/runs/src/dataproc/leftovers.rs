//! What carries our label in the cloud, whoever should have removed it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ephemeral::RUN_LABEL;
use super::{Batch, Cluster, Dataproc, Job, LISTING_MAX, absent_is_none, jobs};
use crate::Error;
use crate::cloud::Ask;
use crate::state::{State, of_dataproc_batch};

/// What kind of resource was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftoverKind {
    /// A cluster, in whatever state.
    Cluster,
    /// A batch that is not over.
    Batch,
    /// A job that is not over, on a cluster that is not ours.
    Job,
}

/// A resource of ours that is there and may cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Leftover {
    /// What it is.
    pub kind: LeftoverKind,
    /// Its full name: `projects/P/regions/R/clusters/NAME`.
    pub resource: String,
    /// Its name.
    pub name: String,
    /// The run it was made for, as its label says.
    pub run: String,
    /// The service's word for its state.
    pub state: String,
    /// When it was made, as far as the service tells.
    pub since: Option<Timestamp>,
    /// All its labels.
    pub labels: BTreeMap<String, String>,
    /// What a cluster is made of; what a batch runs with.
    pub config: Value,
}

impl Leftover {
    /// A resource of which only the full name and the run it was made for are known; `None` for a name of another kind.
    pub fn named(resource: &str, run: &str) -> Option<Leftover> {
        let mut parts = resource.rsplit('/');
        let (name, kind) = (parts.next()?, parts.next()?);
        let kind = match kind {
            "clusters" => LeftoverKind::Cluster,
            "batches" => LeftoverKind::Batch,
            "jobs" => LeftoverKind::Job,
            _ => return None,
        };
        Some(Leftover {
            kind,
            resource: resource.to_owned(),
            name: name.to_owned(),
            run: run.to_owned(),
            state: String::new(),
            since: None,
            labels: BTreeMap::new(),
            config: Value::Null,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchPage {
    #[serde(default)]
    batches: Vec<Batch>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JobPage {
    #[serde(default)]
    jobs: Vec<Job>,
    next_page_token: Option<String>,
}

impl Dataproc {
    /// Every cluster, and every batch and job that is not over, that carries our label. Whatever no live run owns is
    /// for the caller to show and delete.
    ///
    /// # Errors
    /// When the service does not answer or does not allow it.
    pub async fn leftovers(&self) -> Result<Vec<Leftover>, Error> {
        let mut found: Vec<Leftover> = Vec::new();
        for cluster in self.clusters_labelled(RUN_LABEL).await? {
            found.push(self.cluster_left(cluster));
        }
        let of_clusters: Vec<String> = found.iter().map(|left| left.name.clone()).collect();
        for batch in self.batches_labelled().await? {
            let state = of_dataproc_batch(&batch.state, &batch.state_message).state;
            if state.is_end() || state == State::Verifying {
                continue;
            }
            let name = batch.name.rsplit('/').next().unwrap_or_default().to_owned();
            found.push(Leftover {
                kind: LeftoverKind::Batch,
                resource: format!("projects/{}/regions/{}/batches/{name}", self.project, self.region),
                name,
                run: batch.labels.get(RUN_LABEL).cloned().unwrap_or_default(),
                state: batch.state,
                since: batch.create_time,
                labels: batch.labels,
                config: batch.runtime_config,
            });
        }
        for job in self.jobs_labelled().await? {
            // A job on a cluster of ours goes with its cluster.
            if jobs::is_over(&job) || of_clusters.contains(&job.placement.cluster_name) {
                continue;
            }
            let name = job.reference.job_id;
            let status = job.status.unwrap_or_default();
            found.push(Leftover {
                kind: LeftoverKind::Job,
                resource: format!("projects/{}/regions/{}/jobs/{name}", self.project, self.region),
                name,
                run: job.labels.get(RUN_LABEL).cloned().unwrap_or_default(),
                state: status.state,
                since: job
                    .status_history
                    .first()
                    .and_then(|s| s.state_start_time)
                    .or(status.state_start_time),
                labels: job.labels,
                config: Value::Null,
            });
        }
        Ok(found)
    }

    /// Removes a leftover as far as one call can. `true` is the proof: the service answers that it is not there, or,
    /// for a batch or job, that it is over. Call again until then.
    ///
    /// # Errors
    /// When the service does not answer or does not allow it.
    pub async fn remove(&self, left: &Leftover) -> Result<bool, Error> {
        match left.kind {
            LeftoverKind::Cluster => {
                let Some(cluster) = absent_is_none(self.cluster(&left.name).await)? else { return Ok(true) };
                if !cluster.labels.contains_key(RUN_LABEL) {
                    return Err(Error::Conflict {
                        what: format!("cluster `{}`", left.name),
                        why: "a cluster of this name exists now that does not carry our label".to_owned(),
                    });
                }
                self.ask_for_deletion(&cluster).await?;
                Ok(absent_is_none(self.cluster(&left.name).await)?.is_none())
            }
            LeftoverKind::Batch => {
                let Some(batch) = absent_is_none(self.batch(&left.name).await)? else { return Ok(true) };
                let state = of_dataproc_batch(&batch.state, &batch.state_message).state;
                if state.is_end() || state == State::Verifying {
                    return Ok(true);
                }
                if let (Some(operation), true) = (&batch.operation, batch.state != "CANCELLING") {
                    self.cancel_operation(operation).await?;
                }
                Ok(false)
            }
            LeftoverKind::Job => {
                let Some(job) = absent_is_none(self.job(&left.name).await)? else { return Ok(true) };
                if jobs::is_over(&job) {
                    return Ok(true);
                }
                self.cancel_job(&left.name).await?;
                Ok(self.job(&left.name).await.is_ok_and(|job| jobs::is_over(&job)))
            }
        }
    }

    /// Asks for this very cluster to be deleted. A refusal may mean that an earlier request, whose answer was lost,
    /// is being carried out: then that is what was wanted.
    pub(super) async fn ask_for_deletion(&self, cluster: &Cluster) -> Result<(), Error> {
        let name = &cluster.cluster_name;
        if cluster.status.as_ref().is_some_and(|status| status.state == "DELETING") {
            return Ok(());
        }
        match self.delete_cluster(name, cluster.cluster_uuid.as_deref()).await {
            Ok(_) | Err(Error::NotFound { .. }) => Ok(()),
            Err(refused @ (Error::Invalid { .. } | Error::Conflict { .. })) => {
                match absent_is_none(self.cluster(name).await)?.and_then(|there| there.status) {
                    Some(status) if status.state != "DELETING" => Err(refused),
                    _ => Ok(()),
                }
            }
            Err(e) => Err(e),
        }
    }

    fn cluster_left(&self, cluster: Cluster) -> Leftover {
        let status = cluster.status.unwrap_or_default();
        let made = cluster.status_history.iter().filter_map(|s| s.state_start_time).min();
        Leftover {
            kind: LeftoverKind::Cluster,
            resource: format!(
                "projects/{}/regions/{}/clusters/{}",
                self.project, self.region, cluster.cluster_name
            ),
            name: cluster.cluster_name,
            run: cluster.labels.get(RUN_LABEL).cloned().unwrap_or_default(),
            state: status.state,
            since: made.or(status.state_start_time),
            labels: cluster.labels,
            config: cluster.config,
        }
    }

    async fn batches_labelled(&self) -> Result<Vec<Batch>, Error> {
        let what = format!("the batches of project `{}` in `{}`", self.project, self.region);
        let (mut batches, mut token): (Vec<Batch>, Option<String>) = (Vec::new(), None);
        loop {
            let mut ask = Ask::new(Method::GET, self.location_url("batches"), &what)
                .query("filter", format!("labels.{RUN_LABEL}:*"));
            if let Some(token) = &token {
                ask = ask.query("pageToken", token);
            }
            let page: BatchPage = self.cloud.ask(&ask).await?.json(&what)?;
            batches.extend(page.batches.into_iter().filter(|batch| batch.labels.contains_key(RUN_LABEL)));
            match page.next_page_token.filter(|next| !next.is_empty() && Some(next) != token.as_ref()) {
                Some(next) if batches.len() < LISTING_MAX => token = Some(next),
                _ => return Ok(batches),
            }
        }
    }

    async fn jobs_labelled(&self) -> Result<Vec<Job>, Error> {
        self.jobs_where("ACTIVE", &format!("labels.{RUN_LABEL} = *")).await
    }

    /// The jobs of ours that a filter leaves; `which` is `ACTIVE`, `NON_ACTIVE` or `ALL`.
    pub(super) async fn jobs_where(&self, which: &str, filter: &str) -> Result<Vec<Job>, Error> {
        let what = format!("the jobs of project `{}` in `{}`", self.project, self.region);
        let (mut jobs, mut token): (Vec<Job>, Option<String>) = (Vec::new(), None);
        loop {
            let mut ask = Ask::new(Method::GET, self.url("jobs"), &what)
                .query("jobStateMatcher", which)
                .query("filter", filter);
            if let Some(token) = &token {
                ask = ask.query("pageToken", token);
            }
            let page: JobPage = self.cloud.ask(&ask).await?.json(&what)?;
            jobs.extend(page.jobs.into_iter().filter(|job| job.labels.contains_key(RUN_LABEL)));
            match page.next_page_token.filter(|next| !next.is_empty() && Some(next) != token.as_ref()) {
                Some(next) if jobs.len() < LISTING_MAX => token = Some(next),
                _ => return Ok(jobs),
            }
        }
    }
}
