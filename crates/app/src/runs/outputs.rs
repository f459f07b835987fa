//! What a package says its runs leave behind, read from its configuration.

use ::runs::bucket::Bucket;
use ::runs::outputs::{SNIFF_BYTES, kind_of_content};
use ::runs::{ExpectedOutput, Location, OutputKind};
use governance::fact::RunKind;
use governance::registry::Version;
use packages::Package;
use serde_json::Value;

use crate::Failure;
use crate::session::Session;

/// What a training calls the test data that it scored.
pub(crate) const SCORED: &str = "scored test data";

/// An output that a configuration may declare.
struct Declared {
    /// Key of `output` that says where it is.
    path: &'static str,
    /// Key of `output` that says which columns it has.
    columns: Option<&'static str>,
    /// What people call it.
    name: &'static str,
    /// The kind of run that writes it.
    of: RunKind,
    /// How it is read.
    kind: OutputKind,
}

const fn declared(
    path: &'static str,
    columns: Option<&'static str>,
    name: &'static str,
    of: RunKind,
    kind: OutputKind,
) -> Declared {
    Declared { path, columns, name, of, kind }
}

const DECLARED: [Declared; 4] = [
    declared("test_scored_path", Some("columnschema_train"), SCORED, RunKind::Train, OutputKind::Parquet),
    declared("metrics_scored_path", None, "metrics", RunKind::Train, OutputKind::Json),
    declared("pipeline_path", None, "fitted pipeline", RunKind::Train, OutputKind::Folder),
    declared(
        "datascored_path",
        Some("columnschema_score"),
        "scored data",
        RunKind::Score,
        OutputKind::Parquet,
    ),
];

pub(crate) async fn reading(session: &Session, version: &Version) -> Result<Package, Failure> {
    crate::registry::reading(session, &version.package).await
}

/// The configuration that says where data and outputs are.
pub(crate) fn configuration(package: &Package) -> Option<&packages::Configuration> {
    package
        .configurations
        .iter()
        .find(|configuration| configuration.value.get("output").is_some())
        .or(package.configurations.first())
}

/// What the package's code needs, a line each.
pub(crate) fn requirements(package: &Package) -> Vec<String> {
    let packages = package.requirements.iter().flat_map(|requirements| &requirements.packages);
    packages.map(|requirement| format!("{}{}", requirement.name, requirement.specifier)).collect()
}

/// A text of the configuration, such as `data.datatoscore_path`.
pub(crate) fn setting<'a>(package: &'a Package, section: &str, name: &str) -> Option<&'a str> {
    configuration(package)?.value.get(section)?.get(name)?.as_str()
}

/// The data that the configuration says a run of this kind reads: what for, and where it lies.
pub(crate) fn data_read(package: &Package, kind: RunKind) -> Vec<(&str, &str)> {
    let data = configuration(package).and_then(|configuration| configuration.value.get("data")?.as_object());
    let paths = data.into_iter().flatten().filter_map(|(name, value)| {
        let of = name.strip_suffix("path")?.trim_end_matches('_');
        Some((of, value.as_str()?))
    });
    paths
        .filter(|(of, _)| (*of == "datatoscore") == (kind == RunKind::Score))
        .map(|(of, path)| match of {
            "datatoscore" => ("scores", path),
            of if of.contains("train") => ("trains", path),
            of if of.contains("test") => ("tests", path),
            of => (of, path),
        })
        .collect()
}

/// The outputs a run of this kind must leave behind.
pub(crate) fn expected(package: &Package, kind: RunKind) -> Vec<(&'static str, ExpectedOutput)> {
    // A retraining leaves what a training leaves.
    let kind = if kind == RunKind::Retrain { RunKind::Train } else { kind };
    DECLARED
        .into_iter()
        .filter(|declared| declared.of == kind)
        .filter_map(|declared| {
            let at: Location = setting(package, "output", declared.path)?.parse().ok()?;
            let schema =
                declared.columns.and_then(|key| configuration(package)?.value.get("output")?.get(key));
            let output = ExpectedOutput {
                name: declared.name.to_owned(),
                kind: declared.kind,
                at,
                rows_min: 0,
                columns: schema.map(columns).unwrap_or_default(),
            };
            Some((declared.path, output))
        })
        .collect()
}

/// The columns that a configuration declares: names in a list or with commas between them, a list of things with a name,
/// or names with their types.
fn columns(schema: &Value) -> Vec<String> {
    let named = |value: &Value| match value {
        Value::String(name) => Some(name.trim().to_owned()),
        Value::Object(fields) => Some(fields.get("name")?.as_str()?.trim().to_owned()),
        _ => None,
    };
    let columns: Vec<String> = match schema {
        Value::Array(list) => list.iter().filter_map(named).collect(),
        Value::String(text) => text.split(',').map(|name| name.trim().to_owned()).collect(),
        Value::Object(fields) => fields.keys().cloned().collect(),
        _ => Vec::new(),
    };
    columns.into_iter().filter(|name| !name.is_empty()).collect()
}

/// Packages write tables as they like: what is really there says how to read it. A folder of Parquet parts is read as
/// Parquet whatever was declared, and so on; where no ending tells, the content does. What is nothing that is read here is
/// judged as it was declared.
pub(crate) async fn read_as_found(
    output: ExpectedOutput,
    bucket: &Bucket,
) -> Result<ExpectedOutput, ::runs::Error> {
    let Location::Object { name, .. } = &output.at else { return Ok(output) };
    if output.kind == OutputKind::Folder {
        return Ok(output);
    }
    let objects = bucket.list(name).await?;
    // Text that Spark packs has one ending more.
    let ends =
        |ending: &str| objects.iter().any(|object| object.name.trim_end_matches(".gz").ends_with(ending));
    let kind = if ends(".parquet") {
        OutputKind::Parquet
    } else if ends(".json") {
        OutputKind::Json
    } else if ends(".csv") {
        OutputKind::Csv
    } else {
        let data = objects.iter().find(|object| {
            let name = object.name.rsplit('/').next().unwrap_or_default();
            object.size_bytes > 0 && !name.starts_with(['_', '.'])
        });
        let begins = match data {
            Some(object) => bucket.read_range(&object.name, 0, SNIFF_BYTES as u64).await?,
            None => Vec::new(),
        };
        kind_of_content(&begins).unwrap_or(output.kind)
    };
    Ok(ExpectedOutput { kind, ..output })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_as_configurations_declare_them() {
        for (schema, expected) in [
            (json!(["id", " churn "]), vec!["id", "churn"]),
            (json!("id, churn"), vec!["id", "churn"]),
            (json!([{ "name": "id", "type": "long" }, { "name": "churn" }]), vec!["id", "churn"]),
            (json!({ "churn": "double", "id": "long" }), vec!["churn", "id"]),
            (json!(null), vec![]),
            (json!(7), vec![]),
        ] {
            assert_eq!(columns(&schema), expected, "{schema}");
        }
    }
}
