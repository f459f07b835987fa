//! Start, watch, stop and clean up a job; put files into a bucket and prove they are there.
//!
//! This crate is a *hand*: plain typed requests in, observations out. It knows no model, no member and no
//! ledger; whoever calls it records the intent before a call and the observation after it.
//!
//! Reading order: [`state`] is the one state machine every engine is mapped to, [`spec`] is what a caller asks
//! for, [`target`] is what an engine must be able to do, [`local`] and the cloud targets do it, [`engine`] is all of
//! them, [`bucket`] is
//! where files live, [`migration`] puts an approved version there, and [`outputs`] decides whether a run that
//! says it succeeded did.

pub mod bucket;
pub mod calls;
pub mod cloud;
pub mod dataproc;
pub mod digest;
pub mod engine;
mod error;
pub mod local;
pub mod lock;
pub mod migration;
pub mod outputs;
mod reason;
pub mod spec;
pub mod state;
pub mod target;

pub use engine::Engine;
pub use error::Error;
pub use reason::Reason;
pub use spec::{ExpectedOutput, Location, OutputKind, RunFile, RunKey, RunSpec};
pub use state::{Cleanup, FailureReason, State};
pub use target::{LogChunk, LogStream, Observation, Progress, Target};
