//! The founding document: position 0 of every history, signed by all founders.

use std::collections::HashSet;

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::digest::Digest;
use crate::entry::SLOT_BYTES_MAX;
use crate::envelope::{self, pre_authentication_encoding};
use crate::error::{Contradiction, Error};
use crate::json;
use crate::key::{PublicKey, SignatureBytes};

/// The DSSE payload type of the founding document.
pub const GENESIS_TYPE: &str = "application/vnd.countersign.genesis+json";
/// The version of the founding document this build reads and writes.
pub const GENESIS_VERSION: u32 = 1;
/// Most founders.
pub const FOUNDERS_MAX: usize = 32;

const NAME_BYTES_MAX: usize = 512;

/// A founder: a person, and the key they found the workspace with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Founder {
    /// The person, by the name rules use.
    pub person: String,
    /// Their key.
    pub key: PublicKey,
    /// What the device is called that holds the key.
    pub device: String,
}

/// What the founders agree on. The ledger reads only the keys; the policy is the rules' business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Genesis {
    /// [`GENESIS_VERSION`].
    pub v: u32,
    /// What the workspace is called.
    pub name: String,
    /// What the founding desk's clock said, RFC 3339 UTC.
    pub created_at: String,
    /// Chance, so that two workspaces founded alike have different digests (at most 512 bytes).
    pub nonce: String,
    /// The founders, all of whom sign.
    pub founders: Vec<Founder>,
    /// How many founders a change of founders needs.
    pub threshold: u32,
    /// Roles, separations and quorums; whole numbers only.
    pub policy: Value,
    /// Where personal data lies that a law may require to erase, as a URL; none until there is any.
    pub personal_data: Option<String>,
}

/// A signed founding document as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    genesis: Genesis,
    bytes: Bytes,
}

impl Genesis {
    /// The payload bytes, and the message every founder signs.
    ///
    /// # Errors
    /// [`Error::Malformed`] if the document breaks the format.
    pub fn to_sign(&self) -> Result<(Vec<u8>, Vec<u8>), Error> {
        if let Some(reason) = json::first_fault("policy", &self.policy) {
            return Err(Error::Malformed { reason });
        }
        let payload =
            serde_json::to_vec(self).map_err(|cause| Error::Malformed { reason: cause.to_string() })?;
        let message = pre_authentication_encoding(GENESIS_TYPE, &payload);
        Ok((payload, message))
    }

    /// Puts the founders' signatures around `payload` (from [`Genesis::to_sign`], carried to each founder's desk).
    ///
    /// # Errors
    /// [`Error::Malformed`] if a founder's signature is missing or wrong.
    pub fn signed(payload: &[u8], signatures: &[(PublicKey, SignatureBytes)]) -> Result<Founding, Error> {
        let bytes = envelope::write(GENESIS_TYPE, payload, signatures);
        Founding::from_bytes(Bytes::from(bytes)).map_err(|reason| Error::Malformed { reason })
    }
}

impl Founding {
    /// What was founded.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The exact bytes of `genesis.json`.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The workspace id: the digest of those bytes.
    pub fn workspace(&self) -> Digest {
        Digest::of(&self.bytes)
    }

    pub(crate) fn read(bytes: Bytes) -> Result<Founding, Error> {
        Founding::from_bytes(bytes).map_err(|reason| Error::Corrupt {
            position: 0,
            contradiction: Contradiction::Genesis { reason },
        })
    }

    fn from_bytes(bytes: Bytes) -> Result<Founding, String> {
        if bytes.len() > SLOT_BYTES_MAX {
            return Err(format!("it holds more than {SLOT_BYTES_MAX} bytes"));
        }
        let envelope = envelope::read(&bytes)?;
        if envelope.payload_type != GENESIS_TYPE {
            return Err(format!("its type is `{}`", envelope.payload_type));
        }
        let genesis = genesis(json::read(&envelope.payload)?)?;
        let message = pre_authentication_encoding(GENESIS_TYPE, &envelope.payload);
        if envelope.signatures.len() != genesis.founders.len() {
            return Err(format!(
                "{} founders are named, but {} signed",
                genesis.founders.len(),
                envelope.signatures.len()
            ));
        }
        for founder in &genesis.founders {
            let signed =
                envelope.signatures.iter().filter(|signed| signed.key == founder.key).any(|signed| {
                    SignatureBytes::try_from(signed.signature.as_slice())
                        .is_ok_and(|signature| founder.key.verifies(&message, &signature))
                });
            if !signed {
                return Err(format!("the founder `{}` did not sign it", founder.person));
            }
        }
        Ok(Founding { genesis, bytes })
    }
}

fn genesis(value: Value) -> Result<Genesis, String> {
    let Value::Object(members) = value else {
        return Err("it is no object".to_owned());
    };
    let mut fields = Fields { of: "the founding document", members };
    let genesis = Genesis {
        v: fields.small("v")?,
        name: fields.text("name", NAME_BYTES_MAX)?,
        created_at: fields.text("created_at", NAME_BYTES_MAX)?,
        nonce: fields.text("nonce", NAME_BYTES_MAX)?,
        founders: founders(fields.take("founders")?)?,
        threshold: fields.small("threshold")?,
        policy: fields.take("policy")?,
        personal_data: match fields.take("personal_data")? {
            Value::Null => None,
            Value::String(url) => Some(url),
            _ => return Err("`personal_data` is neither a URL nor null".to_owned()),
        },
    };
    fields.nothing_else()?;
    if genesis.v != GENESIS_VERSION {
        return Err(format!("version {} is not known to this build: update to open it", genesis.v));
    }
    let persons = genesis.founders.iter().map(|founder| &founder.person).collect::<HashSet<_>>().len();
    if genesis.threshold == 0 || genesis.threshold as usize > persons {
        return Err(format!("{} of {persons} founders cannot be a threshold", genesis.threshold));
    }
    Ok(genesis)
}

fn founders(value: Value) -> Result<Vec<Founder>, String> {
    let Value::Array(items) = value else {
        return Err("`founders` is no list".to_owned());
    };
    if items.is_empty() || items.len() > FOUNDERS_MAX {
        return Err(format!("a workspace has 1 to {FOUNDERS_MAX} founders, not {}", items.len()));
    }
    let mut keys = HashSet::new();
    items
        .into_iter()
        .map(|item| {
            let Value::Object(members) = item else {
                return Err("a founder is no object".to_owned());
            };
            let mut fields = Fields { of: "a founder", members };
            let founder = Founder {
                person: fields.text("person", NAME_BYTES_MAX)?,
                key: fields.parsed("key")?,
                device: fields.text("device", NAME_BYTES_MAX)?,
            };
            fields.nothing_else()?;
            if !keys.insert(founder.key.clone()) {
                return Err(format!("the key `{}` is given twice", founder.key));
            }
            Ok(founder)
        })
        .collect()
}

/// The members of an object, taken out one by one; what is left over at the end is a fault.
struct Fields {
    of: &'static str,
    members: Map<String, Value>,
}

impl Fields {
    fn take(&mut self, name: &str) -> Result<Value, String> {
        self.members.swap_remove(name).ok_or_else(|| format!("{} lacks `{name}`", self.of))
    }

    fn text(&mut self, name: &str, bytes_max: usize) -> Result<String, String> {
        match self.take(name)? {
            Value::String(text) if text.len() <= bytes_max => Ok(text),
            Value::String(_) => Err(format!("`{name}` of {} is longer than {bytes_max} bytes", self.of)),
            _ => Err(format!("`{name}` of {} is no text", self.of)),
        }
    }

    fn number(&mut self, name: &str) -> Result<u64, String> {
        self.take(name)?.as_u64().ok_or_else(|| format!("`{name}` of {} is no number", self.of))
    }

    fn small(&mut self, name: &str) -> Result<u32, String> {
        u32::try_from(self.number(name)?).map_err(|_| format!("`{name}` of {} is too large", self.of))
    }

    fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(&mut self, name: &str) -> Result<T, String> {
        self.text(name, NAME_BYTES_MAX)?.parse().map_err(|cause: T::Err| format!("`{name}`: {cause}"))
    }

    fn nothing_else(&self) -> Result<(), String> {
        match self.members.keys().next() {
            Some(unknown) => Err(format!("{} has an unknown field `{unknown}`", self.of)),
            None => Ok(()),
        }
    }
}
