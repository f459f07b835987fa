//! What runs left behind in the cloud: found by its label, compared with the ledger, deleted on confirmation, and the
//! deletion proven by the other side's answer.

use std::collections::BTreeSet;
use std::time::Duration;

use ::runs::dataproc::template::Machines;
use ::runs::dataproc::{ClusterTemplate, Dataproc, Leftover, LeftoverKind};
use governance::fact::{LeftoverSwept, Level, NoticePosted, Price, SweepState};
use governance::runs::{Run, SANDBOX, Sweep};
use governance::{Fact, MemberName, RunId};
use jiff::Timestamp;
use words::{Words, said};

use super::cloud::{self, price, price_row};
use super::{LeftoverRow, SweepLeftovers, drive, from_runs, job_spec, sandbox};
use crate::ids::derived_id;
use crate::session::Session;
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// How long one request waits for deletions to be proven; what is not by then the agent goes on with.
const WAIT: Duration = Duration::from_secs(120);
/// Time between two looks at a deletion.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long after its run closed, or after it was made, a resource that nobody owns is called a leak.
const GRACE: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

/// A place in the cloud where runs of this workspace go.
struct Region {
    dataproc: Dataproc,
    endpoint: Option<String>,
}

/// A leftover with what the ledger knows of it.
pub(crate) struct Found {
    left: Leftover,
    endpoint: Option<String>,
    run: Option<Run>,
    cost: Option<Price>,
    sweep: Option<SweepState>,
}

impl Found {
    fn live(&self) -> bool {
        self.run.as_ref().is_some_and(|run| !run.state.ended())
    }
}

/// Every resource in the cloud that carries this workspace's label, with the run it was made for.
///
/// # Errors
/// [`Code::Offline`] or [`Code::Denied`] when a region cannot be looked at: then nothing can be said of it.
pub async fn leftovers(app: &App, _request: Nothing) -> Result<Vec<LeftoverRow>, Failure> {
    let session = app.session()?;
    Ok(find(&session).await?.iter().map(row).collect())
}

/// Deletes what was left behind: each deletion is recorded before it is asked for, and again when it is proven.
///
/// # Errors
/// [`Code::Refused`] for what a live run owns; [`Code::NotFound`] for what is not there.
pub async fn sweep(app: &App, request: SweepLeftovers) -> Result<Vec<LeftoverRow>, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let found = find(&session).await?;
    for resource in &request.resources {
        let Some(one) = found.iter().find(|one| one.left.resource == *resource) else {
            return Err(Failure::not_found("leftover", resource));
        };
        // Said again it goes on with the deletion that was asked for.
        session.record(&me, vec![swept(one, SweepState::Asked)]).await?;
    }
    let end = tokio::time::Instant::now() + WAIT;
    loop {
        go_on(&session, &me, &found, &request.resources).await?;
        let left = find(&session).await?;
        let open = left.iter().any(|one| request.resources.contains(&one.left.resource));
        if !open || tokio::time::Instant::now() > end {
            session.tell(&["runs"]);
            return Ok(left.iter().map(row).collect());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Goes on with deletions that were asked for, and says of leaks once each. Nothing is deleted that nobody asked for.
pub(crate) async fn watch(session: &Session, by: &MemberName) -> Result<usize, Failure> {
    let found = match find(session).await {
        Ok(found) => found,
        // Looking failed; that says nothing of what is there.
        Err(failure) if matches!(failure.code, Code::Offline | Code::Denied | Code::NotFound) => {
            return Ok(0);
        }
        Err(failure) => return Err(failure),
    };
    let asked: Vec<String> = found
        .iter()
        .filter(|one| one.sweep == Some(SweepState::Asked))
        .map(|one| one.left.resource.clone())
        .collect();
    go_on(session, by, &found, &asked).await?;
    let mut told = 0;
    for one in found.iter().filter(|one| one.sweep.is_none()) {
        if leaks(one, session.now()) && post(session, by, one).await? {
            told += 1;
        }
    }
    Ok(told)
}

/// Whether nobody is going to remove it: no run of ours, or one that is over for longer than its cleanup takes.
fn leaks(one: &Found, now: Timestamp) -> bool {
    let since = match &one.run {
        None => one.left.since,
        Some(run) => run.ended_at,
    };
    match (&one.run, since) {
        (Some(run), _) if !run.state.ended() => false,
        (_, Some(since)) => now.duration_since(since) > GRACE,
        (_, None) => true,
    }
}

async fn post(session: &Session, by: &MemberName, one: &Found) -> Result<bool, Failure> {
    let cost = one.cost.as_ref().map(|cost| format!(", {:.2} {} so far", cost.amount, cost.currency));
    let title = said!("notice-leak", name = &one.left.name);
    let fact = Fact::NoticePosted(NoticePosted {
        // The same leak has the same identifier on every desk: it is told once.
        notice: derived_id(
            one.left.since.unwrap_or(Timestamp::UNIX_EPOCH),
            &["leak", &session.id(), &one.left.resource, &one.left.run],
        ),
        to: drive::engineers(session, by)?,
        title: Words::english().say(&title),
        title_said: serde_json::to_value(&title).ok(),
        body_said: None,
        body: format!(
            "`{}` is {} and no live run owns it{}. Sweep it to stop paying for it.",
            one.left.resource,
            one.left.state,
            cost.unwrap_or_default()
        ),
        link: Some("/runs/leftovers".to_owned()),
        level: Level::Warning,
    });
    match session.record(by, vec![fact]).await {
        Ok(_) => Ok(true),
        Err(failure) if failure.code == Code::Refused => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// One step of each deletion that was asked for.
async fn go_on(
    session: &Session,
    by: &MemberName,
    found: &[Found],
    wanted: &[String],
) -> Result<(), Failure> {
    for one in found.iter().filter(|one| wanted.contains(&one.left.resource)) {
        let Some(region) = regions(session)?
            .into_iter()
            .find(|region| region.endpoint == one.endpoint && within(&one.left.resource, &region.dataproc))
        else {
            continue;
        };
        if region.dataproc.remove(&one.left).await.map_err(|error| from_runs(&error))? {
            match session.record(by, vec![swept(one, SweepState::Proven)]).await {
                Ok(_) => {}
                // Proven by another desk, or by an earlier step.
                Err(failure) if failure.code == Code::Refused => {}
                Err(failure) => return Err(failure),
            }
        }
    }
    Ok(())
}

fn within(resource: &str, dataproc: &Dataproc) -> bool {
    resource.starts_with(&format!("projects/{}/regions/{}/", dataproc.project(), dataproc.region()))
}

fn swept(one: &Found, state: SweepState) -> Fact {
    Fact::LeftoverSwept(LeftoverSwept {
        resource: one.left.resource.clone(),
        key: one.left.run.clone(),
        state,
        cost: one.cost.clone(),
    })
}

async fn find(session: &Session) -> Result<Vec<Found>, Failure> {
    let own = job_spec::workspace_label(session);
    let mut found: Vec<Found> = Vec::new();
    for region in regions(session)? {
        for left in region.dataproc.leftovers().await.map_err(|error| from_runs(&error))? {
            // Another workspace's resources in the same cloud project are its own business.
            if left.labels.get(job_spec::WORKSPACE_LABEL).is_some_and(|label| *label != own) {
                continue;
            }
            let run = match session.cache.get::<RunId>("run_keys", &left.run)? {
                Some(id) => session.cache.get::<Run>("runs", id.as_str())?,
                None => None,
            };
            let sweep = session.cache.get::<Sweep>("sweeps", &left.resource)?;
            found.push(Found {
                cost: cost_so_far(&left, &region.dataproc, session.now())?,
                // A resource of that name that is there again is another one.
                sweep: sweep.map(|sweep| sweep.state).filter(|state| *state == SweepState::Asked),
                endpoint: region.endpoint.clone(),
                run,
                left,
            });
        }
    }
    Ok(found)
}

/// Every region that a target names, once; and the same ones in the sandbox while it runs.
fn regions(session: &Session) -> Result<Vec<Region>, Failure> {
    let rehearses = sandbox::url(&session.desk)?.is_some();
    let (mut seen, mut regions) = (BTreeSet::new(), Vec::new());
    for target in cloud::targets(session)?.into_iter().filter(|target| target.added.kind.is_cloud()) {
        let own = target.added.endpoint.clone();
        let mut endpoints = vec![own.clone()];
        if rehearses && own.as_deref() != Some(SANDBOX) {
            endpoints.push(Some(SANDBOX.to_owned()));
        }
        for endpoint in endpoints {
            if endpoint.as_deref() == Some(SANDBOX) && !rehearses {
                continue;
            }
            let dataproc = cloud::dataproc(session, &target.added, endpoint.as_deref())?;
            let place = (dataproc.project().to_owned(), dataproc.region().to_owned(), endpoint.clone());
            if seen.insert(place) {
                regions.push(Region { dataproc, endpoint });
            }
        }
    }
    Ok(regions)
}

/// What a cluster cost until now, by its own shape and age.
fn cost_so_far(left: &Leftover, dataproc: &Dataproc, now: Timestamp) -> Result<Option<Price>, Failure> {
    let Some(since) = left.since else { return Ok(None) };
    let seconds = u64::try_from(now.duration_since(since).as_secs()).unwrap_or(0);
    if left.kind != LeftoverKind::Cluster {
        return Ok(None);
    }
    let machines = |part: &str, count: u64| Machines {
        count: u32::try_from(left.config[part]["numInstances"].as_u64().unwrap_or(count)).unwrap_or(u32::MAX),
        machine_type: left.config[part]["machineTypeUri"]
            .as_str()
            .and_then(|uri| uri.rsplit('/').next())
            .unwrap_or_default()
            .to_owned(),
        disk_gb: u32::try_from(left.config[part]["diskConfig"]["bootDiskSizeGb"].as_u64().unwrap_or(0))
            .unwrap_or(u32::MAX),
    };
    let template = ClusterTemplate {
        image_version: String::new(),
        zone: String::new(),
        subnetwork: String::new(),
        service_account: String::new(),
        staging_bucket: String::new(),
        master: machines("masterConfig", 1),
        workers: machines("workerConfig", 0),
        properties: std::collections::BTreeMap::new(),
        pip_packages: Vec::new(),
        idle_delete_s: 0,
        age_delete_s: 0,
        provision_deadline_s: 0,
    };
    Ok(cloud::prices()?.cluster(&template, dataproc.region(), seconds).map(|cost| price(&cost)))
}

fn row(one: &Found) -> LeftoverRow {
    LeftoverRow {
        resource: one.left.resource.clone(),
        kind: match one.left.kind {
            LeftoverKind::Cluster => "cluster",
            LeftoverKind::Batch => "batch",
            LeftoverKind::Job => "job",
        }
        .to_owned(),
        state: one.left.state.clone(),
        since: one.left.since.map(|since| since.to_string()),
        run: one.run.as_ref().map(|run| run.id.to_string()),
        run_state: one.run.as_ref().map(|run| run.state.name().to_owned()),
        live: one.live(),
        cost: one.cost.as_ref().map(price_row),
        endpoint: one.endpoint.clone(),
        sweep: if one.sweep.is_some() { "asked" } else { "none" }.to_owned(),
    }
}
