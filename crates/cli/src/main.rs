//! The terminal shell: the same commands as the window.

mod arguments;
mod call;
mod completions;
mod demonstration;
mod desk;
mod ledger;
mod monitoring;
mod notices;
mod output;
mod people;
mod registry;
mod runs;
mod sandbox;
mod search;
mod serve;
mod settings;
mod workflow;
mod workspace;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use arguments::Cli;
use desk::Desk;
use output::{Output, Reader};
use words::Words;

/// Definitions, entries and reports are many small pieces, which this allocator gives out and takes back sooner than the
/// system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Looked for before parsing, because what cannot be parsed is answered in the form asked for, too.
    let json = std::env::args_os().take_while(|word| word != "--").any(|word| word == "--json");
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            drop(error.print());
            return ExitCode::SUCCESS;
        }
        Err(error) if json => {
            return Output { json }.failure(arguments::failure(&error), Reader::of(Words::english()));
        }
        Err(error) => {
            drop(error.print());
            return ExitCode::from(2);
        }
    };
    let output = Output { json };
    let mut desk = Desk::new(cli.desk, output);
    match cli.command.run(&mut desk) {
        Ok(answer) => output.answer(&answer),
        Err(failure) => output.failure(failure, desk.reader()),
    }
}
