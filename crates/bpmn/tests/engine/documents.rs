//! Definitions as documents: what is read from an edited one, and what a shared case file must survive.

use crate::*;
use bpmn::Definition;
use bpmn::document::{Edit, Place};

#[test]
fn an_edited_definition_is_read_anew() {
    let text = definition(
        r#"<startEvent id="start"/><userTask id="a" name="A"/><endEvent id="end"/>
           start -> a -> end"#,
    );
    let before = Definition::parse(text.as_str()).unwrap();
    let edits = [
        Edit::SetAttribute {
            at: Place::id("a"),
            namespace: None,
            name: "name".into(),
            value: Some("B".into()),
        },
        Edit::Insert { into: Place::id("p"), before: Some("a".into()), xml: "<task id=\"n\"/>".into() },
        Edit::SetAttribute {
            at: Place::id("start_a"),
            namespace: None,
            name: "targetRef".into(),
            value: Some("n".into()),
        },
        Edit::Insert {
            into: Place::id("p"),
            before: None,
            xml: "<sequenceFlow id=\"n_a\" sourceRef=\"n\" targetRef=\"a\"/>".into(),
        },
    ];
    let after = Definition::read(before.document.edit(&edits).unwrap());
    assert!(!after.has_errors(), "{:?}", after.diagnostics);
    check(after.document.text(), &[(start(), "task B")]);
    let undo = [
        Edit::Remove { at: Place::id("n_a") },
        Edit::SetAttribute {
            at: Place::id("start_a"),
            namespace: None,
            name: "targetRef".into(),
            value: Some("a".into()),
        },
        Edit::Remove { at: Place::id("n") },
        Edit::SetAttribute {
            at: Place::id("a"),
            namespace: None,
            name: "name".into(),
            value: Some("A".into()),
        },
    ];
    let undone = after.document.edit(&undo).unwrap();
    assert_eq!(
        undone.text().replace('\n', ""),
        text.replace('\n', ""),
        "undoing leaves at most a line break"
    );
}

#[test]
fn mutilated_definitions_never_panic() {
    let text = definition(
        r#"<startEvent id="start"/><userTask id="a" name="A ${x}" flowable:assignee="${y}"/><subProcess id="s"><startEvent id="i"/></subProcess>
           <boundaryEvent id="b" attachedToRef="a"><timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition></boundaryEvent>
           start -> a -> s
           b -> s"#,
    );
    let script: Script =
        serde_json::from_value(json!({"steps": [{"start": {}}, {"advance": "P1D"}]})).unwrap();
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    let pieces =
        ["<", ">", "/>", "\"", "${", "}", "id=\"a\"", "&amp;", "<task id=\"q\"/>", "<!--", "]]>", "é", "\0"];
    for _ in 0..1_500 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..=random(4) {
            let (at, piece) = (random(bytes.len()), pieces[random(pieces.len())].as_bytes());
            match random(4) {
                0 => drop(bytes.splice(at..at, piece.iter().copied())),
                1 => drop(bytes.drain(at..(at + random(40)).min(bytes.len()))),
                2 => bytes[at] = u8::try_from(random(256)).unwrap(),
                _ => {
                    let (from, length) = (random(bytes.len()), random(60));
                    let copied = bytes[from..(from + length).min(bytes.len())].to_vec();
                    drop(bytes.splice(at..at, copied));
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        let _ = simulate(&bytes, &script, &[]);
    }
}

#[test]
fn a_drawing_that_is_not_to_be_run_is_rehearsed_and_says_so() {
    // Modelling tools write `isExecutable="false"` whatever is drawn.
    let text = definition("<startEvent id=\"start\"/><userTask id=\"a\" name=\"A\"/>\nstart -> a")
        .replace("isExecutable=\"true\"", "isExecutable=\"false\"");
    let found = bpmn::simulate::lint(text.as_bytes(), jiff::Timestamp::UNIX_EPOCH);
    let codes: Vec<_> = found.diagnostics.iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["not-executable"]);
    check(&text, &[(start(), "task A"), (complete("A"), "completed")]);
}
