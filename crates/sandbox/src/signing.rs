//! Signing in, as far as a rehearsal needs it: tokens for service accounts that somebody may impersonate
//! (`generateAccessToken` of IAM Credentials), and the address where a service account's own signature is exchanged for a
//! token (OAuth 2.0, RFC 7523). Nobody's signature or role is checked here: whoever asks gets a token.

use std::collections::HashMap;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::answer::{Answer, Refusal};
use crate::{Call, House};

/// How long a token lives unless its caller asks for less, in seconds; the service's own limit.
const LIFE_S_MAX: i64 = 3600;

/// The most tokens that are remembered; the oldest go first.
const TOKENS_MAX: usize = 1000;

/// Tokens that were given out, with their ends.
#[derive(Default)]
pub(crate) struct Signing {
    given: Mutex<HashMap<String, Timestamp>>,
}

impl Signing {
    /// Whether a token was given out here and has not ended.
    pub(crate) fn knows(&self, token: &str) -> bool {
        let given = self.given.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        given.get(token).is_some_and(|ends| *ends > Timestamp::now())
    }

    /// A new token, and its end.
    fn give(&self, account: &str, life_s: i64) -> (String, Timestamp) {
        let token = format!("sandbox-{}", crate::dataproc::unique(account));
        let ends = Timestamp::now() + SignedDuration::from_secs(life_s);
        let mut given = self.given.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if given.len() >= TOKENS_MAX
            && let Some(oldest) = given.iter().min_by_key(|(_, ends)| **ends).map(|(token, _)| token.clone())
        {
            given.remove(&oldest);
        }
        given.insert(token.clone(), ends);
        (token, ends)
    }
}

/// `projects.serviceAccounts.generateAccessToken` of IAM Credentials, v1.
pub(crate) fn generate(house: &House, call: &Call, account: &str) -> Result<Answer, Refusal> {
    let account = account.strip_suffix(":generateAccessToken").filter(|name| name.contains('@'));
    let account = account.ok_or_else(|| Refusal::not_found("no such method of IAM Credentials here"))?;
    let body = call.json()?;
    let scopes = body["scope"].as_array().map_or(0, Vec::len);
    if scopes == 0 {
        return Err(Refusal::invalid("Required: scope"));
    }
    let life_s = match body["lifetime"].as_str() {
        None => LIFE_S_MAX,
        Some(text) => text
            .strip_suffix('s')
            .and_then(|seconds| seconds.parse::<i64>().ok())
            .filter(|seconds| (1..=LIFE_S_MAX).contains(seconds))
            .ok_or_else(|| Refusal::invalid("lifetime is to be a duration of an hour at most"))?,
    };
    let (token, ends) = house.signing.give(account, life_s);
    Ok(Answer::json(&json!({ "accessToken": token, "expireTime": ends.to_string() })))
}

/// The `token_uri` of a service account's key: a signed assertion is exchanged for a token.
pub(crate) fn exchange(house: &House, call: &Call) -> Result<Answer, Refusal> {
    let body = String::from_utf8_lossy(&call.body);
    let asked = crate::pairs(&body);
    let of = |name: &str| asked.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    if of("grant_type") != Some("urn:ietf:params:oauth:grant-type:jwt-bearer") || of("assertion").is_none() {
        return Err(Refusal::invalid("unsupported_grant_type"));
    }
    let (token, _) = house.signing.give("its own key", LIFE_S_MAX);
    Ok(Answer::json(&json!({ "access_token": token, "expires_in": LIFE_S_MAX, "token_type": "Bearer" })))
}
