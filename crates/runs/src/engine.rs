//! The engines there are, behind one name: whoever drives a run does not care which it is.

use crate::dataproc::prices::{BatchShape, Cost, Prices};
use crate::dataproc::{
    ClusterTemplate, DataprocEphemeral, DataprocExisting, DataprocServerless, DataprocWorkflow,
};
use crate::local::LocalSpark;
use crate::state::Cleanup;
use crate::target::{Finding, LogChunk, LogStream, Observation, Progress, Submission, Target};
use crate::{Error, RunKey, RunSpec};

/// Seconds a cluster takes to come up and to go, as a rule: what an estimate adds to the job's own.
const COMING_AND_GOING_S: u64 = 135;

/// An engine.
#[derive(Clone, Debug)]
pub enum Engine {
    /// Spark on this machine.
    Local(LocalSpark),
    /// A Dataproc cluster for each run.
    Cluster(DataprocEphemeral),
    /// A Dataproc cluster that is there.
    Existing(DataprocExisting),
    /// A serverless batch for each run.
    Serverless(DataprocServerless),
    /// A workflow with a managed cluster for each run.
    Workflow(DataprocWorkflow),
}

/// What a run is billed by.
#[derive(Clone, Debug)]
pub enum Billing {
    /// Nothing: this machine, or a cluster that somebody pays for anyway.
    Nothing,
    /// A cluster of this shape in this region, from its creation to its end.
    Cluster(Box<ClusterTemplate>, String),
    /// A batch of this shape in this region, from its start to its end.
    Batch(BatchShape, String),
}

impl Billing {
    /// The region that it is billed in; `None` where nothing is.
    pub fn region(&self) -> Option<&str> {
        match self {
            Billing::Nothing => None,
            Billing::Cluster(_, region) | Billing::Batch(_, region) => Some(region),
        }
    }

    /// What a job of so many seconds will cost, all included; `None` where the table has no price, or nothing is billed.
    pub fn estimate(&self, prices: &Prices, job_s: u64) -> Option<Cost> {
        match self {
            Billing::Nothing => None,
            Billing::Cluster(template, region) => {
                prices.cluster(template, region, job_s + COMING_AND_GOING_S)
            }
            Billing::Batch(..) => self.cost(prices, job_s),
        }
    }

    /// What so many seconds of it cost.
    pub fn cost(&self, prices: &Prices, seconds: u64) -> Option<Cost> {
        match self {
            Billing::Nothing => None,
            Billing::Cluster(template, region) => prices.cluster(template, region, seconds),
            Billing::Batch(shape, region) => prices.batch(shape, region, seconds),
        }
    }
}

macro_rules! each {
    ($engine:expr, $target:ident => $call:expr) => {
        match $engine {
            Engine::Local($target) => $call,
            Engine::Cluster($target) => $call,
            Engine::Existing($target) => $call,
            Engine::Serverless($target) => $call,
            Engine::Workflow($target) => $call,
        }
    };
}

impl Engine {
    /// The run as a command line for people.
    pub fn command(&self, spec: &RunSpec) -> String {
        match self {
            Engine::Local(_) => {
                let mut words = vec!["spark-submit".to_owned(), "--master".to_owned(), "local[2]".to_owned()];
                for (name, value) in &spec.properties {
                    words.push("--conf".to_owned());
                    words.push(crate::local::quoted(&format!("{name}={value}")));
                }
                if !spec.files.is_empty() {
                    let files: Vec<String> = spec.files.iter().map(|file| file.from.to_string()).collect();
                    words.extend(["--files".to_owned(), files.join(",")]);
                }
                if !spec.python_files.is_empty() {
                    let files: Vec<String> =
                        spec.python_files.iter().map(|file| file.from.to_string()).collect();
                    words.extend(["--py-files".to_owned(), files.join(",")]);
                }
                words.push(spec.main.from.to_string());
                words.extend(spec.args.iter().map(|arg| crate::local::quoted(arg)));
                words.join(" ")
            }
            Engine::Cluster(target) => target.command(spec),
            Engine::Existing(target) => target.command(spec),
            Engine::Serverless(target) => target.command(spec),
            Engine::Workflow(target) => target.command(spec),
        }
    }

    /// The one request that starts the same work without anybody of ours: its address and its body. `None` where there is
    /// no such request.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what the service would refuse.
    pub fn alone(&self, spec: &RunSpec) -> Result<Option<(String, serde_json::Value)>, Error> {
        match self {
            Engine::Local(_) => Ok(None),
            Engine::Cluster(target) => target.alone(spec).map(Some),
            Engine::Existing(target) => target.alone(spec).map(Some),
            Engine::Serverless(target) => target.alone(spec).map(Some),
            Engine::Workflow(target) => target.alone(spec).map(Some),
        }
    }
}

impl Target for Engine {
    async fn preflight(&self, spec: &RunSpec) -> Result<Vec<Finding>, Error> {
        each!(self, target => target.preflight(spec).await)
    }

    async fn submit(
        &self,
        spec: &RunSpec,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Submission, Error> {
        each!(self, target => target.submit(spec, progress).await)
    }

    async fn advance(&self, spec: &RunSpec) -> Result<Observation, Error> {
        each!(self, target => target.advance(spec).await)
    }

    async fn observe(&self, key: &RunKey) -> Result<Observation, Error> {
        each!(self, target => target.observe(key).await)
    }

    async fn logs(&self, key: &RunKey, stream: LogStream, from_offset: u64) -> Result<LogChunk, Error> {
        each!(self, target => target.logs(key, stream, from_offset).await)
    }

    async fn cancel(&self, key: &RunKey) -> Result<(), Error> {
        each!(self, target => target.cancel(key).await)
    }

    async fn cleanup(&self, key: &RunKey) -> Result<Cleanup, Error> {
        each!(self, target => target.cleanup(key).await)
    }
}
