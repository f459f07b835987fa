//! Start events that wait before there is an instance: what they listen for, and how their timers go on.

use super::super::{Scope, ScopeKind, Wait};
use super::*;
use crate::model::NodeKind;
use crate::time::Cycle;

/// A start event that listens for something.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The start event.
    pub element: Name,
    /// What it listens for: a timer, a message or a signal.
    pub wait: Wait,
}

/// What the start events of a process listen for from `at` on, in document order. Expressions see the data objects of
/// the process and `variables`. A start by a condition is none of them: its instance exists, and waits.
pub fn standing(
    library: &Library,
    process: &str,
    variables: &Variables,
    at: Timestamp,
) -> Result<Vec<Standing>, Refusal> {
    let known = library
        .process(process)
        .ok_or_else(|| Refusal::NotFound { what: "process", id: process.to_owned() })?;
    let mut state = State::new("");
    let mut seen = scope::defaults(&known.body.data);
    seen.extend(variables.clone());
    let scope = Scope {
        parent: None,
        owner: None,
        process: known.id.clone(),
        element: known.id.clone(),
        kind: ScopeKind::Process,
        variables: seen,
    };
    state.scopes.insert(0, scope);
    let mut run = Run::over(library, &mut state, at, None);
    let mut found = Vec::new();
    for node in known.body.starts.iter().map(|ix| known.node(*ix)) {
        let NodeKind::Start(start) = &node.kind else { continue };
        let Some(trigger) = &start.trigger else { continue };
        let wait = run.wait(trigger, 0, None).map_err(|Problem::Incident(_, why)| {
            let english = format!("the start event `{}` cannot wait: {why}", node.id);
            let reason = Reason::new("engine-start-cannot-wait", english);
            Refusal::Order(reason.with("element", &node.id).with("why", why))
        })?;
        if let Some(wait @ (Wait::Timer { .. } | Wait::Message { .. } | Wait::Signal { .. })) = wait {
            found.push(Standing { element: node.id.clone(), wait });
        }
    }
    Ok(found)
}

/// What a timer waits for after it fired at `at`, if it fires again, and how many of its moments between the one that
/// was due and `at` are passed over. What is no timer goes on listening.
pub fn next_wait(wait: &Wait, at: Timestamp) -> (Option<Wait>, u32) {
    match wait {
        Wait::Timer { due, cycle: Some(cycle) } => {
            let (next, missed) = next_tick(at, *due, cycle.clone());
            (next.map(|(due, cycle)| Wait::Timer { due, cycle: Some(cycle) }), missed)
        }
        Wait::Timer { cycle: None, .. } => (None, 0),
        other => (Some(other.clone()), 0),
    }
}

/// The next tick of a cycle after `at`, and how many between the due one and `at` are passed over.
pub(super) fn next_tick(
    at: Timestamp,
    due: Timestamp,
    left: CycleLeft,
) -> (Option<(Timestamp, CycleLeft)>, u32) {
    let Ok(cycle) = Cycle::parse(&left.text) else { return (None, 0) };
    let fired = left.fired.saturating_add(1);
    let missed = u32::try_from(cycle.count(left.set_at, due, at, fired)).unwrap_or(u32::MAX);
    let fired = fired.saturating_add(missed);
    let next = cycle.next(left.set_at, due.max(at), fired);
    let next = next.filter(|next| left.end.is_none_or(|end| *next <= end));
    (next.map(|next| (next, CycleLeft { fired, ..left })), missed)
}
