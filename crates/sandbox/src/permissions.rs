//! What one may do, as far as a look before a run asks: `projects.testIamPermissions` of Resource Manager, v1, and
//! `projects.serviceAccounts.testIamPermissions` of IAM, v1. Whoever asks may do everything, unless a fault says otherwise.

use serde_json::json;

use crate::answer::{Answer, Refusal};
use crate::faults::Kind;
use crate::{Call, House};

/// The most permissions one request may ask for, as the services have it.
const ASKED_MAX: usize = 100;

/// Those of the permissions asked for that are granted: while a fault of permissions waits, looking only.
pub(crate) fn tested(house: &House, call: &Call) -> Result<Answer, Refusal> {
    let body = call.json()?;
    let asked: Vec<&str> =
        body["permissions"].as_array().into_iter().flatten().filter_map(|one| one.as_str()).collect();
    if asked.is_empty() || asked.len() > ASKED_MAX {
        return Err(Refusal::invalid("permissions: 1 to 100 of them are needed"));
    }
    let looks_only = house.faults.waiting().iter().any(|fault| fault.kind == Kind::Permission);
    let granted: Vec<&str> = asked
        .into_iter()
        .filter(|one| !looks_only || one.ends_with(".get") || one.ends_with(".list"))
        .collect();
    // The services leave an empty list out.
    Ok(Answer::json(&if granted.is_empty() { json!({}) } else { json!({ "permissions": granted }) }))
}
