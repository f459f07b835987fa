//! Packages into the registry: read under limits, refuse with a reason, store every file as a blob, record one entry.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use governance::fact::{ModelRegistered, PackageRecord, VersionRegistered, VersionReplaced};
use governance::registry::{Version, next_number};
use governance::{Digest, Fact, ModelId, VersionId};
use packages::{Limits, Package};
use words::{Said, Words, said};

use super::{
    FileContents, FileRow, FindingRow, FitRow, FitTable, ImportPackage, InspectPackage, PackageReading,
    Property, ReadFile, Registered, VariableRow, find_project, find_version,
};
use crate::ids::new_id;
use crate::session::{Session, parse};
use crate::{App, Code, Failure};

/// Text of a file that the viewer shows, at most.
const VIEW_BYTES_MAX: u64 = 1 << 20;
/// A reading (variables, statistics, findings) is this large at most.
const READING_BYTES_MAX: u64 = 64 << 20;
/// A file of a package is this large at most when it is read as a whole.
pub(crate) const FILE_BYTES_MAX: u64 = 4 << 30;

/// Reads a package without registering anything.
///
/// # Errors
/// [`Code::Package`] when it is hostile or unreadable.
pub async fn inspect_package(app: &App, request: InspectPackage) -> Result<PackageReading, Failure> {
    let staging = app.staging_folder()?;
    let reading = read_package(PathBuf::from(&request.path), staging).await?;
    Ok(PackageReading {
        digest: reading.package.digest.clone(),
        name: reading.package.properties.name.clone(),
        files: file_rows(&reading.package),
        variables: variable_rows(&reading.package),
        properties: property_rows(&reading.package),
        warnings: warnings(app.words(), &reading.package),
        findings: finding_rows(app.words(), &reading.package, None),
    })
}

/// Registers a package: blobs first, then one entry that names them. A refusal leaves nothing in the ledger.
///
/// # Errors
/// [`Code::Package`] when it is hostile; [`Code::Refused`] when findings stand open or a rule says no.
pub async fn import_package(app: &App, request: ImportPackage) -> Result<Registered, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let project = find_project(&session, &request.project)?;
    let reading = read_package(PathBuf::from(&request.path), app.staging_folder()?).await?;
    let package = &reading.package;
    let name = match request.name.as_ref().or(package.properties.name.as_ref()) {
        Some(name) => name.trim().to_owned(),
        None => Path::new(&request.path)
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default(),
    };
    let name: governance::ModelName = parse("model name", &name)?;
    for waiver in &request.waivers {
        if !package.findings.iter().any(|finding| finding.id == waiver.finding) {
            return Err(Failure::not_found("finding", &waiver.finding));
        }
    }
    let waived =
        request.waivers.iter().map(|waiver| (waiver.finding.clone(), waiver.reason.clone())).collect();
    let record = record_of(package, &waived)?;

    // What the rules would say is asked before anything is stored: a refused package leaves nothing behind.
    let plan = |state: &governance::State| -> Result<(Vec<Fact>, ModelId, VersionId, String), Failure> {
        let mut facts = Vec::new();
        let existing = state.model_named(&project.id, name.as_str());
        let latest: Option<&Version> =
            existing.and_then(|model| model.versions.last()).and_then(|id| state.versions.get(id));
        if let (Some("replace"), Some(latest)) = (request.version.as_deref(), latest) {
            let number = latest.number();
            facts.push(Fact::VersionReplaced(VersionReplaced {
                version: latest.id.clone(),
                package: record.clone(),
            }));
            return Ok((facts, latest.model.clone(), latest.id.clone(), number));
        }
        let major = match request.version.as_deref() {
            None | Some("major") => true,
            Some("minor") => false,
            Some("replace") => {
                return Err(Failure::not_found("model", name.as_str()));
            }
            Some(other) => {
                return Err(Failure::said(Code::Usage, said!("no-such-step", other = other.to_string())));
            }
        };
        let model = match existing {
            Some(model) => model.id.clone(),
            None => {
                let model: ModelId = new_id();
                facts.push(Fact::ModelRegistered(ModelRegistered {
                    model: model.clone(),
                    project: project.id.clone(),
                    name: name.clone(),
                }));
                model
            }
        };
        let (major, minor) = next_number(latest, major);
        let version: VersionId = new_id();
        facts.push(Fact::VersionRegistered(VersionRegistered {
            version: version.clone(),
            model: model.clone(),
            major,
            minor,
            package: record.clone(),
            by_run: None,
        }));
        Ok((facts, model, version, format!("{major}.{minor}")))
    };
    session.would_decide(&me, |state| Ok(plan(state)?.0)).await?;
    store(&session, &reading).await?;
    let mut planned = None;
    let written = session
        .decide(&me, |state| {
            let (facts, model, version, number) = plan(state)?;
            planned = Some((model, version, number));
            Ok(facts)
        })
        .await?;
    let (model, version, number) =
        planned.ok_or_else(|| Failure::said(Code::Internal, said!("nothing-planned")))?;
    Ok(Registered {
        model: model.to_string(),
        version: version.to_string(),
        number,
        digest: package.digest.clone(),
        files: file_rows(package),
        variables: variable_rows(package),
        warnings: warnings(session.words(), package),
        position: written.position,
    })
}

/// Reads one file of a version for the viewer.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Verification`] when the blob is not what it must be.
pub async fn read_file(app: &App, request: ReadFile) -> Result<FileContents, Failure> {
    let session = app.session()?;
    let version = find_version(&session, &request.version)?;
    let package = reading(&session, &version.package).await?;
    let file = package.file(&request.path).ok_or_else(|| Failure::not_found("file", &request.path))?;
    let row = file_row(file);
    let language = match file.media {
        packages::Media::Python => "python",
        packages::Media::Json => "json",
        packages::Media::Yaml => "yaml",
        packages::Media::Xml => "xml",
        packages::Media::Sas => "sas",
        packages::Media::Csv | packages::Media::Text => "text",
        _ => "binary",
    };
    if !file.media.is_text() {
        return Ok(FileContents { file: row, text: None, truncated: false, language: language.to_owned() });
    }
    let digest: Digest = parse("digest", &file.sha256)?;
    let bytes = session.blob(&digest, FILE_BYTES_MAX).await?;
    let shown = usize::try_from(VIEW_BYTES_MAX).unwrap_or(usize::MAX).min(bytes.len());
    Ok(FileContents {
        file: row,
        text: Some(String::from_utf8_lossy(&bytes[..shown]).into_owned()),
        truncated: shown < bytes.len(),
        language: language.to_owned(),
    })
}

/// What reading the package showed when it was registered.
pub(crate) async fn reading(session: &Session, record: &PackageRecord) -> Result<Package, Failure> {
    let bytes = session.blob(&record.reading, READING_BYTES_MAX).await?;
    serde_json::from_slice(&bytes)
        .map_err(|cause| Failure::internal("the reading of the package has another shape", &cause))
}

/// Reads a package under the limits, in a folder of the desk.
pub(crate) async fn read_package(path: PathBuf, staging: PathBuf) -> Result<packages::Reading, Failure> {
    let named = path.display().to_string();
    tokio::task::spawn_blocking(move || packages::read(&path, &staging, &Limits::default()))
        .await
        .map_err(|cause| Failure::internal("reading the package was interrupted", &cause))?
        .map_err(|error| match &error {
            packages::Error::Refused(_) => Failure::said(
                Code::Package,
                said!("package-refused", named = named.to_string(), error = error.to_string()),
            ),
            packages::Error::Unreadable { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                Failure::said(Code::NotFound, said!("package-not-found", path = &named))
            }
            _ => Failure::said(
                Code::Denied,
                said!("package-unreadable", path = &named, why = error.to_string()),
            )
            .because(&error),
        })
}

/// Every file, the list of their digests and the reading become blobs. Content that is there already costs nothing.
pub(crate) async fn store(session: &Session, reading: &packages::Reading) -> Result<(), Failure> {
    for (file, staged) in reading.staged_files() {
        session.put_blob_file(staged, &file.sha256).await?;
    }
    session.put_blob(listing(&reading.package).into_bytes()).await?;
    session.put_blob(reading_bytes(&reading.package)?).await?;
    Ok(())
}

/// The text whose digest is the root digest: what `sha256sum` prints for the files, sorted by path.
fn listing(package: &Package) -> String {
    package
        .files
        .iter()
        .map(|file| format!("{}  {}\n", file.sha256.trim_start_matches("sha256:"), file.path))
        .collect()
}

fn reading_bytes(package: &Package) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(package).map_err(|cause| Failure::internal("the reading has no JSON form", &cause))
}

/// What the ledger keeps of a package. Waivers of findings that these contents do not have are left out.
pub(crate) fn record_of(
    package: &Package,
    waivers: &BTreeMap<String, String>,
) -> Result<PackageRecord, Failure> {
    let waived = |id: &str| package.findings.iter().any(|finding| finding.id == id);
    Ok(PackageRecord {
        root: parse("digest", &package.digest)?,
        reading: crate::session::digest_of(&reading_bytes(package)?),
        files: u32::try_from(package.files.len()).unwrap_or(u32::MAX),
        size_bytes: package.files.iter().map(|file| file.size_bytes).sum(),
        algorithm: package.properties.algorithm.clone(),
        tool: package.properties.tool.clone(),
        modeler: package.properties.modeler.clone(),
        blocking: package.blocking().map(|finding| finding.id.clone()).collect(),
        waived: waivers
            .iter()
            .filter(|(id, _)| waived(id))
            .map(|(id, why)| (id.clone(), why.clone()))
            .collect(),
    })
}

fn file_row(file: &packages::FileEntry) -> FileRow {
    FileRow {
        path: file.path.clone(),
        role: file.role.as_ref().map(ToString::to_string),
        size: file.size_bytes,
        sha256: file.sha256.clone(),
    }
}

pub(crate) fn file_rows(package: &Package) -> Vec<FileRow> {
    package.files.iter().map(file_row).collect()
}

pub(crate) fn variable_rows(package: &Package) -> Vec<VariableRow> {
    package
        .variables
        .iter()
        .map(|variable| VariableRow {
            name: variable.name.clone(),
            direction: variable.direction.as_str().to_owned(),
            data_type: variable.data_type.clone(),
            level: variable.level.clone(),
            length: variable.length,
            description: variable.description.clone(),
        })
        .collect()
}

pub(crate) fn property_rows(package: &Package) -> Vec<Property> {
    package.properties.rows().into_iter().map(|(name, value)| Property { name, value }).collect()
}

/// A finding, to be said by its kind: what it means does not depend on who reads it.
fn found(finding: &packages::Finding) -> Said {
    use packages::{FindingKind, Severity};
    let file = finding.file.as_str();
    match (&finding.kind, finding.severity) {
        (FindingKind::Secret { what }, _) => {
            let line = finding.line.unwrap_or_default().to_string();
            said!("finding-secret", file = file, line = line, what = what)
        }
        (FindingKind::PickleImport { import, called: true }, Severity::Blocking) => {
            said!("finding-calls-dangerous", file = file, import = import)
        }
        (FindingKind::PickleImport { import, called: false }, Severity::Blocking) => {
            said!("finding-imports-dangerous", file = file, import = import)
        }
        (FindingKind::PickleImport { import, called: true }, Severity::Note) => {
            said!("finding-calls", file = file, import = import)
        }
        (FindingKind::PickleImport { import, called: false }, Severity::Note) => {
            said!("finding-imports", file = file, import = import)
        }
        (FindingKind::PickleMalformed, _) => said!("finding-pickle-unknown", file = file),
    }
}

pub(crate) fn finding_rows(
    words: &Words,
    package: &Package,
    record: Option<&PackageRecord>,
) -> Vec<FindingRow> {
    package
        .findings
        .iter()
        .map(|finding| FindingRow {
            id: finding.id.clone(),
            kind: finding.kind.word().to_owned(),
            severity: match finding.severity {
                packages::Severity::Note => "note".to_owned(),
                packages::Severity::Blocking => "blocking".to_owned(),
            },
            file: finding.file.clone(),
            line: finding.line,
            message: words.say(&found(finding)),
            waived: record.and_then(|record| record.waived.get(&finding.id).cloned()),
        })
        .collect()
}

/// What there is to know of a package, contradictions of its statistics in the reader's language.
pub(crate) fn warnings(words: &Words, package: &Package) -> Vec<String> {
    let others = package.warnings.iter().filter(|warning| warning.code != "inconsistent-statistic");
    let contradictions = package.inconsistencies.iter().map(|it| contradiction(words, it));
    others.map(|warning| warning.message.clone()).chain(contradictions).collect()
}

/// A contradiction in the reader's language; as it was written, where a reading keeps no more of it.
fn contradiction(words: &Words, of: &packages::Inconsistency) -> String {
    let why = of
        .why
        .values
        .iter()
        .fold(Said::new(format!("contradiction-{}", of.why.id)), |said, (name, value)| {
            said.with(name.clone(), words::Value::Decimal { decimal: value.clone() })
        });
    if !words.knows(&why.id) {
        return of.message.clone();
    }
    words.say(&said!("contradiction", statistic = &of.statistic, partition = &of.partition, why = why))
}

/// Fit statistics as a table: a row a statistic, a column a partition, contradictions beside them.
pub(crate) fn fit_table(words: &Words, package: &Package) -> FitTable {
    let partitions: Vec<String> = package.fit_statistics.iter().map(|fit| fit.partition.clone()).collect();
    let mut rows: Vec<FitRow> = Vec::new();
    for (column, fit) in package.fit_statistics.iter().enumerate() {
        for statistic in &fit.statistics {
            let row = match rows.iter_mut().find(|row| row.name == statistic.name) {
                Some(row) => row,
                None => {
                    rows.push(FitRow {
                        name: statistic.name.clone(),
                        label: statistic.label.clone(),
                        values: vec![None; partitions.len()],
                        inconsistent: None,
                    });
                    let last = rows.len() - 1;
                    &mut rows[last]
                }
            };
            row.values[column] = statistic.value;
        }
    }
    let mut curves = Vec::new();
    for found in &package.inconsistencies {
        let text = contradiction(words, found);
        match rows.iter_mut().find(|row| row.name.eq_ignore_ascii_case(&found.statistic)) {
            Some(row) if !found.is_of_curves() => match &mut row.inconsistent {
                Some(before) => *before = format!("{before}; {text}"),
                none => *none = Some(text),
            },
            _ => curves.push(text),
        }
    }
    let contradictions = u32::try_from(package.inconsistencies.len()).unwrap_or(u32::MAX);
    FitTable { partitions, rows, curves, contradictions }
}
