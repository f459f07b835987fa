//! Drives a migration: everything is done by this desk, so what another desk left half done is done again from the start,
//! and what is there already is kept.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::runs::Progress;
use ::runs::migration::Stop;
use governance::MemberName;
use governance::fact::{Fact, Level, RunMoved, RunState};
use governance::runs::Run;
use words::said;

use super::super::migrate;
use super::{End, cancel_asked, finish, fresh, label, moved, notice, progress_key};
use crate::Failure;
use crate::ids::new_id;
use crate::session::Session;

/// Time between two looks whether somebody wants it stopped.
const LOOK_EVERY: Duration = Duration::from_millis(500);

pub(super) async fn drive(session: &Arc<Session>, run: &Run, by: &MemberName) -> Result<(), Failure> {
    if cancel_asked(session, run)? {
        return finish(session, run, by, End::of(RunState::Cancelled, "stopped before it began")).await;
    }
    if fresh(session, run)?.state < RunState::Running {
        moved(session, run, by, RunState::Running, format!("uploading to {}", run.bucket)).await?;
    }
    let lines = Arc::new(Mutex::new(String::new()));
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
        let (lines, session, key) = (Arc::clone(&lines), Arc::clone(session), progress_key(run));
        move |step: Progress| {
            let mut lines = lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let count = step.done.map(|(done, of)| format!(" ({done} of {of})")).unwrap_or_default();
            lines.push_str(&format!("{}{count}\n", step.line));
            // The page of the run shows these lines; losing one loses nothing.
            let _ = session.desk.set(&key, &lines);
            session.tell(&["runs"]);
        }
    };
    let carried = migrate::carry_out(session, run, &stop, &progress).await;
    watching.abort();
    if let Err(failure) = &carried
        && super::may_go_on(session, run, failure)
    {
        return carried.map(|_| ());
    }
    let text = lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    let log = Some(session.put_blob(text.into_bytes()).await?);
    match carried {
        Ok(proven) => {
            if fresh(session, run)?.state < RunState::Verifying {
                moved(session, run, by, RunState::Verifying, "reading back every object").await?;
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
            session.record(by, facts).await?;
            Ok(())
        }
        Err(failure) if cancel_asked(session, run)? => {
            let why = format!("stopped on request; {}", failure.message);
            finish(session, run, by, End::of(RunState::Cancelled, why).with_log(log)).await
        }
        Err(failure) => {
            let why = failure.to_string();
            finish(session, run, by, End::of(RunState::Failed, why.trim()).with_log(log)).await
        }
    }
}
