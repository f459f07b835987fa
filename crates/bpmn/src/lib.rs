//! BPMN 2.0 as a value: read, write back, lint, step.

pub mod diagnostic;
pub mod document;
pub mod engine;
mod error;
pub mod expression;
pub mod geometry;
pub mod jsonpath;
pub mod lint;
pub mod model;
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
pub use value::Value;
