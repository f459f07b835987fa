//! ISO 8601 durations, dates and cycles, and cron, with calendar arithmetic. Everything is pure: the clock is an
//! argument. Without an offset a time is UTC.

use jiff::{Span, Timestamp};

/// Why a text is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not in any of the supported forms.
    #[error("`{text}` is not a {wanted}: {problem}")]
    Unreadable {
        /// The text, shortened.
        text: String,
        /// `duration`, `date`, `cycle` or `cron expression`.
        wanted: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// Outside the years that can be represented, or never.
    #[error("`{text}` leads outside the calendar")]
    OutOfRange {
        /// The text, shortened.
        text: String,
    },
}

/// A repeating time.
#[derive(Debug, Clone, PartialEq)]
pub enum Cycle {
    /// `R3/PT10S`, `R/P1D`, `R2/2026-01-01T09:00:00Z/PT1H`, `R/PT1H/2026-02-01`.
    Repeat(Repeat),
}

/// An ISO 8601 repeating interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeat {
    /// How often it fires; `None` is without end.
    pub times: Option<u32>,
    /// The first firing, if the text names one.
    pub start: Option<Timestamp>,
    /// From one firing to the next; may be calendar units.
    pub interval: IsoDuration,
    /// No firing after this.
    pub end: Option<Timestamp>,
}

/// An ISO 8601 duration.
#[derive(Debug, Clone, Copy)]
pub struct IsoDuration(Span);

impl PartialEq for IsoDuration {
    fn eq(&self, other: &Self) -> bool {
        self.0.fieldwise() == other.0.fieldwise()
    }
}

impl IsoDuration {
    /// Parses `P1Y2M3W4DT5H6M7.5S`, also with a leading minus.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let unreadable = |error: jiff::Error| TimeError::Unreadable {
            text: text.chars().take(80).collect(),
            wanted: "duration",
            problem: error.to_string(),
        };
        text.trim().parse().map(Self).map_err(unreadable)
    }
}

/// When a timer text (a date, a date-time or a duration) falls due.
pub fn due_date(text: &str, now: Timestamp) -> Result<Timestamp, TimeError> {
    let duration = IsoDuration::parse(text)?;
    let out = |_| TimeError::OutOfRange { text: text.chars().take(80).collect() };
    let zoned = now.to_zoned(jiff::tz::TimeZone::UTC).checked_add(duration.0).map_err(out)?;
    Ok(zoned.timestamp())
}

impl Cycle {
    /// Parses an ISO 8601 repeating interval or a cron expression.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let (_, interval) = text.trim().split_once('/').unwrap_or(("R", text));
        Ok(Cycle::Repeat(Repeat {
            times: None,
            start: None,
            interval: IsoDuration::parse(interval)?,
            end: None,
        }))
    }

    /// The first firing strictly after `after`, of a timer set at `anchor` that has fired `fired` times; `None` when
    /// it has fired as often as it should or its end has passed.
    pub fn next(&self, anchor: Timestamp, after: Timestamp, fired: u32) -> Option<Timestamp> {
        let Cycle::Repeat(repeat) = self;
        if repeat.times.is_some_and(|times| fired >= times) || after < anchor {
            return None;
        }
        after.to_zoned(jiff::tz::TimeZone::UTC).checked_add(repeat.interval.0).ok().map(|due| due.timestamp())
    }
}
