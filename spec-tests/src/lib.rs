//! Cases, OPA's conformance suite, oracles and tidy checks. Uses the public interfaces of the other packages only.

use std::path::{Path, PathBuf};

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
