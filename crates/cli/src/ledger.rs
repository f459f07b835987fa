//! The ledger room in a terminal.

use app::Failure;
use clap::Subcommand;
use serde_json::json;
use words::said;

use crate::arguments::Page;
use crate::desk::Desk;
use crate::output::{Answer, cell, plain};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Entries, latest first, a line a fact
    List {
        /// Only entries that speak of this thing
        #[arg(long, value_name = "ID")]
        subject: Option<String>,
        /// Only entries of this member
        #[arg(long)]
        member: Option<String>,
        #[command(flatten)]
        page: Page,
    },
    /// One entry with everything it says
    Show { position: u64 },
}

impl Command {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::List { subject, member, page } => {
                let mut request = json!({ "page": page.request() });
                for (field, value) in [("subject", subject), ("member", member)] {
                    if let Some(value) = value {
                        request[field] = value.into();
                    }
                }
                let list = desk.call("ledger.list", request)?;
                let mut lines = Vec::new();
                for entry in list["rows"].as_array().into_iter().flatten() {
                    lines.push(format!(
                        "#{}  {}  {}",
                        entry["position"],
                        cell(&entry["at"]),
                        cell(&entry["member"])
                    ));
                    for fact in entry["facts"].as_array().into_iter().flatten() {
                        lines.push(format!("    {}", plain(fact["text"].as_str().unwrap_or_default())));
                    }
                    if let Some(reason) = entry["void"].as_str() {
                        lines.push(format!(
                            "    {}",
                            desk.reader().say(&said!("said-void", reason = plain(reason)))
                        ));
                    }
                }
                if let Some(next) = list["next"].as_str() {
                    lines.push(desk.reader().say(&said!("said-more", next = next)));
                }
                Ok(Answer::new(list, lines.join("\n")))
            }
            Self::Show { position } => {
                let entry = desk.call("ledger.show", json!({ "position": position }))?;
                let mut text = desk.reader().facts(
                    &entry,
                    &[
                        ("label-position", "position"),
                        ("label-at", "at"),
                        ("label-by", "member"),
                        ("label-key", "key"),
                        ("label-chain", "chain"),
                        ("label-void", "void"),
                    ],
                );
                for fact in entry["facts"].as_array().into_iter().flatten() {
                    let body = serde_json::to_string_pretty(&fact["body"]).unwrap_or_default();
                    text.push_str(
                        &desk
                            .reader()
                            .section(&format!("{} {}", cell(&fact["kind"]), cell(&fact["id"])), &body),
                    );
                }
                Ok(Answer::new(entry, text))
            }
        }
    }
}
