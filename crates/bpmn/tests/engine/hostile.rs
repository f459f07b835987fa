//! Input that means harm, or was damaged on its way: an answer or an error, soon, and never a panic.

use crate::cases::definitions;
use crate::walks::Random;
use crate::*;
use std::time::{Duration, Instant};

/// A definition of ordinary size is answered for by then, on a slow machine and without optimisation.
const SOON: Duration = Duration::from_secs(20);
/// And one of fifty megabytes by then.
const LATER: Duration = Duration::from_secs(120);
/// Damaged definitions in all.
const DAMAGED: usize = 2_000;
/// Definitions that are larger are damaged elsewhere: the point here is many of them.
const SIZE_MAX: usize = 200_000;

/// Lints, writes back and plays a text; whether it could be read.
fn tried(text: &[u8], patience: Duration) -> bool {
    let begun = Instant::now();
    let lint = bpmn::simulate::lint(text, jiff::Timestamp::UNIX_EPOCH);
    if let Ok(written) = bpmn::simulate::rewrite(text) {
        assert_eq!(written, text, "what came in goes out");
    }
    let steps = json!([{"start": {}}, {"complete": "*all"}, {"fire": "next"}, {"complete": "*any"}, {"advance": "PT1H"}]);
    let script: Script = serde_json::from_value(json!({ "steps": steps })).unwrap();
    let answer = simulate(text, &script, &[]);
    assert_eq!(answer.states.is_empty() && answer.failure.is_none(), lint.has_errors());
    let took = begun.elapsed();
    assert!(took < patience, "{took:?} for {} bytes", text.len());
    !lint.has_errors()
}

#[test]
fn bombs_depths_and_fifty_megabytes() {
    let nested = |tag: &str, n: usize| {
        let open: String = (0..n).map(|at| format!("<{tag} id=\"n{at}\">")).collect();
        definition(&format!("<startEvent id=\"s\"/>{open}{}", format!("</{tag}>").repeat(n)))
    };
    let many = |n: usize| {
        (0..n).map(|at| format!("<userTask id=\"u{at}\" name=\"Task {at}\"/>")).collect::<String>()
    };
    let bomb = r#"<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>"#;
    let outside = r#"<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>"#;
    let plain = definition("<startEvent id=\"s\" name=\"&c;\"/>");
    let mut padded = definition("<startEvent id=\"s\"/><userTask id=\"a\" name=\"A\"/>\ns -> a");
    let at = padded.find("<process").unwrap();
    padded.insert_str(at, &format!("<!-- {} -->", "x".repeat(50 << 20)));
    // Each of these is a node, and there are more than a document may have.
    let nodes = definition(&format!("<startEvent id=\"s\"/>{}", "<a/>".repeat((50 << 20) / 4)));
    let tasks = definition(&format!("<startEvent id=\"s\"/>{}", many((5 << 20) / 38)));
    let condition =
        |text: &str| definition(&format!("<startEvent id=\"s\"/><userTask id=\"a\"/>\ns -[{text}]-> a"));
    let rows = [
        ("an entity bomb", format!("{bomb}{plain}"), false),
        ("an entity from outside", format!("{outside}{plain}"), false),
        ("an entity nobody declared", plain.clone(), false),
        ("10,000 levels", nested("subProcess", 10_000), false),
        ("200 levels", nested("subProcess", 200), true),
        ("10,000 levels of nothing", nested("x", 10_000), false),
        ("fifty megabytes of comment", padded, true),
        ("fifty megabytes of elements", nodes, false),
        ("five megabytes of tasks", tasks, true),
        ("10,000 brackets", condition(&format!("${{{}x{}}}", "(".repeat(10_000), ")".repeat(10_000))), false),
        ("10,000 negations", condition(&format!("${{{}x}}", "!".repeat(10_000))), false),
        (
            "an attribute of a megabyte",
            definition(&format!(
                "<startEvent id=\"s\" name=\"{}\"/><endEvent id=\"e\"/>\ns -> e",
                "n".repeat(1 << 20)
            )),
            true,
        ),
    ];
    for (what, text, reads) in rows {
        let begun = Instant::now();
        assert_eq!(tried(text.as_bytes(), LATER), reads, "{what}");
        println!("{what}: {:?}", begun.elapsed());
    }
}

/// Damages a text at a few places: bytes, pieces moved or doubled, values exchanged, and words that mean something.
fn damage(text: &[u8], random: &mut Random) -> Vec<u8> {
    const WORDS: [&str; 16] = [
        "${x}",
        "${",
        "]]>",
        "<!--",
        "&amp;",
        "&x;",
        "<process id=\"q\">",
        "</subProcess>",
        "PT0S",
        "R/PT0.001S",
        "0 0/1 * * * ?",
        "-P1D",
        "\u{0}",
        "\u{202e}",
        "isExecutable=\"false\"",
        "99999999999999999999",
    ];
    let mut text = text.to_vec();
    for _ in 0..=random.below(3) {
        if text.is_empty() {
            break;
        }
        let at = random.below(text.len());
        let piece = at..(at + 1 + random.below(60)).min(text.len());
        match random.below(9) {
            0 => text[at] = random.below(256) as u8,
            1 => drop(text.drain(piece)),
            2 => {
                let doubled = text[piece].to_vec();
                let to = random.below(text.len());
                text.splice(to..to, doubled);
            }
            3 => drop(text.splice(at..at, WORDS[random.below(WORDS.len())].bytes())),
            4..=7 => {
                let quotes: Vec<usize> = (0..text.len()).filter(|at| text[*at] == b'"').collect();
                if let [.., _, _] = quotes.as_slice() {
                    let from = random.below(quotes.len() - 1);
                    let to = random.below(quotes.len() - 1);
                    let value = text[quotes[from] + 1..quotes[from + 1]].to_vec();
                    text.splice(quotes[to] + 1..quotes[to + 1], value);
                }
            }
            _ => text.truncate(at.max(1)),
        }
    }
    text
}

#[test]
fn damaged_definitions_are_answered_for_soon() {
    let whole: Vec<_> = definitions().into_iter().filter(|(_, text)| text.len() <= SIZE_MAX).collect();
    let (mut read, mut slowest) = (0, (Duration::ZERO, String::new()));
    for seed in 0..DAMAGED {
        let mut random = Random((seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let (name, text) = &whole[seed % whole.len()];
        let begun = Instant::now();
        read += usize::from(tried(&damage(text, &mut random), SOON));
        if begun.elapsed() > slowest.0 {
            slowest = (begun.elapsed(), format!("{name} {seed}"));
        }
    }
    println!("{read} of {DAMAGED} could be read; the slowest was {slowest:?}");
    assert!(read < DAMAGED, "nothing was damaged");
}
