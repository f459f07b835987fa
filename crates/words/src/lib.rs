//! The words for people, one set for the window, the terminal and notifications.
//!
//! The texts are Fluent files in `locales/<language>/`; `window.ftl` there is read by the window itself, the others are
//! carried in this crate. English is complete; where another language lacks a text, English is shown.
//!
//! ```
//! use words::{Locale, Words};
//!
//! let words = Words::new(Locale::PtBr);
//! assert_eq!(words.get("list-count", &[("count", 1.into())]), "uma linha");
//! assert_eq!(words.get("run-failed-title", &[("run", "treino".into())]), "treino falhou");
//! ```

use std::fmt;
use std::str::FromStr;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

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

    fn files(self) -> [&'static str; 2] {
        match self {
            Self::En => {
                [include_str!("../locales/en/terminal.ftl"), include_str!("../locales/en/notifications.ftl")]
            }
            Self::PtBr => [
                include_str!("../locales/pt-BR/terminal.ftl"),
                include_str!("../locales/pt-BR/notifications.ftl"),
            ],
        }
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
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text as it is.
    Text(String),
    /// A number, which chooses the plural.
    Number(f64),
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

/// The words of one language.
pub struct Words {
    locale: Locale,
    bundle: FluentBundle<FluentResource>,
    english: Option<FluentBundle<FluentResource>>,
}

impl Words {
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
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            let value = match value {
                Value::Text(text) => FluentValue::from(text.as_str()),
                Value::Number(number) => FluentValue::from(*number),
            };
            arguments.set(*name, value);
        }
        for bundle in std::iter::once(&self.bundle).chain(&self.english) {
            let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { continue };
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors);
            // A value that was not given shows as its name in braces.
            return text.into_owned();
        }
        key.to_owned()
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
            (Locale::En, 1, "one row"),
            (Locale::En, 3, "3 rows"),
            (Locale::PtBr, 1, "uma linha"),
            (Locale::PtBr, 3, "3 linhas"),
        ];
        for (locale, count, text) in rows {
            assert_eq!(Words::new(locale).get("list-count", &[("count", count.into())]), text);
        }
        let words = Words::new(Locale::PtBr);
        assert_eq!(
            words.get("incident-title", &[("process", "Migração <1>".into())]),
            "Migração <1> está parado"
        );
        assert_eq!(words.get("no-such-key", &[]), "no-such-key");
        assert_eq!(words.get("run-failed-title", &[]), "{$run} falhou");
    }

    #[test]
    fn words_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Words>();
    }
}
