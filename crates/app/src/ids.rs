//! Identifiers: the only place they come from.

use std::str::FromStr;

use jiff::Timestamp;

/// A fresh identifier of any kind that is a ULID: time-ordered, never reused.
pub(crate) fn new_id<T: FromStr>() -> T
where
    T::Err: std::fmt::Debug,
{
    ulid::Ulid::generate().to_string().parse().expect("a ULID is a valid identifier of every kind")
}

/// An identifier that is a function of `at` and `parts`: whoever comes upon the same thing names it the same, so that it is
/// recorded once. `at` is when the thing was to be noticed, for lists are in the order of identifiers.
pub(crate) fn derived_id<T: FromStr>(at: Timestamp, parts: &[&str]) -> T
where
    T::Err: std::fmt::Debug,
{
    let mut text = String::new();
    for part in parts {
        // The length in front keeps ["ab", "c"] and ["a", "bc"] apart.
        text.push_str(&format!("{}:{part}", part.len()));
    }
    let digest = ::runs::digest::Sha256::of(text.as_bytes());
    let mut chance = [0u8; 16];
    chance.copy_from_slice(&digest.as_bytes()[..16]);
    let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0);
    let id = ulid::Ulid::from_parts(milliseconds, u128::from_be_bytes(chance));
    id.to_string().parse().expect("a ULID is a valid identifier of every kind")
}
