//! Performance, drift, decay: columns in, numbers out.
