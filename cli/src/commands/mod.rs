//! One file for each command: its options, and how it calls the compiler and the runtime.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod completion;
pub(crate) mod eval;
pub(crate) mod inspect;
pub(crate) mod test;
pub(crate) mod version;

use std::io::{self, Write};
use std::process::ExitCode;

/// Writes an answer to standard output. A reader that went away (`regoc … | head`) is not an error.
pub(crate) fn print(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()).and_then(|()| io::stdout().lock().flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(2),
    }
}
