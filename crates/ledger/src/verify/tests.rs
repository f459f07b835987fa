//! Every flip, cut, swap and replay is found; garbage never stops anything. And histories of released versions stay
//! what they were.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::*;
use tokio::runtime::Builder;

use super::*;
use crate::entry::{FactIds, SLOT_BYTES_MAX};
use crate::log::slot_name;
use crate::simulation::papers::{desk_key, fact, founding, public, sealed};
use crate::store::{Creation, Folder, Memory, Store};
use crate::{Offered, PublicKey};

const ENTRIES: u64 = 12;

fn block_on<T>(work: impl Future<Output = T>) -> T {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(work)
}

struct Written {
    store: Memory,
    ledger: Ledger,
    /// The head before and after each slot.
    heads: Vec<Head>,
}

async fn written_by(founder: u8, entries: u64) -> Written {
    let store = Memory::default();
    let key = desk_key(founder);
    let ledger = Ledger::found(Arc::new(store.clone()), &founding(&key)).await.unwrap();
    let mut heads = vec![ledger.origin()];
    for number in 1..=entries {
        let entry = sealed(&ledger, &heads[heads.len() - 1], &key, vec![fact(u128::from(number))]);
        let Offered::Recorded { slot } = ledger.offer(&entry).await else { panic!("an empty slot is won") };
        heads.push(slot.head());
    }
    Written { store, ledger, heads }
}

fn written() -> Written {
    block_on(written_by(1, ENTRIES))
}

impl Written {
    fn raw(&self, position: u64) -> Bytes {
        block_on(self.ledger.raw(position)).unwrap().unwrap()
    }

    fn put(&self, position: u64, bytes: Option<Bytes>) {
        self.store.tamper(&slot_name(position), bytes);
    }

    fn report(&self) -> Report {
        block_on(self.ledger.verify(|_| {})).unwrap()
    }

    /// What a desk does that replays from the beginning, knowing the founder's key.
    fn replayed(&self) -> Result<Head, Error> {
        let founder = public(&desk_key(1));
        block_on(async {
            let mut replay = self.ledger.replay(self.ledger.origin());
            while let Some(slot) = replay.next().await? {
                let _ = slot.judged(|key, _| *key == founder)?;
            }
            Ok(replay.head())
        })
    }

    /// What a desk does at its opening that had seen everything.
    fn extends(&self) -> Result<(), Error> {
        let last = self.heads.len() - 1;
        block_on(self.ledger.extends(&self.heads[last - 1].chain, &self.heads[last]))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_flipped_bit_anywhere_is_found(position in 1..=ENTRIES, at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let written = written();
        let mut bytes = written.raw(position).to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        written.put(position, Some(bytes.into()));
        let report = written.report();
        prop_assert_eq!(report.entries, ENTRIES);
        prop_assert!(!report.problems.is_empty());
        if position < ENTRIES {
            // A desk that knows nothing yet stops, at the next entry, and names the slot.
            let Err(Error::Corrupt { position: shown, contradiction: Contradiction::Chain { since, until, .. } }) =
                written.replayed() else { panic!("not found") };
            prop_assert_eq!(shown, position + 1);
            prop_assert!((since..=until).contains(&position));
        } else {
            prop_assert!(written.extends().is_err(), "a desk that had seen the last entry finds its change");
        }
    }

    #[test]
    fn a_removed_slot_is_found(position in 1..=ENTRIES) {
        let written = written();
        written.put(position, None);
        prop_assert!(written.extends().is_err() || position < ENTRIES);
        match written.replayed() {
            Err(Error::Corrupt { position: shown, .. }) => prop_assert_eq!(shown, position),
            // Cut where the fetching had not looked beyond: a fresh desk cannot know, one with a pin does.
            Ok(head) => {
                prop_assert_eq!(head, written.heads[position as usize - 1]);
                written.put(ENTRIES, None);
                prop_assert!(written.extends().is_err());
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn swapped_slots_and_slots_played_again_are_found(from in 1..=ENTRIES, to in 1..ENTRIES, swap in any::<bool>()) {
        prop_assume!(from != to);
        let written = written();
        let (there, here) = (written.raw(to), written.raw(from));
        written.put(to, Some(here));
        if swap {
            written.put(from, Some(there));
        }
        // Where no entry follows to vouch for them, a desk that knows nothing sees void slots, and one with a pin more.
        let corrupt = matches!(written.replayed(), Err(Error::Corrupt { .. }));
        prop_assert!(corrupt || (written.extends().is_err() && from.max(to) == ENTRIES));
        prop_assert!(!written.report().problems.is_empty());
    }

    #[test]
    fn an_entry_of_another_workspace_or_of_another_slot_is_void_in_the_next_slot(which in 1..=ENTRIES) {
        let (written, other) = (written(), block_on(written_by(2, ENTRIES)));
        for bytes in [written.raw(which), other.raw(which)] {
            written.put(ENTRIES + 1, Some(bytes));
            prop_assert_eq!(written.replayed().unwrap().position, ENTRIES + 1);
            let report = written.report();
            let found: Vec<_> = report.problems.iter().map(|problem| (problem.position, &problem.finding)).collect();
            prop_assert!(
                matches!(
                    found.as_slice(),
                    [(at, Finding::Void(VoidReason::OtherWorkspace { .. } | VoidReason::OtherPosition { .. }))]
                        if *at == ENTRIES + 1
                ),
                "{:?}", found
            );
        }
    }

    #[test]
    fn garbage_never_stops_the_history_nor_changes_what_it_says(garbage in prop::collection::vec(any::<u8>(), 0..400)) {
        let written = block_on(written_by(1, 3));
        let key = desk_key(1);
        written.put(4, Some(garbage.into()));
        let head = written.replayed().unwrap();
        prop_assert_eq!(head.position, 4);
        let next = sealed(&written.ledger, &head, &key, vec![fact(99)]);
        let recorded = matches!(block_on(written.ledger.offer(&next)), Offered::Recorded { .. });
        prop_assert!(recorded);
        prop_assert_eq!(written.report().problems.len(), 1);
    }

    #[test]
    fn what_is_read_does_not_depend_on_how_it_is_read(entries in 1..700_u64, from in 0..700_u64) {
        // I3: one by one, ahead on several cores, and from any head in between.
        let written = block_on(written_by(1, entries.min(40)));
        let from = (from % written.heads.len() as u64) as usize;
        let run = Builder::new_multi_thread().enable_time().build().unwrap();
        let head = run.block_on(async {
            let mut replay = written.ledger.replay(written.heads[from]);
            while let Some(slot) = replay.next().await.unwrap() {
                assert_eq!(slot.head(), written.heads[slot.position as usize]);
            }
            replay.head()
        });
        prop_assert_eq!(head, written.heads[written.heads.len() - 1]);
    }
}

#[test]
fn an_oversized_slot_costs_its_cap_and_no_more() {
    let written = written();
    let next = written.heads.len() as u64;
    written.put(next, Some(vec![b'x'; 40 * SLOT_BYTES_MAX].into()));
    let slot = block_on(written.ledger.next(&written.heads[next as usize - 1])).unwrap().unwrap();
    assert_eq!(slot.raw.len(), SLOT_BYTES_MAX + 1);
    assert_eq!(slot.content, Err(VoidReason::Oversized));
}

#[test]
fn a_stranger_cannot_halt_a_history_and_a_member_who_signed_another_does() {
    let written = written();
    let (member, stranger) = (desk_key(1), desk_key(66));
    let last = written.heads[written.heads.len() - 1];
    let elsewhere = Head { chain: Digest::of(b"another history"), ..last };
    let next = last.position + 1;
    written.put(next, Some(sealed(&written.ledger, &elsewhere, &stranger, vec![fact(1)]).bytes.into()));
    assert_eq!(written.replayed().unwrap().position, next);
    written.put(next, Some(sealed(&written.ledger, &elsewhere, &member, vec![fact(1)]).bytes.into()));
    assert!(matches!(written.replayed(), Err(Error::Corrupt { position, .. }) if position == next));
}

#[test]
fn a_newer_format_by_a_member_asks_for_an_update_and_by_a_stranger_is_void() {
    let written = written();
    let last = written.heads[written.heads.len() - 1];
    for (founder, halts) in [(1, true), (66, false)] {
        let key = desk_key(founder);
        let payload =
            serde_json::to_vec(&serde_json::json!({"v": 2, "person": "ana", "anything": []})).unwrap();
        let message = crate::pre_authentication_encoding(crate::ENTRY_TYPE, &payload);
        let signature = ed25519_dalek::Signer::sign(&key, &message).to_bytes();
        let raw = crate::envelope::write(crate::ENTRY_TYPE, &payload, &[(public(&key), signature)]);
        written.put(last.position + 1, Some(raw.into()));
        match written.replayed() {
            Err(Error::UpdateRequired { .. }) => assert!(halts),
            Ok(head) => assert!(!halts && head.position == last.position + 1),
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn a_signature_counts_for_its_author_and_its_exact_bytes_only() {
    let written = written();
    let key = desk_key(1);
    let last = written.heads[written.heads.len() - 1];
    let good = sealed(&written.ledger, &last, &key, vec![fact(50)]).bytes;
    let text = String::from_utf8(good).unwrap();
    let other: PublicKey = public(&desk_key(3));
    let rows = [
        ("the key of somebody else", text.replace(public(&key).hex(), other.hex())),
        ("no signature", {
            let end = text.find("\"signatures\":").unwrap();
            format!("{}\"signatures\":[]}}", &text[..end])
        }),
        ("another type", text.replace("entry+json", "genesis+json")),
        ("an unknown field", text.replacen('{', "{\"x\":1,", 1)),
        ("the payload twice", text.replacen('{', "{\"payload\":\"e30=\",", 1)),
    ];
    for (story, raw) in rows {
        assert_ne!(raw, text, "{story}");
        written.put(last.position + 1, Some(raw.into()));
        let slot = block_on(written.ledger.next(&last)).unwrap().unwrap();
        assert!(slot.content.is_err(), "{story}");
    }
}

#[test]
fn sealing_refuses_what_every_reader_would_find_void() {
    let written = written();
    let head = written.ledger.origin();
    let key = desk_key(1);
    let author = |claimed_at: &str| crate::Author {
        key: public(&key),
        person: "ana".into(),
        claimed_at: claimed_at.into(),
        rules_version: 1,
    };
    let with = |body| crate::RawFact { body, ..fact(1) };
    let big = serde_json::Value::String("x".repeat(SLOT_BYTES_MAX));
    let rows = [
        (
            "a fraction",
            "2026-01-01T00:00:00Z",
            vec![with(serde_json::json!({"auc": 0.8}))],
            "facts[0].body.auc",
        ),
        ("too much", "2026-01-01T00:00:00Z", vec![with(big)], "as a blob"),
        ("no fact", "2026-01-01T00:00:00Z", vec![], "1 to 100 facts"),
        ("too many", "2026-01-01T00:00:00Z", (1..=101).map(fact).collect(), "1 to 100 facts"),
        ("one fact twice", "2026-01-01T00:00:00Z", vec![fact(1), fact(1)], "given twice"),
        ("no time", "yesterday", vec![fact(1)], "claimed_at"),
    ];
    for (story, claimed_at, facts, said) in rows {
        let payload = crate::Payload::after(&head, written.ledger.workspace(), author(claimed_at), facts);
        let sign = |message: &[u8]| {
            Ok::<_, std::convert::Infallible>(ed25519_dalek::Signer::sign(&key, message).to_bytes())
        };
        let refused = crate::seal(&payload, sign).unwrap_err().to_string();
        assert!(refused.contains(said), "{story}: {refused}");
    }
    let payload = crate::Payload::after(
        &head,
        written.ledger.workspace(),
        author("2026-01-01T00:00:00Z"),
        vec![fact(1)],
    );
    let by_another = |message: &[u8]| {
        Ok::<_, std::convert::Infallible>(ed25519_dalek::Signer::sign(&desk_key(2), message).to_bytes())
    };
    assert!(crate::seal(&payload, by_another).is_err());
    assert!(matches!(crate::seal(&payload, |_| Err("locked")), Err(Error::Unsigned { .. })));
}

#[test]
fn missing_and_exchanged_blobs_are_named_with_the_entry_that_names_them() {
    let written = written();
    let (kept, exchanged, missing) = (b"kept".as_slice(), b"exchanged".as_slice(), Digest::of(b"missing"));
    let kept = block_on(written.ledger.put_blob(kept)).unwrap();
    let exchanged = block_on(written.ledger.put_blob(exchanged)).unwrap();
    written.store.tamper(&crate::blob::blob_name(&exchanged), Some(Bytes::from_static(b"other")));
    let named = [(3, kept), (4, exchanged), (5, missing)];
    let problems = block_on(written.ledger.verify_blobs(named, |_| {})).unwrap();
    let found = Digest::of(b"other");
    let expected = [
        Problem { position: 4, finding: Finding::BlobCorrupt { named: exchanged, found } },
        Problem { position: 5, finding: Finding::BlobMissing(missing) },
    ];
    assert_eq!(problems, expected);
}

#[test]
fn a_founding_document_is_what_its_founders_signed_or_is_refused() {
    let written = written();
    let genesis = "genesis.json";
    let good = written.raw(0);
    for at in (0..good.len()).step_by(7) {
        let mut bytes = good.to_vec();
        bytes[at] ^= 1;
        written.store.tamper(genesis, Some(bytes.into()));
        let store: Arc<dyn Store> = Arc::new(written.store.clone());
        let known = block_on(Ledger::open(Arc::clone(&store), Some(written.ledger.workspace())));
        assert!(matches!(known, Err(Error::OtherWorkspace { .. })), "byte {at}");
        let unknown = block_on(Ledger::open(store, None));
        assert!(matches!(unknown, Err(Error::Corrupt { position: 0, .. })), "byte {at}");
    }
}

#[test]
fn an_identifier_takes_effect_once_and_a_void_entry_takes_none() {
    let written = written();
    let slot = block_on(written.ledger.next(&written.ledger.origin())).unwrap().unwrap();
    let entry = slot.content.unwrap();
    let mut ids = FactIds::default();
    assert!(!ids.contains(&entry.payload.facts[0].id));
    assert_eq!(ids.admit(&entry), Ok(()));
    assert_eq!(ids.admit(&entry), Err(entry.payload.facts[0].id));
}

/// A history with everything a slot can hold, written by this version; later versions must read it the same way.
async fn golden_history(store: Arc<dyn Store>) {
    let key = desk_key(1);
    let ledger = Ledger::found(Arc::clone(&store), &founding(&key)).await.unwrap();
    let mut head = ledger.origin();
    for number in 1..=8_u128 {
        let position = head.position + 1;
        let bytes = match number {
            3 => Bytes::from_static(b"not an entry\n"),
            5 => sealed(&ledger, &head, &desk_key(66), vec![fact(500)]).bytes.into(),
            6 => ledger.raw(1).await.unwrap().unwrap(),
            _ => sealed(&ledger, &head, &key, (0..number).map(|nth| fact(number * 100 + nth)).collect())
                .bytes
                .into(),
        };
        assert_eq!(store.create(&slot_name(position), bytes).await.unwrap(), Creation::Created);
        head = ledger.next(&head).await.unwrap().unwrap().head();
    }
}

fn golden_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/ledger")
}

/// `COUNTERSIGN_GOLDEN=write` writes the history where there is none; it is never rewritten.
#[tokio::test]
async fn the_golden_ledger_replays_to_the_same_chain_for_ever() {
    let folder = golden_folder();
    if std::env::var("COUNTERSIGN_GOLDEN").as_deref() == Ok("write") {
        std::fs::create_dir_all(&folder).unwrap();
        golden_history(Arc::new(Folder::open(&folder).unwrap())).await;
        std::fs::remove_dir_all(folder.join("staging")).unwrap();
    }
    let ledger = Ledger::open(Arc::new(Folder::open(&folder).unwrap()), None).await.unwrap();
    let report = ledger.verify(|_| {}).await.unwrap();
    assert_eq!(ledger.workspace().to_string(), GOLDEN_WORKSPACE);
    assert_eq!((report.head.position, report.head.chain.to_string().as_str()), (8, GOLDEN_CHAIN));
    let [garbage, played_again] = report.problems.as_slice() else { panic!("{:?}", report.problems) };
    assert_eq!(garbage.position, 3);
    assert!(matches!(garbage.finding, Finding::Void(VoidReason::Unparsable { .. })), "{garbage:?}");
    assert_eq!(played_again.position, 6);
    assert_eq!(played_again.finding, Finding::Void(VoidReason::OtherPosition { signed: 1 }));
}

const GOLDEN_WORKSPACE: &str = "sha256:dc7d5fa2c4ecdced6954a64b333573dd83b4e7b78061f9c2c7b75527bfb3da87";
const GOLDEN_CHAIN: &str = "sha256:67d85000e2bc9edc3f261516ce15acb244da7c3a623f4b43944799362661c3c6";
