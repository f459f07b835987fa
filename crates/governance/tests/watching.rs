//! The monitoring room's facts over a history with a clock of its own, kept in `tests/golden/rules/monitoring.jsonl`: each
//! line is judged as it was when it was written, and the rows say what they said then.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use governance::state::{Decision, Founding, Stated};
use governance::{Fact, Policy, State};
use serde_json::Value;

/// Members in the order of their keys.
const PEOPLE: [&str; 4] = ["ada", "ana", "sam", "robot"];

fn key(nth: usize) -> governance::PublicKey {
    format!("ed25519:{:064x}", nth + 1).parse().unwrap()
}

/// Everything that `then` says, `now` says too.
fn says(path: &str, now: &Value, then: &Value) {
    match (now, then) {
        (Value::Object(_), Value::Object(then)) => {
            then.iter().for_each(|(name, then)| says(&format!("{path}.{name}"), &now[name], then));
        }
        (Value::Array(now), Value::Array(then)) => {
            assert_eq!(now.len(), then.len(), "{path}");
            now.iter().zip(then).for_each(|(now, then)| says(path, now, then));
        }
        _ => assert_eq!(now, then, "{path}"),
    }
}

#[test]
fn alerts_are_told_again_after_a_day_and_whoever_may_judge_settles_them() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/rules/monitoring.jsonl");
    #[expect(clippy::disallowed_methods, reason = "a test reads its golden file")]
    let text = std::fs::read_to_string(path).unwrap();
    let (mut state, _) = State::found(&Founding {
        name: "Watching".to_owned(),
        founders: vec![("ada".parse().unwrap(), "Ada".to_owned(), key(0))],
        policy: Policy::read(&serde_json::json!({})).unwrap(),
        at: "2026-03-01T00:00:00Z".parse().unwrap(),
    });
    let mut lines = text.lines();
    let expected: Value = serde_json::from_str(lines.next_back().unwrap()).unwrap();
    let mut position = 0;
    for (nth, line) in lines.enumerate() {
        let line: Value = serde_json::from_str(line).unwrap();
        let person = line["person"].as_str().unwrap();
        let fact = Fact::read(line["kind"].as_str().unwrap(), line["body"].clone()).unwrap();
        says("body", &fact.body(), &line["body"]);
        let judged = state.admit(&Decision {
            position: position + 1,
            person: person.parse().unwrap(),
            key: key(PEOPLE.iter().position(|one| *one == person).unwrap()),
            at: line["at"].as_str().unwrap().parse().unwrap(),
            rules_version: 1,
            facts: vec![Stated { id: format!("{:026}", 900 + nth).parse().unwrap(), fact }],
        });
        let refused = judged.err().map(|refusal| serde_json::to_value(&refusal).unwrap()["rule"].clone());
        assert_eq!(refused.unwrap_or_default(), line["refused"], "line {}: {line}", nth + 1);
        position += u64::from(line["refused"].is_null());
    }
    for row in expected["rows"].as_array().unwrap() {
        let (table, id) = (row["table"].as_str().unwrap(), row["key"].as_str().unwrap());
        let now = match table {
            "monitors" => serde_json::to_value(state.monitors.get(&id.parse().unwrap()).unwrap()),
            "alerts" => serde_json::to_value(state.alerts.get(&id.parse().unwrap()).unwrap()),
            "reports" => serde_json::to_value(state.reports.get(&id.parse().unwrap()).unwrap()),
            _ => panic!("no table {table}"),
        };
        says(table, &now.unwrap(), &row["row"]);
    }
}
