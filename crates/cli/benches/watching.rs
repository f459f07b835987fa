//! What it costs to watch two hundred runs at once: requests, and processor time of the agent that watches.
//! `cargo xtask bench runs`, or `cargo bench -p cli --bench watching`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    dead_code,
    reason = "a benchmark prints, and stops where it cannot go on; it shares the desk of the tests and not all they ask"
)]

#[path = "../tests/crashes/lane.rs"]
mod lane;

use std::time::{Duration, Instant};

use lane::{BUCKET, Lane, VERSION};
use sandbox::{Jobs, Pace};

const RUNS: usize = 200;
/// How long they are watched, once all of them run.
const WATCHED: Duration = Duration::from_secs(60);
/// How long everybody has to stop asking as often as at first.
const CALM: Duration = Duration::from_secs(15);
/// Clock ticks a second in `/proc/PID/stat`.
const TICKS: f64 = 100.0;

#[tokio::main]
async fn main() {
    let lane = Lane::founded().await;
    // Jobs take hours: what is measured is the waiting.
    let story = lane
        .story(|options| {
            options.pace = Pace::faster(0.01);
            options.jobs = Jobs::Leave(std::collections::BTreeMap::new());
        })
        .await;
    story.ok(&["migrate", VERSION, "--bucket", BUCKET, "--target", "batch"]).await;
    let mut agent = story.watching();
    // The marker of the migration sets one run off by itself.
    while handed_over(&story) < 1 {
        assert!(agent.try_wait().unwrap().is_none(), "the agent ended");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    agent.kill().await.unwrap();
    for _ in 1..RUNS {
        story.ok(&["run", "submit", "train", VERSION, "--bucket", BUCKET, "--target", "batch"]).await;
    }
    let mut agent = story.watching();
    while handed_over(&story) < RUNS {
        assert!(agent.try_wait().unwrap().is_none(), "the agent ended");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    tokio::time::sleep(CALM).await;
    let pid = agent.id().unwrap();
    let (asked, used, begun) = (story.cloud.requests(), processor_s(pid), Instant::now());
    tokio::time::sleep(WATCHED).await;
    let seconds = begun.elapsed().as_secs_f64();
    let each = (story.cloud.requests() - asked) as f64 / seconds / RUNS as f64;
    let share = (processor_s(pid) - used) / seconds * 100.0;
    agent.kill().await.unwrap();
    let met = |met: bool| if met { "met" } else { "MISSED" };
    println!(
        "  {RUNS} runs watched at once   {each:.2} requests a second each   goal < 1   {}",
        met(each < 1.0)
    );
    println!("  {RUNS} runs watched at once   {share:.1} % of a core   goal < 5 %   {}", met(share < 5.0));
}

fn handed_over(story: &lane::Story<'_>) -> usize {
    story.records()["jobs"].as_object().map_or(0, serde_json::Map::len)
}

/// Seconds of processor time that a process has used.
fn processor_s(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = text.rsplit(") ").next().unwrap().split(' ').collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / TICKS
}
