//! Completions and man pages, made from the same declarations that parse the command line.

use std::path::{Path, PathBuf};

use app::{Code, Failure};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use serde_json::json;
use words::said;

use crate::arguments::{Cli, absolute};
use crate::desk::Desk;
use crate::output::Answer;

#[derive(Args, Debug)]
pub(crate) struct Completions {
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Result<Answer, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "countersign", &mut script);
        let text = String::from_utf8_lossy(&script).into_owned();
        Ok(Answer::new(json!({ "shell": self.shell.to_string(), "script": text }), text))
    }
}

#[derive(Args, Debug)]
pub(crate) struct Man {
    /// Folder for the pages; made if it is not there
    folder: PathBuf,
}

impl Man {
    pub(crate) fn run(self, desk: &Desk) -> Result<Answer, Failure> {
        let written = pages(&self.folder).map_err(|error| {
            Failure::said(Code::Denied, said!("man-unwritable", path = self.folder.display().to_string()))
                .because(&error)
        })?;
        let text = desk.reader().say(&said!(
            "said-man-pages",
            count = written.len(),
            folder = self.folder.display().to_string()
        ));
        Ok(Answer::new(json!({ "folder": absolute(&self.folder), "pages": written }), text))
    }
}

/// One page a command, named as git names its own: `countersign-model-import.1`.
fn pages(folder: &Path) -> std::io::Result<Vec<String>> {
    std::fs::create_dir_all(folder)?;
    let mut written = Vec::new();
    let mut waiting = vec![Cli::command().display_name("countersign")];
    while let Some(command) = waiting.pop() {
        let name = command.get_display_name().unwrap_or("countersign").to_owned();
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            let full = format!("{name}-{}", below.get_name());
            waiting.push(below.clone().display_name(full));
        }
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        std::fs::write(folder.join(format!("{name}.1")), page)?;
        written.push(format!("{name}.1"));
    }
    written.sort_unstable();
    Ok(written)
}
