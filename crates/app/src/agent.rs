//! The agent: what a desk does by itself while a person reads, or a desk without a person does all day.
//!
//! One [`App::tick`] looks once at everything that is due: timers, service tasks, runs, triggers, notices. Every outcome
//! is a fact under a key the ledger knows, so that any number of desks may look at the same time.

mod effects;

use std::sync::Arc;
use std::time::Duration;

use bpmn::Act;
use governance::fact::{InstanceMoved, RunState};
use governance::runs::Run;
use governance::workflow::Instance;
use governance::{Fact, MemberName};

use crate::ids::now;
use crate::runs::{drive, triggers};
use crate::session::Session;
use crate::{App, Code, Failure, notices};

/// Time between two looks while a shell is open.
const LOOK_EVERY: Duration = Duration::from_millis(700);

/// What one look did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// Timers that fired.
    pub timers: usize,
    /// Service tasks that were answered.
    pub effects: usize,
    /// Runs that were asked for by triggers.
    pub triggered: usize,
    /// Runs whose driving began.
    pub runs: usize,
    /// Notices that were delivered.
    pub delivered: usize,
}

impl Tick {
    /// Whether nothing was due.
    pub fn idle(&self) -> bool {
        *self == Self::default()
    }
}

/// Whose turn it is to carry things out at this desk. A window, a served page and `countersign agent` may be open over one
/// home at the same time; two of them driving one run would get in each other's way, so one holds the turn, by a lock that
/// the system takes back when its process ends.
#[derive(Debug, Default)]
pub(crate) struct Turn(std::sync::Mutex<Option<(String, std::fs::File)>>);

impl Turn {
    /// Whether this process has the turn for the workspace, or gets it now.
    fn is_ours(&self, session: &Session) -> Result<bool, Failure> {
        let mut held = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let id = session.id();
        if held.as_ref().is_some_and(|(of, _)| *of == id) {
            return Ok(true);
        }
        let path = session.home.join("workspaces").join(&id["sha256:".len()..][..16]).join("agent.lock");
        let file = std::fs::File::create(&path).map_err(|error| {
            Failure::new(
                Code::Denied,
                format!("`{}` cannot be written", path.display()),
                "Check the home folder.",
            )
            .because(&error)
        })?;
        if file.try_lock().is_err() {
            return Ok(false);
        }
        *held = Some((id, file));
        Ok(true)
    }
}

/// Whether something is under way or due that another process at this desk is to carry out.
fn work_is_left(session: &Session) -> Result<bool, Failure> {
    let here = session.members_here()?;
    for state in ["requested", "preparing", "provisioning", "submitted", "running", "verifying"] {
        let runs: Vec<(String, Run)> = session.cache.having("runs", "state", state)?;
        if runs.iter().any(|(_, run)| here.contains(&run.requested_by)) {
            return Ok(true);
        }
    }
    let running: Vec<(String, Instance)> = session.cache.having("instances", "status", "running")?;
    Ok(running.iter().any(|(_, instance)| {
        instance.engine.effects.keys().any(|key| {
            !instance
                .engine
                .incidents
                .values()
                .any(|incident| incident.effect.as_deref() == Some(key.as_str()))
        })
    }))
}

impl App {
    /// Looks once. Runs go on in the background; [`App::settle`] waits for them.
    ///
    /// # Errors
    /// When the workspace cannot be read or written. What goes wrong with one instance or run is recorded there.
    pub async fn tick(&self) -> Result<Tick, Failure> {
        let session = self.session()?;
        session.catch_up().await?;
        let mut tick = Tick::default();
        if let Some(by) = session.carrier()?
            && self.turn.is_ours(&session)?
        {
            let instances: Vec<(String, Instance)> =
                session.cache.having("instances", "status", "running")?;
            for (_, instance) in &instances {
                tick.timers += fire_timers(&session, instance, &by).await?;
            }
            let instances: Vec<(String, Instance)> =
                session.cache.having("instances", "status", "running")?;
            for (_, instance) in &instances {
                tick.effects += effects::carry_out(&session, instance, &by).await?;
            }
            tick.triggered += triggers::look(&session, &by).await?;
            tick.runs += drive_runs(&session, &by)?;
        }
        tick.delivered += notices::deliver(self, &session).await?;
        Ok(tick)
    }

    /// Looks again and again until nothing is due and no run is under way.
    ///
    /// # Errors
    /// As [`App::tick`].
    pub async fn settle(&self) -> Result<(), Failure> {
        loop {
            let idle = self.tick().await?.idle();
            let busy = match self.session() {
                Ok(session) => {
                    let driving = !session
                        .under_way
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner)
                        .is_empty();
                    driving
                        || (session.carrier()?.is_some()
                            && !self.turn.is_ours(&session)?
                            && work_is_left(&session)?)
                }
                Err(_) => false,
            };
            if idle && !busy {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(if idle { 250 } else { 10 })).await;
        }
    }

    /// Looks for as long as the program runs: what a window and `countersign agent` do in the background. Problems are
    /// told to `say` once each, not at every look.
    pub async fn watch(self: Arc<Self>, say: impl Fn(&Failure) + Send) {
        let mut last = String::new();
        loop {
            match self.tick().await {
                Ok(_) => last.clear(),
                Err(failure) if failure.code == Code::NoWorkspace => {}
                Err(failure) => {
                    if failure.message != last {
                        say(&failure);
                        last.clone_from(&failure.message);
                    }
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// Fires what fell due, in due order, once each; a cycle's missed ticks count as one.
async fn fire_timers(session: &Session, instance: &Instance, by: &MemberName) -> Result<usize, Failure> {
    let mut fired = 0;
    let due: Vec<u64> = instance
        .engine
        .timers()
        .into_iter()
        .filter(|(_, _, due)| *due <= now())
        .map(|(timer, ..)| timer)
        .collect();
    for timer in due {
        let act = Act::Fire { timer };
        let fact =
            Fact::InstanceMoved(InstanceMoved { instance: instance.id.clone(), act, note: String::new() });
        match session.record(by, vec![fact]).await {
            Ok(_) => fired += 1,
            // Another desk fired it first, or an earlier one took it away.
            Err(failure) if failure.code == Code::Refused => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(fired)
}

/// Begins to drive every live run that belongs to a member of this desk and is not being driven here already.
fn drive_runs(session: &Arc<Session>, by: &MemberName) -> Result<usize, Failure> {
    let mut begun = 0;
    let here = session.members_here()?;
    for state in ["requested", "preparing", "provisioning", "submitted", "running", "verifying"] {
        let runs: Vec<(String, Run)> = session.cache.having("runs", "state", state)?;
        for (_, run) in runs {
            if run.state == RunState::Succeeded
                || !here.contains(&run.requested_by)
                || !session.begin(&run.key)
            {
                continue;
            }
            begun += 1;
            let (session, by) = (Arc::clone(session), by.clone());
            // A thread of its own: a run waits for minutes, and the futures of the engines' hands borrow across waits in
            // ways the compiler cannot yet prove to be free to move between threads.
            let runtime = tokio::runtime::Handle::current();
            tokio::task::spawn_blocking(move || {
                // What cannot be recorded now is picked up again at the next look: the run is still live.
                let _ = runtime.block_on(drive::drive(&session, &run, &by));
                session.end(&run.key);
                session.tell(&["runs", "workflow"]);
            });
        }
    }
    Ok(begun)
}
