//! User tasks in a terminal: the inbox, and answering.

use app::Failure;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use words::said;

use super::described::prompts;
use super::done;
use crate::arguments::{Page, assignments};
use crate::desk::Desk;
use crate::output::{Answer, Reader, cell, plain};

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
        /// Only those whose due time has passed
        #[arg(long)]
        late: bool,
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
    /// Give a delegated task back to its owner, with what was prepared
    GiveBack {
        task: String,
        /// An answer that is proposed: the owner reads it in a comment (repeat for more)
        #[arg(long = "answer", short = 'a', value_name = "NAME=VALUE")]
        answers: Vec<String>,
        /// What the owner is told beside it
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Put a task out of the inbox of this desk for a while; nobody else sees anything of it
    Snooze {
        task: String,
        /// Until when: a time (RFC 3339), a date, or a duration from now such as P2D
        #[arg(required_unless_present = "back")]
        until: Option<String>,
        /// Put it back at once
        #[arg(long, conflicts_with = "until")]
        back: bool,
    },
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
    Snoozed,
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
    /// Digest of evidence that `task show` printed (repeat for more); what this desk knows now if absent
    #[arg(long, value_name = "DIGEST")]
    seen_evidence: Vec<String>,
    /// Version of the definition that `task show --json` printed; the one the process is on now if absent
    #[arg(long, value_name = "DEFINITION")]
    seen_definition: Option<String>,
}

/// Columns of a list of tasks.
pub(super) const TASKS: [(&str, &str); 9] = [
    ("label-task", "id"),
    ("label-name", "name"),
    ("label-project", "project_name"),
    ("label-version", "version/label"),
    ("label-held-by", "assignee"),
    ("label-due", "due"),
    ("label-late", "late"),
    ("label-priority", "priority"),
    ("label-signatures", "signatures"),
];

impl Command {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::List { view, project, late, page: wanted } => {
                let view = match view {
                    View::Inbox => "inbox",
                    View::Mine => "mine",
                    View::Open => "open",
                    View::Snoozed => "snoozed",
                    View::All => "all",
                };
                let mut request = json!({ "view": view, "late": late, "page": wanted.request() });
                if let Some(project) = project {
                    request["project"] = project.into();
                }
                let list = desk.call("workflow.list_tasks", request)?;
                let text = desk.reader().page(&told(desk.reader(), &list), &TASKS, "none-tasks");
                Ok(Answer::new(list, text))
            }
            Self::Show { task } => {
                let shown = desk.call("workflow.show_task", json!({ "task": task }))?;
                let text = described(desk.reader(), &shown);
                Ok(Answer::new(shown, text))
            }
            Self::Claim { task } => done(desk, "workflow.claim", json!({ "task": task }), "said-yours"),
            Self::Release { task } => {
                done(desk, "workflow.release", json!({ "task": task }), "said-given-back")
            }
            Self::Assign { task, member, reason } => done(
                desk,
                "workflow.assign",
                json!({ "task": task, "member": member, "reason": reason }),
                "said-assigned",
            ),
            Self::Delegate { task, member, reason } => done(
                desk,
                "workflow.delegate",
                json!({ "task": task, "member": member, "reason": reason }),
                "said-delegated",
            ),
            Self::GiveBack { task, answers, note } => {
                let answers = assignments(&answers, None)?;
                let request = json!({ "task": task, "answers": answers, "note": note });
                done(desk, "workflow.give_back", request, "said-given-back-to-owner")
            }
            Self::Snooze { task, until, back: _ } => {
                let answer = desk.call("workflow.snooze", json!({ "task": task, "until": until }))?;
                let said = if until.is_some() { "said-snoozed" } else { "said-snoozed-no-more" };
                let text = desk.reader().word(said);
                Ok(Answer::new(answer, text))
            }
            Self::Takers { task } => {
                let list = desk.call("workflow.takers", json!({ "task": task }))?;
                let columns = [
                    ("label-member", "member"),
                    ("label-name", "display_name"),
                    ("label-may", "may"),
                    ("label-why-not", "may_not_because"),
                ];
                let text = desk.reader().table(&list, &columns, "none-members");
                Ok(Answer::new(list, text))
            }
            Self::Due { task, due, none: _, reason } => done(
                desk,
                "workflow.move_due",
                json!({ "task": task, "due": due, "reason": reason }),
                "said-due-moved",
            ),
            Self::Complete(complete) => {
                let answers = assignments(&complete.answers, complete.answers_json.as_deref())?;
                let mut request = json!({ "task": complete.task, "answers": answers, "note": complete.note });
                if let Some(digest) = complete.seen_digest {
                    request["seen_digest"] = digest.into();
                }
                if !complete.seen_evidence.is_empty() {
                    request["seen_evidence"] = complete.seen_evidence.into();
                }
                if let Some(definition) = complete.seen_definition {
                    request["seen_definition"] = definition.into();
                }
                let completed = desk.call("workflow.complete", request)?;
                let left = cell(&completed["signatures_left"]);
                let text = match left.as_str() {
                    "0" => desk.reader().recorded("said-completed", &completed),
                    _ => desk.reader().say(&said!(
                        "said-signed-more",
                        position = cell(&completed["position"]),
                        left = left
                    )),
                };
                Ok(Answer::new(completed, text))
            }
        }
    }
}

/// A page of tasks with what people read of their signatures.
fn told(reader: Reader, list: &Value) -> Value {
    let mut list = list.clone();
    for row in list["rows"].as_array_mut().into_iter().flatten() {
        tell_signatures(reader, row);
    }
    list
}

/// Puts into a task, as `signatures`, how many persons have signed of how many, and who; nothing where one suffices.
pub(crate) fn tell_signatures(reader: Reader, task: &mut Value) {
    if task["signatures_needed"].as_u64().is_none_or(|needed| needed < 2) {
        return;
    }
    let signed = task["signed_by"].as_array().map_or(0, Vec::len);
    let said = said!("said-signatures", signed = signed, needed = cell(&task["signatures_needed"]));
    let mut told = reader.say(&said);
    if signed > 0 {
        told.push_str(&format!(", {}", cell(&task["signed_by"])));
    }
    task["signatures"] = told.into();
}

fn described(reader: Reader, shown: &Value) -> String {
    let mut task = shown["task"].clone();
    tell_signatures(reader, &mut task);
    let mut text = reader.facts(
        &task,
        &[
            ("label-task", "id"),
            ("label-name", "name"),
            ("label-definition", "definition"),
            ("label-project", "project_name"),
            ("label-version", "version/label"),
            ("label-held-by", "assignee"),
            ("label-for", "candidates"),
            ("label-may-claim", "may_claim"),
            ("label-because", "may_not_because"),
            ("label-delegated-by", "owner"),
            ("label-signatures", "signatures"),
            ("label-due", "due"),
            ("label-priority", "priority"),
            ("label-form", "form"),
            ("label-reminded", "reminded"),
            ("label-next-reminder", "remind_at"),
            ("label-escalated", "escalated_at"),
            ("label-escalates", "escalate_at"),
            ("label-to", "escalate_to"),
        ],
    );
    text.push_str(&reader.section("title-asked", &prompts(reader, &shown["prompts"])));
    text.push_str(&reader.list(
        "title-evidence",
        &shown["evidence"],
        &[("label-what", "label"), ("label-state", "state"), ("label-detail", "detail")],
    ));
    let next: Vec<String> =
        shown["next"].as_array().into_iter().flatten().map(|line| format!("- {}", cell(line))).collect();
    text.push_str(&reader.section("title-next", &next.join("\n")));
    for comment in shown["comments"].as_array().into_iter().flatten() {
        let said = plain(comment["text"].as_str().unwrap_or_default());
        text.push_str(&format!("\n{} {}: {said}", cell(&comment["at"]), cell(&comment["member"])));
    }
    if let Some(digest) = shown["digest"].as_str() {
        text.push_str(&format!("\n\n{}", reader.say(&said!("said-approval-signs", digest = digest))));
        for evidence in shown["evidence_digests"].as_array().into_iter().flatten() {
            text.push_str(&format!(
                "\n{}",
                reader.say(&said!("said-evidence-read", digest = cell(evidence)))
            ));
        }
    }
    text
}
