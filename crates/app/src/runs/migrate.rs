//! A migration: the version's exact files out of the ledger, into the bucket, read back, proven.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ::runs::Progress;
use ::runs::digest::Fingerprint;
use ::runs::migration::{
    ConfigText, Manifest, ManifestFile, Options, Place, Stop, migrate, preflight, reconcile,
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
    let findings = findings(session, run, &manifest, &place, &sources).await?;
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
    let summary = if migrated.already_there {
        let removed = match migrated.removed.len() {
            0 => String::new(),
            count => format!(", and {count} objects that are not part of it were removed"),
        };
        format!("{} holds exactly this version already; nothing was sent{removed}", place.url())
    } else {
        format!(
            "{} objects verified in {} ({} sent, {} already right, {} removed), ready at generation {generation}",
            ready.files.len(),
            place.url(),
            migrated.sent.len(),
            migrated.kept.len(),
            migrated.removed.len()
        )
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
        summary,
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
    let staged = stage(session, run, &version, &package).await?;
    let found = findings(session, run, &staged.manifest, &place, &staged.sources).await?;
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
    manifest: &Manifest,
    place: &Place,
    sources: &BTreeMap<String, PathBuf>,
) -> Result<Vec<::runs::target::Finding>, Failure> {
    let texts = ConfigText::read(sources).map_err(|error| from_runs(&error))?;
    let region = super::cloud::target(session, &run.target)?.and_then(|target| target.region);
    preflight(manifest, place, &texts, region.as_deref()).await.map_err(|error| unreached(&error))
}
