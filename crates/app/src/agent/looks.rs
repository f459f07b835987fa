//! Looks at places in the cloud. Each is made on a thread of its own, so that a place out of reach holds up neither the
//! other places nor anything else that is due.

use std::sync::Arc;
use std::time::Duration;

use ::runs::bucket::Bucket;
use governance::MemberName;

use crate::runs::{reconcile, retrain, sweep, triggers};
use crate::session::Session;
use crate::{Code, Failure};

/// Time between two comparisons of the buckets with what was approved.
const RECONCILE_EVERY: Duration = Duration::from_secs(300);
/// Time between two looks for what runs left behind in the cloud.
const SWEEP_EVERY: Duration = Duration::from_secs(300);
/// Time between two looks for what came of a retraining and was not registered.
const RETRAIN_EVERY: Duration = Duration::from_secs(60);

/// Time between two tries to make a look that is being made already.
const AGAIN_AFTER: Duration = Duration::from_millis(20);

/// How long a place that does not answer is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    /// As long as anything else, and its answer is waited for: nobody looks again soon.
    Whole,
    /// Once, and nobody waits for it: the next look is near.
    OneTry,
}

impl Patience {
    /// The bucket, asked as long as this says.
    pub(crate) fn with(self, bucket: Bucket) -> Bucket {
        match self {
            Patience::Whole => bucket,
            Patience::OneTry => bucket.asking_once(),
        }
    }
}

/// Makes every look that is due and not being made already: how many runs they asked for, as far as they were waited for.
pub(super) async fn make(
    session: &Arc<Session>,
    by: &MemberName,
    patience: Patience,
) -> Result<usize, Failure> {
    let mut asked = 0;
    for place in triggers::places(session)? {
        let by = by.clone();
        let name = format!("triggers of {}", place.name());
        asked += look(session, name, patience, async move |session| {
            triggers::look(session, &by, &place, patience).await
        })
        .await;
    }
    if session.is_time("reconcile", RECONCILE_EVERY) {
        for place in reconcile::places(session)? {
            let by = by.clone();
            let name =
                format!("objects of {} {}", place.bucket, place.endpoint.as_deref().unwrap_or_default());
            asked += look(session, name, patience, async move |session| {
                reconcile::watch(session, &by, &place, patience).await.map(|_| 0)
            })
            .await;
        }
    }
    if session.is_time("sweep", SWEEP_EVERY) {
        for region in sweep::regions(session)? {
            let by = by.clone();
            let name = format!("leftovers of {}", region.place());
            asked += look(session, name, patience, async move |session| {
                sweep::watch(session, &by, region, patience).await.map(|_| 0)
            })
            .await;
        }
    }
    if session.is_time("retrain", RETRAIN_EVERY) {
        let by = by.clone();
        asked += look(session, "retrainings".to_owned(), patience, async move |session| {
            retrain::catch_up(session, &by).await.map(|()| 0)
        })
        .await;
    }
    Ok(asked)
}

/// Makes one look, unless it is being made. What goes wrong with it stays with it.
async fn look<Work>(session: &Arc<Session>, name: String, patience: Patience, work: Work) -> usize
where
    Work: AsyncFnOnce(&Arc<Session>) -> Result<usize, Failure> + Send + 'static,
{
    while !session.begin_look(&name) {
        match patience {
            // Whoever settles must see what there is now: a look under way may have begun before it was there.
            Patience::Whole => tokio::time::sleep(AGAIN_AFTER).await,
            Patience::OneTry => return 0,
        }
    }
    let session = Arc::clone(session);
    let runtime = tokio::runtime::Handle::current();
    let looking = tokio::task::spawn_blocking(move || {
        let _under_way = UnderWay { session: &session, name: &name };
        runtime.block_on(work(&session)).unwrap_or_else(|failure| {
            // A bucket of another desk, or one that is out of reach: who reaches it watches it. Anything else is worth a
            // person's look, once.
            if !matches!(failure.code, Code::NotFound | Code::Offline | Code::Failed | Code::Conflict) {
                session.tell_problem(&name, failure);
            }
            0
        })
    });
    match patience {
        Patience::Whole => looking.await.unwrap_or(0),
        Patience::OneTry => 0,
    }
}

/// A look that is being made. It ends however its work ends: whoever settles would wait for it for ever.
struct UnderWay<'a> {
    session: &'a Session,
    name: &'a str,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.session.end_look(self.name);
    }
}
