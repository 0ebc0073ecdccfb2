//! Modules in hosts that are not ours: those that CI asks on every change (`regoc_spec_tests::hosts::registry`) with the same questions.
//! `spec-tests/hosts/install.sh` installs them; where one is missing, its test says so and is skipped, unless `REGOC_HOSTS=required`.

use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, ensure};
use regoc_spec_tests::build::module;
use regoc_spec_tests::folder::TemporaryFolder;
use regoc_spec_tests::hosts::registry::{HOSTS, Host};
use regoc_spec_tests::hosts::{check, folder};
use regoc_spec_tests::tool;
use serde_json::Value;

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

/// Whether nothing may be missing.
fn required() -> bool {
    std::env::var_os("REGOC_HOSTS").is_some_and(|it| it == "required")
}
