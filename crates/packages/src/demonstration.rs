//! The demonstration: two packages that compete, and the customers they are about.
//!
//! The scripts and descriptions are files in the repository's `demo/`, carried in the program. The customers are drawn
//! from a seed; the published statistics are computed from models fitted to them here, with the algorithms and settings
//! that the packages' configurations give to Spark. The same seed and bucket give the same bytes.

mod customers;
mod models;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::json;
use zip::write::SimpleFileOptions;

use crate::assessment;
use crate::error::Error;

use customers::{Customer, Customers};

/// What a configuration says in place of the bucket's name.
const BUCKET_PLACEHOLDER: &str = "<bucket>";

const TRAIN: &str = include_str!("../../../demo/churn_gbt/train.py");
const SCORE: &str = include_str!("../../../demo/churn_gbt/score.py");
const INPUTS: &str = include_str!("../../../demo/churn_gbt/inputVar.json");
const OUTPUTS: &str = include_str!("../../../demo/churn_gbt/outputVar.json");

/// Files of the first package: a top folder, `requirement.txt`, no `fileMetadata.json`.
const GBT: [(&str, &str); 7] = [
    ("ModelProperties.json", include_str!("../../../demo/churn_gbt/ModelProperties.json")),
    ("demo-config.yml", include_str!("../../../demo/churn_gbt/demo-config.yml")),
    ("inputVar.json", INPUTS),
    ("outputVar.json", OUTPUTS),
    ("requirement.txt", include_str!("../../../demo/churn_gbt/requirement.txt")),
    ("score.py", SCORE),
    ("train.py", TRAIN),
];

/// Files of the second package: flat, `requirements.json`, roles declared.
const LOGISTIC: [(&str, &str); 8] = [
    ("ModelProperties.json", include_str!("../../../demo/churn_logistic/ModelProperties.json")),
    ("demo-config.yml", include_str!("../../../demo/churn_logistic/demo-config.yml")),
    ("fileMetadata.json", include_str!("../../../demo/churn_logistic/fileMetadata.json")),
    ("inputVar.json", INPUTS),
    ("outputVar.json", OUTPUTS),
    ("requirements.json", include_str!("../../../demo/churn_logistic/requirements.json")),
    ("score.py", SCORE),
    ("train.py", TRAIN),
];

/// Writes `churn_gbt.zip` and `churn_logistic.zip` into `folder`, configured for `bucket`, and returns their paths in
/// this order. The customers of `seed` are those that [`write_demo_data`] writes.
///
/// # Errors
/// [`Error::Staging`] when a file cannot be written.
pub fn write_demo_packages(folder: &Path, bucket: &str, seed: u64) -> Result<Vec<PathBuf>, Error> {
    let customers = Customers::draw(seed);
    let (train, test) = (models::Table::of(&customers.train), models::Table::of(&customers.test));
    let gbt = models::Boosting::fit(&train);
    let logistic = models::Logistic::fit(&train);
    let assess = |predict: &dyn Fn(&[f64]) -> f64, importance: &[f64]| {
        let scored = |table: &models::Table| -> Vec<(f64, bool)> {
            table.rows.iter().zip(&table.events).map(|(row, &event)| (predict(row), event)).collect()
        };
        let mut files = assessment::assessed(&[("TRAIN", 1, scored(&train)), ("TEST", 2, scored(&test))]);
        files.push(importance_file(importance));
        files
    };
    let gbt_statistics = assess(&|row| gbt.probability(row), &gbt.importance());
    let logistic_statistics = assess(&|row| logistic.probability(row), &logistic.importance());
    let packages = [
        (("churn_gbt.zip", Some("churn_gbt")), &GBT[..], gbt_statistics),
        (("churn_logistic.zip", None), &LOGISTIC[..], logistic_statistics),
    ];
    let mut written = Vec::new();
    for ((name, top), files, statistics) in packages {
        let path = folder.join(name);
        let owned =
            |(name, text): &(&str, &str)| ((*name).to_owned(), text.replace(BUCKET_PLACEHOLDER, bucket));
        let mut contents: Vec<(String, String)> = files.iter().map(owned).chain(statistics).collect();
        contents.sort();
        write_zip(&path, top, &contents).map_err(|source| Error::Staging { path: path.clone(), source })?;
        written.push(path);
    }
    Ok(written)
}

/// How much each input weighs, relative to the one that weighs most.
fn importance_file(importance: &[f64]) -> (String, String) {
    let rows = models::INPUTS.iter().zip(importance).map(|((variable, width), value)| {
        let level = if *width > 1 { "NOMINAL" } else { "INTERVAL" };
        let value = assessment::rounded(*value);
        json!({"Variable": variable, "RelativeImportance": value, "ROLE": "INPUT", "LEVEL": level, "LABEL": ""})
    });
    let name = "dmcas_relativeimportance";
    (format!("{name}.json"), assessment::table(name, rows.collect()))
}

/// Writes `train.csv`, `test.csv` and `toscore.csv` into `folder`: what the packages' configurations expect below
/// `gs://<bucket>/data/`. Returns their paths in this order.
///
/// # Errors
/// [`Error::Staging`] when a file cannot be written.
pub fn write_demo_data(folder: &Path, seed: u64) -> Result<Vec<PathBuf>, Error> {
    let customers = Customers::draw(seed);
    let tables: [(&str, &[Customer], bool); 3] = [
        ("train.csv", &customers.train, true),
        ("test.csv", &customers.test, true),
        ("toscore.csv", &customers.to_score, false),
    ];
    let mut written = Vec::new();
    for (name, rows, with_target) in tables {
        let path = folder.join(name);
        let failed = |source| Error::Staging { path: path.clone(), source };
        fs::write(&path, customers::csv(rows, with_target)).map_err(failed)?;
        written.push(path);
    }
    Ok(written)
}

/// Writes four quarters of scored customers and what became of them into `folder`, as a series of files, oldest first.
/// In them Gini falls from about 0.31 to 0.17 while the score stays as stable as ever.
///
/// # Errors
/// [`Error::Staging`] when a file cannot be written.
pub fn write_demo_quarters(folder: &Path, seed: u64) -> Result<Vec<PathBuf>, Error> {
    let mut written = Vec::new();
    for (name, text) in customers::quarters(seed) {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|source| Error::Staging { path: path.clone(), source })?;
        written.push(path);
    }
    Ok(written)
}

fn write_zip(path: &Path, top: Option<&str>, contents: &[(String, String)]) -> io::Result<()> {
    // The format's earliest time, so that the same contents give the same bytes.
    let options =
        SimpleFileOptions::default().last_modified_time(zip::DateTime::default()).unix_permissions(0o644);
    let mut zip = zip::ZipWriter::new(File::create(path)?);
    for (name, text) in contents {
        let name = top.map_or_else(|| name.clone(), |top| format!("{top}/{name}"));
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    zip.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Direction, Limits, read};

    #[test]
    fn the_packages_are_read_without_a_contradiction() {
        let folder = tempfile::tempdir().unwrap();
        let written = write_demo_packages(folder.path(), "churn-bucket", 7).unwrap();
        let readings: Vec<_> =
            written.iter().map(|path| read(path, folder.path(), &Limits::default()).unwrap()).collect();
        for (reading, name) in readings.iter().zip(["churn_gbt", "churn_logistic"]) {
            let package = &reading.package;
            assert_eq!(package.properties.name.as_deref(), Some(name));
            assert_eq!((&package.warnings[..], &package.findings[..]), (&[][..], &[][..]));
            assert_eq!(package.score_entry().unwrap().path, "score.py");
            let targets: Vec<_> = package
                .variables
                .iter()
                .filter(|it| it.direction == Direction::Target)
                .map(|it| &it.name)
                .collect();
            assert_eq!(targets, ["churn"]);
            assert!(package.configurations[0].locations.iter().all(|it| it.bucket == "churn-bucket"));
            assert_eq!(package.configurations[0].locations.len(), 7);
            let partitions: Vec<_> = package.fit_statistics.iter().map(|it| it.partition.as_str()).collect();
            assert_eq!(partitions, ["TRAIN", "TEST"]);
            assert!(package.fit_statistics.iter().all(|it| (0.5..0.9).contains(&it.get("_GINI_").unwrap())));
            assert_eq!((package.roc.len(), package.lift.len(), package.importance.len()), (2, 2, 9));
            assert_eq!(package.requirements.as_ref().unwrap().packages.len(), 3);
        }
        let gini = |at: usize| readings[at].package.fit_statistics[1].get("_GINI_").unwrap();
        assert!(
            gini(0) > gini(1) + 0.01,
            "the trees see interactions that a regression does not: {} {}",
            gini(0),
            gini(1)
        );
        assert_eq!(readings[0].package.top_folder.as_deref(), Some("churn_gbt"));
        assert_eq!(readings[1].package.top_folder, None);
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = |seed| {
            let mut paths = write_demo_packages(folder.path(), "b-1", seed).unwrap();
            paths.extend(write_demo_data(folder.path(), seed).unwrap());
            paths.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>()
        };
        let first = bytes(1);
        assert_eq!(first, bytes(1));
        assert_ne!(first, bytes(2));
        let text = String::from_utf8(first[4].clone()).unwrap();
        assert!(text.starts_with("customer_id,") && !text.contains("churn"));
    }
}
