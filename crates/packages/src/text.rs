//! Text as people write it: byte order marks, Latin-1, numbers as strings, JSON as Python writes it.

use std::borrow::Cow;

use serde_json::Value;

use crate::error::Refused;

/// Characters of a name that a message shows.
const SHOWN_CHARS_MAX: usize = 160;

/// A name for a message: escaped and cut, so that it can hide or fake nothing.
pub(crate) fn shown(name: &str) -> String {
    let mut escaped: String = name.escape_debug().take(SHOWN_CHARS_MAX).collect();
    if name.chars().count() > SHOWN_CHARS_MAX {
        escaped.push('…');
    }
    escaped.replace("\\\"", "\"").replace("\\'", "'")
}

/// Decodes text: UTF-8 or UTF-16 by its byte order mark, UTF-8 if it is valid, and Latin-1 otherwise.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return decode(rest);
    }
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        Cow::Owned(String::from_utf16_lossy(&units))
    };
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf16(rest, u16::from_be_bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}

/// Whether the first bytes of a file look like text: no zero byte, few control characters.
pub(crate) fn looks_like_text(head: &[u8]) -> bool {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return true;
    }
    let control = |byte: &&u8| **byte < 0x20 && !matches!(**byte, b'\n' | b'\r' | b'\t' | 0x0C | 0x1B);
    !head.contains(&0) && head.iter().filter(control).count() * 100 <= head.len()
}

/// A number, text or boolean as trimmed text.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

/// A number, whether written as one or as text. `.`, blanks, `None`, `NaN` and the like are no number.
pub(crate) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => {
            // `inf` and `nan` parse in Rust; a statistic that is not finite is a missing one. A comma may stand for
            // either of two things, so it is not guessed.
            text.trim().parse().ok()?
        }
        _ => return None,
    };
    f64::is_finite(number).then_some(number)
}

/// What a JSON value is, in words.
pub(crate) fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Parses JSON as tools write it: with a byte order mark, in Latin-1, with Python's bare `NaN` and `Infinity`.
pub(crate) fn json(entry: &str, bytes: &[u8], depth_max: usize) -> Result<Value, Refused> {
    let text = decode(bytes);
    if depth(text.as_bytes()) > depth_max {
        return Err(Refused::JsonTooDeep { entry: shown(entry), limit: depth_max });
    }
    serde_json::from_str(&text).or_else(|first| {
        let without = null_for_nan(&text)
            .ok_or(&first)
            .and_then(|text| serde_json::from_str(&text).map_err(|_| &first));
        without.map_err(|error| Refused::BadContents {
            entry: shown(entry),
            why: format!("it is not JSON ({error})"),
        })
    })
}

/// How deep JSON text nests objects and lists; brackets in strings do not count.
pub(crate) fn depth(text: &[u8]) -> usize {
    let mut meter = DepthMeter::default();
    meter.feed(text);
    meter.deepest
}

/// Measures nesting piece by piece. Needs no memory, so it may look at what must not be parsed.
#[derive(Default)]
pub(crate) struct DepthMeter {
    /// The deepest nesting so far.
    pub(crate) deepest: usize,
    depth: usize,
    quoted: bool,
    escaped: bool,
}

impl DepthMeter {
    pub(crate) fn feed(&mut self, text: &[u8]) {
        for &byte in text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.quoted => self.escaped = true,
                b'"' => self.quoted = !self.quoted,
                b'{' | b'[' if !self.quoted => {
                    self.depth += 1;
                    self.deepest = self.deepest.max(self.depth);
                }
                b'}' | b']' if !self.quoted => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}

/// The text with bare `NaN`, `Infinity` and `-Infinity` as `null`; nothing if there are none.
fn null_for_nan(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut quoted, mut changed) = (text, false, false);
    while let Some(next) = rest.chars().next() {
        if !quoted {
            let bare = ["NaN", "Infinity", "-Infinity"].into_iter().find(|word| rest.starts_with(word));
            if let Some(word) = bare {
                out.push_str("null");
                rest = &rest[word.len()..];
                changed = true;
                continue;
            }
        }
        let mut taken = next.len_utf8();
        match next {
            '"' => quoted = !quoted,
            '\\' if quoted => taken += rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => {}
        }
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    changed.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn encodings() {
        for (bytes, text) in [
            (b"\xEF\xBB\xBFcaf\xC3\xA9".as_slice(), "café"),
            (b"caf\xE9", "café"),
            (b"\xFF\xFEc\0\xE9\0", "cé"),
            (b"\xFE\xFF\0c\0\xE9", "cé"),
            (b"", ""),
        ] {
            assert_eq!(decode(bytes), text);
        }
    }

    #[test]
    fn numbers_are_written_in_many_ways() {
        for (value, number) in [
            (json!(0.5), Some(0.5)),
            (json!("0.5"), Some(0.5)),
            (json!(" 12 "), Some(12.0)),
            (json!("1E-3"), Some(0.001)),
            (json!("0,5"), None),
            (json!("."), None),
            (json!(""), None),
            (json!("None"), None),
            (json!("NaN"), None),
            (json!("inf"), None),
            (json!(null), None),
            (json!(true), None),
        ] {
            assert_eq!(super::number(&value), number, "{value}");
        }
    }

    #[test]
    fn python_writes_nan_bare() {
        let read =
            json("x.json", br#"{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN \" Infinity"}"#, 8).unwrap();
        assert_eq!(read, json!({"a": null, "b": [null, null], "c": "NaN \" Infinity"}));
        let refused = json("x.json", b"{\"a\": }", 8).unwrap_err().to_string();
        assert!(refused.contains("line 1"), "{refused}");
    }

    #[test]
    fn depth_is_told_without_parsing() {
        assert_eq!(depth(br#"{"a": [1, {"b": "[[[[\"[["}]}"#), 3);
        let deep = "[".repeat(1_000_000);
        assert!(matches!(json("x", deep.as_bytes(), 64), Err(Refused::JsonTooDeep { .. })));
    }

    #[test]
    fn a_shown_name_hides_nothing() {
        assert_eq!(shown("a\u{202e}b\n"), "a\\u{202e}b\\n");
        assert!(shown(&"x".repeat(1000)).chars().count() <= SHOWN_CHARS_MAX + 1);
    }
}
