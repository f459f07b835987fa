//! The whole house, tried through its own front door.
