//! What a data engineer decides once: the shape of a cluster.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::gcloud;
use crate::target::{Finding, Severity};
use crate::{Error, Reason};

/// The longest any cluster of ours may live, in seconds; Dataproc's own limit is 14 days.
pub const AGE_S_MAX: u64 = 14 * 24 * 3600;

/// The shortest idle limit Dataproc takes, in seconds.
pub const IDLE_S_MIN: u64 = 300;

/// A cluster to be made for a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterTemplate {
    /// The image version ("2.3-debian12").
    pub image_version: String,
    /// The zone; empty leaves it to Dataproc.
    #[serde(default)]
    pub zone: String,
    /// The subnetwork's URI; empty for the default network.
    #[serde(default)]
    pub subnetwork: String,
    /// The service account jobs run as; empty for the default one.
    #[serde(default)]
    pub service_account: String,
    /// The staging bucket, where the driver's output goes; empty for Dataproc's own.
    #[serde(default)]
    pub staging_bucket: String,
    /// The master.
    pub master: Machines,
    /// The workers; a count of 0 makes a single-node cluster.
    pub workers: Machines,
    /// Spark, YARN and other properties, with Dataproc's prefixes ("spark:spark.executor.memory").
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
    /// Python packages for every node, as requirement specifiers.
    #[serde(default)]
    pub pip_packages: Vec<String>,
    /// Seconds without a job after which the cluster deletes itself. Always set (D-13).
    pub idle_delete_s: u64,
    /// Seconds after which the cluster deletes itself whatever it does. Always set (D-13).
    pub age_delete_s: u64,
    /// Seconds within which it must be up.
    pub provision_deadline_s: u64,
}

/// Machines of one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machines {
    /// How many.
    pub count: u32,
    /// The machine type ("n2-standard-4").
    pub machine_type: String,
    /// The boot disk, in GB.
    pub disk_gb: u32,
}

impl ClusterTemplate {
    /// What would be refused or costly. A blocking finding keeps a run from starting.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut block = |code: &str, reason: Reason| findings.push(Finding::blocking(code, reason));
        if !(IDLE_S_MIN..=AGE_S_MAX).contains(&self.idle_delete_s) {
            let reason = Reason::new("finding-idle-limit").with("limit", self.idle_delete_s);
            block("idle-limit", reason.with("least", IDLE_S_MIN));
        }
        if !(600..=AGE_S_MAX).contains(&self.age_delete_s) {
            block("age-limit", Reason::new("finding-age-limit").with("limit", self.age_delete_s));
        }
        if self.master.count != 1 && self.master.count != 3 {
            block("masters", Reason::new("finding-masters").with("count", self.master.count));
        }
        if self.workers.count == 1 {
            block("workers", Reason::new("finding-workers"));
        }
        if self.image_version.is_empty() {
            block("image", Reason::new("finding-image"));
        }
        if self.provision_deadline_s == 0 {
            block("provision-deadline", Reason::new("finding-provision-deadline"));
        }
        for package in &self.pip_packages {
            if package.contains(char::is_whitespace)
                || crate::local::requirements::requirement_name(package).is_none()
            {
                block("pip-packages", Reason::new("finding-pip-packages").with("package", package));
            }
        }
        findings
    }

    /// The `ClusterConfig` of the v1 API.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the first blocking finding of [`ClusterTemplate::check`].
    pub fn config(&self, region: &str) -> Result<Value, Error> {
        if let Some(finding) = self.check().into_iter().find(|finding| finding.severity == Severity::Blocking)
        {
            return Err(Error::invalid("the cluster template", finding.reason.to_string()));
        }
        let mut gce = json!({ "serviceAccountScopes": ["https://www.googleapis.com/auth/cloud-platform"] });
        for (field, value) in [
            ("zoneUri", &self.zone),
            ("subnetworkUri", &self.subnetwork),
            ("serviceAccount", &self.service_account),
        ] {
            if !value.is_empty() {
                gce[field] = json!(value);
            }
        }
        let mut properties = self.properties.clone();
        if self.workers.count == 0 {
            properties.insert("dataproc:dataproc.allow.zero.workers".to_owned(), "true".to_owned());
        }
        let mut config = json!({
            "masterConfig": self.master.config(),
            "softwareConfig": { "imageVersion": self.image_version, "properties": properties },
            "lifecycleConfig": {
                "idleDeleteTtl": format!("{}s", self.idle_delete_s),
                "autoDeleteTtl": format!("{}s", self.age_delete_s),
            },
        });
        if self.workers.count > 0 {
            config["workerConfig"] = self.workers.config();
        }
        if !self.staging_bucket.is_empty() {
            config["configBucket"] = json!(self.staging_bucket);
        }
        if !self.pip_packages.is_empty() {
            gce["metadata"] = json!({ "PIP_PACKAGES": self.pip_packages.join(" ") });
            config["initializationActions"] =
                json!([{ "executableFile": pip_action(region), "executionTimeout": "600s" }]);
        }
        config["gceClusterConfig"] = gce;
        Ok(config)
    }

    /// The same cluster as a command line for people.
    pub fn gcloud(
        &self,
        name: &str,
        project: &str,
        region: &str,
        labels: &BTreeMap<String, String>,
    ) -> String {
        let mut words = vec![
            format!("gcloud dataproc clusters create {name}"),
            format!("--project={project}"),
            format!("--region={region}"),
            format!("--image-version={}", self.image_version),
            format!("--master-machine-type={}", self.master.machine_type),
            format!("--master-boot-disk-size={}GB", self.master.disk_gb),
            format!("--max-idle={}s", self.idle_delete_s),
            format!("--max-age={}s", self.age_delete_s),
            "--scopes=cloud-platform".to_owned(),
        ];
        if self.master.count > 1 {
            words.push(format!("--num-masters={}", self.master.count));
        }
        if self.workers.count == 0 {
            words.push("--single-node".to_owned());
        } else {
            words.push(format!("--num-workers={}", self.workers.count));
            words.push(format!("--worker-machine-type={}", self.workers.machine_type));
            words.push(format!("--worker-boot-disk-size={}GB", self.workers.disk_gb));
        }
        let pip = BTreeMap::from([("PIP_PACKAGES".to_owned(), self.pip_packages.join(" "))]);
        let flags = [
            gcloud::value("zone", &self.zone),
            gcloud::value("subnet", &self.subnetwork),
            gcloud::value("service-account", &self.service_account),
            gcloud::value("bucket", &self.staging_bucket),
            (!self.pip_packages.is_empty()).then(|| gcloud::pairs("metadata", &pip)).flatten(),
            (!self.pip_packages.is_empty())
                .then(|| format!("--initialization-actions={}", pip_action(region))),
            gcloud::pairs("properties", &self.properties),
            gcloud::pairs("labels", labels),
        ];
        words.extend(flags.into_iter().flatten());
        words.join(" ")
    }
}

impl Machines {
    fn config(&self) -> Value {
        json!({
            "numInstances": self.count,
            "machineTypeUri": self.machine_type,
            "diskConfig": { "bootDiskSizeGb": self.disk_gb },
        })
    }
}

/// Google's own action that installs `PIP_PACKAGES`.
fn pip_action(region: &str) -> String {
    format!("gs://goog-dataproc-initialization-actions-{region}/python/pip-install.sh")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> ClusterTemplate {
        let machines = |count| Machines { count, machine_type: "n1-standard-4".into(), disk_gb: 500 };
        ClusterTemplate {
            image_version: "2.3-debian12".into(),
            zone: "europe-west6-b".into(),
            subnetwork: String::new(),
            service_account: String::new(),
            staging_bucket: String::new(),
            master: machines(1),
            workers: machines(2),
            properties: BTreeMap::from([("spark:spark.sql.shuffle.partitions".into(), "8".into())]),
            pip_packages: vec!["PyYAML==6.0".into(), "pandas".into()],
            idle_delete_s: 600,
            age_delete_s: 7200,
            provision_deadline_s: 900,
        }
    }

    #[test]
    fn every_cluster_has_an_idle_and_an_age_limit_d13() {
        let config = template().config("europe-west6").unwrap();
        assert_eq!(config["lifecycleConfig"], json!({ "idleDeleteTtl": "600s", "autoDeleteTtl": "7200s" }));
        for (idle, age) in [(0, 7200), (600, 0), (600, AGE_S_MAX + 1)] {
            let without = ClusterTemplate { idle_delete_s: idle, age_delete_s: age, ..template() };
            assert!(without.config("europe-west6").is_err(), "{idle} {age}");
        }
    }

    #[test]
    fn the_packages_come_from_the_package_and_not_from_the_code_d10() {
        let config = template().config("europe-west6").unwrap();
        assert_eq!(config["gceClusterConfig"]["metadata"]["PIP_PACKAGES"], "PyYAML==6.0 pandas");
        assert_eq!(
            config["initializationActions"][0]["executableFile"],
            "gs://goog-dataproc-initialization-actions-europe-west6/python/pip-install.sh"
        );
        let line = template().gcloud("cs-x", "p", "europe-west6", &BTreeMap::new());
        assert!(
            line.starts_with("gcloud dataproc clusters create cs-x ") && line.contains("--max-idle=600s"),
            "{line}"
        );
        assert!(line.contains("--metadata='PIP_PACKAGES=PyYAML==6.0 pandas'"), "{line}");
    }

    #[test]
    fn a_single_node_has_no_workers_and_one_worker_is_refused() {
        let single = ClusterTemplate { workers: Machines { count: 0, ..template().workers }, ..template() };
        let config = single.config("r").unwrap();
        assert!(config.get("workerConfig").is_none());
        assert_eq!(config["softwareConfig"]["properties"]["dataproc:dataproc.allow.zero.workers"], "true");
        let one = ClusterTemplate { workers: Machines { count: 1, ..template().workers }, ..template() };
        assert_eq!(one.check()[0].code, "workers");
    }
}
