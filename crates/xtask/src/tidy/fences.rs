//! Who may name whom in a `Cargo.toml`. `deny.toml` says the same of the tree as a whole; this says it of the line.

use super::{Finding, Source};

/// A heavy crate, and the only crates that may name it.
const HANDS: &[(&str, &[&str])] = &[
    ("roxmltree", &["bpmn"]),
    ("quick-xml", &["bpmn"]),
    ("arrow", &["monitoring"]),
    ("parquet", &["monitoring"]),
    ("csv", &["monitoring", "packages"]),
    ("zip", &["packages"]),
    ("plotters", &["charts"]),
    ("resvg", &["charts"]),
    ("object_store", &["ledger", "runs"]),
    ("reqwest", &["runs", "ledger"]),
    ("gcp_auth", &["runs"]),
    ("notify-rust", &["notifications"]),
    ("lettre", &["notifications"]),
    ("keyring", &["identity"]),
    ("ed25519-dalek", &["identity", "ledger"]),
    ("fluent-bundle", &["words"]),
    ("rusqlite", &["cache"]),
    ("axum", &["sandbox", "cli"]),
    ("clap", &["cli"]),
    ("tauri", &["countersign-window"]),
];

/// Our crates, and which of ours each may know. Who is not listed knows none.
const KNOWS: &[(&str, &[&str])] = &[
    ("governance", &["bpmn", "monitoring"]),
    ("cache", &["governance"]),
    ("sandbox", &["runs"]),
    (
        "app",
        &[
            "bpmn",
            "monitoring",
            "charts",
            "packages",
            "ledger",
            "runs",
            "notifications",
            "identity",
            "words",
            "governance",
            "cache",
        ],
    ),
    // Shells: the words are for people, whichever shell they sit at.
    ("cli", &["app", "words"]),
    ("countersign-window", &["app", "words"]),
];

/// Our crates that anybody could reach for.
const OURS: [&str; 13] = [
    "bpmn",
    "monitoring",
    "charts",
    "packages",
    "ledger",
    "runs",
    "notifications",
    "identity",
    "words",
    "governance",
    "cache",
    "app",
    "cli",
];

/// Chores and tests of the whole house may look behind every door.
const FREE: [&str; 2] = ["xtask", "it"];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let path = &source.path;
    let (Some(text), true) = (&source.text, path.ends_with("/Cargo.toml")) else { return Vec::new() };
    let folder = path.trim_end_matches("/Cargo.toml").rsplit('/').next().unwrap_or_default();
    let own = if folder == "src-tauri" { "countersign-window" } else { folder };
    if FREE.contains(&own) {
        return Vec::new();
    }
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => return vec![Finding::new(path, 0, format!("cannot be read: {error}"))],
    };
    let mut findings = Vec::new();
    for (name, tested) in named(&table) {
        let line = text.lines().position(|line| line.contains(name.as_str())).map_or(0, |index| index + 1);
        if let Some((_, hands)) = HANDS.iter().find(|(heavy, _)| *heavy == name)
            && !hands.contains(&own)
        {
            findings.push(Finding::new(
                path,
                line,
                format!(
                    "`{own}` names `{name}`, which is fenced into `{}`. Ask that crate for what you need.",
                    hands.join("` and `")
                ),
            ));
        }
        let knows = KNOWS.iter().find(|(crate_, _)| *crate_ == own).map_or(&[][..], |(_, knows)| knows);
        if OURS.contains(&name.as_str()) && !tested && !knows.contains(&name.as_str()) {
            findings.push(Finding::new(
                path,
                line,
                format!("`{own}` knows `{name}`. Only `app` joins hands; move the code to `app`, or the type to where both may see it."),
            ));
        }
    }
    findings
}

/// Names of dependencies, and whether each is for tests only.
fn named(table: &toml::Table) -> Vec<(String, bool)> {
    let mut tables = vec![table];
    tables.extend(
        table
            .get("target")
            .and_then(toml::Value::as_table)
            .into_iter()
            .flatten()
            .filter_map(|(_, it)| it.as_table()),
    );
    let mut names = Vec::new();
    for table in tables {
        for (kind, tested) in
            [("dependencies", false), ("build-dependencies", false), ("dev-dependencies", true)]
        {
            let listed = table.get(kind).and_then(toml::Value::as_table);
            names.extend(listed.into_iter().flatten().map(|(name, _)| (name.clone(), tested)));
        }
    }
    names
}
