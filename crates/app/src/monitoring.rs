//! Monitoring without a workspace: columns in, numbers out.

use serde_json::Value;

use crate::{Code, Failure};

pub use ::monitoring::Options;

/// The answer of `monitor compute`.
///
/// # Errors
/// [`Code::Usage`] or [`Code::NotFound`] naming the file, column and row that stand in the way.
pub fn compute(options: &Options) -> Result<Value, Failure> {
    let report = ::monitoring::compute(options).map_err(|error| {
        Failure::new(Code::Failed, error.to_string(), "Correct the file, column or option it names.")
            .because(&error)
    })?;
    serde_json::to_value(report).map_err(|cause| Failure::internal("the report has no JSON form", &cause))
}
