//! Facts in words: one sentence a fact, for the audit log and the operations log of an instance.

use bpmn::Act;
use governance::Fact;
use governance::fact::Verdict;

/// What a fact says.
pub(crate) fn tell(fact: &Fact) -> String {
    let roles = |roles: &std::collections::BTreeSet<governance::Role>| {
        roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ")
    };
    match fact {
        Fact::MemberAdded(fact) => format!("added {} as {}", fact.name, roles(&fact.roles)),
        Fact::RolesGranted(fact) => format!("granted {} to {}", roles(&fact.roles), fact.member),
        Fact::RolesRevoked(fact) => format!("took {} from {}", roles(&fact.roles), fact.member),
        Fact::KeyEnrolled(fact) => format!("enrolled a key of {} ({})", fact.member, fact.key.fingerprint()),
        Fact::KeyRevoked(fact) => format!("revoked the key {}: {}", fact.key.fingerprint(), fact.reason),
        Fact::ProjectCreated(fact) => format!("created the project {}", fact.name),
        Fact::ModelRegistered(fact) => format!("named the model {}", fact.name),
        Fact::VersionRegistered(fact) => {
            format!("registered version {}.{} ({} files)", fact.major, fact.minor, fact.package.files)
        }
        Fact::VersionReplaced(fact) => {
            format!("replaced the contents of a version ({} files)", fact.package.files)
        }
        Fact::ChampionSet(_) => "named the champion".to_owned(),
        Fact::ChallengerSet(_) => "named a challenger".to_owned(),
        Fact::PlaceCleared(_) => "took a version's place away".to_owned(),
        Fact::DefinitionImported(fact) => {
            format!("imported the definition {} (version {})", fact.name, fact.number)
        }
        Fact::DefinitionBound(fact) => {
            format!("bound {} calls and {} parties", fact.calls.len(), fact.parties.len())
        }
        Fact::InstanceStarted(_) => "started the process".to_owned(),
        Fact::InstanceMoved(fact) => act(&fact.act, &fact.note),
        Fact::ApprovalSigned(fact) => match fact.decision {
            Verdict::Approved => format!("signed an approval of {}", fact.package_root),
            Verdict::Rejected => format!("signed a rejection of {}", fact.package_root),
        },
        Fact::CommentAdded(fact) => format!("said: {}", fact.text),
        Fact::LeaseTaken(fact) => format!("is carrying out {} (attempt {})", fact.effect, fact.epoch),
        Fact::RunRequested(fact) => format!("requested a {} run", fact.kind.name()),
        Fact::RunMoved(fact) if fact.detail.is_empty() => format!("the run is {}", fact.state.name()),
        Fact::RunMoved(fact) => format!("the run is {}: {}", fact.state.name(), fact.detail),
        Fact::RunCancelAsked(_) => "asked for the run to be stopped".to_owned(),
        Fact::MigrationVerified(fact) => {
            format!("verified {} objects in the bucket {}", fact.objects, fact.bucket)
        }
        Fact::NoticePosted(fact) => format!("told {} members: {}", fact.to.len(), fact.title),
        Fact::Unknown { kind, .. } => format!("something this program does not know yet ({kind})"),
    }
}

fn act(act: &Act, note: &str) -> String {
    let mut text = match act {
        Act::Start { .. } => "started the process".to_owned(),
        Act::Claim { task } => format!("claimed task {task}"),
        Act::Release { task } => format!("released task {task}"),
        Act::Assign { task, to: Some(to) } => format!("assigned task {task} to {to}"),
        Act::Assign { task, to: None } => format!("took task {task} from its holder"),
        Act::Delegate { task, to } => format!("delegated task {task} to {to}"),
        Act::Resolve { task } => format!("gave task {task} back to its owner"),
        Act::Complete { task, answers } => {
            let answers: Vec<String> =
                answers.iter().map(|(name, value)| format!("{name} = {}", value.to_json())).collect();
            format!("completed task {task}: {}", answers.join(", "))
        }
        Act::Fire { timer } => format!("timer {timer} fired"),
        Act::Signal { name, .. } => format!("signal {name}"),
        Act::Message { name, .. } => format!("message {name}"),
        Act::Trigger { waiting, .. } => format!("triggered {waiting}"),
        Act::EffectSucceeded { effect, .. } => format!("carried out {}", element_of(effect)),
        Act::EffectFailed { effect, message, .. } => {
            format!("could not carry out {}: {message}", element_of(effect))
        }
        Act::Retry { incident } => format!("tried incident {incident} again"),
        Act::Skip { incident, reason } => format!("passed over incident {incident}: {reason}"),
        Act::Set { variables, .. } => {
            format!("set {}", variables.keys().cloned().collect::<Vec<_>>().join(", "))
        }
        Act::MoveDue { of, reason, .. } => format!("moved the due time of {of}: {reason}"),
        Act::Cancel { reason } => format!("cancelled the process: {reason}"),
    };
    if !note.is_empty() {
        text.push_str(&format!(" — {note}"));
    }
    text
}

fn element_of(effect: &str) -> &str {
    effect.split('/').nth(1).unwrap_or(effect)
}
