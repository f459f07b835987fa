//! A Google Cloud on loopback: the REST surface we use of Cloud Storage, Dataproc, IAM Credentials and Compute Engine, running
//! jobs for real.
//!
//! It is not a mock of our client but a server that Google's own client libraries talk to unchanged. Buckets are
//! folders, jobs run by `spark-submit`, and the state is a folder that survives restarts. Clusters are the only thing
//! it pretends: they take the time that real ones take, divided by a factor, and cost nothing.
//!
//! On demand it misbehaves, see [`faults`].

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use runs::bucket::{Bucket, Buckets, FolderBucket};
use runs::local::LocalSpark;

mod answer;
mod compute;
mod dataproc;
pub mod faults;
mod permissions;
mod signing;
mod storage;

use answer::{Answer, Refusal};
use faults::Faults;

/// The largest body of one request; larger objects come in pieces.
const BODY_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Where a service account's signature is exchanged for a token.
const TOKENS: &str = "/token";

/// What becomes of jobs.
#[derive(Clone, Debug, Default)]
pub enum Jobs {
    /// They run, on this machine's Spark.
    #[default]
    Spark,
    /// They run nothing. At its end a job leaves these objects in the bucket of its script: for rehearsals of what
    /// happens around a job, which do not need the minutes that Spark takes.
    Leave(std::collections::BTreeMap<String, Vec<u8>>),
}

/// How clusters come and go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// How much faster than in the cloud; 1 is the time real ones take.
    pub speed: f64,
    /// When set, a cluster is up, gone, and a job that runs nothing further, after it was looked at so many times, whatever
    /// the clock says: the same questions get the same answers on every machine.
    pub looks: Option<u32>,
}

impl Pace {
    /// So many times faster than in the cloud.
    pub fn faster(speed: f64) -> Pace {
        Pace { speed, looks: None }
    }
}

/// What a sandbox is to be like.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where its state is kept.
    pub folder: PathBuf,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// How clusters come and go.
    pub pace: Pace,
    /// What becomes of jobs.
    pub jobs: Jobs,
    /// Where the virtual environments of jobs are kept; `None` keeps them in the state folder.
    pub environments: Option<PathBuf>,
    /// When set, requests without this bearer token, or one that was given out here, are answered with 401.
    pub token: Option<String>,
    /// When set, every request and its answer is appended to this file as a line of JSON, for checks against
    /// Google's discovery documents. Content of objects is left out.
    pub transcript: Option<PathBuf>,
}

impl Options {
    /// A sandbox in `folder`, on a free port, a hundred times faster than the cloud.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Options {
        Options {
            folder: folder.into(),
            port: 0,
            pace: Pace::faster(100.0),
            jobs: Jobs::Spark,
            environments: None,
            token: None,
            transcript: None,
        }
    }
}

/// Why a sandbox could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The port is taken or may not be used.
    #[error("port {port} on 127.0.0.1 cannot be used: {source}; choose another, or 0 for a free one")]
    Port {
        /// The port.
        port: u16,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The state folder cannot be used.
    #[error("the sandbox's folder `{folder}` cannot be used: {why}")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        why: String,
    },
}

/// A running sandbox. It stops when this is dropped; jobs run on and are found again by the next one.
pub struct Sandbox {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<()>,
    house: Arc<House>,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts serving.
    pub async fn start(options: Options) -> Result<Sandbox, Error> {
        let port = options.port;
        let house = Arc::new(House::open(options)?);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|source| Error::Port { port, source })?;
        let address = listener.local_addr().map_err(|source| Error::Port { port, source })?;
        house.address.set(address).ok();
        let (stop, stopped) = oneshot::channel::<()>();
        let shared = house.clone();
        let router = Router::new().fallback(move |request: Request| {
            let house = shared.clone();
            async move { house.answer(request).await }
        });
        let served = tokio::spawn(async move {
            let serving = axum::serve(listener, router).with_graceful_shutdown(async {
                // A dropped sender stops it too.
                let _ = stopped.await;
            });
            let _ = serving.await;
        });
        Ok(Sandbox { address, stop: Some(stop), served, house })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a fault, as `POST /sandbox/v1/faults` does.
    pub fn misbehave(&self, fault: faults::Fault) {
        self.house.faults.add(fault);
    }

    /// Requests since it started.
    pub fn requests(&self) -> u64 {
        self.house.requests.load(Ordering::Relaxed)
    }

    /// The faults that wait.
    pub fn faults(&self) -> Vec<faults::Fault> {
        self.house.faults.waiting()
    }

    /// Forgets the faults that wait, as `DELETE /sandbox/v1/faults` does.
    pub fn behave(&self) {
        self.house.faults.forget();
    }

    /// Waits until a fault holds a request (see [`faults::Kind::HoldBefore`]), and says which.
    pub async fn held(&self) -> String {
        self.house.faults.held().await
    }

    /// Stops serving and waits until nothing listens any more.
    pub async fn stop(mut self) {
        self.stop.take();
        // Connections that clients keep open would hold it; whoever stops it does not wait for them.
        if tokio::time::timeout(std::time::Duration::from_secs(2), &mut self.served).await.is_err() {
            self.served.abort();
            // Its port is free only when it has gone.
            let _ = (&mut self.served).await;
        }
    }
}

/// Everything requests share.
pub(crate) struct House {
    folder: PathBuf,
    options: Options,
    address: std::sync::OnceLock<SocketAddr>,
    faults: Faults,
    storage: storage::Storage,
    dataproc: dataproc::Dataproc,
    signing: signing::Signing,
    /// Requests that were answered or harmed since it started; its own controls do not count.
    requests: AtomicU64,
}

impl House {
    fn open(options: Options) -> Result<House, Error> {
        let folder = options.folder.clone();
        let refuse = |why: String| Error::Folder { folder: folder.clone(), why };
        for part in ["buckets", "uploads", "about"] {
            std::fs::create_dir_all(folder.join(part)).map_err(|e| refuse(e.to_string()))?;
        }
        let dataproc = dataproc::Dataproc::open(&folder).map_err(&refuse)?;
        Ok(House {
            storage: storage::Storage::new(&folder),
            dataproc,
            signing: signing::Signing::default(),
            faults: Faults::default(),
            requests: AtomicU64::new(0),
            address: std::sync::OnceLock::new(),
            folder: folder.clone(),
            options,
        })
    }

    pub(crate) fn url(&self) -> String {
        self.address.get().map(|address| format!("http://{address}")).unwrap_or_default()
    }

    pub(crate) fn buckets_folder(&self) -> PathBuf {
        self.folder.join("buckets")
    }

    pub(crate) fn bucket(&self, name: &str) -> Result<Bucket, Refusal> {
        self.folder_bucket(name).map(Bucket::Folder)
    }

    pub(crate) fn folder_bucket(&self, name: &str) -> Result<FolderBucket, Refusal> {
        let root = self.buckets_folder().join(name);
        let missing = || Refusal::not_found("The specified bucket does not exist.");
        if !runs::spec::bucket_name_is_valid(name) {
            return Err(missing());
        }
        FolderBucket::open(name, &root).map_err(|_| missing())
    }

    /// Spark that sees the sandbox's buckets, those of this moment.
    pub(crate) fn spark(&self) -> Result<LocalSpark, Refusal> {
        let buckets = Buckets::of_folders_in(&self.buckets_folder()).map_err(Refusal::of)?;
        let spark = LocalSpark::new(self.folder.join("spark"), buckets);
        Ok(match &self.options.environments {
            Some(folder) => spark.with_environments(folder),
            None => spark,
        })
    }

    async fn answer(self: Arc<Self>, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        if let Some(rest) = path.strip_prefix("/sandbox/v1/faults") {
            let body = axum::body::to_bytes(body, BODY_BYTES_MAX).await.unwrap_or_default();
            return self.faults.control(&parts.method, rest, &body).into_response();
        }
        if path == "/sandbox/v1/status" {
            return self.status().into_response();
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        let fault = self.faults.for_request(&parts.method, &path);
        if let Some(fault) = &fault {
            if fault.kind == faults::Kind::HoldBefore {
                self.faults.hold(&parts.method, &path).await;
            }
            if let Some(answer) = fault.before().await {
                return answer;
            }
        }
        let held = fault.as_ref().is_some_and(|fault| fault.kind == faults::Kind::HoldAfter);
        let (method, held_path) = (parts.method.clone(), path.clone());
        let query = pairs(parts.uri.query().unwrap_or_default());
        // The pieces of an upload go to their file as they come, however large one is.
        let is_piece = parts.method == Method::PUT && query.iter().any(|(n, _)| n == "upload_id");
        let (body, piece) = if is_piece {
            (bytes::Bytes::new(), Some(body))
        } else {
            match axum::body::to_bytes(body, BODY_BYTES_MAX).await {
                Ok(body) => (body, None),
                Err(_) => {
                    return Refusal::invalid("the body is too large or was cut off; send it in pieces")
                        .into_response();
                }
            }
        };
        if let Some(token) = &self.options.token {
            let given = parts.headers.get("authorization").and_then(|v| v.to_str().ok());
            let given = given.and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default();
            // Whoever signs in has no token yet.
            if path != TOKENS && given != token && !self.signing.knows(given) {
                return Refusal::new(
                    401,
                    "UNAUTHENTICATED",
                    "Request had invalid authentication credentials.",
                )
                .into_response();
            }
        }
        let call = Call {
            segments: path.split('/').skip(1).map(decoded).collect(),
            query,
            method: parts.method,
            headers: parts.headers,
            body,
            piece: Mutex::new(piece),
        };
        let answer = self.route(&call).await;
        if let Some(transcript) = &self.options.transcript {
            note(transcript, &path, &call, &answer);
        }
        if held {
            self.faults.hold(&method, &held_path).await;
        }
        match fault {
            Some(fault) if fault.loses_answer() => faults::dropped(),
            _ => match answer {
                Ok(answer) => answer.into_response(),
                Err(refusal) => refusal.into_response(),
            },
        }
    }

    /// What it is, for whoever runs it: its buckets, its speed, and what it will do wrong.
    fn status(&self) -> Answer {
        let buckets = Buckets::of_folders_in(&self.buckets_folder()).unwrap_or_default();
        Answer::json(&serde_json::json!({
            "folder": self.folder,
            "speed": self.options.pace.speed,
            "buckets": buckets.iter().map(Bucket::name).collect::<Vec<_>>(),
            "faults": self.faults.waiting(),
        }))
    }

    async fn route(self: &Arc<Self>, call: &Call) -> Result<Answer, Refusal> {
        let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["storage", "v1", rest @ ..] => storage::json(self, call, rest).await,
            ["upload", "storage", "v1", "b", bucket, "o"] => storage::upload(self, call, bucket).await,
            ["download", "storage", "v1", "b", bucket, "o", name] => {
                storage::download(self, call, bucket, name).await
            }
            ["v1", "projects", _, "serviceAccounts", resource] | ["v1", "projects", resource]
                if call.method == Method::POST && resource.ends_with(":testIamPermissions") =>
            {
                permissions::tested(self, call)
            }
            ["v1", "projects", "-", "serviceAccounts", account] if call.method == Method::POST => {
                signing::generate(self, call, account)
            }
            ["token"] if call.method == Method::POST => signing::exchange(self, call),
            ["compute", "v1", "projects", project, "regions", region] if call.method == Method::GET => {
                Ok(compute::region(self, project, region))
            }
            ["v1", "projects", project, "regions", region, rest @ ..] => {
                dataproc::answer(self, call, project, region, rest).await
            }
            ["v1", "projects", project, "locations", region, rest @ ..] => {
                dataproc::batches::answer(self, call, project, region, rest).await
            }
            [bucket, name @ ..] if runs::spec::bucket_name_is_valid(bucket) => {
                storage::xml::answer(self, call, bucket, &name.join("/")).await
            }
            _ => Err(Refusal::not_found(&format!("no such method: {} /{}", call.method, segments.join("/")))),
        }
    }
}

/// Adds a line to the transcript. A transcript that cannot be written is seen by whoever reads it.
fn note(transcript: &Path, path: &str, call: &Call, answer: &Result<Answer, Refusal>) {
    use std::io::Write as _;
    let kind = call.header("content-type").unwrap_or_default();
    let body = if kind.starts_with("application/json") {
        call.json().ok()
    } else if kind.starts_with("multipart/related") {
        storage::multipart(call).ok().map(|(about, ..)| about)
    } else {
        None
    };
    let (status, said) = match answer {
        Ok(answer) => (answer.status(), answer.said().cloned()),
        Err(refusal) => (refusal.code, None),
    };
    let line = serde_json::json!({
        "method": call.method.as_str(),
        "path": path,
        "query": call.query,
        "body": body,
        "status": status,
        "answer": said,
    });
    let file = std::fs::OpenOptions::new().create(true).append(true).open(transcript);
    let _ = file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
}

/// One request, taken apart.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) segments: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: axum::http::HeaderMap,
    /// Everything that was sent, except a piece of an upload.
    pub(crate) body: bytes::Bytes,
    /// A piece of an upload, to be taken once.
    pub(crate) piece: Mutex<Option<Body>>,
}

impl Call {
    /// A request that the sandbox makes to itself: a workflow makes its cluster as anybody does.
    pub(crate) fn inner(body: &serde_json::Value) -> Call {
        Call {
            method: Method::POST,
            segments: Vec::new(),
            query: Vec::new(),
            headers: axum::http::HeaderMap::new(),
            body: body.to_string().into_bytes().into(),
            piece: Mutex::new(None),
        }
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn json(&self) -> Result<serde_json::Value, Refusal> {
        if self.body.is_empty() {
            return Ok(serde_json::json!({}));
        }
        serde_json::from_slice(&self.body).map_err(|e| Refusal::invalid(&format!("the body is no JSON: {e}")))
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " ")))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        match (first, after.get(..2).and_then(hex)) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes beside and renames, so that a restart finds all of it or what was there before.
pub(crate) fn write_whole(path: &Path, content: &[u8]) -> Result<(), Refusal> {
    let unfinished = path.with_extension("unfinished");
    std::fs::write(&unfinished, content)
        .and_then(|()| std::fs::rename(&unfinished, path))
        .map_err(|e| Refusal::internal(&format!("could not write `{}`: {e}", path.display())))
}

pub(crate) fn empty() -> Body {
    Body::empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_and_names_are_decoded() {
        assert_eq!(decoded("model%2Fa%20b%C3%A9.py"), "model/a bé.py");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%zz"), "%zz");
        assert_eq!(
            pairs("a=1%262&b=x+y&c"),
            [("a".into(), "1&2".into()), ("b".into(), "x y".into()), ("c".into(), String::new())]
        );
    }
}
