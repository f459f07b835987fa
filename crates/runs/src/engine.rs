//! The engines there are, behind one name: whoever drives a run does not care which it is.

use jiff::{SignedDuration, Timestamp};

use crate::dataproc::prices::{BatchShape, Cost, Prices};
use crate::dataproc::serverless::TTL_S_MIN;
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

    /// What a run cost, by the times of what it made; nothing where nothing was made. What a desk saw late, because it
    /// slept or was away, was ended by its own limits meanwhile.
    pub fn measured(&self, prices: &Prices, lived: &Lived) -> Option<Cost> {
        let after = |from: Timestamp, seconds: u64| {
            from.checked_add(SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX)))
                .unwrap_or(from)
        };
        let (from, to) = match self {
            Billing::Nothing => return None,
            Billing::Cluster(template, _) => {
                let made = lived.made?;
                // A cluster that never had a job idles from when it came up.
                let idle = lived.ended.unwrap_or_else(|| after(made, template.provision_deadline_s));
                let idle = after(idle, template.idle_delete_s);
                (made, lived.gone.min(after(made, template.age_delete_s)).min(idle))
            }
            Billing::Batch(..) => {
                let started = lived.started?;
                let limit = after(started, lived.limit_s.max(TTL_S_MIN));
                (started, lived.ended.unwrap_or(lived.gone).min(limit))
            }
        };
        self.cost(prices, u64::try_from(to.duration_since(from).as_secs()).unwrap_or(0))
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

/// When what a run is billed for was there, as far as anybody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lived {
    /// When the engine took the request to make it; nothing when it never did.
    pub made: Option<Timestamp>,
    /// When the engine started the job.
    pub started: Option<Timestamp>,
    /// When the job ended.
    pub ended: Option<Timestamp>,
    /// When it was seen to be gone.
    pub gone: Timestamp,
    /// Seconds that the job could run.
    pub limit_s: u64,
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::dataproc::template::Machines;

    /// One machine whose hour is worth 1, that ends after 30 minutes of idling and four hours in all.
    fn cluster() -> Billing {
        let machines = |count| Machines { count, machine_type: "n2-standard-4".to_owned(), disk_gb: 0 };
        let template = ClusterTemplate {
            image_version: "2.3-debian12".to_owned(),
            zone: String::new(),
            subnetwork: String::new(),
            service_account: String::new(),
            staging_bucket: String::new(),
            master: machines(1),
            workers: machines(0),
            properties: BTreeMap::new(),
            pip_packages: Vec::new(),
            idle_delete_s: 1800,
            age_delete_s: 4 * 3600,
            provision_deadline_s: 900,
        };
        Billing::Cluster(Box::new(template), "here".to_owned())
    }

    fn prices() -> Prices {
        Prices::parse(
            r#"{"recorded_on": "2026-11-01", "currency": "USD", "note": "", "dataproc_per_vcpu_hour": 0.0,
            "regions": {"here": {"disk_per_gb_hour": 0.0, "dcu_hour": 1.0,
            "families": {"n2": {"vcpu_hour": 0.25, "gb_hour": 0.0}}}}}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_run_costs_what_it_had_and_not_what_a_desk_saw_late() {
        let batch = || Billing::Batch(BatchShape::of(&BTreeMap::new()), "here".to_owned());
        // Twelve vCPUs and 48 GB.
        let dcus = 12.0;
        let at = |minutes: i64| Timestamp::from_second(minutes * 60).unwrap();
        let friday_to_monday = 60 * 60;
        for (story, billing, made, started, ended, gone, expected) in [
            ("as it should be", cluster(), Some(0), Some(2), Some(58), 60, Some(1.0)),
            (
                "the desk slept over a weekend",
                cluster(),
                Some(0),
                Some(2),
                Some(30),
                friday_to_monday,
                Some(1.0),
            ),
            ("and never saw the job end", cluster(), Some(0), Some(2), None, friday_to_monday, Some(0.75)),
            (
                "a job that runs longer than its cluster",
                cluster(),
                Some(0),
                Some(2),
                Some(600),
                610,
                Some(4.0),
            ),
            ("a quota refused it", cluster(), None, None, None, 60, None),
            ("a batch", batch(), Some(0), Some(10), Some(70), 500, Some(dcus)),
            (
                "a batch that ended unseen",
                batch(),
                Some(0),
                Some(10),
                None,
                friday_to_monday,
                Some(2.0 * dcus),
            ),
            ("a batch that never started", batch(), Some(0), None, None, 60, None),
            ("a cluster that stands anyway", Billing::Nothing, Some(0), Some(2), Some(58), 60, None),
        ] {
            let lived = Lived {
                made: made.map(at),
                started: started.map(at),
                ended: ended.map(at),
                gone: at(gone),
                limit_s: 7200,
            };
            let cost = billing.measured(&prices(), &lived).map(|cost| (cost.total() * 1e6).round() / 1e6);
            assert_eq!(cost, expected, "{story}");
        }
    }
}
