//! Processes that start by themselves: what is due is started, once; what cannot be is said.

use governance::fact::{Level, NoticePosted, StartPassed};
use governance::workflow::{SelfStart, StandingStart};
use governance::{Fact, MemberName};
use words::said;

use crate::ids::new_id;
use crate::session::Session;
use crate::workflow::begun_fact;
use crate::{Code, Failure};

/// Starts what is due, in due order, once each: moments that passed meanwhile are counted and not made good one by one.
pub(super) async fn look(session: &Session, due: &[SelfStart], by: &MemberName) -> Result<usize, Failure> {
    let mut begun = 0;
    for start in due {
        let mut standing: Vec<&StandingStart> = start
            .waits
            .iter()
            .filter(|standing| standing.due().is_some_and(|due| due <= session.now()))
            .collect();
        standing.sort_by_key(|standing| standing.due());
        for standing in standing {
            begun += begin(session, start, standing, by).await?;
        }
    }
    Ok(begun)
}

async fn begin(
    session: &Session,
    start: &SelfStart,
    standing: &StandingStart,
    by: &MemberName,
) -> Result<usize, Failure> {
    let refused = match begun_fact(session, start, standing).await {
        Ok(fact) => match session.record(by, vec![fact]).await {
            Ok(_) => return Ok(1),
            Err(failure) if failure.code == Code::Refused => failure,
            Err(failure) => return Err(failure),
        },
        Err(failure) if matches!(failure.code, Code::Refused | Code::NotFound) => failure,
        Err(failure) => return Err(failure),
    };
    let Some(due) = standing.due() else { return Ok(0) };
    // Either another desk was faster, which the rules say again, or nothing may start: then that is what is recorded.
    let problem = format!("{} {}", refused.message, refused.hint).trim().to_owned();
    let passed = StartPassed {
        start: start.armed.start.clone(),
        element: standing.element.clone(),
        due,
        problem: problem.clone(),
    };
    let facts = vec![
        Fact::StartPassed(passed),
        Fact::NoticePosted(NoticePosted {
            notice: new_id(),
            to: std::iter::once(start.by.clone()).collect(),
            title: format!("{}: nothing was started", start.definition_name),
            title_said: serde_json::to_value(said!("notice-start-passed", name = &start.definition_name))
                .ok(),
            body: problem,
            body_said: None,
            link: Some(format!("/definitions/{}", start.armed.definition)),
            level: Level::Failure,
            mailed_by: None,
        }),
    ];
    match session.record(by, facts).await {
        Ok(_) => Ok(1),
        Err(failure) if failure.code == Code::Refused => Ok(0),
        Err(failure) => Err(failure),
    }
}
