//! What is wrong or unwise about a definition, said before a process can hurt anyone.
//!
//! Reading a definition already reports what cannot be run. Lint adds what runs and should not: answers nobody reads,
//! gateways that strand, tasks nobody may claim, loops that spin, timers that surprise, secrets in the open. It warns
//! only of what it can show, and each warning names the element, the reason and the remedy.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::diagnostic::Diagnostic;
use crate::model::{Definition, Process};
use crate::sentence::{Sentence, sentence};

mod flow;
mod gateways;
mod lists;
mod people;
mod secrets;
mod timers;
mod variables;

/// The code of what is found about tasks that nobody may claim.
const NOBODY_MAY_CLAIM: &str = "nobody-may-claim";
/// The code of what is found about approvals that fewer may sign than must.
const TOO_FEW_MAY_SIGN: &str = "too-few-may-sign";
/// The code of what is said of mails and notices to names that mean nobody.
pub const NOBODY_TOLD: &str = "recipient-unknown";

/// What is said of an element that tells something to a name that means nobody. Whom names mean is known to whoever asks.
pub fn nobody_told(element: &str, name: &str) -> Diagnostic {
    let said = sentence!(
        "recipient-unknown",
        "`{element}` tells `{name}` something, who is nobody here: whoever starts the process is told instead; say whom the name means",
        element = element,
        name = name
    );
    Diagnostic::warning(NOBODY_TOLD, Some(element), said)
}

/// Codes of what depends on who is here: what a [`Roster`] says of it is newer than what was found without one.
pub const OF_PEOPLE: [&str; 2] = [NOBODY_MAY_CLAIM, TOO_FEW_MAY_SIGN];

/// Who is in which group, where that is known: then a task whose every candidate is excluded is found by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// The members of each group.
    pub groups: BTreeMap<String, BTreeSet<String>>,
    /// Whom names of users mean, where that is not themselves.
    pub users: BTreeMap<String, BTreeSet<String>>,
    /// Everybody who may sign an approval.
    pub signers: BTreeSet<String>,
    /// User tasks whose answer is an approval, by element, and how many persons must sign it.
    pub gates: BTreeMap<String, u32>,
}

/// Everything there is to say about a definition: what reading it found, then lint's warnings in document order.
/// `now` is the moment from which timers are judged.
pub fn lint(definition: &Definition, now: Timestamp) -> Vec<Diagnostic> {
    lint_with(definition, now, None)
}

/// The same, for people whose groups are known.
pub fn lint_with(definition: &Definition, now: Timestamp, roster: Option<&Roster>) -> Vec<Diagnostic> {
    let mut diagnostics = definition.diagnostics.clone();
    lists::check(definition, &mut diagnostics);
    if !definition.processes.is_empty() && definition.process(None).is_none() {
        let said = sentence!(
            "not-executable",
            "no process here is marked as executable, so none can be started; set `isExecutable` to `true`"
        );
        diagnostics.push(Diagnostic::warning("not-executable", None, said));
    }
    // A process that is not to be run is a drawing, and may say less.
    for process in definition.processes.iter().filter(|process| process.executable) {
        let mut found = Findings::of(process);
        let graph = flow::Graph::of(process);
        let variables = variables::Variables::of(process);
        flow::check(&graph, &mut found);
        variables::check(&variables, &graph, &mut found);
        gateways::check(&variables, &graph, &mut found);
        people::check(roster, &mut found);
        timers::check(now, &mut found);
        secrets::check(&mut found);
        // Sorting is stable: one element's findings stay in the order of the rules.
        found.found.sort_by_key(|(position, _)| *position);
        diagnostics.extend(found.found.into_iter().map(|(_, diagnostic)| diagnostic));
    }
    diagnostics
}

/// So many findings of one kind are told per process; whoever has more knows enough.
const TOLD_MAX: usize = 200;

/// What was found in a process so far.
struct Findings<'p> {
    process: &'p Process,
    /// With the place of the element in the document.
    found: Vec<(usize, Diagnostic)>,
    /// How many of each kind.
    told: BTreeMap<&'static str, usize>,
}

impl<'p> Findings<'p> {
    fn of(process: &'p Process) -> Self {
        Self { process, found: Vec::new(), told: BTreeMap::new() }
    }

    /// Whether enough of a kind has been told, so that looking for more is wasted.
    fn is_full(&self, code: &str) -> bool {
        self.told.get(code).is_some_and(|told| *told >= TOLD_MAX)
    }

    fn warn(&mut self, code: &'static str, element: &str, said: Sentence) {
        self.tell(code, element, said, Diagnostic::warning);
    }

    /// For what must not start.
    fn error(&mut self, code: &'static str, element: &str, said: Sentence) {
        self.tell(code, element, said, Diagnostic::error);
    }

    fn tell(
        &mut self,
        code: &'static str,
        element: &str,
        said: Sentence,
        diagnostic: fn(&'static str, Option<&str>, Sentence) -> Diagnostic,
    ) {
        if self.is_full(code) {
            return;
        }
        let told = self.told.entry(code).or_default();
        *told += 1;
        let last = *told == TOLD_MAX;
        let position = match self.process.find(element) {
            Some(ix) => self.process.node(ix).position,
            None => {
                self.process.flows.iter().find(|flow| *flow.id == *element).map_or(0, |flow| flow.position)
            }
        };
        let mut said = said.on_one_line();
        if last {
            said = sentence!(
                "last-of-its-kind",
                "{finding} (further findings of this kind are not told)",
                finding = said
            );
        }
        self.found.push((position, diagnostic(code, Some(element), said)));
    }
}

#[cfg(test)]
mod tests;
