//! The workflow room in a terminal: definitions, instances, and what needs no workspace (`lint`, `simulate`, `evaluate`).

pub(crate) mod connections;
mod described;
mod rehearsal;
pub(crate) mod tasks;

use std::path::PathBuf;

use app::{Code, Failure};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use words::said;

use crate::arguments::{Page, absolute, assignments};
use crate::desk::Desk;
use crate::output::{Answer, cell};
use described::{INCIDENTS, described, meant, planned, standing};

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
    /// What differs between two versions of a definition
    Compare {
        /// Name, or identifier of one of its versions
        definition: String,
        /// The earlier version, by its number; the one before the later if absent
        #[arg(long, value_name = "NUMBER")]
        from: Option<u64>,
        /// The later version, by its number; the latest if absent
        #[arg(long, value_name = "NUMBER")]
        to: Option<u64>,
        /// Also what only moved in the drawing
        #[arg(long)]
        moved: bool,
    },
    /// Write a definition back; unedited, byte for byte
    Export {
        /// Name or identifier
        definition: String,
        /// The file to write
        #[arg(long, short)]
        output: PathBuf,
    },
    /// Have nothing started by a version of a definition any more; what runs goes on
    Disable(Switch),
    /// Have it started again
    Enable(Switch),
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
    /// Tell an instance that a message or signal came, or that a receive task or job it waits for is done
    Deliver(Deliver),
    /// Set variables of an instance, as a signed fact
    Set {
        instance: String,
        /// The sub-process they belong to, by its number as `workflow instance` lists it; the process itself if absent
        #[arg(long)]
        scope: Option<String>,
        /// A value that is JSON keeps its type, any other is a text
        #[arg(required = true, value_name = "NAME=VALUE")]
        variables: Vec<String>,
    },
    /// Turn an instance to another version of a model: what it asks and does from now on is about that
    Turn {
        instance: String,
        /// The version, by identifier or as `PROJECT/MODEL@1.1`
        #[arg(long)]
        version: String,
        /// Why
        #[arg(long)]
        reason: String,
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
    #[arg(long, value_name = "OUT", conflicts_with_all = ["name", "template", "dry_run"])]
    rewrite: Option<PathBuf>,
    /// Only say what the lint finds, and what its calls, people and processes would mean
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Bind {
    /// Name or identifier
    definition: String,
    /// Bind a call to an action, or to a connection as `http:NAME` (repeat for more)
    #[arg(long = "call", value_name = "ELEMENT=ACTION")]
    calls: Vec<String>,
    /// What an input of a call comes from: a variable, or for `target` and `deadline` also what is meant itself; of the
    /// inputs that are not named, those it has stay (repeat for more)
    #[arg(long = "input", value_name = "ELEMENT=NAME:VALUE")]
    inputs: Vec<String>,
    /// Bind a group to a role, or to a member as `@name`
    #[arg(long = "group", value_name = "GROUP=ROLE")]
    groups: Vec<String>,
    /// Bind a user to a member as `@name`, or to a role
    #[arg(long = "user", value_name = "USER=@MEMBER")]
    users: Vec<String>,
    /// A user task whose answer is an approval; naming any replaces them all
    #[arg(long = "gate", value_name = "ELEMENT=VARIABLE")]
    gates: Vec<String>,
    /// No user task's answer is an approval
    #[arg(long, conflicts_with = "gates")]
    no_gates: bool,
    /// Bind a process that is called to the definition it is in, by name or identifier (repeat for more)
    #[arg(long = "called", value_name = "PROCESS=DEFINITION")]
    called: Vec<String>,
    /// When a user task that waits is spoken of again, with when and to whom it escalates (a role or `@name`); `*` stands
    /// for every task; naming any replaces them all
    #[arg(long = "remind", value_name = "ELEMENT=P1D[,P3D[,ROLE]]")]
    reminders: Vec<String>,
    /// Nobody is reminded of anything, and nothing escalates
    #[arg(long, conflicts_with = "reminders")]
    no_reminders: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Switch {
    /// Identifier, or a name for its latest version
    definition: String,
    /// Why
    #[arg(long)]
    reason: String,
}

impl Switch {
    fn request(self) -> Value {
        json!({ "definition": self.definition, "reason": self.reason })
    }
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
    /// Which process of the definition; the first that can be started if absent
    #[arg(long)]
    process: Option<String>,
    /// An answer to the start form (repeat for more)
    #[arg(long = "set", value_name = "NAME=VALUE")]
    variables: Vec<String>,
    /// All answers as one JSON object
    #[arg(long, value_name = "JSON")]
    variables_json: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Deliver {
    instance: String,
    /// A message, by its name
    #[arg(long, group = "event")]
    message: Option<String>,
    /// A signal, by its name
    #[arg(long, group = "event")]
    signal: Option<String>,
    /// A receive task or job that waits, by its element, name or number
    #[arg(long, group = "event", required_unless_present_any = ["message", "signal"])]
    trigger: Option<String>,
    /// The value the message carries
    #[arg(long, requires = "message")]
    correlation: Option<String>,
    /// A variable it brings (repeat for more); for a job, `state` is what the job ended as
    #[arg(long = "set", value_name = "NAME=VALUE")]
    variables: Vec<String>,
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
    ("label-definition", "name"),
    ("label-version", "version"),
    ("label-startable", "startable"),
    ("label-bound", "bound"),
    ("label-errors", "errors"),
    ("label-warnings", "warnings"),
    ("label-imported", "imported_at"),
    ("label-id", "id"),
];
const INSTANCES: [(&str, &str); 8] = [
    ("label-instance", "id"),
    ("label-definition", "definition"),
    ("label-project", "project_name"),
    ("label-version", "version/label"),
    ("label-state", "state"),
    ("label-waiting-for", "waiting_for"),
    ("label-incidents", "incidents"),
    ("label-started", "started_at"),
];
impl Command {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Import(import) => import.run(desk),
            Self::Lint(lint) => lint.run(desk),
            Self::Simulate(simulate) => simulate.run(desk),
            Self::Evaluate(evaluate) => evaluate.run(desk),
            Self::Bind(bind) => bind.run(desk),
            Self::List => {
                let list = desk.call("workflow.list_definitions", json!({}))?;
                let text = desk.reader().table(&list, &DEFINITIONS, "none-definitions");
                Ok(Answer::new(list, text))
            }
            Self::Show { definition } => {
                let shown = desk.call("workflow.show_definition", json!({ "definition": definition }))?;
                let text = described(desk.reader(), &shown);
                Ok(Answer::new(shown, text))
            }
            Self::Compare { definition, from, to, moved } => compare(desk, &definition, from, to, moved),
            Self::Export { definition, output } => {
                let path = absolute(&output);
                desk.call("workflow.export", json!({ "definition": definition, "path": path }))?;
                let text =
                    desk.reader().say(&said!("said-definition-written", path = output.display().to_string()));
                Ok(Answer::new(json!({ "definition": definition, "output": path }), text))
            }
            Self::Disable(it) => done(desk, "workflow.disable_definition", it.request(), "said-disabled"),
            Self::Enable(it) => done(desk, "workflow.enable_definition", it.request(), "said-enabled"),
            Self::Templates => {
                let list = desk.call("workflow.templates", json!({}))?;
                let text = desk.reader().table(
                    &list,
                    &[("label-template", "name"), ("label-what-it-is-for", "description")],
                    "none-templates",
                );
                Ok(Answer::new(list, text))
            }
            Self::Start(start) => {
                let recorded = desk.call("workflow.start", start.request()?)?;
                let text = desk.reader().say(&said!(
                    "said-instance-runs",
                    instance = cell(&recorded["id"]),
                    position = cell(&recorded["position"])
                ));
                Ok(Answer::new(recorded, text))
            }
            Self::Arm(start) => {
                let recorded = desk.call("workflow.arm", start.request()?)?;
                let text = desk.reader().say(&said!(
                    "said-armed",
                    start = cell(&recorded["id"]),
                    position = cell(&recorded["position"])
                ));
                Ok(Answer::new(recorded, text))
            }
            Self::Disarm { start } => {
                let recorded = desk.call("workflow.disarm", json!({ "start": start }))?;
                let text = desk.reader().recorded("said-disarmed", &recorded);
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
                let text = desk.reader().page(&list, &INSTANCES, "none-instances");
                Ok(Answer::new(list, text))
            }
            Self::Instance { instance } => {
                let shown = desk.call("workflow.show_instance", json!({ "instance": instance }))?;
                let text = standing(desk.reader(), &shown);
                Ok(Answer::new(shown, text))
            }
            Self::Incidents { project } => incidents(desk, project),
            Self::Retry { instance, incident } => {
                let request = json!({ "instance": instance, "incident": incident });
                done(desk, "workflow.retry", request, "said-tried-again")
            }
            Self::Skip { instance, incident, reason } => {
                let request = json!({ "instance": instance, "incident": incident, "reason": reason });
                done(desk, "workflow.skip", request, "said-skipped")
            }
            Self::Cancel { instance, reason } => done(
                desk,
                "workflow.cancel",
                json!({ "instance": instance, "reason": reason }),
                "said-cancelled",
            ),
            Self::Deliver(deliver) => deliver.run(desk),
            Self::Set { instance, scope, variables } => {
                let variables = assignments(&variables, None)?;
                done(
                    desk,
                    "workflow.set_variables",
                    json!({ "instance": instance, "variables": variables, "scope": scope }),
                    "said-set",
                )
            }
            Self::Turn { instance, version, reason } => done(
                desk,
                "workflow.turn",
                json!({ "instance": instance, "version": version, "reason": reason }),
                "said-turned",
            ),
            Self::Migrate(migrate) => migrate.run(desk),
            Self::Comment { instance, text } => done(
                desk,
                "workflow.comment",
                json!({ "instance": instance, "text": text }),
                "said-commented",
            ),
        }
    }
}

impl Import {
    fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        if let (Some(file), Some(out)) = (&self.file, &self.rewrite) {
            return rehearsal::rewrite(desk.reader(), file, out);
        }
        let mut request = json!({});
        for (field, value) in
            [("path", self.file.as_deref().map(absolute)), ("template", self.template), ("name", self.name)]
        {
            if let Some(value) = value {
                request[field] = value.into();
            }
        }
        if self.dry_run {
            let reading = desk.call("workflow.inspect_definition", request)?;
            let mut text = desk.reader().facts(
                &reading,
                &[("label-definition", "name"), ("label-replaces", "replaces"), ("label-size", "size")],
            );
            text.push_str(&meant(desk.reader(), &reading));
            return Ok(Answer::new(reading, text));
        }
        let shown = desk.call("workflow.import_definition", request)?;
        let text = described(desk.reader(), &shown);
        Ok(Answer::new(shown, text))
    }
}

/// What differs between two versions, by their numbers.
fn compare(
    desk: &mut Desk,
    definition: &str,
    from: Option<u64>,
    to: Option<u64>,
    moved: bool,
) -> Result<Answer, Failure> {
    let shown = desk.call("workflow.show_definition", json!({ "definition": definition }))?;
    let versions = shown["versions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let latest = || versions.iter().filter_map(|one| one["version"].as_u64()).max();
    let to = to.or_else(latest).unwrap_or_default();
    let from = from.unwrap_or_else(|| to.saturating_sub(1));
    let of = |number: u64| {
        let version = versions.iter().find(|one| one["version"] == number);
        let missing = || Failure::not_found("version", &number.to_string());
        version.map(|version| version["id"].clone()).ok_or_else(missing)
    };
    let compared =
        desk.call("workflow.compare_definitions", json!({ "before": of(from)?, "after": of(to)? }))?;
    let mut rows: Vec<Value> = Vec::new();
    for one in compared["differences"].as_array().into_iter().flatten() {
        if one["kind"] == "moved" && !moved {
            continue;
        }
        let what = one["what"].as_array().filter(|what| !what.is_empty());
        let none = [json!({})];
        for aspect in what.map_or(&none[..], Vec::as_slice) {
            let mut row = aspect.clone();
            for field in ["kind", "element", "name"] {
                row[field] = one[field].clone();
            }
            rows.push(row);
        }
    }
    let columns = [
        ("label-kind", "kind"),
        ("label-element", "element"),
        ("label-name", "name"),
        ("label-what", "property"),
        ("label-before", "before"),
        ("label-after", "after"),
    ];
    let text = desk.reader().table(&Value::from(rows), &columns, "none-differences");
    Ok(Answer::new(compared, text))
}

impl Bind {
    fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let mut calls: Vec<Value> = pairs(&self.calls, |element, action| match action.split_once(':') {
            Some((action, connection)) => {
                json!({ "element": element, "action": action, "connection": connection })
            }
            None => json!({ "element": element, "action": action }),
        })?;
        if !self.inputs.is_empty() {
            let shown = desk.call("workflow.show_definition", json!({ "definition": self.definition }))?;
            for input in &self.inputs {
                name_input(&mut calls, &shown, input)?;
            }
        }
        let mut parties = pairs(&self.groups, |name, to| party("group", name, to))?;
        parties.extend(pairs(&self.users, |name, to| party("user", name, to))?);
        let called = pairs(&self.called, |process, to| json!({ "process": process, "definition": to }))?;
        let mut request = json!({
            "definition": self.definition, "calls": calls, "parties": parties, "called": called,
        });
        if self.no_gates || !self.gates.is_empty() {
            request["gates"] =
                pairs(&self.gates, |element, variable| json!({ "element": element, "variable": variable }))?
                    .into();
        }
        if self.no_reminders || !self.reminders.is_empty() {
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
        let text = described(desk.reader(), &shown);
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
        if let Some(process) = self.process {
            request["process"] = process.into();
        }
        Ok(request)
    }
}

impl Deliver {
    fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let events = [("message", self.message), ("signal", self.signal), ("trigger", self.trigger)];
        let (kind, name) =
            events.into_iter().find_map(|(kind, name)| Some((kind, name?))).unwrap_or_default();
        let variables = assignments(&self.variables, None)?;
        let request = json!({ "instance": self.instance, "kind": kind, "name": name, "correlation": self.correlation, "variables": variables });
        done(desk, "workflow.deliver", request, "said-delivered")
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
            let text = planned(desk.reader(), &plan);
            return Ok(Answer::new(plan, text));
        };
        request["reason"] = reason.into();
        done(desk, "workflow.migrate_instance", request, "said-moved")
    }
}

/// Adds an input to a call that is being bound, or to one that is bound already.
fn name_input(calls: &mut Vec<Value>, shown: &Value, text: &str) -> Result<(), Failure> {
    let nothing = || Failure::said(Code::Usage, said!("binds-nothing", pair = text.to_string()));
    let (element, input) = text.split_once('=').ok_or_else(nothing)?;
    let (name, value) = input.split_once(':').filter(|(name, _)| !name.is_empty()).ok_or_else(nothing)?;
    let bound = shown["calls"].as_array().into_iter().flatten().find(|row| row["element"] == element);
    if !calls.iter().any(|call| call["element"] == element) {
        let bound = bound.filter(|row| row["action"].is_string()).ok_or_else(nothing)?;
        let mut call = json!({ "element": element, "action": bound["action"] });
        if bound["connection"].is_string() {
            call["connection"] = bound["connection"].clone();
        }
        calls.push(call);
    }
    let call = calls.iter_mut().find(|call| call["element"] == element).ok_or_else(nothing)?;
    if !call["inputs"].is_array() {
        let had = bound.filter(|row| row["action"] == call["action"]).map(|row| row["inputs"].clone());
        call["inputs"] = had.filter(Value::is_array).unwrap_or_else(|| json!([]));
    }
    if let Some(inputs) = call["inputs"].as_array_mut() {
        inputs.retain(|one| one["name"] != name);
        if !value.is_empty() {
            inputs.push(json!({ "name": name, "value": value }));
        }
    }
    Ok(())
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

fn done(desk: &mut Desk, command: &str, request: Value, told: &'static str) -> Result<Answer, Failure> {
    let recorded = desk.call(command, request)?;
    let text = desk.reader().recorded(told, &recorded);
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
    let mut columns = vec![("label-instance", "instance"), ("label-project", "project_name")];
    columns.extend(INCIDENTS);
    let text = desk.reader().table(&rows, &columns, "none-incidents");
    Ok(Answer::new(json!({ "rows": rows }), text))
}
