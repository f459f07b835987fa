//! A desk without a keychain, or with one that never answers, falls back to files within seconds.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use identity::{Kept, KeyHolder};

const HOME: &str = "IDENTITY_TEST_HOME";

/// Not a test of its own: what the tests below run in a process with another environment.
#[test]
fn opens_and_signs_in_the_given_home() {
    let Some(home) = std::env::var_os(HOME) else { return };
    let desk = KeyHolder::open(Path::new(&home)).unwrap();
    assert!(matches!(desk.kept(), Kept::Files(_)), "{:?}", desk.kept());
    desk.create("ana").unwrap();
    desk.sign("ana", b"message").unwrap();
}

fn check(variables: &[(&str, &Path)], at_most: Duration) {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "opens_and_signs_in_the_given_home"]).env(HOME, home.path());
    command.env_remove("DBUS_SESSION_BUS_ADDRESS").env_remove("XDG_RUNTIME_DIR").env_remove("DISPLAY");
    for (name, path) in variables {
        let value = if *name == "DBUS_SESSION_BUS_ADDRESS" {
            format!("unix:path={}", path.display())
        } else {
            path.display().to_string()
        };
        command.env(name, value);
    }
    let begun = Instant::now();
    let output = command.output().unwrap();
    let took = begun.elapsed();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(took < at_most, "it took {took:?}");
    assert!(home.path().join("keys/ana.key").exists());
}

#[test]
fn without_a_session_bus_the_file_is_taken_at_once() {
    check(&[], Duration::from_secs(2));
}

#[test]
fn a_session_bus_that_is_gone_is_not_waited_for() {
    check(&[("DBUS_SESSION_BUS_ADDRESS", Path::new("/nonexistent/bus"))], Duration::from_secs(4));
}

#[test]
fn a_session_bus_that_never_answers_costs_a_few_seconds_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("bus");
    // Connections are taken by the kernel and never answered.
    let listener = UnixListener::bind(&socket).unwrap();
    check(&[("DBUS_SESSION_BUS_ADDRESS", &socket)], Duration::from_secs(8));
    check(&[("XDG_RUNTIME_DIR", folder.path())], Duration::from_secs(8));
    drop(listener);
}
