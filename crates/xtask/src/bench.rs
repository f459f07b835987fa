//! Measurements, each beside a peer on the same machine in the same run, so that a slow machine does not look like a slow
//! program. Numbers are medians; a goal that is missed is said, and is no failure: the machine may be busy.

mod durable;
mod import;
mod ledger;
mod monitoring;
mod peers;
mod start;
mod window;
mod workflow;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Runs the benchmarks named; all of them without a name.
pub(crate) fn run(top: &Path, names: &[&str]) -> Result<()> {
    // `monitoring rows=N ours`: words that follow the one name belong to it.
    if let ["monitoring", words @ ..] = names {
        println!("\nmonitoring");
        return monitoring::measure(top, words);
    }
    let names = if names.is_empty() {
        &["spine", "start", "window", "workflow", "monitoring", "runs"]
    } else {
        names
    };
    for name in names {
        println!("\n{name}");
        match *name {
            "spine" => {
                ledger::measure()?;
                import::measure(&program(top, "countersign")?)?;
            }
            "start" => start::measure(&program(top, "countersign")?)?,
            "window" => {
                window::measure(top, &program(top, "countersign-window")?, &program(top, "countersign")?)?;
            }
            "workflow" => {
                workflow::measure(top)?;
                durable::measure(&program(top, "countersign")?)?;
            }
            "durable" => durable::measure(&program(top, "countersign")?)?,
            "monitoring" => monitoring::measure(top, &[])?,
            "runs" => {
                example(top, "sandbox")?;
                cargo(top, "cli", &["bench", "--quiet", "-p", "cli", "--bench", "watching"])?;
            }
            other => {
                bail!(
                    "there is no benchmark `{other}`; choose spine, start, window, workflow, durable, monitoring or runs"
                )
            }
        }
    }
    Ok(())
}

/// A program as it is given to people: a release build.
fn program(top: &Path, name: &str) -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| top.join("target"), PathBuf::from);
    let program = top.join(target).join("release").join(name);
    if !program.exists() {
        bail!("there is no `{}`; `make bench` builds it first", program.display());
    }
    Ok(program)
}

/// A crate's own benchmark, kept beside what it measures.
fn example(top: &Path, package: &str) -> Result<()> {
    cargo(
        top,
        package,
        &["run", "--quiet", "--release", "-p", package, "--example", &format!("bench_{package}")],
    )
}

/// The cargo that started this, or else the one people call: a path of its own would not know which toolchain is meant.
fn cargo_program() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn cargo(top: &Path, package: &str, words: &[&str]) -> Result<()> {
    let done = Command::new(cargo_program())
        .args(words)
        .current_dir(top)
        .status()
        .with_context(|| format!("starting the benchmark of `{package}`"))?;
    if !done.success() {
        bail!("the benchmark of `{package}` failed: {done}");
    }
    Ok(())
}

/// The middle one of several measurements.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How long something takes, and what came of it.
fn timed<T>(act: impl FnOnce() -> Result<T>) -> Result<(Duration, T)> {
    let begun = Instant::now();
    let made = act()?;
    Ok((begun.elapsed(), made))
}

/// A line of the report: what, how much, beside what, and whether the goal is met.
fn say(what: &str, measured: &str, goal: &str, met: bool) {
    println!("  {what:<46} {measured:<44} goal {goal:<18} {}", if met { "met" } else { "MISSED" });
}
