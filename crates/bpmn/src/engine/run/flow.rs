//! The way on: flows, their conditions, and the gateways that join.

use super::super::ScopeKind;
use super::*;
use crate::model::{FlowIx, NodeIx, NodeKind};
use std::collections::BTreeSet;

impl<'a> Run<'a> {
    /// A token goes on from an element that is done.
    pub(super) fn leave(&mut self, token: u64) {
        let Some((process, node)) = self.place(token) else {
            return self.lost(token);
        };
        if self.in_round(token) {
            return self.end_round(token);
        }
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return };
        match self.select(process, node, scope, token) {
            Ok(flows) => self.take(token, process, &flows),
            Err(problem) => self.stop(token, Phase::Leave, problem),
        }
    }

    /// The flows to take.
    fn select(&self, process: &Process, node: &Node, scope: u64, token: u64) -> Result<Vec<FlowIx>, Problem> {
        if matches!(node.kind, NodeKind::Parallel) {
            return Ok(node.outgoing.clone());
        }
        let first_only = matches!(node.kind, NodeKind::Exclusive);
        let mut selected = Vec::new();
        for ix in &node.outgoing {
            if node.default == Some(*ix) {
                continue;
            }
            let holds = match &process.flow(*ix).condition {
                Some(condition) => self.holds(condition, scope, Some(token))?,
                None => true,
            };
            if holds {
                selected.push(*ix);
                if first_only {
                    break;
                }
            }
        }
        if selected.is_empty() {
            selected.extend(node.default);
        }
        if selected.is_empty() && !node.outgoing.is_empty() {
            let message = format!(
                "no flow out of `{}` can be taken: no condition holds and there is no default; \
                 correct a variable and retry",
                node.label()
            );
            return Err(Problem::Incident("no-flow", message));
        }
        Ok(selected)
    }

    /// Takes flows; without any the token ends.
    pub(super) fn take(&mut self, token: u64, process: &'a Process, flows: &[FlowIx]) {
        let Some((first, others)) = flows.split_first() else {
            return self.consume(token);
        };
        self.depart(token);
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return };
        self.move_along(token, process, *first);
        for flow in others {
            let target = &process.node(process.flow(*flow).target).id;
            let another = self.new_token(scope, target);
            self.move_along(another, process, *flow);
        }
    }

    fn move_along(&mut self, id: u64, process: &'a Process, flow: FlowIx) {
        let flow = process.flow(flow);
        for listener in flow.listeners.iter().filter(|listener| listener.event == "take") {
            if let Err(problem) = self.run_listener(id, listener) {
                return self.stop(id, Phase::Leave, problem);
            }
        }
        let Some(token) = self.state.tokens.get_mut(&id) else { return };
        token.element = process.node(flow.target).id.clone();
        token.via = Some(flow.id.clone());
        token.at = At::Moving;
        token.since = self.at;
        self.last_node.set(Some(flow.target));
        self.agenda.push_back(Work::Enter(id));
    }

    /// A token ends; its scope may end with it.
    pub(super) fn consume(&mut self, token: u64) {
        self.depart(token);
        self.unwatch(token);
        let Some(token) = self.state.tokens.remove(&token) else { return };
        self.close_if_empty(token.scope);
    }

    pub(super) fn join_parallel(&mut self, token: u64, process: &'a Process, node: &'a Node) {
        if node.incoming.len() < 2 {
            return self.finish(token);
        }
        let Some(arrived) = self.state.tokens.get_mut(&token) else { return };
        arrived.at = At::Join;
        let scope = arrived.scope;
        // One token for each incoming flow, the earliest; a second one on the same flow waits for the next round.
        let mut joined = Vec::with_capacity(node.incoming.len());
        for flow in &node.incoming {
            let id = &process.flow(*flow).id;
            let waiting = self.state.tokens.iter().find(|(other, token)| {
                token.scope == scope
                    && token.at == At::Join
                    && token.element == node.id
                    && token.via.as_ref() == Some(id)
                    && !joined.contains(*other)
            });
            match waiting {
                Some((other, _)) => joined.push(*other),
                None => return,
            }
        }
        self.merge(token, &joined);
    }

    /// A join goes on with those that came, as somebody said that the others never will.
    pub(super) fn open_starved_join(&mut self, survivor: u64) {
        let Some(here) = self.state.tokens.get(&survivor) else { return };
        let (scope, element) = (here.scope, here.element.clone());
        let waits = |token: &Token| token.scope == scope && token.element == element && token.at == At::Join;
        let joined: Vec<u64> =
            self.state.tokens.iter().filter(|(_, token)| waits(token)).map(|(id, _)| *id).collect();
        self.merge(survivor, &joined);
    }

    /// Makes one token of several.
    fn merge(&mut self, survivor: u64, joined: &[u64]) {
        for other in joined.iter().filter(|other| **other != survivor) {
            self.depart(*other);
            self.state.tokens.remove(other);
        }
        self.finish(survivor);
    }

    pub(super) fn join_inclusive(&mut self, token: u64, node: &'a Node) {
        if node.incoming.len() < 2 {
            return self.finish(token);
        }
        if let Some(token) = self.state.tokens.get_mut(&token) {
            token.at = At::Join;
        }
        self.open_inclusive_join(token);
    }

    /// Opens every inclusive join that nothing can reach any more; tells whether one opened.
    pub(super) fn open_inclusive_joins(&mut self) -> bool {
        let waiting: Vec<u64> =
            self.state.tokens.iter().filter(|(_, token)| token.at == At::Join).map(|(id, _)| *id).collect();
        waiting.into_iter().any(|token| self.open_inclusive_join(token))
    }

    fn open_inclusive_join(&mut self, token: u64) -> bool {
        let Some((process, node)) = self.place(token) else { return false };
        let Some(waiting) = self.state.tokens.get(&token).filter(|token| token.at == At::Join) else {
            return false;
        };
        if !matches!(node.kind, NodeKind::Inclusive) {
            return false;
        }
        let Some(gateway) = process.find(&node.id) else { return false };
        let mut joined = Vec::new();
        let mut sources = BTreeSet::new();
        for (id, other) in self.state.tokens.iter().filter(|(_, other)| other.scope == waiting.scope) {
            if other.element == node.id {
                if other.at != At::Join {
                    return false;
                }
                joined.push(*id);
            } else if let Some(ix) = process.find(&other.element) {
                sources.insert(ix);
            }
        }
        if sources.into_iter().any(|source| reaches(process, source, gateway)) {
            return false;
        }
        self.merge(token, &joined);
        true
    }

    /// The innermost enclosing scope that is a process of its own.
    pub(super) fn process_scope(&self, scope: u64) -> u64 {
        let mut at = scope;
        while let Some(here) = self.state.scopes.get(&at) {
            match here.parent {
                Some(parent) if here.kind != ScopeKind::Called => at = parent,
                _ => break,
            }
        }
        at
    }
}

/// Whether a token at `source` may still come to `target` on the same level: along flows, links and the boundary
/// events of activities on the way.
fn reaches(process: &Process, source: NodeIx, target: NodeIx) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![source];
    while let Some(ix) = open.pop() {
        if !seen.insert(ix) {
            continue;
        }
        let node = process.node(ix);
        for flow in &node.outgoing {
            let next = process.flow(*flow).target;
            if next == target {
                return true;
            }
            open.push(next);
        }
        open.extend(node.boundary.iter().copied());
        if let NodeKind::Throw(crate::model::Throw::Link { name }) = &node.kind {
            let is_end = |ix: &&NodeIx| {
                matches!(&process.node(**ix).kind,
                    NodeKind::Catch(crate::model::Trigger::Link { name: other }) if other == name)
            };
            open.extend(process.body_of(node.parent).nodes.iter().find(is_end).copied());
        }
    }
    false
}
