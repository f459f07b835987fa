//! Who may call. Three doors that loopback leaves open are shut here: a foreign page that posts to us (its `Origin` says
//! so), a foreign host name that resolves to us (its `Host` says so), and another account of this machine (the kernel says so).

use std::net::SocketAddr;

use app::{Code, Failure};
use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, HeaderName, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use words::said;

use super::Site;

/// Names of this machine that no name server can give to somebody else.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

pub(super) async fn check(
    State(site): State<Site>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let refused = refusal(request.method(), request.headers(), site.port, &site.origins).or_else(|| {
        (!same_account(peer)).then(|| "the caller is another account of this machine".to_owned())
    });
    match refused {
        None => next.run(request).await,
        Some(why) => {
            let failure = Failure::said(Code::Refused, said!("request-refused", why = why.to_string()));
            (StatusCode::FORBIDDEN, Json(failure)).into_response()
        }
    }
}

/// Why a request with these headers is not ours; nothing where it is.
fn refusal(method: &Method, headers: &HeaderMap, port: u16, origins: &[String]) -> Option<String> {
    let said =
        |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("\u{fffd}").to_owned());
    let host = said(HOST).unwrap_or_default();
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(&*host, |(name, _)| name);
    if !LOOPBACK.contains(&name) {
        return Some(format!("it was sent to the host `{host}`"));
    }
    if let Some(origin) = said(ORIGIN) {
        let ours = LOOPBACK.iter().any(|name| origin == format!("http://{name}:{port}"));
        if !ours && !origins.contains(&origin) {
            return Some(format!("it comes from a page of `{origin}`"));
        }
    }
    if said(HeaderName::from_static("sec-fetch-site")).is_some_and(|site| site == "cross-site") {
        return Some("it comes from a page of another site".to_owned());
    }
    // A form of a foreign page can post anything but this.
    let json = said(CONTENT_TYPE).is_some_and(|kind| kind.split(';').next() == Some("application/json"));
    (method == Method::POST && !json).then(|| "its body is not declared as `application/json`".to_owned())
}

/// Whether the other end of a connection belongs to the account that runs this program, as far as the system tells.
#[cfg(target_os = "linux")]
fn same_account(peer: SocketAddr) -> bool {
    use std::os::unix::fs::MetadataExt;

    let SocketAddr::V4(peer) = peer else { return false };
    let Ok(table) = std::fs::read_to_string("/proc/net/tcp") else { return true };
    let Ok(own) = std::fs::metadata("/proc/self").map(|data| data.uid()) else { return true };
    // The kernel writes an address as its bytes in memory, the port as a number.
    let wanted = format!("{:08X}:{:04X}", u32::from_ne_bytes(peer.ip().octets()), peer.port());
    let owner = table.lines().skip(1).find_map(|line| {
        let mut fields = line.split_whitespace();
        (fields.nth(1)? == wanted).then(|| fields.nth(5)?.parse::<u32>().ok())?
    });
    // A connection closed meanwhile has no line, and no reader either. The administrator may always.
    owner.is_none_or(|owner| owner == own || owner == 0)
}

#[cfg(not(target_os = "linux"))]
fn same_account(_: SocketAddr) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_pages_and_foreign_names_are_kept_out() {
        let origins = ["http://localhost:5173".to_owned()];
        let json = ("content-type", "application/json");
        for (method, headers, passes) in [
            (Method::GET, vec![("host", "127.0.0.1:7410")], true),
            (Method::GET, vec![("host", "localhost:7410")], true),
            (Method::GET, vec![("host", "[::1]:7410")], true),
            (Method::GET, vec![], false),
            (Method::GET, vec![("host", "evil.example:7410")], false),
            (Method::GET, vec![("host", "127.0.0.1.evil.example:7410")], false),
            (Method::POST, vec![("host", "127.0.0.1:7410"), json], true),
            (Method::POST, vec![("host", "127.0.0.1:7410"), json, ("origin", "http://127.0.0.1:7410")], true),
            (
                Method::POST,
                vec![("host", "127.0.0.1:7410"), json, ("origin", "http://127.0.0.1:9999")],
                false,
            ),
            (Method::POST, vec![("host", "127.0.0.1:7410"), json, ("origin", "https://evil.example")], false),
            (Method::POST, vec![("host", "127.0.0.1:7410"), json, ("origin", "null")], false),
            (Method::POST, vec![("host", "localhost:5173"), json, ("origin", "http://localhost:5173")], true),
            (Method::POST, vec![("host", "127.0.0.1:7410"), ("content-type", "text/plain")], false),
            (Method::POST, vec![("host", "127.0.0.1:7410")], false),
            (Method::GET, vec![("host", "127.0.0.1:7410"), ("sec-fetch-site", "cross-site")], false),
            (Method::GET, vec![("host", "127.0.0.1:7410"), ("sec-fetch-site", "same-origin")], true),
        ] {
            let map: HeaderMap = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
                .collect();
            let said = refusal(&method, &map, 7410, &origins);
            assert_eq!(said.is_none(), passes, "{method} {headers:?}: {said:?}");
        }
    }

    #[test]
    fn a_connection_of_this_account_is_known_as_such() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mine = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        assert!(same_account(mine.local_addr().unwrap()));
    }
}
