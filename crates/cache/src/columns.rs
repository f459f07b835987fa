//! The tables of the projection and the columns that lists sort and filter by.
//!
//! Every table of [`governance::State`] is one STRICT table of key and row (JSON); what a list needs is a generated
//! column, so that a row is written once and can never disagree with its columns.

/// A generated column: name, SQL expression over `row`, and whether it is indexed.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) expression: &'static str,
}

const fn text(name: &'static str, expression: &'static str) -> Column {
    Column { name, kind: "TEXT", expression }
}

const fn number(name: &'static str, expression: &'static str) -> Column {
    Column { name, kind: "INTEGER", expression }
}

/// A moment, always with three digits behind the second: as it stands in the row, `11Z` would come behind `11.9Z`.
macro_rules! moment {
    ($path:literal) => {
        concat!("strftime('%Y-%m-%dT%H:%M:%fZ', row ->> '$.", $path, "')")
    };
    ($path:literal, or $absent:literal) => {
        concat!("coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', row ->> '$.", $path, "'), '", $absent, "')")
    };
}

/// Columns of a table; the first is what `search` looks in.
pub(crate) fn columns(table: &str) -> &'static [Column] {
    match table {
        "projects" => const { &[text("name", "row ->> '$.name'"), number("models", "row ->> '$.models'")] },
        "models" => {
            const {
                &[
                    text("name", "row ->> '$.name'"),
                    text("project", "row ->> '$.project'"),
                    text("project_name", "row ->> '$.project_name'"),
                    text("algorithm", "coalesce(row ->> '$.algorithm', '')"),
                    text("modified_at", moment!("modified_at")),
                ]
            }
        }
        "versions" => {
            const {
                &[
                    text("model", "row ->> '$.model'"),
                    text("root", "row ->> '$.package.root'"),
                    text("by_run", "coalesce(row ->> '$.by_run', '')"),
                ]
            }
        }
        "definitions" => {
            const { &[text("name", "row ->> '$.name'"), number("number", "row ->> '$.number'")] }
        }
        "self_starts" => {
            const {
                &[
                    text("definition_name", "row ->> '$.definition_name'"),
                    text("next_due", moment!("next_due", or "9999")),
                ]
            }
        }
        "instances" => {
            const {
                &[
                    text("definition_name", "row ->> '$.definition_name'"),
                    text("project", "row ->> '$.project'"),
                    text("status", "row ->> '$.status'"),
                    number("incidents", "row ->> '$.incidents'"),
                    text("next_due", moment!("next_due", or "9999")),
                    number("asks", "row ->> '$.asks'"),
                ]
            }
        }
        "tasks" => {
            const {
                &[
                    text("name", "row ->> '$.name'"),
                    text("project", "row ->> '$.project'"),
                    text("assignee", "row ->> '$.assignee'"),
                    text("due", moment!("due", or "9999")),
                    text("created_at", moment!("created_at")),
                    text("instance", "row ->> '$.instance'"),
                    text(
                        "told_at",
                        concat!(
                            "min(",
                            moment!("remind_at", or "9999"),
                            ", ",
                            moment!("escalate_at", or "9999"),
                            ")"
                        ),
                    ),
                ]
            }
        }
        "approvals" => const { &[text("version", "row ->> '$.version'")] },
        "comments" => const { &[text("instance", "row ->> '$.instance'")] },
        "runs" => {
            const {
                &[
                    text("kind", "row ->> '$.kind'"),
                    text("project", "row ->> '$.project'"),
                    text("version", "row ->> '$.version'"),
                    text("state", "row ->> '$.state'"),
                    text("target", "row ->> '$.target'"),
                    text("cleanup", "coalesce(row ->> '$.cleanup', 'not-needed')"),
                ]
            }
        }
        "targets" => const { &[text("name", "row ->> '$.added.target'")] },
        "migrations" => const { &[text("version", "row ->> '$.version'")] },
        "schedules" => const { &[text("name", "row ->> '$.added.name'")] },
        "cluster_templates" => const { &[text("name", "row ->> '$.name'")] },
        "notices" => {
            const { &[text("title", "row ->> '$.posted.title'"), number("position", "row ->> '$.position'")] }
        }
        "monitors" => {
            const {
                &[
                    text("name", "row ->> '$.name'"),
                    text("project", "row ->> '$.project'"),
                    text("project_name", "row ->> '$.project_name'"),
                    text("version", "row ->> '$.version'"),
                    text("health", "row ->> '$.health'"),
                    text("latest_at", moment!("latest_at", or "")),
                ]
            }
        }
        "reports" => {
            const {
                &[
                    text("monitor", "row ->> '$.monitor'"),
                    text("project", "row ->> '$.project'"),
                    text("version", "row ->> '$.version'"),
                ]
            }
        }
        "alerts" => {
            const {
                &[
                    text("monitor_name", "row ->> '$.monitor_name'"),
                    text("monitor", "row ->> '$.monitor'"),
                    text("project", "row ->> '$.project'"),
                    text("state", "row ->> '$.state'"),
                    text("level", "row ->> '$.level'"),
                ]
            }
        }
        "retrain_decisions" => const { &[text("monitor", "row ->> '$.monitor'")] },
        _ => &[],
    }
}

/// The statements that make all tables.
pub(crate) fn schema() -> String {
    let mut sql = String::from(
        "CREATE TABLE head (only INTEGER PRIMARY KEY CHECK (only = 1), position INTEGER NOT NULL, chain TEXT NOT NULL) STRICT;
         CREATE TABLE entries (position INTEGER PRIMARY KEY, at TEXT NOT NULL, member TEXT NOT NULL, author_key TEXT NOT NULL,
            void TEXT, chain TEXT NOT NULL, facts TEXT NOT NULL) STRICT;
         CREATE INDEX entries_by_member ON entries (member, position);
         CREATE TABLE about (subject TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (subject, position)) STRICT, WITHOUT ROWID;\n",
    );
    for table in governance::State::TABLES {
        // With their numbers: a tree that is ordered by a text reads the whole of every row on the way to one, and rows are long.
        sql.push_str(&format!("CREATE TABLE {table} (key TEXT NOT NULL PRIMARY KEY, row TEXT NOT NULL"));
        for column in columns(table) {
            sql.push_str(&format!(
                ", {} {} GENERATED ALWAYS AS ({}) VIRTUAL",
                column.name, column.kind, column.expression
            ));
        }
        sql.push_str(") STRICT;\n");
        for column in columns(table) {
            let collation = if column.kind == "TEXT" { " COLLATE NOCASE" } else { "" };
            sql.push_str(&format!(
                "CREATE INDEX {table}_by_{0} ON {table} ({0}{collation}, key);\n",
                column.name
            ));
        }
    }
    sql.push_str(crate::search::SCHEMA);
    sql
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use crate::list::{List, Match};

    /// A timestamp is written with no more digits than it needs, and text compares digit by digit.
    #[test]
    fn moments_come_in_their_order_and_fall_due_whatever_digits_they_are_written_with() {
        let tables = rusqlite::Connection::open_in_memory().unwrap();
        tables.execute_batch(&super::schema()).unwrap();
        let moments = ["2026-11-26T18:50:10.94Z", "2026-11-26T18:50:10.947Z", "2026-11-26T18:50:11Z"];
        for (nth, due) in moments.iter().enumerate() {
            let row = serde_json::json!({"remind_at": due}).to_string();
            tables
                .execute("INSERT INTO tasks (key, row) VALUES (?1, ?2)", ((9 - nth).to_string(), row))
                .unwrap();
        }
        tables.execute("INSERT INTO tasks (key, row) VALUES ('never', '{}')", ()).unwrap();
        let due_at = |now: &str| {
            let matches = vec![Match::Due("told_at", now.parse().unwrap())];
            let list = List { table: "tasks", matches, search: None, sort: "told_at", after: None, limit: 9 };
            let (_, rows) = list.prepare().unwrap().run(&tables).unwrap();
            rows.into_iter().map(|(_, key, _)| key).collect::<Vec<_>>().concat()
        };
        assert_eq!(due_at("2026-11-26T18:50:10.939Z"), "");
        assert_eq!(due_at("2026-11-26T18:50:10.94Z"), "9");
        assert_eq!(due_at("2026-11-26T18:50:10.999Z"), "98");
        assert_eq!(due_at("2026-11-26T18:50:11.5Z"), "987");
        assert_eq!(due_at("2031-01-01T00:00:00Z"), "987");
    }
}
