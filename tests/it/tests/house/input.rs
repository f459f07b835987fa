//! Whatever a shell sends, a command answers with a failure of the closed list that says something, and records nothing.

use app::Code;
use app::commands::COMMANDS;
use serde_json::{Value, json};

use crate::desk::{self, CHAMPION, Desk};

/// A well-formed identifier of nothing.
const NOBODY: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// Commands that need nothing from their request and change where the desk stands: tried by shape only.
const NEED_NOTHING: [&str; 3] = ["workspace.close", "demonstration.prepare", "demonstration.play"];

/// Writes that may succeed on nothing, as they keep something on this desk only or look at what others wrote.
const DESK_ONLY: [&str; 7] = [
    "workspace.refresh",
    "workflow.keep_draft",
    "notices.mark_read",
    "people.create_key",
    "runs.reconcile",
    "runs.start_sandbox",
    "runs.stop_sandbox",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_no_object_is_told_so_by_every_command() {
    let desk = Desk::founded().await;
    for command in COMMANDS {
        for request in [json!(7), json!("text"), json!(true), json!(-1.5)] {
            let failure = desk.refused(command.name, request.clone()).await;
            assert_eq!(failure.code, Code::Usage, "{} {request}: {failure:?}", command.name);
            assert!(failure.message.contains(command.name) && !failure.hint.is_empty(), "{failure:?}");
        }
    }
    let failure = desk.refused("registry.conjure", json!({})).await;
    assert_eq!(failure.code, Code::Usage);
    assert!(failure.message.contains("`registry.conjure`"), "{failure}");
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_wrongly_typed_and_unknown_requests_move_nothing() {
    let desk = Desk::stocked().await;
    let nobody = json!({
        "version": NOBODY, "versions": [NOBODY, NOBODY], "project": NOBODY, "model": NOBODY, "definition": NOBODY,
        "instance": NOBODY, "incident": "1", "task": format!("{NOBODY}/1"), "run": NOBODY, "member": "nobody-here",
        "name": "", "key": "0000000000000000", "path": "/nowhere/at/all", "reason": "because", "text": "said",
        "bucket": "no-such-bucket", "kind": "train", "width": 400, "height": 300, "roles": ["validator"],
        "position": 999_999, "variables": {}, "answers": {}, "url": "/nowhere/at/all", "notices": [NOBODY],
        "theme": "loud", "language": "none", "desktop_notices": true, "buckets": "relative",
    });
    let mut wrong = nobody.clone();
    for value in wrong.as_object_mut().unwrap().values_mut() {
        *value = json!([{"deep": [null]}]);
    }
    let mut nulls = nobody.clone();
    for value in nulls.as_object_mut().unwrap().values_mut() {
        *value = Value::Null;
    }
    let mut long = nobody.clone();
    for value in long.as_object_mut().unwrap().values_mut().filter(|value| value.is_string()) {
        *value = json!(format!("\u{0}../{}", "é".repeat(5000)));
    }
    let before = desk.ok("workspace.verify", json!({})).await;
    let mut failed = 0;
    for command in COMMANDS.iter().filter(|command| !NEED_NOTHING.contains(&command.name)) {
        for (row, request) in
            [("empty", &json!({})), ("nobody", &nobody), ("wrong", &wrong), ("null", &nulls), ("long", &long)]
        {
            match desk::call(&desk.app, command.name, request.clone()).await {
                Ok(_) => assert!(
                    command.changes.is_empty() || DESK_ONLY.contains(&command.name),
                    "`{}` did something about the row `{row}`",
                    command.name
                ),
                Err(failure) => {
                    failed += 1;
                    assert!(!failure.message.is_empty(), "{} {row}", command.name);
                    assert_ne!(failure.code, Code::Internal, "{} {row}: {failure:?}", command.name);
                }
            }
        }
    }
    assert!(failed > COMMANDS.len(), "most of it must have failed, only {failed} did");
    let after = desk.ok("workspace.verify", json!({})).await;
    assert_eq!(after, before, "the history is the same");
    let version = desk.ok("registry.show_version", json!({"version": CHAMPION})).await;
    assert_eq!(version["role"], "champion");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_workspace_every_room_says_that_none_is_open() {
    let desk = Desk::empty().await;
    for command in
        ["people.list", "registry.list_projects", "workflow.list_tasks", "runs.list", "ledger.list"]
    {
        let failure = desk::call(&desk.app, command, json!({})).await.unwrap_err();
        assert_eq!(failure.code, Code::NoWorkspace, "{command}: {failure:?}");
        assert!(failure.hint.contains("workspace init"), "{failure}");
    }
}
