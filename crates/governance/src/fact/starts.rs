//! Facts about starts: of processes that start by themselves, and of definitions that may not be started.

use serde::{Deserialize, Serialize};

use crate::names::{DefinitionId, ProjectId, SelfStartId, VersionId};

/// `start.armed`: replaces what was said before of this definition, in any of its versions, in this project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartArmed {
    /// Its identifier.
    pub start: SelfStartId,
    /// The definition, whose start events say when.
    pub definition: DefinitionId,
    /// The project its instances run in.
    pub project: ProjectId,
    /// The version they are about; where none is said, whichever is champion when one starts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<VersionId>,
    /// Answers to the start prompts and further variables, the same for each instance.
    pub variables: bpmn::engine::Variables,
    /// Which process of its definition; the first that can be started where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub process: Option<String>,
}

/// `start.passed`: its moment is over, and nothing started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartPassed {
    /// The arrangement.
    pub start: SelfStartId,
    /// The start event.
    pub element: String,
    /// The moment that was due.
    pub due: jiff::Timestamp,
    /// Why nothing started.
    pub problem: String,
}

/// `start.disarmed`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartDisarmed {
    /// The arrangement.
    pub start: SelfStartId,
}

/// `definition.disabled`, `definition.enabled`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefinitionSwitched {
    /// The definition, in exactly this version.
    pub definition: DefinitionId,
    /// Why.
    pub reason: String,
}

/// What an instance started by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The arrangement.
    pub start: SelfStartId,
    /// The start event.
    pub element: String,
    /// For a timer, the moment that was due: it counts once.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub due: Option<jiff::Timestamp>,
}
