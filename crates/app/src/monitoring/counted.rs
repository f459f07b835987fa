//! A report where the data are: a job on a run target counts, and what it counted is judged here, by the same code as rows.
//! Rows never come to this desk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::monitoring::{Options, Part, Request, SCRIPT, Watch};
use ::runs::bucket::{Bucket, Precondition};
use ::runs::engine::Engine;
use ::runs::{
    Cleanup, Error, Location, LogStream, Observation, RunFile, RunKey, RunSpec, State, Target as _,
};
use governance::registry::Version;
use words::{Said, said};

use super::data::{Data, Found, Way};
use crate::ids::new_id;
use crate::runs::cloud::{self, Carrier};
use crate::runs::drive::{Pace, job};
use crate::runs::{from_runs, job_spec, outputs};
use crate::session::{Session, digest_of};
use crate::{Code, Failure};

/// The longest a job may count.
const DEADLINE_S: u64 = 4 * 3600;
/// The longest that an engine may not answer, in seconds.
const SILENCE: std::time::Duration = std::time::Duration::from_secs(900);
/// How often the removal of what a job made is asked for before it is left to the sweep.
const CLEANUPS_MAX: u32 = 400;
/// Folder of a bucket in which a job writes what it counted, until it is read.
const FOLDER: &str = "countersign-counts";
/// What a line of the log begins with in which the script says why it counts nothing.
const REFUSED: &str = "countersign-refused ";
/// Bytes of a log that are searched for what went wrong.
const LOG_BYTES_MAX: usize = 4 << 20;

/// Where a job finds its script and leaves its counts.
struct Place {
    /// The counts, once they are here.
    here: PathBuf,
    script: RunFile,
    request: Location,
}

/// Counts on the target and computes the report from the counts.
///
/// # Errors
/// [`Code::Refused`] when the target cannot reach the data; else what the job, or the computation, failed of.
pub(super) async fn compute(
    session: &Session,
    version: &Version,
    way: &Way,
    found: &Data,
    options: Options,
    watch: Arc<Watch>,
) -> Result<::monitoring::Report, Failure> {
    let key = RunKey::derive(&["report", &session.id(), new_id::<governance::ReportId>().as_str()]);
    let parts = found.periods.iter().map(|it| part(way, it)).collect::<Result<Vec<_>, _>>()?;
    let baseline = found.baseline.as_ref().map(|it| part(way, it)).transpose()?;
    let folder = session.home.join("monitoring").join("counts").join(key.as_str());
    let _guard = crate::runs::migrate::RemoveAfter(folder.clone());
    crate::make_folder(&folder)?;
    // A cluster comes with what the script needs; here it takes the environment that the model's own runs have.
    let requirements = if way.in_cloud {
        Vec::new()
    } else {
        outputs::requirements(&outputs::reading(session, version).await?)
    };
    let bucket_name = way.bucket.clone().unwrap_or_default();
    let (target, endpoint) = (&way.target, way.endpoint.as_deref());
    let carrier = cloud::carrier(session, target, endpoint, &bucket_name, &requirements, &BTreeMap::new())?;
    let bucket = match way.in_cloud {
        true => Some(cloud::bucket_at(session, &way.target, way.endpoint.as_deref(), &bucket_name)?),
        false => None,
    };
    let prefix = format!("{FOLDER}/{key}");
    let output = match &bucket {
        Some(_) => format!("gs://{bucket_name}/{prefix}/out"),
        None => folder.join("out").display().to_string(),
    };
    let request = Request::new(&options, &parts, baseline.as_ref(), &output);
    let request = serde_json::to_vec(&request)
        .map_err(|cause| Failure::internal("the request has no JSON form", &cause))?;
    let place = lay_out(bucket.as_ref(), &prefix, &folder, &request).await?;
    let spec = RunSpec {
        key,
        main: place.script.clone(),
        args: vec!["--request".to_owned(), "./request.json".to_owned()],
        files: vec![RunFile::at(place.request.clone())],
        python_files: Vec::new(),
        properties: BTreeMap::new(),
        environment: BTreeMap::new(),
        requirements,
        outputs: Vec::new(),
        deadline_s: DEADLINE_S,
        labels: BTreeMap::from([
            (job_spec::WORKSPACE_LABEL.to_owned(), job_spec::workspace_label(session)),
            (job_spec::FOR_LABEL.to_owned(), "report".to_owned()),
        ]),
    };
    let ran = run(carrier, spec, Arc::clone(&watch)).await;
    let answer = match ran {
        Ok(()) => judge(bucket.as_ref(), &prefix, &place, options, watch).await,
        Err(failure) => Err(failure),
    };
    if let Some(bucket) = &bucket {
        sweep(bucket, &prefix).await;
    }
    answer
}

/// A file or folder as the job sees it.
fn part(way: &Way, found: &Found) -> Result<Part, Failure> {
    let path = match (way.in_cloud, &found.object) {
        (false, _) => found.path.display().to_string(),
        (true, Some(object)) => object.clone(),
        (true, None) => {
            return Err(Failure::said(
                Code::Refused,
                said!("monitor-data-out-of-reach", target = &way.target, name = &found.name),
            ));
        }
    };
    let ends = |ending: &str| found.name.to_lowercase().ends_with(ending);
    let table = ends(".parquet") || ![".csv", ".tsv", ".txt"].into_iter().any(ends);
    Ok(Part { name: found.name.clone(), path, parquet: table })
}

/// Puts script and request where the job finds them.
async fn lay_out(
    bucket: Option<&Bucket>,
    prefix: &str,
    folder: &Path,
    request: &[u8],
) -> Result<Place, Failure> {
    let mut places = Vec::new();
    for (name, content) in [("summarise.py", SCRIPT.as_bytes()), ("request.json", request)] {
        places.push(match bucket {
            Some(bucket) => {
                let name = format!("{prefix}/{name}");
                bucket.put(&name, content, Precondition::Any).await.map_err(|error| from_runs(&error))?;
                Location::Object { bucket: bucket.name().to_owned(), name }
            }
            None => {
                let path = folder.join(name);
                std::fs::write(&path, content).map_err(|error| {
                    from_runs(&Error::Io { doing: "could not write", path: path.clone(), source: error })
                })?;
                Location::Local(path)
            }
        });
    }
    let digest = digest_of(SCRIPT.as_bytes());
    let sha256 = digest.as_str().trim_start_matches("sha256:").parse().map_err(|error| from_runs(&error))?;
    let request = places.remove(1);
    let script = RunFile { from: places.remove(0), sha256: Some(sha256) };
    Ok(Place { here: folder.join("out"), script, request })
}

/// Carries the job to its end, on a thread of its own, and until what it made is gone.
async fn run(carrier: Carrier, spec: RunSpec, watch: Arc<Watch>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        runtime.block_on(async {
            let ended = carried(&carrier, &spec, &watch).await;
            let why = match &ended {
                Ok(seen) if !matches!(seen.state, State::Verifying | State::Succeeded) => {
                    said_in_log(&carrier.engine, &spec.key).await
                }
                _ => None,
            };
            remove(&carrier, &spec.key).await;
            match ended.map_err(|error| from_runs(&error))?.state {
                State::Verifying | State::Succeeded => Ok(()),
                State::Cancelled => Err(Failure::said(Code::Conflict, said!("monitor-stopped"))),
                state => {
                    let detail = why.unwrap_or_else(|| ended_by(&state));
                    Err(Failure::said(Code::Failed, said!("monitor-job-failed", detail = detail)))
                }
            }
        })
    })
    .await
    .map_err(|cause| Failure::internal("the job's watch was interrupted", &cause))?
}

async fn carried(carrier: &Carrier, spec: &RunSpec, watch: &Watch) -> Result<Observation, Error> {
    let engine = &carrier.engine;
    engine.submit(spec, &|_| {}).await?;
    let mut pace = Pace::of(carrier.distance, spec.key.as_str());
    let mut cancelled = false;
    let mut silent_since = None;
    loop {
        if watch.is_stopped() && !cancelled {
            engine.cancel(&spec.key).await?;
            cancelled = true;
        }
        match engine.advance(spec).await {
            Ok(seen) if seen.state.is_end() || seen.state == State::Verifying => return Ok(seen),
            Ok(_) => silent_since = None,
            Err(error) if error.is_transient() => {
                let since = *silent_since.get_or_insert_with(std::time::Instant::now);
                if since.elapsed() > SILENCE {
                    return Err(error);
                }
            }
            Err(error) => return Err(error),
        }
        pace.wait().await;
    }
}

/// How a job ended that did not count, where its script says nothing of it.
fn ended_by(state: &State) -> Said {
    match state {
        State::Failed { reason } => job::failed(reason),
        other => said!("as-it-says", detail = format!("{other:?}")),
    }
}

/// Why the script refused, of a line of its log.
fn refused(line: &str) -> Option<Said> {
    let said = line.trim().strip_prefix(REFUSED)?;
    serde_json::from_str(said).ok()
}

/// What the script said last: why it gave up.
async fn said_in_log(engine: &Engine, key: &RunKey) -> Option<Said> {
    let mut last = None;
    for stream in [LogStream::Output, LogStream::Engine] {
        let (mut text, mut from) = (String::new(), 0);
        while let Ok(chunk) = engine.logs(key, stream, from).await {
            if chunk.next_offset == from || text.len() > LOG_BYTES_MAX {
                break;
            }
            from = chunk.next_offset;
            text.push_str(&chunk.text);
        }
        if let Some(refused) = text.lines().find_map(refused) {
            return Some(refused);
        }
        // Spark's own log is of no use to a person.
        let said =
            text.lines().rev().map(str::trim).find(|line| line.starts_with('`') || line.contains("Error: "));
        last = last.or(said.map(|said| said!("as-it-says", detail = said)));
    }
    last
}

/// Asks for the removal of what the job made until it is proven; what is left then is found by the sweep, by its label.
async fn remove(carrier: &Carrier, key: &RunKey) {
    let mut pace = Pace::of(carrier.distance, key.as_str());
    for _ in 0..CLEANUPS_MAX {
        match carrier.engine.cleanup(key).await {
            Ok(Cleanup::Proven | Cleanup::NotNeeded) | Err(Error::NotFound { .. }) => return,
            Ok(_) => {}
            Err(error) if error.is_transient() => {}
            Err(_) => return,
        }
        pace.wait().await;
    }
}

/// Brings the counts here, looks that they are whole, and computes the report from them.
async fn judge(
    bucket: Option<&Bucket>,
    prefix: &str,
    place: &Place,
    options: Options,
    watch: Arc<Watch>,
) -> Result<::monitoring::Report, Failure> {
    if let Some(bucket) = bucket {
        let below = format!("{prefix}/out/");
        for object in bucket.list(&below).await.map_err(|error| from_runs(&error))? {
            let Some(name) = object.name.strip_prefix(&below).filter(|name| !name.is_empty()) else {
                continue;
            };
            let to = place.here.join(name);
            if let Some(folder) = to.parent() {
                crate::make_folder(folder)?;
            }
            bucket.fetch(&object.name, &to).await.map_err(|error| from_runs(&error))?;
        }
    }
    let here = place.here.clone();
    tokio::task::spawn_blocking(move || ::monitoring::compute_counted(&here, &options, &watch))
        .await
        .map_err(|cause| Failure::internal("the computation was interrupted", &cause))?
        .map_err(|error| super::from_monitoring(&error))
}

/// Removes script, request and counts from the bucket. What stays after a failure costs a little room and holds no rows.
async fn sweep(bucket: &Bucket, prefix: &str) {
    if let Ok(objects) = bucket.list(&format!("{prefix}/")).await {
        for object in objects {
            let _ = bucket.delete(&object.name, Precondition::Any).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use words::{Locale, Words};

    use super::*;

    #[test]
    fn a_job_that_gives_up_is_told_of_in_every_language() {
        let line = r#"countersign-refused {"id": "job-refused-no-time", "values": {"path": "a.csv", "column": "at"}}"#;
        let said = refused(line).unwrap();
        assert_eq!(Words::of(Locale::En).say(&said), "`a.csv` has no column `at` (time)");
        assert_eq!(Words::of(Locale::PtBr).say(&said), "`a.csv` não tem a coluna `at` (tempo)");
        assert_eq!(refused("Traceback (most recent call last):"), None);
        // Every reason that the script knows has its words.
        for name in SCRIPT.split('"').filter(|part| part.starts_with("job-refused-")) {
            assert!(Locale::ALL.into_iter().all(|locale| Words::of(locale).knows(name)), "{name}");
        }
        let ended = ended_by(&State::Failed { reason: ::runs::FailureReason::ExitCode { code: 3 } });
        assert!(Words::of(Locale::PtBr).say(&ended).contains("código 3"), "{ended:?}");
    }
}
