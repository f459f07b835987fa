//! What people are told of processes as it happens: that one is stuck, and that a task waits for them. Each once, however many
//! desks look: a notice's identifier is a function of what it is about.

use std::collections::{BTreeMap, BTreeSet};

use cache::{List, Match};
use governance::fact::{Level, NoticePosted};
use governance::state::Notice;
use governance::workflow::{Instance, OpenTask};
use governance::{Fact, MemberName, NoticeId, Role};
use jiff::{SignedDuration, Timestamp};
use words::{Said, Words, said};

use super::{due, reminders};
use crate::ids::derived_id;
use crate::people::holders;
use crate::session::Session;
use crate::{Code, Failure, workflow};

/// Characters of a name or a reason that a notice repeats.
const TEXT_CHARS: usize = 300;
/// Tasks are looked at again for so long after they were offered: an entry may come late, by another desk's clock.
const LATE: SignedDuration = SignedDuration::from_mins(15);
/// The desk file's name for the moment up to which offered tasks were told of.
const OFFERED_SINCE: &str = "offered_since";
/// Tasks of one page.
const PAGE_ROWS: u32 = 200;

/// Tells whoever started a process, and the administrators, of every incident that nobody was told of. What is tried again by
/// itself is none yet.
pub(super) async fn of_incidents(session: &Session, by: &MemberName) -> Result<usize, Failure> {
    let mut told = 0;
    let workspace = session.id();
    let stopped: Vec<Instance> = due(session, "instances", vec![Match::Above("incidents", 0)], "key")?;
    let mut read = BTreeMap::new();
    for instance in stopped {
        let mut untold = Vec::new();
        for (number, incident) in &instance.engine.incidents {
            let number = number.to_string();
            let notice = derived_id(incident.at, &["incident", &workspace, instance.id.as_str(), &number]);
            if !is_told(session, &notice)? {
                untold.push((number, notice, incident));
            }
        }
        if untold.is_empty() {
            continue;
        }
        let library = workflow::library_of(session, &instance, &mut read).await?;
        let again: BTreeSet<String> = workflow::tries(session, &instance, &library)?
            .into_iter()
            .map(|(incident, _)| incident.to_string())
            .collect();
        for (number, notice, incident) in untold {
            if again.contains(&number) {
                continue;
            }
            let mut processes = library.definitions().iter().flat_map(|parsed| &parsed.processes);
            let named = processes.find_map(|process| {
                process.find(&incident.element).map(|ix| process.node(ix).label().to_owned())
            });
            let label = named.unwrap_or_else(|| incident.element.to_string());
            let title = said!("incident-title", process = cut(&instance.definition_name));
            let body = said!(
                "incident-body",
                project = instance.project_name.to_string(),
                task = cut(&label),
                reason = cut(&incident.message),
            );
            let mut to = holders(session, &[Role::Administrator])?;
            to.insert(instance.started_by.clone());
            let link = format!("/instances/{}", instance.id);
            told += post(session, by, notice, to, title, body, link, Level::Failure).await?;
        }
    }
    Ok(told)
}

/// Tells whoever may claim a task that it waits for them. A desk that looks for the first time does not tell of what has long
/// waited.
pub(super) async fn of_tasks(session: &Session, by: &MemberName) -> Result<usize, Failure> {
    let setting = format!("{OFFERED_SINCE}/{}", session.id());
    let known = session.desk.setting(&setting)?.and_then(|text| text.parse::<Timestamp>().ok());
    let since = known.unwrap_or_else(|| session.now());
    let (mut told, mut latest) = (0, since);
    for (key, task) in offered_since(session, since - LATE)? {
        latest = latest.max(task.created_at);
        let at = task.created_at.to_string();
        let notice = derived_id(task.created_at, &["offered", &session.id(), &key, &at]);
        if is_told(session, &notice)? {
            continue;
        }
        told += tell_of(session, by, notice, &key).await?;
    }
    if known != Some(latest) {
        session.desk.set(&setting, &latest.to_string())?;
    }
    Ok(told)
}

/// Open tasks that were offered after a moment, the latest first.
fn offered_since(session: &Session, since: Timestamp) -> Result<Vec<(String, OpenTask)>, Failure> {
    let mut offered = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let list = List {
            table: "tasks",
            matches: Vec::new(),
            search: None,
            sort: "-created_at",
            after: after.as_deref(),
            limit: PAGE_ROWS,
        };
        let page = session.cache.list(&list)?;
        for (key, row) in page.rows {
            let task: OpenTask = serde_json::from_value(row)
                .map_err(|cause| Failure::internal("a task has another shape", &cause))?;
            if task.created_at < since {
                return Ok(offered);
            }
            offered.push((key, task));
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(offered),
        }
    }
}

async fn tell_of(session: &Session, by: &MemberName, notice: NoticeId, key: &str) -> Result<usize, Failure> {
    let told = session
        .decide(by, |state| {
            // It may have been answered since it was read.
            let task = state.tasks.get(&key.to_owned());
            let task = task.ok_or_else(|| Failure::not_found("open-task", key))?;
            let title = said!("task-waiting-title", task = cut(&task.name));
            let body = match task.due {
                // A notice is read wherever its reader is: the zone is said.
                Some(due) => {
                    said!("task-waiting-body").with("due", due.strftime("%Y-%m-%d %H:%M UTC").to_string())
                }
                None => said!("task-waiting-body-undated"),
            };
            let body = body
                .with("definition", task.definition_name.clone())
                .with("project", task.project_name.to_string());
            let to = reminders::asked(state, task);
            let link = format!("/tasks/{key}");
            Ok(vec![posted(notice.clone(), to, title, body, link, Level::Info)])
        })
        .await;
    recorded(told.map(|_| ()))
}

#[expect(clippy::too_many_arguments, reason = "what a notice is made of")]
async fn post(
    session: &Session,
    by: &MemberName,
    notice: NoticeId,
    to: BTreeSet<MemberName>,
    title: Said,
    body: Said,
    link: String,
    level: Level,
) -> Result<usize, Failure> {
    let fact = posted(notice, to, title, body, link, level);
    recorded(session.record(by, vec![fact]).await.map(|_| ()))
}

fn posted(
    notice: NoticeId,
    to: BTreeSet<MemberName>,
    title: Said,
    body: Said,
    link: String,
    level: Level,
) -> Fact {
    Fact::NoticePosted(NoticePosted {
        notice,
        to,
        title: Words::english().say(&title),
        body: Words::english().say(&body),
        title_said: serde_json::to_value(&title).ok(),
        body_said: serde_json::to_value(&body).ok(),
        link: Some(link),
        level,
        mailed_by: None,
    })
}

/// Another desk told it first, or there is nothing to tell any more: that is no failure.
fn recorded(told: Result<(), Failure>) -> Result<usize, Failure> {
    match told {
        Ok(()) => Ok(1),
        Err(failure) if matches!(failure.code, Code::Refused | Code::NotFound) => Ok(0),
        Err(failure) => Err(failure),
    }
}

fn is_told(session: &Session, notice: &NoticeId) -> Result<bool, Failure> {
    Ok(session.cache.get::<Notice>("notices", notice.as_str())?.is_some())
}

fn cut(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.chars().take(TEXT_CHARS).collect()
}
