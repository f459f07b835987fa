//! What to compute, over which data.

use crate::compute::threads;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What [`compute`](crate::compute) is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Files or folders; each is a period, unless there is a time column. A folder whose files are named
    /// `PREFIX_<sequence>_<label>` is a series; any other folder is one Parquet table.
    pub data: Vec<PathBuf>,
    /// Column of the outcome.
    pub target: Option<String>,
    /// The event's level of a binary target. Without it a target of 0 and 1 has the event 1, and any other numeric
    /// target is a regression.
    pub event: Option<String>,
    /// Column of the score: the event's probability, or the prediction of a regression.
    pub score: Option<String>,
    /// Column of weights; rows of weight 0 do not count for performance.
    pub weight: Option<String>,
    /// The baseline. Without it, the first period.
    pub reference: Option<PathBuf>,
    /// Columns to watch for drift. Without it, all that have no other part to play.
    pub inputs: Option<Vec<String>>,
    /// Columns by which fairness is judged.
    pub groups: Vec<String>,
    /// Cutoff of the confusion matrix and of fairness.
    pub cutoff: f64,
    /// CSV delimiter; without it, the one that splits the header best.
    pub delimiter: Option<u8>,
    /// Split by a time column instead of by files.
    pub time: Option<TimeSplit>,
    /// Alert rules.
    pub rules: Vec<Rule>,
    /// By metric of [`TRENDED`](crate::TRENDED): where it is too bad, which is a crossing in the forecast. Without one, 80 % of the
    /// baseline's Gini, 80 % of the first value of what falls when it worsens and 125 % of what rises, and a PSI of 0.25.
    pub thresholds: BTreeMap<String, f64>,
    /// A period whose share of missing targets is above this is provisional: its labels are not in yet.
    pub unlabelled_share_max: f64,
    /// Whether the area under the ROC and what goes with it must be exact however many scores there are, at the price of reading
    /// them again. Without it they are read again only where the certified error is above 1e-6.
    pub exact: bool,
    /// Largest number of rows whose scores are held with their outcomes; beyond it, they are rounded or read range by range.
    pub rows_in_memory_max: u64,
    /// Largest number of rows a column is held in memory with; beyond it, the column is read again as often as it is looked at.
    /// By default what this machine has room for, which travels nowhere.
    #[serde(skip)]
    pub column_rows_max: u64,
}

/// Rows of columns that are held at the same time, one a thread. Each takes 16 bytes, its own and its baseline's, and what must
/// be sorted of them a little more.
const HELD_ROWS_MAX: u64 = 20_000_000;

impl Default for Options {
    fn default() -> Self {
        Self {
            data: Vec::new(),
            target: None,
            event: None,
            score: None,
            weight: None,
            reference: None,
            inputs: None,
            groups: Vec::new(),
            cutoff: 0.5,
            delimiter: None,
            time: None,
            rules: Rule::standard(),
            thresholds: BTreeMap::new(),
            unlabelled_share_max: 0.05,
            exact: false,
            rows_in_memory_max: 4_000_000,
            column_rows_max: HELD_ROWS_MAX / threads() as u64,
        }
    }
}

/// How rows with a time fall into periods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeSplit {
    /// The column: a date, a timestamp, or a text or number that reads as one.
    pub column: String,
    /// Length of a period.
    pub cadence: Cadence,
}

/// Length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cadence {
    /// A day.
    Day,
    /// An ISO week, from Monday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
}

impl std::str::FromStr for Cadence {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "day" => Ok(Self::Day),
            "week" => Ok(Self::Week),
            "month" => Ok(Self::Month),
            "quarter" => Ok(Self::Quarter),
            _ => Err(format!("`{text}` is no period; choose day, week, month or quarter")),
        }
    }
}

/// How grave a rule's alarm is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "RuleLevel"))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Look at it.
    Warning,
    /// Act on it.
    Alert,
}

/// An alert rule: an expression over a period's numbers, such as `p1>5 or p25>0`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// How grave.
    pub level: Level,
    /// The expression.
    pub when: String,
}

impl Rule {
    /// The rules a monitor starts with: SAS Model Manager's for inputs, and its for decay.
    pub fn standard() -> Vec<Self> {
        let rule = |level, when: &str| Self { level, when: when.to_owned() };
        vec![
            rule(Level::Warning, "p1>2"),
            rule(Level::Alert, "p1>5 or p25>0"),
            rule(Level::Alert, "giniDecay>0.1"),
            rule(Level::Alert, "lift5Decay>0.15 and lift10Decay>0.12"),
        ]
    }

    /// The rules of a monitor whose target is a number: the same for inputs, and the rise of the average squared error.
    pub fn standard_of_numbers() -> Vec<Self> {
        let of_inputs = Self::standard().into_iter().filter(|rule| !rule.when.contains("Decay"));
        of_inputs.chain([Self { level: Level::Alert, when: "aseDecay>0.1".to_owned() }]).collect()
    }
}
