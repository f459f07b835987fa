//! Both channels held to one contract: a real notification daemon, and a mail server that keeps what it gets.

#![allow(clippy::unwrap_used, reason = "the helpers of tests unwrap as tests do")]

mod conformance;
mod desktop;
mod mail;
