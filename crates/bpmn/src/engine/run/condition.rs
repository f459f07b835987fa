//! Conditional events: they fire each time their condition becomes true.

use super::super::{Wait, Watch};
use super::*;
use crate::model::{NodeKind, Trigger};

impl<'a> Run<'a> {
    /// Looks at every condition; queues those that became true and tells whether there were any.
    pub(super) fn check_conditions(&mut self) -> bool {
        let fired = self.conditions_that_hold(|_| true);
        let any = !fired.is_empty();
        self.agenda.extend(fired.into_iter().map(Work::Trigger));
        any
    }

    /// Lets those of some fresh conditions fire that hold already, at once.
    pub(super) fn fire_held(&mut self, of: impl Fn(&Watch) -> bool) {
        for watch in self.conditions_that_hold(of) {
            self.trigger(watch);
        }
    }

    fn conditions_that_hold(&mut self, of: impl Fn(&Watch) -> bool) -> Vec<u64> {
        let conditions: Vec<(u64, u64, Name, Option<u64>, bool)> = self
            .state
            .watches
            .iter()
            .filter(|(_, watch)| of(watch))
            .filter_map(|(id, watch)| match watch.wait {
                Wait::Condition { held } => {
                    Some((*id, watch.scope, watch.element.clone(), watch.token, held))
                }
                _ => None,
            })
            .collect();
        let mut fired = Vec::new();
        for (id, scope, element, token, held) in conditions {
            let Some(condition) = self.condition_at(scope, &element) else { continue };
            // A condition over variables that are not there yet does not hold yet.
            let holds = self.holds(condition, scope, token).unwrap_or(false);
            if let Some(watch) = self.state.watches.get_mut(&id) {
                watch.wait = Wait::Condition { held: holds };
            }
            if holds && !held {
                fired.push(id);
            }
        }
        fired
    }

    fn condition_at(&self, scope: u64, element: &str) -> Option<&'a Expression> {
        let process = self.process_of(scope)?;
        let trigger = match &process.node(process.find(element)?).kind {
            NodeKind::Catch(trigger) => trigger,
            NodeKind::Boundary(boundary) => &boundary.trigger,
            NodeKind::Start(start) => start.trigger.as_ref()?,
            _ => return None,
        };
        match trigger {
            Trigger::Condition { condition } => Some(condition),
            _ => None,
        }
    }
}
