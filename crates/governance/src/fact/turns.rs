//! Facts of the version that a process is about, and of the version of its definition that it runs on.

use serde::{Deserialize, Serialize};

use crate::names::{DefinitionId, InstanceId, VersionId};

/// `instance.turned`: stands beside the answer of the service task that brings it about, or alone with an administrator's reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstanceTurned {
    /// The instance.
    pub instance: InstanceId,
    /// The version it is about from now on.
    pub version: VersionId,
    /// Why, where a person says so.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub reason: String,
}

/// `instance.migrated`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstanceMigrated {
    /// The instance.
    pub instance: InstanceId,
    /// The version of its definition it runs on from now on.
    pub definition: DefinitionId,
    /// Elements of the old version and their counterparts, where ids and names do not say it.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty", default)]
    pub map: std::collections::BTreeMap<String, String>,
    /// Why.
    pub reason: String,
}
