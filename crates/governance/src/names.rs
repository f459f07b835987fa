//! Identifiers and names. Whoever holds one holds a valid one: the only ways in are `FromStr`, `TryFrom<String>` and
//! `Deserialize`, and all three use the same validator.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Longest name of a person, project, model or definition, in characters.
pub const NAME_CHARS_MAX: usize = 128;

/// A text that is not a valid name or identifier.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is not a valid {noun}: {rule}")]
pub struct NameError {
    /// What it was meant to be.
    pub noun: &'static str,
    /// The text, cut to 80 characters.
    pub text: String,
    /// What a valid one looks like.
    pub rule: &'static str,
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $noun:literal, $rule:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(NameError { noun: $noun, text: text.chars().take(80).collect(), rule: $rule })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn is_ulid(text: &str) -> bool {
    text.len() == 26
        && text.starts_with(|first: char| ('0'..='7').contains(&first))
        && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'H' | b'J' | b'K' | b'M' | b'N' | b'P'..=b'T' | b'V'..=b'Z'))
}

fn is_title(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= NAME_CHARS_MAX
        && text.trim() == text
        && !text.chars().any(char::is_control)
}

fn is_handle(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'))
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && is_lower_hex(hex))
}

fn is_lower_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

const ULID: &str = "26 characters of Crockford's base 32, as in 01ARZ3NDEKTSV4RRFFQ69G5FAV";

macro_rules! ulid {
    ($(#[$doc:meta])* $name:ident, $noun:literal) => {
        name!($(#[$doc])* $name, $noun, "26 characters of Crockford's base 32, as in 01ARZ3NDEKTSV4RRFFQ69G5FAV", is_ulid);
    };
}

ulid!(
    /// Identifies a fact: whatever becomes of the entry that carries it, it takes effect at most once.
    FactId, "fact identifier");
ulid!(
    /// Identifies a project.
    ProjectId, "project identifier");
ulid!(
    /// Identifies a model.
    ModelId, "model identifier");
ulid!(
    /// Identifies a version of a model.
    VersionId, "version identifier");
ulid!(
    /// Identifies an imported definition.
    DefinitionId, "definition identifier");
ulid!(
    /// Identifies a running or ended process.
    InstanceId, "instance identifier");
ulid!(
    /// Identifies a run.
    RunId, "run identifier");
ulid!(
    /// Identifies a schedule.
    ScheduleId, "schedule identifier");
ulid!(
    /// Identifies the arrangement by which a process starts by itself.
    SelfStartId, "self-start identifier");
ulid!(
    /// Identifies a notice.
    NoticeId, "notice identifier");
ulid!(
    /// Identifies a monitor.
    MonitorId, "monitor identifier");
ulid!(
    /// Identifies a performance report.
    ReportId, "report identifier");
ulid!(
    /// Identifies an alert.
    AlertId, "alert identifier");

name!(
    /// A stretch of time in ISO 8601 that passes: `P1D`, `PT4H`.
    Period, "period", "an ISO 8601 duration longer than nothing, as in P1D or PT4H",
    |text| bpmn::time::IsoDuration::parse(text).is_ok_and(|duration| duration.is_positive()));

impl Period {
    /// The moment this long after another; the moment itself where that leads outside the calendar.
    pub fn after(&self, moment: jiff::Timestamp) -> jiff::Timestamp {
        bpmn::time::IsoDuration::parse(&self.0)
            .ok()
            .and_then(|duration| duration.after(moment))
            .unwrap_or(moment)
    }
}

name!(
    /// The name of a connection to another system: `viya`.
    ConnectionName, "connection name", "1 to 64 lower case letters, digits, `.`, `-` or `_`, beginning with a letter or digit", is_handle);
name!(
    /// The name of a member, as rules speak of it: `ana`.
    MemberName, "member name", "1 to 64 lower case letters, digits, `.`, `-` or `_`, beginning with a letter or digit", is_handle);
name!(
    /// The name of a target, as commands and bindings speak of it: `churn-cluster`.
    TargetName, "target name", "1 to 64 lower case letters, digits, `.`, `-` or `_`, beginning with a letter or digit", is_handle);
name!(
    /// The name of a project, unique in its workspace.
    ProjectName, "project name", "1 to 128 characters, no control characters, no space at either end", is_title);
name!(
    /// The name of a model, unique in its project.
    ModelName, "model name", "1 to 128 characters, no control characters, no space at either end", is_title);
name!(
    /// The name of a schedule, unique in its workspace.
    ScheduleName, "schedule name", "1 to 128 characters, no control characters, no space at either end", is_title);
name!(
    /// The name of a cluster template, as commands and targets speak of it: `churn-small`.
    TemplateName, "cluster template name", "1 to 64 lower case letters, digits, `.`, `-` or `_`, beginning with a letter or digit", is_handle);
name!(
    /// The digest of some content: `sha256:` and 64 hexadecimal digits.
    Digest, "digest", "`sha256:` and 64 lower case hexadecimal digits", is_digest);
name!(
/// A public signing key: its algorithm, a colon, and hexadecimal digits.
PublicKey, "public key", "`ed25519:` and 64 lower case hexadecimal digits", |text| {
    text.split_once(':').is_some_and(|(algorithm, digits)| {
        is_handle(algorithm) && (64..=1024).contains(&digits.len()) && is_lower_hex(digits)
    })
});

impl PublicKey {
    /// The first sixteen digits, for people.
    pub fn fingerprint(&self) -> &str {
        let digits = self.0.split_once(':').map_or("", |(_, digits)| digits);
        digits.get(..16).unwrap_or(digits)
    }
}

/// What an identifier looks like, for messages.
pub const fn ulid_rule() -> &'static str {
    ULID
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_is_wrong_with_them() {
        let rows: &[(&str, bool)] = &[
            ("ana", true),
            ("ana.silva-2", true),
            ("", false),
            ("Ana", false),
            ("-ana", false),
            ("ana silva", false),
            ("../ana", false),
            (&"a".repeat(65), false),
        ];
        for (text, valid) in rows {
            assert_eq!(text.parse::<MemberName>().is_ok(), *valid, "{text:?}");
            assert_eq!(serde_json::from_value::<MemberName>((*text).into()).is_ok(), *valid, "{text:?}");
        }
        assert!(" Churn".parse::<ProjectName>().is_err());
        assert!("Churn\u{7}".parse::<ProjectName>().is_err());
        assert!("Rotatividade de clientes".parse::<ProjectName>().is_ok());
        assert!("01ARZ3NDEKTSV4RRFFQ69G5FAV".parse::<ProjectId>().is_ok());
        assert!("81ARZ3NDEKTSV4RRFFQ69G5FAV".parse::<ProjectId>().is_err());
        assert!("01arz3ndektsv4rrffq69g5fav".parse::<ProjectId>().is_err());
        assert!("sha256:00".parse::<Digest>().is_err());
    }
}
