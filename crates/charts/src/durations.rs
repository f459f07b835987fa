//! Processes: how long their phases take against what was agreed, and who has how much to do.

use crate::curves::close;
use crate::metrics::{Weight, fit};
use crate::plot::{Frame, Pen};
use crate::svg::{Anchor, Label, Role};
use crate::{Drawing, Hit, Look, Rect};
use serde::{Deserialize, Serialize};

/// Durations of the phases of a process, with the agreed limit of each.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PhasesFigure {
    /// Title.
    pub title: String,
    /// What durations are counted in, as it is written: `days`, `hours`.
    pub unit: String,
    /// In the order of the process.
    pub phases: Vec<Phase>,
}

/// One phase.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// Half of the cases took at most this long.
    pub median: f64,
    /// Nine of ten took at most this long.
    pub p90: Option<f64>,
    /// The limit agreed.
    pub limit: Option<f64>,
    /// Cases.
    pub n: u64,
    /// Cases beyond the limit.
    pub late: u64,
}

/// Open tasks by member or role.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WorkloadFigure {
    /// Title.
    pub title: String,
    /// Most first reads best.
    pub shares: Vec<Share>,
}

/// What one member has to do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Who.
    pub name: String,
    /// Tasks beyond their due date.
    pub late: u64,
    /// Tasks due soon.
    pub soon: u64,
    /// Other open tasks.
    pub open: u64,
}

/// Rows of bars with their names at the left.
struct Rows {
    rect: Rect,
    names: Vec<String>,
    shown: usize,
}

/// What each row needs, in pixels.
const ROW_PX: f64 = 22.0;

fn rows<'a>(frame: &Frame, names: impl ExactSizeIterator<Item = &'a str>, top: f64, right: f64) -> Rows {
    let room = frame.headed();
    let count = names.len();
    let fits = ((room.height - top - 36.0) / ROW_PX).floor().max(1.0) as usize;
    let shown = if count > fits { fits.saturating_sub(1).max(1) } else { count };
    let names: Vec<String> =
        names.take(shown).map(|n| fit(n, 11.0, Weight::Regular, room.width * 0.35)).collect();
    let left = names.iter().map(|n| Label::new(n, Role::Ink).width()).fold(24.0, f64::max) + 8.0;
    let more = if shown < count { 14.0 } else { 0.0 };
    let rect = Rect {
        x: room.x + left,
        y: room.y + top,
        width: (room.width - left - right).max(4.0),
        height: (room.height - top - 36.0 - more).max(4.0),
    };
    Rows { rect, names, shown }
}

/// Draws a bar to the median of each phase, a line on to the ninth tenth, and a mark at the limit.
pub fn phases(figure: &PhasesFigure, look: &Look<'_>) -> Drawing {
    phases_in(figure, look).0
}

pub(crate) fn phases_in(figure: &PhasesFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let Rows { rect, names, shown } = rows(&frame, figure.phases.iter().map(|p| p.name.as_str()), 16.0, 76.0);
    let finite = |v: &f64| v.is_finite() && *v >= 0.0;
    let length =
        |p: &Phase| [Some(p.median), p.p90, p.limit].into_iter().flatten().filter(finite).fold(0.0, f64::max);
    let top = figure.phases.iter().map(length).fold(0.0, f64::max);
    let plot = frame.plot(rect, (0.0, if top > 0.0 { top * 1.04 } else { 1.0 }), (0.0, shown.max(1) as f64));
    plot.x_grid(|v| look.short(v, 1));
    let mut all = Vec::new();
    for (i, (phase, name)) in figure.phases.iter().zip(&names).enumerate() {
        let row = (shown - i) as f64;
        let (_, y) = plot.at(0.0, row - 0.5);
        plot.frame.label(Label::new(name, Role::Ink).anchor(Anchor::End), &[(rect.x - 6.0, y)]);
        let median = Some(phase.median).filter(finite);
        let over = median.zip(phase.limit).is_some_and(|(m, limit)| m > limit);
        let role = if over { Role::BadArea } else { Role::Accent };
        if let Some(median) = median {
            plot.bar((0.0, row - 0.28), (median, row - 0.72), role, 0.85);
        }
        let p90 = phase.p90.filter(finite);
        if let (Some(from), Some(to)) = (median, p90) {
            plot.line(&[(from, row - 0.5), (to, row - 0.5)], Pen::solid(role, 1.5));
            plot.line(&[(to, row - 0.36), (to, row - 0.64)], Pen::solid(role, 1.5));
        }
        let limit = phase.limit.filter(finite);
        if let Some(limit) = limit {
            plot.line(&[(limit, row - 0.12), (limit, row - 0.88)], Pen::solid(Role::Ink, 1.5));
            // The mark is named once, at its first.
            if i == 0 {
                let (x, _) = plot.at(limit, row);
                let name = look.say("chart-limit", &[]);
                let label = Label::new(&name, Role::Muted);
                plot.frame.label(
                    label.anchor(Anchor::Middle),
                    &[(x, rect.y - 5.0), (x + label.width(), rect.y - 5.0)],
                );
            }
        }
        let text = match median {
            Some(median) => look.short(median, 1),
            None => look.say("chart-undefined", &[]),
        };
        let role = if over { Role::Bad } else { Role::Ink };
        let label = Label::new(&text, role).strong();
        let right = rect.x + rect.width + 6.0;
        plot.frame.label(label, &[(right, y)]);
        if phase.late > 0 {
            let late = look.say("chart-late", &[("late", &phase.late.to_string())]);
            plot.frame.label(Label::new(&late, Role::Bad), &[(right + label.width() + 8.0, y)]);
        }
        let (x, _) = plot.at(p90.or(median).unwrap_or(0.0), 0.0);
        let value = |v: Option<f64>| v.map_or_else(|| "–".to_owned(), |v| look.short(v, 2));
        let (n, late) = (phase.n.to_string(), phase.late.to_string());
        let text = look.say(
            "chart-phase-hit",
            &[
                ("median", &value(median)),
                ("p90", &value(p90)),
                ("limit", &value(limit)),
                ("unit", &figure.unit),
                ("late", &late),
                ("n", &n),
            ],
        );
        all.push(Hit { x: x.min(rect.x + rect.width), y, series: phase.name.clone(), text });
    }
    more(&plot, look, figure.phases.len() - shown);
    plot.x_title(&figure.unit);
    drop(plot);
    frame.hits = all;
    let slow = figure.phases.iter().filter(|p| p.limit.is_some_and(|l| p.median > l)).count();
    let description = look.say(
        "chart-phases-description",
        &[("n", &figure.phases.len().to_string()), ("slow", &slow.to_string())],
    );
    close(frame, rect, &description)
}

/// Says how many rows had no room.
fn more(plot: &crate::plot::Plot<'_>, look: &Look<'_>, hidden: usize) {
    if hidden > 0 {
        let text = look.say("chart-more", &[("n", &hidden.to_string())]);
        let y = plot.rect.y + plot.rect.height;
        plot.frame.label(Label::new(&text, Role::Muted), &[(8.0, y + 28.0), (8.0, y + 14.0)]);
    }
}

/// Draws open tasks as one bar a member: late, due soon, the rest.
pub fn workload(figure: &WorkloadFigure, look: &Look<'_>) -> Drawing {
    workload_in(figure, look).0
}

pub(crate) fn workload_in(figure: &WorkloadFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let Rows { rect, names, shown } = rows(&frame, figure.shares.iter().map(|s| s.name.as_str()), 20.0, 34.0);
    let total = |s: &Share| s.late.saturating_add(s.soon).saturating_add(s.open) as f64;
    let top = figure.shares.iter().map(total).fold(1.0, f64::max);
    let plot = frame.plot(rect, (0.0, top * 1.02), (0.0, shown.max(1) as f64));
    plot.x_grid(|v| if v.fract().abs() < 1e-9 { look.short(v, 0) } else { String::new() });
    let kinds = [
        ("chart-workload-late", Role::Bad, Role::BadArea),
        ("chart-workload-soon", Role::Warn, Role::WarnArea),
        ("chart-workload-open", Role::Accent, Role::Accent),
    ];
    let mut x = rect.x;
    for (key, role, _) in kinds {
        let text = look.say(key, &[]);
        let label = Label::new(&text, role).strong();
        plot.frame.label(label, &[(x, rect.y - 9.0)]);
        x += label.width() + 14.0;
    }
    let mut all = Vec::new();
    for (i, (share, name)) in figure.shares.iter().zip(&names).enumerate() {
        let row = (shown - i) as f64;
        let (_, y) = plot.at(0.0, row - 0.5);
        plot.frame.label(Label::new(name, Role::Ink).anchor(Anchor::End), &[(rect.x - 6.0, y)]);
        let mut from = 0.0;
        for ((_, _, role), count) in kinds.into_iter().zip([share.late, share.soon, share.open]) {
            let to = from + count as f64;
            if count > 0 {
                plot.bar((from, row - 0.2), (to, row - 0.8), role, 0.85);
            }
            from = to;
        }
        let (x, _) = plot.at(from, 0.0);
        let text = look.short(from, 0);
        plot.frame.label(Label::new(&text, Role::Ink).strong(), &[(x + 5.0, y)]);
        let counts = [("late", share.late), ("soon", share.soon), ("open", share.open)]
            .map(|(k, v)| (k, v.to_string()));
        let values: Vec<(&str, &str)> =
            counts.iter().map(|(k, v)| (*k, v.as_str())).chain([("total", text.as_str())]).collect();
        all.push(Hit { x, y, series: share.name.clone(), text: look.say("chart-workload-hit", &values) });
    }
    more(&plot, look, figure.shares.len() - shown);
    drop(plot);
    frame.hits = all;
    let late: u64 = figure.shares.iter().fold(0, |sum, s| sum.saturating_add(s.late));
    let open = figure.shares.iter().map(total).sum::<f64>();
    let description = look.say(
        "chart-workload-description",
        &[
            ("n", &figure.shares.len().to_string()),
            ("open", &look.short(open, 0)),
            ("late", &late.to_string()),
        ],
    );
    close(frame, rect, &description)
}
