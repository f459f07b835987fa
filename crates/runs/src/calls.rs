//! Calls of a process to another system, through a door that an administrator opened.
//!
//! A definition comes from somebody else, and what it calls is evaluated text: neither decides where a request goes. A
//! [`Door`] does: one origin, the paths below one prefix, some methods, one time limit, one size limit. The name is resolved
//! once a request and the request goes to exactly the addresses that were looked at, so that a name that answers one thing
//! to the check and another to the call gains nothing. Redirections are followed inside the door only.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, Url};

use crate::Error;

/// Redirections followed in one call.
const REDIRECTS_MAX: usize = 5;
/// Addresses of a name that are looked at.
const ADDRESSES_MAX: usize = 16;
/// The largest body that is sent.
const BODY_BYTES_MAX: usize = 8 << 20;
/// The largest answer a door may allow.
pub const ANSWER_BYTES_MAX: u32 = 16 << 20;
/// The longest time a door may allow.
pub const TIMEOUT_S_MAX: u32 = 300;
/// Methods a door may allow.
pub const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// Headers that are the connection's own business, or would let one request be read as two.
const OWN_HEADERS: [&str; 14] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "upgrade",
    "te",
    "trailer",
    "expect",
    "proxy-authorization",
    "proxy-authenticate",
    "proxy-connection",
    "idempotency-key",
    "metadata-flavor",
];

/// Which addresses a door leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Public ones.
    Public,
    /// This machine and private networks, too.
    Private,
    /// Every one, also link-local ones, where clouds keep the credentials of a machine.
    Anywhere,
}

/// Where requests may go, and how.
#[derive(Clone, Debug)]
pub struct Door {
    base: Url,
    methods: BTreeSet<String>,
    timeout: Duration,
    answer_bytes_max: usize,
    reach: Reach,
}

/// One request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// One of [`METHODS`].
    pub method: String,
    /// The address: below the door's, or relative to its origin.
    pub url: String,
    /// Header names and values.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Option<String>,
    /// The same for every attempt, so that the other side recognises a repeat.
    pub idempotency_key: String,
}

/// A header that proves who calls. Its value is never shown.
pub struct Credential {
    /// The header's name.
    pub header: String,
    /// Its value.
    pub value: Vec<u8>,
}

impl fmt::Debug for Credential {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Credential").field("header", &self.header).finish_non_exhaustive()
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body as text; what is no UTF-8 in it is replaced.
    pub body: String,
}

impl Answer {
    /// Whether the other side asks for another try: 408, 429 and what a proxy says about an absent server.
    pub fn asks_for_patience(&self) -> bool {
        matches!(self.status, 408 | 429 | 502 | 503 | 504)
    }
}

impl Door {
    /// A door to `base`, such as `https://models.example.com/api`: its origin, and the paths below its path.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the base is no address of that kind, a method is not one of [`METHODS`], or a limit is none.
    pub fn new(
        base: &str,
        methods: &BTreeSet<String>,
        timeout_s: u32,
        answer_bytes_max: u32,
        reach: Reach,
    ) -> Result<Self, Error> {
        let invalid = |why: &str| Error::Invalid { what: format!("`{}`", cut(base)), why: why.to_owned() };
        let base_url = Url::parse(base).map_err(|_| invalid("it is no address; write https://host/path"))?;
        let bare = base_url.username().is_empty()
            && base_url.password().is_none()
            && base_url.query().is_none()
            && base_url.fragment().is_none()
            && base_url.host().is_some();
        if !bare {
            return Err(invalid("a connection is a host and a path, without user, query or fragment"));
        }
        match base_url.scheme() {
            "https" => {}
            "http" if reach > Reach::Public => {}
            "http" => return Err(invalid("it is not encrypted; use https, or allow private addresses")),
            _ => return Err(invalid("only https is called")),
        }
        if let Some(ip) = literal(&base_url)
            && !reach.includes(ip)
        {
            return Err(invalid("it is a private or local address; say that such addresses are allowed"));
        }
        if let Some(other) = methods.iter().find(|method| !METHODS.contains(&method.as_str())) {
            return Err(Error::Invalid {
                what: format!("`{}`", cut(other)),
                why: format!("is no method that is called; use one of {}", METHODS.join(", ")),
            });
        }
        if methods.is_empty() {
            return Err(invalid("no method is allowed; name at least one"));
        }
        if timeout_s == 0 || timeout_s > TIMEOUT_S_MAX {
            return Err(invalid(&format!("the time limit is not from 1 to {TIMEOUT_S_MAX} seconds")));
        }
        if answer_bytes_max == 0 || answer_bytes_max > ANSWER_BYTES_MAX {
            return Err(invalid(&format!("the size limit is not from 1 to {ANSWER_BYTES_MAX} bytes")));
        }
        Ok(Self {
            base: base_url,
            methods: methods.clone(),
            timeout: Duration::from_secs(u64::from(timeout_s)),
            answer_bytes_max: answer_bytes_max as usize,
            reach,
        })
    }

    /// How long a call may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The address a written one means here.
    ///
    /// # Errors
    /// [`Error::Denied`] when it leads out of the door; [`Error::Invalid`] when it is none.
    pub fn address(&self, written: &str) -> Result<Url, Error> {
        let what = || format!("the address `{}`", cut(written));
        if written.chars().any(|letter| letter.is_control() || letter == '\\') || written != written.trim() {
            return Err(Error::Invalid {
                what: what(),
                why: "it holds characters no address has".to_owned(),
            });
        }
        let mut url = self
            .base
            .join(written)
            .map_err(|error| Error::Invalid { what: what(), why: format!("{error}; correct it") })?;
        url.set_fragment(None);
        let denied = |why: String| Err(Error::Denied { what: what(), why });
        if url.origin() != self.base.origin() || !url.username().is_empty() || url.password().is_some() {
            return denied(format!(
                "the connection leads to {} only",
                self.base.origin().ascii_serialization()
            ));
        }
        if climbs(url.path()) {
            return denied("an encoded `..` would leave the path that was allowed".to_owned());
        }
        let prefix = self.base.path().trim_end_matches('/');
        let below =
            url.path().strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if !below {
            return denied(format!("the connection leads to paths below `{prefix}` only"));
        }
        Ok(url)
    }

    /// Makes one request and reads the whole answer.
    ///
    /// # Errors
    /// [`Error::Denied`] for what the door does not allow, [`Error::Invalid`] for what is no request, [`Error::Offline`]
    /// when the other side did not answer in time: only that is worth another try.
    pub async fn call(&self, call: &Call, credential: Option<&Credential>) -> Result<Answer, Error> {
        self.call_by(call, credential, async |host: String, port: u16| {
            Ok(tokio::net::lookup_host((host, port)).await?.take(ADDRESSES_MAX).collect())
        })
        .await
    }

    /// The same, with names resolved by `lookup`.
    ///
    /// # Errors
    /// As [`Door::call`].
    pub async fn call_by(
        &self,
        call: &Call,
        credential: Option<&Credential>,
        lookup: impl AsyncFn(String, u16) -> io::Result<Vec<SocketAddr>>,
    ) -> Result<Answer, Error> {
        let what = format!("calling `{} {}`", call.method, cut(&call.url));
        if !self.methods.contains(&call.method) {
            let allowed = self.methods.iter().cloned().collect::<Vec<_>>().join(", ");
            return Err(Error::Denied { what, why: format!("the connection allows {allowed} only") });
        }
        if call.body.as_ref().is_some_and(|body| body.len() > BODY_BYTES_MAX) {
            return Err(Error::Invalid {
                what,
                why: format!("the body is larger than {BODY_BYTES_MAX} bytes"),
            });
        }
        let headers = headers(call, credential)?;
        match tokio::time::timeout(self.timeout, self.follow(call, &headers, &what, lookup)).await {
            Ok(answer) => answer,
            Err(_) => Err(Error::Offline {
                what,
                why: format!("there was no whole answer within {} seconds", self.timeout.as_secs()),
            }),
        }
    }

    async fn follow(
        &self,
        call: &Call,
        headers: &HeaderMap,
        what: &str,
        lookup: impl AsyncFn(String, u16) -> io::Result<Vec<SocketAddr>>,
    ) -> Result<Answer, Error> {
        let mut url = self.address(&call.url)?;
        let method = Method::from_bytes(call.method.as_bytes())
            .map_err(|_| Error::Invalid { what: what.to_owned(), why: "it is no method".to_owned() })?;
        for _ in 0..=REDIRECTS_MAX {
            let response = self.once(&method, &url, call, headers, what, &lookup).await?;
            // Only what changes nothing is asked again elsewhere; any other redirection is the answer.
            let asks_again = matches!(method, Method::GET | Method::HEAD)
                && matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
            if !asks_again {
                return self.read(response, what).await;
            }
            let next = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
            let joined = url.join(next).map(|url| url.to_string()).unwrap_or_else(|_| next.to_owned());
            url = self.address(&joined)?;
        }
        Err(Error::Denied {
            what: what.to_owned(),
            why: format!("it was sent on more than {REDIRECTS_MAX} times"),
        })
    }

    async fn once(
        &self,
        method: &Method,
        url: &Url,
        call: &Call,
        headers: &HeaderMap,
        what: &str,
        lookup: impl AsyncFn(String, u16) -> io::Result<Vec<SocketAddr>>,
    ) -> Result<reqwest::Response, Error> {
        let offline = |why: String| Error::Offline { what: what.to_owned(), why };
        let host = url.host_str().unwrap_or_default().to_owned();
        let port = url.port_or_known_default().unwrap_or(443);
        let addresses = match literal(url) {
            Some(ip) => vec![SocketAddr::new(ip, port)],
            None => lookup(host.clone(), port)
                .await
                .map_err(|error| offline(format!("`{host}` cannot be resolved: {error}")))?,
        };
        if let Some(inner) = addresses.iter().find(|address| !self.reach.includes(address.ip())) {
            return Err(Error::Denied {
                what: what.to_owned(),
                why: format!("`{host}` is {}, an address the connection does not lead to", inner.ip()),
            });
        }
        if addresses.is_empty() {
            return Err(offline(format!("`{host}` has no address")));
        }
        // A second installation by another crate of the process is the same provider; either is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .resolve_to_addrs(&host, &addresses)
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| offline(chain(&error)))?;
        let mut request = client.request(method.clone(), url.clone()).headers(headers.clone());
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        request.send().await.map_err(|error| offline(chain(&error)))
    }

    async fn read(&self, mut response: reqwest::Response, what: &str) -> Result<Answer, Error> {
        let status = response.status().as_u16();
        let mut body = Vec::new();
        loop {
            let chunk = response
                .chunk()
                .await
                .map_err(|error| Error::Offline { what: what.to_owned(), why: chain(&error) })?;
            let Some(chunk) = chunk else { break };
            if body.len() + chunk.len() > self.answer_bytes_max {
                return Err(Error::Denied {
                    what: what.to_owned(),
                    why: format!("the answer is larger than the {} bytes allowed", self.answer_bytes_max),
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
    }
}

impl Reach {
    /// Whether an address is within reach.
    pub fn includes(self, ip: IpAddr) -> bool {
        self >= needed(ip)
    }
}

/// The reach an address needs.
fn needed(ip: IpAddr) -> Reach {
    match ip {
        IpAddr::V4(ip) => needed_v4(ip),
        IpAddr::V6(ip) => needed_v6(ip),
    }
}

fn needed_v4(ip: Ipv4Addr) -> Reach {
    let [a, b, c, _] = ip.octets();
    let metadata = ip == Ipv4Addr::new(100, 100, 100, 200) || ip == Ipv4Addr::new(192, 0, 0, 192);
    if ip.is_link_local() || metadata || ip.is_multicast() || ip.is_broadcast() || a >= 240 || a == 0 {
        return Reach::Anywhere;
    }
    let shared = a == 100 && (64..128).contains(&b);
    let special =
        (a == 192 && b == 0 && c == 0) || (a == 198 && (b == 18 || b == 19)) || ip.is_documentation();
    if ip.is_loopback() || ip.is_private() || shared || special { Reach::Private } else { Reach::Public }
}

fn needed_v6(ip: Ipv6Addr) -> Reach {
    let parts = ip.segments();
    let inside = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        needed_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0, 0, 0, 0, 0, 0, 0, 1] => Reach::Private,
        [0, 0, 0, 0, 0, 0, 0, 0] => Reach::Anywhere,
        // An IPv4 address in another coat: mapped, compatible, translated, tunnelled.
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => inside(high, low),
        [0x2002, high, low, ..] => inside(high, low),
        [0xfd00, 0x0ec2, ..] => Reach::Anywhere,
        [first, ..] if first & 0xffc0 == 0xfe80 || first & 0xff00 == 0xff00 => Reach::Anywhere,
        [first, second, ..]
            if first & 0xfe00 == 0xfc00
                || first & 0xffc0 == 0xfec0
                || (first == 0x2001 && second == 0xdb8)
                || (first == 0x64 && second == 0xff9b) =>
        {
            Reach::Private
        }
        _ => Reach::Public,
    }
}

/// The address an address is, where it names no host.
fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether a path climbs by dots once the other side undoes its encoding.
fn climbs(path: &str) -> bool {
    let mut decoded = path.to_ascii_lowercase();
    // Twice: some servers undo it twice.
    for _ in 0..2 {
        decoded = decoded.replace("%25", "%").replace("%2e", ".").replace("%2f", "/").replace("%5c", "/");
    }
    decoded.split('/').any(|segment| segment == ".." || segment.starts_with("..;"))
}

fn headers(call: &Call, credential: Option<&Credential>) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    for (name, value) in &call.headers {
        let what = || format!("the header `{}`", cut(name));
        let parsed = HeaderName::from_bytes(name.trim().as_bytes())
            .map_err(|_| Error::Invalid { what: what(), why: "it is no name of a header".to_owned() })?;
        let taken =
            credential.is_some_and(|credential| credential.header.eq_ignore_ascii_case(parsed.as_str()));
        if OWN_HEADERS.contains(&parsed.as_str()) || taken {
            return Err(Error::Denied { what: what(), why: "the connection sets it".to_owned() });
        }
        let value = HeaderValue::from_bytes(value.as_bytes())
            .map_err(|_| Error::Invalid { what: what(), why: "its value holds a line break".to_owned() })?;
        headers.insert(parsed, value);
    }
    if let Some(credential) = credential {
        let what = || format!("the credential in `{}`", cut(&credential.header));
        let name = HeaderName::from_bytes(credential.header.as_bytes())
            .map_err(|_| Error::Invalid { what: what(), why: "it is no name of a header".to_owned() })?;
        let mut value = HeaderValue::from_bytes(&credential.value)
            .map_err(|_| Error::Invalid { what: what(), why: "its value is no header's".to_owned() })?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    if !call.idempotency_key.is_empty() {
        let key: String = call
            .idempotency_key
            .bytes()
            .map(|byte| match byte {
                b'!'..=b'~' if byte != b'%' => char::from(byte).to_string(),
                other => format!("%{other:02X}"),
            })
            .collect();
        let value = HeaderValue::from_str(&key).map_err(|_| Error::Invalid {
            what: format!("the key `{}`", cut(&key)),
            why: "it is no header's value".to_owned(),
        })?;
        headers.insert(HeaderName::from_static("idempotency-key"), value);
    }
    Ok(headers)
}

fn cut(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(160).collect()
}

/// An error with its causes; an address in it may hold what a variable brought, so it is left out.
fn chain(error: &reqwest::Error) -> String {
    let mut text = if error.is_connect() {
        "the connection could not be made".to_owned()
    } else if error.is_timeout() {
        "the connection was silent too long".to_owned()
    } else {
        "the answer is no HTTP".to_owned()
    };
    let mut cause = std::error::Error::source(error);
    while let Some(because) = cause {
        text.push_str(&format!(": {because}"));
        cause = because.source();
    }
    text
}
