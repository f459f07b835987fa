//! The rules: our words, what may be decided, what a fact changes. Pure.
