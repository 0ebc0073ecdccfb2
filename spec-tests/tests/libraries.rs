//! Policy libraries of others, with their own tests: `regoc test` and `opa test` must give each test the same verdict.
//!
//! The libraries come from the registry of Go modules through `go mod download`. As this needs a network and minutes, it is done only
//! when asked for (`make libraries`); what cannot be fetched is said and skipped.
#![expect(clippy::print_stdout, reason = "the times are what somebody reads")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::tool;
use serde_json::Value;

/// Asks for the comparison.
const WANTED: &str = "REGOC_LIBRARIES";

/// A library.
struct Library {
    /// The module of Go with its version.
    module: &'static str,
    /// The folders with policies and tests.
    folders: &'static [&'static str],
    /// The options of both commands.
    options: &'static [&'static str],
    /// The fewest tests that it has.
    tests: usize,
}

const LIBRARIES: &[Library] = &[
    Library {
        module: "github.com/aquasecurity/trivy-checks@v1.10.0",
        folders: &["lib", "checks", "examples"],
        options: &[],
        tests: 1700,
    },
    Library {
        module: "github.com/aquasecurity/trivy-policies@v0.10.0",
        folders: &["lib", "checks"],
        options: &["--v0-compatible"],
        tests: 750,
    },
    Library {
        module: "github.com/open-policy-agent/conftest@v0.71.1",
        folders: &["examples/kubernetes/policy"],
        options: &[],
        tests: 4,
    },
    Library {
        module: "github.com/open-policy-agent/conftest@v0.71.1",
        folders: &["examples/dotenv/policy"],
        options: &[],
        tests: 4,
    },
];

/// Builtins that only Trivy has, and what stands for them (`libraries/shim.rego`); and two sets that OPA's types find empty.
const REPLACED: &[(&str, &str)] = &[
    ("result.new(", "data.shim.result_new("),
    ("isManaged(", "data.shim.is_managed("),
    ("squealer.scan_string(", "data.shim.scan_string("),
    (" cidr.is_public(", " data.shim.cidr_is_public("),
    ("\tcidr.is_public(", "\tdata.shim.cidr_is_public("),
    (" cidr.count_addresses(", " data.shim.cidr_count_addresses("),
    ("\tcidr.count_addresses(", "\tdata.shim.cidr_count_addresses("),
    (" sh.parse_commands(", " data.shim.sh_parse_commands("),
    ("\nallowedNames := set()", "\nallowedNames := {name | name := input.allowed[_]}"),
    ("\nallowedNames = set()", "\nallowedNames = {name | name := input.allowed[_]}"),
];

#[test]
fn libraries_of_others_have_opas_verdicts() -> Result<()> {
    if std::env::var_os(WANTED).is_none() {
        tool::skip("skipped: `make libraries` compares the tests of policy libraries, which it fetches");
        return Ok(());
    }
    let opa = tool::find_opa().context(tool::missing("opa"))?;
    let regoc = tool::find_regoc().context("`regoc` is built by `make libraries`")?;
    for library in LIBRARIES {
        match fetch(library.module) {
            Ok(folder) => compare(library, &folder, &opa, &regoc)?,
            Err(error) => tool::skip(&format!("skipped: {} cannot be fetched: {error:#}", library.module)),
        }
    }
    Ok(())
}

/// The folder in which Go keeps a module.
fn fetch(module: &str) -> Result<PathBuf> {
    let go = tool::find("go").context(tool::missing("go"))?;
    let folder = TemporaryFolder::new()?;
    let output = tool::run(Command::new(go).args(["mod", "download", "-json", module]).current_dir(folder.path()))?;
    let answer: Value = serde_json::from_slice(&output)?;
    Ok(PathBuf::from(answer["Dir"].as_str().context("no folder")?))
}

fn compare(library: &Library, source: &Path, opa: &Path, regoc: &Path) -> Result<()> {
    let folder = TemporaryFolder::new()?;
    for name in library.folders {
        copy(&source.join(name), &folder.join(name))?;
    }
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("libraries/shim.rego"), folder.join("shim.rego"))?;
    let run = |program: &Path| -> Result<(Output, u128)> {
        let mut command = Command::new(program);
        command.args(["test", "--format", "json"]).args(library.options).args(["shim.rego"]).args(library.folders);
        let started = Instant::now();
        let output = command.current_dir(folder.path()).output()?;
        Ok((output, started.elapsed().as_millis()))
    };
    let (theirs, opa_time) = run(opa)?;
    let (ours, regoc_time) = run(regoc)?;
    let (wanted, found) = (verdicts(&theirs)?, verdicts(&ours)?);
    println!("{}: {} tests, OPA {opa_time} ms, regoc {regoc_time} ms", library.module, wanted.len());
    ensure!(wanted.len() >= library.tests, "only {} tests", wanted.len());
    let differ: Vec<_> = wanted.iter().filter(|(test, verdict)| found.get(*test) != Some(verdict)).collect();
    ensure!(differ.is_empty() && wanted.len() == found.len(), "{}: {differ:#?}", library.module);
    ensure!(theirs.status.code() == ours.status.code(), "{:?} and {:?}", theirs.status, ours.status);
    Ok(())
}

/// Copies policies, with what only one engine has replaced.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("a name")?);
        if path.is_dir() {
            copy(&path, &target)?;
        } else if path.extension().is_some_and(|extension| extension == "rego") {
            let text = fs::read_to_string(&path)?;
            let text = REPLACED.iter().fold(text, |text, (builtin, rule)| text.replace(builtin, rule));
            fs::write(target, text)?;
        }
    }
    Ok(())
}

/// The verdict of each test, with its cases and output.
fn verdicts(output: &Output) -> Result<BTreeMap<String, Value>> {
    let results: Vec<Value> =
        serde_json::from_slice(&output.stdout).with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    results
        .into_iter()
        .map(|mut result| {
            let name = format!("{} {}.{}", result["location"], result["package"], result["name"]);
            let fields = result.as_object_mut().context("an object")?;
            fields.remove("duration");
            // What an error says is compared elsewhere.
            if let Some(error) = fields.get_mut("error") {
                *error = Value::Bool(true);
            }
            Ok((name, result))
        })
        .collect()
}
