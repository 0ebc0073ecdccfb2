//! The command line as a user sees it: what it answers, what it refuses, and how it says so.

mod bad_input;
mod build;
mod bundles;
mod check;
mod common;
mod eval;
mod test_command;
