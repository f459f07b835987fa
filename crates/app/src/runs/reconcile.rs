//! Whether what lies in the buckets is what was approved: compared now and then, and said once when it is not.

use ::runs::migration::{Difference, Place, reconcile as compare};
use governance::fact::{Level, MigrationReconciled, NoticePosted, ObjectDiffers, RunState};
use governance::runs::{Migration, Run};
use governance::{Fact, MemberName};
use words::{Words, said};

use super::buckets::{differences, latest_migrations, migrated_by};
use super::cloud::bucket_at;
use super::{ReconcilePlaces, ReconciledRow, drive, from_runs, migrate};
use crate::ids::new_id;
use crate::session::Session;
use crate::{App, Code, Failure};

/// Objects that are named one by one at the most; a place that differs in more of them differs altogether.
const NAMED_MAX: usize = 100;

/// Compares every place where a version lies ready with what was approved, or one of them.
///
/// # Errors
/// [`Code::NotFound`] for a run that migrated nothing. A place that cannot be reached says so in its row.
pub async fn reconcile(app: &App, request: ReconcilePlaces) -> Result<Vec<ReconciledRow>, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let wanted = match &request.run {
        Some(run) => Some(super::find(&session, run)?.id),
        None => None,
    };
    let mut rows = Vec::new();
    for migration in latest_migrations(&session)?.into_values() {
        if wanted.as_ref().is_some_and(|wanted| *wanted != migration.run) {
            continue;
        }
        let label = crate::workflow::about(&session, Some(&migration.version))?;
        let (differs, unreachable) = match look(&session, &migration).await {
            Ok(differs) => (differs, None),
            Err(failure) => (migration.differs.clone(), Some(failure.to_string())),
        };
        if unreachable.is_none() {
            record(&session, &me, &migration, &differs).await?;
        }
        rows.push(ReconciledRow {
            run: migration.run.to_string(),
            bucket: migration.bucket.clone(),
            endpoint: migration.endpoint.clone(),
            version: migration.version.to_string(),
            version_label: label.map(|about| about.label).unwrap_or_default(),
            differs: differences(&differs),
            unreachable,
        });
    }
    match request.run {
        Some(run) if rows.is_empty() => Err(Failure::not_found("place-of-the-run", &run)),
        _ => Ok(rows),
    }
}

/// Compares every place that can be reached, and records and tells what changed since the last look.
pub(crate) async fn watch(session: &Session, by: &MemberName) -> Result<usize, Failure> {
    let mut told = 0;
    for migration in latest_migrations(session)?.into_values() {
        // A place that a run is writing to differs for a good reason.
        if busy(session, &migration)? {
            continue;
        }
        match look(session, &migration).await {
            Ok(differs) => told += usize::from(record(session, by, &migration, &differs).await?),
            Err(failure)
                if matches!(failure.code, Code::Offline | Code::Denied | Code::NotFound | Code::Failed) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(told)
}

fn busy(session: &Session, migration: &Migration) -> Result<bool, Failure> {
    for state in ["requested", "preparing", "provisioning", "submitted", "running", "verifying"] {
        let runs: Vec<(String, Run)> = session.cache.having("runs", "state", state)?;
        let here = runs.iter().any(|(_, run)| {
            run.kind == governance::fact::RunKind::Migrate
                && run.state < RunState::Succeeded
                && run.bucket == migration.bucket
                && run.endpoint == migration.endpoint
        });
        if here {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn look(session: &Session, migration: &Migration) -> Result<Vec<ObjectDiffers>, Failure> {
    let target = migrated_by(session, migration)?;
    let bucket = bucket_at(session, &target, migration.endpoint.as_deref(), &migration.bucket)?;
    let place = Place::new(bucket, migrate::MODEL_FOLDER).map_err(|error| from_runs(&error))?;
    // What was approved and read back is in the ledger; the list that lies in the bucket could have been changed with it.
    let bytes = session.blob(&migration.ready, 64 << 20).await?;
    let approved = ::runs::migration::Manifest::parse(&bytes).map_err(|error| from_runs(&error))?;
    let found = compare(&approved, &place).await.map_err(|error| from_runs(&error))?;
    let mut differs: Vec<ObjectDiffers> = found.iter().map(differing).collect();
    if differs.len() > NAMED_MAX {
        let more = differs.len() - NAMED_MAX;
        differs.truncate(NAMED_MAX);
        differs
            .push(ObjectDiffers { path: String::new(), how: format!("and {more} further objects differ") });
    }
    Ok(differs)
}

fn differing(difference: &Difference) -> ObjectDiffers {
    let (path, how) = match difference {
        Difference::Missing { path } => (path.as_str(), "it is missing".to_owned()),
        Difference::Changed { path, .. } => {
            (path.as_str(), "it holds other content than was approved".to_owned())
        }
        Difference::Rewritten { path, .. } => {
            (path.as_str(), "it was written again since, with the same content".to_owned())
        }
        Difference::Foreign { path } => (path.as_str(), "it is not part of the version".to_owned()),
        Difference::NotReady | Difference::OtherVersion { .. } => ("", difference.to_string()),
    };
    ObjectDiffers { path: path.to_owned(), how }
}

/// Records what a look found, if it is news; and tells the engineers when it is bad news.
async fn record(
    session: &Session,
    by: &MemberName,
    migration: &Migration,
    differs: &[ObjectDiffers],
) -> Result<bool, Failure> {
    if migration.differs == differs {
        return Ok(false);
    }
    let mut facts = vec![Fact::MigrationReconciled(MigrationReconciled {
        run: migration.run.clone(),
        differs: differs.to_vec(),
    })];
    if !differs.is_empty() {
        let label = crate::workflow::about(session, Some(&migration.version))?;
        let named: Vec<String> =
            differs
                .iter()
                .take(5)
                .map(|one| {
                    if one.path.is_empty() { one.how.clone() } else { format!("`{}`: {}", one.path, one.how) }
                })
                .collect();
        let more = differs.len().saturating_sub(named.len());
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let title = said!("notice-not-approved", label = label.map(|about| about.label).unwrap_or_default());
        facts.push(Fact::NoticePosted(NoticePosted {
            notice: new_id(),
            to: drive::engineers(session, by)?,
            title: Words::english().say(&title),
            title_said: serde_json::to_value(&title).ok(),
            body_said: None,
            body: format!("In `{}`: {}{more}.", migration.bucket, named.join("; ")),
            link: Some(format!("/runs/{}", migration.run)),
            level: Level::Failure,
        }));
    }
    match session.record(by, facts).await {
        Ok(_) => Ok(true),
        // Another desk saw it first.
        Err(failure) if failure.code == Code::Refused => Ok(false),
        Err(failure) => Err(failure),
    }
}
