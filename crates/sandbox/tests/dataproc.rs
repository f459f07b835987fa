//! The ephemeral cluster against the sandbox: real Spark, and every fault ends in a verified success or a named
//! failure, with cleanup proven, one cluster and one job.

// Tests may: a failed expectation is what they are for, and a skipped one says why.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use runs::bucket::{Bucket, Buckets, GoogleBucket, Precondition};
use runs::cloud::{Cloud, Credentials, Endpoints, Patience};
use runs::dataproc::template::Machines;
use runs::dataproc::{ClusterTemplate, Dataproc, DataprocEphemeral};
use runs::{
    Cleanup, Error, ExpectedOutput, FailureReason, LogStream, Observation, OutputKind, RunFile, RunKey,
    RunSpec, State, Target,
};
use sandbox::{Options, Pace, Sandbox};

const IMPATIENT: Patience = Patience { tries_max: 5, first_pause_s: 0.01, pause_s_max: 0.1, total_s: 20.0 };

const PATIENCE: Duration = Duration::from_secs(240);

fn environments() -> PathBuf {
    std::env::var_os("COUNTERSIGN_ENVIRONMENTS")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("environments"), PathBuf::from)
}

struct Rehearsal {
    dir: tempfile::TempDir,
    sandbox: Sandbox,
    target: DataprocEphemeral,
    dataproc: Dataproc,
    bucket: Bucket,
    buckets: Buckets,
}

fn template() -> ClusterTemplate {
    let machines = |count| Machines { count, machine_type: "n2-standard-4".into(), disk_gb: 100 };
    ClusterTemplate {
        image_version: "2.3-debian12".into(),
        zone: String::new(),
        subnetwork: String::new(),
        service_account: String::new(),
        staging_bucket: String::new(),
        master: machines(1),
        workers: machines(2),
        properties: BTreeMap::new(),
        pip_packages: vec!["PyYAML".into()],
        // The sandbox's clock runs 300 times faster: three minutes of idling are over in 0.6 s of a test.
        idle_delete_s: 14 * 24 * 3600,
        age_delete_s: 14 * 24 * 3600,
        provision_deadline_s: 2,
    }
}

fn options(folder: &Path) -> Options {
    Options { pace: Pace::faster(300.0), environments: Some(environments()), ..Options::in_folder(folder) }
}

async fn rehearse_with(template: ClusterTemplate) -> Rehearsal {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("buckets/churn-demo")).unwrap();
    let sandbox = Sandbox::start(options(dir.path())).await.unwrap();
    let (dataproc, target, bucket, buckets) = clients(&sandbox, template);
    Rehearsal { dir, sandbox, target, dataproc, bucket, buckets }
}

fn clients(sandbox: &Sandbox, template: ClusterTemplate) -> (Dataproc, DataprocEphemeral, Bucket, Buckets) {
    let cloud =
        Arc::new(Cloud::new(Credentials::anonymous(), Endpoints::all_at(&sandbox.url()), IMPATIENT).unwrap());
    let bucket = Bucket::Google(GoogleBucket::new("churn-demo", cloud.clone()).unwrap());
    let mut buckets = Buckets::default();
    buckets.add(bucket.clone());
    let dataproc = Dataproc::new(cloud, "my-project", "europe-west6").unwrap();
    let target = DataprocEphemeral::new(dataproc.clone(), template, buckets.clone());
    (dataproc, target, bucket, buckets)
}

async fn fault(sandbox: &Sandbox, json: &str) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let address = sandbox.url().replace("http://", "");
    let mut socket = tokio::net::TcpStream::connect(&address).await.unwrap();
    let request = format!(
        "POST /sandbox/v1/faults HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{json}",
        json.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

async fn spec(bucket: &Bucket, name: &str, script: &str) -> RunSpec {
    let put = bucket.put(&format!("model/{name}.py"), script.as_bytes(), Precondition::Any).await.unwrap();
    RunSpec {
        key: RunKey::derive(&["rehearsal", name]),
        main: RunFile {
            from: format!("gs://churn-demo/model/{name}.py").parse().unwrap(),
            sha256: put.sha256,
        },
        args: vec!["--greeting".into(), "hello".into()],
        files: Vec::new(),
        python_files: Vec::new(),
        properties: BTreeMap::new(),
        environment: BTreeMap::from([("WHO".to_owned(), "sandbox".to_owned())]),
        requirements: Vec::new(),
        outputs: Vec::new(),
        deadline_s: 600,
        labels: BTreeMap::from([("workspace".to_owned(), "demo".to_owned())]),
    }
}

fn quiet(_: runs::Progress) {}

async fn watch(
    target: &DataprocEphemeral,
    spec: &RunSpec,
    done: impl Fn(&Observation) -> bool,
) -> Observation {
    let begun = Instant::now();
    loop {
        let seen = target.advance(spec).await.unwrap();
        if done(&seen) {
            return seen;
        }
        assert!(begun.elapsed() < PATIENCE, "still {seen:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn over(seen: &Observation) -> bool {
    seen.state.is_end() || seen.state == State::Verifying
}

async fn clean_up(target: &DataprocEphemeral, spec: &RunSpec) {
    let begun = Instant::now();
    while target.cleanup(&spec.key).await.unwrap() != Cleanup::Proven {
        assert!(begun.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // The proof is the service's answer, asked for once more.
    assert_eq!(
        target.observe(&spec.key).await.map(|seen| seen.cleanup).unwrap_or(Cleanup::Proven),
        Cleanup::Proven
    );
}

fn no_java() -> bool {
    let missing = runs::local::LocalSpark::new("unused", Buckets::default()).find_jdk().is_err();
    if missing {
        eprintln!("no JDK here: skipped");
    }
    missing
}

const TRAIN: &str = r#"
import os, sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
spark.range(42).write.mode("overwrite").parquet("gs://churn-demo/output/data")
print("trained", sys.argv[1:], os.environ["WHO"])
"#;

/// Create, submit, poll, verify, delete, prove, with every answer of a changing call lost once.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_makes_one_cluster_and_one_job_however_many_answers_are_lost() {
    if no_java() {
        return;
    }
    let desk = rehearse_with(ClusterTemplate { provision_deadline_s: 600, ..template() }).await;
    let mut spec = spec(&desk.bucket, "train", TRAIN).await;
    spec.outputs = vec![ExpectedOutput {
        name: "scored".into(),
        kind: OutputKind::Parquet,
        at: "gs://churn-demo/output/data".parse().unwrap(),
        rows_min: 42,
        columns: vec!["id".into()],
    }];
    assert_eq!(desk.target.preflight(&spec).await.unwrap(), []);
    fault(&desk.sandbox, r#"{"method":"POST","path":"/clusters","kind":"drop_after"}"#).await;
    fault(&desk.sandbox, r#"{"method":"POST","path":"/jobs:submit","kind":"drop_after"}"#).await;
    fault(&desk.sandbox, r#"{"method":"DELETE","path":"/clusters","kind":"drop_after"}"#).await;
    let submission = desk.target.submit(&spec, &quiet).await.unwrap();
    assert!(submission.command.contains("gcloud dataproc clusters create"), "{}", submission.command);
    assert_eq!(submission.staged[0].sha256, spec.main.sha256.unwrap());
    assert!(desk.target.submit(&spec, &quiet).await.unwrap().already_there);
    assert_eq!(desk.target.observe(&spec.key).await.unwrap().state, State::Provisioning);
    assert_eq!(desk.dataproc.leftovers().await.unwrap()[0].run, spec.key.as_str());

    let seen = watch(&desk.target, &spec, over).await;
    assert_eq!(seen.state, State::Verifying, "{seen:?}");
    assert_eq!(seen.cleanup, Cleanup::Required);
    let since = seen.started_at.unwrap();
    let verified = runs::outputs::verify(&spec.outputs, &desk.buckets, None, since).await.unwrap();
    assert_eq!(verified.unwrap()[0].rows, Some(42));
    let log = desk.target.logs(&spec.key, LogStream::Output, 0).await.unwrap();
    assert!(log.text.contains("trained ['--greeting', 'hello'] sandbox"), "{log:?}");

    clean_up(&desk.target, &spec).await;
    assert_eq!(desk.target.observe(&spec.key).await.unwrap().cleanup, Cleanup::Proven);
    let records = std::fs::read_to_string(desk.dir.path().join("dataproc.json")).unwrap();
    let records: serde_json::Value = serde_json::from_str(&records).unwrap();
    assert_eq!(records["jobs"].as_object().unwrap().len(), 1);
    let creations =
        records["operations"].as_object().unwrap().values().filter(|o| o["kind"] == "CREATE").count();
    assert_eq!(creations, 1, "no second cluster was ever asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn clusters_that_misbehave_are_failures_with_names_and_are_cleaned_up() {
    for (kind, reason) in [("cluster_stuck", "limit"), ("cluster_error", "a fault that was asked for")] {
        let desk = rehearse_with(template()).await;
        let spec = spec(&desk.bucket, kind, "print(1)\n").await;
        fault(&desk.sandbox, &format!(r#"{{"kind":"{kind}"}}"#)).await;
        desk.target.submit(&spec, &quiet).await.unwrap();
        let seen = watch(&desk.target, &spec, over).await;
        assert!(
            matches!(&seen.state, State::Failed { .. }) && seen.state.to_string().contains(reason),
            "{seen:?}"
        );
        clean_up(&desk.target, &spec).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_survives_its_deletion_is_never_called_deleted_d15() {
    let desk = rehearse_with(template()).await;
    let spec = spec(&desk.bucket, "survivor", "print(1)\n").await;
    fault(&desk.sandbox, r#"{"kind":"cluster_survives"}"#).await;
    desk.target.submit(&spec, &quiet).await.unwrap();
    desk.target.cancel(&spec.key).await.unwrap();
    assert_eq!(desk.target.observe(&spec.key).await.unwrap().state, State::Cancelled);
    for _ in 0..20 {
        assert_eq!(desk.target.cleanup(&spec.key).await.unwrap(), Cleanup::InProgress);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let leftovers = desk.dataproc.leftovers().await.unwrap();
    assert_eq!((leftovers.len(), leftovers[0].state.as_str()), (1, "DELETING"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fails_stops_the_polling_and_its_cluster_goes_d12() {
    if no_java() {
        return;
    }
    let desk = rehearse_with(ClusterTemplate { provision_deadline_s: 600, ..template() }).await;
    let broken = spec(&desk.bucket, "broken", "raise SystemExit(3)\n").await;
    let struck = spec(&desk.bucket, "struck", "print(1)\n").await;
    desk.target.submit(&broken, &quiet).await.unwrap();
    watch(&desk.target, &broken, |seen| seen.engine_job.is_some()).await;
    fault(&desk.sandbox, r#"{"kind":"job_error"}"#).await;
    desk.target.submit(&struck, &quiet).await.unwrap();
    let seen = watch(&desk.target, &struck, over).await;
    assert!(matches!(&seen.state, State::Failed { reason: FailureReason::Engine { .. } }), "{seen:?}");
    let seen = watch(&desk.target, &broken, over).await;
    assert!(seen.state.to_string().contains("exit code 3"), "{seen:?}");
    for spec in [&broken, &struck] {
        let begun = Instant::now();
        while desk.target.cleanup(&spec.key).await.unwrap() != Cleanup::Proven {
            assert!(begun.elapsed() < PATIENCE);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    assert!(desk.dataproc.leftovers().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_job_survives_a_restart_of_the_service_and_is_cancelled_for_real() {
    if no_java() {
        return;
    }
    let desk = rehearse_with(ClusterTemplate { provision_deadline_s: 600, ..template() }).await;
    let script = "import time\nwhile True:\n    print('tick')\n    time.sleep(0.2)\n";
    let spec = spec(&desk.bucket, "endless", script).await;
    desk.target.submit(&spec, &quiet).await.unwrap();
    watch(&desk.target, &spec, |seen| seen.state == State::Running).await;
    desk.sandbox.stop().await;
    assert!(matches!(desk.target.observe(&spec.key).await, Err(Error::Offline { .. })));

    // Another process, another port, the same folder.
    let sandbox = Sandbox::start(options(desk.dir.path())).await.unwrap();
    let (_, target, ..) = clients(&sandbox, ClusterTemplate { provision_deadline_s: 600, ..template() });
    assert_eq!(target.observe(&spec.key).await.unwrap().state, State::Running);
    let begun = Instant::now();
    while !target.logs(&spec.key, LogStream::Output, 0).await.unwrap().text.contains("tick") {
        assert!(begun.elapsed() < PATIENCE, "the driver's output streams");
        target.observe(&spec.key).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(target.cleanup(&spec.key).await.unwrap(), Cleanup::Required, "not while it runs");
    target.cancel(&spec.key).await.unwrap();
    let seen = watch(&target, &spec, over).await;
    assert_eq!(seen.state, State::Cancelled);
    clean_up(&target, &spec).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_approved_makes_no_cluster() {
    let desk = rehearse_with(template()).await;
    let spec = spec(&desk.bucket, "swapped", "print(1)\n").await;
    desk.bucket.put("model/swapped.py", b"print(2)\n", Precondition::Any).await.unwrap();
    assert_eq!(desk.target.preflight(&spec).await.unwrap()[0].code, "not-approved");
    assert!(matches!(desk.target.submit(&spec, &quiet).await, Err(Error::Corrupt { .. })));
    assert!(desk.dataproc.leftovers().await.unwrap().is_empty());
    assert!(matches!(desk.target.observe(&spec.key).await, Err(Error::NotFound { .. })));
    let local = RunSpec { main: RunFile::at("/tmp/x.py".parse().unwrap()), ..spec };
    assert!(matches!(desk.target.submit(&local, &quiet).await, Err(Error::Invalid { .. })));
    assert!(matches!(desk.dataproc.cluster("cs-nothing").await, Err(Error::NotFound { .. })));
}
