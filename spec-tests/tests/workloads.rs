//! The shared workloads: for three seeds, every row and its twin that asks for the other answer, beside OPA.
#![expect(clippy::print_stdout, reason = "the figures are what somebody reads")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use regoc_compiler::plan::order::compare;
use regoc_runtime::{Data, Input, Instance, Runtime};
use regoc_spec_tests::build::module;
use regoc_spec_tests::judge::constant;
use regoc_spec_tests::tool;
use regoc_spec_tests::workload::{Generator, Row, read};
use serde_json::Value;

#[test]
fn seed_1() -> Result<()> {
    every_row_answers_as_opa_does(1)
}

#[test]
fn seed_2() -> Result<()> {
    every_row_answers_as_opa_does(2)
}

#[test]
fn seed_3() -> Result<()> {
    every_row_answers_as_opa_does(3)
}

fn every_row_answers_as_opa_does(seed: u64) -> Result<()> {
    let (generator, opa) = match prerequisites() {
        Ok(found) => found,
        Err(why) => {
            tool::skip(&why);
            return Ok(());
        }
    };
    let workloads = generator.run(seed)?;
    let rows = workloads.rows()?;
    let runtime = Runtime::new()?;
    let (mut asked, mut problems) = (0, Vec::new());
    // What OPA answers, so that a row whose answers are all the same is seen: it would show nothing.
    let mut answers: BTreeMap<&str, Vec<Option<Value>>> = BTreeMap::new();
    for row in &rows {
        let mut ask = asker(&runtime, row).with_context(|| format!("building {}", row.name));
        for input in &row.inputs {
            let want = row.ask_opa(&opa, input)?;
            let have = match &mut ask {
                Ok(instance) => answer(instance, row, input),
                Err(error) => Err(anyhow::anyhow!("{error:#}")),
            };
            if let Some(problem) = compare_answers(want.as_ref(), &have) {
                problems.push(format!("{} with {}: {problem}", row.name, file_name(input)));
            }
            answers.entry(&row.name).or_default().push(want);
            asked += 1;
        }
    }
    for (name, answers) in &answers {
        assert!(answers.len() < 2 || answers.first() != answers.last(), "{name}: both inputs have the same answer");
    }
    assert!(asked >= rows.len() && !rows.is_empty(), "every row is asked");
    println!("seed {seed}: {} rows, {asked} questions, {} wrong answers", rows.len(), problems.len());
    assert!(problems.is_empty(), "seed {seed}:\n{}", problems.join("\n"));
    Ok(())
}

/// What the tests need, or what of it is missing.
fn prerequisites() -> Result<(Generator, PathBuf), String> {
    Ok((Generator::find(None)?, tool::find_opa().ok_or_else(|| tool::missing("opa"))?))
}

/// An instance of a row's module with its data.
fn asker(runtime: &Runtime, row: &Row) -> Result<Instance> {
    let bytes = module(&[("policy.rego", &row.policy_text()?)], &[&row.entrypoint])?;
    let mut instance = runtime.load(&bytes)?.instance()?;
    instance.set_data(&Data::from_json(&read(&row.data)?)?)?;
    Ok(instance)
}

fn answer(instance: &mut Instance, row: &Row, input: &Path) -> Result<Option<Value>> {
    let entrypoint = instance.policy().entrypoint(&row.entrypoint)?;
    let decision = instance.evaluate(entrypoint, &Input::from_json(&read(input)?)?)?;
    Ok(decision.into_value())
}

/// The difference, in words.
fn compare_answers(want: Option<&Value>, have: &Result<Option<Value>>) -> Option<String> {
    let have = match have {
        Ok(have) => have.as_ref(),
        Err(error) => return Some(format!("{error:#}")),
    };
    let same = match (want, have) {
        (None, None) => true,
        // Numbers by their exact value, as the conformance runner compares them.
        (Some(want), Some(have)) => compare(&constant(want), &constant(have)).is_eq(),
        _ => false,
    };
    let show = |value: Option<&Value>| {
        let text = value.map_or_else(|| "undefined".to_owned(), Value::to_string);
        text.chars().take(2_000).collect::<String>()
    };
    (!same).then(|| format!("\n  OPA   {}\n  regoc {}", show(want), show(have)))
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
