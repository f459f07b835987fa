//! A migration: the version's exact files out of the ledger, into the bucket, read back, proven.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ::runs::Progress;
use ::runs::digest::Fingerprint;
use ::runs::migration::{
    At, ConfigText, Manifest, ManifestFile, Options, Place, Stop, migrate, preflight, reconcile,
};
use governance::Digest;
use governance::fact::MigrationVerified;
use governance::registry::Version;
use governance::runs::Run;
use words::{Words, said};

use super::preflight::{blocking, finding_row, obstacles, said_with_place};
use super::{PreflightFinding, from_runs, unreached};
use crate::session::{Session, parse};
use crate::{Code, Failure};

/// Folder of the bucket that holds the version.
pub(crate) const MODEL_FOLDER: &str = "model";

/// What was proven, and how it went.
pub(crate) struct Proven {
    pub(crate) fact: MigrationVerified,
    pub(crate) summary: String,
}

/// Everything up to the proof; the caller records it.
pub(crate) async fn carry_out(
    session: &Session,
    run: &Run,
    stop: &Stop,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Proven, Failure> {
    let version: Version = session.row("versions", "version", run.version.as_str())?;
    let package = super::outputs::reading(session, &version).await?;
    let place = place(session, run)?;
    let Staged { _guard, manifest, sources } = stage(session, run, &version, &package).await?;
    let texts = ConfigText::read(&sources).map_err(|error| from_runs(&error))?;
    let findings = findings(session, run, &package, &place, &texts).await?;
    for finding in &findings {
        // The log is kept once for every desk.
        let line = Words::english().say(&said_with_place(finding));
        progress(Progress::line(format!("preflight: {line}")));
    }
    if let Some(why) = obstacles(&findings) {
        return Err(Failure::said(Code::Refused, said!("preflight-stopped", why = why)));
    }
    let options = Options { remove_foreign: run.remove_foreign, ..Options::default() };
    let migrated = migrate(&manifest, &sources, &place, &options, stop, progress)
        .await
        .map_err(|error| unreached(&error))?;

    // What counts is what another reader finds there, not what the upload said.
    let differences = reconcile(&migrated.manifest, &place).await.map_err(|error| unreached(&error))?;
    if !differences.is_empty() {
        return Err(Failure::said(
            Code::Verification,
            said!(
                "bucket-differs",
                bucket = place.url().to_string(),
                differences = format!("{differences:?}")
            ),
        ));
    }
    let (ready, generation) = place
        .ready()
        .await
        .map_err(|error| unreached(&error))?
        .ok_or_else(|| Failure::said(Code::Verification, said!("no-ready-marker")))?;
    // What the objects held when they were read, and not what any list says of them.
    let prints: Vec<(&str, String)> =
        migrated.read_back.iter().map(|(path, sha256)| (path.as_str(), sha256.to_string())).collect();
    let read_back: Digest = parse(
        "digest",
        &packages::root_digest(prints.iter().map(|(path, digest)| (*path, digest.as_str()))),
    )?;
    let ready_bytes = place
        .bucket
        .read(&format!("{MODEL_FOLDER}/{}", ::runs::migration::READY), 64 << 20)
        .await
        .map_err(|error| unreached(&error))?;
    let ready_digest = session.put_blob(ready_bytes).await?;
    let url = place.url().to_string();
    let summary = match (migrated.already_there, migrated.removed.len()) {
        (true, 0) => said!("went-there-already", place = url),
        (true, count) => said!("went-there-cleared", place = url, count = count),
        (false, removed) => said!(
            "went-migrated",
            objects = ready.files.len(),
            place = url,
            sent = migrated.sent.len(),
            kept = migrated.kept.len(),
            removed = removed,
            generation = generation.to_string(),
        ),
    };
    Ok(Proven {
        fact: MigrationVerified {
            run: run.id.clone(),
            version: version.id.clone(),
            root: version.package.root.clone(),
            bucket: run.bucket.clone(),
            ready: ready_digest,
            read_back,
            objects: u32::try_from(ready.files.len()).unwrap_or(u32::MAX),
        },
        summary: super::retold::written(&summary),
    })
}

/// A folder that goes with this value.
pub(crate) struct RemoveAfter(pub(crate) PathBuf);

impl Drop for RemoveAfter {
    fn drop(&mut self) {
        // What stays behind is swept with the staging folder; it holds nothing that is not in the ledger.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What a look before a migration finds: the bucket, its place, and every path the package's configuration names.
pub(crate) async fn look(
    session: &Session,
    run: &Run,
    words: &'static Words,
) -> Result<Vec<PreflightFinding>, Failure> {
    let version: Version = session.row("versions", "version", run.version.as_str())?;
    let package = super::outputs::reading(session, &version).await?;
    let place = match place(session, run) {
        Ok(place) => place,
        Err(failure) if failure.code == Code::NotFound => {
            return Ok(vec![blocking("no-bucket", failure.in_words(words).to_string())]);
        }
        Err(failure) => return Err(failure),
    };
    // Sizes and paths are known from the reading: only the texts are fetched, and nothing is copied.
    let mut texts = Vec::new();
    for file in package.files.iter().filter(|file| ConfigText::is_wanted(&file.path, file.size_bytes)) {
        let bytes = session.blob(&parse("digest", &file.sha256)?, file.size_bytes).await?;
        texts.push(ConfigText::of(&file.path, &bytes));
    }
    let found = findings(session, run, &package, &place, &texts).await?;
    Ok(found.iter().map(|finding| finding_row(finding, words)).collect())
}

/// The upload as a command line for people. What it lacks is the point of a migration: the comparison of every object with
/// what was approved, and the marker that is written last.
pub(crate) fn command(run: &Run) -> String {
    format!("gcloud storage rsync PACKAGE gs://{}/{MODEL_FOLDER} --recursive --checksums-only", run.bucket)
}

fn place(session: &Session, run: &Run) -> Result<Place, Failure> {
    let bucket = super::cloud::bucket_at(session, &run.target, run.endpoint.as_deref(), &run.bucket)?;
    Place::new(bucket, MODEL_FOLDER).map_err(|error| from_runs(&error))
}

/// The version's files as they are in the ledger, where an upload can read them.
struct Staged {
    _guard: RemoveAfter,
    manifest: Manifest,
    sources: BTreeMap<String, PathBuf>,
}

async fn stage(
    session: &Session,
    run: &Run,
    version: &Version,
    package: &packages::Package,
) -> Result<Staged, Failure> {
    let staging = session.home.join("staging").join(run.id.as_str());
    let guard = RemoveAfter(staging.clone());
    crate::make_folder(&staging)?;
    let mut sources: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut files = Vec::new();
    for (index, file) in package.files.iter().enumerate() {
        let digest: ::ledger::Digest = parse("digest", &file.sha256)?;
        let path = staging.join(index.to_string());
        let _ = std::fs::remove_file(&path);
        session
            .ledger
            .save_blob(&digest, &path)
            .await
            .map_err(|error| crate::session::from_ledger(&error))?;
        files.push(ManifestFile {
            path: file.path.clone(),
            print: Fingerprint::of_file(&path).map_err(|error| from_runs(&error))?,
            generation: None,
        });
        sources.insert(file.path.clone(), path);
    }
    let root = version.package.root.as_str().trim_start_matches("sha256:");
    let manifest = Manifest::of(root.parse().map_err(|error| from_runs(&error))?, files)
        .map_err(|error| from_runs(&error))?;
    Ok(Staged { _guard: guard, manifest, sources })
}

async fn findings(
    session: &Session,
    run: &Run,
    package: &packages::Package,
    place: &Place,
    texts: &[ConfigText],
) -> Result<Vec<::runs::target::Finding>, Failure> {
    let paths = package.files.iter().map(|file| file.path.as_str()).collect();
    let target = super::cloud::target(session, &run.target)?;
    let (project, region) = target.map_or((None, None), |target| (target.cloud_project, target.region));
    let at = At { project: project.as_deref(), region: region.as_deref() };
    preflight(&paths, place, texts, at).await.map_err(|error| unreached(&error))
}
