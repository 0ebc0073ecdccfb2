//! `regoc`, the program. Everything is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    regoc_cli::run()
}
