//! The patterns, and what is no secret after all.

use std::sync::LazyLock;

use regex::Regex;

/// A pattern whose first group is the secret.
pub(super) struct Rule {
    /// What a match is called.
    pub(super) what: &'static str,
    /// Text in lower case, one of which a line must contain, in any case, for the pattern to be worth trying.
    hint: &'static [&'static str],
    pattern: LazyLock<Regex>,
    judge: fn(&str) -> bool,
}

impl Rule {
    /// Where in the line the secret is, if there is one.
    pub(super) fn find(&self, line: &str) -> Option<(usize, usize)> {
        let hinted = self.hint.iter().any(|hint| contains_ignoring_case(line, hint));
        if !hinted {
            return None;
        }
        let secret = |it: regex::Captures<'_>| {
            it.get(1).filter(|it| (self.judge)(it.as_str())).map(|it| (it.start(), it.end()))
        };
        self.pattern.captures_iter(line).find_map(secret)
    }
}

fn contains_ignoring_case(line: &str, hint: &str) -> bool {
    let (line, hint) = (line.as_bytes(), hint.as_bytes());
    let first = hint[0];
    line.len() >= hint.len()
        && (0..=line.len() - hint.len()).any(|at| {
            line[at].to_ascii_lowercase() == first && line[at..at + hint.len()].eq_ignore_ascii_case(hint)
        })
}

macro_rules! rule {
    ($what:literal, $hint:expr, $pattern:literal, $judge:expr) => {
        Rule {
            what: $what,
            hint: &$hint,
            pattern: LazyLock::new(|| Regex::new($pattern).expect("a pattern is a constant and tested")),
            judge: $judge,
        }
    };
}

/// The rules, most telling first: a line is reported once.
pub(super) static RULES: [Rule; 24] = [
    rule!("private key", ["private key"], r"(-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----)", always),
    rule!(
        "service account key",
        ["private_key"],
        r#""private_key(?:_id)?"\s*:\s*"([^"]{16,})"#,
        not_a_placeholder
    ),
    rule!("AWS access key", ["akia", "asia", "aroa"], r"\b((?:AKIA|ASIA|AROA)[0-9A-Z]{16})\b", always),
    rule!(
        "AWS secret key",
        ["secret"],
        r#"(?i)aws_?(?:secret)?_?(?:access)?_?(?:secret)?_?key["']?\s*[:=]\s*["']?([A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+]|$)"#,
        mixed
    ),
    rule!("Google API key", ["aiza"], r"\b(AIza[0-9A-Za-z_\-]{35})", always),
    rule!("Google OAuth token", ["ya29."], r"\b(ya29\.[0-9A-Za-z_\-]{20,})", always),
    rule!("Google client secret", ["gocspx-"], r"\b(GOCSPX-[0-9A-Za-z_\-]{20,})", always),
    rule!(
        "GitHub token",
        ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat"],
        r"\b((?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{30,}))",
        always
    ),
    rule!("GitLab token", ["glpat-"], r"\b(glpat-[A-Za-z0-9_\-]{20,})", always),
    rule!("Slack token", ["xox"], r"\b(xox[abeoprs]-[A-Za-z0-9\-]{10,})", always),
    rule!("Stripe key", ["_live_"], r"\b([rs]k_live_[0-9A-Za-z]{16,})", always),
    rule!("Hugging Face token", ["hf_"], r"\b(hf_[A-Za-z0-9]{30,})\b", mixed),
    rule!("Databricks token", ["dapi"], r"\b(dapi[0-9a-f]{32})\b", always),
    rule!("PyPI token", ["pypi-"], r"\b(pypi-[A-Za-z0-9_\-]{50,})", always),
    rule!("API key", ["sk-"], r"\b(sk-(?:proj-|ant-)?[A-Za-z0-9_\-]{32,})", mixed),
    rule!(
        "JSON web token",
        ["eyj"],
        r"\b(eyJ[A-Za-z0-9_\-]{10,}\.eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,})",
        always
    ),
    rule!(
        "basic credentials",
        ["basic "],
        r#"(?i)authorization["']?\s*[:=,]\s*["']?basic\s+([A-Za-z0-9+/]{8,}={0,2})"#,
        not_a_placeholder
    ),
    rule!("bearer token", ["bearer "], r#"(?i)\bbearer\s+([A-Za-z0-9._~+/\-]{16,}=*)"#, random),
    rule!("SAS encoded password", ["{sas0"], r"(?i)(\{sas00[1-5]\}[0-9a-z+/=]{8,})", always),
    rule!(
        "storage account key",
        ["accountkey", "sharedaccess"],
        r"(?i)(?:AccountKey|SharedAccessKey|SharedAccessSignature)=([A-Za-z0-9+/=%&\-]{20,})",
        not_a_placeholder
    ),
    rule!(
        "password in an address",
        ["://"],
        r#"(?i)\b[a-z][a-z0-9+.\-]{1,20}://[^\s/:@"'<>]{1,64}:([^\s/@"']{3,})@[A-Za-z0-9\[]"#,
        not_a_placeholder
    ),
    // Quoted, in any language: `password = "…"`, `"db_password": '…'`, `password='…'`.
    rule!(
        "password",
        ["pass", "pwd", "pw="],
        r#"(?i)(?:^|[^a-z0-9])["']?[a-z0-9_.\-]*(?:password|passwd|passphrase|passcode|pwd|\bpw)["']?\s*(?::|=>|=)\s*(?:str\s*=\s*)?[brf]?["']([^"'\s]{3,})["']"#,
        not_a_placeholder
    ),
    // Unquoted, as in YAML, properties and connection strings: the value ends with the line, or at `;`, `&`.
    rule!(
        "password",
        ["pass", "pwd"],
        r#"(?i)(?:^\s*(?:-\s+|export\s+|set\s+|env\s+)?[a-z0-9_.\-]*|[;?&\s][a-z_]*)(?:password|passwd|passphrase|pwd)\s*(?::\s+|=)([^\s"'(){}\[\],;&#]{4,})(?:[;&].*|\s+#.*|\s*)$"#,
        not_code
    ),
    rule!(
        "secret or token",
        ["secret", "token", "key"],
        r#"(?i)(?:^|[^a-z0-9])["']?[a-z0-9_.\-]*(?:secret|token|api[_\-]?key|access[_\-]?key|auth[_\-]?key|private[_\-]?key|account[_\-]?key)["']?\s*(?::|=>|=)\s*["']?([A-Za-z0-9!@$%^*_.+/=~\-]{8,})["']?\s*[,;})]?\s*(?:#.*)?$"#,
        random
    ),
];

/// Any hint of any rule.
pub(super) static HINTS: LazyLock<Regex> = LazyLock::new(|| {
    let hints: Vec<String> =
        RULES.iter().flat_map(|rule| rule.hint).map(|hint| regex::escape(hint)).collect();
    Regex::new(&format!("(?i)(?:{})", hints.join("|"))).expect("hints are constants, escaped, and tested")
});

/// Words that stand in the place of a secret.
const PLACEHOLDERS: [&str; 38] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "changeme",
    "change_me",
    "change-me",
    "placeholder",
    "example",
    "dummy",
    "redacted",
    "removed",
    "hidden",
    "masked",
    "none",
    "null",
    "nil",
    "true",
    "false",
    "undefined",
    "string",
    "str",
    "text",
    "todo",
    "tbd",
    "fixme",
    "empty",
    "default",
    "required",
    "optional",
    "required,",
    "bytes",
    "prompt",
    "vault",
    "keychain",
    "secretstr",
];

fn always(_: &str) -> bool {
    true
}

/// Whether a value is itself, and not a word or a template for one.
fn not_a_placeholder(value: &str) -> bool {
    let lower = value.trim().to_ascii_lowercase();
    let template = lower.starts_with(['<', '$', '%', '{', '['])
        || lower.contains("${")
        || lower.contains("{{")
        || (lower.contains('{') && lower.contains('}'))
        || lower.starts_with("%(")
        || (lower.starts_with("__") && lower.ends_with("__"));
    let stands_for = [
        "your",
        "my_",
        "my-",
        "the_",
        "enter",
        "insert",
        "replace",
        "env:",
        "env.",
        "vault:",
        "projects/",
        "example",
    ]
    .iter()
    .any(|head| lower.starts_with(head));
    let mut characters: Vec<char> = lower.chars().collect();
    characters.sort_unstable();
    characters.dedup();
    let repeated = characters.len() <= 2;
    !(template || stands_for || repeated || PLACEHOLDERS.contains(&lower.as_str()))
}

/// For values without quotes: what reads like code, a path or a type is none.
fn not_code(value: &str) -> bool {
    let identifier_path = value.contains('.')
        && value
            .split('.')
            .all(|part| part.chars().all(|it| it.is_ascii_alphabetic() || it == '_') && !part.is_empty());
    let path = value.starts_with('/') || value.contains("://");
    // `password=other_password`: a variable handed on.
    let variable = value.chars().all(|it| it.is_ascii_lowercase() || it == '_')
        && (value.contains('_') || value.contains("pass"));
    !(identifier_path || path || variable || value.starts_with('=')) && not_a_placeholder(value)
}

/// Whether a value mixes letters and digits, as generated keys do.
fn mixed(value: &str) -> bool {
    let has = |is: fn(&char) -> bool| value.chars().any(|it| is(&it));
    has(char::is_ascii_digit) && has(char::is_ascii_alphabetic)
        || has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase)
}

/// Whether a value looks generated: letters with digits or signs, spread widely enough, and no code, path or number.
fn random(value: &str) -> bool {
    let has = |is: fn(&char) -> bool| value.chars().any(|it| is(&it));
    let letters = has(char::is_ascii_alphabetic);
    let spiced = has(char::is_ascii_digit) || value.contains(['!', '@', '$', '%', '^', '*', '+', '~']);
    letters
        && spiced
        && entropy_bits(value) >= 2.5
        && not_code(value)
        && !value.contains("://")
        && value.matches('/').count() < 3
}

/// Shannon entropy of the characters, in bits a character.
fn entropy_bits(value: &str) -> f64 {
    let mut counts = std::collections::BTreeMap::<char, u32>::new();
    for it in value.chars() {
        *counts.entry(it).or_default() += 1;
    }
    let total = f64::from(counts.values().sum::<u32>());
    counts.values().map(|&count| f64::from(count) / total).map(|share| -share * share.log2()).sum()
}
