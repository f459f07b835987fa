//! The words for people, one set for the window, the terminal and notifications.
//!
//! The texts are Fluent files in `locales/<language>/`; `window.ftl` there is read by the window itself, the others are
//! carried in this crate. English is complete; where another language lacks a text, English is shown.
//!
//! ```
//! use words::{Locale, Words};
//!
//! let words = Words::new(Locale::PtBr);
//! assert_eq!(words.get("none-notices", &[]), "Nenhum aviso.");
//! assert_eq!(words.get("incident-title", &[("process", "Treino".into())]), "Treino está parado");
//! ```

mod recognised;

pub use recognised::recognised;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

/// A language the product speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Brazilian Portuguese.
    PtBr,
}

impl Locale {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::PtBr];

    /// `en` or `pt-BR`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::PtBr => "pt-BR",
        }
    }

    /// The language to speak: the one chosen (`--lang`), else the first that the environment asks for and we speak
    /// (`LC_ALL`, `LC_MESSAGES`, `LANG`, as POSIX orders them, with `LANGUAGE`'s list before unless the locale is `C`),
    /// else English.
    pub fn detect(chosen: Option<&str>, environment: impl Fn(&str) -> Option<String>) -> Self {
        if let Some(locale) = chosen.and_then(|tag| tag.parse().ok()) {
            return locale;
        }
        let set = |name: &str| environment(name).filter(|value| !value.is_empty());
        let posix = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        let Some(posix) = posix.filter(|it| !matches!(it.as_str(), "C" | "POSIX" | "C.UTF-8" | "C.utf8"))
        else {
            return Self::En;
        };
        let wished = set("LANGUAGE").unwrap_or_default();
        wished.split(':').chain([posix.as_str()]).find_map(|tag| tag.parse().ok()).unwrap_or_default()
    }

    /// How this language writes the mark before decimals.
    #[must_use]
    pub fn decimal(self) -> char {
        match self {
            Self::En => '.',
            Self::PtBr => ',',
        }
    }

    fn files(self) -> [&'static str; 10] {
        macro_rules! files {
            ($tag:literal) => {
                [
                    include_str!(concat!("../locales/", $tag, "/terminal.ftl")),
                    include_str!(concat!("../locales/", $tag, "/notifications.ftl")),
                    include_str!(concat!("../locales/", $tag, "/charts.ftl")),
                    include_str!(concat!("../locales/", $tag, "/reports.ftl")),
                    include_str!(concat!("../locales/", $tag, "/refusals.ftl")),
                    include_str!(concat!("../locales/", $tag, "/failures.ftl")),
                    include_str!(concat!("../locales/", $tag, "/cloud.ftl")),
                    include_str!(concat!("../locales/", $tag, "/facts.ftl")),
                    include_str!(concat!("../locales/", $tag, "/lint.ftl")),
                    include_str!(concat!("../locales/", $tag, "/edit.ftl")),
                ]
            };
        }
        match self {
            Self::En => files!("en"),
            Self::PtBr => files!("pt-BR"),
        }
    }

    /// Those of the files whose sentences are written into records.
    fn records(self) -> [&'static str; 3] {
        let [_, _, _, _, refusals, failures, cloud, _, _, _] = self.files();
        [refusals, failures, cloud]
    }

    fn bundle(self) -> FluentBundle<FluentResource> {
        let language = self.tag().parse().expect("the tags above are language tags");
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Marks around inserted texts are for mixed directions of writing; terminals and daemons print them.
        bundle.set_use_isolating(false);
        for file in self.files() {
            // What cannot be parsed is left out, and the tests see that nothing is.
            let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        bundle
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// A language we do not speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLocale(String);

impl fmt::Display for UnknownLocale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the language `{}` is not spoken here; choose `en` or `pt-BR`", self.0.escape_debug())
    }
}

impl std::error::Error for UnknownLocale {}

impl FromStr for Locale {
    type Err = UnknownLocale;

    /// Reads `pt-BR`, `pt_BR.UTF-8`, `pt`, `en_GB`, …: any English is ours, and any Portuguese.
    fn from_str(tag: &str) -> Result<Self, UnknownLocale> {
        let language = tag.split(['-', '_', '.', '@']).next().unwrap_or_default().to_ascii_lowercase();
        match language.as_str() {
            "en" => Ok(Self::En),
            "pt" => Ok(Self::PtBr),
            _ => Err(UnknownLocale(tag.to_owned())),
        }
    }
}

/// Something put into a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A number, which chooses the plural.
    Number(f64),
    /// Text as it is.
    Text(String),
    /// A number as it is written, shown with the reader's decimal mark; see [`decimal`].
    Decimal {
        /// With a point.
        decimal: String,
    },
    /// Something that is said itself, in the same language.
    Said(Said),
    /// Told in each language by whoever knows its grammar, as calendars are.
    Told(Told),
    /// Several of them: `a, b or c`.
    AnyOf(Vec<Value>),
}

/// The same thing in every language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// In English.
    #[serde(rename = "en")]
    pub english: String,
    /// In Brazilian Portuguese.
    #[serde(rename = "pt-BR")]
    pub portuguese: String,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Said> for Value {
    fn from(said: Said) -> Self {
        Self::Said(said)
    }
}

impl From<Told> for Value {
    fn from(told: Told) -> Self {
        Self::Told(told)
    }
}

macro_rules! from_numbers {
    ($($number:ty)*) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(number as f64)
            }
        }
    )*};
}
from_numbers!(i32 i64 u32 u64 usize f64);

/// A number with that many decimals, for a reader of any language.
#[must_use]
pub fn decimal(value: f64, decimals: usize) -> Value {
    Value::Decimal { decimal: format!("{value:.decimals$}") }
}

/// What is to be said, in no language yet: the name of a message and the values it takes. Whoever decides makes one of
/// these; whoever stands before a person turns it into a sentence with [`Words::say`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// Name of the message in the `.ftl` files.
    pub id: Cow<'static, str>,
    /// Its values, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Cow<'static, str>, Value>,
}

impl Said {
    /// A message without values.
    #[must_use]
    pub fn new(id: impl Into<Cow<'static, str>>) -> Self {
        Self { id: id.into(), values: BTreeMap::new() }
    }

    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.values.insert(name.into(), value.into());
        self
    }
}

/// `said!("message", name = value, …)`: a [`Said`].
#[macro_export]
macro_rules! said {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::Said::new($id)$(.with(stringify!($name), $value))*
    };
}

/// The words of one language.
pub struct Words {
    locale: Locale,
    bundle: FluentBundle<FluentResource>,
    english: Option<FluentBundle<FluentResource>>,
}

impl Words {
    /// The words of a language, loaded when it is first spoken.
    pub fn of(locale: Locale) -> &'static Self {
        static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::new(Locale::En));
        static PORTUGUESE: LazyLock<Words> = LazyLock::new(|| Words::new(Locale::PtBr));
        match locale {
            Locale::En => &ENGLISH,
            Locale::PtBr => &PORTUGUESE,
        }
    }

    /// English, for what is written down once for every desk: records, logs, causes.
    pub fn english() -> &'static Self {
        Self::of(Locale::En)
    }

    /// Loads a language, with English behind it.
    #[must_use]
    pub fn new(locale: Locale) -> Self {
        let english = (locale != Locale::En).then(|| Locale::En.bundle());
        Self { locale, bundle: locale.bundle(), english }
    }

    /// The language.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The text of `key` with `values` put in. A text that is missing in this language is taken from English; a key that
    /// is missing there too is returned itself, so that a mistake is seen and nothing fails.
    #[must_use]
    pub fn get(&self, key: &str, values: &[(&str, Value)]) -> String {
        let values = values.iter().map(|(name, value)| (*name, value));
        self.find(key, None, &self.arguments(values)).unwrap_or_else(|| key.to_owned())
    }

    /// The sentence of something that is to be said; by the same rules as [`Words::get`].
    #[must_use]
    pub fn say(&self, said: &Said) -> String {
        let values = said.values.iter().map(|(name, value)| (name.as_ref(), value));
        // `message.hint` is what to do next about it.
        let (id, attribute) =
            said.id.split_once('.').map_or((&*said.id, None), |(id, hint)| (id, Some(hint)));
        self.find(id, attribute, &self.arguments(values)).unwrap_or_else(|| said.id.to_string())
    }

    /// What to do next about it: the message's attribute `hint`, or nothing where it has none.
    #[must_use]
    pub fn hint(&self, said: &Said) -> String {
        let values = said.values.iter().map(|(name, value)| (name.as_ref(), value));
        self.find(&said.id, Some("hint"), &self.arguments(values)).unwrap_or_default()
    }

    /// Whether a message of this name is there, in this language itself.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    fn arguments<'a>(&self, values: impl Iterator<Item = (&'a str, &'a Value)>) -> FluentArgs<'static> {
        let mut arguments = FluentArgs::new();
        for (name, value) in values {
            let value = match value {
                Value::Number(number) => FluentValue::from(*number),
                other => FluentValue::from(self.text(other)),
            };
            arguments.set(name.to_owned(), value);
        }
        arguments
    }

    fn text(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Decimal { decimal } => decimal.replace('.', &self.locale.decimal().to_string()),
            Value::Number(number) => number.to_string(),
            Value::Said(said) => self.say(said),
            Value::Told(told) => match self.locale {
                Locale::En => told.english.clone(),
                Locale::PtBr => told.portuguese.clone(),
            },
            Value::AnyOf(values) => {
                let mut texts: Vec<String> = values.iter().map(|value| self.text(value)).collect();
                match (texts.pop(), texts.is_empty()) {
                    (None, _) => self.get("any-of-none", &[]),
                    (Some(only), true) => only,
                    (Some(last), false) => {
                        self.get("any-of", &[("first", texts.join(", ").into()), ("last", last.into())])
                    }
                }
            }
        }
    }

    fn find(&self, key: &str, attribute: Option<&str>, arguments: &FluentArgs<'_>) -> Option<String> {
        std::iter::once(&self.bundle).chain(&self.english).find_map(|bundle| {
            let message = bundle.get_message(key)?;
            let pattern = match attribute {
                None => message.value()?,
                Some(attribute) => message.get_attribute(attribute)?.value(),
            };
            let mut errors = Vec::new();
            // A value that was not given shows as its name in braces.
            Some(bundle.format_pattern(pattern, Some(arguments), &mut errors).into_owned())
        })
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words").field("locale", &self.locale).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_chosen_or_asked_for_by_the_environment() {
        type Row<'a> = (Option<&'a str>, &'a [(&'a str, &'a str)], Locale);
        let rows: [Row<'_>; 11] = [
            (None, &[], Locale::En),
            (None, &[("LANG", "pt_BR.UTF-8")], Locale::PtBr),
            (None, &[("LANG", "pt_PT")], Locale::PtBr),
            (None, &[("LANG", "de_DE.UTF-8")], Locale::En),
            (None, &[("LANG", "pt_BR"), ("LC_ALL", "en_US.UTF-8")], Locale::En),
            (None, &[("LANG", "pt_BR"), ("LC_ALL", "")], Locale::PtBr),
            (None, &[("LANG", "de_DE"), ("LANGUAGE", "it:pt_BR:en")], Locale::PtBr),
            (None, &[("LANG", "C.UTF-8"), ("LANGUAGE", "pt_BR")], Locale::En),
            (Some("pt-BR"), &[("LANG", "en_US")], Locale::PtBr),
            (Some("en"), &[("LANG", "pt_BR")], Locale::En),
            (Some("xx"), &[("LANG", "pt_BR")], Locale::PtBr),
        ];
        for (chosen, variables, expected) in rows {
            let environment = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(Locale::detect(chosen, environment), expected, "{chosen:?} {variables:?}");
        }
        assert!("xx".parse::<Locale>().unwrap_err().to_string().contains("`xx`"));
    }

    #[test]
    fn texts_have_plurals_and_values() {
        let rows = [
            (Locale::En, 1, "Nothing would have fired over one period."),
            (Locale::En, 3, "Nothing would have fired over 3 periods."),
            (Locale::PtBr, 1, "Nada teria disparado em um período."),
            (Locale::PtBr, 3, "Nada teria disparado em 3 períodos."),
        ];
        for (locale, count, text) in rows {
            assert_eq!(Words::new(locale).get("said-nothing-fired", &[("count", count.into())]), text);
        }
        let words = Words::new(Locale::PtBr);
        assert_eq!(
            words.get("incident-title", &[("process", "Migração <1>".into())]),
            "Migração <1> está parado"
        );
        assert_eq!(words.get("no-such-key", &[]), "no-such-key");
        assert_eq!(words.get("incident-title", &[]), "{$process} está parado");
    }

    #[test]
    fn words_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Words>();
    }
}
