//! A workspace holds no credentials: what is written into the ledger stays there, for everybody.

use std::collections::BTreeMap;

use words::said;

use crate::failure::noun_said;
use crate::{Code, Failure};

/// Parts of the name of a setting whose value would be a credential.
const NAMES: [&str; 9] = [
    "password",
    "passwd",
    "secret",
    "token",
    "private.key",
    "access.key",
    "account.key",
    "api.key",
    "keyfile",
];
/// Last words of the name of an argument whose value would be one. An argument may be called anything, `--token-column` too.
const LAST_WORDS: [&str; 7] = ["password", "passwd", "pwd", "secret", "token", "credential", "credentials"];
/// What stands before `key` in the name of a credential.
const KEYS: [&str; 5] = ["secret", "access", "api", "private", "account"];
/// How credentials begin wherever they stand: keys of Google, GitHub and AWS, tokens of Google, and keys as files hold them.
const BEGINNINGS: [&str; 6] = ["AIza", "ghp_", "AKIA", "ya29.", "xoxb-", "-----BEGIN"];

/// Refuses properties and arguments that hold what looks like a credential. `place` is what they belong to.
///
/// # Errors
/// [`Code::Refused`], naming the property or argument and never its value.
pub(crate) fn refuse(
    place: &str,
    properties: &BTreeMap<String, String>,
    args: &[String],
) -> Result<(), Failure> {
    let property =
        properties.iter().find(|(name, value)| is_property(name, value)).map(|(name, _)| name.clone());
    match property.or_else(|| argument(args)) {
        None => Ok(()),
        Some(name) => Err(Failure::said(
            Code::Refused,
            said!("holds-credential", name = name, place = noun_said(place)),
        )),
    }
}

fn is_property(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['_', '-'], ".");
    let named = NAMES.iter().any(|part| name.contains(part));
    !is_reference(value) && (named || begins_as_one(value))
}

/// The name of the first argument that gives a credential; the arguments are `--name value`, `--name=value` or `name=value`.
fn argument(args: &[String]) -> Option<String> {
    for (at, arg) in args.iter().enumerate() {
        let (name, value) = match arg.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None if arg.starts_with('-') => {
                (arg.as_str(), args.get(at + 1).map(String::as_str).filter(|next| !next.starts_with('-')))
            }
            None => ("", Some(arg.as_str())),
        };
        let Some(value) = value.filter(|value| !is_reference(value)) else { continue };
        if names_one(name) || begins_as_one(value) {
            // An argument without a name is told by its place: its text is what must not be repeated.
            return Some(if name.is_empty() { format!("{}", at + 1) } else { name.to_owned() });
        }
    }
    None
}

fn names_one(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [.., before, "key"] => KEYS.contains(before),
        [.., last] => LAST_WORDS.contains(last) || KEYS.iter().any(|key| *last == format!("{key}key")),
        [] => false,
    }
}

fn begins_as_one(value: &str) -> bool {
    BEGINNINGS.iter().any(|beginning| value.trim_start().starts_with(beginning)) && value.trim().len() > 16
}

/// Nothing, or the name of where the value is found when the script runs.
fn is_reference(value: &str) -> bool {
    let value = value.trim();
    value.is_empty() || value.starts_with(['$', '{', '<', '%'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_refused_by_name_and_never_repeated() {
        let google = "AIzaSyD-0123456789abcdefgh";
        for (property, value, args, refused) in [
            ("spark.hadoop.fs.s3a.secret.key", "wJalr", &[][..], Some("spark.hadoop.fs.s3a.secret.key")),
            (
                "spark.hadoop.fs.azure.account.key.x.net",
                "abc",
                &[],
                Some("spark.hadoop.fs.azure.account.key.x.net"),
            ),
            ("spark.ssl.keyPassword", "abc", &[], Some("spark.ssl.keyPassword")),
            ("spark.x", google, &[], Some("spark.x")),
            ("spark.ssl.keyPassword", "", &[], None),
            ("spark.hadoop.fs.s3a.secret.key", "${KEY}", &[], None),
            ("spark.executor.memory", "8g", &[], None),
            ("", "", &["--db-password", "hunter22"], Some("--db-password")),
            ("", "", &["--api_key=abc"], Some("--api_key")),
            ("", "", &["apikey=abc"], Some("apikey")),
            ("", "", &["--verbose", google], Some("--verbose")),
            ("", "", &["word", google], Some("2")),
            ("", "", &["--token-column", "word"], None),
            ("", "", &["--key", "customer_id"], None),
            ("", "", &["--password", "--verbose"], None),
            ("", "", &["--password=$DB_PASSWORD"], None),
            ("", "", &["--tokenizer=bert"], None),
        ] {
            let properties = BTreeMap::from([(property.to_owned(), value.to_owned())]);
            let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
            let answer = refuse("run", &properties, &args);
            let failure = answer.err();
            assert_eq!(failure.is_some(), refused.is_some(), "{property} {value} {args:?}");
            if let (Some(failure), Some(name)) = (failure, refused) {
                assert!(failure.message.contains(&format!("`{name}`")), "{failure}");
                assert!(!failure.to_string().contains("hunter22") && !failure.to_string().contains(google));
            }
        }
    }
}
