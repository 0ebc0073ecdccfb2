//! OPA itself: its interpreter in a process of its own (`peers/opa`), and the modules that it builds.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::tool;
use regoc_spec_tests::workload::Row;
use serde_json::Value;

use crate::contestant::Contestant;

/// How OPA's store keeps the data. Which is the faster depends on what a policy reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// As values of Rego.
    Ast,
    /// As values of Go.
    Raw,
}

impl Store {
    fn name(self) -> &'static str {
        match self {
            Self::Ast => "ast",
            Self::Raw => "raw",
        }
    }
}

/// OPA's interpreter with a prepared query.
pub struct Interpreter {
    store: Store,
    process: Child,
    commands: ChildStdin,
    replies: BufReader<ChildStdout>,
}

/// Builds the program that is OPA's side.
///
/// # Errors
/// What is missing, or why it cannot be built.
pub fn build_peer(folder: &TemporaryFolder) -> Result<PathBuf> {
    let go = tool::find("go").context(tool::missing("go"))?;
    let program = folder.join("opa-peer");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/opa");
    tool::run(Command::new(go).current_dir(source).args(["build", "-o"]).arg(&program).arg("."))?;
    Ok(program)
}

/// The module that OPA builds of a row's policy.
///
/// # Errors
/// What is missing, or why OPA cannot build it.
pub fn build_module(row: &Row, folder: &TemporaryFolder) -> Result<Vec<u8>> {
    let opa = tool::find_opa().context(tool::missing("opa"))?;
    let bundle = folder.join(&format!("{}.tar.gz", row.name));
    let mut build = Command::new(opa);
    tool::run(build.args(["build", "-t", "wasm", "-e", &row.entrypoint, "-o"]).arg(&bundle).arg(&row.policy))?;
    // To standard output: a bundle's names are absolute paths.
    tool::run(Command::new("tar").arg("-xzOPf").arg(&bundle).arg("/policy.wasm"))
}

impl Interpreter {
    /// Starts the program for a row.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(program: &Path, row: &Row, store: Store) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["-store", store.name(), "-query", &format!("data.{}", row.entrypoint.replace('/', "."))]);
        command.arg("-policy").arg(&row.policy).arg("-data").arg(&row.data);
        command.arg("-input").arg(row.inputs.first().context("the row has an input")?);
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("starting OPA's side")?;
        let commands = process.stdin.take().context("its standard input")?;
        let replies = BufReader::new(process.stdout.take().context("its standard output")?);
        Ok(Self { store, process, commands, replies })
    }

    fn ask(&mut self, command: &str) -> Result<String> {
        writeln!(self.commands, "{command}").context("OPA's side has ended")?;
        let mut reply = String::new();
        ensure!(self.replies.read_line(&mut reply)? > 0, "OPA's side has ended");
        Ok(reply.trim_end().to_owned())
    }
}

impl Contestant for Interpreter {
    fn name(&self) -> &'static str {
        match self.store {
            Store::Ast => "OPA, store of Rego values",
            Store::Raw => "OPA, store of Go values",
        }
    }

    fn answer(&mut self) -> Result<Option<Value>> {
        let reply = self.ask("answer")?;
        if reply == "undefined" { Ok(None) } else { Ok(Some(serde_json::from_str(&reply)?)) }
    }

    fn run(&mut self, decisions: u64) -> Result<Duration> {
        Ok(Duration::from_nanos(self.ask(&format!("run {decisions}"))?.parse()?))
    }
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        // It waits for a command that will not come.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
