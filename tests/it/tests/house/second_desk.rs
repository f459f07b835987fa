//! How somebody comes to a workspace from a desk of their own, and what holds between desks.

use std::time::{Duration, SystemTime};

use app::Code;
use serde_json::json;

use crate::desk::{self, Desk, contents, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_made_at_the_members_own_desk_and_signs_once_two_administrators_have_enrolled_it() {
    let desk = Desk::stocked().await;
    desk.act_as("ada").await;
    desk.ok("people.grant", json!({"name": "dana", "roles": ["administrator"]})).await;
    desk.ok("people.add_member", json!({"name": "val", "roles": ["data-scientist"]})).await;
    let invitation = desk.ok("workspace.invite", json!({})).await;
    let link = text(&invitation["link"]);

    let elsewhere = tempfile::tempdir().unwrap();
    let other = desk::open(elsewhere.path(), None, None).await;
    desk::ok(&other, "workspace.open", json!({"url": link})).await;
    let made = desk::ok(&other, "people.create_key", json!({"name": "val"})).await;
    assert_eq!(made["enrolled"], false);
    let again = desk::ok(&other, "people.create_key", json!({"name": "val"})).await;
    assert_eq!(again["key"], made["key"], "a desk has one key a member");
    desk::ok(&other, "workspace.act_as", json!({"member": "val"})).await;
    let create = || json!({"name": "Theirs"});
    let unknown = desk::call(&other, "registry.create_project", create()).await.unwrap_err();
    assert!(unknown.message.contains("belongs to no member"), "{unknown}");

    let enrol = json!({"name": "val", "key": made["key"], "device": "a laptop"});
    desk.ok("people.enrol_key", enrol.clone()).await;
    let alone = desk.refused("people.enrol_key", enrol.clone()).await;
    assert_eq!(alone.code, Code::Refused, "one administrator twice is one: {alone}");
    let waits = desk::call(&other, "registry.create_project", create()).await.unwrap_err();
    assert!(waits.message.contains("waits for another"), "{waits}");
    desk.act_as("dana").await;
    desk.ok("people.enrol_key", enrol).await;
    desk::ok(&other, "registry.create_project", create()).await;
    let people = desk.ok("people.list", json!({})).await;
    let val = people["members"].as_array().unwrap().iter().find(|row| row["name"] == "val").unwrap();
    assert_eq!(val["keys"][0]["fingerprint"], made["fingerprint"]);
    assert_eq!(val["keys"][0]["device"], "a laptop");
    assert!(val["keys"][0]["valid_from"].is_u64());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_opens_its_workspace_and_no_other_and_a_desk_knows_the_one_it_knew() {
    let desk = Desk::founded().await;
    let link = text(&desk.ok("workspace.invite", json!({})).await["link"]);
    let (place, id) = link.split_once('#').unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let other = desk::open(elsewhere.path(), None, None).await;
    let forged = format!("{place}#sha256:{}", "0".repeat(64));
    let failure = desk::call(&other, "workspace.open", json!({"url": forged})).await.unwrap_err();
    assert_eq!(failure.code, Code::Conflict, "{failure}");
    assert!(failure.message.contains(id), "{failure}");
    let malformed = format!("{place}#sha256:12");
    let failure = desk::call(&other, "workspace.open", json!({"url": malformed})).await.unwrap_err();
    assert_eq!(failure.code, Code::Usage, "{failure}");
    desk::ok(&other, "workspace.open", json!({"url": link})).await;

    // Somebody puts another workspace in its place.
    let stranger = Desk::empty().await;
    std::fs::rename(desk.workspace(), desk.folder.path().join("away")).unwrap();
    stranger.ok("workspace.create", json!({"url": place, "name": "House", "member": "ada"})).await;
    let failure = desk::call(&other, "workspace.open", json!({"url": place})).await.unwrap_err();
    assert_eq!(failure.code, Code::Conflict, "{failure}");
    assert!(failure.message.contains("was expected"), "{failure}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_holds_everything_and_is_verified_anywhere() {
    let (desk, instance) = Desk::started().await;
    desk.decide(&instance, true).await;
    desk.settle().await;
    let copy = desk.folder.path().join("copy");
    let request = json!({"folder": copy.display().to_string()});
    let exported = desk.ok("workspace.export", request.clone()).await;
    assert_eq!(exported["report"]["problems"], json!([]));
    let (was, is) = (contents(&desk.workspace()), contents(&copy));
    for (name, bytes) in &is {
        assert!(name == "verification.json" || was.get(name) == Some(bytes), "{name} differs");
    }
    assert!(was.keys().filter(|name| name.starts_with("log/")).all(|name| is.contains_key(name)));

    let elsewhere = tempfile::tempdir().unwrap();
    let other = desk::open(elsewhere.path(), Some(&copy), None).await;
    let report = desk::ok(&other, "workspace.verify", json!({})).await;
    assert_eq!(report, exported["report"], "whoever verifies the copy finds the same");
    assert!(report["blobs"].as_u64().unwrap() > 10);

    let occupied = desk.refused("workspace.export", request).await;
    assert_eq!(occupied.code, Code::Refused, "{occupied}");
    assert_eq!(contents(&copy), is, "and the copy is what it was");
    // What is damaged is not handed on.
    let (blob, _) = was.iter().find(|(name, _)| name.starts_with("blob/")).unwrap();
    let path = desk.workspace().join(blob);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[0] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let folder = desk.folder.path().join("second copy");
    let damaged = desk.refused("workspace.export", json!({"folder": folder.display().to_string()})).await;
    assert_eq!(damaged.code, Code::Verification, "{damaged}");
    assert!(!folder.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_signed_while_this_desks_clock_and_the_stores_disagree() {
    let desk = Desk::empty().await;
    let place = "memory://clocks";
    desk.ok("workspace.create", json!({"url": place, "name": "Clocks", "member": "ada"})).await;
    let store = ledger::Memory::named("clocks");
    let minutes = |count: u64| Duration::from_secs(60 * count);
    for (at, name) in [(SystemTime::now() - minutes(5), "Late"), (SystemTime::now() + minutes(60), "Early")] {
        store.tell_time(Some(at));
        let failure = desk.refused("registry.create_project", json!({"name": name})).await;
        assert_eq!(failure.code, Code::Refused, "{failure}");
        let theirs = jiff::Timestamp::try_from(at).unwrap().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        assert!(failure.message.contains(&theirs), "it says both times: {failure}");
        assert!(failure.message.matches("Z`").count() == 2, "{failure}");
    }
    store.tell_time(Some(SystemTime::now() - minutes(1)));
    desk.ok("registry.create_project", json!({"name": "In time"})).await;
}
