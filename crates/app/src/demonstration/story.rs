//! The steps of the story: who does what, and what must be so afterwards.

use governance::fact::{RunKind, RunState, Verdict};
use governance::runs::Run;
use governance::workflow::{Approval, Instance, OpenTask};
use serde_json::{Value, json};
use words::said;

mod monitoring;
mod place;

pub(super) use place::{is_sandbox as in_sandbox, open as open_place};

use super::{BUCKET, NAME, StoryStep, folder};
use crate::session::Session;
use crate::workspace::{self, ActAs, CreateWorkspace, Nothing};
use crate::{App, Code, Failure, people, registry, runs, workflow};

/// The seed of the customers.
const SEED: u64 = 2026;
const PROJECT: &str = "Customer churn";
const MODEL: &str = "Customer churn/churn_gbt";
pub(super) const VALIDATOR: &str = "vera";

/// Name, how they are called, roles.
const PEOPLE: [(&str, &str, &[&str]); 6] = [
    ("ana", "Ana Silva", &["data-scientist"]),
    (VALIDATOR, "Vera Rossi", &["validator"]),
    ("ivo", "Ivo Lima", &["it"]),
    ("dana", "Dana Novak", &["data-engineer"]),
    ("sam", "Sam Costa", &["model-steward"]),
    ("robot", "This desk", &["agent"]),
];

/// A step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    title: &'static str,
    /// Whether a person does it: the window stops before it.
    pub(super) by_hand: bool,
}

const fn step(name: &'static str, title: &'static str, by_hand: bool) -> Step {
    Step { name, title, by_hand }
}

/// The story.
pub(super) const STEPS: &[Step] = &[
    step("workspace", "A workspace is founded, with six members who each have their own key", false),
    step("packages", "Ana imports two competing packages and names the champion", false),
    step("definition", "The migration process is imported, checked and bound", false),
    step("start", "The process starts in the project; the validator has the task", false),
    step("separation", "Ana cannot approve her own model", true),
    step("approval", "Vera reads the evidence and signs", true),
    step("bucket", "Ivo names the bucket", true),
    step("migration", "The approved files are in that bucket, read back and equal; ready marker last", true),
    step("notification", "Dana, the engineer, is told that the migration finished", true),
    step("training", "The ready marker sets off training on Spark; its outputs are verified", true),
    step("scoring", "A dataset arrives and is scored with the approved version", true),
    step("monitor", "Sam watches the champion; four quarters of outcomes arrive in the bucket", true),
    step(
        "decay",
        "The process creates the report: Gini fell by almost half, the score looks stable; Sam is told",
        true,
    ),
    step(
        "retrain",
        "Ana may not judge her own model; Sam decides to retrain, and Spark trains it again",
        true,
    ),
    step("proof", "The whole history is verified, and a rebuilt cache says the same", true),
];

/// What goes before everything that has to do with a bucket, where the story is played in a cloud on this machine.
pub(super) const SANDBOX: Step =
    step("sandbox", "A Google Cloud on this machine, with a bucket and a target", false);
/// And its end.
pub(super) const SWEPT: Step = step("swept", "Nothing is left in that cloud", false);

impl Step {
    pub(super) fn shown(&self, (state, detail): (&str, String)) -> StoryStep {
        StoryStep {
            name: self.name.to_owned(),
            title: self.title.to_owned(),
            state: state.to_owned(),
            detail,
            link: None,
        }
    }
}

/// The story as it is played in this workspace.
pub(super) fn steps(session: &Session) -> Result<Vec<Step>, Failure> {
    let mut steps = STEPS.to_vec();
    if in_sandbox(session)? {
        steps.insert(1, SANDBOX);
        steps.push(SWEPT);
    }
    Ok(steps)
}

/// The first step that is not done.
pub(super) async fn next(app: &App) -> Result<Option<Step>, Failure> {
    let session = app.session()?;
    for step in steps(&session)? {
        if !is_done(&session, &step)? {
            return Ok(Some(step));
        }
    }
    Ok(None)
}

/// Whether nothing of the story has to do with a bucket yet, so that it can still be said where its model goes.
pub(super) fn place_is_open(session: &Session) -> Result<bool, Failure> {
    let bucket = STEPS.iter().find(|step| step.name == "bucket");
    Ok(runs_of(session, RunKind::Migrate)?.is_empty()
        && !bucket.map_or(Ok(false), |step| is_done(session, step))?)
}

/// Whether what the step is about is so, read from what stands and not from a note that it was played.
pub(super) fn is_done(session: &Session, step: &Step) -> Result<bool, Failure> {
    let noted = |name: &str| -> Result<bool, Failure> {
        Ok(session.desk.setting(&format!("story/{}/{name}", session.id()))?.is_some())
    };
    Ok(match step.name {
        "workspace" => session.cache.all("members")?.len() > PEOPLE.len(),
        "packages" => {
            registry::find_project(session, PROJECT).is_ok_and(|project| project.champion.is_some())
        }
        "definition" => session
            .cache
            .all("definitions")?
            .into_iter()
            .filter_map(|(_, row)| serde_json::from_value::<governance::workflow::Definition>(row).ok())
            .any(|definition| definition.obstacles().is_empty()),
        "start" => instance(session)?.is_some(),
        // Nothing in the ledger says that somebody was refused.
        "separation" => noted("separation")? || approval(session)?.is_some(),
        "approval" => approval(session)?.is_some(),
        "bucket" => instance(session)?.is_some_and(|instance| {
            approved(session).unwrap_or(false)
                && instance.engine.tasks.is_empty()
                && instance.engine.variables().iter().any(|(name, value)| {
                    name.to_lowercase().contains("bucket")
                        && value.as_str().is_some_and(|text| !text.is_empty())
                })
        }),
        "migration" => {
            !session.cache.all("migrations")?.is_empty()
                && instance(session)?.is_some_and(|instance| instance.status == "completed")
        }
        "notification" => noted("notification")?,
        "training" => succeeded(session, RunKind::Train)?,
        "scoring" => succeeded(session, RunKind::Score)?,
        "monitor" => !session.cache.all("monitors")?.is_empty(),
        "decay" => monitoring::watched(session)?
            .is_some_and(|monitor| monitor.open_alerts > 0 || monitor.decided.is_some()),
        "retrain" => monitoring::retrained(session)?,
        "sandbox" => in_sandbox(session)?,
        "proof" | "swept" => noted(step.name)?,
        _ => false,
    })
}

fn note(session: &Session, name: &str) -> Result<(), Failure> {
    Ok(session.desk.set(&format!("story/{}/{name}", session.id()), "done")?)
}

/// The migration process: the first that was started.
fn instance(session: &Session) -> Result<Option<Instance>, Failure> {
    let instances: Vec<(String, Value)> = session.cache.all("instances")?;
    Ok(instances.into_iter().next().and_then(|(_, row)| serde_json::from_value(row).ok()))
}

fn approval(session: &Session) -> Result<Option<Approval>, Failure> {
    Ok(session
        .cache
        .all("approvals")?
        .into_iter()
        .next_back()
        .and_then(|(_, row)| serde_json::from_value(row).ok()))
}

fn approved(session: &Session) -> Result<bool, Failure> {
    Ok(approval(session)?.is_some_and(|approval| approval.decision == Verdict::Approved))
}

fn succeeded(session: &Session, kind: RunKind) -> Result<bool, Failure> {
    Ok(runs_of(session, kind)?.iter().any(|run| run.state == RunState::Succeeded))
}

fn runs_of(session: &Session, kind: RunKind) -> Result<Vec<Run>, Failure> {
    let runs: Vec<(String, Run)> = session.cache.having("runs", "kind", kind.name())?;
    Ok(runs.into_iter().map(|(_, run)| run).collect())
}

fn wrong(what: impl Into<String>) -> Failure {
    Failure::said(Code::Verification, said!("story-wrong", what = what.into()))
}

/// Plays a step, and says what was checked.
pub(super) async fn play(app: &App, step: &Step) -> Result<String, Failure> {
    match step.name {
        "workspace" => workspace_step(app).await,
        "packages" => packages_step(app).await,
        "sandbox" => place::sandbox_step(app).await,
        "swept" => place::leave(app).await,
        "definition" => definition_step(app).await,
        "start" => start_step(app).await,
        "separation" => separation_step(app).await,
        "approval" => approval_step(app).await,
        "bucket" => bucket_step(app).await,
        "migration" => migration_step(app).await,
        "notification" => notification_step(app).await,
        "training" => training_step(app).await,
        "scoring" => scoring_step(app).await,
        "monitor" => monitoring::monitor_step(app).await,
        "decay" => monitoring::decay_step(app).await,
        "retrain" => monitoring::retrain_step(app).await,
        "proof" => proof_step(app).await,
        other => Err(Failure::said(Code::Internal, said!("no-story-step", other = other.to_string()))),
    }
}

async fn act_as(app: &App, member: &str) -> Result<(), Failure> {
    workspace::act_as(app, ActAs { member: member.to_owned() }).await.map(|_| ())
}

async fn workspace_step(app: &App) -> Result<String, Failure> {
    let url = folder(&app.home).display().to_string();
    if app.session().is_err() {
        workspace::create(
            app,
            CreateWorkspace {
                url,
                name: NAME.to_owned(),
                member: "ada".to_owned(),
                display_name: Some("Ada Meyer".to_owned()),
                quorum: std::collections::BTreeMap::new(),
            },
        )
        .await?;
    }
    act_as(app, "ada").await?;
    let session = app.session()?;
    for (name, display_name, roles) in PEOPLE {
        if session.cache.get::<Value>("members", name)?.is_some() {
            continue;
        }
        people::add_member(
            app,
            people::AddMember {
                name: name.to_owned(),
                display_name: Some(display_name.to_owned()),
                roles: roles.iter().map(|role| (*role).to_owned()).collect(),
                email: None,
                key: None,
                key_here: true,
            },
        )
        .await?;
    }
    let here = session.members_here()?.len();
    if here != PEOPLE.len() + 1 {
        return Err(wrong(format!("{here} members have a key on this desk, not {}", PEOPLE.len() + 1)));
    }
    Ok(format!("{here} members, each with a key of their own, at #{}", session.head()?.position))
}

async fn packages_step(app: &App) -> Result<String, Failure> {
    act_as(app, "ana").await?;
    let session = app.session()?;
    if registry::find_project(&session, PROJECT).is_err() {
        registry::create_project(
            app,
            registry::CreateProject {
                name: PROJECT.to_owned(),
                description: "Which customers will leave within the quarter?".to_owned(),
                function: Some("classification".to_owned()),
                target_level: Some("binary".to_owned()),
                target_variable: Some("churn".to_owned()),
                target_event: Some("1".to_owned()),
                event_probability_variable: Some("P_CHURN1".to_owned()),
            },
        )
        .await?;
    }
    let made = app.home.join("demo").join("packages");
    crate::make_folder(&made)?;
    let packages = packages::demonstration::write_demo_packages(&made, BUCKET, SEED).map_err(|error| {
        Failure::said(Code::Denied, said!("demonstration-unwritable", why = error.to_string()))
    })?;
    let mut registered = Vec::new();
    for package in &packages {
        let name = package.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        registered.push(
            registry::import_package(
                app,
                registry::ImportPackage {
                    path: package.display().to_string(),
                    project: PROJECT.to_owned(),
                    name: Some(name),
                    version: None,
                    waivers: Vec::new(),
                },
            )
            .await?,
        );
    }
    for package in &registered {
        if package.files.is_empty() || package.variables.is_empty() {
            return Err(wrong(format!(
                "the package `{}` was read without files or variables",
                package.digest
            )));
        }
    }
    if let Some(challenger) = registered.get(1) {
        registry::set_challenger(app, registry::PlaceVersion { version: challenger.version.clone() }).await?;
    }
    registry::set_champion(app, registry::PlaceVersion { version: MODEL.to_owned() }).await?;
    let page = registry::show_version(app, registry::VersionOf { version: MODEL.to_owned() }).await?;
    if page.role != "champion" || !page.has_roc || !page.has_lift || page.fit_statistics.rows.is_empty() {
        return Err(wrong("the champion has no statistics, ROC or lift"));
    }
    Ok(format!("{} files and {} variables; champion {}", page.files.len(), page.variables.len(), page.digest))
}

async fn definition_step(app: &App) -> Result<String, Failure> {
    act_as(app, "ada").await?;
    let templates = bpmn::templates::all();
    let template = templates
        .iter()
        .find(|template| template.name.contains("migra"))
        .or(templates.first())
        .ok_or_else(|| wrong("there is no built-in template"))?;
    let page = workflow::import_definition(
        app,
        workflow::ImportDefinition {
            template: Some(template.name.to_owned()),
            ..workflow::ImportDefinition::default()
        },
    )
    .await?;
    let page = place::at_its_target(app, bound(app, page).await?).await?;
    if !page.definition.startable || page.gates.is_empty() {
        return Err(wrong(format!("`{}` cannot be started: {:?}", page.definition.name, page.diagnostics)));
    }
    Ok(format!(
        "{}: {} calls bound, {} approvals, {} warnings",
        page.definition.name,
        page.calls.len(),
        page.gates.len(),
        page.definition.warnings
    ))
}

/// The definition with every name in it bound, as the import wizard would have people do it.
async fn bound(app: &App, page: workflow::DefinitionPage) -> Result<workflow::DefinitionPage, Failure> {
    // Whoever a name of the definition does not mean by itself is bound here, as the import wizard would.
    let parties = page
        .parties
        .iter()
        .filter(|party| !party.told && party.role.is_none() && party.member.is_none())
        .map(|party| workflow::BindParty {
            kind: party.kind.clone(),
            name: party.name.clone(),
            role: Some(role_for(&party.name).to_owned()),
            member: None,
        })
        .collect::<Vec<_>>();
    if parties.is_empty() {
        Ok(page)
    } else {
        workflow::bind(
            app,
            workflow::BindDefinition {
                definition: page.definition.id.clone(),
                parties,
                ..workflow::BindDefinition::default()
            },
        )
        .await
    }
}

fn role_for(name: &str) -> &'static str {
    let name = name.to_lowercase();
    if name.contains("valid") {
        "validator"
    } else if name.contains("engineer") {
        "data-engineer"
    } else if name.contains("ops") {
        "dev-ops"
    } else if name.contains("steward") {
        "model-steward"
    } else if name.contains("scien") || name.contains("model") {
        "data-scientist"
    } else {
        "it"
    }
}

async fn start_step(app: &App) -> Result<String, Failure> {
    act_as(app, "ana").await?;
    let session = app.session()?;
    let definitions = workflow::list_definitions(app, Nothing {}).await?;
    let definition = definitions
        .iter()
        .find(|definition| definition.startable)
        .ok_or_else(|| wrong("no definition can be started"))?;
    workflow::start(
        app,
        workflow::StartInstance {
            process: None,
            definition: definition.id.clone(),
            project: PROJECT.to_owned(),
            version: None,
            variables: serde_json::Map::new(),
        },
    )
    .await?;
    settle(app).await?;
    act_as(app, VALIDATOR).await?;
    let task = gate(&session)?.ok_or_else(|| wrong("no approval waits after the start"))?;
    let inbox = workflow::list_tasks(app, workflow::ListTasks::default()).await?;
    if !inbox.rows.iter().any(|row| row.element == task.element && row.may_claim) {
        return Err(wrong("the validator does not see the task in the inbox"));
    }
    Ok(format!("`{}` waits in Vera's inbox", task.name))
}

/// Looks until nothing is due, on this very desk; a window's own agent may do the same work first.
async fn settle(app: &App) -> Result<(), Failure> {
    app.settle().await
}

fn gate(session: &Session) -> Result<Option<OpenTask>, Failure> {
    Ok(open_tasks(session)?.into_iter().find(|task| task.is_gate))
}

fn open_tasks(session: &Session) -> Result<Vec<OpenTask>, Failure> {
    Ok(session
        .cache
        .all("tasks")?
        .into_iter()
        .filter_map(|(_, row)| serde_json::from_value(row).ok())
        .collect())
}

fn key(task: &OpenTask) -> String {
    OpenTask::key(&task.instance, task.task)
}

async fn separation_step(app: &App) -> Result<String, Failure> {
    let session = app.session()?;
    act_as(app, "ana").await?;
    let task = gate(&session)?.ok_or_else(|| wrong("no approval waits"))?;
    let before = session.head()?;
    let claimed = workflow::claim(app, workflow::TaskOf { task: key(&task) }).await;
    let completed = workflow::complete(
        app,
        workflow::CompleteTask {
            task: key(&task),
            answers: answers(&session, &task, true)?,
            note: "looks good to me".to_owned(),
            seen_digest: Some(digest(&session, &task)?),
            ..workflow::CompleteTask::default()
        },
    )
    .await;
    act_as(app, VALIDATOR).await?;
    let (Err(first), Err(second)) = (claimed, completed) else {
        return Err(wrong("the modeler could approve their own model"));
    };
    if first.code != Code::Refused || second.code != Code::Refused || session.head()? != before {
        return Err(wrong(format!("the refusal was not the rule's: {first}; {second}")));
    }
    note(&session, "separation")?;
    Ok(first.message)
}

fn digest(session: &Session, task: &OpenTask) -> Result<String, Failure> {
    let version = task.version.as_ref().ok_or_else(|| wrong("the task is about no version"))?;
    let version: governance::registry::Version = session.row("versions", "version", version.as_str())?;
    Ok(version.package.root.to_string())
}

/// Answers every prompt of a task: yes where it is the approval, the bucket where it asks for one.
fn answers(session: &Session, task: &OpenTask, yes: bool) -> Result<serde_json::Map<String, Value>, Failure> {
    let instance: Instance = session.row("instances", "instance", task.instance.as_str())?;
    let prompts = instance.engine.tasks.get(&task.task).map(|task| task.prompts.clone()).unwrap_or_default();
    let mut answers = serde_json::Map::new();
    for prompt in prompts {
        let value = match prompt.kind {
            bpmn::model::DataType::Boolean => json!(yes),
            _ if prompt.variable.to_lowercase().contains("bucket") => json!(BUCKET),
            _ => match prompt.choices.first() {
                Some(choice) => choice.value.to_json(),
                None if prompt.required => json!("none"),
                None => continue,
            },
        };
        answers.insert(prompt.variable, value);
    }
    Ok(answers)
}

async fn approval_step(app: &App) -> Result<String, Failure> {
    act_as(app, VALIDATOR).await?;
    let session = app.session()?;
    let task = gate(&session)?.ok_or_else(|| wrong("no approval waits"))?;
    if task.assignee.is_none() {
        workflow::claim(app, workflow::TaskOf { task: key(&task) }).await?;
    }
    let page = workflow::show_task(app, workflow::TaskOf { task: key(&task) }).await?;
    let missing: Vec<&str> =
        page.evidence.iter().filter(|row| row.state == "missing").map(|row| row.label.as_str()).collect();
    if !missing.is_empty() {
        return Err(wrong(format!("evidence is missing: {}", missing.join(", "))));
    }
    workflow::complete(
        app,
        workflow::CompleteTask {
            task: key(&task),
            answers: answers(&session, &task, true)?,
            note: "Discrimination holds on the test partition; inputs documented.".to_owned(),
            seen_digest: page.digest.clone(),
            ..workflow::CompleteTask::default()
        },
    )
    .await?;
    let approval = approval(&session)?.ok_or_else(|| wrong("no approval was recorded"))?;
    if approval.decision != Verdict::Approved || Some(approval.package_root.to_string()) != page.digest {
        return Err(wrong("the approval does not name the digest that was read"));
    }
    Ok(format!("signed {} at #{}", approval.package_root, approval.position))
}

async fn bucket_step(app: &App) -> Result<String, Failure> {
    act_as(app, "ivo").await?;
    let session = app.session()?;
    if !place::is_sandbox(&session)? {
        make_folder_bucket(app)?;
    }
    let made = app.home.join("demo").join("data");
    crate::make_folder(&made)?;
    let data = packages::demonstration::write_demo_data(&made, SEED).map_err(|error| {
        Failure::said(Code::Denied, said!("demonstration-unwritable", why = error.to_string()))
    })?;
    let bucket = place::bucket(&session)?;
    for file in data.iter().take(2) {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        put(&bucket, &format!("data/{name}"), file).await?;
    }
    settle(app).await?;
    let task = open_tasks(&session)?
        .into_iter()
        .find(|task| !task.is_gate)
        .ok_or_else(|| wrong("nobody is asked for the bucket after the approval"))?;
    if task.assignee.is_none() {
        workflow::claim(app, workflow::TaskOf { task: key(&task) }).await?;
    }
    workflow::complete(
        app,
        workflow::CompleteTask {
            task: key(&task),
            answers: answers(&session, &task, true)?,
            note: String::new(),
            ..workflow::CompleteTask::default()
        },
    )
    .await?;
    Ok(format!("`{BUCKET}`, with the data that the model is trained on"))
}

/// The folder of this desk that the story takes for a bucket.
fn make_folder_bucket(app: &App) -> Result<(), Failure> {
    crate::make_folder(&crate::settings::bucket_folder(&app.desk, &app.home)?.join(BUCKET))
}

async fn put(bucket: &::runs::bucket::Bucket, name: &str, file: &std::path::Path) -> Result<(), Failure> {
    let bytes = std::fs::read(file).map_err(|error| {
        Failure::said(
            Code::Denied,
            said!("cannot-read", path = file.display().to_string(), error = error.to_string()),
        )
    })?;
    bucket
        .put(name, &bytes, ::runs::bucket::Precondition::Any)
        .await
        .map(|_| ())
        .map_err(|error| runs::from_runs(&error))
}

async fn migration_step(app: &App) -> Result<String, Failure> {
    let session = app.session()?;
    settle(app).await?;
    let runs = runs_of(&session, RunKind::Migrate)?;
    let run = runs.last().ok_or_else(|| wrong("no migration was asked for"))?;
    if run.state != RunState::Succeeded {
        let why = run.stages.last().map(|stage| stage.detail.clone()).unwrap_or_default();
        return Err(wrong(format!("the migration is {}: {why}", run.state.name())));
    }
    let migration: governance::runs::Migration = session.row("migrations", "migration", run.id.as_str())?;
    let bucket = place::bucket(&session)?;
    let objects = bucket.list("model/").await.map_err(|error| runs::from_runs(&error))?;
    let ready = objects
        .iter()
        .find(|object| object.name == "model/_READY.json")
        .ok_or_else(|| wrong("`_READY.json` is missing"))?;
    if objects.iter().any(|object| object.modified_at > ready.modified_at) {
        return Err(wrong("something was written after `_READY.json`"));
    }
    let ended = instance(&session)?.map(|instance| instance.status).unwrap_or_default();
    if ended != "completed" {
        return Err(wrong(format!("the process is {ended}, not completed")));
    }
    Ok(format!("{} objects equal {} in `{BUCKET}`", migration.objects, migration.root))
}

async fn notification_step(app: &App) -> Result<String, Failure> {
    let session = app.session()?;
    let acting = session.member_now();
    act_as(app, "dana").await?;
    let notices = crate::notices::list(app, crate::notices::ListNotices::default()).await?;
    session.act_as(acting);
    let migrations = runs_of(&session, RunKind::Migrate)?;
    let migration = migrations.last().ok_or_else(|| wrong("no migration was asked for"))?;
    let link = format!("/runs/{}", migration.id);
    let notice = notices
        .rows
        .iter()
        .find(|notice| notice.link.as_deref() == Some(&*link) && notice.level == "success")
        .ok_or_else(|| wrong("Dana was not told that the migration finished"))?;
    note(&session, "notification")?;
    let delivered: Vec<String> = notice
        .deliveries
        .iter()
        .map(|delivery| format!("{}: {}", delivery.channel, delivery.result))
        .collect();
    Ok(format!("{} ({})", notice.title, delivered.join(", ")))
}

async fn training_step(app: &App) -> Result<String, Failure> {
    spark_step(app, RunKind::Train).await
}

async fn scoring_step(app: &App) -> Result<String, Failure> {
    let session = app.session()?;
    let bucket = place::bucket(&session)?;
    let made = app.home.join("demo").join("data").join("toscore.csv");
    put(&bucket, "data/toscore.csv/part-00000.csv", &made).await?;
    bucket
        .put("data/toscore.csv/_SUCCESS", b"", ::runs::bucket::Precondition::Any)
        .await
        .map_err(|error| runs::from_runs(&error))?;
    spark_step(app, RunKind::Score).await
}

async fn spark_step(app: &App, kind: RunKind) -> Result<String, Failure> {
    let session = app.session()?;
    settle(app).await?;
    let runs = runs_of(&session, kind)?;
    let run = runs.last().ok_or_else(|| wrong(format!("nothing set a {} run off", kind.name())))?;
    let detail = run.stages.last().map(|stage| stage.detail.clone()).unwrap_or_default();
    if run.state != RunState::Succeeded {
        return Err(wrong(format!("the {} run `{}` is {}: {detail}", kind.name(), run.id, run.state.name())));
    }
    if run.outputs.is_empty() || run.outputs.iter().any(|output| output.problem.is_some()) {
        return Err(wrong(format!("the {} run left unverified outputs", kind.name())));
    }
    place::check_run(&session, run)?;
    Ok(detail)
}

async fn proof_step(app: &App) -> Result<String, Failure> {
    let session = app.session()?;
    let report = workspace::verify(app, Nothing {}).await?;
    if let Some(problem) = report.problems.first() {
        return Err(wrong(format!("#{}: {}", problem.position, problem.problem)));
    }
    note(&session, "proof")?;
    Ok(format!(
        "{} entries and {} blobs verified, chain {}",
        report.entries,
        report.blobs,
        &report.chain[..16]
    ))
}
