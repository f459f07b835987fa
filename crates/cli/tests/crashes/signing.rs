//! A desk that signs in: with a service account's own key it asks for the token of another account, and everything that it
//! asks of the cloud it asks as that one. The addresses of tokens are the cloud's on loopback.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::lane::{BUCKET, Lane, PROJECT, REGION, VERSION};
use crate::left_nothing;

const ACCOUNT: &str = "runner@cloud-project.iam.gserviceaccount.com";

/// A key that opens nothing: it is made for this test, and nobody's account knows it.
fn key() -> String {
    let mut openssl = Command::new("openssl");
    let made = openssl.args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]).output();
    let made = made.expect("openssl, which ca-certificates brings along");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_and_its_training_are_made_as_the_service_account_that_the_target_names() {
    let lane = Lane::founded().await;
    let transcript = lane.at("transcript");
    let story = lane
        .story(|options| {
            options.token = Some("nobody has this one".to_owned());
            options.transcript = Some(transcript.clone());
        })
        .await;
    let url = story.url();
    // A target that says nothing of tokens asks without any, and is told so.
    let look = ["run", "preflight", "migrate", VERSION, "--bucket", BUCKET, "--target", "batch"];
    let refused = story.say(&look).await;
    assert!(refused.to_string().contains("does not accept the token"), "{refused:#}");

    let words = ["target", "add", "signed", "--kind", "dataproc-serverless", "--impersonate", ACCOUNT];
    let place = ["--cloud-project", PROJECT, "--region", REGION, "--endpoint", &url];
    let tokens = format!("iamcredentials={url}");
    for (service, code) in
        [("iamcredentials=http://elsewhere.example", "refused"), ("pubsub=http://x", "usage")]
    {
        let said = story.say(&[&words[..], &place[..], &["--service", service]].concat()).await;
        assert_eq!(said["code"], code, "{said:#}");
    }
    story.ok(&[&words[..], &place[..], &["--service", &tokens]].concat()).await;
    let key = json!({
        "type": "service_account", "project_id": PROJECT, "private_key_id": "1", "private_key": key(),
        "client_email": "desk@cloud-project.iam.gserviceaccount.com", "client_id": "1",
        "token_uri": format!("{url}/token"),
    });
    fs::write(lane.at("key.json"), key.to_string()).unwrap();
    story.ok(&["migrate", VERSION, "--bucket", BUCKET, "--target", "signed"]).await;
    story.until_done("a desk that signs in", story.agent()).await;
    let runs = story.runs().await;
    let ended: Vec<(&Value, &Value)> =
        runs.as_array().unwrap().iter().map(|page| (&page["run"]["state"], &page["run"]["target"])).collect();
    assert_eq!(ended, [(&json!("succeeded"), &json!("signed")); 2], "{runs:#}");
    left_nothing(&story, "signed").await;
    let text = fs::read_to_string(&transcript).unwrap();
    let generated = text.lines().filter(|line| line.contains(":generateAccessToken")).count();
    assert!((1..20).contains(&generated), "one a program, and not one a call: {generated}");
    story.cloud.stop().await;
}
