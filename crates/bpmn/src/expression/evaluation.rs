//! Walks a tree and computes its value.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use super::tree::{BinaryOperator, Node, Part, Step, Tree, UnaryOperator};
use super::{Assignment, Evaluation, ExpressionError, PRODUCED_BYTES_MAX, Scope, WORK_MAX};
use super::{coercion, functions, methods, operators};
use crate::sentence::sentence;
use crate::value::Value;

/// The names by which an expression reaches the running execution itself.
pub(super) const EXECUTION_NAMES: [&str; 3] = ["execution", "task", "variableContainer"];

/// Evaluates a tree.
pub(super) fn evaluate(tree: &Tree, scope: &dyn Scope) -> Result<Evaluation, ExpressionError> {
    let run = Run { scope, work: Cell::new(0), assignments: RefCell::default() };
    let value = match tree {
        Tree::Literal(text) => Value::String(text.clone()),
        Tree::Evaluation(node) => run.value(node)?.into_owned(),
        Tree::Composite(parts) => run.composite(parts)?,
    };
    Ok(Evaluation { value, assignments: run.assignments.into_inner() })
}

/// Evaluates a tree, and beside it the text with what its evaluations give encoded for what stands around them.
pub(super) fn encoded(
    tree: &Tree,
    scope: &dyn Scope,
    encode: fn(&str, &Value) -> String,
) -> Result<(Evaluation, Option<String>), ExpressionError> {
    let Tree::Composite(parts) = tree else { return evaluate(tree, scope).map(|done| (done, None)) };
    let run = Run { scope, work: Cell::new(0), assignments: RefCell::default() };
    let (mut text, mut escaped) = (String::new(), String::new());
    for part in parts {
        match part {
            Part::Text(literal) => {
                text.push_str(literal);
                escaped.push_str(literal);
            }
            Part::Evaluation(node) => {
                let value = run.value(node)?;
                text.push_str(&coercion::text(&value));
                let written = encode(&escaped, &value);
                escaped.push_str(&written);
            }
        }
        if text.len().max(escaped.len()) > PRODUCED_BYTES_MAX {
            break;
        }
    }
    run.spend(escaped.len())?;
    let value = run.produced(text)?;
    let same = value.as_str() == Some(escaped.as_str());
    Ok((Evaluation { value, assignments: run.assignments.into_inner() }, (!same).then_some(escaped)))
}

/// One evaluation under way.
pub(super) struct Run<'s> {
    pub(super) scope: &'s dyn Scope,
    work: Cell<u64>,
    assignments: RefCell<Vec<Assignment>>,
}

impl<'s> Run<'s> {
    /// Accounts for work, one unit being about a byte looked at, so that no expression keeps anybody waiting.
    pub(super) fn spend(&self, work: usize) -> Result<(), ExpressionError> {
        self.work.set(self.work.get().saturating_add(work as u64));
        if self.work.get() > WORK_MAX {
            return Err(ExpressionError::Limit(sentence!(
                "expression-too-much-work",
                "the expression takes too much work; simplify it"
            )));
        }
        Ok(())
    }

    /// Refuses text that has grown too long.
    pub(super) fn produced(&self, text: String) -> Result<Value, ExpressionError> {
        self.spend(text.len())?;
        if text.len() > PRODUCED_BYTES_MAX {
            return Err(ExpressionError::Limit(sentence!(
                "expression-too-much-text",
                "the expression produces more than {limit} bytes of text",
                limit = PRODUCED_BYTES_MAX
            )));
        }
        Ok(Value::String(text))
    }

    /// The variable of that name, with what this evaluation has set so far; `None` if there is none.
    pub(super) fn variable(&self, name: &str) -> Option<Cow<'s, Value>> {
        let assignments = self.assignments.borrow();
        match assignments.iter().rev().find(|assignment| assignment.name == name) {
            Some(assignment) => Some(Cow::Owned(assignment.value.clone())),
            None => self.scope.get(name),
        }
    }

    pub(super) fn assign(&self, assignment: Assignment) {
        self.assignments.borrow_mut().push(assignment);
    }

    fn composite(&self, parts: &[Part]) -> Result<Value, ExpressionError> {
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Evaluation(node) => text.push_str(&coercion::text(&*self.value(node)?)),
            }
            if text.len() > PRODUCED_BYTES_MAX {
                break;
            }
        }
        self.produced(text)
    }

    pub(super) fn value<'e>(&'e self, node: &'e Node) -> Result<Cow<'e, Value>, ExpressionError> {
        self.spend(8)?;
        Ok(match node {
            Node::Literal(value) => Cow::Borrowed(value),
            Node::Identifier(name) => {
                self.variable(name).ok_or_else(|| ExpressionError::UnknownVariable { name: name.clone() })?
            }
            Node::Unary(operator, operand) => {
                let operand = self.value(operand)?;
                Cow::Owned(match operator {
                    UnaryOperator::Not => Value::Boolean(!coercion::boolean(&operand)?),
                    UnaryOperator::Negate => operators::negate(&operand)?,
                    UnaryOperator::Empty => Value::Boolean(operators::is_empty(&operand)),
                })
            }
            Node::Chain(first, rest) => self.chain(first, rest)?,
            Node::Choice(nodes) => {
                let [question, yes, no] = &**nodes;
                let question = self.value(question)?;
                if question.is_null() {
                    let message = "the question before `?` is null; compare it with something";
                    return Err(ExpressionError::Type(message.to_owned()));
                }
                if coercion::boolean(&question)? { self.value(yes)? } else { self.value(no)? }
            }
            Node::Access(base, steps) => self.access(base, steps)?,
            Node::Function { prefix, name, arguments } => {
                Cow::Owned(functions::call(self, prefix, name, arguments)?)
            }
        })
    }

    fn chain<'e>(
        &'e self,
        first: &'e Node,
        rest: &'e [(BinaryOperator, Node)],
    ) -> Result<Cow<'e, Value>, ExpressionError> {
        use BinaryOperator::*;
        let mut left = self.value(first)?;
        for (operator, node) in rest {
            let result = match operator {
                And => coercion::boolean(&left)? && coercion::boolean(&*self.value(node)?)?,
                Or => coercion::boolean(&left)? || coercion::boolean(&*self.value(node)?)?,
                Add | Subtract | Multiply | Divide | Remainder => {
                    let right = self.value(node)?;
                    left = Cow::Owned(operators::arithmetic(*operator, &left, &right)?);
                    continue;
                }
                Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual => {
                    let right = self.value(node)?;
                    self.spend(weight(&left).saturating_add(weight(&right)))?;
                    match operator {
                        Equal => operators::equal(&left, &right)?,
                        NotEqual => !operators::equal(&left, &right)?,
                        _ => operators::compare(*operator, &left, &right)?,
                    }
                }
            };
            left = Cow::Owned(Value::Boolean(result));
        }
        Ok(left)
    }

    fn access<'e>(&'e self, base: &'e Node, steps: &'e [Step]) -> Result<Cow<'e, Value>, ExpressionError> {
        let execution = match base {
            Node::Identifier(name) if EXECUTION_NAMES.contains(&name.as_str()) => {
                self.variable(name).is_none().then_some(name)
            }
            _ => None,
        };
        let (mut value, steps) = match (execution, steps.split_first()) {
            (Some(object), Some((step, rest))) => {
                (Cow::Owned(functions::execution_step(self, object, step)?), rest)
            }
            _ => (self.value(base)?, steps),
        };
        for step in steps {
            self.spend(8)?;
            // Null has every property, and each is null.
            if value.is_null() {
                return Ok(Cow::Owned(Value::Null));
            }
            value = match step {
                Step::Dot(name) => methods::property(value, &Value::String(name.clone()))?,
                Step::Bracket(node) => {
                    let key = self.value(node)?;
                    methods::property(value, &key)?
                }
                Step::Call(target, arguments) => {
                    let name = self.called(target)?;
                    let arguments = self.arguments(arguments)?;
                    Cow::Owned(methods::call(self, &value, &name, &arguments)?)
                }
            };
        }
        Ok(value)
    }

    /// The name of the method of a call: `.name(…)` or `[name](…)`.
    pub(super) fn called<'e>(&'e self, target: &'e Step) -> Result<Cow<'e, str>, ExpressionError> {
        match target {
            Step::Dot(name) => Ok(Cow::Borrowed(name)),
            Step::Bracket(node) => match &*self.value(node)? {
                Value::Null => Err(ExpressionError::NotFound("a method's name is null".to_owned())),
                name => Ok(Cow::Owned(coercion::text(name))),
            },
            Step::Call(..) => Err(ExpressionError::NotFound("a call's result cannot be called".to_owned())),
        }
    }

    pub(super) fn arguments(&self, nodes: &[Node]) -> Result<Vec<Value>, ExpressionError> {
        nodes
            .iter()
            .map(|node| {
                let value = self.value(node)?;
                self.spend(weight(&value))?;
                Ok(value.into_owned())
            })
            .collect()
    }
}

/// About how many bytes a value has.
pub(super) fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Boolean(_) | Value::Long(_) | Value::Double(_) => 8,
        Value::String(text) => text.len(),
        Value::List(items) => items.iter().map(weight).sum::<usize>() + 8,
        Value::Map(fields) => fields.iter().map(|(key, item)| key.len() + weight(item)).sum::<usize>() + 8,
    }
}
