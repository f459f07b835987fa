//! Starts: by a person, and of processes that start by themselves.
//!
//! Who arms a process answers for what it starts: the instances are theirs, as if they had started each by hand, and
//! nothing starts any more when they may no longer start processes.

use bpmn::engine::Wait;

use super::*;
use crate::fact::{Begun, DefinitionSwitched, InstanceStarted, StartArmed, StartDisarmed, StartPassed};
use crate::names::SelfStartId;
use crate::registry::Project;

/// How many of an arrangement's last moments are kept with it; the ledger has them all.
const FIRINGS_KEPT: usize = 20;

/// A process that starts by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelfStart {
    /// What was said of it.
    pub armed: StartArmed,
    /// Name of the definition.
    pub definition_name: String,
    /// Who wants it.
    pub by: MemberName,
    /// Since when: intervals are counted from here.
    pub at: Timestamp,
    /// The start events that still listen.
    pub waits: Vec<StandingStart>,
    /// When the earliest of its timers falls due.
    pub next_due: Option<Timestamp>,
    /// How many instances it started.
    pub started: u32,
    /// Its last moments, latest last.
    pub firings: Vec<SelfFiring>,
}

/// A start event that listens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StandingStart {
    /// The start event.
    pub element: String,
    /// What for.
    pub wait: Wait,
}

/// One moment at which a process started by itself, or should have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfFiring {
    /// The start event.
    pub element: String,
    /// When its timer was due.
    pub due: Option<Timestamp>,
    /// When it was seen to.
    pub at: Timestamp,
    /// Later moments that had passed as well, and that this one stands for.
    pub missed: u32,
    /// What was started.
    pub instance: Option<InstanceId>,
    /// Why nothing was.
    pub problem: String,
}

/// What an instance started by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// The start event.
    pub element: String,
    /// When its timer was due.
    pub due: Option<Timestamp>,
    /// How many seconds later it started.
    pub late_s: i64,
    /// Later moments that had passed as well, and that this start stands for.
    pub missed: u32,
}

impl SelfStart {
    fn wait(&self, element: &str) -> Option<&StandingStart> {
        self.waits.iter().find(|wait| wait.element == element)
    }

    /// Moves a timer on; answers how many of its moments are passed over.
    fn move_on(&mut self, element: &str, at: Timestamp) -> u32 {
        let Some(index) = self.waits.iter().position(|wait| wait.element == element) else { return 0 };
        let (next, missed) = bpmn::engine::next_wait(&self.waits[index].wait, at);
        match next {
            Some(wait) => self.waits[index].wait = wait,
            None => drop(self.waits.remove(index)),
        }
        self.find_due();
        missed
    }

    fn find_due(&mut self) {
        self.next_due = self.waits.iter().filter_map(|wait| due_of(&wait.wait)).min();
    }

    fn note(&mut self, firing: SelfFiring) {
        self.started = self.started.saturating_add(u32::from(firing.instance.is_some()));
        self.firings.push(firing);
        let excess = self.firings.len().saturating_sub(FIRINGS_KEPT);
        self.firings.drain(..excess);
    }
}

impl StandingStart {
    /// When its timer is due.
    pub fn due(&self) -> Option<Timestamp> {
        due_of(&self.wait)
    }
}

fn due_of(wait: &Wait) -> Option<Timestamp> {
    match wait {
        Wait::Timer { due, .. } => Some(*due),
        _ => None,
    }
}

impl State {
    /// The arrangement of that identifier.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when there is none, or no more.
    pub fn self_start(&self, id: &SelfStartId) -> Result<&SelfStart, Refusal> {
        self.self_starts.get(id).ok_or_else(|| Refusal::Unknown { noun: "self-start", id: id.to_string() })
    }

    /// What a start needs, whoever starts: a definition without obstacles, a project, and a version where one is
    /// decided on.
    fn check_startable(
        &self,
        definition: &DefinitionId,
        project: &ProjectId,
        version: Option<&VersionId>,
    ) -> Result<(Definition, Project), Refusal> {
        let definition = self.definition(definition)?.clone();
        let obstacles = definition.obstacles();
        if !obstacles.is_empty() {
            return Err(Refusal::NotStartable { definition: definition.name.clone(), why: obstacles });
        }
        for (element, binding) in &definition.bound {
            self.check_connection(element, binding)?;
        }
        let project = self.project(project)?.clone();
        match version {
            Some(version) if self.version(version)?.project != project.id => {
                return Err(Refusal::Unknown { noun: "version-in-this-project", id: version.to_string() });
            }
            None if !definition.gates.is_empty() && !definition.chooses() => {
                return Err(Refusal::NoChampion { project: project.name.to_string() });
            }
            _ => {}
        }
        Ok((definition, project))
    }

    /// An instance that has just begun, by the engine.
    fn begin(
        &self,
        definition: &Definition,
        fact: &InstanceStarted,
        library: &Library,
        event: impl FnOnce(String) -> Event,
    ) -> Result<bpmn::State, Refusal> {
        let process = process_of(definition, self.document(&definition.document)?, fact.process.as_deref())?;
        let engine = bpmn::State::new(fact.instance.to_string());
        let step = bpmn::step(library, &engine, &event(process)).map_err(Refusal::from)?;
        Ok(step.state)
    }

    pub(crate) fn start_instance(
        &mut self,
        decision: &Decision,
        fact: &InstanceStarted,
    ) -> Result<(), Refusal> {
        // Rules before version 4 know no such start: whoever signed it started it.
        let begun = fact.begun.as_ref().filter(|_| decision.rules_version >= 4);
        let starter = match begun {
            None => {
                self.check_may(&decision.person, Deed::StartProcess)?;
                decision.person.clone()
            }
            Some(begun) => self.check_begun(decision, fact, begun)?,
        };
        if self.instances.has(&fact.instance) {
            return Err(Refusal::Exists { noun: "instance", id: fact.instance.to_string() });
        }
        let (definition, project) =
            self.check_startable(&fact.definition, &fact.project, fact.version.as_ref())?;
        let begin = begun.map(|begun| begun.element.clone());
        let (reached, called) = self.reach(&definition)?;
        let library = self.library(decision.rules_version, &definition, &reached)?;
        let engine = self.begin(&definition, fact, &library, |process| {
            let act = Act::Start { process, variables: fact.variables.clone(), begin };
            Event::by(decision.at, starter.to_string(), act)
        })?;
        let instance = Instance {
            id: fact.instance.clone(),
            definition: definition.id.clone(),
            definition_name: definition.name.clone(),
            library: reached,
            called,
            project: project.id.clone(),
            project_name: project.name.clone(),
            version: fact.version.clone(),
            status: String::new(),
            incidents: 0,
            next_due: None,
            asks: 0,
            started_by: starter,
            begun: begun.map(|begun| self.note_begun(decision, &fact.instance, begun)),
            started_at: decision.at,
            ended_at: None,
            completers: BTreeMap::new(),
            turns: Vec::new(),
            operations: Vec::new(),
            engine,
        };
        self.projects.edit(&fact.project, |project| project.instances_running += 1);
        self.settle(decision, instance, &definition);
        Ok(())
    }

    /// A start that no person made stands on an arrangement that says exactly this, at a moment that counts once. Answers
    /// whose instance it is.
    fn check_begun(
        &self,
        decision: &Decision,
        fact: &InstanceStarted,
        begun: &Begun,
    ) -> Result<MemberName, Refusal> {
        self.check_may(&decision.person, Deed::CarryOut)?;
        let start = self.self_start(&begun.start)?;
        self.check_may(&start.by, Deed::StartProcess)?;
        self.check_moment(decision, start, &begun.element, begun.due)?;
        let armed = &start.armed;
        let version = match &armed.version {
            Some(version) => Some(version),
            None => self.project(&armed.project)?.champion.as_ref(),
        };
        let told = fact.variables.iter().filter(|(name, value)| armed.variables.get(*name) != Some(*value));
        let told_otherwise = told.into_iter().any(|(name, value)| {
            name != turns::VERSION_VARIABLE
                || !matches!((value, version), (bpmn::Value::String(told), Some(version)) if told == version.as_str())
        });
        let left_out = armed.variables.keys().any(|name| !fact.variables.contains_key(name));
        if fact.definition != armed.definition
            || fact.process != armed.process
            || fact.project != armed.project
            || fact.version.as_ref() != version
            || told_otherwise
            || left_out
        {
            return Err(Refusal::BadStart {
                what: Phrase::new("start-other-than-armed").with("definition", &start.definition_name),
            });
        }
        Ok(start.by.clone())
    }

    /// Whether a start event listens, and its timer, if it is one, is due at exactly that moment.
    fn check_moment(
        &self,
        decision: &Decision,
        start: &SelfStart,
        element: &str,
        due: Option<Timestamp>,
    ) -> Result<(), Refusal> {
        let name = &start.definition_name;
        let Some(standing) = start.wait(element) else {
            return Err(Refusal::BadStart {
                what: Phrase::new("start-not-armed").with("definition", name).with("element", element),
            });
        };
        match (standing.due(), due) {
            (None, None) => Ok(()),
            (Some(known), Some(due)) if known == due && due <= decision.at => Ok(()),
            (Some(known), _) if known > decision.at => Err(Refusal::BadStart {
                what: Phrase::new("start-not-due").with("definition", name).with("due", known),
            }),
            _ => Err(Refusal::BadStart { what: Phrase::new("start-seen-to").with("definition", name) }),
        }
    }

    fn note_begun(&mut self, decision: &Decision, instance: &InstanceId, begun: &Begun) -> Started {
        let mut missed = 0;
        self.self_starts.edit(&begun.start, |start| {
            missed = start.move_on(&begun.element, decision.at);
            start.note(SelfFiring {
                element: begun.element.clone(),
                due: begun.due,
                at: decision.at,
                missed,
                instance: Some(instance.clone()),
                problem: String::new(),
            });
        });
        Started {
            element: begun.element.clone(),
            due: begun.due,
            late_s: begun.due.map_or(0, |due| (decision.at.as_second() - due.as_second()).max(0)),
            missed,
        }
    }

    pub(crate) fn arm_start(&mut self, decision: &Decision, fact: &StartArmed) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::StartProcess)?;
        if self.self_starts.has(&fact.start) {
            return Err(Refusal::Exists { noun: "self-start", id: fact.start.to_string() });
        }
        let champion = self.project(&fact.project)?.champion.clone();
        let version = fact.version.as_ref().or(champion.as_ref());
        let (definition, _) = self.check_startable(&fact.definition, &fact.project, version)?;
        let process = process_of(&definition, self.document(&definition.document)?, fact.process.as_deref())?;
        let (reached, _) = self.reach(&definition)?;
        let library = self.library(decision.rules_version, &definition, &reached)?;
        let found = bpmn::engine::standing(&library, &process, &fact.variables, decision.at)
            .map_err(Refusal::from)?;
        if found.is_empty() {
            return Err(Refusal::BadStart {
                what: Phrase::new("start-none-by-itself").with("definition", &definition.name),
            });
        }
        // An answer that a start asks for and nobody gave is said now, and not in the night.
        for start in &found {
            let act = Act::Start {
                process: process.clone(),
                variables: fact.variables.clone(),
                begin: Some(start.element.to_string()),
            };
            let event = Event::by(decision.at, decision.person.to_string(), act);
            bpmn::step(&library, &bpmn::State::new("trial"), &event).map_err(Refusal::from)?;
        }
        let waits = found
            .into_iter()
            .map(|start| StandingStart { element: start.element.to_string(), wait: start.wait })
            .collect();
        let replaced: Vec<SelfStartId> = self
            .self_starts
            .rows()
            .filter(|other| other.definition_name == definition.name && other.armed.project == fact.project)
            .map(|other| other.armed.start.clone())
            .collect();
        for id in replaced {
            self.self_starts.remove(&id);
        }
        let mut start = SelfStart {
            armed: fact.clone(),
            definition_name: definition.name,
            by: decision.person.clone(),
            at: decision.at,
            waits,
            next_due: None,
            started: 0,
            firings: Vec::new(),
        };
        start.find_due();
        self.self_starts.put(fact.start.clone(), start);
        Ok(())
    }

    pub(crate) fn pass_start(&mut self, decision: &Decision, fact: &StartPassed) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::CarryOut)?;
        let start = self.self_start(&fact.start)?;
        self.check_moment(decision, start, &fact.element, Some(fact.due))?;
        if fact.problem.trim().is_empty() {
            return Err(Refusal::BadStart { what: Phrase::new("start-no-reason") });
        }
        self.self_starts.edit(&fact.start, |start| {
            let missed = start.move_on(&fact.element, decision.at);
            start.note(SelfFiring {
                element: fact.element.clone(),
                due: Some(fact.due),
                at: decision.at,
                missed,
                instance: None,
                problem: fact.problem.clone(),
            });
        });
        Ok(())
    }

    pub(crate) fn disable_definition(
        &mut self,
        decision: &Decision,
        fact: &DefinitionSwitched,
    ) -> Result<(), Refusal> {
        let was = self.check_switched(decision, fact, "definition.disabled")?.disabled.is_some();
        if was {
            return Err(Refusal::NothingToDo { what: Phrase::new("already-disabled") });
        }
        let disabled =
            Disabled { by: decision.person.clone(), at: decision.at, reason: fact.reason.trim().to_owned() };
        self.definitions.edit(&fact.definition, |definition| definition.disabled = Some(disabled));
        Ok(())
    }

    pub(crate) fn enable_definition(
        &mut self,
        decision: &Decision,
        fact: &DefinitionSwitched,
    ) -> Result<(), Refusal> {
        let was = self.check_switched(decision, fact, "definition.enabled")?.disabled.is_some();
        if !was {
            return Err(Refusal::NothingToDo { what: Phrase::new("not-disabled") });
        }
        self.definitions.edit(&fact.definition, |definition| definition.disabled = None);
        Ok(())
    }

    /// Whoever may import a definition may say that nothing is started by it, or that something is again, and says why.
    fn check_switched(
        &self,
        decision: &Decision,
        fact: &DefinitionSwitched,
        kind: &str,
    ) -> Result<&Definition, Refusal> {
        if decision.rules_version < 8 {
            return Err(Refusal::KindNewer { kind: kind.to_owned() });
        }
        self.check_may(&decision.person, Deed::ImportDefinition)?;
        if fact.reason.trim().is_empty() {
            return Err(Refusal::ReasonNeeded { what: Phrase::new("reason-for-this"), chars_min: 1 });
        }
        self.definition(&fact.definition)
    }

    pub(crate) fn disarm_start(&mut self, decision: &Decision, fact: &StartDisarmed) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::StartProcess)?;
        self.self_start(&fact.start)?;
        self.self_starts.remove(&fact.start);
        Ok(())
    }
}

fn process_of(
    definition: &Definition,
    document: &bpmn::Definition,
    named: Option<&str>,
) -> Result<String, Refusal> {
    if let Some(named) = named
        && document.process(Some(named)).is_none()
    {
        return Err(Refusal::Unknown { noun: "process-of-this-definition", id: named.to_owned() });
    }
    let process = document.process(named).ok_or_else(|| Refusal::BadDocument {
        digest: definition.document.clone(),
        why: Phrase::new("document-not-executable"),
    })?;
    Ok(process.id.to_string())
}
