//! Where the story's model goes: into a folder of this desk and its own Spark, or into a Google Cloud on this machine.

use std::path::PathBuf;

use governance::runs::{Run, SANDBOX, Target};

use super::{BUCKET, SWEPT, act_as, is_done, note, wrong};
use crate::registry::Property;
use crate::session::Session;
use crate::workspace::Nothing;
use crate::{App, Failure, runs, workflow};

/// The target that the story names in the cloud on this machine.
const TARGET: &str = "sandbox-cluster";
/// How much faster than in the cloud its clusters come and go.
const SPEED: f64 = 100.0;

/// Whether the story is played in the cloud on this machine.
pub(in crate::demonstration) fn is_sandbox(session: &Session) -> Result<bool, Failure> {
    Ok(session.cache.get::<Target>("targets", TARGET)?.is_some())
}

/// The bucket that IT names.
pub(super) fn bucket(session: &Session) -> Result<::runs::bucket::Bucket, Failure> {
    if is_sandbox(session)? {
        runs::cloud::bucket_at(session, TARGET, Some(SANDBOX), BUCKET)
    } else {
        runs::cloud::bucket_at(session, runs::BUCKET, None, BUCKET)
    }
}

/// Starts the cloud or takes the one that runs, makes the bucket in it, has the data engineer name a target there, and binds
/// to it what was bound already.
pub(super) async fn sandbox_step(app: &App) -> Result<String, Failure> {
    let running = runs::sandbox(app, Nothing {}).await?;
    let request = if running.running {
        runs::StartSandbox { buckets: vec![BUCKET.to_owned()], ..runs::StartSandbox::default() }
    } else {
        own_sandbox(app)
    };
    let started = runs::start_sandbox(app, request).await?;
    empty_bucket(app).await?;
    act_as(app, "dana").await?;
    let request = runs::AddTarget {
        name: TARGET.to_owned(),
        kind: "dataproc-cluster".to_owned(),
        cloud_project: Some("countersign-demo".to_owned()),
        region: Some("us-central1".to_owned()),
        endpoint: Some(SANDBOX.to_owned()),
        ..runs::AddTarget::default()
    };
    runs::add_target(app, request).await?;
    if !is_sandbox(&*app.session()?)? || !started.buckets.iter().any(|bucket| bucket == BUCKET) {
        return Err(wrong("the sandbox has no bucket, or no target leads there"));
    }
    act_as(app, "ada").await?;
    for row in workflow::list_definitions(app, Nothing {}).await? {
        let page = workflow::show_definition(app, workflow::DefinitionOf { definition: row.id }).await?;
        at_its_target(app, page).await?;
    }
    Ok(format!("`gs://{BUCKET}` and Dataproc at {}", started.url.unwrap_or_default()))
}

/// The cloud of the story alone, beside its workspace.
fn own_sandbox(app: &App) -> runs::StartSandbox {
    runs::StartSandbox {
        folder: Some(own_folder(app).display().to_string()),
        speed: Some(SPEED),
        buckets: vec![BUCKET.to_owned()],
        ..runs::StartSandbox::default()
    }
}

fn own_folder(app: &App) -> PathBuf {
    app.home.join("demo").join("sandbox")
}

/// Takes out what an earlier demonstration left in its bucket: its ready marker would set training off.
async fn empty_bucket(app: &App) -> Result<(), Failure> {
    let session = app.session()?;
    let bucket = runs::cloud::bucket_at(&session, runs::BUCKET, Some(SANDBOX), BUCKET)?;
    for object in bucket.list("").await.map_err(|error| runs::from_runs(&error))? {
        let gone = bucket.delete(&object.name, ::runs::bucket::Precondition::Any).await;
        gone.map_err(|error| runs::from_runs(&error))?;
    }
    Ok(())
}

/// Starts the story's cloud again where it stood still since: the window was closed in between.
pub(in crate::demonstration) async fn open(app: &App) -> Result<(), Failure> {
    let session = app.session()?;
    if !is_sandbox(&session)? || is_done(&session, &SWEPT)? {
        return Ok(());
    }
    let now = runs::sandbox(app, Nothing {}).await?;
    if !now.running {
        let mut request = own_sandbox(app);
        if !own_folder(app).exists() {
            // It was played in the sandbox of the settings.
            request.folder = Some(now.folder);
        }
        runs::start_sandbox(app, request).await?;
    }
    Ok(())
}

/// The definition, its migrations bound to the target in the cloud where the story is played there.
pub(super) async fn at_its_target(
    app: &App,
    page: workflow::DefinitionPage,
) -> Result<workflow::DefinitionPage, Failure> {
    if !is_sandbox(&*app.session()?)? {
        return Ok(page);
    }
    let calls = page
        .calls
        .iter()
        .filter(|call| call.action.as_deref() == Some("migrate"))
        .map(|call| {
            let mut inputs = call.inputs.clone();
            inputs.push(Property { name: "target".to_owned(), value: TARGET.to_owned() });
            workflow::BindCall {
                element: call.element.clone(),
                action: "migrate".to_owned(),
                inputs,
                connection: None,
            }
        })
        .collect();
    let definition = page.definition.id.clone();
    workflow::bind(app, workflow::BindDefinition { definition, calls, ..workflow::BindDefinition::default() })
        .await
}

/// What a run in the cloud must have left besides its outputs: nothing, and no bill, because a rehearsal costs nothing.
pub(super) fn check_run(session: &Session, run: &Run) -> Result<(), Failure> {
    if !is_sandbox(session)? {
        return Ok(());
    }
    if run.target != TARGET || !run.closed() || run.cost.is_some() {
        return Err(wrong(format!(
            "the run `{}` on `{}` is not closed, or costs something, which a rehearsal does not",
            run.id, run.target
        )));
    }
    Ok(())
}

/// Nothing of the story may be left in the cloud on this machine; then it is stopped, where it was started for the story.
pub(super) async fn leave(app: &App) -> Result<String, Failure> {
    let left = runs::leftovers(app, Nothing {}).await?;
    if let Some(left) = left.first() {
        return Err(wrong(format!("`{}` is still there", left.resource)));
    }
    let running = runs::sandbox(app, Nothing {}).await?;
    let own = running.ours && running.folder == own_folder(app).display().to_string();
    if own {
        runs::stop_sandbox(app, Nothing {}).await?;
    }
    note(&*app.session()?, SWEPT.name)?;
    let sandbox = if own { "is stopped" } else { "stays as it was" };
    Ok(format!("no cluster, no job, no batch is left; the sandbox {sandbox}"))
}
