//! The runs room in a terminal: targets, runs, migration.

use std::time::Duration;

use app::Failure;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use crate::arguments::Page;
use crate::desk::Desk;
use crate::output::{Answer, cell, facts, page, section, table};

/// How often a log that is followed is read again.
const FOLLOW_EVERY: Duration = Duration::from_millis(300);
/// Exit status of a run that is followed to a bad end.
const FAILED: u8 = 1;

#[derive(Debug, Subcommand)]
pub(crate) enum TargetCommand {
    /// Places where runs can go, and what is missing where one is not ready
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RunCommand {
    /// Train or score with a migrated version
    Submit {
        /// What to run
        #[arg(value_enum)]
        kind: Kind,
        /// Identifier of the version, or `project/model@1.0`
        version: String,
    },
    /// Runs, latest first
    List {
        /// Only of this project
        #[arg(long)]
        project: Option<String>,
        /// Only `live`, `succeeded`, `failed` or `cancelled` ones
        #[arg(long)]
        state: Option<String>,
        #[command(flatten)]
        page: Page,
    },
    /// A run: its stages, outputs and metrics
    Show {
        /// Identifier, or a unique beginning of it
        run: String,
    },
    /// What a run wrote to its log
    Logs {
        /// Identifier, or a unique beginning of it
        run: String,
        /// Go on until the run has ended
        #[arg(long, short)]
        follow: bool,
    },
    /// Stop a run and clean up after it
    Cancel {
        /// Identifier, or a unique beginning of it
        run: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Kind {
    Train,
    Score,
}

#[derive(Args, Debug)]
pub(crate) struct Migrate {
    /// Identifier of the version, or `project/model@1.0`
    version: String,
    /// Bucket name, or a `file:///…` folder
    #[arg(long)]
    bucket: String,
}

impl TargetCommand {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let Self::List = self;
        let list = desk.call("runs.targets", json!({}))?;
        let columns =
            [("TARGET", "name"), ("READY", "ready"), ("WHAT IT IS", "description"), ("DETAIL", "detail")];
        let text = table(&list, &columns, "No targets.");
        Ok(Answer::new(list, text))
    }
}

impl RunCommand {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Submit { kind, version } => {
                let kind = match kind {
                    Kind::Train => "train",
                    Kind::Score => "score",
                };
                let recorded = desk.call("runs.submit", json!({ "kind": kind, "version": version }))?;
                let text =
                    format!("Run {} was asked for at #{}.", cell(&recorded["id"]), recorded["position"]);
                Ok(Answer::new(recorded, text))
            }
            Self::List { project, state, page: wanted } => {
                let mut request = json!({ "page": wanted.request() });
                for (field, value) in [("project", project), ("state", state)] {
                    if let Some(value) = value {
                        request[field] = value.into();
                    }
                }
                let list = desk.call("runs.list", request)?;
                let columns = [
                    ("RUN", "id"),
                    ("KIND", "kind"),
                    ("VERSION", "version_label"),
                    ("TARGET", "target"),
                    ("STATE", "state"),
                    ("CLEANUP", "cleanup"),
                    ("REQUESTED", "requested_at"),
                    ("SECONDS", "duration_s"),
                    ("REASON", "reason"),
                ];
                let text = page(&list, &columns, "No runs.");
                Ok(Answer::new(list, text))
            }
            Self::Show { run } => {
                let shown = desk.call("runs.show", json!({ "run": run }))?;
                let text = described(&shown);
                Ok(Answer::new(shown, text))
            }
            Self::Logs { run, follow } => logs(desk, &run, follow),
            Self::Cancel { run } => {
                let recorded = desk.call("runs.cancel", json!({ "run": run }))?;
                let text = format!("Cancelled, as of #{}.", recorded["position"]);
                Ok(Answer::new(recorded, text))
            }
        }
    }
}

impl Migrate {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let recorded =
            desk.call("runs.migrate", json!({ "version": self.version, "bucket": self.bucket }))?;
        let text = format!(
            "Run {} carries it, as of #{}. Watch it with `countersign run show`.",
            cell(&recorded["id"]),
            recorded["position"]
        );
        Ok(Answer::new(recorded, text))
    }
}

fn logs(desk: &mut Desk, run: &str, follow: bool) -> Result<Answer, Failure> {
    let output = desk.output;
    let mut from = Value::from(0);
    let mut whole = String::new();
    loop {
        let chunk = desk.call("runs.log", json!({ "run": run, "from": from }))?;
        let text = chunk["text"].as_str().unwrap_or_default();
        if follow {
            if !text.is_empty() {
                output.line(&chunk, text.strip_suffix('\n').unwrap_or(text));
            }
        } else {
            whole.push_str(text);
        }
        let ended = chunk["ended"] == true;
        let nothing_new = chunk["next"] == from;
        from = chunk["next"].clone();
        match (follow, ended && nothing_new, nothing_new) {
            (true, true, _) => break,
            (true, false, true) => desk.block_on(async { tokio::time::sleep(FOLLOW_EVERY).await })?,
            (false, _, true) => {
                let document = json!({ "run": run, "text": whole, "next": from, "ended": ended });
                return Ok(Answer::new(document, whole));
            }
            _ => {}
        }
    }
    let end = desk.call("runs.show", json!({ "run": run }))?;
    let succeeded = end["run"]["state"] == "succeeded";
    Ok(Answer::said().with_status(if succeeded { 0 } else { FAILED }))
}

fn described(shown: &Value) -> String {
    let mut text = facts(
        &shown["run"],
        &[
            ("run", "id"),
            ("kind", "kind"),
            ("version", "version_label"),
            ("project", "project_name"),
            ("target", "target"),
            ("state", "state"),
            ("reason", "reason"),
            ("cleanup", "cleanup"),
            ("asked for by", "requested_by"),
            ("at", "requested_at"),
            ("ended", "ended_at"),
            ("seconds", "duration_s"),
        ],
    );
    text.push('\n');
    text.push_str(&facts(
        shown,
        &[("bucket", "bucket"), ("key", "key"), ("instance", "instance"), ("log bytes", "log_bytes")],
    ));
    text.push_str(&section(
        "Stages",
        &table(&shown["stages"], &[("STATE", "state"), ("AT", "at"), ("OBSERVED", "detail")], ""),
    ));
    let outputs = [
        ("OUTPUT", "name"),
        ("VERIFIED", "verified"),
        ("ROWS", "rows"),
        ("PATH", "path"),
        ("DIGEST", "digest"),
        ("PROBLEM", "problem"),
    ];
    text.push_str(&section("Outputs", &table(&shown["outputs"], &outputs, "")));
    text.push_str(&section(
        "Metrics",
        &table(&shown["metrics"], &[("METRIC", "name"), ("VALUE", "value")], ""),
    ));
    text.push_str(&section(
        "Files",
        &table(&shown["files"], &[("PATH", "path"), ("BYTES", "size"), ("SHA-256", "sha256")], ""),
    ));
    text
}
