//! The workspace room in a terminal.

use app::Failure;
use clap::Subcommand;
use serde_json::{Value, json};

use crate::arguments::absolute;
use crate::desk::Desk;
use crate::output::{Answer, at, cell, facts, section, table};

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
                let mut text = described(&status);
                if at(&status, "workspace/alone") == &Value::Bool(true) {
                    text.push_str(&format!(
                        "\n\n`{member}` is alone here and holds every role. Nobody approves their own work: add a second person \
                         with `countersign member add`."
                    ));
                }
                Ok(Answer::new(status, text))
            }
            Self::Status => {
                let status = desk.call("workspace.status", json!({}))?;
                let text = described(&status);
                Ok(Answer::new(status, text))
            }
            Self::Invite => {
                let invitation = desk.call("workspace.invite", json!({}))?;
                let text = format!(
                    "{}\n\nIt opens this workspace and no other: `countersign --workspace 'LINK' member key NAME` makes a key there.",
                    cell(&invitation["link"])
                );
                Ok(Answer::new(invitation, text))
            }
            Self::Export { folder } => {
                let exported = desk.call("workspace.export", json!({ "folder": absolute(&folder) }))?;
                let mut text = facts(
                    &exported,
                    &[
                        ("folder", "folder"),
                        ("entries", "report/entries"),
                        ("blobs", "report/blobs"),
                        ("bytes", "bytes"),
                        ("chain", "report/chain"),
                    ],
                );
                text.push_str("\n\n`countersign --workspace FOLDER workspace verify` proves it anywhere.");
                Ok(Answer::new(exported, text))
            }
            Self::Verify => {
                let report = desk.call("workspace.verify", json!({}))?;
                let problems = report["problems"].as_array().map_or(0, Vec::len);
                let mut text = facts(
                    &report,
                    &[("entries", "entries"), ("head", "head"), ("blobs", "blobs"), ("chain", "chain")],
                );
                let columns = [("POSITION", "position"), ("PROBLEM", "problem")];
                text.push_str(&section("Void, and harmless", &table(&report["void"], &columns, "")));
                text.push_str(&section("Worth a look", &table(&report["notes"], &columns, "")));
                text.push_str(&section("Wrong", &table(&report["problems"], &columns, "")));
                text.push_str(if problems == 0 {
                    "\n\nThe whole history holds."
                } else {
                    "\n\nThe history does not hold."
                });
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

fn described(status: &Value) -> String {
    if status["workspace"].is_null() {
        let recent =
            table(&status["recent"], &[("NAME", "name"), ("WHERE", "url"), ("OPENED", "opened_at")], "");
        return format!(
            "No workspace is open. Name one with `--workspace URL`, or found one with `countersign workspace init`.{}",
            section("Opened here before", &recent)
        );
    }
    let mut text = facts(
        status,
        &[
            ("workspace", "workspace/name"),
            ("where", "workspace/url"),
            ("id", "workspace/id"),
            ("head", "workspace/head"),
            ("acting", "workspace/member/name"),
            ("roles", "workspace/member/roles"),
            ("keys here", "workspace/members_here"),
            ("keys in", "workspace/keys_in"),
            ("pending", "workspace/pending"),
            ("home", "home"),
        ],
    );
    for warning in at(status, "workspace/warnings").as_array().into_iter().flatten() {
        text.push_str(&format!("\nnote: {}", cell(warning)));
    }
    text
}
