//! What the code of a package needs to be installed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Refused;
use crate::text;

/// The requirements of a package, from `requirement.txt`, `requirements.txt` or `requirements.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirements {
    /// The file they were read from.
    pub file: String,
    /// One a package.
    pub packages: Vec<Requirement>,
    /// Lines and commands that name no package: options, other commands. Never run.
    pub other: Vec<String>,
}

/// A Python package to install.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// Name as written.
    pub name: String,
    /// Name as PyPI compares it: lower case, `-` for `_` and `.`.
    pub canonical_name: String,
    /// Version specifier, for example `==1.5.3`; empty if any version does.
    pub specifier: String,
    /// The line or command as written.
    pub written: String,
}

impl Requirements {
    /// Reads the text form: one requirement a line.
    pub(crate) fn from_text(file: &str, text: &str) -> Self {
        let (mut packages, mut other) = (Vec::new(), Vec::new());
        for line in text.lines() {
            let line = line.split(" #").next().unwrap_or_default().trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match Requirement::parse(line) {
                Some(requirement) => packages.push(requirement),
                None => other.push(line.to_owned()),
            }
        }
        Self { file: file.to_owned(), packages, other }
    }

    /// Reads sasctl's form: a list of `{step, command}`.
    pub(crate) fn from_json(file: &str, json: &Value) -> Result<Self, Refused> {
        let bad = |why: &str| Refused::BadContents { entry: text::shown(file), why: why.to_owned() };
        let steps = json.as_array().ok_or_else(|| bad("a list of steps is expected"))?;
        let (mut packages, mut other) = (Vec::new(), Vec::new());
        for step in steps {
            let command = step
                .as_str()
                .or_else(|| step.get("command").and_then(Value::as_str))
                .ok_or_else(|| bad("every step needs a `command`"))?;
            let words: Vec<&str> = command.split_whitespace().collect();
            let install = words.iter().position(|word| *word == "install");
            let named: Vec<Requirement> = match install {
                Some(at)
                    if words[..at].iter().any(|word| word.starts_with("pip") || word.contains("/pip")) =>
                {
                    words[at + 1..]
                        .iter()
                        .filter_map(|word| Requirement::parse(word.trim_matches(['"', '\''])))
                        .collect()
                }
                _ => Requirement::parse(command).filter(|_| words.len() == 1).into_iter().collect(),
            };
            if named.is_empty() {
                other.push(command.to_owned());
            }
            packages.extend(named);
        }
        Ok(Self { file: file.to_owned(), packages, other })
    }
}

impl Requirement {
    /// Reads `name[extra]==1.0; marker`. Options, paths and addresses are no requirement.
    fn parse(written: &str) -> Option<Self> {
        let head = written.split(';').next().unwrap_or_default().trim();
        let name: String = head
            .chars()
            .take_while(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.'))
            .collect();
        let mut rest = head[name.len()..].trim_start();
        if rest.starts_with('[') {
            rest = rest[rest.find(']')? + 1..].trim_start();
        }
        let comparator = rest.is_empty() || rest.starts_with(['=', '<', '>', '!', '~', '(']);
        let plain = name.starts_with(|it: char| it.is_ascii_alphanumeric())
            && name.ends_with(|it: char| it.is_ascii_alphanumeric());
        (plain && comparator).then(|| Self {
            canonical_name: canonical(&name),
            specifier: rest.trim_matches(['(', ')']).split_whitespace().collect(),
            written: written.to_owned(),
            name,
        })
    }
}

/// PEP 503: runs of `-`, `_` and `.` are one `-`; case does not matter.
fn canonical(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for it in name.chars() {
        match it {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            _ => out.push(it.to_ascii_lowercase()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lines() {
        let read = Requirements::from_text(
            "requirement.txt",
            "# needed\nPyYAML==5.3.1\r\nscikit_learn >= 1.2, <2 # why\npandas[parquet]~=2.0; python_version > '3'\n-r more.txt\nnumpy\ngit+https://x/y\n",
        );
        let told: Vec<_> =
            read.packages.iter().map(|it| (it.canonical_name.as_str(), it.specifier.as_str())).collect();
        assert_eq!(
            told,
            [("pyyaml", "==5.3.1"), ("scikit-learn", ">=1.2,<2"), ("pandas", "~=2.0"), ("numpy", "")]
        );
        assert_eq!(read.other, ["-r more.txt", "git+https://x/y"]);
    }

    #[test]
    fn steps() {
        let read = Requirements::from_json(
            "requirements.json",
            &json!([{"step": "install numpy", "command": "pip install numpy==1.23.5"},
                    {"step": "two", "command": "python -m pip3 install -U 'a>=1' b"},
                    {"step": "other", "command": "apt-get install libgomp1"}]),
        )
        .unwrap();
        let told: Vec<_> = read.packages.iter().map(|it| (it.name.as_str(), it.specifier.as_str())).collect();
        assert_eq!(told, [("numpy", "==1.23.5"), ("a", ">=1"), ("b", "")]);
        assert_eq!(read.other, ["apt-get install libgomp1"]);
        assert!(Requirements::from_json("requirements.json", &json!({"a": 1})).is_err());
    }
}
