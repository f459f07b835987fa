//! What published statistics must satisfy among themselves, whatever the model.

use serde::{Deserialize, Serialize};

use super::{FitStatistics, RocCurve};

/// How far a rounded pair may be apart; SAS and sasctl publish at least four digits.
const TOLERANCE: f64 = 2e-3;
/// How far the published KS may lie from that of at most a hundred published cutoffs.
const KS_TOLERANCE: f64 = 0.03;

/// A published statistic that cannot be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inconsistency {
    /// Partition.
    pub partition: String,
    /// Statistic as published, for example `_GINI_`.
    pub statistic: String,
    /// The sentence for people.
    pub message: String,
}

/// Everything that contradicts an identity or a range.
pub(crate) fn inconsistencies(fit: &[FitStatistics], roc: &[RocCurve]) -> Vec<Inconsistency> {
    let mut found = Vec::new();
    for row in fit {
        let mut say = |statistic: &str, why: String| {
            let message = format!("inconsistent statistic: `{statistic}` of {} {why}", row.partition);
            found.push(Inconsistency {
                partition: row.partition.clone(),
                statistic: statistic.to_owned(),
                message,
            });
        };
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
                let range = if high.is_finite() {
                    format!("between {low} and {high}")
                } else {
                    format!("at least {low}")
                };
                say(name, format!("is {value}; it must lie {range}"));
            }
        }
        if let (Some(gini), Some(c)) = (row.get("_GINI_"), row.get("_C_"))
            && (gini - (2.0 * c - 1.0)).abs() > TOLERANCE
        {
            say(
                "_GINI_",
                format!("is {gini}, but twice the area under ROC less one is {:.4}", 2.0 * c - 1.0),
            );
        }
        if let (Some(rase), Some(ase)) = (row.get("_RASE_"), row.get("_ASE_"))
            && (rase * rase - ase).abs() > TOLERANCE * ase.abs().max(1e-6)
        {
            say("_RASE_", format!("is {rase}, whose square is not the average squared error {ase}"));
        }
        // Gamma leaves out the tied pairs that Gini counts as half.
        if let (Some(gamma), Some(gini)) = (row.get("_GAMMA_"), row.get("_GINI_"))
            && gamma.abs() + TOLERANCE < gini.abs()
        {
            say("_GAMMA_", format!("is {gamma}; it cannot be nearer to zero than Gini, {gini}"));
        }
        if let (Some(post), Some(ks)) = (row.get("_KSPostCutoff_"), row.get("_KS_"))
            && post > ks + TOLERANCE
        {
            say("_KSPostCutoff_", format!("is {post}, above the largest separation, `_KS_` {ks}"));
        }
        let separation = |curve: &RocCurve| {
            curve
                .points
                .iter()
                .map(|point| point.sensitivity - point.false_positive_rate)
                .fold(f64::NAN, f64::max)
        };
        let curve = roc.iter().find(|curve| curve.partition == row.partition && curve.points.len() >= 50);
        if let (Some(ks), Some(drawn)) = (row.get("_KS_"), curve.map(separation))
            && (ks - drawn).abs() > KS_TOLERANCE
        {
            say("_KS_", format!("is {ks}, but the ROC points separate by {drawn:.4} at most"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{RocPoint, Statistic};
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
            let found = inconsistencies(&[row(values)], &[]);
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
        assert!(inconsistencies(&[row(&[("_KS_", 0.25)])], &curve).is_empty());
        assert_eq!(inconsistencies(&[row(&[("_KS_", 0.5)])], &curve).len(), 1);
    }
}
