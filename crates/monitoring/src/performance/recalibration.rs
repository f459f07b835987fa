//! Cox' recalibration: logistic regression of the event on the logit of the score.

use super::{PROBABILITY_FLOOR, TieGroups};
use crate::named::finite;
use crate::report::{Reason, Remark};
use serde::{Deserialize, Serialize};

const ITERATIONS_MAX: usize = 60;
/// Convergence is quadratic: after a step this small the answer is exact to the twelfth digit.
const STEP_ENOUGH: f64 = 1e-6;
/// Bins of neighbouring groups that stand for all of them while the neighbourhood of the answer is looked for.
const BINS_FIRST: usize = 8192;
/// A slope beyond this means the score separates the classes.
const SLOPE_MAX: f64 = 1e3;

/// `logit P(event) = intercept + slope · logit(score)`; 0 and 1 for a calibrated score.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Recalibration {
    /// Intercept.
    pub intercept: Option<f64>,
    /// Slope; below 1 the score is overconfident.
    pub slope: Option<f64>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The same in no language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_said: Option<Reason>,
}

pub(super) fn fit(groups: &TieGroups) -> Recalibration {
    let without = |id: &str, reason: &str| Recalibration {
        reason: Some(reason.to_owned()),
        reason_said: Some(Remark::new(id, &[], String::new()).said),
        ..Recalibration::default()
    };
    if groups.events_total() <= 0.0 || groups.others_total() <= 0.0 {
        return without("undefined-one-class", "one class only");
    }
    if groups.scores.iter().any(|s| !(0.0..=1.0).contains(s)) {
        return without("undefined-outside", "some scores lie outside 0 to 1");
    }
    if groups.scores.len() < 2 {
        return without("undefined-constant", "the score is constant");
    }
    let logit = |s: f64| {
        let p = s.clamp(PROBABILITY_FLOOR, 1.0 - PROBABILITY_FLOOR);
        (p / (1.0 - p)).ln()
    };
    let rows: Vec<[f64; 3]> = groups.iter().map(|(s, e, o)| [logit(s), e, e + o]).collect();
    let mut start = [0.0, 1.0];
    if rows.len() > 4 * BINS_FIRST
        && let Some(found) = newton(&binned(&rows), start)
    {
        start = found;
    }
    match newton(&rows, start).or_else(|| newton(&rows, [0.0, 0.0])) {
        Some([a, b]) if b.abs() < SLOPE_MAX => {
            Recalibration { intercept: finite(a), slope: finite(b), ..Recalibration::default() }
        }
        _ => without(
            "undefined-separated",
            "the score separates events from the rest, so no finite slope fits best",
        ),
    }
}

/// Neighbours taken together at their mean: so near to the answer that one or two steps over all groups are left, each of
/// which costs an exponential a group.
fn binned(rows: &[[f64; 3]]) -> Vec<[f64; 3]> {
    rows.chunks(rows.len().div_ceil(BINS_FIRST))
        .map(|bin| {
            let (mut x, mut events, mut all) = (0.0, 0.0, 0.0);
            for [one, e, n] in bin {
                x += one * n;
                events += e;
                all += n;
            }
            [x / all, events, all]
        })
        .collect()
}

/// Newton's method with step halving on the log-likelihood.
fn newton(rows: &[[f64; 3]], start: [f64; 2]) -> Option<[f64; 2]> {
    let [mut a, mut b] = start;
    let mut likelihood = f64::NEG_INFINITY;
    let (mut step_a, mut step_b) = (0.0, 0.0);
    for _ in 0..ITERATIONS_MAX {
        let (mut l, mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for &[x, e, n] in rows {
            let eta = a + b * x;
            let small = (-eta.abs()).exp();
            let p = if eta >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) };
            // The likelihood costs a logarithm a row; it is only needed to judge a step that may be too long.
            if rows.len() <= 4 * BINS_FIRST {
                l += e * eta - n * (eta.max(0.0) + small.ln_1p());
            }
            let residual = e - n * p;
            let w = n * p * (1.0 - p);
            ga += residual;
            gb += residual * x;
            haa += w;
            hab += w * x;
            hbb += w * x * x;
        }
        if l < likelihood - 1e-9 * likelihood.abs() {
            step_a /= 2.0;
            step_b /= 2.0;
            a -= step_a;
            b -= step_b;
            if step_a.abs() + step_b.abs() < STEP_ENOUGH {
                return None;
            }
            continue;
        }
        likelihood = l;
        let determinant = haa * hbb - hab * hab;
        if determinant.is_nan() || determinant <= 0.0 {
            return None;
        }
        step_a = (hbb * ga - hab * gb) / determinant;
        step_b = (haa * gb - hab * ga) / determinant;
        if !step_a.is_finite() || !step_b.is_finite() {
            return None;
        }
        a += step_a;
        b += step_b;
        if b.abs() > SLOPE_MAX {
            return None;
        }
        if step_a.abs() <= STEP_ENOUGH * (1.0 + a.abs()) && step_b.abs() <= STEP_ENOUGH * (1.0 + b.abs()) {
            return Some([a, b]);
        }
    }
    None
}
