//! Packages as others write them, and as nobody should.

#![allow(clippy::unwrap_used, reason = "the helpers of tests unwrap as tests do")]

mod hostile;
mod layouts;
mod mutations;
mod pickles;
mod zips;
