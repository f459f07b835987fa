//! The two digests of a file: sha256 for what was approved, crc32c for what the storage service reports.

use std::fmt;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use base64::Engine as _;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use crate::Error;

/// Bytes read at a time when a file is digested or copied.
pub(crate) const CHUNK_BYTES: usize = 256 * 1024;

/// A sha256 digest; written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Sha256 {
        Sha256(sha2::Sha256::digest(bytes).into())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

impl FromStr for Sha256 {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)
            .map_err(|_| Error::invalid(format!("digest `{text}`"), "a sha256 is 64 hexadecimal digits"))?;
        Ok(Sha256(bytes))
    }
}

impl TryFrom<String> for Sha256 {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Sha256> for String {
    fn from(digest: Sha256) -> String {
        digest.to_string()
    }
}

/// A crc32c checksum (Castagnoli), as Cloud Storage reports it: written as base64 of its big-endian bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Crc32c(pub u32);

impl Crc32c {
    /// The checksum of `bytes`.
    pub fn of(bytes: &[u8]) -> Crc32c {
        Crc32c(crc32c::crc32c(bytes))
    }

    /// The checksum of what this one is of, with `bytes` after it.
    pub fn and(self, bytes: &[u8]) -> Crc32c {
        Crc32c(crc32c::crc32c_append(self.0, bytes))
    }
}

impl fmt::Display for Crc32c {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64::engine::general_purpose::STANDARD.encode(self.0.to_be_bytes()))
    }
}

impl fmt::Debug for Crc32c {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crc32c({self})")
    }
}

impl FromStr for Crc32c {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = base64::engine::general_purpose::STANDARD.decode(text).unwrap_or_default();
        let bytes: [u8; 4] = bytes.try_into().map_err(|_| {
            Error::invalid(format!("checksum `{text}`"), "a crc32c is the base64 of four big-endian bytes")
        })?;
        Ok(Crc32c(u32::from_be_bytes(bytes)))
    }
}

impl TryFrom<String> for Crc32c {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Crc32c> for String {
    fn from(sum: Crc32c) -> String {
        sum.to_string()
    }
}

/// Size and both digests of one piece of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Length in bytes.
    pub size_bytes: u64,
    /// The sha256.
    pub sha256: Sha256,
    /// The crc32c.
    pub crc32c: Crc32c,
}

impl Fingerprint {
    /// The fingerprint of `bytes`.
    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint { size_bytes: bytes.len() as u64, sha256: Sha256::of(bytes), crc32c: Crc32c::of(bytes) }
    }

    /// Reads the file once, in pieces, and digests it.
    pub fn of_file(path: &Path) -> Result<Fingerprint, Error> {
        let mut file = std::fs::File::open(path).map_err(Error::io("could not open", path))?;
        let mut digesting = Digesting::default();
        let mut piece = vec![0; CHUNK_BYTES];
        loop {
            let n = file.read(&mut piece).map_err(Error::io("could not read", path))?;
            if n == 0 {
                return Ok(digesting.finish());
            }
            digesting.update(&piece[..n]);
        }
    }
}

/// Both digests while the bytes pass by.
#[derive(Default)]
pub(crate) struct Digesting {
    sha256: sha2::Sha256,
    crc32c: u32,
    size_bytes: u64,
}

impl Digesting {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.crc32c = crc32c::crc32c_append(self.crc32c, bytes);
        self.size_bytes += bytes.len() as u64;
    }

    pub(crate) fn finish(self) -> Fingerprint {
        Fingerprint {
            size_bytes: self.size_bytes,
            sha256: Sha256(self.sha256.finalize().into()),
            crc32c: Crc32c(self.crc32c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_check_values() {
        // RFC 3720 B.4 and FIPS 180-2: the checks others publish.
        assert_eq!(Crc32c::of(&[0; 32]).0, 0x8a91_36aa);
        assert_eq!(Crc32c::of(b"123456789").0, 0xe306_9283);
        assert_eq!(Crc32c::of(b"1234").and(b"56789").0, 0xe306_9283);
        assert_eq!(Crc32c::of(b"123456789").to_string(), "4waSgw==");
        assert_eq!(
            Sha256::of(b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn text_forms_come_back() {
        let print = Fingerprint::of(b"x");
        assert_eq!(print.sha256.to_string().parse::<Sha256>().unwrap(), print.sha256);
        assert_eq!(print.crc32c.to_string().parse::<Crc32c>().unwrap(), print.crc32c);
        for bad in ["", "ab", "zz"] {
            assert!(bad.parse::<Sha256>().is_err());
            assert!(bad.parse::<Crc32c>().is_err());
        }
    }
}
