//! A migration: the version's exact files out of the ledger, into the bucket, read back, proven.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ::runs::Progress;
use ::runs::digest::Fingerprint;
use ::runs::migration::preflight::may_go_on;
use ::runs::migration::{
    ConfigText, Manifest, ManifestFile, Options, Place, Stop, migrate, preflight, reconcile,
};
use governance::Digest;
use governance::fact::MigrationVerified;
use governance::registry::Version;
use governance::runs::Run;

use super::from_runs;
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
    let bucket = super::bucket(session, &run.bucket)?;
    let place = Place::new(bucket, MODEL_FOLDER).map_err(|error| from_runs(&error))?;

    let staging = session.home.join("staging").join(run.id.as_str());
    let _guard = RemoveAfter(staging.clone());
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

    let texts = ConfigText::read(&sources).map_err(|error| from_runs(&error))?;
    let findings = preflight(&manifest, &place, &texts).await.map_err(|error| from_runs(&error))?;
    for finding in &findings {
        progress(Progress::line(format!("preflight: {finding}")));
    }
    if !may_go_on(&findings) {
        let blocking: Vec<String> = findings
            .iter()
            .filter(|finding| finding.severity == ::runs::target::Severity::Blocking)
            .map(ToString::to_string)
            .collect();
        return Err(Failure::new(
            Code::Refused,
            format!("preflight stopped the migration: {}", blocking.join("; ")),
            "Nothing was uploaded. Repair what it names and migrate again.",
        ));
    }
    let migrated = migrate(&manifest, &sources, &place, &Options::default(), stop, progress)
        .await
        .map_err(|error| from_runs(&error))?;

    // What counts is what another reader finds there, not what the upload said.
    let differences = reconcile(&migrated.manifest, &place).await.map_err(|error| from_runs(&error))?;
    if !differences.is_empty() {
        return Err(Failure::new(
            Code::Verification,
            format!("`{}` does not hold what was approved: {differences:?}", place.url()),
            "Migrate again; if it persists, find out who else writes there.",
        ));
    }
    let (ready, generation) = place.ready().await.map_err(|error| from_runs(&error))?.ok_or_else(|| {
        Failure::new(Code::Verification, "`_READY.json` is not there after the migration", "Migrate again.")
    })?;
    let prints: Vec<(String, String)> =
        ready.files.iter().map(|file| (file.path.clone(), file.print.sha256.to_string())).collect();
    let read_back: Digest = parse(
        "digest",
        &packages::root_digest(prints.iter().map(|(path, digest)| (path.as_str(), digest.as_str()))),
    )?;
    let ready_bytes = place
        .bucket
        .read(&format!("{MODEL_FOLDER}/{}", ::runs::migration::READY), 64 << 20)
        .await
        .map_err(|error| from_runs(&error))?;
    let ready_digest = session.put_blob(ready_bytes).await?;
    let summary = if migrated.already_there {
        format!("{} holds exactly this version already; nothing was sent", place.url())
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

struct RemoveAfter(PathBuf);

impl Drop for RemoveAfter {
    fn drop(&mut self) {
        // What stays behind is swept with the staging folder; it holds nothing that is not in the ledger.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
