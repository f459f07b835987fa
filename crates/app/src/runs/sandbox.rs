//! The sandbox of this desk: a Google Cloud on loopback that it starts and stops, for rehearsals.
//!
//! Where it is stands in the desk file, so that the window, the terminal and the agent of one desk mean the same one,
//! whichever of them serves it.

use std::path::{Path, PathBuf};

use ::runs::bucket::FolderBucket;
use ::runs::cloud::{Cloud, Credentials, Endpoints, Patience};
use ::sandbox::faults::{Fault, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use words::said;

use super::{FaultRow, Misbehave, SandboxStatus, StartSandbox, from_runs};
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// Where the desk file says which sandbox is this desk's.
const SETTING: &str = "sandbox";
/// How much faster than in the cloud clusters come and go, where nobody says.
const SPEED: f64 = 100.0;
/// A sandbox answers at once or is not there.
const ONCE: Patience = Patience { tries_max: 1, first_pause_s: 0.0, pause_s_max: 0.0, total_s: 2.0 };

#[derive(Serialize, Deserialize)]
struct Place {
    url: String,
    folder: PathBuf,
    speed: f64,
}

/// What a sandbox says of itself.
#[derive(Deserialize)]
struct Said {
    buckets: Vec<String>,
    faults: Vec<Fault>,
}

/// Address of the sandbox of this desk, if one was started and not stopped.
pub(crate) fn url(desk: &cache::Desk) -> Result<Option<String>, Failure> {
    Ok(place(desk)?.map(|place| place.url))
}

fn place(desk: &cache::Desk) -> Result<Option<Place>, Failure> {
    Ok(desk.setting(SETTING)?.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Whether the sandbox runs, what is in it and what it will do wrong.
///
/// # Errors
/// When the desk file cannot be read.
pub async fn sandbox(app: &App, _request: Nothing) -> Result<SandboxStatus, Failure> {
    let place = place(&app.desk)?;
    let said = match &place {
        Some(place) => ask(&place.url, "GET", "status", None).await.ok(),
        None => None,
    };
    let said: Option<Said> = said.and_then(|value| serde_json::from_value(value).ok());
    let ours = app.sandbox.lock().await.is_some();
    Ok(SandboxStatus {
        running: said.is_some(),
        url: place.as_ref().filter(|_| said.is_some()).map(|place| place.url.clone()),
        ours,
        folder: place
            .as_ref()
            .map_or_else(|| app.home.join("sandbox"), |place| place.folder.clone())
            .display()
            .to_string(),
        speed: place.as_ref().map_or(SPEED, |place| place.speed),
        buckets: said.as_ref().map(|said| said.buckets.clone()).unwrap_or_default(),
        faults: said.map(|said| said.faults.iter().map(fault_row).collect()).unwrap_or_default(),
    })
}

/// Starts the sandbox in this program; what was in its folder is found again. Where it runs already, the buckets that are
/// asked for are made in it.
///
/// # Errors
/// [`Code::Refused`] when one runs already and no bucket is asked for; [`Code::Denied`] when its folder or port cannot be used.
pub async fn start_sandbox(app: &App, request: StartSandbox) -> Result<SandboxStatus, Failure> {
    let mut held = app.sandbox.lock().await;
    let running = match place(&app.desk)? {
        Some(place) if ask(&place.url, "GET", "status", None).await.is_ok() => Some(place),
        _ => None,
    };
    if let Some(place) = running.as_ref().filter(|_| !request.buckets.is_empty()) {
        drop(held);
        return make_buckets(app, place, &request.buckets).await;
    }
    if held.is_some() || running.is_some() {
        return Err(Failure::said(Code::Refused, said!("sandbox-runs-already")));
    }
    let folder = request.folder.map_or_else(|| app.home.join("sandbox"), PathBuf::from);
    let speed = request.speed.unwrap_or(SPEED);
    if !(speed.is_finite() && speed > 0.0) {
        return Err(Failure::said(Code::Usage, said!("sandbox-no-speed", speed = speed.to_string())));
    }
    let options = ::sandbox::Options {
        port: request.port.unwrap_or(0),
        pace: ::sandbox::Pace::faster(speed),
        token: request.token.filter(|token| !token.is_empty()),
        environments: std::env::var_os(super::ENVIRONMENTS)
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from)
            .or_else(|| Some(app.home.join("spark").join("environments"))),
        ..::sandbox::Options::in_folder(&folder)
    };
    let started = ::sandbox::Sandbox::start(options)
        .await
        .map_err(|error| Failure::new(Code::Denied, error.to_string(), "").because(&error))?;
    let place = Place { url: started.url(), folder, speed };
    let text = serde_json::to_string(&place)
        .map_err(|cause| Failure::internal("a place has no JSON form", &cause))?;
    app.desk.set(SETTING, &text)?;
    *held = Some(started);
    drop(held);
    make_buckets(app, &place, &request.buckets).await
}

async fn make_buckets(app: &App, place: &Place, buckets: &[String]) -> Result<SandboxStatus, Failure> {
    for bucket in buckets {
        make_bucket(&place.folder, &super::bucket_name(bucket))?;
    }
    tell(app);
    sandbox(app, Nothing {}).await
}

/// Stops the sandbox that this program serves. Its state stays in its folder.
///
/// # Errors
/// [`Code::Refused`] when another program serves it.
pub async fn stop_sandbox(app: &App, _request: Nothing) -> Result<SandboxStatus, Failure> {
    let held = app.sandbox.lock().await.take();
    match held {
        Some(sandbox) => sandbox.stop().await,
        None if sandbox(app, Nothing {}).await?.running => {
            return Err(Failure::said(Code::Refused, said!("sandbox-served-elsewhere")));
        }
        None => {}
    }
    app.desk.set(SETTING, "")?;
    tell(app);
    sandbox(app, Nothing {}).await
}

/// Tells the sandbox to misbehave, or to forget what it was told.
///
/// # Errors
/// [`Code::Offline`] when it does not run; [`Code::Usage`] for a fault it does not know.
pub async fn misbehave(app: &App, request: Misbehave) -> Result<SandboxStatus, Failure> {
    let Some(place) = place(&app.desk)? else {
        return Err(Failure::said(Code::Offline, said!("sandbox-not-running")));
    };
    if request.clear {
        ask(&place.url, "DELETE", "faults", None).await?;
    }
    for row in &request.faults {
        let fault = serde_json::to_value(fault(row)?)
            .map_err(|cause| Failure::internal("a fault has no JSON form", &cause))?;
        ask(&place.url, "POST", "faults", Some(&fault)).await?;
    }
    tell(app);
    sandbox(app, Nothing {}).await
}

/// Names of the buckets in the sandbox, while it runs.
pub(crate) async fn bucket_names(app: &App) -> Result<Vec<String>, Failure> {
    Ok(sandbox(app, Nothing {}).await?.buckets)
}

/// A bucket of the sandbox is a folder in its own.
fn make_bucket(folder: &Path, name: &str) -> Result<(), Failure> {
    if !::runs::spec::bucket_name_is_valid(name) {
        return Err(Failure::said(Code::Usage, said!("no-bucket-name", name = name)));
    }
    FolderBucket::create(name, &folder.join("buckets").join(name)).map_err(|error| from_runs(&error))?;
    Ok(())
}

async fn ask(url: &str, method: &str, what: &str, body: Option<&Value>) -> Result<Value, Failure> {
    let answer = cloud(url)?.converse(method, &format!("{url}/sandbox/v1/{what}"), body).await;
    answer.map_err(|error| from_runs(&error))
}

fn cloud(url: &str) -> Result<Cloud, Failure> {
    Cloud::new(Credentials::anonymous(), Endpoints::all_at(url), ONCE).map_err(|error| from_runs(&error))
}

fn tell(app: &App) {
    if let Ok(session) = app.session() {
        session.tell(&["runs", "settings"]);
    }
}

fn fault_row(fault: &Fault) -> FaultRow {
    let (mut code, mut retry_after, mut ms) = (None, None, None);
    match &fault.kind {
        Kind::Status { code: status, retry_after_s } => {
            code = Some(*status);
            retry_after = *retry_after_s;
        }
        Kind::Latency { ms: late } => ms = Some(*late),
        _ => {}
    }
    FaultRow {
        kind: fault.kind.name().to_owned(),
        code,
        retry_after_s: retry_after,
        ms,
        method: fault.method.clone(),
        path: fault.path.clone(),
        after: fault.after,
        times: fault.times,
    }
}

fn fault(row: &FaultRow) -> Result<Fault, Failure> {
    let needs =
        |what: &str| Failure::said(Code::Usage, said!("fault-needs", kind = row.kind.clone(), what = what));
    let kind = match row.kind.as_str() {
        "status" => {
            Kind::Status { code: row.code.ok_or_else(|| needs("`code`"))?, retry_after_s: row.retry_after_s }
        }
        "latency" => Kind::Latency { ms: row.ms.ok_or_else(|| needs("`ms`"))? },
        name => Kind::plain(name).ok_or_else(|| {
            Failure::said(
                Code::Usage,
                said!("no-such-fault", name = name, known = Kind::PLAIN.map(|kind| kind.0).join(", ")),
            )
        })?,
    };
    if row.times == 0 {
        return Err(needs("`times`"));
    }
    Ok(Fault { method: row.method.clone(), path: row.path.clone(), after: row.after, times: row.times, kind })
}
