//! Input that is large or deep on purpose: answered for in bounded time and memory. The one test of its program, as the
//! memory that is counted is the whole program's.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test fails by panicking"
)]

#[path = "../engine/text.rs"]
#[allow(dead_code, unreachable_pub, reason = "the engine's tests use the rest of it")]
mod text;

use peak_alloc::PeakAlloc;
use std::time::{Duration, Instant};
use text::{definition, tried};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A definition of fifty megabytes is answered for by then, on a slow machine and without optimisation.
const LATER: Duration = Duration::from_secs(120);
/// What any definition may take, in bytes: what is made once by the program is counted with the first.
const BYTES_MAX: usize = 4 << 20;
/// And for each of its own bytes. Measured: 46 where there is nothing but short user tasks, 19 where there are elements of
/// four bytes, 2 for a comment.
const FACTOR_MAX: usize = 60;

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
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        assert_eq!(tried(text.as_bytes(), LATER), reads, "{what}");
        let took = MEMORY.peak_usage().saturating_sub(before);
        println!("{what}: {:?}, {took} bytes for {}", begun.elapsed(), text.len());
        assert!(took <= BYTES_MAX + FACTOR_MAX * text.len(), "{what}: {took} bytes for {}", text.len());
    }
}
