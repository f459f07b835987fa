//! Where an instance stands: tokens, scopes, and everything it waits for.

use super::{Effect, Variables};
use crate::Value;
use crate::model::{Name, Prompt};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One instance. Derived from its events alone: replaying them gives an equal value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The instance's identifier, given by the caller.
    pub instance: String,
    /// The process it runs; empty before the start.
    pub process: Name,
    /// The person who started it.
    pub initiator: Option<String>,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The time of the latest event.
    pub at: Timestamp,
    /// The last number given to a scope, token, task, timer or incident.
    pub serial: u64,
    /// Scopes by number; the process itself is the one without a parent.
    pub scopes: BTreeMap<u64, Scope>,
    /// Tokens by number.
    pub tokens: BTreeMap<u64, Token>,
    /// Open user tasks by number.
    pub tasks: BTreeMap<u64, Task>,
    /// Timers, messages, signals, conditions, jobs that somebody waits for, by number.
    pub watches: BTreeMap<u64, Watch>,
    /// Effects whose result is not in, by key.
    pub effects: BTreeMap<String, Pending>,
    /// Open incidents by number.
    pub incidents: BTreeMap<u64, Incident>,
    /// How often and how long each element was visited.
    pub passages: BTreeMap<Name, Passage>,
}

/// How an instance ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Every token reached an end.
    Completed,
    /// A terminate end event.
    Terminated,
    /// Given up by a person.
    Cancelled,
    /// An error end event nobody caught, with its code.
    Error(String),
}

/// A process, an embedded sub-process, a called process, or one round of a repeated activity, while it is running.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// The enclosing scope; none for the instance itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<u64>,
    /// The token of the enclosing scope that waits for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<u64>,
    /// The process its elements belong to.
    pub process: Name,
    /// The element it is the inside of; the process's id for a process.
    pub element: Name,
    /// What it is the inside of.
    pub kind: ScopeKind,
    /// Its own variables.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: Variables,
}

/// What a scope is the inside of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ScopeKind {
    /// The instance's own process.
    Process,
    /// A process called by another.
    Called,
    /// An embedded or event sub-process.
    Embedded,
    /// All rounds of a repeated activity.
    Repeated {
        /// How many rounds there are in all, where that is known beforehand.
        total: Option<u32>,
        /// How many have begun.
        begun: u32,
        /// How many have finished.
        done: u32,
        /// One after the other instead of all at once.
        sequential: bool,
    },
    /// One round of a repeated activity.
    Round {
        /// Counted from zero.
        index: u32,
    },
}

/// Where control stands on one branch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// The scope it moves in.
    pub scope: u64,
    /// The element it is at.
    pub element: Name,
    /// The how-manieth visit to the element this is, counted from one.
    pub occurrence: u32,
    /// When it came there.
    pub since: Timestamp,
    /// The flow it came by, where that matters (joins).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<Name>,
    /// Whether its number has been a task's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asked: bool,
    /// What it waits for.
    pub at: At,
}

/// What a token waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum At {
    /// Nothing: it moves on within the same event. No settled state holds such a token.
    Moving,
    /// A person (its task has the token's number).
    Task,
    /// One of its watches.
    Catch,
    /// The result of an effect.
    Effect {
        /// The effect's key.
        key: String,
    },
    /// An inner scope.
    Inside {
        /// The scope.
        scope: u64,
    },
    /// The other tokens of a join.
    Join,
    /// Somebody who looks after an incident.
    Incident {
        /// The incident.
        incident: u64,
    },
}

/// An open user task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The user task element.
    pub element: Name,
    /// Its evaluated name.
    pub name: Option<String>,
    /// Its evaluated description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who holds it.
    pub assignee: Option<String>,
    /// Who gets it back from a delegate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Who may and who may not take it.
    pub candidates: Candidates,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// When it was offered.
    pub created_at: Timestamp,
    /// When it was claimed or assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<Timestamp>,
    /// The name of a form elsewhere, where the definition gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Its priority, where the definition gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
    /// What it asks.
    pub prompts: Vec<Prompt>,
}

/// Who may and who may not take a task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidates {
    /// Members who may.
    pub users: Vec<String>,
    /// Groups whose members may.
    pub groups: Vec<String>,
    /// Members who may not.
    pub excluded: Vec<String>,
    /// Groups whose members may not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_groups: Vec<String>,
    /// Elements whose completers may not, whenever they complete them. The engine bars whoever had done so last when the
    /// task was offered; who keeps record of everybody bars them all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub completers_of: Vec<Name>,
}

/// Something an instance listens for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// The event element that goes on when it comes.
    pub element: Name,
    /// The scope it listens in.
    pub scope: u64,
    /// The token it belongs to; none for the start of an event sub-process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<u64>,
    /// What its coming does.
    pub role: Role,
    /// What it listens for.
    pub wait: Wait,
}

/// What the coming of an event does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The token goes on.
    Catch,
    /// The token goes on by this branch of its event-based gateway.
    Race,
    /// The activity is left by a boundary event.
    Interrupt,
    /// A branch starts at a boundary event beside the activity.
    Beside,
    /// An event sub-process takes the place of its scope's tokens.
    Replace,
    /// An event sub-process starts beside its scope's tokens.
    Accompany,
}

/// What is listened for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Wait {
    /// A moment.
    Timer {
        /// When.
        due: Timestamp,
        /// The repetition, where it fires more than once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cycle: Option<CycleLeft>,
    },
    /// A message.
    Message {
        /// Its name.
        name: String,
        /// The value it must carry, where the definition asks for one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        correlation: Option<String>,
    },
    /// A signal.
    Signal {
        /// Its name.
        name: String,
    },
    /// A condition over variables; `held` when it was true at the last look, so that it fires once each time it
    /// becomes true.
    Condition {
        /// Whether it was true at the last look.
        held: bool,
    },
    /// A trigger for a receive task.
    Receive {
        /// The message that triggers it too, where the definition names one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// The end of a job.
    Job {
        /// The job's definition.
        job: String,
    },
}

/// A repetition and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleLeft {
    /// The evaluated text, ISO 8601.
    pub text: String,
    /// When it was set: moments are counted from here, so that months keep their day.
    pub set_at: Timestamp,
    /// No firing after this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
    /// How many times it has fired or was passed over.
    pub fired: u32,
}

/// An effect whose result is not in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// What was asked for.
    pub effect: Arc<Effect>,
    /// The token that stands still for it, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<u64>,
    /// When it was asked for.
    pub since: Timestamp,
}

/// A branch that stopped because something went wrong there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// The element.
    pub element: Name,
    /// The token that stopped; none where an effect nobody waited for failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<u64>,
    /// The effect that failed, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
    /// Where a retry begins.
    pub phase: Phase,
    /// A stable word for what went wrong, such as `no-flow`.
    pub code: String,
    /// What went wrong, for people.
    pub message: String,
    /// When.
    pub at: Timestamp,
}

/// What the incident of a join is called whose branches never come.
pub(super) const STUCK: &str = "stuck";

/// Where the retry of an incident begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// The element is entered again.
    Enter,
    /// The element's work is done; its end listeners run again.
    Finish,
    /// The element is done; only the way on is looked for again.
    Leave,
}

/// How often and how long an element was visited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// How often a token came to it.
    pub entered: u32,
    /// How often one left it.
    pub left: u32,
    /// When a token first came.
    pub first_at: Timestamp,
    /// When a token last came or left.
    pub last_at: Timestamp,
    /// Time spent by all tokens that left, in milliseconds.
    pub spent_ms: i64,
    /// Who last completed it, for a user task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_by: Option<String>,
}

impl State {
    /// An instance that has not started.
    pub fn new(instance: impl Into<String>) -> Self {
        Self {
            instance: instance.into(),
            process: Name::from(""),
            initiator: None,
            started_at: None,
            ended_at: None,
            outcome: None,
            at: Timestamp::UNIX_EPOCH,
            serial: 0,
            scopes: BTreeMap::new(),
            tokens: BTreeMap::new(),
            tasks: BTreeMap::new(),
            watches: BTreeMap::new(),
            effects: BTreeMap::new(),
            incidents: BTreeMap::new(),
            passages: BTreeMap::new(),
        }
    }

    /// Whether it has ended.
    pub fn ended(&self) -> bool {
        self.ended_at.is_some()
    }

    /// Whether nothing can ever happen in it again although it has not ended: every branch waits at a join for others
    /// that do not come. Lint warns of drawings that lead here.
    pub fn is_stuck(&self) -> bool {
        self.started_at.is_some()
            && !self.ended()
            && self.tasks.is_empty()
            && self.watches.is_empty()
            && self.effects.is_empty()
            && self.incidents.is_empty()
    }

    /// Stops one branch of every join that is waited at, if the instance is stuck, so that somebody hears of it: a retry
    /// waits on, a skip goes on without those that do not come. Tells whether it was. Who applies events decides whether
    /// to ask: entries that were judged before there was this question are judged as they were.
    pub fn stop_if_stuck(&mut self, at: Timestamp) -> bool {
        if !self.is_stuck() {
            return false;
        }
        let mut joins = BTreeMap::new();
        for (id, token) in self.tokens.iter().filter(|(_, token)| token.at == At::Join) {
            joins.entry((token.scope, token.element.clone())).or_insert(*id);
        }
        for ((_, element), token) in joins {
            self.serial += 1;
            let incident = self.serial;
            if let Some(stopped) = self.tokens.get_mut(&token) {
                stopped.at = At::Incident { incident };
            }
            let message = format!(
                "everything waits at `{element}` for branches that never come; skip it to go on without them, or cancel"
            );
            self.incidents.insert(
                incident,
                Incident {
                    element,
                    token: Some(token),
                    effect: None,
                    phase: Phase::Enter,
                    code: STUCK.to_owned(),
                    message,
                    at,
                },
            );
        }
        true
    }

    /// The timers that run, with the number to fire them by, in due order.
    pub fn timers(&self) -> Vec<(u64, &Watch, Timestamp)> {
        let mut timers: Vec<_> = self
            .watches
            .iter()
            .filter_map(|(id, watch)| match &watch.wait {
                Wait::Timer { due, .. } => Some((*id, watch, *due)),
                _ => None,
            })
            .collect();
        timers.sort_by_key(|(id, _, due)| (*due, *id));
        timers
    }

    /// The variables of the process.
    pub fn variables(&self) -> Variables {
        self.scopes
            .values()
            .find(|scope| scope.parent.is_none())
            .map(|scope| scope.variables.clone())
            .unwrap_or_default()
    }

    /// The variables visible from a scope: its own and those of the scopes around it, up to its process.
    pub fn variables_in(&self, scope: u64) -> Variables {
        let mut all = Variables::new();
        let mut next = Some(scope);
        while let Some(scope) = next.and_then(|id| self.scopes.get(&id)) {
            for (name, value) in &scope.variables {
                all.entry(name.clone()).or_insert_with(|| value.clone());
            }
            next = if scope.kind == ScopeKind::Called { None } else { scope.parent };
        }
        all
    }

    /// The variables visible to an open task.
    pub fn variables_of_task(&self, task: u64) -> Variables {
        self.tokens.get(&task).map(|token| self.variables_in(token.scope)).unwrap_or_default()
    }

    /// The value of a variable as seen from a scope.
    pub fn variable(&self, scope: u64, name: &str) -> Option<&Value> {
        let mut next = Some(scope);
        while let Some(scope) = next.and_then(|id| self.scopes.get(&id)) {
            if let Some(value) = scope.variables.get(name) {
                return Some(value);
            }
            next = if scope.kind == ScopeKind::Called { None } else { scope.parent };
        }
        None
    }
}
