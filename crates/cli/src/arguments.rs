//! What may be said on the command line. Each room declares its own commands; this file puts them together.

use std::path::PathBuf;

use app::{Code, Failure};
use clap::{Args, Parser, Subcommand};
use words::said;

use crate::desk::Desk;
use crate::output::Answer;
use crate::{
    call, completions, demonstration, ledger, monitoring, notices, people, registry, runs, sandbox, search,
    serve, settings, workflow, workspace,
};

/// The model governance desk, in a terminal
#[derive(Debug, Parser)]
#[command(name = "countersign", version, max_term_width = 110, disable_help_subcommand = true)]
#[command(
    after_help = "Exit codes: 0 done; 1 refused or failed, the message says what to do next; 2 wrong usage; \
                        3 verification failed; 4 offline."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) desk: Options,
    #[command(subcommand)]
    pub(crate) command: Room,
}

/// Which desk, which workspace, who acts.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Options {
    /// Answer with one JSON document (JSON lines for streams) on standard output, and nothing else there
    #[arg(long, global = true)]
    json: bool,
    /// Where the workspace lies: a folder, file:///path or gs://bucket/prefix
    #[arg(long, global = true, value_name = "URL", env = "COUNTERSIGN_WORKSPACE", hide_env_values = true)]
    pub(crate) workspace: Option<String>,
    /// Who acts; the key must lie on this desk
    #[arg(
        long = "as",
        global = true,
        value_name = "MEMBER",
        env = "COUNTERSIGN_MEMBER",
        hide_env_values = true
    )]
    pub(crate) member: Option<String>,
    /// Folder of this desk: cache, desk file, and keys where there is no keychain
    #[arg(long, global = true, value_name = "DIR", env = "COUNTERSIGN_HOME", hide_env_values = true)]
    pub(crate) home: Option<PathBuf>,
}

/// The rooms, as the terminal calls them.
#[derive(Debug, Subcommand)]
pub(crate) enum Room {
    /// Found a workspace, look at it, verify its whole history
    #[command(subcommand)]
    Workspace(workspace::Command),
    /// People of the workspace, and what they may do
    #[command(subcommand)]
    Member(people::Command),
    /// Projects: the business problems that models compete for
    #[command(subcommand)]
    Project(registry::ProjectCommand),
    /// Models: import packages, read, compare, place them
    #[command(subcommand)]
    Model(registry::ModelCommand),
    /// Process definitions and their instances
    #[command(subcommand)]
    Workflow(workflow::Command),
    /// Tasks that wait for a person
    #[command(subcommand)]
    Task(workflow::tasks::Command),
    /// Where calls of processes may go
    #[command(subcommand)]
    Connection(workflow::connections::Command),
    /// Places where runs can go
    #[command(subcommand)]
    Target(runs::TargetCommand),
    /// Training, scoring and migration runs
    #[command(subcommand)]
    Run(runs::RunCommand),
    /// Buckets: what lies in them, and files that are put there
    #[command(subcommand)]
    Bucket(runs::BucketCommand),
    /// Shapes of clusters: map them from on premise, keep them, show them
    #[command(subcommand)]
    Template(runs::TemplateCommand),
    /// Runs that are asked for again and again
    #[command(subcommand)]
    Schedule(runs::ScheduleCommand),
    /// Migrate an approved version to a bucket
    Migrate(runs::Migrate),
    /// A Google Cloud on this machine, for rehearsal
    Sandbox(sandbox::Sandbox),
    /// Performance, drift and decay
    #[command(subcommand)]
    Monitor(monitoring::Command),
    /// Notices to whoever sits at this desk
    #[command(subcommand)]
    Notice(notices::Command),
    /// Find everything that is called like that
    Search(search::Search),
    /// Settings of this desk: mail, and what the window shows
    #[command(subcommand)]
    Settings(settings::Command),
    /// Entries of the ledger
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Do what is due: fire timers, run service tasks, deliver notices
    Agent(demonstration::Agent),
    /// Play the whole story in a fresh workspace, checking every outcome
    Demo(demonstration::Demo),
    /// Serve the window's pages and commands to a browser on this machine
    Serve(serve::Serve),
    /// Run any command of the list with a JSON request
    Call(call::Call),
    /// Print completions for a shell
    Completions(completions::Completions),
    /// Write man pages into a folder
    Man(completions::Man),
}

impl Room {
    /// Does it.
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Workspace(command) => command.run(desk),
            Self::Member(command) => command.run(desk),
            Self::Project(command) => command.run(desk),
            Self::Model(command) => command.run(desk),
            Self::Workflow(command) => command.run(desk),
            Self::Task(command) => command.run(desk),
            Self::Connection(command) => command.run(desk),
            Self::Target(command) => command.run(desk),
            Self::Run(command) => command.run(desk),
            Self::Bucket(command) => command.run(desk),
            Self::Template(command) => command.run(desk),
            Self::Schedule(command) => command.run(desk),
            Self::Migrate(command) => command.run(desk),
            Self::Monitor(command) => command.run(desk),
            Self::Sandbox(command) => command.run(desk),
            Self::Notice(command) => command.run(desk),
            Self::Settings(command) => command.run(desk),
            Self::Ledger(command) => command.run(desk),
            Self::Search(command) => command.run(desk),
            Self::Agent(command) => command.run(desk),
            Self::Demo(command) => command.run(desk),
            Self::Serve(command) => command.run(desk),
            Self::Call(command) => command.run(desk),
            Self::Completions(command) => command.run(),
            Self::Man(command) => command.run(desk),
        }
    }
}

/// The page of a long list that is wanted.
#[derive(Args, Debug)]
pub(crate) struct Page {
    /// Only rows whose name contains this text
    #[arg(long)]
    search: Option<String>,
    /// Column to sort by; `-` in front turns the order round
    #[arg(long, allow_hyphen_values = true)]
    sort: Option<String>,
    /// Rows wanted, 1 to 500
    #[arg(long, value_name = "ROWS")]
    limit: Option<u32>,
    /// Where to go on: `next` of the page before
    #[arg(long, value_name = "KEY")]
    after: Option<String>,
}

impl Page {
    /// As requests carry it.
    pub(crate) fn request(self) -> serde_json::Value {
        let mut page = serde_json::Map::new();
        for (name, value) in [
            ("search", self.search.map(Into::into)),
            ("sort", self.sort.map(Into::into)),
            ("limit", self.limit.map(Into::into)),
            ("after", self.after.map(Into::into)),
        ] {
            page.extend(value.map(|value| (name.to_owned(), value)));
        }
        page.into()
    }
}

/// What clap says, as every other failure is said.
pub(crate) fn failure(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let message =
        lines.next().unwrap_or("the command line cannot be read").trim_start_matches("error: ").to_owned();
    let rest: Vec<&str> = lines.filter(|line| !line.starts_with("For more information")).collect();
    Failure::new(
        Code::Usage,
        message,
        if rest.is_empty() { "See `--help`.".to_owned() } else { rest.join(" ") },
    )
}

/// `NAME=VALUE` pairs: a value that is JSON keeps its type, any other is a text.
pub(crate) fn assignments(pairs: &[String], whole: Option<&str>) -> Result<serde_json::Value, Failure> {
    let mut read = match whole {
        None => serde_json::Map::new(),
        Some(text) => serde_json::from_str(text).map_err(|error| {
            Failure::said(Code::Usage, said!("answers-no-json", error = error.to_string()))
        })?,
    };
    for pair in pairs {
        let (name, value) = pair
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| Failure::said(Code::Usage, said!("no-assignment", pair = pair.to_string())))?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
        read.insert(name.to_owned(), value);
    }
    Ok(read.into())
}

/// A path as the commands want it: whole, so that it means the same wherever they run.
pub(crate) fn absolute(path: &std::path::Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use serde_json::json;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_assignment_keeps_the_type_it_is_written_in() {
        for (pair, wanted) in [
            ("Approved=true", json!({ "Approved": true })),
            ("Bucket=churn-prod", json!({ "Bucket": "churn-prod" })),
            ("Bucket=\"7\"", json!({ "Bucket": "7" })),
            ("N=3", json!({ "N": 3 })),
            ("Note=a=b", json!({ "Note": "a=b" })),
            ("Empty=", json!({ "Empty": "" })),
        ] {
            assert_eq!(assignments(&[pair.to_owned()], None).unwrap(), wanted, "{pair}");
        }
        for bad in ["Approved", "=x"] {
            assert_eq!(assignments(&[bad.to_owned()], None).unwrap_err().code, Code::Usage, "{bad}");
        }
        assert_eq!(assignments(&[], Some("[1]")).unwrap_err().code, Code::Usage);
    }
}
