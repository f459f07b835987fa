//! Notices: what members are told, and how it reached them.

mod deliver;
mod views;

use cache::Match;
use governance::state::Notice;

pub(crate) use deliver::deliver;
pub use views::*;

use crate::ledger::notice_texts;
use crate::page::Page;
use crate::registry::page_of;
use crate::session::Session;
use crate::workspace::Nothing;
use crate::{App, Failure};

/// Notices to the member who acts, latest first.
///
/// # Errors
/// [`crate::Code::NoWorkspace`].
pub async fn list(app: &App, request: ListNotices) -> Result<Page<NoticeRow>, Failure> {
    let session = app.session()?;
    // Where nobody acts, nobody was told anything; that is no failure of the desk.
    let Some(me) = session.member_now() else {
        return Ok(Page { rows: Vec::new(), total: 0, next: None });
    };
    let matches = vec![Match::Holds("$.posted.to", me.as_str())];
    let mut page =
        page_of(&session, "notices", matches, &request.page, "-key", |session, notice: Notice| {
            notice_row(session, &notice, me.as_str())
        })?;
    if request.unread {
        page.rows.retain(|notice| !notice.read);
    }
    Ok(page)
}

/// Marks notices as read at this desk.
///
/// # Errors
/// When the desk file cannot be written.
pub async fn mark_read(app: &App, request: MarkRead) -> Result<Nothing, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let notices = if request.notices.is_empty() {
        let all = list(app, ListNotices { unread: true, ..ListNotices::default() }).await?;
        all.rows.into_iter().map(|notice| notice.id).collect()
    } else {
        request.notices
    };
    for notice in notices {
        app.desk.mark_read(&session.id(), me.as_str(), &notice)?;
    }
    session.tell(&["notices"]);
    Ok(Nothing {})
}

fn notice_row(session: &Session, notice: &Notice, me: &str) -> Result<NoticeRow, Failure> {
    let id = notice.posted.notice.to_string();
    let (title, body) = notice_texts(session.words(), &notice.posted);
    let deliveries = session
        .desk
        .deliveries(&session.id(), me, &id)?
        .into_iter()
        .map(|delivered| DeliveryRow {
            channel: delivered.channel,
            result: delivered.result,
            at: delivered.at,
        })
        .collect();
    Ok(NoticeRow {
        read: session.desk.is_read(&session.id(), me, &id)?,
        id,
        title,
        body,
        link: notice.posted.link.clone(),
        level: match notice.posted.level {
            governance::fact::Level::Info => "info",
            governance::fact::Level::Success => "success",
            governance::fact::Level::Warning => "warning",
            governance::fact::Level::Failure => "failure",
        }
        .to_owned(),
        to: notice.posted.to.iter().map(ToString::to_string).collect(),
        at: notice.at.to_string(),
        deliveries,
    })
}
