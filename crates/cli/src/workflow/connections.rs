//! Connections in a terminal: where calls of processes may go.

use std::io::Read;

use app::{Code, Failure};
use clap::{Args, Subcommand};
use serde_json::json;
use words::said;

use super::done;
use crate::desk::Desk;
use crate::output::Answer;

/// Bytes of a credential read from standard input.
const CREDENTIAL_BYTES_MAX: u64 = 16 << 10;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Allow calls to a host and the paths below one (administrators); a name that exists is changed
    Add(Add),
    /// Connections, their limits, and whether this desk holds their credentials
    List,
    /// Close a connection (administrators): calls bound to it stop with an incident
    Remove {
        name: String,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Keep a connection's credential at this desk: one line on standard input, such as `Bearer …`; nothing forgets it
    Credential { name: String },
}

#[derive(Args, Debug)]
pub(crate) struct Add {
    name: String,
    /// Host and path prefix, such as https://models.example.com/api
    base: String,
    /// A method that is allowed (repeat for more); GET if absent
    #[arg(long = "method")]
    methods: Vec<String>,
    /// Seconds a call may take
    #[arg(long, value_name = "SECONDS")]
    timeout_s: Option<u32>,
    /// Bytes an answer may have
    #[arg(long, value_name = "BYTES")]
    answer_bytes_max: Option<u32>,
    /// Which addresses the host may have: public, private (this machine and private networks, too) or anywhere
    #[arg(long, default_value = "public")]
    reach: String,
    /// Header that carries its credential, such as authorization
    #[arg(long, value_name = "HEADER")]
    credential_header: Option<String>,
}

const CONNECTIONS: [(&str, &str); 8] = [
    ("label-connection", "name"),
    ("label-leads-to", "base"),
    ("label-methods", "methods"),
    ("label-reach", "reach"),
    ("label-seconds", "timeout_s"),
    ("label-bytes", "answer_bytes_max"),
    ("label-credential-in", "credential_header"),
    ("label-held-here", "credential_here"),
];

impl Command {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Add(add) => {
                let mut request = json!({
                    "name": add.name, "base": add.base, "methods": add.methods, "reach": add.reach,
                });
                for (field, value) in
                    [("timeout_s", add.timeout_s), ("answer_bytes_max", add.answer_bytes_max)]
                {
                    if let Some(value) = value {
                        request[field] = value.into();
                    }
                }
                if let Some(header) = add.credential_header {
                    request["credential_header"] = header.into();
                }
                done(desk, "workflow.allow_connection", request, "said-allowed")
            }
            Self::List => {
                let list = desk.call("workflow.list_connections", json!({}))?;
                let text = desk.reader().table(&list, &CONNECTIONS, "none-connections");
                Ok(Answer::new(list, text))
            }
            Self::Remove { name, reason } => done(
                desk,
                "workflow.withdraw_connection",
                json!({ "name": name, "reason": reason }),
                "said-withdrawn",
            ),
            Self::Credential { name } => {
                let mut value = String::new();
                std::io::stdin().take(CREDENTIAL_BYTES_MAX).read_to_string(&mut value).map_err(|error| {
                    Failure::said(Code::Usage, said!("credential-unreadable", error = error.to_string()))
                })?;
                let kept = !value.trim().is_empty();
                desk.call("workflow.keep_credential", json!({ "name": name, "value": value.trim() }))?;
                let text = desk.reader().word(if kept {
                    "said-credential-kept"
                } else {
                    "said-credential-forgotten"
                });
                Ok(Answer::new(json!({ "name": name, "kept": kept }), text))
            }
        }
    }
}
