//! Compute Engine's quotas of a region, as far as a look before a run asks for them.

use serde_json::{Value, json};

use crate::House;
use crate::answer::Answer;
use crate::faults::Kind;

/// What every region has: more than a rehearsal uses.
const LIMITS: [(&str, f64); 4] =
    [("CPUS", 1000.0), ("N2_CPUS", 1000.0), ("N2D_CPUS", 1000.0), ("DISKS_TOTAL_GB", 100_000.0)];

/// `regions.get` of Compute Engine, v1. While a fault of quota waits, there is none.
pub(crate) fn region(house: &House, project: &str, region: &str) -> Answer {
    let none = house.faults.waiting().iter().any(|fault| fault.kind == Kind::Quota);
    let quotas: Vec<Value> = LIMITS
        .into_iter()
        .map(|(metric, limit)| json!({ "metric": metric, "limit": if none { 0.0 } else { limit }, "usage": 0.0 }))
        .collect();
    Answer::json(&json!({
        "kind": "compute#region",
        "name": region,
        "selfLink": format!("{}/compute/v1/projects/{project}/regions/{region}", house.url()),
        "status": "UP",
        "quotas": quotas,
    }))
}
