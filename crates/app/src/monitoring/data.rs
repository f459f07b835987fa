//! The scored data of a monitor: which files there are, in which order, and what exactly is in them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use governance::fact::{Baseline, DataPlace, DataRead, MonitorTerms};
use governance::registry::Version;
use unicode_normalization::UnicodeNormalization;
use words::said;

use crate::runs::{BUCKET, cloud, from_runs, outputs};
use crate::session::{Session, parse};
use crate::{Code, Failure};

/// Files of one monitor, at most.
const FILES_MAX: usize = 2_000;
/// What no monitor has listed for so long is fetched again where it is wanted once more.
const FORGOTTEN_AFTER: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);
/// File of a shelf that says when it was listed last.
const LISTED: &str = "listed";
/// Endings of files that are data.
const ENDINGS: [&str; 4] = ["csv", "tsv", "txt", "parquet"];

/// A file or folder that is a period, or the baseline.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Its name, as the folder or bucket has it.
    pub(crate) name: String,
    /// Where it can be read; nowhere for what stays in its bucket.
    pub(crate) path: PathBuf,
    /// What it is called in its bucket, for a job that reads it there: `gs://bucket/name`.
    pub(crate) object: Option<String>,
    /// Size in bytes, of all its parts.
    pub(crate) size_bytes: u64,
    /// What changes whenever its contents may have: sizes and times, or generations.
    stamp: String,
}

/// How the data are reached: read here, or where a job on a target in the cloud reads them.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// The target; [`BUCKET`] is none.
    pub(crate) target: String,
    pub(crate) endpoint: Option<String>,
    /// The bucket that the data are in.
    pub(crate) bucket: Option<String>,
    /// A target in the cloud: nothing is brought here.
    pub(crate) in_cloud: bool,
    /// The target through which the bucket is read, and that target's endpoint.
    through: (String, Option<String>),
}

impl Way {
    /// To read the data here.
    ///
    /// # Errors
    /// [`Code::NotFound`] when the place names a target that nobody named.
    pub(crate) fn here(session: &Session, place: &DataPlace) -> Result<Self, Failure> {
        let through = match place.target.as_deref().filter(|target| !target.is_empty()) {
            None => (BUCKET.to_owned(), None),
            Some(name) => {
                let added = cloud::target(session, name)?;
                (name.to_owned(), added.and_then(|target| target.endpoint))
            }
        };
        let (target, bucket) = (BUCKET.to_owned(), place.bucket.clone());
        Ok(Self { target, endpoint: None, bucket, in_cloud: false, through })
    }

    /// As the terms say, or as somebody asks this once.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a target nobody named.
    pub(crate) fn of(session: &Session, terms: &MonitorTerms, asked: Option<&str>) -> Result<Self, Failure> {
        let asked = asked.filter(|target| !target.is_empty()).or(terms.runs_on.as_deref());
        let here = Self::here(session, &terms.data)?;
        let Some(name) = asked else { return Ok(here) };
        let added = cloud::target(session, name)?;
        let in_cloud = added.as_ref().is_some_and(|target| target.kind.is_cloud());
        let endpoint = added.and_then(|target| target.endpoint);
        let through = if in_cloud { (name.to_owned(), endpoint.clone()) } else { here.through };
        Ok(Self { target: name.to_owned(), endpoint, bucket: terms.data.bucket.clone(), in_cloud, through })
    }

    /// Whether a job computes it, and this desk does not.
    pub(crate) fn is_job(&self) -> bool {
        self.target != BUCKET
    }

    fn bucket_named(&self, session: &Session, name: &str) -> Result<::runs::bucket::Bucket, Failure> {
        let (target, endpoint) = &self.through;
        cloud::bucket_at(session, target, endpoint.as_deref(), name)
    }
}

/// Everything a report reads.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    /// In order of time.
    pub(crate) periods: Vec<Found>,
    /// A baseline of its own.
    pub(crate) baseline: Option<Found>,
}

impl Data {
    /// What changes whenever any of the contents may have.
    pub(crate) fn stamp(&self) -> String {
        let all: String = self
            .periods
            .iter()
            .chain(&self.baseline)
            .map(|it| format!("{} {}\n", it.name, it.stamp))
            .collect();
        crate::session::digest_of(all.as_bytes()).to_string()
    }

    /// What is in the files, by digest. Reads all of them once; of what stays in its bucket, the generations of its objects
    /// say it.
    pub(crate) async fn digests(&self) -> Result<Vec<DataRead>, Failure> {
        let all: Vec<Found> = self.periods.iter().chain(&self.baseline).cloned().collect();
        tokio::task::spawn_blocking(move || all.iter().map(digest_of_found).collect())
            .await
            .map_err(|cause| Failure::internal("reading the data was interrupted", &cause))?
    }
}

/// The files that a monitor's terms name.
///
/// # Errors
/// [`Code::NotFound`] when the folder, bucket or baseline is not in reach of this desk, or holds nothing that fits.
pub(crate) async fn find(
    session: &Session,
    version: &Version,
    terms: &MonitorTerms,
    way: &Way,
) -> Result<Data, Failure> {
    let mut periods = list(session, &terms.data, way).await?;
    let baseline = match &terms.baseline {
        Baseline::FirstPeriod => None,
        Baseline::File(file) => {
            let beside = periods.iter().position(|found| found.name == *file);
            Some(match beside {
                // Among the periods, it is the baseline and no period.
                Some(at) => periods.remove(at),
                None => one(session, &terms.data, file, way).await?,
            })
        }
        Baseline::Training => Some(training(session, version, way).await?),
    };
    if periods.is_empty() {
        return Err(nothing_there(&terms.data));
    }
    Ok(Data { periods, baseline })
}

pub(super) fn nothing_there(place: &DataPlace) -> Failure {
    Failure::said(Code::NotFound, said!("data-nothing-there", place = shown(place), pattern = &place.pattern))
}

fn shown(place: &DataPlace) -> String {
    match &place.bucket {
        Some(bucket) => format!("gs://{bucket}/{}", place.folder),
        None => place.folder.clone(),
    }
}

/// Files and folders of a place that its pattern fits, in order of time.
pub(crate) async fn list(session: &Session, place: &DataPlace, way: &Way) -> Result<Vec<Found>, Failure> {
    let mut found = match &place.bucket {
        Some(name) => in_bucket(session, name, place, way).await?,
        None => {
            let place = place.clone();
            tokio::task::spawn_blocking(move || in_folder(&place))
                .await
                .map_err(|cause| Failure::internal("listing the data was interrupted", &cause))??
        }
    };
    if found.len() > FILES_MAX {
        return Err(Failure::said(
            Code::Refused,
            said!(
                "data-too-many-files",
                place = shown(place),
                count = found.len(),
                pattern = &place.pattern,
                max = FILES_MAX,
            ),
        ));
    }
    let order = ::monitoring::in_order(found.iter().map(|it| PathBuf::from(&it.name)).collect());
    let rank = |name: &str| order.iter().position(|path| path == Path::new(name));
    found.sort_by_key(|it| rank(&it.name));
    Ok(found)
}

/// Files and folders of a place, of which only the latest is brought to where it can be read: a look at the columns needs no
/// more of a bucket.
pub(super) async fn to_look_at(session: &Session, place: &DataPlace) -> Result<(Vec<Found>, Found), Failure> {
    let here = Way::here(session, place)?;
    let listed = list(session, place, &Way { in_cloud: true, ..here.clone() }).await?;
    let last = listed.last().cloned().ok_or_else(|| nothing_there(place))?;
    let brought = match &place.bucket {
        None => last,
        Some(_) => one(session, place, &last.name, &here).await?,
    };
    Ok((listed, brought))
}

fn in_folder(place: &DataPlace) -> Result<Vec<Found>, Failure> {
    let folder = PathBuf::from(&place.folder);
    let entries = std::fs::read_dir(&folder).map_err(|error| {
        Failure::said(
            Code::NotFound,
            said!(
                "data-folder-unlistable",
                folder = folder.display().to_string(),
                detail = error.to_string(),
            ),
        )
    })?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(&folder, &error))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if is_wanted(&name, &place.pattern, entry.path().is_dir()) {
            found.push(found_at(name, entry.path())?);
        }
    }
    Ok(found)
}

/// Hidden names and bookkeeping are no data, nor is what ends otherwise; a folder is a table of Parquet files.
fn is_wanted(name: &str, pattern: &str, is_folder: bool) -> bool {
    let ends = name
        .rsplit_once('.')
        .is_some_and(|(_, end)| ENDINGS.iter().any(|ending| end.eq_ignore_ascii_case(ending)));
    !name.starts_with(['_', '.']) && (is_folder || ends) && fits(pattern.as_bytes(), name.as_bytes())
}

/// Whether a name fits a pattern in which `*` stands for any characters.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    // Greedy with one way back: linear in practice, never exponential.
    let (mut p, mut n, mut back) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                back = Some((p + 1, n));
                p += 1;
            }
            Some(byte) if *byte == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match back {
                Some((after, at)) => {
                    p = after;
                    n = at + 1;
                    back = Some((after, at + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::said(
        Code::NotFound,
        said!("data-unreadable", path = path.display().to_string(), detail = error.to_string()),
    )
}

fn found_at(name: String, path: PathBuf) -> Result<Found, Failure> {
    let mut size_bytes = 0;
    let mut stamp = String::new();
    for file in files_of(&path)? {
        let metadata = file.metadata().map_err(|error| unreadable(&file, &error))?;
        let modified = metadata
            .modified()
            .ok()
            .and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok())
            .map_or(0, |since| since.as_nanos());
        size_bytes += metadata.len();
        stamp.push_str(&format!("{} {} {modified};", file.display(), metadata.len()));
    }
    Ok(Found { name: name.nfc().collect(), path, object: None, size_bytes, stamp })
}

/// The file itself, or every file of a folder, in the order of names.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| unreadable(&folder, &error))? {
            let path = entry.map_err(|error| unreadable(&folder, &error))?.path();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['_', '.']));
            match (hidden, path.is_dir()) {
                (true, _) => {}
                (false, true) => folders.push(path),
                (false, false) => files.push(path),
            }
        }
    }
    files.sort();
    Ok(files)
}

fn digest_of_found(found: &Found) -> Result<DataRead, Failure> {
    if found.path.as_os_str().is_empty() {
        let digest = crate::session::digest_of(found.stamp.as_bytes());
        return Ok(DataRead { name: found.name.clone(), digest });
    }
    let files = files_of(&found.path)?;
    let mut listing = String::new();
    let mut only = None;
    for file in &files {
        let digest = ::runs::digest::Fingerprint::of_file(file).map_err(|error| from_runs(&error))?.sha256;
        let below = file.strip_prefix(&found.path).unwrap_or(file);
        listing.push_str(&format!("{digest}  {}\n", below.display()));
        only = Some(digest);
    }
    let digest = match only {
        Some(digest) if !found.path.is_dir() => parse("digest", &format!("sha256:{digest}"))?,
        _ => crate::session::digest_of(listing.as_bytes()),
    };
    Ok(DataRead { name: found.name.clone(), digest })
}

async fn in_bucket(
    session: &Session,
    name: &str,
    place: &DataPlace,
    way: &Way,
) -> Result<Vec<Found>, Failure> {
    let bucket = way.bucket_named(session, name)?;
    let folder = place.folder.trim_matches('/');
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let objects = bucket.list(&prefix).await.map_err(|error| from_runs(&error))?;
    let all = periods_of(&objects, &prefix);
    if !way.in_cloud && bucket.folder().is_none() {
        forget(session, &shelf(session, &bucket, &prefix), &all)?;
    }
    let periods = all.into_iter().filter(|(first, objects)| {
        let is_folder = objects.iter().any(|object| object.name.len() > prefix.len() + first.len());
        is_wanted(first, &place.pattern, is_folder)
    });
    let mut found = Vec::new();
    for (first, objects) in periods {
        let whole = format!("{prefix}{first}");
        let path = match way.in_cloud {
            true => PathBuf::new(),
            false => fetched(session, &bucket, (&prefix, &first), &objects).await?,
        };
        found.push(Found {
            object: Some(format!("gs://{name}/{whole}")),
            name: first.nfc().collect(),
            path,
            size_bytes: objects.iter().map(|object| object.size_bytes).sum(),
            stamp: objects
                .iter()
                .map(|object| format!("{} {} {};", object.name, object.generation, object.size_bytes))
                .collect(),
        });
    }
    Ok(found)
}

/// The first part of a name below the prefix is a period; more parts make it a folder of files. What a pattern leaves out is
/// there too, bookkeeping is not.
fn periods_of<'o>(
    objects: &'o [::runs::bucket::Object],
    prefix: &str,
) -> BTreeMap<String, Vec<&'o ::runs::bucket::Object>> {
    let mut all: BTreeMap<String, Vec<&::runs::bucket::Object>> = BTreeMap::new();
    for object in objects {
        let below = object.name.strip_prefix(prefix).unwrap_or(&object.name);
        let (first, rest) = below.split_once('/').map_or((below, None), |(first, rest)| (first, Some(rest)));
        let bookkeeping =
            rest.is_some_and(|rest| rest.rsplit('/').next().unwrap_or_default().starts_with(['_', '.']));
        if !first.is_empty() && !bookkeeping {
            all.entry(first.to_owned()).or_default().push(object);
        }
    }
    all
}

/// Part of a folder's name that stands for a text.
fn short(text: &str) -> String {
    crate::session::digest_of(text.as_bytes()).as_str()["sha256:".len()..][..32].to_owned()
}

/// Where the desk keeps what it fetched from below a prefix of a bucket: a folder a name, in it one a generation.
fn shelf(session: &Session, bucket: &::runs::bucket::Bucket, prefix: &str) -> PathBuf {
    let place = short(&format!("{}\n{prefix}", bucket.name()));
    session.home.join("monitoring").join("fetched").join(place)
}

/// The folder of the generations of some objects.
fn generations(objects: &[&::runs::bucket::Object]) -> String {
    short(
        &objects.iter().map(|object| format!("{} {}\n", object.name, object.generation)).collect::<String>(),
    )
}

/// Removes what was fetched and is no longer listed: other generations and other names of this shelf, and shelves that no
/// monitor has listed for long. While a report is computed here, nothing is taken from under it.
fn forget(
    session: &Session,
    shelf: &Path,
    listed: &BTreeMap<String, Vec<&::runs::bucket::Object>>,
) -> Result<(), Failure> {
    if !session.computing().is_empty() || !shelf.is_dir() {
        return Ok(());
    }
    let current: BTreeMap<String, String> =
        listed.iter().map(|(name, objects)| (short(name), generations(objects))).collect();
    for name in folders_in(shelf)? {
        match current.get(&named(&name)) {
            None => remove(&name)?,
            Some(generation) => {
                folders_in(&name)?
                    .iter()
                    .filter(|kept| named(kept) != *generation)
                    .try_for_each(|it| remove(it))?;
            }
        }
    }
    let now = session.now();
    let said = shelf.join(LISTED);
    std::fs::write(&said, now.to_string()).map_err(|error| unreadable(&said, &error))?;
    let Some(shelves) = shelf.parent() else { return Ok(()) };
    for other in folders_in(shelves)?.iter().filter(|other| *other != shelf) {
        let listed = std::fs::read_to_string(other.join(LISTED)).ok().and_then(|at| at.parse().ok());
        if listed.is_none_or(|at: jiff::Timestamp| now.duration_since(at) > FORGOTTEN_AFTER) {
            remove(other)?;
        }
    }
    Ok(())
}

fn folders_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let folders = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    Ok(folders.collect())
}

fn named(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn remove(folder: &Path) -> Result<(), Failure> {
    std::fs::remove_dir_all(folder).map_err(|error| unreadable(folder, &error))
}

/// Objects where they can be read: in place in a folder bucket, else fetched once a generation.
async fn fetched(
    session: &Session,
    bucket: &::runs::bucket::Bucket,
    (prefix, first): (&str, &str),
    objects: &[&::runs::bucket::Object],
) -> Result<PathBuf, Failure> {
    let name = format!("{prefix}{first}");
    if let Some(root) = bucket.folder() {
        return Ok(root.join(name));
    }
    let shelf = shelf(session, bucket, prefix);
    let kept = shelf.join(short(first)).join(generations(objects));
    let whole = kept.join("whole");
    for object in objects {
        let to = kept.join(&object.name);
        if whole.exists() && to.exists() {
            continue;
        }
        if let Some(folder) = to.parent() {
            crate::make_folder(folder)?;
        }
        bucket.fetch(&object.name, &to).await.map_err(|error| from_runs(&error))?;
    }
    std::fs::write(&whole, b"").map_err(|error| unreadable(&whole, &error))?;
    let said = shelf.join(LISTED);
    std::fs::write(&said, session.now().to_string()).map_err(|error| unreadable(&said, &error))?;
    Ok(kept.join(name))
}

/// A named file beside the data, or of the desk.
async fn one(session: &Session, place: &DataPlace, file: &str, way: &Way) -> Result<Found, Failure> {
    if let Some(name) = &place.bucket {
        let folder = place.folder.trim_matches('/');
        let (parent, last) = file.rsplit_once('/').unwrap_or(("", file));
        let folder: String =
            [folder, parent].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        let exactly =
            DataPlace { bucket: Some(name.clone()), folder, pattern: last.to_owned(), target: None };
        return in_bucket(session, name, &exactly, way)
            .await?
            .into_iter()
            .next()
            .ok_or_else(|| nothing_there(&exactly));
    }
    let path = Path::new(&place.folder).join(file);
    if !path.exists() {
        return Err(Failure::not_found("baseline", &path.display().to_string()));
    }
    found_at(file.to_owned(), path)
}

/// The training data that the version's configuration names.
async fn training(session: &Session, version: &Version, way: &Way) -> Result<Found, Failure> {
    let package = outputs::reading(session, version).await?;
    let named = outputs::setting(&package, "data", "train_datapath")
        .ok_or_else(|| Failure::said(Code::NotFound, said!("data-no-training")))?;
    match named.strip_prefix("gs://").and_then(|rest| rest.split_once('/')) {
        Some((bucket, path)) => {
            let place = DataPlace {
                bucket: Some(bucket.to_owned()),
                folder: String::new(),
                pattern: "*".to_owned(),
                target: None,
            };
            let mut found = one(session, &place, path, way).await?;
            found.name = named.to_owned();
            Ok(found)
        }
        None => found_at(named.to_owned(), PathBuf::from(named.trim_start_matches("file://"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_what_it_says() {
        let rows = [
            ("*", "a.csv", true),
            ("PERF_*.csv", "PERF_1_Q1.csv", true),
            ("PERF_*.csv", "PERF_1_Q1.parquet", false),
            ("PERF_*", "OTHER_1_Q1.csv", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("", "a", false),
            ("q.csv", "q.csv", true),
        ];
        for (pattern, name, wanted) in rows {
            assert_eq!(fits(pattern.as_bytes(), name.as_bytes()), wanted, "{pattern} {name}");
        }
        let many = "*a".repeat(30);
        assert!(!fits(many.as_bytes(), "a".repeat(5_000).replace("aa", "ab").as_bytes()));
    }

    #[test]
    fn bookkeeping_is_no_data() {
        for (name, folder, wanted) in [
            ("_SUCCESS", false, false),
            (".hidden.csv", false, false),
            ("q1.csv", false, true),
            ("q1.PARQUET", false, true),
            ("notes.md", false, false),
            ("q1", true, true),
        ] {
            assert_eq!(is_wanted(name, "*", folder), wanted, "{name}");
        }
    }
}
