//! Programs of others that tests ask where they are installed: OPA, Python, Node, Go. Only finds and runs them.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The program of that name on the `PATH`.
#[must_use]
pub fn find(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// OPA's command: on the `PATH`, or where `go install` puts it.
#[must_use]
pub fn find_opa() -> Option<PathBuf> {
    find("opa").or_else(|| {
        let output = Command::new(find("go")?).args(["env", "GOPATH"]).output().ok()?;
        let folders = String::from_utf8(output.stdout).ok()?;
        std::env::split_paths(folders.trim()).map(|folder| folder.join("bin/opa")).find(|path| path.is_file())
    })
}

/// The command `regoc`, where cargo has built it beside the program that asks.
#[must_use]
pub fn find_regoc() -> Option<PathBuf> {
    find_beside("regoc")
}

/// A command that cargo has built beside the program that asks.
#[must_use]
pub fn find_beside(name: &str) -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let folder = program.parent()?;
    let beside = if folder.ends_with("deps") { folder.parent()? } else { folder };
    Some(beside.join(name)).filter(|path| path.is_file())
}

/// What to say where a program is missing.
#[must_use]
pub fn missing(name: &str) -> String {
    format!("skipped: `{name}` is not installed (.ci/run installs what the tests need)")
}

/// Says what a test skips, past the harness, which keeps what a passing test prints to itself.
pub fn skip(why: &str) {
    // Without standard error there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{why}");
}

/// Runs a command to its end.
///
/// # Errors
/// When it cannot be started or fails; the message has what it wrote to standard error, and to standard output if that was all.
pub fn run(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.output().with_context(|| format!("starting {command:?}"))?;
    if !output.status.success() {
        let said = if output.stderr.is_empty() { &output.stdout } else { &output.stderr };
        bail!("{command:?} failed with {}:\n{}", output.status, String::from_utf8_lossy(said));
    }
    Ok(output.stdout)
}
