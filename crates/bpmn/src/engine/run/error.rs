//! Errors and escalations: looked up from where they are thrown outwards, an event sub-process of a level before the
//! boundary of what the level is inside of, a code before any.

use super::super::{Outcome, ScopeKind};
use super::*;
use crate::model::{NodeKind, Trigger};

/// Who catches.
enum Catcher {
    /// An event sub-process of this scope, by its start event.
    Level { scope: u64, start: Name, interrupting: bool, variable: Option<String> },
    /// A boundary event of the activity this token is at.
    Boundary { token: u64, event: Name, interrupting: bool, variable: Option<String> },
}

/// What is thrown.
#[derive(Clone, Copy)]
enum Thrown<'c> {
    Error(&'c str),
    Escalation(Option<&'c str>),
}

impl Thrown<'_> {
    /// How well a trigger catches it: by its code, as any, or not at all.
    fn fit(self, trigger: &Trigger) -> Option<u8> {
        let (wanted, code) = match (self, trigger) {
            (Thrown::Error(code), Trigger::Error { code: wanted, .. }) => (wanted, Some(code)),
            (Thrown::Escalation(code), Trigger::Escalation { code: wanted }) => (wanted, code),
            _ => return None,
        };
        match wanted {
            Some(wanted) => (Some(wanted.as_str()) == code).then_some(0),
            None => Some(1),
        }
    }
}

impl<'a> Run<'a> {
    /// Throws an error out of a scope. If nobody catches it, the instance ends with it.
    pub(super) fn throw_error(&mut self, scope: u64, code: &str) {
        match self.catcher(Some(scope), None, Thrown::Error(code)) {
            Some(catcher) => self.hand_to(catcher, Some(code)),
            None => self.end_instance(Outcome::Error(code.to_owned())),
        }
    }

    /// Throws an error at an activity; tells whether somebody caught it.
    pub(super) fn throw_error_at(&mut self, token: u64, code: &str) -> bool {
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return false };
        let catcher = self.catcher(Some(scope), Some(token), Thrown::Error(code));
        let caught = catcher.is_some();
        if let Some(catcher) = catcher {
            self.hand_to(catcher, Some(code));
        }
        caught
    }

    /// Throws an escalation out of a scope; without a catcher nothing comes of it.
    pub(super) fn escalate(&mut self, scope: u64, code: Option<&str>) {
        if let Some(catcher) = self.catcher(Some(scope), None, Thrown::Escalation(code)) {
            self.hand_to(catcher, code);
        }
    }

    fn catcher(&self, from: Option<u64>, at: Option<u64>, thrown: Thrown<'_>) -> Option<Catcher> {
        if let Some(found) = at.and_then(|token| self.catcher_at(token, thrown)) {
            return Some(found);
        }
        let mut next = from;
        while let Some(scope) = next {
            let here = self.state.scopes.get(&scope)?;
            if let Some(found) = self.catcher_in(scope, thrown) {
                return Some(found);
            }
            if let Some(found) = here.owner.and_then(|owner| self.catcher_at(owner, thrown)) {
                return Some(found);
            }
            next = here.parent;
        }
        None
    }

    /// An event sub-process of a scope.
    fn catcher_in(&self, scope: u64, thrown: Thrown<'_>) -> Option<Catcher> {
        let here = self.state.scopes.get(&scope)?;
        let process = self.library.process(&here.process)?;
        let body = match here.kind {
            ScopeKind::Process | ScopeKind::Called => &process.body,
            ScopeKind::Embedded => process.body_of(process.find(&here.element)),
            ScopeKind::Repeated { .. } | ScopeKind::Round { .. } => return None,
        };
        let mut best: Option<(u8, Catcher)> = None;
        for ix in &body.event_subprocesses {
            let NodeKind::SubProcess(sub) = &process.node(*ix).kind else { continue };
            let Some(event) = sub.body.starts.first().map(|start| process.node(*start)) else { continue };
            let NodeKind::Start(start) = &event.kind else { continue };
            let Some(trigger) = &start.trigger else { continue };
            let Some(fit) = thrown.fit(trigger) else { continue };
            if best.as_ref().is_none_or(|(known, _)| fit < *known) {
                // Errors always interrupt, whatever is written.
                let interrupting = start.interrupting || matches!(thrown, Thrown::Error(_));
                let variable = variable_of(trigger);
                best = Some((fit, Catcher::Level { scope, start: event.id.clone(), interrupting, variable }));
            }
        }
        best.map(|(_, catcher)| catcher)
    }

    /// A boundary event of the activity a token is at.
    fn catcher_at(&self, token: u64, thrown: Thrown<'_>) -> Option<Catcher> {
        let (process, node) = self.place(token)?;
        // The boundary belongs to the repetition as a whole, not to one round.
        if self.in_round(token) {
            let round = self.state.scopes.get(&self.state.tokens.get(&token)?.scope)?;
            let repeated = self.state.scopes.get(&round.parent?)?;
            return self.catcher_at(repeated.owner?, thrown);
        }
        let mut best: Option<(u8, Catcher)> = None;
        for event in node.boundary.iter().map(|ix| process.node(*ix)) {
            let NodeKind::Boundary(boundary) = &event.kind else { continue };
            let Some(fit) = thrown.fit(&boundary.trigger) else { continue };
            if best.as_ref().is_none_or(|(known, _)| fit < *known) {
                let variable = variable_of(&boundary.trigger);
                let interrupting = boundary.interrupting;
                best =
                    Some((fit, Catcher::Boundary { token, event: event.id.clone(), interrupting, variable }));
            }
        }
        best.map(|(_, catcher)| catcher)
    }

    fn hand_to(&mut self, catcher: Catcher, code: Option<&str>) {
        match catcher {
            Catcher::Level { scope, start, interrupting, variable } => {
                if interrupting {
                    self.replace(scope);
                }
                self.tell_code(scope, variable, code);
                self.open_event_subprocess(scope, &start);
            }
            Catcher::Boundary { token, event, interrupting, variable } => {
                let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return };
                self.attached = Some(self.owners_at(token));
                let branch = if interrupting {
                    self.clear(token);
                    self.depart(token);
                    token
                } else {
                    self.new_token(scope, &event)
                };
                self.tell_code(scope, variable, code);
                self.come_to(branch, &event);
                self.attached = None;
            }
        }
    }

    fn tell_code(&mut self, scope: u64, variable: Option<String>, code: Option<&str>) {
        if let Some(variable) = variable {
            self.set_variable(scope, &variable, code.map_or(Value::Null, Value::from));
        }
    }
}

fn variable_of(trigger: &Trigger) -> Option<String> {
    match trigger {
        Trigger::Error { variable, .. } => variable.clone(),
        _ => None,
    }
}
