//! Whether what lies in the buckets is what was approved: compared now and then, and said once when it is not.

use ::runs::migration::{Difference, Place, READY, reconcile as compare};
use governance::fact::{Level, MigrationReconciled, NoticePosted, ObjectDiffers, RunState};
use governance::runs::{Migration, Run};
use governance::{Fact, MemberName};
use words::said;

use super::buckets::{differences, latest_migrations, migrated_by};
use super::cloud::bucket_at;
use super::retold::{self, written};
use super::{ReconcilePlaces, ReconciledRow, drive, from_runs, migrate, unreached};
use crate::agent::Patience;
use crate::ids::new_id;
use crate::session::Session;
use crate::{App, Code, Failure};

/// Objects that a notice names.
const NAMED_IN_NOTICE: usize = 5;
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
        let (differs, unreachable) = match look(&session, &migration, Patience::Whole).await {
            Ok(differs) => (differs, None),
            Err(failure) => (migration.differs.clone(), Some(failure.in_words(session.words()).to_string())),
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
            differs: differences(session.words(), &differs),
            unreachable,
        });
    }
    match request.run {
        Some(run) if rows.is_empty() => Err(Failure::not_found("place-of-the-run", &run)),
        _ => Ok(rows),
    }
}

/// Every place that is to be compared.
pub(crate) fn places(session: &Session) -> Result<Vec<Migration>, Failure> {
    Ok(latest_migrations(session)?.into_values().collect())
}

/// Compares a place, and records and tells what changed since the last look.
pub(crate) async fn watch(
    session: &Session,
    by: &MemberName,
    migration: &Migration,
    patience: Patience,
) -> Result<bool, Failure> {
    // A place that a run is writing to differs for a good reason.
    if busy(session, migration)? {
        return Ok(false);
    }
    let differs = look(session, migration, patience).await?;
    record(session, by, migration, &differs).await
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

async fn look(
    session: &Session,
    migration: &Migration,
    patience: Patience,
) -> Result<Vec<ObjectDiffers>, Failure> {
    let target = migrated_by(session, migration)?;
    let bucket = bucket_at(session, &target, migration.endpoint.as_deref(), &migration.bucket)?;
    let place =
        Place::new(patience.with(bucket), migrate::MODEL_FOLDER).map_err(|error| from_runs(&error))?;
    // What was approved and read back is in the ledger; the list that lies in the bucket could have been changed with it.
    let bytes = session.blob(&migration.ready, 64 << 20).await?;
    let approved = ::runs::migration::Manifest::parse(&bytes).map_err(|error| from_runs(&error))?;
    let found = compare(&approved, &place).await.map_err(|error| unreached(&error))?;
    let mut differs: Vec<ObjectDiffers> = found.iter().map(differing).collect();
    if differs.len() > NAMED_MAX {
        let more = differs.len() - NAMED_MAX;
        differs.truncate(NAMED_MAX);
        let how = written(&said!("differs-further", more = more));
        differs.push(ObjectDiffers { path: String::new(), how });
    }
    Ok(differs)
}

fn differing(difference: &Difference) -> ObjectDiffers {
    let (path, how) = match difference {
        Difference::Missing { path } => (path.as_str(), said!("differs-missing")),
        Difference::Changed { path, .. } => (path.as_str(), said!("differs-changed")),
        Difference::Rewritten { path, .. } => (path.as_str(), said!("differs-rewritten")),
        Difference::Foreign { path } => (path.as_str(), said!("differs-foreign")),
        Difference::NotReady => ("", said!("differs-not-ready", marker = READY)),
        Difference::OtherVersion { found } => {
            ("", said!("differs-other-version", marker = READY, version = found.to_string()))
        }
    };
    ObjectDiffers { path: path.to_owned(), how: written(&how) }
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
        let each = differs.iter().take(NAMED_IN_NOTICE).map(|one| {
            let how = retold::value(&one.how);
            match one.path.as_str() {
                "" => said!("finding-detail", detail = how),
                path => said!("differs-at", path = path, how = how),
            }
        });
        let named = retold::joined(each).unwrap_or_else(|| said!("finding-detail", detail = ""));
        let named = match differs.len().saturating_sub(NAMED_IN_NOTICE) {
            0 => named,
            more => said!("differs-more", before = named, more = more),
        };
        let body = said!("notice-differs-body", bucket = &migration.bucket, named = named);
        let mut to = drive::engineers(session, by)?;
        let run: Option<Run> = session.cache.get("runs", migration.run.as_str())?;
        to.extend(run.map(|run| run.requested_by));
        let title = said!("notice-not-approved", label = label.map(|about| about.label).unwrap_or_default());
        facts.push(Fact::NoticePosted(NoticePosted {
            notice: new_id(),
            to,
            title: written(&title),
            title_said: serde_json::to_value(&title).ok(),
            body_said: serde_json::to_value(&body).ok(),
            body: written(&body),
            link: Some(format!("/runs/{}", migration.run)),
            level: Level::Failure,
            mailed_by: None,
        }));
    }
    match session.record(by, facts).await {
        Ok(_) => Ok(true),
        // Another desk saw it first.
        Err(failure) if failure.code == Code::Refused => Ok(false),
        Err(failure) => Err(failure),
    }
}
