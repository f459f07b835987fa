//! What an object in a bucket sets off: `_READY.json` a training run, `data/<dataset>/_SUCCESS` a scoring run with the
//! approved version. Exactly one run an object and generation, whoever is watching: its key is made of them.

use std::time::Duration;

use ::runs::bucket::Object;
use governance::fact::{Cause, RunKind, RunState};
use governance::registry::Version;
use governance::runs::{Migration, Run};
use governance::{Fact, MemberName};

use super::buckets::{SUCCESS, data_to_score, latest_migrations, migrated_by};
use super::cloud::{bucket_at, is_nearby};
use super::{BUCKET, LOCAL_SPARK, migrate, outputs, preflight, request, run_key, unreached};
use crate::agent::Patience;
use crate::ids::new_id;
use crate::session::Session;
use crate::{Code, Failure};

/// Time between two looks at a place in Google's cloud.
const FAR_EVERY: Duration = Duration::from_secs(10);

/// A place something was migrated to, where an object may set something off.
pub(crate) struct Watched {
    migration: Migration,
    version: Version,
    /// The target that the version was migrated by.
    target: String,
}

impl Watched {
    /// The place's name, unlike any other's.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.migration.bucket, self.migration.endpoint.as_deref().unwrap_or_default())
    }
}

/// Every place that is to be looked at now. Here a look costs nothing; in the cloud each is a request or two, and somebody
/// pays for them.
pub(crate) fn places(session: &Session) -> Result<Vec<Watched>, Failure> {
    let mut places = Vec::new();
    for migration in latest_migrations(session)?.into_values() {
        let version: Version = session.row("versions", "version", migration.version.as_str())?;
        if version.package.root != migration.root {
            continue;
        }
        let target = migrated_by(session, &migration)?;
        let far = target != BUCKET && !is_nearby(migration.endpoint.as_deref());
        let place = Watched { migration, version, target };
        if !far || session.is_time(&format!("triggers of {}", place.name()), FAR_EVERY) {
            places.push(place);
        }
    }
    Ok(places)
}

/// Looks at a place, and asks for the runs that are due: on the target that the version was migrated by where that runs
/// Spark, else on this machine's.
pub(crate) async fn look(
    session: &Session,
    by: &MemberName,
    place: &Watched,
    patience: Patience,
) -> Result<usize, Failure> {
    let Watched { migration, version, target } = place;
    let bucket = bucket_at(session, target, migration.endpoint.as_deref(), &migration.bucket)?;
    let bucket = patience.with(bucket);
    let ready = format!("{}/{}", migrate::MODEL_FOLDER, ::runs::migration::READY);
    let object = match bucket.stat(&ready).await {
        Ok(object) => object,
        Err(::runs::Error::NotFound { .. }) => return Ok(0),
        Err(error) => return Err(unreached(&error)),
    };
    let mut asked = ask(session, by, RunKind::Train, version, migration, target, &object).await?;
    if !trained(session, migration)? {
        return Ok(asked);
    }
    let package = outputs::reading(session, version).await?;
    let Some(wanted) = data_to_score(&package, &migration.bucket) else { return Ok(asked) };
    match bucket.stat(&format!("{wanted}/{SUCCESS}")).await {
        Ok(object) => asked += ask(session, by, RunKind::Score, version, migration, target, &object).await?,
        Err(::runs::Error::NotFound { .. }) => {}
        Err(error) => return Err(unreached(&error)),
    }
    Ok(asked)
}

/// Whether a training run of this migration's version succeeded in its bucket: there is a fitted pipeline to score with.
fn trained(session: &Session, migration: &Migration) -> Result<bool, Failure> {
    let runs: Vec<(String, Run)> = session.cache.having("runs", "version", migration.version.as_str())?;
    Ok(runs.iter().any(|(_, run)| {
        run.kind == RunKind::Train
            && run.state == RunState::Succeeded
            && run.bucket == migration.bucket
            && run.endpoint == migration.endpoint
            && run.root == migration.root
    }))
}

async fn ask(
    session: &Session,
    by: &MemberName,
    kind: RunKind,
    version: &Version,
    migration: &Migration,
    target: &str,
    object: &Object,
) -> Result<usize, Failure> {
    let cause = Cause::Object { name: object.name.clone(), generation: object.generation.to_string() };
    let runs_spark = if target == BUCKET { LOCAL_SPARK } else { target };
    let mut request = request(session, &new_id(), kind, version, runs_spark, &migration.bucket, Some(cause));
    request.endpoint.clone_from(&migration.endpoint);
    request.key = run_key(session, &request);
    if session.cache.get::<governance::RunId>("run_keys", &request.key)?.is_some() {
        return Ok(0);
    }
    request.estimate = preflight::estimate(session, &request).await?;
    match session.record(by, vec![Fact::RunRequested(request)]).await {
        Ok(_) => Ok(1),
        // Somebody else was faster, or the approval was taken back meanwhile: then nothing is due.
        Err(failure) if failure.code == Code::Refused => Ok(0),
        Err(failure) => Err(failure),
    }
}
