//! The words for people, one set for the window, the terminal and notifications.
