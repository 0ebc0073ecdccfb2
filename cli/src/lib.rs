//! The command line of regoc as a library, so that what a command does can be tested in process. Reads files and options, calls the
//! compiler and the runtime, and shows what they say. Holds no logic of its own.

mod args;
mod bundle;
mod capabilities;
mod commands;
mod compile;
mod explain;
mod failure;
mod files;
mod flags;
mod index;
mod json;
mod output;
mod patch;
mod render;
mod schemas;
mod table;
mod testing;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::files::{Loaded, Loading};

/// Compiles Rego, the policy language of the Open Policy Agent, to WebAssembly, and evaluates it
#[derive(Parser, Debug)]
#[command(name = "regoc", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Build(commands::build::Arguments),
    Eval(Box<commands::eval::Arguments>),
    Test(Box<commands::test::Arguments>),
    Check(commands::check::Arguments),
    Inspect(commands::inspect::Arguments),
    Version(commands::version::Arguments),
    Completion(commands::completion::Arguments),
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match parse(std::env::args_os().collect()) {
        Ok(cli) => cli,
        Err(error) => {
            // Help is not a failure. A wrong option is one, with OPA's exit code for it.
            let code = ExitCode::from(u8::from(error.use_stderr()));
            let _ = error.print();
            return code;
        }
    };
    match cli.command {
        Command::Build(arguments) => commands::build::run(&arguments),
        Command::Eval(arguments) => commands::eval::run(&arguments),
        Command::Test(arguments) => commands::test::run(&arguments),
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Inspect(arguments) => commands::inspect::run(&arguments),
        Command::Version(arguments) => commands::version::run(&arguments),
        Command::Completion(arguments) => commands::completion::run::<Cli>(&arguments),
    }
}

/// Reads a command line. Describing the options of all commands takes as long as compiling a small policy, so that those of the one that is
/// called come first, and all of them only where something is to be said of them.
fn parse(words: Vec<OsString>) -> Result<Cli, clap::Error> {
    if let Some(command) = words.get(1).and_then(|word| called(word.to_str()?))
        && let Ok(cli) = parse_with(command, words.clone())
    {
        return Ok(cli);
    }
    parse_with(Cli::command(), words)
}

/// What describes the options of a command.
type Describe = fn(clap::Command) -> clap::Command;

/// The commands with many options.
const COMMANDS: &[(&str, Describe)] = &[
    ("build", commands::build::Arguments::augment_args),
    ("eval", commands::eval::Arguments::augment_args),
    ("test", commands::test::Arguments::augment_args),
    ("check", commands::check::Arguments::augment_args),
    ("inspect", commands::inspect::Arguments::augment_args),
];

/// The program with one command alone.
fn called(name: &str) -> Option<clap::Command> {
    let (name, describe) = COMMANDS.iter().find(|(known, _)| *known == name)?;
    Some(clap::Command::new("regoc").subcommand(describe(clap::Command::new(*name))))
}

fn parse_with(mut command: clap::Command, words: Vec<OsString>) -> Result<Cli, clap::Error> {
    let words = flags::words(&mut command, words, |name| std::env::var(name).ok())?;
    let mut matches = command.try_get_matches_from_mut(words)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

/// Loads an archive as a bundle, with all that `-b FILE` checks of it.
///
/// # Errors
/// How many things are wrong with it.
pub fn load_bundle(name: &str, archive: &[u8]) -> Result<(), usize> {
    let mut loaded = Loaded::default();
    loaded.add_archive(name, archive, &Loading::default());
    match loaded.problem_count() {
        0 => Ok(()),
        count => Err(count),
    }
}
