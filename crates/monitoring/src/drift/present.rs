//! What a column holds, told in one reading: how much, around which mean, between which values.

use super::Present;
use crate::sorted::key;
use std::array::from_fn;

/// Values looked at to see where most of them lie, about.
pub(crate) const SAMPLE: u64 = 1 << 13;

/// A column in the making.
#[derive(Debug, Clone)]
pub(crate) struct Described {
    present: Present,
    sum: f64,
    /// Least and greatest [`key`]; the other way round while there is no value.
    pub(crate) keys: (u64, u64),
    /// Keys of some values, spread evenly over the rows.
    pub(crate) sample: Vec<u64>,
    stride: usize,
}

impl Described {
    /// Nothing yet, of a column of so many rows.
    pub(crate) fn new(rows: u64) -> Self {
        Self {
            present: Present { mean: f64::NAN, ..Present::default() },
            sum: 0.0,
            keys: (u64::MAX, 0),
            sample: Vec::new(),
            stride: rows.div_ceil(SAMPLE).max(1) as usize,
        }
    }

    /// Counts rows without a value.
    pub(crate) fn missing(&mut self, rows: u64) {
        self.present.rows += rows;
        self.present.missing += rows;
    }

    /// Adds values, without NaN.
    ///
    /// Deviations are added up around the mean of what came together, and moved to the common one (Chan, Golub and LeVeque,
    /// The American Statistician 37, 1983): nothing cancels, however far the values are from zero.
    pub(crate) fn take(&mut self, values: &[f64]) {
        if values.is_empty() {
            return;
        }
        let (low, high) = ends(values);
        self.keys = (self.keys.0.min(key(low)), self.keys.1.max(key(high)));
        let (had, count) = (self.present.count() as f64, values.len() as f64);
        let sum_here = sum(values, |v| v);
        // A constant is its own mean, without rounding.
        let mean_here = if low == high { low } else { sum_here / count };
        let squares_here = sum(values, |v| (v - mean_here) * (v - mean_here));
        self.sum += sum_here;
        self.present.rows += values.len() as u64;
        if had == 0.0 {
            (self.present.mean, self.present.squares) = (mean_here, squares_here);
        } else {
            let apart = mean_here - self.present.mean;
            self.present.squares += squares_here + apart * apart * (had * count / (had + count));
            self.present.mean = if self.keys.0 == self.keys.1 { low } else { self.sum / (had + count) };
        }
        self.sample.extend(values.iter().step_by(self.stride).map(|&v| key(v)));
    }

    pub(crate) fn present(&self) -> Present {
        self.present
    }
}

/// Least and greatest, eight at a time.
fn ends(values: &[f64]) -> (f64, f64) {
    let (chunks, rest) = values.as_chunks::<8>();
    let (mut lows, mut highs) = ([f64::INFINITY; 8], [f64::NEG_INFINITY; 8]);
    for chunk in chunks {
        lows = from_fn(|i| if chunk[i] < lows[i] { chunk[i] } else { lows[i] });
        highs = from_fn(|i| if chunk[i] > highs[i] { chunk[i] } else { highs[i] });
    }
    let low = lows.iter().chain(rest).copied().fold(f64::INFINITY, f64::min);
    (low, highs.iter().chain(rest).copied().fold(f64::NEG_INFINITY, f64::max))
}

/// Eight running sums: faster, and with an eighth of the rounding.
fn sum(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let (chunks, rest) = values.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for chunk in chunks {
        sums = from_fn(|i| sums[i] + f(chunk[i]));
    }
    sums.iter().sum::<f64>() + rest.iter().map(|&v| f(v)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(pieces: &[&[f64]]) -> Present {
        let mut described = Described::new(100);
        pieces.iter().for_each(|piece| described.take(piece));
        described.present()
    }

    #[test]
    fn deviations_are_those_of_the_whole_however_it_comes() {
        // Far from zero, and the first piece far from the rest.
        let values: Vec<f64> =
            (0..100).map(|i| 1e9 + f64::from(i * i % 17) * 1e-3 + f64::from(i / 50)).collect();
        let mean = values.iter().map(|v| v - 1e9).sum::<f64>() / 100.0;
        let squares: f64 = values.iter().map(|v| (v - 1e9 - mean).powi(2)).sum();
        for cuts in [[0, 0], [1, 2], [50, 51], [33, 66], [99, 100]] {
            let told = described(&[&values[..cuts[0]], &values[cuts[0]..cuts[1]], &values[cuts[1]..]]);
            assert_eq!((told.rows, told.missing), (100, 0));
            assert!((told.mean - 1e9 - mean).abs() < 1e-6, "{cuts:?} {}", told.mean);
            assert!((told.squares / squares - 1.0).abs() < 1e-7, "{cuts:?} {} {squares}", told.squares);
        }
    }

    #[test]
    fn a_constant_is_its_own_mean() {
        let told = described(&[&[0.1; 7], &[0.1; 60], &[]]);
        assert_eq!((told.mean, told.squares, told.rows), (0.1, 0.0, 67));
        assert!(described(&[]).mean.is_nan());
    }
}
