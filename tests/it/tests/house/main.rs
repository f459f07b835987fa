//! The whole house, tried through its own front door: every story here goes through `App::call`, as a window or a terminal
//! would, in a temporary home and a temporary folder workspace.

mod approval;
mod desk;
mod forgery;
mod migration;
mod sas;
