//! What a search asks and answers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Looks for everything that is called like that.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct SearchFor {
    /// Words, or the beginnings of some; `#17` or `17` is an entry of the ledger, too.
    pub text: String,
    /// Hits of a kind, at most; six without.
    #[serde(default)]
    #[ts(optional)]
    pub each: Option<u32>,
}

/// What was found, best first.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Found {
    /// Hits.
    pub hits: Vec<HitRow>,
}

/// Something that was found.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct HitRow {
    /// `project`, `model`, `version`, `definition`, `instance`, `task`, `run`, `member`, `variable`, `file` or `entry`.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// Where it belongs.
    pub detail: String,
    /// Route that opens it.
    pub link: String,
}
