//! Every fault that the sandbox knows, in a training, a scoring and a retraining: the end is a verified success or a failure with its name, what was made is proven to
//! be gone, and nothing was made twice.

use std::sync::Arc;
use std::time::Duration;

use sandbox::faults::{Fault, Kind};
use serde_json::Value;

use crate::lane::{Lane, Story};
use crate::tales::Tale;
use crate::{assert_once, begin, clusters_for, left_nothing};

/// Requests that a storm harms, every second one.
const STORM: usize = 150;

/// How a story under a fault has to end.
enum End {
    Well,
    /// The run fails and says this; so many clusters and jobs were made by it.
    Fails(&'static str, usize, usize),
    /// Nothing is migrated, for this reason, and no marker lies in the bucket.
    NotMigrated(&'static str),
}

struct Row {
    name: &'static str,
    tale: Tale,
    target: &'static str,
    faults: Vec<Fault>,
    end: End,
}

fn fault(kind: Kind, place: &str, times: u32) -> Fault {
    let (method, path) = match place.split_once(' ') {
        Some((method, path)) => (Some(method.to_owned()), path),
        None => (None, place),
    };
    Fault { method, path: path.to_owned(), after: 0, times, kind }
}

fn status(code: u16) -> Kind {
    Kind::Status { code, retry_after_s: None }
}

/// Every second request is harmed.
fn storm(kind: &Kind) -> Vec<Fault> {
    vec![Fault { after: 1, ..fault(kind.clone(), "", 1) }; STORM]
}

fn rows() -> Vec<Row> {
    let row = |name, target, faults, end| Row { name, tale: Tale::Training, target, faults, end };
    let mut rows = Vec::new();
    for target in ["cluster", "batch", "workflow", "existing"] {
        for (name, kind) in [
            ("429 at every second request", Kind::Status { code: 429, retry_after_s: Some(0) }),
            ("500 at every second request", status(500)),
            ("503 at every second request", status(503)),
            ("every second request is lost", Kind::DropBefore),
            ("every second answer is lost", Kind::DropAfter),
            ("every second answer is late", Kind::Latency { ms: 40 }),
        ] {
            rows.push(row(name, target, storm(&kind), End::Well));
        }
        let failed = "a fault that was asked for";
        let clusters = clusters_for(target);
        rows.push(row(
            "the job ends in ERROR",
            target,
            vec![fault(Kind::JobError, "", 1)],
            End::Fails(failed, clusters, 1),
        ));
        let hollow = vec![fault(Kind::JobWithoutOutput, "", 1)];
        rows.push(row(
            "the job is done and left nothing",
            target,
            hollow,
            End::Fails("is missing", clusters, 1),
        ));
        let denied =
            vec![fault(status(403), "POST /storage/v1/b/", 1), fault(status(403), "POST /upload/", 100)];
        rows.push(row("the bucket may not be written", target, denied, End::NotMigrated(failed)));
        let late = Kind::Status { code: 429, retry_after_s: Some(2) };
        rows.push(row("a pause is asked for", target, vec![fault(late, "/projects/", 1)], End::Well));
    }
    for (name, faults, end) in [
        ("quota", vec![fault(Kind::Quota, "", 1)], End::Fails("quota", 0, 0)),
        (
            "no cluster may be made",
            vec![fault(status(403), "POST /clusters", 1)],
            End::Fails("asked for", 0, 0),
        ),
        (
            "no job may be submitted",
            vec![fault(status(403), "POST /jobs:submit", 1)],
            End::Fails("asked for", 1, 0),
        ),
        (
            "the token has expired",
            vec![fault(status(401), "GET /jobs/cs-", 3)],
            End::Fails("sign in again", 0, 0),
        ),
        ("the cluster ends in ERROR", vec![fault(Kind::ClusterError, "", 1)], End::Fails("asked for", 1, 0)),
        (
            "the cluster may not be deleted at first",
            vec![fault(status(403), "DELETE /clusters", 3)],
            End::Well,
        ),
        (
            "the cluster cannot be looked at for a while",
            vec![fault(status(503), "GET /clusters/cs-", 20)],
            End::Well,
        ),
    ] {
        rows.push(row(name, "cluster", faults, end));
    }
    let stuck = vec![fault(Kind::ClusterStuck, "", 1)];
    rows.push(row("the cluster never comes up", "hasty", stuck, End::Fails("longer than its limit", 1, 0)));
    let quota = vec![fault(Kind::Quota, "", 1)];
    rows.push(row("quota", "workflow", quota, End::Fails("quota", 0, 0)));
    let denied = vec![fault(status(403), "POST /workflowTemplates", 1)];
    rows.push(row("no workflow may be started", "workflow", denied, End::Fails("asked for", 0, 0)));
    let broken = vec![fault(Kind::ClusterError, "", 1)];
    rows.push(row("its cluster ends in ERROR", "workflow", broken, End::Fails("asked for", 1, 0)));
    let denied = vec![fault(status(403), "POST /jobs:submit", 1)];
    rows.push(row("no job may be submitted", "existing", denied, End::Fails("asked for", 0, 0)));
    let denied = vec![fault(status(403), "POST /batches", 1)];
    rows.push(row("no batch may be made", "batch", denied, End::Fails("asked for", 0, 0)));
    rows
}

/// What a run does that finds the version migrated and trained.
fn later_rows(tale: Tale) -> Vec<Row> {
    let row = |name, faults, end| Row { name, tale, target: "cluster", faults, end };
    let failed = "a fault that was asked for";
    let mut rows = vec![
        row("the job ends in ERROR", vec![fault(Kind::JobError, "", 1)], End::Fails(failed, 1, 1)),
        row(
            "the cluster ends in ERROR",
            vec![fault(Kind::ClusterError, "", 1)],
            End::Fails("asked for", 1, 0),
        ),
        row("quota", vec![fault(Kind::Quota, "", 1)], End::Fails("quota", 0, 0)),
        row(
            "no job may be submitted",
            vec![fault(status(403), "POST /jobs:submit", 1)],
            End::Fails("asked for", 1, 0),
        ),
    ];
    for (name, kind) in [
        ("429 at every second request", Kind::Status { code: 429, retry_after_s: Some(0) }),
        ("503 at every second request", status(503)),
        ("every second request is lost", Kind::DropBefore),
        ("every second answer is lost", Kind::DropAfter),
    ] {
        rows.push(row(name, storm(&kind), End::Well));
    }
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_cloud_does_the_end_is_named_and_nothing_is_left_behind() {
    every_row(rows(), Tale::Training).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_it_is_with_a_scoring_and_a_retraining() {
    for tale in [Tale::Scoring, Tale::Retraining] {
        every_row(later_rows(tale), tale).await;
    }
}

async fn every_row(rows: Vec<Row>, tale: Tale) {
    let count = rows.len();
    let founded = move || tale.lane("cluster");
    let attempt = |lane: Arc<Lane>, row: Row| async move { strike(&lane, &row).await };
    let (_, wrong) = crate::in_lanes(rows.into(), founded, attempt).await;
    assert!(wrong.is_empty(), "{tale:?}: {} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

async fn strike(lane: &Lane, row: &Row) -> bool {
    let name = format!("{:?} on {}: {}", row.tale, row.target, row.name);
    let story = lane.story(|_| {}).await;
    row.tale.begin(&story, row.target).await;
    let before = row.faults.len();
    for fault in &row.faults {
        story.cloud.misbehave(fault.clone());
    }
    story.until_done(&name, story.agent()).await;
    assert!(story.cloud.faults() != row.faults, "{name}: none of {before} struck");
    story.cloud.behave();
    match row.end {
        End::Well => row.tale.ended_well(&story, &name, row.target).await,
        End::Fails(why, clusters, jobs) => {
            failed(&story, &name, row.tale.kind(), why).await;
            // What was there before it began is there beside it.
            let earlier = row.tale.runs_made() - 1;
            assert_once(&story, &name, earlier * clusters_for(row.target) + clusters, earlier + jobs);
        }
        End::NotMigrated(why) => {
            failed(&story, &name, "migrate", why).await;
            assert!(!story.objects().iter().any(|object| object.contains("_READY")), "{name}");
            assert_once(&story, &name, 0, 0);
        }
    }
    left_nothing(&story, &name).await;
    story.cloud.stop().await;
    true
}

/// The run of that kind failed, says why, and is closed.
async fn failed(story: &Story<'_>, name: &str, kind: &str, why: &str) {
    let runs = story.runs().await;
    let of_kind: Vec<&Value> =
        runs.as_array().unwrap().iter().filter(|page| page["run"]["kind"] == kind).collect();
    assert_eq!(of_kind.len(), 1, "{name}: {runs:#}");
    let run = &of_kind[0]["run"];
    assert_eq!((&run["state"], &run["closed"]), (&"failed".into(), &true.into()), "{name}: {runs:#}");
    assert!(run["reason"].as_str().unwrap().contains(why), "{name}: {runs:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_survives_its_deletion_is_never_called_gone_d15() {
    let lane = Arc::new(Lane::founded().await);
    let story = lane.story(|_| {}).await;
    begin(&story, "cluster").await;
    story.cloud.misbehave(fault(Kind::ClusterSurvives, "", 1));
    let mut agent = story.agent();
    // The outputs are there, so the training succeeded; but it is not closed, and what it left is shown.
    let run = loop {
        let runs = story.runs().await;
        let training = runs.as_array().unwrap().iter().find(|page| page["run"]["kind"] == "train").cloned();
        if let Some(training) = training.filter(|page| page["run"]["state"] == "succeeded") {
            break training["run"].clone();
        }
        assert!(agent.try_wait().unwrap().is_none(), "{runs:#}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!((&run["closed"], &run["cleanup"]), (&false.into(), &"in-progress".into()), "{run:#}");
    let left = story.ok(&["run", "sweep"]).await;
    assert_eq!(left[0]["state"], "DELETING", "{left:#}");
    assert_eq!(left[0]["run"], run["id"], "{left:#}");
    // Another look over the same desk goes on with it and does not take it for gone either.
    agent.kill().await.unwrap();
    let mut agent = story.agent();
    let looks = |story: &Story<'_>| {
        let records = story.records();
        let clusters = records["clusters"].as_object().unwrap();
        clusters.values().next().unwrap()["looks"].as_u64().unwrap()
    };
    let before = looks(&story);
    while looks(&story) < before + 4 {
        assert!(agent.try_wait().unwrap().is_none(), "it ended without a proof");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let listed = story.ok(&["run", "list", "--state", "unclean"]).await;
    assert_eq!(listed["rows"][0]["id"], run["id"], "{listed:#}");
    agent.kill().await.unwrap();
    assert_once(&story, "survives", 1, 1);
    story.cloud.stop().await;
}
