//! Calls that failed: those that their definition has tried again are, when it is time.

use std::collections::BTreeMap;

use bpmn::Act;
use cache::Match;
use governance::fact::InstanceMoved;
use governance::workflow::Instance;
use governance::{Fact, MemberName};

use super::due;
use crate::session::Session;
use crate::{Code, Failure, workflow};

/// Tries again what is due now, each once, whichever desk is first.
pub(super) async fn look(session: &Session, by: &MemberName) -> Result<usize, Failure> {
    let mut begun = 0;
    let stopped: Vec<Instance> = due(session, "instances", vec![Match::Above("incidents", 0)], "key")?;
    let mut read = BTreeMap::new();
    for instance in stopped {
        let library = workflow::library_of(session, &instance, &mut read).await?;
        for (incident, next) in workflow::tries(session, &instance, &library)? {
            if next.at > session.now() {
                continue;
            }
            let instance = instance.id.clone();
            let act = Act::Retry { incident };
            let fact = Fact::InstanceMoved(InstanceMoved { instance, act, note: String::new() });
            match session.record(by, vec![fact]).await {
                Ok(_) => begun += 1,
                // Another desk tried it first, or somebody passed it over.
                Err(failure) if failure.code == Code::Refused => {}
                Err(failure) => return Err(failure),
            }
        }
    }
    Ok(begun)
}
