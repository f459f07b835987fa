//! A report that a job counted for, on real Spark, is the report that rows make: on this machine and on a Dataproc cluster.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::desk::{CHAMPION, Desk, text};
use crate::monitoring::{arrive, guessed, watching};

/// Names whose values come of rows side by side, or say where a report was computed.
const APART: [&str; 6] = ["cause", "warnings", WARNINGS_SAID, "reasons", "said", "action"];
/// Absent where there is no warning, as the rows give none.
const WARNINGS_SAID: &str = "warnings_said";

/// Equal, numbers to the last digits that rounding leaves.
fn check(path: &str, rows: &Value, counts: &Value) {
    match (rows, counts) {
        (Value::Object(a), Value::Object(b)) => {
            let names = |fields: &serde_json::Map<String, Value>| {
                fields.keys().filter(|name| *name != WARNINGS_SAID).cloned().collect::<Vec<_>>()
            };
            assert_eq!(names(a), names(b), "{path}");
            for (name, value) in a.iter().filter(|(name, _)| !APART.contains(&name.as_str())) {
                check(&format!("{path}.{name}"), value, &b[name]);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{path}");
            a.iter().zip(b).enumerate().for_each(|(at, (a, b))| check(&format!("{path}[{at}]"), a, b));
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() <= 1e-11 * a.abs().max(1.0), "{path}: {a} of rows, {b} of counts");
        }
        _ => assert_eq!(rows, counts, "{path}"),
    }
}

/// A desk whose Spark is not taken away, as those of the other stories is.
fn with_spark(desk: &Desk) {
    fs::remove_file(desk.home().join("spark")).unwrap();
}

async fn reported(desk: &Desk, name: &str, terms: &Value) -> Value {
    desk.ok("monitoring.define", json!({"version": CHAMPION, "name": name, "terms": terms})).await;
    desk.ok("monitoring.compute", json!({"monitor": name})).await;
    desk.ok("monitoring.report", json!({"monitor": name})).await
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_of_a_job_make_the_report_that_rows_make() {
    let (desk, folder) = watching(2).await;
    with_spark(&desk);
    arrive(&folder, 0..4);
    desk.ok("monitoring.compute", json!({"monitor": "Churn"})).await;
    let rows = desk.ok("monitoring.report", json!({"monitor": "Churn"})).await;
    let mut terms = guessed(&desk, &folder).await["terms"].clone();
    terms["runs_on"] = "nowhere".into();
    let unknown = json!({"version": CHAMPION, "name": "Nowhere", "terms": terms});
    assert!(desk.refused("monitoring.define", unknown).await.message.contains("nowhere"));

    terms["runs_on"] = "local-spark".into();
    let counts = reported(&desk, "Counted", &terms).await;
    check("local", &rows["report"], &counts["report"]);
    assert_eq!(counts["row"]["target"], "local-spark", "{:#}", counts["row"]);
    assert!(counts["report"]["warnings"][0].as_str().unwrap().contains("rows side by side"));
    assert_eq!(
        fs::read_dir(desk.home().join("monitoring/counts")).unwrap().count(),
        0,
        "counts are not kept"
    );

    // The same job on a cluster, over data in a bucket that never come here.
    desk.act_as("dana").await;
    let cloud = desk.folder.path().join("cloud");
    copied(&folder, &cloud.join("buckets/scored-churn/quarters"));
    desk.ok("runs.start_sandbox", json!({"folder": cloud.display().to_string(), "speed": 1000.0})).await;
    desk.ok(
        "runs.add_target",
        json!({"name": "cluster", "kind": "dataproc-cluster", "endpoint": "sandbox", "cloud_project": "p", "region": "us-east1"}),
    )
    .await;
    desk.act_as("sam").await;
    terms["data"] = json!({"bucket": "scored-churn", "folder": "quarters", "pattern": "CHURNPERF_*"});
    terms["runs_on"] = "cluster".into();
    let counts = reported(&desk, "Counted afar", &terms).await;
    check("cluster", &rows["report"], &counts["report"]);
    assert_eq!(counts["row"]["target"], "cluster");
    let left = fs::read_dir(cloud.join("buckets/scored-churn")).unwrap();
    let left: Vec<String> = left.map(|entry| text(&json!(entry.unwrap().file_name().to_str()))).collect();
    assert!(!left.iter().any(|name| name == "countersign-counts" && !is_empty(&cloud, name)), "{left:?}");

    // What a job cannot reach, it is not asked for.
    terms["data"] = json!({"folder": folder.display().to_string(), "pattern": "CHURNPERF_*"});
    desk.ok("monitoring.define", json!({"version": CHAMPION, "name": "Out of reach", "terms": terms})).await;
    let failure = desk.refused("monitoring.compute", json!({"monitor": "Out of reach"})).await;
    assert!(failure.message.contains("lies at a desk"), "{failure}");
}

/// Rows of a month, of every kind that files hold: weights, groups, codes with zeros in front, a text over two lines.
fn month(number: u32, with_old: bool) -> Vec<Vec<String>> {
    (0..240u32)
        .map(|row| {
            let score = f64::from(row * 37 % 101) / 101.0;
            let y = u32::from(score + f64::from(row % 7) / 10.0 > 0.8);
            let note =
                if row % 9 == 0 { "two\nlines" } else { ["one", "a \"quoted\" one"][(row % 2) as usize] };
            let mut cells = vec![
                format!("2026-{:02}-{:02}", number + row % 2, 1 + row % 28),
                y.to_string(),
                format!("{score:.4}"),
                (1 + row % 3).to_string(),
                ["f", "m", ""][(row % 3) as usize].to_owned(),
                format!("{:02}", row % 5 + number),
                note.to_owned(),
                format!("{:.3}", score * f64::from(number) + f64::from(row % 11)),
            ];
            if with_old {
                cells.push((row % 4).to_string());
            }
            cells
        })
        .collect()
}

const HEAD: [&str; 9] = ["at", "churn", "P_CHURN1", "w", "g", "code", "note", "x", "old"];

fn write_csv(path: &Path, rows: &[Vec<String>]) {
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |cells: &[String]| cells.iter().map(quoted).collect::<Vec<_>>().join(";");
    let head = HEAD[..rows[0].len()].join(";");
    let text = rows.iter().fold(head + "\n", |text, row| text + &line(row) + "\n");
    fs::write(path, text).unwrap();
}

fn write_parquet(path: &Path, rows: &[Vec<String>]) {
    let columns: Vec<::monitoring::TableColumn> = HEAD[..rows[0].len()]
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let cells = rows.iter().map(|row| row[at].clone());
            match *name {
                "at" | "g" | "note" => ::monitoring::TableColumn::texts(name, cells),
                _ => ::monitoring::TableColumn::numbers(name, cells.map(|cell| cell.parse().ok())),
            }
        })
        .collect();
    fs::write(path, ::monitoring::parquet_table(&columns).unwrap()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_agree_with_rows_by_time_group_and_weight_over_files_that_differ() {
    let (desk, folder) = watching(1).await;
    with_spark(&desk);
    let files = folder.with_file_name("months");
    fs::create_dir_all(&files).unwrap();
    write_csv(&files.join("a.csv"), &month(1, true));
    write_csv(&files.join("b.csv"), &month(3, false));
    write_parquet(&files.join("c.parquet"), &month(5, true));
    write_parquet(&files.join("base.parquet"), &month(1, true));
    let mut terms = guessed(&desk, &folder).await["terms"].clone();
    terms["data"] = json!({"folder": files.display().to_string(), "pattern": "*"});
    terms["weight"] = "w".into();
    terms["groups"] = json!(["g"]);
    terms["inputs"] = Value::Null;
    terms["time"] = json!({"column": "at", "period": "month"});
    terms["baseline"] = json!({"kind": "file", "file": "base.parquet"});
    let rows = reported(&desk, "Rows", &terms).await;
    terms["runs_on"] = "local-spark".into();
    let counts = reported(&desk, "Counts", &terms).await;
    check("months", &rows["report"], &counts["report"]);
    let periods = rows["report"]["periods"].as_array().unwrap();
    assert_eq!(periods.len(), 6, "{:#}", rows["row"]);
    let variables = &periods[0]["drift"]["variables"];
    assert!(
        variables["old"].is_null() && variables["note"]["levels"].as_array().unwrap().len() == 3,
        "{variables:#}"
    );
    for report in [&rows, &counts] {
        let warnings = report["report"]["warnings"].as_array().unwrap();
        let lacks = warnings.iter().any(|it| text(it).contains("b.csv") && text(it).contains("old"));
        assert!(lacks, "{warnings:#?}");
    }
}

fn is_empty(cloud: &Path, name: &str) -> bool {
    let mut folders = vec![cloud.join("buckets/scored-churn").join(name)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if !path.is_dir() {
                return false;
            }
            folders.push(path);
        }
    }
    true
}
