//! The servers example in hosts that are not ours: OPA's SDK for JavaScript, and OPA's own engine for wasm. `make hosts` installs
//! both (into `hosts/`) and runs this; where one is missing, its test says so and is skipped.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use regoc_spec_tests::build::module;
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::tool;
use serde_json::{Value, json};

/// The question of the example.
const ENTRYPOINT: &str = "example/violation";
/// An input that breaks no rule.
const SAFE: &str = r#"{"servers": [], "networks": [], "ports": []}"#;

#[test]
fn opas_sdk_for_javascript_asks_the_module() -> Result<()> {
    let folder = TemporaryFolder::new()?;
    let Some(node) = installed(tool::find("node"), "node")? else { return Ok(()) };
    let Some(sdk) =
        installed(exists(hosts("node/node_modules/@open-policy-agent/opa-wasm")), "@open-policy-agent/opa-wasm")?
    else {
        return Ok(());
    };
    ensure!(sdk.join("package.json").is_file(), "the SDK is there");
    let policy = std::fs::read_to_string(example("policy.rego"))?;
    // The example's one question, and a module of all its rules, where the entrypoint must be found by its name.
    let one = folder.write("one.wasm", &module(&[("policy.rego", &policy)], &[ENTRYPOINT])?)?;
    let all = folder.write("all.wasm", &module(&[("policy.rego", &policy)], &[])?)?;
    let safe = folder.write("safe.json", SAFE.as_bytes())?;
    for module in [one, all] {
        let mut command = Command::new(&node);
        command.arg(hosts("node/ask.mjs")).arg(module).arg(ENTRYPOINT).arg(example("input.json")).arg(&safe);
        let output = String::from_utf8(tool::run(&mut command)?)?;
        let answers = output.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
        assert_eq!(answers, [json!([{"result": ["busybox", "ci"]}]), json!([{"result": []}])]);
    }
    Ok(())
}

#[test]
fn opa_answers_with_the_bundle() -> Result<()> {
    let Some(hosts) = Opa::find()? else { return Ok(()) };
    let folder = TemporaryFolder::new()?;
    let bundle = hosts.build(&folder)?;
    // The policies are in the bundle, too: OPA may answer from them.
    hosts.ask_both(&bundle, &folder).map(drop)
}

#[test]
fn opas_own_engine_runs_the_module() -> Result<()> {
    let Some(hosts) = Opa::find()? else { return Ok(()) };
    let folder = TemporaryFolder::new()?;
    let bundle = without_rego(&hosts.build(&folder)?, &folder)?;
    for answer in hosts.ask_both(&bundle, &folder)? {
        // This timer runs in OPA's engine for wasm and nowhere else.
        let time = answer.pointer("/metrics/timer_wasm_vm_eval_ns").and_then(Value::as_u64);
        assert!(time.is_some_and(|time| time > 0), "OPA did not run the module: {answer}");
    }
    Ok(())
}

/// OPA with its engine for wasm, and the command that builds bundles for it.
struct Opa {
    opa: PathBuf,
    regoc: PathBuf,
}

impl Opa {
    fn find() -> Result<Option<Self>> {
        let opa = installed(exists(hosts("bin/opa")), "opa with the tag opa_wasm")?;
        let regoc = installed(tool::find_regoc(), "regoc")?;
        Ok(opa.zip(regoc).map(|(opa, regoc)| Self { opa, regoc }))
    }

    /// The bundle that `regoc build` writes of the example.
    fn build(&self, folder: &TemporaryFolder) -> Result<PathBuf> {
        let bundle = folder.join("bundle.tar.gz");
        let mut build = Command::new(&self.regoc);
        tool::run(build.arg("build").arg(example("policy.rego")).args(["-e", ENTRYPOINT, "-o"]).arg(&bundle))?;
        Ok(bundle)
    }

    /// Asks for the example's input and for one that breaks no rule, and checks the answers.
    fn ask_both(&self, bundle: &Path, folder: &TemporaryFolder) -> Result<Vec<Value>> {
        let safe = folder.write("safe.json", SAFE.as_bytes())?;
        let questions = [(example("input.json"), json!(["busybox", "ci"])), (safe, json!([]))];
        let mut answers = Vec::new();
        for (input, want) in questions {
            let mut command = Command::new(&self.opa);
            command.args(["eval", "--metrics", "--format", "json", "--bundle"]).arg(bundle).arg("-i").arg(input);
            let answer: Value = serde_json::from_slice(&tool::run(command.arg("data.example.violation"))?)?;
            assert_eq!(answer.pointer("/result/0/expressions/0/value"), Some(&want), "{answer}");
            answers.push(answer);
        }
        Ok(answers)
    }
}

/// The bundle without its policies, which leaves the module alone to answer; a folder, which OPA takes for a bundle, too.
fn without_rego(bundle: &Path, folder: &TemporaryFolder) -> Result<PathBuf> {
    let content = folder.join("content");
    std::fs::create_dir_all(&content)?;
    tool::run(Command::new("tar").arg("-xzf").arg(bundle).arg("-C").arg(&content).args(["--exclude", "*.rego"]))?;
    Ok(content)
}

/// What is installed; otherwise says what is skipped. Where `REGOC_HOSTS=required` (`make hosts`), nothing may be missing.
fn installed(found: Option<PathBuf>, name: &str) -> Result<Option<PathBuf>> {
    if found.is_none() {
        ensure!(std::env::var_os("REGOC_HOSTS").is_none_or(|it| it != "required"), "`{name}` is not installed");
        tool::skip(&format!("skipped: `{name}` is not installed (`make hosts` installs it)"));
    }
    Ok(found)
}

fn exists(path: PathBuf) -> Option<PathBuf> {
    path.exists().then_some(path)
}

fn hosts(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hosts").join(path)
}

fn example(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/servers").join(file)
}
