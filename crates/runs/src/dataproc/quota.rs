//! Whether a cloud project's quotas leave room for what a run makes: asked before it, of Compute Engine, because the
//! machines and disks are counted there. What Dataproc refuses later for want of quota is a failure with its name; this is
//! so that nobody waits for it.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::Deserialize;

use super::Dataproc;
use super::prices::{BatchShape, machine};
use super::template::ClusterTemplate;
use crate::cloud::{Ask, encoded};
use crate::target::Finding;
use crate::{Error, Reason};

/// The least role of Google's own that may look at quotas.
const ROLE: &str = "roles/compute.viewer";

/// vCPUs that have no quota of their own family.
const CPUS: &str = "CPUS";
const DISKS_GB: &str = "DISKS_TOTAL_GB";

/// How much of each quota something takes, by Compute Engine's name for it.
pub(super) type Needs = BTreeMap<String, f64>;

#[derive(Deserialize)]
struct Region {
    #[serde(default)]
    quotas: Vec<Quota>,
}

#[derive(Deserialize)]
struct Quota {
    #[serde(default)]
    metric: String,
    #[serde(default)]
    limit: f64,
    #[serde(default)]
    usage: f64,
}

/// What a cluster takes. A machine type of another kind is not counted.
pub(super) fn of_cluster(template: &ClusterTemplate) -> Needs {
    let mut needs = Needs::new();
    for machines in [&template.master, &template.workers] {
        let count = f64::from(machines.count);
        if let Some((family, vcpus, _)) = machine(&machines.machine_type) {
            let metric = match family {
                "n1" | "e2" => CPUS.to_owned(),
                family => format!("{}_CPUS", family.to_ascii_uppercase()),
            };
            *needs.entry(metric).or_default() += count * f64::from(vcpus);
        }
        *needs.entry(DISKS_GB.to_owned()).or_default() += count * f64::from(machines.disk_gb);
    }
    needs
}

/// What a serverless batch takes to begin with.
pub(super) fn of_batch(properties: &BTreeMap<String, String>) -> Needs {
    Needs::from([(CPUS.to_owned(), f64::from(BatchShape::of(properties).vcpus()))])
}

/// What stands in the way: more than the limit is never given; more than is left now may be given later.
pub(super) async fn look(dataproc: &Dataproc, needs: &Needs) -> Result<Vec<Finding>, Error> {
    let (project, region) = (dataproc.project(), dataproc.region());
    let what = format!("quotas of project `{project}` in `{region}`");
    let base = &dataproc.cloud.endpoints().compute;
    let url = format!("{base}/compute/v1/projects/{}/regions/{}", encoded(project), encoded(region));
    let answer = dataproc.cloud.ask(&Ask::new(Method::GET, url, &what).query("fields", "quotas")).await?;
    // Compute Engine is off, or hides its quotas from this person: that forbids no cluster.
    let region_of = match answer.ok(&what) {
        Ok(answer) => answer.json::<Region>(&what)?,
        Err(e @ (Error::Denied { .. } | Error::NotFound { .. })) => {
            let reason = Reason::new("finding-quota-unseen").with("project", project).with("role", ROLE);
            return Ok(vec![Finding::warning("quota", reason.with("detail", e))]);
        }
        Err(e) => return Err(e),
    };
    let mut findings = Vec::new();
    for (metric, needed) in needs {
        let Some(quota) = region_of.quotas.iter().find(|quota| quota.metric == *metric) else { continue };
        let reason = |id: &str| {
            Reason::new(id)
                .with("metric", metric)
                .with("needed", needed)
                .with("limit", quota.limit)
                .with("used", quota.usage)
                .with("project", project)
                .with("region", region)
        };
        if *needed > quota.limit {
            findings.push(Finding::blocking("quota", reason("finding-quota-small")));
        } else if *needed > quota.limit - quota.usage {
            findings.push(Finding::warning("quota", reason("finding-quota-used")));
        }
    }
    Ok(findings)
}
