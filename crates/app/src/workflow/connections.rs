//! Connections: the doors to other systems that an administrator opens, and their credentials.

use ::runs::calls;
use governance::fact::{ConnectionAllowed, ConnectionWithdrawn, Reach};
use governance::workflow::Connection;
use governance::{ConnectionName, Fact};
use identity::Secret;
use words::said;

use super::{AllowConnection, ConnectionRow, KeepCredential, WithdrawConnection};
use crate::registry::Recorded;
use crate::session::{Session, from_identity, parse};
use crate::workspace::Nothing;
use crate::{App, Code, Failure};

/// Seconds a call may take where nothing is said.
const TIMEOUT_S: u32 = 30;
/// Bytes an answer may have where nothing is said.
const ANSWER_BYTES: u32 = 64 << 10;
/// The most a connection may say: an answer becomes part of an entry of the ledger.
const ANSWER_BYTES_MAX: u32 = 100_000;
/// Bytes of a credential.
const CREDENTIAL_BYTES_MAX: usize = 8 << 10;

/// Every connection, by name.
///
/// # Errors
/// [`Code::NoWorkspace`].
pub async fn list_connections(app: &App, _request: Nothing) -> Result<Vec<ConnectionRow>, Failure> {
    let session = app.session()?;
    let mut rows = Vec::new();
    for (_, row) in session.cache.all("connections")? {
        let connection: Connection = serde_json::from_value(row)
            .map_err(|cause| Failure::internal("a connection has another shape", &cause))?;
        let allowed = connection.allowed;
        let secret = session.keys.secret(&credential_name(&session, &allowed.connection));
        rows.push(ConnectionRow {
            name: allowed.connection.to_string(),
            base: allowed.base,
            methods: allowed.methods.into_iter().collect(),
            timeout_s: allowed.timeout_s,
            answer_bytes_max: allowed.answer_bytes_max,
            reach: match allowed.reach {
                Reach::Public => "public",
                Reach::Private => "private",
                Reach::Anywhere => "anywhere",
            }
            .to_owned(),
            credential_here: allowed.credential_header.is_some()
                && secret.map_err(|error| from_identity(&error))?.is_some(),
            credential_header: allowed.credential_header,
            by: connection.by.to_string(),
            at: connection.at.to_string(),
        });
    }
    Ok(rows)
}

/// Opens, or changes, a door.
///
/// # Errors
/// [`Code::Usage`] for what is no door; [`Code::Refused`] without the role.
pub async fn allow_connection(app: &App, request: AllowConnection) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let reach = match request.reach.as_deref().unwrap_or("public") {
        "public" => Reach::Public,
        "private" => Reach::Private,
        "anywhere" => Reach::Anywhere,
        other => {
            return Err(Failure::said(Code::Usage, said!("connection-reach", reach = other)));
        }
    };
    let methods: Vec<String> =
        request.methods.iter().map(|method| method.trim().to_ascii_uppercase()).collect();
    let allowed = ConnectionAllowed {
        connection: parse("connection name", &request.name)?,
        base: request.base.trim().to_owned(),
        methods: if methods.is_empty() { ["GET".to_owned()].into() } else { methods.into_iter().collect() },
        timeout_s: request.timeout_s.unwrap_or(TIMEOUT_S),
        answer_bytes_max: request.answer_bytes_max.unwrap_or(ANSWER_BYTES),
        reach,
        credential_header: request
            .credential_header
            .map(|header| header.trim().to_ascii_lowercase())
            .filter(|header| !header.is_empty()),
    };
    if allowed.answer_bytes_max > ANSWER_BYTES_MAX {
        return Err(Failure::said(
            Code::Usage,
            said!("connection-answer-too-large", size = allowed.answer_bytes_max, limit = ANSWER_BYTES_MAX),
        ));
    }
    door(&allowed).map_err(|error| {
        Failure::said(Code::Usage, said!("connection-is-none", detail = error.to_string()))
    })?;
    let id = allowed.connection.to_string();
    let written = session.record(&me, vec![Fact::ConnectionAllowed(allowed)]).await?;
    Ok(Recorded { position: written.position, id })
}

/// Closes a door. Calls that are bound to it stop with an incident.
///
/// # Errors
/// [`Code::Refused`] without the role, or when there is no such connection.
pub async fn withdraw_connection(app: &App, request: WithdrawConnection) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let me = session.me()?;
    let connection: ConnectionName = parse("connection name", &request.name)?;
    let fact = ConnectionWithdrawn { connection: connection.clone(), reason: request.reason };
    let written = session.record(&me, vec![Fact::ConnectionWithdrawn(fact)]).await?;
    Ok(Recorded { position: written.position, id: connection.to_string() })
}

/// Keeps a connection's credential at this desk, or forgets it.
///
/// # Errors
/// [`Code::NotFound`] when there is no such connection; [`Code::Usage`] for what is no header's value.
pub async fn keep_credential(app: &App, request: KeepCredential) -> Result<Nothing, Failure> {
    let session = app.session()?;
    let connection: ConnectionName = parse("connection name", &request.name)?;
    let known: Connection = session.row("connections", "connection", connection.as_str())?;
    let name = credential_name(&session, &connection);
    let value = request.value.trim();
    if value.is_empty() {
        session.keys.forget_secret(&name).map_err(|error| from_identity(&error))?;
        return Ok(Nothing {});
    }
    let fits = value.len() <= CREDENTIAL_BYTES_MAX && !value.chars().any(char::is_control);
    if known.allowed.credential_header.is_none() || !fits {
        return Err(Failure::said(Code::Usage, said!("credential-unfit", name = connection.to_string())));
    }
    session.keys.put_secret(&name, &Secret::new(value)).map_err(|error| from_identity(&error))?;
    Ok(Nothing {})
}

/// The name a connection's credential lies under in the key holder.
pub(crate) fn credential_name(session: &Session, connection: &ConnectionName) -> String {
    session.key_name(&format!("connection-{connection}"))
}

/// The door as the hand takes it.
pub(crate) fn door(allowed: &ConnectionAllowed) -> Result<calls::Door, ::runs::Error> {
    let reach = match allowed.reach {
        Reach::Public => calls::Reach::Public,
        Reach::Private => calls::Reach::Private,
        Reach::Anywhere => calls::Reach::Anywhere,
    };
    calls::Door::new(&allowed.base, &allowed.methods, allowed.timeout_s, allowed.answer_bytes_max, reach)
}
