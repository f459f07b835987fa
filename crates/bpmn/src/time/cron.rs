//! Cron expressions, read as the two families that occur read them, and told in words.
//!
//! Five fields (minute, hour, day of month, month, day of week with Sunday 0 or 7) are Unix cron; there a day of month
//! and a day of week that are both restricted are alternatives. Six or seven fields (second first, year last, days of
//! the week from Sunday 1 to Saturday 7, `?`, `L`, `W`, `#`) are Quartz, which Flowable uses.

use std::fmt;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{TimeError, Wanted, shown, unreadable};
use crate::sentence::{Sentence, sentence};

mod told;

pub use told::Tongue;

/// No firing is looked for further ahead.
const YEARS_AHEAD: i16 = 100;

/// How many firings an explanation shows.
const SHOWN_FIRINGS: usize = 10;

/// A cron expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    text: String,
    family: Family,
    seconds: Numbers,
    minutes: Numbers,
    hours: Numbers,
    days: Numbers,
    /// `L`, `L-3`: so many days before the month's last.
    last_days: Vec<u8>,
    /// `15W`: the weekday nearest to the day; `LW` is day 0.
    nearest_weekdays: Vec<u8>,
    months: Numbers,
    /// From Sunday 0 to Saturday 6.
    weekdays: Numbers,
    /// `6#3`: the third Friday; the place 0 is the last.
    nth_weekdays: Vec<(u8, u8)>,
    years: Option<Numbers>,
}

/// How the fields are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Unix,
    Quartz,
}

/// The numbers a field allows.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Numbers {
    /// As written.
    text: String,
    /// `*` or `?`: no restriction.
    any: bool,
    /// Sorted.
    allowed: Vec<u16>,
}

impl Numbers {
    fn has(&self, number: u16) -> bool {
        self.any || self.allowed.binary_search(&number).is_ok()
    }

    /// The first allowed number not below another.
    fn from(&self, number: u16, greatest: u16) -> Option<u16> {
        if self.any {
            return (number <= greatest).then_some(number);
        }
        self.allowed.iter().copied().find(|allowed| *allowed >= number)
    }
}

/// What a field may hold.
struct Field {
    name: fn() -> Sentence,
    least: u16,
    greatest: u16,
    names: &'static [&'static str],
    /// What the first of `names` stands for.
    names_from: u16,
}

impl Cron {
    /// Parses five, six or seven fields, or one of `@yearly`, `@monthly`, `@weekly`, `@daily`, `@hourly`.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let expanded = match text.trim().to_ascii_lowercase().as_str() {
            "@yearly" | "@annually" => "0 0 1 1 *".to_owned(),
            "@monthly" => "0 0 1 * *".to_owned(),
            "@weekly" => "0 0 * * 0".to_owned(),
            "@daily" | "@midnight" => "0 0 * * *".to_owned(),
            "@hourly" => "0 * * * *".to_owned(),
            _ => text.to_ascii_uppercase(),
        };
        let fields: Vec<&str> = expanded.split_ascii_whitespace().collect();
        let (family, second, rest) = match fields.len() {
            5 => (Family::Unix, "0", fields.as_slice()),
            6 | 7 => (Family::Quartz, fields[0], &fields[1..]),
            count => {
                let problem = sentence!(
                    "cron-fields",
                    "it has {count} fields; cron has five, Quartz six or seven, and an interval is written `R/PT10M`",
                    count = count
                );
                return Err(unreadable(text, Wanted::Cron, problem));
            }
        };
        let refused = |problem: Sentence| unreadable(text, Wanted::Cron, problem);
        let read = |field: &Field, text_of_field: &str| numbers(field, text_of_field).map_err(refused);

        let (days, last_days, nearest_weekdays) = days_of_month(rest[2]).map_err(refused)?;
        let (weekdays, nth_weekdays) = days_of_week(rest[4], family).map_err(refused)?;
        let cron = Self {
            text: text.trim().to_owned(),
            family,
            seconds: read(&SECOND, second)?,
            minutes: read(&MINUTE, rest[0])?,
            hours: read(&HOUR, rest[1])?,
            days,
            last_days,
            nearest_weekdays,
            months: read(&MONTH, rest[3])?,
            weekdays,
            nth_weekdays,
            years: rest.get(5).map(|years| read(&YEAR, years)).transpose()?.filter(|years| !years.any),
        };
        if family == Family::Quartz && cron.restricts_days() && cron.restricts_weekdays() {
            return Err(refused(sentence!(
                "cron-both-days",
                "both a day of the month and a day of the week are given; one of them must be `?`"
            )));
        }
        Ok(cron)
    }

    /// The first firing strictly after a moment, by UTC; `None` if there is none in a hundred years.
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        self.next_in(after, &TimeZone::UTC)
    }

    /// The first firing strictly after a moment, by the clocks of a time zone. A time that the clocks skip is taken as
    /// much later as they skip; one that they show twice is taken the first time.
    pub fn next_in(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut start =
            after.checked_add(SignedDuration::from_secs(1)).ok()?.to_zoned(zone.clone()).datetime();
        loop {
            let shown = self.next_shown(start)?;
            let due = shown.to_zoned(zone.clone()).ok()?.timestamp();
            if due > after {
                return Some(due);
            }
            // Shown twice, and the first time is over.
            start = shown.checked_add(1.second()).ok()?;
        }
    }

    /// The first time that fits on a clock that shows `start` now.
    fn next_shown(&self, start: DateTime) -> Option<DateTime> {
        let (mut date, mut time) = (start.date(), Some(start.time()));
        let final_year = date.year().saturating_add(YEARS_AHEAD);
        while date.year() <= final_year {
            if !self
                .years
                .as_ref()
                .is_none_or(|years| u16::try_from(date.year()).is_ok_and(|year| years.has(year)))
            {
                date = Date::new(date.year().checked_add(1)?, 1, 1).ok()?;
                time = None;
                continue;
            }
            if !self.months.has(positive(date.month())) {
                date = date.first_of_month().checked_add(1.month()).ok()?;
                time = None;
                continue;
            }
            if self.has_day(date) {
                let (hour, minute, second) = time
                    .map_or((0, 0, 0), |t| (positive(t.hour()), positive(t.minute()), positive(t.second())));
                if let Some((hour, minute, second)) = self.time_from(hour, minute, second) {
                    return Some(date.at(hour, minute, second, 0));
                }
            }
            date = date.tomorrow().ok()?;
            time = None;
        }
        None
    }

    fn time_from(&self, hour: u16, minute: u16, second: u16) -> Option<(i8, i8, i8)> {
        let found = |hour, minute, second| {
            Some((i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?))
        };
        if self.hours.has(hour) {
            if self.minutes.has(minute)
                && let Some(second) = self.seconds.from(second, 59)
            {
                return found(hour, minute, second);
            }
            if let Some(minute) = self.minutes.from(minute + 1, 59) {
                return found(hour, minute, self.seconds.from(0, 59)?);
            }
        }
        let hour = self.hours.from(hour + 1, 23)?;
        found(hour, self.minutes.from(0, 59)?, self.seconds.from(0, 59)?)
    }

    fn restricts_days(&self) -> bool {
        !self.days.any || !self.last_days.is_empty() || !self.nearest_weekdays.is_empty()
    }

    fn restricts_weekdays(&self) -> bool {
        !self.weekdays.any || !self.nth_weekdays.is_empty()
    }

    fn has_day(&self, date: Date) -> bool {
        let by_month = || self.has_day_of_month(date);
        let by_week = || self.has_day_of_week(date);
        match (self.restricts_days(), self.restricts_weekdays()) {
            (false, false) => true,
            (true, false) => by_month(),
            (false, true) => by_week(),
            // As cron does it, unless one of them is a `*` with a step, which is the narrower reading.
            (true, true) if self.days.text.starts_with('*') || self.weekdays.text.starts_with('*') => {
                by_month() && by_week()
            }
            (true, true) => by_month() || by_week(),
        }
    }

    fn has_day_of_month(&self, date: Date) -> bool {
        let (day, last) = (date.day(), date.days_in_month());
        (!self.days.any && self.days.has(positive(day)))
            || self.last_days.iter().any(|offset| day == last - *offset as i8)
            || self.nearest_weekdays.iter().any(|wanted| {
                let wanted = if *wanted == 0 { last } else { *wanted as i8 };
                nearest_weekday(date, wanted) == Some(day)
            })
    }

    fn has_day_of_week(&self, date: Date) -> bool {
        let weekday = positive(date.weekday().to_sunday_zero_offset());
        (!self.weekdays.any && self.weekdays.has(weekday))
            || self.nth_weekdays.iter().any(|(wanted, place)| {
                u16::from(*wanted) == weekday
                    && match place {
                        0 => date.day() > date.days_in_month() - 7,
                        place => (date.day() - 1) / 7 + 1 == *place as i8,
                    }
            })
    }

    fn has_alternatives(&self) -> bool {
        !self.days.text.starts_with('*') && !self.weekdays.text.starts_with('*')
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.text)
    }
}

/// A cron expression told to its author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CronExplanation {
    /// Which family it was read as: `cron` (five fields) or `Quartz` (six or seven).
    pub family: &'static str,
    /// What it means: `at 02:00, on Mondays and Fridays`.
    pub words: String,
    /// What may have been meant otherwise; empty if nothing strikes.
    pub surprises: Vec<String>,
    /// The next ten firings; fewer if there are no more.
    pub next: Vec<Timestamp>,
}

impl CronExplanation {
    /// Explains an expression in a language, with the firings that follow `start` by the clocks of a zone.
    pub fn of(cron: &Cron, start: Timestamp, zone: &TimeZone, tongue: Tongue) -> Self {
        let firings = std::iter::successors(cron.next_in(start, zone), |due| cron.next_in(*due, zone));
        Self {
            family: if cron.family == Family::Unix { "cron" } else { "Quartz" },
            words: cron.words_in(tongue),
            surprises: cron.surprises(tongue),
            next: firings.take(SHOWN_FIRINGS).collect(),
        }
    }
}

const MONTH_NAMES: &[&str] =
    &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAY_NAMES: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const SECOND: Field = Field {
    name: || sentence!("cron-field-second", "second"),
    least: 0,
    greatest: 59,
    names: &[],
    names_from: 0,
};
const MINUTE: Field = Field {
    name: || sentence!("cron-field-minute", "minute"),
    least: 0,
    greatest: 59,
    names: &[],
    names_from: 0,
};
const HOUR: Field = Field {
    name: || sentence!("cron-field-hour", "hour"),
    least: 0,
    greatest: 23,
    names: &[],
    names_from: 0,
};
const DAY: Field = Field {
    name: || sentence!("cron-field-day-of-month", "day of month"),
    least: 1,
    greatest: 31,
    names: &[],
    names_from: 0,
};
const MONTH: Field = Field {
    name: || sentence!("cron-field-month", "month"),
    least: 1,
    greatest: 12,
    names: MONTH_NAMES,
    names_from: 1,
};
const YEAR: Field = Field {
    name: || sentence!("cron-field-year", "year"),
    least: 1970,
    greatest: 2199,
    names: &[],
    names_from: 0,
};
/// Sunday is 0 and 7.
const UNIX_WEEKDAY: Field =
    Field { name: day_of_week, least: 0, greatest: 7, names: WEEKDAY_NAMES, names_from: 0 };
/// Sunday is 1.
const QUARTZ_WEEKDAY: Field =
    Field { name: day_of_week, least: 1, greatest: 7, names: WEEKDAY_NAMES, names_from: 1 };

fn day_of_week() -> Sentence {
    sentence!("cron-field-day-of-week", "day of week")
}

/// A list of numbers, ranges and steps.
fn numbers(field: &Field, text: &str) -> Result<Numbers, Sentence> {
    let mut allowed = Vec::new();
    if text == "*" {
        return Ok(Numbers { text: text.to_owned(), any: true, allowed });
    }
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => match step.parse::<u16>() {
                Ok(step) if step > 0 => (range, Some(step)),
                _ => {
                    return Err(sentence!(
                        "cron-step",
                        "`/{step}` in the {field} is no step",
                        step = step,
                        field = (field.name)()
                    ));
                }
            },
            None => (part, None),
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" || range.is_empty() && step.is_some() => (field.least, field.last_by_step()),
            Some((first, last)) => (field.number(first)?, field.number(last)?),
            // `5/15` runs to the end of the field.
            None => {
                let first = field.number(range)?;
                (first, if step.is_some() { field.last_by_step() } else { first })
            }
        };
        let step = usize::from(step.unwrap_or(1));
        match first <= last {
            true => allowed.extend((first..=last).step_by(step)),
            // 22-2: over the end of the field and on from its start.
            false => {
                let around = (first..=field.last_by_step()).chain(field.least..=last);
                allowed.extend(around.step_by(step));
            }
        }
    }
    allowed.sort_unstable();
    allowed.dedup();
    Ok(Numbers { text: text.to_owned(), any: false, allowed })
}

impl Field {
    /// Where a step ends: Sunday as 7 is not stepped to.
    fn last_by_step(&self) -> u16 {
        if self.least == 0 && self.greatest == 7 { 6 } else { self.greatest }
    }

    fn number(&self, text: &str) -> Result<u16, Sentence> {
        if let Some(at) = self.names.iter().position(|name| *name == text) {
            return Ok(self.names_from + at as u16);
        }
        match text.parse::<u16>() {
            Ok(number) if (self.least..=self.greatest).contains(&number) => Ok(number),
            _ => Err(sentence!(
                "cron-number",
                "`{text}` is no {field}; it goes from {least} to {greatest}",
                text = shown(text),
                field = (self.name)(),
                least = self.least.to_string(),
                greatest = self.greatest.to_string()
            )),
        }
    }
}

/// The field of the days of the month: numbers, days before the last, days whose nearest weekday is meant.
type Days = (Numbers, Vec<u8>, Vec<u8>);

fn days_of_month(text: &str) -> Result<Days, Sentence> {
    let unrestricted = |any| Numbers { text: text.to_owned(), any, allowed: Vec::new() };
    if text == "?" {
        return Ok((unrestricted(true), Vec::new(), Vec::new()));
    }
    let day = |text: &str| DAY.number(text).map(|day| day as u8);
    if text == "LW" {
        return Ok((unrestricted(true), Vec::new(), vec![0]));
    }
    if let Some(rest) = text.strip_prefix('L') {
        let offset = match rest.strip_prefix('-') {
            None if rest.is_empty() => 0,
            Some(offset) => day(offset)
                .ok()
                .filter(|offset| *offset <= 30)
                .ok_or_else(|| sentence!("cron-before-last", "`L-` wants 1 to 30"))?,
            None => {
                return Err(sentence!("cron-no-day", "`{text}` is no day of month", text = text));
            }
        };
        return Ok((unrestricted(true), vec![offset], Vec::new()));
    }
    if text.ends_with('W') {
        let days: Result<Vec<u8>, Sentence> =
            text.split(',').map(|part| day(part.trim_end_matches('W'))).collect();
        return Ok((unrestricted(true), Vec::new(), days?));
    }
    Ok((numbers(&DAY, text)?, Vec::new(), Vec::new()))
}

/// The field of the days of the week: numbers from Sunday 0, and places in the month.
fn days_of_week(text: &str, family: Family) -> Result<(Numbers, Vec<(u8, u8)>), Sentence> {
    let unrestricted = |any| Numbers { text: text.to_owned(), any, allowed: Vec::new() };
    if text == "?" {
        return Ok((unrestricted(true), Vec::new()));
    }
    let field = match family {
        Family::Unix => UNIX_WEEKDAY,
        Family::Quartz => QUARTZ_WEEKDAY,
    };
    let from_sunday = |day: u16| match family {
        Family::Unix => (day % 7) as u8,
        Family::Quartz => (day - 1) as u8,
    };
    if let Some((day, place)) = text.split_once('#') {
        let place = place.parse().ok().filter(|place| (1..=5).contains(place));
        let place = place.ok_or_else(|| {
            sentence!("cron-place", "`{text}`: the place after `#` goes from 1 to 5", text = text)
        })?;
        return Ok((unrestricted(true), vec![(from_sunday(field.number(day)?), place)]));
    }
    match text.strip_suffix('L') {
        Some("") => {
            return Ok((Numbers { text: text.to_owned(), any: false, allowed: vec![6] }, Vec::new()));
        }
        Some(day) => return Ok((unrestricted(true), vec![(from_sunday(field.number(day)?), 0)])),
        None => {}
    }
    let mut read = numbers(&field, text)?;
    let mut allowed: Vec<u16> = read.allowed.iter().map(|day| u16::from(from_sunday(*day))).collect();
    allowed.sort_unstable();
    allowed.dedup();
    read.allowed = allowed;
    Ok((read, Vec::new()))
}

/// The day of the month that is a weekday nearest to the wanted one, within the month.
fn nearest_weekday(month: Date, wanted: i8) -> Option<i8> {
    let last = month.days_in_month();
    let date = Date::new(month.year(), month.month(), wanted.min(last)).ok()?;
    let day = date.day();
    Some(match date.weekday() {
        Weekday::Saturday if day == 1 => 3,
        Weekday::Saturday => day - 1,
        Weekday::Sunday if day == last => day - 2,
        Weekday::Sunday => day + 1,
        _ => day,
    })
}

fn positive(number: i8) -> u16 {
    u16::from(number.unsigned_abs())
}
