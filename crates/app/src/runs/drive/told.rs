//! The lines of a migration while it is under way: appended to a file of this desk now and then, and gone with its end, when
//! they are kept as the run's log.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use governance::runs::Run;
use words::said;

use crate::session::Session;
use crate::{Code, Failure};

/// Time between two times that lines are written down: a page that shows them looks no oftener.
const WRITTEN_EVERY: Duration = Duration::from_millis(500);

/// The lines that a migration has said so far.
pub(crate) struct Told {
    path: PathBuf,
    lines: Mutex<Lines>,
}

struct Lines {
    text: String,
    /// Bytes of the text that are in the file.
    written: usize,
    at: Option<Instant>,
}

fn path_of(session: &Session, run: &Run) -> PathBuf {
    session.home.join("progress").join(run.id.as_str())
}

impl Told {
    /// Nothing said yet. Losing lines loses nothing but a look at them, so a file that cannot be made is none.
    pub(super) fn beginning(session: &Session, run: &Run) -> Self {
        Self::at(path_of(session, run))
    }

    fn at(path: PathBuf) -> Self {
        let _ = path.parent().map(crate::make_folder);
        let _ = File::create(&path);
        Self { path, lines: Mutex::new(Lines { text: String::new(), written: 0, at: None }) }
    }

    /// One line more; `true` when the lines so far were written down, and are worth a look.
    pub(super) fn line(&self, line: &str) -> bool {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.text.push_str(line);
        lines.text.push('\n');
        if lines.at.is_some_and(|at| at.elapsed() < WRITTEN_EVERY) {
            return false;
        }
        lines.at = Some(Instant::now());
        let appended = OpenOptions::new()
            .append(true)
            .open(&self.path)
            .and_then(|mut file| file.write_all(&lines.text.as_bytes()[lines.written..]));
        if appended.is_ok() {
            lines.written = lines.text.len();
        }
        true
    }

    /// Everything that was said.
    pub(super) fn whole(&self) -> String {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).text.clone()
    }

    /// What was written down from an offset on, so many bytes at the most, and where it ends.
    pub(crate) fn read(
        session: &Session,
        run: &Run,
        from: u64,
        bytes_max: usize,
    ) -> Result<(String, u64), Failure> {
        read_at(&path_of(session, run), from, bytes_max)
    }
}

fn read_at(path: &Path, from: u64, bytes_max: usize) -> Result<(String, u64), Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        file.seek(SeekFrom::Start(from))?;
        file.take(bytes_max as u64).read_to_end(&mut bytes)
    });
    match read {
        Ok(_) => {}
        // It has ended, or another desk carries it out.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((String::new(), from)),
        Err(error) => {
            let path = path.display().to_string();
            return Err(Failure::said(Code::Denied, said!("home-unwritable", path = path)).because(&error));
        }
    }
    // Whole lines: a piece ends where a character does.
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    Ok((String::from_utf8_lossy(&bytes[..whole]).into_owned(), from + whole as u64))
}

impl Drop for Told {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_lines_are_written_down_now_and_then_and_gone_at_the_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("progress/run");
        let told = Told::at(path.clone());
        let begun = Instant::now();
        let written = (0..1000).filter(|number| told.line(&format!("file {number}"))).count();
        let most = begun.elapsed().as_millis() / WRITTEN_EVERY.as_millis() + 1;
        assert!(written as u128 <= most, "{written} times in {:?}", begun.elapsed());
        assert_eq!(told.whole().lines().count(), 1000);
        let (text, next) = read_at(&path, 0, 1 << 20).unwrap();
        assert!(text.starts_with("file 0\n") && told.whole().starts_with(&text));
        assert_eq!(read_at(&path, next, 1 << 20).unwrap(), (String::new(), next));
        drop(told);
        assert_eq!(read_at(&path, 0, 1 << 20).unwrap(), (String::new(), 0));
        assert!(!path.exists());
    }
}
