//! How well a score separates and predicts: everything computed from the tie groups of a period.

mod association;
mod calibration;
mod confusion;
mod counted;
mod grid;
mod lift;
mod ranking;
mod recalibration;
mod regression;
mod undefined;

pub use association::{Association, DeLong};
pub(crate) use association::{Ranks, auc};
pub use calibration::{Calibration, HosmerLemeshow, ReliabilityBin};
pub use confusion::Confusion;
pub use grid::{GridAssociation, RocPoint};
pub use lift::LiftBin;
pub(crate) use ranking::{Ranking, Tally};
pub use recalibration::Recalibration;
pub(crate) use regression::{EachRow, regression_of};
pub use regression::{RegressionPerformance, ResidualBin, regression};
pub(crate) use undefined::WEIGHTED;

use crate::named::{Named, finite};
use crate::report::{Reason, Remark};
use crate::sorted::{key, sort_keys, value};
use serde::{Deserialize, Serialize};

/// Probabilities are kept this far from 0 and 1 before their logarithm is taken (as SAS does for MCLL).
pub(crate) const PROBABILITY_FLOOR: f64 = 1e-10;
/// Points of the exact ROC that a report carries at most.
pub(crate) const ROC_POINTS_MAX: usize = 200;

/// Performance of a score against a binary target. What is undefined is `None`, with its reason in `undefined`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Performance {
    /// Rows with target, score and a positive weight.
    pub n_obs: u64,
    /// Of these, rows with the event.
    pub n_events: u64,
    /// Rows left out because the target is missing.
    pub n_dropped_target: u64,
    /// Rows left out because the score is missing or NaN.
    pub n_dropped_score: u64,
    /// Rows left out because their weight is zero or missing.
    pub n_dropped_weight: u64,
    /// All rows of the period: what drift looks at.
    pub n_drift: u64,
    /// Sum of the weights (the number of rows without weights).
    pub sum_weights: f64,
    /// Weighted share of events.
    pub event_rate: Option<f64>,
    /// Weighted mean of the score.
    pub mean_score: Option<f64>,
    /// Null when `exact` is exact. With more distinct scores than memory is meant to hold, scores are rounded to 20 bits
    /// of mantissa, and this is how far `exact.c` can be off at most (half the share of pairs tied by it). Beyond 1e-6 (and
    /// when exactness is asked for) the scores are read again, range by range, and nothing is off; weighted rows are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c_error: Option<f64>,
    /// Association by tie groups, exact.
    pub exact: Association,
    /// Association on the cutoffs i/100, as SAS `percentile.assess` reports it.
    pub sas_grid_100: GridAssociation,
    /// Variance and intervals of the area under the ROC.
    pub delong: DeLong,
    /// Average squared error (Brier score).
    pub ase: Option<f64>,
    /// Its square root.
    pub rase: Option<f64>,
    /// `1 − ase / (r(1 − r))` with the event rate r.
    pub brier_skill: Option<f64>,
    /// Mean log loss, probabilities clipped at 1e-10.
    pub mcll: Option<f64>,
    /// `Σ (Rₙ − Rₙ₋₁) Pₙ` over the thresholds.
    pub average_precision: Option<f64>,
    /// Confusion at the chosen cutoff, under `cutoff_0_5` for a cutoff of 0.5.
    #[serde(flatten)]
    pub cutoff: Named<Confusion>,
    /// Goodness of fit over deciles of the score.
    pub hosmer_lemeshow: HosmerLemeshow,
    /// Expected calibration error and the reliability bins behind it.
    pub calibration: Calibration,
    /// Logistic regression of the target on the score's logit.
    pub recalibration: Recalibration,
    /// ROC on the cutoffs i/100.
    pub roc_grid_100: Vec<RocPoint>,
    /// The exact ROC, thinned to at most 200 points: `[fpr, tpr, cutoff]`.
    pub roc: Vec<[f64; 3]>,
    /// Lift in twenty bins as SAS reports it.
    pub lift_sas_20: Vec<LiftBin>,
    /// Lift in exact deciles.
    pub lift_exact_10: Vec<LiftBin>,
    /// Why a number is null: name → reason. A name may stand for a group of numbers (`exact`), `*` for all.
    pub undefined: Named<String>,
    /// The same in no language; empty in a report that was made before these were kept.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub undefined_said: Named<Reason>,
}

impl Performance {
    /// Says why `name` is null.
    pub(crate) fn lacks(&mut self, name: &str, why: Remark) {
        self.undefined.push(name, why.text);
        self.undefined_said.push(name, why.said);
    }
}

/// A period's scored rows as tie groups, ascending: everything performance needs, and additive over partial results.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TieGroups {
    /// Distinct scores, ascending.
    pub scores: Vec<f64>,
    /// Weight of the events at each score.
    pub events: Vec<f64>,
    /// Weight of the other rows at each score.
    pub others: Vec<f64>,
    /// Rows counted, whatever their weight.
    pub rows: u64,
    /// Event rows counted, whatever their weight.
    pub event_rows: u64,
    /// Whether weights other than 1 are in play.
    pub weighted: bool,
    /// Whether the scores have been rounded together.
    pub rounded: bool,
}

impl TieGroups {
    /// Groups unweighted rows.
    pub fn unweighted(events: impl IntoIterator<Item = f64>, others: impl IntoIterator<Item = f64>) -> Self {
        let mut events = events.into_iter().map(key).collect();
        let mut others = others.into_iter().map(key).collect();
        Self::of_keys(&mut events, &mut others)
    }

    /// Groups unweighted rows by the [`key`]s of their scores, which are left in order.
    pub(crate) fn of_keys(events: &mut Vec<u64>, others: &mut Vec<u64>) -> Self {
        sort_keys(events);
        sort_keys(others);
        let mut groups = Self {
            rows: (events.len() + others.len()) as u64,
            event_rows: events.len() as u64,
            ..Self::default()
        };
        let room = events.len() + others.len();
        groups.scores.reserve(room);
        groups.events.reserve(room);
        groups.others.reserve(room);
        let (mut i, mut j) = (0, 0);
        while i < events.len() || j < others.len() {
            let at = match (events.get(i), others.get(j)) {
                (Some(&a), Some(&b)) => a.min(b),
                (Some(&a), None) => a,
                (None, Some(&b)) => b,
                (None, None) => break,
            };
            let (from_i, from_j) = (i, j);
            while i < events.len() && events[i] == at {
                i += 1;
            }
            while j < others.len() && others[j] == at {
                j += 1;
            }
            groups.scores.push(value(at));
            groups.events.push((i - from_i) as f64);
            groups.others.push((j - from_j) as f64);
        }
        groups
    }

    /// Groups weighted rows `(score, event, weight > 0)`.
    pub fn weighted(rows: impl IntoIterator<Item = (f64, bool, f64)>) -> Self {
        let mut rows: Vec<(u64, bool, f64)> = rows.into_iter().map(|(s, e, w)| (key(s), e, w)).collect();
        rows.sort_by_key(|r| r.0);
        let mut groups = Self { rows: rows.len() as u64, weighted: true, ..Self::default() };
        let mut previous = None;
        for (k, event, weight) in rows {
            if previous != Some(k) {
                groups.scores.push(value(k));
                groups.events.push(0.0);
                groups.others.push(0.0);
                previous = Some(k);
            }
            let last = groups.scores.len() - 1;
            if event {
                groups.event_rows += 1;
                groups.events[last] += weight;
            } else {
                groups.others[last] += weight;
            }
        }
        groups
    }

    /// Adds another part of the same period.
    #[must_use]
    pub fn merge(&self, other: &Self) -> Self {
        let mut out = Self {
            rows: self.rows + other.rows,
            event_rows: self.event_rows + other.event_rows,
            weighted: self.weighted || other.weighted,
            rounded: self.rounded || other.rounded,
            ..Self::default()
        };
        let room = self.scores.len() + other.scores.len();
        for column in [&mut out.scores, &mut out.events, &mut out.others] {
            column.reserve_exact(room);
        }
        let (mut i, mut j) = (0, 0);
        while i < self.scores.len() || j < other.scores.len() {
            let a = self.scores.get(i).copied();
            let b = other.scores.get(j).copied();
            let at = match (a, b) {
                (Some(a), Some(b)) => a.min(b),
                (Some(a), None) => a,
                (None, Some(b)) => b,
                (None, None) => break,
            };
            let (mut events, mut others) = (0.0, 0.0);
            if a == Some(at) {
                events += self.events[i];
                others += self.others[i];
                i += 1;
            }
            if b == Some(at) {
                events += other.events[j];
                others += other.others[j];
                j += 1;
            }
            out.scores.push(at);
            out.events.push(events);
            out.others.push(others);
        }
        out
    }

    /// Rounds scores together, so that few groups are left however many there were, see [`rounded`].
    #[must_use]
    pub(crate) fn rounded(&self) -> Self {
        let mut out = Self {
            rows: self.rows,
            event_rows: self.event_rows,
            weighted: self.weighted,
            rounded: true,
            ..Self::default()
        };
        let mut previous = None;
        for (score, e, o) in self.iter() {
            let rounded = rounded(score);
            if previous != Some(rounded) {
                out.scores.push(value(rounded));
                out.events.push(0.0);
                out.others.push(0.0);
                previous = Some(rounded);
            }
            let last = out.scores.len() - 1;
            out.events[last] += e;
            out.others[last] += o;
        }
        out
    }

    /// Weight of all events. Without weights the rows are known already, and asking often costs nothing.
    pub(crate) fn events_total(&self) -> f64 {
        if self.weighted { self.events.iter().sum() } else { self.event_rows as f64 }
    }

    pub(crate) fn others_total(&self) -> f64 {
        if self.weighted { self.others.iter().sum() } else { (self.rows - self.event_rows) as f64 }
    }

    /// (score, events, others), ascending.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (f64, f64, f64)> + '_ {
        self.scores.iter().zip(&self.events).zip(&self.others).map(|((&s, &e), &o)| (s, e, o))
    }
}

/// Bits that rounding takes from a score.
const ROUNDED_BITS: u32 = 32;

/// The [`key`] of a score with 20 bits of mantissa. Scores with short mantissas (0, 0.5, 1) stay as they are.
#[inline]
fn rounded(score: f64) -> u64 {
    (key(score).saturating_add(1 << (ROUNDED_BITS - 1)) >> ROUNDED_BITS) << ROUNDED_BITS
}

/// Association on the cutoffs i/steps, as SAS `percentile.assess` reports it for 100 steps.
pub fn grid_association(groups: &TieGroups, steps: usize) -> GridAssociation {
    grid::association(&grid::GridCounts::new(groups, steps))
}

/// Lift in bins of `ceil(N/bins)` rows, as SAS reports it for 20 bins.
pub fn sas_lift(groups: &TieGroups, bins: usize) -> Vec<LiftBin> {
    lift::sas(groups, bins)
}

/// Rows left out before grouping.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Missing targets.
    pub target: u64,
    /// Missing or NaN scores.
    pub score: u64,
    /// Zero or missing weights.
    pub weight: u64,
}

/// Cutoffs of the grid of a whole period.
pub(crate) const GRID_STEPS: usize = 100;

/// Computes every number of [`Performance`] from the tie groups.
pub fn performance(groups: &TieGroups, dropped: Dropped, cutoff: f64) -> Performance {
    let mut tally = Tally::new(GRID_STEPS, cutoff);
    tally.add(groups);
    assess(groups, &tally, None, dropped)
}

/// The same from groups that may be rounded: `tally` was added up before, and `ranks`, if given, walked all the scores as they are.
pub(crate) fn assess(
    groups: &TieGroups,
    tally: &Tally,
    ranks: Option<&Ranks>,
    dropped: Dropped,
) -> Performance {
    let (events, others) = (groups.events_total(), groups.others_total());
    let total = events + others;
    let mut out = Performance {
        n_obs: groups.rows,
        n_events: groups.event_rows,
        n_dropped_target: dropped.target,
        n_dropped_score: dropped.score,
        n_dropped_weight: dropped.weight,
        n_drift: groups.rows + dropped.target + dropped.score + dropped.weight,
        sum_weights: total,
        ..Performance::default()
    };
    let walked;
    let is_certified = ranks.is_none() && groups.rounded;
    let ranks = match ranks {
        Some(ranks) => ranks,
        None => {
            walked = Ranks::of(groups);
            &walked
        }
    };
    out.exact = ranks.association();
    out.c_error =
        out.exact.ties.filter(|_| is_certified).and_then(|ties| finite(0.5 * ties / (events * others)));
    out.delong = ranks.delong();
    out.average_precision = ranks.average_precision();
    out.sas_grid_100 = tally.association();
    out.roc_grid_100 = grid::roc(&tally.grid);
    out.roc = association::thinned_roc(groups, ROC_POINTS_MAX);
    out.lift_sas_20 = lift::sas(groups, 20);
    out.lift_exact_10 = lift::exact(groups, 10);
    let confusion = tally.confusion();
    out.cutoff.push(format!("cutoff_{}", confusion.cutoff).replace('.', "_"), confusion);
    if total > 0.0 {
        let rate = events / total;
        out.event_rate = finite(rate);
        out.mean_score = finite(tally.sums.score / total);
        out.ase = finite(tally.sums.squared_error / total);
        out.rase = out.ase.map(f64::sqrt);
        let spread = rate * (1.0 - rate);
        out.brier_skill = out.ase.filter(|_| spread > 0.0).and_then(|ase| finite(1.0 - ase / spread));
        out.mcll = finite(tally.sums.log_loss() / total);
    }
    (out.calibration, out.hosmer_lemeshow) = calibration::of(groups);
    out.recalibration = recalibration::fit(groups);
    undefined::explain(&mut out, groups);
    out
}

/// What is summed over all rows.
struct Sums {
    score: f64,
    squared_error: f64,
    log_loss: f64,
    /// Probabilities of what came to be whose logarithm is not in `log_loss` yet: one of a product instead of one a row.
    likelihood: f64,
}

/// Below this, a product of probabilities is left for its logarithm: one more factor is still far from underflow.
const LIKELIHOOD_MIN: f64 = 1e-280;

impl Default for Sums {
    fn default() -> Self {
        Self { score: 0.0, squared_error: 0.0, log_loss: 0.0, likelihood: 1.0 }
    }
}

impl Sums {
    /// One walk over the groups for all of them: they come from memory, and three sums at once wait no longer than one.
    fn add(&mut self, groups: &TieGroups) {
        let mut sums = Self::default();
        for (s, e, o) in groups.iter() {
            sums.group(s, e, o);
        }
        self.take(&sums);
    }

    /// Adds rows of one score.
    #[inline]
    fn group(&mut self, s: f64, e: f64, o: f64) {
        self.score += s * (e + o);
        self.squared_error += e * (1.0 - s) * (1.0 - s) + o * s * s;
        let p = s.clamp(PROBABILITY_FLOOR, 1.0 - PROBABILITY_FLOOR);
        // The common group holds one row.
        if e + o == 1.0 && (e == 1.0 || o == 1.0) {
            self.likelihood *= if e == 1.0 { p } else { 1.0 - p };
            if self.likelihood < LIKELIHOOD_MIN {
                self.log_loss -= self.likelihood.ln();
                self.likelihood = 1.0;
            }
        } else {
            let of_events = if e > 0.0 { e * p.ln() } else { 0.0 };
            let of_others = if o > 0.0 { o * (1.0 - p).ln() } else { 0.0 };
            self.log_loss -= of_events + of_others;
        }
    }

    /// Adds what others came to.
    fn take(&mut self, other: &Self) {
        self.score += other.score;
        self.squared_error += other.squared_error;
        self.log_loss += other.log_loss();
    }

    /// Sum over the rows of the logarithms, without their sign.
    fn log_loss(&self) -> f64 {
        self.log_loss - self.likelihood.ln()
    }
}
