//! Cluster templates: shapes of clusters, made once by whoever knows, for everybody who runs something.

mod mapped;
mod views;

use ::runs::dataproc::prices::Prices;
use ::runs::dataproc::{ClusterTemplate as Shape, template::Machines};
use governance::fact::{ClusterTemplateDropped, ClusterTemplateKept};
use governance::runs::{ClusterTemplate, Target};
use governance::{Fact, TemplateName};
use words::Words;

pub use mapped::map_configuration;
pub use views::*;

use super::cloud::{self, price, price_row};
use super::preflight::finding_row;
use super::{from_runs, prices, secrets};
use crate::registry::Recorded;
use crate::session::{Session, parse};
use crate::{App, Failure};

/// The region a price and a command are shown for where none is named.
const REGION: &str = "europe-west6";

/// Seconds in the hour that a shape's price is shown for.
const HOUR_S: u64 = 3600;

/// The cluster templates, by name.
///
/// # Errors
/// When the cache cannot be read.
pub async fn cluster_templates(
    app: &App,
    request: ListClusterTemplates,
) -> Result<Vec<ClusterTemplateRow>, Failure> {
    let session = app.session()?;
    let region = region(request.region.as_deref());
    let targets = cloud::targets(&session)?;
    let prices = prices::table(&app.desk)?;
    let mut rows = Vec::new();
    for (_, row) in session.cache.all("cluster_templates")? {
        let template: ClusterTemplate = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a cluster template has another shape", &cause))?;
        rows.push(template_row(&template, &targets, region, &prices, app.words())?);
    }
    Ok(rows)
}

/// What a shape means: what stands against it, what an hour of it costs, and the command that makes such a cluster. Nothing
/// is recorded.
///
/// # Errors
/// When the price table cannot be read.
pub async fn describe_shape(app: &App, request: DescribeShape) -> Result<ShapeTold, Failure> {
    let prices = prices::table(&app.desk)?;
    Ok(told(&request.shape, region(request.region.as_deref()), &prices, app.words()))
}

/// Keeps a shape under a name, in place of one that has it.
///
/// # Errors
/// [`crate::Code::Refused`] for a shape without its limits, or without the role for it.
pub async fn keep_cluster_template(app: &App, request: KeepClusterTemplate) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let template: TemplateName = parse("cluster template name", request.name.trim())?;
    let shape = shape_of(&request.shape);
    secrets::refuse("cluster template", &shape.properties, &[])?;
    // What a run would be refused for is refused now, where it can still be mended.
    shape.config(REGION).map_err(|error| from_runs(&error))?;
    let fact = Fact::ClusterTemplateKept(ClusterTemplateKept {
        template: template.clone(),
        shape: serde_json::to_value(&shape)
            .map_err(|cause| Failure::internal("a shape has no JSON form", &cause))?,
        mapped: request.decisions.into_iter().map(mapped::kept).collect(),
    });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: template.to_string() })
}

/// Drops a template. Targets made of it keep their own copy.
///
/// # Errors
/// [`crate::Code::Refused`] when there is none of that name, or without the role for it.
pub async fn drop_cluster_template(app: &App, request: ClusterTemplateOf) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let template: TemplateName = parse("cluster template name", request.template.trim())?;
    let fact = Fact::ClusterTemplateDropped(ClusterTemplateDropped { template: template.clone() });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: template.to_string() })
}

/// The shape that is kept under a name.
///
/// # Errors
/// [`crate::Code::NotFound`].
pub(crate) fn kept(session: &Session, name: &str) -> Result<serde_json::Value, Failure> {
    let found: Option<ClusterTemplate> = session.cache.get("cluster_templates", name)?;
    found.map(|template| template.shape).ok_or_else(|| Failure::not_found("cluster template", name))
}

fn region(asked: Option<&str>) -> &str {
    asked.map(str::trim).filter(|region| !region.is_empty()).unwrap_or(REGION)
}

fn machine_vcpus(machine_type: &str) -> u64 {
    ::runs::dataproc::prices::machine(machine_type).map_or(0, |(_, vcpus, _)| u64::from(vcpus))
}

fn told(shape: &ClusterShape, region: &str, prices: &Prices, words: &Words) -> ShapeTold {
    let shape = shape_of(shape);
    let hour = prices.cluster(&shape, region, HOUR_S);
    ShapeTold {
        findings: shape.check().iter().map(|finding| finding_row(finding, words)).collect(),
        hour: hour.map(|cost| price_row(&price(&cost))),
        command: shape.gcloud("NAME", "PROJECT", region, &std::collections::BTreeMap::new()),
        region: region.to_owned(),
    }
}

fn template_row(
    template: &ClusterTemplate,
    targets: &[Target],
    region: &str,
    prices: &Prices,
    words: &Words,
) -> Result<ClusterTemplateRow, Failure> {
    let shape: Shape = serde_json::from_value(template.shape.clone())
        .map_err(|cause| Failure::internal("a cluster template has another shape", &cause))?;
    let shape = shape_row(&shape);
    Ok(ClusterTemplateRow {
        name: template.name.to_string(),
        number: template.number,
        told: told(&shape, region, prices, words),
        shape,
        decisions: template.mapped.iter().map(|row| mapped::row(row, words)).collect(),
        targets: targets
            .iter()
            .filter(|target| target.added.template.as_deref() == Some(template.name.as_str()))
            .map(|target| target.added.target.to_string())
            .collect(),
        by: template.by.to_string(),
        at: template.at.to_string(),
    })
}

fn shape_row(shape: &Shape) -> ClusterShape {
    let machines = |machines: &Machines| MachineShape {
        count: machines.count,
        machine_type: machines.machine_type.clone(),
        disk_gb: machines.disk_gb,
    };
    ClusterShape {
        image_version: shape.image_version.clone(),
        zone: shape.zone.clone(),
        subnetwork: shape.subnetwork.clone(),
        service_account: shape.service_account.clone(),
        staging_bucket: shape.staging_bucket.clone(),
        master: machines(&shape.master),
        workers: machines(&shape.workers),
        properties: shape.properties.clone(),
        pip_packages: shape.pip_packages.clone(),
        idle_delete_s: shape.idle_delete_s,
        age_delete_s: shape.age_delete_s,
        provision_deadline_s: shape.provision_deadline_s,
    }
}

fn shape_of(shape: &ClusterShape) -> Shape {
    let machines = |machines: &MachineShape| Machines {
        count: machines.count,
        machine_type: machines.machine_type.trim().to_owned(),
        disk_gb: machines.disk_gb,
    };
    Shape {
        image_version: shape.image_version.trim().to_owned(),
        zone: shape.zone.trim().to_owned(),
        subnetwork: shape.subnetwork.trim().to_owned(),
        service_account: shape.service_account.trim().to_owned(),
        staging_bucket: super::bucket_name(&shape.staging_bucket),
        master: machines(&shape.master),
        workers: machines(&shape.workers),
        properties: shape.properties.clone(),
        pip_packages: shape.pip_packages.clone(),
        idle_delete_s: shape.idle_delete_s,
        age_delete_s: shape.age_delete_s,
        provision_deadline_s: shape.provision_deadline_s,
    }
}
