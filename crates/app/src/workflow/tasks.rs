//! User tasks: the inbox, the review, the signature.

use bpmn::Act;
use governance::fact::{ApprovalSigned, InstanceMoved, Meaning, Seen};
use governance::registry::Version;
use governance::workflow::{Definition, Instance, OpenTask};
use governance::{Fact, MemberName, State};

use super::{
    AssignTask, CompleteTask, EvidenceRow, KeepDraft, ListTasks, TaskOf, TaskPage, TaskRow, about, comments,
};
use crate::ids::now;
use crate::page::{PAGE_ROWS, PAGE_ROWS_MAX, Page};
use crate::registry::{Recorded, VersionPage, find_project, version_page};
use crate::session::{Session, parse};
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// The inbox, or another view of the open tasks.
///
/// # Errors
/// [`Code::Usage`] for an unknown view or sort.
pub async fn list_tasks(app: &App, request: ListTasks) -> Result<Page<TaskRow>, Failure> {
    let session = app.session()?;
    let me = session.member_now();
    let project = match &request.project {
        Some(project) => Some(find_project(&session, project)?.id),
        None => None,
    };
    let view = request.view.as_deref().unwrap_or("inbox");
    let mut rows = Vec::new();
    for (_, row) in session.cache.all("tasks")? {
        let task: OpenTask = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a task has another shape", &cause))?;
        if project.as_ref().is_some_and(|project| task.project != *project) {
            continue;
        }
        if let Some(search) = request.page.search.as_deref().filter(|text| !text.is_empty())
            && !task.name.to_lowercase().contains(&search.to_lowercase())
        {
            continue;
        }
        let mine = me.is_some() && task.assignee == me;
        let row = task_row(&session, &task)?;
        let shown = match view {
            "mine" => mine,
            "open" => task.assignee.is_none() && row.may_claim,
            "inbox" => mine || (task.assignee.is_none() && row.may_claim),
            "all" => true,
            other => {
                return Err(Failure::new(
                    Code::Usage,
                    format!("`{other}` is no view of tasks"),
                    "Use `inbox`, `mine`, `open` or `all`.",
                ));
            }
        };
        if shown {
            rows.push(row);
        }
    }
    let (name, descending) = match request.page.sort.as_deref().unwrap_or("due") {
        sort if sort.starts_with('-') => (&sort[1..], true),
        sort => (sort, false),
    };
    match name {
        "due" => rows
            .sort_by_key(|row| (row.due.is_none(), row.due.clone(), row.created_at.clone(), row.id.clone())),
        "created_at" => rows.sort_by_key(|row| (row.created_at.clone(), row.id.clone())),
        "name" => rows.sort_by_key(|row| (row.name.to_lowercase(), row.id.clone())),
        other => {
            return Err(Failure::new(
                Code::Usage,
                format!("tasks are not sorted by `{other}`"),
                "Use `due`, `created_at` or `name`.",
            ));
        }
    }
    if descending {
        rows.reverse();
    }
    let total = rows.len() as u64;
    let from = match &request.page.after {
        Some(after) => rows.iter().position(|row| row.id == *after).map_or(0, |at| at + 1),
        None => 0,
    };
    let limit = request.page.limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX) as usize;
    let more = rows.len() > from + limit;
    let rows: Vec<TaskRow> = rows.into_iter().skip(from).take(limit).collect();
    let next = if more { rows.last().map(|row| row.id.clone()) } else { None };
    Ok(Page { rows, total, next })
}

/// A state that holds only what decides who may take a task.
fn who_may(session: &Session, task: &OpenTask) -> Result<State, Failure> {
    let mut state = State::default();
    session.cache.restore_into(&mut state, &["members"])?;
    if let Some(version) = &task.version
        && let Some(row) = session.cache.get::<Version>("versions", version.as_str())?
    {
        state.versions.restore(version.clone(), row);
    }
    Ok(state)
}

pub(crate) fn task_row(session: &Session, task: &OpenTask) -> Result<TaskRow, Failure> {
    let may = match session.member_now() {
        Some(me) => who_may(session, task)?.check_may_take(&me, task).map_err(|refusal| refusal.to_string()),
        None => Err("nobody acts at this desk".to_owned()),
    };
    let held = task.assignee.as_ref().map(|holder| format!("`{holder}` holds it"));
    Ok(TaskRow {
        id: OpenTask::key(&task.instance, task.task),
        name: task.name.clone(),
        element: task.element.clone(),
        instance: task.instance.to_string(),
        definition: task.definition_name.clone(),
        project: task.project.to_string(),
        project_name: task.project_name.to_string(),
        version: about(session, task.version.as_ref())?,
        assignee: task.assignee.as_ref().map(ToString::to_string),
        candidates: task
            .candidates
            .iter()
            .map(|meaning| match meaning {
                Meaning::Role(role) => format!("role {role}"),
                Meaning::Member(member) => member.to_string(),
            })
            .collect(),
        may_claim: may.is_ok() && task.assignee.is_none(),
        may_not_because: may.err().or(held),
        due: task.due.map(|due| due.to_string()),
        late: task.due.is_some_and(|due| due < now()),
        created_at: task.created_at.to_string(),
        is_gate: task.is_gate,
    })
}

/// A task by its identifier, a unique beginning of it, or the only one of that name.
pub(crate) fn find_task(session: &Session, text: &str) -> Result<OpenTask, Failure> {
    if let Some(task) = session.cache.get("tasks", text)? {
        return Ok(task);
    }
    if text.len() >= 4
        && let [only] = session.cache.keys_beginning("tasks", text, 2)?.as_slice()
    {
        return session.row("tasks", "task", only);
    }
    let named: Vec<(String, OpenTask)> = session.cache.having("tasks", "name", text)?;
    match named.as_slice() {
        [(_, only)] => Ok(only.clone()),
        [] => Err(Failure::not_found(
            "open task",
            text,
            "List the tasks; it may have been completed meanwhile.",
        )),
        several => Err(Failure::new(
            Code::Usage,
            format!("{} open tasks are called `{text}`", several.len()),
            "Name one by its identifier.",
        )),
    }
}

/// A task with its form and its evidence.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn show_task(app: &App, request: TaskOf) -> Result<TaskPage, Failure> {
    let session = app.session()?;
    let task = find_task(&session, &request.task)?;
    let instance: Instance = session.row("instances", "instance", task.instance.as_str())?;
    let definition: Definition = session.row("definitions", "definition", instance.definition.as_str())?;
    let document = session.blob(&definition.document, 64 << 20).await?;
    let parsed = super::contract::parse_definition(&document)?;
    let engine_task = instance
        .engine
        .tasks
        .get(&task.task)
        .ok_or_else(|| Failure::not_found("open task", &request.task, "It was completed meanwhile."))?;
    let variables = instance.engine.variables_of_task(task.task);
    let prompts = engine_task
        .prompts
        .iter()
        .map(|prompt| {
            let value = variables.get(&prompt.variable).map(bpmn::Value::to_json).unwrap_or_default();
            super::definitions::prompt_row(prompt, value)
        })
        .collect();
    let version = match &task.version {
        Some(id) => {
            let version: Version = session.row("versions", "version", id.as_str())?;
            Some(version_page(&session, &version).await?)
        }
        None => None,
    };
    let me = session.member_now();
    let draft = match &me {
        Some(me) => app.desk.draft(&session.id(), me.as_str(), &OpenTask::key(&task.instance, task.task))?,
        None => None,
    };
    Ok(TaskPage {
        prompts,
        next: super::contract::what_next(&parsed, &task.element),
        evidence: version.as_ref().map(|version| evidence(version, me.as_ref())).unwrap_or_default(),
        digest: version.as_ref().filter(|_| task.is_gate).map(|version| version.digest.clone()),
        draft,
        comments: comments(&session, &task.instance)?,
        xml: super::contract::display(&parsed),
        tokens: super::instances::tokens(&session, &instance)?,
        task: task_row(&session, &task)?,
        version,
    })
}

/// What a decision rests on, and whether it is there.
fn evidence(version: &VersionPage, me: Option<&MemberName>) -> Vec<EvidenceRow> {
    let row = |label: &str, state: &str, detail: String| EvidenceRow {
        label: label.to_owned(),
        state: state.to_owned(),
        detail,
    };
    let has_role = |role: &str| version.files.iter().any(|file| file.role.as_deref() == Some(role));
    let inputs = version.variables.iter().filter(|variable| variable.direction == "input").count();
    let described = version
        .variables
        .iter()
        .filter(|variable| {
            variable.direction == "input" && (variable.description.is_some() || variable.level.is_some())
        })
        .count();
    let inconsistent = version.fit_statistics.rows.iter().filter(|row| row.inconsistent.is_some()).count();
    let open = version
        .findings
        .iter()
        .filter(|finding| finding.severity == "blocking" && finding.waived.is_none())
        .count();
    let waived = version.findings.iter().filter(|finding| finding.waived.is_some()).count();
    vec![
        row(
            "contents",
            "ok",
            format!("{} files, every one verified against {}", version.files.len(), version.digest),
        ),
        if has_role("score") && has_role("train") {
            row("code", "ok", "training and scoring code are in the package".to_owned())
        } else {
            row("code", "warning", "training or scoring code is missing".to_owned())
        },
        if inputs > 0 && described == inputs {
            row("variables", "ok", format!("{inputs} inputs, all typed"))
        } else {
            row(
                "variables",
                if inputs == 0 { "missing" } else { "warning" },
                format!("{described} of {inputs} inputs typed"),
            )
        },
        match (version.fit_statistics.rows.is_empty(), inconsistent) {
            (true, _) => row("statistics", "missing", "the package brings no fit statistics".to_owned()),
            (false, 0) => row(
                "statistics",
                "ok",
                format!("{} statistics, none contradicts another", version.fit_statistics.rows.len()),
            ),
            (false, some) => row("statistics", "warning", format!("{some} statistics contradict others")),
        },
        match (version.has_roc, version.has_lift) {
            (true, true) => row("curves", "ok", "ROC and lift are there".to_owned()),
            _ => row("curves", "missing", "ROC or lift is missing".to_owned()),
        },
        match (open, waived) {
            (0, 0) => row("findings", "ok", "no credentials, no dangerous pickles".to_owned()),
            (0, waived) => {
                row("findings", "warning", format!("{waived} findings were waived; read the reasons"))
            }
            (open, _) => row("findings", "missing", format!("{open} findings stand open")),
        },
        if me.is_some_and(|me| version.registered_by == me.as_str()) {
            row(
                "independence",
                "missing",
                "you registered this version; a second person must approve".to_owned(),
            )
        } else {
            row("independence", "ok", format!("registered by {}, not by you", version.registered_by))
        },
    ]
}

/// Claims a task.
///
/// # Errors
/// [`Code::Refused`] with the rule.
pub async fn claim(app: &App, request: TaskOf) -> Result<Recorded, Failure> {
    act(app, &request.task, |task| Act::Claim { task }, String::new()).await
}

/// Gives a claimed task back.
///
/// # Errors
/// [`Code::Refused`] with the rule.
pub async fn release(app: &App, request: TaskOf) -> Result<Recorded, Failure> {
    act(app, &request.task, |task| Act::Release { task }, String::new()).await
}

/// Gives a task to somebody (administrators).
///
/// # Errors
/// [`Code::Refused`] with the rule.
pub async fn assign(app: &App, request: AssignTask) -> Result<Recorded, Failure> {
    let _: MemberName = parse("member name", &request.member)?;
    let to = request.member.clone();
    act(app, &request.task, move |task| Act::Assign { task, to: Some(to.clone()) }, request.reason.clone())
        .await
}

async fn act(
    app: &App,
    task: &str,
    make: impl FnOnce(u64) -> Act,
    note: String,
) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let task = find_task(&session, task)?;
    let fact =
        Fact::InstanceMoved(InstanceMoved { instance: task.instance.clone(), act: make(task.task), note });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: OpenTask::key(&task.instance, task.task) })
}

/// Completes a task. Where its answer is an approval, the approval is composed here, over the digest as it is now, and
/// refused unless that is the digest the person saw.
///
/// # Errors
/// [`Code::Refused`] with the rule: a missing answer, a changed package, one's own work.
pub async fn complete(app: &App, request: CompleteTask) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let task = find_task(&session, &request.task)?;
    let answers = super::instances::values(&request.answers)?;
    let seen_digest: Option<governance::Digest> =
        request.seen_digest.as_deref().map(|digest| parse("digest", digest)).transpose()?;
    let head = session.head()?;
    let seen = Seen { position: head.position, chain: head.chain.hex() };
    let written = session
        .decide(&me, |state| {
            let moved = Fact::InstanceMoved(InstanceMoved {
                instance: task.instance.clone(),
                act: Act::Complete { task: task.task, answers: answers.clone() },
                note: if task.is_gate { String::new() } else { request.note.clone() },
            });
            if !task.is_gate {
                return Ok(vec![moved]);
            }
            let approval = approval(state, &task, &answers, seen_digest.as_ref(), &request.note, &seen)?;
            Ok(vec![Fact::ApprovalSigned(approval), moved])
        })
        .await?;
    app.desk.keep_draft(&session.id(), me.as_str(), &OpenTask::key(&task.instance, task.task), None)?;
    Ok(Recorded { position: written.position, id: OpenTask::key(&task.instance, task.task) })
}

fn approval(
    state: &State,
    task: &OpenTask,
    answers: &bpmn::engine::Variables,
    seen_digest: Option<&governance::Digest>,
    note: &str,
    seen: &Seen,
) -> Result<ApprovalSigned, Failure> {
    let instance = state.instance(&task.instance).map_err(crate::session::from_refusal)?;
    let definition = state.definition(&instance.definition).map_err(crate::session::from_refusal)?;
    let version = instance.version.as_ref().and_then(|id| state.versions.get(id)).ok_or_else(|| {
        Failure::new(Code::Refused, "the process is about no version", "Start it again, about a version.")
    })?;
    let variable = definition.gates.get(&task.element).cloned().unwrap_or_default();
    let decision = governance::workflow::verdict(answers.get(&variable)).ok_or_else(|| {
        Failure::new(
            Code::Refused,
            format!("`{}` decides what happens next; it cannot be left unanswered", task.name),
            format!("Answer `{variable}` with yes or no."),
        )
    })?;
    let seen_digest = seen_digest.ok_or_else(|| {
        Failure::new(
            Code::Usage,
            format!("completing `{}` signs an approval", task.name),
            format!("Say which digest you reviewed; it is now {}.", version.package.root),
        )
    })?;
    Ok(ApprovalSigned {
        gate: task.element.clone(),
        task: task.task.to_string(),
        instance: task.instance.clone(),
        model: version.model.clone(),
        version: version.id.clone(),
        // What was seen is signed; the rules refuse it unless that is what stands.
        package_root: seen_digest.clone(),
        evidence: vec![version.package.reading.clone()],
        decision,
        policy_version: state.workspace_row().policy_version,
        note: note.to_owned(),
        seen: seen.clone(),
    })
}

/// Keeps a half-typed form on this desk.
///
/// # Errors
/// When the desk file cannot be written.
pub async fn keep_draft(app: &App, request: KeepDraft) -> Result<Nothing, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    app.desk.keep_draft(
        &session.id(),
        me.as_str(),
        &request.task,
        request.draft.as_ref().filter(|draft| !draft.is_null()),
    )?;
    Ok(Nothing {})
}
