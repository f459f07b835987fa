//! JSONPath (RFC 9535), with the one habit of SAS definitions beside it: `$.items[-1].id` counts from the end.

use serde_json::Value as Json;

/// Longer paths are refused.
pub const PATH_BYTES_MAX: usize = 4096;

/// Why a path cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonPathError {
    /// Not a JSONPath.
    #[error("`{path}` is not a JSONPath: {problem}")]
    Syntax {
        /// The path, shortened.
        path: String,
        /// What is wrong.
        problem: String,
    },
}

/// The values a path finds, in document order.
pub fn find<'a>(path: &str, document: &'a Json) -> Result<Vec<&'a Json>, JsonPathError> {
    let syntax = |problem: String| JsonPathError::Syntax { path: path.chars().take(80).collect(), problem };
    if path.len() > PATH_BYTES_MAX {
        return Err(syntax(format!("it is longer than {PATH_BYTES_MAX} bytes")));
    }
    let parsed = serde_json_path::JsonPath::parse(path.trim()).map_err(|error| syntax(error.to_string()))?;
    Ok(parsed.query(document).all())
}
