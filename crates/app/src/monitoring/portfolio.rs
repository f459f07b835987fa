//! Every model that matters by how it does: champions and challengers, and whatever else is watched.

use std::collections::BTreeMap;

use governance::monitoring::Monitor;
use governance::registry::{Project, Version};

use super::{Portfolio, PortfolioRow, label, monitor_row, role};
use crate::workspace::Nothing;
use crate::{App, Failure};

/// Models by health, worst first: champions and challengers, and whatever else is watched.
///
/// # Errors
/// [`Code::NoWorkspace`].
pub async fn portfolio(app: &App, _request: Nothing) -> Result<Portfolio, Failure> {
    let session = app.session()?;
    let mut watched: BTreeMap<String, Vec<Monitor>> = BTreeMap::new();
    for (_, row) in session.cache.all("monitors")? {
        let monitor: Monitor = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a monitor has another shape", &cause))?;
        if monitor.retired_at.is_none() {
            watched.entry(monitor.version.to_string()).or_default().push(monitor);
        }
    }
    let mut wanted: std::collections::BTreeSet<String> = watched.keys().cloned().collect();
    for (_, row) in session.cache.all("projects")? {
        let project: Project = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a project has another shape", &cause))?;
        wanted.extend(project.champion.iter().chain(&project.challengers).map(ToString::to_string));
    }
    let mut rows = Vec::new();
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for id in wanted {
        let version: Version = session.row("versions", "version", &id)?;
        let project: Project = session.row("projects", "project", version.project.as_str())?;
        let monitors = watched.remove(&id).unwrap_or_default();
        let worst = monitors.iter().max_by_key(|monitor| gravity(&monitor.health));
        let health = worst.map_or("unwatched", |monitor| monitor.health.as_str()).to_owned();
        *counts.entry(health.clone()).or_default() += 1;
        rows.push(PortfolioRow {
            project: project.id.to_string(),
            project_name: project.name.to_string(),
            version_label: label(&session, &version)?,
            role: role(&project, &version).to_owned(),
            health,
            monitor: worst.map(|monitor| monitor_row(&session, monitor)).transpose()?,
            monitors: u32::try_from(monitors.len()).unwrap_or(u32::MAX),
            version: id,
        });
    }
    rows.sort_by(|a, b| {
        let order = |row: &PortfolioRow| {
            (
                std::cmp::Reverse(gravity(&row.health)),
                row.project_name.to_lowercase(),
                row.version_label.clone(),
            )
        };
        order(a).cmp(&order(b))
    });
    Ok(Portfolio { rows, counts })
}

fn gravity(health: &str) -> u8 {
    match health {
        "alert" => 6,
        "retraining" => 5,
        "watch" => 4,
        "unknown" => 3,
        "unwatched" => 2,
        "healthy" => 1,
        _ => 0,
    }
}
