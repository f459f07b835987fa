//! How soon the terminal answers.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use super::{median, say, timed};

const STARTS: usize = 25;
const GOAL: Duration = Duration::from_millis(50);

pub(super) fn measure(program: &Path) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let (home, workspace) = (scratch.path().join("home"), scratch.path().join("workspace"));
    let with = |words: &[&str]| {
        let mut command = Command::new(program);
        command.args(words).env("COUNTERSIGN_HOME", &home).env("COUNTERSIGN_WORKSPACE", &workspace);
        command.env("COUNTERSIGN_MEMBER", "ana");
        command
    };
    let place = workspace.display().to_string();
    quiet(with(&["workspace", "init", &place, "--name", "Bench", "--member", "ana"]))?;
    for number in 0..20 {
        quiet(with(&["project", "create", &format!("project-{number}")]))?;
    }
    // What a program costs that does nothing: the floor of this machine.
    let floor =
        median((0..STARTS).map(|_| Ok(timed(|| quiet(Command::new("true")))?.0)).collect::<Result<_>>()?);
    println!("  {:<46} {:.1} ms", "a program that does nothing", floor.as_secs_f64() * 1e3);
    for words in [&["--version"][..], &["task", "list"], &["project", "list"]] {
        let took = median((0..STARTS).map(|_| Ok(timed(|| quiet(with(words)))?.0)).collect::<Result<_>>()?);
        say(
            &format!("countersign {}", words.join(" ")),
            &format!("{:.1} ms", took.as_secs_f64() * 1e3),
            "< 50 ms",
            took < GOAL,
        );
    }
    Ok(())
}

fn quiet(mut command: Command) -> Result<()> {
    let done = command.output()?;
    if !done.status.success() {
        bail!(
            "{command:?} failed: {}{}",
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        );
    }
    Ok(())
}
