//! Listening for timers, messages, signals, conditions and triggers, and what their coming does.

use super::super::{Role, Wait, Watch};
use super::stand::next_tick;
use super::*;
use crate::model::{Body, NodeKind, Timer, Trigger};
use crate::time::{Cycle, due_date};

impl<'a> Run<'a> {
    fn listen(&mut self, watch: Watch) -> u64 {
        let id = self.next_serial();
        self.state.watches.insert(id, watch);
        id
    }

    pub(super) fn unwatch(&mut self, token: u64) {
        self.state.watches.retain(|_, watch| watch.token != Some(token));
    }

    /// What a trigger waits for, evaluated; `None` for what is looked up when it is thrown.
    pub(super) fn wait(
        &mut self,
        trigger: &'a Trigger,
        scope: u64,
        token: Option<u64>,
    ) -> Result<Option<Wait>, Problem> {
        Ok(Some(match trigger {
            Trigger::Timer(timer) => self.timer(timer, scope, token)?,
            Trigger::Message { name, correlation } => Wait::Message {
                name: self.text(name, scope, token)?,
                correlation: correlation.as_ref().map(|text| self.text(text, scope, token)).transpose()?,
            },
            Trigger::Signal { name } => Wait::Signal { name: self.text(name, scope, token)? },
            Trigger::Condition { .. } => Wait::Condition { held: false },
            Trigger::Error { .. }
            | Trigger::Escalation { .. }
            | Trigger::Link { .. }
            | Trigger::Compensation => {
                return Ok(None);
            }
        }))
    }

    fn timer(&mut self, timer: &'a Timer, scope: u64, token: Option<u64>) -> Result<Wait, Problem> {
        let (text, end) = match timer {
            Timer::Date(text) | Timer::Duration(text) => {
                let due = due_date(&self.text(text, scope, token)?, self.at)?;
                return Ok(Wait::Timer { due, cycle: None });
            }
            Timer::Cycle { cycle, end } => (self.text(cycle, scope, token)?, end),
        };
        let end = match end {
            Some(end) => Some(due_date(&self.text(end, scope, token)?, self.at)?),
            None => None,
        };
        let first = Cycle::parse(&text)?.next(self.at, self.at, 0);
        let Some(due) = first.filter(|due| end.is_none_or(|end| *due <= end)) else {
            return Err(Problem::Incident("time", format!("the cycle `{text}` never fires; correct it")));
        };
        Ok(Wait::Timer { due, cycle: Some(CycleLeft { text, set_at: self.at, end, fired: 0 }) })
    }

    pub(super) fn catch(&mut self, token: u64, node: &'a Node, trigger: &'a Trigger, role: Role) {
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return };
        match self.wait(trigger, scope, Some(token)) {
            Ok(Some(wait)) => {
                if let Some(token) = self.state.tokens.get_mut(&token) {
                    token.at = At::Catch;
                }
                self.listen(Watch { element: node.id.clone(), scope, token: Some(token), role, wait });
            }
            Ok(None) => self.finish(token),
            Err(problem) => self.stop(token, Phase::Enter, problem),
        }
    }

    pub(super) fn receive(&mut self, token: u64, node: &'a Node, message: Option<&'a Text>, role: Role) {
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return };
        match message.map(|message| self.text(message, scope, Some(token))).transpose() {
            Ok(message) => {
                if let Some(token) = self.state.tokens.get_mut(&token) {
                    token.at = At::Catch;
                }
                let wait = Wait::Receive { message };
                self.listen(Watch { element: node.id.clone(), scope, token: Some(token), role, wait });
            }
            Err(problem) => self.stop(token, Phase::Enter, problem),
        }
    }

    pub(super) fn wait_for_job(&mut self, token: u64, job: String) {
        let Some(waiting) = self.state.tokens.get_mut(&token) else { return };
        waiting.at = At::Catch;
        let (element, scope) = (waiting.element.clone(), waiting.scope);
        self.listen(Watch { element, scope, token: Some(token), role: Role::Catch, wait: Wait::Job { job } });
    }

    /// An event-based gateway listens for the events of all its branches at once.
    pub(super) fn race(&mut self, token: u64, process: &'a Process, node: &'a Node) {
        for flow in &node.outgoing {
            let target = process.node(process.flow(*flow).target);
            match &target.kind {
                NodeKind::Catch(trigger) => self.catch(token, target, trigger, Role::Race),
                NodeKind::Receive { message } => self.receive(token, target, message.as_ref(), Role::Race),
                _ => {}
            }
            if !matches!(self.state.tokens.get(&token).map(|token| &token.at), Some(At::Catch)) {
                return self.unwatch(token);
            }
        }
    }

    /// Listens at an activity's boundary. A condition that holds already fires before the activity does anything.
    pub(super) fn watch_boundary(&mut self, token: u64, process: &'a Process, node: &'a Node) {
        self.watch_boundary_of(token, process, node, |_| true);
    }

    /// The same for those events of the boundary that are wanted.
    pub(super) fn watch_boundary_of(
        &mut self,
        token: u64,
        process: &'a Process,
        node: &'a Node,
        wanted: impl Fn(&Node) -> bool,
    ) {
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return };
        for event in node.boundary.iter().map(|ix| process.node(*ix)).filter(|event| wanted(event)) {
            let NodeKind::Boundary(boundary) = &event.kind else { continue };
            let known = |watch: &Watch| watch.token == Some(token) && watch.element == event.id;
            if self.state.watches.values().any(known) {
                continue;
            }
            let role = if boundary.interrupting { Role::Interrupt } else { Role::Beside };
            match self.wait(&boundary.trigger, scope, Some(token)) {
                Ok(Some(wait)) => {
                    self.listen(Watch { element: event.id.clone(), scope, token: Some(token), role, wait });
                }
                Ok(None) => {}
                Err(problem) => return self.stop(token, Phase::Enter, problem),
            }
        }
        self.fire_held(|watch| watch.token == Some(token));
    }

    /// Listens for the events that start a level's event sub-processes.
    pub(super) fn watch_event_subprocesses(&mut self, scope: u64, process: &'a Process, body: &'a Body) {
        self.watch_event_subprocesses_of(scope, process, body, |_| true);
    }

    /// The same for those start events that are wanted.
    pub(super) fn watch_event_subprocesses_of(
        &mut self,
        scope: u64,
        process: &'a Process,
        body: &'a Body,
        wanted: impl Fn(&Node) -> bool,
    ) {
        for ix in &body.event_subprocesses {
            let NodeKind::SubProcess(sub) = &process.node(*ix).kind else { continue };
            let Some(event) = sub.body.starts.first().map(|start| process.node(*start)) else { continue };
            let NodeKind::Start(start) = &event.kind else { continue };
            if !wanted(event) {
                continue;
            }
            let Some(trigger) = &start.trigger else { continue };
            let role = if start.interrupting { Role::Replace } else { Role::Accompany };
            match self.wait(trigger, scope, None) {
                Ok(Some(wait)) => {
                    self.listen(Watch { element: event.id.clone(), scope, token: None, role, wait });
                }
                Ok(None) => {}
                Err(problem) => {
                    // Nobody stands there yet: the incident takes the place of the event sub-process.
                    let token = self.new_token(scope, &process.node(*ix).id);
                    self.arrive(token);
                    self.stop(token, Phase::Leave, problem);
                }
            }
        }
        self.fire_held(|watch| watch.token.is_none() && watch.scope == scope);
    }

    /// Something that was listened for has come.
    pub(super) fn trigger(&mut self, id: u64) {
        let Some(watch) = self.state.watches.get(&id).cloned() else { return };
        match (watch.role, watch.token) {
            (Role::Catch, Some(token)) => {
                self.unwatch(token);
                self.finish(token);
            }
            (Role::Race, Some(token)) => {
                self.unwatch(token);
                self.depart(token);
                self.come_to(token, &watch.element);
            }
            (Role::Interrupt, Some(token)) => {
                self.attached = Some(self.owners_at(token));
                self.clear(token);
                self.depart(token);
                self.come_to(token, &watch.element);
            }
            (Role::Beside, Some(token)) => {
                self.attached = Some(self.owners_at(token));
                self.forget_if_once(id);
                let branch = self.new_token(watch.scope, &watch.element);
                self.come_to(branch, &watch.element);
            }
            (Role::Replace | Role::Accompany, _) => {
                if watch.role == Role::Replace {
                    self.replace(watch.scope);
                } else {
                    self.forget_if_once(id);
                }
                self.open_event_subprocess(watch.scope, &watch.element);
            }
            (_, None) => {}
        }
        self.attached = None;
    }

    /// Everything in a scope makes room for an interrupting event sub-process.
    pub(super) fn replace(&mut self, scope: u64) {
        self.cancel_inside(scope);
        self.state.watches.retain(|_, watch| watch.token.is_some() || watch.scope != scope);
    }

    /// A token comes to an event element whose event has come already.
    pub(super) fn come_to(&mut self, token: u64, element: &Name) {
        if let Some(token) = self.state.tokens.get_mut(&token) {
            token.element = element.clone();
            token.at = At::Moving;
        }
        self.arrive(token);
        let Some((_, node)) = self.place(token) else {
            return self.lost(token);
        };
        self.address_from_boundary(token, node);
        match self.run_listeners(token, node, "start") {
            Ok(()) => self.finish(token),
            Err(problem) => self.stop(token, Phase::Leave, problem),
        }
    }

    /// Starts the event sub-process that a start event is in.
    pub(super) fn open_event_subprocess(&mut self, scope: u64, start: &Name) {
        let Some(process) = self.process_of(scope) else { return };
        let Some(sub) = process.find(start).and_then(|ix| process.node(ix).parent) else { return };
        let node = process.node(sub);
        let NodeKind::SubProcess(inside) = &node.kind else { return };
        let token = self.new_token(scope, &node.id);
        self.arrive(token);
        match self.run_listeners(token, node, "start") {
            Ok(()) => self.open_embedded(token, process, node, &inside.body),
            Err(problem) => self.stop(token, Phase::Leave, problem),
        }
    }

    /// A timer without repetition is over once it has fired; a cycle was moved on before.
    fn forget_if_once(&mut self, id: u64) {
        if let Some(Watch { wait: Wait::Timer { cycle: None, .. }, .. }) = self.state.watches.get(&id) {
            self.state.watches.remove(&id);
        }
    }

    /// A timer's moment has come: records the lateness, moves a cycle on, and lets it do its work.
    pub(super) fn fire(&mut self, id: u64) {
        let Some(watch) = self.state.watches.get(&id) else { return };
        let Wait::Timer { due, cycle } = watch.wait.clone() else { return };
        let element = watch.element.clone();
        let repeats = matches!(watch.role, Role::Beside | Role::Accompany);
        let (next, missed) = match cycle {
            Some(cycle) if repeats => next_tick(self.at, due, cycle),
            _ => (None, 0),
        };
        let late_s = (self.at.as_second() - due.as_second()).max(0);
        self.notes.push(Note::Fired { element, due, late_s, missed });
        if let Some(watch) = self.state.watches.get_mut(&id) {
            watch.wait = match next {
                Some((due, cycle)) => Wait::Timer { due, cycle: Some(cycle) },
                None => Wait::Timer { due, cycle: None },
            };
        }
        self.trigger(id);
    }

    /// Queues everything that listens for a signal.
    pub(super) fn hear_signal(&mut self, signal: &str) {
        let heard: Vec<u64> = self
            .state
            .watches
            .iter()
            .filter(|(_, watch)| matches!(&watch.wait, Wait::Signal { name } if name == signal))
            .map(|(id, _)| *id)
            .collect();
        self.agenda.extend(heard.into_iter().map(Work::Trigger));
    }

    /// The first that waits for a message.
    pub(super) fn receiver(&self, message: &str, carried: Option<&str>) -> Option<u64> {
        self.state
            .watches
            .iter()
            .find(|(_, watch)| match &watch.wait {
                Wait::Message { name, correlation } => {
                    name == message && correlation.as_deref().is_none_or(|wanted| carried == Some(wanted))
                }
                Wait::Receive { message: Some(name) } => name == message,
                _ => false,
            })
            .map(|(id, _)| *id)
    }

    pub(super) fn throw_signal(&mut self, token: u64, name: &'a Text, local: bool) -> Result<(), Problem> {
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return Ok(()) };
        let name = self.text(name, scope, Some(token))?;
        self.hear_signal(&name);
        if !local {
            self.tell(token, super::super::Action::Signal { name });
        }
        Ok(())
    }

    /// Sends a message; somebody in this instance may be waiting for it.
    pub(super) fn send(
        &mut self,
        token: u64,
        name: &'a Text,
        correlation: Option<&'a Text>,
    ) -> Result<(), Problem> {
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return Ok(()) };
        let name = self.text(name, scope, Some(token))?;
        let carried = correlation.filter(|_| !self.library.judges_as_once());
        let correlation = carried.map(|text| self.text(text, scope, Some(token))).transpose()?;
        match self.receiver(&name, correlation.as_deref()) {
            Some(receiver) => self.agenda.push_back(Work::Trigger(receiver)),
            None => self.tell(token, super::super::Action::Message { name, correlation }),
        }
        Ok(())
    }
}
