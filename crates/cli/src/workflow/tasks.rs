//! User tasks in a terminal: the inbox, and answering.

use app::Failure;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::prompts;
use crate::arguments::{Page, assignments};
use crate::desk::Desk;
use crate::output::{Answer, cell, facts, page, plain, section, table};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tasks I hold or may claim
    List {
        /// Which tasks
        #[arg(long, value_enum, default_value_t = View::Inbox)]
        view: View,
        /// Only of this project
        #[arg(long)]
        project: Option<String>,
        #[command(flatten)]
        page: Page,
    },
    /// A task: what is asked, the evidence, and the digest an approval signs
    Show {
        /// Identifier, or a unique beginning of it
        task: String,
    },
    /// Take a task
    Claim { task: String },
    /// Give a task back
    Release { task: String },
    /// Give a task to somebody else
    Assign {
        task: String,
        member: String,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Hand a task I hold to somebody who prepares it and gives it back
    Delegate {
        task: String,
        member: String,
        /// What they are asked to do
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Give a delegated task back to its owner
    GiveBack { task: String },
    /// Who may have a task, and who not and why
    Takers { task: String },
    /// Move a task's due time (workflow administrators)
    Due {
        task: String,
        /// A time (RFC 3339), a date, or a duration from now such as P2D; nothing takes the due time away
        #[arg(required_unless_present = "none")]
        due: Option<String>,
        /// Take the due time away
        #[arg(long, conflicts_with = "due")]
        none: bool,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Answer a task and sign it
    Complete(Complete),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum View {
    Inbox,
    Mine,
    Open,
    All,
}

#[derive(Args, Debug)]
pub(crate) struct Complete {
    /// Identifier, or a unique beginning of it
    task: String,
    /// An answer: a value that is JSON keeps its type, any other is a text (repeat for more)
    #[arg(long = "answer", short = 'a', visible_alias = "set", value_name = "NAME=VALUE")]
    answers: Vec<String>,
    /// All answers as one JSON object
    #[arg(long = "answers", value_name = "JSON")]
    answers_json: Option<String>,
    /// Note that goes into the record
    #[arg(long, default_value = "")]
    note: String,
    /// Digest that `task show` printed: what an approval signs
    #[arg(long, visible_alias = "digest", value_name = "DIGEST")]
    seen_digest: Option<String>,
}

/// Columns of a list of tasks.
pub(super) const TASKS: [(&str, &str); 7] = [
    ("TASK", "id"),
    ("NAME", "name"),
    ("PROJECT", "project_name"),
    ("VERSION", "version/label"),
    ("HELD BY", "assignee"),
    ("DUE", "due"),
    ("LATE", "late"),
];

impl Command {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::List { view, project, page: wanted } => {
                let view = match view {
                    View::Inbox => "inbox",
                    View::Mine => "mine",
                    View::Open => "open",
                    View::All => "all",
                };
                let mut request = json!({ "view": view, "page": wanted.request() });
                if let Some(project) = project {
                    request["project"] = project.into();
                }
                let list = desk.call("workflow.list_tasks", request)?;
                let text = page(&list, &TASKS, "Nothing waits for you here.");
                Ok(Answer::new(list, text))
            }
            Self::Show { task } => {
                let shown = desk.call("workflow.show_task", json!({ "task": task }))?;
                let text = described(&shown);
                Ok(Answer::new(shown, text))
            }
            Self::Claim { task } => done(desk, "workflow.claim", json!({ "task": task }), "It is yours"),
            Self::Release { task } => done(desk, "workflow.release", json!({ "task": task }), "Given back"),
            Self::Assign { task, member, reason } => done(
                desk,
                "workflow.assign",
                json!({ "task": task, "member": member, "reason": reason }),
                "Assigned",
            ),
            Self::Delegate { task, member, reason } => done(
                desk,
                "workflow.delegate",
                json!({ "task": task, "member": member, "reason": reason }),
                "Delegated",
            ),
            Self::GiveBack { task } => {
                done(desk, "workflow.give_back", json!({ "task": task }), "Given back to its owner")
            }
            Self::Takers { task } => {
                let list = desk.call("workflow.takers", json!({ "task": task }))?;
                let columns = [
                    ("MEMBER", "member"),
                    ("NAME", "display_name"),
                    ("MAY", "may"),
                    ("WHY NOT", "may_not_because"),
                ];
                let text = table(&list, &columns, "No members.");
                Ok(Answer::new(list, text))
            }
            Self::Due { task, due, none: _, reason } => done(
                desk,
                "workflow.move_due",
                json!({ "task": task, "due": due, "reason": reason }),
                "The due time is moved",
            ),
            Self::Complete(complete) => {
                let answers = assignments(&complete.answers, complete.answers_json.as_deref())?;
                let mut request = json!({ "task": complete.task, "answers": answers, "note": complete.note });
                if let Some(digest) = complete.seen_digest {
                    request["seen_digest"] = digest.into();
                }
                done(desk, "workflow.complete", request, "Completed")
            }
        }
    }
}

fn done(desk: &mut Desk, command: &str, request: Value, what: &str) -> Result<Answer, Failure> {
    let recorded = desk.call(command, request)?;
    let text = format!("{what}, as of #{}.", recorded["position"]);
    Ok(Answer::new(recorded, text))
}

fn described(shown: &Value) -> String {
    let mut text = facts(
        &shown["task"],
        &[
            ("task", "id"),
            ("name", "name"),
            ("definition", "definition"),
            ("project", "project_name"),
            ("version", "version/label"),
            ("held by", "assignee"),
            ("for", "candidates"),
            ("may claim", "may_claim"),
            ("because", "may_not_because"),
            ("delegated by", "owner"),
            ("due", "due"),
            ("reminded", "reminded"),
            ("next reminder", "remind_at"),
            ("escalated", "escalated_at"),
            ("escalates", "escalate_at"),
        ],
    );
    text.push_str(&section("Asked", &prompts(&shown["prompts"])));
    text.push_str(&section(
        "Evidence",
        &table(&shown["evidence"], &[("WHAT", "label"), ("STATE", "state"), ("DETAIL", "detail")], ""),
    ));
    let next: Vec<String> =
        shown["next"].as_array().into_iter().flatten().map(|line| format!("- {}", cell(line))).collect();
    text.push_str(&section("What happens next", &next.join("\n")));
    for comment in shown["comments"].as_array().into_iter().flatten() {
        let said = plain(comment["text"].as_str().unwrap_or_default());
        text.push_str(&format!("\n{} {}: {said}", cell(&comment["at"]), cell(&comment["member"])));
    }
    if let Some(digest) = shown["digest"].as_str() {
        text.push_str(&format!(
            "\n\nAn approval signs {digest}\nHand it back as `--seen-digest {digest}`, so that what you saw is what you sign."
        ));
    }
    text
}
