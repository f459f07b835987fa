//! Literals that look like credentials.
//!
//! A rule is a pattern with one group around the secret itself, and a judgement of what that group matched: values that
//! stand for a secret (`<password>`, `${TOKEN}`, `os.environ[...]`, `changeme`) are none. The judgement leans towards
//! reporting: a finding is waived with a sentence, a leaked key is not.

mod rules;

use sha2::{Digest, Sha256};

use crate::limits::Limits;
use crate::package::{Finding, FindingKind, Severity, Warning};
use crate::text::{decode, shown};

use rules::{HINTS, RULES};

/// Findings of one file; a file with more is a dump of credentials, and said to be one by these.
const FINDINGS_MAX: usize = 50;
/// Characters of a line that a pattern sees around a match; minified files have one line.
const LINE_CHARS_MAX: usize = 64 << 10;
const EXCERPT_CHARS_MAX: usize = 100;

/// Finds secrets in a text. `sha256` is the digest of the whole file: with the place it identifies the finding, and
/// unlike the secret itself it can be published.
pub(crate) fn scan(file: &str, sha256: &str, bytes: &[u8]) -> Vec<Finding> {
    let text = decode(bytes);
    let mut findings: Vec<Finding> = Vec::new();
    for (number, whole_line) in suspicious_lines(&text) {
        for line in pieces(whole_line) {
            if findings.len() >= FINDINGS_MAX {
                return findings;
            }
            let found = RULES.iter().find_map(|rule| Some((rule, rule.find(line)?)));
            let Some((rule, secret)) = found else { continue };
            let what = rule.what.to_owned();
            findings.push(Finding {
                id: identify(&[sha256, file, &number.to_string(), rule.what]),
                severity: Severity::Blocking,
                file: file.to_owned(),
                line: Some(number),
                message: format!(
                    "`{}` line {number} looks like it contains a secret ({what}); move it out of the package, or waive \
                     the finding with a reason",
                    shown(file)
                ),
                excerpt: Some(masked(line, secret)),
                kind: FindingKind::Secret { what },
            });
        }
    }
    findings
}

/// The lines in which any rule's hint occurs, with their numbers from 1. One pass over the text: tables of numbers, the
/// bulk of what is scanned, have no such line.
fn suspicious_lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let (mut at, mut number) = (0, 1_u32);
    std::iter::from_fn(move || {
        let hint = HINTS.find_at(text, at)?;
        let start = text[at..hint.start()].rfind('\n').map_or(at, |end| at + end + 1);
        number += u32::try_from(text[at..start].matches('\n').count()).unwrap_or(u32::MAX / 2);
        let end = text[hint.end()..].find('\n').map_or(text.len(), |end| hint.end() + end);
        let line = text[start..end].trim_end_matches('\r');
        let found = (number, line);
        (at, number) = (text.len().min(end + 1), number.saturating_add(1));
        Some(found)
    })
}

/// The warning that a file was too large to be scanned whole.
pub(crate) fn not_scanned(file: &str, limits: &Limits) -> Warning {
    let scanned = limits.scan_bytes_max >> 20;
    let message = format!("only the first {scanned} MiB of `{}` were scanned for secrets", shown(file));
    Warning::new("not-scanned", Some(file), message)
}

/// An identifier of a finding: the same for the same parts.
pub(crate) fn identify(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hex::encode(&hash.finalize()[..8])
}

/// A line in pieces that a pattern sees at once, cut at character borders.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len().min(LINE_CHARS_MAX);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (piece, left) = rest.split_at(end);
        rest = left;
        Some(piece)
    })
}

/// The surroundings of a secret with all but its first characters hidden.
fn masked(line: &str, (start, end): (usize, usize)) -> String {
    let secret = &line[start..end];
    let kept = if secret.chars().count() >= 16 { 4 } else { usize::from(secret.chars().count() >= 8) };
    let seen: String = secret.chars().take(kept).collect();
    let before: Vec<char> = line[..start].trim_start().chars().collect();
    let room = EXCERPT_CHARS_MAX / 2;
    let before: String = before[before.len().saturating_sub(room)..].iter().collect();
    // What follows may be the rest of a longer secret, or another one.
    shown(&format!("{before}{seen}••••••"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(line: &str) -> Option<String> {
        let found = scan("f", "0", line.as_bytes());
        found.first().map(|finding| match &finding.kind {
            FindingKind::Secret { what } => what.clone(),
            other => panic!("{other:?}"),
        })
    }

    /// Joins the halves of a made-up credential, so that no scanner takes this file for a leak.
    fn made_up(head: &str, tail: &str) -> String {
        format!("{head}{tail}")
    }

    #[test]
    fn what_looks_like_a_credential_is_found() {
        let rows = [
            (made_up("-----BEGIN RSA PRIVATE", " KEY-----"), "private key"),
            (made_up("-----BEGIN PRIVATE", " KEY-----"), "private key"),
            (made_up("-----BEGIN OPENSSH PRIVATE", " KEY-----"), "private key"),
            (made_up("-----BEGIN PGP PRIVATE", " KEY BLOCK-----"), "private key"),
            (
                made_up("  \"private_key\": \"-----BEGIN PRIVATE", " KEY-----\\nMIIEvQIBADANBgk\","),
                "private key",
            ),
            (
                "\"private_key_id\": \"3f1c9a7be20d4c58a6f09d1e7b44c2aa91d03e57\",".to_owned(),
                "service account key",
            ),
            (made_up("key = 'AKIA", "2E0A8F3B1C7D9QWE'"), "AWS access key"),
            (
                made_up("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYzzQ8pT2aKd"),
                "AWS secret key",
            ),
            (
                made_up("url = \"https://x?key=AIza", "SyD3kf9Qw8eRt7yU6iOp5aSd4fGh3jKl2zX\""),
                "Google API key",
            ),
            (made_up("ghp_", "a8Fk29dLmQ0xWv7RtY3uZ6bN1cE5hJ4gS2pO"), "GitHub token"),
            (made_up("xoxb-", "210987654321-abcdefGHIJKL"), "Slack token"),
            (made_up("hf_", "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUi"), "Hugging Face token"),
            (made_up("Authorization: Bearer ", "eyAbCdEf0123456789xyzQRS"), "bearer token"),
            ("headers = {'Authorization': 'Basic c2FzZGVtbzpPcmlvbjEyMyE='}".to_owned(), "basic credentials"),
            (
                made_up(
                    "eyJhbGciOiJIUzI1NiIsInR5cCI6.eyJzdWIiOiIxMjM0NTY3ODkwIiwi",
                    ".SflKxwRJSMeKKF2QT4fwpMeJf36P",
                ),
                "JSON web token",
            ),
            ("url = 'postgresql://ana:s3cr3tPw@db.example.com:5432/x'".to_owned(), "password in an address"),
            ("jdbc:mysql://h/db?user=u&password=Tr0ub4dor".to_owned(), "password"),
            ("Server=h;Database=d;User Id=u;Pwd=Tr0ub4dor&3;".to_owned(), "password"),
            (
                "DefaultEndpointsProtocol=https;AccountKey=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MTIzNA==;"
                    .to_owned(),
                "storage account key",
            ),
            ("password: Orion123!".to_owned(), "password"),
            ("  PASSWORD = \"Orion123!\"".to_owned(), "password"),
            ("db_password='hunter22'".to_owned(), "password"),
            ("sess = Session(host, 'sasdemo', password='lnxsas8')".to_owned(), "password"),
            ("export DB_PASSWD=f8s7df6s".to_owned(), "password"),
            ("\"clientSecret\": \"9fK2!mmQ\"".to_owned(), "secret or token"),
            ("api_key = \"9a8b7c6d5e4f3a2b1c0d\"".to_owned(), "secret or token"),
            ("ACCESS_TOKEN=Zx9kQ2mLp0vBn8cR".to_owned(), "secret or token"),
            (
                "libname x oracle user=scott pw=\"{SAS002}81F6943F251507393B969C0753B2D73B\";".to_owned(),
                "SAS encoded password",
            ),
            ("libname x oracle user=scott password=\"tiger77\";".to_owned(), "password"),
        ];
        for (line, expected) in rows {
            assert_eq!(what(&line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn ordinary_code_raises_no_alarm() {
        for line in [
            "password = os.environ['DB_PASSWORD']",
            "password = getpass.getpass('Password: ')",
            "password: <your password>",
            "password: ${DB_PASSWORD}",
            "password: {{ vault.password }}",
            "password: \"\"",
            "password:",
            "password = None",
            "password=password",
            "password: changeme",
            "password: '********'",
            "password: xxxxxxxx",
            "PASSWORD = 'YOUR_PASSWORD'",
            "def login(user, password, token=None):",
            "# set the password before you run this",
            "if password == other_password:",
            "parser.add_argument('--password', help='the password of the user')",
            "    password: str",
            "password: string  # required",
            "secret = request.headers.get('X-Secret')",
            "token = tokenizer.next_token(text)",
            "tokens = text.split(' ')",
            "max_tokens = 4096",
            "token: int = 0",
            "secret_name: projects/p/secrets/db/versions/latest",
            "sha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'",
            "key = 'monthly_charges'",
            "keys = ['id', 'name']",
            "primary_key = \"customer_id\"",
            "partition_key: customer_segment_identifier_long",
            "authorization_url = 'https://accounts.example.com/o/oauth2/auth'",
            "https://github.com/x/y/tree/main/a:b@c",
            "gs://bucket/data/train.csv",
            "postgresql://localhost:5432/x",
            "postgresql://${USER}:${PASSWORD}@host/x",
            "https://user:<token>@host",
            "\"_KSPostCutoff_\": \"0.4995\",",
            "uid: GBTClassifier_4f7a9d3c2b1e",
            "-----BEGIN CERTIFICATE-----",
            "-----BEGIN PUBLIC KEY-----",
            "eyJust a word",
            "bearer = build_bearer()",
            "Authorization: Bearer <token>",
            "headers = {'Authorization': 'Bearer ' + token}",
            "headers = {'Authorization': f'Bearer {access_token}'}",
            "proc sql; create table x as select * from y; quit;",
            "AKIA is a prefix",
            "task-assignment-risk-score-of-the-model = 3",
            "passwd = crypt(read_line())",
            "api_key=settings.API_KEY,",
            "numericals: [tenure, monthly_charges, total_charges]",
            "seed: 12345678",
        ] {
            assert_eq!(what(line), None, "{line}");
        }
    }

    #[test]
    fn a_finding_names_the_line_and_hides_the_secret() {
        let found = scan("conf/db.yml", "abc", b"user: ana\r\npassword: Orion123!Orion123\r\n");
        assert_eq!((found.len(), found[0].line, found[0].severity), (1, Some(2), Severity::Blocking));
        let excerpt = found[0].excerpt.as_deref().unwrap();
        assert!(excerpt.starts_with("password: Orio") && !excerpt.contains("n123"), "{excerpt}");
        assert!(!format!("{:?}", found[0]).contains("Orion123"));
        let again = scan("conf/db.yml", "abc", b"user: ana\r\npassword: Orion123!Orion123\r\n");
        assert_eq!(found[0].id, again[0].id);
        assert_ne!(
            found[0].id,
            scan("conf/db.yml", "abd", b"user: ana\r\npassword: Orion123!Orion123\r\n")[0].id
        );
    }

    #[test]
    fn lines_are_numbered_as_an_editor_does() {
        let text = "password: 'Orion123!'\n\r\n\npassword: 'Orion123!'\r\nx\ny password = 'Orion123!'";
        let numbers: Vec<_> = scan("f", "0", text.as_bytes()).iter().map(|it| it.line).collect();
        assert_eq!(numbers, [Some(1), Some(4), Some(6)]);
    }

    #[test]
    fn a_dump_of_secrets_and_a_line_without_end_are_bounded() {
        let many = "password: Orion123!\n".repeat(10_000);
        assert_eq!(scan("f", "0", many.as_bytes()).len(), FINDINGS_MAX);
        let long = format!("{}password: 'Orion123!'", "é ".repeat(1 << 20));
        assert!(scan("f", "0", long.as_bytes()).len() <= 1);
    }
}
