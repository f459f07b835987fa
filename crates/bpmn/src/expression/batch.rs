//! The contract of `workflow evaluate`: JSON in, JSON out.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::Expression;
use crate::value::Value;

/// Evaluates one expression with typed variables: `{"type": "Long", "value": 3}`, or
/// `{"code": "expression", "message", "hint", "causes"}` if it cannot be evaluated.
pub fn answer(expression: &str, variables: &Map<String, Json>) -> Json {
    match evaluate(expression, variables) {
        Ok(value) => json!({"type": value.kind(), "value": value.to_json()}),
        Err(message) => failure(&message),
    }
}

/// Answers one line of a batch: `{"expr": "${a + 1}", "vars": {"a": 2}}`.
pub fn answer_line(line: &str) -> Json {
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
    match read.get("expr").and_then(Json::as_str) {
        Some(expression) => answer(expression, variables),
        None => failure("the line has no `expr`"),
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
