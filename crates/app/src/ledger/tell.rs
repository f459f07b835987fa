//! Facts, to be said: one sentence a fact, for the audit log and the operations log of an instance.

use bpmn::Act;
use governance::Fact;
use governance::fact::{Cleanup, NoticePosted, RetrainAnswer, SweepState, Verdict};
use words::{Said, Words, said};

/// What a fact says, in the words of whoever reads it.
pub(crate) fn tell(words: &Words, fact: &Fact) -> String {
    words.say(&told(fact))
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

fn told(fact: &Fact) -> Said {
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
        Fact::InstanceMoved(fact) if fact.note.is_empty() => act(&fact.act),
        Fact::InstanceMoved(fact) => said!("told-with-note", told = act(&fact.act), note = &fact.note),
        Fact::InstanceMigrated(fact) => said!("told-instance-migrated", reason = &fact.reason),
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
            said!("told-reminded", task = fact.task.to_string(), round = fact.round.to_string())
        }
        Fact::TaskEscalated(fact) => said!("told-escalated", task = fact.task.to_string()),
        Fact::CommentAdded(fact) => said!("told-comment", text = &fact.text),
        Fact::LeaseTaken(fact) => said!("told-lease", effect = &fact.effect, epoch = fact.epoch),
        Fact::RunRequested(fact) => said!("told-run-requested", kind = kind(fact.kind.name())),
        Fact::RunMoved(fact) if fact.detail.is_empty() => {
            said!("told-run-moved", state = state(fact.state.name()))
        }
        Fact::RunMoved(fact) => {
            said!("told-run-moved-because", state = state(fact.state.name()), detail = &fact.detail)
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
            said!("told-schedule-not-run", due = fact.due.to_string(), problem = &fact.problem)
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
    Said::new(format!("state-{name}"))
}

fn act(act: &Act) -> Said {
    match act {
        Act::Start { .. } => said!("told-instance-started"),
        Act::Claim { task } => said!("told-claim", task = task.to_string()),
        Act::Release { task } => said!("told-release", task = task.to_string()),
        Act::Assign { task, to: Some(to) } => said!("told-assign", task = task.to_string(), to = to),
        Act::Assign { task, to: None } => said!("told-unassign", task = task.to_string()),
        Act::Delegate { task, to } => said!("told-delegate", task = task.to_string(), to = to),
        Act::Resolve { task } => said!("told-resolve", task = task.to_string()),
        Act::Complete { task, answers } if answers.is_empty() => {
            said!("told-complete", task = task.to_string())
        }
        Act::Complete { task, answers } => {
            let answers: Vec<String> =
                answers.iter().map(|(name, value)| format!("{name} = {}", value.to_json())).collect();
            said!("told-complete-with", task = task.to_string(), answers = answers.join(", "))
        }
        Act::Fire { timer } => said!("told-fire", timer = timer.to_string()),
        Act::Signal { name, .. } => said!("told-signal", name = name),
        Act::Message { name, .. } => said!("told-message", name = name),
        Act::Trigger { waiting, .. } => said!("told-trigger", waiting = waiting.to_string()),
        Act::EffectSucceeded { effect, .. } => said!("told-effect-done", effect = element_of(effect)),
        Act::EffectFailed { effect, message, .. } => {
            said!("told-effect-failed", effect = element_of(effect), message = message)
        }
        Act::Retry { incident } => said!("told-retry", incident = incident.to_string()),
        Act::Skip { incident, reason } => {
            said!("told-skip", incident = incident.to_string(), reason = reason)
        }
        Act::Set { variables, .. } => {
            said!("told-set", names = variables.keys().cloned().collect::<Vec<_>>().join(", "))
        }
        Act::MoveDue { of, reason, .. } => said!("told-due", of = of.to_string(), reason = reason),
        Act::Cancel { reason } => said!("told-cancel", reason = reason),
    }
}

fn element_of(effect: &str) -> &str {
    effect.split('/').nth(1).unwrap_or(effect)
}
