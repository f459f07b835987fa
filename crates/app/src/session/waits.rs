//! What waits at this desk, looks that are being made at places in the cloud, and what went wrong with them.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Session;
use crate::Failure;

/// The first pause before something that could not go on is tried again; it doubles with every further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(60);
/// Tries that whoever waits for the end of everything waits for.
const TRIES_WAITED_FOR: u32 = 4;
/// Problems that are remembered as told; beyond them all are forgotten, and told again.
const TOLD_MAX: usize = 1000;

/// Something that could not go on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait {
    until: Instant,
    tries: u32,
}

impl Wait {
    /// Whether it is time for the next try.
    pub(crate) fn is_over(self) -> bool {
        self.until <= Instant::now()
    }
}

/// What waits, is looked at, and was told.
#[derive(Debug, Default)]
pub(super) struct Waits {
    runs: Mutex<HashMap<String, Wait>>,
    looks: Mutex<HashSet<String>>,
    told: Mutex<(HashSet<String>, Vec<Failure>)>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Session {
    /// The wait of a run, if it could not go on when it was last tried.
    pub(crate) fn waited(&self, key: &str) -> Option<Wait> {
        held(&self.waits.runs).get(key).copied()
    }

    /// Lets a run wait for longer each time it cannot go on; what went on waits no more.
    pub(crate) fn wait_or_not(&self, key: &str, waits: bool) {
        let mut runs = held(&self.waits.runs);
        if !waits {
            runs.remove(key);
            return;
        }
        let tries = runs.get(key).map_or(1, |wait| wait.tries.saturating_add(1));
        let pause = FIRST_PAUSE.saturating_mul(2u32.saturating_pow((tries - 1).min(10))).min(PAUSE_MAX);
        runs.insert(key.to_owned(), Wait { until: Instant::now() + pause, tries });
    }

    /// Forgets the waits of what is not open any more.
    pub(crate) fn keep_waits(&self, is_open: impl Fn(&str) -> bool) {
        held(&self.waits.runs).retain(|key, _| is_open(key));
    }

    /// Whether something waits that was not tried often yet.
    pub(crate) fn may_soon_go_on(&self) -> bool {
        held(&self.waits.runs).values().any(|wait| wait.tries < TRIES_WAITED_FOR)
    }

    /// Marks a look as being made; `false` when it is already.
    pub(crate) fn begin_look(&self, name: &str) -> bool {
        held(&self.waits.looks).insert(name.to_owned())
    }

    /// The end of what [`Session::begin_look`] began.
    pub(crate) fn end_look(&self, name: &str) {
        held(&self.waits.looks).remove(name);
    }

    /// Keeps what went wrong with a look for whoever speaks to people, once for each look and reason, and once for what
    /// two looks stumble over.
    pub(crate) fn tell_problem(&self, look: &str, failure: Failure) {
        let mut told = held(&self.waits.told);
        let (known, untold) = &mut *told;
        if known.len() >= TOLD_MAX {
            known.clear();
        }
        let is_new_here = known.insert(format!("{look} {:?}", failure.code));
        let is_new = known.insert(failure.message.clone());
        if is_new_here && is_new {
            untold.push(failure);
        }
    }

    /// What went wrong with looks and was not told yet.
    pub(crate) fn untold(&self) -> Vec<Failure> {
        std::mem::take(&mut held(&self.waits.told).1)
    }
}
