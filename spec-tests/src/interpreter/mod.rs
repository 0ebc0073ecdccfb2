//! Interprets a plan, statement by statement, over the native value library. The semantics of the plan are those of
//! `regoc_compiler::plan::ir`, written down a second time: what differs from the module's answer is code generation's fault.
//!
//! Made to be obviously right, not fast. Knows nothing of Rego's text. Values stay in the arena of the thread until it ends.

mod effects;
mod frame;

use regoc_abi::errors;
use regoc_compiler::plan::ir::Program;
use regoc_compiler::plan::value::value_of;
use regoc_values::{Value, json, syntax};

use crate::judge::Answer;
use effects::Host;
use frame::Machine;

/// How deep functions may call each other.
const MAX_CALLS: usize = 2_000;

/// An evaluation error, or a fault of the plan.
enum Failure {
    /// Two values where there must be one.
    Conflict(String),
    /// The plan does what it must not, or calls what nobody answers.
    Fault(String),
}

/// What the first entrypoint of a plan answers, with failing builtins undefined. The data is JSON, the input is value syntax.
///
/// # Errors
/// When the plan does what it must not, a document cannot be read, or a builtin is missing.
pub fn evaluate(program: &Program, data: &str, input: Option<&str>) -> Result<Answer, String> {
    evaluate_entrypoint(program, 0, data, input)
}

/// The same for the entrypoint of a number.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_entrypoint(program: &Program, index: usize, data: &str, input: Option<&str>) -> Result<Answer, String> {
    let data = json::parse(data.as_bytes()).map_err(|error| format!("the data cannot be read: {error:?}"))?;
    let input = match input {
        Some(text) => syntax::parse(text.as_bytes()).map_err(|error| format!("the input cannot be read: {error:?}"))?,
        None => Value::UNDEFINED,
    };
    let Some(entrypoint) = program.entrypoints.get(index) else { return Err("the plan has no entrypoint".to_owned()) };
    let mut machine = Machine::new(program, Host::default());
    match machine.call(entrypoint.function, input, data, &[]) {
        Ok(results) => read_results(results).map(Answer::Results),
        Err(Failure::Conflict(message)) => Ok(Answer::Error { code: errors::CONFLICT.to_owned(), message }),
        Err(Failure::Fault(message)) => Err(message),
    }
}

/// The result set as JSON, as a module prints it.
fn read_results(results: Value) -> Result<Vec<serde_json::Value>, String> {
    if results.is_undefined() {
        return Err("the entrypoint returned no result set".to_owned());
    }
    // Strings of Rego are bytes; what is not UTF-8 among them reads as a host reads it.
    let text = regoc_runtime::Value::from(json::write(results).to_vec());
    let text = text.as_str().unwrap_or_default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    serde::Deserialize::deserialize(&mut deserializer)
        .map_err(|error| format!("the result set is no JSON array: {error}: {text}"))
}

/// The values of all constants of a plan, by number.
fn constants(program: &Program) -> Vec<Value> {
    program.constants.iter().map(value_of).collect()
}
