//! The engine: a pure function from an instance's state and an event to its next state and what it asks of the
//! outside world. The clock, identifiers and answers come in with the event; nothing is read from anywhere else.

mod effect;
mod event;
mod migration;
mod reason;
mod run;
mod state;
mod tries;

pub(crate) use run::Answer;

pub use effect::{Action, Effect, Note, Sent};
pub use event::{Act, Event, Person, Reply, Variables};
pub use migration::{Found, Move, Plan, Remark, migrate};
pub use reason::Reason;
pub use run::{Standing, next_wait, standing};
pub use state::{
    At, Candidates, CycleLeft, Incident, Outcome, Passage, Pending, Phase, Role, Scope, ScopeKind, State,
    Task, Token, Wait, Watch,
};
pub use tries::{NextTry, next_try};

use crate::model::{Definition, Process};
use std::collections::BTreeMap;
use std::sync::Arc;

/// More elements passed without waiting, in one event, are taken for a loop: an incident stops the branch.
pub const STEPS_MAX: usize = 10_000;

/// The definitions an instance may run: its own first, then those it may call.
#[derive(Debug, Clone, Default)]
pub struct Library {
    definitions: Vec<Arc<Definition>>,
    processes: BTreeMap<String, (usize, usize)>,
    /// Whether events are judged as they once were: messages are thrown without the value they carry, a task takes the
    /// number of the one before it on its branch, and what a skipped element listened for is listened for on.
    as_once: bool,
}

/// What an event led to.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Where the instance stands now.
    pub state: State,
    /// What the outside world is asked to do, in order.
    pub effects: Vec<Arc<Effect>>,
    /// What happened, in order; the effects are in it too, where they came.
    pub notes: Vec<Note>,
}

/// A rule's "no": the event does not apply, and the state is what it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The instance has ended.
    #[error("instance `{0}` has ended; nothing more can happen in it")]
    Ended(String),
    /// A start of an instance that runs already, or anything else of one that does not.
    #[error("{0}")]
    Order(Reason),
    /// No such process, task, timer, effect or incident, or no longer.
    #[error("there is no {what} `{id}` in this instance, or no longer; reload and look again")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Its number, key or name.
        id: String,
    },
    /// Somebody else holds the task.
    #[error("`{holder}` has claimed `{task}`; ask them to release it, or an administrator to reassign it")]
    Held {
        /// The task's name.
        task: String,
        /// Who holds it.
        holder: String,
    },
    /// The person may not take this task.
    #[error("`{person}` may not take `{task}`: {why}")]
    Barred {
        /// The task's name.
        task: String,
        /// The person.
        person: String,
        /// The rule.
        why: Reason,
    },
    /// An answer is missing, of the wrong type or not one of the choices.
    #[error("the answer to `{question}` {problem}")]
    Answer {
        /// The question.
        question: String,
        /// The variable it sets.
        variable: String,
        /// What is wrong and what would do.
        problem: Reason,
    },
}

/// Applies one event: the pure function. A refused event leaves nothing behind.
pub fn step(library: &Library, state: &State, event: &Event) -> Result<Step, Refusal> {
    let mut state = state.clone();
    let notes = state.apply(library, event)?;
    let effects = notes
        .iter()
        .filter_map(|note| match note {
            Note::Asked { effect } => Some(effect.clone()),
            _ => None,
        })
        .collect();
    Ok(Step { state, effects, notes })
}

impl Library {
    /// A library of one definition.
    pub fn new(definition: Arc<Definition>) -> Self {
        Self::default().with(definition)
    }

    /// The same with one more definition; of two processes with one id, the one added first counts.
    pub fn with(mut self, definition: Arc<Definition>) -> Self {
        let at = self.definitions.len();
        for (index, process) in definition.processes.iter().enumerate() {
            self.processes.entry(process.id.to_string()).or_insert((at, index));
        }
        self.definitions.push(definition);
        self
    }

    /// The same for events that were judged before thrown messages carried a value, every task had a number of its own and
    /// nothing was left of what is skipped: they are judged as they were.
    pub fn judging_as_once(mut self) -> Self {
        self.as_once = true;
        self
    }

    /// Whether events are judged as they once were.
    pub(crate) fn judges_as_once(&self) -> bool {
        self.as_once
    }

    /// The process of that id.
    pub fn process(&self, id: &str) -> Option<&Process> {
        let (definition, process) = self.processes.get(id)?;
        self.definitions[*definition].processes.get(*process)
    }

    /// All definitions, in the order they were added.
    pub fn definitions(&self) -> &[Arc<Definition>] {
        &self.definitions
    }
}
