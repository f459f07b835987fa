//! Facts of which version a process is about.

use serde::{Deserialize, Serialize};

use crate::names::{InstanceId, VersionId};

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
