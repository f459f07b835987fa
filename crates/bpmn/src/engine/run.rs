//! How an event moves tokens.
//!
//! Work is queued and done first in, first out, as in Flowable: two branches advance in turn, not one before the
//! other. Every element does its own work at once when its turn comes; only the way on is queued again.

mod actions;
mod arrange;
mod condition;
mod enter;
mod error;
mod escape;
mod flow;
mod listen;
mod people;
mod repeat;
mod scope;
mod service;
mod stand;
mod task;
mod watch;

use super::{
    Act, At, Candidates, CycleLeft, Effect, Event, Incident, Library, Note, Passage, Phase, Reason, Refusal,
    Reply, STEPS_MAX, State, Token, Variables,
};
use crate::expression::{Assignment, Expression, ExpressionError, Scope as Lookup};
use crate::model::{Name, Node, NodeIx, Process, Text};
use crate::{Value, time};
use jiff::Timestamp;
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;

pub(crate) use arrange::Arrangement;
pub use stand::{Standing, next_wait, standing};

/// What stands in for the outside world while a definition is rehearsed: it answers an effect at once.
pub(crate) type Answerer<'a> = &'a mut dyn FnMut(&Effect) -> Answer;

/// An answer given at once.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// None: the effect stays pending.
    Later,
    /// The effect was carried out.
    Succeeded(Reply),
    /// It failed, with the BPMN error to throw if it is one.
    Failed { message: String, error: Option<String> },
    /// It set variables, whose texts may hold expressions, and then threw the BPMN error if there is one.
    Computed { set: Variables, error: Option<String> },
}

/// Why a branch stops.
#[derive(Debug, Clone)]
pub(crate) enum Problem {
    /// An incident, with a stable word and a message.
    Incident(&'static str, String),
}

impl From<ExpressionError> for Problem {
    fn from(error: ExpressionError) -> Self {
        Problem::Incident("expression", error.to_string())
    }
}

impl From<time::TimeError> for Problem {
    fn from(error: time::TimeError) -> Self {
        Problem::Incident("time", error.to_string())
    }
}

/// A piece of queued work.
#[derive(Debug)]
enum Work {
    /// A token has come to an element.
    Enter(u64),
    /// A token goes on from an element that is done.
    Leave(u64),
    /// Something that was listened for has come.
    Trigger(u64),
}

/// One event being applied.
struct Run<'a> {
    library: &'a Library,
    state: &'a mut State,
    at: Timestamp,
    notes: Vec<Note>,
    agenda: VecDeque<Work>,
    steps: usize,
    answerer: Option<Answerer<'a>>,
    /// Who is responsible for the activity whose boundary event is coming.
    attached: Option<Candidates>,
    /// What the job whose end is coming ended as.
    job_state: Option<Value>,
    /// What was looked up last.
    last_process: Cell<Option<&'a Process>>,
    last_node: Cell<Option<NodeIx>>,
}

impl State {
    /// Applies one event in place and tells what happened, in order. After a refusal the state is what it was.
    pub fn apply(&mut self, library: &Library, event: &Event) -> Result<Vec<Note>, Refusal> {
        self.apply_with(library, event, None)
    }

    /// The same, with somebody to answer effects at once.
    pub(crate) fn apply_with<'a>(
        &'a mut self,
        library: &'a Library,
        event: &Event,
        answerer: Option<Answerer<'a>>,
    ) -> Result<Vec<Note>, Refusal> {
        let started = self.started_at.is_some();
        match &event.act {
            Act::Start { .. } if started => {
                let english = format!("instance `{}` has started already", self.instance);
                let why = Reason::new("engine-started-already", english).with("instance", &self.instance);
                return Err(Refusal::Order(why));
            }
            Act::Start { .. } => {}
            _ if !started => {
                let english = format!("instance `{}` has not started; start it first", self.instance);
                let why = Reason::new("engine-not-started", english).with("instance", &self.instance);
                return Err(Refusal::Order(why));
            }
            // What an ended instance asked for may still be answered.
            Act::EffectSucceeded { .. } | Act::EffectFailed { .. } => {}
            Act::Retry { .. } | Act::Skip { .. } => {}
            _ if self.ended() => return Err(Refusal::Ended(self.instance.clone())),
            _ => {}
        }
        let mut run = Run::over(library, self, event.at, answerer);
        run.act(event)?;
        run.settle();
        run.state.at = event.at;
        Ok(run.notes)
    }
}

impl<'a> Run<'a> {
    fn over(
        library: &'a Library,
        state: &'a mut State,
        at: Timestamp,
        answerer: Option<Answerer<'a>>,
    ) -> Self {
        Run {
            library,
            state,
            at,
            notes: Vec::new(),
            agenda: VecDeque::new(),
            steps: 0,
            answerer,
            attached: None,
            job_state: None,
            last_process: Cell::new(None),
            last_node: Cell::new(None),
        }
    }

    /// Works until nothing moves any more.
    fn settle(&mut self) {
        loop {
            while let Some(work) = self.agenda.pop_front() {
                match work {
                    Work::Enter(token) => self.enter(token),
                    Work::Leave(token) => self.leave(token),
                    Work::Trigger(watch) => self.trigger(watch),
                }
            }
            if self.state.ended() || !(self.open_inclusive_joins() || self.check_conditions()) {
                return;
            }
        }
    }

    fn next_serial(&mut self) -> u64 {
        self.state.serial += 1;
        self.state.serial
    }

    /// The process that a scope's elements belong to. A library that lacks it stops the branch, it never panics.
    fn process_of(&self, scope: u64) -> Option<&'a Process> {
        let wanted = &self.state.scopes.get(&scope)?.process;
        // Most of an event happens in one process: the last one found is usually the one wanted.
        if let Some(last) = self.last_process.get().filter(|last| last.id == *wanted) {
            return Some(last);
        }
        let found = self.library.process(wanted);
        self.last_process.set(found);
        found
    }

    /// The process and element a token is at.
    fn place(&self, token: u64) -> Option<(&'a Process, &'a Node)> {
        let token = self.state.tokens.get(&token)?;
        let process = self.process_of(token.scope)?;
        // The same element is asked for several times in a row.
        if let Some(last) = self.last_node.get()
            && let Some(node) = process.nodes.get(last.0 as usize)
            && Arc::ptr_eq(&node.id, &token.element)
        {
            return Some((process, node));
        }
        let ix = process.find(&token.element)?;
        self.last_node.set(Some(ix));
        Some((process, process.node(ix)))
    }

    fn new_token(&mut self, scope: u64, element: &Name) -> u64 {
        let id = self.next_serial();
        let token = Token {
            scope,
            element: element.clone(),
            occurrence: 0,
            since: self.at,
            via: None,
            asked: false,
            at: At::Moving,
        };
        self.state.tokens.insert(id, token);
        id
    }

    /// Counts a token's coming to its element.
    fn arrive(&mut self, id: u64) {
        let Some(token) = self.state.tokens.get_mut(&id) else { return };
        let passage = self.state.passages.entry(token.element.clone()).or_insert(Passage {
            entered: 0,
            left: 0,
            first_at: self.at,
            last_at: self.at,
            spent_ms: 0,
            completed_by: None,
        });
        passage.entered += 1;
        passage.last_at = self.at;
        token.occurrence = passage.entered;
        token.since = self.at;
        self.notes.push(Note::Entered { element: token.element.clone() });
    }

    /// Counts a token's leaving its element.
    fn depart(&mut self, id: u64) {
        let Some(token) = self.state.tokens.get(&id) else { return };
        if let Some(passage) = self.state.passages.get_mut(&token.element) {
            passage.left += 1;
            passage.last_at = self.at;
            passage.spent_ms += self.at.as_millisecond() - token.since.as_millisecond();
        }
    }

    /// Stops a token with an incident.
    fn stop(&mut self, token: u64, phase: Phase, problem: Problem) {
        let Problem::Incident(code, message) = problem;
        self.stop_with(token, phase, code, message, None);
    }

    fn stop_with(&mut self, token: u64, phase: Phase, code: &str, message: String, effect: Option<String>) {
        let incident = self.next_serial();
        let Some(stopped) = self.state.tokens.get_mut(&token) else { return };
        stopped.at = At::Incident { incident };
        let element = stopped.element.clone();
        self.notes.push(Note::Stopped { element: element.clone(), message: message.clone() });
        self.state.incidents.insert(
            incident,
            Incident {
                element,
                token: Some(token),
                effect,
                phase,
                code: code.to_owned(),
                message,
                at: self.at,
            },
        );
    }

    /// Whether the loop guard has had enough; the token is stopped then.
    fn exhausted(&mut self, token: u64) -> bool {
        self.steps += 1;
        if self.steps <= STEPS_MAX {
            return false;
        }
        let message = format!(
            "more than {STEPS_MAX} elements without waiting; break the loop with a timer or a person"
        );
        self.stop(token, Phase::Enter, Problem::Incident("loop", message));
        true
    }

    // --- Expressions and variables.

    fn view<'s>(&'s self, scope: u64, token: Option<u64>) -> View<'s> {
        View { state: self.state, scope, token, extra: None }
    }

    fn evaluate(
        &mut self,
        expression: &Expression,
        scope: u64,
        token: Option<u64>,
    ) -> Result<Value, Problem> {
        let evaluation = expression.run(&self.view(scope, token))?;
        self.assign_all(scope, evaluation.assignments);
        Ok(evaluation.value)
    }

    /// Applies what an expression set.
    fn assign_all(&mut self, scope: u64, assignments: Vec<Assignment>) {
        for set in assignments {
            match self.state.scopes.get_mut(&scope) {
                Some(here) if set.local => {
                    here.variables.insert(set.name, set.value);
                }
                _ => self.set_variable(scope, &set.name, set.value),
            }
        }
    }

    /// The same as [`Run::text`], without a copy of what needs no evaluation.
    fn text_seen(&mut self, text: &'a Text, scope: u64, token: Option<u64>) -> Result<Cow<'a, str>, Problem> {
        match text {
            Text::Literal(text) => Ok(Cow::Borrowed(text)),
            Text::Expression(_) => self.text(text, scope, token).map(Cow::Owned),
        }
    }

    fn text(&mut self, text: &Text, scope: u64, token: Option<u64>) -> Result<String, Problem> {
        Ok(match self.value(text, scope, token)? {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        })
    }

    fn value(&mut self, text: &Text, scope: u64, token: Option<u64>) -> Result<Value, Problem> {
        match text {
            Text::Literal(text) => Ok(Value::String(text.clone())),
            Text::Expression(expression) => self.evaluate(expression, scope, token),
        }
    }

    fn holds(&self, condition: &Expression, scope: u64, token: Option<u64>) -> Result<bool, Problem> {
        Ok(condition.evaluate_boolean(&self.view(scope, token))?)
    }

    /// Sets a variable where it is visible now, or else in the process.
    fn set_variable(&mut self, scope: u64, name: &str, value: Value) {
        let mut at = scope;
        while let Some(here) = self.state.scopes.get_mut(&at) {
            if let Some(known) = here.variables.get_mut(name) {
                *known = value;
                return;
            }
            match here.parent {
                Some(parent) if here.kind != super::ScopeKind::Called => at = parent,
                _ => {
                    here.variables.insert(name.to_owned(), value);
                    return;
                }
            }
        }
    }

    fn set_variables(&mut self, scope: u64, variables: &Variables) {
        for (name, value) in variables {
            self.set_variable(scope, name, value.clone());
        }
    }
}

/// Variables as an expression sees them from one place.
struct View<'s> {
    state: &'s State,
    scope: u64,
    token: Option<u64>,
    extra: Option<&'s Variables>,
}

impl Lookup for View<'_> {
    fn get(&self, name: &str) -> Option<Cow<'_, Value>> {
        if let Some(value) = self.extra.and_then(|extra| extra.get(name)) {
            return Some(Cow::Borrowed(value));
        }
        self.state.variable(self.scope, name).map(Cow::Borrowed)
    }

    fn property(&self, object: &str, property: &str) -> Option<Value> {
        let token = self.token.and_then(|token| self.state.tokens.get(&token));
        let task = self.token.and_then(|token| self.state.tasks.get(&token));
        let text = |text: &str| Some(Value::from(text));
        match (object, property) {
            (
                "execution",
                "processInstanceId" | "rootProcessInstanceId" | "id" | "processInstanceBusinessKey",
            ) => text(&self.state.instance),
            ("execution", "processDefinitionId" | "processDefinitionKey") => {
                text(&self.state.scopes.get(&self.scope)?.process)
            }
            ("execution", "currentActivityId" | "activityId") => text(&token?.element),
            ("task", "id") => self.token.map(|token| Value::from(token.to_string())),
            ("task", "name") => Some(task?.name.clone().map_or(Value::Null, Value::from)),
            ("task", "assignee") => Some(task?.assignee.clone().map_or(Value::Null, Value::from)),
            ("task", "owner") => Some(task?.owner.clone().map_or(Value::Null, Value::from)),
            ("task", "taskDefinitionKey") => text(&task?.element),
            _ => None,
        }
    }
}
