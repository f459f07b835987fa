//! The engine, tried through rehearsals: every construct as rows of what is done and what is seen then.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test fails by panicking"
)]

mod boundaries;
mod cases;
mod documents;
mod events;
mod gateways;
mod hostile;
mod incidents;
mod live;
mod migration;
mod people;
mod refused;
mod repeats;
mod sas;
mod scopes;
mod starts;
mod templates;
mod text;
mod walks;

use bpmn::simulate::{Script, simulate};
use serde_json::{Value as Json, json};
pub(crate) use text::{HEAD, body, definition};

/// Plays steps and compares what is seen after each with one line; a last row with `"failure"` names the code.
pub(crate) fn check(definition: &str, rows: &[(Json, &str)]) {
    check_with(definition, json!({}), &[], rows);
}

/// The same, with more of a script and more definitions.
pub(crate) fn check_with(definition: &str, mut script: Json, more: &[(&str, String)], rows: &[(Json, &str)]) {
    script["clock"] = json!("2026-01-01T09:00:00Z");
    script["steps"] = rows.iter().map(|(step, _)| step.clone()).collect();
    let script: Script = serde_json::from_value(script).unwrap();
    let more: Vec<_> =
        more.iter().map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes())).collect();
    let answer = simulate(definition.as_bytes(), &script, &more);
    let errors: Vec<_> =
        answer.diagnostics.iter().filter(|found| found.severity == bpmn::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{definition}");
    for (index, (step, expected)) in rows.iter().enumerate() {
        let seen = match answer.states.get(index) {
            Some(state) => summary(&serde_json::to_value(state).unwrap()),
            None => format!("failure {}", answer.failure.as_ref().unwrap().code),
        };
        assert_eq!(seen, *expected, "after step {} {step}; {:?}", index + 1, answer.failure);
        if seen.starts_with("failure") {
            return;
        }
    }
    assert_eq!(answer.failure, None);
}

/// One line for everything seen: effects, tasks, timers, what is waited for, incidents, the end.
pub(crate) fn summary(state: &Json) -> String {
    let text = |value: &Json| match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    };
    let list = |key: &str| state[key].as_array().unwrap().clone();
    let mut parts = Vec::new();
    for effect in list("effects") {
        let of = |key: &str| text(&effect[key]);
        parts.push(match effect["kind"].as_str().unwrap() {
            "http" => format!("http {} {} {}", of("method"), of("url"), of("status")).trim().to_owned(),
            "set" => format!("set {}={}", of("variable"), of("value")),
            "mail" => format!("mail {} {}", of("to"), of("subject")),
            "notify" => format!("notify {}/{} {} {}", of("users"), of("groups"), of("template"), of("mail")),
            "job" => format!("job {} {}", of("job"), of("arguments")),
            "assign" => format!("assign {} <- {}", of("name"), of("participants")),
            "script" => of("text"),
            kind => format!("{kind} {}{}", of("name"), of("delegate")),
        });
    }
    let mut add = |label: &str, items: Vec<String>| {
        if !items.is_empty() {
            parts.push(format!("{label} {}", items.join(", ")));
        }
    };
    let named = |item: &Json| match text(&item["name"]).as_str() {
        "" => format!("#{}", text(&item["id"])),
        name => name.to_owned(),
    };
    add("task", list("tasks").iter().map(named).collect());
    let due = |timer: &Json| text(&timer["due"]).replace("2026-01-01T", "").replace('Z', "");
    add(
        "timer",
        list("timers").iter().map(|timer| format!("{}@{}", text(&timer["id"]), due(timer))).collect(),
    );
    let wait = |wait: &Json| format!("{} {}", text(&wait["kind"]), text(&wait["name"]));
    add("wait", list("waiting").iter().map(wait).collect());
    add("incident", list("incidents").iter().map(|incident| text(&incident["id"])).collect());
    if state["ended"] == json!(true) {
        parts.push(match &state["outcome"] {
            Json::String(outcome) => outcome.clone(),
            outcome => format!("error {}", text(&outcome["error"])),
        });
    }
    parts.join("; ")
}

pub(crate) fn start() -> Json {
    json!({"start": {}})
}

pub(crate) fn complete(task: &str) -> Json {
    json!({"complete": task})
}

pub(crate) fn advance(duration: &str) -> Json {
    json!({"advance": duration})
}
