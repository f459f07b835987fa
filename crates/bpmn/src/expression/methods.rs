//! Properties and methods of values, as Java's strings, numbers, lists and maps have them.

use std::borrow::Cow;

use super::ExpressionError;
use super::coercion::{described, double, long, text};
use super::evaluation::{Run, weight};
use super::operators::{compare_text, same};
use crate::value::Value;

/// A regular expression whose automaton would be larger is refused.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// `base.key` and `base[key]`. A list's place that it does not have, and a map's key, are null; anything else that is
/// not there is an error.
pub(super) fn property<'e>(base: Cow<'e, Value>, key: &Value) -> Result<Cow<'e, Value>, ExpressionError> {
    if key.is_null() {
        return Ok(Cow::Owned(Value::Null));
    }
    match base {
        Cow::Borrowed(Value::List(items)) => {
            Ok(list_index(key)?.and_then(|at| items.get(at)).map_or(null(), Cow::Borrowed))
        }
        Cow::Owned(Value::List(mut items)) => Ok(match list_index(key)? {
            Some(at) if at < items.len() => Cow::Owned(items.swap_remove(at)),
            _ => null(),
        }),
        Cow::Borrowed(Value::Map(fields)) => Ok(fields.get(&text(key)).map_or(null(), Cow::Borrowed)),
        Cow::Owned(Value::Map(mut fields)) => Ok(fields.remove(&text(key)).map_or(null(), Cow::Owned)),
        other => match (&*other, key.as_str()) {
            (Value::String(text), Some("empty")) => Ok(Cow::Owned(Value::Boolean(text.is_empty()))),
            (Value::String(content), Some("blank")) => {
                Ok(Cow::Owned(Value::Boolean(content.trim().is_empty())))
            }
            _ => Err(ExpressionError::NotFound(format!(
                "{} has no property `{}`; a method is called with parentheses",
                described(&other),
                text(key)
            ))),
        },
    }
}

fn null<'e>() -> Cow<'e, Value> {
    Cow::Owned(Value::Null)
}

/// A list's index as Java coerces it; a place before the first is one that the list does not have.
fn list_index(key: &Value) -> Result<Option<usize>, ExpressionError> {
    let index = match key {
        Value::Long(index) => *index,
        Value::Double(index) => *index as i64,
        Value::Boolean(index) => i64::from(*index),
        Value::String(index) if !index.is_empty() => long(key).map_err(|_| no_index(key))?,
        _ => return Err(no_index(key)),
    };
    Ok(usize::try_from(index).ok())
}

fn no_index(key: &Value) -> ExpressionError {
    ExpressionError::NotFound(format!("{} is no place in a list; places count from 0", described(key)))
}

/// `base.name(arguments)`; `base` is not null.
pub(super) fn call(
    run: &Run<'_>,
    base: &Value,
    name: &str,
    arguments: &[Value],
) -> Result<Value, ExpressionError> {
    run.spend(weight(base))?;
    let answer = match base {
        Value::String(content) => string_method(run, content, name, arguments)?,
        Value::List(items) => list_method(run, items, name, arguments)?,
        Value::Map(fields) => match (name, arguments) {
            ("get", [key]) => Some(fields.get(&text(key)).cloned().unwrap_or_default()),
            ("getOrDefault", [key, other]) => {
                Some(fields.get(&text(key)).cloned().unwrap_or_else(|| other.clone()))
            }
            ("containsKey", [key]) => Some(Value::Boolean(fields.contains_key(&text(key)))),
            ("containsValue", [value]) => Some(Value::Boolean(fields.values().any(|item| same(item, value)))),
            ("size", []) => Some(count(fields.len())),
            ("isEmpty", []) => Some(Value::Boolean(fields.is_empty())),
            ("keySet", []) => Some(Value::List(fields.keys().map(|key| Value::from(key.as_str())).collect())),
            ("values", []) => Some(Value::List(fields.values().cloned().collect())),
            _ => None,
        },
        Value::Boolean(value) => match (name, arguments) {
            ("booleanValue", []) => Some(Value::Boolean(*value)),
            _ => None,
        },
        Value::Long(_) | Value::Double(_) => match (name, arguments) {
            ("intValue", []) => Some(Value::Long(i64::from(long(base)? as i32))),
            ("longValue", []) => Some(Value::Long(long(base)?)),
            ("doubleValue" | "floatValue", []) => Some(Value::Double(double(base)?)),
            ("isNaN", []) => Some(Value::Boolean(double(base)?.is_nan())),
            ("isInfinite", []) => Some(Value::Boolean(double(base)?.is_infinite())),
            ("compareTo", [other @ (Value::Long(_) | Value::Double(_))]) => {
                let ordering = match (base, other) {
                    (Value::Long(left), Value::Long(right)) => left.cmp(right),
                    _ => double(base)?.total_cmp(&double(other)?),
                };
                Some(Value::Long(ordering as i64))
            }
            _ => None,
        },
        Value::Null => Some(Value::Null),
    };
    match (answer, name, arguments) {
        (Some(answer), _, _) => Ok(answer),
        (None, "toString", []) => run.produced(base.to_string()),
        (None, "equals", [other]) => Ok(Value::Boolean(same(base, other))),
        _ => Err(ExpressionError::NotFound(format!(
            "{} has no method `{name}` with {} arguments",
            described(base),
            arguments.len()
        ))),
    }
}

fn count(size: usize) -> Value {
    Value::Long(i64::try_from(size).unwrap_or(i64::MAX))
}

fn list_method(
    run: &Run<'_>,
    items: &[Value],
    name: &str,
    arguments: &[Value],
) -> Result<Option<Value>, ExpressionError> {
    let position = |wanted: &Value| items.iter().position(|item| same(item, wanted));
    let index = |found: Option<usize>| found.map_or(Value::Long(-1), count);
    Ok(Some(match (name, arguments) {
        ("size", []) => count(items.len()),
        ("isEmpty", []) => Value::Boolean(items.is_empty()),
        ("contains", [wanted]) => Value::Boolean(position(wanted).is_some()),
        ("containsAll", [Value::List(wanted)]) => {
            run.spend(weight(&arguments[0]).saturating_mul(items.len().max(1)))?;
            Value::Boolean(wanted.iter().all(|wanted| position(wanted).is_some()))
        }
        ("indexOf", [wanted]) => index(position(wanted)),
        ("lastIndexOf", [wanted]) => index(items.iter().rposition(|item| same(item, wanted))),
        ("get", [at]) => place(items, long(at)?)?.clone(),
        ("getFirst", []) => place(items, 0)?.clone(),
        ("getLast", []) => place(items, items.len() as i64 - 1)?.clone(),
        ("subList", [from, to]) => match (usize::try_from(long(from)?), usize::try_from(long(to)?)) {
            (Ok(from), Ok(to)) if from <= to && to <= items.len() => Value::List(items[from..to].to_vec()),
            _ => return Err(outside(items.len())),
        },
        _ => return Ok(None),
    }))
}

fn place(items: &[Value], at: i64) -> Result<&Value, ExpressionError> {
    usize::try_from(at).ok().and_then(|at| items.get(at)).ok_or_else(|| outside(items.len()))
}

fn outside(length: usize) -> ExpressionError {
    ExpressionError::NotFound(format!("the place is outside the {length} there are; places count from 0"))
}

/// Methods of `java.lang.String`; positions count UTF-16 units, as there.
fn string_method(
    run: &Run<'_>,
    content: &str,
    name: &str,
    arguments: &[Value],
) -> Result<Option<Value>, ExpressionError> {
    let units = || content.encode_utf16().collect::<Vec<u16>>();
    Ok(Some(match (name, arguments) {
        ("length", []) => count(content.encode_utf16().count()),
        ("isEmpty", []) => Value::Boolean(content.is_empty()),
        ("isBlank", []) => Value::Boolean(content.trim().is_empty()),
        ("toString" | "intern", []) => Value::String(content.to_owned()),
        ("trim", []) => Value::from(content.trim_matches(|c| c <= ' ')),
        ("strip", []) => Value::from(content.trim()),
        ("toUpperCase", []) => run.produced(content.to_uppercase())?,
        ("toLowerCase", []) => run.produced(content.to_lowercase())?,
        ("equals", [other]) => Value::Boolean(other.as_str() == Some(content)),
        ("equalsIgnoreCase", [other]) => {
            Value::Boolean(!other.is_null() && same_ignoring_case(content, &text(other)))
        }
        ("contentEquals", [Value::String(other)]) => Value::Boolean(other == content),
        ("compareTo", [other]) if !other.is_null() => Value::Long(compare_text(content, &text(other)) as i64),
        ("compareToIgnoreCase", [other]) if !other.is_null() => {
            let ordering = compare_text(&content.to_lowercase(), &text(other).to_lowercase());
            Value::Long(ordering as i64)
        }
        ("contains", [Value::String(part)]) => Value::Boolean(content.contains(part.as_str())),
        ("startsWith", [part]) if !part.is_null() => Value::Boolean(content.starts_with(&text(part))),
        ("startsWith", [part, from]) if !part.is_null() => {
            Value::Boolean(match usize::try_from(long(from)?) {
                Ok(from) => units().get(from..).is_some_and(|rest| {
                    let part: Vec<u16> = text(part).encode_utf16().collect();
                    rest.starts_with(&part)
                }),
                Err(_) => false,
            })
        }
        ("endsWith", [part]) if !part.is_null() => Value::Boolean(content.ends_with(&text(part))),
        ("indexOf", [Value::String(part)]) => Value::Long(index_of(run, &units(), part, 0)?),
        ("indexOf", [Value::String(part), from]) => {
            Value::Long(index_of(run, &units(), part, usize::try_from(long(from)?).unwrap_or(0))?)
        }
        ("lastIndexOf", [Value::String(part)]) => Value::Long(
            content
                .rfind(part.as_str())
                .map_or(-1, |at| i64::try_from(content[..at].encode_utf16().count()).unwrap_or(i64::MAX)),
        ),
        ("charAt", [at]) => {
            let at = long(at)?;
            substring(&units(), at, at.saturating_add(1))?
        }
        ("substring" | "subSequence", [from, to]) => substring(&units(), long(from)?, long(to)?)?,
        ("substring", [from]) => {
            let units = units();
            substring(&units, long(from)?, i64::try_from(units.len()).unwrap_or(i64::MAX))?
        }
        ("concat", [other]) if !other.is_null() => {
            let other = text(other);
            run.spend(content.len() + other.len())?;
            run.produced(format!("{content}{other}"))?
        }
        ("repeat", [times]) => {
            let times = usize::try_from(long(times)?)
                .map_err(|_| ExpressionError::Type("text cannot be repeated less than 0 times".to_owned()))?;
            run.spend(content.len().saturating_mul(times))?;
            run.produced(content.repeat(times))?
        }
        ("replace", [Value::String(from), Value::String(to)]) => {
            let found = content.matches(from.as_str()).count();
            run.spend(content.len().saturating_add(found.saturating_mul(to.len())))?;
            run.produced(content.replace(from.as_str(), to))?
        }
        ("matches", [Value::String(wanted)]) => {
            Value::Boolean(pattern(run, content, &format!("^(?:{wanted})$"))?.is_match(content))
        }
        ("replaceAll" | "replaceFirst", [Value::String(wanted), Value::String(to)]) => {
            let pattern = pattern(run, content, wanted)?;
            let found = pattern.find_iter(content).count();
            run.spend(content.len().saturating_add(found.saturating_mul(to.len())))?;
            let limit = usize::from(name == "replaceFirst");
            run.produced(pattern.replacen(content, limit, to.as_str()).into_owned())?
        }
        ("split", [Value::String(wanted)]) => {
            let pattern = pattern(run, content, wanted)?;
            let mut pieces: Vec<&str> = pattern.split(content).collect();
            // Java drops empty pieces at the end, and an empty one before the text's start.
            while pieces.len() > 1 && pieces.last().is_some_and(|piece| piece.is_empty()) {
                pieces.pop();
            }
            if pieces.len() > 1 && pieces[0].is_empty() && pattern.find(content).is_some_and(|m| m.is_empty())
            {
                pieces.remove(0);
            }
            Value::List(pieces.into_iter().map(Value::from).collect())
        }
        ("hashCode", []) => {
            let hash = content
                .encode_utf16()
                .fold(0i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)));
            Value::Long(i64::from(hash))
        }
        _ => return Ok(None),
    }))
}

/// Java's `equalsIgnoreCase`: character by character, by simple case mapping.
fn same_ignoring_case(left: &str, right: &str) -> bool {
    let folded = |text: &str| {
        text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect::<String>()
    };
    left == right || folded(left) == folded(right)
}

fn index_of(run: &Run<'_>, units: &[u16], part: &str, from: usize) -> Result<i64, ExpressionError> {
    let from = from.min(units.len());
    let rest = String::from_utf16_lossy(&units[from..]);
    run.spend(rest.len())?;
    Ok(rest
        .find(part)
        .map_or(-1, |at| i64::try_from(from + rest[..at].encode_utf16().count()).unwrap_or(i64::MAX)))
}

fn substring(units: &[u16], from: i64, to: i64) -> Result<Value, ExpressionError> {
    match (usize::try_from(from), usize::try_from(to)) {
        (Ok(first), Ok(end)) if first <= end && end <= units.len() => {
            Ok(Value::String(String::from_utf16_lossy(&units[first..end])))
        }
        _ => Err(ExpressionError::NotFound(format!(
            "characters {from} to {to} are outside the {} of the text",
            units.len()
        ))),
    }
}

/// A regular expression that is matched in linear time. What only backtracking could match (look-around, back
/// references) is refused.
fn pattern(run: &Run<'_>, content: &str, text: &str) -> Result<regex::Regex, ExpressionError> {
    run.spend(text.len().saturating_mul(64).saturating_add(content.len().saturating_mul(8)))?;
    regex::RegexBuilder::new(text)
        .size_limit(PATTERN_BYTES_MAX)
        .dfa_size_limit(PATTERN_BYTES_MAX)
        .build()
        .map_err(|error| ExpressionError::Type(format!("`{text}` is not a supported pattern: {error}")))
}
