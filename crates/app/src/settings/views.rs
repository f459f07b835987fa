//! What the settings room asks and answers. Settings are this desk's, not the workspace's.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Settings of this desk.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Settings {
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// `system`, `en` or `pt-BR`.
    pub language: String,
    /// Whether notices appear on the desktop.
    pub desktop_notices: bool,
    /// Folder that holds folder buckets: bucket `b` is the folder `b` in it.
    pub buckets: String,
}
