//! Input that means harm, or was damaged on its way: an answer or an error, soon, and never a panic.

use crate::cases::definitions;
use crate::text::tried;
use crate::walks::Random;
use std::time::{Duration, Instant};

/// A definition of ordinary size is answered for by then, on a slow machine and without optimisation.
const SOON: Duration = Duration::from_secs(20);
/// Damaged definitions in all.
const DAMAGED: usize = 2_000;
/// Definitions that are larger are damaged elsewhere: the point here is many of them.
const SIZE_MAX: usize = 200_000;

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
