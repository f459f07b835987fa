//! The built-in processes, played live to every end: real runs at a cloud on loopback whose jobs leave what training leaves,
//! real approvals, and months that go by.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use sandbox::{Jobs, Options, Pace, Sandbox};
use serde_json::{Value, json};

use crate::desk::{BUCKET, CHAMPION, Desk, PROJECT, text};
use crate::monitoring::{guessed, watching_at};

/// The target at the cloud on loopback.
const TARGET: &str = "batch";
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What the training scripts of the demonstration leave, as far as anybody looks at it.
fn outputs() -> BTreeMap<String, Vec<u8>> {
    let files: [(&str, &[u8]); 4] = [
        (
            "output/scored/part-0.csv",
            b"customer_id,churn,P_CHURN0,P_CHURN1,EM_CLASSIFICATION,EM_EVENTPROBABILITY\n1,0,0.8,0.2,0,0.2\n",
        ),
        ("output/data/part-0.csv", b"customer_id,churn,prediction,P_CHURN1\n1,0,0,0.2\n"),
        ("output/metrics/part-0.json", br#"{"auc": 0.75}"#),
        ("output/model/metadata/part-00000", b"a pipeline"),
    ];
    files.into_iter().map(|(name, content)| (name.to_owned(), content.to_vec())).collect()
}

/// A desk whose champion is watched by `sam`, with a cloud, people for every task, and a template that is ready to start.
struct Play {
    desk: Desk,
    cloud: Sandbox,
    definition: String,
    instance: String,
}

impl Play {
    async fn of(template: &str, workspace: &str) -> Self {
        let desk = Desk::stocked_in_memory(workspace).await;
        let folder = desk.folder.path().join("cloud");
        fs::create_dir_all(folder.join("buckets").join(BUCKET)).unwrap();
        let cloud = Sandbox::start(Options {
            pace: Pace { looks: Some(1), ..Pace::faster(1.0) },
            jobs: Jobs::Leave(outputs()),
            ..Options::in_folder(folder)
        })
        .await
        .unwrap();
        let (desk, _) = watching_at(desk, 4).await;
        desk.act_as("ada").await;
        for (name, role) in [("dev", "dev-ops"), ("max", "manager"), ("carl", "data-scientist")] {
            desk.ok("people.add_member", json!({"name": name, "roles": [role], "key_here": true})).await;
        }
        desk.act_as("dana").await;
        desk.ok(
            "runs.add_target",
            json!({"name": TARGET, "kind": "dataproc-serverless", "cloud_project": "cloud-project",
                   "region": "europe-west6", "endpoint": cloud.url()}),
        )
        .await;
        desk.act_as("ada").await;
        let page = desk.ok("workflow.import_definition", json!({"template": template})).await;
        let definition = text(&page["definition"]["id"]);
        // Everything that goes to the cloud goes by that target.
        let by_target = ["migrate", "publish"];
        let mut calls = Vec::new();
        for call in page["calls"].as_array().unwrap() {
            if by_target.contains(&call["action"].as_str().unwrap_or_default()) {
                let mut inputs = call["inputs"].as_array().unwrap().clone();
                inputs.push(json!({"name": "target", "value": TARGET}));
                calls.push(json!({"element": call["element"], "action": call["action"], "inputs": inputs}));
            }
        }
        let page = desk.ok("workflow.bind", json!({"definition": definition, "calls": calls})).await;
        assert_eq!(page["definition"]["startable"], true, "{:#}", page["diagnostics"]);
        Self { desk, cloud, definition, instance: String::new() }
    }

    async fn start(&mut self, by: &str, variables: Value) {
        self.desk.act_as(by).await;
        let request = json!({"definition": self.definition, "project": PROJECT, "variables": variables});
        self.instance = text(&self.desk.ok("workflow.start", request).await["id"]);
        self.desk.settle().await;
    }

    async fn page(&self) -> Value {
        let page = self.desk.instance(&self.instance).await;
        assert_eq!(page["incidents"], json!([]), "{:#}", page["log"]);
        page
    }

    /// The open task of that name, as a page.
    async fn task(&self, name: &str) -> Value {
        let page = self.page().await;
        let tasks = page["tasks"].as_array().unwrap();
        let found = tasks.iter().find(|task| task["name"] == name);
        let id = &found.unwrap_or_else(|| panic!("`{name}` is not open: {tasks:#?}"))["id"];
        self.desk.ok("workflow.show_task", json!({"task": id})).await
    }

    /// `who` claims the task of that name and answers it; then everything that is due is done.
    async fn answer(&self, who: &str, name: &str, answers: Value) {
        self.desk.act_as(who).await;
        let task = self.task(name).await["task"]["id"].clone();
        self.desk.ok("workflow.claim", json!({"task": task})).await;
        let page = self.task(name).await;
        let mut request = json!({"task": task, "answers": answers, "note": "looked at"});
        if !page["digest"].is_null() {
            request["seen_digest"] = page["digest"].clone();
        }
        self.desk.ok("workflow.complete", request).await;
        self.desk.settle().await;
    }

    /// The version the process is about: `churn_gbt 1.0`.
    async fn about(&self) -> String {
        text(&self.page().await["instance"]["version"]["label"])
    }

    async fn state(&self) -> String {
        text(&self.page().await["instance"]["state"])
    }

    async fn champion(&self) -> String {
        let project = self.desk.ok("registry.show_project", json!({"project": PROJECT})).await;
        let champion = &project["project"]["champion"];
        format!("{} {}", text(&champion["model_name"]), text(&champion["number"]))
    }

    async fn wait(&self, days: u32) {
        self.desk.clock.advance(days * DAY);
        self.desk.settle().await;
    }

    /// Files of a version lie in the bucket exactly as they were approved: the marker names its digest.
    fn is_published(&self, digest: &str) {
        let folder: PathBuf = self.desk.folder.path().join("cloud/buckets").join(BUCKET);
        let marker = crate::desk::contents(&folder)
            .into_iter()
            .filter(|(path, _)| path.ends_with("_READY.json"))
            .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
            .collect::<String>();
        let digest = digest.trim_start_matches("sha256:");
        assert!(marker.contains(digest), "{digest} is not in {marker}");
    }

    async fn digest(&self, version: &str) -> String {
        text(&self.desk.ok("registry.show_version", json!({"version": version})).await["digest"])
    }

    /// The champion is approved and lies in the bucket, by the template `migration`.
    async fn migrated(&self) {
        self.desk.act_as("ada").await;
        let page = self.desk.ok("workflow.import_definition", json!({"template": "migration"})).await;
        let call = page["calls"].as_array().unwrap().iter().find(|call| call["action"] == "migrate").unwrap();
        let mut inputs = call["inputs"].as_array().unwrap().clone();
        inputs.push(json!({"name": "target", "value": TARGET}));
        let calls = json!([{"element": call["element"], "action": "migrate", "inputs": inputs}]);
        let definition = page["definition"]["id"].clone();
        self.desk.ok("workflow.bind", json!({"definition": definition, "calls": calls})).await;
        self.desk.act_as("ana").await;
        let started =
            self.desk.ok("workflow.start", json!({"definition": definition, "project": PROJECT})).await;
        let instance = text(&started["id"]);
        self.desk.settle().await;
        self.desk.decide(&instance, true).await;
        self.desk.settle().await;
        self.desk.name_bucket(&instance, "ivo", BUCKET).await;
        self.desk.settle().await;
        let page = self.desk.instance(&instance).await;
        assert_eq!(page["instance"]["state"], "completed", "{:#}", page["incidents"]);
        self.is_published(&self.digest(CHAMPION).await);
    }
}

const REVIEW: &str = "[Model steward] Review the report";

#[tokio::test(flavor = "multi_thread")]
async fn monitor_and_retrain_goes_on_with_the_retrained_version_or_with_the_one_before() {
    let mut play = Play::of("monitor-and-retrain", "retraining").await;
    play.migrated().await;
    play.start("sam", json!({"StartUsing": "2020-01-01", "AssessEvery": "P1M"})).await;
    let review = |decision: &str| json!({"performs": "no", "data": "yes", "context": "yes", "impact": "yes", "Decision": decision});
    let approve = "[Validator] Approve the retrained model";
    play.answer("sam", REVIEW, review("keep")).await;
    play.wait(31).await;
    play.answer("sam", REVIEW, review("retrain")).await;

    // What is asked now is asked about what came of it: its contents, its evidence, its authors.
    assert_eq!(play.about().await, "churn_gbt 1.1");
    let page = play.task(approve).await;
    let retrained = play.digest("Customer churn/churn_gbt@1.1").await;
    assert_eq!((&page["digest"], &page["version"]["number"]), (&json!(retrained), &json!("1.1")));
    assert_eq!(page["task"]["version"]["label"], "churn_gbt 1.1");
    play.desk.act_as("ana").await;
    let own = play.desk.refused("workflow.claim", json!({"task": page["task"]["id"]})).await;
    assert!(own.message.contains("ana"), "{own}");
    play.answer("vera", approve, json!({"RetrainedIsApproved": true})).await;
    let version =
        play.desk.ok("registry.show_version", json!({"version": "Customer churn/churn_gbt@1.1"})).await;
    assert_eq!(version["approvals"][0]["digest"], json!(retrained), "{:#}", version["approvals"]);
    assert_eq!(version["migrations"][0]["bucket"], BUCKET, "it is published where the one before was");
    play.is_published(&retrained);
    assert_eq!(play.champion().await, "churn_gbt 1.1");

    // It is scored and reported on like the one before it, by a monitor with the same terms.
    play.wait(31).await;
    play.task(REVIEW).await;
    let monitors = play.desk.ok("monitoring.list", json!({})).await;
    let names: Vec<String> =
        monitors["rows"].as_array().unwrap().iter().map(|row| text(&row["name"])).collect();
    assert!(names.contains(&"Churn (1.1)".to_owned()), "{names:?}");

    // Retrained once more and not approved: the present one stays.
    play.answer("sam", REVIEW, review("retrain")).await;
    assert_eq!(play.about().await, "churn_gbt 1.2");
    play.answer("vera", approve, json!({"RetrainedIsApproved": false})).await;
    assert_eq!((play.about().await, play.champion().await), ("churn_gbt 1.1".into(), "churn_gbt 1.1".into()));
    play.wait(31).await;
    play.answer("sam", REVIEW, review("retire")).await;
    assert_eq!(play.state().await, "completed");
    let log = play.page().await["log"].to_string();
    for turned in ["1.1", "1.2"] {
        assert!(log.contains(&format!("turned the process to version churn_gbt {turned}")), "{log}");
    }
    play.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_full_life_cycle_publishes_what_was_chosen_and_retrains_it() {
    let mut play = Play::of("full-life-cycle", "life-cycle").await;
    let (register, compare) =
        ("[Modeler] Register the candidate models", "[Data scientist] Compare the candidates");
    let (approve, confirm) = ("[Validator] Approve the champion", "[DevOps] Confirm the deployment");
    play.start("sam", json!({"AssessEvery": "P1D", "BucketName": BUCKET})).await;
    play.answer("ana", register, json!({"ModelsAreRegistered": true})).await;

    // The models of the project are there to choose from.
    let choices = play.task(compare).await["prompts"][0]["choices"].clone();
    let offered: Vec<&str> =
        choices.as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap()).collect();
    assert_eq!(offered, ["churn_gbt 1.0", "churn_logistic 1.0"]);
    play.answer("carl", compare, json!({"ChampionName": "churn_logistic 1.0"})).await;
    assert_eq!(play.about().await, "churn_logistic 1.0", "and not the champion it began with");
    play.answer("vera", approve, json!({"ChampionIsApproved": false})).await;
    play.answer("max", "[Analytics leader] Hold the retrospective", json!({})).await;
    play.answer("carl", compare, json!({"ChampionName": "churn_logistic"})).await;
    play.answer("vera", approve, json!({"ChampionIsApproved": true})).await;
    assert_eq!(play.champion().await, "churn_logistic 1.0");
    play.is_published(&play.digest("Customer churn/churn_logistic").await);
    play.answer("dev", confirm, json!({"DeploymentIsSound": false})).await;
    play.answer("dev", "[DevOps] Repair the deployment", json!({})).await;
    play.answer("dev", confirm, json!({"DeploymentIsSound": true})).await;

    play.desk.act_as("sam").await;
    let terms = guessed(&play.desk, &play.desk.folder.path().join("scored")).await["terms"].clone();
    let monitor = json!({"version": "Customer churn/churn_logistic", "name": "Logistic", "terms": terms});
    play.desk.ok("monitoring.define", monitor).await;
    play.wait(1).await;
    play.answer("sam", REVIEW, json!({"PerformsWell": true})).await;
    play.wait(1).await;
    play.answer("sam", REVIEW, json!({"PerformsWell": false})).await;
    play.answer("max", "[Analytics leader] Retrain or retire", json!({"NextStep": "retrain"})).await;
    assert_eq!(play.about().await, "churn_logistic 1.1");
    play.answer("carl", compare, json!({"ChampionName": "churn_logistic 1.1"})).await;
    play.answer("vera", approve, json!({"ChampionIsApproved": true})).await;
    assert_eq!(play.champion().await, "churn_logistic 1.1");
    play.is_published(&play.digest("Customer churn/churn_logistic@1.1").await);
    play.answer("dev", confirm, json!({"DeploymentIsSound": true})).await;
    play.wait(1).await;
    play.answer("sam", REVIEW, json!({"PerformsWell": false})).await;
    play.answer("max", "[Analytics leader] Retrain or retire", json!({"NextStep": "retire"})).await;
    assert_eq!(play.state().await, "completed");
    play.cloud.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_that_nothing_says_the_place_of_stops_and_says_so() {
    let mut play = Play::of("full-life-cycle", "life-cycle-nowhere").await;
    play.start("sam", json!({"AssessEvery": "P1D"})).await;
    play.answer("ana", "[Modeler] Register the candidate models", json!({"ModelsAreRegistered": true})).await;
    play.answer("carl", "[Data scientist] Compare the candidates", json!({"ChampionName": "nothing"})).await;
    let stopped = async |play: &Play| {
        let page = play.desk.instance(&play.instance).await;
        let [incident] = page["incidents"].as_array().unwrap().as_slice() else { panic!("{page:#}") };
        (text(&incident["id"]), text(&incident["message"]))
    };
    let (incident, message) = stopped(&play).await;
    assert!(message.contains("`nothing` is no model"), "{message}");
    play.desk.act_as("ada").await;
    let set = json!({"instance": play.instance, "variables": {"ChampionName": "churn_gbt"}});
    play.desk.ok("workflow.set_variables", set).await;
    let again = json!({"instance": play.instance, "incident": incident, "reason": ""});
    play.desk.ok("workflow.retry", again).await;
    play.desk.settle().await;
    play.answer("vera", "[Validator] Approve the champion", json!({"ChampionIsApproved": true})).await;
    let (_, message) = stopped(&play).await;
    assert!(message.contains("nothing says where to publish to"), "{message}");
    play.cloud.stop().await;
}
