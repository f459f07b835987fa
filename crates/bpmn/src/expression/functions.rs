//! Flowable's functions on variables (`variables:get(x)`), and what `execution` and `task` offer.

use std::cmp::Ordering;

use super::evaluation::{EXECUTION_NAMES, Run};
use super::operators::{compare_text, is_empty, same};
use super::tree::{Node, Step};
use super::{Assignment, ExpressionError, coercion};
use crate::sentence::{Sentence, sentence};
use crate::value::Value;

/// The prefixes of the functions on variables; all mean the same.
const PREFIXES: [&str; 3] = ["variables", "vars", "var"];

/// A function on a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Get,
    GetOrDefault,
    GetOrDefaultIfMissing,
    Exists,
    Equals,
    NotEquals,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    IsEmpty,
    IsNotEmpty,
    Contains,
    ContainsAny,
}

impl Function {
    fn named(prefix: &str, name: &str) -> Option<Self> {
        use Function::*;
        if !PREFIXES.contains(&prefix) {
            return None;
        }
        Some(match name {
            "get" => Get,
            "getOrDefault" => GetOrDefault,
            "getOrDefaultIfNotExist" => GetOrDefaultIfMissing,
            "exists" | "exist" => Exists,
            "equals" | "eq" => Equals,
            "notEquals" | "ne" => NotEquals,
            "lowerThan" | "lessThan" | "lt" => Less,
            "lowerThanOrEquals" | "lessThanOrEquals" | "lte" => LessOrEqual,
            "greaterThan" | "gt" => Greater,
            "greaterThanOrEquals" | "gte" => GreaterOrEqual,
            "isEmpty" | "empty" => IsEmpty,
            "isNotEmpty" | "notEmpty" => IsNotEmpty,
            "contains" => Contains,
            "containsAny" => ContainsAny,
            _ => return None,
        })
    }

    /// How many arguments follow the variable's name: at least, at most.
    fn arguments(self) -> (usize, usize) {
        use Function::*;
        match self {
            Get | Exists | IsEmpty | IsNotEmpty => (0, 0),
            Contains | ContainsAny => (0, usize::MAX),
            _ => (1, 1),
        }
    }
}

/// Whether there is such a function, taking that many arguments; the message otherwise says why not.
pub(super) fn check(prefix: &str, name: &str, arguments: &[Node]) -> Result<(), Sentence> {
    let Some(function) = Function::named(prefix, name) else {
        let shown = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}:{name}") };
        return Err(sentence!("expression-function", "there is no function `{name}`", name = shown));
    };
    let (least, most) = function.arguments();
    let given = named_arguments(arguments, most).len();
    match given.checked_sub(1) {
        Some(given) if (least..=most).contains(&given) => Ok(()),
        _ => Err(sentence!(
            "expression-arguments",
            "`{name}` takes the name of a variable and {least} more",
            name = format!("{prefix}:{name}"),
            least = least
        )),
    }
}

/// The arguments from the variable's name on: `variables:get(execution, 'x')` may name the scope first.
pub(super) fn named_arguments(arguments: &[Node], most: usize) -> &[Node] {
    match arguments.split_first() {
        Some((Node::Identifier(scope), rest))
            if EXECUTION_NAMES.contains(&scope.as_str()) && rest.len() > most =>
        {
            rest
        }
        _ => arguments,
    }
}

/// The variable that a call of a function reads, if that can be told without running it.
pub(super) fn variable_read<'n>(prefix: &str, name: &str, arguments: &'n [Node]) -> Option<&'n str> {
    let (_, most) = Function::named(prefix, name)?.arguments();
    match named_arguments(arguments, most).first()? {
        Node::Identifier(name) | Node::Literal(Value::String(name)) => Some(name),
        _ => None,
    }
}

/// Calls a function.
pub(super) fn call(
    run: &Run<'_>,
    prefix: &str,
    name: &str,
    arguments: &[Node],
) -> Result<Value, ExpressionError> {
    use Function::*;
    let missing = || ExpressionError::NotFound(format!("there is no function `{prefix}:{name}`"));
    let function = Function::named(prefix, name).ok_or_else(missing)?;
    let arguments = named_arguments(arguments, function.arguments().1);
    let (first, rest) = arguments.split_first().ok_or_else(missing)?;
    let variable = match first {
        Node::Identifier(name) => name.clone(),
        node => coercion::text(&*run.value(node)?),
    };
    let value = run.variable(&variable);
    let others = run.arguments(rest)?;
    let other = others.first();
    let null = Value::Null;
    let known: &Value = value.as_deref().unwrap_or(&null);
    run.spend(super::evaluation::weight(known))?;
    Ok(match function {
        Get => known.clone(),
        GetOrDefault if known.is_null() => other.cloned().unwrap_or_default(),
        GetOrDefaultIfMissing if value.is_none() => other.cloned().unwrap_or_default(),
        GetOrDefault | GetOrDefaultIfMissing => known.clone(),
        Exists => Value::Boolean(value.is_some()),
        Equals => Value::Boolean(equals(known, other.unwrap_or(&null))),
        NotEquals => Value::Boolean(!equals(known, other.unwrap_or(&null))),
        Less | LessOrEqual | Greater | GreaterOrEqual => {
            let ordering = order(known, other.unwrap_or(&null))?;
            Value::Boolean(ordering.is_some_and(|ordering| match function {
                Less => ordering.is_lt(),
                LessOrEqual => ordering.is_le(),
                Greater => ordering.is_gt(),
                _ => ordering.is_ge(),
            }))
        }
        IsEmpty => Value::Boolean(is_nothing(known)),
        IsNotEmpty => Value::Boolean(!is_nothing(known)),
        Contains => Value::Boolean(!known.is_null() && all_or_any(run, known, &others, true)?),
        ContainsAny => Value::Boolean(!known.is_null() && all_or_any(run, known, &others, false)?),
    })
}

/// A map is never nothing to these functions, unlike to `empty`.
fn is_nothing(value: &Value) -> bool {
    !matches!(value, Value::Map(_)) && is_empty(value)
}

/// Numbers are compared as the variable's type; everything else without coercion.
fn equals(variable: &Value, other: &Value) -> bool {
    match (variable, other) {
        (Value::Long(left), Value::Double(right)) => *left == *right as i64,
        (Value::Double(left), Value::Long(right)) => *left == *right as f64,
        (Value::Double(left), Value::Double(right)) => left == right,
        _ => same(variable, other),
    }
}

fn order(variable: &Value, other: &Value) -> Result<Option<Ordering>, ExpressionError> {
    Ok(match (variable, other) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Long(left), Value::Long(right)) => Some(left.cmp(right)),
        (Value::Long(left), Value::Double(right)) => Some(left.cmp(&(*right as i64))),
        (Value::Double(left), Value::Long(right)) => left.partial_cmp(&(*right as f64)),
        (Value::Double(left), Value::Double(right)) => left.partial_cmp(right),
        (Value::String(left), Value::String(right)) => Some(compare_text(left, right)),
        (Value::Boolean(left), Value::Boolean(right)) => Some(left.cmp(right)),
        (Value::List(_) | Value::Map(_), _) | (_, Value::List(_) | Value::Map(_)) => None,
        _ => {
            return Err(ExpressionError::Type(format!(
                "{} and {} have no order",
                coercion::described(variable),
                coercion::described(other)
            )));
        }
    })
}

fn all_or_any(run: &Run<'_>, variable: &Value, wanted: &[Value], all: bool) -> Result<bool, ExpressionError> {
    run.spend(super::evaluation::weight(variable).saturating_mul(wanted.len()))?;
    let holds = |wanted: &Value| match variable {
        Value::String(content) => match wanted {
            Value::String(part) => Ok(content.contains(part.as_str())),
            Value::Null => Ok(false),
            other => {
                Err(ExpressionError::Type(format!("{} is not a piece of text", coercion::described(other))))
            }
        },
        Value::List(items) => Ok(items.iter().any(|item| equals(item, wanted))),
        _ => Ok(false),
    };
    for value in wanted {
        if holds(value)? != all {
            return Ok(!all);
        }
    }
    Ok(all && matches!(variable, Value::String(_) | Value::List(_)))
}

/// The first access to `execution`, `task` or `variableContainer`.
pub(super) fn execution_step(run: &Run<'_>, object: &str, step: &Step) -> Result<Value, ExpressionError> {
    let property = |name: &str| {
        run.scope.property(object, name).ok_or_else(|| {
            ExpressionError::NotFound(format!("`{object}` has no property `{name}` that is known here"))
        })
    };
    match step {
        Step::Dot(name) => property(name),
        Step::Bracket(node) => property(&coercion::text(&*run.value(node)?)),
        Step::Call(target, arguments) => {
            let name = run.called(target)?;
            let arguments = run.arguments(arguments)?;
            let named = |value: &Value| coercion::text(value);
            match (&*name, arguments.as_slice()) {
                ("getVariable" | "getVariableLocal", [variable]) => {
                    Ok(run.variable(&named(variable)).map(|value| value.into_owned()).unwrap_or_default())
                }
                ("hasVariable" | "hasVariableLocal", [variable]) => {
                    Ok(Value::Boolean(run.variable(&named(variable)).is_some()))
                }
                (setter @ ("setVariable" | "setVariableLocal"), [variable, value]) => {
                    run.assign(Assignment {
                        name: named(variable),
                        value: value.clone(),
                        local: setter == "setVariableLocal",
                    });
                    Ok(Value::Null)
                }
                (getter, []) => match getter.strip_prefix("get").or_else(|| getter.strip_prefix("is")) {
                    Some(rest) if rest.starts_with(|c: char| c.is_ascii_uppercase()) => {
                        let (first, tail) = rest.split_at(1);
                        property(&(first.to_ascii_lowercase() + tail))
                    }
                    _ => Err(unknown_method(object, getter)),
                },
                (other, _) => Err(unknown_method(object, other)),
            }
        }
    }
}

fn unknown_method(object: &str, name: &str) -> ExpressionError {
    ExpressionError::NotFound(format!("`{object}` has no method `{name}` with these arguments"))
}
