//! What `regoc test` does behind its options: results, how they are found, and how they are shown, as `opa test` (`v1/tester`).

pub(crate) mod coverage;
pub(crate) mod failures;
pub(crate) mod report;
pub(crate) mod result;
pub(crate) mod runner;
pub(crate) mod watch;
