//! What a rehearsal shows of its instances after a step.

use super::play::Played;
use crate::engine::{Action, Candidates, Note, Outcome, State, Task, Variables, Wait};
use crate::model::{Choice, DataType, Prompt};
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use ts_rs::TS;

/// The state of all instances after one step.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "RehearsalState")]
pub struct Shown {
    /// Open user tasks, in document order.
    pub tasks: Vec<ShownTask>,
    /// Running timers, in due order.
    pub timers: Vec<ShownTimer>,
    /// What else is waited for.
    pub waiting: Vec<ShownWaiting>,
    /// Open incidents.
    pub incidents: Vec<ShownIncident>,
    /// Effects of this step, in order.
    #[ts(type = "({ kind: string; id: string } & Record<string, unknown>)[]")]
    pub effects: Vec<ShownEffect>,
    /// Elements visited in this step, in order.
    pub visited: Vec<String>,
    /// The variables of the first instance's process.
    #[ts(type = "Record<string, unknown>")]
    pub variables: BTreeMap<String, Json>,
    /// Whether every started instance has ended.
    pub ended: bool,
    /// How the first instance ended, or the error that nobody caught in any.
    #[ts(type = "string | { error: string } | null")]
    pub outcome: Option<ShownOutcome>,
}

/// An open user task.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "RehearsalTask")]
pub struct ShownTask {
    /// The element.
    pub id: String,
    /// Its evaluated name.
    pub name: Option<String>,
    /// Who holds it.
    pub assignee: Option<String>,
    /// Who may and may not take it.
    pub candidates: ShownCandidates,
    /// When it is due.
    #[ts(type = "string | null")]
    pub due: Option<Timestamp>,
    /// The variables it sees.
    #[ts(type = "Record<string, unknown>")]
    pub variables: BTreeMap<String, Json>,
    /// What it asks.
    pub prompts: Vec<ShownPrompt>,
}

/// Who may and may not take a task.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "RehearsalCandidates")]
pub struct ShownCandidates {
    users: Vec<String>,
    groups: Vec<String>,
    excluded: Vec<String>,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "RehearsalPrompt")]
pub struct ShownPrompt {
    variable: String,
    question: String,
    #[serde(rename = "type")]
    #[ts(type = "string")]
    kind: DataType,
    required: bool,
    choices: Vec<ShownChoice>,
}

/// A possible answer.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(rename = "RehearsalChoice")]
pub struct ShownChoice {
    label: String,
    #[ts(type = "unknown")]
    value: Json,
}

/// A running timer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "RehearsalTimer")]
pub struct ShownTimer {
    /// The element.
    pub id: String,
    /// When it fires.
    #[ts(type = "string")]
    pub due: Timestamp,
}

/// Something that is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "RehearsalWaiting")]
pub struct ShownWaiting {
    /// The element.
    pub id: String,
    /// `message`, `signal`, `receive` or `job`.
    pub kind: &'static str,
    /// The message's or signal's name, or the element's.
    pub name: Option<String>,
    /// The value that a message must carry, where it must carry one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub correlation: Option<String>,
}

/// An open incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "RehearsalIncident")]
pub struct ShownIncident {
    /// The element.
    pub id: String,
    /// What went wrong.
    pub message: String,
}

/// An effect: an object with `kind`, `id` and what belongs to its kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ShownEffect(Json);

/// How an instance ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShownOutcome {
    /// Every token reached an end.
    Completed,
    /// A terminate end event.
    Terminated,
    /// Given up.
    Cancelled,
    /// An error that nobody caught.
    Error(String),
}

impl Serialize for ShownOutcome {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Completed => "completed".serialize(to),
            Self::Terminated => "terminated".serialize(to),
            Self::Cancelled => "cancelled".serialize(to),
            Self::Error(code) => json!({"error": code}).serialize(to),
        }
    }
}

impl From<&Outcome> for ShownOutcome {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Completed => Self::Completed,
            Outcome::Terminated => Self::Terminated,
            Outcome::Cancelled => Self::Cancelled,
            Outcome::Error(code) => Self::Error(code.clone()),
        }
    }
}

fn plain(variables: Variables) -> BTreeMap<String, Json> {
    variables.into_iter().map(|(name, value)| (name, value.to_json())).collect()
}

pub(super) fn show(played: &Played<'_>) -> Shown {
    let instances = &played.instances;
    let mut timers: Vec<ShownTimer> = instances
        .iter()
        .flat_map(State::timers)
        .map(|(_, watch, due)| ShownTimer { id: watch.element.to_string(), due })
        .chain(
            played
                .standing
                .iter()
                .filter_map(|armed| Some(ShownTimer { id: armed.element.clone(), due: armed.due()? })),
        )
        .collect();
    timers.sort_by(|a, b| (a.due, &a.id).cmp(&(b.due, &b.id)));
    let error = instances.iter().find_map(|state| match &state.outcome {
        Some(Outcome::Error(code)) => Some(ShownOutcome::Error(code.clone())),
        _ => None,
    });
    Shown {
        tasks: played
            .open_tasks()
            .into_iter()
            .filter_map(|(instance, id)| {
                let state = &instances[instance];
                Some(show_task(state.tasks.get(&id)?, state.variables_of_task(id)))
            })
            .collect(),
        timers,
        waiting: instances.iter().flat_map(|state| show_waiting(played, state)).collect(),
        incidents: instances
            .iter()
            .flat_map(|state| state.incidents.values())
            .map(|incident| ShownIncident {
                id: incident.element.to_string(),
                message: incident.message.clone(),
            })
            .collect(),
        effects: show_effects(played),
        visited: played
            .notes
            .iter()
            .filter_map(|note| match note {
                Note::Entered { element } => Some(element.to_string()),
                _ => None,
            })
            .collect(),
        variables: instances.first().map(|state| plain(state.variables())).unwrap_or_default(),
        ended: !instances.is_empty() && instances.iter().all(State::ended),
        outcome: error.or_else(|| instances.first()?.outcome.as_ref().map(ShownOutcome::from)),
    }
}

fn show_task(task: &Task, variables: Variables) -> ShownTask {
    let Candidates { users, groups, excluded, excluded_groups, completers_of: _ } = task.candidates.clone();
    let excluded =
        excluded.into_iter().chain(excluded_groups.iter().map(|group| format!("group({group})"))).collect();
    ShownTask {
        id: task.element.to_string(),
        name: task.name.clone(),
        assignee: task.assignee.clone(),
        candidates: ShownCandidates { users, groups, excluded },
        due: task.due,
        variables: plain(variables),
        prompts: task.prompts.iter().map(show_prompt).collect(),
    }
}

fn show_prompt(prompt: &Prompt) -> ShownPrompt {
    let choice = |choice: &Choice| ShownChoice { label: choice.label.clone(), value: choice.value.to_json() };
    ShownPrompt {
        variable: prompt.variable.clone(),
        question: prompt.question.clone(),
        kind: prompt.kind,
        required: prompt.required,
        choices: prompt.choices.iter().map(choice).collect(),
    }
}

fn show_waiting(played: &Played<'_>, state: &State) -> Vec<ShownWaiting> {
    let shown = state.watches.values().filter_map(|watch| {
        let label = || played.element_name(state, watch.scope, &watch.element);
        let correlation = match &watch.wait {
            Wait::Message { correlation, .. } => correlation.clone(),
            _ => None,
        };
        let (kind, name) = match &watch.wait {
            Wait::Message { name, .. } => ("message", Some(name.clone())),
            Wait::Signal { name } => ("signal", Some(name.clone())),
            Wait::Receive { message } => ("receive", message.clone().or_else(label)),
            Wait::Job { .. } => ("job", label()),
            Wait::Timer { .. } | Wait::Condition { .. } => return None,
        };
        Some(ShownWaiting { id: watch.element.to_string(), kind, name, correlation })
    });
    shown.collect()
}

fn show_effects(played: &Played<'_>) -> Vec<ShownEffect> {
    let mut statuses = played.statuses.iter();
    let mut effects = Vec::new();
    for note in &played.notes {
        let shown = match note {
            Note::Asked { effect } => {
                let status = statuses.next().copied().flatten();
                with_id(&effect.element, show_action(&effect.action, status))
            }
            Note::Captured { element, variable, value } => {
                with_id(element, json!({"kind": "set", "variable": variable, "value": value.to_json()}))
            }
            Note::Offered { element, name, participants } => {
                with_id(element, json!({"kind": "assign", "name": name, "participants": participants}))
            }
            Note::Entered { .. } | Note::Fired { .. } | Note::Stopped { .. } => continue,
        };
        effects.push(ShownEffect(shown));
    }
    effects
}

/// Puts the element's id after the kind.
fn with_id(element: &str, fields: Json) -> Json {
    let mut all = Map::new();
    if let Json::Object(fields) = fields {
        for (name, value) in fields {
            let first = name == "kind";
            all.insert(name, value);
            if first {
                all.insert("id".to_owned(), json!(element));
            }
        }
    }
    Json::Object(all)
}

fn show_action(action: &Action, status: Option<u16>) -> Json {
    match action {
        Action::Http { method, url, body, .. } => {
            json!({"kind": "http", "method": method, "url": url, "body": body, "status": status})
        }
        Action::Mail { to, subject, message, .. } => {
            json!({"kind": "mail", "to": to, "subject": subject, "message": message})
        }
        Action::Notify { users, groups, template, mail, .. } => {
            json!({"kind": "notify", "users": users, "groups": groups, "template": template, "mail": mail})
        }
        Action::Job { job, arguments, .. } => json!({"kind": "job", "job": job, "arguments": arguments}),
        Action::Script { text, .. } => json!({"kind": "script", "text": text}),
        Action::Delegate { delegate, fields } => {
            let fields: BTreeMap<_, _> = fields.iter().map(|(name, value)| (name, value.to_json())).collect();
            json!({"kind": "delegate", "delegate": delegate, "fields": fields})
        }
        Action::Signal { name } => json!({"kind": "signal", "name": name}),
        Action::Message { name, correlation: None } => json!({"kind": "message", "name": name}),
        Action::Message { name, correlation } => {
            json!({"kind": "message", "name": name, "correlation": correlation})
        }
    }
}
