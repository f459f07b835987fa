//! Schedules in a terminal.

use app::Failure;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use words::said;

use crate::desk::Desk;
use crate::output::{Answer, cell};

/// Language of the words, for commands that tell times.
#[derive(Args, Debug)]
pub(crate) struct Language {
    /// Language of the words: en or pt-BR; this desk's own where none is named
    #[arg(long = "lang", value_name = "TAG")]
    language: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ScheduleCommand {
    /// What is run again and again, when next, and what became of the last times
    List {
        #[command(flatten)]
        language: Language,
    },
    /// What a rule means, and its next ten times; nothing is recorded
    Explain {
        /// `every 4 weeks on Monday at 02:00 in Europe/Zurich`, or cron: `0 2 * * 1 in Europe/Zurich`
        rule: String,
        #[command(flatten)]
        language: Language,
    },
    /// Train or score with an approved version again and again
    Add {
        /// What people call it
        name: String,
        /// Identifier of the version, or `project/model@1.0`
        #[arg(long)]
        version: String,
        /// train, score or retrain
        #[arg(long)]
        kind: String,
        /// `every 4 weeks on Monday at 02:00 in Europe/Zurich`, or cron: `0 2 * * 1 in Europe/Zurich`
        #[arg(long)]
        rule: String,
        /// The target; Spark on this machine if absent
        #[arg(long)]
        target: Option<String>,
        /// The bucket; the one it was migrated to last if absent
        #[arg(long)]
        bucket: Option<String>,
        /// Stop its runs after so many seconds; what the target says if absent
        #[arg(long, value_name = "SECONDS")]
        deadline: Option<u32>,
        /// Further arguments for the script
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// End a schedule; runs it asked for go on
    Remove {
        /// Its name or identifier
        schedule: String,
    },
    /// The `gcloud` line that makes a Cloud Scheduler job of it
    Export {
        /// Its name or identifier
        schedule: String,
    },
}

impl ScheduleCommand {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::List { language } => {
                let list = desk.call("runs.schedules", json!({ "language": language.language }))?;
                let columns = [
                    ("label-schedule", "name"),
                    ("label-run", "kind"),
                    ("label-version", "version_label"),
                    ("label-target", "target"),
                    ("label-when", "words"),
                    ("label-due-so-far", "fired"),
                    ("label-stopped-after-s", "deadline_s"),
                    ("label-expected-cost", "estimate/amount"),
                ];
                let mut text = desk.reader().table(&list, &columns, "none-schedules");
                for row in list.as_array().into_iter().flatten() {
                    let next = desk.reader().say(&said!("said-schedule-next", schedule = cell(&row["name"])));
                    text.push_str(&desk.reader().section(&next, &times(&row["next"])));
                    let firings = [
                        ("label-due", "due"),
                        ("label-run", "run"),
                        ("label-state", "run_state"),
                        ("label-missed", "missed"),
                        ("label-problem", "problem"),
                    ];
                    text.push_str(&desk.reader().list("title-last-times", &row["firings"], &firings));
                }
                Ok(Answer::new(list, text))
            }
            Self::Explain { rule, language } => {
                let told =
                    desk.call("runs.explain_rule", json!({ "rule": rule, "language": language.language }))?;
                let mut text = format!("{}\n{}\n", cell(&told["rule"]), cell(&told["words"]));
                for surprise in told["surprises"].as_array().into_iter().flatten() {
                    text.push_str(&format!("! {}\n", cell(surprise)));
                }
                if let Some(instead) = told["instead"].as_str() {
                    text.push_str(&format!("  → {instead}\n"));
                }
                text.push_str(&times(&told["next"]));
                Ok(Answer::new(told, text))
            }
            Self::Add { name, version, kind, rule, target, bucket, deadline, args } => {
                let mut request =
                    json!({ "name": name, "version": version, "kind": kind, "rule": rule, "args": args });
                if let Some(seconds) = deadline {
                    request["deadline_s"] = seconds.into();
                }
                for (field, value) in [("target", target), ("bucket", bucket)] {
                    if let Some(value) = value {
                        request[field] = value.into();
                    }
                }
                let recorded = desk.call("runs.add_schedule", request)?;
                let text = desk.reader().say(&said!(
                    "said-schedule-added",
                    schedule = name,
                    position = cell(&recorded["position"])
                ));
                Ok(Answer::new(recorded, text))
            }
            Self::Remove { schedule } => {
                let recorded = desk.call("runs.remove_schedule", json!({ "schedule": schedule }))?;
                let text = desk.reader().recorded("said-schedule-removed", &recorded);
                Ok(Answer::new(recorded, text))
            }
            Self::Export { schedule } => {
                let export = desk.call("runs.export_schedule", json!({ "schedule": schedule }))?;
                let text = cell(&export["command"]);
                Ok(Answer::new(export, text))
            }
        }
    }
}

fn times(list: &Value) -> String {
    list.as_array().into_iter().flatten().map(|time| format!("  {}\n", cell(&time["words"]))).collect()
}
