//! What published statistics must satisfy among themselves, whatever the model.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::{Deserialize, Serialize};

use super::{FitStatistics, LiftCurve, RocCurve};

/// How far a rounded pair may be apart; SAS and sasctl publish at least four digits.
const TOLERANCE: f64 = 2e-3;
/// How far the published KS may lie from that of at most a hundred published cutoffs.
const KS_TOLERANCE: f64 = 0.03;

/// How far the area under the published points may lie from the published one: they are cutoffs, and not every case.
const AREA_TOLERANCE: f64 = 0.03;
/// How far a lift may be from what its own table says it is, relative to it; small bins are of whole cases only.
const LIFT_TOLERANCE: f64 = 0.02;
/// Curves of fewer points are too coarse to be held against numbers.
const POINTS_MIN: usize = 50;

/// A published statistic that cannot be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inconsistency {
    /// Partition.
    pub partition: String,
    /// Statistic as published, for example `_GINI_`.
    pub statistic: String,
    /// The sentence for people.
    pub message: String,
    /// What is wrong with it, in no language: the end of a message's name, and its values.
    #[serde(default)]
    pub why: Why,
}

/// What is wrong with a statistic, in no language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The end of a message's name, for example `gini`.
    pub id: String,
    /// Its values, numbers written with a point.
    pub values: BTreeMap<String, String>,
}

/// A reason in no language and in English.
struct Reason(Why, String);

fn why(id: &str, values: &[(&str, &dyn Display)], text: String) -> Reason {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect();
    Reason(Why { id: id.to_owned(), values }, text)
}

impl Inconsistency {
    /// Whether it is about a curve, and about no number of the table.
    pub fn is_of_curves(&self) -> bool {
        self.file() != "dmcas_fitstat.json"
    }

    /// The file that publishes the statistic.
    pub(crate) fn file(&self) -> &'static str {
        match self.statistic.as_str() {
            "ROC" => "dmcas_roc.json",
            "_Depth_" | "_CumLift_" | "_Gain_" => "dmcas_lift.json",
            _ => "dmcas_fitstat.json",
        }
    }
}

/// Everything that contradicts an identity or a range.
pub(crate) fn inconsistencies(
    fit: &[FitStatistics],
    roc: &[RocCurve],
    lift: &[LiftCurve],
) -> Vec<Inconsistency> {
    let mut found = Vec::new();
    for curve in roc {
        if let Some(why) = impossible_roc(curve) {
            found.push(told(&curve.partition, "ROC", why));
        }
    }
    for curve in lift {
        let cases = fit.iter().find(|row| row.partition == curve.partition).and_then(|row| row.get("_NObs_"));
        for (statistic, why) in impossible_lift(curve, cases) {
            found.push(told(&curve.partition, statistic, why));
        }
    }
    for row in fit {
        let mut say = |statistic: &str, why: Reason| found.push(told(&row.partition, statistic, why));
        let ranges: [(&str, f64, f64); 12] = [
            ("_C_", 0.0, 1.0),
            ("_GINI_", -1.0, 1.0),
            ("_GAMMA_", -1.0, 1.0),
            ("_TAU_", -1.0, 1.0),
            ("_KS_", 0.0, 1.0),
            ("_KSPostCutoff_", -1.0, 1.0),
            ("_KSCut_", 0.0, 1.0),
            ("_MCE_", 0.0, 1.0),
            ("_ASE_", 0.0, f64::INFINITY),
            ("_RASE_", 0.0, f64::INFINITY),
            ("_MCLL_", 0.0, f64::INFINITY),
            ("_NObs_", 0.0, f64::INFINITY),
        ];
        for (name, low, high) in ranges {
            if let Some(value) = row.get(name).filter(|value| !(low - 1e-9..=high + 1e-9).contains(value)) {
                let values: [(&str, &dyn Display); 3] = [("value", &value), ("low", &low), ("high", &high)];
                say(
                    name,
                    if high.is_finite() {
                        why("between", &values, format!("is {value}; it must lie between {low} and {high}"))
                    } else {
                        why("at-least", &values[..2], format!("is {value}; it must lie at least {low}"))
                    },
                );
            }
        }
        if let (Some(gini), Some(c)) = (row.get("_GINI_"), row.get("_C_"))
            && (gini - (2.0 * c - 1.0)).abs() > TOLERANCE
        {
            let expected = format!("{:.4}", 2.0 * c - 1.0);
            let text = format!("is {gini}, but twice the area under ROC less one is {expected}");
            say("_GINI_", why("gini", &[("value", &gini), ("expected", &expected)], text));
        }
        if let (Some(rase), Some(ase)) = (row.get("_RASE_"), row.get("_ASE_"))
            && (rase * rase - ase).abs() > TOLERANCE * ase.abs().max(1e-6)
        {
            let text = format!("is {rase}, whose square is not the average squared error {ase}");
            say("_RASE_", why("rase", &[("value", &rase), ("ase", &ase)], text));
        }
        // Gamma leaves out the tied pairs that Gini counts as half.
        if let (Some(gamma), Some(gini)) = (row.get("_GAMMA_"), row.get("_GINI_"))
            && gamma.abs() + TOLERANCE < gini.abs()
        {
            let text = format!("is {gamma}; it cannot be nearer to zero than Gini, {gini}");
            say("_GAMMA_", why("gamma", &[("value", &gamma), ("gini", &gini)], text));
        }
        if let (Some(post), Some(ks)) = (row.get("_KSPostCutoff_"), row.get("_KS_"))
            && post > ks + TOLERANCE
        {
            let text = format!("is {post}, above the largest separation, `_KS_` {ks}");
            say("_KSPostCutoff_", why("ks-post", &[("value", &post), ("ks", &ks)], text));
        }
        let separation = |curve: &RocCurve| {
            curve
                .points
                .iter()
                .map(|point| point.sensitivity - point.false_positive_rate)
                .fold(f64::NAN, f64::max)
        };
        let curve =
            roc.iter().find(|curve| curve.partition == row.partition && curve.points.len() >= POINTS_MIN);
        if let (Some(c), Some(drawn)) = (row.get("_C_"), curve.map(area))
            && (c - drawn).abs() > AREA_TOLERANCE
        {
            let drawn = format!("{drawn:.4}");
            let text = format!("is {c}, but the area under the ROC points is {drawn}");
            say("_C_", why("area", &[("value", &c), ("drawn", &drawn)], text));
        }
        if let (Some(ks), Some(drawn)) = (row.get("_KS_"), curve.map(separation))
            && (ks - drawn).abs() > KS_TOLERANCE
        {
            let drawn = format!("{drawn:.4}");
            let text = format!("is {ks}, but the ROC points separate by {drawn} at most");
            say("_KS_", why("ks", &[("value", &ks), ("drawn", &drawn)], text));
        }
    }
    found
}

fn told(partition: &str, statistic: &str, Reason(why, text): Reason) -> Inconsistency {
    Inconsistency {
        partition: partition.to_owned(),
        statistic: statistic.to_owned(),
        message: format!("inconsistent statistic: `{statistic}` of {partition} {text}"),
        why,
    }
}

/// Area under the points of a curve, which runs from (0, 0) to (1, 1), by trapezoids.
fn area(curve: &RocCurve) -> f64 {
    let inner = curve.points.iter().map(|point| (point.false_positive_rate, point.sensitivity));
    let all: Vec<(f64, f64)> = [(0.0, 0.0)].into_iter().chain(inner).chain([(1.0, 1.0)]).collect();
    all.windows(2).map(|pair| (pair[1].0 - pair[0].0) * (pair[0].1 + pair[1].1) / 2.0).sum()
}

/// Rates are shares, and whoever calls more cases events finds no fewer of them.
fn impossible_roc(curve: &RocCurve) -> Option<Reason> {
    let share = |value: f64| (-1e-9..=1.0 + 1e-9).contains(&value);
    if let Some(point) =
        curve.points.iter().find(|point| !share(point.sensitivity) || !share(point.false_positive_rate))
    {
        let (x, y) = (point.false_positive_rate, point.sensitivity);
        let text = format!("has a point at {x} and {y}; both rates must lie between 0 and 1");
        return Some(why("roc-outside", &[("x", &x), ("y", &y)], text));
    }
    let mut found = f64::NEG_INFINITY;
    for point in &curve.points {
        if point.sensitivity < found - TOLERANCE {
            let (x, y) = (point.false_positive_rate, point.sensitivity);
            let text = format!(
                "finds fewer events ({y}) at a false positive rate of {x} than at a lower one ({found})"
            );
            return Some(why("roc-falls", &[("x", &x), ("y", &y), ("found", &found)], text));
        }
        found = found.max(point.sensitivity);
    }
    None
}

/// Lift down to a depth is the share of the events found there over the depth, gain is lift less one, and at the end everything
/// is found. The first contradiction of each kind.
fn impossible_lift(curve: &LiftCurve, cases: Option<f64>) -> Vec<(&'static str, Reason)> {
    let mut found: Vec<(&'static str, Reason)> = Vec::new();
    let mut say = |statistic: &'static str, why: Reason| {
        if found.iter().all(|(it, _)| *it != statistic) {
            found.push((statistic, why));
        }
    };
    for point in &curve.points {
        let depth = point.depth_percent;
        if !(depth > 0.0 && depth <= 100.0 + 1e-9) {
            let text = format!("is {depth}; depths lie between 0 and 100 %");
            say("_Depth_", why("depth", &[("value", &depth)], text));
            continue;
        }
        let tolerance = LIFT_TOLERANCE + cases.map_or(0.0, |n| 200.0 / (depth * n).max(1.0));
        let apart = |a: f64, b: f64| (a - b).abs() > tolerance * b.abs().max(0.1);
        if let (Some(lift), Some(share)) = (point.cumulative_lift, point.cumulative_response_percent)
            && apart(lift, share / depth)
        {
            let expected = format!("{:.4}", share / depth);
            let text =
                format!("is {lift} at {depth} %, where {share} % of the events are: a lift of {expected}");
            let values: [(&str, &dyn Display); 4] =
                [("value", &lift), ("depth", &depth), ("share", &share), ("expected", &expected)];
            say("_CumLift_", why("lift", &values, text));
        }
        if let (Some(gain), Some(lift)) = (point.gain, point.cumulative_lift)
            && (gain - (lift - 1.0)).abs() > tolerance * lift.abs().max(1.0)
        {
            let expected = format!("{:.4}", lift - 1.0);
            let text = format!("is {gain} at {depth} %, but lift less one is {expected}");
            say("_Gain_", why("gain", &[("value", &gain), ("depth", &depth), ("expected", &expected)], text));
        }
        if depth > 100.0 - 1e-9
            && let Some(lift) = point.cumulative_lift.filter(|lift| apart(*lift, 1.0))
        {
            let text = format!("is {lift} of all cases; there it must be 1");
            say("_CumLift_", why("lift-of-all", &[("value", &lift)], text));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{LiftPoint, RocPoint, Statistic};
    use super::*;

    fn row(values: &[(&str, f64)]) -> FitStatistics {
        let statistic = |&(name, value): &(&str, f64)| Statistic {
            name: name.into(),
            label: name.into(),
            value: Some(value),
        };
        let statistics = values.iter().map(statistic).collect();
        FitStatistics { partition: "TEST".into(), statistics, other: Default::default() }
    }

    #[test]
    fn what_cannot_be_is_named() {
        type Row<'a> = (&'a [(&'a str, f64)], &'a [&'a str]);
        let rows: [Row<'_>; 9] = [
            (&[("_GINI_", 0.7042), ("_C_", 0.8521), ("_KS_", 0.5034)], &[]),
            (&[("_GINI_", 0.9), ("_C_", 0.8521)], &["_GINI_"]),
            (&[("_RASE_", 0.33514616), ("_ASE_", 0.11232295)], &[]),
            (&[("_RASE_", 0.5), ("_ASE_", 0.5)], &["_RASE_"]),
            (&[("_GAMMA_", 1.2)], &["_GAMMA_"]),
            (&[("_KS_", 50.3)], &["_KS_"]),
            (&[("_KS_", 0.4), ("_KSPostCutoff_", 0.5)], &["_KSPostCutoff_"]),
            (&[("_GAMMA_", 0.5), ("_GINI_", 0.7)], &["_GAMMA_"]),
            (&[("_C_", 1.2), ("_MCE_", -0.1)], &["_C_", "_MCE_"]),
        ];
        for (values, named) in rows {
            let found = inconsistencies(&[row(values)], &[], &[]);
            assert_eq!(found.iter().map(|it| it.statistic.as_str()).collect::<Vec<_>>(), named, "{values:?}");
        }
    }

    #[test]
    fn ks_is_held_against_the_curve() {
        let points = (0..100)
            .map(|n| f64::from(n) / 99.0)
            .map(|x| RocPoint {
                cutoff: None,
                sensitivity: x.sqrt(),
                false_positive_rate: x,
                ks: None,
                accuracy: None,
                f1: None,
            })
            .collect();
        let curve = [RocCurve { partition: "TEST".into(), points }];
        assert!(inconsistencies(&[row(&[("_KS_", 0.25)])], &curve, &[]).is_empty());
        assert_eq!(inconsistencies(&[row(&[("_KS_", 0.5)])], &curve, &[]).len(), 1);
    }

    /// A ROC by its points, false positive rate first.
    fn roc_of(points: impl Iterator<Item = (f64, f64)>) -> RocCurve {
        let point = |(false_positive_rate, sensitivity)| RocPoint {
            cutoff: None,
            sensitivity,
            false_positive_rate,
            ks: None,
            accuracy: None,
            f1: None,
        };
        RocCurve { partition: "TEST".into(), points: points.map(point).collect() }
    }

    #[test]
    fn the_published_area_is_held_against_the_curve_and_the_curve_against_itself() {
        // The area under the square root is two thirds.
        let curve = [roc_of((0..100).map(|n| f64::from(n) / 99.0).map(|x| (x, x.sqrt())))];
        assert!(inconsistencies(&[row(&[("_C_", 0.66)])], &curve, &[]).is_empty());
        let found = inconsistencies(&[row(&[("_C_", 0.8)])], &curve, &[]);
        assert!(found[0].message.contains("`_C_` of TEST is 0.8, but the area under the ROC points is 0.66"));
        let falls = [roc_of([(0.0, 0.0), (0.2, 0.7), (0.4, 0.5), (1.0, 1.0)].into_iter())];
        assert!(inconsistencies(&[], &falls, &[])[0].message.contains("finds fewer events (0.5)"));
        let outside = [roc_of([(0.0, 0.0), (0.2, 1.7)].into_iter())];
        assert!(inconsistencies(&[], &outside, &[])[0].message.contains("between 0 and 1"));
    }

    #[test]
    fn lift_is_held_against_its_own_table() {
        let curve = |change: &dyn Fn(&mut LiftPoint)| {
            let mut points: Vec<LiftPoint> = (1..=20)
                .map(|bin| {
                    let depth_percent = 5.0 * f64::from(bin);
                    let share = 100.0 * (depth_percent / 100.0).sqrt();
                    let lift = share / depth_percent;
                    LiftPoint {
                        depth_percent,
                        lift: None,
                        cumulative_lift: Some(lift),
                        gain: Some(lift - 1.0),
                        response_percent: None,
                        cumulative_response_percent: Some(share),
                    }
                })
                .collect();
            points.iter_mut().for_each(change);
            [LiftCurve { partition: "TEST".into(), points }]
        };
        let named = |change: &dyn Fn(&mut LiftPoint)| -> Vec<String> {
            inconsistencies(&[], &[], &curve(change)).into_iter().map(|it| it.statistic).collect()
        };
        assert_eq!(named(&|_| {}), Vec::<String>::new());
        assert_eq!(
            named(&|it| it.cumulative_lift = it.cumulative_lift.map(|lift| 1.1 * lift)),
            ["_CumLift_", "_Gain_"]
        );
        assert_eq!(named(&|it| it.gain = it.cumulative_lift), ["_Gain_"]);
        assert_eq!(named(&|it| it.depth_percent *= 1.5), ["_CumLift_", "_Depth_"]);
        // Twenty cases cannot be cut at a twentieth to the digit.
        let few = row(&[("_NObs_", 20.0)]);
        let rough = curve(&|it| it.cumulative_lift = it.cumulative_lift.map(|lift| 1.04 * lift));
        let found = inconsistencies(&[few], &[], &rough);
        assert!(
            found.iter().all(|it| it.statistic != "_CumLift_" || !it.message.contains(" 5 %")),
            "{found:#?}"
        );
    }
}
