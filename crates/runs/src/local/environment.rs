//! The virtual environment a run's Python lives in, made once per set of requirements and kept.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::Command;

use super::requirements;
use crate::digest::Sha256;
use crate::lock::Locked;
use crate::{Error, Progress};

/// The longest an installation may take.
const INSTALL_TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// Lines of pip's output kept for the message when it fails.
const TAIL_LINES: usize = 12;

/// A managed environment that is complete.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its folder.
    pub folder: PathBuf,
    /// Its interpreter.
    pub python: PathBuf,
    /// PySpark inside it: what `SPARK_HOME` is set to.
    pub spark_home: PathBuf,
    /// Python's and PySpark's versions, as they named themselves.
    pub runtime: Vec<String>,
    /// What was left out or added to the requirements, and why.
    pub notes: Vec<String>,
}

/// The system's Python.
#[derive(Clone, Debug)]
pub(super) struct Python {
    pub(super) command: PathBuf,
    /// `3.11.7`.
    pub(super) version: String,
    pub(super) minor: u32,
}

impl Python {
    pub(super) async fn ask(command: &Path) -> Result<Python, Error> {
        let missing = |why: String| {
            Error::MissingPython {
            path: command.to_owned(),
            why,
            remedy: "Install Python 3.9 or later, on Debian or Ubuntu with `sudo apt install python3 python3-venv`"
                .to_owned(),
        }
        };
        let answer = Command::new(command)
            .args(["-c", "import sys; print('.'.join(map(str, sys.version_info[:3])))"])
            .stdin(Stdio::null())
            .output()
            .await
            .map_err(|e| missing(e.to_string()))?;
        let version = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        let mut parts = version.split('.').map(str::parse::<u32>);
        match (parts.next(), parts.next()) {
            (Some(Ok(3)), Some(Ok(minor))) if minor >= 9 => {
                Ok(Python { command: command.to_owned(), version, minor })
            }
            _ => Err(missing(format!("it answered version `{version}`"))),
        }
    }
}

/// Finds the environment for these requirements among `environments`, or makes it.
pub(super) async fn prepare(
    environments: &Path,
    python: &Python,
    pyspark: &str,
    lines: &[String],
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Environment, Error> {
    let plan = requirements::plan(pyspark, lines)?;
    let name = Sha256::of(format!("{}\n{}", python.version, plan.install.join("\n")).as_bytes()).to_string();
    let folder = environments.join(&name[..16]);
    std::fs::create_dir_all(environments)
        .map_err(Error::io("could not make the folder of virtual environments", environments))?;
    let _lock = lock(environments.join(format!("{}.lock", &name[..16])), progress).await?;
    let ready = folder.join("ready.json");
    if !ready.is_file() {
        // What is left of an attempt that did not finish is not built upon.
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .map_err(Error::io("could not remove the unfinished", &folder))?;
        }
        make(&folder, python, &plan.install, progress).await?;
    }
    let environment_python = folder.join("bin/python");
    let spark_home = if ready.is_file() {
        PathBuf::from(std::fs::read_to_string(&ready).map_err(Error::io("could not read", &ready))?.trim())
    } else {
        let found = spark_home(&environment_python, &folder).await?;
        std::fs::write(&ready, found.display().to_string()).map_err(Error::io("could not write", &ready))?;
        found
    };
    Ok(Environment {
        python: environment_python,
        spark_home,
        runtime: vec![format!("Python {}", python.version), format!("PySpark {pyspark}")],
        notes: plan.left.iter().map(|(line, to)| to.note(line, pyspark)).collect(),
        folder,
    })
}

async fn make(
    folder: &Path,
    python: &Python,
    install: &[String],
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<(), Error> {
    progress(Progress::line(format!("making a virtual environment with Python {}", python.version)));
    let made = Command::new(&python.command)
        .args(["-m", "venv"])
        .arg(folder)
        .stdin(Stdio::null())
        .output()
        .await
        .map_err(Error::io("could not start", &python.command))?;
    if !made.status.success() {
        let said =
            format!("{}{}", String::from_utf8_lossy(&made.stdout), String::from_utf8_lossy(&made.stderr));
        return Err(Error::MissingPython {
            path: folder.to_owned(),
            why: tail(said.lines(), 3),
            remedy: "On Debian or Ubuntu, `sudo apt install python3-venv`; check the free space too"
                .to_owned(),
        });
    }
    progress(Progress::line(format!("installing {}", install.join(", "))));
    let mut pip = Command::new(folder.join("bin/python"))
        .args(["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"])
        .args(install)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(Error::io("could not start pip in", folder))?;
    let (output, errors) = (pip.stdout.take(), pip.stderr.take());
    let watched = async {
        let (_, errors) = tokio::join!(lines_of(output, progress), lines_of(errors, progress));
        (pip.wait().await, errors)
    };
    let named = install.iter().map(|line| format!("`{line}`")).collect::<Vec<_>>().join(", ");
    let failed = |why: String| {
        let remedy = remedy_for(&why).to_owned();
        Err(Error::Pip { requirements: named.clone(), why, remedy })
    };
    match tokio::time::timeout(INSTALL_TIMEOUT, watched).await {
        Err(_) => failed(format!("it was not done after {} minutes", INSTALL_TIMEOUT.as_secs() / 60)),
        Ok((Ok(status), _)) if status.success() => Ok(()),
        Ok((_, errors)) => failed(tail(errors.iter().map(String::as_str), TAIL_LINES)),
    }
}

async fn lines_of(
    stream: Option<impl AsyncRead + Unpin>,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Vec<String> {
    let mut kept = Vec::new();
    let Some(stream) = stream else { return kept };
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        progress(Progress::line(line.clone()));
        kept.push(line);
        if kept.len() > 10 * TAIL_LINES {
            kept.drain(..5 * TAIL_LINES);
        }
    }
    kept
}

/// Only the lines that say what went wrong, at most `count` of them.
fn tail<'a>(lines: impl Iterator<Item = &'a str>, count: usize) -> String {
    let lines: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
    let errors: Vec<&str> = lines.iter().copied().filter(|line| line.starts_with("ERROR")).collect();
    let telling = if errors.is_empty() { lines } else { errors };
    telling[telling.len().saturating_sub(count)..].join("; ")
}

fn remedy_for(pip_said: &str) -> &'static str {
    let has = |needles: &[&str]| needles.iter().any(|needle| pip_said.contains(needle));
    if has(&["No space left"]) {
        "Free some space on the disk and try again"
    } else if has(&[
        "name resolution",
        "Connection",
        "connection",
        "timed out",
        "Network is unreachable",
        "ProxyError",
    ]) {
        "Connect to the package index and try again, or name a mirror with `PIP_INDEX_URL` or a folder of wheels \
         with `PIP_FIND_LINKS`"
    } else if has(&["No matching distribution", "Could not find a version"]) {
        "Correct the name or loosen the version in the package's requirements file: the version asked for does \
         not exist for this Python"
    } else if has(&["conflicting dependencies", "ResolutionImpossible"]) {
        "Loosen one of the versions in the package's requirements file: they exclude each other"
    } else {
        "Correct the package's requirements file, or the index that pip is set to, and try again"
    }
}

async fn spark_home(python: &Path, folder: &Path) -> Result<PathBuf, Error> {
    let answer = Command::new(python)
        .args(["-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))"])
        .stdin(Stdio::null())
        .output()
        .await
        .map_err(Error::io("could not start", python))?;
    let home = PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim());
    if home.join("bin/spark-submit").is_file() {
        Ok(home)
    } else {
        Err(Error::Corrupt {
            what: format!("the virtual environment `{}`", folder.display()),
            why: format!(
                "PySpark does not import there: {}; delete the folder and try again",
                tail(String::from_utf8_lossy(&answer.stderr).lines(), 3)
            ),
        })
    }
}

/// Exclusive among processes; while another makes the same environment, says so and waits.
async fn lock(path: PathBuf, progress: &(dyn Fn(Progress) + Send + Sync)) -> Result<Locked, Error> {
    let file = std::fs::File::create(&path).map_err(Error::io("could not make", &path))?;
    let file = match Locked::attempt(file).map_err(Error::io("could not lock", &path))? {
        Ok(locked) => return Ok(locked),
        Err(file) => file,
    };
    progress(Progress::line("waiting for another run that makes the same virtual environment"));
    let locked = tokio::task::spawn_blocking(move || Locked::wait(file)).await;
    match locked {
        Ok(Ok(locked)) => Ok(locked),
        Ok(Err(e)) => Err(Error::io("could not lock", &path)(e)),
        Err(e) => {
            Err(Error::Offline { what: format!("waiting for `{}`", path.display()), why: e.to_string() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pips_failures_have_remedies_that_fit() {
        for (said, remedy) in [
            ("ERROR: No matching distribution found for nosuch==9", "Correct the name"),
            ("WARNING: Retrying… [Errno -3] Temporary failure in name resolution", "Connect"),
            ("ERROR: [Errno 28] No space left on device", "Free some space"),
            ("ERROR: ResolutionImpossible: for help visit", "exclude each other"),
            ("ERROR: something new", "and try again"),
        ] {
            assert!(remedy_for(said).contains(remedy), "{said}");
        }
        assert_eq!(tail("a\n\nERROR: b\nnotice".lines(), 5), "ERROR: b");
        assert_eq!(tail("a\nb\nc".lines(), 2), "b; c");
    }
}
