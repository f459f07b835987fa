//! The contract of `workflow evaluate`: JSON in, JSON out.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::Expression;
use crate::value::Value;

/// Answers one line: `{"expr": "${a + 1}", "vars": {"a": 2}}` is `{"type": "Long", "value": 3}`; one that cannot be
/// evaluated is `{"code": "expression", "message", "hint", "causes"}`.
pub fn evaluate_line(line: &str) -> Json {
    let read: Json = match serde_json::from_str(line) {
        Ok(read) => read,
        Err(error) => return failure(&format!("the line is not JSON: {error}")),
    };
    let none = Map::new();
    let variables = match read.get("vars") {
        None | Some(Json::Null) => &none,
        Some(Json::Object(variables)) => variables,
        Some(_) => return failure("`vars` is not an object"),
    };
    let Some(expression) = read.get("expr").and_then(Json::as_str) else {
        return failure("the line has no `expr`");
    };
    match evaluate(expression, variables) {
        Ok(value) => json!({"type": value.kind(), "value": value.to_json()}),
        Err(message) => failure(&message),
    }
}

fn evaluate(expression: &str, variables: &Map<String, Json>) -> Result<Value, String> {
    let mut scope = BTreeMap::new();
    for (name, json) in variables {
        let value = Value::from_json(json).map_err(|error| format!("the variable `{name}`: {error}"))?;
        scope.insert(name.clone(), value);
    }
    let expression = Expression::parse(expression).map_err(|error| error.to_string())?;
    expression.evaluate(&scope).map_err(|error| error.to_string())
}

fn failure(message: &str) -> Json {
    json!({
        "code": "expression",
        "message": message,
        "hint": "Correct the expression, or give the variables it reads.",
        "causes": [],
    })
}
