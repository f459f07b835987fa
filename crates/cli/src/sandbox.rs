//! The sandbox in a terminal: a Google Cloud on loopback, served until Ctrl-C.

use std::path::PathBuf;

use app::{Code, Failure};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use words::{Said, said};

use crate::desk::Desk;
use crate::output::{Answer, Reader, cell};

/// Serves a Google Cloud on loopback; it is this desk's sandbox until it ends.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Sandbox {
    #[command(subcommand)]
    command: Option<Command>,
    /// Folder of its state, found again at the next start; `sandbox` in the desk's folder where this is not given
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Port on 127.0.0.1; a free one where this is not given
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How much faster than in the cloud clusters come and go
    #[arg(long, default_value_t = 100.0)]
    speed: f64,
    /// Answer requests without this bearer token with 401
    #[arg(long)]
    token: Option<String>,
    /// A bucket to make in it; may be given more than once
    #[arg(long = "bucket", value_name = "BUCKET")]
    buckets: Vec<String>,
    /// A fault from the start, as in `status:503`, `cluster_stuck` or `drop_after@POST /clusters*2`; may be given more than once
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Whether the sandbox of this desk runs, and what it will do wrong
    Status,
    /// Tell the sandbox of this desk to misbehave
    Misbehave {
        /// `KIND[:NUMBER][@[METHOD ]PATH][+AFTER][*TIMES]`: `status:429`, `latency:500@/o`, `drop_after@POST /clusters`, `job_error*2`
        #[arg(value_name = "FAULT")]
        faults: Vec<String>,
        /// Forget the faults that wait
        #[arg(long)]
        clear: bool,
    },
}

impl Sandbox {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self.command {
            Some(Command::Status) => {
                let status = desk.call("runs.sandbox", json!({}))?;
                let text = described(desk.reader(), &status);
                Ok(Answer::new(status, text))
            }
            Some(Command::Misbehave { faults, clear }) => {
                let faults: Vec<Value> = faults.iter().map(|text| fault(text)).collect::<Result<_, _>>()?;
                let status = desk.call("runs.misbehave", json!({ "clear": clear, "faults": faults }))?;
                let text = described(desk.reader(), &status);
                Ok(Answer::new(status, text))
            }
            None => self.serve(desk),
        }
    }

    fn serve(self, desk: &mut Desk) -> Result<Answer, Failure> {
        let faults: Vec<Value> = self.faults.iter().map(|text| fault(text)).collect::<Result<_, _>>()?;
        let mut request = json!({ "port": self.port, "speed": self.speed, "buckets": self.buckets });
        if let Some(folder) = &self.folder {
            let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
            request["folder"] = folder.display().to_string().into();
        }
        if let Some(token) = self.token {
            request["token"] = token.into();
        }
        let mut status = desk.call("runs.start_sandbox", request)?;
        if !faults.is_empty() {
            status = desk.call("runs.misbehave", json!({ "faults": faults }))?;
        }
        let url = cell(&status["url"]);
        let serving = desk.reader().say(&said!("said-sandbox-serves", url = url));
        desk.output.line(&status, &format!("{}\n{serving}", described(desk.reader(), &status)));
        desk.block_on(async { tokio::signal::ctrl_c().await })?
            .map_err(|error| Failure::said(Code::Missing, said!("ctrl-c-unheard")).because(&error))?;
        desk.call("runs.stop_sandbox", json!({}))?;
        Ok(Answer::said())
    }
}

fn described(reader: Reader, status: &Value) -> String {
    let mut text = reader.facts(
        status,
        &[
            ("label-running", "running"),
            ("label-where", "url"),
            ("label-folder", "folder"),
            ("label-speed", "speed"),
            ("label-buckets", "buckets"),
        ],
    );
    let columns = [
        ("label-fault", "kind"),
        ("label-status", "code"),
        ("label-ms", "ms"),
        ("label-method", "method"),
        ("label-path", "path"),
        ("label-after", "after"),
        ("label-times", "times"),
    ];
    text.push_str(&reader.list("title-faults", &status["faults"], &columns));
    text
}

/// `KIND[:NUMBER][@[METHOD ]PATH][+AFTER][*TIMES]`.
fn fault(text: &str) -> Result<Value, Failure> {
    let wrong = |why: Said| Failure::said(Code::Usage, said!("no-fault", text = text, why = why));
    let number =
        |digits: &str| digits.parse::<u64>().map_err(|_| wrong(said!("why-no-number", text = digits)));
    let (mut rest, mut fault) = (text, json!({}));
    if let Some((before, times)) = rest.rsplit_once('*') {
        fault["times"] = number(times)?.into();
        rest = before;
    }
    if let Some((before, after)) = rest.rsplit_once('+') {
        fault["after"] = number(after)?.into();
        rest = before;
    }
    if let Some((before, place)) = rest.split_once('@') {
        match place.split_once(' ') {
            Some((method, path)) => {
                fault["method"] = method.into();
                fault["path"] = path.into();
            }
            None => fault["path"] = place.into(),
        }
        rest = before;
    }
    if let Some((kind, value)) = rest.split_once(':') {
        match kind {
            "status" => fault["code"] = number(value)?.into(),
            "latency" => fault["ms"] = number(value)?.into(),
            _ => return Err(wrong(said!("why-takes-no-number"))),
        }
        rest = kind;
    }
    if rest.is_empty() {
        return Err(wrong(said!("why-no-kind")));
    }
    fault["kind"] = rest.into();
    Ok(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_as_they_are_written() {
        let rows = [
            ("cluster_stuck", Some(json!({ "kind": "cluster_stuck" }))),
            ("status:503", Some(json!({ "kind": "status", "code": 503 }))),
            ("latency:250@/o*4", Some(json!({ "kind": "latency", "ms": 250, "path": "/o", "times": 4 }))),
            (
                "drop_after@POST /clusters+1*2",
                Some(
                    json!({ "kind": "drop_after", "method": "POST", "path": "/clusters", "after": 1, "times": 2 }),
                ),
            ),
            ("status:high", None),
            ("job_error:3", None),
            ("@/o", None),
        ];
        for (text, expected) in rows {
            assert_eq!(fault(text).ok(), expected, "{text}");
        }
    }
}
