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
            Deed::ManagePeople | Deed::AdministerProcesses => self == Administrator,
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
            Deed::Sign => self == Validator,
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
pub enum Deed {
    /// Add members, grant and take roles, enrol and revoke keys.
    ManagePeople,
    /// Retry, skip, cancel, correct variables, reassign tasks.
    AdministerProcesses,
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
    /// Sign an approval.
    Sign,
    /// Comment.
    Comment,
}

impl Deed {
    /// Every deed.
    pub const ALL: [Self; 11] = [
        Self::ManagePeople,
        Self::AdministerProcesses,
        Self::CreateProject,
        Self::RegisterModel,
        Self::PlaceVersion,
        Self::ImportDefinition,
        Self::StartProcess,
        Self::CarryOut,
        Self::RequestRun,
        Self::Sign,
        Self::Comment,
    ];

    /// In words, after "may".
    pub fn words(self) -> &'static str {
        match self {
            Self::ManagePeople => "add members and grant roles",
            Self::AdministerProcesses => "administer running processes",
            Self::CreateProject => "create projects",
            Self::RegisterModel => "register models",
            Self::PlaceVersion => "name champions and challengers",
            Self::ImportDefinition => "import and bind process definitions",
            Self::StartProcess => "start processes",
            Self::CarryOut => "carry out service tasks",
            Self::RequestRun => "request runs",
            Self::Sign => "sign approvals",
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
