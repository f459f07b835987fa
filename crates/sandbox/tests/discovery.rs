//! What our client sends and what the sandbox answers, held against Google's discovery documents (`discovery.py`):
//! unknown fields, wrong types, unknown enum values and fields that only the service may write are failures.

// Tests may: a failed expectation is what they are for.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use runs::bucket::{Bucket, Buckets, GoogleBucket, PIECE_BYTES, Precondition};
use runs::cloud::{Cloud, Credentials, Endpoints, Patience};
use runs::dataproc::template::Machines;
use runs::dataproc::workflow::Form;
use runs::dataproc::{
    BatchTemplate, ClusterTemplate, Dataproc, DataprocEphemeral, DataprocServerless, DataprocWorkflow,
};
use runs::{Cleanup, RunFile, RunKey, RunSpec, State, Target};
use sandbox::{Options, Pace, Sandbox};

/// A virtual environment with the documents.
fn documents() -> PathBuf {
    let folder = std::env::var_os("COUNTERSIGN_GOOGLE_CLIENTS")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("google-documents"), PathBuf::from);
    let python = folder.join("bin/python");
    let ready = folder.join("ready-documents");
    if !ready.exists() {
        let made = std::process::Command::new("python3").args(["-m", "venv"]).arg(&folder).status().unwrap();
        assert!(made.success(), "python3 -m venv works");
        let install = ["-m", "pip", "install", "--quiet", "google-api-python-client==2.202.0"];
        let installed = std::process::Command::new(&python).args(install).status().unwrap();
        assert!(installed.success(), "the documents install");
        std::fs::write(ready, "").unwrap();
    }
    python
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_answers_are_what_googles_documents_say() {
    let dir = tempfile::tempdir().unwrap();
    let transcript = dir.path().join("transcript.jsonl");
    std::fs::create_dir_all(dir.path().join("buckets/churn-demo")).unwrap();
    let options = Options {
        pace: Pace::faster(1000.0),
        transcript: Some(transcript.clone()),
        ..Options::in_folder(dir.path())
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let endpoints = Endpoints::all_at(&sandbox.url());
    let cloud = Arc::new(Cloud::new(Credentials::anonymous(), endpoints, Patience::default()).unwrap());

    let bucket = Bucket::Google(GoogleBucket::new("churn-demo", cloud.clone()).unwrap());
    bucket.probe().await.unwrap();
    let put = bucket.put("model/train.py", b"print(1)\n", Precondition::Absent).await.unwrap();
    let large = dir.path().join("large");
    std::fs::write(&large, vec![7; PIECE_BYTES + 1]).unwrap();
    bucket.put_file("data/large", &large, None, Precondition::Absent, &|_| {}).await.unwrap();
    bucket.list("").await.unwrap();
    // Whom it tells of its objects: somebody asked for that by hand.
    let topic = serde_json::json!({
        "topic": "//pubsub.googleapis.com/projects/my-project/topics/ready", "payload_format": "JSON_API_V1",
        "event_types": ["OBJECT_FINALIZE"], "object_name_prefix": "model/",
    });
    let configs = format!("{}/storage/v1/b/churn-demo/notificationConfigs", sandbox.url());
    cloud.converse("POST", &configs, Some(&topic)).await.unwrap();
    let Bucket::Google(google) = &bucket else { panic!("{bucket:?}") };
    let listeners = google.listeners().await.unwrap();
    assert!(listeners[0].hears_of("model/_READY.json") && !listeners[0].hears_of("data/x"), "{listeners:?}");
    // As a service account, once.
    let own = Credentials::from_command(vec!["echo".into(), "own".into()]).unwrap();
    let endpoints = Endpoints::all_at(&sandbox.url());
    let runner = own.impersonating("runner@my-project.iam.gserviceaccount.com");
    let runner = Arc::new(Cloud::new(runner, endpoints, Patience::default()).unwrap());
    Bucket::Google(GoogleBucket::new("churn-demo", runner).unwrap()).probe().await.unwrap();
    bucket.fingerprint("model/train.py").await.unwrap();
    bucket.delete("data/large", Precondition::Any).await.unwrap();

    let mut buckets = Buckets::default();
    buckets.add(bucket);
    let machines = |count| Machines { count, machine_type: "n2-standard-4".into(), disk_gb: 100 };
    let template = ClusterTemplate {
        image_version: "2.3-debian12".into(),
        zone: "europe-west6-b".into(),
        subnetwork: "default".into(),
        service_account: "runner@my-project.iam.gserviceaccount.com".into(),
        staging_bucket: "churn-demo".into(),
        master: machines(1),
        workers: machines(2),
        properties: BTreeMap::from([("spark:spark.executor.cores".into(), "2".into())]),
        pip_packages: vec!["PyYAML".into()],
        idle_delete_s: 14 * 24 * 3600,
        age_delete_s: 14 * 24 * 3600,
        provision_deadline_s: 900,
    };
    let dataproc = Dataproc::new(cloud, "my-project", "europe-west6").unwrap();
    let target = DataprocEphemeral::new(dataproc.clone(), template.clone(), buckets.clone());
    let spec = RunSpec {
        key: RunKey::derive(&["discovery"]),
        main: RunFile { from: "gs://churn-demo/model/train.py".parse().unwrap(), sha256: put.sha256 },
        args: vec!["--x".into()],
        files: vec![RunFile::at("gs://churn-demo/model/train.py".parse().unwrap())],
        python_files: vec![RunFile::at("gs://churn-demo/model/train.py".parse().unwrap())],
        properties: BTreeMap::from([("spark.a".into(), "b".into())]),
        environment: BTreeMap::from([("WHO".into(), "me".into())]),
        requirements: Vec::new(),
        outputs: Vec::new(),
        deadline_s: 60,
        labels: BTreeMap::from([("workspace".into(), "demo".into())]),
    };
    let found = target.preflight(&spec).await.unwrap();
    assert!(found.iter().all(|finding| finding.code != "quota"), "{found:?}");
    target.submit(&spec, &|_| {}).await.unwrap();
    // What the job does is another test's business: this one strikes it, so that it needs no Spark.
    sandbox.misbehave(sandbox::faults::Fault {
        method: None,
        path: String::new(),
        after: 0,
        times: 1,
        kind: sandbox::faults::Kind::JobError,
    });
    let seen = loop {
        let seen = target.advance(&spec).await.unwrap();
        if seen.state.is_end() {
            break seen;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert!(matches!(seen.state, State::Failed { .. }), "{seen:?}");
    target.cancel(&spec.key).await.unwrap();
    assert_eq!(dataproc.leftovers().await.unwrap().len(), 1);
    while target.cleanup(&spec.key).await.unwrap() != Cleanup::Proven {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }

    // The same run as a workflow, stored and in one request.
    for form in [Form::Stored, Form::Inline] {
        let key = RunKey::derive(&["discovery", &format!("{form:?}")]);
        let spec = RunSpec { key, ..spec.clone() };
        let workflow = DataprocWorkflow::new(dataproc.clone(), template.clone(), form, buckets.clone());
        sandbox.misbehave(sandbox::faults::Fault {
            method: None,
            path: String::new(),
            after: 0,
            times: 1,
            kind: sandbox::faults::Kind::JobError,
        });
        workflow.submit(&spec, &|_| {}).await.unwrap();
        while !workflow.advance(&spec).await.unwrap().state.is_end() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        while workflow.cleanup(&spec.key).await.unwrap() != Cleanup::Proven {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    // A batch with every field of the lab's Airflow DAG (inventory S8S-13), struck the same way.
    let batches = BatchTemplate {
        runtime_version: "1.1".into(),
        container_image: "europe-docker.pkg.dev/my-project/spark/churn:1".into(),
        service_account: "s8s-lab-sa@my-project.iam.gserviceaccount.com".into(),
        subnetwork: "projects/my-project/regions/europe-west6/subnetworks/spark-snet".into(),
        staging_bucket: "churn-demo".into(),
        history_server: "projects/my-project/regions/europe-west6/clusters/s8s-sphs".into(),
        jars: vec!["gs://spark-lib/bigquery/spark-bigquery-with-dependencies_2.12-0.22.2.jar".into()],
        python_files: vec!["gs://churn-demo/model/common_utils.py".into()],
        network_tags: vec!["spark".into()],
    };
    let target = DataprocServerless::new(dataproc, batches, buckets);
    sandbox.misbehave(sandbox::faults::Fault {
        method: None,
        path: String::new(),
        after: 0,
        times: 1,
        kind: sandbox::faults::Kind::JobError,
    });
    let submission = target.submit(&spec, &|_| {}).await.unwrap();
    assert!(
        submission.command.contains("--history-server-cluster=projects/my-project"),
        "{}",
        submission.command
    );
    assert!(matches!(target.advance(&spec).await.unwrap().state, State::Failed { .. }));
    assert_eq!(target.cleanup(&spec.key).await.unwrap(), Cleanup::Proven);

    let python = tokio::task::spawn_blocking(documents).await.unwrap();
    let said = judged(&python, &transcript, &METHODS);
    assert!(said.ends_with("OK\n"), "{said}");

    // The judge judges: each of these differs in one place from what was really said.
    let text = std::fs::read_to_string(&transcript).unwrap();
    for (true_word, other, complaint) in [
        ("\"clusterName\"", "\"cluster_name\"", "is an unknown field"),
        ("\"imageVersion\":\"2.3-debian12\"", "\"imageVersion\":2.3", "is no string"),
        ("\"state\":\"RUNNING\"", "\"state\":\"state.done\"", "is no value of the enum"),
        ("\"idleDeleteTtl\":\"1209600s\"", "\"idleDeleteTtl\":\"14d\"", "is no duration"),
        ("\"ifGenerationMatch\"", "\"if_generation_match\"", "is an unknown parameter"),
        ("\"crc32c\":", "\"crc\":", "is an unknown field"),
        ("\"permissions\":[\"iam.", "\"permission\":[\"iam.", "is an unknown field"),
        ("\"metric\":\"CPUS\"", "\"metric\":\"VCPUS\"", "is no value of the enum"),
        ("\"payload_format\"", "\"payloadFormat\"", "is an unknown field"),
        ("jobs:submit", "jobs:start", "no method of Google's"),
        ("\"labels\":{", "\"status\":{},\"labels\":{", "is written by the service only"),
    ] {
        assert!(text.contains(true_word), "{true_word} {text}");
        let changed = dir.path().join("changed.jsonl");
        std::fs::write(&changed, text.replace(true_word, other)).unwrap();
        let said = judged(&python, &changed, &[]);
        assert!(said.contains(complaint) && !said.ends_with("OK\n"), "{other}: {said}");
    }
}

/// What the run and the migration above must have used.
const METHODS: [&str; 23] = [
    "cloudresourcemanager.projects.testIamPermissions",
    "iam.projects.serviceAccounts.testIamPermissions",
    "compute.regions.get",
    "iamcredentials.projects.serviceAccounts.generateAccessToken",
    "storage.notifications.list",
    "dataproc.projects.regions.workflowTemplates.create",
    "dataproc.projects.regions.workflowTemplates.instantiate",
    "dataproc.projects.regions.workflowTemplates.instantiateInline",
    "dataproc.projects.regions.workflowTemplates.delete",
    "dataproc.projects.locations.batches.create",
    "dataproc.projects.locations.batches.get",
    "storage.objects.insert",
    "storage.objects.list",
    "storage.objects.get",
    "storage.objects.delete",
    "storage.buckets.testIamPermissions",
    "dataproc.projects.regions.clusters.create",
    "dataproc.projects.regions.clusters.get",
    "dataproc.projects.regions.clusters.list",
    "dataproc.projects.regions.clusters.delete",
    "dataproc.projects.regions.jobs.submit",
    "dataproc.projects.regions.jobs.get",
    "dataproc.projects.regions.jobs.cancel",
];

fn judged(python: &Path, transcript: &Path, methods: &[&str]) -> String {
    let answer = std::process::Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/discovery.py"))
        .arg(transcript)
        .args(methods)
        .output()
        .unwrap();
    format!("{}{}", String::from_utf8_lossy(&answer.stderr), String::from_utf8_lossy(&answer.stdout))
}
