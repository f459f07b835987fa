//! What a caller asks for: one run, described completely enough that asking twice is the same as asking once.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::digest::Sha256;

/// The longest run key: Dataproc's limit for a cluster name, the narrowest of the engines.
pub const KEY_LENGTH_MAX: usize = 51;

/// The name of one attempt, the same in our records and in the engine's: job id, batch id, cluster name and
/// request id are made of it, so that a repeated call finds the first one's effect (D-14).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunKey(String);

impl RunKey {
    /// A key that is a function of `parts` (say workspace, run and attempt): the same parts give the same key.
    pub fn derive(parts: &[&str]) -> RunKey {
        let mut text = String::new();
        for part in parts {
            // The length in front keeps ["ab", "c"] and ["a", "bc"] apart.
            text.push_str(&format!("{}:{part}", part.len()));
        }
        let digest =
            data_encoding::BASE32_NOPAD.encode(Sha256::of(text.as_bytes()).as_bytes()).to_lowercase();
        RunKey(format!("cs-{}", &digest[..26]))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RunKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let fits = text.len() <= KEY_LENGTH_MAX
            && text.len() > 3
            && text.starts_with("cs-")
            && !text.ends_with('-')
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits {
            Ok(RunKey(text.to_owned()))
        } else {
            Err(Error::invalid(
                format!("run key `{text}`"),
                format!(
                    "a key is `cs-` and lower-case letters, digits and hyphens, {KEY_LENGTH_MAX} characters at most"
                ),
            ))
        }
    }
}

impl TryFrom<String> for RunKey {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<RunKey> for String {
    fn from(key: RunKey) -> String {
        key.0
    }
}

/// Where a file or folder is: `gs://bucket/object`, `file:///path` or an absolute path, or a path relative to
/// the run's working directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Location {
    /// An object, or all objects under a name used as a folder.
    Object {
        /// The bucket's name.
        bucket: String,
        /// The object's name, without a leading slash.
        name: String,
    },
    /// An absolute path on this machine.
    Local(PathBuf),
    /// A path inside the run's working directory.
    Relative(String),
}

impl Location {
    /// The last part of the name.
    pub fn file_name(&self) -> &str {
        let text = match self {
            Location::Object { name, .. } => name.as_str(),
            Location::Local(path) => path.to_str().unwrap_or_default(),
            Location::Relative(path) => path.as_str(),
        };
        text.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Object { bucket, name } => write!(f, "gs://{bucket}/{name}"),
            Location::Local(path) => write!(f, "{}", path.display()),
            Location::Relative(path) => f.write_str(path),
        }
    }
}

impl FromStr for Location {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = |why: &str| Err(Error::invalid(format!("location `{text}`"), why));
        if let Some(rest) = text.strip_prefix("gs://") {
            let (bucket, name) = rest.split_once('/').unwrap_or((rest, ""));
            if !bucket_name_is_valid(bucket) {
                return bad("a bucket name has 3 to 222 lower-case letters, digits, `-`, `_` and `.`");
            }
            return Ok(Location::Object { bucket: bucket.to_owned(), name: name.to_owned() });
        }
        if let Some(rest) = text.strip_prefix("file:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            if !path.starts_with('/') {
                return bad(
                    "a `file:` location names an absolute path on this machine: `file:///folder/file`",
                );
            }
            return Ok(Location::Local(PathBuf::from(path)));
        }
        if text.contains("://") {
            return bad("only `gs://`, `file:///` and paths are understood");
        }
        if text.starts_with('/') {
            return Ok(Location::Local(PathBuf::from(text)));
        }
        let relative = text.strip_prefix("./").unwrap_or(text);
        if relative.is_empty() || relative.split('/').any(|part| part.is_empty() || part == "..") {
            return bad("a relative path stays inside the run's working directory and has no empty parts");
        }
        Ok(Location::Relative(relative.to_owned()))
    }
}

impl TryFrom<String> for Location {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Location> for String {
    fn from(location: Location) -> String {
        location.to_string()
    }
}

/// Whether Cloud Storage would take `name` as a bucket's (3 to 222 of `a-z 0-9 - _ .`, no leading or trailing mark).
pub fn bucket_name_is_valid(name: &str) -> bool {
    let ends_well = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    (3..=222).contains(&name.len())
        && ends_well(name.bytes().next())
        && ends_well(name.bytes().last())
        && !name.contains("..")
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b))
}

/// A file the run needs, with the digest it must have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFile {
    /// Where it is.
    pub from: Location,
    /// What was approved. When given, a run whose file differs is refused before it starts.
    pub sha256: Option<Sha256>,
}

impl RunFile {
    /// A file without a known digest.
    pub fn at(from: Location) -> RunFile {
        RunFile { from, sha256: None }
    }
}

/// How an output is read to prove it holds something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputKind {
    /// A Parquet file or a folder of them; rows are counted from the footers.
    Parquet,
    /// One JSON document, JSON lines, or a folder of such; it must parse.
    Json,
    /// CSV, one file or a folder of part files; every file's first record is its header.
    Csv,
    /// A folder with at least one file that is not empty (a saved Spark model, say).
    Folder,
    /// A file that is not empty.
    File,
}

/// Something the run promises to leave behind. Exit code 0 without it is a failure (D-16).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedOutput {
    /// What people call it ("scored customers").
    pub name: String,
    /// How it is read.
    pub kind: OutputKind,
    /// Where it must be.
    pub at: Location,
    /// The fewest rows (records, documents) it may have; at least 1 is asked of tables whatever this says.
    #[serde(default)]
    pub rows_min: u64,
    /// Columns (or top-level keys of a JSON document) that must be there.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// One run, completely described.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSpec {
    /// The name of this attempt.
    pub key: RunKey,
    /// The main script.
    pub main: RunFile,
    /// Its arguments.
    #[serde(default)]
    pub args: Vec<String>,
    /// Files placed beside it in the working directory, under their own names.
    #[serde(default)]
    pub files: Vec<RunFile>,
    /// Modules that the main script may import, on the driver and on the executors: `.py` files under their own names,
    /// and `.zip` files with what lies in folders.
    #[serde(default)]
    pub python_files: Vec<RunFile>,
    /// Spark properties.
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
    /// Environment variables of the job.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// The lines of the package's `requirements.txt` (or `requirement.txt`).
    #[serde(default)]
    pub requirements: Vec<String>,
    /// What must be there afterwards.
    #[serde(default)]
    pub outputs: Vec<ExpectedOutput>,
    /// The longest the job may run, in seconds; then it is stopped and has failed.
    pub deadline_s: u64,
    /// Labels for the engine's resources (workspace, run, version), so that a sweep can tell whose they are.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

impl RunSpec {
    /// Every file that the run gets, the main script first.
    pub fn all_files(&self) -> impl Iterator<Item = &RunFile> {
        std::iter::once(&self.main).chain(&self.files).chain(&self.python_files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_deterministic_and_fit_every_engine() {
        let key = RunKey::derive(&["w", "run", "1"]);
        assert_eq!(key, RunKey::derive(&["w", "run", "1"]));
        assert_ne!(key, RunKey::derive(&["w", "run", "2"]));
        assert_ne!(RunKey::derive(&["ab", "c"]), RunKey::derive(&["a", "bc"]));
        assert_eq!(key.as_str().parse::<RunKey>().unwrap(), key);
        for bad in [
            "",
            "cs-",
            "Batch_Train_Model",
            "cs-UPPER",
            "cs-a-",
            "cs-../../x",
            &format!("cs-{}", "a".repeat(60)),
        ] {
            assert!(bad.parse::<RunKey>().is_err(), "{bad}");
        }
    }

    #[test]
    fn locations() {
        for (text, shown) in [
            ("gs://bucket/model/train.py", "gs://bucket/model/train.py"),
            ("gs://bucket", "gs://bucket/"),
            ("file:///tmp/x", "/tmp/x"),
            ("file:/tmp/x", "/tmp/x"),
            ("/tmp/x", "/tmp/x"),
            ("./out/m.json", "out/m.json"),
        ] {
            let location: Location = text.parse().unwrap();
            assert_eq!(location.to_string(), shown);
            assert_eq!(location.to_string().parse::<Location>().unwrap(), location);
        }
        for bad in
            ["", "../x", "a//b", "a/../../b", "s3://b/x", "gs://UP/x", "gs:///x", "gs://ab/x", "file://x"]
        {
            assert!(bad.parse::<Location>().is_err(), "{bad}");
        }
        assert_eq!("gs://bucket/model/train.py".parse::<Location>().unwrap().file_name(), "train.py");
    }
}
