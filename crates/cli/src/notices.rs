//! The notices room in a terminal.

use app::Failure;
use clap::Subcommand;
use serde_json::json;

use crate::arguments::Page;
use crate::desk::Desk;
use crate::output::Answer;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Notices to whoever acts at this desk, latest first
    List {
        /// Only unread ones
        #[arg(long)]
        unread: bool,
        #[command(flatten)]
        page: Page,
    },
    /// Mark notices as read; all of them if none is named
    Read { notices: Vec<String> },
}

impl Command {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::List { unread, page: wanted } => {
                let list =
                    desk.call("notices.list", json!({ "unread": unread, "page": wanted.request() }))?;
                let columns = [
                    ("label-id", "id"),
                    ("label-at", "at"),
                    ("label-level", "level"),
                    ("label-read", "read"),
                    ("label-title", "title"),
                    ("label-text", "body"),
                ];
                let text = desk.reader().page(&list, &columns, "none-notices");
                Ok(Answer::new(list, text))
            }
            Self::Read { notices } => {
                let done = desk.call("notices.mark_read", json!({ "notices": notices }))?;
                Ok(Answer::new(done, desk.reader().word("said-marked-read")))
            }
        }
    }
}
