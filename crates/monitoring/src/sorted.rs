//! Sorting and ranking of columns: order-preserving integer keys, a radix sort, exact quantiles.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

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

/// Cells of the histogram that parts are made by.
const CELL_BITS: u32 = 17;
/// Keys of a part: with the room to sort them in, they stay in a core's own cache.
const PART_KEYS: usize = 1 << 15;
const DIGIT_BITS: u32 = 11;
const DIGITS: usize = 1 << DIGIT_BITS;
/// Fewer keys are sorted by comparison.
const FEW_KEYS: usize = 1024;
/// Runs with equal leading bits longer than this are sorted by comparison instead of insertion.
const RUN_LONG: usize = 24;
/// Keys that differ in no more bits than these are of one sign and one exponent: their leading bits tell them apart.
const MANTISSA_BITS: u32 = 52;

/// Rooms for more keys than these are given back, and so are more rooms: a thread may live long after its last large column.
const ROOM_KEPT_KEYS: usize = 1 << 21;
const ROOMS_KEPT: usize = 3;

thread_local! {
    static ROOMS: RefCell<Vec<Vec<u64>>> = const { RefCell::new(Vec::new()) };
}

/// Room for the keys of a column, kept for the next one when it is dropped: memory that is fresh costs as much as a pass
/// over it.
#[derive(Debug)]
pub(crate) struct Room(Vec<u64>);

impl Room {
    /// An empty one, for about so many keys.
    pub(crate) fn new(keys: usize) -> Self {
        let kept = ROOMS.with_borrow_mut(|rooms| {
            // The least that is enough, or else the largest.
            rooms.sort_by_key(Vec::capacity);
            let enough = rooms.iter().position(|room| room.capacity() >= keys);
            enough.or(rooms.len().checked_sub(1)).map(|at| rooms.swap_remove(at))
        });
        let mut room = kept.unwrap_or_default();
        room.reserve(keys);
        Self(room)
    }
}

impl Deref for Room {
    type Target = Vec<u64>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Room {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut room = std::mem::take(&mut self.0);
        if room.capacity() == 0 || room.capacity() > ROOM_KEPT_KEYS {
            return;
        }
        room.clear();
        // A thread that ends has no rooms any more.
        let _ = ROOMS.try_with(|rooms| {
            let mut rooms = rooms.borrow_mut();
            if rooms.len() < ROOMS_KEPT {
                rooms.push(room);
            }
        });
    }
}

/// Sorts keys ascending. One pass moves them into parts that fit a core's cache, split where a histogram of the leading
/// bits says that enough are together; each part is then sorted by radix, out of the way of slow memory. Linear for the
/// columns one meets, n log n at worst.
pub(crate) fn sort_keys(keys: &mut Vec<u64>) {
    if keys.len() < FEW_KEYS {
        keys.sort_unstable();
        return;
    }
    let width = width(keys);
    let mut room = Room::new(keys.len());
    room.resize(keys.len(), 0);
    if fits_part(keys.len(), width) {
        sort_within(keys, &mut room);
    } else {
        sort_in_parts(keys, &mut room, width);
        std::mem::swap(keys, &mut room);
    }
}

/// Bits from the highest in which keys differ on.
fn width(keys: &[u64]) -> u32 {
    let first = keys.first().copied().unwrap_or_default();
    64 - keys.iter().fold(0, |differ, k| differ | (k ^ first)).leading_zeros()
}

/// Whether so many keys are one part: few enough, or all told apart by two digits.
fn fits_part(count: usize, width: u32) -> bool {
    count <= PART_KEYS || width <= 2 * DIGIT_BITS
}

/// Sorts keys with as much room beside them.
fn sort_within(keys: &mut [u64], room: &mut [u64]) {
    if keys.len() < FEW_KEYS {
        keys.sort_unstable();
        return;
    }
    match width(keys) {
        0 => {}
        width if !fits_part(keys.len(), width) => {
            sort_in_parts(keys, room, width);
            keys.copy_from_slice(room);
        }
        width if width > MANTISSA_BITS => sort_part::<3>(keys, room, width),
        width => sort_part::<2>(keys, room, width),
    }
}

/// Sorts keys that differ in `width` bits, more of them than make a part, from `keys` into `room`.
fn sort_in_parts(keys: &mut [u64], room: &mut [u64], width: u32) {
    let shift = width.saturating_sub(CELL_BITS);
    let cell = |k: u64| (k >> shift) as usize & ((1 << CELL_BITS) - 1);
    let mut cells = vec![0u32; 1 << CELL_BITS];
    for &k in keys.iter() {
        cells[cell(k)] += 1;
    }
    // Neighbouring cells are one part as long as they fit; a cell that does not is a part of its own.
    let mut ends: Vec<usize> = vec![0];
    let mut held = 0;
    for cell in &mut cells {
        let count = *cell as usize;
        if held > 0 && held + count > PART_KEYS {
            ends.push(ends[ends.len() - 1]);
            held = 0;
        }
        held += count;
        let part = ends.len() - 1;
        ends[part] += count;
        *cell = part as u32;
    }
    let mut next: Vec<usize> = std::iter::once(0).chain(ends.iter().copied()).collect();
    for &k in keys.iter() {
        let slot = &mut next[cells[cell(k)] as usize];
        room[*slot] = k;
        *slot += 1;
    }
    let mut from = 0;
    for to in ends {
        sort_within(&mut room[from..to], &mut keys[from..to]);
        from = to;
    }
}

/// Radix passes over the leading bits that differ, then a repair of the runs that are still tied there.
fn sort_part<const PASSES: usize>(keys: &mut [u64], room: &mut [u64], width: u32) {
    let shift = width.saturating_sub(PASSES as u32 * DIGIT_BITS);
    let digit = |k: u64, pass: usize| ((k >> (shift + pass as u32 * DIGIT_BITS)) as usize) & (DIGITS - 1);
    let mut counts = [[0u32; DIGITS]; PASSES];
    for &k in keys.iter() {
        for (pass, count) in counts.iter_mut().enumerate() {
            count[digit(k, pass)] += 1;
        }
    }
    let (mut from, mut to) = (&mut *keys, &mut *room);
    let mut is_in_room = false;
    for (pass, count) in counts.iter_mut().enumerate() {
        if count[digit(from[0], pass)] as usize == from.len() {
            continue;
        }
        let mut start = 0;
        for slot in count.iter_mut() {
            (*slot, start) = (start, start + *slot);
        }
        for &k in from.iter() {
            let slot = &mut count[digit(k, pass)];
            to[*slot as usize] = k;
            *slot += 1;
        }
        std::mem::swap(&mut from, &mut to);
        is_in_room = !is_in_room;
    }
    if is_in_room {
        keys.copy_from_slice(room);
    }
    if shift > 0 {
        repair(keys, shift);
    }
}

/// Sorts runs of keys that are equal but for the last `shift` bits.
fn repair(keys: &mut [u64], shift: u32) {
    let mut i = 0;
    while i + 1 < keys.len() {
        let prefix = keys[i] >> shift;
        if keys[i + 1] >> shift != prefix {
            i += 1;
            continue;
        }
        let end = i + keys[i..].iter().take_while(|&&k| k >> shift == prefix).count();
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

/// Values at sorted index `ceil(i/parts · n) − 1` for i = 1 … parts − 1 (the inner quantiles), in integers.
pub(crate) fn inverted_cdf(sorted: &[f64], parts: usize) -> Vec<f64> {
    if sorted.is_empty() {
        return Vec::new();
    }
    (1..parts).map(|i| sorted[(i * sorted.len()).div_ceil(parts).max(1) - 1]).collect()
}
