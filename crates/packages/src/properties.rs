//! `ModelProperties.json`: what the package says about its model.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Refused;
use crate::package::Warning;
use crate::text;

/// Characters of a description SAS Model Manager keeps.
const DESCRIPTION_CHARS_MAX: usize = 1024;
/// Characters of a user-defined property's name and value it keeps.
const PROPERTY_NAME_CHARS_MAX: usize = 60;
const PROPERTY_VALUE_CHARS_MAX: usize = 512;

/// Properties of a model. Texts are trimmed; an empty text is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Properties {
    /// Name of the model.
    pub name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// `classification`, `prediction`, …
    pub function: Option<String>,
    /// Kind of score code: `python`, `dataStep`, …
    pub score_code_type: Option<String>,
    /// Table it was trained with.
    pub train_table: Option<String>,
    /// Kind of training code.
    pub train_code_type: Option<String>,
    /// Algorithm.
    pub algorithm: Option<String>,
    /// Name of the target variable.
    pub target_variable: Option<String>,
    /// Value of the target that is the event, as text (`1` whether it was written as a number or as a string).
    pub target_event: Option<String>,
    /// `binary`, `nominal`, `interval`, in lower case.
    pub target_level: Option<String>,
    /// Output that holds the event's probability.
    pub event_probability_variable: Option<String>,
    /// Who made it.
    pub modeler: Option<String>,
    /// With which tool.
    pub tool: Option<String>,
    /// Version of the tool.
    pub tool_version: Option<String>,
    /// User-defined properties.
    pub user: Vec<UserProperty>,
    /// Every other key, as written.
    pub other: Map<String, Value>,
}

/// A user-defined property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserProperty {
    /// Name.
    pub name: String,
    /// Value as text.
    pub value: String,
    /// `string`, `numeric`, `date` or `dateTime`, as the package says.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

impl Properties {
    /// Reads the parsed file. `entry` is its name for messages.
    pub(crate) fn from_json(entry: &str, json: Value, warnings: &mut Vec<Warning>) -> Result<Self, Refused> {
        let Value::Object(members) = json else {
            return Err(Refused::BadContents {
                entry: text::shown(entry),
                why: format!("an object of properties is expected, not {}", text::json_kind(&json)),
            });
        };
        let mut read = Self::default();
        for (key, value) in members {
            let slot = match key.to_ascii_lowercase().as_str() {
                "name" => &mut read.name,
                "description" => &mut read.description,
                "function" => &mut read.function,
                "scorecodetype" => &mut read.score_code_type,
                "traintable" => &mut read.train_table,
                "traincodetype" => &mut read.train_code_type,
                "algorithm" => &mut read.algorithm,
                "targetvariable" => &mut read.target_variable,
                "targetevent" => &mut read.target_event,
                "targetlevel" => &mut read.target_level,
                "eventprobvar" | "eventprobabilityvariable" => &mut read.event_probability_variable,
                "modeler" => &mut read.modeler,
                "tool" => &mut read.tool,
                "toolversion" => &mut read.tool_version,
                "properties" | "customproperties" if value.is_array() => {
                    read.user = user_properties(entry, value, warnings);
                    continue;
                }
                _ => {
                    read.other.insert(key, value);
                    continue;
                }
            };
            match text::scalar(&value) {
                Some(text) => *slot = Some(text).filter(|text| !text.is_empty()),
                None if value.is_null() => {}
                None => {
                    read.other.insert(key, value);
                }
            }
        }
        read.target_level = read.target_level.map(|level| level.to_ascii_lowercase());
        if read.description.as_ref().is_some_and(|text| text.chars().count() > DESCRIPTION_CHARS_MAX) {
            let message = format!(
                "the description has more than {DESCRIPTION_CHARS_MAX} characters; SAS Model Manager cuts it"
            );
            warnings.push(Warning::new("long-property", Some(entry), message));
        }
        Ok(read)
    }

    /// Name and value of everything, typed ones first, as a table shows them.
    #[must_use]
    pub fn rows(&self) -> Vec<(String, String)> {
        let typed = [
            ("name", &self.name),
            ("description", &self.description),
            ("function", &self.function),
            ("algorithm", &self.algorithm),
            ("tool", &self.tool),
            ("toolVersion", &self.tool_version),
            ("modeler", &self.modeler),
            ("scoreCodeType", &self.score_code_type),
            ("trainCodeType", &self.train_code_type),
            ("trainTable", &self.train_table),
            ("targetVariable", &self.target_variable),
            ("targetEvent", &self.target_event),
            ("targetLevel", &self.target_level),
            ("eventProbVar", &self.event_probability_variable),
        ];
        let mut rows: Vec<(String, String)> =
            typed.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))).collect();
        rows.extend(self.user.iter().map(|property| (property.name.clone(), property.value.clone())));
        rows.extend(
            self.other.iter().map(|(name, value)| {
                (name.clone(), text::scalar(value).unwrap_or_else(|| value.to_string()))
            }),
        );
        rows
    }
}

fn user_properties(entry: &str, list: Value, warnings: &mut Vec<Warning>) -> Vec<UserProperty> {
    let mut read = Vec::new();
    for item in list.as_array().into_iter().flatten() {
        let Some(name) = item.get("name").and_then(text::scalar).filter(|name| !name.is_empty()) else {
            let message = "a user-defined property without a name is left out";
            warnings.push(Warning::new("nameless-property", Some(entry), message));
            continue;
        };
        let value = match item.get("value") {
            None | Some(Value::Null) => String::new(),
            Some(value) => text::scalar(value).unwrap_or_else(|| value.to_string()),
        };
        if name.chars().count() > PROPERTY_NAME_CHARS_MAX || value.chars().count() > PROPERTY_VALUE_CHARS_MAX
        {
            let message =
                format!("the property `{}` is longer than SAS Model Manager keeps", text::shown(&name));
            warnings.push(Warning::new("long-property", Some(entry), message));
        }
        read.push(UserProperty { name, value, kind: item.get("type").and_then(text::scalar) });
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_come_in_any_case_and_the_event_as_number_or_text() {
        for (written, event) in [
            (json!({"name": "M", "targetEvent": 1, "targetLevel": "BINARY"}), "1"),
            (json!({"Name": "M", "TargetEvent": "1", "targetlevel": "Binary"}), "1"),
            (json!({"NAME": "M", "targetEvent": " Yes ", "targetLevel": "binary"}), "Yes"),
        ] {
            let read = Properties::from_json("ModelProperties.json", written, &mut Vec::new()).unwrap();
            assert_eq!(read.name.as_deref(), Some("M"));
            assert_eq!(read.target_event.as_deref(), Some(event));
            assert_eq!(read.target_level.as_deref(), Some("binary"));
        }
    }

    #[test]
    fn unknown_keys_and_user_properties_are_kept() {
        let written = json!({"trainTable": " ", "selectionStatistic": "_GINI_", "x": {"y": 1},
            "properties": [{"name": "owner", "value": 3, "type": "numeric"}, {"value": "no name"}]});
        let mut warnings = Vec::new();
        let read = Properties::from_json("ModelProperties.json", written, &mut warnings).unwrap();
        assert_eq!(read.train_table, None);
        assert_eq!(read.other["selectionStatistic"], "_GINI_");
        assert_eq!(read.other["x"], json!({"y": 1}));
        assert_eq!(
            read.user,
            [UserProperty { name: "owner".into(), value: "3".into(), kind: Some("numeric".into()) }]
        );
        assert_eq!(warnings.len(), 1);
        assert!(read.rows().contains(&("owner".to_owned(), "3".to_owned())));
    }

    #[test]
    fn a_list_is_refused_by_name() {
        let refused =
            Properties::from_json("m/ModelProperties.json", json!([]), &mut Vec::new()).unwrap_err();
        assert!(refused.to_string().contains("`m/ModelProperties.json`"), "{refused}");
    }
}
