//! ISO 8601 durations, dates and cycles, and cron, with calendar arithmetic. Everything is pure: the clock is an
//! argument. A time without an offset is UTC, and so is the calendar in which months and days are counted.

use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::{DateTimeParser, SpanParser};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Unit};

use crate::sentence::{Sentence, sentence};

pub use cron::{Cron, CronExplanation, Tongue};

mod cron;

/// Longer texts are no times.
pub const TEXT_BYTES_MAX: usize = 256;

/// No count of missed firings goes further.
pub const COUNT_MAX: u64 = 100_000;

/// A cycle that fires more often is refused, in seconds.
pub const INTERVAL_MIN_S: f64 = 0.001;

/// Why a text is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not in any of the supported forms.
    #[error("{}", self.sentence())]
    Unreadable {
        /// The text, shortened.
        text: String,
        /// What it should be.
        wanted: Wanted,
        /// What is wrong.
        problem: Sentence,
    },
    /// Outside the years that can be represented.
    #[error("{}", self.sentence())]
    OutOfRange {
        /// The text, shortened.
        text: String,
    },
}

/// What a text should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// How long.
    Duration,
    /// When.
    Date,
    /// When, again and again.
    Cycle,
    /// The same, as cron writes it.
    Cron,
}

impl TimeError {
    /// The error, to be said in any language.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Unreadable { text, wanted: Wanted::Duration, problem } => sentence!(
                "time-no-duration",
                "`{text}` is not a duration: {problem}",
                text = text,
                problem = problem.clone()
            ),
            Self::Unreadable { text, wanted: Wanted::Date, problem } => sentence!(
                "time-no-date",
                "`{text}` is not a date: {problem}",
                text = text,
                problem = problem.clone()
            ),
            Self::Unreadable { text, wanted: Wanted::Cycle, problem } => sentence!(
                "time-no-cycle",
                "`{text}` is not a cycle: {problem}",
                text = text,
                problem = problem.clone()
            ),
            Self::Unreadable { text, wanted: Wanted::Cron, problem } => sentence!(
                "time-no-cron",
                "`{text}` is not a cron expression: {problem}",
                text = text,
                problem = problem.clone()
            ),
            Self::OutOfRange { text } => {
                sentence!("time-beyond-calendar", "`{text}` leads outside the calendar", text = text)
            }
        }
    }
}

fn unreadable(text: &str, wanted: Wanted, problem: Sentence) -> TimeError {
    TimeError::Unreadable { text: shown(text), wanted, problem }
}

fn too_long(text: &str, wanted: Wanted) -> TimeError {
    unreadable(text, wanted, sentence!("time-too-long", "it is too long"))
}

fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

/// An ISO 8601 duration. `P1M` after 31 January is 28 (or 29) February: years and months are counted first, then
/// weeks and days, then the time.
#[derive(Debug, Clone, Copy)]
pub struct IsoDuration(Span);

impl PartialEq for IsoDuration {
    fn eq(&self, other: &Self) -> bool {
        self.0.fieldwise() == other.0.fieldwise()
    }
}

impl IsoDuration {
    /// Parses `P1Y2M3W4DT5H6M7.5S`, also with a leading sign.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        const WANTED: Wanted = Wanted::Duration;
        let trimmed = text.trim();
        if trimmed.len() > TEXT_BYTES_MAX {
            return Err(too_long(text, WANTED));
        }
        if !trimmed.trim_start_matches(['+', '-']).starts_with('P') {
            let problem =
                sentence!("time-duration-without-p", "it does not start with `P`, as in `PT10M` or `P1D`");
            return Err(unreadable(text, WANTED, problem));
        }
        let span = SpanParser::new().parse_span(trimmed).map_err(|error| {
            unreadable(text, WANTED, sentence!("time-duration-library", "{why}", why = error.to_string()))
        })?;
        Ok(Self(span))
    }

    /// The moment this long after another; `None` outside the calendar.
    pub fn after(&self, moment: Timestamp) -> Option<Timestamp> {
        moment.to_zoned(TimeZone::UTC).checked_add(self.0).ok().map(|due| due.timestamp())
    }

    /// That many of it after a moment, counted from there at once: three times `P1M` after 31 January is 30 April.
    fn times_after(&self, times: i64, moment: Timestamp) -> Option<Timestamp> {
        Self(self.0.checked_mul(times).ok()?).after(moment)
    }

    /// Whether time passes, in any month of the calendar.
    pub fn is_positive(&self) -> bool {
        self.0.is_positive()
    }

    /// About how many seconds it lasts, a month being 30.4369 days.
    fn seconds(&self) -> f64 {
        let reference = Date::constant(2026, 1, 1);
        self.0.total((Unit::Second, reference)).unwrap_or(f64::MAX)
    }
}

impl fmt::Display for IsoDuration {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}", self.0)
    }
}

/// When the text of a timer or a due date falls due: `PT10M` (from `now`), `2026-03-01`, `2026-03-01T12:00:00+01:00`.
pub fn due_date(text: &str, now: Timestamp) -> Result<Timestamp, TimeError> {
    let trimmed = text.trim();
    if trimmed.trim_start_matches(['+', '-']).starts_with('P') {
        return IsoDuration::parse(text)?
            .after(now)
            .ok_or_else(|| TimeError::OutOfRange { text: shown(text) });
    }
    date(text)
}

/// An ISO 8601 date or date-time; midnight, and UTC, if it does not say.
pub fn date(text: &str) -> Result<Timestamp, TimeError> {
    const WANTED: Wanted = Wanted::Date;
    let trimmed = text.trim();
    if trimmed.len() > TEXT_BYTES_MAX {
        return Err(too_long(text, WANTED));
    }
    if trimmed.contains('[') {
        let problem =
            sentence!("time-named-zone", "a named time zone is not supported; write an offset like `+01:00`");
        return Err(unreadable(text, WANTED, problem));
    }
    let parser = DateTimeParser::new();
    if let Ok(moment) = parser.parse_timestamp(trimmed) {
        return Ok(moment);
    }
    let civil: DateTime = parser.parse_datetime(trimmed).map_err(|error| {
        unreadable(text, WANTED, sentence!("time-date-library", "{why}", why = error.to_string()))
    })?;
    let zoned = civil.to_zoned(TimeZone::UTC).map_err(|_| TimeError::OutOfRange { text: shown(text) })?;
    Ok(zoned.timestamp())
}

/// A repeating time.
#[derive(Debug, Clone, PartialEq)]
pub enum Cycle {
    /// `R3/PT10S`, `R/P1D`, `R2/2026-01-01T09:00:00Z/PT1H`, `R/PT1H/2026-02-01`.
    Repeat(Repeat),
    /// `0 0/5 * * * ?` (six or seven fields, as Quartz reads them) or `0 2 * * 1` (five, as cron does).
    Cron(Box<Cron>),
}

/// An ISO 8601 repeating interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeat {
    /// How often it fires; `None` is without end.
    pub times: Option<u32>,
    /// The first firing, if the text names one.
    pub start: Option<Timestamp>,
    /// From one firing to the next; longer than nothing.
    pub interval: IsoDuration,
    /// No firing after this.
    pub end: Option<Timestamp>,
}

impl Cycle {
    /// What it means, in English.
    pub fn words(&self) -> String {
        self.words_in(Tongue::English)
    }

    /// Parses an ISO 8601 repeating interval or a cron expression.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let trimmed = text.trim();
        if trimmed.len() > TEXT_BYTES_MAX {
            return Err(too_long(text, Wanted::Cycle));
        }
        match trimmed.strip_prefix('R') {
            Some(repeat) => Repeat::parse(text, repeat).map(Cycle::Repeat),
            None => Cron::parse(trimmed).map(|cron| Cycle::Cron(Box::new(cron))),
        }
    }

    /// The first firing strictly after `after`, of a timer set at `anchor` that has fired `fired` times; `None` when
    /// it has fired as often as it should, its end has passed, or it never fires.
    pub fn next(&self, anchor: Timestamp, after: Timestamp, fired: u32) -> Option<Timestamp> {
        match self {
            Cycle::Repeat(repeat) => repeat.next(anchor, after, fired),
            Cycle::Cron(cron) => cron.next(after.max(anchor)),
        }
    }

    /// How many firings fall after `after` and not after `until`, of a timer set at `anchor` that has fired `fired`
    /// times: what is coalesced when nobody was there to fire them. At most [`COUNT_MAX`].
    pub fn count(&self, anchor: Timestamp, after: Timestamp, until: Timestamp, fired: u32) -> u64 {
        let Some(mut due) = self.next(anchor, after, fired) else { return 0 };
        let mut count = 0;
        while due <= until && count < COUNT_MAX {
            count += 1;
            let fired = fired.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
            match self.next(anchor, due, fired) {
                Some(next) => due = next,
                None => break,
            }
        }
        count
    }

    /// How often it fires at most, if that is limited.
    pub fn times(&self) -> Option<u32> {
        match self {
            Cycle::Repeat(repeat) => repeat.times,
            Cycle::Cron(_) => None,
        }
    }

    /// What it means, in words.
    pub fn words_in(&self, tongue: Tongue) -> String {
        match self {
            Cycle::Repeat(repeat) => repeat.words_in(tongue),
            Cycle::Cron(cron) => cron.words_in(tongue),
        }
    }

    /// What its author may have meant otherwise.
    pub fn surprises(&self, tongue: Tongue) -> Vec<String> {
        match self {
            Cycle::Repeat(_) => Vec::new(),
            Cycle::Cron(cron) => cron.surprises(tongue),
        }
    }
}

impl Repeat {
    /// Parses what follows the `R`.
    fn parse(text: &str, repeat: &str) -> Result<Self, TimeError> {
        const WANTED: Wanted = Wanted::Cycle;
        let parts: Vec<&str> = repeat.split('/').map(str::trim).collect();
        let times = match parts[0] {
            "" | "-1" => None,
            digits => Some(digits.parse().map_err(|_| {
                let problem = sentence!(
                    "time-repetitions",
                    "`R{digits}` is no number of repetitions, as in `R3`",
                    digits = digits
                );
                unreadable(text, WANTED, problem)
            })?),
        };
        let is_duration = |part: &str| part.starts_with('P');
        let (start, interval, end) = match parts[1..] {
            [interval] if is_duration(interval) => (None, IsoDuration::parse(interval)?, None),
            [interval, end] if is_duration(interval) => {
                (None, IsoDuration::parse(interval)?, Some(due_date(end, Timestamp::UNIX_EPOCH)?))
            }
            [start, interval] if is_duration(interval) => {
                (Some(date(start)?), IsoDuration::parse(interval)?, None)
            }
            [start, end] => {
                let (start, end) = (date(start)?, date(end)?);
                (Some(start), IsoDuration(start.until(end).unwrap_or_default()), Some(end))
            }
            _ => {
                let problem = sentence!(
                    "time-cycle-form",
                    "it should be like `R3/PT10S`, `R/2026-01-01/P1D` or `R/P1D/2026-12-31`"
                );
                return Err(unreadable(text, WANTED, problem));
            }
        };
        if !interval.is_positive() || interval.seconds() < INTERVAL_MIN_S {
            let problem = sentence!("time-no-time-passes", "no time passes between its firings");
            return Err(unreadable(text, WANTED, problem));
        }
        Ok(Self { times, start, interval, end })
    }

    fn next(&self, anchor: Timestamp, after: Timestamp, fired: u32) -> Option<Timestamp> {
        if self.times.is_some_and(|times| fired >= times) {
            return None;
        }
        // Firing `n` is `n` intervals after the base; a named start is itself a firing, if it is still to come.
        let base = self.start.unwrap_or(anchor);
        let after = after.max(anchor);
        let firing = |n: i64| self.interval.times_after(n, base);
        let first = i64::from(self.start.is_none());
        // Estimated, then corrected: months differ in length.
        let passed = after.duration_since(base).as_secs_f64() / self.interval.seconds();
        let mut n = (passed as i64).saturating_sub(1).max(first);
        for _ in 0..64 {
            if n == first || firing(n - 1).is_some_and(|due| due <= after) {
                break;
            }
            n -= 1;
        }
        let mut due = firing(n)?;
        while due <= after {
            n += 1;
            due = firing(n)?;
        }
        self.end.is_none_or(|end| due <= end).then_some(due)
    }

    fn words_in(&self, tongue: Tongue) -> String {
        let [every, from, once, times, until] = match tongue {
            Tongue::English => ["every", "from", "once", "times", "until"],
            Tongue::Portuguese => ["a cada", "a partir de", "uma vez", "vezes", "até"],
        };
        let mut words = format!("{every} {}", self.interval);
        if let Some(start) = self.start {
            words += &format!(" {from} {start}");
        }
        match self.times {
            Some(1) => words += &format!(", {once}"),
            Some(number) => words += &format!(", {number} {times}"),
            None => {}
        }
        if let Some(end) = self.end {
            words += &format!(", {until} {end}");
        }
        words
    }
}

#[cfg(test)]
mod tests;
