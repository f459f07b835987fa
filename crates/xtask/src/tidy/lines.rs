//! What single lines may not say.

use std::sync::LazyLock;

use regex::Regex;

use super::{Finding, Source};

/// Crates that read no clock, file, environment or chance, so that every desk that replays the ledger holds the same state.
const PURE: [&str; 2] = ["crates/bpmn/src/", "crates/governance/src/"];

struct Rule {
    /// Files it is for, by ending.
    endings: &'static [&'static str],
    pattern: Regex,
    message: &'static str,
}

fn rule(endings: &'static [&'static str], pattern: &str, message: &'static str) -> Rule {
    // A rule of this file that is no regular expression fails the first test that runs.
    Rule { endings, pattern: Regex::new(pattern).expect("a rule of this file"), message }
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        rule(
            &["rs", "ts", "tsx", "py", "mjs"],
            r"^\s*(?:pub(?:\([^)]*\))? |export |default |async |abstract )*(?:struct|enum|trait|mod|fn|class|interface|type) +\w*(?:Manager|Helper|Util|Utils|\BService|Processor|Handler|_manager|_helper|_util|_utils|_processor)\b",
            "a name that explains nothing. Say what it holds or does.",
        ),
        rule(
            &["rs"],
            r"\b(?:to[d]o|unimplemente[d])!|#\[ignor[e]",
            "left for later. Write it, or refuse it by name with a reason.",
        ),
        rule(
            &["rs", "ts", "tsx", "py", "mjs", "sh", "css"],
            r"\b(?:FIXM[E]|XX[X]|HAC[K]|TOD[O])\b",
            "left for later. Do it now, or open an issue and say here why it stands as it does.",
        ),
        rule(
            &["ts", "tsx", "mjs"],
            r"\b(?:test|it|describe)\.(?:ski[p]|onl[y]|tod[o])\(",
            "a test that does not run. Make it pass, or assert the wrong behaviour and say so in its name.",
        ),
        rule(&["rs", "ts", "tsx", "py", "mjs"], r"^\s*(?:<{7}|>{7}) ", "a merge that was not finished."),
    ]
});

static IMPURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\bstd::(?:fs|env|net|process|thread)\b|\bSystemTime\b|\bInstant::now\b|\b(?:Timestamp|Zoned)::now\b|\b(?:rand|getrandom|fastrand)::|\bUlid::(?:new|generate)\b")
        .expect("a rule of this file")
});

pub(super) fn check(source: &Source, machine: &[String]) -> Vec<Finding> {
    let Some(text) = &source.text else { return Vec::new() };
    let path = &source.path;
    let ending = path.rsplit('.').next().unwrap_or_default();
    let rules: Vec<&Rule> = RULES.iter().filter(|rule| rule.endings.contains(&ending)).collect();
    let pure = PURE.iter().any(|folder| path.starts_with(folder)) && !is_test(path);
    let locked = path.ends_with("Cargo.lock") || path.ends_with("package-lock.json");
    let mut findings = Vec::new();
    let mut in_tests = false;
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line)) {
        in_tests |= line.trim_start().starts_with("#[cfg(test)]");
        for rule in rules.iter().filter(|rule| rule.pattern.is_match(line)) {
            findings.push(Finding::new(path, number, rule.message));
        }
        if pure && !in_tests && !line.trim_start().starts_with("//") && IMPURE.is_match(line) {
            findings.push(Finding::new(path, number, "this crate is pure. Take time, identifiers, chance and contents as arguments; `app` brings them."));
        }
        if !locked && machine.iter().any(|folder| line.contains(folder.as_str())) {
            findings.push(Finding::new(
                path,
                number,
                "a path of this machine. Begin at the project's own folder, or at a variable.",
            ));
        }
    }
    findings
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}
