//! What is due without anybody asking: reports on new data, and reminders of alerts that nobody answered.

use std::sync::Arc;

use governance::fact::{AlertReminded, AskedBy, Level};
use governance::monitoring::{Alert, Monitor, REMIND_AFTER, Report};
use governance::registry::Version;
use governance::workflow::Instance;
use governance::{Deed, Fact, MemberName, Role};
use words::Said;

use super::{data, reports, tell};
use crate::ids::new_id;
use crate::session::Session;
use crate::{Code, Failure};

/// Time between two listings of the folders that monitors read, while nothing is recorded.
const LIST_EVERY: jiff::SignedDuration = jiff::SignedDuration::from_secs(3);
/// A report that has not come this long after it was due is overdue: agents look every few seconds.
const OVERDUE_AFTER: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// Where the desk keeps which state of the data it has looked at, and what stood in the way.
fn seen_key(session: &Session, monitor: &Monitor) -> String {
    format!("monitoring/{}/{}", session.id(), monitor.id)
}

/// What stood in the way of the latest report that was due here, in the words of this desk.
pub(super) fn obstacle(session: &Session, monitor: &Monitor) -> Result<Option<String>, Failure> {
    let kept = session.desk.setting(&seen_key(session, monitor))?;
    let why = kept.as_deref().and_then(|kept| kept.split_once('\n')).map(|(_, why)| why);
    Ok(why.map(|why| match serde_json::from_str::<Said>(why) {
        Ok(said) => session.words().say(&said),
        // Kept before it was kept in no language.
        Err(_) => why.to_owned(),
    }))
}

/// Whether a report that was due has not come, or something stands in its way here.
pub(super) fn is_overdue(session: &Session, monitor: &Monitor) -> Result<bool, Failure> {
    if monitor.retired_at.is_some() {
        return Ok(false);
    }
    let late = monitor.due_at().is_some_and(|due| session.now().duration_since(due) > OVERDUE_AFTER);
    Ok(late || obstacle(session, monitor)?.is_some())
}

/// Whether the folders are worth listing: something was recorded since, or some time has gone by.
fn is_time(session: &Session) -> Result<bool, Failure> {
    let position = session.head()?.position;
    let mut seen = session.data_seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let now = session.now();
    // A clock that was set back says nothing of the time between.
    let fresh =
        seen.is_some_and(|(at, when)| at == position && when <= now && now.duration_since(when) < LIST_EVERY);
    if !fresh {
        *seen = Some((position, now));
    }
    Ok(!fresh)
}

/// Begins every report that is due here, each on its own; any number of desks may look at the same time, as the rules
/// take one report a state of the data.
pub(crate) async fn look(session: &Arc<Session>, by: &MemberName) -> Result<usize, Failure> {
    let member: governance::people::Member = session.row("members", "member", by.as_str())?;
    if !member.may(Deed::RecordReport) {
        return Ok(0);
    }
    if !is_time(session)? {
        return Ok(0);
    }
    let here = session.members_here()?;
    let mut begun = 0;
    for (_, row) in session.cache.all("monitors")? {
        let monitor: Monitor = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a monitor has another shape", &cause))?;
        // A folder is one of the desk whose member named it: what lies at that path elsewhere is nobody's business.
        let ours = monitor.terms.data.bucket.is_some() || here.contains(&monitor.changed_by);
        let waits = monitor.due_at().is_some_and(|due| due > session.now());
        if monitor.retired_at.is_some() || !ours || waits {
            continue;
        }
        let version: Version = session.row("versions", "version", monitor.version.as_str())?;
        let found = match data::Way::of(session, &monitor.terms, None) {
            Ok(way) => data::find(session, &version, &monitor.terms, &way).await,
            Err(failure) => Err(failure),
        };
        let stamp = match found {
            Ok(found) => found.stamp(),
            Err(failure) => {
                // Somebody else's desk may reach a bucket that this one does not: the owner hears from where it was named.
                let tells = here.contains(&monitor.changed_by) || here.contains(&monitor.terms.owner);
                out_of_reach(session, &monitor, tells.then_some(by), &failure).await?;
                continue;
            }
        };
        let state = format!("{} {stamp}", monitor.number);
        let key = seen_key(session, &monitor);
        let seen = session.desk.setting(&key)?;
        if seen.as_deref().map(|seen| seen.split_once('\n').map_or(seen, |(state, _)| state)) == Some(&state)
            || session.computing().contains_key(monitor.id.as_str())
        {
            continue;
        }
        let Some(looking) = session.begin(&format!("due/{}", monitor.id)) else { continue };
        begun += 1;
        let (session, by) = (Arc::clone(session), by.clone());
        tokio::spawn(async move {
            let kept = match reports::make(&session, &monitor, &by, None, None).await {
                Ok(_) => Some(state),
                // It is tried again at the next look.
                Err(failure) if matches!(failure.code, Code::Offline | Code::Conflict) => None,
                Err(failure) => {
                    let _ = tell_obstacle(&session, &monitor, &by, &failure.to_be_said()).await;
                    Some(with_obstacle(&state, &failure))
                }
            };
            if let Some(kept) = kept {
                // Losing the note costs a look at files that a report is known of.
                let _ = session.desk.set(&key, &kept);
            }
            drop(looking);
            session.tell(&["monitoring"]);
        });
    }
    Ok(begun)
}

/// How a report that a process asked for stands.
pub(crate) enum Asking {
    /// Its computation begins now.
    Begun,
    /// It is being computed.
    UnderWay,
    /// It is there.
    Made(Box<Report>),
    /// It cannot be made.
    Failed(String),
}

/// The report that a service task waits for: begun once, found when it is there. A retried incident asks anew.
pub(crate) async fn asked_for(
    session: &Arc<Session>,
    monitor: &Monitor,
    instance: &Instance,
    effect: &str,
    by: &MemberName,
) -> Result<Asking, Failure> {
    let reports: Vec<(String, Report)> = session.cache.having("reports", "monitor", monitor.id.as_str())?;
    let asked = AskedBy { instance: instance.id.clone(), effect: effect.to_owned() };
    let key = format!("monitoring/{}/{effect}", session.id());
    if let Some((_, report)) = reports.iter().find(|(_, report)| report.cause.as_ref() == Some(&asked)) {
        return Ok(Asking::Made(Box::new(report.clone())));
    }
    // What came of it where the ledger cannot say: a report that somebody else had made of the same data, or a failure.
    if let Some(kept) = session.desk.setting(&key)?.filter(|kept| !kept.is_empty()) {
        session.desk.set(&key, "")?;
        if let Some(why) = kept.strip_prefix("failed ") {
            return Ok(Asking::Failed(why.to_owned()));
        }
        if let Some((_, report)) = reports.into_iter().find(|(id, _)| *id == kept) {
            return Ok(Asking::Made(Box::new(report)));
        }
    }
    let Some(waiting) = session.begin(&format!("asked/{effect}")) else { return Ok(Asking::UnderWay) };
    let (session, monitor, by) = (Arc::clone(session), monitor.clone(), by.clone());
    tokio::spawn(async move {
        let kept = match reports::make(&session, &monitor, &by, Some(asked), None).await {
            Ok(made) => Some(made.report.to_string()),
            Err(failure) if matches!(failure.code, Code::Offline | Code::Conflict) => None,
            Err(failure) => Some(format!("failed {failure}")),
        };
        if let Some(kept) = kept {
            // Losing the note costs a look at files that a report is known of.
            let _ = session.desk.set(&key, &kept);
        }
        drop(waiting);
        session.tell(&["monitoring", "workflow"]);
    });
    Ok(Asking::Begun)
}

fn with_obstacle(state: &str, failure: &Failure) -> String {
    format!("{state}\n{}", serde_json::to_string(&failure.to_be_said()).unwrap_or_default())
}

/// Keeps what stands between this desk and the data. Where a report is due, its owner hears of it once, whatever it is; where
/// only new data would make one due, once there was one and the data are gone.
async fn out_of_reach(
    session: &Session,
    monitor: &Monitor,
    tells: Option<&MemberName>,
    failure: &Failure,
) -> Result<(), Failure> {
    let key = seen_key(session, monitor);
    let seen = session.desk.setting(&key)?;
    let since = monitor.latest.as_ref().map_or("first", |report| report.as_str());
    let state = format!("{} out-of-reach {since}", monitor.number);
    let (seen_state, seen_why) =
        seen.as_deref().map_or(("", ""), |seen| seen.split_once('\n').unwrap_or((seen, "")));
    let is_due = monitor.due_at().is_some() || (monitor.latest.is_some() && failure.code != Code::Offline);
    let told = format!("{state} told");
    let mut now = if seen_state == told { told.clone() } else { state };
    if let Some(by) = tells.filter(|_| is_due && now != told)
        && tell_obstacle(session, monitor, by, &failure.to_be_said()).await.is_ok()
    {
        now = told;
    }
    let kept = with_obstacle(&now, failure);
    if kept.split_once('\n') != Some((seen_state, seen_why)) {
        session.desk.set(&key, &kept)?;
        session.tell(&["monitoring"]);
    }
    Ok(())
}

/// The owner hears once that the data of a state cannot be judged.
async fn tell_obstacle(
    session: &Session,
    monitor: &Monitor,
    by: &MemberName,
    why: &Said,
) -> Result<(), Failure> {
    let to = std::collections::BTreeSet::from([monitor.terms.owner.clone()]);
    let said = tell::of_obstacle(monitor, why);
    let notice = Fact::NoticePosted(tell::notice(new_id(), to, said, monitor, Level::Failure));
    session.record(by, vec![notice]).await.map(|_| ())
}

/// Tells the people of every alert again that stood open for a day, by the clock of the entries: once a day, whoever looks.
pub(crate) async fn remind(session: &Session, by: &MemberName) -> Result<usize, Failure> {
    let member: governance::people::Member = session.row("members", "member", by.as_str())?;
    if !member.may(Deed::RecordReport) {
        return Ok(0);
    }
    let mut told = 0;
    let open: Vec<(String, Alert)> = session.cache.having("alerts", "state", "open")?;
    for (_, alert) in open {
        if session.now().duration_since(alert.told_at) < REMIND_AFTER {
            continue;
        }
        let monitor: Monitor = session.row("monitors", "monitor", alert.monitor.as_str())?;
        if monitor.retired_at.is_some() {
            continue;
        }
        let mut to = crate::people::holders(session, &[Role::ModelSteward])?;
        to.insert(monitor.terms.owner.clone());
        let facts = vec![
            Fact::AlertReminded(AlertReminded { alert: alert.id.clone() }),
            Fact::NoticePosted(tell::notice(
                new_id(),
                to,
                tell::of_waiting(&alert),
                &monitor,
                Level::Warning,
            )),
        ];
        match session.record(by, facts).await {
            Ok(_) => told += 1,
            // Another desk was faster, or somebody answered meanwhile.
            Err(failure) if failure.code == Code::Refused => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(told)
}
