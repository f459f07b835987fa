//! How a value becomes the type that an operator needs: JUEL's `TypeConverterImpl`.
//!
//! Null stays null where the target is a number that arithmetic then cannot compute with, and is false where it is
//! a condition: that is the difference between Java's `Long` and `boolean` there.

use super::ExpressionError;
use crate::value::{Value, double_text};

/// `long`: empty text is zero, other text must be an integer, a double is cut off.
pub(super) fn long(value: &Value) -> Result<i64, ExpressionError> {
    match value {
        Value::Long(value) => Ok(*value),
        Value::Double(value) => Ok(*value as i64),
        Value::String(text) if text.is_empty() => Ok(0),
        Value::String(text) => parse_long(text).ok_or_else(|| refused(value, "a whole number")),
        Value::Null | Value::Boolean(_) | Value::List(_) | Value::Map(_) => {
            Err(refused(value, "a whole number"))
        }
    }
}

/// `double`: empty text is zero, other text must be a number.
pub(super) fn double(value: &Value) -> Result<f64, ExpressionError> {
    match value {
        Value::Long(value) => Ok(*value as f64),
        Value::Double(value) => Ok(*value),
        Value::String(text) if text.is_empty() => Ok(0.0),
        Value::String(text) => parse_double(text).ok_or_else(|| refused(value, "a number")),
        Value::Null | Value::Boolean(_) | Value::List(_) | Value::Map(_) => Err(refused(value, "a number")),
    }
}

/// `boolean`: null and empty text are false, other text is true only if it reads `true` in any case.
pub(super) fn boolean(value: &Value) -> Result<bool, ExpressionError> {
    match value {
        Value::Null => Ok(false),
        Value::Boolean(value) => Ok(*value),
        Value::String(text) => Ok(text.eq_ignore_ascii_case("true")),
        Value::Long(_) | Value::Double(_) | Value::List(_) | Value::Map(_) => {
            Err(refused(value, "a condition; compare it with something"))
        }
    }
}

/// `String`: null is empty.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Double(value) => double_text(*value),
        other => other.to_string(),
    }
}

fn refused(value: &Value, wanted: &str) -> ExpressionError {
    ExpressionError::Type(match value {
        Value::Null => format!("null is not {wanted}; give the variable a value first"),
        other => format!("{} is not {wanted}", described(other)),
    })
}

/// A value as a message shows it: its type and the start of its text.
pub(super) fn described(value: &Value) -> String {
    let shown: String = match value {
        Value::List(items) => return format!("a list of {} values", items.len()),
        Value::Map(fields) => return format!("a map of {} values", fields.len()),
        Value::Null => return "null".to_owned(),
        Value::String(text) => text.chars().take(60).collect(),
        other => other.to_string(),
    };
    let article = match value {
        Value::String(_) => "the text",
        Value::Boolean(_) => "the boolean",
        _ => "the number",
    };
    format!("{article} `{shown}`")
}

/// Java's `Long.valueOf(String)`: an optional sign and digits, nothing else.
fn parse_long(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// Java's `Double.valueOf(String)`: white space around it is ignored, a type suffix and hexadecimal are allowed.
fn parse_double(text: &str) -> Option<f64> {
    let text = text.trim_matches(|c| c <= ' ');
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    match unsigned {
        "NaN" => return Some(f64::NAN),
        "Infinity" => return Some(sign * f64::INFINITY),
        _ => {}
    }
    let digits = unsigned.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(unsigned);
    if let Some(hexadecimal) = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")) {
        return parse_hexadecimal(hexadecimal).map(|value| sign * value);
    }
    // What is left must look like a decimal number: Rust also reads `inf`, `nan` and `infinity`.
    if !digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
        return None;
    }
    if digits.starts_with(['+', '-']) {
        return None;
    }
    digits.parse::<f64>().ok().map(|value| sign * value)
}

/// The part after `0x` of `0x1.8p3`: the exponent is required, as in Java.
fn parse_hexadecimal(text: &str) -> Option<f64> {
    let text = text.strip_suffix(['d', 'D', 'f', 'F']).filter(|_| text.contains(['p', 'P'])).unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0.0f64;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?.checked_mul(4)?)?;
    Some(value * 2f64.powi(shift))
}
