//! Tasks that turn their process to another version, or put the one it is about where it belongs.

use governance::State;
use governance::fact::MonitorDefined;

use super::*;
use crate::runs::{is_rehearsal, retrain};

/// What a retraining made is what the process is about from now on.
pub(super) async fn retrained(
    session: &Session,
    instance: &Instance,
    effect: &Effect,
    by: &MemberName,
    reply: Reply,
) -> Result<Outcome, Failure> {
    let succeeded = attempts(session, instance, effect, RunKind::Retrain)?
        .into_iter()
        .filter(|run| run.state == RunState::Succeeded);
    let Some(run) = succeeded.max_by_key(|run| run.requested_at) else {
        return Ok(Outcome::UnderWay(Vec::new()));
    };
    if is_rehearsal(session, &run)? {
        return Ok(Outcome::Failed(
            "the retraining was a rehearsal and made no version of the model; bind this call to a real target, then retry"
                .to_owned(),
        ));
    }
    if retrain::registered(session, &run)?.is_none() {
        // Whoever drove the run registers what came of it, and may be about to.
        let Some(_registering) = session.begin(&run.key) else { return Ok(Outcome::UnderWay(Vec::new())) };
        retrain::register(session, &run, by).await?;
    }
    let Some(version) = retrain::registered(session, &run)? else {
        return Ok(Outcome::UnderWay(Vec::new()));
    };
    let mut body: serde_json::Value =
        reply.body.as_deref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
    body["version"] = json!(version.id);
    body["number"] = json!(version.number());
    Ok(Outcome::Done(Reply { body: Some(body.to_string()), ..reply }, vec![turned(instance, &version.id)]))
}

fn turned(instance: &Instance, version: &VersionId) -> Fact {
    Fact::InstanceTurned(InstanceTurned {
        instance: instance.id.clone(),
        version: version.clone(),
        reason: String::new(),
    })
}

/// The process turns to the version that an answer names.
pub(super) fn chosen(
    session: &Session,
    instance: &Instance,
    definition: &Definition,
    effect: &Effect,
    reply: impl FnOnce(serde_json::Value) -> Reply,
) -> Result<Outcome, Failure> {
    let mut state = State::default();
    session.cache.restore_into(&mut state, &["versions", "models", "model_names", "definitions"])?;
    let Some(version) = state.version_chosen(instance, definition, &effect.key) else {
        let variable =
            definition.bound.get(&*effect.element).and_then(|binding| binding.inputs.get("version"));
        return Ok(Outcome::Failed(match variable {
            None => "the binding does not say which variable names the version; bind the input `version`, then retry".to_owned(),
            Some(variable) => {
                let said = variable_of(instance, effect, variable).unwrap_or_default();
                format!("`{said}` is no model or version of `{}`; correct the variable `{variable}`, then retry", instance.project_name)
            }
        }));
    };
    let facts = if instance.version.as_ref() == Some(&version.id) {
        Vec::new()
    } else {
        vec![turned(instance, &version.id)]
    };
    Ok(Outcome::Done(reply(json!({"version": version.id, "number": version.number()})), facts))
}

/// The process turns back to the version it was about before it retrained.
pub(super) fn kept(instance: &Instance, reply: impl FnOnce(serde_json::Value) -> Reply) -> Outcome {
    let before = instance.before_retraining().filter(|before| instance.version.as_ref() != Some(*before));
    let facts = before.iter().map(|before| turned(instance, before)).collect();
    Outcome::Done(reply(json!({"version": before.or(instance.version.as_ref())})), facts)
}

/// The version becomes the champion, if it is not.
pub(super) fn champion(
    session: &Session,
    instance: &Instance,
    reply: impl FnOnce(serde_json::Value) -> Reply,
) -> Result<Outcome, Failure> {
    let version = version_of(session, instance)?;
    let project: Project = session.row("projects", "project", instance.project.as_str())?;
    let facts = if project.champion.as_ref() == Some(&version.id) {
        Vec::new()
    } else {
        vec![Fact::ChampionSet(Placed { project: project.id, version: version.id.clone() })]
    };
    Ok(Outcome::Done(reply(json!({"champion": version.id})), facts))
}

/// Target and bucket of a publication: the bucket that a variable names, or where a version that the process is or was about
/// was migrated last, or else a version of its project.
pub(super) fn published_where(
    session: &Session,
    instance: &Instance,
    binding: &Binding,
    effect: &Effect,
) -> Result<Result<(String, String), String>, Failure> {
    if binding.inputs.contains_key("bucket")
        && let Ok(bucket) = wanted_bucket(instance, binding, effect)
    {
        return Ok(Ok((wanted_target(instance, binding, effect, BUCKET), bucket)));
    }
    let named = wanted_target(instance, binding, effect, "");
    let was_about: BTreeSet<&VersionId> =
        instance.turns.iter().filter_map(|turn| turn.from.as_ref()).chain(&instance.version).collect();
    let runs: Vec<(String, Run)> = session.cache.having("runs", "project", instance.project.as_str())?;
    let mut last: Option<Run> = None;
    for (_, run) in runs {
        let counts = run.kind == RunKind::Migrate
            && run.state == RunState::Succeeded
            && (named.is_empty() || run.target == named)
            && !is_rehearsal(session, &run)?;
        let rank = |run: &Run| (was_about.contains(&run.version), run.ended_at);
        if counts && last.as_ref().is_none_or(|last| rank(&run) > rank(last)) {
            last = Some(run);
        }
    }
    Ok(last.map(|run| (run.target, run.bucket)).ok_or_else(|| {
        format!(
            "nothing says where to publish to: no model of `{}` was migrated{} yet, and no variable names a bucket; bind the input `bucket`, or migrate a version by hand, then retry",
            instance.project_name,
            if named.is_empty() { String::new() } else { format!(" by the target `{named}`") }
        )
    }))
}

/// What came of a retraining is watched like the version before it: the monitor of that one, on the new version.
pub(super) async fn watched_on(
    session: &Session,
    instance: &Instance,
    version: &Version,
    url: &str,
    by: &MemberName,
) -> Result<Option<Monitor>, Failure> {
    if version.by_run.is_none() {
        return Ok(None);
    }
    for before in instance.turns.iter().rev().filter_map(|turn| turn.from.as_ref()) {
        let Some(monitor) = watching(session, before, url)? else { continue };
        let of: Version = session.row("versions", "version", before.as_str())?;
        if of.model != version.model {
            continue;
        }
        // A monitor that was itself taken over is not named after all versions before it.
        let stem = monitor.name.strip_suffix(&format!(" ({})", of.number())).unwrap_or(&monitor.name);
        let name = format!("{} ({})", stem.chars().take(80).collect::<String>(), version.number());
        let defined = Fact::MonitorDefined(MonitorDefined {
            monitor: new_id(),
            version: version.id.clone(),
            name,
            terms: monitor.terms.clone(),
        });
        session.record(by, vec![defined]).await?;
        return watching(session, &version.id, url);
    }
    Ok(None)
}
