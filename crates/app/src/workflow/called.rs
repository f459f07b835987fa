//! Processes that a definition calls in other definitions, and which of its own can be started.

use std::collections::BTreeMap;
use std::sync::Arc;

use bpmn::engine::Library;
use governance::DefinitionId;
use governance::workflow::{Definition, Instance, elsewhere};

use super::contract::parse_definition;
use super::definitions::{FILE_BYTES_MAX, all, start_prompts_of};
use super::starts::start_events;
use super::{CalledRow, HolderRow, ProcessRow};
use crate::Failure;
use crate::session::Session;

/// The latest version of every definition that holds a process.
fn holders(all: &[Definition], process: &str) -> Vec<Definition> {
    let mut latest: BTreeMap<&str, &Definition> = BTreeMap::new();
    for definition in all {
        let known = latest.entry(&definition.name).or_insert(definition);
        if definition.number > known.number {
            *known = definition;
        }
    }
    latest.into_values().filter(|definition| definition.processes.contains_key(process)).cloned().collect()
}

/// What a version's calls into other definitions are bound to by themselves: what they were bound to in the version before,
/// or the one definition there is that holds the process.
pub(super) fn bound_by_itself(
    session: &Session,
    parsed: &bpmn::Definition,
    before: Option<&Definition>,
) -> Result<BTreeMap<String, DefinitionId>, Failure> {
    let wanted = elsewhere(parsed);
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let all = all(session)?;
    let mut bound = BTreeMap::new();
    for process in wanted {
        let kept = before.and_then(|before| before.called.get(&process)).cloned();
        let only = || match holders(&all, &process).as_slice() {
            [only] => Some(only.id.clone()),
            _ => None,
        };
        if let Some(id) = kept.or_else(only) {
            bound.insert(process, id);
        }
    }
    Ok(bound)
}

/// The processes that a definition calls in others, with what each is bound to and could be.
pub(super) fn rows<'a>(
    session: &Session,
    called: impl IntoIterator<Item = &'a String>,
    bound_to: &BTreeMap<String, DefinitionId>,
) -> Result<Vec<CalledRow>, Failure> {
    let mut called = called.into_iter().peekable();
    if called.peek().is_none() {
        return Ok(Vec::new());
    }
    let all = all(session)?;
    let holder = |definition: &Definition| HolderRow {
        id: definition.id.to_string(),
        name: definition.name.clone(),
        version: definition.number,
    };
    Ok(called
        .map(|process| {
            let bound = bound_to.get(process).and_then(|id| all.iter().find(|one| one.id == *id));
            let mut choices: Vec<HolderRow> = holders(&all, process).iter().map(holder).collect();
            if let Some(bound) = bound.filter(|bound| choices.iter().all(|one| one.id != bound.id.as_str())) {
                choices.push(holder(bound));
            }
            CalledRow { process: process.clone(), bound: bound.map(holder), choices }
        })
        .collect())
}

/// The definitions that one which calls these reaches, and what each is called, nearest first.
pub(super) async fn reached(
    session: &Session,
    called: &BTreeMap<String, DefinitionId>,
) -> Result<Vec<(Definition, bpmn::Definition)>, Failure> {
    let mut wanted: Vec<DefinitionId> = called.values().cloned().collect();
    let mut reached: Vec<(Definition, bpmn::Definition)> = Vec::new();
    let mut at = 0;
    while let Some(id) = wanted.get(at).cloned() {
        at += 1;
        if reached.iter().any(|(known, _)| known.id == id) {
            continue;
        }
        let definition: Definition = session.row("definitions", "definition", id.as_str())?;
        let bytes = session.blob(&definition.document, FILE_BYTES_MAX).await?;
        wanted.extend(definition.called.values().cloned());
        reached.push((definition, parse_definition(&bytes)?));
    }
    Ok(reached)
}

/// The processes of a definition that can be started, the one that is started by itself first.
pub(super) fn processes(parsed: &bpmn::Definition) -> Vec<ProcessRow> {
    let startable = parsed.processes.iter().filter(|process| process.executable);
    startable
        .map(|process| ProcessRow {
            id: process.id.to_string(),
            name: process.name.clone().unwrap_or_else(|| process.id.to_string()),
            prompts: start_prompts_of(process),
            start_events: start_events(process),
        })
        .collect()
}

/// What an instance runs on, for the engine: its own definition first. What `read` holds is not read again, and what is read
/// is kept there.
pub(crate) async fn library_of(
    session: &Session,
    instance: &Instance,
    read: &mut BTreeMap<DefinitionId, Arc<bpmn::Definition>>,
) -> Result<Library, Failure> {
    let mut library = Library::default();
    for id in std::iter::once(&instance.definition).chain(&instance.library) {
        let parsed = match read.get(id) {
            Some(known) => Arc::clone(known),
            None => {
                let definition: Definition = session.row("definitions", "definition", id.as_str())?;
                let document = session.blob(&definition.document, 64 << 20).await?;
                let parsed = Arc::new(parse_definition(&document)?);
                read.insert(id.clone(), Arc::clone(&parsed));
                parsed
            }
        };
        library = library.with(parsed);
    }
    Ok(library)
}

/// The definition that something in an instance is from: its own, or one whose process it called.
pub(crate) fn definition_at(
    session: &Session,
    instance: &Instance,
    called: Option<&DefinitionId>,
) -> Result<Definition, Failure> {
    session.row("definitions", "definition", called.unwrap_or(&instance.definition).as_str())
}
