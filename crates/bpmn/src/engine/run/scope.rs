//! Scopes: opening, ending, cancelling and terminating them.

use super::super::{Outcome, Scope, ScopeKind};
use super::*;
use crate::model::{Body, Call, DataObject, Mapping, NodeKind, begins};

impl<'a> Run<'a> {
    pub(super) fn new_scope(&mut self, scope: Scope) -> u64 {
        let id = self.next_serial();
        self.state.scopes.insert(id, scope);
        id
    }

    /// Opens a sub-process under the token that waits for it.
    pub(super) fn open_embedded(&mut self, token: u64, process: &'a Process, node: &'a Node, body: &'a Body) {
        let Some(outer) = self.state.tokens.get(&token).map(|token| token.scope) else { return };
        let scope = self.new_scope(Scope {
            parent: Some(outer),
            owner: Some(token),
            process: process.id.clone(),
            element: node.id.clone(),
            kind: ScopeKind::Embedded,
            variables: defaults(&body.data),
        });
        if let Some(token) = self.state.tokens.get_mut(&token) {
            token.at = At::Inside { scope };
        }
        self.begin_level(scope, process, body, None);
    }

    /// Starts the tokens of a level. Without a start event everything begins that nothing leads to.
    pub(super) fn begin_level(
        &mut self,
        scope: u64,
        process: &'a Process,
        body: &'a Body,
        start: Option<&Name>,
    ) {
        self.watch_event_subprocesses(scope, process, body);
        // An event sub-process whose condition holds already has taken the level over.
        if !self.state.scopes.contains_key(&scope)
            || self.state.tokens.values().any(|token| token.scope == scope)
        {
            let replaced = self.state.tokens.iter().any(|(_, token)| {
                token.scope == scope
                    && process.find(&token.element).is_some_and(|ix| interrupts(process, process.node(ix)))
            });
            if replaced || !self.state.scopes.contains_key(&scope) {
                return;
            }
        }
        let plain = || {
            body.starts
                .iter()
                .map(|ix| process.node(*ix))
                .find(|node| matches!(&node.kind, NodeKind::Start(start) if start.trigger.is_none()))
        };
        let chosen = match start {
            Some(id) => body.starts.iter().map(|ix| process.node(*ix)).find(|node| node.id == *id),
            None => plain().or_else(|| body.starts.first().map(|ix| process.node(*ix))),
        };
        let begin: Vec<&Node> = match chosen {
            Some(start) => vec![start],
            None => body.nodes.iter().map(|ix| process.node(*ix)).filter(|node| begins(node)).collect(),
        };
        for node in begin {
            let token = self.new_token(scope, &node.id);
            self.agenda.push_back(Work::Enter(token));
        }
        self.close_if_empty(scope);
    }

    pub(super) fn call(&mut self, token: u64, call: &'a Call) {
        if let Err(problem) = self.open_called(token, call) {
            self.stop(token, Phase::Enter, problem);
        }
    }

    fn open_called(&mut self, token: u64, call: &'a Call) -> Result<(), Problem> {
        let Some(outer) = self.state.tokens.get(&token).map(|token| token.scope) else { return Ok(()) };
        let wanted = self.text(&call.process, outer, Some(token))?;
        let depth = self.depth(outer);
        if depth >= CALLS_MAX {
            let message = format!("processes call each other more than {CALLS_MAX} deep; break the circle");
            return Err(Problem::Incident("call-depth", message));
        }
        let Some(process) = self.library.process(&wanted) else {
            let message = format!("the called process `{wanted}` is not there; import it and retry");
            return Err(Problem::Incident("no-process", message));
        };
        let mut variables = defaults(&process.body.data);
        if call.inherit {
            variables.extend(self.state.variables_in(outer));
        }
        self.hand_over(&call.inputs, outer, Some(token), &mut variables)?;
        let scope = self.new_scope(Scope {
            parent: Some(outer),
            owner: Some(token),
            process: process.id.clone(),
            element: process.id.clone(),
            kind: ScopeKind::Called,
            variables,
        });
        if let Some(token) = self.state.tokens.get_mut(&token) {
            token.at = At::Inside { scope };
        }
        self.begin_level(scope, process, &process.body, None);
        Ok(())
    }

    /// How many called processes enclose a scope.
    fn depth(&self, scope: u64) -> usize {
        let mut depth = 0;
        let mut at = Some(scope);
        while let Some(here) = at.and_then(|id| self.state.scopes.get(&id)) {
            depth += usize::from(here.kind == ScopeKind::Called);
            at = here.parent;
        }
        depth
    }

    fn hand_over(
        &mut self,
        mappings: &[Mapping],
        from: u64,
        token: Option<u64>,
        to: &mut Variables,
    ) -> Result<(), Problem> {
        for mapping in mappings {
            match &mapping.source {
                None => to.extend(self.state.variables_in(from)),
                Some(source) => {
                    let value = self.value(source, from, token)?;
                    let target = self.text(&mapping.target, from, token)?;
                    to.insert(target, value);
                }
            }
        }
        Ok(())
    }

    /// Ends a scope that holds no token any more.
    pub(super) fn close_if_empty(&mut self, scope: u64) {
        if self.state.tokens.values().any(|token| token.scope == scope) {
            return;
        }
        let Some(closing) = self.state.scopes.get(&scope) else { return };
        match closing.kind {
            ScopeKind::Process => self.end_instance(Outcome::Completed),
            ScopeKind::Called => self.return_from(scope),
            ScopeKind::Embedded => self.close(scope),
            // Repetitions end by counting.
            ScopeKind::Repeated { .. } | ScopeKind::Round { .. } => {}
        }
    }

    fn return_from(&mut self, scope: u64) {
        let Some(owner) = self.state.scopes.get(&scope).and_then(|scope| scope.owner) else { return };
        let mut returned = Variables::new();
        if let Some((_, node)) = self.place(owner)
            && let NodeKind::Call(call) = &node.kind
            && let Err(problem) = self.hand_over(&call.outputs, scope, None, &mut returned)
        {
            self.drop_scope(scope);
            return self.stop(owner, Phase::Leave, problem);
        }
        if let Some(outer) = self.state.tokens.get(&owner).map(|token| token.scope) {
            self.set_variables(outer, &returned);
        }
        self.close(scope);
    }

    /// Ends a scope and lets the token that waits for it go on.
    pub(super) fn close(&mut self, scope: u64) {
        let owner = self.state.scopes.get(&scope).and_then(|scope| scope.owner);
        self.drop_scope(scope);
        let Some(owner) = owner else { return };
        let by_event = self
            .place(owner)
            .is_some_and(|(_, node)| matches!(&node.kind, NodeKind::SubProcess(sub) if sub.by_event));
        if by_event { self.consume(owner) } else { self.finish(owner) }
    }

    /// Removes a scope with everything in it.
    pub(super) fn drop_scope(&mut self, scope: u64) {
        self.cancel_inside(scope);
        self.state.watches.retain(|_, watch| watch.token.is_some() || watch.scope != scope);
        self.state.scopes.remove(&scope);
    }

    /// Removes the tokens of a scope and everything that hangs on them.
    pub(super) fn cancel_inside(&mut self, scope: u64) {
        let tokens: Vec<u64> =
            self.state.tokens.iter().filter(|(_, token)| token.scope == scope).map(|(id, _)| *id).collect();
        for token in tokens {
            self.cancel(token);
        }
        let rounds: Vec<u64> = self
            .state
            .scopes
            .iter()
            .filter(|(_, inner)| inner.parent == Some(scope) && inner.owner.is_none())
            .map(|(id, _)| *id)
            .collect();
        for round in rounds {
            self.drop_scope(round);
        }
    }

    /// Removes a token and everything that hangs on it.
    pub(super) fn cancel(&mut self, token: u64) {
        self.clear(token);
        self.depart(token);
        self.state.tokens.remove(&token);
    }

    /// Removes everything that hangs on a token: what it waits for and what is inside it.
    pub(super) fn clear(&mut self, token: u64) {
        self.unwatch(token);
        self.state.tasks.remove(&token);
        match self.state.tokens.get(&token).map(|token| token.at.clone()) {
            Some(At::Inside { scope }) => self.drop_scope(scope),
            Some(At::Effect { key }) => {
                self.state.effects.remove(&key);
            }
            Some(At::Incident { incident }) => {
                if let Some(effect) =
                    self.state.incidents.remove(&incident).and_then(|incident| incident.effect)
                {
                    self.state.effects.remove(&effect);
                }
            }
            _ => {}
        }
    }

    /// Ends the innermost level, or everything; `rounds` ends the other rounds of a repetition with it.
    pub(super) fn terminate(&mut self, scope: u64, all: bool, rounds: bool) {
        if rounds && let Some(repeated) = self.repetition_around(scope) {
            return self.close(repeated);
        }
        let kind = self.state.scopes.get(&scope).map(|scope| scope.kind.clone());
        match kind {
            Some(ScopeKind::Embedded | ScopeKind::Called) if !all => self.close(scope),
            _ => self.end_instance(Outcome::Terminated),
        }
    }

    /// The repetition that a level is one round of.
    fn repetition_around(&self, scope: u64) -> Option<u64> {
        let owner = self.state.scopes.get(&scope)?.owner?;
        if !self.in_round(owner) {
            return None;
        }
        self.state.scopes.get(&self.state.tokens.get(&owner)?.scope)?.parent
    }

    /// Ends the instance: nothing in it waits or moves any more. Its variables stay.
    pub(super) fn end_instance(&mut self, outcome: Outcome) {
        let tokens: Vec<u64> = self.state.tokens.keys().copied().collect();
        for token in tokens {
            self.depart(token);
        }
        self.state.tokens.clear();
        self.state.tasks.clear();
        self.state.watches.clear();
        self.state.incidents.retain(|_, incident| incident.token.is_none());
        self.state.effects.retain(|_, pending| pending.token.is_none());
        self.state.scopes.retain(|_, scope| scope.parent.is_none());
        self.agenda.clear();
        self.state.outcome = Some(outcome);
        self.state.ended_at = Some(self.at);
    }
}

/// Deeper calls of processes by processes are taken for a circle.
const CALLS_MAX: usize = 64;

pub(super) fn defaults(data: &[DataObject]) -> Variables {
    data.iter().map(|data| (data.name.clone(), data.default.clone())).collect()
}

/// Whether an event sub-process takes the place of its level's tokens.
pub(super) fn interrupts(process: &Process, node: &Node) -> bool {
    let NodeKind::SubProcess(sub) = &node.kind else { return false };
    sub.by_event
        && sub
            .body
            .starts
            .first()
            .is_some_and(|ix| matches!(&process.node(*ix).kind, NodeKind::Start(start) if start.interrupting))
}
