//! What is played again and again with another blow: a training that a migration sets off, a scoring that data set off, a
//! retraining, and the removal of what was left behind.

use std::collections::VecDeque;
use std::sync::Arc;

use sandbox::faults::{Fault, Kind};
use serde_json::{Value, json};

use crate::lane::{BUCKET, Lane, PROJECT, REGION, Story, VERSION};
use crate::{Blow, Point, assert_once, begin, clusters_for, ended_well, in_lanes, left_nothing, points};

/// A cluster that nobody's run owns.
const ORPHAN: &str = "orphan";

/// What is played.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tale {
    /// A migration, and the training that its marker sets off.
    Training,
    /// Data are put into the bucket, and their marker sets a scoring off.
    Scoring,
    /// A retraining, and the version that comes of it.
    Retraining,
}

impl Tale {
    /// A desk where it can begin.
    pub(crate) async fn lane(self, target: &'static str) -> Lane {
        match self {
            Tale::Training => Lane::founded().await,
            Tale::Scoring | Tale::Retraining => Lane::trained(target).await,
        }
    }

    /// The kind of the run that it is about.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Tale::Training => "train",
            Tale::Scoring => "score",
            Tale::Retraining => "retrain",
        }
    }

    /// Runs that make a job in the cloud, those of its beginning with them.
    pub(crate) fn runs_made(self) -> usize {
        match self {
            Tale::Training => 1,
            Tale::Scoring | Tale::Retraining => 2,
        }
    }

    /// Asks for it; an agent carries it out.
    pub(crate) async fn begin(self, story: &Story<'_>, target: &str) {
        match self {
            Tale::Training => begin(story, target).await,
            Tale::Scoring => {
                let data = story.at("customers.csv");
                std::fs::write(&data, "customer_id\n1\n").unwrap();
                let data = data.display().to_string();
                let url = story.url();
                story
                    .ok(&[
                        "bucket",
                        "upload",
                        BUCKET,
                        &data,
                        "--score",
                        "--target",
                        target,
                        "--endpoint",
                        &url,
                    ])
                    .await;
            }
            Tale::Retraining => {
                story.ok(&["run", "submit", "retrain", VERSION, "--target", target]).await;
            }
        }
    }

    /// It came to its end, once, and nothing of it is left.
    pub(crate) async fn ended_well(self, story: &Story<'_>, name: &str, target: &str) {
        if let Tale::Training = self {
            return ended_well(story, name, target).await;
        }
        let runs = story.runs().await;
        let of_kind = |page: &&Value| page["run"]["kind"] == self.kind();
        let found: Vec<&Value> = runs.as_array().unwrap().iter().filter(of_kind).collect();
        assert_eq!(found.len(), 1, "{name}: {runs:#}");
        let run = &found[0]["run"];
        assert_eq!((&run["state"], &run["closed"]), (&"succeeded".into(), &true.into()), "{name}: {runs:#}");
        let outputs = found[0]["outputs"].as_array().unwrap();
        assert!(!outputs.is_empty() && outputs.iter().all(|o| o["verified"] == true), "{name}: {runs:#}");
        assert_once(story, name, 2 * clusters_for(target), 2);
        if let Tale::Retraining = self {
            let further = story.ok(&["model", "show", &format!("{VERSION}@1.1")]).await;
            assert_eq!(further["number"], "1.1", "{name}: {further:#}");
            let more = story.say(&["model", "show", &format!("{VERSION}@1.2")]).await;
            assert_eq!(more["code"], "not-found", "{name}: {more:#}");
        }
        left_nothing(story, name).await;
    }
}

/// A story with a cluster that somebody's run left behind, and its full name.
async fn with_orphan(story: &Story<'_>) -> String {
    let clusters = format!("/v1/projects/{PROJECT}/regions/{REGION}/clusters");
    let label = story.workspace_label().await;
    let labels = json!({"countersign-run": "cs-orphan", "countersign-workspace": label});
    let body = json!({"projectId": PROJECT, "clusterName": ORPHAN, "config": {}, "labels": labels});
    let made = story.ask("POST", &clusters, &body).await;
    assert!(made.starts_with("HTTP/1.1 200"), "{made}");
    format!("projects/{PROJECT}/regions/{REGION}/clusters/{ORPHAN}")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_behind_is_removed_once_and_proven_whatever_happens_to_the_sweeper() {
    let first = Lane::founded().await;
    let transcript = first.at("transcript");
    let story = first.story(|options| options.transcript = Some(transcript.clone())).await;
    let resource = with_orphan(&story).await;
    std::fs::write(&transcript, "").unwrap();
    story.until_done("undisturbed", story.sweeping(&resource)).await;
    story.until_done("undisturbed", story.agent()).await;
    swept(&story, "undisturbed").await;
    story.cloud.stop().await;
    let mut cases = VecDeque::new();
    for point in points(&std::fs::read_to_string(&transcript).unwrap()) {
        for blow in [Blow::KilledBefore, Blow::KilledAfter, Blow::AnswerLost] {
            cases.push_back((point.clone(), blow));
        }
    }
    let count = cases.len();
    assert!(count > 8, "{cases:#?}");
    let attempt = |lane: Arc<Lane>, (point, blow)| async move { strike(&lane, &point, &blow).await };
    let (missed, wrong) = in_lanes(cases, Lane::founded, attempt).await;
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(missed * 4 < count, "{missed} of {count} were not struck");
}

/// A removal with one blow. `false` when a look that it was to strike was not made this time.
async fn strike(lane: &Lane, point: &Point, blow: &Blow) -> bool {
    let name = format!("{blow:?} {} {} after {}", point.method, point.path, point.after);
    let story = lane.story(|_| {}).await;
    let resource = with_orphan(&story).await;
    let kind = match blow {
        Blow::KilledBefore => Kind::HoldBefore,
        Blow::AnswerLost => Kind::DropAfter,
        _ => Kind::HoldAfter,
    };
    let (method, path, after) = (Some(point.method.clone()), point.path.clone(), point.after);
    let killed = kind != Kind::DropAfter;
    story.cloud.misbehave(Fault { method, path, after, times: 1, kind });
    let mut sweeping = story.sweeping(&resource);
    let mut struck = true;
    if killed {
        tokio::select! {
            _ = story.cloud.held() => {
                sweeping.kill().await.unwrap();
                story.cloud.behave();
            }
            status = sweeping.wait() => {
                assert!(status.unwrap().success(), "{name}");
                struck = false;
            }
        }
    } else {
        story.until_done(&name, sweeping).await;
        struck = story.cloud.faults().is_empty();
    }
    story.cloud.behave();
    // Whoever looks next: it is asked for again where it was not heard of, and proven where it was.
    let left = story.ok(&["run", "sweep"]).await;
    if left.as_array().unwrap().iter().any(|row| row["sweep"] == "none") {
        story.until_done(&name, story.sweeping(&resource)).await;
    }
    // One look goes on with it where it was asked for, the next one proves it.
    story.until_done(&name, story.agent()).await;
    story.until_done(&name, story.agent()).await;
    swept(&story, &name).await;
    story.cloud.stop().await;
    struck
}

/// It is gone, and the ledger says that somebody wanted it gone and that it is.
async fn swept(story: &Story<'_>, name: &str) {
    let gone = story
        .ask("GET", &format!("/v1/projects/{PROJECT}/regions/{REGION}/clusters/{ORPHAN}"), &Value::Null)
        .await;
    assert!(gone.starts_with("HTTP/1.1 404"), "{name}: {gone}");
    let audit = story.ok(&["ledger", "list"]).await;
    let facts: Vec<String> = audit["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["facts"].to_string())
        .filter(|facts| facts.contains(ORPHAN))
        .collect();
    assert_eq!(facts.iter().filter(|facts| facts.contains("\"proven\"")).count(), 1, "{name}: {facts:#?}");
    left_nothing(story, name).await;
}
