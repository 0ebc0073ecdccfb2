//! `regoc completion`: a script that lets a shell complete regoc's options.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

/// Write a script that completes regoc's commands and options in a shell
///
/// For bash: `source <(regoc completion bash)`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

/// Runs the command.
pub(crate) fn run<C: CommandFactory>(arguments: &Arguments) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut C::command(), "regoc", &mut script);
    super::print(&String::from_utf8_lossy(&script))
}
