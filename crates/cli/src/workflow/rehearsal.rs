//! What an author does with a definition before it comes near a workspace.

use std::path::{Path, PathBuf};

use app::Failure;
use app::workflow::contract;
use clap::Args;
use serde_json::{Value, json};
use words::{Said, said};

use super::described::DIAGNOSTICS;
use crate::arguments::absolute;
use crate::desk::Desk;
use crate::output::{Answer, Reader, cell};

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
    pub(super) fn run(self, desk: &Desk) -> Result<Answer, Failure> {
        let reader = desk.reader();
        let checked = contract::lint(&self.definition, reader.words())?;
        let text = reader.table(&json!(checked.found), &DIAGNOSTICS, "none-diagnostics");
        Ok(Answer::new(checked.answer, text).with_status(if checked.well { 0 } else { FAILED }))
    }
}

impl Simulate {
    pub(super) fn run(self, desk: &Desk) -> Result<Answer, Failure> {
        let reader = desk.reader();
        let checked = contract::simulate(&self.definition, &self.script, reader.words())?;
        let (answer, played_out) = (checked.answer, checked.well);
        let mut text = reader.table(&json!(checked.found), &DIAGNOSTICS, "");
        for (number, state) in answer["states"].as_array().into_iter().flatten().enumerate() {
            let after = reader.say(&said!("said-after-step", step = number + 1));
            text.push_str(&reader.section(&after, &played(reader, state)));
        }
        let failure = &answer["failure"];
        if !failure.is_null() {
            text.push_str(&format!(
                "\n\n{}",
                reader.say(&said!(
                    "said-stopped-at",
                    step = cell(&failure["step"]),
                    why = cell(&failure["message"])
                ))
            ));
        }
        Ok(Answer::new(answer, text.trim_start().to_owned()).with_status(if played_out { 0 } else { FAILED }))
    }
}

impl Evaluate {
    pub(super) fn run(self, desk: &Desk) -> Result<Answer, Failure> {
        if let Some(batch) = &self.batch {
            for answer in contract::evaluate_batch(batch)? {
                desk.output.line(&answer, &shown(desk.reader(), &answer));
            }
            return Ok(Answer::said());
        }
        let answer = contract::evaluate(&self.expression.unwrap_or_default(), self.variables.as_deref())?;
        let text = shown(desk.reader(), &answer);
        Ok(Answer::new(answer, text))
    }
}

/// Reads a definition and writes it back through the model.
pub(super) fn rewrite(reader: Reader, file: &Path, out: &Path) -> Result<Answer, Failure> {
    contract::rewrite(file, out)?;
    let text = reader.say(&said!("said-same-document", path = out.display().to_string()));
    Ok(Answer::new(json!({ "output": absolute(out) }), text))
}

fn shown(reader: Reader, answer: &Value) -> String {
    match answer["type"].as_str() {
        Some(kind) => format!("{kind} {}", cell(&answer["value"])),
        None => reader.say(&said!("said-failed", why = cell(&answer["message"]))),
    }
}

/// A state in a few lines.
fn played(reader: Reader, state: &Value) -> String {
    let each = |field: &str| state[field].as_array().into_iter().flatten();
    let mut said: Vec<Said> = Vec::new();
    said.extend(each("effects").map(|effect| said!("played-effect", effect = effect.to_string())));
    said.extend(each("tasks").map(|task| {
        let (name, id) = (cell(&task["name"]), cell(&task["id"]));
        said!("played-task", name = name, id = id, holder = cell(&task["assignee"]))
    }));
    said.extend(
        each("timers").map(|timer| said!("played-timer", id = cell(&timer["id"]), due = cell(&timer["due"]))),
    );
    said.extend(each("waiting").map(|waiting| {
        let (id, kind) = (cell(&waiting["id"]), cell(&waiting["kind"]));
        said!("played-waiting", id = id, kind = kind, name = cell(&waiting["name"]))
    }));
    said.extend(each("incidents").map(|incident| {
        said!("played-incident", id = cell(&incident["id"]), why = cell(&incident["message"]))
    }));
    if state["ended"] == true {
        said.push(said!("played-end", outcome = cell(&state["outcome"])));
    }
    said.iter().map(|said| format!("  {}", reader.say(said))).collect::<Vec<_>>().join("\n")
}
