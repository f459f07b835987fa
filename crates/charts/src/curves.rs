//! Curves over the unit square and its relatives: ROC, lift and gain, KS, calibration.

use crate::metrics::{Weight, fit};
use crate::plot::{Frame, Pen, Plot};
use crate::svg::{Anchor, Label, Role, SERIES};
use crate::{Drawing, Hit, Look, Rect};
use serde::{Deserialize, Serialize};

/// Stops for pointer and arrow keys a curve has at most.
const HITS_MAX: usize = 100;

/// A named curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Its name.
    pub name: String,
    /// Points in order of x.
    pub points: Vec<[f64; 2]>,
}

/// ROC curves of one or more versions or periods.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RocFigure {
    /// Title.
    pub title: String,
    /// `[false positive rate, true positive rate]`.
    pub curves: Vec<Curve>,
    /// Areas under the curves, in the same order; may be empty.
    pub areas: Vec<f64>,
}

/// Cumulative lift, or gain, by depth.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LiftFigure {
    /// Title.
    pub title: String,
    /// What the curves show: cumulative lift, or share of events found.
    pub measure: String,
    /// `[depth in per cent, measure]`.
    pub curves: Vec<Curve>,
    /// The measure of a score that knows nothing: 1 for lift.
    pub chance: Option<f64>,
}

/// Distribution functions of the score for events and the rest, and where they are furthest apart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KsFigure {
    /// Title.
    pub title: String,
    /// `[cutoff, true positive rate]`, ascending cutoffs.
    pub events: Vec<[f64; 2]>,
    /// `[cutoff, false positive rate]`.
    pub others: Vec<[f64; 2]>,
    /// KS and its cutoff.
    pub widest: Option<[f64; 2]>,
}

/// Share of all events found among the rows of highest score.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GainFigure {
    /// Title.
    pub title: String,
    /// `[depth in per cent, share of the events]`, from `[0, 0]` to `[100, 1]`.
    pub curves: Vec<Curve>,
    /// Share of events among all rows: where a perfect score has found them all.
    pub event_rate: Option<f64>,
}

/// Reliability of the probabilities.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CalibrationFigure {
    /// Title.
    pub title: String,
    /// Bins in order of the score.
    pub points: Vec<CalibrationPoint>,
}

/// One bin of a reliability diagram.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CalibrationPoint {
    /// Mean score.
    pub predicted: f64,
    /// Share of events.
    pub observed: f64,
    /// Rows.
    pub n: f64,
}

/// Predicted numbers against actual ones.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PredictedFigure {
    /// Title.
    pub title: String,
    /// Bins in order of the prediction.
    pub points: Vec<PredictedPoint>,
}

/// One bin of predicted numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct PredictedPoint {
    /// Mean prediction.
    pub predicted: f64,
    /// Mean of what came true.
    pub actual: f64,
    /// Rows.
    pub n: f64,
}

fn body(frame: &Frame) -> Rect {
    let room = frame.headed();
    Rect {
        x: room.x + 36.0,
        y: room.y + 20.0,
        width: (room.width - 48.0).max(4.0),
        height: (room.height - 54.0).max(4.0),
    }
}

/// Names curves directly: at the place, of a few along each, where the name meets no other and no curve; across a
/// curve only where there is none.
fn name_curves(plot: &Plot<'_>, curves: &[(String, &[[f64; 2]], Role)], along: &[f64]) {
    let crowd = crowd(plot, curves.iter().map(|c| c.1));
    for (name, points, role) in curves {
        let name = fit(name, 11.0, Weight::Strong, plot.rect.width * 0.6);
        let label = Label::new(&name, *role).strong();
        let width = label.width();
        let mut places = Vec::new();
        for share in along {
            let Some(point) = points.get(((points.len().max(1) - 1) as f64 * share) as usize) else {
                continue;
            };
            let (x, y) = plot.at(point[0], point[1]);
            for (dx, dy) in
                [(6.0, 10.0), (8.0, -10.0), (-width - 6.0, 10.0), (-width - 6.0, -10.0), (8.0, 24.0)]
            {
                places.push((x + dx, y + dy));
            }
        }
        let (left, right) = (plot.rect.x, plot.rect.x + plot.rect.width);
        places.retain(|p| {
            p.1 < plot.rect.y + plot.rect.height - 6.0 && p.0 > left && p.0 + width < right + 8.0
        });
        clearest(&label, &mut places, &crowd);
        plot.frame.label(label, &places);
    }
}

/// Places of a label, those that cross the fewest lines first.
pub(crate) fn clearest(label: &Label<'_>, places: &mut [(f64, f64)], crowd: &[(f64, f64)]) {
    places.sort_by_cached_key(|p| {
        let rect = label.rect(p.0, p.1);
        let inside = |c: &&(f64, f64)| {
            c.0 > rect.x - 3.0
                && c.0 < rect.x + rect.width + 3.0
                && c.1 > rect.y - 1.0
                && c.1 < rect.y + rect.height
        };
        crowd.iter().filter(inside).count()
    });
}

/// The pixels that curves run through, every few of them: denser than a name is high.
fn crowd<'a>(plot: &Plot<'_>, curves: impl Iterator<Item = &'a [[f64; 2]]>) -> Vec<(f64, f64)> {
    let mut crowd: Vec<(f64, f64)> = Vec::new();
    for points in curves {
        for pair in points.windows(2) {
            let (from, to) = (plot.at(pair[0][0], pair[0][1]), plot.at(pair[1][0], pair[1][1]));
            let steps = ((to.0 - from.0).abs().max((to.1 - from.1).abs()) / 3.0).clamp(1.0, 400.0) as usize;
            crowd.extend((0..=steps).map(|i| {
                let t = i as f64 / steps as f64;
                (from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1))
            }));
        }
    }
    crowd
}

fn hits(plot: &Plot<'_>, curve: &Curve, text: impl Fn(&[f64; 2]) -> String) -> Vec<Hit> {
    let step = curve.points.len().div_ceil(HITS_MAX).max(1);
    curve
        .points
        .iter()
        .step_by(step)
        .filter(|p| p[0].is_finite() && p[1].is_finite())
        .map(|p| {
            let (x, y) = plot.at(p[0], p[1]);
            Hit { x, y, series: curve.name.clone(), text: text(p) }
        })
        .collect()
}

fn line(plot: &Plot<'_>, points: &[[f64; 2]], pen: Pen) {
    plot.line(&points.iter().map(|p| (p[0], p[1])).collect::<Vec<_>>(), pen);
}

/// Draws ROC curves, each named with its area.
pub fn roc(figure: &RocFigure, look: &Look<'_>) -> Drawing {
    roc_in(figure, look).0
}

pub(crate) fn roc_in(figure: &RocFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let rect = body(&frame);
    let plot = frame.plot(rect, (0.0, 1.0), (0.0, 1.0));
    plot.y_axis(|v| look.percent(v));
    plot.x_axis(|v| look.percent(v));
    plot.line(&[(0.0, 0.0), (1.0, 1.0)], Pen::dashed(Role::Muted, 1.0));
    let mut named = Vec::new();
    let mut all = Vec::new();
    for (i, curve) in figure.curves.iter().enumerate().rev() {
        let role = SERIES[i % SERIES.len()];
        line(&plot, &curve.points, Pen::solid(role, if i == 0 { 2.0 } else { 1.5 }));
        let name = match figure.areas.get(i).filter(|a| a.is_finite()) {
            Some(area) => format!("{} {}", curve.name, look.short(*area, 3)),
            None => curve.name.clone(),
        };
        named.push((name, curve.points.as_slice(), role));
    }
    for curve in &figure.curves {
        all.extend(hits(&plot, curve, |p| {
            look.say("chart-roc-hit", &[("false", &look.percent(p[0])), ("true", &look.percent(p[1]))])
        }));
    }
    named.reverse();
    name_curves(&plot, &named, &[0.35, 0.5, 0.65, 0.2, 0.8]);
    plot.x_title(&look.say("chart-roc-x", &[]));
    plot.y_title(&look.say("chart-roc-y", &[]));
    drop(plot);
    let areas: Vec<String> = figure
        .curves
        .iter()
        .zip(&figure.areas)
        .map(|(c, a)| look.say("chart-roc-area", &[("name", &c.name), ("area", &look.short(*a, 3))]))
        .collect();
    let n = figure.curves.len().to_string();
    let description = match areas.is_empty() {
        true => look.say("chart-roc-count", &[("n", &n)]),
        false => look.say("chart-roc-description", &[("curves", &areas.join(", "))]),
    };
    frame.hits = all;
    close(frame, rect, &description)
}

/// Finishes a frame and, for tests, tells where its labels are.
pub(crate) fn close(frame: Frame, rect: Rect, description: &str) -> (Drawing, Vec<Rect>) {
    #[cfg(test)]
    let boxes = frame.label_boxes();
    #[cfg(not(test))]
    let boxes = Vec::new();
    (frame.finish(rect, description), boxes)
}

/// Draws lift or gain by depth.
pub fn lift(figure: &LiftFigure, look: &Look<'_>) -> Drawing {
    lift_in(figure, look).0
}

pub(crate) fn lift_in(figure: &LiftFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let rect = body(&frame);
    let values = figure.curves.iter().flat_map(|c| c.points.iter().map(|p| p[1])).filter(|v| v.is_finite());
    let top = values.chain(figure.chance).fold(0.0, f64::max) * 1.08;
    let plot = frame.plot(rect, (0.0, 100.0), (0.0, if top > 0.0 { top } else { 1.0 }));
    plot.y_axis(|v| look.short(v, 2));
    plot.x_axis(|v| look.percent(v / 100.0));
    if let Some(chance) = figure.chance {
        plot.line(&[(0.0, chance), (100.0, chance)], Pen::dashed(Role::Muted, 1.0));
    }
    let mut all = Vec::new();
    let mut named = Vec::new();
    for (i, curve) in figure.curves.iter().enumerate() {
        let role = SERIES[i % SERIES.len()];
        line(&plot, &curve.points, Pen::solid(role, 2.0));
        for p in curve.points.iter().filter(|_| curve.points.len() <= 30) {
            plot.dot((p[0], p[1]), 2.5, role);
        }
        named.push((curve.name.clone(), curve.points.as_slice(), role));
        all.extend(hits(&plot, curve, |p| {
            look.say(
                "chart-lift-hit",
                &[("lift", &look.short(p[1], 2)), ("depth", &look.percent(p[0] / 100.0))],
            )
        }));
    }
    name_curves(&plot, &named, &[0.15, 0.4, 0.6, 0.8, 0.0]);
    plot.x_title(&look.say("chart-depth", &[]));
    plot.y_title(&figure.measure);
    drop(plot);
    frame.hits = all;
    let firsts: Vec<String> = figure
        .curves
        .iter()
        .filter_map(|c| {
            c.points.get(1).map(|p| {
                let (lift, depth) = (look.short(p[1], 2), look.percent(p[0] / 100.0));
                look.say("chart-lift-at", &[("name", &c.name), ("lift", &lift), ("depth", &depth)])
            })
        })
        .collect();
    let description =
        look.say("chart-lift-description", &[("measure", &figure.measure), ("curves", &firsts.join(", "))]);
    close(frame, rect, &description)
}

/// Draws the share of events found by depth, between chance and a perfect score.
pub fn gain(figure: &GainFigure, look: &Look<'_>) -> Drawing {
    gain_in(figure, look).0
}

pub(crate) fn gain_in(figure: &GainFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let rect = body(&frame);
    let plot = frame.plot(rect, (0.0, 100.0), (0.0, 1.0));
    plot.y_axis(|v| look.percent(v));
    plot.x_axis(|v| look.percent(v / 100.0));
    plot.line(&[(0.0, 0.0), (100.0, 1.0)], Pen::dashed(Role::Muted, 1.0));
    if let Some(rate) = figure.event_rate.filter(|r| *r > 0.0 && *r < 1.0) {
        plot.line(&[(0.0, 0.0), (100.0 * rate, 1.0), (100.0, 1.0)], Pen::dashed(Role::Muted, 1.0));
    }
    let mut all = Vec::new();
    let mut named = Vec::new();
    for (i, curve) in figure.curves.iter().enumerate() {
        let role = SERIES[i % SERIES.len()];
        line(&plot, &curve.points, Pen::solid(role, if i == 0 { 2.0 } else { 1.5 }));
        named.push((curve.name.clone(), curve.points.as_slice(), role));
        all.extend(hits(&plot, curve, |p| {
            look.say(
                "chart-gain-hit",
                &[("share", &look.percent(p[1])), ("depth", &look.percent(p[0] / 100.0))],
            )
        }));
    }
    name_curves(&plot, &named, &[0.35, 0.5, 0.25, 0.65, 0.15]);
    plot.x_title(&look.say("chart-depth", &[]));
    plot.y_title(&look.say("chart-gain-y", &[]));
    drop(plot);
    frame.hits = all;
    let tenth = |c: &Curve| {
        let near = c.points.iter().min_by(|a, b| (a[0] - 10.0).abs().total_cmp(&(b[0] - 10.0).abs()))?;
        let (share, depth) = (look.percent(near[1]), look.percent(near[0] / 100.0));
        Some(look.say("chart-gain-at", &[("name", &c.name), ("share", &share), ("depth", &depth)]))
    };
    let curves: Vec<String> = figure.curves.iter().filter_map(tenth).collect();
    let description = look.say("chart-gain-description", &[("curves", &curves.join(", "))]);
    close(frame, rect, &description)
}

/// Draws both distribution functions and the widest gap between them.
pub fn ks(figure: &KsFigure, look: &Look<'_>) -> Drawing {
    ks_in(figure, look).0
}

pub(crate) fn ks_in(figure: &KsFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let rect = body(&frame);
    let plot = frame.plot(rect, cutoffs(figure), (0.0, 1.0));
    plot.y_axis(|v| look.percent(v));
    plot.x_axis(|v| look.short(v, 2));
    let events = Curve { name: look.say("chart-events", &[]), points: figure.events.clone() };
    let others = Curve { name: look.say("chart-others", &[]), points: figure.others.clone() };
    line(&plot, &events.points, Pen::solid(Role::Accent, 2.0));
    line(&plot, &others.points, Pen::solid(Role::Second, 2.0));
    let mut description = look.say("chart-ks-plain", &[]);
    if let Some([ks, cutoff]) = figure.widest {
        let near = |points: &[[f64; 2]]| {
            let nearest =
                points.iter().min_by(|a, b| (a[0] - cutoff).abs().total_cmp(&(b[0] - cutoff).abs()));
            nearest.map_or(0.0, |p| p[1])
        };
        let (high, low) = (near(&events.points), near(&others.points));
        plot.line(&[(cutoff, high), (cutoff, low)], Pen::solid(Role::Ink, 1.5));
        let values = [("ks", &*look.short(ks, 3)), ("cutoff", &*look.short(cutoff, 3))];
        let text = look.say("chart-ks-label", &values);
        let label = Label::new(&text, Role::Ink).strong();
        let width = label.width();
        let mut places = Vec::new();
        for share in [0.5, 0.35, 0.65, 0.2, 0.8, 0.0, 1.0] {
            let (x, y) = plot.at(cutoff, low + (high - low) * share);
            places.extend([(x + 6.0, y), (x - 6.0 - width, y)]);
        }
        places.retain(|p| p.0 > plot.rect.x && p.1 < plot.rect.y + plot.rect.height - 6.0);
        clearest(&label, &mut places, &crowd(&plot, [&*events.points, &*others.points].into_iter()));
        plot.frame.label(label, &places);
        description = look.say("chart-ks-description", &values);
    }
    name_curves(
        &plot,
        &[
            (events.name.clone(), &events.points, Role::Accent),
            (others.name.clone(), &others.points, Role::Second),
        ],
        &[0.6, 0.3, 0.8, 0.1],
    );
    plot.x_title(&look.say("chart-cutoff", &[]));
    plot.y_title(&look.say("chart-ks-y", &[]));
    let said = |p: &[f64; 2]| {
        look.say("chart-ks-hit", &[("share", &look.percent(p[1])), ("cutoff", &look.short(p[0], 3))])
    };
    let mut all = hits(&plot, &events, said);
    all.extend(hits(&plot, &others, said));
    drop(plot);
    frame.hits = all;
    close(frame, rect, &description)
}

/// From the lowest to the highest cutoff; of probabilities from 0 to 1.
fn cutoffs(figure: &KsFigure) -> (f64, f64) {
    let all = figure.events.iter().chain(&figure.others).map(|point| point[0]).filter(|v| v.is_finite());
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let is_of_scores = (low < 0.0 || high > 1.0) && (high - low).is_finite() && high > low;
    if is_of_scores { (low, high) } else { (0.0, 1.0) }
}

/// Draws actual numbers against predicted ones.
pub fn predicted(figure: &PredictedFigure, look: &Look<'_>) -> Drawing {
    predicted_in(figure, look).0
}

pub(crate) fn predicted_in(figure: &PredictedFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let rect = body(&frame);
    let is_drawn = |p: &&PredictedPoint| p.predicted.is_finite() && p.actual.is_finite();
    let drawn: Vec<&PredictedPoint> = figure.points.iter().filter(is_drawn).collect();
    let all = drawn.iter().flat_map(|p| [p.predicted, p.actual]);
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let pad = if high > low { (high - low) * 0.06 } else { 0.5 };
    let is_range = low.is_finite() && (high - low).is_finite();
    let range = if is_range { (low - pad, high + pad) } else { (0.0, 1.0) };
    let plot = frame.plot(rect, range, range);
    plot.y_axis(|v| look.short(v, 2));
    plot.x_axis(|v| look.short(v, 2));
    plot.line(&[(range.0, range.0), (range.1, range.1)], Pen::dashed(Role::Muted, 1.0));
    plot.line(
        &drawn.iter().map(|p| (p.predicted, p.actual)).collect::<Vec<_>>(),
        Pen::solid(Role::Accent, 2.0),
    );
    let mut all = Vec::new();
    for point in &drawn {
        plot.dot((point.predicted, point.actual), 3.0, Role::Accent);
        let (x, y) = plot.at(point.predicted, point.actual);
        if x.is_finite() && y.is_finite() {
            let values = [
                ("predicted", &*look.short(point.predicted, 3)),
                ("actual", &*look.short(point.actual, 3)),
                ("n", &*look.short(point.n, 0)),
            ];
            let series = look.say("chart-actual", &[]);
            all.push(Hit { x, y, series, text: look.say("chart-predicted-hit", &values) });
        }
    }
    plot.x_title(&look.say("chart-predicted-number", &[]));
    plot.y_title(&look.say("chart-actual", &[]));
    drop(plot);
    frame.hits = all;
    let widest = drawn.iter().map(|p| (p.actual - p.predicted).abs()).fold(0.0, f64::max);
    let description = look.say(
        "chart-predicted-description",
        &[("n", &figure.points.len().to_string()), ("gap", &look.short(widest, 3))],
    );
    close(frame, rect, &description)
}

/// Draws observed rates against predicted ones.
pub fn calibration(figure: &CalibrationFigure, look: &Look<'_>) -> Drawing {
    calibration_in(figure, look).0
}

pub(crate) fn calibration_in(figure: &CalibrationFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let rect = body(&frame);
    let top = figure
        .points
        .iter()
        .flat_map(|p| [p.predicted, p.observed, wilson(p).map_or(0.0, |w| w[1].min(p.observed * 1.6))])
        .filter(|v| v.is_finite())
        .fold(0.0, f64::max);
    let top = if top > 0.0 { (top * 1.1).min(1.0) } else { 1.0 };
    let plot = frame.plot(rect, (0.0, top), (0.0, top));
    plot.y_axis(|v| look.percent(v));
    plot.x_axis(|v| look.percent(v));
    plot.line(&[(0.0, 0.0), (top, top)], Pen::dashed(Role::Muted, 1.0));
    let points: Vec<(f64, f64)> = figure.points.iter().map(|p| (p.predicted, p.observed)).collect();
    plot.line(&points, Pen::solid(Role::Accent, 2.0));
    let mut all = Vec::new();
    for point in &figure.points {
        if let Some([low, high]) = wilson(point) {
            plot.line(
                &[(point.predicted, low), (point.predicted, high.min(top))],
                Pen::solid(Role::Accent, 1.0),
            );
        }
        plot.dot((point.predicted, point.observed), 3.0, Role::Accent);
        let (x, y) = plot.at(point.predicted, point.observed);
        if x.is_finite() && y.is_finite() {
            let values = [
                ("predicted", &*look.percent(point.predicted)),
                ("observed", &*look.percent(point.observed)),
                ("n", &*look.short(point.n, 0)),
            ];
            let text = look.say("chart-calibration-hit", &values);
            all.push(Hit { x, y, series: look.say("chart-calibration", &[]), text });
        }
    }
    let (x, y) = plot.at(top, top);
    let (left, bottom) = plot.at(0.0, 0.0);
    let perfect = look.say("chart-perfect", &[]);
    let label = Label::new(&perfect, Role::Muted).anchor(Anchor::End);
    // In the corner where no calibrated score comes, with a piece of the line: beside the line itself the curve would run.
    let (end, base) = (x - 4.0 - label.width(), bottom - 10.0);
    let piece = |px: f64| (top * (px - left) / (x - left), top * (bottom - base + 1.0) / (bottom - y));
    plot.line(&[piece(end - 26.0), piece(end - 6.0)], Pen::dashed(Role::Muted, 1.0));
    plot.frame.label(label, &[(x - 4.0, base)]);
    plot.x_title(&look.say("chart-predicted", &[]));
    plot.y_title(&look.say("chart-observed", &[]));
    drop(plot);
    frame.hits = all;
    let widest = figure.points.iter().map(|p| (p.observed - p.predicted).abs()).fold(0.0, f64::max);
    let description = look.say(
        "chart-calibration-description",
        &[("n", &figure.points.len().to_string()), ("gap", &look.percent(widest))],
    );
    close(frame, rect, &description)
}

/// The 95 % interval of an observed rate by Wilson (JASA 22, 1927, 209–212); none without rows.
fn wilson(point: &CalibrationPoint) -> Option<[f64; 2]> {
    const Z: f64 = 1.959_963_984_540_054;
    let CalibrationPoint { observed: p, n, .. } = *point;
    if !(n >= 1.0 && n.is_finite() && (0.0..=1.0).contains(&p)) {
        return None;
    }
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    Some([((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0)])
}
