//! Drives a migration: everything is done by this desk, so what another desk left half done is done again from the start,
//! and what is there already is kept.

use std::sync::Arc;
use std::time::Duration;

use ::runs::Progress;
use ::runs::migration::Stop;
use governance::MemberName;
use governance::fact::{Fact, Level, RunMoved, RunState};
use governance::runs::Run;
use words::said;

use super::super::migrate;
use super::super::retold::written;
use super::{End, Told, Whose, cancel_asked, finish, fresh, label, moved, notice, record_step};
use crate::Failure;
use crate::ids::new_id;
use crate::session::Session;

/// Time between two looks whether somebody wants it stopped.
const LOOK_EVERY: Duration = Duration::from_millis(500);

pub(super) async fn drive(
    session: &Arc<Session>,
    run: &Run,
    by: &MemberName,
    whose: Whose,
) -> Result<(), Failure> {
    if cancel_asked(session, run)? {
        return finish(session, run, by, End::said(RunState::Cancelled, &said!("went-stopped-before"))).await;
    }
    if fresh(session, run)?.state < RunState::Running {
        moved(session, run, by, RunState::Running, written(&said!("went-uploading", bucket = &run.bucket)))
            .await?;
    }
    let told = Arc::new(Told::beginning(session, run));
    let stop = Arc::new(Stop::default());
    let watching = {
        let (session, run, stop) = (Arc::clone(session), run.clone(), Arc::clone(&stop));
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK_EVERY).await;
                if session.catch_up().await.is_ok() && cancel_asked(&session, &run).unwrap_or(false) {
                    stop.ask();
                    return;
                }
            }
        })
    };
    let progress = {
        let (told, session) = (Arc::clone(&told), Arc::clone(session));
        move |step: Progress| {
            let count = step.done.map(|(done, of)| format!(" ({done} of {of})")).unwrap_or_default();
            if told.line(&format!("{}{count}", step.line)) {
                session.tell(&["runs"]);
            }
        }
    };
    let carried = migrate::carry_out(session, run, &stop, &progress).await;
    watching.abort();
    if let Err(failure) = &carried
        && (whose == Whose::Another || super::may_go_on(session, run, failure))
        && !cancel_asked(session, run)?
    {
        return carried.map(|_| ());
    }
    let log = Some(session.put_blob(told.whole().into_bytes()).await?);
    match carried {
        Ok(proven) => {
            if fresh(session, run)?.state < RunState::Verifying {
                moved(session, run, by, RunState::Verifying, written(&said!("went-reading-back"))).await?;
            }
            let title = said!("notice-migration-finished", label = label(session, run)?);
            let facts = vec![
                Fact::MigrationVerified(proven.fact.clone()),
                Fact::RunMoved(RunMoved {
                    log,
                    ..RunMoved::to(run.id.clone(), RunState::Succeeded, proven.summary.clone())
                }),
                notice(session, by, new_id(), title, &proven.summary, run, Level::Success)?,
            ];
            record_step(session, run, by, facts, |there| there.state.ended()).await
        }
        Err(failure) if cancel_asked(session, run)? => {
            let why = said!("went-stopped-because", why = failure.message);
            finish(session, run, by, End::said(RunState::Cancelled, &why).with_log(log)).await
        }
        Err(failure) => {
            let why = failure.to_string();
            finish(session, run, by, End::of(RunState::Failed, why.trim()).with_log(log)).await
        }
    }
}
