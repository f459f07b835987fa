//! Notices onto the desktop and by mail: each once a channel, to every member it is for, with its result kept. What fails in
//! passing is tried again within one budget.

use cache::desk::Delivered;
use governance::MemberName;
use governance::fact::Level;
use governance::people::Member;
use governance::state::Notice;
use notifications::{Channel, Message, Urgency};

use crate::session::Session;
use crate::{App, Failure};

/// Delivers what was posted since this desk first opened the workspace and has not been delivered here yet.
pub(crate) async fn deliver(app: &App, session: &Session) -> Result<usize, Failure> {
    let here = session.members_here()?;
    let since_key = format!("notices_since/{}", session.id());
    let since = match session.desk.setting(&since_key)? {
        Some(position) => position.parse::<u64>().unwrap_or(0),
        None => {
            // A desk that joins late is not flooded with what is long past.
            let position = if session.head()?.position <= 1 { 0 } else { session.head()?.position };
            session.desk.set(&since_key, &position.to_string())?;
            position
        }
    };
    let wanted = session.desk.setting("desktop_notices")?.is_none_or(|wanted| wanted == "yes");
    let mail = crate::settings::show(app, crate::workspace::Nothing {}).await?.mail;
    let mailed = !mail.host.is_empty();
    if !wanted && !mailed {
        return Ok(0);
    }
    let mut delivered = 0;
    for (id, row) in session.cache.all("notices")? {
        let notice: Notice = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a notice has another shape", &cause))?;
        if notice.position <= since {
            continue;
        }
        for member in &notice.posted.to {
            let is_here = here.contains(member);
            let to = Addressee { session, member, notice: &id };
            if wanted && is_here {
                delivered += to.reach("desktop", &app.desktop, &message(session, &notice)).await?;
            }
            // Where one desk sends it to everybody, the others do not send it once more.
            let sends = match &notice.posted.mailed_by {
                Some(by) => here.contains(by),
                None => is_here || mail.whom == "everybody",
            };
            if mailed && sends && to.is_due("mail")? {
                let row: Member = session.row("members", "member", member.as_str())?;
                let Some(address) = row.email else { continue };
                match crate::settings::mail::to(app, &address)? {
                    Ok(channel) => {
                        delivered += to.reach("mail", &channel, &by_mail(session, &notice)).await?
                    }
                    // An address that is none: said once, and not tried again.
                    Err(failure) => to.refused("mail", &failure.message)?,
                }
            }
        }
    }
    Ok(delivered)
}

/// Seconds after which a delivery that failed in passing is tried again; when they are used up it has failed.
const PAUSES_S: [i64; 4] = [0, 60, 300, 1800];
/// How the result of a delivery begins that is tried again.
const WAITS: &str = "waits: ";

/// One member to be told of one notice.
struct Addressee<'a> {
    session: &'a Session,
    member: &'a MemberName,
    notice: &'a str,
}

impl Addressee<'_> {
    /// Whether nothing was tried this way yet, or it is time to try again.
    fn is_due(&self, channel: &str) -> Result<bool, Failure> {
        let workspace = self.session.id();
        let tried = self.session.desk.attempts(&workspace, self.member.as_str(), self.notice, channel)?;
        let Some((attempts, last)) = tried else { return Ok(true) };
        let pause = usize::try_from(attempts).ok().and_then(|nth| PAUSES_S.get(nth.saturating_sub(1)));
        Ok(match (pause, last.at.parse::<jiff::Timestamp>()) {
            (Some(pause), Ok(at)) => {
                last.result.starts_with(WAITS) && self.session.now().as_second() - at.as_second() >= *pause
            }
            _ => false,
        })
    }

    /// Takes the next attempt, if it is due and nobody else at this desk takes it.
    fn begin(&self, channel: &str) -> Result<bool, Failure> {
        if !self.is_due(channel)? {
            return Ok(false);
        }
        let (desk, workspace) = (&self.session.desk, self.session.id());
        let begun = self.outcome(channel, "under way".to_owned());
        Ok(match desk.attempts(&workspace, self.member.as_str(), self.notice, channel)? {
            None => desk.deliver_once(&workspace, self.member.as_str(), self.notice, &begun)?,
            Some((_, before)) => {
                desk.deliver_again(&workspace, self.member.as_str(), self.notice, &before, &begun)?
            }
        })
    }

    /// Delivers, and keeps what came of it; answers how many were delivered.
    async fn reach(&self, name: &str, channel: &impl Channel, message: &Message) -> Result<usize, Failure> {
        if !self.begin(name)? {
            return Ok(0);
        }
        let workspace = self.session.id();
        let attempts = self.session.desk.attempts(&workspace, self.member.as_str(), self.notice, name)?;
        let attempts = attempts.map_or(1, |(attempts, _)| attempts);
        let more = usize::try_from(attempts).is_ok_and(|attempts| attempts <= PAUSES_S.len());
        let (count, result) = match channel.deliver(message).await {
            Ok(_) => (1, "delivered".to_owned()),
            // A desktop that is not there now is not there: the message waits in the window.
            Err(error) if name == "mail" && error.is_worth_retrying() && more => {
                (0, format!("{WAITS}{error}"))
            }
            Err(error) if attempts > 1 => (0, format!("given up after {attempts} attempts: {error}")),
            Err(error) => (0, error.to_string()),
        };
        self.keep(name, result)?;
        self.session.tell(&["notices"]);
        Ok(count)
    }

    /// Keeps that it cannot be delivered this way.
    fn refused(&self, channel: &str, why: &str) -> Result<(), Failure> {
        if self.begin(channel)? {
            self.keep(channel, why.to_owned())?;
        }
        Ok(())
    }

    fn keep(&self, channel: &str, result: String) -> Result<(), Failure> {
        let ended = self.outcome(channel, result);
        Ok(self.session.desk.delivery_result(
            &self.session.id(),
            self.member.as_str(),
            self.notice,
            &ended,
        )?)
    }

    fn outcome(&self, channel: &str, result: String) -> Delivered {
        Delivered { channel: channel.to_owned(), result, at: self.session.now().to_string() }
    }
}

fn message(session: &Session, notice: &Notice) -> Message {
    let (title, body) = crate::ledger::notice_texts(session.words(), &notice.posted);
    Message {
        title,
        body,
        link: notice.posted.link.clone(),
        urgency: match notice.posted.level {
            Level::Info => Urgency::Low,
            Level::Success | Level::Warning => Urgency::Normal,
            Level::Failure => Urgency::Critical,
        },
    }
}

/// A mail is read outside the window: its link opens the window.
fn by_mail(session: &Session, notice: &Notice) -> Message {
    let message = message(session, notice);
    let link =
        message.link.as_deref().map(|route| format!("countersign://{}", route.trim_start_matches('/')));
    Message { link, ..message }
}
