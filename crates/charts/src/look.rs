//! How a figure is drawn, and in whose words and numbers.

use crate::{Mode, Size};

/// The words of the reader: a key of `charts.ftl` and the values to be put in, to a text.
pub type Say<'a> = &'a dyn Fn(&str, &[(&str, &str)]) -> String;

/// How a figure is drawn: how large, on what ground, in whose words and with whose decimal mark.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// Width and height.
    pub size: Size,
    /// Window or paper.
    pub mode: Mode,
    /// The reader's words.
    pub say: Say<'a>,
    /// `.` or `,`.
    pub decimal: char,
}

impl Look<'_> {
    pub(crate) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        (self.say)(key, values)
    }

    /// A number as a label: as many digits as it needs, at most `digits` decimals.
    pub(crate) fn short(&self, value: f64, digits: usize) -> String {
        let magnitude = value.abs();
        if !value.is_finite() {
            return "–".to_owned();
        }
        if magnitude >= 1e12 {
            return self.local(format!("{value:.1e}"));
        }
        if magnitude >= 1e6 {
            return format!("{}M", self.short(value / 1e6, 1));
        }
        if magnitude >= 1e4 {
            return format!("{}k", self.short(value / 1e3, 1));
        }
        let mut text = format!("{value:.digits$}");
        if text.contains('.') {
            text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
        }
        self.local(text)
    }

    /// A number with exactly `digits` decimals, so that a column of them can be read down.
    pub(crate) fn fixed(&self, value: f64, digits: usize) -> String {
        if !value.is_finite() || value.abs() >= 1e4 {
            return self.short(value, digits);
        }
        self.local(format!("{value:.digits$}"))
    }

    /// A share as per cent.
    pub(crate) fn percent(&self, share: f64) -> String {
        format!("{} %", self.short(100.0 * share, 1))
    }

    fn local(&self, text: String) -> String {
        let zero = text.starts_with('-') && text.chars().all(|c| matches!(c, '-' | '0' | '.'));
        let text = if zero { text.trim_start_matches('-').to_owned() } else { text };
        text.replace('.', &self.decimal.to_string()).replace('-', "−")
    }
}
