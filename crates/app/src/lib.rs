//! The one door: every command, the one write path, the agent loop.
