//! Facts of the monitoring room: what is watched, what a report said, what fired, and what a person answered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::names::{AlertId, Digest, InstanceId, MemberName, MonitorId, ReportId, VersionId};

/// Where the scored data of a monitor come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DataPlace {
    /// The bucket; without it, `folder` is a folder of the desk that computes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub bucket: Option<String>,
    /// The target through whose endpoint and account the bucket is read; without it, a bucket of this desk, or Google's own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub target: Option<String>,
    /// Folder of the desk, or prefix in the bucket, in which every file or folder that `pattern` fits is a period.
    pub folder: String,
    /// Names that are data: `*` stands for any characters. Series are named `PREFIX_<sequence>_<label>`.
    pub pattern: String,
}

/// How rows with a time fall into periods, where files do not say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimePeriods {
    /// The column.
    pub column: String,
    /// `day`, `week`, `month` or `quarter`.
    pub period: String,
}

/// What a monitor compares with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "file")]
pub enum Baseline {
    /// The first period there is.
    #[default]
    FirstPeriod,
    /// A file beside the data, or a file of the desk.
    File(String),
    /// The training data that the version's configuration names.
    Training,
}

/// How grave an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlertLevel {
    /// Look at it.
    Warning,
    /// Act on it: it waits for a decision.
    Alert,
}

impl AlertLevel {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Alert => "alert",
        }
    }
}

/// A rule over a period's numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlertRule {
    /// How grave it is when it fires.
    pub level: AlertLevel,
    /// The expression: `p1>5 or p25>0`.
    pub when: String,
}

/// What a monitor watches, and how. A change puts another one in its place, under the next number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MonitorTerms {
    /// Where the data come from.
    pub data: DataPlace,
    /// Column of the outcome; without one only drift is watched.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub target: Option<String>,
    /// The outcome's level that is the event.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub event: Option<String>,
    /// Column of the score.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub score: Option<String>,
    /// Column of weights.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub weight: Option<String>,
    /// Columns watched for drift; without a list, every column with no other part to play.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub inputs: Option<Vec<String>>,
    /// Columns by which fairness is judged.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub groups: Vec<String>,
    /// Cutoff of the confusion matrix and of fairness, 0 to 1.
    pub cutoff: f64,
    /// Character between the fields of a CSV file; without it, the one that fits best.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub delimiter: Option<String>,
    /// Periods by a time column instead of by files.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub time: Option<TimePeriods>,
    /// What everything is compared with.
    #[serde(default)]
    pub baseline: Baseline,
    /// How often a report is due, an ISO 8601 duration such as `P1M`; without it, whenever there are new data.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub cadence: Option<String>,
    /// Alert rules.
    pub rules: Vec<AlertRule>,
    /// Values beyond which a metric is too bad, for the forecast of when it will be: `gini` 0.2.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    #[ts(optional, as = "Option<BTreeMap<String, f64>>")]
    pub thresholds: BTreeMap<String, f64>,
    /// Share of missing outcomes above which a period is provisional, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub unlabelled_share_max: Option<f64>,
    /// Target whose job counts the data where they are; without one, the desk reads them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[ts(optional)]
    pub runs_on: Option<String>,
    /// Who answers for it.
    #[ts(type = "string")]
    pub owner: MemberName,
}

/// `monitor.defined`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonitorDefined {
    /// Its identifier.
    pub monitor: MonitorId,
    /// The version it watches.
    pub version: VersionId,
    /// Its name, unique among the monitors of a project.
    pub name: String,
    /// What it watches, and how.
    pub terms: MonitorTerms,
}

/// `monitor.changed`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonitorChanged {
    /// The monitor.
    pub monitor: MonitorId,
    /// Number of these terms: one more than of those before.
    pub number: u32,
    /// What it watches from now on, and how.
    pub terms: MonitorTerms,
}

/// `monitor.retired`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonitorRetired {
    /// The monitor.
    pub monitor: MonitorId,
    /// Why.
    pub reason: String,
}

/// A period as a report saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeriodKept {
    /// Its label.
    pub label: String,
    /// How many rows.
    pub rows: u64,
    /// Whether outcomes were still missing.
    pub provisional: bool,
    /// Its key numbers, by the name rules use: `gini`, `ks`, `p1`, `score_psi`, … What is undefined is absent.
    pub numbers: BTreeMap<String, f64>,
}

/// A file a report was computed from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DataRead {
    /// Its name, as the monitor's folder or bucket has it.
    pub name: String,
    /// Digest of its bytes; of a folder, of the list of its files' digests.
    pub digest: Digest,
}

/// `report.recorded`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportRecorded {
    /// Its identifier.
    pub report: ReportId,
    /// The monitor.
    pub monitor: MonitorId,
    /// Number of the terms it was computed under.
    pub number: u32,
    /// The files of its periods, in order of time, and the baseline's last where it has one of its own.
    pub data: Vec<DataRead>,
    /// The whole report, a blob.
    pub blob: Digest,
    /// Its periods, in order of time.
    pub periods: Vec<PeriodKept>,
    /// What the baseline is called.
    pub baseline: String,
    /// `keep`, `watch`, `investigate`, `retrain` or `unknown`.
    pub recommendation: String,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
    /// The same, as messages' names and values, for readers of other languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons_said: Vec<serde_json::Value>,
    /// The service task that asked for it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<AskedBy>,
    /// Where it was computed, when not at the desk itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<String>,
}

/// A service task of a process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedBy {
    /// The instance.
    pub instance: InstanceId,
    /// Idempotency key of the effect.
    pub effect: String,
}

/// `alert.raised`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertRaised {
    /// Its identifier.
    pub alert: AlertId,
    /// The report in which a rule fired.
    pub report: ReportId,
    /// The period.
    pub period: String,
    /// How grave.
    pub level: AlertLevel,
    /// The rule.
    pub rule: String,
    /// The numbers the rule looked at.
    pub values: BTreeMap<String, f64>,
}

/// `alert.reminded`: nobody had answered for a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertReminded {
    /// The alert.
    pub alert: AlertId,
}

/// `alert.settled`: somebody looked, and says why it needs nothing more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertSettled {
    /// The alert.
    pub alert: AlertId,
    /// Why.
    pub reason: String,
}

/// What is to become of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RetrainAnswer {
    /// Train it again.
    Retrain,
    /// Wait: it is still good enough.
    Wait,
}

impl RetrainAnswer {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Retrain => "retrain",
            Self::Wait => "wait",
        }
    }
}

/// `retrain.decided`: the questionnaire, answered. It settles every open alert of the monitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetrainDecided {
    /// The monitor.
    pub monitor: MonitorId,
    /// The report that was read.
    pub report: ReportId,
    /// The decision.
    pub answer: RetrainAnswer,
    /// Why.
    pub reason: String,
    /// Answers, by question.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub questionnaire: BTreeMap<String, String>,
}
