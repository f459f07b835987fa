//! `inputVar.json` and `outputVar.json`: what goes in and what comes out.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Refused;
use crate::package::Warning;
use crate::text;

/// A variable of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    /// Name.
    pub name: String,
    /// Where it goes.
    pub direction: Direction,
    /// `decimal`, `string`, … as the package says, in lower case; empty if it says nothing.
    pub data_type: String,
    /// `interval`, `nominal`, `binary`, `ordinal`, in lower case.
    pub level: Option<String>,
    /// Length in bytes or characters, as the package says.
    pub length: Option<u32>,
    /// What it means.
    pub description: Option<String>,
    /// SAS format.
    pub format: Option<String>,
    /// Every other key, as written.
    pub other: Map<String, Value>,
}

/// Where a variable goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Read by the score code.
    Input,
    /// Written by the score code.
    Output,
    /// What is predicted.
    Target,
}

impl Direction {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::Target => "target",
        }
    }
}

/// Reads one file of variables. `direction` is the file's; an item's own `role` and the name of the target variable
/// tell a target among them.
pub(crate) fn from_json(
    entry: &str,
    json: Value,
    direction: Direction,
    target: Option<&str>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Variable>, Refused> {
    let bad = |why: String| Refused::BadContents { entry: text::shown(entry), why };
    let list = match json {
        Value::Array(list) => list,
        // `{"inputVariables": [...]}`, as the registry's own interface writes it.
        Value::Object(mut members) => {
            let key = members.iter().find(|(_, value)| value.is_array()).map(|(key, _)| key.clone());
            match key.and_then(|key| members.remove(&key)) {
                Some(Value::Array(list)) => list,
                _ => return Err(bad("a list of variables is expected".to_owned())),
            }
        }
        other => {
            return Err(bad(format!("a list of variables is expected, not {}", text::json_kind(&other))));
        }
    };
    let mut read: Vec<Variable> = Vec::with_capacity(list.len());
    for (index, item) in list.into_iter().enumerate() {
        let Value::Object(members) = item else {
            return Err(bad(format!("item {} is {}, not an object", index + 1, text::json_kind(&item))));
        };
        let mut variable = Variable {
            name: String::new(),
            direction,
            data_type: String::new(),
            level: None,
            length: None,
            description: None,
            format: None,
            other: Map::new(),
        };
        for (key, value) in members {
            let scalar = text::scalar(&value).filter(|text| !text.is_empty());
            match (key.to_ascii_lowercase().as_str(), scalar) {
                ("name", Some(text)) => variable.name = text,
                ("type", Some(text)) => variable.data_type = text.to_ascii_lowercase(),
                ("level", Some(text)) => variable.level = Some(text.to_ascii_lowercase()),
                ("length", Some(text)) => match whole(&text) {
                    Some(length) => variable.length = Some(length),
                    None => {
                        variable.other.insert(key, value);
                    }
                },
                ("description", Some(text)) => variable.description = Some(text),
                ("format", Some(text)) => variable.format = Some(text),
                ("role", Some(text)) => match text.to_ascii_lowercase().as_str() {
                    "target" => variable.direction = Direction::Target,
                    "input" => variable.direction = Direction::Input,
                    "output" => variable.direction = Direction::Output,
                    _ => {
                        variable.other.insert(key, value);
                    }
                },
                ("name" | "type" | "level" | "length" | "description" | "format" | "role", None) => {}
                _ => {
                    variable.other.insert(key, value);
                }
            }
        }
        if variable.name.is_empty() {
            return Err(bad(format!("item {} has no name", index + 1)));
        }
        if variable.direction == Direction::Input
            && target.is_some_and(|it| it.eq_ignore_ascii_case(&variable.name))
        {
            variable.direction = Direction::Target;
        }
        if read.iter().any(|other| other.name == variable.name && other.direction == variable.direction) {
            let message =
                format!("the variable `{}` is listed twice; the first is kept", text::shown(&variable.name));
            warnings.push(Warning::new("duplicate-variable", Some(entry), message));
            continue;
        }
        read.push(variable);
    }
    Ok(read)
}

/// A length: `8`, `8.0` or `"8"`.
fn whole(text: &str) -> Option<u32> {
    let value: f64 = text.parse().ok()?;
    (value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value)).then_some(value as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(json: Value, target: Option<&str>) -> Result<Vec<Variable>, Refused> {
        from_json("inputVar.json", json, Direction::Input, target, &mut Vec::new())
    }

    #[test]
    fn lengths_are_numbers_or_strings_and_the_target_is_told() {
        let read = read(
            json!([{"name": "LOAN", "length": 8, "type": "decimal", "level": "interval"},
                   {"name": "JOB", "length": "7", "type": "String", "level": "NOMINAL", "aggregation": ""},
                   {"name": "bad", "length": 8.0, "type": "decimal", "level": "binary"},
                   {"name": "Y", "role": "target", "length": "long"}]),
            Some("BAD"),
        )
        .unwrap();
        let told: Vec<_> = read.iter().map(|v| (v.name.as_str(), v.direction, v.length)).collect();
        assert_eq!(
            told,
            [
                ("LOAN", Direction::Input, Some(8)),
                ("JOB", Direction::Input, Some(7)),
                ("bad", Direction::Target, Some(8)),
                ("Y", Direction::Target, None)
            ]
        );
        assert_eq!((read[1].data_type.as_str(), read[1].level.as_deref()), ("string", Some("nominal")));
        assert_eq!(read[3].other["length"], "long");
    }

    #[test]
    fn what_is_no_list_of_variables_is_refused_with_the_place() {
        for (json, told) in [
            (json!("x"), "a list of variables is expected, not a string"),
            (json!([{"type": "decimal"}]), "item 1 has no name"),
            (json!([{"name": "A"}, 3]), "item 2 is a number"),
        ] {
            let refused = read(json, None).unwrap_err().to_string();
            assert!(refused.contains(told), "{refused}");
        }
    }
}
