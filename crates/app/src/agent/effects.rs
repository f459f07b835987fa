//! Service tasks: what each asks for is carried out by a built-in action, and the answer becomes a fact.

mod turning;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bpmn::Act;
use bpmn::engine::{Action as Asked, Effect, Reply, Wait};
use governance::fact::{
    Action, Binding, Cause, InstanceMoved, InstanceTurned, LeaseTaken, Level, Meaning, NoticePosted, Party,
    Placed, RunKind, RunState,
};
use governance::monitoring::Monitor;
use governance::registry::{Project, Version};
use governance::runs::{Lease, Migration, Run, is_attempt_at};
use governance::workflow::{Definition, Instance};
use governance::{Fact, MemberName, VersionId};
use serde_json::json;
use words::{Said, Words, said};

use crate::ids::new_id;
use crate::monitoring::{self, due::Asking};
use crate::people::holders;
use crate::runs::{BUCKET, LOCAL_SPARK, bucket_name, cloud, request, run_key};
use crate::session::{Session, parse};
use crate::{Code, Failure, workflow};

/// Seconds a lease holds without progress.
const LEASE_S: u32 = 900;

/// What became of one look at an effect.
enum Outcome {
    /// Answered: these facts go beside the answer.
    Done(Reply, Vec<Fact>),
    /// Failed for good: an incident, or a BPMN error the definition catches.
    Failed(String),
    /// Begun at this look: the answer comes later.
    Begun,
    /// Under way: these facts, if any, are to be recorded, and the answer comes later.
    UnderWay(Vec<Fact>),
}

/// Carries out every effect of an instance that is due.
pub(super) async fn carry_out(
    session: &Arc<Session>,
    instance: &Instance,
    by: &MemberName,
) -> Result<usize, Failure> {
    if instance.engine.effects.is_empty() {
        return Ok(0);
    }
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
        let called = instance.called_at(&pending.effect.key);
        let definition = workflow::definition_at(session, instance, called)?;
        let outcome = match look(session, instance, &definition, &pending.effect, by).await {
            Ok(outcome) => outcome,
            Err(failure) if matches!(failure.code, Code::Offline | Code::Conflict) => return Err(failure),
            Err(failure) => Outcome::Failed(failure.to_string()),
        };
        let effect = pending.effect.key.clone();
        let moved = |act: Act| {
            Fact::InstanceMoved(InstanceMoved { instance: instance.id.clone(), act, note: String::new() })
        };
        let done = matches!(outcome, Outcome::Done(..));
        let facts = match outcome {
            Outcome::Begun => {
                answered += 1;
                continue;
            }
            Outcome::UnderWay(facts) if facts.is_empty() => continue,
            Outcome::UnderWay(facts) => facts,
            Outcome::Done(reply, mut facts) => {
                facts.push(moved(Act::EffectSucceeded { effect, reply }));
                facts
            }
            Outcome::Failed(message) => vec![moved(Act::EffectFailed { effect, message, error: None })],
        };
        match session.record(by, facts).await {
            Ok(_) => {
                answered += 1;
                if done && matches!(pending.effect.action, Asked::Job { triggerable: true, .. }) {
                    super::jobs::tell(session, &instance.id, by).await?;
                }
            }
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
    session: &Arc<Session>,
    instance: &Instance,
    definition: &Definition,
    effect: &Effect,
    by: &MemberName,
) -> Result<Outcome, Failure> {
    let plain = |status| Reply { status: Some(status), ..Reply::default() };
    match &effect.action {
        Asked::Mail { to, cc, bcc, subject, message } => {
            let meant = |list: &str| addressed(session, definition, &listed(list), &[]);
            let mut whom = meant(to)?;
            whom.extend(meant(cc.as_deref().unwrap_or_default())?);
            let mut hidden = meant(bcc.as_deref().unwrap_or_default())?;
            hidden.to.retain(|member| !whom.to.contains(member));
            let mut told = vec![notice(instance, whom, subject, message, Level::Info)];
            // A notice names whom it went to: who is not to be told of goes by one of their own.
            if !hidden.to.is_empty() {
                told.push(notice(instance, hidden, subject, message, Level::Info));
            }
            told.iter_mut().try_for_each(|told| also_by_mail(session, told, by))?;
            Ok(Outcome::Done(plain(200), told))
        }
        Asked::Notify { users, groups, template, parameters, level, mail } => {
            let to = addressed(session, definition, &listed(users), &listed(groups))?;
            let level = match level.as_str() {
                "warning" => Level::Warning,
                "error" | "failure" => Level::Failure,
                _ => Level::Info,
            };
            let title = if template.trim().is_empty() { definition.name.as_str() } else { template.as_str() };
            let mut told = notice_about(instance, to, title, level);
            say_parameters(&mut told, parameters.as_deref());
            if mail.trim().eq_ignore_ascii_case("true") {
                also_by_mail(session, &mut told, by)?;
            }
            Ok(Outcome::Done(plain(200), vec![told]))
        }
        Asked::Signal { name } => signal(session, instance, name).await,
        Asked::Message { name, correlation } => {
            message(session, instance, name, correlation.as_deref()).await
        }
        Asked::Script { .. } => Ok(Outcome::Failed(
            "scripts of a definition are not run here: they could do anything. Replace the script task by a service task, or skip it with a reason".to_owned(),
        )),
        Asked::Http { .. } | Asked::Job { .. } | Asked::Delegate { .. } => {
            let Some(binding) = definition.bound.get(&*effect.element) else {
                return Ok(Outcome::Failed(
                    "this call is bound to nothing; bind it, then retry".to_owned(),
                ));
            };
            if binding.action == Action::Http {
                return Ok(match super::http::begin(session, instance, binding, effect, by).await? {
                    true => Outcome::Begun,
                    false => Outcome::UnderWay(Vec::new()),
                });
            }
            action(session, instance, definition, binding, effect, by).await
        }
    }
}

async fn action(
    session: &Arc<Session>,
    instance: &Instance,
    definition: &Definition,
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
            let found =
                json!({"id": project.id, "name": project.name, "championModelName": project.champion});
            Ok(Outcome::Done(reply(json!({"count": 1, "items": [found]})), Vec::new()))
        }
        Action::Build => build(session, instance).await.map(|built| match built {
            Ok(body) => Outcome::Done(reply(body), Vec::new()),
            Err(why) => Outcome::Failed(why),
        }),
        Action::Migrate | Action::Publish => {
            let place = if binding.action == Action::Publish {
                turning::published_where(session, instance, binding, effect)?
            } else {
                wanted_bucket(instance, binding, effect)
                    .map(|bucket| (wanted_target(instance, binding, effect, BUCKET), bucket))
            };
            let (target, bucket) = match place {
                Ok(place) => place,
                Err(why) => return Ok(Outcome::Failed(why)),
            };
            let endpoint = match cloud::target(session, &target) {
                Ok(target) => target.and_then(|target| target.endpoint),
                Err(failure) => return Ok(Outcome::Failed(failure.to_string())),
            };
            if let Err(failure) = cloud::bucket_at(session, &target, endpoint.as_deref(), &bucket) {
                return Ok(Outcome::Failed(failure.to_string()));
            }
            run(session, instance, effect, by, binding, RunKind::Migrate, &target, &bucket, status).await
        }
        Action::Train | Action::Score | Action::Retrain => {
            let version = version_of(session, instance)?;
            let kind = match binding.action {
                Action::Train => RunKind::Train,
                Action::Retrain => RunKind::Retrain,
                _ => RunKind::Score,
            };
            let place = match migrated_where(session, instance, binding, effect, &version)? {
                Ok(place) => place,
                Err(why) => return Ok(Outcome::Failed(why)),
            };
            let came = run(session, instance, effect, by, binding, kind, &place.0, &place.1, status).await?;
            match came {
                Outcome::Done(reply, _) if kind == RunKind::Retrain => {
                    turning::retrained(session, instance, effect, by, reply).await
                }
                came => Ok(came),
            }
        }
        Action::Choose => turning::chosen(session, instance, definition, effect, reply),
        Action::Keep => Ok(turning::kept(instance, reply)),
        Action::Champion => turning::champion(session, instance, reply),
        Action::Notify => {
            let to = holders(session, &[governance::Role::ModelSteward])?;
            let whom = Addressed { to, nobody: Vec::new() };
            let told = notice_about(instance, whom, &instance.definition_name, Level::Info);
            Ok(Outcome::Done(reply(json!({})), vec![told]))
        }
        Action::Report => report(session, instance, effect, by, status).await,
        // Calls through a connection are begun before it comes to this.
        Action::Http => Ok(Outcome::UnderWay(Vec::new())),
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

/// The runs that were asked for by an effect, a retried one after the other.
fn attempts(
    session: &Session,
    instance: &Instance,
    effect: &Effect,
    kind: RunKind,
) -> Result<Vec<Run>, Failure> {
    let runs: Vec<(String, Run)> = session.cache.having("runs", "project", instance.project.as_str())?;
    let runs = runs.into_iter().map(|(_, run)| run);
    Ok(runs
        .filter(|run| {
            run.kind == kind && matches!(&run.cause, Some(Cause::Effect { effect: key, .. }) if is_attempt_at(key, &effect.key))
        })
        .collect())
}

/// A run that stands behind an effect: asked for once, answered when it ended.
#[expect(clippy::too_many_arguments, reason = "what a run needs, and what its answer looks like")]
async fn run(
    session: &Session,
    instance: &Instance,
    effect: &Effect,
    by: &MemberName,
    binding: &Binding,
    kind: RunKind,
    target: &str,
    bucket: &str,
    status: u16,
) -> Result<Outcome, Failure> {
    // The latest attempt at this effect: a retried incident asks for another run.
    let attempts = attempts(session, instance, effect, kind)?;
    let since = instance.engine.effects.get(&effect.key).map(|pending| pending.since);
    if let Some(run) = attempts.iter().max_by_key(|run| run.requested_at).filter(|run| {
        !run.state.ended()
            || run.state == RunState::Succeeded
            || since.is_none_or(|since| run.requested_at >= since)
    }) {
        return Ok(match run.state {
            // A run that succeeded is done when nothing it made is there any more.
            RunState::Succeeded if !run.closed() => Outcome::UnderWay(Vec::new()),
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
    if lease.as_ref().is_some_and(|lease| lease.holder != *by && lease.until > session.now()) {
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
    let mut asked = request(session, &new_id(), kind, &version, target, bucket, Some(cause));
    match wanted_deadline(instance, binding, effect) {
        Ok(Some(deadline_s)) => asked.deadline_s = deadline_s,
        Ok(None) => {}
        Err(why) => return Ok(Outcome::Failed(why)),
    }
    asked.endpoint = cloud::target(session, target)?.and_then(|target| target.endpoint);
    asked.key = run_key(session, &asked);
    asked.estimate = crate::runs::preflight::estimate(session, &asked).await?;
    Ok(Outcome::UnderWay(vec![
        Fact::LeaseTaken(LeaseTaken {
            instance: instance.id.clone(),
            effect: effect.key.clone(),
            epoch: lease.map_or(1, |lease| lease.epoch + 1),
            for_s: LEASE_S,
        }),
        Fact::RunRequested(asked),
    ]))
}

/// The performance report of the monitor that a call means: the one its address names, else that of the version the
/// process is about. The call that would define one is answered with the monitor there is.
async fn report(
    session: &Arc<Session>,
    instance: &Instance,
    effect: &Effect,
    by: &MemberName,
    status: u16,
) -> Result<Outcome, Failure> {
    let url = match &effect.action {
        Asked::Http { url, .. } => url.as_str(),
        _ => "",
    };
    let version = version_of(session, instance)?;
    let monitor = match watching(session, &version.id, url)? {
        Some(monitor) => Some(monitor),
        None => turning::watched_on(session, instance, &version, url, by).await?,
    };
    let Some(monitor) = monitor else {
        let label =
            crate::workflow::about(session, Some(&version.id))?.map(|about| about.label).unwrap_or_default();
        return Ok(Outcome::Failed(format!(
            "nothing watches `{label}`: define a monitor for it (`countersign monitor define`), then retry"
        )));
    };
    Ok(match monitoring::due::asked_for(session, &monitor, instance, &effect.key, by).await? {
        Asking::Begun => Outcome::Begun,
        Asking::UnderWay => Outcome::UnderWay(Vec::new()),
        Asking::Failed(why) => Outcome::Failed(format!("no report of `{}`: {why}", monitor.name)),
        Asking::Made(report) => {
            let last = report.periods.last();
            let body = json!({
                "id": monitor.id, "name": monitor.name, "report": report.id, "recommendation": report.recommendation,
                "period": last.map(|period| &period.label), "numbers": last.map(|period| &period.numbers),
                "alerts": report.alerts, "openAlerts": monitor.open_alerts,
            });
            Outcome::Done(
                Reply { status: Some(status), body: Some(body.to_string()), outputs: BTreeMap::new() },
                Vec::new(),
            )
        }
    })
}

/// The monitor of a version: the one that an address names, or else the first.
fn watching(session: &Session, version: &VersionId, url: &str) -> Result<Option<Monitor>, Failure> {
    let monitors: Vec<(String, Monitor)> = session.cache.having("monitors", "version", version.as_str())?;
    Ok(monitors
        .into_iter()
        .map(|(_, monitor)| monitor)
        .filter(|monitor| monitor.retired_at.is_none())
        .min_by_key(|monitor| (!url.contains(monitor.id.as_str()), monitor.defined_at)))
}

fn version_of(session: &Session, instance: &Instance) -> Result<Version, Failure> {
    let id = instance
        .version
        .as_ref()
        .ok_or_else(|| Failure::said(Code::Refused, said!("process-without-version")))?;
    session.row("versions", "version", id.as_str())
}

/// The bucket somebody named: the variable that the binding reads, as seen from where the effect stands.
fn wanted_bucket(instance: &Instance, binding: &Binding, effect: &Effect) -> Result<String, String> {
    let variable = binding.inputs.get("bucket").ok_or_else(|| {
        "the binding does not say which variable holds the bucket; bind the input `bucket`, then retry"
            .to_owned()
    })?;
    match variable_of(instance, effect, variable).map(|text| bucket_name(&text)) {
        Some(name) if !name.is_empty() => Ok(name),
        _ => Err(format!("the variable `{variable}` names no bucket; set it, then retry")),
    }
}

/// The target of an action: the one that the variable of its binding names, or the one that the binding itself names where
/// there is no such variable; the built-in one where the binding says nothing.
fn wanted_target(instance: &Instance, binding: &Binding, effect: &Effect, built_in: &str) -> String {
    match binding.inputs.get("target") {
        None => built_in.to_owned(),
        Some(named) => match variable_of(instance, effect, named) {
            Some(target) if !target.trim().is_empty() => target.trim().to_owned(),
            _ => named.clone(),
        },
    }
}

/// Seconds after which a run of this action has failed, where its binding says: by a variable, or itself. Seconds, or a
/// duration as `PT2H`.
fn wanted_deadline(instance: &Instance, binding: &Binding, effect: &Effect) -> Result<Option<u32>, String> {
    let Some(named) = binding.inputs.get("deadline").filter(|named| !named.trim().is_empty()) else {
        return Ok(None);
    };
    let said = match value_of(instance, effect, named) {
        Some(bpmn::Value::Long(seconds)) => seconds.to_string(),
        Some(value) => value.as_str().unwrap_or_default().to_owned(),
        None => named.clone(),
    };
    let seconds = said
        .trim()
        .parse::<i64>()
        .ok()
        .or_else(|| said.trim().parse::<jiff::SignedDuration>().ok().map(|duration| duration.as_secs()));
    seconds
        .and_then(|seconds| u32::try_from(seconds).ok())
        .and_then(|seconds| crate::runs::checked_deadline(seconds).ok())
        .map(Some)
        .ok_or_else(|| {
            format!(
                "the limit `{said}` is none; name 60 seconds to 14 days in seconds or as `PT2H`, then retry"
            )
        })
}

/// Target and bucket of a job: the latest migration of the version where the target reaches. A binding that names no target
/// means the one that the version was migrated by, where that runs Spark.
fn migrated_where(
    session: &Session,
    instance: &Instance,
    binding: &Binding,
    effect: &Effect,
    version: &Version,
) -> Result<Result<(String, String), String>, Failure> {
    let migrations: Vec<(String, Migration)> =
        session.cache.having("migrations", "version", version.id.as_str())?;
    let mut migrations: Vec<Migration> = migrations
        .into_iter()
        .map(|(_, migration)| migration)
        .filter(|migration| migration.root == version.package.root)
        .collect();
    let named = wanted_target(instance, binding, effect, "");
    if !named.is_empty() {
        match cloud::target(session, &named) {
            Ok(target) => {
                let endpoint = target.and_then(|target| target.endpoint);
                migrations.retain(|migration| migration.endpoint == endpoint);
            }
            Err(failure) => return Ok(Err(failure.to_string())),
        }
    }
    let Some(place) = migrations.into_iter().max_by_key(|migration| migration.at) else {
        return Ok(Err(match named.as_str() {
            "" => "the version was not migrated anywhere yet; migrate it first, then retry".to_owned(),
            named => format!(
                "the version was not migrated where the target `{named}` reaches; migrate it by that target first, then retry"
            ),
        }));
    };
    let target = match named.as_str() {
        "" => {
            let by: Run = session.row("runs", "run", place.run.as_str())?;
            if by.target == BUCKET { LOCAL_SPARK.to_owned() } else { by.target }
        }
        _ => named,
    };
    Ok(Ok((target, place.bucket)))
}

/// A text variable as seen from where the effect stands.
fn variable_of(instance: &Instance, effect: &Effect, variable: &str) -> Option<String> {
    value_of(instance, effect, variable).as_ref().and_then(bpmn::Value::as_str).map(str::to_owned)
}

fn value_of(instance: &Instance, effect: &Effect, variable: &str) -> Option<bpmn::Value> {
    instance.variable_at(&effect.key, variable).cloned()
}

/// A notice that says which process it comes from.
fn notice_about(instance: &Instance, whom: Addressed, title: &str, level: Level) -> Fact {
    let body = said!(
        "notice-from-process",
        definition = &instance.definition_name,
        project = instance.project_name.to_string(),
    );
    let body = whom.told_instead(body.clone().into()).unwrap_or(body);
    let mut fact = notice(instance, whom, title, &Words::english().say(&body), level);
    if let Fact::NoticePosted(posted) = &mut fact {
        posted.body = Words::english().say(&body);
        posted.body_said = serde_json::to_value(&body).ok();
    }
    fact
}

/// Has a notice go by mail to everybody it is for, from this desk, where mail is sent from here. Elsewhere each desk goes by
/// its own settings, as for every notice.
fn also_by_mail(session: &Session, told: &mut Fact, by: &MemberName) -> Result<(), Failure> {
    if let Fact::NoticePosted(posted) = told
        && crate::settings::mail::is_set(&session.desk)?
    {
        posted.mailed_by = Some(by.clone());
    }
    Ok(())
}

/// What a template elsewhere would have been filled with stands under the notice, a line each.
fn say_parameters(told: &mut Fact, parameters: Option<&str>) {
    let read = parameters.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let (Fact::NoticePosted(posted), Some(serde_json::Value::Object(values))) = (told, read) else { return };
    for (name, value) in values {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        posted.body.push_str(&format!("\n{name}: {value}"));
    }
    posted.body = posted.body.chars().take(2000).collect();
    // The sentence alone would leave out what was added.
    posted.body_said = None;
}

fn notice(instance: &Instance, whom: Addressed, title: &str, body: &str, level: Level) -> Fact {
    let text = |text: &str, max: usize| text.trim().chars().take(max).collect::<String>();
    let body = text(body, 2000);
    let instead = whom.told_instead(body.as_str().into());
    let mut to = whom.to;
    if to.is_empty() {
        // Nobody by those names is here: whoever started the process hears of it rather than nobody.
        to.insert(instance.started_by.clone());
    }
    Fact::NoticePosted(NoticePosted {
        notice: new_id(),
        to,
        title: text(title, 200),
        body: instead.as_ref().map_or(body, |said| Words::english().say(said)),
        title_said: None,
        body_said: instead.and_then(|said| serde_json::to_value(&said).ok()),
        link: Some(format!("/instances/{}", instance.id)),
        level,
        mailed_by: None,
    })
}

/// Names of a list, as mail and notification tasks have them.
fn listed(names: &str) -> Vec<&str> {
    names.split([',', ';']).map(str::trim).filter(|name| !name.is_empty()).collect()
}

/// Whom something is for.
struct Addressed {
    to: BTreeSet<MemberName>,
    /// The names that mean nobody here.
    nobody: Vec<String>,
}

impl Addressed {
    fn extend(&mut self, others: Self) {
        self.to.extend(others.to);
        self.nobody.extend(others.nobody);
    }

    /// What a notice says where every name means nobody, so that somebody else is told: whom it was for.
    fn told_instead(&self, text: words::Value) -> Option<Said> {
        (self.to.is_empty() && !self.nobody.is_empty())
            .then(|| said!("notice-for-nobody", names = self.nobody.join(", "), text = text))
    }
}

/// Members that names, mail addresses and groups of a definition mean.
fn addressed(
    session: &Session,
    definition: &Definition,
    users: &[&str],
    groups: &[&str],
) -> Result<Addressed, Failure> {
    let mut whom = Addressed { to: BTreeSet::new(), nobody: Vec::new() };
    let named = users
        .iter()
        .map(|user| Party::User((*user).to_owned()))
        .chain(groups.iter().map(|group| Party::Group((*group).to_owned())));
    for party in named {
        let (Party::User(name) | Party::Group(name)) = &party;
        let known = match (definition.meaning(&party), &party) {
            (Some(meaning), _) => Some(meaning.clone()),
            (None, Party::User(name)) => crate::people::member_called(session, name)?
                .map(Meaning::Member)
                .or(name.parse().ok().map(Meaning::Role)),
            (None, Party::Group(name)) => name.parse().ok().map(Meaning::Role),
        };
        match known {
            Some(Meaning::Member(member)) => drop(whom.to.insert(member)),
            Some(Meaning::Role(role)) => whom.to.extend(holders(session, &[role])?),
            None => whom.nobody.push(name.clone()),
        }
    }
    Ok(whom)
}

fn listening(session: &Session, hears: impl Fn(&Wait) -> bool) -> Result<Vec<Instance>, Failure> {
    let running: Vec<(String, Instance)> = session.cache.having("instances", "status", "running")?;
    Ok(running
        .into_iter()
        .map(|(_, instance)| instance)
        .filter(|instance| instance.engine.watches.values().any(|watch| hears(&watch.wait)))
        .collect())
}

/// A signal reaches every other instance that listens, and starts what starts by it, in the same entry.
async fn signal(session: &Session, instance: &Instance, name: &str) -> Result<Outcome, Failure> {
    let heard = listening(session, |wait| matches!(wait, Wait::Signal { name: of } if of == name))?;
    let mut facts: Vec<Fact> = heard
        .into_iter()
        .filter(|other| other.id != instance.id)
        .map(|other| {
            let act = Act::Signal { name: name.to_owned(), variables: BTreeMap::new() };
            Fact::InstanceMoved(InstanceMoved { instance: other.id, act, note: String::new() })
        })
        .collect();
    for (start, standing) in
        workflow::listening(session, |wait| matches!(wait, Wait::Signal { name: of } if of == name))?
    {
        facts.push(workflow::begun_fact(session, &start, &standing).await?);
    }
    Ok(Outcome::Done(Reply::default(), facts))
}

/// A message reaches one instance that waits for it with the value it carries, or else starts one process that starts by it;
/// those of its own project come first. One that nobody hears is an incident: what was to happen elsewhere does not.
async fn message(
    session: &Session,
    instance: &Instance,
    name: &str,
    correlation: Option<&str>,
) -> Result<Outcome, Failure> {
    let hears = |wait: &Wait| match wait {
        Wait::Message { name: of, correlation: wanted } => {
            of == name && wanted.as_deref().is_none_or(|wanted| correlation == Some(wanted))
        }
        Wait::Receive { message: Some(of) } => of == name,
        _ => false,
    };
    let waiting = listening(session, hears)?.into_iter().filter(|other| other.id != instance.id);
    if let Some(other) = waiting.min_by_key(|other| other.project != instance.project) {
        let act = Act::Message {
            name: name.to_owned(),
            correlation: correlation.map(str::to_owned),
            variables: BTreeMap::new(),
        };
        let heard = Fact::InstanceMoved(InstanceMoved { instance: other.id, act, note: String::new() });
        return Ok(Outcome::Done(Reply::default(), vec![heard]));
    }
    let starts = workflow::listening(session, hears)?;
    let first = starts.iter().min_by_key(|(start, _)| start.armed.project != instance.project);
    Ok(match first {
        Some((start, standing)) => {
            let begun = workflow::begun_fact(session, start, standing).await?;
            Outcome::Done(Reply::default(), vec![begun])
        }
        None => {
            let carried = correlation.map(|value| format!(" that carries `{value}`")).unwrap_or_default();
            Outcome::Failed(format!(
                "nobody waits for the message `{name}`{carried}; retry when somebody does, or skip it with a reason"
            ))
        }
    })
}
