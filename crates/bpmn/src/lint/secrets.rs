//! Literals that look like credentials: a definition is read by many and kept for ever, so one that holds any is not started. A message shows where one is and never what it is.

use std::sync::LazyLock;

use regex::Regex;

use super::Findings;
use crate::model::{Body, Listener, NodeKind};
use crate::sentence::{Sentence, sentence};
use crate::value::Value;

/// No more text of one literal is searched.
const SEARCHED_BYTES_MAX: usize = 1 << 20;

/// What a credential looks like: its name, and a pattern whose group 1, if it has one, is the secret itself.
static SHAPES: LazyLock<Vec<(Sentence, Regex)>> = LazyLock::new(|| {
    [
        (sentence!("secret-private-key", "a private key"), r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
        (sentence!("secret-google-key", "a Google API key"), r"\bAIza[0-9A-Za-z_\-]{35}\b"),
        (sentence!("secret-google-token", "a Google access token"), r"\bya29\.[0-9A-Za-z_\-]{20,}"),
        (sentence!("secret-aws-key", "an AWS access key"), r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
        (
            sentence!("secret-github-token", "a GitHub token"),
            r"\b(?:gh[pousr]_[0-9A-Za-z]{30,}|github_pat_[0-9A-Za-z_]{30,})",
        ),
        (sentence!("secret-gitlab-token", "a GitLab token"), r"\bglpat-[0-9A-Za-z_\-]{20,}"),
        (sentence!("secret-slack-token", "a Slack token"), r"\bxox[abposr]-[0-9A-Za-z\-]{10,}"),
        (
            sentence!("secret-slack-webhook", "a Slack webhook"),
            r"hooks\.slack\.com/services/[0-9A-Za-z_/]{20,}",
        ),
        (
            sentence!("secret-teams-webhook", "a Teams webhook"),
            r"webhook\.office\.com/webhookb2/[0-9A-Za-z@\-]{20,}",
        ),
        (
            sentence!("secret-signed-token", "a signed token"),
            r"\beyJ[0-9A-Za-z_\-]{10,}\.eyJ[0-9A-Za-z_\-]{10,}\.[0-9A-Za-z_\-]{10,}",
        ),
        (
            sentence!("secret-in-address", "a user and password in an address"),
            r"[a-z][a-z0-9+.\-]*://[^/\s:@]+:([^/\s@]{3,})@",
        ),
        (
            sentence!("secret-password-header", "a password in a header"),
            r#"(?i)\bauthorization["']?\s*[:=]\s*["']?basic\s+([0-9a-z+/=]{8,})"#,
        ),
        (
            sentence!("secret-token-header", "a token in a header"),
            r#"(?i)\bauthorization["']?\s*[:=]\s*["']?bearer\s+([0-9a-z._~+/=\-]{8,})"#,
        ),
        (
            secret_by_name(),
            r#"(?i)\b(?:[a-z0-9_\-]*(?:password|passwd|pwd|secret|api[_\-]?key|access[_\-]?key|auth[_\-]?token|access[_\-]?token|private[_\-]?token|client[_\-]?secret))["']?\s*[:=]\s*["']?([^\s"'&,;{}<>()$#%]{6,})"#,
        ),
    ]
    .into_iter()
    // The patterns are constants of this file, and a test compiles them all.
    .filter_map(|(what, pattern)| Regex::new(pattern).ok().map(|pattern| (what, pattern)))
    .collect()
});

/// What stands where a secret would, and is none.
static PLACEHOLDERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r"(?i)^(?:\*+|x{3,}|\.{3,}|<.*>|null|none|true|false|undefined|changeme|change_me|your[_\-]?.*|example.*|keychain.*|vault.*|secret:.*)$";
    Regex::new(pattern).ok()
});

fn secret_by_name() -> Sentence {
    sentence!("secret-by-name", "a secret by its name")
}

/// Names of variables and fields whose literal is a secret whatever it looks like.
const SECRET_NAMES: [&str; 9] =
    ["password", "passwd", "pwd", "secret", "apikey", "api_key", "accesskey", "access_token", "authtoken"];

pub(super) fn check(findings: &mut Findings<'_>) {
    let process = findings.process;
    data(&process.body, findings);
    for node in &process.nodes {
        let mut report = |place: Sentence, name: &str, text: &str| {
            if let Some(what) = looks_like(name, text) {
                findings.error("secret-literal", &node.id, held(place, node.label(), what));
            }
        };
        if let Some(documentation) = &node.documentation {
            report(sentence!("place-documentation", "the documentation"), "", documentation);
        }
        for listener in &node.listeners {
            listener_fields(listener, &mut report);
        }
        match &node.kind {
            NodeKind::User(task) => {
                task.listeners.iter().for_each(|listener| listener_fields(listener, &mut report))
            }
            NodeKind::Service(service) => {
                for (name, text) in &service.fields {
                    report(sentence!("place-field", "the field `{name}`", name = name), name, text.source());
                }
            }
            NodeKind::Script(script) => report(sentence!("place-script", "the script"), "", &script.text),
            NodeKind::SubProcess(sub) => data(&sub.body, findings),
            _ => {}
        }
    }
}

fn held(place: Sentence, label: &str, what: Sentence) -> Sentence {
    sentence!(
        "secret-literal",
        "{place} of `{label}` holds {what}; keep it as the credential of a connection, and take it out of here",
        place = place,
        label = label,
        what = what
    )
}

fn listener_fields(listener: &Listener, report: &mut impl FnMut(Sentence, &str, &str)) {
    for (name, text) in &listener.fields {
        let place = sentence!("place-listener-field", "the listener's field `{name}`", name = name);
        report(place, name, text.source());
    }
}

fn data(body: &Body, findings: &mut Findings<'_>) {
    for object in &body.data {
        if let Value::String(text) = &object.default
            && let Some(what) = looks_like(&object.name, text)
        {
            let place = sentence!("place-default", "the default");
            findings.error("secret-literal", &object.id, held(place, &object.name, what));
        }
    }
}

/// What kind of credential a literal looks like.
fn looks_like(name: &str, text: &str) -> Option<Sentence> {
    let end = (0..=SEARCHED_BYTES_MAX.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    let text = &text[..end];
    let real = |secret: &str| {
        let secret = secret.trim();
        !secret.is_empty()
            && !secret.contains("${")
            && !secret.contains("#{")
            && !PLACEHOLDERS.as_ref().is_some_and(|placeholder| placeholder.is_match(secret))
    };
    for (what, pattern) in SHAPES.iter() {
        let found = pattern.captures_iter(text).any(|captures| match captures.get(1) {
            Some(secret) => real(secret.as_str()),
            None => true,
        });
        if found {
            return Some(what.clone());
        }
    }
    let name = name.to_ascii_lowercase().replace(['-', ' '], "_");
    let secret_name = SECRET_NAMES.iter().any(|other| name == *other || name.ends_with(&format!("_{other}")));
    (secret_name && real(text) && text.len() >= 4).then(secret_by_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_recognised_and_references_to_them_are_not() {
        assert_eq!(SHAPES.len(), 14, "a pattern does not compile");
        assert!(PLACEHOLDERS.is_some());
        // Put together here, so that no scanner takes this file for a leak.
        let key = format!("AI{}{}", "za", "0123456789abcdefghijklmnopqrstuvwxy");
        let aws = format!("AK{}{}", "IA", "ABCDEFGHIJKLMNOP");
        let rows = [
            ("headers", r#"{"Authorization": "Basic dXNlcjpwYXNzd29yZA=="}"#.to_owned(), true),
            ("headers", r#"{"Authorization": "Bearer abcdef0123456789"}"#.to_owned(), true),
            ("headers", r#"{"Authorization": "Bearer ${token}"}"#.to_owned(), false),
            ("headers", r#"{"Accept": "application/json"}"#.to_owned(), false),
            ("url", "https://user:hunter22@host/path".to_owned(), true),
            ("url", "https://host:8080/path?at=a@b".to_owned(), false),
            ("url", format!("https://host/?key={key}"), true),
            ("body", format!("{{\"id\": \"{aws}\"}}"), true),
            ("body", r#"{"client_secret": "s3cr3tvalue"}"#.to_owned(), true),
            ("body", r#"{"client_secret": "${secret}"}"#.to_owned(), false),
            ("body", "password=********".to_owned(), false),
            ("body", "The password: see the keychain".to_owned(), false),
            ("password", "hunter22".to_owned(), true),
            ("db_password", "${dbPassword}".to_owned(), false),
            ("password", "".to_owned(), false),
            ("", "-----BEGIN RSA PRIVATE KEY-----\nMII".to_owned(), true),
        ];
        for (name, text, wanted) in rows {
            assert_eq!(looks_like(name, &text).is_some(), wanted, "{name}: {text}");
        }
    }
}
