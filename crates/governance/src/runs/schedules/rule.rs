//! A rule that says when: an interval, or cron.
//!
//! ```
//! use governance::runs::schedules::Rule;
//!
//! let rule: Rule = "every 4 weeks on Monday 02:00 Europe/Zurich".parse().unwrap();
//! assert_eq!(rule.to_string(), "every 4 weeks on Monday at 02:00 in Europe/Zurich");
//! ```

use std::fmt;
use std::str::FromStr;

use bpmn::time::{Cron, CronExplanation, Tongue};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::names::NameError;

/// The longest rule that is read.
const TEXT_BYTES_MAX: usize = 200;

/// The largest count of an interval.
const COUNT_MAX: u32 = 1000;

/// Two times of a schedule lie at least so far apart, in seconds: each is a run, and an entry in the ledger.
const PACE_S_MIN: i64 = 300;

/// Times that are looked at for the pace, and shown to whoever writes a rule.
const TIMES_SHOWN: usize = 10;

/// Missed times that are counted; of more it is only known that they are more.
const MISSED_MAX: u32 = 100_000;

const LOOKS_LIKE: &str = "`every 4 weeks on Monday at 02:00 in Europe/Zurich`, `every 2 days at 06:30 in UTC`, `every month on day 1 at 02:00 in UTC`, `every 6 hours`, or cron: `0 2 * * 1 in Europe/Zurich`";

/// When a schedule is due. Whoever holds one holds a valid one; its text is what the ledger keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rule {
    pace: Pace,
    zone: String,
}

/// How a rule goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pace {
    /// A cron expression, by the clocks of the zone.
    Cron(Box<Cron>),
    /// Every so many hours.
    Hours(u32),
    /// Every so many days, at a time.
    Days(u32, Time),
    /// Every so many weeks, on a day (that of the beginning, where none is said), at a time.
    Weeks(u32, Option<Weekday>, Time),
    /// Every so many months, on a day of the month (the last, where the month is shorter), at a time.
    Months(u32, i8, Time),
}

impl Rule {
    /// How it goes on.
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// The name of its time zone.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// The first time strictly after `after`, of a schedule that began at `begun`; `zone` is what [`Rule::zone`] names.
    pub fn next(&self, zone: &TimeZone, begun: Timestamp, after: Timestamp) -> Option<Timestamp> {
        let after = after.max(begun);
        let at =
            |date: Date, time: Time| Some(date.to_datetime(time).to_zoned(zone.clone()).ok()?.timestamp());
        let start = begun.to_zoned(zone.clone()).datetime();
        match &self.pace {
            Pace::Cron(cron) => cron.next_in(after, zone),
            Pace::Hours(count) => {
                let length = i64::from(*count) * 3600;
                let base = begun.as_second().div_euclid(3600) * 3600;
                let steps = (after.as_second() - base).div_euclid(length) + 1;
                Timestamp::from_second(base + steps * length).ok()
            }
            Pace::Days(count, time) => {
                let first = first_after(begun, start.date(), |date| at(date, *time))?;
                every_days(first, i64::from(*count), after, |date| at(date, *time), zone)
            }
            Pace::Weeks(count, weekday, time) => {
                let weekday = weekday.unwrap_or(start.date().weekday());
                let ahead = start.date().weekday().until(weekday);
                let first = start.date().checked_add(i64::from(ahead).days()).ok()?;
                let first =
                    if at(first, *time)? > begun { first } else { first.checked_add(1.week()).ok()? };
                every_days(first, i64::from(*count) * 7, after, |date| at(date, *time), zone)
            }
            Pace::Months(count, day, time) => {
                let of = |month: Date| {
                    let day = (*day).min(month.days_in_month());
                    at(Date::new(month.year(), month.month(), day).ok()?, *time)
                };
                let month = start.date().first_of_month();
                let first = if of(month)? > begun { month } else { month.checked_add(1.month()).ok()? };
                let seen = after.to_zoned(zone.clone()).date();
                let between =
                    i64::from(seen.year() - first.year()) * 12 + i64::from(seen.month() - first.month());
                let mut steps = (between / i64::from(*count)).max(0);
                loop {
                    let month = first.checked_add((steps * i64::from(*count)).months()).ok()?;
                    let due = of(month)?;
                    if due > after {
                        return Some(due);
                    }
                    steps += 1;
                }
            }
        }
    }

    /// The latest time after `after` that is due by `now`, and how many before it were missed; `None` where none is due.
    pub fn due(
        &self,
        zone: &TimeZone,
        begun: Timestamp,
        after: Timestamp,
        now: Timestamp,
    ) -> Option<(Timestamp, u32)> {
        let mut times =
            std::iter::successors(self.next(zone, begun, after), |due| self.next(zone, begun, *due))
                .take_while(|due| *due <= now);
        let first = times.next()?;
        let mut missed = 0;
        let mut last = first;
        for due in times {
            last = due;
            missed += 1;
            if missed == MISSED_MAX {
                break;
            }
        }
        Some((last, missed))
    }

    /// The next ten times after `after`.
    pub fn times(&self, zone: &TimeZone, begun: Timestamp, after: Timestamp) -> Vec<Timestamp> {
        std::iter::successors(self.next(zone, begun, after), |due| self.next(zone, begun, *due))
            .take(TIMES_SHOWN)
            .collect()
    }

    /// What it means: `every 4 weeks on Monday, at 02:00 (Europe/Zurich)`.
    pub fn words(&self, tongue: Tongue) -> String {
        let english = tongue == Tongue::English;
        let every = |count: u32, one: [&str; 2], many: [&str; 2]| match (english, count) {
            (true, 1) => format!("every {}", one[0]),
            (true, count) => format!("every {count} {}", many[0]),
            (false, 1) => format!("a cada {}", one[1]),
            (false, count) => format!("a cada {count} {}", many[1]),
        };
        let at = |time: &Time| {
            let clock = clock(*time);
            if english { format!(", at {clock}") } else { format!(", às {clock}") }
        };
        let told = match &self.pace {
            Pace::Cron(cron) => cron.words_in(tongue),
            Pace::Hours(count) => every(*count, ["hour", "hora"], ["hours", "horas"]),
            Pace::Days(count, time) => every(*count, ["day", "dia"], ["days", "dias"]) + &at(time),
            Pace::Weeks(count, weekday, time) => {
                let mut told = every(*count, ["week", "semana"], ["weeks", "semanas"]);
                if let Some(weekday) = weekday {
                    let number = weekday.to_sunday_zero_offset().unsigned_abs();
                    told += &match (english, number) {
                        (true, number) => format!(" on {}", tongue.weekday(number)),
                        (false, number @ (0 | 6)) => format!(", no {}", tongue.weekday(number)),
                        (false, number) => format!(", na {}", tongue.weekday(number)),
                    };
                }
                told + &at(time)
            }
            Pace::Months(count, day, time) => {
                let day = match (english, day) {
                    (true, 31) => " on the last day".to_owned(),
                    (true, day) => format!(" on day {day}"),
                    (false, 31) => ", no último dia".to_owned(),
                    (false, day) => format!(", no dia {day}"),
                };
                every(*count, ["month", "mês"], ["months", "meses"]) + &day + &at(time)
            }
        };
        format!("{told} ({})", self.zone)
    }

    /// What whoever wrote it may have meant otherwise.
    pub fn surprises(&self, tongue: Tongue) -> Vec<String> {
        match &self.pace {
            Pace::Cron(cron) => {
                CronExplanation::of(cron, Timestamp::UNIX_EPOCH, &TimeZone::UTC, tongue).surprises
            }
            Pace::Months(_, day @ 29..=30, _) => vec![match tongue {
                Tongue::English => format!("in months without a day {day} it is the last day"),
                Tongue::Portuguese => format!("nos meses sem o dia {day}, é o último dia"),
            }],
            _ => Vec::new(),
        }
    }

    /// The five fields of cron that mean the same, where cron can say it at all: what Cloud Scheduler takes.
    pub fn as_cron(&self) -> Option<String> {
        let of = |time: &Time, rest: &str| Some(format!("{} {} {rest}", time.minute(), time.hour()));
        match &self.pace {
            Pace::Cron(cron) => {
                let text = cron.to_string();
                (text.split_ascii_whitespace().count() == 5).then_some(text)
            }
            Pace::Hours(count) => (24 % count == 0 && *count < 24).then(|| match count {
                1 => "0 * * * *".to_owned(),
                count => format!("0 */{count} * * *"),
            }),
            Pace::Days(1, time) => of(time, "* * *"),
            Pace::Weeks(1, Some(weekday), time) => {
                of(time, &format!("* * {}", weekday.to_sunday_zero_offset()))
            }
            Pace::Months(1, day @ ..=28, time) => of(time, &format!("{day} * *")),
            Pace::Days(..) | Pace::Weeks(..) | Pace::Months(..) => None,
        }
    }
}

/// The first day from `date` on whose time lies after the beginning.
fn first_after(begun: Timestamp, date: Date, at: impl Fn(Date) -> Option<Timestamp>) -> Option<Date> {
    if at(date)? > begun { Some(date) } else { date.tomorrow().ok() }
}

fn every_days(
    first: Date,
    length: i64,
    after: Timestamp,
    at: impl Fn(Date) -> Option<Timestamp>,
    zone: &TimeZone,
) -> Option<Timestamp> {
    let seen = after.to_zoned(zone.clone()).date();
    let between = i64::from((seen - first).get_days());
    let mut steps = (between / length).max(0);
    loop {
        let due = at(first.checked_add((steps * length).days()).ok()?)?;
        if due > after {
            return Some(due);
        }
        steps += 1;
    }
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let every = |f: &mut fmt::Formatter<'_>, count: u32, unit: &str| match count {
            1 => write!(f, "every {unit}"),
            count => write!(f, "every {count} {unit}s"),
        };
        match &self.pace {
            Pace::Cron(cron) => write!(f, "{cron}")?,
            Pace::Hours(count) => every(f, *count, "hour")?,
            Pace::Days(count, time) => {
                every(f, *count, "day")?;
                write!(f, " at {}", clock(*time))?;
            }
            Pace::Weeks(count, weekday, time) => {
                every(f, *count, "week")?;
                if let Some(weekday) = weekday {
                    let name = Tongue::English.weekday(weekday.to_sunday_zero_offset().unsigned_abs());
                    write!(f, " on {name}")?;
                }
                write!(f, " at {}", clock(*time))?;
            }
            Pace::Months(count, day, time) => {
                every(f, *count, "month")?;
                write!(f, " on day {day} at {}", clock(*time))?;
            }
        }
        write!(f, " in {}", self.zone)
    }
}

impl From<Rule> for String {
    fn from(rule: Rule) -> Self {
        rule.to_string()
    }
}

impl TryFrom<String> for Rule {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

/// Why a text is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is longer than a rule may be.
    TooLong,
    /// It is neither an interval nor cron.
    Unreadable,
    /// What it names as its time zone is no name of one.
    NoZone,
    /// It is never due.
    Never,
    /// Two of its times are too near to each other.
    TooOften,
}

impl Unfit {
    /// The same in English.
    fn told(self) -> &'static str {
        match self {
            Self::TooLong => "it is longer than 200 bytes",
            Self::Unreadable => LOOKS_LIKE,
            Self::NoZone => "its time zone is no name such as `Europe/Zurich` or `UTC`",
            Self::Never => "it is never due",
            Self::TooOften => "two of its times are less than five minutes apart",
        }
    }
}

impl Rule {
    /// Reads a rule.
    ///
    /// # Errors
    /// Why it is none, for whoever tells it in the reader's words.
    pub fn read(text: &str) -> Result<Self, Unfit> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(Unfit::TooLong);
        }
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let (pace, zone) = match words.as_slice() {
            [first, rest @ ..] if first.eq_ignore_ascii_case("every") => {
                interval(rest).ok_or(Unfit::Unreadable)?
            }
            [fields @ .., "in", zone] => (cron(fields).ok_or(Unfit::Unreadable)?, *zone),
            fields => (cron(fields).ok_or(Unfit::Unreadable)?, "UTC"),
        };
        if !is_zone(zone) {
            return Err(Unfit::NoZone);
        }
        let rule = Self { pace, zone: zone.to_owned() };
        // By UTC, which has no jumps: every desk judges alike.
        let times = rule.times(&TimeZone::UTC, Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        if times.is_empty() {
            return Err(Unfit::Never);
        }
        if times.windows(2).any(|pair| pair[1].as_second() - pair[0].as_second() < PACE_S_MIN) {
            return Err(Unfit::TooOften);
        }
        Ok(rule)
    }
}

impl FromStr for Rule {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::read(text).map_err(|unfit| NameError {
            noun: "schedule",
            text: text.chars().take(80).collect(),
            rule: unfit.told(),
        })
    }
}

fn cron(fields: &[&str]) -> Option<Pace> {
    Cron::parse(&fields.join(" ")).ok().map(|cron| Pace::Cron(Box::new(cron)))
}

/// What follows `every`: `[N] UNIT [on DAY] [[at] HH:MM] [[in] ZONE]`.
fn interval<'a>(words: &[&'a str]) -> Option<(Pace, &'a str)> {
    let (count, words) = match words {
        [count, rest @ ..] if count.starts_with(|c: char| c.is_ascii_digit()) => {
            (count.parse::<u32>().ok()?, rest)
        }
        rest => (1, rest),
    };
    if count == 0 || count > COUNT_MAX {
        return None;
    }
    let [unit, words @ ..] = words else { return None };
    let (on, words) = match words {
        ["on", "day", day, rest @ ..] => (Some(On::Day(day.parse().ok()?)), rest),
        ["on", "the", "last", "day", rest @ ..] => (Some(On::Day(31)), rest),
        ["on", day, rest @ ..] => (Some(On::Weekday(weekday(day)?)), rest),
        rest => (None, rest),
    };
    let (time, words) = match words {
        ["at", time, rest @ ..] => (Some(time_of(time)?), rest),
        [time, rest @ ..] if time.starts_with(|c: char| c.is_ascii_digit()) => (Some(time_of(time)?), rest),
        rest => (None, rest),
    };
    let zone = match words {
        [] => "UTC",
        ["in", zone] => zone,
        [zone] if *zone != "in" => zone,
        _ => return None,
    };
    let pace = match (unit.trim_end_matches('s').to_ascii_lowercase().as_str(), on, time) {
        ("hour", None, None) => Pace::Hours(count),
        ("day", None, Some(time)) => Pace::Days(count, time),
        ("week", None, Some(time)) => Pace::Weeks(count, None, time),
        ("week", Some(On::Weekday(day)), Some(time)) => Pace::Weeks(count, Some(day), time),
        ("month", Some(On::Day(day @ 1..=31)), Some(time)) => Pace::Months(count, day, time),
        _ => return None,
    };
    Some((pace, zone))
}

enum On {
    Weekday(Weekday),
    Day(i8),
}

fn weekday(text: &str) -> Option<Weekday> {
    let text = text.trim_end_matches(',');
    (0..7u8)
        .find(|number| {
            let name = Tongue::English.weekday(*number);
            text.len() >= 3
                && name.to_ascii_lowercase().starts_with(&text.trim_end_matches('s').to_ascii_lowercase())
        })
        .and_then(|number| Weekday::from_sunday_zero_offset(i8::try_from(number).ok()?).ok())
}

fn time_of(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    if minute.len() != 2 {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn is_zone(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn rules_are_read_and_written() {
        let rows = [
            (
                "every 4 weeks on Monday 02:00 Europe/Zurich",
                "every 4 weeks on Monday at 02:00 in Europe/Zurich",
            ),
            ("every week on fri at 9:30 in UTC", "every week on Friday at 09:30 in UTC"),
            ("Every 2 days at 06:30", "every 2 days at 06:30 in UTC"),
            ("every month on the last day at 02:00 in UTC", "every month on day 31 at 02:00 in UTC"),
            ("every 6 hours", "every 6 hours in UTC"),
            ("0 2 * * 1/4 in Europe/Zurich", "0 2 * * 1/4 in Europe/Zurich"),
            ("@daily", "@daily in UTC"),
        ];
        for (text, written) in rows {
            let rule: Rule = text.parse().unwrap();
            assert_eq!(rule.to_string(), written, "{text}");
            assert_eq!(written.parse::<Rule>().unwrap(), rule, "{text}");
        }
        for bad in [
            "",
            "every",
            "every 0 days at 02:00",
            "every 2 fortnights at 02:00",
            "every day",
            "every month on day 32 at 02:00",
            "every week on Monday at 25:00",
            "every week on Monday at 02:00 in ../etc",
            "* * * * *",
            "*/4 * * * *",
            "0 0 30 2 *",
            "tomorrow",
        ] {
            assert!(bad.parse::<Rule>().is_err(), "{bad}");
        }
    }

    #[test]
    fn intervals_count_from_the_beginning_by_the_clocks_of_the_zone() {
        // A Thursday; in Zurich the clocks are set back on 25 October and forward on 28 March 2027.
        let begun = "2026-10-01T12:00:00Z";
        let rows: &[(&str, &[&str])] = &[
            (
                "every 4 weeks on Monday 02:00 Europe/Zurich",
                &[
                    "2026-10-05T00:00:00Z",
                    "2026-11-02T01:00:00Z",
                    "2026-11-30T01:00:00Z",
                    "2026-12-28T01:00:00Z",
                ],
            ),
            ("every 2 weeks at 15:00 in UTC", &["2026-10-01T15:00:00Z", "2026-10-15T15:00:00Z"]),
            ("every 2 weeks at 11:00 in UTC", &["2026-10-08T11:00:00Z", "2026-10-22T11:00:00Z"]),
            ("every 3 days at 06:00 in UTC", &["2026-10-02T06:00:00Z", "2026-10-05T06:00:00Z"]),
            (
                "every month on day 31 at 02:00 in UTC",
                &[
                    "2026-10-31T02:00:00Z",
                    "2026-11-30T02:00:00Z",
                    "2026-12-31T02:00:00Z",
                    "2027-01-31T02:00:00Z",
                ],
            ),
            ("every 6 hours", &["2026-10-01T18:00:00Z", "2026-10-02T00:00:00Z"]),
            ("0 2 * * 1 in Europe/Zurich", &["2026-10-05T00:00:00Z", "2026-10-12T00:00:00Z"]),
        ];
        for (text, wanted) in rows {
            let rule: Rule = text.parse().unwrap();
            let zone = TimeZone::get(rule.zone()).unwrap();
            let times = rule.times(&zone, moment(begun), moment(begun));
            let wanted: Vec<Timestamp> = wanted.iter().map(|text| moment(text)).collect();
            assert_eq!(times[..wanted.len()], wanted, "{text}");
            // From any moment between, the same times follow.
            assert_eq!(rule.next(&zone, moment(begun), wanted[0]), Some(wanted[1]), "{text}");
        }
    }

    #[test]
    fn missed_times_are_one_time() {
        let rule: Rule = "every day at 02:00 in UTC".parse().unwrap();
        let begun = moment("2026-10-01T12:00:00Z");
        let due = |after: &str, now: &str| rule.due(&TimeZone::UTC, begun, moment(after), moment(now));
        assert_eq!(due("2026-10-01T12:00:00Z", "2026-10-02T01:59:59Z"), None);
        assert_eq!(
            due("2026-10-01T12:00:00Z", "2026-10-02T02:00:00Z"),
            Some((moment("2026-10-02T02:00:00Z"), 0))
        );
        assert_eq!(
            due("2026-10-01T12:00:00Z", "2026-10-05T09:00:00Z"),
            Some((moment("2026-10-05T02:00:00Z"), 3))
        );
        assert_eq!(due("2026-10-05T02:00:00Z", "2026-10-05T09:00:00Z"), None);
    }

    #[test]
    fn told_in_two_languages_and_to_cloud_scheduler_where_cron_can_say_it() {
        let rows = [
            (
                "every 4 weeks on Monday 02:00 Europe/Zurich",
                "every 4 weeks on Monday, at 02:00 (Europe/Zurich)",
                "a cada 4 semanas, na segunda-feira, às 02:00 (Europe/Zurich)",
                None,
            ),
            (
                "every week on Sunday at 02:00",
                "every week on Sunday, at 02:00 (UTC)",
                "a cada semana, no domingo, às 02:00 (UTC)",
                Some("0 2 * * 0"),
            ),
            (
                "every month on day 1 at 06:30",
                "every month on day 1, at 06:30 (UTC)",
                "a cada mês, no dia 1, às 06:30 (UTC)",
                Some("30 6 1 * *"),
            ),
            ("every 6 hours", "every 6 hours (UTC)", "a cada 6 horas (UTC)", Some("0 */6 * * *")),
            (
                "0 2 * * 1/4",
                "at 02:00, on Mondays and Fridays (UTC)",
                "às 02:00, às segundas-feiras e às sextas-feiras (UTC)",
                Some("0 2 * * 1/4"),
            ),
        ];
        for (text, english, portuguese, cron) in rows {
            let rule: Rule = text.parse().unwrap();
            assert_eq!(rule.words(Tongue::English), english);
            assert_eq!(rule.words(Tongue::Portuguese), portuguese);
            assert_eq!(rule.as_cron().as_deref(), cron, "{text}");
        }
        let four_weeks: Rule = "0 2 * * 1/4".parse().unwrap();
        assert!(four_weeks.surprises(Tongue::English)[0].contains("not weeks"));
    }
}
