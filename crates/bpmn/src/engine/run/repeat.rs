//! Repetition: multi-instance and standard loops.
//!
//! The token of the activity waits for a scope that counts; every round has a scope of its own with its number and
//! item, and a token at the same element.

use super::super::{Scope, ScopeKind};
use super::*;
use crate::model::Repeat;

/// More rounds of one activity are refused.
const ROUNDS_MAX: usize = 2_000;

impl<'a> Run<'a> {
    pub(super) fn open_repetition(
        &mut self,
        token: u64,
        node: &'a Node,
        repeat: &'a Repeat,
    ) -> Result<(), Problem> {
        let Some(outer) = self.state.tokens.get(&token).map(|token| token.scope) else { return Ok(()) };
        let (total, sequential) = match repeat {
            Repeat::Multi { sequential, .. } => (Some(self.rounds(outer, token, repeat)?), *sequential),
            Repeat::Loop { test_before, condition, .. } => {
                if let (true, Some(condition)) = (*test_before, condition)
                    && !self.holds(condition, outer, Some(token))?
                {
                    self.finish(token);
                    return Ok(());
                }
                (None, true)
            }
        };
        if total == Some(0) {
            self.finish(token);
            return Ok(());
        }
        let process = self
            .state
            .scopes
            .get(&outer)
            .map(|scope| scope.process.clone())
            .unwrap_or_else(|| Name::from(""));
        let mut variables = Variables::new();
        if let Some(total) = total {
            variables.insert("nrOfInstances".to_owned(), Value::Long(i64::from(total)));
            variables.insert("nrOfCompletedInstances".to_owned(), Value::Long(0));
            variables.insert("nrOfActiveInstances".to_owned(), Value::Long(0));
        }
        let scope = self.new_scope(Scope {
            parent: Some(outer),
            owner: Some(token),
            process,
            element: node.id.clone(),
            kind: ScopeKind::Repeated { total, begun: 0, done: 0, sequential },
            variables,
        });
        if let Some(token) = self.state.tokens.get_mut(&token) {
            token.at = At::Inside { scope };
        }
        let begin = if sequential { 1 } else { total.unwrap_or(1) };
        for _ in 0..begin {
            self.begin_round(scope, node, repeat)?;
        }
        Ok(())
    }

    /// How many rounds a multi-instance has.
    fn rounds(&mut self, scope: u64, token: u64, repeat: &'a Repeat) -> Result<u32, Problem> {
        let Repeat::Multi { cardinality, .. } = repeat else { return Ok(0) };
        let number = match self.items(scope, token, repeat)? {
            Some(items) => items.len() as i64,
            None => {
                let Some(cardinality) = cardinality else { return Ok(0) };
                match self.value(cardinality, scope, Some(token))? {
                    Value::Long(number) => number,
                    Value::Double(number) if number.fract() == 0.0 => number as i64,
                    other => other.to_string().trim().parse().map_err(|_| {
                        let message =
                            format!("`{other}` is no number of rounds; correct the cardinality and retry");
                        Problem::Incident("cardinality", message)
                    })?,
                }
            }
        };
        u32::try_from(number).ok().filter(|number| *number as usize <= ROUNDS_MAX).ok_or_else(|| {
            let message =
                format!("{number} rounds are not from 0 to {ROUNDS_MAX}; correct the cardinality and retry");
            Problem::Incident("cardinality", message)
        })
    }

    /// The collection a multi-instance goes over: a list, or text with commas.
    fn items(&mut self, scope: u64, token: u64, repeat: &'a Repeat) -> Result<Option<Vec<Value>>, Problem> {
        let Repeat::Multi { collection: Some(collection), .. } = repeat else { return Ok(None) };
        let value = match collection {
            // A plain text is the name of the variable.
            Text::Literal(name) => self.state.variable(scope, name).cloned().ok_or_else(|| {
                Problem::Incident(
                    "collection",
                    format!("there is no variable `{name}` to go over; set it and retry"),
                )
            })?,
            Text::Expression(expression) => self.evaluate(expression, scope, Some(token))?,
        };
        match value {
            Value::List(items) => Ok(Some(items)),
            Value::String(text) => Ok(Some(
                text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Value::from).collect(),
            )),
            other => {
                let message = format!("a {} cannot be gone over; make it a list and retry", other.kind());
                Err(Problem::Incident("collection", message))
            }
        }
    }

    fn begin_round(&mut self, repeated: u64, node: &'a Node, repeat: &'a Repeat) -> Result<(), Problem> {
        let Some(scope) = self.state.scopes.get_mut(&repeated) else { return Ok(()) };
        let ScopeKind::Repeated { begun, done, .. } = &mut scope.kind else { return Ok(()) };
        let number = *begun;
        *begun += 1;
        let active = i64::from(*begun - *done);
        let (outer, owner, process) = (scope.parent, scope.owner, scope.process.clone());
        if scope.variables.contains_key("nrOfActiveInstances") {
            scope.variables.insert("nrOfActiveInstances".to_owned(), Value::Long(active));
        }
        let mut variables = Variables::new();
        variables.insert("loopCounter".to_owned(), Value::Long(i64::from(number)));
        if let (Repeat::Multi { item, index, .. }, Some(outer), Some(owner)) = (repeat, outer, owner) {
            if let Some(index) = index {
                variables.insert(index.clone(), Value::Long(i64::from(number)));
            }
            if let (Some(item), Some(items)) = (item, self.items(outer, owner, repeat)?) {
                let value = items.into_iter().nth(number as usize).unwrap_or(Value::Null);
                variables.insert(item.clone(), value);
            }
        }
        let round = self.new_scope(Scope {
            parent: Some(repeated),
            owner: None,
            process,
            element: node.id.clone(),
            kind: ScopeKind::Round { index: number },
            variables,
        });
        let token = self.new_token(round, &node.id);
        self.agenda.push_back(Work::Enter(token));
        Ok(())
    }

    /// A round is over: counts it, and ends the repetition or begins the next round.
    pub(super) fn end_round(&mut self, token: u64) {
        let Some(round) = self.state.tokens.get(&token).map(|token| token.scope) else { return };
        let Some((_, node)) = self.place(token) else { return };
        let Some(repeat) = &node.repeat else { return };
        let Some(repeated) = self.state.scopes.get(&round).and_then(|round| round.parent) else { return };
        let Some(scope) = self.state.scopes.get_mut(&repeated) else { return };
        let ScopeKind::Repeated { total, begun, done, sequential } = &mut scope.kind else { return };
        *done += 1;
        let (total, begun, done, sequential) = (*total, *begun, *done, *sequential);
        if total.is_some() {
            scope.variables.insert("nrOfCompletedInstances".to_owned(), Value::Long(i64::from(done)));
            scope.variables.insert("nrOfActiveInstances".to_owned(), Value::Long(i64::from(begun - done)));
        }
        let goes_on = match repeat {
            Repeat::Multi { until, .. } => {
                match until.as_ref().map(|until| self.holds(until, round, Some(token))) {
                    Some(Ok(true)) => Ok(false),
                    Some(Err(problem)) => Err(problem),
                    _ => Ok(Some(done) != total),
                }
            }
            Repeat::Loop { condition, rounds_max, .. } => {
                if rounds_max.is_some_and(|most| done >= most) {
                    Ok(false)
                } else {
                    condition.as_ref().map_or(Ok(true), |condition| self.holds(condition, round, Some(token)))
                }
            }
        };
        let goes_on = match goes_on {
            Ok(goes_on) => goes_on,
            Err(problem) => {
                if let Some(ScopeKind::Repeated { done, .. }) =
                    self.state.scopes.get_mut(&repeated).map(|scope| &mut scope.kind)
                {
                    *done -= 1;
                }
                return self.stop(token, Phase::Leave, problem);
            }
        };
        self.depart(token);
        self.state.tokens.remove(&token);
        self.state.scopes.remove(&round);
        if !goes_on {
            self.close(repeated);
        } else if sequential
            && let Err(problem) = self.begin_round(repeated, node, repeat)
            && let Some(owner) = self.state.scopes.get(&repeated).and_then(|scope| scope.owner)
        {
            self.drop_scope(repeated);
            self.stop(owner, Phase::Enter, problem);
        }
    }
}
