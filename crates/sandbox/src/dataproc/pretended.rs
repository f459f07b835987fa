//! Jobs that run nothing: they take their time, and leave what they would have left.

use std::collections::BTreeMap;

use jiff::Timestamp;
use runs::bucket::Precondition;
use runs::{Cleanup, Observation, State as RunState};
use serde_json::Value;

use super::{Job, Place};
use crate::answer::Refusal;

/// Seconds such a job takes in the cloud, half of them until it begins.
const TAKES_S: f64 = 60.0;

impl Place<'_> {
    /// Counts a look at a cluster, a job or a batch.
    pub(super) async fn looked_at(&self, name: &str) {
        if self.pace().looks.is_none() {
            return;
        }
        let id = self.id(name);
        let mut records = self.house.dataproc.records.lock().await;
        if let Some(cluster) = records.clusters.get_mut(&id) {
            cluster.looks = cluster.looks.saturating_add(1);
        }
        if let Some(job) = records.jobs.get_mut(&id) {
            job.looks = job.looks.saturating_add(1);
        }
        // A look that is forgotten at a restart is one that is made again.
        let _ = self.house.dataproc.save(&records);
    }

    /// Counts a look at everything that a list shows.
    pub(super) async fn listed(&self, found: &Result<Value, Refusal>, list: &str, name: &str) {
        let mut names = Vec::new();
        if let Some(rows) = found.as_ref().ok().and_then(|found| found[list].as_array()) {
            names.extend(rows.iter().filter_map(|row| row.pointer(name)?.as_str()));
        }
        for name in names {
            self.looked_at(name).await;
        }
    }

    /// Where such a job stands. At its end it leaves its objects, in the bucket of its script.
    pub(super) async fn pretended(
        &self,
        job: &Job,
        objects: &BTreeMap<String, Vec<u8>>,
    ) -> Result<Observation, runs::Error> {
        if job.hollow || job.failed.is_some() {
            return Err(runs::Error::NotFound { what: format!("job `{}`", job.key) });
        }
        let now = Timestamp::now();
        let pace = self.pace();
        let over = |part: u32| match pace.looks {
            Some(looks) => job.looks >= looks * part,
            None => {
                let passed = now.duration_since(job.submitted_at).as_secs_f64() * pace.speed;
                passed >= TAKES_S / 2.0 * f64::from(part)
            }
        };
        let state = match (job.cancelled_at, over(2), over(1)) {
            (Some(_), ..) => RunState::Cancelled,
            (None, true, _) => RunState::Verifying,
            (None, false, true) => RunState::Running,
            (None, false, false) => RunState::Submitted,
        };
        if state == RunState::Verifying && job.ended.is_none() {
            let key = if job.resource.get("pysparkBatch").is_some() { "pysparkBatch" } else { "pysparkJob" };
            let script = job.resource[key]["mainPythonFileUri"].as_str().unwrap_or_default();
            let bucket = script.trim_start_matches("gs://").split('/').next().unwrap_or_default();
            let bucket = self
                .house
                .bucket(bucket)
                .map_err(|_| runs::Error::NotFound { what: format!("bucket `{bucket}`") })?;
            for (name, content) in objects {
                bucket.put(name, content, Precondition::Any).await?;
            }
        }
        let began = state != RunState::Submitted;
        Ok(Observation {
            is_unknown: false,
            ended_at: (state == RunState::Verifying || state == RunState::Cancelled).then_some(now),
            engine_state: String::new(),
            engine_job: None,
            exit_code: None,
            started_at: began.then_some(job.submitted_at),
            cleanup: Cleanup::NotNeeded,
            state,
        })
    }

    /// What it says at its end.
    pub(super) async fn write_pretended_output(&self, job: &Job, over: bool) -> Result<(), Refusal> {
        if !over {
            return Ok(());
        }
        let bucket = self.house.bucket(&job.output_bucket)?;
        let name = format!("{}.{:09}", job.output_prefix, 0);
        bucket.put(&name, b"nothing ran here\n", Precondition::Any).await.map_err(Refusal::of)?;
        Ok(())
    }
}
