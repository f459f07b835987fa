//! What is said to people, in no language yet.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a message and its values; whoever shows it has the words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    /// Name of the message ("map-why-kept").
    pub id: String,
    /// Its values, by name.
    pub values: Vec<(String, String)>,
}

impl Reason {
    pub(crate) fn new(id: &str) -> Self {
        Self { id: id.to_owned(), values: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.values.push((name.to_owned(), value.to_string()));
        self
    }
}

impl fmt::Display for Reason {
    /// The name and the values, for errors and logs of this crate.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        for (name, value) in &self.values {
            write!(f, " {name}=`{value}`")?;
        }
        Ok(())
    }
}
