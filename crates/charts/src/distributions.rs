//! Bars: PSI by variable, and a variable's distribution in baseline and period.

use crate::curves::close;
use crate::metrics::{Weight, fit};
use crate::plot::{Frame, Pen};
use crate::svg::{Anchor, Label, Role};
use crate::{Drawing, Hit, Look, Rect};
use serde::{Deserialize, Serialize};

const PSI_WARN: f64 = 0.1;
const PSI_ALERT: f64 = 0.25;

/// PSI of the variables of a period, with the lines at 0.1 and 0.25.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PsiFigure {
    /// Title.
    pub title: String,
    /// In the order to be drawn; worst first reads best.
    pub bars: Vec<PsiBar>,
}

/// One variable.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PsiBar {
    /// Its name.
    pub name: String,
    /// PSI.
    pub psi: Option<f64>,
    /// PSI without missing values, drawn as a mark.
    pub psi_excluding_missing: Option<f64>,
}

/// A variable's shares by bin.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DistributionFigure {
    /// Title.
    pub title: String,
    /// Name of the baseline.
    pub reference: String,
    /// Name of the period.
    pub current: String,
    /// Bins in order.
    pub bins: Vec<DistributionBin>,
}

/// One bin or level.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DistributionBin {
    /// Its label.
    pub label: String,
    /// Share in the baseline.
    pub reference: f64,
    /// Share in the period.
    pub current: f64,
}

/// Draws PSI bars, one a row; rows that do not fit are counted in the last line.
pub fn psi(figure: &PsiFigure, look: &Look<'_>) -> Drawing {
    psi_in(figure, look).0
}

pub(crate) fn psi_in(figure: &PsiFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let room = frame.headed();
    let rows_max = ((room.height - 26.0) / 15.0).floor().max(1.0) as usize;
    let shown =
        if figure.bars.len() > rows_max { rows_max.saturating_sub(1).max(1) } else { figure.bars.len() };
    let bars = &figure.bars[..shown.min(figure.bars.len())];
    let names: Vec<String> =
        bars.iter().map(|b| fit(&b.name, 11.0, Weight::Regular, room.width * 0.35)).collect();
    let left = names.iter().map(|n| Label::new(n, Role::Ink).width()).fold(24.0, f64::max) + 8.0;
    let rect = Rect {
        x: room.x + left,
        y: room.y + 16.0,
        width: (room.width - left - 48.0).max(4.0),
        height: (room.height - 20.0 - if shown < figure.bars.len() { 14.0 } else { 0.0 }).max(4.0),
    };
    let top = bars.iter().filter_map(|b| b.psi).filter(|v| v.is_finite()).fold(0.3, f64::max);
    let plot = frame.plot(rect, (0.0, top * 1.02), (0.0, bars.len().max(1) as f64));
    let mut all = Vec::new();
    for (line, role) in [(PSI_WARN, Role::Warn), (PSI_ALERT, Role::Bad)] {
        plot.line(&[(line, plot.y.0), (line, plot.y.1)], Pen::dashed(role, 1.0));
        let (x, _) = plot.at(line, 0.0);
        let text = look.short(line, 2);
        plot.frame.label(Label::new(&text, role).anchor(Anchor::Middle), &[(x, rect.y - 7.0)]);
    }
    if bars.iter().any(|b| b.psi_excluding_missing.is_some()) {
        let text = look.say("chart-psi-mark", &[]);
        let label = Label::new(&text, Role::Muted).anchor(Anchor::End);
        plot.frame.label(label, &[(room.x + room.width, rect.y - 7.0)]);
    }
    for (i, (bar, name)) in bars.iter().zip(&names).enumerate() {
        let row = (bars.len() - i) as f64;
        let (_, y) = plot.at(0.0, row - 0.5);
        plot.frame.label(Label::new(name, Role::Ink).anchor(Anchor::End), &[(rect.x - 6.0, y)]);
        let Some(value) = bar.psi.filter(|v| v.is_finite()) else {
            plot.frame
                .label(Label::new(&look.say("chart-undefined", &[]), Role::Muted), &[(rect.x + 4.0, y)]);
            continue;
        };
        let role = if value >= PSI_ALERT {
            (Role::Bad, Role::BadArea)
        } else if value > PSI_WARN {
            (Role::Warn, Role::WarnArea)
        } else {
            (Role::Ink, Role::Accent)
        };
        plot.bar((0.0, row - 0.2), (value, row - 0.8), role.1, 0.85);
        if let Some(mark) = bar.psi_excluding_missing.filter(|v| v.is_finite()) {
            plot.line(&[(mark, row - 0.1), (mark, row - 0.9)], Pen::solid(Role::Ink, 1.5));
        }
        let (x, _) = plot.at(value, 0.0);
        let text = look.short(value, 3);
        plot.frame.label(Label::new(&text, role.0).strong(), &[(x + 5.0, y)]);
        let text = match bar.psi_excluding_missing {
            Some(without) => look.say(
                "chart-psi-both",
                &[("psi", &look.short(value, 4)), ("without", &look.short(without, 4))],
            ),
            None => look.say("chart-psi-hit", &[("psi", &look.short(value, 4))]),
        };
        all.push(Hit { x, y, series: bar.name.clone(), text });
    }
    if shown < figure.bars.len() {
        let text = look.say("chart-more", &[("n", &(figure.bars.len() - shown).to_string())]);
        plot.frame.label(Label::new(&text, Role::Muted), &[(rect.x, rect.y + rect.height + 8.0)]);
    }
    drop(plot);
    frame.hits = all;
    let above = |limit: f64| figure.bars.iter().filter(|b| b.psi.is_some_and(|p| p >= limit)).count();
    let counts = [figure.bars.len(), above(PSI_ALERT), above(PSI_WARN)].map(|n| n.to_string());
    let description =
        look.say("chart-psi-description", &[("n", &counts[0]), ("alert", &counts[1]), ("warn", &counts[2])]);
    close(frame, rect, &description)
}

/// Draws the shares of baseline and period side by side.
pub fn distribution(figure: &DistributionFigure, look: &Look<'_>) -> Drawing {
    distribution_in(figure, look).0
}

pub(crate) fn distribution_in(figure: &DistributionFigure, look: &Look<'_>) -> (Drawing, Vec<Rect>) {
    let mut frame = Frame::new(&figure.title, look);
    let room = frame.headed();
    let rect = Rect {
        x: room.x + 36.0,
        y: room.y + 18.0,
        width: (room.width - 44.0).max(4.0),
        height: (room.height - 38.0).max(4.0),
    };
    let share = |v: f64| if v.is_finite() { v.max(0.0) } else { 0.0 };
    let top = figure.bins.iter().flat_map(|b| [share(b.reference), share(b.current)]).fold(0.0, f64::max);
    let count = figure.bins.len().max(1) as f64;
    let plot = frame.plot(rect, (0.0, count), (0.0, if top > 0.0 { top * 1.08 } else { 1.0 }));
    plot.y_axis(|v| look.percent(v));
    let mut all = Vec::new();
    for (i, bin) in figure.bins.iter().enumerate() {
        let x = i as f64;
        plot.bar((x + 0.12, 0.0), (x + 0.48, share(bin.reference)), Role::Muted, 0.45);
        plot.bar((x + 0.52, 0.0), (x + 0.88, share(bin.current)), Role::Accent, 0.9);
        let (px, py) = plot.at(x + 0.5, share(bin.current).max(share(bin.reference)));
        let text = look.say(
            "chart-distribution-hit",
            &[
                ("reference", &look.percent(bin.reference)),
                ("baseline", &figure.reference),
                ("current", &look.percent(bin.current)),
                ("period", &figure.current),
            ],
        );
        all.push(Hit { x: px, y: py, series: bin.label.clone(), text });
    }
    // The ends first: the last bin may be the one for missing values.
    let last = figure.bins.len().saturating_sub(1);
    for i in (last..figure.bins.len()).chain(0..last) {
        let room = (rect.width / count * 1.6).max(44.0);
        plot.x_label(i as f64 + 0.5, &fit(&figure.bins[i].label, 11.0, Weight::Regular, room));
    }
    plot.line(&[(0.0, 0.0), (count, 0.0)], Pen::solid(Role::Muted, 1.0));
    let y = rect.y - 9.0;
    let reference = fit(&figure.reference, 11.0, Weight::Strong, rect.width * 0.4);
    let current = fit(&figure.current, 11.0, Weight::Strong, rect.width * 0.4);
    let first = Label::new(&reference, Role::Muted).strong();
    plot.frame.label(first, &[(rect.x, y)]);
    plot.frame.label(Label::new(&current, Role::Accent).strong(), &[(rect.x + first.width() + 14.0, y)]);
    drop(plot);
    frame.hits = all;
    let moved = figure
        .bins
        .iter()
        .max_by(|a, b| (a.current - a.reference).abs().total_cmp(&(b.current - b.reference).abs()));
    let description = moved.map_or_else(
        || look.say("chart-distribution-empty", &[]),
        |b| {
            look.say(
                "chart-distribution-description",
                &[
                    ("bin", &b.label),
                    ("reference", &look.percent(b.reference)),
                    ("current", &look.percent(b.current)),
                ],
            )
        },
    );
    close(frame, rect, &description)
}
