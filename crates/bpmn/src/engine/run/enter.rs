//! What an element does when a token comes to it.

use super::super::{Role, ScopeKind};
use super::*;
use crate::model::{NodeKind, Repeat, Start, Throw, Trigger};

impl<'a> Run<'a> {
    /// A token has come to its element.
    pub(super) fn enter(&mut self, token: u64) {
        if self.exhausted(token) {
            return;
        }
        let Some((process, node)) = self.place(token) else {
            return self.lost(token);
        };
        let token =
            if matches!(node.kind, NodeKind::User(_)) { self.numbered_for_a_task(token) } else { token };
        self.arrive(token);
        self.begin_element(token, process, node);
    }

    /// The element is tried again: the same visit, so that its effects keep their keys.
    pub(super) fn enter_again(&mut self, token: u64) {
        match self.place(token) {
            Some((process, node)) => self.begin_element(token, process, node),
            None => self.lost(token),
        }
    }

    /// The element is passed over: as if its work were done, without its listeners.
    pub(super) fn pass_over(&mut self, token: u64) {
        let Some((process, node)) = self.place(token) else {
            return self.lost(token);
        };
        // Its limits would strike whatever the token comes to next.
        if !self.library.judges_as_once() {
            self.unwatch(token);
        }
        match &node.kind {
            NodeKind::SubProcess(sub) if sub.by_event => self.consume(token),
            NodeKind::End(_) => self.consume(token),
            NodeKind::Throw(Throw::Link { name }) => self.jump(token, process, node, name),
            NodeKind::Exclusive | NodeKind::Inclusive if !node.outgoing.is_empty() => {
                // A gateway cannot be passed over without choosing: the default, or else the first flow.
                let flow = node.default.unwrap_or(node.outgoing[0]);
                self.take(token, process, &[flow]);
            }
            _ => self.agenda.push_back(Work::Leave(token)),
        }
    }

    fn begin_element(&mut self, token: u64, process: &'a Process, node: &'a Node) {
        let in_round = self.in_round(token);
        if let (Some(repeat), false) = (&node.repeat, in_round) {
            self.watch_boundary(token, process, node);
            if self.still_at(token, node) {
                self.begin_rounds(token, node, repeat);
            }
            return;
        }
        if let Err(problem) = self.run_listeners(token, node, "start") {
            return self.stop(token, Phase::Enter, problem);
        }
        if !in_round {
            self.watch_boundary(token, process, node);
        }
        if self.still_at(token, node) {
            self.perform(token, process, node);
        }
    }

    /// Whether a token still stands at its element and has not been stopped.
    fn still_at(&self, token: u64, node: &Node) -> bool {
        self.state.tokens.get(&token).is_some_and(|token| token.at == At::Moving && token.element == node.id)
    }

    /// Whether a token is one round of its element's repetition.
    pub(super) fn in_round(&self, token: u64) -> bool {
        let Some(token) = self.state.tokens.get(&token) else { return false };
        self.state.scopes.get(&token.scope).is_some_and(|scope| {
            matches!(scope.kind, ScopeKind::Round { .. }) && scope.element == token.element
        })
    }

    /// A token at an element that the library does not know.
    pub(super) fn lost(&mut self, token: u64) {
        let Some(known) = self.state.tokens.get(&token) else { return };
        let message =
            format!("the definition has no element `{}`; put the version back that has", known.element);
        self.stop(token, Phase::Enter, Problem::Incident("no-element", message));
    }

    fn perform(&mut self, token: u64, process: &'a Process, node: &'a Node) {
        match &node.kind {
            NodeKind::Start(start) => self.start_at(token, node, start),
            NodeKind::Pass | NodeKind::Exclusive => self.finish(token),
            NodeKind::End(throw) => self.end(token, node, throw),
            NodeKind::Throw(throw) => self.throw(token, process, node, throw),
            NodeKind::Catch(Trigger::Link { .. }) => self.finish(token),
            NodeKind::Catch(trigger) => self.catch(token, node, trigger, Role::Catch),
            NodeKind::User(task) => self.offer(token, node, task),
            NodeKind::Service(service) => self.serve(token, node, service),
            NodeKind::Script(script) => self.ask_script(token, script),
            NodeKind::Receive { message } => self.receive(token, node, message.as_ref(), Role::Catch),
            NodeKind::Parallel => self.join_parallel(token, process, node),
            NodeKind::Inclusive => self.join_inclusive(token, node),
            NodeKind::EventBased => self.race(token, process, node),
            NodeKind::SubProcess(sub) => self.open_embedded(token, process, node, &sub.body),
            NodeKind::Call(call) => self.call(token, call),
            NodeKind::Boundary(_) => self.finish(token),
            NodeKind::Unsupported { tag } => {
                let message = format!("`{tag}` is not run; the definition should not have been started");
                self.stop(token, Phase::Enter, Problem::Incident("unsupported", message));
            }
        }
    }

    /// A process that starts by a condition waits until it holds; whatever else starts a level has come already.
    fn start_at(&mut self, token: u64, node: &'a Node, start: &'a Start) {
        let scope = self.state.tokens.get(&token).map(|token| token.scope);
        let outermost = scope
            .and_then(|scope| self.state.scopes.get(&scope))
            .is_some_and(|scope| matches!(scope.kind, ScopeKind::Process | ScopeKind::Called));
        match &start.trigger {
            Some(trigger @ Trigger::Condition { .. }) if outermost => {
                self.catch(token, node, trigger, Role::Catch)
            }
            _ => self.finish(token),
        }
    }

    /// An element's work is done: its end listeners run at once, the way on is queued.
    pub(super) fn finish(&mut self, token: u64) {
        let Some((_, node)) = self.place(token) else {
            return self.lost(token);
        };
        // The rounds of a repetition run its listeners, not the repetition as a whole.
        if (node.repeat.is_none() || self.in_round(token))
            && let Err(problem) = self.run_listeners(token, node, "end")
        {
            // A person is not asked again, and a call is made again: its reply is what the listeners read.
            let phase = if matches!(node.kind, NodeKind::User(_)) { Phase::Finish } else { Phase::Enter };
            return self.stop(token, phase, problem);
        }
        if let Some(token) = self.state.tokens.get_mut(&token) {
            token.at = At::Moving;
        }
        // What is done cannot be interrupted any more, even by what is queued before its way on.
        self.unwatch(token);
        self.agenda.push_back(Work::Leave(token));
    }

    fn end(&mut self, token: u64, node: &'a Node, throw: &'a Throw) {
        if let Err(problem) = self.run_listeners(token, node, "end") {
            return self.stop(token, Phase::Enter, problem);
        }
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return };
        match throw {
            Throw::None | Throw::Link { .. } | Throw::Compensation { .. } => {}
            Throw::Terminate { all, rounds } => return self.terminate(scope, *all, *rounds),
            Throw::Error { code } => {
                self.depart(token);
                self.state.tokens.remove(&token);
                return self.throw_error(scope, code);
            }
            Throw::Escalation { code } => {
                // The token is gone before anybody hears of it, so that the scope may end.
                self.escalate(scope, code.as_deref());
            }
            Throw::Signal { name, local } => {
                return self.end_after(token, |run| run.throw_signal(token, name, *local));
            }
            Throw::Message { name, correlation } => {
                return self.end_after(token, |run| run.send(token, name, correlation.as_ref()));
            }
        }
        self.consume(token);
    }

    /// Ends a token after those who heard what it threw have had their turn: one of them may be the boundary of what
    /// would end with it.
    fn end_after(&mut self, token: u64, throw: impl FnOnce(&mut Self) -> Result<(), Problem>) {
        match throw(self) {
            Ok(()) => self.agenda.push_back(Work::Leave(token)),
            Err(problem) => self.stop(token, Phase::Enter, problem),
        }
    }

    fn throw(&mut self, token: u64, process: &'a Process, node: &'a Node, throw: &'a Throw) {
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return };
        let thrown = match throw {
            Throw::None | Throw::Compensation { .. } | Throw::Terminate { .. } | Throw::Error { .. } => {
                Ok(())
            }
            Throw::Escalation { code } => {
                self.escalate(scope, code.as_deref());
                Ok(())
            }
            Throw::Signal { name, local } => self.throw_signal(token, name, *local),
            Throw::Message { name, correlation } => self.send(token, name, correlation.as_ref()),
            Throw::Link { name } => return self.jump(token, process, node, name),
        };
        match thrown {
            Err(problem) => self.stop(token, Phase::Enter, problem),
            Ok(()) if self.still_at(token, node) => self.finish(token),
            Ok(()) => {}
        }
    }

    /// Goes on at the other end of a link.
    fn jump(&mut self, token: u64, process: &'a Process, node: &'a Node, link: &str) {
        if let Err(problem) = self.run_listeners(token, node, "end") {
            return self.stop(token, Phase::Enter, problem);
        }
        let end = process
            .body_of(node.parent)
            .nodes
            .iter()
            .map(|ix| process.node(*ix))
            .find(|other| matches!(&other.kind, NodeKind::Catch(Trigger::Link { name }) if name == link));
        let Some(end) = end else {
            let message = format!("the link `{link}` has no other end on this level; draw one");
            return self.stop(token, Phase::Enter, Problem::Incident("no-link", message));
        };
        self.depart(token);
        if let Some(token) = self.state.tokens.get_mut(&token) {
            token.element = end.id.clone();
            token.via = None;
        }
        self.agenda.push_back(Work::Enter(token));
    }

    fn begin_rounds(&mut self, token: u64, node: &'a Node, repeat: &'a Repeat) {
        if let Err(problem) = self.open_repetition(token, node, repeat) {
            self.stop(token, Phase::Enter, problem);
        }
    }
}
