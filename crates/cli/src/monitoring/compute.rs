//! `monitor compute`: files in, numbers out, without a workspace.

use std::path::PathBuf;

use app::{Code, Failure};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use words::said;

use super::described::described;
use crate::desk::Desk;
use crate::output::Answer;

#[derive(Args, Debug)]
pub(crate) struct Compute {
    /// A CSV or Parquet file or folder (repeat for more); each is a period, unless --time splits them
    #[arg(long, required = true, value_name = "FILE_OR_DIR")]
    data: Vec<PathBuf>,
    /// Column by whose time the rows fall into periods
    #[arg(long, value_name = "COLUMN", requires = "period")]
    time: Option<String>,
    /// Length of a period
    #[arg(long, value_enum, requires = "time")]
    period: Option<Period>,
    /// Column of the outcome
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// Level of the target that is the event
    #[arg(long, value_name = "LEVEL", requires = "target")]
    event: Option<String>,
    /// Column of the score: the event's probability, or the prediction of a regression
    #[arg(long, value_name = "COLUMN")]
    score: Option<String>,
    /// Column of weights
    #[arg(long, value_name = "COLUMN")]
    weight: Option<String>,
    /// The baseline; the first period if absent
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,
    /// Columns to watch for drift; all others if absent
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    inputs: Option<Vec<String>>,
    /// Column by which fairness is judged (repeat for more)
    #[arg(long = "group", value_name = "COLUMN")]
    groups: Vec<String>,
    /// Cutoff of the confusion matrix and of fairness
    #[arg(long, default_value_t = 0.5)]
    cutoff: f64,
    /// Character between the fields of a CSV file; the one that fits best if absent
    #[arg(long, value_name = "CHARACTER")]
    delimiter: Option<String>,
    /// Read very large data once more, so that the area under the ROC is exact and not within a stated error of at most 1e-6
    #[arg(long)]
    exact: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Period {
    Day,
    Week,
    Month,
    Quarter,
}

impl Period {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
        }
    }
}

impl Compute {
    pub(crate) fn run(self, desk: &Desk) -> Result<Answer, Failure> {
        let options = serde_json::from_value(self.options()?).map_err(|error| {
            Failure::said(Code::Usage, said!("options-unreadable", cause = error.to_string()))
        })?;
        let report = app::monitoring::compute_files(&options)?;
        let text = described(desk.reader(), &report);
        Ok(Answer::new(report, text))
    }

    /// As the computation reads them.
    fn options(self) -> Result<Value, Failure> {
        if !(0.0..=1.0).contains(&self.cutoff) {
            return Err(Failure::said(Code::Usage, said!("no-cutoff", text = self.cutoff.to_string())));
        }
        let mut options = json!({
            "data": self.data, "target": self.target, "event": self.event, "score": self.score, "weight": self.weight,
            "reference": self.reference, "inputs": self.inputs, "groups": self.groups, "cutoff": self.cutoff,
            "delimiter": self.delimiter.as_deref().map(delimiter).transpose()?, "exact": self.exact,
        });
        if let (Some(column), Some(period)) = (self.time, self.period) {
            options["time"] = json!({ "column": column, "cadence": period.name() });
        }
        Ok(options)
    }
}

/// One byte, or the word `tab`, which no shell types easily.
fn delimiter(text: &str) -> Result<u8, Failure> {
    match text {
        "tab" | "\\t" => Ok(b'\t'),
        _ => match text.as_bytes() {
            [one] if one.is_ascii() => Ok(*one),
            _ => Err(Failure::said(Code::Usage, said!("no-delimiter", text = text))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_one_character_or_the_word_tab() {
        for (text, wanted) in [(";", b';'), ("tab", b'\t'), ("\\t", b'\t'), ("|", b'|')] {
            assert_eq!(delimiter(text).unwrap(), wanted);
        }
        for bad in ["", ";;", "é"] {
            assert_eq!(delimiter(bad).unwrap_err().code, Code::Usage, "{bad}");
        }
    }
}
