use std::sync::Arc;

use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::json;

use super::*;
use crate::entry::{Author, Payload, RawFact, Sealed, seal};
use crate::genesis::Founder;
use crate::key::PublicKey;
use crate::offer::Offered;
use crate::store::Memory;
use crate::store::Store;
use crate::verify::Report;
use ulid::Ulid;

pub(crate) fn desk_key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub(crate) fn public(key: &SigningKey) -> PublicKey {
    PublicKey::ed25519(key.verifying_key().as_bytes())
}

pub(crate) fn founding(key: &SigningKey) -> Founding {
    let genesis = Genesis {
        v: 1,
        name: "Risk".into(),
        created_at: "2026-01-01T09:00:00Z".into(),
        nonce: "n".into(),
        founders: vec![Founder { person: "ana".into(), key: public(key), device: "laptop".into() }],
        threshold: 1,
        policy: json!({}),
        personal_data: None,
    };
    let (payload, message) = genesis.to_sign().unwrap();
    Genesis::signed(&payload, &[(public(key), key.sign(&message).to_bytes())]).unwrap()
}

pub(crate) fn fact(number: u128) -> RawFact {
    RawFact {
        id: Ulid(number),
        kind: "test.said".into(),
        v: 1,
        subject: "it".into(),
        body: json!({"n": number as u64}),
    }
}

pub(crate) fn sealed(ledger: &Ledger, head: &Head, key: &SigningKey, facts: Vec<RawFact>) -> Sealed {
    let author = Author {
        key: public(key),
        person: "ana".into(),
        claimed_at: "2026-01-01T09:00:00Z".into(),
        rules_version: 1,
    };
    let payload = Payload::after(head, ledger.workspace(), author, facts);
    seal(&payload, |message| Ok::<_, std::convert::Infallible>(key.sign(message).to_bytes())).unwrap()
}

#[tokio::test]
async fn what_is_recorded_is_read_back_and_verified() {
    let key = desk_key(1);
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let ledger = Ledger::found(Arc::clone(&store), &founding(&key)).await.unwrap();
    let mut head = ledger.origin();
    for number in 1..=600 {
        let Offered::Recorded { slot } =
            ledger.offer(&sealed(&ledger, &head, &key, vec![fact(number)])).await
        else {
            panic!("an empty slot is won")
        };
        head = slot.head();
    }
    let again = Ledger::open(store, Some(ledger.workspace())).await.unwrap();
    let mut replay = again.replay(again.origin());
    let mut read = 0_u64;
    while let Some(slot) = replay.next().await.unwrap() {
        read += 1;
        let entry =
            slot.judged(|held, person| *held == public(&key) && person == Some("ana")).unwrap().unwrap();
        assert_eq!(entry.payload.facts, vec![fact(u128::from(read))]);
    }
    assert_eq!(replay.head(), head);
    assert_eq!(again.verify(|_| {}).await.unwrap(), Report { entries: 600, head, problems: vec![] });
}
