//! Calls that failed and that their definition has tried again: the engine tries nothing by itself.

use bpmn::Act;
use bpmn::engine::{Library, NextTry, next_try};
use governance::Fact;
use governance::fact::InstanceMoved;
use governance::workflow::Instance;

use crate::Failure;
use crate::ledger::facts_of;
use crate::session::Session;

/// Entries about an instance that are looked through for earlier tries.
const ENTRIES_MAX: u32 = 10_000;

/// The incidents of an instance that are tried again by themselves, and when. `library` holds what the instance runs on.
pub(crate) fn tries(
    session: &Session,
    instance: &Instance,
    library: &Library,
) -> Result<Vec<(u64, NextTry)>, Failure> {
    let mut tries = Vec::new();
    for (number, incident) in &instance.engine.incidents {
        let next = |made: u32| next_try(library, &instance.engine, *number, made);
        // Most definitions prescribe nothing, and then nobody need count.
        let Some(effect) = incident.effect.as_ref().filter(|_| next(0).is_some()) else { continue };
        let made = answers(session, instance, effect)?.saturating_sub(1);
        tries.extend(next(made).map(|next| (*number, next)));
    }
    Ok(tries)
}

/// How often a call was answered, well or badly: its key is the same for every attempt.
fn answers(session: &Session, instance: &Instance, key: &str) -> Result<u32, Failure> {
    let (_, entries) = session.cache.entries(Some(instance.id.as_str()), None, None, ENTRIES_MAX)?;
    let facts = entries.iter().filter(|entry| entry.void.is_none()).flat_map(facts_of);
    let answers = facts.filter(|fact| match fact {
        Fact::InstanceMoved(InstanceMoved {
            instance: of,
            act: Act::EffectFailed { effect, .. } | Act::EffectSucceeded { effect, .. },
            ..
        }) => *of == instance.id && effect == key,
        _ => false,
    });
    Ok(u32::try_from(answers.count()).unwrap_or(u32::MAX))
}
