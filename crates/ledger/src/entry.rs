//! An entry: what one desk signed into one slot.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ulid::Ulid;

use crate::chain::Head;
use crate::digest::Digest;
use crate::envelope::{self, pre_authentication_encoding};
use crate::error::{Cause, Error};
use crate::json::{self, Small, Strict, Text, Whole};
use crate::key::{PublicKey, SignatureBytes};

/// Most bytes a slot may hold; what lies beyond is never read (invariant I6).
pub const SLOT_BYTES_MAX: usize = 256 * 1024;
/// Most facts in an entry.
pub const FACTS_MAX: usize = 100;
/// The payload version this build reads and writes.
pub const PAYLOAD_VERSION: u32 = 1;
/// The DSSE payload type of an entry.
pub const ENTRY_TYPE: &str = "application/vnd.countersign.entry+json";

const KIND_BYTES_MAX: usize = 128;
const NAME_BYTES_MAX: usize = 512;
const ULID_BYTES: usize = 26;

/// A fact as the ledger carries it: its body is never opened here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RawFact {
    /// The identity of the fact, chosen once when the intent is written down. Not its bytes: a fact that is signed anew
    /// after a crash keeps its identifier, and a second occurrence of an identifier is void.
    #[serde(serialize_with = "as_text")]
    pub id: Ulid,
    /// What kind of fact, for example `registry.version-registered`; at most 128 bytes.
    pub kind: String,
    /// Version of that kind's body.
    pub v: u32,
    /// What the fact is about, for example the identifier of a model; at most 512 bytes.
    pub subject: String,
    /// The body: whole numbers only, strings in normal form C.
    pub body: Value,
}

fn as_text<S: serde::Serializer>(id: &Ulid, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

/// What is signed: facts of one decision, and where in which history they were meant to stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Payload {
    /// [`PAYLOAD_VERSION`].
    pub v: u32,
    /// The workspace: the digest of its founding document.
    pub workspace: Digest,
    /// The slot it was made for.
    pub position: u64,
    /// The running hash of everything before that slot.
    pub chain: Digest,
    /// Who signs.
    pub author_key: PublicKey,
    /// The person the key belongs to, by the name rules use.
    pub person: String,
    /// What the desk's clock said, RFC 3339 UTC with a `Z`. A claim, never an order.
    pub claimed_at: String,
    /// Version of the rules the desk decided by.
    pub rules_version: u32,
    /// The facts, all or nothing.
    pub facts: Vec<RawFact>,
}

impl Payload {
    /// A payload for the slot after `head`.
    pub fn after(head: &Head, workspace: Digest, by: Author, facts: Vec<RawFact>) -> Payload {
        Payload {
            v: PAYLOAD_VERSION,
            workspace,
            position: head.position + 1,
            chain: head.chain,
            author_key: by.key,
            person: by.person,
            claimed_at: by.claimed_at,
            rules_version: by.rules_version,
            facts,
        }
    }
}

/// Who signs, when, and by which rules: the part of a payload that does not come from the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The signing key.
    pub key: PublicKey,
    /// The person it belongs to.
    pub person: String,
    /// What the desk's clock says, RFC 3339 UTC with a `Z`.
    pub claimed_at: String,
    /// Version of the rules the desk decided by.
    pub rules_version: u32,
}

/// An entry ready to be offered. Keep the bytes (in the outbox) before the first attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The slot it is for.
    pub position: u64,
    /// The running hash before that slot.
    pub chain: Digest,
    /// Whose it is.
    pub author_key: PublicKey,
    /// The identities of its facts.
    pub fact_ids: Vec<Ulid>,
    /// The exact bytes of the slot.
    pub bytes: Vec<u8>,
}

impl Sealed {
    /// Takes kept bytes out of the outbox again.
    ///
    /// # Errors
    /// [`Error::Malformed`] if they are no entry of this workspace.
    pub fn from_bytes(workspace: &Digest, bytes: Vec<u8>) -> Result<Sealed, Error> {
        let entry = open(&bytes, &mut Keys::default()).map_err(|reason| Error::Malformed {
            reason: format!("the kept bytes are no entry: {reason}"),
        })?;
        if entry.payload.workspace != *workspace {
            return Err(Error::Malformed {
                reason: format!("the kept entry belongs to the workspace `{}`", entry.payload.workspace),
            });
        }
        Ok(Sealed::around(&entry.payload, bytes))
    }

    /// What was sealed: for a desk that was overtaken and asks its rules anew about the same facts.
    ///
    /// # Errors
    /// [`Error::Malformed`] if the bytes are no entry.
    pub fn payload(&self) -> Result<Payload, Error> {
        open(&self.bytes, &mut Keys::default())
            .map(|entry| entry.payload)
            .map_err(|reason| Error::Malformed { reason: format!("the kept bytes are no entry: {reason}") })
    }

    fn around(payload: &Payload, bytes: Vec<u8>) -> Sealed {
        Sealed {
            position: payload.position,
            chain: payload.chain,
            author_key: payload.author_key.clone(),
            fact_ids: payload.facts.iter().map(|fact| fact.id).collect(),
            bytes,
        }
    }
}

/// Signs `payload`; `sign` gets the bytes to be signed and answers the signature by `payload.author_key`.
///
/// What is sealed is read back by the very code that judges slots, so nothing sealed can be void for its form.
///
/// # Errors
/// [`Error::Malformed`] names what breaks the format, [`Error::Unsigned`] carries the signer's refusal.
pub fn seal<E>(
    payload: &Payload,
    sign: impl FnOnce(&[u8]) -> Result<SignatureBytes, E>,
) -> Result<Sealed, Error>
where
    E: Into<Cause>,
{
    if let Some(reason) = payload
        .facts
        .iter()
        .enumerate()
        .find_map(|(index, fact)| json::first_fault(&format!("facts[{index}].body"), &fact.body))
    {
        return Err(Error::Malformed { reason });
    }
    let bytes =
        serde_json::to_vec(payload).map_err(|cause| Error::Malformed { reason: cause.to_string() })?;
    let signature = sign(&pre_authentication_encoding(ENTRY_TYPE, &bytes))
        .map_err(|cause| Error::Unsigned { source: cause.into() })?;
    let raw = envelope::write(ENTRY_TYPE, &bytes, &[(payload.author_key.clone(), signature)]);
    match open(&raw, &mut Keys::default()) {
        Ok(read) if read.payload == *payload => Ok(Sealed::around(payload, raw)),
        Ok(_) => {
            Err(Error::Malformed { reason: "the entry does not read back as it was written".to_owned() })
        }
        Err(VoidReason::Oversized) => Err(Error::Malformed {
            reason: format!(
                "an entry of {} bytes is more than {SLOT_BYTES_MAX}: keep big content as a blob and name its digest",
                raw.len()
            ),
        }),
        Err(VoidReason::BadSignature) => Err(Error::Malformed {
            reason: format!("the signature is not by the key `{}`", payload.author_key),
        }),
        Err(reason) => Err(Error::Malformed { reason: format!("such an entry would be void: {reason}") }),
    }
}

/// An entry whose signature is its author key's. Whether that key speaks for that person at that slot, and whether the
/// rules allow the facts, is judged by the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What was signed.
    pub payload: Payload,
}

/// Why a slot changes nothing. Deterministic: every desk finds the same variant in the same bytes. The words inside
/// [`VoidReason::Unparsable`] are for people and depend on the version of a library; no state may depend on them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoidReason {
    /// More than [`SLOT_BYTES_MAX`] bytes.
    #[error("it holds more than {SLOT_BYTES_MAX} bytes")]
    Oversized,
    /// No envelope, or no payload of the known shape.
    #[error("it cannot be read: {why}")]
    Unparsable {
        /// What is wrong.
        why: String,
    },
    /// Not exactly one signature.
    #[error("it carries {found} signatures instead of one")]
    Unsigned {
        /// How many there are.
        found: usize,
    },
    /// The signature is not the author key's over these bytes.
    #[error("its signature is not by its author's key over these bytes")]
    BadSignature,
    /// Made for another workspace.
    #[error("it was signed for another workspace, `{signed}`")]
    OtherWorkspace {
        /// Which.
        signed: Digest,
    },
    /// Made for another slot.
    #[error("it was signed for slot #{signed}")]
    OtherPosition {
        /// Which.
        signed: u64,
    },
    /// The key is not, or no longer, that person's at this slot.
    #[error("the key `{key}` does not speak for `{person}` here")]
    KeyNotHeld {
        /// The key.
        key: PublicKey,
        /// The person claimed.
        person: String,
    },
    /// A format newer than this build. Void by an unknown key; by a valid one this desk is too old
    /// (see [`Slot::judged`](crate::Slot::judged)).
    #[error("it is written in a newer format ({newer})")]
    Newer {
        /// What is not known.
        newer: String,
        /// The key that signed, or is said to have signed where the algorithm is what is not known.
        key: PublicKey,
        /// The person claimed, where it could be read.
        person: Option<String>,
    },
    /// It signed another history. Void by an unknown key; by a valid one the history is corrupt
    /// (see [`Slot::judged`](crate::Slot::judged)).
    #[error("it was signed on top of another history")]
    OtherHistory {
        /// The running hash it signed.
        signed: Digest,
        /// The running hash of the slots before it.
        running: Digest,
        /// The earliest slot that may have changed.
        since: u64,
        /// The key that signed.
        key: PublicKey,
        /// The person claimed.
        person: String,
    },
}

/// Identities of the facts that took effect (invariant I2).
///
/// The ledger cannot enforce this alone: an identifier is taken only by an entry that *took effect*, or a stranger's void
/// entry could burn the identifiers of others. So the replaying side calls [`FactIds::admit`] after the key and before
/// the facts are applied; an entry that repeats an identifier is void as a whole.
#[derive(Clone, Debug, Default)]
pub struct FactIds {
    seen: HashSet<Ulid>,
}

impl FactIds {
    /// Takes the identifiers of `entry`, or answers the first that was taken before and takes none.
    ///
    /// # Errors
    /// The identifier that occurred before.
    pub fn admit(&mut self, entry: &Entry) -> Result<(), Ulid> {
        match entry.payload.facts.iter().find(|fact| self.seen.contains(&fact.id)) {
            Some(repeated) => Err(repeated.id),
            None => {
                self.seen.extend(entry.payload.facts.iter().map(|fact| fact.id));
                Ok(())
            }
        }
    }

    /// Whether a fact of that identity took effect.
    pub fn contains(&self, id: &Ulid) -> bool {
        self.seen.contains(id)
    }
}

/// Unpacked keys of a reader. A workspace has few; a flood of made-up keys only empties the memory.
#[derive(Default)]
pub(crate) struct Keys {
    unpacked: std::collections::HashMap<PublicKey, Option<ed25519_dalek::VerifyingKey>>,
}

impl Keys {
    const KEPT_MAX: usize = 1024;

    fn verify(&mut self, key: &PublicKey, message: &[u8], signature: &SignatureBytes) -> bool {
        if self.unpacked.len() >= Self::KEPT_MAX {
            self.unpacked.clear();
        }
        if !self.unpacked.contains_key(key) {
            self.unpacked.insert(key.clone(), key.unpacked());
        }
        self.unpacked[key].is_some_and(|unpacked| {
            unpacked.verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature)).is_ok()
        })
    }
}

/// Opens the raw bytes of a slot: everything that can be said without knowing which slot it is.
pub(crate) fn open(raw: &[u8], keys: &mut Keys) -> Result<Entry, VoidReason> {
    if raw.len() > SLOT_BYTES_MAX {
        return Err(VoidReason::Oversized);
    }
    let unparsable = |why: String| VoidReason::Unparsable { why };
    let envelope = envelope::read(raw).map_err(unparsable)?;
    if envelope.payload_type != ENTRY_TYPE {
        return Err(unparsable(format!("its type is `{}`", envelope.payload_type)));
    }
    let [signed] = envelope.signatures.as_slice() else {
        return Err(VoidReason::Unsigned { found: envelope.signatures.len() });
    };
    if let crate::key::Algorithm::Newer(name) = signed.key.algorithm() {
        let newer = format!("the signature algorithm `{name}`");
        return Err(VoidReason::Newer { newer, key: signed.key.clone(), person: None });
    }
    let message = pre_authentication_encoding(ENTRY_TYPE, &envelope.payload);
    let verified = SignatureBytes::try_from(signed.signature.as_slice())
        .is_ok_and(|signature| keys.verify(&signed.key, &message, &signature));
    if !verified {
        return Err(VoidReason::BadSignature);
    }
    let payload = match serde_json::from_slice::<Read<'_>>(&envelope.payload) {
        Ok(read) if read.v.0 <= PAYLOAD_VERSION => payload(read).map_err(unparsable)?,
        Ok(read) => return Err(newer(read.v.0.into(), signed.key.clone(), Some(read.person.0.into_owned()))),
        // A later version may look different altogether.
        Err(cause) => {
            let Ok(Value::Object(document)) = json::read(&envelope.payload) else {
                return Err(unparsable(cause.to_string()));
            };
            return Err(match document.get("v").and_then(Value::as_u64) {
                Some(v) if v > u64::from(PAYLOAD_VERSION) => {
                    let person = document.get("person").and_then(Value::as_str).map(str::to_owned);
                    newer(v, signed.key.clone(), person)
                }
                _ => unparsable(cause.to_string()),
            });
        }
    };
    if payload.author_key != signed.key {
        return Err(VoidReason::BadSignature);
    }
    Ok(Entry { payload })
}

fn newer(v: u64, key: PublicKey, person: Option<String>) -> VoidReason {
    VoidReason::Newer { newer: format!("payload version {v}"), key, person }
}

/// A payload as it is read: straight from the bytes, because most of a replay is this.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read<'a> {
    v: Small,
    #[serde(borrow)]
    workspace: Text<'a>,
    position: Whole,
    #[serde(borrow)]
    chain: Text<'a>,
    #[serde(borrow)]
    author_key: Text<'a>,
    #[serde(borrow)]
    person: Text<'a>,
    #[serde(borrow)]
    claimed_at: Text<'a>,
    rules_version: Small,
    #[serde(borrow)]
    facts: Vec<ReadFact<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadFact<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    kind: Text<'a>,
    v: Small,
    #[serde(borrow)]
    subject: Text<'a>,
    body: Strict,
}

fn payload(read: Read<'_>) -> Result<Payload, String> {
    let payload = Payload {
        v: read.v.0,
        workspace: read.workspace.parsed("workspace")?,
        position: read.position.0,
        chain: read.chain.parsed("chain")?,
        author_key: read.author_key.parsed("author_key")?,
        person: read.person.at_most("person", NAME_BYTES_MAX)?,
        claimed_at: read.claimed_at.at_most("claimed_at", NAME_BYTES_MAX)?,
        rules_version: read.rules_version.0,
        facts: facts(read.facts)?,
    };
    if payload.v != PAYLOAD_VERSION {
        return Err(format!("payload version {} was never written", payload.v));
    }
    if !is_utc(&payload.claimed_at) {
        return Err("`claimed_at` is not of the form 2026-03-31T09:00:00Z".to_owned());
    }
    Ok(payload)
}

fn facts(items: Vec<ReadFact<'_>>) -> Result<Vec<RawFact>, String> {
    if items.is_empty() || items.len() > FACTS_MAX {
        return Err(format!("an entry holds 1 to {FACTS_MAX} facts, not {}", items.len()));
    }
    let mut facts: Vec<RawFact> = Vec::with_capacity(items.len());
    for item in items {
        // ULIDs may be spelt in several ways; one spelling is kept, or two texts would name one fact.
        let id = Ulid::from_string(&item.id.0)
            .ok()
            .filter(|ulid| *ulid.array_to_str(&mut [0; ULID_BYTES]) == *item.id.0)
            .ok_or_else(|| format!("the fact identifier `{}` is no ULID in upper case", item.id.0))?;
        // Few facts travel together: looking through them is cheaper than remembering them.
        if facts.iter().any(|fact| fact.id == id) {
            return Err(format!("the fact identifier `{id}` is given twice"));
        }
        let fact = RawFact {
            id,
            kind: item.kind.at_most("kind", KIND_BYTES_MAX)?,
            v: item.v.0,
            subject: item.subject.at_most("subject", NAME_BYTES_MAX)?,
            body: item.body.0,
        };
        if fact.kind.is_empty() {
            return Err("the kind of a fact is empty".to_owned());
        }
        facts.push(fact);
    }
    Ok(facts)
}

/// `2026-03-31T09:00:00Z`, with up to nine digits of a fraction. Shape only, so that no calendar library's opinion can
/// decide whether a slot is void.
fn is_utc(text: &str) -> bool {
    let shape = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                literal => byte == literal,
            })
    };
    let Some(local) = text.strip_suffix('Z') else { return false };
    match local.split_once('.') {
        None => shape(local, "0000-00-00T00:00:00"),
        Some((whole, fraction)) => {
            shape(whole, "0000-00-00T00:00:00")
                && (1..=9).contains(&fraction.len())
                && fraction.bytes().all(|byte| byte.is_ascii_digit())
        }
    }
}
