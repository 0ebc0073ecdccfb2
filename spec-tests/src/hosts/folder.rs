//! Writes the folder that hosts are asked from: modules, and `cases.json` with the questions, the answers and the figures to measure.
//! `spec-tests/hosts/README.md` describes the fields.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::cases::{self, HostCase};
use super::{questions, scripts};
use crate::build::module;
use crate::folder::TemporaryFolder;
use crate::workload::{Generator, Row, read};
use crate::{SKIPPED, shared, tool};

/// The rows whose speed is measured beside OPA's own module.
const FIGURES: &[&str] = &["servers", "rbac-1000", "http-routes-1000"];

/// How often the base document is replaced.
const REPLACEMENTS: u32 = 1_000;

/// The bytes of the base document that is replaced.
const DOCUMENT_BYTES: usize = 1_000_000;

/// How many questions a host is asked to see whether its memory grows; a slow host is asked fewer.
const EVALUATIONS: u32 = 1_000_000;

/// What is needed to write the folder.
#[derive(Clone, Debug)]
pub struct Tools {
    generator: Generator,
    /// OPA's command, which answers the workloads and builds modules of its own.
    opa: PathBuf,
    /// OPA's cases.
    v1: PathBuf,
}

impl Tools {
    /// Finds them.
    ///
    /// # Errors
    /// What is not there, as a sentence that says so.
    pub fn find() -> Result<Self, String> {
        Ok(Self {
            generator: Generator::find(None)?,
            opa: tool::find_opa().ok_or_else(|| tool::missing("opa"))?,
            v1: shared("conformance/v1").ok_or_else(|| SKIPPED.to_owned())?,
        })
    }
}

/// The folder while it is written.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Modules that are there, with their names.
    modules: BTreeMap<Vec<u8>, String>,
    opa: PathBuf,
}

impl Folder {
    /// Writes a module unless it is there, and answers its name.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn module(&mut self, bytes: &[u8]) -> Result<String> {
        if let Some(name) = self.modules.get(bytes) {
            return Ok(name.clone());
        }
        let name = format!("{:03}.wasm", self.modules.len());
        let path = self.path.join(&name);
        std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
        self.modules.insert(bytes.to_vec(), name.clone());
        Ok(name)
    }

    /// Writes the module that OPA builds of a policy, and answers its name.
    ///
    /// # Errors
    /// When OPA cannot build it.
    pub fn opas_module(&mut self, text: &str, entrypoints: &[&str], capabilities: Option<&Value>) -> Result<String> {
        let folder = TemporaryFolder::new()?;
        folder.write("policy.rego", text.as_bytes())?;
        let mut command = Command::new(&self.opa);
        command.current_dir(folder.path()).args(["build", "-t", "wasm", "-o", "bundle.tar.gz", "policy.rego"]);
        for entrypoint in entrypoints {
            command.args(["-e", entrypoint]);
        }
        if let Some(capabilities) = capabilities {
            folder.write("capabilities.json", capabilities.to_string().as_bytes())?;
            command.args(["--capabilities", "capabilities.json"]);
        }
        tool::run(&mut command)?;
        tool::run(Command::new("tar").current_dir(folder.path()).args(["-xzf", "bundle.tar.gz", "/policy.wasm"]))?;
        let bytes = std::fs::read(folder.join("policy.wasm"))?;
        self.module(&bytes)
    }

    /// What OPA's command says of what its modules may use.
    ///
    /// # Errors
    /// When OPA fails or says no JSON.
    pub fn opas_capabilities(&self) -> Result<Value> {
        let text = tool::run(Command::new(&self.opa).args(["capabilities", "--current"]))?;
        serde_json::from_slice(&text).context("reading OPA's capabilities")
    }

    fn case(&mut self, case: &HostCase) -> Result<Value> {
        let mut row = json!({
            "id": case.id,
            "module": self.module(&case.module)?,
            "entrypoint": case.entrypoint,
            "data": case.data,
            "builtins": case.builtins,
            "want": case.want,
            "sort": case.sort,
        });
        if let (Some(fields), Some(input)) = (row.as_object_mut(), &case.input) {
            fields.insert("input".to_owned(), json!(input));
        }
        Ok(row)
    }

    fn figure(&mut self, row: &Row) -> Result<Value> {
        let text = row.policy_text()?;
        let input = row.inputs.first().context("a row has an input")?;
        Ok(json!({
            "id": row.name,
            "module": self.module(&cases::row_module(row)?)?,
            "opas": self.opas_module(&text, &[&row.entrypoint], None)?,
            "entrypoint": row.entrypoint,
            "data": read(&row.data)?,
            "input": read(input)?,
        }))
    }
}

/// Writes the folder, which must be there and empty.
///
/// # Errors
/// When a case cannot be read or built, OPA fails, or a file cannot be written.
pub fn write(path: &Path, tools: &Tools) -> Result<()> {
    let mut folder = Folder { path: path.to_path_buf(), modules: BTreeMap::new(), opa: tools.opa.clone() };
    let workloads = tools.generator.run(1)?;
    let mut cases = Vec::new();
    for case in cases::conformance(&tools.v1)?.iter().chain(&cases::workloads(&workloads, &tools.opa)?) {
        cases.push(folder.case(case)?);
    }
    let mut figures = Vec::new();
    for row in workloads.rows()?.iter().filter(|row| FIGURES.contains(&row.name.as_str())) {
        figures.push(folder.figure(row)?);
    }
    let all = json!({
        "builtins": cases::builtins(),
        "cases": cases,
        "data": data(&mut folder)?,
        "soak": soak(&mut folder)?,
        "figures": figures,
        "scripts": {
            "traps": scripts::traps(&mut folder)?,
            "bad": scripts::bad(&mut folder)?,
            "limits": scripts::limits(&mut folder)?,
        },
        "questions": {"traps": questions::traps(&mut folder)?, "bad": questions::bad(&mut folder)?},
    });
    let file = path.join("cases.json");
    std::fs::write(&file, all.to_string()).with_context(|| format!("writing {}", file.display()))
}

/// A large base document that is replaced by another one and back.
fn data(folder: &mut Folder) -> Result<Value> {
    let text = "package levels\n\nlevel := data.people[input.name].level\n";
    let document = |level: u32| {
        let mut json = String::from("{\"people\":{");
        let mut number = 0;
        while json.len() < DOCUMENT_BYTES {
            if number > 0 {
                json.push(',');
            }
            // Writing into a string cannot fail.
            let _ = write!(
                json,
                r#""person-{number}":{{"level":{level},"teams":["red","green","team {number}"],"weight":0.5}}"#
            );
            number += 1;
        }
        json.push_str("}}");
        json
    };
    Ok(json!({
        "module": folder.module(&module(&[("people.rego", text)], &["levels/level"])?)?,
        "entrypoint": "levels/level",
        "documents": [document(1), document(2)],
        "input": r#"{"name":"person-77"}"#,
        "want": [[{"result": 1}], [{"result": 2}]],
        "replacements": REPLACEMENTS,
    }))
}

/// A question that is asked until memory would have shown that it grows.
fn soak(folder: &mut Folder) -> Result<Value> {
    let text = include_str!("../../../examples/servers/policy.rego");
    Ok(json!({
        "module": folder.module(&module(&[("policy.rego", text)], &["example/violation"])?)?,
        "entrypoint": "example/violation",
        "data": "{}",
        "input": include_str!("../../../examples/servers/input.json"),
        "want": [{"result": ["busybox", "ci"]}],
        "evaluations": EVALUATIONS,
    }))
}
