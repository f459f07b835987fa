//! Rows split into periods by a time column, in one pass over every file: into memory while they are few, beyond that into
//! a temporary Parquet file, each of whose row groups holds rows of one period.

use super::parquet_files::{Copy, ParquetFiles};
use super::periods::{PERIODS_MAX, date_of_days, date_of_number, date_of_text};
use super::{Backing, Chunk, Column, Field, IN_MEMORY_BYTES, Interner, Kind, MISSING, Source};
use crate::error::Error;
use crate::options::TimeSplit;
use crate::report::Remark;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

/// What is held of the rows on their way: vectors that grow may take twice that.
const HELD_BYTES: u64 = IN_MEMORY_BYTES / 2;
/// Texts whose period is remembered.
const TEXTS_KEPT: usize = 65_536;

/// Periods out of files, in the order of time.
pub(crate) struct Periods {
    pub(crate) labels: Vec<String>,
    pub(crate) sources: Vec<Source>,
    /// Rows without a time.
    pub(crate) untimed: u64,
    /// Columns left out because a file lacks them: the file, and their names.
    pub(crate) lacking: Vec<(PathBuf, Vec<String>)>,
}

/// Which rows of which files a period is made of.
pub(super) struct Origin {
    files: Arc<Files>,
    start: Date,
}

struct Files {
    paths: Vec<PathBuf>,
    delimiter: Option<u8>,
    time: TimeSplit,
}

impl Origin {
    /// File and row (from 0) of a period's row. The times are read again: only an error asks for this.
    pub(super) fn of(&self, row: u64) -> Option<(PathBuf, u64)> {
        let Files { paths, delimiter, time } = &*self.files;
        let mut left = row;
        for path in paths {
            let source = Source::open(path, *delimiter).ok()?;
            let mut placer = Placer::new(time);
            let (mut at, mut found) = (0, None);
            let read = source.read(&time.column, false, &mut |chunk| {
                for i in 0..chunk.len() {
                    if placer.start(&source, chunk, i, at)? == Some(self.start) {
                        if left == 0 {
                            found = Some(at);
                            return Err(Error::Stopped);
                        }
                        left -= 1;
                    }
                    at += 1;
                }
                Ok(())
            });
            match (found, read) {
                (Some(at), _) => return Some((path.clone(), at)),
                (None, Ok(())) => {}
                (None, Err(_)) => return None,
            }
        }
        None
    }
}

/// First days of periods, of whatever says a time.
struct Placer<'a> {
    time: &'a TimeSplit,
    texts: HashMap<String, Option<Date>>,
    last: Option<(f64, Date)>,
}

impl<'a> Placer<'a> {
    fn new(time: &'a TimeSplit) -> Self {
        Self { time, texts: HashMap::new(), last: None }
    }

    /// The first day of the period of row `i` of a chunk, which is row `at` of the file; nothing where the time is missing.
    fn start(&mut self, source: &Source, chunk: Chunk<'_>, i: usize, at: u64) -> Result<Option<Date>, Error> {
        let refused = |found: &str| {
            let text = format!("`{found}` is not a date; write dates as 2026-01-31");
            source.cell_error(&self.time.column, at, Remark::new("cell-no-date", &[("text", &found)], text))
        };
        match chunk {
            Chunk::Numeric(days) => {
                let day = days[i];
                if day.is_nan() {
                    return Ok(None);
                }
                if let Some((last, start)) = self.last
                    && last == day
                {
                    return Ok(Some(start));
                }
                let temporal = source.field(&self.time.column).is_some_and(|f| f.temporal);
                let date = if temporal { date_of_days(day) } else { date_of_number(day) };
                let start = self.time.cadence.start(date.ok_or_else(|| refused(&day.to_string()))?);
                self.last = Some((day, start));
                Ok(Some(start))
            }
            Chunk::Text { codes, levels } => {
                if codes[i] == MISSING {
                    return Ok(None);
                }
                let text = &levels[codes[i] as usize];
                if let Some(known) = self.texts.get(text) {
                    return Ok(*known);
                }
                let start = self.time.cadence.start(date_of_text(text).ok_or_else(|| refused(text))?);
                if self.texts.len() >= TEXTS_KEPT {
                    self.texts.clear();
                }
                self.texts.insert(text.clone(), Some(start));
                Ok(Some(start))
            }
        }
    }
}

/// Splits files by a time column. `wanted` are the columns that will be read (all where none are named), `required` those
/// that every file must have.
pub(crate) fn by_time(
    sources: &[Source],
    time: &TimeSplit,
    wanted: Option<&[&str]>,
    required: &[&str],
    delimiter: Option<u8>,
) -> Result<Periods, Error> {
    by_time_within(sources, time, wanted, required, delimiter, HELD_BYTES)
}

fn by_time_within(
    sources: &[Source],
    time: &TimeSplit,
    wanted: Option<&[&str]>,
    required: &[&str],
    delimiter: Option<u8>,
    held_bytes_max: u64,
) -> Result<Periods, Error> {
    for source in sources {
        source.require(&time.column, "time")?;
        for name in required {
            source.require(name, "column")?;
        }
    }
    let (fields, lacking) = fields(sources, time, wanted);
    let mut split = Split::new(fields, held_bytes_max);
    let mut untimed = 0;
    for source in sources {
        let mut columns: Vec<(&str, bool)> = vec![(&time.column, false)];
        // The fields are borrowed from the split, which is written to meanwhile.
        let names: Vec<(String, bool)> =
            split.fields.iter().map(|f| (f.name.clone(), f.kind == Kind::Text)).collect();
        columns.extend(names.iter().map(|(name, text)| (name.as_str(), *text)));
        let mut placer = Placer::new(time);
        let mut row = 0;
        let mut places: Vec<Option<usize>> = Vec::new();
        source.read_together(&columns, &mut |chunks| {
            places.clear();
            for i in 0..chunks[0].len() {
                let start = placer.start(source, chunks[0], i, row)?;
                places.push(match start {
                    Some(start) => Some(split.place(start, time)?),
                    None => None,
                });
                untimed += u64::from(start.is_none());
                row += 1;
            }
            split.take(&places, &chunks[1..])
        })?;
    }
    let files =
        Files { paths: sources.iter().map(|s| s.path.clone()).collect(), delimiter, time: time.clone() };
    let (labels, sources) = split.finish(Arc::new(files))?;
    Ok(Periods { labels, sources, untimed, lacking })
}

/// The columns of all files that are wanted, as text where one of the files has texts; and what some files lack.
fn fields(
    sources: &[Source],
    time: &TimeSplit,
    wanted: Option<&[&str]>,
) -> (Vec<Field>, Vec<(PathBuf, Vec<String>)>) {
    let Some(first) = sources.first() else { return (Vec::new(), Vec::new()) };
    let is_wanted = |name: &str| name != time.column && wanted.is_none_or(|wanted| wanted.contains(&name));
    let mut all: Vec<Field> = Vec::new();
    for field in sources.iter().flat_map(|source| &source.fields).filter(|field| is_wanted(&field.name)) {
        match all.iter_mut().find(|known| known.name == field.name) {
            None => all.push(field.clone()),
            Some(known) => {
                if field.kind == Kind::Text {
                    known.kind = Kind::Text;
                }
                known.mixed = known.mixed.take().or_else(|| field.mixed.clone());
                known.temporal &= field.temporal;
            }
        }
    }
    let mut lacking = Vec::new();
    for source in sources {
        let names: Vec<String> =
            all.iter().filter(|f| source.field(&f.name).is_none()).map(|f| f.name.clone()).collect();
        if !names.is_empty() {
            lacking.push((source.path.clone(), names));
        }
    }
    all.retain(|field| sources.iter().all(|source| source.field(&field.name).is_some()));
    if all.is_empty() {
        // Rows are counted by something.
        all.extend(first.field(&time.column).cloned());
    }
    (all, lacking)
}

/// Rows on their way into periods.
struct Split {
    fields: Vec<Field>,
    /// Code of a period, by its first day, in order of appearance.
    starts: BTreeMap<Date, usize>,
    last: Option<(Date, usize)>,
    /// By period, by column.
    held: Vec<Vec<Held>>,
    interners: Vec<Interner>,
    held_bytes: u64,
    held_bytes_max: u64,
    spill: Option<Spill>,
}

enum Held {
    Numbers(Vec<f64>),
    Codes(Vec<u32>),
}

struct Spill {
    folder: tempfile::TempDir,
    copy: Copy,
    /// By period: its row groups.
    groups: Vec<Vec<usize>>,
    /// Row groups of all periods.
    groups_written: usize,
}

impl Split {
    fn new(fields: Vec<Field>, held_bytes_max: u64) -> Self {
        Self {
            interners: fields.iter().map(|_| Interner::default()).collect(),
            fields,
            starts: BTreeMap::new(),
            last: None,
            held: Vec::new(),
            held_bytes: 0,
            held_bytes_max,
            spill: None,
        }
    }

    fn place(&mut self, start: Date, time: &TimeSplit) -> Result<usize, Error> {
        if let Some((last, code)) = self.last
            && last == start
        {
            return Ok(code);
        }
        let next = self.starts.len();
        let code = match self.starts.get(&start) {
            Some(&code) => code,
            None if next >= PERIODS_MAX => {
                let column = &time.column;
                let text = format!(
                    "column `{column}` splits into more than {PERIODS_MAX} periods; choose a longer period"
                );
                let values: [(&str, &dyn std::fmt::Display); 2] = [("column", column), ("max", &PERIODS_MAX)];
                return Err(Error::usage("data-too-many-periods", &values, text));
            }
            None => {
                self.starts.insert(start, next);
                self.held.push(self.fields.iter().map(|f| Held::new(f.kind)).collect());
                next
            }
        };
        self.last = Some((start, code));
        Ok(code)
    }

    /// Takes rows: the period of each, and its columns.
    fn take(&mut self, places: &[Option<usize>], chunks: &[Chunk<'_>]) -> Result<(), Error> {
        // A file held in memory hands on all of its rows at once.
        const PIECE: usize = 16_384;
        let mut translated: Vec<Vec<u32>> = chunks.iter().map(|_| Vec::new()).collect();
        let mut from = 0;
        while from < places.len() {
            let rows = from..(from + PIECE).min(places.len());
            for (c, chunk) in chunks.iter().enumerate() {
                match *chunk {
                    Chunk::Numeric(values) => {
                        for (&value, place) in values[rows.clone()].iter().zip(&places[rows.clone()]) {
                            if let Some(place) = *place
                                && let Held::Numbers(out) = &mut self.held[place][c]
                            {
                                out.push(value);
                                self.held_bytes += 8;
                            }
                        }
                    }
                    Chunk::Text { codes, levels } => {
                        let known = &mut translated[c];
                        known.resize(levels.len(), MISSING);
                        for (&code, place) in codes[rows.clone()].iter().zip(&places[rows.clone()]) {
                            if let Some(place) = *place
                                && let Held::Codes(out) = &mut self.held[place][c]
                            {
                                if code != MISSING && known[code as usize] == MISSING {
                                    let level = &levels[code as usize];
                                    let before = self.interners[c].levels.len();
                                    known[code as usize] = self.interners[c].code(level);
                                    if self.interners[c].levels.len() > before {
                                        // The text is held twice, with what a map adds.
                                        self.held_bytes += 2 * level.len() as u64 + 128;
                                    }
                                }
                                out.push(if code == MISSING { MISSING } else { known[code as usize] });
                                self.held_bytes += 4;
                            }
                        }
                    }
                }
            }
            if self.held_bytes > self.held_bytes_max {
                self.flush()?;
                translated.iter_mut().for_each(Vec::clear);
            }
            from = rows.end;
        }
        Ok(())
    }

    /// Writes what is held, a row group a period.
    fn flush(&mut self) -> Result<(), Error> {
        if self.spill.is_none() {
            let scratch = std::env::temp_dir();
            let folder =
                tempfile::TempDir::new().map_err(|source| Error::Unreadable { path: scratch, source })?;
            let copy = Copy::new(folder.path().join("periods.parquet"), &self.fields)?;
            self.spill = Some(Spill { folder, copy, groups: Vec::new(), groups_written: 0 });
        }
        let Some(spill) = &mut self.spill else { return Ok(()) };
        spill.groups.resize(self.held.len(), Vec::new());
        for (columns, groups) in self.held.iter_mut().zip(&mut spill.groups) {
            let fresh = self.fields.iter().map(|f| Held::new(f.kind)).collect();
            let columns = std::mem::replace(columns, fresh);
            if columns.first().is_some_and(|column| column.len() > 0) {
                let chunks = columns.iter().zip(&self.interners);
                spill.copy.write(chunks.map(|(column, interner)| column.chunk(&interner.levels)))?;
                let written = spill.copy.end_group()?;
                groups.extend(spill.groups_written..written);
                spill.groups_written = written;
            }
        }
        self.interners = self.fields.iter().map(|_| Interner::default()).collect();
        self.held_bytes = 0;
        Ok(())
    }

    /// Labels and periods, in the order of time.
    fn finish(mut self, files: Arc<Files>) -> Result<(Vec<String>, Vec<Source>), Error> {
        if self.spill.is_some() {
            self.flush()?;
        }
        let spilled = match self.spill {
            None => None,
            Some(Spill { folder, copy, groups, .. }) => Some((copy.close()?, groups, Arc::new(folder))),
        };
        let path = files.paths.first().cloned().unwrap_or_default();
        let (mut labels, mut sources) = (Vec::new(), Vec::new());
        for (start, code) in self.starts {
            labels.push(files.time.cadence.label(start));
            let backing = match &spilled {
                Some((file, groups, folder)) => Backing::Spilled {
                    files: ParquetFiles::of_row_groups(file, groups[code].clone()),
                    _folder: Arc::clone(folder),
                },
                None => {
                    let columns: Vec<Column> = std::mem::take(&mut self.held[code])
                        .into_iter()
                        .zip(&self.interners)
                        .map(|(column, interner)| match column {
                            Held::Numbers(values) => Column::Numeric(values),
                            Held::Codes(codes) => Column::Text { codes, levels: interner.levels.clone() },
                        })
                        .collect();
                    let rows = columns.first().map_or(0, |column| column.chunk().len());
                    Backing::Memory { columns, rows }
                }
            };
            let origin = Some(Origin { files: Arc::clone(&files), start });
            sources.push(Source { path: path.clone(), fields: self.fields.clone(), backing, origin });
        }
        Ok((labels, sources))
    }
}

impl Held {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Numeric => Self::Numbers(Vec::new()),
            Kind::Text => Self::Codes(Vec::new()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Codes(codes) => codes.len(),
        }
    }

    fn chunk<'a>(&'a self, levels: &'a [String]) -> Chunk<'a> {
        match self {
            Self::Numbers(values) => Chunk::Numeric(values),
            Self::Codes(codes) => Chunk::Text { codes, levels },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Cadence;

    /// Rows of every period as text, and where the first and last of them come from.
    type Told = (String, Vec<String>, Vec<(PathBuf, u64)>);

    fn told(periods: &Periods) -> Vec<Told> {
        let labels = periods.labels.iter().zip(&periods.sources);
        labels
            .map(|(label, source)| {
                let mut rows = Vec::new();
                source
                    .read_together(&[("x", false), ("k", false)], &mut |chunks| {
                        let (Chunk::Numeric(x), Chunk::Text { codes, levels }) = (chunks[0], chunks[1])
                        else {
                            panic!("kinds")
                        };
                        let level = |code: u32| levels.get(code as usize).map_or("", String::as_str);
                        rows.extend(x.iter().zip(codes).map(|(x, &k)| format!("{x} {}", level(k))));
                        Ok(())
                    })
                    .unwrap();
                assert_eq!(source.rows(), rows.len() as u64);
                let origin = source.origin.as_ref().unwrap();
                let ends = [0, source.rows() - 1].map(|row| origin.of(row).unwrap());
                (label.clone(), rows, ends.to_vec())
            })
            .collect()
    }

    #[test]
    fn periods_that_memory_does_not_hold_are_those_that_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for file in 0..2u32 {
            let path = folder.path().join(format!("{file}.csv"));
            let mut text = "at,k,x\n".to_owned();
            for row in 0..20_000u32 {
                // Out of order, over three months, every 50th without a time; an identifier among the columns.
                let at = match row % 50 {
                    49 => String::new(),
                    other => format!("2026-{:02}-01", 1 + (other + file) % 3),
                };
                text += &format!("{at},id{row},{}\n", f64::from(row) / 8.0);
            }
            std::fs::write(&path, text).unwrap();
            files.push(path);
        }
        let sources: Vec<Source> = files.iter().map(|path| Source::open(path, None).unwrap()).collect();
        let time = TimeSplit { column: "at".to_owned(), cadence: Cadence::Month };
        let split = |bytes| by_time_within(&sources, &time, None, &["x"], None, bytes).unwrap();
        let held = split(u64::MAX);
        assert!(held.sources.iter().all(|source| matches!(source.backing, Backing::Memory { .. })));
        assert_eq!((held.labels.join(" "), held.untimed), ("2026-01 2026-02 2026-03".to_owned(), 800));
        // Row 3 of the first file is the second of January.
        let first = &told(&held)[0];
        assert_eq!((first.1[1].as_str(), &first.2[0]), ("0.375 id3", &(files[0].clone(), 0)));
        for bytes in [400_000, 0] {
            let spilled = split(bytes);
            assert!(spilled.sources.iter().all(|source| matches!(source.backing, Backing::Spilled { .. })));
            assert!(told(&spilled) == told(&held), "with {bytes} bytes");
        }
    }

    #[test]
    fn a_column_that_some_files_lack_is_left_out_or_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            Source::open(&path, None).unwrap()
        };
        let sources =
            [file("a.csv", "at,x,old\n2026-01-01,1,2\n"), file("b.csv", "at,x,new\n2026-02-01,1,2\n")];
        let time = TimeSplit { column: "at".to_owned(), cadence: Cadence::Month };
        let periods = by_time(&sources, &time, None, &["x"], None).unwrap();
        assert_eq!(periods.sources[0].fields.len(), 1);
        let lacking: Vec<&str> = periods.lacking.iter().map(|(_, names)| names[0].as_str()).collect();
        assert_eq!(lacking, ["new", "old"]);
        let refused = by_time(&sources, &time, None, &["old"], None).err().unwrap().to_string();
        assert!(refused.contains("b.csv") && refused.contains("`old`"), "{refused}");
    }
}
