//! Where the story's model goes: into a folder of this desk and its own Spark, or into a Google Cloud on this machine.

use governance::runs::{Run, SANDBOX, Target};

use super::{BUCKET, act_as, wrong};
use crate::registry::Property;
use crate::session::Session;
use crate::{App, Failure, runs, workflow};

/// The target that the story names in the cloud on this machine.
const TARGET: &str = "sandbox-cluster";
/// How much faster than in the cloud its clusters come and go.
const SPEED: f64 = 100.0;

/// Whether the story is played in the cloud on this machine.
pub(super) fn is_sandbox(session: &Session) -> Result<bool, Failure> {
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

/// Starts the cloud, makes the bucket in it, and has the data engineer name a target there.
pub(super) async fn sandbox_step(app: &App) -> Result<String, Failure> {
    let request = runs::StartSandbox {
        folder: Some(app.home.join("demo").join("sandbox").display().to_string()),
        port: None,
        speed: Some(SPEED),
        buckets: vec![BUCKET.to_owned()],
        token: None,
    };
    let started = runs::start_sandbox(app, request).await?;
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
    Ok(format!("`gs://{BUCKET}` and Dataproc at {}", started.url.unwrap_or_default()))
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

/// What a run in the cloud must have left besides its outputs: nothing, and a price.
pub(super) fn check_run(session: &Session, run: &Run) -> Result<(), Failure> {
    if !is_sandbox(session)? {
        return Ok(());
    }
    if run.target != TARGET || !run.closed() || run.cost.is_none() {
        return Err(wrong(format!(
            "the run `{}` on `{}` is not closed, or nobody knows what it cost",
            run.id, run.target
        )));
    }
    Ok(())
}

/// Nothing of the story may be left in the cloud on this machine; then it is stopped.
pub(super) async fn leave(app: &App) -> Result<String, Failure> {
    let left = runs::leftovers(app, crate::workspace::Nothing {}).await?;
    if let Some(left) = left.first() {
        return Err(wrong(format!("`{}` is still there", left.resource)));
    }
    runs::stop_sandbox(app, crate::workspace::Nothing {}).await?;
    Ok("no cluster, no job, no batch is left; the sandbox is stopped".to_owned())
}
