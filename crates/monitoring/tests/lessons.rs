//! What real data and other tools taught: each is a mistake that is easy to make, and is made elsewhere.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use monitoring::sequential::{numbered, trend_tests};
use monitoring::{Options, Performance, Report, Scoring, VariableDrift, compute};

/// A report over periods of rows of text, the first of them the baseline.
fn report(header: &str, periods: &[Vec<String>]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let write = |(number, rows): (usize, &Vec<String>)| -> PathBuf {
        let path = folder.path().join(format!("P_{number}_p{number}.csv"));
        std::fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        path
    };
    compute(&Options {
        data: periods.iter().enumerate().map(write).collect(),
        target: Some("y".to_owned()),
        event: Some("1".to_owned()),
        score: Some("s".to_owned()),
        ..Options::default()
    })
    .unwrap()
}

fn binary(report: &Report, period: usize) -> &Performance {
    let Some(Scoring::Binary(performance)) = &report.periods[period].performance else { panic!("no target") };
    performance
}

/// Quantiles of the logistic distribution scaled to a standard deviation of one: a shape without chance.
fn quantile(nth: usize, of: usize) -> f64 {
    let p = (nth as f64 + 0.5) / of as f64;
    (p / (1.0 - p)).ln() * 3f64.sqrt() / std::f64::consts::PI
}

#[test]
fn a_tie_block_of_half_the_scores_is_counted_pair_by_pair() {
    let scored: Vec<(bool, f64)> = (0..400)
        .map(|i| {
            let score = if i % 2 == 0 { 0.3 } else { ((i * 37) % 101) as f64 / 101.0 };
            ((i * 13) % 7 < 2, score)
        })
        .collect();
    let rows = scored.iter().map(|(event, score)| format!("{},{score}", u8::from(*event))).collect();
    let report = report("y,s", &[rows]);
    let (mut concordant, mut discordant, mut tied) = (0u64, 0u64, 0u64);
    for (_, event) in scored.iter().filter(|(is_event, _)| *is_event) {
        for (_, other) in scored.iter().filter(|(is_event, _)| !*is_event) {
            match event.total_cmp(other) {
                std::cmp::Ordering::Greater => concordant += 1,
                std::cmp::Ordering::Less => discordant += 1,
                std::cmp::Ordering::Equal => tied += 1,
            }
        }
    }
    let pairs = (concordant + discordant + tied) as f64;
    assert!(tied as f64 > 0.2 * pairs, "{tied} of {pairs}");
    let exact = &binary(&report, 0).exact;
    let difference = concordant as f64 - discordant as f64;
    for (name, ours, by_hand) in [
        ("c", exact.c, (concordant as f64 + tied as f64 / 2.0) / pairs),
        ("gini", exact.gini, difference / pairs),
        ("gamma", exact.gamma, difference / (concordant + discordant) as f64),
        ("tau", exact.tau, difference / (400.0 * 399.0 / 2.0)),
    ] {
        assert!((ours.unwrap() - by_hand).abs() < 1e-12, "{name}: {ours:?}, by hand {by_hand}");
    }
}

#[test]
fn scores_may_be_stable_to_the_last_digit_while_the_gini_is_gone() {
    let score = |i: usize| quantile(i, 1000);
    let rows = |event: &dyn Fn(usize) -> bool| -> Vec<String> {
        (0..1000).map(|i| format!("{},{}", u8::from(event(i)), score(i))).collect()
    };
    // The same scores; events where they are high, and then anywhere.
    let report = report("y,s", &[rows(&|i| i % 10 < i / 100), rows(&|i| i % 2 == 0)]);
    assert_eq!(report.periods[1].drift.score.as_ref().unwrap().psi(), Some(0.0));
    let gini = |period: usize| binary(&report, period).exact.gini.unwrap();
    assert!(gini(0) > 0.5 && gini(1).abs() < 0.01, "{} {}", gini(0), gini(1));
}

#[test]
fn one_outlier_hides_no_shift_of_a_standard_deviation() {
    let rows = |shift: f64, outlier: Option<f64>| -> Vec<String> {
        let values = (0..2000).map(|i| quantile(i, 2000) + shift).chain(outlier);
        values.enumerate().map(|(i, value)| format!("{},0.5,{value}", i % 2)).collect()
    };
    // Bins of equal width over both samples would have all but one row in one bin.
    let report = report("y,s,x", &[rows(0.0, None), rows(1.0, None), rows(1.0, Some(1e9))]);
    let psi = |period: usize| report.periods[period].drift.variables.get("x").unwrap().psi().unwrap();
    assert!(psi(1) > 0.8, "{}", psi(1));
    assert!((psi(1) - psi(2)).abs() < 0.01, "{} {}", psi(1), psi(2));
}

#[test]
fn what_is_missing_and_what_has_moved_are_two_numbers() {
    let rows = |missing: usize| -> Vec<String> {
        let value = |i: usize| match i % 100 < missing {
            true => String::new(),
            false => quantile((i * 7) % 2000, 2000).to_string(),
        };
        (0..2000).map(|i| format!("{},0.5,{}", i % 2, value(i))).collect()
    };
    let report = report("y,s,x", &[rows(0), rows(20)]);
    let VariableDrift::Numeric(x) = report.periods[1].drift.variables.get("x").unwrap() else { panic!() };
    assert!(x.psi.unwrap() > 1.5 && x.psi_excluding_missing.unwrap() < 0.03, "{x:?}");
}

#[test]
fn a_trend_test_says_nothing_below_eight_periods() {
    let falling: Vec<f64> = (0..8).map(|period| 0.6 - 0.01 * f64::from(period)).collect();
    let few = trend_tests(&numbered(&falling[..7]), None);
    assert_eq!((few.mann_kendall_s, few.mann_kendall_p_two_sided), (None, None));
    let enough = trend_tests(&numbered(&falling), None);
    assert_eq!(enough.mann_kendall_s, Some(-28));
    assert!(enough.mann_kendall_p_two_sided.unwrap() < 0.001);
}

#[test]
fn a_report_holds_aggregates_and_never_rows() {
    let of = |rows: u32| {
        let rows = (0..rows)
            .map(|i| format!("{},{}", i % 3 % 2, f64::from(i) / f64::from(rows)))
            .collect::<Vec<_>>();
        report("y,s", &[rows])
    };
    let (few, many) = (of(2000), of(40_000));
    let roc = &binary(&many, 0).roc;
    assert!(roc.len() <= 200, "{}", roc.len());
    assert_eq!((roc[0][..2].to_vec(), roc[roc.len() - 1][..2].to_vec()), (vec![0.0, 0.0], vec![1.0, 1.0]));
    let bytes = |report: &Report| serde_json::to_string(report).unwrap().len() as f64;
    assert!(bytes(&many) < 1.1 * bytes(&few), "{} {}", bytes(&many), bytes(&few));
}
