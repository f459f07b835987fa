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
}
