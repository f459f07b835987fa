//! Processes through the real program: they start by themselves once, two desks that answer the same task are told apart,
//! and whenever the program is killed, what it goes on from is what the ledger says.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says how much it tried"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Whatever has not happened by then never will.
const PATIENCE: Duration = Duration::from_secs(120);

/// A person, a message to people, a moment, and a person again.
const PROCESS: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="t">
  <process id="p" isExecutable="true">
    START
    <userTask id="a" name="First" flowable:candidateUsers="ana,ben"/>
    <serviceTask id="n" name="Tell" flowable:delegateExpression="${notificationTask}"><extensionElements>
      <flowable:field name="userIds" stringValue="ana"/><flowable:field name="templateName" stringValue="told"/>
    </extensionElements></serviceTask>
    <intermediateCatchEvent id="w"><timerEventDefinition><timeDuration>PT0.1S</timeDuration></timerEventDefinition></intermediateCatchEvent>
    <userTask id="b" name="Second" flowable:candidateUsers="ana,ben"/>
    <endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="n"/>
    <sequenceFlow id="f3" sourceRef="n" targetRef="w"/><sequenceFlow id="f4" sourceRef="w" targetRef="b"/>
    <sequenceFlow id="f5" sourceRef="b" targetRef="e"/>
  </process></definitions>"#;

/// Two branches at once, a level with a notice and a moment in it, and a reminder that does not interrupt.
const BRANCHES: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="t">
  <process id="p" isExecutable="true">
    START
    <parallelGateway id="fork"/><parallelGateway id="join"/>
    <userTask id="a" name="First" flowable:candidateUsers="ana,ben"/>
    <boundaryEvent id="late" attachedToRef="a" cancelActivity="false"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>
    <endEvent id="e2"/>
    <subProcess id="level"><startEvent id="s2"/>
      <serviceTask id="n" name="Tell" flowable:delegateExpression="${notificationTask}"><extensionElements>
        <flowable:field name="userIds" stringValue="ana"/><flowable:field name="templateName" stringValue="told"/>
      </extensionElements></serviceTask>
      <intermediateCatchEvent id="w"><timerEventDefinition><timeDuration>PT0.1S</timeDuration></timerEventDefinition></intermediateCatchEvent>
      <userTask id="b" name="Second" flowable:candidateUsers="ana,ben"/><endEvent id="e3"/>
      <sequenceFlow id="g1" sourceRef="s2" targetRef="n"/><sequenceFlow id="g2" sourceRef="n" targetRef="w"/>
      <sequenceFlow id="g3" sourceRef="w" targetRef="b"/><sequenceFlow id="g4" sourceRef="b" targetRef="e3"/>
    </subProcess>
    <endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="fork"/><sequenceFlow id="f2" sourceRef="fork" targetRef="a"/>
    <sequenceFlow id="f3" sourceRef="fork" targetRef="level"/><sequenceFlow id="f4" sourceRef="a" targetRef="join"/>
    <sequenceFlow id="f5" sourceRef="level" targetRef="join"/><sequenceFlow id="f6" sourceRef="join" targetRef="e"/>
    <sequenceFlow id="f7" sourceRef="late" targetRef="e2"/>
  </process></definitions>"#;

/// A person and a message to people in a process that is called, and a person afterwards.
const CALLED: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="t">
  <process id="p" isExecutable="true">
    START
    <callActivity id="c" calledElement="inner"/><userTask id="b" name="Second" flowable:candidateUsers="ana,ben"/><endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="c"/><sequenceFlow id="f2" sourceRef="c" targetRef="b"/>
    <sequenceFlow id="f3" sourceRef="b" targetRef="e"/>
  </process>
  <process id="inner" isExecutable="false"><startEvent id="s4"/>
    <userTask id="a" name="First" flowable:candidateUsers="ana,ben"/>
    <serviceTask id="n" name="Tell" flowable:delegateExpression="${notificationTask}"><extensionElements>
      <flowable:field name="userIds" stringValue="ana"/><flowable:field name="templateName" stringValue="told"/>
    </extensionElements></serviceTask><endEvent id="e4"/>
    <sequenceFlow id="g1" sourceRef="s4" targetRef="a"/><sequenceFlow id="g2" sourceRef="a" targetRef="n"/>
    <sequenceFlow id="g3" sourceRef="n" targetRef="e4"/>
  </process></definitions>"#;

const PLAIN: &str = r#"<startEvent id="s"/>"#;

/// A workspace with `ana`, `ben` and a project `P`, and any number of desks over it.
struct House {
    folder: TempDir,
}

/// One desk: a home of its own over the same workspace.
#[derive(Clone)]
struct Desk {
    home: PathBuf,
    workspace: PathBuf,
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, place) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &place);
        } else {
            fs::copy(&path, &place).unwrap();
        }
    }
}

impl House {
    /// Founds it and imports the process with these start events.
    fn with(start: &str) -> (Self, Desk, String) {
        Self::of(PROCESS, start)
    }

    /// The same with another process.
    fn of(process: &str, start: &str) -> (Self, Desk, String) {
        let house = Self { folder: tempfile::tempdir().unwrap() };
        let desk = house.desk("home");
        let place = desk.workspace.display().to_string();
        desk.ok(&["workspace", "init", &place, "--name", "Processes", "--member", "ana"]);
        desk.ok(&["member", "add", "ben", "--role", "validator", "--key-here"]);
        desk.ok(&["project", "create", "P"]);
        let file = house.folder.path().join("process.bpmn");
        fs::write(&file, process.replace("START", start)).unwrap();
        let page = desk.ok(&["workflow", "import", file.to_str().unwrap()]);
        let definition = page["definition"]["id"].as_str().unwrap().to_owned();
        (house, desk, definition)
    }

    fn desk(&self, name: &str) -> Desk {
        Desk { home: self.folder.path().join(name), workspace: self.folder.path().join("workspace") }
    }

    /// Another desk that holds the same keys.
    fn second(&self, first: &Desk) -> Desk {
        let second = self.desk("second");
        copy(&first.home, &second.home);
        second
    }
}

impl Desk {
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command
            .args(words)
            .arg("--json")
            .env("COUNTERSIGN_HOME", &self.home)
            .env("COUNTERSIGN_WORKSPACE", &self.workspace)
            .env("COUNTERSIGN_MEMBER", "ana")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn ok(&self, words: &[&str]) -> Value {
        let done = self.run(words);
        assert!(done.status.success(), "{words:?}: {}{}", said(&done.stdout), said(&done.stderr));
        serde_json::from_slice(&done.stdout).unwrap_or(Value::Null)
    }

    fn call(&self, member: &str, command: &str, request: &Value) -> Value {
        self.ok(&["--as", member, "call", command, &request.to_string()])
    }

    fn spawn(&self, words: &[&str]) -> Child {
        self.command(words).spawn().unwrap()
    }

    fn instances(&self) -> Vec<Value> {
        self.ok(&["workflow", "instances"])["rows"].as_array().unwrap().clone()
    }

    fn shown(&self, instance: &str) -> Value {
        self.call("ana", "workflow.show_instance", &json!({ "instance": instance }))
    }

    /// What stands, from a cache that was made anew out of the ledger.
    fn replayed(&self, instance: &str) -> Value {
        let mut folders = vec![self.home.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.file_name().unwrap().to_string_lossy().starts_with("cache.sqlite") {
                    fs::remove_file(path).unwrap();
                }
            }
        }
        self.shown(instance)
    }

    fn nothing_is_wrong(&self) {
        assert_eq!(self.ok(&["workspace", "verify"])["problems"], json!([]));
    }
}

fn ended(child: Child) -> Output {
    child.wait_with_output().unwrap()
}

#[test]
fn a_process_starts_by_itself_once_although_two_desks_look_and_agents_are_killed() {
    let (house, desk, definition) = House::with(
        r#"<startEvent id="s"><timerEventDefinition><timeCycle>R3/PT2S</timeCycle></timerEventDefinition></startEvent>"#,
    );
    let page = desk.call("ana", "workflow.show_definition", &json!({ "definition": definition }));
    assert_eq!(page["processes"][0]["start_events"][0]["kind"], "timer", "{page:#}");
    desk.ok(&["workflow", "arm", &definition, "--project", "P"]);
    let second = house.second(&desk);
    // All three moments pass while nobody is there: one start stands for them.
    std::thread::sleep(Duration::from_millis(6_500));
    let mut killed = desk.spawn(&["agent"]);
    std::thread::sleep(Duration::from_millis(30));
    killed.kill().unwrap();
    killed.wait().unwrap();
    let agents = [&desk, &second].map(|desk| desk.spawn(&["agent", "--once"]));
    for agent in agents {
        let done = ended(agent);
        assert!(done.status.success(), "{}{}", said(&done.stdout), said(&done.stderr));
    }
    let instances = desk.instances();
    assert_eq!(instances.len(), 1, "{instances:#?}");
    let begun = &instances[0]["begun"];
    assert_eq!((&begun["element"], &begun["missed"]), (&json!("s"), &json!(2)), "{instances:#?}");
    assert!(begun["late_s"].as_i64().unwrap() >= 3, "{begun}");
    assert_eq!(instances[0]["started_by"], "ana");
    let page = desk.call("ana", "workflow.show_definition", &json!({ "definition": definition }));
    let start = &page["self_starts"][0];
    assert_eq!((&start["started"], &start["next_due"]), (&json!(1), &Value::Null), "{start:#}");
    desk.ok(&["workflow", "disarm", start["id"].as_str().unwrap()]);
    assert_eq!(second.instances().len(), 1);
    second.nothing_is_wrong();
}

#[test]
fn of_two_desks_that_answer_a_task_at_once_one_wins_and_the_other_is_told() {
    let (house, desk, definition) = House::with(PLAIN);
    let second = house.second(&desk);
    for round in 0..6 {
        let started = desk.ok(&["workflow", "start", &definition, "--project", "P"]);
        let instance = started["id"].as_str().unwrap().to_owned();
        let task = desk.shown(&instance)["tasks"][0]["id"].clone();
        let of = json!({ "task": task }).to_string();
        // Two persons claim it at once.
        let claims = [(&desk, "ana"), (&second, "ben")]
            .map(|(desk, who)| (who, desk.spawn(&["--as", who, "call", "workflow.claim", &of])));
        let claims = claims.map(|(who, child)| (who, ended(child)));
        let winners: Vec<&str> =
            claims.iter().filter(|(_, done)| done.status.success()).map(|(who, _)| *who).collect();
        assert_eq!(winners.len(), 1, "{claims:?}");
        let (_, lost) = claims.iter().find(|(_, done)| !done.status.success()).unwrap();
        let told: Value = serde_json::from_slice(&lost.stdout).unwrap();
        assert!(told.to_string().contains(winners[0]), "round {round}: {told:#}");
        // Whoever won answers it at both desks at once.
        let answers = [(&desk, 1), (&second, 2)].map(|(desk, n)| {
            let request = json!({ "task": task, "answers": { "n": n } }).to_string();
            desk.spawn(&["--as", winners[0], "call", "workflow.complete", &request])
        });
        let answers = answers.map(ended);
        let won: Vec<bool> = answers.iter().map(|done| done.status.success()).collect();
        assert_eq!(won.iter().filter(|won| **won).count(), 1, "round {round}: {answers:?}");
        let lost = &answers[usize::from(won[0])];
        let told: Value = serde_json::from_slice(&lost.stdout).unwrap();
        assert!(told["message"].as_str().is_some_and(|message| !message.is_empty()), "{told:#}");
        let n = if won[0] { 1 } else { 2 };
        for desk in [&desk, &second] {
            let page = desk.shown(&instance);
            let value = page["variables"].as_array().unwrap().iter().find(|one| one["name"] == "n").unwrap();
            assert_eq!(value["value"], json!(n), "round {round}: {page:#}");
            let first =
                page["elements"].as_array().unwrap().iter().find(|one| one["element"] == "a").unwrap();
            assert_eq!(first["times"], 1, "{page:#}");
        }
    }
    second.nothing_is_wrong();
}

/// Kills the program after so many milliseconds, if it has not ended by itself; whether it was killed.
fn struck(mut child: Child, after: Duration) -> bool {
    let until = Instant::now() + after;
    while Instant::now() < until {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    true
}

#[test]
fn killed_between_any_two_steps_it_goes_on_from_what_the_ledger_says() {
    killed_between_steps(PROCESS, 5);
}

#[test]
fn so_it_does_with_branches_and_levels_and_called_processes() {
    killed_between_steps(BRANCHES, 3);
    killed_between_steps(CALLED, 3);
}

fn killed_between_steps(process: &str, rounds: u64) {
    let (_house, desk, definition) = House::of(process, PLAIN);
    let begin = ["workflow", "start", definition.as_str(), "--project", "P"];
    let (mut kills, mut looks) = (0, 0);
    let until = Instant::now() + PATIENCE;
    for round in 0..rounds {
        let before = desk.instances().len();
        let mut delay = 3 + round;
        while desk.instances().len() == before {
            kills += u64::from(struck(desk.spawn(&begin), Duration::from_millis(delay)));
            delay += 13;
        }
        let instance = desk.instances()[0]["id"].as_str().unwrap().to_owned();
        // One step at a time: whoever is due does it, killed a little later each time, until it is done.
        let mut delay = 2 + round;
        loop {
            assert!(Instant::now() < until, "round {round}: {:#}", desk.shown(&instance));
            let live = desk.shown(&instance);
            assert_eq!(desk.replayed(&instance), live, "round {round}: a replay is what was live");
            looks += 1;
            if live["instance"]["state"] != "running" {
                break;
            }
            assert_eq!(live["incidents"], json!([]), "{live:#}");
            let task = &live["tasks"][0];
            let of = json!({ "task": task["id"] }).to_string();
            let child = if task.is_null() {
                desk.spawn(&["agent", "--once"])
            } else if task["assignee"].is_null() {
                desk.spawn(&["call", "workflow.claim", &of])
            } else {
                desk.spawn(&["call", "workflow.complete", &of])
            };
            kills += u64::from(struck(child, Duration::from_millis(delay)));
            delay += 11;
        }
        let shown = desk.shown(&instance);
        assert_eq!(shown["instance"]["state"], "completed", "{shown:#}");
        for element in shown["elements"].as_array().unwrap() {
            // A join is left by every branch that came to it.
            let times = if element["element"] == "join" { 2 } else { 1 };
            assert_eq!(element["times"], times, "round {round}: {element} in {shown:#}");
        }
    }
    // The message was told once for each process, whatever was killed.
    let notices = desk.ok(&["notice", "list", "--limit", "500"]);
    let told = notices["rows"].as_array().unwrap().iter().filter(|notice| notice["title"] == "told").count();
    let completed = desk.instances().iter().filter(|instance| instance["state"] == "completed").count();
    let all = usize::try_from(rounds).unwrap();
    assert_eq!((told, completed), (all, all), "{notices:#}");
    desk.nothing_is_wrong();
    eprintln!("{kills} kills, {looks} comparisons");
    assert!(kills > 4 * rounds, "only {kills} were killed");
}
