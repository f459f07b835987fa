//! Every sentence about a definition, in every language: definitions with something wrong in each, the same with bytes
//! changed at random, and those of the cases where they are at hand.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bpmn::lint::{Roster, lint_with};
use bpmn::simulate::{Script, simulate};
use bpmn::{Definition, Diagnostic};
use words::Locale;

use super::*;

mod wrong;

/// Sentences that no document here says: limits too large for a test, what only edits, evaluations and other rooms are
/// refused for, and what the readers around these sentences never come to.
const NOT_SAID_HERE: [&str; 17] = [
    "lint-document-bad-edit",
    "lint-document-lacks",
    "lint-expression-evaluated",
    "lint-expression-no-number",
    "lint-expression-too-much-text",
    "lint-expression-too-much-work",
    "lint-expression-variable",
    "lint-json-path-document",
    "lint-size-bytes",
    "lint-size-changes",
    "lint-size-edits",
    "lint-size-nodes",
    "lint-time-duration-without-p",
    "lint-token-start",
    "lint-token-text",
    "lint-xml-attributes",
    "lint-xml-less-than",
];

fn now() -> jiff::Timestamp {
    "2026-01-01T09:00:00Z".parse().unwrap()
}

/// What is found of a document, by people some of whose groups are known.
fn found(document: &[u8]) -> Vec<Diagnostic> {
    let roster = Roster { groups: [("Nobody".to_owned(), BTreeSet::new())].into(), ..Roster::default() };
    match Definition::parse(document) {
        Ok(definition) => lint_with(&definition, now(), Some(&roster)),
        Err(_) => bpmn::simulate::lint(document, now()).diagnostics,
    }
}

/// Whether what was found is said in every language, and the English as programs are told; adds what was said.
fn check(found: &[Diagnostic], of: &str, said: &mut BTreeSet<String>) {
    let [english, portuguese] = [Locale::En, Locale::PtBr].map(Words::of);
    for one in found {
        name_all(&one.sentence, said);
        assert_eq!(diagnostic_row(english, one).message, one.message, "{of}");
        let told = diagnostic_row(portuguese, one).message;
        assert_ne!(told, one.message, "{of}");
        assert!(!told.contains("lint-") || one.message.contains("lint-"), "{of}: {told}");
        assert!(!told.contains("{$") || one.message.contains("{$"), "{of}: {told}");
        // What the sentence names stands in the other language as it is.
        for (_, part) in one.sentence.values() {
            if let Part::Text(text) = part {
                assert!(told.contains(text.as_str()), "{of}: `{text}` is not in {told}");
            }
        }
    }
}

fn name_all(sentence: &Sentence, said: &mut BTreeSet<String>) {
    said.insert(sentence.id().to_owned());
    for (_, part) in sentence.values() {
        if let Part::Sentence(inner) = part {
            name_all(inner, said);
        }
    }
}

#[test]
fn every_finding_is_said_in_the_words_of_whoever_reads_it() {
    let mut said = BTreeSet::new();
    for document in wrong::documents() {
        check(&found(document.as_bytes()), &document, &mut said);
    }
    check(&found(&[b'<', 0xff]), "no UTF-8", &mut said);
    // Of a second file it is said which one it is.
    let script: Script = serde_json::from_str(r#"{"clock": "2026-01-01T09:00:00Z", "steps": []}"#).unwrap();
    let more = [("other.bpmn".to_owned(), b"<a>".to_vec())];
    check(&simulate(b"<a>", &script, &more).diagnostics, "two files", &mut said);

    // Who is here decides over what is found of people.
    let approval = wrong::process(
        r#"<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/><userTask id="t" name="Sign"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/><endEvent id="e"/>"#,
    );
    let approval = Definition::parse(approval.as_bytes()).unwrap();
    for signers in [BTreeSet::new(), ["vera".to_owned()].into()] {
        let roster = Roster { signers, gates: [("t".to_owned(), 2)].into(), ..Roster::default() };
        check(&lint_with(&approval, now(), Some(&roster)), "too few", &mut said);
    }
    check(&[bpmn::lint::nobody_told("t", "them")], "nobody", &mut said);

    let written: BTreeSet<String> = include_str!("../../../../words/locales/en/lint.ftl")
        .lines()
        .filter_map(|line| Some(line.split_once(" = ")?.0.to_owned()))
        .collect();
    let silent: Vec<_> =
        written.iter().filter(|id| !said.contains(*id) && !NOT_SAID_HERE.contains(&id.as_str())).collect();
    assert!(silent.is_empty(), "write a document for each: {silent:#?}");
    let heard: Vec<_> = NOT_SAID_HERE.iter().filter(|id| said.contains(**id)).collect();
    assert!(heard.is_empty(), "these are said after all: {heard:#?}");
}

/// Bytes changed at random: whatever is still found is said too.
#[test]
fn what_is_found_of_broken_documents_is_said() {
    let mut state = 7u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % bound
    };
    let mut said = BTreeSet::new();
    for document in wrong::documents().iter().filter(|document| (10..4_000).contains(&document.len())) {
        for _ in 0..30 {
            let mut bytes = document.clone().into_bytes();
            for _ in 0..1 + below(3) {
                let at = below(bytes.len());
                match below(3) {
                    0 => bytes[at] = b"<>\"&/ax0${} \n"[below(13)],
                    1 => drop(bytes.remove(at)),
                    _ => bytes.truncate(at.max(document.len() / 2)),
                }
            }
            check(&found(&bytes), &String::from_utf8_lossy(&bytes), &mut said);
        }
    }
    assert!(said.len() > 80, "{said:?}");
}

#[test]
fn what_is_found_of_the_cases_is_said() {
    let mut said = BTreeSet::new();
    let mut waiting: Vec<PathBuf> =
        vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/bpmn")];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|kind| kind == "bpmn" || kind == "xml") {
            check(&found(&std::fs::read(&path).unwrap()), &path.display().to_string(), &mut said);
        } else if !path.exists() {
            println!("skipped: {} is not at hand", path.display());
        }
    }
}

/// The window and the terminal show the reader's language; programs are answered in English, byte for byte.
#[test]
fn programs_are_told_in_english_and_people_in_their_language() {
    let document = wrong::process(
        r#"<startEvent id="s"/><task id="t" name="Look"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>"#,
    );
    let found = found(document.as_bytes());
    let [dead_end] = found.iter().filter(|one| one.code == "dead-end").collect::<Vec<_>>()[..] else {
        panic!("{found:#?}")
    };
    assert_eq!(
        serde_json::to_string(dead_end).unwrap(),
        r#"{"severity":"warning","code":"dead-end","element":"t","message":"nothing follows `Look`, its path ends there; add an end event to say so"}"#
    );
    assert_eq!(
        diagnostic_row(Words::of(Locale::PtBr), dead_end).message,
        "nada vem depois de `Look`, e seu caminho acaba ali; acrescente um evento de fim para dizer isso"
    );
}

/// A refusal repeats what was found in the language of the refusal.
#[test]
fn what_keeps_a_definition_from_starting_is_said_in_the_same_language() {
    let found = found(wrong::process(r#"<callActivity id="c"/>"#).as_bytes());
    let why = found.iter().map(|one| governance::Phrase::found(&one.sentence)).collect();
    let refusal = governance::Refusal::NotStartable { definition: "Renewal".to_owned(), why };
    let told = crate::Failure::from(&refusal).in_words(Words::of(Locale::PtBr)).message;
    assert!(told.contains("a atividade de chamada não indica um processo; indique um"), "{told}");
    assert!(!told.contains("names no process"), "{told}");
}
