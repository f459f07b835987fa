//! Runs in the cloud, at a sandbox whose jobs leave what a real one would: whose desk goes on with them, what they say, and
//! what happens when a place cannot be reached.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::{App, Code};
use sandbox::faults::{Fault, Kind, UNKNOWN_STATE};
use sandbox::{Jobs, Options, Pace, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::desk::{self, BUCKET, CHAMPION, Desk, text};

const PROJECT: &str = "cloud-project";
const REGION: &str = "europe-west6";
/// Whoever has not ended by then never will.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the scripts of the demonstration leave, as far as anybody looks at it.
fn outputs() -> BTreeMap<String, Vec<u8>> {
    let files: [(&str, &[u8]); 3] = [
        ("output/data/part-0.csv", b"customer_id,churn,prediction,P_CHURN1\n1,0,0,0.2\n"),
        ("output/metrics/part-0.json", br#"{"auc": 0.75}"#),
        ("output/model/metadata/part-00000", b"a pipeline"),
    ];
    files.into_iter().map(|(name, content)| (name.to_owned(), content.to_vec())).collect()
}

/// A cloud, and a desk in whose workspace a version is approved and a target at that cloud is named.
struct Story {
    cloud: Sandbox,
    folder: TempDir,
    desk: Desk,
}

impl Story {
    async fn told(name: &str) -> Self {
        Self::told_at_pace(name, 1).await
    }

    /// The same at a cloud whose clusters and jobs take so many looks.
    async fn told_at_pace(name: &str, looks: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("cloud/buckets").join(BUCKET)).unwrap();
        let options = Options {
            pace: Pace { looks: Some(looks), ..Pace::faster(1.0) },
            jobs: Jobs::Leave(outputs()),
            ..Options::in_folder(folder.path().join("cloud"))
        };
        let cloud = Sandbox::start(options).await.unwrap();
        let (desk, instance) = Desk::started_in_memory(name).await;
        desk.decide(&instance, true).await;
        desk.settle().await;
        desk.act_as("dana").await;
        let target = json!({
            "name": "cluster", "kind": "dataproc-cluster", "cloud_project": PROJECT, "region": REGION,
            "endpoint": cloud.url(),
        });
        desk.ok("runs.add_target", target).await;
        Self { cloud, folder, desk }
    }

    /// The same, with the version migrated to the cloud's bucket and trained there.
    async fn trained(name: &str) -> Self {
        let story = Self::told(name).await;
        let wanted = json!({"version": CHAMPION, "bucket": BUCKET, "target": "cluster"});
        story.desk.ok("runs.migrate", wanted).await;
        story.desk.settle().await;
        let runs = story.desk.ok("runs.list", json!({})).await;
        let states: Vec<(String, String)> = runs["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|run| (text(&run["kind"]), text(&run["state"])))
            .collect();
        let done = |kind: &str| (kind.to_owned(), "succeeded".to_owned());
        assert_eq!(states, [done("train"), done("migrate")], "{runs:#}");
        story
    }

    /// Another desk at the same workspace, where only `member` has a key.
    async fn home_of(&self, member: &str) -> App {
        let home = self.folder.path().join(format!("home of {member}"));
        std::fs::create_dir_all(home.join("keys")).unwrap();
        for entry in std::fs::read_dir(self.desk.home().join("keys")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name.contains(&format!(".{member}.")) {
                std::fs::copy(&path, home.join("keys").join(name)).unwrap();
            }
        }
        let place = text(&self.desk.ok("workspace.status", json!({})).await["workspace"]["url"]);
        desk::open_at(&self.desk.clock, &home, Some(Path::new(&place)), Some(member)).await
    }

    async fn submit(&self, app: &App) -> String {
        let wanted = json!({"kind": "train", "version": CHAMPION, "target": "cluster"});
        text(&desk::ok(app, "runs.submit", wanted).await["id"])
    }

    /// The latest run of a kind, once it is in one of these states.
    async fn reached(&self, kind: &str, wanted: &[&str]) -> Value {
        let reached = async {
            loop {
                let runs = self.desk.ok("runs.list", json!({"kind": kind})).await;
                let run = runs["rows"][0].clone();
                if wanted.contains(&run["state"].as_str().unwrap_or_default()) {
                    return run;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, reached).await.expect("the run gets there")
    }

    async fn run(&self, app: &App, run: &str) -> Value {
        desk::ok(app, "runs.show", json!({"run": run})).await
    }
}

async fn settle(app: &App) {
    let settled: std::pin::Pin<Box<dyn Future<Output = Result<(), app::Failure>> + '_>> =
        Box::pin(app.settle());
    tokio::time::timeout(PATIENCE, settled).await.expect("it settles").unwrap();
}

fn ended(page: &Value) -> (&str, bool) {
    (page["run"]["state"].as_str().unwrap(), page["run"]["closed"].as_bool().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_driven_by_whoever_asked_for_it_and_by_others_once_that_desk_is_gone() {
    let story = Story::trained("whose desk").await;
    let (ana, robot) = (story.home_of("ana").await, story.home_of("robot").await);

    // A data scientist may not carry out what processes ask for, and her own run goes on all the same.
    assert!(!ana.carries_out().unwrap() && robot.carries_out().unwrap());
    let own = story.submit(&ana).await;
    settle(&ana).await;
    let page = story.run(&ana, &own).await;
    assert_eq!(ended(&page), ("succeeded", true), "{page:#}");

    // Her desk goes for good, once before anything was done and once with a wish to stop that nobody heard.
    let (left, stopped) = (story.submit(&ana).await, story.submit(&ana).await);
    desk::ok(&ana, "runs.cancel", json!({"run": stopped})).await;
    drop(ana);
    settle(&robot).await;
    for run in [&left, &stopped] {
        assert_eq!(
            story.run(&robot, run).await["run"]["state"],
            "requested",
            "her desk may still go on with it"
        );
    }
    story.desk.clock.advance(Duration::from_secs(31 * 60));
    settle(&robot).await;
    let page = story.run(&robot, &left).await;
    assert_eq!(ended(&page), ("succeeded", true), "{page:#}");
    let page = story.run(&robot, &stopped).await;
    assert_eq!(ended(&page), ("cancelled", true), "{page:#}");
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_may_not_reach_the_cloud_ends_nobodys_run() {
    let story = Story::trained("no access").await;
    let (ana, robot) = (story.home_of("ana").await, story.home_of("robot").await);
    let left = story.submit(&ana).await;
    drop(ana);
    story.desk.clock.advance(Duration::from_secs(31 * 60));
    let denied = Kind::Status { code: 403, retry_after_s: None };
    story.cloud.misbehave(Fault {
        method: None,
        path: "/v1/projects".into(),
        after: 0,
        times: 10_000,
        kind: denied,
    });
    settle(&robot).await;
    let page = story.run(&robot, &left).await;
    assert_eq!(page["run"]["ended_at"], Value::Null, "{page:#}");
    story.cloud.behave();
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_homes_over_one_bucket_ask_for_one_run_an_object_and_generation() {
    let story = Story::told("one run").await;
    let (robot, dana) = (story.home_of("robot").await, story.home_of("dana").await);
    let wanted = json!({"version": CHAMPION, "bucket": BUCKET, "target": "cluster"});
    desk::ok(&dana, "runs.migrate", wanted).await;
    tokio::join!(settle(&robot), settle(&dana));
    tokio::join!(settle(&robot), settle(&dana));
    let runs = story.desk.ok("runs.list", json!({"kind": "train"})).await;
    assert_eq!((&runs["total"], &runs["rows"][0]["state"]), (&json!(1), &json!("succeeded")), "{runs:#}");
    // The same content written again is another generation, and another run.
    let marker = story.folder.path().join("cloud/buckets").join(BUCKET).join("model/_READY.json");
    std::fs::write(&marker, std::fs::read(&marker).unwrap()).unwrap();
    tokio::join!(settle(&robot), settle(&dana));
    let runs = story.desk.ok("runs.list", json!({"kind": "train"})).await;
    assert_eq!(runs["total"], 2, "{runs:#}");
    let report = story.desk.ok("workspace.verify", json!({})).await;
    assert_eq!(report["void"], json!([]), "{report:#}");
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_run_asks_the_cloud_nothing() {
    let story = Story::trained("its page").await;
    let run = text(&story.desk.ok("runs.list", json!({})).await["rows"][0]["id"]);
    let live = story.submit(&story.desk.app).await;
    let before = story.cloud.requests();
    for run in [&run, &live] {
        story.run(&story.desk.app, run).await;
    }
    assert_eq!(story.cloud.requests(), before);
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_answers_nonsense_holds_up_nothing_else() {
    let story = Story::trained("nonsense").await;
    let nonsense = Kind::Status { code: 400, retry_after_s: None };
    story.cloud.misbehave(Fault {
        method: None,
        path: "_READY.json".into(),
        after: 0,
        times: 10_000,
        kind: nonsense,
    });
    // Something else is due: a migration into a folder of this desk.
    let folder = story.desk.bucket(BUCKET);
    story.desk.act_as("dana").await;
    story.desk.ok("runs.migrate", json!({"version": CHAMPION, "bucket": BUCKET})).await;
    story.desk.settle().await;
    assert!(folder.join("model/_READY.json").is_file());
    story.cloud.behave();
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_whose_sandbox_is_off_waits_and_nobody_waits_for_it() {
    let story = Story::told("switched off").await;
    story.desk.act_as("dana").await;
    let rehearsal = json!({"version": CHAMPION, "bucket": BUCKET, "target": "cluster", "rehearse": true});
    let run = text(&story.desk.ok("runs.migrate", rehearsal).await["id"]);
    settle(&story.desk.app).await;
    let page = story.run(&story.desk.app, &run).await;
    assert_eq!(page["run"]["ended_at"], Value::Null, "{page:#}");
    // It is tried again now and then, which is no beginning.
    let tick = story.desk.app.tick().await.unwrap();
    assert_eq!(tick.runs, 0);
    story.desk.ok("runs.cancel", json!({"run": run})).await;
    let stopped = story.run(&story.desk.app, &run).await;
    assert_eq!(stopped["stop_asked_by"], "dana");
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_credential_comes_into_the_ledger() {
    let story = Story::trained("credentials").await;
    let version = CHAMPION;
    let rows = [
        (
            "runs.submit",
            json!({"kind": "train", "version": version, "target": "cluster", "properties": {"spark.hadoop.fs.s3a.secret.key": "wJalrX"}}),
        ),
        (
            "runs.submit",
            json!({"kind": "train", "version": version, "target": "cluster", "args": ["--db-password=wJalrX"]}),
        ),
        (
            "runs.add_schedule",
            json!({"name": "s", "version": version, "kind": "train", "rule": "every 2 days at 06:30", "args": ["--api-key", "wJalrX"]}),
        ),
        (
            "runs.keep_cluster_template",
            json!({"name": "t", "decisions": [], "shape": shape(json!({"spark:spark.ssl.keyPassword": "wJalrX"}))}),
        ),
        (
            "runs.add_target",
            json!({"name": "u", "kind": "dataproc-cluster", "cloud_project": PROJECT, "region": REGION, "shape": shape(json!({"spark:spark.ssl.keyPassword": "wJalrX"}))}),
        ),
    ];
    story.desk.act_as("dana").await;
    for (command, request) in rows {
        let failure = story.desk.refused(command, request).await;
        assert_eq!(failure.code, Code::Refused, "{command}: {failure}");
        assert!(failure.message.contains("looks like a credential"), "{command}: {failure}");
        assert!(!failure.to_string().contains("wJalrX"), "{command}: {failure}");
    }
    story.cloud.stop().await;
}

fn shape(properties: Value) -> Value {
    json!({
        "image_version": "2.3-debian12", "zone": "", "subnetwork": "", "service_account": "", "staging_bucket": "",
        "master": {"count": 1, "machine_type": "n2-standard-4", "disk_gb": 100},
        "workers": {"count": 0, "machine_type": "n2-standard-4", "disk_gb": 100},
        "properties": properties, "pip_packages": [], "idle_delete_s": 1800, "age_delete_s": 14400, "provision_deadline_s": 900,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_what_was_approved_is_recorded_told_and_shown_in_the_readers_language() {
    let story = Story::trained("reconciled").await;
    let desk = &story.desk;
    let object = story.folder.path().join("cloud/buckets").join(BUCKET).join("model/train.py");
    std::fs::write(&object, "print('not what was approved')\n").unwrap();
    desk.act_as("dana").await;
    let found = desk.ok("runs.reconcile", json!({})).await;
    let differs = json!([{"path": "train.py", "how": "it holds other content than was approved"}]);
    assert_eq!(found[0]["differs"], differs, "{found:#}");
    let page =
        |list: &Value| list.as_array().unwrap().iter().find(|row| row["name"] == BUCKET).unwrap().clone();
    assert_eq!(page(&desk.ok("runs.buckets", json!({})).await)["differs"], differs);
    let ledger = desk.ok("ledger.list", json!({})).await.to_string();
    assert!(ledger.contains("found one object in the bucket"), "{ledger}");
    // Once, to the engineers and to whoever asked for the migration.
    desk.ok("runs.reconcile", json!({})).await;
    let titles = desk.notices("dana").await;
    let told = titles.iter().filter(|title| title.contains("not what was approved")).count();
    assert_eq!(told, 1, "{titles:?}");

    let mut settings = desk.ok("settings.show", json!({})).await;
    settings["language"] = "pt-BR".into();
    desk.ok("settings.change", settings).await;
    let listed = page(&desk.ok("runs.buckets", json!({})).await);
    assert_eq!(listed["differs"][0]["how"], "contém algo diferente do que foi aprovado");
    let notices = desk.ok("notices.list", json!({})).await;
    let bodies: Vec<String> =
        notices["rows"].as_array().unwrap().iter().map(|row| text(&row["body"])).collect();
    let expected = format!("Em `{BUCKET}`: `train.py`: contém algo diferente do que foi aprovado.");
    assert!(bodies.contains(&expected), "{bodies:#?}");
    let run = text(&desk.ok("runs.list", json!({"kind": "train"})).await["rows"][0]["id"]);
    let shown = story.run(&desk.app, &run).await;
    let stages = shown["stages"].to_string();
    assert!(
        stages.contains("lendo as saídas declaradas") && stages.contains("saídas verificadas"),
        "{stages}"
    );
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_output_that_is_missing_is_said_in_the_readers_language_and_to_whoever_asked() {
    let story = Story::trained("missing").await;
    let ana = story.home_of("ana").await;
    let mut settings = desk::ok(&ana, "settings.show", json!({})).await;
    settings["language"] = "pt-BR".into();
    desk::ok(&ana, "settings.change", settings).await;
    let outputs = story.folder.path().join("cloud/buckets").join(BUCKET).join("output");
    std::fs::remove_dir_all(&outputs).unwrap();
    story.cloud.misbehave(Fault {
        method: None,
        path: String::new(),
        after: 0,
        times: 1,
        kind: Kind::JobWithoutOutput,
    });
    let run = story.submit(&ana).await;
    settle(&ana).await;
    let page = story.run(&ana, &run).await;
    assert_eq!(ended(&page), ("failed", true), "{page:#}");
    assert!(
        page["outputs"].as_array().unwrap().iter().all(|output| output["problem"] == "falta"),
        "{page:#}"
    );
    assert!(text(&page["run"]["reason"]).starts_with("a saída `"), "{page:#}");
    // The requester is no engineer, and hears of it all the same.
    let notices = desk::ok(&ana, "notices.list", json!({})).await;
    let told = notices["rows"].as_array().unwrap().iter().find(|row| row["link"] == format!("/runs/{run}"));
    assert!(text(&told.unwrap()["body"]).starts_with("a saída `"), "{notices:#}");
    story.cloud.stop().await;
}

/// How often somebody was told so, once it was.
async fn told(desk: &Desk, title: &str) -> usize {
    let told = async {
        loop {
            let titles = desk.notices("dana").await;
            match titles.iter().filter(|there| *there == title).count() {
                0 => tokio::time::sleep(Duration::from_millis(100)).await,
                times => return times,
            }
        }
    };
    tokio::time::timeout(PATIENCE, told).await.unwrap_or_else(|_| panic!("nobody is told: {title}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_takes_long_is_told_to_be_late_and_one_that_leaves_a_cluster_to_leak_each_once() {
    let story = Story::told_at_pace("late and leaking", 6).await;
    let wanted = json!({"version": CHAMPION, "bucket": BUCKET, "target": "cluster"});
    story.desk.ok("runs.migrate", wanted).await;
    let survives =
        Fault { method: None, path: String::new(), after: 0, times: 1, kind: Kind::ClusterSurvives };
    story.cloud.misbehave(survives);
    // What it waits for in the end never comes: it looks for as long as the test asks.
    let driven = async {
        settle(&story.desk.app).await;
        std::future::pending::<()>().await;
    };
    let asked = async {
        let run = story.reached("train", &["running"]).await;
        let page = story.run(&story.desk.app, &text(&run["id"])).await;
        let label = text(&page["run"]["version_label"]);
        let deadline_s = page["deadline_s"].as_u64().unwrap();
        story.desk.clock.advance(Duration::from_secs(deadline_s * 85 / 100));
        assert_eq!(told(&story.desk, &format!("Run is late: train of {label}")).await, 1);
        let run = story.reached("train", &["succeeded", "failed"]).await;
        assert_eq!((&run["state"], &run["closed"]), (&json!("succeeded"), &json!(false)), "{run:#}");
        story.desk.clock.advance(Duration::from_secs(16 * 60));
        assert_eq!(told(&story.desk, &format!("Run is leaking: train of {label}")).await, 1);
        tokio::time::sleep(Duration::from_secs(1)).await;
        let titles = story.desk.notices("dana").await;
        for word in ["late", "leaking"] {
            let of_it = |title: &&String| title.starts_with(&format!("Run is {word}"));
            assert_eq!(titles.iter().filter(of_it).count(), 1, "{titles:?}");
        }
        let page = story.run(&story.desk.app, &text(&run["id"])).await;
        assert_eq!(ended(&page), ("succeeded", false), "what survives its deletion is never called gone");
    };
    tokio::select! {
        () = Box::pin(driven) => {}
        () = Box::pin(asked) => {}
    }
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_nobody_knows_is_told_once_and_the_run_is_watched_to_its_end() {
    let story = Story::told_at_pace("unknown state", 3).await;
    let target = json!({
        "name": "batch", "kind": "dataproc-serverless", "cloud_project": PROJECT, "region": REGION,
        "endpoint": story.cloud.url(),
    });
    story.desk.ok("runs.add_target", target).await;
    for target in ["cluster", "batch"] {
        let unknown = Fault { method: None, path: String::new(), after: 0, times: 1, kind: Kind::JobUnknown };
        story.cloud.misbehave(unknown);
        if target == "cluster" {
            // Its marker sets the run off.
            let wanted = json!({"version": CHAMPION, "bucket": BUCKET, "target": target});
            story.desk.ok("runs.migrate", wanted).await;
        } else {
            let wanted = json!({"kind": "train", "version": CHAMPION, "target": target});
            story.desk.ok("runs.submit", wanted).await;
        }
        settle(&story.desk.app).await;
        let run = story.reached("train", &["succeeded", "failed"]).await;
        let page = story.run(&story.desk.app, &text(&run["id"])).await;
        assert_eq!(ended(&page), ("succeeded", true), "{target}: {page:#}");
        assert!(page["stages"].to_string().contains(UNKNOWN_STATE), "{target}: {:#}", page["stages"]);
        let notices = story.desk.ok("notices.list", json!({})).await;
        let link = format!("/runs/{}", text(&run["id"]));
        let of_it = |row: &&Value| row["link"] == link && text(&row["title"]).contains("nobody here knows");
        let told: Vec<&Value> = notices["rows"].as_array().unwrap().iter().filter(of_it).collect();
        assert_eq!(told.len(), 1, "{target}: {notices:#}");
        assert!(text(&told[0]["body"]).contains(&format!("`{UNKNOWN_STATE}`")), "{:#}", told[0]);
    }
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_refuses_is_told_once_and_one_that_keeps_its_answers_holds_up_nothing_else() {
    let story = Story::trained("refusing").await;
    let dana = Arc::new(story.home_of("dana").await);
    assert!(dana.carries_out().unwrap());
    let said: Mutex<Vec<app::Failure>> = Mutex::default();
    let watching = Box::pin(
        Arc::clone(&dana).watch(|failure: &app::Failure| said.lock().unwrap().push(failure.clone())),
    );
    let marker = |kind| Fault { method: None, path: "_READY.json".into(), after: 0, times: 10_000, kind };
    let asked = async {
        // Many looks in a row are refused.
        story.cloud.misbehave(marker(Kind::Status { code: 403, retry_after_s: None }));
        let before = story.cloud.requests();
        while story.cloud.requests() < before + 10 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        story.cloud.behave();
        let told = said.lock().unwrap().clone();
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(told[0].code, Code::Denied, "{told:#?}");
        assert!(told[0].message.contains(BUCKET), "{told:#?}");

        // A look that gets no answer is under way for as long as the place likes; a migration elsewhere gets on meanwhile.
        story.cloud.misbehave(marker(Kind::HoldBefore));
        let held = story.cloud.held().await;
        assert!(held.contains("_READY.json"), "{held}");
        let folder = story.folder.path().join("home of dana/buckets").join(BUCKET);
        std::fs::create_dir_all(&folder).unwrap();
        desk::ok(&dana, "runs.migrate", json!({"version": CHAMPION, "bucket": BUCKET})).await;
        while !folder.join("model/_READY.json").is_file() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        story.cloud.behave();
    };
    tokio::select! {
        () = watching => {}
        () = Box::pin(async { tokio::time::timeout(PATIENCE, asked).await.expect("the desk goes on") }) => {}
    }
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_nobody_owns_is_told_of_once() {
    let story = Story::trained("leaks").await;
    let ids = text(&story.desk.ok("workspace.status", json!({})).await["workspace"]["id"]);
    let label = ids.trim_start_matches("sha256:")[..16].to_owned();
    let clusters = format!("/v1/projects/{PROJECT}/regions/{REGION}/clusters");
    let orphan = json!({
        "projectId": PROJECT, "clusterName": "orphan", "config": {},
        "labels": {"countersign-run": "cs-orphan", "countersign-workspace": label},
    });
    ask(&story.cloud.url(), "POST", &clusters, &orphan.to_string()).await;
    story.desk.clock.advance(Duration::from_secs(11 * 60));
    // The look for leftovers is made when a desk is opened, and every few minutes then.
    let robot = story.home_of("robot").await;
    settle(&robot).await;
    settle(&story.home_of("dana").await).await;
    let titles = story.desk.notices("dana").await;
    assert_eq!(titles.iter().filter(|title| *title == "Leaking: orphan").count(), 1, "{titles:?}");
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_that_could_run_nothing_says_so_in_the_readers_language() {
    let story = Story::told("idle schedule").await;
    let desk = &story.desk;
    desk.act_as("dana").await;
    let schedule = json!({"name": "Nightly", "version": CHAMPION, "kind": "train", "target": "cluster", "rule": "every 2 days at 02:00 in UTC"});
    desk.ok("runs.add_schedule", schedule).await;
    desk.clock.advance(Duration::from_secs(75 * 3600));
    desk.settle().await;
    let titles = desk.notices("dana").await;
    assert_eq!(titles.iter().filter(|title| *title == "Nightly: nothing was run").count(), 1, "{titles:?}");
    let english = desk.ok("runs.schedules", json!({})).await;
    let mut settings = desk.ok("settings.show", json!({})).await;
    settings["language"] = "pt-BR".into();
    desk.ok("settings.change", settings).await;
    let portuguese = desk.ok("runs.schedules", json!({})).await;
    let problem = |list: &Value| text(&list[0]["firings"][0]["problem"]);
    assert!(problem(&english).contains("migrated"), "{english:#}");
    assert!(
        problem(&portuguese).contains("migrad") && problem(&portuguese) != problem(&english),
        "{portuguese:#}"
    );
    // The words of the rule are those of the desk too.
    assert_ne!(portuguese[0]["words"], english[0]["words"]);
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_in_the_cloud_is_named_with_its_command() {
    let story = Story::trained("missing permissions").await;
    let desk = &story.desk;
    desk.act_as("dana").await;
    let mut shape = shape(json!({}));
    shape["service_account"] = "runner@cloud-project.iam.gserviceaccount.com".into();
    let target = json!({
        "name": "as-runner", "kind": "dataproc-cluster", "cloud_project": PROJECT, "region": REGION,
        "endpoint": story.cloud.url(), "shape": shape,
    });
    desk.ok("runs.add_target", target).await;
    let wanted = json!({"kind": "train", "version": CHAMPION, "target": "as-runner"});
    let found = desk.ok("runs.preflight", wanted.clone()).await;
    assert_eq!(found["may_go_on"], true, "{:#}", found["findings"]);
    assert!(found["data"].to_string().contains("data/train.csv"), "{:#}", found["data"]);
    story.cloud.misbehave(Fault {
        method: None,
        path: String::new(),
        after: 0,
        times: 1,
        kind: Kind::Permission,
    });
    let found = desk.ok("runs.preflight", wanted).await;
    for (code, part) in [
        ("dataproc-role", "gcloud projects add-iam-policy-binding cloud-project"),
        ("service-account", "gcloud iam service-accounts add-iam-policy-binding runner@"),
    ] {
        let finding = found["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == code);
        let message = text(&finding.unwrap_or_else(|| panic!("{code}: {found:#}"))["message"]);
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(found["may_go_on"], false);
    story.cloud.behave();
    let missing =
        json!({"kind": "migrate", "version": CHAMPION, "target": "as-runner", "bucket": "no-such-bucket"});
    let found = desk.ok("runs.preflight", missing).await;
    let finding = found["findings"].as_array().unwrap().iter().find(|one| one["code"] == "bucket-missing");
    let message = text(&finding.unwrap_or_else(|| panic!("{found:#}"))["message"]);
    assert!(message.contains("gcloud storage buckets create gs://no-such-bucket"), "{message}");
    story.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_shown_a_page_of_one_folder_at_a_time() {
    let story = Story::told("pages").await;
    let root = story.folder.path().join("cloud/buckets").join(BUCKET);
    std::fs::create_dir_all(root.join("data/deep")).unwrap();
    for number in 0..1005 {
        std::fs::write(root.join(format!("data/part-{number:05}")), "x").unwrap();
    }
    std::fs::write(root.join("data/deep/further"), "x").unwrap();
    let folder = story.desk.bucket("pages-bucket");
    for number in 0..1005 {
        std::fs::create_dir_all(folder.join("data/deep")).unwrap();
        std::fs::write(folder.join(format!("data/part-{number:05}")), "x").unwrap();
    }
    story.desk.act_as("dana").await;
    for mut wanted in [
        json!({"bucket": BUCKET, "target": "cluster", "prefix": "data"}),
        json!({"bucket": "pages-bucket", "prefix": "data/"}),
    ] {
        let first = story.desk.ok("runs.list_objects", wanted.clone()).await;
        assert_eq!(first["folders"], json!(["data/deep/"]));
        assert_eq!(first["objects"].as_array().unwrap().len(), 999, "a page holds a thousand");
        wanted["after"] = first["next"].clone();
        let second = story.desk.ok("runs.list_objects", wanted).await;
        let names: Vec<String> =
            second["objects"].as_array().unwrap().iter().map(|row| text(&row["name"])).collect();
        assert_eq!((names.len(), names.last().unwrap().as_str()), (6, "data/part-01004"));
        assert_eq!((&second["next"], &second["folders"]), (&Value::Null, &json!([])));
    }
    story.cloud.stop().await;
}

/// One request as it is written.
async fn ask(url: &str, method: &str, path: &str, body: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let host = url.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
