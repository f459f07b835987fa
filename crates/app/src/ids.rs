//! Identifiers and the clock: the only place they come from.

use std::str::FromStr;

use jiff::Timestamp;

/// A fresh identifier of any kind that is a ULID: time-ordered, never reused.
pub(crate) fn new_id<T: FromStr>() -> T
where
    T::Err: std::fmt::Debug,
{
    ulid::Ulid::generate().to_string().parse().expect("a ULID is a valid identifier of every kind")
}

/// Now, to the millisecond: what entries carry.
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
