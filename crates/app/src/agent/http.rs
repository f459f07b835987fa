//! Calls of service tasks through named connections: leased, made, answered, and tried again while that helps.

use std::sync::Arc;

use ::runs::calls::{Call, Credential};
use bpmn::Act;
use bpmn::engine::{Action as Asked, Effect, Reply};
use governance::fact::{Binding, InstanceMoved, LeaseTaken};
use governance::runs::Lease;
use governance::workflow::{Connection, Instance};
use governance::{Fact, MemberName};

use crate::session::{Session, from_identity};
use crate::workflow::{credential_name, door};
use crate::{Code, Failure};

/// Attempts at one call before it becomes an incident.
const ATTEMPTS_MAX: u32 = 5;
/// Seconds before the second attempt; they double with every further one.
const PAUSE_S: u32 = 10;

/// Begins an attempt at a call, if one is due, and answers whether it did; what came of it is recorded when it is there.
pub(super) async fn begin(
    session: &Arc<Session>,
    instance: &Instance,
    binding: &Binding,
    effect: &Effect,
    by: &MemberName,
) -> Result<bool, Failure> {
    let lease: Option<Lease> = session.cache.get("leases", &effect.key)?;
    let since = instance.engine.effects.get(&effect.key).map(|pending| pending.since);
    // A person who retries an incident does not wait for the lease of the attempt before.
    let waits = lease
        .as_ref()
        .is_some_and(|lease| lease.until > session.now() && since.is_none_or(|since| since < lease.taken_at));
    if waits {
        return Ok(false);
    }
    let (door, call, credential) = prepare(session, binding, effect)?;
    let Some(under_way) = session.begin(&effect.key) else { return Ok(false) };
    let epoch = lease.map_or(1, |lease| lease.epoch + 1);
    let attempt = (epoch - 1) % ATTEMPTS_MAX;
    let timeout_s = u32::try_from(door.timeout().as_secs()).unwrap_or(u32::MAX);
    let taken = Fact::LeaseTaken(LeaseTaken {
        instance: instance.id.clone(),
        effect: effect.key.clone(),
        epoch,
        for_s: timeout_s.saturating_add(PAUSE_S << attempt),
    });
    // The intent is recorded before the call it leads to.
    match session.record(by, vec![taken]).await {
        Ok(_) => {}
        Err(failure) if failure.code == Code::Refused => return Ok(false),
        Err(failure) => return Err(failure),
    }
    let (session, by, instance) = (Arc::clone(session), by.clone(), instance.id.clone());
    let last = attempt + 1 == ATTEMPTS_MAX;
    let runtime = tokio::runtime::Handle::current();
    // A thread of its own: a slow system elsewhere must not hold up what else is due here.
    tokio::task::spawn_blocking(move || {
        let key = call.idempotency_key.clone();
        let act = match runtime.block_on(door.call(&call, credential.as_ref())) {
            Ok(answer) if answer.asks_for_patience() && !last => None,
            Ok(answer) => Some(Act::EffectSucceeded {
                effect: key.clone(),
                reply: Reply { status: Some(answer.status), body: Some(answer.body), ..Reply::default() },
            }),
            // Nobody answered: the lease runs out, and whoever comes by then tries again.
            Err(::runs::Error::Offline { .. }) if !last => None,
            Err(error) => {
                let message = format!("{error}. Correct the call or the connection, then retry");
                Some(Act::EffectFailed { effect: key.clone(), message, error: None })
            }
        };
        if let Some(act) = act {
            let moved = |act| {
                Fact::InstanceMoved(InstanceMoved { instance: instance.clone(), act, note: String::new() })
            };
            // What cannot be recorded now is called again once the lease has run out, under the same key.
            if let Err(failure) = runtime.block_on(session.record(&by, vec![moved(act)]))
                && failure.code == Code::Refused
            {
                let act = Act::EffectFailed { effect: key.clone(), message: failure.message, error: None };
                let _ = runtime.block_on(session.record(&by, vec![moved(act)]));
            }
        }
        drop(under_way);
        session.tell(&["workflow"]);
    });
    Ok(true)
}

/// The door, the call and its credential.
fn prepare(
    session: &Session,
    binding: &Binding,
    effect: &Effect,
) -> Result<(::runs::calls::Door, Call, Option<Credential>), Failure> {
    let refused = |message: String, hint: &str| Failure::new(Code::Refused, message, hint);
    let Asked::Http { method, url, headers, body, sent, .. } = &effect.action else {
        return Err(refused(
            format!("`{}` is no call over HTTP", effect.element),
            "Bind it to a built-in action, then retry.",
        ));
    };
    let name = binding.connection.as_ref().ok_or_else(|| {
        refused("the call is bound to no connection".to_owned(), "Bind it to one, then retry.")
    })?;
    let connection: Connection = session.cache.get("connections", name.as_str())?.ok_or_else(|| {
        refused(
            format!("the connection `{name}` was withdrawn"),
            "Ask an administrator to allow it again, or bind the call to another; then retry.",
        )
    })?;
    let allowed = &connection.allowed;
    let door =
        door(allowed).map_err(|error| refused(error.to_string(), "Correct the connection, then retry."))?;
    let credential = match &allowed.credential_header {
        None => None,
        Some(header) => {
            let kept = session
                .keys
                .secret(&credential_name(session, name))
                .map_err(|error| from_identity(&error))?;
            let secret = kept.ok_or_else(|| {
                refused(
                    format!("this desk does not hold the credential of the connection `{name}`"),
                    "Keep it here with `countersign connection credential`, then retry.",
                )
            })?;
            Some(Credential { header: header.clone(), value: secret.reveal().to_vec() })
        }
    };
    let (url, body) = match sent {
        Some(sent) => (sent.url.clone(), sent.body.clone()),
        None => (url.clone(), body.clone()),
    };
    let headers = sent.as_ref().and_then(|sent| sent.headers.as_ref()).unwrap_or(headers);
    let call = Call {
        method: method.clone(),
        url,
        headers: headers.clone(),
        body,
        idempotency_key: effect.key.clone(),
    };
    Ok((door, call, credential))
}
