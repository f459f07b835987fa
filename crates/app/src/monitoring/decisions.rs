//! What waits for a decision on retraining by whoever sits at this desk.

use std::collections::BTreeMap;

use governance::MonitorId;
use governance::fact::{Action, AlertLevel};
use governance::monitoring::{Alert, Monitor};
use governance::registry::Version;
use governance::workflow::{Definition, Instance, OpenTask};

use super::{DecisionWanted, label, permissions};
use crate::session::Session;
use crate::workspace::Nothing;
use crate::{App, Failure};

/// Monitors with open alerts on which whoever acts at this desk may decide, the longest waiting first. Where a process asks
/// for the decision its task is in the inbox, and the monitor is not told here.
///
/// # Errors
/// [`crate::Code::NoWorkspace`].
pub async fn decisions(app: &App, _request: Nothing) -> Result<Vec<DecisionWanted>, Failure> {
    let session = app.session()?;
    let Some(me) = session.member_now() else { return Ok(Vec::new()) };
    let open: Vec<(String, Alert)> = session.cache.having("alerts", "state", "open")?;
    let mut waiting: BTreeMap<MonitorId, Vec<Alert>> = BTreeMap::new();
    for (_, alert) in open {
        waiting.entry(alert.monitor.clone()).or_default().push(alert);
    }
    let mut rows = Vec::new();
    for (id, mut alerts) in waiting {
        let monitor: Monitor = session.row("monitors", "monitor", id.as_str())?;
        let (_, _, obstacle) = permissions(&session, Some(&me), &monitor)?;
        if monitor.retired_at.is_some() || obstacle.is_some() || is_asked_for(&session, &monitor)? {
            continue;
        }
        alerts.sort_by_key(|alert| alert.raised_at);
        let (Some(first), Some(last)) = (alerts.first(), alerts.last()) else { continue };
        let version: Version = session.row("versions", "version", monitor.version.as_str())?;
        let grave = alerts.iter().any(|alert| alert.level == AlertLevel::Alert);
        rows.push(DecisionWanted {
            monitor: id.to_string(),
            monitor_name: monitor.name.clone(),
            version: version.id.to_string(),
            version_label: label(&session, &version)?,
            level: if grave { AlertLevel::Alert } else { AlertLevel::Warning },
            alerts: u32::try_from(alerts.len()).unwrap_or(u32::MAX),
            period: last.period.clone(),
            since: first.raised_at.to_string(),
        });
    }
    rows.sort_by(|a, b| a.since.cmp(&b.since));
    Ok(rows)
}

/// The variable in which a process keeps the decision on its own report, if it asks for one.
pub(super) fn decision_variable(definition: &Definition) -> Option<&String> {
    let mut reports = definition.bound.values().filter(|binding| binding.action == Action::Report);
    reports.find_map(|binding| binding.inputs.get("decision"))
}

/// Whether an open task of a process about the monitor's version asks for its decision.
fn is_asked_for(session: &Session, monitor: &Monitor) -> Result<bool, Failure> {
    let tasks: Vec<(String, OpenTask)> =
        session.cache.having("tasks", "project", monitor.project.as_str())?;
    for (_, task) in tasks.iter().filter(|(_, task)| task.version.as_ref() == Some(&monitor.version)) {
        let instance: Instance = session.row("instances", "instance", task.instance.as_str())?;
        let definition: Definition =
            session.row("definitions", "definition", instance.definition.as_str())?;
        if decision_variable(&definition).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
