//! Performance of a numeric prediction of a numeric target.

use crate::named::{Named, finite};
use crate::report::Reason;
use crate::sorted::inverted_cdf;
use serde::{Deserialize, Serialize};

/// Errors of a prediction; weighted where there are weights.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RegressionPerformance {
    /// Rows with target, prediction and a positive weight.
    pub n_obs: u64,
    /// Rows left out because the target is missing.
    pub n_dropped_target: u64,
    /// Rows left out because the prediction is missing or NaN.
    pub n_dropped_score: u64,
    /// Rows left out because their weight is zero or missing.
    pub n_dropped_weight: u64,
    /// Sum of the weights.
    pub sum_weights: f64,
    /// Mean of the target.
    pub mean_target: Option<f64>,
    /// Mean of the prediction.
    pub mean_score: Option<f64>,
    /// Average squared error.
    pub ase: Option<f64>,
    /// Variance of that average: `Σw²((y − ŷ)² − ase)² / (Σw)²`, with `n − 1` for `n` where there are no weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ase_variance: Option<f64>,
    /// Its square root.
    pub rase: Option<f64>,
    /// Mean absolute error.
    pub mae: Option<f64>,
    /// `1 − Σ(y − ŷ)² / Σ(y − ȳ)²`; none for a constant target.
    pub r2: Option<f64>,
    /// Mean of prediction minus target.
    pub bias: Option<f64>,
    /// Residuals over deciles of the prediction.
    pub residual_deciles: Vec<ResidualBin>,
    /// Why a number is null: name → reason; `*` for all.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub undefined: Named<String>,
    /// The same in no language.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub undefined_said: Named<Reason>,
}

/// Residuals (target minus prediction) of one decile of the prediction.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ResidualBin {
    /// Rows.
    pub n: u64,
    /// Mean prediction.
    pub mean_score: f64,
    /// Mean target.
    pub mean_target: f64,
    /// Mean residual.
    pub mean_residual: f64,
}

/// Computes the errors of `(target, prediction, weight)` rows.
pub fn regression(rows: &[(f64, f64, f64)], dropped: super::Dropped) -> RegressionPerformance {
    let mut sorted: Vec<f64> = rows.iter().map(|r| r.1).collect();
    sorted.sort_by(f64::total_cmp);
    let each_row = |each: &mut EachRow<'_>| {
        rows.iter().for_each(|&(y, s, w)| each(y, s, w));
        Ok::<_, std::convert::Infallible>(())
    };
    match regression_of(&each_row, dropped, inverted_cdf(&sorted, 10)) {
        Ok(out) => out,
        Err(never) => match never {},
    }
}

/// Takes target, prediction and weight of a row.
pub(crate) type EachRow<'a> = dyn FnMut(f64, f64, f64) + 'a;

/// The same of rows that are read twice instead of held; `deciles` are the inner ones of the prediction.
///
/// # Errors
/// What reading the rows answers.
pub(crate) fn regression_of<E>(
    each_row: &dyn Fn(&mut EachRow<'_>) -> Result<(), E>,
    dropped: super::Dropped,
    deciles: Vec<f64>,
) -> Result<RegressionPerformance, E> {
    let mut edges = deciles;
    edges.dedup();
    let mut bins = vec![(0u64, 0.0, 0.0); edges.len() + 1];
    let (mut n, mut w, mut target, mut score) = (0u64, 0.0, 0.0, 0.0);
    let (mut squared, mut absolute, mut signed) = (0.0, 0.0, 0.0);
    each_row(&mut |y, s, weight| {
        n += 1;
        w += weight;
        target += weight * y;
        score += weight * s;
        squared += weight * (y - s).powi(2);
        absolute += weight * (y - s).abs();
        signed += weight * (s - y);
        let bin = &mut bins[edges.partition_point(|&e| e < s)];
        bin.0 += 1;
        bin.1 += s;
        bin.2 += y;
    })?;
    let mut out = RegressionPerformance {
        n_obs: n,
        n_dropped_target: dropped.target,
        n_dropped_score: dropped.score,
        n_dropped_weight: dropped.weight,
        sum_weights: w,
        ..RegressionPerformance::default()
    };
    if w <= 0.0 {
        out.explain(false);
        return Ok(out);
    }
    let (mean_target, ase) = (target / w, squared / w);
    let (mut spread, mut squares) = (0.0, 0.0);
    each_row(&mut |y, s, weight| {
        spread += weight * (y - mean_target).powi(2);
        squares += (weight * ((y - s).powi(2) - ase)).powi(2);
    })?;
    out.mean_target = finite(mean_target);
    out.mean_score = finite(score / w);
    out.ase = finite(ase);
    out.rase = finite(ase.sqrt());
    if n > 1 {
        out.ase_variance = finite(squares / (w * w) * n as f64 / (n - 1) as f64);
    }
    out.mae = finite(absolute / w);
    out.r2 = finite(1.0 - ase / (spread / w));
    out.bias = finite(signed / w);
    out.residual_deciles = bins
        .into_iter()
        .filter(|b| b.0 > 0)
        .map(|(n, s, y)| ResidualBin {
            n,
            mean_score: s / n as f64,
            mean_target: y / n as f64,
            mean_residual: (y - s) / n as f64,
        })
        .collect();
    out.explain(spread == 0.0);
    Ok(out)
}
