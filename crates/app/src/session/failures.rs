//! What the rules, the ledger and the keychain refuse, as the door says it.

use words::said;

use crate::{Code, Failure};

pub(crate) fn from_refusal(refusal: governance::Refusal) -> Failure {
    Failure::from(&refusal)
}

pub(crate) fn from_ledger(error: &::ledger::Error) -> Failure {
    use ::ledger::Error;
    let detail = error.to_string();
    let (code, said) = match error {
        Error::NotFound { what } => (Code::NotFound, said!("ledger-not-found", what = what)),
        Error::Denied { what, .. } => (Code::Denied, said!("ledger-denied", what = what)),
        Error::Unhealthy { what, .. } => (Code::Denied, said!("ledger-unhealthy", what = what)),
        Error::Full { what, .. } => (Code::Denied, said!("ledger-full", what = what)),
        Error::Offline { what, .. } => (Code::Offline, said!("ledger-offline", what = what)),
        Error::Corrupt { position, contradiction } => (
            Code::Verification,
            said!("ledger-corrupt", position = position.to_string(), why = contradiction.to_string()),
        ),
        Error::CorruptBlob { named, found } => (
            Code::Verification,
            said!("ledger-corrupt-blob", named = named.to_string(), found = found.to_string()),
        ),
        Error::UpdateRequired { position, .. } => {
            (Code::UpdateRequired, said!("written-by-newer", newer = position.to_string()))
        }
        Error::Occupied { what, .. } => (Code::Conflict, said!("holds-workspace", location = what)),
        Error::OtherWorkspace { what, expected, found } => (
            Code::Conflict,
            said!(
                "ledger-other-workspace",
                what = what,
                expected = expected.to_string(),
                found = found.to_string()
            ),
        ),
        Error::Unsuitable { what, reason } => {
            (Code::Refused, said!("ledger-unsuitable", what = what, why = reason))
        }
        Error::Unsupported { what, remedy } => {
            (Code::Refused, said!("ledger-unsupported", what = what, remedy = remedy))
        }
        Error::Malformed { .. } => (Code::Refused, said!("as-it-says", detail = detail)),
        _ => (Code::Failed, said!("as-it-says", detail = detail)),
    };
    Failure::said(code, said).because(error)
}

pub(crate) fn from_identity(error: &identity::Error) -> Failure {
    Failure::said(Code::Denied, said!("keys-failed", detail = error.to_string())).because(error)
}
