//! The registry room in a terminal: projects and models.

use std::path::PathBuf;

use app::{Code, Failure};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use words::said;

use crate::arguments::{Page, absolute};
use crate::desk::Desk;
use crate::output::{Answer, cell, facts, page, plain, section, table};

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
                let text = format!(
                    "Project `{}` stands at #{} as {}.",
                    plain(&name),
                    recorded["position"],
                    cell(&recorded["id"])
                );
                Ok(Answer::new(recorded, text))
            }
            Self::List { page: wanted } => {
                let list = desk.call("registry.list_projects", json!({ "page": wanted.request() }))?;
                let columns = [
                    ("PROJECT", "name"),
                    ("MODELS", "models"),
                    ("CHAMPION", "champion/model_name"),
                    ("VERSION", "champion/number"),
                    ("RUNNING", "instances_running"),
                    ("CREATED", "created_at"),
                    ("BY", "created_by"),
                ];
                let text =
                    page(&list, &columns, "No projects. Create one with `countersign project create NAME`.");
                Ok(Answer::new(list, text))
            }
            Self::Show { project } => {
                let shown = desk.call("registry.show_project", json!({ "project": project }))?;
                let mut text = facts(
                    &shown["project"],
                    &[
                        ("project", "name"),
                        ("id", "id"),
                        ("description", "description"),
                        ("function", "function"),
                        ("champion", "champion/model_name"),
                        ("version", "champion/number"),
                        ("created", "created_at"),
                        ("by", "created_by"),
                    ],
                );
                text.push_str(&section(
                    "Properties",
                    &table(&shown["properties"], &[("NAME", "name"), ("VALUE", "value")], ""),
                ));
                text.push_str(&section("Models", &table(&shown["models"], &MODELS, "")));
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
    ("MODEL", "name"),
    ("PROJECT", "project_name"),
    ("VERSION", "latest/number"),
    ("ROLE", "role"),
    ("ALGORITHM", "algorithm"),
    ("TOOL", "tool"),
    ("MODIFIED", "modified_at"),
];
const FILES: [(&str, &str); 4] =
    [("PATH", "path"), ("ROLE", "role"), ("BYTES", "size"), ("SHA-256", "sha256")];
const VARIABLES: [(&str, &str); 6] = [
    ("VARIABLE", "name"),
    ("DIRECTION", "direction"),
    ("TYPE", "data_type"),
    ("LEVEL", "level"),
    ("LENGTH", "length"),
    ("DESCRIPTION", "description"),
];
const FINDINGS: [(&str, &str); 7] = [
    ("FINDING", "id"),
    ("KIND", "kind"),
    ("SEVERITY", "severity"),
    ("FILE", "file"),
    ("LINE", "line"),
    ("WHAT", "message"),
    ("WAIVED", "waived"),
];

impl ModelCommand {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Import(import) => import.run(desk),
            Self::Inspect { package } => {
                let reading = desk.call("registry.inspect_package", json!({ "path": absolute(&package) }))?;
                let text = read(&reading, &facts(&reading, &[("name", "name"), ("digest", "digest")]));
                Ok(Answer::new(reading, text))
            }
            Self::List { project, page: wanted } => {
                let mut request = json!({ "page": wanted.request() });
                if let Some(project) = project {
                    request["project"] = project.into();
                }
                let list = desk.call("registry.list_models", request)?;
                let text = page(
                    &list,
                    &MODELS,
                    "No models. Import one with `countersign model import PACKAGE.zip --project P`.",
                );
                Ok(Answer::new(list, text))
            }
            Self::Show { version } => {
                let shown = show(desk, &version)?;
                let text = described(&shown);
                Ok(Answer::new(shown, text))
            }
            Self::Files { version, path: None } => {
                let shown = show(desk, &version)?;
                let text = table(&shown["files"], &FILES, "No files.");
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
                    None => facts(
                        &contents["file"],
                        &[("path", "path"), ("bytes", "size"), ("sha-256", "sha256")],
                    ),
                };
                Ok(Answer::new(contents, text))
            }
            Self::Variables { version } => {
                let shown = show(desk, &version)?;
                let text = table(&shown["variables"], &VARIABLES, "No variables.");
                Ok(Answer::new(json!({ "version": shown["version"], "variables": shown["variables"] }), text))
            }
            Self::Compare { versions, differences_only } => {
                let versions: Vec<Value> = versions
                    .iter()
                    .map(|version| show(desk, version).map(|shown| shown["version"].clone()))
                    .collect::<Result<_, _>>()?;
                let compared = desk.call("registry.compare", json!({ "versions": versions }))?;
                let text = compared_text(&compared, differences_only);
                Ok(Answer::new(compared, text))
            }
            Self::SetChampion { version } => {
                place(desk, "registry.set_champion", &version, "is the champion")
            }
            Self::SetChallenger { version } => {
                place(desk, "registry.set_challenger", &version, "is a challenger")
            }
            Self::ClearPlace { version } => place(desk, "registry.clear_place", &version, "holds no place"),
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
        let head = facts(
            &registered,
            &[
                ("model", "model"),
                ("version", "version"),
                ("number", "number"),
                ("digest", "digest"),
                ("recorded at #", "position"),
            ],
        );
        let text = read(&registered, &head);
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

fn place(desk: &mut Desk, command: &str, version: &str, what: &str) -> Result<Answer, Failure> {
    let recorded = desk.call(command, json!({ "version": version }))?;
    let text = format!("`{}` {what} as of #{}.", plain(version), recorded["position"]);
    Ok(Answer::new(recorded, text))
}

/// What reading a package showed, below its heading.
fn read(reading: &Value, head: &str) -> String {
    let mut text = head.to_owned();
    text.push_str(&section("Files", &table(&reading["files"], &FILES, "")));
    text.push_str(&section("Variables", &table(&reading["variables"], &VARIABLES, "")));
    text.push_str(&section("Findings", &table(&reading["findings"], &FINDINGS, "")));
    text.push_str(&section("Warnings", &lines(&reading["warnings"])));
    text
}

fn described(shown: &Value) -> String {
    let mut text = facts(
        shown,
        &[
            ("model", "model/name"),
            ("project", "model/project_name"),
            ("version", "number"),
            ("id", "version"),
            ("role", "role"),
            ("digest", "digest"),
            ("algorithm", "model/algorithm"),
            ("tool", "model/tool"),
            ("registered", "registered_at"),
            ("by", "registered_by"),
            ("recorded at #", "position"),
        ],
    );
    let approvals = [
        ("DECISION", "decision"),
        ("GATE", "gate"),
        ("BY", "member"),
        ("AT", "at"),
        ("CURRENT", "current"),
        ("NOTE", "note"),
        ("#", "position"),
    ];
    text.push_str(&section("Decisions", &table(&shown["approvals"], &approvals, "")));
    text.push_str(&section(
        "Migrated to",
        &table(
            &shown["migrations"],
            &[("BUCKET", "bucket"), ("RUN", "run"), ("AT", "at"), ("MANIFEST", "manifest")],
            "",
        ),
    ));
    text.push_str(&section("Fit statistics", &fit(&shown["fit_statistics"])));
    text.push_str(&section(
        "Properties",
        &table(&shown["properties"], &[("NAME", "name"), ("VALUE", "value")], ""),
    ));
    text.push_str(&section("Findings", &table(&shown["findings"], &FINDINGS, "")));
    text.push_str(&section("Warnings", &lines(&shown["warnings"])));
    let versions = [
        ("VERSION", "number"),
        ("ROLE", "role"),
        ("REGISTERED", "registered_at"),
        ("BY", "registered_by"),
        ("DIGEST", "digest"),
    ];
    text.push_str(&section("Versions", &table(&shown["versions"], &versions, "")));
    text
}

fn fit(statistics: &Value) -> String {
    let partitions: Vec<&str> =
        statistics["partitions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let places: Vec<String> = (0..partitions.len()).map(|number| format!("v{number}")).collect();
    let mut columns = vec![("STATISTIC", "label")];
    columns.extend(partitions.iter().copied().zip(places.iter().map(String::as_str)));
    columns.push(("CONTRADICTED BY", "inconsistent"));
    table(&spread(&statistics["rows"], &places), &columns, "")
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

fn compared_text(compared: &Value, differences_only: bool) -> String {
    let names: Vec<String> = compared["versions"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|version| format!("{} {}", cell(&version["model_name"]), cell(&version["number"])))
        .collect();
    let places: Vec<String> = (0..names.len()).map(|number| format!("v{number}")).collect();
    let mut text = String::new();
    for (title, field, label) in [
        ("Statistics", "statistics", "label"),
        ("Variables", "variables", "name"),
        ("Properties", "properties", "name"),
        ("Files", "files", "name"),
    ] {
        let mut columns = vec![("", label)];
        if field == "statistics" {
            columns.push(("PARTITION", "partition"));
        }
        columns.extend(names.iter().map(String::as_str).zip(places.iter().map(String::as_str)));
        let rows: Vec<Value> = compared[field]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|row| !differences_only || !same(row))
            .cloned()
            .collect();
        text.push_str(&section(title, &table(&spread(&rows.into(), &places), &columns, "")));
    }
    for diff in compared["diffs"].as_array().into_iter().flatten() {
        text.push_str(&section(&cell(&diff["path"]), diff["diff"].as_str().unwrap_or_default()));
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
