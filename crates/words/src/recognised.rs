//! What was written down in English once, for every desk, is recognised again, so that whoever reads it later reads it in
//! their own language: the record keeps the sentence, and the sentence tells which message it was and with which values.

use std::sync::LazyLock;

use crate::{Locale, Said, Value, Words};

/// A sentence says something when so many characters of it are its message's own.
const OWN_CHARS_MIN: usize = 8;
/// How deep a sentence in a sentence is looked for.
const DEPTH_MAX: u32 = 4;
/// The longest text that is looked at.
const TEXT_BYTES_MAX: usize = 8192;
/// Digits of a number that is taken for one; a longer one is a name.
const DIGITS_MAX: usize = 9;

/// A message as it is written: what stands there, and what is put in.
struct Pattern {
    id: String,
    /// Whether what to do next follows.
    has_hint: bool,
    pieces: Vec<Piece>,
    own_chars: usize,
}

enum Piece {
    Own(String),
    Value(String),
}

/// Messages of records: what runs, rules and failures say. The one that says most itself comes first.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let english = Words::english();
    let mut patterns = Vec::new();
    for file in Locale::En.records() {
        for id in file.lines().filter_map(|line| line.split_once(" =")).map(|(id, _)| id) {
            if id.starts_with(|c: char| !c.is_ascii_lowercase()) || id.contains(|c: char| c.is_whitespace()) {
                continue;
            }
            let said = Said::new(id.to_owned());
            let (text, hint) = (english.say(&said), english.hint(&said));
            patterns.extend(pattern(id, &text, false));
            if !hint.is_empty() {
                patterns.extend(pattern(id, &format!("{text} {hint}"), true));
            }
        }
    }
    patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.own_chars));
    patterns
});

/// A value that was not given shows as its name in braces, and so a message shows where its values go.
fn pattern(id: &str, text: &str, has_hint: bool) -> Option<Pattern> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find("{$") {
        let end = at + rest[at..].find('}')?;
        if at > 0 {
            pieces.push(Piece::Own(rest[..at].to_owned()));
        }
        pieces.push(Piece::Value(rest[at + 2..end].to_owned()));
        rest = &rest[end + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Own(rest.to_owned()));
    }
    let own = || pieces.iter().filter_map(|piece| if let Piece::Own(own) = piece { Some(own) } else { None });
    let own_chars = own().map(|own| own.chars().count()).sum();
    let is_sentence = own_chars >= OWN_CHARS_MIN && own().any(|own| own.trim().contains(' '));
    is_sentence.then(|| Pattern { id: id.to_owned(), has_hint, pieces, own_chars })
}

impl Pattern {
    /// The values, if the text is this message.
    fn values<'a>(&self, text: &'a str) -> Option<Vec<(&str, &'a str)>> {
        let (mut values, mut rest, mut open) = (Vec::new(), text, None);
        for (at, piece) in self.pieces.iter().enumerate() {
            match piece {
                // Two values beside each other have no border.
                Piece::Value(_) if open.is_some() => return None,
                Piece::Value(name) => open = Some(name.as_str()),
                Piece::Own(own) => match open.take() {
                    None => rest = rest.strip_prefix(own.as_str())?,
                    Some(name) => {
                        let is_last = at + 1 == self.pieces.len();
                        let found = if is_last {
                            rest.strip_suffix(own.as_str())?.len()
                        } else {
                            rest.find(own.as_str())?
                        };
                        values.push((name, &rest[..found]));
                        rest = &rest[found + own.len()..];
                    }
                },
            }
        }
        match open {
            Some(name) => values.push((name, rest)),
            None if !rest.is_empty() => return None,
            None => {}
        }
        Some(values)
    }
}

/// The message that an English sentence was made of; nothing for words that are none of ours. Several sentences with `; `
/// between them are recognised one by one.
#[must_use]
pub fn recognised(text: &str) -> Option<Said> {
    if text.len() > TEXT_BYTES_MAX { None } else { at_depth(text.trim(), 0) }
}

fn at_depth(text: &str, depth: u32) -> Option<Said> {
    if depth > DEPTH_MAX {
        return None;
    }
    if text.contains("; ") {
        let each: Option<Vec<Said>> = text.split("; ").map(|part| one(part, depth)).collect();
        if let Some(each) = each {
            return each
                .into_iter()
                .reduce(|before, next| Said::new("finding-and").with("before", before).with("next", next));
        }
    }
    one(text, depth)
}

fn one(text: &str, depth: u32) -> Option<Said> {
    let (pattern, values) = PATTERNS.iter().find_map(|pattern| Some((pattern, pattern.values(text)?)))?;
    let filled = |id: String| {
        values
            .iter()
            .fold(Said::new(id), |said, (name, value)| said.with((*name).to_owned(), read(value, depth)))
    };
    let said = filled(pattern.id.clone());
    Some(match pattern.has_hint {
        false => said,
        true => {
            Said::new("said-and-then").with("said", said).with("then", filled(format!("{}.hint", pattern.id)))
        }
    })
}

fn read(value: &str, depth: u32) -> Value {
    if let Some(said) = at_depth(value, depth + 1) {
        return said.into();
    }
    let is_number = !value.is_empty()
        && value.len() <= DIGITS_MAX
        && value.bytes().all(|byte| byte.is_ascii_digit())
        && (value == "0" || !value.starts_with('0'));
    match value.parse::<f64>() {
        Ok(number) if is_number => Value::Number(number),
        _ => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::said;

    #[test]
    fn a_sentence_that_was_written_down_is_said_again_in_another_language() {
        let english = Words::english();
        let portuguese = Words::of(Locale::PtBr);
        for said in [
            said!("went-stopped-before"),
            said!("went-uploading", bucket = "churn-bucket"),
            said!("run-failed-deadline", limit = 3600),
            said!("run-failed-preparation", message = said!("no-bucket", name = "b", folder = "/buckets")),
            said!("finding-and", before = said!("went-stopped-asked"), next = said!("went-reading-back")),
        ] {
            let text = english.say(&said);
            let again = recognised(&text).unwrap_or_else(|| panic!("`{text}` is recognised"));
            assert_eq!(english.say(&again), text);
            assert_eq!(portuguese.say(&again), portuguese.say(&said), "{text}");
            assert_ne!(portuguese.say(&again), text);
        }
        for foreign in
            ["", "Traceback (most recent call last)", "running", "42", "gs://a/b is not what I want"]
        {
            assert_eq!(recognised(foreign), None, "{foreign}");
        }
        // With what to do next, as an end of a run repeats a failure.
        let failure = said!("no-bucket", name = "b", folder = "/buckets");
        let text = format!("{} {}", english.say(&failure), english.hint(&failure));
        let told = portuguese.say(&recognised(&text).unwrap());
        assert_eq!(told, format!("{} {}", portuguese.say(&failure), portuguese.hint(&failure)));
    }
}
