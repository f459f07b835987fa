//! Tasks that wait: whoever may answer is told again, and somebody else when that does not help.

use std::collections::BTreeSet;

use cache::Match;
use governance::fact::{Level, Meaning, NoticePosted, TaskEscalated, TaskReminded};
use governance::workflow::OpenTask;
use governance::{Fact, InstanceId, MemberName, Role, State};
use words::{Said, Words, said};

use super::due;
use crate::ids::new_id;
use crate::session::Session;
use crate::{Code, Failure};

/// Sends what is due now, each once, whichever desk is first.
pub(super) async fn send(session: &Session, by: &MemberName) -> Result<usize, Failure> {
    let mut sent = 0;
    let moment = session.now();
    let waiting: Vec<OpenTask> = due(session, "tasks", vec![Match::Due("told_at", moment)], "told_at")?;
    for task in waiting {
        let key = OpenTask::key(&task.instance, task.task);
        let escalates = task.escalate_at.is_some_and(|at| at <= moment);
        let link = format!("/tasks/{key}");
        let told = session
            .decide(by, |state| {
                let Some(task) = state.tasks.get(&key) else { return Ok(Vec::new()) };
                Ok(if escalates { escalation(state, task, &link) } else { reminder(state, task, &link) })
            })
            .await;
        match told {
            Ok(_) => sent += 1,
            // Another desk told them first, or the task was answered meanwhile.
            Err(failure) if failure.code == Code::Refused => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(sent)
}

/// Whom a task asks: its holder, or whoever may claim it; the administrators where nobody may.
pub(super) fn asked(state: &State, task: &OpenTask) -> BTreeSet<MemberName> {
    let to: BTreeSet<MemberName> = match &task.assignee {
        Some(holder) => [holder.clone()].into(),
        // A task that invites nobody in particular is not everybody's business.
        None if task.candidates.is_empty() => starter(state, &task.instance),
        None => state
            .members
            .rows()
            .filter(|member| state.check_may_take(&member.name, task).is_ok())
            .map(|member| member.name.clone())
            .collect(),
    };
    or_administrators(state, to)
}

fn reminder(state: &State, task: &OpenTask, link: &str) -> Vec<Fact> {
    let notice = new_id();
    let title = said!("notice-still-waiting", task = cut(&task.name));
    let body = about(said!("notice-waits-since"), task);
    let posted = NoticePosted {
        notice,
        to: asked(state, task),
        title: Words::english().say(&title),
        body: Words::english().say(&body),
        title_said: serde_json::to_value(&title).ok(),
        body_said: serde_json::to_value(&body).ok(),
        link: Some(link.to_owned()),
        level: Level::Warning,
        mailed_by: None,
    };
    let reminded = TaskReminded {
        instance: task.instance.clone(),
        task: task.task,
        round: task.reminded + 1,
        notice: posted.notice.clone(),
    };
    vec![Fact::NoticePosted(posted), Fact::TaskReminded(reminded)]
}

fn escalation(state: &State, task: &OpenTask, link: &str) -> Vec<Fact> {
    let to = match &task.escalate_to {
        Some(Meaning::Member(member)) => [member.clone()].into(),
        Some(Meaning::Role(role)) => holders(state, *role),
        None => BTreeSet::new(),
    };
    let title = said!("notice-not-answered", task = cut(&task.name));
    let body = match &task.assignee {
        Some(holder) => about(said!("notice-held-since").with("holder", holder.to_string()), task),
        None => about(said!("notice-nobodys-since"), task),
    };
    let posted = NoticePosted {
        notice: new_id(),
        to: or_administrators(state, to),
        title: Words::english().say(&title),
        body: Words::english().say(&body),
        title_said: serde_json::to_value(&title).ok(),
        body_said: serde_json::to_value(&body).ok(),
        link: Some(link.to_owned()),
        level: Level::Warning,
        mailed_by: None,
    };
    let escalated =
        TaskEscalated { instance: task.instance.clone(), task: task.task, notice: posted.notice.clone() };
    vec![Fact::NoticePosted(posted), Fact::TaskEscalated(escalated)]
}

fn starter(state: &State, instance: &InstanceId) -> BTreeSet<MemberName> {
    state.instances.get(instance).map(|instance| instance.started_by.clone()).into_iter().collect()
}

fn holders(state: &State, role: Role) -> BTreeSet<MemberName> {
    let holds = state.members.rows().filter(|member| member.roles.contains(&role));
    holds.map(|member| member.name.clone()).collect()
}

/// A task nobody here may answer is the administrators' to hand on.
fn or_administrators(state: &State, to: BTreeSet<MemberName>) -> BTreeSet<MemberName> {
    if to.is_empty() { holders(state, Role::Administrator) } else { to }
}

/// The process, the project and the moment a task waits since, in what is said of it.
fn about(said: Said, task: &OpenTask) -> Said {
    said.with("definition", task.definition_name.clone())
        .with("project", task.project_name.to_string())
        .with("since", task.created_at.to_string())
}

fn cut(title: &str) -> String {
    title.chars().take(180).collect()
}
