//! Chooses the questions that every host is asked: some cases of each category of OPA's own, and every row of the workloads.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use regoc_compiler::plan::order::compare;
use regoc_runtime::{Compilation, Runtime};
use serde_json::{Value, json};

use crate::build::module;
use crate::case::read_json;
use crate::judge::constant;
use crate::workload::{Row, Workloads, read};

/// How many cases of a category are asked. Two of each are more than the 150 that are promised, and no host takes long.
const IN_EACH_CATEGORY: usize = 2;

/// The fewest cases that may be chosen.
pub const FEWEST: usize = 150;

/// A question with the module that answers it.
#[derive(Clone, Debug)]
pub struct HostCase {
    /// What it is called: `v1/every/every.json:3`, or the row of the workloads and the name of the input.
    pub id: String,
    /// The module of regoc.
    pub module: Vec<u8>,
    /// The name of the entrypoint.
    pub entrypoint: String,
    /// The base document, as JSON text.
    pub data: String,
    /// The input, as JSON text; none when it is undefined.
    pub input: Option<String>,
    /// The builtins that the host must supply.
    pub builtins: Vec<String>,
    /// The result set: `[{"result": VALUE}]`, or `[]` when undefined.
    pub want: Value,
    /// Whether an array in the result has the order of an unordered iteration.
    pub sort: bool,
}

/// The cases of OPA's conformance suite for Rego v1 that hosts are asked: of each category those that come first and can be asked of
/// any host.
///
/// # Errors
/// When the cases cannot be read, the compiler refuses one, or there are fewer than [`FEWEST`].
pub fn conformance(v1: &Path) -> Result<Vec<HostCase>> {
    let mut categories: BTreeMap<String, Vec<HostCase>> = BTreeMap::new();
    for file in crate::case::find_files(v1)? {
        let chosen = categories.entry(file.category().to_owned()).or_default();
        let json = read_json(&file.path)?;
        for (position, case) in json.get("cases").and_then(Value::as_array).into_iter().flatten().enumerate() {
            if chosen.len() < IN_EACH_CATEGORY
                && let Some(question) = question(case)
            {
                let id = format!("{}:{position}", file.name);
                chosen.push(question.build(case, id.clone()).with_context(|| format!("building {id}"))?);
            }
        }
    }
    for (category, chosen) in &categories {
        ensure!(!chosen.is_empty(), "no case of {category} can be asked");
    }
    let cases: Vec<HostCase> = categories.into_values().flatten().collect();
    ensure!(cases.len() >= FEWEST, "only {} cases, at least {FEWEST}", cases.len());
    Ok(cases)
}

/// What is asked in a case, and the answer.
struct Question {
    entrypoint: String,
    input: Option<String>,
    want: Value,
}

impl Question {
    fn build(self, case: &Value, id: String) -> Result<HostCase> {
        let texts: Vec<(String, &str)> = list(case, "modules")
            .iter()
            .enumerate()
            .map(|(index, text)| (format!("test-{index}.rego"), text.as_str().unwrap_or_default()))
            .collect();
        let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        let module = module(&texts, &[&self.entrypoint])?;
        Ok(HostCase {
            id,
            builtins: asked(&module)?,
            module,
            entrypoint: self.entrypoint,
            data: case.get("data").map_or_else(|| "{}".to_owned(), Value::to_string),
            input: self.input,
            want: self.want,
            sort: case.get("sort_bindings") == Some(&Value::Bool(true)),
        })
    }
}

/// What a case asks, if any host can be asked that: with JSON, without strict errors, and with numbers that a double holds, because
/// some hosts read and show JSON with doubles.
fn question(case: &Value) -> Option<Question> {
    let results = case.get("want_plan_result")?.as_array()?;
    let (entrypoint, want) = match case.get("entrypoint").and_then(Value::as_str) {
        Some(entrypoint) => {
            let name = case.get("entrypoint_var")?.as_str()?;
            (entrypoint.to_owned(), results.iter().map(|result| result.get(name)).collect::<Option<Vec<_>>>()?)
        }
        None => whole_document(case, results)?,
    };
    let input = match case.get("input_term") {
        // A term that is no JSON cannot be asked of hosts.
        Some(term) => Some(serde_json::from_str(term.as_str()?).ok()?),
        None => case.get("input").cloned(),
    };
    // OPA's SDK for JavaScript takes what JavaScript calls false for no input; `questions` asks for that.
    let falsy = matches!(&input, Some(Value::Null | Value::Bool(false)))
        || input.as_ref().is_some_and(|input| *input == json!(0) || *input == json!(""));
    let doubles = input.iter().chain(case.get("data")).chain(want.iter().copied()).all(fits_doubles);
    // The harness's own builtin that waits.
    let waits = list(case, "host").contains(&json!("test.sleep"));
    if falsy || !doubles || waits {
        return None;
    }
    let want = want.into_iter().map(|value| json!({"result": value})).collect();
    Some(Question { entrypoint, input: input.map(|input| input.to_string()), want: Value::Array(want) })
}

/// A query for all documents, `data = x`, as one for the package of the last module: no entrypoint names all documents.
fn whole_document<'a>(case: &Value, results: &'a [Value]) -> Option<(String, Vec<&'a Value>)> {
    if case.get("query")? != "data = x" {
        return None;
    }
    let text = list(case, "modules").last()?.as_str()?;
    let package = text.lines().find_map(|line| line.strip_prefix("package "))?.trim();
    let path = package.replace('.', "/");
    let value = results.first()?.get("x")?.pointer(&format!("/{path}"))?;
    Some((path, vec![value]))
}

fn list<'a>(case: &'a Value, name: &str) -> &'a [Value] {
    case.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Whether every number is the value of a double.
fn fits_doubles(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            let double = number.as_f64().filter(|double| double.is_finite());
            let shown = double.and_then(|double| serde_json::from_str(&format!("{double}")).ok());
            shown.is_some_and(|shown: Value| compare(&constant(&shown), &constant(value)).is_eq())
        }
        Value::Array(items) => items.iter().all(fits_doubles),
        Value::Object(entries) => entries.values().all(fits_doubles),
        _ => true,
    }
}

/// The builtins that a module asks its host for.
fn asked(module: &[u8]) -> Result<Vec<String>> {
    let runtime = Runtime::builder().accept_any_builtin().compilation(Compilation::Baseline).build()?;
    Ok(runtime.load(module)?.host_builtins().map(str::to_owned).collect())
}

/// Every row of the workloads with each of its inputs.
///
/// # Errors
/// When a row cannot be read or built, or OPA fails.
pub fn workloads(workloads: &Workloads, opa: &Path) -> Result<Vec<HostCase>> {
    let mut cases = Vec::new();
    for row in workloads.rows()? {
        let module = row_module(&row)?;
        for input in &row.inputs {
            let name = input.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
            let answer = row.ask_opa(opa, input)?.map(|value| json!({"result": value}));
            cases.push(HostCase {
                id: format!("workloads/{}/{name}", row.name),
                module: module.clone(),
                entrypoint: row.entrypoint.clone(),
                data: read(&row.data)?,
                input: Some(read(input)?),
                builtins: Vec::new(),
                want: Value::Array(answer.into_iter().collect()),
                sort: false,
            });
        }
    }
    Ok(cases)
}

/// The module of a row.
///
/// # Errors
/// When it cannot be read or built.
pub fn row_module(row: &Row) -> Result<Vec<u8>> {
    module(&[("policy.rego", &row.policy_text()?)], &[&row.entrypoint])
}

/// How a host answers the builtins that cases ask for: always the same JSON text, with the list of its arguments, or not at all. The
/// cases ask that answers stay the same within a decision, or for what a failure is.
#[must_use]
pub fn builtins() -> Value {
    json!({
        "http.send": {},
        "net.lookup_ip_addr": {"arguments": true},
        "opa.runtime": {"answer": "{}"},
        "rand.intn": {"answer": "7"},
        "time.now_ns": {"answer": "1767225600000000000"},
        "uuid.rfc4122": {"answer": "\"c1b9e1d0-5b6a-4d0c-9d3c-0d7f6c7a1e22\""},
    })
}
