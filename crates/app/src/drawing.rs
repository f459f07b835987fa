//! Figures on their way out: a look in the reader's words, and a drawing as every shell takes it.

use charts::{Drawing, Look, Mode, Size};
use words::{Locale, Value, Words, said};

use crate::registry::{Figure, FigureHit, FigureTable};
use crate::{Code, Failure};

/// What a figure is drawn with: its size, its ground, and its reader's words.
pub(crate) struct Ink {
    size: Size,
    mode: Mode,
    words: Words,
}

impl Ink {
    /// The words it writes in.
    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// For a figure of that many CSS pixels, read in that language (English without).
    ///
    /// # Errors
    /// [`Code::Usage`] for a size nothing is drawn at, or a language we do not speak.
    pub(crate) fn new(width: u32, height: u32, language: Option<&str>, mode: Mode) -> Result<Self, Failure> {
        if !(200..=2000).contains(&width) || !(150..=1200).contains(&height) {
            return Err(Failure::said(Code::Usage, said!("figure-size", width = width, height = height)));
        }
        let mut ink = Self::reader(language)?.on(mode);
        ink.resize(f64::from(width), f64::from(height));
        Ok(ink)
    }

    /// For somebody who reads that language (English without), in the window.
    ///
    /// # Errors
    /// [`Code::Usage`] for a language we do not speak.
    pub(crate) fn reader(language: Option<&str>) -> Result<Self, Failure> {
        let locale =
            language.map_or(Ok(Locale::En), str::parse).map_err(|unknown: words::UnknownLocale| {
                Failure::said(Code::Usage, said!("language-unknown", why = unknown.to_string()))
            })?;
        Ok(Self { size: Size { width: 0.0, height: 0.0 }, mode: Mode::Screen, words: Words::new(locale) })
    }

    /// The same words on another ground.
    pub(crate) fn on(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// The size of what is drawn next, in CSS pixels.
    pub(crate) fn resize(&mut self, width: f64, height: f64) {
        self.size = Size { width, height };
    }

    /// The reader's language, as HTML names it.
    pub(crate) fn language(&self) -> &'static str {
        self.words.locale().tag()
    }

    /// Draws with this look.
    pub(crate) fn draw(&self, draw: impl FnOnce(&Look<'_>) -> Drawing) -> Drawing {
        let say = |key: &str, values: &[(&str, &str)]| {
            let values: Vec<(&str, Value)> =
                values.iter().map(|(name, value)| (*name, (*value).into())).collect();
            self.words.get(key, &values)
        };
        draw(&Look { size: self.size, mode: self.mode, say: &say, decimal: self.words.locale().decimal() })
    }

    /// A text of the reader's.
    pub(crate) fn say(&self, key: &str) -> String {
        self.words.get(key, &[])
    }

    /// A number with that many decimals and the reader's decimal mark.
    pub(crate) fn number(&self, value: f64, decimals: usize) -> String {
        format!("{value:.decimals$}").replace('.', &self.words.locale().decimal().to_string())
    }
}

/// A drawing with the numbers behind it.
pub(crate) fn figure(drawing: Drawing, columns: Vec<String>, rows: Vec<Vec<String>>) -> Figure {
    Figure {
        svg: drawing.svg,
        plot: [drawing.plot.x, drawing.plot.y, drawing.plot.width, drawing.plot.height],
        hits: drawing
            .hits
            .into_iter()
            .map(|hit| FigureHit { x: hit.x, y: hit.y, series: hit.series, label: hit.text })
            .collect(),
        table: FigureTable { columns, rows },
    }
}
