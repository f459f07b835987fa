//! Plays the simulation with as many seeds as are wanted, on a bounded number of threads, and prints every promise that was
//! broken:
//!
//! ```text
//! cargo run --release -p ledger --features simulation --example simulate -- SEEDS [THREADS] [FIRST]
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use ledger::simulation::{MUTANT_SEEDS, MUTANTS, play};

/// How often it says how far it is.
const SAY_EVERY: u64 = 10_000;

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (Some(Ok(seeds)), threads, first) = (numbers.next(), numbers.next(), numbers.next()) else {
        eprintln!("say how many seeds, and if you like on how many threads and from which seed on");
        return ExitCode::from(2);
    };
    let (Ok(threads), Ok(first)) = (threads.unwrap_or(Ok(1)), first.unwrap_or(Ok(0))) else {
        eprintln!("threads and the first seed are whole numbers");
        return ExitCode::from(2);
    };
    let begun = Instant::now();
    let (next, broken) = (AtomicU64::new(first), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, 64) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first.saturating_add(seeds) {
                        return;
                    }
                    if let Err(promise) = play(seed, None) {
                        broken.fetch_add(1, Ordering::Relaxed);
                        println!("seed {seed}: {promise}");
                    }
                    if (seed + 1 - first).is_multiple_of(SAY_EVERY) {
                        eprintln!("{} seeds, {:?}", seed + 1 - first, begun.elapsed());
                    }
                }
            });
        }
    });
    // A simulation that catches nothing proves nothing.
    let mut escaped = 0;
    for mutant in MUTANTS {
        match (0..MUTANT_SEEDS).find(|seed| play(*seed, Some(*mutant)).is_err()) {
            Some(seed) => println!("{mutant:?}: caught by seed {seed}"),
            None => {
                escaped += 1;
                println!("{mutant:?}: not caught");
            }
        }
    }
    let broken = broken.into_inner();
    println!(
        "{seeds} seeds from {first}: {broken} violations, {escaped} planted mistakes escaped, {:?}",
        begun.elapsed()
    );
    if broken + escaped == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
