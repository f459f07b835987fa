//! A metric over time: with its threshold, its interval, what happened, and what is ahead.

use crate::curves::{clearest, close};
use crate::metrics::{Weight, fit};
use crate::plot::{Frame, Pen};
use crate::svg::{Anchor, Label, Role, SERIES};
use crate::{Drawing, Hit, Look, Rect};
use serde::{Deserialize, Serialize};

/// A metric over periods.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TrendFigure {
    /// Title.
    pub title: String,
    /// The metric's name, written at the end of its line.
    pub metric: String,
    /// In order of time.
    pub points: Vec<TrendPoint>,
    /// A line not to be crossed.
    pub threshold: Option<f64>,
    /// What happened, by the number of its period (from 0).
    pub events: Vec<Moment>,
    /// Forecast periods that follow the points.
    pub ahead: Vec<Ahead>,
    /// The same of others, laid over it.
    #[serde(default)]
    pub others: Vec<TrendOther>,
}

/// Another line over the same periods.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TrendOther {
    /// Its name, written at the end of its line.
    pub name: String,
    /// By period of the points; none where it has no value.
    pub values: Vec<Option<f64>>,
}

/// One period.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// Its label.
    pub label: String,
    /// The metric; none where it is undefined.
    pub value: Option<f64>,
    /// Its interval.
    pub interval: Option<[f64; 2]>,
    /// Labels are still missing: drawn hollow.
    pub provisional: bool,
}

/// Something that happened.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// The period, from 0.
    pub at: usize,
    /// What.
    pub text: String,
}

/// One period ahead.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ahead {
    /// Its label.
    pub label: String,
    /// The forecast.
    pub value: f64,
    /// Its 80 % interval.
    pub low: f64,
    /// See `low`.
    pub high: f64,
}

/// A line as small as a word.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SparklineFigure {
    /// What it shows, for those who cannot see it.
    pub title: String,
    /// The values; gaps are `None`.
    pub values: Vec<Option<f64>>,
    /// A line not to be crossed.
    pub threshold: Option<f64>,
}

/// Draws a trend.
pub fn trend(figure: &TrendFigure, look: &Look<'_>) -> Drawing {
    trend_in(figure, look).0
}

pub(crate) fn trend_in(figure: &TrendFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let room = frame.headed();
    let width = frame.size().width;
    let metric = fit(&figure.metric, 11.0, Weight::Strong, width * 0.25);
    let end = Label::new(&metric, Role::Accent).strong();
    let names: Vec<String> =
        figure.others.iter().map(|other| fit(&other.name, 11.0, Weight::Strong, width * 0.25)).collect();
    let other_ends: Vec<Label<'_>> =
        names.iter().enumerate().map(|(i, name)| Label::new(name, role_of(i)).strong()).collect();
    let end_room = other_ends.iter().map(Label::width).fold(end.width(), f64::max);
    let events_room = if figure.events.is_empty() { 0.0 } else { 16.0 };
    let rect = Rect {
        x: room.x + 36.0,
        y: room.y + 4.0 + events_room,
        width: (room.width - 36.0 - end_room.max(34.0) - 8.0).max(4.0),
        height: (room.height - 24.0 - events_room).max(4.0),
    };
    let finite = |v: &f64| v.is_finite();
    let values = figure
        .points
        .iter()
        .flat_map(|p| p.value.into_iter().chain(p.interval.into_iter().flatten()))
        .chain(figure.ahead.iter().flat_map(|a| [a.low, a.high]))
        .chain(figure.others.iter().flat_map(|other| other.values.iter().copied().flatten()))
        .chain(figure.threshold)
        .filter(finite);
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let pad = if high > low { (high - low) * 0.08 } else { 0.05 };
    let range = if low.is_finite() { (low - pad, high + pad) } else { (0.0, 1.0) };
    let count = figure.points.len() + figure.ahead.len();
    let plot = frame.plot(rect, (-0.25, (count.max(2) - 1) as f64 + 0.25), range);
    plot.y_axis(|v| look.short(v, 3));
    let known: Vec<(f64, f64)> = figure
        .points
        .iter()
        .enumerate()
        .filter_map(|(i, p)| p.value.filter(finite).map(|v| (i as f64, v)))
        .collect();
    band(&figure.points, &plot);
    let last = known.last().copied();
    if let Some(last) = last.filter(|_| !figure.ahead.is_empty()) {
        let ahead: Vec<(f64, &Ahead)> =
            figure.ahead.iter().enumerate().map(|(i, a)| ((figure.points.len() + i) as f64, a)).collect();
        let mut fan: Vec<(f64, f64)> = vec![last];
        fan.extend(ahead.iter().map(|(x, a)| (*x, a.high)));
        fan.extend(ahead.iter().rev().map(|(x, a)| (*x, a.low)));
        plot.area(fan, Role::Accent, 0.14);
        let mut line = vec![last];
        line.extend(ahead.iter().map(|(x, a)| (*x, a.value)));
        plot.line(&line, Pen::dashed(Role::Accent, 1.5));
    }
    if let Some(threshold) = figure.threshold.filter(finite) {
        plot.line(
            &[plot_ends(&plot, threshold).0, plot_ends(&plot, threshold).1],
            Pen::dashed(Role::Bad, 1.25),
        );
    }
    let mut all = Vec::new();
    let mut lasts = Vec::new();
    for (i, other) in figure.others.iter().enumerate() {
        let values = other.values.iter().take(figure.points.len()).enumerate();
        let known: Vec<(f64, f64)> =
            values.filter_map(|(at, v)| v.filter(finite).map(|v| (at as f64, v))).collect();
        plot.line(&known, Pen::solid(role_of(i), 1.5));
        for &(at, value) in &known {
            plot.dot((at, value), 2.5, role_of(i));
            let (x, y) = plot.at(at, value);
            let text = format!("{}: {}", figure.points[at as usize].label, look.short(value, 4));
            all.push(Hit { x, y, series: other.name.clone(), text });
        }
        lasts.push(known.last().copied());
    }
    for moment in &figure.events {
        let x = moment.at as f64;
        plot.line(&[(x, plot.y.0), (x, plot.y.1)], Pen::dashed(Role::Muted, 1.0));
        let (px, _) = plot.at(x, 0.0);
        let text = fit(&moment.text, 10.5, Weight::Regular, (width - px - 4.0).max(px - 4.0));
        let label = Label::new(&text, Role::Muted).size(10.5);
        let y = rect.y - 8.0;
        plot.frame.label(label, &[(px + 3.0, y), (px - 3.0 - label.width(), y), (px + 3.0, y + 14.0)]);
    }
    plot.line(&known, Pen::solid(Role::Accent, 2.0));
    for (i, point) in figure.points.iter().enumerate() {
        let Some(value) = point.value.filter(finite) else { continue };
        let at = (i as f64, value);
        plot.dot(at, 3.5, Role::Accent);
        if point.provisional {
            plot.dot(at, 2.0, Role::Surface);
        }
        let (x, y) = plot.at(at.0, at.1);
        let value_text = look.short(value, 4);
        let mut text = match point.interval.filter(|b| b.iter().all(finite)) {
            Some([low, high]) => look.say(
                "chart-trend-interval",
                &[
                    ("period", &point.label),
                    ("value", &value_text),
                    ("low", &look.short(low, 4)),
                    ("high", &look.short(high, 4)),
                ],
            ),
            None => format!("{}: {value_text}", point.label),
        };
        if point.provisional {
            text = format!("{text} · {}", look.say("chart-provisional", &[]));
        }
        all.push(Hit { x, y, series: figure.metric.clone(), text });
    }
    for (i, ahead) in figure.ahead.iter().enumerate() {
        let (x, y) = plot.at((figure.points.len() + i) as f64, ahead.value);
        let text = look.say(
            "chart-ahead",
            &[
                ("period", &ahead.label),
                ("value", &look.short(ahead.value, 4)),
                ("low", &look.short(ahead.low, 4)),
                ("high", &look.short(ahead.high, 4)),
            ],
        );
        if x.is_finite() && y.is_finite() {
            all.push(Hit { x, y, series: look.say("chart-forecast", &[]), text });
        }
    }
    let mut right = rect.x + rect.width + 4.0;
    // The numbers of both ends stand in place: the rest is read by the pointer.
    let ends = known.first().into_iter().chain(known.last());
    let lines = known.windows(2).flat_map(|pair| {
        (0..=24).map(|i| {
            let t = f64::from(i) / 24.0;
            plot.at(pair[0].0 + t * (pair[1].0 - pair[0].0), pair[0].1 + t * (pair[1].1 - pair[0].1))
        })
    });
    let lines: Vec<(f64, f64)> = lines.collect();
    for end in ends {
        let text = look.short(end.1, 3);
        let label = Label::new(&text, Role::Accent).strong().anchor(Anchor::Middle);
        let (x, y) = plot.at(end.0, end.1);
        let mut places = vec![(x, y - 13.0), (x, y + 13.0), (x + 14.0, y - 13.0), (x + 14.0, y + 13.0)];
        clearest(&label, &mut places, &lines);
        plot.frame.label(label, &places);
    }
    if let Some(last) = last {
        let end_value = figure.ahead.last().map_or(last, |a| (count as f64 - 1.0, a.value));
        let (x, y) = plot.at(end_value.0, end_value.1);
        right = right.max(x + 6.0);
        plot.frame.label(end, &[(right, y), (right, y - 14.0), (right, y + 14.0)]);
    }
    for (label, last) in other_ends.into_iter().zip(lasts) {
        let Some(last) = last else { continue };
        let (_, y) = plot.at(last.0, last.1);
        let places = [0.0, -14.0, 14.0, -28.0, 28.0].map(|off| (rect.x + rect.width + 4.0, y + off));
        plot.frame.label(label, &places);
    }
    if let Some(threshold) = figure.threshold.filter(finite) {
        let text = look.say("chart-threshold", &[("value", &look.short(threshold, 3))]);
        let label = Label::new(&text, Role::Bad);
        let (x, y) = plot.at(plot.x.0, threshold);
        let far = rect.x + rect.width - label.width();
        plot.frame.label(label, &[(x + 4.0, y + 9.0), (x + 4.0, y - 9.0), (far, y + 9.0), (far, y - 9.0)]);
    }
    // Ends first, then what fits between: the newest period is the one people look for.
    let labels: Vec<&str> = figure
        .points
        .iter()
        .map(|p| p.label.as_str())
        .chain(figure.ahead.iter().map(|a| a.label.as_str()))
        .collect();
    let mut order: Vec<usize> = Vec::new();
    if let Some(now) = figure.points.len().checked_sub(1) {
        order.push(now);
    }
    let every = (count as f64 * 52.0 / rect.width).ceil().max(1.0) as usize;
    order.extend((0..count).step_by(every));
    for i in order {
        plot.x_label(i as f64, &fit(labels[i], 11.0, Weight::Regular, (rect.width / 2.0).max(40.0)));
    }
    plot.line(&[(plot.x.0, plot.y.0), (plot.x.1, plot.y.0)], Pen::solid(Role::Muted, 1.0));
    drop(plot);
    frame.hits = all;
    let description = describe(figure, &known, look);
    close(frame, rect, &description)
}

/// The colour of another line.
fn role_of(other: usize) -> Role {
    SERIES[1 + other % (SERIES.len() - 1)]
}

fn plot_ends(plot: &crate::plot::Plot<'_>, y: f64) -> ((f64, f64), (f64, f64)) {
    ((plot.x.0, y), (plot.x.1, y))
}

/// The interval, as a band over each stretch of periods that have one.
fn band(points: &[TrendPoint], plot: &crate::plot::Plot<'_>) {
    let with: Vec<(f64, [f64; 2])> = points
        .iter()
        .enumerate()
        .filter_map(|(i, p)| {
            p.interval.filter(|b| b[0].is_finite() && b[1].is_finite()).map(|b| (i as f64, b))
        })
        .collect();
    for stretch in with.chunk_by(|a, b| b.0 - a.0 <= 1.0) {
        let mut outline: Vec<(f64, f64)> = stretch.iter().map(|(x, b)| (*x, b[1])).collect();
        outline.extend(stretch.iter().rev().map(|(x, b)| (*x, b[0])));
        plot.area(outline, Role::Accent, 0.12);
    }
}

fn describe(figure: &TrendFigure, known: &[(f64, f64)], look: &Look<'_>) -> String {
    let metric = ("metric", figure.metric.as_str());
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return look.say("chart-trend-empty", &[metric]);
    };
    let label = |at: f64| figure.points.get(at as usize).map_or("", |p| p.label.as_str());
    let mut out = look.say(
        "chart-trend-description",
        &[
            metric,
            ("first", &look.short(first.1, 3)),
            ("from", label(first.0)),
            ("last", &look.short(last.1, 3)),
            ("to", label(last.0)),
        ],
    );
    if let Some(threshold) = figure.threshold {
        let side = if last.1 < threshold { "chart-trend-below" } else { "chart-trend-above" };
        out += " ";
        out += &look.say(side, &[("threshold", &look.short(threshold, 3))]);
    }
    if let Some(ahead) = figure.ahead.last() {
        out += " ";
        out += &look
            .say("chart-trend-ahead", &[("value", &look.short(ahead.value, 3)), ("period", &ahead.label)]);
    }
    if !figure.others.is_empty() {
        let names: Vec<&str> = figure.others.iter().map(|other| other.name.as_str()).collect();
        out += " ";
        out += &look.say("chart-trend-others", &[("names", &names.join(", "))]);
    }
    out
}

/// Draws a sparkline: no axes, the last value marked.
pub fn sparkline(figure: &SparklineFigure, look: &Look<'_>) -> Drawing {
    let mut frame = Frame::new(&figure.title, look);
    let size = frame.size();
    let rect = Rect { x: 3.0, y: 3.0, width: size.width - 6.0, height: size.height - 6.0 };
    let known: Vec<(f64, f64)> = figure
        .values
        .iter()
        .enumerate()
        .filter_map(|(i, v)| v.filter(|v| v.is_finite()).map(|v| (i as f64, v)))
        .collect();
    let ys = known.iter().map(|p| p.1).chain(figure.threshold);
    let (low, high) = ys.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let plot = frame.plot(rect, (0.0, (figure.values.len().max(2) - 1) as f64), (low, high));
    if let Some(threshold) = figure.threshold {
        plot.line(&[(plot.x.0, threshold), (plot.x.1, threshold)], Pen::dashed(Role::Bad, 1.0));
    }
    for stretch in known.chunk_by(|a, b| b.0 - a.0 <= 1.0) {
        plot.line(stretch, Pen::solid(Role::Accent, 1.5));
        if let [alone] = stretch {
            plot.dot(*alone, 1.25, Role::Accent);
        }
    }
    if let Some(last) = known.last() {
        plot.dot(*last, 2.5, Role::Accent);
    }
    let all = known
        .iter()
        .map(|p| {
            let (x, y) = plot.at(p.0, p.1);
            Hit { x, y, series: figure.title.clone(), text: look.short(p.1, 4) }
        })
        .collect();
    drop(plot);
    frame.hits = all;
    let description = match (known.first(), known.last()) {
        (Some(first), Some(last)) => look
            .say("chart-sparkline", &[("first", &look.short(first.1, 3)), ("last", &look.short(last.1, 3))]),
        _ => look.say("chart-undefined", &[]),
    };
    frame.finish(rect, &description)
}
