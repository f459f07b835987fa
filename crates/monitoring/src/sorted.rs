//! Sorting and ranking of columns: order-preserving integer keys, a radix sort, exact quantiles.

/// An integer that orders as the number does: −∞ first, −0.0 equal to 0.0, +∞ last. NaN must not come here.
#[inline]
pub(crate) fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    bits ^ (((bits as i64 >> 63) as u64) | (1 << 63))
}

/// The number behind a [`key`].
#[inline]
pub(crate) fn value(key: u64) -> f64 {
    f64::from_bits(key ^ ((!(key as i64 >> 63) as u64) | (1 << 63)))
}

const DIGIT_BITS: u32 = 11;
const DIGITS: usize = 1 << DIGIT_BITS;
/// Runs with equal leading bits longer than this are sorted by comparison instead of insertion.
const RUN_LONG: usize = 24;

/// Sorts keys ascending: three radix passes over the 33 leading bits that differ, then a repair of the runs that are
/// still tied there. Linear for the columns one meets, n log n at worst.
pub(crate) fn sort_keys(keys: &mut Vec<u64>) {
    if keys.len() < 4096 {
        keys.sort_unstable();
        return;
    }
    let (mut low, mut high) = (u64::MAX, 0);
    for &k in keys.iter() {
        low = low.min(k);
        high = high.max(k);
    }
    if low == high {
        return;
    }
    let width = 64 - (low ^ high).leading_zeros();
    let shift = width.saturating_sub(3 * DIGIT_BITS);
    let mut counts = vec![[0u32; DIGITS]; 3];
    let digit = |k: u64, pass: u32| ((k >> (shift + pass * DIGIT_BITS)) as usize) & (DIGITS - 1);
    for &k in keys.iter() {
        counts[0][digit(k, 0)] += 1;
        counts[1][digit(k, 1)] += 1;
        counts[2][digit(k, 2)] += 1;
    }
    let mut other = vec![0u64; keys.len()];
    for pass in 0..3u32 {
        let count = &mut counts[pass as usize];
        if count.iter().any(|&c| c as usize == keys.len()) {
            continue;
        }
        let mut start = 0u32;
        for slot in count.iter_mut() {
            (*slot, start) = (start, start + *slot);
        }
        for &k in keys.iter() {
            let slot = &mut count[digit(k, pass)];
            other[*slot as usize] = k;
            *slot += 1;
        }
        std::mem::swap(keys, &mut other);
    }
    if shift == 0 {
        return;
    }
    let mut i = 0;
    while i + 1 < keys.len() {
        if keys[i] >> shift != keys[i + 1] >> shift {
            i += 1;
            continue;
        }
        let prefix = keys[i] >> shift;
        let mut end = i + 2;
        while end < keys.len() && keys[end] >> shift == prefix {
            end += 1;
        }
        let run = &mut keys[i..end];
        if run.len() > RUN_LONG {
            run.sort_unstable();
        } else {
            for a in 1..run.len() {
                let k = run[a];
                let mut b = a;
                while b > 0 && run[b - 1] > k {
                    run[b] = run[b - 1];
                    b -= 1;
                }
                run[b] = k;
            }
        }
        i = end;
    }
}

/// A column ready to be ranked: its present values ascending, and how many were missing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sorted {
    /// Ascending, no NaN, no −0.0.
    pub(crate) values: Vec<f64>,
    /// NaN or null.
    pub(crate) missing: u64,
}

impl Sorted {
    /// Sorts a column, counting NaN as missing. Its allocation is reused.
    pub(crate) fn new(column: Vec<f64>) -> Self {
        let rows = column.len();
        let mut keys: Vec<u64> = column.into_iter().filter(|v| !v.is_nan()).map(key).collect();
        let missing = (rows - keys.len()) as u64;
        sort_keys(&mut keys);
        Self { values: keys.into_iter().map(value).collect(), missing }
    }

    /// Rows, missing ones included.
    pub(crate) fn rows(&self) -> u64 {
        self.values.len() as u64 + self.missing
    }
}

/// Values at sorted index `ceil(i/parts · n) − 1` for i = 1 … parts − 1 (the inner quantiles), in integers.
pub(crate) fn inverted_cdf(sorted: &[f64], parts: usize) -> Vec<f64> {
    if sorted.is_empty() {
        return Vec::new();
    }
    (1..parts).map(|i| sorted[(i * sorted.len()).div_ceil(parts).max(1) - 1]).collect()
}
