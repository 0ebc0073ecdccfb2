//! The shared workloads (`../shared/workloads`): generated for a seed, read as rows, answered by OPA.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::folder::TemporaryFolder;
use crate::{shared, tool};

/// What is needed to generate workloads.
#[derive(Clone, Debug)]
pub struct Generator {
    script: PathBuf,
    python: PathBuf,
}

/// The workloads of one seed. Their files are gone when this is dropped.
#[derive(Debug)]
pub struct Workloads {
    folder: TemporaryFolder,
}

/// One row of `workloads.txt`.
#[derive(Clone, Debug)]
pub struct Row {
    /// The folder, and the scale where there are several: `rbac-1000`.
    pub name: String,
    /// The question: `rbac/allow`.
    pub entrypoint: String,
    /// The policy.
    pub policy: PathBuf,
    /// The base document.
    pub data: PathBuf,
    /// The input, and its twin that asks for the other answer where there is one.
    pub inputs: Vec<PathBuf>,
}

impl Generator {
    /// The generator in a folder of workloads; by default the shared one.
    ///
    /// # Errors
    /// What is not there, as a sentence that says so.
    pub fn find(folder: Option<&Path>) -> Result<Self, String> {
        let missing = || {
            "skipped: the workloads are not here; put them beside the repository as ../shared, or name their folder in REGOC_SHARED"
                .to_owned()
        };
        let folder = folder.map(Path::to_path_buf).or_else(|| shared("workloads")).ok_or_else(missing)?;
        let script = folder.join("generate.py");
        if !script.is_file() {
            return Err(missing());
        }
        let python = tool::find("python3").ok_or_else(|| tool::missing("python3"))?;
        Ok(Self { script, python })
    }

    /// Writes the workloads of a seed. The same seed gives the same bytes.
    ///
    /// # Errors
    /// When the generator fails.
    pub fn run(&self, seed: u64) -> Result<Workloads> {
        let folder = TemporaryFolder::new()?;
        tool::run(Command::new(&self.python).arg(&self.script).arg(seed.to_string()).arg(folder.path()))?;
        Ok(Workloads { folder })
    }
}

impl Workloads {
    /// The rows, in the order of `workloads.txt`.
    ///
    /// # Errors
    /// When a file that a row names is missing.
    pub fn rows(&self) -> Result<Vec<Row>> {
        let text = read(&self.folder.join("workloads.txt"))?;
        text.lines().filter(|line| !line.trim().is_empty()).map(|line| self.row(line)).collect()
    }

    fn row(&self, line: &str) -> Result<Row> {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [folder, policy, data, input] = fields[..] else {
            anyhow::bail!("workloads.txt: `{line}` is not a folder, a policy, data and an input");
        };
        let file = |name: &str| self.folder.join(&format!("{folder}/{name}"));
        let stem = input.strip_suffix(".json").with_context(|| format!("{input}: not a JSON file"))?;
        let twin = file(&format!("{stem}-deny.json"));
        Ok(Row {
            name: format!("{folder}{}", stem.strip_prefix("input").unwrap_or_default()),
            entrypoint: read(&file("entrypoint"))?.trim().to_owned(),
            policy: file(policy),
            data: file(data),
            inputs: [file(input)].into_iter().chain(twin.is_file().then_some(twin)).collect(),
        })
    }
}

impl Row {
    /// The text of the policy.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn policy_text(&self) -> Result<String> {
        read(&self.policy)
    }

    /// What OPA answers to one of the inputs; none when it is undefined.
    ///
    /// # Errors
    /// When OPA fails.
    pub fn ask_opa(&self, opa: &Path, input: &Path) -> Result<Option<Value>> {
        let query = format!("data.{}", self.entrypoint.replace('/', "."));
        let mut command = Command::new(opa);
        command.args(["eval", "--format", "json", "-d"]).arg(&self.policy).arg("-d").arg(&self.data);
        let output = tool::run(command.arg("-i").arg(input).arg(query))?;
        let answer: Value = serde_json::from_slice(&output).context("reading what OPA answers")?;
        Ok(answer.pointer("/result/0/expressions/0/value").cloned())
    }
}

/// The text of a file.
///
/// # Errors
/// When it cannot be read; the message names it.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}
