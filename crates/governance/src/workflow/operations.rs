//! What was done to an instance, as far as the facts themselves do not say it: they name tasks, timers and incidents by
//! number, and a number says nothing once its task is gone.

use bpmn::Act;
use bpmn::engine::Note;
use serde::{Deserialize, Serialize};

use super::Instance;

/// An instance remembers this many operations; older ones are told without names.
pub const OPERATIONS_KEPT: usize = 200;

/// Something that was done to an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Position of the entry.
    pub position: u64,
    /// The number its act gives.
    pub number: u64,
    /// The element of that task, timer or incident.
    pub element: String,
    /// For a timer, how late it fired, in seconds.
    #[serde(default)]
    pub late_s: i64,
    /// For a timer, how many ticks of its cycle were missed and count as this one.
    #[serde(default)]
    pub missed: u32,
}

impl Instance {
    /// The element that a number stands for, or stood for.
    pub fn element_of(&self, number: u64) -> Option<&str> {
        self.standing(number).or_else(|| {
            let noted = self.operations.iter().rev().find(|operation| operation.number == number);
            noted.map(|operation| operation.element.as_str())
        })
    }

    /// The element of an open task, a timer that runs or an open incident.
    fn standing(&self, number: u64) -> Option<&str> {
        let engine = &self.engine;
        let task = engine.tasks.get(&number).map(|task| &task.element);
        let watch = || engine.watches.get(&number).map(|watch| &watch.element);
        let incident = || engine.incidents.get(&number).map(|incident| &incident.element);
        task.or_else(watch).or_else(incident).map(|element| &**element)
    }

    /// Notes what an act was done to, while the instance still stands as before it.
    pub(super) fn note_operation(&mut self, position: u64, act: &Act, notes: &[Note]) {
        let number = match act {
            Act::Claim { task }
            | Act::Release { task }
            | Act::Assign { task, .. }
            | Act::Delegate { task, .. }
            | Act::Resolve { task }
            | Act::Complete { task, .. } => *task,
            Act::Fire { timer } => *timer,
            Act::Trigger { waiting, .. } => *waiting,
            Act::Retry { incident } | Act::Skip { incident, .. } => *incident,
            Act::MoveDue { of, .. } => *of,
            Act::Start { .. }
            | Act::Signal { .. }
            | Act::Message { .. }
            | Act::EffectSucceeded { .. }
            | Act::EffectFailed { .. }
            | Act::Set { .. }
            | Act::Cancel { .. } => return,
        };
        let Some(element) = self.standing(number).map(str::to_owned) else { return };
        let fired = notes.iter().find_map(|note| match note {
            Note::Fired { late_s, missed, .. } => Some((*late_s, *missed)),
            _ => None,
        });
        let (late_s, missed) = fired.unwrap_or_default();
        self.operations.push(Operation { position, number, element, late_s, missed });
        let excess = self.operations.len().saturating_sub(OPERATIONS_KEPT);
        self.operations.drain(..excess);
    }
}
