//! Events and others counted by their rounded score, without sorting: what is left to do once there are more scores than
//! memory is meant to hold.

use super::{ROUNDED_BITS, TieGroups, rounded};
use crate::sorted::value;

/// Rounded scores of one sign and power of two.
const SLOTS: usize = 1 << 20;
/// Signs and powers of two that there are.
const POWERS: usize = 1 << 12;
/// As many of them have counters, of 8 MB each. Scores between 0 and 1 seldom need more; all others are sorted.
const PAGES_MAX: usize = 16;
/// Rows that are counted together.
const ROWS_TOGETHER: usize = 1 << 20;
/// Ranges that they are put in order by first, at most: the counters of one stay in a core's cache while they are reached
/// for. One by one in no order, each would wait for memory.
const RANGES_BITS: u32 = 13;
/// And the fewest rounded scores of a range, as bits.
const RANGE_BITS: u32 = 12;

/// Rows of events and of others at one rounded score.
type Slot = [u32; 2];

/// Rows counted by rounded score.
pub(crate) struct Counted {
    /// By sign and power of two, ascending; what is never touched takes no memory.
    pages: Vec<Option<Box<[Slot]>>>,
    made: usize,
    rows: u64,
    event_rows: u64,
    /// Rounded scores of events and of others that are not counted yet.
    waiting: [Vec<u32>; 2],
    room: Vec<u32>,
    /// Rows that have no counter.
    left: TieGroups,
}

impl Counted {
    pub(crate) fn new() -> Self {
        Self {
            pages: vec![None; POWERS],
            made: 0,
            rows: 0,
            event_rows: 0,
            waiting: [(); 2].map(|()| Vec::with_capacity(ROWS_TOGETHER)),
            room: Vec::new(),
            left: TieGroups { rounded: true, ..TieGroups::default() },
        }
    }

    /// Adds a row.
    #[inline]
    pub(crate) fn push(&mut self, score: f64, event: bool) {
        let kind = usize::from(!event);
        self.waiting[kind].push((rounded(score) >> ROUNDED_BITS) as u32);
        if self.waiting[kind].len() == ROWS_TOGETHER {
            self.count(kind);
        }
    }

    /// Adds the rows of unweighted groups.
    pub(crate) fn take(&mut self, groups: &TieGroups) {
        let at = |score| (rounded(score) >> ROUNDED_BITS) as u32;
        self.provide(groups.scores.iter().map(|&score| at(score)));
        let mut left = TieGroups { rounded: true, ..TieGroups::default() };
        for (score, events, others) in groups.iter() {
            // Numbers of rows, so whole.
            let fits = events.max(others) <= f64::from(u32::MAX);
            if !fits || !self.add(at(score), [events as u32, others as u32]) {
                left.rows += (events + others) as u64;
                left.event_rows += events as u64;
                left.scores.push(score);
                left.events.push(events);
                left.others.push(others);
            }
        }
        self.left = self.left.merge(&left.rounded());
    }

    /// Counts the rows of one kind that wait.
    fn count(&mut self, kind: usize) {
        let mut waiting = std::mem::take(&mut self.waiting[kind]);
        self.provide(waiting.iter().copied());
        let mut ordered = std::mem::take(&mut self.room);
        by_range(&waiting, &mut ordered);
        let mut left = Vec::new();
        for &at in &ordered {
            let row = if kind == 0 { [1, 0] } else { [0, 1] };
            if !self.add(at, row) {
                left.push(score_of(at));
            }
        }
        if !left.is_empty() {
            let (events, others) = if kind == 0 { (left, Vec::new()) } else { (Vec::new(), left) };
            let mut left = TieGroups::unweighted(events, others);
            left.rounded = true;
            self.left = self.left.merge(&left);
        }
        waiting.clear();
        self.waiting[kind] = waiting;
        self.room = ordered;
    }

    /// Makes counters for rounded scores that have none, as far as there may be: for the powers that most of them lie in.
    fn provide(&mut self, scores: impl Iterator<Item = u32>) {
        if self.made == PAGES_MAX {
            return;
        }
        let mut counts = vec![0u32; POWERS];
        scores.for_each(|at| counts[at as usize / SLOTS] += 1);
        let mut lacking: Vec<usize> =
            (0..POWERS).filter(|&power| counts[power] > 0 && self.pages[power].is_none()).collect();
        lacking.sort_by_key(|&power| std::cmp::Reverse(counts[power]));
        for power in lacking.into_iter().take(PAGES_MAX - self.made) {
            self.pages[power] = Some(vec![Slot::default(); SLOTS].into_boxed_slice());
            self.made += 1;
        }
    }

    /// Counts rows of one rounded score. False, and nothing is counted, where there is no counter for it, or it is full.
    #[inline]
    fn add(&mut self, at: u32, [events, others]: Slot) -> bool {
        let at = at as usize;
        let Some(page) = &mut self.pages[at / SLOTS] else { return false };
        let slot = &mut page[at % SLOTS];
        let (Some(e), Some(o)) = (slot[0].checked_add(events), slot[1].checked_add(others)) else {
            return false;
        };
        *slot = [e, o];
        self.rows += u64::from(events) + u64::from(others);
        self.event_rows += u64::from(events);
        true
    }

    /// All rows, in rounded groups.
    pub(crate) fn groups(mut self) -> TieGroups {
        self.count(0);
        self.count(1);
        let mut out =
            TieGroups { rows: self.rows, event_rows: self.event_rows, rounded: true, ..TieGroups::default() };
        let is_taken = |slot: &&Slot| **slot != Slot::default();
        let room = self.pages.iter().flatten().map(|page| page.iter().filter(is_taken).count()).sum();
        for column in [&mut out.scores, &mut out.events, &mut out.others] {
            column.reserve_exact(room);
        }
        for (power, page) in self.pages.into_iter().enumerate() {
            let Some(page) = page else { continue };
            for (slot, &[events, others]) in page.iter().enumerate().filter(|(_, slot)| is_taken(slot)) {
                out.scores.push(score_of((power * SLOTS + slot) as u32));
                out.events.push(events.into());
                out.others.push(others.into());
            }
        }
        if self.left.rows == 0 { out } else { out.merge(&self.left) }
    }
}

fn score_of(at: u32) -> f64 {
    value(u64::from(at) << ROUNDED_BITS)
}

/// Puts rounded scores in the order of the ranges they lie in; within one they stay in no order.
fn by_range(scores: &[u32], ordered: &mut Vec<u32>) {
    let least = scores.iter().copied().min().unwrap_or_default();
    let span = scores.iter().copied().max().unwrap_or_default() - least;
    let shift = (u32::BITS - span.leading_zeros()).saturating_sub(RANGES_BITS).max(RANGE_BITS);
    let range = |score: u32| ((score - least) >> shift) as usize;
    let mut next = vec![0u32; range(least + span) + 1];
    scores.iter().for_each(|&score| next[range(score)] += 1);
    let mut before = 0;
    for count in &mut next {
        before += std::mem::replace(count, before);
    }
    ordered.clear();
    ordered.resize(scores.len(), 0);
    for &score in scores {
        let at = &mut next[range(score)];
        ordered[*at as usize] = score;
        *at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers from 0 to 1 in no order, the same each time.
    fn scores(rows: u64) -> impl Iterator<Item = f64> {
        (0..rows).map(|row| (row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11) as f64 / (1u64 << 53) as f64)
    }

    fn agree(counted: &TieGroups, sorted: &TieGroups) {
        assert_eq!((counted.rows, counted.event_rows), (sorted.rows, sorted.event_rows));
        assert!(counted.iter().eq(sorted.iter()));
        assert!(counted.rounded && !counted.weighted);
    }

    #[test]
    fn counting_says_what_sorting_and_rounding_say() {
        // More powers of two than have counters, both signs, and the ends of what there is.
        let special =
            [0.0, -0.0, 0.5, 1.0, 1.0 - f64::EPSILON / 2.0, 0.1, f64::MAX, f64::MIN, f64::MIN_POSITIVE];
        let far = (0..400).map(|power| 1.1f64.powi(power) * if power % 2 == 0 { 1.0 } else { -1.0 });
        let all: Vec<f64> =
            scores(50_000).map(|score| score * score).chain(special).chain(far.clone()).chain(far).collect();
        let (events, others) = all.split_at(all.len() / 3);
        let mut counted = Counted::new();
        events.iter().for_each(|&score| counted.push(score, true));
        // One half one by one, the other as groups.
        let (single, grouped) = others.split_at(others.len() / 2);
        counted.take(&TieGroups::unweighted([], grouped.iter().copied()));
        single.iter().for_each(|&score| counted.push(score, false));
        let sorted = TieGroups::unweighted(events.iter().copied(), others.iter().copied()).rounded();
        agree(&counted.groups(), &sorted);
    }

    #[test]
    fn what_waits_is_counted_when_it_is_many() {
        let rows = ROWS_TOGETHER as u64 * 2 + 5;
        let mut counted = Counted::new();
        scores(rows).for_each(|score| counted.push(score, score < 0.7));
        assert!(
            counted.rows > ROWS_TOGETHER as u64 * 99 / 100,
            "the powers that most scores lie in have counters"
        );
        let (events, others): (Vec<f64>, Vec<f64>) = scores(rows).partition(|&score| score < 0.7);
        agree(&counted.groups(), &TieGroups::unweighted(events, others).rounded());
    }

    #[test]
    fn a_counter_that_is_full_loses_no_row() {
        let mut counted = Counted::new();
        let many = f64::from(u32::MAX);
        let groups = |score, events: f64| TieGroups {
            scores: vec![score],
            events: vec![events],
            others: vec![0.0],
            rows: events as u64,
            event_rows: events as u64,
            ..TieGroups::default()
        };
        counted.take(&groups(0.5, many));
        counted.push(0.5, true);
        counted.take(&groups(0.25, 2.0 * many));
        let counted = counted.groups();
        assert_eq!(counted.iter().collect::<Vec<_>>(), [(0.25, 2.0 * many, 0.0), (0.5, many + 1.0, 0.0)]);
        assert_eq!(counted.rows, 3 * u64::from(u32::MAX) + 1);
    }

    #[test]
    fn ranges_keep_every_score() {
        let wide: Vec<u32> =
            (0..10_000u32).map(|row| row.wrapping_mul(0x9E37_79B9)).chain([0, u32::MAX]).collect();
        for scores in [vec![], vec![7], vec![5, 5, 5], wide.iter().map(|score| score >> 18).collect(), wide] {
            let mut ordered = vec![1, 2, 3];
            by_range(&scores, &mut ordered);
            let sorted = |mut scores: Vec<u32>| {
                scores.sort_unstable();
                scores
            };
            assert_eq!(sorted(ordered), sorted(scores));
        }
    }
}
