//! What a package says its runs leave behind, read from its configuration.

use ::runs::bucket::Bucket;
use ::runs::{ExpectedOutput, Location, OutputKind};
use governance::fact::RunKind;
use governance::registry::Version;
use packages::Package;

use crate::Failure;
use crate::session::Session;

/// What a training calls the test data that it scored.
pub(crate) const SCORED: &str = "scored test data";
/// Keys of `output` in a configuration: what they are called, the kind of run that writes them, how they are read.
const DECLARED: [(&str, &str, RunKind, OutputKind); 4] = [
    ("test_scored_path", SCORED, RunKind::Train, OutputKind::Parquet),
    ("metrics_scored_path", "metrics", RunKind::Train, OutputKind::Json),
    ("pipeline_path", "fitted pipeline", RunKind::Train, OutputKind::Folder),
    ("datascored_path", "scored data", RunKind::Score, OutputKind::Parquet),
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

/// The outputs a run of this kind must leave behind.
pub(crate) fn expected(package: &Package, kind: RunKind) -> Vec<(&'static str, ExpectedOutput)> {
    // A retraining leaves what a training leaves.
    let kind = if kind == RunKind::Retrain { RunKind::Train } else { kind };
    DECLARED
        .into_iter()
        .filter(|(_, _, of, _)| *of == kind)
        .filter_map(|(key, name, _, read_as)| {
            let at: Location = setting(package, "output", key)?.parse().ok()?;
            Some((
                key,
                ExpectedOutput { name: name.to_owned(), kind: read_as, at, rows_min: 0, columns: Vec::new() },
            ))
        })
        .collect()
}

/// Packages write tables as they like: what is really there says how to read it. A folder of Parquet parts is read as
/// Parquet whatever was declared, and so on; what has none of the known endings is only checked to hold something.
pub(crate) async fn read_as_found(
    output: ExpectedOutput,
    bucket: &Bucket,
) -> Result<ExpectedOutput, ::runs::Error> {
    let Location::Object { name, .. } = &output.at else { return Ok(output) };
    if output.kind == OutputKind::Folder {
        return Ok(output);
    }
    let objects = bucket.list(name).await?;
    let ends = |ending: &str| objects.iter().any(|object| object.name.ends_with(ending));
    let kind = if ends(".parquet") {
        OutputKind::Parquet
    } else if ends(".json") {
        OutputKind::Json
    } else if ends(".csv") {
        OutputKind::Csv
    } else if objects.is_empty() {
        output.kind
    } else {
        OutputKind::Folder
    };
    Ok(ExpectedOutput { kind, ..output })
}
