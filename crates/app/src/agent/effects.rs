//! Service tasks: what each asks for is carried out by a built-in action, and the answer becomes a fact.

use std::collections::{BTreeMap, BTreeSet};

use bpmn::Act;
use bpmn::engine::{Action as Asked, Effect, Reply, Wait};
use governance::fact::{
    Action, Binding, Cause, InstanceMoved, LeaseTaken, Level, Meaning, NoticePosted, Party, RunKind, RunState,
};
use governance::people::Member;
use governance::registry::{Project, Version};
use governance::runs::{Lease, Migration, Run, is_attempt_at};
use governance::workflow::{Definition, Instance};
use governance::{Fact, MemberName};
use serde_json::json;

use crate::ids::{new_id, now};
use crate::people::holders;
use crate::runs::{BUCKET, LOCAL_SPARK, bucket, bucket_name, request_fact};
use crate::session::{Session, parse};
use crate::{Code, Failure};

/// Seconds a lease holds without progress.
const LEASE_S: u32 = 900;

/// What became of one look at an effect.
enum Outcome {
    /// Answered: these facts go beside the answer.
    Done(Reply, Vec<Fact>),
    /// Failed for good: an incident, or a BPMN error the definition catches.
    Failed(String),
    /// Under way: these facts, if any, are to be recorded, and the answer comes later.
    UnderWay(Vec<Fact>),
}

/// Carries out every effect of an instance that is due.
pub(super) async fn carry_out(
    session: &Session,
    instance: &Instance,
    by: &MemberName,
) -> Result<usize, Failure> {
    if instance.engine.effects.is_empty() {
        return Ok(0);
    }
    let definition: Definition = session.row("definitions", "definition", instance.definition.as_str())?;
    let mut answered = 0;
    for pending in instance.engine.effects.values() {
        // An open incident on this branch waits for a person, not for another attempt.
        let waits = instance
            .engine
            .incidents
            .values()
            .any(|incident| incident.effect.as_deref() == Some(&pending.effect.key));
        if waits {
            continue;
        }
        let outcome = match look(session, instance, &definition, &pending.effect, by).await {
            Ok(outcome) => outcome,
            Err(failure) if matches!(failure.code, Code::Offline | Code::Conflict) => return Err(failure),
            Err(failure) => {
                Outcome::Failed(format!("{} {}", failure.message, failure.hint).trim().to_owned())
            }
        };
        let effect = pending.effect.key.clone();
        let moved = |act: Act| {
            Fact::InstanceMoved(InstanceMoved { instance: instance.id.clone(), act, note: String::new() })
        };
        let done = matches!(outcome, Outcome::Done(..));
        let facts = match outcome {
            Outcome::UnderWay(facts) if facts.is_empty() => continue,
            Outcome::UnderWay(facts) => facts,
            Outcome::Done(reply, mut facts) => {
                facts.push(moved(Act::EffectSucceeded { effect, reply }));
                facts
            }
            Outcome::Failed(message) => vec![moved(Act::EffectFailed { effect, message, error: None })],
        };
        match session.record(by, facts).await {
            Ok(_) => answered += 1,
            // Another desk answered first; or else the rules do not take the answer, and the branch must say so.
            Err(failure) if failure.code == Code::Refused => {
                let now: Instance = session.row("instances", "instance", instance.id.as_str())?;
                if done && now.engine.effects.get(&pending.effect.key) == Some(pending) {
                    let act = Act::EffectFailed {
                        effect: pending.effect.key.clone(),
                        message: failure.message,
                        error: None,
                    };
                    session.record(by, vec![moved(act)]).await?;
                    answered += 1;
                }
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(answered)
}

async fn look(
    session: &Session,
    instance: &Instance,
    definition: &Definition,
    effect: &Effect,
    by: &MemberName,
) -> Result<Outcome, Failure> {
    let plain = |status| Reply { status: Some(status), ..Reply::default() };
    match &effect.action {
        Asked::Mail { to, subject, message, .. } => {
            let to = addressed(session, definition, &to.split(',').map(str::trim).collect::<Vec<_>>(), &[])?;
            Ok(Outcome::Done(plain(200), vec![notice(instance, to, subject, message, Level::Info)]))
        }
        Asked::Notify { users, groups, template, level, .. } => {
            let users: Vec<&str> = users.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
            let groups: Vec<&str> = groups.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
            let to = addressed(session, definition, &users, &groups)?;
            let level = match level.as_str() {
                "warning" => Level::Warning,
                "error" => Level::Failure,
                _ => Level::Info,
            };
            let title = if template.trim().is_empty() { definition.name.as_str() } else { template.as_str() };
            let body = format!("{} in {}", definition.name, instance.project_name);
            Ok(Outcome::Done(plain(200), vec![notice(instance, to, title, &body, level)]))
        }
        Asked::Signal { name } => signal(session, instance, name),
        Asked::Message { name } => message(session, instance, name),
        Asked::Script { .. } => Ok(Outcome::Failed(
            "scripts of a definition are not run here: they could do anything. Replace the script task by a service task, or skip it with a reason".to_owned(),
        )),
        Asked::Http { .. } | Asked::Job { .. } | Asked::Delegate { .. } => {
            let Some(binding) = definition.bound.get(&*effect.element) else {
                return Ok(Outcome::Failed(
                    "this call is bound to nothing; bind it, then retry".to_owned(),
                ));
            };
            action(session, instance, binding, effect, by).await
        }
    }
}

async fn action(
    session: &Session,
    instance: &Instance,
    binding: &Binding,
    effect: &Effect,
    by: &MemberName,
) -> Result<Outcome, Failure> {
    let status = match &effect.action {
        Asked::Http { accepted, .. } => accepted.first().copied().unwrap_or(200),
        _ => 200,
    };
    let reply = |body: serde_json::Value| Reply {
        status: Some(status),
        body: Some(body.to_string()),
        outputs: BTreeMap::new(),
    };
    match binding.action {
        Action::FindProject => {
            let project: Project = session.row("projects", "project", instance.project.as_str())?;
            let found = json!({"id": project.id, "name": project.name, "championModelName": project.champion});
            Ok(Outcome::Done(reply(json!({"count": 1, "items": [found]})), Vec::new()))
        }
        Action::Build => build(session, instance).await.map(|built| match built {
            Ok(body) => Outcome::Done(reply(body), Vec::new()),
            Err(why) => Outcome::Failed(why),
        }),
        Action::Migrate => {
            let bucket = match wanted_bucket(instance, binding, effect) {
                Ok(bucket) => bucket,
                Err(why) => return Ok(Outcome::Failed(why)),
            };
            if let Err(failure) = self::bucket(session, &bucket) {
                return Ok(Outcome::Failed(format!("{}. {}", failure.message, failure.hint)));
            }
            run(session, instance, effect, by, RunKind::Migrate, BUCKET, &bucket, status).await
        }
        Action::Train | Action::Score => {
            let version = version_of(session, instance)?;
            let migrations: Vec<(String, Migration)> =
                session.cache.having("migrations", "version", version.id.as_str())?;
            let place = migrations
                .into_iter()
                .map(|(_, migration)| migration)
                .filter(|migration| migration.root == version.package.root)
                .max_by_key(|migration| migration.at);
            let Some(place) = place else {
                return Ok(Outcome::Failed(
                    "the version was not migrated anywhere yet; migrate it first, then retry".to_owned(),
                ));
            };
            let kind = if binding.action == Action::Train { RunKind::Train } else { RunKind::Score };
            run(session, instance, effect, by, kind, LOCAL_SPARK, &place.bucket, status).await
        }
        Action::Notify => {
            let project: Project = session.row("projects", "project", instance.project.as_str())?;
            let to = holders(session, &[governance::Role::ModelSteward])?;
            let body = format!("{} in {}", instance.definition_name, project.name);
            Ok(Outcome::Done(reply(json!({})), vec![notice(instance, to, &instance.definition_name, &body, Level::Info)]))
        }
        Action::Report => Ok(Outcome::Failed(
            "no monitor is defined for this version, so there is nothing to report; compute one with `monitor compute` and skip this step with a reason".to_owned(),
        )),
        Action::Publish => Ok(Outcome::Failed(
            "publishing goes by migration to a bucket; bind this call to `migrate`, or skip it with a reason".to_owned(),
        )),
    }
}

/// Collects the exact files of the version the process is about, if it still is the champion, and proves each is there.
async fn build(session: &Session, instance: &Instance) -> Result<Result<serde_json::Value, String>, Failure> {
    let version = version_of(session, instance)?;
    let project: Project = session.row("projects", "project", instance.project.as_str())?;
    match &project.champion {
        None => {
            return Ok(Err(format!(
                "the project `{}` has no champion any more; name one, then retry",
                project.name
            )));
        }
        Some(champion) if *champion != version.id => {
            return Ok(Err(format!(
                "the champion of `{}` changed since the approval; cancel this process and start it for the new champion",
                project.name
            )));
        }
        Some(_) => {}
    }
    let package = crate::registry::reading(session, &version.package).await?;
    for file in &package.files {
        let digest: ::ledger::Digest = parse("digest", &file.sha256)?;
        session.ledger.check_blob(&digest).await.map_err(|error| crate::session::from_ledger(&error))?;
    }
    Ok(Ok(json!({
        "manifest": version.package.root,
        "files": package.files.iter().map(|file| json!({"path": file.path, "size": file.size_bytes, "sha256": file.sha256})).collect::<Vec<_>>(),
    })))
}

/// A run that stands behind an effect: asked for once, answered when it ended.
#[expect(clippy::too_many_arguments, reason = "what a run needs, and what its answer looks like")]
async fn run(
    session: &Session,
    instance: &Instance,
    effect: &Effect,
    by: &MemberName,
    kind: RunKind,
    target: &str,
    bucket: &str,
    status: u16,
) -> Result<Outcome, Failure> {
    let runs: Vec<(String, Run)> = session.cache.having("runs", "project", instance.project.as_str())?;
    // The latest attempt at this effect: a retried incident asks for another run.
    let attempts: Vec<&Run> = runs
        .iter()
        .map(|(_, run)| run)
        .filter(|run| {
            run.kind == kind && matches!(&run.cause, Some(Cause::Effect { effect: key, .. }) if is_attempt_at(key, &effect.key))
        })
        .collect();
    let since = instance.engine.effects.get(&effect.key).map(|pending| pending.since);
    if let Some(run) = attempts.iter().max_by_key(|run| run.requested_at).filter(|run| {
        !run.state.ended()
            || run.state == RunState::Succeeded
            || since.is_none_or(|since| run.requested_at >= since)
    }) {
        return Ok(match run.state {
            RunState::Succeeded => {
                let body = json!({"run": run.id, "bucket": run.bucket, "metrics": run.metrics});
                Outcome::Done(
                    Reply { status: Some(status), body: Some(body.to_string()), outputs: BTreeMap::new() },
                    Vec::new(),
                )
            }
            RunState::Failed | RunState::Cancelled => {
                let why = run.stages.last().map(|stage| stage.detail.as_str()).unwrap_or_default();
                Outcome::Failed(format!(
                    "the {} run `{}` is {}: {why}",
                    kind.name(),
                    run.id,
                    run.state.name()
                ))
            }
            _ => Outcome::UnderWay(Vec::new()),
        });
    }
    let version = version_of(session, instance)?;
    let lease: Option<Lease> = session.cache.get("leases", &effect.key)?;
    if lease.as_ref().is_some_and(|lease| lease.holder != *by && lease.until > now()) {
        return Ok(Outcome::UnderWay(Vec::new()));
    }
    let cause = Cause::Effect {
        instance: instance.id.clone(),
        effect: if attempts.is_empty() {
            effect.key.clone()
        } else {
            format!("{}#{}", effect.key, attempts.len() + 1)
        },
    };
    Ok(Outcome::UnderWay(vec![
        Fact::LeaseTaken(LeaseTaken {
            instance: instance.id.clone(),
            effect: effect.key.clone(),
            epoch: lease.map_or(1, |lease| lease.epoch + 1),
            for_s: LEASE_S,
        }),
        request_fact(session, &new_id(), kind, &version, target, bucket, Some(cause)),
    ]))
}

fn version_of(session: &Session, instance: &Instance) -> Result<Version, Failure> {
    let id = instance.version.as_ref().ok_or_else(|| {
        Failure::new(Code::Refused, "the process is about no version", "Start it again, about a version.")
    })?;
    session.row("versions", "version", id.as_str())
}

/// The bucket somebody named: the variable that the binding reads, as seen from where the effect stands.
fn wanted_bucket(instance: &Instance, binding: &Binding, effect: &Effect) -> Result<String, String> {
    let variable = binding.inputs.get("bucket").ok_or_else(|| {
        "the binding does not say which variable holds the bucket; bind the input `bucket`, then retry"
            .to_owned()
    })?;
    let scope = instance
        .engine
        .effects
        .get(&effect.key)
        .and_then(|pending| pending.token)
        .and_then(|token| instance.engine.tokens.get(&token))
        .map(|token| token.scope);
    let value = match scope {
        Some(scope) => instance.engine.variable(scope, variable).cloned(),
        None => instance.engine.variables().get(variable).cloned(),
    };
    match value.as_ref().and_then(bpmn::Value::as_str).map(bucket_name) {
        Some(name) if !name.is_empty() => Ok(name),
        _ => Err(format!("the variable `{variable}` names no bucket; set it, then retry")),
    }
}

fn notice(instance: &Instance, mut to: BTreeSet<MemberName>, title: &str, body: &str, level: Level) -> Fact {
    if to.is_empty() {
        // Nobody by those names is here: whoever started the process hears of it rather than nobody.
        to.insert(instance.started_by.clone());
    }
    let text = |text: &str, max: usize| text.trim().chars().take(max).collect::<String>();
    Fact::NoticePosted(NoticePosted {
        notice: new_id(),
        to,
        title: text(title, 200),
        body: text(body, 2000),
        link: Some(format!("/instances/{}", instance.id)),
        level,
    })
}

/// Members that names and groups of a definition mean.
fn addressed(
    session: &Session,
    definition: &Definition,
    users: &[&str],
    groups: &[&str],
) -> Result<BTreeSet<MemberName>, Failure> {
    let mut to = BTreeSet::new();
    let named = users
        .iter()
        .map(|user| Party::User((*user).to_owned()))
        .chain(groups.iter().map(|group| Party::Group((*group).to_owned())));
    for party in named {
        match definition.meaning(&party) {
            Some(Meaning::Member(member)) => {
                to.insert(member.clone());
            }
            Some(Meaning::Role(role)) => to.extend(holders(session, &[*role])?),
            None => match &party {
                Party::User(name) => {
                    if let Ok(member) = name.parse::<MemberName>()
                        && session.cache.get::<Member>("members", member.as_str())?.is_some()
                    {
                        to.insert(member);
                    } else if let Ok(role) = name.parse() {
                        to.extend(holders(session, &[role])?);
                    }
                }
                Party::Group(name) => {
                    if let Ok(role) = name.parse() {
                        to.extend(holders(session, &[role])?);
                    }
                }
            },
        }
    }
    Ok(to)
}

fn listening(session: &Session, hears: impl Fn(&Wait) -> bool) -> Result<Vec<Instance>, Failure> {
    let running: Vec<(String, Instance)> = session.cache.having("instances", "status", "running")?;
    Ok(running
        .into_iter()
        .map(|(_, instance)| instance)
        .filter(|instance| instance.engine.watches.values().any(|watch| hears(&watch.wait)))
        .collect())
}

/// A signal reaches every other instance that listens, in the same entry.
fn signal(session: &Session, instance: &Instance, name: &str) -> Result<Outcome, Failure> {
    let heard = listening(session, |wait| matches!(wait, Wait::Signal { name: of } if of == name))?;
    let facts = heard
        .into_iter()
        .filter(|other| other.id != instance.id)
        .map(|other| {
            let act = Act::Signal { name: name.to_owned(), variables: BTreeMap::new() };
            Fact::InstanceMoved(InstanceMoved { instance: other.id, act, note: String::new() })
        })
        .collect();
    Ok(Outcome::Done(Reply::default(), facts))
}

/// A message reaches one instance that waits for it.
fn message(session: &Session, instance: &Instance, name: &str) -> Result<Outcome, Failure> {
    let waiting = listening(session, |wait| {
        matches!(wait, Wait::Message { name: of, correlation: None } if of == name)
            || matches!(wait, Wait::Receive { message: Some(of) } if of == name)
    })?;
    let facts = waiting
        .into_iter()
        .find(|other| other.id != instance.id)
        .map(|other| {
            let act = Act::Message { name: name.to_owned(), correlation: None, variables: BTreeMap::new() };
            Fact::InstanceMoved(InstanceMoved { instance: other.id, act, note: String::new() })
        })
        .into_iter()
        .collect();
    Ok(Outcome::Done(Reply::default(), facts))
}
