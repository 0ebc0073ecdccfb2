//! Whoever runs in a process of its own: OPA's interpreter (`peers/opa`), regorus, Cedar and Rust written by hand (`peers/rust`). All speak
//! the protocol that `peers/rust/protocol` describes.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::tool;
use serde_json::Value;

use crate::contestant::{Contestant, Who};
use crate::question::Question;

/// The programs that could be built.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    /// OPA's interpreter.
    pub opa: Option<PathBuf>,
    /// regorus and Cedar.
    pub engines: Option<PathBuf>,
    /// Rust written by hand.
    pub native: Option<PathBuf>,
}

impl Programs {
    /// Builds OPA's side.
    ///
    /// # Errors
    /// What is missing, or why it cannot be built.
    pub fn build_opa(folder: &TemporaryFolder) -> Result<PathBuf> {
        let go = tool::find("go").context(tool::missing("go"))?;
        let program = folder.join("opa-peer");
        tool::run(Command::new(go).current_dir(source("opa")).args(["build", "-o"]).arg(&program).arg("."))?;
        Ok(program)
    }

    /// Builds one of the packages of `peers/rust`, into a folder of its own beside that of this program.
    ///
    /// # Errors
    /// What is missing, or why it cannot be built.
    pub fn build_rust(package: &str) -> Result<PathBuf> {
        let target = std::env::current_exe()?.ancestors().nth(2).context("a target folder")?.join("bench-peers");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.current_dir(source("rust")).args(["build", "--release", "--locked", "--package", package]);
        tool::run(build.arg("--target-dir").arg(&target))?;
        Ok(target.join("release").join(package))
    }

    /// Builds all of them, and tells what cannot be built.
    #[must_use]
    pub fn build(folder: &TemporaryFolder, tell: impl Fn(&str)) -> Self {
        let built = |name: &str, build: &dyn Fn() -> Result<PathBuf>| {
            tell(&format!("building {name}"));
            build().map_err(|error| tell(&format!("without {name}: {error:#}"))).ok()
        };
        Self {
            opa: built("OPA's side", &|| Self::build_opa(folder)),
            engines: built("regorus and Cedar", &|| Self::build_rust("regoc-bench-engines")),
            native: built("Rust written by hand", &|| Self::build_rust("regoc-bench-native")),
        }
    }

    /// The program that stands for somebody.
    fn of(&self, who: Who) -> Option<&Path> {
        let program = match who {
            Who::OpaAst | Who::OpaRaw => &self.opa,
            Who::RegorusEngine | Who::RegorusMachine | Who::Cedar => &self.engines,
            Who::Native | Who::SerdeJson => &self.native,
            Who::Regoc | Who::RegocChecked | Who::RegocValue | Who::OpaModule => &None,
        };
        program.as_deref()
    }

    /// Starts those who can be asked a question, each in a process.
    ///
    /// # Errors
    /// When one cannot be started.
    pub fn start(&self, all: &[Who], question: &Question, folder: &TemporaryFolder) -> Result<Vec<Peer>> {
        let known = all.iter().filter(|who| **who != Who::Cedar || question.cedar.is_some());
        let programs = known.filter_map(|who| self.of(*who).map(|program| (*who, program)));
        // Written once: those who have been started are reading already.
        let inputs = write_lines(question, "inputs", &question.inputs, folder)?;
        let requests = match &question.cedar {
            Some(twin) => write_lines(question, "requests", &twin.requests, folder)?,
            None => inputs.clone(),
        };
        let lines = |who| if who == Who::Cedar { &requests } else { &inputs };
        let start = |(who, program): (Who, &Path)| Peer::start(program, who, question, lines(who));
        programs.map(start).collect()
    }
}

/// A peer that was asked to prepare for a question.
pub struct Peer {
    who: Who,
    timed: usize,
    process: Child,
    commands: ChildStdin,
    replies: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts a program for a question, whose inputs are the lines of a file.
    fn start(program: &Path, who: Who, question: &Question, inputs: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["-kind", kind(who, question)]).arg("-inputs").arg(inputs);
        match &question.cedar {
            Some(twin) if who == Who::Cedar => {
                command.args(["-resource", twin.resource]).arg("-policy").arg(&twin.policy);
                command.arg("-data").arg(&twin.entities);
            }
            _ => {
                command.args(["-query", &format!("data.{}", question.entrypoint.replace('/', "."))]);
                command.arg("-policy").arg(&question.policy).arg("-data").arg(&question.data);
            }
        }
        let start = || format!("starting {}", who.label());
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().with_context(start)?;
        let commands = process.stdin.take().context("its standard input")?;
        let replies = BufReader::new(process.stdout.take().context("its standard output")?);
        Ok(Self { who, timed: question.timed, process, commands, replies })
    }

    fn ask(&mut self, command: &str) -> Result<String> {
        let ended = || format!("{} has ended", self.who.label());
        writeln!(self.commands, "{command}").with_context(ended)?;
        let mut reply = String::new();
        ensure!(self.replies.read_line(&mut reply)? > 0, "{} has ended", self.who.label());
        match reply.strip_prefix("error: ") {
            Some(message) => bail!("{}", message.trim_end()),
            None => Ok(reply.trim_end().to_owned()),
        }
    }
}

/// What the programs call their contestants.
fn kind(who: Who, question: &Question) -> &str {
    match who {
        Who::OpaAst => "opa-ast",
        Who::OpaRaw => "opa-raw",
        Who::RegorusEngine => "regorus-engine",
        Who::RegorusMachine => "regorus-vm",
        Who::Cedar => "cedar",
        Who::SerdeJson => "serde_json",
        Who::Native | Who::Regoc | Who::RegocChecked | Who::RegocValue | Who::OpaModule => question.family(),
    }
}

impl Contestant for Peer {
    fn who(&self) -> Who {
        self.who
    }

    fn answer(&mut self, input: usize) -> Result<Option<Value>> {
        let reply = self.ask(&format!("answer {input}"))?;
        if reply == "undefined" { Ok(None) } else { Ok(Some(serde_json::from_str(&reply)?)) }
    }

    fn run(&mut self, decisions: u64) -> Result<Duration> {
        let reply = self.ask(&format!("run {decisions} {}", self.timed))?;
        Ok(Duration::from_nanos(reply.parse()?))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It waits for a command that will not come.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Writes lines of a question into a file, and answers its path.
fn write_lines(question: &Question, what: &str, lines: &[String], folder: &TemporaryFolder) -> Result<PathBuf> {
    folder.write(&format!("{}.{what}", question.name), lines.join("\n").as_bytes())
}

fn source(peer: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(peer)
}
