//! Whether Dataproc would take a run at all, and whether its data are where it runs: asked before, with calls that cost
//! nothing and change nothing.

use std::collections::BTreeSet;

use reqwest::Method;
use serde::Deserialize;

use super::Dataproc;
use super::quota::{self, Needs};
use crate::bucket::{Bucket, Buckets};
use crate::cloud::Ask;
use crate::target::Finding;
use crate::{Error, Location, Reason, RunSpec};

/// The least role of Google's own that makes clusters, jobs and batches.
const ROLE: &str = "roles/dataproc.editor";

/// Which list is asked for: whoever may not see it may not make one either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listed {
    Clusters,
    Batches,
}

/// What Google says beside a status, as `google.rpc.ErrorInfo`.
#[derive(Default, Deserialize)]
struct Refused {
    #[serde(default)]
    error: Said,
}

#[derive(Default, Deserialize)]
struct Said {
    #[serde(default)]
    message: String,
    #[serde(default)]
    details: Vec<Detail>,
}

#[derive(Deserialize)]
struct Detail {
    #[serde(default)]
    reason: String,
}

/// What stands in a run's way at the service, whether its quotas suffice, and where its buckets are.
pub(super) async fn preflight(
    dataproc: &Dataproc,
    buckets: &Buckets,
    spec: &RunSpec,
    listed: Listed,
    needs: &Needs,
) -> Result<Vec<Finding>, Error> {
    let mut findings: Vec<Finding> = asked(dataproc, listed).await?.into_iter().collect();
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
        findings.extend(elsewhere(&bucket, dataproc.region()).await?);
    }
    Ok(findings)
}

async fn asked(dataproc: &Dataproc, listed: Listed) -> Result<Option<Finding>, Error> {
    let what = format!("Dataproc in project `{}`", dataproc.project);
    let url = match listed {
        Listed::Clusters => dataproc.url("clusters"),
        Listed::Batches => dataproc.location_url("batches"),
    };
    let ask = Ask::new(Method::GET, url, &what).query("pageSize", "1");
    let answer = dataproc.cloud.ask(&ask).await?;
    if let Some(reason) = refusal(answer.status, &answer.body, &dataproc.project) {
        return Ok(Some(Finding::blocking("dataproc", reason)));
    }
    answer.ok(&what).map(|_| None)
}

/// What is missing, with the command that brings it; `None` for an answer that is no refusal of this kind.
fn refusal(status: u16, body: &[u8], project: &str) -> Option<Reason> {
    if !matches!(status, 403 | 404) {
        return None;
    }
    let said = serde_json::from_slice::<Refused>(body).unwrap_or_default().error;
    let disabled = said.details.iter().any(|detail| detail.reason == "SERVICE_DISABLED");
    let id = match (status, disabled) {
        (_, true) => "finding-dataproc-api",
        (404, _) => "finding-dataproc-project",
        _ => "finding-dataproc-role",
    };
    Some(Reason::new(id).with("project", project).with("role", ROLE).with("detail", said.message))
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
            let reason = refusal(status, body, "retail-ml");
            assert_eq!(reason.as_ref().map(|reason| reason.id.as_str()), id, "{status}");
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
