//! Every language says everything, with the same values, and every key that code names exists.

#![allow(clippy::unwrap_used, reason = "the helpers of tests unwrap as tests do")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Keys of a file (attributes as `key.attribute`), each with the values its text names.
fn keys(path: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(path).unwrap();
    let parsed = fluent_bundle::FluentResource::try_new(text.clone());
    assert!(parsed.is_ok(), "{}: {:?}", path.display(), parsed.err().map(|(_, errors)| errors));
    let (key, attribute, value) = (
        Regex::new(r"^(-?[a-zA-Z][a-zA-Z0-9_-]*)\s*=").unwrap(),
        Regex::new(r"^\s+\.([a-zA-Z][a-zA-Z0-9_-]*)\s*=").unwrap(),
        Regex::new(r"\$([a-zA-Z][a-zA-Z0-9_-]*)").unwrap(),
    );
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut message, mut current) = (String::new(), String::new());
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(it) = key.captures(line) {
            message = it[1].to_owned();
            current.clone_from(&message);
            let twice = found.insert(current.clone(), BTreeSet::new());
            assert!(twice.is_none(), "{}: `{current}` is there twice", path.display());
        } else if let Some(it) = attribute.captures(line) {
            current = format!("{message}.{}", &it[1]);
            found.insert(current.clone(), BTreeSet::new());
        }
        if let Some(values) = found.get_mut(&current) {
            values.extend(value.captures_iter(line).map(|it| it[1].to_owned()));
        }
    }
    found
}

fn locales() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("locales")
}

fn files(language: &str) -> BTreeSet<String> {
    let folder = locales().join(language);
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_language_has_the_same_keys_with_the_same_values() {
    for language in words::Locale::ALL.iter().map(|it| it.tag()) {
        assert_eq!(files(language), files("en"), "`{language}` has other files than English");
        for file in files("en") {
            let (english, other) =
                (keys(&locales().join("en").join(&file)), keys(&locales().join(language).join(&file)));
            let missing: Vec<_> = english.keys().filter(|key| !other.contains_key(*key)).collect();
            let extra: Vec<_> = other.keys().filter(|key| !english.contains_key(*key)).collect();
            assert!(
                missing.is_empty() && extra.is_empty(),
                "`{language}/{file}` lacks {missing:?} and has beyond English {extra:?}"
            );
            for (key, values) in &english {
                assert_eq!(values, &other[key], "the values of `{key}` in `{language}/{file}`");
            }
        }
    }
}

/// Messages that Rust reads: every file but the window's own.
fn known_to_rust() -> BTreeMap<String, BTreeSet<String>> {
    let mut known = BTreeMap::new();
    for file in files("en").iter().filter(|file| *file != "window.ftl") {
        let read = keys(&locales().join("en").join(file));
        let hints: Vec<_> = read
            .iter()
            .filter_map(|(key, values)| Some((key.strip_suffix(".hint")?.to_owned(), values.clone())))
            .collect();
        for (key, mut values) in read {
            // Message and hint take the same values.
            values.extend(hints.iter().filter(|(of, _)| *of == key).flat_map(|(_, values)| values.clone()));
            assert!(known.insert(key.clone(), values).is_none(), "`{key}` is in two files");
        }
    }
    known
}

/// Sources of every crate but this one, and of the window.
fn sources() -> Vec<(PathBuf, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut folders = vec![crates.to_owned(), crates.parent().unwrap().join("src-tauri/src")];
    let mut read = Vec::new();
    while let Some(path) = folders.pop() {
        if path.is_dir() {
            let hidden = path.file_name().is_some_and(|name| name == "target" || name == "words");
            if !hidden {
                folders.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            read.push((path, text));
        }
    }
    assert!(read.len() > 10, "the sources were found");
    read
}

#[test]
fn every_key_that_rust_names_exists() {
    let known = known_to_rust();
    // `words.get("key", …)`, a figure's `look.say("key", …)`, `said!("key", …)`, `Phrase::new("key")`, however they are
    // broken over lines.
    let named = Regex::new(
        r#"\b(?:words(?:\(\))?\s*\.get|look\s*\.say|said!|Phrase::new|Said::new|Reason::new)\(\s*"([^"]+)""#,
    )
    .unwrap();
    let mut unknown = Vec::new();
    for (path, text) in sources() {
        for it in named.captures_iter(&text).filter(|it| !known.contains_key(&it[1])) {
            unknown.push(format!("`{}` in {}", &it[1], path.display()));
        }
    }
    assert!(unknown.is_empty(), "no text has these keys: {unknown:#?}");
}

#[test]
fn the_terminal_names_every_text_it_has_and_has_every_text_it_names() {
    // Headings, labels, titles and sentences stand in the terminal's sources as whole identifiers, wherever they are used.
    let named = Regex::new(r#""((?:label|title|none|said|value|played)-[a-z0-9-]+)""#).unwrap();
    let written: BTreeSet<String> = keys(&locales().join("en").join("terminal.ftl")).into_keys().collect();
    let mut used = BTreeSet::new();
    for (_, text) in sources().iter().filter(|(path, _)| path.to_string_lossy().contains("cli/src")) {
        used.extend(named.captures_iter(text).map(|it| it[1].to_owned()));
    }
    let (lacking, idle): (Vec<_>, Vec<_>) =
        (used.difference(&written).collect(), written.difference(&used).collect());
    assert!(lacking.is_empty(), "write a text for each, in every language: {lacking:#?}");
    assert!(idle.is_empty(), "nobody says these: {idle:#?}");
}

#[test]
fn every_finding_has_its_text_and_every_text_of_one_is_said() {
    let named = Regex::new(r#""(finding-[a-z-]+)""#).unwrap();
    let written: BTreeSet<String> =
        known_to_rust().into_keys().filter(|key| key.starts_with("finding-") && !key.contains('.')).collect();
    let mut used = BTreeSet::new();
    for (_, text) in sources() {
        used.extend(named.captures_iter(&text).map(|it| it[1].to_owned()));
    }
    assert!(used.len() > 25, "only {used:?}");
    assert_eq!(used, written);
}

#[test]
fn what_is_said_gets_the_values_its_message_names() {
    let known = known_to_rust();
    let said = Regex::new(r#"\bsaid!\(\s*"([^"]+)"((?s:.)*?)\)\s*(?:\)|;|,|\}|\.)"#).unwrap();
    let value = Regex::new(r"(?m)[,(]\s*([a-z_]+) = ").unwrap();
    let (mut wrong, mut read) = (Vec::new(), 0);
    for (path, text) in sources() {
        for it in said.captures_iter(&text) {
            // The macro's own call, up to the parenthesis that closes it.
            let rest = &text[it.get(2).unwrap().start()..];
            let mut depth = 1;
            let end = rest.char_indices().find(|(_, c)| {
                depth += match c {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                depth == 0
            });
            let (Some((end, _)), Some(wanted)) = (end, known.get(&it[1])) else { continue };
            read += 1;
            let given: BTreeSet<String> =
                value.captures_iter(&rest[..end]).map(|value| value[1].to_owned()).collect();
            // What gets its values by `with`, here or further down, is not read by this test.
            if !given.is_empty() && given != *wanted {
                wrong.push(format!(
                    "`{}` in {} gets {given:?}, its text names {wanted:?}",
                    &it[1],
                    path.display()
                ));
            }
        }
    }
    assert!(read > 80, "only {read} were read");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The sentences of `bpmn` by the names of their messages: their English, with each place as `{name}`.
fn sentences() -> BTreeMap<String, String> {
    let comment = Regex::new(r"(?m)^\s*//.*$").unwrap();
    let call = Regex::new(r#"\bsentence!\(\s*"([a-z0-9-]+)",\s*"((?:[^"\\]|\\(?s:.))*)""#).unwrap();
    let broken = Regex::new(r"\\\n\s*").unwrap();
    let mut sentences: BTreeMap<String, String> = BTreeMap::new();
    for (path, text) in sources().iter().filter(|(path, _)| path.to_string_lossy().contains("bpmn/src")) {
        let text = comment.replace_all(text, "");
        let read = call.captures_iter(&text).map(|it| {
            let english = broken.replace_all(&it[2], "").replace("\\\"", "\"").replace("\\\\", "\\");
            (format!("lint-{}", &it[1]), english.replace("{{", "{").replace("}}", "}"))
        });
        let read: Vec<_> = read.collect();
        let all = text.matches("sentence!(").count();
        assert_eq!(read.len(), all, "{}: a sentence is a name and its English, written out", path.display());
        for (id, english) in read {
            let before = sentences.insert(id.clone(), english.clone());
            assert!(
                before.as_ref().is_none_or(|before| *before == english),
                "`{id}` is said as `{english}` and as {before:?}"
            );
        }
    }
    assert!(sentences.len() > 200, "only {} were read", sentences.len());
    sentences
}

#[test]
fn what_checking_a_definition_finds_is_said_word_for_word() {
    let (known, sentences) = (known_to_rust(), sentences());
    let mut wrong = Vec::new();
    for (id, english) in &sentences {
        let Some(names) = known.get(id) else {
            wrong.push(format!("write a message `{id}` in every language: {english}"));
            continue;
        };
        let places: Vec<_> = names.iter().map(|name| (name.as_str(), format!("{{{name}}}").into())).collect();
        let said = words::Words::english().get(id, &places);
        if said != *english {
            wrong.push(format!("`{id}` is `{english}` in bpmn and `{said}` here"));
        }
    }
    let idle = known.keys().filter(|id| id.starts_with("lint-") && !sentences.contains_key(*id));
    wrong.extend(idle.map(|id| format!("nobody says `{id}`")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Words that both languages have, or that Portuguese took over.
const SHARED: [&str; 25] = [
    "api", "aws", "bpmn", "byte", "bytes", "camunda", "cron", "escape", "github", "gitlab", "google", "iso",
    "json", "lambda", "no", "quartz", "script", "slack", "teams", "token", "uri", "use", "utf", "webhook",
    "xml",
];

#[test]
fn what_checking_a_definition_finds_is_no_english_in_portuguese() {
    let known = known_to_rust();
    // Neither places nor what stands in quotation marks: names stay.
    let kept = Regex::new(r"`[^`]*`|'[^']*'|\{[^}]*\}").unwrap();
    let word = Regex::new(r"[\p{Alphabetic}]{2,}").unwrap();
    let words_of = |text: &str| -> BTreeSet<String> {
        let text = kept.replace_all(text, " ").to_lowercase();
        word.find_iter(&text).map(|it| it.as_str().to_owned()).collect()
    };
    let mut wrong = Vec::new();
    for (id, english) in sentences() {
        // What has no message is told by the test above.
        let Some(names) = known.get(&id) else { continue };
        let places: Vec<_> = names.iter().map(|name| (name.as_str(), format!("{{{name}}}").into())).collect();
        let told = words::Words::of(words::Locale::PtBr).get(&id, &places);
        let words = words_of(&told);
        let left: Vec<_> = words_of(&english)
            .into_iter()
            .filter(|it| words.contains(it) && !SHARED.contains(&it.as_str()))
            .collect();
        if !left.is_empty() || told == english {
            wrong.push(format!("`{id}`: {left:?} in {told}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_rule_and_every_noun_has_its_message() {
    let known = known_to_rust();
    let governance = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("governance/src");
    let refusals = fs::read_to_string(governance.join("refusal.rs")).unwrap();
    let rules = Regex::new(r#"Self::[A-Za-z]+ \{ \.\. \} => "([a-z-]+)""#).unwrap();
    let names: Vec<String> = rules.captures_iter(&refusals).map(|it| format!("refusal-{}", &it[1])).collect();
    assert!(names.len() > 30, "{names:?}");
    let nouns = Regex::new(r#"\b(?:noun: |not_found\(\s*|parse\(\s*|number\(\s*)"([a-z -]+)""#).unwrap();
    let mut all: BTreeSet<String> = names.into_iter().collect();
    for (path, text) in sources() {
        let ours = ["governance/src", "app/src"].iter().any(|it| path.to_string_lossy().contains(it));
        if ours {
            all.extend(nouns.captures_iter(&text).map(|it| format!("noun-{}", it[1].replace(' ', "-"))));
        }
    }
    let deeds = fs::read_to_string(governance.join("roles.rs")).unwrap();
    let deed = Regex::new(r#"=> "([a-z-]+)","#).unwrap();
    let deeds = deeds.split("impl Deed").nth(1).unwrap();
    all.extend(deed.captures_iter(deeds).map(|it| format!("deed-{}", &it[1])));
    let missing: Vec<_> = all.iter().filter(|key| !known.contains_key(*key)).collect();
    assert!(missing.is_empty(), "write a message for each, in every language: {missing:#?}");
}
