//! What an instance asks of the outside world, and what it did on the way.

use crate::Value;
use crate::model::Name;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Something the outside world is asked to do, at least once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// `instance/element/occurrence`: the same for every attempt, so that a repeat is recognised.
    pub key: String,
    /// The element that asks for it.
    pub element: Name,
    /// How often the element had been entered when it asked, counted from one.
    pub occurrence: u32,
    /// Whether the branch stands still until the result is in.
    pub awaited: bool,
    /// What is to be done.
    pub action: Action,
}

/// What is to be done outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Action {
    /// Call an address.
    Http {
        /// GET, POST, PUT, PATCH, HEAD or DELETE.
        method: String,
        /// The evaluated address, before any encoding.
        url: String,
        /// Header names and values.
        headers: BTreeMap<String, String>,
        /// The evaluated body, before any encoding.
        body: Option<String>,
        /// The status codes that count as success; empty means any from 200 to 299.
        accepted: Vec<u16>,
        /// The address and body with what variables brought escaped for where it stands: what is sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sent: Option<Sent>,
    },
    /// Send a letter.
    Mail {
        /// Recipients, separated by commas.
        to: String,
        /// Recipients of a copy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cc: Option<String>,
        /// Recipients of a copy that the others are not told of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bcc: Option<String>,
        /// The subject.
        subject: String,
        /// The text.
        message: String,
    },
    /// Tell members something.
    Notify {
        /// Members, separated by commas.
        users: String,
        /// Groups, separated by commas.
        groups: String,
        /// The template's name.
        template: String,
        /// The template's parameters as JSON text, where there are any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parameters: Option<String>,
        /// `info`, `warning` or `error`.
        level: String,
        /// `true` when it also goes by mail.
        mail: String,
    },
    /// Start a job.
    Job {
        /// The job's definition.
        job: String,
        /// Its arguments.
        arguments: BTreeMap<String, String>,
        /// Whether the branch waits for [`Act::Trigger`](crate::engine::Act::Trigger) after the job was started.
        triggerable: bool,
    },
    /// Run a script.
    Script {
        /// The language, where the definition names one.
        format: Option<String>,
        /// The text.
        text: String,
    },
    /// Call a delegate, a class, an expression or a topic that the definition names and this crate does not know.
    Delegate {
        /// What the definition says, such as `${scoreModel}` or a class name.
        delegate: String,
        /// Its evaluated fields.
        fields: BTreeMap<String, Value>,
    },
    /// Tell every other instance that a signal was thrown.
    Signal {
        /// The signal's name.
        name: String,
    },
    /// Send a message to another process.
    Message {
        /// The message's name.
        name: String,
        /// The value it carries, where the definition gives one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        correlation: Option<String>,
    },
}

/// A call as it goes out: a value in an address is one component of it, a value in JSON is one value or part of one string,
/// a value in a header ends with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The address.
    pub url: String,
    /// The body.
    pub body: Option<String>,
    /// Header names and values, where they differ from the evaluated ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
}

/// What happened inside during one event, in order: for the log, the rehearsal and the live diagram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// A token came to an element.
    Entered {
        /// The element.
        element: Name,
    },
    /// An outside effect was asked for.
    Asked {
        /// The effect.
        effect: Arc<Effect>,
    },
    /// A listener captured a value.
    Captured {
        /// The element the listener is on.
        element: Name,
        /// The variable that was set.
        variable: String,
        /// Its value.
        value: Value,
    },
    /// A task was offered to people named by a variable.
    Offered {
        /// The element.
        element: Name,
        /// The task's name.
        name: String,
        /// The people, as the definition's expression said it.
        participants: String,
    },
    /// A timer fired.
    Fired {
        /// The element.
        element: Name,
        /// When it was due.
        due: Timestamp,
        /// How late it fired, in seconds.
        late_s: i64,
        /// How many ticks of its cycle were missed and count as this one.
        missed: u32,
    },
    /// A branch stopped with an incident.
    Stopped {
        /// The element.
        element: Name,
        /// What went wrong.
        message: String,
    },
}
