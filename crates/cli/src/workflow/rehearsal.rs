//! What an author does with a definition before it comes near a workspace.

use std::path::{Path, PathBuf};

use app::{Code, Failure};
use clap::Args;
use serde_json::{Value, json};

use super::DIAGNOSTICS;
use crate::desk::Desk;
use crate::output::{Answer, cell, section, table};

/// Exit status of a definition with errors, and of a rehearsal that stopped.
const FAILED: u8 = 1;
/// A batch larger than this was not written by a person or a test.
const BATCH_BYTES_MAX: u64 = 64 << 20;

#[derive(Args, Debug)]
pub(crate) struct Lint {
    /// The BPMN file
    definition: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Simulate {
    /// The BPMN file
    definition: PathBuf,
    /// What happens in which order: a JSON file
    #[arg(long)]
    script: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Evaluate {
    /// The expression, for example `${Approved == 'True'}`
    #[arg(required_unless_present = "batch", conflicts_with = "batch", allow_hyphen_values = true)]
    expression: Option<String>,
    /// Variables it may name, a JSON object
    #[arg(long, value_name = "JSON", default_value = "{}")]
    variables: String,
    /// A file of `{"expr", "vars"}`, one a line; a line that fails is answered by its failure
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
}

impl Lint {
    pub(super) fn run(self) -> Result<Answer, Failure> {
        let answer = app::workflow::lint(&self.definition)?;
        let text = table(&answer["diagnostics"], &DIAGNOSTICS, "Nothing to complain of.");
        let status = if has_errors(&answer) { FAILED } else { 0 };
        Ok(Answer::new(answer, text).with_status(status))
    }
}

impl Simulate {
    pub(super) fn run(self) -> Result<Answer, Failure> {
        let answer = app::workflow::simulate(&self.definition, &self.script)?;
        let mut text = table(&answer["diagnostics"], &DIAGNOSTICS, "");
        for (number, state) in answer["states"].as_array().into_iter().flatten().enumerate() {
            text.push_str(&section(&format!("After step {}", number + 1), &played(state)));
        }
        let failure = &answer["failure"];
        if !failure.is_null() {
            text.push_str(&format!("\n\nStopped at step {}: {}", failure["step"], cell(&failure["message"])));
        }
        let status = if has_errors(&answer) || !failure.is_null() { FAILED } else { 0 };
        Ok(Answer::new(answer, text.trim_start().to_owned()).with_status(status))
    }
}

impl Evaluate {
    pub(super) fn run(self, desk: &Desk) -> Result<Answer, Failure> {
        if let Some(batch) = &self.batch {
            for line in read(batch)?.lines().filter(|line| !line.trim().is_empty()) {
                let answer = app::workflow::evaluate_line(line);
                desk.output.line(&answer, &shown(&answer));
            }
            return Ok(Answer::said());
        }
        let variables: Value = serde_json::from_str(&self.variables).map_err(|error| {
            Failure::new(
                Code::Usage,
                format!("`--variables` is no JSON: {error}"),
                "Write them as `{\"Name\": value}`, in quotes that your shell keeps.",
            )
        })?;
        let answer = app::workflow::evaluate(&self.expression.unwrap_or_default(), &variables)?;
        let text = shown(&answer);
        Ok(Answer::new(answer, text))
    }
}

/// Reads a definition and writes it back through the model.
pub(super) fn rewrite(file: &Path, out: &Path) -> Result<Answer, Failure> {
    let bytes = app::workflow::rewrite(file)?;
    write(out, &bytes)?;
    let text = format!("`{}` holds {} bytes.", out.display(), bytes.len());
    Ok(Answer::new(json!({ "output": out.to_string_lossy(), "bytes": bytes.len() }), text))
}

/// Writes a file whole.
pub(super) fn write(out: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(out, bytes).map_err(|error| {
        Failure::new(
            Code::Denied,
            format!("`{}` cannot be written", out.display()),
            "Name a file in a folder that exists and that you may write to.",
        )
        .because(&error)
    })
}

fn read(file: &Path) -> Result<String, Failure> {
    let cannot = |why: String| {
        Failure::new(
            Code::Usage,
            format!("`{}` cannot be read: {why}", file.display()),
            "Name a file of JSON lines in UTF-8.",
        )
    };
    let size = std::fs::metadata(file).map_err(|error| cannot(error.to_string()))?.len();
    if size > BATCH_BYTES_MAX {
        return Err(cannot(format!("it has {size} bytes, and a batch may have {BATCH_BYTES_MAX}")));
    }
    std::fs::read_to_string(file).map_err(|error| cannot(error.to_string()))
}

fn has_errors(answer: &Value) -> bool {
    answer["diagnostics"].as_array().is_some_and(|list| list.iter().any(|one| one["severity"] == "error"))
}

fn shown(answer: &Value) -> String {
    match answer["type"].as_str() {
        Some(kind) => format!("{kind} {}", cell(&answer["value"])),
        None => format!("failed: {}", cell(&answer["message"])),
    }
}

/// A state in a few lines.
fn played(state: &Value) -> String {
    let mut lines = Vec::new();
    for effect in state["effects"].as_array().into_iter().flatten() {
        lines.push(format!("  did      {effect}"));
    }
    for task in state["tasks"].as_array().into_iter().flatten() {
        lines.push(format!(
            "  task     {} (#{}), held by {}",
            cell(&task["name"]),
            cell(&task["id"]),
            cell(&task["assignee"])
        ));
    }
    for timer in state["timers"].as_array().into_iter().flatten() {
        lines.push(format!("  timer    {} due {}", cell(&timer["id"]), cell(&timer["due"])));
    }
    for waiting in state["waiting"].as_array().into_iter().flatten() {
        lines.push(format!(
            "  waits    {} for {} {}",
            cell(&waiting["id"]),
            cell(&waiting["kind"]),
            cell(&waiting["name"])
        ));
    }
    for incident in state["incidents"].as_array().into_iter().flatten() {
        lines.push(format!("  incident {}: {}", cell(&incident["id"]), cell(&incident["message"])));
    }
    if state["ended"] == true {
        lines.push(format!("  ended    {}", cell(&state["outcome"])));
    }
    lines.join("\n")
}
