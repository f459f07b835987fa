//! Doors to other systems: an administrator opens them, definitions are bound to them, and nothing else is called.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fact::{Action, Binding, ConnectionAllowed, ConnectionWithdrawn};
use crate::names::MemberName;
use crate::refusal::{Phrase, Refusal};
use crate::roles::Deed;
use crate::state::{Decision, State};

/// A door to another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// What was allowed.
    pub allowed: ConnectionAllowed,
    /// By whom.
    pub by: MemberName,
    /// When.
    pub at: Timestamp,
}

impl State {
    pub(crate) fn allow_connection(
        &mut self,
        decision: &Decision,
        fact: &ConnectionAllowed,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::AllowConnections)?;
        let why = if !(fact.base.starts_with("https://") || fact.base.starts_with("http://")) {
            "connection-address"
        } else if fact.methods.is_empty() {
            "connection-methods"
        } else if fact.timeout_s == 0 || fact.answer_bytes_max == 0 {
            "connection-limits"
        } else {
            let connection =
                Connection { allowed: fact.clone(), by: decision.person.clone(), at: decision.at };
            self.connections.put(fact.connection.clone(), connection);
            return Ok(());
        };
        Err(Refusal::BadConnection { connection: fact.connection.to_string(), why: Phrase::new(why) })
    }

    pub(crate) fn withdraw_connection(
        &mut self,
        decision: &Decision,
        fact: &ConnectionWithdrawn,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::AllowConnections)?;
        if !self.connections.has(&fact.connection) {
            return Err(Refusal::Unknown { noun: "connection", id: fact.connection.to_string() });
        }
        self.connections.remove(&fact.connection);
        Ok(())
    }

    /// A call goes through a connection that is there, and only such a call names one.
    pub(super) fn check_connection(&self, element: &str, binding: &Binding) -> Result<(), Refusal> {
        match (binding.action, &binding.connection) {
            (Action::Http, Some(connection)) if self.connections.has(connection) => Ok(()),
            (Action::Http, Some(connection)) => {
                Err(Refusal::Unknown { noun: "connection", id: connection.to_string() })
            }
            (Action::Http, None) => Err(Refusal::BadConnection {
                connection: element.to_owned(),
                why: Phrase::new("connection-needed"),
            }),
            (_, None) => Ok(()),
            (action, Some(connection)) => Err(Refusal::BadConnection {
                connection: connection.to_string(),
                why: Phrase::new("connection-idle").with("action", action.name()).with("element", element),
            }),
        }
    }
}
