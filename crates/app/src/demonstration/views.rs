//! What the demonstration asks and answers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How far the story has come.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct StoryState {
    /// Steps, in order.
    pub steps: Vec<StoryStep>,
    /// Whether it is being played right now.
    pub playing: bool,
    /// Whether its model goes to a Google Cloud on this machine rather than to a folder and this machine's own Spark.
    pub in_sandbox: bool,
    /// Whether that can still be chosen: no bucket was named yet.
    pub place_open: bool,
}

/// A step of the story.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct StoryStep {
    /// Its name, stable.
    pub name: String,
    /// What happens, in words.
    pub title: String,
    /// `done`, `next`, `playing`, `failed` or `later`.
    pub state: String,
    /// What was verified, or what went wrong.
    pub detail: String,
    /// Route that shows it.
    pub link: Option<String>,
}

/// Plays on.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PlayStory {
    /// Play to the end rather than the next step only.
    pub to_end: bool,
    /// Play it in a Google Cloud on this machine: in the sandbox of this desk where it runs, in one of its own otherwise.
    pub in_sandbox: bool,
}
