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
    /// How mail goes out from this desk.
    #[serde(default)]
    pub mail: MailDesk,
}

/// How mail goes out from this desk; without a host none does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MailDesk {
    /// Name of the mail server; empty sends no mail.
    pub host: String,
    /// Its port; 465 for TLS, 587 for STARTTLS.
    pub port: u16,
    /// `tls`, `starttls`, or `plain` (to this machine only).
    pub security: String,
    /// Account, if the server wants one.
    pub user: String,
    /// Sender, `Countersign <countersign@example.com>`.
    pub from: String,
    /// Whom this desk mails: `here`, members whose key lies on it; or `everybody`, at one desk only, or they get it twice.
    pub whom: String,
    /// Whether a password lies in the keychain; read only.
    pub password_kept: bool,
}

impl Default for MailDesk {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 465,
            security: "tls".to_owned(),
            user: String::new(),
            from: String::new(),
            whom: "here".to_owned(),
            password_kept: false,
        }
    }
}

/// Keeps the password of the mail account in the keychain.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct KeepMailPassword {
    /// The password; empty forgets it.
    pub password: String,
}

impl std::fmt::Debug for KeepMailPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeepMailPassword(…)")
    }
}

/// Sends a test message by mail.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SendTestMail {
    /// To whom; to the member who acts if absent.
    #[ts(optional)]
    pub to: Option<String>,
}

/// A test message that the server took.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TestMailSent {
    /// To whom.
    pub to: String,
    /// What the server said.
    pub answer: String,
}
