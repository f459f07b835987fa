//! The buckets this desk knows, what lies in them, and files that are put there by hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ::runs::bucket::{Bucket, Precondition};
use governance::registry::Version;
use governance::runs::{Migration, SANDBOX};
use words::said;

use super::cloud::bucket_at;
use super::retold::retold;
use super::uploads::Shown;
use super::{
    BUCKET, BucketRow, DifferenceRow, ListObjects, ObjectListing, ObjectRow, UploadFiles, cloud, from_runs,
    outputs, sandbox, uploads,
};
use crate::ids::new_id;
use crate::session::Session;
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// The marker that a dataset is complete.
pub(crate) const SUCCESS: &str = "_SUCCESS";

/// Folder buckets of this desk, buckets something was migrated to, and those of the sandbox while it runs.
///
/// # Errors
/// When the desk file or the cache cannot be read.
pub async fn buckets(app: &App, _request: Nothing) -> Result<Vec<BucketRow>, Failure> {
    let mut rows: BTreeMap<(String, Option<String>), BucketRow> = BTreeMap::new();
    let mut add = |name: &str, kind: &str, place: String, endpoint: Option<&str>| {
        let key = (name.to_owned(), endpoint.map(str::to_owned));
        rows.entry(key).or_insert_with(|| BucketRow {
            name: name.to_owned(),
            kind: kind.to_owned(),
            place,
            endpoint: endpoint.map(str::to_owned),
            version_label: None,
            version: None,
            run: None,
            target: None,
            differs: Vec::new(),
        });
    };
    let folder = crate::settings::bucket_folder(&app.desk, &app.home)?;
    let folders = ::runs::bucket::Buckets::of_folders_in(&folder).map_err(|error| from_runs(&error))?;
    for (name, path) in folders.folders() {
        add(name, "folder", path.display().to_string(), None);
    }
    for name in sandbox::bucket_names(app).await? {
        add(&name, "sandbox", format!("gs://{name}"), Some(SANDBOX));
    }
    if let Ok(session) = app.session() {
        let latest = latest_migrations(&session)?;
        for migration in latest.values() {
            let kind = match migration.endpoint.as_deref() {
                Some(SANDBOX) => "sandbox",
                _ if migration.bucket.starts_with("file:") => "folder",
                _ => "cloud-storage",
            };
            let place = match kind {
                "folder" => migration.bucket.clone(),
                _ => format!("gs://{}", migration.bucket),
            };
            add(&migration.bucket, kind, place, migration.endpoint.as_deref());
        }
        for row in rows.values_mut() {
            let Some(migration) = latest.get(&(row.name.clone(), row.endpoint.clone())) else { continue };
            row.version = Some(migration.version.to_string());
            row.run = Some(migration.run.to_string());
            row.target = Some(migrated_by(&session, migration)?).filter(|target| target != BUCKET);
            row.differs = differences(session.words(), &migration.differs);
            row.version_label =
                crate::workflow::about(&session, Some(&migration.version))?.map(|about| about.label);
        }
    }
    Ok(rows.into_values().collect())
}

/// One folder of a bucket, a page of it.
///
/// # Errors
/// [`Code::NotFound`] when there is no such bucket.
pub async fn list_objects(app: &App, request: ListObjects) -> Result<ObjectListing, Failure> {
    let session = app.session()?;
    let name = super::bucket_name(&request.bucket);
    let bucket = reached(&session, request.target.as_deref(), request.endpoint.as_deref(), &name)?;
    let prefix = folder_prefix(&request.prefix);
    let page = bucket.page(&prefix, request.after.as_deref()).await.map_err(|error| from_runs(&error))?;
    Ok(ObjectListing {
        prefix,
        folders: page.folders,
        objects: page.objects.iter().map(object_row).collect(),
        next: page.next,
    })
}

/// Puts files and folders into a bucket; with `score`, as the data to score with the version that lies ready there. The marker
/// that sets the run off is written last, so that nothing begins on half of the files.
///
/// # Errors
/// [`Code::NotFound`] for a file or bucket that is not there; [`Code::Refused`] when there is nothing ready to score with, and
/// when it was stopped.
pub async fn upload(app: &App, request: UploadFiles) -> Result<Vec<ObjectRow>, Failure> {
    let session = app.session()?;
    // Who may put data there is who may ask for the run that it sets off.
    let me = session.me()?;
    let member: governance::people::Member = session.row("members", "member", me.as_str())?;
    if !member.may(governance::Deed::RequestRun) {
        return Err(Failure::said(Code::Refused, said!("upload-sets-off", member = me.to_string())));
    }
    let (paths, is_data) = (request.files.clone(), request.score);
    let files = tokio::task::spawn_blocking(move || uploads::meant(&paths, is_data))
        .await
        .map_err(|cause| Failure::internal("looking at the files was interrupted", &cause))??;
    let name = super::bucket_name(&request.bucket);
    let bucket = reached(&session, request.target.as_deref(), request.endpoint.as_deref(), &name)?;
    let folder = match request.score {
        true => to_score(&session, &name, request.endpoint.as_deref()).await?,
        false => folder_prefix(&request.prefix),
    };
    let called = request.upload.clone().unwrap_or_else(|| new_id::<governance::RunId>().to_string());
    let shown = Shown::begin(&session, &called, &name, &files)?;
    let rows = tokio::select! {
        rows = put_all(&bucket, &folder, &files, request.score, &shown) => rows,
        // Whoever drops an upload stops it where it is.
        () = shown.stopped() => Err(Failure::said(Code::Refused, said!("upload-stopped", bucket = &name))),
    };
    drop(shown);
    session.tell(&["runs"]);
    rows
}

async fn put_all(
    bucket: &Bucket,
    folder: &str,
    files: &BTreeMap<String, PathBuf>,
    score: bool,
    shown: &Shown<'_>,
) -> Result<Vec<ObjectRow>, Failure> {
    if score {
        clear(bucket, folder, files).await?;
    }
    let mut rows = Vec::new();
    for (file_name, path) in files {
        rows.push(put(bucket, &format!("{folder}{file_name}"), path, shown).await?);
        shown.file_done();
    }
    if score {
        let marker = bucket
            .put(&format!("{folder}{SUCCESS}"), b"", Precondition::Any)
            .await
            .map_err(|error| from_runs(&error))?;
        rows.push(object_row(&marker));
    }
    Ok(rows)
}

async fn put(bucket: &Bucket, name: &str, path: &Path, shown: &Shown<'_>) -> Result<ObjectRow, Failure> {
    let object = bucket
        .put_file(name, path, None, Precondition::Any, &|bytes| shown.sent(bytes))
        .await
        .map_err(|error| from_runs(&error))?;
    Ok(object_row(&object))
}

/// Takes the marker and what is not part of the new data away: a score of half old and half new data would be nobody's.
async fn clear(bucket: &Bucket, folder: &str, files: &BTreeMap<String, PathBuf>) -> Result<(), Failure> {
    let mut old = bucket.list(folder).await.map_err(|error| from_runs(&error))?;
    old.retain(|object| !files.contains_key(&object.name[folder.len()..]));
    old.sort_by_key(|object| !object.name.ends_with(SUCCESS));
    for object in old {
        match bucket.delete(&object.name, Precondition::Generation(object.generation)).await {
            Ok(()) | Err(::runs::Error::NotFound { .. }) => {}
            Err(error) => return Err(from_runs(&error)),
        }
    }
    Ok(())
}

/// Folder of the data to score, as the version that lies ready in the bucket says.
async fn to_score(session: &Session, bucket: &str, endpoint: Option<&str>) -> Result<String, Failure> {
    let nothing = || Failure::said(Code::Refused, said!("nothing-scores-there", bucket = bucket));
    let latest = latest_migrations(session)?;
    let migration = latest.get(&(bucket.to_owned(), endpoint.map(str::to_owned))).ok_or_else(nothing)?;
    let version: Version = session.row("versions", "version", migration.version.as_str())?;
    let package = outputs::reading(session, &version).await?;
    data_to_score(&package, bucket)
        .map(|folder| format!("{folder}/"))
        .ok_or_else(|| Failure::said(Code::Refused, said!("no-place-to-score")))
}

/// Where in a bucket a package reads the data to score, without a slash at the end.
pub(crate) fn data_to_score(package: &packages::Package, bucket: &str) -> Option<String> {
    outputs::setting(package, "data", "datatoscore_path")?
        .strip_prefix(&format!("gs://{bucket}/"))
        .map(|path| path.trim_end_matches('/').to_owned())
}

/// The latest migration into each place: a bucket at an endpoint.
pub(crate) fn latest_migrations(
    session: &Session,
) -> Result<BTreeMap<(String, Option<String>), Migration>, Failure> {
    let mut latest: BTreeMap<(String, Option<String>), Migration> = BTreeMap::new();
    for (_, row) in session.cache.all("migrations")? {
        let migration: Migration = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a migration has another shape", &cause))?;
        let place = (migration.bucket.clone(), migration.endpoint.clone());
        let newer =
            latest.get(&place).is_none_or(|other| (migration.at, &migration.run) > (other.at, &other.run));
        if newer {
            latest.insert(place, migration);
        }
    }
    Ok(latest)
}

pub(crate) fn differences(
    words: &words::Words,
    differs: &[governance::fact::ObjectDiffers],
) -> Vec<DifferenceRow> {
    let row = |one: &governance::fact::ObjectDiffers| DifferenceRow {
        path: one.path.clone(),
        how: retold(words, &one.how),
    };
    differs.iter().map(row).collect()
}

/// A bucket by the sign-in of the target that is named, else of the one that something was migrated there by: the desk's
/// own may not reach it.
fn reached(
    session: &Session,
    target: Option<&str>,
    endpoint: Option<&str>,
    name: &str,
) -> Result<Bucket, Failure> {
    if let Some(target) = target.filter(|target| !target.is_empty()) {
        let own = cloud::target(session, target)?.and_then(|target| target.endpoint);
        return bucket_at(session, target, endpoint.or(own.as_deref()), name);
    }
    let latest = latest_migrations(session)?;
    let target = match latest.get(&(name.to_owned(), endpoint.map(str::to_owned))) {
        Some(migration) => migrated_by(session, migration)?,
        None => BUCKET.to_owned(),
    };
    bucket_at(session, &target, endpoint, name)
}

/// The target a migration went by: its sign-in reaches the bucket.
pub(crate) fn migrated_by(session: &Session, migration: &Migration) -> Result<String, Failure> {
    let run: governance::runs::Run = session.row("runs", "run", migration.run.as_str())?;
    // A target may be gone by now; then the bucket is reached as this desk knows it.
    Ok(match cloud::target(session, &run.target) {
        Ok(_) => run.target,
        Err(_) => BUCKET.to_owned(),
    })
}

fn folder_prefix(text: &str) -> String {
    let text = text.trim().trim_matches('/');
    if text.is_empty() { String::new() } else { format!("{text}/") }
}

fn object_row(object: &::runs::bucket::Object) -> ObjectRow {
    ObjectRow {
        name: object.name.clone(),
        size_bytes: object.size_bytes,
        generation: object.generation.to_string(),
        modified_at: object.modified_at.to_string(),
    }
}
