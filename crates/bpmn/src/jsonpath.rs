//! JSONPath (RFC 9535), with the habits of SAS definitions beside it: a path may leave out the `$`, and what is not
//! there is nothing rather than an error.

use serde_json::Value as Json;
use serde_json_path::JsonPath as Parsed;

use crate::sentence::{Sentence, sentence};
use crate::value::{Value, ValueError};

/// Longer paths are refused.
pub const PATH_BYTES_MAX: usize = 4096;

/// Brackets and parentheses in a path may be nested this deep.
pub const PATH_NESTING_MAX: usize = 32;

/// A path with more `..` or filters is refused: each looks at the whole document below.
pub const DESCENTS_MAX: usize = 3;

/// Larger documents are not searched.
pub const DOCUMENT_BYTES_MAX: usize = 16 << 20;

/// Why a path cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonPathError {
    /// Not a JSONPath.
    #[error("{}", self.sentence())]
    Syntax {
        /// The path, shortened.
        path: String,
        /// What is wrong.
        problem: Sentence,
    },
    /// Not JSON, so there is nothing to find.
    #[error("{}", self.sentence())]
    Document {
        /// The path, shortened.
        path: String,
        /// What is wrong.
        problem: String,
    },
}

impl JsonPathError {
    /// The error, to be said in any language.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Syntax { path, problem } => sentence!(
                "json-path",
                "`{path}` is not a JSONPath: {problem}",
                path = path,
                problem = problem.clone()
            ),
            Self::Document { path, problem } => sentence!(
                "json-path-document",
                "the document searched by `{path}` is not JSON: {problem}",
                path = path,
                problem = problem
            ),
        }
    }
}

/// A parsed path.
#[derive(Debug, Clone)]
pub struct JsonPath {
    source: String,
    parsed: Parsed,
}

impl JsonPath {
    /// Parses a path; `items[0].id` is `$.items[0].id`.
    pub fn parse(path: &str) -> Result<Self, JsonPathError> {
        let refused = |problem: Sentence| JsonPathError::Syntax { path: shown(path), problem };
        if path.len() > PATH_BYTES_MAX {
            return Err(refused(sentence!("json-path-too-long", "it is too long")));
        }
        if nesting(path) > PATH_NESTING_MAX {
            return Err(refused(sentence!("json-path-too-deep", "it is nested too deeply")));
        }
        if path.matches("..").count() + path.matches('?').count() > DESCENTS_MAX {
            return Err(refused(sentence!(
                "json-path-too-often",
                "it searches the document too often; name the fields on the way"
            )));
        }
        let trimmed = path.trim();
        let rooted = match trimmed {
            _ if trimmed.starts_with('$') => trimmed.to_owned(),
            _ if trimmed.starts_with('[') => format!("${trimmed}"),
            _ => format!("$.{trimmed}"),
        };
        let parsed = Parsed::parse(&rooted)
            .map_err(|error| refused(sentence!("json-path-library", "{why}", why = error.to_string())))?;
        Ok(Self { source: path.to_owned(), parsed })
    }

    /// The values found, in document order.
    pub fn find<'d>(&self, document: &'d Json) -> Vec<&'d Json> {
        self.parsed.query(document).all()
    }

    /// What a variable captures: nothing if the path finds nothing; the value if the path can only find one, or finds
    /// one; a list of all otherwise.
    pub fn capture(&self, document: &Json) -> Result<Option<Value>, ValueError> {
        let found = self.find(document);
        match found.as_slice() {
            [] => Ok(None),
            [one] => plain(one).map(Some),
            many => many.iter().map(|item| plain(item)).collect::<Result<_, _>>().map(Value::List).map(Some),
        }
    }

    /// The text it was parsed from.
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// What a path captures from the text of a document; nothing if it finds nothing.
pub fn capture(path: &str, document: &str) -> Result<Option<Value>, JsonPathError> {
    let parsed = JsonPath::parse(path)?;
    let refused = |problem: String| JsonPathError::Document { path: shown(path), problem };
    if document.len() > DOCUMENT_BYTES_MAX {
        return Err(refused(format!("it is larger than {DOCUMENT_BYTES_MAX} bytes")));
    }
    let document: Json = serde_json::from_str(document).map_err(|error| refused(error.to_string()))?;
    parsed.capture(&document).map_err(|error| refused(error.to_string()))
}

/// A value of a document, whose `$type` is a field like any other.
fn plain(json: &Json) -> Result<Value, ValueError> {
    Value::from_plain_json(json)
}

fn shown(path: &str) -> String {
    path.chars().take(80).collect()
}

fn nesting(path: &str) -> usize {
    let mut depth = 0usize;
    let mut deepest = 0;
    for byte in path.bytes() {
        match byte {
            b'[' | b'(' => depth += 1,
            b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        // A long run of negations nests as brackets do.
        deepest = deepest.max(depth);
    }
    deepest.max(path.split(|c| c != '!').map(str::len).max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"count": 2, "items": [{"id": "p1", "name": "One", "score": 0.5},
        {"id": "p2", "name": "Two", "score": 2, "$type": "long", "value": "x"}], "empty": [], "none": null, "a b": true}"#;

    #[test]
    fn paths_find_what_rfc_9535_says() {
        let rows = [
            ("$.items[0].id", "p1"),
            ("$.items[-1].id", "p2"),
            ("items[1].name", "Two"),
            ("[\"count\"]", "2"),
            ("$.count", "2"),
            ("$.items[*].id", "[p1, p2]"),
            ("$..name", "[One, Two]"),
            ("$.items[?@.score > 1].id", "p2"),
            ("$.items[1]", "{$type=long, id=p2, name=Two, score=2, value=x}"),
            ("$['a b']", "true"),
            ("$.items[0].score", "0.5"),
            ("$.none", "null"),
            ("$.empty", "[]"),
        ];
        for (path, wanted) in rows {
            assert_eq!(capture(path, DOCUMENT).unwrap().unwrap().to_string(), wanted, "{path}");
        }
        for path in ["$.missing", "$.items[7].id", "$.count.x", "$.empty[-1]", "$.items[-3].id"] {
            assert_eq!(capture(path, DOCUMENT).unwrap(), None, "{path}");
        }
    }

    #[test]
    fn what_is_no_path_or_no_document_is_refused() {
        let deep = format!("$[?{}@.a{}]", "(".repeat(200), ")".repeat(200));
        let negated = format!("$[?{}@.a]", "!".repeat(4000));
        let descents = format!("${}", "..*".repeat(20));
        let long = format!("$.{}", "a".repeat(PATH_BYTES_MAX));
        for path in ["", "$.", "$[", "$.items[x]", "$.items[?]", &deep, &negated, &descents, &long] {
            assert!(matches!(capture(path, DOCUMENT), Err(JsonPathError::Syntax { .. })), "{path}");
        }
        let nested = "[".repeat(10_000);
        for document in ["", "no", "{", &nested] {
            assert!(matches!(capture("$.a", document), Err(JsonPathError::Document { .. })));
        }
    }
}
