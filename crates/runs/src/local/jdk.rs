//! Finds a Java runtime.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::Error;

/// A Java runtime that answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jdk {
    /// What `JAVA_HOME` is set to for the job.
    pub home: PathBuf,
    /// Its major version, 17 say.
    pub major: u32,
    /// The first line it says about itself.
    pub version: String,
}

/// Where to look.
#[derive(Clone, Debug, Default)]
pub struct Places<'a> {
    /// `JAVA_HOME`.
    pub java_home: Option<&'a OsStr>,
    /// `PATH`.
    pub path: Option<&'a OsStr>,
    /// Folders that hold Java homes.
    pub homes: &'a [&'a Path],
}

/// The first runtime that starts: `JAVA_HOME`, then `PATH`, then the system's usual folders.
pub fn find(places: &Places<'_>) -> Result<Jdk, Error> {
    let mut candidates: Vec<PathBuf> = Vec::new();
    candidates.extend(
        places.java_home.filter(|home| !home.is_empty()).map(|home| Path::new(home).join("bin/java")),
    );
    if let Some(path) = places.path {
        candidates.extend(std::env::split_paths(path).map(|folder| folder.join("java")));
    }
    for homes in places.homes {
        let mut found: Vec<PathBuf> = std::fs::read_dir(homes)
            .into_iter()
            .flatten()
            .flatten()
            .flat_map(|entry| [entry.path().join("bin/java"), entry.path().join("Contents/Home/bin/java")])
            .collect();
        found.sort();
        candidates.extend(found);
    }
    candidates.iter().filter(|java| java.is_file()).find_map(|java| ask(java)).ok_or_else(|| {
        Error::MissingJdk {
            looked: "`JAVA_HOME`, `PATH` and the system's folders".to_owned(),
            remedy:
                "Install one, on Debian or Ubuntu with `sudo apt install openjdk-17-jre-headless`, or point \
                 `JAVA_HOME` at it"
                    .to_owned(),
        }
    })
}

fn ask(java: &Path) -> Option<Jdk> {
    let java = java.canonicalize().ok()?;
    let answer = std::process::Command::new(&java).arg("-version").output().ok()?;
    if !answer.status.success() {
        return None;
    }
    let text = String::from_utf8_lossy(&answer.stderr);
    let version = text.lines().find(|line| line.contains("version"))?.trim().to_owned();
    Some(Jdk { home: java.parent()?.parent()?.to_owned(), major: major(&version)?, version })
}

/// `openjdk version "17.0.15" …` is 17, `java version "1.8.0_402"` is 8.
fn major(line: &str) -> Option<u32> {
    let quoted = line.split('"').nth(1)?;
    let mut parts = quoted.split(['.', '_', '-', '+']);
    match parts.next()?.parse().ok()? {
        1 => parts.next()?.parse().ok(),
        major => Some(major),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        for (line, expected) in [
            ("openjdk version \"17.0.15\" 2025-04-15", Some(17)),
            ("java version \"1.8.0_402\"", Some(8)),
            ("openjdk version \"21\" 2023-09-19", Some(21)),
            ("openjdk version \"25-ea\"", Some(25)),
            ("nonsense", None),
        ] {
            assert_eq!(major(line), expected, "{line}");
        }
    }

    #[test]
    fn a_missing_jdk_is_named_with_its_remedy() {
        let nowhere = tempfile::tempdir().unwrap();
        let places = Places {
            java_home: Some(nowhere.path().as_os_str()),
            path: Some(nowhere.path().as_os_str()),
            homes: &[nowhere.path()],
        };
        let error = find(&places).unwrap_err();
        assert!(matches!(error, Error::MissingJdk { .. }));
        assert!(error.to_string().contains("apt install openjdk-17-jre-headless"), "{error}");
    }
}
