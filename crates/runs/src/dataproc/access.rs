//! Whether Dataproc would take a run at all, and whether its data are where it runs: asked before, with calls that cost
//! nothing and change nothing.

use std::collections::BTreeSet;

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::Dataproc;
use super::quota::{self, Needs};
use crate::bucket::{Bucket, Buckets};
use crate::cloud::{Answer, Ask, SWITCHED_OFF, encoded};
use crate::target::Finding;
use crate::{Error, Location, Reason, RunSpec};

/// The least role of Google's own that makes clusters, jobs and batches.
const ROLE: &str = "roles/dataproc.editor";
/// The least role that runs something as a service account.
const ROLE_OF_ACCOUNT: &str = "roles/iam.serviceAccountUser";
/// What running something as a service account takes.
const ACT_AS: &str = "iam.serviceAccounts.actAs";

/// What a run makes: whoever may not see a list of it may not make one either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Makes {
    /// A cluster and a job on it.
    Cluster,
    /// A workflow, whose cluster and job the service makes.
    Workflow,
    /// A job on a cluster that is there.
    Job,
    /// A batch.
    Batch,
}

impl Makes {
    /// The permissions in the cloud project that it takes.
    fn permissions(self) -> &'static [&'static str] {
        match self {
            Makes::Cluster => &[
                "dataproc.clusters.create",
                "dataproc.clusters.delete",
                "dataproc.clusters.get",
                "dataproc.clusters.list",
                "dataproc.jobs.create",
                "dataproc.jobs.get",
                "dataproc.jobs.cancel",
            ],
            Makes::Workflow => &[
                "dataproc.workflowTemplates.create",
                "dataproc.workflowTemplates.delete",
                "dataproc.workflowTemplates.instantiate",
                "dataproc.workflowTemplates.instantiateInline",
                "dataproc.clusters.get",
                "dataproc.jobs.get",
                "dataproc.jobs.cancel",
            ],
            Makes::Job => &[
                "dataproc.clusters.get",
                "dataproc.clusters.use",
                "dataproc.jobs.create",
                "dataproc.jobs.get",
                "dataproc.jobs.cancel",
            ],
            Makes::Batch => &[
                "dataproc.batches.create",
                "dataproc.batches.get",
                "dataproc.batches.list",
                "dataproc.operations.cancel",
            ],
        }
    }
}

#[derive(Deserialize)]
struct Granted {
    #[serde(default)]
    permissions: Vec<String>,
}

/// What Google says beside a status.
#[derive(Default, Deserialize)]
struct Refused {
    #[serde(default)]
    error: Said,
}

#[derive(Default, Deserialize)]
struct Said {
    #[serde(default)]
    message: String,
}

/// What stands in a run's way at the service, whether its quotas suffice, and where its buckets are. `account` is the
/// service account that it runs as; empty for the project's own.
pub(super) async fn preflight(
    dataproc: &Dataproc,
    buckets: &Buckets,
    spec: &RunSpec,
    makes: Makes,
    needs: &Needs,
    account: &str,
) -> Result<Vec<Finding>, Error> {
    let mut findings: Vec<Finding> = asked(dataproc, makes).await?.into_iter().collect();
    // A service that is off, or hides itself, says nothing more of its permissions.
    if findings.is_empty() {
        findings.extend(permitted(dataproc, makes).await?);
    }
    if !account.is_empty() {
        findings.extend(acts_as(dataproc, account).await?);
    }
    if !needs.is_empty() {
        findings.extend(quota::look(dataproc, needs).await?);
    }
    let places = std::iter::once(&spec.main.from).chain(spec.outputs.iter().map(|output| &output.at));
    let names: BTreeSet<&str> = places
        .filter_map(|place| match place {
            Location::Object { bucket, .. } => Some(bucket.as_str()),
            _ => None,
        })
        .collect();
    for name in names {
        let Ok(bucket) = super::bucket_of(dataproc, buckets, name) else { continue };
        match bucket.probe().await {
            Err(error) if error.is_transient() => return Err(error),
            Err(error) if is_for_anybody(&error) => {
                let place = Place { project: Some(&dataproc.project), region: Some(dataproc.region()) };
                findings.push(of_bucket(name, &place, &error));
            }
            // Whoever asks for a run need not be allowed to write what the run itself writes.
            Ok(()) | Err(_) => findings.extend(elsewhere(&bucket, dataproc.region()).await?),
        }
    }
    Ok(findings)
}

async fn asked(dataproc: &Dataproc, makes: Makes) -> Result<Option<Finding>, Error> {
    let what = format!("Dataproc in project `{}`", dataproc.project);
    let url = match makes {
        Makes::Cluster | Makes::Job | Makes::Workflow => dataproc.url("clusters"),
        Makes::Batch => dataproc.location_url("batches"),
    };
    let ask = Ask::new(Method::GET, url, &what).query("pageSize", "1");
    let answer = dataproc.cloud.ask(&ask).await?;
    if let Some(reason) = refusal(&answer, &dataproc.project) {
        return Ok(Some(Finding::blocking("dataproc", reason)));
    }
    answer.ok(&what).map(|_| None)
}

/// What is missing, with the command that brings it; `None` for an answer that is no refusal of this kind.
fn refusal(answer: &Answer, project: &str) -> Option<Reason> {
    if !matches!(answer.status, 403 | 404) {
        return None;
    }
    let said = serde_json::from_slice::<Refused>(&answer.body).unwrap_or_default().error;
    let id = match answer.status {
        _ if answer.is_switched_off() => "finding-dataproc-api",
        404 => "finding-dataproc-project",
        _ => "finding-dataproc-role",
    };
    Some(Reason::new(id).with("project", project).with("role", ROLE).with("detail", said.message))
}

/// Which of the permissions are missing at a resource; nothing where that cannot be asked.
async fn missing<'a>(
    dataproc: &Dataproc,
    url: String,
    what: &str,
    permissions: &[&'a str],
) -> Result<Result<Vec<&'a str>, Error>, Error> {
    let ask = Ask::new(Method::POST, url, what).json(&json!({ "permissions": permissions }));
    match dataproc.cloud.ask(&ask).await?.json::<Granted>(what) {
        Ok(granted) => {
            let has = |wanted: &&&str| !granted.permissions.iter().any(|one| one == **wanted);
            Ok(Ok(permissions.iter().filter(has).copied().collect()))
        }
        Err(error) if error.is_transient() => Err(error),
        Err(error) => Ok(Err(error)),
    }
}

/// Whether one may do in the cloud project what the run does there: a viewer may look at every list.
async fn permitted(dataproc: &Dataproc, makes: Makes) -> Result<Option<Finding>, Error> {
    let project = dataproc.project.as_str();
    let what = format!("permissions in project `{project}`");
    let base = &dataproc.cloud.endpoints().resource_manager;
    let url = format!("{base}/v1/projects/{}:testIamPermissions", encoded(project));
    Ok(match missing(dataproc, url, &what, makes.permissions()).await? {
        Ok(missing) if missing.is_empty() => None,
        Ok(missing) => Some(Finding::blocking(
            "dataproc-role",
            Reason::new("finding-permissions")
                .with("permissions", missing.join("`, `"))
                .with("project", project)
                .with("role", ROLE),
        )),
        Err(error) => Some(Finding::warning(
            "permissions-unseen",
            Reason::new("finding-permissions-unseen").with("project", project).with("detail", error),
        )),
    })
}

/// Whether one may run something as the service account.
async fn acts_as(dataproc: &Dataproc, account: &str) -> Result<Option<Finding>, Error> {
    let what = format!("service account `{account}`");
    let base = &dataproc.cloud.endpoints().iam;
    let url = format!("{base}/v1/projects/-/serviceAccounts/{}:testIamPermissions", encoded(account));
    let reason = |id: &str| {
        Reason::new(id)
            .with("account", account)
            .with("project", &dataproc.project)
            .with("role", ROLE_OF_ACCOUNT)
    };
    Ok(match missing(dataproc, url, &what, &[ACT_AS]).await? {
        Ok(missing) if missing.is_empty() => None,
        Ok(_) => Some(Finding::blocking("service-account", reason("finding-act-as"))),
        Err(Error::NotFound { .. }) => {
            Some(Finding::blocking("service-account", reason("finding-no-account")))
        }
        Err(error) => Some(Finding::warning(
            "service-account-unseen",
            reason("finding-act-as-unseen").with("detail", error),
        )),
    })
}

/// Where a bucket belongs, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'a> {
    /// The cloud project of the target.
    pub project: Option<&'a str>,
    /// Its region.
    pub region: Option<&'a str>,
}

/// Whether what stands in the way at a bucket stands in everybody's: it is not there, or no bucket can be reached.
fn is_for_anybody(error: &Error) -> bool {
    match error {
        Error::NotFound { .. } => true,
        Error::Denied { why, .. } => why.starts_with(SWITCHED_OFF),
        _ => false,
    }
}

/// What stands in the way at a bucket, with the command that brings what is missing.
pub(crate) fn of_bucket(name: &str, place: &Place<'_>, error: &Error) -> Finding {
    let reason = |id: &str| {
        Reason::new(id)
            .with("bucket", name)
            .with("project", place.project.unwrap_or("PROJECT"))
            .with("region", place.region.unwrap_or("REGION"))
            .with("detail", error)
    };
    match error {
        Error::Denied { why, .. } if why.starts_with(SWITCHED_OFF) => {
            Finding::blocking("storage-api", reason("finding-storage-api"))
        }
        Error::NotFound { .. } => Finding::blocking("bucket-missing", reason("finding-bucket-missing")),
        _ => Finding::blocking("bucket", reason("finding-bucket")),
    }
}

/// A warning where a bucket's data would have to travel to where they are worked on.
pub(crate) async fn elsewhere(bucket: &Bucket, region: &str) -> Result<Option<Finding>, Error> {
    let Bucket::Google(google) = bucket else { return Ok(None) };
    let location = match google.location().await {
        Ok(location) => location,
        // Who may write objects need not be allowed to look at the bucket; whether it is there is another's finding.
        Err(Error::Denied { .. } | Error::NotFound { .. }) => return Ok(None),
        Err(e) => return Err(e),
    };
    if !apart(&location, region) {
        return Ok(None);
    }
    let reason = Reason::new("finding-region").with("bucket", google.name()).with("location", location);
    Ok(Some(Finding::warning("region", reason.with("region", region))))
}

/// Whether a bucket's location lies outside of a region. A location of another kind is not judged.
fn apart(location: &str, region: &str) -> bool {
    let (location, region) = (location.to_ascii_lowercase(), region.to_ascii_lowercase());
    let continent = match location.as_str() {
        "us" | "nam4" => "us-",
        "eu" | "eur4" | "eur5" | "eur7" | "eur8" => "europe-",
        "asia" | "asia1" => "asia-",
        // A region is written `europe-west6`.
        own => return own.contains('-') && own.ends_with(|c: char| c.is_ascii_digit()) && own != region,
    };
    !region.starts_with(continent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &'static [u8]) -> Answer {
        Answer { status, headers: reqwest::header::HeaderMap::new(), body: body.into() }
    }

    #[test]
    fn a_refusal_names_what_is_missing() {
        let disabled = br#"{"error": {"code": 403, "message": "Cloud Dataproc API has not been used in project 7 before or it is disabled.",
            "status": "PERMISSION_DENIED", "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "SERVICE_DISABLED", "domain": "googleapis.com", "metadata": {"service": "dataproc.googleapis.com"}}]}}"#;
        let denied =
            br#"{"error": {"code": 403, "message": "Not authorized", "status": "PERMISSION_DENIED"}}"#;
        for (status, body, id) in [
            (403, &disabled[..], Some("finding-dataproc-api")),
            (403, &denied[..], Some("finding-dataproc-role")),
            (403, &b"<html>"[..], Some("finding-dataproc-role")),
            (404, &denied[..], Some("finding-dataproc-project")),
            (200, &b"{}"[..], None),
            (503, &denied[..], None),
        ] {
            let reason = refusal(&answer(status, body), "retail-ml");
            assert_eq!(reason.as_ref().map(|reason| reason.id.as_str()), id, "{status}");
        }
    }

    #[test]
    fn a_bucket_that_is_missing_and_an_api_that_is_off_are_named() {
        let off = br#"{"error": {"code": 403, "message": "Access Not Configured.", "errors": [{"reason": "accessNotConfigured"}]}}"#;
        let forbidden = br#"{"error": {"code": 403, "message": "ana does not have storage.objects.list access", "errors": [{"reason": "forbidden"}]}}"#;
        for (status, body, code) in [
            (403, &off[..], "storage-api"),
            (404, &b"{}"[..], "bucket-missing"),
            (403, &forbidden[..], "bucket"),
        ] {
            let error = answer(status, body).ok("bucket `churn`").err().unwrap();
            let found = of_bucket("churn", &Place { project: Some("retail-ml"), region: None }, &error);
            assert_eq!(found.code, code, "{status}");
            assert!(found.reason.values.contains(&("project".to_owned(), "retail-ml".to_owned())));
        }
    }

    #[test]
    fn places_of_buckets_and_regions() {
        for (location, region, expected) in [
            ("EUROPE-WEST6", "europe-west6", false),
            ("US-CENTRAL1", "europe-west6", true),
            ("EU", "europe-west6", false),
            ("EU", "us-central1", true),
            ("US", "us-east1", false),
            ("NAM4", "us-central1", false),
            ("EUR4", "us-central1", true),
            ("ASIA", "asia-northeast1", false),
            ("ASIA1", "australia-southeast1", true),
            ("SANDBOX", "europe-west6", false),
        ] {
            assert_eq!(apart(location, region), expected, "{location} {region}");
        }
    }
}
