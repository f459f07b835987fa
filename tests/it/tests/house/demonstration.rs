//! The demonstration where a step does not come to what it must: it says which, and why, until it is played on.

use serde_json::{Value, json};

use crate::desk::{Desk, call, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_failed_is_told_with_its_reason_and_can_be_played_again() {
    // There is no Spark at this desk.
    let desk = Desk::empty().await;
    desk.ok("demonstration.prepare", json!({})).await;
    let story = async || desk.ok("workspace.status", json!({})).await["workspace"]["demonstration"].clone();
    let states = |story: &Value| -> Vec<String> {
        story["steps"].as_array().unwrap().iter().map(|step| text(&step["state"])).collect()
    };
    assert!(states(&story().await).iter().all(|state| state != "failed"));
    for _ in 0..2 {
        let failure = call(&desk.app, "demonstration.play", json!({"to_end": true})).await.unwrap_err();
        let told = story().await;
        let failed: Vec<&Value> =
            told["steps"].as_array().unwrap().iter().filter(|step| step["state"] == "failed").collect();
        let [step] = failed.as_slice() else { panic!("one step failed: {told:#}") };
        assert_eq!(step["name"], "training");
        assert_eq!(step["detail"], failure.to_string());
        assert_eq!(told["playing"], false);
        let before: Vec<String> = states(&told).into_iter().take_while(|state| state == "done").collect();
        assert!(before.len() > 6, "what was done stays done: {told:#}");
    }
}
