//! What a condition asks, where it only compares variables with values: for telling it in words.

use super::Expression;
use super::tree::{BinaryOperator, Node, Tree, UnaryOperator};
use crate::value::Value;

/// What a condition asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// Whether a variable has a value, or has another one.
    Is {
        /// The variable.
        variable: String,
        /// The value.
        value: Value,
        /// Whether it holds when the variable has the value, or when it has not.
        equal: bool,
    },
    /// Whether all of these hold.
    All(Vec<Reading>),
    /// Whether any of these holds.
    Any(Vec<Reading>),
}

impl Expression {
    /// What it asks, if it does nothing but compare variables with values.
    pub fn reading(&self) -> Option<Reading> {
        match &self.tree {
            Tree::Evaluation(node) => read(node),
            Tree::Literal(_) | Tree::Composite(_) => None,
        }
    }
}

fn read(node: &Node) -> Option<Reading> {
    match node {
        Node::Identifier(variable) => {
            Some(Reading::Is { variable: variable.clone(), value: Value::Boolean(true), equal: true })
        }
        Node::Unary(UnaryOperator::Not, inner) => match read(inner)? {
            Reading::Is { variable, value, equal } => Some(Reading::Is { variable, value, equal: !equal }),
            Reading::All(_) | Reading::Any(_) => None,
        },
        Node::Chain(first, rest) => match rest.as_slice() {
            [(operator @ (BinaryOperator::Equal | BinaryOperator::NotEqual), second)] => {
                let (variable, value) = match (&**first, second) {
                    (Node::Identifier(variable), Node::Literal(value))
                    | (Node::Literal(value), Node::Identifier(variable)) => (variable, value),
                    _ => return None,
                };
                let equal = *operator == BinaryOperator::Equal;
                Some(Reading::Is { variable: variable.clone(), value: value.clone(), equal })
            }
            [(joined @ (BinaryOperator::And | BinaryOperator::Or), _), ..] => {
                if rest.iter().any(|(operator, _)| operator != joined) {
                    return None;
                }
                let nodes = std::iter::once(&**first).chain(rest.iter().map(|(_, node)| node));
                let all = nodes.map(read).collect::<Option<Vec<_>>>()?;
                Some(if *joined == BinaryOperator::And { Reading::All(all) } else { Reading::Any(all) })
            }
            _ => None,
        },
        Node::Literal(_)
        | Node::Unary(UnaryOperator::Negate | UnaryOperator::Empty, _)
        | Node::Choice(_)
        | Node::Access(..)
        | Node::Function { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_are_read_and_nothing_else() {
        let is = |variable: &str, value: Value, equal| {
            Some(Reading::Is { variable: variable.to_owned(), value, equal })
        };
        let yes = Value::Boolean(true);
        let rows = [
            ("${Approved}", is("Approved", yes.clone(), true)),
            ("${!Approved}", is("Approved", yes.clone(), false)),
            ("${Approved == 'Yes'}", is("Approved", Value::from("Yes"), true)),
            ("${'Yes' != Approved}", is("Approved", Value::from("Yes"), false)),
            ("${not (n eq 3)}", is("n", Value::Long(3), false)),
            (
                "${a && b == 'x'}",
                Some(Reading::All(vec![
                    is("a", yes.clone(), true).unwrap(),
                    is("b", Value::from("x"), true).unwrap(),
                ])),
            ),
            (
                "${a or !b}",
                Some(Reading::Any(vec![is("a", yes.clone(), true).unwrap(), is("b", yes, false).unwrap()])),
            ),
            ("${a == b}", None),
            ("${n > 3}", None),
            ("${a.b == 'x'}", None),
            ("${execution.getVariable('a')}", None),
            ("${empty a}", None),
            ("yes", None),
        ];
        for (text, wanted) in rows {
            assert_eq!(Expression::parse(text).unwrap().reading(), wanted, "{text}");
        }
    }
}
