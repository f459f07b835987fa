//! Decay, its cause and its forecast on simulated series whose truth is known.
#![allow(clippy::unwrap_used)]

use monitoring::sequential::{Worse, forecast};
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
            let ahead = forecast(&series, 0.4, 12, Worse::Lower).unwrap();
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
    let scratch = tempfile::tempdir().unwrap();
    let mut random = Random(42);
    let data = periods.iter().enumerate().map(|(i, &(weak, strength))| {
        let path = scratch.path().join(format!("P_{}_Q{}.csv", i + 1, i + 1));
        std::fs::write(&path, period(&mut random, 20_000, weak, strength)).unwrap();
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
fn a_series_that_only_rounding_moves_has_no_slope() {
    let third = 0.1 + 0.2;
    let tests = monitoring::sequential::trend_tests(&[0.3, third, 0.3, third, third], Some(0.2));
    assert_eq!(
        (tests.ols_slope, tests.ols_p_two_sided, tests.ols_crossing_period),
        (Some(0.0), None, None),
        "the two spellings of 0.3 differ in the last digit only"
    );
}
