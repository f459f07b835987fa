//! What the window was started with.

use std::ffi::OsString;
use std::path::PathBuf;

const HELP: &str = "\
The window of Countersign, the model governance desk.

Usage: countersign-window [OPTIONS] [LINK]

Arguments:
  [LINK]             A link to open, for example countersign://runs/01J8Z3

Options:
  --demonstration    Open the demonstration workspace, made if it is not there
  --workspace <URL>  A folder, file:///… or gs://bucket/prefix [env: COUNTERSIGN_WORKSPACE]
  --as <MEMBER>      Who acts; the key must lie on this desk [env: COUNTERSIGN_MEMBER]
  --home <DIR>       Folder of this desk: cache, desk file, keys [env: COUNTERSIGN_HOME]
  --version          Print the version
  --help             Print this";

/// How the window is to be opened.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Where the workspace lies; the pages offer those opened before if absent.
    pub(crate) workspace: Option<String>,
    /// Who acts.
    pub(crate) member: Option<String>,
    /// Folder of this desk.
    pub(crate) home: Option<PathBuf>,
    /// Whether to open the demonstration workspace, and to make it first if need be.
    pub(crate) demonstration: bool,
    /// A `countersign://` link to begin at.
    pub(crate) link: Option<String>,
}

/// What the arguments ask for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The window.
    Open(Arguments),
    /// An answer on the terminal.
    Say(String),
    /// Nothing that can be done.
    Refuse(String),
}

/// Reads the arguments, and the environment where they are silent. Five options do not earn a parser of their own in the
/// window, whose start is timed.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Wish {
    let mut read = Arguments {
        workspace: environment("COUNTERSIGN_WORKSPACE"),
        member: environment("COUNTERSIGN_MEMBER"),
        home: environment("COUNTERSIGN_HOME").map(PathBuf::from),
        ..Arguments::default()
    };
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        let text = argument.to_string_lossy().into_owned();
        let (name, inline) = match text.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(OsString::from(value))),
            _ => (text.clone(), None),
        };
        let mut value = || {
            inline
                .clone()
                .or_else(|| rest.next())
                .ok_or_else(|| format!("`{name}` wants a value. See `--help`."))
        };
        let taken = match name.as_str() {
            "--help" | "-h" => return Wish::Say(HELP.to_owned()),
            "--version" | "-V" => {
                return Wish::Say(format!("countersign-window {}", env!("CARGO_PKG_VERSION")));
            }
            "--demonstration" => {
                read.demonstration = true;
                Ok(())
            }
            "--workspace" => value().map(|it| read.workspace = Some(it.to_string_lossy().into_owned())),
            "--as" => value().map(|it| read.member = Some(it.to_string_lossy().into_owned())),
            "--home" => value().map(|it| read.home = Some(PathBuf::from(it))),
            link if link.starts_with("countersign:") => {
                read.link = Some(link.to_owned());
                Ok(())
            }
            other => Err(format!("`{other}` is not an option of `countersign-window`. See `--help`.")),
        };
        if let Err(refusal) = taken {
            return Wish::Refuse(refusal);
        }
    }
    Wish::Open(read)
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Wish {
        parse(words.iter().map(OsString::from))
    }

    #[test]
    fn options_are_read_in_both_writings() {
        for words in [
            &["--workspace", "/srv/w", "--as=ana", "--demonstration", "countersign://runs/1"][..],
            &["countersign://runs/1", "--demonstration", "--workspace=/srv/w", "--as", "ana"],
        ] {
            let Wish::Open(read) = parsed(words) else { panic!("{words:?} must open the window") };
            assert_eq!(read.workspace.as_deref(), Some("/srv/w"));
            assert_eq!(read.member.as_deref(), Some("ana"));
            assert_eq!(read.link.as_deref(), Some("countersign://runs/1"));
            assert!(read.demonstration);
        }
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (words, named) in
            [(&["--wokspace", "x"][..], "--wokspace"), (&["--as"], "--as"), (&["x.zip"], "x.zip")]
        {
            let Wish::Refuse(message) = parsed(words) else { panic!("{words:?} must be refused") };
            assert!(message.contains(named), "{message}");
        }
    }
}
