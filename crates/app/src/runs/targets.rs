//! Places where runs can go.

use std::collections::BTreeMap;

use ::runs::cloud::Endpoints;
use ::runs::dataproc::{BatchTemplate, ClusterTemplate, template::Machines};
use governance::fact::{TargetAdded, TargetKind, TargetRemoved};
use governance::runs::{Run, Target};
use governance::{Fact, TargetName};
use serde_json::{Value, json};
use words::{Said, said};

use super::cloud::{self, shape};
use super::{AddTarget, BUCKET, LOCAL_SPARK, TargetOf, TargetRow, from_runs, secrets, spark};
use crate::registry::Recorded;
use crate::session::{Session, parse};
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// Where runs can go from this desk: the built-in places, and the targets that were named.
///
/// # Errors
/// When the desk file or the cache cannot be read.
pub async fn targets(app: &App, _request: Nothing) -> Result<Vec<TargetRow>, Failure> {
    let mut rows = vec![local_spark(app)?, folder_buckets(app)?];
    if let Ok(session) = app.session() {
        for target in cloud::targets(&session)? {
            rows.push(target_row(app, &session, &target)?);
        }
    }
    Ok(rows)
}

/// Names a target.
///
/// # Errors
/// [`Code::Refused`] when the name is taken, the shape is no good, or no role allows it.
pub async fn add_target(app: &App, request: AddTarget) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let name: TargetName = parse("target name", &request.name)?;
    let kind: TargetKind = parse("kind of target", &request.kind)?;
    let given =
        |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let mut added = TargetAdded {
        target: name.clone(),
        kind,
        cloud_project: given(request.cloud_project),
        region: given(request.region),
        cluster: given(request.cluster),
        template: given(request.template),
        shape: request.shape.filter(|shape| !shape.is_null()),
        impersonate: given(request.impersonate),
        endpoint: given(request.endpoint).map(|endpoint| endpoint.trim_end_matches('/').to_owned()),
        services: places_of(request.services)?,
        deadline_s: request.deadline_s.map(super::checked_deadline).transpose()?,
        stored: request.stored && kind == TargetKind::DataprocWorkflow,
    };
    if kind.is_cloud() {
        check_place(&added)?;
    }
    match kind {
        TargetKind::DataprocCluster | TargetKind::DataprocWorkflow => {
            // A template by its name alone is the shape that is kept under it now.
            if let (None, Some(name)) = (&added.shape, &added.template) {
                added.shape = Some(super::templates::kept(&session, name)?);
            }
            added.shape.get_or_insert(written(&small_cluster())?);
            let template: ClusterTemplate = shape(&added)?;
            if let Some(why) = super::preflight::obstacles(&template.check()) {
                return Err(Failure::said(
                    Code::Refused,
                    said!("shape-not-taken", target = name.to_string(), why = why),
                ));
            }
            added.shape = Some(written(&template)?);
        }
        TargetKind::DataprocServerless => {
            added.shape.get_or_insert(json!({ "runtime_version": "2.3" }));
            added.shape = Some(written(&shape::<BatchTemplate>(&added)?)?);
        }
        TargetKind::LocalSpark | TargetKind::DataprocExisting => added.shape = None,
    }
    if let (Some(bucket), Some(shape)) = (given(request.staging_bucket), &mut added.shape) {
        shape["staging_bucket"] = super::bucket_name(&bucket).into();
    }
    let properties = added.shape.as_ref().map(|shape| shape["properties"].clone()).unwrap_or_default();
    // A shape without properties holds none that could be a credential.
    secrets::refuse("target", &serde_json::from_value(properties).unwrap_or_default(), &[])?;
    let written = session.record(&session.me()?, vec![Fact::TargetAdded(added)]).await?;
    Ok(Recorded { position: written.position, id: name.to_string() })
}

/// Takes a target away. What ran there stays in the history.
///
/// # Errors
/// [`Code::Refused`] while a run on it is not closed.
pub async fn remove_target(app: &App, request: TargetOf) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let name: TargetName = parse("target name", &request.target)?;
    let fact = Fact::TargetRemoved(TargetRemoved { target: name.clone() });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: name.to_string() })
}

/// Where single services are. A service that this version does not call has no place.
fn places_of(services: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Failure> {
    let mut places = BTreeMap::new();
    for (service, address) in services {
        let (service, address) = (service.trim(), address.trim().trim_end_matches('/'));
        if service.is_empty() || address.is_empty() {
            return Err(Failure::said(Code::Usage, said!("service-no-place", service = service)));
        }
        if Endpoints::default().with(service, address).is_err() {
            let known = Endpoints::SERVICES.join("`, `");
            return Err(Failure::said(
                Code::Usage,
                said!("no-such-service", service = service, known = known),
            ));
        }
        places.insert(service.to_owned(), address.to_owned());
    }
    Ok(places)
}

/// The smallest useful cluster: one node that deletes itself after half an hour of idling or four hours in all.
fn small_cluster() -> ClusterTemplate {
    let machines = |count| Machines { count, machine_type: "n2-standard-4".to_owned(), disk_gb: 100 };
    ClusterTemplate {
        image_version: "2.3-debian12".to_owned(),
        zone: String::new(),
        subnetwork: String::new(),
        service_account: String::new(),
        staging_bucket: String::new(),
        master: machines(1),
        workers: machines(0),
        properties: BTreeMap::new(),
        pip_packages: Vec::new(),
        idle_delete_s: 1800,
        age_delete_s: 4 * 3600,
        provision_deadline_s: 900,
    }
}

fn written<T: serde::Serialize>(shape: &T) -> Result<Value, Failure> {
    serde_json::to_value(shape).map_err(|cause| Failure::internal("a shape has no JSON form", &cause))
}

/// A cloud project and a region that Dataproc would take.
fn check_place(added: &TargetAdded) -> Result<(), Failure> {
    let (Some(project), Some(region)) = (&added.cloud_project, &added.region) else {
        // The rules say which is missing.
        return Ok(());
    };
    let cloud = ::runs::cloud::Cloud::new(
        ::runs::cloud::Credentials::anonymous(),
        ::runs::cloud::Endpoints::default(),
        ::runs::cloud::Patience::default(),
    )
    .map_err(|error| from_runs(&error))?;
    ::runs::dataproc::Dataproc::new(cloud.into(), project, region).map_err(|error| from_runs(&error))?;
    Ok(())
}

fn built_in(name: &str, description: &str, ready: bool, detail: String) -> TargetRow {
    TargetRow {
        name: name.to_owned(),
        kind: name.to_owned(),
        description: description.to_owned(),
        ready,
        detail,
        built_in: true,
        cloud_project: None,
        region: None,
        cluster: None,
        template: None,
        shape: None,
        impersonate: None,
        endpoint: None,
        services: BTreeMap::new(),
        deadline_s: super::DEADLINE_S,
        stored: false,
        by: None,
        at: None,
        live_runs: 0,
    }
}

fn local_spark(app: &App) -> Result<TargetRow, Failure> {
    let folder = crate::settings::bucket_folder(&app.desk, &app.home)?;
    let buckets = ::runs::bucket::Buckets::of_folders_in(&folder).map_err(|error| from_runs(&error))?;
    let words = app.words();
    let (ready, detail) = match spark(&app.home, &buckets).find_jdk() {
        Ok(jdk) => {
            let (version, home) = (jdk.version.to_string(), jdk.home.display().to_string());
            (true, words.say(&said!("target-java", version = version, home = home)))
        }
        Err(error) => (false, from_runs(&error).in_words(words).to_string()),
    };
    Ok(built_in(LOCAL_SPARK, &words.say(&said!("target-spark-here")), ready, detail))
}

fn folder_buckets(app: &App) -> Result<TargetRow, Failure> {
    let folder = crate::settings::bucket_folder(&app.desk, &app.home)?;
    let detail = if folder.is_dir() {
        folder.display().to_string()
    } else {
        app.words().say(&said!("target-no-folder", folder = folder.display().to_string()))
    };
    Ok(built_in(BUCKET, &app.words().say(&said!("target-folders")), folder.is_dir(), detail))
}

fn target_row(app: &App, session: &Session, target: &Target) -> Result<TargetRow, Failure> {
    let added = &target.added;
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let is = match added.kind {
        TargetKind::LocalSpark => said!("target-local-is"),
        TargetKind::DataprocCluster => Said::new("target-cluster-is"),
        TargetKind::DataprocExisting => {
            Said::new("target-existing-is").with("cluster", given(&added.cluster))
        }
        TargetKind::DataprocWorkflow => Said::new("target-workflow-is"),
        TargetKind::DataprocServerless => Said::new("target-serverless-is"),
    };
    let is = is.with("project", given(&added.cloud_project)).with("region", given(&added.region));
    let description = app.words().say(&is);
    // Whether the service answers is for preflight to say: a list must not wait for a network.
    let (ready, detail) = match (added.kind.is_cloud(), added.endpoint.as_deref()) {
        (false, _) => {
            let row = local_spark(app)?;
            (row.ready, row.detail)
        }
        (true, endpoint) => match cloud::cloud_at(session, Some(added), endpoint) {
            Ok(_) => (true, endpoint.unwrap_or("Google Cloud").to_owned()),
            Err(failure) => (false, failure.in_words(app.words()).to_string()),
        },
    };
    let runs: Vec<(String, Run)> = session.cache.having("runs", "target", added.target.as_str())?;
    let live = runs.iter().filter(|(_, run)| !run.closed()).count();
    Ok(TargetRow {
        name: added.target.to_string(),
        kind: added.kind.name().to_owned(),
        description,
        ready,
        detail,
        built_in: false,
        cloud_project: added.cloud_project.clone(),
        region: added.region.clone(),
        cluster: added.cluster.clone(),
        template: added.template.clone(),
        shape: added.shape.clone(),
        impersonate: added.impersonate.clone(),
        endpoint: added.endpoint.clone(),
        services: added.services.clone(),
        deadline_s: added.deadline_s.unwrap_or(super::DEADLINE_S),
        stored: added.stored,
        by: Some(target.by.to_string()),
        at: Some(target.at.to_string()),
        live_runs: u32::try_from(live).unwrap_or(u32::MAX),
    })
}
