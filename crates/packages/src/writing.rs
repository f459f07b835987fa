//! From files to a zip: the same files give the same bytes.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;

use crate::error::Error;

/// Writes the package `path` out of files: the path of each in the package, and where its contents are now.
///
/// # Errors
/// [`Error::Staging`] when a file cannot be read or the package cannot be written.
pub fn write(path: &Path, files: &[(String, PathBuf)]) -> Result<(), Error> {
    let failed = |source| Error::Staging { path: path.to_owned(), source };
    // The format's earliest time, so that the same contents give the same bytes.
    let options = SimpleFileOptions::default()
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644)
        .large_file(true);
    let mut zip = zip::ZipWriter::new(File::create(path).map_err(failed)?);
    let mut files: Vec<&(String, PathBuf)> = files.iter().collect();
    files.sort();
    for (name, source) in files {
        zip.start_file(name, options).map_err(|error| failed(error.into()))?;
        let mut contents =
            File::open(source).map_err(|error| Error::Staging { path: source.clone(), source: error })?;
        io::copy(&mut contents, &mut zip).map_err(failed)?;
    }
    zip.finish().map_err(|error| failed(error.into()))?;
    Ok(())
}
