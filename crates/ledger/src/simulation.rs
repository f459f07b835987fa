//! Several desks, one ledger, faults from a seed: the real [`Ledger::offer`] and the real judging of slots over a store
//! that loses, repeats and delays, with desks that crash between any two steps, strangers who write garbage, a member
//! who repeats facts, and at the end somebody who flips a byte.
//!
//! A simulation is worth what it catches: each [`Mutant`] is a mistake somebody could make, planted in the real code or
//! in the desk around it, and must be caught within a hundred seeds.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ulid::Ulid;

use crate::chain::{Head, Opened, Slot};
use crate::digest::Digest;
use crate::entry::{FactIds, Keys, VoidReason};
use crate::error::Error;
use crate::key::PublicKey;
use crate::log::Ledger;

mod desk;
mod net;
pub(crate) mod papers;
mod strangers;

use desk::{Disk, Outcome};
use net::Net;

/// A mistake to be caught.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mutant {
    /// Takes "already exists" for somebody else's entry, without looking whose it is.
    TrustsAlreadyExists,
    /// Takes an error for a failure, and tells the person that nothing was recorded.
    TrustsTheError,
    /// Takes a time-out for success.
    TrustsSilence,
    /// Recognises its own entry by bytes instead of by the facts' identities.
    MatchesByBytes,
    /// Chains to the previous slot's bytes only, and skips what does not fit.
    PreviousHashOnly,
    /// Leaves void slots out of the running hash.
    ChainSkipsVoid,
    /// Takes an entry that signed another history for mere garbage.
    ContradictionIsVoid,
    /// Lets anybody's key halt the history.
    StrangersHalt,
    /// Stops at garbage.
    GarbageHalts,
    /// Lets a fact take effect as often as it occurs.
    SecondOccurrenceCounts,
    /// Puts without the condition that the slot be free.
    Overwrites,
    /// Says "recorded" before the entry is read or kept: acknowledges when the request is sent.
    AcknowledgesOnSending,
}

/// Every mistake that is planted.
pub const MUTANTS: &[Mutant] = &[
    Mutant::TrustsAlreadyExists,
    Mutant::TrustsTheError,
    Mutant::TrustsSilence,
    Mutant::MatchesByBytes,
    Mutant::PreviousHashOnly,
    Mutant::ChainSkipsVoid,
    Mutant::ContradictionIsVoid,
    Mutant::StrangersHalt,
    Mutant::GarbageHalts,
    Mutant::SecondOccurrenceCounts,
    Mutant::Overwrites,
    Mutant::AcknowledgesOnSending,
];

/// Seeds within which every mutant must be caught.
pub const MUTANT_SEEDS: u64 = 100;
const DESKS: usize = 3;
const INTENTS: usize = 5;
/// A run that takes more turns than this makes no progress.
const TURNS_MAX: u64 = 100_000;
/// In how many of a thousand turns a desk crashes, and a stranger or the repeating member writes.
const CRASHES_PER_MILLE: u64 = 50;
const STRANGERS_PER_MILLE: u64 = 15;

/// SplitMix64: small, and the same for ever.
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    pub(crate) fn per_mille(&mut self, chances: u64) -> bool {
        self.next() % 1000 < chances
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What every desk must agree on.
#[derive(Clone, Debug, Default)]
struct State {
    ids: FactIds,
    effects: Vec<(u64, Ulid)>,
}

impl State {
    /// Applies a slot as the rules would; an error halts the desk.
    fn apply(&mut self, slot: &Slot, members: &[PublicKey], mutant: Option<Mutant>) -> Result<(), Error> {
        let holds = |key: &PublicKey, _: Option<&str>| members.contains(key);
        let judged = match mutant {
            Some(Mutant::StrangersHalt) => slot.judged(|_, _| true),
            Some(Mutant::ContradictionIsVoid) => {
                slot.judged(holds).or_else(|_| Ok(Err(VoidReason::Oversized)))
            }
            _ => slot.judged(holds),
        };
        match judged? {
            Ok(entry) if !members.contains(&entry.payload.author_key) => {}
            Ok(entry) => {
                if self.ids.admit(entry).is_ok() || mutant == Some(Mutant::SecondOccurrenceCounts) {
                    let ids = entry.payload.facts.iter().map(|fact| fact.id);
                    self.effects.extend(ids.map(|id| (slot.position, id)));
                }
            }
            Err(_) if mutant == Some(Mutant::GarbageHalts) => {
                return Err(Error::Malformed { reason: "garbage".into() });
            }
            Err(_) => {}
        }
        Ok(())
    }
}

/// Plants the mistakes that concern the running hash.
pub(crate) fn mistaken_chain(mutant: Option<Mutant>, slot: &mut Slot) {
    match mutant {
        Some(Mutant::PreviousHashOnly) => {
            slot.after = Digest::of(&slot.raw);
            if matches!(slot.content, Err(VoidReason::OtherHistory { .. })) {
                slot.content = Err(VoidReason::Oversized);
            }
        }
        Some(Mutant::ChainSkipsVoid) if slot.content.is_err() => slot.after = slot.before,
        _ => {}
    }
}

/// A slot as every reader sees it: never beyond the cap.
fn slot_bytes(objects: &BTreeMap<String, bytes::Bytes>, position: u64) -> Option<bytes::Bytes> {
    let bytes = objects.get(&crate::log::slot_name(position))?;
    Some(bytes.slice(..bytes.len().min(crate::log::SLOT_READ_BYTES)))
}

/// Reads finished objects from the beginning.
fn rebuilt(
    ledger: &Ledger,
    objects: &BTreeMap<String, bytes::Bytes>,
    members: &[PublicKey],
    mutant: Option<Mutant>,
) -> Result<(Vec<Head>, State, u64), Error> {
    let mut heads = vec![ledger.origin()];
    let mut state = State::default();
    let mut last_effective = 0;
    let mut keys = Keys::default();
    loop {
        let head = heads[heads.len() - 1];
        let Some(raw) = slot_bytes(objects, head.position + 1) else {
            return Ok((heads, state, last_effective));
        };
        let slot = ledger.place(Opened::new(raw, &mut keys), &head, head.position);
        state.apply(&slot, members, mutant)?;
        if slot.content.as_ref().is_ok_and(|entry| members.contains(&entry.payload.author_key)) {
            last_effective = slot.position;
        }
        heads.push(slot.head());
    }
}

/// Plays one seed, with a mistake planted or none.
///
/// # Errors
/// The promise that was broken: the invariant's number, and where it shows.
pub fn play(seed: u64, mutant: Option<Mutant>) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime on one thread").block_on(played(seed, mutant))
}

async fn played(seed: u64, mutant: Option<Mutant>) -> Result<(), String> {
    let mut chance = Chance::new(seed);
    let net = Arc::new(Net::new(mutant == Some(Mutant::Overwrites)));
    let founding = crate::simulation::papers::founding(&crate::simulation::papers::desk_key(1));
    let members: Vec<PublicKey> =
        (0..DESKS).map(|desk| crate::simulation::papers::public(&desk::key(desk))).collect();
    let mut origin =
        Ledger::found(Arc::new(crate::store::Memory::default()), &founding).await.expect("founded");
    origin.mutant = mutant;

    let disks: Vec<_> =
        (0..DESKS).map(|desk| Arc::new(Mutex::new(Disk::new(&origin, desk, INTENTS)))).collect();
    let start =
        |desk: usize| desk::run(origin.over(net.wire()), desk, Arc::clone(&disks[desk]), members.clone());
    let mut running: Vec<_> = (0..DESKS).map(|desk| Some(Box::pin(start(desk)))).collect();

    let mut turn = 0;
    while running.iter().any(Option::is_some) {
        turn += 1;
        if turn > TURNS_MAX {
            return Err("the desks make no progress".into());
        }
        for desk in 0..DESKS {
            held(&disks[desk]).turn = turn;
            if let Some(work) = &mut running[desk]
                && futures::poll!(work.as_mut()).is_ready()
            {
                running[desk] = None;
            }
        }
        if chance.per_mille(CRASHES_PER_MILLE) {
            let desk = chance.below(DESKS);
            if running[desk].is_some() {
                held(&disks[desk]).crash(&mut chance);
                running[desk] = Some(Box::pin(start(desk)));
            }
        }
        if chance.per_mille(STRANGERS_PER_MILLE) {
            strangers::write(&origin, &net, &members, mutant, &mut chance);
        }
        if !net.turn(&mut chance) {
            tokio::time::advance(std::time::Duration::from_millis(10)).await;
        }
    }
    net.settle();
    check(&origin, &net.objects(), &disks, &members, mutant)?;
    tampered(&origin, net.objects(), &members, mutant, &mut chance)
}

fn check(
    ledger: &Ledger,
    objects: &BTreeMap<String, bytes::Bytes>,
    disks: &[Arc<Mutex<Disk>>],
    members: &[PublicKey],
    mutant: Option<Mutant>,
) -> Result<(), String> {
    let (heads, state, _) =
        rebuilt(ledger, objects, members, mutant).map_err(|error| format!("a rebuild halts: {error}"))?;
    let mut seen = HashSet::new();
    if let Some((position, id)) = state.effects.iter().find(|(_, id)| !seen.insert(*id)) {
        return Err(format!("I2: {id} takes effect again at #{position}"));
    }
    let at = |id: &Ulid| state.effects.iter().find(|(_, effect)| effect == id).map(|(position, _)| *position);
    let mut told = Vec::new();
    for disk in disks {
        let disk = held(disk);
        if let Some(halted) = &disk.halted {
            return Err(format!("I6: a desk halted: {halted}"));
        }
        if let Some(pin) = disk.pins.iter().find(|pin| heads.get(pin.position as usize) != Some(*pin)) {
            return Err(format!("I5: a desk had seen another history at #{}", pin.position));
        }
        if !state.effects.starts_with(&disk.state.effects) {
            return Err("I3: a desk's state is not that of a rebuild".into());
        }
        for intent in &disk.outbox {
            match intent.outcome {
                Outcome::Open => return Err(format!("I16: {} was left open", intent.id)),
                Outcome::Recorded { position, turn } => {
                    if at(&intent.id) != Some(position) {
                        return Err(format!(
                            "I1: {} was acknowledged at #{position} and is not there",
                            intent.id
                        ));
                    }
                    told.push((intent.begun, turn, position));
                }
                Outcome::Conflicted | Outcome::Failed if at(&intent.id).is_some() => {
                    return Err(format!("I16: {} took effect, but the person was told otherwise", intent.id));
                }
                Outcome::Conflicted | Outcome::Failed => {}
            }
        }
    }
    for (_, ended, before) in &told {
        if told.iter().any(|(begun, _, after)| begun > ended && after < before) {
            return Err(format!("I4: what began after #{before} was acknowledged stands before it"));
        }
    }
    Ok(())
}

/// One flipped byte in any slot that a later entry vouches for must be found by a desk that knows nothing yet.
fn tampered(
    ledger: &Ledger,
    mut objects: BTreeMap<String, bytes::Bytes>,
    members: &[PublicKey],
    mutant: Option<Mutant>,
    chance: &mut Chance,
) -> Result<(), String> {
    let (_, _, vouched) =
        rebuilt(ledger, &objects, members, mutant).map_err(|error| format!("a rebuild halts: {error}"))?;
    if vouched < 2 {
        return Ok(());
    }
    let position = 1 + chance.below(vouched as usize - 1) as u64;
    let slot = objects.get_mut(&crate::log::slot_name(position)).expect("a slot below the last");
    let mut bytes = slot.to_vec();
    if bytes.is_empty() {
        bytes.push(0);
    } else {
        let at = chance.below(bytes.len().min(crate::log::SLOT_READ_BYTES));
        bytes[at] ^= 1 << chance.below(8);
    }
    *slot = bytes.into();
    match rebuilt(ledger, &objects, members, mutant) {
        Err(Error::Corrupt { .. }) => Ok(()),
        Err(other) => Err(format!("a flipped byte at #{position} shows as: {other}")),
        Ok(_) => Err(format!("a flipped byte at #{position} is not noticed")),
    }
}

#[cfg(test)]
mod tests;
