//! Large files: the program is killed in the middle of one, and the next one goes on there instead of from the beginning.

use std::fs;

use sandbox::faults::{Fault, Kind};
use serde_json::Value;

use crate::lane::{BUCKET, Lane};

/// Bytes of one piece of an upload.
const PIECE: u64 = 8 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_was_killed_in_the_middle_of_a_file_goes_on_where_it_was() {
    let lane = Lane::founded().await;
    let transcript = lane.at("transcript");
    let story = lane.story(|options| options.transcript = Some(transcript.clone())).await;
    let url = story.url();
    let large = lane.at("customers.parquet");
    let content: Vec<u8> = (0..4 * PIECE + 17).map(|n| (n % 251) as u8).collect();
    fs::write(&large, &content).unwrap();
    let file = large.display().to_string();
    let words = [
        "bucket",
        "upload",
        BUCKET,
        &file,
        "--prefix",
        "data/large",
        "--target",
        "batch",
        "--endpoint",
        &url,
    ];
    // Two of five pieces are there; the second one's answer never comes.
    let (method, path) = (Some("PUT".to_owned()), "/upload/".to_owned());
    story.cloud.misbehave(Fault { method, path, after: 1, times: 1, kind: Kind::HoldAfter });
    let mut uploading = story.doing(&words);
    story.cloud.held().await;
    uploading.kill().await.unwrap();
    story.cloud.behave();
    assert_eq!(story.objects(), Vec::<String>::new(), "half an object is none");
    fs::write(&transcript, "").unwrap();

    story.ok(&words).await;
    let asked: Vec<Value> = fs::read_to_string(&transcript)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |method: &str| {
        let is =
            |call: &&Value| call["method"] == method && call["path"].as_str().unwrap().contains("/upload/");
        asked.iter().filter(is).count()
    };
    assert_eq!(of("POST"), 0, "no other session was begun: {asked:#?}");
    assert_eq!(of("PUT"), 4, "the question how far it came, and the three pieces that were missing");
    assert_eq!(
        fs::read(lane.at("cloud/buckets").join(BUCKET).join("data/large/customers.parquet")).unwrap(),
        content
    );
    let kept = fs::read_dir(lane.at("home/uploads")).unwrap().count();
    assert_eq!(kept, 0, "a session that is over is forgotten");
    story.cloud.stop().await;
}
