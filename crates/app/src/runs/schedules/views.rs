//! What is asked and answered about schedules.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Lists schedules.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListSchedules {
    /// Language of the words: `en` (default) or `pt-BR`.
    #[ts(optional)]
    pub language: Option<String>,
}

/// A schedule.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ScheduleRow {
    /// Identifier.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Identifier of the version.
    pub version: String,
    /// `model 1.0`.
    pub version_label: String,
    /// Project.
    pub project: String,
    /// Its name.
    pub project_name: String,
    /// `train`, `score` or `retrain`.
    pub kind: String,
    /// Where it runs.
    pub target: String,
    /// Bucket it reads and writes, where one was named.
    pub bucket: Option<String>,
    /// Further arguments for the script.
    pub args: Vec<String>,
    /// Seconds after which a run of it has failed.
    pub deadline_s: Option<u32>,
    /// What a run of it is expected to cost.
    pub estimate: Option<super::super::PriceRow>,
    /// The rule: `every 4 weeks on Monday at 02:00 in Europe/Zurich`.
    pub rule: String,
    /// What the rule means.
    pub words: String,
    /// Its next times.
    pub next: Vec<TimeTold>,
    /// How often it was due so far.
    pub fired: u32,
    /// Its last times, latest first.
    pub firings: Vec<FiringRow>,
    /// Who wants it.
    pub by: String,
    /// Since when (RFC 3339).
    pub at: String,
}

/// A time that a schedule was due.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FiringRow {
    /// When it was due (RFC 3339).
    pub due: String,
    /// When it was seen to (RFC 3339).
    pub at: String,
    /// Earlier times that were missed, and that this one stands for.
    pub missed: u32,
    /// The run that was asked for.
    pub run: Option<String>,
    /// State of that run.
    pub run_state: Option<String>,
    /// Why none was asked for.
    pub problem: Option<String>,
}

/// A moment, as the clocks of its zone show it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TimeTold {
    /// RFC 3339.
    pub at: String,
    /// `Monday, 30 November 2026, 02:00`.
    pub words: String,
}

/// Asks what a rule means.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ExplainRule {
    /// `every 4 weeks on Monday at 02:00 in Europe/Zurich`, or cron: `0 2 * * 1 in Europe/Zurich`.
    pub rule: String,
    /// Language of the words: `en` (default) or `pt-BR`.
    #[serde(default)]
    #[ts(optional)]
    pub language: Option<String>,
}

/// What a rule means.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RuleTold {
    /// The rule, as it is kept.
    pub rule: String,
    /// What it means.
    pub words: String,
    /// What may have been meant otherwise.
    pub surprises: Vec<String>,
    /// The rule that was probably meant, where there is one.
    pub instead: Option<String>,
    /// The next ten times.
    pub next: Vec<TimeTold>,
    /// The same in five fields of cron, where cron can say it.
    pub cron: Option<String>,
    /// Time zone.
    pub zone: String,
}

/// Asks for a run again and again.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AddSchedule {
    /// What people call it, unique in the workspace.
    pub name: String,
    /// Identifier of the version, or `project/model@1.0`; it must be approved.
    pub version: String,
    /// `train`, `score` or `retrain`.
    pub kind: String,
    /// The target; absent for Spark on this machine.
    #[serde(default)]
    #[ts(optional)]
    pub target: Option<String>,
    /// The bucket; absent for the one it was migrated to last.
    #[serde(default)]
    #[ts(optional)]
    pub bucket: Option<String>,
    /// When.
    pub rule: String,
    /// Further arguments for the script.
    #[serde(default)]
    pub args: Vec<String>,
    /// Seconds after which a run of it has failed; absent for what its target says.
    #[serde(default)]
    #[ts(optional)]
    pub deadline_s: Option<u32>,
}

/// Names a schedule.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ScheduleOf {
    /// Its identifier or its name.
    pub schedule: String,
}

/// A schedule as a job of Cloud Scheduler.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ScheduleExport {
    /// The command that makes the job.
    pub command: String,
    /// Its five fields of cron.
    pub cron: String,
}
