//! Google Cloud's side of a conversation: who asks, where, and how often.
//!
//! One rule for every call: answers that say "later" (408, 429, 500, 502, 503, 504) and dropped connections are
//! repeated within a budget, no earlier than `Retry-After` says, when repeating cannot do a thing twice; 401 fetches a
//! new token once; every other answer is an answer.

use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Error;

pub mod credentials;

pub use credentials::{Credentials, Token};

/// The largest answer that is read whole.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How long a connection may take to open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a connection may be silent.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(120);

/// Where the services are. Each can be pointed elsewhere: at a private endpoint, or at the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoints {
    /// Cloud Storage, without a slash at the end.
    pub storage: String,
    /// Dataproc; `{region}` is replaced by the region.
    pub dataproc: String,
    /// IAM Credentials, for impersonation.
    pub iam_credentials: String,
    /// Compute Engine, for quotas.
    pub compute: String,
    /// Identity and Access Management, for whether a service account may be used.
    pub iam: String,
    /// Resource Manager, for what one may do in a cloud project.
    pub resource_manager: String,
}

impl Default for Endpoints {
    fn default() -> Self {
        Endpoints {
            storage: "https://storage.googleapis.com".to_owned(),
            dataproc: "https://{region}-dataproc.googleapis.com".to_owned(),
            iam_credentials: "https://iamcredentials.googleapis.com".to_owned(),
            compute: "https://compute.googleapis.com".to_owned(),
            iam: "https://iam.googleapis.com".to_owned(),
            resource_manager: "https://cloudresourcemanager.googleapis.com".to_owned(),
        }
    }
}

impl Endpoints {
    /// The names of the services, as Google's own host names begin.
    pub const SERVICES: [&str; 6] =
        ["storage", "dataproc", "iamcredentials", "compute", "iam", "cloudresourcemanager"];

    /// All services at one address: the sandbox.
    pub fn all_at(url: &str) -> Endpoints {
        let url = url.trim_end_matches('/').to_owned();
        Endpoints {
            storage: url.clone(),
            dataproc: url.clone(),
            iam_credentials: url.clone(),
            compute: url.clone(),
            iam: url.clone(),
            resource_manager: url,
        }
    }

    /// The same with one service elsewhere: a private endpoint, an emulator, a proxy. In the address of Dataproc `{region}`
    /// stands for the region.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a service that is none of [`Endpoints::SERVICES`].
    pub fn with(mut self, service: &str, url: &str) -> Result<Endpoints, Error> {
        let place = match service {
            "storage" => &mut self.storage,
            "dataproc" => &mut self.dataproc,
            "iamcredentials" => &mut self.iam_credentials,
            "compute" => &mut self.compute,
            "iam" => &mut self.iam,
            "cloudresourcemanager" => &mut self.resource_manager,
            _ => {
                let why = format!("the services are `{}`", Endpoints::SERVICES.join("`, `"));
                return Err(Error::invalid(format!("service `{service}`"), why));
            }
        };
        url.trim_end_matches('/').clone_into(place);
        Ok(self)
    }
}

/// How often and how long a call is repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    /// Tries in all, the first included.
    pub tries_max: u32,
    /// The pause before the second try; it doubles with every further one.
    pub first_pause_s: f64,
    /// The longest pause of our own choosing.
    pub pause_s_max: f64,
    /// No new try begins later than this after the first.
    pub total_s: f64,
}

impl Default for Patience {
    fn default() -> Self {
        Patience { tries_max: 8, first_pause_s: 0.5, pause_s_max: 32.0, total_s: 180.0 }
    }
}

impl Patience {
    /// The pause before try `next` (2 is the second), or `None` when the budget is used up. `chance` is between 0
    /// and 1 and spreads the callers; a `Retry-After` is never undercut.
    fn pause(
        &self,
        next: u32,
        spent: Duration,
        retry_after: Option<Duration>,
        chance: f64,
    ) -> Option<Duration> {
        let doubled = self.first_pause_s * f64::from(2u32.saturating_pow(next.saturating_sub(2)));
        let own = doubled.min(self.pause_s_max) * (0.5 + chance / 2.0);
        let pause = Duration::from_secs_f64(own).max(retry_after.unwrap_or_default());
        let in_budget = next <= self.tries_max && (spent + pause).as_secs_f64() <= self.total_s;
        in_budget.then_some(pause)
    }
}

/// A way to talk to Google Cloud, or to something that speaks like it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Cloud {
    http: reqwest::Client,
    credentials: Credentials,
    endpoints: Endpoints,
    patience: Patience,
}

/// Whether a call that may have had its effect can be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It names its effect (an id, a request id, a generation), or has none.
    Safe,
    /// It would happen twice.
    Never,
}

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    pub(crate) repeat: Repeat,
    /// What it is about, in backticks, for messages.
    pub(crate) what: String,
}

impl Ask {
    pub(crate) fn new(method: Method, url: String, what: impl Into<String>) -> Ask {
        Ask {
            method,
            url,
            query: Vec::new(),
            headers: Vec::new(),
            body: Bytes::new(),
            repeat: Repeat::Safe,
            what: what.into(),
        }
    }

    pub(crate) fn query(mut self, name: &'static str, value: impl Into<String>) -> Ask {
        self.query.push((name, value.into()));
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Ask {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn json(mut self, body: &Value) -> Ask {
        self.body = body.to_string().into_bytes().into();
        self.header("content-type", "application/json")
    }

    pub(crate) fn bytes(mut self, body: Bytes) -> Ask {
        self.body = body;
        self
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

#[derive(Deserialize)]
struct Refused {
    error: RefusedDetail,
}

#[derive(Deserialize)]
struct RefusedDetail {
    #[serde(default)]
    message: String,
    #[serde(default)]
    status: String,
}

/// How the reason begins when a service refuses because its API is off in the cloud project.
pub(crate) const SWITCHED_OFF: &str = "its API is off";

impl Answer {
    /// Whether the service refuses because its API is off in the cloud project.
    pub(crate) fn is_switched_off(&self) -> bool {
        let refused = serde_json::from_slice::<Value>(&self.body).unwrap_or_default();
        let details = refused["error"]["details"].as_array().into_iter().flatten();
        let mut reasons = details.map(|detail| &detail["reason"]);
        // Cloud Storage says it in its own older words.
        let mut older =
            refused["error"]["errors"].as_array().into_iter().flatten().map(|error| &error["reason"]);
        reasons.any(|reason| *reason == "SERVICE_DISABLED")
            || older.any(|reason| *reason == "accessNotConfigured")
    }

    /// The answer if it is a success, else the error it means.
    pub(crate) fn ok(self, what: &str) -> Result<Answer, Error> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(self.refusal(what)) }
    }

    pub(crate) fn json<T: DeserializeOwned>(self, what: &str) -> Result<T, Error> {
        let answer = self.ok(what)?;
        serde_json::from_slice(&answer.body)
            .map_err(|e| Error::Corrupt { what: format!("the answer about {what}"), why: e.to_string() })
    }

    fn refusal(&self, what: &str) -> Error {
        let said = serde_json::from_slice::<Refused>(&self.body).map_or_else(
            |_| String::from_utf8_lossy(&self.body).chars().take(300).collect::<String>(),
            |refused| match refused.error.status.as_str() {
                "" => refused.error.message,
                status => format!("{} ({status})", refused.error.message),
            },
        );
        let what = what.to_owned();
        match self.status {
            403 if self.is_switched_off() => Error::Denied { what, why: format!("{SWITCHED_OFF}: {said}") },
            404 => Error::NotFound { what },
            401 => Error::Denied {
                what,
                why: format!(
                    "the service does not accept the token: {said}; sign in again with `gcloud auth application-default login`"
                ),
            },
            403 => Error::Denied { what, why: said },
            409 | 412 => Error::Conflict { what, why: said },
            400 | 422 => Error::Invalid { what, why: said },
            status => Error::Offline { what, why: format!("status {status}: {said}") },
        }
    }
}

impl Cloud {
    /// A way to talk to the services at `endpoints` as `credentials` says.
    pub fn new(credentials: Credentials, endpoints: Endpoints, patience: Patience) -> Result<Cloud, Error> {
        // A second installation by another crate of the process is the same provider; either is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(SILENCE_TIMEOUT)
            // 308 is Cloud Storage's word for "go on", not a redirection.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| Error::Offline {
                what: "preparing the connection to Google Cloud".into(),
                why: chain(&e),
            })?;
        Ok(Cloud { http, credentials, endpoints, patience })
    }

    /// The same way, without a second try: for whoever looks again soon.
    #[must_use]
    pub fn asking_once(&self) -> Cloud {
        Cloud { patience: Patience { tries_max: 1, ..self.patience }, ..self.clone() }
    }

    /// Where the services are.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// Asks something that speaks like the services, in JSON: the sandbox's own controls.
    ///
    /// # Errors
    /// When it does not answer, or refuses.
    pub async fn converse(&self, method: &str, url: &str, body: Option<&Value>) -> Result<Value, Error> {
        let what = format!("`{url}`");
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| Error::invalid(format!("method `{method}`"), "it is none of HTTP"))?;
        let mut ask = Ask::new(method, url.to_owned(), &what);
        if let Some(body) = body {
            ask = ask.json(body);
        }
        self.ask(&ask).await?.json(&what)
    }

    /// Asks, repeating within the budget, and reads the whole answer.
    pub(crate) async fn ask(&self, ask: &Ask) -> Result<Answer, Error> {
        let begun = Instant::now();
        let mut tries = 1;
        loop {
            let (why, retry_after) = match self.ask_once(ask).await {
                Ok(response) => {
                    let (status, headers) = (response.status().as_u16(), response.headers().clone());
                    let retry_after = retry_after(&headers);
                    match read_whole(response, &ask.what).await {
                        Ok(body) if !is_later(status) => return Ok(Answer { status, headers, body }),
                        // "Later" without the effect: these codes may be repeated whatever the call does.
                        Ok(body) if ask.repeat == Repeat::Safe || matches!(status, 429 | 503) => {
                            (Answer { status, headers, body }.refusal(&ask.what), retry_after)
                        }
                        Ok(body) => return Ok(Answer { status, headers, body }),
                        Err(e) if ask.repeat == Repeat::Safe && e.is_transient() => (e, None),
                        Err(e) => return Err(e),
                    }
                }
                Err(e) if ask.repeat == Repeat::Safe && e.is_transient() => (e, None),
                Err(e) => return Err(e),
            };
            tries += 1;
            match self.patience.pause(tries, begun.elapsed(), retry_after, chance()) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(why),
            }
        }
    }

    /// Asks once; a rejected token is fetched anew once.
    pub(crate) async fn ask_once(&self, ask: &Ask) -> Result<reqwest::Response, Error> {
        let response = self.send(ask, false).await?;
        if response.status().as_u16() == 401 && self.credentials.can_renew() {
            return self.send(ask, true).await;
        }
        Ok(response)
    }

    async fn send(&self, ask: &Ask, renew: bool) -> Result<reqwest::Response, Error> {
        let mut request = self.http.request(ask.method.clone(), with_query(&ask.url, &ask.query));
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        if let Some(token) =
            self.credentials.token(&self.http, &self.endpoints.iam_credentials, renew).await?
        {
            request = request.bearer_auth(token.reveal());
        }
        // Cloud Storage wants a length on every POST and PUT, the empty ones too.
        if !ask.body.is_empty() || ask.method == Method::POST || ask.method == Method::PUT {
            request = request.body(ask.body.clone());
        }
        request.send().await.map_err(|e| Error::Offline { what: ask.what.clone(), why: chain(&e) })
    }
}

async fn read_whole(mut response: reqwest::Response, what: &str) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(piece)) => body.extend_from_slice(&piece),
            Ok(None) => return Ok(body),
            Err(e) => return Err(Error::Offline { what: what.to_owned(), why: chain(&e) }),
        }
        if body.len() > ANSWER_BYTES_MAX {
            return Err(Error::Corrupt {
                what: format!("the answer about {what}"),
                why: format!("it is larger than {ANSWER_BYTES_MAX} bytes"),
            });
        }
    }
}

pub(crate) fn is_later(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// Seconds, or a date (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?;
    let seconds = date.timestamp().as_second() - jiff::Timestamp::now().as_second();
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// Between 0 and 1, other for every call and process: the standard library's own seed for hash maps.
fn chance() -> f64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    let random = std::hash::RandomState::new().build_hasher().finish();
    (random >> 11) as f64 / (1u64 << 53) as f64
}

/// An error with its causes: reqwest's own text leaves out what really happened.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

fn with_query(url: &str, query: &[(&'static str, String)]) -> String {
    let mut url = url.to_owned();
    for (n, (name, value)) in query.iter().enumerate() {
        url.push(if n == 0 && !url.contains('?') { '?' } else { '&' });
        url.push_str(name);
        url.push('=');
        url.push_str(&encoded(value));
    }
    url
}

/// Percent-encodes everything but RFC 3986's unreserved characters; a slash of an object name is no separator.
pub(crate) fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_are_spread_and_never_undercut_retry_after() {
        let patience = Patience { tries_max: 5, first_pause_s: 1.0, pause_s_max: 4.0, total_s: 100.0 };
        let spent = Duration::from_secs(1);
        let pause = |next, chance| patience.pause(next, spent, None, chance).map(|p| p.as_secs_f64());
        assert_eq!(
            [pause(2, 1.0), pause(3, 1.0), pause(4, 1.0), pause(5, 1.0)],
            [1.0, 2.0, 4.0, 4.0].map(Some)
        );
        assert_eq!(pause(2, 0.0), Some(0.5));
        assert_eq!(pause(6, 0.0), None, "five tries are five");
        assert_eq!(
            patience.pause(2, spent, Some(Duration::from_secs(30)), 0.0),
            Some(Duration::from_secs(30))
        );
        assert_eq!(patience.pause(2, Duration::from_secs(90), Some(Duration::from_secs(30)), 0.0), None);
    }

    #[test]
    fn retry_after_in_both_forms() {
        let parse = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers)
        };
        assert_eq!(parse("7"), Some(Duration::from_secs(7)));
        assert_eq!(parse("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert_eq!(parse("soon"), None);
    }

    #[test]
    fn names_are_encoded_whole() {
        assert_eq!(encoded("model/a b+é.py"), "model%2Fa%20b%2B%C3%A9.py");
        assert_eq!(with_query("u", &[("a", "1&2".into()), ("b", "x".into())]), "u?a=1%262&b=x");
    }
}
