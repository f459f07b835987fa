//! Packages as SAS Model Manager, sasctl and their users write them.

use std::fs;
use std::process::Command;

use packages::{Direction, Limits, RoleSource, Severity};

use crate::zips::{Desk, Entry, entry, read, zip};

const PROPERTIES: &str = r#"{"name": "GBT", "function": "classification", "targetVariable": "BAD", "targetEvent": 1,
    "targetLevel": "BINARY", "algorithm": "Gradient boosting", "tool": "Python 3"}"#;
const INPUTS: &str = r#"[{"name": "LOAN", "level": "interval", "type": "decimal", "length": 8},
    {"name": "JOB", "level": "nominal", "type": "string", "length": "7"}, {"name": "BAD", "type": "decimal", "length": 8}]"#;
const OUTPUTS: &str =
    r#"[{"name": "EM_EVENTPROBABILITY", "level": "interval", "type": "decimal", "length": 8}]"#;
const FIT: &str = r#"{"name": "dmcas_fitstat", "parameterMap": {}, "data": [
    {"dataMap": {"_DataRole_": "VALIDATE", "_GINI_": null, "_C_": null}, "rowNumber": 1},
    {"dataMap": {"_DataRole_": "TRAIN", "_GINI_": "0.7042", "_C_": "0.8521", "_KS_": 0.5034, "_NObs_": "33123"}, "rowNumber": 2},
    {"dataMap": {"_DataRole_": "TEST", "_GINI_": 0.6944, "_C_": NaN, "_NObs_": 3692.0}, "rowNumber": 3}]}"#;

fn contents(properties: &str, inputs: &str, outputs: &str, folder: &str) -> Vec<Entry> {
    let files = [
        (properties, PROPERTIES),
        (inputs, INPUTS),
        (outputs, OUTPUTS),
        ("dmcas_fitstat.json", FIT),
        ("train.py", "import os\n"),
        ("score.py", "import sys\n"),
        ("requirement.txt", "PyYAML==5.3.1\nnumpy==1.19.4\n"),
        ("demo-config.yml", "data:\n  train_datapath: gs://b-one/t.parquet\n"),
    ];
    files.iter().map(|(name, text)| entry(format!("{folder}{name}"), text)).collect()
}

#[test]
fn top_folder_or_flat_and_names_in_any_case_read_the_same() {
    let mut digests = Vec::new();
    for (properties, inputs, outputs, folder) in [
        ("ModelProperties.json", "inputVar.json", "outputVar.json", ""),
        ("ModelProperties.json", "inputVar.json", "outputVar.json", "pyspark_GBTClassifier/"),
        ("modelproperties.json", "inputvar.json", "OutputVar.json", ""),
        ("MODELPROPERTIES.JSON", "InputVar.json", "outputVar.json", "m/"),
    ] {
        let reading = read(&zip(&contents(properties, inputs, outputs, folder))).unwrap();
        let package = &reading.package;
        assert_eq!(
            package.top_folder.as_deref(),
            Some(folder.trim_end_matches('/')).filter(|it| !it.is_empty())
        );
        assert_eq!(package.properties.name.as_deref(), Some("GBT"));
        let variables: Vec<_> =
            package.variables.iter().map(|it| (it.name.as_str(), it.direction, it.length)).collect();
        assert_eq!(
            variables,
            [
                ("LOAN", Direction::Input, Some(8)),
                ("JOB", Direction::Input, Some(7)),
                ("BAD", Direction::Target, Some(8)),
                ("EM_EVENTPROBABILITY", Direction::Output, Some(8))
            ]
        );
        let fit: Vec<_> = package
            .fit_statistics
            .iter()
            .map(|it| (it.partition.as_str(), it.get("_GINI_"), it.get("_C_")))
            .collect();
        assert_eq!(fit, [("TRAIN", Some(0.7042), Some(0.8521)), ("TEST", Some(0.6944), None)]);
        assert_eq!(package.requirements.as_ref().unwrap().packages[1].specifier, "==1.19.4");
        assert_eq!(package.configurations[0].locations[0].bucket, "b-one");
        assert_eq!(package.warnings, []);
        let role = |path: &str| package.file(path).unwrap().role.as_ref().map(ToString::to_string);
        assert_eq!(role("score.py").as_deref(), Some("score"));
        assert_eq!(role("train.py").as_deref(), Some("train"));
        assert_eq!(role(inputs).as_deref(), Some("inputVariables"));
        digests.push(package.digest.clone());
    }
    assert_eq!(digests[0], digests[1], "a top folder does not change what is approved");
    assert_ne!(digests[0], digests[2], "a file's name does");
}

#[test]
fn an_auditor_computes_the_same_digest_with_sha256sum() {
    let desk = Desk::new();
    let bytes = zip(&contents("ModelProperties.json", "inputVar.json", "outputVar.json", "m/"));
    let reading = desk.read(&bytes, &Limits::default()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (file, staged) in reading.staged_files() {
        fs::copy(staged, folder.path().join(&file.path)).unwrap();
    }
    let command = "find . -type f -printf '%P\\n' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum";
    let output = Command::new("sh").args(["-c", command]).current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(reading.package.digest, format!("sha256:{}", &said[..64]));
}

#[test]
fn staged_files_live_as_long_as_the_reading() {
    let desk = Desk::new();
    let reading =
        desk.read(&zip(&[entry("m/a.txt", "hello"), entry("m/b.txt", "")]), &Limits::default()).unwrap();
    let staged = reading.staged_path("a.txt").unwrap().to_owned();
    assert_eq!(fs::read(&staged).unwrap(), b"hello");
    assert_eq!(
        reading.package.files[0].sha256,
        "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    );
    assert_eq!(
        reading.package.files[1].sha256,
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    drop(reading);
    assert!(!staged.exists());
    assert_eq!(fs::read_dir(desk.staging()).unwrap().count(), 0);
}

#[test]
fn declared_roles_win_and_missing_files_are_told() {
    for name in ["fileMetadata.json", "FileMetadata.json", "fileMetaData.json"] {
        let metadata = r#"[{"role": "inputVariables", "name": "in.json"}, {"role": "score", "name": "run.py"},
            {"role": "scoreResource", "name": "GONE.pickle"}, {"role": "notes", "name": "a.txt"}]"#;
        let reading = read(&zip(&[
            entry(name, metadata),
            entry("in.json", INPUTS),
            entry("run.py", ""),
            entry("score.py", ""),
            entry("a.txt", "caf\u{e9}"),
            entry("ModelProperties.json", [b"\xEF\xBB\xBF".as_slice(), PROPERTIES.as_bytes()].concat()),
        ]))
        .unwrap();
        let package = &reading.package;
        assert_eq!(package.score_entry().unwrap().path, "run.py");
        assert_eq!(package.file("run.py").unwrap().role_source, RoleSource::Declared);
        assert_eq!(package.file("score.py").unwrap().role, None);
        assert_eq!(package.file("a.txt").unwrap().role.as_ref().unwrap().as_str(), "notes");
        assert_eq!(package.variables.len(), 3);
        let codes: Vec<_> = package.warnings.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(codes, ["missing-file", "no-variables"], "{:?}", package.warnings);
        assert!(package.warnings[0].message.contains("`GONE.pickle`"));
    }
}

#[test]
fn the_container_wrapper_scores_first() {
    let reading = read(&zip(&[entry("ContainerWrapper.py", ""), entry("score.py", "")])).unwrap();
    assert_eq!(reading.package.score_entry().unwrap().path, "ContainerWrapper.py");
}

#[test]
fn statistics_that_contradict_each_other_are_warnings() {
    let fit = FIT.replace("\"0.7042\"", "\"0.9042\"");
    let reading = read(&zip(&[entry("dmcas_fitstat.json", fit), entry("score.py", "")])).unwrap();
    let told: Vec<_> =
        reading.package.warnings.iter().filter(|it| it.code == "inconsistent-statistic").collect();
    assert_eq!(told.len(), 1);
    assert!(
        told[0].message.starts_with("inconsistent statistic: `_GINI_` of TRAIN is 0.9042"),
        "{}",
        told[0].message
    );
}

#[test]
fn sasctl_tables_hyperparameters_and_importance_are_read() {
    let importance = r#"{"name": "dmcas_relativeimportance", "parameterMap": {"RelativeImportance": {"label": "Relative Importance", "order": 3}},
        "data": [{"dataMap": {"Variable": "B", "RelativeImportance": "0.25"}}, {"dataMap": {"Variable": "A", "RelativeImportance": "1.0"}}]}"#;
    let misc = r#"{"name": "dmcas_misc", "parameterMap": {}, "data": [{"dataMap": {"_Count_": "None", "CorrectText": "CORRECT"}, "rowNumber": 1}]}"#;
    let reading = read(&zip(&[
        entry("dmcas_relativeimportance.json", importance),
        entry("dmcas_misc.json", misc),
        entry("groupMetrics.json", misc),
        entry("DTCHyperparameters.json", r#"{"hyperparameters": {"max_depth": null, "ccp_alpha": 0.0}}"#),
        entry("requirements.json", r#"[{"step": "install numpy", "command": "pip install numpy==1.23.5"}]"#),
    ]))
    .unwrap();
    let package = &reading.package;
    assert_eq!(package.importance.iter().map(|it| it.variable.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(
        package.tables.iter().map(|it| it.file.as_str()).collect::<Vec<_>>(),
        ["dmcas_misc.json", "groupMetrics.json"]
    );
    assert_eq!(package.tables[0].rows[0]["CorrectText"], "CORRECT");
    assert_eq!(package.hyperparameters.as_ref().unwrap().len(), 2);
    assert_eq!(package.requirements.as_ref().unwrap().packages[0].name, "numpy");
}

#[test]
fn an_unfitted_pipeline_inside_the_package_is_told() {
    let metadata = |class: &str| {
        format!("{{\"class\":\"{class}\",\"timestamp\":1,\"sparkVersion\":\"2.4.4\",\"uid\":\"P\"}}\n")
    };
    let nested = |class: &str| {
        let inner = zip(&[
            entry("gbt_pipeline/metadata/part-00000", metadata(class)),
            entry("gbt_pipeline/metadata/_SUCCESS", ""),
            entry(
                "gbt_pipeline/stages/0_StringIndexer_1/metadata/part-00000",
                metadata("org.apache.spark.ml.Pipeline"),
            ),
        ]);
        let reading = read(&zip(&[entry("m/gbt_pipeline.zip", inner), entry("m/score.py", "")])).unwrap();
        let told = reading.package.warnings.iter().filter(|it| it.code == "unfitted-pipeline").count();
        (told, reading.package.file("gbt_pipeline.zip").unwrap().role.as_ref().unwrap().to_string())
    };
    assert_eq!(nested("org.apache.spark.ml.Pipeline"), (1, "scoreResource".to_owned()));
    assert_eq!(nested("org.apache.spark.ml.PipelineModel"), (0, "scoreResource".to_owned()));
    let plain = read(&zip(&[
        entry("p/metadata/part-00000", metadata("org.apache.spark.ml.Pipeline")),
        entry("score.py", ""),
    ]));
    assert!(plain.unwrap().package.warnings.iter().any(|it| it.code == "unfitted-pipeline"));
}

#[test]
fn secrets_block_with_file_and_line_also_inside_nested_archives() {
    let inner = zip(&[entry("conf/db.properties", "user=ana\ndb.password=Orion123!\n")]);
    let reading = read(&zip(&[
        entry("score.py", "import os\npassword = os.environ['PW']\nPASSWORD = \"Orion123!\"\n"),
        entry("more.zip", inner),
        entry("latin.yml", b"# caf\xe9\npassword: Orion123!\n"),
    ]))
    .unwrap();
    let mut told: Vec<_> = reading.package.blocking().map(|it| (it.file.as_str(), it.line)).collect();
    told.sort();
    assert_eq!(
        told,
        [("latin.yml", Some(2)), ("more.zip!/conf/db.properties", Some(2)), ("score.py", Some(3))]
    );
    assert!(
        reading
            .package
            .findings
            .iter()
            .all(|it| it.severity == Severity::Blocking && !format!("{it:?}").contains("Orion123"))
    );
}

#[test]
fn litter_of_file_managers_is_left_out_and_told() {
    let reading = read(&zip(&[
        entry("m/score.py", ""),
        entry("__MACOSX/m/._score.py", "x"),
        entry("m/.DS_Store", "x"),
    ]))
    .unwrap();
    assert_eq!(reading.package.top_folder.as_deref(), Some("m"));
    assert_eq!(reading.package.files.len(), 1);
    assert_eq!(reading.package.warnings.iter().filter(|it| it.code == "litter").count(), 2);
}

#[test]
fn configurations_that_disagree_about_the_bucket_are_told() {
    let reading = read(&zip(&[
        entry("demo-config.yml", "a: gs://bucket-a/x\n"),
        entry("score-config.yaml", "b: gs://bucket-b/y\n"),
        entry("broken.yml", "a: [\n"),
    ]))
    .unwrap();
    let told =
        |code: &str| reading.package.warnings.iter().find(|it| it.code == code).unwrap().message.clone();
    assert!(told("several-buckets").contains("`bucket-a`, `bucket-b`"));
    assert!(told("unreadable-configuration").contains("`broken.yml`"));
    assert_eq!(reading.package.configurations.len(), 2);
}

#[test]
fn a_zip_by_python_with_sizes_behind_the_data_is_read() {
    // `zipfile` writing to a stream sets bit 3 and puts sizes behind the data; the directory has them.
    let script = "import sys, zipfile\nclass S:\n def write(s, b): sys.stdout.buffer.write(b); return len(b)\n def flush(s): pass\n\
                  z = zipfile.ZipFile(S(), 'w', zipfile.ZIP_DEFLATED)\nz.writestr('m/score.py', 'x'*5000)\nz.writestr('m/café.txt', 'y')\nz.close()\n";
    let Ok(output) = Command::new("python3").args(["-c", script]).output() else {
        panic!("`python3` is needed for this test; install it with `sudo apt install python3`");
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let reading = read(&output.stdout).unwrap();
    assert_eq!(reading.package.files.iter().map(|it| it.size_bytes).collect::<Vec<_>>(), [1, 5000]);
}

#[test]
fn sizes_and_places_in_zip64_fields_are_read() {
    let data = b"print(1)\n";
    let packed = crate::zips::deflated(data).len() as u64;
    let mut extra = vec![1, 0, 24, 0];
    for field in [data.len() as u64, packed, 0] {
        extra.extend(field.to_le_bytes());
    }
    let large = Some(u32::MAX);
    let whole =
        zip(&[Entry { size: large, compressed: large, header_at: large, extra, ..entry("score.py", data) }]);
    assert_eq!(read(&whole).unwrap().package.files[0].size_bytes, 9);
    // The end record says that the zip64 one counts.
    let at = whole.len() - 22;
    let directory_at = u64::from(u32::from_le_bytes(whole[at + 16..at + 20].try_into().unwrap()));
    let mut zip64 = whole[..at].to_vec();
    zip64.extend(0x0606_4b50_u32.to_le_bytes());
    zip64.extend(44_u64.to_le_bytes());
    zip64.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for field in [1, 1, at as u64 - directory_at, directory_at] {
        zip64.extend(field.to_le_bytes());
    }
    zip64.extend(0x0706_4b50_u32.to_le_bytes());
    zip64.extend(0_u32.to_le_bytes());
    zip64.extend((at as u64).to_le_bytes());
    zip64.extend(1_u32.to_le_bytes());
    zip64.extend(crate::zips::end(u16::MAX, u32::MAX, u32::MAX));
    assert_eq!(read(&zip64).unwrap().package.files[0].size_bytes, 9);
}
