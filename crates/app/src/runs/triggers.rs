//! What an object in a bucket sets off: `_READY.json` a training run, `data/<dataset>/_SUCCESS` a scoring run with the
//! approved version. Exactly one run an object and generation, whoever is watching: its key is made of them.

use governance::fact::{Cause, RunKind, RunState};
use governance::registry::Version;
use governance::runs::{Migration, Run};
use governance::{Fact, MemberName};

use super::{LOCAL_SPARK, bucket, from_runs, migrate, outputs, request_fact};
use crate::ids::new_id;
use crate::session::Session;
use crate::{Code, Failure};

/// The marker that a dataset is complete.
const SUCCESS: &str = "_SUCCESS";

/// Looks at every bucket something was migrated to, and asks for the runs that are due.
pub(crate) async fn look(session: &Session, by: &MemberName) -> Result<usize, Failure> {
    let mut asked = 0;
    for (_, row) in session.cache.all("migrations")? {
        let migration: Migration = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a migration has another shape", &cause))?;
        let version: Version = session.row("versions", "version", migration.version.as_str())?;
        if version.package.root != migration.root || !is_latest(session, &migration)? {
            continue;
        }
        let bucket = match bucket(session, &migration.bucket) {
            Ok(bucket) => bucket,
            // A bucket of another desk: its own desk watches it.
            Err(failure) if failure.code == Code::NotFound => continue,
            Err(failure) => return Err(failure),
        };
        let ready = format!("{}/{}", migrate::MODEL_FOLDER, ::runs::migration::READY);
        match bucket.stat(&ready).await {
            Ok(object) => {
                asked +=
                    ask(session, by, RunKind::Train, &version, &migration.bucket, &ready, object.generation)
                        .await?
            }
            Err(::runs::Error::NotFound { .. }) => continue,
            Err(error) => return Err(from_runs(&error)),
        }
        if !trained(session, &migration)? {
            continue;
        }
        let package = outputs::reading(session, &version).await?;
        let wanted = outputs::setting(&package, "data", "datatoscore_path")
            .and_then(|path| path.strip_prefix(&format!("gs://{}/", migration.bucket)))
            .map(|path| path.trim_end_matches('/').to_owned());
        let Some(wanted) = wanted else { continue };
        for object in bucket.list(&format!("{wanted}/")).await.map_err(|error| from_runs(&error))? {
            if object.name == format!("{wanted}/{SUCCESS}") {
                asked += ask(
                    session,
                    by,
                    RunKind::Score,
                    &version,
                    &migration.bucket,
                    &object.name,
                    object.generation,
                )
                .await?;
            }
        }
    }
    Ok(asked)
}

/// Whether no later migration put another version into the same bucket.
fn is_latest(session: &Session, migration: &Migration) -> Result<bool, Failure> {
    for (_, row) in session.cache.all("migrations")? {
        let other: Migration = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a migration has another shape", &cause))?;
        if other.bucket == migration.bucket && (other.at, &other.run) > (migration.at, &migration.run) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a training run of this migration's version succeeded in its bucket: there is a fitted pipeline to score with.
fn trained(session: &Session, migration: &Migration) -> Result<bool, Failure> {
    let runs: Vec<(String, Run)> = session.cache.having("runs", "version", migration.version.as_str())?;
    Ok(runs.iter().any(|(_, run)| {
        run.kind == RunKind::Train
            && run.state == RunState::Succeeded
            && run.bucket == migration.bucket
            && run.root == migration.root
    }))
}

async fn ask(
    session: &Session,
    by: &MemberName,
    kind: RunKind,
    version: &Version,
    bucket: &str,
    name: &str,
    generation: i64,
) -> Result<usize, Failure> {
    let cause = Cause::Object { name: name.to_owned(), generation: generation.to_string() };
    let fact = request_fact(session, &new_id(), kind, version, LOCAL_SPARK, bucket, Some(cause));
    let Fact::RunRequested(request) = &fact else { return Ok(0) };
    if session.cache.get::<governance::RunId>("run_keys", &request.key)?.is_some() {
        return Ok(0);
    }
    match session.record(by, vec![fact.clone()]).await {
        Ok(_) => Ok(1),
        // Somebody else was faster, or the approval was taken back meanwhile: then nothing is due.
        Err(failure) if failure.code == Code::Refused => Ok(0),
        Err(failure) => Err(failure),
    }
}
