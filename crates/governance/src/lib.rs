//! The rules: our words, what may be decided, what a fact changes.
//!
//! Everything here is a pure function. A [`Decision`] (the facts of one signed entry, with who signed them and when) is
//! judged against the [`State`] that the entries before it made: [`State::admit`] either applies all of its facts or none,
//! and says which rule stood in the way. Desks call it twice with the same code: before an entry is written, so that a
//! person gets advice instead of an error, and at every replay, so that nobody has to trust the desk that wrote it. An
//! entry that the rules refuse at replay is void and changes nothing.
//!
//! Reading order: [`names`] and [`roles`] are the words, [`fact`] is what can be said, [`refusal`] why not, [`state`] what
//! stands; [`people`], [`registry`], [`workflow`] and [`runs`] hold the rules of their rooms.

pub mod fact;
pub mod names;
pub mod people;
pub mod refusal;
pub mod registry;
pub mod roles;
pub mod runs;
pub mod state;
pub mod table;
pub mod workflow;

pub use fact::{Fact, FactError};
pub use names::{
    DefinitionId, Digest, FactId, InstanceId, MemberName, ModelId, ModelName, NameError, NoticeId, ProjectId,
    ProjectName, PublicKey, RunId, VersionId,
};
pub use refusal::Refusal;
pub use roles::{Deed, Role};
pub use state::{Changed, Decision, Founding, State, Stated};

/// The version of these rules. Entries say which version judged them; a desk that knows only older ones writes nothing.
pub const RULES_VERSION: u32 = 1;
