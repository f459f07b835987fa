//! Roles, and what each may do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::names::NameError;

/// What a member may be in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Adds members, grants roles, administers processes.
    Administrator,
    /// Makes models and registers them (the modeler).
    DataScientist,
    /// Reviews models and signs.
    Validator,
    /// Watches models in use and decides on retraining.
    ModelSteward,
    /// Maps clusters, receives migrations.
    DataEngineer,
    /// Provides buckets and access.
    It,
    /// Looks after functions and clusters.
    DevOps,
    /// Reads.
    Manager,
    /// Reads and verifies.
    Auditor,
    /// A desk without a person: carries out what processes ask for.
    Agent,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::Administrator,
        Self::DataScientist,
        Self::Validator,
        Self::ModelSteward,
        Self::DataEngineer,
        Self::It,
        Self::DevOps,
        Self::Manager,
        Self::Auditor,
        Self::Agent,
    ];

    /// Its name in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::DataScientist => "data-scientist",
            Self::Validator => "validator",
            Self::ModelSteward => "model-steward",
            Self::DataEngineer => "data-engineer",
            Self::It => "it",
            Self::DevOps => "dev-ops",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
            Self::Agent => "agent",
        }
    }

    /// Whether this role may do that.
    pub fn may(self, deed: Deed) -> bool {
        use Role::{Administrator, Agent, DataEngineer, DataScientist, DevOps, It, ModelSteward, Validator};
        match deed {
            Deed::ManagePeople | Deed::AdministerProcesses | Deed::AllowConnections => self == Administrator,
            Deed::CreateProject => matches!(self, Administrator | DataScientist | ModelSteward),
            Deed::RegisterModel => matches!(self, DataScientist | Agent),
            Deed::PlaceVersion => matches!(self, DataScientist | ModelSteward | Validator),
            Deed::ImportDefinition => matches!(self, Administrator | ModelSteward | DevOps),
            Deed::StartProcess => {
                matches!(self, Administrator | DataScientist | ModelSteward | DataEngineer | DevOps)
            }
            Deed::CarryOut => matches!(self, Agent | DataEngineer | DevOps | It),
            Deed::RequestRun => {
                matches!(self, Agent | DataScientist | ModelSteward | DataEngineer | DevOps | It)
            }
            Deed::ManageTargets => matches!(self, DataEngineer | DevOps),
            Deed::Sign => self == Validator,
            Deed::DefineMonitor => matches!(self, DataScientist | ModelSteward),
            Deed::RecordReport => {
                matches!(self, Agent | DataScientist | ModelSteward | DataEngineer | DevOps)
            }
            Deed::DecideRetrain => matches!(self, DataScientist | ModelSteward),
            Deed::Comment => true,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or_else(|| NameError {
            noun: "role",
            text: text.chars().take(80).collect(),
            rule: "one of administrator, data-scientist, validator, model-steward, data-engineer, it, dev-ops, manager, auditor, agent",
        })
    }
}

/// What a role is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// Add members, grant and take roles, enrol and revoke keys.
    ManagePeople,
    /// Retry, skip, cancel, correct variables, reassign tasks.
    AdministerProcesses,
    /// Say where calls of processes may go.
    AllowConnections,
    /// Create a project.
    CreateProject,
    /// Register a package.
    RegisterModel,
    /// Name champion and challengers.
    PlaceVersion,
    /// Import a definition and bind it.
    ImportDefinition,
    /// Start a process.
    StartProcess,
    /// Carry out service tasks and say what came of them.
    CarryOut,
    /// Ask for a run.
    RequestRun,
    /// Add and remove targets, and remove what a run left behind in the cloud.
    ManageTargets,
    /// Sign an approval.
    Sign,
    /// Define, change and retire monitors.
    DefineMonitor,
    /// Compute and record performance reports.
    RecordReport,
    /// Answer whether a model is trained again, and settle alerts.
    DecideRetrain,
    /// Comment.
    Comment,
}

impl Deed {
    /// Every deed.
    pub const ALL: [Self; 16] = [
        Self::ManagePeople,
        Self::AdministerProcesses,
        Self::AllowConnections,
        Self::CreateProject,
        Self::RegisterModel,
        Self::PlaceVersion,
        Self::ImportDefinition,
        Self::StartProcess,
        Self::CarryOut,
        Self::RequestRun,
        Self::ManageTargets,
        Self::Sign,
        Self::DefineMonitor,
        Self::RecordReport,
        Self::DecideRetrain,
        Self::Comment,
    ];

    /// Its name; the message `deed-NAME` says it, after "may".
    pub fn name(self) -> &'static str {
        match self {
            Self::ManagePeople => "manage-people",
            Self::AdministerProcesses => "administer-processes",
            Self::AllowConnections => "allow-connections",
            Self::CreateProject => "create-project",
            Self::RegisterModel => "register-model",
            Self::PlaceVersion => "place-version",
            Self::ImportDefinition => "import-definition",
            Self::StartProcess => "start-process",
            Self::CarryOut => "carry-out",
            Self::RequestRun => "request-run",
            Self::ManageTargets => "manage-targets",
            Self::Sign => "sign",
            Self::DefineMonitor => "define-monitor",
            Self::RecordReport => "record-report",
            Self::DecideRetrain => "decide-retrain",
            Self::Comment => "comment",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deed_has_a_role_that_may_do_it_and_names_round_trip() {
        for deed in Deed::ALL {
            assert!(Role::ALL.into_iter().any(|role| role.may(deed)), "{deed:?}");
        }
        for role in Role::ALL {
            assert_eq!(role.name().parse::<Role>(), Ok(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.name());
        }
    }

    #[test]
    fn who_registers_models_does_not_sign_by_that_role() {
        assert!(!Role::DataScientist.may(Deed::Sign));
        assert!(!Role::Administrator.may(Deed::Sign));
    }
}
