//! The workflow room in a terminal: definitions, instances, and what needs no workspace (`lint`, `simulate`, `evaluate`).

pub(crate) mod connections;
mod rehearsal;
pub(crate) mod tasks;

use std::path::PathBuf;

use app::{Code, Failure};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use words::said;

use crate::arguments::{Page, absolute, assignments};
use crate::desk::Desk;
use crate::output::{Answer, cell, facts, page, plain, section, table};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Import a BPMN definition; with --rewrite, only write it back, without a workspace
    Import(Import),
    /// Check a definition before it can hurt anyone; needs no workspace
    Lint(rehearsal::Lint),
    /// Play a definition on a simulated clock; needs no workspace
    Simulate(rehearsal::Simulate),
    /// Evaluate an expression; needs no workspace
    Evaluate(rehearsal::Evaluate),
    /// Bind calls, people and approvals of a definition
    Bind(Bind),
    /// Definitions of the workspace
    List,
    /// A definition: lint, bindings, start form
    Show {
        /// Name or identifier
        definition: String,
    },
    /// Write a definition back; unedited, byte for byte
    Export {
        /// Name or identifier
        definition: String,
        /// The file to write
        #[arg(long, short)]
        output: PathBuf,
    },
    /// Templates that come with the program
    Templates,
    /// Start a process in a project
    Start(Start),
    /// Let a process start by itself in a project: by the timers, messages and signals of its start events
    Arm(Start),
    /// Let it start by itself no more; what it started goes on
    Disarm {
        /// As `workflow show` lists it
        start: String,
    },
    /// Instances, latest first
    Instances {
        /// Only of this project
        #[arg(long)]
        project: Option<String>,
        /// Only `running` or `ended` ones, or those with an `incident`
        #[arg(long)]
        state: Option<String>,
        #[command(flatten)]
        page: Page,
    },
    /// An instance: where it stands, what happened
    Instance { instance: String },
    /// Open incidents of all instances
    Incidents {
        /// Only of this project
        #[arg(long)]
        project: Option<String>,
    },
    /// Try an incident's element again
    Retry { instance: String, incident: String },
    /// Go on past an incident
    Skip {
        instance: String,
        incident: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Cancel an instance
    Cancel {
        instance: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Set variables of an instance, as a signed fact
    Set {
        instance: String,
        /// A value that is JSON keeps its type, any other is a text
        #[arg(required = true, value_name = "NAME=VALUE")]
        variables: Vec<String>,
    },
    /// Move an instance to another version of its definition
    Migrate(Migrate),
    /// Comment on an instance; `@name` mentions a member
    Comment { instance: String, text: String },
}

#[derive(Args, Debug)]
pub(crate) struct Import {
    /// The BPMN file
    #[arg(required_unless_present = "template", conflicts_with = "template")]
    file: Option<PathBuf>,
    /// A template that comes with the program, instead of a file
    #[arg(long)]
    template: Option<String>,
    /// Name to keep it under; a name that exists gets a new version
    #[arg(long)]
    name: Option<String>,
    /// Only read the file and write it back here: nothing was edited, so byte for byte the same
    #[arg(long, value_name = "OUT", conflicts_with_all = ["name", "template"])]
    rewrite: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Bind {
    /// Name or identifier
    definition: String,
    /// Bind a call to an action, or to a connection as `http:NAME` (repeat for more)
    #[arg(long = "call", value_name = "ELEMENT=ACTION")]
    calls: Vec<String>,
    /// Bind a group to a role, or to a member as `@name`
    #[arg(long = "group", value_name = "GROUP=ROLE")]
    groups: Vec<String>,
    /// Bind a user to a member as `@name`, or to a role
    #[arg(long = "user", value_name = "USER=@MEMBER")]
    users: Vec<String>,
    /// A user task whose answer is an approval; naming any replaces them all
    #[arg(long = "gate", value_name = "ELEMENT=VARIABLE")]
    gates: Vec<String>,
    /// When a user task that waits is spoken of again, with when and to whom it escalates (a role or `@name`); `*` stands
    /// for every task; naming any replaces them all
    #[arg(long = "remind", value_name = "ELEMENT=P1D[,P3D[,ROLE]]")]
    reminders: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Start {
    /// Name or identifier of the definition
    definition: String,
    /// Project, by name or identifier
    #[arg(long)]
    project: String,
    /// Version it is about; the project's champion if absent
    #[arg(long)]
    version: Option<String>,
    /// An answer to the start form (repeat for more)
    #[arg(long = "set", value_name = "NAME=VALUE")]
    variables: Vec<String>,
    /// All answers as one JSON object
    #[arg(long, value_name = "JSON")]
    variables_json: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Migrate {
    instance: String,
    /// Number or identifier of the version to move to; the latest if absent
    #[arg(long)]
    to: Option<String>,
    /// An element and its counterpart, where ids and names do not say it (repeat for more)
    #[arg(long = "map", value_name = "OLD=NEW")]
    map: Vec<String>,
    /// Only say what would move, what would be lost and what stands in the way
    #[arg(long)]
    dry_run: bool,
    /// Why
    #[arg(long, required_unless_present = "dry_run")]
    reason: Option<String>,
}

const DEFINITIONS: [(&str, &str); 8] = [
    ("DEFINITION", "name"),
    ("VERSION", "version"),
    ("STARTABLE", "startable"),
    ("BOUND", "bound"),
    ("ERRORS", "errors"),
    ("WARNINGS", "warnings"),
    ("IMPORTED", "imported_at"),
    ("ID", "id"),
];
const INSTANCES: [(&str, &str); 8] = [
    ("INSTANCE", "id"),
    ("DEFINITION", "definition"),
    ("PROJECT", "project_name"),
    ("VERSION", "version/label"),
    ("STATE", "state"),
    ("WAITING FOR", "waiting_for"),
    ("INCIDENTS", "incidents"),
    ("STARTED", "started_at"),
];
const INCIDENTS: [(&str, &str); 4] =
    [("INCIDENT", "id"), ("ELEMENT", "name"), ("AT", "at"), ("WHAT", "message")];
const DIAGNOSTICS: [(&str, &str); 4] =
    [("SEVERITY", "severity"), ("RULE", "code"), ("ELEMENT", "element"), ("WHAT", "message")];

impl Command {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Import(import) => import.run(desk),
            Self::Lint(lint) => lint.run(),
            Self::Simulate(simulate) => simulate.run(),
            Self::Evaluate(evaluate) => evaluate.run(desk),
            Self::Bind(bind) => bind.run(desk),
            Self::List => {
                let list = desk.call("workflow.list_definitions", json!({}))?;
                let text = table(
                    &list,
                    &DEFINITIONS,
                    "No definitions. Import one with `countersign workflow import FILE`.",
                );
                Ok(Answer::new(list, text))
            }
            Self::Show { definition } => {
                let shown = desk.call("workflow.show_definition", json!({ "definition": definition }))?;
                let text = described(&shown);
                Ok(Answer::new(shown, text))
            }
            Self::Export { definition, output } => {
                let path = absolute(&output);
                desk.call("workflow.export", json!({ "definition": definition, "path": path }))?;
                let text = format!("`{}` holds the definition as it was imported.", output.display());
                Ok(Answer::new(json!({ "definition": definition, "output": path }), text))
            }
            Self::Templates => {
                let list = desk.call("workflow.templates", json!({}))?;
                let text =
                    table(&list, &[("TEMPLATE", "name"), ("WHAT IT IS FOR", "description")], "No templates.");
                Ok(Answer::new(list, text))
            }
            Self::Start(start) => {
                let recorded = desk.call("workflow.start", start.request()?)?;
                let text =
                    format!("Instance {} runs as of #{}.", cell(&recorded["id"]), recorded["position"]);
                Ok(Answer::new(recorded, text))
            }
            Self::Arm(start) => {
                let recorded = desk.call("workflow.arm", start.request()?)?;
                let text = format!(
                    "It starts by itself as of #{}. End that with `countersign workflow disarm {}`.",
                    recorded["position"],
                    cell(&recorded["id"])
                );
                Ok(Answer::new(recorded, text))
            }
            Self::Disarm { start } => {
                let recorded = desk.call("workflow.disarm", json!({ "start": start }))?;
                let text = format!("It starts by itself no more, as of #{}.", recorded["position"]);
                Ok(Answer::new(recorded, text))
            }
            Self::Instances { project, state, page: wanted } => {
                let mut request = json!({ "page": wanted.request() });
                for (field, value) in [("project", project), ("state", state)] {
                    if let Some(value) = value {
                        request[field] = value.into();
                    }
                }
                let list = desk.call("workflow.list_instances", request)?;
                let text =
                    page(&list, &INSTANCES, "No instances. Start one with `countersign workflow start`.");
                Ok(Answer::new(list, text))
            }
            Self::Instance { instance } => {
                let shown = desk.call("workflow.show_instance", json!({ "instance": instance }))?;
                let text = standing(&shown);
                Ok(Answer::new(shown, text))
            }
            Self::Incidents { project } => incidents(desk, project),
            Self::Retry { instance, incident } => {
                let request = json!({ "instance": instance, "incident": incident });
                done(desk, "workflow.retry", request, "Tried again")
            }
            Self::Skip { instance, incident, reason } => {
                let request = json!({ "instance": instance, "incident": incident, "reason": reason });
                done(desk, "workflow.skip", request, "Skipped")
            }
            Self::Cancel { instance, reason } => {
                done(desk, "workflow.cancel", json!({ "instance": instance, "reason": reason }), "Cancelled")
            }
            Self::Set { instance, variables } => {
                let variables = assignments(&variables, None)?;
                done(
                    desk,
                    "workflow.set_variables",
                    json!({ "instance": instance, "variables": variables }),
                    "Set",
                )
            }
            Self::Migrate(migrate) => migrate.run(desk),
            Self::Comment { instance, text } => {
                done(desk, "workflow.comment", json!({ "instance": instance, "text": text }), "Commented")
            }
        }
    }
}

impl Import {
    fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        if let (Some(file), Some(out)) = (&self.file, &self.rewrite) {
            return rehearsal::rewrite(file, out);
        }
        let mut request = json!({});
        for (field, value) in
            [("path", self.file.as_deref().map(absolute)), ("template", self.template), ("name", self.name)]
        {
            if let Some(value) = value {
                request[field] = value.into();
            }
        }
        let shown = desk.call("workflow.import_definition", request)?;
        let text = described(&shown);
        Ok(Answer::new(shown, text))
    }
}

impl Bind {
    fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let calls: Vec<Value> = pairs(&self.calls, |element, action| match action.split_once(':') {
            Some((action, connection)) => {
                json!({ "element": element, "action": action, "connection": connection })
            }
            None => json!({ "element": element, "action": action }),
        })?;
        let mut parties = pairs(&self.groups, |name, to| party("group", name, to))?;
        parties.extend(pairs(&self.users, |name, to| party("user", name, to))?);
        let mut request = json!({ "definition": self.definition, "calls": calls, "parties": parties });
        if !self.gates.is_empty() {
            request["gates"] =
                pairs(&self.gates, |element, variable| json!({ "element": element, "variable": variable }))?
                    .into();
        }
        if !self.reminders.is_empty() {
            request["reminders"] = pairs(&self.reminders, |element, times| {
                let mut times = times.splitn(3, ',').map(str::trim);
                let mut row = json!({ "element": element, "after": times.next() });
                for (field, value) in ["escalate_after", "escalate_to"].into_iter().zip(times) {
                    row[field] = value.into();
                }
                row
            })?
            .into();
        }
        let shown = desk.call("workflow.bind", request)?;
        let text = described(&shown);
        Ok(Answer::new(shown, text))
    }
}

impl Start {
    fn request(self) -> Result<serde_json::Value, Failure> {
        let variables = assignments(&self.variables, self.variables_json.as_deref())?;
        let mut request =
            json!({ "definition": self.definition, "project": self.project, "variables": variables });
        if let Some(version) = self.version {
            request["version"] = version.into();
        }
        Ok(request)
    }
}

impl Migrate {
    fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let mut map = serde_json::Map::new();
        for pair in pairs(&self.map, |old, new| json!([old, new]))? {
            if let (Some(old), Some(new)) = (pair[0].as_str(), pair.get(1)) {
                map.insert(old.to_owned(), new.clone());
            }
        }
        let mut request = json!({ "instance": self.instance, "map": map });
        if let Some(to) = self.to {
            request["to"] = to.into();
        }
        let Some(reason) = self.reason.filter(|_| !self.dry_run) else {
            let plan = desk.call("workflow.plan_migration", request)?;
            let text = planned(&plan);
            return Ok(Answer::new(plan, text));
        };
        request["reason"] = reason.into();
        done(desk, "workflow.migrate_instance", request, "Moved")
    }
}

fn planned(plan: &Value) -> String {
    let mut text = facts(
        plan,
        &[
            ("instance", "instance"),
            ("definition", "definition"),
            ("from version", "from"),
            ("to version", "to"),
            ("possible", "possible"),
        ],
    );
    let moves = [("FROM", "from"), ("TO", "to"), ("NAME", "name"), ("FOUND BY", "by")];
    text.push_str(&section("What moves", &table(&plan["moves"], &moves, "")));
    for (title, list) in
        [("In the way", "problems"), ("What would be lost", "losses"), ("What would begin", "gains")]
    {
        text.push_str(&section(title, &table(&plan[list], &[("OF", "of"), ("WHAT", "message")], "")));
    }
    text
}

fn party(kind: &str, name: &str, to: &str) -> Value {
    match to.strip_prefix('@') {
        Some(member) => json!({ "kind": kind, "name": name, "member": member }),
        None => json!({ "kind": kind, "name": name, "role": to }),
    }
}

fn pairs(list: &[String], make: impl Fn(&str, &str) -> Value) -> Result<Vec<Value>, Failure> {
    list.iter()
        .map(|pair| match pair.rsplit_once('=') {
            Some((left, right)) if !left.is_empty() && !right.is_empty() => Ok(make(left, right)),
            _ => Err(Failure::said(Code::Usage, said!("binds-nothing", pair = pair.to_string()))),
        })
        .collect()
}

fn done(desk: &mut Desk, command: &str, request: Value, what: &str) -> Result<Answer, Failure> {
    let recorded = desk.call(command, request)?;
    let text = format!("{what} at #{}.", recorded["position"]);
    Ok(Answer::new(recorded, text))
}

/// Instances with an incident, and the incidents of each.
fn incidents(desk: &mut Desk, project: Option<String>) -> Result<Answer, Failure> {
    let mut request = json!({ "state": "incident", "page": { "limit": 500 } });
    if let Some(project) = project {
        request["project"] = project.into();
    }
    let list = desk.call("workflow.list_instances", request)?;
    let mut rows: Vec<Value> = Vec::new();
    for instance in list["rows"].as_array().into_iter().flatten() {
        let shown = desk.call("workflow.show_instance", json!({ "instance": instance["id"] }))?;
        for incident in shown["incidents"].as_array().into_iter().flatten() {
            let mut row = incident.clone();
            row["instance"] = instance["id"].clone();
            row["project_name"] = instance["project_name"].clone();
            rows.push(row);
        }
    }
    let rows = Value::from(rows);
    let mut columns = vec![("INSTANCE", "instance"), ("PROJECT", "project_name")];
    columns.extend(INCIDENTS);
    let text = table(&rows, &columns, "No incidents.");
    Ok(Answer::new(json!({ "rows": rows }), text))
}

fn described(shown: &Value) -> String {
    let mut text = facts(
        &shown["definition"],
        &[
            ("definition", "name"),
            ("version", "version"),
            ("id", "id"),
            ("digest", "digest"),
            ("startable", "startable"),
            ("bound", "bound"),
            ("imported", "imported_at"),
            ("by", "imported_by"),
        ],
    );
    text.push_str(&section("Lint", &table(&shown["diagnostics"], &DIAGNOSTICS, "")));
    let calls = [
        ("ELEMENT", "element"),
        ("NAME", "name"),
        ("ACTION", "action"),
        ("THROUGH", "connection"),
        ("BY ITSELF", "by_itself"),
        ("CALL", "call"),
    ];
    text.push_str(&section("Calls", &table(&shown["calls"], &calls, "")));
    let parties = [
        ("KIND", "kind"),
        ("NAME", "name"),
        ("ROLE", "role"),
        ("MEMBER", "member"),
        ("EXCLUDED", "excluded"),
        ("AT", "elements"),
    ];
    text.push_str(&section("People", &table(&shown["parties"], &parties, "")));
    let gates = [("ELEMENT", "element"), ("NAME", "name"), ("ANSWER", "variable"), ("GUARDS", "gate")];
    text.push_str(&section("Approvals", &table(&shown["gates"], &gates, "")));
    let reminders =
        [("TASK", "element"), ("REMIND", "after"), ("ESCALATE", "escalate_after"), ("TO", "escalate_to")];
    text.push_str(&section("Reminders", &table(&shown["reminders"], &reminders, "")));
    text.push_str(&section("Asked at the start", &prompts(&shown["prompts"])));
    text
}

fn standing(shown: &Value) -> String {
    let mut text = facts(
        &shown["instance"],
        &[
            ("instance", "id"),
            ("definition", "definition"),
            ("project", "project_name"),
            ("version", "version/label"),
            ("digest", "version/digest"),
            ("state", "state"),
            ("started", "started_at"),
            ("by", "started_by"),
            ("ended", "ended_at"),
        ],
    );
    text.push_str(&section("Tasks", &table(&shown["tasks"], &tasks::TASKS, "")));
    text.push_str(&section(
        "Timers",
        &table(&shown["timers"], &[("ELEMENT", "element"), ("DUE", "due")], ""),
    ));
    let effects = [("ELEMENT", "name"), ("ACTION", "action"), ("RUN", "run"), ("KEY", "key")];
    text.push_str(&section("Calls under way", &table(&shown["effects"], &effects, "")));
    text.push_str(&section("Incidents", &table(&shown["incidents"], &INCIDENTS, "")));
    let variables = [("VARIABLE", "name"), ("TYPE", "kind"), ("VALUE", "value")];
    text.push_str(&section("Variables", &table(&shown["variables"], &variables, "")));
    let log = [("#", "position"), ("AT", "at"), ("WHO", "member"), ("WHAT", "text")];
    text.push_str(&section("What happened, latest first", &table(&shown["log"], &log, "")));
    for comment in shown["comments"].as_array().into_iter().flatten() {
        text.push_str(&format!(
            "\n{} {}: {}",
            cell(&comment["at"]),
            cell(&comment["member"]),
            plain(comment["text"].as_str().unwrap_or_default())
        ));
    }
    text
}

/// Questions of a form.
fn prompts(list: &Value) -> String {
    table(
        list,
        &[("ANSWER", "variable"), ("TYPE", "type"), ("REQUIRED", "required"), ("QUESTION", "question")],
        "",
    )
}
