//! Jobs that a process waits for after it asked for them. What a job is bound to here has ended, and is proven, when its effect
//! is answered: nobody elsewhere will say so, and the agent does.

use bpmn::Act;
use bpmn::engine::{Variables, Wait};
use governance::fact::InstanceMoved;
use governance::workflow::Instance;
use governance::{Fact, InstanceId, MemberName};

use crate::session::Session;
use crate::{Code, Failure};

/// The variable by which a trigger tells how a job ended, and what it says of one that ended well. A job that fails is an
/// incident before it comes to a trigger: no task is done without its proof.
const STATE: (&str, &str) = ("state", "completed");

/// Tells every running process whose job has ended. An effect is answered and its process told one after the other: a desk
/// that is closed between leaves the second to whoever looks next.
pub(super) async fn look(session: &Session, by: &MemberName) -> Result<usize, Failure> {
    let running: Vec<(String, Instance)> = session.cache.having("instances", "status", "running")?;
    let mut told = 0;
    for (_, instance) in running {
        told += tell_all(session, &instance, by).await?;
    }
    Ok(told)
}

/// Tells one process.
pub(super) async fn tell(
    session: &Session,
    instance: &InstanceId,
    by: &MemberName,
) -> Result<usize, Failure> {
    let instance: Instance = session.row("instances", "instance", instance.as_str())?;
    tell_all(session, &instance, by).await
}

async fn tell_all(session: &Session, instance: &Instance, by: &MemberName) -> Result<usize, Failure> {
    let mut told = 0;
    let jobs = instance.engine.watches.iter().filter(|(_, watch)| matches!(watch.wait, Wait::Job { .. }));
    for (waiting, _) in jobs {
        let variables = Variables::from([(STATE.0.to_owned(), bpmn::Value::from(STATE.1))]);
        let act = Act::Trigger { waiting: *waiting, variables };
        let fact =
            Fact::InstanceMoved(InstanceMoved { instance: instance.id.clone(), act, note: String::new() });
        match session.record(by, vec![fact]).await {
            Ok(_) => told += 1,
            // Another desk told it first, or an event at its boundary came before.
            Err(failure) if failure.code == Code::Refused => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(told)
}
