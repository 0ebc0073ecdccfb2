//! Inputs that an instance keeps, and inputs that are values of Rust: the answers are those of their JSON text.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use anyhow::{Result, ensure};
use regoc_runtime::{Data, ErrorKind, Held, Input, Instance, Limits, Policy, Runtime};
use regoc_spec_tests::build::module;
use serde::Serialize;

/// Gives the input back whole and looks for keys in it, in all ways in which that is done.
const POLICY: &str = r#"package inputs
whole := input
named contains name if { some name; input.list[_][name] }
found := [input.object.alpha, input.object[input.key]]
matched contains row.id if { some row in input.list; row.kind == "admin"; startswith(row.id, "a") }
joined contains [x.id, y.id] if { some x in input.list; some y in input.list; x.id == y.kind }
total := sum([row.count | some row in input.list]) + count(data.rows)
busy if { some x in numbers.range(1, 100000000); x < 0 }
"#;

const ENTRYPOINTS: &[&str] =
    &["inputs/whole", "inputs/named", "inputs/found", "inputs/matched", "inputs/joined", "inputs/total"];

fn policy(limits: Limits) -> Result<Policy> {
    let entrypoints = [ENTRYPOINTS, &["inputs/busy"]].concat();
    Ok(Runtime::builder().limits(limits).build()?.load(&module(&[("policy.rego", POLICY)], &entrypoints)?)?)
}

fn instance() -> Result<Instance> {
    Ok(policy(Limits::default())?.instance_over(&Data::from_json(r#"{"rows":[1,2,3]}"#)?)?)
}

#[derive(Serialize)]
enum Variant {
    Unit,
    New(i32),
    Pair(bool, char),
    Named { b: u8, a: Option<u8> },
}

#[derive(Serialize)]
struct Row<'a> {
    kind: &'a str,
    id: &'a str,
    count: f64,
}

#[derive(Serialize)]
struct Everything<'a> {
    list: Vec<Row<'a>>,
    object: BTreeMap<&'a str, Vec<Variant>>,
    key: String,
    numbers: (i8, u64, i128, f32, f64, f64, u128),
    keys: HashMap<i64, ()>,
    flags: BTreeMap<bool, char>,
    bytes: [u8; 3],
    nothing: Option<()>,
}

fn everything() -> Everything<'static> {
    let variants = vec![Variant::Unit, Variant::New(-5), Variant::Pair(true, 'é'), Variant::Named { b: 1, a: None }];
    Everything {
        list: (0..40).map(|at| Row { kind: if at % 3 == 0 { "admin" } else { "a1" }, id: "a1", count: 1.5 }).collect(),
        object: [("zeta", vec![]), ("alpha", variants), ("", vec![])].into(),
        key: "zeta".to_owned(),
        numbers: (-1, u64::MAX, i128::MIN, 0.1, f64::NAN, 1e300, u128::MAX),
        keys: [(-7, ())].into(),
        flags: [(true, 'x'), (false, '\0')].into(),
        bytes: [0, 127, 255],
        nothing: None,
    }
}

/// The answers of all entrypoints to an input that is kept, each asked twice.
fn answers(mut held: Held<'_>, policy: &Policy) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for name in ENTRYPOINTS.iter().chain(ENTRYPOINTS) {
        texts.push(String::from_utf8(held.evaluate_raw(policy.entrypoint(name)?)?.to_vec())?);
    }
    Ok(texts)
}

/// Asks with a value, with its text that is kept, and with its text each time.
fn agree<T: Serialize>(value: &T) -> Result<()> {
    let (mut instance, text) = (instance()?, serde_json::to_string(value)?);
    let policy = instance.policy().clone();
    let mut wanted = Vec::new();
    for name in ENTRYPOINTS.iter().chain(ENTRYPOINTS) {
        let answer = instance.evaluate_raw(policy.entrypoint(name)?, &Input::from_json(&text)?)?;
        wanted.push(String::from_utf8(answer.to_vec())?);
    }
    ensure!(answers(instance.hold_value(value)?, &policy)? == wanted, "as a value: {text:.300}");
    ensure!(answers(instance.hold(Input::from_json(&text)?)?, &policy)? == wanted, "kept: {text:.300}");
    Ok(())
}

#[test]
fn values_answer_as_their_text() -> Result<()> {
    agree(&everything())?;
    agree(&())?;
    agree(&Variant::Named { b: 0, a: Some(1) })?;
    for text in [
        r#"{"b":1,"a":{"b":[],"a":[{}]},"":null}"#,
        "[1,1.0,-0,1e5,1E+5,0.10,9223372036854775808,-9223372036854775808,1073741824,-1073741825]",
        r#"{"list":[{"id":"a","kind":"b"},{"id":"b","kind":"admin","count":1e2}],"object":{"é":1,"alpha":2},"key":"é"}"#,
        r#"{"a":1,"a":2}"#,
    ] {
        agree(&serde_json::from_str::<serde_json::Value>(text)?)?;
    }
    let many: Vec<(String, usize)> = (0..500).map(|at| (format!("k{}", at * 37 % 500), at)).collect();
    agree(&many.iter().cloned().collect::<HashMap<_, _>>())
}

#[test]
fn what_values_cannot_be_is_left_to_their_text() -> Result<()> {
    let raw = serde_json::value::RawValue::from_string(r#"{"a": [1]}"#.to_owned())?;
    agree(&vec![raw])?;
    let mut deep = serde_json::Value::Null;
    for _ in 0..999 {
        deep = vec![deep].into();
    }
    agree(&deep)?;
    let mut instance = instance()?;
    let too_deep = instance.hold_value(&vec![vec![deep]]).map(drop).unwrap_err();
    ensure!(too_deep.kind() == ErrorKind::InvalidJson && too_deep.message().contains("1000 levels"), "{too_deep}");
    let keys: BTreeMap<Vec<u8>, u8> = [(vec![1], 1)].into();
    let error = instance.hold_value(&keys).map(drop).unwrap_err();
    ensure!(error.kind() == ErrorKind::InvalidJson && error.message().contains("key must be a string"), "{error}");
    Ok(())
}

#[test]
fn an_input_is_there_again_after_a_call_that_was_cut_off() -> Result<()> {
    let policy = policy(Limits { time: Some(Duration::from_millis(30)), ..Limits::default() })?;
    let mut instance = policy.instance()?;
    let (busy, whole) = (policy.entrypoint("inputs/busy")?, policy.entrypoint("inputs/whole")?);
    let value = serde_json::json!({"a": [1, "x"]});
    let mut held = instance.hold_value(&value)?;
    for _ in 0..2 {
        ensure!(held.evaluate(busy).unwrap_err().kind() == ErrorKind::TimeLimit);
        ensure!(held.evaluate(whole)?.value() == Some(&value));
    }
    let mut held = instance.hold(Input::undefined())?;
    ensure!(held.evaluate(busy).is_err() && held.evaluate(whole)?.value().is_none());
    drop(held);
    ensure!(instance.evaluate(whole, &Input::from_json("7")?)?.value() == Some(&7.into()));
    Ok(())
}

#[test]
fn memory_does_not_grow_from_question_to_question() -> Result<()> {
    let mut instance = instance()?;
    let whole = instance.policy().entrypoint("inputs/joined")?;
    let value = everything();
    instance.hold_value(&value)?.evaluate(whole)?;
    let before = instance.memory_size();
    for _ in 0..200 {
        let mut held = instance.hold_value(&value)?;
        for _ in 0..20 {
            held.evaluate(whole)?;
        }
    }
    ensure!(instance.memory_size() == before, "{before}, then {}", instance.memory_size());
    Ok(())
}
