//! Workflow: definitions, instances, tasks.

pub mod contract;
mod definitions;
mod instances;
mod tasks;
mod views;

pub use definitions::{bind, export, import_definition, list_definitions, show_definition, templates};
pub use instances::{cancel, comment, list_instances, retry, set_variables, show_instance, skip, start};
pub use tasks::{assign, claim, complete, keep_draft, list_tasks, release, show_task};
pub use views::*;

pub(crate) use instances::comments;

use governance::registry::{Model, Version};

use crate::Failure;
use crate::session::Session;

/// The version something is about, as lists show it.
pub(crate) fn about(
    session: &Session,
    version: Option<&governance::VersionId>,
) -> Result<Option<VersionAbout>, Failure> {
    let Some(id) = version else { return Ok(None) };
    let version: Version = session.row("versions", "version", id.as_str())?;
    let model: Model = session.row("models", "model", version.model.as_str())?;
    Ok(Some(VersionAbout {
        version: version.id.to_string(),
        label: format!("{} {}", model.name, version.number()),
        digest: version.package.root.to_string(),
    }))
}
