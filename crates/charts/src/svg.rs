//! A plotters backend that writes SVG as it should be: coordinates in hundredths of a pixel, colours as CSS variables
//! with concrete fallbacks, text measured by the font's own metrics and placed by its cap height.

use crate::metrics::{self, CAP_HEIGHT_EM, DESCENT_EM, Weight};
use crate::{Mode, Rect, Size};
use plotters::prelude::{DrawingBackend, RGBColor};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};
use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::Write;

/// Backend units per pixel: what makes integer coordinates sub-pixel.
pub(crate) const SUBPIXELS: f64 = 100.0;
/// Distance labels keep from each other.
const LABEL_GAP: f64 = 5.0;

/// What a colour is for; the theme decides what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Ink,
    Muted,
    Grid,
    Surface,
    Good,
    Warn,
    Bad,
    Accent,
    Second,
    Third,
    Fourth,
    /// Areas of what asks for a look; the text beside them has `Warn`.
    WarnArea,
    /// Areas of what asks for a decision.
    BadArea,
}

const ROLES: [Role; 13] = [
    Role::Ink,
    Role::Muted,
    Role::Grid,
    Role::Surface,
    Role::Good,
    Role::Warn,
    Role::Bad,
    Role::Accent,
    Role::Second,
    Role::Third,
    Role::Fourth,
    Role::WarnArea,
    Role::BadArea,
];

/// Colours of the series of a chart, in order.
pub(crate) const SERIES: [Role; 4] = [Role::Accent, Role::Second, Role::Third, Role::Fourth];

impl Role {
    /// CSS variable, and its colour on paper.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Ink => ("--chart-ink", "#12161d"),
            Self::Muted => ("--chart-muted", "#535d6c"),
            Self::Grid => ("--chart-grid", "#dfe3e9"),
            Self::Surface => ("--chart-surface", "#ffffff"),
            Self::Good => ("--chart-good", "#0c6b45"),
            Self::Warn => ("--chart-warn", "#7d5200"),
            Self::Bad => ("--chart-bad", "#ad1f24"),
            Self::Accent => ("--accent", "#2a47b8"),
            Self::Second => ("--chart-second", "#9c4500"),
            Self::Third => ("--chart-third", "#0b6466"),
            Self::Fourth => ("--chart-fourth", "#7a3b8f"),
            Self::WarnArea => ("--chart-warn-area", "#e5a50a"),
            Self::BadArea => ("--chart-bad-area", "#d7373d"),
        }
    }

    /// The colour as plotters carries it: the role's number, in the blue channel.
    pub(crate) fn color(self) -> RGBColor {
        RGBColor(1, 2, ROLES.iter().position(|r| *r == self).unwrap_or(0) as u8)
    }

    fn of(color: &BackendColor) -> Self {
        ROLES.get(color.rgb.2 as usize).copied().unwrap_or(Self::Ink)
    }

    fn css(self, mode: Mode) -> String {
        let (variable, paper) = self.names();
        match mode {
            Mode::Print => paper.to_owned(),
            Mode::Screen => format!("var({variable},{paper})"),
        }
    }
}

/// Where a label hangs on its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A label still without a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Label<'a> {
    pub(crate) text: &'a str,
    pub(crate) size: f64,
    pub(crate) weight: Weight,
    pub(crate) role: Role,
    pub(crate) anchor: Anchor,
    /// Outlined in the ground's colour, so that it can be read across lines; not on coloured cells.
    pub(crate) halo: bool,
}

impl<'a> Label<'a> {
    pub(crate) fn new(text: &'a str, role: Role) -> Self {
        Self { text, size: 11.0, weight: Weight::Regular, role, anchor: Anchor::Start, halo: true }
    }

    pub(crate) fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(crate) fn plain(self) -> Self {
        Self { halo: false, ..self }
    }

    pub(crate) fn strong(self) -> Self {
        Self { weight: Weight::Strong, ..self }
    }

    pub(crate) fn size(self, size: f64) -> Self {
        Self { size, ..self }
    }

    pub(crate) fn width(&self) -> f64 {
        metrics::width(self.text, self.size, self.weight)
    }

    /// The box of the label whose capitals are centred on `y`.
    pub(crate) fn rect(&self, x: f64, y: f64) -> Rect {
        let width = self.width();
        let left = match self.anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let cap = CAP_HEIGHT_EM * self.size;
        Rect { x: left, y: y - cap / 2.0 - 1.0, width, height: cap + DESCENT_EM * self.size + 1.0 }
    }
}

/// The drawing as it grows.
pub(crate) struct Scene {
    pub(crate) size: Size,
    pub(crate) mode: Mode,
    body: String,
    /// Boxes of the labels that are placed.
    pub(crate) labels: Vec<Rect>,
    dash: Option<&'static str>,
}

impl Scene {
    pub(crate) fn new(size: Size, mode: Mode) -> RefCell<Self> {
        RefCell::new(Self { size, mode, body: String::with_capacity(8192), labels: Vec::new(), dash: None })
    }

    pub(crate) fn dashed(&mut self, dash: Option<&'static str>) {
        self.dash = dash;
    }

    /// Puts the label at the first of the places where it stays in the frame and meets no other; says whether it did.
    pub(crate) fn place(&mut self, label: Label<'_>, places: &[(f64, f64)]) -> bool {
        if label.text.is_empty() {
            return true;
        }
        let found = places.iter().find_map(|&(x, y)| {
            let rect = label.rect(x, y);
            let inside = rect.x >= -1e-9
                && rect.y >= -1e-9
                && rect.x + rect.width <= self.size.width + 1e-9
                && rect.y + rect.height <= self.size.height + 1e-9;
            let free = inside && !self.labels.iter().any(|l| l.overlaps(&rect, LABEL_GAP));
            free.then_some((x, y, rect))
        });
        let Some((x, y, rect)) = found else { return false };
        self.labels.push(rect);
        let anchor = match label.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if label.weight == Weight::Strong { " font-weight=\"600\"" } else { "" };
        let halo = if label.halo { " class=\"halo\"" } else { "" };
        let baseline = y + CAP_HEIGHT_EM * label.size / 2.0;
        let _ = write!(
            self.body,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{anchor}{weight}{halo} fill=\"{}\">{}</text>",
            number(x),
            number(baseline),
            number(label.size),
            label.role.css(self.mode),
            escape(label.text),
        );
        true
    }

    /// The finished document.
    pub(crate) fn finish(&self, title: &str, description: &str) -> String {
        let id = fingerprint(title, description, &self.body);
        let (w, h) = (number(self.size.width), number(self.size.height));
        // A thin outline in the ground's colour keeps labels legible where they cross lines.
        let halo = Role::Surface.css(self.mode);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\" \
             aria-labelledby=\"t{id} d{id}\" font-family=\"'Inter Variable', Inter, system-ui, sans-serif\">\
             <title id=\"t{id}\">{}</title><desc id=\"d{id}\">{}</desc>{}</svg>",
            escape(title),
            escape(description),
            self.body.replace(
                " class=\"halo\"",
                &format!(
                    " stroke=\"{halo}\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""
                )
            ),
        )
    }

    fn stroke(&self, style: &impl BackendStyle) -> String {
        let color = style.color();
        let mut out = format!(
            "fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"",
            Role::of(&color).css(self.mode),
            number(f64::from(style.stroke_width()) / SUBPIXELS)
        );
        if color.alpha < 1.0 {
            let _ = write!(out, " stroke-opacity=\"{}\"", number(color.alpha));
        }
        if let Some(dash) = self.dash {
            let _ = write!(out, " stroke-dasharray=\"{dash}\"");
        }
        out
    }

    fn fill(&self, style: &impl BackendStyle) -> String {
        let color = style.color();
        let mut out = format!("fill=\"{}\"", Role::of(&color).css(self.mode));
        if color.alpha < 1.0 {
            let _ = write!(out, " fill-opacity=\"{}\"", number(color.alpha));
        }
        out
    }
}

/// The scene as plotters sees it.
pub(crate) struct Svg<'a>(pub(crate) &'a RefCell<Scene>);

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

fn pixels(at: BackendCoord) -> (String, String) {
    (number(f64::from(at.0) / SUBPIXELS), number(f64::from(at.1) / SUBPIXELS))
}

fn path(points: impl IntoIterator<Item = BackendCoord>) -> String {
    let mut out = String::new();
    for (i, point) in points.into_iter().enumerate() {
        let (x, y) = pixels(point);
        let _ = write!(out, "{}{x} {y}", if i == 0 { "M" } else { "L" });
    }
    out
}

impl DrawingBackend for Svg<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let size = self.0.borrow().size;
        ((size.width * SUBPIXELS) as u32, (size.height * SUBPIXELS) as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect(point, (point.0 + SUBPIXELS as i32, point.1 + SUBPIXELS as i32), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let mut scene = self.0.borrow_mut();
        let paint = if fill { scene.fill(style) } else { scene.stroke(style) };
        let (x, y) = pixels((from.0.min(to.0), from.1.min(to.1)));
        let (w, h) = pixels(((to.0 - from.0).abs(), (to.1 - from.1).abs()));
        let _ = write!(scene.body, "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" {paint}/>");
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Drawn {
        let mut scene = self.0.borrow_mut();
        let paint = scene.stroke(style);
        let _ = write!(
            scene.body,
            "<path d=\"{}\" {paint} stroke-linejoin=\"round\" stroke-linecap=\"round\"/>",
            path(points)
        );
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let mut scene = self.0.borrow_mut();
        let paint = if fill { scene.fill(style) } else { scene.stroke(style) };
        let (x, y) = pixels(center);
        let r = number(f64::from(radius) / SUBPIXELS);
        let _ = write!(scene.body, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" {paint}/>");
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Drawn {
        let mut scene = self.0.borrow_mut();
        let paint = scene.fill(style);
        let _ = write!(scene.body, "<path d=\"{}Z\" {paint}/>", path(points));
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        let label = Label::new(text, Role::of(&style.color())).size(style.size() / SUBPIXELS);
        let (x, y) = (f64::from(at.0) / SUBPIXELS, f64::from(at.1) / SUBPIXELS);
        self.0.borrow_mut().place(label, &[(x, y)]);
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let width = metrics::width(text, style.size(), Weight::Regular);
        Ok((width.ceil() as u32, (CAP_HEIGHT_EM * style.size()).ceil() as u32))
    }
}

/// At most two decimals, no trailing zeros.
pub(crate) fn number(value: f64) -> String {
    let mut text = format!("{value:.2}");
    while text.ends_with('0') {
        text.pop();
    }
    if text.ends_with('.') {
        text.pop();
    }
    if text == "-0" { "0".to_owned() } else { text }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // What XML 1.0 cannot hold.
            c if c.is_control() => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// FNV-1a: identifiers that differ between drawings on one page and agree between renderings of one drawing.
fn fingerprint(title: &str, description: &str, body: &str) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for byte in title.bytes().chain(description.bytes()).chain(body.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:x}")
}
