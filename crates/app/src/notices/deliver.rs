//! Notices onto the desktop: each once, to every member of this desk it is for, with its result kept.

use cache::desk::Delivered;
use governance::fact::Level;
use governance::state::Notice;
use notifications::{Channel as _, Message, Urgency};

use crate::ids::now;
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
    let mut delivered = 0;
    for (id, row) in session.cache.all("notices")? {
        let notice: Notice = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a notice has another shape", &cause))?;
        if notice.position <= since || !wanted {
            continue;
        }
        for member in here.iter().filter(|member| notice.posted.to.contains(*member)) {
            let begun = Delivered {
                channel: "desktop".to_owned(),
                result: "under way".to_owned(),
                at: now().to_string(),
            };
            if !session.desk.deliver_once(&session.id(), member.as_str(), &id, &begun)? {
                continue;
            }
            let message = Message {
                title: notice.posted.title.clone(),
                body: notice.posted.body.clone(),
                link: notice.posted.link.clone(),
                urgency: match notice.posted.level {
                    Level::Info => Urgency::Low,
                    Level::Success | Level::Warning => Urgency::Normal,
                    Level::Failure => Urgency::Critical,
                },
            };
            let result = match app.desktop.deliver(&message).await {
                Ok(_) => {
                    delivered += 1;
                    "delivered".to_owned()
                }
                Err(error) => error.to_string(),
            };
            let ended = Delivered { channel: "desktop".to_owned(), result, at: now().to_string() };
            session.desk.delivery_result(&session.id(), member.as_str(), &id, &ended)?;
            session.tell(&["notices"]);
        }
    }
    Ok(delivered)
}
