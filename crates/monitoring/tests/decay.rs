//! Decay, its cause and its forecast on simulated series whose truth is known.
#![allow(clippy::unwrap_used)]

use monitoring::sequential::{Worse, forecast, numbered, trend_tests};
use monitoring::{Action, Level, Options, Report, compute};
use std::fmt::Write;

/// SplitMix64 and Box–Muller: the same series on every machine.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}

#[test]
fn eighty_per_cent_intervals_hold_eighty_per_cent_of_the_time() {
    let mut random = Random(7);
    for (periods, slope, noise) in [(8, -0.02, 0.02), (12, -0.01, 0.015), (24, -0.004, 0.01)] {
        let (mut values, mut crossings, mut unbounded) = (0, 0, 0);
        let runs = 2000;
        for _ in 0..runs {
            let line = |t: usize| 0.6 + slope * t as f64;
            let series: Vec<f64> = (1..=periods).map(|t| line(t) + noise * random.normal()).collect();
            let truth = (0.4 - 0.6) / slope;
            let next = line(periods + 3) + noise * random.normal();
            let ahead = forecast(&numbered(&series), 0.4, 12, Worse::Lower).unwrap();
            let third = ahead.horizon[2];
            values += usize::from(third.lo80 <= next && next <= third.hi80);
            let earliest = ahead.crossing_earliest_80.unwrap_or(f64::NEG_INFINITY);
            let latest = ahead.crossing_latest_80.unwrap_or(f64::INFINITY);
            unbounded += usize::from(ahead.crossing_latest_80.is_none());
            crossings += usize::from(earliest <= truth && truth <= latest);
        }
        let share = |n: usize| n as f64 / runs as f64;
        assert!((0.75..=0.85).contains(&share(values)), "values {periods}: {}", share(values));
        assert!((0.75..=0.85).contains(&share(crossings)), "crossings {periods}: {}", share(crossings));
        assert!(share(unbounded) < 0.05, "{periods}: {} of the intervals are open", share(unbounded));
    }
}

/// Two segments: in one the score ranks well, in the other hardly. `weak` is the share of the second.
fn period(random: &mut Random, rows: usize, weak: f64, strength: f64) -> String {
    let mut text = "y,s,segment,x\n".to_owned();
    for _ in 0..rows {
        let in_weak = random.unit() < weak;
        let x = random.normal();
        let slope = strength * if in_weak { 0.2 } else { 1.6 };
        let y = random.unit() < 1.0 / (1.0 + (0.5 - slope * x).exp());
        let score = 1.0 / (1.0 + (0.5 - x).exp());
        writeln!(text, "{},{score:.6},{},{x:.5}", u8::from(y), if in_weak { "weak" } else { "strong" })
            .unwrap();
    }
    text
}

fn played(periods: &[(f64, f64)]) -> Report {
    let mut random = Random(42);
    let texts: Vec<String> =
        periods.iter().map(|&(weak, strength)| period(&mut random, 20_000, weak, strength)).collect();
    reported(&texts)
}

fn reported(texts: &[String]) -> Report {
    let scratch = tempfile::tempdir().unwrap();
    let data = texts.iter().enumerate().map(|(i, text)| {
        let path = scratch.path().join(format!("P_{}_Q{}.csv", i + 1, i + 1));
        std::fs::write(&path, text).unwrap();
        path
    });
    let options = Options {
        data: data.collect(),
        target: Some("y".to_owned()),
        event: Some("1".to_owned()),
        score: Some("s".to_owned()),
        ..Options::default()
    };
    compute(&options).unwrap()
}

#[test]
fn a_changed_mix_is_told_from_a_changed_relation() {
    // Q2 shifts the mix and keeps the relation, Q3 keeps the mix and halves the relation, Q4 does neither.
    let report = played(&[(0.2, 1.0), (0.6, 1.0), (0.2, 0.5), (0.2, 1.0)]);
    let share =
        |label: &str| report.decay.get(label).unwrap().cause.as_ref().unwrap().relation_share.unwrap();
    assert!(share("Q2").abs() < 0.1, "mix taken for relation: {}", share("Q2"));
    assert!((share("Q3") - 1.0).abs() < 0.1, "relation taken for mix: {}", share("Q3"));
    let decay = |label: &str| report.decay.get(label).unwrap();
    for label in ["Q2", "Q3"] {
        assert_eq!(decay(label).significant, Some(true), "{label}");
    }
    assert_eq!(decay("Q4").significant, Some(false));
}

#[test]
fn gini_may_fall_by_half_while_score_stability_stays_green() {
    let report = played(&[(0.0, 0.5), (0.0, 0.42), (0.0, 0.34), (0.0, 0.26)]);
    let last = report.periods.len() - 1;
    assert!(report.number(last, "score_psi").unwrap() < 0.01);
    let loss = report.number(last, "giniDecay").unwrap();
    assert!((0.35..0.55).contains(&loss), "{loss}");
    let fired = report
        .alerts
        .iter()
        .any(|a| a.period == "Q4" && a.rule == "giniDecay>0.1" && a.level == Level::Alert);
    assert!(fired);
    assert_eq!(report.recommendation.action, Action::Retrain);
    let says = |part: &str| report.recommendation.reasons.iter().any(|r| r.contains(part));
    assert!(says("score stability alone would not have shown it"), "{:?}", report.recommendation);
    assert!(says("a changed relation the rest") || says("a changed relation explains the whole loss"));
    assert!(!says("explains -"), "no share of a loss is below nothing: {:?}", report.recommendation);
}

#[test]
fn many_rows_make_a_trifle_significant_but_not_notable() {
    let report = played(&[(0.2, 1.0), (0.2, 0.99)]);
    let decay = report.decay.get("Q2").unwrap();
    assert_ne!(decay.significant, Some(true));
    assert!(report.alerts.is_empty(), "{:?}", report.alerts);
}

#[test]
fn a_period_without_labels_takes_its_place_in_the_course() {
    // 0.02 a period, with a hole: the line goes through all of them, and the next forecast is of the period after the last.
    let series: Vec<(usize, f64)> =
        [1, 2, 3, 5, 6, 7, 8, 9, 10].into_iter().map(|p| (p, 0.5 - 0.02 * p as f64)).collect();
    let tests = trend_tests(&series, Some(0.2));
    let close = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-12, "{a:?} is not {b}");
    close(tests.theil_sen_slope, -0.02);
    close(tests.ols_slope, -0.02);
    close(tests.ols_crossing_period, 15.0);
    let ahead = forecast(&series, 0.2, 3, Worse::Lower).unwrap();
    assert_eq!(ahead.horizon[0].period, 11);
    close(Some(ahead.horizon[0].forecast), 0.28);
    // Through files: the third of five quarters has no outcomes.
    let mut random = Random(11);
    let mut texts: Vec<String> = (0..5).map(|_| period(&mut random, 2_000, 0.2, 1.0)).collect();
    texts[2] = texts[2]
        .lines()
        .map(|l| {
            l.split_once(',')
                .map_or(String::new(), |(y, rest)| format!("{},{rest}\n", if y == "y" { "y" } else { "" }))
        })
        .collect();
    let report = reported(&texts);
    let gini = report.trend.get("gini").unwrap();
    assert_eq!(
        (gini.labels.join(" ").as_str(), gini.places.as_slice()),
        ("Q1 Q2 Q4 Q5", [1, 2, 4, 5].as_slice())
    );
    assert!(report.trend.get("score_psi").unwrap().places.is_empty());
}

#[test]
fn a_series_that_only_rounding_moves_has_no_slope() {
    let third = 0.1 + 0.2;
    let tests = trend_tests(&numbered(&[0.3, third, 0.3, third, third]), Some(0.2));
    assert_eq!(
        (tests.ols_slope, tests.ols_p_two_sided, tests.ols_crossing_period),
        (Some(0.0), None, None),
        "the two spellings of 0.3 differ in the last digit only"
    );
}

/// Predictions of a number whose error grows from period to period, and their rows' weights.
fn predicted(spreads: &[f64]) -> (tempfile::TempDir, Options) {
    let scratch = tempfile::tempdir().unwrap();
    let mut random = Random(7);
    let data = spreads.iter().enumerate().map(|(i, spread)| {
        let mut text = "y,s,w\n".to_owned();
        for _ in 0..4_000 {
            let s = 100.0 * random.unit();
            writeln!(text, "{:.4},{s:.4},{}", s + spread * random.normal(), 1 + i % 2).unwrap();
        }
        let path = scratch.path().join(format!("P_{}_Q{}.csv", i + 1, i + 1));
        std::fs::write(&path, text).unwrap();
        path
    });
    let options = Options {
        data: data.collect(),
        target: Some("y".to_owned()),
        score: Some("s".to_owned()),
        rules: monitoring::Rule::standard_of_numbers(),
        ..Options::default()
    };
    (scratch, options)
}

#[test]
fn a_predicted_number_is_judged_by_its_error() {
    let (_scratch, options) = predicted(&[5.0, 5.0, 5.6]);
    let report = compute(&options).unwrap();
    let (held, lost) = (report.decay.get("Q2").unwrap(), report.decay.get("Q3").unwrap());
    assert_eq!(held.significant, Some(false), "{held:?}");
    // The mean of squares of 4,000 normal errors has the standard error ase * sqrt(2 / 4000).
    let expected = (5.6f64.powi(2) - 25.0) / (2.0f64 / 4_000.0 * (5.6f64.powi(4) + 5.0f64.powi(4))).sqrt();
    assert!(
        (lost.ase_z.unwrap() - expected).abs() < 0.25 * expected,
        "{:?} is not near {expected}",
        lost.ase_z
    );
    assert_eq!(lost.significant, Some(true), "{lost:?}");
    let told = &report.recommendation;
    assert_eq!(told.action, monitoring::Action::Retrain, "{told:?}");
    assert!(told.reasons[0].starts_with("in `Q3` the average squared error is 2"), "{told:?}");
    assert_eq!(told.said[0].id, "reason-ase-above-p");
    assert!(report.alerts.iter().any(|alert| alert.rule == "aseDecay>0.1" && alert.period == "Q3"));
    assert!(report.trend.get("mae").is_some() && report.trend.get("r2").is_some());

    let (_scratch, options) = predicted(&[5.0, 5.0, 4.9]);
    assert_eq!(compute(&options).unwrap().recommendation.action, monitoring::Action::Keep);
}

#[test]
fn a_threshold_of_any_metric_is_the_one_to_cross() {
    let (_scratch, mut options) = predicted(&[5.0, 5.2, 5.4, 5.6, 5.8]);
    options.thresholds.insert("ase".to_owned(), 40.0);
    let report = compute(&options).unwrap();
    let forecast = report.trend.get("ase").unwrap().ols_forecast.as_ref().unwrap();
    assert_eq!(forecast.threshold, 40.0);
    let crossing = forecast.crossing_period.unwrap();
    assert!((6.0..9.0).contains(&crossing), "{crossing}");
    assert!(report.recommendation.said.iter().any(|it| it.id == "reason-forecast-ase"), "{report:?}");
}

#[test]
fn under_weights_the_size_of_the_loss_decides_and_it_is_said_that_nothing_was_tested() {
    let scratch = tempfile::tempdir().unwrap();
    let mut random = Random(11);
    let weighted: Vec<_> = [1.0, 0.4]
        .iter()
        .enumerate()
        .map(|(i, strength)| {
            let path = scratch.path().join(format!("P_{}_Q{}.csv", i + 1, i + 1));
            let text: String = period(&mut random, 5_000, 0.2, *strength)
                .lines()
                .enumerate()
                .map(|(row, line)| format!("{line},{}\n", if row == 0 { "w" } else { "2" }))
                .collect();
            std::fs::write(&path, text).unwrap();
            path
        })
        .collect();
    let options = Options {
        data: weighted,
        target: Some("y".to_owned()),
        event: Some("1".to_owned()),
        score: Some("s".to_owned()),
        weight: Some("w".to_owned()),
        ..Options::default()
    };
    let report = compute(&options).unwrap();
    let performance = report.periods[1].performance.as_ref().unwrap().binary().unwrap();
    assert_eq!(
        performance.why_undefined("delong.variance").unwrap().0,
        "DeLong's variance is not defined under weights"
    );
    assert_eq!(report.decay.get("Q2").unwrap().significant, None);
    assert_eq!(report.recommendation.action, monitoring::Action::Retrain, "{:?}", report.recommendation);
    assert!(report.recommendation.said.iter().any(|it| it.id == "reason-untested"));
}

#[test]
fn rules_may_speak_of_what_reports_have_and_of_nothing_else() {
    let report = played(&[(0.2, 1.0), (0.2, 0.4)]);
    let (_scratch, options) = predicted(&[5.0, 5.6]);
    let of_numbers = compute(&options).unwrap();
    for name in monitoring::numbers() {
        assert!(monitoring::is_number(name));
        let known = [&report, &of_numbers].iter().any(|it| it.number(1, name).is_some());
        assert!(known, "no report knows `{name}`");
    }
    for name in ["psi.x", "q.INCOME", "equalizedOdds_SEX"] {
        assert!(monitoring::is_number(name), "{name}");
    }
    for name in ["giniDecy", "psi.", "psi", "P1", "equalizedOdds_"] {
        assert!(!monitoring::is_number(name), "{name}");
    }
}

#[test]
fn scored_cases_are_those_with_an_outcome_and_a_score() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("scored.csv");
    std::fs::write(&path, "churn,P_1\n1,0.9\n0,0.2\n,0.3\n1,\n0,0.1\n").unwrap();
    let rows = monitoring::scored(&path, "churn", "1", "P_1", 100).unwrap();
    assert_eq!(rows, [(0.9, true), (0.2, false), (0.1, false)]);
    let many = monitoring::scored(&path, "churn", "1", "P_1", 3).unwrap_err().to_string();
    assert!(many.contains("5 rows are more than the 3"), "{many}");
    let lacking = monitoring::scored(&path, "churn", "1", "P_2", 100).unwrap_err().to_string();
    assert!(lacking.contains("P_2"), "{lacking}");
}
