//! What a package holds, as values.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::configuration::Configuration;
use crate::layout;
use crate::properties::Properties;
use crate::requirements::Requirements;
use crate::statistics::{FitStatistics, Importance, Inconsistency, LiftCurve, RocCurve, StatisticsTable};
use crate::variables::Variable;

/// A package as read: everything known about it without running any of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Package {
    /// Root digest of the contents, `sha256:` and 64 hexadecimal digits; see [`root_digest`].
    pub digest: String,
    /// Files, sorted by path (bytewise). Paths are below the top folder, if there is one.
    pub files: Vec<FileEntry>,
    /// The one folder that held everything, if there was one. Not part of any path or digest.
    pub top_folder: Option<String>,
    /// `ModelProperties.json`; empty when absent.
    pub properties: Properties,
    /// Variables: inputs, outputs and targets, in the order of the files.
    pub variables: Vec<Variable>,
    /// Fit statistics, one a partition.
    pub fit_statistics: Vec<FitStatistics>,
    /// ROC points, one curve a partition.
    pub roc: Vec<RocCurve>,
    /// Lift points, one curve a partition.
    pub lift: Vec<LiftCurve>,
    /// Relative importance of the inputs, largest first.
    pub importance: Vec<Importance>,
    /// The other statistics tables (`dmcas_misc`, `groupMetrics`, `maxDifferences`, …), as published.
    pub tables: Vec<StatisticsTable>,
    /// Hyperparameters as published, if any.
    pub hyperparameters: Option<serde_json::Map<String, serde_json::Value>>,
    /// What the code needs to be installed.
    pub requirements: Option<Requirements>,
    /// YAML configurations with the storage paths in them.
    pub configurations: Vec<Configuration>,
    /// Published statistics that contradict each other.
    pub inconsistencies: Vec<Inconsistency>,
    /// Things to know that block nothing.
    pub warnings: Vec<Warning>,
    /// What the scans found: secrets and dangerous pickles block until waived.
    pub findings: Vec<Finding>,
}

impl Package {
    /// The file at `path`, exactly.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&FileEntry> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The first file with this role.
    #[must_use]
    pub fn file_with_role(&self, role: &Role) -> Option<&FileEntry> {
        self.files.iter().find(|file| file.role.as_ref() == Some(role))
    }

    /// The file that scores, found in the order in which the score container looks: `ContainerWrapper.py`, the role
    /// `score`, the first `*score.py`.
    #[must_use]
    pub fn score_entry(&self) -> Option<&FileEntry> {
        layout::score_entry(&self.files)
    }

    /// Findings that block registration until waived.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Blocking)
    }
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path below the top folder, with forward slashes.
    pub path: String,
    /// What it is for.
    pub role: Option<Role>,
    /// Who says so.
    pub role_source: RoleSource,
    /// Size in bytes.
    pub size_bytes: u64,
    /// `sha256:` and 64 hexadecimal digits.
    pub sha256: String,
    /// What it looks like.
    pub media: Media,
}

/// What a file is for. Text as `fileMetadata.json` writes it, unknown ones kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Role {
    /// `inputVariables`.
    InputVariables,
    /// `outputVariables`.
    OutputVariables,
    /// `score`: the code that scores.
    Score,
    /// `scoreResource`: what the score code loads.
    ScoreResource,
    /// `python pickle`.
    PythonPickle,
    /// `train`: the code that trains.
    Train,
    /// `model`.
    Model,
    /// `standardKPI`.
    StandardKpi,
    /// Any other word the package uses.
    Other(String),
}

impl Role {
    /// The word as SAS Model Manager writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::InputVariables => "inputVariables",
            Self::OutputVariables => "outputVariables",
            Self::Score => "score",
            Self::ScoreResource => "scoreResource",
            Self::PythonPickle => "python pickle",
            Self::Train => "train",
            Self::Model => "model",
            Self::StandardKpi => "standardKPI",
            Self::Other(word) => word,
        }
    }
}

impl From<String> for Role {
    fn from(word: String) -> Self {
        let known = [
            Self::InputVariables,
            Self::OutputVariables,
            Self::Score,
            Self::ScoreResource,
            Self::PythonPickle,
            Self::Train,
            Self::Model,
            Self::StandardKpi,
        ];
        known
            .into_iter()
            .find(|role| role.as_str().eq_ignore_ascii_case(word.trim()))
            .unwrap_or(Self::Other(word))
    }
}

impl From<Role> for String {
    fn from(role: Role) -> Self {
        role.as_str().to_owned()
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a role comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleSource {
    /// `fileMetadata.json` says so.
    Declared,
    /// Inferred from name and contents, in the order the score container looks.
    Inferred,
    /// It has no role.
    None,
}

/// What a file's contents look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// Python source.
    Python,
    /// JSON text.
    Json,
    /// YAML text.
    Yaml,
    /// XML text, PMML included.
    Xml,
    /// Comma-separated values.
    Csv,
    /// SAS source.
    Sas,
    /// Any other text.
    Text,
    /// A serialised Python object; never loaded.
    Pickle,
    /// A zip archive inside the package.
    Zip,
    /// Parquet.
    Parquet,
    /// Anything else.
    Binary,
}

impl Media {
    /// Whether a person can read it as text.
    #[must_use]
    pub fn is_text(self) -> bool {
        !matches!(self, Self::Pickle | Self::Zip | Self::Parquet | Self::Binary)
    }
}

/// Something to know that blocks nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// A stable word for the kind: `unfitted-pipeline`, `missing-file`, `inconsistent-statistic`, …
    pub code: String,
    /// The file concerned.
    pub file: Option<String>,
    /// The sentence for people.
    pub message: String,
}

impl Warning {
    pub(crate) fn new(code: &str, file: Option<&str>, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), file: file.map(str::to_owned), message: message.into() }
    }
}

/// What a scan found in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The same for the same place in the same contents: a waiver names it.
    pub id: String,
    /// What was found.
    pub kind: FindingKind,
    /// Whether it blocks registration.
    pub severity: Severity,
    /// File; `outer.zip!/inner` for a file inside a nested archive.
    pub file: String,
    /// Line, from 1, in a text file.
    pub line: Option<u32>,
    /// The sentence for people.
    pub message: String,
    /// The place as it stands there, secrets masked.
    pub excerpt: Option<String>,
}

/// What kind of thing a finding is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FindingKind {
    /// A literal that looks like a credential; `what` is `private key`, `password`, `AWS access key`, …
    Secret {
        /// Which kind of credential.
        what: String,
    },
    /// Something a pickle imports when it is loaded.
    PickleImport {
        /// `module.name`.
        import: String,
        /// Whether it is called while loading.
        called: bool,
    },
    /// A pickle that could not be read to its end.
    PickleMalformed,
}

impl FindingKind {
    /// `secret` or `pickle`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Secret { .. } => "secret",
            Self::PickleImport { .. } | Self::PickleMalformed => "pickle",
        }
    }
}

/// What a finding does to a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Blocks until waived with a reason.
    Blocking,
}

/// The root digest of a set of files: what an approval signs.
///
/// It is the SHA-256 of the text that `sha256sum` prints for the files, sorted bytewise by path: one line
/// `<64 hexadecimal digits><two blanks><path>\n` a file. Paths hold no line ends (names with control characters are
/// refused), so the text is unambiguous, and an auditor computes it without us, in the unpacked folder:
///
/// ```text
/// find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum
/// ```
///
/// Top folder, order of entries, time stamps and compression do not change it. `sha256` may carry the prefix `sha256:`.
#[must_use]
pub fn root_digest<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut sorted: Vec<(&str, &str)> = files.into_iter().collect();
    sorted.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let mut hash = Sha256::new();
    for (path, sha256) in sorted {
        hash.update(sha256.strip_prefix("sha256:").unwrap_or(sha256));
        hash.update("  ");
        hash.update(path);
        hash.update("\n");
    }
    format!("sha256:{}", hex::encode(hash.finalize()))
}
