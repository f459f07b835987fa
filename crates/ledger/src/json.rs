//! JSON as signed bytes may hold it: integers only, NFC strings, no duplicate keys.
//!
//! Whatever two readers could read differently is refused: a fraction (whose digits depend on the reader), an integer
//! beyond ±(2^53 − 1) (RFC 7493: JavaScript would round it), a key given twice (the first or the last may win), two
//! spellings of one string (Unicode normal form C is required), and nesting beyond 128 levels.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Value};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Largest magnitude of an integer (RFC 7493, section 2.2).
pub(crate) const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Reads one JSON document under the strict rules; the text says what breaks them.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice::<Strict>(bytes).map(|strict| strict.0).map_err(|cause| cause.to_string())
}

/// Whether `text` is in Unicode normal form C.
fn is_nfc(text: &str) -> bool {
    text.is_ascii() || is_nfc_beyond_ascii(text)
}

fn is_nfc_beyond_ascii(text: &str) -> bool {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => true,
        IsNormalized::No => false,
        IsNormalized::Maybe => text.nfc().eq(text.chars()),
    }
}

/// Names the first place in `value` that the strict rules refuse, as `path` and the reason. What is written is checked
/// here, where the path is known; what is read is checked by [`read`].
pub(crate) fn first_fault(path: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Bool(_) => None,
        Value::Number(number) => {
            let fits = number.as_i64().is_some_and(|integer| integer.unsigned_abs() <= INTEGER_MAX);
            (!fits).then(|| {
                format!(
                    "`{path}` is {number}: only whole numbers up to 2^53 - 1 are kept; write a decimal as a string"
                )
            })
        }
        Value::String(text) => {
            (!is_nfc(text)).then(|| format!("`{path}` is not in Unicode normal form C; normalise it first"))
        }
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| first_fault(&format!("{path}[{index}]"), item))
        }
        Value::Object(members) => members.iter().find_map(|(key, member)| {
            let path = format!("{path}.{key}");
            if is_nfc(key) {
                first_fault(&path, member)
            } else {
                Some(format!("the key `{path}` is not in Unicode normal form C; normalise it first"))
            }
        }),
    }
}

/// A value of any shape under the strict rules.
pub(crate) struct Strict(pub(crate) Value);

/// A text in normal form C, borrowed where its spelling allows.
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

/// A whole number from 0 to 2^53 - 1.
pub(crate) struct Whole(pub(crate) u64);

/// A whole number of 32 bits.
pub(crate) struct Small(pub(crate) u32);

impl Text<'_> {
    /// The text, unless it is too long.
    pub(crate) fn at_most(self, name: &str, bytes_max: usize) -> Result<String, String> {
        if self.0.len() > bytes_max {
            return Err(format!("`{name}` is longer than {bytes_max} bytes"));
        }
        Ok(self.0.into_owned())
    }

    /// What the text spells.
    pub(crate) fn parsed<T: std::str::FromStr<Err: fmt::Display>>(&self, name: &str) -> Result<T, String> {
        self.0.parse().map_err(|cause: T::Err| format!("`{name}`: {cause}"))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text in normal form C")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                if is_nfc(text) { Ok(Text(Cow::Borrowed(text))) } else { Err(not_nfc()) }
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'de>, E> {
                if is_nfc(text) { Ok(Text(Cow::Owned(text.to_owned()))) } else { Err(not_nfc()) }
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

fn not_nfc<E: de::Error>() -> E {
    E::custom("a string is not in Unicode normal form C")
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            whole @ 0..=INTEGER_MAX => Ok(Self(whole)),
            beyond => Err(de::Error::custom(format_args!("the number {beyond} is beyond 2^53 - 1"))),
        }
    }
}

impl<'de> Deserialize<'de> for Small {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u32::deserialize(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Strict, D::Error> {
        StrictValue.deserialize(deserializer).map(Strict)
    }
}

#[derive(Clone, Copy)]
struct StrictValue;

impl<'de> DeserializeSeed<'de> for StrictValue {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON with whole numbers only, strings in normal form C, and no key given twice")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        if value > INTEGER_MAX {
            return Err(E::custom(format_args!("the number {value} is beyond 2^53 - 1")));
        }
        Ok(Value::from(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() > INTEGER_MAX {
            return Err(E::custom(format_args!("the number {value} is beyond 2^53 - 1")));
        }
        Ok(Value::from(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Err(E::custom(format_args!("the number {value} is not whole")))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        if !is_nfc(&value) {
            return Err(not_nfc());
        }
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if !is_nfc(&key) {
                return Err(de::Error::custom("a key is not in Unicode normal form C"));
            }
            let value = access.next_value_seed(self)?;
            match members.entry(key) {
                Entry::Vacant(place) => {
                    place.insert(value);
                }
                Entry::Occupied(taken) => {
                    let key = taken.key();
                    return Err(de::Error::custom(format_args!("the key `{key}` is given twice")));
                }
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        let rows: &[(&str, bool)] = &[
            (r#"{"a":1,"b":[true,null,"x"]}"#, true),
            ("9007199254740991", true),
            ("-9007199254740991", true),
            ("9007199254740992", false),
            ("-9007199254740992", false),
            ("18446744073709551616", false),
            ("1.0", false),
            ("1e2", false),
            ("-0", false),
            (r#"{"a":1,"a":1}"#, false),
            (r#"{"a":{"b":1,"b":2}}"#, false),
            (r#"{"a":1,"\u0061":2}"#, false),
            ("\"\u{e9}\"", true),
            ("\"e\u{301}\"", false),
            ("{\"e\u{301}\":1}", false),
            (r#""e\u0301""#, false),
            (r#""\ud800""#, false),
            ("{} {}", false),
            ("", false),
        ];
        for (text, accepted) in rows {
            assert_eq!(read(text.as_bytes()).is_ok(), *accepted, "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(read(deep.as_bytes()).is_err());
        assert!(read(b"\"\xff\"").is_err());
    }

    #[test]
    fn a_fault_in_what_is_written_is_named_by_its_path() {
        let value = serde_json::json!({"metrics": [{"auc": 0.83}]});
        let fault = first_fault("facts[0].body", &value).unwrap();
        assert!(fault.starts_with("`facts[0].body.metrics[0].auc` is 0.83"), "{fault}");
        assert_eq!(first_fault("x", &serde_json::json!({"n": -5, "s": "é"})), None);
    }
}
