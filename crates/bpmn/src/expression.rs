//! Jakarta Expression Language as Flowable evaluates it (JUEL), with its coercion rules.
//!
//! A text is literal (`abc`), one evaluation (`${Approved}` or `#{Approved}`, which keeps the value's type) or a
//! composite of both (`/projects/${id}`, which is always text). `\${` is a literal `${`. What comes out is what
//! `org.flowable.common.engine.impl.de.odysseus.el` gives, with `Integer` and `Float` widened; whatever an expression
//! says, answering takes bounded time and memory.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use crate::sentence::{Sentence, sentence};
use crate::value::Value;

mod batch;
mod coercion;
mod evaluation;
mod functions;
mod methods;
mod operators;
mod parser;
mod reading;
mod scanner;
mod tree;

pub use batch::evaluate_line;
pub use reading::Reading;

/// Longer texts are refused: a request body is the longest honest one, and stays far below.
pub const TEXT_BYTES_MAX: usize = 1 << 20;

/// Brackets, choices and operators before a value may be nested this deep.
pub const NESTING_MAX: usize = 64;

/// No evaluation produces longer text.
pub const PRODUCED_BYTES_MAX: usize = 8 << 20;

/// An evaluation that looks at more than about this many bytes is stopped.
pub const WORK_MAX: u64 = 128 << 20;

/// Where an expression finds its variables.
pub trait Scope {
    /// The variable of that name, also if it is null; `None` if there is none, which is an error to the expression
    /// that reads it.
    fn get(&self, name: &str) -> Option<Cow<'_, Value>>;

    /// A property of the running execution: what `${execution.processInstanceId}` or `${task.assignee}` reads.
    /// `object` is `execution`, `task` or `variableContainer`; `None` if it has no such property.
    fn property(&self, object: &str, property: &str) -> Option<Value> {
        let _ = (object, property);
        None
    }
}

impl Scope for BTreeMap<String, Value> {
    fn get(&self, name: &str) -> Option<Cow<'_, Value>> {
        BTreeMap::get(self, name).map(Cow::Borrowed)
    }
}

/// Why a text cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    /// The text is not an expression.
    #[error("{}", self.sentence())]
    Syntax {
        /// The text, shortened.
        text: String,
        /// What is wrong.
        problem: Sentence,
        /// Which character, counted from one.
        position: usize,
    },
    /// A variable that nothing has set.
    #[error("{}", self.sentence())]
    UnknownVariable {
        /// Its name.
        name: String,
    },
    /// A property, method or place that the value does not have.
    #[error("{0}")]
    NotFound(String),
    /// A value that cannot be what the operator or method needs.
    #[error("{0}")]
    Type(String),
    /// Too long, too deep or too much work.
    #[error("{0}")]
    Limit(Sentence),
}

impl ExpressionError {
    /// How many characters of a text a message shows.
    const SHOWN: usize = 120;

    /// The error, to be said in any language. What only evaluating finds is recorded in English, and repeated as it is.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Syntax { text, problem, position } => sentence!(
                "expression-syntax",
                "`{text}` is not an expression: {problem} (character {position})",
                text = text,
                problem = problem.clone(),
                position = *position
            ),
            Self::UnknownVariable { name } => sentence!(
                "expression-variable",
                "the variable `{name}` has not been set; set it before this point or give it a default",
                name = name
            ),
            Self::NotFound(why) | Self::Type(why) => sentence!("expression-evaluated", "{why}", why = why),
            Self::Limit(limit) => limit.clone(),
        }
    }

    fn syntax(text: &str, byte: usize, problem: Sentence) -> Self {
        let before = text.get(..byte).map_or(0, |before| before.chars().count());
        Self::Syntax { text: text.chars().take(Self::SHOWN).collect(), problem, position: before + 1 }
    }
}

/// A variable that `execution.setVariable(…)` or `setVariableLocal(…)` set.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// Its new value.
    pub value: Value,
    /// Whether it was set in the innermost scope whatever the enclosing ones hold.
    pub local: bool,
}

/// What evaluating an expression gave.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluation {
    /// The value.
    pub value: Value,
    /// The variables it set, in order, for the caller to apply.
    pub assignments: Vec<Assignment>,
}

/// A parsed text.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    source: String,
    tree: tree::Tree,
}

impl Expression {
    /// Parses a text; white space around it is ignored, as in the reference implementation.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(ExpressionError::Limit(sentence!(
                "expression-too-long",
                "the expression is longer than {limit} bytes",
                limit = TEXT_BYTES_MAX
            )));
        }
        let source = text.trim_matches(|c| c <= ' ');
        let tree = parser::parse(source)?;
        Ok(Self { source: source.to_owned(), tree })
    }

    /// The text it was parsed from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it is text without any `${…}`.
    pub fn is_literal(&self) -> bool {
        matches!(self.tree, tree::Tree::Literal(_))
    }

    /// The text of a literal, its escapes undone.
    pub fn literal(&self) -> Option<&str> {
        match &self.tree {
            tree::Tree::Literal(text) => Some(text),
            _ => None,
        }
    }

    /// The names of the variables it may read, sorted.
    pub fn variables(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        self.tree.for_each_variable(&mut |name| {
            names.insert(name);
        });
        names
    }

    /// The names of the variables without which it cannot be evaluated, sorted: those that it does not read by a
    /// function or method that asks first.
    pub fn variables_required(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        self.tree.for_each_identifier(&mut |name| {
            names.insert(name);
        });
        names
    }

    /// The names of the variables it may set by `execution.setVariable('name', …)`, sorted.
    pub fn variables_set(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        self.tree.for_each_assignment(&mut |name| {
            names.insert(name);
        });
        names
    }

    /// The value, typed. An expression that sets variables is refused here; see [`Expression::run`].
    pub fn evaluate(&self, scope: &dyn Scope) -> Result<Value, ExpressionError> {
        let Evaluation { value, assignments } = self.run(scope)?;
        match assignments.first() {
            Some(Assignment { name, .. }) => Err(ExpressionError::Type(format!(
                "the expression sets the variable `{name}`, which is not allowed here; use a service task"
            ))),
            None => Ok(value),
        }
    }

    /// The value as text: null is empty.
    pub fn evaluate_text(&self, scope: &dyn Scope) -> Result<String, ExpressionError> {
        Ok(match self.evaluate(scope)? {
            Value::String(text) => text,
            value => coercion::text(&value),
        })
    }

    /// The value as a condition: null and any text but `true` (in any case) are false; numbers, lists and maps are
    /// errors.
    pub fn evaluate_boolean(&self, scope: &dyn Scope) -> Result<bool, ExpressionError> {
        coercion::boolean(&self.evaluate(scope)?)
    }

    /// Evaluates, and beside it writes every `${…}` that stands in other text as `encode` says, which is told what stands
    /// before it. A text that is one `${…}` alone is its value: there is nothing around it that it could break out of.
    pub(crate) fn run_encoded(
        &self,
        scope: &dyn Scope,
        encode: fn(&str, &Value) -> String,
    ) -> Result<(Evaluation, Option<String>), ExpressionError> {
        evaluation::encoded(&self.tree, scope, encode)
    }

    /// Evaluates, and tells which variables `execution.setVariable(…)` set.
    pub fn run(&self, scope: &dyn Scope) -> Result<Evaluation, ExpressionError> {
        evaluation::evaluate(&self.tree, scope)
    }

    /// The constants in it, in order.
    pub(crate) fn literals(&self) -> Vec<&Value> {
        let mut literals = Vec::new();
        for node in self.tree.evaluations() {
            node.visit(&mut |node| {
                if let tree::Node::Literal(value) = node {
                    literals.push(value);
                }
            });
        }
        literals
    }
}

impl FromStr for Expression {
    type Err = ExpressionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.source)
    }
}

#[cfg(test)]
mod tests;
