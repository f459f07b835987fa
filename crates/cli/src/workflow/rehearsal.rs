//! What an author does with a definition before it comes near a workspace.

use std::path::{Path, PathBuf};

use app::Failure;
use app::workflow::contract;
use clap::Args;
use serde_json::{Value, json};

use super::DIAGNOSTICS;
use crate::arguments::absolute;
use crate::desk::Desk;
use crate::output::{Answer, cell, section, table};

/// Exit status of a definition with errors, and of a rehearsal that stopped.
const FAILED: u8 = 1;

/// What a script looks like, as `--help` shows it.
const SCRIPT_EXAMPLE: &str = r##"A script:

  {"clock": "2026-01-01T09:00:00Z", "variables": {"ProjectName": "P"},
   "http": [{"method": "GET", "url": "/projects?*", "status": 200, "body": {"items": [{"id": "p1"}]}},
            {"method": "*", "url": "*", "status": 200, "body": {}}],
   "more": ["called-process.bpmn"],
   "steps": [{"start": {}}, {"claim": "Review", "as": "ana"},
             {"complete": "Review", "answers": {"Approved": true}, "as": "ana"},
             {"advance": "P1D"}, {"fire": "next"}, {"signal": "s"}, {"message": "m"},
             {"trigger": "#e5"}, {"retry": "#e4"}, {"set": {"x": 1}}]}

A task is named as it is called, by `#` and its element, or as `*any` or `*all`."##;

#[derive(Args, Debug)]
pub(crate) struct Lint {
    /// The BPMN file
    definition: PathBuf,
}

#[derive(Args, Debug)]
#[command(after_long_help = SCRIPT_EXAMPLE)]
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
    #[arg(long, value_name = "JSON")]
    variables: Option<String>,
    /// A file of `{"expr", "vars"}`, one a line; a line that fails is answered by its failure
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
}

impl Lint {
    pub(super) fn run(self) -> Result<Answer, Failure> {
        let (answer, failed) = contract::lint(&self.definition)?;
        let text = table(&answer["diagnostics"], &DIAGNOSTICS, "Nothing to complain of.");
        Ok(Answer::new(answer, text).with_status(if failed { FAILED } else { 0 }))
    }
}

impl Simulate {
    pub(super) fn run(self) -> Result<Answer, Failure> {
        let (answer, played_out) = contract::simulate(&self.definition, &self.script)?;
        let mut text = table(&answer["diagnostics"], &DIAGNOSTICS, "");
        for (number, state) in answer["states"].as_array().into_iter().flatten().enumerate() {
            text.push_str(&section(&format!("After step {}", number + 1), &played(state)));
        }
        let failure = &answer["failure"];
        if !failure.is_null() {
            text.push_str(&format!("\n\nStopped at step {}: {}", failure["step"], cell(&failure["message"])));
        }
        Ok(Answer::new(answer, text.trim_start().to_owned()).with_status(if played_out { 0 } else { FAILED }))
    }
}

impl Evaluate {
    pub(super) fn run(self, desk: &Desk) -> Result<Answer, Failure> {
        if let Some(batch) = &self.batch {
            for answer in contract::evaluate_batch(batch)? {
                desk.output.line(&answer, &shown(&answer));
            }
            return Ok(Answer::said());
        }
        let answer = contract::evaluate(&self.expression.unwrap_or_default(), self.variables.as_deref())?;
        let text = shown(&answer);
        Ok(Answer::new(answer, text))
    }
}

/// Reads a definition and writes it back through the model.
pub(super) fn rewrite(file: &Path, out: &Path) -> Result<Answer, Failure> {
    contract::rewrite(file, out)?;
    let text = format!("`{}` holds the same document.", out.display());
    Ok(Answer::new(json!({ "output": absolute(out) }), text))
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
