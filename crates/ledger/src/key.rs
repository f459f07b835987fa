//! Public keys and the one way a signature is checked.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digest::lower_hex;

/// Bytes of a signature as it is stored.
pub type SignatureBytes = [u8; 64];

const ED25519: &str = "ed25519";

/// A signature algorithm. A format that names its algorithm can learn another without a new format.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// Ed25519, verified strictly (no small-order keys, no malleable encodings).
    Ed25519,
    /// One this desk does not know yet, for example `p256`. Nothing it signed can be checked here.
    Newer(String),
}

/// A public key, written `ed25519:` and 64 lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey(Arc<str>);

/// Why a text is no public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no public key: write `ed25519:` and 64 lower-case hexadecimal digits")]
pub struct NotAKey {
    text: String,
}

impl PublicKey {
    /// Longest key text that is read, algorithm included.
    const LENGTH_MAX: usize = 512;

    /// The Ed25519 key with these 32 bytes. Whether they are a point of the curve shows when something is verified.
    pub fn ed25519(bytes: &[u8; 32]) -> PublicKey {
        PublicKey(format!("{ED25519}:{}", hex::encode(bytes)).into())
    }

    /// The algorithm.
    pub fn algorithm(&self) -> Algorithm {
        match self.parts().0 {
            ED25519 => Algorithm::Ed25519,
            newer => Algorithm::Newer(newer.to_owned()),
        }
    }

    fn parts(&self) -> (&str, &str) {
        self.0.split_once(':').unwrap_or(("", &self.0))
    }

    /// The hexadecimal digits without the algorithm.
    pub fn hex(&self) -> &str {
        self.parts().1
    }

    /// The first 16 hexadecimal digits: enough to tell keys of one workspace apart on a screen, never to identify one.
    pub fn fingerprint(&self) -> &str {
        self.hex().get(..16).unwrap_or_else(|| self.hex())
    }

    /// Whether `signature` is this key's signature over `message`.
    pub fn verifies(&self, message: &[u8], signature: &SignatureBytes) -> bool {
        self.unpacked()
            .is_some_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
    }

    /// The key ready to verify; unpacking costs a fifth of a verification, so readers of many entries keep it.
    pub(crate) fn unpacked(&self) -> Option<VerifyingKey> {
        match self.algorithm() {
            Algorithm::Ed25519 => VerifyingKey::from_bytes(&lower_hex(self.hex())?).ok(),
            Algorithm::Newer(_) => None,
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PublicKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<PublicKey, NotAKey> {
        let refuse = || NotAKey { text: text.chars().take(96).collect() };
        if text.len() > PublicKey::LENGTH_MAX {
            return Err(refuse());
        }
        let (name, digits) = text.split_once(':').ok_or_else(refuse)?;
        let digits_fit = digits.len() >= 64 && digits.len().is_multiple_of(2);
        let digits_hex = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let name_fits = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let length_fits = name != ED25519 || digits.len() == 64;
        if !digits_fit || !digits_hex || !name_fits || !length_fits {
            return Err(refuse());
        }
        Ok(PublicKey(text.into()))
    }
}

impl TryFrom<String> for PublicKey {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<PublicKey, NotAKey> {
        text.parse()
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PublicKey, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
