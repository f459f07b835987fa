//! One suite for every run target. Whoever passes it can be given to the agent without the agent knowing which it is.

// Tests may: a failed expectation is what they are for, and a skipped one says why.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use runs::bucket::{Bucket, Buckets, FolderBucket, GoogleBucket, Precondition};
use runs::cloud::{Cloud, Credentials, Endpoints, Patience};
use runs::dataproc::template::Machines;
use runs::dataproc::workflow::Form;
use runs::dataproc::{
    BatchTemplate, ClusterTemplate, Dataproc, DataprocEphemeral, DataprocExisting, DataprocServerless,
    DataprocWorkflow,
};
use runs::local::LocalSpark;
use runs::target::Severity;
use runs::{
    Cleanup, Error, ExpectedOutput, FailureReason, LogStream, Observation, OutputKind, RunFile, RunKey,
    RunSpec, State, Target,
};
use sandbox::{Options, Pace, Sandbox};

const PATIENCE: Duration = Duration::from_secs(240);

struct Given<'a, T> {
    target: &'a T,
    bucket: Bucket,
    buckets: Buckets,
}

impl<T: Target> Given<'_, T> {
    async fn spec(&self, name: &str, script: &str) -> RunSpec {
        let object = format!("model/{name}.py");
        let put = self.bucket.put(&object, script.as_bytes(), Precondition::Any).await.unwrap();
        RunSpec {
            key: RunKey::derive(&["conformance", name]),
            main: RunFile { from: format!("gs://churn-demo/{object}").parse().unwrap(), sha256: put.sha256 },
            args: vec!["--configfile".into(), "./demo-config.yml".into()],
            files: Vec::new(),
            python_files: Vec::new(),
            properties: BTreeMap::from([("spark.sql.shuffle.partitions".to_owned(), "2".to_owned())]),
            environment: BTreeMap::new(),
            requirements: Vec::new(),
            outputs: vec![ExpectedOutput {
                name: "metrics".into(),
                kind: OutputKind::Json,
                at: format!("gs://churn-demo/output/{name}.json").parse().unwrap(),
                rows_min: 0,
                columns: vec!["auc".into()],
            }],
            deadline_s: 600,
            labels: BTreeMap::new(),
        }
    }

    /// A module beside the main script, and one in a folder, as a zip.
    async fn modules(&self) -> Vec<RunFile> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("steps")).unwrap();
        std::fs::write(dir.path().join("steps/clean.py"), "def cleaned(x):\n    return x\n").unwrap();
        let zipped = std::process::Command::new("python3")
            .args(["-m", "zipfile", "-c", "modules.zip", "steps"])
            .current_dir(dir.path())
            .status();
        assert!(zipped.unwrap().success());
        let zip = std::fs::read(dir.path().join("modules.zip")).unwrap();
        let mut files = Vec::new();
        for (name, content) in
            [("model/features.py", b"def twice(x):\n    return 2 * x\n".to_vec()), ("modules/all.zip", zip)]
        {
            let put = self.bucket.put(name, &content, Precondition::Any).await.unwrap();
            files.push(RunFile {
                from: format!("gs://churn-demo/{name}").parse().unwrap(),
                sha256: put.sha256,
            });
        }
        files
    }

    /// Watches to the end, and never sees the state go back, or success before the outputs were looked at.
    async fn watch(&self, spec: &RunSpec, done: impl Fn(&Observation) -> bool) -> Observation {
        let begun = Instant::now();
        let mut state = State::Requested;
        loop {
            let seen = self.target.advance(spec).await.unwrap();
            assert!(seen.state == state || state.may_become(&seen.state), "{state} -> {seen:?}");
            assert_ne!(seen.state, State::Succeeded);
            state = seen.state.clone();
            if done(&seen) {
                return seen;
            }
            assert!(begun.elapsed() < PATIENCE, "still {seen:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn finish(&self, name: &str, script: &str) -> (RunSpec, Observation) {
        let spec = self.spec(name, script).await;
        self.target.submit(&spec, &|_| {}).await.unwrap();
        let seen = self.watch(&spec, over).await;
        (spec, seen)
    }

    async fn clean_up(&self, spec: &RunSpec) {
        let begun = Instant::now();
        while self.target.cleanup(&spec.key).await.unwrap() != Cleanup::Proven {
            assert!(begun.elapsed() < PATIENCE);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(
            self.target.cleanup(&spec.key).await.unwrap(),
            Cleanup::Proven,
            "once more changes nothing"
        );
    }

    async fn verdict(&self, spec: &RunSpec, seen: &Observation) -> State {
        let since = seen.started_at.unwrap();
        runs::outputs::verdict(
            &runs::outputs::verify(&spec.outputs, &self.buckets, None, since).await.unwrap(),
        )
    }
}

fn over(seen: &Observation) -> bool {
    seen.state.is_end() || seen.state == State::Verifying
}

/// Writes through Spark's own file system, as a script on a cluster does.
const GOOD: &str = r#"
import sys
import features
from steps.clean import cleaned
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
# Here and where the executors are.
assert spark.sparkContext.parallelize([1, 2], 2).map(lambda x: cleaned(features.twice(x))).sum() == 6
spark.createDataFrame([(0.8,)], ["auc"]).coalesce(1).write.mode("overwrite").json("gs://churn-demo/output/good.json")
print("trained", sys.argv[1:], spark.conf.get("spark.sql.shuffle.partitions"))
"#;

async fn suite<T: Target>(given: Given<'_, T>) {
    let target = given.target;
    // A run nobody started.
    let unheard = RunKey::derive(&["conformance", "unheard"]);
    assert!(matches!(target.observe(&unheard).await, Err(Error::NotFound { .. })));

    // Success is verified output.
    let mut spec = given.spec("good", GOOD).await;
    spec.python_files = given.modules().await;
    let findings = target.preflight(&spec).await.unwrap();
    assert!(findings.iter().all(|finding| finding.severity != Severity::Blocking), "{findings:?}");
    let first = target.submit(&spec, &|_| {}).await.unwrap();
    assert!(!first.already_there && !first.command.is_empty());
    assert_eq!(first.staged[0].sha256, spec.main.sha256.unwrap());
    assert!(target.submit(&spec, &|_| {}).await.unwrap().already_there);
    let seen = given.watch(&spec, over).await;
    assert_eq!(seen.state, State::Verifying, "{seen:?}");
    assert!(seen.ended_at.unwrap() >= seen.started_at.unwrap());
    assert_eq!(given.verdict(&spec, &seen).await, State::Succeeded);
    let log = target.logs(&spec.key, LogStream::Output, 0).await.unwrap();
    assert!(log.text.contains("trained ['--configfile', './demo-config.yml'] 2"), "{log:?}");
    let tail = target.logs(&spec.key, LogStream::Output, 8).await.unwrap();
    assert!(tail.text.starts_with("['--configfile'"), "{tail:?}");
    given.clean_up(&spec).await;
    assert!(target.submit(&spec, &|_| {}).await.unwrap().already_there, "a run is never run twice");
    assert_eq!(target.observe(&spec.key).await.unwrap().state, State::Verifying);

    // Exit 0 without the output is a failure (D-16), and so is an exit code.
    let (spec, seen) = given.finish("swallowing", "print('ERROR: nothing was trained')\n").await;
    assert_eq!(seen.state, State::Verifying);
    assert!(matches!(
        given.verdict(&spec, &seen).await,
        State::Failed { reason: FailureReason::Output { .. } }
    ));
    given.clean_up(&spec).await;
    let (spec, seen) = given.finish("failing", "raise SystemExit(3)\n").await;
    assert!(matches!(seen.state, State::Failed { .. }) && seen.state.to_string().contains('3'), "{seen:?}");
    given.clean_up(&spec).await;

    // Cancelled for real, twice is once.
    let endless = "import time\nwhile True:\n    print('tick')\n    time.sleep(0.1)\n";
    let spec = given.spec("endless", endless).await;
    target.submit(&spec, &|_| {}).await.unwrap();
    given.watch(&spec, |seen| seen.state == State::Running).await;
    assert_eq!(
        target.cleanup(&spec.key).await.unwrap(),
        Cleanup::Required,
        "a living run is not cleaned away"
    );
    target.cancel(&spec.key).await.unwrap();
    let seen = given.watch(&spec, over).await;
    assert_eq!(seen.state, State::Cancelled);
    target.cancel(&spec.key).await.unwrap();
    given.clean_up(&spec).await;

    // Longer than it may.
    let spec = RunSpec { deadline_s: 3, ..given.spec("slow", "import time\ntime.sleep(3600)\n").await };
    target.submit(&spec, &|_| {}).await.unwrap();
    let seen = given.watch(&spec, over).await;
    assert_eq!(seen.state, State::Failed { reason: FailureReason::Deadline { limit_s: 3 } });
    given.clean_up(&spec).await;

    // Not what was approved.
    let spec = given.spec("swapped", "print(1)\n").await;
    given.bucket.put("model/swapped.py", b"print(2)\n", Precondition::Any).await.unwrap();
    assert!(target.preflight(&spec).await.unwrap().iter().any(|finding| finding.code == "not-approved"));
    assert!(matches!(target.submit(&spec, &|_| {}).await, Err(Error::Corrupt { .. })));
}

fn environments() -> PathBuf {
    std::env::var_os("COUNTERSIGN_ENVIRONMENTS")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("environments"), PathBuf::from)
}

fn no_java() -> bool {
    let missing = LocalSpark::new("unused", Buckets::default()).find_jdk().is_err();
    if missing {
        eprintln!("no JDK here: skipped");
    }
    missing
}

#[tokio::test(flavor = "multi_thread")]
async fn local_spark() {
    if no_java() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let bucket = Bucket::Folder(FolderBucket::create("churn-demo", &dir.path().join("churn-demo")).unwrap());
    let buckets = Buckets::of_folders_in(dir.path()).unwrap();
    let target = LocalSpark::new(dir.path().join("home"), buckets.clone()).with_environments(environments());
    suite(Given { target: &target, bucket, buckets }).await;
}

/// A sandbox 300 times faster than the cloud, with a bucket.
async fn rehearsal() -> (tempfile::TempDir, Sandbox, Dataproc, Bucket, Buckets) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("buckets/churn-demo")).unwrap();
    let options = Options {
        pace: Pace::faster(300.0),
        environments: Some(environments()),
        ..Options::in_folder(dir.path())
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let endpoints = Endpoints::all_at(&sandbox.url());
    let cloud = Arc::new(Cloud::new(Credentials::anonymous(), endpoints, Patience::default()).unwrap());
    let bucket = Bucket::Google(GoogleBucket::new("churn-demo", cloud.clone()).unwrap());
    let mut buckets = Buckets::default();
    buckets.add(bucket.clone());
    let dataproc = Dataproc::new(cloud, "my-project", "europe-west6").unwrap();
    (dir, sandbox, dataproc, bucket, buckets)
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
        pip_packages: Vec::new(),
        // The sandbox's clock runs 300 times faster; these are hours here.
        idle_delete_s: 14 * 24 * 3600,
        age_delete_s: 14 * 24 * 3600,
        provision_deadline_s: 600,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dataproc_workflows_inline_and_stored() {
    if no_java() {
        return;
    }
    for form in [Form::Inline, Form::Stored] {
        let (_dir, sandbox, dataproc, bucket, buckets) = rehearsal().await;
        let target = DataprocWorkflow::new(dataproc, template(), form, buckets.clone());
        suite(Given { target: &target, bucket, buckets }).await;
        sandbox.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dataproc_with_a_cluster_for_each_run() {
    if no_java() {
        return;
    }
    let (_dir, sandbox, dataproc, bucket, buckets) = rehearsal().await;
    let target = DataprocEphemeral::new(dataproc.clone(), template(), buckets.clone());
    suite(Given { target: &target, bucket, buckets }).await;
    assert!(dataproc.leftovers().await.unwrap().is_empty());
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dataproc_on_a_cluster_that_is_there() {
    if no_java() {
        return;
    }
    let (_dir, sandbox, dataproc, bucket, buckets) = rehearsal().await;
    // Somebody else's cluster, without a label of ours and without limits.
    let standing = "standing";
    let clusters = format!("{}/v1/projects/my-project/regions/europe-west6/clusters", sandbox.url());
    let cloud =
        Cloud::new(Credentials::anonymous(), Endpoints::all_at(&sandbox.url()), Patience::default()).unwrap();
    let made = serde_json::json!({ "projectId": "my-project", "clusterName": standing, "config": {} });
    cloud.converse("POST", &clusters, Some(&made)).await.unwrap();
    let begun = Instant::now();
    loop {
        let seen = cloud.converse("GET", &format!("{clusters}/{standing}"), None).await.unwrap();
        if seen["status"]["state"] == "RUNNING" {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{seen:#}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let target = DataprocExisting::new(dataproc.clone(), standing, buckets.clone());
    suite(Given { target: &target, bucket, buckets }).await;
    assert!(dataproc.leftovers().await.unwrap().is_empty());
    let seen = cloud.converse("GET", &format!("{clusters}/{standing}"), None).await.unwrap();
    assert_eq!(seen["status"]["state"], "RUNNING", "whose cluster it is decides when it goes");
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dataproc_serverless_batches() {
    if no_java() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("buckets/churn-demo")).unwrap();
    let options = Options { environments: Some(environments()), ..Options::in_folder(dir.path()) };
    let sandbox = Sandbox::start(options).await.unwrap();
    let endpoints = Endpoints::all_at(&sandbox.url());
    let cloud = Arc::new(Cloud::new(Credentials::anonymous(), endpoints, Patience::default()).unwrap());
    let bucket = Bucket::Google(GoogleBucket::new("churn-demo", cloud.clone()).unwrap());
    let mut buckets = Buckets::default();
    buckets.add(bucket.clone());
    let template = BatchTemplate { runtime_version: "2.3".into(), ..BatchTemplate::default() };
    let dataproc = Dataproc::new(cloud, "my-project", "europe-west6").unwrap();
    let target = DataprocServerless::new(dataproc, template, buckets.clone());
    suite(Given { target: &target, bucket, buckets }).await;
    sandbox.stop().await;
}
