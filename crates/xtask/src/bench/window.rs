//! How soon the real window shows something, and how long it waits for a page of a long list and for a report: on a display of
//! its own.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{median, say};

const MODELS: usize = 10_000;
const PAINT_GOAL: Duration = Duration::from_secs(1);
const PAGE_GOAL: Duration = Duration::from_millis(50);
const REPORT_GOAL: Duration = Duration::from_millis(200);

pub(super) fn measure(top: &Path, window: &Path, terminal: &Path) -> Result<()> {
    let done = Command::new("xvfb-run")
        .args(["-a", "-s", "-screen 0 1440x900x24", "dbus-run-session", "--", "node"])
        .arg(top.join("tests/e2e/bench.mjs"))
        .args([window, terminal])
        .arg(MODELS.to_string())
        .envs([("LIBGL_ALWAYS_SOFTWARE", "1"), ("NO_AT_BRIDGE", "1"), ("GTK_A11Y", "none")])
        .env_remove("WAYLAND_DISPLAY")
        .stderr(Stdio::inherit())
        .output()
        .context("starting a virtual display; `make bench` installs what it needs")?;
    if !done.status.success() {
        bail!("measuring the window failed: {}", done.status);
    }
    // The session's own services write to the same place.
    let said = String::from_utf8_lossy(&done.stdout);
    let last =
        said.lines().rfind(|line| line.starts_with('{')).context("reading what the window measured")?;
    let told: Value = serde_json::from_str(last).context("reading what the window measured")?;
    let starts = |of: &str| -> Result<Vec<Duration>> {
        told["starts"].as_array().into_iter().flatten().map(|start| milliseconds(&start[of])).collect()
    };
    for (what, of) in
        [("first paint, from the start of its process", "process"), ("first paint, from its page", "page")]
    {
        let took = median(starts(of)?);
        say(what, &format!("{:.0} ms", took.as_secs_f64() * 1e3), "< 1,000 ms", took < PAINT_GOAL);
    }
    let pages: Vec<Duration> =
        told["pages"].as_array().into_iter().flatten().map(milliseconds).collect::<Result<_>>()?;
    let slowest = pages.iter().max().copied().unwrap_or_default();
    let count = pages.len();
    let middle = median(pages);
    say(
        &format!("a page of 200 among {MODELS} models, in the window"),
        &format!(
            "{:.1} ms; the slowest of {count} {:.1} ms",
            middle.as_secs_f64() * 1e3,
            slowest.as_secs_f64() * 1e3
        ),
        "< 50 ms",
        slowest < PAGE_GOAL,
    );
    let reports: Vec<Duration> =
        told["reports"].as_array().into_iter().flatten().map(milliseconds).collect::<Result<_>>()?;
    let first = reports.first().copied().unwrap_or_default();
    let middle = median(reports);
    say(
        "a report of 12 periods and 25 inputs opens in the window",
        &format!("{:.0} ms; the first time {:.0} ms", middle.as_secs_f64() * 1e3, first.as_secs_f64() * 1e3),
        "< 200 ms",
        middle < REPORT_GOAL,
    );
    Ok(())
}

fn milliseconds(value: &Value) -> Result<Duration> {
    let told = value.as_f64().with_context(|| format!("a time in milliseconds, not {value}"))?;
    Ok(Duration::from_secs_f64(told.max(0.0) / 1e3))
}
