//! Why a message was not delivered.

/// What went wrong, by what the caller does next.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody answers there now; try again later.
    #[error("{channel} notifications are not reachable: {why}; the message is tried again later")]
    Offline {
        /// The channel.
        channel: &'static str,
        /// What was seen.
        why: String,
    },
    /// The other side refuses us; somebody has to correct the settings.
    #[error("{channel} notifications are refused: {why}; check the account and its password in the settings")]
    Denied {
        /// The channel.
        channel: &'static str,
        /// What the other side says.
        why: String,
    },
    /// The other side refuses this message for good.
    #[error("the message was rejected: {why}; check the recipient's address")]
    Rejected {
        /// What the other side says.
        why: String,
    },
    /// A setting that cannot work.
    #[error("the setting `{setting}` cannot be used: {why}")]
    Unsupported {
        /// The setting.
        setting: &'static str,
        /// Why, and what to use instead.
        why: String,
    },
}

impl Error {
    /// Whether the same message may go through later without anybody changing anything.
    #[must_use]
    pub fn is_worth_retrying(&self) -> bool {
        matches!(self, Self::Offline { .. })
    }
}
