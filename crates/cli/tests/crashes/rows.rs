//! Every command of the runs room in a terminal, a row each, at a desk that has migrated, trained and sees a cloud.

use std::fs;

use sandbox::faults::{Fault, Kind};
use serde_json::{Value, json};

use crate::lane::{BUCKET, Lane};

/// A part of an answer.
fn at<'a>(answer: &'a Value, pointer: &str) -> &'a Value {
    answer.pointer(pointer).unwrap_or(&Value::Null)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_command_of_the_runs_room_answers_in_a_terminal() {
    let lane = Lane::trained("cluster").await;
    let story = lane.story(|_| {}).await;
    let runs = story.ok(&["run", "list"]).await;
    let id = |n: usize| runs["rows"][n]["id"].as_str().unwrap().to_owned();
    let (training, migration) = (id(0), id(1));
    let nodes = story.at("nodes.txt");
    fs::write(&nodes, "node01 16 128\nnode02 16 128\n").unwrap();
    let defaults = story.at("spark-defaults.conf");
    fs::write(&defaults, "spark.executor.memory 8g\nspark.eventLog.dir hdfs:///logs\n").unwrap();
    let shape = story.at("shape.json");
    let machines = |count: u32| json!({"count": count, "machine_type": "n2-standard-4", "disk_gb": 100});
    let written = json!({
        "image_version": "2.3-debian12", "zone": "", "subnetwork": "", "service_account": "", "staging_bucket": "",
        "master": machines(1), "workers": machines(0), "properties": {}, "pip_packages": [],
        "idle_delete_s": 1800, "age_delete_s": 14400, "provision_deadline_s": 900,
    });
    fs::write(&shape, written.to_string()).unwrap();
    let path = |path: &std::path::Path| path.display().to_string();
    let (nodes, defaults, shape) = (path(&nodes), path(&defaults), path(&shape));
    let rows: [(&[&str], i32, &str, Value); 12] = [
        (&["run", "compare", &training, &migration, "--differing"], 0, "/rows/0/differs", true.into()),
        (&["run", "show", &training], 0, "/run/state", "succeeded".into()),
        (&["run", "logs", &training, "--follow"], 0, "/ended", true.into()),
        (
            &["template", "map", "--node-table", &nodes, "--spark-defaults", &defaults, "--spark", "3.5"],
            0,
            "/shape/workers/count",
            2.into(),
        ),
        (&["template", "keep", "small", "--shape", &shape], 0, "/id", "small".into()),
        (&["template", "show", "small"], 0, "/shape/age_delete_s", 14400.into()),
        (
            &["schedule", "explain", "0 2 * * 1/4 in Europe/Zurich"],
            0,
            "/instead",
            "every 4 weeks on Monday at 02:00 in Europe/Zurich".into(),
        ),
        (&["bucket", "list"], 0, "/0/name", BUCKET.into()),
        (&["bucket", "show", BUCKET, "--prefix", "model", "--target", "cluster"], 0, "/next", Value::Null),
        (&["sandbox", "status"], 0, "/running", false.into()),
        (&["sandbox", "misbehave", "job_error"], 4, "/code", "offline".into()),
        (&["run", "reconcile"], 0, "/0/differs", json!([])),
    ];
    for (words, status, pointer, expected) in &rows {
        let (ended, answer) = story.ends(words).await;
        assert_eq!((ended, at(&answer, pointer)), (Some(*status), expected), "{words:?}: {answer:#}");
    }

    // What lies there is not what was approved: that is another end than a place that cannot be looked at.
    let object = story.at("cloud/buckets").join(BUCKET).join("model/train.py");
    let approved = fs::read(&object).unwrap();
    fs::write(&object, "print(1)\n").unwrap();
    let (ended, answer) = story.ends(&["run", "reconcile"]).await;
    assert_eq!((ended, at(&answer, "/0/differs/0/path")), (Some(3), &"train.py".into()), "{answer:#}");
    fs::write(&object, approved).unwrap();
    story.cloud.misbehave(Fault {
        method: None,
        path: BUCKET.into(),
        after: 0,
        times: 10_000,
        kind: Kind::DropBefore,
    });
    let (ended, answer) = story.ends(&["run", "reconcile"]).await;
    assert_eq!(ended, Some(4), "{answer:#}");
    assert!(at(&answer, "/0/unreachable").is_string(), "{answer:#}");
    story.cloud.stop().await;
}
