//! Instances: start, watch, mend, cancel.

use std::collections::BTreeMap;

use bpmn::Act;
use bpmn::engine::Wait;
use cache::Match;
use governance::fact::{CommentAdded, InstanceMoved, InstanceStarted, InstanceTurned};
use governance::registry::Project;
use governance::workflow::{Definition, Instance, OpenTask};
use governance::{Fact, InstanceId, MemberName, VersionId};
use serde_json::{Map, Value};
use words::said;

use super::definitions::by_code;
use super::live::{Elements, tokens};
use super::{
    AddComment, BegunRow, CancelInstance, CommentRow, DeliverEvent, EffectRow, IncidentOf, IncidentRow,
    InstanceDiagram, InstanceOf, InstancePage, InstanceRow, ListInstances, OperationRow, ScopeRow,
    SetVariables, StartInstance, TimerRow, TryRow, TurnInstance, VariableValue, WaitingRow, about,
};
use crate::ids::new_id;
use crate::ledger::{Named, facts_of, tell_named};
use crate::page::Page;
use crate::registry::{Recorded, find_project, find_version, page_of};
use crate::session::{Session, parse};
use crate::{App, Code, Failure};

/// Operations shown on an instance's page, at most.
const LOG_ROWS_MAX: u32 = 500;

/// Starts a process in a project, about a version: the one named, or the champion.
///
/// # Errors
/// [`Code::Refused`] when the definition cannot be started, or the project has no champion.
pub async fn start(app: &App, request: StartInstance) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let definition = super::definitions::find(&session, &request.definition)?;
    let project = find_project(&session, &request.project)?;
    let version = match &request.version {
        Some(version) => Some(find_version(&session, version)?.id),
        None => project.champion.clone(),
    };
    let mut variables = values(&request.variables)?;
    let process = request.process.as_deref();
    tell_context(&session, &definition, process, &project, version.as_ref(), &mut variables).await?;
    let instance: InstanceId = new_id();
    let fact = Fact::InstanceStarted(InstanceStarted {
        instance: instance.clone(),
        definition: definition.id.clone(),
        project: project.id.clone(),
        version,
        variables,
        begun: None,
        process: request.process,
    });
    let written = session.record(&me, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: instance.to_string() })
}

/// A process that keeps a place for the project's name is told it: that is how it looks the project up.
pub(super) async fn tell_context(
    session: &Session,
    definition: &Definition,
    process: Option<&str>,
    project: &Project,
    version: Option<&VersionId>,
    variables: &mut bpmn::engine::Variables,
) -> Result<(), Failure> {
    let document = session.blob(&definition.document, 64 << 20).await?;
    let parsed = super::contract::parse_definition(&document)?;
    for (name, value) in context(project, version) {
        let declared =
            parsed.process(process).is_some_and(|process| process.data_object(None, name).is_some());
        if declared && !variables.contains_key(name) {
            variables.insert(name.to_owned(), bpmn::Value::String(value));
        }
    }
    Ok(())
}

fn context(project: &Project, version: Option<&VersionId>) -> Vec<(&'static str, String)> {
    let mut context = vec![("ProjectName", project.name.to_string()), ("ProjectId", project.id.to_string())];
    if let Some(version) = version {
        context.push(("ModelVersionId", version.to_string()));
    }
    context
}

pub(crate) fn values(variables: &Map<String, Value>) -> Result<bpmn::engine::Variables, Failure> {
    variables
        .iter()
        .map(|(name, value)| {
            let value = bpmn::Value::from_json(value).map_err(|error| {
                Failure::said(
                    Code::Usage,
                    said!("value-unusable", name = name.to_string(), error = error.to_string()),
                )
            })?;
            Ok((name.clone(), value))
        })
        .collect()
}

/// A page of instances, latest first.
///
/// # Errors
/// [`Code::Usage`] for an unknown state.
pub async fn list_instances(app: &App, request: ListInstances) -> Result<Page<InstanceRow>, Failure> {
    let session = app.session()?;
    let project = match &request.project {
        Some(project) => Some(find_project(&session, project)?.id),
        None => None,
    };
    let mut matches: Vec<Match<'_>> =
        project.iter().map(|project| Match::Is("project", project.as_str())).collect();
    match request.state.as_deref() {
        None | Some("all") => {}
        Some("running") => matches.push(Match::Is("status", "running")),
        Some("ended") => {
            matches.push(Match::In("status", vec!["completed", "terminated", "cancelled", "failed"]))
        }
        Some("incident") => matches.push(Match::Above("incidents", 0)),
        Some(other) => {
            return Err(Failure::said(Code::Usage, said!("no-instance-state", other = other.to_string())));
        }
    }
    page_of(&session, "instances", matches, &request.page, "-key", |session, instance: Instance| {
        instance_row(session, &instance)
    })
}

pub(crate) fn instance_row(session: &Session, instance: &Instance) -> Result<InstanceRow, Failure> {
    let definition: Definition = session.row("definitions", "definition", instance.definition.as_str())?;
    Ok(InstanceRow {
        id: instance.id.to_string(),
        definition: super::definitions::titled(session.words(), &definition),
        definition_id: definition.id.to_string(),
        project: instance.project.to_string(),
        project_name: instance.project_name.to_string(),
        version: about(session, instance.version.as_ref())?,
        state: instance.status.clone(),
        waiting_for: instance
            .engine
            .tasks
            .values()
            .map(|task| task.name.clone().unwrap_or_else(|| task.element.to_string()))
            .collect(),
        incidents: instance.incidents,
        started_by: instance.started_by.to_string(),
        begun: instance.begun.as_ref().map(|begun| BegunRow {
            element: begun.element.clone(),
            due: begun.due.map(|due| due.to_string()),
            late_s: begun.late_s,
            missed: begun.missed,
        }),
        started_at: instance.started_at.to_string(),
        ended_at: instance.ended_at.map(|at| at.to_string()),
    })
}

/// An instance with everything its page shows.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn show_instance(app: &App, request: InstanceOf) -> Result<InstancePage, Failure> {
    let session = app.session()?;
    let instance = find(&session, &request.instance)?;
    let definition: Definition = session.row("definitions", "definition", instance.definition.as_str())?;
    let library = super::library_of(&session, &instance, &mut BTreeMap::new()).await?;
    let places = Elements::of(&instance, &library);
    let label = |element: &str| places.label(None, element);
    let label_in = |scope: u64, element: &str| places.label(places.process_of(scope), element);
    let label_at = |token: Option<u64>, element: &str| {
        let token = token.and_then(|token| instance.engine.tokens.get(&token));
        places.label(token.and_then(|token| places.process_of(token.scope)), element)
    };
    // What it called is named and bound by its own definitions.
    let mut others: Vec<Definition> = Vec::new();
    for id in &instance.library {
        others.push(session.row("definitions", "definition", id.as_str())?);
    }
    let of_effect = |key: &str| {
        let called = instance.called_at(key);
        called.and_then(|id| others.iter().find(|other| other.id == *id)).unwrap_or(&definition)
    };
    let mut reader = super::tasks::Reader::new(&session)?;
    let mut tasks = Vec::new();
    for number in instance.engine.tasks.keys() {
        if let Some(task) = session.cache.get::<OpenTask>("tasks", &OpenTask::key(&instance.id, *number))? {
            tasks.push(reader.row(&task)?);
        }
    }
    let engine = &instance.engine;
    let runs: Vec<governance::runs::Run> = session
        .cache
        .having("runs", "project", instance.project.as_str())?
        .into_iter()
        .map(|(_, run)| run)
        .collect();
    let effects = engine
        .effects
        .values()
        .map(|pending| EffectRow {
            element: pending.effect.element.to_string(),
            name: label_at(pending.token, &pending.effect.element),
            action: of_effect(&pending.effect.key)
                .bound
                .get(&*pending.effect.element)
                .map_or("notify", |binding| binding.action.name())
                .to_owned(),
            key: pending.effect.key.clone(),
            run: runs
                .iter()
                .find(|run| {
                    matches!(&run.cause, Some(governance::fact::Cause::Effect { effect, .. }) if *effect == pending.effect.key)
                })
                .map(|run| run.id.to_string()),
        })
        .collect();
    let again = super::tries(&session, &instance, &library)?;
    let again = |incident: u64| again.iter().find(|(of, _)| *of == incident).map(|(_, next)| next);
    let incidents = engine
        .incidents
        .iter()
        .map(|(id, incident)| IncidentRow {
            again: again(*id).map(|next| TryRow {
                at: next.at.to_string(),
                number: next.number,
                of: next.of,
            }),
            id: id.to_string(),
            element: incident.element.to_string(),
            name: label_at(incident.token, &incident.element),
            message: by_code(session.words(), "incident", &incident.code, &incident.message),
            at: incident.at.to_string(),
        })
        .collect();
    let shown = |variables: &bpmn::engine::Variables| -> Vec<VariableValue> {
        let rows = variables.iter();
        rows.map(|(name, value)| VariableValue {
            name: name.clone(),
            kind: value.kind().to_owned(),
            value: value.to_json(),
        })
        .collect()
    };
    let scopes = engine
        .scopes
        .iter()
        .filter(|(_, scope)| scope.parent.is_some() && !scope.variables.is_empty())
        .map(|(id, scope)| ScopeRow {
            id: id.to_string(),
            element: scope.element.to_string(),
            name: places.label(Some(&*scope.process), &scope.element),
            variables: shown(&scope.variables),
        })
        .collect();
    let waiting = engine
        .watches
        .iter()
        .filter_map(|(id, watch)| {
            let (kind, awaits, correlation) = awaited(&watch.wait)?;
            Some(WaitingRow {
                id: id.to_string(),
                element: watch.element.to_string(),
                name: label_in(watch.scope, &watch.element),
                kind: kind.to_owned(),
                awaits: awaits.to_owned(),
                correlation,
            })
        })
        .collect();
    let of = std::iter::once(&definition).chain(&others);
    let diagrams = of
        .zip(library.definitions())
        .map(|(definition, parsed)| InstanceDiagram {
            definition: definition.id.to_string(),
            name: super::definitions::titled(session.words(), definition),
            processes: parsed.processes.iter().map(|process| process.id.to_string()).collect(),
            xml: super::contract::display(parsed),
        })
        .collect();
    Ok(InstancePage {
        diagrams,
        tokens: tokens(&session, &instance)?,
        elements: places.left(),
        tasks,
        timers: engine
            .timers()
            .into_iter()
            .map(|(_, watch, due)| TimerRow {
                element: watch.element.to_string(),
                name: label_in(watch.scope, &watch.element),
                due: due.to_string(),
            })
            .collect(),
        waiting,
        effects,
        incidents,
        variables: shown(&engine.variables()),
        scopes,
        log: operations(&session, &instance, &label)?,
        comments: comments(&session, &instance.id)?,
        instance: instance_row(&session, &instance)?,
    })
}

pub(crate) fn find(session: &Session, text: &str) -> Result<Instance, Failure> {
    if let Some(instance) = session.cache.get("instances", text)? {
        return Ok(instance);
    }
    match session.cache.keys_beginning("instances", text, 2)?.as_slice() {
        [only] => session.row("instances", "instance", only),
        _ => Err(Failure::not_found("instance", text)),
    }
}

/// What was done to an instance, latest first, with the names its elements have.
fn operations(
    session: &Session,
    instance: &Instance,
    label: &dyn Fn(&str) -> String,
) -> Result<Vec<OperationRow>, Failure> {
    let (_, entries) = session.cache.entries(Some(instance.id.as_str()), None, None, LOG_ROWS_MAX)?;
    let words = session.words();
    let mut rows = Vec::new();
    for entry in entries {
        for fact in facts_of(&entry) {
            let noted = instance.operations.iter().rev().find(|noted| noted.position == entry.position);
            let named = Named {
                numbered: &|number| instance.element_of(number).map(label),
                element: label,
                version: &|version| {
                    let of = about(session, Some(version)).ok().flatten();
                    of.map_or_else(|| version.to_string(), |of| of.label)
                },
                late_s: noted.map_or(0, |noted| noted.late_s),
                missed: noted.map_or(0, |noted| noted.missed),
            };
            let told = tell_named(words, &fact, &named);
            rows.push(OperationRow {
                position: entry.position,
                at: entry.at.clone(),
                member: entry.member.clone(),
                text: match &entry.void {
                    None => told,
                    Some(why) => words.say(&said!("told-void", why = session.tell_kept(why), told = told)),
                },
            });
        }
    }
    Ok(rows)
}

/// Comments on an instance, oldest first.
pub(crate) fn comments(session: &Session, instance: &InstanceId) -> Result<Vec<CommentRow>, Failure> {
    let comments: Vec<(String, governance::workflow::Comment)> =
        session.cache.having("comments", "instance", instance.as_str())?;
    Ok(comments
        .into_iter()
        .map(|(_, comment)| CommentRow {
            at: comment.at.to_string(),
            member: comment.member.to_string(),
            mentions: mentions(&comment.text),
            text: comment.text,
        })
        .collect())
}

/// Members mentioned with `@`.
pub(crate) fn mentions(text: &str) -> Vec<String> {
    text.split(|letter: char| {
        letter.is_whitespace() || matches!(letter, ',' | ';' | ':' | '(' | ')' | '!' | '?')
    })
    .filter_map(|word| word.strip_prefix('@'))
    .map(|name| name.trim_end_matches('.').to_owned())
    .filter(|name| name.parse::<governance::MemberName>().is_ok())
    .collect()
}

/// Tries an incident's element again.
///
/// # Errors
/// [`Code::Refused`].
pub async fn retry(app: &App, request: IncidentOf) -> Result<Recorded, Failure> {
    let incident = number("incident", &request.incident)?;
    act(app, &request.instance, Act::Retry { incident }, request.reason.clone()).await
}

/// Passes over an incident's element.
///
/// # Errors
/// [`Code::Refused`], also without a reason.
pub async fn skip(app: &App, request: IncidentOf) -> Result<Recorded, Failure> {
    let incident = number("incident", &request.incident)?;
    let reason = request.reason.clone();
    act(app, &request.instance, Act::Skip { incident, reason: reason.clone() }, reason).await
}

/// Gives an instance up.
///
/// # Errors
/// [`Code::Refused`], also without a reason.
pub async fn cancel(app: &App, request: CancelInstance) -> Result<Recorded, Failure> {
    let reason = request.reason.clone();
    act(app, &request.instance, Act::Cancel { reason: reason.clone() }, String::new()).await
}

/// Corrects variables.
///
/// # Errors
/// [`Code::Refused`] without the role.
pub async fn set_variables(app: &App, request: SetVariables) -> Result<Recorded, Failure> {
    let variables = values(&request.variables)?;
    let scope = request.scope.as_deref().map(|scope| number("scope", scope)).transpose()?;
    act(app, &request.instance, Act::Set { variables, scope }, String::new()).await
}

/// Turns an instance to another version: what it asks and does from now on is about that.
///
/// # Errors
/// [`Code::Refused`] without the role or a reason, or for a version of another project.
pub async fn turn(app: &App, request: TurnInstance) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let instance = find(&session, &request.instance)?;
    let fact = Fact::InstanceTurned(InstanceTurned {
        instance: instance.id.clone(),
        version: find_version(&session, &request.version)?.id,
        reason: request.reason,
    });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: instance.id.to_string() })
}

/// What something that is waited for is, and what it is called; `None` for what nobody tells an instance.
fn awaited(wait: &Wait) -> Option<(&'static str, &str, Option<String>)> {
    match wait {
        Wait::Message { name, correlation } => Some(("message", name, correlation.clone())),
        Wait::Signal { name } => Some(("signal", name, None)),
        Wait::Receive { message } => Some(("receive", message.as_deref().unwrap_or_default(), None)),
        Wait::Job { job } => Some(("job", job, None)),
        Wait::Timer { .. } | Wait::Condition { .. } => None,
    }
}

/// Tells an instance that something came which it waits for.
///
/// # Errors
/// [`Code::NotFound`] when it waits for nothing like that; [`Code::Refused`] with the rule.
pub async fn deliver(app: &App, request: DeliverEvent) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let instance = find(&session, &request.instance)?;
    let variables = values(&request.variables)?;
    let name = request.name.trim().to_owned();
    let mut watches = instance.engine.watches.iter();
    let act = match request.kind.as_str() {
        "message" => {
            let carried = request.correlation.as_deref();
            let hears = watches.any(|(_, watch)| match &watch.wait {
                Wait::Message { name: of, correlation } => {
                    *of == name && correlation.as_deref().is_none_or(|wanted| carried == Some(wanted))
                }
                Wait::Receive { message } => message.as_ref() == Some(&name),
                _ => false,
            });
            if !hears {
                return Err(Failure::not_found("receiver-of-the-message", &name));
            }
            Act::Message { name, correlation: request.correlation.clone(), variables }
        }
        "signal" => {
            if !watches.any(|(_, watch)| matches!(&watch.wait, Wait::Signal { name: of } if *of == name)) {
                return Err(Failure::not_found("receiver-of-the-signal", &name));
            }
            Act::Signal { name, variables }
        }
        "trigger" => {
            let definition: Definition =
                session.row("definitions", "definition", instance.definition.as_str())?;
            let document = session.blob(&definition.document, 64 << 20).await?;
            let parsed = super::contract::parse_definition(&document)?;
            let is_named = |element: &str| {
                let found =
                    parsed.processes.iter().find_map(|process| Some(process.node(process.find(element)?)));
                found.is_some_and(|node| node.label().trim() == name)
            };
            let waiting = watches
                .filter(|(_, watch)| matches!(watch.wait, Wait::Receive { .. } | Wait::Job { .. }))
                .find(|(id, watch)| {
                    id.to_string() == name || *watch.element == *name || is_named(&watch.element)
                })
                .map(|(id, _)| *id)
                .ok_or_else(|| Failure::not_found("receive-task-or-job", &name))?;
            Act::Trigger { waiting, variables }
        }
        other => {
            return Err(Failure::said(Code::Usage, said!("no-event-kind", other = other.to_string())));
        }
    };
    act_on(&session, &instance, act).await
}

async fn act_on(session: &Session, instance: &Instance, act: Act) -> Result<Recorded, Failure> {
    let fact = Fact::InstanceMoved(InstanceMoved { instance: instance.id.clone(), act, note: String::new() });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: instance.id.to_string() })
}

/// Says something about an instance; members mentioned with `@` are told.
///
/// # Errors
/// [`Code::Usage`] for an empty comment.
pub async fn comment(app: &App, request: AddComment) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let instance = find(&session, &request.instance)?;
    if request.text.trim().is_empty() {
        return Err(Failure::said(Code::Usage, said!("comment-empty")));
    }
    let facts = said_in(&session, &me, &instance.id, request.text)?;
    let written = session.record(&me, facts).await?;
    Ok(Recorded { position: written.position, id: instance.id.to_string() })
}

/// The facts of a comment: what is said, and that those are told whom it mentions.
pub(super) fn said_in(
    session: &Session,
    me: &MemberName,
    instance: &InstanceId,
    text: String,
) -> Result<Vec<Fact>, Failure> {
    let mut mentioned = std::collections::BTreeSet::new();
    for name in mentions(&text) {
        let name: MemberName = parse("member name", &name)?;
        if name != *me && session.cache.get::<Value>("members", name.as_str())?.is_some() {
            mentioned.insert(name);
        }
    }
    let body = text.chars().take(200).collect();
    let mut facts = vec![Fact::CommentAdded(CommentAdded { instance: instance.clone(), text })];
    if !mentioned.is_empty() {
        facts.push(Fact::NoticePosted(governance::fact::NoticePosted {
            notice: new_id(),
            to: mentioned,
            title: format!("{me} mentioned you"),
            title_said: serde_json::to_value(said!("notice-mentioned", member = me.to_string())).ok(),
            body_said: None,
            body,
            link: Some(format!("/instances/{instance}")),
            level: governance::fact::Level::Info,
            mailed_by: None,
        }));
    }
    Ok(facts)
}

async fn act(app: &App, instance: &str, act: Act, note: String) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let instance = find(&session, instance)?;
    let fact = Fact::InstanceMoved(InstanceMoved { instance: instance.id.clone(), act, note });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: instance.id.to_string() })
}

fn number(noun: &'static str, text: &str) -> Result<u64, Failure> {
    text.parse().map_err(|_| Failure::not_found(noun, text))
}
