//! Every run target, tried through its trait with real engines.
//!
//! The suite makes one virtual environment and shares it: in the folder named by `COUNTERSIGN_ENVIRONMENTS`, or
//! beside the build's own temporary files, so that PySpark is downloaded once per target folder. It needs a JDK and
//! Python 3 with `venv`.

// Tests may: a failed expectation is what they are for, and a skipped one says why.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use runs::bucket::{Bucket, Buckets, FolderBucket, Precondition};
use runs::local::LocalSpark;
use runs::{
    Cleanup, Error, ExpectedOutput, FailureReason, LogStream, Observation, OutputKind, RunFile, RunKey,
    RunSpec, State, Target,
};

/// A trivial Spark job takes 6 to 12 s on an idle machine; a busy one gets this long.
const PATIENCE: Duration = Duration::from_secs(240);

struct Desk {
    place: PathBuf,
    /// Removes the place in the end; a child process looks into its parent's and does not.
    _owned: Option<tempfile::TempDir>,
    target: LocalSpark,
    bucket: Bucket,
    buckets: Buckets,
}

fn environments() -> PathBuf {
    std::env::var_os("COUNTERSIGN_ENVIRONMENTS")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("environments"), PathBuf::from)
}

fn desk_at(place: &Path) -> Desk {
    let bucket =
        Bucket::Folder(FolderBucket::create("churn-demo", &place.join("buckets/churn-demo")).unwrap());
    let buckets = Buckets::of_folders_in(&place.join("buckets")).unwrap();
    let target = LocalSpark::new(place.join("home"), buckets.clone()).with_environments(environments());
    Desk { place: place.to_owned(), _owned: None, target, bucket, buckets }
}

fn desk() -> Desk {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_at(dir.path());
    Desk { _owned: Some(dir), ..desk }
}

async fn spec(desk: &Desk, name: &str, script: &str, deadline_s: u64) -> RunSpec {
    let object = format!("model/{name}.py");
    let put = desk.bucket.put(&object, script.as_bytes(), Precondition::Any).await.unwrap();
    let from = format!("gs://churn-demo/{object}").parse().unwrap();
    RunSpec {
        key: RunKey::derive(&["test", name]),
        main: RunFile { from, sha256: put.sha256 },
        args: Vec::new(),
        files: Vec::new(),
        python_files: Vec::new(),
        properties: Default::default(),
        environment: Default::default(),
        requirements: vec!["pyspark".into(), "PyYAML".into()],
        outputs: Vec::new(),
        deadline_s,
        labels: Default::default(),
    }
}

/// Watches until `done`, as a desk does: by asking again.
async fn watch(target: &LocalSpark, spec: &RunSpec, done: impl Fn(&Observation) -> bool) -> Observation {
    let begun = Instant::now();
    loop {
        let seen = target.advance(spec).await.unwrap();
        if done(&seen) {
            return seen;
        }
        assert!(begun.elapsed() < PATIENCE, "still {seen:?}: {}", log(target, spec, LogStream::Engine).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn over(seen: &Observation) -> bool {
    seen.state.is_end() || seen.state == State::Verifying
}

async fn log(target: &LocalSpark, spec: &RunSpec, stream: LogStream) -> String {
    let (mut text, mut offset) = (String::new(), 0);
    loop {
        let chunk = target.logs(&spec.key, stream, offset).await.unwrap();
        if chunk.next_offset == offset {
            return text;
        }
        offset = chunk.next_offset;
        text.push_str(&chunk.text);
    }
}

fn quiet(_: runs::Progress) {}

/// Says so and passes where there is no JDK: the message is tried by a unit test.
fn no_java(desk: &Desk) -> bool {
    let missing = desk.target.find_jdk().is_err();
    if missing {
        eprintln!("no JDK here: skipped");
    }
    missing
}

const TRAIN: &str = r#"
import argparse, json, os, yaml
from pyspark.sql import SparkSession
from pyspark.ml import Pipeline
from pyspark.ml.classification import GBTClassifier
from pyspark.ml.feature import VectorAssembler

parser = argparse.ArgumentParser()
parser.add_argument("--configfile")
config = yaml.safe_load(open(parser.parse_args().configfile))
spark = SparkSession.builder.appName(config["name"]).getOrCreate()
data = spark.range(200).selectExpr("id", "cast(id % 7 as double) as a", "cast(id % 2 as double) as label")
model = Pipeline(stages=[VectorAssembler(inputCols=["a"], outputCol="f"),
                         GBTClassifier(featuresCol="f", labelCol="label", maxIter=2, seed=1)]).fit(data)
model.write().overwrite().save(config["model"])
scored = model.transform(data).select("id", "prediction")
scored.write.mode("overwrite").parquet(config["scored"])
scored.write.mode("overwrite").option("header", "true").csv(config["scored"] + "-csv")
os.makedirs("out")
json.dump({"auc": 0.5, "rows": scored.count()}, open("out/metrics.json", "w"))
print("trained", scored.count(), "rows", os.environ.get("GREETING"))
"#;

const CONFIG: &str =
    "name: churn\nmodel: gs://churn-demo/output/model\nscored: gs://churn-demo/output/data\n";

fn output(name: &str, kind: OutputKind, at: &str, rows_min: u64, columns: &[&str]) -> ExpectedOutput {
    let columns = columns.iter().map(|c| (*c).to_owned()).collect();
    ExpectedOutput { name: name.into(), kind, at: at.parse().unwrap(), rows_min, columns }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_reads_and_writes_gs_paths_unchanged_and_its_outputs_are_proven() {
    let desk = desk();
    if no_java(&desk) {
        return;
    }
    let mut spec = spec(&desk, "train", TRAIN, 600).await;
    desk.bucket.put("model/demo-config.yml", CONFIG.as_bytes(), Precondition::Any).await.unwrap();
    spec.files.push(RunFile::at("gs://churn-demo/model/demo-config.yml".parse().unwrap()));
    spec.args = vec!["--configfile".into(), "./demo-config.yml".into()];
    spec.environment.insert("GREETING".into(), "it's here".into());
    spec.outputs = vec![
        output("model", OutputKind::Folder, "gs://churn-demo/output/model", 0, &[]),
        output("scored", OutputKind::Parquet, "gs://churn-demo/output/data", 200, &["id", "prediction"]),
        output("scored as CSV", OutputKind::Csv, "gs://churn-demo/output/data-csv", 200, &["prediction"]),
        output("metrics", OutputKind::Json, "out/metrics.json", 0, &["auc"]),
    ];
    assert_eq!(desk.target.preflight(&spec).await.unwrap(), []);
    assert!(matches!(desk.target.observe(&spec.key).await, Err(Error::NotFound { .. })));
    let start = Timestamp::now();
    let submission = desk.target.submit(&spec, &quiet).await.unwrap();
    assert!(!submission.already_there);
    assert_eq!(
        Some(submission.staged[0].sha256),
        spec.main.sha256,
        "which version runs is known by its digest"
    );

    // Asking again, also by another process, finds the same run.
    let again = desk.target.submit(&spec, &quiet).await.unwrap();
    assert!(again.already_there);
    assert_eq!(again.staged, submission.staged);

    let seen = watch(&desk.target, &spec, over).await;
    let engine_log = log(&desk.target, &spec, LogStream::Engine).await;
    assert_eq!(seen.state, State::Verifying, "{engine_log}");
    assert_eq!(seen.exit_code, Some(0));
    assert!(
        seen.started_at.unwrap() >= start - jiff::SignedDuration::from_secs(1)
            && seen.ended_at > seen.started_at
    );
    assert!(log(&desk.target, &spec, LogStream::Output).await.contains("trained 200 rows it's here"));
    assert!(engine_log.contains("INFO SparkContext"));

    let work = desk.target.work_folder(&spec.key);
    let since = seen.started_at.unwrap();
    let verified = runs::outputs::verify(&spec.outputs, &desk.buckets, Some(&work), since).await.unwrap();
    assert_eq!(runs::outputs::verdict(&verified), State::Succeeded);
    let proofs = verified.unwrap();
    assert_eq!(proofs[1].rows, Some(200));
    assert_eq!(proofs[1].columns, ["id", "prediction"]);
    assert_eq!(proofs[2].rows, Some(200));
    assert_eq!(proofs[3].document.as_ref().unwrap()["rows"], 200);
    // Metadata of the pipeline and its stages, and the trees.
    assert!(proofs[0].files >= 4 && proofs[0].rows.is_none(), "{:?}", proofs[0]);

    assert_eq!(seen.cleanup, Cleanup::Required);
    assert_eq!(desk.target.cleanup(&spec.key).await.unwrap(), Cleanup::Proven);
    assert_eq!(desk.target.observe(&spec.key).await.unwrap().cleanup, Cleanup::Proven);
    assert!(
        desk.target.logs(&spec.key, LogStream::Output, 0).await.unwrap().complete,
        "logs outlive the cleanup"
    );

    // The same key for something else is refused, and the first run is untouched.
    let other = RunSpec { args: vec!["--other".into()], ..spec.clone() };
    assert!(matches!(desk.target.submit(&other, &quiet).await, Err(Error::Conflict { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_and_a_success_without_outputs_are_both_failures_d16() {
    let desk = desk();
    if no_java(&desk) {
        return;
    }
    // These need no Spark session: spark-submit runs the script and passes its exit code on.
    let failing = spec(&desk, "failing", "import sys\nprint('about to fail')\nsys.exit(7)\n", 600).await;
    desk.target.submit(&failing, &quiet).await.unwrap();
    let mut swallowing =
        spec(&desk, "swallowing", "try:\n  1/0\nexcept Exception as e:\n  print('ERROR', e)\n", 600).await;
    swallowing.outputs =
        vec![output("metrics", OutputKind::Json, "gs://churn-demo/output/metrics.json", 0, &[])];
    desk.target.submit(&swallowing, &quiet).await.unwrap();

    let seen = watch(&desk.target, &failing, over).await;
    assert_eq!(seen.state, State::Failed { reason: FailureReason::ExitCode { code: 7 } });
    assert_eq!(log(&desk.target, &failing, LogStream::Output).await, "about to fail\n");

    let seen = watch(&desk.target, &swallowing, over).await;
    assert_eq!(seen.state, State::Verifying, "exit 0 is not success");
    let verified = runs::outputs::verify(&swallowing.outputs, &desk.buckets, None, seen.started_at.unwrap())
        .await
        .unwrap();
    let state = runs::outputs::verdict(&verified);
    assert!(matches!(&state, State::Failed { reason: FailureReason::Output { .. } }));
    assert!(state.to_string().contains("output `metrics` is missing"), "{state}");
}

/// Prints as it goes, and keeps a child of its own in another process group that ignores TERM.
const ENDLESS: &str = r#"
import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(3600)"],
                 start_new_session=True)
n = 0
while True:
    print("tick", n, flush=True)
    n += 1
    time.sleep(0.2)
"#;

#[tokio::test(flavor = "multi_thread")]
async fn logs_stream_while_it_runs_and_cancel_ends_everything_it_started() {
    let desk = desk();
    if no_java(&desk) {
        return;
    }
    let spec = spec(&desk, "endless", ENDLESS, 600).await;
    desk.target.submit(&spec, &quiet).await.unwrap();
    let begun = Instant::now();
    while !log(&desk.target, &spec, LogStream::Output).await.contains("tick 3") {
        assert!(begun.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let seen = desk.target.observe(&spec.key).await.unwrap();
    assert_eq!(seen.state, State::Running);
    assert!(!desk.target.logs(&spec.key, LogStream::Output, 0).await.unwrap().complete);
    assert_eq!(
        desk.target.cleanup(&spec.key).await.unwrap(),
        Cleanup::Required,
        "a living run is not cleaned away"
    );
    assert!(marked_processes(&desk, &spec) >= 3, "java, python and the child carry the mark");

    desk.target.cancel(&spec.key).await.unwrap();
    let seen = watch(&desk.target, &spec, over).await;
    assert_eq!(seen.state, State::Cancelled);
    assert_eq!(marked_processes(&desk, &spec), 0, "nothing of it runs on");
    desk.target.cancel(&spec.key).await.unwrap();
    assert_eq!(desk.target.cleanup(&spec.key).await.unwrap(), Cleanup::Proven);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_beyond_its_limit_is_stopped_and_has_failed() {
    let desk = desk();
    if no_java(&desk) {
        return;
    }
    let spec = spec(&desk, "slow", "import time\ntime.sleep(3600)\n", 3).await;
    desk.target.submit(&spec, &quiet).await.unwrap();
    let seen = watch(&desk.target, &spec, over).await;
    assert_eq!(seen.state, State::Failed { reason: FailureReason::Deadline { limit_s: 3 } });
    assert_eq!(marked_processes(&desk, &spec), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_what_was_approved_does_not_start() {
    let desk = desk();
    if no_java(&desk) {
        return;
    }
    let spec = spec(&desk, "swapped", "print('approved')\n", 600).await;
    desk.bucket.put("model/swapped.py", b"print('another')\n", Precondition::Any).await.unwrap();
    let findings = desk.target.preflight(&spec).await.unwrap();
    assert_eq!(findings.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["not-approved"]);
    let answer = desk.target.submit(&spec, &quiet).await;
    assert!(matches!(&answer, Err(Error::Corrupt { .. })), "{answer:?}");
    assert_eq!(desk.target.observe(&spec.key).await.unwrap().state, State::Preparing);
    assert_eq!(log(&desk.target, &spec, LogStream::Output).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn packages_that_do_not_exist_are_named_with_a_remedy() {
    let desk = desk();
    if no_java(&desk) {
        return;
    }
    let mut spec = spec(&desk, "requirements", "print(1)\n", 600).await;
    spec.requirements.push("pyyaml==0.0.0.1".into());
    let lines = std::sync::Mutex::new(Vec::new());
    let answer = desk.target.submit(&spec, &|p| lines.lock().unwrap().push(p.line)).await;
    let Err(Error::Pip { requirements, remedy, .. }) = &answer else { panic!("{answer:?}") };
    assert!(requirements.contains("`pyyaml==0.0.0.1`"));
    assert!(!remedy.is_empty());
    assert!(lines.lock().unwrap().iter().any(|line| line.contains("installing")), "progress is told");
}

/// Killed with -9 right after submitting; the run lives on and another process sees it to its end.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_survives_the_death_of_the_desk_that_submitted_it() {
    if let Some(place) = std::env::var_os("COUNTERSIGN_TEST_SUBMIT_IN") {
        // The child: submits and waits for its end.
        let desk = desk_at(Path::new(&place));
        let spec = spec(&desk, "orphan", ORPHAN, 600).await;
        desk.target.submit(&spec, &quiet).await.unwrap();
        std::fs::write(desk.place.join("submitted"), "").unwrap();
        std::future::pending::<()>().await;
    }
    let desk = desk();
    if no_java(&desk) {
        return;
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_run_survives_the_death_of_the_desk_that_submitted_it", "--nocapture"])
        .env("COUNTERSIGN_TEST_SUBMIT_IN", &desk.place)
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !desk.place.join("submitted").exists() {
        assert!(begun.elapsed() < PATIENCE && child.try_wait().unwrap().is_none(), "the child submitted");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();

    let spec = spec(&desk, "orphan", ORPHAN, 600).await;
    let again = desk.target.submit(&spec, &quiet).await.unwrap();
    assert!(again.already_there, "the second desk starts no second job");
    std::fs::write(desk.target.work_folder(&spec.key).join("go"), "").unwrap();
    let seen = watch(&desk.target, &spec, over).await;
    assert_eq!(seen.state, State::Verifying);
    assert_eq!(log(&desk.target, &spec, LogStream::Output).await, "started\nwent on\n", "it ran once");
}

const ORPHAN: &str = r#"
import os, time
print("started")
while not os.path.exists("go"):
    time.sleep(0.1)
print("went on")
"#;

/// The supervisor itself is killed: the run is still seen, can still be cancelled, and is never called a success.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_supervisor_was_killed_is_seen_cancelled_and_never_a_success() {
    let desk = desk();
    if no_java(&desk) {
        return;
    }
    let unwatched = |seen: &Observation| seen.engine_state == "running unwatched" || over(seen);
    let cancelled = spec(&desk, "unwatched", ENDLESS, 600).await;
    let vanished = spec(&desk, "vanished", ORPHAN, 600).await;
    for spec in [&cancelled, &vanished] {
        desk.target.submit(spec, &quiet).await.unwrap();
        watch(&desk.target, spec, |seen| seen.state == State::Running).await;
        kill_supervisor(&desk, spec);
        let seen = watch(&desk.target, spec, unwatched).await;
        assert_eq!(seen.state, State::Running, "{seen:?}");
    }
    desk.target.cancel(&cancelled.key).await.unwrap();
    assert_eq!(desk.target.observe(&cancelled.key).await.unwrap().state, State::Cancelled);
    assert_eq!(marked_processes(&desk, &cancelled), 0);

    std::fs::write(desk.target.work_folder(&vanished.key).join("go"), "").unwrap();
    let seen = watch(&desk.target, &vanished, over).await;
    assert!(matches!(seen.state, State::Failed { reason: FailureReason::Lost { .. } }), "{seen:?}");
    assert_eq!(desk.target.cleanup(&vanished.key).await.unwrap(), Cleanup::Proven);
}

fn kill_supervisor(desk: &Desk, spec: &RunSpec) {
    let text = std::fs::read_to_string(desk.target.run_folder(&spec.key).join("supervisor.json")).unwrap();
    let pid = serde_json::from_str::<serde_json::Value>(&text).unwrap()["pid"].as_i64().unwrap();
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
}

fn marked_processes(desk: &Desk, spec: &RunSpec) -> usize {
    let folder = desk.target.run_folder(&spec.key).canonicalize().unwrap();
    let mark = format!("COUNTERSIGN_RUN_FOLDER={}", folder.display()).into_bytes();
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| name.parse::<u32>().is_ok()))
        .filter_map(|entry| std::fs::read(entry.path().join("environ")).ok())
        .filter(|variables| variables.split(|b| *b == 0).any(|variable| variable == mark))
        .count()
}
