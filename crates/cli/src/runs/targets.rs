//! Targets in a terminal.

use std::path::PathBuf;

use app::{Code, Failure};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use words::said;

use super::Submit;
use crate::desk::Desk;
use crate::output::{Answer, cell};

#[derive(Debug, Subcommand)]
pub(crate) enum TargetCommand {
    /// Places where runs can go, and what is missing where one is not ready
    List,
    /// Name a target; takes a data engineer or a DevOps engineer
    Add(Add),
    /// Take a target away; what ran there stays in the history
    Remove {
        /// Its name
        target: String,
    },
    /// The price table that estimates at this desk are made with
    Prices {
        /// A table of your own, as JSON in the form of the one that comes with this version
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// The table that comes with this version again
        #[arg(long, conflicts_with = "file")]
        bundled: bool,
    },
    /// Look whether a run could start on a target and what it would cost; changes nothing
    Preflight(Submit),
}

#[derive(Args, Debug)]
pub(crate) struct Add {
    /// Its name: lower case letters, digits, `.`, `-`, `_`
    name: String,
    /// `local-spark`, `dataproc-cluster`, `dataproc-existing`, `dataproc-serverless` or `dataproc-workflow`
    #[arg(long)]
    kind: String,
    /// The cloud project
    #[arg(long, value_name = "PROJECT")]
    cloud_project: Option<String>,
    /// The region
    #[arg(long)]
    region: Option<String>,
    /// Name of the cluster that is there (`dataproc-existing`)
    #[arg(long)]
    cluster: Option<String>,
    /// File with a cluster template or a batch template as JSON; a small one where this is not given
    #[arg(long, value_name = "FILE")]
    shape: Option<PathBuf>,
    /// Name of the template that the shape comes from
    #[arg(long)]
    template: Option<String>,
    /// Bucket for what the engine stages and its drivers print
    #[arg(long, value_name = "BUCKET")]
    staging_bucket: Option<String>,
    /// A service account to impersonate
    #[arg(long, value_name = "ACCOUNT")]
    impersonate: Option<String>,
    /// Where the services are, where that is not Google: an address, or `sandbox`
    #[arg(long)]
    endpoint: Option<String>,
    /// Where one service is, where that is neither Google nor `--endpoint`: `storage`, `dataproc` (`{region}` stands for the
    /// region), `iamcredentials` or `compute`; on this machine without a sign-in, unless `iamcredentials` is named
    #[arg(long = "service", value_name = "SERVICE=ADDRESS")]
    services: Vec<String>,
    /// Stop runs on it after so many seconds, where they do not say otherwise; one hour where this is not given
    #[arg(long, value_name = "SECONDS")]
    deadline: Option<u32>,
    /// Store each workflow as a template at the service and start it from there (`dataproc-workflow`)
    #[arg(long)]
    stored: bool,
}

impl TargetCommand {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::List => {
                let list = desk.call("runs.targets", json!({}))?;
                let columns = [
                    ("label-target", "name"),
                    ("label-kind", "kind"),
                    ("label-ready", "ready"),
                    ("label-what-it-is", "description"),
                    ("label-live", "live_runs"),
                    ("label-stopped-after-s", "deadline_s"),
                    ("label-detail", "detail"),
                ];
                let text = desk.reader().table(&list, &columns, "none-targets");
                Ok(Answer::new(list, text))
            }
            Self::Add(add) => {
                let recorded = desk.call("runs.add_target", add.request()?)?;
                let text = desk.reader().say(&said!(
                    "said-target-added",
                    target = cell(&recorded["id"]),
                    position = cell(&recorded["position"])
                ));
                Ok(Answer::new(recorded, text))
            }
            Self::Remove { target } => {
                let recorded = desk.call("runs.remove_target", json!({ "target": target }))?;
                let text = desk.reader().say(&said!(
                    "said-target-removed",
                    target = target,
                    position = cell(&recorded["position"])
                ));
                Ok(Answer::new(recorded, text))
            }
            Self::Prices { file, bundled } => {
                let table = match (file, bundled) {
                    (None, false) => desk.call("runs.prices", json!({}))?,
                    (None, true) => desk.call("runs.set_prices", json!({ "bundled": true }))?,
                    (Some(file), _) => {
                        let text = std::fs::read_to_string(&file).map_err(|error| {
                            Failure::not_found("file", &file.display().to_string()).because(&error)
                        })?;
                        desk.call("runs.set_prices", json!({ "table": text }))?
                    }
                };
                let facts = [
                    ("label-prices-of", "recorded_on"),
                    ("label-currency", "currency"),
                    ("label-own", "own"),
                    ("label-note", "note"),
                ];
                let regions = [("label-prices-of", "recorded_on"), ("label-regions", "regions")];
                let reader = desk.reader();
                let text =
                    reader.facts(&table, &facts) + &reader.list("title-regions", &table["regions"], &regions);
                Ok(Answer::new(table, text))
            }
            Self::Preflight(submit) => preflight(desk, submit.request()?),
        }
    }
}

impl Add {
    fn request(self) -> Result<Value, Failure> {
        let shape = match &self.shape {
            None => Value::Null,
            Some(file) => {
                let text = std::fs::read(file).map_err(|error| {
                    Failure::said(
                        Code::NotFound,
                        said!("no-template-file", path = file.display().to_string()),
                    )
                    .because(&error)
                })?;
                serde_json::from_slice(&text).map_err(|error| {
                    Failure::said(
                        Code::Usage,
                        said!(
                            "template-no-json",
                            path = file.display().to_string(),
                            error = error.to_string()
                        ),
                    )
                })?
            }
        };
        let mut request = json!({ "name": self.name, "kind": self.kind, "stored": self.stored });
        if !shape.is_null() {
            request["shape"] = shape;
        }
        for (field, value) in [
            ("cloud_project", self.cloud_project),
            ("region", self.region),
            ("cluster", self.cluster),
            ("template", self.template),
            ("staging_bucket", self.staging_bucket),
            ("impersonate", self.impersonate),
            ("endpoint", self.endpoint),
        ] {
            if let Some(value) = value {
                request[field] = value.into();
            }
        }
        for service in &self.services {
            let (name, address) = service.split_once('=').unwrap_or((service, ""));
            request["services"][name] = address.into();
        }
        if let Some(seconds) = self.deadline {
            request["deadline_s"] = seconds.into();
        }
        Ok(request)
    }
}

/// Shows what a look before a run found; exit status 1 where something stands in its way.
pub(super) fn preflight(desk: &mut Desk, request: Value) -> Result<Answer, Failure> {
    let found = desk.call("runs.preflight", request)?;
    let mut text = desk.reader().facts(
        &found,
        &[
            ("label-may-go-on", "may_go_on"),
            ("label-target", "target"),
            ("label-bucket", "bucket"),
            ("label-endpoint", "endpoint"),
            ("label-minutes", "minutes"),
            ("label-stopped-after-s", "deadline_s"),
            ("label-expected-cost", "estimate/amount"),
            ("label-currency", "estimate/currency"),
            ("label-prices-of", "estimate/prices_of"),
            ("label-no-price-in", "no_price_in"),
        ],
    );
    let columns = [
        ("label-severity", "severity"),
        ("label-finding", "code"),
        ("label-file", "file"),
        ("label-what-to-do", "message"),
    ];
    text.push_str(
        &desk
            .reader()
            .section("title-findings", &desk.reader().table(&found["findings"], &columns, "none-findings")),
    );
    let data = [("label-for", "name"), ("label-path", "path")];
    text.push_str(&desk.reader().list("title-data-read", &found["data"], &data));
    if let Some(command) = found["command"].as_str() {
        text.push_str(&desk.reader().section("title-as-command", command));
    }
    let status = u8::from(found["may_go_on"] != true);
    Ok(Answer::new(found, text).with_status(status))
}
