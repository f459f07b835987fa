//! Curves over the unit square and its relatives: ROC, lift and gain, KS, calibration.

use crate::metrics::{Weight, fit};
use crate::plot::{Frame, Pen, Plot, percent, short};
use crate::svg::{Anchor, Label, Role, SERIES};
use crate::{Drawing, Hit, Mode, Rect, Size};
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

fn body(frame: &Frame) -> Rect {
    let room = frame.headed();
    Rect {
        x: room.x + 36.0,
        y: room.y + 6.0,
        width: (room.width - 44.0).max(4.0),
        height: (room.height - 40.0).max(4.0),
    }
}

/// Names curves directly: at the place, of a few along each, where the name meets no other and no curve; across a
/// curve only where there is none.
fn name_curves(plot: &Plot<'_>, curves: &[(String, &[[f64; 2]], Role)], along: &[f64]) {
    let mut crowd: Vec<(f64, f64)> = Vec::new();
    for (_, points, _) in curves {
        for pair in points.windows(2) {
            let (from, to) = (plot.at(pair[0][0], pair[0][1]), plot.at(pair[1][0], pair[1][1]));
            // Every few pixels: denser than a name is high.
            let steps = ((to.0 - from.0).abs().max((to.1 - from.1).abs()) / 3.0).clamp(1.0, 400.0) as usize;
            crowd.extend((0..=steps).map(|i| {
                let t = i as f64 / steps as f64;
                (from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1))
            }));
        }
    }
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
        let crossed = |p: &(f64, f64)| {
            let rect = label.rect(p.0, p.1);
            let inside = |c: &&(f64, f64)| {
                c.0 > rect.x - 3.0
                    && c.0 < rect.x + rect.width + 3.0
                    && c.1 > rect.y - 1.0
                    && c.1 < rect.y + rect.height
            };
            crowd.iter().filter(inside).count()
        };
        places.sort_by_key(crossed);
        plot.frame.label(label, &places);
    }
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
pub fn roc(figure: &RocFigure, size: Size, mode: Mode) -> Drawing {
    let (drawing, _) = roc_in(figure, Frame::new(&figure.title, size, mode));
    drawing
}

pub(crate) fn roc_in(figure: &RocFigure, mut frame: Frame) -> (Drawing, Vec<Rect>) {
    let rect = body(&frame);
    let plot = frame.plot(rect, (0.0, 1.0), (0.0, 1.0));
    plot.y_axis(percent);
    plot.x_axis(percent);
    plot.line(&[(0.0, 0.0), (1.0, 1.0)], Pen::dashed(Role::Muted, 1.0));
    let mut named = Vec::new();
    let mut all = Vec::new();
    for (i, curve) in figure.curves.iter().enumerate().rev() {
        let role = SERIES[i % SERIES.len()];
        line(&plot, &curve.points, Pen::solid(role, if i == 0 { 2.0 } else { 1.5 }));
        let name = match figure.areas.get(i).filter(|a| a.is_finite()) {
            Some(area) => format!("{} {}", curve.name, short(*area, 3)),
            None => curve.name.clone(),
        };
        named.push((name, curve.points.as_slice(), role));
    }
    for curve in &figure.curves {
        all.extend(hits(&plot, curve, |p| {
            format!("{}: false positives {}, true positives {}", curve.name, percent(p[0]), percent(p[1]))
        }));
    }
    named.reverse();
    name_curves(&plot, &named, &[0.35, 0.5, 0.65, 0.2, 0.8]);
    plot.x_title("false positive rate");
    drop(plot);
    let areas: Vec<String> = figure
        .curves
        .iter()
        .zip(&figure.areas)
        .map(|(c, a)| format!("{} with an area of {}", c.name, short(*a, 3)))
        .collect();
    let description = match areas.is_empty() {
        true => format!("ROC of {} curves.", figure.curves.len()),
        false => format!("ROC: {}.", areas.join(", ")),
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
pub fn lift(figure: &LiftFigure, size: Size, mode: Mode) -> Drawing {
    lift_in(figure, Frame::new(&figure.title, size, mode)).0
}

pub(crate) fn lift_in(figure: &LiftFigure, mut frame: Frame) -> (Drawing, Vec<Rect>) {
    let rect = body(&frame);
    let values = figure.curves.iter().flat_map(|c| c.points.iter().map(|p| p[1])).filter(|v| v.is_finite());
    let top = values.chain(figure.chance).fold(0.0, f64::max) * 1.08;
    let plot = frame.plot(rect, (0.0, 100.0), (0.0, if top > 0.0 { top } else { 1.0 }));
    plot.y_axis(|v| short(v, 2));
    plot.x_axis(|v| percent(v / 100.0));
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
            format!(
                "{}: {} {} at {} depth",
                curve.name,
                figure.measure,
                short(p[1], 2),
                percent(p[0] / 100.0)
            )
        }));
    }
    name_curves(&plot, &named, &[0.15, 0.4, 0.6, 0.8, 0.0]);
    plot.x_title("depth");
    drop(plot);
    frame.hits = all;
    let firsts: Vec<String> = figure
        .curves
        .iter()
        .filter_map(|c| {
            c.points.get(1).map(|p| format!("{} {} at {} %", c.name, short(p[1], 2), short(p[0], 1)))
        })
        .collect();
    let description = format!("{} by depth: {}.", figure.measure, firsts.join(", "));
    close(frame, rect, &description)
}

/// Draws both distribution functions and the widest gap between them.
pub fn ks(figure: &KsFigure, size: Size, mode: Mode) -> Drawing {
    ks_in(figure, Frame::new(&figure.title, size, mode)).0
}

pub(crate) fn ks_in(figure: &KsFigure, mut frame: Frame) -> (Drawing, Vec<Rect>) {
    let rect = body(&frame);
    let plot = frame.plot(rect, (0.0, 1.0), (0.0, 1.0));
    plot.y_axis(percent);
    plot.x_axis(|v| short(v, 2));
    let events = Curve { name: "events".to_owned(), points: figure.events.clone() };
    let others = Curve { name: "others".to_owned(), points: figure.others.clone() };
    line(&plot, &events.points, Pen::solid(Role::Accent, 2.0));
    line(&plot, &others.points, Pen::solid(Role::Second, 2.0));
    let mut description = "Share of events and of others at or above each cutoff.".to_owned();
    if let Some([ks, cutoff]) = figure.widest {
        let near = |points: &[[f64; 2]]| {
            let nearest =
                points.iter().min_by(|a, b| (a[0] - cutoff).abs().total_cmp(&(b[0] - cutoff).abs()));
            nearest.map_or(0.0, |p| p[1])
        };
        let (high, low) = (near(&events.points), near(&others.points));
        plot.line(&[(cutoff, high), (cutoff, low)], Pen::solid(Role::Ink, 1.5));
        let text = format!("KS {} at {}", short(ks, 3), short(cutoff, 3));
        let (x, y) = plot.at(cutoff, (high + low) / 2.0);
        let label = Label::new(&text, Role::Ink).strong();
        let width = label.width();
        plot.frame
            .label(label, &[(x + 6.0, y), (x - 6.0 - width, y), (x + 6.0, y - 16.0), (x + 6.0, y + 16.0)]);
        description = format!(
            "Events and others are furthest apart at a cutoff of {}: KS is {}.",
            short(cutoff, 3),
            short(ks, 3)
        );
    }
    name_curves(
        &plot,
        &[
            (events.name.clone(), &events.points, Role::Accent),
            (others.name.clone(), &others.points, Role::Second),
        ],
        &[0.6, 0.3, 0.8, 0.1],
    );
    plot.x_title("cutoff");
    let mut all =
        hits(&plot, &events, |p| format!("{} of the events score {} or more", percent(p[1]), short(p[0], 3)));
    all.extend(hits(&plot, &others, |p| {
        format!("{} of the others score {} or more", percent(p[1]), short(p[0], 3))
    }));
    drop(plot);
    frame.hits = all;
    close(frame, rect, &description)
}

/// Draws observed rates against predicted ones.
pub fn calibration(figure: &CalibrationFigure, size: Size, mode: Mode) -> Drawing {
    calibration_in(figure, Frame::new(&figure.title, size, mode)).0
}

pub(crate) fn calibration_in(figure: &CalibrationFigure, mut frame: Frame) -> (Drawing, Vec<Rect>) {
    let rect = body(&frame);
    let top = figure
        .points
        .iter()
        .flat_map(|p| [p.predicted, p.observed])
        .filter(|v| v.is_finite())
        .fold(0.0, f64::max);
    let top = if top > 0.0 { (top * 1.1).min(1.0) } else { 1.0 };
    let plot = frame.plot(rect, (0.0, top), (0.0, top));
    plot.y_axis(percent);
    plot.x_axis(percent);
    plot.line(&[(0.0, 0.0), (top, top)], Pen::dashed(Role::Muted, 1.0));
    let points: Vec<(f64, f64)> = figure.points.iter().map(|p| (p.predicted, p.observed)).collect();
    plot.line(&points, Pen::solid(Role::Accent, 2.0));
    let mut all = Vec::new();
    for point in &figure.points {
        plot.dot((point.predicted, point.observed), 3.5, Role::Accent);
        let (x, y) = plot.at(point.predicted, point.observed);
        if x.is_finite() && y.is_finite() {
            let text = format!(
                "predicted {}, observed {} in {} rows",
                percent(point.predicted),
                percent(point.observed),
                short(point.n, 0)
            );
            all.push(Hit { x, y, series: "calibration".to_owned(), text });
        }
    }
    let (x, y) = plot.at(top, top);
    plot.frame.label(
        Label::new("perfect", Role::Muted).anchor(Anchor::End),
        &[(x - 4.0, y + 24.0), (x - 4.0, y + 44.0)],
    );
    plot.x_title("predicted");
    drop(plot);
    frame.hits = all;
    let widest = figure.points.iter().map(|p| (p.observed - p.predicted).abs()).fold(0.0, f64::max);
    let description = format!(
        "Observed against predicted rates in {} bins; the widest gap is {}.",
        figure.points.len(),
        percent(widest)
    );
    close(frame, rect, &description)
}
