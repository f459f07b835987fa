//! The whole house, tried through its own front door: every story here goes through `App::call`, as a window or a terminal
//! would, in a temporary home and a temporary folder workspace.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod approval;
mod called;
mod cloud;
mod connections;
mod counted;
mod damage;
mod demonstration;
mod desk;
mod forgery;
mod handing_on;
mod input;
mod language;
mod mail;
mod migration;
mod monitoring;
mod operations;
mod people;
mod processes;
mod quarters;
mod quorum;
mod race;
mod registry;
mod sas;
mod second_desk;
mod templates;
mod versions;
mod zip;
