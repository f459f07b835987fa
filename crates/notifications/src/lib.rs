//! Deliver a message: desktop, mail, webhook.
