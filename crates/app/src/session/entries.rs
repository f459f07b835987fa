//! Entries as the rules and the cache understand them.

use ::ledger::{Payload, Slot};
use cache::projection::Recorded as Logged;
use governance::state::{Decision, Stated};
use governance::{Fact, MemberName, PublicKey, State};
use unicode_normalization::UnicodeNormalization;
use words::{Said, said};

use crate::Failure;

/// Whether a key speaks for a person at this slot.
pub(crate) fn key_holds(state: &State, key: &::ledger::PublicKey, person: Option<&str>) -> bool {
    let Ok(key) = key.to_string().parse::<PublicKey>() else { return false };
    state.keys.get(&key).is_some_and(|row| {
        row.valid_from.is_some()
            && row.revoked_at.is_none()
            && person.is_none_or(|person| row.member.as_str() == person)
    })
}

/// The person and the facts of a payload, as the rules understand them.
pub(super) fn stated_in(payload: &Payload) -> Result<(MemberName, Vec<Stated>), String> {
    let facts = payload
        .facts
        .iter()
        .map(|raw| {
            let fact =
                Fact::read(&raw.kind, raw.body.clone()).map_err(|why| format!("`{}`: {why}", raw.kind))?;
            if !matches!(fact, Fact::Unknown { .. }) && fact.subject() != raw.subject {
                return Err(format!("`{}` says it is about `{}`, but is not", raw.kind, raw.subject));
            }
            Ok(Stated { id: raw.id.to_string().parse().map_err(|error| format!("{error}"))?, fact })
        })
        .collect::<Result<_, String>>()?;
    Ok((payload.person.parse().map_err(|error| format!("{error}"))?, facts))
}

/// Reads an entry as the rules understand it.
pub(crate) fn decision_of(slot: &Slot, entry: &::ledger::Entry) -> Result<Decision, String> {
    let payload = &entry.payload;
    let (person, facts) = stated_in(payload)?;
    Ok(Decision {
        position: slot.position,
        person,
        key: payload.author_key.to_string().parse().map_err(|error| format!("{error}"))?,
        at: payload.claimed_at.parse().map_err(|error| format!("its time: {error}"))?,
        rules_version: payload.rules_version,
        facts,
    })
}

/// What is to be said, as the cache keeps it: in no language yet.
pub(super) fn spoken(said: &Said) -> String {
    serde_json::to_string(said).unwrap_or_default()
}

/// Why a slot counts for nothing, to be said.
pub(crate) fn void_said(reason: &::ledger::VoidReason) -> Said {
    use ::ledger::VoidReason;
    match reason {
        VoidReason::Oversized => said!("void-oversized"),
        VoidReason::Unparsable { why } => said!("void-unreadable", why = why),
        VoidReason::Unsigned { found } => said!("void-signatures", found = *found),
        VoidReason::BadSignature => said!("void-bad-signature"),
        VoidReason::OtherWorkspace { signed } => said!("void-other-workspace", signed = signed.to_string()),
        VoidReason::OtherPosition { signed } => said!("void-other-position", signed = signed.to_string()),
        VoidReason::KeyNotHeld { key, person } => {
            said!("void-key-not-held", key = key.to_string(), person = person)
        }
        VoidReason::Newer { .. } => said!("void-newer"),
        VoidReason::OtherHistory { .. } => said!("void-other-history"),
    }
}

pub(super) fn logged(
    slot: &Slot,
    entry: &::ledger::Entry,
    decision: &Decision,
    void: Option<String>,
) -> Logged {
    let facts = entry
        .payload
        .facts
        .iter()
        .map(|raw| serde_json::json!({"id": raw.id.to_string(), "kind": raw.kind, "subject": raw.subject, "body": raw.body}))
        .collect();
    Logged {
        position: slot.position,
        at: decision.at.to_string(),
        member: decision.person.to_string(),
        key: decision.key.to_string(),
        void,
        chain: slot.after.hex(),
        facts: serde_json::Value::Array(facts),
        about: decision.facts.iter().flat_map(|stated| stated.fact.about()).collect(),
    }
}

pub(super) fn void(slot: &Slot, entry: Option<&::ledger::Entry>, why: String) -> Logged {
    Logged {
        position: slot.position,
        at: entry.map(|entry| entry.payload.claimed_at.clone()).unwrap_or_default(),
        member: entry.map(|entry| entry.payload.person.clone()).unwrap_or_default(),
        key: entry.map(|entry| entry.payload.author_key.to_string()).unwrap_or_default(),
        void: Some(why),
        chain: slot.after.hex(),
        facts: serde_json::Value::Array(Vec::new()),
        about: Vec::new(),
    }
}

/// The ledger takes text in Unicode's normal form C only, so that equal texts are equal bytes.
pub(super) fn normal(fact: Fact) -> Result<Fact, Failure> {
    fn walk(value: serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::String(text) => serde_json::Value::String(text.nfc().collect()),
            serde_json::Value::Array(items) => items.into_iter().map(walk).collect(),
            serde_json::Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (name.nfc().collect::<String>(), walk(value)))
                .collect(),
            other => other,
        }
    }
    let kind = fact.kind().to_owned();
    Fact::read(&kind, walk(fact.body()))
        .map_err(|cause| Failure::internal("the fact cannot be written", &cause))
}
