//! Instances that move to another version of their definition: the plan, and the deed.

use std::collections::BTreeMap;

use bpmn::engine::{Found, Plan, Remark};
use governance::fact::InstanceMigrated;
use governance::workflow::{Definition, Instance};
use governance::{Fact, State};

use super::{
    ElementName, MigrateInstance, MigrationPlan, MovedElement, PlanMigration, RemarkRow, definitions,
    instances,
};
use crate::registry::Recorded;
use crate::session::{Session, from_refusal};
use crate::{App, Failure};

/// What moving an instance would do; nothing is recorded.
///
/// # Errors
/// [`crate::Code::NotFound`]; [`crate::Code::Refused`] when the other definition is no version it could move to.
pub async fn plan_migration(app: &App, request: PlanMigration) -> Result<MigrationPlan, Failure> {
    let session = app.session()?;
    let instance = instances::find(&session, &request.instance)?;
    let from: Definition = session.row("definitions", "definition", instance.definition.as_str())?;
    let to = version(&session, &from, request.to.as_deref())?;
    let plan = planned(&session, &instance, &from, &to, &request.map).await?;
    let document = session.blob(&to.document, definitions::FILE_BYTES_MAX).await?;
    let parsed = super::contract::parse_definition(&document)?;
    let targets = parsed
        .processes
        .iter()
        .flat_map(|process| &process.nodes)
        .map(|node| ElementName { element: node.id.to_string(), name: node.label().to_owned() })
        .collect();
    let remarks = |remarks: Vec<Remark>| {
        remarks.into_iter().map(|remark| RemarkRow { of: remark.of, message: remark.message }).collect()
    };
    Ok(MigrationPlan {
        instance: instance.id.to_string(),
        definition: from.name,
        from: from.number,
        to: to.number,
        to_id: to.id.to_string(),
        possible: plan.problems.is_empty(),
        moves: plan
            .moves
            .into_iter()
            .map(|moved| MovedElement {
                from: moved.from,
                to: moved.to,
                name: moved.name,
                by: match moved.by {
                    Found::Map => "map",
                    Found::Id => "id",
                    Found::Name => "name",
                }
                .to_owned(),
            })
            .collect(),
        problems: remarks(plan.problems),
        losses: remarks(plan.losses),
        gains: remarks(plan.gains),
        targets,
    })
}

/// Moves an instance to another version of its definition.
///
/// # Errors
/// [`crate::Code::Refused`] with the rule: what has no counterpart, a missing role, a missing reason.
pub async fn migrate_instance(app: &App, request: MigrateInstance) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let instance = instances::find(&session, &request.instance)?;
    let from: Definition = session.row("definitions", "definition", instance.definition.as_str())?;
    let to = version(&session, &from, request.to.as_deref())?;
    let fact = Fact::InstanceMigrated(InstanceMigrated {
        instance: instance.id.clone(),
        definition: to.id,
        map: request.map,
        reason: request.reason,
    });
    let written = session.record(&me, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: instance.id.to_string() })
}

/// The version of a definition by its number or identifier, or the latest.
fn version(session: &Session, from: &Definition, text: Option<&str>) -> Result<Definition, Failure> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return definitions::find(session, &from.name);
    };
    match text.trim_start_matches('v').parse::<u32>() {
        Ok(number) => definitions::versions(session, &from.name)?
            .into_iter()
            .find(|version| version.number == number)
            .ok_or_else(|| Failure::not_found("version of this definition", text)),
        Err(_) => definitions::find(session, text),
    }
}

async fn planned(
    session: &Session,
    instance: &Instance,
    from: &Definition,
    to: &Definition,
    map: &BTreeMap<String, String>,
) -> Result<Plan, Failure> {
    let mut state = State::default();
    for definition in [from, to] {
        state.definitions.restore(definition.id.clone(), definition.clone());
        let document = session.blob(&definition.document, definitions::FILE_BYTES_MAX).await?;
        state.learn(definition.document.clone(), &document);
    }
    let (plan, _) = state.plan_migration(instance, to, map, session.now()).map_err(from_refusal)?;
    Ok(plan)
}
