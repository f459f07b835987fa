//! Pickles, walked and never loaded.
//!
//! A pickle is a program for a small stack machine that imports and calls what it likes. The walk steps through its
//! opcodes (protocols 0 to 5), keeps just enough of the stack to know the names that `STACK_GLOBAL` imports, and reports
//! every import with whether it is called. It evaluates nothing. Source of the opcode table: CPython's
//! `Lib/pickletools.py`; of the compressed and array-bearing variants: joblib's `numpy_pickle.py`.

mod imports;
mod walk;

use std::io::{self, BufRead, Read};

use flate2::bufread::{GzDecoder, ZlibDecoder};

use crate::package::{Finding, FindingKind, Severity};
use crate::secrets::identify;
use crate::text::shown;

use imports::Judgement;

/// Bytes of a compressed pickle once inflated; a larger one is reported as not read to its end.
const INFLATED_BYTES_MAX: u64 = 2 << 30;
/// Imports reported one by one; the rest are counted.
const IMPORTS_MAX: usize = 200;

/// Walks a pickle, or several in a row, compressed ones included. `sha256` is the digest of the file.
///
/// # Errors
/// Only when the bytes cannot be read; a malformed pickle is a finding.
pub(crate) fn scan(file: &str, sha256: &str, mut reader: impl BufRead) -> io::Result<Vec<Finding>> {
    let head = reader.fill_buf()?;
    let walked = match head {
        [0x1F, 0x8B, ..] => {
            inflated(walk::walk(io::BufReader::new(GzDecoder::new(reader).take(INFLATED_BYTES_MAX))))
        }
        [0x78, 0x01 | 0x5E | 0x9C | 0xDA, ..] => {
            inflated(walk::walk(io::BufReader::new(ZlibDecoder::new(reader).take(INFLATED_BYTES_MAX))))
        }
        _ => walk::walk(reader),
    }?;
    let finding = |kind: FindingKind, severity, key: &str, message| Finding {
        id: identify(&[sha256, file, key]),
        kind,
        severity,
        file: file.to_owned(),
        line: None,
        message,
        excerpt: None,
    };
    let mut findings = Vec::new();
    let name = shown(file);
    let mut imports = walked.imports;
    // Dangerous ones first, so that a flood of ordinary ones cannot hide them.
    imports.sort_by_key(|it| imports::judge(&it.module, &it.name) != Judgement::Dangerous);
    let dropped = imports.len().saturating_sub(IMPORTS_MAX);
    let any_dangerous_dropped = imports
        .iter()
        .skip(IMPORTS_MAX)
        .any(|it| imports::judge(&it.module, &it.name) == Judgement::Dangerous);
    for import in imports.iter().take(IMPORTS_MAX) {
        let full = format!("{}.{}", import.module, import.name);
        let told = shown(&full);
        let does = if import.called { "imports and calls" } else { "imports" };
        let (severity, message) = match imports::judge(&import.module, &import.name) {
            Judgement::Dangerous => (
                Severity::Blocking,
                format!(
                    "loading `{name}` {does} `{told}`, which can run commands or code; rebuild the model without it, or \
                     waive the finding with a reason"
                ),
            ),
            Judgement::Ordinary => (Severity::Note, format!("loading `{name}` {does} `{told}`")),
            Judgement::Unfamiliar => (
                Severity::Note,
                format!(
                    "loading `{name}` {does} `{told}`, which is unfamiliar here; see that the score code brings it"
                ),
            ),
        };
        let kind = FindingKind::PickleImport { import: full.clone(), called: import.called };
        findings.push(finding(kind, severity, &full, message));
    }
    if dropped > 0 {
        let severity = if any_dangerous_dropped { Severity::Blocking } else { Severity::Note };
        let message = format!("loading `{name}` imports {dropped} more things");
        findings.push(finding(FindingKind::PickleMalformed, severity, "more", message));
    }
    if let Some(why) = walked.malformed {
        let message = format!(
            "`{name}` cannot be read to its end as a pickle ({why}), so what loading it would do is not known; save the \
             model again, or waive the finding with a reason"
        );
        findings.push(finding(FindingKind::PickleMalformed, Severity::Blocking, "malformed", message));
    }
    Ok(findings)
}

/// A compressed stream that is corrupt is a malformed pickle, not a failing disk.
fn inflated(walked: io::Result<walk::Walked>) -> io::Result<walk::Walked> {
    walked.or_else(|error| match error.kind() {
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            Ok(walk::Walked { imports: Vec::new(), malformed: Some("its compression is corrupt".to_owned()) })
        }
        _ => Err(error),
    })
}
