//! A metric over time: control charts, trend tests, and when it will cross its threshold.
//!
//! Periods are numbered from 1. All parameters are part of the result, so that a chart can say what it was drawn with.

use crate::named::finite;
use crate::report::{Reason, Remark};
use crate::special::{normal_two_sided, student_quantile, student_two_sided};
use serde::{Deserialize, Serialize};

/// Periods that make the control charts' baseline.
pub const BASELINE_PERIODS: usize = 8;
/// Below this many periods Mann–Kendall says nothing.
pub const MANN_KENDALL_PERIODS_MIN: usize = 8;
/// A line through fewer periods leaves no room for an interval worth showing.
pub const FORECAST_PERIODS_MIN: usize = 4;
/// Periods a forecast looks ahead.
pub const FORECAST_HORIZON: usize = 12;
const THEIL_SEN_PERIODS_MAX: usize = 4_000;

/// Which way is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Worse {
    /// Gini, KS, lift.
    Lower,
    /// Errors and drift.
    Higher,
}

/// A control chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Cusum {
    /// Allowance in baseline standard deviations: shifts of twice this are found fastest.
    pub k: f64,
    /// Decision limit in baseline standard deviations.
    pub h: f64,
    /// Baseline mean.
    pub mu0: f64,
    /// Baseline standard deviation (n − 1).
    pub sigma0_ddof1: f64,
    /// The statistic by period.
    pub path: Vec<f64>,
    /// First period beyond the limit.
    pub alarm_period: Option<usize>,
}

/// Page–Hinkley's test against the running mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PageHinkley {
    /// Tolerated deviation.
    pub delta: f64,
    /// Decision limit.
    pub lambda_: f64,
    /// The statistic by period.
    pub path: Vec<f64>,
    /// First period beyond the limit.
    pub alarm_period: Option<usize>,
}

/// Exponentially weighted moving average with its widening limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Ewma {
    /// Weight of the newest value.
    pub lambda_: f64,
    /// Limit in standard deviations.
    #[serde(rename = "L")]
    pub limit: f64,
    /// The average by period.
    pub path: Vec<f64>,
    /// First period outside the limits.
    pub alarm_period: Option<usize>,
}

/// Is there a trend at all?
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TrendTests {
    /// Slope of the least-squares line, per period.
    pub ols_slope: Option<f64>,
    /// Its value at period 0.
    pub ols_intercept: Option<f64>,
    /// Two-sided p-value of the slope.
    pub ols_p_two_sided: Option<f64>,
    /// Mann–Kendall's S; null below eight periods.
    #[serde(rename = "mann_kendall_S")]
    pub mann_kendall_s: Option<i64>,
    /// Its normal score, corrected for continuity and ties.
    #[serde(rename = "mann_kendall_Z")]
    pub mann_kendall_z: Option<f64>,
    /// Two-sided p-value.
    pub mann_kendall_p_two_sided: Option<f64>,
    /// Median of the slopes between all pairs of periods.
    pub theil_sen_slope: Option<f64>,
    /// The threshold the line is followed to.
    pub threshold: Option<f64>,
    /// Where the least-squares line meets it.
    pub ols_crossing_period: Option<f64>,
}

/// Least-squares forecast with prediction intervals, and when the line crosses the threshold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Forecast {
    /// The threshold.
    pub threshold: f64,
    /// Slope per period.
    pub slope: f64,
    /// Value at period 0.
    pub intercept: f64,
    /// Where the line meets the threshold; null when it leads away from it.
    pub crossing_period: Option<f64>,
    /// Fieller's 80 % interval of the crossing; an open end (null) means that the data do not bound it.
    pub crossing_earliest_80: Option<f64>,
    /// See `crossing_earliest_80`.
    pub crossing_latest_80: Option<f64>,
    /// The next periods.
    pub horizon: Vec<ForecastPeriod>,
    /// First future period whose 95 % interval reaches below the threshold.
    pub earliest_period_with_lo95_below: Option<usize>,
}

/// One future period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ForecastPeriod {
    /// Number of the period.
    pub period: usize,
    /// The line.
    pub forecast: f64,
    /// 95 % prediction interval of the value.
    pub lo95: f64,
    /// See `lo95`.
    pub hi95: f64,
    /// 80 % prediction interval of the value.
    pub lo80: f64,
    /// See `lo80`.
    pub hi80: f64,
}

/// Everything about one metric over the periods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Trend {
    /// Which way is bad.
    pub worse: Worse,
    /// Labels of the periods that have the metric.
    pub labels: Vec<String>,
    /// Which periods these are, from 1: where some between them lack the metric. Empty where none does; trends and forecasts count
    /// all periods, control charts those that have the metric.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<usize>,
    /// The metric.
    pub values: Vec<f64>,
    /// Periods that make the baseline of the charts.
    pub baseline_periods: Option<usize>,
    /// CUSUM for falls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cusum_lower: Option<Cusum>,
    /// CUSUM for rises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cusum_upper: Option<Cusum>,
    /// Page–Hinkley for falls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_hinkley_decrease: Option<PageHinkley>,
    /// Page–Hinkley for rises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_hinkley_increase: Option<PageHinkley>,
    /// Moving average.
    pub ewma: Option<Ewma>,
    /// Trend tests.
    pub mann_kendall: TrendTests,
    /// Forecast.
    pub ols_forecast: Option<Forecast>,
    /// Why something is null.
    pub notes: Vec<String>,
    /// The same in no language, in the same order; empty in a report that was made before these were kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes_said: Vec<Reason>,
}

impl Trend {
    /// The last period that has the metric, from 1.
    pub fn last_period(&self) -> usize {
        self.places.last().copied().unwrap_or(self.values.len())
    }
}

/// One-sided CUSUM: `Sₜ = max(0, Sₜ₋₁ + zₜ − k)`, alarm when above h (Page, Biometrika 41, 1954).
pub fn cusum(series: &[f64], baseline_periods: usize, k: f64, h: f64, worse: Worse) -> Option<Cusum> {
    let (mu0, sigma0) = baseline(series, baseline_periods)?;
    let sign = sign(worse);
    let mut s = 0.0f64;
    let path: Vec<f64> = series
        .iter()
        .map(|x| {
            s = (s + sign * (x - mu0) / sigma0 - k).max(0.0);
            s
        })
        .collect();
    let alarm_period = first(&path, |&s| s > h);
    Some(Cusum { k, h, mu0, sigma0_ddof1: sigma0, path, alarm_period })
}

/// Page–Hinkley: deviations from the running mean (the new value included) beyond `delta`, added up and kept at zero.
pub fn page_hinkley(series: &[f64], delta: f64, lambda: f64, worse: Worse) -> PageHinkley {
    let sign = sign(worse);
    let (mut sum, mut s) = (0.0, 0.0f64);
    let path: Vec<f64> = series
        .iter()
        .enumerate()
        .map(|(i, x)| {
            sum += x;
            s = (s + sign * (x - sum / (i + 1) as f64) - delta).max(0.0);
            s
        })
        .collect();
    let alarm_period = first(&path, |&s| s > lambda);
    PageHinkley { delta, lambda_: lambda, path, alarm_period }
}

/// EWMA from the baseline mean, with the exact variance of the average (Roberts, Technometrics 1, 1959).
pub fn ewma(series: &[f64], baseline_periods: usize, lambda: f64, limit: f64) -> Option<Ewma> {
    let (mu0, sigma0) = baseline(series, baseline_periods)?;
    let mut z = mu0;
    let path: Vec<f64> = series
        .iter()
        .map(|x| {
            z = lambda * x + (1.0 - lambda) * z;
            z
        })
        .collect();
    let alarm_period = path
        .iter()
        .enumerate()
        .position(|(i, z)| {
            let shrink = 1.0 - (1.0 - lambda).powi(2 * (i as i32 + 1));
            (z - mu0).abs() > limit * sigma0 * (lambda / (2.0 - lambda) * shrink).sqrt()
        })
        .map(|i| i + 1);
    Some(Ewma { lambda_: lambda, limit, path, alarm_period })
}

/// A series without a gap: its values in periods 1 … n.
pub fn numbered(values: &[f64]) -> Vec<(usize, f64)> {
    values.iter().enumerate().map(|(i, &value)| (i + 1, value)).collect()
}

/// Mann–Kendall (with the correction for ties), Theil–Sen and least squares, over periods (from 1, ascending) and their values.
pub fn trend_tests(series: &[(usize, f64)], threshold: Option<f64>) -> TrendTests {
    let n = series.len();
    let mut out = TrendTests { threshold, ..TrendTests::default() };
    if let Some(line) = Line::through(series) {
        out.ols_slope = finite(line.slope);
        out.ols_intercept = finite(line.intercept);
        out.ols_p_two_sided = line.slope_p();
        out.ols_crossing_period = threshold.and_then(|t| finite((t - line.intercept) / line.slope));
    }
    if (2..=THEIL_SEN_PERIODS_MAX).contains(&n) {
        let mut slopes = Vec::with_capacity(n * (n - 1) / 2);
        for i in 0..n {
            for j in i + 1..n {
                slopes.push((series[j].1 - series[i].1) / (series[j].0 - series[i].0) as f64);
            }
        }
        slopes.sort_by(f64::total_cmp);
        let middle = slopes.len() / 2;
        out.theil_sen_slope = finite(if slopes.len() % 2 == 1 {
            slopes[middle]
        } else {
            0.5 * (slopes[middle - 1] + slopes[middle])
        });
    }
    if (MANN_KENDALL_PERIODS_MIN..=THEIL_SEN_PERIODS_MAX).contains(&n) {
        let mut s = 0i64;
        for i in 0..n {
            for j in i + 1..n {
                s += i64::from(series[j].1 > series[i].1) - i64::from(series[j].1 < series[i].1);
            }
        }
        let mut sorted: Vec<f64> = series.iter().map(|(_, value)| *value).collect();
        sorted.sort_by(f64::total_cmp);
        let term = |t: f64| t * (t - 1.0) * (2.0 * t + 5.0);
        let ties: f64 = sorted.chunk_by(|a, b| a == b).map(|run| term(run.len() as f64)).sum();
        let variance = (term(n as f64) - ties) / 18.0;
        let z = if s == 0 { 0.0 } else { (s - s.signum()) as f64 / variance.sqrt() };
        out.mann_kendall_s = Some(s);
        out.mann_kendall_z = finite(z);
        out.mann_kendall_p_two_sided = finite(normal_two_sided(z));
    }
    out
}

/// Least-squares forecast of the next `horizon` periods, from periods (from 1, ascending) and their values.
pub fn forecast(series: &[(usize, f64)], threshold: f64, horizon: usize, worse: Worse) -> Option<Forecast> {
    if series.len() < FORECAST_PERIODS_MIN {
        return None;
    }
    let line = Line::through(series)?;
    let (t95, t80) = (student_quantile(0.975, line.dof), student_quantile(0.9, line.dof));
    let last = series.last()?.0;
    let periods: Vec<ForecastPeriod> = (last + 1..=last + horizon)
        .map(|period| {
            let x = period as f64;
            let forecast = line.at(x);
            let se = line.residual_sd * (1.0 + line.leverage(x)).sqrt();
            ForecastPeriod {
                period,
                forecast,
                lo95: forecast - t95 * se,
                hi95: forecast + t95 * se,
                lo80: forecast - t80 * se,
                hi80: forecast + t80 * se,
            }
        })
        .collect();
    let towards = match worse {
        Worse::Lower => line.slope < 0.0,
        Worse::Higher => line.slope > 0.0,
    };
    let (earliest, latest) = line.crossing_interval(threshold, t80);
    Some(Forecast {
        threshold,
        slope: line.slope,
        intercept: line.intercept,
        crossing_period: finite((threshold - line.intercept) / line.slope).filter(|_| towards),
        crossing_earliest_80: earliest.filter(|_| towards),
        crossing_latest_80: latest.filter(|_| towards),
        earliest_period_with_lo95_below: periods
            .iter()
            .find(|p| match worse {
                Worse::Lower => p.lo95 < threshold,
                Worse::Higher => p.hi95 > threshold,
            })
            .map(|p| p.period),
        horizon: periods,
    })
}

/// Everything about a metric that has a value in some periods (from 1, ascending), called `labels`.
pub(crate) fn trend(
    labels: Vec<String>,
    series: &[(usize, f64)],
    threshold: Option<f64>,
    worse: Worse,
) -> Trend {
    let (places, values): (Vec<usize>, Vec<f64>) = series.iter().copied().unzip();
    let (mut notes, mut notes_said) = (Vec::new(), Vec::new());
    let mut note = |id: &str, values: &[(&str, &dyn std::fmt::Display)], text: String| {
        Remark::new(id, values, text).onto(&mut notes, &mut notes_said);
    };
    let n = values.len();
    let baseline_periods = (n > BASELINE_PERIODS).then_some(BASELINE_PERIODS);
    if baseline_periods.is_none() {
        note(
            "note-few-for-charts",
            &[("needed", &BASELINE_PERIODS), ("found", &n)],
            format!("control charts need more than {BASELINE_PERIODS} periods; there are {n}"),
        );
    }
    if n < MANN_KENDALL_PERIODS_MIN {
        note(
            "note-few-for-mann-kendall",
            &[("needed", &MANN_KENDALL_PERIODS_MIN)],
            format!("Mann–Kendall says nothing below {MANN_KENDALL_PERIODS_MIN} periods"),
        );
    }
    if n < FORECAST_PERIODS_MIN {
        note(
            "note-few-for-forecast",
            &[("needed", &FORECAST_PERIODS_MIN)],
            format!("a forecast needs {FORECAST_PERIODS_MIN} periods"),
        );
    }
    let charts = baseline_periods.map(|b| {
        let spread = baseline(&values, b).map_or(0.0, |(_, sigma)| sigma);
        // Half a standard deviation tolerated, five to alarm: CUSUM's parameters on the metric's own scale.
        (cusum(&values, b, 0.5, 5.0, worse), page_hinkley(&values, 0.5 * spread, 5.0 * spread, worse))
    });
    let ewma = baseline_periods.and_then(|b| ewma(&values, b, 0.2, 3.0));
    let (cusum, page_hinkley) = charts.map_or((None, None), |(c, p)| (c, Some(p)));
    if baseline_periods.is_some() && cusum.is_none() {
        note("note-equal-baseline", &[], "the baseline periods are all equal: no control chart".to_owned());
    }
    let page_hinkley = page_hinkley.filter(|_| cusum.is_some());
    let lower = worse == Worse::Lower;
    let mann_kendall = trend_tests(series, threshold);
    let ols_forecast = threshold.and_then(|t| forecast(series, t, FORECAST_HORIZON, worse));
    Trend {
        worse,
        labels,
        // Without a gap they go without saying.
        places: if places.last() == Some(&places.len()) { Vec::new() } else { places },
        values,
        baseline_periods,
        cusum_lower: cusum.clone().filter(|_| lower),
        cusum_upper: cusum.filter(|_| !lower),
        page_hinkley_decrease: page_hinkley.clone().filter(|_| lower),
        page_hinkley_increase: page_hinkley.filter(|_| !lower),
        ewma,
        mann_kendall,
        ols_forecast,
        notes,
        notes_said,
    }
}

fn sign(worse: Worse) -> f64 {
    match worse {
        Worse::Lower => -1.0,
        Worse::Higher => 1.0,
    }
}

fn first(path: &[f64], beyond: impl Fn(&f64) -> bool) -> Option<usize> {
    path.iter().position(beyond).map(|i| i + 1)
}

/// Mean and standard deviation (n − 1) of the first periods; none when they do not vary.
fn baseline(series: &[f64], periods: usize) -> Option<(f64, f64)> {
    let first = series.get(..periods).filter(|f| f.len() >= 2)?;
    let mean = first.iter().sum::<f64>() / first.len() as f64;
    let variance = first.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (first.len() - 1) as f64;
    (variance > 0.0).then(|| (mean, variance.sqrt()))
}

/// Relative spread below which a series is constant.
const FLAT: f64 = 1e-13;

/// A least-squares line over periods.
struct Line {
    slope: f64,
    intercept: f64,
    residual_sd: f64,
    n: f64,
    mean_x: f64,
    sxx: f64,
    dof: f64,
}

impl Line {
    fn through(series: &[(usize, f64)]) -> Option<Self> {
        if series.len() < 3 || series.iter().any(|(_, y)| !y.is_finite()) {
            return None;
        }
        let n = series.len() as f64;
        let points = || series.iter().map(|&(period, y)| (period as f64, y));
        let mean_x = points().map(|(x, _)| x).sum::<f64>() / n;
        let mean_y = points().map(|(_, y)| y).sum::<f64>() / n;
        let sxx: f64 = points().map(|(x, _)| (x - mean_x) * (x - mean_x)).sum();
        let sxy: f64 = points().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
        // What differs in the last digits only has no slope: its sign would be the rounding's.
        let flat = points().all(|(_, y)| (y - mean_y).abs() <= FLAT * mean_y.abs());
        let slope = if flat { 0.0 } else { sxy / sxx };
        let intercept = mean_y - slope * mean_x;
        let sse: f64 = points().map(|(x, y)| (y - intercept - slope * x).powi(2)).sum();
        let sse = if flat { 0.0 } else { sse };
        let dof = n - 2.0;
        Some(Self { slope, intercept, residual_sd: (sse / dof).sqrt(), n, mean_x, sxx, dof })
    }

    fn at(&self, x: f64) -> f64 {
        self.intercept + self.slope * x
    }

    fn leverage(&self, x: f64) -> f64 {
        1.0 / self.n + (x - self.mean_x).powi(2) / self.sxx
    }

    fn slope_p(&self) -> Option<f64> {
        let t = self.slope / (self.residual_sd / self.sxx.sqrt());
        (!t.is_nan()).then(|| student_two_sided(t, self.dof))
    }

    /// Fieller's interval: the x whose mean could be the threshold, `(a + bx − τ)² ≤ t²s² (1/n + (x − x̄)²/Sxx)`.
    fn crossing_interval(&self, threshold: f64, t: f64) -> (Option<f64>, Option<f64>) {
        let scale = t * t * self.residual_sd * self.residual_sd;
        let gap = self.at(self.mean_x) - threshold;
        // In u = x − x̄: (b² − scale/Sxx) u² + 2·b·gap·u + gap² − scale/n ≤ 0.
        let a = self.slope * self.slope - scale / self.sxx;
        let half_b = self.slope * gap;
        let c = gap * gap - scale / self.n;
        let discriminant = half_b * half_b - a * c;
        if discriminant < 0.0 {
            return (None, None);
        }
        let root = discriminant.sqrt();
        if a > 0.0 {
            let (low, high) = ((-half_b - root) / a, (-half_b + root) / a);
            return (finite(self.mean_x + low), finite(self.mean_x + high));
        }
        // The slope is not clearly different from zero: only one end is bounded, the one nearer the data.
        let ends = [(-half_b - root) / a, (-half_b + root) / a];
        let ahead = ends.into_iter().filter(|u| *u > 0.0).fold(f64::INFINITY, f64::min);
        (finite(self.mean_x + ahead), None)
    }
}
