//! Cells: ranges of values, narrow where many values lie.

use crate::sorted::value;

/// Leading bits of a [`key`](crate::sorted::key) by which cells are looked up: sign and power of two, where values are of any.
const BUCKET_BITS: u32 = 12;

/// Divides the keys from a least to a greatest into ranges of about as many values each, as far as a sample tells.
#[derive(Debug)]
pub(crate) struct Cells {
    shift: u32,
    /// The first bucket, as keys without their last bits.
    first: u64,
    buckets: Vec<Bucket>,
    count: usize,
}

/// Keys of equal leading bits, so of one sign and one power of two, divided evenly.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Its first cell.
    base: u32,
    /// Bits of a key within a cell.
    shift: u32,
}

impl Cells {
    /// At most about twice as many cells as asked for, and one a bucket, for the keys from `low` to `high`.
    pub(crate) fn new((low, high): (u64, u64), sample: &[&[u64]], cells: usize) -> Self {
        let shift = (64 - (high - low).leading_zeros()).saturating_sub(BUCKET_BITS);
        let first = low >> shift;
        let mut met = vec![0usize; ((high >> shift) - first) as usize + 1];
        let mut size = 0;
        for &k in sample.iter().copied().flatten() {
            met[((k >> shift) - first) as usize] += 1;
            size += 1;
        }
        let mut count = 0u32;
        let buckets = met
            .into_iter()
            .map(|met| {
                let wanted = (met * cells).div_ceil(size.max(1)).max(1);
                let bits = wanted.next_power_of_two().trailing_zeros().min(shift);
                let bucket = Bucket { base: count, shift: shift - bits };
                count += 1 << bits;
                bucket
            })
            .collect();
        Self { shift, first, buckets, count: count as usize }
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// The cell of a key, and by how much the key is above the least that the cell could hold.
    #[inline]
    pub(crate) fn of(&self, k: u64) -> (usize, u64) {
        let bucket = self.buckets[((k >> self.shift) - self.first) as usize];
        let within = k & ((1 << self.shift) - 1);
        (bucket.base as usize + (within >> bucket.shift) as usize, k & ((1 << bucket.shift) - 1))
    }

    /// Least key of every cell, ascending.
    pub(crate) fn lows(&self) -> impl Iterator<Item = u64> + '_ {
        self.buckets.iter().enumerate().flat_map(|(at, bucket)| {
            let start = (self.first + at as u64) << self.shift;
            (0..1u64 << (self.shift - bucket.shift)).map(move |cell| start + (cell << bucket.shift))
        })
    }
}

/// What a cell holds of one side.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Held {
    pub(crate) count: u64,
    /// Sum of how far the keys are above the least that the cell could hold.
    keys: f64,
}

impl Held {
    #[inline]
    pub(crate) fn add(&mut self, above: u64) {
        self.count += 1;
        // Less than 2^52: what is between two powers of two.
        self.keys += above as i64 as f64;
    }

    /// Sum of how far the values are above that of `low`, the least key that the cell could hold: within a power of two, one
    /// key more is always the same step.
    pub(crate) fn offsets(&self, low: u64) -> f64 {
        if self.keys == 0.0 { 0.0 } else { self.keys * (value(low + 1) - value(low)) }
    }
}
