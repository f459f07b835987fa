//! Two samples larger than memory, in ascending order: read again, range by range of values.
//!
//! A histogram of the leading bits of the order-preserving key says how many rows each range of values holds; ranges that
//! fit are collected and sorted one after the other, ranges that do not are split again, and a range of one value is a
//! count. The walk over the ranges is the walk over the whole: the answers are those of memory, to the last digit but the
//! rounding of sums.

use crate::error::Error;
use crate::sorted::{sort_keys, value};

/// Buckets of a histogram: at most 2^20 of 8 bytes, and no more than a few a row.
const BUCKET_BITS_MAX: u32 = 20;

/// Reads both samples, as often as it is asked to: which sample (0 or 1), and the [`key`](crate::sorted::key)s of some of its
/// values.
pub(super) type Samples<'a> = dyn Fn(&mut dyn FnMut(usize, &[u64])) -> Result<(), Error> + 'a;

/// Whoever walks up.
pub(super) trait Climber {
    /// The next values of both samples: sorted, all of them above what came before.
    fn part(&mut self, a: &[f64], b: &[f64]);
    /// A value that occurs too often to be held: how often in each sample.
    fn run(&mut self, value: f64, counts: (u64, u64));
}

/// Hands on all values of both samples in ascending order, at most `rows_max` at once. `rows` says how many there are, about.
pub(super) fn climb(
    samples: &Samples<'_>,
    rows: u64,
    rows_max: u64,
    climber: &mut dyn Climber,
) -> Result<(), Error> {
    climb_between(samples, rows, rows_max, (0, u64::MAX), climber)
}

/// The same for the keys in `[low, high]`.
pub(super) fn climb_between(
    samples: &Samples<'_>,
    rows: u64,
    rows_max: u64,
    (low, high): (u64, u64),
    climber: &mut dyn Climber,
) -> Result<(), Error> {
    let width = 64 - (high - low).leading_zeros();
    let bits = (66 - rows.leading_zeros()).min(BUCKET_BITS_MAX);
    let shift = width.saturating_sub(bits);
    let mut buckets = vec![[0u32; 2]; ((high - low) >> shift) as usize + 1];
    samples(&mut |side, keys| {
        for k in keys.iter().filter(|k| (low..=high).contains(k)) {
            buckets[((k - low) >> shift) as usize][side] += 1;
        }
    })?;
    let mut from = 0;
    while from < buckets.len() {
        let size = |b: &[u32; 2]| u64::from(b[0]) + u64::from(b[1]);
        let (mut to, mut held) = (from, 0);
        while to < buckets.len() && (to == from || held + size(&buckets[to]) <= rows_max) {
            held += size(&buckets[to]);
            to += 1;
        }
        let start = low + ((from as u64) << shift);
        let end = low.saturating_add((to as u64) << shift).wrapping_sub(1).min(high);
        let end = if to == buckets.len() { high } else { end };
        if held > rows_max && shift == 0 {
            climber.run(value(start), (u64::from(buckets[from][0]), u64::from(buckets[from][1])));
        } else if held > rows_max {
            climb_between(samples, rows, rows_max, (start, end), climber)?;
        } else if held > 0 {
            let count = |side: usize| buckets[from..to].iter().map(|b| b[side] as usize).sum();
            let mut keys: [Vec<u64>; 2] = [Vec::with_capacity(count(0)), Vec::with_capacity(count(1))];
            samples(&mut |side, all| {
                keys[side].extend(all.iter().filter(|k| (start..=end).contains(k)));
            })?;
            let [a, b] = keys.map(|mut keys| {
                sort_keys(&mut keys);
                keys.into_iter().map(value).collect::<Vec<f64>>()
            });
            climber.part(&a, &b);
        }
        from = to;
    }
    Ok(())
}
