//! Each service is asked where it is said to be, and by whom: tokens, impersonation, and addresses of single services.

// Tests may: a failed expectation is what they are for.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;

use runs::Error;
use runs::bucket::{Bucket, GoogleBucket, Precondition};
use runs::cloud::{Cloud, Credentials, Endpoints, Patience};
use runs::dataproc::Dataproc;
use sandbox::faults::{Fault, Kind};
use sandbox::{Options, Sandbox};

const IMPATIENT: Patience = Patience { tries_max: 3, first_pause_s: 0.01, pause_s_max: 0.1, total_s: 5.0 };
const ACCOUNT: &str = "runner@my-project.iam.gserviceaccount.com";

/// A sandbox of its own folder, which writes down what it is asked.
async fn sandbox(folder: &Path, token: Option<&str>) -> Sandbox {
    std::fs::create_dir_all(folder.join("buckets/churn-demo")).unwrap();
    let token = token.map(str::to_owned);
    let transcript = Some(folder.join("transcript"));
    Sandbox::start(Options { token, transcript, ..Options::in_folder(folder) }).await.unwrap()
}

fn own() -> Credentials {
    Credentials::from_command(vec!["echo".into(), "own".into()]).unwrap()
}

fn bucket(credentials: Credentials, endpoints: &Endpoints) -> Bucket {
    let cloud = Cloud::new(credentials, endpoints.clone(), IMPATIENT).unwrap();
    Bucket::Google(GoogleBucket::new("churn-demo", Arc::new(cloud)).unwrap())
}

/// How often a sandbox answered requests whose paths contain this.
fn asked(folder: &Path, part: &str) -> usize {
    let text = std::fs::read_to_string(folder.join("transcript")).unwrap_or_default();
    text.lines().filter(|line| line.contains(part)).count()
}

fn refusing(path: &str, code: u16, times: u32) -> Fault {
    let kind = Kind::Status { code, retry_after_s: None };
    Fault { method: None, path: path.into(), after: 0, times, kind }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_account_is_impersonated_with_tokens_that_are_kept_and_renewed() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = sandbox(dir.path(), Some("own")).await;
    let endpoints = Endpoints::all_at(&sandbox.url());
    let bucket_of = |credentials| bucket(credentials, &endpoints);
    let generated = || asked(dir.path(), ":generateAccessToken");

    let answer = bucket_of(Credentials::anonymous()).probe().await;
    assert!(matches!(answer, Err(Error::Denied { .. })), "{answer:?}");
    bucket_of(own()).probe().await.unwrap();
    assert_eq!(generated(), 0, "whoever impersonates nobody asks for no such token");

    let runner = bucket_of(own().impersonating(ACCOUNT));
    runner.probe().await.unwrap();
    runner.put("x", b"1", Precondition::Absent).await.unwrap();
    assert_eq!(generated(), 1, "one token serves many calls");
    // It ends: the call is made again with another one.
    sandbox.misbehave(refusing("/o/x", 401, 1));
    assert_eq!(runner.read("x", 10).await.unwrap(), b"1");
    assert_eq!(generated(), 2);
    // Where tokens are given out there is trouble for a while.
    sandbox.misbehave(refusing(":generateAccessToken", 503, 1));
    bucket_of(own().impersonating(ACCOUNT)).probe().await.unwrap();

    // Who may not is told what is missing, in a command.
    sandbox.misbehave(refusing(":generateAccessToken", 403, 1));
    let answer = bucket_of(own().impersonating(ACCOUNT)).probe().await;
    let said = answer.unwrap_err().to_string();
    for part in [ACCOUNT, "roles/iam.serviceAccountTokenCreator", "gcloud iam service-accounts"] {
        assert!(said.contains(part), "{said}");
    }
    // And the desk's own token has to be good for it.
    let stranger = Credentials::from_command(vec!["echo".into(), "stranger".into()]).unwrap();
    let answer = bucket_of(stranger.impersonating(ACCOUNT)).probe().await;
    assert!(matches!(answer, Err(Error::Denied { .. })), "{answer:?}");
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_service_is_asked_where_it_is_said_to_be() {
    let dir = tempfile::tempdir().unwrap();
    let place = |name: &str| dir.path().join(name);
    let services = ["storage", "dataproc", "iamcredentials", "compute", "iam", "cloudresourcemanager"];
    assert_eq!(services, Endpoints::SERVICES);
    let mut endpoints = Endpoints::all_at("http://127.0.0.1:9");
    let mut sandboxes = Vec::new();
    for service in services {
        let one = sandbox(&place(service), None).await;
        endpoints = endpoints.with(service, &format!("{}/", one.url())).unwrap();
        sandboxes.push(one);
    }
    assert!(matches!(endpoints.clone().with("pubsub", "x"), Err(Error::Invalid { .. })));
    let credentials = own().impersonating(ACCOUNT);
    bucket(credentials.clone(), &endpoints).probe().await.unwrap();
    let cloud = Arc::new(Cloud::new(credentials, endpoints, IMPATIENT).unwrap());
    let dataproc = Dataproc::new(cloud, "my-project", "europe-west6").unwrap();
    assert!(dataproc.leftovers().await.unwrap().is_empty());
    for (service, part) in [
        ("storage", "/storage/v1/b/churn-demo"),
        ("dataproc", "/v1/projects/my-project/"),
        ("iamcredentials", ":generateAccessToken"),
    ] {
        for other in services {
            assert_eq!(asked(&place(other), part) > 0, other == service, "{part} at {other}");
        }
    }
    for one in sandboxes {
        one.stop().await;
    }
}
