//! Filters of lists: labels, and nothing else.

use serde_json::Value;

use crate::answer::Refusal;

/// Whether labels fit a filter.
pub(super) fn carries(labels: &Value, wanted: &[(String, String)]) -> bool {
    wanted.iter().all(|(label, value)| match labels[label].as_str() {
        Some(found) => value == "*" || value == found,
        None => false,
    })
}

/// `labels.name=value` and `labels.name:*`, joined by AND.
pub(super) fn label_filter(filter: &str) -> Result<Vec<(String, String)>, Refusal> {
    let mut wanted = Vec::new();
    for term in filter.split(" AND ").map(str::trim).filter(|term| !term.is_empty()) {
        let label = term.strip_prefix("labels.").and_then(|rest| rest.split_once(['=', ':']));
        let Some((label, value)) = label else {
            return Err(Refusal::invalid(&format!("the sandbox filters by labels only, not by `{term}`")));
        };
        wanted.push((label.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(wanted)
}
