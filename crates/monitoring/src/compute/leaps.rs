//! Two samples compared without being put in order, but for the values whose order matters.
//!
//! The values are counted in narrow cells. Between two cells both empirical distribution functions are known, and so is how
//! far they can come apart or together within the next. Where one stays above the other throughout, the area between them
//! follows from sums; where they cannot come as far apart as they are known to elsewhere, the greatest distance is not.
//! What is left, with the few cells that hold a decile, is sorted and walked. The answers are those of sorting everything,
//! to the last digit but the rounding of sums.

use super::ascent::{Climber, Samples, climb_between};
use crate::drift::{Cells, Described, Held, NumericDrift, Stretch, Walk, decile};
use crate::error::Error;
use crate::sorted::{Room, key, sort_keys, value};
use std::ops::Range;

/// Fewer values of both samples are all sorted.
const FEW: u64 = 4096;
/// Values of a cell, about: as many cells as let most of them be leapt over, and no more than a core has in its own cache.
const CELL_ROWS: u64 = 32;
const CELLS_MAX: u64 = 1 << 14;
/// A cell with more values may hold one that is common, which is then counted.
const THICK_ROWS: u64 = 512;
/// Values that are looked at together.
const BLOCK: usize = 256;

/// What is done with a cell: it is leapt over, its values are put in order, or the same with a common value; of those each has
/// a number of its own.
const LEAP: u8 = 0;
const ORDER: u8 = 1;
const COMMON: u8 = 2;

/// Drift between two samples described before, of which at most about `rows_max` values are held at once.
pub(super) fn compare(
    samples: &Samples<'_>,
    sides: [&Described; 2],
    rows_max: u64,
) -> Result<NumericDrift, Error> {
    let [reference, current] = sides.map(Described::present);
    let mut walk = Walk::new(reference, current);
    let rows = reference.count() + current.count();
    let low = sides.map(|side| side.keys.0).into_iter().min().unwrap_or_default();
    let high = sides.map(|side| side.keys.1).into_iter().max().unwrap_or_default();
    if rows <= FEW.min(rows_max) {
        let mut keys = [Room::new(0), Room::new(0)];
        samples(&mut |side, some| keys[side].extend_from_slice(some))?;
        let [a, b] = keys.map(in_order);
        walk.feed(&a, &b);
        return Ok(walk.finish());
    }
    let wanted = (rows / CELL_ROWS).min(CELLS_MAX) as usize;
    let cells = Cells::new((low, high), &sides.map(|side| side.sample.as_slice()), wanted);
    let mut held = [(); 2].map(|()| vec![Held::default(); cells.len()]);
    samples(&mut |side, keys| {
        let held = &mut held[side];
        for &k in keys {
            let (cell, above) = cells.of(k);
            held[cell].add(above);
        }
    })?;
    let plan = plan(&walk, &held);
    let mut lows = cells.lows();
    let mut from = (0, lows.next().unwrap_or(low));
    while from.0 < cells.len() {
        let (to, ordered) = ordered(samples, &cells, &held, &plan, from.0, rows_max)?;
        let mut left = [ordered.values[0].as_slice(), ordered.values[1].as_slice()];
        for cell in from.0..to {
            // The next cell's least key may lie beyond all there is.
            let (start, end) = (from.1, lows.next().unwrap_or(high + 1).min(high + 1));
            from = (cell + 1, end);
            let counts = (held[0][cell].count, held[1][cell].count);
            if counts == (0, 0) {
                continue;
            }
            if plan[cell] == LEAP {
                walk.leap(&Stretch {
                    low: value(start),
                    high: value(end.min(high)),
                    counts,
                    offsets: (held[0][cell].offsets(start), held[1][cell].offsets(start)),
                });
                continue;
            }
            let here = left.each_mut().map(|left| {
                let (here, rest) = left.split_at(left.iter().take_while(|&&v| key(v) < end).count());
                *left = rest;
                here
            });
            match plan[cell].checked_sub(COMMON).map(|at| &ordered.common[usize::from(at)]) {
                None => walk.feed(here[0], here[1]),
                Some(common) if common.is_beyond => {
                    climb_between(samples, rows, rows_max, (start, end - 1), &mut walk)?;
                }
                Some(common) => {
                    let it = value(common.key);
                    let [a, b] = here.map(|here| here.split_at(here.partition_point(|&v| v < it)));
                    walk.feed(a.0, b.0);
                    walk.run(it, (common.counts[0], common.counts[1]));
                    walk.feed(a.1, b.1);
                }
            }
        }
    }
    Ok(walk.finish())
}

impl Climber for Walk {
    fn part(&mut self, a: &[f64], b: &[f64]) {
        self.feed(a, b);
    }

    fn run(&mut self, value: f64, counts: (u64, u64)) {
        Walk::run(self, value, counts);
    }
}

fn in_order(mut keys: Room) -> Vec<f64> {
    sort_keys(&mut keys);
    keys.iter().copied().map(value).collect()
}

/// What is done with each cell.
fn plan(walk: &Walk, held: &[Vec<Held>; 2]) -> Vec<u8> {
    let counts = || held[0].iter().zip(&held[1]).map(|(a, b)| (a.count, b.count));
    let of_reference = held[0].iter().map(|it| it.count).sum();
    let pairs = walk.counts();
    // The greatest distance that is known: between two cells there is no value, so it is taken on there.
    let mut greatest = 0;
    if let Some((n, m)) = pairs {
        let mut gap = 0;
        for (i, j) in counts() {
            gap += i as i64 * m - j as i64 * n;
            greatest = greatest.max(gap.abs());
        }
    }
    let (mut gap, mut below, mut deciles) = (0, 0, 1);
    let mut plan: Vec<u8> = counts()
        .map(|(i, j)| {
            let mut is_ordered = false;
            if let Some((n, m)) = pairs {
                let (most, least) = (gap + i as i64 * m, gap - j as i64 * n);
                is_ordered = (least < 0 && most > 0) || most.max(-least) > greatest;
                gap = most - j as i64 * n;
            }
            below += i;
            while deciles < 10 && decile(deciles, of_reference) < below {
                deciles += 1;
                is_ordered = true;
            }
            if is_ordered && i + j > 0 { ORDER } else { LEAP }
        })
        .collect();
    let mut thick: Vec<(u64, usize)> = counts()
        .enumerate()
        .map(|(cell, (i, j))| (i + j, cell))
        .filter(|&(rows, cell)| plan[cell] == ORDER && rows >= THICK_ROWS)
        .collect();
    thick.sort_unstable_by(|a, b| b.cmp(a));
    for ((_, cell), number) in thick.into_iter().zip(COMMON..u8::MAX) {
        plan[cell] = number;
    }
    plan
}

/// Values of some cells, put in order.
struct Ordered {
    /// Of each side, without the common ones.
    values: [Vec<f64>; 2],
    common: Vec<Common>,
}

/// A value that is met first in a cell of many, for it may be most of them.
#[derive(Clone, Copy)]
struct Common {
    /// [`NONE`] before it is met.
    key: u64,
    counts: [u64; 2],
    /// Whether the cell's other values are too many to be held.
    is_beyond: bool,
}

/// No number has this key.
const NONE: u64 = u64::MAX;

/// Puts in order what must be of the cells from `from` on, up to a cell where it would be too much at once.
fn ordered(
    samples: &Samples<'_>,
    cells: &Cells,
    held: &[Vec<Held>; 2],
    plan: &[u8],
    from: usize,
    rows_max: u64,
) -> Result<(usize, Ordered), Error> {
    let nothing = Common { key: NONE, counts: [0; 2], is_beyond: false };
    let mut out = Ordered { values: [Vec::new(), Vec::new()], common: Vec::new() };
    out.common.resize(
        plan.iter().copied().max().map_or(0, |most| (most + 1).saturating_sub(COMMON).into()),
        nothing,
    );
    let here = reach(held, plan, from, rows_max);
    let to = here.end;
    if plan[here.clone()].iter().all(|&cell| cell == LEAP) {
        return Ok((to, out));
    }
    let mut keys = [Room::new(0), Room::new(0)];
    let mut room = rows_max;
    samples(&mut |side, all| {
        let mut chosen = [(0, 0); BLOCK];
        for block in all.chunks(BLOCK) {
            // Written whether wanted or not: which are is not to be guessed.
            let mut many = 0;
            for &k in block {
                let (cell, _) = cells.of(k);
                chosen[many] = (k, cell as u32);
                many += usize::from(plan[cell] != LEAP);
            }
            for &(k, cell) in &chosen[..many] {
                let cell = cell as usize;
                if !here.contains(&cell) {
                    continue;
                }
                if let Some(common) = plan[cell].checked_sub(COMMON) {
                    let common = &mut out.common[usize::from(common)];
                    if common.key == NONE {
                        common.key = k;
                    }
                    if common.key == k {
                        common.counts[side] += 1;
                        continue;
                    }
                    if room == 0 || common.is_beyond {
                        common.is_beyond = true;
                        continue;
                    }
                    room -= 1;
                }
                keys[side].push(k);
            }
        }
    })?;
    out.values = keys.map(in_order);
    Ok((to, out))
}

/// The next cells of which no more is put in order than may be; of a cell with a common value nobody knows how much.
fn reach(held: &[Vec<Held>; 2], plan: &[u8], from: usize, rows_max: u64) -> Range<usize> {
    let mut rows = 0;
    for cell in from..plan.len() {
        if plan[cell] == ORDER {
            rows += held[0][cell].count + held[1][cell].count;
            if rows > rows_max && cell > from {
                return from..cell;
            }
        }
    }
    from..plan.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SplitMix64, from 0 to 1.
    struct Random(u64);

    impl Random {
        fn unit(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
        }

        fn normal(&mut self) -> f64 {
            (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
        }
    }

    type Draw = fn(&mut Random, usize) -> f64;

    /// Columns as one meets them, and as nobody wants to.
    const SHAPES: [(&str, Draw); 14] = [
        ("normal", |r, _| r.normal()),
        ("heavy tail", |r, _| (3.0 * r.normal()).exp()),
        ("both tails", |r, _| 1.0 / (r.unit() - 0.5)),
        ("far from zero", |r, _| 1e9 + r.unit() * 1e-3),
        ("few values", |r, _| (r.unit() * 5.0).floor()),
        ("mostly zero", |r, _| if r.unit() < 0.7 { 0.0 } else { r.normal() }),
        ("one value", |_, _| 7.0),
        ("negative", |r, _| -(2.0 * r.normal()).exp()),
        ("an outlier", |r, i| if i == 17 { 1e300 } else { r.unit() }),
        ("a sentinel", |r, i| if i % 3 == 0 { 999_999_999.0 } else { r.unit() }),
        // Nearly all in one cell, which is not one value.
        ("a cluster", |r, i| if i % 999 == 0 { r.normal() * 1e9 } else { 1.0 + r.unit() * 1e-9 }),
        ("no numbers at all but these", |r, i| {
            [f64::MAX, f64::MIN, 5e-324, -5e-324, r.unit(), -0.0, 0.0][i % 7]
        }),
        ("endless", |r, i| [f64::INFINITY, f64::NEG_INFINITY, r.unit(), r.normal()][i % 4]),
        ("sorted", |_, i| i as f64),
    ];

    fn described(values: &[f64]) -> (Described, Vec<u64>) {
        let mut described = Described::new(values.len() as u64);
        values.chunks(1000).for_each(|part| described.take(part));
        (described, values.iter().map(|&v| key(v)).collect())
    }

    /// Everything sorted, and walked at once.
    fn sorted(sides: [(&Described, &[u64]); 2]) -> NumericDrift {
        let mut walk = Walk::new(sides[0].0.present(), sides[1].0.present());
        let [a, b] = sides.map(|(_, keys)| {
            let mut keys = keys.to_vec();
            keys.sort_unstable();
            keys.into_iter().map(value).collect::<Vec<f64>>()
        });
        walk.feed(&a, &b);
        walk.finish()
    }

    fn agree(what: &str, leapt: &NumericDrift, sorted: &NumericDrift) {
        assert_eq!(leapt.edges, sorted.edges, "{what}");
        assert_eq!(
            (&leapt.ref_counts, &leapt.cur_counts),
            (&sorted.ref_counts, &sorted.cur_counts),
            "{what}"
        );
        assert_eq!((leapt.ks_statistic, leapt.psi), (sorted.ks_statistic, sorted.psi), "{what}");
        match (leapt.wasserstein, sorted.wasserstein) {
            (Some(a), Some(b)) => assert!((a - b).abs() <= 1e-11 * b.abs(), "{what}: {a} {b}"),
            (a, b) => assert_eq!(a, b, "{what}"),
        }
    }

    #[test]
    fn what_is_leapt_over_says_what_sorting_says() {
        let mut random = Random(7);
        for (name, draw) in SHAPES {
            for (rows, others, shift) in [
                (20_000, 15_000, 0.0),
                (9_000, 30_000, 0.3),
                (2_500, 2_500, 0.0),
                (6_000, 6_000, 1e6),
                (6_000, 1, 0.0),
            ] {
                let a: Vec<f64> = (0..rows).map(|i| draw(&mut random, i)).collect();
                let b: Vec<f64> = (0..others).map(|i| draw(&mut random, i) + shift).collect();
                let ((a, a_keys), (b, b_keys)) = (described(&a), described(&b));
                let whole = sorted([(&a, &a_keys), (&b, &b_keys)]);
                for rows_max in [u64::MAX, 3_000, 100] {
                    let samples = |each: &mut dyn FnMut(usize, &[u64])| {
                        a_keys.chunks(777).for_each(|part| each(0, part));
                        b_keys.chunks(500).for_each(|part| each(1, part));
                        Ok(())
                    };
                    let leapt = compare(&samples, [&a, &b], rows_max).unwrap();
                    agree(
                        &format!("{name}, {rows} and {others} shifted by {shift}, at most {rows_max}"),
                        &leapt,
                        &whole,
                    );
                }
            }
        }
    }

    #[test]
    fn few_values_of_many_are_put_in_order() {
        let mut random = Random(1);
        let draw = |random: &mut Random, shift: f64| {
            (0..200_000).map(|_| random.normal() + shift).collect::<Vec<_>>()
        };
        for shift in [0.0, 0.02, 0.5] {
            let ((a, a_keys), (b, b_keys)) =
                (described(&draw(&mut random, 0.0)), described(&draw(&mut random, shift)));
            let reads = std::cell::Cell::new(0);
            let samples = |each: &mut dyn FnMut(usize, &[u64])| {
                reads.set(reads.get() + 1);
                each(0, &a_keys);
                each(1, &b_keys);
                Ok(())
            };
            // A fifth of all is more than is needed.
            let leapt = compare(&samples, [&a, &b], 80_000).unwrap();
            assert_eq!(reads.get(), 2, "counted, and gathered once");
            agree(&format!("{shift}"), &leapt, &sorted([(&a, &a_keys), (&b, &b_keys)]));
        }
    }

    #[test]
    fn a_side_without_values_leaves_the_deciles_of_the_other() {
        let values: Vec<f64> = (0..10_000).map(f64::from).collect();
        let ((a, a_keys), (b, b_keys)) = (described(&values), described(&[]));
        let samples = |each: &mut dyn FnMut(usize, &[u64])| {
            each(0, &a_keys);
            each(1, &b_keys);
            Ok(())
        };
        let drift = compare(&samples, [&a, &b], u64::MAX).unwrap();
        assert_eq!(drift.edges, (1..10).map(|i| f64::from(i * 1000 - 1)).collect::<Vec<_>>());
        assert_eq!((drift.ks_statistic, drift.wasserstein), (None, None));
        let samples = |each: &mut dyn FnMut(usize, &[u64])| {
            each(1, &a_keys);
            Ok(())
        };
        let drift = compare(&samples, [&b, &a], u64::MAX).unwrap();
        assert!(drift.edges.is_empty() && drift.cur_counts == [10_000]);
    }
}
