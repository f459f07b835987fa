//! The clock of a desk: what is due is due by it, and what is signed carries its time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// The system's clock, or one that runs ahead of it by as much as its holder says: a rehearsal need not wait for a day to
/// go by. Copies are the same clock.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// Now, to the millisecond: what entries carry.
    pub fn now(&self) -> Timestamp {
        let ahead = self.ahead_ms.load(Ordering::Relaxed);
        let now = Timestamp::now().as_millisecond().saturating_add(ahead);
        // Past the end of the calendar nothing is due any more.
        Timestamp::from_millisecond(now).unwrap_or(Timestamp::MAX)
    }

    /// Moves the clock forward; it never goes back. A store that has a clock of its own takes nothing from a desk whose
    /// clock is far from it: only a workspace in memory follows.
    pub fn advance(&self, by: Duration) {
        self.ahead_ms.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}
