//! Where a run really goes: the engine behind a target's name, the bucket behind a bucket's name, and who signs in there.
//!
//! A target's fact says what and where, never with whose credentials: those are the desk's own (Application Default
//! Credentials, or a service account impersonated by them). An endpoint on this machine is spoken to without any.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::runs::bucket::{Bucket, Buckets, GoogleBucket, UploadSessions};
use ::runs::cloud::{Cloud, Credentials, Endpoints, Patience};
use ::runs::dataproc::prices::{BatchShape, Cost};
use ::runs::dataproc::{
    BatchTemplate, ClusterTemplate, Dataproc, DataprocEphemeral, DataprocExisting, DataprocServerless,
    DataprocWorkflow, workflow::Form,
};
use ::runs::engine::{Billing, Engine};
use governance::fact::{Price, TargetAdded, TargetKind};
use governance::runs::{SANDBOX, Target};
use words::said;

use super::{BUCKET, LOCAL_SPARK, from_runs, sandbox, spark};
use crate::session::Session;
use crate::{Code, Failure};

/// How long a service on this machine is waited for: it is there or it is not.
const NEARBY: Patience = Patience { tries_max: 6, first_pause_s: 0.05, pause_s_max: 1.0, total_s: 30.0 };

/// What a run is carried out by, and what it is billed by.
pub(crate) struct Carrier {
    pub(crate) engine: Engine,
    pub(crate) billing: Billing,
    /// The buckets that outputs are looked for in.
    pub(crate) buckets: Buckets,
    /// How far it is to ask it.
    pub(crate) distance: Distance,
}

/// How far it is to an engine, and so how often it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distance {
    /// This machine's own Spark: a look at some files.
    Here,
    /// A service on this machine: a request or two, and nobody pays for them.
    Loopback,
    /// A service in the cloud.
    Far,
}

/// Whether an endpoint is on this machine.
pub(crate) fn is_nearby(endpoint: Option<&str>) -> bool {
    endpoint.is_some_and(|endpoint| endpoint == SANDBOX || endpoint.starts_with("http://"))
}

/// The target of that name; nothing for a built-in one.
pub(crate) fn target(session: &Session, name: &str) -> Result<Option<TargetAdded>, Failure> {
    if name == LOCAL_SPARK || name == BUCKET {
        return Ok(None);
    }
    match session.cache.get::<Target>("targets", name)? {
        Some(target) => Ok(Some(target.added)),
        None => Err(Failure::not_found("target", name)),
    }
}

/// Every target that was named.
pub(crate) fn targets(session: &Session) -> Result<Vec<Target>, Failure> {
    rows_of(session, "targets")
}

/// The targets that were taken away, the latest of each place.
pub(crate) fn former_targets(session: &Session) -> Result<Vec<Target>, Failure> {
    rows_of(session, "former_targets")
}

fn rows_of(session: &Session, table: &str) -> Result<Vec<Target>, Failure> {
    session
        .cache
        .all(table)?
        .into_iter()
        .map(|(_, row)| {
            serde_json::from_value(row)
                .map_err(|cause| Failure::internal("a target has another shape", &cause))
        })
        .collect()
}

/// A way to talk to the cloud at an endpoint, kept for as long as the workspace is open: tokens and connections are reused.
/// At its own endpoint a target's services are where it says; a rehearsal has all of them in the sandbox.
///
/// # Errors
/// [`Code::Offline`] when the endpoint is the desk's sandbox and it does not run.
pub(crate) fn cloud_at(
    session: &Session,
    target: Option<&TargetAdded>,
    endpoint: Option<&str>,
) -> Result<Arc<Cloud>, Failure> {
    let url = match endpoint {
        Some(SANDBOX) => Some(
            sandbox::url(&session.desk)?
                .ok_or_else(|| Failure::said(Code::Offline, said!("sandbox-not-running")))?,
        ),
        other => other.map(str::to_owned),
    };
    let nothing = BTreeMap::new();
    let services = match target {
        Some(target) if target.endpoint.as_deref() == endpoint => &target.services,
        _ => &nothing,
    };
    let impersonate = target.and_then(|target| target.impersonate.as_deref());
    let (mut endpoints, nearby) = match &url {
        None => (Endpoints::default(), false),
        Some(url) => (Endpoints::all_at(url), url.starts_with("http://")),
    };
    for (service, address) in services {
        endpoints = endpoints.with(service, address).map_err(|error| from_runs(&error))?;
    }
    let key = (endpoints.clone(), impersonate.unwrap_or_default().to_owned());
    let mut clouds = session.clouds.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(cloud) = clouds.get(&key) {
        return Ok(Arc::clone(cloud));
    }
    // Whoever says where tokens are given out wants them used, on this machine too.
    let anonymous = nearby && !services.contains_key("iamcredentials");
    let credentials = match (anonymous, impersonate) {
        (true, _) => Credentials::anonymous(),
        (false, None) => Credentials::application_default(),
        (false, Some(account)) => Credentials::application_default().impersonating(account),
    };
    let patience = if nearby { NEARBY } else { Patience::default() };
    let cloud = Cloud::new(credentials, endpoints, patience).map_err(|error| from_runs(&error))?;
    let cloud = Arc::new(cloud);
    clouds.insert(key, Arc::clone(&cloud));
    Ok(cloud)
}

/// The bucket of that name as a target reaches it. A folder of this desk goes before a bucket in the cloud, except where a
/// target in the cloud or another endpoint is named: those mean what they say.
pub(crate) fn bucket_at(
    session: &Session,
    target_name: &str,
    endpoint: Option<&str>,
    name: &str,
) -> Result<Bucket, Failure> {
    let target = target(session, target_name)?;
    let in_cloud = target.as_ref().is_some_and(|target| target.kind.is_cloud());
    if endpoint.is_none() && !in_cloud {
        match folder_bucket(session, name) {
            Err(failure) if failure.code == Code::NotFound && reaches_google(session)? => {}
            other => return other,
        }
    }
    let cloud = cloud_at(session, target.as_ref(), endpoint)?;
    let bucket = GoogleBucket::new(name, cloud).map_err(|error| from_runs(&error))?;
    Ok(Bucket::Google(bucket.remembering(UploadSessions::in_folder(session.home.join("uploads")))))
}

/// Whether the workspace has anything to do with Google's own cloud: without a target there, no bucket is looked for there.
fn reaches_google(session: &Session) -> Result<bool, Failure> {
    Ok(targets(session)?.iter().any(|target| target.added.kind.is_cloud() && target.added.endpoint.is_none()))
}

/// The folder buckets of this desk.
pub(crate) fn folder_buckets(session: &Session) -> Result<Buckets, Failure> {
    let folder = crate::settings::bucket_folder(&session.desk, &session.home)?;
    Buckets::of_folders_in(&folder).map_err(|error| from_runs(&error))
}

fn folder_bucket(session: &Session, name: &str) -> Result<Bucket, Failure> {
    let buckets = folder_buckets(session)?;
    let found = if name.starts_with("file:") { buckets.resolve(name) } else { buckets.get(name).cloned() };
    found.map_err(|error| match &error {
        ::runs::Error::NotFound { .. } => {
            let folder = crate::settings::bucket_folder(&session.desk, &session.home)
                .map(|folder| folder.display().to_string())
                .unwrap_or_default();
            Failure::said(Code::NotFound, said!("no-bucket", name = name, folder = folder))
        }
        _ => from_runs(&error),
    })
}

/// What carries a run out on a target.
///
/// # Errors
/// [`Code::NotFound`] for a target nobody named; [`Code::Offline`] when its sandbox does not run.
pub(crate) fn carrier(
    session: &Session,
    target_name: &str,
    endpoint: Option<&str>,
    bucket: &str,
    requirements: &[String],
    properties: &BTreeMap<String, String>,
) -> Result<Carrier, Failure> {
    let added = target(session, target_name)?;
    let Some(added) = added.filter(|target| target.kind.is_cloud()) else {
        if target_name == BUCKET {
            return Err(Failure::said(Code::Refused, said!("bucket-runs-nothing")));
        }
        let buckets = folder_buckets(session)?;
        return Ok(Carrier {
            engine: Engine::Local(spark(&session.home, &buckets)),
            billing: Billing::Nothing,
            buckets,
            distance: Distance::Here,
        });
    };
    let mut buckets = Buckets::default();
    if !bucket.is_empty() {
        buckets.add(bucket_at(session, target_name, endpoint, bucket)?);
    }
    let dataproc = dataproc(session, &added, endpoint)?;
    let (engine, billing) = match added.kind {
        TargetKind::DataprocServerless => {
            let template: BatchTemplate = shape(&added)?;
            let billing = Billing::Batch(BatchShape::of(properties), dataproc.region().to_owned());
            (Engine::Serverless(DataprocServerless::new(dataproc, template, buckets.clone())), billing)
        }
        TargetKind::DataprocExisting => {
            let cluster = added.cluster.clone().unwrap_or_default();
            (Engine::Existing(DataprocExisting::new(dataproc, cluster, buckets.clone())), Billing::Nothing)
        }
        TargetKind::DataprocCluster | TargetKind::DataprocWorkflow | TargetKind::LocalSpark => {
            let mut template: ClusterTemplate = shape(&added)?;
            // What the package asks for, and not a list in code: the two would disagree one day.
            for requirement in requirements {
                let name = |line: &str| {
                    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
                    line[..end.unwrap_or(line.len())].to_ascii_lowercase()
                };
                let known = template.pip_packages.iter().any(|have| name(have) == name(requirement));
                if !known && name(requirement) != "pyspark" {
                    template.pip_packages.push(requirement.split_whitespace().collect());
                }
            }
            let billing = Billing::Cluster(Box::new(template.clone()), dataproc.region().to_owned());
            let engine = match added.kind {
                TargetKind::DataprocWorkflow => {
                    let form = if added.stored { Form::Stored } else { Form::Inline };
                    Engine::Workflow(DataprocWorkflow::new(dataproc, template, form, buckets.clone()))
                }
                _ => Engine::Cluster(DataprocEphemeral::new(dataproc, template, buckets.clone())),
            };
            (engine, billing)
        }
    };
    let distance = if is_nearby(endpoint) { Distance::Loopback } else { Distance::Far };
    Ok(Carrier { engine, billing, buckets, distance })
}

/// Dataproc where a target is, or where a run on it goes instead.
pub(crate) fn dataproc(
    session: &Session,
    added: &TargetAdded,
    endpoint: Option<&str>,
) -> Result<Dataproc, Failure> {
    let cloud = cloud_at(session, Some(added), endpoint)?;
    let (project, region) = (added.cloud_project.as_deref(), added.region.as_deref());
    Dataproc::new(cloud, project.unwrap_or_default(), region.unwrap_or_default())
        .map_err(|error| from_runs(&error))
}

/// What a target makes for a run.
pub(crate) fn shape<T: serde::de::DeserializeOwned>(added: &TargetAdded) -> Result<T, Failure> {
    let shape = added.shape.clone().unwrap_or_else(|| serde_json::json!({}));
    serde_json::from_value(shape).map_err(|cause| {
        Failure::said(
            Code::Refused,
            said!("target-shape-broken", target = added.target.to_string(), why = cause.to_string()),
        )
    })
}

/// An amount as facts carry it, to the hundredth of a cent: what a table says is no more exact than that.
pub(crate) fn price(cost: &Cost) -> Price {
    Price {
        amount: (cost.total() * 10_000.0).round() / 10_000.0,
        currency: cost.currency.clone(),
        prices_of: cost.prices_of.to_string(),
    }
}

/// An amount as pages show it.
pub(crate) fn price_row(price: &Price) -> super::PriceRow {
    super::PriceRow {
        amount: price.amount,
        currency: price.currency.clone(),
        prices_of: price.prices_of.clone(),
    }
}
