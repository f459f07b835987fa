//! YAML configurations of a package, and the storage paths in them: where migrations break.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::package::Warning;
use crate::text::shown;

/// Bytes of a configuration that is parsed.
pub(crate) const CONFIGURATION_BYTES_MAX: u64 = 512 << 10;
/// Brackets open at a time. The parser's time grows with their square, and no configuration needs as many.
const OPEN_BRACKETS_MAX: usize = 64;

/// A configuration file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Configuration {
    /// The file.
    pub file: String,
    /// Its contents. Keys that are not text are written as text.
    pub value: Value,
    /// The storage paths in it, in order.
    pub locations: Vec<Location>,
}

/// A storage path in a configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Where it stands: `data.train_datapath`, `inputs[0].path`.
    pub key: String,
    /// As written.
    pub uri: String,
    /// `gs`, `s3`, `hdfs`, `file`, …
    pub scheme: String,
    /// Bucket or host; empty for `file:///…`. May be a placeholder such as `<bucket>`.
    pub bucket: String,
    /// Path in the bucket, without the leading slash.
    pub path: String,
}

/// Reads YAML. The message of an error names line and column.
pub(crate) fn from_yaml(file: &str, text: &str) -> Result<Configuration, String> {
    if open_brackets(text) > OPEN_BRACKETS_MAX {
        return Err(format!("more than {OPEN_BRACKETS_MAX} brackets are open at a time"));
    }
    let yaml: serde_yaml_ng::Value = serde_yaml_ng::from_str(text).map_err(|error| error.to_string())?;
    let value = to_json(yaml);
    let mut locations = Vec::new();
    collect(&value, &mut String::new(), &mut locations);
    Ok(Configuration { file: file.to_owned(), value, locations })
}

/// The most brackets open at a time, quoted or not: what is a quote depends on all that comes before.
fn open_brackets(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => {
                open += 1;
                most = most.max(open);
            }
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    most
}

fn to_json(yaml: serde_yaml_ng::Value) -> Value {
    use serde_yaml_ng::Value as Yaml;
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(yes) => Value::Bool(yes),
        Yaml::Number(number) => {
            let whole = number.as_i64().map(Value::from).or_else(|| number.as_u64().map(Value::from));
            whole.or_else(|| number.as_f64().map(Value::from)).unwrap_or(Value::Null)
        }
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => Value::Array(items.into_iter().map(to_json).collect()),
        Yaml::Mapping(members) => {
            let pairs = members.into_iter().map(|(key, value)| {
                let key = match to_json(key) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                (key, to_json(value))
            });
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        Yaml::Tagged(tagged) => to_json(tagged.value),
    }
}

fn collect(value: &Value, key: &mut String, found: &mut Vec<Location>) {
    let length = key.len();
    match value {
        Value::String(text) => found.extend(location(key, text)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                key.push_str(&format!("[{index}]"));
                collect(item, key, found);
                key.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if length > 0 {
                    key.push('.');
                }
                key.push_str(name);
                collect(member, key, found);
                key.truncate(length);
            }
        }
        _ => {}
    }
}

/// Warns of the first bucket that code names itself: such a path stays behind when the package is migrated elsewhere.
pub(crate) fn named_in_code(file: &str, code: &str) -> Option<Warning> {
    static PATH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"["']gs://([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])(?:/|["'])"#)
            .expect("a pattern is a constant and tested")
    });
    let code_lines = code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#'));
    let (number, bucket) = code_lines
        .into_iter()
        .find_map(|(index, line)| Some((index + 1, PATH.captures(line)?.get(1)?.as_str())))?;
    let message = format!(
        "`{}` line {number} names the bucket `{bucket}` itself; take the path from the configuration, or the migrated code \
         keeps using that bucket",
        shown(file)
    );
    Some(Warning::new("bucket-in-code", Some(file), message))
}

fn location(key: &str, text: &str) -> Option<Location> {
    let (scheme, rest) = text.trim().split_once("://")?;
    const SCHEMES: [&str; 12] =
        ["gs", "s3", "s3a", "s3n", "hdfs", "viewfs", "file", "abfs", "abfss", "wasb", "wasbs", "dbfs"];
    let scheme = scheme.to_ascii_lowercase();
    SCHEMES.contains(&scheme.as_str()).then(|| {
        let (bucket, path) = rest.split_once('/').unwrap_or((rest, ""));
        Location {
            key: key.to_owned(),
            uri: text.trim().to_owned(),
            scheme,
            bucket: bucket.to_owned(),
            path: path.trim_start_matches('/').to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_paths_are_found_with_their_keys() {
        let yaml = "data:\n  train_datapath: gs://bucket-a/data/train.csv\n  n: 3\noutput:\n  paths: ['gs://bucket-a/out', 'http://x/y', /plain]\n  local: file:///tmp/x\n1: yes\n";
        let read = from_yaml("demo-config.yml", yaml).unwrap();
        let told: Vec<_> =
            read.locations.iter().map(|it| (it.key.as_str(), it.bucket.as_str(), it.path.as_str())).collect();
        assert_eq!(
            told,
            [
                ("data.train_datapath", "bucket-a", "data/train.csv"),
                ("output.paths[0]", "bucket-a", "out"),
                ("output.local", "", "tmp/x")
            ]
        );
        assert_eq!(read.value["1"], "yes");
    }

    #[test]
    fn a_bucket_named_in_code_is_told() {
        let told = named_in_code(
            "train.py",
            "# 'gs://old/x'\nimport x\npath = \"gs://network-spark-migrate/data\"\n",
        )
        .unwrap();
        assert!(
            told.message.starts_with("`train.py` line 3 names the bucket `network-spark-migrate`"),
            "{}",
            told.message
        );
        for code in ["path = f'gs://{bucket}/x'", "print('gs://')", "x = read(configuration['path'])"] {
            assert_eq!(named_in_code("train.py", code), None, "{code}");
        }
    }

    #[test]
    fn errors_name_the_line_and_an_alias_bomb_does_not_explode() {
        assert!(from_yaml("x.yml", "a: [1,\nb: 2").unwrap_err().contains("line"));
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..12 {
            let previous = format!("*a{},", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", previous.trim_end_matches(',')));
        }
        assert!(from_yaml("x.yml", &bomb).is_err());
        for nested in ["[", "{a: ", "[{", "- [", "? {"] {
            assert!(from_yaml("x.yml", &nested.repeat(50_000)).unwrap_err().contains("brackets"), "{nested}");
        }
    }
}
