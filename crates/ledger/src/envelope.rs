//! DSSE: a signature over exact payload bytes, and nothing re-serialised (<https://github.com/secure-systems-lab/dsse>).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::key::{PublicKey, SignatureBytes};

/// What DSSE signs: `DSSEv1 len(type) type len(payload) payload`. The type is inside, so that a signature made for one
/// kind of document never serves for another.
pub fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut message = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    message.extend_from_slice(payload);
    message
}

/// A signature and whose it claims to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) key: PublicKey,
    pub(crate) signature: Vec<u8>,
}

/// An envelope as read: nothing in it is verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Envelope {
    pub(crate) payload_type: String,
    pub(crate) payload: Vec<u8>,
    pub(crate) signatures: Vec<Signed>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    #[serde(rename = "payloadType", borrow)]
    payload_type: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    payload: std::borrow::Cow<'a, str>,
    signatures: Vec<StoredSignature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredSignature {
    keyid: PublicKey,
    sig: String,
}

/// Reads an envelope; the text says what is wrong with it. Fields of later formats need another payload type, so an
/// unknown field is a fault.
pub(crate) fn read(raw: &[u8]) -> Result<Envelope, String> {
    let stored: Stored<'_> = serde_json::from_slice(raw).map_err(|cause| cause.to_string())?;
    let decode = |what: &str, text: &str| STANDARD.decode(text).map_err(|cause| format!("{what}: {cause}"));
    Ok(Envelope {
        payload: decode("payload", &stored.payload)?,
        signatures: stored
            .signatures
            .into_iter()
            .map(|one| Ok(Signed { key: one.keyid, signature: decode("signature", &one.sig)? }))
            .collect::<Result<_, String>>()?,
        payload_type: stored.payload_type.into_owned(),
    })
}

/// Writes an envelope around payload bytes that are already signed.
pub(crate) fn write(
    payload_type: &str,
    payload: &[u8],
    signatures: &[(PublicKey, SignatureBytes)],
) -> Vec<u8> {
    let stored = Stored {
        payload_type: payload_type.into(),
        payload: STANDARD.encode(payload).into(),
        signatures: signatures
            .iter()
            .map(|(key, signature)| StoredSignature { keyid: key.clone(), sig: STANDARD.encode(signature) })
            .collect(),
    };
    serde_json::to_vec(&stored).expect("strings always have a JSON form")
}
