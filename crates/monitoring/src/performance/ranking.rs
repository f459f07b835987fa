//! Scored rows on their way into tie groups, piece by piece, in bounded memory.

use super::{Sums, TieGroups, confusion, grid};

/// What is added up of the rows as they were, however their scores are rounded together later.
pub(crate) struct Tally {
    pub(super) grid: grid::GridCounts,
    pub(super) sums: Sums,
    cutoff: f64,
    /// Events and others from the cutoff on.
    called: (f64, f64),
    events: f64,
    others: f64,
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
        }
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
    /// Scores of events and of others; with weights, rows.
    events: Vec<f64>,
    others: Vec<f64>,
    rows: Vec<(f64, bool, f64)>,
    pub(crate) groups: TieGroups,
    pub(crate) tally: Tally,
}

impl Ranking {
    pub(crate) fn new(weighted: bool, tally: Tally) -> Self {
        let groups = TieGroups { weighted, ..TieGroups::default() };
        Self { weighted, events: Vec::new(), others: Vec::new(), rows: Vec::new(), groups, tally }
    }

    #[inline]
    pub(crate) fn push(&mut self, score: f64, event: bool, weight: f64) {
        if self.weighted {
            self.rows.push((score, event, weight));
        } else if event {
            self.events.push(score);
        } else {
            self.others.push(score);
        }
    }

    /// Rows that wait to be grouped.
    pub(crate) fn waiting(&self) -> usize {
        self.events.len() + self.others.len() + self.rows.len()
    }

    /// Groups the rows that wait.
    pub(crate) fn gather(&mut self) {
        if self.waiting() == 0 {
            return;
        }
        let next = if self.weighted {
            TieGroups::weighted(self.rows.drain(..))
        } else {
            TieGroups::unweighted(self.events.drain(..), self.others.drain(..))
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
}
