//! Two to four versions side by side.

use std::collections::BTreeMap;

use governance::Digest;
use words::said;

use super::{
    CompareVersions, ComparedStatistic, ComparedText, Comparison, FileDiff, find_version, import, version_ref,
};
use crate::session::parse;
use crate::{App, Code, Failure};

/// Text files compared line by line, at most.
const DIFFED_FILES_MAX: usize = 100;

/// Compares two to four versions.
///
/// # Errors
/// [`Code::Usage`] for another number of versions; [`Code::NotFound`].
pub async fn compare(app: &App, request: CompareVersions) -> Result<Comparison, Failure> {
    if !(2..=4).contains(&request.versions.len()) {
        return Err(Failure::said(Code::Usage, said!("compare-how-many", count = request.versions.len())));
    }
    let session = app.session()?;
    let mut refs = Vec::new();
    let mut packages = Vec::new();
    for name in &request.versions {
        let version = find_version(&session, name)?;
        refs.push(version_ref(&session, version.id.as_str())?);
        packages.push(import::reading(&session, &version.package).await?);
    }
    let count = packages.len();

    let mut statistics: BTreeMap<(String, String), ComparedStatistic> = BTreeMap::new();
    let mut variables: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
    let mut properties: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
    let mut files: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
    for (column, package) in packages.iter().enumerate() {
        for fit in &package.fit_statistics {
            for statistic in &fit.statistics {
                let compared = statistics
                    .entry((fit.partition.clone(), statistic.name.clone()))
                    .or_insert_with(|| ComparedStatistic {
                        name: statistic.name.clone(),
                        label: statistic.label.clone(),
                        partition: fit.partition.clone(),
                        values: vec![None; count],
                        better: better(&statistic.name).to_owned(),
                    });
                compared.values[column] = statistic.value;
            }
        }
        let put = |map: &mut BTreeMap<String, Vec<Option<String>>>, name: &str, value: String| {
            map.entry(name.to_owned()).or_insert_with(|| vec![None; count])[column] = Some(value);
        };
        for variable in &package.variables {
            let how =
                [variable.direction.as_str(), variable.level.as_deref().unwrap_or(""), &variable.data_type]
                    .join(" ");
            put(&mut variables, &variable.name, how.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        for (name, value) in package.properties.rows() {
            put(&mut properties, &name, value);
        }
        for file in &package.files {
            put(&mut files, &file.path, file.sha256.clone());
        }
    }

    let mut diffs = Vec::new();
    for (path, digests) in &files {
        for (column, of) in refs.iter().enumerate().skip(1) {
            let (Some(Some(first)), Some(Some(other))) = (digests.first(), digests.get(column)) else {
                continue;
            };
            let text = packages[0].file(path).is_some_and(|file| file.media.is_text());
            if first == other || !text || diffs.len() >= DIFFED_FILES_MAX {
                continue;
            }
            let old = session.blob(&parse::<Digest>("digest", first)?, import::FILE_BYTES_MAX).await?;
            let new = session.blob(&parse::<Digest>("digest", other)?, import::FILE_BYTES_MAX).await?;
            let diff = packages::diff(&old, &new);
            if diff.as_text {
                diffs.push(FileDiff { path: path.clone(), other: of.version.clone(), diff: unified(&diff) });
            }
        }
    }
    let compared = |map: BTreeMap<String, Vec<Option<String>>>| {
        map.into_iter()
            .map(|(name, values)| ComparedText {
                same: values.iter().all(|value| *value == values[0]),
                name,
                values,
            })
            .collect()
    };
    Ok(Comparison {
        versions: refs,
        statistics: statistics.into_values().collect(),
        variables: compared(variables),
        properties: compared(properties),
        files: compared(files),
        diffs,
    })
}

fn unified(diff: &packages::Diff) -> String {
    let mut text = String::new();
    for hunk in &diff.hunks {
        let first = hunk.lines.first();
        let at = |line: Option<u32>| line.map_or_else(|| "-".to_owned(), |line| line.to_string());
        text.push_str(&format!(
            "@@ {} {} @@\n",
            at(first.and_then(|line| line.old)),
            at(first.and_then(|line| line.new))
        ));
        for line in &hunk.lines {
            text.push(match line.kind {
                packages::LineKind::Kept => ' ',
                packages::LineKind::Added => '+',
                packages::LineKind::Removed => '-',
            });
            text.push_str(&line.text);
            text.push('\n');
        }
    }
    text
}

/// Which direction of a published statistic is the good one.
fn better(name: &str) -> &'static str {
    match name.trim_matches('_').to_uppercase().as_str() {
        "GINI" | "C" | "AUC" | "KS" | "KS2" | "TAU" | "GAMMA" | "ACC" | "F1" | "RSQ" | "KSPOSTCUTOFF" => {
            "higher"
        }
        "ASE" | "RASE" | "MSE" | "RMSE" | "MCE" | "MCLL" | "MAE" | "MISC" | "RASLE" | "MSLE" => "lower",
        _ => "none",
    }
}
