//! The harness: reads cases, runs them through every engine there is, judges the answers.
//!
//! Cases are data (`../shared/conformance` beside the repository, `cases/` in here); nothing in this package knows a case by name.
//! Uses the compiler, the runtime and the value library through their public interfaces only.

use std::path::{Path, PathBuf};

pub mod build;
pub mod case;
pub mod engine;
pub mod errors;
pub mod evaluation;
pub mod expected;
pub mod folder;
pub mod fuzz;
pub mod host;
pub mod hosts;
pub mod interpreter;
pub mod judge;
pub mod pipeline;
pub mod policy_case;
pub mod report;
pub mod runner;
pub mod scoreboard;
pub mod tool;
pub mod workload;

/// What a test prints when OPA's cases are not beside the repository.
pub const SKIPPED: &str = "skipped: OPA's cases are not here; put them beside the repository as ../shared, or name their folder in REGOC_SHARED";

/// A file or folder of the shared material (OPA's cases, workloads), if it is there: below `REGOC_SHARED`, or `../shared` beside the
/// repository.
#[must_use]
pub fn shared(path: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("REGOC_SHARED").map_or(beside, PathBuf::from);
    let found = folder.join(path);
    found.exists().then_some(found)
}
