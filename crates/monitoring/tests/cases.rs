//! The cases beside the project: numbers of SAS, NumPy, SciPy and scikit-learn. Passes with a note where they are absent.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use monitoring::sequential::{Worse, cusum, ewma, forecast, numbered, page_hinkley, trend_tests};
use monitoring::{Dropped, Options, TieGroups, compute, grid_association, performance, sas_lift};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const CLOSE: f64 = 1e-9;
const CLOSE_P: f64 = 1e-7;

fn cases() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/monitoring");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("no cases beside the project: nothing was compared");
    None
}

fn read(folder: &Path, name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

/// Everything in `expected` must be in `got`; numbers to 1e-9, p-values to 1e-7 (both relative beyond 1).
fn check(path: &str, expected: &Value, got: &Value) {
    match expected {
        Value::Object(fields) => {
            for (name, value) in fields {
                let found = got.get(name).unwrap_or_else(|| panic!("{path} has no {name}"));
                check(&format!("{path}.{name}"), value, found);
            }
        }
        Value::Array(items) => {
            assert_eq!(items.len(), got.as_array().unwrap().len(), "{path}");
            for (i, value) in items.iter().enumerate() {
                check(&format!("{path}[{i}]"), value, &got[i]);
            }
        }
        Value::Number(number) => {
            let (e, g) = (number.as_f64().unwrap(), got.as_f64());
            let Some(g) = g else { panic!("{path}: {e} expected, got {got}") };
            let is_p = ["ks_p_asymptotic", "bh_q", ".p", "p_two_sided"].iter().any(|end| path.ends_with(end));
            let close = if is_p { CLOSE_P } else { CLOSE };
            assert!((e - g).abs() <= close * e.abs().max(1.0), "{path}: {e} expected, got {g}");
            // Tails count too: a p-value of 1e-78 must not pass as 0.
            assert!(!is_p || (e - g).abs() <= 1e-6 * e.abs(), "{path}: {e} expected, got {g}");
        }
        other => assert_eq!(other, got, "{path}"),
    }
}

fn of_rows(rows: &[(bool, f64)]) -> TieGroups {
    let side = |event: bool| rows.iter().filter(move |r| r.0 == event).map(|r| r.1).collect::<Vec<_>>();
    TieGroups::unweighted(side(true), side(false))
}

#[test]
fn percentile_assess_of_sas_is_met() {
    let Some(folder) = cases() else { return };
    let tests = read(&folder, "sas_percentile_assess.json");
    for test in tests["tests"].as_array().unwrap() {
        let mut rows = Vec::new();
        for block in test["blocks"].as_array().unwrap() {
            let score = block["score"].as_f64().unwrap();
            for (name, event) in [("events", true), ("nonevents", false)] {
                rows.extend((0..block[name].as_u64().unwrap()).map(|_| (event, score)));
            }
        }
        let out = serde_json::to_value(performance(&of_rows(&rows), Dropped::default(), 0.5)).unwrap();
        let (expected, grid) = (&test["expected"], &out["sas_grid_100"]);
        for (sas, ours) in [
            ("_C_", "c"),
            ("_GINI_", "gini"),
            ("_GAMMA_", "gamma"),
            ("_TAU_", "tau"),
            ("ks", "ks"),
            ("ks_cutoff", "ks_cutoff"),
        ] {
            check(sas, &expected[sas], &grid[ours]);
        }
        let roc = [
            ("_Cutoff_", "cutoff"),
            ("_TP_", "tp"),
            ("_FP_", "fp"),
            ("_FN_", "fn"),
            ("_TN_", "tn"),
            ("_Sensitivity_", "sensitivity"),
            ("_Specificity_", "specificity"),
            ("_FPR_", "fpr"),
            ("_ACC_", "acc"),
            ("_FDR_", "fdr"),
            ("_F1_", "f1"),
            ("_FHALF_", "fhalf"),
            ("_MiscEvent_", "misc_event"),
            ("_KS2_", "ks2"),
        ];
        for (i, point) in expected["roc_first_three"].as_array().unwrap().iter().enumerate() {
            for (sas, ours) in roc {
                check(sas, &point[sas], &out["roc_grid_100"][i][ours]);
            }
        }
        let lift = [
            ("_Depth_", "depth"),
            ("_NObs_", "n"),
            ("_NEvents_", "n_events"),
            ("_Resp_", "resp"),
            ("_CumResp_", "cum_resp"),
            ("_PctResp_", "pct_resp"),
            ("_CumPctResp_", "cum_pct_resp"),
            ("_Lift_", "lift"),
            ("_CumLift_", "cum_lift"),
            ("_Value_", "value"),
            ("_NEventsBest_", "n_events_best"),
            ("_CumRespBest_", "cum_resp_best"),
            ("_CumLiftBest_", "cum_lift_best"),
            ("_Gain_", "gain"),
            ("_GainBest_", "gain_best"),
        ];
        let bins = expected["lift"].as_array().unwrap();
        assert_eq!(bins.len(), 20);
        for (i, bin) in bins.iter().enumerate() {
            for (sas, ours) in lift {
                check(&format!("lift[{i}].{sas}"), &bin[sas], &out["lift_sas_20"][i][ours]);
            }
        }
    }
}

#[test]
fn proc_assess_of_sas_is_met() {
    let Some(folder) = cases() else { return };
    let case = read(&folder, "sas_proc_assess_15.json");
    let rows: Vec<(bool, f64)> = case["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["y"] == 1, r["score"].as_f64().unwrap()))
        .collect();
    let groups = of_rows(&rows);
    let out = serde_json::to_value(performance(&groups, Dropped::default(), 0.5)).unwrap();
    check("exact", &case["exact"], &out);
    check("grid", &case["sas_grid_4"], &serde_json::to_value(grid_association(&groups, 4)).unwrap());
    check("lift", &case["lift_sas_5"], &serde_json::to_value(sas_lift(&groups, 5)).unwrap());
    let five = |sas: &str, ours: &Value| {
        assert!(
            (case["sas_5_digits"][sas].as_f64().unwrap() - ours.as_f64().unwrap()).abs() < 5.1e-6,
            "{sas}"
        );
    };
    five("_ASE_", &out["ase"]);
    five("_RASE_", &out["rase"]);
    five("_MCE_", &out["cutoff_0_5"]["mce"]);
    five("_MCLL_", &out["mcll"]);
    five("_C_", &out["exact"]["c"]);
    five("_GINI_", &out["exact"]["gini"]);
    five("ks_at_cutoff_0_5", &out["cutoff_0_5"]["ks"]);
    let regression: Vec<(f64, f64, f64)> = case["regression"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r[0].as_f64().unwrap(), r[1].as_f64().unwrap(), 1.0))
        .collect();
    let out = monitoring::regression(&regression, Dropped::default());
    for (sas, ours) in [("_ASE_", out.ase), ("_RASE_", out.rase)] {
        let expected = case["regression"]["sas_5_digits"][sas].as_f64().unwrap();
        assert!((expected - ours.unwrap()).abs() < 5.1e-6, "{sas}");
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn written(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn edges_are_met_through_files() {
    let Some(folder) = cases() else { return };
    let case = read(&folder, "edge_cases.json");
    let scratch = tempfile::tempdir().unwrap();
    for (i, test) in case["performance"].as_array().unwrap().iter().enumerate() {
        let mut text = "y,score,w\n".to_owned();
        for (row, y) in test["y"].as_array().unwrap().iter().enumerate() {
            let weight = test["weight"].get(row).map_or("1".to_owned(), cell);
            text += &format!("{},{},{weight}\n", cell(y), cell(&test["score"][row]));
        }
        let options = Options {
            data: vec![written(&scratch, &format!("case{i}.csv"), &text)],
            target: Some("y".to_owned()),
            event: Some("1".to_owned()),
            score: Some("score".to_owned()),
            weight: test["weight"].is_array().then(|| "w".to_owned()),
            ..Options::default()
        };
        let report = serde_json::to_value(compute(&options).unwrap()).unwrap();
        let got = &report["periods"][0]["performance"];
        for (name, expected) in test["expected"].as_object().unwrap() {
            let found = got.get(name).or_else(|| got["exact"].get(name));
            let found = found.unwrap_or_else(|| panic!("no {name}"));
            check(&format!("{}.{name}", test["name"]), expected, found);
        }
    }
    let spread = |levels: &Value| {
        let mut text = "v,other\n".to_owned();
        for (level, count) in levels.as_object().unwrap() {
            text += &format!("{level},1\n").repeat(count.as_u64().unwrap() as usize);
        }
        text
    };
    let drift_of = |reference: &str, current: &str, name: &str| {
        let options = Options {
            data: vec![written(&scratch, &format!("{name} cur.csv"), current)],
            reference: Some(written(&scratch, &format!("{name} ref.csv"), reference)),
            inputs: Some(vec!["v".to_owned()]),
            ..Options::default()
        };
        serde_json::to_value(compute(&options).unwrap()).unwrap()["periods"][0]["drift"]["variables"]["v"]
            .clone()
    };
    for test in case["psi_categorical"].as_array().unwrap() {
        let name = test["name"].as_str().unwrap();
        check(name, &test["expected"], &drift_of(&spread(&test["ref"]), &spread(&test["cur"]), name));
    }
    let lines = |values: &[&str]| values.iter().fold("v,other\n".to_owned(), |text, v| text + v + ",1\n");
    let (threes, fours) = (vec!["3"; 100], [vec!["3"; 50], vec!["4"; 50]].concat());
    check(
        "constant",
        &case["constant_baseline_numeric"],
        &drift_of(&lines(&threes), &lines(&fours), "constant"),
    );
    let small = drift_of(&lines(&["1", "2", "3"]), &lines(&["1", "5", ""]), "small");
    check("small", &case["small_reference"], &small);
}

#[test]
fn drift_of_the_home_equity_quarters_is_met() {
    let Some(folder) = cases() else { return };
    let case = read(&folder, "hmeqperf_input_drift.json");
    let mut options = Options {
        data: (1..=4).map(|i| folder.join(format!("HMEQPERF_{i}_Q{i}.csv"))).collect(),
        target: Some("BAD".to_owned()),
        event: Some("1".to_owned()),
        reference: Some(folder.join("hmeq.csv")),
        ..Options::default()
    };
    for block in ["vs_training", "vs_Q1"] {
        let report = serde_json::to_value(compute(&options).unwrap()).unwrap();
        for period in report["periods"].as_array().unwrap() {
            let label = period["label"].as_str().unwrap();
            check(label, &case["event_rate"][label], &period["performance"]["event_rate"]);
            let Some(expected) = case[block].get(label) else { continue };
            check(label, &expected["variables"], &period["drift"]["variables"]);
            for name in ["p1", "p25"] {
                check(name, &expected[name], &period["drift"][name]);
            }
            for (rule, fires) in expected["alerts"].as_object().unwrap() {
                let fired = report["alerts"].as_array().unwrap().iter();
                let fired = fired.filter(|a| a["period"] == label && a["rule"] == *rule).count();
                assert_eq!(fired == 1, fires.as_bool().unwrap(), "{block} {label} {rule}");
            }
        }
        options.reference = None;
    }
}

#[test]
fn control_charts_and_trends_are_met() {
    let Some(folder) = cases() else { return };
    let case = read(&folder, "sequential.json");
    let series: Vec<f64> = case["series"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
    let number = |block: &str, name: &str| case[block][name].as_f64().unwrap();
    let baseline = case["baseline_periods"].as_u64().unwrap() as usize;
    let chart =
        cusum(&series, baseline, number("cusum_lower", "k"), number("cusum_lower", "h"), Worse::Lower);
    check("cusum", &case["cusum_lower"], &json!(chart));
    let (delta, lambda) =
        (number("page_hinkley_decrease", "delta"), number("page_hinkley_decrease", "lambda_"));
    check("ph", &case["page_hinkley_decrease"], &json!(page_hinkley(&series, delta, lambda, Worse::Lower)));
    let chart = ewma(&series, baseline, number("ewma", "lambda_"), number("ewma", "L"));
    check("ewma", &case["ewma"], &json!(chart));
    let mut tests = json!(trend_tests(&numbered(&series), Some(number("mann_kendall", "threshold"))));
    tests["values"] = case["mann_kendall"]["values"].clone();
    check("trend", &case["mann_kendall"], &tests);
    let ahead = forecast(&numbered(&series), number("ols_forecast", "threshold"), 12, Worse::Lower);
    check("forecast", &case["ols_forecast"], &json!(ahead));
}
