//! How an event moves tokens.

use super::{Event, Library, Note, Refusal, State};

impl State {
    /// Applies one event in place and tells what happened, in order. After a refusal the state is what it was.
    pub fn apply(&mut self, library: &Library, event: &Event) -> Result<Vec<Note>, Refusal> {
        let _ = (library, event);
        Err(Refusal::Order(format!("instance `{}` cannot run yet", self.instance)))
    }
}
