//! How much a package may ask of us.

/// Named limits of a reading. The defaults suit a laptop; a test may tighten them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries in one archive, nested ones counted together with the outer.
    pub entries_max: usize,
    /// Bytes of all files once inflated, those of nested archives included.
    pub total_bytes_max: u64,
    /// Bytes of one file once inflated.
    pub file_bytes_max: u64,
    /// Inflated size over compressed size, for files of at least [`Limits::RATIO_FROM_BYTES`].
    pub ratio_max: u64,
    /// Archives within archives: 1 allows a zip in the package, 2 a zip in that.
    pub depth_max: u32,
    /// Bytes of one entry's path.
    pub path_bytes_max: usize,
    /// Folders above a file.
    pub folders_max: usize,
    /// Bytes of a JSON file that is parsed (properties, metadata, variables, statistics).
    pub json_bytes_max: u64,
    /// Nesting of objects and arrays in any JSON file.
    pub json_depth_max: usize,
    /// Bytes of one text file that are scanned for secrets; what lies beyond is reported as not scanned.
    pub scan_bytes_max: u64,
}

impl Limits {
    /// Below this inflated size no ratio is a bomb: a file of blanks compresses a thousandfold and harms nobody.
    pub const RATIO_FROM_BYTES: u64 = 1 << 20;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries_max: 10_000,
            total_bytes_max: 8 << 30,
            file_bytes_max: 4 << 30,
            ratio_max: 250,
            depth_max: 3,
            path_bytes_max: 512,
            folders_max: 32,
            json_bytes_max: 8 << 20,
            json_depth_max: 64,
            scan_bytes_max: 32 << 20,
        }
    }
}
