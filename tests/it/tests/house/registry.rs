//! Packages: what is registered, what is refused, and what a champion is.

use std::fs;

use app::Code;
use serde_json::{Value, json};

use crate::desk::{CHALLENGER, CHAMPION, Desk, PROJECT, contents, gbt, logistic, text};
use crate::zip::stored;

fn length(value: &Value) -> usize {
    value.as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_packages_are_registered_with_their_files_variables_statistics_and_curves() {
    let desk = Desk::stocked().await;
    let models = desk.ok("registry.list_models", json!({"project": PROJECT})).await;
    let names: Vec<String> =
        models["rows"].as_array().unwrap().iter().map(|row| text(&row["name"])).collect();
    assert_eq!(names, ["churn_gbt", "churn_logistic"]);
    for version in [CHAMPION, CHALLENGER] {
        let page = desk.ok("registry.show_version", json!({"version": version})).await;
        assert_eq!(page["number"], "1.0");
        assert_eq!(page["registered_by"], "ana");
        for list in ["files", "variables", "importance"] {
            assert!(length(&page[list]) > 0, "{version}: no {list}");
        }
        assert!(length(&page["fit_statistics"]["rows"]) > 0);
        for kind in ["roc", "lift"] {
            let figure = desk
                .ok("registry.figure", json!({"version": version, "kind": kind, "width": 600, "height": 400}))
                .await;
            assert!(text(&figure["svg"]).contains("<svg"), "{kind}");
            assert!(length(&figure["table"]["rows"]) > 2, "{kind} has points to read");
        }
        let score = desk.ok("registry.read_file", json!({"version": version, "path": "score.py"})).await;
        assert!(text(&score["text"]).contains("import"));
    }
    let compared = desk.ok("registry.compare", json!({"versions": [CHAMPION, CHALLENGER]})).await;
    assert_eq!(length(&compared["versions"]), 2);
    assert!(length(&compared["statistics"]) > 0);
    let algorithm =
        compared["properties"].as_array().unwrap().iter().find(|row| row["name"] == "algorithm").unwrap();
    assert_eq!(algorithm["same"], false, "{algorithm:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_step_major_and_minor_and_a_replacement_keeps_its_number() {
    let desk = Desk::stocked().await;
    let minor = desk.import(logistic(), "churn_gbt", Some("minor")).await;
    assert_eq!(minor["number"], "1.1");
    let major = desk.import(gbt(), "churn_gbt", None).await;
    assert_eq!(major["number"], "2.0");
    assert_eq!(major["model"], minor["model"]);
    let replaced = desk.import(logistic(), "churn_gbt", Some("replace")).await;
    assert_eq!(replaced["number"], "2.0");
    assert_eq!(replaced["version"], major["version"], "the same version, with other contents");
    assert_ne!(replaced["digest"], major["digest"]);
    let page = desk.ok("registry.show_version", json!({"version": major["version"]})).await;
    assert_eq!(page["digest"], replaced["digest"]);
    let numbers: Vec<String> =
        page["versions"].as_array().unwrap().iter().map(|row| text(&row["number"])).collect();
    assert_eq!(numbers, ["2.0", "1.1", "1.0"]);
    // Equal contents have equal digests, whenever they come.
    let first = desk.ok("registry.show_version", json!({"version": "Customer churn/churn_gbt@1.0"})).await;
    assert_eq!(first["digest"], major["digest"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_champion_changes_by_one_fact_in_one_entry() {
    let desk = Desk::stocked().await;
    let before = desk.head().await;
    let set = desk.ok("registry.set_champion", json!({"version": CHALLENGER})).await;
    assert_eq!(desk.head().await, before + 1);
    let entry = desk.ok("ledger.show", json!({"position": set["position"]})).await;
    assert_eq!(length(&entry["facts"]), 1, "{entry:#}");
    assert_eq!(entry["facts"][0]["kind"], "champion.set");
    let role = |page: Value| text(&page["role"]);
    assert_eq!(role(desk.ok("registry.show_version", json!({"version": CHALLENGER})).await), "champion");
    assert_ne!(role(desk.ok("registry.show_version", json!({"version": CHAMPION})).await), "champion");
    // Saying it again says nothing.
    let again = desk.refused("registry.set_champion", json!({"version": CHALLENGER})).await;
    assert_eq!(again.code, Code::Refused, "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_package_leaves_neither_entry_nor_blob_nor_row_nor_file() {
    let desk = Desk::stocked().await;
    let whole = fs::read(gbt()).unwrap();
    let score: &[u8] = b"print('scored')\n";
    let hostile: [(&str, Vec<u8>); 6] = [
        ("climbs.zip", stored(&[("score.py", score), ("../../evil.py", score)])),
        ("absolute.zip", stored(&[("score.py", score), ("/etc/evil.py", score)])),
        ("drive.zip", stored(&[("score.py", score), ("C:\\evil.py", score)])),
        ("twice.zip", stored(&[("score.py", score), ("score.py", b"print('other')\n")])),
        ("half.zip", whole[..whole.len() / 2].to_vec()),
        ("none.zip", b"this is no archive".to_vec()),
    ];
    let before = (contents(&desk.workspace()), desk.ok("registry.list_models", json!({})).await);
    let packages = tempfile::tempdir().unwrap();
    for (name, bytes) in hostile {
        let path = packages.path().join(name);
        fs::write(&path, bytes).unwrap();
        let request = json!({"path": path.display().to_string(), "project": PROJECT, "name": "evil"});
        let failure = desk.refused("registry.import_package", request).await;
        assert_eq!(failure.code, Code::Package, "{name}: {failure:?}");
        assert!(!failure.message.is_empty());
        let after = (contents(&desk.workspace()), desk.ok("registry.list_models", json!({})).await);
        assert!(before == after, "{name} left something behind");
    }
    assert!(contents(&desk.home().join("staging")).is_empty(), "nothing is left where it was unpacked");
}

#[tokio::test(flavor = "multi_thread")]
async fn d25_a_password_in_a_package_is_refused_until_somebody_says_why_it_is_none() {
    let desk = Desk::stocked().await;
    let packages = tempfile::tempdir().unwrap();
    let path = packages.path().join("careless.zip");
    let code = b"import os\npassword = \"kV9#tq2LmZ81xPw\"\nprint('scored')\n";
    fs::write(&path, stored(&[("score.py", code.as_slice())])).unwrap();
    let path = path.display().to_string();
    let before = contents(&desk.workspace());

    let reading = desk.ok("registry.inspect_package", json!({"path": path})).await;
    let findings: Vec<&Value> = reading["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] == "blocking")
        .collect();
    assert_eq!(findings.len(), 1, "{:#}", reading["findings"]);
    assert_eq!(findings[0]["line"], 2);
    assert!(!reading.to_string().contains("kV9#tq2LmZ81xPw"), "the secret itself is shown nowhere");

    let import =
        |waivers: Value| json!({"path": path, "project": PROJECT, "name": "careless", "waivers": waivers});
    for waivers in [
        json!([]),
        json!([{"finding": findings[0]["id"], "reason": "no"}]),
        json!([{"finding": "another", "reason": "it is the password of a test database"}]),
    ] {
        let failure = desk.refused("registry.import_package", import(waivers)).await;
        assert!(matches!(failure.code, Code::Refused | Code::NotFound), "{failure:?}");
        assert!(contents(&desk.workspace()) == before, "a refused package stores nothing");
    }
    let reason = "it is the password of a test database";
    let registered = desk
        .ok("registry.import_package", import(json!([{"finding": findings[0]["id"], "reason": reason}])))
        .await;
    let page = desk.ok("registry.show_version", json!({"version": registered["version"]})).await;
    assert!(text(&page["findings"][0]["waived"]).contains(reason), "{:#}", page["findings"]);
}
