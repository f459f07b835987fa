//! Processes of runs, told apart from later processes with the same number.

use std::path::Path;

use rustix::process::{Pid, kill_process};
use serde::{Deserialize, Serialize};

/// A process, as the supervisor wrote it down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recorded {
    pub(super) pid: i32,
    /// When it started, in the system's own unit.
    start: String,
    /// The boot it belongs to.
    boot: String,
}

impl Recorded {
    /// Whether this very process lives: same boot, same start, not waiting to be collected.
    pub(super) fn is_alive(&self) -> bool {
        if boot() != self.boot {
            return false;
        }
        match std::fs::read_to_string(format!("/proc/{}/stat", self.pid)) {
            Ok(stat) => stat.rsplit_once(')').is_some_and(|(_, rest)| {
                let mut fields = rest.split_whitespace();
                let state = fields.next();
                state != Some("Z") && state != Some("X") && fields.nth(18) == Some(self.start.as_str())
            }),
            Err(_) if Path::new("/proc/self").exists() => false,
            Err(_) => std::process::Command::new("ps")
                .args(["-o", "lstart=", "-p", &self.pid.to_string()])
                .output()
                .is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).trim() == self.start),
        }
    }
}

fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

/// What to tell a process.
#[derive(Clone, Copy, Debug)]
pub(super) enum Signal {
    Terminate,
    Kill,
}

/// The processes that carry the mark of the run in `folder`, wherever in the process tree they went.
pub(super) fn marked(folder: &Path) -> Vec<i32> {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mark = format!("COUNTERSIGN_RUN_FOLDER={}", folder.display());
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
        .filter(|pid| {
            std::fs::read(format!("/proc/{pid}/environ")).is_ok_and(|variables| {
                variables.split(|b| *b == 0).any(|variable| variable == mark.as_bytes())
            })
        })
        .collect()
}

/// Sends a signal to each; one that is gone already is what was wanted.
pub(super) fn send(pids: &[i32], signal: Signal) {
    let signal = match signal {
        Signal::Terminate => rustix::process::Signal::TERM,
        Signal::Kill => rustix::process::Signal::KILL,
    };
    for pid in pids.iter().filter_map(|pid| Pid::from_raw(*pid)) {
        let _ = kill_process(pid, signal);
    }
}
