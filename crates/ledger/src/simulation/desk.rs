//! A desk: an outbox, a state, and the loop of a commit, with a place to crash between any two steps.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use ulid::Ulid;

use super::{Chance, Mutant, State, held};
use crate::chain::{Head, Slot};
use crate::entry::{Author, Payload, Sealed, seal};
use crate::key::PublicKey;
use crate::log::Ledger;
use crate::offer::Offered;
use crate::simulation::papers::{desk_key, fact, public};

/// What a desk keeps through a crash. Each locked change is one transaction.
#[derive(Debug)]
pub(super) struct Disk {
    head: Head,
    pub(super) state: State,
    pub(super) outbox: Vec<Intent>,
    pub(super) pins: Vec<Head>,
    pub(super) halted: Option<String>,
    /// The simulation's clock, for the order of what was begun and acknowledged.
    pub(super) turn: u64,
}

#[derive(Debug)]
pub(super) struct Intent {
    pub(super) id: Ulid,
    /// Like an approval: if another entry comes first it becomes a conflict, and is not signed anew.
    strict: bool,
    kept: Option<Sealed>,
    pub(super) begun: u64,
    pub(super) outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Open,
    Recorded { position: u64, turn: u64 },
    Conflicted,
    Failed,
}

pub(super) fn key(desk: usize) -> SigningKey {
    desk_key(100 + desk as u8)
}

impl Disk {
    pub(super) fn new(ledger: &Ledger, desk: usize, intents: usize) -> Disk {
        let intent = |nth: usize| Intent {
            id: Ulid((desk * 1000 + nth + 1) as u128),
            strict: !nth.is_multiple_of(3),
            kept: None,
            begun: 0,
            outcome: Outcome::Open,
        };
        Disk {
            head: ledger.origin(),
            state: State::default(),
            outbox: (0..intents).map(intent).collect(),
            pins: Vec::new(),
            halted: None,
            turn: 0,
        }
    }

    /// A crash. Sometimes the desk comes back from a copy that holds the intent and not the bytes it had sent.
    pub(super) fn crash(&mut self, chance: &mut Chance) {
        if chance.per_mille(800) {
            for intent in &mut self.outbox {
                intent.kept = None;
            }
        }
    }

    fn apply(&mut self, slot: &Slot, members: &[PublicKey], mutant: Option<Mutant>) {
        if slot.position != self.head.position + 1 {
            return;
        }
        match self.state.apply(slot, members, mutant) {
            Ok(()) => {
                self.head = slot.head();
                self.pins.push(self.head);
            }
            Err(error) => self.halted = Some(error.to_string()),
        }
    }

    fn end(&mut self, nth: usize, outcome: Outcome) {
        self.outbox[nth].outcome = outcome;
        self.outbox[nth].kept = None;
    }
}

/// Lets the simulation take a turn, in which this desk may crash.
async fn between_steps() {
    let mut yielded = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut yielded, true) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
}

async fn wait(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

pub(super) async fn run(ledger: Ledger, desk: usize, disk: Arc<Mutex<Disk>>, members: Vec<PublicKey>) {
    let mutant = ledger.mutant;
    loop {
        between_steps().await;
        loop {
            let head = held(&disk).head;
            match ledger.next(&head).await {
                Ok(Some(slot)) => held(&disk).apply(&slot, &members, mutant),
                Ok(None) => break,
                Err(_) => wait(20).await,
            }
            if held(&disk).halted.is_some() {
                return;
            }
        }
        between_steps().await;

        let open = held(&disk).outbox.iter().position(|intent| intent.outcome == Outcome::Open);
        let Some(nth) = open else { return };
        let recorded = recorded_at(&held(&disk), nth);
        if let Some(position) = recorded {
            let turn = held(&disk).turn;
            held(&disk).end(nth, Outcome::Recorded { position, turn });
            continue;
        }

        let sealed = {
            let mut disk = held(&disk);
            let turn = disk.turn;
            let (head, intent) = (disk.head, &mut disk.outbox[nth]);
            if intent.begun == 0 {
                intent.begun = turn;
            }
            if intent.kept.as_ref().is_none_or(|kept| kept.position != head.position + 1) {
                intent.kept = Some(signed(&ledger, &head, desk, intent.id, turn));
            }
            intent.kept.clone().expect("just kept")
        };
        between_steps().await;

        if mutant == Some(Mutant::AcknowledgesOnSending) {
            let turn = held(&disk).turn;
            held(&disk).end(nth, Outcome::Recorded { position: sealed.position, turn });
        }
        let offered = ledger.offer(&sealed).await;
        between_steps().await;
        let strict = held(&disk).outbox[nth].strict;
        match offered {
            Offered::Recorded { slot } => {
                let mut disk = held(&disk);
                disk.apply(&slot, &members, mutant);
                let outcome = Outcome::Recorded { position: slot.position, turn: disk.turn };
                disk.end(nth, outcome);
            }
            Offered::Beaten { slot } => {
                let mut disk = held(&disk);
                disk.apply(&slot, &members, mutant);
                if strict {
                    disk.end(nth, Outcome::Conflicted);
                }
            }
            Offered::Pending { .. } if mutant == Some(Mutant::TrustsTheError) => {
                held(&disk).end(nth, Outcome::Failed)
            }
            Offered::Pending { .. } => wait(100).await,
        }
        if held(&disk).halted.is_some() {
            return;
        }
        wait(desk as u64 * 7).await;
    }
}

fn recorded_at(disk: &Disk, nth: usize) -> Option<u64> {
    let id = disk.outbox[nth].id;
    disk.state.effects.iter().find(|(_, effect)| *effect == id).map(|(position, _)| *position)
}

fn signed(ledger: &Ledger, head: &Head, desk: usize, id: Ulid, turn: u64) -> Sealed {
    let author = Author {
        key: public(&key(desk)),
        person: format!("member-{desk}"),
        // Another moment, other bytes.
        claimed_at: format!("2026-01-01T09:00:00.{turn:09}Z"),
        rules_version: 1,
    };
    let payload = Payload::after(head, ledger.workspace(), author, vec![fact(id.0)]);
    let sign = |message: &[u8]| {
        use ed25519_dalek::Signer as _;
        Ok::<_, std::convert::Infallible>(key(desk).sign(message).to_bytes())
    };
    seal(&payload, sign).expect("a plain entry can be sealed")
}
