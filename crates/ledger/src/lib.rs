//! Signed, chained, numbered entries and content-addressed blobs, in a folder or a bucket.
