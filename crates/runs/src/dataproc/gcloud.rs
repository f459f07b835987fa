//! Flags of `gcloud` as a shell takes them.

use std::collections::BTreeMap;

use crate::local::quoted;

/// Characters that take the comma's place between items, the likeliest to be in none first.
const SEPARATORS: [&str; 6] = ["#", "|", ";", "@", "~", "%%"];

/// `--flag=a,b`; nothing for an empty list.
pub(super) fn list(flag: &str, items: &[String]) -> Option<String> {
    if items.is_empty() {
        return None;
    }
    Some(format!("--{flag}={}", quoted(&joined(items))))
}

/// `--flag=name=value,…`; nothing for no pairs.
pub(super) fn pairs(flag: &str, pairs: &BTreeMap<String, String>) -> Option<String> {
    let items: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    list(flag, &items)
}

/// `--flag=value`; nothing for an empty value.
pub(super) fn value(flag: &str, value: &str) -> Option<String> {
    (!value.is_empty()).then(|| format!("--{flag}={}", quoted(value)))
}

/// The script's own arguments; nothing where it has none.
pub(super) fn arguments(args: &[String]) -> Option<String> {
    if args.is_empty() {
        return None;
    }
    let words: Vec<String> = args.iter().map(|arg| quoted(arg)).collect();
    Some(format!("-- {}", words.join(" ")))
}

/// Items with a comma between them; where one of them holds a comma itself, with another separator, as `gcloud topic
/// escaping` describes.
fn joined(items: &[String]) -> String {
    let holds = |text: &str| items.iter().any(|item| item.contains(text));
    if !holds(",") {
        return items.join(",");
    }
    let separator = SEPARATORS.into_iter().find(|separator| !holds(separator)).unwrap_or(":::");
    format!("^{separator}^{}", items.join(separator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_escaped_as_gcloud_and_the_shell_read_them() {
        let rows: [(&[&str], &str); 6] = [
            (&["a=1", "b=2"], "--p=a=1,b=2"),
            (&["a=x y"], "--p='a=x y'"),
            (&["a=1,2", "b=3"], "--p='^#^a=1,2#b=3'"),
            (&["a=1,2", "b=#"], "--p='^|^a=1,2|b=#'"),
            (&["a=it's"], "--p='a=it'\\''s'"),
            (&["--conf=$HOME"], "--p='--conf=$HOME'"),
        ];
        for (items, line) in rows {
            let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
            assert_eq!(list("p", &items).as_deref(), Some(line));
        }
        assert_eq!(list("p", &[]), None);
    }
}
