//! Schedules: what is to be run when, and what became of each time.
//!
//! The rules here never ask what time it is in a zone: two desks may have different editions of the time zone database,
//! and must still agree on every entry. Whoever carries a schedule out works out when it is due ([`Rule::due`]); the rules
//! see to it that a time counts once, in order, and never before its time.

mod rule;

pub use rule::{Pace, Rule, Unfit};

use serde::{Deserialize, Serialize};

use crate::fact::{RunKind, ScheduleAdded, ScheduleFired, ScheduleRemoved};
use crate::names::{MemberName, RunId, ScheduleId};
use crate::refusal::{Phrase, Refusal};
use crate::roles::Deed;
use crate::state::{Decision, State};

/// The most schedules a workspace has at one time.
pub const SCHEDULES_MAX: usize = 1000;

/// How many of a schedule's last times are kept with it; the ledger has them all.
const FIRINGS_KEPT: usize = 20;

/// A schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// What was said of it.
    pub added: ScheduleAdded,
    /// Who wants it.
    pub by: MemberName,
    /// Since when: intervals are counted from here.
    pub at: jiff::Timestamp,
    /// How often it fired in all.
    pub fired: u32,
    /// Its last times, latest last.
    pub firings: Vec<Firing>,
}

/// One time that a schedule was due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firing {
    /// When it was due.
    pub due: jiff::Timestamp,
    /// When it was seen to.
    pub at: jiff::Timestamp,
    /// Earlier times that were missed and are made good by this one.
    pub missed: u32,
    /// The run that was asked for.
    pub run: Option<RunId>,
    /// Why none was.
    pub problem: String,
}

impl Schedule {
    /// The moment after which its next time is looked for.
    pub fn since(&self) -> jiff::Timestamp {
        self.firings.last().map_or(self.at, |firing| firing.due)
    }
}

impl State {
    /// The schedule of that identifier.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when there is none, or no more.
    pub fn schedule(&self, id: &ScheduleId) -> Result<&Schedule, Refusal> {
        self.schedules.get(id).ok_or_else(|| Refusal::Unknown { noun: "schedule", id: id.to_string() })
    }

    pub(crate) fn add_schedule(&mut self, decision: &Decision, fact: &ScheduleAdded) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RequestRun)?;
        if self.schedules.has(&fact.schedule) {
            return Err(Refusal::Exists { noun: "schedule", id: fact.schedule.to_string() });
        }
        if self.schedules.rows().any(|other| other.added.name == fact.name) {
            return Err(Refusal::NameTaken { noun: "schedule", name: fact.name.to_string() });
        }
        if self.schedules.rows().count() >= SCHEDULES_MAX {
            return Err(Refusal::BadSchedule {
                what: Phrase::new("schedules-full").with("most", SCHEDULES_MAX),
            });
        }
        if fact.kind == RunKind::Migrate {
            return Err(Refusal::BadSchedule { what: Phrase::new("schedule-migrates") });
        }
        let version = self.version(&fact.version)?;
        if !self.approved(&fact.version, &version.package.root) {
            return Err(Refusal::NotApproved {
                what: super::deed_of(fact.kind),
                digest: version.package.root.clone(),
            });
        }
        let schedule = Schedule {
            added: fact.clone(),
            by: decision.person.clone(),
            at: decision.at,
            fired: 0,
            firings: Vec::new(),
        };
        self.schedules.put(fact.schedule.clone(), schedule);
        Ok(())
    }

    pub(crate) fn fire_schedule(&mut self, decision: &Decision, fact: &ScheduleFired) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RequestRun)?;
        let schedule = self.schedule(&fact.schedule)?;
        if fact.due <= schedule.since() {
            return Err(Refusal::BadSchedule {
                what: Phrase::new("schedule-seen-to")
                    .with("name", &schedule.added.name)
                    .with("due", fact.due),
            });
        }
        if fact.due > decision.at {
            return Err(Refusal::BadSchedule {
                what: Phrase::new("schedule-not-due")
                    .with("name", &schedule.added.name)
                    .with("due", fact.due),
            });
        }
        match &fact.run {
            Some(run) => {
                // The run is asked for by the same entry, before: one does not happen without the other.
                let run = self.run(run)?;
                let added = &schedule.added;
                if run.version != added.version || run.kind != added.kind || run.target != added.target {
                    return Err(Refusal::BadSchedule {
                        what: Phrase::new("schedule-other-run")
                            .with("run", &run.id)
                            .with("name", &added.name),
                    });
                }
            }
            None if fact.problem.trim().is_empty() => {
                return Err(Refusal::BadSchedule { what: Phrase::new("schedule-no-reason") });
            }
            None => {}
        }
        let firing = Firing {
            due: fact.due,
            at: decision.at,
            missed: fact.missed,
            run: fact.run.clone(),
            problem: fact.problem.clone(),
        };
        self.schedules.edit(&fact.schedule, |schedule| {
            schedule.fired = schedule.fired.saturating_add(1);
            schedule.firings.push(firing);
            let excess = schedule.firings.len().saturating_sub(FIRINGS_KEPT);
            schedule.firings.drain(..excess);
        });
        Ok(())
    }

    pub(crate) fn remove_schedule(
        &mut self,
        decision: &Decision,
        fact: &ScheduleRemoved,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RequestRun)?;
        self.schedule(&fact.schedule)?;
        self.schedules.remove(&fact.schedule);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::ScheduleName;
    use crate::state::Founding;

    const SCHEDULE: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    fn moment(text: &str) -> jiff::Timestamp {
        text.parse().unwrap()
    }

    /// A workspace with a schedule that began on the first at noon.
    fn state() -> (State, impl Fn(&str) -> Decision) {
        let key: crate::PublicKey = format!("ed25519:{}", "0".repeat(64)).parse().unwrap();
        let ana: MemberName = "ana".parse().unwrap();
        let founding = Founding {
            name: "Models".into(),
            founders: vec![(ana.clone(), "Ana".into(), key.clone())],
            at: moment("2026-10-01T00:00:00Z"),
            policy: crate::Policy::default(),
        };
        let (mut state, _) = State::found(&founding);
        let id: ScheduleId = SCHEDULE.parse().unwrap();
        let added = ScheduleAdded {
            schedule: id.clone(),
            name: "nightly".parse::<ScheduleName>().unwrap(),
            version: "01ARZ3NDEKTSV4RRFFQ69G5FA0".parse().unwrap(),
            kind: RunKind::Score,
            target: "local-spark".into(),
            bucket: None,
            rule: "every day at 02:00 in UTC".parse().unwrap(),
            args: Vec::new(),
            deadline_s: None,
        };
        let row = Schedule {
            added,
            by: ana.clone(),
            at: moment("2026-10-01T12:00:00Z"),
            fired: 0,
            firings: Vec::new(),
        };
        state.schedules.put(id, row);
        let at = move |text: &str| Decision {
            position: 1,
            person: ana.clone(),
            key: key.clone(),
            at: moment(text),
            rules_version: crate::RULES_VERSION,
            facts: Vec::new(),
        };
        (state, at)
    }

    fn fired(due: &str, problem: &str) -> ScheduleFired {
        ScheduleFired {
            schedule: SCHEDULE.parse().unwrap(),
            due: moment(due),
            missed: 0,
            run: None,
            problem: problem.into(),
        }
    }

    #[test]
    fn a_time_counts_once_in_order_and_never_before_it() {
        let (mut state, at) = state();
        let due = "2026-10-02T02:00:00Z";
        assert!(state.fire_schedule(&at("2026-10-02T01:59:59Z"), &fired(due, "x")).is_err(), "not yet due");
        assert!(
            state.fire_schedule(&at("2026-10-02T02:00:01Z"), &fired(due, " ")).is_err(),
            "no run, no reason"
        );
        assert!(state.fire_schedule(&at("2026-10-02T02:00:01Z"), &fired(due, "not approved")).is_ok());
        assert!(state.fire_schedule(&at("2026-10-02T02:00:02Z"), &fired(due, "again")).is_err(), "seen to");
        assert!(
            state.fire_schedule(&at("2026-10-03T03:00:00Z"), &fired("2026-10-02T01:00:00Z", "late")).is_err(),
            "an earlier one"
        );
        let unknown = ScheduleFired {
            run: Some("01ARZ3NDEKTSV4RRFFQ69G5FA1".parse().unwrap()),
            ..fired("2026-10-03T02:00:00Z", "")
        };
        assert!(
            state.fire_schedule(&at("2026-10-03T02:00:01Z"), &unknown).is_err(),
            "a run nobody asked for"
        );
        let schedule = state.schedule(&SCHEDULE.parse().unwrap()).unwrap();
        assert_eq!((schedule.fired, schedule.since()), (1, moment(due)));
    }

    #[test]
    fn the_last_times_are_kept_and_no_more() {
        let (mut state, at) = state();
        for day in 2..31 {
            let due = format!("2026-10-{day:02}T02:00:00Z");
            state.fire_schedule(&at(&due), &fired(&due, "nothing to score")).unwrap();
        }
        let schedule = state.schedule(&SCHEDULE.parse().unwrap()).unwrap();
        assert_eq!((schedule.fired, schedule.firings.len()), (29, FIRINGS_KEPT));
        assert_eq!(schedule.since(), moment("2026-10-30T02:00:00Z"));
    }
}
