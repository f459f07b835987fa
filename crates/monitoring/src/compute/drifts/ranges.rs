//! Numeric columns larger than memory: read again, range by range of values.
//!
//! A histogram of the leading bits of the order-preserving key says how many rows each range of values holds; ranges that
//! fit are collected and sorted one after the other, ranges that do not are split again, and a range of one value is a
//! count. The walk over the ranges is the walk over the whole: the answers are those of memory, to the last digit but the
//! rounding of sums.

use super::{OfPeriods, is_text};
use crate::compute::Data;
use crate::drift::{Present, VariableDrift, Walk};
use crate::error::Error;
use crate::sorted::{key, sort_keys, value};
use crate::table::{Chunk, Source};

/// Buckets of a histogram: at most 2^20 of 8 bytes, and no more than a few a row.
const BUCKET_BITS_MAX: u32 = 20;

/// The drift of a numeric variable; `None` where the variable is text, whose levels are counted in one pass anyway.
pub(super) fn variable(data: &Data, name: &str, rows_max: u64) -> Result<Option<OfPeriods>, Error> {
    let mut warnings = Vec::new();
    if is_text(data, name, &mut warnings) {
        return Ok(None);
    }
    let baseline: &Source = data.reference.as_deref().unwrap_or(&data.series.sources[0]);
    let reference = present(baseline, name)?;
    let mut out = Vec::with_capacity(data.series.len());
    for source in &data.series.sources {
        if source.field(name).is_none() {
            out.push(None);
            continue;
        }
        let mut walk = Walk::new(reference, present(source, name)?);
        descend(&mut walk, [baseline, source], name, (0, u64::MAX), rows_max)?;
        out.push(Some(VariableDrift::Numeric(walk.finish())));
    }
    Ok(Some((out, warnings)))
}

fn each_value(source: &Source, name: &str, mut each: impl FnMut(f64)) -> Result<(), Error> {
    source.read(name, false, &mut |chunk| {
        match chunk {
            Chunk::Numeric(values) => values.iter().for_each(|&v| each(v)),
            // A column without a single value may be stored as text.
            Chunk::Text { codes, .. } => codes.iter().for_each(|_| each(f64::NAN)),
        }
        Ok(())
    })
}

fn present(source: &Source, name: &str) -> Result<Present, Error> {
    let (mut rows, mut missing, mut sum) = (0u64, 0u64, 0.0);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    each_value(source, name, |v| {
        rows += 1;
        if v.is_nan() {
            missing += 1;
        } else {
            sum += v;
            low = low.min(v);
            high = high.max(v);
        }
    })?;
    // A constant is its own mean, without rounding.
    let mean = if low == high { low } else { sum / (rows - missing) as f64 };
    Ok(Present { rows, missing, mean })
}

/// Walks the keys in `[low, high]`, ascending.
fn descend(
    walk: &mut Walk,
    sides: [&Source; 2],
    name: &str,
    (low, high): (u64, u64),
    rows_max: u64,
) -> Result<(), Error> {
    let width = 64 - (high - low).leading_zeros();
    let rows = sides[0].rows() + sides[1].rows();
    let bits = (66 - rows.leading_zeros()).min(BUCKET_BITS_MAX);
    let shift = width.saturating_sub(bits);
    let mut buckets = vec![[0u32; 2]; ((high - low) >> shift) as usize + 1];
    for (side, source) in sides.into_iter().enumerate() {
        each_value(source, name, |v| {
            let k = key(v);
            if !v.is_nan() && (low..=high).contains(&k) {
                buckets[((k - low) >> shift) as usize][side] += 1;
            }
        })?;
    }
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
            let counts = (u64::from(buckets[from][0]), u64::from(buckets[from][1]));
            walk.feed_run(value(start), counts);
        } else if held > rows_max {
            descend(walk, sides, name, (start, end), rows_max)?;
        } else if held > 0 {
            let mut parts = [Vec::new(), Vec::new()];
            for (side, (source, part)) in sides.into_iter().zip(parts.iter_mut()).enumerate() {
                let count = buckets[from..to].iter().map(|b| b[side] as usize).sum();
                let mut keys: Vec<u64> = Vec::with_capacity(count);
                each_value(source, name, |v| {
                    let k = key(v);
                    if !v.is_nan() && (start..=end).contains(&k) {
                        keys.push(k);
                    }
                })?;
                sort_keys(&mut keys);
                *part = keys.into_iter().map(value).collect();
            }
            walk.feed(&parts[0], &parts[1]);
        }
        from = to;
    }
    Ok(())
}
