use super::*;

fn expected(kind: OutputKind, at: &str) -> ExpectedOutput {
    ExpectedOutput { name: "metrics".into(), kind, at: at.parse().unwrap(), rows_min: 0, columns: Vec::new() }
}

async fn check(work: &Path, output: ExpectedOutput, since: Timestamp) -> Result<Vec<OutputProof>, String> {
    verify(&[output], &Buckets::default(), Some(work), since)
        .await
        .unwrap()
        .map_err(|reason| reason.to_string())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

#[test]
fn an_output_is_missing_empty_stale_or_unreadable_and_each_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let work = dir.path();
    std::fs::create_dir_all(work.join("folder")).unwrap();
    std::fs::write(work.join("folder/_SUCCESS"), "").unwrap();
    std::fs::write(work.join("empty.json"), "").unwrap();
    std::fs::write(work.join("bad.json"), "Traceback").unwrap();
    std::fs::write(work.join("bad.parquet"), "PAR1 but cut off").unwrap();
    std::fs::write(work.join("header.csv"), "a,b\n").unwrap();
    std::fs::create_dir_all(work.join("half/_temporary/0")).unwrap();
    std::fs::write(work.join("half/_temporary/0/part-0"), "x").unwrap();
    std::fs::write(work.join("half/part-0"), "x").unwrap();
    std::fs::write(work.join("metrics.json.bak"), "{}").unwrap();
    let start = Timestamp::now();
    let rows = [
        (OutputKind::Json, "metrics.json", "is missing"),
        (OutputKind::Folder, "folder", "is empty"),
        (OutputKind::Json, "empty.json", "is empty"),
        (OutputKind::Json, "bad.json", "does not parse as JSON"),
        (OutputKind::Parquet, "bad.parquet", "is no Parquet file"),
        (OutputKind::Csv, "header.csv", "has 0 rows"),
        (OutputKind::Folder, "half", "is incomplete"),
        (OutputKind::File, "half/..x", "is missing"),
    ];
    for (kind, at, why) in rows {
        let answer = runtime().block_on(check(work, expected(kind, at), start)).unwrap_err();
        assert!(answer.starts_with("output `metrics` ") && answer.contains(why), "{at}: {answer}");
    }
}

#[test]
fn what_lay_there_before_the_run_is_not_its_output() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("m.json"), "{\"auc\": 0.9}").unwrap();
    let later = Timestamp::now() + jiff::SignedDuration::from_secs(60);
    let answer =
        runtime().block_on(check(dir.path(), expected(OutputKind::Json, "m.json"), later)).unwrap_err();
    assert!(answer.contains("is stale"), "{answer}");
}

#[test]
fn a_good_output_is_described_and_its_columns_are_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let start = Timestamp::now();
    std::fs::write(dir.path().join("m.json"), "{\"auc\": 0.9}").unwrap();
    let proofs = runtime().block_on(check(dir.path(), expected(OutputKind::Json, "m.json"), start)).unwrap();
    assert_eq!((proofs[0].rows, proofs[0].files, proofs[0].size_bytes), (Some(1), 1, 12));
    assert_eq!(proofs[0].document, Some(serde_json::json!({"auc": 0.9})));
    assert_eq!(proofs[0].sha256, Sha256::of(b"{\"auc\": 0.9}"));
    let wants = ExpectedOutput { columns: vec!["gini".into()], ..expected(OutputKind::Json, "m.json") };
    let answer = runtime().block_on(check(dir.path(), wants, start)).unwrap_err();
    assert!(answer.contains("has no column `gini`; it has auc"), "{answer}");
    let more = ExpectedOutput { rows_min: 2, ..expected(OutputKind::Json, "m.json") };
    assert!(runtime().block_on(check(dir.path(), more, start)).unwrap_err().contains("at least 2"));
}

#[test]
fn the_one_document_that_spark_writes_into_a_folder_is_read_and_of_several_none() {
    let dir = tempfile::tempdir().unwrap();
    let start = Timestamp::now();
    let folder = dir.path().join("metrics");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("_SUCCESS"), "").unwrap();
    std::fs::write(folder.join("part-00000.json"), "").unwrap();
    std::fs::write(folder.join("part-00001.json"), "{\"auc\": 0.9}\n").unwrap();
    let look = || {
        let proofs =
            runtime().block_on(check(dir.path(), expected(OutputKind::Json, "metrics"), start)).unwrap();
        (proofs[0].rows, proofs[0].document.clone())
    };
    assert_eq!(look(), (Some(1), Some(serde_json::json!({"auc": 0.9}))));
    std::fs::write(folder.join("part-00002.json"), "{\"auc\": 0.1}\n").unwrap();
    assert_eq!(look(), (Some(2), None));
}
