//! Workflow: definitions, instances, tasks.

mod called;
mod checks;
mod connections;
pub mod contract;
mod definitions;
mod design;
mod findings;
mod instances;
mod live;
mod migration;
mod next;
mod rehearse;
mod starts;
mod tasks;
mod tries;
mod views;

pub use connections::{allow_connection, keep_credential, list_connections, withdraw_connection};
pub use definitions::{
    bind, disable_definition, enable_definition, export, import_definition, list_definitions,
    show_definition, templates,
};
pub use design::*;
pub use instances::{
    cancel, comment, deliver, list_instances, retry, set_variables, show_instance, skip, start, turn,
};
pub use migration::{migrate_instance, plan_migration};
pub use rehearse::{compare_definitions, inspect_definition, keep_form, rehearse, show_form};
pub use starts::{arm, disarm};
pub use tasks::{
    assign, claim, complete, delegate, give_back, keep_draft, list_tasks, move_due, release, show_task,
    snooze, takers,
};
pub use views::*;

pub(crate) use called::{definition_at, library_of};
pub(crate) use connections::{credential_name, door};
pub(crate) use instances::comments;
pub(crate) use starts::{begun_fact, listening};
pub(crate) use tasks::signatures;
pub(crate) use tries::tries;

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
