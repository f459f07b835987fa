//! Performance and fairness of the baseline and of every period.

mod streamed;

use super::{Data, in_parallel};
use crate::error::Error;
use crate::fairness::fairness;
use crate::options::Options;
use crate::performance::{Dropped, Performance, TieGroups, performance, regression};
use crate::report::{Remark, Report, Scoring};
use crate::table::{Column, Kind, MISSING, Source, periods::whole};
use std::collections::BTreeMap;

/// Levels of a group column beyond which it is no group column.
const GROUP_LEVELS_MAX: usize = 100;

/// What the target means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Target {
    /// A number that equals this.
    EventNumber(f64),
    /// A text that equals this.
    EventText(String),
    /// A truth value, however it is spelled.
    EventTruth(bool),
    /// A number to be predicted.
    Regression,
}

impl Target {
    /// Whether each row is the event; `None` where the target is missing.
    pub(crate) fn events(&self, column: &Column) -> Vec<Option<bool>> {
        match (self, column) {
            (Self::EventNumber(event), Column::Numeric(values)) => {
                values.iter().map(|v| (!v.is_nan()).then_some(v == event)).collect()
            }
            (_, Column::Text { codes, levels }) => {
                let is_event: Vec<bool> = levels.iter().map(|l| self.is_event(l)).collect();
                codes.iter().map(|&c| (c != MISSING).then(|| is_event[c as usize])).collect()
            }
            (Self::EventTruth(event), Column::Numeric(values)) => {
                values.iter().map(|v| (!v.is_nan()).then_some(*v == f64::from(u8::from(*event)))).collect()
            }
            (Self::EventText(_) | Self::Regression, Column::Numeric(values)) => {
                values.iter().map(|v| (!v.is_nan()).then_some(false)).collect()
            }
        }
    }

    /// Whether a level of a text target is the event.
    fn is_event(&self, level: &str) -> bool {
        match self {
            Self::EventNumber(event) => level.parse::<f64>().is_ok_and(|v| v == *event),
            Self::EventText(event) => level == event,
            Self::EventTruth(event) => truth(level).or_else(|| truth_of_number(level)) == Some(*event),
            Self::Regression => false,
        }
    }
}

/// Levels of a target that are not the event, the first few: of two classes there is one.
#[derive(Debug, Default)]
struct Others(Vec<String>);

impl Others {
    /// As many are named.
    const NAMED_MAX: usize = 4;

    fn see_number(&mut self, value: f64, event: f64) {
        if value != event && !value.is_nan() && self.0.len() < Self::NAMED_MAX {
            let text = crate::table::number_text(value);
            if !self.0.contains(&text) {
                self.0.push(text);
            }
        }
    }

    fn see_text(&mut self, level: &str, target: &Target) {
        let text = match (target, level.parse::<f64>()) {
            // Whatever is spelled as a truth value is one of two.
            (Target::EventTruth(_) | Target::Regression, _) => return,
            (Target::EventNumber(_), Ok(number)) => crate::table::number_text(number),
            _ => level.to_owned(),
        };
        if !target.is_event(level) && self.0.len() < Self::NAMED_MAX && !self.0.contains(&text) {
            self.0.push(text);
        }
    }

    fn of(target: &Target, column: &Column) -> Self {
        let mut others = Self::default();
        match (column, target) {
            (Column::Text { levels, .. }, _) => levels.iter().for_each(|it| others.see_text(it, target)),
            (Column::Numeric(values), Target::EventNumber(event)) => {
                // Nearly every row is one of two values.
                let mut last = *event;
                for &value in values.iter().filter(|value| !value.is_nan()) {
                    if value != *event && value != last {
                        last = value;
                        others.see_number(value, *event);
                    }
                }
            }
            _ => {}
        }
        others
    }

    /// What a reader should know: all these count as no event.
    fn warning(&self, label: &str, column: &str, event: &str) -> Option<Remark> {
        (self.0.len() > 1).then(|| {
            let levels = self.0.join(", ");
            Remark::new(
                "warning-target-levels",
                &[("period", &label), ("column", &column), ("event", &event), ("levels", &levels)],
                format!(
                    "`{label}` holds more than two levels in column `{column}`: besides the event `{event}` there are {levels}; all of them count as no event"
                ),
            )
        })
    }
}

/// What is wrong with the outcomes of a table where one class is missing.
fn one_class(scoring: &Scoring, label: &str, column: &str, event: &str) -> Option<Remark> {
    let performance = scoring.binary().filter(|p| p.n_obs > 0)?;
    if performance.n_events == 0 {
        return Some(Remark::new(
            "warning-no-event",
            &[("period", &label), ("event", &event), ("column", &column)],
            format!("`{label}` holds no event `{event}` in column `{column}`"),
        ));
    }
    (performance.n_events == performance.n_obs).then(|| {
        Remark::new(
            "warning-only-events",
            &[("period", &label), ("event", &event), ("column", &column)],
            format!("`{label}` holds nothing but the event `{event}` in column `{column}`"),
        )
    })
}

fn truth(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn truth_of_number(text: &str) -> Option<bool> {
    match text.parse::<f64>() {
        Ok(1.0) => Some(true),
        Ok(0.0) => Some(false),
        _ => None,
    }
}

/// Decides what the target means, from the option and the data.
pub(crate) fn target(options: &Options, data: &Data) -> Result<Option<Target>, Error> {
    let Some(name) = &options.target else {
        return match options.event {
            Some(_) => {
                Err(Error::Usage("an event level without a target column; name it by `--target`".to_owned()))
            }
            None => Ok(None),
        };
    };
    let sources = || data.series.sources.iter().map(|s| &**s).chain(data.reference.as_deref());
    let holders: Vec<&Source> = sources().filter(|s| s.field(name).is_some()).collect();
    let Some(first) = holders.first() else {
        return data.baseline_source().require(name, "target").map(|_| None);
    };
    let text = holders.iter().any(|s| s.field(name).is_some_and(|f| f.kind == Kind::Text));
    if let Some(event) = &options.event {
        let event = event.trim();
        // Truth values are written `true`, `True`, `TRUE` and 1, by whoever wrote them: any of these means the same.
        if let (true, Some(wanted)) = (text, truth(event).or_else(|| truth_of_number(event))) {
            let (_, levels) = first.texts(name)?;
            if !levels.is_empty() && levels.iter().all(|l| truth(l).is_some()) {
                return Ok(Some(Target::EventTruth(wanted)));
            }
        }
        return Ok(Some(match event.parse::<f64>() {
            Ok(number) => Target::EventNumber(number),
            Err(_) => Target::EventText(event.to_owned()),
        }));
    }
    let (_, levels) = if text { first.texts(name)? } else { (Vec::new(), Vec::new()) };
    if text {
        let shown: Vec<&str> = levels.iter().take(8).map(String::as_str).collect();
        return Err(Error::Usage(format!(
            "the target `{name}` holds texts ({}); say which is the event by `--event`",
            shown.join(", ")
        )));
    }
    for source in holders {
        let values = source.numbers(name)?;
        if values.iter().any(|v| !v.is_nan() && *v != 0.0 && *v != 1.0) {
            return Ok(Some(Target::Regression));
        }
    }
    Ok(Some(Target::EventNumber(1.0)))
}

/// Fills performance and fairness of all periods, and the baseline's performance.
pub(super) fn fill(options: &Options, data: &Data, report: &mut Report) -> Result<(), Error> {
    if let Some(score) = &options.score
        && !data.series.sources.iter().any(|s| s.field(score).is_some())
    {
        data.series.source_of(0).require(score, "score")?;
    }
    if let Some(weight) = &options.weight {
        for source in &data.series.sources {
            source.require(weight, "weight")?;
        }
    }
    for group in &options.groups {
        data.series.source_of(0).require(group, "group")?;
    }
    if data.series.sources.len() == data.series.len() {
        for (period, source) in report.periods.iter_mut().zip(&data.series.sources) {
            period.rows = source.rows();
        }
    }
    let Some(target) = target(options, data)? else {
        count_rows(data, report)?;
        return Ok(());
    };
    let name = options.target.as_deref().unwrap_or_default();
    let event = options.event.as_deref().unwrap_or("1");
    let mut warnings = Vec::new();
    if let Some(reference) = &data.reference {
        if let Some(weight) = options.weight.as_ref().filter(|w| reference.field(w).is_none()) {
            warnings.push(Remark::new(
                "warning-baseline-no-weight",
                &[("baseline", &report.reference.label), ("column", weight)],
                format!(
                    "the baseline `{}` has no weights `{weight}`: each of its rows counts once, those of the periods by their weights",
                    report.reference.label
                ),
            ));
        }
        if reference.field(name).is_none() {
            warnings.push(Remark::new(
                "warning-baseline-no-target",
                &[("baseline", &report.reference.label), ("column", &name)],
                format!(
                    "the baseline `{}` has no target `{name}`: decay is against the first period",
                    report.reference.label
                ),
            ));
        } else if let Some(score) = options.score.as_ref().filter(|s| reference.field(s).is_none()) {
            warnings.push(Remark::new(
                "warning-baseline-no-score",
                &[("baseline", &report.reference.label), ("column", score)],
                format!(
                    "the baseline `{}` has no score `{score}`: decay is against the first period",
                    report.reference.label
                ),
            ));
        } else {
            let scoring = match streamed::judge(options, &target, reference)? {
                Some(judged) => {
                    warnings.extend(judged.others.warning(&report.reference.label, name, event));
                    judged.scoring
                }
                None => {
                    let weight = options.weight.as_deref().filter(|w| reference.field(w).is_some());
                    let read = |name: &str| whole(reference, name, false);
                    let columns = Columns {
                        target: Some(read(name)?),
                        score: options.score.as_deref().map(read).transpose()?,
                        weight: weight.map(read).transpose()?,
                        groups: Vec::new(),
                    };
                    let origin = |row: usize| (reference.as_ref(), row as u64);
                    let others = columns.target.as_ref().map(|column| Others::of(&target, column));
                    warnings.extend(others.and_then(|it| it.warning(&report.reference.label, name, event)));
                    judge(options, &target, &columns, &origin)?.0
                }
            };
            warnings.extend(one_class(&scoring, &report.reference.label, name, event));
            report.reference.performance = Some(scoring);
        }
    }
    // Periods of their own are judged side by side; those split from shared files arrive one after the other.
    let apart = data.series.sources.len() == data.series.len() && options.time.is_none();
    let judged: Vec<(usize, Judged)> = if apart {
        let each = in_parallel(&data.watch, data.series.len(), |period| {
            let source = &data.series.sources[period];
            if options.score.as_ref().is_some_and(|s| source.field(s).is_none()) {
                return Ok(None);
            }
            if let Some(judged) = streamed::judge(options, &target, source)? {
                return Ok(Some(judged));
            }
            let read = |name: &str| whole(source, name, false);
            let columns = Columns {
                target: source.field(name).map(|_| read(name)).transpose()?,
                score: options.score.as_deref().map(read).transpose()?,
                weight: options.weight.as_deref().map(read).transpose()?,
                groups: options
                    .groups
                    .iter()
                    .filter(|g| source.field(g).is_some())
                    .map(|g| Ok((g.clone(), whole(source, g, true)?)))
                    .collect::<Result<_, Error>>()?,
            };
            let origin = |row: usize| (&**source, row as u64);
            judge_period(options, &target, &columns, source.rows(), &origin).map(Some)
        })?;
        each.into_iter().enumerate().filter_map(|(i, j)| j.map(|j| (i, j))).collect()
    } else {
        let mut wanted: Vec<(&str, bool)> = vec![(name, false)];
        wanted.extend(options.score.as_deref().map(|s| (s, false)));
        wanted.extend(options.weight.as_deref().map(|w| (w, false)));
        wanted.extend(options.groups.iter().map(|g| (g.as_str(), true)));
        let mut judged = Vec::new();
        data.series.each_period(&wanted, &mut |period, read, origin| {
            let mut read = read.into_iter();
            let columns = Columns {
                target: read.next(),
                score: options.score.as_ref().and_then(|_| read.next()),
                weight: options.weight.as_ref().and_then(|_| read.next()),
                groups: options.groups.iter().cloned().zip(read).collect(),
            };
            let rows = columns.target.as_ref().map_or(0, len) as u64;
            let origin = |row: usize| {
                let (source, row) = origin(row);
                (&*data.series.sources[source], row)
            };
            judged.push((period, judge_period(options, &target, &columns, rows, &origin)?));
            Ok(())
        })?;
        judged
    };
    for (i, period) in judged {
        let out = &mut report.periods[i];
        out.rows = period.rows;
        out.labelled = Some(period.labelled);
        out.provisional = 1.0 - period.labelled > options.unlabelled_share_max;
        warnings.extend(one_class(&period.scoring, &out.label, name, event));
        warnings.extend(period.others.warning(&out.label, name, event));
        for group in options.groups.iter().filter(|it| !period.grouped_by.contains(it)) {
            warnings.push(Remark::new(
                "warning-no-group",
                &[("period", &out.label), ("column", group)],
                format!("`{}` has no column `{group}`: fairness by it is undefined", out.label),
            ));
        }
        out.performance = Some(period.scoring);
        out.fairness.0 = period.fairness;
        warnings.extend(period.warnings);
    }
    let score = options.score.as_deref().unwrap_or_default();
    warnings.extend(report.periods.iter().filter(|p| p.performance.is_none()).map(|p| {
        Remark::new(
            "warning-no-score",
            &[("period", &p.label), ("column", &score)],
            format!("`{}` has no score column `{score}`", p.label),
        )
    }));
    report.warn(warnings);
    Ok(())
}

fn count_rows(data: &Data, report: &mut Report) -> Result<(), Error> {
    if data.series.sources.len() == data.series.len() {
        return Ok(());
    }
    let Some(field) = data.series.source_of(0).fields.first() else {
        return Ok(());
    };
    data.series.each_period(&[(field.name.as_str(), true)], &mut |period, columns, _| {
        report.periods[period].rows = columns.first().map_or(0, len) as u64;
        Ok(())
    })
}

fn len(column: &Column) -> usize {
    match column {
        Column::Numeric(values) => values.len(),
        Column::Text { codes, .. } => codes.len(),
    }
}

struct Columns {
    target: Option<Column>,
    score: Option<Column>,
    weight: Option<Column>,
    groups: Vec<(String, Column)>,
}

struct Judged {
    scoring: Scoring,
    labelled: f64,
    rows: u64,
    others: Others,
    /// Group columns that are there.
    grouped_by: Vec<String>,
    fairness: Vec<(String, crate::fairness::Fairness)>,
    warnings: Vec<Remark>,
}

type Origin<'a, 'b> = &'b dyn Fn(usize) -> (&'a Source, u64);

fn judge_period<'a>(
    options: &Options,
    target: &Target,
    columns: &Columns,
    rows: u64,
    origin: Origin<'a, '_>,
) -> Result<Judged, Error> {
    let (scoring, labelled, outcome) = judge(options, target, columns, origin)?;
    let mut out = Judged {
        scoring,
        rows,
        labelled: if rows == 0 { 0.0 } else { labelled as f64 / rows as f64 },
        others: columns.target.as_ref().map(|it| Others::of(target, it)).unwrap_or_default(),
        grouped_by: columns.groups.iter().map(|(name, _)| name.clone()).collect(),
        fairness: Vec::new(),
        warnings: Vec::new(),
    };
    let Some(outcome) = outcome else {
        return Ok(out);
    };
    for (name, column) in &columns.groups {
        let Column::Text { codes, levels } = column else { continue };
        if levels.len() > GROUP_LEVELS_MAX {
            out.warnings.push(Remark::new(
                "warning-group-levels",
                &[("column", name), ("levels", &levels.len())],
                format!("column `{name}` has {} levels: too many to judge fairness by", levels.len()),
            ));
            continue;
        }
        let mut by_level: BTreeMap<&str, Vec<(f64, bool, f64)>> = BTreeMap::new();
        for &(row, score, event, weight) in &outcome {
            let code = codes[row as usize];
            let level = if code == MISSING { crate::drift::MISSING_LEVEL } else { &levels[code as usize] };
            by_level.entry(level).or_default().push((score, event, weight));
        }
        let weighted = columns.weight.is_some();
        let groups =
            by_level.into_iter().map(|(level, rows)| (level.to_owned(), group(rows, weighted))).collect();
        out.fairness.push((name.clone(), fairness(groups, options.cutoff)));
    }
    Ok(out)
}

fn group(rows: Vec<(f64, bool, f64)>, weighted: bool) -> TieGroups {
    if weighted {
        return TieGroups::weighted(rows);
    }
    let (events, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|r| r.1);
    TieGroups::unweighted(events.into_iter().map(|r| r.0), others.into_iter().map(|r| r.0))
}

type Outcome = Vec<(u32, f64, bool, f64)>;

/// Performance, labelled rows, and (for groups) the rows that count.
fn judge<'a>(
    options: &Options,
    target: &Target,
    columns: &Columns,
    origin: Origin<'a, '_>,
) -> Result<(Scoring, u64, Option<Outcome>), Error> {
    let mut dropped = Dropped::default();
    let any = columns.score.as_ref().or(columns.target.as_ref());
    let rows = any.map_or(0, len);
    let number_column = |column: &Option<Column>, name: Option<&str>| -> Result<(), Error> {
        if let Some(Column::Text { codes, levels }) = column
            && let Some(row) = codes.iter().position(|&c| c != MISSING)
        {
            let (source, row) = origin(row);
            let text = &levels[codes.iter().find(|c| **c != MISSING).copied().unwrap_or(0) as usize];
            return Err(source
                .field(name.unwrap_or_default())
                .and_then(|f| f.mixed.clone())
                .map(|(row, text)| {
                    source.cell_error(name.unwrap_or_default(), row - 1, crate::table::not_number(&text))
                })
                .unwrap_or_else(|| {
                    source.cell_error(name.unwrap_or_default(), row, crate::table::not_number(text))
                }));
        }
        Ok(())
    };
    number_column(&columns.score, options.score.as_deref())?;
    number_column(&columns.weight, options.weight.as_deref())?;
    let weights = match &columns.weight {
        Some(Column::Numeric(weights)) => {
            if let Some(row) = weights.iter().position(|w| *w < 0.0 || *w == f64::INFINITY) {
                let (source, at) = origin(row);
                return Err(source.cell_error(
                    options.weight.as_deref().unwrap_or_default(),
                    at,
                    format!(
                        "the weight `{}` is refused; weights are finite and not below zero",
                        weights[row]
                    ),
                ));
            }
            Some(weights)
        }
        _ => None,
    };
    let weight_of = |row: usize| weights.map_or(1.0, |w| if w[row].is_nan() { 0.0 } else { w[row] });
    let Some(target_column) = &columns.target else {
        dropped.target = rows as u64;
        let empty = performance(&TieGroups::default(), dropped, options.cutoff);
        return Ok((Scoring::Binary(Box::new(empty)), 0, None));
    };
    if *target == Target::Regression {
        number_column(&columns.target, options.target.as_deref())?;
        let (Some(Column::Numeric(scores)), Column::Numeric(actual)) = (&columns.score, target_column) else {
            return Ok((Scoring::Regression(Box::default()), labelled_rows(target_column), None));
        };
        let mut kept = Vec::with_capacity(rows);
        for (row, (&score, &actual)) in scores.iter().zip(actual).enumerate() {
            let weight = weight_of(row);
            if actual.is_nan() {
                dropped.target += 1;
            } else if score.is_nan() {
                dropped.score += 1;
            } else if weight == 0.0 {
                dropped.weight += 1;
            } else {
                kept.push((actual, score, weight));
            }
        }
        let labelled = rows as u64 - dropped.target;
        return Ok((Scoring::Regression(Box::new(regression(&kept, dropped))), labelled, None));
    }
    let events = target.events(target_column);
    let Some(Column::Numeric(scores)) = &columns.score else {
        // No score: what the outcomes say, and nothing else.
        let known = events.iter().flatten().count() as u64;
        let positive = events.iter().flatten().filter(|e| **e).count() as u64;
        let mut out = Performance {
            n_obs: known,
            n_events: positive,
            n_dropped_target: events.len() as u64 - known,
            n_drift: events.len() as u64,
            sum_weights: known as f64,
            event_rate: (known > 0).then(|| positive as f64 / known as f64),
            ..Performance::default()
        };
        let text = "no score column was named".to_owned();
        out.lacks("*", Remark::new("undefined-no-score", &[], text));
        return Ok((Scoring::Binary(Box::new(out)), known, None));
    };
    let wants_rows = !columns.groups.is_empty() || weights.is_some();
    let mut kept: Outcome = Vec::new();
    let (mut of_events, mut of_others) = (Vec::new(), Vec::with_capacity(rows));
    for (row, (&score, event)) in scores.iter().zip(&events).enumerate() {
        let Some(event) = *event else {
            dropped.target += 1;
            continue;
        };
        if score.is_nan() {
            dropped.score += 1;
            continue;
        }
        let weight = weight_of(row);
        if weight == 0.0 {
            dropped.weight += 1;
            continue;
        }
        if wants_rows {
            kept.push((row as u32, score, event, weight));
        } else if event {
            of_events.push(score);
        } else {
            of_others.push(score);
        }
    }
    let labelled = rows as u64 - dropped.target;
    let groups = if weights.is_some() {
        TieGroups::weighted(kept.iter().map(|k| (k.1, k.2, k.3)))
    } else if wants_rows {
        group(kept.iter().map(|k| (k.1, k.2, k.3)).collect(), false)
    } else {
        TieGroups::unweighted(of_events, of_others)
    };
    let outcome = (!columns.groups.is_empty()).then_some(kept);
    Ok((Scoring::Binary(Box::new(performance(&groups, dropped, options.cutoff))), labelled, outcome))
}

fn labelled_rows(column: &Column) -> u64 {
    match column {
        Column::Numeric(values) => values.iter().filter(|v| !v.is_nan()).count() as u64,
        Column::Text { codes, .. } => codes.iter().filter(|c| **c != MISSING).count() as u64,
    }
}
