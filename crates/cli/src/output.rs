//! How a command speaks: one JSON document for programs, tables and sentences for people.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use app::Failure;
use serde_json::Value;
use words::{Said, Words, said};

/// The form that was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// Whether programs read it.
    pub(crate) json: bool,
}

/// What a command answers, in both forms.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// For programs; none when a stream has said everything already.
    document: Option<Value>,
    /// For people.
    text: String,
    /// Exit status; an answer may say that something is wrong, as a verification does.
    status: u8,
}

impl Answer {
    /// An answer with its text.
    pub(crate) fn new(document: Value, text: impl Into<String>) -> Self {
        Self { document: Some(document), text: text.into(), status: 0 }
    }

    /// The end of a stream.
    pub(crate) fn said() -> Self {
        Self::default()
    }

    /// The same with an exit status.
    pub(crate) fn with_status(mut self, status: u8) -> Self {
        self.status = status;
        self
    }
}

impl Output {
    /// Says an answer, and how the program ends.
    pub(crate) fn answer(self, answer: &Answer) -> ExitCode {
        match &answer.document {
            Some(document) if self.json => self.document(document),
            _ if self.json => {}
            _ if answer.text.is_empty() => {}
            _ => write_out(answer.text.trim_end()),
        }
        ExitCode::from(answer.status)
    }

    /// Says a failure, and how the program ends.
    pub(crate) fn failure(self, failure: Failure, reader: Reader) -> ExitCode {
        let failure = failure.in_words(reader.0);
        if self.json {
            self.document(&serde_json::to_value(&failure).unwrap_or_default());
        } else {
            let mut text = reader.say(&said!("said-error", message = failure.message.as_str()));
            for cause in failure.causes.iter().filter(|cause| !failure.message.contains(cause.as_str())) {
                let because = reader.say(&said!("said-because", cause = cause.as_str()));
                write!(text, "\n  {because}").unwrap_or_default();
            }
            if !failure.hint.is_empty() {
                write!(text, "\n  {}", failure.hint).unwrap_or_default();
            }
            write_error(&text);
        }
        ExitCode::from(failure.exit_code())
    }

    /// One JSON document on one line.
    pub(crate) fn document(self, document: &Value) {
        write_out(&document.to_string());
    }

    /// A line of a stream, in the form that was asked for.
    pub(crate) fn line(self, document: &Value, text: &str) {
        if self.json { self.document(document) } else { write_out(text) }
    }

    /// A passing word on how far things are: to people at a terminal only.
    pub(crate) fn progress(self, text: &str) {
        if std::io::stderr().is_terminal() {
            write_error(text);
        }
    }
}

/// Standard output; a reader that went away (`| head`) ends the program as it ends any other.
fn write_out(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        std::process::exit(141);
    }
}

fn write_error(text: &str) {
    // Where standard error is closed there is nobody to tell.
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// Whoever reads the terminal: tables, facts and sentences in their language.
///
/// Headings, labels and titles are identifiers of `terminal.ftl`: `label-…` heads a column, in capitals, and names a fact;
/// `title-…` heads a section; `none-…` stands for an empty list. A text that is none of these, such as the name of a
/// partition, stands as it is. Values are shown as the commands take them: a state that is read here can be asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader(&'static Words);

impl Reader {
    /// Who reads these words.
    pub(crate) fn of(words: &'static Words) -> Self {
        Self(words)
    }

    /// What went wrong and what to do, in these words.
    pub(crate) fn failure(self, failure: &Failure) -> String {
        failure.clone().in_words(self.0).to_string()
    }

    /// A sentence.
    pub(crate) fn say(self, said: &Said) -> String {
        self.0.say(said)
    }

    /// The sentence `id` on what was recorded, which names its position.
    pub(crate) fn recorded(self, id: &'static str, recorded: &Value) -> String {
        self.say(&Said::new(id).with("position", cell(&recorded["position"])))
    }

    /// The words themselves, for sentences that are kept in no language.
    pub(crate) fn words(self) -> &'static Words {
        self.0
    }

    /// The reader's language, as files of words name it.
    pub(crate) fn language(self) -> &'static str {
        self.0.locale().tag()
    }

    /// A number with that many decimals and the reader's decimal mark.
    pub(crate) fn number(self, value: f64, decimals: usize) -> String {
        format!("{value:.decimals$}").replace('.', &self.0.locale().decimal().to_string())
    }

    /// A text without values.
    pub(crate) fn word(self, id: &str) -> String {
        self.0.get(id, &[])
    }

    /// Rows of a document as a table: a heading, and where in each row its cell lies (`latest/number`).
    pub(crate) fn table(self, rows: &Value, columns: &[(&str, &str)], when_empty: &str) -> String {
        let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
        if rows.is_empty() {
            return self.word(when_empty);
        }
        let heading = |id: &str| match id.starts_with("label-") {
            true => self.word(id).to_uppercase(),
            false => id.to_owned(),
        };
        let mut cells: Vec<Vec<String>> = vec![columns.iter().map(|(id, _)| heading(id)).collect()];
        cells.extend(
            rows.iter().map(|row| columns.iter().map(|(_, place)| self.cell(at(row, place))).collect()),
        );
        align(&cells)
    }

    /// A page of a list, with a line on what is left.
    pub(crate) fn page(self, page: &Value, columns: &[(&str, &str)], when_empty: &str) -> String {
        let mut text = self.table(&page["rows"], columns, when_empty);
        if let Some(next) = page["next"].as_str() {
            let shown = page["rows"].as_array().map_or(0, Vec::len);
            let more = said!("said-more-rows", shown = shown, total = cell(&page["total"]), next = next);
            write!(text, "\n{}", self.say(&more)).unwrap_or_default();
        }
        text
    }

    /// Names and values under each other.
    pub(crate) fn facts(self, row: &Value, lines: &[(&str, &str)]) -> String {
        let cells: Vec<Vec<String>> = lines
            .iter()
            .map(|(label, place)| (label, at(row, place)))
            .filter(|(_, value)| !value.is_null())
            .map(|(label, value)| vec![self.word(label), self.cell(value)])
            .collect();
        align(&cells)
    }

    /// A title with what is below it; nothing for nothing.
    pub(crate) fn section(self, title: &str, body: &str) -> String {
        if body.is_empty() { String::new() } else { format!("\n\n{}\n{body}", self.word(title)) }
    }

    /// A section that is a table; nothing where there are no rows.
    pub(crate) fn list(self, title: &str, rows: &Value, columns: &[(&str, &str)]) -> String {
        self.section(title, &self.table(rows, columns, ""))
    }

    /// A value as people read it, with yes and no.
    pub(crate) fn cell(self, value: &Value) -> String {
        match value {
            Value::Bool(true) => self.word("value-yes"),
            Value::Bool(false) => self.word("value-no"),
            Value::Array(items) if !items.is_empty() => {
                items.iter().map(|item| self.cell(item)).collect::<Vec<_>>().join(", ")
            }
            other => cell(other),
        }
    }
}

fn align(rows: &[Vec<String>]) -> String {
    let mut widths = Vec::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let width = cell.chars().count();
            match widths.get_mut(column) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            write!(line, "{cell:<width$}  ").unwrap_or_default();
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

/// The value at `a/b` of a row; null where there is none.
pub(crate) fn at<'a>(row: &'a Value, place: &str) -> &'a Value {
    place.split('/').fold(row, |value, name| &value[name])
}

/// A value that is the same in every language. Control characters of foreign names would move the cursor of a terminal; they
/// are shown.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => plain(text),
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// A text without the characters that steer a terminal.
pub(crate) fn plain(text: &str) -> String {
    if text.chars().any(char::is_control) {
        text.chars()
            .flat_map(|c| if c.is_control() { c.escape_default().collect::<Vec<_>>() } else { vec![c] })
            .collect()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use words::Locale;

    #[test]
    fn a_table_lines_up_and_says_what_is_left() {
        let list = json!({ "rows": [{ "name": "churn", "latest": { "number": "1.0" } }, { "name": "fraud-2", "latest": null }],
                           "total": 7, "next": "fraud-2" });
        let columns = [("label-name", "name"), ("label-version", "latest/number")];
        let none = json!({ "rows": [], "total": 0, "next": null });
        let rows = [
            (
                Locale::En,
                "NAME     VERSION\nchurn    1.0\nfraud-2  –\n2 of 7. More with `--after 'fraud-2'`.",
                "No notices.",
            ),
            (
                Locale::PtBr,
                "NOME     VERSÃO\nchurn    1.0\nfraud-2  –\n2 de 7. Há mais com `--after 'fraud-2'`.",
                "Nenhum aviso.",
            ),
        ];
        for (locale, text, empty) in rows {
            let reader = Reader::of(Words::of(locale));
            assert_eq!(reader.page(&list, &columns, "none-notices"), text);
            assert_eq!(reader.page(&none, &columns, "none-notices"), empty);
        }
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(cell(&json!("a\u{1b}[2Jb\nc")), "a\\u{1b}[2Jb\\nc");
    }
}
