//! Drift of one variable: how far a period's distribution is from the baseline's.

mod categorical;
mod cells;
mod divergence;
mod numeric;
mod present;

pub(crate) use categorical::{Levels, compare_levels};
pub(crate) use cells::{Cells, Held};
pub(crate) use numeric::{Present, Stretch, Walk, decile};
pub(crate) use present::Described;

use crate::named::Named;
use crate::report::{Reason, Remark};
use serde::{Deserialize, Serialize};

/// PSI above which a variable counts into `p1` (a warning in SAS Model Manager's words).
pub const PSI_WARN: f64 = 0.1;
/// PSI from which a variable counts into `p25` (an alert).
pub const PSI_ALERT: f64 = 0.25;
/// q-value below which a difference is significant.
const Q_SIGNIFICANT: f64 = 0.05;
/// Distance (Kolmogorov–Smirnov, Cramér's V) below which a difference is small, however significant: on large samples
/// every difference is. What Cohen calls a small effect (Statistical Power Analysis, 1988).
const EFFECT_NOTABLE: f64 = 0.1;
/// The level that stands for missing values of a categorical variable.
pub const MISSING_LEVEL: &str = "<missing>";

/// Drift of every variable of a period.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Drift {
    /// By variable name, in the order of the inputs.
    pub variables: Named<VariableDrift>,
    /// Inputs with PSI above 0.1.
    pub p1: u64,
    /// Inputs with PSI of at least 0.25.
    pub p25: u64,
    /// The same two counts with missing values left out of the PSI: a missing bin alone can lift PSI from 0.03 to 1.7.
    pub p1_excluding_missing: u64,
    /// See `p1_excluding_missing`.
    pub p25_excluding_missing: u64,
    /// Stability: drift of the score.
    #[serde(default)]
    pub score: Option<VariableDrift>,
}

/// Drift of one variable between baseline (`ref`) and period (`cur`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum VariableDrift {
    /// Numbers, dates and times.
    Numeric(NumericDrift),
    /// Texts and truth values.
    Categorical(CategoricalDrift),
}

impl VariableDrift {
    /// Population stability index, the missing bin included.
    pub fn psi(&self) -> Option<f64> {
        match self {
            Self::Numeric(d) => d.psi,
            Self::Categorical(d) => d.psi,
        }
    }

    /// Population stability index over the rows that have a value on both sides.
    pub fn psi_excluding_missing(&self) -> Option<f64> {
        match self {
            Self::Numeric(d) => d.psi_excluding_missing,
            Self::Categorical(d) => d.psi_excluding_missing,
        }
    }

    /// The variable's p-value: Kolmogorov–Smirnov for numbers, chi-square for levels.
    pub fn p_value(&self) -> Option<f64> {
        match self {
            Self::Numeric(d) => d.ks_p_asymptotic,
            Self::Categorical(d) => d.p,
        }
    }

    /// Benjamini–Hochberg q-value among the period's variables.
    pub fn bh_q(&self) -> Option<f64> {
        match self {
            Self::Numeric(d) => d.bh_q,
            Self::Categorical(d) => d.bh_q,
        }
    }

    /// Size of the difference: Kolmogorov–Smirnov for numbers, Cramér's V for levels.
    pub fn effect(&self) -> Option<f64> {
        match self {
            Self::Numeric(d) => d.ks_statistic,
            Self::Categorical(d) => d.cramers_v,
        }
    }

    /// Whether the difference is significant among the period's variables (q below 0.05) and of a size that matters (an effect of
    /// at least 0.1).
    pub fn notable(&self) -> Option<bool> {
        match self {
            Self::Numeric(d) => d.notable,
            Self::Categorical(d) => d.notable,
        }
    }

    /// Why numbers are missing, in English and in no language.
    pub fn reason(&self) -> Option<(&str, Option<&Reason>)> {
        let (text, said) = match self {
            Self::Numeric(d) => (&d.reason, &d.reason_said),
            Self::Categorical(d) => (&d.reason, &d.reason_said),
        };
        text.as_deref().map(|text| (text, said.as_ref()))
    }

    pub(crate) fn because(&mut self, why: Remark) {
        let (text, said) = match self {
            Self::Numeric(d) => (&mut d.reason, &mut d.reason_said),
            Self::Categorical(d) => (&mut d.reason, &mut d.reason_said),
        };
        (*text, *said) = (Some(why.text), Some(why.said));
    }

    fn judge(&mut self, q: f64) {
        let notable = self.effect().map(|effect| q < Q_SIGNIFICANT && effect >= EFFECT_NOTABLE);
        match self {
            Self::Numeric(d) => (d.bh_q, d.notable) = (Some(q), notable),
            Self::Categorical(d) => (d.bh_q, d.notable) = (Some(q), notable),
        }
    }
}

/// Drift of a numeric variable. Bins are the baseline's deciles by inverted distribution function, `(e[i−1], e[i]]`, plus
/// a last bin for missing values when either side has any. What is undefined is `None`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct NumericDrift {
    /// Inner bin edges.
    #[serde(with = "crate::named::numbers")]
    #[cfg_attr(feature = "typescript", ts(type = "(number | string)[]"))]
    pub edges: Vec<f64>,
    /// Whether the counts end with a bin for missing values.
    pub missing_bin: bool,
    /// Baseline rows per bin.
    pub ref_counts: Vec<u64>,
    /// Period rows per bin.
    pub cur_counts: Vec<u64>,
    /// `Σ (q − p) ln(q/p)`, shares floored at 1e-4.
    pub psi: Option<f64>,
    /// The same without the missing bin.
    pub psi_excluding_missing: Option<f64>,
    /// PSI with Jeffreys' prior (half a row in every bin) in place of the floor.
    pub psi_jeffreys: Option<f64>,
    /// Mean of PSI when nothing changed: `(B − 1)(1/n + 1/m)`.
    pub psi_null_mean: Option<f64>,
    /// 95 % quantile of PSI when nothing changed: `χ²₀.₉₅(B − 1)(1/n + 1/m)`.
    pub psi_null_q95: Option<f64>,
    /// Jensen–Shannon distance to base 2 (square root of the divergence).
    pub js_distance_base2: Option<f64>,
    /// Jensen–Shannon divergence in nats.
    pub js_divergence_nats: Option<f64>,
    /// Hellinger distance.
    pub hellinger: Option<f64>,
    /// Two-sample Kolmogorov–Smirnov statistic of the present values.
    pub ks_statistic: Option<f64>,
    /// Its p-value by the finite-n law at the rounded effective size (SciPy's `method="asymp"`).
    pub ks_p_asymptotic: Option<f64>,
    /// First Wasserstein distance of the present values.
    pub wasserstein: Option<f64>,
    /// The same over the baseline's standard deviation.
    pub wasserstein_over_ref_sd: Option<f64>,
    /// Share of missing values in the baseline.
    pub missing_ref: Option<f64>,
    /// Share of missing values in the period.
    pub missing_cur: Option<f64>,
    /// Pooled two-proportion z of the missing shares (period minus baseline).
    pub missing_z: Option<f64>,
    /// Mean of the present baseline values.
    pub mean_ref: Option<f64>,
    /// Mean of the present period values.
    pub mean_cur: Option<f64>,
    /// Standard deviation of the baseline, divided by n.
    pub sd_ref_ddof0: Option<f64>,
    /// Benjamini–Hochberg q-value among the period's variables.
    pub bh_q: Option<f64>,
    /// Whether the difference is significant (q below 0.05) and of a size that matters (`ks_statistic` of at least 0.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub notable: Option<bool>,
    /// Why numbers are null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub reason: Option<String>,
    /// The same in no language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub reason_said: Option<Reason>,
}

/// Drift of a categorical variable, over the levels of both sides and `<missing>`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CategoricalDrift {
    /// Levels in code point order.
    pub levels: Vec<String>,
    /// Baseline rows per level.
    pub ref_counts: Vec<u64>,
    /// Period rows per level.
    pub cur_counts: Vec<u64>,
    /// `Σ (q − p) ln(q/p)`, shares floored at 1e-4.
    pub psi: Option<f64>,
    /// The same over the rows that have a value.
    pub psi_excluding_missing: Option<f64>,
    /// PSI with Jeffreys' prior in place of the floor.
    pub psi_jeffreys: Option<f64>,
    /// Mean of PSI when nothing changed.
    pub psi_null_mean: Option<f64>,
    /// 95 % quantile of PSI when nothing changed.
    pub psi_null_q95: Option<f64>,
    /// Jensen–Shannon distance to base 2.
    pub js_distance_base2: Option<f64>,
    /// Jensen–Shannon divergence in nats.
    pub js_divergence_nats: Option<f64>,
    /// Hellinger distance.
    pub hellinger: Option<f64>,
    /// Pearson's chi-square of the two-by-levels table, without a continuity correction.
    pub chi2: Option<f64>,
    /// Degrees of freedom.
    pub dof: Option<u64>,
    /// p-value of `chi2`.
    pub p: Option<f64>,
    /// Cramér's V of the same table: `√(χ²/n)`.
    pub cramers_v: Option<f64>,
    /// Greatest difference of a level's share.
    pub l_infinity: Option<f64>,
    /// Half the sum of the differences.
    pub total_variation: Option<f64>,
    /// Share of missing values in the baseline.
    pub missing_ref: Option<f64>,
    /// Share of missing values in the period.
    pub missing_cur: Option<f64>,
    /// Pooled two-proportion z of the missing shares.
    pub missing_z: Option<f64>,
    /// Levels the baseline does not know, with their rows in the period.
    pub unknown_levels: u64,
    /// Benjamini–Hochberg q-value among the period's variables.
    pub bh_q: Option<f64>,
    /// Whether the difference is significant (q below 0.05) and of a size that matters (`cramers_v` of at least 0.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub notable: Option<bool>,
    /// Why numbers are null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub reason: Option<String>,
    /// The same in no language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub reason_said: Option<Reason>,
}

/// Sets the Benjamini–Hochberg q-values (JRSS B 57, 1995) of all variables, says which are notable, and counts `p1` and `p25`.
pub(crate) fn summarise(drift: &mut Drift) {
    let ps: Vec<(usize, f64)> =
        drift.variables.0.iter().enumerate().filter_map(|(i, (_, v))| v.p_value().map(|p| (i, p))).collect();
    let qs = benjamini_hochberg(&ps.iter().map(|p| p.1).collect::<Vec<_>>());
    for ((i, _), q) in ps.into_iter().zip(qs) {
        drift.variables.0[i].1.judge(q);
    }
    let count =
        |f: &dyn Fn(&VariableDrift) -> bool| drift.variables.0.iter().filter(|(_, v)| f(v)).count() as u64;
    let p1 = count(&|v| v.psi().is_some_and(|p| p > PSI_WARN));
    let p25 = count(&|v| v.psi().is_some_and(|p| p >= PSI_ALERT));
    let p1_excluding = count(&|v| v.psi_excluding_missing().is_some_and(|p| p > PSI_WARN));
    let p25_excluding = count(&|v| v.psi_excluding_missing().is_some_and(|p| p >= PSI_ALERT));
    (drift.p1, drift.p25) = (p1, p25);
    (drift.p1_excluding_missing, drift.p25_excluding_missing) = (p1_excluding, p25_excluding);
}

fn benjamini_hochberg(ps: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..ps.len()).collect();
    order.sort_by(|&a, &b| ps[a].total_cmp(&ps[b]));
    let mut qs = vec![0.0; ps.len()];
    let mut least = 1.0f64;
    for (rank, &i) in order.iter().enumerate().rev() {
        least = least.min(ps[i] * ps.len() as f64 / (rank + 1) as f64);
        qs[i] = least;
    }
    qs
}
