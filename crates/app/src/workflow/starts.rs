//! Processes that start by themselves: by the timers, messages and signals of their start events.

use bpmn::engine::Variables;
use bpmn::model::{NodeKind, Trigger};
use governance::fact::{Begun, InstanceStarted, StartArmed, StartDisarmed};
use governance::registry::Project;
use governance::workflow::{Definition, SelfStart, StandingStart};
use governance::{Fact, ProjectId, SelfStartId};

use super::instances::{tell_context, values};
use super::{SelfFiringRow, SelfStartOf, SelfStartRow, StartEventRow, StartInstance, about};
use crate::ids::new_id;
use crate::registry::{Recorded, find_project, find_version};
use crate::session::{Session, parse};
use crate::{App, Failure};

/// Lets a process start by itself in a project from now on, by its own start events. Without a version, each instance is
/// about the champion of its moment.
///
/// # Errors
/// [`crate::Code::Refused`] when the definition cannot be started, or has no such start event.
pub async fn arm(app: &App, request: StartInstance) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let definition = super::definitions::find(&session, &request.definition)?;
    let project = find_project(&session, &request.project)?;
    let version = match &request.version {
        Some(version) => Some(find_version(&session, version)?.id),
        None => None,
    };
    let mut variables = values(&request.variables)?;
    let process = request.process.as_deref();
    tell_context(&session, &definition, process, &project, version.as_ref(), &mut variables).await?;
    let start: SelfStartId = new_id();
    let fact = Fact::StartArmed(StartArmed {
        start: start.clone(),
        definition: definition.id.clone(),
        project: project.id.clone(),
        version,
        variables,
        process: request.process,
    });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: start.to_string() })
}

/// Lets it start by itself no more. What it started goes on.
///
/// # Errors
/// [`crate::Code::Refused`] when there is none.
pub async fn disarm(app: &App, request: SelfStartOf) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let start: SelfStartId = parse("self-start", request.start.trim())?;
    let fact = Fact::StartDisarmed(StartDisarmed { start: start.clone() });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: start.to_string() })
}

/// All arrangements there are.
pub(super) fn all(session: &Session) -> Result<Vec<SelfStart>, Failure> {
    session
        .cache
        .all("self_starts")?
        .into_iter()
        .map(|(_, row)| {
            serde_json::from_value(row)
                .map_err(|cause| Failure::internal("a self-start has another shape", &cause))
        })
        .collect()
}

/// What starts an instance by itself at one of its start events.
pub(crate) async fn begun_fact(
    session: &Session,
    start: &SelfStart,
    standing: &StandingStart,
) -> Result<Fact, Failure> {
    let armed = &start.armed;
    let definition: Definition = session.row("definitions", "definition", armed.definition.as_str())?;
    let project: Project = session.row("projects", "project", armed.project.as_str())?;
    let version = armed.version.clone().or_else(|| project.champion.clone());
    let mut variables: Variables = armed.variables.clone();
    let process = armed.process.as_deref();
    tell_context(session, &definition, process, &project, version.as_ref(), &mut variables).await?;
    Ok(Fact::InstanceStarted(InstanceStarted {
        instance: new_id(),
        definition: armed.definition.clone(),
        project: armed.project.clone(),
        version,
        variables,
        process: armed.process.clone(),
        begun: Some(Begun {
            start: armed.start.clone(),
            element: standing.element.clone(),
            due: standing.due(),
        }),
    }))
}

/// Arrangements whose start events listen for something, with those events.
pub(crate) fn listening(
    session: &Session,
    hears: impl Fn(&bpmn::engine::Wait) -> bool,
) -> Result<Vec<(SelfStart, StandingStart)>, Failure> {
    Ok(all(session)?
        .into_iter()
        .filter_map(|start| {
            let standing = start.waits.iter().find(|standing| hears(&standing.wait))?.clone();
            Some((start, standing))
        })
        .collect())
}

/// The start events by which a process can start by itself.
pub(super) fn start_events(process: &bpmn::model::Process) -> Vec<StartEventRow> {
    process
        .body
        .starts
        .iter()
        .map(|ix| process.node(*ix))
        .filter_map(|node| {
            let NodeKind::Start(start) = &node.kind else { return None };
            let kind = match start.trigger.as_ref()? {
                Trigger::Timer(_) => "timer",
                Trigger::Message { .. } => "message",
                Trigger::Signal { .. } => "signal",
                _ => return None,
            };
            let (element, name) = (node.id.to_string(), node.label().to_owned());
            Some(StartEventRow { element, name, kind: kind.to_owned() })
        })
        .collect()
}

/// Where a definition, in any of its versions, starts by itself.
pub(super) fn rows(session: &Session, name: &str) -> Result<Vec<SelfStartRow>, Failure> {
    all(session)?
        .into_iter()
        .filter(|start| start.definition_name == name)
        .map(|start| {
            let armed = &start.armed;
            let definition: Definition =
                session.row("definitions", "definition", armed.definition.as_str())?;
            Ok(SelfStartRow {
                id: armed.start.to_string(),
                definition: super::definitions::titled(session.words(), &definition),
                project: armed.project.to_string(),
                project_name: project_name(session, &armed.project)?,
                version: about(session, armed.version.as_ref())?,
                by: start.by.to_string(),
                at: start.at.to_string(),
                next_due: start.next_due.map(|due| due.to_string()),
                started: start.started,
                firings: start
                    .firings
                    .iter()
                    .rev()
                    .map(|firing| SelfFiringRow {
                        due: firing.due.map(|due| due.to_string()),
                        at: firing.at.to_string(),
                        missed: firing.missed,
                        instance: firing.instance.as_ref().map(ToString::to_string),
                        problem: Some(firing.problem.clone()).filter(|problem| !problem.is_empty()),
                    })
                    .collect(),
            })
        })
        .collect()
}

fn project_name(session: &Session, id: &ProjectId) -> Result<String, Failure> {
    let project: Project = session.row("projects", "project", id.as_str())?;
    Ok(project.name.to_string())
}
