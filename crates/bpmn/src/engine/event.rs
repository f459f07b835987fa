//! What happens to an instance: the facts a ledger keeps and every desk replays.

use crate::Value;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One thing that happened to one instance. The clock comes in with it: the engine never reads one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// Who did it. Without a person nobody's permission is checked and required answers may be left out: that is
    /// the author rehearsing a definition, never a member at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Person>,
    /// What was done.
    pub act: Act,
}

impl Event {
    /// An event nobody in particular caused.
    pub fn new(at: Timestamp, act: Act) -> Self {
        Self { at, by: None, act }
    }

    /// An event that `member` caused; their groups are not known, so candidate groups stop nobody.
    pub fn by(at: Timestamp, member: impl Into<String>, act: Act) -> Self {
        Self { at, by: Some(Person { id: member.into(), groups: None }), act }
    }
}

/// Who acts, as far as the rules of a task need to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name the definition's users are compared with.
    pub id: String,
    /// The groups the person belongs to; `None` where membership was decided elsewhere or is not known, and then
    /// candidate and excluded groups stop nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<BTreeSet<String>>,
}

/// Variables and answers by name, in a stable order.
pub type Variables = BTreeMap<String, Value>;

/// What was done to an instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Act {
    /// The instance begins. Only a fresh [`State`](crate::State) accepts it.
    Start {
        /// The process to run.
        process: String,
        /// Variables it starts with, on top of the defaults of its data objects.
        #[serde(default)]
        variables: Variables,
        /// A start event to begin at instead of the plain one: that of a message or a signal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        begin: Option<String>,
    },
    /// A person takes a task.
    Claim {
        /// The task.
        task: u64,
    },
    /// A person gives a claimed task back.
    Release {
        /// The task.
        task: u64,
    },
    /// A task is given to somebody by an administrator; `None` takes it from whoever holds it.
    Assign {
        /// The task.
        task: u64,
        /// Who has it from now on.
        to: Option<String>,
    },
    /// The holder of a task hands it to somebody else, who gives it back by [`Act::Resolve`].
    Delegate {
        /// The task.
        task: u64,
        /// Who has it from now on.
        to: String,
    },
    /// The delegate is done; the task is its owner's again.
    Resolve {
        /// The task.
        task: u64,
    },
    /// A person completes a task.
    Complete {
        /// The task.
        task: u64,
        /// Answers by variable; those no prompt asks for become variables too.
        #[serde(default)]
        answers: Variables,
    },
    /// A timer's moment has come; the event's `at` may be later than its due time.
    Fire {
        /// The timer.
        timer: u64,
    },
    /// A signal was heard.
    Signal {
        /// Its name.
        name: String,
        /// Variables it brings.
        #[serde(default)]
        variables: Variables,
    },
    /// A message arrived.
    Message {
        /// Its name.
        name: String,
        /// The value that tells one waiting receiver from another, where the definition asks for one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        correlation: Option<String>,
        /// Variables it brings.
        #[serde(default)]
        variables: Variables,
    },
    /// A receive task or a job that waits goes on.
    Trigger {
        /// The waiting entry.
        waiting: u64,
        /// Variables it brings; for a job, `state` is what the job ended as.
        #[serde(default)]
        variables: Variables,
    },
    /// An outside effect was carried out.
    EffectSucceeded {
        /// Its key.
        effect: String,
        /// What came back.
        #[serde(flatten)]
        reply: Reply,
    },
    /// An outside effect failed for good; its branch stops with an incident, or follows the BPMN error.
    EffectFailed {
        /// Its key.
        effect: String,
        /// What went wrong.
        message: String,
        /// The BPMN error code to throw, where the failure is one the definition may catch.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// An incident's element is tried again.
    Retry {
        /// The incident.
        incident: u64,
    },
    /// An incident's element is passed over.
    Skip {
        /// The incident.
        incident: u64,
        /// Why.
        reason: String,
    },
    /// Variables are corrected.
    Set {
        /// The new values.
        variables: Variables,
        /// The scope they belong to; without one, where each is visible now or else the process.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope: Option<u64>,
    },
    /// A task's or a timer's due time is moved.
    MoveDue {
        /// The task or timer.
        of: u64,
        /// The new time; `None` takes a task's due time away.
        due: Option<Timestamp>,
        /// Why.
        reason: String,
    },
    /// The instance is given up.
    Cancel {
        /// Why.
        reason: String,
    },
}

/// What an outside effect brought back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The HTTP status, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The body of the reply as text, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Variables the effect produced.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: Variables,
}
