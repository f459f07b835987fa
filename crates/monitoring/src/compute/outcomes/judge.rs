//! One table's outcomes: its rows once, side by side, whatever their number.

use super::{GROUP_LEVELS_MAX, Others, Target};
use crate::compute::ascent::{Climber, climb};
use crate::error::Error;
use crate::fairness::{self, Fairness, fairness};
use crate::options::Options;
use crate::performance::{
    Dropped, EachRow, GRID_STEPS, Performance, Ranking, Ranks, RegressionPerformance, Tally, TieGroups,
    assess, auc, regression_of,
};
use crate::report::{Remark, Scoring};
use crate::sorted::key;
use crate::table::{Chunk, MISSING, Source};
use std::collections::BTreeMap;

/// Error of the area under the ROC beyond which scores are read again to be exact.
const AREA_ERROR_MAX: f64 = 1e-6;

/// What the outcomes of a table say.
pub(super) struct Judged {
    pub(super) scoring: Scoring,
    pub(super) labelled: f64,
    pub(super) rows: u64,
    pub(super) others: Others,
    /// Group columns that are there.
    pub(super) grouped_by: Vec<String>,
    pub(super) fairness: Vec<(String, Fairness)>,
    pub(super) warnings: Vec<Remark>,
}

/// Performance of a table, and fairness by its group columns where `grouped`.
pub(super) fn judge(
    options: &Options,
    target: &Target,
    source: &Source,
    grouped: bool,
) -> Result<Judged, Error> {
    let has = |name: &Option<String>| name.clone().filter(|name| source.field(name).is_some());
    let rows = source.rows();
    let grouped_by: Vec<String> = if grouped {
        options.groups.iter().filter(|name| source.field(name).is_some()).cloned().collect()
    } else {
        Vec::new()
    };
    let mut out = Judged {
        scoring: Scoring::Binary(Box::default()),
        labelled: 0.0,
        rows,
        others: Others::default(),
        grouped_by,
        fairness: Vec::new(),
        warnings: Vec::new(),
    };
    let Some(outcome) = has(&options.target) else {
        let dropped = Dropped { target: rows, ..Dropped::default() };
        let nothing = assess(&TieGroups::default(), &Tally::new(GRID_STEPS, options.cutoff), None, dropped);
        out.scoring = Scoring::Binary(Box::new(nothing));
        return Ok(out);
    };
    let table = Table { source, target, outcome, score: has(&options.score), weight: has(&options.weight) };
    let unlabelled = match (&table.score, target) {
        (_, Target::Regression) => numbers(options, &table, &mut out)?,
        (None, _) => outcomes_alone(&table, &mut out)?,
        (Some(_), _) => ranked(options, &table, &mut out)?,
    };
    out.labelled = if rows == 0 { 0.0 } else { (rows - unlabelled) as f64 / rows as f64 };
    Ok(out)
}

/// A table with an outcome, and the columns that go with it.
struct Table<'a> {
    source: &'a Source,
    target: &'a Target,
    outcome: String,
    score: Option<String>,
    weight: Option<String>,
}

/// Rows of a table, side by side; a column that is not there, or holds nothing, is empty.
struct Rows<'a> {
    outcome: Chunk<'a>,
    score: &'a [f64],
    weight: Option<&'a [f64]>,
    groups: &'a [Chunk<'a>],
}

impl Rows<'_> {
    fn len(&self) -> usize {
        self.outcome.len()
    }

    fn score(&self, row: usize) -> f64 {
        self.score.get(row).copied().unwrap_or(f64::NAN)
    }

    /// A missing weight is none.
    fn weight(&self, row: usize) -> f64 {
        match self.weight {
            Some(weights) => weights.get(row).copied().filter(|w| !w.is_nan()).unwrap_or(0.0),
            None => 1.0,
        }
    }
}

impl Table<'_> {
    /// Reads the rows, with the columns that groups are made by.
    fn read(
        &self,
        groups: &[String],
        each: &mut dyn FnMut(&Rows<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let named = [Some(&self.outcome), self.score.as_ref(), self.weight.as_ref()];
        let mut columns: Vec<(&str, bool)> =
            named.into_iter().flatten().map(|n| (n.as_str(), false)).collect();
        columns.extend(groups.iter().map(|name| (name.as_str(), true)));
        let mut at = 0u64;
        self.source.read_together(&columns, &mut |chunks| {
            let mut chunks_left = chunks.iter().copied();
            let nothing = Chunk::Numeric(&[]);
            let outcome = chunks_left.next().unwrap_or(nothing);
            let score = match &self.score {
                Some(name) => self.source.numbers_in(name, chunks_left.next().unwrap_or(nothing), at)?,
                None => &[],
            };
            let weight = match &self.weight {
                Some(name) => Some(self.weights(name, chunks_left.next().unwrap_or(nothing), at)?),
                None => None,
            };
            let from = chunks.len() - groups.len();
            at += outcome.len() as u64;
            each(&Rows { outcome, score, weight, groups: &chunks[from..] })
        })
    }

    fn weights<'c>(&self, name: &str, chunk: Chunk<'c>, at: u64) -> Result<&'c [f64], Error> {
        let weights = self.source.numbers_in(name, chunk, at)?;
        match weights.iter().position(|w| *w < 0.0 || *w == f64::INFINITY) {
            Some(row) => {
                let weight = weights[row];
                let text = format!("the weight `{weight}` is refused; weights are finite and not below zero");
                let problem = Remark::new("cell-no-weight", &[("text", &weight)], text);
                Err(self.source.cell_error(name, at + row as u64, problem))
            }
            None => Ok(weights),
        }
    }
}

/// Without a score: what the outcomes say, and nothing else. Answers the rows without an outcome, as all of these do.
fn outcomes_alone(table: &Table<'_>, out: &mut Judged) -> Result<u64, Error> {
    let (mut known, mut events, mut unlabelled) = (0, 0, 0);
    let mut outcomes = Vec::new();
    table.read(&[], &mut |rows| {
        table.target.read(rows.outcome, &mut out.others, &mut outcomes);
        for outcome in &outcomes {
            match outcome {
                None => unlabelled += 1,
                Some(true) => (known, events) = (known + 1, events + 1),
                Some(false) => known += 1,
            }
        }
        Ok(())
    })?;
    let mut performance = Performance {
        n_obs: known,
        n_events: events,
        n_dropped_target: unlabelled,
        n_drift: known + unlabelled,
        sum_weights: known as f64,
        event_rate: (known > 0).then(|| events as f64 / known as f64),
        ..Performance::default()
    };
    performance.lacks("*", no_score());
    out.scoring = Scoring::Binary(Box::new(performance));
    Ok(unlabelled)
}

fn no_score() -> Remark {
    Remark::new("undefined-no-score", &[], "no score column was named".to_owned())
}

/// Rows of one group column, by level.
struct Levels<'a> {
    name: &'a str,
    /// None when there are too many.
    by_level: Option<BTreeMap<String, Ranking>>,
}

fn ranked(options: &Options, table: &Table<'_>, out: &mut Judged) -> Result<u64, Error> {
    let weighted = table.weight.is_some();
    // Of a table that is larger, scores are rounded sooner: most would be in the end, and what is held is held once a thread.
    let is_large = out.rows > options.rows_in_memory_max;
    let groups_max = (options.rows_in_memory_max / if is_large { 4 } else { 1 }) as usize;
    let piece = (groups_max / 2).max(1);
    let mut dropped = Dropped::default();
    let mut all = Ranking::new(weighted, Tally::new(GRID_STEPS, options.cutoff));
    all.expect(piece.min(out.rows as usize));
    let grouped_by = out.grouped_by.clone();
    let mut columns: Vec<Levels<'_>> =
        grouped_by.iter().map(|name| Levels { name, by_level: Some(BTreeMap::new()) }).collect();
    let mut outcomes = Vec::new();
    let mut kept: Vec<(usize, bool)> = Vec::new();
    table.read(&grouped_by, &mut |rows| {
        table.target.read(rows.outcome, &mut out.others, &mut outcomes);
        kept.clear();
        // A file held in memory hands on all of its rows at once.
        for (row, &outcome) in outcomes.iter().enumerate() {
            let score = rows.score(row);
            let weight = rows.weight(row);
            let Some(event) = outcome else {
                dropped.target += 1;
                continue;
            };
            if score.is_nan() {
                dropped.score += 1;
            } else if weight == 0.0 {
                dropped.weight += 1;
            } else {
                all.push(score, event, weight);
                if !columns.is_empty() {
                    kept.push((row, event));
                }
            }
        }
        for (column, chunk) in columns.iter_mut().zip(rows.groups) {
            column.take(*chunk, &kept, rows, weighted, options.cutoff);
        }
        if all.waiting() >= piece {
            gather(&mut all, &mut columns, groups_max);
        }
        Ok(())
    })?;
    gather(&mut all, &mut columns, groups_max);
    all.settle();
    let exact = exact(options, table, &all)?;
    let performance = assess(&all.groups, &all.tally, exact.as_ref(), dropped);
    out.scoring = Scoring::Binary(Box::new(performance));
    for Levels { name, by_level } in columns {
        match by_level {
            Some(levels) => out.fairness.push((name.to_owned(), fairness(levels.into_iter().collect()))),
            None => out.warnings.push(Remark::new(
                "warning-group-levels",
                &[("column", &name), ("levels", &GROUP_LEVELS_MAX)],
                format!(
                    "column `{name}` has more than {GROUP_LEVELS_MAX} levels: too many to judge fairness by"
                ),
            )),
        }
    }
    Ok(dropped.target)
}

impl Levels<'_> {
    fn take(
        &mut self,
        chunk: Chunk<'_>,
        kept: &[(usize, bool)],
        rows: &Rows<'_>,
        weighted: bool,
        cutoff: f64,
    ) {
        let (Some(by_level), Chunk::Text { codes, levels }) = (&mut self.by_level, chunk) else { return };
        // Rows of a level one after the other: a level is looked up once a chunk, not once a row.
        let mut by_code: BTreeMap<u32, Vec<(usize, bool)>> = BTreeMap::new();
        for &(row, event) in kept {
            by_code.entry(codes[row]).or_default().push((row, event));
            if by_code.len() > GROUP_LEVELS_MAX + 1 {
                self.by_level = None;
                return;
            }
        }
        for (code, kept) in by_code {
            let level = if code == MISSING { crate::drift::MISSING_LEVEL } else { &levels[code as usize] };
            if !by_level.contains_key(level) {
                let ranking = Ranking::new(weighted, Tally::new(fairness::GRID_STEPS, cutoff));
                by_level.insert(level.to_owned(), ranking);
            }
            if let Some(ranking) = by_level.get_mut(level) {
                kept.into_iter()
                    .for_each(|(row, event)| ranking.push(rows.score(row), event, rows.weight(row)));
            }
        }
        let missing = usize::from(by_level.contains_key(crate::drift::MISSING_LEVEL));
        if by_level.len() > GROUP_LEVELS_MAX + missing {
            self.by_level = None;
        }
    }
}

/// Groups what waits, and rounds what has grown too large: everything, or all levels of a column alike.
fn gather(all: &mut Ranking, columns: &mut [Levels<'_>], groups_max: usize) {
    all.gather();
    if all.groups.scores.len() > groups_max {
        all.round_and_count();
    }
    for levels in columns.iter_mut().filter_map(|column| column.by_level.as_mut()) {
        levels.values_mut().for_each(Ranking::gather);
        if levels.values().map(|ranking| ranking.groups.scores.len()).sum::<usize>() > groups_max {
            levels.values_mut().for_each(Ranking::round);
        }
    }
}

/// Ranks of the scores as they are, where they were rounded and that is off by too much or not wanted.
fn exact(options: &Options, table: &Table<'_>, all: &Ranking) -> Result<Option<Ranks>, Error> {
    let groups = &all.groups;
    let (events, others) = (groups.events_total(), groups.others_total());
    if !groups.rounded || groups.weighted || events <= 0.0 || others <= 0.0 {
        return Ok(None);
    }
    let ties: f64 = groups.iter().map(|(_, e, o)| e * o).sum();
    if !options.exact && 0.5 * ties / (events * others) <= AREA_ERROR_MAX {
        return Ok(None);
    }
    let mut ranks = Ranks::new(events, others, false, auc(groups).unwrap_or_default());
    let samples = |each: &mut dyn FnMut(usize, &[u64])| {
        let (mut outcomes, mut sides) = (Vec::new(), [Vec::new(), Vec::new()]);
        table.read(&[], &mut |rows| {
            table.target.read(rows.outcome, &mut Others::default(), &mut outcomes);
            sides.iter_mut().for_each(Vec::clear);
            for (row, outcome) in outcomes.iter().enumerate() {
                let score = rows.score(row);
                if let Some(event) = outcome.filter(|_| !score.is_nan()) {
                    sides[usize::from(!event)].push(key(score));
                }
            }
            sides.iter().enumerate().for_each(|(side, keys)| each(side, keys));
            Ok(())
        })
    };
    climb(&samples, groups.rows, options.rows_in_memory_max, &mut ranks)?;
    Ok(Some(ranks))
}

impl Climber for Ranks {
    fn part(&mut self, events: &[f64], others: &[f64]) {
        self.feed(&TieGroups::unweighted(events.iter().copied(), others.iter().copied()));
    }

    fn run(&mut self, value: f64, (events, others): (u64, u64)) {
        self.feed(&TieGroups {
            scores: vec![value],
            events: vec![events as f64],
            others: vec![others as f64],
            rows: events + others,
            event_rows: events,
            ..TieGroups::default()
        });
    }
}

/// Inner deciles by inverted distribution function.
struct Deciles {
    rows: u64,
    walked: u64,
    edges: Vec<f64>,
    next: u64,
}

impl Deciles {
    fn reach(&mut self, upto: u64, value: impl Fn(u64) -> f64) {
        while self.next < 10 {
            let index = (self.next * self.rows).div_ceil(10).max(1) - 1;
            if index >= upto {
                break;
            }
            self.edges.push(value(index - self.walked));
            self.next += 1;
        }
        self.walked = upto;
    }
}

impl Climber for Deciles {
    fn part(&mut self, a: &[f64], _: &[f64]) {
        self.reach(self.walked + a.len() as u64, |at| a[at as usize]);
    }

    fn run(&mut self, value: f64, (rows, _): (u64, u64)) {
        self.reach(self.walked + rows, |_| value);
    }
}

/// A predicted number.
fn numbers(options: &Options, table: &Table<'_>, out: &mut Judged) -> Result<u64, Error> {
    let mut dropped = Dropped::default();
    let mut counted = 0;
    table.read(&[], &mut |rows| {
        let actual = actual(table, rows, counted)?;
        counted += rows.len() as u64;
        for row in 0..rows.len() {
            if actual.get(row).is_none_or(|y| y.is_nan()) {
                dropped.target += 1;
            } else if rows.score(row).is_nan() {
                dropped.score += 1;
            } else if rows.weight(row) == 0.0 {
                dropped.weight += 1;
            }
        }
        Ok(())
    })?;
    if table.score.is_none() {
        let mut nothing = RegressionPerformance::default();
        nothing.lacks("*", no_score());
        out.scoring = Scoring::Regression(Box::new(nothing));
        return Ok(dropped.target);
    }
    let each_row = |each: &mut EachRow<'_>| {
        table.read(&[], &mut |rows| {
            let actual = actual(table, rows, 0)?;
            for (row, &y) in actual.iter().enumerate() {
                let (score, weight) = (rows.score(row), rows.weight(row));
                if !y.is_nan() && !score.is_nan() && weight != 0.0 {
                    each(y, score, weight);
                }
            }
            Ok(())
        })
    };
    let rows = counted - dropped.target - dropped.score - dropped.weight;
    let mut deciles = Deciles { rows, walked: 0, edges: Vec::new(), next: 1 };
    let predictions =
        |each: &mut dyn FnMut(usize, &[u64])| each_row(&mut |_, score, _| each(0, &[key(score)]));
    climb(&predictions, rows, options.rows_in_memory_max, &mut deciles)?;
    out.scoring = Scoring::Regression(Box::new(regression_of(&each_row, dropped, deciles.edges)?));
    Ok(dropped.target)
}

/// The target of a regression.
fn actual<'c>(table: &Table<'_>, rows: &Rows<'c>, at: u64) -> Result<&'c [f64], Error> {
    table.source.numbers_in(&table.outcome, rows.outcome, at)
}
