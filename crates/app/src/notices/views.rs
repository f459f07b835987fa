//! What the notices room asks and answers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::page::PageOf;

/// Lists notices to the member at this desk, latest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListNotices {
    /// Only unread ones.
    pub unread: bool,
    /// Which page.
    pub page: PageOf,
}

/// A notice.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct NoticeRow {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// Route it opens, for example `/runs/01J…`.
    pub link: Option<String>,
    /// `info`, `success`, `warning` or `failure`.
    pub level: String,
    /// Members it is for.
    pub to: Vec<String>,
    /// When (RFC 3339).
    pub at: String,
    /// Whether it was read at this desk.
    pub read: bool,
    /// How it was delivered on this desk: channel and what became of it.
    pub deliveries: Vec<DeliveryRow>,
}

/// A delivery of a notice.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DeliveryRow {
    /// `desktop` or `mail`.
    pub channel: String,
    /// `delivered`, or what went wrong.
    pub result: String,
    /// When (RFC 3339).
    pub at: String,
}

/// Marks notices as read.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MarkRead {
    /// Identifiers; empty marks all.
    pub notices: Vec<String>,
}
