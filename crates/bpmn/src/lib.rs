//! BPMN 2.0 as a value: read, write back, lint, step.
//!
//! A [`Document`] keeps a file byte for byte and takes edits as patches. [`Definition::parse`] reads it into a typed
//! [`model`], with a [`Diagnostic`] for everything that is not run; [`lint`] adds what is unwise. [`step`] is the engine:
//! a pure function from a [`State`] and an [`Event`] to the next state and the [`Effect`]s asked of the outside world.
//! [`simulate`] plays a definition without a workspace.
//!
//! There is no clock, file, environment or randomness in here: they are arguments, so that every desk that replays the
//! same events holds the same state.

pub mod compare;
pub mod design;
pub mod diagnostic;
pub mod document;
pub mod engine;
mod error;
pub mod expression;
pub mod geometry;
pub mod jsonpath;
pub mod lint;
pub mod model;
pub mod sentence;
pub mod simulate;
pub mod templates;
pub mod time;
pub mod value;

pub use diagnostic::{Diagnostic, Severity};
pub use document::Document;
pub use engine::{Act, Effect, Event, Library, Refusal, State, Step, step};
pub use error::Error;
pub use expression::Expression;
pub use model::{Definition, Name, Process};
pub use sentence::Sentence;
pub use value::Value;
