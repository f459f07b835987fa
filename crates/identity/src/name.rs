//! Names of keys and secrets.

use std::fmt;
use std::str::FromStr;

/// Most characters of a name.
const LENGTH_MAX: usize = 160;

/// A name: lower-case letters, digits, `.`, `-` and `_`, beginning with a letter or a digit; at most 160 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` cannot name a key: use 1 to {LENGTH_MAX} lower-case letters, digits, `.`, `-` and `_`")]
pub struct NotAName {
    text: String,
}

impl KeyName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<KeyName, NotAName> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
        let begins =
            text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !begins || text.len() > LENGTH_MAX || !text.bytes().all(fits) {
            return Err(NotAName { text: text.chars().take(LENGTH_MAX).collect() });
        }
        Ok(KeyName(text.to_owned()))
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
