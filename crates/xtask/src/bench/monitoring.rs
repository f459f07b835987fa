//! Monitoring beside its peers: the same Parquet files, the same questions, in the same run, each in a process of its own.
//!
//! The floor is plain Parquet decoding of every column. Peers are Python packages in environments of their own below
//! `.make/peers`; one that cannot be installed here is left out by name, and nothing fails for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::peers::environment;
use super::{cargo_program, say};

/// Rows of baseline and period each, and which tasks a run of that size asks of whom.
const SIZES: [usize; 3] = [100_000, 1_000_000, 10_000_000];
/// Above this, peers that are known to need minutes and tens of gigabytes are left out.
const SLOW_PEERS_MAX: usize = 1_000_000;
/// Runs of ours; the best counts, because everything else on a machine only adds.
const RUNS: usize = 3;
const CPU_GOAL_S: f64 = 1.0;
/// How many times the CPU of plain decoding is allowed.
const OVER_DECODING_GOAL: f64 = 2.0;
/// How many times our CPU a peer's same task is meant to cost at least, at a million rows.
const PEER_GOALS: [(&str, f64); 2] = [("sklearn-compute", 14.0), ("evidently-drift", 100.0)];
const PEER_GOALS_ROWS: usize = 1_000_000;

/// What a process cost.
#[derive(Clone, Copy)]
struct Cost {
    cpu_s: f64,
    wall_s: f64,
    peak_mb: f64,
}

/// A peer: what pip installs, and the tasks of `peers.py` it answers.
struct Peer {
    name: &'static str,
    packages: &'static [&'static str],
    tasks: &'static [&'static str],
    slow: bool,
}

const PEERS: [Peer; 3] = [
    Peer {
        name: "scikit-learn + scipy",
        packages: &["scikit-learn", "scipy", "pyarrow"],
        tasks: &["sklearn-performance", "sklearn-compute"],
        slow: false,
    },
    Peer {
        name: "NannyML",
        packages: &["nannyml", "statsmodels", "pyarrow"],
        tasks: &["nannyml-performance", "nannyml-drift"],
        slow: true,
    },
    Peer {
        name: "Evidently",
        // Its old parts reach into pandas 2.
        packages: &["evidently", "pandas<3", "pyarrow"],
        tasks: &["evidently-performance", "evidently-drift"],
        slow: true,
    },
];

/// Measures. Words after the benchmark's name: `rows=N` for one size, `ours` to leave the peers out.
pub(super) fn measure(top: &Path, words: &[&str]) -> Result<()> {
    let program = example(top)?;
    let ours_only = words.contains(&"ours");
    let sizes: Vec<usize> = match words.iter().find_map(|word| word.strip_prefix("rows=")) {
        Some(rows) => vec![rows.parse().context("rows= wants a number")?],
        None => SIZES.to_vec(),
    };
    let scratch = top.join("target").join("bench-monitoring");
    let peers: Vec<(&Peer, Option<PathBuf>)> = match ours_only {
        true => Vec::new(),
        false => PEERS.iter().map(|peer| (peer, environment(top, peer.name, peer.packages))).collect(),
    };
    for rows in sizes {
        let folder = scratch.join(rows.to_string());
        if !folder.join("period.parquet").exists() {
            let done = Command::new(&program).arg("generate").arg(&folder).arg(rows.to_string()).status()?;
            if !done.success() {
                bail!("the data of {rows} rows could not be generated");
            }
        }
        println!("\n  {rows} + {rows} rows of 25 columns in Parquet");
        let best = |task: &str| -> Result<Cost> {
            let mut least: Option<Cost> = None;
            for _ in 0..RUNS {
                let cost = cost(Command::new(&program).arg(task).arg(&folder))?;
                let better = least.is_none_or(|known| cost.cpu_s < known.cpu_s);
                least = if better { Some(cost) } else { least };
            }
            least.context("nothing was run")
        };
        let decode = best("decode")?;
        line("decoding alone, the floor", decode, None);
        let performance = best("performance")?;
        line("ours, performance", performance, None);
        let four = best("compute")?;
        line("ours, the whole report", four, None);
        for (peer, python) in &peers {
            let Some(python) = python else {
                println!("    {:<34} left out: cannot be installed here", peer.name);
                continue;
            };
            if peer.slow && rows > SLOW_PEERS_MAX {
                println!(
                    "    {:<34} left out at this size: minutes, and more memory than there is",
                    peer.name
                );
                continue;
            }
            for task in peer.tasks {
                let script = top.join("crates/monitoring/examples/peers.py");
                match cost(Command::new(python).arg(script).arg(&folder).arg(task)) {
                    Ok(theirs) => {
                        let beside = if task.ends_with("performance") { performance } else { four };
                        line(task, theirs, Some(beside));
                        against(rows, task, theirs, beside);
                    }
                    Err(error) => println!("    {task:<34} left out: {error:#}"),
                }
            }
        }
        goals(rows, decode, performance, four);
    }
    Ok(())
}

fn goals(rows: usize, decode: Cost, performance: Cost, four: Cost) {
    if rows == 1_000_000 {
        say(
            "  report at 1 M + 1 M",
            &format!("{:.2} CPU-s", four.cpu_s),
            "≤ 1.0 CPU-s",
            four.cpu_s <= CPU_GOAL_S,
        );
    }
    // The whole report holds PSI, KS and performance, and more: it is measured for them.
    for (what, cost) in [("performance", performance), ("the whole report", four)] {
        let ratio = cost.cpu_s / decode.cpu_s.max(0.01);
        say(
            &format!("  {what} over decoding every column"),
            &format!("{ratio:.2}"),
            "≤ 2",
            ratio <= OVER_DECODING_GOAL,
        );
    }
    let limits: BTreeMap<usize, f64> = [(100_000, 100.0), (1_000_000, 100.0), (10_000_000, 600.0)].into();
    if let Some(limit) = limits.get(&rows) {
        say(
            "  peak memory",
            &format!("{:.0} MB", four.peak_mb),
            &format!("< {limit:.0} MB"),
            four.peak_mb < *limit,
        );
    }
}

/// What a peer costs beside ours, where that is a goal.
fn against(rows: usize, task: &str, theirs: Cost, ours: Cost) {
    let Some((_, goal)) = PEER_GOALS.iter().find(|(name, _)| rows == PEER_GOALS_ROWS && *name == task) else {
        return;
    };
    let ratio = theirs.cpu_s / ours.cpu_s.max(0.01);
    say(
        &format!("  {task} over ours"),
        &format!("{ratio:.1} times"),
        &format!("≥ {goal:.0} times"),
        ratio >= *goal,
    );
}

fn line(what: &str, cost: Cost, ours: Option<Cost>) {
    let ratio = ours.map_or_else(String::new, |ours| {
        format!(
            "{:>7.1} times our CPU, {:.1} times our memory",
            cost.cpu_s / ours.cpu_s.max(0.01),
            cost.peak_mb / ours.peak_mb
        )
    });
    println!(
        "    {what:<34} {:>8.2} CPU-s {:>8.2} s wall {:>8.0} MB  {ratio}",
        cost.cpu_s, cost.wall_s, cost.peak_mb
    );
}

/// The measuring program, built for release.
fn example(top: &Path) -> Result<PathBuf> {
    let done = Command::new(cargo_program())
        .args(["build", "--quiet", "--release", "-p", "monitoring", "--example", "bench_monitoring"])
        .current_dir(top)
        .status()
        .context("building the benchmark of `monitoring`")?;
    if !done.success() {
        bail!("the benchmark of `monitoring` does not build: {done}");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| top.join("target"), PathBuf::from);
    Ok(top.join(target).join("release/examples/bench_monitoring"))
}

/// Runs a process that prints one line of JSON about itself last.
fn cost(command: &mut Command) -> Result<Cost> {
    let done = command.output().with_context(|| format!("starting {command:?}"))?;
    let said = String::from_utf8_lossy(&done.stdout);
    let last = said.lines().last().unwrap_or_default();
    if !done.status.success() {
        let why = String::from_utf8_lossy(&done.stderr);
        bail!("{}", why.lines().last().unwrap_or("it failed without a word"));
    }
    let line: serde_json::Value = serde_json::from_str(last).with_context(|| format!("reading `{last}`"))?;
    let number = |name: &str| line[name].as_f64().with_context(|| format!("no `{name}` in `{last}`"));
    Ok(Cost { cpu_s: number("cpu_s")?, wall_s: number("wall_s")?, peak_mb: number("peak_mb")? })
}
