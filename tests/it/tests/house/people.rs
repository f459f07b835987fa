//! Members, keys and roles: who founds, who grants, and who is left.

use app::Code;
use serde_json::{Value, json};

use crate::desk::{Desk, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_is_founded_and_members_come_with_keys_of_their_own() {
    let desk = Desk::founded().await;
    let status = desk.ok("workspace.status", json!({})).await;
    assert_eq!(status["workspace"]["name"], "House");
    assert_eq!(status["workspace"]["member"]["name"], "ada");
    assert_eq!(status["workspace"]["alone"], true);
    assert_eq!(status["workspace"]["keys_in"], "file");
    desk.ok("people.add_member", json!({"name": "vera", "roles": ["validator"], "key_here": true})).await;
    desk.ok("people.add_member", json!({"name": "far", "roles": ["it"]})).await;
    let status = desk.ok("workspace.status", json!({})).await;
    assert_eq!(status["workspace"]["members_here"], json!(["ada", "vera"]), "`far` has no key here");
    let people = desk.ok("people.list", json!({})).await;
    let vera = people["members"].as_array().unwrap().iter().find(|row| row["name"] == "vera").unwrap();
    assert_eq!(vera["roles"], json!(["validator"]));
    assert_eq!(vera["keys"].as_array().unwrap().len(), 1);

    let taken = desk.refused("people.add_member", json!({"name": "vera", "roles": ["it"]})).await;
    assert_eq!(taken.code, Code::Refused, "{taken}");
    desk.act_as("vera").await;
    let failure = desk.refused("people.add_member", json!({"name": "eve", "roles": ["it"]})).await;
    assert_eq!(failure.code, Code::Refused);
    assert!(failure.message.contains("`administrator`"), "{failure}");
    let again = json!({"url": desk.workspace().display().to_string(), "name": "Other", "member": "eve"});
    assert_eq!(desk.refused("workspace.create", again).await.code, Code::Conflict);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_stays_and_two_cannot_grant_to_themselves() {
    let desk = Desk::peopled().await;
    let last = desk.refused("people.revoke", json!({"name": "ada", "roles": ["administrator"]})).await;
    assert_eq!(last.code, Code::Refused);
    assert!(last.message.contains("last administrator"), "{last}");

    desk.ok("people.grant", json!({"name": "vera", "roles": ["administrator"]})).await;
    desk.act_as("vera").await;
    let own = desk.refused("people.grant", json!({"name": "vera", "roles": ["it"]})).await;
    assert_eq!(own.code, Code::Refused);
    assert!(own.message.contains("cannot grant roles to themselves"), "{own}");
    // The other administrator may, and may also go now that there are two.
    desk.act_as("ada").await;
    desk.ok("people.grant", json!({"name": "vera", "roles": ["it"]})).await;
    desk.ok("people.revoke", json!({"name": "ada", "roles": ["administrator"]})).await;
    let failure = desk.refused("people.grant", json!({"name": "ana", "roles": ["it"]})).await;
    assert_eq!(failure.code, Code::Refused, "she is none any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_who_cannot_sign_agrees_to_nothing_and_nobody_waits_for_them() {
    let desk = Desk::founded().await;
    desk.ok("people.add_member", json!({"name": "bob", "roles": ["administrator"]})).await;
    // Only `ada` signs: were she to go, nobody could decide anything any more.
    let last = desk.refused("people.revoke", json!({"name": "ada", "roles": ["administrator"]})).await;
    assert!(last.message.contains("last administrator"), "{last}");
    // And the first key of the second administrator needs no word of the second administrator.
    let key = "ab".repeat(32);
    desk.ok("people.enrol_key", json!({"name": "bob", "key": key})).await;
    let people = desk.ok("people.list", json!({})).await;
    let bob = people["members"].as_array().unwrap().iter().find(|row| row["name"] == "bob").unwrap();
    assert!(bob["keys"][0]["valid_from"].is_u64(), "{bob:#}");
    desk.ok("people.revoke", json!({"name": "ada", "roles": ["administrator"]})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_waits_for_a_second_administrator_is_confirmed_by_whoever_is_left() {
    let desk = Desk::peopled().await;
    desk.ok("people.grant", json!({"name": "vera", "roles": ["administrator"]})).await;
    desk.ok("people.add_member", json!({"name": "far", "roles": ["it"]})).await;
    let request = json!({"name": "far", "key": "cd".repeat(32)});
    let valid_from = async |desk: &Desk| {
        let people = desk.ok("people.list", json!({})).await;
        let far =
            people["members"].as_array().unwrap().iter().find(|row| row["name"] == "far").unwrap().clone();
        far["keys"][0]["valid_from"].clone()
    };
    desk.ok("people.enrol_key", request.clone()).await;
    let again = desk.refused("people.enrol_key", request.clone()).await;
    assert_eq!(again.code, Code::Refused, "one administrator is not two: {again}");
    desk.ok("people.revoke", json!({"name": "vera", "roles": ["administrator"]})).await;
    assert_eq!(valid_from(&desk).await, Value::Null);
    desk.ok("people.enrol_key", request).await;
    assert_eq!(valid_from(&desk).await, json!(desk.head().await));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_revoked_key_signs_is_refused() {
    let desk = Desk::peopled().await;
    let people = desk.ok("people.list", json!({})).await;
    let ana = people["members"].as_array().unwrap().iter().find(|row| row["name"] == "ana").unwrap();
    let key = text(&ana["keys"][0]["fingerprint"]);
    desk.ok("people.revoke_key", json!({"key": key, "reason": "the laptop was stolen"})).await;
    desk.act_as("ana").await;
    let failure = desk.refused("registry.create_project", json!({"name": "Mine"})).await;
    assert_eq!(failure.code, Code::Refused, "{failure:?}");
    assert!(failure.message.contains("was revoked"), "{failure}");
    let unknown = desk.refused("people.revoke_key", json!({"key": "ffff", "reason": "who knows"})).await;
    assert_eq!(unknown.code, Code::NotFound, "{unknown}");
}
