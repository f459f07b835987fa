//! Calls that failed and that their definition has tried again: the engine tries nothing by itself.

use std::sync::Arc;

use bpmn::Act;
use bpmn::engine::{Library, NextTry, next_try};
use governance::Fact;
use governance::fact::InstanceMoved;
use governance::workflow::{Definition, Instance};

use super::contract::parse_definition;
use crate::Failure;
use crate::session::Session;

/// How Flowable and Camunda write it.
const MARK: &[u8] = b"failedJobRetryTimeCycle";
/// Entries about an instance that are looked through for earlier tries.
const ENTRIES_MAX: u32 = 10_000;

/// The incidents of an instance that are tried again by themselves, and when.
pub(crate) async fn tries(session: &Session, instance: &Instance) -> Result<Vec<(u64, NextTry)>, Failure> {
    if instance.engine.ended() || instance.engine.incidents.is_empty() {
        return Ok(Vec::new());
    }
    let mut library = Library::default();
    let mut any = false;
    for id in std::iter::once(&instance.definition).chain(&instance.library) {
        let definition: Definition = session.row("definitions", "definition", id.as_str())?;
        let document = session.blob(&definition.document, 64 << 20).await?;
        any |= document.windows(MARK.len()).any(|part| part == MARK);
        library = library.with(Arc::new(parse_definition(&document)?));
    }
    if !any {
        return Ok(Vec::new());
    }
    let mut tries = Vec::new();
    for (number, incident) in &instance.engine.incidents {
        let Some(effect) = &incident.effect else { continue };
        let made = answers(session, instance, effect)?.saturating_sub(1);
        tries.extend(next_try(&library, &instance.engine, *number, made).map(|next| (*number, next)));
    }
    Ok(tries)
}

/// How often a call was answered, well or badly: its key is the same for every attempt.
fn answers(session: &Session, instance: &Instance, key: &str) -> Result<u32, Failure> {
    let (_, entries) = session.cache.entries(Some(instance.id.as_str()), None, None, ENTRIES_MAX)?;
    let mut count = 0;
    for entry in entries.iter().filter(|entry| entry.void.is_none()) {
        for fact in entry.facts.as_array().into_iter().flatten() {
            let kind = fact.get("kind").and_then(serde_json::Value::as_str).unwrap_or_default();
            let body = fact.get("body").cloned().unwrap_or_default();
            let Ok(Fact::InstanceMoved(InstanceMoved { instance: of, act, .. })) = Fact::read(kind, body)
            else {
                continue;
            };
            if let Act::EffectFailed { effect, .. } | Act::EffectSucceeded { effect, .. } = act
                && of == instance.id
                && effect == key
            {
                count += 1;
            }
        }
    }
    Ok(count)
}
