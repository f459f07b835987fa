//! A schedule fires while nobody is there: the agent asks for a retraining, carries it out in the cloud, and what comes of it
//! is a further version of the model. Killed in between, it is registered by the next agent, once.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use sandbox::faults::{Fault, Kind};
use serde_json::Value;

use crate::lane::{Lane, Story, VERSION};
use crate::{begin, left_nothing};

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_retrains_and_what_comes_of_it_is_registered_once_although_the_agent_is_killed() {
    let lane = Arc::new(Lane::founded().await);
    let story = lane.story(|_| {}).await;
    begin(&story, "cluster").await;
    story.until_done("the migration and its training", story.agent()).await;
    // The agent is killed where it fetches what the retraining made: after the run, before the version.
    let (method, path) = (Some("GET".to_owned()), "/o/output%2Fmodel%2Fmetadata%2Fpart-00000$".to_owned());
    story.cloud.misbehave(Fault { method, path, after: 2, times: 1, kind: Kind::HoldBefore });
    let rule = format!("{} * * * * in UTC", soon());
    let words =
        ["schedule", "add", "hourly", "--version", VERSION, "--kind", "retrain", "--target", "cluster"];
    story.ok(&[&words[..], &["--rule", &rule]].concat()).await;
    let mut agent = story.watching();
    let held = tokio::select! {
        held = story.cloud.held() => held,
        status = agent.wait() => panic!("an agent that watches ended: {status:?}"),
    };
    agent.kill().await.unwrap();
    assert!(held.contains("metadata"), "{held}");
    let run = retraining(&story).await;
    assert_eq!(run["state"], "succeeded", "{run:#}");
    assert_eq!(story.ok(&["call", "runs.show", &asking(&run)]).await["registered"], Value::Null);
    story.cloud.behave();

    let mut agent = story.watching();
    let page = loop {
        let page = story.ok(&["call", "runs.show", &asking(&run)]).await;
        if page["registered"].is_string() && page["run"]["closed"] == true {
            break page;
        }
        assert!(agent.try_wait().unwrap().is_none(), "an agent that watches ended: {page:#}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    agent.kill().await.unwrap();
    story.until_done("whatever is due yet", story.agent()).await;

    let version = story
        .ok(&["call", "registry.show_version", &format!("{{\"version\": {}}}", page["registered"])])
        .await;
    assert_eq!(version["number"], "1.1", "{version:#}");
    let files = version["files"].as_array().unwrap();
    let has = |path: &str| files.iter().any(|file| file["path"] == path);
    assert!(has("retrained/retrained.json") && has("retrained/metrics/part-0.json"), "{files:#?}");
    assert_eq!(page["metrics"][0]["name"], "auc", "{page:#}");
    // What is published of the version speaks of the new fit, and of nothing that the old one was measured by.
    assert!(!has("dmcas_roc.json") && !has("dmcas_lift.json"), "{files:#?}");
    let published = &version["fit_statistics"];
    let of = |name: &str| {
        let rows = published["rows"].as_array().unwrap();
        rows.iter().find(|it| it["name"] == name).map(|it| it["values"][0].clone())
    };
    assert_eq!(published["partitions"], serde_json::json!(["TEST"]), "{published:#}");
    assert_eq!((of("_C_"), of("_GINI_")), (Some(0.75.into()), Some(0.5.into())), "{published:#}");
    assert_eq!((&version["has_roc"], &version["has_lift"]), (&false.into(), &false.into()));
    // Once in every respect: one firing, one run, one version.
    let list = story.ok(&["run", "list"]).await;
    let retrained = list["rows"].as_array().unwrap().iter().filter(|row| row["kind"] == "retrain").count();
    let latest = story.ok(&["model", "show", VERSION]).await["number"].clone();
    let schedules = story.ok(&["schedule", "list"]).await;
    assert_eq!((retrained, latest), (1, "1.1".into()), "{list:#}");
    let firings = schedules[0]["firings"].as_array().unwrap();
    assert_eq!((firings.len(), &firings[0]["run"]), (1, &run["id"]), "{schedules:#}");
    left_nothing(&story, "the schedule").await;
    story.cloud.stop().await;
}

/// The first retraining that was asked for.
async fn retraining(story: &Story<'_>) -> Value {
    let list = story.ok(&["run", "list"]).await;
    let rows = list["rows"].as_array().unwrap();
    rows.iter().rfind(|row| row["kind"] == "retrain").unwrap_or_else(|| panic!("{list:#}")).clone()
}

fn asking(run: &Value) -> String {
    format!("{{\"run\": {}}}", run["id"])
}

/// The minute of the hour that begins next, or the one after it where that begins too soon to be asked for.
fn soon() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    (since + 75) / 60 % 60
}
