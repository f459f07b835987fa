//! What is said to people, kept together with what it is made of, so that it can be said in their language.
//!
//! The English stands here, beside the rule that says it: it is what programs are answered and what tests read. The words
//! of the other languages stand in `words`, under the name of the sentence, with the same values; a test there compares the
//! two. `sentence!` is the only way to make one, so that nothing is said that has no name.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::time::Tongue;

/// A sentence, or a part of one that has words of its own. Its JSON is what `words` reads: the name of the message and its
/// values; the English stands beside them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    id: Cow<'static, str>,
    #[serde(rename = "text")]
    english: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<Cow<'static, str>, Part>,
}

/// What a sentence is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Part {
    /// The same in every language: a name, a number, a time, what a library says.
    Text(String),
    /// Something that is said itself.
    Sentence(Box<Sentence>),
    /// Told in each language by whoever knows its grammar.
    Told(Box<Told>),
}

/// The same thing in every language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// In English.
    #[serde(rename = "en")]
    pub english: String,
    /// In Brazilian Portuguese.
    #[serde(rename = "pt-BR")]
    pub portuguese: String,
}

/// `sentence!("name", "the {place} of English", place = value, …)`: a [`Sentence`] whose message in `words` is `lint-name`.
/// A place without a value and a value without a place are errors of the compiler: a text put together by `concat!` takes
/// nothing from the names around it.
macro_rules! sentence {
    ($name:literal, $english:literal $(, $place:ident = $value:expr)* $(,)?) => {
        // All values before all names: a value may mean something else by the name of another.
        match ($($crate::sentence::Part::from($value),)*) {
            ($($place,)*) => $crate::sentence::Sentence::made(
                concat!("lint-", $name),
                format!(concat!($english, "") $(, $place = $place)*),
                [$((stringify!($place), $place)),*],
            ),
        }
    };
}
pub(crate) use sentence;

impl Sentence {
    /// For `sentence!` alone.
    pub(crate) fn made<const VALUES: usize>(
        id: &'static str,
        english: String,
        values: [(&'static str, Part); VALUES],
    ) -> Self {
        let values = values.into_iter().map(|(name, value)| (Cow::Borrowed(name), value));
        Self { id: Cow::Borrowed(id), english, values: values.collect() }
    }

    /// The name of its message in the words of every language.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it says in English.
    pub fn english(&self) -> &str {
        &self.english
    }

    /// What it is made of, by name.
    pub fn values(&self) -> impl Iterator<Item = (&str, &Part)> {
        self.values.iter().map(|(name, part)| (name.as_ref(), part))
    }

    /// The same with one space where its texts have several or break the line: names in files run over several lines, and
    /// a message is one.
    pub(crate) fn on_one_line(mut self) -> Self {
        self.english = self.english.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in self.values.values_mut() {
            match part {
                Part::Text(text) => *text = spaced(text),
                Part::Sentence(inner) => **inner = inner.as_ref().clone().spaced(),
                Part::Told(_) => {}
            }
        }
        self
    }

    fn spaced(mut self) -> Self {
        let english = spaced(&self.english);
        self = self.on_one_line();
        self.english = english;
        self
    }
}

/// A text with one space for every run of white space, also at its ends: what stands around it decides about those.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for character in text.chars() {
        match character.is_whitespace() {
            true if spaced.ends_with(' ') => {}
            true => spaced.push(' '),
            false => spaced.push(character),
        }
    }
    spaced
}

impl fmt::Display for Sentence {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.english)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Text(text) => text,
            Self::Sentence(sentence) => &sentence.english,
            Self::Told(told) => &told.english,
        })
    }
}

impl Told {
    /// What `tell` says in each language.
    pub fn by(tell: impl Fn(Tongue) -> String) -> Self {
        Self { english: tell(Tongue::English), portuguese: tell(Tongue::Portuguese) }
    }
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Part {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<char> for Part {
    fn from(character: char) -> Self {
        Self::Text(character.to_string())
    }
}

impl From<usize> for Part {
    fn from(number: usize) -> Self {
        Self::Text(number.to_string())
    }
}

impl From<Sentence> for Part {
    fn from(sentence: Sentence) -> Self {
        Self::Sentence(Box::new(sentence))
    }
}

impl From<Told> for Part {
    fn from(told: Told) -> Self {
        Self::Told(Box::new(told))
    }
}

/// `` `a`, `b` and 3 more ``: names in backticks.
pub(crate) fn quoted(names: &[&str]) -> Part {
    const SHOWN: usize = 3;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().checked_sub(SHOWN) {
        Some(rest) if rest > 0 => {
            sentence!("names-and-more", "{names} and {rest} more", names = shown.join(", "), rest = rest)
                .into()
        }
        _ => match shown.split_last() {
            Some((last, first)) if !first.is_empty() => both(first.join(", ").into(), last.as_str().into()),
            _ => shown.join("").into(),
        },
    }
}

/// Two things that hold together.
pub(crate) fn both(first: Part, last: Part) -> Part {
    sentence!("names-and", "{first} and {last}", first = first, last = last).into()
}

/// Things of which one will do.
pub(crate) fn either(words: &[&str]) -> Part {
    match words {
        [] => "".into(),
        [one] => (*one).into(),
        [first @ .., last] => {
            sentence!("names-or", "{first} or {last}", first = either(first), last = *last).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_keeps_what_it_is_made_of() {
        let names = "other";
        let said = sentence!("names-and-more", "{names} and {rest} more", names = "`a`\n  `b`", rest = names);
        assert_eq!(said.id(), "lint-names-and-more");
        assert_eq!(said.english(), "`a`\n  `b` and other more");
        assert_eq!(said.clone().on_one_line().english(), "`a` `b` and other more");
        let json = serde_json::to_value(&said).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "id": "lint-names-and-more",
                "text": "`a`\n  `b` and other more",
                "values": {"names": "`a`\n  `b`", "rest": "other"},
            })
        );
        assert_eq!(serde_json::from_value::<Sentence>(json).unwrap(), said);
    }

    #[test]
    fn parts_are_said_or_told_or_stand_as_they_are() {
        let told = Told { english: "every day".to_owned(), portuguese: "todo dia".to_owned() };
        let said =
            sentence!("names-and", "{first} and {last}", first = told, last = either(&["a", "b", "c"]));
        assert_eq!(said.to_string(), "every day and a or b or c");
        assert_eq!(serde_json::from_value::<Sentence>(serde_json::to_value(&said).unwrap()).unwrap(), said);
    }

    #[test]
    fn lists_of_names() {
        let rows: [(&[&str], &str); 6] = [
            (&[], ""),
            (&["a"], "`a`"),
            (&["a", "b"], "`a` and `b`"),
            (&["a", "b", "c"], "`a`, `b` and `c`"),
            (&["a", "b", "c", "d"], "`a`, `b`, `c` and 1 more"),
            (&["a", "b", "c", "d", "e", "f"], "`a`, `b`, `c` and 3 more"),
        ];
        for (names, wanted) in rows {
            assert_eq!(quoted(names).to_string(), wanted);
        }
    }

    #[test]
    fn broken_lines_become_spaces_in_every_part() {
        let inner = sentence!("names-and", "{first} and {last}", first = "`x\n y`", last = " z");
        let said = sentence!("document-malformed", "not a BPMN document: {why}", why = inner).on_one_line();
        assert_eq!(said.english(), "not a BPMN document: `x y` and z");
        let [(_, Part::Sentence(inner))] = said.values().collect::<Vec<_>>()[..] else { panic!("{said:?}") };
        assert_eq!(inner.values().map(|(_, part)| part.to_string()).collect::<Vec<_>>(), ["`x y`", " z"]);
    }
}
