//! What runs left behind in the cloud: found by its label, compared with the ledger, deleted on confirmation, and the
//! deletion proven by the other side's answer.

use std::collections::BTreeSet;
use std::time::Duration;

use ::runs::dataproc::ephemeral::{DEADLINE_LABEL, PROVISION_LABEL};
use ::runs::dataproc::prices::{BatchShape, Prices};
use ::runs::dataproc::template::{AGE_S_MAX, Machines};
use ::runs::dataproc::{ClusterTemplate, Dataproc, Leftover, LeftoverKind};
use governance::fact::{LeftoverSwept, Level, NoticePosted, Price, SweepState};
use governance::runs::{Run, SANDBOX, Sweep};
use governance::{Fact, MemberName, RunId};
use jiff::Timestamp;
use words::said;

use super::cloud::{self, price, price_row};
use super::retold::written;
use super::{LeftoverRow, SweepLeftovers, drive, from_runs, job_spec, prices, sandbox, unreached};
use crate::agent::Patience;
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

/// The longest that anything of ours may live, in seconds.
const LIMIT_S_MAX: i64 = AGE_S_MAX as i64;

/// A place in the cloud where runs of this workspace go.
pub(crate) struct Region {
    project: String,
    name: String,
    endpoint: Option<String>,
    /// It as each target there reaches it, once a sign-in: what one may not do another may.
    ways: Vec<Dataproc>,
}

impl Region {
    /// Its name, unlike any other's.
    pub(crate) fn place(&self) -> String {
        let Self { project, name, endpoint, .. } = self;
        format!("projects/{project}/regions/{name} {}", endpoint.as_deref().unwrap_or_default())
    }

    /// The same, asked once each time.
    fn asking_once(mut self) -> Self {
        self.ways = self.ways.iter().map(Dataproc::asking_once).collect();
        self
    }

    /// Whether a resource lies there.
    fn holds(&self, resource: &str, endpoint: Option<&str>) -> bool {
        let place = format!("projects/{}/regions/{}/", self.project, self.name);
        self.endpoint.as_deref() == endpoint && resource.starts_with(&place)
    }

    /// What lies there with our label.
    async fn leftovers(&self) -> Result<Vec<Leftover>, ::runs::Error> {
        let mut answer = Ok(Vec::new());
        for way in &self.ways {
            answer = way.leftovers().await;
            if !matches!(answer, Err(::runs::Error::Denied { .. })) {
                break;
            }
        }
        answer
    }

    /// One step of a removal: whether it is gone.
    async fn remove(&self, left: &Leftover) -> Result<bool, ::runs::Error> {
        let mut answer = Ok(false);
        for way in &self.ways {
            answer = way.remove(left).await;
            if !matches!(answer, Err(::runs::Error::Denied { .. })) {
                break;
            }
        }
        answer
    }
}

/// A leftover with what the ledger knows of it.
pub(crate) struct Found {
    left: Leftover,
    endpoint: Option<String>,
    run: Option<Run>,
    cost: Option<Price>,
    sweep: Option<SweepState>,
    /// Until when somebody owns it who is no run of the ledger: a schedule of the cloud's own, or a report.
    owned_until: Option<Timestamp>,
}

impl Found {
    fn live(&self, now: Timestamp) -> bool {
        match &self.run {
            Some(run) => !run.state.ended(),
            None => self.owned_until.is_some_and(|until| now < until),
        }
    }
}

/// A region that could not be looked at: nothing can be said of it.
struct Unreachable {
    /// `projects/P/regions/R`.
    place: String,
    endpoint: Option<String>,
    why: Failure,
}

/// What a look at every region found.
struct Look {
    found: Vec<Found>,
    unreachable: Vec<Unreachable>,
}

/// Every resource in the cloud that carries this workspace's label, with the run it was made for.
///
/// # Errors
/// When the cache cannot be read. A region that cannot be looked at says so in a row of its own.
pub async fn leftovers(app: &App, _request: Nothing) -> Result<Vec<LeftoverRow>, Failure> {
    let session = app.session()?;
    Ok(rows(&session, find(&session, &regions(&session)?).await?))
}

/// Deletes what was left behind: each deletion is recorded before it is asked for, and again when it is proven.
///
/// # Errors
/// [`Code::Refused`] for what a live run owns; [`Code::NotFound`] for what is not there.
pub async fn sweep(app: &App, request: SweepLeftovers) -> Result<Vec<LeftoverRow>, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let regions = regions(&session)?;
    let found = find(&session, &regions).await?;
    prove_vanished(&session, &me, &regions, &found).await?;
    for resource in &request.resources {
        let Some(one) = found.found.iter().find(|one| one.left.resource == *resource) else {
            if session.cache.get::<Sweep>("sweeps", resource)?.is_some() {
                // It went while nobody looked, and that is proven now.
                continue;
            }
            return Err(Failure::not_found("leftover", resource));
        };
        // Said again it goes on with the deletion that was asked for.
        session.record(&me, vec![swept(one, SweepState::Asked)]).await?;
    }
    let end = tokio::time::Instant::now() + WAIT;
    loop {
        go_on(&session, &me, &regions, &found.found, &request.resources).await?;
        let left = find(&session, &regions).await?;
        let open = left.found.iter().any(|one| request.resources.contains(&one.left.resource));
        if !open || tokio::time::Instant::now() > end {
            session.tell(&["runs"]);
            return Ok(rows(&session, left));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Goes on with deletions in a region that were asked for, and says of leaks once each. Nothing is deleted that nobody asked
/// for.
pub(crate) async fn watch(
    session: &Session,
    by: &MemberName,
    region: Region,
    patience: Patience,
) -> Result<usize, Failure> {
    let regions = [if patience == Patience::OneTry { region.asking_once() } else { region }];
    let mut looked = find(session, &regions).await?;
    // Where looking failed nothing is said of what is there.
    if let Some(unreachable) = looked.unreachable.pop() {
        return Err(unreachable.why);
    }
    prove_vanished(session, by, &regions, &looked).await?;
    let found = looked.found;
    let asked: Vec<String> = found
        .iter()
        .filter(|one| one.sweep == Some(SweepState::Asked))
        .map(|one| one.left.resource.clone())
        .collect();
    go_on(session, by, &regions, &found, &asked).await?;
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
        None => one.owned_until.or(one.left.since),
        Some(run) => run.ended_at,
    };
    match (&one.run, since) {
        (Some(run), _) if !run.state.ended() => false,
        (_, Some(since)) => now.duration_since(since) > GRACE,
        (_, None) => true,
    }
}

async fn post(session: &Session, by: &MemberName, one: &Found) -> Result<bool, Failure> {
    let (resource, state) = (&one.left.resource, &one.left.state);
    let body = match &one.cost {
        None => said!("notice-leak-body", resource = resource, state = state),
        Some(cost) => said!(
            "notice-leak-cost-body",
            resource = resource,
            state = state,
            amount = format!("{:.2}", cost.amount),
            currency = &cost.currency,
        ),
    };
    let mut to = drive::engineers(session, by)?;
    to.extend(one.run.as_ref().map(|run| run.requested_by.clone()));
    let title = said!("notice-leak", name = &one.left.name);
    let fact = Fact::NoticePosted(NoticePosted {
        // The same leak has the same identifier on every desk: it is told once.
        notice: derived_id(
            one.left.since.unwrap_or(Timestamp::UNIX_EPOCH),
            &["leak", &session.id(), &one.left.resource, &one.left.run],
        ),
        to,
        title: written(&title),
        title_said: serde_json::to_value(&title).ok(),
        body_said: serde_json::to_value(&body).ok(),
        body: written(&body),
        link: Some("/leftovers".to_owned()),
        level: Level::Warning,
        mailed_by: None,
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
    regions: &[Region],
    found: &[Found],
    wanted: &[String],
) -> Result<(), Failure> {
    for one in found.iter().filter(|one| wanted.contains(&one.left.resource)) {
        let there = |region: &&Region| region.holds(&one.left.resource, one.endpoint.as_deref());
        let Some(region) = regions.iter().find(there) else { continue };
        let gone = match region.remove(&one.left).await {
            Ok(gone) => gone,
            // The next look goes on with it.
            Err(error) if error.is_transient() => continue,
            Err(error) => return Err(from_runs(&error)),
        };
        if gone {
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

fn swept(one: &Found, state: SweepState) -> Fact {
    Fact::LeftoverSwept(LeftoverSwept {
        resource: one.left.resource.clone(),
        key: one.left.run.clone(),
        state,
        cost: one.cost.clone(),
        endpoint: one.endpoint.clone(),
    })
}

/// Proves the deletions that were asked for and whose resource no list shows any more: whoever asked may have stopped
/// waiting before it was gone.
async fn prove_vanished(
    session: &Session,
    by: &MemberName,
    regions: &[Region],
    looked: &Look,
) -> Result<(), Failure> {
    for (resource, row) in session.cache.all("sweeps")? {
        let sweep: Sweep = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a sweep has another shape", &cause))?;
        let listed = looked.found.iter().any(|one| one.left.resource == resource);
        let Some(left) = Leftover::named(&resource, &sweep.key) else { continue };
        if listed || sweep.state != SweepState::Asked {
            continue;
        }
        let region = regions.iter().find(|region| region.holds(&resource, sweep.endpoint.as_deref()));
        let Some(region) = region else { continue };
        // The proof is the service's answer about this very resource, and not that a list leaves it out.
        if !matches!(region.remove(&left).await, Ok(true)) {
            continue;
        }
        let proven = Fact::LeftoverSwept(LeftoverSwept {
            resource,
            key: sweep.key,
            state: SweepState::Proven,
            cost: sweep.cost,
            endpoint: sweep.endpoint,
        });
        match session.record(by, vec![proven]).await {
            Ok(_) => {}
            // Proven by another desk meanwhile, or no business of whoever looks.
            Err(failure) if failure.code == Code::Refused => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

async fn find(session: &Session, regions: &[Region]) -> Result<Look, Failure> {
    let own = job_spec::workspace_label(session);
    let prices = prices::table(&session.desk)?;
    let (mut found, mut unreachable): (Vec<Found>, Vec<Unreachable>) = (Vec::new(), Vec::new());
    for region in regions {
        let lefts = match region.leftovers().await {
            Ok(lefts) => lefts,
            Err(error) => {
                let Region { project, name, .. } = region;
                unreachable.push(Unreachable {
                    place: format!("projects/{project}/regions/{name}"),
                    endpoint: region.endpoint.clone(),
                    why: unreached(&error),
                });
                continue;
            }
        };
        for left in lefts {
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
                cost: cost_so_far(&left, &region.name, &prices, session.now()),
                // A resource of that name that is there again is another one.
                sweep: sweep.map(|sweep| sweep.state).filter(|state| *state == SweepState::Asked),
                endpoint: region.endpoint.clone(),
                owned_until: owned_until(&left),
                run,
                left,
            });
        }
    }
    Ok(Look { found, unreachable })
}

/// Until when a resource that says for whom it is may be there: as long as its own limits let it.
fn owned_until(left: &Leftover) -> Option<Timestamp> {
    left.labels.get(job_spec::FOR_LABEL)?;
    let limit = |name: &str| left.labels.get(name).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    let limit_s = limit(DEADLINE_LABEL) + limit(PROVISION_LABEL);
    Some(left.since? + jiff::SignedDuration::from_secs(limit_s.clamp(0, LIMIT_S_MAX)))
}

/// Every region that a target names or named, once; and the same ones in the sandbox while it runs.
pub(crate) fn regions(session: &Session) -> Result<Vec<Region>, Failure> {
    let rehearses = sandbox::url(&session.desk)?.is_some();
    let (mut seen, mut regions) = (BTreeSet::new(), Vec::<Region>::new());
    // What a run left behind does not go with its target.
    let all = cloud::targets(session)?.into_iter().chain(cloud::former_targets(session)?);
    for target in all.filter(|target| target.added.kind.is_cloud()) {
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
            let (project, name) = (dataproc.project().to_owned(), dataproc.region().to_owned());
            let rehearsal = endpoint != own;
            let sign_in = (!rehearsal).then_some((&target.added.impersonate, &target.added.services));
            let way = format!("{project} {name} {endpoint:?} {sign_in:?}");
            if !seen.insert(way) {
                continue;
            }
            let there = |region: &&mut Region| {
                (&region.project, &region.name, &region.endpoint) == (&project, &name, &endpoint)
            };
            // A target's own sign-in goes before that of one that was taken away.
            match regions.iter_mut().find(there) {
                Some(region) => region.ways.push(dataproc),
                None => regions.push(Region { project, name, endpoint, ways: vec![dataproc] }),
            }
        }
    }
    Ok(regions)
}

/// What a cluster or batch cost until now, by its own shape and age. A job runs on a cluster that somebody pays for anyway.
fn cost_so_far(left: &Leftover, region: &str, prices: &Prices, now: Timestamp) -> Option<Price> {
    let since = left.since?;
    let seconds = u64::try_from(now.duration_since(since).as_secs()).unwrap_or(0);
    match left.kind {
        LeftoverKind::Cluster => {}
        LeftoverKind::Batch => {
            let properties = serde_json::from_value(left.config["properties"].clone()).unwrap_or_default();
            let shape = BatchShape::of(&properties);
            let cost = prices.batch(&shape, region, seconds);
            return cost.map(|cost| price(&cost));
        }
        LeftoverKind::Job => return None,
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
    prices.cluster(&template, region, seconds).map(|cost| price(&cost))
}

fn rows(session: &Session, looked: Look) -> Vec<LeftoverRow> {
    let now = session.now();
    let found = looked.found.iter().map(|one| row(one, now));
    let unreachable = looked.unreachable.into_iter().map(|region| LeftoverRow {
        resource: region.place,
        kind: "region".to_owned(),
        state: String::new(),
        since: None,
        run: None,
        run_state: None,
        live: false,
        cost: None,
        endpoint: region.endpoint,
        sweep: "none".to_owned(),
        purpose: None,
        unreachable: Some(region.why.in_words(session.words()).to_string()),
    });
    found.chain(unreachable).collect()
}

fn row(one: &Found, now: Timestamp) -> LeftoverRow {
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
        live: one.live(now),
        cost: one.cost.as_ref().map(price_row),
        endpoint: one.endpoint.clone(),
        sweep: if one.sweep.is_some() { "asked" } else { "none" }.to_owned(),
        purpose: one.left.labels.get(job_spec::FOR_LABEL).cloned(),
        unreachable: None,
    }
}
