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

#[test]
fn no_key_is_in_two_files_that_rust_reads() {
    let (terminal, notifications) =
        (keys(&locales().join("en/terminal.ftl")), keys(&locales().join("en/notifications.ftl")));
    let both: Vec<_> = terminal.keys().filter(|key| notifications.contains_key(*key)).collect();
    assert!(both.is_empty(), "{both:?}");
}

#[test]
fn every_key_that_rust_names_exists() {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for file in ["terminal.ftl", "notifications.ftl"] {
        known.extend(keys(&locales().join("en").join(file)).into_keys());
    }
    // `words.get("key", …)`, however it is broken over lines.
    let named = Regex::new(r#"\bwords(?:\(\))?\s*\.get\(\s*"([^"]+)""#).unwrap();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut sources = vec![crates.to_owned(), crates.parent().unwrap().join("src-tauri/src")];
    let (mut read, mut unknown) = (0, Vec::new());
    while let Some(path) = sources.pop() {
        if path.is_dir() {
            let hidden = path.file_name().is_some_and(|name| name == "target" || name == "words");
            if !hidden {
                sources.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
        } else if path.extension().is_some_and(|it| it == "rs") {
            read += 1;
            let text = fs::read_to_string(&path).unwrap();
            for it in named.captures_iter(&text).filter(|it| !known.contains(&it[1])) {
                unknown.push(format!("`{}` in {}", &it[1], path.display()));
            }
        }
    }
    assert!(read > 10, "the sources were found");
    assert!(unknown.is_empty(), "no text has these keys: {unknown:#?}");
}
