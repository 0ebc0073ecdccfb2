//! The command line as a user sees it: what it answers, what it refuses, and how it says so.

mod bad_input;
mod build;
mod bundles;
mod check;
mod common;
mod cost;
mod custom_builtins;
mod eval;
mod explain;
mod hostile_values;
#[cfg(unix)]
mod http;
#[cfg(unix)]
mod http_tls;
mod schemas;
#[cfg(unix)]
mod servers;
mod test_command;
