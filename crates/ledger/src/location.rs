//! Where a workspace lies, as people write it.

use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

#[cfg(feature = "bucket")]
mod client;

use crate::error::Error;
use crate::store::{Folder, Memory, Store};

/// A place for a workspace: a path, `file:///path`, `memory://name`, or a bucket's URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A folder.
    Folder(PathBuf),
    /// Memory of this process, by name; for tests and rehearsals.
    Memory(String),
    /// A prefix of a bucket, for example `gs://bucket/prefix`.
    Bucket {
        /// `gs`, `s3` or `az`.
        scheme: String,
        /// Name of the bucket.
        bucket: String,
        /// Prefix without slashes at either end; may be empty.
        prefix: String,
    },
}

impl FromStr for Location {
    type Err = Error;

    fn from_str(text: &str) -> Result<Location, Error> {
        let malformed = |reason: &str| Error::Malformed { reason: format!("`{text}`: {reason}") };
        if text.trim().is_empty() || text.contains('\0') {
            return Err(malformed("name a folder or the URL of a bucket"));
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return Ok(Location::Folder(PathBuf::from(text)));
        };
        match scheme {
            "file" => {
                let path = rest.strip_prefix("localhost").unwrap_or(rest);
                if !path.starts_with('/') {
                    return Err(malformed("a folder's URL has three slashes, as in `file:///path`"));
                }
                let decoded =
                    percent_decoded(path).ok_or_else(|| malformed("its percent signs spell no name"))?;
                // `file:///C:/x` means `C:/x`.
                let drive = decoded.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic)
                    && decoded.as_bytes().get(2) == Some(&b':');
                Ok(Location::Folder(PathBuf::from(if drive && cfg!(windows) {
                    &decoded[1..]
                } else {
                    &decoded
                })))
            }
            "memory" => Ok(Location::Memory(rest.trim_matches('/').to_owned())),
            "gs" | "s3" | "az" => {
                let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                let prefix = prefix.trim_matches('/');
                let plain = |text: &str| {
                    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
                };
                if bucket.is_empty() || !plain(bucket) {
                    return Err(malformed("name the bucket, as in `gs://bucket/prefix`"));
                }
                if !plain(prefix)
                    || prefix.split('/').any(|part| part == ".." || part == ".")
                    || prefix.contains("//")
                {
                    return Err(malformed(
                        "a prefix is made of letters, digits, `-`, `_`, `.` and single `/`",
                    ));
                }
                Ok(Location::Bucket {
                    scheme: scheme.to_owned(),
                    bucket: bucket.to_owned(),
                    prefix: prefix.to_owned(),
                })
            }
            other => Err(Error::Unsupported {
                what: text.to_owned(),
                remedy: format!(
                    "`{other}` is no kind of place for a workspace; use a folder, `file:///…`, `gs://…`, `s3://…` or `az://…`"
                ),
            }),
        }
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            let mut decoded = [0];
            hex::decode_to_slice(rest.get(..2)?, &mut decoded).ok()?;
            bytes.push(decoded[0]);
            rest = &rest[2..];
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Folder(path) => fmt::Display::fmt(&path.display(), f),
            Location::Memory(name) => write!(f, "memory://{name}"),
            Location::Bucket { scheme, bucket, prefix } if prefix.is_empty() => {
                write!(f, "{scheme}://{bucket}")
            }
            Location::Bucket { scheme, bucket, prefix } => write!(f, "{scheme}://{bucket}/{prefix}"),
        }
    }
}

impl Location {
    /// Opens the store there. A folder must exist.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such folder, [`Error::Unsuitable`] if a synchroniser keeps it,
    /// [`Error::Unsupported`] if this build has no client for such buckets.
    pub fn open(&self) -> Result<Arc<dyn Store>, Error> {
        match self {
            Location::Folder(path) => {
                refuse_synchronised(path)?;
                Ok(Arc::new(Folder::open(path)?))
            }
            Location::Memory(name) => Ok(Arc::new(Memory::named(name))),
            Location::Bucket { scheme, bucket, prefix } => self.open_bucket(scheme, bucket, prefix),
        }
    }

    /// Opens the store there for a workspace to be founded: a folder is made if it is missing.
    ///
    /// # Errors
    /// As [`Location::open`].
    pub fn make(&self) -> Result<Arc<dyn Store>, Error> {
        if let Location::Folder(path) = self {
            refuse_synchronised(path)?;
            std::fs::create_dir_all(path).map_err(|cause| crate::store::failed(path, "written", cause))?;
        }
        self.open()
    }

    #[cfg(not(feature = "bucket"))]
    fn open_bucket(&self, _: &str, _: &str, _: &str) -> Result<Arc<dyn Store>, Error> {
        Err(Error::Unsupported {
            what: self.to_string(),
            remedy:
                "this build has no client for buckets; build it with `--features bucket`, or use a folder"
                    .to_owned(),
        })
    }

    #[cfg(feature = "bucket")]
    fn open_bucket(&self, scheme: &str, bucket: &str, prefix: &str) -> Result<Arc<dyn Store>, Error> {
        let told = crate::store::Told::default();
        let client = client::open(scheme, bucket, told.clone())
            .map_err(|cause| Error::Offline { what: self.to_string(), source: cause.into() })?;
        Ok(Arc::new(crate::store::Bucket::new(client, prefix, &self.to_string(), told)))
    }
}

/// Names a folder of a synchroniser goes by, and whose it is. A synchroniser copies files behind the back of the file
/// system: two desks can create the same slot, and each sees its own.
const SYNCHRONISED_NAMES: &[(&str, &str)] = &[
    ("onedrive", "OneDrive"),
    ("dropbox", "Dropbox"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("my drive", "Google Drive"),
    ("icloud drive", "iCloud Drive"),
    ("iclouddrive", "iCloud Drive"),
    ("mobile documents", "iCloud Drive"),
    ("com~apple~clouddocs", "iCloud Drive"),
];

/// Files a synchroniser leaves at the top of what it keeps, and whose they are.
const SYNCHRONISED_MARKS: &[(&str, &str)] = &[
    (".dropbox.cache", "Dropbox"),
    (".849c9593-d756-4e56-8d6e-42412f2a707b", "OneDrive"),
    (".tmp.drivedownload", "Google Drive"),
    (".stfolder", "Syncthing"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
];

fn refuse_synchronised(path: &Path) -> Result<(), Error> {
    // Follow links as far as the folder exists, so that a link into a synchronised folder is seen through.
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let real = absolute
        .ancestors()
        .find_map(|above| Some(above.canonicalize().ok()?.join(absolute.strip_prefix(above).ok()?)))
        .unwrap_or(absolute);
    match synchroniser(&real) {
        None => Ok(()),
        Some(product) => Err(Error::Unsuitable {
            what: path.display().to_string(),
            reason: format!(
                "it is kept by {product}, which copies files behind the desk's back, so that two desks could both win \
                 one slot; choose a folder that is not synchronised, a file server, or a bucket"
            ),
        }),
    }
}

fn synchroniser(path: &Path) -> Option<&'static str> {
    let by_name = path.components().find_map(|component| {
        let Component::Normal(name) = component else { return None };
        let name = name.to_str()?.to_lowercase();
        SYNCHRONISED_NAMES.iter().find_map(|(known, product)| {
            // `OneDrive - Company`, `Dropbox (Personal)`, `GoogleDrive-ana@example.com`, `OneDrive-Personal`.
            let rest = name.strip_prefix(known)?;
            (rest.is_empty() || rest.starts_with(" -") || rest.starts_with(" (") || rest.starts_with('-'))
                .then_some(*product)
        })
    });
    by_name.or_else(|| {
        path.ancestors().find_map(|above| {
            SYNCHRONISED_MARKS
                .iter()
                .find_map(|(mark, product)| above.join(mark).exists().then_some(*product))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_people_write_them() {
        let folder = |path: &str| Some(Location::Folder(PathBuf::from(path)));
        let bucket = |scheme: &str, bucket: &str, prefix: &str| {
            Some(Location::Bucket { scheme: scheme.into(), bucket: bucket.into(), prefix: prefix.into() })
        };
        let rows = [
            ("/srv/w", folder("/srv/w")),
            ("relative/w", folder("relative/w")),
            ("file:///srv/w", folder("/srv/w")),
            ("file:///srv/a%20b", folder("/srv/a b")),
            ("file://localhost/srv/w", folder("/srv/w")),
            ("file://server/share", None),
            ("file:///srv/%zz", None),
            ("memory://x", Some(Location::Memory("x".into()))),
            ("gs://b", bucket("gs", "b", "")),
            ("gs://b/p/q/", bucket("gs", "b", "p/q")),
            ("s3://b/p", bucket("s3", "b", "p")),
            ("az://b/p", bucket("az", "b", "p")),
            ("gs:///p", None),
            ("gs://b/../p", None),
            ("ftp://b/p", None),
            ("", None),
            ("  ", None),
        ];
        for (text, expected) in rows {
            assert_eq!(text.parse::<Location>().ok(), expected, "{text}");
        }
    }

    #[test]
    fn synchronised_folders_are_told_by_name() {
        let rows = [
            ("/home/ana/OneDrive/w", Some("OneDrive")),
            ("/home/ana/OneDrive - Bank/w", Some("OneDrive")),
            ("/home/ana/Dropbox (Personal)/w", Some("Dropbox")),
            ("/Users/ana/Library/CloudStorage/GoogleDrive-ana@example.com/My Drive/w", Some("Google Drive")),
            ("/Users/ana/Library/Mobile Documents/com~apple~CloudDocs/w", Some("iCloud Drive")),
            ("/srv/dropboxes/w", None),
            ("/home/ana/onedrives/w", None),
            ("/srv/models", None),
        ];
        for (path, expected) in rows {
            assert_eq!(synchroniser(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn a_link_into_a_synchronised_folder_and_a_marked_folder_are_seen_through() {
        let here = tempfile::tempdir().unwrap();
        let kept = here.path().join("Dropbox");
        std::fs::create_dir(&kept).unwrap();
        let marked = here.path().join("marked");
        std::fs::create_dir(&marked).unwrap();
        std::fs::write(marked.join(".stfolder"), "").unwrap();
        let check = |path: &Path, product: &str| {
            let refused = Location::Folder(path.to_owned()).make().unwrap_err().to_string();
            assert!(refused.contains(product), "{refused}");
        };
        #[cfg(unix)]
        {
            let link = here.path().join("plain");
            std::os::unix::fs::symlink(&kept, &link).unwrap();
            check(&link.join("not-yet-there"), "Dropbox");
            assert!(!kept.join("not-yet-there").exists(), "nothing may be left behind");
        }
        check(&marked.join("w"), "Syncthing");
    }
}
