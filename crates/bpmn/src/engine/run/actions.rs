//! What each kind of event does first: checks that refuse, then the change that sets tokens moving.

use super::super::{Outcome, Scope, ScopeKind, Wait};
use super::scope::defaults;
use super::*;
use crate::model::{DataType, NodeKind};

impl<'a> Run<'a> {
    pub(super) fn act(&mut self, event: &Event) -> Result<(), Refusal> {
        let by = event.by.as_ref();
        match &event.act {
            Act::Start { process, variables, begin } => {
                self.start(event, process, variables, begin.as_deref())
            }
            Act::Claim { task } => self.claim(*task, by),
            Act::Release { task } => self.release(*task, by),
            Act::Assign { task, to } => self.assign(*task, to.as_deref()),
            Act::Delegate { task, to } => self.hand_on(*task, to, by),
            Act::Resolve { task } => self.hand_back(*task, by),
            Act::Complete { task, answers } => self.complete(*task, answers, by),
            Act::Fire { timer } => {
                match self.state.watches.get(timer).map(|watch| &watch.wait) {
                    Some(Wait::Timer { due, .. }) if *due > self.at => {
                        let english = format!("timer `{timer}` is due at {due}, not yet");
                        let why = Reason::new("engine-timer-not-due", english);
                        return Err(Refusal::Order(why.with("timer", timer).with("due", due)));
                    }
                    Some(Wait::Timer { .. }) => self.fire(*timer),
                    _ => return Err(not_found("timer", timer)),
                }
                Ok(())
            }
            Act::Signal { name, variables } => {
                let root = self.root();
                self.set_variables(root, variables);
                self.hear_signal(name);
                Ok(())
            }
            Act::Message { name, correlation, variables } => {
                let receiver = self
                    .receiver(name, correlation.as_deref())
                    .ok_or_else(|| not_found("receiver of the message", name))?;
                self.set_where_it_waits(receiver, variables);
                self.trigger(receiver);
                Ok(())
            }
            Act::Trigger { waiting, variables } => self.resume(*waiting, variables),
            Act::EffectSucceeded { effect, reply } => {
                self.known_effect(effect)?;
                self.succeed(effect, reply);
                Ok(())
            }
            Act::EffectFailed { effect, message, error } => {
                self.known_effect(effect)?;
                self.fail(effect, message, error.as_deref());
                Ok(())
            }
            Act::Retry { incident } => self.retry(*incident),
            Act::Skip { incident, .. } => self.skip(*incident),
            Act::Set { variables, scope } => self.correct(variables, *scope),
            Act::MoveDue { of, due, .. } => self.move_due(*of, *due),
            Act::Cancel { .. } => {
                self.end_instance(Outcome::Cancelled);
                Ok(())
            }
        }
    }

    fn root(&self) -> u64 {
        self.state.scopes.iter().find(|(_, scope)| scope.parent.is_none()).map_or(0, |(id, _)| *id)
    }

    fn start(
        &mut self,
        event: &Event,
        wanted: &str,
        variables: &Variables,
        begin: Option<&str>,
    ) -> Result<(), Refusal> {
        let process = self.library.process(wanted).ok_or_else(|| not_found("process", &wanted))?;
        let starts = || process.body.starts.iter().map(|ix| process.node(*ix));
        let chosen = match begin {
            Some(begin) => Some(
                starts().find(|node| &*node.id == begin).ok_or_else(|| not_found("start event", &begin))?,
            ),
            None => starts()
                .find(|node| matches!(&node.kind, NodeKind::Start(start) if start.trigger.is_none()))
                .or_else(|| starts().next()),
        };
        let mut given = variables.clone();
        let mut initiator_variable = None;
        if let Some(NodeKind::Start(start)) = chosen.map(|node| &node.kind) {
            for prompt in &start.prompts {
                // A default of the data object answers a start prompt, too.
                let default = process.body.data.iter().find(|data| data.name == prompt.variable);
                if let Some(default) = default.filter(|data| !data.default.is_null()) {
                    given.entry(prompt.variable.clone()).or_insert_with(|| default.default.clone());
                }
                self.check_answer(0, prompt, &mut given, event.by.is_some())?;
            }
            initiator_variable = start.initiator.clone();
        }
        let mut all = defaults(&process.body.data);
        for (name, value) in given {
            let kind = process
                .body
                .data
                .iter()
                .find(|data| data.name == name)
                .map_or(DataType::Any, |data| data.kind);
            let typed = kind.convert(&value).unwrap_or(value);
            all.insert(name, typed);
        }
        let initiator = event.by.as_ref().map(|by| by.id.clone());
        if let Some(variable) = initiator_variable {
            all.insert(variable, initiator.clone().map_or(Value::Null, Value::from));
        }
        self.state.process = process.id.clone();
        self.state.initiator = initiator;
        self.state.started_at = Some(self.at);
        let scope = self.new_scope(Scope {
            parent: None,
            owner: None,
            process: process.id.clone(),
            element: process.id.clone(),
            kind: ScopeKind::Process,
            variables: all,
        });
        self.begin_level(scope, process, &process.body, chosen.map(|node| &node.id));
        Ok(())
    }

    fn set_where_it_waits(&mut self, watch: u64, variables: &Variables) {
        if let Some(scope) = self.state.watches.get(&watch).map(|watch| watch.scope) {
            self.set_variables(scope, variables);
        }
    }

    fn resume(&mut self, waiting: u64, variables: &Variables) -> Result<(), Refusal> {
        let wait = self.state.watches.get(&waiting).map(|watch| watch.wait.clone());
        match wait {
            Some(Wait::Job { .. }) => {
                self.job_state = variables.get("state").cloned();
                let mut others = variables.clone();
                others.remove("state");
                self.set_where_it_waits(waiting, &others);
            }
            Some(Wait::Receive { .. }) => self.set_where_it_waits(waiting, variables),
            _ => return Err(not_found("receive task or job that waits", &waiting)),
        }
        self.trigger(waiting);
        self.job_state = None;
        Ok(())
    }

    fn known_effect(&self, key: &str) -> Result<(), Refusal> {
        if self.state.effects.contains_key(key) { Ok(()) } else { Err(not_found("pending effect", &key)) }
    }

    fn retry(&mut self, id: u64) -> Result<(), Refusal> {
        let incident = self.state.incidents.remove(&id).ok_or_else(|| not_found("open incident", &id))?;
        let Some(token) = incident.token else {
            // Nobody stands still for it: the effect is asked for again.
            if let Some(pending) = incident.effect.and_then(|key| self.state.effects.remove(&key)) {
                self.send_out(pending.effect, None);
            }
            return Ok(());
        };
        if let Some(stopped) = self.state.tokens.get_mut(&token) {
            stopped.at = At::Moving;
        }
        match incident.phase {
            Phase::Leave => self.agenda.push_back(Work::Leave(token)),
            Phase::Finish => self.finish(token),
            Phase::Enter => self.enter_again(token),
        }
        Ok(())
    }

    fn skip(&mut self, id: u64) -> Result<(), Refusal> {
        let incident = self.state.incidents.remove(&id).ok_or_else(|| not_found("open incident", &id))?;
        if let Some(key) = incident.effect {
            self.state.effects.remove(&key);
        }
        let Some(token) = incident.token else { return Ok(()) };
        if let Some(stopped) = self.state.tokens.get_mut(&token) {
            stopped.at = At::Moving;
        }
        if incident.code == super::super::state::STUCK {
            self.open_starved_join(token);
        } else {
            self.pass_over(token);
        }
        Ok(())
    }

    fn correct(&mut self, variables: &Variables, scope: Option<u64>) -> Result<(), Refusal> {
        match scope {
            Some(id) => {
                let scope = self.state.scopes.get_mut(&id).ok_or_else(|| not_found("scope", &id))?;
                scope.variables.extend(variables.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            None => {
                let root = self.root();
                self.set_variables(root, variables);
            }
        }
        Ok(())
    }

    fn move_due(&mut self, of: u64, due: Option<Timestamp>) -> Result<(), Refusal> {
        if let Some(task) = self.state.tasks.get_mut(&of) {
            task.due = due;
            return Ok(());
        }
        match (self.state.watches.get_mut(&of).map(|watch| &mut watch.wait), due) {
            (Some(Wait::Timer { due: known, .. }), Some(due)) => {
                *known = due;
                Ok(())
            }
            (Some(Wait::Timer { .. }), None) => {
                let english = "a timer needs a due time; say when it fires";
                Err(Refusal::Order(Reason::new("engine-timer-without-due", english)))
            }
            _ => Err(not_found("open task or timer", &of)),
        }
    }
}

fn not_found(what: &'static str, id: &dyn std::fmt::Display) -> Refusal {
    Refusal::NotFound { what, id: id.to_string() }
}
