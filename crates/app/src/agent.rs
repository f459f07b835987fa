//! The agent: what a desk does by itself while a person reads, or a desk without a person does all day.
//!
//! One [`App::tick`] looks once at everything that is due: timers, service tasks, runs, triggers, notices. Every outcome
//! is a fact under a key the ledger knows, so that any number of desks may look at the same time.

mod drivers;
mod driving;
mod effects;
mod http;
mod jobs;
mod looks;
mod news;
mod reminders;
mod starts;
mod tries;

pub(crate) use drivers::Drivers;
pub(crate) use looks::Patience;

use std::sync::Arc;
use std::time::Duration;

use ::runs::lock::Locked;
use bpmn::Act;
use cache::{List, Match};
use governance::fact::InstanceMoved;
use governance::workflow::{Instance, SelfStart};
use governance::{Fact, InstanceId, MemberName};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use words::said;

use crate::runs::schedules;
use crate::session::Session;
use crate::{App, Code, Failure, monitoring, notices};

/// Time between two looks while a shell is open.
const LOOK_EVERY: Duration = Duration::from_millis(700);
/// Rows of one kind that one look goes through.
const LOOK_ROWS_MAX: u32 = 500;

/// Time between two looks for calls that are tried again.
const TRIES_EVERY: Duration = Duration::from_secs(2);
/// Time between two looks for jobs whose end a process was not told of.
const JOBS_EVERY: Duration = Duration::from_secs(60);

/// What one look did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// Timers that fired.
    pub timers: usize,
    /// Service tasks that were answered.
    pub effects: usize,
    /// Runs that were asked for by triggers and schedules.
    pub triggered: usize,
    /// Runs whose driving began.
    pub runs: usize,
    /// Reports whose computation began.
    pub reports: usize,
    /// Notices of incidents, and of tasks and alerts that wait.
    pub reminders: usize,
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
pub(crate) struct Turn(std::sync::Mutex<Option<(String, Locked)>>);

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
            Failure::said(Code::Denied, said!("home-unwritable", path = path.display().to_string()))
                .because(&error)
        })?;
        let Ok(Ok(turn)) = Locked::attempt(file) else { return Ok(false) };
        *held = Some((id, turn));
        Ok(true)
    }
}

/// Whether something is under way or due that another process at this desk is to carry out.
fn work_is_left(session: &Session, carries_out: bool) -> Result<bool, Failure> {
    Ok(driving::is_left(session)? || (carries_out && !asking(session)?.is_empty()))
}

/// Instances that wait for somebody to carry an effect out.
fn asking(session: &Session) -> Result<Vec<Instance>, Failure> {
    due(session, "instances", vec![Match::Above("asks", 0)], "key")
}

/// Rows that are due, in order; what a look leaves over is due at the next one.
fn due<T: DeserializeOwned>(
    session: &Session,
    table: &'static str,
    matches: Vec<Match<'_>>,
    sort: &str,
) -> Result<Vec<T>, Failure> {
    let list = List { table, matches, search: None, sort, after: None, limit: LOOK_ROWS_MAX };
    session
        .cache
        .list(&list)?
        .rows
        .into_iter()
        .map(|(_, row)| {
            serde_json::from_value(row).map_err(|cause| Failure::internal("a row has another shape", &cause))
        })
        .collect()
}

impl App {
    /// Looks once, at places in the cloud too, and waits for what those looks find. Runs go on in the background;
    /// [`App::settle`] waits for them.
    ///
    /// # Errors
    /// When the workspace cannot be read or written. What goes wrong with one instance or run is recorded there.
    pub async fn tick(&self) -> Result<Tick, Failure> {
        self.look(Patience::Whole).await
    }

    async fn look(&self, patience: Patience) -> Result<Tick, Failure> {
        // One at a time: a look beside another that is in the middle of its work would find nothing to do, and whoever settles
        // would take that for the end.
        let _looking = self.looking.lock().await;
        self.look_alone(patience).await
    }

    async fn look_alone(&self, patience: Patience) -> Result<Tick, Failure> {
        let session = self.session()?;
        session.catch_up().await?;
        // Each part on the heap: within one another they need more stack than a thread has where nothing is optimised.
        let mut tick = Tick::default();
        let carrier = session.carrier()?;
        // Who may not carry out what processes ask for drives what its own members asked for, and nothing else.
        let is_ours = self.turn.is_ours(&session)?;
        if let (Some(by), true) = (&carrier, is_ours) {
            let timers: Vec<Instance> =
                due(&session, "instances", vec![Match::Due("next_due", session.now())], "next_due")?;
            tick.timers += fire_timers(&session, &timers, by).await?;
            let starts: Vec<SelfStart> =
                due(&session, "self_starts", vec![Match::Due("next_due", session.now())], "next_due")?;
            tick.timers += Box::pin(starts::look(&session, &starts, by)).await?;
            if session.is_time("tries", TRIES_EVERY) {
                tick.effects += Box::pin(tries::look(&session, by)).await?;
            }
            for instance in &asking(&session)? {
                tick.effects += Box::pin(effects::carry_out(&session, instance, by)).await?;
            }
            if session.is_time("jobs", JOBS_EVERY) {
                tick.effects += Box::pin(jobs::look(&session, by)).await?;
            }
            tick.reminders += Box::pin(news::of_incidents(&session, by)).await?;
            tick.reminders += Box::pin(news::of_tasks(&session, by)).await?;
            tick.reminders += Box::pin(reminders::send(&session, by)).await?;
            tick.triggered += Box::pin(looks::make(&session, by, patience)).await?;
            tick.triggered += Box::pin(schedules::look(&session, by)).await?;
        }
        if is_ours {
            tick.runs += Box::pin(driving::begin(&session, carrier.as_ref())).await?;
        }
        if let (Some(by), true) = (&carrier, is_ours) {
            tick.reports += Box::pin(monitoring::due::look(&session, by)).await?;
            tick.reminders += Box::pin(monitoring::due::remind(&session, by)).await?;
        }
        tick.delivered += Box::pin(notices::deliver(self, &session)).await?;
        Ok(tick)
    }

    /// Whether anybody at this desk may carry out what processes ask for. A desk where nobody may drives the runs that its
    /// own members asked for, and delivers notices.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn carries_out(&self) -> Result<bool, Failure> {
        Ok(self.session()?.carrier()?.is_some())
    }

    /// Looks again and again until nothing is due and no run is under way. Runs that wait for what could not be reached,
    /// again and again, are left waiting.
    ///
    /// # Errors
    /// As [`App::tick`].
    pub async fn settle(&self) -> Result<(), Failure> {
        loop {
            let looking = self.looking.lock().await;
            // Asked before and after the look: what ends while it looks has left something for the next look to find, and
            // what it begins is not at its end. Not before others have looked: what they began may end meanwhile.
            let before = self.is_busy()?;
            let idle = Box::pin(self.look_alone(Patience::Whole)).await?.idle();
            let busy = before || self.is_busy()?;
            drop(looking);
            if idle && !busy {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(if idle { 250 } else { 10 })).await;
        }
    }

    /// Whether something is under way here, or left to another process at this desk.
    fn is_busy(&self) -> Result<bool, Failure> {
        let Ok(session) = self.session() else { return Ok(false) };
        let driving = session.under_way.len() > 0;
        let carries_out = session.carrier()?.is_some();
        Ok(driving
            || session.may_soon_go_on()
            || (!self.turn.is_ours(&session)? && work_is_left(&session, carries_out)?))
    }

    /// Looks for as long as the program runs: what a window and `countersign agent` do in the background. Problems are
    /// told to `say` once each, not at every look.
    pub async fn watch(self: Arc<Self>, say: impl Fn(&Failure) + Send) {
        let mut last = String::new();
        loop {
            match self.look(Patience::OneTry).await {
                Ok(_) => last.clear(),
                Err(failure) if failure.code == Code::NoWorkspace => {}
                Err(failure) => {
                    if failure.message != last {
                        say(&failure);
                        last.clone_from(&failure.message);
                    }
                }
            }
            if let Ok(session) = self.session() {
                session.untold().iter().for_each(&say);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// Fires what fell due, in due order across all instances, once each; a cycle's missed ticks count as one.
async fn fire_timers(session: &Session, instances: &[Instance], by: &MemberName) -> Result<usize, Failure> {
    let mut fired = 0;
    let now = session.now();
    let mut all_due: Vec<(Timestamp, &InstanceId, u64)> = instances
        .iter()
        .flat_map(|instance| {
            let timers = instance.engine.timers().into_iter().filter(|(_, _, due)| *due <= now);
            timers.map(|(timer, _, due)| (due, &instance.id, timer)).collect::<Vec<_>>()
        })
        .collect();
    all_due.sort();
    for (_, instance, timer) in all_due {
        let act = Act::Fire { timer };
        let fact =
            Fact::InstanceMoved(InstanceMoved { instance: instance.clone(), act, note: String::new() });
        match session.record(by, vec![fact]).await {
            Ok(_) => fired += 1,
            // Another desk fired it first, or an earlier one took it away.
            Err(failure) if failure.code == Code::Refused => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(fired)
}
