//! Limits, and whatever else a target says of the runs on it; and what was left behind in places that are out of reach, or
//! that no target names any more.

use serde_json::{Value, json};

use crate::lane::{BUCKET, Lane, PROJECT, REGION, VERSION};

/// Where somebody listens to nobody.
const NOBODY: &str = "http://127.0.0.1:9";

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_stopped_when_its_target_or_its_schedule_says() {
    let lane = Lane::founded().await;
    let story = lane.story(|_| {}).await;
    let url = story.url();
    let place = ["--cloud-project", PROJECT, "--region", REGION, "--endpoint", &url];
    let words = ["target", "add", "patient", "--kind", "dataproc-serverless", "--deadline", "7200"];
    story.ok(&[&words[..], &place[..]].concat()).await;
    story.ok(&["migrate", VERSION, "--bucket", BUCKET, "--target", "patient"]).await;
    story.until_done("a training that an object sets off", story.agent()).await;
    let list = story.ok(&["run", "list", "--kind", "train"]).await;
    let run = list["rows"][0]["id"].as_str().unwrap().to_owned();
    let page = story.ok(&["run", "show", &run]).await;
    assert_eq!((&page["run"]["state"], &page["deadline_s"]), (&"succeeded".into(), &7200.into()), "{page:#}");
    assert!(page["command"].as_str().unwrap().contains("--ttl=7200s"), "{page:#}");
    assert_eq!(page["runtime"], json!(["Dataproc Serverless runtime 2.3"]), "{page:#}");
    // The package's other script goes along, and the digest of everything that does was compared.
    assert!(page["command"].as_str().unwrap().contains("/model/score.py"), "{page:#}");

    let look = story.ok(&["run", "preflight", "train", VERSION, "--target", "patient"]).await;
    assert_eq!(look["deadline_s"], 7200, "{look:#}");
    let look =
        story.ok(&["run", "preflight", "train", VERSION, "--target", "patient", "--deadline", "600"]).await;
    assert_eq!(look["deadline_s"], 600, "{look:#}");
    let words = ["schedule", "add", "yearly", "--version", VERSION, "--kind", "train", "--target", "patient"];
    let rule = ["--rule", "0 2 1 1 * in UTC", "--deadline", "1200", "--", "--seed=7"];
    story.ok(&[&words[..], &rule[..]].concat()).await;
    let schedules = story.ok(&["schedule", "list"]).await;
    let kept = (&schedules[0]["deadline_s"], &schedules[0]["args"]);
    assert_eq!(kept, (&1200.into(), &json!(["--seed=7"])), "{schedules:#}");
    let export = story.ok(&["schedule", "export", "yearly"]).await;
    let command = export["command"].as_str().unwrap();
    for part in ["\"ttl\":\"1200s\"", "--seed=7", "\"countersign-for\":\"schedule\""] {
        assert!(command.contains(part), "{part}: {command}");
    }
    story.cloud.stop().await;
}

/// A price table of the desk's own has prices where the one that comes with this version has none.
#[tokio::test(flavor = "multi_thread")]
async fn a_desk_may_have_a_price_table_of_its_own() {
    let lane = Lane::founded().await;
    let story = lane.story(|_| {}).await;
    let look = ["run", "preflight", "train", VERSION, "--target", "batch", "--bucket", BUCKET];
    // Nothing lies there yet, and that is found; what it would cost is said all the same.
    let found = story.say(&look).await;
    assert_eq!((&found["estimate"], &found["no_price_in"]), (&Value::Null, &REGION.into()), "{found:#}");
    let table = json!({
        "recorded_on": "2026-11-27", "currency": "CHF", "note": "ours", "dataproc_per_vcpu_hour": 0.02,
        "regions": {REGION: {"disk_per_gb_hour": 0.0, "dcu_hour": 0.1, "families": {}}},
    });
    let file = lane.at("prices.json");
    std::fs::write(&file, table.to_string()).unwrap();
    let told = story.ok(&["target", "prices", file.to_str().unwrap()]).await;
    assert_eq!(
        (&told["own"], &told["regions"]),
        (&true.into(), &json!([{"recorded_on": "2026-11-27", "regions": [REGION]}])),
        "{told:#}"
    );
    // A quarter of an hour of 12 units.
    let found = story.say(&look).await;
    assert_eq!(found["estimate"], json!({"amount": 0.3, "currency": "CHF", "prices_of": "2026-11-27"}));
    // Two executors more, of 4 units each.
    let found = story.say(&[&look[..], &["--conf", "spark.executor.instances=4"]].concat()).await;
    assert_eq!(found["estimate"]["amount"], 0.5, "{found:#}");
    assert_eq!(story.ok(&["target", "prices", "--bundled"]).await["own"], false);
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_is_stored_where_its_target_says_so_and_removed_with_the_rest() {
    let lane = Lane::founded().await;
    let transcript = lane.at("transcript");
    let story = lane.story(|options| options.transcript = Some(transcript.clone())).await;
    let url = story.url();
    let place = ["--cloud-project", PROJECT, "--region", REGION, "--endpoint", &url];
    let words = ["target", "add", "kept", "--kind", "dataproc-workflow", "--stored"];
    story.ok(&[&words[..], &place[..]].concat()).await;
    story.ok(&["migrate", VERSION, "--bucket", BUCKET, "--target", "kept"]).await;
    story.until_done("a training by a stored workflow", story.agent()).await;
    let list = story.ok(&["run", "list", "--kind", "train"]).await;
    let run = &list["rows"][0];
    assert_eq!((&run["state"], &run["closed"]), (&"succeeded".into(), &true.into()), "{list:#}");
    let calls = std::fs::read_to_string(&transcript).unwrap();
    assert!(calls.contains(":instantiate\"") && !calls.contains(":instantiateInline"), "{calls}");
    let deleted = |line: &str| line.contains("\"DELETE\"") && line.contains("/workflowTemplates/");
    assert!(calls.lines().any(deleted), "{calls}");
    crate::left_nothing(&story, "a stored workflow").await;
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_is_found_after_its_target_went_and_beside_a_region_out_of_reach() {
    let lane = Lane::founded().await;
    let story = lane.story(|_| {}).await;
    let label = story.workspace_label().await;
    let clusters = format!("/v1/projects/{PROJECT}/regions/{REGION}/clusters");
    let cluster = |name: &str, more: Value| {
        let mut labels = json!({"countersign-run": format!("cs-{name}"), "countersign-workspace": label});
        for (key, value) in more.as_object().into_iter().flatten() {
            labels[key] = value.clone();
        }
        json!({"projectId": PROJECT, "clusterName": name, "config": {}, "labels": labels})
    };
    let scheduled = json!({"countersign-for": "schedule", "countersign-deadline-s": "3600"});
    for body in [cluster("orphan", Value::Null), cluster("scheduled", scheduled)] {
        let made = story.ask("POST", &clusters, &body).await;
        assert!(made.starts_with("HTTP/1.1 200"), "{made}");
    }
    for target in ["cluster", "hasty", "batch", "workflow", "existing"] {
        story.ok(&["target", "remove", target]).await;
    }
    let place = ["--cloud-project", PROJECT, "--region", "us-east1", "--endpoint", NOBODY];
    story.ok(&[&["target", "add", "gone", "--kind", "dataproc-serverless"][..], &place[..]].concat()).await;

    let left = story.ok(&["run", "sweep"]).await;
    let rows = left.as_array().unwrap();
    let of = |name: &str| {
        let found = rows.iter().find(|row| row["resource"].as_str().unwrap().ends_with(name));
        found.unwrap_or_else(|| panic!("{name}: {left:#}"))
    };
    assert!(of("regions/us-east1")["unreachable"].is_string(), "{left:#}");
    assert_eq!(
        (&of("/orphan")["live"], &of("/orphan")["purpose"]),
        (&false.into(), &Value::Null),
        "{left:#}"
    );
    // What a schedule of the cloud started is its own as long as its limits let it.
    let own = (&of("/scheduled")["live"], &of("/scheduled")["purpose"]);
    assert_eq!(own, (&true.into(), &"schedule".into()), "{left:#}");

    let left = story.ok(&["run", "sweep", "--delete-all"]).await;
    let rows = left.as_array().unwrap();
    assert!(rows.iter().all(|row| !row["resource"].as_str().unwrap().ends_with("/orphan")), "{left:#}");
    assert!(rows.iter().any(|row| row["resource"].as_str().unwrap().ends_with("/scheduled")), "{left:#}");
    let gone = story.ask("GET", &format!("{clusters}/orphan"), &Value::Null).await;
    assert!(gone.starts_with("HTTP/1.1 404"), "{gone}");
    story.cloud.stop().await;
}

/// Whoever asked for a deletion went away before the cluster did: the next look proves it.
#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_nobody_waited_for_is_proven_by_the_next_look() {
    let lane = Lane::founded().await;
    let story = lane.story(|_| {}).await;
    let label = story.workspace_label().await;
    let clusters = format!("/v1/projects/{PROJECT}/regions/{REGION}/clusters");
    let labels = json!({"countersign-run": "cs-orphan", "countersign-workspace": label});
    let body = json!({"projectId": PROJECT, "clusterName": "orphan", "config": {}, "labels": labels});
    assert!(story.ask("POST", &clusters, &body).await.starts_with("HTTP/1.1 200"));
    let resource = format!("projects/{PROJECT}/regions/{REGION}/clusters/orphan");
    // It is held where the deletion has been asked for, and killed there.
    story.cloud.misbehave(sandbox::faults::Fault {
        method: Some("DELETE".to_owned()),
        path: "/clusters/orphan$".to_owned(),
        after: 0,
        times: 1,
        kind: sandbox::faults::Kind::HoldAfter,
    });
    let mut sweeping = story.sweeping(&resource);
    story.cloud.held().await;
    sweeping.kill().await.unwrap();
    story.cloud.behave();
    while !story.ask("GET", &format!("{clusters}/orphan"), &Value::Null).await.starts_with("HTTP/1.1 404") {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let swept = |audit: &Value| {
        let entries = audit["rows"].as_array().unwrap().iter();
        entries.filter(|entry| entry["facts"].to_string().contains("orphan")).count()
    };
    let before = swept(&story.ok(&["ledger", "list"]).await);
    story.until_done("the next look", story.agent()).await;
    assert_eq!(
        swept(&story.ok(&["ledger", "list"]).await),
        before + 1,
        "that it is gone stands in the ledger"
    );
    story.cloud.stop().await;
}

/// A bucket that is out of reach for longer than one call waits: the migration waits for it, and does not fail.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_waits_for_a_bucket_that_is_out_of_reach() {
    let lane = Lane::founded().await;
    let story = lane.story(|_| {}).await;
    story.cloud.misbehave(sandbox::faults::Fault {
        method: Some("GET".to_owned()),
        path: "/o".to_owned(),
        after: 2,
        times: 10,
        kind: sandbox::faults::Kind::Status { code: 503, retry_after_s: None },
    });
    story.ok(&["migrate", VERSION, "--bucket", BUCKET, "--target", "batch"]).await;
    let mut agent = story.watching();
    loop {
        let list = story.ok(&["run", "list", "--kind", "migrate"]).await;
        let state = list["rows"][0]["state"].as_str().unwrap().to_owned();
        assert_ne!(state, "failed", "{list:#}");
        if state == "succeeded" {
            break;
        }
        assert!(agent.try_wait().unwrap().is_none(), "an agent that watches ended: {list:#}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    agent.kill().await.unwrap();
    assert!(story.cloud.faults().is_empty(), "it was out of reach");
    story.cloud.stop().await;
}
