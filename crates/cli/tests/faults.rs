//! A machine that lacks something, and a workspace somebody damaged: each is told by name and with the remedy, with the exit
//! status that says what kind it is, and costs nothing that was there.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it could not try"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A desk with a workspace: `ana` founded it, and there is a project `P` and a definition.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn founded() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let place = desk.workspace().display().to_string();
        for words in [
            &["workspace", "init", &place, "--name", "Test", "--member", "ana"][..],
            &["project", "create", "P"],
            &["call", "workflow.import_definition", r#"{"template": "migration"}"#],
        ] {
            let (status, answer) = answered(words, &desk.command(words).output().unwrap());
            assert_eq!(status, 0, "{words:?}: {answer:#}");
        }
        desk
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn workspace(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    fn dress(&self, command: &mut Command) {
        command
            .env("COUNTERSIGN_HOME", self.home())
            .env("COUNTERSIGN_WORKSPACE", self.workspace())
            .env("COUNTERSIGN_MEMBER", "ana")
            .env_remove("DBUS_SESSION_BUS_ADDRESS");
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.args(words).arg("--json");
        self.dress(&mut command);
        command
    }

    /// The program in a mount namespace of its own, where `machine` ran before it; `$W` is the workspace, `$H` the home.
    fn in_namespace(&self, machine: &str, words: &[&str]) -> Command {
        let script = format!("set -e; {machine}; exec \"$@\"");
        let mut command = Command::new("unshare");
        command
            .args([
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                &script,
                "sh",
                env!("CARGO_BIN_EXE_countersign"),
            ])
            .args(words)
            .arg("--json")
            .env("W", self.workspace())
            .env("H", self.home());
        self.dress(&mut command);
        command
    }

    /// Everything this desk knows and keeps, as it answers itself.
    fn known(&self) -> Vec<Value> {
        [&["project", "list"][..], &["ledger", "list"], &["workspace", "status"], &["settings", "show"]]
            .iter()
            .map(|words| {
                let (status, mut answer) = answered(words, &self.command(words).output().unwrap());
                assert_eq!(status, 0, "{words:?}: {answer:#}");
                // When it was opened last is not what it knows.
                answer["recent"] = Value::Null;
                answer
            })
            .collect()
    }
}

/// Whether mount namespaces are allowed here. A machine that allows none says so, and the crates' own fault tests remain.
fn may_mount() -> bool {
    let tried = Command::new("unshare").args(["--map-root-user", "--mount", "true"]).status();
    let allowed = tried.is_ok_and(|status| status.success());
    if !allowed {
        eprintln!("this machine allows no mount namespaces: faults that need one were not tried");
    }
    allowed
}

fn answered(words: &[&str], done: &Output) -> (i32, Value) {
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let answer = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|error| panic!("{words:?}: {error}: {}{}", said(&done.stdout), said(&done.stderr)));
    (done.status.code().unwrap(), answer)
}

/// Every file of the workspace with its contents; `staging` holds what is on its way to its name.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(open) = folders.pop() {
        for entry in fs::read_dir(&open).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.starts_with(folder.join("staging")) {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// One fault: how the machine or the workspace is brought into it, what is tried, and what must be said.
struct Row {
    name: &'static str,
    /// Shell text that runs before the program, in a mount namespace of its own; `$W` is the workspace, `$H` the home.
    machine: &'static str,
    words: &'static [&'static str],
    exit: i32,
    code: &'static str,
    message: &'static str,
    hint: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        name: "the disk of the workspace is full",
        machine: "mount --bind $W $W && mkdir $H/small && mount -t tmpfs -o size=512k tmpfs $H/small && cp -r $W/. $H/small \
                  && mount --bind $H/small $W && { dd if=/dev/zero of=$W/filler bs=4k 2>/dev/null || true; }",
        words: &["project", "create", "Q"],
        exit: 1,
        code: "denied",
        message: "no space left",
        hint: "Nothing was recorded",
    },
    Row {
        name: "the workspace may only be read",
        machine: "mount --bind $W $W && mount -o remount,bind,ro $W",
        words: &["project", "create", "Q"],
        exit: 1,
        code: "denied",
        message: "may not be read or written",
        hint: "Nothing was recorded",
    },
    Row {
        name: "the home folder may only be read",
        machine: "mount --bind $H $H && mount -o remount,bind,ro $H",
        words: &["project", "create", "Q"],
        exit: 1,
        code: "denied",
        message: "desk.sqlite",
        hint: "home folder",
    },
    Row {
        name: "the workspace may only be read, and is read",
        machine: "mount --bind $W $W && mount -o remount,bind,ro $W",
        words: &["project", "list"],
        exit: 0,
        code: "",
        message: "",
        hint: "",
    },
];

#[test]
fn a_full_disk_and_folders_that_may_only_be_read_are_told_and_cost_nothing() {
    if !may_mount() {
        return;
    }
    let desk = Desk::founded();
    let (files, known) = (contents(&desk.workspace()), desk.known());
    for row in ROWS {
        let mut command = desk.in_namespace(row.machine, row.words);
        let (status, answer) = answered(row.words, &command.output().unwrap());
        let _ = fs::remove_dir(desk.home().join("small"));
        assert_eq!(status, row.exit, "{}: {answer:#}", row.name);
        if row.exit != 0 {
            assert_eq!(answer["code"], row.code, "{}: {answer:#}", row.name);
            let said = |field: &str| answer[field].as_str().unwrap().to_owned();
            assert!(said("message").contains(row.message), "{}: {answer:#}", row.name);
            assert!(said("hint").contains(row.hint), "{}: {answer:#}", row.name);
        }
        assert_eq!(contents(&desk.workspace()), files, "{}: the workspace changed", row.name);
        assert_eq!(desk.known(), known, "{}: the desk knows something else", row.name);
    }
    // And what was refused then is done now.
    let (status, answer) = answered(&[], &desk.command(&["project", "create", "Q"]).output().unwrap());
    assert_eq!(status, 0, "{answer:#}");
}

#[test]
fn a_machine_without_java_says_what_to_install_before_anything_is_run() {
    if !may_mount() {
        return;
    }
    let desk = Desk::founded();
    let files = contents(&desk.workspace());
    // Where systems keep it, and where people do.
    let hide = "for folder in /usr/lib/jvm /usr/java /opt; do [ ! -d $folder ] || mount -t tmpfs tmpfs $folder; done";
    let mut command = desk.in_namespace(hide, &["target", "list"]);
    command.env_remove("JAVA_HOME");
    let (status, answer) = answered(&["target", "list"], &command.output().unwrap());
    assert_eq!(status, 0, "{answer:#}");
    let local = answer.as_array().unwrap().iter().find(|row| row["name"] == "local-spark").unwrap();
    assert_eq!(local["ready"], false, "{local:#}");
    let detail = local["detail"].as_str().unwrap().to_lowercase();
    assert!(detail.contains("java") || detail.contains("jdk"), "{local:#}");
    assert_eq!(contents(&desk.workspace()), files);
}

#[test]
fn a_damaged_entry_and_a_damaged_blob_are_found_by_name_and_nothing_is_written_after() {
    for (name, folder) in [("an entry", "log"), ("a blob", "blob")] {
        let desk = Desk::founded();
        let sound = contents(&desk.workspace());
        let file = sound.keys().find(|file| file.starts_with(folder)).unwrap();
        let path = desk.workspace().join(file);
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let damaged = contents(&desk.workspace());
        let words = ["workspace", "verify"];
        let (status, answer) = answered(&words, &desk.command(&words).output().unwrap());
        assert_eq!(status, 3, "{name}: {answer:#}");
        let export = desk.folder.path().join("copy");
        let words = ["workspace", "export", &export.display().to_string()];
        let (status, answer) = answered(&words, &desk.command(&words).output().unwrap());
        assert_eq!((status, &answer["code"]), (3, &json!("verification")), "{name}: {answer:#}");
        assert!(!export.exists(), "{name}: what is damaged is not handed on");
        assert_eq!(contents(&desk.workspace()), damaged, "{name}: nothing else changed");
        // Put right, it holds again.
        fs::write(&path, &sound[file]).unwrap();
        let words = ["workspace", "verify"];
        let (status, answer) = answered(&words, &desk.command(&words).output().unwrap());
        assert_eq!(status, 0, "{name}: {answer:#}");
    }
}
