//! Playing a script.

use super::Failure;
use super::script::{Canned, Script, ScriptResult, ScriptStep};
use super::shown::{Shown, show};
use crate::engine::{
    Act, Action, Answer, Effect, Event, Library, Note, Person, Refusal, Reply, State, Variables, Wait,
    next_wait, standing,
};
use crate::model::{NodeKind, Text, Trigger};
use crate::time::IsoDuration;
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// More timers fired by one step are taken for a script that would never end.
const TIMERS_MAX: usize = 20_000;

/// More signals and messages thrown by one step are taken for two processes that call each other for ever.
const DELIVERIES_MAX: usize = 1_000;

/// More instances are not started in one rehearsal.
const INSTANCES_MAX: usize = 1_000;

/// All instances of a rehearsal, and what happened in the step being played.
pub(super) struct Played<'a> {
    library: &'a Library,
    script: &'a Script,
    clock: Timestamp,
    replies: Replies<'a>,
    pub(super) instances: Vec<State>,
    /// Timer starts of processes that the script has not started itself.
    pub(super) standing: Vec<Armed>,
    pub(super) notes: Vec<Note>,
    /// The status each effect that was asked for came back with, in order.
    pub(super) statuses: Vec<Option<u16>>,
}

/// A process that starts by a timer, before it does.
pub(super) struct Armed {
    process: String,
    pub(super) element: String,
    wait: Wait,
}

impl Armed {
    pub(super) fn due(&self) -> Option<Timestamp> {
        match self.wait {
            Wait::Timer { due, .. } => Some(due),
            _ => None,
        }
    }
}

/// Whose timer is the earliest.
enum Timed {
    /// An instance's.
    In { instance: usize, timer: u64 },
    /// That of a process which starts by it.
    Standing(usize),
}

/// Canned replies and how often each may still answer.
struct Replies<'a> {
    http: Vec<(&'a Canned, Option<u32>)>,
    scripts: &'a BTreeMap<String, ScriptResult>,
}

type Stop = (&'static str, String);

pub(super) fn play(library: &Library, script: &Script) -> (Vec<(Shown, Timestamp)>, Option<Failure>) {
    let mut played = Played {
        library,
        script,
        clock: script.clock,
        replies: Replies {
            http: script.http.iter().map(|canned| (canned, canned.times)).collect(),
            scripts: &script.scripts,
        },
        instances: Vec::new(),
        standing: Vec::new(),
        notes: Vec::new(),
        statuses: Vec::new(),
    };
    played.arm();
    let mut states = Vec::with_capacity(script.steps.len());
    for (index, step) in script.steps.iter().enumerate() {
        played.notes.clear();
        played.statuses.clear();
        if let Err((code, message)) = played.step(step) {
            return (states, Some(Failure { step: index + 1, code: code.to_owned(), message }));
        }
        states.push((show(&played), played.clock));
    }
    (states, None)
}

impl Played<'_> {
    fn step(&mut self, step: &ScriptStep) -> Result<(), Stop> {
        let given = step.variables.clone().unwrap_or_default();
        if let Some(own) = &step.start {
            let wanted = step.process.as_deref().or(self.script.process.as_deref());
            let mut variables = self.script.variables.clone();
            variables.extend(own.clone());
            return self.start(wanted, variables, step.by.as_deref());
        }
        if let Some(key) = &step.complete {
            return self.complete(key, step.answers.clone().unwrap_or_default(), step.by.as_deref());
        }
        if let Some(key) = &step.claim {
            let (instance, task) = self.find_task(key)?;
            return self.apply(instance, step.by.as_deref(), Act::Claim { task });
        }
        if let Some(duration) = &step.advance {
            return self.advance(duration);
        }
        if step.fire.is_some() {
            let Some((due, timed)) = self.earliest() else {
                return Err(("no-timer", "no timer runs; there is nothing to fire".to_owned()));
            };
            self.clock = self.clock.max(due);
            return self.fire(&timed);
        }
        if let Some(name) = &step.signal {
            return match self.broadcast(name, &given)? {
                0 => Err(("nothing-waits", format!("nothing waits for the signal `{name}`"))),
                _ => Ok(()),
            };
        }
        if let Some(name) = &step.message {
            return if self.deliver(name, step.correlation.as_deref(), &given)? {
                Ok(())
            } else {
                Err(("nothing-waits", format!("nothing waits for the message `{name}`")))
            };
        }
        if let Some(key) = &step.trigger {
            return self.trigger(key, given);
        }
        if let Some(key) = &step.retry {
            let (instance, incident) = self.find_incident(key)?;
            return self.apply(instance, step.by.as_deref(), Act::Retry { incident });
        }
        if let Some(key) = &step.skip {
            let (instance, incident) = self.find_incident(key)?;
            let reason = "rehearsed".to_owned();
            return self.apply(instance, step.by.as_deref(), Act::Skip { incident, reason });
        }
        if let Some(variables) = &step.set {
            let Some(instance) = self.instances.iter().position(|state| !state.ended()) else {
                return Err(("ended", "no instance runs; there is nothing to set variables in".to_owned()));
            };
            return self.apply(instance, None, Act::Set { variables: variables.clone(), scope: None });
        }
        Err(("step", "the step does nothing; give it one of start, complete, claim, advance, fire, signal, message, trigger, retry, skip, set".to_owned()))
    }

    fn start(&mut self, wanted: Option<&str>, variables: Variables, by: Option<&str>) -> Result<(), Stop> {
        let process = match wanted {
            Some(id) => self.library.process(id).map(|process| process.id.to_string()),
            None => self
                .library
                .definitions()
                .first()
                // A drawing that is not to be run can still be tried.
                .and_then(|definition| definition.process(None).or(definition.processes.first()))
                .map(|process| process.id.to_string()),
        };
        let Some(process) = process else {
            let message = match wanted {
                Some(id) => format!("there is no process `{id}` in these definitions"),
                None => "the definition has no process".to_owned(),
            };
            return Err(("no-process", message));
        };
        // Who starts a process by hand is not waiting for its timer.
        self.standing.retain(|armed| armed.process != process);
        self.begin(process, variables, None, by)
    }

    /// Sets the timers of processes that start by one. What cannot wait is the lint's to say.
    fn arm(&mut self) {
        let definitions = self.library.definitions().iter().flat_map(|definition| &definition.processes);
        for process in definitions.filter(|process| process.executable) {
            let found = standing(self.library, &process.id, &self.script.variables, self.clock);
            for start in found.unwrap_or_default() {
                if matches!(start.wait, Wait::Timer { .. }) {
                    let (process, element) = (process.id.to_string(), start.element.to_string());
                    self.standing.push(Armed { process, element, wait: start.wait });
                }
            }
        }
    }

    fn fire(&mut self, timed: &Timed) -> Result<(), Stop> {
        match *timed {
            Timed::In { instance, timer } => self.apply(instance, None, Act::Fire { timer }),
            Timed::Standing(index) => {
                let armed = &mut self.standing[index];
                let (process, element) = (armed.process.clone(), armed.element.clone());
                match next_wait(&armed.wait, self.clock).0 {
                    Some(wait) => armed.wait = wait,
                    None => drop(self.standing.remove(index)),
                }
                self.begin(process, self.script.variables.clone(), Some(element), None)
            }
        }
    }

    fn begin(
        &mut self,
        process: String,
        variables: Variables,
        begin: Option<String>,
        by: Option<&str>,
    ) -> Result<(), Stop> {
        if self.instances.len() >= INSTANCES_MAX {
            return Err(("too-many-instances", format!("more than {INSTANCES_MAX} instances were started")));
        }
        self.instances.push(State::new((self.instances.len() + 1).to_string()));
        let started = self.apply(self.instances.len() - 1, by, Act::Start { process, variables, begin });
        if started.is_err() {
            self.instances.pop();
        }
        started
    }

    /// Applies an event to an instance, and passes on what it throws to the others.
    fn apply(&mut self, instance: usize, by: Option<&str>, act: Act) -> Result<(), Stop> {
        let mut thrown = self.apply_alone(instance, by, act)?;
        let mut deliveries = 0;
        while let Some((from, effect)) = thrown.pop_front() {
            deliveries += 1;
            if deliveries > DELIVERIES_MAX {
                let message = format!("more than {DELIVERIES_MAX} signals and messages in one step");
                return Err(("loop", message));
            }
            let heard = match &effect.action {
                Action::Signal { name } => self.hearers(name, Some(from)),
                Action::Message { name, correlation } => {
                    self.receivers(name, correlation.as_deref()).into_iter().take(1).collect()
                }
                _ => continue,
            };
            for (at, act) in heard {
                thrown.extend(self.hear(at, act)?);
            }
        }
        Ok(())
    }

    fn apply_alone(
        &mut self,
        instance: usize,
        by: Option<&str>,
        act: Act,
    ) -> Result<VecDeque<(usize, Arc<Effect>)>, Stop> {
        let by = by.map(|id| Person { id: id.to_owned(), groups: None });
        let event = Event { at: self.clock, by, act };
        let (replies, statuses) = (&mut self.replies, &mut self.statuses);
        let mut answer = |effect: &Effect| replies.answer(effect, statuses);
        let notes = self.instances[instance]
            .apply_with(self.library, &event, Some(&mut answer))
            .map_err(|refusal| (code_of(&refusal), refusal.to_string()))?;
        let thrown = notes
            .iter()
            .filter_map(|note| match note {
                Note::Asked { effect } if !effect.awaited => Some((instance, effect.clone())),
                _ => None,
            })
            .collect();
        self.notes.extend(notes);
        Ok(thrown)
    }

    /// What hears a signal: running instances but the one it came from, and processes that start by it.
    fn hearers(&self, signal: &str, from: Option<usize>) -> Vec<(Option<usize>, Act)> {
        let mut heard: Vec<(Option<usize>, Act)> = Vec::new();
        for (index, state) in self.instances.iter().enumerate() {
            let waits = |wait: &Wait| matches!(wait, Wait::Signal { name } if name == signal);
            if Some(index) != from && state.watches.values().any(|watch| waits(&watch.wait)) {
                let act = Act::Signal { name: signal.to_owned(), variables: Variables::new() };
                heard.push((Some(index), act));
            }
        }
        heard
            .extend(self.starters(|trigger| matches!(trigger, Trigger::Signal { name } if is(name, signal))));
        heard
    }

    /// What receives a message: the first instance that waits for it, or else a process that starts by it.
    fn receivers(&self, message: &str, correlation: Option<&str>) -> Vec<(Option<usize>, Act)> {
        let waits = |wait: &Wait| match wait {
            Wait::Message { name, correlation: wanted } => {
                name == message && wanted.as_deref().is_none_or(|wanted| correlation == Some(wanted))
            }
            Wait::Receive { message: Some(name) } => name == message,
            _ => false,
        };
        let mut found: Vec<(Option<usize>, Act)> = Vec::new();
        for (index, state) in self.instances.iter().enumerate() {
            if state.watches.values().any(|watch| waits(&watch.wait)) {
                let act = Act::Message {
                    name: message.to_owned(),
                    correlation: correlation.map(str::to_owned),
                    variables: Variables::new(),
                };
                found.push((Some(index), act));
            }
        }
        found.extend(
            self.starters(|trigger| matches!(trigger, Trigger::Message { name, .. } if is(name, message))),
        );
        found
    }

    fn starters(&self, by: impl Fn(&Trigger) -> bool) -> Vec<(Option<usize>, Act)> {
        let mut starters = Vec::new();
        let processes = self.library.definitions().iter().flat_map(|definition| &definition.processes);
        for process in processes.filter(|process| process.executable) {
            for node in process.body.starts.iter().map(|ix| process.node(*ix)) {
                if let NodeKind::Start(start) = &node.kind
                    && start.trigger.as_ref().is_some_and(&by)
                {
                    let act = Act::Start {
                        process: process.id.to_string(),
                        variables: self.script.variables.clone(),
                        begin: Some(node.id.to_string()),
                    };
                    starters.push((None, act));
                }
            }
        }
        starters
    }

    fn hear(&mut self, at: Option<usize>, act: Act) -> Result<VecDeque<(usize, Arc<Effect>)>, Stop> {
        match at {
            // It may have ended by what was heard before.
            Some(index) if self.instances[index].ended() => Ok(VecDeque::new()),
            Some(index) => self.apply_alone(index, None, act),
            None => {
                if self.instances.len() >= INSTANCES_MAX {
                    return Err((
                        "too-many-instances",
                        format!("more than {INSTANCES_MAX} instances were started"),
                    ));
                }
                self.instances.push(State::new((self.instances.len() + 1).to_string()));
                self.apply_alone(self.instances.len() - 1, None, act)
            }
        }
    }

    fn broadcast(&mut self, signal: &str, variables: &Variables) -> Result<usize, Stop> {
        let heard = self.hearers(signal, None);
        let count = heard.len();
        for (at, act) in heard {
            self.hear_with(at, act, variables)?;
        }
        Ok(count)
    }

    fn deliver(
        &mut self,
        message: &str,
        correlation: Option<&str>,
        variables: &Variables,
    ) -> Result<bool, Stop> {
        match self.receivers(message, correlation).into_iter().next() {
            Some((at, act)) => self.hear_with(at, act, variables).map(|()| true),
            None => Ok(false),
        }
    }

    /// Lets an instance hear something with the variables it brings, and passes on what that throws.
    fn hear_with(&mut self, at: Option<usize>, act: Act, brought: &Variables) -> Result<(), Stop> {
        let with = |variables: Variables| variables.into_iter().chain(brought.clone()).collect();
        let act = match act {
            Act::Signal { name, variables } => Act::Signal { name, variables: with(variables) },
            Act::Message { name, correlation, variables } => {
                Act::Message { name, correlation, variables: with(variables) }
            }
            Act::Start { process, variables, begin } => {
                return self.begin(process, with(variables), begin, None);
            }
            other => other,
        };
        match at {
            Some(index) if !self.instances[index].ended() => self.apply(index, None, act),
            _ => Ok(()),
        }
    }

    fn complete(&mut self, key: &str, answers: Variables, by: Option<&str>) -> Result<(), Stop> {
        let tasks = match key {
            "*all" => self.open_tasks(),
            "*any" => self.open_tasks().into_iter().take(1).collect(),
            key => vec![self.find_task(key)?],
        };
        if tasks.is_empty() {
            return Err(("no-task", "no task is open; there is nothing to complete".to_owned()));
        }
        for (instance, task) in tasks {
            // Completing one may have ended another.
            if self.instances[instance].tasks.contains_key(&task) {
                self.apply(instance, by, Act::Complete { task, answers: answers.clone() })?;
            }
        }
        Ok(())
    }

    fn trigger(&mut self, key: &str, variables: Variables) -> Result<(), Stop> {
        let found = self.instances.iter().enumerate().find_map(|(index, state)| {
            state.watches.iter().find_map(|(id, watch)| {
                let waits = matches!(watch.wait, Wait::Receive { .. } | Wait::Job { .. });
                let name = self.element_name(state, watch.scope, &watch.element);
                (waits && named(key, &watch.element, name.as_deref())).then_some((index, *id))
            })
        });
        match found {
            Some((instance, waiting)) => self.apply(instance, None, Act::Trigger { waiting, variables }),
            None => Err(("nothing-waits", format!("no receive task or job `{key}` waits"))),
        }
    }

    fn advance(&mut self, duration: &str) -> Result<(), Stop> {
        let until = IsoDuration::parse(duration)
            .map_err(|error| ("duration", error.to_string()))?
            .after(self.clock)
            .ok_or_else(|| ("duration", format!("`{duration}` leads outside the calendar")))?;
        let mut fired = 0;
        while let Some((due, timed)) = self.earliest().filter(|(due, _)| *due <= until) {
            fired += 1;
            if fired > TIMERS_MAX {
                return Err((
                    "too-many-timers",
                    format!("more than {TIMERS_MAX} timers fell due; advance by less"),
                ));
            }
            self.clock = self.clock.max(due);
            self.fire(&timed)?;
        }
        self.clock = self.clock.max(until);
        Ok(())
    }

    fn earliest(&self) -> Option<(Timestamp, Timed)> {
        let timers =
            self.instances.iter().enumerate().flat_map(|(index, state)| {
                state.timers().into_iter().map(move |(id, _, due)| (due, index, id))
            });
        let running = timers.min().map(|(due, instance, timer)| (due, Timed::In { instance, timer }));
        let standing =
            self.standing.iter().enumerate().filter_map(|(at, armed)| Some((armed.due()?, at))).min();
        let standing = standing.map(|(due, at)| (due, Timed::Standing(at)));
        running.into_iter().chain(standing).min_by_key(|(due, _)| *due)
    }

    /// Open tasks, in document order.
    pub(super) fn open_tasks(&self) -> Vec<(usize, u64)> {
        let mut tasks = Vec::new();
        for (index, state) in self.instances.iter().enumerate() {
            for (id, task) in &state.tasks {
                let scope = state.tokens.get(id).map(|token| token.scope);
                let position = scope
                    .and_then(|scope| self.library.process(&state.scopes.get(&scope)?.process))
                    .and_then(|process| Some(process.node(process.find(&task.element)?).position));
                tasks.push((index, position, *id));
            }
        }
        tasks.sort_unstable();
        tasks.into_iter().map(|(index, _, id)| (index, id)).collect()
    }

    fn find_task(&self, key: &str) -> Result<(usize, u64), Stop> {
        let found = self.open_tasks().into_iter().find(|(index, id)| {
            self.instances[*index]
                .tasks
                .get(id)
                .is_some_and(|task| named(key, &task.element, task.name.as_deref()))
        });
        found.ok_or_else(|| ("no-task", format!("no task `{key}` is open")))
    }

    fn find_incident(&self, key: &str) -> Result<(usize, u64), Stop> {
        let found = self.instances.iter().enumerate().find_map(|(index, state)| {
            state.incidents.iter().find_map(|(id, incident)| {
                let scope =
                    incident.token.and_then(|token| state.tokens.get(&token)).map(|token| token.scope);
                let name = scope.and_then(|scope| self.element_name(state, scope, &incident.element));
                named(key, &incident.element, name.as_deref()).then_some((index, *id))
            })
        });
        found.ok_or_else(|| ("no-incident", format!("no incident is open at `{key}`")))
    }

    /// The name of an element as the definition writes it.
    pub(super) fn element_name(&self, state: &State, scope: u64, element: &str) -> Option<String> {
        let process = self.library.process(&state.scopes.get(&scope)?.process)?;
        process.node(process.find(element)?).name.clone()
    }
}

impl Replies<'_> {
    fn answer(&mut self, effect: &Effect, statuses: &mut Vec<Option<u16>>) -> Answer {
        let (status, answer) = match &effect.action {
            Action::Http { method, url, .. } => self.call(method, url),
            Action::Script { text, .. } => (None, self.run(text)),
            _ => (None, Answer::Succeeded(Reply::default())),
        };
        statuses.push(status);
        answer
    }

    fn call(&mut self, method: &str, url: &str) -> (Option<u16>, Answer) {
        let found = self.http.iter_mut().find(|(canned, left)| {
            *left != Some(0)
                && (canned.method == "*" || canned.method.eq_ignore_ascii_case(method))
                && fits(&canned.url, url)
        });
        let Some((canned, left)) = found else {
            let message = format!("`{method} {url}` could not be reached: no reply of the script matches");
            return (None, Answer::Failed { message, error: None });
        };
        if let Some(left) = left {
            *left -= 1;
        }
        let body = match &canned.body {
            serde_json::Value::Null => None,
            serde_json::Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let reply = Reply { status: Some(canned.status), body, outputs: Variables::new() };
        (Some(canned.status), Answer::Succeeded(reply))
    }

    fn run(&self, text: &str) -> Answer {
        let trimmed = text.trim();
        let result = self.scripts.iter().find(|(known, _)| known.trim() == trimmed).map(|(_, result)| result);
        match result {
            None => Answer::Succeeded(Reply::default()),
            Some(ScriptResult { set, error }) => Answer::Computed { set: set.clone(), error: error.clone() },
        }
    }
}

/// Whether a key names an element: `#` and its id, or its name.
fn named(key: &str, element: &str, name: Option<&str>) -> bool {
    match key.strip_prefix('#') {
        Some(id) => id == element || name == Some(key),
        None => name == Some(key),
    }
}

fn is(text: &Text, wanted: &str) -> bool {
    matches!(text, Text::Literal(text) if text == wanted)
}

/// Whether a text fits a pattern in which `*` stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn code_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Ended(_) => "ended",
        Refusal::Order(_) => "order",
        Refusal::NotFound { .. } => "not-found",
        Refusal::Held { .. } => "held",
        Refusal::Barred { .. } => "barred",
        Refusal::Answer { .. } => "answer",
    }
}
