//! What can be known to go wrong before the first byte is sent.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::python;
use super::{Place, READY, REPLACED};
use crate::bucket::Bucket;
use crate::dataproc::access::{Place as At, elsewhere, of_bucket};
use crate::local::requirements::{normalized, requirement_name};
use crate::target::{Finding, Severity};
use crate::{Error, Location, Reason};

/// The most findings of one kind that are listed; a package with more has one cause, and it is among them.
const FINDINGS_MAX: usize = 200;

/// The largest text that is looked into; what is larger is data, whatever it is called.
pub const TEXT_BYTES_MAX: u64 = 16 << 20;

/// A text file of the package, as it is.
#[derive(Clone, Debug)]
pub struct ConfigText {
    /// Its path in the package.
    pub path: String,
    /// Its content; bytes that are not UTF-8 are shown as `�`.
    pub text: String,
    /// Whether there are such bytes.
    pub is_lossy: bool,
}

impl ConfigText {
    /// A file's content as text.
    pub fn of(path: &str, bytes: &[u8]) -> ConfigText {
        let text = String::from_utf8_lossy(bytes);
        ConfigText {
            path: path.to_owned(),
            is_lossy: matches!(&text, std::borrow::Cow::Owned(_)),
            text: text.into_owned(),
        }
    }

    /// Whether a file of the package is looked into: scripts, configuration and requirements, not too large.
    pub fn is_wanted(path: &str, size_bytes: u64) -> bool {
        let kinds =
            [".py", ".yml", ".yaml", ".json", ".txt", ".cfg", ".ini", ".conf", ".properties", ".sh", ".sql"];
        size_bytes <= TEXT_BYTES_MAX && kinds.iter().any(|kind| path.ends_with(kind))
    }

    /// Reads those of the package's files that are looked into.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn read(files: &std::collections::BTreeMap<String, PathBuf>) -> Result<Vec<ConfigText>, Error> {
        let mut texts = Vec::new();
        for (path, source) in files {
            let size = std::fs::metadata(source).map_err(Error::io("could not look at", source))?.len();
            if ConfigText::is_wanted(path, size) {
                let bytes = std::fs::read(source).map_err(Error::io("could not read", source))?;
                texts.push(ConfigText::of(path, &bytes));
            }
        }
        Ok(texts)
    }
}

/// Looks at the bucket and at the package's own texts. A finding that is [`Severity::Blocking`] would make the
/// migration or the runs after it fail; the others are worth a look. Nothing is changed. `at` is where what reads the
/// version will run, where that is known; `paths` are those of all files of the version.
pub async fn preflight(
    paths: &BTreeSet<&str>,
    place: &Place,
    texts: &[ConfigText],
    at: At<'_>,
) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    match place.bucket.probe().await {
        Ok(()) => {
            findings.extend(foreign(paths, place).await?);
            findings.extend(told_elsewhere(place).await?);
            if let Some(region) = at.region {
                findings.extend(elsewhere(&place.bucket, region).await?);
            }
        }
        Err(e @ (Error::NotFound { .. } | Error::Denied { .. })) => {
            findings.push(match &place.bucket {
                Bucket::Google(bucket) => of_bucket(bucket.name(), &at, &e),
                // A folder is not made by a command of Google's.
                Bucket::Folder(_) => Finding::of("bucket", "finding-bucket", &e),
            });
        }
        Err(e) => return Err(e),
    }
    findings.extend(package_findings(paths, place.bucket.name(), texts));
    Ok(findings)
}

/// The part of [`preflight`] that needs no bucket: paths, imports and credentials in the package's texts.
pub fn package_findings(paths: &BTreeSet<&str>, bucket: &str, texts: &[ConfigText]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in texts {
        if text.is_lossy {
            // It is put into the bucket as it is, and what can be read of it is looked at.
            let reason = Reason::new("finding-other-encoding");
            findings.push(Finding { file: Some(text.path.clone()), ..Finding::warning("not-utf8", reason) });
        }
        findings.extend(wrong_paths(bucket, text).into_iter().take(FINDINGS_MAX));
        findings.extend(credentials(text).into_iter().take(FINDINGS_MAX));
    }
    findings.extend(uncovered_imports(paths, texts).into_iter().take(FINDINGS_MAX));
    findings
}

/// Whether nothing in the list stands in the way.
pub fn may_go_on(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Blocking)
}

async fn foreign(wanted: &BTreeSet<&str>, place: &Place) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    for object in place.bucket.list(&place.prefix).await? {
        let path = &object.name[place.prefix.len()..];
        if !wanted.contains(path) && path != READY && path != REPLACED && findings.len() < FINDINGS_MAX {
            let reason = Reason::new("finding-stale-object").with("object", format!("{}{path}", place.url()));
            findings.push(Finding::warning("stale-object", reason));
        }
    }
    Ok(findings)
}

/// Whoever else hears of the object that sets a training off may start one of their own: exactly one run an object is what
/// desks can promise of desks only.
async fn told_elsewhere(place: &Place) -> Result<Option<Finding>, Error> {
    let Bucket::Google(bucket) = &place.bucket else { return Ok(None) };
    let listeners = match bucket.listeners().await {
        // Who may write objects need not be allowed to look at this.
        Err(Error::Denied { .. } | Error::NotFound { .. }) => return Ok(None),
        other => other?,
    };
    let ready = format!("{}{READY}", place.prefix);
    let topics: BTreeSet<String> = listeners
        .iter()
        .filter(|listener| listener.hears_of(&ready))
        .map(|listener| format!("`{}`", listener.topic.trim_start_matches("//pubsub.googleapis.com/")))
        .collect();
    if topics.is_empty() {
        return Ok(None);
    }
    let topics: Vec<String> = topics.into_iter().take(FINDINGS_MAX).collect();
    let reason = Reason::new("finding-told-elsewhere")
        .with("bucket", bucket.name())
        .with("prefix", &place.prefix)
        .with("topics", topics.join(", "));
    Ok(Some(Finding::warning("told-elsewhere", reason)))
}

/// Every `gs://` path in the text that is not in the bucket the version goes to (D-10).
fn wrong_paths(bucket: &str, text: &ConfigText) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in numbered(&text.text) {
        // A commented line leads nowhere.
        if line.trim_start().starts_with('#') {
            continue;
        }
        for (at, _) in line.match_indices("gs://") {
            let end = line[at..]
                .find(|c: char| c.is_whitespace() || "\"'`,;)]}>#".contains(c))
                .map_or(line.len(), |length| at + length);
            let literal = &line[at..end];
            let finding = match literal.parse::<Location>() {
                Ok(Location::Object { bucket: found, .. }) if found == bucket => continue,
                Ok(_) => Finding::blocking(
                    "wrong-bucket",
                    Reason::new("finding-wrong-bucket").with("path", literal).with("bucket", bucket),
                ),
                // `gs://{bucket}/…` and the like are put together when the script runs.
                Err(_) if literal == "gs://" || literal.contains(['{', '$', '%', '<']) => Finding::warning(
                    "computed-path",
                    Reason::new("finding-computed-path").with("path", literal).with("bucket", bucket),
                ),
                Err(e) => Finding::of("wrong-bucket", "finding-detail", &e),
            };
            findings.push(finding.at(&text.path, number));
        }
    }
    findings
}

/// Imports that neither Python, nor Spark, nor the package itself, nor its requirements file provide.
fn uncovered_imports(paths: &BTreeSet<&str>, texts: &[ConfigText]) -> Vec<Finding> {
    let file_name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let is_requirements =
        |text: &&ConfigText| matches!(file_name(&text.path).as_str(), "requirements.txt" | "requirement.txt");
    // Always in the managed environment, see `local::requirements`, and part of every Dataproc image.
    let mut provided: BTreeSet<String> =
        ["pyspark", "py4j", "pyyaml", "numpy", "setuptools"].map(str::to_owned).into();
    for text in texts.iter().filter(is_requirements) {
        provided.extend(text.text.lines().filter_map(requirement_name).map(normalized));
    }
    let mut own: BTreeSet<String> = BTreeSet::new();
    for path in paths.iter().filter(|path| path.ends_with(".py")) {
        own.extend(path.split('/').map(|part| part.trim_end_matches(".py").to_owned()));
    }
    let mut findings = Vec::new();
    for text in texts.iter().filter(|text| text.path.ends_with(".py")) {
        for (module, line) in python::imports(&text.text) {
            let package = python::package_of(&module);
            let normal = normalized(package);
            let covered = python::is_standard(&module)
                || own.contains(&module)
                || provided.contains(&normal)
                // A namespace shared by many packages: `google` comes with any `google-…`.
                || provided.iter().any(|name| name.starts_with(&format!("{normal}-")));
            if !covered {
                findings.push(
                    Finding::blocking(
                        "import",
                        Reason::new("finding-import").with("module", &module).with("package", package),
                    )
                    .at(&text.path, line),
                );
            }
        }
    }
    findings
}

/// Literals that look like credentials (D-25). They never leave this machine.
fn credentials(text: &ConfigText) -> Vec<Finding> {
    const NAMES: [&str; 9] =
        ["password", "passwd", "pwd", "secret", "token", "api_key", "apikey", "private_key", "access_key"];
    let mut findings = Vec::new();
    let mut report = |line: u32, reason: Reason| {
        findings.push(Finding::blocking("credential", reason).at(&text.path, line));
    };
    for (number, line) in numbered(&text.text) {
        if line.contains("-----BEGIN") && line.contains("PRIVATE KEY") {
            report(number, Reason::new("finding-private-key"));
            continue;
        }
        let Some((name, value)) = assignment(line) else { continue };
        let lower = name.to_ascii_lowercase();
        // `token_index` or `secret_name` name something else than the secret.
        let named = NAMES.iter().any(|secret| lower == *secret || lower.ends_with(&format!("_{secret}")));
        if named && is_literal(value) {
            report(number, Reason::new("finding-credential").with("name", name));
        }
    }
    findings
}

/// `name: value`, `name = value` and `"name": value`, with a quoted or, in YAML, a bare value.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim().trim_start_matches("- ");
    if line.starts_with('#') {
        return None;
    }
    let at = line.find([':', '='])?;
    let name = line[..at].trim().trim_matches(['"', '\'']);
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let name = name.rsplit(['.', '-']).next().unwrap_or(name);
    plain.then_some((name, line[at + 1..].trim().trim_end_matches(',')))
}

fn is_literal(value: &str) -> bool {
    let value = value.split(" #").next().unwrap_or_default().trim();
    let quoted = value.len() > 2 && (value.starts_with('"') || value.starts_with('\''));
    let inner = value.trim_matches(['"', '\'']);
    let placeholder = inner.is_empty()
        || inner.starts_with(['$', '{', '<', '%'])
        || matches!(
            inner.to_ascii_lowercase().as_str(),
            "null" | "none" | "~" | "true" | "false" | "changeme" | "xxx"
        );
    // Without quotes it may be an expression of a script: a name, a call, an index.
    let bare_word = !quoted
        && (inner.contains(['(', '[', '.', ' ']) || inner.chars().all(|c| c == '_' || c.is_alphabetic()));
    !placeholder && !bare_word
}

fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    text.lines().enumerate().map(|(index, line)| (u32::try_from(index + 1).unwrap_or(u32::MAX), line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str, text: &str) -> ConfigText {
        ConfigText::of(path, text.as_bytes())
    }

    fn codes(texts: &[ConfigText]) -> Vec<(String, String, u32)> {
        let paths = texts.iter().map(|text| text.path.as_str()).collect();
        let mut found: Vec<_> = package_findings(&paths, "network-spark-migrate", texts)
            .into_iter()
            .map(|f| (f.code, f.file.unwrap_or_default(), f.line.unwrap_or_default()))
            .collect();
        found.sort();
        found
    }

    #[test]
    fn two_configurations_that_disagree_about_the_bucket_are_named_with_file_and_line_d10() {
        let found = codes(&[
            text(
                "demo-config.yml",
                "data:\n  train: gs://network-spark-migrate/data/train.parquet\n  test: 'gs://network-migrate/data/test.parquet'\n# gs://other/x\n",
            ),
            text("score.py", "path = f'gs://{bucket}/x'\n"),
        ]);
        assert_eq!(
            found,
            [
                ("computed-path".into(), "score.py".into(), 1),
                ("wrong-bucket".into(), "demo-config.yml".into(), 3),
            ]
        );
    }

    #[test]
    fn a_text_that_is_not_utf8_is_a_warning_and_is_looked_at_all_the_same() {
        let latin = ConfigText::of("lê.yml", b"# configura\xe7\xe3o\ntrain: gs://other/data\n");
        let found = package_findings(&BTreeSet::from(["l\u{ea}.yml"]), "churn-bucket", &[latin]);
        let codes: Vec<(&str, Severity)> = found.iter().map(|f| (f.code.as_str(), f.severity)).collect();
        assert_eq!(codes, [("not-utf8", Severity::Warning), ("wrong-bucket", Severity::Blocking)]);
        assert_eq!(found[1].line, Some(2));
    }

    #[test]
    fn imports_are_covered_by_the_requirements_file() {
        let found = codes(&[
            text(
                "train.py",
                "import os, yaml, pandas\nimport features\nfrom pyspark.ml import Pipeline\nfrom google.cloud import storage\nimport xgboost\n",
            ),
            text("features.py", "import sklearn\n"),
            text("requirement.txt", "pandas==2.0\ngoogle-cloud-storage\n"),
        ]);
        assert_eq!(
            found,
            [("import".into(), "features.py".into(), 1), ("import".into(), "train.py".into(), 5),]
        );
    }

    #[test]
    fn credentials_are_found_and_references_are_not() {
        let rows = [
            ("password: Orion123", true),
            ("  db_password = \"hunter22\"", true),
            ("\"api_key\": \"AIzaSyA1\",", true),
            ("-----BEGIN RSA PRIVATE KEY-----", true),
            ("password: ${DB_PASSWORD}", false),
            ("password = os.environ['X']", false),
            ("password = args.password", false),
            ("password: ''", false),
            ("token_index = 12", false),
            ("# password: Orion123", false),
            ("secret = read_secret(name)", false),
            ("tokens: 12345", false),
        ];
        for (line, expected) in rows {
            assert_eq!(!credentials(&text("a.yml", line)).is_empty(), expected, "{line}");
        }
    }
}
