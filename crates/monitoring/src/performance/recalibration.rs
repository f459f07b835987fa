//! Cox' recalibration: logistic regression of the event on the logit of the score.

use super::calibration::are_probabilities;
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
    if !are_probabilities(groups) {
        return without("undefined-outside", "some scores lie outside 0 to 1");
    }
    if groups.scores.len() < 2 {
        return without("undefined-constant", "the score is constant");
    }
    let logit = |s: f64| {
        let p = s.clamp(PROBABILITY_FLOOR, 1.0 - PROBABILITY_FLOOR);
        (p / (1.0 - p)).ln()
    };
    let logits: Vec<f64> = groups.scores.iter().map(|&s| logit(s)).collect();
    let rows = Rows { logits: &logits, events: &groups.events, others: &groups.others };
    let mut start = [0.0, 1.0];
    if logits.len() > 4 * BINS_FIRST
        && let Some(found) = newton(&rows.binned(), start)
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

/// What is fitted: a sum over it, of rows or of bins of rows.
trait Fit {
    /// At an intercept and a slope: log-likelihood (NaN where it is not worth its logarithm a row), its gradient and the
    /// information, as `[haa, hab, hbb]`.
    fn at(&self, a: f64, b: f64) -> (f64, [f64; 2], [f64; 3]);
}

fn expit(eta: f64) -> (f64, f64) {
    let small = (-eta.abs()).exp();
    (if eta >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) }, small)
}

/// Rows of equal score, ascending.
struct Rows<'g> {
    logits: &'g [f64],
    events: &'g [f64],
    others: &'g [f64],
}

impl Fit for Rows<'_> {
    fn at(&self, a: f64, b: f64) -> (f64, [f64; 2], [f64; 3]) {
        let (mut l, mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        // It is only needed to judge a step that may be too long.
        let is_judged = self.logits.len() <= 4 * BINS_FIRST;
        for ((&x, &e), &o) in self.logits.iter().zip(self.events).zip(self.others) {
            let (eta, n) = (a + b * x, e + o);
            let (p, small) = expit(eta);
            if is_judged {
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
        (if is_judged { l } else { f64::NAN }, [ga, gb], [haa, hab, hbb])
    }
}

/// Neighbours taken together.
struct Bin {
    /// Their mean logit, and their mean squared distance from it.
    x: f64,
    spread: f64,
    rows: f64,
    events: f64,
    /// Sum of the events' logits.
    events_x: f64,
}

impl Rows<'_> {
    /// So near to the answer that one step over all groups is left, which costs an exponential a group.
    fn binned(&self) -> Vec<Bin> {
        let size = self.logits.len().div_ceil(BINS_FIRST);
        let parts = self.logits.chunks(size).zip(self.events.chunks(size)).zip(self.others.chunks(size));
        parts
            .map(|((logits, events), others)| {
                let (mut rows, mut sum, mut all_events, mut events_x) = (0.0, 0.0, 0.0, 0.0);
                for ((x, e), o) in logits.iter().zip(events).zip(others) {
                    rows += e + o;
                    sum += x * (e + o);
                    all_events += e;
                    events_x += x * e;
                }
                let x = sum / rows;
                let apart = |((&it, &e), &o): ((&f64, &f64), &f64)| (e + o) * (it - x) * (it - x);
                let spread = logits.iter().zip(events).zip(others).map(apart).sum::<f64>() / rows;
                Bin { x, spread, rows, events: all_events, events_x }
            })
            .collect()
    }
}

impl Fit for Vec<Bin> {
    /// The rows' sums by Taylor's formula around the mean of each bin, to the second order.
    fn at(&self, a: f64, b: f64) -> (f64, [f64; 2], [f64; 3]) {
        let (mut l, mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for bin in self {
            let eta = a + b * bin.x;
            let (p, small) = expit(eta);
            let slope = p * (1.0 - p);
            let bend = slope * (1.0 - 2.0 * p);
            l += a * bin.events + b * bin.events_x
                - bin.rows * (eta.max(0.0) + small.ln_1p() + 0.5 * slope * b * b * bin.spread);
            let expected = bin.rows * (p + 0.5 * bend * b * b * bin.spread);
            ga += bin.events - expected;
            gb += bin.events_x - bin.x * expected - bin.rows * slope * b * bin.spread;
            let w = bin.rows * slope;
            haa += w;
            hab += w * bin.x;
            hbb += w * (bin.x * bin.x + bin.spread);
        }
        (l, [ga, gb], [haa, hab, hbb])
    }
}

/// Newton's method with step halving on the log-likelihood.
fn newton(rows: &impl Fit, start: [f64; 2]) -> Option<[f64; 2]> {
    let [mut a, mut b] = start;
    let mut likelihood = f64::NEG_INFINITY;
    let (mut step_a, mut step_b) = (0.0, 0.0);
    for _ in 0..ITERATIONS_MAX {
        let (l, [ga, gb], [haa, hab, hbb]) = rows.at(a, b);
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
