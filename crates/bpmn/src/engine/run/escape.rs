//! Values in the templates of a call, escaped for where they land.

use crate::Value;
use std::fmt::Write;

/// One component of an address: everything but unreserved letters as `%XX`. At the very beginning stands the host, which
/// whoever calls checks as a whole.
pub(super) fn in_address(before: &str, value: &Value) -> String {
    let text = plain(value);
    if before.is_empty() {
        return text;
    }
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte))
            }
            other => {
                // Writing to a text does not fail.
                let _ = write!(escaped, "%{other:02X}");
            }
        }
    }
    escaped
}

/// A part of a JSON string, or one JSON value: never the end of the string, and never a second value.
pub(super) fn in_json(before: &str, value: &Value) -> String {
    let text = plain(value);
    if inside_string(before) {
        let quoted = serde_json::Value::from(text).to_string();
        return quoted[1..quoted.len() - 1].to_owned();
    }
    match value {
        // A text that is JSON itself, such as the body of an earlier reply, is that one value.
        Value::String(text) => match serde_json::from_str::<serde_json::Value>(text) {
            Ok(json) => json.to_string(),
            Err(_) => serde_json::Value::from(text.as_str()).to_string(),
        },
        other => other.to_json().to_string(),
    }
}

/// A part of a line: never the end of it.
pub(super) fn in_line(_before: &str, value: &Value) -> String {
    plain(value).replace(['\r', '\n'], " ")
}

/// A value as it is.
pub(super) fn as_is(_before: &str, value: &Value) -> String {
    plain(value)
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn inside_string(before: &str) -> bool {
    let (mut inside, mut escaped) = (false, false);
    for letter in before.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_never_leaves_its_place() {
        for (before, value, expected) in [
            ("/a?name=", "x&y=1#z", "x%26y%3D1%23z"),
            ("/a/", "../b", "..%2Fb"),
            ("/a/", "gr\u{f6}\u{df}e", "gr%C3%B6%C3%9Fe"),
            ("", "https://models.example.com/api", "https://models.example.com/api"),
        ] {
            assert_eq!(in_address(before, &Value::from(value)), expected);
        }
        let hostile = "\", \"admin\": true, \"x\": \"\\";
        for (before, after) in [("{\"name\": \"", "\"}"), ("{\"a\": \"\\\"\", \"name\": ", "}")] {
            let body = format!("{before}{}{after}", in_json(before, &Value::from(hostile)));
            let json: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!(json["name"], hostile, "{body}");
            assert_eq!(json.get("admin"), None);
        }
        for (value, expected) in [
            (Value::Long(7), "7"),
            (Value::Boolean(true), "true"),
            (Value::Null, "null"),
            (Value::from("{\"id\": 1}"), "{\"id\":1}"),
            (Value::from("1, \"admin\": true"), "\"1, \\\"admin\\\": true\""),
        ] {
            assert_eq!(in_json("{\"a\": ", &value), expected);
        }
    }
}
