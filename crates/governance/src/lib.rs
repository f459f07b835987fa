//! The rules: our words, what may be decided, what a fact changes.
//!
//! Everything here is a pure function. A [`Decision`] (the facts of one signed entry, with who signed them and when) is
//! judged against the [`State`] that the entries before it made: [`State::admit`] either applies all of its facts or none,
//! and says which rule stood in the way. Desks call it twice with the same code: before an entry is written, so that a
//! person gets advice instead of an error, and at every replay, so that nobody has to trust the desk that wrote it. An
//! entry that the rules refuse at replay is void and changes nothing.
//!
//! Reading order: [`names`] and [`roles`] are the words, [`fact`] is what can be said, [`refusal`] why not, [`state`] what
//! stands, [`policy`] what the founders agreed on; [`people`], [`registry`], [`workflow`], [`runs`] and [`monitoring`] hold
//! the rules of their rooms.

pub mod fact;
pub mod monitoring;
pub mod names;
pub mod people;
pub mod policy;
pub mod refusal;
pub mod registry;
pub mod roles;
pub mod runs;
pub mod state;
pub mod table;
pub mod workflow;

pub use fact::{Fact, FactError};
pub use names::{
    AlertId, ConnectionName, DefinitionId, Digest, FactId, InstanceId, MemberName, ModelId, ModelName,
    MonitorId, NameError, NoticeId, Period, ProjectId, ProjectName, PublicKey, ReportId, RunId, ScheduleId,
    ScheduleName, SelfStartId, TargetName, TemplateName, VersionId,
};
pub use policy::Policy;
pub use refusal::{Phrase, Refusal};
pub use roles::{Deed, Role};
pub use state::{Changed, Decision, Founding, State, Stated};

/// The version of these rules. Entries say which version judged them; a desk that knows only older ones writes nothing.
pub const RULES_VERSION: u32 = 8;
