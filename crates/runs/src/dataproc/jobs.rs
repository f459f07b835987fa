//! A run as a job of a cluster, whoever's cluster it is.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::ephemeral::DEADLINE_LABEL;
use super::{Dataproc, Job, JobPlacement, JobReference, PySparkJob, gcloud, label_s, seconds_between};
use crate::state::{Cleanup, FailureReason, State, Translated, of_dataproc_job};
use crate::target::Observation;
use crate::{RunFile, RunSpec};

/// The job; its identifier is the run's key.
pub(super) fn job(
    dataproc: &Dataproc,
    spec: &RunSpec,
    cluster: &str,
    labels: BTreeMap<String, String>,
) -> Job {
    Job {
        reference: JobReference { project_id: dataproc.project().to_owned(), job_id: spec.key.to_string() },
        placement: JobPlacement { cluster_name: cluster.to_owned() },
        pyspark_job: Some(PySparkJob {
            main_python_file_uri: spec.main.from.to_string(),
            args: spec.args.clone(),
            file_uris: uris(&spec.files),
            python_file_uris: uris(&spec.python_files),
            properties: properties(spec),
        }),
        labels,
        ..Job::default()
    }
}

/// Where files are.
pub(super) fn uris(files: &[RunFile]) -> Vec<String> {
    files.iter().map(|file| file.from.to_string()).collect()
}

/// Whether the service is done with it, well or badly.
pub(super) fn is_over(job: &Job) -> bool {
    let word = job.status.as_ref().map_or("", |status| status.state.as_str());
    let state = of_dataproc_job(word, "").state;
    state.is_end() || state == State::Verifying
}

/// What the service says of it.
pub(super) fn observed(job: &Job, cleanup: Cleanup) -> Observation {
    let status = job.status.clone().unwrap_or_default();
    let Translated { mut state, known } = of_dataproc_job(&status.state, &status.details);
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
        && seconds_between(since, ended_at.unwrap_or_else(Timestamp::now)) > limit_s
    {
        state = State::Failed { reason: FailureReason::Deadline { limit_s } };
    }
    Observation {
        state,
        engine_state: status.state,
        is_unknown: !known,
        engine_job: Some(job.reference.job_id.clone()),
        exit_code: None,
        started_at,
        ended_at,
        cleanup,
    }
}

/// Properties with the run's environment variables, which Dataproc takes as Spark settings.
fn properties(spec: &RunSpec) -> BTreeMap<String, String> {
    let mut properties = spec.properties.clone();
    for (name, value) in &spec.environment {
        properties.insert(format!("spark.yarn.appMasterEnv.{name}"), value.clone());
        properties.insert(format!("spark.executorEnv.{name}"), value.clone());
    }
    properties
}

/// Its submission as a command line for people.
pub(super) fn gcloud(
    dataproc: &Dataproc,
    spec: &RunSpec,
    cluster: &str,
    labels: &BTreeMap<String, String>,
) -> String {
    let mut line = format!(
        "gcloud dataproc jobs submit pyspark {} --id={} --cluster={cluster} --project={} --region={}",
        spec.main.from,
        spec.key,
        dataproc.project(),
        dataproc.region(),
    );
    for flag in [
        gcloud::list("files", &uris(&spec.files)),
        gcloud::list("py-files", &uris(&spec.python_files)),
        gcloud::pairs("properties", &properties(spec)),
        gcloud::pairs("labels", labels),
        gcloud::arguments(&spec.args),
    ]
    .into_iter()
    .flatten()
    {
        line.push(' ');
        line.push_str(&flag);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataproc::Status;

    #[test]
    fn a_word_that_nobody_knows_is_watched_on_and_said_to_be_unknown() {
        for (word, unknown) in
            [("RUNNING", false), ("DONE", false), ("HIBERNATING", true), ("state.done", true)]
        {
            let status = Status { state: word.to_owned(), ..Status::default() };
            let seen = observed(&Job { status: Some(status), ..Job::default() }, Cleanup::Required);
            assert_eq!((seen.is_unknown, seen.engine_state.as_str()), (unknown, word));
            assert!(!unknown || seen.state == State::Running, "{seen:?}");
        }
    }
}
