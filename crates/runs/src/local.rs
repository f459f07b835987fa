//! Real Spark on this machine: `spark-submit` from a virtual environment made and kept here.
//!
//! A run is a folder:
//!
//! ```text
//! HOME/environments/…            virtual environments, by what is installed in them
//! HOME/runs/KEY/spec.json        what was asked for; the same key with another spec is refused
//!               submission.json  the staged files with their digests, the runtime, the command line
//!               work/            the job's working directory: main script, files, relative outputs
//!               scratch/         Spark's and Java's temporary files; removed by cleanup
//!               stdout, stderr   written by the job itself
//!               supervisor.json, started.json, exit.json, cancel   see `local/supervisor.py`
//! ```
//!
//! The job belongs to a small supervisor that outlives us: after a crash of the desk any process finds the folder
//! and reads there what became of the run. Whoever holds a pid here also holds its start time and the boot it
//! belongs to, so that a reused pid is never taken for the job.
//!
//! `gs://` paths work unchanged in scripts: Hadoop's own viewfs maps each configured folder bucket to its folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::bucket::Buckets;
use crate::digest::Fingerprint;
use crate::lock::Locked;
use crate::state::{Cleanup, FailureReason, State};
use crate::target::{
    Finding, LOG_CHUNK_BYTES_MAX, LogChunk, LogStream, Observation, Progress, StagedFile, Submission, Target,
};
use crate::{Error, Location, Reason, RunFile, RunKey, RunSpec};

pub mod environment;
pub mod jdk;
mod process;
pub mod requirements;

use environment::Python;
use process::Recorded;

/// The PySpark that Dataproc's current images run (2.3: Spark 3.5), used where Python and Java allow.
pub const PYSPARK_3: &str = "3.5.9";

/// The PySpark for a Python newer than 3.11 or a Java newer than 17, which Spark 3.5 does not support.
pub const PYSPARK_4: &str = "4.3.0";

/// Seconds between asking a job to stop and ending it.
pub const GRACE_S: u64 = 10;

const SUPERVISOR: &str = include_str!("local/supervisor.py");

/// The target: Spark on this machine.
#[derive(Clone, Debug)]
pub struct LocalSpark {
    home: PathBuf,
    environments: PathBuf,
    python: PathBuf,
    java: Option<PathBuf>,
    pyspark: Option<String>,
    threads: u32,
    buckets: Buckets,
}

/// What is known of a run's start, as kept in its folder.
#[derive(Serialize, Deserialize)]
struct Started {
    #[serde(flatten)]
    process: Recorded,
    /// Seconds since 1970.
    started: f64,
}

#[derive(Serialize, Deserialize)]
struct Exit {
    code: Option<i32>,
    cause: String,
    #[serde(default)]
    message: String,
    ended: f64,
}

impl LocalSpark {
    /// A target that keeps its environments and runs in `home`, and sees these buckets as `gs://`.
    pub fn new(home: impl Into<PathBuf>, buckets: Buckets) -> LocalSpark {
        let home = home.into();
        LocalSpark {
            environments: home.join("environments"),
            home,
            python: PathBuf::from("python3"),
            java: None,
            pyspark: None,
            threads: 2,
            buckets,
        }
    }

    /// Keeps the virtual environments elsewhere, shared between targets.
    #[must_use]
    pub fn with_environments(mut self, folder: impl Into<PathBuf>) -> LocalSpark {
        self.environments = folder.into();
        self
    }

    /// Uses this Python instead of `python3` on the path.
    #[must_use]
    pub fn with_python(mut self, command: impl Into<PathBuf>) -> LocalSpark {
        self.python = command.into();
        self
    }

    /// Looks for Java in this folder only.
    #[must_use]
    pub fn with_java_home(mut self, home: impl Into<PathBuf>) -> LocalSpark {
        self.java = Some(home.into());
        self
    }

    /// Pins PySpark to a version instead of choosing one that fits Python and Java.
    #[must_use]
    pub fn with_pyspark(mut self, version: impl Into<String>) -> LocalSpark {
        self.pyspark = Some(version.into());
        self
    }

    /// How many threads Spark may use (`--master local[N]`).
    #[must_use]
    pub fn with_threads(mut self, threads: u32) -> LocalSpark {
        self.threads = threads.max(1);
        self
    }

    /// The folder of a run, with its logs and working directory.
    pub fn run_folder(&self, key: &RunKey) -> PathBuf {
        self.home.join("runs").join(key.as_str())
    }

    /// The working directory of a run, where its relative outputs are.
    pub fn work_folder(&self, key: &RunKey) -> PathBuf {
        self.run_folder(key).join("work")
    }

    /// The Java runtime runs use.
    pub fn find_jdk(&self) -> Result<jdk::Jdk, Error> {
        let (java_home, path) = (std::env::var_os("JAVA_HOME"), std::env::var_os("PATH"));
        if let Some(home) = &self.java {
            return jdk::find(&jdk::Places { java_home: Some(home.as_os_str()), ..jdk::Places::default() });
        }
        jdk::find(&jdk::Places {
            java_home: java_home.as_deref(),
            path: path.as_deref(),
            homes: &[Path::new("/usr/lib/jvm"), Path::new("/Library/Java/JavaVirtualMachines")],
        })
    }

    /// Makes the virtual environment for these requirements, or finds it made.
    pub async fn prepare(
        &self,
        requirement_lines: &[String],
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<environment::Environment, Error> {
        let jdk = self.find_jdk()?;
        let python = Python::ask(&self.python).await?;
        let pyspark = self.pyspark_for(python.minor, jdk.major);
        let mut environment =
            environment::prepare(&self.environments, &python, pyspark, requirement_lines, progress).await?;
        environment.runtime.push(jdk.version);
        Ok(environment)
    }

    fn pyspark_for(&self, python_minor: u32, java_major: u32) -> &str {
        match &self.pyspark {
            Some(pinned) => pinned,
            None if python_minor > 11 || java_major > 17 => PYSPARK_4,
            None => PYSPARK_3,
        }
    }

    /// Copies main script and files into the working directory and compares them with what was approved.
    async fn stage(&self, spec: &RunSpec, work: &Path) -> Result<Vec<StagedFile>, Error> {
        let mut staged: Vec<StagedFile> = Vec::new();
        for file in spec.all_files() {
            let name = file.from.file_name().to_owned();
            if name.is_empty() || name == "." || name == ".." {
                return Err(Error::invalid(format!("file `{}`", file.from), "it names no file"));
            }
            if staged.iter().any(|other| other.name == name) {
                return Err(Error::invalid(
                    format!("file `{}`", file.from),
                    format!("another file of this run is called `{name}` too; rename one"),
                ));
            }
            let print = self.bring(file, &work.join(&name)).await?;
            if let Some(approved) = file.sha256
                && approved != print.sha256
            {
                return Err(Error::Corrupt {
                    what: format!("`{}`", file.from),
                    why: format!(
                        "sha256 `{approved}` was approved and `{}` is there: what would run is not what was approved; \
                         migrate the approved version again",
                        print.sha256
                    ),
                });
            }
            staged.push(StagedFile {
                name,
                from: file.from.to_string(),
                sha256: print.sha256,
                size_bytes: print.size_bytes,
            });
        }
        Ok(staged)
    }

    async fn bring(&self, file: &RunFile, to: &Path) -> Result<Fingerprint, Error> {
        match &file.from {
            Location::Object { bucket, name } => self.buckets.get(bucket)?.fetch(name, to).await,
            Location::Local(path) => {
                std::fs::copy(path, to).map_err(|e| match e.kind() {
                    std::io::ErrorKind::NotFound => {
                        Error::NotFound { what: format!("file `{}`", path.display()) }
                    }
                    _ => Error::io("could not copy", path)(e),
                })?;
                Fingerprint::of_file(to)
            }
            Location::Relative(path) => Err(Error::invalid(
                format!("file `{path}`"),
                "a file of a run is named by `gs://` or an absolute path, for it must exist before the run",
            )),
        }
    }

    fn argv(&self, spec: &RunSpec, environment: &environment::Environment, folder: &Path) -> Vec<String> {
        let mut properties: BTreeMap<String, String> = BTreeMap::from([
            ("spark.ui.enabled".to_owned(), "false".to_owned()),
            ("spark.local.dir".to_owned(), folder.join("scratch").display().to_string()),
        ]);
        for (name, value) in viewfs_properties(&self.buckets) {
            properties.insert(name, value);
        }
        properties.extend(spec.properties.clone());
        let mut argv = vec![
            environment.spark_home.join("bin/spark-submit").display().to_string(),
            "--master".to_owned(),
            format!("local[{}]", self.threads),
            "--name".to_owned(),
            spec.key.to_string(),
        ];
        for (name, value) in properties {
            argv.push("--conf".to_owned());
            argv.push(format!("{name}={value}"));
        }
        let staged = |file: &RunFile| folder.join("work").join(file.from.file_name()).display().to_string();
        if !spec.python_files.is_empty() {
            argv.push("--py-files".to_owned());
            argv.push(spec.python_files.iter().map(staged).collect::<Vec<_>>().join(","));
        }
        argv.push(staged(&spec.main));
        argv.extend(spec.args.iter().cloned());
        argv
    }

    fn job_environment(
        &self,
        spec: &RunSpec,
        environment: &environment::Environment,
        jdk: &jdk::Jdk,
        folder: &Path,
    ) -> BTreeMap<String, String> {
        let scratch = folder.join("scratch").display().to_string();
        let python = environment.python.display().to_string();
        // Only what is named here reaches the job: no token of the desk's environment does.
        let inherited = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ"];
        let mut variables: BTreeMap<String, String> = inherited
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)))
            .collect();
        let own = [
            ("JAVA_HOME", jdk.home.display().to_string()),
            ("SPARK_HOME", environment.spark_home.display().to_string()),
            ("SPARK_LOCAL_IP", "127.0.0.1".to_owned()),
            ("SPARK_LOCAL_DIRS", scratch.clone()),
            ("SPARK_SUBMIT_OPTS", format!("-Djava.io.tmpdir={scratch}")),
            ("TMPDIR", scratch),
            ("PYSPARK_PYTHON", python.clone()),
            ("PYSPARK_DRIVER_PYTHON", python),
            // So that the log streams while the script runs.
            ("PYTHONUNBUFFERED", "1".to_owned()),
        ];
        variables.extend(own.map(|(name, value)| (name.to_owned(), value)));
        variables.extend(spec.environment.clone());
        variables
    }

    fn look(&self, key: &RunKey) -> Result<Observation, Error> {
        let folder = self.run_folder(key);
        let spec: RunSpec = read_json(&folder.join("spec.json"))?
            .ok_or_else(|| Error::NotFound { what: format!("run `{key}` on local Spark") })?;
        // Who watches is read before how it ended: a supervisor that ends in between has written the end.
        let supervisor: Option<Started> = read_json(&folder.join("supervisor.json"))?;
        let watched = supervisor.as_ref().is_some_and(|s| s.process.is_alive());
        let started: Option<Started> = read_json(&folder.join("started.json"))?;
        let exit: Option<Exit> = read_json(&folder.join("exit.json"))?;
        let observation = |state: State, engine_state: &str, exit: Option<&Exit>| Observation {
            cleanup: if (exit.is_some() || state.is_end()) && !folder.join("scratch").exists() {
                Cleanup::Proven
            } else {
                Cleanup::Required
            },
            state,
            engine_state: engine_state.to_owned(),
            is_unknown: false,
            engine_job: started.as_ref().or(supervisor.as_ref()).map(|s| s.process.pid.to_string()),
            exit_code: exit.and_then(|exit| exit.code),
            started_at: started.as_ref().and_then(|s| moment(s.started)),
            ended_at: exit.and_then(|exit| moment(exit.ended)),
        };
        if let Some(exit) = &exit {
            let (state, word) = ending(exit, spec.deadline_s);
            return Ok(observation(state, word, Some(exit)));
        }
        Ok(match (&supervisor, &started) {
            (None, _) => observation(State::Preparing, "preparing", None),
            (Some(_), None) if watched => observation(State::Submitted, "starting", None),
            (Some(_), Some(_)) if watched => observation(State::Running, "running", None),
            _ if !processes_of(&folder)?.is_empty() => observation(State::Running, "running unwatched", None),
            _ => {
                let message = "its process is gone and nobody saw it end (the machine was restarted, or its \
                               supervisor was ended)";
                let reason = FailureReason::Lost { message: message.to_owned() };
                observation(State::Failed { reason }, "lost", None)
            }
        })
    }
}

impl Target for LocalSpark {
    async fn preflight(&self, spec: &RunSpec) -> Result<Vec<Finding>, Error> {
        let mut findings = Vec::new();
        match self.find_jdk() {
            Ok(jdk) if jdk.major < 8 => {
                findings.push(Finding::blocking(
                    "old-java",
                    Reason::new("finding-old-java").with("version", &jdk.version),
                ));
            }
            Ok(_) => {}
            Err(e) => findings.push(Finding::of("no-java", "finding-detail", &e)),
        }
        match Python::ask(&self.python).await {
            Ok(_) => {}
            Err(e) => findings.push(Finding::of("no-python", "finding-detail", &e)),
        }
        if let Err(e) = requirements::plan(PYSPARK_3, &spec.requirements) {
            findings.push(Finding::of("requirements", "finding-requirements", &e));
        }
        for file in spec.all_files() {
            let there = match &file.from {
                Location::Object { bucket, name } => match self.buckets.get(bucket) {
                    Ok(bucket) => bucket.fingerprint(name).await,
                    Err(e) => Err(e),
                },
                Location::Local(path) => Fingerprint::of_file(path),
                Location::Relative(path) => {
                    Err(Error::invalid(format!("file `{path}`"), "it is not absolute"))
                }
            };
            match there {
                Err(e) => findings.push(Finding::of("file", "finding-file", &e)),
                Ok(print) if file.sha256.is_some_and(|approved| approved != print.sha256) => {
                    findings.push(Finding::blocking(
                        "not-approved",
                        Reason::new("finding-not-approved").with("file", &file.from),
                    ));
                }
                Ok(_) => {}
            }
        }
        for output in &spec.outputs {
            if let Location::Object { bucket, .. } = &output.at
                && let Err(e) = self.buckets.get(bucket)
            {
                let reason = Reason::new("finding-output").with("output", &output.name).with("detail", e);
                findings.push(Finding::blocking("output", reason));
            }
        }
        for name in spec.properties.keys().filter(|name| !name.starts_with("spark.")) {
            findings.push(Finding::warning("property", Reason::new("finding-property").with("name", name)));
        }
        Ok(findings)
    }

    async fn submit(
        &self,
        spec: &RunSpec,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Submission, Error> {
        let folder = self.run_folder(&spec.key);
        std::fs::create_dir_all(&folder).map_err(Error::io("could not make the run's folder", &folder))?;
        let lock_path = folder.join("lock");
        let lock = std::fs::File::create(&lock_path).map_err(Error::io("could not make", &lock_path))?;
        let Ok(Ok(_submitting)) = Locked::attempt(lock) else {
            return Err(Error::Offline {
                what: format!("submitting run `{}`", spec.key),
                why: "another process is submitting it now".to_owned(),
            });
        };
        let spec_path = folder.join("spec.json");
        if let Some(earlier) = read_json::<RunSpec>(&spec_path)?
            && earlier != *spec
        {
            return Err(Error::Conflict {
                what: format!("run `{}`", spec.key),
                why: "the same key was used for a different run; a new attempt takes a new key".to_owned(),
            });
        }
        let submission_path = folder.join("submission.json");
        if folder.join("supervisor.json").exists()
            && let Some(earlier) = read_json::<Submission>(&submission_path)?
        {
            return Ok(Submission { already_there: true, ..earlier });
        }
        write_json(&spec_path, spec)?;
        let jdk = self.find_jdk()?;
        let environment = self.prepare(&spec.requirements, progress).await?;
        for note in &environment.notes {
            progress(Progress::line(note.clone()));
        }
        let work = folder.join("work");
        // What an attempt that crashed before it started had staged is not trusted.
        for part in [&work, &folder.join("scratch")] {
            if part.exists() {
                std::fs::remove_dir_all(part).map_err(Error::io("could not empty", part))?;
            }
            std::fs::create_dir_all(part).map_err(Error::io("could not make", part))?;
        }
        progress(Progress::line("staging files"));
        let staged = self.stage(spec, &work).await?;
        let argv = self.argv(spec, &environment, &folder);
        let submission = Submission {
            already_there: false,
            engine_job: spec.key.to_string(),
            staged,
            runtime: environment.runtime.clone(),
            command: argv.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
        };
        let job = json!({
            "argv": argv,
            "cwd": work,
            "environment": self.job_environment(spec, &environment, &jdk, &folder),
            "deadline_s": spec.deadline_s,
            "grace_s": GRACE_S,
        });
        write_json(&folder.join("job.json"), &job)?;
        let supervisor = folder.join("supervisor.py");
        write_whole(&supervisor, SUPERVISOR.as_bytes())?;
        write_json(&submission_path, &submission)?;
        progress(Progress::line("starting spark-submit"));
        let log = std::fs::File::create(folder.join("supervisor.log"))
            .map_err(Error::io("could not write in", &folder))?;
        let errors = log.try_clone().map_err(Error::io("could not write in", &folder))?;
        let answer = tokio::process::Command::new(&environment.python)
            .arg("-I")
            .arg(&supervisor)
            .arg(&folder)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .status()
            .await
            .map_err(Error::io("could not start", &environment.python))?;
        if answer.success() {
            return Ok(submission);
        }
        let said = std::fs::read_to_string(folder.join("supervisor.log")).unwrap_or_default();
        Err(Error::Offline {
            what: format!("starting the supervisor of run `{}`", spec.key),
            why: said.lines().last().unwrap_or("it said nothing").to_owned(),
        })
    }

    async fn advance(&self, spec: &RunSpec) -> Result<Observation, Error> {
        let seen = self.observe(&spec.key).await?;
        // Nobody else keeps the limit of a job whose supervisor was ended.
        if seen.engine_state == "running unwatched" {
            let ran_s = seen.started_at.map_or(0, |at| Timestamp::now().as_second() - at.as_second());
            if ran_s > i64::try_from(spec.deadline_s).unwrap_or(i64::MAX) {
                self.stop_unwatched(&spec.key, "deadline").await?;
                return self.observe(&spec.key).await;
            }
        }
        Ok(seen)
    }

    async fn observe(&self, key: &RunKey) -> Result<Observation, Error> {
        self.look(key)
    }

    async fn logs(&self, key: &RunKey, stream: LogStream, from_offset: u64) -> Result<LogChunk, Error> {
        // Whether it is over is asked first: what is written until then is then all there.
        let over = self.look(key)?.state;
        let over = over.is_end() || over == State::Verifying;
        let path = self.run_folder(key).join(match stream {
            LogStream::Output => "stdout",
            LogStream::Engine => "stderr",
        });
        read_log(&path, from_offset, over)
    }

    async fn cancel(&self, key: &RunKey) -> Result<(), Error> {
        let seen = self.look(key)?;
        if seen.state.is_end() || seen.state == State::Verifying {
            return Ok(());
        }
        let request = self.run_folder(key).join("cancel");
        std::fs::write(&request, b"").map_err(Error::io("could not write", &request))?;
        if seen.engine_state == "running unwatched" {
            self.stop_unwatched(key, "cancelled").await?;
        } else if seen.state == State::Preparing {
            // Nothing was started, so nothing will write how it ended. A submission in progress sees the request.
            let exit = Exit { code: None, cause: "cancelled".into(), message: String::new(), ended: now_s() };
            let folder = self.run_folder(key);
            if !folder.join("job.json").exists() {
                write_json(&folder.join("exit.json"), &exit)?;
            }
        }
        Ok(())
    }

    async fn cleanup(&self, key: &RunKey) -> Result<Cleanup, Error> {
        let seen = self.look(key)?;
        if !(seen.state.is_end() || seen.state == State::Verifying) {
            return Ok(Cleanup::Required);
        }
        let folder = self.run_folder(key);
        process::send(&processes_of(&folder)?, process::Signal::Kill);
        let scratch = folder.join("scratch");
        if let Err(e) = std::fs::remove_dir_all(&scratch)
            && e.kind() != std::io::ErrorKind::NotFound
        {
            return Err(Error::io("could not remove", &scratch)(e));
        }
        // The proof is a second look, not the absence of an error.
        let gone = processes_of(&folder)?.is_empty() && !scratch.exists();
        Ok(if gone { Cleanup::Proven } else { Cleanup::InProgress })
    }
}

impl LocalSpark {
    /// Ends a job whose supervisor is gone, and writes down how it ended in the supervisor's place.
    async fn stop_unwatched(&self, key: &RunKey, cause: &str) -> Result<(), Error> {
        let folder = self.run_folder(key);
        process::send(&processes_of(&folder)?, process::Signal::Terminate);
        let patience = tokio::time::Instant::now() + std::time::Duration::from_secs(GRACE_S);
        while !processes_of(&folder)?.is_empty() && tokio::time::Instant::now() < patience {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        process::send(&processes_of(&folder)?, process::Signal::Kill);
        let exit = Exit { code: None, cause: cause.to_owned(), message: String::new(), ended: now_s() };
        write_json(&folder.join("exit.json"), &exit)
    }
}

/// Hadoop properties under which `gs://NAME/…` is the folder of each folder bucket, without any jar.
pub fn viewfs_properties(buckets: &Buckets) -> Vec<(String, String)> {
    let mut properties = Vec::new();
    for (name, folder) in buckets.folders() {
        if properties.is_empty() {
            let hadoop = "org.apache.hadoop.fs";
            properties.push((
                "spark.hadoop.fs.gs.impl".into(),
                format!("{hadoop}.viewfs.ViewFileSystemOverloadScheme"),
            ));
            properties.push((
                "spark.hadoop.fs.viewfs.overload.scheme.target.gs.impl".into(),
                format!("{hadoop}.LocalFileSystem"),
            ));
        }
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        properties.push((
            format!("spark.hadoop.fs.viewfs.mounttable.{name}.linkFallback"),
            format!("file://{}", uri_path(&folder)),
        ));
    }
    properties
}

/// A path as the path of a URI.
fn uri_path(path: &Path) -> String {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt as _;
    let mut uri = String::new();
    for &byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn ending(exit: &Exit, deadline_s: u64) -> (State, &'static str) {
    let failed = |reason| State::Failed { reason };
    match (exit.cause.as_str(), exit.code) {
        ("cancelled", _) => (State::Cancelled, "cancelled"),
        ("deadline", _) => (failed(FailureReason::Deadline { limit_s: deadline_s }), "stopped at its limit"),
        ("not started", _) => {
            (failed(FailureReason::Preparation { message: exit.message.clone() }), "not started")
        }
        (_, Some(0)) => (State::Verifying, "exit 0"),
        // spark-submit's shell reports a signal as 128 + its number: somebody outside ended the job.
        (_, Some(code @ (130 | 137 | 143))) => {
            (failed(FailureReason::Signal { signal: code - 128 }), "ended by a signal")
        }
        (_, Some(code)) if code < 0 => (failed(FailureReason::Signal { signal: -code }), "ended by a signal"),
        (_, Some(code)) => (failed(FailureReason::ExitCode { code }), "exit with an error"),
        (_, None) => (
            failed(FailureReason::Lost { message: "the record of its end has no exit code".to_owned() }),
            "lost",
        ),
    }
}

fn read_log(path: &Path, from_offset: u64, over: bool) -> Result<LogChunk, Error> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let mut bytes = Vec::new();
    match std::fs::File::open(path) {
        Ok(mut file) => {
            file.seek(SeekFrom::Start(from_offset))
                .and_then(|_| file.take(LOG_CHUNK_BYTES_MAX as u64).read_to_end(&mut bytes))
                .map_err(Error::io("could not read", path))?;
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => return Err(Error::io("could not open", path)(e)),
    }
    let full = bytes.len() == LOG_CHUNK_BYTES_MAX;
    // A character cut by the end of this piece belongs to the next one, unless nothing more will come.
    if full || !over {
        bytes.truncate(crate::target::whole_characters(&bytes));
    }
    Ok(LogChunk {
        text: String::from_utf8_lossy(&bytes).into_owned(),
        next_offset: from_offset + bytes.len() as u64,
        complete: over && !full,
    })
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

fn now_s() -> f64 {
    Timestamp::now().as_millisecond() as f64 / 1000.0
}

fn moment(seconds: f64) -> Option<Timestamp> {
    Timestamp::from_microsecond((seconds * 1e6) as i64).ok()
}

/// Every process of the run in `folder`. The first is known by its number too: while one program turns into the next, as
/// a shell's script into Java, nobody can read the mark that it carries.
fn processes_of(folder: &Path) -> Result<Vec<i32>, Error> {
    let first: Option<Started> = read_json(&folder.join("started.json"))?;
    let mut all = process::marked(folder);
    if let Some(first) = first.filter(|first| first.process.is_alive() && !all.contains(&first.process.pid)) {
        all.push(first.process.pid);
    }
    Ok(all)
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Option<T>, Error> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(e) if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(e) => return Err(Error::io("could not read", path)(e)),
    };
    serde_json::from_slice(&text)
        .map(Some)
        .map_err(|e| Error::Corrupt { what: format!("`{}`", path.display()), why: e.to_string() })
}

fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), Error> {
    let text = serde_json::to_vec_pretty(value)
        .map_err(|e| Error::invalid(format!("`{}`", path.display()), e.to_string()))?;
    write_whole(path, &text)
}

/// Writes beside and renames, so that a reader sees all of it or nothing.
fn write_whole(path: &Path, content: &[u8]) -> Result<(), Error> {
    use std::io::Write as _;
    let unfinished = path.with_extension(format!("{}.unfinished", std::process::id()));
    std::fs::File::create(&unfinished)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&unfinished, path))
        .map_err(Error::io("could not write", path))
}

#[cfg(test)]
mod tests;
