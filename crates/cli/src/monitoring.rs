//! The monitoring room in a terminal.

mod compute;
mod described;

use std::collections::BTreeMap;
use std::path::PathBuf;

use app::{Code, Failure};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use words::said;

use crate::arguments::Page;
use crate::desk::Desk;
use crate::output::{Answer, Reader, at, cell};
use compute::{Compute, Period};
use described::{described, sparkline};

/// A report as files.
#[derive(Args, Debug)]
pub(crate) struct Files {
    /// Also write it as one page to read and print
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Also write its tables as CSV into a folder
    #[arg(long, value_name = "FOLDER")]
    csv: Option<PathBuf>,
    /// Also write its tables as Parquet into a folder
    #[arg(long, value_name = "FOLDER")]
    parquet: Option<PathBuf>,
    /// Language of the page: `en` or `pt-BR`; that of the desk if absent
    #[arg(long, value_name = "LANGUAGE", requires = "html")]
    language: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Watch a version: where its scored data are, and when to sound the alarm
    Define(Box<Define>),
    /// Change what a monitor watches; what is not said stays
    Change(Box<Change>),
    /// Watch no more
    Retire {
        /// Identifier or name of the monitor
        monitor: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Compute a monitor's report on the data as they are, record it, and show it
    Report {
        /// Identifier or name of the monitor
        monitor: String,
        /// Show the latest report that was recorded; compute nothing
        #[arg(long)]
        latest: bool,
        /// Show this report that was recorded, by its identifier in `monitor reports`; compute nothing
        #[arg(long, value_name = "REPORT", conflicts_with_all = ["latest", "target"])]
        recorded: Option<String>,
        /// Where to compute; on the target of its terms, or at this desk, if absent
        #[arg(long, value_name = "TARGET", conflicts_with = "latest")]
        target: Option<String>,
        #[command(flatten)]
        files: Files,
    },
    /// Reports, latest first
    Reports {
        /// Only of this monitor
        monitor: Option<String>,
        #[command(flatten)]
        page: Page,
    },
    /// Monitors and their health
    List {
        /// Only of this project
        #[arg(long)]
        project: Option<String>,
        /// Only `unknown`, `healthy`, `watch`, `alert`, `retraining` or `retired` ones
        #[arg(long)]
        health: Option<String>,
        #[command(flatten)]
        page: Page,
    },
    /// A monitor: what it watches, its periods, open alerts and decisions
    Show {
        /// Identifier or name of the monitor
        monitor: String,
    },
    /// Models by health, the worst first
    Portfolio,
    /// Alerts, latest first
    Alerts {
        /// Only of this project
        #[arg(long)]
        project: Option<String>,
        /// Only of this monitor
        #[arg(long)]
        monitor: Option<String>,
        /// `open`, `settled` or `all`
        #[arg(long, default_value = "open")]
        state: String,
        #[command(flatten)]
        page: Page,
    },
    /// Monitors whose alerts wait for your decision on retraining
    Decisions,
    /// Settle an alert that needs nothing more
    Settle {
        /// Identifier of the alert, or a unique beginning of it
        alert: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// What rules would have said over the periods of the latest report; records nothing
    DryRun {
        /// Identifier or name of the monitor
        monitor: String,
        /// `warning: p1>2` or `alert: giniDecay>0.1` (repeat for more); the monitor's own if absent
        #[arg(long = "rule", value_name = "LEVEL: EXPRESSION")]
        rules: Vec<String>,
    },
    /// Decide on retraining: the questionnaire, answered
    Decide {
        /// Identifier or name of the monitor
        monitor: String,
        /// The decision
        #[arg(value_enum)]
        answer: Decision,
        /// Why
        #[arg(long)]
        reason: String,
        /// An answer, `performs=no` (repeat for more): performs, data, context, impact
        #[arg(long = "answer", value_name = "QUESTION=ANSWER")]
        answers: Vec<String>,
    },
    /// Performance, drift and decay of scored data; needs no workspace
    Compute(Compute),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Decision {
    /// Train it again
    Retrain,
    /// Wait: it is still good enough
    Wait,
}

#[derive(Args, Debug)]
pub(crate) struct Define {
    /// Identifier of the version, or `project/model@1.0`
    version: String,
    /// Name of the monitor; that of the version if absent
    #[arg(long)]
    name: Option<String>,
    /// Folder of scored data, or `gs://bucket/folder`; each file that fits is a period
    #[arg(long, value_name = "FOLDER")]
    data: String,
    #[command(flatten)]
    terms: Terms,
}

#[derive(Args, Debug)]
pub(crate) struct Change {
    /// Identifier or name of the monitor
    monitor: String,
    /// Folder of scored data, or `gs://bucket/folder`
    #[arg(long, value_name = "FOLDER")]
    data: Option<String>,
    #[command(flatten)]
    terms: Terms,
}

/// What is not said is guessed from the version's variables, or stays.
#[derive(Args, Debug)]
struct Terms {
    /// Names that are data; `*` stands for any characters
    #[arg(long)]
    pattern: Option<String>,
    /// Column of the outcome
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// Level of the target that is the event
    #[arg(long, value_name = "LEVEL")]
    event: Option<String>,
    /// Column of the score
    #[arg(long, value_name = "COLUMN")]
    score: Option<String>,
    /// Column of weights
    #[arg(long, value_name = "COLUMN")]
    weight: Option<String>,
    /// Columns to watch for drift
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    inputs: Option<Vec<String>>,
    /// Column by which fairness is judged (repeat for more)
    #[arg(long = "group", value_name = "COLUMN")]
    groups: Vec<String>,
    /// Cutoff of the confusion matrix and of fairness
    #[arg(long)]
    cutoff: Option<f64>,
    /// Character between the fields of a CSV file, or the word `tab`
    #[arg(long, value_name = "CHARACTER")]
    delimiter: Option<String>,
    /// Column by whose time the rows fall into periods
    #[arg(long, value_name = "COLUMN", requires = "period")]
    time: Option<String>,
    /// Length of a period
    #[arg(long, value_enum, requires = "time")]
    period: Option<Period>,
    /// What to compare with: `first`, `training`, or a file beside the data
    #[arg(long, value_name = "first|training|FILE")]
    baseline: Option<String>,
    /// How often a report is due, an ISO 8601 duration such as `P3M`; whenever there are new data if absent
    #[arg(long, value_name = "DURATION")]
    cadence: Option<String>,
    /// `warning: p1>2` or `alert: giniDecay>0.1` (repeat for more); SAS's rules if absent
    #[arg(long = "rule", value_name = "LEVEL: EXPRESSION")]
    rules: Vec<String>,
    /// A metric's value beyond which it is too bad, for the forecast: `gini=0.2` (repeat for more)
    #[arg(long = "threshold", value_name = "METRIC=VALUE")]
    thresholds: Vec<String>,
    /// Share of outcomes that may be missing; with more a period is provisional, and no rule judges its performance (0.05)
    #[arg(long, value_name = "SHARE")]
    unlabelled: Option<f64>,
    /// Target through whose endpoint and account a `gs://` place is read; this desk's buckets, or Google's own, if absent
    #[arg(long, value_name = "TARGET")]
    through: Option<String>,
    /// Target whose job counts the data where they are; this desk reads them if absent
    #[arg(long, value_name = "TARGET")]
    runs_on: Option<String>,
    /// Who answers for it; whoever defines it if absent
    #[arg(long, value_name = "MEMBER")]
    owner: Option<String>,
}

/// A folder of this desk, or of a bucket, as the terms say it.
fn place(data: &str, pattern: Option<&str>) -> Value {
    let pattern = pattern.unwrap_or("*");
    match data.strip_prefix("gs://") {
        Some(rest) => {
            let (bucket, folder) = rest.split_once('/').unwrap_or((rest, ""));
            json!({ "bucket": bucket, "folder": folder.trim_end_matches('/'), "pattern": pattern })
        }
        None => json!({ "folder": crate::arguments::absolute(&PathBuf::from(data)), "pattern": pattern }),
    }
}

/// Another place of a monitor's data: a bucket is read through the target that the one before was read through.
fn moved(before: &Value, mut to: Value) -> Value {
    let through = &before["target"];
    if to["bucket"].is_string() && through.is_string() {
        to["target"] = through.clone();
    }
    to
}

fn rule(text: &str) -> Result<Value, Failure> {
    match text.split_once(':').map(|(level, when)| (level.trim(), when.trim())) {
        Some((level @ ("warning" | "alert"), when)) if !when.is_empty() => {
            Ok(json!({ "level": level, "when": when }))
        }
        _ => Err(Failure::said(Code::Usage, said!("no-alert-rule", text = text))),
    }
}

fn pairs(texts: &[String], kind: &str) -> Result<BTreeMap<String, String>, Failure> {
    texts
        .iter()
        .map(|text| match text.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                Ok((name.trim().to_owned(), value.trim().to_owned()))
            }
            _ => Err(Failure::said(Code::Usage, said!("no-pair", text = text, kind = kind))),
        })
        .collect()
}

impl Terms {
    /// Puts what was said in the place of what was guessed, or stood.
    fn put_into(self, terms: &mut Value) -> Result<(), Failure> {
        let texts = [
            ("target", self.target),
            ("event", self.event),
            ("score", self.score),
            ("weight", self.weight),
            ("delimiter", self.delimiter),
            ("cadence", self.cadence),
            ("runs_on", self.runs_on),
            ("owner", self.owner),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                terms[name] = if text.is_empty() { Value::Null } else { text.into() };
            }
        }
        if let Some(inputs) = self.inputs {
            terms["inputs"] = inputs.into();
        }
        if !self.groups.is_empty() {
            terms["groups"] = self.groups.into();
        }
        if let Some(cutoff) = self.cutoff {
            terms["cutoff"] = cutoff.into();
        }
        if let Some(share) = self.unlabelled {
            terms["unlabelled_share_max"] = share.into();
        }
        if let (Some(column), Some(period)) = (self.time, self.period) {
            terms["time"] = json!({ "column": column, "period": period.name() });
        }
        match self.baseline.as_deref() {
            None => {}
            Some("first") => terms["baseline"] = json!({ "kind": "first-period" }),
            Some("training") => terms["baseline"] = json!({ "kind": "training" }),
            Some(file) => terms["baseline"] = json!({ "kind": "file", "file": file }),
        }
        if !self.rules.is_empty() {
            terms["rules"] = self.rules.iter().map(|text| rule(text)).collect::<Result<Vec<_>, _>>()?.into();
        }
        for (name, value) in pairs(&self.thresholds, "threshold")? {
            let value: f64 =
                value.parse().map_err(|_| Failure::said(Code::Usage, said!("no-threshold", text = value)))?;
            terms["thresholds"][name] = value.into();
        }
        Ok(())
    }
}

impl Command {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Compute(compute) => compute.run(desk),
            Self::Define(define) => define.run(desk),
            Self::Change(change) => change.run(desk),
            Self::Retire { monitor, reason } => {
                let recorded =
                    desk.call("monitoring.retire", json!({ "monitor": monitor, "reason": reason }))?;
                let text = desk.reader().recorded("said-retired", &recorded);
                Ok(Answer::new(recorded, text))
            }
            Self::Report { monitor, latest, recorded, target, files } => {
                report(desk, &monitor, latest, recorded, target.as_deref(), &files)
            }
            Self::Reports { monitor, page: wanted } => {
                let mut request = json!({ "page": wanted.request() });
                if let Some(monitor) = monitor {
                    request["monitor"] = monitor.into();
                }
                let list = desk.call("monitoring.reports", request)?;
                let columns = [
                    ("label-report", "id"),
                    ("label-monitor", "monitor_name"),
                    ("label-version", "version_label"),
                    ("label-periods", "periods"),
                    ("label-recommends", "recommendation"),
                    ("label-alerts", "alerts"),
                    ("label-by", "recorded_by"),
                    ("label-at", "recorded_at"),
                ];
                let text = desk.reader().page(&list, &columns, "none-reports");
                Ok(Answer::new(list, text))
            }
            Self::List { project, health, page: wanted } => {
                let mut request = json!({ "page": wanted.request() });
                for (field, value) in [("project", project), ("health", health)] {
                    if let Some(value) = value {
                        request[field] = value.into();
                    }
                }
                let list = desk.call("monitoring.list", request)?;
                let text = monitors(desk.reader(), &list);
                Ok(Answer::new(list, text))
            }
            Self::Show { monitor } => {
                let shown = desk.call("monitoring.show", json!({ "monitor": monitor }))?;
                let text = shown_monitor(desk.reader(), &shown);
                Ok(Answer::new(shown, text))
            }
            Self::Portfolio => {
                let portfolio = desk.call("monitoring.portfolio", json!({}))?;
                let text = described_portfolio(desk.reader(), &portfolio);
                Ok(Answer::new(portfolio, text))
            }
            Self::Decisions => {
                let list = desk.call("monitoring.decisions", json!({}))?;
                let columns = [
                    ("label-monitor", "monitor_name"),
                    ("label-version", "version_label"),
                    ("label-level", "level"),
                    ("label-alerts", "alerts"),
                    ("label-period", "period"),
                    ("label-since", "since"),
                ];
                let text = desk.reader().table(&list, &columns, "none-decisions");
                Ok(Answer::new(list, text))
            }
            Self::Alerts { project, monitor, state, page: wanted } => {
                let mut request = json!({ "state": state, "page": wanted.request() });
                for (field, value) in [("project", project), ("monitor", monitor)] {
                    if let Some(value) = value {
                        request[field] = value.into();
                    }
                }
                let list = desk.call("monitoring.alerts", request)?;
                let text = desk.reader().page(&list, &ALERT_COLUMNS, "none-alerts");
                Ok(Answer::new(list, text))
            }
            Self::Settle { alert, reason } => {
                let recorded = desk.call("monitoring.settle", json!({ "alert": alert, "reason": reason }))?;
                let text = desk.reader().recorded("said-settled", &recorded);
                Ok(Answer::new(recorded, text))
            }
            Self::DryRun { monitor, rules } => dry_run(desk, &monitor, &rules),
            Self::Decide { monitor, answer, reason, answers } => {
                let (answer, told) = match answer {
                    Decision::Retrain => ("retrain", "said-decided-retrain"),
                    Decision::Wait => ("wait", "said-decided-wait"),
                };
                let questionnaire = pairs(&answers, "answer")?;
                let recorded = desk.call(
                    "monitoring.decide",
                    json!({ "monitor": monitor, "answer": answer, "reason": reason, "questionnaire": questionnaire }),
                )?;
                let text = desk.reader().recorded(told, &recorded);
                Ok(Answer::new(recorded, text))
            }
        }
    }
}

const ALERT_COLUMNS: [(&str, &str); 8] = [
    ("label-alert", "id"),
    ("label-level", "level"),
    ("label-monitor", "monitor_name"),
    ("label-version", "version_label"),
    ("label-period", "period"),
    ("label-rule", "rule"),
    ("label-raised", "raised_at"),
    ("label-state", "state"),
];

impl Define {
    fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let mut data = place(&self.data, self.terms.pattern.as_deref());
        if let Some(through) = &self.terms.through {
            data["target"] = through.as_str().into();
        }
        let mut request = json!({ "version": self.version, "data": data });
        if let Some(delimiter) = &self.terms.delimiter {
            request["delimiter"] = delimiter.as_str().into();
        }
        let preview = desk.call("monitoring.preview", request)?;
        let mut terms = preview["terms"].clone();
        self.terms.put_into(&mut terms)?;
        let name = match self.name {
            Some(name) => name,
            None => {
                let version = desk.call("registry.show_version", json!({ "version": self.version }))?;
                format!("{} {}", cell(&version["model"]["name"]), cell(&version["number"]))
            }
        };
        let recorded =
            desk.call("monitoring.define", json!({ "version": self.version, "name": name, "terms": terms }))?;
        let mut text = desk.reader().say(&said!(
            "said-monitor-defined",
            monitor = name,
            version = self.version,
            files = preview["files"].as_array().map_or(0, Vec::len),
            position = cell(&recorded["position"])
        ));
        text.push_str(&format!("\n{}", terms_text(desk.reader(), &terms)));
        if preview["missing"].as_array().is_some_and(|missing| !missing.is_empty()) {
            let missing =
                desk.reader().say(&said!("said-inputs-missing", inputs = cell(&preview["missing"])));
            text.push_str(&format!("\n{missing}"));
        }
        Ok(Answer::new(recorded, text))
    }
}

impl Change {
    fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let shown = desk.call("monitoring.show", json!({ "monitor": self.monitor }))?;
        let mut terms = shown["terms"].clone();
        if let Some(data) = &self.data {
            let pattern =
                self.terms.pattern.as_deref().or(terms["data"]["pattern"].as_str()).map(str::to_owned);
            terms["data"] = moved(&terms["data"], place(data, pattern.as_deref()));
        } else if let Some(pattern) = &self.terms.pattern {
            terms["data"]["pattern"] = pattern.as_str().into();
        }
        if let Some(through) = &self.terms.through {
            terms["data"]["target"] = if through.is_empty() { Value::Null } else { through.as_str().into() };
        }
        self.terms.put_into(&mut terms)?;
        let recorded = desk.call("monitoring.change", json!({ "monitor": self.monitor, "terms": terms }))?;
        let text = format!(
            "{}\n{}",
            desk.reader().recorded("said-changed", &recorded),
            terms_text(desk.reader(), &terms)
        );
        Ok(Answer::new(recorded, text))
    }
}

fn report(
    desk: &mut Desk,
    monitor: &str,
    latest: bool,
    recorded: Option<String>,
    target: Option<&str>,
    files: &Files,
) -> Result<Answer, Failure> {
    let mut request = json!({ "monitor": monitor });
    let mut known = false;
    if let Some(recorded) = recorded {
        request = json!({ "report": recorded });
    } else if !latest {
        let mut wanted = json!({ "monitor": monitor });
        if let Some(target) = target {
            wanted["target"] = target.into();
        }
        let row = desk.call("monitoring.compute", wanted)?;
        known = row["known"] == true;
        request = json!({ "report": row["id"] });
    }
    let shown = desk.call("monitoring.report", request)?;
    let row = &shown["row"];
    let mut text = desk.reader().say(&said!(
        "said-report-head",
        monitor = cell(&row["monitor_name"]),
        version = cell(&row["version_label"]),
        periods = cell(&row["periods"]),
        baseline = cell(&row["baseline"]),
        member = cell(&row["recorded_by"]),
        time = cell(&row["recorded_at"])
    ));
    text.push_str("\n\n");
    if known {
        text.push_str(&format!("{}\n\n", desk.reader().word("said-no-new-data")));
    }
    text.push_str(&described(desk.reader(), &shown["report"]));
    let written = files.write(desk, &row["id"])?;
    text.push_str(&desk.reader().section("title-written", &written.join("\n")));
    Ok(Answer::new(shown, text))
}

impl Files {
    /// Writes what was asked for; answers the names of the files.
    fn write(&self, desk: &mut Desk, report: &Value) -> Result<Vec<String>, Failure> {
        let mut written = Vec::new();
        let wanted = [("html", &self.html), ("csv", &self.csv), ("parquet", &self.parquet)];
        for (format, to) in wanted.into_iter().filter_map(|(format, to)| Some((format, to.as_ref()?))) {
            let mut request = json!({ "report": report, "format": format, "to": to });
            request["language"] = self.language.as_deref().unwrap_or(desk.reader().language()).into();
            let answer = desk.call("monitoring.export", request)?;
            written.extend(answer["files"].as_array().into_iter().flatten().map(cell));
        }
        Ok(written)
    }
}

fn dry_run(desk: &mut Desk, monitor: &str, rules: &[String]) -> Result<Answer, Failure> {
    let rules: Value = if rules.is_empty() {
        desk.call("monitoring.show", json!({ "monitor": monitor }))?["terms"]["rules"].clone()
    } else {
        rules.iter().map(|text| rule(text)).collect::<Result<Vec<_>, _>>()?.into()
    };
    let answer = desk.call("monitoring.dry_run", json!({ "monitor": monitor, "rules": rules }))?;
    let periods = answer["periods"].as_array().map_or(0, Vec::len);
    let columns = [("label-period", "period"), ("label-level", "level"), ("label-rule", "rule")];
    let none = desk.reader().say(&said!("said-nothing-fired", count = periods));
    let mut text = desk.reader().table(&answer["fired"], &columns, &none);
    let unjudged: Vec<String> = answer["unjudged"].as_array().into_iter().flatten().map(cell).collect();
    text.push_str(&desk.reader().section("title-not-judged", &unjudged.join("\n")));
    Ok(Answer::new(answer, text))
}

fn course(row: &Value) -> String {
    let values: Vec<Option<f64>> =
        row["course"].as_array().into_iter().flatten().map(Value::as_f64).collect();
    sparkline(&values)
}

/// The number that stands for a monitor's model, and of which period it is where that is not the latest.
fn headline(reader: Reader, row: &Value) -> Value {
    let Some(metric) = row["metric"].as_str() else { return Value::Null };
    let Some(value) = row["numbers"][metric].as_f64() else { return Value::Null };
    let told = format!("{} {}", reader.word(&format!("metric-{metric}")), reader.number(value, 4));
    if row["provisional"] == true {
        return reader.say(&said!("value-provisional", period = told)).into();
    }
    match row["judged"] == row["period"] {
        true => told.into(),
        false => format!("{told} ({})", cell(&row["judged"])).into(),
    }
}

/// When the next report is due, or that it is overdue.
fn due(reader: Reader, row: &Value) -> Value {
    match row["overdue"] == true {
        true => reader.word("value-overdue").into(),
        false => row["due_at"].clone(),
    }
}

fn monitors(reader: Reader, list: &Value) -> String {
    let mut list = list.clone();
    for row in list["rows"].as_array_mut().into_iter().flatten() {
        row["line"] = course(row).into();
        row["value"] = headline(reader, row);
        let lost = at(row, "numbers/giniDecay").as_f64().or(at(row, "numbers/aseDecay").as_f64());
        if let Some(lost) = lost {
            row["lost"] = format!("{} %", reader.number(100.0 * lost, 1)).into();
        }
        row["due"] = due(reader, row);
    }
    let columns = [
        ("label-monitor", "name"),
        ("label-project", "project_name"),
        ("label-version", "version_label"),
        ("label-health", "health"),
        ("label-period", "period"),
        ("label-metric", "value"),
        ("label-lost", "lost"),
        ("label-course", "line"),
        ("label-alerts", "open_alerts"),
        ("label-owner", "owner"),
        ("label-due", "due"),
    ];
    reader.page(&list, &columns, "none-monitors")
}

fn described_portfolio(reader: Reader, portfolio: &Value) -> String {
    let mut rows = portfolio["rows"].clone();
    for row in rows.as_array_mut().into_iter().flatten() {
        row["line"] = course(&row["monitor"]).into();
        row["value"] = headline(reader, &row["monitor"]);
        row["due"] = due(reader, &row["monitor"]);
    }
    let columns = [
        ("label-health", "health"),
        ("label-project", "project_name"),
        ("label-version", "version_label"),
        ("label-role", "role"),
        ("label-metric", "value"),
        ("label-course", "line"),
        ("label-alerts", "monitor/open_alerts"),
        ("label-recommended", "monitor/recommendation"),
        ("label-owner", "monitor/owner"),
        ("label-due", "due"),
    ];
    reader.table(&rows, &columns, "none-watched")
}

fn terms_text(reader: Reader, terms: &Value) -> String {
    let rules: Vec<String> = terms["rules"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|rule| format!("{}: {}", cell(&rule["level"]), cell(&rule["when"])))
        .collect();
    let lines = [
        ("label-folder", "data/folder"),
        ("label-bucket", "data/bucket"),
        ("label-read-through", "data/target"),
        ("label-pattern", "data/pattern"),
        ("label-target-variable", "target"),
        ("label-event", "event"),
        ("label-score", "score"),
        ("label-weight", "weight"),
        ("label-inputs", "inputs"),
        ("label-group", "groups"),
        ("label-cutoff", "cutoff"),
        ("label-delimiter", "delimiter"),
        ("label-time-column", "time/column"),
        ("label-period-length", "time/period"),
        ("label-thresholds", "thresholds"),
        ("label-unlabelled", "unlabelled_share_max"),
        ("label-baseline", "baseline/kind"),
        ("label-baseline-file", "baseline/file"),
        ("label-cadence", "cadence"),
        ("label-runs-on", "runs_on"),
        ("label-owner", "owner"),
    ];
    reader.facts(terms, &lines) + &reader.section("title-rules", &rules.join("\n"))
}

fn shown_monitor(reader: Reader, page: &Value) -> String {
    let mut monitor = page["monitor"].clone();
    monitor["due"] = due(reader, &monitor);
    monitor["value"] = headline(reader, &monitor);
    let mut text = reader.facts(
        &monitor,
        &[
            ("label-monitor", "name"),
            ("label-id", "id"),
            ("label-project", "project_name"),
            ("label-version", "version_label"),
            ("label-role", "role"),
            ("label-health", "health"),
            ("label-recommended", "recommendation"),
            ("label-decided", "decided"),
            ("label-terms", "number"),
            ("label-reports", "reports"),
            ("label-metric", "value"),
            ("label-due", "due"),
        ],
    );
    let line = course(&page["monitor"]);
    if !line.is_empty() {
        text.push_str(&format!("\n{}  {line}", reader.word("title-course")));
    }
    text.push_str(&reader.section("title-watches", &terms_text(reader, &page["terms"])));
    let reasons: Vec<String> = page["reasons"].as_array().into_iter().flatten().map(cell).collect();
    text.push_str(&reader.section("title-reasons", &reasons.join("\n")));
    if page["alerts"].as_array().is_some_and(|alerts| !alerts.is_empty()) {
        text.push_str(&reader.list("title-open-alerts", &page["alerts"], &ALERT_COLUMNS));
    }
    if page["decisions"].as_array().is_some_and(|decisions| !decisions.is_empty()) {
        let columns = [
            ("label-decided", "answer"),
            ("label-by", "by"),
            ("label-at", "at"),
            ("label-because", "reason"),
            ("label-retrained", "retrained_number"),
        ];
        text.push_str(&reader.list("title-decisions", &page["decisions"], &columns));
    }
    if let Some(why) = page["obstacle"].as_str() {
        text.push_str(&reader.section("title-obstacle", why));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_lie_in_a_bucket_or_at_this_desk() {
        assert_eq!(
            place("gs://churn/scored/", Some("P_*")),
            json!({ "bucket": "churn", "folder": "scored", "pattern": "P_*" })
        );
        assert_eq!(place("/data", None), json!({ "folder": "/data", "pattern": "*" }));
    }

    #[test]
    fn a_bucket_is_read_through_the_target_that_it_was_read_through() {
        let before = json!({ "bucket": "churn", "folder": "scored", "pattern": "P_*", "target": "cluster" });
        let to = moved(&before, place("gs://churn/later", Some("P_*")));
        assert_eq!(
            to,
            json!({ "bucket": "churn", "folder": "later", "pattern": "P_*", "target": "cluster" })
        );
        // A folder of this desk is read through nothing.
        assert_eq!(moved(&before, place("/data", None)), place("/data", None));
    }

    #[test]
    fn a_number_of_an_earlier_period_says_of_which() {
        let reader = Reader::of(words::Words::of(words::Locale::PtBr));
        let mut row = json!({ "metric": "gini", "numbers": { "gini": 0.3125 }, "period": "Q4", "judged": "Q4", "provisional": false });
        assert_eq!(headline(reader, &row), "Gini 0,3125");
        row["judged"] = "Q3".into();
        assert_eq!(headline(reader, &row), "Gini 0,3125 (Q3)");
        row["provisional"] = true.into();
        assert_eq!(headline(reader, &row), "Gini 0,3125 (provisório)");
        let numbers = json!({ "metric": "r2", "numbers": { "r2": 0.8 }, "period": "Q4", "judged": "Q4", "provisional": false });
        assert_eq!(headline(reader, &numbers), "R² 0,8000");
        assert_eq!(headline(reader, &json!({ "metric": null, "numbers": {} })), Value::Null);
    }

    #[test]
    fn a_rule_has_a_level_and_an_expression() {
        assert_eq!(
            rule("alert: p1>5 or p25>0").unwrap(),
            json!({ "level": "alert", "when": "p1>5 or p25>0" })
        );
        for bad in ["p1>2", "alarm: p1>2", "alert:", ""] {
            assert_eq!(rule(bad).unwrap_err().code, Code::Usage, "{bad}");
        }
    }
}
