//! The ledger's facts as SQLite tables. Delete it and nothing is lost.
