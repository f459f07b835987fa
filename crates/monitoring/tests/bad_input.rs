//! Every bad input has a defined answer: null with a reason, a warning, or an error that names file, column and row.
#![allow(clippy::unwrap_used)]

use monitoring::{Cadence, Error, METRICS, Metric, Options, Report, TimeSplit, VariableDrift, compute};
use std::path::PathBuf;
use tempfile::TempDir;

struct Scratch(TempDir);

impl Scratch {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn options(data: Vec<PathBuf>) -> Options {
    Options {
        data,
        target: Some("y".to_owned()),
        event: Some("1".to_owned()),
        score: Some("s".to_owned()),
        ..Options::default()
    }
}

fn refused(options: &Options, parts: &[&str]) {
    let error = compute(options).unwrap_err().to_string();
    for part in parts {
        assert!(error.contains(part), "`{error}` does not say `{part}`");
    }
}

fn warned(report: &Report, part: &str) {
    assert!(
        report.warnings.iter().any(|w| w.contains(part)),
        "no warning says `{part}`: {:?}",
        report.warnings
    );
}

#[test]
fn cells_that_cannot_be_meant_are_named() {
    let scratch = Scratch::new();
    let rows = [
        ("weight", "y,s,w\n1,0.5,1\n0,0.4,-2\n", vec!["weight.csv", "column `w`", "row 2", "not below zero"]),
        (
            "score",
            "y,s,w\n1,0.5,1\n0,oops,1\n",
            vec!["score.csv", "column `s`", "row 2", "`oops` is not a number"],
        ),
        (
            "comma",
            "y;s;w\n1;0.5;1\n0;0,4;1\n",
            vec!["comma.csv", "column `s`", "row 2", "write `0.4`, with a point"],
        ),
        ("ragged", "y,s,w\n1,0.5,1\n0,0.4\n", vec!["ragged.csv", "row 2", "2 fields"]),
        ("twins", "y,s,w,s\n1,0.5,1,1\n", vec!["twins.csv", "two columns are called `s`"]),
        ("nothing", "", vec!["nothing.csv", "empty"]),
        ("columns", "y,score,w\n1,1,1\n", vec!["no column `s` (score)", "y, score, w"]),
    ];
    for (name, text, parts) in rows {
        let mut options = options(vec![scratch.file(&format!("{name}.csv"), text)]);
        options.weight = Some("w".to_owned());
        refused(&options, &parts);
    }
}

#[test]
fn options_that_contradict_the_data_are_refused() {
    let scratch = Scratch::new();
    let file = scratch.file("a.csv", "y,s\nyes,0.5\nno,0.2\n");
    refused(&Options { event: None, ..options(vec![file.clone()]) }, &["yes, no", "--event"]);
    refused(&Options { inputs: Some(vec!["z".to_owned()]), ..options(vec![file.clone()]) }, &["`z` (input)"]);
    refused(&options(vec![scratch.0.path().join("absent.csv")]), &["absent.csv", "cannot be read"]);
    refused(&options(Vec::new()), &["no data"]);
    let mut bad_rule = options(vec![file]);
    bad_rule.rules[0].when = "p1 >".to_owned();
    assert!(matches!(compute(&bad_rule), Err(Error::Rule { at: 5, .. })));
}

#[test]
fn a_truncated_parquet_file_is_damaged() {
    let scratch = Scratch::new();
    let whole =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/monitoring/base_parts/part-00000.parquet");
    let bytes = std::fs::read(whole).unwrap();
    let mut data = options(vec![scratch.file("half.parquet", &bytes[..bytes.len() / 2])]);
    data.score = Some("score".to_owned());
    refused(&data, &["half.parquet", "damaged"]);
    // The footer whole, a page header not.
    let mut holed = bytes.clone();
    holed[4..120].fill(0xFF);
    data.data = vec![scratch.file("holed.parquet", &holed)];
    refused(&data, &["holed.parquet", "damaged", "cannot be read"]);
    // One part sound, one truncated.
    let folder = scratch.file("parts/part-0.parquet", &bytes);
    scratch.file("parts/part-1.parquet", &bytes[..100]);
    data.data = vec![folder.parent().unwrap().to_owned()];
    refused(&data, &["part-1.parquet", "damaged"]);
}

#[test]
fn one_class_is_null_with_a_reason() {
    let scratch = Scratch::new();
    let report = compute(&options(vec![scratch.file("a.csv", "y,s\n0,0.1\n0,0.2\n")])).unwrap();
    let performance = report.periods[0].performance.as_ref().unwrap().binary().unwrap();
    assert_eq!(performance.exact.c, None);
    assert_eq!(performance.undefined.get("exact").unwrap(), "no events among 2 rows");
    assert!((performance.ase.unwrap() - 0.025).abs() < 1e-15);
    warned(&report, "no event `1`");
}

#[test]
fn every_metric_without_a_value_says_why() {
    let scratch = Scratch::new();
    let rows = [
        ("no event", "y,s\n0,0.1\n0,0.2\n"),
        ("nothing but events", "y,s\n1,0.1\n1,0.7\n"),
        ("no row", "y,s\n,0.1\n1,\n"),
        ("one score", "y,s\n1,0.4\n0,0.4\n"),
        ("one row", "y,s\n1,0.4\n"),
        ("none called", "y,s\n1,0.4\n0,0.1\n"),
        ("all called", "y,s\n1,0.8\n0,0.6\n"),
        ("separated", "y,s\n1,1\n1,0.9\n0,0.1\n0,0\n"),
        ("no probabilities", "y,s\n1,300\n0,700\n1,650\n"),
        ("infinite", "y,s\n1,inf\n0,0.2\n"),
        ("no outcomes", "z,s\n1,0.3\n"),
        ("no score", "y,z\n1,0.3\n0,0.1\n"),
    ];
    let check = |name: &str, report: &Report, wanted: &dyn Fn(&Metric) -> bool| {
        let mut without = 0;
        for (at, metric) in (0..report.periods.len())
            .flat_map(|at| METRICS.iter().filter(|it| wanted(it)).map(move |it| (at, it)))
        {
            if report.number(at, metric.name).is_none() {
                without += 1;
                let (text, said) = report
                    .why_undefined(at, metric.name)
                    .unwrap_or_else(|| panic!("{name}: `{}` is null without a reason", metric.name));
                assert!(!text.is_empty() && said.is_some(), "{name}: {}", metric.name);
            }
        }
        without
    };
    for (name, text) in rows {
        let data = vec![
            scratch.file("P_1_a.csv", "y,s\n1,0.9\n0,0.2\n1,0.6\n0,0.5\n"),
            scratch.file("P_2_b.csv", text),
        ];
        let report = compute(&options(data)).unwrap();
        assert!(check(name, &report, &Metric::is_of_events) > 0, "{name}");
    }
    for (name, text, score) in [
        ("one outcome", "y,s\n2,1.5\n2,2.5\n", Some("s")),
        ("no row", "y,s\n3,\n", Some("s")),
        ("infinite", "y,s\n2,inf\n3,2.5\n", Some("s")),
        ("no score", "y,s\n2,1\n3,2\n", None),
    ] {
        let numbers = Options {
            event: None,
            score: score.map(str::to_owned),
            ..options(vec![scratch.file("n.csv", text)])
        };
        assert!(check(name, &compute(&numbers).unwrap(), &Metric::is_of_numbers) > 0, "{name}");
    }
}

#[test]
fn cutoffs_between_0_and_1_say_nothing_of_scores_beyond() {
    let scratch = Scratch::new();
    let text = "y,s\n1,720\n0,510\n1,680\n0,530\n0,700\n";
    let report = compute(&options(vec![scratch.file("a.csv", text)])).unwrap();
    let scoring = report.periods[0].performance.as_ref().unwrap();
    assert!(scoring.number("gini").unwrap() > 0.6, "the order of the scores is judged");
    for name in ["sas_gini", "sas_c", "sas_ks"] {
        assert_eq!(scoring.number(name), None, "{name}");
        assert!(scoring.why_undefined(name).unwrap().0.contains("outside 0 to 1"), "{name}");
    }
}

#[test]
fn outcomes_that_are_not_two_classes_are_said() {
    let scratch = Scratch::new();
    let report = compute(&options(vec![
        scratch.file("P_1_a.csv", "y,s\n1,0.1\n1,0.2\n"),
        scratch.file("P_2_b.csv", "y,s\n0,0.1\n1,0.2\n2,0.3\n9,0.3\n,0.5\n"),
        scratch.file("P_3_c.csv", "y,s\n0,0.1\n1,0.2\n0.0,0.3\n"),
    ]))
    .unwrap();
    warned(&report, "`a` holds nothing but the event `1`");
    warned(&report, "`b` holds more than two levels in column `y`: besides the event `1` there are 0, 2, 9");
    assert!(!report.warnings.iter().any(|it| it.starts_with("`c`")), "{:?}", report.warnings);
    let words = options(vec![scratch.file("d.csv", "y,s\nyes,0.1\nno,0.2\nunsure,0.3\n")]);
    let report = compute(&Options { event: Some("yes".to_owned()), ..words }).unwrap();
    warned(&report, "besides the event `yes` there are no, unsure");
    let truths = options(vec![scratch.file("e.csv", "y,s\nTrue,0.1\nfalse,0.2\nFALSE,0.3\n")]);
    let report = compute(&Options { event: Some("true".to_owned()), ..truths }).unwrap();
    assert!(!report.warnings.iter().any(|it| it.contains("levels")), "{:?}", report.warnings);
    // Beyond what is held in memory the same is said.
    let many = options(vec![scratch.file("f.csv", "y,s\n0,0.1\n1,0.2\n2,0.3\n0,0.4\n1,0.5\n2,0.6\n")]);
    let report = compute(&Options { rows_in_memory_max: 2, ..many }).unwrap();
    warned(&report, "besides the event `1` there are 0, 2");
}

#[test]
fn no_rule_judges_outcomes_that_are_still_coming_in() {
    let scratch = Scratch::new();
    let rows = |turned: bool, missing: usize| -> String {
        let row = |n: usize| {
            let event = (n % 10 < 3) != turned;
            let y = if n < missing { String::new() } else { u8::from(event).to_string() };
            format!("{y},{}\n", 1.0 - (n % 10) as f64 / 10.0)
        };
        format!("y,s\n{}", (0..100).map(row).collect::<String>())
    };
    let compared = |missing| {
        let data =
            vec![scratch.file("P_1_a.csv", rows(false, 0)), scratch.file("P_2_b.csv", rows(true, missing))];
        compute(&options(data)).unwrap()
    };
    let fired = |report: &Report| report.alerts.iter().any(|alert| alert.rule == "giniDecay>0.1");
    let (whole, partial) = (compared(0), compared(50));
    assert!(fired(&whole) && partial.periods[1].provisional);
    assert!(partial.decay.get("b").unwrap().gini_decay.unwrap() > 1.0, "the number itself is shown");
    assert!(!fired(&partial), "{:?}", partial.alerts);
    assert!(
        !partial.warnings.iter().any(|it| it.contains("could not be judged in b")),
        "{:?}",
        partial.warnings
    );
}

#[test]
fn a_column_with_a_part_that_is_missing_elsewhere_is_said() {
    let scratch = Scratch::new();
    let periods = || {
        vec![
            scratch.file("P_1_a.csv", "y,s,w,g\n0,0.1,1,m\n1,0.2,2,f\n"),
            scratch.file("P_2_b.csv", "y,s,w\n0,0.1,1\n1,0.2,2\n"),
        ]
    };
    let by_group = Options { groups: vec!["g".to_owned()], ..options(periods()) };
    let report = compute(&by_group).unwrap();
    warned(&report, "`b` has no column `g`: fairness by it is undefined");
    let weighted = Options {
        weight: Some("w".to_owned()),
        reference: Some(scratch.file("base.csv", "y,s\n0,0.1\n1,0.2\n")),
        ..options(periods())
    };
    warned(&compute(&weighted).unwrap(), "the baseline `base` has no weights `w`");
}

#[test]
fn constant_and_empty_columns_have_no_distance_but_no_error() {
    let scratch = Scratch::new();
    let report = compute(&options(vec![
        scratch.file("P_1_a.csv", "y,s,k,gone\n0,0.1,5,\n1,0.2,5,.\n"),
        scratch.file("P_2_b.csv", "y,s,k,gone\n0,0.1,5,\n1,0.2,5,\n"),
    ]))
    .unwrap();
    let VariableDrift::Numeric(constant) = report.periods[1].drift.variables.get("k").unwrap() else {
        panic!()
    };
    assert_eq!(
        (constant.psi, constant.ks_statistic, constant.wasserstein_over_ref_sd),
        (Some(0.0), Some(0.0), None)
    );
    let VariableDrift::Numeric(gone) = report.periods[1].drift.variables.get("gone").unwrap() else {
        panic!()
    };
    assert_eq!((gone.ks_statistic, gone.wasserstein, gone.mean_ref), (None, None, None));
    assert_eq!((gone.missing_ref, gone.missing_cur, gone.psi), (Some(1.0), Some(1.0), Some(0.0)));
    let why = [constant, gone].map(|drift| drift.reason.clone().unwrap());
    assert!(
        why[0].contains("standard deviation is 0") && why[1].contains("baseline has no value"),
        "{why:?}"
    );
}

#[test]
fn a_difference_is_notable_by_its_size_and_not_by_the_rows_alone() {
    let scratch = Scratch::new();
    // A shift of 0.05 among 20,000 rows is significant; one of 0.5 matters as well.
    let rows = |shift: f64, wide: f64| {
        (0..20_000).fold("y,s,a,b\n".to_owned(), |text, i| {
            let u = f64::from(i) / 20_000.0;
            text + &format!("{},{u},{},{}\n", i % 2, u + shift, u + wide)
        })
    };
    let report = compute(&options(vec![
        scratch.file("P_1_a.csv", rows(0.0, 0.0)),
        scratch.file("P_2_b.csv", rows(0.05, 0.5)),
    ]))
    .unwrap();
    let drift = |name: &str| report.periods[1].drift.variables.get(name).unwrap();
    assert!(drift("a").bh_q().unwrap() < 1e-9 && drift("b").bh_q().unwrap() < 1e-9);
    assert_eq!((drift("a").notable(), drift("b").notable()), (Some(false), Some(true)));
}

#[test]
fn infinities_rank_and_leave_means_undefined() {
    let scratch = Scratch::new();
    let text = "y,s,v\n1,0.9,inf\n0,0.1,-Infinity\n1,0.8,3\n0,NaN,nan\n";
    let report = compute(&options(vec![scratch.file("a.csv", text)])).unwrap();
    let VariableDrift::Numeric(v) = report.periods[0].drift.variables.get("v").unwrap() else { panic!() };
    assert_eq!((v.mean_ref, v.wasserstein), (None, None));
    assert_eq!((v.ks_statistic, v.missing_ref), (Some(0.0), Some(0.25)));
    let text = serde_json::to_string(&report).unwrap();
    assert!(text.contains("\"-Infinity\"") && !text.contains("NaN"));
    assert!(serde_json::from_str::<Report>(&text).unwrap() == report);
}

#[test]
fn mixed_and_changing_kinds_are_warned_about() {
    let scratch = Scratch::new();
    let report = compute(&options(vec![
        scratch.file("P_1_a.csv", "y,s,m,k,old\n0,0.1,5,1,1\n1,0.2,five,2,1\n"),
        scratch.file("P_2_b.csv", "y,s,m,k,new\n0,0.1,5,x,1\n1,0.2,6,y,1\n"),
    ]))
    .unwrap();
    warned(&report, "column `m`, row 2: the cell is not a number");
    warned(&report, "column `k` holds numbers in some periods and texts in others");
    warned(&report, "`b` has no column `old`");
    warned(&report, "columns the baseline does not have: new");
    let VariableDrift::Categorical(k) = report.periods[1].drift.variables.get("k").unwrap() else { panic!() };
    assert_eq!((k.levels.join(" "), k.unknown_levels), ("1 2 x y".to_owned(), 2));
}

#[test]
fn an_identifier_is_no_variable() {
    let scratch = Scratch::new();
    let text = (0..1500).fold("y,s,id\n".to_owned(), |t, i| t + &format!("{},0.5,c{i}\n", i % 2));
    let report = compute(&options(vec![scratch.file("a.csv", text)])).unwrap();
    warned(&report, "looks like an identifier");
    let drift = report.periods[0].drift.variables.get("id").unwrap();
    assert_eq!(drift.psi(), None);
    assert!(drift.reason().unwrap().0.contains("more than 1000 levels"));
}

#[test]
fn a_text_that_hardly_repeats_is_an_identifier_on_small_data_too() {
    let scratch = Scratch::new();
    let rows = |from: u32| {
        (from..from + 400).fold("y,s,name,region\n".to_owned(), |text, i| {
            text + &format!("{},0.5,customer {i},region {}\n", i % 2, i % 30)
        })
    };
    let report =
        compute(&options(vec![scratch.file("P_1_a.csv", rows(0)), scratch.file("P_2_b.csv", rows(400))]))
            .unwrap();
    for period in &report.periods {
        let name = period.drift.variables.get("name").unwrap();
        assert_eq!(name.psi(), None, "{}", period.label);
        assert!(name.reason().unwrap().0.contains("an identifier"), "{:?}", name.reason());
        assert!(period.drift.variables.get("region").unwrap().psi().is_some(), "{}", period.label);
        assert_eq!((period.drift.p1, period.drift.p25), (0, 0));
    }
    warned(&report, "column `name` has 800 levels in 800 rows");
    assert!(report.alerts.is_empty(), "{:?}", report.alerts);
    let kept = serde_json::to_string(&report).unwrap();
    assert!(!kept.contains("customer 7"), "no text of a customer is kept");
}

#[test]
fn levels_that_the_baseline_does_not_know_are_told_once_a_column() {
    let scratch = Scratch::new();
    let report = compute(&options(vec![
        scratch.file("P_1_a.csv", "y,s,t\n1,0.9,u\n0,0.1,v\n"),
        scratch.file("P_2_b.csv", "y,s,t\n1,0.9,u\n0,0.1,w\n"),
        scratch.file("P_3_c.csv", "y,s,t\n1,0.9,x\n0,0.1,w\n"),
    ]))
    .unwrap();
    warned(&report, "column `t` holds levels that the baseline does not know: b (1), c (2)");
    assert_eq!(report.warnings.iter().filter(|it| it.contains("does not know")).count(), 1);
}

#[test]
fn a_number_reads_as_the_same_text_wherever_it_is_a_level() {
    let scratch = Scratch::new();
    // A column of numbers in one period and of texts in the other; as a group it is of texts in both.
    let report = compute(&Options {
        groups: vec!["k".to_owned()],
        ..options(vec![
            scratch.file("P_1_a.csv", "y,s,k\n1,0.9,01\n0,0.1,01\n1,0.8,1.50\n0,0.3,1.50\n"),
            scratch.file("P_2_b.csv", "y,s,k\n1,0.9,01\n0,0.1,01\n1,0.8,1.50\n0,0.3,x\n"),
        ])
    })
    .unwrap();
    let VariableDrift::Categorical(k) = report.periods[1].drift.variables.get("k").unwrap() else { panic!() };
    assert_eq!((k.levels.join(" "), k.unknown_levels), ("1 1.5 x".to_owned(), 1));
    let groups: Vec<&str> =
        report.periods[0].fairness.get("k").unwrap().groups.iter().map(|it| it.0).collect();
    assert_eq!(groups, ["1", "1.5"]);
}

#[test]
fn a_baseline_called_like_a_period_is_not_that_period() {
    let scratch = Scratch::new();
    let rows = |turned: usize| -> String {
        let row = |n: usize| {
            format!("{},{}\n", u8::from((n % 10 < 3) != (n < turned)), 1.0 - (n % 10) as f64 / 10.0)
        };
        format!("y,s\n{}", (0..400).map(row).collect::<String>())
    };
    let report = compute(&Options {
        reference: Some(scratch.file("before/a.csv", rows(0))),
        ..options(vec![scratch.file("P_1_a.csv", rows(80)), scratch.file("P_2_b.csv", rows(80))])
    })
    .unwrap();
    assert_eq!((report.reference.label.as_str(), report.periods[0].label.as_str()), ("a", "a"));
    let decay = report.decay.get("a").unwrap();
    assert!(decay.delong_p.is_some() && decay.significant == Some(true), "{decay:?}");
    let own =
        compute(&options(vec![scratch.file("P_1_a.csv", rows(0)), scratch.file("P_2_b.csv", rows(80))]))
            .unwrap();
    assert_eq!(own.decay.get("a").unwrap().delong_p, None, "a period is not compared with itself");
}

#[test]
fn a_preview_reads_the_first_rows_only() {
    let scratch = Scratch::new();
    let mut text = "at,y,name,v\n".to_owned();
    for i in 0..40_000 {
        text += &format!("2026-01-01,{},customer {i},{}\n", i % 2, i % 3);
    }
    // What comes later is not looked at: it is damaged, and nobody hears of it yet.
    let path = scratch.file("long.csv", text + "1,2\n");
    let columns = monitoring::preview(&path, None).unwrap();
    let of = |name: &str| columns.iter().find(|column| column.name == name).unwrap();
    assert_eq!((of("y").numeric, of("y").levels.join(" ")), (true, "0 1".to_owned()));
    assert_eq!((of("v").levels.len(), of("name").levels.len()), (3, 0));
    assert!(of("name").unique && !of("v").unique && !of("at").unique);
    refused(&options(vec![path]), &["long.csv", "row 40001", "2 fields"]);
}

#[test]
fn a_period_without_labels_is_provisional_and_judged_by_drift_alone() {
    let scratch = Scratch::new();
    let report = compute(&options(vec![
        scratch.file("P_1_a.csv", "y,s\n0,0.1\n1,0.2\n0,0.3\n1,0.4\n"),
        scratch.file("P_2_b.csv", "y,s\n,0.1\n,0.2\n,0.3\n1,0.4\n"),
        scratch.file("P_3_c.csv", "s\n0.1\n0.2\n"),
    ]))
    .unwrap();
    assert!(!report.periods[0].provisional && report.periods[1].provisional && report.periods[2].provisional);
    assert_eq!(report.periods[1].labelled, Some(0.25));
    assert_eq!(report.periods[2].labelled, Some(0.0));
    assert!(report.periods[2].drift.score.as_ref().unwrap().psi().is_some());
    assert!(report.recommendation.reasons.iter().any(|r| r.contains("`c` is provisional")));
}

#[test]
fn delimiters_quotes_and_byte_order_marks_are_read() {
    let scratch = Scratch::new();
    let plain =
        compute(&options(vec![scratch.file("P_1_a.csv", "y,s,t\n1,0.9,u\n0,0.1,\"v,w\"\n")])).unwrap();
    for (name, text) in [
        ("semicolon/P_1_a.csv", "\u{feff}\"y\";\"s\";\"t\"\r\n\"  1\";\" 0.9\";u\r\n0;0.1;\"v,w\"\r\n"),
        ("tab/P_1_a.csv", "y\ts\tt\n1\t0.9\tu\n0\t0.1\tv,w\n"),
        ("pipe/P_1_a.csv", "y|s|t\n1|0.9|u\n0|0.1|v,w"),
    ] {
        let report = compute(&options(vec![scratch.file(name, text)])).unwrap();
        assert!(report == plain, "{name}");
    }
    refused(&options(vec![scratch.file("wide.csv", b"\xFF\xFEy\0")]), &["UTF-16"]);
}

#[test]
fn a_time_column_splits_rows_as_files_would() {
    let scratch = Scratch::new();
    let first = "0,0.1,a\n1,0.8,b\n0,0.3,a\n";
    let second = "0,0.6,c\n1,0.2,b\n";
    let by_file = compute(&options(vec![
        scratch.file("P_1_2026-01.csv", format!("y,s,t\n{first}")),
        scratch.file("P_2_2026-02.csv", format!("y,s,t\n{second}")),
    ]))
    .unwrap();
    let dated = |text: &str, date: &str| text.lines().map(|l| format!("{l},{date}\n")).collect::<String>();
    let text =
        format!("y,s,t,at\n{}{},,,\n", dated(second, "2026-02-28"), dated(first, "2026-01-31T23:59:59"));
    let mut split = options(vec![scratch.file("all.csv", text)]);
    split.time = Some(TimeSplit { column: "at".to_owned(), cadence: Cadence::Month });
    let report = compute(&split).unwrap();
    warned(&report, "1 rows have no time");
    assert!(report.periods == by_file.periods);
    split.data = vec![scratch.file("soon.csv", "y,s,at\n1,0.2,2026-01-01\n0,0.1,soon\n")];
    refused(&split, &["soon.csv", "column `at`", "row 2", "`soon` is not a date"]);
    split.time = Some(TimeSplit { column: "when".to_owned(), cadence: Cadence::Month });
    refused(&split, &["`when` (time)"]);
}

#[test]
fn a_time_column_without_a_time_is_refused() {
    let scratch = Scratch::new();
    for (name, text) in [("untimed", "y,s,at\n1,0.2,\n0,0.1,.\n"), ("empty", "y,s,at\n")] {
        for reference in [None, Some(scratch.file("base.csv", "y,s,at\n1,0.9,\n0,0.1,\n"))] {
            let split = Options {
                time: Some(TimeSplit { column: "at".to_owned(), cadence: Cadence::Month }),
                reference,
                ..options(vec![scratch.file(&format!("{name}.csv"), text)])
            };
            refused(&split, &["no period", "every row lacks a time"]);
            assert!(matches!(compute(&split), Err(Error::Usage(_))), "{name}");
        }
    }
}

#[test]
fn a_folder_named_as_a_series_is_one_and_any_other_is_not_guessed_at() {
    let scratch = Scratch::new();
    for (name, text) in
        [("PERF_10_Oct.csv", "y,s\n1,0.9\n0,0.1\n"), ("PERF_9_Sep.csv", "y,s\n1,0.8\n0,0.2\n")]
    {
        scratch.file(&format!("series/{name}"), text);
        scratch.file(&format!("loose/x{name}y.csv"), text);
    }
    scratch.file("loose/other.csv", "y,s\n1,1\n");
    let report = compute(&options(vec![scratch.0.path().join("series")])).unwrap();
    let labels: Vec<&str> = report.periods.iter().map(|p| p.label.as_str()).collect();
    assert_eq!(labels, ["Sep", "Oct"]);
    refused(&options(vec![scratch.0.path().join("loose")]), &["PREFIX_<sequence>_<label>"]);
}

#[test]
fn truth_values_are_events_however_they_are_spelled() {
    let scratch = Scratch::new();
    for (levels, events) in [
        (["true", "false"], ["true", "TRUE", "1", "1.0"]),
        (["True", "False"], ["true", "True", "1", " 1 "]),
        (["TRUE", "FALSE"], ["True", "TRUE", "1", "1.0"]),
        (["1", "0"], ["1", "1.0", "1.00", " 1"]),
        (["1.0", "0.0"], ["1", "1.0", "1.00", " 1"]),
    ] {
        let text = format!("y,s\n{0},0.9\n{1},0.1\n{1},0.2\n", levels[0], levels[1]);
        let file = scratch.file("a.csv", text);
        for event in events {
            let report =
                compute(&Options { event: Some(event.to_owned()), ..options(vec![file.clone()]) }).unwrap();
            let performance = report.periods[0].performance.as_ref().unwrap().binary().unwrap();
            assert_eq!((performance.n_events, performance.n_obs), (1, 3), "{levels:?} {event}");
        }
    }
}

#[test]
fn decimal_commas_are_named_and_not_guessed_at() {
    let scratch = Scratch::new();
    let report =
        compute(&options(vec![scratch.file("a.csv", "y;s;v;w\n1;0.9;1,5;1,5\n0;0.1;2,5;3\n")])).unwrap();
    warned(&report, "column `v`, row 1: the cell has a decimal comma");
    warned(&report, "column `w`, row 1: the cell has a decimal comma");
}

#[test]
fn every_period_has_a_decay_even_where_nothing_can_be_told() {
    let scratch = Scratch::new();
    let report = compute(&options(vec![
        scratch.file("P_1_a.csv", "y,s\n0,0.1\n0,0.2\n"),
        scratch.file("P_2_b.csv", "y,s\n0,0.1\n0,0.2\n"),
    ]))
    .unwrap();
    for label in ["a", "b"] {
        let decay = report.decay.get(label).unwrap();
        assert_eq!((decay.against.as_str(), decay.is_known()), ("a", false));
    }
}
