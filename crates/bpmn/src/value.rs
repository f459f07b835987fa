//! The values that variables, expressions and prompt answers hold.
//!
//! Java's `Integer`, `Short` and `Long` are one [`Value::Long`] here, `Float` and `Double` one [`Value::Double`]: the
//! reference implementation converts to these before it computes. Maps are sorted by key, so that equal values
//! have equal bytes.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map as JsonMap, Value as Json, json};

/// Lists and maps nested deeper than this are refused when they are read.
pub const NESTING_MAX: usize = 64;

/// The greatest whole number that every JSON reader keeps exactly (2⁵³).
const EXACT_IN_JSON: u64 = 1 << 53;

/// The field that marks a value whose type JSON cannot say: `{"$type": "long", "value": 3}`.
const TYPE: &str = "$type";

/// A typed value.
///
/// Its serialised form keeps the type whatever happens to the JSON on its way: a whole `Double`, one that is not
/// finite, a `Long` beyond 2⁵³ and a map with a `$type` key are written as `{"$type": …, "value": …}`.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// No value; also what an unanswered optional prompt leaves.
    #[default]
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Long(i64),
    /// A number with binary fraction; may be infinite or not a number.
    Double(f64),
    /// Text.
    String(String),
    /// Values in order.
    List(Vec<Value>),
    /// Values by name.
    Map(BTreeMap<String, Value>),
}

/// Why a JSON document is no [`Value`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Nested too deeply to be handled safely.
    #[error("the value is nested more than {NESTING_MAX} deep; flatten it")]
    TooDeep,
    /// A `$type` that is not known, or a value that is not of the type it says.
    #[error("`{value}` is not a {kind}; `$type` is one of long, double, string, boolean, map, list, null")]
    NotOfType {
        /// The type named by `$type`.
        kind: String,
        /// The offending value, shortened.
        value: String,
    },
}

/// Whether `$type` marks a type or is an ordinary field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Marks {
    Typed,
    Fields,
}

impl Value {
    /// Reads plain JSON. Whole numbers become `Long`, others `Double` (also whole ones beyond 64 bits);
    /// `{"$type": "long" | "double" | "string" | "boolean", "value": …}` forces a type.
    pub fn from_json(json: &Json) -> Result<Self, ValueError> {
        Self::read(json, Marks::Typed, 0)
    }

    /// Reads JSON from elsewhere, where a field called `$type` is a field like any other.
    pub fn from_plain_json(json: &Json) -> Result<Self, ValueError> {
        Self::read(json, Marks::Fields, 0)
    }

    fn read(json: &Json, marks: Marks, depth: usize) -> Result<Self, ValueError> {
        if depth > NESTING_MAX {
            return Err(ValueError::TooDeep);
        }
        Ok(match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Boolean(*value),
            Json::Number(number) => match number.as_i64() {
                Some(value) => Value::Long(value),
                None => Value::Double(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(value) => Value::String(value.clone()),
            Json::Array(items) => Value::List(
                items.iter().map(|item| Self::read(item, marks, depth + 1)).collect::<Result<_, _>>()?,
            ),
            Json::Object(fields) => match (fields.get(TYPE).and_then(Json::as_str), fields.get("value")) {
                (Some(kind), value) if marks == Marks::Typed && fields.len() <= 2 => {
                    Self::read_typed(kind, value.unwrap_or(&Json::Null), depth)?
                }
                _ => Self::read_map(fields, marks, depth)?,
            },
        })
    }

    fn read_map(fields: &JsonMap<String, Json>, marks: Marks, depth: usize) -> Result<Self, ValueError> {
        let read = |(key, item): (&String, &Json)| Ok((key.clone(), Self::read(item, marks, depth + 1)?));
        Ok(Value::Map(fields.iter().map(read).collect::<Result<_, _>>()?))
    }

    fn read_typed(kind: &str, json: &Json, depth: usize) -> Result<Self, ValueError> {
        let text = match json {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        let refused =
            || ValueError::NotOfType { kind: kind.to_owned(), value: text.chars().take(80).collect() };
        if json.is_null() {
            return Ok(Value::Null);
        }
        match (kind, json) {
            ("long", Json::Number(number)) => match (number.as_i64(), number.as_f64()) {
                (Some(value), _) => Ok(Value::Long(value)),
                (None, Some(value)) if value.fract() == 0.0 && value.abs() < EXACT_IN_JSON as f64 => {
                    Ok(Value::Long(value as i64))
                }
                _ => Err(refused()),
            },
            ("long", Json::String(_)) => text.parse().map(Value::Long).map_err(|_| refused()),
            ("double", Json::Number(number)) => number.as_f64().map(Value::Double).ok_or_else(refused),
            ("double", Json::String(_)) => match text.as_str() {
                "NaN" => Ok(Value::Double(f64::NAN)),
                "Infinity" => Ok(Value::Double(f64::INFINITY)),
                "-Infinity" => Ok(Value::Double(f64::NEG_INFINITY)),
                other => other.parse().map(Value::Double).map_err(|_| refused()),
            },
            ("boolean", Json::Bool(value)) => Ok(Value::Boolean(*value)),
            ("boolean", Json::String(_)) if text.eq_ignore_ascii_case("true") => Ok(Value::Boolean(true)),
            ("boolean", Json::String(_)) if text.eq_ignore_ascii_case("false") => Ok(Value::Boolean(false)),
            ("string", Json::String(_) | Json::Number(_) | Json::Bool(_)) => Ok(Value::String(text)),
            ("map", Json::Object(fields)) => Self::read_map(fields, Marks::Typed, depth),
            ("list", Json::Array(_)) => Self::read(json, Marks::Typed, depth),
            _ => Err(refused()),
        }
    }

    /// Plain JSON for people and other programs: types that JSON does not know are lost, and a `Double` that JSON
    /// cannot hold is `"NaN"`, `"Infinity"` or `"-Infinity"`.
    pub fn to_json(&self) -> Json {
        match self {
            Value::Null => Json::Null,
            Value::Boolean(value) => json!(value),
            Value::Long(value) => json!(value),
            Value::Double(value) if value.is_finite() => json!(value),
            Value::Double(value) => json!(double_text(*value)),
            Value::String(value) => json!(value),
            Value::List(items) => Json::Array(items.iter().map(Value::to_json).collect()),
            Value::Map(fields) => {
                Json::Object(fields.iter().map(|(key, item)| (key.clone(), item.to_json())).collect())
            }
        }
    }

    fn to_typed_json(&self) -> Json {
        match self {
            Value::Long(value) if value.unsigned_abs() > EXACT_IN_JSON => {
                json!({TYPE: "long", "value": value.to_string()})
            }
            Value::Double(value) if !value.is_finite() || (*value == 0.0 && value.is_sign_negative()) => {
                json!({TYPE: "double", "value": double_text(*value)})
            }
            Value::Double(value) if value.fract() == 0.0 => json!({TYPE: "double", "value": value}),
            Value::List(items) => Json::Array(items.iter().map(Value::to_typed_json).collect()),
            Value::Map(fields) => {
                let plain = Json::Object(
                    fields.iter().map(|(key, item)| (key.clone(), item.to_typed_json())).collect(),
                );
                if fields.contains_key(TYPE) { json!({TYPE: "map", "value": plain}) } else { plain }
            }
            plain => plain.to_json(),
        }
    }

    /// The name of the type as the contracts write it: `Null`, `Boolean`, `Long`, `Double`, `String`, `List`, `Map`.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "Null",
            Value::Boolean(_) => "Boolean",
            Value::Long(_) => "Long",
            Value::Double(_) => "Double",
            Value::String(_) => "String",
            Value::List(_) => "List",
            Value::Map(_) => "Map",
        }
    }

    /// Whether this is [`Value::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text of a `String`.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

/// Java's `toString` of the value; null is `null`, as inside a list.
impl fmt::Display for Value {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => to.write_str("null"),
            Value::Boolean(value) => write!(to, "{value}"),
            Value::Long(value) => write!(to, "{value}"),
            Value::Double(value) => to.write_str(&double_text(*value)),
            Value::String(value) => to.write_str(value),
            Value::List(items) => {
                to.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(to, "{}{item}", if index == 0 { "" } else { ", " })?;
                }
                to.write_str("]")
            }
            Value::Map(fields) => {
                to.write_str("{")?;
                for (index, (key, item)) in fields.iter().enumerate() {
                    write!(to, "{}{key}={item}", if index == 0 { "" } else { ", " })?;
                }
                to.write_str("}")
            }
        }
    }
}

/// Java's `Double.toString`: the shortest digits that read back the same, plain from 10⁻³ up to 10⁷ and in
/// `1.0E10` notation outside.
pub fn double_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-3..1e7).contains(&magnitude) {
        let text = value.to_string();
        return if text.contains('.') { text } else { text + ".0" };
    }
    let text = format!("{value:E}");
    // Java looks for two digits where one would do: `4.9E-324` lies closer than `5.0E-324`.
    if text.contains('.') { text } else { format!("{value:.1E}") }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.to_typed_json().serialize(to)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Value::from_json(&Json::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Boolean(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Long(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Value::Double(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Value::String(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_written_as_java_writes_them() {
        let rows = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (0.43, "0.43"),
            (200.0, "200.0"),
            (1e10, "1.0E10"),
            (1.5e-4, "1.5E-4"),
            (0.001, "0.001"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (12_345_678.9, "1.23456789E7"),
            (-2.5e-7, "-2.5E-7"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::MAX, "1.7976931348623157E308"),
            (5e-324, "4.9E-324"),
        ];
        for (value, text) in rows {
            assert_eq!(double_text(value), text);
        }
    }

    #[test]
    fn a_type_survives_being_stored_by_a_reader_that_knows_one_number_type() {
        let mut nested = BTreeMap::new();
        nested.insert(TYPE.to_owned(), Value::from("long"));
        nested.insert("value".to_owned(), Value::Double(2.0));
        let rows = [
            Value::Null,
            Value::Boolean(true),
            Value::Long(3),
            Value::Long(i64::MIN),
            Value::Double(3.0),
            Value::Double(0.1),
            Value::Double(-0.0),
            Value::Double(f64::INFINITY),
            Value::Double(1e300),
            Value::from("text"),
            Value::List(vec![Value::Double(1.0), Value::Long(1), Value::Null]),
            Value::Map(nested),
        ];
        for value in rows {
            let stored = serde_json::to_string(&value).unwrap();
            let collapsed = stored.replace(".0,", ",").replace(".0}", "}");
            for text in [stored, collapsed] {
                let back: Value = serde_json::from_str(&text).unwrap();
                assert_eq!((back.kind(), back.to_string()), (value.kind(), value.to_string()), "{text}");
            }
        }
    }

    #[test]
    fn a_forced_type_that_does_not_fit_is_refused() {
        for text in [
            r#"{"$type": "long", "value": "x"}"#,
            r#"{"$type": "long", "value": 1.5}"#,
            r#"{"$type": "boolean", "value": 1}"#,
            r#"{"$type": "date", "value": "2026-01-01"}"#,
        ] {
            assert!(Value::from_json(&serde_json::from_str(text).unwrap()).is_err(), "{text}");
        }
        let mut deep = Json::Null;
        for _ in 0..(NESTING_MAX + 2) {
            deep = json!([deep]);
        }
        assert_eq!(Value::from_json(&deep), Err(ValueError::TooDeep));
    }
}
