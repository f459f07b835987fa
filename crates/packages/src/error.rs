//! Why a package was not read.

use std::path::PathBuf;

/// What went wrong while reading a package. Nothing is left behind in any case.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The package breaks a rule; somebody has to make it anew.
    #[error("the package is refused: {0}")]
    Refused(#[from] Refused),
    /// The package file cannot be opened or read.
    #[error("`{}` cannot be read: {source}; check the path and its permissions", path.display())]
    Unreadable {
        /// The package.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The staging folder cannot be written (a full disk, a read-only folder).
    #[error("`{}` cannot be written while unpacking: {source}; free space there or choose another folder", path.display())]
    Staging {
        /// The staging folder, or the file in it.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
}

/// The rule a package breaks, naming the entry. Entry names are escaped, so that a message cannot hide anything.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no zip file.
    #[error("it is not a zip file ({why}); export the model again as a zip")]
    NotAZip {
        /// What is missing.
        why: String,
    },
    /// The archive's directory contradicts itself or the data.
    #[error("`{entry}` is damaged or forged ({why}); export the model again")]
    Malformed {
        /// Entry, or the archive as a whole.
        entry: String,
        /// What contradicts what.
        why: String,
    },
    /// No file in it.
    #[error("it holds no file; export the model with its contents")]
    Empty,
    /// `..` in a path.
    #[error("`{entry}` climbs out of its folder; pack the file under a plain relative path")]
    PathTraversal {
        /// Entry.
        entry: String,
    },
    /// A path from the root, from a drive or of a share.
    #[error("`{entry}` is an absolute path; pack the file under a plain relative path")]
    AbsolutePath {
        /// Entry.
        entry: String,
    },
    /// A backslash in a path: it separates folders for some programs and not for others.
    #[error("`{entry}` contains a backslash; pack the file with forward slashes")]
    Backslash {
        /// Entry.
        entry: String,
    },
    /// A name that is not UTF-8.
    #[error("`{entry}` has a name that is not UTF-8; rename the file and pack it again")]
    NotUtf8 {
        /// Entry, with replacement characters.
        entry: String,
    },
    /// Control characters, or characters that reorder or hide text.
    #[error("`{entry}` has control or invisible characters in its name; rename the file and pack it again")]
    ControlCharacter {
        /// Entry.
        entry: String,
    },
    /// A name that cannot exist on Windows or means a device there.
    #[error(
        "`{entry}` has a name that Windows reserves or cannot hold ({why}); rename the file and pack it again"
    )]
    ReservedName {
        /// Entry.
        entry: String,
        /// Which part, and why.
        why: String,
    },
    /// A path too long or too deep, or with an empty part.
    #[error("`{entry}` has a path that is {why}; pack it under a shorter plain path")]
    BadPath {
        /// Entry.
        entry: String,
        /// What is wrong with it.
        why: String,
    },
    /// Two entries would be the same file somewhere.
    #[error("`{entry}` and `{other}` would be the same file on some disks; keep one of them")]
    Duplicate {
        /// The later entry.
        entry: String,
        /// The earlier entry.
        other: String,
    },
    /// A link to somewhere else.
    #[error("`{entry}` is a symbolic link; pack the file itself")]
    Symlink {
        /// Entry.
        entry: String,
    },
    /// A device, pipe or socket.
    #[error("`{entry}` is a {what}, not a file; leave it out")]
    SpecialFile {
        /// Entry.
        entry: String,
        /// What it is.
        what: &'static str,
    },
    /// An entry that needs a password.
    #[error("`{entry}` is encrypted; pack it without a password")]
    Encrypted {
        /// Entry.
        entry: String,
    },
    /// A compression that is not read.
    #[error("`{entry}` is compressed by method {method}; pack it with deflate, or stored")]
    Compression {
        /// Entry.
        entry: String,
        /// Number of the method in the zip format.
        method: u16,
    },
    /// Two entries share bytes of the archive.
    #[error("`{entry}` and `{other}` overlap inside the archive, as in a zip bomb; export the model again")]
    Overlap {
        /// The later entry.
        entry: String,
        /// The earlier entry.
        other: String,
    },
    /// Too many entries.
    #[error("it has more than {limit} entries (seen in `{archive}`)")]
    TooManyEntries {
        /// The archive in which the limit was reached.
        archive: String,
        /// The limit.
        limit: usize,
    },
    /// A file too large.
    #[error("`{entry}` inflates to {size_bytes} bytes; a file may have at most {limit}")]
    TooLarge {
        /// Entry.
        entry: String,
        /// Its size, as far as known.
        size_bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// All files together too large.
    #[error("its files inflate to more than {limit} bytes (reached at `{entry}`)")]
    TotalTooLarge {
        /// Entry at which the limit was reached.
        entry: String,
        /// The limit.
        limit: u64,
    },
    /// Compressed suspiciously well.
    #[error("`{entry}` inflates {ratio} times, as a zip bomb does; at most {limit} times is read")]
    Ratio {
        /// Entry.
        entry: String,
        /// Inflated size over compressed size.
        ratio: u64,
        /// The limit.
        limit: u64,
    },
    /// Archives within archives within archives.
    #[error("`{entry}` is an archive nested deeper than {limit} levels")]
    TooDeep {
        /// Entry.
        entry: String,
        /// The limit.
        limit: u32,
    },
    /// A description file too large to be one.
    #[error("`{entry}` has {size_bytes} bytes of JSON; at most {limit} are read of such a file")]
    JsonTooLarge {
        /// Entry.
        entry: String,
        /// Its size.
        size_bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// JSON nested beyond reason.
    #[error("`{entry}` nests objects and lists deeper than {limit} levels")]
    JsonTooDeep {
        /// Entry.
        entry: String,
        /// The limit.
        limit: usize,
    },
    /// A description file that is not what its name says.
    #[error("`{entry}` cannot be understood: {why}; correct the file and pack it again")]
    BadContents {
        /// Entry.
        entry: String,
        /// What is wrong and where.
        why: String,
    },
    /// An archive inside the package breaks a rule.
    #[error("in the nested archive `{archive}`: {refused}")]
    Nested {
        /// The nested archive.
        archive: String,
        /// The rule it breaks.
        refused: Box<Refused>,
    },
}

impl Refused {
    /// A stable word for the rule: `path-traversal`, `overlap`, …; of a nested archive, the word of the rule it breaks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAZip { .. } => "not-a-zip",
            Self::Malformed { .. } => "malformed",
            Self::Empty => "empty",
            Self::PathTraversal { .. } => "path-traversal",
            Self::AbsolutePath { .. } => "absolute-path",
            Self::Backslash { .. } => "backslash",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::ControlCharacter { .. } => "control-character",
            Self::ReservedName { .. } => "reserved-name",
            Self::BadPath { .. } => "bad-path",
            Self::Duplicate { .. } => "duplicate",
            Self::Symlink { .. } => "symlink",
            Self::SpecialFile { .. } => "special-file",
            Self::Encrypted { .. } => "encrypted",
            Self::Compression { .. } => "compression",
            Self::Overlap { .. } => "overlap",
            Self::TooManyEntries { .. } => "too-many-entries",
            Self::TooLarge { .. } => "too-large",
            Self::TotalTooLarge { .. } => "total-too-large",
            Self::Ratio { .. } => "ratio",
            Self::TooDeep { .. } => "too-deep",
            Self::JsonTooLarge { .. } => "json-too-large",
            Self::JsonTooDeep { .. } => "json-too-deep",
            Self::BadContents { .. } => "bad-contents",
            Self::Nested { refused, .. } => refused.code(),
        }
    }
}
