//! Puts an approved version's exact files into a bucket and proves that they, and nothing else, are there.
//!
//! ```text
//! preflight ─► the old `_READY.json` steps aside ─► upload in parallel, verified ─► what the replaced version left
//!           is removed ─► the folder is listed and every object read back and compared ─► `_READY.json` last
//! ```
//!
//! `_READY.json` is the only trigger object, and it is there only while the folder holds exactly what it lists. A
//! migration that was interrupted anywhere is simply made again: objects that already hold the right content are
//! not sent twice. A migration of the version that is there already does nothing and says so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures::StreamExt as _;
use serde::{Deserialize, Serialize};

use crate::bucket::{Bucket, Object, Precondition, check_object_name};
use crate::digest::{Fingerprint, Sha256};
use crate::{Error, Progress};

pub mod preflight;
pub mod python;

pub use crate::dataproc::access::Place as At;
pub use preflight::{ConfigText, preflight};

/// The trigger object, written last.
pub const READY: &str = "_READY.json";

/// What the replaced version consisted of, kept while a migration is under way.
const REPLACED: &str = "_REPLACED.json";

/// The version of the manifest's format.
const FORMAT: u32 = 1;

/// The most files of one version.
pub const FILES_MAX: usize = 100_000;

/// The largest manifest that is read back.
const MANIFEST_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// How many objects are sent, or read back, at the same time unless told otherwise.
pub const PARALLEL: usize = 8;

/// Exactly what a version consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    /// The digest under which the version was approved.
    pub version: Sha256,
    /// Its files, by path.
    pub files: Vec<ManifestFile>,
}

/// One file of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Its path inside the version, with `/` between its parts.
    pub path: String,
    /// Size and digests.
    #[serde(flatten)]
    pub print: Fingerprint,
    /// The object's generation, in a manifest that was written to a bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<i64>,
}

impl Manifest {
    /// Digests the files of a version. `files` gives each path inside the version and where its content is now.
    ///
    /// # Errors
    /// [`Error::Invalid`] for no files, too many, a path twice or one that no bucket takes, and for the names that
    /// migration keeps for itself.
    pub fn build(version: Sha256, files: &BTreeMap<String, PathBuf>) -> Result<Manifest, Error> {
        let mut listed = Vec::with_capacity(files.len());
        for (path, source) in files {
            listed.push(ManifestFile {
                path: path.clone(),
                print: Fingerprint::of_file(source)?,
                generation: None,
            });
        }
        Manifest::of(version, listed)
    }

    /// A manifest of files whose digests are known already (from the registry, say).
    pub fn of(version: Sha256, mut files: Vec<ManifestFile>) -> Result<Manifest, Error> {
        if files.is_empty() || files.len() > FILES_MAX {
            return Err(Error::invalid(
                "the version's list of files",
                format!("it has {} files; a migration takes 1 to {FILES_MAX}", files.len()),
            ));
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        for file in &files {
            check_object_name(&file.path)?;
            if file.path == READY || file.path == REPLACED {
                return Err(Error::invalid(
                    format!("file `{}`", file.path),
                    "migration itself writes an object of this name; rename the file",
                ));
            }
        }
        if let Some(twice) = files.windows(2).find(|pair| pair[0].path == pair[1].path) {
            return Err(Error::invalid(format!("file `{}`", twice[0].path), "the version lists it twice"));
        }
        Ok(Manifest { format: FORMAT, version, files })
    }

    /// The paths of its files.
    pub fn paths(&self) -> BTreeSet<&str> {
        self.files.iter().map(|file| file.path.as_str()).collect()
    }

    /// The digest of what the version consists of: paths, sizes and sha256 of its files, and nothing else.
    pub fn digest(&self) -> Sha256 {
        let mut text = String::new();
        for file in &self.files {
            // Paths hold no control characters, so the lines cannot be confused.
            text.push_str(&format!("{}\t{}\t{}\n", file.path, file.print.size_bytes, file.print.sha256));
        }
        Sha256::of(text.as_bytes())
    }

    /// Reads a manifest as [`migrate`] writes it.
    pub fn parse(text: &[u8]) -> Result<Manifest, Error> {
        let corrupt = |why: String| Error::Corrupt { what: "the manifest".to_owned(), why };
        let manifest: Manifest = serde_json::from_slice(text).map_err(|e| corrupt(e.to_string()))?;
        if manifest.format != FORMAT {
            return Err(Error::Unsupported {
                what: format!("manifest format {}", manifest.format),
                why: format!("this version reads format {FORMAT}"),
            });
        }
        Manifest::of(manifest.version, manifest.files).map_err(|e| corrupt(e.to_string()))
    }

    fn text(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec_pretty(self).map_err(|e| Error::invalid("the manifest", e.to_string()))
    }

    fn same_content(&self, other: &Manifest) -> bool {
        self.version == other.version && self.digest() == other.digest()
    }
}

/// Where a version goes: a folder in a bucket.
#[derive(Clone, Debug)]
pub struct Place {
    /// The bucket.
    pub bucket: Bucket,
    /// The objects' common prefix, ending in `/` (the seeds' is `model/`), or empty.
    pub prefix: String,
}

impl Place {
    /// A folder of a bucket. A missing `/` at the end is added.
    pub fn new(bucket: Bucket, folder: &str) -> Result<Place, Error> {
        let folder = folder.trim_end_matches('/');
        if !folder.is_empty() {
            check_object_name(folder)?;
        }
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Ok(Place { bucket, prefix })
    }

    /// `gs://BUCKET/PREFIX`.
    pub fn url(&self) -> String {
        format!("gs://{}/{}", self.bucket.name(), self.prefix)
    }

    fn object(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The manifest that says what this place holds, if one is there, and its generation.
    pub async fn ready(&self) -> Result<Option<(Manifest, i64)>, Error> {
        self.manifest(READY).await
    }

    async fn manifest(&self, name: &str) -> Result<Option<(Manifest, i64)>, Error> {
        let name = self.object(name);
        let stat = match self.bucket.stat(&name).await {
            Err(Error::NotFound { what }) if !what.starts_with("bucket") => return Ok(None),
            other => other?,
        };
        let text = self.bucket.read(&name, MANIFEST_BYTES_MAX).await?;
        let manifest = Manifest::parse(&text).map_err(|e| Error::Corrupt {
            what: format!("`gs://{}/{name}`", self.bucket.name()),
            why: format!("{e}; remove it and migrate again"),
        })?;
        Ok(Some((manifest, stat.generation)))
    }
}

/// How a migration goes about it.
#[derive(Clone, Debug)]
pub struct Options {
    /// Objects sent at the same time.
    pub parallel: usize,
    /// Whether objects in the folder that no manifest of ours ever listed may be removed. When not, they are
    /// named and the migration is refused (D-08).
    pub remove_foreign: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { parallel: PARALLEL, remove_foreign: false }
    }
}

/// What a migration did. The whole manifest, with generations, is in the bucket as `_READY.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migrated {
    /// True when the very same version was there already and nothing of it was written.
    pub already_there: bool,
    /// Where.
    pub place: String,
    /// What is there now, with generations.
    pub manifest: Manifest,
    /// The sha256 of every object's content as it was read back, by path: nobody's word is taken for it.
    pub read_back: BTreeMap<String, Sha256>,
    /// The generation of `_READY.json`: together with its name the identity of the trigger.
    pub ready_generation: i64,
    /// Objects that were sent.
    pub sent: Vec<String>,
    /// Objects that held the right content already.
    pub kept: Vec<String>,
    /// Objects that were removed because they are not part of the version.
    pub removed: Vec<String>,
}

/// A way to ask a migration to stop, wherever it is.
#[derive(Debug)]
pub struct Stop(tokio::sync::watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Self {
        Stop(tokio::sync::watch::Sender::new(false))
    }
}

impl Stop {
    /// Asks.
    pub fn ask(&self) {
        self.0.send_replace(true);
    }

    /// Waits until somebody asks.
    async fn asked(&self) {
        // The sender is ours: it is there for as long as this waits.
        let _ = self.0.subscribe().wait_for(|asked| *asked).await;
    }

    fn is_asked(&self) -> bool {
        *self.0.borrow()
    }
}

/// What a place holds before its marker is written.
enum Prepared {
    /// The very same version, marker and all.
    AlreadyThere(Box<Migrated>),
    /// The version, compared, and without its marker.
    Placed(Box<Migrated>),
}

/// Brings the place to hold exactly the version, then says so in `_READY.json`.
///
/// `sources` gives where each file's content is. Files are compared with the manifest while they are sent.
///
/// # Errors
/// [`Error::Corrupt`] when a file is not what the manifest says, [`Error::Stale`] when foreign objects lie in the
/// folder, [`Error::Conflict`] when somebody else writes there, [`Error::Stopped`]. After every error the place has
/// no `_READY.json` unless it still holds exactly what that one lists; the same call again continues.
pub async fn migrate(
    manifest: &Manifest,
    sources: &BTreeMap<String, PathBuf>,
    place: &Place,
    options: &Options,
    stop: &Stop,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Migrated, Error> {
    let stopped = || Error::Stopped { what: format!("the migration to `{}`", place.url()) };
    let prepared = tokio::select! {
        biased;
        // What is under way is let go of, as if this program ended here: nothing after it is begun, and an upload goes on
        // from where it was when the version is migrated again.
        () = stop.asked() => return Err(stopped()),
        prepared = prepare(manifest, sources, place, options, progress) => prepared?,
    };
    let migrated = match prepared {
        Prepared::AlreadyThere(migrated) => return Ok(*migrated),
        // The last moment: the marker sets a training off.
        Prepared::Placed(_) if stop.is_asked() => return Err(stopped()),
        Prepared::Placed(migrated) => *migrated,
    };
    let text = migrated.manifest.text()?;
    let ready = place.bucket.put(&place.object(READY), &text, Precondition::Absent).await?;
    match place.bucket.delete(&place.object(REPLACED), Precondition::Any).await {
        Err(Error::NotFound { .. }) => {}
        other => other?,
    }
    Ok(Migrated { ready_generation: ready.generation, ..migrated })
}

/// Everything up to the marker.
async fn prepare(
    manifest: &Manifest,
    sources: &BTreeMap<String, PathBuf>,
    place: &Place,
    options: &Options,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Prepared, Error> {
    for file in &manifest.files {
        if !sources.contains_key(&file.path) {
            // The seeds skipped what was missing and said "migrated" (D-08).
            return Err(Error::NotFound { what: format!("the content of file `{}`", file.path) });
        }
    }
    place.bucket.probe().await?;
    let ready = place.ready().await;
    let there = place.bucket.list(&place.prefix).await?;
    let comparing = Comparing {
        reading: Reading::Everything,
        known: BTreeMap::new(),
        parallel: options.parallel,
        progress,
    };
    if let Ok(Some((listed, generation))) = &ready
        && listed.same_content(manifest)
        && let Compared { differences, read } = comparing.compare(listed, place).await?
        && let Some(foreign) = only_foreign(&differences)
        && (foreign.is_empty() || options.remove_foreign)
    {
        // What was never part of it goes, and the version stays as ready as it was: no marker sets anything off anew.
        let foreign: Vec<&Object> =
            there.iter().filter(|object| foreign.contains(&object.name[place.prefix.len()..])).collect();
        let removed = remove(place, &foreign, progress).await?;
        return Ok(Prepared::AlreadyThere(Box::new(Migrated {
            already_there: true,
            place: place.url(),
            manifest: listed.clone(),
            read_back: read,
            ready_generation: *generation,
            sent: Vec::new(),
            kept: manifest.files.iter().map(|file| file.path.clone()).collect(),
            removed,
        })));
    }
    // A `_READY.json` that cannot be read protects nothing and names nothing; everything else is an error.
    let ready = match ready {
        Err(Error::Corrupt { .. } | Error::Unsupported { .. }) => None,
        other => other?,
    };
    let ours = replaced_objects(place, &ready).await?;
    let wanted: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    let leftovers: Vec<&Object> = there
        .iter()
        .filter(|object| {
            let path = &object.name[place.prefix.len()..];
            !wanted.contains(path) && path != READY && path != REPLACED
        })
        .collect();
    refuse_foreign(place, &leftovers, &ours, options).await?;

    // From here on the place is not ready.
    if let Some((listed, generation)) = &ready {
        place.bucket.put(&place.object(REPLACED), &listed.text()?, Precondition::Any).await?;
        place.bucket.delete(&place.object(READY), Precondition::Generation(*generation)).await?;
    } else if there.iter().any(|object| object.name == place.object(READY)) {
        place.bucket.delete(&place.object(READY), Precondition::Any).await?;
    }

    let sent = send(manifest, sources, place, &there, options, progress).await?;
    let removed = remove(place, &leftovers, progress).await?;

    progress(Progress::line("reading back what is there, to compare it with what was approved"));
    let placed = Manifest { files: sent.iter().map(|file| file.file.clone()).collect(), ..manifest.clone() };
    // What was kept has been read already; a generation never changes its content.
    let known = sent.iter().filter_map(|placed| {
        let file = &placed.file;
        Some((file.path.as_str(), (file.generation?, placed.read?)))
    });
    let comparing = Comparing { known: known.collect(), ..comparing };
    let Compared { differences, read } = comparing.compare(&placed, place).await?;
    if let Some(first) = differences.first() {
        return Err(Error::Conflict {
            what: format!("`{}`", place.url()),
            why: format!("{first}, right after it was sent; somebody else writes there"),
        });
    }
    let (sent, kept): (Vec<&Placed>, Vec<&Placed>) = sent.iter().partition(|file| file.was_sent);
    let paths = |files: Vec<&Placed>| files.iter().map(|file| file.file.path.clone()).collect();
    Ok(Prepared::Placed(Box::new(Migrated {
        already_there: false,
        place: place.url(),
        manifest: placed,
        read_back: read,
        // Its marker is still to come.
        ready_generation: 0,
        sent: paths(sent),
        kept: paths(kept),
        removed,
    })))
}

struct Placed {
    file: ManifestFile,
    was_sent: bool,
    /// What the object held when it was read, where it was.
    read: Option<Sha256>,
}

async fn send(
    manifest: &Manifest,
    sources: &BTreeMap<String, PathBuf>,
    place: &Place,
    there: &[Object],
    options: &Options,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Vec<Placed>, Error> {
    let there: BTreeMap<&str, &Object> = there.iter().map(|object| (object.name.as_str(), object)).collect();
    let total: u64 = manifest.files.iter().map(|file| file.print.size_bytes).sum();
    let done = AtomicU64::new(0);
    let halted = AtomicBool::new(false);
    let sending = manifest.files.iter().map(|file| {
        let (there, done, halted) = (&there, &done, &halted);
        async move {
            if halted.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let name = place.object(&file.path);
            let earlier = there.get(name.as_str()).copied();
            if let Some(kept) = unchanged(file, earlier, place).await? {
                done.fetch_add(file.print.size_bytes, Ordering::Relaxed);
                return Ok(Some(kept));
            }
            // What was listed is what is replaced: a writer in between is noticed, not overwritten.
            let precondition =
                earlier.map_or(Precondition::Absent, |object| Precondition::Generation(object.generation));
            let source: &Path = &sources[&file.path];
            let count = |sent: u64| {
                done.fetch_add(sent, Ordering::Relaxed);
            };
            let object = place.bucket.put_file(&name, source, Some(file.print), precondition, &count).await?;
            progress(Progress {
                line: format!("sent `{}`", file.path),
                done: Some((done.load(Ordering::Relaxed), total)),
            });
            Ok(Some(Placed {
                file: ManifestFile { generation: Some(object.generation), ..file.clone() },
                was_sent: true,
                read: None,
            }))
        }
    });
    let mut placed = Vec::with_capacity(manifest.files.len());
    let mut failed = None;
    let mut answers = futures::stream::iter(sending).buffer_unordered(options.parallel.max(1));
    while let Some(answer) = answers.next().await {
        match answer {
            Ok(file) => placed.extend(file),
            Err(e) => {
                // The first reason is the one to tell; those in flight end by themselves and no new one starts.
                failed.get_or_insert(e);
                halted.store(true, Ordering::Relaxed);
            }
        }
    }
    if let Some(e) = failed {
        return Err(e);
    }
    placed.sort_by(|a, b| a.file.path.cmp(&b.file.path));
    Ok(placed)
}

/// The file as it is in the bucket already, if its content, read through, is right: two contents can have one checksum.
async fn unchanged(
    file: &ManifestFile,
    there: Option<&Object>,
    place: &Place,
) -> Result<Option<Placed>, Error> {
    let Some(there) = there.filter(|object| object.size_bytes == file.print.size_bytes) else {
        return Ok(None);
    };
    if there.crc32c.is_some_and(|sum| sum != file.print.crc32c) {
        return Ok(None);
    }
    match place.bucket.read_through(&there.name).await {
        Ok(object) if is_what_was_approved(file, &object) => Ok(Some(Placed {
            file: ManifestFile { generation: Some(object.generation), ..file.clone() },
            was_sent: false,
            read: object.sha256,
        })),
        Ok(_) | Err(Error::NotFound { .. }) => Ok(None),
        Err(e) => Err(e),
    }
}

fn is_what_was_approved(file: &ManifestFile, object: &Object) -> bool {
    object.size_bytes == file.print.size_bytes
        && object.sha256.is_none_or(|sha256| sha256 == file.print.sha256)
        && object.crc32c == Some(file.print.crc32c)
}

/// What the version that is being replaced consisted of, also after an interrupted attempt.
async fn replaced_objects(
    place: &Place,
    ready: &Option<(Manifest, i64)>,
) -> Result<BTreeMap<String, Fingerprint>, Error> {
    let earlier = match place.manifest(REPLACED).await {
        Err(Error::Corrupt { .. } | Error::Unsupported { .. }) => None,
        other => other?,
    };
    let manifests = ready.iter().chain(earlier.iter());
    Ok(manifests
        .flat_map(|(manifest, _)| &manifest.files)
        .map(|file| (file.path.clone(), file.print))
        .collect())
}

/// The paths of what is foreign, where nothing else differs.
fn only_foreign(differences: &[Difference]) -> Option<BTreeSet<&str>> {
    let mut paths = BTreeSet::new();
    for difference in differences {
        let Difference::Foreign { path } = difference else { return None };
        paths.insert(path.as_str());
    }
    Some(paths)
}

/// Removes exactly the generations that were listed; their paths.
async fn remove(
    place: &Place,
    objects: &[&Object],
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Vec<String>, Error> {
    let mut removed = Vec::new();
    for object in objects {
        let path = &object.name[place.prefix.len()..];
        place.bucket.delete(&object.name, Precondition::Generation(object.generation)).await?;
        progress(Progress::line(format!("removed `{path}`, which is not part of the version")));
        removed.push(path.to_owned());
    }
    Ok(removed)
}

/// An object that an earlier version of ours put there, unchanged, may go; any other is somebody's.
async fn refuse_foreign(
    place: &Place,
    leftovers: &[&Object],
    ours: &BTreeMap<String, Fingerprint>,
    options: &Options,
) -> Result<(), Error> {
    if options.remove_foreign {
        return Ok(());
    }
    let mut foreign = Vec::new();
    for object in leftovers {
        let path = &object.name[place.prefix.len()..];
        let is_ours = match ours.get(path) {
            Some(print) => {
                let stat = place.bucket.stat(&object.name).await?;
                let file = ManifestFile { path: path.to_owned(), print: *print, generation: None };
                is_what_was_approved(&file, &stat)
            }
            None => false,
        };
        if !is_ours {
            foreign.push(format!("`{path}`"));
        }
    }
    if foreign.is_empty() { Ok(()) } else { Err(Error::Stale { place: place.url(), names: foreign }) }
}

/// A way in which what is there is not what was approved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "difference", rename_all = "snake_case")]
pub enum Difference {
    /// A file of the version is not there.
    Missing {
        /// Its path.
        path: String,
    },
    /// It is there with other content.
    Changed {
        /// Its path.
        path: String,
        /// What was approved.
        approved: Sha256,
        /// What is there; absent where only the service's checksum is known to differ.
        found: Option<Sha256>,
    },
    /// It holds the right content and was written again since.
    Rewritten {
        /// Its path.
        path: String,
        /// The generation it had.
        generation: i64,
        /// The one it has.
        found: i64,
    },
    /// Something lies there that is not part of the version.
    Foreign {
        /// Its path.
        path: String,
    },
    /// There is no readable `_READY.json`.
    NotReady,
    /// `_READY.json` lists another version.
    OtherVersion {
        /// The version it lists.
        found: Sha256,
    },
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Difference::Missing { path } => write!(f, "`{path}` is missing"),
            Difference::Changed { path, .. } => write!(f, "`{path}` holds other content than was approved"),
            Difference::Rewritten { path, generation, found } => {
                write!(
                    f,
                    "`{path}` was written again: generation {found} instead of {generation}, the same content"
                )
            }
            Difference::Foreign { path } => write!(f, "`{path}` is not part of the version"),
            Difference::NotReady => write!(f, "there is no readable `{READY}`"),
            Difference::OtherVersion { found } => write!(f, "`{READY}` lists version `{found}`"),
        }
    }
}

/// Compares a place with what was approved; empty means that what runs from there is what was approved.
pub async fn reconcile(approved: &Manifest, place: &Place) -> Result<Vec<Difference>, Error> {
    let mut found = Vec::new();
    match place.ready().await {
        Ok(Some((listed, _))) if listed.version != approved.version => {
            found.push(Difference::OtherVersion { found: listed.version });
        }
        Ok(Some(_)) => {}
        Ok(None) | Err(Error::Corrupt { .. } | Error::Unsupported { .. }) => found.push(Difference::NotReady),
        Err(e) => return Err(e),
    }
    let comparing = Comparing {
        reading: Reading::WhatWasWritten,
        known: BTreeMap::new(),
        parallel: PARALLEL,
        progress: &|_| {},
    };
    found.extend(comparing.compare(approved, place).await?.differences);
    found.sort();
    Ok(found)
}

/// Which objects are read through when a place is compared. What a folder holds always is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// Every one.
    Everything,
    /// Those whose generation is not the one that was read back when the version was migrated: a generation never
    /// changes its content.
    WhatWasWritten,
}

/// How a place is compared with what was approved.
struct Comparing<'a> {
    reading: Reading,
    /// What was read already, by path, with the generation that held it.
    known: BTreeMap<&'a str, (i64, Sha256)>,
    parallel: usize,
    progress: &'a (dyn Fn(Progress) + Send + Sync),
}

/// What a comparison found.
struct Compared {
    differences: Vec<Difference>,
    /// The sha256 of what was read, by path.
    read: BTreeMap<String, Sha256>,
}

impl Comparing<'_> {
    /// Lists the place and compares every object: by digest, and by generation where one is known.
    async fn compare(&self, approved: &Manifest, place: &Place) -> Result<Compared, Error> {
        let there = place.bucket.list(&place.prefix).await?;
        let by_path: BTreeMap<&str, &Object> =
            there.iter().map(|object| (&object.name[place.prefix.len()..], object)).collect();
        let wanted: BTreeSet<&str> = approved.files.iter().map(|file| file.path.as_str()).collect();
        let total: u64 = approved.files.iter().map(|file| file.print.size_bytes).sum();
        let done = AtomicU64::new(0);
        let mut compared = Compared { differences: Vec::new(), read: BTreeMap::new() };
        // By index and without closures: whoever spawns this has to prove that it may go to another thread.
        let (mut looks, mut next) = (futures::stream::FuturesUnordered::new(), 0);
        loop {
            while looks.len() < self.parallel.max(1)
                && let Some(file) = approved.files.get(next)
            {
                let listed = by_path.get(file.path.as_str()).copied();
                looks.push(self.compare_one(next, file, listed, place, &done, total));
                next += 1;
            }
            let Some(answer) = looks.next().await else { break };
            let (index, seen) = answer?;
            let file = &approved.files[index];
            if let Some(sha256) = seen.as_ref().and_then(|object| object.sha256) {
                compared.read.insert(file.path.clone(), sha256);
            }
            compared.differences.extend(difference(file, seen));
        }
        let foreign = by_path
            .keys()
            .filter(|path| !wanted.contains(**path) && **path != READY && **path != REPLACED)
            .map(|path| Difference::Foreign { path: (*path).to_owned() });
        compared.differences.extend(foreign);
        compared.differences.sort();
        Ok(compared)
    }

    async fn compare_one(
        &self,
        index: usize,
        file: &ManifestFile,
        listed: Option<&Object>,
        place: &Place,
        done: &AtomicU64,
        total: u64,
    ) -> Result<(usize, Option<Object>), Error> {
        let Some(listed) = listed else { return Ok((index, None)) };
        let (seen, was_read) = self.look(file, listed, place).await?;
        let size_bytes = file.print.size_bytes;
        let done = done.fetch_add(size_bytes, Ordering::Relaxed) + size_bytes;
        if was_read {
            let line = format!("read back `{}`", file.path);
            (self.progress)(Progress { line, done: Some((done, total)) });
        }
        Ok((index, seen))
    }

    /// An object, read through where it has to be; `None` when it is gone. And whether it was read here.
    async fn look(
        &self,
        file: &ManifestFile,
        listed: &Object,
        place: &Place,
    ) -> Result<(Option<Object>, bool), Error> {
        // Listings of folders leave the checksum out; those of the service have all that it reports.
        let stat = match listed.crc32c {
            Some(_) => listed.clone(),
            None => match place.bucket.stat(&listed.name).await {
                Err(Error::NotFound { .. }) => return Ok((None, false)),
                other => other?,
            },
        };
        // Read already, or known to be other content without reading it.
        if stat.sha256.is_some() || !is_what_was_approved(file, &stat) {
            return Ok((Some(stat), false));
        }
        let known =
            self.known.get(file.path.as_str()).filter(|(generation, _)| *generation == stat.generation);
        if let Some((_, sha256)) = known {
            return Ok((Some(Object { sha256: Some(*sha256), ..stat }), false));
        }
        if self.reading == Reading::WhatWasWritten && file.generation == Some(stat.generation) {
            return Ok((Some(stat), false));
        }
        match place.bucket.read_through(&listed.name).await {
            Ok(object) => Ok((Some(object), true)),
            Err(Error::NotFound { .. }) => Ok((None, true)),
            Err(e) => Err(e),
        }
    }
}

/// How an object is not what was approved, if it is not.
fn difference(file: &ManifestFile, seen: Option<Object>) -> Option<Difference> {
    let path = file.path.clone();
    match seen {
        None => Some(Difference::Missing { path }),
        Some(object) if !is_what_was_approved(file, &object) => {
            Some(Difference::Changed { path, approved: file.print.sha256, found: object.sha256 })
        }
        Some(object) => {
            let generation = file.generation.filter(|generation| *generation != object.generation)?;
            Some(Difference::Rewritten { path, generation, found: object.generation })
        }
    }
}
