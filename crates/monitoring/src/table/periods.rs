//! Which files make which period: by their names, or by a time column.

use super::Source;
use crate::error::Error;
use crate::options::Cadence;
use crate::report::Remark;
use jiff::civil::{Date, DateTime};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Folders nested deeper than this are not part of a Parquet table.
const DEPTH_MAX: usize = 8;
/// More periods than this in one report mean the wrong time column or cadence.
pub(super) const PERIODS_MAX: usize = 2_000;

/// The Parquet part files under a folder, by path; names that start with `_` or `.` are bookkeeping.
pub(super) fn part_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    collect(folder, 0, &mut files)?;
    files.retain(|f| f.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet")));
    files.sort();
    if files.is_empty() {
        return Err(Error::no_data(folder, Remark::plain("no-data-no-parquet", "no `.parquet` file in it")));
    }
    Ok(files)
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let unreadable = |source| Error::Unreadable { path: folder.to_owned(), source };
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with(['_', '.']) {
            continue;
        }
        if path.is_dir() {
            if depth < DEPTH_MAX {
                collect(&path, depth + 1, files)?;
            }
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// A name of the form `PREFIX_<sequence>_<label>[_<model>_champion|challenger]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SeriesName {
    pub(crate) prefix: String,
    pub(crate) sequence: u64,
    pub(crate) label: String,
}

impl SeriesName {
    pub(crate) fn parse(stem: &str) -> Option<Self> {
        let parts: Vec<&str> = stem.split('_').collect();
        let at = (1..parts.len().saturating_sub(1))
            .find(|&i| !parts[i].is_empty() && parts[i].bytes().all(|b| b.is_ascii_digit()))?;
        let mut rest = &parts[at + 1..];
        if let [label @ .., _, "champion" | "challenger"] = rest
            && !label.is_empty()
        {
            rest = label;
        }
        let label = rest.join("_");
        let sequence = parts[at].parse().ok()?;
        (!label.is_empty()).then(|| Self { prefix: parts[..at].join("_"), sequence, label })
    }
}

/// One period's file or folder, and what to call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) label: String,
}

/// The place of a file in its series, if its name says one.
pub(crate) fn sequence_of(path: &Path) -> Option<u64> {
    SeriesName::parse(&stem(path)).map(|name| name.sequence)
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Expands the `--data` arguments: a folder whose files are named as a series is one period a file, in sequence; any
/// other folder is one period of part files.
pub(crate) fn places(data: &[PathBuf]) -> Result<Vec<Place>, Error> {
    let mut out = Vec::new();
    for path in data {
        let named = |path: &Path| Place {
            label: SeriesName::parse(&stem(path)).map_or_else(|| stem(path), |n| n.label),
            path: path.to_owned(),
        };
        if !path.is_dir() {
            out.push(named(path));
            continue;
        }
        let mut inside = Vec::new();
        let unreadable = |source| Error::Unreadable { path: path.clone(), source };
        for entry in std::fs::read_dir(path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?.path();
            let hidden = entry.file_name().is_some_and(|n| n.to_string_lossy().starts_with(['_', '.']));
            let data = entry.is_dir()
                || entry.extension().is_some_and(|e| {
                    ["csv", "tsv", "txt", "parquet"].iter().any(|kind| e.eq_ignore_ascii_case(kind))
                });
            if !hidden && data {
                inside.push(entry);
            }
        }
        let names: Option<Vec<(SeriesName, PathBuf)>> =
            inside.iter().map(|p| SeriesName::parse(&stem(p)).map(|n| (n, p.clone()))).collect();
        match names {
            Some(mut names)
                if !names.is_empty()
                    && names.iter().all(|(n, _)| n.prefix == names[0].0.prefix)
                    && (1..names.len())
                        .all(|i| !names[..i].iter().any(|o| o.0.sequence == names[i].0.sequence)) =>
            {
                names.sort_by_key(|(n, _)| n.sequence);
                out.extend(names.into_iter().map(|(n, path)| Place { path, label: n.label }));
            }
            _ => {
                let csv: Vec<_> = inside
                    .iter()
                    .filter(|p| {
                        p.is_file() && !p.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"))
                    })
                    .collect();
                if !csv.is_empty() && csv.len() == inside.len() {
                    let text =
                        "CSV files that are not named `PREFIX_<sequence>_<label>`, so their order is unknown";
                    return Err(Error::no_data(path, Remark::plain("no-data-no-order", text)));
                }
                out.push(named(path));
            }
        }
    }
    let labels = labelled(&out.iter().map(|place| place.path.clone()).collect::<Vec<_>>());
    for (place, label) in out.iter_mut().zip(labels) {
        place.label = label;
    }
    Ok(out)
}

/// What the periods of these files are called. Two files may carry the same label; then the longer name tells them apart.
pub(crate) fn labelled(paths: &[PathBuf]) -> Vec<String> {
    let short = |path: &PathBuf| SeriesName::parse(&stem(path)).map_or_else(|| stem(path), |n| n.label);
    let labels: Vec<String> = paths.iter().map(short).collect();
    let mut out = labels.clone();
    for (i, path) in paths.iter().enumerate() {
        if labels.iter().filter(|l| **l == labels[i]).count() > 1 {
            let earlier = labels[..i].iter().filter(|l| **l == labels[i]).count();
            let long = stem(path);
            out[i] = if long == labels[i] || labels.contains(&long) {
                format!("{long} ({})", earlier + 1)
            } else {
                long
            };
        }
    }
    out
}

/// The periods of a report, in their order.
pub(crate) struct Series {
    pub(crate) labels: Vec<String>,
    pub(crate) sources: Vec<Arc<Source>>,
}

impl Series {
    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }
}

pub(super) fn date_of_days(days: f64) -> Option<Date> {
    let whole = days.floor();
    if whole.abs() > 4_000_000.0 {
        return None;
    }
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(whole as i64).ok()?).ok()
}

/// Numbers that read as a calendar: 20260131, 202601 or 2026.
pub(super) fn date_of_number(number: f64) -> Option<Date> {
    if number.fract() != 0.0 || !(1000.0..1e8).contains(&number) {
        return None;
    }
    let n = number as i64;
    let (year, month, day) = match n {
        1_000..=9_999 => (n, 1, 1),
        100_000..=999_999 => (n / 100, n % 100, 1),
        10_000_000..=99_999_999 => (n / 10_000, n / 100 % 100, n % 100),
        _ => return None,
    };
    Date::new(year as i16, month as i8, day as i8).ok()
}

/// 2026-01-31 with or without a time and offset, 2026/01/31, 2026-01, 31JAN2026 with or without a time. Where day and month
/// could be taken for each other, nothing is guessed.
pub(super) fn date_of_text(text: &str) -> Option<Date> {
    let text = text.trim();
    if let [_, _, _, _, b'/', _, _, b'/', ..] = text.as_bytes() {
        return date_of_text(&text.replacen('/', "-", 2));
    }
    if let Ok(zoned) = text.parse::<jiff::Timestamp>() {
        return Some(zoned.to_zoned(jiff::tz::TimeZone::UTC).date());
    }
    if let Ok(at) = text.parse::<DateTime>() {
        return Some(at.date());
    }
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    if let Ok(date) = format!("{text}-01").parse::<Date>() {
        return Some(date);
    }
    let day = text.get(..9)?;
    Date::strptime("%d%b%Y", day).ok()
}

impl Cadence {
    /// First day of the period a day falls into.
    pub(super) fn start(self, date: Date) -> Date {
        match self {
            Self::Day => date,
            Self::Week => {
                let back = i64::from(date.weekday().to_monday_zero_offset());
                date.saturating_sub(jiff::Span::new().days(back))
            }
            Self::Month => date.first_of_month(),
            Self::Quarter => {
                let month = (date.month() - 1) / 3 * 3 + 1;
                Date::new(date.year(), month, 1).unwrap_or_else(|_| date.first_of_month())
            }
        }
    }

    pub(crate) fn label(self, start: Date) -> String {
        match self {
            Self::Day => start.to_string(),
            Self::Week => {
                let week = start.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Month => format!("{:04}-{:02}", start.year(), start.month()),
            Self::Quarter => format!("{:04}-Q{}", start.year(), (start.month() - 1) / 3 + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_series_give_sequence_and_label() {
        let rows = [
            ("HMEQPERF_1_Q1", Some(("HMEQPERF", 1, "Q1"))),
            ("PERF_12_DAY1", Some(("PERF", 12, "DAY1"))),
            ("A_B_3_2026_Q1", Some(("A_B", 3, "2026_Q1"))),
            ("PERF_2_Q2_77af_champion", Some(("PERF", 2, "Q2"))),
            ("part-00000", None),
            ("hmeq", None),
            ("X_1", None),
        ];
        for (stem, expected) in rows {
            let got = SeriesName::parse(stem);
            let expected = expected.map(|(prefix, sequence, label): (&str, u64, &str)| SeriesName {
                prefix: prefix.to_owned(),
                sequence,
                label: label.to_owned(),
            });
            assert_eq!(got, expected, "{stem}");
        }
    }

    #[test]
    fn dates_are_read_as_people_and_sas_write_them() {
        let day = Date::constant(2026, 1, 31);
        for text in [
            "2026-01-31",
            "2026-01-31T23:59:00",
            "2026-01-31 12:00:00",
            "31JAN2026",
            "2026-01-31T10:00:00Z",
            "2026/01/31",
            "2026/01/31 08:00:00",
        ] {
            assert_eq!(date_of_text(text), Some(day), "{text}");
        }
        assert_eq!(date_of_text("2026-01"), Some(Date::constant(2026, 1, 1)));
        assert_eq!(date_of_number(20_260_131.0), Some(day));
        assert_eq!(date_of_days(20_484.9), Some(day));
        for text in ["soon", "31/01/2026", "01/31/2026", "2026/31/01"] {
            assert_eq!(date_of_text(text), None, "{text}");
        }
    }

    #[test]
    fn periods_start_and_are_called_as_in_the_calendar() {
        let date = Date::constant(2026, 5, 14);
        let rows = [
            (Cadence::Day, "2026-05-14"),
            (Cadence::Week, "2026-W20"),
            (Cadence::Month, "2026-05"),
            (Cadence::Quarter, "2026-Q2"),
        ];
        for (cadence, label) in rows {
            assert_eq!(cadence.label(cadence.start(date)), label);
        }
    }
}
