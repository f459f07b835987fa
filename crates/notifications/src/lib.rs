//! Deliver a message: desktop and mail.
//!
//! A [`Message`] says what happened and links to the thing it happened to. A [`Channel`] brings it to a person and
//! answers with a [`Delivery`], or with an [`Error`] that says whether trying again later can help. No channel waits
//! longer than its named limit. What is routed to whom is decided elsewhere.

mod desktop;
mod error;
mod mail;
mod message;

pub use desktop::Desktop;
pub use error::Error;
pub use mail::{Mail, MailSettings, Password, Security};
pub use message::{Channel, Delivering, Delivery, Message, Urgency};
