//! The hosts: what they are called, how their programs are started, and what installs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::tool;

/// A host.
#[derive(Clone, Copy, Debug)]
pub struct Host {
    /// The engine or language, and the loader.
    pub name: &'static str,
    /// The argument of `spec-tests/hosts/install.sh` that installs it; none where it is built with this package.
    pub installed_by: Option<&'static str>,
    /// Whether CI asks it on every change.
    pub ci: bool,
    /// How its program is started.
    program: Program,
    /// Whether it is asked what is wrong, too. OPA's loader and its builtins are its own.
    pub misuses: bool,
    /// Whether it can stop a decision in the middle.
    pub stops: bool,
    /// How many decisions show whether memory grows, where a million take too long.
    pub evaluations: Option<u32>,
}

/// How a program is started, with files below `spec-tests/hosts`.
#[derive(Clone, Copy, Debug)]
enum Program {
    /// A program on the `PATH` with a script; and what else must be there: files, and programs on the `PATH`.
    OnPath { program: &'static str, arguments: &'static [&'static str], needs: &'static [&'static str] },
    /// A file with arguments.
    File { program: &'static str, arguments: &'static [&'static str] },
    /// A binary of this package.
    Ours(&'static str),
}

const fn script(
    name: &'static str,
    program: &'static str,
    installed_by: &'static str,
    arguments: &'static [&'static str],
    needs: &'static [&'static str],
) -> Host {
    let program = Program::OnPath { program, arguments, needs };
    Host { name, installed_by: Some(installed_by), ci: true, program, misuses: true, stops: false, evaluations: None }
}

const fn node(name: &'static str, arguments: &'static [&'static str], needs: &'static [&'static str]) -> Host {
    script(name, "node", "node", arguments, needs)
}

const fn ours(name: &'static str, loader: &'static str) -> Host {
    Host {
        name,
        installed_by: None,
        ci: true,
        program: Program::Ours(loader),
        misuses: true,
        stops: false,
        evaluations: None,
    }
}

const fn python(name: &'static str, arguments: &'static [&'static str]) -> Host {
    Host { evaluations: Some(SLOW), ..file(name, "python/venv/bin/python", "python", arguments) }
}

/// How many decisions a slow host makes.
const SLOW: u32 = 100_000;

/// What a browser is driven by, and the browser.
const BROWSER: &[&str] = &["js/node_modules/playwright-core", "chromium"];

/// Loaders in an engine that `make hosts` asks.
const fn file(
    name: &'static str,
    program: &'static str,
    installed_by: &'static str,
    arguments: &'static [&'static str],
) -> Host {
    let program = Program::File { program, arguments };
    Host { name, installed_by: Some(installed_by), ci: false, program, misuses: true, stops: false, evaluations: None }
}

const fn deno(name: &'static str, arguments: &'static [&'static str]) -> Host {
    file(name, "js/engines/node_modules/.bin/deno", "engines", arguments)
}

const fn bun(name: &'static str, arguments: &'static [&'static str]) -> Host {
    file(name, "js/engines/node_modules/.bin/bun", "engines", arguments)
}

const fn workerd(name: &'static str, arguments: &'static [&'static str]) -> Host {
    let needs = &["js/engines/node_modules/.bin/workerd", "js/node_modules/opa-1.10"];
    Host { ci: false, ..script(name, "node", "engines", arguments, needs) }
}

/// All hosts, in the order of HOSTS.md.
pub const HOSTS: &[Host] = &[
    node("node-1.10", &["js/main.mjs", "1.10"], &["js/node_modules/opa-1.10"]),
    node("node-1.8", &["js/main.mjs", "1.8"], &["js/node_modules/opa-1.8"]),
    node("node-1.6", &["js/main.mjs", "1.6"], &["js/node_modules/opa-1.6"]),
    Host { stops: true, ..node("node-plain", &["js/main.mjs", "plain"], &["js/main.mjs"]) },
    script("chromium-1.10", "node", "chromium", &["js/browser.mjs", "1.10"], BROWSER),
    script("chromium-plain", "node", "chromium", &["js/browser.mjs", "plain"], BROWSER),
    deno("deno-1.10", &["run", "-A", "js/main.mjs", "1.10"]),
    deno("deno-1.8", &["run", "-A", "js/main.mjs", "1.8"]),
    deno("deno-1.6", &["run", "-A", "js/main.mjs", "1.6"]),
    deno("deno-plain", &["run", "-A", "js/main.mjs", "plain"]),
    bun("bun-1.10", &["js/main.mjs", "1.10"]),
    bun("bun-1.8", &["js/main.mjs", "1.8"]),
    bun("bun-1.6", &["js/main.mjs", "1.6"]),
    bun("bun-plain", &["js/main.mjs", "plain"]),
    workerd("workerd-1.10", &["js/workerd.mjs", "1.10"]),
    workerd("workerd-plain", &["js/workerd.mjs", "plain"]),
    ours("regoc-runtime", "runtime"),
    Host { stops: true, ..ours("wasmtime", "plain") },
    Host { ci: true, stops: true, ..file("wazero", "bin/wazero", "wazero", &[]) },
    Host { misuses: false, ..file("opa", "bin/opa-host", "opa", &[]) },
    file("opa-wasm-crate", "bin/opa-wasm-host", "rust", &[]),
    Host { evaluations: Some(SLOW), ..file("wasmi", "bin/wasmi-host", "rust", &[]) },
    Host {
        ci: false,
        evaluations: Some(SLOW),
        ..script(
            "chicory",
            "java",
            "java",
            &["-cp", "java/target/classes:java/target/libraries/*", "Host"],
            &["java/target/classes"],
        )
    },
    python("python-opa-wasmtime", &["python/sdk.py"]),
    python("python-wasmtime", &["python/plain.py"]),
];

/// The folder of the hosts' programs.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hosts")
}

impl Host {
    /// The modes of what is wrong that it is asked in.
    pub fn misuse(&self) -> impl Iterator<Item = &'static str> {
        let modes = [("traps", self.misuses), ("bad", self.misuses), ("limits", self.stops)];
        modes.into_iter().filter_map(|(mode, asked)| asked.then_some(mode))
    }

    /// The command that starts it.
    ///
    /// # Errors
    /// What is missing, as a sentence that says how to get it.
    pub fn command(&self) -> Result<Command, String> {
        let found = match self.program {
            Program::OnPath { program, arguments, needs } => {
                let is_there = |name: &&str| folder().join(name).exists() || tool::find(name).is_some();
                let program = tool::find(program).filter(|_| needs.iter().all(is_there));
                program.map(|program| in_hosts(&program, arguments))
            }
            Program::File { program, arguments } => {
                let program = folder().join(program);
                program.is_file().then(|| in_hosts(&program, arguments))
            }
            Program::Ours(loader) => tool::find_beside("wasmtime-host").map(|program| {
                let mut command = Command::new(program);
                command.arg(loader);
                command
            }),
        };
        found.ok_or_else(|| match self.installed_by {
            Some(name) => format!("`{}` is not installed (spec-tests/hosts/install.sh {name} installs it)", self.name),
            None => format!("`{}` is not built (cargo build -p regoc-spec-tests, in the same profile)", self.name),
        })
    }

    /// Runs a mode, with a count of replacements or decisions where it is not the folder's, and answers the report.
    ///
    /// # Errors
    /// When the host is missing, fails, or prints no report.
    pub fn ask(&self, cases: &Path, mode: &str, count: Option<u32>) -> Result<Value> {
        let mut command = self.command().map_err(|missing| anyhow::anyhow!(missing))?;
        command.arg(cases).arg(mode).args(count.map(|count| count.to_string()));
        let output = tool::run(&mut command)?;
        serde_json::from_slice(&output).with_context(|| format!("{}: the report of {mode} is no JSON", self.name))
    }
}

fn in_hosts(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder()).args(arguments);
    command
}
