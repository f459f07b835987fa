//! Which topics a bucket tells of its objects (`notificationConfigs` of the JSON API). They are kept and shown; nothing is
//! delivered, because there is no Pub/Sub here.

use std::path::PathBuf;

use axum::http::Method;
use runs::digest::Sha256;
use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::{Call, House, empty, write_whole};

/// What a configuration may be told of; none means all.
const EVENTS: [&str; 4] = ["OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE", "OBJECT_ARCHIVE"];

/// Configurations of one bucket at the most, as the service has it.
const CONFIGS_MAX: usize = 100;

/// Everything under `b/{bucket}/notificationConfigs`.
pub(super) fn answer(house: &House, call: &Call, bucket: &str, rest: &[&str]) -> Result<Answer, Refusal> {
    house.bucket(bucket)?;
    let mut kept = kept(house, bucket);
    let at = |id: &str| {
        let place = kept.iter().position(|config| config["id"] == id);
        place.ok_or_else(|| Refusal::not_found(&format!("No such notification: {id}")))
    };
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let mut list = json!({ "kind": "storage#notifications" });
            if !kept.is_empty() {
                list["items"] = kept.into();
            }
            Ok(Answer::json(&list))
        }
        (&Method::POST, []) => {
            if kept.len() >= CONFIGS_MAX {
                return Err(Refusal::invalid("the bucket has its most notification configurations"));
            }
            let mut config = checked(call.json()?)?;
            let last = kept.iter().filter_map(|config| config["id"].as_str()?.parse::<u64>().ok()).max();
            let id = (last.unwrap_or(0) + 1).to_string();
            config["kind"] = json!("storage#notification");
            config["selfLink"] =
                json!(format!("{}/storage/v1/b/{bucket}/notificationConfigs/{id}", house.url()));
            config["etag"] = json!(id);
            config["id"] = json!(id);
            kept.push(config.clone());
            keep(house, bucket, &kept)?;
            Ok(Answer::json(&config))
        }
        (&Method::GET, [id]) => Ok(Answer::json(&kept[at(id)?])),
        (&Method::DELETE, [id]) => {
            kept.remove(at(id)?);
            keep(house, bucket, &kept)?;
            Ok(Answer::bytes(204, empty()))
        }
        _ => Err(Refusal::not_found("no such method of notification configurations here")),
    }
}

/// Forgets those of a bucket that goes.
pub(super) fn forget(house: &House, bucket: &str) {
    // One that was never written is no loss.
    let _ = std::fs::remove_file(path(house, bucket));
}

/// A configuration as somebody asks for it.
fn checked(config: Value) -> Result<Value, Refusal> {
    let topic = config["topic"].as_str().unwrap_or_default();
    let parts: Vec<&str> = topic.trim_start_matches("//pubsub.googleapis.com/").split('/').collect();
    if !matches!(parts.as_slice(), ["projects", project, "topics", name] if !project.is_empty() && !name.is_empty())
    {
        return Err(Refusal::invalid("topic is to be //pubsub.googleapis.com/projects/PROJECT/topics/TOPIC"));
    }
    if !matches!(config["payload_format"].as_str(), Some("JSON_API_V1" | "NONE")) {
        return Err(Refusal::invalid("payload_format is to be JSON_API_V1 or NONE"));
    }
    let events = config["event_types"].as_array().into_iter().flatten();
    for event in events {
        if !event.as_str().is_some_and(|event| EVENTS.contains(&event)) {
            return Err(Refusal::invalid(&format!("no such event type: {event}")));
        }
    }
    Ok(config)
}

fn path(house: &House, bucket: &str) -> PathBuf {
    let digest = Sha256::of(format!("{bucket}\nnotifications").as_bytes()).to_string();
    house.folder.join("about").join(format!("{digest}.json"))
}

fn kept(house: &House, bucket: &str) -> Vec<Value> {
    let text = std::fs::read(path(house, bucket)).ok();
    text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

fn keep(house: &House, bucket: &str, configs: &[Value]) -> Result<(), Refusal> {
    let text = serde_json::to_vec(configs).map_err(|e| Refusal::internal(&e.to_string()))?;
    write_whole(&path(house, bucket), &text)
}
