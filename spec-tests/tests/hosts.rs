//! Modules in hosts that are not ours: those that CI asks on every change (`regoc_spec_tests::hosts::registry`) with the same questions,
//! and OPA's own engine with a bundle. `spec-tests/hosts/install.sh` installs them; where one is missing, its test says so and is
//! skipped, unless `REGOC_HOSTS=required`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, ensure};
use regoc_spec_tests::build::module;
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::hosts::registry::{HOSTS, Host};
use regoc_spec_tests::hosts::{check, folder};
use regoc_spec_tests::tool;
use serde_json::{Value, json};

/// The question of the example.
const ENTRYPOINT: &str = "example/violation";
/// An input that breaks no rule.
const SAFE: &str = r#"{"servers": [], "networks": [], "ports": []}"#;
/// After so many decisions memory shows that it grows; `make hosts` asks a million.
const EVALUATIONS: u32 = 100_000;
/// After so many replacements of data memory shows that it grows; `make hosts` has a thousand.
const REPLACEMENTS: u32 = 100;

/// The questions that hosts are asked, written once for all tests.
struct Asked {
    folder: TemporaryFolder,
    cases: Value,
}

fn asked() -> Result<Option<&'static Asked>> {
    static ASKED: OnceLock<Result<Option<Asked>, String>> = OnceLock::new();
    let asked = ASKED.get_or_init(|| {
        let tools = match folder::Tools::find() {
            Ok(tools) => tools,
            Err(missing) => {
                tool::skip(&missing);
                return Ok(None);
            }
        };
        write(&tools).map(Some).map_err(|error| format!("{error:#}"))
    });
    asked.as_ref().map(Option::as_ref).map_err(|error| anyhow!("{error}"))
}

fn write(tools: &folder::Tools) -> Result<Asked> {
    let folder = TemporaryFolder::new()?;
    folder::write(folder.path(), tools)?;
    let cases = serde_json::from_slice(&std::fs::read(folder.join("cases.json"))?)?;
    Ok(Asked { folder, cases })
}

/// Asks each host that CI asks.
fn each(ask: impl Fn(&Host, &Asked) -> Result<()>) -> Result<()> {
    let Some(asked) = asked()? else { return Ok(()) };
    for host in HOSTS.iter().filter(|host| host.ci) {
        if let Err(missing) = host.command() {
            ensure!(!required(), "{missing}");
            tool::skip(&format!("skipped: {missing}"));
            continue;
        }
        ask(host, asked).with_context(|| host.name)?;
    }
    Ok(())
}

#[test]
fn every_host_gives_opas_answers() -> Result<()> {
    each(|host, asked| {
        let verdict = check::cases(&asked.cases, &host.ask(asked.folder.path(), "cases", None)?)?;
        ensure!(verdict.passed >= 150, "only {} cases", verdict.passed);
        verdict.check(host.name)
    })
}

#[test]
fn no_trap_of_other_loaders_catches_us() -> Result<()> {
    misuse("traps")
}

#[test]
fn bad_input_ends_as_the_abi_says() -> Result<()> {
    misuse("bad")
}

#[test]
fn a_decision_that_takes_too_long_is_stopped() -> Result<()> {
    misuse("limits")
}

fn misuse(mode: &str) -> Result<()> {
    each(|host, asked| {
        if !host.misuse().any(|asked| asked == mode) {
            return Ok(());
        }
        let report = host.ask(asked.folder.path(), mode, None)?;
        check::misuse(&asked.cases, mode, &report)?.check(host.name)
    })
}

#[test]
fn memory_stays_when_data_is_replaced() -> Result<()> {
    each(|host, asked| {
        let report = host.ask(asked.folder.path(), "data", Some(REPLACEMENTS))?;
        check::memory(&asked.cases, "data", &report).map(drop)
    })
}

#[test]
fn memory_stays_over_many_decisions() -> Result<()> {
    each(|host, asked| {
        let report = host.ask(asked.folder.path(), "soak", Some(EVALUATIONS))?;
        check::memory(&asked.cases, "soak", &report).map(drop)
    })
}

#[test]
fn names_of_functions_are_ascii() -> Result<()> {
    // Chicory refuses modules with others.
    let policy = "package example[\"a \u{2192} b\"]\n\nx := count(input.y)\n";
    let lookup = "package lookup\n\nz := data.other[input.y]\n";
    let other = "package other\n\np := count(input.y)\n\nq := 2\n";
    let module = module(&[("policy.rego", policy), ("lookup.rego", lookup), ("other.rego", other)], &[])?;
    let mut names = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(&module) {
        let wasmparser::Payload::CustomSection(section) = payload? else { continue };
        let wasmparser::KnownCustom::Name(subsections) = section.as_known() else { continue };
        for subsection in subsections {
            let wasmparser::Name::Function(functions) = subsection? else { continue };
            for naming in functions {
                names.push(naming?.name);
            }
        }
    }
    ensure!(names.iter().any(|name| name.contains("u{2192}")), "{names:?}");
    ensure!(names.iter().all(|name| name.is_ascii()), "{names:?}");
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
        ensure!(!required(), "`{name}` is not installed");
        tool::skip(&format!("skipped: `{name}` is not installed (`make hosts` installs it)"));
    }
    Ok(found)
}

/// Whether nothing may be missing.
fn required() -> bool {
    std::env::var_os("REGOC_HOSTS").is_some_and(|it| it == "required")
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
