//! A plotting area with its axes: four light grid lines, labels where they are read, nothing else.

use crate::metrics::{Weight, fit};
use crate::svg::{Anchor, Label, Role, SUBPIXELS, Scene, Svg};
use crate::{Drawing, Hit, Look, Mode, Rect, Size};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{
    Circle, Color, DrawingArea, DrawingAreaErrorKind, IntoDrawingArea, PathElement, Polygon, Rectangle,
    ShapeStyle,
};
use std::cell::RefCell;
use std::convert::Infallible;

pub(crate) type Space = Cartesian2d<RangedCoordf64, RangedCoordf64>;

const TITLE_SIZE: f64 = 13.0;
const TICK_SIZE: f64 = 11.0;
const MARGIN: f64 = 8.0;

/// A frame with a title, ready for one plotting area.
pub(crate) struct Frame {
    pub(crate) scene: RefCell<Scene>,
    pub(crate) hits: Vec<Hit>,
    title: String,
}

impl Frame {
    /// An empty frame. Sizes are kept within what can be drawn.
    pub(crate) fn new(title: &str, look: &Look<'_>) -> Self {
        let keep = |v: f64, low: f64| if v.is_finite() { v.clamp(low, 8000.0) } else { low };
        let size = Size { width: keep(look.size.width, 40.0), height: keep(look.size.height, 16.0) };
        Self { scene: Scene::new(size, look.mode), hits: Vec::new(), title: title.to_owned() }
    }

    pub(crate) fn size(&self) -> Size {
        self.scene.borrow().size
    }

    /// Writes the title on paper (in the window the card around the figure has it); answers the room below.
    pub(crate) fn headed(&self) -> Rect {
        let size = self.size();
        let mut top = MARGIN;
        let paper = self.scene.borrow().mode == Mode::Print;
        if paper && !self.title.is_empty() && size.height > 60.0 {
            let text = fit(&self.title, TITLE_SIZE, Weight::Strong, size.width - 2.0 * MARGIN);
            let label = Label::new(&text, Role::Ink).strong().size(TITLE_SIZE);
            self.scene.borrow_mut().place(label, &[(MARGIN, MARGIN + 6.0)]);
            top += 22.0;
        }
        Rect {
            x: MARGIN,
            y: top,
            width: size.width - 2.0 * MARGIN,
            height: (size.height - top - MARGIN).max(4.0),
        }
    }

    pub(crate) fn label(&self, label: Label<'_>, places: &[(f64, f64)]) -> bool {
        self.scene.borrow_mut().place(label, places)
    }

    /// A plotting area over `rect` with data ranges.
    pub(crate) fn plot(&self, rect: Rect, x: (f64, f64), y: (f64, f64)) -> Plot<'_> {
        let widen = |(low, high): (f64, f64)| {
            if !(low.is_finite() && high.is_finite()) {
                (0.0, 1.0)
            } else if high > low {
                (low, high)
            } else {
                (low - 0.5, low + 0.5)
            }
        };
        let (x, y) = (widen(x), widen(y));
        let sub = |v: f64| (v * SUBPIXELS).round() as i32;
        let area = Svg(&self.scene).into_drawing_area();
        let space = Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(
            x.0..x.1,
            y.0..y.1,
            (sub(rect.x)..sub(rect.x + rect.width), sub(rect.y + rect.height)..sub(rect.y)),
        );
        Plot { frame: self, area: area.apply_coord_spec(space), rect, x, y }
    }

    pub(crate) fn finish(self, plot: Rect, description: &str) -> Drawing {
        let svg = self.scene.borrow().finish(&self.title, description);
        Drawing { svg, plot, hits: self.hits, description: description.to_owned() }
    }

    #[cfg(test)]
    pub(crate) fn label_boxes(&self) -> Vec<Rect> {
        self.scene.borrow().labels.clone()
    }
}

/// A plotting area.
pub(crate) struct Plot<'a> {
    pub(crate) frame: &'a Frame,
    area: DrawingArea<Svg<'a>, Space>,
    pub(crate) rect: Rect,
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pen {
    pub(crate) role: Role,
    pub(crate) width: f64,
    pub(crate) dash: Option<&'static str>,
}

impl Pen {
    pub(crate) fn solid(role: Role, width: f64) -> Self {
        Self { role, width, dash: None }
    }

    pub(crate) fn dashed(role: Role, width: f64) -> Self {
        Self { role, width, dash: Some("4 3") }
    }
}

/// Drawing into a string cannot fail.
fn drawn(result: Result<(), DrawingAreaErrorKind<Infallible>>) {
    debug_assert!(result.is_ok());
}

impl Plot<'_> {
    /// Data to pixels.
    pub(crate) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let along = |v: f64, (low, high): (f64, f64)| ((v - low) / (high - low)).clamp(-1e4, 1e4);
        (
            self.rect.x + along(x, self.x) * self.rect.width,
            self.rect.y + (1.0 - along(y, self.y)) * self.rect.height,
        )
    }

    /// Data far outside the ranges, brought so near that coordinates stay small.
    fn tame(&self, point: (f64, f64)) -> (f64, f64) {
        let near = |v: f64, (low, high): (f64, f64)| {
            let span = high - low;
            if v.is_nan() { low } else { v.clamp(low - span, high + span) }
        };
        (near(point.0, self.x), near(point.1, self.y))
    }

    pub(crate) fn line(&self, points: &[(f64, f64)], pen: Pen) {
        let present = points.iter().filter(|p| p.0.is_finite() && p.1.is_finite());
        let points: Vec<_> = present.map(|p| self.tame(*p)).collect();
        if points.len() < 2 {
            return;
        }
        self.frame.scene.borrow_mut().dashed(pen.dash);
        let style = pen.role.color().stroke_width((pen.width * SUBPIXELS) as u32);
        drawn(self.area.draw(&PathElement::new(points, style)));
        self.frame.scene.borrow_mut().dashed(None);
    }

    pub(crate) fn area(&self, points: Vec<(f64, f64)>, role: Role, opacity: f64) {
        if points.len() >= 3 {
            let points: Vec<_> = points.into_iter().map(|p| self.tame(p)).collect();
            drawn(self.area.draw(&Polygon::new(points, role.color().mix(opacity))));
        }
    }

    pub(crate) fn bar(&self, from: (f64, f64), to: (f64, f64), role: Role, opacity: f64) {
        let style: ShapeStyle = role.color().mix(opacity).filled();
        drawn(self.area.draw(&Rectangle::new([self.tame(from), self.tame(to)], style)));
    }

    pub(crate) fn dot(&self, at: (f64, f64), radius: f64, role: Role) {
        if at.0.is_finite() && at.1.is_finite() {
            drawn(self.area.draw(&Circle::new(
                self.tame(at),
                (radius * SUBPIXELS) as i32,
                role.color().filled(),
            )));
        }
    }

    /// What the vertical axis shows, above its labels, in the window's manner of direct labels.
    pub(crate) fn y_title(&self, text: &str) {
        let label = Label::new(text, Role::Muted).size(TICK_SIZE);
        self.frame.label(label, &[(MARGIN, self.rect.y - 14.0)]);
    }

    /// Horizontal grid lines with their labels left of the area.
    pub(crate) fn y_axis(&self, format: impl Fn(f64) -> String) {
        for tick in ticks(self.y, (self.rect.height / 28.0).clamp(1.0, 5.0) as usize) {
            self.line(&[(self.x.0, tick), (self.x.1, tick)], Pen::solid(Role::Grid, 1.0));
            let (_, y) = self.at(self.x.0, tick);
            let text = format(tick);
            let label = Label::new(&text, Role::Muted).anchor(Anchor::End).size(TICK_SIZE);
            self.frame.label(label, &[(self.rect.x - 6.0, y)]);
        }
    }

    /// Vertical grid lines with their labels below the area, for bars that lie; a tick without a label has no line.
    pub(crate) fn x_grid(&self, format: impl Fn(f64) -> String) {
        for tick in ticks(self.x, (self.rect.width / 70.0).clamp(1.0, 6.0) as usize) {
            let text = format(tick);
            if !text.is_empty() {
                let role = if tick == 0.0 { Role::Muted } else { Role::Grid };
                self.line(&[(tick, self.y.0), (tick, self.y.1)], Pen::solid(role, 1.0));
                self.x_label(tick, &text);
            }
        }
    }

    /// Labels below the area at numeric ticks.
    pub(crate) fn x_axis(&self, format: impl Fn(f64) -> String) {
        for tick in ticks(self.x, (self.rect.width / 70.0).clamp(1.0, 5.0) as usize) {
            self.x_label(tick, &format(tick));
        }
        self.line(&[(self.x.0, self.y.0), (self.x.1, self.y.0)], Pen::solid(Role::Muted, 1.0));
    }

    /// One label below the area, kept inside the frame; left out where it would meet another.
    pub(crate) fn x_label(&self, x: f64, text: &str) {
        let (px, _) = self.at(x, self.y.0);
        let y = self.rect.y + self.rect.height + 13.0;
        let label = Label::new(text, Role::Muted).anchor(Anchor::Middle).size(TICK_SIZE);
        let half = label.width() / 2.0;
        let width = self.frame.size().width;
        if 2.0 * half <= width {
            self.frame.label(label, &[(px.clamp(half, width - half), y)]);
        }
    }

    /// What the axis shows, under its labels at the right, or nothing where there is no room.
    pub(crate) fn x_title(&self, text: &str) {
        let label = Label::new(text, Role::Muted).anchor(Anchor::End).size(TICK_SIZE);
        self.frame.label(label, &[(self.rect.x + self.rect.width, self.rect.y + self.rect.height + 28.0)]);
    }
}

/// Round numbers within a range: about `count` steps of 1, 2, 2.5 or 5 times a power of ten.
pub(crate) fn ticks((low, high): (f64, f64), count: usize) -> Vec<f64> {
    let raw = (high - low) / count.max(1) as f64;
    if raw.is_nan() || raw <= 0.0 || !raw.is_finite() {
        return Vec::new();
    }
    let power = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|f| f * power).find(|s| *s >= raw * (1.0 - 1e-9));
    let step = step.unwrap_or(10.0 * power);
    let first = (low / step - 1e-9).ceil();
    (0..=count * 3)
        .map(|i| (first + i as f64) * step)
        .take_while(|t| *t <= high + step * 1e-9)
        .map(|t| if t.abs() < step * 1e-9 { 0.0 } else { t })
        .collect()
}
