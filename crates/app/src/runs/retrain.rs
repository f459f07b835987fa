//! What comes of a retraining is registered as a further version of the model, by itself, with its metrics and with where it
//! comes from. It is no more than a version: it is approved, migrated and placed like every other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ::runs::Location;
use governance::fact::{RunKind, RunState, VersionRegistered};
use governance::registry::{Version, next_number};
use governance::runs::Run;
use governance::{Fact, MemberName, VersionId};
use serde_json::json;
use words::said;

use super::cloud::bucket_at;
use super::{from_runs, outputs};
use crate::ids::new_id;
use crate::registry::{read_package, record_of, store};
use crate::session::{Session, parse};
use crate::{Code, Failure};

/// Folder of the package that holds what the retraining made.
const FOLDER: &str = "retrained";
/// What it says of itself.
const ABOUT: &str = "retrained.json";
/// Bytes of fitted pipeline and metrics that a version takes with it at the most. What is larger stays where it was
/// written, and the version names it with its digest.
const BYTES_MAX: u64 = 1 << 30;
/// Objects of them at the most.
const OBJECTS_MAX: usize = 2000;
/// Cases that are assessed at the most.
const ROWS_MAX: u64 = 5_000_000;
/// The number that SAS gives the test partition.
const TEST: u32 = 2;
/// Outputs of a run that belong to the model. Scored rows are data, and stay where they are.
const KEPT: [&str; 2] = ["metrics", "fitted pipeline"];

/// The version that came of a retraining, if it was registered.
pub(crate) fn registered(session: &Session, run: &Run) -> Result<Option<Version>, Failure> {
    let found: Vec<(String, Version)> = session.cache.having("versions", "by_run", run.id.as_str())?;
    Ok(found.into_iter().map(|(_, version)| version).next())
}

/// Registers what came of every retraining that succeeded and was not registered yet: a desk may have ended in between.
pub(crate) async fn catch_up(session: &Session, by: &MemberName) -> Result<(), Failure> {
    let runs: Vec<(String, Run)> = session.cache.having("runs", "kind", "retrain")?;
    for (_, run) in runs.iter().filter(|(_, run)| run.state == RunState::Succeeded) {
        register(session, run, by).await?;
    }
    Ok(())
}

/// Registers what came of a retraining, once.
pub(crate) async fn register(session: &Session, run: &Run, by: &MemberName) -> Result<(), Failure> {
    // What was rehearsed is not the model.
    if run.kind != RunKind::Retrain
        || registered(session, run)?.is_some()
        || super::is_rehearsal(session, run)?
    {
        return Ok(());
    }
    let base: Version = session.row("versions", "version", run.version.as_str())?;
    let folder = session.home.join("staging").join(format!("retrain-{}", run.id));
    let _guard = crate::runs::migrate::RemoveAfter(folder.clone());
    let _ = std::fs::remove_dir_all(&folder);
    crate::make_folder(&folder)?;
    let files = gather(session, run, &base, &folder).await?;
    let package = folder.join("package.zip");
    let (files, to) = (files.into_iter().collect::<Vec<_>>(), package.clone());
    tokio::task::spawn_blocking(move || packages::write(&to, &files))
        .await
        .map_err(|cause| Failure::internal("writing the package was interrupted", &cause))?
        .map_err(|error| {
            Failure::said(Code::Denied, said!("cannot-make-folder", path = folder.display().to_string()))
                .because(&error)
        })?;
    let reading = read_package(package, folder.clone()).await?;
    // Findings of the version it comes from were waived there, with their reasons; the same findings need no second waiver.
    let record = record_of(&reading.package, &base.package.waived)?;
    store(session, &reading).await?;
    let version: VersionId = new_id();
    let written = session
        .decide(by, |state| {
            let model = state
                .models
                .get(&base.model)
                .ok_or_else(|| Failure::not_found("model", base.model.as_str()))?;
            let latest = model.versions.last().and_then(|id| state.versions.get(id));
            let (major, minor) = next_number(latest, false);
            Ok(vec![Fact::VersionRegistered(VersionRegistered {
                version: version.clone(),
                model: base.model.clone(),
                major,
                minor,
                package: record.clone(),
                by_run: Some(run.id.clone()),
            })])
        })
        .await;
    match written {
        Ok(_) => Ok(()),
        // Another desk registered it first.
        Err(failure) if failure.code == Code::Refused && registered(session, run)?.is_some() => Ok(()),
        Err(failure) => Err(failure),
    }
}

/// The files of the new version: those of the version it comes from, what the retraining made, and what it says of itself.
async fn gather(
    session: &Session,
    run: &Run,
    base: &Version,
    folder: &Path,
) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let package = outputs::reading(session, base).await?;
    let mut files = BTreeMap::new();
    let next = |files: &BTreeMap<String, PathBuf>| folder.join(files.len().to_string());
    // What an earlier retraining left in the version it comes from is replaced, not piled up.
    let earlier = format!("{FOLDER}/");
    // Nor does what was published of the earlier fit say anything of this one.
    let kept = |path: &str| !path.starts_with(&earlier) && !packages::is_assessment(path);
    for file in package.files.iter().filter(|file| kept(&file.path)) {
        let digest: ::ledger::Digest = parse("digest", &file.sha256)?;
        let path = next(&files);
        session
            .ledger
            .save_blob(&digest, &path)
            .await
            .map_err(|error| crate::session::from_ledger(&error))?;
        files.insert(file.path.clone(), path);
    }
    let bucket = bucket_at(session, &run.target, run.endpoint.as_deref(), &run.bucket)?;
    let (mut bytes, mut objects, mut left) = (0, 0, Vec::new());
    for output in run.outputs.iter().filter(|output| KEPT.contains(&output.name.as_str())) {
        let Ok(Location::Object { name: prefix, .. }) = output.path.parse::<Location>() else { continue };
        let prefix = prefix.trim_end_matches('/');
        let there = bucket.list(prefix).await.map_err(|error| from_runs(&error))?;
        let size: u64 = there.iter().map(|object| object.size_bytes).sum();
        if bytes + size > BYTES_MAX || objects + there.len() > OBJECTS_MAX {
            left.push(output.path.clone());
            continue;
        }
        bytes += size;
        objects += there.len();
        for object in there {
            let rest = object.name[prefix.len()..].trim_start_matches('/');
            // Spark's markers and side files say nothing of the model.
            if rest.rsplit('/').next().is_some_and(|name| name.starts_with(['_', '.'])) {
                continue;
            }
            let path = next(&files);
            bucket.fetch(&object.name, &path).await.map_err(|error| from_runs(&error))?;
            let of = output.name.replace(' ', "-");
            let inside = if rest.is_empty() { prefix.rsplit('/').next().unwrap_or("output") } else { rest };
            files.insert(format!("{FOLDER}/{of}/{inside}"), path);
        }
    }
    let about = json!({
        "from": { "version": base.id, "number": base.number(), "root": base.package.root },
        "run": run.id,
        "bucket": run.bucket,
        "target": run.target,
        // A pipeline saved by one Spark need not load in another.
        "runtime": run.runtime,
        "metrics": run.metrics,
        "outputs": run.outputs.iter().map(|output| json!({
            "name": output.name, "path": output.path, "rows": output.rows, "digest": output.digest,
        })).collect::<Vec<_>>(),
        "left where it was written": left,
    });
    let mut written = vec![(format!("{FOLDER}/{ABOUT}"), format!("{about:#}\n"))];
    let left_there = Retrained { session, run, base, package: &package, bucket: &bucket };
    written.extend(left_there.assessment(folder).await?);
    for (name, text) in written {
        let path = next(&files);
        std::fs::write(&path, text).map_err(|error| {
            Failure::said(Code::Denied, said!("home-unwritable", path = path.display().to_string()))
                .because(&error)
        })?;
        files.insert(name, path);
    }
    Ok(files)
}

/// What a retraining left in its bucket, and the version it began with.
struct Retrained<'a> {
    session: &'a Session,
    run: &'a Run,
    base: &'a Version,
    package: &'a packages::Package,
    bucket: &'a ::runs::bucket::Bucket,
}

impl Retrained<'_> {
    /// What is published of the new fit: computed from the test data that the retraining scored, where they can be read; else its
    /// own metrics in the words of published statistics.
    async fn assessment(&self, folder: &Path) -> Result<Vec<(String, String)>, Failure> {
        if let Some(scored) = self.scored(&folder.join("scored")).await? {
            return Ok(packages::assessed(&[("TEST", TEST, scored)]));
        }
        let mut known: Vec<(&str, f64)> = Vec::new();
        let metric = |name: &str| {
            self.run.metrics.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
        };
        if let Some(area) = metric("auc") {
            known.extend([("_C_", area), ("_GINI_", 2.0 * area - 1.0)]);
        }
        if let Some(accuracy) = metric("accuracy") {
            known.push(("_MCE_", 1.0 - accuracy));
        }
        let published =
            [("ks", "_KS_"), ("ase", "_ASE_"), ("rase", "_RASE_"), ("mcll", "_MCLL_"), ("gini", "_GINI_")];
        for (name, statistic) in published {
            if let Some(value) = metric(name).filter(|_| known.iter().all(|(it, _)| *it != statistic)) {
                known.push((statistic, value));
            }
        }
        if known.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![packages::fit_statistics_file("TEST", TEST, &known)])
    }

    /// Probability and outcome of the test cases that the retraining scored; nothing where they are no Parquet, are too many, or
    /// do not hold the columns that the project speaks of: the run itself has verified that they are there at all.
    async fn scored(&self, folder: &Path) -> Result<Option<Vec<(f64, bool)>>, Failure> {
        let Self { session, run, base, package, bucket } = self;
        let Some(output) = run.outputs.iter().find(|output| output.name == outputs::SCORED) else {
            return Ok(None);
        };
        let Ok(Location::Object { name: prefix, .. }) = output.path.parse::<Location>() else {
            return Ok(None);
        };
        let there = bucket.list(prefix.trim_end_matches('/')).await.map_err(|error| from_runs(&error))?;
        let parts: Vec<_> = there.iter().filter(|object| object.name.ends_with(".parquet")).collect();
        let size: u64 = parts.iter().map(|object| object.size_bytes).sum();
        if parts.is_empty() || size > BYTES_MAX || parts.len() > OBJECTS_MAX {
            return Ok(None);
        }
        crate::make_folder(folder)?;
        for (at, object) in parts.iter().enumerate() {
            let path = folder.join(format!("part-{at:05}.parquet"));
            bucket.fetch(&object.name, &path).await.map_err(|error| from_runs(&error))?;
        }
        let at = folder.to_owned();
        let columns = tokio::task::spawn_blocking(move || ::monitoring::preview(&at, None))
            .await
            .map_err(|cause| Failure::internal("looking at scored data was interrupted", &cause))?;
        let Ok(columns) = columns else { return Ok(None) };
        let Some((target, event, score)) =
            crate::monitoring::outcome_columns(session, base, package, &columns)?
        else {
            return Ok(None);
        };
        let at = folder.to_owned();
        let rows =
            tokio::task::spawn_blocking(move || ::monitoring::scored(&at, &target, &event, &score, ROWS_MAX))
                .await
                .map_err(|cause| Failure::internal("reading scored data was interrupted", &cause))?;
        // Probabilities of one class only, or none at all, are nothing to publish.
        Ok(rows.ok().filter(|rows| {
            let events = rows.iter().filter(|(_, event)| *event).count();
            events > 0 && events < rows.len()
        }))
    }
}
