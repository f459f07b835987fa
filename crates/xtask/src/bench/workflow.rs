//! The workflow engine beside SpiffWorkflow: the same two definitions, in the same run, per second of computing.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::peers::environment;
use super::{cargo_program, say};

/// How many instances ours plays for each one of the peer's.
const RATIO_GOAL: f64 = 100.0;
const PARSE_AND_LINT_GOAL_MS: f64 = 20.0;

/// Measures ours, then the peer where it can be installed.
pub(crate) fn measure(top: &Path) -> Result<()> {
    let ours = numbers(&mut benchmark(top))?;
    let number =
        |of: &serde_json::Value, name: &str| of[name].as_f64().with_context(|| format!("no `{name}`"));
    let read_ms = number(&ours, "parse_and_lint_ms")?;
    say(
        "reading and linting 571 kB",
        &format!("{read_ms:.1} ms, of which reading {:.1} ms", number(&ours, "parse_ms")?),
        &format!("≤ {PARSE_AND_LINT_GOAL_MS} ms"),
        read_ms <= PARSE_AND_LINT_GOAL_MS,
    );
    let folder = tempfile::tempdir().context("making a folder for the definitions")?;
    said(benchmark(top).arg(folder.path()))?;
    let theirs = match environment(top, "SpiffWorkflow", &["SpiffWorkflow"]) {
        Some(python) => Some(numbers(
            Command::new(python)
                .arg(top.join("crates/bpmn/examples/peer.py"))
                .arg(format!("ten_scripts={}", folder.path().join("ten-scripts.bpmn").display()))
                .arg(format!("migration={}", folder.path().join("migration.bpmn").display())),
        )?),
        None => None,
    };
    for (name, what) in
        [("ten_scripts", "ten scripts in a row"), ("migration", "the migration: two people, three calls")]
    {
        let rate = number(&ours, &format!("{name}_per_second"))?;
        match &theirs {
            Some(theirs) => {
                let peer = number(theirs, name)?;
                say(
                    what,
                    &format!("{rate:.0} a second, SpiffWorkflow {peer:.0}: {:.0} times", rate / peer),
                    &format!("≥ {RATIO_GOAL:.0} times"),
                    rate / peer >= RATIO_GOAL,
                );
            }
            None => println!("  {what:<46} {rate:.0} a second; SpiffWorkflow could not be installed here"),
        }
    }
    Ok(())
}

/// The crate's own benchmark, kept beside what it measures; with a folder it writes its definitions there.
fn benchmark(top: &Path) -> Command {
    let mut command = Command::new(cargo_program());
    command
        .args(["run", "--quiet", "--release", "-p", "bpmn", "--example", "bench_bpmn", "--"])
        .current_dir(top);
    command
}

/// What a process says last, as JSON.
fn numbers(command: &mut Command) -> Result<serde_json::Value> {
    let said = said(command)?;
    let last = said.lines().last().unwrap_or_default();
    serde_json::from_str(last).with_context(|| format!("reading `{last}`"))
}

/// What a process says, if it does not fail.
fn said(command: &mut Command) -> Result<String> {
    let done = command.output().with_context(|| format!("starting {command:?}"))?;
    if !done.status.success() {
        let why = String::from_utf8_lossy(&done.stderr);
        bail!("{}", why.lines().last().unwrap_or("it failed without a word"));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
