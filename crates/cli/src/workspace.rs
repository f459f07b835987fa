//! The workspace room in a terminal.

use app::Failure;
use clap::Subcommand;
use serde_json::{Value, json};
use words::said;

use crate::arguments::absolute;
use crate::desk::Desk;
use crate::output::{Answer, Reader, at, cell};

/// Exit status of a verification that found something.
const VERIFICATION_FAILED: u8 = 3;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Found a workspace, with a first member who holds every role and a fresh key on this desk
    Init {
        /// A folder, file:///path, or the address of a bucket
        url: String,
        /// What people will call it
        #[arg(long)]
        name: String,
        /// Name of the founding member: lower case letters, digits, `.`, `-`, `_`
        #[arg(long)]
        member: String,
        /// How that person is called on screens
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
        /// How many persons must approve: `2` for every gate, `GATE=3` for one, by its element or the name of its task
        #[arg(long, value_name = "[GATE=]PERSONS", value_parser = quorum)]
        quorum: Vec<(String, u32)>,
    },
    /// The workspace at this desk: where it lies, how far it is, who acts
    Status,
    /// What to send to somebody who is to open this workspace at another desk
    Invite,
    /// Write a self-contained copy: every entry, every blob, and the report of the verification done on the way
    Export {
        /// A folder that is empty or does not exist
        folder: std::path::PathBuf,
    },
    /// Read every entry and every blob anew and prove the whole history; exit 3 if anything is wrong
    Verify,
}

impl Command {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Init { url, name, member, display_name, quorum } => {
                desk.forget_workspace();
                let quorum: serde_json::Map<String, Value> =
                    quorum.into_iter().map(|(gate, persons)| (gate, persons.into())).collect();
                let mut request = json!({ "url": url, "name": name, "member": member, "quorum": quorum });
                if let Some(display_name) = display_name {
                    request["display_name"] = display_name.into();
                }
                let status = desk.call("workspace.create", request)?;
                let mut text = described(desk.reader(), &status);
                if at(&status, "workspace/alone") == &Value::Bool(true) {
                    let alone = desk.reader().say(&said!("said-alone", member = member));
                    text.push_str(&format!("\n\n{alone}"));
                }
                Ok(Answer::new(status, text))
            }
            Self::Status => {
                let status = desk.call("workspace.status", json!({}))?;
                let text = described(desk.reader(), &status);
                Ok(Answer::new(status, text))
            }
            Self::Invite => {
                let invitation = desk.call("workspace.invite", json!({}))?;
                let text =
                    format!("{}\n\n{}", cell(&invitation["link"]), desk.reader().word("said-invitation"));
                Ok(Answer::new(invitation, text))
            }
            Self::Export { folder } => {
                let exported = desk.call("workspace.export", json!({ "folder": absolute(&folder) }))?;
                let mut text = desk.reader().facts(
                    &exported,
                    &[
                        ("label-folder", "folder"),
                        ("label-entries", "report/entries"),
                        ("label-blobs", "report/blobs"),
                        ("label-bytes", "bytes"),
                        ("label-chain", "report/chain"),
                    ],
                );
                text.push_str(&format!("\n\n{}", desk.reader().word("said-export-proves")));
                Ok(Answer::new(exported, text))
            }
            Self::Verify => {
                let report = desk.call("workspace.verify", json!({}))?;
                let problems = report["problems"].as_array().map_or(0, Vec::len);
                let mut text = desk.reader().facts(
                    &report,
                    &[
                        ("label-entries", "entries"),
                        ("label-head", "head"),
                        ("label-blobs", "blobs"),
                        ("label-chain", "chain"),
                    ],
                );
                let columns = [("label-position", "position"), ("label-problem", "problem")];
                text.push_str(&desk.reader().list("title-void", &report["void"], &columns));
                text.push_str(&desk.reader().list("title-worth-a-look", &report["notes"], &columns));
                text.push_str(&desk.reader().list("title-wrong", &report["problems"], &columns));
                let verdict = if problems == 0 { "said-history-holds" } else { "said-history-broken" };
                text.push_str(&format!("\n\n{}", desk.reader().word(verdict)));
                Ok(Answer::new(report, text).with_status(if problems == 0 { 0 } else { VERIFICATION_FAILED }))
            }
        }
    }
}

/// `2` for every gate, or `GATE=2`.
fn quorum(text: &str) -> Result<(String, u32), String> {
    let (gate, persons) = text.rsplit_once('=').unwrap_or(("*", text));
    let persons = persons.parse().map_err(|_| format!("`{persons}` is no number of persons"))?;
    Ok((gate.to_owned(), persons))
}

fn described(reader: Reader, status: &Value) -> String {
    if status["workspace"].is_null() {
        let recent = reader.table(
            &status["recent"],
            &[("label-name", "name"), ("label-where", "url"), ("label-opened", "opened_at")],
            "",
        );
        return format!("{}{}", reader.word("none-workspace"), reader.section("title-recent", &recent));
    }
    let mut text = reader.facts(
        status,
        &[
            ("label-workspace", "workspace/name"),
            ("label-where", "workspace/url"),
            ("label-id", "workspace/id"),
            ("label-head", "workspace/head"),
            ("label-acting", "workspace/member/name"),
            ("label-roles", "workspace/member/roles"),
            ("label-keys-here", "workspace/members_here"),
            ("label-keys-in", "workspace/keys_in"),
            ("label-pending", "workspace/pending"),
            ("label-home", "home"),
        ],
    );
    for warning in at(status, "workspace/warnings").as_array().into_iter().flatten() {
        text.push_str(&format!("\n{}", reader.say(&said!("said-note", note = cell(warning)))));
    }
    text
}
