//! Whether a run that says it succeeded did: its outputs exist, are new, hold something and can be read.
//!
//! Scripts that log an error and exit 0 are the reason (D-16). Rows of Parquet are counted from the files' footers,
//! a few hundred bytes each, by a reader of our own: the number stands in a Thrift structure, and one number does
//! not earn this crate a columnar engine, nor the run another ten seconds of Spark.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use crate::bucket::{Buckets, FolderBucket};
use crate::digest::{Fingerprint, Sha256};
use crate::{Error, ExpectedOutput, FailureReason, Location, OutputKind, State};

mod parquet;
mod tables;

/// The most files one output may consist of.
pub const FILES_MAX: usize = 100_000;

/// The largest JSON or CSV file that is read through.
pub const TEXT_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// The largest JSON document handed on whole, for metrics.
pub const DOCUMENT_BYTES_MAX: usize = 1024 * 1024;

/// Bytes of a file that tell how it is to be read.
pub const SNIFF_BYTES: usize = 512;

/// Seconds by which a file system may date a file before the moment it was written.
const CLOCK_TOLERANCE_S: i64 = 2;

/// What an output was found to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputProof {
    /// The expected output's name.
    pub name: String,
    /// Where it is.
    pub at: String,
    /// Its files that hold data.
    pub files: u64,
    /// Their size together.
    pub size_bytes: u64,
    /// Rows, records or documents; absent for plain files and folders.
    pub rows: Option<u64>,
    /// Columns, or top-level keys of a single JSON document.
    pub columns: Vec<String>,
    /// The newest file's time.
    pub written_at: Timestamp,
    /// Of one file its sha256; of a folder the sha256 over `path TAB size TAB sha256 LF` of each file, by path.
    pub sha256: Sha256,
    /// The document itself, where there is one small one alone, in a file or a folder: metrics are read from here.
    pub document: Option<serde_json::Value>,
}

/// Checks every expected output of a run that started at `since`. `work` is where relative paths are.
///
/// `Ok(Err(reason))` is the finding that a run failed; an [`Error`] means that looking failed and says nothing about
/// the run.
pub async fn verify(
    expected: &[ExpectedOutput],
    buckets: &Buckets,
    work: Option<&Path>,
    since: Timestamp,
) -> Result<Result<Vec<OutputProof>, FailureReason>, Error> {
    let (mut proofs, mut problems) = (Vec::new(), Vec::new());
    for (output, found) in expected.iter().zip(examine(expected, buckets, work, since).await?) {
        match found {
            Ok(proof) => proofs.push(proof),
            Err(why) => problems.push(format!("output `{}` {why} (`{}`)", output.name, output.at)),
        }
    }
    if problems.is_empty() {
        return Ok(Ok(proofs));
    }
    Ok(Err(FailureReason::Output { message: problems.join("; ") }))
}

/// Checks every expected output, in order: its proof, or what is wrong with it ("is missing"). None is left out because
/// another is wrong: who repairs a script wants to know of all.
///
/// # Errors
/// When looking failed, which says nothing about the run.
pub async fn examine(
    expected: &[ExpectedOutput],
    buckets: &Buckets,
    work: Option<&Path>,
    since: Timestamp,
) -> Result<Vec<Result<OutputProof, String>>, Error> {
    let mut found = Vec::with_capacity(expected.len());
    for output in expected {
        found.push(verify_one(output, buckets, work, since).await?);
    }
    Ok(found)
}

/// How a table is to be read whose name does not tell, by how its content begins; `None` for what is no table that is read
/// here.
pub fn kind_of_content(begins: &[u8]) -> Option<OutputKind> {
    let mut inside = Vec::new();
    let begins = if begins.starts_with(tables::GZIP) {
        use std::io::Read as _;
        // What is cut off in the middle still begins as it begins.
        let _ = flate2::read::GzDecoder::new(begins).take(SNIFF_BYTES as u64).read_to_end(&mut inside);
        &inside
    } else {
        begins
    };
    if begins.starts_with(b"PAR1") {
        return Some(OutputKind::Parquet);
    }
    let text = &begins[..crate::target::whole_characters(begins)];
    let text = std::str::from_utf8(text).ok()?.trim_start_matches('\u{feff}').trim_start();
    match text.chars().next()? {
        '{' | '[' => Some(OutputKind::Json),
        c if c.is_control() || text.contains('\0') => None,
        _ => Some(OutputKind::Csv),
    }
}

/// The state a run in [`State::Verifying`] goes to.
pub fn verdict(verified: &Result<Vec<OutputProof>, FailureReason>) -> State {
    match verified {
        Ok(_) => State::Succeeded,
        Err(reason) => State::Failed { reason: reason.clone() },
    }
}

/// One file of an output, brought where it can be read.
struct Part {
    /// Its path inside the output; empty when the output is one file.
    path: String,
    local: PathBuf,
    size_bytes: u64,
    written_at: Timestamp,
}

async fn verify_one(
    output: &ExpectedOutput,
    buckets: &Buckets,
    work: Option<&Path>,
    since: Timestamp,
) -> Result<Result<OutputProof, String>, Error> {
    // Objects that are not files here are fetched into this folder, which goes with the check.
    let fetched = Fetched::new(&output.name);
    let parts = match &output.at {
        Location::Object { bucket, name } => parts_in_bucket(buckets, bucket, name, &fetched).await?,
        Location::Local(path) => parts_in_folder(path)?,
        Location::Relative(path) => match work {
            Some(work) => parts_in_folder(&work.join(path))?,
            None => {
                return Err(Error::invalid(
                    format!("output `{}`", output.at),
                    "this target has no working directory that can be read afterwards; name it by `gs://`",
                ));
            }
        },
    };
    let output = output.clone();
    let judged = tokio::task::spawn_blocking(move || judge(&output, parts, since)).await;
    drop(fetched);
    judged.unwrap_or_else(|e| Err(Error::Offline { what: "reading the outputs".into(), why: e.to_string() }))
}

fn judge(
    output: &ExpectedOutput,
    parts: Vec<Part>,
    since: Timestamp,
) -> Result<Result<OutputProof, String>, Error> {
    if parts.is_empty() {
        return Ok(Err("is missing".to_owned()));
    }
    if parts.len() > FILES_MAX {
        return Ok(Err(format!("has more than {FILES_MAX} files")));
    }
    if parts.iter().any(|part| part.path.split('/').any(|folder| folder == "_temporary")) {
        return Ok(Err("is incomplete: Spark's `_temporary` folder is still there".to_owned()));
    }
    // Markers and logs beside the data (`_SUCCESS`) are not data.
    let data: Vec<&Part> = parts
        .iter()
        .filter(|part| !part.path.rsplit('/').next().is_some_and(|name| name.starts_with(['_', '.'])))
        .filter(|part| output.kind == OutputKind::Folder || part.size_bytes > 0)
        .collect();
    let size_bytes: u64 = data.iter().map(|part| part.size_bytes).sum();
    let Some(written_at) = data.iter().map(|part| part.written_at).max().filter(|_| size_bytes > 0) else {
        return Ok(Err("is empty".to_owned()));
    };
    if written_at.as_second() + CLOCK_TOLERANCE_S < since.as_second() {
        return Ok(Err(format!(
            "is stale: it was written at {written_at}, before the run started at {since}"
        )));
    }
    let single = matches!(data.as_slice(), [one] if one.path.is_empty());
    if output.kind == OutputKind::File && !single {
        return Ok(Err("is a folder and was to be a file".to_owned()));
    }
    let read = match output.kind {
        OutputKind::Folder | OutputKind::File => tables::Read::default(),
        kind => match read_all(kind, &data, single)? {
            Ok(read) => read,
            Err(why) => return Ok(Err(why)),
        },
    };
    let is_table = !matches!(output.kind, OutputKind::Folder | OutputKind::File);
    let rows_min = output.rows_min.max(1);
    if is_table && read.rows < rows_min {
        return Ok(Err(format!("has {} rows and was to have at least {rows_min}", read.rows)));
    }
    let missing: Vec<String> = output
        .columns
        .iter()
        // Spark does not tell names apart by case.
        .filter(|name| !read.columns.iter().any(|there| there.eq_ignore_ascii_case(name)))
        .map(|name| format!("`{name}`"))
        .collect();
    if !missing.is_empty() {
        return Ok(Err(format!("has no column {}; it has {}", missing.join(", "), read.columns.join(", "))));
    }
    Ok(Ok(OutputProof {
        name: output.name.clone(),
        at: output.at.to_string(),
        files: data.len() as u64,
        size_bytes,
        rows: is_table.then_some(read.rows),
        columns: read.columns,
        written_at,
        sha256: digest_of(&data, single)?,
        document: read.document,
    }))
}

fn read_all(kind: OutputKind, data: &[&Part], single: bool) -> Result<Result<tables::Read, String>, Error> {
    let mut all = tables::Read::default();
    let mut documents = Vec::new();
    for part in data {
        let read = match kind {
            OutputKind::Parquet => parquet::read_footer(&part.local)?,
            _ if part.size_bytes > TEXT_BYTES_MAX => {
                Err(format!("is larger than the {TEXT_BYTES_MAX} bytes that are read through; write Parquet"))
            }
            OutputKind::Csv => tables::read_csv(&part.local)?,
            _ => tables::read_json(&part.local)?,
        };
        match read {
            Ok(read) => {
                all.rows += read.rows;
                for column in read.columns {
                    if !all.columns.contains(&column) {
                        all.columns.push(column);
                    }
                }
                documents.extend(read.document);
            }
            Err(why) if part.path.is_empty() => return Ok(Err(why)),
            Err(why) => return Ok(Err(format!("cannot be read: `{}` {why}", part.path))),
        }
    }
    // Spark writes its one document into a folder, beside parts that may be empty.
    all.document = documents.pop().filter(|_| documents.is_empty() && (single || all.rows == 1));
    Ok(Ok(all))
}

fn digest_of(data: &[&Part], single: bool) -> Result<Sha256, Error> {
    if let (true, [one]) = (single, data) {
        return Ok(Fingerprint::of_file(&one.local)?.sha256);
    }
    let mut lines: Vec<String> = Vec::with_capacity(data.len());
    for part in data {
        let print = Fingerprint::of_file(&part.local)?;
        lines.push(format!("{}\t{}\t{}\n", part.path, print.size_bytes, print.sha256));
    }
    lines.sort();
    let mut hasher = sha2::Sha256::new();
    for line in &lines {
        hasher.update(line);
    }
    hex::encode(hasher.finalize()).parse()
}

async fn parts_in_bucket(
    buckets: &Buckets,
    bucket: &str,
    name: &str,
    fetched: &Fetched,
) -> Result<Vec<Part>, Error> {
    let bucket = buckets.get(bucket)?;
    let folder = name.trim_end_matches('/');
    let inside = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut parts = Vec::new();
    for object in bucket.list(folder).await? {
        let path = if object.name == folder {
            String::new()
        } else if let Some(path) = object.name.strip_prefix(&inside) {
            path.to_owned()
        } else {
            // `metrics.json.bak` when `metrics.json` was asked for.
            continue;
        };
        if parts.len() > FILES_MAX {
            break;
        }
        let local = match bucket.folder() {
            Some(root) => crate::bucket::joined(root, &object.name),
            None => {
                let local = fetched.next(parts.len())?;
                bucket.fetch(&object.name, &local).await?;
                local
            }
        };
        parts.push(Part { path, local, size_bytes: object.size_bytes, written_at: object.modified_at });
    }
    Ok(parts)
}

fn parts_in_folder(path: &Path) -> Result<Vec<Part>, Error> {
    let data = match std::fs::metadata(path) {
        Ok(data) => data,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::io("could not look at the output", path)(e)),
    };
    if data.is_file() {
        let written = data.modified().map_err(Error::io("could not read the time of", path))?;
        return Ok(vec![Part {
            path: String::new(),
            local: path.to_owned(),
            size_bytes: data.len(),
            written_at: Timestamp::try_from(written).unwrap_or(Timestamp::UNIX_EPOCH),
        }]);
    }
    // A folder bucket lists a folder exactly as an output is to be listed; its name is of no importance here.
    let objects = FolderBucket::open("output", path)?.list("")?;
    Ok(objects
        .into_iter()
        .map(|object| Part {
            local: crate::bucket::joined(path, &object.name),
            path: object.name,
            size_bytes: object.size_bytes,
            written_at: object.modified_at,
        })
        .collect())
}

/// Copies of objects that lie in no folder here; removed when dropped.
struct Fetched(PathBuf);

impl Fetched {
    fn new(name: &str) -> Fetched {
        let unique = format!("{name}{}{:?}", std::process::id(), std::time::Instant::now());
        Fetched(
            std::env::temp_dir()
                .join(format!("countersign-output-{}", &Sha256::of(unique.as_bytes()).to_string()[..20])),
        )
    }

    fn next(&self, n: usize) -> Result<PathBuf, Error> {
        std::fs::create_dir_all(&self.0).map_err(Error::io("could not make", &self.0))?;
        Ok(self.0.join(n.to_string()))
    }
}

impl Drop for Fetched {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests;
