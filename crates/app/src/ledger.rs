//! The audit log: entries as they stand.

mod tell;
mod views;

use cache::projection::Recorded as Logged;
use words::said;

pub(crate) use tell::{Named, notice_texts, tell, tell_named};
pub use views::*;

use crate::page::{PAGE_ROWS, PAGE_ROWS_MAX, Page};
use crate::session::Session;
use crate::{App, Code, Failure};

/// A page of entries, latest first.
///
/// # Errors
/// [`Code::NoWorkspace`]; [`Code::Usage`] for a cursor that is none.
pub async fn list(app: &App, request: ListEntries) -> Result<Page<EntryRow>, Failure> {
    let session = app.session()?;
    let before = match request.page.after.as_deref() {
        Some(after) => Some(
            after
                .parse::<u64>()
                .map_err(|_| Failure::said(Code::Usage, said!("no-position", after = after.to_string())))?,
        ),
        None => None,
    };
    let limit = request.page.limit.unwrap_or(PAGE_ROWS).clamp(1, PAGE_ROWS_MAX);
    let (total, entries) =
        session.cache.entries(request.subject.as_deref(), request.member.as_deref(), before, limit)?;
    let next = if entries.len() == limit as usize {
        entries.last().map(|entry| entry.position.to_string())
    } else {
        None
    };
    Ok(Page { rows: entries.iter().map(|entry| entry_row(&session, entry)).collect(), total, next })
}

/// One entry.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn show(app: &App, request: EntryOf) -> Result<EntryRow, Failure> {
    let session = app.session()?;
    let entry = session
        .cache
        .entry(request.position)?
        .ok_or_else(|| Failure::not_found("entry", &request.position.to_string()))?;
    Ok(entry_row(&session, &entry))
}

/// The facts of an entry that these rules know.
pub(crate) fn facts_of(entry: &Logged) -> impl Iterator<Item = governance::Fact> {
    entry.facts.as_array().into_iter().flatten().filter_map(|fact| {
        let kind = fact.get("kind").and_then(serde_json::Value::as_str).unwrap_or_default();
        governance::Fact::read(kind, fact.get("body").cloned().unwrap_or_default()).ok()
    })
}

fn entry_row(session: &Session, entry: &Logged) -> EntryRow {
    let facts = entry.facts.as_array().cloned().unwrap_or_default();
    EntryRow {
        position: entry.position,
        at: entry.at.clone(),
        member: entry.member.clone(),
        key: entry
            .key
            .parse::<governance::PublicKey>()
            .map(|key| key.fingerprint().to_owned())
            .unwrap_or_default(),
        facts: facts
            .iter()
            .map(|fact| {
                let text = |name: &str| {
                    fact.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
                };
                let body = fact.get("body").cloned().unwrap_or_default();
                FactRow {
                    id: text("id"),
                    text: governance::Fact::read(&text("kind"), body.clone())
                        .map(|fact| tell(session.words(), &fact))
                        .unwrap_or_else(|_| text("kind")),
                    kind: text("kind"),
                    subject: text("subject"),
                    body,
                }
            })
            .collect(),
        void: entry.void.as_deref().map(|why| session.tell_kept(why)),
        chain: entry.chain.clone(),
    }
}
