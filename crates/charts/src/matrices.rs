//! Tables one can see: drift of variables by period, and the confusion matrix.

use crate::curves::close;
use crate::metrics::{Weight, fit};
use crate::plot::Frame;
use crate::svg::{Anchor, Label, Role};
use crate::{Drawing, Hit, Look, Rect};
use serde::{Deserialize, Serialize};

/// Drift of variables (rows) by period (columns).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HeatmapFigure {
    /// Title.
    pub title: String,
    /// Periods, in order of time.
    pub periods: Vec<String>,
    /// Variables with their PSI in each period; worst first reads best.
    pub rows: Vec<(String, Vec<Option<f64>>)>,
}

/// A confusion matrix.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ConfusionFigure {
    /// Title.
    pub title: String,
    /// Events called events.
    pub tp: f64,
    /// Others called events.
    pub fp: f64,
    /// Events missed.
    #[serde(rename = "fn")]
    pub fn_: f64,
    /// Others called others.
    pub tn: f64,
}

/// Colour and strength of a PSI.
fn shade(psi: f64) -> (Role, f64) {
    if psi >= 0.25 {
        (Role::BadArea, (0.42 + 0.2 * ((psi - 0.25) / 0.75)).min(0.62))
    } else if psi > 0.1 {
        (Role::WarnArea, 0.24 + 0.28 * (psi - 0.1) / 0.15)
    } else {
        (Role::Accent, 0.05 + 0.18 * (psi.max(0.0) / 0.1))
    }
}

/// Draws the heatmap; the numbers are written into cells that have room for them.
pub fn heatmap(figure: &HeatmapFigure, look: &Look<'_>) -> Drawing {
    heatmap_in(figure, look).0
}

pub(crate) fn heatmap_in(figure: &HeatmapFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let room = frame.headed();
    let rows_max = ((room.height - 24.0) / 14.0).floor().max(1.0) as usize;
    let shown =
        if figure.rows.len() > rows_max { rows_max.saturating_sub(1).max(1) } else { figure.rows.len() };
    let rows = &figure.rows[..shown.min(figure.rows.len())];
    let names: Vec<String> =
        rows.iter().map(|r| fit(&r.0, 11.0, Weight::Regular, room.width * 0.35)).collect();
    let left = names.iter().map(|n| Label::new(n, Role::Ink).width()).fold(24.0, f64::max) + 8.0;
    let more = if shown < figure.rows.len() { 14.0 } else { 0.0 };
    let rect = Rect {
        x: room.x + left,
        y: room.y + 2.0,
        width: (room.width - left).max(4.0),
        height: (room.height - 20.0 - more).max(4.0),
    };
    let (columns, lines) = (figure.periods.len().max(1) as f64, rows.len().max(1) as f64);
    let plot = frame.plot(rect, (0.0, columns), (0.0, lines));
    let cell_width = rect.width / columns;
    let mut all = Vec::new();
    for (r, ((name, values), short_name)) in rows.iter().zip(&names).enumerate() {
        let row = lines - r as f64;
        let (_, y) = plot.at(0.0, row - 0.5);
        plot.frame.label(Label::new(short_name, Role::Ink).anchor(Anchor::End), &[(rect.x - 6.0, y)]);
        for (c, period) in figure.periods.iter().enumerate() {
            let (from, to) = ((c as f64 + 0.02, row - 0.04), (c as f64 + 0.98, row - 0.96));
            let (x, y) = plot.at(c as f64 + 0.5, row - 0.5);
            let text = match values.get(c).copied().flatten().filter(|v| v.is_finite()) {
                None => {
                    plot.bar(from, to, Role::Grid, 0.5);
                    look.say("chart-undefined", &[])
                }
                Some(psi) => {
                    let (role, strength) = shade(psi);
                    plot.bar(from, to, role, strength);
                    let text = look.fixed(psi, 2);
                    let label = Label::new(&text, Role::Ink).anchor(Anchor::Middle).size(10.5).plain();
                    if label.width() + 4.0 <= cell_width {
                        plot.frame.label(label, &[(x, y)]);
                    }
                    look.say("chart-psi-hit", &[("psi", &look.short(psi, 4))])
                }
            };
            all.push(Hit { x, y, series: name.clone(), text: format!("{period}: {text}") });
        }
    }
    // The newest period first, then as many as fit.
    for c in (0..figure.periods.len()).rev() {
        let room = (cell_width * 2.0 - 6.0).max(36.0);
        plot.x_label(c as f64 + 0.5, &fit(&figure.periods[c], 11.0, Weight::Regular, room));
    }
    if shown < figure.rows.len() {
        let text = look.say("chart-more", &[("n", &(figure.rows.len() - shown).to_string())]);
        plot.frame.label(
            Label::new(&text, Role::Muted),
            &[(room.x, rect.y + rect.height + 27.0), (room.x, rect.y + rect.height + 13.0)],
        );
    }
    drop(plot);
    frame.hits = all;
    let last = figure.periods.len().wrapping_sub(1);
    let alarmed =
        figure.rows.iter().filter(|r| r.1.get(last).copied().flatten().is_some_and(|p| p >= 0.25)).count();
    let counts = [figure.rows.len(), figure.periods.len(), alarmed].map(|n| n.to_string());
    let description = look.say(
        "chart-heatmap-description",
        &[("n", &counts[0]), ("periods", &counts[1]), ("alert", &counts[2])],
    );
    close(frame, rect, &description)
}

/// Draws the four cells, shaded by their share.
pub fn confusion(figure: &ConfusionFigure, look: &Look<'_>) -> Drawing {
    confusion_in(figure, look).0
}

pub(crate) fn confusion_in(figure: &ConfusionFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let room = frame.headed();
    let rect = Rect {
        x: room.x + 56.0,
        y: room.y + 18.0,
        width: (room.width - 56.0).max(4.0),
        height: (room.height - 18.0).max(4.0),
    };
    let total = figure.tp + figure.fp + figure.fn_ + figure.tn;
    let share = |v: f64| if total > 0.0 { v / total } else { 0.0 };
    let plot = frame.plot(rect, (0.0, 2.0), (0.0, 2.0));
    let cells = [
        (0.0, 1.0, figure.tp, "chart-tp", Role::Good),
        (1.0, 1.0, figure.fn_, "chart-fn", Role::Bad),
        (0.0, 0.0, figure.fp, "chart-fp", Role::Bad),
        (1.0, 0.0, figure.tn, "chart-tn", Role::Good),
    ];
    let mut all = Vec::new();
    for (x, y, value, name, role) in cells {
        plot.bar(
            (x + 0.01, y + 0.99),
            (x + 0.99, y + 0.01),
            role,
            0.08 + 0.32 * share(value).clamp(0.0, 1.0),
        );
        let (px, py) = plot.at(x + 0.5, y + 0.5);
        let (number, part) = (look.short(value, 1), look.percent(share(value)));
        plot.frame.label(
            Label::new(&number, Role::Ink).plain().strong().size(14.0).anchor(Anchor::Middle),
            &[(px, py - 8.0)],
        );
        plot.frame.label(Label::new(&part, Role::Ink).plain().anchor(Anchor::Middle), &[(px, py + 9.0)]);
        all.push(Hit { x: px, y: py, series: look.say(name, &[]), text: format!("{number} · {part}") });
    }
    for (i, text) in ["chart-called-event", "chart-called-other"].into_iter().enumerate() {
        let text = look.say(text, &[]);
        let (px, _) = plot.at(i as f64 + 0.5, 0.0);
        plot.frame.label(Label::new(&text, Role::Muted).anchor(Anchor::Middle), &[(px, rect.y - 9.0)]);
    }
    for (i, text) in ["chart-others", "chart-events"].into_iter().enumerate() {
        let text = fit(&look.say(text, &[]), 11.0, Weight::Regular, 50.0);
        let (_, py) = plot.at(0.0, i as f64 + 0.5);
        plot.frame.label(Label::new(&text, Role::Muted).anchor(Anchor::End), &[(rect.x - 8.0, py)]);
    }
    drop(plot);
    frame.hits = all;
    let description = look.say(
        "chart-confusion-description",
        &[("n", &look.short(total, 1)), ("share", &look.percent(share(figure.tp + figure.tn)))],
    );
    close(frame, rect, &description)
}
