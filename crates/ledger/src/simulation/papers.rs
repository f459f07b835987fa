//! Keys, a founding document and entries, as simulations and tests need them.

use std::convert::Infallible;

use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::json;
use ulid::Ulid;

use crate::chain::Head;
use crate::entry::{Author, Payload, RawFact, Sealed, seal};
use crate::genesis::{Founder, Founding, Genesis};
use crate::key::PublicKey;
use crate::log::Ledger;

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
    let (payload, message) = genesis.to_sign().expect("a plain document can be signed");
    Genesis::signed(&payload, &[(public(key), key.sign(&message).to_bytes())]).expect("its founder signed it")
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
    seal(&payload, |message| Ok::<_, Infallible>(key.sign(message).to_bytes()))
        .expect("a plain entry can be sealed")
}
