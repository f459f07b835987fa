//! The demonstration, and the agent: a desk without a window.

use app::Failure;
use clap::Args;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::output::{Answer, cell};

#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Play to the end without asking; without it, stop where the validator has the task
    #[arg(long)]
    headless: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Agent {
    /// Do what is due now and end, for a scheduler
    #[arg(long)]
    once: bool,
}

impl Demo {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let output = desk.output;
        let options = desk.app_options();
        let done = desk.block_on(app::demo::play(options, self.headless, move |step| {
            let line = serde_json::to_value(step).unwrap_or_default();
            output.line(&line, &told(&line));
        }))?;
        done?;
        if !self.headless && !output.json {
            let text = "The validator has the task. Open the window (`countersign-window --demonstration`), or go on here with \
                        `countersign task list`.";
            return Ok(Answer::new(json!({}), text));
        }
        Ok(Answer::said())
    }
}

impl Agent {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let output = desk.output;
        let (runtime, app) = desk.open()?;
        let say = |done: &Value| output.line(done, &cell(&done["text"]));
        if self.once {
            let done = runtime.block_on(app.agent_once())?;
            let text = format!("{} thing(s) done.", done["done"]);
            return Ok(Answer::new(done, text));
        }
        output.progress("Doing what is due until Ctrl-C.");
        runtime.block_on(async {
            tokio::select! {
                ended = app.agent(say) => ended,
                _ = tokio::signal::ctrl_c() => Ok(()),
            }
        })?;
        Ok(Answer::said())
    }
}

fn told(step: &Value) -> String {
    let mark = match step["state"].as_str() {
        Some("done") => "ok  ",
        Some("failed") => "FAIL",
        _ => "    ",
    };
    format!("{mark} {}: {}", cell(&step["title"]), cell(&step["detail"]))
}
