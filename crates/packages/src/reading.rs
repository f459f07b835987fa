//! From a zip to a [`Package`].

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::archive::{Archive, Spent};
use crate::configuration::{self, Configuration};
use crate::error::{Error, Refused};
use crate::layout;
use crate::limits::Limits;
use crate::nested::Inspection;
use crate::package::{FileEntry, Media, Package, RoleSource, Warning, root_digest};
use crate::properties::Properties;
use crate::requirements::Requirements;
use crate::staging::{self, StagedFile, Staging};
use crate::statistics::{self, StatisticsTable};
use crate::text::{self, shown};
use crate::variables::{self, Direction, Variable};
use crate::{pickle, pipeline, secrets};

/// A package with its files on disk, for as long as this value lives.
#[derive(Debug)]
pub struct Reading {
    /// What it holds.
    pub package: Package,
    staged: Vec<PathBuf>,
    // Removes the folder when dropped.
    _staging: Staging,
}

impl Reading {
    /// Each file with the place where its contents are staged until this reading is dropped.
    pub fn staged_files(&self) -> impl Iterator<Item = (&FileEntry, &Path)> {
        self.package.files.iter().zip(self.staged.iter().map(PathBuf::as_path))
    }

    /// Where the contents of the file at `path` are staged.
    #[must_use]
    pub fn staged_path(&self, path: &str) -> Option<&Path> {
        self.staged_files().find(|(file, _)| file.path == path).map(|(_, staged)| staged)
    }
}

/// Reads the package at `package` under `limits`, inflating its files into a new folder inside `staging`, which must
/// exist. The folder vanishes when the reading is dropped, and at once when the package is refused.
///
/// # Errors
/// [`Error::Refused`] with the rule broken and the entry that breaks it; [`Error::Unreadable`] and [`Error::Staging`]
/// when the operating system fails.
pub fn read(package: &Path, staging: &Path, limits: &Limits) -> Result<Reading, Error> {
    let unreadable = |source| Error::Unreadable { path: package.to_owned(), source };
    let file = File::open(package).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        let why = "it is a folder".to_owned();
        return Err(Refused::NotAZip { why }.into());
    }
    let mut spent = Spent::default();
    let name = package.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut archive =
        Archive::open(file, &name, limits, &mut spent).map_err(|stopped| stopped.into_error(package))?;
    let mut warnings = Vec::new();
    let (litter, entries): (Vec<_>, Vec<_>) =
        archive.entries.clone().into_iter().partition(|entry| layout::is_litter(&entry.path));
    for entry in litter {
        let message = format!("`{}` is litter of a file manager and is left out", shown(&entry.path));
        warnings.push(Warning::new("litter", Some(&entry.path), message));
    }
    if entries.is_empty() {
        return Err(Refused::Empty.into());
    }
    let folder = Staging::create(staging)?;
    let mut staged = staging::stage(&mut archive, &entries, &folder, package)?;
    let top_folder = layout::top_folder(staged.iter().map(|file| file.path.as_str()));
    if let Some(top) = &top_folder {
        for file in &mut staged {
            file.path.drain(..=top.len());
        }
    }
    staged.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
    let inspection = Inspection { limits, staging: &folder, spent, warnings, findings: Vec::new() };
    let package = describe(&staged, top_folder, inspection)?;
    Ok(Reading { package, staged: staged.into_iter().map(|file| file.at).collect(), _staging: folder })
}

/// Everything the files say.
fn describe(
    files: &[StagedFile],
    top_folder: Option<String>,
    mut inspection: Inspection<'_>,
) -> Result<Package, Error> {
    let limits = inspection.limits;
    let mut entries: Vec<FileEntry> = files
        .iter()
        .map(|file| FileEntry {
            path: file.path.clone(),
            role: None,
            role_source: RoleSource::None,
            size_bytes: file.size_bytes,
            sha256: format!("sha256:{}", file.sha256),
            media: layout::media(&file.path, &file.head),
        })
        .collect();
    for (file, entry) in files.iter().zip(&entries) {
        inspect(file, entry.media, &mut inspection)?;
    }
    let mut warnings = std::mem::take(&mut inspection.warnings);
    let json_of = |names: &[&str]| -> Result<Option<(&StagedFile, Value)>, Error> {
        layout::find(files, names).map(|file| Ok((file, read_json(file, limits)?))).transpose()
    };

    let mut properties = Properties::default();
    match json_of(&["ModelProperties.json"])? {
        Some((file, json)) => properties = Properties::from_json(&file.path, json, &mut warnings)?,
        None => {
            let message =
                "there is no `ModelProperties.json`: name, algorithm and target of the model are unknown";
            warnings.push(Warning::new("no-properties", None, message));
        }
    }
    let mut declared = Default::default();
    if let Some((file, json)) = json_of(&["fileMetadata.json"])? {
        declared = layout::declared_roles(&file.path, json, files, &mut warnings)?;
    }
    layout::assign_roles(&mut entries, &declared);
    if layout::score_entry(&entries).is_none() {
        warnings.push(Warning::new(
            "no-score-code",
            None,
            "there is no score code: no file has the role `score` or its name",
        ));
    }
    let variables = read_variables(files, &entries, &properties, limits, &mut warnings)?;

    let table = |names: &[&str]| -> Result<Option<StatisticsTable>, Error> {
        Ok(match json_of(names)? {
            Some((file, json)) => Some(StatisticsTable::from_json(&file.path, json)?),
            None => None,
        })
    };
    let fit_statistics = table(&["dmcas_fitstat.json"])?.map(|it| it.fit_statistics()).unwrap_or_default();
    let roc = table(&["dmcas_roc.json"])?.map(|it| it.roc()).unwrap_or_default();
    let lift = table(&["dmcas_lift.json"])?.map(|it| it.lift()).unwrap_or_default();
    let importance = table(&["dmcas_relativeimportance.json"])?.map(|it| it.importance()).unwrap_or_default();
    let mut tables = Vec::new();
    for name in ["dmcas_misc.json", "groupMetrics.json", "maxDifferences.json"] {
        tables.extend(table(&[name])?);
    }
    let inconsistencies = statistics::inconsistencies(&fit_statistics, &roc, &lift);
    warnings.extend(
        inconsistencies.iter().map(|it| Warning::new("inconsistent-statistic", Some(it.file()), &it.message)),
    );
    let digest = root_digest(entries.iter().map(|file| (file.path.as_str(), file.sha256.as_str())));
    Ok(Package {
        digest,
        top_folder,
        properties,
        variables,
        fit_statistics,
        roc,
        lift,
        importance,
        tables,
        hyperparameters: read_hyperparameters(files, limits)?,
        requirements: read_requirements(files, limits, &mut warnings)?,
        configurations: read_configurations(files, &entries, &mut warnings)?,
        inconsistencies,
        warnings,
        findings: inspection.findings,
        files: entries,
    })
}

/// Scans one file for what its contents may do to us or give away.
fn inspect(file: &StagedFile, media: Media, inspection: &mut Inspection<'_>) -> Result<(), Error> {
    let limits = inspection.limits;
    let staging_failed = |source| Error::Staging { path: file.at.clone(), source };
    let open = || File::open(&file.at).map_err(staging_failed);
    match media {
        Media::Zip => inspection.archive(open()?, &file.path, 1).map_err(|stopped| match stopped {
            crate::archive::Stopped::Refused(refused) => Error::Refused(refused),
            crate::archive::Stopped::Io(source) => staging_failed(source),
        })?,
        Media::Pickle => {
            let found =
                pickle::scan(&file.path, &file.sha256, BufReader::new(open()?)).map_err(staging_failed)?;
            inspection.findings.extend(found);
        }
        Media::Parquet | Media::Binary => {}
        _ => {
            if media == Media::Json {
                check_depth(file, limits)?;
            }
            let bytes = read_bytes(file, limits.scan_bytes_max)?;
            if media == Media::Python {
                inspection.warnings.extend(configuration::named_in_code(&file.path, &text::decode(&bytes)));
            }
            inspection.findings.extend(secrets::scan(&file.path, &file.sha256, &bytes));
            if file.size_bytes > limits.scan_bytes_max {
                inspection.warnings.push(secrets::not_scanned(&file.path, limits));
            }
            if pipeline::is_pipeline_metadata(&file.path) {
                inspection.warnings.extend(pipeline::check(&file.path, &bytes));
            }
        }
    }
    Ok(())
}

fn read_bytes(file: &StagedFile, bytes_max: u64) -> Result<Vec<u8>, Error> {
    let failed = |source| Error::Staging { path: file.at.clone(), source };
    let mut bytes = Vec::with_capacity(file.size_bytes.min(bytes_max) as usize);
    File::open(&file.at).map_err(failed)?.take(bytes_max).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Whoever parses the file later, a service or a script, must not overflow its stack.
fn check_depth(file: &StagedFile, limits: &Limits) -> Result<(), Error> {
    let failed = |source| Error::Staging { path: file.at.clone(), source };
    let mut reader = File::open(&file.at).map_err(failed)?;
    let (mut meter, mut buffer) = (text::DepthMeter::default(), vec![0; 64 << 10]);
    loop {
        let read = reader.read(&mut buffer).map_err(failed)?;
        meter.feed(&buffer[..read]);
        if meter.deepest > limits.json_depth_max {
            return Err(
                Refused::JsonTooDeep { entry: shown(&file.path), limit: limits.json_depth_max }.into()
            );
        }
        if read == 0 {
            return Ok(());
        }
    }
}

fn read_json(file: &StagedFile, limits: &Limits) -> Result<Value, Error> {
    let limit = limits.json_bytes_max;
    if file.size_bytes > limit {
        return Err(
            Refused::JsonTooLarge { entry: shown(&file.path), size_bytes: file.size_bytes, limit }.into()
        );
    }
    Ok(text::json(&file.path, &read_bytes(file, limit)?, limits.json_depth_max)?)
}

fn read_variables(
    files: &[StagedFile],
    entries: &[FileEntry],
    properties: &Properties,
    limits: &Limits,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Variable>, Error> {
    use crate::package::Role;
    let mut read: Vec<Variable> = Vec::new();
    let kinds = [
        (Direction::Input, Some(Role::InputVariables), "inputVar.json"),
        (Direction::Output, Some(Role::OutputVariables), "outputVar.json"),
        (Direction::Target, None, "targetVar.json"),
    ];
    for (direction, role, name) in kinds {
        let with_role = || {
            let entry = entries
                .iter()
                .find(|entry| entry.role == role && entry.role_source == RoleSource::Declared)?;
            files.iter().find(|file| file.path == entry.path)
        };
        let file = role.as_ref().and_then(|_| with_role()).or_else(|| layout::find(files, &[name]));
        let Some(file) = file else {
            if direction != Direction::Target {
                let message =
                    format!("there is no `{name}`: the {}s of the model are unknown", direction.as_str());
                warnings.push(Warning::new("no-variables", None, message));
            }
            continue;
        };
        let json = read_json(file, limits)?;
        let target = properties.target_variable.as_deref();
        for variable in variables::from_json(&file.path, json, direction, target, warnings)? {
            let known =
                |other: &Variable| other.name == variable.name && other.direction == variable.direction;
            if !read.iter().any(known) {
                read.push(variable);
            }
        }
    }
    Ok(read)
}

fn read_hyperparameters(
    files: &[StagedFile],
    limits: &Limits,
) -> Result<Option<serde_json::Map<String, Value>>, Error> {
    let named = |file: &&StagedFile| file.path.to_ascii_lowercase().ends_with("hyperparameters.json");
    let Some(file) = files.iter().filter(named).min_by_key(|file| file.path.matches('/').count()) else {
        return Ok(None);
    };
    let bad = || Refused::BadContents {
        entry: shown(&file.path),
        why: "an object of parameters is expected".to_owned(),
    };
    let Value::Object(mut members) = read_json(file, limits)? else { return Err(bad().into()) };
    match members.remove("hyperparameters") {
        Some(Value::Object(inner)) => Ok(Some(inner)),
        Some(_) => Err(bad().into()),
        None => Ok(Some(members)),
    }
}

fn read_requirements(
    files: &[StagedFile],
    limits: &Limits,
    warnings: &mut Vec<Warning>,
) -> Result<Option<Requirements>, Error> {
    let mut read: Option<Requirements> = None;
    for name in ["requirements.txt", "requirement.txt", "requirements.json"] {
        let Some(file) = layout::find(files, &[name]) else { continue };
        let next = if name.ends_with(".json") {
            Requirements::from_json(&file.path, &read_json(file, limits)?)?
        } else {
            Requirements::from_text(&file.path, &text::decode(&read_bytes(file, limits.json_bytes_max)?))
        };
        let Some(first) = &read else {
            read = Some(next);
            continue;
        };
        let wanted = |it: &Requirements| -> BTreeSet<(String, String)> {
            it.packages.iter().map(|one| (one.canonical_name.clone(), one.specifier.clone())).collect()
        };
        if wanted(first) != wanted(&next) {
            let message =
                format!("`{}` and `{}` ask for different packages; the first is used", first.file, next.file);
            warnings.push(Warning::new("requirements-disagree", Some(&next.file), message));
        }
    }
    Ok(read)
}

fn read_configurations(
    files: &[StagedFile],
    entries: &[FileEntry],
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Configuration>, Error> {
    let mut read = Vec::new();
    for (file, _) in files.iter().zip(entries).filter(|(_, entry)| entry.media == Media::Yaml) {
        if file.size_bytes > configuration::CONFIGURATION_BYTES_MAX {
            let limit = configuration::CONFIGURATION_BYTES_MAX >> 10;
            let message = format!(
                "`{}` has more than {limit} KiB and is not read as a configuration",
                shown(&file.path)
            );
            warnings.push(Warning::new("unreadable-configuration", Some(&file.path), message));
            continue;
        }
        let bytes = read_bytes(file, configuration::CONFIGURATION_BYTES_MAX)?;
        match configuration::from_yaml(&file.path, &text::decode(&bytes)) {
            Ok(configuration) => read.push(configuration),
            Err(why) => {
                let message =
                    format!("`{}` cannot be understood as YAML ({})", shown(&file.path), shown(&why));
                warnings.push(Warning::new("unreadable-configuration", Some(&file.path), message));
            }
        }
    }
    let buckets: BTreeSet<&str> = read
        .iter()
        .flat_map(|it: &Configuration| &it.locations)
        .filter(|it| it.scheme == "gs")
        .map(|it| it.bucket.as_str())
        .collect();
    if buckets.len() > 1 {
        let names: Vec<String> = buckets.iter().map(|name| format!("`{}`", shown(name))).collect();
        let message =
            format!("the configurations name {} different buckets: {}", names.len(), names.join(", "));
        warnings.push(Warning::new("several-buckets", None, message));
    }
    Ok(read)
}
