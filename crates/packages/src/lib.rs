//! A model package read safely: zip in; files, variables, statistics and findings out.
//!
//! A *package* is the zip that SAS Model Manager, sasctl and their users exchange: score and training code, serialised
//! models, and JSON files that describe them. Everything in it is hostile until read: [`read`] inflates into a staging
//! folder of the caller's choice under [`Limits`], never uses a name from the archive as a path on disk, never loads
//! or runs anything, and leaves nothing behind when it refuses.
//!
//! ```no_run
//! let reading = packages::read("model.zip".as_ref(), "staging".as_ref(), &packages::Limits::default())?;
//! println!("{} has {} files", reading.package.digest, reading.package.files.len());
//! for (file, staged) in reading.staged_files() {
//!     println!("{} is at {}", file.path, staged.display());
//! }
//! # Ok::<(), packages::Error>(())
//! ```
//!
//! Layouts read (both with one top folder and flat): file names in any case, `requirement.txt`, `requirements.txt` and
//! `requirements.json`, numbers written as strings and strings written as numbers, a missing `fileMetadata.json`.

mod archive;
mod assessment;
mod configuration;
pub mod demonstration;
mod diff;
mod error;
mod layout;
mod limits;
mod nested;
mod package;
mod pickle;
mod pipeline;
mod properties;
mod reading;
mod requirements;
mod secrets;
mod staging;
mod statistics;
mod text;
mod variables;
mod writing;

pub use assessment::{Partition, assessed, fit_statistics_file, is_assessment};
pub use configuration::{Configuration, Location};
pub use diff::{Diff, DiffLine, Hunk, LineKind, diff};
pub use error::{Error, Refused};
pub use limits::Limits;
pub use package::{
    FileEntry, Finding, FindingKind, Media, Package, Role, RoleSource, Severity, Warning, root_digest,
};
pub use properties::{Properties, UserProperty};
pub use reading::{Reading, read};
pub use requirements::{Requirement, Requirements};
pub use statistics::{
    FitStatistics, Importance, Inconsistency, LiftCurve, LiftPoint, RocCurve, RocPoint, Statistic,
    StatisticsTable, Why, statistic_label,
};
pub use variables::{Direction, Variable};
pub use writing::write;
