//! Which version a process is about: the one it began with, until it retrains, chooses another, or goes back.
//!
//! A retrained version is approved, migrated and published as itself. A process that were still about the version it began
//! with would have that one approved a second time, and would publish what nobody asked for.

use bpmn::engine::Variables;
use bpmn::{Act, Event};

use super::*;
use crate::fact::{InstanceTurned, Placed};
use crate::registry::Version;
use crate::runs::{Run, is_attempt_at};

/// The variable that is told which version an instance is about.
pub(super) const VERSION_VARIABLE: &str = "ModelVersionId";

/// A moment at which a process came to be about another version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Position of the entry.
    pub position: u64,
    /// The version it was about until then.
    pub from: Option<VersionId>,
    /// What the service task that turned it is bound to; `None` where an administrator did.
    pub by: Option<Action>,
}

impl Definition {
    /// Whether it has a task that chooses which version it is about.
    pub fn chooses(&self) -> bool {
        self.bound.values().any(|binding| binding.action == Action::Choose)
    }
}

impl Instance {
    /// A variable as seen from where an effect stands.
    pub fn variable_at(&self, effect: &str, name: &str) -> Option<&bpmn::Value> {
        let token = self.engine.effects.get(effect).and_then(|pending| pending.token);
        let scope = token.and_then(|token| self.engine.tokens.get(&token)).map(|token| token.scope);
        let root = || self.engine.scopes.iter().find(|(_, scope)| scope.parent.is_none()).map(|(id, _)| *id);
        self.engine.variable(scope.or_else(root)?, name)
    }

    /// The version it was about before the last retraining.
    pub fn before_retraining(&self) -> Option<&VersionId> {
        self.turns.iter().rfind(|turn| turn.by == Some(Action::Retrain)).and_then(|turn| turn.from.as_ref())
    }
}

impl State {
    /// The effect of an instance that is answered beside, and what it is bound to.
    fn answered_beside<'a>(
        &self,
        decision: &'a Decision,
        instance: &Instance,
        definition: &Definition,
    ) -> Option<(&'a str, Action)> {
        decision.facts.iter().find_map(|stated| match &stated.fact {
            Fact::InstanceMoved(moved) if moved.instance == instance.id => match &moved.act {
                Act::EffectSucceeded { effect, .. } => {
                    let pending = instance.engine.effects.get(effect)?;
                    let of = self.definition_of_effect(instance, definition, effect);
                    Some((effect.as_str(), of.bound.get(&*pending.effect.element)?.action))
                }
                _ => None,
            },
            _ => None,
        })
    }

    /// Runs that stand behind an effect of an instance.
    pub(super) fn attempts<'a>(
        &'a self,
        instance: &'a Instance,
        kind: RunKind,
        effect: &'a str,
    ) -> impl Iterator<Item = &'a Run> {
        self.runs.rows().filter(move |run| {
            run.kind == kind
                && matches!(&run.cause, Some(Cause::Effect { instance: of, effect: key })
                    if *of == instance.id && is_attempt_at(key, effect))
        })
    }

    /// The version that came of a retraining.
    pub(super) fn made_by(&self, run: &Run) -> Option<&Version> {
        self.versions.rows().find(|version| version.by_run.as_ref() == Some(&run.id))
    }

    /// The version of a project that a text means: an identifier, a model's name for its latest version, or the name and a
    /// number.
    pub fn version_meant(&self, project: &ProjectId, text: &str) -> Option<&Version> {
        let text = text.trim();
        let known = || {
            self.versions.rows().find(|version| version.project == *project && version.id.as_str() == text)
        };
        let latest = || {
            let model = self.model_named(project, text)?;
            self.versions.get(model.versions.last()?)
        };
        let numbered = || {
            let (name, number) = text.rsplit_once([' ', '@'])?;
            let model = self.model_named(project, name.trim_end())?;
            model
                .versions
                .iter()
                .filter_map(|id| self.versions.get(id))
                .find(|version| version.number() == number)
        };
        known().or_else(latest).or_else(numbered)
    }

    /// The version that a task which chooses means: the one that its answer names.
    pub fn version_chosen(
        &self,
        instance: &Instance,
        definition: &Definition,
        effect: &str,
    ) -> Option<&Version> {
        let pending = instance.engine.effects.get(effect)?;
        let definition = self.definition_of_effect(instance, definition, effect);
        let variable = definition.bound.get(&*pending.effect.element)?.inputs.get("version")?;
        self.version_meant(&instance.project, instance.variable_at(effect, variable)?.as_str()?)
    }

    pub(crate) fn turn_instance(
        &mut self,
        decision: &Decision,
        fact: &InstanceTurned,
    ) -> Result<(), Refusal> {
        if decision.rules_version < 6 {
            return Err(Refusal::KindNewer { kind: "instance.turned".to_owned() });
        }
        let mut instance = self.instance(&fact.instance)?.clone();
        let definition = self.definition(&instance.definition)?.clone();
        let version = self.version(&fact.version)?;
        if version.project != instance.project {
            return Err(Refusal::Unknown { noun: "version-in-this-project", id: fact.version.to_string() });
        }
        if instance.status != "running" || instance.version.as_ref() == Some(&fact.version) {
            return Err(Refusal::NothingToDo { what: Phrase::new("already-about-version") });
        }
        let by = match self.answered_beside(decision, &instance, &definition) {
            Some((effect, action @ (Action::Retrain | Action::Choose | Action::Keep))) => {
                self.check_may(&decision.person, Deed::CarryOut)?;
                let meant = match action {
                    Action::Retrain => self
                        .attempts(&instance, RunKind::Retrain, effect)
                        .filter(|run| run.state == RunState::Succeeded)
                        .any(|run| version.by_run.as_ref() == Some(&run.id)),
                    Action::Keep => instance.before_retraining() == Some(&version.id),
                    _ => self.version_chosen(&instance, &definition, effect) == Some(version),
                };
                if !meant {
                    return Err(Refusal::BadTurn {
                        what: Phrase::new("turn-not-meant").with("action", action.name()),
                    });
                }
                Some(action)
            }
            _ => {
                self.check_may(&decision.person, Deed::AdministerProcesses)?;
                if fact.reason.trim().is_empty() {
                    return Err(Refusal::ReasonNeeded { what: Phrase::new("reason-for-this"), chars_min: 1 });
                }
                None
            }
        };
        instance.turns.push(Turn { position: decision.position, from: instance.version.take(), by });
        instance.version = Some(fact.version.clone());
        if instance.engine.variables().contains_key(VERSION_VARIABLE) {
            let told = bpmn::Value::String(fact.version.to_string());
            let act =
                Act::Set { variables: Variables::from([(VERSION_VARIABLE.to_owned(), told)]), scope: None };
            let library = self.library_of(decision.rules_version, &instance, &definition)?;
            let event = Event::new(decision.at.max(instance.engine.at), act);
            instance.engine = bpmn::step(&library, &instance.engine, &event).map_err(Refusal::from)?.state;
        }
        self.settle(decision, instance, &definition);
        Ok(())
    }

    /// A service task that turns its process, or makes its version the champion, is done only when that is so.
    pub(super) fn check_turned(
        &self,
        instance: &Instance,
        definition: &Definition,
        effect: &str,
        action: Action,
    ) -> Result<(), Refusal> {
        let version = instance.version.as_ref();
        let done = match action {
            Action::Choose => {
                self.version_chosen(instance, definition, effect).map(|chosen| &chosen.id) == version
            }
            // A process that never retrained is about the version it keeps.
            Action::Keep => instance.before_retraining().is_none_or(|before| Some(before) == version),
            _ => version.is_some() && self.project(&instance.project)?.champion.as_ref() == version,
        };
        if done {
            return Ok(());
        }
        Err(Refusal::BadTurn { what: Phrase::new("turn-not-done").with("action", action.name()) })
    }

    /// Whether it is a process that makes this version the champion, by a task bound to that: then whoever carries out does
    /// so, and only with an approval of exactly these contents.
    pub(crate) fn is_made_champion_by_process(
        &self,
        decision: &Decision,
        fact: &Placed,
    ) -> Result<bool, Refusal> {
        // Rules before version 6 knew only persons who name a champion.
        if decision.rules_version < 6 {
            return Ok(false);
        }
        let is_done = self.instances.rows().any(|instance| {
            instance.version.as_ref() == Some(&fact.version)
                && instance.project == fact.project
                && self.definitions.get(&instance.definition).is_some_and(|definition| {
                    matches!(
                        self.answered_beside(decision, instance, definition),
                        Some((_, Action::Champion))
                    )
                })
        });
        if !is_done {
            return Ok(false);
        }
        self.check_may(&decision.person, Deed::CarryOut)?;
        let root = &self.version(&fact.version)?.package.root;
        if !self.approved(&fact.version, root) {
            return Err(Refusal::NotApproved { what: Phrase::new("to-make-champion"), digest: root.clone() });
        }
        Ok(true)
    }
}
