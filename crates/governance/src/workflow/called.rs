//! Processes that call processes of other definitions. A definition is bound to exact versions of those, and an instance
//! stays on what it could reach when it began.

use super::*;

/// The processes that a document calls by name and does not hold.
pub fn elsewhere(document: &bpmn::Definition) -> BTreeSet<String> {
    let nodes = document.processes.iter().flat_map(|process| &process.nodes);
    let called = nodes.filter_map(|node| match &node.kind {
        bpmn::model::NodeKind::Call(call) => match &call.process {
            bpmn::model::Text::Literal(process) => Some(process.trim().to_owned()),
            bpmn::model::Text::Expression(_) => None,
        },
        _ => None,
    });
    called.filter(|called| !called.is_empty() && document.process(Some(called)).is_none()).collect()
}

impl State {
    /// A definition and everything it reaches by calls, itself first.
    pub(crate) fn reached(&self, definition: &DefinitionId) -> Vec<DefinitionId> {
        let mut reached = vec![definition.clone()];
        let mut at = 0;
        while let Some(of) = reached.get(at).and_then(|id| self.definitions.get(id)) {
            let called: Vec<DefinitionId> =
                of.called.values().filter(|id| !reached.contains(id)).cloned().collect();
            for id in called {
                if !reached.contains(&id) {
                    reached.push(id);
                }
            }
            at += 1;
        }
        reached
    }

    /// The definitions that an instance runs on, its own first.
    pub(crate) fn runs_on(&self, instance: &InstanceId) -> impl Iterator<Item = &DefinitionId> {
        let instance = self.instances.get(instance);
        instance
            .into_iter()
            .flat_map(|instance| std::iter::once(&instance.definition).chain(&instance.library))
    }

    /// What an instance of a definition may call: the other definitions, and which of them each process is in. Every one of
    /// them must be fit to be started itself.
    pub(super) fn reach(
        &self,
        definition: &Definition,
    ) -> Result<(Vec<DefinitionId>, BTreeMap<String, DefinitionId>), Refusal> {
        let others = self.reached(&definition.id).split_off(1);
        let own = self.document(&definition.document)?;
        let mut called = BTreeMap::new();
        for id in &others {
            let other = self.definition(id)?;
            let why = other.obstacles();
            if !why.is_empty() {
                return Err(Refusal::NotStartable { definition: other.name.clone(), why });
            }
            for process in &self.document(&other.document)?.processes {
                if own.process(Some(&process.id)).is_none() {
                    called.entry(process.id.to_string()).or_insert_with(|| id.clone());
                }
            }
        }
        Ok((others, called))
    }

    /// The documents of a definition and of others, for the engine.
    pub(super) fn library(
        &self,
        rules_version: u32,
        definition: &Definition,
        others: &[DefinitionId],
    ) -> Result<Library, Refusal> {
        let mut library = Library::new(Arc::clone(self.document(&definition.document)?));
        for id in others {
            library = library.with(Arc::clone(self.document(&self.definition(id)?.document)?));
        }
        // Rules before version 8 threw messages without the value by which receivers are told apart, let a task have the
        // number of the one before it, and left the limits of what was skipped.
        Ok(if rules_version < 8 { library.judging_as_once() } else { library })
    }

    /// What an instance runs on, for the engine.
    pub(super) fn library_of(
        &self,
        rules_version: u32,
        instance: &Instance,
        definition: &Definition,
    ) -> Result<Library, Refusal> {
        self.library(rules_version, definition, &instance.library)
    }

    /// The definition that a task of an instance is from: its bindings, gates and reminders are that one's.
    pub fn definition_of_task<'a>(
        &'a self,
        instance: &Instance,
        started: &'a Definition,
        task: u64,
    ) -> &'a Definition {
        instance.process_at(task).and_then(|id| self.definitions.get(id)).unwrap_or(started)
    }

    /// The definition that an effect of an instance is from.
    pub(super) fn definition_of_effect<'a>(
        &'a self,
        instance: &Instance,
        started: &'a Definition,
        effect: &str,
    ) -> &'a Definition {
        instance.called_at(effect).and_then(|id| self.definitions.get(id)).unwrap_or(started)
    }

    /// Only processes that it calls are bound, and only to definitions that hold them.
    pub(super) fn check_called(&self, fact: &DefinitionBound) -> Result<(), Refusal> {
        let definition = self.definition(&fact.definition)?;
        for (process, id) in &fact.called {
            let other = self.definition(id)?;
            let holds = self.document(&other.document)?.process(Some(process)).is_some();
            if !definition.calls_away.contains(process) || !holds {
                return Err(Refusal::Unknown { noun: "process-of-this-definition", id: process.clone() });
            }
        }
        Ok(())
    }
}

impl Instance {
    /// The other definition that a token stands in, if it is not its own.
    fn process_at(&self, token: u64) -> Option<&DefinitionId> {
        let token = self.engine.tokens.get(&token)?;
        self.called.get(&*self.engine.scopes.get(&token.scope)?.process)
    }

    /// The other definition that an effect was asked for by, if it is not its own.
    pub fn called_at(&self, effect: &str) -> Option<&DefinitionId> {
        self.process_at(self.engine.effects.get(effect)?.token?)
    }

    /// The other definition that a task is from, if it is not its own.
    pub fn called_task(&self, task: u64) -> Option<&DefinitionId> {
        self.process_at(task)
    }
}
