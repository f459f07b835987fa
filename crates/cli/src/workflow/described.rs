//! Definitions and processes as the terminal shows them, and what a move to another version would do.

use serde_json::Value;
use words::said;

use super::tasks;
use crate::output::{Reader, cell, plain};

pub(super) const INCIDENTS: [(&str, &str); 5] = [
    ("label-incident", "id"),
    ("label-element", "name"),
    ("label-at", "at"),
    ("label-tries-again", "again/at"),
    ("label-what", "message"),
];
pub(super) const DIAGNOSTICS: [(&str, &str); 4] = [
    ("label-severity", "severity"),
    ("label-rule", "code"),
    ("label-element", "element"),
    ("label-what", "message"),
];

pub(super) fn planned(reader: Reader, plan: &Value) -> String {
    let mut text = reader.facts(
        plan,
        &[
            ("label-instance", "instance"),
            ("label-definition", "definition"),
            ("label-from-version", "from"),
            ("label-to-version", "to"),
            ("label-possible", "possible"),
        ],
    );
    let moves =
        [("label-from", "from"), ("label-to", "to"), ("label-name", "name"), ("label-found-by", "by")];
    text.push_str(&reader.list("title-moves", &plan["moves"], &moves));
    for (title, list) in
        [("title-in-the-way", "problems"), ("title-losses", "losses"), ("title-gains", "gains")]
    {
        text.push_str(&reader.section(
            title,
            &reader.table(&plan[list], &[("label-of", "of"), ("label-what", "message")], ""),
        ));
    }
    text
}

pub(super) fn described(reader: Reader, shown: &Value) -> String {
    let mut text = reader.facts(
        &shown["definition"],
        &[
            ("label-definition", "name"),
            ("label-version", "version"),
            ("label-id", "id"),
            ("label-digest", "digest"),
            ("label-startable", "startable"),
            ("label-disabled", "disabled"),
            ("label-bound", "bound"),
            ("label-imported", "imported_at"),
            ("label-by", "imported_by"),
        ],
    );
    text.push_str(&meant(reader, shown));
    let reminders = [
        ("label-task", "element"),
        ("label-remind", "after"),
        ("label-escalate", "escalate_after"),
        ("label-to", "escalate_to"),
    ];
    text.push_str(&reader.list("title-reminders", &shown["reminders"], &reminders));
    text.push_str(&reader.section("title-start-form", &prompts(reader, &shown["prompts"])));
    let starts = [
        ("label-id", "id"),
        ("label-project", "project_name"),
        ("label-by", "by"),
        ("label-next-start", "next_due"),
        ("label-times-started", "started"),
    ];
    text.push_str(&reader.list("title-self-starts", &shown["self_starts"], &starts));
    text
}

/// What the lint says of a definition, and what its calls, people and processes mean here.
pub(super) fn meant(reader: Reader, shown: &Value) -> String {
    let mut text = reader.list("title-lint", &shown["diagnostics"], &DIAGNOSTICS);
    let calls = [
        ("label-element", "element"),
        ("label-name", "name"),
        ("label-action", "action"),
        ("label-through", "connection"),
        ("label-by-itself", "by_itself"),
        ("label-call", "call"),
    ];
    text.push_str(&reader.list("title-calls", &shown["calls"], &calls));
    let processes = [("label-process", "id"), ("label-name", "name")];
    if shown["processes"].as_array().is_some_and(|list| list.len() > 1) {
        text.push_str(&reader.list("title-processes", &shown["processes"], &processes));
    }
    let called = [
        ("label-process", "process"),
        ("label-definition", "bound/name"),
        ("label-version", "bound/version"),
    ];
    text.push_str(&reader.list("title-called", &shown["called"], &called));
    let parties = [
        ("label-kind", "kind"),
        ("label-name", "name"),
        ("label-role", "role"),
        ("label-member", "member"),
        ("label-excluded", "excluded"),
        ("label-only-told", "told"),
        ("label-where", "elements"),
    ];
    text.push_str(&reader.list("title-people", &shown["parties"], &parties));
    let gates = [
        ("label-element", "element"),
        ("label-name", "name"),
        ("label-answer", "variable"),
        ("label-guards", "gate"),
    ];
    text.push_str(&reader.list("title-approvals", &shown["gates"], &gates));
    let cycles = [
        ("label-element", "element"),
        ("label-name", "name"),
        ("label-cycle", "text"),
        ("label-means", "explained/words"),
        ("label-next-firings", "explained/next"),
    ];
    text.push_str(&reader.list("title-cycles", &shown["cycles"], &cycles));
    text
}

pub(super) fn standing(reader: Reader, shown: &Value) -> String {
    let mut text = reader.facts(
        &shown["instance"],
        &[
            ("label-instance", "id"),
            ("label-definition", "definition"),
            ("label-project", "project_name"),
            ("label-version", "version/label"),
            ("label-digest", "version/digest"),
            ("label-state", "state"),
            ("label-started", "started_at"),
            ("label-by", "started_by"),
            ("label-ended", "ended_at"),
        ],
    );
    let mut open = shown["tasks"].clone();
    for task in open.as_array_mut().into_iter().flatten() {
        tasks::tell_signatures(reader, task);
    }
    text.push_str(&reader.list("title-tasks", &open, &tasks::TASKS));
    text.push_str(&reader.list(
        "title-timers",
        &shown["timers"],
        &[("label-element", "element"), ("label-name", "name"), ("label-due", "due")],
    ));
    let waiting = [
        ("label-of", "id"),
        ("label-element", "name"),
        ("label-kind", "kind"),
        ("label-awaits", "awaits"),
        ("label-correlation", "correlation"),
    ];
    text.push_str(&reader.list("title-waiting", &shown["waiting"], &waiting));
    let effects =
        [("label-element", "name"), ("label-action", "action"), ("label-run", "run"), ("label-key", "key")];
    text.push_str(&reader.list("title-effects", &shown["effects"], &effects));
    text.push_str(&reader.list("title-incidents", &shown["incidents"], &INCIDENTS));
    let variables = [("label-variable", "name"), ("label-type", "kind"), ("label-value", "value")];
    text.push_str(&reader.list("title-variables", &shown["variables"], &variables));
    for scope in shown["scopes"].as_array().into_iter().flatten() {
        let title =
            reader.say(&said!("said-scope", name = cell(&scope["name"]), number = cell(&scope["id"])));
        text.push_str(&format!("\n\n{title}\n{}", reader.table(&scope["variables"], &variables, "")));
    }
    let log = [("#", "position"), ("label-at", "at"), ("label-who", "member"), ("label-what", "text")];
    text.push_str(&reader.list("title-log", &shown["log"], &log));
    for comment in shown["comments"].as_array().into_iter().flatten() {
        text.push_str(&format!(
            "\n{} {}: {}",
            cell(&comment["at"]),
            cell(&comment["member"]),
            plain(comment["text"].as_str().unwrap_or_default())
        ));
    }
    text
}

/// Questions of a form, with what can be chosen.
pub(super) fn prompts(reader: Reader, list: &Value) -> String {
    let mut rows = list.clone();
    for row in rows.as_array_mut().into_iter().flatten() {
        let choices = row["choices"].as_array().into_iter().flatten();
        let told: Vec<String> = choices
            .map(|choice| match (cell(&choice["value"]), cell(&choice["label"])) {
                (value, label) if value == label => value,
                (value, label) => format!("{value} ({label})"),
            })
            .collect();
        row["choices"] = told.join(", ").into();
    }
    reader.table(
        &rows,
        &[
            ("label-answer", "variable"),
            ("label-type", "type"),
            ("label-required", "required"),
            ("label-question", "question"),
            ("label-choices", "choices"),
        ],
        "",
    )
}
