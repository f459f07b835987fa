//! The registry room in a terminal: projects and models.

use std::path::PathBuf;

use app::{Code, Failure};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use words::{Said, said};

use crate::arguments::{Page, absolute};
use crate::desk::Desk;
use crate::output::{Answer, Reader, cell, plain};

#[derive(Debug, Subcommand)]
pub(crate) enum ProjectCommand {
    /// Create a project
    Create(CreateProject),
    /// Projects by name
    List {
        #[command(flatten)]
        page: Page,
    },
    /// A project, its properties and its models
    Show {
        /// Name or identifier
        project: String,
    },
}

#[derive(Args, Debug)]
pub(crate) struct CreateProject {
    /// Unique in the workspace
    name: String,
    /// What business problem it stands for
    #[arg(long, default_value = "")]
    description: String,
    /// `classification`, `prediction`, `cluster`, `forecasting`, …
    #[arg(long)]
    function: Option<String>,
    /// `binary`, `nominal` or `interval`
    #[arg(long, value_name = "LEVEL")]
    target_level: Option<String>,
    /// Name of the target variable
    #[arg(long, value_name = "NAME")]
    target_variable: Option<String>,
    /// Value of the target that is the event
    #[arg(long, value_name = "VALUE")]
    target_event: Option<String>,
    /// Name of the output that holds the event's probability
    #[arg(long, value_name = "NAME")]
    event_probability_variable: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    /// Register a package as a model, or as a new version of one
    Import(Import),
    /// Read a package without registering it
    Inspect {
        /// The zip
        package: PathBuf,
    },
    /// Models by name
    List {
        /// Only of this project
        #[arg(long)]
        project: Option<String>,
        #[command(flatten)]
        page: Page,
    },
    /// Everything known of a version
    Show {
        /// Identifier of a version or model, `project/model`, or `project/model@1.0`
        version: String,
    },
    /// Files of a version; with a path, the text of one
    Files {
        /// As for `show`
        version: String,
        /// Path in the package
        path: Option<String>,
    },
    /// Variables of a version
    Variables {
        /// As for `show`
        version: String,
    },
    /// Two to four versions side by side
    Compare {
        #[arg(required = true, num_args = 2..=4, value_name = "VERSION")]
        versions: Vec<String>,
        /// Leave out what is the same in all
        #[arg(long)]
        differences_only: bool,
    },
    /// Make a version its project's champion
    SetChampion {
        /// As for `show`
        version: String,
    },
    /// Make a version a challenger of the champion
    SetChallenger {
        /// As for `show`
        version: String,
    },
    /// Make a version neither
    ClearPlace {
        /// As for `show`
        version: String,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    /// The zip
    package: PathBuf,
    /// Project, by name or identifier
    #[arg(long)]
    project: String,
    /// Name of the model; the package's own if absent. A model of that name gets a new version
    #[arg(long)]
    name: Option<String>,
    /// For a model that exists: the step of the version number, or new contents for its latest version
    #[arg(long, value_enum)]
    version: Option<Step>,
    /// A finding to accept, with the reason (repeat for more)
    #[arg(long = "waive", value_name = "FINDING=REASON")]
    waivers: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Step {
    Major,
    Minor,
    Replace,
}

impl ProjectCommand {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Create(wanted) => {
                let name = wanted.name.clone();
                let recorded = desk.call("registry.create_project", wanted.request())?;
                let text = desk.reader().say(&said!(
                    "said-project-created",
                    project = plain(&name),
                    position = cell(&recorded["position"]),
                    id = cell(&recorded["id"])
                ));
                Ok(Answer::new(recorded, text))
            }
            Self::List { page: wanted } => {
                let list = desk.call("registry.list_projects", json!({ "page": wanted.request() }))?;
                let columns = [
                    ("label-project", "name"),
                    ("label-models", "models"),
                    ("label-champion", "champion/model_name"),
                    ("label-version", "champion/number"),
                    ("label-running", "instances_running"),
                    ("label-created", "created_at"),
                    ("label-by", "created_by"),
                ];
                let text = desk.reader().page(&list, &columns, "none-projects");
                Ok(Answer::new(list, text))
            }
            Self::Show { project } => {
                let shown = desk.call("registry.show_project", json!({ "project": project }))?;
                let mut text = desk.reader().facts(
                    &shown["project"],
                    &[
                        ("label-project", "name"),
                        ("label-id", "id"),
                        ("label-description", "description"),
                        ("label-function", "function"),
                        ("label-champion", "champion/model_name"),
                        ("label-version", "champion/number"),
                        ("label-created", "created_at"),
                        ("label-by", "created_by"),
                    ],
                );
                text.push_str(&desk.reader().list(
                    "title-properties",
                    &shown["properties"],
                    &[("label-name", "name"), ("label-value", "value")],
                ));
                text.push_str(&desk.reader().list("title-models", &shown["models"], &MODELS));
                Ok(Answer::new(shown, text))
            }
        }
    }
}

impl CreateProject {
    fn request(self) -> Value {
        let mut request = json!({ "name": self.name, "description": self.description });
        for (field, value) in [
            ("function", self.function),
            ("target_level", self.target_level),
            ("target_variable", self.target_variable),
            ("target_event", self.target_event),
            ("event_probability_variable", self.event_probability_variable),
        ] {
            if let Some(value) = value {
                request[field] = value.into();
            }
        }
        request
    }
}

const MODELS: [(&str, &str); 7] = [
    ("label-model", "name"),
    ("label-project", "project_name"),
    ("label-version", "latest/number"),
    ("label-role", "role"),
    ("label-algorithm", "algorithm"),
    ("label-tool", "tool"),
    ("label-modified", "modified_at"),
];
const FILES: [(&str, &str); 4] =
    [("label-path", "path"), ("label-role", "role"), ("label-bytes", "size"), ("label-sha-256", "sha256")];
const VARIABLES: [(&str, &str); 6] = [
    ("label-variable", "name"),
    ("label-direction", "direction"),
    ("label-type", "data_type"),
    ("label-level", "level"),
    ("label-length", "length"),
    ("label-description", "description"),
];
const FINDINGS: [(&str, &str); 7] = [
    ("label-finding", "id"),
    ("label-kind", "kind"),
    ("label-severity", "severity"),
    ("label-file", "file"),
    ("label-line", "line"),
    ("label-what", "message"),
    ("label-waived", "waived"),
];

impl ModelCommand {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Import(import) => import.run(desk),
            Self::Inspect { package } => {
                let reading = desk.call("registry.inspect_package", json!({ "path": absolute(&package) }))?;
                let text = read(
                    desk.reader(),
                    &reading,
                    &desk.reader().facts(&reading, &[("label-name", "name"), ("label-digest", "digest")]),
                );
                Ok(Answer::new(reading, text))
            }
            Self::List { project, page: wanted } => {
                let mut request = json!({ "page": wanted.request() });
                if let Some(project) = project {
                    request["project"] = project.into();
                }
                let list = desk.call("registry.list_models", request)?;
                let text = desk.reader().page(&list, &MODELS, "none-models");
                Ok(Answer::new(list, text))
            }
            Self::Show { version } => {
                let shown = show(desk, &version)?;
                let text = described(desk.reader(), &shown);
                Ok(Answer::new(shown, text))
            }
            Self::Files { version, path: None } => {
                let shown = show(desk, &version)?;
                let text = desk.reader().table(&shown["files"], &FILES, "none-files");
                Ok(Answer::new(
                    json!({ "version": shown["version"], "digest": shown["digest"], "files": shown["files"] }),
                    text,
                ))
            }
            Self::Files { version, path: Some(path) } => {
                let version = show(desk, &version)?["version"].clone();
                let contents =
                    desk.call("registry.read_file", json!({ "version": version, "path": path }))?;
                let text = match contents["text"].as_str() {
                    Some(text) => text.to_owned(),
                    None => desk.reader().facts(
                        &contents["file"],
                        &[("label-path", "path"), ("label-bytes", "size"), ("label-sha-256", "sha256")],
                    ),
                };
                Ok(Answer::new(contents, text))
            }
            Self::Variables { version } => {
                let shown = show(desk, &version)?;
                let text = desk.reader().table(&shown["variables"], &VARIABLES, "none-variables");
                Ok(Answer::new(json!({ "version": shown["version"], "variables": shown["variables"] }), text))
            }
            Self::Compare { versions, differences_only } => {
                let versions: Vec<Value> = versions
                    .iter()
                    .map(|version| show(desk, version).map(|shown| shown["version"].clone()))
                    .collect::<Result<_, _>>()?;
                let compared = desk.call("registry.compare", json!({ "versions": versions }))?;
                let text = compared_text(desk.reader(), &compared, differences_only);
                Ok(Answer::new(compared, text))
            }
            Self::SetChampion { version } => {
                place(desk, "registry.set_champion", &version, said!("said-champion"))
            }
            Self::SetChallenger { version } => {
                place(desk, "registry.set_challenger", &version, said!("said-challenger"))
            }
            Self::ClearPlace { version } => {
                place(desk, "registry.clear_place", &version, said!("said-no-place"))
            }
        }
    }
}

impl Import {
    fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let mut request = json!({ "path": absolute(&self.package), "project": self.project, "waivers": waivers(&self.waivers)? });
        if let Some(name) = self.name {
            request["name"] = name.into();
        }
        if let Some(step) = self.version {
            request["version"] = match step {
                Step::Major => "major",
                Step::Minor => "minor",
                Step::Replace => "replace",
            }
            .into();
        }
        let registered = desk.call("registry.import_package", request)?;
        let head = desk.reader().facts(
            &registered,
            &[
                ("label-model", "model"),
                ("label-version", "version"),
                ("label-number", "number"),
                ("label-digest", "digest"),
                ("label-recorded-at", "position"),
            ],
        );
        let text = read(desk.reader(), &registered, &head);
        Ok(Answer::new(registered, text))
    }
}

fn waivers(pairs: &[String]) -> Result<Vec<Value>, Failure> {
    pairs
        .iter()
        .map(|pair| match pair.split_once('=') {
            Some((finding, reason)) if !finding.is_empty() => {
                Ok(json!({ "finding": finding, "reason": reason }))
            }
            _ => Err(Failure::said(Code::Usage, said!("no-waiver", pair = pair.to_string()))),
        })
        .collect()
}

fn show(desk: &mut Desk, version: &str) -> Result<Value, Failure> {
    desk.call("registry.show_version", json!({ "version": version }))
}

fn place(desk: &mut Desk, command: &str, version: &str, told: Said) -> Result<Answer, Failure> {
    let recorded = desk.call(command, json!({ "version": version }))?;
    let text = desk
        .reader()
        .say(&told.with("version", plain(version)).with("position", cell(&recorded["position"])));
    Ok(Answer::new(recorded, text))
}

/// What reading a package showed, below its heading.
fn read(reader: Reader, reading: &Value, head: &str) -> String {
    let mut text = head.to_owned();
    text.push_str(&reader.list("title-files", &reading["files"], &FILES));
    text.push_str(&reader.list("title-variables", &reading["variables"], &VARIABLES));
    text.push_str(&reader.list("title-findings", &reading["findings"], &FINDINGS));
    text.push_str(&reader.section("title-warnings", &lines(&reading["warnings"])));
    text
}

fn described(reader: Reader, shown: &Value) -> String {
    let mut text = reader.facts(
        shown,
        &[
            ("label-model", "model/name"),
            ("label-project", "model/project_name"),
            ("label-version", "number"),
            ("label-id", "version"),
            ("label-role", "role"),
            ("label-digest", "digest"),
            ("label-algorithm", "model/algorithm"),
            ("label-tool", "model/tool"),
            ("label-registered", "registered_at"),
            ("label-by", "registered_by"),
            ("label-recorded-at", "position"),
        ],
    );
    let approvals = [
        ("label-decision", "decision"),
        ("label-gate", "gate"),
        ("label-by", "member"),
        ("label-at", "at"),
        ("label-current", "current"),
        ("label-decides", "decides"),
        ("label-signatures", "signatures"),
        ("label-note", "note"),
        ("#", "position"),
    ];
    let mut signed = shown["approvals"].clone();
    for approval in signed.as_array_mut().into_iter().flatten() {
        let waiting = approval["waiting"].clone();
        approval["signatures_needed"] = waiting["needed"].clone();
        approval["signed_by"] = waiting["signed_by"].clone();
        crate::workflow::tasks::tell_signatures(reader, approval);
    }
    text.push_str(&reader.list("title-decisions", &signed, &approvals));
    text.push_str(&reader.list(
        "title-migrated-to",
        &shown["migrations"],
        &[
            ("label-bucket", "bucket"),
            ("label-run", "run"),
            ("label-at", "at"),
            ("label-manifest", "manifest"),
        ],
    ));
    text.push_str(&reader.section("title-fit-statistics", &fit(reader, &shown["fit_statistics"])));
    text.push_str(&reader.list(
        "title-properties",
        &shown["properties"],
        &[("label-name", "name"), ("label-value", "value")],
    ));
    text.push_str(&reader.list("title-findings", &shown["findings"], &FINDINGS));
    text.push_str(&reader.section("title-warnings", &lines(&shown["warnings"])));
    let versions = [
        ("label-version", "number"),
        ("label-role", "role"),
        ("label-registered", "registered_at"),
        ("label-by", "registered_by"),
        ("label-digest", "digest"),
    ];
    text.push_str(&reader.list("title-versions", &shown["versions"], &versions));
    text
}

fn fit(reader: Reader, statistics: &Value) -> String {
    let partitions: Vec<&str> =
        statistics["partitions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let places: Vec<String> = (0..partitions.len()).map(|number| format!("v{number}")).collect();
    let mut columns = vec![("label-statistic", "label")];
    columns.extend(partitions.iter().copied().zip(places.iter().map(String::as_str)));
    columns.push(("label-contradicted-by", "inconsistent"));
    let mut text = reader.table(&spread(&statistics["rows"], &places), &columns, "");
    for contradiction in statistics["curves"].as_array().into_iter().flatten() {
        text.push_str(&format!("\n{}", cell(contradiction)));
    }
    text
}

/// Rows whose `values` become columns of their own.
fn spread(rows: &Value, places: &[String]) -> Value {
    rows.as_array()
        .into_iter()
        .flatten()
        .map(|row| {
            let mut row = row.clone();
            for (number, place) in places.iter().enumerate() {
                row[place] = row["values"][number].clone();
            }
            row
        })
        .collect::<Vec<_>>()
        .into()
}

fn compared_text(reader: Reader, compared: &Value, differences_only: bool) -> String {
    let names: Vec<String> = compared["versions"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|version| format!("{} {}", cell(&version["model_name"]), cell(&version["number"])))
        .collect();
    let places: Vec<String> = (0..names.len()).map(|number| format!("v{number}")).collect();
    let mut text = String::new();
    for (title, field, label) in [
        ("title-statistics", "statistics", "label"),
        ("title-variables", "variables", "name"),
        ("title-properties", "properties", "name"),
        ("title-files", "files", "name"),
    ] {
        let mut columns = vec![("", label)];
        if field == "statistics" {
            columns.push(("label-partition", "partition"));
        }
        columns.extend(names.iter().map(String::as_str).zip(places.iter().map(String::as_str)));
        let rows: Vec<Value> = compared[field]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|row| !differences_only || !same(row))
            .cloned()
            .collect();
        text.push_str(&reader.section(title, &reader.table(&spread(&rows.into(), &places), &columns, "")));
    }
    for diff in compared["diffs"].as_array().into_iter().flatten() {
        text.push_str(&reader.section(&cell(&diff["path"]), diff["diff"].as_str().unwrap_or_default()));
    }
    text.trim_start().to_owned()
}

fn same(row: &Value) -> bool {
    row["values"].as_array().is_none_or(|values| values.windows(2).all(|pair| pair[0] == pair[1]))
}

fn lines(items: &Value) -> String {
    items
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| format!("- {}", cell(item)))
        .collect::<Vec<_>>()
        .join("\n")
}
