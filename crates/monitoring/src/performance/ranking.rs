//! Scored rows on their way into tie groups, piece by piece, in bounded memory.

use super::counted::Counted;
use super::{Sums, TieGroups, confusion, grid};
use crate::sorted::key;

/// Rows whose sums are added up among themselves first: a long sum of small numbers loses its last digits.
const ROWS_SUMMED: u32 = 4096;

/// What is added up of the rows as they were, however their scores are rounded together later.
pub(crate) struct Tally {
    pub(super) grid: grid::GridCounts,
    pub(super) sums: Sums,
    cutoff: f64,
    /// Events and others from the cutoff on.
    called: (f64, f64),
    events: f64,
    others: f64,
    single: Single,
}

/// Rows that came one by one, not yet added to the rest.
struct Single {
    cutoffs: Vec<f64>,
    /// Events and others by the number of cutoffs that their score reaches.
    reached: Vec<[u64; 2]>,
    /// Events and others from the cutoff on.
    called: [u64; 2],
    sums: Sums,
    summed: u32,
}

impl Tally {
    /// Nothing yet, for a grid of `steps` cutoffs and a cutoff of its own.
    pub(crate) fn new(steps: usize, cutoff: f64) -> Self {
        Self {
            grid: grid::GridCounts::empty(steps),
            sums: Sums::default(),
            cutoff,
            called: (0.0, 0.0),
            events: 0.0,
            others: 0.0,
            single: Single {
                cutoffs: (0..steps).map(|i| i as f64 / steps as f64).collect(),
                reached: vec![[0; 2]; steps + 1],
                called: [0; 2],
                sums: Sums::default(),
                summed: 0,
            },
        }
    }

    /// Adds a row that no other call adds. [`Tally::settle`] when there are no more.
    #[inline]
    fn row(&mut self, score: f64, event: bool) {
        let single = &mut self.single;
        let steps = single.cutoffs.len();
        // What the product is rounded to may be on the wrong side of a cutoff; the cutoffs themselves decide.
        let mut reached = ((score * steps as f64) as usize).min(steps - 1) + 1;
        while reached > 0 && single.cutoffs[reached - 1] > score {
            reached -= 1;
        }
        while reached < steps && single.cutoffs[reached] <= score {
            reached += 1;
        }
        let kind = usize::from(!event);
        single.reached[reached][kind] += 1;
        single.called[kind] += u64::from(score >= self.cutoff);
        single.sums.group(score, f64::from(u8::from(event)), f64::from(u8::from(!event)));
        single.summed += 1;
        if single.summed == ROWS_SUMMED {
            single.summed = 0;
            self.sums.take(&std::mem::take(&mut single.sums));
        }
    }

    /// Adds the rows that came one by one to the rest.
    fn settle(&mut self) {
        let single = &mut self.single;
        let counts = grid::GridCounts::of_reached(&single.reached);
        single.reached.fill([0; 2]);
        let [tp, fp] = std::mem::take(&mut single.called);
        self.called.0 += tp as f64;
        self.called.1 += fp as f64;
        single.summed = 0;
        self.sums.take(&std::mem::take(&mut single.sums));
        self.events += counts.events();
        self.others += counts.others();
        self.grid.add(&counts);
    }

    /// Adds rows that no other call adds.
    pub(crate) fn add(&mut self, groups: &TieGroups) {
        self.grid.add(&grid::GridCounts::new(groups, self.grid.steps()));
        self.sums.add(groups);
        let from = groups.scores.partition_point(|&s| s < self.cutoff);
        self.called.0 += groups.events[from..].iter().sum::<f64>();
        self.called.1 += groups.others[from..].iter().sum::<f64>();
        self.events += groups.events_total();
        self.others += groups.others_total();
    }

    /// Weight of all rows.
    pub(crate) fn total(&self) -> f64 {
        self.events + self.others
    }

    /// Share of events, mean score and average squared error.
    pub(crate) fn means(&self) -> [f64; 3] {
        [self.events, self.sums.score, self.sums.squared_error].map(|sum| sum / self.total())
    }

    /// Decisions at the cutoff.
    pub(crate) fn confusion(&self) -> super::Confusion {
        let (tp, fp) = self.called;
        confusion::of_counts(self.cutoff, tp, fp, self.events - tp, self.others - fp)
    }

    /// Association on the grid.
    pub(crate) fn association(&self) -> super::GridAssociation {
        grid::association(&self.grid)
    }
}

/// Rows gathered into tie groups. Groups that grow beyond what memory is meant to hold are rounded together.
pub(crate) struct Ranking {
    weighted: bool,
    /// Keys of the scores of events and of others; with weights, rows.
    events: Vec<u64>,
    others: Vec<u64>,
    rows: Vec<(f64, bool, f64)>,
    /// Rows that were counted by their rounded score, once all are.
    counted: Option<Counted>,
    /// Rows that came since the last were gathered.
    waiting: usize,
    pub(crate) groups: TieGroups,
    pub(crate) tally: Tally,
}

impl Ranking {
    pub(crate) fn new(weighted: bool, tally: Tally) -> Self {
        let groups = TieGroups { weighted, ..TieGroups::default() };
        Self {
            weighted,
            events: Vec::new(),
            others: Vec::new(),
            rows: Vec::new(),
            counted: None,
            waiting: 0,
            groups,
            tally,
        }
    }

    /// Provides for so many rows before the next are gathered: vectors that grow are copied.
    pub(crate) fn expect(&mut self, rows: usize) {
        if !self.weighted {
            self.events.reserve(rows);
            self.others.reserve(rows);
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, score: f64, event: bool, weight: f64) {
        self.waiting += 1;
        if let Some(counted) = &mut self.counted {
            counted.push(score, event);
            self.tally.row(score, event);
        } else if self.weighted {
            self.rows.push((score, event, weight));
        } else if event {
            self.events.push(key(score));
        } else {
            self.others.push(key(score));
        }
    }

    /// Rows that came since the last were gathered.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Groups the rows that wait.
    pub(crate) fn gather(&mut self) {
        self.waiting = 0;
        if self.events.len() + self.others.len() + self.rows.len() == 0 {
            return;
        }
        let next = if self.weighted {
            TieGroups::weighted(self.rows.drain(..))
        } else {
            let next = TieGroups::of_keys(&mut self.events, &mut self.others);
            self.events.clear();
            self.others.clear();
            next
        };
        self.tally.add(&next);
        self.groups = if self.groups.rows == 0 {
            next
        } else {
            self.groups.merge(&if self.groups.rounded { next.rounded() } else { next })
        };
    }

    /// Rounds the scores together, if they are not.
    pub(crate) fn round(&mut self) {
        if !self.groups.rounded {
            self.groups = self.groups.rounded();
        }
    }

    /// Rounds the scores together, and counts the rows that are yet to come. That takes room of its own, which a ranking
    /// of few rows is not worth.
    pub(crate) fn round_and_count(&mut self) {
        self.round();
        if !self.weighted && self.counted.is_none() {
            let mut counted = Counted::new();
            counted.take(&std::mem::take(&mut self.groups));
            self.counted = Some(counted);
        }
    }

    /// Groups all that is left, when there are no more rows.
    pub(crate) fn settle(&mut self) {
        self.gather();
        (self.events, self.others) = (Vec::new(), Vec::new());
        if let Some(counted) = self.counted.take() {
            self.groups = counted.groups();
            self.tally.settle();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores from 0 to 1 that also meet the cutoffs, some of them beyond, with every third an event.
    fn rows() -> impl Iterator<Item = (f64, bool)> {
        let scores = (0..30_000u64).map(|row| match row % 7 {
            0 => (row % 101) as f64 / 100.0,
            1 => (row % 97) as f64 / 48.0 - 0.5,
            _ => (row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11) as f64 / (1u64 << 53) as f64,
        });
        scores.chain([f64::INFINITY, f64::NEG_INFINITY]).enumerate().map(|(row, score)| (score, row % 3 == 0))
    }

    fn ranked(piece: usize, counting_from: Option<usize>) -> Ranking {
        let mut ranking = Ranking::new(false, Tally::new(100, 0.29));
        for (at, (score, event)) in rows().filter(|(score, _)| score.is_finite()).enumerate() {
            ranking.push(score, event, 1.0);
            if ranking.waiting() == piece {
                ranking.gather();
                if counting_from.is_some_and(|from| at >= from) {
                    ranking.round_and_count();
                }
            }
        }
        ranking.settle();
        ranking
    }

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-12 * a.abs().max(1.0), "{a} {b}");
    }

    #[test]
    fn rows_that_are_counted_add_up_to_what_sorted_ones_do() {
        let sorted = ranked(usize::MAX, None);
        for (piece, from) in [(1000, 0), (1000, 12_345), (7, 3), (29_000, 0)] {
            let counted = ranked(piece, Some(from));
            assert!(counted.groups.iter().eq(sorted.groups.rounded().iter()), "{piece} {from}");
            assert_eq!(
                (counted.groups.rows, counted.groups.event_rows),
                (sorted.groups.rows, sorted.groups.event_rows)
            );
            assert_eq!(counted.tally.association(), sorted.tally.association());
            assert_eq!(counted.tally.confusion(), sorted.tally.confusion());
            assert_eq!(counted.tally.total(), sorted.tally.total());
            for (a, b) in counted.tally.means().into_iter().zip(sorted.tally.means()) {
                near(a, b);
            }
            near(counted.tally.sums.log_loss(), sorted.tally.sums.log_loss());
        }
    }

    #[test]
    fn endless_scores_reach_every_cutoff_or_none() {
        let mut tally = Tally::new(100, 0.5);
        rows().filter(|(score, _)| score.is_infinite()).for_each(|(score, _)| tally.row(score, true));
        tally.settle();
        assert_eq!((tally.events, tally.others, tally.called), (2.0, 0.0, (1.0, 0.0)));
    }
}
