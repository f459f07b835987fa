//! Where an instance stands and has been, for its diagrams. Elements are known by their process, too: what an instance calls
//! may have an element of the same identifier.

use std::collections::BTreeSet;

use bpmn::engine::{At, Library, Wait};
use bpmn::model::Process;
use governance::workflow::{Instance, OpenTask};

use super::{ElementTime, TokenRow};
use crate::Failure;
use crate::session::Session;

/// What an instance runs on, to look its elements up.
pub(super) struct Elements<'a> {
    instance: &'a Instance,
    library: &'a Library,
}

impl<'a> Elements<'a> {
    pub(super) fn of(instance: &'a Instance, library: &'a Library) -> Self {
        Self { instance, library }
    }

    fn processes(&self) -> impl Iterator<Item = &'a Process> + use<'a> {
        self.library.definitions().iter().flat_map(|parsed| &parsed.processes)
    }

    /// What people call an element of a process; of any, where the process is not known.
    pub(super) fn label(&self, process: Option<&str>, element: &str) -> String {
        let label = |process: &Process| {
            let label = process.find(element).map(|ix| process.node(ix).label())?;
            Some(label.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        process
            .and_then(|process| self.library.process(process))
            .and_then(label)
            .or_else(|| self.processes().find_map(label))
            .unwrap_or_else(|| element.to_owned())
    }

    /// The process that a scope is in.
    pub(super) fn process_of(&self, scope: u64) -> Option<&'a str> {
        self.instance.engine.scopes.get(&scope).map(|scope| &*scope.process)
    }

    /// The processes that ran: the instance's own, those that run now, and those of which an element was visited that no other
    /// has.
    fn ran(&self) -> BTreeSet<&'a str> {
        let engine = &self.instance.engine;
        let mut ran: BTreeSet<&str> = engine.scopes.values().map(|scope| &*scope.process).collect();
        ran.insert(&*engine.process);
        for element in engine.passages.keys() {
            let mut holders = self.processes().filter(|process| process.find(element).is_some());
            if let (Some(only), None) = (holders.next(), holders.next()) {
                ran.insert(&*only.id);
            }
        }
        ran
    }

    /// The elements that were left.
    pub(super) fn left(&self) -> Vec<ElementTime> {
        let ran = self.ran();
        let passages = self.instance.engine.passages.iter().filter(|(_, passage)| passage.left > 0);
        passages
            .map(|(element, passage)| {
                let mut holders = self
                    .processes()
                    .filter(|process| ran.contains(&*process.id) && process.find(element).is_some());
                let process = match (holders.next(), holders.next()) {
                    (Some(only), None) => Some(&*only.id),
                    _ => None,
                };
                let by = self.instance.completers.get(&**element);
                ElementTime {
                    element: element.to_string(),
                    name: self.label(process, element),
                    process: process.map(str::to_owned),
                    times: passage.left,
                    #[expect(
                        clippy::cast_precision_loss,
                        reason = "durations of processes are far below 2^52 milliseconds"
                    )]
                    spent_s: passage.spent_ms as f64 / 1000.0,
                    last_at: passage.last_at.to_string(),
                    by: by.into_iter().flatten().map(ToString::to_string).collect(),
                }
            })
            .collect()
    }
}

/// Where the tokens stand, with a badge for people, and the timers that run beside them.
pub(super) fn tokens(session: &Session, instance: &Instance) -> Result<Vec<TokenRow>, Failure> {
    let engine = &instance.engine;
    let process = |scope: u64| engine.scopes.get(&scope).map(|scope| scope.process.to_string());
    let mut tokens = Vec::new();
    for (number, token) in &engine.tokens {
        let (kind, badge, due) = match &token.at {
            At::Task => {
                let task: Option<OpenTask> =
                    session.cache.get("tasks", &OpenTask::key(&instance.id, *number))?;
                let due = task.as_ref().and_then(|task| task.due);
                ("task", task.and_then(|task| task.assignee).map(|name| name.to_string()), due)
            }
            At::Catch => {
                let watch = engine.watches.values().find(|watch| watch.token == Some(*number));
                match watch.map(|watch| &watch.wait) {
                    Some(Wait::Timer { due, .. }) => ("timer", None, Some(*due)),
                    _ => ("waiting", None, None),
                }
            }
            At::Effect { .. } => ("effect", None, None),
            At::Incident { .. } => ("incident", None, None),
            At::Inside { .. } | At::Join | At::Moving => ("waiting", None, None),
        };
        tokens.push(TokenRow {
            element: token.element.to_string(),
            process: process(token.scope).unwrap_or_default(),
            kind: kind.to_owned(),
            badge,
            due: due.map(|due| due.to_string()),
        });
    }
    for (_, watch, due) in engine.timers() {
        let stands_there = watch
            .token
            .and_then(|token| engine.tokens.get(&token))
            .is_some_and(|token| token.element == watch.element);
        if !stands_there {
            tokens.push(TokenRow {
                element: watch.element.to_string(),
                process: process(watch.scope).unwrap_or_default(),
                kind: "armed".to_owned(),
                badge: None,
                due: Some(due.to_string()),
            });
        }
    }
    Ok(tokens)
}
