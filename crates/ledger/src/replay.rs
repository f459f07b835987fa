//! Reading a history from some head to its end, fast: bytes are fetched ahead and opened on all cores, and only the
//! running hash is worked out in order.

use std::collections::VecDeque;
use std::num::NonZeroUsize;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesOrdered;

use crate::chain::{Head, Opened, Slot};
use crate::entry::Keys;
use crate::error::{Contradiction, Error};
use crate::log::{Ledger, POSITION_MAX, SLOT_READ_BYTES, slot_name};

/// Slots asked for at once when many follow one another. Fetching starts with one and doubles, so that a desk that is
/// up to date asks for one slot and learns that it is free.
const RUN_SLOTS_MAX: u64 = 256;
/// How many cores are put to work at most.
const RUNS_AHEAD_MAX: usize = 16;

/// Slots in order, from a head to the end of the history. Made by [`Ledger::replay`].
pub struct Replay {
    ledger: Ledger,
    head: Head,
    agreed: u64,
    opened: VecDeque<Opened>,
    runs: FuturesOrdered<BoxFuture<'static, Result<Run, Error>>>,
    runs_ahead: usize,
    next_first: u64,
    next_slots: u64,
    ended: bool,
}

/// A stretch of slots; shorter than asked for if a free slot was met.
struct Run {
    first: u64,
    asked: u64,
    opened: Vec<Opened>,
    /// A taken slot after the free one, if any was seen.
    later: Option<u64>,
}

impl Ledger {
    /// Reads the history after `from` to its end. Read it to its end, or drop it: nothing is written.
    pub fn replay(&self, from: Head) -> Replay {
        let cores = std::thread::available_parallelism().map_or(2, NonZeroUsize::get);
        Replay {
            ledger: self.clone(),
            head: from,
            agreed: from.position,
            opened: VecDeque::new(),
            runs: FuturesOrdered::new(),
            runs_ahead: (cores + 1).min(RUNS_AHEAD_MAX),
            next_first: from.position + 1,
            next_slots: 1,
            ended: false,
        }
    }

    async fn run(self, first: u64, asked: u64) -> Result<Run, Error> {
        let names: Vec<String> = (first..first + asked).map(slot_name).collect();
        let raws = self.store.get_all(&names, SLOT_READ_BYTES).await?;
        let taken = raws.iter().take_while(|raw| raw.is_some()).count();
        let later =
            raws.iter().skip(taken).position(Option::is_some).map(|after| first + (taken + after) as u64);
        let open = move || {
            let mut keys = Keys::default();
            raws.into_iter().take(taken).flatten().map(|raw| Opened::new(raw, &mut keys)).collect::<Vec<_>>()
        };
        // One slot is opened sooner here than handed to another thread.
        let opened = if asked == 1 {
            open()
        } else {
            let place = self.address();
            tokio::task::spawn_blocking(open)
                .await
                .map_err(|cause| Error::Offline { what: place, source: cause.into() })?
        };
        Ok(Run { first, asked, opened, later })
    }
}

impl Replay {
    /// Where the reading stands: after the last slot that [`Replay::next`] answered.
    pub fn head(&self) -> Head {
        self.head
    }

    /// The next slot, or nothing at the end of the history.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a slot is free although a later one is taken, or what the store answers.
    pub async fn next(&mut self) -> Result<Option<Slot>, Error> {
        loop {
            if let Some(opened) = self.opened.pop_front() {
                let slot = self.ledger.place(opened, &self.head, self.agreed);
                self.head = slot.head();
                if slot.content.is_ok() {
                    self.agreed = slot.position;
                }
                return Ok(Some(slot));
            }
            if self.ended {
                return Ok(None);
            }
            self.fetch_ahead();
            let Some(run) = self.runs.next().await else { return Ok(None) };
            self.take(run?).await?;
        }
    }

    fn fetch_ahead(&mut self) {
        let ahead_max = if self.next_slots >= RUN_SLOTS_MAX { self.runs_ahead } else { 1 };
        while self.runs.len() < ahead_max && self.next_first <= POSITION_MAX {
            let (first, asked) = (self.next_first, self.next_slots);
            self.runs.push_back(Box::pin(self.ledger.clone().run(first, asked)));
            self.next_first += asked;
            self.next_slots = (asked * 2).min(RUN_SLOTS_MAX);
        }
    }

    async fn take(&mut self, run: Run) -> Result<(), Error> {
        let Run { first, asked, opened, later } = run;
        let free = first + opened.len() as u64;
        let whole = opened.len() as u64 == asked;
        self.opened.extend(opened);
        if whole {
            return Ok(());
        }
        // A slot may have been taken between two looks, in order; a free one below a taken one is a slot removed.
        if let Some(later) = later {
            if self.ledger.raw(free).await?.is_none() {
                return Err(Error::Corrupt {
                    position: free,
                    contradiction: Contradiction::Missing { later },
                });
            }
            self.runs.clear();
            (self.next_first, self.next_slots) = (free, 1);
            return Ok(());
        }
        self.ended = true;
        self.runs.clear();
        Ok(())
    }
}
