//! BPMN 2.0 as a value: read, write back, lint, step.

pub mod expression;
pub mod jsonpath;
pub mod time;
pub mod value;
