//! A desk at a workspace in a bucket.

use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A desk with a home of its own.
pub(crate) struct Desk<'a> {
    home: TempDir,
    place: &'a str,
    environment: &'a [(String, String)],
    pub(crate) member: &'a str,
}

impl<'a> Desk<'a> {
    /// `member` sits at it (nobody, where that is empty); `environment` is how the bucket is found.
    pub(crate) fn new(place: &'a str, environment: &'a [(String, String)], member: &'a str) -> Desk<'a> {
        Desk { home: tempfile::tempdir().unwrap(), place, environment, member }
    }

    /// The same desk with somebody at it.
    pub(crate) fn of(self, member: &'a str) -> Desk<'a> {
        Desk { member, ..self }
    }

    /// The program, with everything but the answer.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command
            .args(words)
            .arg("--json")
            .env("COUNTERSIGN_HOME", self.home.path())
            .env("COUNTERSIGN_WORKSPACE", self.place)
            .envs(self.environment.iter().cloned())
            .env_remove("DBUS_SESSION_BUS_ADDRESS");
        if !self.member.is_empty() {
            command.env("COUNTERSIGN_MEMBER", self.member);
        }
        command
    }

    /// Exit code and answer.
    pub(crate) fn run(&self, words: &[&str]) -> (i32, Value) {
        answered(words, &self.command(words).output().unwrap())
    }

    /// The answer of what must succeed.
    pub(crate) fn ok(&self, words: &[&str]) -> Value {
        let (status, answer) = self.run(words);
        assert_eq!(status, 0, "{words:?}: {answer:#}");
        answer
    }

    /// Another desk at the same workspace, by invitation; its member's key is made there and enrolled from here.
    pub(crate) fn invites(&self, member: &'a str) -> Desk<'a> {
        let other = Desk::new(self.place, self.environment, "");
        let link = self.ok(&["workspace", "invite"])["link"].as_str().unwrap().to_owned();
        let made = other.ok(&["--workspace", &link, "member", "key", member]);
        let key = made["key"].as_str().unwrap();
        self.ok(&["member", "add", member, "--role", "data-scientist", "--key", key]);
        other.of(member)
    }

    /// Position of the last entry this desk knows of.
    pub(crate) fn head(&self) -> u64 {
        self.ok(&["workspace", "status"])["workspace"]["head"].as_u64().unwrap()
    }
}

/// Both want the next slot, four times over; each gets one of its own.
pub(crate) fn race(one: &Desk<'_>, other: &Desk<'_>) {
    let before = one.head();
    let racing: Vec<_> = (0..4)
        .flat_map(|nth| [one, other].map(|desk| (desk, nth)))
        .map(|(desk, nth)| {
            let mut command = desk.command(&["project", "create", &format!("{} {nth}", desk.member)]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in racing {
        let (status, answer) = answered(&["project", "create"], &child.wait_with_output().unwrap());
        assert_eq!(status, 0, "{answer:#}");
    }
    assert_eq!((one.head(), other.head()), (before + 8, before + 8));
}

/// What a finished program answered.
fn answered(words: &[&str], done: &Output) -> (i32, Value) {
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let answer = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|error| panic!("{words:?}: {error}: {}{}", said(&done.stdout), said(&done.stderr)));
    (done.status.code().unwrap(), answer)
}
