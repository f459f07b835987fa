//! Filters of lists, as Google documents them: labels, and nothing else.

use serde_json::Value;

use crate::answer::Refusal;

/// How a list says that something must be there, and that it must be equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grammar {
    /// `projects.regions.clusters.list` and `projects.regions.jobs.list`: `field = value`, where `*` is any value.
    Fields,
    /// `projects.locations.batches.list`: a filter after AIP-160, where `:*` asks for presence.
    Aip160,
}

/// Whether labels fit a filter.
pub(super) fn carries(labels: &Value, wanted: &[(String, String)]) -> bool {
    wanted.iter().all(|(label, value)| match labels[label].as_str() {
        Some(found) => value == "*" || value == found,
        None => false,
    })
}

/// The labels that a filter asks for, its terms joined by AND; whatever the grammar of its list does not know is refused.
pub(super) fn label_filter(filter: &str, grammar: Grammar) -> Result<Vec<(String, String)>, Refusal> {
    let mut wanted = Vec::new();
    for term in filter.split(" AND ").map(str::trim).filter(|term| !term.is_empty()) {
        let refused =
            || Refusal::invalid(&format!("Invalid list filter: the sandbox does not read `{term}`"));
        let rest = term.strip_prefix("labels.").ok_or_else(refused)?;
        let at = rest.find(['=', ':']).ok_or_else(refused)?;
        let (label, operator, value) = (rest[..at].trim(), &rest[at..=at], rest[at + 1..].trim());
        let is_key = !label.is_empty()
            && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
        let fits = match grammar {
            Grammar::Fields => operator == "=",
            Grammar::Aip160 => operator == ":" || value != "*",
        };
        if !is_key || !fits || value.is_empty() || value.contains(char::is_whitespace) {
            return Err(refused());
        }
        wanted.push((label.to_owned(), value.trim_matches('"').to_owned()));
    }
    Ok(wanted)
}
