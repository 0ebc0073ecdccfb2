//! Says whether an answer is the one that a case wants.
//!
//! Results are compared as sets of bindings; numbers by their exact value, read as text and never as doubles.

use regoc_compiler::plan::ir::Constant;
use regoc_compiler::plan::order::compare;
use serde_json::Value;

use crate::evaluation::{EvaluationCase, Want, WantedError};

/// What an engine made of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The bindings, one object for each solution.
    Results(Vec<Value>),
    /// An evaluation error: OPA's code, and the message.
    Error {
        /// The code, such as `eval_conflict_error`.
        code: String,
        /// What the engine says.
        message: String,
    },
}

/// Compares an answer with what the case wants.
///
/// # Errors
/// The difference, in words.
pub fn judge(case: &EvaluationCase, answer: &Answer) -> Result<(), String> {
    match (&case.want, answer) {
        (Want::Results(want), Answer::Results(have)) => {
            let have: Vec<Value> = have.iter().map(|result| without_generated(case, result)).collect();
            let same = solutions(case, want) == solutions(case, &have);
            if same { Ok(()) } else { Err(format!("want {}\nhave {}", Value::from(want.clone()), Value::from(have))) }
        }
        (Want::Error(want), Answer::Error { code, .. }) if want == code => Ok(()),
        (Want::Results(want), Answer::Error { code, message }) => {
            Err(format!("want {}\nhave {code}: {message}", Value::from(want.clone())))
        }
        (Want::Error(want), Answer::Error { code, message }) => Err(format!("want {want}\nhave {code}: {message}")),
        (Want::Error(want), Answer::Results(have)) => Err(format!("want {want}\nhave {}", Value::from(have.clone()))),
    }
}

/// Compares the text of an error with what the case wants; what an engine does not know is not compared.
///
/// # Errors
/// The difference, in words.
pub fn judge_error(want: &WantedError, have: Option<&str>) -> Result<(), String> {
    let Some(have) = have else { return Ok(()) };
    // An abort's text ends at the first NUL byte.
    let text = want.text.split('\0').next().unwrap_or_default();
    if have == text { Ok(()) } else { Err(format!("want {text}\nhave {have}")) }
}

fn without_generated(case: &EvaluationCase, result: &Value) -> Value {
    let mut result = result.clone();
    if case.ignore_generated_variables
        && let Value::Object(bindings) = &mut result
    {
        bindings.retain(|name, _| !name.starts_with("__localq"));
    }
    result
}

/// A value with the equality of Rego: numbers by value, objects whatever the order of their keys.
struct Solution(Constant);

impl PartialEq for Solution {
    fn eq(&self, other: &Self) -> bool {
        compare(&self.0, &other.0).is_eq()
    }
}

/// Solutions as a set: in order and without repetition.
fn solutions(case: &EvaluationCase, results: &[Value]) -> Vec<Solution> {
    let mut constants: Vec<Constant> = results.iter().map(|result| solution(case, result)).collect();
    constants.sort_by(compare);
    constants.dedup_by(|a, b| compare(a, b).is_eq());
    constants.into_iter().map(Solution).collect()
}

fn solution(case: &EvaluationCase, result: &Value) -> Constant {
    let mut solution = constant(result);
    if case.sort_bindings
        && let Constant::Object(bindings) = &mut solution
    {
        for (_, value) in bindings {
            if let Constant::Array(items) = value {
                items.sort_by(compare);
            }
        }
    }
    solution
}

/// A JSON value as a constant, with the keys of objects in order.
#[must_use]
pub fn constant(value: &Value) -> Constant {
    match value {
        Value::Null => Constant::Null,
        Value::Bool(value) => Constant::Boolean(*value),
        Value::Number(number) => Constant::Number(number.to_string().into()),
        Value::String(text) => Constant::String(text.as_str().into()),
        Value::Array(items) => Constant::Array(items.iter().map(constant).collect()),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (Constant::String(key.as_str().into()), constant(value)));
            let mut entries: Vec<(Constant, Constant)> = entries.collect();
            entries.sort_by(|(a, _), (b, _)| compare(a, b));
            Constant::Object(entries)
        }
    }
}

#[cfg(test)]
mod tests {
    use regoc_compiler::source::RegoVersion;
    use serde_json::json;

    use super::*;

    fn case(want: &str, sort_bindings: bool) -> EvaluationCase {
        EvaluationCase {
            version: RegoVersion::V1,
            modules: Vec::new(),
            query: String::new(),
            data: "{}".to_owned(),
            input: None,
            want: Want::Results(serde_json::from_str(want).expect("JSON")),
            sort_bindings,
            ignore_generated_variables: false,
            want_error: None,
        }
    }

    fn agrees(want: &str, have: &str) -> bool {
        let have = Answer::Results(serde_json::from_str(have).expect("JSON"));
        judge(&case(want, false), &have).is_ok()
    }

    #[test]
    fn results_are_sets() {
        assert!(agrees(r#"[{"x": 1}, {"x": 2}]"#, r#"[{"x": 2}, {"x": 1}, {"x": 2}]"#));
        assert!(!agrees(r#"[{"x": 1}, {"x": 2}]"#, r#"[{"x": 2}]"#));
        assert!(!agrees("[]", r#"[{}]"#));
    }

    #[test]
    fn numbers_are_exact() {
        assert!(agrees(r#"[{"x": 1.0}]"#, r#"[{"x": 1}]"#));
        assert!(!agrees(r#"[{"x": 9007199254740993}]"#, r#"[{"x": 9007199254740992}]"#));
        assert!(!agrees(r#"[{"x": 0.1}]"#, r#"[{"x": 0.1000000000000000000001}]"#));
    }

    #[test]
    fn arrays_are_sorted_only_on_demand() {
        let have = Answer::Results(vec![json!({"x": [2, 1]})]);
        assert!(judge(&case(r#"[{"x": [1, 2]}]"#, true), &have).is_ok());
        assert!(judge(&case(r#"[{"x": [1, 2]}]"#, false), &have).is_err());
    }

    #[test]
    fn an_error_is_no_result() {
        let error = Answer::Error { code: "eval_conflict_error".to_owned(), message: String::new() };
        assert!(judge(&case("[]", false), &error).is_err());
        let wants_error = EvaluationCase { want: Want::Error("eval_conflict_error".to_owned()), ..case("[]", false) };
        assert!(judge(&wants_error, &error).is_ok());
        assert!(judge(&wants_error, &Answer::Results(Vec::new())).is_err());
    }
}
