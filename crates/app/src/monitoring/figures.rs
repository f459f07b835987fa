//! Figures of a report: what is asked for, drawn from the report's own numbers, on the screen or on paper.

use std::sync::Arc;

use ::monitoring::{Performance, RegressionPerformance, Report, ResidualBin, Scoring, VariableDrift};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use charts::{
    Ahead, CalibrationFigure, CalibrationPoint, ConfusionFigure, Curve, DistributionBin, DistributionFigure,
    Drawing, GainFigure, HeatmapFigure, KsFigure, LiftFigure, Mode, Moment, PredictedFigure, PredictedPoint,
    PsiBar, PsiFigure, RocFigure, TrendFigure, TrendOther, TrendPoint,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use words::said;

use super::reading::{self, named, now, number_term};
use crate::drawing::{self, Ink};
use crate::registry::Figure;
use crate::{App, Code, Failure};

/// Periods laid over each other in one figure, at most.
const OVERLAID_MAX: usize = 4;
/// Forecast periods drawn.
const AHEAD_MAX: usize = 4;
/// Pixels of a picture to one CSS pixel: sharp on paper and on good screens.
const PICTURE_SCALE: f32 = 2.0;

/// What a figure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A metric over the periods.
    Trend,
    /// ROC.
    Roc,
    /// Cumulative lift.
    Lift,
    /// Share of events found.
    Gain,
    /// Distribution functions of the score.
    Ks,
    /// Reliability of the probabilities.
    Calibration,
    /// Decisions at the cutoff.
    Confusion,
    /// Predicted numbers against actual ones.
    Predicted,
    /// PSI of all inputs over the periods.
    Heatmap,
    /// PSI of the inputs in a period.
    Psi,
    /// A variable's shares by bin, in baseline and period.
    Distribution,
}

impl Kind {
    pub(super) const ALL: [Self; 11] = [
        Self::Trend,
        Self::Roc,
        Self::Lift,
        Self::Gain,
        Self::Ks,
        Self::Calibration,
        Self::Confusion,
        Self::Predicted,
        Self::Heatmap,
        Self::Psi,
        Self::Distribution,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Trend => "trend",
            Self::Roc => "roc",
            Self::Lift => "lift",
            Self::Gain => "gain",
            Self::Ks => "ks",
            Self::Calibration => "calibration",
            Self::Confusion => "confusion",
            Self::Predicted => "predicted",
            Self::Heatmap => "heatmap",
            Self::Psi => "psi",
            Self::Distribution => "distribution",
        }
    }

    /// Whether the report has what it shows.
    pub(super) fn can(self, report: &Report) -> bool {
        let binary = |p: &::monitoring::PeriodReport| {
            p.performance.as_ref().and_then(Scoring::binary).is_some_and(|b| b.exact.gini.is_some())
        };
        match self {
            Self::Trend => !report.trend.0.is_empty(),
            Self::Roc | Self::Lift | Self::Gain | Self::Ks | Self::Calibration | Self::Confusion => {
                report.periods.iter().any(binary)
            }
            Self::Predicted => report
                .periods
                .iter()
                .any(|p| regression(p.performance.as_ref()).is_some_and(|r| !r.residual_deciles.is_empty())),
            Self::Heatmap | Self::Psi => report.periods.iter().any(|p| !p.drift.variables.0.is_empty()),
            Self::Distribution => {
                report.periods.iter().any(|p| !p.drift.variables.0.is_empty() || p.drift.score.is_some())
            }
        }
    }
}

/// Asks for a figure of a report.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ReportFigureOf {
    /// Identifier of the report.
    pub report: String,
    /// `trend`, `roc`, `lift`, `gain`, `ks`, `calibration`, `confusion`, `predicted`, `heatmap`, `psi` or `distribution`.
    pub kind: String,
    /// Label of the period; the one that stands for now if absent.
    #[ts(optional)]
    pub period: Option<String>,
    /// Whether the baseline is laid over it (`roc`, `lift`, `gain`).
    #[ts(optional)]
    pub baseline: Option<bool>,
    /// The input of a `distribution`; the score if absent.
    #[ts(optional)]
    pub variable: Option<String>,
    /// The number of a `trend`, by the name rules use; what stands for the model if absent.
    #[ts(optional)]
    pub metric: Option<String>,
    /// Reports of other versions laid over it (`trend`, `roc`, `lift`, `gain`), by identifier.
    #[ts(optional, as = "Option<Vec<String>>")]
    pub with: Vec<String>,
    /// Width in CSS pixels, 200 to 2000.
    pub width: u32,
    /// Height in CSS pixels, 150 to 1200.
    pub height: u32,
    /// The reader's language, `en` or `pt-BR`; English without.
    #[ts(optional)]
    pub language: Option<String>,
}

/// A figure as a picture.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Picture {
    /// PNG in base64, on white, two pixels to a CSS pixel.
    pub png: String,
}

/// Draws a figure of a report for the window.
///
/// # Errors
/// [`Code::NotFound`] when the report has nothing of the kind; [`Code::Usage`] for another kind or size.
pub async fn figure(app: &App, request: ReportFigureOf) -> Result<Figure, Failure> {
    let ink = Ink::new(request.width, request.height, request.language.as_deref(), Mode::Screen)?;
    let drawn = asked(app, &request, &ink).await?;
    Ok(drawing::figure(drawn.drawing, drawn.columns, drawn.rows))
}

/// Draws the same figure as a PNG on white, for a clipboard or a document.
///
/// # Errors
/// As [`figure`].
pub async fn picture(app: &App, request: ReportFigureOf) -> Result<Picture, Failure> {
    let ink = Ink::new(request.width, request.height, request.language.as_deref(), Mode::Print)?;
    let drawn = asked(app, &request, &ink).await?;
    let png = charts::png(&drawn.drawing.svg, PICTURE_SCALE)
        .map_err(|cause| Failure::internal("the figure cannot be made a picture", &cause))?;
    Ok(Picture { png: STANDARD.encode(png) })
}

async fn asked(app: &App, request: &ReportFigureOf, ink: &Ink) -> Result<Drawn, Failure> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == request.kind).ok_or_else(|| {
        let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        let values = said!("report-no-such-figure", kind = &request.kind, kinds = kinds.join(", "));
        Failure::said(Code::Usage, values)
    })?;
    let (row, report) = named(app, Some(&request.report), None).await?;
    let mut others = Vec::new();
    for other in request.with.iter().take(OVERLAID_MAX - 1) {
        let (row, report) = named(app, Some(other), None).await?;
        others.push((row.version_label, report));
    }
    let wish = Wish {
        kind,
        period: request.period.clone(),
        baseline: request.baseline.unwrap_or(false),
        variable: request.variable.clone(),
        metric: request.metric.clone(),
        own: row.version_label,
        others,
    };
    draw(&report, &wish, ink)
}

/// What is to be drawn.
pub(super) struct Wish {
    pub(super) kind: Kind,
    pub(super) period: Option<String>,
    pub(super) baseline: bool,
    pub(super) variable: Option<String>,
    pub(super) metric: Option<String>,
    /// Label of the report's own version.
    pub(super) own: String,
    /// Reports of other versions, with their labels.
    pub(super) others: Vec<(String, Arc<Report>)>,
}

impl Wish {
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            kind,
            period: None,
            baseline: false,
            variable: None,
            metric: None,
            own: String::new(),
            others: Vec::new(),
        }
    }
}

/// A figure with the numbers behind it.
pub(super) struct Drawn {
    pub(super) drawing: Drawing,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

/// Draws a figure of a report.
pub(super) fn draw(report: &Report, wish: &Wish, ink: &Ink) -> Result<Drawn, Failure> {
    let at = match &wish.period {
        None => now(report),
        Some(label) => report
            .periods
            .iter()
            .position(|p| p.label == *label)
            .ok_or_else(|| Failure::not_found("period", label))?,
    };
    match wish.kind {
        Kind::Trend => trend(report, wish, ink),
        Kind::Roc | Kind::Lift | Kind::Gain => curves(report, at, wish, ink),
        Kind::Ks => ks(report, at, ink),
        Kind::Calibration => calibration(report, at, ink),
        Kind::Confusion => confusion(report, at, ink),
        Kind::Predicted => predicted(report, at, ink),
        Kind::Heatmap => Ok(heatmap(report, ink)),
        Kind::Psi => Ok(psi(report, at, ink)),
        Kind::Distribution => distribution(report, at, wish.variable.as_deref(), ink),
    }
}

/// Why a report has nothing of the kind: `why` is the end of a key.
fn nothing(kind: Kind, why: &str) -> Failure {
    Failure::said(Code::NotFound, said!("report-figure-nothing", kind = kind.name(), why = why))
}

fn binary(report: &Report, at: usize, kind: Kind) -> Result<&Performance, Failure> {
    report
        .periods
        .get(at)
        .and_then(|p| p.performance.as_ref())
        .and_then(Scoring::binary)
        .ok_or_else(|| nothing(kind, "outcomes"))
}

fn regression(scoring: Option<&Scoring>) -> Option<&RegressionPerformance> {
    match scoring {
        Some(Scoring::Regression(r)) => Some(r),
        _ => None,
    }
}

/// The number that stands for the model in its report.
pub(super) fn headline(report: &Report) -> &'static str {
    let has = |name: &&str| report.trend.get(name).is_some();
    ["gini", "ase", "r2"].into_iter().find(has).unwrap_or("gini")
}

fn label(report: &Report, at: usize) -> &str {
    report.periods.get(at).map_or("", |p| p.label.as_str())
}

fn trend(report: &Report, wish: &Wish, ink: &Ink) -> Result<Drawn, Failure> {
    let metric = wish.metric.as_deref().unwrap_or_else(|| headline(report));
    let known = report.trend.get(metric);
    let values: Vec<Option<f64>> = (0..report.periods.len()).map(|at| report.number(at, metric)).collect();
    if values.iter().all(Option::is_none) {
        return Err(nothing(Kind::Trend, "metric"));
    }
    let title = number_term(ink, metric).title;
    // Of another version the periods that are called the same: two models are compared on the same cases.
    let others: Vec<TrendOther> = wish
        .others
        .iter()
        .take(OVERLAID_MAX - 1)
        .map(|(version, other)| TrendOther {
            name: version.clone(),
            values: report
                .periods
                .iter()
                .map(|period| {
                    let there = other.periods.iter().position(|it| it.label == period.label)?;
                    other.number(there, metric)
                })
                .collect(),
        })
        .filter(|other| other.values.iter().any(Option::is_some))
        .collect();
    let points: Vec<TrendPoint> = report
        .periods
        .iter()
        .zip(&values)
        .map(|(period, value)| TrendPoint {
            label: period.label.clone(),
            value: *value,
            interval: interval(period.performance.as_ref(), metric),
            provisional: period.provisional && ::monitoring::is_outcome(metric),
        })
        .collect();
    let forecast = known.and_then(|t| t.ols_forecast.as_ref());
    let ahead: Vec<Ahead> = forecast
        .map(|f| f.horizon.as_slice())
        .unwrap_or_default()
        .iter()
        .filter(|period| period.period > report.periods.len())
        .take(AHEAD_MAX)
        .map(|period| Ahead {
            label: format!("+{}", period.period - report.periods.len()),
            value: period.forecast,
            low: period.lo80,
            high: period.hi80,
        })
        .collect();
    let threshold = forecast.map(|f| f.threshold).or_else(|| {
        let psi = metric.starts_with("psi.") || metric == "score_psi";
        psi.then_some(::monitoring::PSI_ALERT).or_else(|| known?.mann_kendall.threshold)
    });
    // A rule is an event where it first fires: that it goes on firing is what the line shows.
    let mut events: Vec<Moment> = Vec::new();
    for alert in report.alerts.iter().filter(|a| a.level == ::monitoring::Level::Alert) {
        let Some(at) = report.periods.iter().position(|p| p.label == alert.period) else { continue };
        let news = events.iter().all(|e| e.at != at && e.text != alert.rule);
        if news && alert.values.iter().any(|(name, _)| concerns(name, metric)) {
            events.push(Moment { at, text: alert.rule.clone() });
        }
    }
    let text = |v: Option<f64>| v.map_or_else(|| "–".to_owned(), |v| ink.number(v, 4));
    let rows = points
        .iter()
        .enumerate()
        .map(|(at, p)| {
            let own = [text(p.value), text(p.interval.map(|i| i[0])), text(p.interval.map(|i| i[1]))];
            let theirs = others.iter().map(|other| text(other.values[at]));
            std::iter::once(p.label.clone()).chain(own).chain(theirs).collect::<Vec<String>>()
        })
        .chain(ahead.iter().map(|a| {
            let own = [a.label.clone(), ink.number(a.value, 4), ink.number(a.low, 4), ink.number(a.high, 4)];
            own.into_iter().chain(others.iter().map(|_| text(None))).collect()
        }))
        .collect();
    let columns = [ink.say("figure-period"), title.clone(), ink.say("figure-from"), ink.say("figure-to")]
        .into_iter()
        .chain(others.iter().map(|other| other.name.clone()))
        .collect();
    // Beside others the line is that of its version; alone it is what it measures.
    let metric = if others.is_empty() { title.clone() } else { wish.own.clone() };
    let figure = TrendFigure { title, metric, points, threshold, events, ahead, others };
    Ok(Drawn { drawing: ink.draw(|look| charts::trend(&figure, look)), columns, rows })
}

/// Whether a number that a rule looked at is about the metric.
fn concerns(name: &str, metric: &str) -> bool {
    name == metric
        || name.strip_suffix("Decay") == Some(metric)
        || (metric == "score_psi" && matches!(name, "p1" | "p25"))
        || (metric == "r2" && name == "aseDecay")
}

fn interval(scoring: Option<&Scoring>, metric: &str) -> Option<[f64; 2]> {
    let [low, high] = scoring?.binary()?.delong.ci95_logit?;
    match metric {
        "c" => Some([low, high]),
        "gini" => Some([2.0 * low - 1.0, 2.0 * high - 1.0]),
        _ => None,
    }
}

/// ROC, lift and gain: the period, the baseline, other versions.
fn curves(report: &Report, at: usize, wish: &Wish, ink: &Ink) -> Result<Drawn, Failure> {
    let own = binary(report, at, wish.kind)?;
    let period = label(report, at).to_owned();
    let mut all: Vec<(String, &Performance)> = Vec::new();
    let name = if wish.others.is_empty() { period.clone() } else { wish.own.clone() };
    all.push((name, own));
    let reference = report.reference.performance.as_ref().and_then(Scoring::binary);
    if let Some(reference) = reference.filter(|it| wish.baseline && *it != own) {
        all.push((report.reference.label.clone(), reference));
    }
    for (version, other) in &wish.others {
        // The same period of the other version, where it has one: two models are compared on the same cases.
        let there = other.periods.iter().position(|p| p.label == period).unwrap_or_else(|| now(other));
        if let Ok(performance) = binary(other, there, wish.kind) {
            all.push((version.clone(), performance));
        }
    }
    all.truncate(OVERLAID_MAX);
    let curve = |(name, p): &(String, &Performance)| Curve {
        name: name.clone(),
        points: match wish.kind {
            Kind::Roc => p.roc.iter().map(|[x, y, _]| [*x, *y]).collect(),
            Kind::Lift => p.lift_sas_20.iter().map(|bin| [bin.depth, bin.cum_lift]).collect(),
            _ => std::iter::once([0.0, 0.0])
                .chain(p.lift_sas_20.iter().map(|bin| [bin.depth, bin.cum_resp / 100.0]))
                .collect(),
        },
    };
    let curves: Vec<Curve> = all.iter().map(curve).collect();
    let rows = curves
        .iter()
        .flat_map(|c| {
            c.points.iter().map(|[x, y]| vec![c.name.clone(), ink.number(*x, 4), ink.number(*y, 4)])
        })
        .collect();
    let title = format!("{} · {period}", ink.say(&format!("report-figure-{}", wish.kind.name())));
    let (drawing, columns) = match wish.kind {
        Kind::Roc => {
            let areas = all.iter().map(|(_, p)| p.exact.c.unwrap_or(f64::NAN)).collect();
            let figure = RocFigure { title, curves, areas };
            (ink.draw(|look| charts::roc(&figure, look)), ["figure-curve", "chart-roc-x", "chart-roc-y"])
        }
        Kind::Lift => {
            let figure = LiftFigure { title, measure: ink.say("figure-lift"), curves, chance: Some(1.0) };
            (ink.draw(|look| charts::lift(&figure, look)), ["figure-curve", "figure-depth", "figure-lift"])
        }
        _ => {
            let figure = GainFigure { title, curves, event_rate: own.event_rate };
            (ink.draw(|look| charts::gain(&figure, look)), ["figure-curve", "figure-depth", "chart-gain-y"])
        }
    };
    Ok(Drawn { drawing, columns: columns.map(|key| ink.say(key)).to_vec(), rows })
}

fn ks(report: &Report, at: usize, ink: &Ink) -> Result<Drawn, Failure> {
    let p = binary(report, at, Kind::Ks)?;
    // The exact ROC, on the scores' own range: cutoffs between 0 and 1 say nothing of scores beyond.
    let curve: Vec<[f64; 3]> =
        p.roc.iter().rev().map(|[others, events, cutoff]| [*cutoff, *events, *others]).collect();
    if curve.is_empty() {
        return Err(nothing(Kind::Ks, "outcomes"));
    }
    let figure = KsFigure {
        title: format!("{} · {}", ink.say("report-figure-ks"), label(report, at)),
        events: curve.iter().map(|[cutoff, events, _]| [*cutoff, *events]).collect(),
        others: curve.iter().map(|[cutoff, _, others]| [*cutoff, *others]).collect(),
        widest: p.exact.ks.zip(p.exact.ks_cutoff).map(|(ks, cutoff)| [ks, cutoff]),
    };
    let rows = curve.iter().map(|row| row.iter().map(|v| ink.number(*v, 4)).collect()).collect();
    let columns = ["chart-cutoff", "chart-events", "chart-others"].map(|key| ink.say(key)).to_vec();
    Ok(Drawn { drawing: ink.draw(|look| charts::ks(&figure, look)), columns, rows })
}

fn calibration(report: &Report, at: usize, ink: &Ink) -> Result<Drawn, Failure> {
    let p = binary(report, at, Kind::Calibration)?;
    let points: Vec<CalibrationPoint> = p
        .calibration
        .bins
        .iter()
        .map(|bin| CalibrationPoint { predicted: bin.mean_score, observed: bin.event_rate, n: bin.n })
        .collect();
    if points.is_empty() {
        return Err(nothing(Kind::Calibration, "probabilities"));
    }
    let rows = points
        .iter()
        .map(|b| vec![ink.number(b.predicted, 4), ink.number(b.observed, 4), ink.number(b.n, 0)])
        .collect();
    let columns = ["chart-predicted", "chart-observed", "figure-rows"].map(|key| ink.say(key)).to_vec();
    let title = format!("{} · {}", ink.say("report-figure-calibration"), label(report, at));
    let figure = CalibrationFigure { title, points };
    Ok(Drawn { drawing: ink.draw(|look| charts::calibration(&figure, look)), columns, rows })
}

fn confusion(report: &Report, at: usize, ink: &Ink) -> Result<Drawn, Failure> {
    let p = binary(report, at, Kind::Confusion)?;
    let Some((_, c)) = p.cutoff.iter().next() else {
        return Err(nothing(Kind::Confusion, "cutoff"));
    };
    let (kind, cutoff) = (ink.say("report-figure-confusion"), ink.number(c.cutoff, 2));
    let figure = ConfusionFigure {
        title: format!("{kind} {cutoff} · {}", label(report, at)),
        tp: c.tp,
        fp: c.fp,
        fn_: c.fn_,
        tn: c.tn,
    };
    let rows = [("chart-tp", c.tp), ("chart-fn", c.fn_), ("chart-fp", c.fp), ("chart-tn", c.tn)]
        .map(|(key, count)| vec![ink.say(key), ink.number(count, 0)])
        .to_vec();
    let columns = ["figure-cell", "figure-rows"].map(|key| ink.say(key)).to_vec();
    Ok(Drawn { drawing: ink.draw(|look| charts::confusion(&figure, look)), columns, rows })
}

fn predicted(report: &Report, at: usize, ink: &Ink) -> Result<Drawn, Failure> {
    let bins = report
        .periods
        .get(at)
        .and_then(|period| regression(period.performance.as_ref()))
        .map_or(&[] as &[ResidualBin], |r| &r.residual_deciles);
    let points: Vec<PredictedPoint> = bins
        .iter()
        .map(|bin| PredictedPoint { predicted: bin.mean_score, actual: bin.mean_target, n: bin.n as f64 })
        .collect();
    if points.is_empty() {
        return Err(nothing(Kind::Predicted, "outcomes"));
    }
    let rows = bins
        .iter()
        .map(|bin| {
            let means = [bin.mean_score, bin.mean_target, bin.mean_residual].map(|v| ink.number(v, 4));
            means.into_iter().chain([ink.number(bin.n as f64, 0)]).collect()
        })
        .collect();
    let columns = ["chart-predicted-number", "chart-actual", "figure-residual", "figure-rows"]
        .map(|key| ink.say(key))
        .to_vec();
    let title = format!("{} · {}", ink.say("report-figure-predicted"), label(report, at));
    let figure = PredictedFigure { title, points };
    Ok(Drawn { drawing: ink.draw(|look| charts::predicted(&figure, look)), columns, rows })
}

fn heatmap(report: &Report, ink: &Ink) -> Drawn {
    let periods: Vec<String> = report.periods.iter().map(|p| p.label.clone()).collect();
    let rows: Vec<(String, Vec<Option<f64>>)> = reading::variables(report, ink)
        .into_iter()
        .map(|v| (v.name, v.periods.iter().map(|d| d.as_ref().and_then(|d| d.psi)).collect()))
        .collect();
    let table = rows
        .iter()
        .map(|(name, values)| {
            let texts = values.iter().map(|v| v.map_or_else(|| "–".to_owned(), |v| ink.number(v, 4)));
            std::iter::once(name.clone()).chain(texts).collect()
        })
        .collect();
    let columns = std::iter::once(ink.say("figure-variable")).chain(periods.iter().cloned()).collect();
    let figure = HeatmapFigure { title: ink.say("report-figure-heatmap"), periods, rows };
    Drawn { drawing: ink.draw(|look| charts::heatmap(&figure, look)), columns, rows: table }
}

fn psi(report: &Report, at: usize, ink: &Ink) -> Drawn {
    let mut bars: Vec<PsiBar> = report
        .periods
        .get(at)
        .map(|p| {
            let bar = |(name, d): (&str, &VariableDrift)| PsiBar {
                name: name.to_owned(),
                psi: d.psi(),
                psi_excluding_missing: d.psi_excluding_missing(),
            };
            p.drift.variables.iter().map(bar).collect()
        })
        .unwrap_or_default();
    bars.sort_by(|a, b| b.psi.unwrap_or(-1.0).total_cmp(&a.psi.unwrap_or(-1.0)));
    let rows = bars
        .iter()
        .map(|bar| {
            let text = |v: Option<f64>| v.map_or_else(|| "–".to_owned(), |v| ink.number(v, 4));
            vec![bar.name.clone(), text(bar.psi), text(bar.psi_excluding_missing)]
        })
        .collect();
    let columns = vec![
        ink.say("figure-variable"),
        "PSI".to_owned(),
        reading::term(ink, "statistic", "psi_excluding_missing").title,
    ];
    let title = format!("{} · {}", ink.say("report-figure-psi"), label(report, at));
    let figure = PsiFigure { title, bars };
    Drawn { drawing: ink.draw(|look| charts::psi(&figure, look)), columns, rows }
}

fn distribution(report: &Report, at: usize, variable: Option<&str>, ink: &Ink) -> Result<Drawn, Failure> {
    let period = report.periods.get(at).ok_or_else(|| nothing(Kind::Distribution, "periods"))?;
    let drift = match variable {
        None => period.drift.score.as_ref(),
        Some(name) => period.drift.variables.get(name),
    };
    let named = variable.map_or_else(|| ink.say("figure-score"), str::to_owned);
    let drift = drift.ok_or_else(|| Failure::not_found("input", &named))?;
    let (labels, reference, current) = bins(drift, ink);
    let share = |counts: &[u64], i: usize| {
        let total: u64 = counts.iter().sum();
        counts.get(i).map_or(0.0, |c| *c as f64 / total.max(1) as f64)
    };
    let bins: Vec<DistributionBin> = labels
        .into_iter()
        .enumerate()
        .map(|(i, label)| DistributionBin {
            label,
            reference: share(reference, i),
            current: share(current, i),
        })
        .collect();
    let rows = bins
        .iter()
        .map(|b| vec![b.label.clone(), ink.number(b.reference, 4), ink.number(b.current, 4)])
        .collect();
    let columns = vec![ink.say("figure-bin"), report.reference.label.clone(), period.label.clone()];
    let figure = DistributionFigure {
        title: named,
        reference: report.reference.label.clone(),
        current: period.label.clone(),
        bins,
    };
    Ok(Drawn { drawing: ink.draw(|look| charts::distribution(&figure, look)), columns, rows })
}

/// Labels of the bins, in order, with the counts of both sides.
fn bins<'a>(drift: &'a VariableDrift, ink: &Ink) -> (Vec<String>, &'a [u64], &'a [u64]) {
    let missing = || ink.say("figure-missing");
    match drift {
        VariableDrift::Numeric(d) => {
            let mut labels: Vec<String> =
                d.edges.iter().map(|edge| format!("≤ {}", brief(*edge, ink))).collect();
            labels.push(match d.edges.last() {
                Some(last) => format!("> {}", brief(*last, ink)),
                None => ink.say("figure-all"),
            });
            if d.missing_bin {
                labels.push(missing());
            }
            (labels, &d.ref_counts, &d.cur_counts)
        }
        VariableDrift::Categorical(d) => {
            let name = |level: &String| {
                if level == ::monitoring::MISSING_LEVEL { missing() } else { level.clone() }
            };
            (d.levels.iter().map(name).collect(), &d.ref_counts, &d.cur_counts)
        }
    }
}

/// An edge with four significant digits.
fn brief(value: f64, ink: &Ink) -> String {
    let magnitude = value.abs();
    if !value.is_finite() {
        return if value > 0.0 { "∞".to_owned() } else { "−∞".to_owned() };
    }
    let decimals = if magnitude == 0.0 || magnitude >= 1000.0 {
        0
    } else {
        (3 - magnitude.log10().floor() as i32).clamp(0, 6) as usize
    };
    let text = ink.number(value, decimals);
    if decimals == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches(['.', ',']).to_owned()
}
