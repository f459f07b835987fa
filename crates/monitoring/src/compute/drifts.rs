//! Drift of all variables, a column at a time, several columns side by side; and the causes of decay.

mod ranges;

use super::outcomes::target;
use super::{Data, in_parallel};
use crate::cause::{self, Baseline};
use crate::drift::{CategoricalDrift, Levels, VariableDrift, compare_levels, compare_numeric, summarise};
use crate::error::Error;
use crate::options::Options;
use crate::report::{Remark, Report, Scoring};
use crate::sorted::Sorted;
use crate::table::{Column, Kind, MISSING, Source, has_decimal_comma, periods::whole};

/// A text column with more levels than this is an identifier, not a variable.
const LEVELS_MAX: usize = 1_000;

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
    let large = |source: &Source| source.rows() > options.rows_in_memory_max;
    let bounded = options.time.is_none()
        && data.series.sources.iter().map(|s| &**s).chain(data.reference.as_deref()).any(large);
    let drifts = in_parallel(&data.watch, jobs.len(), |i| {
        if bounded && let Some(answer) = ranges::variable(data, jobs[i], options.rows_in_memory_max)? {
            return Ok(answer);
        }
        variable(data, jobs[i])
    })?;
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

enum Side {
    Numeric(Sorted),
    Categorical(Levels),
}

fn side(column: Column) -> Side {
    match column {
        Column::Numeric(values) => Side::Numeric(Sorted::new(values)),
        Column::Text { codes, levels } => Side::Categorical(count(&codes, &levels)),
    }
}

fn count(codes: &[u32], levels: &[String]) -> Levels {
    let mut counts = vec![0u64; levels.len()];
    let mut missing = 0;
    for &code in codes {
        if code == MISSING { missing += 1 } else { counts[code as usize] += 1 }
    }
    Levels { counts: levels.iter().cloned().zip(counts).filter(|(_, c)| *c > 0).collect(), missing }
}

/// A variable is numeric only if it is so wherever it occurs.
fn is_text(data: &Data, name: &str, warnings: &mut Vec<Remark>) -> bool {
    let mut text = false;
    let mut number = false;
    for source in data.series.sources.iter().map(|s| &**s).chain(data.reference.as_deref()) {
        let Some(field) = source.field(name) else { continue };
        if let Some((row, found)) = &field.mixed {
            let (id, why) = if has_decimal_comma(found) {
                (
                    "warning-decimal-comma",
                    "has a decimal comma and is read as a text; write decimals with a point",
                )
            } else {
                ("warning-mixed", "is not a number, though other rows are")
            };
            let file = source.path.display();
            warnings.push(Remark::new(
                id,
                &[("file", &file), ("column", &name), ("row", row), ("found", found)],
                format!(
                    "`{file}`, column `{name}`, row {row}: `{found}` {why}; the column is treated as categorical"
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
    text
}

type OfPeriods = (Vec<Option<VariableDrift>>, Vec<Remark>);

fn variable(data: &Data, name: &str) -> Result<OfPeriods, Error> {
    let mut warnings = Vec::new();
    let text = is_text(data, name, &mut warnings);
    let mut baseline = match &data.reference {
        Some(reference) => Some(side(whole(reference, name, text)?)),
        None => None,
    };
    let mut out: Vec<Option<VariableDrift>> = vec![None; data.series.len()];
    data.series.each_period(&[(name, text)], &mut |period, mut columns, _| {
        let Some(column) = columns.pop() else { return Ok(()) };
        let current = side(column);
        let against = baseline.as_ref().unwrap_or(&current);
        out[period] = compare(against, &current);
        if let (Some(VariableDrift::Categorical(d)), true) = (&mut out[period], period == 0 || baseline.is_some())
            && d.levels.len() > LEVELS_MAX
        {
            let (levels, label) = (d.levels.len(), &data.series.labels[period]);
            warnings.push(Remark::new(
                "warning-identifier",
                &[("column", &name), ("levels", &levels), ("period", label)],
                format!(
                    "column `{name}` has {levels} levels in `{label}`: it looks like an identifier, and its drift is undefined"
                ),
            ));
            *d = CategoricalDrift::default();
        }
        if baseline.is_none() {
            baseline = Some(current);
        }
        Ok(())
    })?;
    Ok((out, warnings))
}

fn compare(reference: &Side, current: &Side) -> Option<VariableDrift> {
    match (reference, current) {
        (Side::Numeric(r), Side::Numeric(c)) => Some(VariableDrift::Numeric(compare_numeric(r, c))),
        (Side::Categorical(r), Side::Categorical(c)) => {
            Some(VariableDrift::Categorical(compare_levels(r, c)))
        }
        _ => None,
    }
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
    let source: Option<&Source> = match (&data.reference, &options.time) {
        (Some(reference), _) => Some(reference),
        (None, None) => Some(&data.series.sources[0]),
        (None, Some(_)) => None,
    };
    let read = |name: &str, text: bool| -> Result<Option<Column>, Error> {
        if let Some(source) = source {
            return whole(source, name, text).map(Some);
        }
        let mut first = None;
        data.series.each_period(&[(name, text)], &mut |period, mut columns, _| {
            if period == 0 {
                first = columns.pop();
            }
            Ok(())
        })?;
        Ok(first)
    };
    let (Some(Column::Numeric(scores)), Some(outcomes)) = (read(score, false)?, read(target_name, false)?)
    else {
        return Ok(None);
    };
    let events = target.events(&outcomes);
    let usable: Vec<u32> = (0..scores.len() as u32)
        .filter(|&i| !scores[i as usize].is_nan() && events.get(i as usize).copied().flatten().is_some())
        .collect();
    let step = usable.len().div_ceil(cause::ROWS_MAX).max(1);
    let mut rows: Vec<u32> = usable.into_iter().step_by(step).collect();
    rows.sort_by(|&a, &b| scores[a as usize].total_cmp(&scores[b as usize]));
    let mut coded = Vec::with_capacity(margins.len());
    for &name in margins {
        let drift = |p: &crate::report::PeriodReport| {
            if name == score { p.drift.score.clone() } else { p.drift.variables.get(name).cloned() }
        };
        let Some(sample) = report.periods.iter().find_map(drift) else { continue };
        let codes = match &sample {
            VariableDrift::Numeric(d) => {
                let Some(Column::Numeric(values)) = read(name, false)? else { continue };
                let bins = d.edges.len() + 1;
                rows.iter()
                    .map(|&r| {
                        let v = values[r as usize];
                        if v.is_nan() { bins as u32 } else { d.edges.partition_point(|&e| e < v) as u32 }
                    })
                    .collect()
            }
            VariableDrift::Categorical(d) => {
                let Some(Column::Text { codes, levels }) = read(name, true)? else { continue };
                let known: Vec<&str> = d
                    .levels
                    .iter()
                    .zip(&d.ref_counts)
                    .filter(|(_, c)| **c > 0)
                    .map(|(l, _)| l.as_str())
                    .collect();
                let place =
                    |level: &str| known.iter().position(|k| *k == level).unwrap_or(known.len()) as u32;
                let translated: Vec<u32> = levels.iter().map(|l| place(l)).collect();
                let missing = place(crate::drift::MISSING_LEVEL);
                rows.iter()
                    .map(|&r| {
                        let code = codes[r as usize];
                        if code == MISSING { missing } else { translated[code as usize] }
                    })
                    .collect()
            }
        };
        coded.push((name.to_owned(), codes));
    }
    if coded.len() != margins.len() {
        return Ok(None);
    }
    Ok(Some(Baseline {
        scores: rows.iter().map(|&r| scores[r as usize]).collect(),
        events: rows.iter().map(|&r| events[r as usize] == Some(true)).collect(),
        margins: coded,
    }))
}
