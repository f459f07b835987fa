//! Files that are put into a bucket by hand: what was let go on a window may be folders, takes a while, and can be stopped.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use words::said;

use super::{UploadOf, UploadRow};
use crate::session::Session;
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// Files uploaded by one request at the most.
const FILES_MAX: usize = 10_000;
/// The deepest folder that is gone into.
const DEPTH_MAX: usize = 32;
/// Time between two times that whoever shows an upload is told of it.
const TOLD_EVERY: Duration = Duration::from_millis(500);

/// An upload under way.
#[derive(Debug)]
pub(crate) struct Upload {
    name: String,
    bucket: String,
    files: u64,
    bytes: u64,
    files_done: AtomicU64,
    bytes_sent: AtomicU64,
    told_at: Mutex<Instant>,
    stop: Notify,
}

/// Uploads under way at this desk, by the name that whoever asked for it gave.
pub(crate) type Uploads = Mutex<BTreeMap<String, Arc<Upload>>>;

/// The uploads under way.
///
/// # Errors
/// When no workspace is open.
pub async fn uploads(app: &App, _request: Nothing) -> Result<Vec<UploadRow>, Failure> {
    let session = app.session()?;
    let uploads = session.uploads.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(uploads
        .values()
        .map(|upload| UploadRow {
            upload: upload.name.clone(),
            bucket: upload.bucket.clone(),
            files: upload.files,
            files_done: upload.files_done.load(Ordering::Relaxed),
            size_bytes: upload.bytes,
            sent_bytes: upload.bytes_sent.load(Ordering::Relaxed),
        })
        .collect())
}

/// Stops an upload where it is. What arrived stays; a marker is not written.
///
/// # Errors
/// [`Code::NotFound`] when there is none of that name.
pub async fn stop_upload(app: &App, request: UploadOf) -> Result<Nothing, Failure> {
    let session = app.session()?;
    let uploads = session.uploads.lock().unwrap_or_else(PoisonError::into_inner);
    let upload = uploads.get(&request.upload).ok_or_else(|| Failure::not_found("upload", &request.upload))?;
    upload.stop.notify_one();
    Ok(Nothing {})
}

/// An upload that is shown while this value lives.
pub(super) struct Shown<'a> {
    session: &'a Session,
    pub(super) upload: Arc<Upload>,
}

impl<'a> Shown<'a> {
    pub(super) fn begin(
        session: &'a Session,
        name: &str,
        bucket: &str,
        files: &BTreeMap<String, PathBuf>,
    ) -> Result<Self, Failure> {
        let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |data| data.len());
        let upload = Arc::new(Upload {
            name: name.to_owned(),
            bucket: bucket.to_owned(),
            files: files.len() as u64,
            bytes: files.values().map(size).sum(),
            files_done: AtomicU64::new(0),
            bytes_sent: AtomicU64::new(0),
            told_at: Mutex::new(Instant::now()),
            stop: Notify::new(),
        });
        let mut uploads = session.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        if uploads.contains_key(name) {
            return Err(Failure::said(Code::Refused, said!("upload-under-way", name = name)));
        }
        uploads.insert(name.to_owned(), Arc::clone(&upload));
        drop(uploads);
        Ok(Self { session, upload })
    }

    /// So many bytes were sent more.
    pub(super) fn sent(&self, bytes: u64) {
        self.upload.bytes_sent.fetch_add(bytes, Ordering::Relaxed);
        let mut told_at = self.upload.told_at.lock().unwrap_or_else(PoisonError::into_inner);
        if told_at.elapsed() >= TOLD_EVERY {
            *told_at = Instant::now();
            self.session.tell(&["runs"]);
        }
    }

    /// One file is there.
    pub(super) fn file_done(&self) {
        self.upload.files_done.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits until somebody wants it stopped.
    pub(super) async fn stopped(&self) {
        self.upload.stop.notified().await;
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        let mut uploads = self.session.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        uploads.remove(&self.upload.name);
    }
}

/// The files that are meant, by the name each gets below the folder of the bucket. A folder is gone through: its files keep
/// their places in it, below its own name, or without that where it is the data itself that is wanted.
///
/// # Errors
/// [`Code::NotFound`] for what is not there; [`Code::Usage`] for two of one name, none, or too many.
pub(super) fn meant(paths: &[String], is_data: bool) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let mut files = BTreeMap::new();
    for text in paths {
        let path = PathBuf::from(text);
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name.filter(|_| path.exists()) else { return Err(Failure::not_found("file", text)) };
        if path.is_dir() {
            let base = if is_data { String::new() } else { format!("{name}/") };
            walk(&path, &base, 0, &mut files)?;
        } else {
            put(&mut files, name.to_owned(), path.clone())?;
        }
    }
    if files.is_empty() || files.len() > FILES_MAX {
        let (count, most) = (files.len().to_string(), FILES_MAX.to_string());
        return Err(Failure::said(Code::Usage, said!("upload-count", count = count, most = most)));
    }
    Ok(files)
}

fn put(files: &mut BTreeMap<String, PathBuf>, name: String, path: PathBuf) -> Result<(), Failure> {
    if files.len() > FILES_MAX {
        return Ok(());
    }
    match files.insert(name.clone(), path) {
        None => Ok(()),
        Some(_) => Err(Failure::said(Code::Usage, said!("upload-twice", name = name))),
    }
}

/// Every file below a folder. Side files of Spark and of desktops, and the marker that says the folder is whole, are none:
/// it is whole in the bucket when all of it is there.
fn walk(
    folder: &Path,
    base: &str,
    depth: usize,
    files: &mut BTreeMap<String, PathBuf>,
) -> Result<(), Failure> {
    let unread = |error: std::io::Error| {
        let path = folder.display().to_string();
        Failure::said(Code::Denied, said!("upload-folder-unreadable", path = path)).because(&error)
    };
    if depth > DEPTH_MAX {
        return Err(Failure::said(
            Code::Usage,
            said!("upload-too-deep", path = folder.display().to_string(), most = DEPTH_MAX),
        ));
    }
    for entry in std::fs::read_dir(folder).map_err(unread)? {
        let entry = entry.map_err(unread)?;
        let Ok(name) = entry.file_name().into_string() else {
            let file = entry.path().display().to_string();
            return Err(Failure::said(Code::Usage, said!("upload-name-unreadable", file = file)));
        };
        if name.starts_with('.') || name == super::buckets::SUCCESS {
            continue;
        }
        let kind = entry.file_type().map_err(unread)?;
        if kind.is_dir() {
            walk(&entry.path(), &format!("{base}{name}/"), depth + 1, files)?;
        } else if entry.path().is_file() {
            put(files, format!("{base}{name}"), entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_let_go_is_gone_through() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("customers.parquet");
        for file in ["part-0.parquet", "year=2026/part-1.parquet", ".part-0.parquet.crc", "_SUCCESS"] {
            let path = data.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        std::fs::write(dir.path().join("notes.csv"), "x").unwrap();
        let at = |name: &str| dir.path().join(name).display().to_string();
        let names = |paths: &[String], is_data| {
            meant(paths, is_data)
                .map(|files| files.into_keys().collect::<Vec<_>>())
                .map_err(|failure| failure.code)
        };
        assert_eq!(
            names(&[at("customers.parquet"), at("notes.csv")], false).unwrap(),
            ["customers.parquet/part-0.parquet", "customers.parquet/year=2026/part-1.parquet", "notes.csv"]
        );
        // Data to score lie where the version reads them, whatever their folder was called.
        assert_eq!(
            names(&[at("customers.parquet")], true).unwrap(),
            ["part-0.parquet", "year=2026/part-1.parquet"]
        );
        std::fs::create_dir(dir.path().join("empty")).unwrap();
        assert_eq!(names(&[at("empty")], false), Err(Code::Usage));
        assert_eq!(names(&[at("nothing")], false), Err(Code::NotFound));
        assert_eq!(names(&[at("notes.csv"), at("notes.csv")], false), Err(Code::Usage));
    }
}
