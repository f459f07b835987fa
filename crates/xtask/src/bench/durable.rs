//! What a person waits for when they answer a task, and how soon a workspace with many waiting timers is open again: the
//! program itself, served on loopback.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::say;

/// Tasks that are answered, one after the other.
const ANSWERS: usize = 300;
const ANSWER_GOAL: Duration = Duration::from_millis(50);
/// Processes, and timers that wait in each.
const WAITING: (usize, usize) = (40, 2_500);
const REOPEN_GOAL: Duration = Duration::from_secs(2);

const TASK: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="t">
  <process id="task" name="Task" isExecutable="true"><startEvent id="s"/><userTask id="t" name="Look" flowable:candidateUsers="ana"/><endEvent id="e"/>
  <sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/></process></definitions>"#;

/// As many sub-processes as the variable says, each of which waits a year.
const TIMERS: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
  <process id="timers" name="Timers" isExecutable="true"><startEvent id="s"/>
  <subProcess id="p"><multiInstanceLoopCharacteristics><loopCardinality>COUNT</loopCardinality></multiInstanceLoopCharacteristics>
    <startEvent id="ps"/><intermediateCatchEvent id="w"><timerEventDefinition><timeDuration>P1Y</timeDuration></timerEventDefinition></intermediateCatchEvent>
    <endEvent id="pe"/><sequenceFlow id="pf" sourceRef="ps" targetRef="w"/><sequenceFlow id="pg" sourceRef="w" targetRef="pe"/></subProcess>
  <endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="p"/><sequenceFlow id="g" sourceRef="p" targetRef="e"/></process></definitions>"#;

/// A served desk, ended when it is let go of.
struct Served {
    child: Child,
    host: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn start(program: &Path, home: &Path, workspace: Option<&Path>) -> Result<Self> {
        let mut command = Command::new(program);
        command
            .arg("--home")
            .arg(home)
            .args(["serve", "--port", "0", "--json"])
            .env_remove("DBUS_SESSION_BUS_ADDRESS");
        if let Some(workspace) = workspace {
            command.env("COUNTERSIGN_WORKSPACE", workspace).env("COUNTERSIGN_MEMBER", "ana");
        }
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().context("serving a desk")?;
        let mut line = String::new();
        let said = child.stdout.take().context("it has an output")?;
        BufReader::new(said).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).with_context(|| format!("reading `{line}`"))?;
        let url = said["url"].as_str().context("it says where it serves")?;
        let host = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Ok(Self { child, host })
    }

    fn call(&self, command: &str, request: &Value) -> Result<Value> {
        let body = json!({ "command": command, "request": request }).to_string();
        let mut stream = TcpStream::connect(&self.host)?;
        write!(
            stream,
            "POST /api/call HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.host,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, rest) = answer.split_once("\r\n\r\n").context("an answer")?;
        // An answer without a length comes in pieces; what is between them is not JSON.
        let open = rest.find(['{', '[', 'n']).unwrap_or(0);
        let close = rest.rfind(['}', ']']).map_or(rest.len(), |at| at + 1);
        if !head.starts_with("HTTP/1.1 200") {
            bail!("`{command}`: {rest}");
        }
        serde_json::from_str(&rest[open..close.max(open)]).with_context(|| format!("`{command}`: {rest}"))
    }
}

pub(super) fn measure(program: &Path) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let (home, workspace) = (scratch.path().join("home"), scratch.path().join("workspace"));
    let served = Served::start(program, &home, None)?;
    let place = workspace.display().to_string();
    served.call("workspace.create", &json!({"url": place, "name": "Bench", "member": "ana"}))?;
    served.call("registry.create_project", &json!({"name": "P"}))?;
    let imported = |name: &str, text: String| -> Result<Value> {
        let path = scratch.path().join(name);
        std::fs::write(&path, text)?;
        let page = served.call("workflow.import_definition", &json!({ "path": path }))?;
        Ok(page["definition"]["id"].clone())
    };
    let task = imported("task.bpmn", TASK.to_owned())?;
    answers(&served, &task)?;
    let timers = imported("timers.bpmn", TIMERS.replace("COUNT", &WAITING.1.to_string()))?;
    for _ in 0..WAITING.0 {
        served.call("workflow.start", &json!({"definition": timers, "project": "P", "variables": {}}))?;
    }
    drop(served);
    let begun = Instant::now();
    let served = Served::start(program, &home, Some(&workspace))?;
    let listed = served.call("workflow.list_instances", &json!({"state": "running", "page": {}}))?;
    let took = begun.elapsed();
    let running = listed["rows"].as_array().map_or(0, Vec::len);
    say(
        &format!("{} timers that wait, in {running} processes", WAITING.0 * WAITING.1),
        &format!("open again and listed in {:.2} s", took.as_secs_f64()),
        "≤ 2 s",
        took <= REOPEN_GOAL,
    );
    Ok(())
}

/// Each task is claimed before; only the answer is timed, up to its recorded position.
fn answers(served: &Served, definition: &Value) -> Result<()> {
    let mut taken = Vec::with_capacity(ANSWERS);
    for _ in 0..ANSWERS {
        let request = json!({"definition": definition, "project": "P", "variables": {}});
        let instance = served.call("workflow.start", &request)?["id"].clone();
        let page = served.call("workflow.show_instance", &json!({ "instance": instance }))?;
        let task = page["tasks"][0]["id"].clone();
        served.call("workflow.claim", &json!({ "task": task }))?;
        let begun = Instant::now();
        let done = served.call("workflow.complete", &json!({"task": task, "answers": {}, "note": ""}))?;
        taken.push(begun.elapsed());
        if !done["position"].is_u64() {
            bail!("an answer was not recorded: {done}");
        }
    }
    taken.sort_unstable();
    let at = |part: usize| taken.get(taken.len() * part / 100).copied().unwrap_or_default();
    say(
        "a person's answer, recorded in a folder",
        &format!(
            "{:.1} ms, {:.1} ms at the 99th percentile",
            at(50).as_secs_f64() * 1e3,
            at(99).as_secs_f64() * 1e3
        ),
        "≤ 50 ms (99th)",
        at(99) <= ANSWER_GOAL,
    );
    Ok(())
}
