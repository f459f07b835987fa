//! What is asked and answered about cluster templates.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::super::{PreflightFinding, PriceRow};

/// Lists cluster templates.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListClusterTemplates {
    /// Region that prices and commands are for.
    #[ts(optional)]
    pub region: Option<String>,
}

/// A cluster template.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ClusterTemplateRow {
    /// Its name.
    pub name: String,
    /// Counts up each time the name gets another shape.
    pub number: u32,
    /// The shape.
    pub shape: ClusterShape,
    /// What the shape means.
    pub told: ShapeTold,
    /// How it came about, where it was mapped from a configuration.
    pub decisions: Vec<MappingDecision>,
    /// Targets that were made of it.
    pub targets: Vec<String>,
    /// Who kept it.
    pub by: String,
    /// When (RFC 3339).
    pub at: String,
}

/// The shape of a cluster.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ClusterShape {
    /// The image version (`2.3-debian12`).
    pub image_version: String,
    /// The zone; empty leaves it to Dataproc.
    pub zone: String,
    /// The subnetwork; empty for the default one.
    pub subnetwork: String,
    /// The service account that jobs run as; empty for the default one.
    pub service_account: String,
    /// Where the driver's output goes; empty for Dataproc's own bucket.
    pub staging_bucket: String,
    /// The master.
    pub master: MachineShape,
    /// The workers; none of them makes a single node.
    pub workers: MachineShape,
    /// Properties with Dataproc's prefixes (`spark:spark.executor.memory`).
    pub properties: BTreeMap<String, String>,
    /// Python packages for every node.
    pub pip_packages: Vec<String>,
    /// Seconds without a job after which it deletes itself.
    pub idle_delete_s: u64,
    /// Seconds after which it deletes itself whatever it does.
    pub age_delete_s: u64,
    /// Seconds within which it must be up.
    pub provision_deadline_s: u64,
}

/// Machines of one role.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MachineShape {
    /// How many.
    pub count: u32,
    /// The machine type (`n2-standard-4`).
    pub machine_type: String,
    /// The boot disk, in GB.
    pub disk_gb: u32,
}

/// What a shape means.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ShapeTold {
    /// What stands against it.
    pub findings: Vec<PreflightFinding>,
    /// What an hour of it costs; absent where the table has no price.
    pub hour: Option<PriceRow>,
    /// The command that makes such a cluster.
    pub command: String,
    /// Region that both are for.
    pub region: String,
}

/// Asks what a shape means.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DescribeShape {
    /// The shape.
    pub shape: ClusterShape,
    /// Region.
    #[serde(default)]
    #[ts(optional)]
    pub region: Option<String>,
}

/// Maps an on-premise configuration.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MapConfiguration {
    /// A line a node: name, cores, memory in GB. In place of the three numbers that follow.
    pub node_table: String,
    /// Worker nodes.
    pub nodes: u32,
    /// Cores of a node.
    pub cores: u32,
    /// Memory of a node, in GB.
    pub memory_gb: u32,
    /// The Spark version (`3.1.2`).
    pub spark_version: String,
    /// The text of `spark-defaults.conf`.
    pub spark_defaults: String,
    /// The text of `yarn-site.xml`.
    pub yarn_site: String,
    /// The text of the package's requirements file.
    pub requirements: String,
    /// Everything on one machine.
    pub single_node: bool,
    /// Region that the price and the command are for.
    #[ts(optional)]
    pub region: Option<String>,
}

/// A mapping's result.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MappedShape {
    /// The shape.
    pub shape: ClusterShape,
    /// Source and result side by side.
    pub decisions: Vec<MappingDecision>,
    /// What the shape means, with what to look at before using it.
    pub told: ShapeTold,
}

/// A decision of a mapping.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MappingDecision {
    /// What was there.
    pub source: String,
    /// With which value.
    pub value: String,
    /// What it became; empty when it was left out.
    pub result: String,
    /// Why.
    pub reason: String,
    /// The messages behind these texts, for whoever keeps them: others read them in their own words.
    #[serde(default)]
    #[ts(type = "{ [name: string]: unknown }")]
    pub said: BTreeMap<String, Value>,
}

/// Keeps a shape under a name.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct KeepClusterTemplate {
    /// The name: lower case letters, digits, `.`, `-`, `_`.
    pub name: String,
    /// The shape.
    pub shape: ClusterShape,
    /// How it came about.
    #[serde(default)]
    pub decisions: Vec<MappingDecision>,
}

/// Names a cluster template.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ClusterTemplateOf {
    /// Its name.
    pub template: String,
}
