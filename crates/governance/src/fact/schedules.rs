//! Facts about what is planned: schedules, and the shapes of clusters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::RunKind;
use crate::names::{RunId, ScheduleId, ScheduleName, TemplateName, VersionId};
use crate::runs::schedules::Rule;

/// `schedule.added`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleAdded {
    /// Its identifier.
    pub schedule: ScheduleId,
    /// What people call it.
    pub name: ScheduleName,
    /// The version to run.
    pub version: VersionId,
    /// What to do with it.
    pub kind: RunKind,
    /// Where it runs.
    pub target: String,
    /// Bucket it reads and writes; where none is said, the one that the version was last migrated to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bucket: Option<String>,
    /// When.
    pub rule: Rule,
    /// Further arguments for the script.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub args: Vec<String>,
    /// Seconds after which a run of it has failed; where none is said, what its target says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deadline_s: Option<u32>,
}

/// `schedule.fired`: a time was due, and was seen to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleFired {
    /// The schedule.
    pub schedule: ScheduleId,
    /// The time that was due.
    pub due: jiff::Timestamp,
    /// Earlier times that were missed, and that this one stands for.
    pub missed: u32,
    /// The run that the same entry asks for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub run: Option<RunId>,
    /// Why it asks for none.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub problem: String,
}

/// `schedule.removed`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleRemoved {
    /// The schedule.
    pub schedule: ScheduleId,
}

/// `cluster-template.kept`: a shape was named, or one with this name replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterTemplateKept {
    /// Its name, unique in the workspace.
    pub template: TemplateName,
    /// The shape, as the engine's hand reads it.
    pub shape: Value,
    /// How it came about, where it was mapped from a configuration: every decision with its reason.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub mapped: Vec<MappedDecision>,
}

/// A decision of a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedDecision {
    /// What was there.
    pub source: String,
    /// With which value.
    pub value: String,
    /// What it became; empty when it was left out.
    pub result: String,
    /// Why.
    pub reason: String,
    /// Which of these are to be said in the reader's words, by name: the texts above are English.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub said: BTreeMap<String, Value>,
}

/// `cluster-template.dropped`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterTemplateDropped {
    /// The template.
    pub template: TemplateName,
}
