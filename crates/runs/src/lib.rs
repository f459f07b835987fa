//! Start, watch, stop and clean up a job; put files into a bucket and prove they are there.
