//! A desk to tell stories at: a temporary home, a folder workspace, members with keys, a project with two packages.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::LazyLock;

use app::{App, Clock, Failure, Options};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The bucket that IT names.
pub(crate) const BUCKET: &str = "churn-bucket";
/// The project of the stories.
pub(crate) const PROJECT: &str = "Customer churn";
/// Its champion.
pub(crate) const CHAMPION: &str = "Customer churn/churn_gbt";
/// The other model.
pub(crate) const CHALLENGER: &str = "Customer churn/churn_logistic";

/// Who sits at the desk, and as what. `ada` founded the workspace.
const MEMBERS: [(&str, &str); 5] = [
    ("ana", "data-scientist"),
    ("vera", "validator"),
    ("ivo", "it"),
    ("dana", "data-engineer"),
    ("robot", "agent"),
];

/// The two packages, written once for all stories: fitting the models takes a moment.
static PACKAGES: LazyLock<(TempDir, Vec<PathBuf>)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let packages = packages::demonstration::write_demo_packages(folder.path(), BUCKET, 7).unwrap();
    (folder, packages)
});

/// The package of the gradient-boosted trees.
pub(crate) fn gbt() -> &'static Path {
    &PACKAGES.1[0]
}

/// The package of the logistic regression.
pub(crate) fn logistic() -> &'static Path {
    &PACKAGES.1[1]
}

/// A desk with its workspace.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) folder: TempDir,
    /// The time at this desk. A folder has a clock of its own; a workspace in memory follows this one.
    pub(crate) clock: Clock,
}

impl Desk {
    /// A desk with nothing open.
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // There is no Spark at these desks: a ready marker sets a training run off, which fails at once and not after the
        // minutes it takes to fetch one.
        fs::create_dir_all(folder.path().join("home")).unwrap();
        fs::write(folder.path().join("home").join("spark"), "no Spark here").unwrap();
        let clock = Clock::default();
        let app = open_at(&clock, &folder.path().join("home"), None, None).await;
        Self { app, folder, clock }
    }

    /// A workspace founded by `ada`, and nobody else in it.
    pub(crate) async fn founded() -> Self {
        Self::founded_with(json!({})).await
    }

    /// The same, with a policy of so many persons a gate.
    async fn founded_with(quorum: Value) -> Self {
        let desk = Self::empty().await;
        let place = desk.workspace().display().to_string();
        desk.found(place, quorum).await
    }

    async fn found(self, place: String, quorum: Value) -> Self {
        let desk = self;
        desk.ok(
            "workspace.create",
            json!({"url": place, "name": "House", "member": "ada", "quorum": quorum}),
        )
        .await;
        desk
    }

    /// With five further members, each with a key of their own on this desk.
    pub(crate) async fn peopled() -> Self {
        Self::founded().await.with_members().await
    }

    async fn with_members(self) -> Self {
        let desk = self;
        for (name, role) in MEMBERS {
            desk.ok("people.add_member", json!({"name": name, "roles": [role], "key_here": true})).await;
        }
        desk
    }

    /// With a project, two models in it, and a champion: `ana` did all of that.
    pub(crate) async fn stocked() -> Self {
        Self::peopled().await.with_models().await
    }

    async fn with_models(self) -> Self {
        let desk = self;
        desk.act_as("ana").await;
        desk.ok("registry.create_project", json!({"name": PROJECT, "description": "Who leaves?"})).await;
        for (package, name) in [(gbt(), "churn_gbt"), (logistic(), "churn_logistic")] {
            desk.import(package, name, None).await;
        }
        desk.ok("registry.set_champion", json!({"version": CHAMPION})).await;
        desk
    }

    /// The same in memory, where no store has a clock of its own: days go by as `clock` is told.
    pub(crate) async fn stocked_in_memory(name: &str) -> Self {
        let desk = Self::empty().await.found(format!("memory://{name}"), json!({})).await;
        desk.with_members().await.with_models().await
    }

    /// With the template `migration` imported by `ada` and started by `ana`; the instance's identifier.
    pub(crate) async fn started() -> (Self, String) {
        Self::stocked().await.with_process().await
    }

    /// The same in memory, where days go by as `clock` is told.
    pub(crate) async fn started_in_memory(name: &str) -> (Self, String) {
        Self::stocked_in_memory(name).await.with_process().await
    }

    /// The same where every gate asks for so many persons.
    pub(crate) async fn started_where_gates_ask_for(persons: u32) -> (Self, String) {
        let desk = Self::founded_with(json!({"*": persons})).await;
        desk.with_members().await.with_models().await.with_process().await
    }

    async fn with_process(self) -> (Self, String) {
        let desk = self;
        desk.act_as("ada").await;
        let page = desk.ok("workflow.import_definition", json!({"template": "migration"})).await;
        assert_eq!(page["definition"]["startable"], true, "{:#}", page["diagnostics"]);
        desk.act_as("ana").await;
        let started = desk
            .ok("workflow.start", json!({"definition": page["definition"]["id"], "project": PROJECT}))
            .await;
        desk.settle().await;
        (desk, text(&started["id"]))
    }

    /// Does everything that is due, and waits for the runs.
    pub(crate) async fn settle(&self) {
        let settled: Pin<Box<dyn Future<Output = Result<(), Failure>> + '_>> = Box::pin(self.app.settle());
        settled.await.unwrap();
    }

    /// Where the workspace lies.
    pub(crate) fn workspace(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    /// This desk's home.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Folder of a folder bucket, made if it is not there.
    pub(crate) fn bucket(&self, name: &str) -> PathBuf {
        let folder = self.home().join("buckets").join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// A command that must succeed.
    pub(crate) async fn ok(&self, command: &str, request: Value) -> Value {
        ok(&self.app, command, request).await
    }

    /// A command that must fail, and must leave the ledger's head where it was.
    pub(crate) async fn refused(&self, command: &str, request: Value) -> Failure {
        let before = self.head().await;
        match call(&self.app, command, request).await {
            Ok(answer) => panic!("`{command}` answered {answer:#} and should have failed"),
            Err(failure) => {
                assert_eq!(self.head().await, before, "`{command}` failed and recorded something: {failure}");
                failure
            }
        }
    }

    pub(crate) async fn act_as(&self, member: &str) {
        self.ok("workspace.act_as", json!({"member": member})).await;
    }

    pub(crate) async fn head(&self) -> u64 {
        self.ok("workspace.status", json!({})).await["workspace"]["head"].as_u64().unwrap()
    }

    pub(crate) async fn import(&self, package: &Path, name: &str, step: Option<&str>) -> Value {
        let mut request = json!({"path": package.display().to_string(), "project": PROJECT, "name": name});
        if let Some(step) = step {
            request["version"] = json!(step);
        }
        self.ok("registry.import_package", request).await
    }

    pub(crate) async fn instance(&self, instance: &str) -> Value {
        self.ok("workflow.show_instance", json!({"instance": instance})).await
    }

    /// The one open task of an instance.
    pub(crate) async fn task(&self, instance: &str) -> String {
        let page = self.instance(instance).await;
        let tasks = page["tasks"].as_array().unwrap();
        assert_eq!(tasks.len(), 1, "{:#}", page["tasks"]);
        text(&tasks[0]["id"])
    }

    /// `vera` reads the digest as it stands and answers the approval.
    pub(crate) async fn decide(&self, instance: &str, approved: bool) {
        self.act_as("vera").await;
        let task = self.task(instance).await;
        self.ok("workflow.claim", json!({"task": task})).await;
        let page = self.ok("workflow.show_task", json!({"task": task})).await;
        self.ok(
            "workflow.complete",
            json!({"task": task, "answers": {"ModelIsApproved": approved}, "note": "read", "seen_digest": page["digest"]}),
        )
        .await;
    }

    /// `member` names the bucket.
    pub(crate) async fn name_bucket(&self, instance: &str, member: &str, bucket: &str) {
        self.act_as(member).await;
        let task = self.task(instance).await;
        self.ok("workflow.claim", json!({"task": task})).await;
        self.ok("workflow.complete", json!({"task": task, "answers": {"BucketName": bucket}})).await;
    }

    /// Titles of the notices for a member.
    pub(crate) async fn notices(&self, member: &str) -> Vec<String> {
        self.act_as(member).await;
        let page = self.ok("notices.list", json!({})).await;
        page["rows"].as_array().unwrap().iter().map(|row| text(&row["title"])).collect()
    }
}

/// Opens a desk in `home`.
pub(crate) async fn open(home: &Path, workspace: Option<&Path>, member: Option<&str>) -> App {
    open_at(&Clock::default(), home, workspace, member).await
}

pub(crate) async fn open_at(
    clock: &Clock,
    home: &Path,
    workspace: Option<&Path>,
    member: Option<&str>,
) -> App {
    let opening: Pin<Box<dyn Future<Output = Result<App, Failure>>>> = Box::pin(App::open(Options {
        home: home.to_owned(),
        workspace: workspace.map(|folder| folder.display().to_string()),
        member: member.map(str::to_owned),
        keys_in_files: true,
        clock: clock.clone(),
    }));
    let app = opening.await.unwrap();
    // A test does not speak to anybody's desktop.
    let mut settings = ok(&app, "settings.show", json!({})).await;
    settings["desktop_notices"] = json!(false);
    ok(&app, "settings.change", settings).await;
    app
}

/// The front door. Its future holds every command's, so it is not spelled out in the type of each story.
pub(crate) fn call<'a>(
    app: &'a App,
    command: &'a str,
    request: Value,
) -> Pin<Box<dyn Future<Output = Result<Value, Failure>> + Send + 'a>> {
    Box::pin(app.call(command, request))
}

/// A command that must succeed.
pub(crate) async fn ok(app: &App, command: &str, request: Value) -> Value {
    call(app, command, request).await.unwrap_or_else(|failure| panic!("`{command}`: {failure:#?}"))
}

/// A text of an answer.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// Every file below a folder with its contents, by path.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(open) = folders.pop() {
        for entry in fs::read_dir(&open).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}
