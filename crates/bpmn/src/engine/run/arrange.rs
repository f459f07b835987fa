//! Putting an instance in order after it was moved to another version of its definition.

use super::*;
use crate::model::NodeKind;
use std::collections::BTreeSet;

/// What putting in order came to.
#[derive(Debug, Default)]
pub(crate) struct Arrangement {
    /// What could not be evaluated: element and message.
    pub problems: Vec<(Name, String)>,
    /// Elements that are listened for from now on.
    pub armed: Vec<Name>,
}

impl State {
    /// Lets open tasks ask and invite as the new version says, listens for events that are new in it (`kept` are those that
    /// are not), and lets branches go on that wait for nothing any more.
    pub(crate) fn arrange(&mut self, library: &Library, at: Timestamp, kept: &BTreeSet<Name>) -> Arrangement {
        let mut run = Run {
            library,
            at: at.max(self.at),
            state: self,
            notes: Vec::new(),
            agenda: VecDeque::new(),
            steps: 0,
            answerer: None,
            attached: None,
            job_state: None,
            last_process: Cell::new(None),
            last_node: Cell::new(None),
        };
        let mut done = Arrangement::default();
        let listened: BTreeSet<u64> = run.state.watches.keys().copied().collect();
        let tokens: Vec<u64> = run.state.tokens.keys().copied().collect();
        for token in tokens {
            let Some((process, node)) = run.place(token) else { continue };
            let Some(at) = run.state.tokens.get(&token).map(|token| token.at.clone()) else { continue };
            if let NodeKind::User(task) = &node.kind
                && at == At::Task
                && let Err(Problem::Incident(_, message)) = run.ask_anew(token, node, task)
            {
                done.problems.push((node.id.clone(), message));
            }
            if matches!(at, At::Task | At::Catch | At::Effect { .. } | At::Inside { .. })
                && !run.in_round(token)
            {
                run.watch_boundary_of(token, process, node, |event| !kept.contains(&event.id));
            }
        }
        let scopes: Vec<u64> = run.state.scopes.keys().copied().collect();
        for scope in scopes {
            let Some((kind, element)) =
                run.state.scopes.get(&scope).map(|scope| (scope.kind.clone(), scope.element.clone()))
            else {
                continue;
            };
            let Some(process) = run.process_of(scope) else { continue };
            let body = match kind {
                super::super::ScopeKind::Process | super::super::ScopeKind::Called => &process.body,
                super::super::ScopeKind::Embedded => process.body_of(process.find(&element)),
                _ => continue,
            };
            run.watch_event_subprocesses_of(scope, process, body, |event| !kept.contains(&event.id));
        }
        done.armed = run
            .state
            .watches
            .iter()
            .filter(|(id, _)| !listened.contains(*id))
            .map(|(_, watch)| watch.element.clone())
            .collect();
        let joining: Vec<u64> =
            run.state.tokens.iter().filter(|(_, token)| token.at == At::Join).map(|(id, _)| *id).collect();
        for token in joining {
            if let Some((process, node)) = run.place(token)
                && matches!(node.kind, NodeKind::Parallel)
            {
                run.join_parallel(token, process, node);
            }
        }
        run.settle();
        run.state.at = run.at;
        done
    }
}
