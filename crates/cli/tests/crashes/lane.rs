//! A desk at a cloud on loopback, as often from the same beginning as one likes: a version is approved there, and nothing of
//! it lies in the bucket yet.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use sandbox::{Jobs, Options, Pace, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

pub(crate) const BUCKET: &str = "churn-bucket";
pub(crate) const VERSION: &str = "Churn/churn_gbt";
pub(crate) const PROJECT: &str = "cloud-project";
pub(crate) const REGION: &str = "europe-west6";
/// A cluster that somebody else made and that stays.
pub(crate) const STANDING: &str = "standing";
/// Whoever has not ended by then never will.
const PATIENCE: Duration = Duration::from_secs(240);

/// How often the port of a cloud that has stopped is tried again, twenty times a second.
const PORT_TRIES_MAX: u32 = 200;

/// A cluster that has two seconds to come up.
const HASTY: &str = r#"{
    "image_version": "2.3-debian12",
    "master": {"count": 1, "machine_type": "n2-standard-4", "disk_gb": 100},
    "workers": {"count": 0, "machine_type": "n2-standard-4", "disk_gb": 100},
    "idle_delete_s": 1800, "age_delete_s": 14400, "provision_deadline_s": 2
}"#;

/// What the scripts of the demonstration leave, as far as anybody looks at it.
fn outputs() -> BTreeMap<String, Vec<u8>> {
    let scored = b"customer_id,P_CHURN0,P_CHURN1,EM_CLASSIFICATION,EM_EVENTPROBABILITY\n1,0.8,0.2,0,0.2\n";
    let files: [(&str, &[u8]); 4] = [
        ("output/scored/part-0.csv", scored),
        ("output/data/part-0.csv", b"customer_id,churn,prediction,P_CHURN1\n1,0,0,0.2\n"),
        ("output/metrics/part-0.json", br#"{"auc": 0.75}"#),
        ("output/model/metadata/part-00000", b"a pipeline"),
    ];
    files.into_iter().map(|(name, content)| (name.to_owned(), content.to_vec())).collect()
}

/// A desk with its cloud, and the beginning it is brought back to.
pub(crate) struct Lane {
    folder: TempDir,
    port: u16,
}

/// A desk that is at its beginning, and the cloud that it finds.
pub(crate) struct Story<'a> {
    lane: &'a Lane,
    pub(crate) cloud: Sandbox,
}

impl Lane {
    /// Founds the workspace, approves the version, names the targets.
    pub(crate) async fn founded() -> Self {
        let lane = Self { folder: tempfile::tempdir().unwrap(), port: free_port() };
        fs::create_dir_all(lane.at("cloud/buckets").join(BUCKET)).unwrap();
        let cloud = lane.cloud(|_| {}).await;
        let url = cloud.url();
        let packages = packages::demonstration::write_demo_packages(lane.folder.path(), BUCKET, 7).unwrap();
        let place = lane.at("workspace").display().to_string();
        lane.ok(&["workspace", "init", &place, "--name", "Cloud", "--member", "ada"]).await;
        for (member, role) in [("ana", "data-scientist"), ("vera", "validator")] {
            lane.ok(&["member", "add", member, "--role", role, "--key-here"]).await;
        }
        make_standing(&url).await;
        let hasty = lane.at("hasty.json");
        fs::write(&hasty, HASTY).unwrap();
        let shape = ["--shape", hasty.to_str().unwrap()];
        for (target, kind, shape) in [
            ("cluster", "dataproc-cluster", &[][..]),
            ("hasty", "dataproc-cluster", &shape[..]),
            ("batch", "dataproc-serverless", &[]),
            ("workflow", "dataproc-workflow", &[]),
            ("stored", "dataproc-workflow", &["--stored"]),
            ("existing", "dataproc-existing", &["--cluster", STANDING]),
        ] {
            let words = ["target", "add", target, "--kind", kind, "--endpoint", &url];
            let place = ["--cloud-project", PROJECT, "--region", REGION];
            lane.ok(&[&words[..], &place[..], shape].concat()).await;
        }
        lane.call("ana", "registry.create_project", json!({"name": "Churn"})).await;
        let package = packages[0].display().to_string();
        let import = json!({"path": package, "project": "Churn", "name": "churn_gbt"});
        lane.call("ana", "registry.import_package", import).await;
        lane.call("ana", "registry.set_champion", json!({"version": VERSION})).await;
        let page = lane.call("ada", "workflow.import_definition", json!({"template": "migration"})).await;
        let start = json!({"definition": page["definition"]["id"], "project": "Churn"});
        let instance = lane.call("ana", "workflow.start", start).await["id"].clone();
        lane.ok(&["agent", "--once"]).await;
        let page = lane.call("vera", "workflow.show_instance", json!({"instance": instance})).await;
        let task = page["tasks"][0]["id"].clone();
        lane.call("vera", "workflow.claim", json!({"task": task})).await;
        let page = lane.call("vera", "workflow.show_task", json!({"task": task})).await;
        let answer = json!({"task": task, "answers": {"ModelIsApproved": true}, "note": "read", "seen_digest": page["digest"]});
        lane.call("vera", "workflow.complete", answer).await;
        lane.ok(&["agent", "--once"]).await;
        cloud.stop().await;
        lane.begin_here();
        lane
    }

    /// A desk whose version is migrated and trained on a target already.
    pub(crate) async fn trained(target: &str) -> Self {
        let lane = Self::founded().await;
        let story = lane.story(|_| {}).await;
        story.ok(&["migrate", VERSION, "--bucket", BUCKET, "--target", target]).await;
        story.until_done("the migration and its training", story.agent()).await;
        story.cloud.stop().await;
        lane.begin_here();
        lane
    }

    /// What is there now is the beginning of every story.
    fn begin_here(&self) {
        let beginning = self.at("beginning");
        if beginning.exists() {
            fs::remove_dir_all(&beginning).unwrap();
        }
        fs::create_dir_all(&beginning).unwrap();
        for part in ["home", "workspace", "cloud"] {
            fs::rename(self.at(part), beginning.join(part)).unwrap();
        }
    }

    /// Everything as it was in the beginning.
    pub(crate) async fn story(&self, change: impl FnOnce(&mut Options)) -> Story<'_> {
        for part in ["home", "workspace", "cloud"] {
            let place = self.at(part);
            if place.exists() {
                fs::remove_dir_all(&place).unwrap();
            }
            copy(&self.at("beginning").join(part), &place);
        }
        Story { lane: self, cloud: self.cloud(change).await }
    }

    pub(crate) fn at(&self, part: &str) -> PathBuf {
        self.folder.path().join(part)
    }

    async fn cloud(&self, change: impl FnOnce(&mut Options)) -> Sandbox {
        let mut options = Options {
            port: self.port,
            // Looks let it go on, however slow this machine is; its clusters' idle limits are never reached meanwhile.
            pace: Pace { looks: Some(1), ..Pace::faster(1.0) },
            jobs: Jobs::Leave(outputs()),
            ..Options::in_folder(self.at("cloud"))
        };
        change(&mut options);
        let mut tries = 0;
        loop {
            match Sandbox::start(options.clone()).await {
                Ok(cloud) => return cloud,
                // A program that another lane is starting at this moment still holds the earlier one's socket.
                Err(sandbox::Error::Port { .. }) if tries < PORT_TRIES_MAX => tries += 1,
                Err(error) => panic!("{error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command
            // First: what comes behind `--` is the script's.
            .arg("--json")
            .args(words)
            .env("COUNTERSIGN_HOME", self.at("home"))
            .env("COUNTERSIGN_WORKSPACE", self.at("workspace"))
            .env("COUNTERSIGN_MEMBER", "ada")
            // Where a story is about signing in, this is whose key it is.
            .env("GOOGLE_APPLICATION_CREDENTIALS", self.at("key.json"))
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    pub(crate) async fn ok(&self, words: &[&str]) -> Value {
        let done = self.command(words).output().await.unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(done.status.success(), "{words:?}: {}{}", said(&done.stdout), said(&done.stderr));
        serde_json::from_slice(&done.stdout).unwrap_or(Value::Null)
    }

    async fn call(&self, member: &str, command: &str, request: Value) -> Value {
        self.ok(&["--as", member, "call", command, &request.to_string()]).await
    }
}

impl Story<'_> {
    pub(crate) async fn ok(&self, words: &[&str]) -> Value {
        self.lane.ok(words).await
    }

    /// What the program says, whether it finds something in the way or not.
    pub(crate) async fn say(&self, words: &[&str]) -> Value {
        let done = self.lane.command(words).output().await.unwrap();
        serde_json::from_slice(&done.stdout).unwrap()
    }

    /// What the program says, and how it ends.
    pub(crate) async fn ends(&self, words: &[&str]) -> (Option<i32>, Value) {
        let done = self.lane.command(words).output().await.unwrap();
        // What goes on line by line is taken together.
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        let lines = || text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
        (done.status.code(), serde_json::from_str(&text).unwrap_or_else(|_| lines().into()))
    }

    /// A request that the cloud gets from somebody else; the answer as it is written.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: &Value) -> String {
        ask(&self.cloud.url(), method, path, &body.to_string()).await
    }

    /// A file of this story.
    pub(crate) fn at(&self, part: &str) -> PathBuf {
        self.lane.at(part)
    }

    /// The address of the cloud.
    pub(crate) fn url(&self) -> String {
        self.cloud.url()
    }

    /// An agent that does what is due and ends.
    pub(crate) fn agent(&self) -> Child {
        self.doing(&["agent", "--once"])
    }

    /// Somebody who asks for a leftover to be deleted.
    pub(crate) fn sweeping(&self, resource: &str) -> Child {
        self.doing(&["run", "sweep", "--delete", resource])
    }

    /// The program with these words, while a test goes on.
    pub(crate) fn doing(&self, words: &[&str]) -> Child {
        let mut command = self.lane.command(words);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// An agent that goes on until somebody ends it.
    pub(crate) fn watching(&self) -> Child {
        self.doing(&["agent"])
    }

    /// The agent's end, which has to come.
    pub(crate) async fn until_done(&self, name: &str, mut agent: Child) {
        match tokio::time::timeout(PATIENCE, agent.wait()).await {
            Ok(status) => assert!(status.unwrap().success(), "{name}: {:#}", self.runs().await),
            Err(_) => panic!("{name}: it never ends: {:#}", self.runs().await),
        }
    }

    /// Every run with its stages.
    pub(crate) async fn runs(&self) -> Value {
        let list = self.ok(&["run", "list"]).await;
        let mut runs = Vec::new();
        for row in list["rows"].as_array().into_iter().flatten() {
            let page = self.ok(&["run", "show", row["id"].as_str().unwrap()]).await;
            let part = |name: &str| page[name].clone();
            runs.push(json!({
                "run": part("run"), "stages": part("stages"), "outputs": part("outputs"), "metrics": part("metrics"),
            }));
        }
        runs.into()
    }

    /// What the cloud has written down: every cluster, job and operation that there ever was.
    pub(crate) fn records(&self) -> Value {
        let text = fs::read(self.lane.at("cloud/dataproc.json"));
        text.map_or(json!({}), |text| serde_json::from_slice(&text).unwrap())
    }

    /// What a look at the workspace's own label says.
    pub(crate) async fn workspace_label(&self) -> String {
        let status = self.ok(&["workspace", "status"]).await;
        status["workspace"]["id"].as_str().unwrap().trim_start_matches("sha256:")[..16].to_owned()
    }

    /// The names of the objects of the bucket.
    pub(crate) fn objects(&self) -> Vec<String> {
        let root = self.lane.at("cloud/buckets").join(BUCKET);
        let (mut names, mut folders) = (Vec::new(), vec![root.clone()]);
        while let Some(open) = folders.pop() {
            for entry in fs::read_dir(&open).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    names.push(path.strip_prefix(&root).unwrap().display().to_string());
                }
            }
        }
        names.sort();
        names
    }
}

/// The cluster that is there before anybody runs something, looked at until it takes jobs.
async fn make_standing(url: &str) {
    let clusters = format!("/v1/projects/{PROJECT}/regions/{REGION}/clusters");
    let body = json!({"projectId": PROJECT, "clusterName": STANDING, "config": {}});
    let made = ask(url, "POST", &clusters, &body.to_string()).await;
    assert!(made.starts_with("HTTP/1.1 200"), "{made}");
    for _ in 0..100 {
        if ask(url, "GET", &format!("{clusters}/{STANDING}"), "").await.contains("\"RUNNING\"") {
            return;
        }
    }
    panic!("the cluster never comes up");
}

/// One request as it is written, and its answer: what a test asks of the cloud without this program.
async fn ask(url: &str, method: &str, path: &str, body: &str) -> String {
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// A port that nobody takes meanwhile: below those that a system gives to connections by itself.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, place) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &place);
        } else {
            fs::copy(&path, &place).unwrap();
            // The time is the generation of an object, and another generation is another object.
            let modified = fs::metadata(&path).unwrap().modified().unwrap();
            fs::File::options().write(true).open(&place).unwrap().set_modified(modified).unwrap();
        }
    }
}
