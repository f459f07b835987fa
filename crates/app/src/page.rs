//! One page of a long list. Lists page by key, never by offset: a row that arrives meanwhile moves nothing.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Rows a page holds when the request names no number.
pub const PAGE_ROWS: u32 = 200;
/// Rows a page holds at the most; a larger request is cut to this.
pub const PAGE_ROWS_MAX: u32 = 500;

/// What every list request carries: where to go on, how many rows, what to look for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PageOf {
    /// `next` of the page before; absent for the first page.
    #[ts(optional)]
    pub after: Option<String>,
    /// Rows wanted, 1 to 500 (default 200).
    #[ts(optional)]
    pub limit: Option<u32>,
    /// Text that a row's name must contain, whatever its case.
    #[ts(optional)]
    pub search: Option<String>,
    /// Column to sort by; each list says which it knows. A leading `-` turns the order round.
    #[ts(optional)]
    pub sort: Option<String>,
}

/// A page of rows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Page<T> {
    /// The rows, in the order asked for.
    pub rows: Vec<T>,
    /// How many rows there are in all with this search and filter.
    pub total: u64,
    /// Hand this back as `after` for the next page; absent on the last.
    pub next: Option<String>,
}
