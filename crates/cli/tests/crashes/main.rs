//! Whatever happens between this program and the cloud, a migration and the training it sets off end once and truly: the
//! program is killed before and after every call that it makes, every answer is lost once, and every fault that the sandbox
//! knows strikes. The next program over the same desk finds out what became of it and goes on.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says how much it tried"
)]

mod lane;
mod limits;
mod misbehaviour;
mod rows;
mod schedule;
mod signing;
mod tales;
mod uploads;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use sandbox::faults::{Fault, Kind};
use serde_json::Value;

use lane::{BUCKET, Lane, STANDING, Story, VERSION};
use tales::Tale;

/// Desks that are killed at the same time.
const LANES: usize = 12;
/// Blows go by twos to fives at a call, so one among eight strikes all along a story, and in every way.
const AMONG: usize = 8;

/// A call that the program makes: method, path as faults name it, and how many such calls go before it.
#[derive(Clone, Debug, PartialEq)]
struct Point {
    method: String,
    path: String,
    after: u32,
}

/// What happens at a point.
#[derive(Clone, Debug)]
enum Blow {
    KilledBefore,
    KilledAfter,
    AnswerLost,
    /// Somebody stops the training while the call is on its way.
    Cancelled,
    /// And the program is killed before it hears of either.
    CancelledAndKilled,
}

/// The calls of a whole story in order, from what the cloud wrote down. What is asked again and again with the same answer
/// counts once.
fn points(transcript: &str) -> Vec<Point> {
    let (mut points, mut counts) = (Vec::new(), BTreeMap::<(String, String), u32>::new());
    let mut answers = BTreeMap::new();
    for line in transcript.lines() {
        let call: Value = serde_json::from_str(line).unwrap();
        let method = call["method"].as_str().unwrap().to_owned();
        let path = call["path"].as_str().unwrap();
        // The name of a run's resources is another each time.
        let path = match (path.rfind("/driveroutput"), path.find("/cs-")) {
            (Some(at), _) => path[at..].to_owned(),
            (None, Some(at)) => path[..at + 4].to_owned(),
            (None, None) => format!("{path}$"),
        };
        let key = (method.clone(), path.clone());
        let after = *counts.entry(key.clone()).and_modify(|count| *count += 1).or_insert(0);
        let said = (
            call["status"].clone(),
            call["answer"]["status"]["state"].clone(),
            call["answer"]["state"].clone(),
            call["answer"]["clusters"][0]["status"]["state"].clone(),
            call["answer"]["jobs"][0]["status"]["state"].clone(),
        );
        if method != "GET" || answers.insert(key, said.clone()) != Some(said) {
            points.push(Point { method, path, after });
        }
    }
    points
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_and_after_every_call_and_with_every_answer_lost_it_ends_once_and_truly() {
    every_blow(Tale::Training, &["cluster"], 1).await;
    every_blow(Tale::Training, &["batch"], AMONG).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_it_does_where_the_service_makes_the_cluster_or_somebody_else_did() {
    every_blow(Tale::Training, &["workflow", "existing", "stored"], AMONG).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scoring_that_an_object_sets_off_ends_once_and_truly() {
    every_blow(Tale::Scoring, &["cluster", "batch"], AMONG).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retraining_ends_once_and_truly_and_registers_one_version() {
    every_blow(Tale::Retraining, &["cluster"], AMONG).await;
}

/// Every call with every blow; of stories that make the same calls over again, one among `among` unless all are asked for by
/// `COUNTERSIGN_EVERY_BLOW`.
async fn every_blow(tale: Tale, targets: &[&'static str], among: usize) {
    let among = if std::env::var_os("COUNTERSIGN_EVERY_BLOW").is_some() { 1 } else { among };
    for target in targets.iter().copied() {
        let first = tale.lane(target).await;
        let transcript = first.at("transcript");
        let story = first.story(|options| options.transcript = Some(transcript.clone())).await;
        tale.begin(&story, target).await;
        std::fs::write(&transcript, "").unwrap();
        story.until_done("undisturbed", story.agent()).await;
        tale.ended_well(&story, "undisturbed", target).await;
        story.cloud.stop().await;
        let mut cases = VecDeque::new();
        for point in points(&std::fs::read_to_string(&transcript).unwrap()) {
            cases.push_back((point.clone(), Blow::KilledBefore));
            if point.method != "GET" {
                cases.push_back((point.clone(), Blow::KilledAfter));
            }
            if point.path.contains("/projects/") {
                cases.push_back((point.clone(), Blow::Cancelled));
                cases.push_back((point.clone(), Blow::CancelledAndKilled));
            }
            cases.push_back((point, Blow::AnswerLost));
        }
        assert!(cases.len() > 40, "{cases:#?}");
        let cases: VecDeque<_> = cases.into_iter().step_by(among).collect();
        let count = cases.len();
        let (missed, wrong) = in_lanes(
            cases,
            move || tale.lane(target),
            move |lane, (point, blow)| async move { struck(&lane, tale, target, &point, &blow).await },
        )
        .await;
        assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
        // Whoever looks again and again looks once less on a fast machine.
        assert!(missed * 10 < count, "{missed} of {count} were not struck");
        eprintln!("{tale:?} on {target}: {count} cases, {missed} of them not struck");
    }
}

/// Tries every case, several at a time, each in a lane of its own: how many had no effect, and what was wrong.
async fn in_lanes<Case, Founding, Trying>(
    cases: VecDeque<Case>,
    founded: impl Fn() -> Founding + Clone + Send + 'static,
    attempt: impl Fn(Arc<Lane>, Case) -> Trying + Clone + Send + 'static,
) -> (usize, Vec<String>)
where
    Case: Send + 'static,
    Founding: Future<Output = Lane> + Send + 'static,
    Trying: Future<Output = bool> + Send + 'static,
{
    let cases = Arc::new(Mutex::new(cases));
    let mut lanes = tokio::task::JoinSet::new();
    for _ in 0..LANES {
        let (cases, founded, attempt) = (Arc::clone(&cases), founded.clone(), attempt.clone());
        lanes.spawn(async move {
            let lane = Arc::new(founded().await);
            let (mut missed, mut wrong) = (0, Vec::new());
            loop {
                let Some(case) = cases.lock().unwrap().pop_front() else { return (missed, wrong) };
                match tokio::spawn(attempt(Arc::clone(&lane), case)).await {
                    Ok(struck) => missed += usize::from(!struck),
                    Err(panicked) => wrong.push(panicked.to_string()),
                }
            }
        });
    }
    let (mut missed, mut wrong) = (0, Vec::new());
    while let Some(ended) = lanes.join_next().await {
        let of_lane = ended.unwrap();
        missed += of_lane.0;
        wrong.extend(of_lane.1);
    }
    (missed, wrong)
}

/// The same story, with one blow. `false` when a look that the blow was to strike was not made this time.
async fn struck(lane: &Lane, tale: Tale, target: &str, point: &Point, blow: &Blow) -> bool {
    let name = format!("{target}: {blow:?} {} {} after {}", point.method, point.path, point.after);
    let story = lane.story(|_| {}).await;
    tale.begin(&story, target).await;
    let kind = match blow {
        Blow::KilledBefore => Kind::HoldBefore,
        Blow::KilledAfter | Blow::Cancelled | Blow::CancelledAndKilled => Kind::HoldAfter,
        Blow::AnswerLost => Kind::DropAfter,
    };
    let (method, path, after) = (Some(point.method.clone()), point.path.clone(), point.after);
    story.cloud.misbehave(Fault { method, path, after, times: 1, kind: kind.clone() });
    let mut agent = story.agent();
    let mut ended = None;
    let mut stopped = false;
    if kind != Kind::DropAfter {
        tokio::select! {
            _ = story.cloud.held() => {}
            status = agent.wait() => ended = Some(status.unwrap()),
        }
    }
    if ended.is_none() {
        if matches!(blow, Blow::Cancelled | Blow::CancelledAndKilled) {
            stopped = stop(&story, tale.kind()).await;
        }
        match blow {
            Blow::KilledBefore | Blow::KilledAfter | Blow::CancelledAndKilled => {
                agent.kill().await.unwrap();
                agent = story.agent();
            }
            Blow::Cancelled => story.cloud.behave(),
            Blow::AnswerLost => {}
        }
        story.until_done(&name, agent).await;
    }
    let struck = ended.is_none() && story.cloud.faults().is_empty();
    assert!(struck || point.method == "GET", "{name}: it ended before the call: {ended:?}");
    story.cloud.behave();
    if stopped {
        ended_or_stopped(&story, &name, tale, target).await;
    } else {
        tale.ended_well(&story, &name, target).await;
    }
    story.cloud.stop().await;
    struck
}

/// Asks for the run of that kind to be stopped. `false` when there is none that may be.
async fn stop(story: &Story<'_>, kind: &str) -> bool {
    let live = story.ok(&["run", "list", "--state", "live"]).await;
    let rows = live["rows"].as_array().unwrap();
    match rows.iter().find(|run| run["kind"] == kind) {
        None => false,
        Some(run) => {
            story.ok(&["run", "cancel", run["id"].as_str().unwrap()]).await;
            true
        }
    }
}

/// A run that was asked to stop is stopped, or was over before anybody heard of it; nothing of it goes on.
async fn ended_or_stopped(story: &Story<'_>, name: &str, tale: Tale, target: &str) {
    let runs = story.runs().await;
    let stopped = runs.as_array().unwrap().iter().find(|page| page["run"]["kind"] == tale.kind()).unwrap();
    let run = &stopped["run"];
    assert!(run["state"] == "cancelled" || run["state"] == "succeeded", "{name}: {runs:#}");
    assert_eq!(run["closed"], true, "{name}: {runs:#}");
    let records = story.records();
    let every = |kind: &str| records[kind].as_object().into_iter().flatten().map(|(_, one)| one);
    let made = clusters_made(&records);
    let runs_made = tale.runs_made();
    assert!(made <= runs_made * clusters_for(target), "{name}: {records:#}");
    assert!(every("jobs").count() <= runs_made, "{name}: {records:#}");
    assert!(every("jobs").all(|job| !job["ended"].is_null()), "{name}: {records:#}");
    if run["state"] == "succeeded" {
        assert!(every("jobs").all(|job| job["ended"][0] == "DONE"), "{name}: {records:#}");
    }
    left_nothing(story, name).await;
}

/// The migration is asked for; the agent carries it out, and the training that its marker sets off.
async fn begin(story: &Story<'_>, target: &str) {
    story.ok(&["migrate", VERSION, "--bucket", BUCKET, "--target", target]).await;
}

async fn ended_well(story: &Story<'_>, name: &str, target: &str) {
    let runs = story.runs().await;
    let of = |kind: &str| {
        let runs =
            runs.as_array().unwrap().iter().filter(|page| page["run"]["kind"] == kind).collect::<Vec<_>>();
        assert_eq!(runs.len(), 1, "{name}: {kind}: {runs:#?}");
        let run = &runs[0]["run"];
        assert_eq!((&run["state"], &run["closed"]), (&"succeeded".into(), &true.into()), "{name}: {runs:#?}");
        runs[0].clone()
    };
    of("migrate");
    let training = of("train");
    assert_eq!(training["outputs"].as_array().unwrap().len(), 3, "{name}: {training:#}");
    assert_eq!(training["metrics"][0]["value"], 0.75, "{name}: {training:#}");
    assert_once(story, name, clusters_for(target), 1);
    left_nothing(story, name).await;
    let differs = story.ok(&["run", "reconcile"]).await;
    assert_eq!(differs[0]["differs"], Value::Array(Vec::new()), "{name}: {differs:#}");
}

/// Nothing of it lies around in the cloud, and the ledger holds.
async fn left_nothing(story: &Story<'_>, name: &str) {
    let left = story.ok(&["run", "sweep"]).await;
    assert_eq!(left, Value::Array(Vec::new()), "{name}: left behind");
    let report = story.ok(&["workspace", "verify"]).await;
    for part in ["problems", "void"] {
        assert_eq!(report[part], Value::Array(Vec::new()), "{name}: {report:#}");
    }
}

/// Clusters that a run on the target makes.
fn clusters_for(target: &str) -> usize {
    usize::from(matches!(target, "cluster" | "hasty" | "workflow" | "stored"))
}

/// Clusters that were ever made for this program; that of a workflow is made by the service.
fn clusters_made(records: &Value) -> usize {
    let operations = records["operations"].as_object().into_iter().flatten();
    operations
        .filter(|(_, operation)| operation["kind"] == "CREATE")
        .filter(|(_, operation)| !operation["cluster"].as_str().unwrap().ends_with(STANDING))
        .count()
}

/// So many clusters and jobs were ever made.
fn assert_once(story: &Story<'_>, name: &str, clusters: usize, jobs: usize) {
    let records = story.records();
    assert_eq!(clusters_made(&records), clusters, "{name}: clusters that were made: {records:#}");
    let count = records["jobs"].as_object().map_or(0, serde_json::Map::len);
    assert_eq!(count, jobs, "{name}: {records:#}");
}
