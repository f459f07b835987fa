//! Facts, to be said: one sentence a fact, for the audit log and the operations log of an instance.

use bpmn::Act;
use governance::Fact;
use governance::fact::{Cleanup, NoticePosted, RetrainAnswer, SweepState, Verdict};
use words::{Said, Words, said};

use crate::runs::retold::value as retold;

/// What the numbers and elements that facts give are called, for whoever knows the process.
pub(crate) struct Named<'a> {
    /// The name of the task, timer or incident of that number.
    pub numbered: &'a dyn Fn(u64) -> Option<String>,
    /// The name of an element.
    pub element: &'a dyn Fn(&str) -> String,
    /// What a version is called.
    pub version: &'a dyn Fn(&governance::VersionId) -> String,
    /// How late a timer fired, in seconds.
    pub late_s: i64,
    /// How many ticks of its cycle were missed and count as this one.
    pub missed: u32,
}

/// A timer that fired later than this is late.
const LATE_S_MIN: i64 = 60;

impl Named<'_> {
    /// Where no process is at hand: as the fact says it.
    const AS_WRITTEN: Named<'static> = Named {
        numbered: &|_| None,
        element: &|element| element.to_owned(),
        version: &|version| version.to_string(),
        late_s: 0,
        missed: 0,
    };

    /// A task, timer or incident: `told-task` and its like with a number, `told-task-named` with a name.
    fn the(&self, what: &'static str, number: u64) -> Said {
        match (self.numbered)(number) {
            Some(name) => Said::new(format!("{what}-named")).with("name", name),
            None => Said::new(what).with("number", number.to_string()),
        }
    }
}

/// What a fact says, in the words of whoever reads it.
pub(crate) fn tell(words: &Words, fact: &Fact) -> String {
    tell_named(words, fact, &Named::AS_WRITTEN)
}

/// The same, with the names of what it was done to.
pub(crate) fn tell_named(words: &Words, fact: &Fact, named: &Named<'_>) -> String {
    words.say(&told(fact, named))
}

/// Title and text of a notice: in the reader's words where it was made by a rule, as they were written otherwise.
pub(crate) fn notice_texts(words: &Words, notice: &NoticePosted) -> (String, String) {
    let said = |kept: &Option<serde_json::Value>, written: &str| {
        let said = kept.as_ref().and_then(|kept| serde_json::from_value::<Said>(kept.clone()).ok());
        // A newer program may have said what this one has no words for.
        match said.filter(|said| Words::english().knows(&said.id)) {
            Some(said) => words.say(&said),
            None => written.to_owned(),
        }
    };
    (said(&notice.title_said, &notice.title), said(&notice.body_said, &notice.body))
}

fn told(fact: &Fact, named: &Named<'_>) -> Said {
    let roles = |roles: &std::collections::BTreeSet<governance::Role>| {
        roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ")
    };
    match fact {
        Fact::MemberAdded(fact) => {
            said!("told-member-added", member = fact.name.to_string(), roles = roles(&fact.roles))
        }
        Fact::RolesGranted(fact) => {
            said!("told-roles-granted", member = fact.member.to_string(), roles = roles(&fact.roles))
        }
        Fact::RolesRevoked(fact) => {
            said!("told-roles-revoked", member = fact.member.to_string(), roles = roles(&fact.roles))
        }
        Fact::KeyEnrolled(fact) => {
            said!("told-key-enrolled", member = fact.member.to_string(), key = fact.key.fingerprint())
        }
        Fact::KeyRevoked(fact) => {
            said!("told-key-revoked", key = fact.key.fingerprint(), reason = &fact.reason)
        }
        Fact::ProjectCreated(fact) => said!("told-project-created", name = fact.name.to_string()),
        Fact::ModelRegistered(fact) => said!("told-model-registered", name = fact.name.to_string()),
        Fact::VersionRegistered(fact) => said!(
            "told-version-registered",
            number = format!("{}.{}", fact.major, fact.minor),
            files = fact.package.files,
        ),
        Fact::VersionReplaced(fact) => said!("told-version-replaced", files = fact.package.files),
        Fact::ChampionSet(_) => said!("told-champion-set"),
        Fact::ChallengerSet(_) => said!("told-challenger-set"),
        Fact::PlaceCleared(_) => said!("told-place-cleared"),
        Fact::DefinitionImported(fact) => {
            said!("told-definition-imported", name = &fact.name, number = fact.number)
        }
        Fact::DefinitionBound(fact) => {
            said!("told-definition-bound", calls = fact.calls.len(), parties = fact.parties.len())
        }
        Fact::DefinitionDisabled(fact) => said!("told-definition-disabled", reason = &fact.reason),
        Fact::DefinitionEnabled(fact) => said!("told-definition-enabled", reason = &fact.reason),
        Fact::InstanceStarted(fact) => match &fact.begun {
            None => said!("told-instance-started"),
            Some(begun) => match begun.due {
                Some(due) => said!("told-instance-begun-due", due = due.to_string()),
                None => said!("told-instance-begun", element = &begun.element),
            },
        },
        Fact::StartArmed(_) => said!("told-start-armed"),
        Fact::StartPassed(fact) => {
            said!("told-start-passed", due = fact.due.to_string(), problem = &fact.problem)
        }
        Fact::StartDisarmed(_) => said!("told-start-disarmed"),
        Fact::InstanceMoved(fact) if fact.note.is_empty() => act(&fact.act, named),
        Fact::InstanceMoved(fact) => said!("told-with-note", told = act(&fact.act, named), note = &fact.note),
        Fact::InstanceMigrated(fact) => said!("told-instance-migrated", reason = &fact.reason),
        Fact::InstanceTurned(fact) if fact.reason.is_empty() => {
            said!("told-instance-turned", version = (named.version)(&fact.version))
        }
        Fact::InstanceTurned(fact) => said!(
            "told-instance-turned-because",
            version = (named.version)(&fact.version),
            reason = &fact.reason,
        ),
        Fact::ConnectionAllowed(fact) => {
            said!("told-connection-allowed", name = fact.connection.to_string(), base = &fact.base)
        }
        Fact::ConnectionWithdrawn(fact) => {
            said!("told-connection-withdrawn", name = fact.connection.to_string(), reason = &fact.reason)
        }
        Fact::ApprovalSigned(fact) => match fact.decision {
            Verdict::Approved => said!("told-approved", digest = fact.package_root.to_string()),
            Verdict::Rejected => said!("told-rejected", digest = fact.package_root.to_string()),
        },
        Fact::TaskReminded(fact) => {
            said!("told-reminded", task = named.the("told-task", fact.task), round = fact.round.to_string())
        }
        Fact::TaskEscalated(fact) => said!("told-escalated", task = named.the("told-task", fact.task)),
        Fact::CommentAdded(fact) => said!("told-comment", text = &fact.text),
        Fact::LeaseTaken(fact) => said!("told-lease", effect = &fact.effect, epoch = fact.epoch),
        Fact::RunRequested(fact) => said!("told-run-requested", kind = kind(fact.kind.name())),
        Fact::RunMoved(fact) if fact.detail.is_empty() => {
            said!("told-run-moved", state = state(fact.state.name()))
        }
        Fact::RunMoved(fact) => {
            said!("told-run-moved-because", state = state(fact.state.name()), detail = retold(&fact.detail))
        }
        Fact::RunCancelAsked(_) => said!("told-run-cancel"),
        Fact::MigrationVerified(fact) => {
            said!("told-migration-verified", objects = fact.objects, bucket = &fact.bucket)
        }
        Fact::RunCleaned(fact) => match fact.cleanup {
            Cleanup::NotNeeded => said!("told-cleanup-not-needed"),
            Cleanup::Required => said!("told-cleanup-required"),
            Cleanup::InProgress => said!("told-cleanup-in-progress"),
            Cleanup::Proven => said!("told-cleanup-proven"),
        },
        Fact::MigrationReconciled(fact) if fact.differs.is_empty() => said!("told-reconciled"),
        Fact::MigrationReconciled(fact) => said!("told-differs", objects = fact.differs.len()),
        Fact::TargetAdded(fact) => {
            said!("told-target-added", target = fact.target.to_string(), kind = fact.kind.name())
        }
        Fact::TargetRemoved(fact) => said!("told-target-removed", target = fact.target.to_string()),
        Fact::LeftoverSwept(fact) => match fact.state {
            SweepState::Asked => said!("told-sweep-asked", resource = &fact.resource),
            SweepState::Proven => said!("told-sweep-proven", resource = &fact.resource),
        },
        Fact::ScheduleAdded(fact) => said!(
            "told-schedule-added",
            name = fact.name.to_string(),
            kind = kind(fact.kind.name()),
            rule = fact.rule.to_string(),
        ),
        Fact::ScheduleFired(fact) if fact.problem.is_empty() => {
            said!("told-schedule-fired", due = fact.due.to_string())
        }
        Fact::ScheduleFired(fact) => {
            said!("told-schedule-not-run", due = fact.due.to_string(), problem = retold(&fact.problem))
        }
        Fact::ScheduleRemoved(_) => said!("told-schedule-removed"),
        Fact::ClusterTemplateKept(fact) => said!("told-template-kept", template = fact.template.to_string()),
        Fact::ClusterTemplateDropped(fact) => {
            said!("told-template-dropped", template = fact.template.to_string())
        }
        Fact::NoticePosted(fact) => {
            let title =
                fact.title_said.as_ref().and_then(|it| serde_json::from_value::<Said>(it.clone()).ok());
            let title = title.map_or_else(|| fact.title.as_str().into(), words::Value::from);
            said!("told-notice", members = fact.to.len(), title = title)
        }
        Fact::MonitorDefined(fact) => said!("told-monitor-defined", name = &fact.name),
        Fact::MonitorChanged(fact) => said!("told-monitor-changed", number = fact.number),
        Fact::MonitorRetired(fact) => said!("told-monitor-retired", reason = &fact.reason),
        Fact::ReportRecorded(fact) => said!(
            "told-report-recorded",
            periods = fact.periods.len(),
            recommendation = crate::monitoring::recommended(&fact.recommendation),
        ),
        Fact::AlertRaised(fact) => said!("told-alert-raised", period = &fact.period, rule = &fact.rule),
        Fact::AlertReminded(_) => said!("told-alert-reminded"),
        Fact::AlertSettled(fact) => said!("told-alert-settled", reason = &fact.reason),
        Fact::RetrainDecided(fact) => match fact.answer {
            RetrainAnswer::Retrain => said!("told-decided-retrain", reason = &fact.reason),
            RetrainAnswer::Wait => said!("told-decided-wait", reason = &fact.reason),
        },
        Fact::Unknown { kind, .. } => said!("told-unknown", kind = kind),
    }
}

fn kind(name: &str) -> Said {
    Said::new(format!("run-kind-{name}"))
}

fn state(name: &str) -> Said {
    Said::new(format!("run-state-{name}"))
}

fn act(act: &Act, named: &Named<'_>) -> Said {
    let task = |number: &u64| named.the("told-task", *number);
    let element = |effect: &str| (named.element)(element_of(effect));
    match act {
        Act::Start { .. } => said!("told-instance-started"),
        Act::Claim { task: number } => said!("told-claim", task = task(number)),
        Act::Release { task: number } => said!("told-release", task = task(number)),
        Act::Assign { task: number, to: Some(to) } => said!("told-assign", task = task(number), to = to),
        Act::Assign { task: number, to: None } => said!("told-unassign", task = task(number)),
        Act::Delegate { task: number, to } => said!("told-delegate", task = task(number), to = to),
        Act::Resolve { task: number } => said!("told-resolve", task = task(number)),
        Act::Complete { task: number, answers } if answers.is_empty() => {
            said!("told-complete", task = task(number))
        }
        Act::Complete { task: number, answers } => {
            let answers: Vec<String> =
                answers.iter().map(|(name, value)| format!("{name} = {}", value.to_json())).collect();
            said!("told-complete-with", task = task(number), answers = answers.join(", "))
        }
        Act::Fire { timer } => fired(named.the("told-timer", *timer), named),
        Act::Signal { name, .. } => said!("told-signal", name = name),
        Act::Message { name, .. } => said!("told-message", name = name),
        Act::Trigger { waiting, .. } => said!("told-trigger", waiting = named.the("told-waiting", *waiting)),
        Act::EffectSucceeded { effect, .. } => said!("told-effect-done", effect = element(effect)),
        Act::EffectFailed { effect, message, .. } => {
            said!("told-effect-failed", effect = element(effect), message = message)
        }
        Act::Retry { incident } => said!("told-retry", incident = named.the("told-incident", *incident)),
        Act::Skip { incident, reason } => {
            said!("told-skip", incident = named.the("told-incident", *incident), reason = reason)
        }
        Act::Set { variables, .. } => {
            said!("told-set", names = variables.keys().cloned().collect::<Vec<_>>().join(", "))
        }
        Act::MoveDue { of, reason, .. } => {
            said!("told-due", of = named.the("told-waiting", *of), reason = reason)
        }
        Act::Cancel { reason } => said!("told-cancel", reason = reason),
    }
}

fn fired(timer: Said, named: &Named<'_>) -> Said {
    let told = if named.late_s < LATE_S_MIN {
        said!("told-fire", timer = timer)
    } else {
        said!("told-fire-late", timer = timer, late = span(named.late_s))
    };
    match named.missed {
        0 => told,
        missed => said!("told-fire-together", told = told, ticks = missed + 1),
    }
}

/// A length of time by its two largest units, whose symbols are the same in both languages.
fn span(seconds: i64) -> String {
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3600 % 24, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let from = parts.iter().position(|(count, _)| *count > 0).unwrap_or(parts.len() - 1);
    let shown = parts[from..].iter().take(2).filter(|(count, _)| *count > 0);
    shown.map(|(count, unit)| format!("{count} {unit}")).collect::<Vec<_>>().join(" ")
}

fn element_of(effect: &str) -> &str {
    effect.split('/').nth(1).unwrap_or(effect)
}

#[cfg(test)]
mod tests {
    use governance::fact::RunState;
    use words::{Locale, Words};

    use super::{span, state};

    #[test]
    fn every_state_of_a_run_has_a_word_in_every_language() {
        use RunState::*;
        let states =
            [Requested, Preparing, Provisioning, Submitted, Running, Verifying, Succeeded, Failed, Cancelled];
        for one in states {
            for locale in Locale::ALL {
                let told = Words::of(locale).say(&state(one.name()));
                assert!(!told.contains("state-"), "{told}");
            }
        }
    }

    #[test]
    fn a_length_of_time_is_told_by_its_two_largest_units() {
        let rows = [
            (59, "59 s"),
            (60, "1 min"),
            (7500, "2 h 5 min"),
            (86_400, "1 d"),
            (90_061, "1 d 1 h"),
            (3605, "1 h"),
        ];
        for (seconds, told) in rows {
            assert_eq!(span(seconds), told, "{seconds}");
        }
    }
}
