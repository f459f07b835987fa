//! The policy that the founders signed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The gate that stands for all that are not named.
pub const EVERY_GATE: &str = "*";
/// Most persons a gate may ask for.
pub const QUORUM_MAX: u32 = 16;

/// What the founders agreed on, as the founding document holds it. A document without a word about something means what
/// it always meant: one signature a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its version, which approvals name.
    #[serde(default = "first")]
    pub version: u32,
    /// How many *persons* must approve at a gate, by its element, the name of its task, or [`EVERY_GATE`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub quorum: BTreeMap<String, u32>,
}

fn first() -> u32 {
    1
}

impl Default for Policy {
    fn default() -> Self {
        Self { version: first(), quorum: BTreeMap::new() }
    }
}

impl Policy {
    /// Reads the policy of a founding document.
    ///
    /// # Errors
    /// When it holds what these rules do not know, or asks for no person or for more than [`QUORUM_MAX`]: a desk that
    /// would judge by less than the founders signed must not judge at all.
    pub fn read(policy: &Value) -> Result<Self, String> {
        let policy: Self = serde_json::from_value(policy.clone()).map_err(|cause| cause.to_string())?;
        match policy.quorum.iter().find(|(_, persons)| !(1..=QUORUM_MAX).contains(*persons)) {
            Some((gate, persons)) => {
                Err(format!("the quorum of `{gate}` is {persons}; a gate asks for 1 to {QUORUM_MAX} persons"))
            }
            None => Ok(policy),
        }
    }

    /// How many persons must approve at a gate: what is said of its element, else of its name, else of every gate, else
    /// one.
    pub fn quorum_of(&self, element: &str, name: &str) -> u32 {
        [element, name, EVERY_GATE].into_iter().find_map(|gate| self.quorum.get(gate)).copied().unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_policy_says_how_many_persons_a_gate_asks_for() {
        let rows = [
            (json!({}), "approve", "Approve", 1),
            (json!({"version": 1}), "approve", "Approve", 1),
            (json!({"quorum": {"*": 2}}), "approve", "Approve", 2),
            (json!({"quorum": {"*": 2, "Approve": 3}}), "approve", "Approve", 3),
            (json!({"quorum": {"Approve": 3, "approve": 4}}), "approve", "Approve", 4),
            (json!({"quorum": {"Approve": 3}}), "other", "Other", 1),
        ];
        for (policy, element, name, persons) in rows {
            assert_eq!(Policy::read(&policy).unwrap().quorum_of(element, name), persons, "{policy}");
        }
        for bad in [
            json!({"quorum": {"*": 0}}),
            json!({"quorum": {"*": 17}}),
            json!({"quorum": 2}),
            json!({"four_eyes": false}),
        ] {
            assert!(Policy::read(&bad).is_err(), "{bad}");
        }
    }
}
