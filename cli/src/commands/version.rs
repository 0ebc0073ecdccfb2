//! `regoc version`: what this is.

use std::process::ExitCode;

use regoc_abi::{ABI_MINOR_VERSION, ABI_VERSION};

/// Show the version of regoc, and of the OPA that it answers like
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {}

/// The version of OPA whose answers are given.
pub(crate) const OPA_VERSION: &str = "1.22.0";

/// Runs the command.
pub(crate) fn run(_: &Arguments) -> ExitCode {
    super::print(&format!(
        "Version: {}\nOPA Version: {OPA_VERSION}\nPlatform: {}/{}\nRego Version: v1\nWebAssembly: available\nWebAssembly ABI: {ABI_VERSION}.{ABI_MINOR_VERSION}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
    ))
}
