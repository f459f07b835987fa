//! Instances that move to another version of their definition.

use std::collections::BTreeMap;

use bpmn::engine::Plan;
use jiff::Timestamp;

use super::{Definition, Instance, OpenTask};
use crate::fact::InstanceMigrated;
use crate::refusal::{Phrase, Refusal};
use crate::roles::Deed;
use crate::state::{Decision, State};

impl State {
    pub(crate) fn migrate_instance(
        &mut self,
        decision: &Decision,
        fact: &InstanceMigrated,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::AdministerProcesses)?;
        if fact.reason.trim().is_empty() {
            return Err(Refusal::ReasonNeeded { what: Phrase::new("reason-for-moving"), chars_min: 1 });
        }
        let instance = self.instance(&fact.instance)?.clone();
        let to = self.definition(&fact.definition)?.clone();
        let (plan, engine) = self.plan_migration(&instance, &to, &fact.map, decision.at)?;
        if let Some(problem) = plan.problems.first() {
            return Err(Refusal::NotMigratable {
                instance: instance.id.to_string(),
                why: vec![Phrase::quoted(&problem.message)],
            });
        }
        let (library, called) = self.reach(&to)?;
        let (definition, definition_name) = (to.id.clone(), to.name.clone());
        let mut moved = Instance { definition, definition_name, library, called, engine, ..instance };
        self.settle(decision, moved.clone(), &to);
        // Whoever holds a task and may not in this version gives it back.
        let unfit: Vec<u64> = moved
            .engine
            .tasks
            .keys()
            .copied()
            .filter(|number| {
                let row = self.tasks.get(&OpenTask::key(&moved.id, *number));
                row.is_some_and(|row| {
                    let open = OpenTask { assignee: None, ..row.clone() };
                    row.assignee.as_ref().is_some_and(|holder| self.check_may_take(holder, &open).is_err())
                })
            })
            .collect();
        for number in &unfit {
            if let Some(task) = moved.engine.tasks.get_mut(number) {
                (task.assignee, task.owner, task.claimed_at) = (None, None, None);
            }
        }
        if !unfit.is_empty() {
            self.settle(decision, moved, &to);
        }
        Ok(())
    }

    /// What moving an instance would do, and the engine's state after it.
    ///
    /// # Errors
    /// [`Refusal::NotMigratable`] when the other definition is not one an instance may move to at all.
    pub fn plan_migration(
        &self,
        instance: &Instance,
        to: &Definition,
        map: &BTreeMap<String, String>,
        at: Timestamp,
    ) -> Result<(Plan, bpmn::State), Refusal> {
        let refuse =
            |why: Vec<Phrase>| Err(Refusal::NotMigratable { instance: instance.id.to_string(), why });
        let from = self.definition(&instance.definition)?;
        if from.id == to.id {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("already-on-version").with("number", to.number),
            });
        }
        if from.name != to.name {
            return refuse(vec![
                Phrase::new("another-definition").with("to", &to.name).with("from", &from.name),
            ]);
        }
        let mut obstacles = to.obstacles();
        if !obstacles.is_empty() {
            obstacles.insert(0, Phrase::new("version-not-startable").with("number", to.number));
            return refuse(obstacles);
        }
        let (reached, _) = self.reach(to)?;
        // Moving throws nothing: every version of the rules plans it the same way.
        let rules = crate::RULES_VERSION;
        let (from, to) = (self.library_of(rules, instance, from)?, self.library(rules, to, &reached)?);
        let at = at.max(instance.engine.at);
        Ok(bpmn::engine::migrate(&from, &to, &instance.engine, map, at))
    }
}
