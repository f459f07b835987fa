//! Those who may create objects and do not play by the rules: strangers, and a member who repeats facts.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::net::Net;
use super::{Chance, Mutant, desk};
use crate::chain::{Head, Opened, Slot};
use crate::entry::{Keys, SLOT_BYTES_MAX};
use crate::key::PublicKey;
use crate::log::{Ledger, slot_name};
use crate::simulation::papers::{desk_key, fact, sealed};

/// Writes something into the next free slot.
pub(super) fn write(
    ledger: &Ledger,
    net: &Net,
    members: &[PublicKey],
    mutant: Option<Mutant>,
    chance: &mut Chance,
) {
    let slots = slots(ledger, &net.objects());
    let head = slots.last().map_or_else(|| ledger.origin(), Slot::head);
    let stranger = desk_key(9);
    let elsewhere = Head { position: head.position, chain: ledger.workspace() };
    let bytes: Vec<u8> = match chance.below(7) {
        0 => b"not an entry".to_vec(),
        1 => vec![b'x'; SLOT_BYTES_MAX + 1 + chance.below(9)],
        2 => sealed(ledger, &head, &stranger, vec![fact(77)]).bytes,
        3 => sealed(ledger, &elsewhere, &stranger, vec![fact(78)]).bytes,
        4 => match slots.get(chance.below(slots.len())) {
            Some(slot) => slot.raw.to_vec(),
            None => Vec::new(),
        },
        // A member repeats a fact that took effect, in a proper entry.
        _ => {
            let effective = slots.iter().filter_map(|slot| slot.content.as_ref().ok());
            let effective: Vec<_> =
                effective.filter(|entry| members.contains(&entry.payload.author_key)).collect();
            let Some(entry) = effective.get(chance.below(effective.len())) else { return };
            let author = sealed_by_member(ledger, &head, entry.payload.facts.clone());
            if mutant.is_none() || mutant == Some(Mutant::SecondOccurrenceCounts) { author } else { return }
        }
    };
    net.send(slot_name(head.position + 1), Bytes::from(bytes));
}

fn sealed_by_member(ledger: &Ledger, head: &Head, facts: Vec<crate::entry::RawFact>) -> Vec<u8> {
    sealed(ledger, head, &desk::key(0), facts).bytes
}

fn slots(ledger: &Ledger, objects: &BTreeMap<String, Bytes>) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut keys = Keys::default();
    loop {
        let head = slots.last().map_or_else(|| ledger.origin(), Slot::head);
        let Some(raw) = super::slot_bytes(objects, head.position + 1) else { return slots };
        slots.push(ledger.place(Opened::new(raw, &mut keys), &head, head.position));
    }
}
