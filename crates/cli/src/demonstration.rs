//! The demonstration, and the agent: a desk without a window.

use app::{Code, Failure};
use clap::Args;
use serde_json::{Value, json};
use words::said;

use crate::desk::Desk;
use crate::output::{Answer, Reader, cell};

#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Play to the end without asking; without it, stop where the validator has the task
    #[arg(long)]
    headless: bool,
    /// In a Google Cloud on this machine, with a bucket and clusters, rather than in a folder and this machine's Spark
    #[arg(long, requires = "headless")]
    sandbox: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Agent {
    /// Do what is due now and end, for a scheduler
    #[arg(long)]
    once: bool,
}

impl Demo {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let (output, reader) = (desk.output, desk.reader());
        let options = desk.app_options()?;
        let workspace = options.home.join("demo").join("workspace");
        desk.block_on(app::demonstration::play_afresh(options, self.headless, self.sandbox, |step| {
            let line = serde_json::to_value(step).unwrap_or_default();
            output.line(&line, &told(reader, &line));
        }))??;
        if self.headless {
            return Ok(Answer::said());
        }
        let waits = desk.reader().word("said-story-waits");
        let text =
            format!("\n{waits}\n  countersign --workspace '{}' task list --view all", workspace.display());
        Ok(Answer::new(json!({ "workspace": workspace }), text))
    }
}

impl Agent {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let output = desk.output;
        desk.open()?;
        let reader = desk.reader();
        let (runtime, app) = desk.open()?;
        // An agent without a workspace would wait for ever and never say so.
        let status = runtime.block_on(app.call("workspace.status", json!({})))?;
        let Some(name) = status["workspace"]["name"].as_str() else {
            return Err(Failure::said(Code::NoWorkspace, said!("agent-without-workspace")));
        };
        let carries_out = app.carries_out()?;
        if !carries_out {
            output.progress(&reader.say(&said!("said-agent-carries-nothing", workspace = name)));
        }
        if self.once {
            runtime.block_on(app.settle())?;
            return Ok(Answer::new(
                json!({ "workspace": name, "settled": true, "carries_out": carries_out }),
                reader.word("said-nothing-due"),
            ));
        }
        output.progress(&reader.say(&said!("said-agent-works", workspace = name)));
        let watching = app.clone().watch(move |failure| {
            let line = serde_json::to_value(failure).unwrap_or_default();
            output.line(&line, &reader.failure(failure));
        });
        runtime.block_on(async {
            tokio::select! {
                () = watching => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        });
        Ok(Answer::said())
    }
}

fn told(reader: Reader, step: &Value) -> String {
    let mark = match step["state"].as_str() {
        Some("done") => reader.word("said-step-done"),
        Some("failed") => reader.word("said-step-failed"),
        _ => String::new(),
    };
    format!("{mark:<4} {}: {}", cell(&step["title"]), cell(&step["detail"]))
}
