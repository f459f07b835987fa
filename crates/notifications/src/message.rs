//! What is delivered, and the contract of who delivers it.

use std::pin::Pin;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Characters of a title and of a body that are delivered; the rest is cut with an ellipsis.
pub(crate) const TITLE_CHARS_MAX: usize = 160;
pub(crate) const BODY_CHARS_MAX: usize = 2_000;

/// Something a person should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// One line: what happened.
    pub title: String,
    /// What it means and what to do. Plain text; channels that know markup see it escaped.
    pub body: String,
    /// Where to go: `countersign://…`. A click opens it; a mail shows it.
    pub link: Option<String>,
    /// How much it interrupts.
    pub urgency: Urgency,
}

impl Message {
    /// The title on one line, without control characters, cut to its limit.
    pub(crate) fn title_line(&self) -> String {
        cut(&self.title, TITLE_CHARS_MAX, |it| if it.is_control() { ' ' } else { it })
    }

    /// The body without control characters other than line ends, cut to its limit.
    pub(crate) fn body_text(&self) -> String {
        cut(&self.body, BODY_CHARS_MAX, |it| if it.is_control() && it != '\n' { ' ' } else { it })
    }
}

fn cut(text: &str, chars_max: usize, clean: fn(char) -> char) -> String {
    let text = text.trim().replace("\r\n", "\n");
    let mut kept: String = text.chars().take(chars_max).map(clean).collect();
    if text.chars().count() > chars_max {
        kept.pop();
        kept.push('…');
    }
    kept
}

/// How much a message interrupts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// Good to know.
    Low,
    /// Somebody waits for it.
    #[default]
    Normal,
    /// Something failed; it stays until it is seen.
    Critical,
}

/// Proof that a channel took a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The channel's name.
    pub channel: String,
    /// The other side's own reference: the daemon's notification number, the mail server's answer.
    pub reference: String,
}

/// What [`Channel::deliver`] returns: ready within the channel's limit.
pub type Delivering<'a> = Pin<Box<dyn Future<Output = Result<Delivery, Error>> + Send + 'a>>;

/// A way to reach a person. It is the same to the caller which one: title, body and link arrive unchanged up to the
/// limits above, or there is an error in bounded time.
pub trait Channel: Send + Sync {
    /// `desktop` or `mail`.
    fn name(&self) -> &'static str;

    /// Delivers the message.
    fn deliver<'a>(&'a self, message: &'a Message) -> Delivering<'a>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cleaned_and_cut() {
        let message = Message {
            title: "  a\r\nb\u{7}c ".into(),
            body: format!("x\r\ny\u{1b}[2J{}", "é".repeat(3_000)),
            link: None,
            urgency: Urgency::Low,
        };
        assert_eq!(message.title_line(), "a b c");
        let body = message.body_text();
        assert!(body.starts_with("x\ny [2Jé") && body.ends_with('…'));
        assert_eq!(body.chars().count(), BODY_CHARS_MAX);
    }
}
