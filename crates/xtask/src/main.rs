//! Repository chores: `cargo run -p xtask -- bindings|tidy|bench`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore speaks to the terminal it was started from"
)]

mod bench;
mod bindings;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo run -p xtask -- CHORE

  bindings [--check]           Write the TypeScript types of every command to ui/src/api/bindings; with --check, only say
                               whether they are up to date
  tidy                         Check the habits that no compiler knows (house rules, with the remedy in each message)
  bench [spine|start|window|workflow|durable|monitoring|runs]
                               Measure, beside peers on the same machine in the same run; all of them without a name";

/// The allocator of the programs: what is measured here is measured as they do it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let top = top();
    let done = match words.as_slice() {
        ["bindings"] => bindings::write(&top),
        ["bindings", "--check"] => bindings::check(&top),
        ["tidy"] => tidy::check(&top),
        ["bench", rest @ ..] => bench::run(&top, rest),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the whole project.
fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new(".")).to_owned()
}
