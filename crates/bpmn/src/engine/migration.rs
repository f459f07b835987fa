//! A running instance moved to another version of its definition: what goes where, what is lost, what stands in the way.
//!
//! Nothing is run again and nothing is passed over: tokens, tasks, timers and calls keep their numbers, due times and keys,
//! and stand at the counterpart of the element they stood at. Only when every token has one does the instance move.

use super::run::Arrangement;
use super::{At, Library, Role, ScopeKind, State};
use crate::model::{FlowIx, Name, Node, NodeIx, NodeKind, Process, Repeat, Trigger};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What moving an instance would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Where each element that something stands at goes.
    pub moves: Vec<Move>,
    /// What stands in the way; with one nothing moves.
    pub problems: Vec<Remark>,
    /// What is given up by it: events that are no longer listened for, variables that are no longer declared.
    pub losses: Vec<Remark>,
    /// What begins with it: events that are listened for from now on, variables that get their default.
    pub gains: Vec<Remark>,
}

/// One element's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The element something stands at.
    pub from: String,
    /// Its counterpart.
    pub to: String,
    /// The counterpart's name for people.
    pub name: String,
    /// How it was found.
    pub by: Found,
}

/// How a counterpart was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Found {
    /// It was named by whoever moves the instance.
    Map,
    /// It has the same id.
    Id,
    /// It is the only one of that name and kind.
    Name,
}

/// Something to know about an element or a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The element, or the variable.
    pub of: String,
    /// In words.
    pub message: String,
}

/// Plans the move of an instance from one definition to another, and makes the state it leads to. `map` names counterparts
/// by element id, from old to new. The state is meaningful only where the plan has no problems.
pub fn migrate(
    from: &Library,
    to: &Library,
    state: &State,
    map: &BTreeMap<String, String>,
    at: Timestamp,
) -> (Plan, State) {
    let mut migration = Migration {
        from,
        to,
        map,
        state: state.clone(),
        plan: Plan::default(),
        ways: BTreeMap::new(),
        processes: BTreeMap::new(),
    };
    migration.run(at);
    (migration.plan, migration.state)
}

struct Migration<'a> {
    from: &'a Library,
    to: &'a Library,
    map: &'a BTreeMap<String, String>,
    state: State,
    plan: Plan,
    /// Counterparts found, by old process and element; none where there is none.
    ways: BTreeMap<(Name, Name), Option<(NodeIx, Found)>>,
    /// Processes by the name of their old ones.
    processes: BTreeMap<Name, Option<Name>>,
}

impl<'a> Migration<'a> {
    fn run(&mut self, at: Timestamp) {
        if self.state.ended() || self.state.started_at.is_none() {
            self.problem("", "only a running instance moves to another version".to_owned());
            return;
        }
        self.check_map();
        self.pair_processes();
        if !self.plan.problems.is_empty() {
            return;
        }
        let before = self.state.clone();
        self.move_scopes(&before);
        self.move_tokens(&before);
        self.move_watches(&before);
        self.move_rest(&before);
        if self.plan.problems.is_empty() {
            let kept: BTreeSet<Name> = self.kept();
            let Arrangement { problems, armed } = self.state.arrange(self.to, at, &kept);
            for (element, message) in problems {
                self.problem(&element, message);
            }
            for element in armed {
                let name = self.label(&element);
                let message = format!("`{name}` is listened for from now on");
                self.plan.gains.push(Remark { of: element.to_string(), message });
            }
        }
        self.plan.moves.sort_by(|a, b| a.from.cmp(&b.from));
        self.plan.moves.dedup();
        self.plan.problems.dedup();
    }

    fn problem(&mut self, of: &str, message: String) {
        self.plan.problems.push(Remark { of: of.to_owned(), message });
    }

    fn loss(&mut self, of: &str, message: String) {
        self.plan.losses.push(Remark { of: of.to_owned(), message });
    }

    /// What a map names must be there on both sides.
    fn check_map(&mut self) {
        let holds = |library: &Library, id: &str| {
            let mut processes = library.definitions().iter().flat_map(|definition| &definition.processes);
            processes.any(|process| &*process.id == id || process.find(id).is_some())
        };
        for (old, new) in self.map {
            if !holds(self.from, old) {
                self.problem(old, format!("the instance's version has no element `{old}` to map"));
            }
            if !holds(self.to, new) {
                self.problem(new, format!("the other version has no element `{new}` to map `{old}` to"));
            }
        }
    }

    fn pair_processes(&mut self) {
        let root = self.state.process.clone();
        let old: BTreeSet<Name> = self.state.scopes.values().map(|scope| scope.process.clone()).collect();
        for process in old {
            let named = self.map.get(&*process).and_then(|id| self.to.process(id));
            let first = || {
                let mut all = self.to.definitions().iter().filter_map(|definition| definition.process(None));
                (process == root).then(|| all.next()).flatten()
            };
            let found =
                named.or_else(|| self.to.process(&process)).or_else(first).map(|found| found.id.clone());
            if found.is_none() {
                self.problem(&process, format!("the other version has no process `{process}`"));
            }
            self.processes.insert(process, found);
        }
    }

    fn old_process(&self, id: &Name) -> Option<&'a Process> {
        self.from.process(id)
    }

    fn new_process(&self, old: &Name) -> Option<&'a Process> {
        self.processes.get(old).cloned().flatten().and_then(|id| self.to.process(&id))
    }

    /// The counterpart of an element.
    fn way(&mut self, process: &Name, element: &Name) -> Option<(&'a Process, NodeIx)> {
        let (old, new) = (self.old_process(process)?, self.new_process(process)?);
        let key = (process.clone(), element.clone());
        let found = match self.ways.get(&key) {
            Some(found) => *found,
            None => {
                let found = self.look(old, new, element);
                self.ways.insert(key, found);
                found
            }
        };
        found.map(|(ix, _)| (new, ix))
    }

    fn look(&self, old: &Process, new: &Process, element: &Name) -> Option<(NodeIx, Found)> {
        let node = old.node(old.find(element)?);
        let fits = |ix: &NodeIx| shape(new.node(*ix)) == shape(node);
        if let Some(named) = self.map.get(&**element) {
            return new.find(named).filter(fits).map(|ix| (ix, Found::Map));
        }
        if let Some(same) = new.find(element).filter(fits) {
            return Some((same, Found::Id));
        }
        let name = node.name.as_deref().filter(|name| !name.trim().is_empty())?;
        let called = |process: &Process| -> Vec<NodeIx> {
            let places = process.nodes.iter().filter_map(|other| process.find(&other.id));
            places
                .filter(|ix| {
                    let other = process.node(*ix);
                    other.name.as_deref() == Some(name) && shape(other) == shape(node)
                })
                .collect()
        };
        match (called(old).as_slice(), called(new).as_slice()) {
            ([_], [only]) => Some((*only, Found::Name)),
            _ => None,
        }
    }

    /// The counterpart of an element that something stands at; without one the instance cannot move.
    fn must(&mut self, process: &Name, element: &Name, what: &str) -> Option<(&'a Process, NodeIx)> {
        let Some((new, ix)) = self.way(process, element) else {
            let name =
                self.old_process(process).and_then(|old| old.find(element).map(|ix| old.node(ix).label()));
            let name = name.unwrap_or(element).to_owned();
            let message = match self.map.get(&**element) {
                Some(named) => {
                    format!("{what} `{name}` cannot go to `{named}`, which is another kind of element")
                }
                None => format!("{what} `{name}` has no counterpart in the other version; map it to one"),
            };
            self.problem(element, message);
            return None;
        };
        let node = new.node(ix);
        let by = self.ways.get(&(process.clone(), element.clone())).and_then(|way| way.map(|(_, by)| by));
        self.plan.moves.push(Move {
            from: element.to_string(),
            to: node.id.to_string(),
            name: node.label().to_owned(),
            by: by.unwrap_or(Found::Id),
        });
        Some((new, ix))
    }

    fn move_scopes(&mut self, before: &State) {
        for (id, scope) in &before.scopes {
            let Some(new) = self.new_process(&scope.process) else { continue };
            let element = match scope.kind {
                ScopeKind::Process | ScopeKind::Called => new.id.clone(),
                ScopeKind::Embedded | ScopeKind::Repeated { .. } | ScopeKind::Round { .. } => {
                    let Some((new, ix)) = self.must(&scope.process, &scope.element, "the inside of") else {
                        continue;
                    };
                    new.node(ix).id.clone()
                }
            };
            self.declare(*id, scope, new);
            if let Some(moved) = self.state.scopes.get_mut(id) {
                moved.process = new.id.clone();
                moved.element = element;
            }
        }
        if let Some(new) = self.new_process(&before.process) {
            self.state.process = new.id.clone();
        }
    }

    /// Variables a level declares from now on get their default; those it no longer declares stay, and are said.
    fn declare(&mut self, id: u64, scope: &super::Scope, new: &'a Process) {
        let Some(old) = self.old_process(&scope.process) else { return };
        let (old_body, new_body) = match scope.kind {
            ScopeKind::Process | ScopeKind::Called => (&old.body, &new.body),
            ScopeKind::Embedded => {
                let was = old.find(&scope.element);
                let is = self.way(&scope.process, &scope.element).map(|(_, ix)| ix);
                (old.body_of(was), new.body_of(is))
            }
            ScopeKind::Repeated { .. } | ScopeKind::Round { .. } => return,
        };
        for data in &new_body.data {
            let Some(moved) = self.state.scopes.get_mut(&id) else { return };
            if !moved.variables.contains_key(&data.name) {
                moved.variables.insert(data.name.clone(), data.default.clone());
                let message = format!("the variable `{}` begins with its default", data.name);
                self.plan.gains.push(Remark { of: data.name.clone(), message });
            }
        }
        for data in &old_body.data {
            let holds = scope.variables.get(&data.name).is_some_and(|value| !value.is_null());
            if holds && !new_body.data.iter().any(|other| other.name == data.name) {
                let message =
                    format!("the variable `{}` is no longer declared; its value stays, untyped", data.name);
                self.loss(&data.name, message);
            }
        }
    }

    /// The sub-process a scope's elements lie in directly, in the old process.
    fn level(before: &State, scope: u64) -> Option<Name> {
        let mut at = before.scopes.get(&scope)?;
        loop {
            match at.kind {
                ScopeKind::Embedded => return Some(at.element.clone()),
                ScopeKind::Process | ScopeKind::Called => return None,
                ScopeKind::Repeated { .. } | ScopeKind::Round { .. } => {
                    at = before.scopes.get(&at.parent?)?
                }
            }
        }
    }

    fn move_tokens(&mut self, before: &State) {
        for (id, token) in &before.tokens {
            let Some(process) = before.scopes.get(&token.scope).map(|scope| scope.process.clone()) else {
                continue;
            };
            let Some((new, ix)) = self.must(&process, &token.element, standing(&token.at)) else { continue };
            let node = new.node(ix);
            let level = Self::level(before, token.scope).and_then(|outer| self.way(&process, &outer));
            if node.parent != level.map(|(_, outer)| outer) {
                let message = format!("`{}` lies in another sub-process in the other version", node.label());
                self.problem(&token.element, message);
                continue;
            }
            let via = token.via.as_ref().and_then(|flow| self.flow(&process, flow, ix));
            if token.at == At::Join && matches!(node.kind, NodeKind::Parallel) && via.is_none() {
                let message = format!(
                    "a branch that waits at `{}` came by a flow that the other version does not have",
                    node.label()
                );
                self.problem(&token.element, message);
            }
            if let Some(moved) = self.state.tokens.get_mut(id) {
                moved.element = node.id.clone();
                moved.via = via;
            }
            if let Some(task) = self.state.tasks.get_mut(id) {
                task.element = node.id.clone();
            }
        }
    }

    /// The counterpart of a flow into an element: the same id, or the only one between the same two elements.
    fn flow(&mut self, process: &Name, flow: &Name, target: NodeIx) -> Option<Name> {
        let (old, new) = (self.old_process(process)?, self.new_process(process)?);
        let incoming: Vec<FlowIx> = new.node(target).incoming.clone();
        if let Some(same) = incoming.iter().map(|ix| new.flow(*ix)).find(|other| other.id == *flow) {
            return Some(same.id.clone());
        }
        let source = &old.node(old.flows.iter().find(|other| other.id == *flow)?.source).id;
        let (_, source) = self.way(process, source)?;
        let between: Vec<&Name> = incoming
            .iter()
            .map(|ix| new.flow(*ix))
            .filter(|other| other.source == source)
            .map(|f| &f.id)
            .collect();
        match between.as_slice() {
            [only] => Some((*only).clone()),
            _ => None,
        }
    }

    fn move_watches(&mut self, before: &State) {
        for (id, watch) in &before.watches {
            let Some(process) = before.scopes.get(&watch.scope).map(|scope| scope.process.clone()) else {
                continue;
            };
            let host =
                watch.token.and_then(|token| before.tokens.get(&token)).map(|token| token.element.clone());
            let host = host.and_then(|host| self.way(&process, &host)).map(|(_, ix)| ix);
            let found =
                self.way(&process, &watch.element).map(|(new, ix)| new.node(ix)).and_then(|node| {
                    let role =
                        match (&node.kind, watch.role) {
                            (NodeKind::Boundary(boundary), Role::Interrupt | Role::Beside) => {
                                if Some(boundary.attached) != host {
                                    return None;
                                }
                                if boundary.interrupting { Role::Interrupt } else { Role::Beside }
                            }
                            (NodeKind::Start(start), Role::Replace | Role::Accompany) => {
                                if start.interrupting { Role::Replace } else { Role::Accompany }
                            }
                            (_, role) => role,
                        };
                    Some((node.id.clone(), role))
                });
            match found {
                Some((element, role)) => {
                    if let Some(moved) = self.state.watches.get_mut(id) {
                        (moved.element, moved.role) = (element, role);
                    }
                }
                None => {
                    self.state.watches.remove(id);
                    let name = self
                        .old_process(&process)
                        .and_then(|old| old.find(&watch.element).map(|ix| old.node(ix).label().to_owned()));
                    let name = name.unwrap_or_else(|| watch.element.to_string());
                    self.loss(&watch.element, format!("`{name}` is no longer listened for"));
                }
            }
        }
        // Whoever waits for nothing any more would wait for ever.
        for (id, token) in &before.tokens {
            if token.at == At::Catch && !self.state.watches.values().any(|watch| watch.token == Some(*id)) {
                let message =
                    "what it waits for is not in the other version; map it to its counterpart".to_owned();
                self.problem(&token.element, message);
            }
        }
    }

    /// Calls under way, incidents and what was counted follow their elements.
    fn move_rest(&mut self, before: &State) {
        let root = before.process.clone();
        for pending in self.state.effects.values_mut() {
            let at = pending.token.and_then(|token| self.state.tokens.get(&token));
            if let Some(token) = at.filter(|token| token.element != pending.effect.element) {
                let mut effect = (*pending.effect).clone();
                effect.element = token.element.clone();
                pending.effect = std::sync::Arc::new(effect);
            }
        }
        for incident in self.state.incidents.values_mut() {
            if let Some(token) = incident.token.and_then(|token| self.state.tokens.get(&token)) {
                incident.element = token.element.clone();
            }
        }
        let mut passages = BTreeMap::new();
        for (element, passage) in &before.passages {
            let moved = self.way(&root, element).map(|(new, ix)| new.node(ix).id.clone());
            passages.entry(moved.unwrap_or_else(|| element.clone())).or_insert_with(|| passage.clone());
        }
        self.state.passages = passages;
    }

    /// Elements of the new version that were there before: what they listened for is settled already.
    fn kept(&mut self) -> BTreeSet<Name> {
        let mut kept = BTreeSet::new();
        for process in self.processes.keys().cloned().collect::<Vec<_>>() {
            let Some(old) = self.old_process(&process) else { continue };
            for node in &old.nodes {
                if let Some((new, ix)) = self.way(&process, &node.id) {
                    kept.insert(new.node(ix).id.clone());
                }
            }
        }
        kept
    }

    fn label(&self, element: &str) -> String {
        let mut processes = self.to.definitions().iter().flat_map(|definition| &definition.processes);
        processes
            .find_map(|process| process.find(element).map(|ix| process.node(ix).label().to_owned()))
            .unwrap_or_else(|| element.to_owned())
    }
}

fn standing(at: &At) -> &'static str {
    match at {
        At::Task => "the open task",
        At::Catch => "what waits at",
        At::Effect { .. } => "the call under way at",
        At::Incident { .. } => "the incident at",
        At::Inside { .. } => "the inside of",
        At::Join => "the branch that waits at",
        At::Moving => "the branch at",
    }
}

/// What two elements must have in common for one to stand in for the other.
fn shape(node: &Node) -> (&'static str, &'static str, bool) {
    let trigger = |trigger: &Trigger| match trigger {
        Trigger::Timer(_) => "timer",
        Trigger::Message { .. } => "message",
        Trigger::Signal { .. } => "signal",
        Trigger::Error { .. } => "error",
        Trigger::Escalation { .. } => "escalation",
        Trigger::Condition { .. } => "condition",
        Trigger::Link { .. } => "link",
        Trigger::Compensation => "compensation",
    };
    let repeated = match &node.repeat {
        None => "once",
        Some(Repeat::Multi { sequential: true, .. }) => "sequential",
        Some(Repeat::Multi { .. }) => "parallel",
        Some(Repeat::Loop { .. }) => "loop",
    };
    match &node.kind {
        NodeKind::Start(start) => ("start", start.trigger.as_ref().map_or("plain", trigger), true),
        NodeKind::End(_) => ("end", "", true),
        NodeKind::Catch(caught) => ("catch", trigger(caught), true),
        NodeKind::Throw(_) => ("throw", "", true),
        NodeKind::Boundary(boundary) => ("boundary", trigger(&boundary.trigger), true),
        NodeKind::User(_) => ("user task", repeated, true),
        NodeKind::Service(_) => ("service task", repeated, true),
        NodeKind::Script(_) => ("script task", repeated, true),
        NodeKind::Pass => ("task", repeated, true),
        NodeKind::Receive { .. } => ("receive task", repeated, true),
        NodeKind::Exclusive => ("exclusive gateway", "", true),
        NodeKind::Parallel => ("parallel gateway", "", true),
        NodeKind::Inclusive => ("inclusive gateway", "", true),
        NodeKind::EventBased => ("event-based gateway", "", true),
        NodeKind::SubProcess(sub) => ("sub-process", repeated, sub.by_event),
        NodeKind::Call(_) => ("call activity", repeated, true),
        NodeKind::Unsupported { .. } => ("unsupported", "", true),
    }
}
