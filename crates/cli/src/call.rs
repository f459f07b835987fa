//! Any command of the list, for scripts and for what has no words of its own here yet.

use app::{Code, Failure};
use clap::Args;
use serde_json::Value;
use words::said;

use crate::desk::Desk;
use crate::output::Answer;

#[derive(Args, Debug)]
pub(crate) struct Call {
    /// Its name, for example `registry.list_models`; all names if absent
    command: Option<String>,
    /// What it asks, a JSON object
    #[arg(default_value = "{}")]
    request: String,
}

impl Call {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let Some(command) = self.command else {
            let names: Vec<&str> = app::commands::COMMANDS.iter().map(|command| command.name).collect();
            let text = names.join("\n");
            return Ok(Answer::new(names.into(), text));
        };
        let request: Value = serde_json::from_str(&self.request).map_err(|error| {
            Failure::said(
                Code::Usage,
                said!("request-no-json", command = command.to_string(), error = error.to_string()),
            )
        })?;
        let answer = desk.call(&command, request)?;
        let text = serde_json::to_string_pretty(&answer).unwrap_or_default();
        Ok(Answer::new(answer, text))
    }
}
