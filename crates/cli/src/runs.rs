//! The runs room in a terminal: targets, runs, migration.

use std::time::Duration;

use app::{Code, Failure};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use words::said;

mod buckets;
mod schedules;
mod targets;
mod templates;

pub(crate) use buckets::BucketCommand;
pub(crate) use schedules::ScheduleCommand;
pub(crate) use targets::TargetCommand;
pub(crate) use templates::TemplateCommand;

use crate::arguments::Page;
use crate::desk::Desk;
use crate::output::{Answer, Reader, cell};

/// How often a log that is followed is read again.
const FOLLOW_EVERY: Duration = Duration::from_millis(300);
/// Exit status of a run that is followed to a bad end.
const FAILED: u8 = 1;
/// Exit status when what lies in a bucket is not what was approved.
const DIFFERS: u8 = 3;
/// Exit status when nothing is known to differ, and a place could not be looked at.
const OFFLINE: u8 = 4;

#[derive(Debug, Subcommand)]
pub(crate) enum RunCommand {
    /// Train, score or retrain with a migrated version
    Submit(Submit),
    /// Look whether a run could start and what it would cost; changes nothing
    Preflight(Submit),
    /// Runs, latest first
    List {
        /// Only of this project
        #[arg(long)]
        project: Option<String>,
        /// Only `live`, `succeeded`, `failed`, `cancelled` or `unclean` ones
        #[arg(long)]
        state: Option<String>,
        /// Only on this target
        #[arg(long)]
        target: Option<String>,
        /// Only of this kind
        #[arg(long, value_enum)]
        kind: Option<Kind>,
        #[command(flatten)]
        page: Page,
    },
    /// A run: its stages, outputs and metrics
    Show {
        /// Identifier, or a unique beginning of it
        run: String,
    },
    /// Two runs beside each other: where, how long, what it cost, what came of it
    Compare {
        /// Identifier, or a unique beginning of it
        first: String,
        /// The other one
        second: String,
        /// Only what differs
        #[arg(long)]
        differing: bool,
    },
    /// What a run wrote to its log
    Logs {
        /// Identifier, or a unique beginning of it
        run: String,
        /// Go on until the run has ended
        #[arg(long, short)]
        follow: bool,
    },
    /// Stop a run and clean up after it
    Cancel {
        /// Identifier, or a unique beginning of it
        run: String,
    },
    /// What runs left behind in the cloud; deletes it when told to, and proves that it is gone
    Sweep {
        /// Delete this one (its full name, as listed); may be given more than once
        #[arg(long, value_name = "RESOURCE")]
        delete: Vec<String>,
        /// Delete everything that no live run owns
        #[arg(long, conflicts_with = "delete")]
        delete_all: bool,
    },
    /// Compare what lies in the buckets with what was approved
    Reconcile {
        /// Only what this run migrated
        run: Option<String>,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Submit {
    /// What to run
    #[arg(value_enum)]
    kind: Kind,
    /// Identifier of the version, or `project/model@1.0`
    version: String,
    /// Where to run it; local Spark where this is not given
    #[arg(long)]
    target: Option<String>,
    /// Bucket it reads and writes; the one it was migrated to last where this is not given
    #[arg(long)]
    bucket: Option<String>,
    /// In the sandbox of this desk instead of in the cloud; nothing of it counts for what is real
    #[arg(long)]
    rehearse: bool,
    /// Stop it after so many seconds
    #[arg(long, value_name = "SECONDS")]
    deadline: Option<u32>,
    /// A Spark property; may be given more than once
    #[arg(long = "conf", value_name = "NAME=VALUE")]
    properties: Vec<String>,
    /// Further arguments for the script
    #[arg(last = true)]
    args: Vec<String>,
}

impl Submit {
    fn request(self) -> Result<Value, Failure> {
        let mut properties = serde_json::Map::new();
        for property in &self.properties {
            let (name, value) =
                property.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
                    Failure::said(Code::Usage, said!("no-property", text = property.to_string()))
                })?;
            properties.insert(name.to_owned(), value.into());
        }
        let mut request = json!({
            "kind": self.kind.name(), "version": self.version, "rehearse": self.rehearse, "args": self.args,
            "properties": properties,
        });
        for (field, value) in [("target", self.target), ("bucket", self.bucket)] {
            if let Some(value) = value {
                request[field] = value.into();
            }
        }
        if let Some(seconds) = self.deadline {
            request["deadline_s"] = seconds.into();
        }
        Ok(request)
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Kind {
    Train,
    Score,
    Retrain,
    Migrate,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Score => "score",
            Self::Retrain => "retrain",
            Self::Migrate => "migrate",
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct Migrate {
    /// Identifier of the version, or `project/model@1.0`
    version: String,
    /// Bucket name, or a `file:///…` folder
    #[arg(long)]
    bucket: String,
    /// A target in the cloud, whose sign-in reaches the bucket
    #[arg(long)]
    target: Option<String>,
    /// Into the sandbox of this desk instead; nothing of it counts for what is real
    #[arg(long)]
    rehearse: bool,
    /// Remove what lies where the version is to be and was never part of one; without it the migration is refused there
    #[arg(long)]
    remove_foreign: bool,
}

impl RunCommand {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Submit(submit) => {
                let recorded = desk.call("runs.submit", submit.request()?)?;
                let text = desk.reader().say(&said!(
                    "said-run-requested",
                    run = cell(&recorded["id"]),
                    position = cell(&recorded["position"])
                ));
                Ok(Answer::new(recorded, text))
            }
            Self::Preflight(submit) => targets::preflight(desk, submit.request()?),
            Self::List { project, state, target, kind, page: wanted } => {
                let mut request = json!({ "page": wanted.request() });
                let kind = kind.map(|kind| kind.name().to_owned());
                for (field, value) in
                    [("project", project), ("state", state), ("target", target), ("kind", kind)]
                {
                    if let Some(value) = value {
                        request[field] = value.into();
                    }
                }
                let list = desk.call("runs.list", request)?;
                let columns = [
                    ("label-run", "id"),
                    ("label-kind", "kind"),
                    ("label-version", "version_label"),
                    ("label-target", "target"),
                    ("label-state", "state"),
                    ("label-cleanup", "cleanup"),
                    ("label-requested", "requested_at"),
                    ("label-seconds", "duration_s"),
                    ("label-cost", "cost/amount"),
                    ("label-reason", "reason"),
                ];
                let text = desk.reader().page(&list, &columns, "none-runs");
                Ok(Answer::new(list, text))
            }
            Self::Show { run } => {
                let shown = desk.call("runs.show", json!({ "run": run }))?;
                let text = described(desk.reader(), &shown);
                Ok(Answer::new(shown, text))
            }
            Self::Compare { first, second, differing } => compare(desk, &first, &second, differing),
            Self::Logs { run, follow } => logs(desk, &run, follow),
            Self::Cancel { run } => {
                let recorded = desk.call("runs.cancel", json!({ "run": run }))?;
                let text = desk.reader().recorded("said-cancelled", &recorded);
                Ok(Answer::new(recorded, text))
            }
            Self::Sweep { delete, delete_all } => sweep(desk, delete, delete_all),
            Self::Reconcile { run } => {
                let request = run.map_or_else(|| json!({}), |run| json!({ "run": run }));
                let places = desk.call("runs.reconcile", request)?;
                let rows: Vec<Value> = places
                    .as_array()
                    .into_iter()
                    .flatten()
                    .flat_map(|place| difference_rows(desk.reader(), place))
                    .collect();
                let columns = [
                    ("label-bucket", "bucket"),
                    ("label-version", "version"),
                    ("label-object", "path"),
                    ("label-found", "how"),
                ];
                let text = desk.reader().table(&Value::from(rows.clone()), &columns, "none-migrated");
                let any = |what: &str| rows.iter().any(|row| row[what] == true);
                let status = match (any("differs"), any("unreachable")) {
                    (true, _) => DIFFERS,
                    (false, true) => OFFLINE,
                    (false, false) => 0,
                };
                Ok(Answer::new(places, text).with_status(status))
            }
        }
    }
}

impl Migrate {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let mut request = json!({
            "version": self.version, "bucket": self.bucket, "rehearse": self.rehearse,
            "remove_foreign": self.remove_foreign,
        });
        if let Some(target) = self.target {
            request["target"] = target.into();
        }
        let recorded = desk.call("runs.migrate", request)?;
        let text = desk.reader().say(&said!(
            "said-run-carries",
            run = cell(&recorded["id"]),
            position = cell(&recorded["position"])
        ));
        Ok(Answer::new(recorded, text))
    }
}

/// Two runs, a row each thing that can be said of both.
fn compare(desk: &mut Desk, first: &str, second: &str, differing: bool) -> Result<Answer, Failure> {
    let mut pages = Vec::new();
    for run in [first, second] {
        pages.push(desk.call("runs.show", json!({ "run": run }))?);
    }
    let reader = desk.reader();
    let mut rows: Vec<Value> = Vec::new();
    let mut row = |what: String, [one, other]: [Value; 2]| {
        let says_nothing = one.is_null() && other.is_null();
        let is_wanted = one != other || !differing;
        if is_wanted && !says_nothing {
            rows.push(json!({ "what": what, "first": one, "second": other, "differs": one != other }));
        }
    };
    let of_both = |pointer: &str| [0, 1].map(|n| pages[n].pointer(pointer).cloned().unwrap_or_default());
    for (label, pointer) in [
        ("label-run", "/run/id"),
        ("label-kind", "/run/kind"),
        ("label-version", "/run/version_label"),
        ("label-state", "/run/state"),
        ("label-reason", "/run/reason"),
        ("label-target", "/run/target"),
        ("label-bucket", "/bucket"),
        ("label-asked-for-by", "/run/requested_by"),
        ("label-at", "/run/requested_at"),
        ("label-seconds", "/run/duration_s"),
        ("label-stopped-after-s", "/deadline_s"),
        ("label-expected-cost", "/run/estimate/amount"),
        ("label-cost", "/run/cost/amount"),
        ("label-cleanup", "/run/cleanup"),
        ("label-arguments", "/args"),
    ] {
        row(reader.word(label), of_both(pointer));
    }
    let mut named = |list: &str, value: &str| {
        let rows_of = |n: usize| pages[n][list].as_array().into_iter().flatten();
        let mut names: Vec<String> =
            [0, 1].into_iter().flat_map(rows_of).map(|one| cell(&one["name"])).collect();
        names.sort();
        names.dedup();
        for name in names {
            let of = |n: usize| rows_of(n).find(|one| one["name"] == *name).map(|one| one[value].clone());
            let both = [0, 1].map(|n| of(n).unwrap_or_default());
            row(name, both);
        }
    };
    named("metrics", "value");
    named("outputs", "rows");
    let mut names: Vec<&String> =
        pages.iter().filter_map(|page| page["properties"].as_object()).flat_map(|all| all.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        row(name.clone(), [0, 1].map(|n| pages[n]["properties"][name].clone()));
    }
    let columns = [("label-what", "what"), ("label-first", "first"), ("label-second", "second")];
    let text = reader.table(&Value::from(rows.clone()), &columns, "none-differences");
    Ok(Answer::new(json!({ "runs": pages, "rows": rows }), text))
}

fn sweep(desk: &mut Desk, delete: Vec<String>, delete_all: bool) -> Result<Answer, Failure> {
    let mut left = desk.call("runs.leftovers", json!({}))?;
    let resources = if delete_all {
        let rows = left.as_array().into_iter().flatten();
        rows.filter(|row| row["live"] == false && row["unreachable"].is_null())
            .filter_map(|row| row["resource"].as_str().map(str::to_owned))
            .collect()
    } else {
        delete
    };
    let swept = resources.len();
    if swept > 0 {
        left = desk.call("runs.sweep", json!({ "resources": resources }))?;
    }
    let columns = [
        ("label-kind", "kind"),
        ("label-state", "state"),
        ("label-since", "since"),
        ("label-cost", "cost/amount"),
        ("label-run", "run"),
        ("label-live", "live"),
        ("label-sweep", "sweep"),
        ("label-for", "purpose"),
        ("label-resource", "resource"),
        ("label-problem", "unreachable"),
    ];
    let mut text = desk.reader().table(&left, &columns, "none-left-over");
    if swept > 0 {
        text = format!("{}\n{text}", desk.reader().say(&said!("said-swept", count = swept)));
    }
    Ok(Answer::new(left, text))
}

/// A row an object that differs; one row for a place that does not, or could not be looked at.
fn difference_rows(reader: Reader, place: &Value) -> Vec<Value> {
    let row = |path: &Value, how: Value, differs: bool| json!({ "bucket": place["bucket"], "version": place["version_label"], "path": path, "how": how, "differs": differs, "unreachable": !place["unreachable"].is_null() });
    let differs = place["differs"].as_array().map(Vec::as_slice).unwrap_or_default();
    match (place["unreachable"].as_str(), differs) {
        (Some(why), _) => vec![row(&Value::Null, why.into(), false)],
        (None, []) => vec![row(&Value::Null, reader.word("value-as-approved").into(), false)],
        (None, differs) => differs.iter().map(|one| row(&one["path"], one["how"].clone(), true)).collect(),
    }
}

fn logs(desk: &mut Desk, run: &str, follow: bool) -> Result<Answer, Failure> {
    let output = desk.output;
    let (mut from, mut errors_from) = (Value::from(0), Value::from(0));
    let mut whole = String::new();
    loop {
        let chunk = desk.call("runs.log", json!({ "run": run, "from": from, "errors_from": errors_from }))?;
        let text = chunk["text"].as_str().unwrap_or_default();
        if follow {
            if !text.is_empty() {
                output.line(&chunk, text.strip_suffix('\n').unwrap_or(text));
            }
        } else {
            whole.push_str(text);
        }
        let ended = chunk["ended"] == true;
        let nothing_new = chunk["next"] == from && chunk["errors_next"] == errors_from;
        from = chunk["next"].clone();
        errors_from = chunk["errors_next"].clone();
        match (follow, ended && nothing_new, nothing_new) {
            (true, true, _) => break,
            (true, false, true) => desk.block_on(async { tokio::time::sleep(FOLLOW_EVERY).await })?,
            (false, _, true) => {
                let document = json!({ "run": run, "text": whole, "next": from, "ended": ended });
                return Ok(Answer::new(document, whole));
            }
            _ => {}
        }
    }
    let end = desk.call("runs.show", json!({ "run": run }))?;
    let succeeded = end["run"]["state"] == "succeeded";
    Ok(Answer::said().with_status(if succeeded { 0 } else { FAILED }))
}

fn described(reader: Reader, shown: &Value) -> String {
    let mut text = reader.facts(
        &shown["run"],
        &[
            ("label-run", "id"),
            ("label-kind", "kind"),
            ("label-version", "version_label"),
            ("label-project", "project_name"),
            ("label-target", "target"),
            ("label-state", "state"),
            ("label-reason", "reason"),
            ("label-cleanup", "cleanup"),
            ("label-asked-for-by", "requested_by"),
            ("label-at", "requested_at"),
            ("label-ended", "ended_at"),
            ("label-seconds", "duration_s"),
            ("label-closed", "closed"),
            ("label-rehearsal", "rehearsal"),
            ("label-expected-cost", "estimate/amount"),
            ("label-cost", "cost/amount"),
            ("label-currency", "cost/currency"),
        ],
    );
    text.push('\n');
    text.push_str(&reader.facts(
        shown,
        &[
            ("label-bucket", "bucket"),
            ("label-key", "key"),
            ("label-instance", "instance"),
            ("label-trigger", "trigger"),
            ("label-endpoint", "endpoint"),
            ("label-removal", "cleanup_detail"),
            ("label-registered", "registered"),
            ("label-arguments", "args"),
            ("label-properties", "properties"),
            ("label-stopped-after-s", "deadline_s"),
            ("label-runtime", "runtime"),
            ("label-command", "command"),
        ],
    ));
    text.push_str(&reader.list(
        "title-stages",
        &shown["stages"],
        &[("label-state", "state"), ("label-at", "at"), ("label-observed", "detail")],
    ));
    let outputs = [
        ("label-output", "name"),
        ("label-verified", "verified"),
        ("label-rows", "rows"),
        ("label-path", "path"),
        ("label-digest", "digest"),
        ("label-problem", "problem"),
    ];
    text.push_str(&reader.list("title-outputs", &shown["outputs"], &outputs));
    text.push_str(&reader.list(
        "title-metrics",
        &shown["metrics"],
        &[("label-metric", "name"), ("label-value", "value")],
    ));
    text.push_str(&reader.list(
        "title-files",
        &shown["files"],
        &[("label-path", "path"), ("label-bytes", "size"), ("label-sha-256", "sha256")],
    ));
    text
}
