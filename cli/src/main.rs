//! `regoc`, the program. Everything is in the library beside it.

use std::process::ExitCode;

/// A build makes and drops trees of small boxes: glibc's allocator takes a third longer for one of 10,000 rules, much of it in joining what was
/// freed.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    regoc_cli::run()
}
