//! The monitoring room: a report a state of the data, alerts that wait for somebody who may judge, processes that ask.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use app::Code;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::desk::{CHAMPION, Desk, PROJECT, text};

/// Four quarters in which Gini falls and the score stays stable, written once for all stories.
static QUARTERS: LazyLock<(TempDir, Vec<PathBuf>)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let files = packages::demonstration::write_demo_quarters(folder.path(), 2026).unwrap();
    (folder, files)
});

pub(crate) fn arrive(folder: &Path, quarters: std::ops::Range<usize>) {
    fs::create_dir_all(folder).unwrap();
    for file in &QUARTERS.1[quarters] {
        fs::copy(file, folder.join(file.file_name().unwrap())).unwrap();
    }
}

/// A desk with a steward, who watches the champion over a folder in which the first `quarters` lie.
pub(crate) async fn watching(quarters: usize) -> (Desk, PathBuf) {
    watching_at(Desk::stocked().await, quarters).await
}

/// The same at a desk that stands already.
pub(crate) async fn watching_at(desk: Desk, quarters: usize) -> (Desk, PathBuf) {
    desk.act_as("ada").await;
    desk.ok("people.add_member", json!({"name": "sam", "roles": ["model-steward"], "key_here": true})).await;
    let folder = desk.folder.path().join("scored");
    arrive(&folder, 0..quarters);
    desk.act_as("sam").await;
    let terms = guessed(&desk, &folder).await["terms"].clone();
    desk.ok("monitoring.define", json!({"version": CHAMPION, "name": "Churn", "terms": terms})).await;
    (desk, folder)
}

pub(crate) async fn guessed(desk: &Desk, folder: &Path) -> Value {
    let data = json!({"folder": folder.display().to_string(), "pattern": "CHURNPERF_*"});
    desk.ok("monitoring.preview", json!({"version": CHAMPION, "data": data})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn gini_falls_under_a_stable_score_and_the_steward_not_the_modeler_judges() {
    let (desk, folder) = watching(4).await;
    let preview = guessed(&desk, &folder).await;
    assert_eq!(preview["terms"]["target"], "churn");
    assert_eq!(preview["terms"]["score"], "P_CHURN1");
    assert_eq!(preview["missing"], json!([]));
    let part = |name: &str| {
        let columns = preview["columns"].as_array().unwrap();
        text(&columns.iter().find(|column| column["name"] == name).unwrap()["part"])
    };
    assert_eq!((part("customer_id"), part("tenure_months")), ("identifier".to_owned(), "input".to_owned()));

    let made = desk.ok("monitoring.compute", json!({"monitor": "Churn"})).await;
    assert_eq!(made["known"], false);
    assert_eq!(made["recommendation"], "retrain");
    let head = desk.head().await;
    let again = desk.ok("monitoring.compute", json!({"monitor": "Churn"})).await;
    assert_eq!(
        (&again["id"], &again["known"]),
        (&made["id"], &json!(true)),
        "one report a state of the data"
    );
    assert_eq!(desk.head().await, head);

    let page = desk.ok("monitoring.show", json!({"monitor": "Churn"})).await;
    let number = |at: usize, name: &str| page["periods"][at]["numbers"][name].as_f64().unwrap();
    assert!((0.28..0.34).contains(&number(0, "gini")), "{}", number(0, "gini"));
    assert!((0.14..0.20).contains(&number(3, "gini")), "{}", number(3, "gini"));
    assert!((0..4).all(|at| number(at, "score_psi") < 0.02), "the score is as stable as ever");
    assert_eq!(page["monitor"]["health"], "alert");
    assert_eq!(page["monitor"]["course"].as_array().unwrap().len(), 4);
    let alerts = desk.ok("monitoring.alerts", json!({})).await;
    for alert in alerts["rows"].as_array().unwrap() {
        assert_eq!(alert["period"], "Q4", "nobody is woken for what is long past: {alert:#}");
    }
    let grave = alerts["rows"].as_array().unwrap().iter().find(|alert| alert["level"] == "alert").unwrap();
    assert!(desk.notices("sam").await.iter().any(|title| title.contains("lost") && title.contains("Gini")));

    // Who may judge is asked, and nobody else.
    desk.act_as("sam").await;
    let wanted = desk.ok("monitoring.decisions", json!({})).await;
    assert_eq!(
        (&wanted[0]["monitor_name"], &wanted[0]["level"]),
        (&json!("Churn"), &json!("alert")),
        "{wanted:#}"
    );
    assert_eq!((&wanted[0]["alerts"], &wanted[0]["period"]), (&alerts["total"], &json!("Q4")));
    for other in ["ana", "ivo"] {
        desk.act_as(other).await;
        assert_eq!(desk.ok("monitoring.decisions", json!({})).await, json!([]), "{other}");
    }

    // Whoever made the model may ask for a retraining, but not say that it is still good enough.
    desk.act_as("ana").await;
    let page = desk.ok("monitoring.show", json!({"monitor": "Churn"})).await;
    assert_eq!(page["may_not_retrain"], Value::Null);
    assert!(text(&page["may_not_wait"]).contains("`ana` made this version"));
    let wait = json!({"monitor": "Churn", "answer": "wait", "reason": "it is fine, believe me"});
    let own = desk.refused("monitoring.decide", wait.clone()).await;
    assert!(own.message.contains("may not judge"), "{own}");
    let settle = json!({"alert": grave["id"], "reason": "nothing to see here"});
    assert_eq!(desk.refused("monitoring.settle", settle.clone()).await.code, Code::Refused);
    desk.act_as("ivo").await;
    let role = desk.refused("monitoring.decide", wait.clone()).await;
    assert!(role.message.contains("model-steward"), "{role}");
    desk.act_as("sam").await;
    let short = json!({"monitor": "Churn", "answer": "retrain", "reason": "no"});
    assert!(desk.refused("monitoring.decide", short).await.message.contains("10 characters"));
    desk.ok(
        "monitoring.decide",
        json!({"monitor": "Churn", "answer": "retrain", "reason": "the relation changed", "questionnaire": {"performs": "no"}}),
    )
    .await;
    let page = desk.ok("monitoring.show", json!({"monitor": "Churn"})).await;
    assert_eq!(page["monitor"]["health"], "retraining");
    assert_eq!(page["alerts"], json!([]), "the decision settles what stood open");
    assert_eq!(desk.ok("monitoring.decisions", json!({})).await, json!([]));
    assert_eq!(page["decisions"][0]["questionnaire"]["performs"], "no");
    assert_eq!(desk.refused("monitoring.settle", settle).await.code, Code::Refused, "it is settled");

    let report = desk.ok("monitoring.report", json!({"monitor": "Churn"})).await;
    let cause = &report["report"]["decay"]["Q4"]["cause"]["relation_share"];
    assert!(cause.as_f64().unwrap() > 0.7, "the relation changed, not the mix: {cause}");
    let dry = json!({"monitor": "Churn", "rules": [{"level": "alert", "when": "giniDecay>0.1"}]});
    let dry = desk.ok("monitoring.dry_run", dry).await;
    let fired: Vec<&Value> = dry["fired"].as_array().unwrap().iter().map(|alert| &alert["period"]).collect();
    assert_eq!(fired, ["Q2", "Q3", "Q4"]);
    let portfolio = desk.ok("monitoring.portfolio", json!({})).await;
    assert_eq!(portfolio["rows"][0]["health"], "retraining");

    let verified = desk.ok("workspace.verify", json!({})).await;
    assert_eq!((&verified["problems"], &verified["void"]), (&json!([]), &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn new_files_make_a_report_due_once_and_wake_people_for_news_only() {
    let (desk, folder) = watching(2).await;
    let reports = async || desk.ok("monitoring.reports", json!({})).await["total"].as_u64().unwrap();
    desk.settle().await;
    assert_eq!(reports().await, 1, "the agent computes what is due");
    let head = desk.head().await;
    desk.settle().await;
    assert_eq!((reports().await, desk.head().await), (1, head), "and once");
    let alerts = desk.ok("monitoring.alerts", json!({"state": "all"})).await["total"].as_u64().unwrap();

    // A change of the terms makes the same data due again; what fired before does not fire again.
    let mut terms = desk.ok("monitoring.show", json!({"monitor": "Churn"})).await["terms"].clone();
    terms["thresholds"] = json!({"gini": 0.2});
    desk.ok("monitoring.change", json!({"monitor": "Churn", "terms": terms})).await;
    desk.settle().await;
    assert_eq!(reports().await, 2);
    assert_eq!(desk.ok("monitoring.alerts", json!({"state": "all"})).await["total"], alerts);

    // A quarter that arrives while the desk is closed is seen when it opens.
    arrive(&folder, 2..4);
    let again = crate::desk::open(&desk.home(), Some(&desk.workspace()), Some("sam")).await;
    drop(desk.app);
    let settled: std::pin::Pin<Box<dyn Future<Output = Result<(), app::Failure>>>> = Box::pin(again.settle());
    settled.await.unwrap();
    let page = crate::desk::ok(&again, "monitoring.reports", json!({})).await;
    assert_eq!(page["total"], 3, "{page:#}");
    assert_eq!(page["rows"][0]["periods"], "Q1 … Q4");
    let raised = crate::desk::ok(&again, "monitoring.alerts", json!({"state": "all"})).await;
    assert!(raised["total"].as_u64().unwrap() > alerts, "{raised:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn data_that_cannot_be_read_are_told_of_once_and_a_repaired_file_is_due_again() {
    let (desk, folder) = watching(1).await;
    let bad = folder.join("CHURNPERF_2_Q2.csv");
    let good = fs::read_to_string(&QUARTERS.1[1]).unwrap();
    fs::write(&bad, good.replacen(",0,0.", ",0,zero.", 3)).unwrap();
    desk.settle().await;
    let page = desk.ok("monitoring.show", json!({"monitor": "Churn"})).await;
    let why = text(&page["obstacle"]);
    assert!(why.contains("CHURNPERF_2_Q2.csv") && why.contains("P_CHURN1") && why.contains("row"), "{why}");
    let told = desk.notices("sam").await.into_iter().filter(|title| title.contains("No report")).count();
    assert_eq!(told, 1);
    desk.settle().await;
    assert_eq!(desk.notices("sam").await.into_iter().filter(|title| title.contains("No report")).count(), 1);

    fs::write(&bad, good).unwrap();
    desk.act_as("sam").await;
    let made = desk.ok("monitoring.compute", json!({"monitor": "Churn"})).await;
    assert_eq!(made["periods"], "Q1 … Q2");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_inputs_of_the_version_an_identifier_is_not_watched() {
    let desk = Desk::stocked().await;
    desk.act_as("ada").await;
    desk.ok("people.add_member", json!({"name": "sam", "roles": ["model-steward"], "key_here": true})).await;
    desk.act_as("sam").await;
    let folder = desk.folder.path().join("scored");
    fs::create_dir_all(&folder).unwrap();
    let rows = (0..200).fold("churn,P_CHURN1,client,plan\n".to_owned(), |text, row| {
        text + &format!("{},0.{:02},client {row},plan {}\n", row % 2, row % 97, row % 3)
    });
    fs::write(folder.join("CHURNPERF_1_Q1.csv"), rows).unwrap();
    let preview = guessed(&desk, &folder).await;
    let part = |name: &str| {
        let columns = preview["columns"].as_array().unwrap();
        text(&columns.iter().find(|column| column["name"] == name).unwrap()["part"])
    };
    // None of the version's inputs is there, and a name by which nobody would know an identifier.
    assert_eq!((part("client"), part("plan")), ("identifier".to_owned(), "other".to_owned()));
    assert_eq!(preview["terms"]["inputs"], json!(["plan"]), "{:#}", preview["terms"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn data_in_a_targets_own_cloud_are_read_here_through_that_target() {
    let (desk, folder) = watching(4).await;
    let here = desk.ok("monitoring.compute", json!({"monitor": "Churn"})).await;
    let mut terms = desk.ok("monitoring.show", json!({"monitor": "Churn"})).await["terms"].clone();
    let cloud = desk.folder.path().join("cloud");
    arrive(&cloud.join("buckets/scored-churn/quarters"), 0..4);
    fs::remove_dir_all(folder).unwrap();
    desk.act_as("ada").await;
    desk.ok("runs.start_sandbox", json!({"folder": cloud.display().to_string()})).await;
    desk.ok(
        "runs.add_target",
        json!({"name": "cluster", "kind": "dataproc-cluster", "endpoint": "sandbox", "cloud_project": "p", "region": "us-east1"}),
    )
    .await;
    desk.act_as("sam").await;
    let data = json!({"bucket": "scored-churn", "target": "cluster", "folder": "quarters", "pattern": "CHURNPERF_*"});
    let preview = desk.ok("monitoring.preview", json!({"version": CHAMPION, "data": data})).await;
    assert_eq!(preview["files"].as_array().unwrap().len(), 4, "{preview:#}");
    terms["data"] = data;
    desk.ok("monitoring.define", json!({"version": CHAMPION, "name": "Afar", "terms": terms})).await;
    let afar = desk.ok("monitoring.compute", json!({"monitor": "Afar"})).await;
    assert_eq!(afar["target"], Value::Null, "no job was asked");
    let digests = |row: &Value| {
        row["data"].as_array().unwrap().iter().map(|file| text(&file["digest"])).collect::<Vec<_>>()
    };
    assert_eq!(digests(&afar), digests(&here), "these are the same files");
    // A quarter is written anew, another is gone: nothing stays here of what nobody lists any more.
    let fetched = || {
        let mut files = Vec::new();
        let mut folders = vec![desk.home().join("monitoring/fetched")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.retain(|path| path.extension().is_some_and(|end| end == "csv"));
        files
    };
    assert_eq!(fetched().len(), 4, "{:?}", fetched());
    let quarters = cloud.join("buckets/scored-churn/quarters");
    let (first, second) = (quarters.join("CHURNPERF_1_Q1.csv"), quarters.join("CHURNPERF_2_Q2.csv"));
    let text = fs::read_to_string(&first).unwrap();
    fs::write(&first, text.lines().take(2_000).map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    fs::remove_file(second).unwrap();
    desk.ok("monitoring.compute", json!({"monitor": "Afar"})).await;
    let names: Vec<String> =
        fetched().iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(!names.iter().any(|name| name == "CHURNPERF_2_Q2.csv"), "{names:?}");
    // Without the target, the bucket is one of this desk; it has none of that name.
    terms["data"]["target"] = Value::Null;
    desk.ok("monitoring.define", json!({"version": CHAMPION, "name": "Near", "terms": terms})).await;
    assert_eq!(desk.refused("monitoring.compute", json!({"monitor": "Near"})).await.code, Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn predicted_numbers_are_watched_as_events_are() {
    let (desk, folder) = watching(1).await;
    let quarter = |error: f64| {
        (0..400).fold("spend,P_spend,age\n".to_owned(), |text, row| {
            let predicted = 100.0 + f64::from(row % 20);
            let spend = predicted + error * (f64::from(row * 7 % 11) - 5.0);
            text + &format!("{spend:.2},{predicted:.2},{}\n", row % 60)
        })
    };
    let scored = folder.with_file_name("numbers");
    fs::create_dir_all(&scored).unwrap();
    fs::write(scored.join("SPEND_1_Q1.csv"), quarter(0.5)).unwrap();
    fs::write(scored.join("SPEND_2_Q2.csv"), quarter(1.0)).unwrap();
    let mut terms = guessed(&desk, &folder).await["terms"].clone();
    terms["data"] = json!({"folder": scored.display().to_string(), "pattern": "SPEND_*"});
    terms["target"] = "spend".into();
    terms["event"] = Value::Null;
    terms["score"] = "P_spend".into();
    terms["inputs"] = json!(["age"]);
    terms["rules"] =
        json!([{"level": "alert", "when": "aseDecay>0.1"}, {"level": "warning", "when": "mae>1.5"}]);
    terms["thresholds"] = json!({"r2": 0.9});
    desk.ok("monitoring.define", json!({"version": CHAMPION, "name": "Spend", "terms": terms})).await;
    let made = desk.ok("monitoring.compute", json!({"monitor": "Spend"})).await;
    let list = desk.ok("monitoring.list", json!({})).await;
    let row = list["rows"].as_array().unwrap().iter().find(|row| row["name"] == "Spend").unwrap().clone();
    assert_eq!(row["metric"], "r2", "{row:#}");
    let course: Vec<f64> = row["course"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    assert!(course.len() == 2 && course[1] < course[0], "{course:?}");
    let notices = desk.ok("notices.list", json!({})).await;
    let notice =
        notices["rows"].as_array().unwrap().iter().find(|it| text(&it["title"]).contains("squared error"));
    let body = text(&notice.unwrap_or_else(|| panic!("{notices:#}"))["body"]);
    assert!(body.starts_with("Q2: R² 0.") && !body.contains("Gini"), "{body}");

    let reading = desk.ok("monitoring.reading", json!({"monitor": "Spend"})).await;
    let names: Vec<&str> =
        reading["metrics"].as_array().unwrap().iter().filter_map(|it| it["term"]["name"].as_str()).collect();
    assert!(
        names.starts_with(&["r2", "ase", "rase", "mae", "bias"]) && !names.contains(&"gini"),
        "{names:?}"
    );
    assert!(reading["figures"].as_array().unwrap().contains(&json!("predicted")), "{:#}", reading["figures"]);
    assert_eq!(reading["alerts"][0]["values"][0]["term"]["title"], "Rise of squared error");
    let figure = json!({"report": made["id"], "kind": "predicted", "width": 480, "height": 300});
    let drawn = desk.ok("monitoring.figure", figure).await;
    assert_eq!(drawn["table"]["rows"].as_array().unwrap().len(), 10, "deciles of the prediction");
    let page = desk.folder.path().join("spend.html");
    let export = json!({"report": made["id"], "format": "html", "to": page.display().to_string()});
    desk.ok("monitoring.export", export).await;
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("Predicted against actual") && page.contains("p of the difference"));
    assert!(!page.contains("DeLong") && !page.contains("% of Gini"), "nothing is said of ranks");
    let tables = desk.folder.path().join("tables");
    let export = json!({"report": made["id"], "format": "csv", "to": tables.display().to_string()});
    desk.ok("monitoring.export", export).await;
    let periods = fs::read_to_string(tables.join("periods.csv")).unwrap();
    let head = periods.lines().next().unwrap();
    assert!(head.contains("ase_p") && !head.contains("delong_p") && head.contains("r2"), "{head}");
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_that_cannot_hold_are_refused_by_name() {
    let (desk, folder) = watching(1).await;
    let terms = guessed(&desk, &folder).await["terms"].clone();
    let rows = [
        ("cadence", json!("monthly"), "ISO 8601"),
        ("cutoff", json!(1.5), "no probability"),
        ("owner", json!("nobody"), "no member `nobody`"),
        ("score", json!("churn"), "`churn` cannot be"),
        ("rules", json!([{"level": "alert", "when": "p1>"}]), "cannot be read at character"),
        (
            "rules",
            json!([{"level": "alert", "when": "giniDecy>0.1"}]),
            "speaks of `giniDecy`, which no report has",
        ),
        ("thresholds", json!({"gain": 0.2}), "no course of `gain`"),
        ("time", json!({"column": "at", "period": "decade"}), "`decade` is no period"),
    ];
    for (field, value, says) in rows {
        let mut changed = terms.clone();
        changed[field] = value;
        let request = json!({"version": CHAMPION, "name": "Another", "terms": changed});
        let failure = desk.refused("monitoring.define", request).await;
        assert!(failure.message.contains(says), "{field}: {failure}");
    }
    let taken = json!({"version": CHAMPION, "name": "churn", "terms": terms});
    assert!(desk.refused("monitoring.define", taken.clone()).await.message.contains("already"));
    desk.act_as("ivo").await;
    assert_eq!(desk.refused("monitoring.define", taken).await.code, Code::Refused, "IT defines no monitors");
    desk.act_as("sam").await;
    desk.ok("monitoring.retire", json!({"monitor": "Churn", "reason": "the model is out of use"})).await;
    assert_eq!(desk.refused("monitoring.compute", json!({"monitor": "Churn"})).await.code, Code::Refused);
}

/// A process as SAS Workflow Manager writes it: the report is made, a person says whether the model performs.
const PROCESS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn"
    xmlns:sasbpmn="http://www.sas.com/xml/schema/bpmn" xmlns:xsd="http://www.w3.org/2001/XMLSchema" id="d" targetNamespace="t">
  <process id="review" name="Review" isExecutable="true">
    <extensionElements>
      <sasbpmn:prompt id="p" name="Does the model perform well?" dataObjectRef="data_Good"/>
    </extensionElements>
    <dataObject id="data_Good" name="Good" itemSubjectRef="xsd:boolean"/>
    <dataObject id="data_Task" name="TaskId" itemSubjectRef="xsd:string"/>
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="report"/>
    <serviceTask id="report" name="Run the performance task" flowable:delegateExpression="${restTask}">
      <extensionElements>
        <flowable:field name="url"><flowable:string>/modelManagement/performanceTasks/d09d19c5</flowable:string></flowable:field>
        <flowable:field name="method"><flowable:string>POST</flowable:string></flowable:field>
        <flowable:field name="statusCode"><flowable:string>201</flowable:string></flowable:field>
        <flowable:field name="bodyType"><flowable:string>EMPTY</flowable:string></flowable:field>
      </extensionElements>
    </serviceTask>
    <sequenceFlow id="f2" sourceRef="report" targetRef="look"/>
    <userTask id="look" name="Look at the report">
      <extensionElements><sasbpmn:promptDefinition promptRef="p" required="true"/></extensionElements>
    </userTask>
    <sequenceFlow id="f3" sourceRef="look" targetRef="good"/>
    <exclusiveGateway id="good" default="f5"/>
    <sequenceFlow id="f4" sourceRef="good" targetRef="kept"><conditionExpression>${Good}</conditionExpression></sequenceFlow>
    <sequenceFlow id="f5" sourceRef="good" targetRef="lost"/>
    <endEvent id="kept"/>
    <endEvent id="lost"/>
  </process>
</definitions>"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_process_asks_for_the_report_and_its_answer_is_the_decision() {
    let desk = Desk::stocked().await;
    desk.act_as("ada").await;
    desk.ok("people.add_member", json!({"name": "sam", "roles": ["model-steward"], "key_here": true})).await;
    let file = desk.folder.path().join("review.bpmn");
    fs::write(&file, PROCESS).unwrap();
    let page = desk.ok("workflow.import_definition", json!({"path": file.display().to_string()})).await;
    assert_eq!(page["definition"]["startable"], true, "{page:#}");
    assert_eq!(page["calls"][0]["action"], "report", "{:#}", page["calls"]);
    desk.act_as("sam").await;
    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await["version"].clone();
    let started = desk
        .ok(
            "workflow.start",
            json!({"definition": page["definition"]["id"], "project": PROJECT, "version": version}),
        )
        .await;
    let instance = text(&started["id"]);
    desk.settle().await;
    let shown = desk.instance(&instance).await;
    let incident = &shown["incidents"][0];
    assert!(text(&incident["message"]).contains("nothing watches"), "{incident:#}");

    let folder = desk.folder.path().join("scored");
    arrive(&folder, 0..4);
    let mut terms = guessed(&desk, &folder).await["terms"].clone();
    // By itself the agent would wait for a year: the report is the process's.
    terms["cadence"] = json!("P1Y");
    desk.ok("monitoring.define", json!({"version": CHAMPION, "name": "Churn", "terms": terms})).await;
    desk.act_as("ada").await;
    desk.ok("workflow.retry", json!({"instance": instance, "incident": incident["id"]})).await;
    desk.settle().await;
    let task = desk.task(&instance).await;
    let reports = desk.ok("monitoring.reports", json!({})).await;
    assert_eq!(reports["total"], 1, "{reports:#}");

    desk.act_as("sam").await;
    assert!(desk.ok("monitoring.alerts", json!({})).await["total"].as_u64() > Some(0));
    assert_eq!(desk.ok("monitoring.decisions", json!({})).await, json!([]), "the process's task asks for it");
    desk.ok("workflow.claim", json!({"task": task})).await;
    desk.ok(
        "workflow.complete",
        json!({"task": task, "answers": {"Good": false}, "note": "it lost its edge"}),
    )
    .await;
    let shown = desk.ok("monitoring.show", json!({"monitor": "Churn"})).await;
    assert_eq!(shown["decisions"][0]["answer"], "retrain", "{:#}", shown["decisions"]);
    assert_eq!(shown["decisions"][0]["reason"], "it lost its edge");
    assert_eq!(shown["monitor"]["open_alerts"], 0);
    desk.settle().await;
    assert_eq!(desk.instance(&instance).await["instance"]["state"], "completed");
}
