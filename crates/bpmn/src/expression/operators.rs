//! What the operators compute: JUEL's `NumberOperations` and `BooleanOperations`.

use std::cmp::Ordering;

use super::ExpressionError;
use super::coercion::{boolean, described, double, long, text};
use super::tree::BinaryOperator;
use crate::value::Value;

/// `+ - * / %`. Two nulls are zero; one null cannot be computed with.
pub(super) fn arithmetic(
    operator: BinaryOperator,
    left: &Value,
    right: &Value,
) -> Result<Value, ExpressionError> {
    use BinaryOperator::*;
    if left.is_null() && right.is_null() {
        return Ok(Value::Long(0));
    }
    if operator == Divide {
        return Ok(Value::Double(double(left)? / double(right)?));
    }
    if is_fractional(left) || is_fractional(right) {
        let (left, right) = (double(left)?, double(right)?);
        return Ok(Value::Double(match operator {
            Add => left + right,
            Subtract => left - right,
            Multiply => left * right,
            _ => left % right,
        }));
    }
    let (left, right) = (long(left)?, long(right)?);
    Ok(Value::Long(match operator {
        // As in Java, what does not fit wraps around.
        Add => left.wrapping_add(right),
        Subtract => left.wrapping_sub(right),
        Multiply => left.wrapping_mul(right),
        _ if right == 0 => {
            return Err(ExpressionError::Type(format!(
                "`{left} % 0` has no result; check the divisor before"
            )));
        }
        _ => left.wrapping_rem(right),
    }))
}

/// Unary minus.
pub(super) fn negate(value: &Value) -> Result<Value, ExpressionError> {
    Ok(match value {
        Value::Null => Value::Long(0),
        Value::Double(value) => Value::Double(-value),
        Value::Long(value) => Value::Long(value.wrapping_neg()),
        Value::String(_) if is_fractional(value) => Value::Double(-double(value)?),
        Value::String(_) => Value::Long(long(value)?.wrapping_neg()),
        Value::Boolean(_) | Value::List(_) | Value::Map(_) => {
            return Err(ExpressionError::Type(format!("{} cannot be negated", described(value))));
        }
    })
}

/// `empty`: null, empty text, an empty list or map.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(fields) => fields.is_empty(),
        Value::Boolean(_) | Value::Long(_) | Value::Double(_) => false,
    }
}

/// `==`: numbers by value, a boolean with the other made boolean, text with the other as text.
pub(super) fn equal(left: &Value, right: &Value) -> Result<bool, ExpressionError> {
    use Value::*;
    if std::ptr::eq(left, right) {
        return Ok(true);
    }
    Ok(match (left, right) {
        (Null, Null) => true,
        (Null, _) | (_, Null) => false,
        (Double(_), _) | (_, Double(_)) => same_double(double(left)?, double(right)?),
        (Long(_), _) | (_, Long(_)) => long(left)? == long(right)?,
        (Boolean(_), _) | (_, Boolean(_)) => boolean(left)? == boolean(right)?,
        (String(left), String(right)) => left == right,
        (String(_), _) | (_, String(_)) => text(left) == text(right),
        (List(_) | Map(_), List(_) | Map(_)) => same(left, right),
    })
}

/// `< <= > >=`. Null compares as false with everything but itself.
pub(super) fn compare(
    operator: BinaryOperator,
    left: &Value,
    right: &Value,
) -> Result<bool, ExpressionError> {
    use BinaryOperator::*;
    let or_equal = matches!(operator, LessOrEqual | GreaterOrEqual);
    if std::ptr::eq(left, right) || (left.is_null() && right.is_null()) {
        return Ok(or_equal);
    }
    if left.is_null() || right.is_null() {
        return Ok(false);
    }
    // `a <= b` is "not a > b", which is true if either is not a number.
    let ordering = order(left, right)?;
    Ok(match operator {
        Less => ordering == Some(Ordering::Less),
        Greater => ordering == Some(Ordering::Greater),
        LessOrEqual => ordering != Some(Ordering::Greater),
        _ => ordering != Some(Ordering::Less),
    })
}

fn order(left: &Value, right: &Value) -> Result<Option<Ordering>, ExpressionError> {
    use Value::*;
    Ok(match (left, right) {
        (Double(_), _) | (_, Double(_)) => double(left)?.partial_cmp(&double(right)?),
        (Long(_), _) | (_, Long(_)) => Some(long(left)?.cmp(&long(right)?)),
        (String(left), String(right)) => Some(compare_text(left, right)),
        (String(_), _) | (_, String(_)) => Some(compare_text(&text(left), &text(right))),
        (Boolean(left), Boolean(right)) => Some(left.cmp(right)),
        _ => {
            return Err(ExpressionError::Type(format!(
                "{} and {} have no order",
                described(left),
                described(right)
            )));
        }
    })
}

/// Java's `String.compareTo`: by UTF-16 unit.
pub(super) fn compare_text(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

/// Java's `Double.equals`: not-a-number equals itself, and the two zeros differ.
fn same_double(left: f64, right: f64) -> bool {
    (left.is_nan() && right.is_nan()) || left.to_bits() == right.to_bits()
}

/// Java's `Object.equals`, without any coercion.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Double(left), Value::Double(right)) => same_double(*left, *right),
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Map(left), Value::Map(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|((a, left), (b, right))| a == b && same(left, right))
        }
        (left, right) => left == right,
    }
}

/// Whether arithmetic with it is done in doubles: a double, or text with a point or an exponent.
fn is_fractional(value: &Value) -> bool {
    match value {
        Value::Double(_) => true,
        Value::String(text) => text.contains(['.', 'E', 'e']),
        _ => false,
    }
}
