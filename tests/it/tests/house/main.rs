//! The whole house, tried through its own front door: every story here goes through `App::call`, as a window or a terminal
//! would, in a temporary home and a temporary folder workspace.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod approval;
mod damage;
mod desk;
mod forgery;
mod input;
mod migration;
mod people;
mod race;
mod registry;
mod sas;
mod zip;
