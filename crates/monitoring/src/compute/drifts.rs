//! Drift of all variables, a column at a time, several columns side by side; and the causes of decay.

use super::leaps;
use super::outcomes::target;
use super::{Data, enough, in_parallel};
use crate::cause::{self, Baseline};
use crate::drift::{
    CategoricalDrift, Described, Levels, NumericDrift, VariableDrift, compare_levels, summarise,
};
use crate::error::Error;
use crate::options::Options;
use crate::report::{Remark, Report, Scoring};
use crate::sorted::{Room, key};
use crate::table::{Chunk, Kind, MISSING, Mixed, Source, has_decimal_comma, number_text};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// A text column with more levels than this is an identifier, not a variable.
const LEVELS_MAX: usize = 1_000;
/// Texts of so few levels are no identifier, however few rows there are.
const LEVELS_FEW: u64 = 10;

/// Whether so many levels in so many rows with a value are those of an identifier: half of the rows have one of their own, as it
/// were.
pub(super) fn hardly_repeats(levels: u64, rows: u64) -> bool {
    levels > LEVELS_FEW && 2 * levels > rows
}

/// Columns whose drift is asked for.
fn inputs(options: &Options, data: &Data, warnings: &mut Vec<Remark>) -> Result<Vec<String>, Error> {
    let baseline = data.baseline_source();
    if let Some(inputs) = &options.inputs {
        for name in inputs {
            baseline.require(name, "input")?;
        }
        return Ok(inputs.clone());
    }
    let taken = |name: &str| {
        [&options.target, &options.score, &options.weight].iter().any(|o| o.as_deref() == Some(name))
            || options.time.as_ref().is_some_and(|t| t.column == name)
    };
    let names: Vec<String> = baseline.fields.iter().map(|f| f.name.clone()).filter(|n| !taken(n)).collect();
    for (label, source) in data.series.labels.iter().zip(&data.series.sources) {
        let new: Vec<&str> = source
            .fields
            .iter()
            .map(|f| f.name.as_str())
            .filter(|n| !taken(n) && baseline.field(n).is_none())
            .collect();
        if !new.is_empty() {
            let new = new.join(", ");
            warnings.push(Remark::new(
                "warning-new-columns",
                &[("period", label), ("columns", &new)],
                format!("`{label}` has columns the baseline does not have: {new}; their drift is undefined"),
            ));
        }
    }
    Ok(names)
}

/// Fills the drift of all periods.
pub(super) fn fill(options: &Options, data: &Data, report: &mut Report) -> Result<(), Error> {
    let mut told = Vec::new();
    let names = inputs(options, data, &mut told)?;
    let mut jobs: Vec<&str> = names.iter().map(String::as_str).collect();
    if let Some(score) = &options.score {
        if data.baseline_source().field(score).is_some() {
            jobs.push(score);
        } else {
            let text = format!("the baseline has no score `{score}`: score stability is undefined");
            told.push(Remark::new("warning-score-unstable", &[("column", score)], text));
        }
    }
    let drifts = in_parallel(&data.watch, jobs.len(), |i| variable(data, jobs[i], options.column_rows_max))?;
    for (name, (drifts, warnings)) in jobs.iter().zip(drifts) {
        told.extend(warnings);
        for (period, drift) in report.periods.iter_mut().zip(drifts) {
            match drift {
                Some(drift) if Some(*name) == options.score.as_deref() => period.drift.score = Some(drift),
                Some(drift) => period.drift.variables.push(*name, drift),
                None => told.push(Remark::new(
                    "warning-no-column",
                    &[("period", &period.label), ("column", name)],
                    format!("`{}` has no column `{name}`: its drift is undefined", period.label),
                )),
            }
        }
    }
    report.warn(told);
    for period in &mut report.periods {
        summarise(&mut period.drift);
    }
    Ok(())
}

/// A level as it is compared: where some periods hold numbers, a text that is one is spelled as they are.
fn spelled(level: &str, beside_numbers: bool) -> Cow<'_, str> {
    match level.parse::<f64>() {
        Ok(number) if beside_numbers && !number.is_nan() => Cow::Owned(number_text(number)),
        _ => Cow::Borrowed(level),
    }
}

/// One side of a comparison of texts: `None` for an identifier.
fn levels(source: &Source, name: &str, beside_numbers: bool) -> Result<Option<Levels>, Error> {
    let mut counts: HashMap<String, u64> = HashMap::new();
    let mut out = Levels::default();
    let mut of_codes: Vec<u64> = Vec::new();
    enough(source.read(name, true, &mut |chunk| {
        let Chunk::Text { codes, levels } = chunk else { return Ok(()) };
        of_codes.clear();
        of_codes.resize(levels.len(), 0);
        for &code in codes {
            if code == MISSING { out.missing += 1 } else { of_codes[code as usize] += 1 }
        }
        for (level, &count) in levels.iter().zip(&of_codes).filter(|(_, count)| **count > 0) {
            let level = spelled(level, beside_numbers);
            match counts.get_mut(&*level) {
                Some(known) => *known += count,
                None => {
                    counts.insert(level.into_owned(), count);
                }
            }
        }
        if counts.len() > LEVELS_MAX { Err(Error::Stopped) } else { Ok(()) }
    }))?;
    if counts.len() > LEVELS_MAX {
        return Ok(None);
    }
    out.counts = counts.into_iter().collect::<BTreeMap<_, _>>();
    Ok(Some(out))
}

/// What a variable holds, over all periods.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Numbers,
    Texts,
    /// Numbers in some periods, texts in others.
    Both,
}

/// What a variable is told by: it is numeric only if it is so wherever it occurs.
fn holds(data: &Data, name: &str, warnings: &mut Vec<Remark>) -> Holds {
    let mut text = false;
    let mut number = false;
    let mut told = Vec::new();
    for source in data.series.sources.iter().map(|s| &**s).chain(data.reference.as_deref()) {
        let Some(field) = source.field(name) else { continue };
        // Periods split from one file share its first text.
        if let Some(Mixed { path, row, text: found }) = &field.mixed
            && !told.contains(&(path, row))
        {
            told.push((path, row));
            let (id, why) = if has_decimal_comma(found) {
                (
                    "warning-decimal-comma",
                    "has a decimal comma and is read as a text; write decimals with a point",
                )
            } else {
                ("warning-mixed", "is not a number, though other rows are")
            };
            let file = path.display();
            // A report is kept for good and holds aggregates: where the cell is, and not what it says.
            warnings.push(Remark::new(
                id,
                &[("file", &file), ("column", &name), ("row", row)],
                format!(
                    "`{file}`, column `{name}`, row {row}: the cell {why}; the column is treated as categorical"
                ),
            ));
        }
        text |= field.kind == Kind::Text;
        number |= field.kind == Kind::Numeric;
    }
    if text && number && warnings.is_empty() {
        warnings.push(Remark::new(
            "warning-kinds",
            &[("column", &name)],
            format!(
                "column `{name}` holds numbers in some periods and texts in others; it is treated as categorical"
            ),
        ));
    }
    match (text, number) {
        (true, true) => Holds::Both,
        (true, false) => Holds::Texts,
        (false, _) => Holds::Numbers,
    }
}

type OfPeriods = (Vec<Option<VariableDrift>>, Vec<Remark>);

fn variable(data: &Data, name: &str, rows_max: u64) -> Result<OfPeriods, Error> {
    let mut warnings = Vec::new();
    let baseline: &Source = data.baseline_source();
    let drifts = match holds(data, name, &mut warnings) {
        Holds::Numbers => numeric(data, name, baseline, rows_max)?,
        holds => categorical(data, name, baseline, holds == Holds::Both, &mut warnings)?,
    };
    Ok((drifts, warnings))
}

fn categorical(
    data: &Data,
    name: &str,
    baseline: &Source,
    beside_numbers: bool,
    warnings: &mut Vec<Remark>,
) -> Result<Vec<Option<VariableDrift>>, Error> {
    let reference = levels(baseline, name, beside_numbers)?;
    let mut out = Vec::with_capacity(data.series.len());
    let mut unknown: Vec<String> = Vec::new();
    for (label, source) in data.series.labels.iter().zip(&data.series.sources) {
        if source.field(name).is_none() {
            out.push(None);
            continue;
        }
        let is_baseline = std::ptr::eq(baseline, &**source);
        let current = if is_baseline { reference.clone() } else { levels(source, name, beside_numbers)? };
        let both = reference.as_ref().zip(current.as_ref());
        if let Some((found, rows)) = both.and_then(|(r, c)| identifies(r, (!is_baseline).then_some(c))) {
            let text = format!("{found} levels in {rows} rows: an identifier, not a variable");
            let values: [(&str, &dyn std::fmt::Display); 2] = [("levels", &found), ("rows", &rows)];
            let mut drift = VariableDrift::Categorical(CategoricalDrift::default());
            drift.because(Remark::new("undefined-hardly-repeats", &values, text));
            out.push(Some(drift));
            // The last period's count is the whole story.
            let warning = Remark::new(
                "warning-hardly-repeats",
                &[("column", &name), ("levels", &found), ("rows", &rows)],
                format!(
                    "column `{name}` has {found} levels in {rows} rows: it looks like an identifier, and its drift is undefined"
                ),
            );
            warnings.retain(|it| it.said.id != warning.said.id);
            warnings.push(warning);
            continue;
        }
        let drift = both.map(|(r, c)| compare_levels(r, c));
        let drift = drift.filter(|drift| drift.levels.len() <= LEVELS_MAX).unwrap_or_else(|| {
            warnings.push(Remark::new(
                "warning-identifier",
                &[("column", &name), ("levels", &LEVELS_MAX), ("period", label)],
                format!(
                    "column `{name}` has more than {LEVELS_MAX} levels in `{label}`: it looks like an identifier, and its drift is undefined"
                ),
            ));
            CategoricalDrift::default()
        });
        if drift.unknown_levels > 0 {
            unknown.push(format!("{label} ({})", drift.unknown_levels));
        }
        let is_identifier = drift.levels.is_empty();
        let mut drift = VariableDrift::Categorical(drift);
        match (is_identifier, &reference, &current) {
            (true, Some(reference), Some(current)) if reference.rows() == 0 || current.rows() == 0 => {
                drift.because(Remark::new("undefined-no-rows-here", &[], "there are no rows".to_owned()));
            }
            (true, ..) => drift.because(Remark::new(
                "undefined-identifier",
                &[("levels", &LEVELS_MAX)],
                format!("more than {LEVELS_MAX} levels: an identifier, not a variable"),
            )),
            _ => {}
        }
        out.push(Some(drift));
    }
    if !unknown.is_empty() {
        let found = unknown.join(", ");
        warnings.push(Remark::new(
            "warning-unknown-levels",
            &[("column", &name), ("found", &found)],
            format!("column `{name}` holds levels that the baseline does not know: {found}"),
        ));
    }
    Ok(out)
}

/// Levels and rows of both sides together, where they are those of an identifier; of the baseline alone where it is the period.
fn identifies(reference: &Levels, current: Option<&Levels>) -> Option<(u64, u64)> {
    let new = current.map_or(0, |it| it.counts.keys().filter(|l| !reference.counts.contains_key(*l)).count());
    let levels = (reference.counts.len() + new) as u64;
    let rows = std::iter::once(reference).chain(current).flat_map(|it| it.counts.values()).sum();
    hardly_repeats(levels, rows).then_some((levels, rows))
}

fn numeric(
    data: &Data,
    name: &str,
    baseline: &Source,
    rows_max: u64,
) -> Result<Vec<Option<VariableDrift>>, Error> {
    let mut reference: Option<Column<'_>> = None;
    let mut out = Vec::with_capacity(data.series.len());
    for source in &data.series.sources {
        let drift = match source.field(name) {
            Some(_) => {
                let drift = compare(&mut reference, (baseline, &**source), name, rows_max)?;
                let why = why_undefined(&drift);
                let mut drift = VariableDrift::Numeric(drift);
                if let Some(why) = why {
                    drift.because(why);
                }
                Some(drift)
            }
            None => None,
        };
        out.push(drift);
    }
    Ok(out)
}

/// Why a number's statistics are null.
fn why_undefined(drift: &NumericDrift) -> Option<Remark> {
    let plain = |id: &str, text: &str| Some(Remark::new(id, &[], text.to_owned()));
    match drift {
        it if it.missing_ref.is_none() || it.missing_cur.is_none() => {
            plain("undefined-no-rows-here", "there are no rows")
        }
        it if it.missing_ref == Some(1.0) => {
            plain("undefined-baseline-empty", "the baseline has no value here")
        }
        it if it.missing_cur == Some(1.0) => plain("undefined-period-empty", "the period has no value here"),
        it if it.ks_statistic.is_none() => {
            plain("undefined-too-many-pairs", "more pairs of rows than are counted")
        }
        it if it.wasserstein.is_none() => plain("undefined-infinite", "infinite values are at no distance"),
        it if it.wasserstein_over_ref_sd.is_none() => plain(
            "undefined-constant-baseline",
            "the baseline has one value only, so its standard deviation is 0",
        ),
        _ => None,
    }
}

/// A numeric column: described, and held where it fits; else it is read again as often as it is asked for.
struct Column<'a> {
    source: &'a Source,
    name: &'a str,
    held: Option<Room>,
    described: Described,
}

impl<'a> Column<'a> {
    fn read(source: &'a Source, name: &'a str, is_held: bool) -> Result<Self, Error> {
        let mut described = Described::new(source.rows());
        let mut held = is_held.then(|| Room::new(source.rows() as usize));
        each_part(source, name, |values, missing| {
            described.missing(missing);
            described.take(values);
            if let Some(held) = &mut held {
                held.extend(values.iter().map(|&v| key(v)));
            }
        })?;
        Ok(Self { source, name, held, described })
    }

    /// The keys of its values, part by part.
    fn each(&self, each: &mut dyn FnMut(&[u64])) -> Result<(), Error> {
        let Some(held) = &self.held else {
            // A file that changes while it is read is told of when all is done; until then nothing leaves the range.
            let (low, high) = self.described.keys;
            let mut keys = Vec::new();
            return each_part(self.source, self.name, |values, _| {
                keys.clear();
                keys.extend(values.iter().map(|&v| key(v)).filter(|k| (low..=high).contains(k)));
                each(&keys);
            });
        };
        each(held);
        Ok(())
    }
}

/// Compares a column of a period with the baseline's, which is read once if both fit.
fn compare<'a>(
    reference: &mut Option<Column<'a>>,
    (baseline, source): (&'a Source, &'a Source),
    name: &'a str,
    rows_max: u64,
) -> Result<NumericDrift, Error> {
    let fits = baseline.rows().max(source.rows()) <= rows_max;
    let reference = match reference {
        Some(column) if column.held.is_some() || !fits => column,
        _ => reference.insert(Column::read(baseline, name, fits)?),
    };
    let of_period = match std::ptr::eq(baseline, source) {
        true => None,
        false => Some(Column::read(source, name, fits)?),
    };
    let current = of_period.as_ref().unwrap_or(reference);
    let samples = |each: &mut dyn FnMut(usize, &[u64])| {
        reference.each(&mut |keys| each(0, keys))?;
        current.each(&mut |keys| each(1, keys))
    };
    leaps::compare(&samples, [&reference.described, &current.described], rows_max)
}

/// Reads a column, part by part: the values of a part, and how many are missing.
fn each_part(source: &Source, name: &str, mut each: impl FnMut(&[f64], u64)) -> Result<(), Error> {
    let mut present = Vec::new();
    source.read(name, false, &mut |chunk| {
        match chunk {
            Chunk::Numeric(values) => {
                let missing = values.iter().filter(|v| v.is_nan()).count();
                if missing == 0 {
                    each(values, 0);
                } else {
                    present.clear();
                    present.extend(values.iter().copied().filter(|v| !v.is_nan()));
                    each(&present, missing as u64);
                }
            }
            // A column without a single value may be stored as text.
            Chunk::Text { codes, .. } => each(&[], codes.len() as u64),
        }
        Ok(())
    })
}

/// Splits the loss of every period against the baseline into changed mix and changed relation.
pub(super) fn fill_causes(options: &Options, data: &Data, report: &mut Report) -> Result<(), Error> {
    let (Some(Scoring::Binary(baseline)), Some(score), Some(target_name)) =
        (&report.reference.performance, &options.score, &options.target)
    else {
        return Ok(());
    };
    let Some(gini_baseline) = baseline.exact.gini else { return Ok(()) };
    let lossy: Vec<usize> = (0..report.periods.len())
        .filter(|&i| {
            let decay = report.decay.get(&report.periods[i].label);
            decay.and_then(|d| d.gini_decay).is_some_and(|d| d.abs() > 0.01)
        })
        .collect();
    if lossy.is_empty() {
        return Ok(());
    }
    // Margins: the score, and the inputs that moved most in any of these periods.
    let mut moved: Vec<(f64, &str)> = Vec::new();
    for &i in &lossy {
        for (name, drift) in report.periods[i].drift.variables.iter() {
            let psi = drift.psi().unwrap_or(0.0);
            if psi >= cause::PSI_MIN {
                match moved.iter_mut().find(|m| m.1 == name) {
                    Some(entry) => entry.0 = entry.0.max(psi),
                    None => moved.push((psi, name)),
                }
            }
        }
    }
    moved.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut margins: Vec<&str> = vec![score];
    margins.extend(moved.iter().take(cause::INPUTS_MAX).map(|m| m.1));
    let Some(baseline) = baseline_rows(options, data, report, target_name, score, &margins)? else {
        return Ok(());
    };
    let margins: Vec<String> = margins.into_iter().map(str::to_owned).collect();
    for i in lossy {
        let period = &report.periods[i];
        let Some(gini_period) = report.number(i, "gini") else { continue };
        let wanted: Vec<(usize, Vec<f64>)> = margins
            .iter()
            .enumerate()
            .filter_map(|(m, name)| {
                let drift = if name == score {
                    period.drift.score.as_ref()
                } else {
                    period.drift.variables.get(name)
                };
                Some((m, shares(drift?)?))
            })
            .collect();
        let cause = cause::split(&baseline, &wanted, gini_baseline, gini_period);
        let label = period.label.clone();
        if let Some((_, decay)) = report.decay.0.iter_mut().find(|(l, _)| *l == label) {
            decay.cause = Some(cause);
        }
    }
    Ok(())
}

/// Shares of the period by bin; a level of the baseline's own order plus one bin for everything new.
fn shares(drift: &VariableDrift) -> Option<Vec<f64>> {
    let (reference, current): (&[u64], &[u64]) = match drift {
        VariableDrift::Numeric(d) => (&d.ref_counts, &d.cur_counts),
        VariableDrift::Categorical(d) => (&d.ref_counts, &d.cur_counts),
    };
    let total = current.iter().sum::<u64>() as f64;
    let mut out: Vec<f64> = Vec::with_capacity(reference.len() + 2);
    match drift {
        VariableDrift::Numeric(d) => {
            out.extend(current.iter().map(|&c| c as f64 / total));
            if !d.missing_bin {
                out.push(0.0);
            }
        }
        VariableDrift::Categorical(_) => {
            // Levels are coded by their place among those the baseline has.
            let mut new = 0.0;
            for (&r, &c) in reference.iter().zip(current) {
                if r > 0 { out.push(c as f64 / total) } else { new += c as f64 / total }
            }
            out.push(new);
        }
    }
    (total > 0.0).then_some(out)
}

/// A row of the baseline that stands for its neighbours.
struct Pick {
    row: u64,
    score: f64,
    event: bool,
}

/// The baseline's rows (every k-th), in order of the score, coded by the bins the drift report uses.
fn baseline_rows(
    options: &Options,
    data: &Data,
    report: &Report,
    target_name: &str,
    score: &str,
    margins: &[&str],
) -> Result<Option<Baseline>, Error> {
    let Some(target) = target(options, data)? else { return Ok(None) };
    let source = data.baseline_source();
    let mut usable = 0u64;
    each_usable(source, &target, (score, target_name), |_| usable += 1)?;
    let step = usable.div_ceil(cause::ROWS_MAX as u64).max(1);
    let mut picks: Vec<Pick> = Vec::with_capacity((usable / step) as usize + 1);
    let mut number = 0;
    each_usable(source, &target, (score, target_name), |pick| {
        if number % step == 0 {
            picks.push(pick);
        }
        number += 1;
    })?;
    let mut order: Vec<usize> = (0..picks.len()).collect();
    order.sort_by(|&a, &b| picks[a].score.total_cmp(&picks[b].score));
    let mut coded = Vec::with_capacity(margins.len());
    for &name in margins {
        let drift = |p: &crate::report::PeriodReport| {
            if name == score { p.drift.score.clone() } else { p.drift.variables.get(name).cloned() }
        };
        let Some(sample) = report.periods.iter().find_map(drift) else { continue };
        let codes = codes(source, name, &sample, &picks)?;
        coded.push((name.to_owned(), order.iter().map(|&i| codes[i]).collect()));
    }
    if coded.len() != margins.len() {
        return Ok(None);
    }
    Ok(Some(Baseline {
        scores: order.iter().map(|&i| picks[i].score).collect(),
        events: order.iter().map(|&i| picks[i].event).collect(),
        margins: coded,
    }))
}

/// Rows with a score and an outcome.
fn each_usable(
    source: &Source,
    target: &super::outcomes::Target,
    (score, target_name): (&str, &str),
    mut each: impl FnMut(Pick),
) -> Result<(), Error> {
    let mut at = 0;
    source.read_together(&[(score, false), (target_name, false)], &mut |chunks| {
        if let (Chunk::Numeric(scores), outcomes) = (chunks[0], target.events(chunks[1])) {
            for (i, (&score, event)) in scores.iter().zip(outcomes).enumerate() {
                if let Some(event) = event.filter(|_| !score.is_nan()) {
                    each(Pick { row: at + i as u64, score, event });
                }
            }
        }
        at += chunks[0].len() as u64;
        Ok(())
    })
}

/// The bin of each picked row.
fn codes(source: &Source, name: &str, drift: &VariableDrift, picks: &[Pick]) -> Result<Vec<u32>, Error> {
    let mut out = Vec::with_capacity(picks.len());
    let mut left = picks.iter().map(|pick| pick.row).peekable();
    let mut at = 0;
    let as_text = matches!(drift, VariableDrift::Categorical(_));
    source.read(name, as_text, &mut |chunk| {
        let here = at..at + chunk.len() as u64;
        let mut rows = std::iter::from_fn(|| left.next_if(|row| here.contains(row)))
            .map(|row| (row - here.start) as usize);
        match (chunk, drift) {
            (Chunk::Numeric(values), VariableDrift::Numeric(d)) => {
                let bins = d.edges.len() + 1;
                out.extend(rows.map(|row| {
                    let v = values[row];
                    if v.is_nan() { bins as u32 } else { d.edges.partition_point(|&e| e < v) as u32 }
                }));
            }
            (Chunk::Text { codes, levels }, VariableDrift::Categorical(d)) => {
                // Levels are coded by their place among those the baseline has.
                let beside_numbers = source.field(name).is_some_and(|f| f.kind == Kind::Text);
                let known: Vec<&str> = d
                    .levels
                    .iter()
                    .zip(&d.ref_counts)
                    .filter(|(_, c)| **c > 0)
                    .map(|(l, _)| l.as_str())
                    .collect();
                let place =
                    |level: &str| known.iter().position(|k| *k == level).unwrap_or(known.len()) as u32;
                let translated: Vec<u32> = levels
                    .iter()
                    .map(|level| match known.contains(&level.as_str()) {
                        true => place(level),
                        false => place(&spelled(level, beside_numbers)),
                    })
                    .collect();
                let missing = place(crate::drift::MISSING_LEVEL);
                out.extend(rows.map(|row| match codes[row] {
                    MISSING => missing,
                    code => translated[code as usize],
                }));
            }
            // A column without a single value may be stored as text.
            (_, VariableDrift::Numeric(d)) => out.extend(rows.map(|_| d.edges.len() as u32 + 1)),
            (_, VariableDrift::Categorical(_)) => rows.by_ref().for_each(drop),
        }
        at = here.end;
        Ok(())
    })?;
    Ok(out)
}
