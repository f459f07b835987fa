//! The desktop channel against dunst, on a D-Bus and a display of the test's own.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use notifications::{Channel, Desktop};
use serde_json::Value;

use crate::conformance::{self, Arrived, message};

const INSIDE: &str = "NOTIFICATIONS_TEST_SESSION";

/// Runs one of the tests below again, in a session of its own.
fn in_a_session(test: &str) {
    for tool in ["dunst", "dunstctl", "dbus-run-session", "xvfb-run"] {
        let found = std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file()));
        assert!(
            found,
            "`{tool}` is needed for this test; install it with `sudo apt install dunst dbus xvfb xauth`"
        );
    }
    let output = Command::new("dbus-run-session")
        .args(["--", "xvfb-run", "-a"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(said.contains("1 passed"), "{said}");
}

fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// dunst, until dropped.
struct Dunst(Child);

impl Dunst {
    fn start() -> Self {
        let null = || Stdio::null();
        let dunst = Self(
            Command::new("dunst").args(["-conf", "/dev/null"]).stdout(null()).stderr(null()).spawn().unwrap(),
        );
        let ready = || dunstctl(&["count", "displayed"]).is_some();
        wait_for("dunst owns its name on the bus", ready);
        dunst
    }
}

impl Drop for Dunst {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What `dunstctl` prints; nothing while dunst is not there.
fn dunstctl(arguments: &[&str]) -> Option<String> {
    let output = Command::new("dunstctl").args(arguments).stderr(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    (output.status.success() && !said.trim().is_empty()).then_some(said)
}

fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(30), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Closes what is shown and returns the newest notification of dunst's history.
fn newest(appname: &str) -> Arrived {
    let before: usize = dunstctl(&["count", "displayed"]).unwrap().trim().parse().unwrap();
    assert!(before > 0, "a notification is shown");
    assert!(Command::new("dunstctl").arg("close-all").status().unwrap().success());
    let mut found = None;
    wait_for("the notification is in the history", || {
        let history: Value = serde_json::from_str(&dunstctl(&["history"]).unwrap()).unwrap();
        let entries = history["data"][0].as_array().cloned().unwrap_or_default();
        found = entries.into_iter().max_by_key(|entry| entry["id"]["data"].as_u64());
        found.is_some() && dunstctl(&["count", "displayed"]).unwrap().trim() == "0"
    });
    let found = found.unwrap();
    let text = |field: &str| found[field]["data"].as_str().unwrap().to_owned();
    assert_eq!(text("appname"), appname);
    let body =
        text("body").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    Arrived { title: text("summary"), body }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_delivered_is_shown() {
    if !is_inside() {
        return in_a_session("desktop::what_is_delivered_is_shown");
    }
    let _dunst = Dunst::start();
    let desktop = Desktop::new("Countersign", "Open", |_| {});
    conformance::delivers(&desktop, || newest("Countersign")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_brings_the_link_and_closing_does_not() {
    if !is_inside() {
        return in_a_session("desktop::a_click_brings_the_link_and_closing_does_not");
    }
    let _dunst = Dunst::start();
    let (clicked, clicks) = mpsc::channel();
    let desktop = Desktop::new("Countersign", "Open", move |link| clicked.send(link).unwrap());
    let mut references = BTreeSet::new();
    let mut link = None;
    // The library listens only after the daemon has shown the message; a click in between is lost, as on any desktop, so
    // the message is shown again until one is not.
    for _ in 0..20 {
        let delivery = desktop.deliver(&message("Run failed", "train.py ended with 1")).await.unwrap();
        assert!(references.insert(delivery.reference), "every notification has a number of its own");
        assert!(Command::new("dunstctl").args(["action", "0"]).status().unwrap().success());
        link = clicks.recv_timeout(Duration::from_secs(1)).ok();
        if link.is_some() {
            break;
        }
    }
    assert_eq!(link.as_deref(), Some("countersign://runs/01J"));
    assert!(clicks.try_recv().is_err(), "one click, one link");
    desktop.deliver(&message("Run failed", "again")).await.unwrap();
    assert!(Command::new("dunstctl").arg("close").status().unwrap().success());
    assert!(clicks.recv_timeout(Duration::from_secs(1)).is_err(), "closing is no click");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_daemon_it_is_offline_and_does_not_hang() {
    if !is_inside() {
        return in_a_session("desktop::without_a_daemon_it_is_offline_and_does_not_hang");
    }
    // A bus, and nobody on it. Where dunst's service file has the bus start it on demand, it ends at once: the bus was
    // started before the display.
    let desktop = Desktop::new("Countersign", "Open", |_| {});
    conformance::tells_that_nobody_is_there(&desktop).await;
}

#[test]
fn without_a_bus_it_is_offline() {
    if std::env::var_os("NOTIFICATIONS_TEST_NO_BUS").is_none() {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "desktop::without_a_bus_it_is_offline", "--nocapture"])
            .env("NOTIFICATIONS_TEST_NO_BUS", "1")
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
            .output()
            .unwrap();
        let (said, errors) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{said}{errors}");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let desktop = Desktop::new("Countersign", "Open", |_| {});
    runtime.block_on(conformance::tells_that_nobody_is_there(&desktop));
}
