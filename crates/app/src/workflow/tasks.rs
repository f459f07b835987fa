//! User tasks: the inbox, the review, the signature.

mod reader;

use std::collections::BTreeMap;

use bpmn::Act;
use governance::fact::{Action, ApprovalSigned, InstanceMoved, Level, NoticePosted, Seen};
use governance::registry::{Model, Version};
use governance::workflow::{Approval, Instance, OpenTask};
use governance::{DefinitionId, Digest, Fact, MemberName, State};
use words::{Said, Words, said};

use super::findings::said_of;
use super::{
    AssignTask, ChoiceRow, CompleteTask, Completed, DelegateTask, EvidenceRow, GiveBackTask, KeepDraft,
    ListTasks, MoveDue, SnoozeTask, TakerRow, TaskOf, TaskPage, TaskRow, about, comments,
};
use crate::ids::new_id;
use crate::page::{PAGE_ROWS, PAGE_ROWS_MAX, Page};
use crate::registry::{Recorded, SignaturesRow, VersionPage, find_project, version_page};
use crate::session::{Session, parse};
use crate::workspace::Nothing;
use crate::{App, Code, Failure};
pub(crate) use reader::Reader;

/// The priority of a task whose definition gives none: the one that Flowable and Camunda take.
const PRIORITY: i64 = 50;

/// Open tasks of an instance that are looked through for a gate, at most.
const TASKS_MAX: u32 = 1_000;

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
    let search = request.page.search.as_deref().unwrap_or_default().to_lowercase();
    let mut reader = Reader::new(&session)?;
    let mut shown: Vec<OpenTask> = Vec::new();
    for (_, row) in session.cache.all("tasks")? {
        let task: OpenTask = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a task has another shape", &cause))?;
        if project.as_ref().is_some_and(|project| task.project != *project)
            || !task.name.to_lowercase().contains(&search)
            || (request.late && task.due.is_none_or(|due| due >= session.now()))
        {
            continue;
        }
        let mine = me.is_some() && task.assignee == me;
        let open = task.assignee.is_none() && view != "mine" && reader.may(&task)?.is_ok();
        let belongs = match view {
            "mine" => mine,
            "open" => open,
            "inbox" => (mine || open) && reader.snoozed_until(&task).is_none(),
            "snoozed" => (mine || open) && reader.snoozed_until(&task).is_some(),
            "all" => true,
            other => {
                return Err(Failure::said(Code::Usage, said!("no-task-view", other = other.to_string())));
            }
        };
        if belongs {
            shown.push(task);
        }
    }
    let (name, descending) = match request.page.sort.as_deref().unwrap_or("due") {
        sort if sort.starts_with('-') => (&sort[1..], true),
        sort => (sort, false),
    };
    match name {
        "due" => shown.sort_by_cached_key(|task| (task.due.is_none(), task.due, task.created_at, key(task))),
        "created_at" => shown.sort_by_cached_key(|task| (task.created_at, key(task))),
        // Without a priority it is as urgent as most.
        "priority" => shown.sort_by_cached_key(|task| {
            (std::cmp::Reverse(task.priority.unwrap_or(PRIORITY)), task.due.is_none(), task.due, key(task))
        }),
        "name" => shown.sort_by_cached_key(|task| (task.name.to_lowercase(), key(task))),
        other => {
            return Err(Failure::said(Code::Usage, said!("no-task-sort", other = other.to_string())));
        }
    }
    if descending {
        shown.reverse();
    }
    let total = shown.len() as u64;
    let from = match &request.page.after {
        Some(after) => shown.iter().position(|task| key(task) == *after).map_or(0, |at| at + 1),
        None => 0,
    };
    let limit = request.page.limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX) as usize;
    let more = shown.len() > from + limit;
    let page = shown.iter().skip(from).take(limit);
    let rows = page.map(|task| reader.row(task)).collect::<Result<Vec<TaskRow>, Failure>>()?;
    let next = if more { rows.last().map(|row| row.id.clone()) } else { None };
    Ok(Page { rows, total, next })
}

fn key(task: &OpenTask) -> String {
    OpenTask::key(&task.instance, task.task)
}

/// Puts a task out of the inbox of this desk until a moment, or back into it. Others see nothing of it.
///
/// # Errors
/// [`Code::Usage`] for a moment that is none; [`Code::NotFound`] for a task that is not open.
pub async fn snooze(app: &App, request: SnoozeTask) -> Result<Nothing, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let task = find_task(&session, &request.task)?;
    let key = key(&task);
    let mut snoozed = snoozed(&session, &me)?;
    match request.until {
        Some(until) => {
            let until = moment(&until, session.now())?;
            snoozed.insert(key, until.to_string());
        }
        None => {
            snoozed.remove(&key);
        }
    }
    // What has passed, or was completed meanwhile, need not be kept.
    let now = session.now().to_string();
    snoozed.retain(|_, until| *until > now);
    let kept = serde_json::to_string(&snoozed).unwrap_or_default();
    session.desk.set(&snoozed_key(&session, &me), &kept)?;
    session.tell(&["workflow"]);
    Ok(Nothing {})
}

fn snoozed_key(session: &Session, me: &MemberName) -> String {
    format!("snoozed/{}/{me}", session.id())
}

/// Tasks that are out of this desk's inbox, and until when.
fn snoozed(session: &Session, me: &MemberName) -> Result<BTreeMap<String, String>, Failure> {
    let kept = session.desk.setting(&snoozed_key(session, me))?;
    Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default())
}

/// Every member, with whether they may have a task: for whoever delegates or reassigns it.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn takers(app: &App, request: TaskOf) -> Result<Vec<TakerRow>, Failure> {
    let session = app.session()?;
    let task = find_task(&session, &request.task)?;
    let mut reader = Reader::new(&session)?;
    let state = reader.who_may(&task)?;
    Ok(state
        .members
        .rows()
        .map(|member| {
            let may = state.check_may_take(&member.name, &task);
            TakerRow {
                member: member.name.to_string(),
                display_name: member.display_name.clone(),
                may: may.is_ok(),
                may_not_because: may
                    .err()
                    .map(|refusal| session.words().say(&crate::failure::refused(&refusal))),
            }
        })
        .collect())
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
        [] => Err(Failure::not_found("open task", text)),
        several => Err(Failure::said(
            Code::Usage,
            said!("several-tasks", count = several.len(), text = text.to_string()),
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
    let definition = super::definition_at(&session, &instance, instance.called_task(task.task))?;
    let document = session.blob(&definition.document, 64 << 20).await?;
    let parsed = super::contract::parse_definition(&document)?;
    let engine_task = instance
        .engine
        .tasks
        .get(&task.task)
        .ok_or_else(|| Failure::not_found("open task", &request.task))?;
    let variables = instance.engine.variables_of_task(task.task);
    let choosing: Vec<&String> = definition
        .bound
        .values()
        .filter(|binding| binding.action == Action::Choose)
        .filter_map(|binding| binding.inputs.get("version"))
        .collect();
    let mut prompts = Vec::new();
    for prompt in &engine_task.prompts {
        let value = variables.get(&prompt.variable).map(bpmn::Value::to_json).unwrap_or_default();
        let mut row = super::definitions::prompt_row(prompt, value);
        if row.choices.is_empty() && choosing.contains(&&prompt.variable) {
            row.choices = versions_to_choose(&session, &task)?;
        }
        prompts.push(row);
    }
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
        next: super::next::what_next(
            session.words(),
            &parsed,
            &task.element,
            &super::next::Beside::of(&instance.engine, task.task),
        ),
        evidence: version
            .as_ref()
            .map(|version| evidence(session.words(), version, me.as_ref()))
            .unwrap_or_default(),
        digest: version.as_ref().filter(|_| task.is_gate).map(|version| version.digest.clone()),
        evidence_digests: evidence_known(&session, &task)?.iter().map(ToString::to_string).collect(),
        definition: definition.id.to_string(),
        draft,
        comments: comments(&session, &task.instance)?,
        xml: super::contract::display(&parsed),
        // What stands in another process that the instance called is in another diagram.
        tokens: super::live::tokens(&session, &instance)?
            .into_iter()
            .filter(|token| parsed.process(Some(&token.process)).is_some())
            .collect(),
        task: Reader::new(&session)?.row(&task)?,
        version,
    })
}

/// The versions of a project, latest first within a model: what an answer can name that a process then turns to.
fn versions_to_choose(session: &Session, task: &OpenTask) -> Result<Vec<ChoiceRow>, Failure> {
    let mut models: Vec<(String, Model)> =
        session.cache.having("models", "project", task.project.as_str())?;
    models.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    let mut choices = Vec::new();
    for (_, model) in models {
        for id in model.versions.iter().rev() {
            let version: Version = session.row("versions", "version", id.as_str())?;
            let label = format!("{} {}", model.name, version.number());
            choices.push(ChoiceRow { value: label.clone().into(), label });
        }
    }
    Ok(choices)
}

/// What a decision rests on, and whether it is there.
fn evidence(words: &Words, version: &VersionPage, me: Option<&MemberName>) -> Vec<EvidenceRow> {
    let row = |label: &str, state: &str, detail: Said| EvidenceRow {
        label: label.to_owned(),
        state: state.to_owned(),
        detail: words.say(&detail),
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
    let statistics = version.fit_statistics.rows.len();
    let inconsistent = version.fit_statistics.contradictions;
    let of_curves = version.fit_statistics.curves.len();
    let open = version
        .findings
        .iter()
        .filter(|finding| finding.severity == "blocking" && finding.waived.is_none())
        .count();
    let waived = version.findings.iter().filter(|finding| finding.waived.is_some()).count();
    let contents =
        said!("evidence-contents-are", files = version.files.len(), digest = version.digest.to_string());
    let by = version.registered_by.as_str();
    vec![
        row("contents", "ok", contents),
        if has_role("score") && has_role("train") {
            row("code", "ok", said!("evidence-code-there"))
        } else {
            row("code", "warning", said!("evidence-code-missing"))
        },
        match (inputs, described == inputs) {
            (0, _) => row("variables", "missing", said!("evidence-inputs-none")),
            (_, true) => row("variables", "ok", said!("evidence-inputs-typed", inputs = inputs)),
            (_, false) => row(
                "variables",
                "warning",
                said!("evidence-inputs-untyped", described = described, inputs = inputs),
            ),
        },
        match (statistics, inconsistent) {
            (0, _) => row("statistics", "missing", said!("evidence-statistics-none")),
            (_, 0) => row("statistics", "ok", said!("evidence-statistics-agree", count = statistics)),
            (_, some) => row("statistics", "warning", said!("evidence-statistics-contradict", count = some)),
        },
        match (version.has_roc, version.has_lift) {
            (true, true) if of_curves > 0 => {
                row("curves", "warning", said!("evidence-curves-contradict", count = of_curves))
            }
            (true, true) => row("curves", "ok", said!("evidence-curves-there")),
            _ => row("curves", "missing", said!("evidence-curves-missing")),
        },
        match (open, waived) {
            (0, 0) => row("findings", "ok", said!("evidence-findings-none")),
            (0, waived) => row("findings", "warning", said!("evidence-findings-waived", count = waived)),
            (open, _) => row("findings", "missing", said!("evidence-findings-open", count = open)),
        },
        if me.is_some_and(|me| by == me.as_str()) {
            row("independence", "missing", said!("evidence-independence-missing"))
        } else {
            row("independence", "ok", said!("evidence-independence", member = by))
        },
    ]
}

/// The signatures of the gate that an approval counts towards, while it waits for more.
pub(crate) fn signatures(session: &Session, approval: &Approval) -> Result<Option<SignaturesRow>, Failure> {
    let open = session.cache.keys_beginning("tasks", &format!("{}/", approval.instance), TASKS_MAX)?;
    for key in open {
        let task: OpenTask = session.row("tasks", "task", &key)?;
        if task.element == approval.gate && task.is_gate {
            let row = Reader::new(session)?.row(&task)?;
            return Ok(Some(SignaturesRow { signed_by: row.signed_by, needed: row.signatures_needed }));
        }
    }
    Ok(None)
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

/// Gives a task to somebody (administrators), who is told.
///
/// # Errors
/// [`Code::Refused`] with the rule.
pub async fn assign(app: &App, request: AssignTask) -> Result<Recorded, Failure> {
    let make = |task, to| Act::Assign { task, to: Some(to) };
    hand_over(app, &request.task, &request.member, request.reason, said!("notice-assigned"), make).await
}

/// Hands a task on to somebody who prepares it and gives it back, and tells them.
///
/// # Errors
/// [`Code::Refused`] with the rule: only the holder delegates, and only to somebody who might have taken it.
pub async fn delegate(app: &App, request: DelegateTask) -> Result<Recorded, Failure> {
    let make = |task, to| Act::Delegate { task, to };
    hand_over(app, &request.task, &request.member, request.reason, said!("notice-delegated"), make).await
}

/// Gives a delegated task back to its owner, who is told what was prepared: drafts stay on the desk they were typed at.
///
/// # Errors
/// [`Code::Refused`] with the rule.
pub async fn give_back(app: &App, request: GiveBackTask) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let task = find_task(&session, &request.task)?;
    let key = OpenTask::key(&task.instance, task.task);
    let mut facts = vec![Fact::InstanceMoved(InstanceMoved {
        instance: task.instance.clone(),
        act: Act::Resolve { task: task.task },
        note: String::new(),
    })];
    if let (Some(owner), Some(prepared)) = (&task.owner, prepared(&session, &task, &request)?) {
        let text = said!("prepared-for", owner = owner.to_string(), task = task.name.clone());
        let text = format!("{}\n{prepared}", session.words().say(&text));
        facts.extend(super::instances::said_in(&session, &me, &task.instance, text)?);
    }
    let written = session.record(&me, facts).await?;
    app.desk.keep_draft(&session.id(), me.as_str(), &key, None)?;
    Ok(Recorded { position: written.position, id: key })
}

/// What was prepared, a line an answer, as the form says it; nothing where nothing was.
fn prepared(session: &Session, task: &OpenTask, request: &GiveBackTask) -> Result<Option<String>, Failure> {
    let instance: Instance = session.row("instances", "instance", task.instance.as_str())?;
    let asked = instance.engine.tasks.get(&task.task).map(|task| task.prompts.as_slice()).unwrap_or_default();
    let words = session.words();
    let mut lines = Vec::new();
    for (variable, answer) in super::instances::values(&request.answers)? {
        let prompt = asked.iter().find(|prompt| prompt.variable == variable);
        let chosen = prompt.and_then(|prompt| prompt.choices.iter().find(|choice| choice.value == answer));
        let said = match (chosen, &answer) {
            (Some(choice), _) => choice.label.clone(),
            (None, bpmn::Value::Null) => continue,
            (None, bpmn::Value::Boolean(true)) => words.say(&said!("next-yes")),
            (None, bpmn::Value::Boolean(false)) => words.say(&said!("next-no")),
            (None, other) => other.to_string(),
        };
        let question = prompt.map_or(variable.as_str(), |prompt| prompt.question.as_str());
        lines.push(words.say(&said!("prepared-answer", question = question, answer = said)));
    }
    lines.extend(Some(request.note.trim()).filter(|note| !note.is_empty()).map(str::to_owned));
    Ok(Some(lines.join("\n")).filter(|text| !text.is_empty()))
}

/// Moves the due time of a task (administrators).
///
/// # Errors
/// [`Code::Usage`] for a time that cannot be read; [`Code::Refused`] with the rule, also without a reason.
pub async fn move_due(app: &App, request: MoveDue) -> Result<Recorded, Failure> {
    let due = match request.due.as_deref().filter(|due| !due.trim().is_empty()) {
        None => None,
        Some(text) => Some(moment(text, app.clock.now())?),
    };
    let reason = request.reason.clone();
    act(app, &request.task, move |of| Act::MoveDue { of, due, reason }, String::new()).await
}

/// A moment that somebody wrote: RFC 3339, a date, or a duration from now.
fn moment(text: &str, now: jiff::Timestamp) -> Result<jiff::Timestamp, Failure> {
    bpmn::time::due_date(text, now)
        .map_err(|error| Failure::said(Code::Usage, said!("no-due-time", why = said_of(&error.sentence()))))
}

async fn hand_over(
    app: &App,
    task: &str,
    member: &str,
    reason: String,
    how: Said,
    make: impl FnOnce(u64, String) -> Act,
) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let to: MemberName = parse("member name", member)?;
    let task = find_task(&session, task)?;
    let key = OpenTask::key(&task.instance, task.task);
    let moved = InstanceMoved {
        instance: task.instance.clone(),
        act: make(task.task, to.to_string()),
        note: reason.clone(),
    };
    let mut facts = vec![Fact::InstanceMoved(moved)];
    if to != me {
        let name: String = task.name.chars().take(150).collect();
        let title = how.with("member", me.to_string()).with("task", name);
        facts.push(Fact::NoticePosted(NoticePosted {
            notice: new_id(),
            title: Words::english().say(&title),
            title_said: serde_json::to_value(&title).ok(),
            body_said: None,
            to: [to].into(),
            body: reason.chars().take(2000).collect(),
            link: Some(format!("/tasks/{key}")),
            level: Level::Info,
            mailed_by: None,
        }));
    }
    let written = session.record(&me, facts).await?;
    Ok(Recorded { position: written.position, id: key })
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
pub async fn complete(app: &App, request: CompleteTask) -> Result<Completed, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let task = find_task(&session, &request.task)?;
    let answers = super::instances::values(&request.answers)?;
    let read = Read::of(&session, &task, &request)?;
    // How many persons more are asked for, as it is when the entry counts.
    let mut signatures_left = 0;
    let written = session
        .decide(&me, |state| {
            let moved = Fact::InstanceMoved(InstanceMoved {
                instance: task.instance.clone(),
                act: Act::Complete { task: task.task, answers: answers.clone() },
                note: if task.is_gate { String::new() } else { request.note.clone() },
            });
            if !task.is_gate {
                let decided =
                    crate::monitoring::decided_by(state, &task, &answers, &request.note, session.words());
                return Ok(decided.into_iter().chain([moved]).collect());
            }
            let approval = approval(state, &task, &answers, &read, &request.note)?;
            // Where more persons are asked for, the task goes to the next one; what the last one answers is what counts.
            let now = state.tasks.get(&OpenTask::key(&task.instance, task.task)).unwrap_or(&task);
            let moved = if state.completes(now, &me, approval.decision) {
                signatures_left = 0;
                moved
            } else {
                let mut signed = state.signers(now);
                signed.insert(&me);
                signatures_left = now.quorum.saturating_sub(u32::try_from(signed.len()).unwrap_or(u32::MAX));
                Fact::InstanceMoved(InstanceMoved {
                    instance: task.instance.clone(),
                    act: Act::Release { task: task.task },
                    note: String::new(),
                })
            };
            Ok(vec![Fact::ApprovalSigned(approval), moved])
        })
        .await?;
    let id = OpenTask::key(&task.instance, task.task);
    app.desk.keep_draft(&session.id(), me.as_str(), &id, None)?;
    Ok(Completed { position: written.position, id, signatures_left })
}

/// What somebody had before them when they decided. It is settled before anything is judged: whoever was beaten to an
/// entry signs what they saw, and the rules refuse it where that no longer stands.
struct Read {
    digest: Option<Digest>,
    evidence: Vec<Digest>,
    definition: DefinitionId,
    seen: Seen,
}

impl Read {
    fn of(session: &Session, task: &OpenTask, request: &CompleteTask) -> Result<Self, Failure> {
        let digest = |text: &String| parse("digest", text);
        let head = session.head()?;
        let definition = match &request.seen_definition {
            Some(seen) => parse("definition", seen)?,
            None => {
                let instance: Instance = session.row("instances", "instance", task.instance.as_str())?;
                instance.called_task(task.task).unwrap_or(&instance.definition).clone()
            }
        };
        Ok(Self {
            digest: request.seen_digest.as_ref().map(digest).transpose()?,
            evidence: match &request.seen_evidence {
                Some(seen) => seen.iter().map(digest).collect::<Result<_, _>>()?,
                None => evidence_known(session, task)?,
            },
            definition,
            seen: Seen { position: head.position, chain: head.chain.hex() },
        })
    }
}

/// Digests of what a decision at this task rests on, as far as this desk knows.
fn evidence_known(session: &Session, task: &OpenTask) -> Result<Vec<Digest>, Failure> {
    let Some(version) = task.version.as_ref().filter(|_| task.is_gate) else { return Ok(Vec::new()) };
    Ok(session.row::<Version>("versions", "version", version.as_str())?.evidence())
}

fn approval(
    state: &State,
    task: &OpenTask,
    answers: &bpmn::engine::Variables,
    read: &Read,
    note: &str,
) -> Result<ApprovalSigned, Failure> {
    let instance = state.instance(&task.instance).map_err(crate::session::from_refusal)?;
    let started = state.definition(&instance.definition).map_err(crate::session::from_refusal)?;
    let definition = state.definition_of_task(instance, started, task.task);
    let version = instance
        .version
        .as_ref()
        .and_then(|id| state.versions.get(id))
        .ok_or_else(|| Failure::said(Code::Refused, said!("process-without-version")))?;
    let variable = definition.gates.get(&task.element).cloned().unwrap_or_default();
    let decision = governance::workflow::verdict(answers.get(&variable)).ok_or_else(|| {
        Failure::said(
            Code::Refused,
            said!("decision-unanswered", task = task.name.to_string(), variable = variable.to_string()),
        )
    })?;
    let seen_digest = read.digest.as_ref().ok_or_else(|| {
        Failure::said(
            Code::Usage,
            said!(
                "completing-signs",
                task = task.name.to_string(),
                digest = version.package.root.to_string()
            ),
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
        evidence: read.evidence.clone(),
        definition: Some(read.definition.clone()),
        decision,
        policy_version: state.workspace_row().policy.version,
        note: note.to_owned(),
        seen: read.seen.clone(),
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
