//! What works without a workspace: lint, rewrite, evaluate, simulate. Tests outside the repository rely on these shapes.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use words::{Words, said};

use super::DiagnosticRow;
use super::findings::{diagnostic_row, said_of};
use crate::{Code, Failure};

/// A definition is this large at most.
const DEFINITION_BYTES_MAX: u64 = 64 << 20;
/// A simulation's script is this large at most.
const SCRIPT_BYTES_MAX: u64 = 64 << 20;
/// A batch of expressions is this large at most.
const BATCH_BYTES_MAX: u64 = 256 << 20;

/// What a definition was found to be, for programs and for people.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The answer, whose findings are English in every language.
    pub answer: Value,
    /// The findings in the reader's words.
    pub found: Vec<DiagnosticRow>,
    /// Whether all was well: no error was found, and every step was played.
    pub well: bool,
}

/// The answer of `workflow lint`.
///
/// # Errors
/// [`Code::NotFound`] when the file cannot be read; a document that is no BPMN is a diagnostic.
pub fn lint(path: &Path, words: &Words) -> Result<Checked, Failure> {
    let bytes = read_file(&path.display().to_string(), DEFINITION_BYTES_MAX)?;
    let answer = bpmn::simulate::lint(&bytes, crate::Clock::default().now());
    Ok(Checked {
        found: answer.diagnostics.iter().map(|one| diagnostic_row(words, one)).collect(),
        well: !answer.has_errors(),
        answer: serde_json::to_value(answer)
            .map_err(|cause| Failure::internal("the answer has no JSON form", &cause))?,
    })
}

/// Writes a definition back through the model: byte for byte the same, as nothing was edited.
///
/// # Errors
/// [`Code::Definition`] when it is no BPMN document; [`Code::Denied`] when the file cannot be written.
pub fn rewrite(path: &Path, out: &Path) -> Result<(), Failure> {
    let bytes = read_file(&path.display().to_string(), DEFINITION_BYTES_MAX)?;
    let definition = parse_definition(&bytes)?;
    write_file(out, definition.document.bytes())
}

/// The answer of `workflow simulate`.
///
/// # Errors
/// [`Code::NotFound`] when a file cannot be read; [`Code::Usage`] when the script is malformed.
pub fn simulate(path: &Path, script: &Path, words: &Words) -> Result<Checked, Failure> {
    let definition = read_file(&path.display().to_string(), DEFINITION_BYTES_MAX)?;
    let text = read_file(&script.display().to_string(), SCRIPT_BYTES_MAX)?;
    let script: bpmn::simulate::Script = serde_json::from_slice(&text).map_err(|cause| {
        Failure::said(
            Code::Usage,
            said!("script-unreadable", path = script.display().to_string(), cause = cause.to_string()),
        )
    })?;
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    let mut more = Vec::new();
    for name in &script.more {
        let file: PathBuf = folder.join(name);
        more.push((name.clone(), read_file(&file.display().to_string(), DEFINITION_BYTES_MAX)?));
    }
    let answer = bpmn::simulate::simulate(&definition, &script, &more);
    Ok(Checked {
        found: answer.diagnostics.iter().map(|one| diagnostic_row(words, one)).collect(),
        well: answer.is_complete(),
        answer: serde_json::to_value(answer)
            .map_err(|cause| Failure::internal("the answer has no JSON form", &cause))?,
    })
}

/// The answer of `workflow evaluate`.
///
/// # Errors
/// [`Code::Expression`] when it does not evaluate; [`Code::Usage`] when the variables are no JSON object.
pub fn evaluate(expression: &str, variables: Option<&str>) -> Result<Value, Failure> {
    let variables: Value = match variables {
        None => json!({}),
        Some(text) => serde_json::from_str(text).map_err(|cause| {
            Failure::said(Code::Usage, said!("variables-no-json", cause = cause.to_string()))
        })?,
    };
    let answer = bpmn::expression::evaluate_line(&json!({"expr": expression, "vars": variables}).to_string());
    match answer.get("code") {
        None => Ok(answer),
        Some(_) => {
            let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            Err(Failure::new(Code::Expression, text("message"), text("hint")))
        }
    }
}

/// The answers of `workflow evaluate --batch`, a line each, in order.
///
/// # Errors
/// [`Code::NotFound`] when the file cannot be read.
pub fn evaluate_batch(path: &Path) -> Result<Vec<Value>, Failure> {
    let bytes = read_file(&path.display().to_string(), BATCH_BYTES_MAX)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(bpmn::expression::evaluate_line).collect())
}

pub(crate) fn parse_definition(bytes: &[u8]) -> Result<bpmn::Definition, Failure> {
    bpmn::Definition::parse(bytes.to_vec()).map_err(|error| {
        Failure::said(Code::Definition, said!("definition-unreadable", detail = said_of(&error.sentence())))
            .because(&error)
    })
}

/// The document for display: geometry put right where the dialect writes it otherwise, nothing else changed.
pub(crate) fn display(definition: &bpmn::Definition) -> String {
    bpmn::geometry::normalised_xml(&definition.document)
}

/// Reads a file that a person named, within a limit.
pub(crate) fn read_file(path: &str, bytes_max: u64) -> Result<Vec<u8>, Failure> {
    use std::io::Read as _;
    let fail = |error: std::io::Error| {
        let code = if error.kind() == std::io::ErrorKind::NotFound { Code::NotFound } else { Code::Denied };
        Failure::said(code, said!("path-unreadable", path = path.to_string(), error = error.to_string()))
    };
    let file = std::fs::File::open(path).map_err(fail)?;
    if file.metadata().map_err(fail)?.is_dir() {
        return Err(Failure::said(Code::Usage, said!("is-a-folder", path = path.to_string())));
    }
    let mut bytes = Vec::new();
    file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > bytes_max {
        return Err(Failure::said(
            Code::Usage,
            said!("file-too-large", path = path.to_string(), limit = bytes_max >> 20),
        ));
    }
    Ok(bytes)
}

/// Writes a file that a person named: whole, or not at all.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fail = |error: std::io::Error| {
        Failure::said(
            Code::Denied,
            said!("cannot-write", path = path.display().to_string(), error = error.to_string()),
        )
    };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", ulid::Ulid::generate()));
    let part = path.with_file_name(name);
    std::fs::write(&part, bytes).map_err(fail)?;
    std::fs::rename(&part, path).map_err(|error| {
        let _ = std::fs::remove_file(&part);
        fail(error)
    })
}
