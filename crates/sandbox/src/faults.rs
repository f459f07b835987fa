//! Misbehaviour on demand.
//!
//! `POST /sandbox/v1/faults` with a [`Fault`] adds one, `GET` lists those that are left, `DELETE` clears them. A
//! fault applies to requests whose method and path fit, as many times as it says, and is then used up.

use std::sync::Mutex;
use std::time::Duration;

use axum::body::Body;
use axum::http::Method;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::watch;

use crate::answer::{Answer, Refusal};

/// The most faults that wait at one time.
const FAULTS_MAX: usize = 1000;

/// One way to misbehave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Only requests with this method ("POST"); any when absent.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path contains this, or ends with it where a `$` follows it; any when empty.
    #[serde(default)]
    pub path: String,
    /// So many fitting requests pass unharmed first.
    #[serde(default)]
    pub after: u32,
    /// So many requests are harmed.
    #[serde(default = "once")]
    pub times: u32,
    /// What happens to them.
    pub kind: Kind,
}

/// What a fault does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Answers with this status and without the effect: 401, 403, 429, 500, 503 …
    Status {
        /// The status.
        code: u16,
        /// `Retry-After`, in seconds.
        #[serde(default)]
        retry_after_s: Option<u64>,
    },
    /// Answers late, in milliseconds.
    Latency {
        /// How late.
        ms: u64,
    },
    /// Closes the connection without the effect.
    DropBefore,
    /// Has the effect and closes the connection instead of answering.
    DropAfter,
    /// Keeps the request waiting, before its effect, until the faults are cleared.
    HoldBefore,
    /// Has the effect and keeps the answer, until the faults are cleared.
    HoldAfter,
    /// Nobody is granted more than to look, as long as it waits.
    Permission,
    /// A cluster is refused for lack of quota. Counts clusters and jobs made, not requests; so do the next six.
    Quota,
    /// A cluster never leaves CREATING.
    ClusterStuck,
    /// A cluster ends in ERROR.
    ClusterError,
    /// A cluster survives its deletion.
    ClusterSurvives,
    /// A job ends in ERROR without running.
    JobError,
    /// A job is said to be done and never ran: it leaves nothing behind.
    JobWithoutOutput,
    /// A job says, while it runs, that it is in a state which no version of the API has: [`UNKNOWN_STATE`].
    JobUnknown,
}

/// What a job says to be in, by the fault of that name. Google adds words to its lists; a client has to live with them.
pub const UNKNOWN_STATE: &str = "REHYDRATING";

fn once() -> u32 {
    1
}

impl Kind {
    /// Those that need no more said, by name.
    pub const PLAIN: [(&'static str, Kind); 12] = [
        ("drop_before", Kind::DropBefore),
        ("drop_after", Kind::DropAfter),
        ("hold_before", Kind::HoldBefore),
        ("hold_after", Kind::HoldAfter),
        ("permission", Kind::Permission),
        ("quota", Kind::Quota),
        ("cluster_stuck", Kind::ClusterStuck),
        ("cluster_error", Kind::ClusterError),
        ("cluster_survives", Kind::ClusterSurvives),
        ("job_error", Kind::JobError),
        ("job_without_output", Kind::JobWithoutOutput),
        ("job_unknown", Kind::JobUnknown),
    ];

    /// The plain one of that name.
    pub fn plain(name: &str) -> Option<Kind> {
        Self::PLAIN.into_iter().find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Status { .. } => "status",
            Kind::Latency { .. } => "latency",
            plain => Self::PLAIN.iter().find(|(_, kind)| kind == plain).map_or("", |(name, _)| name),
        }
    }

    fn is_of_requests(&self) -> bool {
        matches!(
            self,
            Kind::Status { .. }
                | Kind::Latency { .. }
                | Kind::DropBefore
                | Kind::DropAfter
                | Kind::HoldBefore
                | Kind::HoldAfter
        )
    }
}

impl Fault {
    /// What happens instead of the effect, if anything.
    pub(crate) async fn before(&self) -> Option<Response> {
        match self.kind {
            Kind::Status { code, retry_after_s } => Some(Refusal::later(code, retry_after_s).into_response()),
            Kind::Latency { ms } => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                None
            }
            Kind::DropBefore => Some(dropped()),
            _ => None,
        }
    }

    pub(crate) fn loses_answer(&self) -> bool {
        self.kind == Kind::DropAfter
    }
}

/// A response whose body fails at once: the server closes the connection, the client hears no answer.
pub(crate) fn dropped() -> Response {
    let broken =
        futures::stream::once(async { Err::<bytes::Bytes, _>(std::io::Error::other("a lost answer")) });
    let mut response = Response::new(Body::from_stream(broken));
    response.headers_mut().insert("content-length", axum::http::HeaderValue::from_static("1000"));
    response
}

pub(crate) struct Faults {
    waiting: Mutex<Vec<Fault>>,
    /// The request that is held, and how often the faults were cleared.
    held: watch::Sender<String>,
    cleared: watch::Sender<u64>,
}

impl Default for Faults {
    fn default() -> Self {
        Faults {
            waiting: Mutex::default(),
            held: watch::Sender::new(String::new()),
            cleared: watch::Sender::new(0),
        }
    }
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        let mut waiting = self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if fault.times > 0 && waiting.len() < FAULTS_MAX {
            waiting.push(fault);
        }
    }

    /// The fault for a request, counted down.
    pub(crate) fn for_request(&self, method: &Method, path: &str) -> Option<Fault> {
        self.take(|fault| {
            fault.kind.is_of_requests()
                && fault
                    .path
                    .strip_suffix('$')
                    .map_or_else(|| path.contains(&fault.path), |end| path.ends_with(end))
                && fault.method.as_deref().is_none_or(|m| m.eq_ignore_ascii_case(method.as_str()))
        })
    }

    /// Whether a fault of this kind waits for a cluster or job; counted down.
    pub(crate) fn strikes(&self, kind: &Kind) -> bool {
        self.take(|fault| fault.kind == *kind).is_some()
    }

    fn take(&self, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let mut waiting = self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = waiting.iter().position(fits)?;
        if waiting[at].after > 0 {
            waiting[at].after -= 1;
            return None;
        }
        let fault = waiting[at].clone();
        waiting[at].times -= 1;
        if waiting[at].times == 0 {
            waiting.remove(at);
        }
        Some(fault)
    }

    /// Holds a request until the faults are cleared.
    pub(crate) async fn hold(&self, method: &Method, path: &str) {
        let mut cleared = self.cleared.subscribe();
        self.held.send_replace(format!("{method} {path}"));
        // The sender is ours: it is there for as long as this waits.
        let _ = cleared.changed().await;
    }

    /// The request that is held, once there is one.
    pub(crate) async fn held(&self) -> String {
        let mut held = self.held.subscribe();
        held.wait_for(|held| !held.is_empty()).await.map(|held| held.clone()).unwrap_or_default()
    }

    /// Forgets the faults that wait, and lets go of the requests that are held.
    pub(crate) fn forget(&self) {
        self.clear(&mut self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    fn clear(&self, waiting: &mut Vec<Fault>) {
        waiting.clear();
        self.held.send_replace(String::new());
        self.cleared.send_modify(|times| *times += 1);
    }

    /// Those that wait.
    pub(crate) fn waiting(&self) -> Vec<Fault> {
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    pub(crate) fn control(&self, method: &Method, rest: &str, body: &[u8]) -> Answer {
        let mut waiting = self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match *method {
            Method::POST if rest.is_empty() => match serde_json::from_slice::<Fault>(body) {
                Ok(fault) if fault.times > 0 && waiting.len() < FAULTS_MAX => waiting.push(fault),
                Ok(_) => return refused("`times` is at least 1, and at most 1000 faults wait at one time"),
                Err(e) => return refused(&e.to_string()),
            },
            Method::DELETE => self.clear(&mut waiting),
            _ => {}
        }
        Answer::json(&json!({ "faults": *waiting }))
    }
}

fn refused(why: &str) -> Answer {
    Answer::bytes(400, json!({ "error": { "code": 400, "message": why } }).to_string().into())
}
