//! A figure's data in, SVG out: plotters draws, with a backend of our own.
//!
//! Each figure is plain data; each function draws it with a [`Look`] and answers a [`Drawing`]: the SVG (with title, description
//! and role, so that it can be read out), where its plotting area is, and the points a pointer or an arrow key can stop
//! at. On screen colours are CSS variables with concrete fallbacks, so that one drawing suits light and dark; for print
//! they are concrete. Labels are placed by the font's own widths: they never meet each other or leave the frame.

mod curves;
mod distributions;
mod durations;
mod look;
mod matrices;
mod metrics;
mod plot;
mod png;
mod svg;
mod trends;

#[cfg(test)]
mod tests;

pub use curves::{
    CalibrationFigure, CalibrationPoint, Curve, GainFigure, KsFigure, LiftFigure, PredictedFigure,
    PredictedPoint, RocFigure, calibration, gain, ks, lift, predicted, roc,
};
pub use distributions::{DistributionBin, DistributionFigure, PsiBar, PsiFigure, distribution, psi};
pub use durations::{Phase, PhasesFigure, Share, WorkloadFigure, phases, workload};
pub use look::{Look, Say};
pub use matrices::{ConfusionFigure, HeatmapFigure, confusion, heatmap};
pub use png::{Error, SANS, SANS_STRONG, png};
use serde::{Deserialize, Serialize};
pub use trends::{Ahead, Moment, SparklineFigure, TrendFigure, TrendOther, TrendPoint, sparkline, trend};

/// Width and height in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// Where the drawing will be seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// In the window: colours follow its theme.
    #[default]
    Screen,
    /// On paper or in a file of its own: concrete colours on white.
    Print,
}

/// A rectangle in CSS pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    pub(crate) fn overlaps(&self, other: &Self, gap: f64) -> bool {
        self.x < other.x + other.width + gap
            && other.x < self.x + self.width + gap
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// A point of interest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// Pixels from the left.
    pub x: f64,
    /// Pixels from the top.
    pub y: f64,
    /// Which curve, bar or cell.
    pub series: String,
    /// What a tooltip shows and a screen reader says.
    pub text: String,
}

/// A finished drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    /// The SVG document.
    pub svg: String,
    /// The plotting area.
    pub plot: Rect,
    /// Points in reading order.
    pub hits: Vec<Hit>,
    /// The description, as a sentence.
    pub description: String,
}
